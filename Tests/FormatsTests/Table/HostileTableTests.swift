import Formats
import Money
import Testing

@Suite("Hostile tables")
struct HostileTableTests {
    private static let fields = [
        FieldDeclaration("a", .identifier), FieldDeclaration("b", .day), FieldDeclaration("c", .amount),
        FieldDeclaration("d", .flag), FieldDeclaration("e", .instant), FieldDeclaration("f", .percent),
    ]

    /// Reads a file with every accessor on every field; what matters is that it ends in values or typed problems.
    private func readAll(_ bytes: [UInt8]) throws {
        do throws(TableProblems) {
            let table = try TemporaryFile(bytes).open()
            let survey = try table.survey(
                fields: Self.fields, options: TableOptions(dates: .dayMonthYear, decimals: .comma))
            let rows = try table.rows(survey)
            while let row = try rows.next() {
                for field in Self.fields.map({ survey.field($0.name) }) {
                    _ = (
                        row.text(field), row.day(field), row.instant(field), row.money(field, .eur), row.quantity(field)
                    )
                    _ = (row.price(field), row.rate(field), row.integer(field), row.flag(field), row.currency(field))
                }
            }
            #expect(rows.rowCount == survey.rowCount)
        } catch {
            #expect(!error.all.isEmpty)
            #expect(error.all.allSatisfy { !$0.why.isEmpty && !$0.next.isEmpty && $0.code.hasPrefix("table.") })
        }
    }

    @Test("pieces of numbers, days, quotes and JSON in any order end in values or problems", arguments: 1...40)
    func pieces(seed: UInt64) throws {
        var dice = Dice(seed)
        let pieces = [
            "0", "12", "999999999999", "-", "+", "(", ")", ".", ",", "'", " ", "€", "$", "EUR", "%", "E+9", "e", "T",
            ":", "Z",
            "2026", "-10-31", "/", "Apr", "März", "\"", "\"\"", "{", "}", "[", "]", "\\u00", "\\", "null", "true", "\n",
            "\r",
            "\u{A0}", "\u{2212}", "–", "\u{202F}", ";", "\t", "=\"", "yes", "\u{1A}", "\u{7F}", "ñ",
        ]
        for start in ["a,b,c,d,e,f\n", "a;b;c;d;e;f\n", "{\"a\":1,\"b\":2,\"c\":3}\n"] {
            var text = start
            for _ in 0..<400 { text += pieces.randomElement(using: &dice)! }
            try readAll(Array(text.utf8))
            var lines = start
            for _ in 0..<60 {
                let cells = (0..<6).map { _ in
                    (0..<Int.random(in: 0...5, using: &dice)).map { _ in pieces.randomElement(using: &dice)! }.joined()
                        .replacing("\"", with: "").replacing("\n", with: "")
                }
                lines +=
                    start.hasPrefix("{")
                    ? "{\"a\":\"\(cells[0])\",\"b\":\(cells[1]),\"c\":\"\(cells[2])\"}\n"
                    : cells.joined(separator: start.contains(";") ? ";" : ",") + "\n"
            }
            try readAll(Array(lines.utf8))
        }
    }

    @Test("random bytes of any encoding end in values or problems", arguments: 1...40)
    func bytes(seed: UInt64) throws {
        var dice = Dice(seed)
        let beginnings: [[UInt8]] = [
            [], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], Array("a,b\n".utf8), Array("{\"a\":".utf8),
        ]
        for beginning in beginnings {
            let count = Int.random(in: 0...3000, using: &dice)
            try readAll(beginning + (0..<count).map { _ in UInt8.random(in: 1...255, using: &dice) })
            try readAll(beginning + (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) })
            try readAll(
                beginning
                    + (0..<count).map { _ in [10, 13, 34, 44, 59, 48, 0xC3, 0xA4, 97].randomElement(using: &dice)! })
        }
    }
}
