import Crypto
import Database
import Ledger
import Money

/// One book inside one transaction: where outcomes are looked up and decisions are written.
///
/// Everything a command leaves behind is written by `record`: outcome, entries, numbers, letters and the audit record stand
/// or fall together.
public final class Books {
    public let book: Int64
    /// The recorded instant of everything this transaction writes, UTC; later than every horizon a report has printed.
    public let recorded: Instant
    /// Nothing may be dated before this day.
    public let openFrom: Day
    let transaction: any Transaction
    private var ids: RecordIDs

    /// Opens a book in a transaction. `clock` is the moment it is, `chance` any number: together they make the ids.
    public init(_ book: Int64, in transaction: any Transaction, clock: Instant, chance: UInt64) throws {
        let rows = try transaction.query(
            "SELECT open_from, horizon FROM book_clocks WHERE book = $1", [.int(book)])
        guard let row = rows.first, let openFrom = Day(try row.text(0)), let horizon = Instant(try row.text(1)) else {
            throw BooksRefusal.noSuchBook(book)
        }
        self.book = book
        self.transaction = transaction
        self.openFrom = openFrom
        recorded = max(clock, Instant(micro: horizon.micro + 1))
        ids = RecordIDs(at: recorded, chance: chance)
    }

    /// The next id of this transaction.
    public func mint() -> RecordID { ids.next() }

    /// What came of an earlier command of this id; nil where there was none. The same id with other content is refused.
    public func outcome(of command: CommandID, content: String) throws -> Outcome? {
        let rows = try transaction.query(
            "SELECT kind, fingerprint, outcome, recorded FROM commands WHERE book = $1 AND command = $2",
            [.int(book), .text(command.text)])
        guard let row = rows.first else { return nil }
        guard try row.text(1) == Self.hash(Array(content.utf8)) else { throw BooksRefusal.otherContent(command) }
        return Outcome(kind: try row.text(0), json: try row.text(2), recorded: try row.text(3))
    }

    /// Takes the next `count` numbers of a series. Whoever comes second waits for the first to commit: a number exists
    /// only together with its document.
    public func numbers(_ count: Int, of series: String) throws -> Numbers {
        let rows = try transaction.query(
            """
            UPDATE number_series SET next = next + $3
            WHERE book = $1 AND series = $2
            RETURNING next, pattern
            """, [.int(book), .text(series), .int(Int64(count))])
        guard let row = rows.first else { throw BooksRefusal.noSuchSeries(series) }
        return Numbers(series: series, pattern: try row.text(1), first: try row.int(0) - Int64(count), count: count)
    }

    /// Writes what was decided. One call may carry many commands (a group of a run); each keeps its own outcome.
    public func record(_ recordings: [Recording]) throws {
        for recording in recordings {
            for entry in recording.entries where entry.day < openFrom {
                throw BooksRefusal.periodClosed(asked: entry.day, openFrom: openFrom)
            }
        }
        let at = SQLValue.text(recorded.description)
        var commands: [[SQLValue]] = []
        var entries: [[SQLValue]] = []
        var lines: [[SQLValue]] = []
        var numbers: [[SQLValue]] = []
        var letters: [[SQLValue]] = []
        var audits: [[SQLValue]] = []
        for recording in recordings {
            let command = SQLValue.text(recording.command.text)
            commands.append([
                .int(book), command, .text(recording.kind), .text(Self.hash(Array(recording.content.utf8))),
                .text(recording.actor.name), .text(recording.day.description), at, .text(recording.outcome),
            ])
            var hashes =
                "event \(recording.command.text) \(Self.hash(recording.eventBytes(book: book, recorded: recorded)))"
            for entry in recording.entries {
                let id = mint()
                let day = SQLValue.text(entry.day.description)
                entries.append([
                    .int(book), .int(id.number), command, .text(entry.kind.rawValue), day, at,
                    entry.reverses.map { .int($0.number) } ?? .null,
                ])
                for (index, line) in entry.lines.enumerated() {
                    lines.append([
                        .int(book), .int(id.number), .int(Int64(index + 1)), .text(line.account.rawValue),
                        line.customer.map { .int($0.number) } ?? .null, line.item.map { .int($0.number) } ?? .null,
                        .int(line.amount.minor), .text(line.amount.currency.code),
                        .int(line.home.minor), .text(line.home.currency.code),
                        .int(line.rate.scaled), .text(line.rate.day.description), .text(line.rate.source), day, at,
                    ])
                }
                hashes += "\nentry \(id) \(Self.hash(CanonicalBytes.of(entry, id: id, book: book)))"
            }
            for number in recording.numbers {
                numbers.append([
                    .int(book), .text(number.series), .int(number.number), .int(number.document.number),
                ])
            }
            for document in recording.documents {
                hashes += "\n\(document.kind) \(document.id) \(Self.hash(document.bytes))"
            }
            for letter in recording.letters {
                letters.append([
                    .int(book), .int(mint().number), command, .text(letter.kind.rawValue), .int(letter.document.number),
                    .int(letter.customer.number), .text("queued"), .int(0), at,
                ])
            }
            audits.append([.int(book), .int(mint().number), command, at, .text(hashes)])
        }
        try transaction.insert(
            into: "commands",
            columns: ["book", "command", "kind", "fingerprint", "actor", "day", "recorded", "outcome"], rows: commands)
        try transaction.insert(
            into: "entries", columns: ["book", "entry", "command", "kind", "day", "recorded", "reverses"], rows: entries
        )
        try transaction.insert(
            into: "journal_lines",
            columns: [
                "book", "entry", "line", "account", "customer", "item", "minor", "currency", "home_minor",
                "home_currency", "rate", "rate_day", "rate_source", "day", "recorded",
            ], rows: lines)
        try transaction.insert(
            into: "document_numbers", columns: ["book", "series", "number", "document"], rows: numbers)
        try transaction.insert(
            into: "outbox",
            columns: ["book", "message", "command", "kind", "document", "customer", "state", "attempts", "recorded"],
            rows: letters)
        try transaction.insert(
            into: "audit_records", columns: ["book", "audit", "command", "recorded", "hashes"], rows: audits)
    }

    /// SHA-256 in 64 lower-case hexadecimal digits.
    static func hash(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Ids of one transaction, in order: they begin at a place of the millisecond chosen by chance, so that two transactions of one
/// millisecond rarely meet; where they do, the primary key refuses the second and it runs again.
struct RecordIDs {
    private var number: Int64
    init(at instant: Instant, chance: UInt64) {
        number = RecordID(at: instant, count: Int64(chance & 0x1F_FFFF)).number
    }
    mutating func next() -> RecordID {
        number += 1
        return RecordID(number: number)
    }
}
