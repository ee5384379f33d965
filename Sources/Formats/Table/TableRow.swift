import Money

/// One row. Values that cannot be read are nil and leave a problem; a blank cell is nil, and a problem only where the field must be
/// filled. After all fields are read, `isRefused` says whether the row may be used.
public final class TableRow {
    /// Number of the record in the file: the headings are 1 (JSON lines: the line).
    public var number: Int { buffer.record }
    /// What was wrong with the row, so far.
    public private(set) var problems: [TableProblem] = []
    public var isRefused: Bool { !problems.isEmpty }
    var problemCount: Int { problems.count }

    private let buffer: RecordBuffer
    private let readings: [FieldReading]
    private let headings: [String]
    private let format: TableFormat
    /// Columns that feed a field.
    private let fed: Set<Int>
    /// Headings up to the last that is not empty: cells beyond may be missing.
    private let neededWidth: Int
    private let sources: UnsafeMutablePointer<Int>
    private var constants: [UnsafeMutableBufferPointer<UInt8>] = []

    init(buffer: RecordBuffer, survey: TableSurvey, headings: [String], format: TableFormat) {
        self.buffer = buffer
        self.headings = headings
        self.format = format
        fed = Set(
            survey.readings.compactMap { if case .column(let column) = $0.source { column } else { nil } })
        readings = survey.readings
        neededWidth = (headings.lastIndex { !$0.isEmpty } ?? -1) + 1
        sources = .allocate(capacity: max(readings.count, 1))
        for (index, reading) in readings.enumerated() {
            switch reading.source {
            case .absent: sources[index] = Int.min
            case .column(let column): sources[index] = column
            case .constant(let text):
                let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(text.utf8.count, 1))
                _ = copy.initialize(from: text.utf8)
                constants.append(UnsafeMutableBufferPointer(start: copy.baseAddress, count: text.utf8.count))
                sources[index] = -constants.count
            }
        }
    }
    deinit {
        sources.deallocate()
        for constant in constants { constant.baseAddress?.deallocate() }
    }

    // MARK: Bytes

    /// How many cells the row has.
    public var cellCount: Int { buffer.cellCount }
    /// Cell of a column by position from 0, exactly as the file has it (quotes and escapes undone); valid until the next row.
    public func cell(_ column: Int) -> UnsafeBufferPointer<UInt8> { buffer.cell(column) }
    /// The same as text.
    public func cellText(_ column: Int) -> String { String(decoding: buffer.cell(column), as: UTF8.self) }

    /// A field's bytes without blanks around them; empty where the cell is blank or the field absent. Valid until the next row.
    public func bytes(_ field: TableField) -> UnsafeBufferPointer<UInt8> {
        let source = sources[field.index]
        if source >= 0 { return CellText.trim(buffer.cell(source)) }
        if source == Int.min { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(constants[-source - 1])
    }
    public func isBlank(_ field: TableField) -> Bool { bytes(field).isEmpty }

    // MARK: Values

    /// The field's text, without blanks around it.
    public func text(_ field: TableField) -> String? {
        guard var bytes = filled(field) else { return nil }
        let reading = readings[field.index]
        if case .separated = format, CSVWriter.isGuarded(bytes) {
            bytes = CellText.trim(UnsafeBufferPointer(rebasing: bytes[1...]))
        }
        if reading.declaration.kind == .identifier { bytes = identifier(bytes, reading) }
        return String(decoding: bytes, as: UTF8.self)
    }

    public func day(_ field: TableField) -> Day? {
        guard let bytes = filled(field) else { return nil }
        let reading = readings[field.index]
        do throws(DayFault) {
            return try DayText(bytes).day(reading.dates ?? .yearMonthDay, shortYears: reading.shortYears)
        } catch {
            refuse(field, code: "table.not-a-day", why: error.why, next: error.next)
            return nil
        }
    }

    /// A moment; the cell must say its zone.
    public func instant(_ field: TableField) -> Instant? {
        guard let bytes = filled(field) else { return nil }
        do throws(DayFault) {
            let parts = try DayText(bytes)
            let day = try parts.day(readings[field.index].dates ?? .yearMonthDay, shortYears: false)
            if let time = parts.time, let zone = parts.zone {
                return Instant(micro: Int64(day.number) * 86_400_000_000 + time - Int64(zone) * 60_000_000)
            }
            refuse(
                field, code: "table.not-an-instant", why: "It does not say a time and its zone.",
                next: "Write it as 2026-10-31T09:15:00Z.")
        } catch {
            refuse(field, code: "table.not-an-instant", why: error.why, next: "Write it as 2026-10-31T09:15:00Z.")
        }
        return nil
    }

    /// An amount of this currency, exact: more decimals than the currency has are a problem.
    public func money(_ field: TableField, _ currency: Currency) -> Money? {
        guard let minor = decimal(field, places: currency.decimals, limit: Money.limit, currency: currency) else {
            return nil
        }
        return Money(minor: minor, currency)
    }

    public func quantity(_ field: TableField) -> Quantity? {
        decimal(field, places: Quantity.decimals, limit: Quantity.limit).map { Quantity(micro: $0) }
    }

    /// A unit price; a currency sign in the cell must fit `currency` where that is given.
    public func price(_ field: TableField, _ currency: Currency? = nil) -> UnitPrice? {
        decimal(field, places: UnitPrice.decimals, limit: UnitPrice.limit, currency: currency).map {
            UnitPrice(scaled: $0)
        }
    }

    /// A percentage, with or without its sign: `19`, `8.875 %`. At most 100,000 %.
    public func rate(_ field: TableField) -> Rate? {
        decimal(field, places: Rate.decimals - 2, limit: Self.rateLimit, percent: true).map { Rate(scaled: $0) }
    }

    /// A whole number; `30.0` is one.
    public func integer(_ field: TableField) -> Int? {
        decimal(field, places: 0, limit: Int64.max).map { Int($0) }
    }

    public func flag(_ field: TableField) -> Bool? {
        guard let bytes = filled(field) else { return nil }
        guard let value = Flag.read(bytes) else {
            refuse(
                field, code: "table.not-a-flag", why: "It is neither yes nor no.",
                next: "Write yes or no (1 or 0, true or false).")
            return nil
        }
        return value
    }

    public func currency(_ field: TableField) -> Currency? {
        guard let bytes = filled(field) else { return nil }
        if bytes.count == 3, let currency = Currency(String(decoding: bytes, as: UTF8.self)) { return currency }
        refuse(
            field, code: "table.not-a-currency", why: "It is not an active currency of ISO 4217.",
            next: "Write its three letters, for example EUR.")
        return nil
    }

    // MARK: Problems

    /// Records that the row cannot be used because of this field.
    public func refuse(_ field: TableField, code: String, why: String, next: String) {
        let reading = readings[field.index]
        let value = String(decoding: bytes(field).prefix(400), as: UTF8.self)
        add(
            TableProblem(
                code: code, row: number, column: reading.heading, field: reading.declaration.name, value: value,
                why: why,
                next: next))
    }

    /// Records that the row as a whole cannot be used.
    public func refuse(code: String, why: String, next: String) {
        add(TableProblem(code: code, row: number, why: why, next: next))
    }

    /// 100,000 % with the decimals of a rate, as `Rate` accepts.
    private static let rateLimit: Int64 = 100_000_000_000
    /// Problems kept of one row.
    private static let limit = 50
    private func add(_ problem: TableProblem) {
        if problems.count < Self.limit { problems.append(problem) }
    }

    func forget() { problems.removeAll(keepingCapacity: true) }

    /// Judges the shape of the row that was just read.
    func begin() {
        if let defect = buffer.defect {
            refuse(
                code: "table.not-json", why: "The line is not a JSON object: \(defect).",
                next: "Write one object a line, or leave the line out.")
            return
        }
        if format != .jsonLines, buffer.width < neededWidth || buffer.width > headings.count { judgeWidth() }
        if buffer.flags & Cell.broken != 0 { judgeCells() }
        if buffer.flags & Cell.fault != 0 { judgeFaults() }
    }

    private func judgeWidth() {
        if buffer.width > headings.count {
            let extra = headings.count..<buffer.cellCount
            guard buffer.width > RecordBuffer.columnLimit || extra.contains(where: { !buffer.cell($0).isEmpty }) else {
                return
            }
        }
        let many = buffer.width > headings.count
        refuse(
            code: many ? "table.row-too-wide" : "table.row-too-narrow",
            why: "The row has \(buffer.width) cells, the headings are \(headings.count).",
            next: many
                ? (format == .workbook
                    ? "Give the columns beyond the headings a heading, or empty them."
                    : "Put cells that contain the separator into quotation marks.")
                : "Complete the row; a line break inside a cell needs quotation marks around the cell.")
    }

    private func judgeCells() {
        for column in 0..<buffer.cellCount where buffer.cells[column].flags & Cell.broken != 0 {
            let flags = buffer.cells[column].flags
            let (code, why, next): (String, String, String) =
                if flags & Cell.trailing != 0 {
                    (
                        "table.text-after-quote", "Text follows the closing quotation mark.",
                        "Double the quotation marks that belong to the text."
                    )
                } else if flags & Cell.tooLong != 0 {
                    ("table.cell-too-long", "It is longer than 64 KiB.", "Shorten it, or close a quotation mark.")
                } else {
                    ("table.control-character", "It holds a control character.", "Remove the invisible character.")
                }
            let value = String(decoding: buffer.cell(column).prefix(400), as: UTF8.self)
            add(
                TableProblem(
                    code: code, row: number, column: column < headings.count ? headings[column] : "#\(column + 1)",
                    value: value, why: why, next: next))
        }
    }

    /// Cells of a sheet that show an error, or nothing yet; in columns that feed nothing they do no harm.
    private func judgeFaults() {
        for column in 0..<buffer.cellCount where buffer.cells[column].flags & Cell.fault != 0 && fed.contains(column) {
            let value = String(decoding: buffer.cell(column).prefix(400), as: UTF8.self)
            let (why, next) =
                if value.isEmpty {
                    (
                        "The cell holds a formula whose result was not stored.",
                        "Open the file in a spreadsheet program and save it there, or put the value in its place."
                    )
                } else if value.hasPrefix("#") {
                    ("The cell shows the error \(value).", "Correct the formula, or put the value in its place.")
                } else {
                    ("The cell is shown as a day, and its number is none.", "Correct the cell.")
                }
            add(
                TableProblem(
                    code: "table.cell-fault", row: number, column: headings[column], value: value, why: why, next: next)
            )
        }
    }

    // MARK: Reading

    private func filled(_ field: TableField) -> UnsafeBufferPointer<UInt8>? {
        // What is wrong with the cell itself was said already.
        if buffer.flags & Cell.fault != 0, isFaulty(sources[field.index]) { return nil }
        let bytes = self.bytes(field)
        if !bytes.isEmpty { return bytes }
        let declaration = readings[field.index].declaration
        if declaration.required, !declaration.mayBeBlank {
            refuse(field, code: "table.cell-missing", why: "The cell is empty.", next: "Fill it, or leave the row out.")
        }
        return nil
    }

    private func isFaulty(_ column: Int) -> Bool {
        column >= 0 && column < buffer.cellCount && buffer.cells[column].flags & Cell.fault != 0
    }

    private func identifier(
        _ bytes: UnsafeBufferPointer<UInt8>, _ reading: FieldReading
    ) -> UnsafeBufferPointer<UInt8> {
        if reading.dropsPointZero { return UnsafeBufferPointer(rebasing: bytes[..<(bytes.count - 2)]) }
        // ="00123" keeps a spreadsheet from dropping zeros.
        if bytes.count >= 3, bytes[0] == UInt8(ascii: "="), bytes[1] == UInt8(ascii: "\""),
            bytes[bytes.count - 1] == UInt8(ascii: "\"")
        {
            return UnsafeBufferPointer(rebasing: bytes[2..<(bytes.count - 1)])
        }
        return bytes
    }

    private func decimal(
        _ field: TableField, places: Int, limit: Int64, currency: Currency? = nil, percent: Bool = false
    ) -> Int64? {
        guard let bytes = filled(field) else { return nil }
        let column = sources[field.index]
        let isNumber = column >= 0 && buffer.cells[column].flags & Cell.number != 0
        do throws(DecimalFault) {
            let value: Int64
            if isNumber {
                let isPercent = bytes.last == UInt8(ascii: "%")
                if isPercent, !percent { throw .percentSign }
                value = try DecimalText.json(
                    isPercent ? UnsafeBufferPointer(rebasing: bytes.dropLast()) : bytes, places: places)
            } else {
                let text = try DecimalText(bytes)
                if let mark = text.currencyMark {
                    guard !percent else { throw .notANumber }
                    if let currency, !CurrencyMark.allows(mark, currency) { throw .otherCurrency(mark) }
                }
                if text.percent, !percent { throw .percentSign }
                value = try text.value(readings[field.index].decimals, places: places)
            }
            guard value.magnitude <= UInt64(limit) else { throw .limits(.tooLarge) }
            return value
        } catch {
            refuse(field, code: "table.not-a-number", why: error.why, next: error.next)
            return nil
        }
    }
}

/// Words for yes and no.
private enum Flag {
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
        if bytes.count == 1 {
            switch bytes[0] | 0x20 {
            case UInt8(ascii: "1"), UInt8(ascii: "y"), UInt8(ascii: "j"), UInt8(ascii: "t"), UInt8(ascii: "x"):
                return true
            case UInt8(ascii: "0"), UInt8(ascii: "n"), UInt8(ascii: "f"): return false
            default: return nil
            }
        }
        guard bytes.count <= 8 else { return nil }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "yes", "true", "ja", "wahr", "1.0": return true
        case "no", "false", "nein", "falsch", "0.0": return false
        default: return nil
        }
    }
}
