import Database
import Ledger
import Money

/// The rows of the outbox as jobs: taken for a while, begun, ended. The only place that locks rows while passing over those
/// that others hold (`SKIP LOCKED`, which PostgreSQL needs and SQLite, with its one writer, does not).
struct OutboxJobs {
    let transaction: any Transaction
    let book: Int64
    /// The moment, as it is written.
    let now: Instant

    static let never = Instant("9999-12-31T23:59:59.999999Z")!

    enum Wanted: Sendable {
        /// Those whose time has come.
        case due
        /// Those about these documents, in the order of their ids after this one, whenever their time is.
        case about([RecordID], after: Int64)
    }

    /// Takes a few queued letters until `lease`: for so long nobody else takes them. Nothing has left yet.
    func take(_ count: Int, by channel: LetterRequest.Channel, _ wanted: Wanted, until lease: Instant) throws
        -> [OutboxLetter]
    {
        let lock = transaction.engine == .postgres ? "FOR UPDATE OF o SKIP LOCKED" : ""
        var filter = "AND o.next_at <= $3"
        var order = "o.next_at, o.message"
        var parameters: [SQLValue] = [
            .int(book), .text(channel.rawValue), .text(now.description), .text(lease.description), .int(Int64(count)),
        ]
        if case .about(let documents, let after) = wanted {
            try transaction.pick(documents.map(\.number))
            filter = "AND o.next_at <= $3 AND o.message > $6 AND o.document IN (SELECT key FROM picked)"
            order = "o.message"
            parameters[2] = .text(Self.never.description)
            parameters.append(.int(after))
        }
        let rows = try transaction.query(
            """
            WITH taken AS MATERIALIZED (
                SELECT o.message FROM outbox o
                WHERE o.book = $1 AND o.channel = $2 AND o.state <> 'sent' AND o.state = 'queued' \(filter)
                ORDER BY \(order) LIMIT $5 \(lock)
            )
            UPDATE outbox SET next_at = $4
            FROM taken
            WHERE outbox.book = $1 AND outbox.message = taken.message
            RETURNING outbox.message, outbox.kind, outbox.document, outbox.customer, outbox.attempts,
                COALESCE(outbox.message_id, ''), outbox.recorded
            """, parameters)
        return try rows.compactMap { row in
            guard let kind = LetterRequest.Kind(rawValue: try row.text(1)) else { return nil }
            return OutboxLetter(
                message: RecordID(number: try row.int(0)), kind: kind, document: RecordID(number: try row.int(2)),
                customer: RecordID(number: try row.int(3)), attempts: Int(try row.int(4)), messageID: try row.text(5),
                recorded: try BookTexts.instant(try row.text(6)), lease: lease)
        }.sorted { $0.message < $1.message }
    }

    /// Gives a letter back before it was begun.
    func release(_ letter: OutboxLetter) throws {
        _ = try transaction.execute(
            "UPDATE outbox SET next_at = $4 WHERE book = $1 AND message = $2 AND state = 'queued' AND next_at = $3",
            key(letter) + [.text(now.description)])
    }

    /// Marks a letter as being sent under this Message-ID, before its first byte leaves. False where it is no longer ours: taken
    /// back, or taken by somebody after our time was up.
    func begin(_ letter: OutboxLetter, messageID: String) throws -> Bool {
        try transaction.execute(
            """
            UPDATE outbox SET state = 'sending', attempts = attempts + 1, message_id = $4, changed = $5
            WHERE book = $1 AND message = $2 AND state = 'queued' AND next_at = $3
            """, key(letter) + [.text(messageID), .text(now.description)]) == 1
    }

    /// Notes what became of a letter that was begun; also where somebody thought its worker dead meanwhile.
    func end(
        _ letter: OutboxLetter, messageID: String, state: String, answer: String, nextAt: Instant? = nil,
        uncounted: Bool = false
    ) throws {
        _ = try transaction.execute(
            """
            UPDATE outbox SET state = $3, answer = $4, next_at = $5, changed = $6, attempts = attempts - $7
            WHERE book = $1 AND message = $2 AND message_id = $8 AND state IN ('sending', 'uncertain')
            """,
            [
                .int(book), .int(letter.message.number), .text(state), .text(answer),
                .text((nextAt ?? now).description), .text(now.description), .int(uncounted ? 1 : 0), .text(messageID),
            ])
    }

    /// Notes what became of a letter that never was begun: it cannot be written, or it was printed.
    func settle(_ letter: OutboxLetter, state: String, answer: String) throws -> Bool {
        try transaction.execute(
            """
            UPDATE outbox SET state = $4, answer = $5, changed = $6, next_at = $6
            WHERE book = $1 AND message = $2 AND state = 'queued' AND next_at = $3
            """, key(letter) + [.text(state), .text(answer), .text(now.description)]) == 1
    }

    /// Letters whose worker died while it was sending them: nobody knows whether they arrived. On SQLite a worker that starts
    /// is the only one; on PostgreSQL others may be at work, and a letter is given ten minutes.
    func markOrphans() throws -> Int {
        let since = transaction.engine == .postgres ? Instant(micro: now.micro - 600_000_000) : Self.never
        return try transaction.execute(
            """
            UPDATE outbox SET state = 'uncertain', changed = $3,
                answer = 'the sending was interrupted; it may have arrived or not'
            WHERE book = $1 AND channel = 'email' AND state <> 'sent' AND state = 'sending' AND changed <= $2
            """, [.int(book), .text(since.description), .text(now.description)])
    }

    private func key(_ letter: OutboxLetter) -> [SQLValue] {
        [.int(book), .int(letter.message.number), .text(letter.lease.description)]
    }
}
