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
            Migration(
                number: 2, name: "append_only",
                sql: text(
                    engine == .sqlite
                        ? PackageResources._002_append_only_sqlite_sql : PackageResources._002_append_only_postgres_sql)
            ),
        ]
    }

    static let checks: [Check] = [
        Check(name: "entries-balance", sql: text(PackageResources.entries_balance_sql)),
        Check(name: "entries-balance-at-home", sql: text(PackageResources.entries_balance_at_home_sql)),
        Check(name: "numbers-have-no-gap", sql: text(PackageResources.numbers_have_no_gap_sql)),
    ]

    /// Brings the schema to this version; returns how many migrations were applied. Each stands in a transaction of its own.
    public static func upgrade(_ database: any Database) async throws -> Int {
        try await database.transaction { transaction in
            try transaction.script(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)
                """)
        }
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
        return applied
    }
}
