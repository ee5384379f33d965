import Web

/// Their columns, with what stands in them, and which of our fields each feeds.
struct ImportColumnsPage {
    let view: ImportView
    let problems: [ImportProblem]
    let shell: Shell
    private var say: Voice { shell.reader.say }
    private var frame: ImportFrame { ImportFrame(shell: shell) }

    func render() -> HTML {
        let kind = ImportWords.kind(view.kind, say)
        return frame.page(say("\(kind): columns", "\(kind): Spalten"), .columns, view) { html in
            if !problems.isEmpty { summary(&html) }
            frame.form(&html, view, .class("mapping")) { html in
                choices(&html)
                table(&html)
                constants(&html)
                html("p", .class("buttons")) { html in
                    html(
                        "button", .fixed("type", "submit"), .class("button primary"), .fixed("name", "action"),
                        .fixed("value", "check"), text: say("Check every row", "Jede Zeile prüfen"))
                    html(
                        "button", .fixed("type", "submit"), .class("button"), .fixed("name", "action"),
                        .fixed("value", "drop"), text: say("Choose another file", "Andere Datei wählen"))
                }
                html(
                    "p", .class("after"),
                    text: say("Checking books nothing.", "Das Prüfen bucht nichts."))
            }
        }
    }

    // MARK: Problems

    /// The id of the field that a problem is about.
    private func place(_ problem: ImportProblem) -> String {
        if ImportWords.aboutDays.contains(problem.code) { return "dates" }
        if ImportWords.aboutDecimals.contains(problem.code) { return "decimals" }
        if problem.code.hasPrefix("import.") || problem.field == "seller", view.sellers.count > 1 { return "seller" }
        if problem.code == "table.sheet-missing" { return "sheet" }
        if let column = column(problem) { return "column-\(column + 1)" }
        if let field = problem.field, view.fields.contains(where: { $0.name == field }) { return "set-\(field)" }
        return view.columns.isEmpty ? "main" : "column-1"
    }

    private func column(_ problem: ImportProblem) -> Int? {
        if let heading = problem.column, let found = view.columns.lastIndex(where: { $0.heading == heading }) {
            return found
        }
        guard problem.code == "table.field-given-twice", let field = problem.field else { return nil }
        return view.choices.columns.filter { $0.value == field }.map(\.key).max()
    }

    private func problems(at place: String) -> [ImportProblem] { problems.filter { self.place($0) == place } }

    private func summary(_ html: inout HTML) {
        html("div", .class("note bad"), .fixed("role", "alert"), .fixed("tabindex", "-1"), .flag("data-focus")) {
            html in
            html(
                "p", .class("strong"),
                text: say("The file cannot be read like this yet.", "So kann die Datei noch nicht gelesen werden."))
            html("ul") { html in
                for problem in problems {
                    html("li") { html in
                        html(
                            "a", .href(.here(place(problem))), Attribute("dir", "auto"),
                            text: ImportWords.why(problem, say))
                        html.text(" " + ImportWords.next(problem, say))
                    }
                }
            }
        }
    }

    private func wrong(_ html: inout HTML, at place: String) {
        for problem in problems(at: place) { frame.wrong(&html, problem) }
    }

    // MARK: Choices

    private func choices(_ html: inout HTML) {
        html("div", .class("choices")) { html in
            if let sheet = view.sheet, !view.otherSheets.isEmpty {
                select(
                    &html, "sheet", say("Sheet", "Blatt"), ([sheet] + view.otherSheets).map { ($0, $0) }, sheet,
                    hint: say("Another one: choose it, then check", "Ein anderes: wählen, dann prüfen"))
            }
            if view.sellers.count > 1 {
                select(
                    &html, "seller", say("Seller, where the file names none", "Verkäufer, wo die Datei keinen nennt"),
                    [("", say("As the file says", "Wie in der Datei"))] + view.sellers.map { ($0.code, $0.name) },
                    view.choices.seller ?? "")
            }
            if view.fields.contains(where: \.isDay) {
                select(
                    &html, "dates", say("Order of days", "Folge der Tage"),
                    [
                        ("", say("Found out from the column", "Aus der Spalte ermittelt")),
                        ("dmy", say("day, month, year", "Tag, Monat, Jahr")),
                        ("mdy", say("month, day, year", "Monat, Tag, Jahr")),
                        ("ymd", say("year, month, day", "Jahr, Monat, Tag")),
                    ], view.choices.dates ?? "")
            }
            if view.fields.contains(where: \.isDecimal) {
                select(
                    &html, "decimals", say("Decimals", "Dezimalstellen"),
                    [
                        ("", say("Found out from the column", "Aus der Spalte ermittelt")),
                        ("point", "1,234.50"), ("comma", "1.234,50"),
                    ], view.choices.decimals ?? "")
            }
        }
    }

