/// Text as banks leave it: upper case A to Z and digits, Latin letters without their marks, full-width forms narrowed. Letters of
/// other scripts stay, as UTF-8.
enum Folding {
    /// Appends what `text` becomes; every character that is neither letter nor digit stays as it is below 0x80 and becomes a
    /// blank above.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var copy = text
        copy.withUTF8 { buffer in
            if buffer.allSatisfy({ $0 < 0x80 }) {
                for byte in buffer { bytes.append(upper(byte)) }
            } else {
                for scalar in String(decoding: buffer, as: UTF8.self).unicodeScalars { append(scalar, to: &bytes) }
            }
        }
    }

    static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte }
    static func isLetter(_ byte: UInt8) -> Bool { (byte >= 0x41 && byte <= 0x5A) || byte >= 0x80 }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0..<0x80: bytes.append(upper(UInt8(scalar.value)))
        case 0x300...0x36F: break
        case 0xFF01...0xFF5E: bytes.append(upper(UInt8(scalar.value - 0xFEE0)))
        case 0x2010...0x2015: bytes.append(0x2D)
        case 0x80...0xBF, 0xD7, 0xF7, 0x2000...0x206F, 0x2116, 0x3000...0x3003: bytes.append(0x20)
        case 0xC0...0x24F: bytes.append(contentsOf: base[Int(scalar.value - 0xC0)])
        default: bytes.append(contentsOf: String(scalar).utf8)
        }
    }

    /// Base letters of U+00C0 to U+024F.
    private static let base: [[UInt8]] = (0xC0...0x24F).map { value in
        let scalar = Unicode.Scalar(UInt32(value))!
        if let special = special[scalar] { return Array(special.utf8) }
        let letters = String(scalar).uppercased().unicodeScalars.compactMap { latin[$0] }
        return letters.isEmpty ? Array(String(scalar).utf8) : letters
    }
    private static let special: [Unicode.Scalar: String] = [
        "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "ß": "SS", "Þ": "TH", "þ": "TH", "Ĳ": "IJ", "ĳ": "IJ", "ı": "I",
        "ĸ": "K",
        "ŉ": "N", "ſ": "S",
    ]
    private static let latin: [Unicode.Scalar: UInt8] = {
        let rows: [(Character, String)] = [
            ("A", "ÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦ"), ("C", "ÇĆĈĊČ"), ("D", "ÐĎĐ"), ("E", "ÈÉÊËĒĔĖĘĚȄȆȨ"), ("G", "ĜĞĠĢǤǦǴ"),
            ("H", "ĤĦȞ"),
            ("I", "ÌÍÎÏĨĪĬĮİǏȈȊ"), ("J", "Ĵ"), ("K", "ĶǨ"), ("L", "ĹĻĽĿŁ"), ("N", "ÑŃŅŇŊǸ"),
            ("O", "ÒÓÔÕÖØŌŎŐƠǑǪǬǾȌȎȪȬȮȰ"), ("R", "ŔŖŘȐȒ"), ("S", "ŚŜŞŠȘ"), ("T", "ŢŤŦȚ"), ("U", "ÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖ"),
            ("W", "Ŵ"), ("Y", "ÝŶŸȲ"), ("Z", "ŹŻŽ"),
        ]
        var table: [Unicode.Scalar: UInt8] = [:]
        for (base, marked) in rows {
            for scalar in marked.unicodeScalars { table[scalar] = base.asciiValue }
        }
        for letter in UInt8(ascii: "A")...UInt8(ascii: "Z") { table[Unicode.Scalar(letter)] = letter }
        return table
    }()
}
