/// Bytes as lines that every mail server passes on unchanged (RFC 2045 sections 6.7 and 6.8).
enum ContentEncoding: String {
    case quotedPrintable = "quoted-printable"
    case base64

    /// What is shorter for a text: quoted-printable spends three octets on each byte beyond ASCII, base64 four on any three.
    static func forText(_ bytes: [UInt8]) -> ContentEncoding {
        let costly = bytes.count { $0 >= 0x7F || ($0 < 0x20 && $0 != 0x0D && $0 != 0x0A && $0 != 0x09) }
        return costly * 6 > bytes.count ? .base64 : .quotedPrintable
    }

    func encode(_ bytes: [UInt8], into output: inout [UInt8]) {
        switch self {
        case .quotedPrintable: ContentEncoding.appendQuotedPrintable(bytes, to: &output)
        case .base64: ContentEncoding.appendBase64(bytes, to: &output, lineLength: 76)
        }
    }

    /// UTF-8 with CRLF for every line end, whichever it was.
    static func canonicalText(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + text.utf8.count / 32)
        var afterReturn = false
        for byte in text.utf8 {
            switch byte {
            case 0x0D: output += [0x0D, 0x0A]
            case 0x0A: if !afterReturn { output += [0x0D, 0x0A] }
            default: output.append(byte)
            }
            afterReturn = byte == 0x0D
        }
        if !output.isEmpty, output.last != 0x0A { output += [0x0D, 0x0A] }
        return output
    }

    /// Lines of at most 76 characters. A space or tab at the end of a line, a dot or `From ` at its beginning are written in
    /// hexadecimal, so that neither relays nor mailbox files touch them.
    private static func appendQuotedPrintable(_ bytes: [UInt8], to output: inout [UInt8]) {
        var column = 0
        var index = 0
        func endsLine(_ next: Int) -> Bool {
            next >= bytes.count || (bytes[next] == 0x0D && next + 1 < bytes.count && bytes[next + 1] == 0x0A)
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x0D, endsLine(index) {
                output += [0x0D, 0x0A]
                column = 0
                index += 2
                continue
            }
            let last = endsLine(index + 1)
            let literal =
                switch byte {
                case 0x20, 0x09: !last
                case UInt8(ascii: "="): false
                case UInt8(ascii: "."): column > 0
                case UInt8(ascii: "F"): column > 0 || !bytes[index...].starts(with: "From ".utf8)
                default: (0x21...0x7E).contains(byte)
                }
            // A soft line break needs one character itself, unless the line ends here anyway.
            if column + (literal ? 1 : 3) > (last ? 76 : 75) {
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
                continue
            }
            if literal {
                output.append(byte)
                column += 1
            } else {
                output += [UInt8(ascii: "="), hex(byte >> 4), hex(byte & 15)]
                column += 3
            }
            index += 1
        }
        if column > 0 { output += [0x0D, 0x0A] }
    }

    static func hex(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }

    /// With a line length every line ends in CRLF; 0 gives one run without any.
    static func appendBase64(_ bytes: [UInt8], to output: inout [UInt8], lineLength: Int) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var column = 0
        var index = 0
        output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4 * 78 / 76 + 4)
        while index < bytes.count {
            let left = bytes.count - index
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            output.append(alphabet[Int(bytes[index] >> 2)])
            output.append(alphabet[Int((bytes[index] & 3) << 4 | second >> 4)])
            output.append(left > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "="))
            output.append(left > 2 ? alphabet[Int(third & 63)] : UInt8(ascii: "="))
            index += 3
            column += 4
            if column == lineLength {
                output += [0x0D, 0x0A]
                column = 0
            }
        }
        if lineLength > 0, column > 0 { output += [0x0D, 0x0A] }
    }
}
