import CSQLite
import Dispatch

/// The embedded database: one file, write-ahead log, every commit on the disk before it is acknowledged.
public final class SQLiteDatabase: Database {
    public let engine = Engine.sqlite
    private let writer: SQLiteConnection
    private let reader: SQLiteConnection
    private let writing = DispatchQueue(label: "duly.sqlite.writing")
    private let reading = DispatchQueue(label: "duly.sqlite.reading")

    /// Opens the file, and makes it where there is none.
    public init(path: String) throws {
        writer = try SQLiteConnection(path: path)
        reader = try SQLiteConnection(path: path)
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await run(on: reading, with: reader, begin: "BEGIN", body)
    }

    public func transaction<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await run(on: writing, with: writer, begin: "BEGIN IMMEDIATE", body)
    }

    private func run<T: Sendable>(
        on queue: DispatchQueue, with connection: SQLiteConnection, begin: String,
        _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        try connection.script(begin)
                        do {
                            let result = try body(connection)
                            try connection.script("COMMIT")
                            return result
                        } catch {
                            try? connection.script("ROLLBACK")
                            throw error
                        }
                    })
            }
        }
    }
}

/// One connection with its prepared statements. Used by one queue only: that is what makes the unchecked conformance safe.
final class SQLiteConnection: Transaction, @unchecked Sendable {
    let engine = Engine.sqlite
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(path: String) throws {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let opened else {
            let why = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close(opened)
            throw DatabaseError.outage("\(path) cannot be opened: \(why)")
        }
        handle = opened
        sqlite3_busy_timeout(handle, 30_000)
        try script(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA recursive_triggers = ON;
            """)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close(handle)
    }

    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [Row] {
        let statement = try prepared(sql)
        defer { sqlite3_reset(statement) }
        try bind(parameters, to: statement)
        var rows: [Row] = []
        while try step(statement) {
            rows.append(Row((0..<sqlite3_column_count(statement)).map { value(statement, $0) }))
        }
        return rows
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        let statement = try prepared(sql)
        defer { sqlite3_reset(statement) }
        try bind(parameters, to: statement)
        while try step(statement) {}
        return Int(sqlite3_changes64(handle))
    }

    func script(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    func insert(into table: String, columns: [String], rows: [[SQLValue]]) throws {
        guard !rows.isEmpty else { return }
        let places = (1...columns.count).map { "$\($0)" }.joined(separator: ", ")
        let sql = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))"
        let statement = try prepared(sql)
        for row in rows {
            defer { sqlite3_reset(statement) }
            for (index, value) in row.enumerated() { try bind(value, at: Int32(index + 1), to: statement) }
            _ = try step(statement)
        }
    }

    private func prepared(_ sql: String) throws -> OpaquePointer {
        if let known = statements[sql] { return known }
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made else { throw error(code) }
        statements[sql] = made
        return made
    }

    /// `$2` is a name to SQLite, counted by first appearance; the number in the name is what we mean.
    private func bind(_ parameters: [SQLValue], to statement: OpaquePointer) throws {
        for (index, value) in parameters.enumerated() {
            let position = sqlite3_bind_parameter_index(statement, "$\(index + 1)")
            guard position > 0 else { throw DatabaseError.bug("the statement has no $\(index + 1)") }
            try bind(value, at: position, to: statement)
        }
    }

    private func bind(_ value: SQLValue, at position: Int32, to statement: OpaquePointer) throws {
        let code: Int32 =
            switch value {
            case .null: sqlite3_bind_null(statement, position)
            case .int(let number): sqlite3_bind_int64(statement, position, number)
            case .text(let text): sqlite3_bind_text(statement, position, text, Int32(text.utf8.count), Self.copied)
            case .blob(let bytes):
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, position, 0)
                    : sqlite3_bind_blob(statement, position, bytes, Int32(bytes.count), Self.copied)
            }
        guard code == SQLITE_OK else { throw error(code) }
    }

    private func step(_ statement: OpaquePointer) throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code)
        }
    }

    private func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
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

    private func error(_ code: Int32) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(handle))
        return switch code & 0xFF {
        case SQLITE_CONSTRAINT: .constraint(message)
        case SQLITE_BUSY, SQLITE_LOCKED: .outage("the books stayed locked for 30 seconds: \(message)")
        case SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_NOMEM:
            .outage(message)
        default: .bug(message)
        }
    }
}
