import Foundation
import TestSupport
import Testing

@testable import Database

@Suite("The SQLite file")
struct SQLiteFileTests {
    private func filled(_ path: String) async throws -> SQLiteDatabase {
        let database = try SQLiteDatabase(path: path)
        try await database.transaction {
            try $0.script(
                """
                CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, v BIGINT NOT NULL);
                CREATE TABLE child (n BIGINT NOT NULL REFERENCES t (n));
                INSERT INTO t VALUES (1, 0)
                """)
        }
        return database
    }

    @Test(
        "the writer waits for the disk at every commit",
        arguments: [
            ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("recursive_triggers", "1"),
        ])
    func durable(pragma: String, value: String) async throws {
        let database = try await TestDatabases.fresh(.sqlite)
        #expect(try await database.transaction { try $0.query("PRAGMA \(pragma)", [])[0].text(0) } == value)
    }

    @Test("readers go on while a transaction writes, and see the books as they were")
    func readers() async throws {
        let database = try await filled(TestDatabases.freshFile())
        let written = AsyncStream.makeStream(of: Void.self)
        let release = DispatchSemaphore(value: 0)
        async let writing: Void = database.transaction { transaction in
            _ = try transaction.execute("UPDATE t SET v = 1", [])
            written.continuation.yield()
            release.wait()
        }
        for await _ in written.stream { break }
        // Four at once, all inside their transactions at the same time.
        let inside = Meeting(of: 4)
        let seen = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await database.read { transaction in
                        let value = try transaction.query("SELECT v FROM t", [])[0].int(0)
                        return inside.meet() ? value : -1
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(seen == [0, 0, 0, 0])
        release.signal()
        try await writing
        #expect(try await database.read { try $0.query("SELECT v FROM t", [])[0].int(0) } == 1)
    }

    @Test("two openings of one file lose no update, and a busy one lets the other have its turn")
    func shared() async throws {
        let path = try TestDatabases.freshFile()
        let (bulk, single) = (try await filled(path), try SQLiteDatabase(path: path))
        let add: @Sendable (any Transaction) throws -> Void = { transaction in
            let value = try transaction.query("SELECT v FROM t", [])[0].int(0)
            _ = try transaction.execute("UPDATE t SET v = $1", [.int(value + 1)])
        }
        let groups = try await withThrowingTaskGroup(of: Int64.self) { tasks in
            tasks.addTask {
                // Group after group of 30 ms, until the other has been served.
                for count in 0..<400 {
                    if Task.isCancelled { return Int64(count) }
                    try await bulk.transaction { transaction in
                        try add(transaction)
                        usleep(30_000)
                    }
                }
                return 400
            }
            for _ in 1...5 { try await single.transaction(add) }
            tasks.cancelAll()
            return try await tasks.next() ?? 0
        }
        #expect(groups < 300, "the other waited for \(groups) groups of 30 ms")
        #expect(try await single.read { try $0.query("SELECT v FROM t", [])[0].int(0) } == groups + 5)
    }

    @Test("a copy taken while others write is whole, and says so")
    func backup() async throws {
        let path = try TestDatabases.freshFile()
        let database = try await filled(path)
        try await database.transaction { transaction in
            var batch = RowBatch(into: "t", columns: ["n", "v"])
            for number in 2...5000 {
                batch.append(number)
                batch.append(0)
                batch.endRow()
            }
            try transaction.insert(batch)
        }
        let copy = try TestDatabases.freshFile()
        async let change: Void = database.transaction { _ = try $0.execute("UPDATE t SET v = 1", []) }
        try await database.backup(to: copy)
        try await change
        #expect(try SQLiteDatabase.faults(at: copy) == [])
        let folder = URL(fileURLWithPath: copy).deletingLastPathComponent().path
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["duly.db"], "nothing lies beside it")
        let values = try await SQLiteDatabase(path: copy).read { try $0.query("SELECT count(*), sum(v) FROM t", [])[0] }
        #expect(try values.int(0) == 5000)
        #expect(try [0, 5000].contains(values.int(1)))
        await #expect(throws: DatabaseError.self) { try await database.backup(to: copy) }
    }

    @Test("a damaged copy is told from a sound one")
    func damaged() async throws {
        let path = try TestDatabases.freshFile()
        let database = try await filled(path)
        try await database.transaction { transaction in
            var batch = RowBatch(into: "t", columns: ["n", "v"])
            for number in 2...20_000 {
                batch.append(number * 7919 % 20_011 + 10)
                batch.append(number)
                batch.endRow()
            }
            try transaction.insert(batch)
        }
        let copy = try TestDatabases.freshFile()
        try await database.backup(to: copy)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        for place in stride(from: 20_480, to: 61_440, by: 3) { bytes[place] = 0xA5 }
        try bytes.write(to: URL(fileURLWithPath: copy))
        let found = Result { try SQLiteDatabase.faults(at: copy) }
        #expect((try? found.get())?.isEmpty != true)
        try Data("this is no database, only some text".utf8).write(to: URL(fileURLWithPath: copy))
        #expect(throws: DatabaseError.self) { try SQLiteDatabase.faults(at: copy) }
    }

    @Test("a missing file is not made by looking at it")
    func missing() throws {
        let path = try TestDatabases.freshFile()
        #expect(throws: DatabaseError.self) { try SQLiteDatabase.faults(at: path) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("the cache of statements forgets the one used longest ago")
    func cache() {
        let cache = StatementCache<Int>(limit: 3)
        for number in 1...3 { #expect(cache.insert(number, for: "\(number)") == nil) }
        #expect(cache["1"] == 1)
        #expect(cache.insert(4, for: "4") == 2)
        #expect(cache["2"] == nil)
        #expect(cache["1"] == 1)
        #expect(cache.count == 3)
    }

    @Test("more statements than the cache holds all work", arguments: [Engine.sqlite, .postgres])
    func many(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        let sum = try await database.read { transaction in
            var sum: Int64 = 0
            for round in 0..<2 {
                for number in 0..<300 {
                    sum += try transaction.query("SELECT CAST($1 AS BIGINT) + \(number)", [.int(Int64(round))])[0].int(
                        0)
                }
            }
            return sum
        }
        #expect(sum == 2 * 299 * 150 + 300)
        guard engine == .postgres else { return }
        let kept = try await database.read { try $0.query("SELECT count(*) FROM pg_prepared_statements", [])[0].int(0) }
        #expect(kept <= 256)
    }
}

/// Where several threads wait for each other, for ten seconds at most.
private final class Meeting: Sendable {
    private let arrived = DispatchGroup()
    init(of count: Int) { for _ in 0..<count { arrived.enter() } }
    func meet() -> Bool {
        arrived.leave()
        return arrived.wait(timeout: .now() + 10) == .success
    }
}
