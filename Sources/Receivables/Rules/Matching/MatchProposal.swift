import Ledger
import Money

/// What the matcher makes of one receipt. The amounts of `allocations` and `unapplied` always sum to the receipt.
public struct MatchProposal: Hashable, Sendable {
    public enum Decision: String, Hashable, Sendable {
        /// Confident enough to book; the open amounts of the `Matcher` are reduced.
        case apply
        /// A suggestion for a person; nothing is reduced.
        case propose
        /// No allocation: not ours, paid twice, or too little to go by.
        case leave
    }

    public let receipt: RecordID
    public let decision: Decision
    /// Ordered by due day, then number. Empty when left.
    public let allocations: [MatchAllocation]
    /// Minor units of the receipt that no item takes: overpaid, paid twice, not ours.
    public let unapplied: Int64
    /// Whose money it is, where that is known (also of money that stays unapplied).
    public let customer: RecordID?
    /// That exactly these items are paid, ×10^4, from 0 to 9999; of a receipt that is left: that it pays nothing open.
    public let confidence: Int
    /// The evidence in plain English. Names no person, account or free text.
    public let reason: String
    public let runnerUp: MatchRunnerUp?

    /// `0.9912`
    public var confidenceText: String { MatchProposal.text(ofConfidence: confidence) }

    static func text(ofConfidence confidence: Int) -> String {
        FixedPoint.text(Int64(confidence), decimals: 4)
    }
}

/// A part of the receipt against one item.
public struct MatchAllocation: Hashable, Sendable {
    public let item: RecordID
    public let number: String
    /// Minor units taken from the receipt; negative for a credit note that is used.
    public let amount: Int64
    /// Minor units that close the item beside the money; `amount + writeOff` never exceeds what is open.
    public let writeOff: Int64
    public let writeOffReason: MatchWriteOffReason?
}

/// Why a difference is not claimed.
public enum MatchWriteOffReason: String, Hashable, Sendable, CaseIterable {
    case cashDiscount = "cash-discount"
    case bankFee = "bank-fee"
    case smallDifference = "small-difference"
}

/// The next best reading of the same receipt.
public struct MatchRunnerUp: Hashable, Sendable {
    /// The first of its items.
    public let item: RecordID
    /// Its number, or `3 items from RE-2025-000010`.
    public let number: String
    /// ×10^4.
    public let confidence: Int
    public let whyNot: String
    public var confidenceText: String { MatchProposal.text(ofConfidence: confidence) }
}
