import Money

/// Reads the fixed part of a SWIFT field from left to right. Line breaks inside it (some banks wrap everywhere) do not count.
struct SwiftCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Why a field was not understood.
    struct Refusal: Error {
        var kind = BankFileProblem.Kind.malformed
        var value: String?
        var why: String

        func problem(_ field: SwiftField) -> BankFileProblem {
            BankFileProblem(
                kind, line: field.line, field: ":\(field.tag):",
                value: value ?? BankText.decode(field.bytes.prefix { $0 != 10 }), why: why,
                next: "Fetch the file from the bank again; if it comes the same, send the bank this line.")
        }
    }

    private mutating func skipBreaks() {
        while position < bytes.count, bytes[position] == 10 { position += 1 }
    }
    private mutating func peek() -> UInt8? {
        skipBreaks()
        return position < bytes.count ? bytes[position] : nil
    }
    private func isDigit(_ byte: UInt8?) -> Bool { byte.map { (48...57).contains($0) } ?? false }
    private func isCapital(_ byte: UInt8?) -> Bool { byte.map { (65...90).contains($0) } ?? false }

    /// Exactly `count` digits.
    private mutating func number(_ count: Int) -> Int? {
        let start = position
        var value = 0
        for _ in 0..<count {
            guard let byte = peek(), isDigit(byte) else {
                position = start
                return nil
            }
            value = value * 10 + Int(byte - 48)
            position += 1
        }
        return value
    }

    /// YYMMDD; two-digit years from 80 on are of the last century (SWIFT, error code T50). The last day of a month stands for days it
    /// does not have: interest months have 30.
    private mutating func day() throws -> (day: Day, adjusted: String?) {
        let start = position
        guard let number = number(6) else { throw Refusal(kind: .day, why: "It does not begin with a date YYMMDD.") }
        let year = number / 10_000
        return try settle(year: year < 80 ? 2000 + year : 1900 + year, number / 100 % 100, number % 100, from: start)
    }
    private func settle(year: Int, _ month: Int, _ day: Int, from start: Int) throws -> (day: Day, adjusted: String?) {
        let written = String(decoding: bytes[start..<position].filter { $0 != 10 }, as: UTF8.self)
        guard let first = Day(year: year, month: month, day: 1), (1...31).contains(day) else {
            throw Refusal(kind: .day, value: written, why: "There is no such day.")
        }
        if let exact = Day(year: year, month: month, day: day) { return (exact, nil) }
        return (first.lastOfMonth, written)
    }

    private mutating func amountBytes() -> ArraySlice<UInt8> {
        var text: [UInt8] = []
        while let byte = peek(), isDigit(byte) || byte == 44 || byte == 46 || byte == 39 {
            text.append(byte)
            position += 1
        }
        return text[...]
    }
    private mutating func amount(_ currency: Currency) throws -> Money {
        let text = amountBytes()
        switch SwiftAmount.read(text, currency) {
        case .success(let money): return money
        case .failure(let problem):
            throw Refusal(
                kind: .amount, value: String(decoding: text, as: UTF8.self),
                why: "The amount in \(currency.code) cannot be taken: \(problem.why).")
        }
    }

    // MARK: :60F: and its like

    struct Balance {
        var day: Day?
        var adjusted: String?
        var amount: Money
        var currency: Currency
        var assumed: Bool
    }

    /// `C190131EUR32,33`; a currency that is missing is the statement's.
    mutating func balance(_ type: String, fallback: Currency?) throws -> Balance {
        guard let mark = peek(), mark == UInt8(ascii: "C") || mark == UInt8(ascii: "D") else {
            throw Refusal(kind: .sign, why: "It does not begin with C or D.")
        }
        position += 1
        let (day, adjusted) = try day()
        var letters: [UInt8] = []
        while letters.count < 3, let byte = peek(), isCapital(byte) {
            letters.append(byte)
            position += 1
        }
        let code = String(decoding: letters, as: UTF8.self)
        guard let currency = letters.isEmpty ? fallback : Currency(evenWithdrawn: code) else {
            throw Refusal(
                kind: .currency, value: code,
                why: letters.isEmpty ? "It names no currency." : "The books keep no such currency.")
        }
        let amount = try amount(currency)
        return Balance(
            day: day, adjusted: adjusted, amount: mark == UInt8(ascii: "D") ? -amount : amount, currency: currency,
            assumed: letters.isEmpty)
    }

    // MARK: :61:

    mutating func entry(_ currency: Currency, line: Int) throws -> MT940Entry {
        var entry = MT940Entry(line: line)
        let (valueDay, adjusted) = try day()
        entry.valueDay = valueDay
        if let adjusted { entry.adjustedDays.append((adjusted, valueDay)) }
        try bookingDay(&entry, valueDay)
        let isDebit = try mark(&entry)
        // Funds code: the third letter of the currency.
        if isCapital(peek()) { position += 1 }
        let amount = try amount(currency)
        entry.amount = isDebit ? -amount : amount
        entry.type = type()
        references(&entry)
        return entry
    }

    /// MMDD, in the year that brings it nearest to the value date; four blanks where the bank does not say.
    private mutating func bookingDay(_ entry: inout MT940Entry, _ valueDay: Day) throws {
        while peek() == 32 { position += 1 }
        let start = position
        guard let number = number(4) else { return }
        let years = [valueDay.year, valueDay.year - 1, valueDay.year + 1]
        let days = try years.map { try settle(year: $0, number / 100, number % 100, from: start) }
        let nearest = days.min { abs($0.day - valueDay) < abs($1.day - valueDay) }!
        entry.bookingDay = nearest.day
        if let adjusted = nearest.adjusted { entry.adjustedDays.append((adjusted, nearest.day)) }
    }

    /// C, D; RC reverses a credit and takes money out, RD brings it back; EC and ED are expected only.
    private mutating func mark(_ entry: inout MT940Entry) throws -> Bool {
        var letter = peek()
        if letter == UInt8(ascii: "R") || letter == UInt8(ascii: "E") {
            entry.isReversal = letter == UInt8(ascii: "R")
            if letter == UInt8(ascii: "E") { entry.status = "PDNG" }
            position += 1
            letter = peek()
        }
        guard letter == UInt8(ascii: "C") || letter == UInt8(ascii: "D") else {
            throw Refusal(kind: .sign, why: "After the dates stands none of C, D, RC, RD, EC, ED.")
        }
        position += 1
        return (letter == UInt8(ascii: "D")) != entry.isReversal
    }

    /// N, S or F and three more: `NTRF`, `N166`.
    private mutating func type() -> String? {
        guard let first = peek(), isCapital(first) else { return nil }
        let type = bytes[position...].prefix(4).prefix { $0 > 32 }
        position += type.count
        return String(decoding: type, as: UTF8.self)
    }

    /// Customer reference, `//`, bank reference; the next line is supplementary. Old Dutch lines have columns: account or reference in
    /// 16, then a name.
    private mutating func references(_ entry: inout MT940Entry) {
        let rest = bytes[min(position, bytes.count)...]
        let first = BankText.decode(rest.prefix { $0 != 10 })
        let others = rest.drop { $0 != 10 }.dropFirst()
        entry.supplementary = BankText.trimmed(BankText.decode(others))
        if let (left, right) = first.halves(at: "//") {
            entry.customerReference = BankText.trimmed(left)
            entry.bankReference = BankText.reference(right)
        } else if first.unicodeScalars.count > 16, let (left, right) = first.halves(at: "  "),
            let name = BankText.trimmed(right)
        {
            entry.customerReference = BankText.trimmed(left)
            entry.columnName = BankText.squeezed(name)
        } else {
            entry.customerReference = BankText.trimmed(first)
        }
    }
}

