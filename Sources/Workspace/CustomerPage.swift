import Money
import Web

/// The file of one customer: what is open, what it is made of, what happened; people and terms beside it.
struct CustomerPage {
    let view: CustomerView
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    /// Open items and receipts drawn per currency, so that a page stays under 200 kB; the balance counts all.
    static let longest = 250
    /// Of these, kept for receipts where there are so many.
    private static let receiptsDrawn = 50

    func render() -> HTML {
        shell.page(view.name, at: .customers, crumbs: view.name, sellers: [view.seller]) { html in
            html("div", .class("head")) { html in
                html("h1") { $0("bdi", text: view.name) }
                html("p", .class("second"), Attribute("dir", "auto"), text: particulars)
                acts(&html)
            }
            html("div", .class("file")) { html in
                html("div") { html in
                    money(&html)
                    timeline(&html)
                }
                html("aside", Attribute("aria-label", say("People and terms", "Ansprechpartner und Bedingungen"))) {
                    html in
                    contacts(&html)
                    terms(&html)
                    credit(&html)
                    holds(&html)
                    habit(&html)
                }
            }
        }
    }

    private var particulars: String {
        let address = view.address.joined(separator: ", ")
        return [view.number, address].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func money(_ html: inout HTML) {
        let currencies = currenciesInUse
        guard !currencies.isEmpty else {
            return html("section", .class("empty")) { html in
                html("p", text: say("Nothing is open.", "Nichts ist offen."))
                html(
                    "p",
                    text: say(
                        "Invoices that wait for payment and money not yet placed will stand here.",
                        "Hier stehen Rechnungen, die auf Zahlung warten, und noch nicht zugeordnetes Geld."))
            }
        }
        for currency in currencies {
            html("section", Attribute("aria-label", "\(say("Open", "Offen")), \(currency)")) { html in
                if let balance = view.balances.first(where: { $0.currency == currency }) {
                    sums(&html, balance)
                    html.ageing(balance, say)
                }
                openItems(&html, currency)
            }
        }
    }

    /// The balances' order, then whatever else stands open.
    private var currenciesInUse: [String] {
        var seen: [String] = []
        for currency in view.balances.map(\.currency) + view.openItems.map(\.currency) + view.receipts.map(\.currency)
        where !seen.contains(currency) { seen.append(currency) }
        return seen
    }

    private func sums(_ html: inout HTML, _ balance: BalanceView) {
        html("dl", .class("sums")) { html in
            for (name, figure, always) in [
                (say("Balance", "Saldo") + ", \(balance.currency)", balance.net, true),
                (say("Overdue", "Überfällig"), balance.overdue, true),
                (say("In dispute", "Reklamiert"), balance.disputed, false),
                (say("Unapplied", "Nicht zugeordnet"), balance.unallocated, false),
            ] where always || !figure.isZero {
                html("div") { html in
                    html("dt", text: name)
                    html("dd", text: say.figure(figure))
                }
            }
        }
    }

    /// How many of each are drawn.
    private static func drawn(_ items: Int, _ receipts: Int) -> (items: Int, receipts: Int) {
        let first = min(items, longest - min(receipts, receiptsDrawn))
        return (first, min(receipts, longest - first))
    }

    private func openItems(_ html: inout HTML, _ currency: String) {
        let items = view.openItems.filter { $0.currency == currency }
        let receipts = view.receipts.filter { $0.currency == currency }
        guard !(items.isEmpty && receipts.isEmpty) else { return }
        let drawn = Self.drawn(items.count, receipts.count)
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Open items, \(currency)", "Offene Posten, \(currency)"))
            html("thead") { html in
                html("tr") { html in
                    html("th", .fixed("scope", "col"), text: say("Open item", "Offener Posten"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("Date", "Datum"))
                    html("th", .fixed("scope", "col"), text: say("Due", "Fällig"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("State", "Stand"))
                    html(
                        "th", .fixed("scope", "col"), .class("n wide"),
                        text: say("Amount, \(currency)", "Betrag, \(currency)"))
                    html(
                        "th", .fixed("scope", "col"), .class("n"), text: say("Open, \(currency)", "Offen, \(currency)"))
                }
            }
            html("tbody") { html in
                for item in items.prefix(drawn.items) { row(&html, item) }
                for receipt in receipts.prefix(drawn.receipts) { row(&html, receipt) }
            }
            if let balance = view.balances.first(where: { $0.currency == currency }) { foot(&html, balance) }
        }
        let left = items.count + receipts.count - drawn.items - drawn.receipts
        if left > 0 {
            html(
                "p", .class("rest"),
                text: say(
                    "\(left) more are in the balance and not drawn here.",
                    "\(left) weitere sind im Saldo und hier nicht gezeichnet."))
        }
    }

    private func foot(_ html: inout HTML, _ balance: BalanceView) {
        html("tfoot") { html in
            html("tr", .class("total")) { html in
                let day = say.day(view.asOf, today: view.asOf)
                html(
                    "th", .fixed("scope", "row"), .class("short"), text: say("Balance on \(day)", "Saldo am \(day)"))
                html("td", .class("wide"), text: "")
                html("td", text: "")
                html("td", .class("wide"), text: "")
                html("td", .class("wide"), text: "")
                html("td", .class("n sum"), text: say.figure(balance.net))
            }
        }
    }

    private func row(_ html: inout HTML, _ item: OpenItemView) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html("a", .href(reader.invoice(item.invoiceNo, seller: view.seller.code)), .flag("data-row")) {
                    $0.number(item.invoiceNo)
                }
                if let state = state(of: item) { html("span", .class("narrow second"), text: state.words(say)) }
            }
            html("td", .class("wide short"), text: say.day(item.issueDay, today: view.asOf))
            html("td") { html in due(&html, item) }
            html("td", .class("wide")) { html in
                if let state = state(of: item) { html.term(state, say) }
            }
            html("td", .class("n wide"), text: say.figure(item.gross))
            html("td", .class("n strong"), text: say.figure(item.open))
        }
    }

    private func due(_ html: inout HTML, _ item: OpenItemView) {
        guard let due = item.dueDay else { return html("span", .class("none"), text: "–") }
        html("time", Attribute("datetime", due.description), text: say.day(due, today: view.asOf))
        guard !item.open.isNegative else { return }
        let lateness = Lateness(due: due, today: view.asOf, say)
        html.text(" \u{2002}")
        html("span", lateness.worry.textClass, text: lateness.words)
    }

    private func state(of item: OpenItemView) -> Term? {
        if !item.disputed.isZero {
            let part = item.disputed == item.open
            let words = say.figure(item.disputed)
            return part
                ? Term("Disputed", "Reklamiert", .scales, .accent)
                : Term("\(words) disputed", "\(words) reklamiert", .scales, .accent)
        }
        if let state = item.state {
            return Term(state, state, item.type == "invoice" ? .clock : .file)
        }
        return item.type == "invoice" ? nil : Term.of(item.type, in: Term.documents)
    }

    private func row(_ html: inout HTML, _ receipt: ReceiptView) {
        let term = Term("Received, not placed", "Eingegangen, nicht zugeordnet", .bank, .warn)
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html.number(receipt.paymentId)
                html("span", .class("narrow second"), text: term.words(say))
            }
            html("td", .class("wide short"), text: say.day(receipt.day, today: view.asOf))
            html("td") { $0("span", .class("none"), text: "–") }
            html("td", .class("wide")) { html in
                html.term(term, say)
                if !receipt.text.isEmpty { html("p", .class("hint"), Attribute("dir", "auto"), text: receipt.text) }
            }
            html("td", .class("n wide"), text: say.figure(receipt.amount.negated))
            html("td", .class("n strong"), text: say.figure(receipt.unallocated.negated))
        }
    }

    private func timeline(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("What happened", "Was geschah"))
            guard !view.timeline.isEmpty else {
                return html("p", .class("empty"), text: say("Nothing yet.", "Noch nichts."))
            }
            html("table", .class("time")) { html in
                html("thead") { html in
                    html("tr") { html in
                        html("th", .fixed("scope", "col"), text: say("Day", "Tag"))
                        html("th", .fixed("scope", "col"), text: say("What", "Was"))
                        html("th", .fixed("scope", "col"), text: say("By", "Durch"))
                        html("th", .fixed("scope", "col"), .class("n"), text: say("Amount", "Betrag"))
                    }
                }
                html("tbody") { html in
                    for entry in view.timeline { row(&html, entry) }
                }
            }
            if view.timelineContinues {
                let command = "duly timeline --customer \(view.number)"
                html("p", .class("rest")) { html in
                    html.text(say("Older entries: ", "Ältere Einträge: "))
                    html("code", text: command)
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ entry: TimelineEntry) {
        html("tr") { html in
            html("td") { html in
                html(
                    "time", Attribute("datetime", entry.day.description), Attribute("title", entry.at.description),
                    text: say.day(entry.day, today: view.asOf))
            }
            html("td", .class("what")) { html in
                let term = Term.of(entry.kind, in: Term.happenings)
                html("span", .fixed("class", term.tone.cssClass)) { html in
                    html.icon(term.icon)
                    html("span", .class("sr"), text: term.words(say) + ": ")
                    html("span", Attribute("dir", "auto")) { html in summary(&html, entry) }
                }
            }
            html("td", .class("by"), text: entry.actor ?? "")
            html("td", .class("n"), text: entry.worth.map(say.amount) ?? "")
        }
    }

    /// The document's number inside the sentence is the link; a number the sentence does not speak of stands behind it.
    private func summary(_ html: inout HTML, _ entry: TimelineEntry) {
        guard entry.documentHasPage, let document = entry.document, !document.isEmpty else {
            return html.text(entry.summary)
        }
        let link = reader.invoice(document, seller: view.seller.code)
        guard let place = entry.summary.firstRange(of: document) else {
            html.text(entry.summary + " ")
            return html("a", .href(link)) { $0("bdi", text: document) }
        }
        html.text(String(entry.summary[..<place.lowerBound]))
        html("a", .href(link), text: document)
        html.text(String(entry.summary[place.upperBound...]))
    }

    private func holds(_ html: inout HTML) {
        guard !view.holds.isEmpty else { return }
        html("section") { html in
            html("h2", text: say("Holds", "Sperren"))
            for hold in view.holds {
                html("div", .class("note warned")) { html in
                    let end = hold.until.map { say(" until ", " bis ") + say.day($0, today: view.asOf) } ?? ""
                    html("p", .class("strong"), text: hold.what + end)
                    html("p", Attribute("dir", "auto"), text: hold.why)
                }
            }
        }
    }

    private func contacts(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Who to talk to", "Ansprechpartner"))
            guard !view.contacts.isEmpty else {
                return html("p", .class("hint"), text: say("Nobody is named yet.", "Noch niemand genannt."))
            }
            html("dl", .class("pairs")) { html in
                for contact in view.contacts {
                    html("dt", text: Term.of(contact.purpose, in: Term.purposes).words(say))
                    html("dd") { html in self.contact(&html, contact) }
                }
            }
        }
    }

    private func contact(_ html: inout HTML, _ contact: ContactView) {
        if let name = contact.name { html("p", .class("strong")) { $0("bdi", text: name) } }
        if let email = contact.email {
            html("p") { html in html("a", .href(.mail(email))) { $0("bdi", text: email) } }
        }
        if let phone = contact.phone {
            html("p") { html in html("a", .href(.phone(phone))) { $0("bdi", text: phone) } }
        }
        if let note = contact.note { html("p", .class("hint"), Attribute("dir", "auto"), text: note) }
    }

    private func terms(_ html: inout HTML) {
        let pairs: [(String, String?)] = [
            (say("Payment", "Zahlung"), view.terms), (say("Prices", "Preise"), view.priceList),
            (say("Language", "Sprache"), view.language.map(languageName)),
            (say("Seller", "Verkäufer"), view.seller.name), (say("VAT id", "USt-IdNr."), view.vatId),
        ]
        html("section") { html in
            html("h2", text: say("Terms", "Bedingungen"))
            html("dl", .class("pairs")) { html in
                for case (let name, let value?) in pairs {
                    html("dt", text: name)
                    html("dd", Attribute("dir", "auto"), text: value)
                }
            }
        }
    }

    // MARK: What can be done, and how they are

    private func acts(_ html: inout HTML) {
        html("div", .class("push downloads")) { html in
            if let email = view.contacts.lazy.compactMap(\.email).first {
                html("a", .class("button"), .href(.mail(email))) { html in
                    html.icon(.mail)
                    html("span", text: say("Write", "Schreiben"))
                }
            }
            html(
                "a", .class("button"),
                .href(
                    Link(
                        "/statements",
                        query: [
                            ("customer", view.number), ("seller", view.seller.code),
                            ("lang", reader.chosen ? reader.language.rawValue : nil),
                        ]))
            ) { html in
                html.icon(.pages)
                html("span", text: say("Statement", "Kontoauszug"))
            }
        }
    }

    private func credit(_ html: inout HTML) {
        guard let credit = view.credit else { return }
        let (limit, used) = (height(credit.limit), height(credit.used))
        let isOver = used > limit
        html("section", .class("limit")) { html in
            html("h2", text: say("Credit", "Kredit"))
            html("p") { html in
                html("span", text: say("\(say.figure(credit.used)) used", "\(say.figure(credit.used)) genutzt"))
                html(
                    "span", .class("second"), text: say("limit ", "Limit ") + say.amount(credit.limit, credit.currency))
            }
            let part = limit > 0 ? Int(min(Int128(used) * 1000 / Int128(limit), 1000)) : 1000
            html(
                "svg", .fixed("viewBox", "0 0 1000 6"), .fixed("preserveAspectRatio", "none"), .fixed("role", "img"),
                Attribute(
                    "aria-label",
                    say(
                        "\(say.figure(credit.used)) of \(say.figure(credit.limit)) used",
                        "\(say.figure(credit.used)) von \(say.figure(credit.limit)) genutzt"))
            ) { svg in
                svg.void("rect", .class("ground"), .fixed("width", "1000"), .fixed("height", "6"))
                svg.void(
                    "rect", isOver ? .class("used over") : .class("used"), Attribute("width", part),
                    .fixed("height", "6"))
            }
            if isOver {
                html(
                    "p", .class("tone-bad"),
                    text: say("Past the limit by ", "Über dem Limit um ") + say.figure(credit.free.negated))
            } else {
                html(
                    "p", .class("second"),
                    text: say("\(say.figure(credit.free)) free", "\(say.figure(credit.free)) frei"))
            }
        }
    }

    /// A dot for each paid invoice: above the line late, below it early.
    private func habit(_ html: inout HTML) {
        guard view.habit.count > 1, let first = view.habit.first, let last = view.habit.last else { return }
        let sorted = view.habit.map(\.daysLate).sorted()
        let words = say(
            "Last \(view.habit.count) paid invoices: from \(sorted[0]) to \(sorted[sorted.count - 1]) days after the due day, in the middle \(sorted[sorted.count / 2]).",
            "Letzte \(view.habit.count) bezahlte Rechnungen: \(sorted[0]) bis \(sorted[sorted.count - 1]) Tage nach Fälligkeit, in der Mitte \(sorted[sorted.count / 2])."
        ).replacing("-", with: "−")
        html("section") { html in
            html("h2", text: say("How they pay", "Wie sie zahlen"))
            HabitPlot(invoices: view.habit, label: words, say: say).draw(&html, from: first.paidDay, to: last.paidDay)
            html("p", .class("hint"), text: words)
        }
    }

    private func languageName(_ code: String) -> String {
        switch code {
        case "de": say("German", "Deutsch")
        case "en": say("English", "Englisch")
        case "fr": say("French", "Französisch")
        case "nl": say("Dutch", "Niederländisch")
        case "es": say("Spanish", "Spanisch")
        case "it": say("Italian", "Italienisch")
        default: code
        }
    }
}

