import Money

/// `GET /ask` and `/api/ask`: what a reminder run of today would write and hold back.
public struct AskView: Codable, Sendable, Equatable {
    @Written public var day: Day
    public let sellers: [SellerView]
    /// By level, then by what they ask for; the first of many.
    public let letters: [AskLetter]
    /// How many there are, also those left out here.
    public let all: Int
    public let held: [AskHeld]
    public let heldAll: Int
    public let levels: [LevelCount]
    /// What all letters ask for together.
    public let totals: [Amount]
    /// Letters of the outbox by state: queued, sending, refused, uncertain.
    public let outbox: [KindCount]
    @Written public var selected: AskText?

    public init(
        day: Day, sellers: [SellerView], letters: [AskLetter], all: Int? = nil, held: [AskHeld], heldAll: Int? = nil,
        levels: [LevelCount], totals: [Amount], outbox: [KindCount] = [], selected: AskText? = nil
    ) {
        self.day = day
        self.sellers = sellers
        self.letters = letters
        self.all = all ?? letters.count
        self.held = held
        self.heldAll = heldAll ?? held.count
        self.levels = levels
        self.totals = totals
        self.outbox = outbox
        self.selected = selected
    }
    enum CodingKeys: String, CodingKey {
        case day, sellers, letters, all, held, levels, totals, outbox, selected
        case heldAll = "held_all"
    }
}

/// How many letters of a level there are.
public struct LevelCount: Codable, Sendable, Equatable {
    public let level: Int
    public let count: Int
    public init(level: Int, count: Int) { (self.level, self.count) = (level, count) }
}

/// A letter that would be written.
public struct AskLetter: Codable, Sendable, Equatable {
    public let seller: String
    public let customer: String
    public let customerName: String
    public let level: Int
    public let channel: String
    @Written public var payBy: Day
    public let totals: [Amount]
    public let items: Int
    public init(
        seller: String, customer: String, customerName: String, level: Int, channel: String, payBy: Day,
        totals: [Amount], items: Int
    ) {
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.level = level
        self.channel = channel
        self.totals = totals
        self.items = items
        self.payBy = payBy
    }
    enum CodingKeys: String, CodingKey {
        case seller, customer, level, channel, totals, items
        case customerName = "customer_name"
        case payBy = "pay_by"
    }
}

/// A letter that is held back.
public struct AskHeld: Codable, Sendable, Equatable {
    public let seller: String
    public let customer: String
    public let customerName: String
    public let code: String
    public let why: String
    public let next: String
    /// What is overdue there.
    public let totals: [Amount]
    public init(
        seller: String, customer: String, customerName: String, code: String, why: String, next: String,
        totals: [Amount] = []
    ) {
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.code = code
        self.why = why
        self.next = next
        self.totals = totals
    }
    enum CodingKeys: String, CodingKey {
        case seller, customer, code, why, next, totals
        case customerName = "customer_name"
    }
}

/// A letter to read, in the customer's language: the words that would be sent.
public struct AskText: Codable, Sendable, Equatable, WrittenInJSON {
    public let seller: String
    public let customer: String
    public let customerName: String
    public let level: Int
    /// `de`, `en`
    public let language: String
    public let from: String
    public let address: [String]
    public let mailTo: [String]
    public let channel: String
    public let subject: String
    /// The salutation, then what is said before the table.
    public let opening: [String]
    public let headings: [String]
    public let rows: [[String]]
    public let totals: [[String]]
    public let closing: [String]
    /// Label and value: how to pay.
    public let payment: [[String]]
    public let ending: [String]
    /// The greeting, then who signs.
    public let signature: [String]
    /// Why each document is named, and why others are not: number, then why.
    public let reasons: [[String]]
    @Written public var next: String?
    @Written public var previous: String?

