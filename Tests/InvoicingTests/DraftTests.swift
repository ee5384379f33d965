import Books
import Database
import Invoicing
import InvoicingDesk
import Ledger
import Money
import TestOffice
import Testing

/// Drafts wait, and are issued one by one.
@Suite("Drafts")
struct DraftTests {
    private func drafts(_ company: Company, heldOnly: Bool = false) async throws -> [WaitingDraft] {
        try await company.database.read {
            try InvoicingDesk.drafts(heldOnly: heldOnly, after: nil, limit: 100, $0, book: company.book)
        }
    }

    private func issue(_ company: Company, _ drafts: [String], id: String, dryRun: Bool = false) async throws
        -> BillRunOutcome
    {
        try await company.invoicing.issue(
            IssueDrafts(
                id: CommandID(id)!, drafts: drafts.map { RecordID($0)! }, actor: Company.ines,
                today: Day("2026-03-02")!), book: company.book, dryRun: dryRun)
    }

    @Test("one is issued and the others wait; the same id again says the same", arguments: Company.engines)
    func one(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-1 2026-01-06 HOUR 1")
        try await company.bill(through: "2026-01-31", issue: false)
        let waiting = try await drafts(company)
        #expect(waiting.map { "\($0.order_id) \($0.gross) \($0.state)" } == ["O1 14.88 open", "O2 101.15 open"])
        let before = try await company.counts()
        #expect(try await issue(company, [waiting[1].draft], id: "try", dryRun: true).drafts == 1)
        #expect(try await company.counts() == before)

        let first = try await issue(company, [waiting[1].draft], id: "issue-1")
        #expect(first.issued == 1 && first.totals.map(\.gross) == ["101.15"])
        #expect(try await BillTests.issued(company) == ["RE-2026-000001 O2 EUR 8500 1615 10115"])
        let after = try await company.counts()
        #expect(try await issue(company, [waiting[1].draft], id: "issue-1") == first)
        #expect(try await company.counts() == after)
        await #expect(throws: BooksRefusal.self) { _ = try await issue(company, [waiting[0].draft], id: "issue-1") }
        #expect(try await drafts(company).map(\.order_id) == ["O1"])
        #expect(try await company.faults() == [])
    }

    @Test("one that is gone, unknown or billed since is refused, and nothing is issued", arguments: Company.engines)
    func gone(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-1 2026-01-06 HOUR 1")
        try await company.bill(through: "2026-01-31", issue: false)
        let waiting = try await drafts(company)
        try await company.bill(through: "2026-01-05")
        #expect(try await drafts(company).map(\.order_id) == ["O2"])
        for wrong in [waiting[0].draft, RecordID(number: 7).description] {
            await #expect(throws: InvoicingRefusal.noSuchDraft(wrong)) {
                _ = try await issue(company, [waiting[1].draft, wrong], id: "issue-2")
            }
        }
        #expect(try await BillTests.issued(company).count == 1)
    }

    @Test("one that a check holds stays held, says why, and is issued once that is cured", arguments: Company.engines)
    func held(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-4 2026-01-05 BOLT 10")
        try await company.bill(through: "2026-01-31")
        let held = try await drafts(company, heldOnly: true)
        #expect(held.map { $0.findings.map(\.check) } == [["bill.no-vat-id"]])
        let again = try await issue(company, [held[0].draft], id: "issue-1")
        #expect(again.issued == 0 && again.held.map(\.check) == ["bill.no-vat-id"])
        try await company.importing(
            "customers",
            "customer_id,name,country,currency,consumer,vat_id,payment_terms_days,language\nC-4,Ateliers sans numéro,FR,EUR,0,FR40303265045,14,en\n"
        )
        let now = try await drafts(company, heldOnly: true)
        let cured = try await issue(company, [now[0].draft], id: "issue-2")
        #expect(cured.issued == 1)
        #expect(try await drafts(company).isEmpty)
        #expect(try await company.faults() == [])
    }

    @Test("what was issued from drafts is taken back like a bill run", arguments: Company.engines)
    func undone(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await company.bill(through: "2026-01-31", issue: false)
        _ = try await issue(company, [try await drafts(company)[0].draft], id: "issue-1")
        #expect(try company.undo("issue-1").status == 0)
        #expect(try await company.open().isEmpty)
        #expect(try await company.faults() == [])
    }

    @Test("a new number pattern counts on; one whose numbers were given before is refused", arguments: Company.engines)
    func series(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        func numbers() async throws -> [String] {
            try await company.rows("SELECT number FROM documents ORDER BY document").map { $0[0] }
        }
        try await company.order("O1 1 C-1 2026-01-05 BOLT 1")
        try await company.bill(through: "2026-01-31")
        let changed = try company.duly("seller", "series", "DE", "RN{year}/{n:4}", "--json", "--id", "series-1")
        #expect(changed.status == 0, "\(changed.error)")
        #expect(try changed.json["before"] as? String == "RE-{year}-{n:6}")
        // Nothing is posted by it that an undo could reverse.
        #expect(try company.undo("series-1").status == 1)
        try await company.order("O2 1 C-1 2026-01-06 BOLT 1")
        try await company.bill(through: "2026-01-31")
        #expect(try await numbers() == ["RE-2026-000001", "RN2026/0002"])
        // Without the year it counts from one: the number exists.
        #expect(try company.duly("seller", "series", "DE", "RE-2026-{n:6}").status == 0)
        try await company.order("O3 1 C-1 2026-01-07 BOLT 1")
        await #expect(throws: InvoicingRefusal.numberTaken("RE-2026-000001")) {
            try await company.bill(through: "2026-01-31")
        }
        #expect(try company.duly("seller", "series", "DE", "{year}").status == 1)
        #expect(try await numbers().count == 2)
        #expect(try await company.faults() == [])
    }
}
