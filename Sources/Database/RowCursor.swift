import CPQ
import CSQLite

/// The row that `Transaction.rows` stands on. It reads where the engine keeps the values, and is gone with the next row.
public struct RowCursor: ~Copyable {
    enum Source {
        case sqlite(OpaquePointer)
        case postgres(OpaquePointer, row: Int32)
    }
    let source: Source

    public func isNull(_ column: Int) -> Bool {
        switch source {
        case .sqlite(let statement): sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
        case .postgres(let result, let row): PQgetisnull(result, row, Int32(column)) == 1
        }
    }

    public func int(_ column: Int) throws -> Int64 {
        if case .sqlite(let statement) = source, sqlite3_column_type(statement, Int32(column)) == SQLITE_INTEGER {
            return sqlite3_column_int64(statement, Int32(column))
        }
        guard let value = try intOrNil(column) else { throw DatabaseError.bug("column \(column) is null") }
        return value
    }

    public func intOrNil(_ column: Int) throws -> Int64? {
        switch source {
        case .sqlite(let statement):
            switch sqlite3_column_type(statement, Int32(column)) {
            case SQLITE_NULL: return nil
            case SQLITE_INTEGER: return sqlite3_column_int64(statement, Int32(column))
            default: break
            }
        case .postgres(let result, let row):
            if PQgetisnull(result, row, Int32(column)) == 1 { return nil }
            if let value = PostgresValue.integer(result, row, Int32(column)) { return value }
        }
        throw DatabaseError.bug("column \(column) is no integer: \(try textOrNil(column) ?? "")")
    }

    public func text(_ column: Int) throws -> String {
        guard let value = try textOrNil(column) else { throw DatabaseError.bug("column \(column) is null") }
        return value
    }

    public func textOrNil(_ column: Int) throws -> String? {
        switch source {
        case .sqlite(let statement):
            switch sqlite3_column_type(statement, Int32(column)) {
            case SQLITE_NULL: return nil
            case SQLITE_TEXT: return withBytes(column) { String(decoding: $0, as: UTF8.self) }
            default: return try Row([SQLiteConnection.value(statement, Int32(column))]).textOrNil(0)
            }
        case .postgres(let result, let row):
            if PQgetisnull(result, row, Int32(column)) == 1 { return nil }
            return try Row([PostgresValue.read(result, row, Int32(column))]).textOrNil(0)
        }
    }

    /// The UTF-8 bytes of a text, or the bytes of a blob, where the engine keeps them; none for NULL. Not for integers,
    /// which PostgreSQL keeps as eight bytes.
    public func withBytes<T>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        switch source {
        case .sqlite(let statement):
            let start = sqlite3_column_blob(statement, Int32(column))
            let count = Int(sqlite3_column_bytes(statement, Int32(column)))
            return try body(UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count))
        case .postgres(let result, let row):
            return try body(PostgresValue.bytes(result, row, Int32(column)))
        }
    }

    /// The value as both engines know it.
    public func value(_ column: Int) -> SQLValue {
        switch source {
        case .sqlite(let statement): SQLiteConnection.value(statement, Int32(column))
        case .postgres(let result, let row): PostgresValue.read(result, row, Int32(column))
        }
    }
}
