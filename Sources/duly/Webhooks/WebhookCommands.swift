import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money
import Outbound

/// Why a webhook was not set up or changed.
enum WebhookRefusal: Refusal {
    case badAddress(OutboundAddress.Problem)
    case badKind(String)
    case there(RecordID)
    case noSuchWebhook(String)
    case badStart(String)
    case lateStart(String)
    case notDelivered(String)
    case unreadableSecret

    var code: String {
        switch self {
        case .badAddress: "webhook.bad-address"
        case .badKind: "webhook.bad-kind"
        case .there: "webhook.is-there"
        case .noSuchWebhook: "webhook.no-such-webhook"
        case .badStart: "webhook.bad-start"
        case .lateStart: "webhook.late-start"
        case .notDelivered: "webhook.not-delivered"
        case .unreadableSecret: "webhook.unreadable-secret"
        }
    }
    var what: String {
        switch self {
        case .badAddress, .badKind, .there: "No webhook was added."
        case .notDelivered: "The test did not arrive."
        case .unreadableSecret: "Nothing was sent."
        default: "No webhook was changed."
        }
    }
    var why: String {
        switch self {
        case .badAddress(.unreadable): "The address cannot be read."
        case .badAddress(.notEncrypted): "The address is not https: others could read along."
        case .badAddress(.credentials): "The address holds a name or password, which would stand in lists and logs."
        case .badAddress(.tooLong): "The address has more than 2000 characters."
        case .badKind(let kind): "'\(kind.prefix(60))' is no kind of event."
        case .there(let id): "Webhook \(id) posts the same events to the same address."
        case .noSuchWebhook(let text): "There is no webhook \(text.prefix(60))."
        case .badStart(let text): "'\(text.prefix(120))' is neither an instant nor a bookmark of events."
        case .lateStart(let text): "\(text) is not over yet; what will be told up to then is not settled."
        case .notDelivered(let answer): "The receiver answered: \(answer)"
        case .unreadableSecret: "The webhook's secret was sealed under another key."
        }
    }
    var next: String {
        switch self {
        case .badAddress: "Give an address such as https://erp.example/duly; http is taken on this machine alone."
        case .badKind: "Write it like invoice.issue, or invoice.* for all of a noun; 'duly event list' shows them."
        case .there: "Keep that one, or remove it first with 'duly webhook remove'."
        case .noSuchWebhook: "'duly webhook list' lists them."
        case .badStart: "Give one such as 2026-03-01T09:15:00.000000Z, or a bookmark of 'duly event list'."
        case .lateStart: "Name an instant that has passed."
        case .notDelivered: "See that the receiver runs, knows the secret, and answers 200 to 299 within 15 seconds."
        case .unreadableSecret: "Bring back the key file, or remove the webhook and add it anew."
        }
    }
    var place: RefusalPlace? {
        switch self {
        case .badAddress: RefusalPlace(field: "url")
        case .badKind: RefusalPlace(field: "kind")
        case .badStart, .lateStart: RefusalPlace(field: "from")
        case .noSuchWebhook: RefusalPlace(field: "webhook")
        default: nil
        }
    }
}

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
