import Money

/// `GET /bill` and `/api/bill`: charges that no document bills, valued, and drafts with what the checks said.
public struct BillView: Codable, Sendable, Equatable {
    @Written public var day: Day
    public let sellers: [SellerView]
    public let unbilled: UnbilledView
    /// Waiting drafts by `stopped`, `look` and `clean`.
    public let counts: [KindCount]
    /// What the clean ones come to.
    public let clean: [Amount]
    /// Stopped first, then those to look at, then clean ones; each by day.
    public let drafts: [DraftRow]
    /// Whether another page follows.
    public let more: Bool
    /// The number each seller's next invoice gets today.
    public let numbers: [NextNumber]
    public init(
        day: Day, sellers: [SellerView], unbilled: UnbilledView, counts: [KindCount], clean: [Amount] = [],
        drafts: [DraftRow], more: Bool = false, numbers: [NextNumber] = []
    ) {
        self.day = day
        self.sellers = sellers
        self.unbilled = unbilled
        self.counts = counts
        self.clean = clean
        self.drafts = drafts
        self.more = more
        self.numbers = numbers
    }
}

/// What should be billed and is not, through the business day.
public struct UnbilledView: Codable, Sendable, Equatable {
    public let charges: Int
    /// Net, as they would be priced now.
    public let worth: [Amount]
    /// Most worth first; the first of them.
    public let customers: [UnbilledCustomer]
    /// How many customers there are, also those left out.
    public let all: Int
    public init(charges: Int, worth: [Amount], customers: [UnbilledCustomer], all: Int? = nil) {
        self.charges = charges
        self.worth = worth
        self.customers = customers
        self.all = all ?? customers.count
    }
}

/// What of one customer waits to be billed.
public struct UnbilledCustomer: Codable, Sendable, Equatable {
    public let seller: String
    public let customer: String
    public let name: String
    @Written public var since: Day
    public let charges: Int
    public let worth: [Amount]
    /// Charges that cannot be priced yet, and why the first of them cannot.
    public let unpriced: Int
    @Written public var why: String?
    public init(
        seller: String, customer: String, name: String, since: Day, charges: Int, worth: [Amount], unpriced: Int = 0,
        why: String? = nil
    ) {
        self.seller = seller
        self.customer = customer
        self.name = name
        self.since = since
        self.charges = charges
        self.worth = worth
        self.unpriced = unpriced
        self.why = why
    }
}

/// A draft in the list.
public struct DraftRow: Codable, Sendable, Equatable {
    public let draft: String
    /// stopped, look, clean
    public let state: String
    public let seller: String
    public let customer: String
    public let customerName: String
    public let order: String
    @Written public var day: Day
    public let currency: String
    public let net: Figure
    public let tax: Figure
    public let gross: Figure
    public let findings: [DraftFinding]
    /// The customer's last invoice in this currency.
    @Written public var last: String?
    @Written public var lastNet: Figure?
    /// Against it, in whole percent; null where there is none.
    @Written public var change: Int?

    public init(
        draft: String, state: String, seller: String, customer: String, customerName: String, order: String, day: Day,
        net: Money, tax: Money, gross: Money, findings: [DraftFinding] = [], last: (number: String, net: Money)? = nil
    ) {
        self.draft = draft
        self.state = state
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.order = order
        self.day = day
        currency = gross.currency.code
        self.net = Figure(net)
        self.tax = Figure(tax)
        self.gross = Figure(gross)
        self.findings = findings
        self.last = last?.number
        lastNet = last.map { Figure($0.net) }
        change = last.flatMap { $0.net.minor > 0 ? DraftRow.percent(net.minor, of: $0.net.minor) : nil }
    }
    enum CodingKeys: String, CodingKey {
        case draft, state, seller, customer, order, day, currency, net, tax, gross, findings, last, change
        case customerName = "customer_name"
        case lastNet = "last_net"
    }

    /// How much more or less, in percent, half away from zero.
    static func percent(_ now: Int64, of before: Int64) -> Int {
        let twice = Int128(now - before) * 200
        let half = Int128(before)
        return Int(clamping: (twice + (twice < 0 ? -half : half)) / (half * 2))
    }
}

/// What a check said of a draft.
public struct DraftFinding: Codable, Sendable, Equatable {
    public let check: String
    /// stop, warn
    public let severity: String
    public let why: String
    public let next: String
    public init(check: String, severity: String, why: String, next: String) {
        (self.check, self.severity, self.why, self.next) = (check, severity, why, next)
    }
}

/// The number that is given next.
public struct NextNumber: Codable, Sendable, Equatable {
    public let seller: String
    public let number: String
    /// The one that the last of the clean drafts would get.
    @Written public var last: String?
    public init(seller: String, number: String, last: String? = nil) {
        self.seller = seller
        self.number = number
        self.last = last
    }
}

/// `GET /bill/drafts/ID`.
public struct DraftView: Codable, Sendable, Equatable {
    @Written public var asOf: Day
    public let seller: SellerView
    public let draft: DraftRow
    /// Whether it still waits to be issued.
    public let waits: Bool
    /// The document it became.
    @Written public var document: String?
    public let lines: [DraftLine]
    /// The customer's last invoices in this currency, oldest first.
    public let history: [PastInvoice]
    public init(
        asOf: Day, seller: SellerView, draft: DraftRow, waits: Bool, document: String? = nil, lines: [DraftLine],
        history: [PastInvoice] = []
    ) {
        self.asOf = asOf
        self.seller = seller
        self.draft = draft
        self.waits = waits
        self.document = document
        self.lines = lines
        self.history = history
    }
    enum CodingKeys: String, CodingKey {
        case seller, draft, waits, document, lines, history
        case asOf = "as_of"
    }
}

/// A charge of a draft, priced as it would be now.
public struct DraftLine: Codable, Sendable, Equatable {
    public let order: String
    public let line: Int
    @Written public var day: Day
    public let sku: String
    public let description: String
    public let quantity: Figure
    @Written public var unitPrice: Figure?
    @Written public var discount: Figure?
    @Written public var net: Figure?
    /// Why it has no price.
    @Written public var why: String?
    public init(
        order: String, line: Int, day: Day, sku: String, description: String, quantity: Figure, unitPrice: Figure?,
        discount: Figure?, net: Figure?, why: String? = nil
    ) {
        self.order = order
        self.line = line
        self.day = day
        self.sku = sku
        self.description = description
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.discount = discount
        self.net = net
        self.why = why
    }
    enum CodingKeys: String, CodingKey {
        case order, line, day, sku, description, quantity, discount, net, why
        case unitPrice = "unit_price"
    }
}

/// An invoice of before, for comparison.
public struct PastInvoice: Codable, Sendable, Equatable {
    public let number: String
    @Written public var day: Day
    public let net: Figure
    public init(number: String, day: Day, net: Money) {
        self.number = number
        self.day = day
        self.net = Figure(net)
    }
}
