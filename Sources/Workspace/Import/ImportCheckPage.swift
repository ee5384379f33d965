import Web

/// What an import would do, or did: counts, what is wrong with each row, and how it goes on.
struct ImportCheckPage {
    let view: ImportView
    let counts: ImportView.Counts
    let isDone: Bool
    let shell: Shell
    private var say: Voice { shell.reader.say }
    private var frame: ImportFrame { ImportFrame(shell: shell) }
    private func count(_ number: Int) -> String { ImportWords.count(number, say) }
    private func rows(_ number: Int) -> String { ImportWords.rows(number, say) }

    /// Problems that a page shows; the file of rejected rows has them all.
    private static let shown = 200

    func render() -> HTML {
        let kind = ImportWords.kind(view.kind, say)
        let title =
            isDone ? say("\(kind): imported", "\(kind): eingelesen") : say("\(kind): checked", "\(kind): geprüft")
        return frame.page(title, isDone ? .done : .check, view) { html in
            verdict(&html)
            figures(&html)
            if isDone { afterwards(&html) } else { decide(&html) }
            for warning in counts.warnings {
                html("div", .class("note")) { $0("p", Attribute("dir", "auto"), text: warning) }
            }
            if !counts.problems.isEmpty { problems(&html) }
        }
    }

    private var good: Int { counts.rows - counts.rejected }

    private func verdict(_ html: inout HTML) {
        html("p", .class("strong"), .fixed("role", "status")) { html in
            if counts.problemCount == 0 {
                html("span", .class("good")) { $0.icon(.check) }
                html.text(" ")
                html.text(
                    isDone
                        ? say("In the books: \(rows(counts.rows)).", "In den Büchern: \(rows(counts.rows)).")
                        : say(
                            "Nothing is wrong: \(rows(counts.rows)) to import. Nothing is booked yet.",
                            "Alles stimmt: \(rows(counts.rows)) zum Einlesen. Noch ist nichts gebucht."))
            } else {
                html("span", .class("warn")) { $0.icon(.triangle) }
                html.text(" ")
                html.text(
                    isDone
                        ? say(
                            "In the books: \(rows(good)). Left out: \(rows(counts.rejected)).",
                            "In den Büchern: \(rows(good)). Draußen geblieben: \(rows(counts.rejected)).")
                        : say(
                            "Cannot be imported as they are: \(count(counts.rejected)) of \(rows(counts.rows)). Nothing is booked yet.",
                            "So nicht einzulesen: \(count(counts.rejected)) von \(rows(counts.rows)). Noch ist nichts gebucht."
                        ))
            }
        }
    }

    private func figures(_ html: inout HTML) {
        html("dl", .class("outcome")) { html in
            let all: [(String, Int)] = [
                (say("Rows", "Zeilen"), counts.rows), (say("New", "Neu"), counts.added),
                (say("Changed", "Geändert"), counts.changed), (say("As they were", "Unverändert"), counts.unchanged),
                (say("Not taken", "Nicht angenommen"), counts.rejected),
            ]
            for (words, number) in all {
                html("div") { html in
                    html("dt", text: words)
                    html("dd", text: count(number))
                }
            }
        }
        guard counts.customers > 0 else { return }
        html(
            "p", .class("second"),
            text: say(
                "Customers made because rows name them: \(count(counts.customers)). Complete them with an import of customers.",
                "Angelegte Kunden, weil Zeilen sie nennen: \(count(counts.customers)). Ergänzen Sie sie mit einem Import von Kunden."
            ))
    }

    private func decide(_ html: inout HTML) {
        html("div", .class("buttons")) { html in
            if counts.problemCount == 0 {
                button(
                    &html, "import",
                    say("Import \(rows(counts.rows))", "\(rows(counts.rows)) einlesen"),
                    isFirst: true)
            } else if good > 0 {
                button(
                    &html, "keep",
                    say("Import what is good: \(rows(good))", "Gutes einlesen: \(rows(good))"),
                    isFirst: false)
            }
            html(
                "a", .class("button"), .href(shell.reader.link("/import", name: view.key, [("step", "columns")])),
                text: say("Change the columns", "Spalten ändern"))
            button(&html, "drop", say("Choose another file", "Andere Datei wählen"), isFirst: false)
        }
        html(
            "p", .class("after"),
            text: advice)
    }

