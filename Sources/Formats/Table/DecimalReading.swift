import Money

/// How a column writes decimals.
public enum DecimalStyle: String, Hashable, Sendable, CaseIterable {
    /// `1,234.50`, `1'234.50`, `1 234.50`
    case point
    /// `1.234,50`, `1'234,50`, `1 234,50`
    case comma

    fileprivate var mark: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
    fileprivate var grouping: UInt8 { self == .point ? UInt8(ascii: ",") : UInt8(ascii: ".") }
}

/// Why a cell is no decimal.
enum DecimalFault: Error, Equatable {
    case notANumber
    case grouping
    case exponent
    case dash
    case limits(DecimalProblem)
    /// The cell names another currency than the row has.
    case otherCurrency(String)
    case percentSign

    var why: String {
        switch self {
        case .notANumber: "It is not a number."
        case .grouping: "Its points and commas do not group thousands and mark decimals the way its column does."
        case .exponent: "A spreadsheet shortened it (E notation); digits may be lost."
        case .dash: "A dash is not a number."
        case .limits(let problem): "\(problem.why.prefix(1).uppercased())\(problem.why.dropFirst())."
        case .otherCurrency(let mark): "It says \(mark), but the row has another currency."
        case .percentSign: "A percentage cannot stand here."
        }
    }
    var next: String {
        switch self {
        case .exponent: "Format the column as a plain number before saving it as CSV."
        case .dash: "Write 0, or leave the cell empty."
        case .grouping: "Correct the cell, or say --decimals point or --decimals comma."
        case .otherCurrency: "Correct the currency or the amount."
        default: "Correct the cell."
        }
    }
}

/// A cell taken apart as a decimal: sign, digits with their marks, what stands around.
struct DecimalText {
    let text: UnsafeBufferPointer<UInt8>
    /// Where the digits with their marks lie.
    private(set) var from = 0
    private(set) var to: Int
    private(set) var negative = false
    private(set) var percent = false
    /// `$`, `EUR`, …: what stands before or after the number.
    private(set) var currencyMark: String?
    /// `12,-`: no decimals, written as a dash.
    private(set) var dashedDecimals = false

