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
    /// `recorded` as it is written.
    public let recordedText: String
    /// Nothing may be dated before this day.
    public let openFrom: Day
    public let seller: SellerFacts
    public let transaction: any Transaction
    private var ids: RecordIDs
    var audited: [String] = []

    /// Opens a book in a writing transaction. `clock` is the moment it is, `chance` any number: together they make the ids.
    public init(_ book: Int64, in transaction: any Transaction, clock: Instant, chance: UInt64) throws {
        let rows = try transaction.query(
            """
            SELECT c.open_from, s.code, s.name, s.country, s.currency, s.language, s.terms_days, s.time_zone,
                (SELECT max(horizon) FROM book_clocks)
            FROM book_clocks c
            JOIN sellers s ON s.book = c.book
            WHERE c.book = $1
            """, [.int(book)])
        guard let row = rows.first, let openFrom = Day(try row.text(0)), let horizon = Instant(try row.text(8)),
            let currency = Currency(try row.text(4))
        else { throw BooksRefusal.noSuchBook(book) }
        self.book = book
        self.transaction = transaction
        self.openFrom = openFrom
        seller = SellerFacts(
            book: book, code: try row.text(1), name: try row.text(2), country: try row.text(3), currency: currency,
            language: try row.text(5), termsDays: Int(try row.int(6)), timeZone: try row.text(7))
        // A millisecond behind the horizon and not less: ids are minted by the millisecond, and while the clock waits for the horizon
        // (it was set back) every command would draw its ids in the same one, until two drew the same.
        recorded = max(clock, Instant(micro: horizon.micro + 1_000), try Horizon.databaseClock(transaction))
        recordedText = recorded.description
        ids = RecordIDs(at: recorded, chance: chance)
    }

    /// The next id of this transaction.
    public func mint() -> RecordID { ids.next() }

    /// An entry with an id of its own, so that other records of the same command can name it.
    public func post(_ entry: Entry) -> PostedEntry { PostedEntry(id: mint(), entry: entry) }

    /// What came of an earlier command of this id; nil where there was none. The same id with other content is refused.
    public func outcome(of command: CommandID, content: String) throws -> Outcome? {
        let rows = try transaction.query(
            "SELECT kind, fingerprint, outcome, recorded FROM commands WHERE book = $1 AND command = $2",
            [.int(book), .text(command.text)])
        guard let row = rows.first else { return nil }
        guard try row.text(1) == Self.hash(content) else { throw BooksRefusal.otherContent(command) }
        return Outcome(kind: try row.text(0), json: try row.text(2), recorded: try row.text(3))
    }

    /// Takes the next `count` numbers of a series for documents of `day`. Whoever comes second waits for the first to commit: a
    /// number exists only together with its document. A pattern with the year (or month) in it counts anew each year (month).
    public func numbers(_ count: Int, of series: String, on day: Day) throws -> Numbers {
        let templates = try transaction.query(
            "SELECT pattern FROM number_series WHERE book = $1 AND series = $2", [.int(book), .text(series)])
        guard let template = templates.first, let pattern = SeriesPattern(try template.text(0)) else {
            throw BooksRefusal.noSuchSeries(series)
        }
        let key = pattern.key(series, on: day)
        if key != series {
            _ = try transaction.execute(
                """
                INSERT INTO number_series (book, series, pattern, next) VALUES ($1, $2, $3, 1)
                ON CONFLICT (book, series) DO NOTHING
                """, [.int(book), .text(key), .text(try template.text(0))])
        }
        let rows = try transaction.query(
            "UPDATE number_series SET next = next + $3 WHERE book = $1 AND series = $2 RETURNING next",
            [.int(book), .text(key), .int(Int64(count))])
        guard let row = rows.first else { throw BooksRefusal.noSuchSeries(key) }
        return Numbers(series: key, pattern: pattern, first: try row.int(0) - Int64(count), count: count)
    }

    /// SHA-256 as base64url without padding: 43 characters.
    public static func hash(_ bytes: some Sequence<UInt8>) -> String {
        Array(bytes).withUnsafeBytes { hash(raw: $0) }
    }
    public static func hash(_ text: String) -> String {
        var text = text
        return text.withUTF8 { hash(raw: UnsafeRawBufferPointer($0)) }
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func hash(raw bytes: UnsafeRawBufferPointer) -> String {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return hasher.finalize().withUnsafeBytes { text(of: $0) }
    }

    /// The 32 bytes of a hash as base64url without padding: 43 characters.
    static func text(of digest: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: 43) { out in
            var at = 0
            var index = 0
            while index < 32 {
                let left = 32 - index
                let value =
                    UInt32(digest[index]) << 16 | (left > 1 ? UInt32(digest[index + 1]) << 8 : 0)
                    | (left > 2 ? UInt32(digest[index + 2]) : 0)
                for place in 0..<min(4, left + 1) {
                    out[at] = digits[Int(value >> (18 - 6 * UInt32(place)) & 63)]
                    at += 1
                }
                index += 3
            }
            return at
        }
    }
}

/// What a command needs to know of its seller.
public struct SellerFacts: Sendable, Equatable {
    public let book: Int64
    public let code: String
    public let name: String
    public let country: String
    /// The currency of the books.
    public let currency: Currency
    public let language: String
    /// Days until an invoice is due where the customer has no terms.
    public let termsDays: Int
    public let timeZone: String
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
