import Web

/// Where a page is: the entries of the rail, in the order of the work.
enum Place: Sendable, Equatable {
    case today, customers, prices, bill, money, ask, disputes, statements, reports, settings, search, places, none

    static let onRail: [Place] = [
        .today, .customers, .prices, .bill, .money, .ask, .disputes, .statements, .reports, .settings,
    ]

    /// On a telephone: the places for which one takes it out. The others are behind "More".
    static let onBar: [Place] = [.today, .customers, .bill, .money]

    var icon: Icon {
        switch self {
        case .today, .none: .list
        case .customers: .person
        case .prices: .tag
        case .bill: .file
        case .money: .bank
        case .ask: .speech
        case .disputes: .scales
        case .statements: .pages
        case .reports: .chart
        case .settings: .sliders
        case .search: .search
        case .places: .sliders
        }
    }

    func words(_ say: Voice) -> String {
        switch self {
        case .today, .none: say("Today", "Heute")
        case .customers: say("Customers", "Kunden")
        case .prices: say("Prices", "Preise")
        case .bill: say("Bill", "Abrechnen")
        case .money: say("Money in", "Zahlungen")
        case .ask: say("Ask", "Mahnen")
        case .disputes: say("Disputes", "Reklamationen")
        case .statements: say("Statements", "Kontoauszüge")
        case .reports: say("Reports", "Berichte")
        case .settings: say("Settings", "Einstellungen")
        case .search: say("Find", "Suchen")
        case .places: say("Places", "Bereiche")
        }
    }

    /// After `g`, on the keyboard.
    var key: String {
        switch self {
        case .today, .none: "t"
        case .customers: "c"
        case .prices: "p"
        case .bill: "b"
        case .money: "m"
        case .ask: "a"
        case .disputes: "d"
        case .statements: "s"
        case .reports: "r"
        case .settings: "x"
        case .search: "/"
        case .places: "g"
        }
    }

    var path: StaticString {
        switch self {
        case .today, .none: "/"
        case .customers: "/customers"
        case .prices: "/prices"
        case .bill: "/bill"
        case .money: "/money"
        case .ask: "/ask"
        case .disputes: "/disputes"
        case .statements: "/statements"
        case .reports: "/reports"
        case .settings: "/settings"
        case .search: "/search"
        case .places: "/places"
        }
    }
}

extension Reader {
    /// A place, in the language and for the seller that were chosen.
    func place(_ place: Place) -> Link { place == .today ? today() : link(place.path) }

    /// A place's own address with more to say in its query: filters, an order, a day.
    func place(_ place: Place, _ query: [(StaticString, String?)]) -> Link { link(place.path, query) }

    /// Any address of ours, in the language and for the seller that were chosen.
    func link(_ path: StaticString, _ query: [(StaticString, String?)] = []) -> Link {
        Link(path, query: query + [("seller", seller), ("lang", chosen ? language.rawValue : nil)])
    }
    func link(_ path: StaticString, name: String, _ query: [(StaticString, String?)] = []) -> Link {
        link(path, name: name, suffix: "", query)
    }
    /// `suffix` chooses a form of the page: `.pdf`, `.csv`. A seller named in `query` stands for the chosen one.
    func link(_ path: StaticString, name: String, suffix: StaticString, _ query: [(StaticString, String?)] = []) -> Link
    {
        let own = query.contains { $0.0.description == "seller" && $0.1 != nil }
        return Link(
            path, name: name, suffix: suffix,
            query: query.filter { $0.1 != nil } + [
                ("seller", own ? nil : seller), ("lang", chosen ? language.rawValue : nil),
            ])
    }
}
