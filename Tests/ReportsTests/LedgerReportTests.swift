import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Testing

@Suite("Reports from the journal")
struct LedgerReportTests {
    static func day(_ text: String) -> Day { Day(text)! }

    /// Invoiced, credited, paid short with a discount and a bank fee, written off, taken back.
    static func office(_ engine: Engine) async throws -> Office {
        let office = try await Office.open(engine)
        try await office.work(at: Instant("2026-01-10T12:00:00.000000Z")!) { clerk in
            let anna = try clerk.customer("0010", "Anna Öl & Söhne")
            let old = try clerk.invoice(
                "ALT-7", anna, 5_000, issued: day("2025-12-20"), due: day("2026-01-19"), kind: .history)
            let first = try clerk.invoice(
                "RE-1", anna, 11_900, issued: day("2026-01-01"), due: day("2026-01-31"), order: "SO-88"
            ).document
            try clerk.invoice(
                "GS-1", anna, -1_190, issued: day("2026-01-06"), due: day("2026-01-06"), kind: .credit, corrects: first)
            let wrong = try clerk.invoice("RE-2", anna, 700, issued: day("2026-01-07"), due: day("2026-02-07"))
            let receipt = clerk.receipt("P-1", 11_700, on: day("2026-02-03"))
            clerk.apply(receipt, of: 11_700, by: anna, on: day("2026-02-03"), to: [(first, 11_662, 238)])
            let second = clerk.receipt("P-2", 4_990, on: day("2026-02-05"))
            clerk.apply(
                second, of: 4_990, by: anna, on: day("2026-02-05"), to: [(old.document, 4_990, 10)],
                account: .bankCharges)
            clerk.row(
                "outbox",
                [
                    ("message", .int(1)), ("command", .text(wrong.command.text)), ("kind", .text("invoice")),
                    ("document", .int(first.number)), ("customer", .int(anna.number)), ("channel", .text("email")),
                    ("state", .text("sent")), ("attempts", .int(1)), ("next_at", .text("2026-01-10T12:00:00.000000Z")),
                    ("message_id", .text("a@b")), ("answer", .text("250 ok")),
                    ("recorded", .text("2026-01-10T12:00:00.000000Z")),
                    ("changed", .text("2026-01-10T12:05:00.000000Z")),
                ])
        }
        try await office.work(at: Instant("2026-03-02T12:00:00.000000Z")!) { clerk in
            for (number, on) in [("RE-2", "2026-02-10"), ("ALT-7", "2026-03-02")] {
                let sql =
                    number == "RE-2"
                    ? "SELECT command FROM documents WHERE number = $1"
                    : "SELECT a.command FROM allocations a JOIN documents d ON d.document = a.document WHERE d.number = $1"
                let command = try clerk.books.transaction.query(sql, [.text(number)])[0].text(0)
                try clerk.undo(CommandID(command)!, on: day(on))
            }
        }
        return office
    }

