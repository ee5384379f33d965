import Ledger
import Money

/// What was written off an invoice for one reason, and what credit notes took back of it.
public struct StandingWriteOff: Sendable, Equatable {
    public let reason: WriteOffReason
    public var given: Money
    /// The tax within it.
    public var tax: Money
    public var takenBack: Money
    public var taxTakenBack: Money
    public init(_ reason: WriteOffReason, given: Money, tax: Money, takenBack: Money, taxTakenBack: Money) {
        self.reason = reason
        self.given = given
        self.tax = tax
        self.takenBack = takenBack
        self.taxTakenBack = taxTakenBack
    }
    public var left: Money { given - takenBack }
}

/// What a credit note takes back of the write-offs of its invoice, so that nobody is owed what was never paid, and no tax is
/// corrected twice (Directive 2006/112/EC, art. 90: the consideration goes down once).
public struct WriteOffTakenBack: Sendable, Equatable {
    public let reason: WriteOffReason
    public let amount: Money
    /// The tax within it.
    public let tax: Money

    /// The credit note closes what is open first. Of the rest, it takes back a cash discount in
    /// the proportion of the credit to what was left to credit, rounded half away from zero, the last credit what is left of it;
    /// then differences and what was uncollectible, as far as it goes. What a bank kept was paid by the customer, and is not taken
    /// back. `credit`, `left` and `open` are gross amounts of one currency, more than zero where there is something to take back.
    public static func of(
        _ standing: [StandingWriteOff], credit: Money, left: Money, open: Money
    ) -> [WriteOffTakenBack] {
        var rest = Money(minor: max(0, credit.minor - max(0, open.minor)), credit.currency)
        var parts: [WriteOffTakenBack] = []
        for reason in [WriteOffReason.cashDiscount, .smallDifference, .uncollectible] {
            guard let one = standing.first(where: { $0.reason == reason }), one.left.minor > 0 else { continue }
            let due =
                reason == .cashDiscount
                ? Proportion.of(one.left.minor, credit.minor, left.minor) : one.left.minor
            let amount = Money(minor: min(due, one.left.minor, rest.minor), credit.currency)
            guard amount.minor > 0 else { continue }
            let soFar = Proportion.of(one.tax.minor, (one.takenBack + amount).minor, one.given.minor)
            let tax = Money(minor: soFar, credit.currency) - one.taxTakenBack
            parts.append(WriteOffTakenBack(reason: reason, amount: amount, tax: tax))
            rest = rest - amount
        }
        return parts
    }
}

extension Entry {
    /// The lines that open an invoice again for what is taken back of its write-offs, at the rate it was booked at.
    public static func reopening(_ invoice: OpenAmount, _ parts: [WriteOffTakenBack]) -> [EntryLine] {
        var lines: [EntryLine] = []
        let home = invoice.openHome.currency
        func atHome(_ amount: Money) -> Money { invoice.rate.converting(amount, to: home) }
        for part in parts {
            let (whole, tax) = (atHome(part.amount), atHome(part.tax))
            func add(_ account: Account, _ amount: Money, _ atHome: Money) {
                guard !amount.isZero || !atHome.isZero else { return }
                lines.append(
                    EntryLine(
                        account, customer: invoice.customer, item: account == .receivables ? invoice.item : nil,
                        amount: amount, home: atHome, rate: invoice.rate))
            }
            add(.receivables, part.amount, whole)
            add(part.reason.account, -(part.amount - part.tax), -(whole - tax))
            add(.salesTax, -part.tax, -tax)
        }
        return lines
    }
}
