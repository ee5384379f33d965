import Money

/// How well an amount received suits an amount owed, in decibans against a perfect fit.
struct AmountFit: Sendable {
    enum Kind: Sendable {
        case exact, smallDifference, cashDiscount, lateDiscount, bankFee, part, roundedUp, over, short
    }
    var kind: Kind
    var score: Int
    /// Minor units that may be written off; 0 where the rest stays open.
    var writeOff: Int64 = 0
}

extension AmountFit {
    /// What is owed, and what its discount terms allow.
    struct Owed: Sendable {
        var open: Int64
        var gross: Int64
        var items: Int
        var issueDay: Day
        /// Agreed terms; nil: the usual ones.
        var discount: MatchDiscount?
        /// Whether a bank on the way can have kept a fee.
        var mayBearFee = false
    }

    /// Nil where nothing is owed. An amount that merely differs fits too, but as badly as chance: `short` and `over`.
    init?(of amount: Money, on day: Day, for owed: Owed, hints: RemittanceText.Hints, policy: MatchPolicy) {
        let difference = owed.open - amount.minor
        guard owed.open > 0 else { return nil }
        if difference == 0 {
            self.init(kind: .exact, score: 0)
            return
        }
        let small = policy.smallDifferenceLimit(in: amount.currency)
        if difference.magnitude <= small, difference.magnitude * 20 < owed.open {
            self.init(kind: .smallDifference, score: -18, writeOff: max(0, difference))
            return
        }
        self =
            difference > 0
            ? Self.short(difference, amount, day, owed, hints, policy)
            : Self.over(-difference, amount, owed)
    }

    /// Decibans between an amount and chance: ten per digit that is no closing zero, and one amount in four has such zeros. Beyond
    /// six digits nothing is won.
    static func surprise(of minor: Int64) -> Int {
        min(60, 10 * Decibans.significantDigits(of: minor) + (minor % 1000 == 0 ? 6 : 0))
    }

    private static func short(
        _ difference: Int64, _ amount: Money, _ day: Day, _ owed: Owed, _ hints: RemittanceText.Hints,
        _ policy: MatchPolicy
    ) -> AmountFit {
        var best = AmountFit(kind: .short, score: -8 - surprise(of: amount.minor))
        if isUsualShare(amount.minor, of: owed.open) || isUsualShare(amount.minor, of: owed.gross) {
            best = AmountFit(kind: .part, score: -20)
        }
        if hints.contains(.deduction) { best.score += 8 }
        if hints.contains(.part) { best = AmountFit(kind: .part, score: best.score + 10) }
        let fee = policy.bankFeeLimit(in: amount.currency)
        if owed.mayBearFee, difference <= fee, share(policy.bankFeeShare, of: owed.open) >= difference {
            let unit = MatchPolicy.unit(of: amount.currency)
            let isRound = difference % (unit == 1 ? 100 : max(1, unit / 2)) == 0
            let score = isRound ? -28 : -17 - min(30, Decibans.of(Int(fee)))
            if score > best.score { best = AmountFit(kind: .bankFee, score: score, writeOff: difference) }
        }
        if let discount = discount(difference, day, owed, hints, policy), discount.score > best.score {
            best = discount
        }
        return best
    }

    private static func discount(
        _ difference: Int64, _ day: Day, _ owed: Owed, _ hints: RemittanceText.Hints, _ policy: MatchPolicy
    ) -> AmountFit? {
        let hint = hints.contains(.discount) ? 12 : 0
        if let agreed = owed.discount {
            guard agreed.rate > .zero, isNear(share(agreed.rate, of: owed.open), difference, owed.items) else {
                return nil
            }
            let inTime = day <= agreed.lastDay
            return AmountFit(
                kind: inTime ? .cashDiscount : .lateDiscount, score: (inTime ? -8 : -18) + min(hint, 6),
                writeOff: inTime ? difference : 0)
        }
        // Two in the hundred is the custom, three is common; halves and whole ones occur.
        for (scaled, score) in usualRates where Rate(scaled: scaled) <= policy.usualDiscount {
            if isNear(share(Rate(scaled: scaled), of: owed.open), difference, owed.items) {
                let inTime = day - owed.issueDay <= policy.usualDiscountDays
                return AmountFit(
                    kind: inTime ? .cashDiscount : .lateDiscount, score: score + hint - (inTime ? 0 : 12),
                    writeOff: inTime ? difference : 0)
            }
        }
        return nil
    }
    private static let usualRates: [(Int64, Int)] = [
        (2_000_000, -15), (3_000_000, -17), (1_000_000, -20), (1_500_000, -22), (2_500_000, -22), (4_000_000, -22),
        (5_000_000, -22),
    ]

    private static func isNear(_ expected: Int64, _ difference: Int64, _ items: Int) -> Bool {
        expected > 0 && (expected - difference).magnitude <= UInt64(max(1, items))
    }

    private static func over(_ surplus: Int64, _ amount: Money, _ owed: Owed) -> AmountFit {
        // All of an item of which a part was settled before: by somebody else's money, perhaps.
        if owed.items == 1, amount.minor == owed.gross { return AmountFit(kind: .over, score: -14) }
        let unit = MatchPolicy.unit(of: amount.currency)
        var step: Int64 = 10 * unit
        guard amount.minor % step == 0 else { return AmountFit(kind: .over, score: -23 - surprise(of: amount.minor)) }
        while step * 10 <= owed.open / 5, amount.minor % (step * 10) == 0 { step *= 10 }
        if surplus <= step, surplus * 2 <= owed.open { return AmountFit(kind: .roundedUp, score: -20) }
        return AmountFit(kind: .over, score: -23 - surprise(of: amount.minor))
    }

    /// A multiple of 5 %, a third or two thirds, to the minor unit.
    private static func isUsualShare(_ minor: Int64, of whole: Int64) -> Bool {
        guard whole >= 20, minor < whole else { return false }
        return isMultiple(minor, of: whole, parts: 20) || isMultiple(minor, of: whole, parts: 3)
    }

    private static func isMultiple(_ minor: Int64, of whole: Int64, parts: Int64) -> Bool {
        let scaled = minor * parts
        let multiple = (scaled + whole / 2) / whole
        return multiple > 0 && (scaled - multiple * whole).magnitude <= UInt64(parts)
    }

    /// Rounded half up.
    private static func share(_ rate: Rate, of minor: Int64) -> Int64 {
        if minor < 50_000_000_000, rate.scaled <= 100_000_000 {
            return (minor * rate.scaled + 50_000_000) / 100_000_000
        }
        return wideShare(rate, of: minor)
    }
    private static func wideShare(_ rate: Rate, of minor: Int64) -> Int64 {
        Int64((Int128(minor) * Int128(rate.scaled) + 50_000_000) / 100_000_000)
    }
}