    public init(
        seller: String, customer: String, customerName: String, level: Int, language: String, from: String,
        address: [String], mailTo: [String], channel: String, subject: String, opening: [String], headings: [String],
        rows: [[String]], totals: [[String]], closing: [String], payment: [[String]], ending: [String],
        signature: [String], reasons: [[String]], next: String? = nil, previous: String? = nil
    ) {
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.level = level
        self.language = language
        self.from = from
        self.address = address
        self.mailTo = mailTo
        self.channel = channel
        self.subject = subject
        self.opening = opening
        self.headings = headings
        self.rows = rows
        self.totals = totals
        self.closing = closing
        self.payment = payment
        self.ending = ending
        self.signature = signature
        self.reasons = reasons
        self.next = next
        self.previous = previous
    }
    enum CodingKeys: String, CodingKey {
        case seller, customer, level, language, from, address, channel, subject, opening, headings, rows, totals,
            closing
        case payment, ending, signature, reasons, next, previous
        case customerName = "customer_name"
        case mailTo = "mail_to"
    }
}

/// `GET /ask/letters`: the outbox.
public struct LettersView: Codable, Sendable, Equatable {
    /// `open` is everything that is not sent.
    static let states = ["open", "queued", "sending", "refused", "uncertain", "sent", "withdrawn"]
    @Written public var day: Day
    public let sellers: [SellerView]
    public let state: String
    public let counts: [KindCount]
    public let letters: [OutboxLine]
    public let more: Bool
    public init(
        day: Day, sellers: [SellerView], state: String, counts: [KindCount], letters: [OutboxLine], more: Bool = false
    ) {
        self.day = day
        self.sellers = sellers
        self.state = state
        self.counts = counts
        self.letters = letters
        self.more = more
    }
}

/// A letter of the outbox.
public struct OutboxLine: Codable, Sendable, Equatable {
    public let message: String
    public let seller: String
    /// invoice, credit-note, reminder, statement
    public let kind: String
    /// The document's number; null where it is about none.
    @Written public var document: String?
    public let customer: String
    public let customerName: String
    public let channel: String
    public let state: String
    public let attempts: Int
    public let answer: String
    @Written public var changed: Instant
    public init(
        message: String, seller: String, kind: String, document: String?, customer: String, customerName: String,
        channel: String, state: String, attempts: Int, answer: String, changed: Instant
    ) {
        self.message = message
        self.seller = seller
        self.kind = kind
        self.customer = customer
        self.customerName = customerName
        self.channel = channel
        self.state = state
        self.attempts = attempts
        self.answer = answer
        self.document = document
        self.changed = changed
    }
    enum CodingKeys: String, CodingKey {
        case message, seller, kind, document, customer, channel, state, attempts, answer, changed
        case customerName = "customer_name"
    }
}

/// `GET /ask/policy`.
public struct ReminderPolicyView: Codable, Sendable, Equatable {
    @Written public var day: Day
    public let sellers: [SellerView]
    public let levels: [PolicyLevel]
    public let daysBetween: Int
    /// Currency and least amount, by currency.
    public let minimum: [Amount]
    public let bankDataDays: Int
    public let consumerExtraDays: Int
    public let consumerHighestLevel: Int
    public init(
        day: Day, sellers: [SellerView], levels: [PolicyLevel], daysBetween: Int, minimum: [Amount], bankDataDays: Int,
        consumerExtraDays: Int, consumerHighestLevel: Int
    ) {
        self.day = day
        self.sellers = sellers
        self.levels = levels
        self.daysBetween = daysBetween
        self.minimum = minimum
        self.bankDataDays = bankDataDays
        self.consumerExtraDays = consumerExtraDays
        self.consumerHighestLevel = consumerHighestLevel
    }
    enum CodingKeys: String, CodingKey {
        case day, sellers, levels, minimum
        case daysBetween = "days_between"
        case bankDataDays = "bank_data_days"
        case consumerExtraDays = "consumer_extra_days"
        case consumerHighestLevel = "consumer_highest_level"
    }
}

/// A level of the policy.
public struct PolicyLevel: Codable, Sendable, Equatable {
    public let level: Int
    public let daysOverdue: Int
    public let deadlineDays: Int
    public let channels: [String]
    /// friendly, firm, final
    public let tone: String
    public init(level: Int, daysOverdue: Int, deadlineDays: Int, channels: [String], tone: String) {
        self.level = level
        self.daysOverdue = daysOverdue
        self.deadlineDays = deadlineDays
        self.channels = channels
        self.tone = tone
    }
    enum CodingKeys: String, CodingKey {
        case level, channels, tone
        case daysOverdue = "days_overdue"
        case deadlineDays = "deadline_days"
    }
}
