import Money

/// `GET /customers/NUMBER` and `/api/customers/NUMBER`: the file of one customer at one seller.
public struct CustomerView: Codable, Sendable, Equatable {
    /// The number the firm uses (`customer` of every list).
    public let number: String
    public let name: String
    public let seller: SellerView
    /// The day balances and lateness are counted to.
    @Written public var asOf: Day
    /// Lines of the postal address, without the name.
    public let address: [String]
    /// The customer's language, such as `de`.
    @Written public var language: String?
    @Written public var vatId: String?
    /// In words: "30 days net, 2 % within 14 days".
    @Written public var terms: String?
    public let contacts: [ContactView]
    /// Holds and pauses in force.
    public let holds: [HoldView]
    /// One per currency with anything open or unplaced; the seller's first.
    public let balances: [BalanceView]
    public let openItems: [OpenItemView]
    /// Money received and not yet placed.
    public let receipts: [ReceiptView]
    /// Newest first.
    public let timeline: [TimelineEntry]
    /// Whether there are older entries than `timeline` shows.
    public let timelineContinues: Bool
    /// The credit limit and its use; null for none.
    @Written public var credit: CreditView?
    /// The last invoices that were paid, oldest first.
    public let habit: [PaidInvoice]
    /// The price list of their contract; null for none.
    @Written public var priceList: String?

    public init(
        number: String, name: String, seller: SellerView, asOf: Day, address: [String] = [], language: String? = nil,
        vatId: String? = nil, terms: String? = nil, contacts: [ContactView] = [], holds: [HoldView] = [],
        balances: [BalanceView] = [], openItems: [OpenItemView] = [], receipts: [ReceiptView] = [],
        timeline: [TimelineEntry] = [], timelineContinues: Bool = false, credit: CreditView? = nil,
        habit: [PaidInvoice] = [], priceList: String? = nil
    ) {
        self.number = number
        self.name = name
        self.seller = seller
        self.asOf = asOf
        self.address = address
        self.language = language
        self.vatId = vatId
        self.terms = terms
        self.contacts = contacts
        self.holds = holds
        self.balances = balances
        self.openItems = openItems
        self.receipts = receipts
        self.timeline = timeline
        self.timelineContinues = timelineContinues
        self.habit = habit
        self.credit = credit
        self.priceList = priceList
    }

    enum CodingKeys: String, CodingKey {
        case number, name, seller, address, language, terms, contacts, holds, balances, receipts, timeline, credit,
            habit
        case asOf = "as_of"
        case vatId = "vat_id"
        case openItems = "open_items"
        case timelineContinues = "timeline_continues"
        case priceList = "price_list"
    }
}

/// How much of a credit limit is used, in the customer's currency.
public struct CreditView: Codable, Sendable, Equatable, WrittenInJSON {
    public let limit: Figure
    /// What is owed less money on account; no less than zero.
    public let used: Figure
    /// What is left; negative past the limit.
    public let free: Figure
    public let currency: String
    public init(limit: Money, used: Money) {
        self.limit = Figure(limit)
        self.used = Figure(used)
        free = Figure(limit - used)
        currency = limit.currency.code
    }
}

/// An invoice that was paid, and how many days after it was due (negative: before).
public struct PaidInvoice: Codable, Sendable, Equatable {
    public let invoiceNo: String
    @Written public var paidDay: Day
    public let daysLate: Int
    public init(invoiceNo: String, paidDay: Day, daysLate: Int) {
        self.invoiceNo = invoiceNo
        self.daysLate = daysLate
        self.paidDay = paidDay
    }
    enum CodingKeys: String, CodingKey {
        case invoiceNo = "invoice_no"
        case paidDay = "paid_day"
        case daysLate = "days_late"
    }
}

/// Whom to reach for what.
public struct ContactView: Codable, Sendable, Equatable {
    /// payments, invoices, disputes, … ; an unknown purpose is shown as it is.
    public let purpose: String
    @Written public var name: String?
    @Written public var email: String?
    @Written public var phone: String?
    @Written public var note: String?
    public init(
        purpose: String, name: String? = nil, email: String? = nil, phone: String? = nil, note: String? = nil
    ) {
        self.purpose = purpose
        self.name = name
        self.email = email
        self.phone = phone
        self.note = note
    }
}

/// Something that stops an action at this customer, and why.
public struct HoldView: Codable, Sendable, Equatable {
    /// In words: "Reminders paused".
    public let what: String
    public let why: String
    /// The last day it holds.
    @Written public var until: Day?
    public init(what: String, why: String, until: Day? = nil) {
        self.what = what
        self.why = why
        self.until = until
    }
}

