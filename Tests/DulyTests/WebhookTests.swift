import Books
import Database
import Foundation
import Host
import Ledger
import Money
import Synchronization
import TestOffice
import TestSupport
import Testing

@testable import duly

/// Webhooks, made by the program and delivered to a real receiver.
@Suite("Webhooks")
struct WebhookTests {
    /// Time as the worker sees it.
    final class Time: Sendable {
        private let state = Mutex<(ahead: Int64, standing: Int64?)>((1_000_000, nil))
        func now() -> Instant {
            state.withLock { Instant(micro: ($0.standing ?? Common.clock().micro) + $0.ahead) }
        }
        func pass(_ micro: Int64) { state.withLock { $0.ahead += micro } }
        /// From here on time passes only when it is told to, however slow the machine is.
        func stop() { state.withLock { $0.standing = Common.clock().micro } }
    }

    /// A company with a webhook to a receiver that knows its secret.
    struct Wired {
        let company: Company
        let receiver: WebhookReceiver
        let key: String
        let webhook: String
        let time = Time()

        init(_ engine: Engine, _ options: String...) async throws {
            company = try await Company.stocked(engine)
            receiver = try WebhookReceiver()
            key = try company.keyFile()
            let added = try Program.run(
                ["webhook", "add", "--url", receiver.url, "--json"] + options, books: company.url, keyFile: key)
            try #require(added.status == 0, "\(added.error)\(added.out)")
            webhook = try #require(try added.json["webhook"] as? String)
            try receiver.know(try #require(try added.json["secret"] as? String))
        }

        func worker(_ database: (any Database)? = nil) -> WebhookWorker {
            let key = key
            return WebhookWorker(
                database ?? company.database, vault: { try KeyFile.vault(key, create: false) }, clock: time.now,
                chance: Common.chance())
        }

        @discardableResult
        func duly(_ words: String...) throws -> Program.Answer {
            try Program.run(words, today: "2026-03-02", books: company.url, keyFile: key)
        }

        /// As `webhook list` shows it.
        func told() throws -> [String: Any] {
            let items = try #require(try duly("webhook", "list", "--json").json["items"] as? [[String: Any]])
            return try #require(items.first { $0["webhook"] as? String == webhook })
        }

        func events(_ words: String...) throws -> [[String: Any]] {
            try #require(
                try Program.run(["event", "list", "--json"] + words, books: company.url).json["items"]
                    as? [[String: Any]])
        }

        func ids() throws -> [String] { try receiver.heard().map(\.id) }
    }

