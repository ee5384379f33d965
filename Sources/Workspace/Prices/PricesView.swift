import Money

/// `GET /prices` and `/api/prices`: what the books hold of prices, products, taxes and rates.
public struct PricesView: Codable, Sendable, Equatable {
    /// Where today's line stands.
    @Written public var today: Day
    public let lists: [PriceListView]
    public let products: Int
    public let taxes: [TaxRateView]
    public let rates: [ExchangeRateView]
    public init(
        today: Day, lists: [PriceListView], products: Int, taxes: [TaxRateView], rates: [ExchangeRateView]
    ) {
        self.lists = lists
        self.products = products
        self.taxes = taxes
        self.rates = rates
        self.today = today
    }
}

/// A price list in a currency, with the days on which prices of it changed.
public struct PriceListView: Codable, Sendable, Equatable {
    public struct Version: Codable, Sendable, Equatable {
        @Written public var from: Day
        /// Articles that get a price that day.
        public let articles: Int
        public init(from: Day, articles: Int) {
            self.articles = articles
            self.from = from
        }
    }
    public let name: String
    public let currency: String
    /// Articles with a price, from whatever day.
    public let articles: Int
    /// By day.
    public let versions: [Version]
    public init(name: String, currency: String, articles: Int, versions: [Version]) {
        (self.name, self.currency, self.articles, self.versions) = (name, currency, articles, versions)
    }
}

public struct TaxRateView: Codable, Sendable, Equatable {
    public let country: String
    public let state: String
    public let category: String
    /// UNCL 5305.
    public let vatCategory: String
    /// Percent.
    public let rate: Figure
    @Written public var from: Day
    /// The day before the next rate of the same kind; null while it stands.
    @Written public var until: Day?
    public init(
        country: String, state: String, category: String, vatCategory: String, rate: Figure, from: Day, until: Day?
    ) {
        self.country = country
        self.state = state
        self.category = category
        self.vatCategory = vatCategory
        self.rate = rate
        self.from = from
        self.until = until
    }
    enum CodingKeys: String, CodingKey {
        case country, state, category, rate, from, until
        case vatCategory = "vat_category"
    }
}

/// The newest rate of a pair of currencies.
public struct ExchangeRateView: Codable, Sendable, Equatable {
    public let currency: String
    public let home: String
    /// Units of `home` for one of `currency`.
    public let rate: Figure
    @Written public var day: Day
    public let source: String
    public init(currency: String, home: String, rate: Figure, day: Day, source: String) {
        self.currency = currency
        self.home = home
        self.rate = rate
        self.source = source
        self.day = day
    }
}

/// `GET /prices/LIST`: the articles of a list and their steps.
public struct PriceListPageView: Codable, Sendable, Equatable {
    @Written public var today: Day
    public let name: String
    public let currency: String
    /// Other currencies the list has prices in.
    public let currencies: [String]
    /// By article, at most as many as a page holds.
    public let articles: [Article]
    @Written public var next: String?

    public struct Article: Codable, Sendable, Equatable {
        public let sku: String
        /// In the reader's language.
        public let name: String
        /// UN/ECE Recommendation 20.
        public let unit: String
        /// The newest day first; within a day by quantity.
        public let steps: [Step]
        public init(sku: String, name: String, unit: String, steps: [Step]) {
            (self.sku, self.name, self.unit, self.steps) = (sku, name, unit, steps)
        }
        /// Those in force on the day: the newest that have begun.
        public func steps(on day: Day) -> [Step] {
            guard let newest = steps.map(\.from).filter({ $0 <= day }).max() else { return [] }
            return steps.filter { $0.from == newest }
        }
    }
    public struct Step: Codable, Sendable, Equatable {
        @Written public var from: Day
        public let minQuantity: Figure
        public let price: Figure
        public init(from: Day, minQuantity: Figure, price: Figure) {
            self.minQuantity = minQuantity
            self.price = price
            self.from = from
        }
        enum CodingKeys: String, CodingKey {
            case from, price
            case minQuantity = "min_quantity"
        }
    }
    public init(
        today: Day, name: String, currency: String, currencies: [String], articles: [Article], next: String?
    ) {
        self.name = name
        self.currency = currency
        self.currencies = currencies
        self.articles = articles
        self.today = today
        self.next = next
    }
}

/// `GET /prices/products`: what is sold.
public struct ProductsView: Codable, Sendable, Equatable {
    public struct Product: Codable, Sendable, Equatable {
        public let sku: String
        public let name: String
        public let unit: String
        public let category: String
        public let isService: Bool
        public init(sku: String, name: String, unit: String, category: String, isService: Bool) {
            (self.sku, self.name, self.unit, self.category, self.isService) = (sku, name, unit, category, isService)
        }
        enum CodingKeys: String, CodingKey {
            case sku, name, unit, category
            case isService = "is_service"
        }
    }
    public let items: [Product]
    public let total: Int
    @Written public var next: String?
    public init(items: [Product], total: Int, next: String?) {
        self.items = items
        self.total = total
        self.next = next
    }
}
