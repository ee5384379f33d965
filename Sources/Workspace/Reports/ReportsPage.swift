import Web

/// Every report with what it tells, and what waits for a person as the first picture.
struct ReportsPage {
    let sellers: [SellerView]
    let work: ReportView
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("Reports", "Berichte"), at: .reports, sellers: sellers) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Reports", "Berichte"))
                html(
                    "p",
                    text: say(
                        "as of any day, as known at any instant; each with a plot, a table and CSV",
                        "zu jedem Tag, nach jeder Kenntnis; je mit Bild, Tabelle und CSV"))
            }
            html("ul", .class("reports")) { html in
                for name in ReportQuery.Name.allCases { entry(&html, name) }
            }
            if let block = work.blocks.first, let plot = block.plot, !block.rows.isEmpty {
                html("section") { html in
                    html("h2", text: ReportQuery.Name.work.term.words(say))
                    html.plot(plot, nil, id: "work", say)
                    html("p") { html in
                        html(
                            "a", .href(shell.reader.link("/reports", name: "work")),
                            text: say("The same as a table", "Dasselbe als Tabelle"))
                    }
                }
            }
        }
    }

    private func entry(_ html: inout HTML, _ name: ReportQuery.Name) {
        html("li") { html in
            html.icon(name.term.icon)
            html(
                "a", .href(shell.reader.link("/reports", name: name.rawValue)), .flag("data-row"),
                text: name.term.words(say))
            html("p", .class("second"), text: name.hint(say))
        }
    }
}
