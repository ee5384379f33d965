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

/// One open transaction. It lives inside the body of `Database.transaction` or `Database.read`, on that body's thread.
public protocol Transaction: AnyObject {
    var engine: Engine { get }
    /// All rows of a statement; `$1` is the first parameter, by number on both engines.
    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [Row]
    /// Runs a statement and says how many rows it touched.
    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int
    /// Runs several statements without parameters.
    func script(_ sql: String) throws
    /// Inserts many rows into one table in the engine's fastest way.
    func insert(into table: String, columns: [String], rows: [[SQLValue]]) throws
}

/// A database: the embedded file or the PostgreSQL server. Both behave alike.
public protocol Database: Sendable {
    var engine: Engine { get }
    /// A consistent view; writes in it are a bug.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
    /// All or nothing. Where another transaction came first the body runs again from the start, so it must only read
    /// from and write to the transaction.
    func transaction<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T
}
