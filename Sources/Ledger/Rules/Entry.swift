import Money

/// An account of the general ledger that Duly posts to. The raw value is what the books and the journal export hold.
public enum Account: String, Sendable, CaseIterable {
    case bank
    /// The control account: its balance is the sum of the open items (invoices, credit notes, interest notes).
    case receivables
    /// Money received that is not allocated yet; a credit balance.
    case unapplied
    case revenue
    case salesTax = "sales-tax"
    case discountGiven = "discount-given"
    case writtenOff = "written-off"
    case bankCharges = "bank-charges"
    case exchangeDifference = "exchange-difference"
    case cashRounding = "cash-rounding"
    case interestIncome = "interest-income"
    /// The other side of documents brought in from an earlier system.
    case openingBalance = "opening-balance"
}

/// The rate that turned a document's currency into the seller's: home = document × rate.
public struct ExchangeRate: Hashable, Sendable {
    /// Units of the seller's currency for one unit of the document's, ×10^10.
    public let scaled: Int64
    public let day: Day
    public let source: String
    public init(scaled: Int64, day: Day, source: String) {
        self.scaled = scaled
        self.day = day
        self.source = source
    }
    /// One to one, for amounts already in the seller's currency.
    public static func par(on day: Day) -> ExchangeRate {
        ExchangeRate(scaled: 10_000_000_000, day: day, source: "par")
    }

    /// For how many days a published rate is the latest: central banks publish none on weekends and holidays, at most five days in
    /// a row. An older one is no longer taken for today's.
    public static let daysInForce = 7

    /// The rate published for a day, else the latest before it (Directive 2006/112/EC, art. 91(2): the latest recorded at the
    /// time); nil where the last seven days have none. Its `day` stays the one it was published for.
    public static func latest(on day: Day, _ published: (Day) -> ExchangeRate?) -> ExchangeRate? {
        for back in 0...daysInForce {
            if let rate = published(day - back) { return rate }
        }
        return nil
    }

    /// The amount in `currency`, rounded once, half away from zero.
    public func converting(_ money: Money, to currency: Currency) -> Money {
        if money.currency == currency && scaled == 10_000_000_000 { return money }
        return ExactProduct((money.minor, money.currency.decimals), (scaled, 10)).rounded(
            .halfAwayFromZero, to: currency)
    }
}

/// One line of a journal entry: debit positive, credit negative.
public struct EntryLine: Hashable, Sendable {
    public let account: Account
    /// The customer it is booked to, where the account is kept by customer.
    public let customer: RecordID?
    /// The open item or receipt that it moves.
    public let item: RecordID?
    /// In the document's currency.
    public let amount: Money
    /// In the seller's currency.
    public let home: Money
    public let rate: ExchangeRate

    public init(
        _ account: Account, customer: RecordID? = nil, item: RecordID? = nil, amount: Money, home: Money,
        rate: ExchangeRate
    ) {
        self.account = account
        self.customer = customer
        self.item = item
        self.amount = amount
        self.home = home
        self.rate = rate
    }
}

/// A journal entry. It balances in each document currency and in the seller's, or it does not exist.
public struct Entry: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case sale, credit, history, receipt, allocation, writeOff = "write-off", refund, reversal, interest
    }
    public let kind: Kind
    public let day: Day
    public let lines: [EntryLine]
    /// The entry that this one takes back.
    public let reverses: RecordID?

    public init(_ kind: Kind, day: Day, lines: [EntryLine], reverses: RecordID? = nil) {
        precondition(Entry.balances(lines), "an entry that does not balance")
        self.kind = kind
        self.day = day
        self.lines = lines
        self.reverses = reverses
    }

    /// Whether the lines sum to zero in every document currency and in the seller's.
    public static func balances(_ lines: [EntryLine]) -> Bool {
        guard let first = lines.first else { return false }
        var home: Int64 = 0
        var byCurrency: [Currency: Int64] = [:]
        for line in lines {
            guard line.home.currency == first.home.currency else { return false }
            home += line.home.minor
            byCurrency[line.amount.currency, default: 0] += line.amount.minor
        }
        return home == 0 && byCurrency.values.allSatisfy { $0 == 0 }
    }

    /// The entry that takes this one back on `day`: the same lines with the signs turned.
    public func reversed(as id: RecordID, on day: Day) -> Entry {
        Entry(
            .reversal, day: day,
            lines: lines.map {
                EntryLine(
                    $0.account, customer: $0.customer, item: $0.item, amount: -$0.amount, home: -$0.home, rate: $0.rate)
            }, reverses: id)
    }
}
