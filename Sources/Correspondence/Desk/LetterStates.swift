import Books
import Database
import Foundation
import Ledger
import Mail
import Money

/// A letter as the outbox has it.
public struct LetterState: Codable, Sendable, Equatable {
    public var message: String
    public var kind: String
    /// The document's number; of a reminder or statement its id.
    public var subject: String
    public var customer: String
    public var channel: String
    /// `queued`, `sending`, `sent`, `refused`, `uncertain`, `withdrawn`.
    public var state: String
    public var attempts: Int
    public var nextAt: String
    public var answer: String
    public var changed: String
    enum CodingKeys: String, CodingKey {
        case message, kind, subject, customer, channel, state, attempts, answer, changed
        case nextAt = "next_at"
    }
}

/// A person's word on a letter whose fate is not known, or that was refused.
public struct SettleLetter: Sendable {
    public enum Word: String, Sendable {
        /// Under a new Message-ID.
        case sendAgain = "letter.send-again"
        case arrived = "letter.arrived"
    }
    public let id: CommandID
    public let message: RecordID
    public let word: Word
    public let actor: Actor
    public let today: Day
    public init(id: CommandID, message: RecordID, word: Word, actor: Actor, today: Day) {
        self.id = id
        self.message = message
        self.word = word
        self.actor = actor
        self.today = today
    }
}

extension CorrespondenceDesk {
    /// Sends an uncertain or refused letter again: it is queued anew, under a Message-ID that tells the copies apart.
    public func sendAgain(
        _ message: RecordID, id: CommandID, actor: Actor, today: Day, book: Int64, dryRun: Bool = false
    ) async throws -> LetterState {
        try await settle(
            SettleLetter(id: id, message: message, word: .sendAgain, actor: actor, today: today), book: book,
            dryRun: dryRun)
    }

    /// Notes that an uncertain (or refused) letter has reached the customer after all.
    public func arrived(
        _ message: RecordID, id: CommandID, actor: Actor, today: Day, book: Int64, dryRun: Bool = false
    ) async throws -> LetterState {
        try await settle(
            SettleLetter(id: id, message: message, word: .arrived, actor: actor, today: today), book: book,
            dryRun: dryRun)
    }

    public func settle(_ command: SettleLetter, book: Int64, dryRun: Bool = false) async throws -> LetterState {
        let (now, dice) = (clock(), chance())
        let content = "\(command.word.rawValue) \(command.message)"
        let body: @Sendable (any Transaction) throws -> LetterState = { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if let earlier = try books.outcome(of: command.id, content: content) {
                return try JSONDecoder().decode(LetterState.self, from: Data(earlier.json.utf8))
            }
            let rows = try transaction.query(
                "SELECT state, COALESCE(message_id, '') FROM outbox WHERE book = $1 AND message = $2",
                [.int(book), .int(command.message.number)])
            guard let row = rows.first else {
                throw CorrespondenceRefusal.noSuchLetter(command.message.description)
            }
            let state = try row.text(0)
            guard state == "uncertain" || state == "refused" else {
                throw CorrespondenceRefusal.notOpen(command.message.description, state: state)
            }
            if !dryRun { try Self.mark(command, messageID: try row.text(1), books) }
            guard
                let after = try Self.letters(
                    transaction, book: book, "AND o.message = $2", [.int(command.message.number)]
                ).first
            else { throw CorrespondenceRefusal.noSuchLetter(command.message.description) }
            if !dryRun {
                try books.record([
                    Recording(
                        command: command.id, kind: command.word.rawValue, content: content, actor: command.actor,
                        day: command.today, outcome: try after.json())
                ])
            }
            return after
        }
        return dryRun ? try await database.read(body) : try await database.transaction(body)
    }

    private static func mark(_ command: SettleLetter, messageID: String, _ books: Books) throws {
        let key: [SQLValue] = [.int(books.book), .int(command.message.number), .text(books.recordedText)]
        switch command.word {
        case .arrived:
            _ = try books.transaction.execute(
                "UPDATE outbox SET state = 'sent', answer = $4, changed = $3 WHERE book = $1 AND message = $2",
                key + [.text("arrived, says \(command.actor.name)")])
        case .sendAgain:
            _ = try books.transaction.execute(
                """
                UPDATE outbox SET state = 'queued', attempts = 0, next_at = $3, changed = $3, answer = '', message_id = $4
                WHERE book = $1 AND message = $2
                """, key + [try next(messageID).map { .text($0) } ?? .null])
        }
    }

    /// The Message-ID of the next copy: its number is one higher. A letter that never got one gets its first when it is sent.
    static func next(_ messageID: String) throws -> String? {
        guard !messageID.isEmpty else { return nil }
        let id = try MessageID(messageID)
        var words = id.left.split(separator: ".").map(String.init)
        guard let last = words.popLast(), let number = Int(last) else {
            return try MessageID(left: "\(id.left).2", right: id.right).description
        }
        return try MessageID(left: (words + ["\(number + 1)"]).joined(separator: "."), right: id.right).description
    }

    /// The letters in these states, oldest first: what waits, what was refused, what a person must settle.
    public func letters(in states: [String], book: Int64, limit: Int = 1000) async throws -> [LetterState] {
        try await database.read { transaction in
            try states.flatMap { state in
                try Self.letters(
                    transaction, book: book,
                    (state == "sent" ? "" : "AND o.state <> 'sent' ") + "AND o.state = $2 ORDER BY o.message LIMIT $3",
                    [.text(state), .int(Int64(limit))])
            }
        }
    }

    private static func letters(
        _ transaction: any Transaction, book: Int64, _ filter: String, _ parameters: [SQLValue]
    ) throws -> [LetterState] {
        try transaction.query(
            """
            SELECT o.message, o.kind, COALESCE(d.number, ''), c.number, o.channel, o.state, o.attempts, o.next_at, o.answer,
                o.changed, o.document
            FROM outbox o
            LEFT JOIN documents d ON d.book = o.book AND d.document = o.document
            LEFT JOIN customers c ON c.book = o.book AND c.customer = o.customer
            WHERE o.book = $1 \(filter)
            """, [.int(book)] + parameters
        ).map { row in
            let number = try row.text(2)
            return LetterState(
                message: RecordID(number: try row.int(0)).description, kind: try row.text(1),
                subject: number.isEmpty ? RecordID(number: try row.int(10)).description : number,
                customer: try row.textOrNil(3) ?? "", channel: try row.text(4), state: try row.text(5),
                attempts: Int(try row.int(6)), nextAt: try row.text(7), answer: try row.text(8),
                changed: try row.text(9))
        }
    }
}

extension Encodable {
    /// As JSON text with sorted keys.
    func json(pretty: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
