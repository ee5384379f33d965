import Database
import Ledger
import Money

/// An item of the ledger as it stood on a day, as known at an instant.
struct OpenAmount {
    let item: Int64
    let customer: Int64?
    let currency: Currency
    /// The item's own day: issue, or receipt.
    let day: Day
    let dueDay: Day
    /// What the document was for; negative for credit notes and receipts.
    let original: Int64
    /// What was open: the sum of its movements. Never zero here.
    let open: Int64
}

/// Reads what was open. The journal decides. The projection `open_items` says which items need no counting: an item of a later
/// day was not there yet (nothing moves it before its own day), one that is closed and has not moved since was closed, one that is
/// open and has not moved since was as open as it is now. The others are counted one by one. Where they are too many, all is
/// counted back instead: what is open now, less the movements that came later, summed in one walk of the index `item_movements`.
struct OpenAmounts {
    let book: ReportBook
    let scope: ReportScope
    let transaction: any Transaction

    /// So many closed items moved since are still counted one by one, at a few microseconds each; more take as long as counting
    /// back.
    var few = Self.few
    static let few: Int64 = 150_000

    /// Every open item of both accounts, in no order: documents (invoices, credit notes, interest notes), and money on account,
    /// the latter with a row for each customer it is credited to (nil: nobody yet).
    func read(receivables: (OpenAmount) throws -> Void, unapplied: (OpenAmount) throws -> Void) throws {
        if transaction.engine == .postgres {
            // A plan for these very values, sums in memory, no time spent compiling a query that runs once, and items found by
            // their key: at the default cost of a page PostgreSQL would rather read and hash all of them.
            try transaction.script(
                """
                SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off;
                SET LOCAL random_page_cost = 1.1
                """)
        }
        var onAccount: [Int64: OpenAmount] = [:]
        func tell(_ amount: OpenAmount, _ isReceivable: Bool) throws {
            if isReceivable { try receivables(amount) } else { onAccount[amount.item] = amount }
        }
        if let closed = try closedThen() {
            try rows(Self.openThen, [book.key, scope.day, scope.known], later: { _ in 0 }, tell)
            try transaction.pick(closed)
            try rows(Self.counted, [book.key, scope.day, scope.known], later: { _ in 0 }, tell)
        } else {
            try countBack(tell)
        }
        try split(onAccount, unapplied)
    }

    /// The items that are closed now and were there on the day, but moved after it, or moved since unknown then; nil where they
    /// are too many.
    private func closedThen() throws -> [Int64]? {
        var items: [Int64] = []
        let limit = SQLValue.int(max(0, few + 1))
        try transaction.rows(Self.closedLater, [book.key, scope.day, limit]) { items.append(try $0.int(0)) }
        guard items.count <= few else { return nil }
        let last = try transaction.query("SELECT max(recorded) FROM commands WHERE book = $1", [book.key])
        // Where all is known, the next walk would find nothing.
        if try last.first?.textOrNil(0) ?? "" <= scope.knownAt.description { return items }
        try transaction.rows(Self.closedUnknown, [book.key, scope.day, scope.known, limit]) {
            items.append(try $0.int(0))
        }
        return items.count <= few ? items : nil
    }

    private func countBack(_ tell: (OpenAmount, _ isReceivable: Bool) throws -> Void) throws {
        var later: [Int64: Int64] = [:]
        try transaction.rows(Self.movedLater, [book.key, scope.day, scope.known]) { row in
            later[try row.int(0)] = try row.int(1)
        }
        try rows(Self.openNow, [book.key], later: { later.removeValue(forKey: $0) ?? 0 }, tell)
        try transaction.pick(Array(later.keys))
        try rows(Self.closedNow, [book.key], later: { later[$0] ?? 0 }, tell)
    }

