/// Words of a bank: bytes of one of four encodings made into text, and the blanks banks pad with taken off.
enum BankText {
    /// UTF-8 where the bytes are that; else the code page of DOS or of Windows, whichever gives letters. Zero bytes and other
    /// control characters but line breaks and tabs are left out.
    static func decode(_ bytes: some Collection<UInt8>) -> String {
        // Most of it is plain.
        if bytes.allSatisfy({ $0 >= 32 && $0 < 127 || $0 == 10 }) { return String(decoding: bytes, as: UTF8.self) }
        let clean = bytes.filter { $0 >= 32 && $0 != 127 || $0 == 10 || $0 == 9 }
        if let text = String(validating: clean, as: UTF8.self) { return text }
        let table = looksLikeDOS(clean) ? dosLetters : windowsLetters
        var text = String.UnicodeScalarView()
        for byte in clean {
            if byte < 0x80 {
                text.append(UnicodeScalar(byte))
            } else if let letter = table[byte] {
                text.append(letter)
            } else {
                text.append(UnicodeScalar(byte))
            }
        }
        return String(text)
    }

    /// Code page 850 keeps the letters of German and French where Windows has quotes and dashes.
    private static func looksLikeDOS(_ bytes: [UInt8]) -> Bool {
        var found = false
        for byte in bytes where byte >= 0x80 {
            if byte >= 0xC0, byte != 0xE1 { return false }
            if dosLetters[byte] != nil { found = true }
        }
        return found
    }
    private static let dosLetters: [UInt8: UnicodeScalar] = [
        0x81: "ü", 0x82: "é", 0x84: "ä", 0x85: "à", 0x87: "ç", 0x88: "ê", 0x89: "ë", 0x8A: "è", 0x8E: "Ä", 0x90: "É",
        0x94: "ö", 0x99: "Ö", 0x9A: "Ü", 0xE1: "ß",
    ]
    private static let windowsLetters: [UInt8: UnicodeScalar] = [
        0x80: "€", 0x82: "‚", 0x83: "ƒ", 0x84: "„", 0x85: "…", 0x86: "†", 0x87: "‡", 0x88: "ˆ", 0x89: "‰", 0x8A: "Š",
        0x8B: "‹", 0x8C: "Œ", 0x8E: "Ž", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—",
        0x98: "˜", 0x99: "™", 0x9A: "š", 0x9B: "›", 0x9C: "œ", 0x9E: "ž", 0x9F: "Ÿ",
    ]

    /// Without blanks and line breaks at both ends; nil where nothing is left.
    static func trimmed(_ text: some StringProtocol) -> String? {
        let bytes = Substring(text).utf8
        guard let first = bytes.firstIndex(where: { $0 > 32 }), let last = bytes.lastIndex(where: { $0 > 32 }) else {
            return nil
        }
        return String(Substring(text)[first...last])
    }

    /// Every run of blanks and line breaks as one blank.
    static func squeezed(_ text: some StringProtocol) -> String {
        var result = [UInt8]()
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte > 32 { result.append(byte) } else if let last = result.last, last != 32 { result.append(32) }
        }
        if result.last == 32 { result.removeLast() }
        return String(decoding: result, as: UTF8.self)
    }

    /// An account number as it is compared: without blanks, and without the currency some banks append to an IBAN.
    static func account(_ text: some StringProtocol) -> String? {
        var whole = String(text)
        let (blanks, ending) = whole.withUTF8 { bytes in
            (bytes.contains { $0 <= 32 }, bytes.count > 17 && bytes.suffix(3).allSatisfy { (65...90).contains($0) })
        }
        // Nearly all come clean.
        if !blanks, !ending { return whole.isEmpty ? nil : whole }
        var bytes = whole.utf8.filter { $0 > 32 }
        guard !bytes.isEmpty else { return nil }
        if looksLikeIBAN(bytes.dropLast(3)), bytes.suffix(3).allSatisfy({ (65...90).contains($0) }) {
            bytes.removeLast(3)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Two letters, two digits, then 11 to 30 letters and digits; the check digits are not tested.
    static func looksLikeIBAN(_ bytes: some Collection<UInt8>) -> Bool {
        guard (15...34).contains(bytes.count) else { return false }
        var position = 0
        for byte in bytes {
            let isDigit = (48...57).contains(byte)
            let isLetter = (65...90).contains(byte)
            guard position < 2 ? isLetter : position < 4 ? isDigit : isDigit || isLetter else { return false }
            position += 1
        }
        return true
    }
    static func looksLikeBIC(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 8 || bytes.count == 11 else { return false }
        return bytes.prefix(6).allSatisfy { (65...90).contains($0) }
            && bytes.dropFirst(6).allSatisfy { (65...90).contains($0) || (48...57).contains($0) }
    }
    /// Whether the check digits of ISO 13616 fit.
    static func isValidIBAN(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        return looksLikeIBAN(bytes) && StructuredReferences.remainder97(bytes[4...] + bytes[..<4]) == 1
    }
    /// The IBAN over a German bank code of 8 digits and an account of up to 10; nil for anything else.
    static func germanIBAN(bankCode: some StringProtocol, account: some StringProtocol) -> String? {
        let isNumber = (String(bankCode) + account).utf8.allSatisfy { (48...57).contains($0) }
        guard isNumber, bankCode.utf8.count == 8, (1...10).contains(account.utf8.count) else { return nil }
        let body = String(bankCode) + String(repeating: "0", count: 10 - account.utf8.count) + account
        let check = 98 - StructuredReferences.remainder97((body + "DE00").utf8)
        return "DE" + (check < 10 ? "0" : "") + String(check) + body
    }
    /// nil for what banks write where there is no reference.
    static func reference(_ text: (some StringProtocol)?) -> String? {
        guard let text, let trimmed = trimmed(text) else { return nil }
        switch trimmed {
        case "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOTAVAILABLE", "KEINE", "N/A", "NA": return nil
        default: return trimmed
        }
    }
}
