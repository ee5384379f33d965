import Database
import Ledger
import Money

/// How every customer of a book stands now, in each currency they owe or trade in: what the list of customers is sorted and
/// filtered by. Amounts are those of now, in minor units; the day decides what is overdue.
///
/// Made of two walks along `open_items_open` (documents, then money on account) and one over the customers, so that 100,000 open
/// items of 10,000 customers take some 50 ms. Whoever shows it keeps it until the next command (`mark`).
public struct CustomerStandings: Sendable {
    public struct Line: Sendable, Equatable {
        public let customer: RecordID
        public let number: String
        public let name: String
        public let sortKey: String
        public let country: String
        public let currency: Currency
        public let termsDays: Int
        /// Of the customer's own currency; nil: none, or another currency.
        public let limit: Int64?
        public let toComplete: Bool
        /// A hold in force today, on all or on a document.
        public var isHeld = false
        /// Open documents of which a part is in question.
        public var disputes = 0
        /// Documents: not due, 1–30, 31–60, 61–90, over 90 days past due.
        public var ages: [Int64] = [0, 0, 0, 0, 0]
        public var items = 0
        /// The oldest due day that has passed of an open invoice.
        public var oldestDue: Day?
        /// Money on account: negative.
        public var unapplied: Int64 = 0
        public var open: Int64 { ages.reduce(0, +) }
        public var overdue: Int64 { ages[1...].reduce(0, +) }
        public var net: Int64 { open + unapplied }
        public var isOverLimit: Bool { limit.map { net > $0 } ?? false }
        /// Whole percent of the limit in use, away from zero at the half; nil without a limit above zero.
        public var limitPercent: Int? {
            guard let limit, limit > 0 else { return nil }
            return Int((Int128(max(net, 0)) * 200 + Int128(limit)) / (Int128(limit) * 2))
        }
    }
    public let book: Int64
    public let seller: String
    public let day: Day
    /// By name, then number, then currency.
    public let lines: [Line]

    /// Changes with each command that was recorded.
    public static func mark(book: Int64, in transaction: any Transaction) throws -> String {
        try transaction.query("SELECT max(recorded) FROM commands WHERE book = $1", [.int(book)]).first?.textOrNil(0)
            ?? ""
    }

    /// nil where there is no such book.
    public static func read(book: Int64, day: Day, in transaction: any Transaction) throws -> CustomerStandings? {
        let scope = ReportScope(book: book, asOf: day, knownAt: Instant(micro: 0))
        guard let house = try scope.books(in: transaction).first else { return nil }
        if transaction.engine == .postgres {
            try transaction.script("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1")
        }
        var count = Count(book: house, day: day)
        try count.customers(transaction)
        try count.holds(transaction)
        try count.documents(transaction)
        try count.disputes(transaction)
        try count.onAccount(transaction)
        return CustomerStandings(book: book, seller: house.code, day: day, lines: count.byName)
    }

    /// The last day money of each of these customers was set against one of their newest 200 documents; none where nothing was.
    public static func lastPayments(of customers: [RecordID], book: Int64, in transaction: any Transaction) throws
        -> [RecordID: Day]
    {
        try transaction.pick(customers.map(\.number))
        var days: [RecordID: Day] = [:]
        try transaction.rows(Self.lastPaid, [.int(book)]) { row in
            guard let day = try row.textOrNil(1) else { return }
            days[RecordID(number: try row.int(0))] = try ReportBook.day(day)
        }
        return days
    }

    /// What was taken back counts no longer.
    static let lastPaid = """
        SELECT picked.key, (
            SELECT max(a.day) FROM (
                SELECT d.document FROM documents d
                WHERE d.book = $1 AND d.customer = picked.key
                ORDER BY d.issue_day DESC LIMIT 200) newest
            JOIN allocations a ON a.book = $1 AND a.document = newest.document
            WHERE a.receipt IS NOT NULL AND a.minor > 0
                AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry))
        FROM picked
        """
}

/// Puts the lines together.
private struct Count {
    private struct Key: Hashable {
        let customer: Int64
        let currency: Currency
    }
    let book: ReportBook
    let day: Day
    private(set) var lines: [CustomerStandings.Line] = []
    /// The line of a customer in their own currency.
    private var home: [Int64: Int] = [:]
    private var places: [Key: Int] = [:]
    private var today: SQLValue { .text(day.description) }

    init(book: ReportBook, day: Day) { (self.book, self.day) = (book, day) }

