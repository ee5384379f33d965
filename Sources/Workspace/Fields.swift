import Web

/// A field of a form: label above, hint below, and where something is wrong the sentence that says it.
struct Field {
    let id: String
    let name: StaticString
    let label: String
    var value = ""
    var type: StaticString = "text"
    var hint: String?
    var error: String?
    var placeholder: String?
    /// Not needed: said beside the label.
    var isOptional = false
    var width: Width = .half

    enum Width { case whole, half, long }
}

extension HTML {
    /// In a `.form`, two columns of 640 pixels together; in a `.bar` side by side on one line.
    mutating func field(_ field: Field, _ say: Voice) {
        self("div", field.look) { html in
            html("label", Attribute("for", field.id)) { html in
                html.text(field.label)
                if field.isOptional { html("span", .class("if-known"), text: " " + say("if known", "falls bekannt")) }
            }
            let note = field.error ?? field.hint
            html.void(
                "input", .id(field.id), .fixed("type", field.type), .fixed("name", field.name),
                Attribute("value", field.value), field.placeholder.map { Attribute("placeholder", $0) },
                field.error == nil ? nil : .fixed("aria-invalid", "true"),
                note == nil ? nil : Attribute("aria-describedby", field.id + "-note"))
            if let error = field.error {
                html("p", .id(field.id + "-note"), .class("wrong")) { html in
                    html.icon(.triangle)
                    html("span", text: error)
                }
            } else if let hint = field.hint {
                html("p", .id(field.id + "-note"), .class("hint"), text: hint)
            }
        }
    }

    /// A choice of a few.
    mutating func choice(
        _ id: String, _ name: StaticString, _ label: String, _ options: [(value: String, words: String)],
        chosen: String?
    ) {
        self("div", .class("field")) { html in
            html("label", Attribute("for", id), text: label)
            html("select", .id(id), .fixed("name", name)) { html in
                for option in options {
                    html(
                        "option", Attribute("value", option.value), option.value == chosen ? .flag("selected") : nil,
                        text: option.words)
                }
            }
        }
    }

    /// All that is wrong with a form, on top of it, each a link to its field.
    mutating func problems(_ problems: [(field: String, words: String)], _ say: Voice) {
        guard !problems.isEmpty else { return }
        self("div", .class("note stop"), .fixed("role", "alert")) { html in
            html(
                "p", .class("strong"),
                text: problems.count == 1
                    ? say("One field needs another look", "Ein Feld braucht einen zweiten Blick")
                    : say(
                        "\(problems.count) fields need another look",
                        "\(problems.count) Felder brauchen einen zweiten Blick"))
            html("ol") { html in
                for problem in problems { html("li") { $0("a", .href(.here(problem.field)), text: problem.words) } }
            }
        }
    }
}

extension Field {
    fileprivate var look: Attribute {
        switch (width, error == nil) {
        case (.whole, true): .class("field whole")
        case (.whole, false): .class("field whole invalid")
        case (.half, true): .class("field")
        case (.half, false): .class("field invalid")
        case (.long, true): .class("field wide-field")
        case (.long, false): .class("field wide-field invalid")
        }
    }
}
