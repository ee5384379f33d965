import Books
import Database
import TestSupport
import Testing

/// The rules for keys (docs/decisions/0002), read off the catalogue of a migrated database.
@Suite("The catalogue")
struct CatalogueTests {
    static func migrated(_ engine: Engine) async throws -> any Database {
        let database = try await TestDatabases.fresh(engine)
        _ = try await Schema.upgrade(database)
        return database
    }

    @Test("every table is in exactly one class", arguments: [Engine.sqlite, .postgres])
    func classes(engine: Engine) async throws {
        let tables = try await Self.migrated(engine).read { transaction in
            try transaction.query(
                engine == .sqlite
                    ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
                    : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename", []
            ).map { try $0.text(0) }
        }
        let classes = Schema.classes.map(\.table).sorted()
        #expect(tables == classes)
        #expect(Set(classes).count == classes.count)
        #expect(Set(Schema.classes.map(\.kind)) == ["booked", "reference", "local"])
    }

    @Test(
        "book stands first in the primary key and in every unique index of a booked table",
        arguments: [Engine.sqlite, .postgres])
    func keys(engine: Engine) async throws {
        let database = try await Self.migrated(engine)
        for (table, kind) in Schema.classes where kind == "booked" {
            let firsts = try await database.read { transaction -> [String] in
                if engine == .postgres {
                    return try transaction.query(
                        """
                        SELECT a.attname FROM pg_index i
                        JOIN pg_class c ON c.oid = i.indrelid
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                        WHERE c.relname = $1 AND i.indisunique
                        """, [.text(table)]
                    ).map { try $0.text(0) }
                }
                return try transaction.query("SELECT name FROM pragma_index_list('\(table)') WHERE \"unique\" = 1", [])
                    .map { row in
                        try transaction.query(
                            "SELECT name FROM pragma_index_info('\(try row.text(0))') WHERE seqno = 0", [])[0].text(0)
                    }
            }
            // A single-column key on SQLite is the row's own and has no index.
            if firsts.isEmpty { #expect(table == "book_clocks", "\(table) has no key") }
            for first in firsts { #expect(first == "book", "a key of \(table) begins with \(first)") }
        }
    }

    @Test("a foreign key of a booked table carries the book, or points at a reference", arguments: [Engine.sqlite])
    func foreignKeys(engine: Engine) async throws {
        let database = try await Self.migrated(engine)
        let booked = Set(Schema.classes.filter { $0.kind == "booked" }.map(\.table))
        for (table, kind) in Schema.classes where kind != "local" {
            let keys = try await database.read { transaction in
                try transaction.query(
                    "SELECT \"table\", \"from\", \"to\", seq FROM pragma_foreign_key_list('\(table)') WHERE seq = 0", []
                ).map { (try $0.text(0), try $0.text(1)) }
            }
            for (target, column) in keys {
                if kind == "reference" { #expect(!booked.contains(target), "\(table) points at \(target)") }
                if kind == "booked" { #expect(column == "book", "\(table).\(column) points at \(target)") }
            }
        }
    }
}