    /// - Parameter text: without blanks around it, not empty.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(DecimalFault) {
        self.text = text
        to = text.count
        // Plain digits with an optional minus need no more looking.
        if text[0] == 45 {
            negative = true
            from = 1
        }
        if from < to, text[from] >= 48, text[from] <= 57, text[to - 1] >= 48, text[to - 1] <= 57 { return }
        negative = false
        from = 0
        guard text.contains(where: { $0 >= 48 && $0 <= 57 }) else { throw Self.isDash(text) ? .dash : .notANumber }
        try takeFront()
        try takeBack()
        guard from < to else { throw .notANumber }
    }

    private static func isDash(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { $0 == 45 } || text.elementsEqual("–".utf8) || text.elementsEqual("—".utf8)
    }

    private mutating func takeFront() throws(DecimalFault) {
        var bracket = false
        var signed = false
        while from < to {
            let byte = text[from]
            switch byte {
            case 48...57: return try closeBracket(bracket)
            case UInt8(ascii: ".") where from + 1 < to && (48...57).contains(text[from + 1]),
                UInt8(ascii: ",") where from + 1 < to && (48...57).contains(text[from + 1]):
                return try closeBracket(bracket)
            case 32: from += 1
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                guard !signed, !bracket else { throw .notANumber }
                signed = true
                negative = byte == 45
                from += 1
            case UInt8(ascii: "("):
                guard !signed, !bracket else { throw .notANumber }
                bracket = true
                negative = true
                from += 1
            default:
                if starts(with: "\u{2212}", at: from) {
                    guard !signed, !bracket else { throw .notANumber }
                    signed = true
                    negative = true
                    from += 3
                } else if starts(with: "\u{A0}", at: from) {
                    from += 2
                } else {
                    let begin = from
                    while from < to, !(48...57).contains(text[from]),
                        ![32, 40, 43, 45, 0xC2].contains(text[from]) || from == begin,
                        !starts(with: "\u{2212}", at: from)
                    {
                        from += 1
                    }
                    try mark(begin, from)
                }
            }
        }
        throw .notANumber
    }

    private mutating func closeBracket(_ open: Bool) throws(DecimalFault) {
        guard open else { return }
        while to > from, text[to - 1] != UInt8(ascii: ")") {
            // `(5) EUR`: what follows the bracket is a currency.
            if (48...57).contains(text[to - 1]) { throw .notANumber }
            to -= 1
        }
        guard to > from else { throw .notANumber }
        let after = to
        to -= 1
        var begin = after
        while begin < text.count, text[begin] == 32 { begin += 1 }
        if begin < text.count { try mark(begin, text.count) }
    }

    private mutating func takeBack() throws(DecimalFault) {
        var signed = false
        while to > from {
            let byte = text[to - 1]
            switch byte {
            case 48...57: return
            case 32: to -= 1
            case UInt8(ascii: "%"):
                guard !percent else { throw .notANumber }
                percent = true
                to -= 1
            case UInt8(ascii: "-"):
                if takeDashedDecimals() { continue }
                guard !signed, !negative else { throw .notANumber }
                signed = true
                negative = true
                to -= 1
            case UInt8(ascii: "."), UInt8(ascii: ","):
                // `12.`: a mark without decimals; it must follow a digit.
                guard to - 2 >= from, (48...57).contains(text[to - 2]) else { throw .notANumber }
                return
            default:
                if ends(with: "\u{2212}") {
                    guard !signed, !negative else { throw .notANumber }
                    signed = true
                    negative = true
                    to -= 3
                } else if ends(with: "\u{A0}") || ends(with: "\u{202F}") {
                    to -= ends(with: "\u{A0}") ? 2 : 3
                } else if takeDashedDecimals() {
                    continue
                } else {
                    let end = to
                    while to > from, !(48...57).contains(text[to - 1]), text[to - 1] != 32,
                        text[to - 1] != 45 || to == end,
                        !ends(with: "\u{A0}"), !ends(with: "\u{202F}")
                    {
                        to -= 1
                    }
                    try mark(to, end)
                }
            }
        }
        throw .notANumber
    }

    /// `12,-`, `12.--`, `12,–`.
    private mutating func takeDashedDecimals() -> Bool {
        var position = to
        if ends(with: "–") || ends(with: "—") {
            position -= 3
        } else {
            while position > from, text[position - 1] == 45 { position -= 1 }
        }
        guard position < to, position - 1 > from, text[position - 1] == 44 || text[position - 1] == 46,
            (48...57).contains(text[position - 2])
        else { return false }
        to = position
        dashedDecimals = true
        return true
    }

    private mutating func mark(_ begin: Int, _ end: Int) throws(DecimalFault) {
        let name = String(decoding: UnsafeBufferPointer(rebasing: text[begin..<end]), as: UTF8.self)
        guard currencyMark == nil, CurrencyMark.isKnown(name) else {
            let e = name.lowercased()
            throw e == "e" || e == "e+" ? .exponent : .notANumber
        }
        currencyMark = name
    }

    private func starts(with character: Character, at position: Int) -> Bool {
        text[position] >= 0x80 && text[position..<to].starts(with: character.utf8)
    }
    private func ends(with character: Character) -> Bool {
        text[to - 1] >= 0x80 && to - character.utf8.count >= from
            && text[(to - character.utf8.count)..<to].elementsEqual(character.utf8)
    }
}

/// What the marks of one cell say about its column.
enum DecimalHint: Equatable {
    case none
    case point
    case comma
    /// `1.234` or `1,234` alone: thousands or decimals.
    case open(UInt8)
    case bad
}

