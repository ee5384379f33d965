import Database
import Foundation
import Money
import TestSupport
import Testing

/// The power goes while work is written and sealed: what was sealed stays sealed, what was not is sealed later, nothing twice.
@Suite("Power cuts", .serialized)
struct SealKillTests {
    private static let engines: [Engine] = [.sqlite, .postgres]

    private struct Shop {
        let program: Program

        init(_ engine: Engine) async throws {
            let folder = try TestFolder.fresh("shop")
            let books =
                engine == .sqlite
                ? folder.appendingPathComponent("duly.db").path : try await TestDatabases.freshServerDatabase()
            program = Program(
                folder: folder,
                environment: [
                    "DULY_BOOKS": books, "DULY_TODAY": "2026-03-31", "DULY_USER": "ines", "DULY_SMTP_URL": "",
                    "DULY_KEY_FILE": folder.appendingPathComponent("duly.key").path,
                ])
            let files = try CompanyFiles(orders: 60, customers: 12)
            for words in [
                ["init"], ["import", "sellers", files.path("sellers.csv")],
                ["import", "products", files.path("products.csv")],
                ["import", "prices", files.path("prices.csv")], ["import", "tax-rates", files.path("tax-rates.csv")],
                ["import", "customers", files.path("customers.csv")], ["import", "orders", files.path("orders.csv")],
            ] {
                let done = try await program.run(words)
                try #require(done.status == 0, "\(words): \(done.error)")
            }
        }

        func json(_ words: [String]) async throws -> [String: Any] {
            let done = try await program.run(words + ["--json"])
            try #require(done.status == 0, "\(words): \(done.out) \(done.error)")
            return try #require(try JSONSerialization.jsonObject(with: Data(done.out.utf8)) as? [String: Any])
        }
    }

    @Test("a sealer that dies before its commit leaves nothing behind", arguments: engines)
    func dies(engine: Engine) async throws {
        let shop = try await Shop(engine)
        let before = try await shop.json(["audit", "head"])
        let dead = try await shop.program.run(["audit", "seal"], death: .at("seal.before-commit"))
        #expect(dead.wasKilled)
        let after = try await shop.json(["audit", "head"])
        #expect(after["batches"] as? Int == 0 && after["unsealed"] as? Int == before["unsealed"] as? Int)
        let sealed = try await shop.json(["audit", "seal"])
        #expect(sealed["records"] as? Int == before["unsealed"] as? Int)
        #expect(try await shop.json(["verify"])["ok"] as? Bool == true)
    }

    @Test("writer and sealer die at any moment, again and again; the books verify each time", arguments: engines)
    func cut(engine: Engine) async throws {
        let shop = try await Shop(engine)
        var heads: [String] = []
        var deaths = 0
        for turn in 0..<8 {
            // From before they have started to well into their work.
            let moment = Duration.milliseconds(60 + turn * 70)
            async let worker = shop.program.run(["worker"], death: .after(moment))
            async let writer = shop.program.run(
                ["bill", "--through", "2026-03-31", "--issue", "--id", "bill-\(turn)", "--json"],
                death: .after(moment / 2 + .milliseconds(turn * 30)))
            for done in [try await worker, try await writer] where done.wasKilled { deaths += 1 }
            let verified = try await shop.json(["verify"] + heads.flatMap { ["--head", $0] })
            #expect(verified["ok"] as? Bool == true, "\(verified)")
            if turn % 2 == 1 { _ = try await shop.json(["audit", "seal"]) }
            if let head = try await shop.json(["audit", "head"])["head"] as? String, !head.isEmpty {
                heads.append(head)
            }
        }
        #expect(deaths >= 8 && heads.count >= 4)
        _ = try await shop.json(["bill", "--through", "2026-03-31", "--issue"])
        _ = try await shop.json(["audit", "seal"])
        let verified = try await shop.json(["verify"] + heads.flatMap { ["--head", $0] })
        #expect(verified["ok"] as? Bool == true)
        #expect((verified["seals"] as? [String: Any])?["unsealed"] as? Int == 0)
    }
}
