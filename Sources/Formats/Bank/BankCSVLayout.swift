import Money

/// Separated records of a text, quotes and all.
struct BankCSVRecords {
    /// Cells of one record; nil where a quotation mark is still open at its end.
    static func cells(_ record: [UInt8], _ separator: UInt8) -> [[UInt8]]? {
        var cells: [[UInt8]] = []
        var cell: [UInt8] = []
        var index = 0
        var isOpen = false
        while index < record.count {
            let byte = record[index]
            if isOpen {
                if byte == UInt8(ascii: "\"") {
                    if index + 1 < record.count, record[index + 1] == byte {
                        cell.append(byte)
                        index += 1
                    } else {
                        isOpen = false
                    }
                } else {
                    cell.append(byte)
                }
            } else if byte == separator {
                cells.append(cell)
                cell = []
            } else if byte == UInt8(ascii: "\""), cell.allSatisfy({ $0 <= 32 }) {
                isOpen = true
                cell = []
            } else {
                cell.append(byte)
            }
            index += 1
        }
        if isOpen { return nil }
        cells.append(cell)
        return cells
    }

    /// Whether a quotation mark is open behind the lines taken so far, as `cells` would find: a record of many lines is looked
    /// through once, not once for each of its lines.
    struct Quotes {
        private(set) var areOpen = false
        private var cellIsBlank = true

        mutating func take(_ line: some Sequence<UInt8>, _ separator: UInt8) {
            // The first of two marks inside a quotation may be its end.
            var mayClose = false
            for byte in line {
                if mayClose {
                    mayClose = false
                    guard byte != UInt8(ascii: "\"") else {
                        cellIsBlank = false
                        continue
                    }
                    areOpen = false
                }
                if areOpen {
                    if byte == UInt8(ascii: "\"") { mayClose = true } else { cellIsBlank = cellIsBlank && byte <= 32 }
                } else if byte == separator {
                    cellIsBlank = true
                } else if byte == UInt8(ascii: "\""), cellIsBlank {
                    areOpen = true
                } else {
                    cellIsBlank = cellIsBlank && byte <= 32
                }
            }
            if mayClose { areOpen = false }
        }
    }

    /// Records of what is loaded, each with the number of its first line.
    static func all(_ bytes: some Collection<UInt8>, _ separator: UInt8, most: Int) -> [[[UInt8]]] {
        var records: [[[UInt8]]] = []
        var pending: [UInt8]?
        let text = Array(bytes)[(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)...]
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 10 }) {
            let record = (pending.map { $0 + [10] } ?? []) + line.filter { $0 != 13 && $0 != 0 }
            pending = nil
            if let cells = cells(record, separator) {
                records.append(cells)
                if records.count == most { break }
            } else if record.count < 20_000 {
                pending = record
            }
        }
        return records
    }
}

/// What the first part of a table tells about all of it.
struct BankCSVLayout {
    var separator: UInt8
    /// Number of the record with the headings, from 0.
    var headingRecord: Int
    var headings: [String]
    var dayOrder: BankCSVMap.DayOrder
    var decimalMark: UInt8
    /// Debits are written with a minus although they have a column of their own.
    var debitsAreNegative: Bool

    /// nil where no row has all headings that are needed.
    static func find(_ map: BankCSVMap, _ bytes: ArraySlice<UInt8>) throws(BankFileProblem) -> BankCSVLayout {
        for separator in [";", ",", "\t", "|"] as [Character] {
            let begin = BankCSVRecords.all(bytes, separator.asciiValue!, most: 60)
            guard let number = begin.firstIndex(where: { isHeading($0, map) }) else { continue }
            let records = BankCSVRecords.all(bytes, separator.asciiValue!, most: 400)
            let headings = records[number].map(heading)
            var layout = BankCSVLayout(
                separator: separator.asciiValue!, headingRecord: number, headings: headings, dayOrder: .yearMonthDay,
                decimalMark: 46, debitsAreNegative: false)
            try layout.learn(map, records.dropFirst(number + 1))
            return layout
        }
        let wanted = map.needed.map { $0.headings.joined(separator: " or ") }.joined(separator: ", ")
        throw BankFileProblem(
            .map, why: "No row has the headings \(wanted).",
            next: "Name the columns as the file's own heading row does.")
    }

    private static func heading(_ cell: [UInt8]) -> String { BankText.squeezed(BankText.decode(cell)) }
    private static func isHeading(_ record: [[UInt8]], _ map: BankCSVMap) -> Bool {
        let headings = record.map(heading)
        return map.needed.allSatisfy { index($0, headings) != nil }
    }
    static func index(_ column: BankCSVMap.Column?, _ headings: [String]) -> Int? {
        guard let column else { return nil }
        for wanted in column.headings {
            let name = wanted.lowercased()
            let found = headings.firstIndex { heading in
                let heading = heading.lowercased()
                return name.hasSuffix("*") ? heading.hasPrefix(name.dropLast()) : heading == name
            }
            if let found { return found }
        }
        return nil
    }

