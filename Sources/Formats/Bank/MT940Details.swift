import Money

/// What a `:86:` says, in any of its dialects: German fields (`?20`), Dutch slash words (`/REMI/`), or free text.
struct MT940Details {
    /// The bank's code of three digits in front of German fields.
    var code: String?
    var text = ""
    var account: String?
    var endToEnd: String?
    var mandate: String?
    var ultimate: String?
    var returnReason: String?
    var structuredReference: String?
    /// Where references are looked for: the text, and what else the payer may have written.
    var searched = ""
    var names: [Side: String] = [:]
    var chargeText: String?

    enum Side { case named, orderer, beneficiary }

    /// Slash words can name both sides; then the one that is not ours counts.
    func counterparty(isCredit: Bool) -> String? {
        names[.named] ?? (isCredit ? names[.orderer] ?? names[.beneficiary] : names[.beneficiary] ?? names[.orderer])
    }

    /// `/CHGS/EUR1,50`
    func charges(_ currency: Currency) -> Money? {
        guard let chargeText, chargeText.utf8.prefix(3).elementsEqual(currency.code.utf8) else { return nil }
        return SwiftAmount.parse(chargeText.utf8.dropFirst(3).prefix { $0 != 47 }, currency)
    }

    init() {}

    /// The bytes of one or several `:86:`, lines joined by line feeds.
    init(_ bytes: [UInt8]) {
        if let german = GermanDetails(bytes) {
            self = german.details()
        } else {
            let lines = bytes.split(separator: 10, omittingEmptySubsequences: true).map { BankText.decode($0) }
            if let dutch = SlashDetails(lines) { self = dutch.details() } else { self = FreeDetails.details(lines) }
        }
        if searched.isEmpty { searched = text }
    }

    /// The old German `:NS:`: lines of two digits and text; 01 to 14 purpose, 15 and 16 the other side.
    init(structured bytes: [UInt8]) {
        var purpose: [String] = []
        for line in bytes.split(separator: 10) {
            guard let key = Int(String(decoding: line.prefix(2), as: UTF8.self)),
                let value = BankText.trimmed(BankText.decode(line.dropFirst(2)))
            else { continue }
            switch key {
            case 1...14: purpose.append(value)
            case 15, 16: names[.named] = [names[.named], value].compactMap(\.self).joined(separator: " ")
            default: break
            }
        }
        text = purpose.joined(separator: " ")
        searched = text
    }

    /// Name of our own account in a `:NS:` above the entries.
    static func ownName(_ bytes: [UInt8]) -> String? {
        let lines = bytes.split(separator: 10)
        guard let line = lines.first(where: { $0.starts(with: [50, 50]) }) else { return nil }
        let name = BankText.decode(line.dropFirst(2))
        return name.utf8.allSatisfy({ (48...57).contains($0) }) ? nil : BankText.trimmed(name)
    }
}

/// Three digits, a separator, and fields of two digits: the German and Austrian form, with `~` the Polish, with `>` one Dutch.
struct GermanDetails {
    private let code: String
    private let separator: UInt8
    /// By key, 00 to 99.
    private var fields = [String?](repeating: nil, count: 100)

    init?(_ bytes: [UInt8]) {
        // Lines break anywhere, even inside `?20`; bytes are joined before they are decoded, for letters of two bytes break too.
        let joined = bytes.filter { $0 != 10 }.drop { $0 <= 32 }
        let digits = joined.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let rest = Array(joined.dropFirst(3))
        guard rest.count >= 3, "?><~^@|".utf8.contains(rest[0]), Self.number(rest, 1) != nil else { return nil }
        code = String(decoding: digits, as: UTF8.self)
        separator = rest[0]
        var index = 0
        while index < rest.count {
            let key = Self.number(rest, index + 1)!
            var end = index + 3
            while end < rest.count, !(rest[end] == separator && Self.number(rest, end + 1) != nil) { end += 1 }
            let value = BankText.decode(rest[(index + 3)..<end])
            fields[key] = fields[key].map { $0 + value } ?? value
            index = end
        }
    }
    private static func number(_ bytes: [UInt8], _ at: Int) -> Int? {
        guard at + 1 < bytes.count, (48...57).contains(bytes[at]), (48...57).contains(bytes[at + 1]) else { return nil }
        return Int(bytes[at] - 48) * 10 + Int(bytes[at + 1] - 48)
    }

