import Formats
import Money
import Testing

@Suite("Days of a column")
struct DayColumnTests {
    private func days(_ cells: [String], dates: DateOrder? = nil) throws -> ColumnReading<String> {
        try column(cells, .day, options: TableOptions(dates: dates)) { $0.day($1)?.description }
    }

    @Test("the whole column decides: one value above twelve is enough")
    func order() throws {
        #expect(try days(["1/2/2012", "1/26/2012"]).values == ["2012-01-02", "2012-01-26"])
        #expect(try days(["1/2/2012", "26/1/2012"]).values == ["2012-02-01", "2012-01-26"])
        #expect(try days(["1-2-2012", "26-1-2012"]).values == ["2012-02-01", "2012-01-26"])
    }

    @Test("a year in front, a month in words and a time behind need no order")
    func clear() throws {
        let cells = [
            "2026-10-31", "2026/1/2", "2026.01.02", "20261031", "2010-12-03 10:44:00", "2010-12-03T10:44:00.5+02:00",
            "2010-12-03T23:59:59Z", "3. April 2026", "03-Apr-2026", "Apr 3, 2026", "1. März 2026", "1 Dez 2026",
            "2026-10-31 9:05 PM", "2026-Mai-04",
        ]
        let read = try days(cells)
        #expect(read.problems.isEmpty)
        #expect(
            read.values == [
                "2026-10-31", "2026-01-02", "2026-01-02", "2026-10-31", "2010-12-03", "2010-12-03", "2010-12-03",
                "2026-04-03",
                "2026-04-03", "2026-04-03", "2026-03-01", "2026-12-01", "2026-10-31", "2026-05-04",
            ])
    }

    @Test("an ambiguous column is refused and says --dates, which settles it")
    func ambiguous() throws {
        let cells = ["1/2/2026", "3/4/2026", "5/5/2026"]
        let found = problems { _ = try days(cells) }
        #expect(found.map(\.code) == ["table.dates-ambiguous"])
        #expect(found.first?.row == 2)
        #expect(found.first?.value == "1/2/2026")
        #expect(found.first?.next.contains("--dates") == true)
        #expect(try days(cells, dates: .monthDayYear).values == ["2026-01-02", "2026-03-04", "2026-05-05"])
        #expect(try days(cells, dates: .dayMonthYear).values == ["2026-02-01", "2026-04-03", "2026-05-05"])
        #expect(try days(["5/5/2026", "7/7/2026"]).values == ["2026-05-05", "2026-07-07"])
    }

    @Test("points between the parts mean day first, with a warning, unless a value says otherwise")
    func dotted() throws {
        let read = try days(["3.4.2026", "01.02.2026", "3. 5. 2026"])
        #expect(read.values == ["2026-04-03", "2026-02-01", "2026-05-03"])
        #expect(read.warnings.map(\.code) == ["table.date-order-assumed"])
        #expect(try days(["3.4.2026", "1.26.2026"]).values == ["2026-03-04", "2026-01-26"])
    }

    @Test("a contradictory column is refused with the rows that contradict")
    func contradictory() {
        let found = problems { _ = try days(["26/1/2012", "1/2/2012", "1/26/2012", "2/27/2012"]) }
        #expect(found.map(\.code) == ["table.dates-contradict"])
        #expect(found.first?.why.contains("row 2") == true)
        #expect(found.first?.why.contains("rows 4, 5") == true)
    }

    @Test("under a given order the values that do not fit are refused one by one")
    func givenOrder() throws {
        let read = try days(["26/1/2012", "1/2/2012", "1/26/2012"], dates: .dayMonthYear)
        #expect(read.values == ["2012-01-26", "2012-02-01", nil])
        #expect(read.problems.map(\.row) == [4])
        #expect(read.problems.first?.why.contains("day, month, year") == true)
        #expect(try days(["1/2/2012"], dates: .yearMonthDay).problems.count == 1)
        #expect(try days(["2012-02-01"], dates: .dayMonthYear).values == ["2012-02-01"])
    }

    @Test("another column of the same file decides for an ambiguous one, with a warning")
    func otherColumn() throws {
        let table = try TemporaryFile("issued,due\n7/3/2013,8/2/2013\n10/20/2013,11/9/2013\n").open()
        let survey = try table.survey(fields: [FieldDeclaration("issued", .day), FieldDeclaration("due", .day)])
        let rows = try table.rows(survey)
        let row = try #require(try rows.next())
        #expect(row.day(survey.field("due"))?.description == "2013-08-02")
        #expect(survey.warnings.map(\.code) == ["table.date-order-assumed"])
    }

    @Test("two-digit years are refused, and read under a given order")
    func shortYears() throws {
        #expect(problems { _ = try days(["31.12.25"]) }.map(\.code) == ["table.two-digit-years"])
        #expect(
            try days(["31.12.25", "1.1.80", "1.1.79"], dates: .dayMonthYear).values == [
                "2025-12-31", "1980-01-01", "2079-01-01",
            ])
        #expect(try days(["26-04-03"], dates: .yearMonthDay).values == ["2026-04-03"])
    }

    @Test(
        "what is no day is refused in its row",
        arguments: [
            "2026-02-30", "31.4.2026", "45931", "45931.25", "soon", "2026-13-01", "0026-01-01", "2026-1",
            "2026-10-31 25:00",
            "2026-10-31 10:61", "12/2026", "31/12-2026", "2026-10-311", "3 Foo 2026", "1.1.20266", "-", "2026--01",
        ])
    func nonsense(cell: String) throws {
        let read = try days(["2026-10-31", cell])
        #expect(read.values == ["2026-10-31", nil])
        #expect(read.problems.map(\.code) == ["table.not-a-day"])
        #expect(read.problems.first?.row == 3)
        #expect(read.problems.first?.column == "x")
        #expect(read.problems.first?.value == cell)
    }

    @Test("a moment needs its zone")
    func instants() throws {
        let read = try column(
            ["2026-10-31T09:15:00Z", "2026-10-31 09:15:00.25+02:00", "2026-10-31T09:15", "2026-10-31"], .instant
        ) { $0.instant($1)?.description }
        #expect(read.values == ["2026-10-31T09:15:00.000000Z", "2026-10-31T07:15:00.250000Z", nil, nil])
        #expect(read.problems.map(\.row) == [4, 5])
    }
}
