import Money
import Web

/// The bank statements in the books, and the way in for new ones.
struct BankStatementsPage {
    let view: BankStatementsView
    let page: Int
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Bank files", "Bankdateien")
        return shell.page(title, at: .money, crumbs: "\(say("Money in", "Zahlungen")) › \(title)") { html in
            html("div", .class("head")) { html in
                html("h1", text: title)
                html("span", .class("push acts")) {
                    shell.go(&$0, say("Money in", "Zahlungen"), reader.link("/money"))
                }
            }
            shell.sellerChips(&html, view.sellers, "/money/statements")
            if shell.may("bank import") { html("div", .flag("data-progress")) { html in upload(&html) } }
            html("section") { html in
                html("h2", text: say("Statements in the books", "Kontoauszüge in den Büchern"))
                statements(&html)
            }
            html("section") { html in
                html("h2", text: say("Match again", "Neu zuordnen"))
                MatchForm(sellers: view.sellers, shell: shell).draw(&html)
            }
        }
    }

    private func upload(_ html: inout HTML) {
        shell.form(
            &html, "bank import", back: reader.link("/money"), look: .class("box"), upload: true
        ) { html in
            html("div", .class("fields")) { html in
                shell.field(
                    &html, say("Bank files", "Bankdateien"), name: "files", id: "files", type: "file",
                    hint: say(
                        "camt.053, MT940 or CSV; what is in the books already is passed over.",
                        "camt.053, MT940 oder CSV; was schon in den Büchern steht, wird übergangen."), isRequired: true)
            }
            html("details", .class("more")) { html in
                html("summary", text: say("For a CSV", "Für eine CSV-Datei"))
                html("div", .class("fields")) { html in
                    shell.field(
                        &html, say("Account", "Konto"), name: "account", id: "account",
                        hint: say("Where the file does not say.", "Wo die Datei es nicht sagt."))
                    shell.field(&html, say("Currency", "Währung"), name: "currency", id: "currency", hint: "EUR")
                    shell.choice(
                        &html, say("Order of days", "Folge im Datum"), name: "dates", id: "dates",
                        [
                            ("", say("as the file", "wie die Datei")), ("dmy", "31.12.2026"), ("mdy", "12/31/2026"),
                            ("ymd", "2026-12-31"),
                        ])
                    for (place, field) in ["booking_day", "amount", "counterparty", "text"].enumerated() {
                        shell.field(
                            &html, say("Column for \(field)", "Spalte für \(field)"), name: "map", id: "map-\(place)",
                            hint: say("Their column=\(field)", "Deren Spalte=\(field)"))
                    }
                }
            }
            html("p", .class("acts")) { html in
                shell.submit(&html, say("Read in", "Einlesen"), look: .class("button primary"))
                shell.submit(&html, say("Check only", "Nur prüfen"), name: "dry-run")
            }
        }
    }

    private func statements(_ html: inout HTML) {
        guard !view.statements.isEmpty else {
            return html.empty(
                say("No statement is in the books yet.", "Noch ist kein Kontoauszug in den Büchern."),
                say(
                    "Read in a file of your bank; its lines become receipts, and those that are certain place themselves.",
                    "Eine Datei der Bank einlesen; ihre Zeilen werden Zahlungseingänge, und was sicher ist, ordnet sich selbst zu."
                ))
        }
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Statements", "Kontoauszüge"))
            html.heads([
                Head(say("Account", "Konto")), .wide(say("Statement", "Auszug")), Head(say("Until", "Bis")),
                .wideFigures(say("Lines", "Zeilen")), .wideFigures(say("Opening", "Anfang")),
                .figures(say("Closing", "Ende")), Head(say("Continuity", "Anschluss")),
            ])
            html("tbody") { html in
                for statement in view.statements { row(&html, statement) }
            }
        }
        shell.turning(&html, page: page, hasNext: view.more) {
            reader.link("/money/statements", [("page", $0 > 1 ? String($0) : nil)])
        }
    }

    private func row(_ html: inout HTML, _ one: BankStatementLine) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html("bdi", .class("short"), text: one.account)
                html("p", .class("second"), text: one.seller)
            }
            html("td", .class("wide")) { html in
                html("bdi", text: one.name)
                html("p", .class("second"), text: one.format)
            }
            html("td", .class("short"), text: one.closingDay.map(say.fullDate) ?? "–")
            html("td", .class("n wide"), text: String(one.entries))
            html("td", .class("n wide"), text: one.opening.map(say.amount) ?? "–")
            html("td", .class("n strong"), text: one.closing.map(say.amount) ?? "–")
            html("td") { html in
                html.term(Term.of(one.continuity, in: Term.continuities), say)
                if let gap = one.gap { html("p", .class("second"), text: say.amount(gap)) }
            }
        }
    }
}
