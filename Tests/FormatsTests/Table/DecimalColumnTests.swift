import Formats
import Money
import Testing

@Suite("Decimals of a column")
struct DecimalColumnTests {
    private func amounts(
        _ cells: [String], _ currency: Currency = .eur, separator: TableSeparator = .semicolon,
        decimals: DecimalStyle? = nil
    ) throws -> ColumnReading<String> {
        try column(cells, .amount, separator: separator, options: TableOptions(decimals: decimals)) {
            $0.money($1, currency)?.decimal
        }
    }

    @Test("every usual way to write thousands and decimals is understood")
    func styles() throws {
        #expect(try amounts(["1.234,50", "12,5", "1.234.567,00"]).values == ["1234.50", "12.50", "1234567.00"])
        #expect(try amounts(["1,234.50", "12.5", "1,234,567"]).values == ["1234.50", "12.50", "1234567.00"])
        #expect(try amounts(["1'234.50", "1’234’567.05"]).values == ["1234.50", "1234567.05"])
        #expect(
            try amounts(["1 234,50", "1\u{A0}234,5", "1\u{202F}234\u{202F}567,00"]).values == [
                "1234.50", "1234.50", "1234567.00",
            ])
        #expect(try amounts(["12,34,567.50"]).values == ["1234567.50"])
        #expect(try amounts([".5", ",5"].dropLast()).values == ["0.50"])
        #expect(try amounts([",5"]).values == ["0.50"])
        #expect(try amounts(["12,-", "1.234,--", "12,–"]).values == ["12.00", "1234.00", "12.00"])
    }

    @Test("signs before, behind, as brackets, and the typographic minus")
    func signs() throws {
        #expect(
            try amounts(["-5.00", "5.00-", "(5.00)", "\u{2212}5.00", "+5.00", "- 5.00", "5.00 -"]).values
                == ["-5.00", "-5.00", "-5.00", "-5.00", "5.00", "-5.00", "-5.00"])
        #expect(try amounts(["--5.00", "-5.00-", "(-5.00)", "(5.00", "5.00)"]).values == [nil, nil, nil, nil, nil])
    }

    @Test("currency signs around an amount must fit the row's currency")
    func currencies() throws {
        let read = try amounts([
            "€ 5.00", "5.00 €", "EUR 5.00", "5.00EUR", "-€5.00", "€-5.00", "(€5.00)", "(5.00) EUR", "5.00\u{A0}€",
        ])
        #expect(read.values == ["5.00", "5.00", "5.00", "5.00", "-5.00", "-5.00", "-5.00", "-5.00", "5.00"])
        let other = try amounts(["$5.00", "USD 5.00", "£5.00", "5.00 kg", "5 %"])
        #expect(other.values == [nil, nil, nil, nil, nil])
        #expect(other.problems[0].why.contains("another currency"))
        #expect(try amounts(["$1,067.55", "US$ 5.00"], .usd).values == ["1067.55", "5.00"])
        #expect(try amounts(["Fr. 12.50", "CHF 1'250.00"], .chf).values == ["12.50", "1250.00"])
        #expect(try amounts(["¥1200", "1200円"], .jpy).values == ["1200", "1200"])
    }

    @Test("thousands or decimals: a column of which no value decides is refused, and --decimals settles it")
    func ambiguous() throws {
        let found = problems { _ = try amounts(["1,234", "5"]) }
        #expect(found.map(\.code) == ["table.decimals-ambiguous"])
        #expect(found.first?.value == "1,234")
        #expect(problems { _ = try amounts(["1.234"], .jpy) }.map(\.code) == ["table.decimals-ambiguous"])
        #expect(try amounts(["1,234"], decimals: .point).values == ["1234.00"])
        #expect(try amounts(["1.234"], decimals: .comma).values == ["1234.00"])
        #expect(try amounts(["0.234", "1234.567"], decimals: nil).problems.count == 2)
    }

    @Test("other cells of the column decide")
    func otherCells() throws {
        #expect(try amounts(["1,234", "1,234.50"]).values == ["1234.00", "1234.50"])
        #expect(try amounts(["1.234", "7,5"]).values == ["1234.00", "7.50"])
        #expect(try amounts(["1.234", "1.234.567"]).values == ["1234.00", "1234567.00"])
        let quantities = try column(["1.234", "2.5"], .quantity) { $0.quantity($1)?.decimal }
        #expect(quantities.values == ["1.234", "2.5"])
    }

    @Test("the separator comma decides for the decimal point")
    func separatorDecides() throws {
        let quantities = try column(["1.125", "12.375"], .quantity, separator: .comma) { $0.quantity($1)?.decimal }
        #expect(quantities.values == ["1.125", "12.375"])
        #expect(quantities.warnings.isEmpty)
        let grouped = try amounts(["1,234"], separator: .comma)
        #expect(grouped.values == ["1234.00"])
        #expect(grouped.warnings.map(\.code) == ["table.decimals-assumed"])
        #expect(try amounts(["12,50"], separator: .comma).values == ["12.50"])
    }

    @Test("another column decides, with a warning")
    func otherColumn() throws {
        let table = try TemporaryFile("q;p\n1.234;2,50\n").open()
        let survey = try table.survey(fields: [FieldDeclaration("q", .quantity), FieldDeclaration("p", .price)])
        let row = try #require(try table.rows(survey).next())
        #expect(row.quantity(survey.field("q"))?.decimal == "1234")
        #expect(survey.warnings.map(\.code) == ["table.decimals-assumed"])
    }

    @Test("a contradictory column is refused with the rows")
    func contradictory() {
        let found = problems { _ = try amounts(["1.234,50", "1,234.50", "3"]) }
        #expect(found.map(\.code) == ["table.decimals-contradict"])
        #expect(found.first?.why.contains("row 3") == true && found.first?.why.contains("row 2") == true)
    }

    @Test(
        "what is no amount is refused in its row",
        arguments: [
            "abc", "-", "1.2.3", "1,23.50", "1 23.50", "12e5", "1.2E+05", "1..5", "5.", "0x10", "٣", "1_000", "1.005",
            "NaN", "5 5 5",
        ])
    func nonsense(cell: String) throws {
        let read = try amounts(["7.50", cell])
        if cell == "5." {
            #expect(read.values == ["7.50", "5.00"])
            return
        }
        #expect(read.values == ["7.50", nil])
        #expect(read.problems.map(\.code) == ["table.not-a-number"])
        #expect(read.problems.first?.row == 3)
    }

    @Test("limits: ten to the fifteenth minor units, and one more is refused")
    func limits() throws {
        let read = try amounts([
            "10000000000000.00", "10000000000000.01", "-10000000000000.01", "99999999999999999999999.0",
        ])
        #expect(read.values == ["10000000000000.00", nil, nil, nil])
        #expect(read.problems.allSatisfy { $0.why.contains("larger") })
        let quantities = try column(["1000000000", "1000000000.000001", "0.0000001"], .quantity) {
            $0.quantity($1)?.decimal
        }
        #expect(quantities.values == ["1000000000", nil, nil])
        let prices = try column(["900000000", "900000000.1"], .price) { $0.price($1)?.decimal }
        #expect(prices.values == ["900000000", nil])
    }

    @Test("decimals of the currency: none for yen, three for Kuwaiti dinars, zeros beyond are fine")
    func currencyDecimals() throws {
        #expect(try amounts(["1200", "12.5", "12.0"], .jpy).values == ["1200", nil, "12"])
        #expect(try amounts(["1.2345", "1.2340", "0.5"], Currency("KWD")!).values == [nil, "1.234", "0.500"])
    }

    @Test("percentages, whole numbers, flags and currencies")
    func otherKinds() throws {
        let rates = try column(["19", "8.875%", "7 %", "100001", "x"], .percent) { $0.rate($1)?.percent }
        #expect(rates.values == ["19", "8.875", "7", nil, nil])
        let whole = try column(["30", "30.0", "-1", "2.5", "99999999999999999999"], .integer) { $0.integer($1) }
        #expect(whole.values == [30, 30, -1, nil, nil])
        let flags = try column(["yes", "No", "JA", "nein", "1", "0", "TRUE", "false", "x", "maybe", "2"], .flag) {
            $0.flag($1)
        }
        #expect(flags.values == [true, false, true, false, true, false, true, false, true, nil, nil])
        let currencies = try column(["EUR", "usd", "XXX", "Euro"], .currency) { $0.currency($1)?.code }
        #expect(currencies.values == ["EUR", "USD", nil, nil])
    }
}
