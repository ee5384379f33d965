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
        let database = try await TestDatabases.fresh(engine, mayRelax: false)
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

    @Test("a statement that failed fails its transaction, even where the body carries on", arguments: engines)
    func carriesOn(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { try $0.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY)") }
        do {
            try await database.transaction { transaction in
                _ = try transaction.execute("INSERT INTO t VALUES (1)", [])
                _ = try? transaction.execute("INSERT INTO t VALUES (1)", [])
            }
            Issue.record("a transaction with a failed statement was acknowledged")
        } catch DatabaseError.constraint {}
        #expect(try await database.read { try $0.query("SELECT n FROM t", []) }.isEmpty)
    }

    @Test("what the body makes of a broken constraint is what the caller gets", arguments: engines)
    func refused(engine: Engine) async throws {
        struct Taken: Error {}
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { try $0.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY)") }
        await #expect(throws: Taken.self) {
            try await database.transaction { transaction in
                do {
                    _ = try transaction.execute("INSERT INTO t VALUES (1), (1)", [])
                } catch DatabaseError.constraint { throw Taken() }
            }
        }
    }

    @Test("too few or too many parameters are a bug, not NULL", arguments: engines, [0, 1, 3])
    func counted(engine: Engine, count: Int) async throws {
        let database = try await TestDatabases.fresh(engine)
        await #expect(throws: DatabaseError.self) {
            _ = try await database.read {
                try $0.query(
                    "SELECT CAST($1 AS BIGINT) + CAST($2 AS BIGINT)", Array(repeating: .int(1), count: count))
            }
        }
    }

    @Test("a read transaction does not write", arguments: engines)
    func readOnly(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { try $0.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY)") }
        do {
            _ = try await database.read { try $0.execute("INSERT INTO t VALUES (1)", []) }
            Issue.record("a read transaction wrote")
        } catch DatabaseError.bug {}
    }

    @Test("a yes or no is 1 or 0, NULL is NULL", arguments: engines)
    func flags(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        let row = try await database.read { try $0.query("SELECT 1 < 2, 2 < 1, CAST(NULL AS TEXT), 1.5", [])[0] }
        #expect(try row.int(0) == 1)
        #expect(try row.int(1) == 0)
        #expect(try row.textOrNil(2) == nil)
    }

    @Test("the clock is told to the microsecond, in UTC", arguments: engines)
    func clock(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        // SQLite's own reading of the clock, in whole seconds, before and after: however long a busy machine takes between.
        let reference = try await TestDatabases.fresh(.sqlite)
        func seconds(_ when: String) async throws -> Int64 {
            try await reference.read {
                try $0.query("SELECT CAST(strftime('%s', $1) AS INTEGER)", [.text(when)])[0].int(0)
            }
        }
        let before = try await seconds("now")
        let (first, second) = try await database.read { (try $0.databaseClock(), try $0.databaseClock()) }
        let after = try await seconds("now")
        #expect(first <= second)
        #expect(first.count == 27)
        #expect((before...after).contains(try await seconds(first)))
    }
}
