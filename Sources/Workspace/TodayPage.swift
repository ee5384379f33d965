import Money
import Web

/// The worklist and four figures.
struct TodayPage {
    let view: TodayView
    /// Only this kind is shown; nil for all.
    let kind: String?
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    /// More lines than this are counted, not drawn: nobody reads the three-hundredth.
    static let longest = 250

    private var items: ArraySlice<WorklistItem> {
        (kind == nil ? view.worklist : view.worklist.filter { $0.kind == kind }).prefix(TodayPage.longest)
    }
    /// The only currency on the list, where the sentence on top names it.
    private var currency: String? { view.worth.count == 1 ? view.worth.first?.currency : nil }
    /// Together with those the view left out.
    private var count: Int {
        guard let kind else { return view.total }
        return view.kinds.first { $0.kind == kind }?.count ?? 0
    }

    func render() -> HTML {
        let title = say.fullDay(view.day)
        return shell.page(title, at: .today, sellers: view.sellers, count: view.total) { html in
            html("div", .class("today")) { html in
                html("div", .class("head")) { html in
                    html("h1", text: title)
                    html("p", text: sentence)
                }
                if view.sellers.count > 1 { shell.sellerChoice(&html, view.sellers, .class("sellers narrow")) }
                figures(&html)
                work(&html)
            }
        }
    }

    /// "27 things need a person, worth 100,741.25 EUR"
    private var sentence: String {
        if view.total == 0 { return say("Nothing needs a person.", "Nichts wartet auf einen Menschen.") }
        let things =
            view.total == 1
            ? say("One thing needs a person", "Ein Vorgang braucht einen Menschen")
            : say("\(view.total) things need a person", "\(view.total) Vorgänge brauchen einen Menschen")
        guard !view.worth.isEmpty else { return things }
        return "\(things), \(say("worth", "im Wert von")) \(view.worth.map(say.amount).joined(separator: " + "))"
    }

    private func figures(_ html: inout HTML) {
        guard !view.figures.isEmpty else { return }
        html("section", .class("figures"), Attribute("aria-label", say("Key figures", "Kennzahlen"))) { html in
            html("dl", .class("strip")) { html in
                for kind in KeyFigure.Kind.allCases {
                    let ofKind = view.figures.filter { $0.kind == kind }
                    guard let first = ofKind.first else { continue }
                    html("div") { html in figure(&html, first, also: ofKind.dropFirst()) }
                }
            }
        }
    }

    private func figure(_ html: inout HTML, _ figure: KeyFigure, also: ArraySlice<KeyFigure>) {
        let name = figure.kind.words(say)
        let isMoney = figure.kind != .dso
        html("dt", text: isMoney && figure.currency != nil ? "\(name), \(figure.currency ?? "")" : name)
        html("dd", .class("key")) { html in
            html("span") { html in
                html.text(say.figure(figure.value))
                if !isMoney { html("span", .class("unit"), text: "\u{00A0}" + say("days", "Tage")) }
            }
            html.spark(figure.history, label: history(of: figure, name: name))
        }
        for other in also {
            let value =
                isMoney
                ? say.amount(other.value, other.currency ?? "") : say.figure(other.value) + " " + (other.currency ?? "")
            html("dd", .class("also"), text: value)
        }
        if let note = figure.note { html("dd", .class("hint"), text: note) }
    }

    private func history(of figure: KeyFigure, name: String) -> String {
        let sorted = figure.history.sorted { Figure.ordered($0, $1) }
        guard let low = sorted.first, let high = sorted.last else { return name }
        let count = figure.history.count
        return say(
            "\(name), last \(count) values: lowest \(say.figure(low)), highest \(say.figure(high)), now \(say.figure(figure.value))",
            "\(name), letzte \(count) Werte: niedrigster \(say.figure(low)), höchster \(say.figure(high)), jetzt \(say.figure(figure.value))"
        )
    }

    private func work(_ html: inout HTML) {
        html("section", Attribute("aria-label", say("What needs a person", "Was einen Menschen braucht"))) { html in
            chips(&html)
            guard !items.isEmpty else { return empty(&html) }
            html("ol", .class("work")) { html in
                for item in items { row(&html, item) }
            }
            let left = count - items.count
            if left > 0 {
                html("p", .class("rest"), text: say("\(left) more, worth less", "\(left) weitere von geringerem Wert"))
            }
        }
    }

    private func chips(_ html: inout HTML) {
        guard view.total > 0 else { return }
        html("nav", .class("chips"), Attribute("aria-label", say("Kinds", "Arten"))) { html in
            chip(&html, say("All", "Alles"), view.total, kind: nil)
            for entry in view.kinds {
                chip(&html, Term.of(entry.kind, in: Term.workMany).words(say), entry.count, kind: entry.kind)
            }
        }
    }

    private func chip(_ html: inout HTML, _ name: String, _ count: Int, kind: String?) {
        html(
            "a", .href(reader.today(kind: kind, seller: reader.seller)),
            kind == self.kind ? .fixed("aria-current", "true") : nil
        ) { html in
            html.text(name)
            html.text(" ")
            html("span", text: String(count))
        }
    }

