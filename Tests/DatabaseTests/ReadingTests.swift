import Database
import TestSupport
import Testing

@Suite("Rows one by one, and by picked keys")
struct ReadingTests {
    static let engines: [Engine] = [.sqlite, .postgres]

    private func filled(_ engine: Engine, _ count: Int) async throws -> any Database {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { transaction in
            try transaction.script(
                "CREATE TABLE t (book BIGINT NOT NULL, n BIGINT NOT NULL, s TEXT, PRIMARY KEY (book, n))")
            var batch = RowBatch(into: "t", columns: ["book", "n", "s"])
            for number in 0..<count {
                batch.append(1)
                batch.append(number)
                batch.append(number % 2 == 0 ? "№ \(number)" : nil)
                batch.endRow()
            }
            try transaction.insert(batch)
        }
        return database
    }

    @Test("every row is seen once, in order, with its NULLs", arguments: engines)
    func streamed(engine: Engine) async throws {
        let database = try await filled(engine, 2000)
        let seen = try await database.read { transaction in
            var seen = 0 as Int64
            try transaction.rows("SELECT n, s, n + $1 FROM t WHERE n >= $2 ORDER BY n", [.int(1), .int(0)]) { row in
                let (number, text, next) = (try row.int(0), try row.textOrNil(1), try row.intOrNil(2))
                let expected = seen % 2 == 1 ? nil : "№ \(seen)"
                #expect(number == seen)
                #expect(row.value(0) == .int(seen))
                #expect(row.isNull(1) == (expected == nil))
                #expect(text == expected)
                #expect(row.withBytes(1) { String(decoding: $0, as: UTF8.self) } == expected ?? "")
                #expect(next == seen + 1)
                seen += 1
            }
            return seen
        }
        #expect(seen == 2000)
    }

    @Test("sums, counts and texts of digits read as integers; NULL and words do not", arguments: engines)
    func integers(engine: Engine) async throws {
        let database = try await filled(engine, 10)
        try await database.read { transaction in
            try transaction.rows("SELECT sum(n), count(*), '12', 'no', CAST(NULL AS BIGINT) FROM t", []) { row in
                let (sum, count, text) = (try row.int(0), try row.int(1), try row.text(1))
                #expect((sum, count, text) == (45, 10, "10"))
            }
        }
        for column in ["'no'", "CAST(NULL AS BIGINT)"] {
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("SELECT \(column)", []) { _ = try $0.int(0) } }
            }
        }
    }

    @Test("what the body throws ends the reading, and the transaction goes on", arguments: engines)
    func stopped(engine: Engine) async throws {
        struct Enough: Error {}
        let database = try await filled(engine, 500)
        let after = try await database.read { transaction in
            var seen = 0
            do {
                try transaction.rows("SELECT n FROM t", []) { _ in
                    seen += 1
                    if seen == 3 { throw Enough() }
                }
            } catch is Enough {}
            return (seen, try transaction.query("SELECT count(*) FROM t", [])[0].int(0))
        }
        #expect(after == (3, 500))
    }

    @Test("a statement inside the reading of another is a bug on both", arguments: engines)
    func nested(engine: Engine) async throws {
        let database = try await filled(engine, 5)
        do {
            try await database.read { transaction in
                try transaction.rows("SELECT n FROM t", []) { _ in _ = try transaction.query("SELECT 1", []) }
            }
            Issue.record("two statements at once")
        } catch DatabaseError.bug {}
        #expect(try await database.read { try $0.query("SELECT 1", [])[0].int(0) } == 1)
    }

    @Test("an error after some rows is an error", arguments: engines)
    func late(engine: Engine) async throws {
        let database = try await filled(engine, 500)
        let sql =
            engine == .sqlite
            ? "SELECT CASE WHEN n < 400 THEN n ELSE json_extract('broken', '$') END FROM t ORDER BY n"
            : "SELECT 1 / (400 - n) FROM t ORDER BY n"
        await #expect(throws: DatabaseError.self) { try await database.read { try $0.rows(sql, []) { _ in } } }
        #expect(try await database.read { try $0.query("SELECT 1", [])[0].int(0) } == 1)
    }

    @Test("picked keys are joined by one SQL text, each once, and the next pick forgets them", arguments: engines)
    func picked(engine: Engine) async throws {
        let database = try await filled(engine, 3000)
        let sql = "SELECT t.n FROM picked JOIN t ON t.book = $1 AND t.n = picked.key ORDER BY t.n"
        let body: @Sendable (any Transaction) throws -> [[Int64]] = { transaction in
            var found: [[Int64]] = []
            for keys in [[7, 3, 7, -1, 99_999], [], [5], Array(0..<2500)] as [[Int64]] {
                try transaction.pick(keys)
                found.append(try transaction.query(sql, [.int(1)]).map { try $0.int(0) })
            }
            return found
        }
        let expected: [[Int64]] = [[3, 7], [], [5], Array(0..<2500)]
        #expect(try await database.read(body) == expected)
        #expect(try await database.transaction(body) == expected)
        #expect(try await database.read(body) == expected)
    }

    @Test("picked texts differ by their bytes, not by how they look", arguments: engines)
    func pickedTexts(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        let keys = ["é", "e\u{301}", "", "a", "a", "A", #"",\"{}\\"#, "NULL"]
        let found = try await database.read { transaction in
            try transaction.pick(keys)
            return try transaction.query("SELECT key FROM picked_text ORDER BY key", []).map {
                Array(try $0.text(0).utf8)
            }
        }
        #expect(found == ["", #"",\"{}\\"#, "A", "NULL", "a", "e\u{301}", "é"].map { Array($0.utf8) })
    }

    @Test("SQLite starts from the keys, however the join is written")
    func plan() async throws {
        let database = try await filled(.sqlite, 10)
        for join in ["picked JOIN t", "t JOIN picked"] {
            let plan = try await database.read {
                try $0.query(
                    "EXPLAIN QUERY PLAN SELECT t.s FROM \(join) ON t.book = $1 AND t.n = picked.key", [.int(1)]
                ).map { try $0.text(3) }
            }
            #expect(plan.first?.hasPrefix("SCAN picked") == true, "\(plan)")
            #expect(plan.last?.contains("book=? AND n=?") == true, "\(plan)")
        }
    }
}
