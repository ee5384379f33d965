import Web

/// Everything that can be done, by noun: what has no page of its own yet is done from here.
struct CommandsPage {
    let commands: [CommandView]
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("All commands", "Alle Befehle"), at: .settings, crumbs: say("All commands", "Alle Befehle")) {
            html in
            html("div", .class("head")) { html in
                html("h1", text: say("All commands", "Alle Befehle"))
                html(
                    "p", .class("second"),
                    text: say(
                        "The same commands and queries as on the command line and in the API, with the same names.",
                        "Dieselben Befehle und Abfragen wie auf der Kommandozeile und in der Schnittstelle, unter denselben Namen."
                    ))
            }
            html("div", .class("catalogue")) { html in
                for noun in nouns { section(&html, noun) }
            }
            html("p", .class("rest")) { html in
                html(
                    "a", .href(Link("/api")),
                    text: say("The API, described for programs", "Die Schnittstelle, für Programme beschrieben"))
            }
        }
    }

    private var nouns: [String] {
        var seen: Set<String> = []
        return commands.compactMap(\.words.first).filter { seen.insert($0).inserted }
    }

    private func section(_ html: inout HTML, _ noun: String) {
        html("section") { html in
            html("h2", text: noun)
            html("dl") { html in
                for command in commands where command.words.first == noun {
                    html("dt") { html in
                        html("a", .href(Link("/commands", path: command.words)), .flag("data-row"), text: command.name)
                    }
                    html("dd", .class("second"), text: command.abstract)
                }
            }
        }
    }
}

/// The form of one command, with what was typed and each problem at its field.
struct CommandPage {
    let command: CommandView
    let typed: [(key: String, value: String)]
    let problems: [WebProblem]
    /// What the command line would print.
    let answer: String?
    let shell: Shell
    private var say: Voice { shell.reader.say }

    private func values(_ parameter: CommandView.Parameter) -> [String] {
        let names = [parameter.name, parameter.name.split(separator: "-").joined(separator: "_")]
        return typed.filter { names.contains($0.key) && !$0.value.isEmpty }.map(\.value)
    }
    private func problem(_ parameter: CommandView.Parameter) -> WebProblem? {
        problems.first {
            $0.field.map { $0 == parameter.name || $0.replacing("_", with: "-") == parameter.name } ?? false
        }
    }

    func render() -> HTML {
        shell.page(command.name, at: .settings, crumbs: command.name) { html in
            html("div", .class("head")) { html in
                html("h1", text: command.name)
                html("p", .class("second"), text: command.abstract)
            }
            if !problems.isEmpty { summary(&html) }
            if let answer {
                html("section", .class("note"), .fixed("role", "status"), .fixed("tabindex", "0")) { html in
                    html("pre", text: answer)
                }
            }
            let back = typed.first { $0.key == "_back" }.flatMap { Link(returning: $0.value) }
            shell.form(
                &html, command.name, back: back ?? Link("/commands", path: command.words), look: .class("fields"),
                upload: command.parameters.contains { $0.kind == .file }
            ) { html in
                for parameter in command.parameters where parameter.name != "id" { field(&html, parameter) }
                html("p", .class("buttons")) { html in
                    html(
                        "button", .fixed("type", "submit"), .class("button primary"),
                        text: command.isCommand ? say("Carry out", "Ausführen") : say("Show", "Anzeigen"))
                    if command.hasDryRun {
                        html(
                            "button", .fixed("type", "submit"), .class("button"), .fixed("name", "dry-run"),
                            .fixed("value", "true"),
                            text: say("Try without keeping anything", "Probelauf, ohne etwas zu behalten"))
                    }
                }
            }
        }
    }

    private func summary(_ html: inout HTML) {
        html("div", .class("note bad"), .fixed("role", "alert"), .fixed("tabindex", "-1"), .flag("data-focus")) {
            html in
            html("p", .class("strong"), text: problems[0].what)
            html("ul") { html in
                for problem in problems {
                    html("li") { html in
                        if let field = problem.field {
                            html("a", .href(.here("f-" + field.replacing("_", with: "-"))), text: problem.why)
                        } else {
                            html("span", text: problem.why)
                        }
                        html.text(" ")
                        html("span", text: problem.next)
                        html("span", .class("hint"), text: " \(problem.code)")
                    }
                }
            }
        }
    }

    private func field(_ html: inout HTML, _ parameter: CommandView.Parameter) {
        if parameter.name == "dry-run" { return }
        let (id, problem) = ("f-" + parameter.name, problem(parameter))
        let label =
            parameter.isOptional ? "\(parameter.name) \(say("(if wanted)", "(falls gewünscht)"))" : parameter.name
        html("div", problem == nil ? .class("field") : .class("field wrong")) { html in
            switch parameter.kind {
            case .flag:
                html("label", .class("check")) { html in
                    html.void(
                        "input", .id(id), .fixed("type", "checkbox"), Attribute("name", parameter.name),
                        .fixed("value", "true"),
                        values(parameter).contains("true") ? .flag("checked") : nil)
                    html.text(" " + parameter.name)
                }
            case .file:
                html("label", Attribute("for", id), text: label)
                html.void(
                    "input", .id(id), .fixed("type", "file"), Attribute("name", parameter.name),
                    parameter.isRepeating ? .flag("multiple") : nil)
            case .text:
                html("label", Attribute("for", id), text: label)
                let values = values(parameter)
                for (index, value) in (parameter.isRepeating ? values + ["", ""] : [values.first ?? ""]).enumerated() {
                    html.void(
                        "input", .id(index == 0 ? id : "\(id)-\(index)"), .fixed("type", "text"),
                        Attribute("name", parameter.name),
                        Attribute("value", value), index > 0 ? Attribute("aria-label", parameter.name) : nil,
                        Attribute("placeholder", parameter.standard ?? ""),
                        problem == nil ? nil : .fixed("aria-invalid", "true"),
                        Attribute("aria-describedby", id + "-hint"))
                }
            }
            if let problem {
                html("p", .class("wrong")) { html in
                    html.icon(.triangle)
                    html.text(" \(problem.why) \(problem.next)")
                }
            }
            html("p", .class("hint"), .id(id + "-hint"), text: parameter.help)
        }
    }
}

/// Files that a command wrote.
struct CommandFilesPage {
    let command: CommandView
    let text: String
    let files: [(name: String, address: Link)]
    let shell: Shell

    func render() -> HTML {
        shell.page(command.name, at: .settings, crumbs: command.name) { html in
            html("h1", text: command.name)
            html("pre", text: text)
            html("ul", .class("files")) { html in
                for file in files {
                    html("li") { $0("a", .href(file.address), .flag("data-row"), text: file.name) }
                }
            }
        }
    }
}
