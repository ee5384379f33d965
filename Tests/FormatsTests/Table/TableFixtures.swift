import Formats
import Foundation
import Testing

/// A file that lives as long as the test that needs it.
final class TemporaryFile {
    let path: String

    init(_ bytes: some Sequence<UInt8>) {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("table-\(UUID().uuidString)").path
        _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
    }
    convenience init(_ text: String) { self.init(text.utf8) }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open(separator: TableSeparator? = nil) throws(TableProblems) -> TableFile {
        try TableFile.open(path: path, separator: separator)
    }
}

/// All cells of a text read as a table, as text.
func cells(_ text: String, separator: TableSeparator? = nil) throws -> [[String]] {
    try cells(Array(text.utf8), separator: separator)
}
func cells(_ bytes: [UInt8], separator: TableSeparator? = nil) throws -> [[String]] {
    let file = TemporaryFile(bytes)
    let table = try file.open(separator: separator)
    let rows = try table.rows(table.survey(fields: []))
    var result: [[String]] = []
    while let row = try rows.next() {
        #expect(row.problems.isEmpty)
        result.append((0..<row.cellCount).map { row.cellText($0) })
    }
    return result
}

/// The values of one column, and what was wrong with it.
struct ColumnReading<Value> {
    var values: [Value?] = []
    var problems: [TableProblem] = []
    var warnings: [TableWarning] = []
}

/// Reads a one-column file (after the heading `x`; quoted where a cell holds the separator) with the accessor given.
func column<Value>(
    _ cells: [String], _ kind: FieldKind, separator: TableSeparator = .semicolon,
    options: TableOptions = TableOptions(),
    _ read: (TableRow, TableField) -> Value?
) throws -> ColumnReading<Value> {
    let sink = TextSink()
    var writer = CSVWriter(sink, separator: separator)
    try writer.row(["x", "other"])
    for cell in cells { try writer.row([cell, "o"]) }
    let file = TemporaryFile(sink.bytes)
    let table = try file.open()
    let survey = try table.survey(fields: [FieldDeclaration("x", kind)], options: options)
    let rows = try table.rows(survey)
    let field = survey.field("x")
    var result = ColumnReading<Value>()
    while let row = try rows.next() { result.values.append(read(row, field)) }
    result.problems = rows.problems.kept
    result.warnings = survey.warnings.filter { $0.code != "table.columns-ignored" }
    return result
}

/// The problems thrown by `body`; none when it throws nothing.
func problems(_ body: () throws -> Void) -> [TableProblem] {
    do {
        try body()
        return []
    } catch {
        return (error as? TableProblems)?.all ?? []
    }
}

/// A small seeded generator (SplitMix64), so that a failing round can be repeated.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
