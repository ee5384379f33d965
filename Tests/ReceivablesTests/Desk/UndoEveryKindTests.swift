import Database
import Foundation
import ReceivablesDesk
import TestOffice
import Testing

/// Each kind of command, carried out and taken back: what a coordinator sees is what it was before.
@Suite("Taking back each kind of command")
struct UndoEveryKindTests {
    static let today = "2026-05-04"

    /// What shows what is owed, what waits and what there is to do. Ids and instants differ, and stay out; so do documents, since
    /// an issued one is answered and not removed. The past days come first.
    static func visible(_ company: Company) throws -> [String] {
        func show(_ words: String..., leaving names: Set<String> = []) throws -> String {
            let answer = try Program.run(words + ["--json"], today: today, books: company.url)
            try #require(answer.status == 0, "\(words): \(answer.out) \(answer.error)")
            let left = strip(try JSONSerialization.jsonObject(with: Data(answer.out.utf8)), of: names)
            let text = try JSONSerialization.data(withJSONObject: left, options: .sortedKeys)
            return words.joined(separator: " ") + " " + String(decoding: text, as: UTF8.self)
        }
        let instants: Set<String> = ["known_at"]
        return try [
            show("report", "aging", "--as-of", "2026-01-20", leaving: instants),
            show("report", "aging", "--as-of", "2026-02-20", leaving: instants),
            show("report", "rollforward", "--from", "2026-01-01", "--as-of", today, leaving: instants),
            show("report", "dso", "--as-of", today, leaving: instants),
            show("report", "aging", "--as-of", today, leaving: instants),
            show("cash", "list", leaving: ["receipt", "id"]),
            show("invoice", "drafts", leaving: ["draft"]),
            show("bill", "--unbilled", "--through", today, leaving: instants),
            show("reminder", "preview"),
            show("period", "list", leaving: ["changed", "at", "command", "recorded"]),
            show("worklist", leaving: ["id", "since", "next"]),
        ]
    }

    private static func strip(_ value: Any, of names: Set<String>) -> Any {
        if let object = value as? [String: Any] {
            return object.filter { !names.contains($0.key) }.mapValues { strip($0, of: names) }
        }
        if let list = value as? [Any] { return list.map { strip($0, of: names) } }
        return value
    }

