import CSQLite
import CHost
import Glibc

/// A prepared statement. `$2` is a name to SQLite, counted by first appearance; `positions[1]` is where it stands.
final class SQLiteStatement {
    let handle: OpaquePointer
    let positions: [Int32]
    init(_ handle: OpaquePointer) {
        self.handle = handle
        positions = (0..<sqlite3_bind_parameter_count(handle)).map {
            sqlite3_bind_parameter_index(handle, "$\($0 + 1)")
        }
    }
    deinit { sqlite3_finalize(handle) }
}

extension SQLiteConnection {
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [Row] {
        try guarded {
            try with(sql, parameters) { statement in
                var rows: [Row] = []
                while try step(statement) {
                    rows.append(Row((0..<sqlite3_column_count(statement)).map { Self.value(statement, $0) }))
                }
                return rows
            }
        }
    }

    func rows(_ sql: String, _ parameters: [SQLValue], _ body: (borrowing RowCursor) throws -> Void) throws {
        try guarded {
            try with(sql, parameters) { statement in
                streaming = true
                defer { streaming = false }
                while try step(statement) { try body(RowCursor(source: .sqlite(statement))) }
            }
        }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        try guarded {
            try with(sql, parameters) { statement in
                while try step(statement) {}
                return sqlite3_stmt_readonly(statement) == 0 ? Int(sqlite3_changes64(handle)) : 0
            }
        }
    }

    func script(_ sql: String) throws {
        try guarded { try run(sql) }
    }

    func insert(_ batch: RowBatch) throws {
        _ = try insert(batch, "")
    }

    func insertIgnoringExisting(_ batch: RowBatch) throws -> Int {
        try insert(batch, " ON CONFLICT DO NOTHING")
    }

    /// Binds each row in place (`batch` outlives the loop, so SQLite need not copy) and steps; returns the rows that went in.
    private func insert(_ batch: RowBatch, _ end: String) throws -> Int {
        guard !batch.isEmpty else { return 0 }
        return try guarded {
            let places = (1...batch.columns.count).map { "$\($0)" }.joined(separator: ", ")
            let statement = try prepared("INSERT INTO \(batch.shape) VALUES (\(places))\(end)").handle
            defer { sqlite3_clear_bindings(statement) }
            let before = sqlite3_total_changes64(handle)
            try batch.withCells { cells, bytes in
                let width = batch.columns.count
                var place: Int32 = 0
                for cell in cells {
                    place += 1
                    Self.bind(cell, bytes, at: place, to: statement)
                    if place == width {
                        let code = sqlite3_step(statement)
                        sqlite3_reset(statement)
                        guard code == SQLITE_DONE else { throw error(code) }
                        place = 0
                    }
                }
            }
            return end.isEmpty ? batch.rowCount : Int(sqlite3_total_changes64(handle) - before)
        }
    }

    func update(_ sql: String, each batch: RowBatch) throws -> Int {
        guard !batch.isEmpty else { return 0 }
        return try guarded {
            let statement = try prepared(sql)
            guard statement.positions.count == batch.columns.count, !statement.positions.contains(0) else {
                throw DatabaseError.bug("the statement takes other values than \(batch.columns)")
            }
            defer { sqlite3_clear_bindings(statement.handle) }
            let before = sqlite3_total_changes64(handle)
            try batch.withCells { cells, bytes in
                var column = 0
                for cell in cells {
                    Self.bind(cell, bytes, at: statement.positions[column], to: statement.handle)
                    column += 1
                    if column == statement.positions.count {
                        let code = sqlite3_step(statement.handle)
                        sqlite3_reset(statement.handle)
                        guard code == SQLITE_DONE else { throw error(code) }
                        column = 0
                    }
                }
            }
            return Int(sqlite3_total_changes64(handle) - before)
        }
    }

    @inline(__always)
    private static func bind(
        _ cell: RowBatch.Cell, _ bytes: UnsafePointer<UInt8>, at place: Int32, to statement: OpaquePointer
    ) {
        // Binding by a place that exists, to a statement that is reset, cannot fail: nothing is copied.
        switch cell.kind {
        case .int: sqlite3_bind_int64(statement, place, cell.value)
        case .text:
            sqlite3_bind_text(
                statement, place, UnsafeRawPointer(bytes + Int(cell.value)).assumingMemoryBound(to: CChar.self),
                cell.length, nil)
        case .null: sqlite3_bind_null(statement, place)
        case .blob: sqlite3_bind_blob(statement, place, bytes + Int(cell.value), cell.length, nil)
        }
    }

    func pick(_ keys: [Int64]) throws {
        var batch = RowBatch(into: "temp.picked", columns: ["key"])
        batch.reserve(rows: keys.count, bytesPerRow: 0)
        var last: Int64?
        for key in keys.sorted() where key != last {
            batch.append(key)
            batch.endRow()
            last = key
        }
        _ = try execute("DELETE FROM temp.picked", [])
        try insert(batch)
    }

    func pick(_ keys: [String]) throws {
        var batch = RowBatch(into: "temp.picked_text", columns: ["key"])
        for key in keys {
            batch.append(key)
            batch.endRow()
        }
        _ = try execute("DELETE FROM temp.picked_text", [])
        _ = try insertIgnoringExisting(batch)
    }

    func oldestOtherTransaction() throws -> String? { nil }

    func databaseClock() throws -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CHOST_INSTANT)) { text in
            chost_instant(chost_now(), text.baseAddress)
            return String(cString: text.baseAddress!)
        }
    }

    /// Runs `work` on the prepared statement with its parameters bound, and resets it whatever happens.
    private func with<T>(
        _ sql: String, _ parameters: [SQLValue], _ work: (OpaquePointer) throws -> T
    ) throws -> T {
        let statement = try prepared(sql)
        guard statement.positions.count == parameters.count else {
            throw DatabaseError.bug("the statement takes \(statement.positions.count) values, not \(parameters.count)")
        }
        defer { sqlite3_reset(statement.handle) }
        for (index, value) in parameters.enumerated() {
            let place = statement.positions[index]
            guard place > 0 else { throw DatabaseError.bug("the statement has no $\(index + 1)") }
            let code = try bind(value, at: place, to: statement.handle)
            guard code == SQLITE_OK else { throw error(code) }
        }
        return try work(statement.handle)
    }

    private func prepared(_ sql: String) throws -> SQLiteStatement {
        if let known = statements[sql] { return known }
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK else { throw error(code) }
        guard let made else { throw DatabaseError.bug("there is no statement in '\(sql)'") }
        let statement = SQLiteStatement(made)
        statements.insert(statement, for: sql)
        return statement
    }

    private func bind(_ value: SQLValue, at place: Int32, to statement: OpaquePointer) throws -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, place)
        case .int(let number): return sqlite3_bind_int64(statement, place, number)
        case .text(let text):
            guard !text.utf8.contains(0) else { throw DatabaseError.bug("a text holds a NUL character") }
            return sqlite3_bind_text(statement, place, text, Int32(text.utf8.count), Self.copied)
        case .blob(let bytes):
            return bytes.isEmpty
                ? sqlite3_bind_zeroblob(statement, place, 0)
                : sqlite3_bind_blob(statement, place, bytes, Int32(bytes.count), Self.copied)
        }
    }

    private func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code)
        }
    }

    static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, column))
        case SQLITE_BLOB:
            let count = Int(sqlite3_column_bytes(statement, column))
            guard let start = sqlite3_column_blob(statement, column) else { return .blob([]) }
            return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
        default:
            let start = sqlite3_column_text(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        }
    }
}
