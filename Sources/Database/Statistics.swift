extension Transaction {
    /// Renews what the planner knows of the size of tables and the spread of their columns, from a sample, so that it takes no
    /// time whatever stands in them. To be run after bulk work, in a transaction of its own.
    ///
    /// Without it SQLite takes a book for ten rows, and reads a whole table where an index has the answer: with 200,000
    /// documents a page took 100 ms, and 3 ms with it. Other connections take it up when they open. PostgreSQL looks by itself
    /// once a minute; until then it plans with what the tables were before, so those are looked at of which more than a quarter
    /// is new. A role that does not own a table leaves it alone.
    public func renewStatistics() throws {
        guard engine == .postgres else { return try script("PRAGMA analysis_limit = 400; ANALYZE;") }
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
}
