import Formats
import Foundation
import Testing

@Suite("Separated files")
struct SeparatedFileTests {
    @Test("quotes, doubled quotes, separators and line breaks inside quotes are read by RFC 4180")
    func quotes() throws {
        #expect(
            try cells("a,b,c\n\"x, y\",\"say \"\"hi\"\"\",\"two\nlines\"\n1,,\"\"\n")
                == [["x, y", "say \"hi\"", "two\nlines"], ["1", "", ""]])
        #expect(try cells("a,b\n\"\"\"\",\"\"\"a\"\"\"\n") == [["\"", "\"a\""]])
        #expect(try cells("a,b\n5\" pipe,the \"best\"\n") == [["5\" pipe", "the \"best\""]])
        #expect(try cells("a,b\n1, \"x, y\" \n") == [["1", "x, y"]])
        #expect(try cells("a,b\n1,\"cr\r\nlf\"\r\n2,z") == [["1", "cr\r\nlf"], ["2", "z"]])
    }

    @Test("LF, CRLF and CR end a line, also mixed, also missing at the end", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        #expect(try cells(["a,b", "1,2", "3,4"].joined(separator: end)) == [["1", "2"], ["3", "4"]])
        #expect(try cells(["a,b", "1,2", "3,4", ""].joined(separator: end)) == [["1", "2"], ["3", "4"]])
        #expect(try cells("a,b\n" + "1,2" + end + "3,4\r\n5,6") == [["1", "2"], ["3", "4"], ["5", "6"]])
    }

    @Test("the separator is found", arguments: TableSeparator.allCases)
    func separators(separator: TableSeparator) throws {
        let s = separator.rawValue
        let file = TemporaryFile("id\(s)name\(s)amount\nA1\(s)Meier, Köln; Bonn\(s)1\n".replacingCommas(for: separator))
        #expect(try file.open().format == .separated(separator))
        #expect(try file.open().headings == ["id", "name", "amount"])
    }

    @Test("decimal commas in a semicolon file do not make it a comma file")
    func decimalCommas() throws {
        let file = TemporaryFile("nr;menge;preis;netto\n1;2,5;10,25;25,63\n2;1,0;3,10;3,10\n")
        #expect(try file.open().format == .separated(.semicolon))
        let title = TemporaryFile("Name, first;amount\nA;1,5\nB;2,5\n")
        #expect(try title.open().format == .separated(.semicolon))
    }

    @Test("separators inside quotes are not counted, and a file of one column is a table")
    func quotedSeparators() throws {
        let file = TemporaryFile("id,\"a;b;c;d;e\"\n1,\"x;y;z;u;v\"\n")
        #expect(try file.open().format == .separated(.comma))
        #expect(try cells("invoice_no\n0007\n0008\n") == [["0007"], ["0008"]])
    }

    @Test("a spreadsheet's sep= line names the separator and is no row")
    func directive() throws {
        let file = TemporaryFile("sep=;\r\na;b\r\n1,1;2,2\r\n")
        let table = try file.open()
        #expect(table.format == .separated(.semicolon))
        #expect(table.headings == ["a", "b"])
        let row = try #require(try table.rows(table.survey(fields: [])).next())
        #expect(row.number == 2)
        #expect(row.cellText(0) == "1,1")
    }

    @Test("blank rows are passed over with a warning, and row numbers still count them")
    func blankRows() throws {
        let file = TemporaryFile("a;b\n\n1;2\n;\n \n3;4\n\n")
        let table = try file.open()
        let survey = try table.survey(fields: [])
        #expect(survey.rowCount == 3)
        #expect(survey.warnings.first { $0.code == "table.blank-rows" }?.row == 2)
        let rows = try table.rows(survey)
        #expect(try rows.next()?.number == 3)
        #expect(try rows.next()?.number == 5)
        #expect(try rows.next()?.number == 6)
        #expect(try rows.next() == nil)
    }

    @Test("rows too narrow or too wide are refused by number, an empty cell too many is forgiven")
    func ragged() throws {
        let file = TemporaryFile("a,b,c\n1,2\n1,2,3,\n1,2,3,4\n1,2,3\n")
        let table = try file.open()
        let rows = try table.rows(table.survey(fields: []))
        try rows.forEach { _ in }
        #expect(rows.problems.kept.map(\.code) == ["table.row-too-narrow", "table.row-too-wide"])
        #expect(rows.problems.kept.map(\.row) == [2, 4])
        #expect(rows.refusedCount == 2)
    }

    @Test("a last column without heading may be missing")
    func trailingSeparator() throws {
        #expect(try cells("a;b;\n1;2;\n3;4\n") == [["1", "2", ""], ["3", "4"]])
    }

    @Test("text after a closing quote and control characters are refused with row and column")
    func broken() throws {
        let file = TemporaryFile("id,name\n1,\"Meier\" GmbH\n2,a\u{7}b\n3,fine\n")
        let table = try file.open()
        let rows = try table.rows(table.survey(fields: []))
        try rows.forEach { _ in }
        #expect(rows.problems.kept.map(\.code) == ["table.text-after-quote", "table.control-character"])
        #expect(rows.problems.kept.map(\.row) == [2, 3])
        #expect(rows.problems.kept.map(\.column) == ["name", "name"])
    }

    @Test("an empty file, blanks only, headings only, a folder and a missing file each say what they are")
    func emptyFiles() throws {
        #expect(problems { _ = try TemporaryFile("").open() }.map(\.code) == ["table.empty"])
        #expect(problems { _ = try TemporaryFile(" \n\n").open() }.map(\.code) == ["table.empty"])
        #expect(problems { _ = try TemporaryFile([0xEF, 0xBB, 0xBF]).open() }.map(\.code) == ["table.empty"])
        #expect(problems { _ = try TableFile.open(path: "/") }.map(\.code) == ["table.cannot-open"])
        #expect(problems { _ = try TableFile.open(path: "/no/such/file") }.map(\.code) == ["table.cannot-open"])
        let table = try TemporaryFile("a,b\n").open()
        let survey = try table.survey(fields: [FieldDeclaration("a", .day, required: true)])
        #expect(survey.rowCount == 0)
        #expect(survey.warnings.map(\.code).contains("table.no-rows"))
    }

    @Test("a pipe is refused at once, also when nobody writes into it")
    func pipe() {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("pipe-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(problems { _ = try TableFile.open(path: path) }.map(\.code) == ["table.cannot-open"])
    }

    @Test("duplicate headings are a warning as long as nothing needs them")
    func duplicateHeadings() throws {
        let table = try TemporaryFile("a,note,note\n1,2,3\n").open()
        #expect(table.warnings.map(\.code) == ["table.heading-twice"])
    }

    @Test("a byte order mark, a final Ctrl-Z and quoted headings do not get into the data")
    func artefacts() throws {
        let table = try TemporaryFile([0xEF, 0xBB, 0xBF] + Array("\"a\",\" b \"\n1,2\n\u{1A}".utf8)).open()
        #expect(table.headings == ["a", "b"])
        #expect(try table.survey(fields: []).rowCount == 1)
    }

    @Test("records across the pieces a file is read in come out whole")
    func longFiles() throws {
        var text = "id,text\n"
        let filler = String(repeating: "x\"\"y,\n", count: 7000)
        for index in 0..<120 { text += "\(index),\"\(filler)\(index)\"\r\n" }
        let rows = try cells(text)
        #expect(rows.count == 120)
        let plain = filler.replacing("\"\"", with: "\"")
        for index in 0..<120 { #expect(rows[index][1] == plain + "\(index)") }
    }
}

extension String {
    fileprivate func replacingCommas(for separator: TableSeparator) -> String {
        // The name cell holds other separators; they must not win, and the own one must not occur.
        separator == .comma ? replacing("Meier, Köln; Bonn", with: "Meier; Köln") : replacing("; Bonn", with: "")
    }
}
