import Money
import Web

/// How customers stand: length of a bar is worth, colour is age, one scale for all, so that the eye finds the worst first.
struct CustomersPage {
    let view: CustomersView
    let asked: CustomersQuery
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }
    /// Whose customers they are stands beside the name only where there are several sellers.
    private var isOfSeveral: Bool { view.sellers.count > 1 && asked.seller == nil }

    func render() -> HTML {
        shell.page(say("Customers", "Kunden"), at: .customers, sellers: view.sellers) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Customers", "Kunden"))
                if view.all.customers > 0 { html("p", text: sentence) }
            }
            guard view.all.customers > 0 || isFiltered else { return shell.begin(&html, begin) }
            filters(&html)
            guard !view.items.isEmpty else { return nothing(&html) }
            html.wideTable(.class("tall")) { html in
                html("caption", .class("sr"), text: say("Customers, \(view.currency)", "Kunden, \(view.currency)"))
                head(&html)
                html("tbody") { html in
                    for item in view.items { row(&html, item) }
                }
                foot(&html)
            }
            pager(&html)
        }
    }

    private var isFiltered: Bool { asked.filter != nil || asked.country != nil || asked.currency != nil }

    private var sentence: String {
        say(
            "\(say.count(view.all.customers)), of which \(say.count(view.all.overdueCustomers)) have something overdue",
            "\(say.count(view.all.customers)), davon \(say.count(view.all.overdueCustomers)) mit Überfälligem")
    }

    // MARK: Filters

    private func link(
        filter: CustomersQuery.Filter?, country: String?, currency: String?, order: CustomersQuery.Order? = nil,
        isReversed: Bool = false, after: String? = nil
    ) -> Link {
        reader.place(
            .customers,
            [
                ("standing", filter?.rawValue), ("country", country), ("currency", currency),
                ("sort", (order ?? asked.order) == .open ? nil : (order ?? asked.order).rawValue),
                ("order", isReversed ? "reversed" : nil), ("after", after),
                ("limit", asked.limit == 50 ? nil : String(asked.limit)),
            ])
    }

    private func filters(_ html: inout HTML) {
        html("div", .class("filters")) { html in
            html("ul", Attribute("aria-label", say("Standing", "Stand"))) { html in
                chip(
                    &html, say("All", "Alle"), view.all.customers, isChosen: asked.filter == nil,
                    link(filter: nil, country: asked.country, currency: asked.currency))
                for entry in view.filters where entry.customers > 0 || asked.filter?.rawValue == entry.value {
                    guard let filter = CustomersQuery.Filter(rawValue: entry.value) else { continue }
                    chip(
                        &html, filter.words(say), entry.customers, isChosen: asked.filter == filter,
                        link(
                            filter: asked.filter == filter ? nil : filter, country: asked.country,
                            currency: asked.currency))
                }
            }
            if view.countries.count > 1 || asked.country != nil {
                html("span", .class("gap"), text: "")
                html("ul", Attribute("aria-label", say("Country", "Land"))) { html in
                    for entry in view.countries.prefix(8) {
                        let isChosen = asked.country == entry.value
                        chip(
                            &html, entry.value, entry.customers, isChosen: isChosen,
                            link(
                                filter: asked.filter, country: isChosen ? nil : entry.value, currency: asked.currency))
                    }
                }
            }
            if view.currencies.count > 1 {
                html("span", .class("gap"), text: "")
                html("ul", Attribute("aria-label", say("Currency", "Währung"))) { html in
                    for currency in view.currencies {
                        chip(
                            &html, currency, nil, isChosen: view.currency == currency,
                            link(filter: asked.filter, country: asked.country, currency: currency))
                    }
                }
            }
            html.ageLegend(say)
        }
    }

    private func chip(_ html: inout HTML, _ words: String, _ count: Int?, isChosen: Bool, _ link: Link) {
        html("li") { html in
            html("a", .href(link), isChosen ? .fixed("aria-current", "true") : nil) { html in
                html.text(words)
                if let count {
                    html.text(" ")
                    html("span", text: say.count(count))
                }
            }
        }
    }

    // MARK: The table

    private func head(_ html: inout HTML) {
        html("thead") { html in
            html("tr") { html in
                sortable(&html, .name, say("Customer", "Kunde"))
                sortable(&html, .number, say("Number", "Nummer"), look: .class("wide"))
                sortable(&html, .country, say("Country", "Land"), look: .class("wide"))
                html("th", .fixed("scope", "col"), .class("wide"), text: say("Standing", "Stand"))
                sortable(&html, .open, say("Open, \(view.currency)", "Offen, \(view.currency)"), look: .class("n"))
                html(
                    "th", .fixed("scope", "col"), .class("wide ageing-bar"),
                    text: say("Ageing, one scale", "Alter, ein Maßstab"))
                sortable(&html, .overdue, say("Overdue", "Überfällig"), look: .class("n wide"))
                sortable(&html, .oldest, say("Oldest", "Älteste"), look: .class("n wide"))
                sortable(&html, .unapplied, say("Unapplied", "Guthaben"), look: .class("n wide"))
                sortable(&html, .limit, say("Limit", "Limit"), look: .class("n wide"))
                html("th", .fixed("scope", "col"), .class("n wide"), text: say("Terms", "Ziel"))
                html("th", .fixed("scope", "col"), .class("n wide"), text: say("Last paid", "Zuletzt gezahlt"))
            }
        }
    }

    private func sortable(
        _ html: inout HTML, _ order: CustomersQuery.Order, _ words: String, look: Attribute? = nil
    ) {
        let isChosen = asked.order == order
        let turns = isChosen && !asked.isReversed
        let isUp = isChosen && order.risesByItself != asked.isReversed
        html(
            "th", .fixed("scope", "col"), look,
            isChosen ? (isUp ? .fixed("aria-sort", "ascending") : .fixed("aria-sort", "descending")) : nil
        ) { html in
            html(
                "a",
                .href(
                    link(
                        filter: asked.filter, country: asked.country, currency: asked.currency, order: order,
                        isReversed: turns))
            ) { html in
                html.text(words)
                if isChosen {
                    html.fixed(isUp ? " <span aria-hidden='true'>↑</span>" : " <span aria-hidden='true'>↓</span>")
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ item: CustomerStanding) {
        let term = Term.of(item.standing, in: Term.standings)
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html("a", .href(reader.customer(item.customer, seller: item.seller)), .flag("data-row")) {
                    $0("bdi", text: item.name.isEmpty ? item.customer : item.name)
                }
                if isOfSeveral { html("span", .class("hint"), text: " \(item.seller)") }
                html("span", .class("narrow second")) { html in
                    html.text(term.words(say))
                    if let days = item.oldestDays { html.text(", \(say.days(days))") }
                }
                html("span", .class("narrow bar-narrow")) { $0.ageBar(item.ages, longest: view.longest, say) }
            }
            html("td", .class("wide second")) { $0.number(item.customer) }
            html("td", .class("wide second"), text: item.country)
            html("td", .class("wide second short")) { $0.term(term, say) }
            html("td", .class("n strong"), text: say.figure(item.open))
            html("td", .class("wide ageing-bar")) { $0.ageBar(item.ages, longest: view.longest, say) }
            money(&html, item.overdue)
            html("td", item.oldestDays ?? 0 > 90 ? .class("n wide past") : .class("n wide")) { html in
                guard let days = item.oldestDays else { return html("span", .class("none"), text: "–") }
                html.text(say("\(days)\u{00A0}d", "\(days)\u{00A0}T"))
            }
            money(&html, item.unapplied)
            limit(&html, item)
            html("td", .class("n wide second"), text: say("\(item.termsDays)\u{00A0}d", "\(item.termsDays)\u{00A0}T"))
            html("td", .class("n wide second")) { html in
                guard let day = item.lastPayment else { return html("span", .class("none"), text: "–") }
                html(
                    "time", Attribute("datetime", day.description), text: say.day(day, today: view.asOf))
            }
        }
    }

    private func money(_ html: inout HTML, _ figure: Figure) {
        html("td", .class("n wide")) { html in
            guard !figure.isZero else { return html("span", .class("none"), text: "–") }
            html.text(say.figure(figure))
        }
    }

    private func limit(_ html: inout HTML, _ item: CustomerStanding) {
        let isPast = (item.limitPercent ?? 0) > 100
        html("td", isPast ? .class("n wide past") : .class("n wide")) { html in
            if let percent = item.limitPercent {
                html.text("\(percent)\u{00A0}%")
            } else {
                html("span", .class("none"), text: item.creditLimit == nil ? "–" : "0")
            }
        }
    }

    private func foot(_ html: inout HTML) {
        let shown = say("\(say.count(view.shown.customers)) shown", "\(say.count(view.shown.customers)) gezeigt")
        let all = say("All \(say.count(view.all.customers))", "Alle \(say.count(view.all.customers))")
        html("tfoot") { html in
            if isFiltered || view.shown != view.all { sum(&html, shown, view.shown, .class("total")) }
            sum(&html, all, view.all, view.shown == view.all ? .class("total") : .class("all"), bar: true)
        }
    }

    private func sum(
        _ html: inout HTML, _ words: String, _ sum: CustomersSum, _ look: Attribute, bar: Bool = false
    ) {
        html("tr", look) { html in
            html("th", .fixed("scope", "row"), text: words)
            for _ in 0..<3 { html("td", .class("wide"), text: "") }
            html("td", .class("n"), text: say.figure(sum.open))
            html("td", .class("wide ageing-bar")) { html in
                if bar { html.ageBar(sum.ages, longest: sum.open, say) }
            }
            html("td", .class("n wide"), text: say.figure(sum.overdue))
            html("td", .class("wide"), text: "")
            html("td", .class("n wide"), text: say.figure(sum.unapplied))
            for _ in 0..<3 { html("td", .class("wide"), text: "") }
        }
    }

    private func pager(_ html: inout HTML) {
        guard view.next != nil || asked.after != nil else { return }
        html("nav", .class("pager"), Attribute("aria-label", say("Pages", "Seiten"))) { html in
            if asked.after != nil {
                html(
                    "a",
                    .href(
                        link(
                            filter: asked.filter, country: asked.country, currency: asked.currency,
                            isReversed: asked.isReversed)), text: say("First page", "Erste Seite"))
            }
            if let next = view.next {
                html(
                    "a",
                    .href(
                        link(
                            filter: asked.filter, country: asked.country, currency: asked.currency,
                            isReversed: asked.isReversed, after: next)), .fixed("rel", "next"),
                    text: say("Next \(asked.limit)", "Nächste \(asked.limit)"))
            }
        }
    }

    // MARK: Nothing

    private func nothing(_ html: inout HTML) {
        html("div", .class("empty"), .fixed("role", "status")) { html in
            html("p", text: say("No customer fits.", "Kein Kunde passt."))
            html("p") { html in
                html(
                    "a", .href(link(filter: nil, country: nil, currency: nil)),
                    text: say(
                        "Show all \(say.count(view.all.customers))", "Alle \(say.count(view.all.customers)) zeigen"))
            }
        }
    }

    private var begin: Begin {
        Begin(
            title: say("No customer yet", "Noch kein Kunde"),
            text: say(
                "Here stands every customer with what they owe, how old it is, and how much of their limit is used.",
                "Hier steht jeder Kunde mit dem, was offen ist, wie alt es ist und wie viel vom Limit genutzt ist."),
            ways: [
                Begin.Way(
                    .person, say("Bring in your customers", "Kunden einlesen"),
                    say(
                        "A table with customer_id and name; address and terms if known",
                        "Eine Tabelle mit customer_id und name; Adresse und Ziel, falls bekannt"),
                    .files(command: "import customers", accepts: ".csv,.xlsx")),
                Begin.Way(
                    .file, say("Bring in open invoices", "Offene Rechnungen einlesen"),
                    say(
                        "A customer who is not known yet is made from the number",
                        "Wer noch nicht bekannt ist, wird aus der Nummer angelegt"),
                    .files(command: "import invoices", accepts: ".csv,.xlsx")),
                Begin.Way(
                    .list, say("Look at an example first", "Erst ein Beispiel ansehen"),
                    say(
                        "A company with a year of history, in books of its own",
                        "Ein Betrieb mit einem Jahr Geschichte, in eigenen Büchern"),
                    .command("duly demo --books example.duly && duly serve --books example.duly")),
            ])
    }
}