    @Test("a month's closing is its opening and what happened, and the ageing total", arguments: Office.engines)
    func rollforward(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let scope = try await office.scope("2026-03-31")
        let report = try await office.database.read { try RollforwardReport.read(scope, from: nil, in: $0) }
        let months = try #require(report.currencies.first).months
        #expect(months.map(\.month) == ["2025-12", "2026-01", "2026-02", "2026-03"])
        #expect(
            report.rows.map { Array($0.dropFirst(2)) } == [
                ["0.00", "50.00", "0.00", "0.00", "0.00", "0.00", "50.00"],
                // RE-2 and the payment of ALT-7 were taken back later, each on its own day.
                ["50.00", "119.00", "11.90", "0.00", "0.00", "0.00", "157.10"],
                ["157.10", "0.00", "0.00", "116.62", "2.38", "0.00", "38.10"],
                ["38.10", "0.00", "0.00", "0.00", "0.00", "0.00", "38.10"],
            ])
        for month in months {
            let end = try await office.scope(Self.day(month.month + "-01").lastOfMonth.description)
            let total = try await office.database.read { try AgingReport.read(end, AgingBuckets()!, in: $0) }
            #expect(total.currencies.first?.total == month.closing)
        }
        let late = try await office.database.read {
            try RollforwardReport.read(scope, from: Self.day("2026-02-14"), in: $0)
        }
        #expect(late.currencies[0].months == Array(months.dropFirst(2)))
    }

    @Test("collections count what came in, and what went back in its own month", arguments: Office.engines)
    func collections(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let scope = try await office.scope("2026-03-31")
        let report = try await office.database.read { try CollectionsReport.read(scope, from: nil, in: $0) }
        #expect(report.rows == [["EUR", "2026-02", "2", "166.90", "0.00", "0.00", "166.90"]])
    }

    @Test("the journal is streamed line by line, and balances", arguments: Office.engines)
    func journal(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let scope = try await office.scope("2026-03-31")
        let (report, lines) = try await office.database.read { transaction in
            var lines: [JournalLine] = []
            let report = try JournalReport.stream(scope, from: nil, in: transaction) { lines.append($0) }
            return (report, lines)
        }
        #expect(report.balanced)
        #expect(report.lines == lines.count)
        #expect(lines.first?.account == "receivables")
        #expect(lines.first?.customer == "0010")
        #expect(lines.first?.item == "ALT-7")
        #expect(lines.first?.amount == "50.00")
        #expect(lines.first?.rate == "1")
        #expect(lines.first?.fields.count == JournalLine.headings.count)
        let owed = try #require(report.accounts.first { $0.account == "receivables" })
        #expect(owed.balance == "38.10")
        // Amounts of a part of the time do not lose a line either.
        let february = try await office.scope("2026-02-28")
        let part = try await office.database.read {
            try JournalReport.stream(february, from: Self.day("2026-02-01"), in: $0) { _ in }
        }
        #expect(part.balanced)
        #expect(part.lines < report.lines)
        #expect(csvLine(["a", "b,c", "d\"e", ""]) == "a,\"b,c\",\"d\"\"e\",")
    }

    @Test("invoice show tells everything that belongs to a document", arguments: Office.engines)
    func show(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let book = office.book
        let sheets = try await office.database.read { transaction in
            try ["RE-1", "GS-1", "ALT-7", "RE-2", "RE-9"].map {
                try InvoiceSheet.read(number: $0, book: book, asOf: Self.day("2026-03-31"), in: transaction)
            }
        }
        let first = try #require(sheets[0].first)
        #expect(first.head.status == "paid")
        #expect(first.head.open == "0.00")
        #expect(first.head.customerName == "Anna Öl & Söhne")
        #expect(first.lines.map(\.quantity) == ["2.5"])
        #expect(first.lines.map(\.unitPrice) == ["19.99"])
        #expect(first.lines.map(\.discountPercent) == ["2.5"])
        #expect(first.taxes.map(\.rate) == ["19"])
        #expect(first.allocations.map(\.allocated) == ["116.62"])
        #expect(first.allocations.map(\.writeOff) == ["2.38"])
        #expect(first.allocations.map(\.paymentID) == ["P-1"])
        #expect(first.allocations.map(\.confidence) == ["0.9912"])
        #expect(first.correctedBy == ["GS-1"])
        #expect(first.deliveries.map(\.state) == ["sent"])
        #expect(first.references.orderID == "SO-88")
        #expect(first.billTo.city == "Hamburg")
        #expect(sheets[1].first?.corrects == "RE-1")
        #expect(sheets[1].first?.head.type == "credit_note")
        #expect(sheets[1].first?.head.status == "open")
        #expect(sheets[2].first?.head.status == "overdue")
        #expect(sheets[2].first?.allocations == [])
        #expect(sheets[3].first?.head.status == "undone")
        #expect(sheets[4] == [])
        let json = String(decoding: try JSONEncoder().encode(first), as: UTF8.self)
        #expect(json.contains("\"invoice_no\":\"RE-1\""))
        #expect(json.contains("\"corrects\":null"))
        #expect(try JSONDecoder().decode(InvoiceSheet.self, from: Data(json.utf8)) == first)
    }

    @Test("invoice list filters and pages", arguments: Office.engines)
    func list(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let book = office.book
        func list(_ filter: InvoiceFilter, limit: Int = 100, after: String? = nil) async throws -> ReportPage<
            InvoiceRow
        > {
            try await office.database.read {
                try InvoiceRow.list(
                    book: book, asOf: Self.day("2026-03-31"), filter, limit: limit, after: after, in: $0)
            }
        }
        func numbers(_ filter: InvoiceFilter) async throws -> [String] { try await list(filter).items.map(\.invoiceNo) }
        #expect(try await numbers(InvoiceFilter()) == ["ALT-7", "RE-1", "GS-1", "RE-2"])
        #expect(try await numbers(InvoiceFilter(status: "open")) == ["ALT-7", "GS-1"])
        #expect(try await numbers(InvoiceFilter(status: "overdue")) == ["ALT-7"])
        #expect(try await numbers(InvoiceFilter(status: "paid")) == ["RE-1"])
        #expect(try await numbers(InvoiceFilter(customer: "0011")) == [])
        #expect(
            try await numbers(InvoiceFilter(from: Self.day("2026-01-01"), to: Self.day("2026-01-06"))) == [
                "RE-1", "GS-1",
            ])
        let page = try await list(InvoiceFilter(), limit: 3)
        #expect(page.items.count == 3)
        let rest = try await list(InvoiceFilter(), limit: 3, after: page.next)
        #expect(rest.items.map(\.invoiceNo) == ["RE-2"])
        #expect(rest.next == nil)
    }

    @Test("late is told of settled invoices; what was taken back is not among them", arguments: Office.engines)
    func late(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let scope = try await office.scope("2026-02-28")
        let block = try await office.database.read { try LateReport.read(scope, in: $0) }.currencies[0]
        // RE-1 was 3 days late; RE-2 and the payment of ALT-7 were taken back.
        #expect(block.all.invoices == 1)
        #expect(block.all.meanDaysLate == "3.0000")
        #expect(block.all.lateShare == "1.000000")
        let march = try await office.scope("2026-03-31")
        let later = try await office.database.read { try LateReport.read(march, in: $0) }.currencies[0]
        #expect(later.all.invoices == 1)
    }
}
