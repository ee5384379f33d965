import Database
import Foundation
import Host
import Money
import ReceivablesDesk
import TestOffice
import TestSupport
import Testing

/// The audit chain as an auditor and a customer meet it: by command, by file, by the code on a paper.
@Suite("The audit chain by command")
struct AuditCommandTests {
    static func company(_ engine: Engine) async throws -> Company {
        let company = try await Company.stocked(engine)
        try await company.order("SO-1 1 C-1 2026-01-05 BOLT 12", "SO-2 1 C-2 2026-01-06 HOUR 2")
        try await company.bill(through: "2026-01-31")
        return company
    }

    static func bad(_ answer: Program.Answer) throws -> [String] {
        let checks = try answer.json["checks"] as? [[String: Any]] ?? []
        return checks.flatMap { ($0["bad"] as? [[String: Any]] ?? []).compactMap { $0["record"] as? String } }
    }

    @Test("seal, head, export, and verify with and without the books", arguments: Company.engines)
    func journey(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let none = try company.duly("verify", "--json").json["seals"] as? [String: Any]
        #expect(none?["head"] as? String == "" && none?["batches"] as? Int == 0)
        let waiting = try #require(none?["unsealed"] as? Int)
        #expect(waiting > 6)
        #expect(try company.duly("audit", "seal", "--dry-run").out.hasPrefix("\(waiting) records wait"))
        #expect(try company.duly("audit", "seal", "--json").json["records"] as? Int == waiting)
        let head = try company.duly("audit", "head", "--json").json
        let root = try #require(head["head"] as? String)
        #expect(root.count == 43 && head["records"] as? Int == waiting && head["unsealed"] as? Int == 0)
        #expect(try company.duly("audit", "head").out.hasPrefix(root))

        let (one, two) = (
            company.folder.appendingPathComponent("1.jsonl"), company.folder.appendingPathComponent("2.jsonl")
        )
        #expect(try company.duly("audit", "export", one.path, "--dry-run").status == 0)
        #expect(!FileManager.default.fileExists(atPath: one.path))
        for file in [one, two] { #expect(try company.duly("audit", "export", file.path).status == 0) }
        #expect(try Data(contentsOf: one) == Data(contentsOf: two))
        let alone = try Program.run(["verify", "--offline", one.path, "--head", root, "--json"])
        #expect(alone.status == 0, "\(alone.out)\(alone.error)")
        #expect((try alone.json["seals"] as? [String: Any])?["head"] as? String == root)

        try await company.order("SO-3 1 C-1 2026-02-05 BOLT 1")
        let beside = try company.duly("verify", "--offline", one.path, "--head", root, "--json")
        #expect(beside.status == 0, "\(beside.out)")
        let seals = try beside.json["seals"] as? [String: Any]
        #expect(seals?["head"] as? String == root && (seals?["unsealed"] as? Int ?? 0) > 0)
        #expect(try company.duly("verify").out.contains("the last root \(root)"))
        let code = try #require(head["code"] as? String)
        #expect(try company.duly("verify", "--head", code).status == 0)
        let other = try company.duly("verify", "--head", String(root.reversed()), "--json")
        #expect(other.status == 1)
        #expect(try Self.bad(other) == ["root \(String(root.reversed()))"])
    }

    @Test("one altered byte of the file is found without the books, in its line")
    func altered() async throws {
        let company = try await Self.company(.sqlite)
        let file = company.folder.appendingPathComponent("chain.jsonl")
        #expect(try company.duly("audit", "export", file.path).status == 0)
        var bytes = [UInt8](try Data(contentsOf: file))
        let entry = try #require(String(decoding: bytes, as: UTF8.self).range(of: " entry "))
        let text = String(decoding: bytes, as: UTF8.self)
        let place = text[..<entry.upperBound].utf8.count + 20
        bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        try Data(bytes).write(to: file)
        let found = try Program.run(["verify", "--offline", file.path, "--json"])
        #expect(found.status == 1)
        let line = text[..<entry.lowerBound].filter { $0 == "\n" }.count + 1
        let names = try Self.bad(found)
        #expect(names.count == 1 && names[0].hasPrefix("entry ") && names[0].hasSuffix("(line \(line))"), "\(names)")
        let missing = try Program.run(["verify", "--offline", file.path + ".none", "--json"])
        #expect(missing.status == 1 && missing.out.contains("audit.cannot-read"))
    }

    @Test(
        "a checker that was written from the description of the format comes to the same root",
        arguments: Company.engines)
    func stranger(engine: Engine) async throws {
        let company = try await Self.company(engine)
        _ = try await company.found("FR", country: "FR", .eur, account: "FR1420041010050500013M02606")
        let file = company.folder.appendingPathComponent("chain.jsonl").path
        func check(_ words: String...) throws -> (status: Int32, out: String) {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let process = ChildProcess()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", root.appendingPathComponent("tools/chain_check.py").path] + words
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let out = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, out)
        }
        var roots: [String] = []
        for turn in 0..<3 {
            try await company.order("SO-T\(turn) 1 C-1 2026-02-05 BOLT 1")
            let written = try company.duly("audit", "export", file, "--json").json
            roots.append(try #require(written["head"] as? String))
            let found = try check(file, roots[0])
            #expect(found.status == 0 && found.out == roots[turn] + "\n", "\(found.out)")
        }
        #expect(Set(roots).count == 3)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(try check(file).status == 1)
    }

    @Test("a customer finds a statement's code in the chain, and its figures under it", arguments: Company.engines)
    func statement(engine: Engine) async throws {
        let company = try await Self.company(engine)
        #expect(
            try company.duly("statement", "show", "--customer", "C-1", "--as-of", "2026-02-28", "--json").out.contains(
                "issued") == false)
        func run(_ name: String) throws -> (sheet: Data, paper: Data, code: String) {
            let folder = company.folder.appendingPathComponent(name)
            let done = try company.duly(
                "statement", "run", "--all", "--as-of", "2026-02-28", "--out", folder.path, "--json")
            #expect(done.status == 0, "\(done.out)\(done.error)")
            let written = try #require(try done.json["statements"] as? [[String: Any]])
            #expect(written.count == 2)
            func file(_ ending: String) throws -> Data {
                try Data(contentsOf: folder.appendingPathComponent("DE/C-1_2026-02-28_open-item.\(ending)"))
            }
            return (try file("json"), try file("pdf"), try #require(written[0]["code"] as? String))
        }
        let first = try run("one")
        try await company.order("SO-3 1 C-1 2026-03-01 BOLT 1")
        let second = try run("two")
        // Identical each time, the code and the seal on it, too.
        #expect(first.sheet == second.sheet && first.paper == second.paper && first.code == second.code)
        #expect(
            try company.duly("statement", "show", "--customer", "C-1", "--as-of", "2026-02-28").out.contains(first.code)
        )

        let chain = company.folder.appendingPathComponent("chain.jsonl").path
        #expect(try company.duly("audit", "export", chain).status == 0)
        let sheet = company.folder.appendingPathComponent("one/DE/C-1_2026-02-28_open-item.json")
        let found = try Program.run([
            "audit", "check", chain, first.code.lowercased(), "--statement", sheet.path, "--json",
        ])
        #expect(found.status == 0, "\(found.out)\(found.error)")
        let proof = try #require(try found.json["proof"] as? [String: Any])
        #expect(try found.json["figures"] as? String == proof["hash"] as? String)
        #expect((proof["path"] as? [Any] ?? []).count > 0)
        #expect(try Program.run(["audit", "check", chain, first.code]).out.contains("sealed in batch"))

        // Other figures under this code are found out, and so is a code that was made up.
        let text = String(decoding: first.sheet, as: UTF8.self)
        let forged = company.folder.appendingPathComponent("forged.json")
        let open = try #require(
            try company.duly("statement", "show", "--customer", "C-1", "--as-of", "2026-02-28", "--json").json["items"]
                as? [[String: Any]])
        let total = try #require(open[0]["total"] as? String)
        try Data(text.replacing(total, with: "1.00").utf8).write(to: forged)
        let wrong = try Program.run(["audit", "check", chain, first.code, "--statement", forged.path, "--json"])
        #expect(wrong.status == 1 && wrong.out.contains("figures of the statement"), "\(wrong.out)")
        #expect(try Program.run(["audit", "check", chain, "0000-0000-0000-0000"]).status == 1)
        #expect(try Program.run(["audit", "check", chain, "0000"]).status == 64)
        #expect(try company.duly("verify").status == 0)

