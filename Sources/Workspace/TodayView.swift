import Money

/// One of our legal entities.
public struct SellerView: Codable, Sendable, Equatable {
    public let code: String
    public let name: String
    /// ISO 4217 letters of its books.
    public let currency: String
    public init(code: String, name: String, currency: String) {
        self.code = code
        self.name = name
        self.currency = currency
    }
}

/// `GET /` and `/api/today`: what needs a person, in order of worth, and four figures.
public struct TodayView: Codable, Sendable, Equatable {
    /// The business day.
    @Written public var day: Day
    public let sellers: [SellerView]
    /// One per kind and currency, the main currency first; a kind that is not known is left out.
    public let figures: [KeyFigure]
    /// Most worth first. The page keeps the order it is given.
    public let worklist: [WorklistItem]
    /// How many things need a person, also those `worklist` leaves out.
    public let total: Int
    /// Together, per currency, also those `worklist` leaves out.
    public let worth: [Amount]
    /// How many of each kind, also those `worklist` leaves out.
    public let kinds: [KindCount]

    /// `total`, `worth` and `kinds` may be left out when `worklist` is complete, except that `worth` is then empty.
    public init(
        day: Day, sellers: [SellerView], figures: [KeyFigure], worklist: [WorklistItem], total: Int? = nil,
        worth: [Amount] = [], kinds: [KindCount]? = nil
    ) {
        self.day = day
        self.sellers = sellers
        self.figures = figures
        self.worklist = worklist
        self.total = total ?? worklist.count
        self.worth = worth
        self.kinds = kinds ?? KindCount.counting(worklist)
    }
}

/// A figure at the top of Today.
public struct KeyFigure: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Open and past due.
        case overdue
        /// Days sales outstanding; `currency` says which sales.
        case dso
        /// Receipts and credits not yet placed, as a positive amount.
        case unapplied
        /// Charges not yet on an invoice.
        case unbilled
    }
    public let kind: Kind
    /// Money in `currency`, or days (`dso`).
    public let value: Figure
    @Written public var currency: String?
    /// Up to twelve earlier values and this one, oldest first; empty where there is no history.
    public let history: [Figure]
    /// How it is made, in at most a line: "21 receipts and credits, oldest 11 days".
    @Written public var note: String?

    public init(
        _ kind: Kind, value: Figure, currency: String?, history: [Figure] = [], note: String? = nil
    ) {
        self.kind = kind
        self.value = value
        self.currency = currency
        self.history = history
        self.note = note
    }
}

/// How many things of one kind wait.
public struct KindCount: Codable, Sendable, Equatable {
    public let kind: String
    public let count: Int
    public init(kind: String, count: Int) {
        self.kind = kind
        self.count = count
    }
    /// In the order in which the kinds first appear.
    static func counting(_ items: [WorklistItem]) -> [KindCount] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for item in items {
            if counts[item.kind] == nil { order.append(item.kind) }
            counts[item.kind, default: 0] += 1
        }
        return order.map { KindCount(kind: $0, count: counts[$0] ?? 0) }
    }
}

/// One line of the worklist, with the fields of `duly worklist`.
public struct WorklistItem: Codable, Sendable, Equatable {
    public let id: String
    /// bill-check, unplaced, promise, dispute, question, bounced, approval, … ; an unknown kind is shown as it is.
    public let kind: String
    /// What it is about: a document number, a receipt, a draft.
    public let subject: String
    /// The number the firm uses.
    @Written public var customer: String?
    @Written public var customerName: String?
    /// Code of the seller.
    @Written public var seller: String?
    /// The number of the document that has a page, where the subject is one.
    @Written public var invoice: String?
    /// The amount at stake.
    @Written public var worth: Amount?
    /// Why it is here: one sentence of at most a line and a half.
    public let why: String
    @Written public var since: Day?
    /// The day its clock runs out.
    @Written public var due: Day?
    public let next: [NextStep]

    public init(
        id: String, kind: String, subject: String, customer: String? = nil, customerName: String? = nil,
        seller: String? = nil, invoice: String? = nil, worth: Amount? = nil, why: String, since: Day? = nil,
        due: Day? = nil, next: [NextStep] = []
    ) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.customer = customer
        self.customerName = customerName
        self.seller = seller
        self.invoice = invoice
        self.worth = worth
        self.why = why
        self.since = since
        self.due = due
        self.next = next
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, subject, customer, seller, invoice, worth, why, since, due, next
        case customerName = "customer_name"
    }
}

/// What one can do about it.
public struct NextStep: Codable, Sendable, Equatable {
    public let label: String
    /// The whole command line, as one would type it.
    public let command: String
    public init(label: String, command: String) {
        self.label = label
        self.command = command
    }
}
