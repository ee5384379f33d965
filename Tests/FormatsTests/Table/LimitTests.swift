import Formats
import Testing

@Suite("Limits")
struct LimitTests {
    @Test("a line that does not end is refused, named by row, without being held in memory")
    func endlessLine() throws {
        let file = TemporaryFile(Array("a,b\n1,2\n".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 50_000_000))
        let table = try file.open()
        let found = problems { _ = try table.survey(fields: []) }
        #expect(found.map(\.code) == ["table.record-too-long"])
        #expect(found.first?.row == 3)
    }

    @Test("an endless first line is refused on opening, for separated files and JSON lines")
    func endlessHeading() {
        let letters = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        #expect(problems { _ = try TemporaryFile(letters).open() }.map(\.code) == ["table.record-too-long"])
        let json = Array("{\"a\":\"".utf8) + letters
        #expect(problems { _ = try TemporaryFile(json).open() }.map(\.code) == ["table.record-too-long"])
    }

    @Test("a quotation mark that is never closed is named with row and column")
    func openQuote() throws {
        let short = try TemporaryFile("a,b\n1,2\n3,\"oh\n5,6\n").open()
        let found = problems { _ = try short.survey(fields: []) }
        #expect(found.map(\.code) == ["table.quote-open"])
        #expect(found.first?.row == 3)
        #expect(found.first?.column == "#2")
        let lines = String(repeating: "7,8\n", count: 800_000)
        let long = try TemporaryFile("a,b\n1,2\n3,\"oh\n" + lines).open()
        let later = problems { _ = try long.survey(fields: []) }
        #expect(later.map(\.code) == ["table.record-too-long"])
        #expect(later.first?.row == 3)
        #expect(later.first?.why.contains("quotation mark") == true)
    }

    @Test("a cell of 64 KiB is read, one byte more refuses its row only")
    func cellLength() throws {
        let full = String(repeating: "x", count: 65_536)
        let table = try TemporaryFile("a,b\n1,\(full)\n2,\(full)x\n3,y\n").open()
        let rows = try table.rows(table.survey(fields: []))
        try rows.forEach { _ in }
        #expect(rows.problems.kept.map(\.code) == ["table.cell-too-long"])
        #expect(rows.problems.kept.map(\.row) == [3])
        #expect(rows.problems.kept[0].value?.count == 80)
    }

    @Test("a thousand columns are read, one more is refused")
    func columns() throws {
        let heads = (1...1000).map { "c\($0)" }.joined(separator: ",")
        #expect(try TemporaryFile(heads + "\n").open().headings.count == 1000)
        #expect(problems { _ = try TemporaryFile(heads + ",x\n").open() }.map(\.code) == ["table.too-many-columns"])
        let wide = String(repeating: ",", count: 5000)
        let table = try TemporaryFile("a,b\n1,2\n\(wide)9\n").open()
        let rows = try table.rows(table.survey(fields: []))
        try rows.forEach { _ in }
        #expect(rows.problems.kept.map(\.code) == ["table.row-too-wide"])
        let keys = "{" + (0...1000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}\n"
        #expect(problems { _ = try TemporaryFile(keys).open() }.map(\.code) == ["table.too-many-columns"])
    }

    @Test("of many problems the first thousand are kept and all are counted")
    func manyProblems() throws {
        let text = "n\n" + String(repeating: "nonsense\n", count: 3000)
        let table = try TemporaryFile(text).open()
        let survey = try table.survey(fields: [FieldDeclaration("n", .integer)])
        let rows = try table.rows(survey)
        let field = survey.field("n")
        while let row = try rows.next() { #expect(row.integer(field) == nil) }
        #expect(rows.problems.kept.count == TableProblemList.limit)
        #expect(rows.problems.total == 3000)
        #expect(rows.refusedCount == 3000)
    }
}
