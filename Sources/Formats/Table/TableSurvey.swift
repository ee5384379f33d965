import Money

/// How one field is read from a surveyed file.
public struct FieldReading: Sendable {
    public let declaration: FieldDeclaration
    public let source: ColumnMap.Source
    /// The column's heading; nil for constants and absent fields.
    public let heading: String?
    /// Under which days are read; nil for other kinds.
    public fileprivate(set) var dates: DateOrder?
    public fileprivate(set) var shortYears = false
    /// Under which decimals are read.
    public fileprivate(set) var decimals: DecimalStyle = .point
    /// Every filled cell ends in `.0`, which a spreadsheet or data frame added to whole numbers.
    public fileprivate(set) var dropsPointZero = false
    /// Rows whose cell is empty.
    public fileprivate(set) var blanks = 0
    /// First row whose cell is empty.
    public fileprivate(set) var firstBlank: Int?
}

/// A field of a survey, to be asked for once and used for every row.
public struct TableField: Hashable, Sendable {
    let index: Int
}

/// What the first reading of a whole file found: which column is which field, how days and decimals are written.
public struct TableSurvey: Sendable {
    public private(set) var readings: [FieldReading]
    /// Rows that are not blank.
    public private(set) var rowCount = 0
    public private(set) var warnings: [TableWarning]
    /// Headings of the columns that feed no field.
    public let ignored: [String]
    private let indexByName: [String: Int]

    /// The field of this name. A name that was not declared is a bug.
    public func field(_ name: String) -> TableField {
        guard let index = indexByName[name] else { preconditionFailure("the field \(name) was not declared") }
        return TableField(index: index)
    }
    public subscript(_ field: TableField) -> FieldReading { readings[field.index] }
    /// Whether a column or a constant feeds the field.
    public func has(_ field: TableField) -> Bool { readings[field.index].source != .absent }
}

extension TableFile {
    /// Reads the whole file once and decides how it is to be read. Everything that stops it is thrown together.
    /// - Parameter progress: called about once a mebibyte with the bytes read so far.
    public func survey(
        fields: [FieldDeclaration], options: TableOptions = TableOptions(), progress: ((Int64) -> Void)? = nil
    ) throws(TableProblems) -> TableSurvey {
        let map = ColumnMap(headings: headings, fields: fields, maps: options.maps, constants: options.constants)
        var survey = TableSurvey(map: map, fields: fields, file: self)
        var problems = map.problems
        do throws(TableProblems) {
            let found = try survey.look(through: self, progress: progress)
            survey.decide(found, options: options, file: self, problems: &problems)
        } catch {
            problems += error.all
        }
        guard problems.isEmpty else { throw TableProblems(problems) }
        return survey
    }
}

/// What the cells of one column showed.
private struct ColumnFindings {
    var field: Int
    var column: Int
    var kind: FieldKind
    var days = DayEvidence()
    var decimals = DecimalEvidence()
    var filled = 0
    var pointZero = 0
    var exponents: [Int] = []
    var exponentExample = ""
    var blanks = 0
    var firstBlank: Int?
}

extension TableSurvey {
    fileprivate init(map: ColumnMap, fields: [FieldDeclaration], file: TableFile) {
        readings = zip(fields, map.sources).map { field, source in
            var heading: String?
            if case .column(let column) = source { heading = file.headings[column] }
            return FieldReading(declaration: field, source: source, heading: heading)
        }
        indexByName = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
        ignored = map.ignored.map { file.headings[$0] }.filter { !$0.isEmpty }
        warnings = file.warnings
        if !ignored.isEmpty {
            warnings.append(
                TableWarning(
                    code: "table.columns-ignored",
                    text: "Columns that mean nothing here and were left out: \(ColumnMap.list(ignored))."))
        }
    }

    fileprivate mutating func look(
        through file: TableFile, progress: ((Int64) -> Void)?
    ) throws(TableProblems) -> [ColumnFindings] {
        var findings: [ColumnFindings] = []
        for (index, reading) in readings.enumerated() {
            guard case .column(let column) = reading.source else { continue }
            findings.append(ColumnFindings(field: index, column: column, kind: reading.declaration.kind))
        }
        let records = try file.records()
        let buffer = records.buffer
        var blankRows = 0
        var firstBlankRow = 0
        var reported: Int64 = -1
        while try records.next() {
            if buffer.isBlank {
                // A line feed at the very end makes no row; blank rows between others are worth a word.
                blankRows += 1
                if firstBlankRow == 0 { firstBlankRow = buffer.record }
                continue
            }
            rowCount += 1
            if let progress, buffer.position != reported {
                reported = buffer.position
                progress(reported)
            }
            for index in findings.indices { findings[index].see(buffer) }
        }
        if blankRows > 0 {
            warnings.append(
                TableWarning(
                    code: "table.blank-rows", row: firstBlankRow,
                    text:
                        "\(blankRows) blank row\(blankRows == 1 ? "" : "s") passed over, the first is row \(firstBlankRow)."
                ))
        }
        if rowCount == 0 {
            warnings.append(TableWarning(code: "table.no-rows", text: "The file has headings and no rows."))
        }
        return findings
    }

