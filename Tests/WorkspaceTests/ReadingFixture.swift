import Money
import Web

@testable import Workspace

/// What the reading places show: customers, reports, statements, prices.
extension Fixture {
    func customers(_ asked: CustomersQuery, language: Language) async throws -> CustomersView {
        if asked.currency == "NOK" { return Fixture.nobody }
        let items = Fixture.standings.filter { asked.country == nil || $0.country == asked.country }
        let sum = CustomersSum(
            customers: 4, overdueCustomers: 2, open: Fixture.eur("81480.00"), overdue: Fixture.eur("62480.00"),
            unapplied: Fixture.eur("-210.00"),
            ages: ["19000.00", "0.00", "18640.00", "24310.00", "19530.00"].map(Fixture.eur))
        return CustomersView(
            asOf: Fixture.today, currency: "EUR", currencies: ["EUR", "USD"], sellers: sellers, items: items,
            next: asked.after == nil ? "49.K" : nil, shown: sum, all: sum,
            filters: [FilterCount(value: "overdue", customers: 2), FilterCount(value: "credit", customers: 0)],
            countries: [FilterCount(value: "DE", customers: 3), FilterCount(value: "IT", customers: 1)],
            longest: Fixture.eur("62480.00"))
    }

    static let nobody = CustomersView(
        asOf: today, currency: "NOK", currencies: [], sellers: [seller], items: [], next: nil, shown: none, all: none,
        filters: [], countries: [], longest: eur("0.00"))
    private static let none = CustomersSum(
        customers: 0, overdueCustomers: 0, open: eur("0.00"), overdue: eur("0.00"), unapplied: eur("0.00"),
        ages: Array(repeating: eur("0.00"), count: 5))

    static let standings = [
        CustomerStanding(
            customer: "K-3001", name: "Brandt & Söhne Hafenbau KG", seller: "DE", country: "DE",
            standing: "over-limit", open: eur("62480.00"),
            ages: ["0.00", "0.00", "18640.00", "24310.00", "19530.00"].map(eur), overdue: eur("62480.00"),
            oldestDays: 98, unapplied: eur("0.00"), creditLimit: eur("60000.00"), limitPercent: 104, termsDays: 30,
            lastPayment: Day("2026-07-14")),
        CustomerStanding(
            customer: "K-3002", name: "Quiet Harbour Ltd", seller: "DE", country: "IT", standing: "in-terms",
            open: eur("19000.00"), ages: ["19000.00", "0.00", "0.00", "0.00", "0.00"].map(eur), overdue: eur("0.00"),
            oldestDays: nil, unapplied: eur("-210.00"), creditLimit: nil, limitPercent: nil, termsDays: 14,
            lastPayment: nil),
    ]

    // MARK: Reports

    func sellers() async throws -> [SellerView] { sellers }

    func reportFile(_ asked: ReportQuery, as format: ReportQuery.Format) async throws -> [UInt8] {
        Array((format == .csv ? "seller,customer\nDE,K-3001\n" : "{\"as_of\":\"2026-11-23\"}\n").utf8)
    }

    func report(_ asked: ReportQuery, language: Language) async throws -> ReportView {
        let known = asked.name.hasTwoClocks ? Fixture.instant("2026-11-23T10:24:00.000000Z") : nil
        return ReportView(
            asOf: asked.asOf ?? Fixture.today, knownAt: known, sellers: sellers,
            blocks: asked.name == .unbilled ? [] : [Fixture.block(asked.name)],
            isBalanced: asked.name == .journal ? true : nil)
    }

    static func figure(_ text: String) -> Figure { Figure(text)! }

    /// A table with every kind of cell and door, and the plot that fits the report.
    static func block(_ name: ReportQuery.Name) -> ReportView.Block {
        let ages = [(nil, 0), (1, 30), (31, 60), (61, 90), (91, nil)].map { (from: Int?, to: Int?) in
            BucketView(label: "-", fromDays: from, toDays: to, amount: eur("10.00"), items: 1)
        }
        typealias Plot = ReportView.Plot
        let plot: Plot =
            switch name {
            case .aging: Plot(.ages, "ages", ages.map { Plot.Point(.none, [figure("18640.00")], age: $0) })
            case .rollforward:
                Plot(
                    .bridge, "bridge",
                    [("opening", "100.00"), ("invoiced", "50.00"), ("collected", "-170.00"), ("closing", "-20.00")].map
                    {
                        Plot.Point(.word($0.0), [figure($0.1)])
                    })
            case .work, .late: Plot(.lying, "work", [Plot.Point(.word("dispute"), [figure("11")])])
            case .collections: Plot(.bars, "received", [Plot.Point(.month("2026-10"), [figure("5"), figure("2")])])
            default:
                Plot(
                    .line, "dso",
                    [("2026-09", "44.10"), ("2026-10", "41.30")].map { Plot.Point(.month($0.0), [figure($0.1)]) })
            }
        return ReportView.Block(
            currency: "EUR", part: name == .late ? "countries" : nil, plot: plot,
            columns: [
                ReportView.Column("customer", .words), ReportView.Column("day", .words, isWide: true),
                ReportView.Column("age-1", age: ages[1], isWide: true), ReportView.Column("total"),
            ],
            rows: [
                [
                    ReportView.Cell(.text("Brandt & Söhne <KG>"), .customer("K-3001", seller: "DE")),
                    ReportView.Cell(.day(today)), ReportView.Cell(.figureOrDash(figure("0.00"))),
                    ReportView.Cell(
                        .figure(figure("-62480.00")),
                        .items(currency: "EUR", customer: "K-3001", seller: "DE", bucket: "1-30", nobodys: false)),
                ],
                [
                    ReportView.Cell(.word("nobodys")), ReportView.Cell(.month("2026-03"), .month("2026-03")),
                    ReportView.Cell(.percent(figure("12.35"))),
                    ReportView.Cell(.figure(figure("3.00")), .report(.journal, asOf: today, from: today - 22)),
                ],
            ],
            foot: [[ReportView.Cell(.word("all")), .init(.none), .init(.none), .init(.figure(figure("-62477.00")))]],
            more: name == .openItems ? 12 : 0)
    }

