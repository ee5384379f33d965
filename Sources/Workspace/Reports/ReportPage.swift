import Money
import Web

/// One report: two clocks on top, a plot, and the table that says the same; every figure leads to what it is made of.
struct ReportPage {
    /// nil where the form cannot be read.
    let view: ReportView?
    let form: ReportForm
    let sellers: [SellerView]
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }
    private var asked: ReportQuery { form.asked }
    private var today: Day { view?.asOf ?? Day(number: 0) }

    func render() -> HTML {
        let term = asked.name.term
        return shell.page(term.words(say), at: .reports, crumbs: term.words(say), sellers: sellers) { html in
            html("div", .class("head")) { html in
                html("h1", text: term.words(say))
                if let sentence { html("p", text: sentence) }
                if view != nil { downloads(&html) }
            }
            html.problems(form.problems, say)
            fields(&html)
            guard let view else { return }
            if view.blocks.allSatisfy({ $0.rows.isEmpty }) { return nothing(&html) }
            for (place, block) in view.blocks.enumerated() { self.block(&html, block, place) }
            clocks(&html, view)
        }
    }

    /// "1,126,277.77 EUR open"
    private var sentence: String? {
        guard let view else { return nil }
        switch asked.name {
        case .aging:
            return view.blocks.compactMap { block in
                let place = block.columns.firstIndex { $0.key == "total" }
                guard let place, let foot = block.foot.last, foot.indices.contains(place),
                    case .figure(let open) = foot[place].text, let currency = block.currency
                else { return nil }
                return say("\(say.amount(open, currency)) open", "\(say.amount(open, currency)) offen")
            }.joined(separator: ", ")
        case .openItems:
            let parts = [
                asked.customer, asked.isNobodys ? say("of nobody yet", "noch ohne Kunde") : nil,
                asked.bucket.map { bucket in bucketWords(bucket) }, asked.currency,
            ].compactMap { $0 }
            return parts.isEmpty ? nil : parts.joined(separator: ", ")
        default: return nil
        }
    }

    private func bucketWords(_ label: String) -> String {
        switch label {
        case "not due": say("not due", "nicht fällig")
        case "on account": say("on account", "Guthaben")
        case let label where label.hasPrefix("over "):
            say("\(label) days", "über \(label.dropFirst(5)) Tage")
        default: say("\(label) days", "\(label) Tage")
        }
    }

    // MARK: Above

    /// The address of this report with something else in it.
    func link(_ changed: [(StaticString, String?)] = [], name: ReportQuery.Name? = nil, suffix: StaticString = "")
        -> Link
    {
        var all: [(StaticString, String?)] = [
            ("as_of", asked.asOf?.description), ("known_at", asked.knownAt?.description),
            ("from", asked.from?.description), ("by", asked.basis == "due-day" ? nil : asked.basis),
            ("currency", asked.currency), ("customer", asked.customer), ("bucket", asked.bucket),
            ("nobodys", asked.isNobodys ? "true" : nil), ("month", asked.month), ("seller", asked.seller),
        ]
        for (key, value) in changed {
            all.removeAll { $0.0.description == key.description }
            all.append((key, value))
        }
        if reader.chosen { all.append(("lang", reader.language.rawValue)) }
        return Link("/reports", name: (name ?? asked.name).rawValue, suffix: suffix, query: all)
    }

    private func downloads(_ html: inout HTML) {
        html("div", .class("push downloads")) { html in
            for (words, suffix): (String, StaticString) in [("XLSX", ".xlsx"), ("CSV", ".csv"), ("JSON", ".json")] {
                html("a", .class("button"), .href(link(suffix: suffix)), .flag("download")) { html in
                    html.icon(.download)
                    html("span", text: words)
                }
            }
        }
    }

    private func fields(_ html: inout HTML) {
        func error(_ field: String) -> String? { form.problems.first { $0.field == field }?.words }
        html(
            "form", .class("bar-form"), .action(reader.link("/reports", name: asked.name.rawValue)),
            .fixed("method", "get")
        ) { html in
            html.field(
                Field(
                    id: "as-of", name: "as_of", label: say("As of", "Zum"),
                    value: form.typedAsOf.isEmpty ? view.map { $0.asOf.description } ?? "" : form.typedAsOf,
                    type: error("as-of") == nil ? "date" : "text", error: error("as-of")), say)
            if asked.name.hasTwoClocks {
                html.field(
                    Field(
                        id: "known-at", name: "known_at", label: say("As known at, UTC", "Nach Kenntnis vom, UTC"),
                        value: form.typedKnownAt, error: error("known-at"),
                        placeholder: say("now, all that is settled", "jetzt, alles Feststehende"), width: .long), say)
            }
            if asked.name.hasFrom {
                html.field(
                    Field(
                        id: "from", name: "from", label: say("From", "Von"), value: form.typedFrom,
                        type: error("from") == nil ? "date" : "text", error: error("from")), say)
            }
            if asked.name == .aging || asked.name == .openItems {
                html.choice(
                    "by", "by", say("By", "Nach"),
                    [
                        ("due-day", say("due day", "Fälligkeit")),
                        ("invoice-day", say("invoice day", "Rechnungsdatum")),
                    ], chosen: asked.basis)
            }
            if sellers.count > 1 {
                html.choice(
                    "seller", "seller", say("Seller", "Verkäufer"),
                    [("", say("All", "Alle"))] + sellers.map { ($0.code, $0.name) }, chosen: asked.seller ?? "")
            }
            let kept: [(StaticString, String?)] = [
                ("currency", asked.currency), ("customer", asked.customer), ("bucket", asked.bucket),
                ("nobodys", asked.isNobodys ? "true" : nil), ("month", asked.month),
                ("lang", reader.chosen ? reader.language.rawValue : nil),
            ]
            for case (let name, let value?) in kept { shell.hidden(&html, name, value) }
            html("button", .fixed("type", "submit"), .class("button"), text: say("Show", "Zeigen"))
        }
    }

    // MARK: A currency

    private func block(_ html: inout HTML, _ block: ReportView.Block, _ place: Int) {
        let name = [block.part.map { Term.of($0, in: Term.reportParts).words(say) }, block.currency].compactMap { $0 }
            .joined(separator: ", ")
        let title = name.isEmpty ? asked.name.term.words(say) : name
        html("section", Attribute("aria-label", title)) { html in
            if view?.blocks.count ?? 0 > 1 || block.part != nil { html("h2", text: title) }
            if let plot = block.plot { html.plot(plot, block.currency, id: "plot-\(place)", say) }
            guard !block.rows.isEmpty else { return }
            html.wideTable(.class("figures-table")) { html in
                html("caption", .class("sr"), text: title)
                head(&html, block)
                html("tbody") { html in
                    for row in block.rows { self.row(&html, row, block, isTotal: false) }
                }
                if !block.foot.isEmpty {
                    html("tfoot") { html in
                        for row in block.foot { self.row(&html, row, block, isTotal: row == block.foot.last) }
                    }
                }
            }
            if block.more > 0 { more(&html, block.more) }
        }
    }

    private func more(_ html: inout HTML, _ count: Int) {
        html("p", .class("rest")) { html in
            html.text(
                say(
                    "\(say.count(count)) more lines are in the sums and not drawn here; ",
                    "\(say.count(count)) weitere Zeilen sind in den Summen und hier nicht gezeichnet; "))
            html("a", .href(link(suffix: ".csv")), text: say("all of them as CSV", "alle als CSV"))
            html.text(".")
        }
    }

    private func head(_ html: inout HTML, _ block: ReportView.Block) {
        html("thead") { html in
            html("tr") { html in
                for column in block.columns {
                    html("th", .fixed("scope", "col"), column.look) { html in
                        if let age = column.age {
                            html.ageSign(column.agePlace)
                            html.text(BucketView.words(age, say))
                        } else {
                            let words = Term.of(column.key, in: Term.reportColumns).words(say)
                            html.text(
                                Term.inCurrency.contains(column.key)
                                    ? block.currency.map { "\(words), \($0)" } ?? words : words)
                        }
                    }
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ row: [ReportView.Cell], _ block: ReportView.Block, isTotal: Bool) {
        html("tr", isTotal ? .class("total") : nil) { html in
            for (place, (column, cell)) in zip(block.columns, row).enumerated() {
                if place == 0 {
                    html("th", .fixed("scope", "row"), column.look) { self.cell(&$0, cell) }
                } else {
                    let sums = isTotal && column.kind == .figure && cell.text != .none
                    html("td", sums ? column.sumLook : column.look) { self.cell(&$0, cell) }
                }
            }
        }
    }

    private func cell(_ html: inout HTML, _ cell: ReportView.Cell) {
        let words = self.words(cell.text)
        if cell.isDash { return html("span", .class("none"), text: "–") }
        guard !words.isEmpty, let door = cell.door.flatMap(link) else {
            if case .text = cell.text { return html("bdi", text: words) }
            return html.text(words)
        }
        html("a", .href(door)) { html in
            if case .text = cell.text { html("bdi", text: words) } else { html.text(words) }
        }
    }

    private func words(_ text: ReportView.Cell.Text) -> String { text.words(say, today: today) }

    private func link(_ door: ReportView.Door) -> Link? {
        switch door {
        case .customer(let number, let seller): reader.customer(number, seller: seller)
        case .invoice(let number, let seller): reader.invoice(number, seller: seller)
        case .items(let currency, let customer, let seller, let bucket, let nobodys):
            link(
                [
                    ("currency", currency), ("customer", customer), ("bucket", bucket),
                    ("nobodys", nobodys ? "true" : nil), ("seller", seller ?? asked.seller),
                ], name: .openItems)
        case .report(let name, let asOf, let from):
            link(
                [
                    ("as_of", (asOf ?? asked.asOf)?.description), ("from", from?.description), ("month", nil),
                    ("customer", nil), ("bucket", nil), ("currency", nil), ("nobodys", nil),
                ], name: name)
        case .month(let month): link([("month", month)])
        case .customers(let standing): reader.place(.customers, [("standing", standing)])
        case .work(let kind): reader.today(kind: kind, seller: asked.seller)
        }
    }

    // MARK: Below

    private func clocks(_ html: inout HTML, _ view: ReportView) {
        guard let known = view.knownAt else { return }
        html("div", .class("note now clock-note")) { html in
            html(
                "p",
                text: say(
                    "As of \(say.fullDate(view.asOf)), as known at \(known.onScreen) UTC.",
                    "Zum \(say.fullDate(view.asOf)), nach Kenntnis vom \(known.onScreen) UTC."))
            html("p") { html in
                html.text(
                    say(
                        "The same two clocks give the same figures for ever. ",
                        "Dieselben zwei Uhren ergeben für immer dieselben Zahlen. "))
                html(
                    "a",
                    .href(link([("as_of", view.asOf.description), ("known_at", known.description)])),
                    text: say("Address of exactly these", "Adresse genau dieser Zahlen"))
            }
        }
        if let isBalanced = view.isBalanced {
            html("p", .class("clock-note")) { html in
                html.term(
                    isBalanced
                        ? Term("Debits equal credits", "Soll gleich Haben", .check, .good)
                        : Term("The journal does not balance", "Das Journal geht nicht auf", .triangle, .bad), say)
            }
        }
    }

    private func nothing(_ html: inout HTML) {
        html("div", .class("empty"), .fixed("role", "status")) { html in
            html("p", text: say("Nothing is there to report.", "Es gibt nichts zu berichten."))
            html("p", text: asked.name.term.german.isEmpty ? "" : asked.name.hint(say))
        }
    }
}

extension ReportView.Column {
    fileprivate var agePlace: Int { ["age-0", "age-1", "age-2", "age-3", "age-4"].firstIndex(of: key) ?? 4 }
    fileprivate var look: Attribute? {
        switch (kind, isWide) {
        case (.figure, true): .class("n wide")
        case (.figure, false): .class("n")
        case (.words, true): .class("wide")
        case (.words, false): nil
        }
    }
    fileprivate var sumLook: Attribute { isWide ? .class("n wide sum") : .class("n sum") }
}

extension ReportView.Cell {
    fileprivate var isDash: Bool {
        if case .figureOrDash(let figure) = text { return figure.isZero }
        return false
    }
}

extension ReportView.Cell.Text {
    func words(_ say: Voice, today: Day) -> String {
        switch self {
        case .none: ""
        case .figure(let figure), .figureOrDash(let figure): say.figure(figure)
        case .percent(let figure): say.percent(figure)
        case .day(let day): say.day(day, today: today)
        case .month(let month): say.month(month)
        case .text(let text): text
        case .word(let word): Term.of(word, in: Term.reportWords).words(say)
        }
    }
}

extension Instant {
    /// `2026-11-23 10:24:07`
    var onScreen: String { description.prefix(19).map { $0 == "T" ? " " : String($0) }.joined() }
}

extension Voice {
    /// `2026-03` is `Mar 2026` or `03.2026`.
    func month(_ text: String) -> String {
        guard let day = Day(text + "-01") else { return text }
        switch language {
        case .english: return fullDate(day).drop { $0 != "\u{00A0}" }.dropFirst().description
        case .german: return String(fullDate(day).dropFirst(3))
        }
    }
}
