import Money

/// `GET /money` and `/api/money`: the lines of the bank that wait, and one of them with what it may pay.
public struct MoneyView: Codable, Sendable, Equatable {
    @Written public var day: Day
    public let sellers: [SellerView]
    public let meter: PlacedMeter
    /// How many lines wait, by `waiting` and `account`.
    public let counts: [KindCount]
    /// What waits together, per currency.
    public let worth: [Amount]
    /// Most worth first; placed ones the latest first.
    public let lines: [MoneyLine]
    /// Whether another page follows.
    public let more: Bool
    @Written public var selected: MoneyDetail?

    public init(
        day: Day, sellers: [SellerView], meter: PlacedMeter, counts: [KindCount], worth: [Amount], lines: [MoneyLine],
        more: Bool = false, selected: MoneyDetail? = nil
    ) {
        self.day = day
        self.sellers = sellers
        self.meter = meter
        self.counts = counts
        self.worth = worth
        self.lines = lines
        self.more = more
        self.selected = selected
    }
}

/// How much of the bank's lines of some days was placed without a person.
public struct PlacedMeter: Codable, Sendable, Equatable {
    /// The first of the days counted.
    @Written public var since: Day
    public let receipts: Int
    public let unaided: Int
    public let waiting: Int
    public init(since: Day, receipts: Int, unaided: Int, waiting: Int) {
        self.since = since
        self.receipts = receipts
        self.unaided = unaided
        self.waiting = waiting
    }
    /// In percent with one decimal; nil where nothing came in.
    var rate: Figure? { receipts == 0 ? nil : Figure(Int64(unaided * 1000 / receipts), decimals: 1) }
}

/// A line of the bank.
public struct MoneyLine: Codable, Sendable, Equatable {
    public let receipt: String
    @Written public var payment: String?
    public let seller: String
    @Written public var day: Day
    /// What of it pays nothing yet; of a placed one the whole.
    public let amount: Amount
    /// As the bank wrote it.
    @Written public var payer: String?
    @Written public var text: String?
    @Written public var customer: String?
    @Written public var customerName: String?
    /// proposed, unknown, account, placed
    public let state: String
    /// From 0 to 1, of the proposal or of what was placed.
    @Written public var confidence: Figure?

    public init(
        receipt: String, payment: String? = nil, seller: String, day: Day, amount: Money, payer: String? = nil,
        text: String? = nil, customer: String? = nil, customerName: String? = nil, state: String,
        confidence: Figure? = nil
    ) {
        self.receipt = receipt
        self.payment = payment
        self.seller = seller
        self.day = day
        self.amount = Amount(amount)
        self.payer = payer
        self.text = text
        self.customer = customer
        self.customerName = customerName
        self.state = state
        self.confidence = confidence
    }
    enum CodingKeys: String, CodingKey {
        case receipt, payment, seller, day, amount, payer, text, customer, state, confidence
        case customerName = "customer_name"
    }

    /// Whatever tells it apart: who paid, else its number.
    var title: String { payer ?? customerName ?? payment ?? receipt }
}

/// A line with what it may pay. All decimals are in the line's currency.
public struct MoneyDetail: Codable, Sendable, Equatable, WrittenInJSON {
    public let line: MoneyLine
    @Written public var valueDay: Day
    /// Our account.
    public let account: String
    @Written public var reference: String?
    /// The whole of it.
    public let received: Figure
    /// What the last matching proposes.
    public let proposed: [MoneyPart]
    /// Why, a sentence each.
    public let reasons: [String]
    /// The reading that came second, and why it lost.
    @Written public var runnerUp: RunnerUp?
    /// What it pays already.
    public let placed: [MoneyPart]
    /// The documents that were asked for, with the money spread over them.
    public let taken: [MoneyPart]
    /// Open items to choose from.
    public let found: [MoneyPart]
    /// What of the customer stays open if the proposal is accepted.
    public let afterwards: [MoneyPart]
    /// The next line of the list.
    @Written public var next: String?
    @Written public var previous: String?

    public struct RunnerUp: Codable, Sendable, Equatable, WrittenInJSON {
        /// Its document, where it is one alone.
        @Written public var document: String?
        public let words: String
        public init(document: String?, words: String) {
            self.words = words
            self.document = document
        }
    }

