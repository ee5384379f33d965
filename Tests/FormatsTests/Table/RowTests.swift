import Formats
import Foundation
import Money
import Testing

@Suite("Rows")
struct RowTests {
    @Test("leading zeros stay, blanks around go, a blank required cell is a problem and an optional one is not")
    func texts() throws {
        let table = try TemporaryFile("id,name\n00071,  Meier \n,x\n5,\n").open()
        let survey = try table.survey(fields: [
            FieldDeclaration("id", .identifier, required: true), FieldDeclaration("name"),
        ])
        let rows = try table.rows(survey)
        var ids: [String?] = []
        var names: [String?] = []
        while let row = try rows.next() {
            ids.append(row.text(survey.field("id")))
            names.append(row.text(survey.field("name")))
        }
        #expect(ids == ["00071", nil, "5"])
        #expect(names == ["Meier", "x", nil])
        #expect(rows.problems.kept.map(\.code) == ["table.cell-missing"])
        #expect(rows.problems.kept.map(\.row) == [3])
        #expect(survey[survey.field("name")].blanks == 1)
        #expect(survey[survey.field("name")].firstBlank == 4)
    }

    @Test("an added .0 goes only where every number of the column has it")
    func pointZero() throws {
        let all = try column(["12427.0", "", "17.0"], .identifier) { $0.text($1) }
        #expect(all.values == ["12427", nil, "17"])
        #expect(all.warnings.map(\.code) == ["table.point-zero-dropped"])
        let some = try column(["12427.0", "0017"], .identifier) { $0.text($1) }
        #expect(some.values == ["12427.0", "0017"])
        #expect(some.warnings.isEmpty)
        #expect(try column(["12427.0"], .text) { $0.text($1) }.values == ["12427.0"])
    }

    @Test("numbers that a spreadsheet shortened are refused, a formula that guards zeros is undone")
    func shortened() throws {
        let found = problems { _ = try column(["1.23457E+11", "7"], .identifier) { $0.text($1) } }
        #expect(found.map(\.code) == ["table.identifiers-shortened"])
        #expect(try column(["=\"00123\"", "1E5X"], .identifier) { $0.text($1) }.values == ["00123", "1E5X"])
    }

    @Test("an importer's own refusal stands beside the others, values are cut at eighty characters")
    func ownRefusals() throws {
        let table = try TemporaryFile("id\n" + String(repeating: "é", count: 200) + "\nA\n").open()
        let survey = try table.survey(fields: [FieldDeclaration("id", .identifier)])
        let rows = try table.rows(survey)
        let row = try #require(try rows.next())
        row.refuse(
            survey.field("id"), code: "customer.unknown", why: "No such customer.", next: "Import customers first.")
        #expect(row.isRefused)
        #expect(row.problems[0].value?.count == 80)
        #expect(row.problems[0].what == "Row 2, column id was not read.")
        #expect(try rows.next()?.isRefused == false)
        #expect(rows.refusedCount == 1)
    }

    @Test("rejected rows are written with their reasons and can be imported again once corrected")
    func rejected() throws {
        let table = try TemporaryFile("id;amount;note\n1;12,50;fine\n2;12,5x;\"a;b\"\n3;1,00;too;wide\n4;2,00\n").open()
        let survey = try table.survey(fields: [FieldDeclaration("id"), FieldDeclaration("amount", .amount)])
        let rows = try table.rows(survey)
        let sink = TextSink()
        var rejected = RejectedRows(sink, of: table)
        while let row = try rows.next() {
            _ = row.money(survey.field("amount"), .eur)
            if row.isRefused { try rejected.add(row) }
        }
        #expect(rejected.count == 3)
        #expect(
            sink.text == """
                rejected_row;rejected_because;id;amount;note
                3;amount: It is not a number.;2;"12,5x";"a;b"
                4;"The row has 4 cells, the headings are 3.";3;"1,00";too;wide
                5;"The row has 2 cells, the headings are 3.";4;"2,00"

                """)
        let again = try TemporaryFile(sink.text.replacing("12,5x", with: "12,50")).open()
        #expect(again.format == .separated(.semicolon))
    }

    @Test("progress is reported up to the end of the file")
    func progress() throws {
        let table = try TemporaryFile(
            "a,b\n" + String(repeating: "1,\(String(repeating: "x", count: 60))\n", count: 120_000)
        ).open()
        var seen: [Int64] = []
        let survey = try table.survey(fields: []) { seen.append($0) }
        #expect(survey.rowCount == 120_000)
        #expect(seen.count > 2 && seen == seen.sorted() && seen.last == table.byteCount)
    }

    @Test("a file that is written to between or during the readings is noticed")
    func changed() throws {
        let file = TemporaryFile("a,b\n1,2\n3,4\n")
        let table = try file.open()
        let survey = try table.survey(fields: [])
        try overwrite(file.path, "a,b\n1,2\n")
        #expect(problems { _ = try table.rows(survey) }.map(\.code) == ["table.changed-while-read"])

        let other = TemporaryFile("a,b\n1,2\n3,4\n")
        let second = try other.open()
        let rows = try second.rows(second.survey(fields: []))
        _ = try rows.next()
        // The same length, another moment.
        try overwrite(other.path, "a,b\n1,2\n9,9\n")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: other.path)
        #expect(problems { try rows.forEach { _ in } }.map(\.code) == ["table.changed-while-read"])
    }
}