    @Test(
        "events arrive signed, in order, as the feed has them, and none from before it was added",
        arguments: Company.engines)
    func delivered(engine: Engine) async throws {
        let wired = try await Wired(engine)
        let start = try #require(try wired.told()["bookmark"] as? String)
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-1 2026-01-06 BOLT 3")
        try await wired.company.bill(through: "2026-01-31", id: "run-1")
        try await wired.company.receive([BankMoney("P-1", "2026-02-01", "10.00")], id: "bank-1")
        let worker = wired.worker()
        let sent = try await worker.once()
        let (heard, events) = (try wired.receiver.heard(), try wired.events("--after", start))
        #expect(sent == events.count && sent > 4)
        #expect(heard.map(\.id) == events.compactMap { $0["id"] as? String })
        #expect(heard.allSatisfy { $0.verified == true && $0.type == "application/json" })
        let first = try #require(
            try JSONSerialization.jsonObject(with: Data(heard[0].body.utf8)) as? [String: Any])
        #expect(first["type"] as? String == events[0]["kind"] as? String)
        #expect(first["timestamp"] as? String == events[0]["at"] as? String)
        let data = try #require(first["data"] as? [String: Any])
        #expect(NSDictionary(dictionary: data) == NSDictionary(dictionary: events[0]))
        // Nothing is new: nothing is sent, by this worker or another.
        #expect(try await worker.once() == 0)
        #expect(try await wired.worker().once() == 0)
        // A key that others have fits nothing.
        try wired.receiver.know("whsec_" + Data(repeating: 7, count: 32).base64EncodedString())
        try await wired.company.receive([BankMoney("P-2", "2026-02-02", "1.00")], id: "bank-2")
        #expect(try await worker.once() > 0)
        #expect(try wired.receiver.heard().last?.verified == false)
    }

    @Test("only the kinds and the seller that were asked for", arguments: Company.engines)
    func filtered(engine: Engine) async throws {
        let wired = try await Wired(engine, "--kind", "bill.*", "--kind", "invoice.issue", "--seller", "DE")
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await wired.company.bill(through: "2026-01-31", id: "run-1")
        try await wired.company.receive([BankMoney("P-1", "2026-02-01", "10.00")], id: "bank-1")
        #expect(try await wired.worker().once() > 0)
        let kinds = Set(try wired.receiver.heard().map { try #require($0.data("kind")) })
        #expect(!kinds.isEmpty && kinds.allSatisfy { $0.hasPrefix("bill.") || $0 == "invoice.issue" }, "\(kinds)")
        // The place is behind what was passed over.
        #expect(try await wired.worker().once() == 0)
        #expect(try wired.told()["attempts"] as? Int == 0)
    }

    @Test(
        "a failure is tried again later with the same id, the order is kept, and pauses grow",
        arguments: Company.engines)
    func retried(engine: Engine) async throws {
        let wired = try await Wired(engine)
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await wired.company.bill(through: "2026-01-31", id: "run-1")
        let wanted = try wired.events("--after", try #require(try wired.told()["bookmark"] as? String))
            .compactMap { $0["id"] as? String }
        try wired.receiver.answer("204", "500", "redirect", "503")
        let worker = wired.worker()
        wired.time.stop()
        #expect(try await worker.once() == 1)
        #expect(try wired.told()["attempts"] as? Int == 1 && wired.told()["answer"] as? String == "500")
        // Its time has not come.
        #expect(try await worker.once() == 0 && wired.ids().count == 2)
        wired.time.pass(WebhookWorker.pause(after: 1))
        #expect(try await worker.once() == 0 && wired.ids().count == 3)
        wired.time.pass(WebhookWorker.pause(after: 1))
        #expect(try await worker.once() == 0 && wired.ids().count == 3)
        wired.time.pass(WebhookWorker.pause(after: 2))
        #expect(try await worker.once() == 0 && wired.ids().count == 4)
        wired.time.pass(WebhookWorker.pause(after: 3))
        #expect(try await worker.once() == wanted.count - 1)
        let heard = try wired.ids()
        #expect(heard == [wanted[0]] + Array(repeating: wanted[1], count: 3) + wanted.dropFirst())
        #expect(try wired.told()["attempts"] as? Int == 0)
        #expect(WebhookWorker.pause(after: 1) == 5_000_000 && WebhookWorker.pause(after: 99) == 14_400_000_000)
    }

    @Test(
        "after three days, or where the receiver is gone, it stands on the worklist until a person goes on",
        arguments: Company.engines)
    func givenUp(engine: Engine) async throws {
        let wired = try await Wired(engine)
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10")
        let worker = wired.worker()
        func work() throws -> [String] {
            let items = try #require(try wired.duly("worklist", "--json").json["items"] as? [[String: Any]])
            return items.filter { $0["kind"] as? String == "webhook-failed" }.compactMap { $0["id"] as? String }
        }
        try wired.receiver.answer("500", "500", "410")
        #expect(try await worker.once() == 0)
        #expect(try work() == [] && wired.told()["state"] as? String == "active")
        wired.time.pass(WebhookWorker.patience)
        #expect(try await worker.once() == 0)
        #expect(try work() == ["webhook:\(wired.webhook)"] && wired.told()["state"] as? String == "failed")
        wired.time.pass(WebhookWorker.patience)
        #expect(try await worker.once() == 0 && wired.ids().count == 2)
        // What a person resumes has fresh patience; 410 ends it at once.
        #expect(try wired.duly("webhook", "resume", wired.webhook).status == 0)
        #expect(try work() == [])
        #expect(try await worker.once() == 0)
        #expect(try wired.told()["state"] as? String == "failed")
        #expect(try wired.duly("webhook", "resume", wired.webhook).status == 0)
        #expect(try await worker.once() > 0)
        #expect(try work() == [])
    }

    @Test("paused, resumed, replayed and removed by hand", arguments: Company.engines)
    func byHand(engine: Engine) async throws {
        let wired = try await Wired(engine)
        let worker = wired.worker()
        #expect(try wired.duly("webhook", "pause", wired.webhook, "--dry-run").out.contains("Nothing was kept."))
        #expect(try wired.duly("webhook", "pause", wired.webhook).status == 0)
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10")
        #expect(try await worker.once() == 0)
        #expect(try wired.duly("webhook", "resume", wired.webhook).status == 0)
        let sent = try await worker.once()
        #expect(sent > 0)
        let events = try wired.events()
        let last = try #require(events.last)
        // From its own instant on, and behind a bookmark that stands just before it.
        #expect(try wired.duly("webhook", "replay", wired.webhook, "--from", last["at"] as? String ?? "").status == 0)
        #expect(try await worker.once() > 0)
        #expect(try wired.ids().last == last["id"] as? String)
        let before = try wired.ids().count
        #expect(
            try wired.duly("webhook", "replay", wired.webhook, "--from", EventBookmark.start.description).status == 0)
        #expect(try await worker.once() == events.count)
        #expect(try wired.ids().dropFirst(before).elementsEqual(events.compactMap { $0["id"] as? String }))
        for (words, code) in [
            (["replay", wired.webhook, "--from", "yesterday"], "webhook.bad-start"),
            (["replay", wired.webhook, "--from", "2126-01-01T00:00:00.000000Z"], "webhook.late-start"),
            (["pause", "NOBODY"], "webhook.no-such-webhook"),
            (["add", "--url", wired.receiver.url], "webhook.is-there"),
            (["add", "--url", "http://erp.example/", "--kind", "everything"], "webhook.bad-address"),
            (["add", "--url", "http://erp.example/", "--kind", "everything"], "webhook.bad-kind"),
            (["add", "--url", "https://erp.example/", "--seller", "XX"], "setup.no-such-seller"),
        ] {
            let answer = try Program.run(
                ["webhook"] + words + ["--json"], today: "2026-03-02", books: wired.company.url, keyFile: wired.key)
            #expect(answer.status == 1 && answer.out.contains(code), "\(words): \(answer.out)\(answer.error)")
        }
        let test = try wired.duly("webhook", "test", wired.webhook)
        #expect(test.status == 0 && test.out.contains("204"), "\(test.error)")
        #expect(try wired.receiver.heard().last?.verified == true)
        try wired.receiver.answer("500")
        #expect(try wired.duly("webhook", "test", wired.webhook, "--json").out.contains("webhook.not-delivered"))
        #expect(try wired.duly("webhook", "remove", wired.webhook).status == 0)
        try await wired.company.order("O2 1 C-1 2026-01-06 BOLT 1")
        #expect(try await worker.once() == 0)
        #expect(try wired.duly("webhook", "list").out.contains("no webhooks"))
        #expect(try wired.duly("event", "list", "--after", "x", "--json").out.contains("event.bad-bookmark"))
    }

    @Test("the secret is kept sealed, and another key delivers nothing", arguments: Company.engines)
    func sealed(engine: Engine) async throws {
        let wired = try await Wired(engine)
        let kept = try await wired.company.rows("SELECT secret FROM webhooks")
        #expect(kept.first?.first.map { !$0.isEmpty && !$0.contains("whsec_") } == true)
        #expect(try !wired.duly("webhook", "list", "--json").out.contains("secret"))
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10")
        let stranger = WebhookWorker(
            wired.company.database, vault: { Vault(key: Array(repeating: 9, count: 32)) }, clock: wired.time.now,
            chance: 1)
        #expect(try await stranger.once() == 0)
        #expect(try wired.ids().isEmpty && wired.told()["attempts"] as? Int == 1)
    }

    @Test(
        "who dies between the answer and the bookmark repeats that one event and no other", arguments: Company.engines)
    func killed(engine: Engine) async throws {
        let wired = try await Wired(engine)
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await wired.company.bill(through: "2026-01-31", id: "run-1")
        let wanted = try wired.events("--after", try #require(try wired.told()["bookmark"] as? String))
            .compactMap { $0["id"] as? String }
        try #require(wanted.count > 3)
        let died = try FedProgram.run(
            ["worker", "--once", "--books", wired.company.url],
            environment: ["DULY_CRASH_AT": "webhook.posted:3", "DULY_KEY_FILE": wired.key])
        #expect(died.status == SIGKILL)
        #expect(try wired.ids() == Array(wanted.prefix(3)))
        // Until the claim of the dead has run out, nobody else delivers.
        let worker = wired.worker()
        #expect(try await worker.once() == 0)
        wired.time.pass(WebhookWorker.lease + 60_000_000)
        #expect(try await worker.once() == wanted.count - 2)
        #expect(try wired.ids() == Array(wanted.prefix(3)) + wanted.dropFirst(2))
    }

    @Test("of many workers at once, one delivers", arguments: Company.engines)
    func together(engine: Engine) async throws {
        let wired = try await Wired(engine)
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-1 2026-01-06 BOLT 3")
        try await wired.company.bill(through: "2026-01-31", id: "run-1")
        let sent = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                let worker = wired.worker()
                group.addTask { try await worker.once() }
            }
            return try await group.reduce(0, +)
        }
        let heard = try wired.ids()
        #expect(heard.count == sent && Set(heard).count == sent && sent > 3)
    }

    @Test("a server without a mail server delivers by itself", .timeLimit(.minutes(10)), arguments: Company.engines)
    func served(engine: Engine) async throws {
        let wired = try await Wired(engine)
        let process = ChildProcess()
        process.executableURL = Program.url
        process.arguments = ["worker", "--books", wired.company.url]
        var environment = ProcessInfo.processInfo.environment
        environment["DULY_KEY_FILE"] = wired.key
        environment["DULY_SMTP_URL"] = nil
        process.environment = environment
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { process.terminate() }
        try await wired.company.order("O1 1 C-1 2026-01-05 BOLT 10")
        while try wired.ids().isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try wired.receiver.heard()[0].verified == true)
    }
}
