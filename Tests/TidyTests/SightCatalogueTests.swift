import Books
import Database
import Foundation
import TestSupport
import Testing

/// What limits what a person may see, held against the catalogue and the sources.
@Suite("What may be seen, by the catalogue")
struct SightCatalogueTests {
    @Test("somebody decided of every table what is seen of it", arguments: [Engine.sqlite, .postgres])
    func decided(engine: Engine) async throws {
        let undecided = try await CatalogueTests.migrated(engine).read { try Sight.undecidedTables($0) }
        #expect(undecided == [], "add them to SightViews: what is not decided is not seen")
    }

    @Test("a table that came later is not seen, and every other is a view", arguments: [Engine.sqlite, .postgres])
    func closed(engine: Engine) async throws {
        let database = try await CatalogueTests.migrated(engine)
        func make(_ table: String) async throws {
            try await database.transaction {
                try $0.script("CREATE TABLE \(table) (book BIGINT NOT NULL PRIMARY KEY, secret TEXT NOT NULL)")
                _ = try $0.execute("INSERT INTO \(table) VALUES (1, 'secret')", [])
            }
        }
        try await make("earlier")
        for sight in [Sight(books: [1]), Sight(portfolio: 1), Sight(books: [1], portfolio: 1)] {
            let limited = database.limited(to: sight)
            for (table, _) in Schema.classes {
                _ = try await limited.read { try $0.query("SELECT count(*) FROM \(table)", []) }
            }
            // Of a table nobody decided about, who sees a portfolio sees nothing; who sees a seller, the seller's.
            let rows = try await limited.read { try $0.query("SELECT secret FROM earlier", []).count }
            #expect(rows == (sight.portfolio == nil ? 1 : 0))
        }
        try await make("later")
        for sight in [Sight(books: [1]), Sight(portfolio: 1), Sight(books: [1], portfolio: 1)] {
            // One by one, so that every connection of the pool was open before the table came.
            await #expect(throws: DatabaseError.self) {
                _ = try await database.limited(to: sight).read { try $0.query("SELECT secret FROM later", []) }
            }
        }
    }

    @Test("on SQLite nothing is read past a view, whatever the text says")
    func pastViews() async throws {
        let limited = try await CatalogueTests.migrated(.sqlite).limited(to: Sight(books: [1]))
        for sql in [
            "SELECT name FROM main.sellers", "SELECT count(*) FROM main.sellers",
            "SELECT sql FROM sqlite_schema", "SELECT name FROM pragma_table_info('sellers')",
            "WITH s AS (SELECT name FROM main.sellers) SELECT name FROM s",
            "SELECT (SELECT max(name) FROM main.sellers)", "PRAGMA table_info(sellers)",
            "DROP VIEW temp.sellers", "ATTACH 'other.db' AS other",
        ] {
            await #expect(throws: DatabaseError.self, "\(sql)") {
                _ = try await limited.read { try $0.query(sql, []) }
            }
        }
        _ = try await limited.read { try $0.query("SELECT name FROM sellers", []) }
    }

    @Test("no text names a schema, so that none slips past the views")
    func schemas() throws {
        let pattern = try Regex(#"\b(?:FROM|JOIN|UPDATE|INTO|TABLE)\s+(?:main|public|pg_temp|temp)\."#).ignoresCase()
        let known: Set<String> = ["SQLiteConnection", "SQLiteStatements", "SQLiteLimits", "Statistics", "Limits"]
        for source in try TidyTests.swiftFiles(in: "Sources") {
            let name = URL(fileURLWithPath: source.path).deletingPathExtension().lastPathComponent
            guard !(source.module == "Database" && known.contains(name)) else { continue }
            for (number, line) in source.lines.enumerated() {
                #expect(line.firstMatch(of: pattern) == nil, "\(source.path):\(number + 1)")
                #expect(!line.contains("search_path") || source.module == "Database", "\(source.path):\(number + 1)")
            }
        }
    }
}
