import Database
import Foundation
import Ledger
import Money
import ReceivablesDesk
import TestOffice
import TestSupport
import Testing

/// What would happen is told as what happens is, and nothing is kept; a backup comes back as it was.
@Suite("Dry runs and backups")
struct DryRunTests {
    /// Books with one invoice over 14.88, paid in part.
    static func company(_ engine: Engine) async throws -> Company {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await company.bill(through: "2026-01-31", id: "run-1")
        try await company.receive([BankMoney("P-1", "2026-02-01", "10.00")], id: "bank-1")
        return company
    }

    @Test("a seller, an account and a period are looked at and left as they are", arguments: Company.engines)
    func setUp(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let before = try await company.contents()
        let seller = ["--seller", "Firma", "--country", "AT", "--currency", "EUR", "--dry-run"]
        for words in [
            ["init"] + seller, ["seller", "add"] + seller, ["init", "--dry-run"],
            ["seller", "add-account", "DE", "AT611904300234573201", "--dry-run"],
            ["period", "close", "--through", "2026-01-31", "--dry-run"],
        ] {
            let answer = try Program.run(words, today: "2026-03-02", books: company.url)
            #expect(answer.status == 0, "\(words): \(answer.error)")
            #expect(answer.out.contains("Nothing was kept."), "\(words): \(answer.out)")
            #expect(try Program.run(words + ["--json"], today: "2026-03-02", books: company.url).json.isEmpty == false)
        }
        let taken = try company.duly(
            "seller", "add", "--seller", "Firma", "--country", "DE", "--currency", "EUR", "--dry-run", "--json")
        #expect(taken.status == 1 && taken.out.contains("setup.seller-code-taken"))
        #expect(try await company.contents() == before)
        let closed = try company.duly("period", "close", "--through", "2026-01-31", "--dry-run", "--json").out
        #expect(try company.duly("period", "close", "--through", "2026-01-31", "--json").out == closed)
    }

    @Test("new books are not made")
    func founding() throws {
        let path = try TestDatabases.freshFile()
        let key = path + ".key"
        let answer = try Program.run(
            ["init", "--seller", "Firma", "--country", "AT", "--currency", "EUR", "--dry-run"], books: path,
            keyFile: key)
        #expect(answer.status == 0 && answer.out.hasPrefix("Would set up Firma as AT"), "\(answer.out)\(answer.error)")
        #expect(!FileManager.default.fileExists(atPath: path) && !FileManager.default.fileExists(atPath: key))
    }

    @Test("an undo names what it would answer, and for whom", arguments: Company.engines)
    func undo(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let before = try await company.counts()
        let dry = try company.duly("undo", "run-1", "--dry-run", "--json").json["undone"] as? [[String: Any]] ?? []
        #expect(dry.compactMap { $0["seller"] as? String } == ["DE", "DE"])
        #expect(dry.compactMap { $0["documents"] as? [String] } == [["RE-2026-000001"]])
        #expect(try await company.counts() == before)
        let done = try company.undo("run-1").json["undone"] as? [[String: Any]] ?? []
        #expect(done.compactMap { $0["documents"] as? [String] } == [["RE-2026-000001"]])
        #expect(done.flatMap { $0["issued"] as? [String] ?? [] } == ["RE-2026-000002"])
    }

