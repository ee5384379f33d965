import Database
import Foundation
import InvoicingDesk
import ReceivablesDesk
import TestOffice
import Testing

/// What is taken back is as if it had not been, today and on every day before.
@Suite("Taking back")
struct UndoTests {
    /// The ageing at the end of these days, with all that is known when it is made.
    static func past(_ company: Company) throws -> [String] {
        try ["2026-01-20", "2026-02-05", "2026-02-20", "2026-03-02"].map { day in
            let report = try company.duly("report", "aging", "--as-of", day, "--json").json
            let currencies = try JSONSerialization.data(withJSONObject: report["currencies"]!, options: .sortedKeys)
            return day + " " + String(decoding: currencies, as: UTF8.self)
        }
    }

    @Test(
        "a match or a bank file taken back and done again leaves every past day as it was", arguments: Company.engines)
    func pastDays(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let owed = try Self.past(company)
        let money = [
            BankMoney("P-1", "2026-02-01", "79.95", text: "RE-2026-000001"),
            BankMoney("P-2", "2026-02-10", "15.00", payer: "Jeanne Petit", text: "RE-2026-000004"),
        ]
        try await company.receive(money, id: "b-1")
        let received = try Self.past(company)
        #expect(received != owed)
        let run = try await company.match(through: "2026-03-02", id: "m-1")
        #expect(run.applied == 2)
        let matched = try Self.past(company)
        #expect(matched != received)
        #expect(try company.undo("m-1").status == 0)
        #expect(try Self.past(company) == received)
        try await company.match(through: "2026-03-02", id: "m-2")
        #expect(try Self.past(company) == matched)
        #expect(try company.undo("m-2").status == 0)
        #expect(try company.undo("b-1").status == 0)
        #expect(try Self.past(company) == owed)
        try await company.receive(money, id: "b-2")
        #expect(try Self.past(company) == received)
        #expect(try await company.faults() == [])
    }

    @Test("where the day is closed, what is taken back is dated the first open day", arguments: Company.engines)
    func closedDays(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", "79.95", text: "RE-2026-000001")], id: "b-1")
        try await company.match(through: "2026-03-02", id: "m-1")
        #expect(try company.duly("period", "close", "--through", "2026-02-15", "--id", "p-1").status == 0)
        #expect(try company.undo("m-1").status == 0)
        let days = try await company.rows("SELECT DISTINCT day FROM entries WHERE kind = 'reversal'")
        #expect(days == [["2026-02-16"]])
        #expect(try await company.faults() == [])
    }

    @Test("periods are taken back newest first, and leave the first open day as it was", arguments: Company.engines)
    func periods(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        func openFrom() async throws -> String { try await company.rows("SELECT open_from FROM book_clocks")[0][0] }
        for (id, words) in [
            ("p-1", ["close", "--through", "2026-01-15"]), ("p-2", ["close", "--through", "2026-01-31"]),
            ("p-3", ["reopen", "--from", "2026-01-10"]),
        ] {
            #expect(try company.duly("period", words[0], words[1], words[2], "--id", id).status == 0)
        }
        let refused = try company.undo("p-1")
        #expect(refused.status == 1)
        #expect(refused.out.contains("undo.built-upon"))
        #expect(refused.out.contains("p-3, p-2"))
        #expect(try await openFrom() == "2026-01-10")
        #expect(try company.undo("p-3").status == 0)
        #expect(try await openFrom() == "2026-02-01")
        #expect(try company.undo("p-1", withLater: true).status == 0)
        #expect(try await openFrom() == "2026-01-01")
        #expect(try company.undo("p-2").out.contains("undo.undone-already"))
    }

    @Test("a bill run's drafts go with it, and an invoice of nothing can be taken back", arguments: Company.engines)
    func bills(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order(
            "O1 1 C-1 2026-01-05 BOLT 12", "O2 1 C-1 2026-01-06 BOLT 0", "O3 1 C-4 2026-01-07 BOLT 1")
        func waiting() async throws -> [[String]] {
            try await company.rows("SELECT order_id FROM drafts WHERE state IN ('open', 'held') ORDER BY 1")
        }
        try await company.bill(through: "2026-01-31", id: "d-1", issue: false)
        #expect(try await waiting().isEmpty == false)
        #expect(try company.undo("d-1").status == 0)
        #expect(try await waiting().isEmpty)
        let billed = try await company.bill(through: "2026-01-31", id: "d-2")
        let back = try company.undo("d-2")
        #expect(back.status == 0, "\(back.out)")
        #expect(try await waiting().isEmpty)
        #expect(try await company.open() == [])
        let again = try await company.bill(through: "2026-01-31", id: "d-3")
        #expect(again.issued == billed.issued)
        #expect(try company.undo("d-2").out.contains("undo.undone-already"))
        #expect(try await company.faults() == [])
    }

    @Test("days late are those of the money that stands", arguments: Company.engines)
    func daysLate(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        // RE-2026-000004 over 15.00 is due on 2026-01-22.
        try await company.receive(
            [BankMoney("LATE", "2026-02-20", "15.00"), BankMoney("EARLY", "2026-01-24", "15.00")])
        func late(_ day: String) throws -> String {
            let report = try company.duly("report", "late", "--as-of", day, "--json").json
            let blocks = report["currencies"] as? [[String: Any]] ?? []
            let customers = blocks.flatMap { $0["customers"] as? [[String: Any]] ?? [] }
            return customers.first { $0["of"] as? String == "C-3" }?["mean_days_late"] as? String ?? "–"
        }
        try await company.apply([CashTests.wish("LATE", (CashTests.other, "15.00"))], id: "a-1")
        #expect(try late("2026-03-01") == "29.0000")
        #expect(try company.undo("a-1").status == 0)
        #expect(try late("2026-03-01") == "–")
        try await company.apply([CashTests.wish("EARLY", (CashTests.other, "15.00"))], id: "a-2")
        for day in ["2026-01-25", "2026-02-19", "2026-02-20", "2026-03-01"] {
            #expect(try late(day) == "2.0000", "\(day)")
        }
        #expect(try late("2026-01-23") == "–")
    }

    @Test("a run under the longest id is found with all its pieces", arguments: Company.engines)
    func longIDs(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 12", "O2 1 C-4 2026-01-06 BOLT 1")
        let long = String(repeating: "run ", count: 16)
        try await company.bill(through: "2026-01-31", id: long)
        #expect(try await company.open().count == 1)
        let other = String(repeating: "run ", count: 15) + "next"
        try await company.order("O3 1 C-1 2026-01-07 BOLT 12")
        try await company.bill(through: "2026-01-31", id: other)
        #expect(try company.undo("--last").status == 0)
        #expect(try await company.open().count == 1)
        #expect(try company.undo(other).out.contains("undo.undone-already"))
        #expect(try company.undo(long).status == 0)
        #expect(try await company.open() == [])
        #expect(try await company.rows("SELECT 1 FROM drafts WHERE state IN ('open', 'held')") == [])
    }
}
