/// Writes the rows that were not taken, with the reasons in front, as a file that can be corrected and imported again: the two columns
/// in front mean nothing to an import and are left out.
public struct RejectedRows {
    private var writer: CSVWriter
    private let headings: [String]
    private let isWorkbook: Bool
    public private(set) var count = 0

    /// - Parameter table: the file the rows come from; its separator is kept, so that decimals are understood as before.
    public init(_ sink: TextSink, of table: TableFile) {
        if case .separated(let separator) = table.format {
            writer = CSVWriter(sink, separator: separator)
        } else {
            writer = CSVWriter(sink)
        }
        headings = table.headings
        isWorkbook = table.format == .workbook
    }

    /// One row, exactly as it was read, with everything that was wrong with it.
    public mutating func add(_ row: TableRow) throws(TextWriteFailure) {
        if count == 0 { try writer.row(["rejected_row", "rejected_because"] + headings) }
        count += 1
        writer.cell(String(row.number))
        writer.cell(
            row.problems.map { [$0.column, $0.why].compactMap(\.self).joined(separator: ": ") }.joined(separator: " "))
        // A row too narrow stays too narrow: filled up, it would pass with its cells under the wrong headings.
        // A cell that begins like a formula is made harmless; one that was made so before is kept.
        for column in 0..<row.cellCount {
            let cell = row.cell(column)
            let isMarked = CSVWriter.isFormula(cell) || (isWorkbook && CSVWriter.isGuarded(cell))
            if isMarked { writer.cell("'" + row.cellText(column)) } else { writer.cell(cell) }
        }
        try writer.endRow()
    }

    public func flush() throws(TextWriteFailure) { try writer.sink.flush() }
}
