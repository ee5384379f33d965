/// Why a decimal from outside was not accepted.
public enum DecimalProblem: Error, Equatable, Sendable {
    case empty
    case notANumber
    /// More decimals than the field holds; carries how many it holds.
    case tooManyDecimals(Int)
    case tooLarge

    /// In words, for refusals.
    public var why: String {
        switch self {
        case .empty: "it is empty"
        case .notANumber: "it is not a decimal number"
        case .tooManyDecimals(let places):
            places == 0 ? "it may have no decimals" : "it may have at most \(places) decimals"
        case .tooLarge: "it is larger than the books can hold"
        }
    }
}

/// Decimals kept as 64-bit integers of a fixed scale.
public enum FixedPoint {
    /// Parses `[+-]digits[.digits]` to an integer of `decimals` places. Trailing zeros beyond the places are allowed.
    public static func parse(_ text: some StringProtocol, decimals: Int) throws(DecimalProblem) -> Int64 {
        var text = String(text)
        return try text.withUTF8Result { try parse(bytes: $0, decimals: decimals) }.get()
    }

    /// The same over UTF-8 bytes, for readers of large files.
    public static func parse(bytes: UnsafeBufferPointer<UInt8>, decimals: Int) throws -> Int64 {
        var index = 0
        var negative = false
        guard !bytes.isEmpty else { throw DecimalProblem.empty }
        if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
            negative = bytes[0] == UInt8(ascii: "-")
            index = 1
        }
        var value: Int64 = 0
        var digits = 0
        var places = -1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "."), places < 0 {
                places = 0
                continue
            }
            guard byte >= 48, byte <= 57 else { throw DecimalProblem.notANumber }
            digits += 1
            if places >= 0 {
                if places == decimals {
                    guard byte == 48 else { throw DecimalProblem.tooManyDecimals(decimals) }
                    continue
                }
                places += 1
            }
            let (scaled, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, over) = scaled.addingReportingOverflow(Int64(byte - 48))
            guard !high, !over else { throw DecimalProblem.tooLarge }
            value = sum
        }
        guard digits > 0 else { throw DecimalProblem.notANumber }
        var missing = decimals - max(places, 0)
        while missing > 0 {
            let (scaled, over) = value.multipliedReportingOverflow(by: 10)
            guard !over else { throw DecimalProblem.tooLarge }
            value = scaled
            missing -= 1
        }
        return negative ? -value : value
    }

    /// The decimal of `value` with exactly `decimals` places.
    public static func text(_ value: Int64, decimals: Int) -> String {
        guard decimals > 0 else { return String(value) }
        var digits = String(value.magnitude)
        if digits.utf8.count <= decimals {
            digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
        }
        let point = digits.utf8.index(digits.utf8.endIndex, offsetBy: -decimals)
        return (value < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
    }

    /// The decimal without trailing zeros: `19`, `8.875`, `0.25`.
    public static func shortText(_ value: Int64, decimals: Int) -> String {
        var result = text(value, decimals: decimals)
        guard decimals > 0 else { return result }
        while result.hasSuffix("0") { result.removeLast() }
        if result.hasSuffix(".") { result.removeLast() }
        return result
    }
}

extension String {
    fileprivate mutating func withUTF8Result(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Int64
    ) -> Result<Int64, DecimalProblem> {
        withUTF8 { bytes in
            do { return .success(try body(bytes)) } catch { return .failure(error as? DecimalProblem ?? .notANumber) }
        }
    }
}

/// A quantity, ×10^6. At most 10^9 in magnitude.
public struct Quantity: Hashable, Sendable, Comparable {
    public let micro: Int64
    public static let decimals = 6
    public static let limit: Int64 = 1_000_000_000 * 1_000_000
    public init(micro: Int64) { self.micro = micro }
    public init(_ text: some StringProtocol) throws(DecimalProblem) {
        let micro = try FixedPoint.parse(text, decimals: Self.decimals)
        guard abs(micro) <= Self.limit else { throw .tooLarge }
        self.micro = micro
    }
    public static func < (left: Quantity, right: Quantity) -> Bool { left.micro < right.micro }
    public static prefix func - (quantity: Quantity) -> Quantity { Quantity(micro: -quantity.micro) }
    public var isNegative: Bool { micro < 0 }
    /// Without trailing zeros.
    public var decimal: String { FixedPoint.shortText(micro, decimals: Self.decimals) }
}

/// A price per unit in a currency's major unit, ×10^10. At most 9·10^8 in magnitude.
public struct UnitPrice: Hashable, Sendable, Comparable {
    public let scaled: Int64
    public static let decimals = 10
    public static let limit: Int64 = 900_000_000 * 10_000_000_000
    public init(scaled: Int64) { self.scaled = scaled }
    public init(_ text: some StringProtocol) throws(DecimalProblem) {
        let scaled = try FixedPoint.parse(text, decimals: Self.decimals)
        guard abs(scaled) <= Self.limit else { throw .tooLarge }
        self.scaled = scaled
    }
    public static func < (left: UnitPrice, right: UnitPrice) -> Bool { left.scaled < right.scaled }
    public var decimal: String { FixedPoint.shortText(scaled, decimals: Self.decimals) }
}

/// A rate as a fraction of one, ×10^8: 19 % is 19_000_000.
public struct Rate: Hashable, Sendable, Comparable {
    public let scaled: Int64
    public static let decimals = 8
    public static let zero = Rate(scaled: 0)
    public init(scaled: Int64) { self.scaled = scaled }
    /// From a percentage such as `8.875`.
    public init(percent text: some StringProtocol) throws(DecimalProblem) {
        let scaled = try FixedPoint.parse(text, decimals: Self.decimals - 2)
        guard abs(scaled) <= 100_000_000_000 else { throw .tooLarge }
        self.scaled = scaled
    }
    public static func < (left: Rate, right: Rate) -> Bool { left.scaled < right.scaled }
    /// One minus this rate: what is left after a discount.
    public var complement: Rate { Rate(scaled: 100_000_000 - scaled) }
    /// As a percentage without trailing zeros: `8.875`.
    public var percent: String { FixedPoint.shortText(scaled, decimals: Self.decimals - 2) }
}