    private func rows(
        _ sql: String, _ parameters: [SQLValue], later: (Int64) -> Int64,
        _ tell: (OpenAmount, _ isReceivable: Bool) throws -> Void
    ) throws {
        var (currencies, days, dueDays) = (CurrencyColumn(), DayColumn(), DayColumn())
        try transaction.rows(sql, parameters) { row in
            let item = try row.int(0)
            let open = (try row.intOrNil(6) ?? 0) - later(item)
            guard open != 0 else { return }
            let amount = OpenAmount(
                item: item, customer: try row.intOrNil(1), currency: try currencies.read(row, 2),
                day: try days.read(row, 3), dueDay: try dueDays.read(row, 4), original: try row.int(5), open: open)
            // `receivables` and `unapplied` differ in their first letter.
            try tell(amount, row.withBytes(7) { $0.first == UInt8(ascii: "r") })
        }
    }

    /// Money on account is told by the customer of each movement: a receipt can be credited to somebody later than it came.
    private func split(_ amounts: [Int64: OpenAmount], _ body: (OpenAmount) throws -> Void) throws {
        guard !amounts.isEmpty else { return }
        try transaction.pick(Array(amounts.keys))
        try transaction.rows(Self.byCustomer, [book.key, scope.day, scope.known]) { row in
            guard let whole = amounts[try row.int(0)] else { return }
            try body(
                OpenAmount(
                    item: whole.item, customer: try row.intOrNil(1), currency: whole.currency, day: whole.day,
                    dueDay: whole.dueDay, original: whole.original, open: try row.int(2)))
        }
    }

    /// Walks the index `open_items_closed` alone, from the day on.
    static let closedLater = """
        SELECT item FROM open_items
        WHERE book = $1 AND open_minor = 0 AND moved_day > $2 AND day <= $2
        LIMIT $3
        """

    /// Walks the same index up to the day.
    static let closedUnknown = """
        SELECT item FROM open_items
        WHERE book = $1 AND open_minor = 0 AND moved_day <= $2 AND moved_recorded > $3 AND day <= $2
        LIMIT $4
        """

    /// What is open now and was there then, walking the index `open_items_open` alone; counted where it moved since.
    static let openThen = """
        SELECT i.item, i.customer, i.currency, i.day, i.due_day, i.minor,
            CASE WHEN i.moved_day <= $2 AND i.moved_recorded <= $3 THEN i.open_minor ELSE
                (SELECT CAST(sum(l.minor) AS BIGINT) FROM journal_lines l
                 WHERE l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3) END, i.account
        FROM open_items i
        WHERE i.book = $1 AND i.open_minor <> 0 AND i.account IN ('receivables', 'unapplied') AND i.day <= $2
        """

    /// Finds the movements of each picked item in the index `item_movements`.
    static let counted = """
        SELECT i.item, i.customer, i.currency, i.day, i.due_day, i.minor,
            (SELECT CAST(sum(l.minor) AS BIGINT) FROM journal_lines l
             WHERE l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3), i.account
        FROM picked
        CROSS JOIN open_items i
        WHERE i.book = $1 AND i.item = picked.key
        """

    /// The movements that are not of the report; nothing where they come to zero.
    static let movedLater = """
        SELECT item, CAST(sum(minor) AS BIGINT) FROM journal_lines
        WHERE book = $1 AND item IS NOT NULL AND (day > $2 OR recorded > $3)
        GROUP BY item
        HAVING sum(minor) <> 0
        """

    static let openNow = """
        SELECT i.item, i.customer, i.currency, i.day, i.due_day, i.minor, i.open_minor, i.account
        FROM open_items i
        WHERE i.book = $1 AND i.open_minor <> 0 AND i.account IN ('receivables', 'unapplied')
        """

    static let closedNow = """
        SELECT i.item, i.customer, i.currency, i.day, i.due_day, i.minor, i.open_minor, i.account
        FROM picked
        CROSS JOIN open_items i
        WHERE i.book = $1 AND i.item = picked.key
        """

    static let byCustomer = """
        SELECT l.item, l.customer, CAST(sum(l.minor) AS BIGINT)
        FROM picked
        CROSS JOIN journal_lines l
        WHERE l.book = $1 AND l.item = picked.key AND l.day <= $2 AND l.recorded <= $3
        GROUP BY l.item, l.customer
        HAVING sum(l.minor) <> 0
        """
}
