import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Testing

@Suite("How customers stand, and what figures are made of")
struct StandingsTests {
    private static func day(_ text: String) -> Day { Day(text)! }

    /// Three customers: one with invoices of three ages, a dispute, a hold and money on account; one who paid; one who has nothing.
    private static func office(_ engine: Engine) async throws -> Office {
        let office = try await Office.open(engine)
        try await office.work(at: AgingTests.noon("2026-01-10")) { clerk in
            let anna = try clerk.customer("0010", "Anna Öl & Söhne")
            let bert = try clerk.customer("0002", "Bert", country: "NL")
            _ = try clerk.customer("0003", "Cleo", toComplete: true)
            let first = try clerk.invoice("RE-1", anna, 11_900, issued: day("2026-01-01"), due: day("2026-01-31"))
                .document
            try clerk.invoice("RE-2", anna, 23_800, issued: day("2026-01-05"), due: day("2026-03-01"))
            try clerk.invoice("RE-4", anna, 1_000, issued: day("2026-01-05"), due: day("2026-01-10"))
            let third = try clerk.invoice("RE-3", bert, 5_950, issued: day("2026-01-02"), due: day("2026-01-12"))
                .document
            clerk.dispute(first, of: anna, 20_000, opened: day("2026-01-15"))
            let receipt = clerk.receipt("P-2", 5_950, on: day("2026-01-25"))
            clerk.apply(receipt, of: 5_950, by: bert, on: day("2026-01-25"), to: [(third, 5_950, 0)])
            _ = clerk.receipt("P-3", 777, on: day("2026-02-02"))
            clerk.row(
                "holds",
                [
                    ("hold", .int(clerk.books.mint().number)), ("customer", .int(anna.number)), ("document", .null),
                    ("reason", .text("talks")), ("from_day", .text("2026-02-01")), ("to_day", .text("2026-02-28")),
                    ("command", .text("")), ("recorded", .text(clerk.books.recordedText)),
                ])
        }
        try await office.work(at: AgingTests.noon("2026-02-03")) { clerk in
            _ = try clerk.books.transaction.execute(
                "UPDATE customers SET credit_limit = 20000 WHERE book = $1 AND number = '0010'",
                [.int(clerk.books.book)])
        }
        return office
    }