/// What a customer owes in one currency, with the keys of `duly report aging`. Decimals in `currency`.
public struct BalanceView: Codable, Sendable, Equatable {
    /// ISO 4217 letters.
    public let currency: String
    /// Open items: the sum of the buckets.
    public let total: Figure
    /// Open and past due.
    public let overdue: Figure
    public let disputed: Figure
    /// Money on account, negative.
    public let unallocated: Figure
    /// `total` and `unallocated` together.
    public let net: Figure
    /// Oldest last: not due, 1–30, …
    public let buckets: [BucketView]

    public init(
        total: Money, overdue: Money, disputed: Money, unallocated: Money, buckets: [BucketView]
    ) {
        currency = total.currency.code
        self.total = Figure(total)
        self.overdue = Figure(overdue)
        self.disputed = Figure(disputed)
        self.unallocated = Figure(unallocated)
        net = Figure(total + unallocated)
        self.buckets = buckets
    }
}

/// One age of open items.
public struct BucketView: Codable, Sendable, Equatable {
    /// `not due`, `1-30`, …, as `duly report aging` labels it.
    public let label: String
    /// Days past due; null where it has no bound on that side.
    @Written public var fromDays: Int?
    @Written public var toDays: Int?
    public let amount: Figure
    public let items: Int
    public init(label: String, fromDays: Int?, toDays: Int?, amount: Money, items: Int) {
        self.label = label
        self.fromDays = fromDays
        self.toDays = toDays
        self.amount = Figure(amount)
        self.items = items
    }
    enum CodingKeys: String, CodingKey {
        case label, amount, items
        case fromDays = "from_days"
        case toDays = "to_days"
    }
}

/// An open document: an invoice, a credit note (negative), an interest note.
public struct OpenItemView: Codable, Sendable, Equatable {
    public let invoiceNo: String
    /// invoice, credit-note, …
    public let type: String
    @Written public var issueDay: Day
    /// null where it has none.
    @Written public var dueDay: Day?
    public let currency: String
    public let gross: Figure
    public let open: Figure
    /// The part in dispute, zero for none.
    public let disputed: Figure
    /// What happened to it last, in words: "Reminder 1, 10 Oct"; null for nothing to say.
    @Written public var state: String?

    public init(
        invoiceNo: String, type: String, issueDay: Day, dueDay: Day?, gross: Money, open: Money,
        disputed: Money? = nil, state: String? = nil
    ) {
        self.invoiceNo = invoiceNo
        self.type = type
        self.issueDay = issueDay
        self.dueDay = dueDay
        currency = gross.currency.code
        self.gross = Figure(gross)
        self.open = Figure(open)
        self.disputed = Figure(disputed ?? .zero(gross.currency))
        self.state = state
    }

    enum CodingKeys: String, CodingKey {
        case type, currency, gross, open, disputed, state
        case invoiceNo = "invoice_no"
        case issueDay = "issue_day"
        case dueDay = "due_day"
    }
}

/// Money received and not yet (wholly) placed.
public struct ReceiptView: Codable, Sendable, Equatable {
    public let paymentId: String
    /// The booking day.
    @Written public var day: Day
    public let currency: String
    public let amount: Figure
    /// What is left to place, positive.
    public let unallocated: Figure
    /// The bank's text.
    public let text: String
    public init(paymentId: String, day: Day, amount: Money, unallocated: Money, text: String) {
        self.paymentId = paymentId
        self.day = day
        currency = amount.currency.code
        self.amount = Figure(amount)
        self.unallocated = Figure(unallocated)
        self.text = text
    }
    enum CodingKeys: String, CodingKey {
        case day, currency, amount, unallocated, text
        case paymentId = "payment_id"
    }
}

/// Something that happened, with the fields of `duly timeline`.
public struct TimelineEntry: Codable, Sendable, Equatable {
    /// When the books took it.
    @Written public var at: Instant
    /// When it holds.
    @Written public var day: Day
    /// invoice, credit-note, receipt, allocation, reminder, promise, dispute, mail, call, note, … ; unknown kinds are shown.
    public let kind: String
    public let summary: String
    /// The number of the document it speaks of.
    @Written public var document: String?
    /// Whether `document` has an invoice page.
    public let documentHasPage: Bool
    /// Who did it.
    @Written public var actor: String?
    /// Id of the command, for `duly undo`.
    @Written public var command: String?
    @Written public var worth: Amount?

    public init(
        at: Instant, day: Day, kind: String, summary: String, document: String? = nil, documentHasPage: Bool = false,
        actor: String? = nil, command: String? = nil, worth: Amount? = nil
    ) {
        self.at = at
        self.day = day
        self.kind = kind
        self.summary = summary
        self.document = document
        self.documentHasPage = documentHasPage
        self.actor = actor
        self.command = command
        self.worth = worth
    }
    enum CodingKeys: String, CodingKey {
        case at, day, kind, summary, document, actor, command, worth
        case documentHasPage = "document_has_page"
    }
}
