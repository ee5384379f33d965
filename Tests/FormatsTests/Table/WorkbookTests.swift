import Foundation
import Host
import Money
import Testing

@testable import Formats

/// Workbooks of other programs are read as their makers meant them, and what is no workbook is said to be none.
@Suite("Workbooks")
struct WorkbookTests {
    struct Unavailable: Error, CustomStringConvertible { let description: String }

    /// The folder into which tools/test_workbooks.py writes.
    static let folder: Result<URL, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("workbooks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard let python = ProcessInfo.processInfo.environment["DULY_TEST_PYTHON"] else {
            throw Unavailable(
                description: "DULY_TEST_PYTHON is not set; ./test prepares a Python with openpyxl and sets it")
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [root.appendingPathComponent("tools/test_workbooks.py").path, folder.path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Unavailable(description: "test_workbooks.py failed") }
        return folder
    }
    static func path(_ name: String) throws -> String { try folder.get().appendingPathComponent(name).path }

    /// Each row's number and its cells.
    static func rows(_ path: String, sheet: String? = nil) throws -> [(number: Int, cells: [String])] {
        let table = try TableFile.open(path: path, sheet: sheet)
        let rows = try table.rows(table.survey(fields: []))
        var result: [(number: Int, cells: [String])] = []
        while let row = try rows.next() {
            result.append((row.number, (0..<row.cellCount).map { row.cellText($0) }))
        }
        return result
    }

