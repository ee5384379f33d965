import Money

/// What is open of an item: a document on `receivables` (credit notes negative) or a receipt on `unapplied` (negative).
public struct OpenAmount: Sendable, Equatable {
    public let item: RecordID
    public let account: Account
    /// nil for a receipt whose payer is not known yet.
    public let customer: RecordID?
    public let day: Day
    public let open: Money
    /// The same in the seller's currency, as booked.
    public let openHome: Money
    /// The rate it was booked at.
    public let rate: ExchangeRate

    public init(
        item: RecordID, account: Account, customer: RecordID?, day: Day, open: Money, openHome: Money,
        rate: ExchangeRate
    ) {
        self.item = item
        self.account = account
        self.customer = customer
        self.day = day
        self.open = open
        self.openHome = openHome
        self.rate = rate
    }

    /// The seller's amount of a part of what is open: all of it for all, else in proportion, rounded half away from zero.
    public func home(of part: Money) -> Money {
        guard part.minor != open.minor, open.minor != 0 else { return openHome }
        guard open.currency != openHome.currency else { return part }
        return Money(minor: Proportion.of(openHome.minor, part.minor, open.minor), openHome.currency)
    }

    /// The line that clears `part` (of the sign of what is open) from the item.
    public func clearing(_ part: Money) -> EntryLine {
        EntryLine(account, customer: customer, item: item, amount: -part, home: -home(of: part), rate: rate)
    }
}

extension Entry {
    /// The line that makes `lines` balance in the seller's currency: the realised exchange difference; nil where there is none.
    public static func exchangeDifference(of lines: [EntryLine], on day: Day) -> EntryLine? {
        guard let first = lines.first else { return nil }
        let sum = lines.reduce(Int64(0)) { $0 + $1.home.minor }
        guard sum != 0 else { return nil }
        return EntryLine(
            .exchangeDifference, amount: .zero(first.amount.currency),
            home: Money(minor: -sum, first.home.currency), rate: .par(on: day))
    }

    /// Sets a credit note against an invoice: `amount` (positive) of both is closed. `before` is what opened the invoice for it
    /// in the same entry, and is in its open amount already.
    public static func setOff(
        _ credit: OpenAmount, against invoice: OpenAmount, amount: Money, on day: Day, before: [EntryLine] = []
    ) -> Entry {
        var lines = before + [credit.clearing(-amount), invoice.clearing(amount)]
        if let difference = exchangeDifference(of: lines, on: day) { lines.append(difference) }
        return Entry(.allocation, day: day, lines: lines)
    }
}
