import Books
import Database
import Ledger
import Money
import Outbound

/// A webhook as the books have it.
struct Webhook: Sendable {
    enum State: String, Sendable {
        case active
        /// By a person.
        case paused
        /// Nothing arrived for three days, or the receiver is gone.
        case failed
    }
    let id: RecordID
    let url: String
    let kinds: [String]
    /// nil: of every seller.
    let seller: String?
    /// Sealed.
    let secret: String
    let state: State
    let bookmark: EventBookmark
    /// Failures since the last success.
    let attempts: Int
    let failingSince: Instant?
    let nextAt: Instant
    let answer: String

    init(_ row: Row) throws {
        guard let state = State(rawValue: try row.text(5)), let bookmark = EventBookmark(try row.text(6)),
            let nextAt = Instant(try row.text(9))
        else { throw DatabaseError.bug("a webhook cannot be read") }
        (self.state, self.bookmark, self.nextAt) = (state, bookmark, nextAt)
        id = RecordID(number: try row.int(0))
        url = try row.text(1)
        kinds = try row.text(2).split(separator: " ").map(String.init)
        let seller = try row.text(3)
        self.seller = seller.isEmpty ? nil : seller
        secret = try row.text(4)
        attempts = Int(try row.int(7))
        failingSince = try row.textOrNil(8).flatMap { Instant($0) }
        answer = try row.text(10)
    }
}

/// Reads and writes webhooks in one transaction.
struct WebhookRecords {
    let transaction: any Transaction
    let now: Instant
    private var at: SQLValue { .text(now.description) }
    private static let long = Instant(micro: 0).description

    func all() throws -> [Webhook] {
        try transaction.query(
            """
            SELECT webhook, url, kinds, seller, secret, state, bookmark, attempts, failing_since, next_at, answer
            FROM webhooks ORDER BY webhook
            """, []
        ).map(Webhook.init)
    }

    func find(_ id: RecordID) throws -> Webhook? {
        try transaction.query(
            """
            SELECT webhook, url, kinds, seller, secret, state, bookmark, attempts, failing_since, next_at, answer
            FROM webhooks WHERE webhook = $1
            """, [.int(id.number)]
        ).first.map(Webhook.init)
    }

    /// Those that may be served now and that nobody serves.
    func due() throws -> [Webhook] {
        try transaction.query(
            """
            SELECT webhook, url, kinds, seller, secret, state, bookmark, attempts, failing_since, next_at, answer
            FROM webhooks WHERE state = 'active' AND next_at <= $1 AND claimed_until <= $1
            ORDER BY next_at, webhook
            """, [at]
        ).map(Webhook.init)
    }

    func add(
        _ id: RecordID, url: String, kinds: [String], seller: String?, secret: String, bookmark: EventBookmark,
        actor: Actor
    ) throws {
        _ = try transaction.execute(
            """
            INSERT INTO webhooks (
                webhook, url, kinds, seller, secret, state, bookmark, attempts, failing_since, next_at, claim,
                claimed_until, answer, actor, recorded, changed)
            VALUES ($1, $2, $3, $4, $5, 'active', $6, 0, NULL, $7, '', $8, '', $9, $7, $7)
            """,
            [
                .int(id.number), .text(url), .text(kinds.joined(separator: " ")), .text(seller ?? ""), .text(secret),
                .text(bookmark.description), at, .text(Self.long), .text(actor.name),
            ])
    }

    /// Takes it over until `until`; nil where it is not due any more or somebody else has it.
    func claim(_ id: RecordID, by claim: String, until: Instant) throws -> Webhook? {
        try transaction.query(
            """
            UPDATE webhooks SET claim = $2, claimed_until = $3
            WHERE webhook = $1 AND state = 'active' AND next_at <= $4 AND claimed_until <= $4
            RETURNING webhook, url, kinds, seller, secret, state, bookmark, attempts, failing_since, next_at, answer
            """, [.int(id.number), .text(claim), .text(until.description), at]
        ).first.map(Webhook.init)
    }

    /// Moves on from one bookmark to the next; false where somebody else moved it, paused it, or took it over.
    func advance(
        _ id: RecordID, by claim: String, from: EventBookmark, to: EventBookmark, answer: String?, until: Instant
    ) throws -> Bool {
        try transaction.execute(
            """
            UPDATE webhooks SET bookmark = $4, attempts = 0, failing_since = NULL, answer = COALESCE($5, answer),
                claimed_until = $6, changed = $7
            WHERE webhook = $1 AND claim = $2 AND bookmark = $3 AND state = 'active'
            """,
            [
                .int(id.number), .text(claim), .text(from.description), .text(to.description),
                answer.map(SQLValue.text) ?? .null, .text(until.description), at,
            ]) == 1
    }

    /// Notes a failure, and when to try again; `state` is `failed` where it was the last attempt.
    func fail(_ hook: Webhook, by claim: String, answer: String, since: Instant, nextAt: Instant, state: Webhook.State)
        throws
    {
        _ = try transaction.execute(
            """
            UPDATE webhooks SET attempts = attempts + 1, failing_since = $3, next_at = $4, state = $5, answer = $6,
                claim = '', claimed_until = $7, changed = $8
            WHERE webhook = $1 AND claim = $2 AND state = 'active'
            """,
            [
                .int(hook.id.number), .text(claim), .text(since.description), .text(nextAt.description),
                .text(state.rawValue), .text(answer), .text(Self.long), at,
            ])
    }

    func release(_ id: RecordID, by claim: String) throws {
        _ = try transaction.execute(
            "UPDATE webhooks SET claim = '', claimed_until = $3 WHERE webhook = $1 AND claim = $2",
            [.int(id.number), .text(claim), .text(Self.long)])
    }

    /// What a person does: it begins anew, and whoever is delivering finds that out at the next event.
    func set(_ id: RecordID, _ state: Webhook.State, bookmark: EventBookmark) throws {
        _ = try transaction.execute(
            """
            UPDATE webhooks SET state = $2, bookmark = $3, attempts = 0, failing_since = NULL, next_at = $4, claim = '',
                claimed_until = $5, changed = $4
            WHERE webhook = $1
            """, [.int(id.number), .text(state.rawValue), .text(bookmark.description), at, .text(Self.long)])
    }

    func remove(_ id: RecordID) throws {
        _ = try transaction.execute("DELETE FROM webhooks WHERE webhook = $1", [.int(id.number)])
    }
}
