/// An exact amount: whole minor units (cents, yen, fils) of one currency.
/// Arithmetic traps on overflow and on mixed currencies; both are bugs, since what comes from outside is limited when parsed.
public struct Money: Hashable, Sendable {
    /// Minor units; negative is owed the other way.
    public let minor: Int64
    public let currency: Currency

    /// The largest magnitude accepted from outside, in minor units.
    public static let limit: Int64 = 1_000_000_000_000_000

    public init(minor: Int64, _ currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Money { Money(minor: 0, currency) }
    public var isZero: Bool { minor == 0 }
    public var isNegative: Bool { minor < 0 }
    public var magnitude: Money { Money(minor: Swift.abs(minor), currency) }

    public static func + (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "amounts of two currencies were added")
        return Money(minor: left.minor + right.minor, left.currency)
    }
    public static func - (left: Money, right: Money) -> Money { left + (-right) }
    public static prefix func - (money: Money) -> Money { Money(minor: -money.minor, money.currency) }
    public static func += (left: inout Money, right: Money) { left = left + right }
    public static func -= (left: inout Money, right: Money) { left = left - right }

    /// Parses a decimal such as `1234.50` or `-7`: at most the currency's decimals, at most `limit`.
    public init(_ text: some StringProtocol, _ currency: Currency) throws(DecimalProblem) {
        let minor = try FixedPoint.parse(text, decimals: currency.decimals)
        guard Swift.abs(minor) <= Money.limit else { throw .tooLarge }
        self.init(minor: minor, currency)
    }

    /// Plain decimal with the currency's own decimals, `.` as point and no grouping: `1234.50`, `-7.00`, `100` (JPY).
    public var decimal: String { FixedPoint.text(minor, decimals: currency.decimals) }
    public var description: String { "\(decimal) \(currency.code)" }

    /// Shares by weight that sum exactly to this amount: each share is truncated, and the leftover minor units go one each to
    /// the first shares in order (of non-zero weight). All weights zero: everything goes to the first share.
    public func allocated(over weights: [Int64]) -> [Money] {
        guard !weights.isEmpty else { return [] }
        precondition(weights.allSatisfy { $0 >= 0 }, "weights are not negative")
        let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
        guard total > 0 else {
            return weights.indices.map { $0 == 0 ? self : .zero(currency) }
        }
        var shares = weights.map { Int64(Int128(minor) * Int128($0) / total) }
        var left = minor - shares.reduce(0, +)
        let step: Int64 = left < 0 ? -1 : 1
        for index in shares.indices where left != 0 && weights[index] > 0 {
            shares[index] += step
            left -= step
        }
        return shares.map { Money(minor: $0, currency) }
    }
}

extension Money: CustomStringConvertible {}
extension Money: Comparable {
    public static func < (left: Money, right: Money) -> Bool {
        precondition(left.currency == right.currency, "amounts of two currencies were compared")
        return left.minor < right.minor
    }
}