    private static func standings(_ office: Office, _ day: String) async throws -> [String: CustomerStandings.Line] {
        let book = office.book
        let read = try await office.database.read {
            try CustomerStandings.read(book: book, day: Self.day(day), in: $0)
        }
        return Dictionary(uniqueKeysWithValues: try #require(read).lines.map { ($0.number, $0) })
    }

    @Test("ages, the oldest, the limit, holds and disputes, on the day", arguments: Office.engines)
    func lines(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let lines = try await Self.standings(office, "2026-02-15")
        let anna = try #require(lines["0010"])
        // Due 1 March, 15 days and 36 days ago.
        #expect(anna.ages == [23_800, 11_900, 1_000, 0, 0])
        #expect(anna.open == 36_700 && anna.overdue == 12_900 && anna.items == 3)
        #expect(anna.oldestDue == Self.day("2026-01-10"))
        #expect(anna.isHeld && anna.disputes == 1 && anna.isOverLimit)
        // 367.00 of 200.00 is 183.5 %, away from zero at the half.
        #expect(anna.limitPercent == 184)
        let bert = try #require(lines["0002"])
        #expect(bert.open == 0 && bert.items == 0 && bert.country == "NL" && bert.limitPercent == nil)
        #expect(lines["0003"]?.toComplete == true)
        let later = try #require(try await Self.standings(office, "2026-03-01")["0010"])
        // Due on the day is not overdue; the hold has ended.
        #expect(later.ages == [23_800, 11_900, 1_000, 0, 0] && !later.isHeld)
        let last = try #require(try await Self.standings(office, "2026-06-30")["0010"])
        #expect(last.ages == [0, 0, 0, 0, 36_700])
    }

    @Test("the sum of all lines is the ageing of today", arguments: Office.engines)
    func sameAsAgeing(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let lines = try await Self.standings(office, "2026-02-15").values
        let block = try #require(try await AgingTests.ageing(office, "2026-02-15").currencies.first)
        let sums = (0..<5).map { age in Money(minor: lines.reduce(0) { $0 + $1.ages[age] }, .eur).decimal }
        #expect(sums == block.buckets.map(\.amount))
    }

    @Test("a currency that is not the customer's own is a line of its own, without a limit", arguments: Office.engines)
    func otherCurrency(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let book = office.book
        try await office.work(at: AgingTests.noon("2026-02-10")) { clerk in
            let row = try clerk.books.transaction.query(
                "SELECT customer FROM customers WHERE book = $1 AND number = '0010'", [.int(clerk.books.book)])
            clerk.currency = .usd
            try clerk.invoice(
                "RE-9", RecordID(number: try row[0].int(0)), 500, issued: Self.day("2026-02-10"),
                due: Self.day("2026-03-10"))
        }
        let read = try await office.database.read {
            try CustomerStandings.read(book: book, day: Self.day("2026-02-15"), in: $0)
        }
        let anna = try #require(read).lines.filter { $0.number == "0010" }
        #expect(anna.map(\.currency) == [.eur, .usd] && anna.map(\.open) == [36_700, 500])
        #expect(anna[1].limit == nil && anna[1].isHeld)
    }

    @Test(
        "the last payment is the last day money was set against a document, and goes with its undo",
        arguments: Office.engines)
    func lastPaid(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let book = office.book
        func paid() async throws -> [Day] {
            try await office.database.read { transaction in
                let all = try transaction.query("SELECT customer FROM customers WHERE book = $1", [.int(book)])
                let days = try CustomerStandings.lastPayments(
                    of: all.map { RecordID(number: try $0.int(0)) }, book: book, in: transaction)
                return Array(days.values)
            }
        }
        #expect(try await paid() == [Self.day("2026-01-25")])
        try await office.work(at: AgingTests.noon("2026-02-20")) { clerk in
            let command = try clerk.books.transaction.query(
                "SELECT command FROM allocations WHERE book = $1", [.int(clerk.books.book)])
            try clerk.undo(CommandID(try command[0].text(0))!, on: Self.day("2026-02-20"))
        }
        #expect(try await paid().isEmpty)
    }

    @Test("the mark changes with a command", arguments: Office.engines)
    func mark(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let book = office.book
        func mark() async throws -> String {
            try await office.database.read { try CustomerStandings.mark(book: book, in: $0) }
        }
        let before = try await mark()
        #expect(try await mark() == before)
        try await office.work(at: AgingTests.noon("2026-02-20")) {
            _ = $0.receipt("P-7", 1, on: Self.day("2026-02-20"))
        }
        #expect(try await mark() > before)
    }

    @Test("the items behind each cell of the ageing come to the cell", arguments: Office.engines)
    func items(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let scope = try await office.scope("2026-02-15")
        let buckets = try #require(AgingBuckets())
        let ageing = try #require(try await AgingTests.ageing(office, "2026-02-15").currencies.first)
        func open(_ filter: OpenItemsReport.Filter) async throws -> (String, [String]) {
            let report = try await office.database.read { try OpenItemsReport.read(scope, buckets, filter, in: $0) }
            return (report.sums.first?.open ?? "0.00", report.items.map(\.number))
        }
        for customer in ageing.customers {
            for (bucket, amount) in zip(ageing.buckets, customer.buckets) where customer.customer != nil {
                let found = try await open(
                    .init(currency: "EUR", customer: customer.customer, bucket: bucket.label))
                #expect(found.0 == amount, "\(customer.customer ?? "") \(bucket.label)")
            }
        }
        #expect(try await open(.init(bucket: "1-30")).1 == ["RE-1"])
        let nobodys = try await open(.init(bucket: OpenItemsReport.onAccount, nobodys: true))
        #expect(nobodys.0 == "-7.77" && nobodys.1 == ["P-3"])
        // The largest first, and the sums of all where not all are told.
        let few = try await office.database.read {
            try OpenItemsReport.read(scope, buckets, .init(), limit: 1, in: $0)
        }
        #expect(few.items.map(\.number) == ["RE-2"] && few.sums.first?.items == 4)
        #expect(few.rows.count == 1 && few.rows[0].count == OpenItemsReport.headings.count)
    }

    @Test("money placed by matching is told from money placed by hand, by month", arguments: Office.engines)
    func placed(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let scope = try await office.scope("2026-02-15")
        let report = try await office.database.read { try PlacedReport.read(scope, in: $0) }
        let block = try #require(report.currencies.first)
        #expect(block.months.map(\.month) == ["2026-01", "2026-02"])
        #expect(block.months[0].received == "59.50" && block.months[0].automatic == "59.50")
        #expect(block.months[0].automaticShare == "100.00" && block.months[0].rest == "0.00")
        #expect(block.months[1].received == "7.77" && block.months[1].automaticShare == "0.00")
        #expect(report.rows.allSatisfy { $0.count == PlacedReport.headings.count })
    }
}