    // MARK: Statements and prices

    func statements(_ asked: StatementsQuery) async throws -> StatementsView {
        if asked.customer == "BOTH", asked.seller == nil {
            throw AmbiguousNumber(number: "BOTH", sellers: [Fixture.seller, Fixture.other])
        }
        let isKnown = ["K-3001", "K-3002", "BOTH"].contains(asked.customer)
        return StatementsView(
            asOf: asked.asOf ?? Fixture.today, sellers: sellers, customer: asked.customer, isKnown: isKnown,
            statements: asked.customer == "K-3001" ? [Fixture.statement] : [])
    }

    func statementPDFs(_ asked: StatementsQuery) async throws -> [[UInt8]] {
        asked.customer == "K-3001" ? [Array("%PDF-1.7 statement".utf8)] : []
    }

    static let statement = StatementView(
        seller: seller, customer: "K-3001", customerName: "Brandt & Söhne Hafenbau KG", currency: "EUR",
        knownAt: instant("2026-11-18T07:12:00.000000Z"), total: figure("9038.53"), unallocated: figure("-500.00"),
        net: figure("8538.53"), disputed: figure("1240.00"), dueNow: figure("4726.17"),
        ages: [
            BucketView(label: "not due", fromDays: nil, toDays: 0, amount: eur("4312.36"), items: 0),
            BucketView(label: "61-90", fromDays: 61, toDays: 90, amount: eur("4726.17"), items: 0),
        ],
        items: [
            StatementView.Item(
                type: "invoice", number: "RE-2026-4102", day: Day("2026-08-12")!, dueDay: Day("2026-09-11"),
                daysLate: 73, original: figure("6726.17"), open: figure("4726.17"), disputed: figure("1240.00")),
            StatementView.Item(
                type: "payment", number: "ZE-88077", day: Day("2026-11-18")!, dueDay: nil, daysLate: 0,
                original: figure("-500.00"), open: figure("-500.00"), disputed: figure("0.00")),
        ])

    func prices() async throws -> PricesView {
        PricesView(
            today: Fixture.today,
            lists: [
                PriceListView(
                    name: "STD", currency: "EUR", articles: 3418,
                    versions: [
                        PriceListView.Version(from: Day("2024-01-01")!, articles: 3200),
                        PriceListView.Version(from: Day("2026-07-01")!, articles: 3418),
                        PriceListView.Version(from: Day("2027-01-01")!, articles: 3400),
                    ])
            ], products: 3418,
            taxes: [
                TaxRateView(
                    country: "DE", state: "", category: "S", vatCategory: "S", rate: Fixture.figure("19"),
                    from: Day("2021-01-01")!, until: nil),
                TaxRateView(
                    country: "DE", state: "", category: "S", vatCategory: "S", rate: Fixture.figure("16"),
                    from: Day("2020-07-01")!, until: Day("2020-12-31")),
            ],
            rates: [
                ExchangeRateView(
                    currency: "USD", home: "EUR", rate: Fixture.figure("0.9123"), day: Fixture.today, source: "ECB")
            ])
    }

    func priceList(_ name: String, currency: String?, after: String?, language: Language) async throws
        -> PriceListPageView?
    {
        guard name == "STD" || Fixture.oddNumbers.contains(name) else { return nil }
        typealias Step = PriceListPageView.Step
        return PriceListPageView(
            today: Fixture.today, name: name, currency: "EUR", currencies: ["EUR", "USD"],
            articles: [
                PriceListPageView.Article(
                    sku: "HS-12-2", name: "Hydraulic hose DN 12", unit: "MTR",
                    steps: [
                        Step(from: Day("2027-01-01")!, minQuantity: Fixture.figure("1"), price: Fixture.figure("9.40")),
                        Step(from: Day("2026-01-01")!, minQuantity: Fixture.figure("1"), price: Fixture.figure("9.20")),
                        Step(
                            from: Day("2026-01-01")!, minQuantity: Fixture.figure("51"), price: Fixture.figure("8.40")),
                    ]),
                PriceListPageView.Article(
                    sku: "NEW", name: "Not yet", unit: "C62",
                    steps: [
                        Step(from: Day("2027-01-01")!, minQuantity: Fixture.figure("1"), price: Fixture.figure("1.00"))
                    ]),
            ], next: after == nil ? "NEW" : nil)
    }

    func products(after: String?, language: Language) async throws -> ProductsView {
        ProductsView(
            items: [.init(sku: "HS-12-2", name: "Hydraulic hose DN 12", unit: "MTR", category: "S", isService: false)],
            total: 3418, next: after == nil ? "HS-12-2" : nil)
    }
}
