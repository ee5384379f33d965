/// A way of reading in which every table is a view of what may be seen.
///
/// A connection for such reading has, before anything else is read, a temporary view over each table, of the same name, and
/// finds no table but through them: SQLite's authorizer denies what is read past a view, and on PostgreSQL the views' schema is
/// all that is searched. So a table that came later, or was forgotten, cannot be read. The views are the same for everybody of
/// one `shape`; whose they are stands in lists of keys, which are set for each transaction anew. So a handful of
/// connections serves any number of people, and one whose lists were not set shows nothing.
public struct Limits: Sendable {
    /// Names the set of views; connections are kept by it, so a program has few of them.
    public let shape: String
    /// The keys that the views of this shape look into, by the names that `holds` and `key` use.
    public let keys: [String: [Int64]]
    /// The views over the tables there are; asked when a connection opens, before it is limited.
    let views: @Sendable (any Transaction) throws -> [View]

    /// What is seen in place of a table.
    public struct View: Sendable, Equatable {
        public let table: String
        /// A SELECT whose tables are named with their schema.
        public let select: String
        public init(_ table: String, _ select: String) {
            self.table = table
            self.select = select
        }
    }

    public init(
        shape: String, keys: [String: [Int64]], views: @escaping @Sendable (any Transaction) throws -> [View]
    ) {
        self.shape = shape
        self.keys = keys
        self.views = views
    }

    /// A condition: the value is in the list. SQLite is told to find the row by another column: the lists are short.
    public static func holds(_ list: String, _ column: String, _ engine: Engine) -> String {
        switch engine {
        case .sqlite: "+\(column) IN (SELECT v.key FROM temp.limit_keys v WHERE v.list = '\(list)')"
        case .postgres:
            "\(column) = ANY (CAST(NULLIF(current_setting('duly.limit_\(list)', true), '') AS BIGINT[]))"
        }
    }

    /// The one key of a list; null where it has none.
    public static func key(_ list: String, _ engine: Engine) -> String {
        switch engine {
        case .sqlite: "(SELECT v.key FROM temp.limit_keys v WHERE v.list = '\(list)')"
        case .postgres:
            "(CAST(NULLIF(current_setting('duly.limit_\(list)', true), '') AS BIGINT[]))[1]"
        }
    }

    /// The lists as settings of one transaction on PostgreSQL.
    var settings: String {
        keys.sorted { $0.key < $1.key }.map { name, keys in
            "; SET LOCAL duly.limit_\(name) = '{\(keys.map(String.init).joined(separator: ","))}'"
        }.joined()
    }
}

/// The columns of a table, in order, as a connection that is not limited finds them.
public struct TableColumns: Sendable {
    public let table: String
    public let columns: [(name: String, mayBeNull: Bool)]
}

extension Transaction {
    /// The schema that the tables stand in, for texts that must name it.
    public func tableSchema() throws -> String {
        engine == .sqlite ? "main" : try query("SELECT CAST(current_schema() AS TEXT)", [])[0].text(0)
    }

    /// The tables there are, with their columns.
    public func tableColumns() throws -> [TableColumns] {
        let rows = try query(
            engine == .sqlite
                ? """
                SELECT m.name, c.name, c."notnull" FROM main.sqlite_schema m JOIN pragma_table_info(m.name) c
                WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
                ORDER BY m.name, c.cid
                """
                : """
                SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), CASE WHEN a.attnotnull THEN 1 ELSE 0 END
                FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p')
                ORDER BY c.relname, a.attnum
                """, [])
        var tables: [TableColumns] = []
        for row in rows {
            let (table, column) = (try row.text(0), (name: try row.text(1), mayBeNull: try row.int(2) == 0))
            let before = tables.last?.table == table ? tables.removeLast().columns : []
            tables.append(TableColumns(table: table, columns: before + [column]))
        }
        return tables
    }
}

/// The connections of each shape. Made when first needed; a shape keeps as many as its database has readers.
actor LimitedPools<Connection: Sendable> {
    private var pools: [String: Pool<Connection>] = [:]
    private let make: @Sendable (Limits) -> [Connection]
    init(_ make: @escaping @Sendable (Limits) -> [Connection]) { self.make = make }

    func pool(for limits: Limits) -> Pool<Connection> {
        if let known = pools[limits.shape] { return known }
        let made = Pool(make(limits))
        pools[limits.shape] = made
        return made
    }
}
