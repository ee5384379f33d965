import Web

/// The frame of the pages of one import: title, what is on its way, and how far.
struct ImportFrame {
    let shell: Shell
    private var say: Voice { shell.reader.say }

    enum Step: Int { case file, columns, check, done }

    func page(_ title: String, _ step: Step, _ view: ImportView?, content: (inout HTML) -> Void) -> HTML {
        shell.page(title, at: .settings, crumbs: say("Import", "Import")) { html in
            html("div", .class("head")) { html in
                html("h1", text: title)
                if let view {
                    html("p", .class("second")) { html in
                        html("bdi", text: view.fileName)
                        html.text(" · \(view.format) · \(ImportWords.size(view.bytes, say))")
                    }
                }
            }
            html("ol", .class("journey"), Attribute("aria-label", say("Steps", "Schritte"))) { html in
                for (place, words) in [
                    say("File", "Datei"), say("Columns", "Spalten"), say("Check", "Prüfen"), say("Done", "Fertig"),
                ].enumerated() {
                    html("li", place == step.rawValue ? .fixed("aria-current", "step") : nil, text: words)
                }
            }
            content(&html)
        }
    }

    /// A form that goes back to the file that waits.
    func form(
        _ html: inout HTML, _ view: ImportView, _ look: Attribute? = nil, action: String? = nil,
        content: (inout HTML) -> Void
    ) {
        html("form", look, .action(Link("/import", name: view.key)), .fixed("method", "post")) { html in
            fields(&html)
            if let action { shell.hidden(&html, "action", action) }
            content(&html)
        }
    }

    func fields(_ html: inout HTML) {
        shell.hidden(&html, "_token", shell.request.session.formToken)
        if shell.reader.chosen { shell.hidden(&html, "lang", shell.reader.language.rawValue) }
    }

    func wrong(_ html: inout HTML, _ problem: ImportProblem, id: String? = nil) {
        html("p", .class("wrong"), id.map(Attribute.id)) { html in
            html.icon(.triangle)
            html(
                "span", Attribute("dir", "auto"),
                text: " \(ImportWords.why(problem, say)) \(ImportWords.next(problem, say))")
        }
    }
}

/// What to import, and the file.
struct ImportStartPage {
    let kind: String?
    let seller: String?
    let sellers: [SellerView]
    let problem: ImportProblem?
    let shell: Shell
    private var say: Voice { shell.reader.say }
    private var frame: ImportFrame { ImportFrame(shell: shell) }

    func render() -> HTML {
        frame.page(say("Import a file", "Datei einlesen"), .file, nil) { html in
            if let problem { summary(&html, problem) }
            html("div", .class("import-pair")) { html in
                html(
                    "form", .action(Link("/import")), .fixed("method", "post"),
                    .fixed("enctype", "multipart/form-data")
                ) { html in
                    frame.fields(&html)
                    kinds(&html)
                    file(&html)
                    if sellers.count > 1 { sellerChoice(&html) }
                    html("p", .class("buttons")) { html in
                        html(
                            "button", .fixed("type", "submit"), .class("button primary"),
                            text: say("Look at its columns", "Spalten ansehen"))
                    }
                    html(
                        "p", .class("after"),
                        text: say(
                            "Nothing is booked yet: you see how the columns are understood, then what each row would do.",
                            "Noch wird nichts gebucht: Sie sehen, wie die Spalten verstanden werden, dann, was jede Zeile täte."
                        ))
                }
                html("aside", Attribute("aria-label", say("Templates", "Vorlagen"))) { html in templates(&html) }
            }
        }
    }

    private func summary(_ html: inout HTML, _ problem: ImportProblem) {
        html("div", .class("note bad"), .fixed("role", "alert"), .fixed("tabindex", "-1"), .flag("data-focus")) {
            html in
            html("p", .class("strong"), text: say("The file was not taken.", "Die Datei wurde nicht angenommen."))
            html("p") { html in
                html(
                    "a", .href(.here(problem.field == "kind" ? "kind-0" : "file")),
                    text: "\(problem.why) \(ImportWords.next(problem, say))")
            }
        }
    }

    private func kinds(_ html: inout HTML) {
        html("fieldset") { html in
            html("legend", text: say("What does it hold?", "Was enthält sie?"))
            html("ul", .class("kinds")) { html in
                for (place, kind) in ImportWords.kinds.enumerated() {
                    html("li") { html in
                        html("label", Attribute("for", "kind-\(place)")) { html in
                            html.void(
                                "input", .id("kind-\(place)"), .fixed("type", "radio"), .fixed("name", "kind"),
                                Attribute("value", kind), .flag("required"),
                                kind == self.kind ? .flag("checked") : nil)
                            html("span", .class("strong"), text: ImportWords.kind(kind, say))
                            html("span", .class("hint"), text: ImportWords.about(kind, say))
                        }
                    }
                }
            }
            if let problem, problem.field == "kind" { frame.wrong(&html, problem) }
        }
    }

