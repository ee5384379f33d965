extension BankFile {
    /// Bytes looked at.
    static let sniffLength = 65_536

    /// Tells a format by the first bytes of a file (up to 64 KiB are looked at).
    public static func sniff(_ bytes: some Collection<UInt8>) -> Format {
        var text = Array(bytes.prefix(sniffLength))
        if let kind = binaryKind(text) { return .unknown(kind) }
        // UTF-16: every other byte is zero in the words looked for.
        if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) { text.removeFirst(2) }
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        text.removeAll { $0 == 0 }
        guard let first = text.first(where: { $0 > 32 }) else { return .unknown("") }
        if first == UInt8(ascii: "<") { return sniffMarkup(text) }
        if hasTag(text) { return .mt940 }
        let begin = String(decoding: text.drop { $0 <= 32 }.prefix(16), as: UTF8.self)
        if let kind = textKind(begin) { return .unknown(kind) }
        let controls = text.count { $0 < 32 && $0 != 9 && $0 != 10 && $0 != 13 }
        if controls * 20 > text.count { return .unknown("a binary file") }
        let separators = text.contains { ",;\t|".utf8.contains($0) }
        return separators ? .csv : .unknown("plain text")
    }

    private static func binaryKind(_ bytes: [UInt8]) -> String? {
        let kinds: [([UInt8], String)] = [
            (Array("%PDF".utf8), "a PDF"), (Array("PK\u{3}\u{4}".utf8), "ZIP (an archive, or an Excel file)"),
            ([0x1F, 0x8B], "gzip"), ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel or Word file"),
            (Array("Rar!".utf8), "a RAR archive"), ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"),
            ([0x89, 0x50, 0x4E, 0x47], "a picture (PNG)"), ([0xFF, 0xD8, 0xFF], "a picture (JPEG)"),
            (Array("-----BEGIN PGP".utf8), "an encrypted file"),
        ]
        return kinds.first { bytes.starts(with: $0.0) }?.1
    }

    private static func textKind(_ begin: String) -> String? {
        if begin.hasPrefix("OFXHEADER") { return "OFX" }
        if begin.hasPrefix("UNA") || begin.hasPrefix("UNB") { return "EDIFACT" }
        if begin.hasPrefix("ISA") { return "X12" }
        if begin.hasPrefix("{\\rtf") { return "RTF" }
        if begin.hasPrefix("{") || begin.hasPrefix("[") { return "JSON" }
        if begin.hasPrefix("01,") { return "BAI2" }
        return nil
    }

    private static func sniffMarkup(_ text: [UInt8]) -> Format {
        // The first lines nearly always tell.
        let words = String(decoding: text, as: UTF8.self)
        let begin = String(decoding: text.prefix(1024), as: UTF8.self)
        for word in ["BkToCstmr", "camt.052", "camt.053", "camt.054"] where begin.place(of: word) != nil {
            return .camt
        }
        for word in ["BkToCstmr", "camt.052", "camt.053", "camt.054"] where words.place(of: word) != nil {
            return .camt
        }
        if String(words.prefix(1000)).lowercased().place(of: "<html") != nil { return .unknown("a web page (HTML)") }
        if words.place(of: "<OFX") != nil { return .unknown("OFX") }
        if let message = words.place(of: "tech:xsd:") {
            return .unknown("ISO 20022 " + words[message.upperBound...].prefix { $0 != "\"" && $0 != "'" }.prefix(20))
        }
        if words.place(of: "<!DOCTYPE") != nil { return .camt }  // refused there, with its line
        return .unknown("XML of another kind")
    }

    /// Whether a line, or what follows `{4:`, begins like `:20:` or `:60F:`.
    static func hasTag(_ text: [UInt8]) -> Bool {
        var atStart = true
        var index = 0
        while index < text.count {
            let byte = text[index]
            if atStart, byte == UInt8(ascii: ":"), let tag = SwiftTag(text[index...]), tag.isOfStatement { return true }
            let isLead = byte < 32 || (atStart && byte == 32)
            // `{1:…}{2:…}{4:` on one line, or blocks that were mangled on the way.
            atStart = isLead || byte == UInt8(ascii: ":") && index > 1 && text[index - 1] == UInt8(ascii: "4")
            index += 1
        }
        return false
    }
}