    @Test("a backup comes back whole, once, and only a backup does", arguments: Company.engines)
    func backup(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let file = company.folder.appendingPathComponent("backup").path
        #expect(try company.duly("backup", file, "--dry-run").out.contains("Would write"))
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(try company.duly("backup", file).status == 0)
        let again = try company.duly("backup", file, "--json")
        #expect(again.status == 1 && again.out.contains("setup.file-exists"))

        let place =
            engine == .sqlite ? try TestDatabases.freshFile() : try await TestDatabases.freshServerDatabase()
        func restore(_ words: String...) throws -> Program.Answer { try Program.run(["restore"] + words, books: place) }
        let wrong = company.folder.appendingPathComponent("letter.txt").path
        try Data("Sehr geehrte Damen und Herren".utf8).write(to: URL(fileURLWithPath: wrong))
        let refused = try restore(wrong, "--json")
        #expect(refused.status == 1 && refused.out.contains("setup.not-a-backup"), "\(refused.out)\(refused.error)")
        #expect(try restore(file, "--dry-run").out.contains("Would restore"))
        let restored = try restore(file)
        #expect(restored.status == 0, "\(restored.out)\(restored.error)")
        for report in [["report", "aging", "--as-of", "2026-02-28", "--json"], ["history", "--json"]] {
            let (mine, its) = (
                try Program.run(report, today: "2026-03-02", books: company.url),
                try Program.run(report, today: "2026-03-02", books: place)
            )
            #expect(mine.status == 0)
            #expect(Self.told(its.out) == Self.told(mine.out))
        }
        #expect(try Program.run(["verify"], books: place).status == 0)
        let twice = try restore(file, "--json")
        #expect(twice.status == 1 && twice.out.contains("setup.books-exist"), "\(twice.out)\(twice.error)")
    }

    /// Without the instant at which the question was asked.
    private static func told(_ text: String) -> String {
        text.replacing(/"known_at":"[^"]*"/, with: "")
    }

    @Test("amounts below zero are typed as they are; every problem of a file is told, also beside what was applied")
    func apply() async throws {
        let company = try await Self.company(.sqlite)
        let key = try company.keyFile()
        func duly(_ words: String...) throws -> Program.Answer {
            try Program.run(words, today: "2026-03-02", books: company.url, keyFile: key)
        }
        let typed = try duly(
            "cash", "apply", "--receipt", "P-1", "--invoice", "RE-2026-000001", "--amount", "-5", "--json")
        #expect(typed.status == 1 && typed.out.contains("cash.wrong-sign"), "\(typed.out)\(typed.error)")
        let file = try company.file(
            "allocations.csv",
            """
            payment_id,invoice_no,allocated,writeoff,reason
            P-1,RE-2026-000001,10.00,,
            P-2,RE-9,1.00,,
            P-2,RE-8,1.00,,
            P-1,RE-2026-000001,x,y,z

            """)
        let refused = try duly("cash", "apply", "--from", file, "--json")
        let told = try refused.json["refusals"] as? [[String: Any]] ?? []
        #expect(refused.status == 1)
        #expect(told.compactMap { $0["code"] as? String }.sorted().first == "cash.bad-amount", "\(refused.out)")
        #expect(told.compactMap { $0["row"] as? Int } == [5, 5, 5, 3], "\(refused.out)")
        let good = try company.file(
            "good.csv",
            "payment_id,invoice_no,allocated\nP-1,RE-2026-000001,10.00\nP-2,RE-9,1.00\n")
        let kept = try duly("cash", "apply", "--from", good, "--keep-good", "--json")
        #expect(kept.status == 1)
        #expect(try kept.json["receipts"] as? Int == 1)
        #expect((try kept.json["refusals"] as? [[String: Any]])?.compactMap { $0["row"] as? Int } == [3])
        // Applied in full, it still says whose it was.
        let list = try duly("cash", "list", "--json").json["items"] as? [[String: Any]]
        #expect(list?.compactMap { $0["customer"] as? String } == ["C-1"])
        for words in [["cash", "list", "--after", "garbage"], ["cash", "list", "--limit", "0"]] {
            #expect(try Program.run(words, books: company.url).status == 64, "\(words)")
        }
        let shown = try duly("invoice", "show", "RE-9", "--json")
        #expect(shown.status == 1 && shown.out.contains("telling.no-such-document"))
        let explained = try duly("invoice", "explain", "RE-2026-000001", "--line", "99", "--json")
        #expect(explained.status == 1 && explained.out.contains("telling.no-such-line"))
    }
}
