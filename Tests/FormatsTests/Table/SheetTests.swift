import Foundation
import Host
import Money
import Testing

@testable import Formats

/// What is written into a workbook is read out of it, exactly.
@Suite("Sheets")
struct SheetTests {
    static let recorded = Instant("2026-03-01T09:15:00.000000Z")!

    static func written(
        _ headings: [String], _ columns: [SheetColumn], _ rows: some Sequence<[String]>
    ) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sheet-\(UUID().uuidString).xlsx").path
        let sheet = try SheetWriter(
            path: path, name: "Rows [all]: *?", title: "Rows", headings: headings, columns: columns, recorded: recorded)
        for row in rows { try sheet.row(row) }
        try sheet.close(about: [("As of", "2026-03-01")])
        return path
    }

    static let texts = [
        "=1+1", "+49 30 12", "-1", "@sum", "'quoted", "007", "1E5", " both ends ", "two\nlines", "tab\there",
        "a_x0041_b",
        "_x", "<&>\"'", "Ünïcödé 請求書 🧾", "https://duly.example/", "TRUE", "#N/A", "2026-01-01", "\"", "_x005F_x0041_",
    ]

    @Test("texts of every kind stay what they are")
    func texts() throws {
        let path = try Self.written(["text", "end"], [.text], Self.texts.map { [$0, "."] })
        #expect(try WorkbookTests.rows(path).map { $0.cells[0] } == Self.texts)
        #expect(try TableFile.open(path: path).headings == ["text", "end"])
    }

    static let numbers = [
        "0", "0.00", "1", "-1234.50", "9999999999999.99", "-0.01", "123456789012345", "0.0000000001", "8.41", "1.10",
        "0.1", "1e5", "1,5", "12345678901234.56", "9007199254740993", "",
    ]

    @Test("numbers keep every digit, and what a binary fraction could not hold is text")
    func numbers() throws {
        for column in [SheetColumn.amount, .number] {
            let path = try Self.written(["number", "end"], [column], Self.numbers.map { [$0, "."] })
            let table = try TableFile.open(path: path)
            let survey = try table.survey(fields: [FieldDeclaration("number")])
            let rows = try table.rows(survey)
            var read: [String] = []
            while let row = try rows.next() { read.append(row.text(survey.field("number")) ?? "") }
            let expected = Self.numbers.map { text in
                guard text.contains("."), !text.contains("12345678901234.56") else { return text }
                var short = text
                while short.hasSuffix("0") { short.removeLast() }
                return short.hasSuffix(".") ? String(short.dropLast()) : short
            }
            #expect(read == expected)
        }
    }

    @Test("any decimal of up to 15 digits comes back", arguments: 1...20 as ClosedRange<UInt64>)
    func decimals(seed: UInt64) throws {
        var dice = Dice(seed)
        let values = (0..<200).map { _ in
            Int64.random(in: -999_999_999_999_999...999_999_999_999_999, using: &dice)
                / [1, 10, 100_000, 1_000_000_000].randomElement(using: &dice)!
        }
        let path = try Self.written(["amount"], [.amount], values.map { [FixedPoint.text($0, decimals: 6)] })
        let table = try TableFile.open(path: path)
        let survey = try table.survey(fields: [FieldDeclaration("amount", .quantity)])
        let rows = try table.rows(survey)
        var read: [Int64?] = []
        while let row = try rows.next() { read.append(row.quantity(survey.field("amount"))?.micro) }
        #expect(read == values)
        #expect(rows.problems.isEmpty)
    }

    @Test(
        "numbers are taken by their digits: fifteen where a fraction was stored, all where it is whole",
        arguments: [
            ("0.30000000000000004", "0.3"), ("0.1000000000000000055", "0.1"), ("1E+2", "100"), ("1e-7", "0.0000001"),
            ("12345678901234567890", "12345678901234567890"), ("1.2345678901234567E+18", "1.23456789012346E+18"),
            ("999999999999999.9", "1000000000000000"), ("-0.0", "0"), ("00012.50", "12.5"), ("-1234.5", "-1234.5"),
            ("1E+14", "100000000000000"), ("2.5E-3", "0.0025"), ("NaN", nil), ("", nil), ("-", nil), ("1.2.3", nil),
            ("1E", nil), ("0x1F", nil), ("1e999", nil),
        ] as [(String, String?)])
    func digits(stored: String, read: String?) {
        let text = Array(stored.utf8).withUnsafeBufferPointer { SheetNumber($0)?.text }
        #expect(text.map { String(decoding: $0, as: UTF8.self) } == read)
    }

    @Test(
        "a format says whether its numbers are days, whatever stands around the letters",
        arguments: [
            ("yyyy\\-mm\\-dd", "2026-10-31"), ("[$-407]d. mmmm yyyy;@", "2026-10-31"), ("mmm", "2026-10-31"),
            ("[Red]0.00", "46326"), ("\"day\" 0", "46326"), ("General", "46326"), ("0.00E+00", "46326"),
            ("[h]:mm", "46326"), ("0%", "4632600%"), ("#,##0.00 \"Std\"", "46326"), ("_-* #,##0\\ [$€-407]_-", "46326"),
        ])
    func formats(code: String, read: String) throws {
        let number = try #require(Array("46326".utf8).withUnsafeBufferPointer { SheetNumber($0) })
        let text: String? =
            switch SheetStyle(code: code) {
            case .plain: String(decoding: number.text, as: UTF8.self)
            case .percent: String(decoding: number.hundredfold.text, as: UTF8.self) + "%"
            case .moment: SheetCalendar.from1900.text(number)
            }
        #expect(text == read, "\(code)")
    }

    @Test("days are days, also before the calendar of spreadsheets begins")
    func days() throws {
        let days = ["2026-10-31", "1900-03-01", "1900-02-28", "2199-12-31", "2024-02-29", "never"]
        let path = try Self.written(["day", "end"], [.day], days.map { [$0, "."] })
        #expect(try WorkbookTests.rows(path).map { $0.cells[0] } == days)
    }

    @Test("a sheet says what it is, keeps its heading in view and has no formula")
    func looks() throws {
        let path = try Self.written(["name", "amount"], [.text, .amount], [["=HYPERLINK(1)", "1234.50"]])
        let again = try Self.written(["name", "amount"], [.text, .amount], [["=HYPERLINK(1)", "1234.50"]])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(contentsOf: URL(fileURLWithPath: again)))
        let archive = try unzipped(path)
        #expect(archive["xl/workbook.xml"]?.contains("name=\"Rows all\"") == true)
        let sheet = try #require(archive["xl/worksheets/sheet1.xml"])
        #expect(sheet.contains("state=\"frozen\"") && sheet.contains("<cols>") && !sheet.contains("<f>"))
        #expect(archive["xl/styles.xml"]?.contains("formatCode=\"#,##0.00\"") == true)
        #expect(try WorkbookTests.rows(path, sheet: "About").isEmpty)
        #expect(try TableFile.open(path: path, sheet: "About").headings == ["As of", "2026-03-01"])
        #expect(throws: SheetWriteFailure.textTooLong(column: "name")) {
            _ = try Self.written(["name"], [.text], [[String(repeating: "x", count: 40_000)]])
        }
    }

    private func unzipped(_ path: String) throws -> [String: String] {
        let python = try #require(ProcessInfo.processInfo.environment["DULY_TEST_PYTHON"])
        let script =
            "import json,sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);print(json.dumps({n:z.read(n).decode() for n in z.namelist()}))"
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", script, path]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let data = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: String])
    }

    @Test("a hundred thousand rows are written and read in memory that does not grow with them")
    func large() throws {
        let before = Self.resident()
        let rows = (0..<100_000).lazy.map { number in
            [
                "C-\(number)", "Customer number \(number) of the firm", "2026-01-\(10 + number % 20)", "\(number).25",
                "Town", "x", "1", "EUR",
            ]
        }
        let path = try Self.written(
            ["id", "name", "day", "amount", "city", "note", "count", "currency"],
            [.text, .text, .day, .amount, .text, .text, .number], rows)
        let table = try TableFile.open(path: path)
        let survey = try table.survey(fields: [
            FieldDeclaration("id", .identifier), FieldDeclaration("day", .day), FieldDeclaration("amount", .amount),
        ])
        #expect(survey.rowCount == 100_000)
        let read = try table.rows(survey)
        var sum: Int64 = 0
        while let row = try read.next() { sum += row.money(survey.field("amount"), .eur)?.minor ?? 0 }
        #expect(sum == 99_999 * 50_000 * 100 + 25 * 100_000)
        #expect(read.problems.isEmpty)
        // 35 MB of cells; tests beside this one take their share.
        #expect(Self.resident() - before < 300 << 20)
    }

    /// Bytes of memory in use now.
    private static func resident() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4096
    }

    @Test("texts like formulas are made harmless in CSV and come back as they were")
    func guarded() throws {
        let texts =
            Self.texts + ["'=1", "''+a", "'", "+49 (30) 12-3", "-12.50", "-a", "\tx", "=", "+cmd|' /C calc'!A0"]
        for text in texts {
            let out = CSVWriter.guarded(text)
            let first = out.first ?? " "
            if "=@\t".contains(first) { Issue.record("\(out) begins like a formula") }
            let sink = TextSink()
            var writer = CSVWriter(sink)
            try writer.row(["text"])
            try writer.row([out])
            let file = TemporaryFile(sink.bytes)
            let table = try file.open()
            let survey = try table.survey(fields: [FieldDeclaration("text")])
            let rows = try table.rows(survey)
            let row = try #require(try rows.next())
            #expect(row.text(survey.field("text")) == text.trimmingCharacters(in: .whitespaces), "\(out)")
        }
        #expect(CSVWriter.guarded("-12.50") == "-12.50" && CSVWriter.guarded("+49 (30) 12-3") == "+49 (30) 12-3")
        #expect(CSVWriter.guarded("=1+1") == "'=1+1" && CSVWriter.guarded("-1+cmd") == "'-1+cmd")
    }
}