/// Days after the due day, one dot an invoice, in the order they were paid. 280 × 84.
private struct HabitPlot {
    let invoices: [PaidInvoice]
    let label: String
    let say: Voice

    func draw(_ html: inout HTML, from: Day, to: Day) {
        let days = invoices.map(\.daysLate)
        let (low, high) = (min(days.min() ?? 0, -3), max(days.max() ?? 0, 3))
        func y(_ late: Int) -> Int { 60 - (late - low) * 52 / (high - low) }
        html(
            "svg", .class("habit"), .fixed("viewBox", "0 0 280 84"), .fixed("role", "img"),
            Attribute("aria-label", label)
        ) { svg in
            svg.void("line", .fixed("x1", "0"), .fixed("x2", "280"), Attribute("y1", y(0)), Attribute("y2", y(0)))
            for (place, late) in days.enumerated() {
                let look: Attribute? = late >= 60 ? .class("bad") : late > 0 ? .class("late") : nil
                svg.void(
                    "circle", look, Attribute("cx", 6 + place * 268 / max(1, days.count - 1)), Attribute("cy", y(late)),
                    .fixed("r", "3"))
            }
            svg("text", .fixed("x", "0"), .fixed("y", "80"), text: say.fullDate(from))
            svg("text", .fixed("x", "280"), .fixed("y", "80"), .fixed("text-anchor", "end"), text: say.fullDate(to))
        }
    }
}

extension Figure {
    /// The other sign, for money on account among what is owed.
    var negated: Figure {
        guard !isZero else { return self }
        return Figure(isNegative ? String(text.dropFirst()) : "-" + text) ?? self
    }
}
