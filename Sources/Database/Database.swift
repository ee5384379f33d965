/// A value as both engines know it.
public enum SQLValue: Sendable, Hashable {
    case null
    case int(Int64)
    case text(String)
    case blob([UInt8])
}

public enum Engine: String, Sendable { case sqlite, postgres }

/// What the database could not do. A refusal of the business never comes from here.
public enum DatabaseError: Error, Equatable, Sendable {
    /// Another transaction came first; the body runs again from the facts.
    case conflict(String)
    /// A constraint said no; the message names table and constraint.
    case constraint(String)
    /// The database could not be reached, or the disk is full, or a lock was not freed in time.
    case outage(String)
    /// The statement or the reading of its rows is wrong.
    case bug(String)

    /// An outage at COMMIT: the transaction may have been kept or not. The driver has run the body again before it says so.
    static func outcomeUnknown(_ why: String) -> DatabaseError {
        .outage("it is not known whether the last transaction was committed: \(why)")
    }
}

/// One row of a result.
public struct Row: Sendable {
    public let values: [SQLValue]
    public init(_ values: [SQLValue]) { self.values = values }

    public func int(_ column: Int) throws -> Int64 {
        guard let value = try intOrNil(column) else { throw DatabaseError.bug("column \(column) is null") }
        return value
    }
    public func intOrNil(_ column: Int) throws -> Int64? {
        switch values[column] {
        case .null: return nil
        case .int(let value): return value
        case .text(let text):
            guard let value = Int64(text) else { throw DatabaseError.bug("column \(column) is no integer: \(text)") }
            return value
        case .blob: throw DatabaseError.bug("column \(column) holds bytes, not an integer")
        }
    }
    public func text(_ column: Int) throws -> String {
        guard let value = try textOrNil(column) else { throw DatabaseError.bug("column \(column) is null") }
        return value
    }
    public func textOrNil(_ column: Int) throws -> String? {
        switch values[column] {
        case .null: return nil
        case .int(let value): return String(value)
        case .text(let text): return text
        case .blob: throw DatabaseError.bug("column \(column) holds bytes, not text")
        }
    }
}

/// How far a transaction is kept apart from others on PostgreSQL. SQLite has one writer at a time and needs no choice.
public enum Isolation: String, Sendable {
    /// The rule: as if the transactions had run one after the other.
    case serializable = "SERIALIZABLE"
    /// For groups that queue for a number series before they read (style.md, section 2), and for tests of the locks.
    case readCommitted = "READ COMMITTED"
}

/// One open transaction. It lives inside the body of `Database.transaction` or `Database.read`, on that body's thread.
///
/// A statement that failed fails its transaction, on both engines: a body may turn the error into a refusal and throw that,
/// but a body that carries on and returns gets the error again instead of a commit.
public protocol Transaction: AnyObject {
    var engine: Engine { get }
    /// All rows of a statement; `$1` is the first parameter, by number on both engines.
    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [Row]
    /// Reads the rows of a statement one by one, without keeping them: a million rows take the memory of one. The body
    /// must not use the transaction; what it throws ends the reading.
    func rows(_ sql: String, _ parameters: [SQLValue], _ body: (borrowing RowCursor) throws -> Void) throws
    /// Runs a statement and says how many rows it touched.
    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int
    /// Runs several statements without parameters.
    func script(_ sql: String) throws
    /// Inserts many rows into one table in the engine's fastest way.
    func insert(_ batch: RowBatch) throws
    /// Inserts the rows whose keys are new, passes over the others, and says how many went in.
    func insertIgnoringExisting(_ batch: RowBatch) throws -> Int
    /// Runs one UPDATE for each row of the batch, whose columns are its parameters `$1`, `$2`, …, and says how many records
    /// that changed. The text holds one `WHERE`. Each record is found by its own key whatever the planners know of the table:
    /// SQLite steps one statement, row after row; PostgreSQL runs a longer batch as one statement over arrays, so no two rows
    /// may change the same record.
    func update(_ sql: String, each batch: RowBatch) throws -> Int
    /// Fills the connection's own relation `picked (key)` with these keys, each once, so that one SQL text reads the facts of
    /// many commands on both engines: `FROM picked JOIN items ON items.book = $1 AND items.item = picked.key`. The planners
    /// are told that the keys are few. The keys of an earlier call are gone.
    func pick(_ keys: [Int64]) throws
    /// The same for texts: `picked_text (key)`.
    func pick(_ keys: [String]) throws
    /// When the oldest other transaction that may write began, by the server's clock: '2026-03-01T09:15:00.000000Z'. What
    /// was recorded before it is complete. Nil where there is none; always nil on SQLite, where a transaction that may
    /// write is alone. Read-only transactions are left out. Every process must connect under the same role: the server hides
    /// the transactions of others.
    func oldestOtherTransaction() throws -> String?
    /// The database's clock, now: '2026-03-01T09:15:00.000000Z'.
    func databaseClock() throws -> String
}

extension Transaction {
    /// Inserts rows given as lists of values. `insert(_: RowBatch)` is the same without a list for each row.
    public func insert(into table: String, columns: [String], rows: [[SQLValue]]) throws {
        var batch = RowBatch(into: table, columns: columns)
        batch.reserve(rows: rows.count)
        for row in rows {
            for value in row { batch.append(value) }
            batch.endRow()
        }
        try insert(batch)
    }
}

/// A database: the embedded file or the PostgreSQL server. Both behave alike.
public protocol Database: Sendable {
    var engine: Engine { get }
    /// A consistent view; writes in it are a bug.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
    /// The same, of what may be seen within the limits and nothing else.
    func read<T: Sendable>(
        within limits: Limits, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T
    /// All or nothing. Where another transaction came first, or where it is not known whether the commit was kept, the body
    /// runs again from the start. So it must only read from and write to the transaction, and a command must look up its
    /// outcome by its id before it does anything.
    func transaction<T: Sendable>(
        isolation: Isolation, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T
}

extension Database {
    /// What shows all or nothing shows nothing.
    public func read<T: Sendable>(
        within limits: Limits, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        throw DatabaseError.bug("this database has no limits")
    }
    /// The same, serializable.
    public func transaction<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await transaction(isolation: .serializable, body)
    }
}