    fileprivate mutating func decide(
        _ findings: [ColumnFindings], options: TableOptions, file: TableFile, problems: inout [TableProblem]
    ) {
        for found in findings {
            readings[found.field].blanks = found.blanks
            readings[found.field].firstBlank = found.firstBlank
        }
        decideDays(findings, options, &problems)
        decideDecimals(findings, options, file, &problems)
        decideIdentifiers(findings, &problems)
        checkConstants(options, &problems)
    }

    // MARK: Days

    private mutating func decideDays(
        _ findings: [ColumnFindings], _ options: TableOptions, _ problems: inout [TableProblem]
    ) {
        let columns = findings.filter { $0.kind == .day }
        let decided = Set(columns.compactMap { Self.order(of: $0.days) })
        for found in columns {
            let days = found.days
            let reading = readings[found.field]
            if let asked = options.dates {
                readings[found.field].dates = asked
                readings[found.field].shortYears = true
                continue
            }
            if !days.dayFirst.isEmpty, !days.monthFirst.isEmpty {
                problems.append(
                    Self.problem(
                        "table.dates-contradict", reading, row: days.monthFirst[0],
                        why:
                            "Day before month in \(Self.rows(days.dayFirst)), month before day in \(Self.rows(days.monthFirst)).",
                        next: "Correct these rows, or say which order holds with --dates dmy or --dates mdy."))
            }
            if !days.short.isEmpty {
                problems.append(
                    Self.problem(
                        "table.two-digit-years", reading, row: days.short[0],
                        why:
                            "Years have two digits in \(Self.rows(days.short)), so year, month and day cannot be told apart.",
                        next: "Write years with four digits, or say the order with --dates dmy, mdy or ymd."))
            }
            if let order = Self.order(of: days) {
                readings[found.field].dates = order
            } else if days.open.isEmpty {
                readings[found.field].dates = .yearMonthDay
            } else if decided.count == 1, let order = decided.first {
                readings[found.field].dates = order
                warn(reading, days, order, "as in the other columns of the file")
            } else if days.openAreDotted {
                readings[found.field].dates = .dayMonthYear
                warn(reading, days, .dayMonthYear, "as is usual where points stand between the parts")
            } else if days.dayFirst.isEmpty || days.monthFirst.isEmpty {
                problems.append(
                    Self.problem(
                        "table.dates-ambiguous", reading, row: days.open[0], value: days.openExample,
                        why: "No value of the column decides whether the day or the month comes first.",
                        next: "Say it with --dates dmy or --dates mdy."))
            }
        }
    }

    private static func order(of days: DayEvidence) -> DateOrder? {
        switch (days.dayFirst.isEmpty, days.monthFirst.isEmpty) {
        case (false, true): .dayMonthYear
        case (true, false): .monthDayYear
        default: nil
        }
    }

    private mutating func warn(_ reading: FieldReading, _ days: DayEvidence, _ order: DateOrder, _ reason: String) {
        warnings.append(
            TableWarning(
                code: "table.date-order-assumed", row: days.open[0], column: reading.heading,
                text: "No value of the column decides the order; it was read as \(order.name) \(reason). "
                    + "Say --dates if that is wrong."))
    }

    // MARK: Decimals

    private mutating func decideDecimals(
        _ findings: [ColumnFindings], _ options: TableOptions, _ file: TableFile, _ problems: inout [TableProblem]
    ) {
        let columns = findings.filter { $0.kind.isDecimal }
        let decided = Set(columns.compactMap { Self.style(of: $0.decimals) })
        for found in columns {
            let decimals = found.decimals
            let reading = readings[found.field]
            if let asked = options.decimals {
                readings[found.field].decimals = asked
            } else if !decimals.point.isEmpty, !decimals.comma.isEmpty {
                problems.append(
                    Self.problem(
                        "table.decimals-contradict", reading, row: decimals.comma[0],
                        why:
                            "A decimal point in \(Self.rows(decimals.point)), a decimal comma in \(Self.rows(decimals.comma)).",
                        next: "Correct these rows, or say which holds with --decimals point or --decimals comma."))
            } else if let style = Self.style(of: decimals) {
                readings[found.field].decimals = style
            } else if decimals.open.isEmpty {
                readings[found.field].decimals = .point
            } else if decided.count == 1, let style = decided.first {
                readings[found.field].decimals = style
                warn(reading, decimals, style, "as in the other columns of the file")
            } else if decided.isEmpty, file.format == .separated(.comma) || file.format == .jsonLines {
                // Who separates cells by commas does not write decimals with them, and programs that write JSON use points.
                readings[found.field].decimals = .point
                if decimals.openExample.contains(",") {
                    warn(reading, decimals, .point, "as is usual where commas separate the cells")
                }
            } else {
                problems.append(
                    Self.problem(
                        "table.decimals-ambiguous", reading, row: decimals.open[0], value: decimals.openExample,
                        why: "It may be thousands or three decimals, and no value of the column decides.",
                        next: "Say --decimals point or --decimals comma."))
            }
        }
    }

