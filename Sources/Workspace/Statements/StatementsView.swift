import Money

/// Whose statement, as of when, as the address says it.
public struct StatementsQuery: Sendable, Equatable {
    public var seller: String?
    /// The number the firm uses; nil: nobody is chosen yet.
    public var customer: String?
    /// nil: today.
    public var asOf: Day?
    /// nil: all that is settled.
    public var knownAt: Instant?
    public init(seller: String? = nil, customer: String? = nil, asOf: Day? = nil, knownAt: Instant? = nil) {
        (self.seller, self.customer, self.asOf, self.knownAt) = (seller, customer, asOf, knownAt)
    }
}

/// `GET /statements` and `/api/statements`: what a statement would say, one for each currency.
public struct StatementsView: Codable, Sendable, Equatable {
    @Written public var asOf: Day
    public let sellers: [SellerView]
    /// nil: nobody was chosen, or nobody has the number.
    @Written public var customer: String?
    public let isKnown: Bool
    /// Empty where nothing is open.
    public let statements: [StatementView]

    public init(asOf: Day, sellers: [SellerView], customer: String?, isKnown: Bool, statements: [StatementView]) {
        self.sellers = sellers
        self.isKnown = isKnown
        self.statements = statements
        self.asOf = asOf
        self.customer = customer
    }
    enum CodingKeys: String, CodingKey {
        case sellers, customer, statements
        case asOf = "as_of"
        case isKnown = "is_known"
    }
}

/// A statement: the figures of the paper, with the keys of `duly statement show`.
public struct StatementView: Codable, Sendable, Equatable {
    public struct Item: Codable, Sendable, Equatable {
        /// invoice, credit_note, payment
        public let type: String
        public let number: String
        @Written public var day: Day
        @Written public var dueDay: Day?
        public let daysLate: Int
        public let original: Figure
        public let open: Figure
        public let disputed: Figure
        public init(
            type: String, number: String, day: Day, dueDay: Day?, daysLate: Int, original: Figure, open: Figure,
            disputed: Figure
        ) {
            self.type = type
            self.number = number
            self.daysLate = daysLate
            self.original = original
            self.open = open
            self.disputed = disputed
            self.day = day
            self.dueDay = dueDay
        }
        enum CodingKeys: String, CodingKey {
            case type, number, day, original, open, disputed
            case dueDay = "due_day"
            case daysLate = "days_late"
        }
    }
    public let seller: SellerView
    public let customer: String
    public let customerName: String
    public let currency: String
    /// Of the newest fact counted.
    @Written public var knownAt: Instant
    public let total: Figure
    public let unallocated: Figure
    public let net: Figure
    public let disputed: Figure
    public let dueNow: Figure
    /// Of what is open: how much by how many days late. Days may have no bound.
    public let ages: [BucketView]
    public let items: [Item]

    public init(
        seller: SellerView, customer: String, customerName: String, currency: String, knownAt: Instant, total: Figure,
        unallocated: Figure, net: Figure, disputed: Figure, dueNow: Figure, ages: [BucketView], items: [Item]
    ) {
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.currency = currency
        self.total = total
        self.unallocated = unallocated
        self.net = net
        self.disputed = disputed
        self.dueNow = dueNow
        self.ages = ages
        self.items = items
        self.knownAt = knownAt
    }
    enum CodingKeys: String, CodingKey {
        case seller, customer, currency, total, unallocated, net, disputed, ages, items
        case customerName = "customer_name"
        case knownAt = "known_at"
        case dueNow = "due_now"
    }
}
