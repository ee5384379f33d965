import CXLSXWriter
import Money

/// What a column of a sheet holds; a text that is not of its kind is written as text.
public enum SheetColumn: Sendable, Hashable {
    case text
    /// `2026-10-31`, written as a day.
    case day
    /// A decimal of which every digit after the point is shown: amounts, with their currency's decimals.
    case amount
    /// A decimal, shown as short as it is.
    case number
}

/// A workbook could not be written, or a text in it is longer than a cell may be (32,767 characters).
public enum SheetWriteFailure: Error, Hashable, Sendable {
    case notWritten(String)
    case textTooLong(column: String)
    case tooManyRows
}

/// Writes a workbook of one table, and a second sheet that says what it is. Memory does not grow with the rows. Numbers are numbers,
/// days are days, and a text is always a text, never a formula, whatever it begins with; so an import of the file reads what was
/// written, exactly. What a binary fraction could not hold exactly (more than 15 digits) is written as text.
public final class SheetWriter {
    private let book: OpaquePointer
    private let headings: [String]
    private let columns: [SheetColumn]
    private var widths: [Int]
    private var isClosed = false
    public private(set) var count = 0

    private static let longest = 32_767
    private static let mostRows = 1_048_575

    /// - Parameters:
    ///   - path: made when it is closed.
    ///   - name: of the sheet; what a sheet's name cannot hold is left out.
    ///   - title: in the properties of the file.
    ///   - recorded: stands in the file as when it was made, so that equal answers are equal files.
    public init(
        path: String, name: String, title: String, headings: [String], columns: [SheetColumn], recorded: Instant
    ) throws(SheetWriteFailure) {
        guard let book = cxlsx_new(path, title, "", recorded.micro / 1_000_000) else { throw .notWritten("no memory") }
        self.book = book
        self.headings = headings
        self.columns = headings.indices.map { columns.indices.contains($0) ? columns[$0] : .text }
        widths = headings.map(\.count)
        guard cxlsx_sheet(book, Self.sheetName(name)) else { throw .notWritten("the sheet cannot be made") }
        for (column, heading) in headings.enumerated() {
            _ = cxlsx_heading(book, 0, Int32(column), Self.escaped(heading), self.columns[column].isRight)
        }
    }

    deinit { if !isClosed { _ = cxlsx_close(book) } }

    private static func sheetName(_ name: String) -> String {
        let kept = ColumnMap.trim(name.filter { !"[]:*?/\\'".contains($0) }.prefix(31))
        return kept.isEmpty ? "Duly" : kept
    }

    public func row(_ cells: some Sequence<String>) throws(SheetWriteFailure) {
        guard count < Self.mostRows else { throw .tooManyRows }
        count += 1
        for (column, text) in cells.enumerated() where !text.isEmpty && column < columns.count {
            try cell(text, row: Int32(count), column: column)
        }
    }

    private func cell(_ text: String, row: Int32, column: Int) throws(SheetWriteFailure) {
        var shown = text.count
        let place = Int32(column)
        switch columns[column] {
        case .day:
            if let days = Self.serial(text), cxlsx_day(book, row, place, days) { break }
            try put(text, row, column)
        case .amount, .number:
            if let (digits, decimals) = Self.decimal(text),
                cxlsx_number(book, row, place, digits, decimals, columns[column] == .amount)
            {
                shown += shown / 4
                break
            }
            try put(text, row, column)
        case .text: try put(text, row, column)
        }
        if shown > widths[column] { widths[column] = shown }
    }

    private func put(_ text: String, _ row: Int32, _ column: Int) throws(SheetWriteFailure) {
        guard text.utf16.count <= Self.longest else { throw .textTooLong(column: headings[column]) }
        guard cxlsx_text(book, row, Int32(column), Self.escaped(text)) else {
            throw .textTooLong(column: headings[column])
        }
    }

    /// Sets the second sheet, of names and what they are, and writes the file.
    public func close(about: [(name: String, value: String)]) throws(SheetWriteFailure) {
        for (column, width) in widths.enumerated() { cxlsx_width(book, Int32(column), Int32(max(6, width))) }
        cxlsx_frame(book, Int32(count), Int32(headings.count))
        if cxlsx_sheet(book, "About") {
            for (row, line) in about.enumerated() {
                _ = cxlsx_heading(book, Int32(row), 0, Self.escaped(line.name), false)
                _ = cxlsx_text(book, Int32(row), 1, Self.escaped(line.value))
            }
            cxlsx_width(book, 0, 18)
            cxlsx_width(book, 1, 48)
        }
        isClosed = true
        if let why = cxlsx_close(book) { throw .notWritten(String(cString: why)) }
    }

    /// Days since 1899-12-30, from 1900-03-01 on; nil for what is no day.
    private static func serial(_ text: String) -> Int32? {
        guard text.utf8.count == 10, let day = Day(text), let first = Day(year: 1899, month: 12, day: 30) else {
            return nil
        }
        let days = day.number - first.number
        return days > 60 ? Int32(days) : nil
    }

    /// `-1234.50` as its digits and how many of them are decimals; nil for anything else, and beyond 15 digits.
    private static func decimal(_ text: String) -> (Int64, Int32)? {
        var digits: Int64 = 0
        var count = 0
        var decimals: Int32 = -1
        var isNegative = false
        for (place, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where place == 0: isNegative = true
            case UInt8(ascii: ".") where decimals < 0 && place > 0: decimals = 0
            case 48...57:
                digits = digits * 10 + Int64(byte - 48)
                if digits > 0 { count += 1 }
                if decimals >= 0 { decimals += 1 }
                guard count <= SheetNumber.significant, decimals <= 22 else { return nil }
            default: return nil
            }
        }
        let whole = text.utf8.drop { $0 == UInt8(ascii: "-") }
        let isPadded = whole.first == 48 && whole.dropFirst().first.map { (48...57).contains($0) } == true
        guard text.utf8.contains(where: { (48...57).contains($0) }), decimals != 0, !isPadded else { return nil }
        return (isNegative ? -digits : digits, max(0, decimals))
    }

    /// `_x0041_` in a text is written so that it is not read as `A`; control characters are escaped by the library.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text.replacing("\0", with: "") }
        var out = ""
        var rest = text.replacing("\0", with: "")[...]
        while let place = rest.firstIndex(of: "_") {
            out += rest[..<place]
            let after = rest[place...].dropFirst()
            let code = after.dropFirst().prefix(4)
            let isEscape =
                after.first == "x" && code.count == 4 && code.allSatisfy(\.isHexDigit)
                && after.dropFirst(5).first == "_"
            out += isEscape ? "_x005F_" : "_"
            rest = after
        }
        return out + rest
    }
}

extension SheetColumn {
    var isRight: Bool { self == .amount || self == .number }
}
