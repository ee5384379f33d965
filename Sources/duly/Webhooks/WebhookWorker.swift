import Books
import Database
import Foundation
import Ledger
import Money
import Outbound
import Synchronization

/// Posts events to webhooks, to each in order and at least once.
///
/// Whoever delivers claims the webhook in the books for a while and moves its bookmark after every event that arrived: who dies in
/// between leaves at most the one event under way to be posted again. As many processes as wanted may do this at once.
struct WebhookWorker: Sendable {
    let database: any Database
    let vault: @Sendable () throws -> Vault
    let clock: @Sendable () -> Instant
    /// Tells this worker from all others.
    private let claim: String
    private let busy = Busy()

    init(
        _ database: any Database, vault: @escaping @Sendable () throws -> Vault,
        clock: @escaping @Sendable () -> Instant, chance: UInt64
    ) {
        (self.database, self.vault, self.clock) = (database, vault, clock)
        claim = "\(clock()) \(chance)"
    }

    /// How long a webhook that was claimed is nobody else's: longer than one message can take.
    static let lease: Int64 = 60_000_000
    /// After so long without a success it is given up. Microseconds.
    static let patience: Int64 = 3 * 86_400_000_000
    /// The pause after so many failures in a row: 5, 10, 20 … seconds, 4 hours at most. Microseconds.
    static func pause(after failures: Int) -> Int64 {
        min(5_000_000 << Int64(min(max(failures, 1), 13) - 1), 4 * 3_600_000_000)
    }

    /// Those served just now by this process.
    private final class Busy: Sendable {
        private let ids = Mutex<Set<RecordID>>([])
        func enter(_ id: RecordID) -> Bool { ids.withLock { $0.insert(id).inserted } }
        func leave(_ id: RecordID) { ids.withLock { _ = $0.remove(id) } }
    }

    /// Until its task is cancelled; a slow receiver keeps no other waiting.
    func work() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do {
                    for hook in try await due() where busy.enter(hook.id) {
                        group.addTask {
                            do { try await serve(hook.id) } catch { Answer.say("webhook \(hook.id): \(error)") }
                            busy.leave(hook.id)
                        }
                    }
                } catch { Answer.say("webhooks: \(error)") }
                guard (try? await Task.sleep(for: .seconds(2))) != nil else { break }
            }
            group.cancelAll()
        }
    }

    /// Delivers what is due now; returns how many events arrived.
    @discardableResult
    func once() async throws -> Int {
        var sent = 0
        for hook in try await due() { sent += try await serve(hook.id) }
        return sent
    }

    /// Webhooks whose time has come and for which something may be new. Only reads.
    private func due() async throws -> [Webhook] {
        let now = clock()
        let hooks = try await database.read { try WebhookRecords(transaction: $0, now: now).due() }
        var found: [Webhook] = []
        for hook in hooks where try await EventFeed.hasNews(after: hook.bookmark, books: books(hook), in: database) {
            found.append(hook)
        }
        return found
    }

    private func books(_ hook: Webhook) async throws -> [(book: Int64, seller: String)] {
        let seller = hook.seller
        return try await database.read { transaction in
            try transaction.query("SELECT book, code FROM sellers ORDER BY book", []).map {
                (try $0.int(0), try $0.text(1))
            }.filter { seller == nil || $0.1 == seller }
        }
    }

    /// Posts what is new to one webhook, until nothing is left, something fails, or a person or another process has taken it.
    @discardableResult
    func serve(_ id: RecordID) async throws -> Int {
        guard let hook = try await records({ try $0.claim(id, by: claim, until: $0.leased) }) else { return 0 }
        guard let secret = try vault().open(hook.secret).flatMap({ WebhookSecret($0) }),
            let address = try? OutboundAddress(hook.url)
        else {
            try await fail(hook, "its secret cannot be opened with this key, or its address is no longer allowed")
            return 0
        }
        let line = OutboundLine()
        var (sent, bookmark, more) = (0, hook.bookmark, true)
        while more, !Task.isCancelled {
            let page = try await EventFeed.read(
                after: bookmark, books: books(hook), kinds: hook.kinds, limit: 100, from: database, clock: clock())
            for event in page.events {
                guard !Task.isCancelled else { break }
                let result = try await post(event, to: address, secret, line)
                guard case .answered(let status) = result, (200...299).contains(status) else {
                    try await fail(hook, result)
                    return sent
                }
                CrashPoint.reach("webhook.posted")
                sent += 1
                guard try await move(hook, from: bookmark, to: event.bookmark, answer: "\(status)") else { return sent }
                bookmark = event.bookmark
            }
            guard !Task.isCancelled else { break }
            if page.bookmark != bookmark {
                guard try await move(hook, from: bookmark, to: page.bookmark, answer: nil) else { return sent }
                bookmark = page.bookmark
            }
            more = page.more
        }
        try await records { try $0.release(id, by: claim) }
        return sent
    }

    private func post(_ event: Event, to address: OutboundAddress, _ secret: WebhookSecret, _ line: OutboundLine)
        async throws -> PostingResult
    {
        let data = try EventText.json(event)
        return await Self.post(
            type: event.kind, at: event.recorded, data: data, id: event.id, to: address, secret, line, now: clock())
    }

    /// One message as Standard Webhooks 1.0.0 has it: type, timestamp of what happened, data.
    static func post(
        type: String, at: String, data: String, id: String, to address: OutboundAddress, _ secret: WebhookSecret,
        _ line: OutboundLine, now: Instant
    ) async -> PostingResult {
        let words = [(try? Answer.encode(type)) ?? "\"\"", (try? Answer.encode(at)) ?? "\"\""]
        let body = Array("{\"type\":\(words[0]),\"timestamp\":\(words[1]),\"data\":\(data)}".utf8)
        let headers =
            [("content-type", "application/json"), ("user-agent", "Duly")]
            + secret.headers(id: id, second: now.micro / 1_000_000, body: body)
        return await line.post(body, to: address, headers: headers)
    }

    private func move(_ hook: Webhook, from: EventBookmark, to: EventBookmark, answer: String?) async throws -> Bool {
        try await records {
            try $0.advance(hook.id, by: claim, from: from, to: to, answer: answer, until: $0.leased)
        }
    }

    private func fail(_ hook: Webhook, _ result: PostingResult) async throws {
        switch result {
        case .answered(410): try await fail(hook, "410: the receiver says that it is gone for good", isFinal: true)
        case .answered(let status): try await fail(hook, "\(status)")
        case .failed(let why):
            // Stopped by us, not by them.
            guard !Task.isCancelled else { return try await records { try $0.release(hook.id, by: claim) } }
            try await fail(hook, why)
        }
    }

    private func fail(_ hook: Webhook, _ answer: String, isFinal: Bool = false) async throws {
        try await records { records in
            // What arrived since the claim counts: the row as it is now, not as it was.
            guard let now = try records.find(hook.id) else { return }
            let since = now.failingSince ?? records.now
            let isOver = isFinal || records.now.micro - since.micro >= Self.patience
            try records.fail(
                now, by: claim, answer: String(answer.prefix(300)), since: since,
                nextAt: Instant(micro: records.now.micro + Self.pause(after: now.attempts + 1)),
                state: isOver ? .failed : .active)
        }
    }

    private func records<T: Sendable>(_ body: @escaping @Sendable (WebhookRecords) throws -> T) async throws -> T {
        let now = clock()
        return try await database.transaction(isolation: .readCommitted) {
            try body(WebhookRecords(transaction: $0, now: now))
        }
    }
}

extension WebhookRecords {
    var leased: Instant { Instant(micro: now.micro + WebhookWorker.lease) }
}