    mutating func customers(_ transaction: any Transaction) throws {
        var currencies = CurrencyColumn()
        try transaction.rows(
            """
            SELECT c.customer, c.number, d.name, d.sort_key, c.country, c.currency, c.terms_days, c.credit_limit,
                c.to_complete
            FROM customers c
            LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
            WHERE c.book = $1
            """, [book.key]
        ) { row in
            let (customer, currency) = (try row.int(0), try currencies.read(row, 5))
            let number = try row.text(1)
            home[customer] = lines.count
            places[Key(customer: customer, currency: currency)] = lines.count
            lines.append(
                CustomerStandings.Line(
                    customer: RecordID(number: customer), number: number, name: try row.textOrNil(2) ?? "",
                    sortKey: try row.textOrNil(3) ?? number, country: try row.text(4), currency: currency,
                    termsDays: Int(try row.int(6)), limit: try row.intOrNil(7), toComplete: try row.int(8) == 1))
        }
    }

    /// The line of a customer in a currency; one more for a currency that is not their own. nil: of nobody yet.
    private mutating func place(_ customer: Int64?, _ currency: Currency) -> Int? {
        guard let customer, let own = home[customer] else { return nil }
        let key = Key(customer: customer, currency: currency)
        if let known = places[key] { return known }
        let line = lines[own]
        places[key] = lines.count
        lines.append(
            CustomerStandings.Line(
                customer: line.customer, number: line.number, name: line.name, sortKey: line.sortKey,
                country: line.country, currency: currency, termsDays: line.termsDays, limit: nil,
                toComplete: line.toComplete, isHeld: line.isHeld))
        return lines.count - 1
    }

    /// Only keys and places are moved in sorting.
    var byName: [CustomerStandings.Line] {
        lines.indices.map { (name: lines[$0].sortKey, number: lines[$0].number, place: $0) }.sorted {
            ($0.name, $0.number, $0.place) < ($1.name, $1.number, $1.place)
        }.map { lines[$0.place] }
    }

    mutating func holds(_ transaction: any Transaction) throws {
        try transaction.rows(
            "SELECT customer FROM holds WHERE book = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day >= $2)",
            [book.key, today]
        ) { row in
            if let place = home[try row.int(0)] { lines[place].isHeld = true }
        }
    }

    mutating func documents(_ transaction: any Transaction) throws {
        let days = [0, 30, 60, 90].map { SQLValue.text((day - $0).description) }
        var currencies = CurrencyColumn()
        try transaction.rows(Count.byAge, [book.key] + days) { row in
            let currency = try currencies.read(row, 1)
            guard let place = place(try row.intOrNil(0), currency) else { return }
            // What is due before each bound, the latest bound first: an age is the difference of neighbours.
            let sums = try (2..<7).map { try row.int($0) }
            lines[place].ages = (0..<5).map { age in sums[age] - (age < 4 ? sums[age + 1] : 0) }
            lines[place].items = Int(try row.int(7))
            lines[place].oldestDue = try row.textOrNil(8).map(ReportBook.day).flatMap { $0 < day ? $0 : nil }
        }
    }

    mutating func disputes(_ transaction: any Transaction) throws {
        var currencies = CurrencyColumn()
        try transaction.rows(
            """
            SELECT i.customer, i.currency, count(DISTINCT i.item)
            FROM disputes s
            JOIN open_items i ON i.book = s.book AND i.item = s.document AND i.open_minor > 0
            WHERE s.book = $1 AND s.opened <= $2 AND (s.closed IS NULL OR s.closed > $2)
            GROUP BY i.customer, i.currency
            """, [book.key, today]
        ) { row in
            let currency = try currencies.read(row, 1)
            guard let place = place(try row.intOrNil(0), currency) else { return }
            lines[place].disputes = Int(try row.int(2))
        }
    }

    mutating func onAccount(_ transaction: any Transaction) throws {
        var currencies = CurrencyColumn()
        try transaction.rows(
            """
            SELECT customer, currency, CAST(sum(open_minor) AS BIGINT) FROM open_items
            WHERE book = $1 AND account = 'unapplied' AND open_minor <> 0 AND customer IS NOT NULL
            GROUP BY customer, currency
            """, [book.key]
        ) { row in
            let currency = try currencies.read(row, 1)
            guard let place = place(try row.intOrNil(0), currency) else { return }
            lines[place].unapplied = try row.int(2)
        }
    }

    /// Due on the day is not overdue. Grouped as the index lies.
    private static let byAge = """
        SELECT customer, currency,
            CAST(sum(open_minor) AS BIGINT),
            CAST(sum(CASE WHEN due_day < $2 THEN open_minor ELSE 0 END) AS BIGINT),
            CAST(sum(CASE WHEN due_day < $3 THEN open_minor ELSE 0 END) AS BIGINT),
            CAST(sum(CASE WHEN due_day < $4 THEN open_minor ELSE 0 END) AS BIGINT),
            CAST(sum(CASE WHEN due_day < $5 THEN open_minor ELSE 0 END) AS BIGINT),
            count(*),
            min(CASE WHEN open_minor > 0 THEN due_day END)
        FROM open_items
        WHERE book = $1 AND account = 'receivables' AND open_minor <> 0
        GROUP BY customer, currency
        """
}
