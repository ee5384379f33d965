import Money

/// The second reading of a surveyed file, row by row. Not to be shared between tasks.
public final class TableRows {
    public let survey: TableSurvey
    /// Problems of all rows so far: the first are kept, all are counted.
    public private(set) var problems = TableProblemList()
    /// Rows with at least one problem.
    public private(set) var refusedCount = 0
    public private(set) var rowCount = 0

    private let records: any RecordSource
    private let row: TableRow
    /// Held so that it stays open.
    private let file: TableFile

    init(_ file: TableFile, _ survey: TableSurvey) throws(TableProblems) {
        self.survey = survey
        records = try file.records()
        self.file = file
        row = TableRow(
            buffer: records.buffer, survey: survey, headings: file.headings, format: file.format)
    }

    /// Bytes of the file read so far, of the file's `byteCount`, for progress.
    public var position: Int64 { min(records.buffer.position, file.byteCount) }

    /// The next row that is not blank; nil at the end. It is the same object every time, valid until the next call.
    public func next() throws(TableProblems) -> TableRow? {
        collect()
        while try records.next() {
            if records.buffer.isBlank { continue }
            rowCount += 1
            row.begin()
            return row
        }
        try file.checkUnchanged()
        guard rowCount == survey.rowCount else {
            throw TableProblems(
                "table.changed-while-read", why: "The file had \(survey.rowCount) rows at first and \(rowCount) now.",
                next: "Import a copy that nobody writes to.")
        }
        return nil
    }

    /// Every row in turn.
    public func forEach(_ body: (TableRow) throws -> Void) throws {
        while let row = try next() { try body(row) }
    }

    private func collect() {
        guard row.problemCount > 0 else { return }
        refusedCount += 1
        for problem in row.problems { problems.append(problem) }
        row.forget()
    }
}

extension TableFile {
    /// Begins the second reading.
    public func rows(_ survey: TableSurvey) throws(TableProblems) -> TableRows { try TableRows(self, survey) }
}
