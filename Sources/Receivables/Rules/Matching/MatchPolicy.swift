import Money

/// What the firm tolerates when money and documents do not agree to the cent.
public struct MatchPolicy: Hashable, Sendable {
    /// Applied at or above, ×10^4; below it is proposed to a person.
    public var minimumConfidence: Int = 98_00
    /// Proposed at or above, ×10^4; below it the receipt is left without a suggestion.
    public var proposeFrom: Int = 25_00
    /// The cash discount tolerated on documents that state none themselves: at most this rate …
    public var usualDiscount = Rate(scaled: 3_000_000)
    /// … paid at most this many days after issue. Ten days are the custom; four more for weekend and transfer.
    public var usualDiscountDays = 14
    /// The seller's own currency; nil: not known. A payment in another one may lose a fee on the way, whoever pays.
    public var homeCurrency: Currency?
    /// Charges that banks took on the way of a payment from abroad or in another currency, written off up to this many minor units per receipt.
    /// Currencies not listed: see `bankFeeLimit(in:)`.
    public var bankFees: [Currency: Int64] = [:]
    /// A fee above this rate of the amount owed is no fee but a short payment.
    public var bankFeeShare = Rate(scaled: 15_000_000)
    /// A difference up to this many minor units is written off whatever it is (rounding, a cent mistyped).
    public var smallDifferences: [Currency: Int64] = [:]
    /// Words that stop automatic application wherever they stand in the text: the names of sister companies, say.
    public var stopWords: [String] = []

    public init() {}

    /// 25 of the currency's units (2500 where it has no decimals): what a foreign transfer costs at the most, with the charges of
    /// two banks in between.
    public func bankFeeLimit(in currency: Currency) -> Int64 {
        bankFees[currency] ?? (currency.decimals == 0 ? 2500 : 25 * Self.unit(of: currency))
    }
    /// 5 hundredths of the currency's unit (5 where it has no decimals).
    public func smallDifferenceLimit(in currency: Currency) -> Int64 {
        smallDifferences[currency] ?? (currency.decimals == 0 ? 5 : max(1, Self.unit(of: currency) / 20))
    }

    /// Minor units of one unit: 100 for EUR, 1 for JPY, 1000 for BHD.
    static func unit(of currency: Currency) -> Int64 {
        (0..<currency.decimals).reduce(1) { unit, _ in unit * 10 }
    }
}
