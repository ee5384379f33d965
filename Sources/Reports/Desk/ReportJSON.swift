import Ledger
import Money

/// An amount as JSON shows it: a decimal with the currency's own decimals, and the currency.
public struct AmountFigure: Codable, Sendable, Equatable {
    public let amount: String
    public let currency: String
    public init(_ money: Money) {
        amount = money.decimal
        currency = money.currency.code
    }
}

/// A page of a list. `next` is what `--after` takes for the following one; null at the end.
public struct ReportPage<Item: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    public let items: [Item]
    @OrNull public var next: String?
    public init(_ items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

/// A report as a table: headings and rows, all texts. The door writes them as CSV or XLSX.
public protocol ReportTable {
    static var headings: [String] { get }
    var rows: [[String]] { get }
}

/// One line of CSV (RFC 4180): a field with a comma, a quote or a line break is quoted.
public func csvLine(_ fields: [String]) -> String {
    fields.map { field in
        let special = field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        guard special else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }.joined(separator: ",")
}

/// `numerator / denominator` as a decimal of `places`, rounded once, half away from zero; nil where there is no denominator.
func ratio(_ numerator: Int128, _ denominator: Int128, places: Int) -> String? {
    guard denominator != 0 else { return nil }
    let negative = (numerator < 0) != (denominator < 0) && numerator != 0
    let (top, bottom) = (numerator.magnitude, denominator.magnitude)
    var scale: UInt128 = 1
    for _ in 0..<places { scale *= 10 }
    let (whole, rest) = (top * scale).quotientAndRemainder(dividingBy: bottom)
    let rounded = whole + (rest >= bottom - rest ? 1 : 0)
    guard rounded <= UInt128(Int64.max) else { return nil }
    return FixedPoint.text(negative ? -Int64(rounded) : Int64(rounded), decimals: places)
}