    private func file(_ html: inout HTML) {
        let isWrong = problem != nil && problem?.field != "kind"
        html("div", isWrong ? .class("drop wrong") : .class("drop")) { html in
            html(
                "label", .fixed("for", "file"),
                text: say("The file: drop it here or choose it", "Die Datei: hierher ziehen oder wählen"))
            html.void(
                "input", .id("file"), .fixed("type", "file"), .fixed("name", "file"), .flag("required"),
                .fixed("accept", ".xlsx,.csv,.txt,.tsv,.json,.jsonl"), isWrong ? .fixed("aria-invalid", "true") : nil,
                isWrong ? .fixed("aria-describedby", "file-wrong") : .fixed("aria-describedby", "file-hint"))
            html(
                "p", .class("hint"), .id("file-hint"),
                text: say(
                    "XLSX, CSV or JSON lines. Headings may have other names than ours.",
                    "XLSX, CSV oder JSON-Zeilen. Die Überschriften dürfen anders heißen als bei uns."))
        }
        if isWrong, let problem { frame.wrong(&html, problem, id: "file-wrong") }
    }

    private func sellerChoice(_ html: inout HTML) {
        html("div", .class("field")) { html in
            html(
                "label", .fixed("for", "seller"),
                text: say("Seller, where the file names none", "Verkäufer, wo die Datei keinen nennt"))
            html("select", .id("seller"), .fixed("name", "seller")) { html in
                html("option", .fixed("value", ""), text: say("As the file says", "Wie in der Datei"))
                for one in sellers {
                    html(
                        "option", Attribute("value", one.code), one.code == seller ? .flag("selected") : nil,
                        text: "\(one.name) (\(one.code))")
                }
            }
        }
    }

    private func templates(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Templates", "Vorlagen"))
            html(
                "p", .class("hint"),
                text: say(
                    "Empty tables with our headings and an example row.",
                    "Leere Tabellen mit unseren Überschriften und einer Beispielzeile."))
            html("table", .class("templates")) { html in
                html("thead") { html in
                    html("tr") { html in
                        html("th", .fixed("scope", "col"), text: say("Kind", "Art"))
                        html("th", .fixed("scope", "col"), text: say("Download", "Herunterladen"))
                    }
                }
                html("tbody") { html in
                    for kind in ImportWords.kinds {
                        html("tr") { html in
                            html("th", .fixed("scope", "row"), text: ImportWords.kind(kind, say))
                            html("td") { html in
                                for (format, suffix): (String, StaticString) in [("XLSX", ".xlsx"), ("CSV", ".csv")] {
                                    html(
                                        "a", .href(Link("/import/templates", name: kind, suffix: suffix)),
                                        Attribute("aria-label", "\(ImportWords.kind(kind, say)), \(format)"),
                                        text: format)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The file is not there any more, or was never this reader's.
struct ImportGonePage {
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        ImportFrame(shell: shell).page(say("The file is not here", "Die Datei ist nicht da"), .file, nil) { html in
            html("div", .class("empty")) { html in
                html(
                    "p",
                    text: say(
                        "Files wait for four hours, for whoever sent them. Nothing of it was imported unless you saw that it was.",
                        "Dateien warten vier Stunden auf die Person, die sie geschickt hat. Es wurde nichts eingelesen, außer Sie haben es gesehen."
                    ))
                html("p") { html in
                    html(
                        "a", .class("button"), .href(shell.reader.link("/import")),
                        text: say("Choose the file again", "Datei noch einmal wählen"))
                }
            }
        }
    }
}

/// It is being tried or imported; the page asks again by itself.
struct ImportBusyPage {
    let view: ImportView
    let done: Int
    let of: Int
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        ImportFrame(shell: shell).page(ImportWords.kind(view.kind, say), .check, view) { html in
            html("p", .fixed("role", "status")) { html in
                html.icon(.clock)
                html.text(
                    " "
                        + say(
                            "\(ImportWords.count(done, say)) of \(ImportWords.count(of, say)) rows. This page may be left.",
                            "\(ImportWords.count(done, say)) von \(ImportWords.count(of, say)) Zeilen. Die Seite darf verlassen werden."
                        ))
            }
            html(
                "progress", Attribute("max", max(of, 1)), Attribute("value", done),
                Attribute("aria-label", say("Rows", "Zeilen")), text: "")
        }
    }
}