    private func empty(_ html: inout HTML) {
        html("div", .class("empty")) { html in
            html("p", text: say("Nothing waits here.", "Hier wartet nichts."))
            html(
                "p",
                text: say(
                    "Bill checks, money that could not be placed, promises not kept, disputes and questions appear here, the most valuable first.",
                    "Prüfungen, nicht zugeordnetes Geld, nicht gehaltene Zusagen, Reklamationen und Fragen erscheinen hier, das Wertvollste zuerst."
                ))
        }
    }

    func row(_ html: inout HTML, _ item: WorklistItem) {
        html("li", .id("w-\(item.id)")) { html in
            html("div", .class("kind")) { $0.term(Term.of(item.kind, in: Term.work), say) }
            html("div", .class("who")) { html in
                html("p", .class("name")) { html in name(&html, item) }
                html("p", .class("why"), Attribute("dir", "auto"), text: item.why)
            }
            html("p", .class("worth")) { html in
                guard let worth = item.worth else {
                    return html("span", .class("none"), text: "–")
                }
                // The sentence on top says the currency once; it is repeated where that is not enough.
                guard worth.currency == currency else { return html.text(say.amount(worth)) }
                html.text(say.figure(worth.amount))
                html("span", .class("sr"), text: " " + worth.currency)
            }
            clock(&html, item)
            next(&html, item)
        }
    }

    /// The customer's name opens the file, the document's number the document; the first of them is a stop for `j` and `k`.
    private func name(_ html: inout HTML, _ item: WorklistItem) {
        let title = item.customerName ?? item.customer
        let subject = item.kind == "approval" ? ApprovalWords.command(item.subject, say) : item.subject
        if let customer = item.customer, let title {
            html("a", .href(reader.customer(customer, seller: item.seller)), .flag("data-row")) {
                $0("bdi", text: title)
            }
            html.text(" ")
        } else if let title {
            html("span", .class("strong")) { $0("bdi", text: title) }
            html.text(" ")
        }
        let isFirst = item.customer == nil
        if let invoice = item.invoice {
            html(
                "a", isFirst ? nil : .class("subject"), .href(reader.invoice(invoice, seller: item.seller)),
                isFirst ? .flag("data-row") : nil
            ) { $0("bdi", text: item.subject) }
        } else if item.subject != title, item.subject != item.customer {
            html("span", isFirst && title == nil ? .class("strong") : .class("subject")) {
                $0("bdi", text: subject)
            }
        }
    }

    private func clock(_ html: inout HTML, _ item: WorklistItem) {
        if let due = item.due {
            let lateness = Lateness(clock: due, today: view.day, say)
            html("p", lateness.worry.clockClass) { html in
                html("time", Attribute("datetime", due.description), text: lateness.words)
            }
        } else if let since = item.since {
            let words =
                since == view.day
                ? say("since today", "seit heute") : say("since ", "seit ") + say.day(since, today: view.day)
            html("p", .class("clock")) { html in html("time", Attribute("datetime", since.description), text: words) }
        } else {
            html("p", .class("clock"), text: "")
        }
    }

    /// What can be done, and the command that does it: this page itself only reads.
    private func next(_ html: inout HTML, _ item: WorklistItem) {
        guard let first = item.next.first else { return html("div", .class("next"), text: "") }
        // What waits for the second person is decided on a page of its own, where it can be read.
        if item.kind == "approval" {
            let id = item.id.split(separator: ":").last.map(String.init) ?? ""
            return html("div", .class("next")) { html in
                html(
                    "a",
                    .href(
                        Link(
                            "/approvals", query: [("lang", reader.chosen ? reader.language.rawValue : nil)],
                            fragment: id)), item.customer == nil ? .flag("data-row") : nil,
                    text: say("Decide", "Entscheiden"))
            }
        }
        html("details", .class("next")) { html in
            html("summary", text: first.label)
            html("div") { html in
                html("dl") { html in
                    for step in item.next {
                        html("dt", text: step.label)
                        html("dd") { $0("code", text: step.command) }
                    }
                }
            }
        }
    }
}

extension KeyFigure.Kind {
    func words(_ say: Voice) -> String {
        switch self {
        case .overdue: say("Overdue", "Überfällig")
        case .dso: say("Days sales outstanding", "Forderungslaufzeit")
        case .unapplied: say("Unapplied money", "Ungeklärtes Geld")
        case .unbilled: say("Unbilled", "Unberechnet")
        }
    }
}

extension Figure {
    /// By value, for saying lowest and highest.
    static func ordered(_ left: Figure, _ right: Figure) -> Bool {
        let parsed = [left, right].map { (try? FixedPoint.parse($0.text, decimals: 4)) ?? 0 }
        return parsed[0] < parsed[1]
    }
}

extension Lateness.Worry {
    var clockClass: Attribute {
        switch self {
        case .none: .class("clock")
        case .warn: .class("clock tone-warn")
        case .bad: .class("clock tone-bad")
        }
    }
    var textClass: Attribute {
        switch self {
        case .none: .class("late second")
        case .warn: .class("late tone-warn")
        case .bad: .class("late tone-bad")
        }
    }
}
