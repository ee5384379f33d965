import Money
import Web

/// One draft: what it will say, what the checks said, how it stands against last time.
struct DraftPage {
    let view: DraftView
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }
    private var draft: DraftRow { view.draft }

    func render() -> HTML {
        let title = say("Draft for \(draft.customerName)", "Entwurf für \(draft.customerName)")
        return shell.page(
            title, at: .bill, crumbs: "\(say("Bill", "Abrechnen")) › \(draft.draft)", sellers: [view.seller]
        ) {
            html in
            html("div", .class("head")) { html in
                html("h1") { $0("bdi", text: title) }
                html("p") { html in
                    shell.customerLink(&html, draft.customer, draft.customer, seller: draft.seller)
                    html.text(" · \(draft.order) · \(say.fullDate(draft.day))")
                }
                html("span", .class("push acts")) {
                    shell.go(&$0, say("All drafts", "Alle Entwürfe"), reader.link("/bill"))
                }
            }
            html("div", .class("standing")) { html in
                html.term(Term.of(draft.state, in: Term.draftStates), say)
                if let document = view.document { shell.invoiceLink(&html, document, seller: draft.seller) }
            }
            html("div", .class("file")) { html in
                html("div") { html in
                    findings(&html)
                    lines(&html)
                    issue(&html)
                }
                html("aside", Attribute("aria-label", say("Against last time", "Gegen letztes Mal"))) { html in
                    history(&html)
                }
            }
        }
    }

    private func findings(_ html: inout HTML) {
        for finding in draft.findings {
            html.note(
                finding.severity == "stop" ? .class("note stopped") : .class("note warned"), say.prose(finding.why),
                say.prose(finding.next))
        }
        if draft.findings.isEmpty, view.waits {
            html.note(.class("note"), say("Every check was passed.", "Alle Prüfungen wurden bestanden."))
        }
    }

    private func lines(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("What it bills", "Was er berechnet"))
            html.wideTable { html in
                html("caption", .class("sr"), text: say("Lines, \(draft.currency)", "Positionen, \(draft.currency)"))
                html.heads([
                    Head(say("Order", "Auftrag")), Head(say("Description", "Leistung")), .wide(say("Day", "Tag")),
                    .wideFigures(say("Quantity", "Menge")), .wideFigures(say("Unit price", "Einzelpreis")),
                    .figures(say("Net, \(draft.currency)", "Netto, \(draft.currency)")),
                ])
                html("tbody") { html in
                    for line in view.lines { row(&html, line) }
                }
                html("tfoot") { html in
                    for (words, figure, isLast) in [
                        (say("Net", "Netto"), draft.net, false), (say("Tax", "Steuer"), draft.tax, false),
                        (say("Total", "Gesamt"), draft.gross, true),
                    ] {
                        html("tr", isLast ? .class("total") : nil) { html in
                            html("th", .fixed("scope", "row"), text: words)
                            html("td", text: "")
                            html("td", .class("wide"), text: "")
                            html("td", .class("wide"), text: "")
                            html("td", .class("wide"), text: "")
                            html("td", isLast ? .class("n sum") : .class("n"), text: say.figure(figure))
                        }
                    }
                }
            }
            html(
                "p", .class("hint"),
                text: say(
                    "The totals are those it was checked with; it is priced anew when it is issued.",
                    "Die Summen sind die der Prüfung; beim Ausstellen wird neu bepreist."))
        }
    }

    private func row(_ html: inout HTML, _ line: DraftLine) {
        html("tr") { html in
            html("td", .class("short"), text: "\(line.order) / \(line.line)")
            html("th", .fixed("scope", "row")) { html in
                html("span", Attribute("dir", "auto"), text: line.description)
                html("p", .class("second")) { $0("bdi", text: line.sku) }
                if let why = line.why { html("p", .class("tone-bad"), Attribute("dir", "auto"), text: why) }
            }
            html("td", .class("wide short"), text: say.day(line.day, today: view.asOf))
            html("td", .class("n wide"), text: say.figure(line.quantity))
            html("td", .class("n wide")) { html in
                html.text(line.unitPrice.map { say.figure($0.padded(toMatch: draft.net)) } ?? "–")
                if let discount = line.discount { html("p", .class("second"), text: "−" + say.percent(discount)) }
            }
            html("td", .class("n strong"), text: line.net.map(say.figure) ?? "–")
        }
    }

    private func issue(_ html: inout HTML) {
        guard view.waits, shell.may("invoice issue") else { return }
        shell.form(
            &html, "invoice issue", back: reader.link("/bill"), look: .class("acts"), fields: [("drafts", draft.draft)]
        ) { html in
            shell.submit(&html, say("Check only", "Nur prüfen"), name: "dry-run")
            shell.submit(
                &html,
                draft.state == "stopped"
                    ? say("Check anew and issue", "Neu prüfen und ausstellen") : say("Issue", "Ausstellen"),
                key: "I", look: .class("button primary"), focus: true)
        }
    }

    /// The last invoices as columns, this draft beside them; the same figures in a table.
    private func history(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Against the last invoices, net", "Gegen die letzten Rechnungen, netto"))
            guard !view.history.isEmpty else {
                return html(
                    "p", .class("hint"),
                    text: say(
                        "It is the customer's first in this currency.", "Es ist die erste des Kunden in dieser Währung."
                    ))
            }
            columns(&html)
            html("table", .class("plain-table")) { html in
                html("caption", .class("sr"), text: say("The last invoices", "Die letzten Rechnungen"))
                html.heads([
                    Head(say("Invoice", "Rechnung")), Head(say("Day", "Tag")),
                    .figures(say("Net, \(draft.currency)", "Netto, \(draft.currency)")),
                ])
                html("tbody") { html in
                    for past in view.history.reversed() {
                        html("tr") { html in
                            html("th", .fixed("scope", "row")) {
                                shell.invoiceLink(&$0, past.number, seller: draft.seller)
                            }
                            html("td", .class("short"), text: say.day(past.day, today: view.asOf))
                            html("td", .class("n"), text: say.figure(past.net))
                        }
                    }
                }
            }
        }
    }

    private func columns(_ html: inout HTML) {
        func height(_ figure: Figure) -> Int64 { max(0, (try? FixedPoint.parse(figure.text, decimals: 4)) ?? 0) }
        let all = view.history.map(\.net) + [draft.net]
        let top = max(1, all.map(height).max() ?? 1)
        let label =
            view.history.map { "\(say.day($0.day, today: view.asOf)) \(say.figure($0.net))" }.joined(separator: ", ")
            + say("; this draft ", "; dieser Entwurf ") + say.figure(draft.net)
        html(
            "svg", .class("columns"), .fixed("viewBox", "0 0 280 90"), .fixed("role", "img"),
            Attribute("aria-label", label)
        ) { svg in
            svg("title", text: label)
            for (place, figure) in all.enumerated() {
                let tall = Int(Int128(height(figure)) * 80 / Int128(top))
                svg.void(
                    "rect", place == all.count - 1 ? .class("fill-accent") : .class("fill-line"),
                    Attribute("x", place * 40 + 4), .fixed("width", "26"), Attribute("y", 86 - tall),
                    Attribute("height", max(1, tall)))
            }
            svg.void(
                "line", .fixed("x1", "0"), .fixed("x2", "280"), .fixed("y1", "86.5"), .fixed("y2", "86.5"),
                .class("rule"))
        }
    }
}
