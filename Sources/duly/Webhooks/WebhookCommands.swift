import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money
import Outbound

/// A webhook as it is listed; `secret` only once, when it is made.
private struct WebhookTold: Encodable {
    let webhook, url: String
    let kinds: [String]
    let seller: String?
    let state, bookmark: String
    let attempts: Int
    let failingSince: String?
    let nextAttempt: String?
    let answer: String
    var secret: String?

    init(_ hook: Webhook, secret: String? = nil) {
        (webhook, url, kinds, seller) = (hook.id.description, hook.url, hook.kinds, hook.seller)
        (state, bookmark, attempts) = (hook.state.rawValue, hook.bookmark.description, hook.attempts)
        failingSince = hook.failingSince?.description
        nextAttempt = hook.attempts > 0 && hook.state == .active ? hook.nextAt.description : nil
        (answer, self.secret) = (hook.answer, secret)
    }
    enum CodingKeys: String, CodingKey {
        case webhook, url, kinds, seller, state, bookmark, attempts, answer, secret
        case failingSince = "failing_since"
        case nextAttempt = "next_attempt"
    }
}

/// `duly webhook`.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Post events to other programs as they happen.",
        discussion:
            "Each event is posted by itself, in order, at least once, signed as Standard Webhooks says (headers webhook-id, "
            + "webhook-timestamp, webhook-signature). 'duly serve' and 'duly worker' deliver. What fails is tried again for three days.",
        subcommands: [Add.self, List.self, Pause.self, Resume.self, Remove.self, Replay.self, Test.self])

    /// Finds one by what a person typed.
    fileprivate static func find(_ text: String, _ records: WebhookRecords) throws -> Webhook {
        guard let id = RecordID(text), let hook = try records.find(id) else {
            throw WebhookRefusal.noSuchWebhook(text)
        }
        return hook
    }

    /// Changes one, or only looks at it.
    fileprivate static func change(
        _ text: String, _ common: Common, _ what: String, dryRun: Bool,
        _ body: @escaping @Sendable (Webhook, WebhookRecords) throws -> Void
    ) async throws {
        let (database, now) = (try await common.open(), common.now)
        let hook = try await database.transaction { transaction in
            let records = WebhookRecords(transaction: transaction, now: now)
            let hook = try find(text, records)
            guard !dryRun else { return hook }
            try body(hook, records)
            return try records.find(hook.id) ?? hook
        }
        if common.json { return print(try Answer.encode(WebhookTold(hook))) }
        print("\(what) webhook \(hook.id) to \(hook.url).")
        if dryRun { print("Nothing was kept.") }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Post events to an address from now on; shows the secret, this once.")
        @OptionGroup var common: Common
        @Option(help: "Where to: an https address, or http on this machine.") var url: String
        @Option(help: "Only this kind, such as invoice.issue, or invoice.* for all of a noun; may be repeated.")
        var kind: [String] = []
        @Option(help: "Only of this seller.") var seller: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false

        func run() async throws {
            let database = try await common.open()
            let address = try checked()
            let seller = try await seller == nil ? nil : common.sellers(database, seller)[0].code
            let secret = WebhookSecret()
            let (sealed, now, chance, actor) = (
                try common.vault().seal(secret.text), common.now, common.chance, common.actor
            )
            let start = EventBookmark(through: try await Horizon.take(database, clock: now))
            let (kinds, dryRun) = (kind, dryRun)
            let hook = try await database.transaction { transaction -> Webhook? in
                let records = WebhookRecords(transaction: transaction, now: now)
                let twin = try records.all().first {
                    $0.url == address.text && $0.kinds == kinds && $0.seller == seller
                }
                if let twin { throw WebhookRefusal.there(twin.id) }
                guard !dryRun else { return nil }
                let id = RecordID(at: now, count: Int64(chance & 0x1F_FFFF))
                try records.add(
                    id, url: address.text, kinds: kinds, seller: seller, secret: sealed, bookmark: start, actor: actor)
                return try records.find(id)
            }
            guard let hook else { return try tellDry(address) }
            if common.json { return print(try Answer.encode(WebhookTold(hook, secret: secret.text))) }
            print("Added webhook \(hook.id) to \(hook.url), for events from now on.")
            print("Its secret, shown this once: \(secret.text)")
        }

        private func tellDry(_ address: OutboundAddress) throws {
            if common.json { return print(try Answer.encode(["url": address.text])) }
            print("Would post events to \(address.text).\nNothing was kept.")
        }

        /// Everything wrong at once.
        private func checked() throws -> OutboundAddress {
            var problems: [any Refusal] = kind.filter { $0.wholeMatch(of: /[a-z-]+\.(?:[a-z-]+|\*)/) == nil }
                .map { WebhookRefusal.badKind($0) }
            do throws(OutboundAddress.Problem) {
                let address = try OutboundAddress(url)
                if problems.isEmpty { return address }
            } catch { problems.insert(WebhookRefusal.badAddress(error), at: 0) }
            throw Refusals(problems)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List webhooks, how far they are and what fails.")
        @OptionGroup var common: Common

        private struct Told: Encodable {
            let items: [WebhookTold]
            enum CodingKeys: CodingKey { case items, next }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(items, forKey: .items)
                try container.encodeNil(forKey: .next)
            }
        }

        func run() async throws {
            let (database, now) = (try await common.open(), common.now)
            let hooks = try await database.read { try WebhookRecords(transaction: $0, now: now).all() }
            if common.json { return print(try Answer.encode(Told(items: hooks.map { WebhookTold($0) }))) }
            guard !hooks.isEmpty else { return print("There are no webhooks; 'duly webhook add' makes one.") }
            Answer.table(
                ["Webhook", "Address", "Kinds", "Seller", "State", "Failures", "Last answer"],
                hooks.map {
                    [
                        $0.id.description, $0.url, $0.kinds.isEmpty ? "all" : $0.kinds.joined(separator: " "),
                        $0.seller ?? "all", $0.state.rawValue, "\($0.attempts)", $0.answer,
                    ]
                }, right: [5])
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Post nothing more until it is resumed.")
        @OptionGroup var common: Common
        @Argument(help: "The webhook, as listed.") var webhook: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        func run() async throws {
            try await change(webhook, common, "Paused", dryRun: dryRun) { hook, records in
                try records.set(hook.id, .paused, bookmark: hook.bookmark)
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go on where it stopped, at once and with fresh patience.")
        @OptionGroup var common: Common
        @Argument(help: "The webhook, as listed.") var webhook: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        func run() async throws {
            try await change(webhook, common, "Resumed", dryRun: dryRun) { hook, records in
                try records.set(hook.id, .active, bookmark: hook.bookmark)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Post nothing more, and forget its secret.")
        @OptionGroup var common: Common
        @Argument(help: "The webhook, as listed.") var webhook: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        func run() async throws {
            try await change(webhook, common, "Removed", dryRun: dryRun) { hook, records in
                try records.remove(hook.id)
            }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Post once more what happened from an instant on, or behind a bookmark.")
        @OptionGroup var common: Common
        @Argument(help: "The webhook, as listed.") var webhook: String
        @Option(help: "From this instant on, or behind this bookmark of 'duly event list'.") var from: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        func run() async throws {
            let start: EventBookmark
            if let instant = Instant(from) {
                guard instant <= common.now else { throw WebhookRefusal.lateStart(from) }
                start = EventBookmark(through: Instant(micro: max(0, instant.micro - 1)))
            } else {
                guard let bookmark = EventBookmark(from) else { throw WebhookRefusal.badStart(from) }
                start = bookmark
            }
            try await change(webhook, common, "Rewound", dryRun: dryRun) { hook, records in
                try records.set(hook.id, hook.state, bookmark: start)
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Post a signed message of the kind webhook.test now, and say what was answered.")
        @OptionGroup var common: Common
        @Argument(help: "The webhook, as listed.") var webhook: String

        func run() async throws {
            let (database, now, text) = (try await common.open(), common.now, webhook)
            let hook = try await database.read { try find(text, WebhookRecords(transaction: $0, now: now)) }
            guard let secret = try common.vault().open(hook.secret).flatMap({ WebhookSecret($0) }) else {
                throw WebhookRefusal.unreadableSecret
            }
            let address: OutboundAddress
            do throws(OutboundAddress.Problem) { address = try OutboundAddress(hook.url) } catch {
                throw WebhookRefusal.badAddress(error)
            }
            let id = "test_\(RecordID(at: now, count: Int64(common.chance & 0x1F_FFFF)))"
            let result = await WebhookWorker.post(
                type: "webhook.test", at: now.description, data: "{\"webhook\":\"\(hook.id)\"}", id: id, to: address,
                secret, OutboundLine(), now: now)
            switch result {
            case .answered(let status) where (200...299).contains(status):
                if common.json { return print("{\"answer\":\(status),\"webhook\":\"\(hook.id)\"}") }
                print("It arrived: \(hook.url) answered \(status).")
            case .answered(let status): throw WebhookRefusal.notDelivered("\(status)")
            case .failed(let why): throw WebhookRefusal.notDelivered(why)
            }
        }
    }
}
