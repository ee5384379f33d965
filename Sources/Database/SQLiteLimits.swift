import CSQLite

/// Names of the views of a limited connection; while a statement is compiled, SQLite asks for each thing it would do.
final class SQLiteAuthorizer {
    private let views: Set<String>
    init(_ views: Set<String>) { self.views = views }

    /// The connection's own tables, which `pick` fills.
    private static let own: Set<String> = ["picked", "picked_text", "limit_keys"]

    /// What may be done: to select, to call a function, to begin and end a transaction; to read in the connection's own schema, and
    /// elsewhere on behalf of a view of ours; to write the connection's own tables.
    ///
    /// Of a table whose rows are counted and no column is read, SQLite asks for a column without a name, and names the schema only
    /// where the text does. Our views always read a column of their table.
    fileprivate func allows(
        _ action: Int32, _ table: String?, _ column: String?, _ schema: String?, _ accessor: String?
    ) -> Bool {
        switch action {
        case SQLITE_SELECT, SQLITE_FUNCTION, SQLITE_TRANSACTION, SQLITE_RECURSIVE: true
        case SQLITE_READ where column == "" && schema == nil:
            table.map { views.contains($0) || Self.own.contains($0) } ?? false
        case SQLITE_READ: schema == "temp" || accessor.map(views.contains) ?? false
        case SQLITE_INSERT, SQLITE_DELETE: schema == "temp" && table.map(Self.own.contains) ?? false
        default: false
        }
    }
}

extension SQLiteConnection {
    private static let limitTables = """
        CREATE TEMP TABLE limit_keys (list TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (list, key)) WITHOUT ROWID;
        INSERT INTO temp.limit_keys VALUES ('', 1);
        ANALYZE temp.limit_keys;
        DELETE FROM temp.limit_keys;
        """

    /// Lays the views over the tables; from then on nothing is read past them. Returns what must live as long as the connection.
    func limit(to limits: Limits) throws -> SQLiteAuthorizer {
        try run(Self.limitTables)
        let views = try limits.views(self)
        for view in views { try run("CREATE TEMP VIEW \(view.table) AS \(view.select)") }
        statements.removeAll()
        let authorizer = SQLiteAuthorizer(Set(views.map(\.table)))
        sqlite3_set_authorizer(
            handle,
            { context, action, first, second, schema, accessor in
                guard let context else { return SQLITE_DENY }
                func text(_ bytes: UnsafePointer<CChar>?) -> String? { bytes.map { String(cString: $0) } }
                let authorizer = Unmanaged<SQLiteAuthorizer>.fromOpaque(context).takeUnretainedValue()
                let isAllowed = authorizer.allows(action, text(first), text(second), text(schema), text(accessor))
                return isAllowed ? SQLITE_OK : SQLITE_DENY
            }, Unmanaged.passUnretained(authorizer).toOpaque())
        return authorizer
    }

    /// Says for whom the next transaction reads.
    func setKeys(of limits: Limits) throws {
        _ = try execute("DELETE FROM temp.limit_keys", [])
        var batch = RowBatch(into: "temp.limit_keys", columns: ["list", "key"])
        for (list, keys) in limits.keys {
            for key in Set(keys) {
                batch.append(list)
                batch.append(key)
                batch.endRow()
            }
        }
        try insert(batch)
    }
}
