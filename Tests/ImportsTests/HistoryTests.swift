import Foundation
import Books
import Database
import ImportsDesk
import InvoicingDesk
import Ledger
import Money
import ReportsDesk
import TestOffice
import Testing

/// Invoices of an earlier system, as the command line promises to take them.
@Suite("Invoice history")
struct HistoryTests {
    @Test("leading zeros are kept, and do not make another invoice", arguments: Company.engines)
    func zeros(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let headings = "invoice_no,customer_id,issue_date,gross\n"
        try await company.importing("invoices", headings + "000123,C-1,2026-01-05,10\n")
        #expect(try await company.rows("SELECT number FROM documents") == [["000123"]])
        #expect(try await company.importing("invoices", headings + "123,C-1,2026-01-05,10\n").files[0].unchanged == 1)
        for other in ["123,C-3,2026-01-05,10", "0123,C-1,2026-01-06,10", "123,C-1,2026-01-05,10.01"] {
            let outcome = try await company.importing("invoices", headings + other + "\n")
            #expect(outcome.refusals.map(\.code) == ["import.doubtful"], "\(other)")
        }
        #expect(try await company.counts()["documents"] == 1)
        #expect(try await company.faults() == [])
    }

    @Test(
        "a customer it names that does not exist is made once, marked to be completed, and counted",
        arguments: Company.engines)
    func customers(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let table = """
            invoice_no,customer_id,customer_name,issue_date,gross
            A-1,0042,Neue Firma GmbH,2026-01-05,10
            A-2,0042,NEUE FIRMA,2026-01-06,20
            A-3,C-1,Löwe,2026-01-07,30

            """
        let dry = try await company.importing("invoices", table, dryRun: true)
        let outcome = try await company.importing("invoices", table)
        #expect(dry.files[0].created == outcome.files[0].created)
        #expect(outcome.files[0].created == ["customers": 1])
        let made = try await company.rows(
            """
            SELECT c.number, v.name, c.to_complete, c.currency FROM customers c
            JOIN customer_details v ON v.details = c.details WHERE c.to_complete = 1
            """)
        #expect(made == [["0042", "Neue Firma GmbH", "1", "EUR"]])
        #expect(try await company.rows("SELECT count(*) FROM customers") == [["10"]])
        // Due by the terms: the seller's for the new one, the customer's own for C-1.
        let due = try await company.rows("SELECT number, due_day FROM documents ORDER BY number")
        #expect(due == [["A-1", "2026-02-04"], ["A-2", "2026-02-05"], ["A-3", "2026-02-06"]])
        // Billing it waits until somebody completes it.
        try await company.order("O1 1 0042 2026-01-08 BOLT 1")
        let run = try await company.bill(through: "2026-01-31")
        #expect(run.held.map(\.check).contains("bill.customer-incomplete"))
        try await company.importing("customers", "customer_id,name,country,currency\n0042,Neue Firma GmbH,DE,EUR\n")
        #expect(try await company.bill(through: "2026-01-31").issued == 1)
        #expect(try await company.faults() == [])
    }

