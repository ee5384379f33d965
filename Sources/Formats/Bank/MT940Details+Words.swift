/// Lines of a `:86:` made one, for dialects that wrap at a width.
enum WrappedLines {
    /// Characters of a line that counts as full: 65, less a tag that some banks count in. Longer ones are not wrapped at all.
    private static let width = 61...68

    /// A full line goes on without a blank, for words and references are cut where it ends; another one ended at a blank, and
    /// so does one before a line that begins with one of these words.
    /// - Parameter slashed: words between slashes that may be broken by the end of a line.
    static func joined(_ lines: [String], words: [String] = [], slashed: Set<String> = []) -> String {
        var text = ""
        for (number, line) in lines.enumerated() {
            text += line
            guard number + 1 < lines.count else { break }
            let next = lines[number + 1]
            let isFull = width.contains(line.unicodeScalars.count) && !words.contains { next.hasPrefix($0) }
            if isFull || next.hasPrefix("/") || breaksWord(line, next, slashed) { continue }
            text += " "
        }
        return text
    }

    /// Whether one of these words stands between slashes across the end of a line: `…/REM` `I/…`.
    private static func breaksWord(_ line: String, _ next: String, _ words: Set<String>) -> Bool {
        guard !words.isEmpty, let slash = line.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
        let begin = line[line.utf8.index(after: slash)...]
        guard begin.utf8.count <= 4, let end = next.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
        return words.contains(String(begin) + String(next[..<end]))
    }
}

/// Dutch and Belgian slash words (ING, ABN AMRO, Rabobank, Knab, bunq, ASN), also French `/ORDP/`.
struct SlashDetails {
    private static let known: Set<String> = [
        "TRTP", "TRCD", "EREF", "PREF", "CREF", "MARF", "CSID", "BENM", "ORDP", "CNTP", "NAME", "IBAN", "BBAN", "BIC",
        "ADDR",
        "REMI", "PURP", "RTRN", "ISDT", "CHGS", "CHG", "EXCH", "ULTD", "ULTC", "ULTB", "SVCL", "INIT", "OCMT", "BUSP",
    ]
    private static let telling: Set<String> = [
        "TRTP", "EREF", "CNTP", "NAME", "IBAN", "REMI", "ORDP", "BENM", "MARF", "RTRN", "TRCD",
    ]
    private var values: [(word: String, value: String)] = []

    init?(_ lines: [String]) {
        let bytes = Array(WrappedLines.joined(lines, slashed: Self.known).utf8)
        var marks: [(word: String, from: Int, value: Int)] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "/"),
                let close = bytes[(index + 1)...].prefix(5).firstIndex(of: UInt8(ascii: "/"))
            else {
                index += 1
                continue
            }
            let word = String(decoding: bytes[(index + 1)..<close], as: UTF8.self)
            if Self.known.contains(word) {
                marks.append((word, index, close + 1))
                // The slash that ends a word may begin the next one.
                index = close
            } else {
                index += 1
            }
        }
        guard marks.contains(where: { Self.telling.contains($0.word) }) else { return nil }
        for (number, mark) in marks.enumerated() {
            let end = number + 1 < marks.count ? marks[number + 1].from : bytes.count
            let value = mark.value < end ? String(decoding: bytes[mark.value..<end], as: UTF8.self) : ""
            values.append((mark.word, value))
        }
    }

    private func value(_ word: String) -> String? {
        let found = values.filter { $0.word == word }.map { clean($0.value) }.filter { !$0.isEmpty }
        return found.isEmpty ? nil : found.joined(separator: " ")
    }
    private func clean(_ text: String) -> String {
        var text = BankText.squeezed(text)
        while text.hasSuffix("/") { text.removeLast() }
        while text.hasPrefix("/") { text.removeFirst() }
        return BankText.trimmed(text) ?? ""
    }

    func details() -> MT940Details {
        var details = MT940Details()
        details.endToEnd = value("EREF")
        details.mandate = value("MARF")
        details.account = (value("IBAN") ?? value("BBAN")).flatMap { BankText.account($0) }
        details.returnReason = value("RTRN")
        details.ultimate = value("ULTD") ?? value("ULTC") ?? value("ULTB")
        details.chargeText = value("CHGS") ?? value("CHG")
        if let name = value("NAME") { details.names[.named] = name }
        if let name = value("ORDP") { details.names[.orderer] = name }
        if let name = value("BENM") { details.names[.beneficiary] = name }
        counterparty(&details)
        remittance(&details)
        return details
    }

    /// `/CNTP/account/BIC/name/city//`
    private func counterparty(_ details: inout MT940Details) {
        guard let whole = values.first(where: { $0.word == "CNTP" })?.value else { return }
        let parts = whole.split(separator: "/", omittingEmptySubsequences: false).map { BankText.squeezed($0) }
        if let account = parts.first, !account.isEmpty { details.account = BankText.account(account) }
        if parts.count > 2, !parts[2].isEmpty { details.names[.named] = parts[2] }
    }

    /// `/REMI/USTD//text/`, `/REMI/STRD/CUR/reference/`, `/REMI/text`.
    private func remittance(_ details: inout MT940Details) {
        var text = value("REMI") ?? ""
        if text.hasPrefix("USTD/") {
            text = clean(String(text.dropFirst(5)))
        } else if text.hasPrefix("STRD/") {
            let parts = text.split(separator: "/").dropFirst()
            if let reference = parts.dropFirst().first {
                details.structuredReference = String(reference)
                text = parts.dropFirst(2).joined(separator: "/")
            }
        } else if let (_, after) = text.halves(at: "REF: "), text.hasPrefix("ISSUER: ") {
            details.structuredReference = String(after.filter { $0 != " " })
        }
        details.text = text.isEmpty ? details.structuredReference ?? value("TRTP") ?? "" : text
        details.searched = text
    }
}