    private func select(
        _ html: inout HTML, _ name: StaticString, _ label: String, _ options: [(String, String)], _ chosen: String,
        hint: String? = nil
    ) {
        let isWrong = !problems(at: "\(name)").isEmpty
        html("div", isWrong ? .class("field wrong") : .class("field")) { html in
            html("label", Attribute("for", "\(name)"), text: label)
            html("select", .id("\(name)"), .fixed("name", name), isWrong ? .fixed("aria-invalid", "true") : nil) {
                html in
                for (value, words) in options {
                    html(
                        "option", Attribute("value", value), value == chosen ? .flag("selected") : nil, text: words)
                }
            }
            if let hint { html("p", .class("hint"), text: hint) }
            wrong(&html, at: "\(name)")
        }
    }

    // MARK: Columns

    private func table(_ html: inout HTML) {
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Their columns and our fields", "Ihre Spalten und unsere Felder"))
            html("thead") { html in
                html("tr") { html in
                    html("th", .fixed("scope", "col"), text: say("Their column", "Ihre Spalte"))
                    html("th", .fixed("scope", "col"), text: say("First row", "Erste Zeile"))
                    html("th", .fixed("scope", "col"), text: say("Second", "Zweite"))
                    html("th", .fixed("scope", "col"), text: say("Third", "Dritte"))
                    html("th", .fixed("scope", "col"), text: say("Our field", "Unser Feld"))
                }
            }
            html("tbody") { html in
                for (index, column) in view.columns.enumerated() { row(&html, index, column) }
            }
        }
    }

    private func row(_ html: inout HTML, _ index: Int, _ column: ImportView.Column) {
        let name = "column-\(index + 1)"
        let isWrong = !problems(at: name).isEmpty
        html("tr", isWrong ? .class("wrong") : column.field == nil ? .class("left-out") : nil) { html in
            html("th", .fixed("scope", "row")) { html in
                html("label", Attribute("for", name)) { html in
                    html(
                        "bdi",
                        text: column.heading.isEmpty
                            ? say("Column \(index + 1)", "Spalte \(index + 1)") : column.heading)
                }
            }
            for place in 0..<3 {
                html("td", .class("sample")) {
                    $0("bdi", text: column.samples.indices.contains(place) ? column.samples[place] : "")
                }
            }
            html("td") { html in
                html("select", .id(name), Attribute("name", name), isWrong ? .fixed("aria-invalid", "true") : nil) {
                    html in
                    html("option", .fixed("value", ""), text: say("– leave out –", "– auslassen –"))
                    for field in view.fields {
                        html(
                            "option", Attribute("value", field.name),
                            field.name == column.field ? .flag("selected") : nil, text: words(field))
                    }
                }
                wrong(&html, at: name)
            }
        }
    }

    private func words(_ field: ImportView.Field) -> String {
        ImportWords.field(field.name, say) + (field.isRequired ? say(" (needed)", " (nötig)") : "")
    }

    // MARK: The same in every row

    /// Fields without a column: those that are needed first, the others behind a fold.
    private func constants(_ html: inout HTML) {
        let fed = Set(view.columns.compactMap(\.field))
        let open = view.fields.filter { !fed.contains($0.name) && !["seller"].contains($0.name) }
        let first = open.filter { field in
            field.isRequired || field.constant != nil || !problems(at: "set-\(field.name)").isEmpty
        }
        if !first.isEmpty {
            html("section") { html in
                html("h2", text: say("Without a column: the same in every row", "Ohne Spalte: in jeder Zeile gleich"))
                html("div", .class("constants")) { html in for field in first { constant(&html, field) } }
            }
        }
        let rest = open.filter { field in !first.contains(field) }
        guard !rest.isEmpty else { return }
        html("details") { html in
            html(
                "summary",
                text: say(
                    "\(rest.count) more fields that the file does not have",
                    "\(rest.count) weitere Felder, die die Datei nicht hat"))
            html(
                "p", .class("hint"),
                text: say(
                    "A value here stands for every row; without one, what is usual is taken.",
                    "Ein Wert hier gilt für jede Zeile; ohne ihn gilt das Übliche."))
            html("div", .class("constants")) { html in for field in rest { constant(&html, field) } }
        }
    }

    private func constant(_ html: inout HTML, _ field: ImportView.Field) {
        let name = "set-\(field.name)"
        let isWrong = !problems(at: name).isEmpty
        html("div", isWrong ? .class("field wrong") : .class("field")) { html in
            html("label", Attribute("for", name), text: words(field))
            html.void(
                "input", .id(name), .fixed("type", "text"), Attribute("name", name),
                Attribute("value", field.constant ?? ""), .fixed("autocomplete", "off"),
                isWrong ? .fixed("aria-invalid", "true") : nil)
            wrong(&html, at: name)
        }
    }
}
