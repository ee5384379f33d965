/// The prepared statements of one connection, by their SQL; the one used longest ago goes first.
final class StatementCache<Statement> {
    private var known: [String: (statement: Statement, used: UInt64)] = [:]
    private var uses: UInt64 = 0
    private let limit: Int
    init(limit: Int) { self.limit = limit }

    var count: Int { known.count }

    subscript(sql: String) -> Statement? {
        uses += 1
        guard let index = known.index(forKey: sql) else { return nil }
        known.values[index].used = uses
        return known.values[index].statement
    }

    /// Keeps the statement; returns the one it takes the place of, if the cache was full.
    @discardableResult
    func insert(_ statement: Statement, for sql: String) -> Statement? {
        var gone: Statement?
        if known.count >= limit, let oldest = known.min(by: { $0.value.used < $1.value.used }) {
            gone = known.removeValue(forKey: oldest.key)?.statement
        }
        uses += 1
        known[sql] = (statement, uses)
        return gone
    }

    func remove(_ sql: String) { known[sql] = nil }
    func removeAll() { known = [:] }
}
