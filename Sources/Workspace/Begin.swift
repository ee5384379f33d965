import Web

/// A place that is still empty says what will be here, and how it gets in.
struct Begin {
    /// One way to get something in: a line of words, and what does it.
    struct Way {
        enum Door {
            /// Files for a command of the catalogue, such as `import customers`.
            case files(command: String, accepts: StaticString)
            case link(Link, String)
            /// What is typed on the command line.
            case command(String)
        }
        let icon: Icon
        let title: String
        let hint: String
        let door: Door
        init(_ icon: Icon, _ title: String, _ hint: String, _ door: Door) {
            (self.icon, self.title, self.hint, self.door) = (icon, title, hint, door)
        }
    }
    let title: String
    let text: String
    let ways: [Way]
}

extension Shell {
    func begin(_ html: inout HTML, _ begin: Begin) {
        html("section", .class("begin")) { html in
            html("h2", text: begin.title)
            html("p", text: begin.text)
            html("h3", text: reader.say("Three ways to begin", "Drei Wege zum Anfang"))
            html("ul") { html in
                for (place, way) in begin.ways.enumerated() { self.way(&html, way, place) }
            }
        }
    }

    private func way(_ html: inout HTML, _ way: Begin.Way, _ place: Int) {
        html("li") { html in
            html.icon(way.icon)
            html("div") { html in
                html("p", .class("strong"), text: way.title)
                html("p", .class("hint"), text: way.hint)
                if case .command(let words) = way.door { html("code", text: words) }
            }
            switch way.door {
            case .command: break
            case .link(let link, let words): html("a", .class("button"), .href(link), text: words)
            case .files(let command, let accepts):
                guard may(command) else { return }
                files(&html, command, accepts, id: "files-\(place)")
            }
        }
    }

    private func files(_ html: inout HTML, _ command: String, _ accepts: StaticString, id: String) {
        let say = reader.say
        form(&html, command, look: .class("files"), upload: true) { html in
            html("label", .class("sr"), Attribute("for", id), text: say("Files", "Dateien"))
            html.void(
                "input", .id(id), .fixed("type", "file"), .fixed("name", "files"), .fixed("accept", accepts),
                .flag("multiple"), .flag("required"))
            html("button", .fixed("type", "submit"), .class("button primary"), text: say("Bring in", "Einlesen"))
        }
    }
}