    private var advice: String {
        if counts.problemCount == 0 {
            return say(
                "The same file again changes nothing: what is there already is passed over.",
                "Dieselbe Datei noch einmal ändert nichts: Vorhandenes wird übergangen.")
        }
        if good == 0 {
            return say(
                "Correct the rows in your file and choose it again.",
                "Berichtigen Sie die Zeilen in Ihrer Datei und wählen Sie sie noch einmal.")
        }
        return say(
            "Correct the rows in your file and choose it again, or import the good ones; the others then come as a file with the reasons, to correct and import later.",
            "Berichtigen Sie die Zeilen in Ihrer Datei und wählen Sie sie noch einmal, oder lesen Sie die guten ein; die anderen gibt es dann als Datei mit den Gründen, zum Berichtigen und späteren Einlesen."
        )
    }

    private func button(_ html: inout HTML, _ action: String, _ words: String, isFirst: Bool) {
        frame.form(&html, view, action: action) { html in
            html(
                "button", .fixed("type", "submit"), isFirst ? .class("button primary") : .class("button"),
                isFirst ? .flag("autofocus") : nil, text: words)
        }
    }

    private func afterwards(_ html: inout HTML) {
        html("div", .class("buttons")) { html in
            if counts.rejected > 0 {
                html(
                    "a", .class("button primary"), .href(Link("/import", name: "\(view.key)/rejected", suffix: ".csv")),
                    .flag("autofocus")
                ) { html in
                    html.icon(.download)
                    html.text(
                        say(
                            "What was left out, with reasons: \(rows(counts.rejected))",
                            "Was draußen blieb, mit Gründen: \(rows(counts.rejected))"))
                }
            }
            html(
                "a", .class("button"), .href(shell.reader.link("/import")),
                text: say("Import another file", "Weitere Datei einlesen"))
            html("a", .class("button"), .href(shell.reader.today()), text: say("To the worklist", "Zur Arbeitsliste"))
        }
    }

    private func problems(_ html: inout HTML) {
        html("section", .class("problems")) { html in
            html("h2", text: say("What is wrong, and what to do", "Was nicht stimmt, und was zu tun ist"))
            html.wideTable { html in
                html("thead") { html in
                    html("tr") { html in
                        for words in [
                            say("Row", "Zeile"), say("Column", "Spalte"), say("Value", "Wert"), say("Why", "Warum"),
                            say("What to do", "Was zu tun ist"),
                        ] { html("th", .fixed("scope", "col"), text: words) }
                    }
                }
                html("tbody") { html in
                    for problem in counts.problems.prefix(Self.shown) { row(&html, problem) }
                }
            }
            if counts.problemCount > Self.shown {
                html(
                    "p", .class("rest"),
                    text: say(
                        "The first \(Self.shown) of \(count(counts.problemCount)).",
                        "Die ersten \(Self.shown) von \(count(counts.problemCount))."))
            }
        }
    }

    private func row(_ html: inout HTML, _ problem: ImportProblem) {
        html("tr", .flag("data-row"), .fixed("tabindex", "-1")) { html in
            html(
                "th", .fixed("scope", "row"),
                text: problem.row.map { say("Row \($0)", "Zeile \($0)") } ?? say("File", "Datei"))
            html("td") { $0("bdi", text: name(problem)) }
            html("td", .class("value")) { $0("bdi", text: problem.value ?? "") }
            html("td", .class("wrong"), Attribute("dir", "auto"), text: problem.why)
            html("td", Attribute("dir", "auto"), text: ImportWords.next(problem, say))
        }
    }

    /// Their heading where the column is known, else our field.
    private func name(_ problem: ImportProblem) -> String {
        if let heading = problem.column { return heading }
        guard let field = problem.field else { return "" }
        let heading = view.columns.first { $0.field == field }?.heading ?? ""
        return heading.isEmpty ? ImportWords.field(field, say) : heading
    }
}