    public init(
        line: MoneyLine, valueDay: Day, account: String, reference: String? = nil, received: Money,
        proposed: [MoneyPart] = [], reasons: [String] = [], runnerUp: RunnerUp? = nil, placed: [MoneyPart] = [],
        taken: [MoneyPart] = [], found: [MoneyPart] = [], afterwards: [MoneyPart] = [], next: String? = nil,
        previous: String? = nil
    ) {
        self.line = line
        self.valueDay = valueDay
        self.account = account
        self.reference = reference
        self.received = Figure(received)
        self.proposed = proposed
        self.reasons = reasons
        self.runnerUp = runnerUp
        self.placed = placed
        self.taken = taken
        self.found = found
        self.afterwards = afterwards
        self.next = next
        self.previous = previous
    }
    enum CodingKeys: String, CodingKey {
        case line, account, reference, received, proposed, reasons, placed, taken, found, afterwards, next, previous
        case valueDay = "value_day"
        case runnerUp = "runner_up"
    }
}

/// A document that a line pays, or might.
public struct MoneyPart: Codable, Sendable, Equatable {
    public let invoiceNo: String
    public let customer: String
    public let customerName: String
    @Written public var issueDay: Day?
    @Written public var dueDay: Day?
    public let open: Figure
    /// Of this line; zero where it is only to choose from.
    public let paid: Figure
    public let writeOff: Figure
    /// Why something is written off: a code.
    @Written public var reason: String?
    /// What stays open of the document.
    public let left: Figure

    public init(
        invoiceNo: String, customer: String, customerName: String, issueDay: Day?, dueDay: Day?, open: Money,
        paid: Money? = nil, writeOff: Money? = nil, reason: String? = nil
    ) {
        let nothing = Money.zero(open.currency)
        let gone = (paid ?? nothing) + (writeOff ?? nothing)
        self.invoiceNo = invoiceNo
        self.customer = customer
        self.customerName = customerName
        self.issueDay = issueDay
        self.dueDay = dueDay
        self.open = Figure(open)
        self.paid = Figure(paid ?? nothing)
        self.writeOff = Figure(writeOff ?? nothing)
        self.reason = reason
        left = Figure(open - gone)
    }
    enum CodingKeys: String, CodingKey {
        case customer, open, paid, left, reason
        case invoiceNo = "invoice_no"
        case customerName = "customer_name"
        case issueDay = "issue_day"
        case dueDay = "due_day"
        case writeOff = "write_off"
    }
}

/// `GET /money/statements`.
public struct BankStatementsView: Codable, Sendable, Equatable {
    public let sellers: [SellerView]
    public let statements: [BankStatementLine]
    public let more: Bool
    public init(sellers: [SellerView], statements: [BankStatementLine], more: Bool = false) {
        self.sellers = sellers
        self.statements = statements
        self.more = more
    }
}

/// A bank statement, and whether it goes on where the one before it on the account ended.
public struct BankStatementLine: Codable, Sendable, Equatable {
    public let seller: String
    public let account: String
    public let name: String
    public let format: String
    @Written public var openingDay: Day?
    @Written public var closingDay: Day?
    @Written public var opening: Amount?
    @Written public var closing: Amount?
    public let entries: Int
    /// first, continues, gap, unbalanced, no-balance
    public let continuity: String
    /// What is missing before it.
    @Written public var gap: Amount?
    public init(
        seller: String, account: String, name: String, format: String, openingDay: Day?, closingDay: Day?,
        opening: Money?, closing: Money?, entries: Int, continuity: String, gap: Money? = nil
    ) {
        self.seller = seller
        self.account = account
        self.name = name
        self.format = format
        self.openingDay = openingDay
        self.closingDay = closingDay
        self.opening = opening.map { Amount($0) }
        self.closing = closing.map { Amount($0) }
        self.entries = entries
        self.continuity = continuity
        self.gap = gap.map { Amount($0) }
    }
    enum CodingKeys: String, CodingKey {
        case seller, account, name, format, opening, closing, entries, continuity, gap
        case openingDay = "opening_day"
        case closingDay = "closing_day"
    }
}