    @Test("it is as if it had not been", arguments: Company.engines)
    func every(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        var before = try Self.visible(company)

        /// Carries out a command under this id, takes it back, and looks. What was issued stands in the past until the day it was
        /// answered.
        func thereAndBack(_ id: String, issues: Bool = false, _ command: () async throws -> Void) async throws {
            try await command()
            let between = try Self.visible(company)
            #expect(between != before, "\(id) shows nowhere")
            let undone = try company.undo(id, today: Self.today)
            #expect(undone.status == 0, "\(id): \(undone.out) \(undone.error)")
            for (was, now) in zip(before, try Self.visible(company)).dropFirst(issues ? 4 : 0) where was != now {
                Issue.record("\(id):\n\(was)\nis now\n\(now)")
            }
            #expect(try await company.faults() == [])
        }
        func duly(_ words: String...) throws {
            let answer = try Program.run(words, today: Self.today, books: company.url)
            #expect(answer.status == 0, "\(words): \(answer.out) \(answer.error)")
        }

        try await company.order("O5 1 C-3 2026-01-09 BOLT 10")
        try await company.bill(through: "2026-01-31")
        try await company.order("O8 1 C-1 2026-02-05 BOLT 100", "O9 1 C-4 2026-02-06 BOLT 7")
        before = try Self.visible(company)
        try await thereAndBack("u-drafts") { try duly("bill", "--through", "2026-02-28", "--id", "u-drafts") }
        try await thereAndBack("u-bill", issues: true) {
            try duly("bill", "--through", "2026-02-28", "--issue", "--id", "u-bill")
        }
        try await thereAndBack("u-credit", issues: true) {
            try duly("invoice", "credit", CashTests.second, "--reason", "agreed", "--id", "u-credit")
        }
        before = try Self.visible(company)
        try await thereAndBack("u-history") {
            try await company.importing(
                "invoices",
                """
                invoice_no,customer_id,issue_date,due_date,gross,settled_date,disputed
                A-1,C-1,2026-01-10,2026-02-09,100.00,2026-03-01,
                A-2,C-3,2026-01-11,2026-02-10,200.00,,yes

                """, id: "u-history")
        }
        try await thereAndBack("u-remind") { try duly("reminder", "run", "--id", "u-remind") }
        let money = [
            BankMoney(
                "P-1", "2026-02-01", "79.95", payer: "Löwe Spedition GmbH", iban: "DE02120300000000202051",
                text: CashTests.first),
            // Of two items over the same sum.
            BankMoney("P-2", "2026-02-10", "15.00", payer: "Jeanne Petit"),
        ]
        try await thereAndBack("u-bank") {
            try await company.receive(money, id: "u-bank", today: Self.today)
        }
        try await company.receive(money, id: "kept", today: Self.today)
        before = try Self.visible(company)
        try await thereAndBack("u-apply") {
            let wish = CashTests.wish("P-1", (invoice: CashTests.second, amount: "10.00"))
            let problems = try await company.apply([wish], id: "u-apply", today: Self.today).problems
            #expect(problems.isEmpty)
        }
        let accounts = try await company.rows("SELECT account_key, customer, learnt FROM customer_accounts ORDER BY 1")
        try await thereAndBack("u-match") {
            let done = try await company.match(through: Self.today, id: "u-match", today: Self.today)
            #expect(done.applied > 0)
            #expect(done.proposed > 0)
        }
        #expect(
            try await company.rows("SELECT account_key, customer, learnt FROM customer_accounts ORDER BY 1") == accounts
        )
        try await thereAndBack("u-close") {
            try duly("period", "close", "--through", "2026-01-31", "--id", "u-close")
        }
        try duly("period", "close", "--through", "2026-01-31", "--id", "closed")
        before = try Self.visible(company)
        try await thereAndBack("u-reopen") {
            try duly("period", "reopen", "--from", "2026-01-15", "--id", "u-reopen")
        }
    }

    @Test("a reminder stays while a later one reminds of the same item", arguments: Company.engines)
    func reminders(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        func remind(_ id: String, _ day: String) throws {
            let answer = try company.duly("reminder", "run", "--id", id, today: day)
            #expect(answer.status == 0, "\(answer.out) \(answer.error)")
        }
        func levels() async throws -> [[String]] {
            try await company.rows(
                """
                SELECT r.level, count(*) FROM reminders r WHERE NOT EXISTS (
                    SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
                GROUP BY r.level ORDER BY 1
                """)
        }
        try remind("r-1", "2026-03-20")
        let first = try await levels()
        try remind("r-2", "2026-05-04")
        #expect(try await levels() != first)
        let refused = try company.undo("r-1", today: "2026-05-04")
        #expect(refused.status == 1)
        #expect(refused.out.contains("undo.built-upon"), "\(refused.out)")
        #expect(refused.out.contains("r-2"), "\(refused.out)")
        #expect(try company.undo("r-2", today: "2026-05-04").status == 0)
        #expect(try await levels() == first)
        #expect(try company.undo("r-1", today: "2026-05-04").status == 0)
        #expect(try await levels() == [])
    }

    @Test("what is no matter of money is refused, and what to do instead is said")
    func refused() async throws {
        let company = try await CashTests.company(.sqlite)
        let changed = try company.duly("seller", "series", "DE", "B-{n:6}", "--id", "pattern-1")
        #expect(changed.status == 0, "\(changed.error)")
        let undone = try company.undo("pattern-1")
        #expect(undone.status == 1)
        #expect(undone.out.contains("undo.not-undoable") && undone.out.contains("duly seller series"), "\(undone.out)")
    }
}
