import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Testing

@Suite("Ageing")
struct AgingTests {
    static func noon(_ day: String) -> Instant { Instant("\(day)T12:00:00.000000Z")! }
    static func day(_ text: String) -> Day { Day(text)! }

    /// January: two customers; what happens to them is told in the tests below.
    static func office(_ engine: Engine) async throws -> (Office, [String: Instant]) {
        let office = try await Office.open(engine)
        var known: [String: Instant] = [:]
        known["issued"] = try await office.work(at: noon("2026-01-10")) { clerk in
            let anna = try clerk.customer("0010", "Anna Öl & Söhne")
            let bert = try clerk.customer("0002", "Bert")
            let first = try clerk.invoice("RE-1", anna, 11_900, issued: day("2026-01-01"), due: day("2026-01-31"))
                .document
            try clerk.invoice("RE-2", anna, 23_800, issued: day("2026-01-05"), due: day("2026-03-01"))
            try clerk.invoice(
                "GS-1", anna, -1_190, issued: day("2026-01-06"), due: day("2026-01-06"), kind: .credit, corrects: first)
            try clerk.invoice("RE-3", bert, 5_950, issued: day("2026-01-02"), due: day("2026-01-02"))
            clerk.dispute(first, of: anna, 20_000, opened: day("2026-01-15"), closed: day("2026-02-20"))
        }
        return (office, known)
    }

    static func ageing(_ office: Office, _ day: String, known: Instant? = nil, buckets: AgingBuckets = AgingBuckets()!)
        async throws -> AgingReport
    {
        let scope = try await office.scope(day, known: known)
        return try await office.database.read { try AgingReport.read(scope, buckets, in: $0) }
    }

    @Test("due on the day is not due; a credit note ages by its own due day", arguments: Office.engines)
    func buckets(engine: Engine) async throws {
        let (office, _) = try await Self.office(engine)
        let due = try #require(try await Self.ageing(office, "2026-01-31").currencies.first)
        #expect(due.buckets.map(\.amount) == ["357.00", "47.60", "0.00", "0.00", "0.00"])
        #expect(due.buckets.map(\.items) == [2, 2, 0, 0, 0])
        #expect(due.customers.map(\.customer) == ["0002", "0010"])
        #expect(due.customers[1].buckets == ["357.00", "-11.90", "0.00", "0.00", "0.00"])
        // No more is in dispute than is open.
        #expect(due.customers[1].disputed == "119.00")
        let later = try #require(try await Self.ageing(office, "2026-04-30").currencies.first)
        #expect(later.buckets.map(\.amount) == ["0.00", "0.00", "238.00", "119.00", "47.60"])
        #expect(later.customers[1].disputed == "0.00")
    }

    @Test("buckets and their basis can be chosen", arguments: Office.engines)
    func chosen(engine: Engine) async throws {
        let (office, _) = try await Self.office(engine)
        let buckets = try #require(AgingBuckets([25, 29], by: .invoiceDay))
        let block = try #require(try await Self.ageing(office, "2026-01-31", buckets: buckets).currencies.first)
        #expect(block.buckets.map(\.label) == ["up to 25", "26-29", "over 29"])
        #expect(block.buckets.map(\.amount) == ["-11.90", "297.50", "119.00"])
        #expect(AgingBuckets([]) == nil)
        #expect(AgingBuckets([30, 30]) == nil)
    }