    func details() -> MT940Details {
        var details = MT940Details()
        details.code = code
        var purpose = Array(20...29) + Array(60...63)
        // One Dutch bank puts BIC and IBAN of the other side into the first two.
        if let bank = fields[20], let account = fields[21], BankText.looksLikeBIC(bank),
            BankText.looksLikeIBAN(account.utf8)
        {
            details.account = account
            purpose.removeAll { $0 == 20 || $0 == 21 }
        }
        let joined = purpose.compactMap { fields[$0] }.joined()
        let words = SepaWords(joined)
        details.text = BankText.squeezed(words.value("SVWZ") ?? words.rest)
        details.endToEnd = words.value("EREF")
        details.mandate = words.value("MREF")
        details.ultimate = words.value("ABWA") ?? words.value("ABWE")
        if let name = BankText.trimmed([fields[32], fields[33]].compactMap(\.self).joined()) {
            details.names[.named] = name
        }
        details.account =
            details.account ?? fields[38].flatMap { BankText.account($0) } ?? fields[31].flatMap {
                BankText.account($0)
            }
            ?? words.value("IBAN").flatMap { BankText.account($0) } ?? dutchAccount
        details.returnReason = returnReason(details.text)
        if details.text.isEmpty { details.text = BankText.trimmed(fields[0] ?? "") ?? "" }
        details.searched = words.value("SVWZ") ?? joined
        return details
    }

    /// With `>`, code 000 and field 10 a number: the counter account.
    private var dutchAccount: String? {
        guard code == "000", separator == UInt8(ascii: ">"), let number = fields[10].flatMap({ BankText.trimmed($0) }),
            number.utf8.contains(where: { $0 != 48 })
        else { return nil }
        return number
    }

    /// Of returned debits and transfers: the ISO code in the text, else the bank's key in field 34.
    private func returnReason(_ text: String) -> String? {
        guard ["108", "109", "159", "181", "183", "184", "185"].contains(code) else { return nil }
        let words = text.utf8.split { !((48...57).contains($0) || (65...90).contains($0)) }
        let codes = words.first {
            $0.count == 4 && $0.prefix(2).allSatisfy { (65...90).contains($0) }
                && $0.suffix(2).allSatisfy { (48...57).contains($0) }
        }
        return codes.map { String(Substring($0)) } ?? fields[34].flatMap { BankText.trimmed($0) }
    }
}

/// The SEPA words inside a German purpose: `EREF+…`, `SVWZ+…`, also with a colon.
struct SepaWords {
    private static let known: Set<String> = [
        "EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "IBAN", "PURP", "BIC",
    ]
    private var values: [String: String] = [:]
    /// What stands before the first word: the purpose itself, where there is no `SVWZ`.
    private(set) var rest = ""

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var marks: [(word: String, from: Int, value: Int)] = []
        var index = 0
        while index < bytes.count {
            defer { index += 1 }
            guard bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: ":") else { continue }
            for length in [4, 3] where index >= length {
                let word = String(decoding: bytes[(index - length)..<index], as: UTF8.self)
                guard Self.known.contains(word), !marks.contains(where: { $0.word == word }) else { continue }
                // A colon is an ordinary mark, so its word has to stand alone.
                let alone = index == length || bytes[index - length - 1] <= 32
                guard bytes[index] == UInt8(ascii: "+") ? (length == 4 || alone) : alone else { continue }
                marks.append((word, index - length, index + 1))
                break
            }
        }
        rest = String(decoding: bytes[..<(marks.first?.from ?? bytes.count)], as: UTF8.self)
        for (number, mark) in marks.enumerated() {
            let end = number + 1 < marks.count ? marks[number + 1].from : bytes.count
            let value = String(decoding: bytes[mark.value..<end], as: UTF8.self)
            // Amounts and the like are not text; whatever else has a word of its own is left out of `rest`.
            values[mark.word] = BankText.trimmed(value)
        }
    }
    func value(_ word: String) -> String? { values[word] }
}