extension DecimalText {
    /// Looks only at points and commas.
    var hint: DecimalHint {
        var points = 0
        var commas = 0
        var lastMark = -1
        var lastByte: UInt8 = 0
        var digitsBefore = 0
        for index in from..<to {
            let byte = text[index]
            if byte >= 48, byte <= 57 {
                if lastMark < 0 { digitsBefore &+= 1 }
                continue
            }
            if byte == 46 {
                points &+= 1
            } else if byte == 44 {
                commas &+= 1
            } else {
                continue
            }
            lastMark = index
            lastByte = byte
        }
        if points + commas == 0 { return .none }
        if points > 1, commas > 1 { return .bad }
        let asDecimal: DecimalHint = lastByte == 46 ? .point : .comma
        let asGrouping: DecimalHint = lastByte == 46 ? .comma : .point
        if points > 0, commas > 0 { return (lastByte == 46 ? points : commas) == 1 ? asDecimal : .bad }
        if points + commas > 1 { return groupsOfThree(lastByte) ? asGrouping : .bad }
        if dashedDecimals { return asDecimal }
        let after = to - lastMark - 1
        // Only one to three digits, not beginning with zero, before and exactly three behind may be thousands.
        guard after == 3, (1...3).contains(digitsBefore), text[from] != 48, digitsBefore == lastMark - from else {
            return asDecimal
        }
        return .open(lastByte)
    }

    private func groupsOfThree(_ mark: UInt8) -> Bool {
        var run = 0
        var groups = 0
        for index in from..<to {
            if text[index] == mark {
                guard groups == 0 ? (1...3).contains(run) : run == 3 || run == 2 else { return false }
                groups += 1
                run = 0
            } else {
                run += 1
            }
        }
        return run == 3
    }

    /// The value with `places` decimals under a column's style.
    func value(_ style: DecimalStyle, places: Int) throws(DecimalFault) -> Int64 {
        // Digits and at most a point, under the point style, are what the exact parser reads itself.
        var clean = !dashedDecimals
        for index in from..<to where clean {
            let byte = text[index]
            clean = (byte >= 48 && byte <= 57) || (byte == 46 && style == .point)
        }
        let magnitude: Int64
        if clean {
            magnitude = try Self.exact(UnsafeBufferPointer(rebasing: text[from..<to]), places)
        } else {
            magnitude = try ungrouped(style, places: places)
        }
        return negative ? -magnitude : magnitude
    }

    private static func exact(_ digits: UnsafeBufferPointer<UInt8>, _ places: Int) throws(DecimalFault) -> Int64 {
        do {
            return try FixedPoint.parse(bytes: digits, decimals: places)
        } catch let problem as DecimalProblem {
            throw .limits(problem)
        } catch {
            throw .notANumber
        }
    }

    /// Takes the grouping out and checks it: one kind of mark, groups of three (or, the Indian way, of two before the last three).
    private func ungrouped(_ style: DecimalStyle, places: Int) throws(DecimalFault) -> Int64 {
        var digits: [UInt8] = []
        digits.reserveCapacity(to - from)
        var groupMark: UInt32 = 0
        var run = 0
        var decimals = false
        var index = from
        while index < to {
            let byte = text[index]
            if byte >= 48, byte <= 57 {
                digits.append(byte)
                run += 1
                index += 1
            } else if byte == style.mark {
                guard !decimals, groupMark == 0 || run == 3 else { throw .grouping }
                decimals = true
                digits.append(UInt8(ascii: "."))
                index += 1
            } else {
                guard let (mark, length) = groupingMark(at: index, style) else {
                    throw byte | 0x20 == UInt8(ascii: "e") ? .exponent : .notANumber
                }
                guard !decimals, groupMark == 0 ? (1...3).contains(run) : mark == groupMark && (run == 3 || run == 2)
                else { throw .grouping }
                groupMark = mark
                run = 0
                index += length
            }
        }
        guard decimals || groupMark == 0 || run == 3 else { throw .grouping }
        return try digits.withUnsafeBufferPointer { buffer -> Result<Int64, DecimalFault> in
            do throws(DecimalFault) { return .success(try Self.exact(buffer, places)) } catch { return .failure(error) }
        }.get()
    }

    private func groupingMark(at index: Int, _ style: DecimalStyle) -> (UInt32, Int)? {
        let byte = text[index]
        if byte == style.grouping || byte == 32 || byte == UInt8(ascii: "'") { return (UInt32(byte), 1) }
        let rest = text[index..<to]
        if byte == 0xC2, rest.starts(with: "\u{A0}".utf8) { return (0xA0, 2) }
        if byte == 0xE2 {
            if rest.starts(with: "\u{2019}".utf8) { return (0x27, 3) }
            if rest.starts(with: "\u{202F}".utf8) || rest.starts(with: "\u{2009}".utf8) { return (0x202F, 3) }
        }
        return nil
    }