    @Test("tells what was dated by a day and known at an instant, whatever came after", arguments: Office.engines)
    func knownAt(engine: Engine) async throws {
        let (office, known) = try await Self.office(engine)
        let paid = try await office.work(at: Self.noon("2026-02-20")) { clerk in
            let rows = try clerk.books.transaction.query(
                "SELECT customer, document FROM documents WHERE number IN ('RE-1', 'RE-3') ORDER BY number", [])
            let (anna, first) = (RecordID(number: try rows[0].int(0)), RecordID(number: try rows[0].int(1)))
            let (bert, third) = (RecordID(number: try rows[1].int(0)), RecordID(number: try rows[1].int(1)))
            // Anna pays RE-1 less two per cent and ten euros more, dated in January; Bert pays in full; somebody unknown pays, too.
            let receipt = clerk.receipt("P-1", 12_662, on: Self.day("2026-01-20"))
            clerk.apply(receipt, of: 12_662, by: anna, on: Self.day("2026-01-20"), to: [(first, 11_662, 238)])
            let other = clerk.receipt("P-2", 5_950, on: Self.day("2026-01-25"))
            clerk.apply(other, of: 5_950, by: bert, on: Self.day("2026-01-25"), to: [(third, 5_950, 0)])
            _ = clerk.receipt("P-3", 777, on: Self.day("2026-02-02"))
        }
        let undone = try await office.work(at: Self.noon("2026-03-05")) { clerk in
            let command = try clerk.books.transaction.query(
                "SELECT a.command FROM allocations a JOIN documents d ON d.document = a.document WHERE d.number = 'RE-3'",
                [])
            try clerk.undo(CommandID(try command[0].text(0))!, on: Self.day("2026-03-04"))
        }
        func figures(_ day: String, _ known: Instant?) async throws -> [String] {
            let block = try #require(try await Self.ageing(office, day, known: known).currencies.first)
            return [block.total, block.unallocated, block.unassigned, block.net]
        }
        // Known before the payments: nothing paid on any day.
        #expect(try await figures("2026-02-28", known["issued"]) == ["404.60", "0.00", "0.00", "404.60"])
        // Known after them, as of days before, between and after.
        #expect(try await figures("2026-01-19", paid) == ["404.60", "0.00", "0.00", "404.60"])
        #expect(try await figures("2026-01-20", paid) == ["285.60", "-10.00", "0.00", "275.60"])
        #expect(try await figures("2026-01-31", paid) == ["226.10", "-10.00", "0.00", "216.10"])
        #expect(try await figures("2026-02-28", paid) == ["226.10", "-17.77", "-7.77", "208.33"])
        // An instant one microsecond earlier knows nothing of it.
        #expect(
            try await figures("2026-02-28", Instant(micro: paid.micro - 1)) == ["404.60", "0.00", "0.00", "404.60"])
        // Bert's money is taken off his invoice on 4 March, on the day it was put there: it is nobody's from then on.
        #expect(try await figures("2026-01-20", undone) == ["285.60", "-10.00", "0.00", "275.60"])
        #expect(try await figures("2026-01-31", undone) == ["285.60", "-69.50", "-59.50", "216.10"])
        #expect(try await figures("2026-03-03", undone) == ["285.60", "-77.27", "-67.27", "208.33"])
        #expect(try await figures("2026-03-04", undone) == ["285.60", "-77.27", "-67.27", "208.33"])
        #expect(
            try await figures("2026-03-04", Instant(micro: undone.micro - 1)) == [
                "226.10", "-17.77", "-7.77", "208.33",
            ])
        let block = try #require(try await Self.ageing(office, "2026-03-04").currencies.first)
        #expect(block.customers.map(\.customer) == ["0002", "0010", nil])
        #expect(block.customers.map(\.unallocated) == ["0.00", "-10.00", "-67.27"])
        #expect(block.customers.last?.buckets == ["0.00", "0.00", "0.00", "0.00", "0.00"])
    }

    @Test("counting few items one by one and counting all give the same", arguments: Office.engines)
    func bothWays(engine: Engine) async throws {
        let office = try await Office.open(engine)
        try await office.work(at: Self.noon("2026-06-01")) { clerk in
            let customers = try (0..<7).map { try clerk.customer("C\($0)", "Customer \($0)") }
            for number in 0..<300 {
                let issued = Self.day("2026-01-01") + number % 90
                let document = try clerk.invoice(
                    "RE-\(number)", customers[number % 7], Int64(1_000 + number * 37), issued: issued, due: issued + 14
                ).document
                guard number % 3 != 0 else { continue }
                let receipt = clerk.receipt(
                    "P-\(number)", Int64(1_000 + number * 37 - number % 5), on: issued + number % 50)
                clerk.apply(
                    receipt, of: Int64(1_000 + number * 37 - number % 5), by: customers[number % 7],
                    on: issued + number % 50, to: [(document, Int64(1_000 + number * 37 - number % 5), 0)])
            }
        }
        for day in ["2025-12-31", "2026-01-31", "2026-02-14", "2026-03-31", "2026-06-30"] {
            let scope = try await office.scope(day)
            let reports = try await office.database.read { transaction in
                try [Int64(-1), 1_000_000].map { few in
                    try AgingReport.read(scope, AgingBuckets()!, few: few, in: transaction)
                }
            }
            #expect(reports[0] == reports[1])
            let ledger = try await office.database.read {
                try $0.query(
                    "SELECT CAST(sum(minor) AS BIGINT) FROM journal_lines WHERE account = 'receivables' AND day <= $1",
                    [.text(day)])[0].intOrNil(0)
            }
            #expect((reports[0].currencies.first?.total ?? "0.00") == Money(minor: ledger ?? 0, .eur).decimal)
        }
    }

    @Test("sellers stand together where no one is named, currencies apart", arguments: Office.engines)
    func sellers(engine: Engine) async throws {
        let (office, _) = try await Self.office(engine)
        let tokyo = try await Office.found("JP", .jpy, in: office.database, openFrom: Self.day("2011-01-01"))
        try await Office(database: office.database, book: tokyo).work(at: Self.noon("2026-01-11")) { clerk in
            clerk.currency = .jpy
            let customer = try clerk.customer("0002", "東京電力")
            try clerk.invoice("RE-1", customer, 119_000, issued: Self.day("2026-01-11"), due: Self.day("2026-01-31"))
            clerk.currency = .eur
            try clerk.invoice("RE-2", customer, 119, issued: Self.day("2026-01-11"), due: Self.day("2026-01-31"))
        }
        let scope = ReportScope(book: nil, asOf: Self.day("2026-01-31"), knownAt: try await office.known())
        let report = try await office.database.read { try AgingReport.read(scope, AgingBuckets()!, in: $0) }
        #expect(report.currencies.map(\.currency) == ["EUR", "JPY"])
        #expect(report.currencies[1].total == "119000")
        #expect(
            report.currencies[0].customers.map { "\($0.seller) \($0.customer ?? "") \($0.total)" } == [
                "DE 0002 59.50", "JP 0002 1.19", "DE 0010 345.10",
            ])
        let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(json.contains("\"as_of\":\"2026-01-31\""))
        #expect(json.contains("\"from_days\":null"))
        #expect(report.rows.count == 4 * 5)
    }
}