    @Test(
        "settled_date books money and its allocation on that day; a settled credit note was paid back",
        arguments: Company.engines)
    func settled(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "invoices",
            """
            invoice_no,type,corrects,customer_id,issue_date,due_date,settled_date,gross
            A-1,invoice,,C-1,2026-01-05,2026-01-20,2026-02-10,100.00
            A-2,invoice,,C-1,2026-01-06,2026-01-21,,50.00
            A-3,credit_note,A-2,C-1,2026-01-07,,,20.00
            A-4,credit_note,A-1,C-1,2026-01-08,,2026-02-11,5.00
            A-5,invoice,,C-1,2026-02-01,2026-03-01,2026-01-15,7.00

            """)
        func total(_ day: String) async throws -> [String] {
            try await company.aging(asOf: day).currencies.flatMap {
                [$0.total, $0.unallocated] + $0.buckets.map(\.amount)
            }
        }
        #expect(try await total("2026-01-31") == ["125.00", "-7.00", "0.00", "125.00", "0.00", "0.00", "0.00"])
        // A credit note stands in the bucket of its own due day.
        #expect(try await total("2026-02-10") == ["25.00", "0.00", "0.00", "50.00", "-25.00", "0.00", "0.00"])
        #expect(try await total("2026-02-11") == ["30.00", "0.00", "0.00", "50.00", "-20.00", "0.00", "0.00"])
        let kinds = try await company.rows("SELECT kind, gross, due_day FROM documents WHERE number = 'A-3'")
        #expect(kinds == [["credit-note", "-2000", "2026-01-07"]])
        let links = try await company.rows(
            "SELECT c.number, o.number FROM documents c JOIN documents o ON o.document = c.corrects ORDER BY c.number")
        #expect(links == [["A-3", "A-2"], ["A-4", "A-1"]])
        let settled = try await company.rows(
            """
            SELECT d.number, a.minor, a.day, a.reason FROM allocations a
            JOIN documents d ON d.book = a.book AND d.document = a.document ORDER BY d.number
            """)
        #expect(
            settled == [
                ["A-1", "10000", "2026-02-10", "settled in the imported history"],
                ["A-4", "-500", "2026-02-11", "paid back in the imported history"],
                ["A-5", "700", "2026-02-01", "settled in the imported history"],
            ])
        #expect(try await company.faults() == [])
    }

    @Test("what is disputed is shown as such, until it was settled", arguments: Company.engines)
    func disputed(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "invoices",
            """
            invoice_no,customer_id,issue_date,settled_date,gross,disputed
            A-1,C-1,2026-01-05,,100.00,yes
            A-2,C-1,2026-01-05,2026-01-20,40.00,yes
            A-3,C-1,2026-01-05,,3.00,no

            """)
        let early = try await company.aging(asOf: "2026-01-10").currencies[0]
        #expect([early.total, early.disputed] == ["143.00", "140.00"])
        let late = try await company.aging(asOf: "2026-01-31").currencies[0]
        #expect([late.total, late.disputed] == ["103.00", "100.00"])
    }

    @Test("a file of lines becomes documents of the sum of their lines", arguments: Company.engines)
    func lines(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let table = """
            invoice_no,customer_id,issue_date,sku,quantity,unit_price
            536365,17850,2026-01-05,85123A,6,2.55
            536365,17850,2026-01-05,71053,2,3.39
            C536379,14527,2026-01-06,D,-1,27.50
            536366,17850,2026-01-05,22633,3,0

            """
        let outcome = try await company.importing("invoices", table)
        #expect(outcome.problems == 0, "\(outcome.refusals)")
        #expect(outcome.files[0].created == ["customers": 2])
        let rows = try await company.rows("SELECT number, kind, gross FROM documents ORDER BY number")
        #expect(
            rows == [["536365", "invoice", "2208"], ["536366", "invoice", "0"], ["C536379", "credit-note", "-2750"]])
        #expect(try await company.importing("invoices", table).files[0].unchanged == 3)
        #expect(try await company.faults() == [])
    }

    @Test(
        "a document of lines is judged by their sum: its kind, its sign, its due day, its receipt",
        arguments: Company.engines)
    func sums(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let heading = "invoice_no,type,customer_id,issue_date,settled_date,sku,quantity,unit_price\n"
        try await company.importing(
            "invoices",
            heading + """
                L1,,C-1,2026-01-05,,A,-1,5
                L1,,C-1,2026-01-05,,B,10,10
                L2,credit_note,C-1,2026-01-05,,A,2,10
                L3,,C-1,2026-01-05,2026-01-20,A,-1,5
                L3,,C-1,2026-01-05,2026-01-20,B,10,10
                L4,,C-1,2026-01-05,,A,1,5
                L4,,C-1,2026-01-05,,A,-3,5

                """)
        let rows = try await company.rows("SELECT number, kind, due_day, gross FROM documents ORDER BY number")
        #expect(
            rows == [
                ["L1", "invoice", "2026-02-04", "9500"], ["L2", "credit-note", "2026-01-05", "-2000"],
                ["L3", "invoice", "2026-02-04", "9500"], ["L4", "credit-note", "2026-01-05", "-1000"],
            ])
        #expect(try await company.rows("SELECT minor FROM receipts") == [["9500"]])
        let wrong = try await company.importing(
            "invoices", heading + "L5,invoice,C-1,2026-01-05,,A,1,5\nL5,invoice,C-1,2026-01-05,,A,-3,5\n")
        #expect(wrong.refusals.map(\.code) == ["import.negative-invoice"])
        #expect(try await company.faults() == [])
    }

    @Test(
        "what was disputed stays told to whoever knew it, also when its import is taken back",
        arguments: Company.engines)
    func disputesKnown(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "invoices", "invoice_no,customer_id,issue_date,gross,disputed\nA-1,C-1,2026-01-05,119,yes\n", id: "h-1")
        func disputed(_ words: String...) throws -> [String] {
            let report = try Program.run(
                ["report", "aging", "--as-of", "2026-01-31", "--json"] + words, today: "2026-03-02", books: company.url
            ).json
            let known = report["known_at"] as? String ?? ""
            let blocks = report["currencies"] as? [[String: Any]] ?? []
            return [known] + blocks.compactMap { $0["disputed"] as? String }
        }
        let before = try disputed()
        #expect(before.dropFirst() == ["119.00"])
        #expect(try company.undo("h-1").status == 0)
        #expect(try disputed("--known-at", before[0]) == before)
        #expect(try disputed().dropFirst().allSatisfy { $0 == "0.00" })
    }

    @Test("history of a closed period may come again, and nothing new for it", arguments: Company.engines)
    func closed(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let table = "invoice_no,customer_id,issue_date,settled_date,gross\nA-1,C-1,2026-01-05,2026-01-20,119\n"
        #expect(try await company.importing("invoices", table).files[0].added == 1)
        #expect(try company.duly("period", "close", "--through", "2026-01-31").status == 0)
        #expect(try await company.importing("invoices", table).files[0].unchanged == 1)
        let more = try await company.importing("invoices", table + "A-2,C-1,2026-01-06,,5\nA-3,C-1,2026-02-06,,5\n")
        #expect(more.refusals.map { "\($0.row ?? 0) \($0.code)" } == ["3 import.period-closed"])
        #expect(try await company.faults() == [])
    }

    @Test(
        "a document of which a line is refused is not taken at all, and all its lines are handed back",
        arguments: Company.engines)
    func brokenLines(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let heading = "invoice_no,customer_id,issue_date,sku,quantity,unit_price\n"
        let file = try company.file(
            "lines.csv",
            heading + """
                00536365,17850,2026-01-05,85123A,6,2.55
                536365,17850,2026-01-05,71053,two,3.39
                536366,17850,2026-01-05,22633,x,1
                536366,17850,2026-01-05,22634,3,1
                536367,17850,2026-01-05,22634,3,1

                """)
        let refused = try await company.importing("invoices", file: file)
        #expect(refused.refusals.map(\.row) == [3, 4])
        #expect(refused.files[0].rejected == 4)
        let kept = try await company.importing("invoices", file: file, keepGood: true)
        #expect(kept.files[0].added == 1)
        #expect(kept.files[0].rejected == 4)
        #expect(try await company.rows("SELECT number, gross FROM documents") == [["536367", "300"]])
        let rejected = try String(contentsOfFile: try #require(kept.files[0].rejected_file), encoding: .utf8)
        let rows = rejected.split(separator: "\n").dropFirst()
        #expect(rows.map { $0.split(separator: ",")[2] } == ["00536365", "536365", "536366", "536366"])
        #expect(rows.first?.contains("Row 3 of the same document was refused.") == true)
        // Corrected, what was handed back goes in whole.
        let mended = try company.file(
            "mended.csv", rejected.replacing(",two,", with: ",2,").replacing(",x,", with: ",1,"))
        #expect(try await company.importing("invoices", file: mended).problems == 0)
        #expect(
            try await company.rows("SELECT number, gross FROM documents ORDER BY gross") == [
                ["536367", "300"], ["536366", "400"], ["00536365", "2208"],
            ])
        #expect(try await company.faults() == [])
    }

    @Test("a document of ours is never imported over, and its number never given twice", arguments: Company.engines)
    func ours(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await company.bill(through: "2026-01-31")
        let outcome = try await company.importing(
            "invoices", "invoice_no,customer_id,issue_date,gross\nRE-2026-000001,C-1,2026-01-05,14.88\n")
        #expect(outcome.refusals.map(\.code) == ["import.number-is-ours"])
    }

    @Test("net and tax may be missing; blank optional cells are warned of, not refused", arguments: Company.engines)
    func blanks(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let outcome = try await company.importing(
            "invoices",
            "invoice_no,customer_id,issue_date,due_date,net,tax,gross\nA-1,C-1,2026-01-05,,,,119\nA-2,C-1,2026-01-05,2026-02-01,100,19,119\n"
        )
        #expect(outcome.problems == 0)
        #expect(outcome.warnings.contains { $0.text.contains("due_date") })
        let rows = try await company.rows("SELECT net, tax, gross FROM documents ORDER BY number")
        #expect(rows == [["–", "–", "11900"], ["10000", "1900", "11900"]])
        #expect(try await company.faults() == [])
    }

    @Test("an import taken back leaves nothing open, and can be done again", arguments: Company.engines)
    func undo(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let table = """
            invoice_no,customer_id,issue_date,settled_date,gross,disputed
            A-1,C-1,2026-01-05,2026-02-10,100.00,no
            A-2,C-1,2026-01-06,,50.00,yes

            """
        try await company.importing("invoices", table)
        let open = try await company.open()
        let run = try await company.rows("SELECT command FROM commands WHERE kind = 'import.invoices'")[0][0]
        let undone = try company.undo(String(run.prefix { $0 != "/" }))
        #expect(undone.status == 0, "\(undone.out)\(undone.error)")
        #expect(try await company.open() == [])
        #expect(try await company.faults() == [])
        #expect(try await company.importing("invoices", table).files[0].added == 2)
        #expect(try await company.open() == open)
        #expect(try await company.aging(asOf: "2026-03-31").currencies[0].disputed == "50.00")
        #expect(try await company.faults() == [])
    }
}
