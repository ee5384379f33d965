import Web

extension Shell {
    /// A form that carries out a command of the catalogue by its name on the command line, such as `cash apply`. Its fields are named
    /// like the command's options and arguments (`receipt`, `invoice`, `write-off`; a flag has the value `true`). The command's id is
    /// minted with the page, so that a form sent twice is carried out once. Then the reader is back on `back` (else on this page),
    /// with a line that says what was done and offers undo; a refusal shows the command's own form with what was typed and each
    /// problem at its field.
    func form(
        _ html: inout HTML, _ command: String, back: Link? = nil, look: Attribute? = nil,
        fields: [(StaticString, String?)] = [], upload: Bool = false, content: (inout HTML) -> Void
    ) {
        html(
            "form", look, .action(Link("/do", path: command.split(separator: " ").map(String.init))),
            .fixed("method", "post"),
            upload ? .fixed("enctype", "multipart/form-data") : nil
        ) { html in
            hidden(&html, "_token", request.session.formToken)
            hidden(&html, "_id", request.freshID())
            hidden(&html, "_back", back?.text ?? request.target)
            if reader.chosen { hidden(&html, "lang", reader.language.rawValue) }
            for case (let name, let value?) in fields { hidden(&html, name, value) }
            content(&html)
        }
    }

    func hidden(_ html: inout HTML, _ name: StaticString, _ value: String) {
        html.void("input", .fixed("type", "hidden"), .fixed("name", name), Attribute("value", value))
    }

    /// Whether the reader may carry out a command; what is not allowed is not offered.
    func may(_ command: String) -> Bool { request.session.may(command) }

    /// What the reader has just done, with its undo.
    func done(_ html: inout HTML) {
        guard let command = request.query("done") else { return }
        let what = request.session.told(command)
        html("div", .class("note done"), .fixed("role", "status")) { html in
            html("p") { html in
                html.icon(.check)
                html.text(" " + (what?.summary ?? reader.say("Done.", "Erledigt.")))
            }
            guard what?.canUndo == true, may("undo") else { return }
            form(&html, "undo", back: request.link(removing: "done"), fields: [("command", command)]) { html in
                html(
                    "button", .fixed("type", "submit"), .class("button small"), Attribute("data-key", "u"),
                    text: reader.say("Undo", "Rückgängig"))
            }
        }
    }
}
