import Money

/// How a column writes decimals.
public enum DecimalStyle: String, Hashable, Sendable, CaseIterable {
    /// `1,234.50`, `1'234.50`, `1 234.50`
    case point
    /// `1.234,50`, `1'234,50`, `1 234,50`
    case comma

    var mark: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
    var grouping: UInt8 { self == .point ? UInt8(ascii: ",") : UInt8(ascii: ".") }
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