    /// The value of a JSON number, whose exponent (if any) is exact.
    static func json(_ text: UnsafeBufferPointer<UInt8>, places: Int) throws(DecimalFault) -> Int64 {
        guard let e = text.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return try exact(text, places) }
        guard let exponent = Int(String(decoding: text[(e + 1)...], as: UTF8.self)), abs(exponent) <= 40 else {
            throw .limits(.tooLarge)
        }
        var digits: [UInt8] = []
        var point = -1
        for byte in text[..<e] where byte != 45 {
            if byte == 46 { point = digits.count } else { digits.append(byte) }
        }
        point = (point < 0 ? digits.count : point) + exponent
        if point < 0 { digits.insert(contentsOf: repeatElement(48, count: -point), at: 0) }
        if point > digits.count { digits.append(contentsOf: repeatElement(48, count: point - digits.count)) }
        digits.insert(46, at: max(point, 0))
        if text[0] == 45 { digits.insert(45, at: 0) }
        return try digits.withUnsafeBufferPointer { buffer -> Result<Int64, DecimalFault> in
            do throws(DecimalFault) { return .success(try exact(buffer, places)) } catch { return .failure(error) }
        }.get()
    }
}

/// Signs and letters that stand around amounts.
enum CurrencyMark {
    private static let symbols: [String: [String]] = [
        "€": ["EUR"], "£": ["GBP"], "¥": ["JPY", "CNY"], "₹": ["INR"], "zł": ["PLN"], "Kč": ["CZK"], "Ft": ["HUF"],
        "Fr.": ["CHF"], "SFr.": ["CHF"], "kr": ["SEK", "NOK", "DKK", "ISK"], "kr.": ["SEK", "NOK", "DKK", "ISK"],
        "₺": ["TRY"], "₽": ["RUB"], "₩": ["KRW"], "₪": ["ILS"], "₴": ["UAH"], "US$": ["USD"], "C$": ["CAD"],
        "CA$": ["CAD"], "A$": ["AUD"], "AU$": ["AUD"], "NZ$": ["NZD"], "S$": ["SGD"], "HK$": ["HKD"], "R$": ["BRL"],
        "lei": ["RON"], "円": ["JPY"], "Euro": ["EUR"],
    ]
    /// Currencies written with a bare dollar sign.
    private static let dollars: Set<String> = [
        "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "BBD", "BMD", "BSD", "BZD",
        "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD", "BND",
    ]

    static func isKnown(_ mark: String) -> Bool { mark == "$" || symbols[mark] != nil || Currency(mark) != nil }

    /// False where the mark belongs to other currencies.
    static func allows(_ mark: String, _ currency: Currency) -> Bool {
        if mark == "$" { return dollars.contains(currency.code) }
        if let codes = symbols[mark] { return codes.contains(currency.code) }
        return Currency(mark) == currency
    }
}

/// What the cells of one column say about its decimals.
struct DecimalEvidence {
    private(set) var point: [Int] = []
    private(set) var comma: [Int] = []
    private(set) var open: [Int] = []
    private(set) var openExample = ""
    private static let kept = 3

    /// - Parameter small: thousands cannot occur (percentages), so that a lone mark is a decimal mark.
    mutating func see(_ cell: UnsafeBufferPointer<UInt8>, row: Int, small: Bool = false) {
        guard let text = try? DecimalText(cell) else { return }
        switch text.hint {
        case .open(let mark) where small:
            if mark == UInt8(ascii: ".") { Self.keep(row, &point) } else { Self.keep(row, &comma) }
        case .none, .bad: break
        case .point: Self.keep(row, &point)
        case .comma: Self.keep(row, &comma)
        case .open:
            if open.isEmpty { openExample = String(decoding: cell, as: UTF8.self) }
            Self.keep(row, &open)
        }
    }
    private static func keep(_ row: Int, _ rows: inout [Int]) {
        if rows.count < kept { rows.append(row) }
    }
}
