import Money
import Web

extension MoneyPanel {
    /// The money spread over the documents that were chosen; every amount can be changed.
    func spread(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Spread over these", "Auf diese verteilen"))
            shell.form(
                &html, "cash apply",
                back: reader.link("/money", [("receipt", detail.next)]),
                fields: [("receipt", detail.line.receipt), ("seller", detail.line.seller)]
            ) { html in
                html.wideTable { html in
                    html("caption", .class("sr"), text: say("How the money is spread", "Wie das Geld verteilt wird"))
                    html.heads([
                        Head(say("Open item", "Offener Posten")), .wide(say("Due", "Fällig")),
                        .figures(say("Open, \(detail.line.amount.currency)", "Offen, \(detail.line.amount.currency)")),
                        .figures(say("Paid", "Gezahlt")),
                    ])
                    html("tbody") { html in
                        for (place, part) in detail.taken.enumerated() { spread(&html, part, place) }
                    }
                }
                if detail.taken.count == 1, let part = detail.taken.first { writeOff(&html, part) }
                html("p", .class("acts")) { html in
                    shell.submit(
                        &html, say("Apply", "Zuordnen"), key: "a", look: .class("button primary"), focus: true,
                        atOnce: true)
                    shell.submit(&html, say("Check only", "Nur prüfen"), name: "dry-run")
                }
            }
        }
    }

    private func spread(_ html: inout HTML, _ part: MoneyPart, _ place: Int) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                shell.invoiceLink(&html, part.invoiceNo, seller: detail.line.seller)
                html("p", .class("second")) { $0("bdi", text: part.customerName) }
            }
            html("td", .class("wide short"), text: part.dueDay.map { say.day($0, today: view.day) } ?? "–")
            html("td", .class("n"), text: say.figure(part.open))
            html("td", .class("n")) { html in
                shell.hidden(&html, "invoice", part.invoiceNo)
                html(
                    "label", .class("sr"), Attribute("for", "amount-\(place)"),
                    text: say("Paid of \(part.invoiceNo)", "Gezahlt auf \(part.invoiceNo)"))
                html.void(
                    "input", .id("amount-\(place)"), .class("amount"), .fixed("type", "text"), .fixed("name", "amount"),
                    .fixed("inputmode", "decimal"), .flag("required"), Attribute("value", part.paid.text))
            }
        }
    }

    /// What is missing of the only document may be given up with it.
    private func writeOff(_ html: inout HTML, _ part: MoneyPart) {
        guard !part.left.isZero else { return }
        html("details", .class("more")) { html in
            html(
                "summary",
                text: say(
                    "Give up the \(say.figure(part.left)) that are missing",
                    "Fehlende \(say.figure(part.left)) ausbuchen"))
            html("div", .class("fields")) { html in
                shell.field(
                    &html, say("Write off", "Ausbuchen"), name: "write-off", id: "write-off",
                    hint: say("If known; empty leaves it open.", "Freiwillig; leer bleibt es offen."), isNumber: true)
                shell.choice(
                    &html, say("Because of", "Wegen"), name: "reason", id: "reason",
                    ["cash-discount", "bank-fee", "small-difference"].map {
                        (value: $0, words: Term.of($0, in: Term.writeOffs).words(say))
                    })
            }
        }
    }

    /// Open items to choose from: one opens at once, several are spread over.
    func search(_ html: inout HTML) {
        html("section", .id("search")) { html in
            html("h2", text: say("Choose other items", "Andere Posten wählen"))
            html(
                "form", .class("inline"), .action(Link("/money")), .fixed("method", "get")
            ) { html in
                keep(&html)
                html(
                    "label", .class("sr"), Attribute("for", "items"),
                    text: say("Look for open items", "Offene Posten suchen"))
                html.void(
                    "input", .id("items"), .fixed("type", "search"), .fixed("name", "q"), .fixed("autocomplete", "off"),
                    .fixed("data-key", "i"), Attribute("value", question.search ?? ""),
                    detail.proposed.isEmpty && detail.taken.isEmpty ? .flag("data-focus") : nil,
                    Attribute("placeholder", say("Number, customer or amount", "Nummer, Kunde oder Betrag")))
                shell.submit(&html, say("Search", "Suchen"))
            }
            found(&html)
        }
    }

    /// What the address holds goes on with the form.
    private func keep(_ html: inout HTML) {
        shell.hidden(&html, "receipt", detail.line.receipt)
        if question.show != .waiting { shell.hidden(&html, "show", question.show.rawValue) }
        if let seller = reader.seller { shell.hidden(&html, "seller", seller) }
        if reader.chosen { shell.hidden(&html, "lang", reader.language.rawValue) }
    }

    private func found(_ html: inout HTML) {
        guard !detail.found.isEmpty else {
            guard question.search != nil else { return }
            return html(
                "p", .class("rest"), .fixed("role", "status"),
                text: say("No open item fits.", "Kein offener Posten passt."))
        }
        html("form", .action(Link("/money")), .fixed("method", "get")) { html in
            keep(&html)
            html.wideTable { html in
                html("caption", .class("sr"), text: say("Open items to choose from", "Offene Posten zur Auswahl"))
                html.heads([
                    Head(say("Take", "Wählen")), Head(say("Open item", "Offener Posten")),
                    .wide(say("Customer", "Kunde")),
                    .wide(say("Due", "Fällig")),
                    .figures(say("Open, \(detail.line.amount.currency)", "Offen, \(detail.line.amount.currency)")),
                ])
                html("tbody") { html in
                    for (place, part) in detail.found.enumerated() { choose(&html, part, place) }
                }
            }
            html("p", .class("acts")) { html in
                shell.submit(&html, say("Split over the chosen", "Auf die gewählten verteilen"), key: "t")
            }
        }
    }

    private func choose(_ html: inout HTML, _ part: MoneyPart, _ place: Int) {
        html("tr") { html in
            html("td", .class("tick")) { html in
                html.void(
                    "input", .id("take-\(place)"), .fixed("type", "checkbox"), .fixed("name", "take"),
                    Attribute("value", part.invoiceNo), .flag("data-row"),
                    question.take.contains(part.invoiceNo) ? .flag("checked") : nil)
                html(
                    "label", Attribute("for", "take-\(place)"), .class("sr"),
                    text: say("Take \(part.invoiceNo)", "\(part.invoiceNo) wählen"))
            }
            html("th", .fixed("scope", "row")) { shell.invoiceLink(&$0, part.invoiceNo, seller: detail.line.seller) }
            html("td", .class("wide")) {
                shell.customerLink(&$0, part.customer, part.customerName, seller: detail.line.seller)
            }
            html("td", .class("wide short"), text: part.dueDay.map { say.day($0, today: view.day) } ?? "–")
            html("td", .class("n strong"), text: say.figure(part.open))
        }
    }

    private func record(_ html: inout HTML, _ words: String, _ receipt: String?, _ rel: StaticString) {
        guard let receipt else { return }
        let show = question.show == .waiting ? nil : question.show.rawValue
        html(
            "a", .href(reader.link("/money", [("show", show), ("receipt", receipt)])), .fixed("rel", rel),
            .flag("data-record"), text: words)
    }

    /// The other ways on: the runner-up, leaving it, the next line.
    func ways(_ html: inout HTML) {
        html("div", .class("acts foot")) { html in
            if detail.previous != nil || detail.next != nil {
                html("nav", .class("turning"), Attribute("aria-label", say("Lines", "Zahlungen"))) { html in
                    record(&html, say("‹ Line before", "‹ Vorige Zahlung"), detail.previous, "prev")
                    record(&html, say("Next line ›", "Nächste Zahlung ›"), detail.next, "next")
                }
            }
            if let document = detail.runnerUp?.document, detail.line.state != "placed" {
                shell.go(
                    &html, say("Take runner-up", "Zweiten nehmen"),
                    reader.link("/money", [("receipt", detail.line.receipt), ("take", document)]), key: "r")
            }
            if detail.line.state != "placed" {
                shell.go(
                    &html, say("Keep unapplied", "Offen lassen"),
                    reader.link(
                        "/money",
                        [("show", question.show == .waiting ? nil : question.show.rawValue), ("receipt", detail.next)]),
                    key: "n")
                html(
                    "span", .class("hint"),
                    text: say("books nothing, goes to the next line", "bucht nichts, geht zur nächsten Zahlung"))
            }
        }
    }
}

extension Figure {
    /// Exact; all of one currency.
    static func sum(_ figures: [Figure]) -> Figure {
        let decimals = figures.map { $0.text.split(separator: ".").dropFirst().first?.count ?? 0 }.max() ?? 0
        let sum = figures.reduce(Int64(0)) { $0 + ((try? FixedPoint.parse($1.text, decimals: decimals)) ?? 0) }
        return Figure(sum, decimals: decimals)
    }
}
