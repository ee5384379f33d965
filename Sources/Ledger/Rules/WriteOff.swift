import Money

/// Why part of a document is written off. The account it is booked to follows from the reason.
public enum WriteOffReason: String, Sendable, CaseIterable {
    /// A discount for paying early: it reduces the consideration, so tax goes down in proportion (Directive 2006/112/EC, art. 90).
    case cashDiscount = "cash-discount"
    case bankFee = "bank-fee"
    case smallDifference = "small-difference"
    case uncollectible

    public var account: Account {
        switch self {
        case .cashDiscount: .discountGiven
        case .bankFee: .bankCharges
        case .smallDifference, .uncollectible: .writtenOff
        }
    }

    /// Why an allocation was made, with this reason for what was written off beside it: `by hand (cash-discount)`.
    public func added(to why: String) -> String { "\(why) (\(rawValue))" }

    /// The reason that stands at the end of why an allocation was made; nil where nothing was written off.
    public init?(endOf why: String) {
        guard let found = Self.allCases.first(where: { why.hasSuffix("(\($0.rawValue))") }) else { return nil }
        self = found
    }

    /// The tax within `part` of a document with this tax and gross, rounded half away from zero.
    public static func tax(in part: Money, tax: Money, of gross: Money) -> Money {
        Money(minor: Proportion.of(part.minor, tax.minor, gross.minor), part.currency)
    }
}
