extension Transaction {
    /// Renews what the planner knows of the size of tables and the spread of their columns, from a sample, so that it takes no
    /// time whatever stands in them. To be run after bulk work, in a transaction of its own.
    ///
    /// Without it SQLite takes a book for ten rows, and reads a whole table where an index has the answer: with 200,000
    /// documents a page took 100 ms, and 3 ms with it. It is told so of a small table, too, since that may grow before it is
    /// looked at again. Other connections take it up when they open. PostgreSQL looks by itself
    /// once a minute; until then it plans with what the tables were before, so those are looked at of which more than a quarter
    /// is new. A role that does not own a table leaves it alone.
    public func renewStatistics() throws {
        guard engine == .postgres else {
            try script("PRAGMA analysis_limit = 400; ANALYZE main;")
            return try assumeGrowth()
        }
        let stale = try query(
            """
            SELECT c.oid::regclass::text
            FROM pg_stat_user_tables s
            JOIN pg_class c ON c.oid = s.relid
            WHERE s.n_mod_since_analyze > 1000 AND s.n_mod_since_analyze * 4 > s.n_live_tup
                AND pg_has_role(c.relowner, 'USAGE')
            ORDER BY 1
            """, [])
        guard !stale.isEmpty else { return }
        try script("SET LOCAL default_statistics_target = 30")
        for row in stale { try script("ANALYZE \(try row.text(0))") }
    }

    /// What SQLite is told of the indexes of a table with fewer rows than a sample: a book fills it, and every further column of
    /// a key picks about ten of its rows, so that what names a record is found by its index and not by reading the book.
    private func assumeGrowth() throws {
        let (small, rows, rowsOfPart) = (1_000, 1_000_000, 100_000)
        for table in try query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", []) {
            let name = try table.text(0)
            let count = try query("SELECT count(*) FROM (SELECT 1 FROM \(name) LIMIT \(small))", [])
            guard try count[0].int(0) < small else { continue }
            for index in try query("PRAGMA index_list(\(name))", []) {
                let (key, isUnique, isPartial) = (try index.text(1), try index.int(2) == 1, try index.int(4) == 1)
                let columns = try query("PRAGMA index_info(\(key))", []).map { try $0.textOrNil(2) }
                guard columns.first == "book", columns.count > 1 else { continue }
                let all = isPartial ? rowsOfPart : rows
                // Of a key's columns so far: the rows that agree in them.
                var agreeing = [all, all] + (1..<columns.count).map { max(1, 10 - $0) }
                if isUnique { agreeing[columns.count] = 1 }
                _ = try execute("DELETE FROM main.sqlite_stat1 WHERE tbl = $1 AND idx = $2", [.text(name), .text(key)])
                _ = try execute(
                    "INSERT INTO main.sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)",
                    [.text(name), .text(key), .text(agreeing.map(String.init).joined(separator: " "))])
            }
        }
        try script("ANALYZE sqlite_schema")
    }
}
