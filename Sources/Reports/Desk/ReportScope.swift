import Database
import Money

/// Which facts a report tells: those of one book or of all, dated on or before a day and recorded at or before an instant.
///
/// The instant is the caller's to resolve (`Horizon.knownAt`): only what lies at or before the horizon is settled.
public struct ReportScope: Sendable, Equatable {
    /// nil: every seller.
    public let book: Int64?
    public let asOf: Day
    public let knownAt: Instant

    public init(book: Int64?, asOf: Day, knownAt: Instant) {
        self.book = book
        self.asOf = asOf
        self.knownAt = knownAt
    }

    var day: SQLValue { .text(asOf.description) }
    var known: SQLValue { .text(knownAt.description) }

    /// The same facts as of another day.
    func asOf(_ day: Day) -> ReportScope { ReportScope(book: book, asOf: day, knownAt: knownAt) }

    /// The books of the scope, by the seller's code. Every statement reads one book.
    func books(in transaction: any Transaction) throws -> [ReportBook] {
        try transaction.query("SELECT book, code, name, currency FROM sellers ORDER BY code", []).compactMap { row in
            let id = try row.int(0)
            guard book == nil || book == id else { return nil }
            return ReportBook(
                id: id, code: try row.text(1), name: try row.text(2), home: try ReportBook.currency(try row.text(3)))
        }
    }
}

/// A book as reports name it.
struct ReportBook: Sendable, Equatable {
    let id: Int64
    let code: String
    let name: String
    let home: Currency
    var key: SQLValue { .int(id) }

    static func currency(_ code: String) throws -> Currency {
        guard let currency = Currency(code) else { throw DatabaseError.bug("the books hold a currency '\(code)'") }
        return currency
    }
    static func day(_ text: String) throws -> Day {
        guard let day = Day(text) else { throw DatabaseError.bug("the books hold a day '\(text)'") }
        return day
    }
}

extension Transaction {
    /// How a customer is shown: the firm's number and the name now in force.
    func customerNames(of book: ReportBook) throws -> [Int64: CustomerName] {
        var names: [Int64: CustomerName] = [:]
        try rows(
            """
            SELECT c.customer, c.number, d.name
            FROM customers c
            LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
            WHERE c.book = $1
            """, [book.key]
        ) { row in
            names[try row.int(0)] = CustomerName(number: try row.text(1), name: try row.textOrNil(2) ?? "")
        }
        return names
    }
}

struct CustomerName: Sendable, Equatable {
    let number: String
    let name: String
}

/// Reads a column of currency codes: the same few come again and again, so the last is kept.
struct CurrencyColumn {
    private var bytes: (UInt8, UInt8, UInt8) = (0, 0, 0)
    private var last = Currency.eur

    mutating func read(_ row: borrowing RowCursor, _ column: Int) throws -> Currency {
        let found: (UInt8, UInt8, UInt8) = row.withBytes(column) { $0.count == 3 ? ($0[0], $0[1], $0[2]) : (0, 0, 0) }
        if found == bytes { return last }
        last = try ReportBook.currency(try row.text(column))
        bytes = found
        return last
    }
}

/// Reads a column of days `2026-10-31`, keeping the last.
struct DayColumn {
    private var packed: UInt64 = 0
    private var last = Day(number: 0)

    mutating func read(_ row: borrowing RowCursor, _ column: Int) throws -> Day {
        let found: UInt64 = row.withBytes(column) { bytes in
            bytes.reduce(0) { value, byte in byte == 45 ? value : value << 8 | UInt64(byte) }
        }
        if found == packed { return last }
        last = try ReportBook.day(try row.text(column))
        packed = found
        return last
    }
}
