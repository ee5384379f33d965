/// Base 32 of RFC 4648, section 6, as authenticator programs take it: capital letters, no padding.
public enum Base32 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var (out, held, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                out.append(digits[Int(held >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { out.append(digits[Int(held << UInt32(5 - bits) & 31)]) }
        return String(decoding: out, as: UTF8.self)
    }

    /// Either case; blanks, dashes and padding are passed over; nil where another character stands.
    public static func decode(_ text: String) -> [UInt8]? {
        var (out, held, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
        for byte in text.uppercased().utf8 where ![32, 45, 61].contains(byte) {
            guard let digit = digits.firstIndex(of: byte) else { return nil }
            held = held << 5 | UInt32(digit)
            bits += 5
            guard bits >= 8 else { continue }
            bits -= 8
            out.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
        }
        return out
    }
}
