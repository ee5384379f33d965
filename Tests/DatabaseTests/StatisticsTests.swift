import TestSupport
import Testing

@testable import Database

@Suite("What the planner knows of the tables")
struct StatisticsTests {
    @Test("it is renewed by a sample of what is there", arguments: [Engine.sqlite, .postgres])
    func renewed(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { transaction in
            try transaction.script("CREATE TABLE things (n BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL)")
            try transaction.script("CREATE INDEX things_by_kind ON things (kind, n)")
            try transaction.insert(
                into: "things", columns: ["n", "kind"],
                rows: (0..<20_000).map { [.int(Int64($0)), .text("kind \($0 % 20)")] })
            // A server tells its counts a while after the commit, unless it is asked to.
            if engine == .postgres { _ = try transaction.query("SELECT pg_stat_force_next_flush()::text", []) }
        }
        try await database.transaction { try $0.renewStatistics() }
        let found = try await database.read { transaction in
            engine == .sqlite
                ? try transaction.query("SELECT stat FROM main.sqlite_stat1 WHERE idx = 'things_by_kind'", []).first?
                    .text(0)
                : try transaction.query(
                    """
                    SELECT CAST(c.reltuples AS BIGINT) || ' ' || CAST(s.n_distinct AS BIGINT)
                    FROM pg_class c JOIN pg_stats s ON s.tablename = c.relname AND s.attname = 'kind'
                    WHERE c.relname = 'things'
                    """, []
                ).first?.text(0)
        }
        // SQLite: rows, rows of one kind, rows of one kind and number. PostgreSQL: rows, kinds.
        let numbers = (found ?? "").split(separator: " ").compactMap { Int($0) }
        #expect(abs((numbers.first ?? 0) - 20_000) < 4_000, "\(found ?? "nothing")")
        #expect(engine == .postgres ? numbers.last == 20 : numbers.last == 1, "\(found ?? "nothing")")
    }

    @Test(
        "SQLite takes a small table for one that a book fills: a record is looked up by its index, whatever the order wanted"
    )
    func growth() async throws {
        let path = try TestDatabases.freshFile()
        let database = try SQLiteDatabase(path: path)
        try await database.transaction { transaction in
            try transaction.script(
                """
                CREATE TABLE things (book BIGINT NOT NULL, n BIGINT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (book, n));
                CREATE INDEX things_by_kind ON things (book, kind);
                """)
        }
        func plan() async throws -> String {
            try await SQLiteDatabase(path: path).read {
                try $0.query(
                    "EXPLAIN QUERY PLAN SELECT n FROM things WHERE book = $1 AND kind = $2 ORDER BY n",
                    [.int(1), .text("a")]
                )
                .map { try $0.text(3) }.joined(separator: "; ")
            }
        }
        #expect(try await plan().contains("sqlite_autoindex_things_1 (book=?)"), "nothing needs to be told any more")
        try await database.transaction { try $0.renewStatistics() }
        #expect(try await plan().contains("things_by_kind (book=? AND kind=?)"))
    }

    @Test("an empty database has nothing to renew", arguments: [Engine.sqlite, .postgres])
    func empty(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { try $0.renewStatistics() }
    }
}