/// Anything else: text, in which a few words and shapes still tell who it was.
enum FreeDetails {
    private static let nameWords = ["NAAM:", "AUFTRAGGEBER:", "OD:"]
    private static let accountWords = ["REK:", "IBAN:", "Z RACH.:", "NA RACH.:"]
    private static let otherWords = [
        "OMSCHRIJVING:", "KENMERK:", "MACHTIGING:", "INCASSANT:", "BETALINGSKENM.", "MITTEILUNGEN:", "BIC:", "TYT.:",
        "TNR:",
    ]

    static func details(_ lines: [String]) -> MT940Details {
        var details = MT940Details()
        let joined = WrappedLines.joined(lines, words: nameWords + accountWords + otherWords)
        details.text = BankText.squeezed(joined)
        var name = value(nameWords, joined)
        details.account = value(accountWords, joined).flatMap { BankText.account($0) }
        details.endToEnd = value(["KENMERK:"], joined)
        oldGiro(joined, &details, &name)
        if details.account == nil, let first = joined.split(separator: " ").first, BankText.looksLikeIBAN(first.utf8) {
            details.account = String(first)
            if name == nil, let line = lines.first { name = BankText.trimmed(line.dropFirst(first.count)) }
        }
        if details.account == nil { details.account = anyIBAN(joined) }
        if let name, let cut = swissTail(name) {
            details.account = details.account ?? cut.account
            details.names[.named] = cut.name
        } else if let name {
            details.names[.named] = name
        }
        return details
    }

    /// What stands behind one of these words, up to the next word of any kind, a semicolon, or a `/`.
    private static func value(_ words: [String], _ text: String) -> String? {
        for word in words {
            guard let place = text.place(of: word), isWord(text, place.lowerBound) else { continue }
            var end = text.endIndex
            for other in nameWords + accountWords + otherWords {
                if let next = text.place(of: other, from: place.upperBound), next.lowerBound < end {
                    end = next.lowerBound
                }
            }
            var value = text[place.upperBound..<end]
            if let stop = value.firstIndex(of: ";") { value = value[..<stop] }
            while let last = value.last, last == "/" || last == " " { value.removeLast() }
            if let found = BankText.trimmed(value) { return BankText.squeezed(found) }
        }
        return nil
    }
    private static func isWord(_ text: String, _ index: String.Index) -> Bool {
        guard index > text.startIndex else { return true }
        let before = text.utf8[text.utf8.index(before: index)]
        return before <= 32 || before == UInt8(ascii: "/") || before == UInt8(ascii: ";")
    }

    /// `GIRO 428428 NAME  …` and `52.89.39.882 NAME  …` of old ABN AMRO lines: the name ends at two blanks.
    private static func oldGiro(_ text: String, _ details: inout MT940Details, _ name: inout String?) {
        guard details.account == nil else { return }
        var rest = text[...]
        if rest.hasPrefix("GIRO ") { rest = rest.dropFirst(5).drop { $0 == " " } }
        let number = rest.prefix { $0.isNumber || $0 == "." }
        let digits = number.utf8.filter { (48...57).contains($0) }
        let isOld = rest.startIndex != text.startIndex ? digits.count >= 3 : number.utf8.count(where: { $0 == 46 }) == 3
        guard isOld, digits.count <= 10, digits.count >= 3 else { return }
        details.account = String(decoding: digits, as: UTF8.self)
        let after = String(rest.dropFirst(number.count).drop { $0 == " " })
        name = name ?? BankText.trimmed(after.halves(at: "  ")?.0 ?? after[...])
    }

    /// A word with valid check digits of an IBAN.
    private static func anyIBAN(_ text: String) -> String? {
        for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) where BankText.isValidIBAN(word) {
            return String(word)
        }
        return nil
    }

    /// PostFinance ends the payer's address with the date and `CH` and the account's number.
    private static func swissTail(_ text: String) -> (name: String?, account: String)? {
        guard let last = text.split(separator: " ").last, last.utf8.count > 10 else { return nil }
        let bytes = Array(last.utf8)
        guard bytes[..<6].allSatisfy({ (48...57).contains($0) }), bytes[6] == 67, bytes[7] == 72,
            bytes[8...].allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return (BankText.trimmed(text.dropLast(last.count)), String(decoding: bytes[8...], as: UTF8.self))
    }
}
