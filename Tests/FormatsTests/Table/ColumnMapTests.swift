import Formats
import Money
import Testing

@Suite("Columns and fields")
struct ColumnMapTests {
    private let fields = [
        FieldDeclaration("invoice_no", .identifier, required: true, synonyms: ["invoice number", "Rechnungsnummer"]),
        FieldDeclaration("issue_date", .day, required: true, synonyms: ["invoice date", "Datum"]),
        FieldDeclaration("due_date", .day, synonyms: ["Fälligkeit", "Datum"]),
        FieldDeclaration("gross", .amount, required: true, synonyms: ["invoice amount", "total"]),
        FieldDeclaration("size", synonyms: ["Größe"]),
    ]
    private func map(_ headings: [String], maps: [String] = [], constants: [String] = []) -> ColumnMap {
        ColumnMap(headings: headings, fields: fields, maps: maps, constants: constants)
    }

    @Test(
        "headings match by case, blanks, underscores, camelCase and diacritics alike",
        arguments: ["InvoiceDate", "invoice date", "Invoice_Date", "INVOICE-DATE", " invoiceDate ", "ìnvoice.dâte"])
    func loose(heading: String) {
        let map = map(["invoiceNumber", heading, "Total"])
        #expect(map.problems.isEmpty)
        #expect(map.sources == [.column(0), .column(1), .absent, .column(2), .absent])
    }

    @Test(
        "umlauts match with and without e, composed and decomposed",
        arguments: ["GROESSE", "Grosse", "Gro\u{308}ße", "größe"])
    func umlauts(heading: String) {
        #expect(map(["invoice_no", "issue_date", "gross", heading]).sources[4] == .column(3))
    }

    @Test("a column called like the field wins over a synonym, which is left out and named")
    func nameWins() {
        let map = map(["gross", "total", "invoice_no", "issue_date"])
        #expect(map.sources[3] == .column(0))
        #expect(map.ignored == [1])
        #expect(map.problems.isEmpty)
    }

    @Test("a synonym of two fields goes to the one still free, and is refused when both are")
    func sharedSynonym() {
        let settled = map(["invoice_no", "issue_date", "Datum", "gross"])
        #expect(settled.problems.isEmpty)
        #expect(settled.sources[2] == .column(2))
        let open = map(["invoice_no", "Datum", "gross"])
        #expect(open.problems.map(\.code) == ["table.column-ambiguous"])
    }

    @Test("all that is wrong is said at once")
    func allAtOnce() {
        let map = map(
            ["invoice_no", "Invoice No", "colour"],
            maps: ["Betrag=gross", "colour=hue", "nonsense"], constants: ["tint=red", "nothing"])
        #expect(
            map.problems.map(\.code) == [
                "table.mapped-column-missing", "table.field-unknown", "table.map-unreadable", "table.field-unknown",
                "table.set-unreadable", "table.field-claimed-twice", "table.column-missing", "table.column-missing",
            ])
        #expect(map.problems.filter { $0.code == "table.column-missing" }.map(\.field) == ["issue_date", "gross"])
    }

    @Test("--map overrides what the heading says, takes an equals sign in it, and may leave a column out")
    func maps() {
        let first = map(
            ["invoice_no", "issue_date", "gross", "net = total"], maps: ["net = total=gross"])
        #expect(first.sources[3] == .column(3))
        #expect(first.ignored == [2])
        let second = map(["invoice_no", "invoice no", "issue_date", "gross"], maps: ["invoice no="])
        #expect(second.problems.isEmpty)
        #expect(second.sources[0] == .column(0))
        let third = map(["no", "no", "issue_date", "gross"], maps: ["#2=invoice_no"])
        #expect(third.sources[0] == .column(1))
        #expect(
            map(["no", "no", "issue_date", "gross"], maps: ["no=invoice_no"]).problems.first?.code
                == "table.mapped-column-twice")
        let both = map(["invoice_no", "day", "gross"], maps: ["day=issue_date", "Day=due_date"])
        #expect(both.sources[1] == .column(1))
        #expect(both.sources[2] == .column(1))
        #expect(both.problems.isEmpty)
    }

    @Test("--set gives every row a value and leaves the column of that meaning out")
    func constants() throws {
        let map = map(["invoice_no", "gross", "issue_date"], constants: ["issue_date = 2026-03-01", "size=a=b"])
        #expect(map.sources[1] == .constant("2026-03-01"))
        #expect(map.sources[4] == .constant("a=b"))
        #expect(map.ignored == [2])
        let twice = self.map(["invoice_no", "gross"], maps: ["gross=issue_date"], constants: ["issue_date=2026-03-01"])
        #expect(twice.problems.map(\.code) == ["table.field-given-twice", "table.column-missing"])
    }

    @Test("constants are read as their kind, and an ambiguous day is refused")
    func constantValues() throws {
        let table = try TemporaryFile("id\n1\n2\n").open()
        let fields = [
            FieldDeclaration("id", .identifier), FieldDeclaration("day", .day), FieldDeclaration("amount", .amount),
        ]
        let survey = try table.survey(
            fields: fields, options: TableOptions(constants: ["day=31.3.2026", "amount=12.50"]))
        let rows = try table.rows(survey)
        try rows.forEach { row in
            #expect(row.day(survey.field("day"))?.description == "2026-03-31")
            #expect(row.money(survey.field("amount"), .eur)?.minor == 1250)
        }
        #expect(rows.rowCount == 2)
        let found = problems {
            _ = try table.survey(fields: fields, options: TableOptions(constants: ["day=1/2/2026"]))
        }
        #expect(found.map(\.code) == ["table.dates-ambiguous"])
    }

    @Test("columns that mean nothing are named once")
    func ignored() throws {
        let table = try TemporaryFile("invoice_no,colour,shade\n1,red,dark\n").open()
        let survey = try table.survey(fields: [FieldDeclaration("invoice_no")])
        #expect(survey.ignored == ["colour", "shade"])
        #expect(survey.warnings.map(\.code) == ["table.columns-ignored"])
        #expect(survey.warnings[0].text.contains("colour, shade"))
    }

    @Test("a missing column and an ambiguous one are refused together")
    func mapAndValues() throws {
        let table = try TemporaryFile("invoice_no,due_date,gross\n1,1/2/2026,5\n").open()
        let found = problems { _ = try table.survey(fields: fields) }
        #expect(found.map(\.code) == ["table.column-missing", "table.dates-ambiguous"])
    }
}