    @Test("what openpyxl writes: days, times, numbers, flags, percents and texts; the first sheet that can be seen")
    func openpyxl() throws {
        let path = try Self.path("openpyxl.xlsx")
        let table = try TableFile.open(path: path)
        #expect(table.format == .workbook)
        #expect(table.headings == ["id", "day", "at", "amount", "flag", "rate", "note"])
        #expect(table.warnings.map(\.code) == ["table.sheets-left-out"])
        #expect(table.warnings[0].text.contains("Rows was read; left out: Second."))
        #expect(
            try Self.rows(path).map(\.cells) == [
                ["4711", "2026-01-31", "2026-01-31T09:15:00", "0.3", "true", "19%", "Bäcker & Söhne"],
                ["123456789012345", "1900-02-28", "", "0.0000001", "false", "8.875%", "two\nlines "],
                ["007", "2199-12-31", "", "-1234.5", "", "100%", "=1+1"],
            ])
        #expect(try TableFile.open(path: path, sheet: "second").headings == ["other"])
        #expect(try TableFile.open(path: path, sheet: "Old").headings == ["nothing"])
        #expect(try Self.rows(try Self.path("1904.xlsx")).map(\.cells) == [["2026-10-31"]])
    }

    @Test("cells are read as their fields: percent is no amount, and neither is a day")
    func fields() throws {
        let table = try TableFile.open(path: try Self.path("openpyxl.xlsx"))
        let survey = try table.survey(fields: [
            FieldDeclaration("id", .identifier), FieldDeclaration("day", .day), FieldDeclaration("amount", .quantity),
            FieldDeclaration("flag", .flag), FieldDeclaration("rate", .percent), FieldDeclaration("note"),
        ])
        let rows = try table.rows(survey)
        func field(_ name: String) -> TableField { survey.field(name) }
        let first = try #require(try rows.next())
        #expect(first.text(field("id")) == "4711")
        #expect(first.day(field("day")) == Day("2026-01-31"))
        #expect(first.quantity(field("amount"))?.micro == 300_000)
        #expect(first.flag(field("flag")) == true)
        #expect(first.rate(field("rate")) == Rate(scaled: 19_000_000))
        #expect(first.problems.isEmpty)
        #expect(first.quantity(field("rate")) == nil)
        #expect(first.problems.map(\.why) == ["A percentage cannot stand here."])
        _ = try rows.next()
        let third = try #require(try rows.next())
        #expect(third.text(field("note")) == "=1+1")
    }

    @Test("what ISO 29500 allows and few programs write")
    func odd() throws {
        let path = try Self.path("odd.xlsx")
        let table = try TableFile.open(path: path)
        #expect(table.headings == ["", "name", "Rich text", "day", "number", "why"])
        let rows = try Self.rows(path)
        #expect(rows.map(\.number) == [7, 9, 12])
        #expect(rows[0].cells == ["", "line\rend _x0041_", "=cached", "2026-10-31", "1234.56789012345", ""])
        #expect(rows[1].cells == ["", "2026-10-31", "true", "2026-10-31T09:15:00", "1.5", "01:00:00"])
        let survey = try table.survey(fields: [FieldDeclaration("name"), FieldDeclaration("day", .day)])
        let read = try table.rows(survey)
        while let row = try read.next() { _ = row.day(survey.field("day")) }
        #expect(read.problems.kept.map(\.code) == ["table.cell-fault", "table.cell-fault"])
        #expect(read.problems.kept.map(\.row) == [12, 12])
        #expect(read.problems.kept.map(\.column) == ["name", "day"])
        #expect(read.problems.kept.map(\.value) == ["#DIV/0!", "60"])
        #expect(read.refusedCount == 1)
    }

    @Test("an error in a column that means nothing does no harm, a formula without a result does")
    func faults() throws {
        let odd = try TableFile.open(path: try Self.path("odd.xlsx"))
        let rows = try odd.rows(odd.survey(fields: [FieldDeclaration("why")]))
        while try rows.next() != nil {}
        #expect(rows.problems.isEmpty)
        let formulas = try TableFile.open(path: try Self.path("formulas.xlsx"))
        let read = try formulas.rows(formulas.survey(fields: [FieldDeclaration("b")]))
        while try read.next() != nil {}
        #expect(read.problems.kept.map(\.code) == ["table.cell-fault"])
        #expect(read.problems.kept[0].why == "The cell holds a formula whose result was not stored.")
    }

    @Test(
        "what cannot be read is refused in words",
        arguments: [
            ("order.xlsx", "table.workbook-damaged", "in their order"),
            ("index.xlsx", "table.workbook-damaged", "cut off"),
            ("broken.xlsx", "table.workbook-damaged", "not well-formed"),
            ("laughs.xlsx", "table.workbook-damaged", "declares a document type"),
            ("bomb.xlsx", "table.workbook-too-large", "two hundred times"),
            ("long.xlsx", "table.record-too-long", "1 MiB"),
            ("deep.xlsx", "table.workbook-damaged", "not well-formed"),
            ("document.docx", "table.binary", "a text document"),
            ("table.ods", "table.binary", "an OpenDocument file"), ("binary.xlsb", "table.binary", "a binary workbook"),
            ("secret.xlsx", "table.encrypted", "a password"), ("old.xls", "table.binary", "an old spreadsheet"),
        ])
    func refused(name: String, code: String, why: String) throws {
        let path = try Self.path(name)
        let found = problems {
            let table = try TableFile.open(path: path)
            _ = try table.survey(fields: [])
        }
        #expect(found.map(\.code) == [code])
        #expect(found.first?.why.contains(why) == true, "\(found)")
    }

    @Test("a cell beyond the headings, and a sheet that is not there")
    func places() throws {
        let wide = try TableFile.open(path: try Self.path("wide.xlsx"))
        let rows = try wide.rows(wide.survey(fields: []))
        while try rows.next() != nil {}
        #expect(rows.problems.kept.map(\.code) == ["table.row-too-wide"])
        let path = try Self.path("openpyxl.xlsx")
        let missing = problems { _ = try TableFile.open(path: path, sheet: "Third") }
        #expect(missing.map(\.code) == ["table.sheet-missing"])
        #expect(missing[0].why.contains("Old, Rows, Second"))
        let text = TemporaryFile("a,b\n1,2\n")
        #expect(problems { _ = try TableFile.open(path: text.path, sheet: "x") }.map(\.code) == ["table.no-sheets"])
    }

    @Test(
        "a file cut off anywhere, or with altered bytes, is refused and never ends the program", arguments: [1, 2, 3])
    func hostile(seed: UInt64) throws {
        var dice = Dice(seed)
        for name in ["openpyxl.xlsx", "odd.xlsx", "many.xlsx"] {
            let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try Self.path(name))))
            for _ in 0..<60 {
                let cut = TemporaryFile(whole.prefix(Int.random(in: 4..<whole.count, using: &dice)))
                let found = withExtendedLifetime(cut) { problems { _ = try Self.rows(cut.path) } }
                #expect(!found.isEmpty)
                var altered = whole
                for _ in 0..<3 {
                    altered[Int.random(in: altered.indices, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
                }
                // It may still be one: an altered byte of a name that nobody reads, or of a time.
                let file = TemporaryFile(altered)
                _ = withExtendedLifetime(file) { problems { _ = try Self.rows(file.path) } }
            }
        }
    }
}
