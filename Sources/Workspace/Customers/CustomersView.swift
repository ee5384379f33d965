import Money

/// What of the customers is wanted, as the address says it: filters, an order, a place in the list.
public struct CustomersQuery: Sendable, Equatable {
    public enum Filter: String, Sendable, CaseIterable {
        case overdue
        case overLimit = "over-limit"
        case onHold = "on-hold"
        case credit
    }
    public enum Order: String, Sendable, CaseIterable {
        case name, number, country, open, overdue, oldest, unapplied, limit
    }
    public var seller: String?
    public var filter: Filter?
    /// ISO 3166 letters.
    public var country: String?
    /// ISO 4217 letters; nil: the one most is owed in.
    public var currency: String?
    public var order: Order
    /// Amounts and ages the largest first, names from A, unless turned round.
    public var isReversed: Bool
    /// As the page before said.
    public var after: String?
    public var limit: Int

    public init(
        seller: String? = nil, filter: Filter? = nil, country: String? = nil, currency: String? = nil,
        order: Order = .open, isReversed: Bool = false, after: String? = nil, limit: Int = 50
    ) {
        (self.seller, self.filter, self.country, self.currency) = (seller, filter, country, currency)
        (self.order, self.isReversed, self.after, self.limit) = (order, isReversed, after, limit)
    }
}

/// `GET /customers` and `/api/customers`: how customers stand, in one currency.
public struct CustomersView: Codable, Sendable, Equatable {
    /// The day overdue is counted to.
    @Written public var asOf: Day
    public let currency: String
    /// Other currencies something stands open in; more than one makes a choice of them.
    public let currencies: [String]
    public let sellers: [SellerView]
    public let items: [CustomerStanding]
    /// What `after` takes for the following page; null at the end.
    @Written public var next: String?
    /// Of all customers that fit the filters, whether on this page or another.
    public let shown: CustomersSum
    /// Of all customers with this currency.
    public let all: CustomersSum
    /// How many customers each filter would leave.
    public let filters: [FilterCount]
    public let countries: [FilterCount]
    /// The largest sum of ages on this page: the common scale of the bars.
    public let longest: Figure

    public init(
        asOf: Day, currency: String, currencies: [String], sellers: [SellerView], items: [CustomerStanding],
        next: String?, shown: CustomersSum, all: CustomersSum, filters: [FilterCount], countries: [FilterCount],
        longest: Money
    ) {
        self.currency = currency
        self.currencies = currencies
        self.sellers = sellers
        self.items = items
        self.shown = shown
        self.all = all
        self.filters = filters
        self.countries = countries
        self.longest = Figure(longest)
        self.asOf = asOf
        self.next = next
    }
    enum CodingKeys: String, CodingKey {
        case currency, currencies, sellers, items, next, shown, all, filters, countries, longest
        case asOf = "as_of"
    }
}

public struct FilterCount: Codable, Sendable, Equatable {
    public let value: String
    public let customers: Int
    public init(value: String, customers: Int) { (self.value, self.customers) = (value, customers) }
}

public struct CustomersSum: Codable, Sendable, Equatable {
    public let customers: Int
    public let overdueCustomers: Int
    public let open: Figure
    public let overdue: Figure
    public let unapplied: Figure
    /// Not due, 1–30, 31–60, 61–90, over 90 days.
    public let ages: [Figure]
    public init(
        customers: Int, overdueCustomers: Int, open: Money, overdue: Money, unapplied: Money, ages: [Money]
    ) {
        self.customers = customers
        self.overdueCustomers = overdueCustomers
        self.open = Figure(open)
        self.overdue = Figure(overdue)
        self.unapplied = Figure(unapplied)
        self.ages = ages.map { Figure($0) }
    }
    enum CodingKeys: String, CodingKey {
        case customers, open, overdue, unapplied, ages
        case overdueCustomers = "overdue_customers"
    }
}

/// A line of the list.
public struct CustomerStanding: Codable, Sendable, Equatable {
    /// The number the firm uses.
    public let customer: String
    public let name: String
    public let seller: String
    public let country: String
    /// in-terms, overdue, disputed, on-hold, over-limit, credit, to-complete, nothing-open
    public let standing: String
    public let open: Figure
    public let ages: [Figure]
    public let overdue: Figure
    /// Days the oldest invoice is past due; null for none.
    @Written public var oldestDays: Int?
    /// Money on account, negative.
    public let unapplied: Figure
    /// The credit limit; null for none.
    @Written public var creditLimit: Figure?
    /// Whole percent of it in use.
    @Written public var limitPercent: Int?
    public let termsDays: Int
    @Written public var lastPayment: Day?

    public init(
        customer: String, name: String, seller: String, country: String, standing: String, open: Money, ages: [Money],
        overdue: Money, oldestDays: Int?, unapplied: Money, creditLimit: Money?, limitPercent: Int?, termsDays: Int,
        lastPayment: Day?
    ) {
        self.customer = customer
        self.name = name
        self.seller = seller
        self.country = country
        self.standing = standing
        self.open = Figure(open)
        self.ages = ages.map { Figure($0) }
        self.overdue = Figure(overdue)
        self.unapplied = Figure(unapplied)
        self.termsDays = termsDays
        self.oldestDays = oldestDays
        self.creditLimit = creditLimit.map { Figure($0) }
        self.limitPercent = limitPercent
        self.lastPayment = lastPayment
    }
    enum CodingKeys: String, CodingKey {
        case customer, name, seller, country, standing, open, ages, overdue, unapplied
        case oldestDays = "oldest_days"
        case creditLimit = "credit_limit"
        case limitPercent = "limit_percent"
        case termsDays = "terms_days"
        case lastPayment = "last_payment"
    }
}
