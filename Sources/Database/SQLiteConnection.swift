import CSQLite
import Dispatch
import Glibc

/// One connection with its prepared statements. All use is on its own queue: that is what makes the unchecked conformance safe.
/// (The one exception is `open` and `query` before anyone else knows the connection.)
final class SQLiteConnection: Transaction, @unchecked Sendable {
    enum Role: Equatable {
        case writer
        case reader(Int)
    }
    let engine = Engine.sqlite
    private let path: String
    private let role: Role
    /// Where it shows views only: what makes them.
    private let limits: Limits?
    private var authorizer: SQLiteAuthorizer?
    let queue: DispatchQueue
    /// Who waits for the writer.
    let shared = SharedCommits()
    var handle: OpaquePointer?
    let statements = StatementCache<SQLiteStatement>(limit: 256)
    /// The first error of the open transaction, which therefore cannot be committed.
    var failure: DatabaseError?
    /// While rows are read one by one, nothing else may run.
    var streaming = false
    /// When the last transaction ended and how long it had held the file, in nanoseconds.
    private var lastEnd: UInt64 = 0
    private var lastHold: UInt64 = 0

    init(path: String, role: Role, limits: Limits? = nil) {
        self.path = path
        self.role = role
        self.limits = limits
        queue = DispatchQueue(label: "duly.sqlite.\(role)")
    }

    deinit {
        statements.removeAll()
        sqlite3_close(handle)
    }

    func open() throws {
        guard handle == nil else { return }
        var opened: OpaquePointer?
        let access = role == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        guard sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK, let opened else {
            let why = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close(opened)
            throw DatabaseError.outage("\(path) cannot be opened: \(why)")
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_handler(opened, Self.waitABit, nil)
        do {
            try run(Self.settings)
            if role == .writer { try run(Self.writerSettings) }
            try run(Self.ownTables)
            if let limits { authorizer = try limit(to: limits) }
        } catch {
            statements.removeAll()
            sqlite3_close(opened)
            handle = nil
            throw error
        }
    }

    /// 64 MiB of pages and 256 MiB mapped, for reports over big tables; sorts that do not fit spill to a file.
    private static let settings = """
        PRAGMA foreign_keys = ON;
        PRAGMA recursive_triggers = ON;
        PRAGMA cache_size = -65536;
        PRAGMA mmap_size = 268435456;
        """
    /// A commit waits for the disk. The log is carried over into the file every 32 MiB, not every 4: bulk work touches the same
    /// index pages again and again.
    private static let writerSettings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 8192;
        PRAGMA journal_size_limit = 134217728;
        PRAGMA temp_store = MEMORY;
        PRAGMA analysis_limit = 1000;
        """
    /// The planner is told that one key is picked, so that it starts from the keys and not from a whole book.
    private static let ownTables = """
        CREATE TEMP TABLE picked (key INTEGER NOT NULL PRIMARY KEY);
        CREATE TEMP TABLE picked_text (key TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
        INSERT INTO temp.picked VALUES (1);
        INSERT INTO temp.picked_text VALUES ('');
        ANALYZE temp.picked;
        ANALYZE temp.picked_text;
        DELETE FROM temp.picked;
        DELETE FROM temp.picked_text;
        """

    /// Another process has the file: look again every other millisecond, for 30 seconds.
    private static let waitABit: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { _, tries in
        guard tries < 15_000 else { return 0 }
        usleep(2_000)
        return 1
    }

    /// `limits` are those the connection was made for, with the keys of whoever reads now.
    func run<T: Sendable>(
        _ begin: String, within limits: Limits? = nil, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async -> Result<T, any Error> {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try self.attempt(begin, limits, body) }) }
        }
    }

    func attempt<T>(_ begin: String, _ limits: Limits?, _ body: (any Transaction) throws -> T) throws -> T {
        try open()
        stepAside()
        failure = nil
        if let limits { try setKeys(of: limits) }
        try run(begin)
        let begun = DispatchTime.now().uptimeNanoseconds
        defer {
            lastEnd = DispatchTime.now().uptimeNanoseconds
            lastHold = lastEnd - begun
        }
        do {
            let result = try body(self)
            if let failure { throw failure }
            try run("COMMIT")
            return result
        } catch {
            // Some errors (a full disk) have ended the transaction already.
            if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
            throw error
        }
    }

    /// Without this pause a process that writes group after group would hand the file to itself each time.
    private func stepAside() {
        guard role == .writer, lastHold > 20_000_000 else { return }
        if DispatchTime.now().uptimeNanoseconds - lastEnd < 2_000_000 { usleep(3_000) }
    }

    func backup(to copy: String) async -> Result<Void, any Error> {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try self.copy(to: copy) }) }
        }
    }

    private func copy(to path: String) throws {
        try open()
        guard access(path, F_OK) != 0 else { throw DatabaseError.outage("\(path) exists already") }
        var target: OpaquePointer?
        defer { sqlite3_close(target) }
        guard sqlite3_open_v2(path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil) == SQLITE_OK else {
            throw DatabaseError.outage("\(path) cannot be written: \(String(cString: sqlite3_errmsg(target)))")
        }
        let backup = sqlite3_backup_init(target, "main", handle, "main")
        let stepped = sqlite3_backup_step(backup, -1)
        let finished = sqlite3_backup_finish(backup)
        // One file and nothing beside it, so that it can be moved; opening it as books brings the log back.
        guard stepped == SQLITE_DONE, finished == SQLITE_OK,
            sqlite3_exec(target, "PRAGMA journal_mode = DELETE", nil, nil, nil) == SQLITE_OK
        else {
            throw DatabaseError.outage("\(path) was not written: \(String(cString: sqlite3_errmsg(target)))")
        }
    }

    /// Runs SQL of our own; an error in it fails nothing but itself.
    func run(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw Self.error(code, handle, role) }
    }

    /// Remembers the first error of a transaction, and refuses statements inside `rows`.
    func guarded<T>(_ work: () throws -> T) throws -> T {
        do {
            if streaming { throw DatabaseError.bug("a statement was run while the rows of another were being read") }
            return try work()
        } catch let error as DatabaseError {
            failure = failure ?? error
            throw error
        }
    }

    func error(_ code: Int32) -> DatabaseError { Self.error(code, handle, role) }

    private static func error(_ code: Int32, _ handle: OpaquePointer?, _ role: Role) -> DatabaseError {
        let message = String(cString: sqlite3_errmsg(handle))
        return switch code & 0xFF {
        case SQLITE_CONSTRAINT: .constraint(message)
        case SQLITE_BUSY, SQLITE_LOCKED: .outage("the books stayed locked for 30 seconds: \(message)")
        case SQLITE_READONLY where role != .writer: .bug("a read transaction does not write: \(message)")
        case SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_NOMEM:
            .outage(message)
        default: .bug(message)
        }
    }
}
