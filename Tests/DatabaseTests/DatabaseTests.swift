import Database
import TestSupport
import Testing

@Suite("Both databases behave alike")
struct DatabaseTests {
    static let engines: [Engine] = [.sqlite, .postgres]

    @Test("a parameter is meant by its number, not by where it stands first", arguments: engines)
    func numbered(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        let rows = try await database.read {
            try $0.query("SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT), CAST($2 AS TEXT)", [.int(7), .text("ü")])
        }
        #expect(rows.first?.values == [.text("ü"), .int(7), .text("ü")])
    }

    @Test("many rows go in at once and come out as they were", arguments: engines)
    func bulk(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        let texts = ["", "a\tb", "line\nbreak\r", "back\\slash \\N", "東京 Ωμέγα עברית 🧾", "'; DROP TABLE t; --"]
        let rows = try await database.transaction { transaction in
            try transaction.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, s TEXT, m BIGINT)")
            try transaction.insert(
                into: "t", columns: ["n", "s", "m"],
                rows: texts.enumerated().map { [.int(Int64($0)), .text($1), $0 == 2 ? .null : .int(.max - Int64($0))] })
            return try transaction.query("SELECT s, m FROM t ORDER BY n", [])
        }
        #expect(try rows.map { try $0.text(0) } == texts)
        #expect(try rows[2].intOrNil(1) == nil)
        #expect(try rows[0].int(1) == .max)
    }

    @Test("what throws leaves nothing behind", arguments: engines)
    func rollback(engine: Engine) async throws {
        struct Stop: Error {}
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { try $0.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY)") }
        await #expect(throws: Stop.self) {
            try await database.transaction { transaction in
                try transaction.insert(into: "t", columns: ["n"], rows: [[.int(1)]])
                throw Stop()
            }
        }
        let count = try await database.read { try $0.query("SELECT count(*) FROM t", [])[0].int(0) }
        #expect(count == 0)
    }

    @Test("a broken constraint is told apart from an outage", arguments: engines)
    func constraint(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { try $0.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY)") }
        do {
            try await database.transaction { try $0.insert(into: "t", columns: ["n"], rows: [[.int(1)], [.int(1)]]) }
            Issue.record("two rows with one key went in")
        } catch DatabaseError.constraint {}
        // The connection is still good.
        let one = try await database.read { try $0.query("SELECT 1", [])[0].int(0) }
        #expect(one == 1)
    }

    @Test("transactions that read and write the same row lose no update", arguments: engines)
    func race(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction {
            try $0.script(
                "CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, v BIGINT NOT NULL); INSERT INTO t VALUES (1, 0)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    try await database.transaction { transaction in
                        let value = try transaction.query("SELECT v FROM t WHERE n = 1", [])[0].int(0)
                        _ = try transaction.execute("UPDATE t SET v = $1 WHERE n = 1", [.int(value + 1)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let value = try await database.read { try $0.query("SELECT v FROM t", [])[0].int(0) }
        #expect(value == 12)
    }

    @Test("SQLite waits for the disk at every commit")
    func sqliteIsDurable() async throws {
        let database = try await TestDatabases.fresh(.sqlite)
        let (mode, level) = try await database.transaction {
            (try $0.query("PRAGMA journal_mode", [])[0].text(0), try $0.query("PRAGMA synchronous", [])[0].int(0))
        }
        #expect(mode == "wal")
        #expect(level == 2)
    }

    @Test(
        "PostgreSQL waits for the disk at every commit", arguments: ["fsync", "synchronous_commit", "full_page_writes"])
    func postgresIsDurable(setting: String) async throws {
        let database = try await TestDatabases.fresh(.postgres)
        #expect(try await database.read { try $0.query("SHOW \(setting)", [])[0].text(0) } == "on")
    }
}