    private mutating func warn(
        _ reading: FieldReading, _ decimals: DecimalEvidence, _ style: DecimalStyle, _ reason: String
    ) {
        warnings.append(
            TableWarning(
                code: "table.decimals-assumed", row: decimals.open[0], column: reading.heading,
                text: "No value of the column decides between thousands and decimals; it was read with a decimal "
                    + "\(style.rawValue) \(reason). Say --decimals if that is wrong."))
    }

    private static func style(of decimals: DecimalEvidence) -> DecimalStyle? {
        switch (decimals.point.isEmpty, decimals.comma.isEmpty) {
        case (false, true): .point
        case (true, false): .comma
        default: nil
        }
    }

    // MARK: Identifiers

    private mutating func decideIdentifiers(_ findings: [ColumnFindings], _ problems: inout [TableProblem]) {
        for found in findings where found.kind == .identifier {
            let reading = readings[found.field]
            if !found.exponents.isEmpty {
                problems.append(
                    Self.problem(
                        "table.identifiers-shortened", reading, row: found.exponents[0], value: found.exponentExample,
                        why:
                            "A spreadsheet shortened numbers of this column to E notation in \(Self.rows(found.exponents)); "
                            + "digits are lost.",
                        next: "Export it again with the column formatted as text."))
            }
            if found.filled > 0, found.pointZero == found.filled {
                readings[found.field].dropsPointZero = true
                warnings.append(
                    TableWarning(
                        code: "table.point-zero-dropped", column: reading.heading,
                        text:
                            "Every number of the column ends in .0, as data tools write whole numbers; it was left out."
                    ))
            }
        }
    }

    // MARK: Constants

    private mutating func checkConstants(_ options: TableOptions, _ problems: inout [TableProblem]) {
        for index in readings.indices {
            guard case .constant(let text) = readings[index].source else { continue }
            let field = readings[index].declaration
            if text.isEmpty {
                if field.required, !field.mayBeBlank {
                    problems.append(
                        Self.problem(
                            "table.cell-missing", readings[index], why: "--set gives it an empty value.",
                            next: "Give a value after the equals sign."))
                }
                continue
            }
            var bytes = Array(text.utf8)
            bytes.withUnsafeMutableBufferPointer { buffer in
                let cell = UnsafeBufferPointer(buffer)
                if field.kind == .day {
                    var days = DayEvidence()
                    days.see(cell, row: 0)
                    readings[index].shortYears = options.dates != nil
                    let dotted = days.openAreDotted && !days.open.isEmpty ? DateOrder.dayMonthYear : nil
                    readings[index].dates = options.dates ?? Self.order(of: days) ?? dotted
                    if readings[index].dates == nil, !days.open.isEmpty {
                        problems.append(
                            Self.problem(
                                "table.dates-ambiguous", readings[index], value: text,
                                why: "The value of --set may be read as day and month or as month and day.",
                                next: "Write it as year-month-day."))
                    }
                    readings[index].dates = readings[index].dates ?? .yearMonthDay
                }
                if field.kind.isDecimal { readings[index].decimals = options.decimals ?? .point }
            }
        }
    }

    // MARK: Words

    private static func problem(
        _ code: String, _ reading: FieldReading, row: Int? = nil, value: String? = nil, why: String, next: String
    ) -> TableProblem {
        TableProblem(
            code: code, row: row, column: reading.heading, field: reading.declaration.name, value: value, why: why,
            next: next)
    }
    private static func rows(_ rows: [Int]) -> String {
        rows.count == 1 ? "row \(rows[0])" : "rows \(rows.map(String.init).joined(separator: ", "))"
    }
}

extension ColumnFindings {
    fileprivate mutating func see(_ buffer: RecordBuffer) {
        let cell = CellText.trim(buffer.cell(column))
        guard !cell.isEmpty else {
            blanks += 1
            if firstBlank == nil { firstBlank = buffer.record }
            return
        }
        switch kind {
        case .day: days.see(cell, row: buffer.record)
        case .amount, .quantity, .price, .percent, .integer:
            guard buffer.cells[column].flags & Cell.number == 0 else { return }
            decimals.see(cell, row: buffer.record, small: kind == .percent)
        case .identifier:
            filled += 1
            if CellText.isWholeWithPointZero(cell) {
                pointZero += 1
            } else if CellText.isShortened(cell), exponents.count < 3 {
                if exponents.isEmpty { exponentExample = String(decoding: cell, as: UTF8.self) }
                exponents.append(buffer.record)
            }
        default: break
        }
    }
}