        // Figures that came to be others are another statement.
        try await company.receive([BankMoney("P-1", "2026-01-20", "1.00")])
        try await company.apply([.init(receipt: "P-1", parts: [.init(invoice: "RE-2026-000001", amount: "1.00")])])
        #expect(try run("three").code != first.code)
        #expect(try company.duly("verify").status == 0)
    }

    @Test("a statement that was altered in the books is named", arguments: Company.engines)
    func alteredStatement(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let folder = company.folder.appendingPathComponent("out").path
        #expect(
            try company.duly("statement", "run", "--customer", "C-1", "--as-of", "2026-02-28", "--out", folder).status
                == 0)
        try await company.database.transaction { transaction in
            switch transaction.engine {
            case .sqlite: try transaction.script("DROP TRIGGER statements_kept")
            case .postgres: try transaction.script("SET LOCAL session_replication_role = replica")
            }
            try transaction.script("UPDATE statements SET figures = root FROM seals WHERE seals.batch = 1")
        }
        let found = try company.duly("verify", "--json")
        #expect(found.status == 1)
        #expect(try Set(Self.bad(found).map { $0.prefix(8) }) == ["figures ", "statemen"])
    }

    @Test(
        "what is backed up while others write comes back whole, with the head that was noted",
        arguments: Company.engines)
    func restore(engine: Engine) async throws {
        let company = try await Self.company(engine)
        #expect(try company.duly("audit", "seal").status == 0)
        let file = company.folder.appendingPathComponent("backup").path
        // Somebody imports orders and seals them all the while.
        let writer = Task {
            var count = 0
            while !Task.isCancelled {
                count += 1
                try await company.order("SO-W\(count) 1 C-1 2026-02-05 BOLT \(count)")
                if count % 3 == 0 { try company.duly("audit", "seal") }
            }
            return count
        }
        func written() async throws -> Int64 { try await company.counts()["audit_records"] ?? 0 }
        let before = try await written()
        while try await written() < before + 2 {}
        // One backup at least is made with a command before it and another while it runs; one that nobody wrote into proves nothing.
        var backed = try company.duly("backup", file, "--dry-run", "--json")
        var overlapped = false
        for _ in 0..<100 where !overlapped {
            for old in [file, file + ".head"] where FileManager.default.fileExists(atPath: old) {
                try FileManager.default.removeItem(atPath: old)
            }
            let begun = try await written()
            backed = try company.duly("backup", file, "--json")
            overlapped = try await written() > begun
        }
        #expect(overlapped)
        writer.cancel()
        _ = try await writer.value
        #expect(backed.status == 0, "\(backed.out)\(backed.error)")
        let head = try #require(try backed.json["head"] as? String)
        #expect(head.count == 43)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: company.folder.path).filter { $0.hasPrefix("backup") }
                .sorted() == ["backup", "backup.head"])

        func place() async throws -> String {
            engine == .sqlite ? try TestDatabases.freshFile() : try await TestDatabases.freshServerDatabase()
        }
        let restored = try await place()
        let done = try Program.run(["restore", file, "--json"], books: restored)
        #expect(try done.status == 0 && done.json["head"] as? String == head, "\(done.out)\(done.error)")
        let verified = try Program.run(["verify", "--head", head, "--json"], books: restored)
        #expect(verified.status == 0, "\(verified.out)")
        #expect((try verified.json["seals"] as? [String: Any])?["head"] as? String == head)
        // And the books that went on go through it, too.
        #expect(try company.duly("verify", "--head", head).status == 0)

        // A note that belongs to another backup.
        let note = try String(contentsOfFile: file + ".head", encoding: .utf8)
        try Data(note.replacing(head, with: String(head.reversed())).utf8).write(
            to: URL(fileURLWithPath: file + ".head"))
        let other = try Program.run(["restore", file, "--json"], books: try await place())
        #expect(other.status == 1 && other.out.contains("setup.other-head"), "\(other.out)")
    }
}
