import Database
import Foundation
import Ledger
import Money
import TestSupport
import Testing

@testable import Books

/// Books of every earlier version, as their migrations and some rows in SQL make them, come to this version whole.
@Suite("Upgrading books of earlier versions")
struct UpgradeTests {
    static let versions = Schema.migrations(for: .sqlite).map(\.number).dropLast()

    /// Applies the migrations up to a version, as the program of that version did.
    private static func books(of version: Int64, _ engine: Engine) async throws -> any Database {
        let database = try await TestDatabases.fresh(engine)
        try await database.transaction { transaction in
            try transaction.script(
                "CREATE TABLE schema_migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)")
            for migration in Schema.migrations(for: engine) where migration.number <= version {
                try transaction.script(migration.sql)
                _ = try transaction.execute(
                    "INSERT INTO schema_migrations (number, name) VALUES ($1, $2)",
                    [.int(migration.number), .text(migration.name)])
            }
        }
        return database
    }

    private static let instant = "2026-02-03T10:00:00.000000Z"
    private static let (book, entry, customer, document): (Int64, Int64, Int64, Int64) = (11, 501, 31, 71)

    /// Two commands of a seller: one that moved nothing, one with an entry; each with its audit record.
    private static let early = """
        INSERT INTO sellers (seller, book, code, name, country, currency, time_zone, language, street, postcode, city,
            vat_id, email, phone, terms_days) VALUES
            (10, 11, 'DE', 'Uferlicht GmbH', 'DE', 'EUR', 'Europe/Berlin', 'de', '', '', '', '', '', '', 30);
        INSERT INTO book_clocks (book, open_from, horizon, revision) VALUES
            (11, '2026-01-01', '2026-02-03T10:00:00.000000Z', 0);
        INSERT INTO number_series (book, series, pattern, next) VALUES (11, 'RE', 'RE-{n}', 1);
        INSERT INTO commands (book, command, kind, fingerprint, actor, day, recorded, outcome) VALUES
            (11, 'c-1', 'test', '0123456789012345678901234567890123456789012', 'ines', '2026-02-03',
                '2026-02-03T10:00:00.000000Z', '{}'),
            (11, 'c-2', 'test', '0123456789012345678901234567890123456789012', 'ines', '2026-02-03',
                '2026-02-03T10:00:00.000000Z', '{}');
        INSERT INTO entries (book, entry, command, kind, day, recorded, reverses) VALUES
            (11, 501, 'c-2', 'KIND', '2026-02-03', '2026-02-03T10:00:00.000000Z', NULL);
        INSERT INTO journal_lines (book, entry, line, account, customer, item, minor, currency, home_minor, home_currency,
            rate, rate_day, rate_source, day, recorded) VALUES
            (11, 501, 1, 'bank', NULL, NULL, 900, 'EUR', 900, 'EUR', 10000000000, '2026-02-03', 'par', '2026-02-03',
                '2026-02-03T10:00:00.000000Z'),
            (11, 501, 2, 'revenue', NULL, NULL, -900, 'EUR', -900, 'EUR', 10000000000, '2026-02-03', 'par', '2026-02-03',
                '2026-02-03T10:00:00.000000Z');
        """

    private static func event(_ command: String) -> String {
        var bytes = CanonicalBytes("event")
        bytes.append(book)
        for text in [
            command, "test", "0123456789012345678901234567890123456789012", "ines", "2026-02-03", instant, "{}",
        ] { bytes.append(text) }
        bytes.append(Int64(0))
        return "event \(command) \(Books.hash(bytes.bytes))\n"
    }

    /// What a program that knows the sealer does besides.
    private static func queue(_ database: any Database) async throws {
        try await database.transaction { transaction in
            try transaction.script("INSERT INTO unsealed_records (book, audit) VALUES (11, 901), (11, 902)")
        }
    }

    private static func fill(_ database: any Database) async throws {
        try await database.transaction { transaction in
            try transaction.script(early.replacing("KIND", with: Entry.Kind.sale.rawValue))
            let row = try transaction.query(
                """
                SELECT account, customer, item, minor, currency, home_minor, home_currency, rate, rate_day, rate_source
                FROM journal_lines WHERE book = $1 AND entry = $2 ORDER BY line
                """, [.int(book), .int(entry)])
            let lines = try row.compactMap { try EntryLine($0, from: 0) }
            let posted = Entry(.sale, day: Day("2026-02-03")!, lines: lines, reverses: nil)
            let id = RecordID(number: entry)
            let hash = Books.hash(CanonicalBytes.of(posted, id: id, book: book, command: "c-2", recorded: instant))
            try transaction.insert(
                into: "audit_records", columns: ["book", "audit", "recorded", "hashes"],
                rows: [
                    [.int(book), .int(901), .text(instant), .text(event("c-1"))],
                    [.int(book), .int(902), .text(instant), .text(event("c-2") + "entry \(id) \(hash)\n")],
                ])
        }
    }

    @Test(
        "they verify, what they hold waits for its seal, and is sealed", arguments: [Engine.sqlite, .postgres], versions
    )
    func upgrade(engine: Engine, version: Int64) async throws {
        let database = try await Self.books(of: version, engine)
        try await Self.fill(database)
        if version >= 12 { try await Self.queue(database) }
        let missing = Schema.migrations(for: engine).filter { $0.number > version }.count
        #expect(try await Schema.missing(database) == missing)
        #expect(try await Schema.upgrade(database) == missing)
        func faults() async throws -> [String] {
            try await database.read { try Verification.run(in: $0) }.flatMap { check in
                check.bad.map { "\(check.name): \($0.record) expected \($0.expected), found \($0.found)" }
            }
        }
        #expect(try await faults() == [])
        #expect(try await database.read { try AuditHead.read(in: $0) }.unsealed == 3)
        try await Sealer(database, clock: { BooksTests.noon }).seal()
        let head = try await database.read { try AuditHead.read(in: $0) }
        #expect(head.records == 3 && head.unsealed == 0)
        #expect(try await faults() == [])
        // And work goes on in them.
        try await database.transaction {
            let books = try Books(Self.book, in: $0, clock: BooksTests.noon, chance: 5)
            try books.record([
                Recording(
                    command: CommandID("c-3")!, kind: "test", content: "", actor: Actor(name: "ines"),
                    day: BooksTests.day,
                    outcome: "{}")
            ])
        }
        try await Sealer(database, clock: { BooksTests.noon }).seal()
        #expect(try await database.read { try AuditHead.read(in: $0) }.batches == 2)
        #expect(try await faults() == [])
    }

    @Test("their schema is the one that new books have", arguments: [Engine.sqlite, .postgres], versions)
    func schema(engine: Engine, version: Int64) async throws {
        let (old, new) = (try await Self.books(of: version, engine), try await TestDatabases.fresh(engine))
        _ = try await Schema.upgrade(old)
        _ = try await Schema.upgrade(new)
        func catalogue(_ database: any Database) async throws -> [String] {
            try await database.read { transaction in
                try transaction.query(
                    engine == .sqlite
                        ? "SELECT coalesce(sql, '') || name FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1"
                        : """
                        SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS what
                        FROM information_schema.columns WHERE table_schema = 'public'
                        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
                        UNION ALL SELECT tgrelid::regclass::text || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
                        ORDER BY 1
                        """, []
                ).map { try $0.text(0) }
            }
        }
        #expect(try await catalogue(old) == catalogue(new))
        #expect(try await catalogue(new).count > 100)
    }
}
