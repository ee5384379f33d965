import Money

/// A value with one form in JSON: a text, a number, an object, or `null`.
public protocol WrittenInJSON: Sendable, Equatable {
    init(writtenIn decoder: any Decoder) throws
    func write(to encoder: any Encoder) throws
}

extension WrittenInJSON where Self: Codable {
    public init(writtenIn decoder: any Decoder) throws { try self.init(from: decoder) }
    public func write(to encoder: any Encoder) throws { try encode(to: encoder) }
}

extension String: WrittenInJSON {}
extension Int: WrittenInJSON {}

extension Optional: WrittenInJSON where Wrapped: WrittenInJSON {
    public init(writtenIn decoder: any Decoder) throws {
        self = try decoder.singleValueContainer().decodeNil() ? nil : Wrapped(writtenIn: decoder)
    }
    public func write(to encoder: any Encoder) throws {
        if let value = self {
            try value.write(to: encoder)
        } else {
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        }
    }
}

extension Day: WrittenInJSON {
    /// `"2026-10-31"`
    public init(writtenIn decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let day = Day(text) else { throw Figure.corrupt(decoder, "'\(text)' is not a day such as 2026-10-31") }
        self = day
    }
    public func write(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension Instant: WrittenInJSON {
    /// `"2026-10-31T09:15:00.000000Z"`
    public init(writtenIn decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let instant = Instant(text) else { throw Figure.corrupt(decoder, "'\(text)' is not an instant in UTC") }
        self = instant
    }
    public func write(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

/// Writes days and instants in their public form, and says `null` where something is missing: every key of a view is always there,
/// so a script can tell "none" from "misspelt".
@propertyWrapper public struct Written<Value: WrittenInJSON>: Codable, Sendable, Equatable {
    public var wrappedValue: Value
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(writtenIn: decoder) }
    public func encode(to encoder: any Encoder) throws { try wrappedValue.write(to: encoder) }
}

/// A decimal as it stands in JSON and on the page: sign, digits, point, as many decimals as its kind has. Made from exact values
/// only; nothing is computed with it.
public struct Figure: Codable, Sendable, Equatable, WrittenInJSON, CustomStringConvertible {
    /// `-1234.50`
    public let text: String
    public var description: String { text }
    public var isNegative: Bool { text.utf8.first == UInt8(ascii: "-") }
    public var isZero: Bool { text.utf8.allSatisfy { !(49...57).contains($0) } }

    /// With the currency's own decimals.
    public init(_ money: Money) { text = money.decimal }
    /// Without trailing zeros.
    public init(_ quantity: Quantity) { text = FixedPoint.shortText(quantity.micro, decimals: Quantity.decimals) }
    /// Without trailing zeros, in units of the currency.
    public init(_ price: UnitPrice) { text = FixedPoint.shortText(price.scaled, decimals: UnitPrice.decimals) }
    /// In percent, without trailing zeros: `19`, `5.5`.
    public init(percent rate: Rate) { text = FixedPoint.shortText(rate.scaled, decimals: Rate.decimals - 2) }
    /// A count of minor steps, such as tenths of a day: `Figure(413, decimals: 1)` is `41.3`.
    public init(_ scaled: Int64, decimals: Int) { text = FixedPoint.text(scaled, decimals: decimals) }
    /// A decimal from outside; nil where it is none.
    public init?(_ text: some StringProtocol) {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } }) else { return nil }
        self.text = String(text)
    }

    public init(from decoder: any Decoder) throws {
        let text = try String(from: decoder)
        guard let figure = Figure(text) else { throw Figure.corrupt(decoder, "'\(text)' is not a decimal") }
        self = figure
    }
    public func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }

    static func corrupt(_ decoder: any Decoder, _ why: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: why))
    }
}

/// Money in JSON: `{"amount":"1234.50","currency":"EUR"}`.
public struct Amount: Codable, Sendable, Equatable, WrittenInJSON {
    public let amount: Figure
    /// ISO 4217 letters.
    public let currency: String
    public init(_ money: Money) {
        amount = Figure(money)
        currency = money.currency.code
    }
}