/// Amounts of SWIFT files: comma before the decimals (`9,`, `,56`, `000001234,56`).
enum SwiftAmount {
    static func parse(_ text: some Collection<UInt8>, _ currency: Currency) -> Money? {
        try? read(text.prefix { $0 > 32 }, currency).get()
    }

    static func read(_ text: some Collection<UInt8>, _ currency: Currency) -> Result<Money, DecimalProblem> {
        var plain = Array(text)
        if plain.contains(44) {
            // With a comma, points and apostrophes only group.
            plain.removeAll { $0 == 46 || $0 == 39 }
            guard plain.count(where: { $0 == 44 }) == 1 else { return .failure(.notANumber) }
            plain = plain.map { $0 == 44 ? 46 : $0 }
        } else if let point = plain.lastIndex(of: 46), plain.count - point - 1 > currency.decimals {
            // `1.000` may be a thousand, zeros or not.
            return .failure(.tooManyDecimals(currency.decimals))
        }
        do { return .success(try Money(String(decoding: plain, as: UTF8.self), currency)) } catch {
            return .failure(error)
        }
    }
}

extension String {
    /// What stands before and after the first place of a word; nil where it does not occur.
    func halves(at word: String) -> (Substring, Substring)? {
        guard let place = place(of: word) else { return nil }
        return (self[..<place.lowerBound], self[place.upperBound...])
    }
    /// The first place of a word at or after an index, compared by bytes.
    func place(of word: String, from start: String.Index? = nil) -> Range<String.Index>? {
        var index = start ?? startIndex
        let first = word.utf8.first
        while let at = utf8[index...].firstIndex(where: { $0 == first }) {
            if utf8[at...].starts(with: word.utf8) { return at..<utf8.index(at, offsetBy: word.utf8.count) }
            index = utf8.index(after: at)
        }
        return nil
    }
}
