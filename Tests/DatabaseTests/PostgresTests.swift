import Foundation
import TestSupport
import Testing

@testable import Database

@Suite("The PostgreSQL server")
struct PostgresTests {
    private static let add: @Sendable (any Transaction) throws -> Void = { transaction in
        // A command looks up its outcome by its id first: that is what makes a second run harmless.
        guard try transaction.query("SELECT 1 FROM commands WHERE id = $1", [.text("c-1")]).isEmpty else { return }
        _ = try transaction.execute("INSERT INTO commands VALUES ($1)", [.text("c-1")])
        _ = try transaction.execute("UPDATE t SET v = v + 1 WHERE n = 1", [])
    }

    private func database(
        connections: Int = 2, strictest: Isolation = .serializable,
        fault: @escaping @Sendable (Int) -> CommitFault? = { _ in nil }
    ) async throws -> PostgresDatabase {
        let url = try await TestDatabases.freshServerDatabase()
        try await PostgresDatabase(url: url, connections: 1).transaction {
            try $0.script(
                """
                CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, v BIGINT NOT NULL);
                CREATE TABLE commands (id TEXT NOT NULL PRIMARY KEY);
                INSERT INTO t VALUES (1, 0), (2, 0)
                """)
        }
        return PostgresDatabase(url: url, connections: connections, strictest: strictest, fault: fault)
    }

    private func sum(_ database: PostgresDatabase) async throws -> Int64 {
        try await database.read { try $0.query("SELECT sum(v) FROM t", [])[0].int(0) }
    }

    @Test(
        "waits for the disk at every commit, and speaks UTF-8",
        arguments: [
            ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("client_encoding", "UTF8"),
            ("application_name", "duly"), ("TimeZone", "UTC"),
        ])
    func settings(name: String, value: String) async throws {
        let database = try await TestDatabases.fresh(.postgres)
        #expect(
            try await database.transaction(isolation: .serializable) { try $0.query("SHOW \(name)", [])[0].text(0) }
                == value)
    }

    @Test(
        "a transaction runs at the level it asks for; a test may lower them all",
        arguments: [
            (Isolation.serializable, Isolation.serializable, "serializable"),
            (.serializable, .readCommitted, "read committed"),
            (.readCommitted, .serializable, "read committed"),
        ])
    func isolation(strictest: Isolation, asked: Isolation, level: String) async throws {
        let database = try await database(strictest: strictest)
        let found = try await database.transaction(isolation: asked) {
            try $0.query("SHOW transaction_isolation", [])[0].text(0)
        }
        #expect(found == level)
        let reading = try await database.read { transaction in
            try ["transaction_isolation", "transaction_read_only"].map { name in
                try transaction.query("SHOW \(name)", [])[0].text(0)
            }
        }
        #expect(reading == ["repeatable read", "on"])
    }

    @Test(
        "a commit whose answer was lost is looked up, not repeated",
        arguments: [
            CommitFault.lostAfterwards, .errorAfterwards, .lostBefore,
        ])
    func unknown(fault: CommitFault) async throws {
        let database = try await database { $0 == 1 ? fault : nil }
        try await database.transaction(Self.add)
        #expect(try await sum(database) == 1)
    }

    @Test("a connection that the server ended is opened again and the body runs again", arguments: [true, false])
    func reconnect(warm: Bool) async throws {
        let database = try await database(connections: 1)
        let runs = Counter()
        let pid: @Sendable (any Transaction) throws -> Int64 = { try $0.query("SELECT pg_backend_pid()", [])[0].int(0) }
        let first = warm ? try await database.read(pid) : 0
        try await database.transaction { transaction in
            try Self.add(transaction)
            if runs.next() == 1 { _ = try transaction.query("SELECT pg_terminate_backend(pg_backend_pid())", []) }
        }
        #expect(runs.count == 2)
        #expect(try await sum(database) == 1)
        #expect(try await database.read(pid) != first)
    }

    @Test("a server that is not there is an outage at once")
    func nobody() async throws {
        let database = PostgresDatabase(url: "postgres://duly@127.0.0.1:1/none", connections: 1)
        do {
            try await database.transaction { _ in }
            Issue.record("connected to nothing")
        } catch DatabaseError.outage {}
    }

    @Test(
        "two that read what the other writes: one of them runs again, at either level where it locks",
        arguments: [
            Isolation.serializable, .readCommitted,
        ])
    func skew(level: Isolation) async throws {
        let database = try await database(connections: 2)
        // Each may take one from its own row only while the sum is at least -1: together they must not reach -2.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for row in 1...2 as ClosedRange<Int64> {
                group.addTask {
                    try await database.transaction(isolation: level) { transaction in
                        // At READ COMMITTED the lock is what keeps them apart (scale.md, section 3.3).
                        if level == .readCommitted { _ = try transaction.execute("UPDATE t SET v = v WHERE n = 1", []) }
                        let sum = try transaction.query("SELECT sum(v) FROM t", [])[0].int(0)
                        usleep(50_000)
                        if sum >= 0 { _ = try transaction.execute("UPDATE t SET v = v - 1 WHERE n = $1", [.int(row)]) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await sum(database) == -1)
    }

    @Test("a deadlock is a lost race")
    func deadlock() async throws {
        let database = try await database(connections: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for rows in [[1, 2], [2, 1]] as [[Int64]] {
                group.addTask {
                    try await database.transaction(isolation: .readCommitted) { transaction in
                        for row in rows {
                            _ = try transaction.execute("UPDATE t SET v = v + 1 WHERE n = $1", [.int(row)])
                            usleep(50_000)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await sum(database) == 4)
    }

    @Test("a statement whose table was changed under it is prepared again")
    func changedTable() async throws {
        let database = try await database(connections: 1)
        let read: @Sendable (any Transaction) throws -> Int = { try $0.query("SELECT * FROM t", [])[0].values.count }
        #expect(try await database.read(read) == 2)
        try await database.transaction { try $0.script("ALTER TABLE t ADD COLUMN more BIGINT") }
        #expect(try await database.read(read) == 3)
    }

    @Test("the oldest other transaction that may write is told, readers are not")
    func oldest() async throws {
        let database = try await database(connections: 3)
        let alone = try await database.transaction { try $0.oldestOtherTransaction() }
        #expect(alone == nil)
        let begun = AsyncStream.makeStream(of: String.self)
        let release = DispatchSemaphore(value: 0)
        async let reading: Void = database.read { transaction in
            begun.continuation.yield(try transaction.databaseClock())
            release.wait()
        }
        var clocks = begun.stream.makeAsyncIterator()
        _ = await clocks.next()
        #expect(try await database.transaction { try $0.oldestOtherTransaction() } == nil)
        async let writing: Void = database.transaction { transaction in
            begun.continuation.yield(try transaction.databaseClock())
            release.wait()
        }
        let after = try #require(await clocks.next())
        let (found, now) = try await database.transaction { (try $0.oldestOtherTransaction(), try $0.databaseClock()) }
        let oldest = try #require(found)
        #expect(oldest.count == 27)
        #expect(oldest <= after)
        #expect(after <= now)
        release.signal()
        release.signal()
        _ = try await (reading, writing)
    }
}

private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    var count: Int { lock.withLock { value } }
    func next() -> Int {
        lock.withLock {
            value += 1
            return value
        }
    }
}
