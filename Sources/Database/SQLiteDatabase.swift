import CSQLite
import Dispatch
import Glibc

/// The embedded database: one file, write-ahead log, every commit on the disk before it is acknowledged.
///
/// One writer and up to four readers, each on a queue of its own; several processes may share the file. Writers wait for each
/// other up to 30 seconds, so a transaction should end within 200 ms: bulk work is done in groups of that length, and after
/// a long group the writer steps aside for a moment so that another process gets its turn.
public final class SQLiteDatabase: Database {
    public let engine = Engine.sqlite
    // Closed in this order: the writer goes last, and takes the log into the file, which then is all there is.
    private let readers: Pool<SQLiteConnection>
    private let limited: LimitedPools<SQLiteConnection>
    private let writer: SQLiteConnection

    /// Opens the file, and makes it where there is none. Readers open when they are first needed.
    public init(path: String, readers count: Int = 4) throws {
        readers = Pool((1...max(count, 1)).map { SQLiteConnection(path: path, role: .reader($0)) })
        limited = LimitedPools { limits in
            (1...max(count, 1)).map { SQLiteConnection(path: path, role: .reader($0), limits: limits) }
        }
        writer = SQLiteConnection(path: path, role: .writer)
        try writer.open()
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        let reader = await readers.take()
        let result = await reader.run("BEGIN", body)
        await readers.give(back: reader)
        return try result.get()
    }

    public func read<T: Sendable>(
        within limits: Limits, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        let pool = await limited.pool(for: limits)
        let reader = await pool.take()
        let result = await reader.run("BEGIN", within: limits, body)
        await pool.give(back: reader)
        return try result.get()
    }

    public func transaction<T: Sendable>(
        isolation: Isolation, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        try await writer.share(body).get()
    }

    /// How many transactions stand in line for the writer; for tests.
    var waitingWriters: Int { writer.shared.count }

    /// Copies the books as they stand into a new file, while others read and write. The copy is one file, on the disk when
    /// this returns. Whoever puts it in the place of other books must first remove the `-wal` and `-shm` files of those.
    public func backup(to path: String) async throws {
        let reader = await readers.take()
        let result = await reader.backup(to: path)
        await readers.give(back: reader)
        try result.get()
    }

    /// Reads a file that nobody uses, such as a backup, and leaves it as it is: no log beside it, no byte of it another.
    public static func look<T>(at path: String, _ body: (any Transaction) throws -> T) throws -> T {
        let connection = SQLiteConnection(path: path, role: .reader(0))
        try connection.open()
        return try body(connection)
    }

    /// What is wrong with the file at `path`, such as a backup about to be restored: damaged pages, indexes that disagree with
    /// their tables, references to nothing. Empty when it is sound. Throws an outage where it is no database at all.
    public static func faults(at path: String) throws -> [String] {
        let connection = SQLiteConnection(path: path, role: .reader(0))
        try connection.open()
        let integrity = try connection.query("PRAGMA integrity_check", []).map { try $0.text(0) }.filter { $0 != "ok" }
        guard integrity.isEmpty else { return integrity }
        return try connection.query("PRAGMA foreign_key_check", []).map {
            "a row of \(try $0.text(0)) refers to no row of \(try $0.text(2))"
        }
    }
}

/// Hands out connections, first come first served.
actor Pool<Connection: Sendable> {
    private var free: [Connection]
    private var waiting: [CheckedContinuation<Connection, Never>] = []
    private var first = 0
    init(_ connections: [Connection]) { free = connections.reversed() }

    func take() async -> Connection {
        if let connection = free.popLast() { return connection }
        return await withCheckedContinuation { waiting.append($0) }
    }
    func give(back connection: Connection) {
        guard first < waiting.count else {
            waiting.removeAll(keepingCapacity: true)
            first = 0
            return free.append(connection)
        }
        let next = waiting[first]
        first += 1
        if first > 1024 {
            waiting.removeFirst(first)
            first = 0
        }
        next.resume(returning: connection)
    }
}
