import Money

/// The id of a record: 64 bits, time-ordered, made by the program. On screen 13 characters, in JSON a string.
public struct RecordID: Hashable, Sendable, Comparable {
    /// Never negative: 42 bits of milliseconds since 2020, then 21 bits of count and chance.
    public let number: Int64
    public init(number: Int64) { self.number = number }

    /// The id minted at `instant` as number `count` of its millisecond (21 bits are used).
    public init(at instant: Instant, count: Int64) {
        let millisecond = max(0, instant.micro / 1000 - 1_577_836_800_000)
        number = (millisecond << 21) | (count & 0x1F_FFFF)
    }

    public static func < (left: RecordID, right: RecordID) -> Bool { left.number < right.number }

    /// Crockford's base 32: no I, L, O, U, so that it can be read out on the telephone.
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Reads the 13 characters (either case; I and L are 1, O is 0); nil where it is no id.
    public init?(_ text: some StringProtocol) {
        var value: UInt64 = 0
        guard text.utf8.count == 13 else { return nil }
        for byte in text.uppercased().utf8 {
            let plain: UInt8 =
                switch byte {
                case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
                case UInt8(ascii: "O"): UInt8(ascii: "0")
                default: byte
                }
            guard let digit = Self.digits.firstIndex(of: plain), value >> 59 == 0 else { return nil }
            value = value << 5 | UInt64(digit)
        }
        guard value <= UInt64(Int64.max) else { return nil }
        number = Int64(value)
    }
}

extension RecordID: CustomStringConvertible {
    public var description: String {
        var value = UInt64(number)
        var bytes = [UInt8](repeating: 48, count: 13)
        for place in stride(from: 12, through: 0, by: -1) {
            bytes[place] = Self.digits[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