extension CustomersQuery.Filter {
    func words(_ say: Voice) -> String {
        switch self {
        case .overdue: say("Overdue", "Überfällig")
        case .overLimit: say("Over limit", "Über Limit")
        case .onHold: say("On hold", "Mit Sperre")
        case .credit: say("Credit balance", "Guthaben")
        }
    }
}

extension CustomersQuery.Order {
    /// Words from A; amounts and ages the largest first.
    public var risesByItself: Bool {
        switch self {
        case .name, .number, .country: true
        case .open, .overdue, .oldest, .unapplied, .limit: false
        }
    }
}

extension Term {
    static let standings: [String: Term] = [
        "in-terms": Term("In terms", "Im Ziel", .check, .good),
        "nothing-open": Term("Nothing open", "Nichts offen", .check),
        "overdue": Term("Overdue", "Überfällig", .flag, .warn),
        "disputed": Term("Disputed in part", "Teils reklamiert", .scales, .accent),
        "on-hold": Term("Reminders paused", "Mahnstopp", .pause),
        "over-limit": Term("Over limit", "Über Limit", .barred, .bad),
        "credit": Term("Credit balance", "Guthaben", .bank),
        "to-complete": Term("To complete", "Unvollständig", .person, .warn),
    ]
}

extension Voice {
    /// `1,126` or `1.126`
    func count(_ count: Int) -> String { Figure(String(count)).map(figure) ?? String(count) }
}