    private mutating func learn(_ map: BankCSVMap, _ records: ArraySlice<[[UInt8]]>) throws(BankFileProblem) {
        func cells(_ column: BankCSVMap.Column?) -> [String] {
            guard let index = Self.index(column, headings) else { return [] }
            return records.compactMap { $0.count > index ? BankText.trimmed(BankText.decode($0[index])) : nil }
        }
        let amounts = [map.amount, map.debit, map.credit, map.balance].flatMap(cells)
        decimalMark = map.decimalMark?.asciiValue ?? BankCSVValues.decimalMark(amounts)
        let debits = cells(map.debit).filter { $0.utf8.contains { (49...57).contains($0) } }
        debitsAreNegative =
            !debits.isEmpty && debits.allSatisfy { $0.hasPrefix("-") || $0.hasSuffix("-") || $0.hasPrefix("(") }
        if let order = map.dayOrder {
            dayOrder = order
        } else if let order = BankCSVValues.dayOrder(cells(map.bookingDay) + cells(map.valueDay)) {
            dayOrder = order
        } else {
            throw BankFileProblem(
                .day, field: map.bookingDay.headings.first,
                why: "Its days can be read as day first and as month first.", next: "Say the order of the days.")
        }
    }
}

/// Where each column of the map stands in the file.
struct BankCSVColumns {
    let bookingDay: Int
    let valueDay, amount, debit, credit, direction, detailAmount, currency, counterparty, counterpartyAccount: Int?
    let structuredReference, endToEnd, bankReference, ownAccount, balance: Int?
    let text: [Int]

    /// The layout was found by the columns that are needed, so they are there.
    init(_ map: BankCSVMap, _ headings: [String]) {
        func place(_ column: BankCSVMap.Column?) -> Int? { BankCSVLayout.index(column, headings) }
        bookingDay = place(map.bookingDay) ?? 0
        valueDay = place(map.valueDay)
        amount = place(map.amount)
        debit = place(map.debit)
        credit = place(map.credit)
        direction = place(map.direction)
        detailAmount = place(map.detailAmount)
        currency = place(map.currency)
        counterparty = place(map.counterparty)
        counterpartyAccount = place(map.counterpartyAccount)
        structuredReference = place(map.structuredReference)
        endToEnd = place(map.endToEnd)
        bankReference = place(map.bankReference)
        ownAccount = place(map.ownAccount)
        balance = place(map.balance)
        text = map.text.compactMap(place)
    }
}

/// Cells of a bank's table to values.
enum BankCSVValues {
    /// The mark before the decimals. A mark that occurs with the other one and comes last is it; so is one before one or two digits.
    static func decimalMark(_ cells: [String]) -> UInt8 {
        for cell in cells {
            let bytes = Array(cell.utf8)
            guard let last = bytes.lastIndex(where: { $0 == 44 || $0 == 46 }) else { continue }
            let other: UInt8 = bytes[last] == 44 ? 46 : 44
            let after = bytes[(last + 1)...].prefix { (48...57).contains($0) }.count
            if bytes.contains(other) || after == 1 || after == 2 || (bytes[last] == 46 && bytes.first == 48) {
                return bytes[last]
            }
        }
        return 46
    }

    static func amount(_ text: String, _ currency: Currency, mark: UInt8) throws(DecimalProblem) -> Money {
        var negative = false
        var plain: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case "-", "\u{2212}", "(": negative = true
            case "0"..."9": plain.append(UInt8(scalar.value))
            case ".", ",":
                // Marks that group are dropped; a second decimal mark is kept, and refused.
                if scalar.value == UInt32(mark) { plain.append(46) }
            case "'", "\u{2019}", " ", "\u{A0}", "\u{202F}", ")", "+": break
            case "A"..."Z" where text.utf8.count > 3: break  // the currency beside the amount
            default: throw .notANumber
            }
        }
        let money = try Money(String(decoding: plain, as: UTF8.self), currency)
        return negative ? -money : money
    }

    /// Up to three numbers of a day: `31.12.2022`, `2022-12-31 09:15`, `20221231`, `09.12.14`.
    private static func parts(_ text: String) -> (Int, Int, Int, yearFirst: Bool, hasPoints: Bool)? {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { (48...57).contains($0) }
        if digits.count == 8, bytes.count == 8, let all = Int(text) {
            return (all / 10_000, all / 100 % 100, all % 100, true, false)
        }
        let words = text.utf8.prefix { $0 != 32 && $0 != UInt8(ascii: "T") }.split { !(48...57).contains($0) }
        guard words.count == 3, let a = Int(Substring(words[0])), let b = Int(Substring(words[1])),
            let c = Int(Substring(words[2]))
        else { return nil }
        return (a, b, c, words[0].count == 4, bytes.contains(46))
    }

    /// nil where both orders fit every cell.
    static func dayOrder(_ cells: [String]) -> BankCSVMap.DayOrder? {
        var ambiguous = false
        for cell in cells {
            guard let (a, b, _, yearFirst, hasPoints) = parts(cell) else { continue }
            if yearFirst { return .yearMonthDay }
            // Nobody who writes points puts the month first.
            if hasPoints || a > 12 { return .dayMonthYear }
            if b > 12 { return .monthDayYear }
            ambiguous = ambiguous || a != b
        }
        return ambiguous ? nil : .dayMonthYear
    }

    static func day(_ text: String, _ order: BankCSVMap.DayOrder) -> Day? {
        guard let (a, b, c, yearFirst, _) = parts(text) else { return nil }
        func full(_ year: Int) -> Int { year < 80 ? 2000 + year : year < 100 ? 1900 + year : year }
        switch yearFirst ? .yearMonthDay : order {
        case .yearMonthDay: return Day(year: full(a), month: b, day: c)
        case .dayMonthYear: return Day(year: full(c), month: b, day: a)
        case .monthDayYear: return Day(year: full(c), month: a, day: b)
        }
    }
}
