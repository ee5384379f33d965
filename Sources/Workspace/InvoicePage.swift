import Money
import Web

/// A document: what the customer got on the left, why it says so on the right.
struct InvoicePage {
    let view: InvoiceView
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }
    private var type: Term { Term.of(view.type, in: Term.documents) }

    func render() -> HTML {
        shell.page("\(type.words(say)) \(view.invoiceNo)", at: .none, crumbs: view.invoiceNo, sellers: [view.seller]) {
            html in
            head(&html)
            html("div", .class("bleed")) { html in
                html("div", .class("desk")) { html in
                    html("article", .class("sheet"), Attribute("aria-label", say("The document", "Das Dokument"))) {
                        html in
                        sheet(&html)
                    }
                }
                html("div", .class("why-pane")) { html in
                    InvoiceForms(view: view, shell: shell).draw(&html)
                    trace(&html)
                    allocations(&html)
                    corrections(&html)
                    deliveries(&html)
                }
            }
        }
    }

    private func head(_ html: inout HTML) {
        html("div", .class("head")) { html in
            html("h1") { $0("bdi", text: view.invoiceNo) }
            html("p") { html in
                html.text(type.words(say) + " · ")
                html("a", .href(reader.customer(view.customer, seller: view.seller.code))) {
                    $0("bdi", text: view.customerName)
                }
                if let day = view.issueDay { html.text(" · " + say.day(day, today: view.asOf)) }
                if let due = view.dueDay { html.text(" · \(say("due", "fällig")) \(say.day(due, today: view.asOf))") }
            }
            if view.hasPdf {
                html(
                    "a", .class("button push"),
                    .href(reader.invoice(view.invoiceNo, seller: view.seller.code, suffix: ".pdf"))
                ) { html in
                    html.icon(.download)
                    html.text("PDF")
                }
            }
        }
        html("div", .class("standing")) { html in
            html.term(Term.of(view.status, in: Term.states), say)
            if let last = view.deliveries.last { html.term(delivery(last), say) }
            if let due = view.dueDay, !view.open.isZero, !view.open.isNegative {
                let lateness = Lateness(due: due, today: view.asOf, say)
                html("span", lateness.worry.textClass, text: lateness.words)
            }
            html("p", .class("push")) { html in
                html.text(say("Open ", "Offen "))
                html("span", .class("total"), text: say.figure(view.open))
                html.text(say(" of ", " von ") + say.amount(view.gross, view.currency))
            }
        }
    }

    private func sheet(_ html: inout HTML) {
        html("header") { html in
            html("div") { html in
                html("p", .class("from")) { $0("bdi", text: view.seller.name) }
                html("address") { html in
                    html("bdi", text: view.customerName)
                    for line in view.address {
                        html.fixed("<br>")
                        html("bdi", text: line)
                    }
                }
            }
            html("dl", .class("pairs")) { html in facts(&html) }
        }
        html("h2", text: "\(type.words(say)) \(view.invoiceNo)")
        lines(&html)
    }

    private func facts(_ html: inout HTML) {
        var pairs: [(String, String)] = [(type.words(say), view.invoiceNo)]
        if let day = view.issueDay { pairs.append((say("Date", "Datum"), say.day(day, today: view.asOf))) }
        if let day = view.dueDay { pairs.append((say("Due", "Fällig"), say.day(day, today: view.asOf))) }
        pairs.append((say("Customer", "Kunde"), view.customer))
        let others = view.references.keys.filter { !Term.referenceOrder.contains($0) }.sorted()
        for key in Term.referenceOrder + others {
            guard let value = view.references[key], !value.isEmpty else { continue }
            pairs.append((Term.of(key, in: Term.references).words(say), value))
        }
        for (name, value) in pairs {
            html("dt", text: name)
            html("dd") { $0("bdi", text: value) }
        }
    }

    private var hasDiscounts: Bool { view.lines.contains { $0.discountPct.map { !$0.isZero } ?? false } }

    private func lines(_ html: inout HTML) {
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Lines, \(view.currency)", "Positionen, \(view.currency)"))
            html("thead") { html in
                html("tr") { html in
                    html("th", .fixed("scope", "col"), text: say("No.", "Pos."))
                    html("th", .fixed("scope", "col"), text: say("Description", "Leistung"))
                    html("th", .fixed("scope", "col"), .class("n wide"), text: say("Quantity", "Menge"))
                    html("th", .fixed("scope", "col"), .class("n wide"), text: say("Unit price", "Einzelpreis"))
                    if hasDiscounts {
                        html("th", .fixed("scope", "col"), .class("n wide"), text: say("Discount", "Rabatt"))
                    }
                    html(
                        "th", .fixed("scope", "col"), .class("n"),
                        text: say("Net, \(view.currency)", "Netto, \(view.currency)"))
                }
            }
            html("tbody") { html in
                for line in view.lines { row(&html, line) }
            }
            html("tfoot") { html in totals(&html) }
        }
    }

    private func row(_ html: inout HTML, _ line: InvoiceLineView) {
        html("tr", .id("line-\(line.line)")) { html in
            html("td", text: String(line.line))
            html("th", .fixed("scope", "row")) { html in
                html("span", Attribute("dir", "auto"), text: line.description)
                if let sku = line.sku { html("p", .class("sub")) { $0("bdi", text: sku) } }
                html("p", .class("narrow sub"), text: formula(line))
            }
            html("td", .class("n wide"), text: quantity(line))
            html("td", .class("n wide"), text: say.figure(line.unitPrice.padded(toMatch: view.net)))
            if hasDiscounts {
                let discount = line.discountPct.flatMap { $0.isZero ? nil : say.percent($0) }
                html("td", .class("n wide"), text: discount ?? "")
            }
            html("td", .class("n"), text: say.figure(line.net))
        }
    }

    private func quantity(_ line: InvoiceLineView) -> String {
        say.figure(line.quantity) + (line.unit.map { "\u{00A0}\($0)" } ?? "")
    }

    /// `48 Stk × 14.25, 8 % off`
    private func formula(_ line: InvoiceLineView) -> String {
        let price = say.figure(line.unitPrice.padded(toMatch: view.net))
        let discount = line.discountPct.flatMap { $0.isZero ? nil : say.percent($0) }
        return "\(quantity(line)) × \(price)" + (discount.map { say(", \($0) off", ", \($0) Rabatt") } ?? "")
    }

    private func totals(_ html: inout HTML) {
        total(&html, say("Net", "Summe netto"), view.net)
        for tax in view.taxes {
            let base = say.figure(tax.base)
            let name = say(
                "VAT \(say.percent(tax.rate)) on \(base)", "Umsatzsteuer \(say.percent(tax.rate)) auf \(base)")
            total(&html, name + category(tax), tax.tax)
        }
        if view.taxes.isEmpty { total(&html, say("Tax", "Steuer"), view.tax) }
        total(&html, say("Total, \(view.currency)", "Gesamt, \(view.currency)"), view.gross, last: true)
    }

    /// `, reverse charge`: two lines of 0 % would read alike without it.
    private func category(_ tax: TaxView) -> String {
        if tax.category == "S" { return "" }
        return ", " + (Term.taxCategories[tax.category]?.words(say) ?? tax.category)
    }

    private func total(_ html: inout HTML, _ name: String, _ figure: Figure, last: Bool = false) {
        html("tr", last ? .class("total") : nil) { html in
            html("td", text: "")
            html("th", .fixed("scope", "row"), text: name)
            html("td", .class("wide"), text: "")
            html("td", .class("wide"), text: "")
            if hasDiscounts { html("td", .class("wide"), text: "") }
            html("td", last ? .class("n sum") : .class("n"), text: say.figure(figure))
        }
    }

    // MARK: Why

    private func trace(_ html: inout HTML) {
        html("section", .class("trace")) { html in
            html("h2", text: say("Why this amount?", "Warum dieser Betrag?"))
            for line in view.lines {
                html("details") { html in
                    html("summary") { html in
                        html("span") { html in
                            html.text("\(line.line)\u{2002}")
                            html("bdi", .class("strong"), text: line.description)
                            html("span", .class("hint"), text: "\u{2002}" + formula(line))
                        }
                        html("span", .class("n"), text: say.figure(line.net))
                    }
                    steps(&html, line.trace, line: line.line)
                }
            }
            sum(&html, say("Net", "Netto"), view.net)
            for tax in view.taxes {
                sum(
                    &html, say("VAT \(say.percent(tax.rate))", "USt \(say.percent(tax.rate))") + category(tax), tax.tax,
                    "\(say.figure(tax.base)) × \(say.percent(tax.rate))")
            }
            sum(&html, say("Total, \(view.currency)", "Gesamt, \(view.currency)"), view.gross, last: true)
            if !view.trace.isEmpty { steps(&html, view.trace, line: nil) }
        }
    }

    private func steps(_ html: inout HTML, _ steps: [TraceStep], line: Int?) {
        html("ol", .class("steps")) { html in
            if steps.isEmpty {
                html(
                    "li",
                    text: say(
                        "No steps are recorded for this line.", "Zu dieser Position sind keine Schritte aufgezeichnet.")
                )
            }
            for step in steps {
                html("li") { html in
                    html("span", Attribute("dir", "auto"), text: step.words)
                    if let amount = step.amount { html("span", .class("n"), text: say.figure(amount)) }
                }
            }
            if let line {
                html("li") { html in
                    html(
                        "a", .href(.here("line-\(line)")), text: say("Mark it on the document", "Im Dokument markieren")
                    )
                }
            }
        }
    }

    private func sum(_ html: inout HTML, _ name: String, _ figure: Figure, _ how: String? = nil, last: Bool = false) {
        html("p", last ? .class("plain last") : .class("plain")) { html in
            html("span", .class("strong"), text: name)
            if let how { html("span", .class("hint"), text: how) }
            html("span", .class("n"), text: say.figure(figure))
        }
    }

    private func allocations(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Payments and credits", "Zahlungen und Gutschriften"))
            guard !view.allocations.isEmpty else {
                return html("p", .class("hint"), text: say("None yet.", "Noch keine."))
            }
            html.wideTable { html in
                html("thead") { html in
                    html("tr") { html in
                        html("th", .fixed("scope", "col"), text: say("Day", "Tag"))
                        html("th", .fixed("scope", "col"), text: say("What", "Was"))
                        html(
                            "th", .fixed("scope", "col"), .class("n"),
                            text: say("Allocated, \(view.currency)", "Zugeordnet, \(view.currency)"))
                    }
                }
                html("tbody") { html in
                    for allocation in view.allocations { row(&html, allocation) }
                }
                html("tfoot") { html in
                    html("tr", .class("total")) { html in
                        html(
                            "th", .fixed("scope", "row"), Attribute("colspan", 2), text: say("Still open", "Noch offen")
                        )
                        html("td", .class("n sum"), text: say.figure(view.open))
                    }
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ allocation: AllocationView) {
        html("tr") { html in
            html("td", .class("short"), text: say.day(allocation.day, today: view.asOf))
            html("td") { html in
                html.text(Term.of(allocation.kind, in: Term.allocations).words(say) + " ")
                if let document = allocation.document {
                    html("a", .href(reader.invoice(document, seller: view.seller.code))) { $0("bdi", text: document) }
                } else if let payment = allocation.paymentId {
                    html("bdi", text: payment)
                }
                if let reason = allocation.reason { html("p", .class("hint"), Attribute("dir", "auto"), text: reason) }
            }
            html("td", .class("n"), text: say.figure(allocation.allocated))
        }
    }

    private func corrections(_ html: inout HTML) {
        guard view.corrects != nil || !view.correctedBy.isEmpty else { return }
        html("section") { html in
            html("h2", text: say("Corrections", "Korrekturen"))
            html("dl", .class("pairs")) { html in
                if let corrected = view.corrects {
                    html("dt", text: say("Answers", "Korrigiert"))
                    html("dd") { html in document(&html, corrected) }
                }
                for number in view.correctedBy {
                    html("dt", text: say("Answered by", "Korrigiert durch"))
                    html("dd") { html in document(&html, number) }
                }
            }
        }
    }

    private func document(_ html: inout HTML, _ number: String) {
        html("a", .href(reader.invoice(number, seller: view.seller.code))) { $0("bdi", text: number) }
    }

    private func delivery(_ delivery: DeliveryView) -> Term {
        let state = Term.of(delivery.state, in: Term.deliveries)
        let channel = Term.of(delivery.channel, in: Term.channels)
        return Term(
            "\(state.english), \(channel.english)", "\(state.german), \(channel.german)", state.icon, state.tone)
    }

    private func deliveries(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Delivery", "Zustellung"))
            guard !view.deliveries.isEmpty else {
                return html("p", .class("hint"), text: say("Not sent by Duly.", "Nicht durch Duly versandt."))
            }
            html.wideTable { html in
                html("thead") { html in
                    html("tr") { html in
                        html("th", .fixed("scope", "col"), text: say("Time (UTC)", "Zeit (UTC)"))
                        html("th", .fixed("scope", "col"), text: say("State", "Stand"))
                        html("th", .fixed("scope", "col"), text: say("To", "An"))
                    }
                }
                html("tbody") { html in
                    for delivery in view.deliveries { row(&html, delivery) }
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ delivery: DeliveryView) {
        html("tr") { html in
            let time = delivery.at.description.dropFirst(11).prefix(5)
            html("td") { html in
                html(
                    "time", Attribute("datetime", delivery.at.description),
                    text: "\(say.day(delivery.at.day, today: view.asOf))\u{00A0}\(time)")
            }
            html("td") { $0.term(self.delivery(delivery), say) }
            html("td") { html in
                if let to = delivery.to { html("bdi", text: to) }
                if let why = delivery.why { html("p", .class("hint"), Attribute("dir", "auto"), text: why) }
            }
        }
    }
}

extension Figure {
    /// With at least as many decimals as `other`, so that points stand under each other.
    func padded(toMatch other: Figure) -> Figure {
        func decimals(_ text: String) -> Int { text.split(separator: ".", maxSplits: 1).dropFirst().first?.count ?? 0 }
        let missing = decimals(other.text) - decimals(text)
        guard missing > 0 else { return self }
        let zeros = String(repeating: "0", count: missing)
        return Figure(text.contains(".") ? text + zeros : "\(text).\(zeros)") ?? self
    }
}
