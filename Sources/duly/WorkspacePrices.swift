import Database
import Ledger
import Money
import Workspace

/// What the books hold of prices: reference data of all sellers.
extension WorkspaceBooks {
    /// So many articles a page shows.
    private static let articlesOnPage = 100

    func prices() async throws -> PricesView {
        try await reading { transaction in
            PricesView(
                today: day(try houses(nil, transaction).first?.timeZone ?? "UTC"),
                lists: try Self.lists(transaction),
                products: Int(try transaction.query("SELECT count(*) FROM products", []).first?.int(0) ?? 0),
                taxes: try Self.taxes(transaction), rates: try Self.rates(transaction))
        }
    }

    private static func lists(_ transaction: any Transaction) throws -> [PriceListView] {
        struct Key: Hashable { let name, currency: String }
        var versions: [Key: [PriceListView.Version]] = [:]
        var articles: [Key: Int] = [:]
        for row in try transaction.query(
            """
            SELECT price_list, currency, valid_from, count(DISTINCT sku) FROM prices
            GROUP BY price_list, currency, valid_from ORDER BY price_list, currency, valid_from
            """, [])
        {
            let key = Key(name: try row.text(0), currency: try row.text(1))
            versions[key, default: []].append(
                PriceListView.Version(from: try day(try row.text(2)), articles: Int(try row.int(3))))
        }
        for row in try transaction.query(
            "SELECT price_list, currency, count(DISTINCT sku) FROM prices GROUP BY price_list, currency", [])
        {
            articles[Key(name: try row.text(0), currency: try row.text(1))] = Int(try row.int(2))
        }
        return versions.sorted { ($0.key.name, $0.key.currency) < ($1.key.name, $1.key.currency) }.map {
            key, versions in
            PriceListView(
                name: key.name, currency: key.currency, articles: articles[key] ?? 0, versions: versions)
        }
    }

    private static func taxes(_ transaction: any Transaction) throws -> [TaxRateView] {
        try transaction.query(
            """
            SELECT country, state, tax_category, vat_category, rate, valid_from,
                lead(valid_from) OVER (PARTITION BY country, state, tax_category ORDER BY valid_from)
            FROM tax_rates ORDER BY country, state, tax_category, valid_from DESC
            """, []
        ).map { row in
            TaxRateView(
                country: try row.text(0), state: try row.text(1), category: try row.text(2),
                vatCategory: try row.text(3), rate: Figure(percent: Rate(scaled: try row.int(4))),
                from: try day(try row.text(5)), until: try row.textOrNil(6).map { try day($0) - 1 })
        }
    }

    private static func rates(_ transaction: any Transaction) throws -> [ExchangeRateView] {
        try transaction.query(
            """
            SELECT e.currency, e.home_currency, e.rate, e.day, e.source FROM exchange_rates e
            WHERE e.day = (SELECT max(n.day) FROM exchange_rates n
                WHERE n.currency = e.currency AND n.home_currency = e.home_currency)
            ORDER BY e.currency, e.home_currency
            """, []
        ).compactMap { row in
            guard let rate = Figure(FixedPoint.shortText(try row.int(2), decimals: 10)) else { return nil }
            return ExchangeRateView(
                currency: try row.text(0), home: try row.text(1), rate: rate, day: try day(try row.text(3)),
                source: try row.text(4))
        }
    }

    func priceList(_ name: String, currency: String?, after: String?, language: Language) async throws
        -> PriceListPageView?
    {
        try await reading { transaction in
            let currencies = try transaction.query(
                "SELECT DISTINCT currency FROM prices WHERE price_list = $1 ORDER BY currency", [.text(name)]
            ).map { try $0.text(0) }
            let home = try houses(nil, transaction).first
            guard let first = currencies.first else { return nil }
            let chosen =
                currency ?? home.flatMap { currencies.contains($0.currency.code) ? $0.currency.code : nil } ?? first
            let skus = try transaction.query(
                """
                SELECT DISTINCT sku FROM prices
                WHERE price_list = $1 AND currency = $2 AND sku > $3 ORDER BY sku LIMIT $4
                """, [.text(name), .text(chosen), .text(after ?? ""), .int(Int64(Self.articlesOnPage + 1))]
            ).map { try $0.text(0) }
            let page = Array(skus.prefix(Self.articlesOnPage))
            return PriceListPageView(
                today: day(home?.timeZone ?? "UTC"), name: name, currency: chosen, currencies: currencies,
                articles: try Self.articles(page, name, chosen, language, transaction),
                next: skus.count > page.count ? page.last : nil)
        }
    }

    private static func articles(
        _ skus: [String], _ list: String, _ currency: String, _ language: Language, _ transaction: any Transaction
    ) throws -> [PriceListPageView.Article] {
        let code = try Self.currency(currency)
        try transaction.pick(skus)
        var names: [String: (name: String, unit: String)] = [:]
        var steps: [String: [PriceListPageView.Step]] = [:]
        for row in try transaction.query(
            "SELECT p.sku, p.name_de, p.name_en, p.unit FROM picked_text k CROSS JOIN products p WHERE p.sku = k.key",
            [])
        {
            names[try row.text(0)] = (try row.text(language == .german ? 1 : 2), try row.text(3))
        }
        for row in try transaction.query(
            """
            SELECT p.sku, p.valid_from, p.min_qty, p.unit_price FROM picked_text k CROSS JOIN prices p
            WHERE p.price_list = $1 AND p.sku = k.key AND p.currency = $2
            ORDER BY p.sku, p.valid_from DESC, p.min_qty
            """, [.text(list), .text(currency)])
        {
            steps[try row.text(0), default: []].append(
                PriceListPageView.Step(
                    from: try day(try row.text(1)), minQuantity: Figure(Quantity(micro: try row.int(2))),
                    price: price(UnitPrice(scaled: try row.int(3)), code)))
        }
        return skus.map { sku in
            PriceListPageView.Article(
                sku: sku, name: names[sku]?.name ?? "", unit: names[sku]?.unit ?? "", steps: steps[sku] ?? [])
        }
    }

    /// At least with the currency's decimals, so that the points stand under each other.
    private static func price(_ price: UnitPrice, _ currency: Currency) -> Figure {
        let short = FixedPoint.shortText(price.scaled, decimals: UnitPrice.decimals)
        let decimals = short.split(separator: ".").dropFirst().first?.count ?? 0
        guard decimals < currency.decimals else { return Figure(price) }
        let missing = String(repeating: "0", count: currency.decimals - decimals)
        return Figure(decimals == 0 ? "\(short).\(missing)" : short + missing) ?? Figure(price)
    }

    func products(after: String?, language: Language) async throws -> ProductsView {
        try await reading { transaction in
            let rows = try transaction.query(
                """
                SELECT sku, name_de, name_en, unit, tax_category, service FROM products
                WHERE sku > $1 ORDER BY sku LIMIT $2
                """, [.text(after ?? ""), .int(Int64(Self.articlesOnPage + 1))]
            ).map { row in
                ProductsView.Product(
                    sku: try row.text(0), name: try row.text(language == .german ? 1 : 2), unit: try row.text(3),
                    category: try row.text(4), isService: try row.int(5) == 1)
            }
            let page = Array(rows.prefix(Self.articlesOnPage))
            return ProductsView(
                items: page, total: Int(try transaction.query("SELECT count(*) FROM products", []).first?.int(0) ?? 0),
                next: rows.count > page.count ? page.last?.sku : nil)
        }
    }
}
