/// How a table's characters are stored.
public enum TableEncoding: String, Hashable, Sendable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"
    /// The usual Western encoding of older Windows programs; a superset of ISO 8859-1's printable characters.
    case windows1252 = "Windows-1252"

    /// The UTF-8 of Windows-1252's bytes 0x80 to 0x9F (0 where the code page has no character).
    static let windows1252High: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]
}

/// One look over all bytes of a file: is it UTF-8, and if not, can it be Windows-1252? Fed in pieces of any size.
struct EncodingScan {
    /// Line feeds before the place in question are counted, to name a line.
    private(set) var line = 1
    private(set) var nulLine: Int?
    private(set) var invalidLine: Int?
    /// A character of several bytes was well formed.
    private(set) var hasMultibyte = false
    /// A byte that Windows-1252 does not define.
    private(set) var undefinedLine: Int?
    private var continuation = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        let count = bytes.count
        guard let base = bytes.baseAddress else { return }
        while index < count {
            if continuation == 0 {
                // Eight plain characters at a time: no high bit, no zero byte.
                while count &- index >= 8 {
                    let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
                    let zero = (word &- 0x0101_0101_0101_0101) & ~word
                    if (word | zero) & 0x8080_8080_8080_8080 != 0 { break }
                    // Counting lines is only wanted once something is wrong; a cheap test per word keeps it exact.
                    let feeds = word ^ 0x0A0A_0A0A_0A0A_0A0A
                    if (feeds &- 0x0101_0101_0101_0101) & ~feeds & 0x8080_8080_8080_8080 != 0 {
                        for shift in stride(from: 0, to: 64, by: 8) where (word >> UInt64(shift)) & 0xFF == 0x0A {
                            line &+= 1
                        }
                    }
                    index &+= 8
                }
                if index >= count { break }
            }
            step(base[index])
            index &+= 1
        }
    }

    private mutating func step(_ byte: UInt8) {
        if byte >= 0x80, byte <= 0x9F, undefinedLine == nil, TableEncoding.windows1252High[Int(byte) - 0x80] == 0 {
            undefinedLine = line
        }
        if continuation > 0 {
            if byte >= low, byte <= high {
                continuation -= 1
                (low, high) = (0x80, 0xBF)
                if continuation == 0 { hasMultibyte = true }
                return
            }
            if invalidLine == nil { invalidLine = line }
            continuation = 0
            (low, high) = (0x80, 0xBF)
        }
        switch byte {
        case 0: if nulLine == nil { nulLine = line }
        case 0x0A: line += 1
        case 0x01..<0x80: break
        case 0xC2...0xDF: continuation = 1
        case 0xE0: (continuation, low) = (2, 0xA0)
        case 0xED: (continuation, high) = (2, 0x9F)
        case 0xE1...0xEF: continuation = 2
        case 0xF0: (continuation, low) = (3, 0x90)
        case 0xF4: (continuation, high) = (3, 0x8F)
        case 0xF1...0xF3: continuation = 3
        default: if invalidLine == nil { invalidLine = line }
        }
    }

    mutating func end() {
        if continuation > 0, invalidLine == nil { invalidLine = line }
    }
}
