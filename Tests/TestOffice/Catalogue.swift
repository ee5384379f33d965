import Database

/// What a migrated database says of its own tables.
public struct Catalogue: Sendable {
    public struct Column: Sendable, Hashable {
        public let name: String
        /// As the engine names it, in capitals.
        public let type: String
        public let notNull: Bool
    }
    public struct Index: Sendable, Hashable {
        public let name: String
        public let unique: Bool
        /// In order; empty text for an expression.
        public let columns: [String]
    }
    public struct ForeignKey: Sendable, Hashable {
        public let to: String
        public let from: [String]
        public let columns: [String]
    }
    public struct Table: Sendable {
        public let name: String
        public let columns: [Column]
        public let primaryKey: [String]
        public let indexes: [Index]
        public let foreignKeys: [ForeignKey]
        /// Default values, generated and identity columns.
        public let computed: [String]
    }
    public let tables: [String: Table]
    /// What triggers there are, with their texts.
    public let triggers: [String]

    public static func read(_ transaction: any Transaction) throws -> Catalogue {
        transaction.engine == .sqlite ? try sqlite(transaction) : try postgres(transaction)
    }

    private static func sqlite(_ transaction: any Transaction) throws -> Catalogue {
        var tables: [String: Table] = [:]
        for row in try transaction.query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", [])
        {
            let name = try row.text(0)
            let columns = try transaction.query("PRAGMA table_xinfo(\(name))", [])
            var indexes: [Index] = []
            for index in try transaction.query("PRAGMA index_list(\(name))", []) {
                let inside = try transaction.query("PRAGMA index_info(\(try index.text(1)))", [])
                indexes.append(
                    Index(
                        name: try index.text(1), unique: try index.int(2) == 1,
                        columns: try inside.map { try $0.textOrNil(2) ?? "" }))
            }
            var keys: [Int64: (to: String, from: [String], columns: [String])] = [:]
            for key in try transaction.query("PRAGMA foreign_key_list(\(name))", []) {
                let id = try key.int(0)
                var found = try keys[id] ?? (key.text(2), [], [])
                found.from.append(try key.text(3))
                found.columns.append(try key.textOrNil(4) ?? "")
                keys[id] = found
            }
            tables[name] = Table(
                name: name,
                columns: try columns.map {
                    Column(name: try $0.text(1), type: try $0.text(2), notNull: try $0.int(3) == 1)
                },
                primaryKey: try columns.map { (try $0.int(5), try $0.text(1)) }.filter { $0.0 > 0 }.sorted {
                    $0.0 < $1.0
                }
                .map(\.1), indexes: indexes,
                foreignKeys: keys.values.map { ForeignKey(to: $0.to, from: $0.from, columns: $0.columns) },
                computed: try columns.map { (try $0.text(1), try $0.textOrNil(4), try $0.int(6)) }
                    .filter { $0.1 != nil || $0.2 != 0 }.map(\.0))
        }
        let triggers = try transaction.query("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name", [])
        return Catalogue(tables: tables, triggers: try triggers.map { try $0.text(0) })
    }

    private static func postgres(_ transaction: any Transaction) throws -> Catalogue {
        var tables: [String: Table] = [:]
        for row in try transaction.query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'", []) {
            let name = try row.text(0)
            let columns = try transaction.query(
                """
                SELECT attname::text, upper(format_type(atttypid, atttypmod)), CASE WHEN attnotnull THEN 1 ELSE 0 END,
                    CASE WHEN atthasdef OR attidentity <> '' THEN 1 ELSE 0 END
                FROM pg_attribute WHERE attrelid = '\(name)'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
                """, [])
            let indexes = try transaction.query(
                """
                SELECT i.relname::text, CASE WHEN x.indisunique THEN 1 ELSE 0 END, CASE WHEN x.indisprimary THEN 1 ELSE 0 END,
                    (SELECT string_agg(COALESCE(a.attname::text, ''), ',' ORDER BY k.place)
                    FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (number, place)
                    LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number)
                FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = '\(name)'::regclass
                """, [])
            func list(_ text: String) -> [String] {
                text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
            let keys = try transaction.query(
                """
                SELECT confrelid::regclass::text,
                    (SELECT string_agg(a.attname::text, ',' ORDER BY k.place) FROM unnest(conkey) WITH ORDINALITY k (number, place)
                    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.number),
                    (SELECT string_agg(a.attname::text, ',' ORDER BY k.place) FROM unnest(confkey) WITH ORDINALITY k (number, place)
                    JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.number)
                FROM pg_constraint WHERE contype = 'f' AND conrelid = '\(name)'::regclass
                """, [])
            tables[name] = Table(
                name: name,
                columns: try columns.map {
                    Column(name: try $0.text(0), type: try $0.text(1), notNull: try $0.int(2) == 1)
                },
                primaryKey: try indexes.first { try $0.int(2) == 1 }.map { list(try $0.text(3)) } ?? [],
                indexes: try indexes.map {
                    Index(name: try $0.text(0), unique: try $0.int(1) == 1, columns: list(try $0.text(3)))
                },
                foreignKeys: try keys.map {
                    ForeignKey(to: try $0.text(0), from: list(try $0.text(1)), columns: list(try $0.text(2)))
                }, computed: try columns.filter { try $0.int(3) == 1 }.map { try $0.text(0) })
        }
        let triggers = try transaction.query(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname", [])
        return Catalogue(tables: tables, triggers: try triggers.map { try $0.text(0) })
    }
}
