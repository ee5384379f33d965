import Database

/// The migrations of the books, in order, and the checks over them: plain SQL, embedded from `Schema/`.
public enum Schema {
    struct Migration {
        let number: Int64
        let name: String
        let sql: String
    }
    struct Check {
        let name: String
        let sql: String
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    static func migrations(for engine: Engine) -> [Migration] {
        [
            Migration(number: 1, name: "books", sql: text(PackageResources._001_books_sql)),
            Migration(number: 2, name: "customers", sql: text(PackageResources._002_customers_sql)),
            Migration(number: 3, name: "prices", sql: text(PackageResources._003_prices_sql)),
            Migration(number: 4, name: "documents", sql: text(PackageResources._004_documents_sql)),
            Migration(number: 5, name: "money_in", sql: text(PackageResources._005_money_in_sql)),
            Migration(number: 6, name: "reminders", sql: text(PackageResources._006_reminders_sql)),
            Migration(
                number: 7, name: "append_only",
                sql: text(
                    engine == .sqlite
                        ? PackageResources._007_append_only_sqlite_sql : PackageResources._007_append_only_postgres_sql)
            ),
            Migration(number: 8, name: "reading", sql: text(PackageResources._008_reading_sql)),
            Migration(number: 9, name: "rebilling", sql: text(PackageResources._009_rebilling_sql)),
            Migration(number: 10, name: "taking_back", sql: text(PackageResources._010_taking_back_sql)),
            Migration(
                number: 11, name: "access",
                sql: text(PackageResources._011_access_sql)
                    + text(
                        engine == .sqlite
                            ? PackageResources._011_access_kept_sqlite_sql
                            : PackageResources._011_access_kept_postgres_sql)),
            Migration(
                number: 12, name: "seals",
                sql: text(PackageResources._012_seals_sql) + "\n"
                    + text(
                        engine == .sqlite
                            ? PackageResources._012_seals_kept_sqlite_sql
                            : PackageResources._012_seals_kept_postgres_sql)),
            Migration(number: 13, name: "webhooks", sql: text(PackageResources._013_webhooks_sql)),
            Migration(number: 14, name: "portfolios", sql: text(PackageResources._014_portfolios_sql)),
            Migration(number: 15, name: "approvals", sql: text(PackageResources._015_approvals_sql)),
        ]
    }

    /// Each states one truth and returns the rows that break it: book, record, what was expected, what was found.
    static let checks: [Check] = [
        Check(name: "entries-balance", sql: text(PackageResources.entries_balance_sql)),
        Check(name: "entries-balance-at-home", sql: text(PackageResources.entries_balance_at_home_sql)),
        Check(name: "numbers-have-no-gap", sql: text(PackageResources.numbers_have_no_gap_sql)),
        Check(name: "numbers-belong-to-documents", sql: text(PackageResources.numbers_belong_to_documents_sql)),
        Check(name: "open-items-follow-the-journal", sql: text(PackageResources.open_items_follow_the_journal_sql)),
        Check(name: "journal-items-are-open-items", sql: text(PackageResources.journal_items_are_open_items_sql)),
        Check(name: "closed-items-are-closed-at-home", sql: text(PackageResources.closed_items_are_closed_at_home_sql)),
        Check(name: "documents-match-the-journal", sql: text(PackageResources.documents_match_the_journal_sql)),
        Check(name: "lines-add-up", sql: text(PackageResources.lines_add_up_sql)),
        Check(name: "taxes-add-up", sql: text(PackageResources.taxes_add_up_sql)),
        Check(name: "credits-within-the-original", sql: text(PackageResources.credits_within_the_original_sql)),
        Check(name: "receipts-are-accounted-for", sql: text(PackageResources.receipts_are_accounted_for_sql)),
        Check(name: "charges-billed-once", sql: text(PackageResources.charges_billed_once_sql)),
    ]

    /// The tables and their class (`booked`, `reference`, `local`), from `Schema/classes.txt`.
    public static var classes: [(table: String, kind: String)] {
        text(PackageResources.classes_txt).split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return (String(words[1]), String(words[0]))
        }
    }

    /// How many migrations the books lack.
    public static func missing(_ database: any Database) async throws -> Int {
        let known = try await applied(database)
        return migrations(for: database.engine).filter { !known.contains($0.number) }.count
    }

    private static func applied(_ database: any Database) async throws -> Set<Int64> {
        try await database.transaction { transaction in
            try transaction.script(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)
                """)
            return Set(try transaction.query("SELECT number FROM schema_migrations", []).map { try $0.int(0) })
        }
    }

    /// Brings the schema to this version; returns how many migrations were applied. Each stands in a transaction of its own.
    public static func upgrade(_ database: any Database) async throws -> Int {
        _ = try await self.applied(database)
        var applied = 0
        for migration in migrations(for: database.engine) {
            applied += try await database.transaction { transaction in
                let known = try transaction.query(
                    "SELECT number FROM schema_migrations WHERE number = $1", [.int(migration.number)])
                guard known.isEmpty else { return 0 }
                try transaction.script(migration.sql)
                return try transaction.execute(
                    "INSERT INTO schema_migrations (number, name) VALUES ($1, $2)",
                    [.int(migration.number), .text(migration.name)])
            }
        }
        // PostgreSQL looks at its tables by itself.
        if applied > 0, database.engine == .sqlite { try await database.transaction { try $0.renewStatistics() } }
        return applied
    }
}
