import Database
import Ledger
import Money

/// An invoice that was settled.
struct Settlement: Sendable {
    let book: Int64
    let customer: Int64?
    let currency: Currency
    let dueDay: Day
    /// The day of the movement that closed it.
    let settledDay: Day
    let minor: Int64
    var daysLate: Int { max(0, settledDay - dueDay) }
}

/// How punctually invoices were settled.
struct Punctuality: Sendable, Equatable {
    var invoices: Int64 = 0
    var late: Int64 = 0
    var daysLate: Int64 = 0
    var minor: Int64 = 0
    var lateMinor: Int64 = 0

    mutating func add(_ settlement: Settlement) {
        invoices += 1
        daysLate += Int64(settlement.daysLate)
        minor += settlement.minor
        guard settlement.daysLate > 0 else { return }
        late += 1
        lateMinor += settlement.minor
    }
    var meanDaysLate: String? { ratio(Int128(daysLate), Int128(invoices), places: 4) }
    var meanDaysLateOfLate: String? { ratio(Int128(daysLate), Int128(late), places: 4) }
    var lateShare: String? { ratio(Int128(late), Int128(invoices), places: 6) }
    var lateShareByAmount: String? { ratio(Int128(lateMinor), Int128(minor), places: 6) }
}

/// The invoices settled by a day: by money, credit or write-off. What was issued and taken back is left out.
enum Settlements {
    /// Tells them one by one, in no order.
    static func each(_ scope: ReportScope, in transaction: any Transaction, _ body: (Settlement) throws -> Void) throws
    {
        for book in try scope.books(in: transaction) {
            let gone = Set(try transaction.query(takenBack, [book.key, scope.known]).map { try $0.int(0) })
            let moved = Set(try transaction.query(reversed, [book.key, scope.known]).map { try $0.int(0) })
            for (text, items) in [
                (settled, gone.union(moved)), (settledThen, gone.union(moved)), (settledAgain, moved.subtracting(gone)),
            ] {
                try transaction.pick(items.sorted())
                var (currencies, dueDays, days) = (CurrencyColumn(), DayColumn(), DayColumn())
                try transaction.rows(text, [book.key, scope.day, scope.known]) { row in
                    try body(
                        Settlement(
                            book: book.id, customer: try row.intOrNil(0), currency: try currencies.read(row, 1),
                            dueDay: try dueDays.read(row, 2), settledDay: try days.read(row, 3), minor: try row.int(4)))
                }
            }
        }
    }

    static let takenBack = """
        SELECT d.document
        FROM undoings u
        JOIN documents d ON d.book = u.book AND d.command = u.command
        WHERE u.book = $1 AND u.recorded <= $2
        """

    /// Items of which something was taken back: few, and counted without it.
    static let reversed = """
        SELECT DISTINCT l.item
        FROM entries e
        JOIN journal_lines l ON l.book = e.book AND l.entry = e.entry
        WHERE e.book = $1 AND e.reverses IS NOT NULL AND e.recorded <= $2 AND l.account = 'receivables'
        """

    // `+book`: nearly all items are wanted, so the table is read as it lies.

    /// Closed, and not moved since.
    static let settled = """
        SELECT i.customer, i.currency, i.due_day, i.moved_day, i.minor
        FROM open_items i
        WHERE +i.book = $1 AND i.open_minor = 0 AND i.account = 'receivables' AND i.minor > 0
            AND i.moved_day <= $2 AND i.moved_recorded <= $3
            AND NOT EXISTS (SELECT 1 FROM picked WHERE picked.key = i.item)
        """

    /// Moved since, but closed then.
    static let settledThen = """
        SELECT i.customer, i.currency, i.due_day, max(l.day), i.minor
        FROM open_items i
        JOIN journal_lines l ON l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3
        WHERE +i.book = $1 AND i.account = 'receivables' AND i.minor > 0 AND i.day <= $2
            AND (i.moved_day > $2 OR i.moved_recorded > $3)
            AND NOT EXISTS (SELECT 1 FROM picked WHERE picked.key = i.item)
        GROUP BY i.item, i.customer, i.currency, i.due_day, i.minor
        HAVING sum(l.minor) = 0
        """

    /// Closed then, by what had not been taken back by then.
    static let settledAgain = """
        SELECT i.customer, i.currency, i.due_day, max(l.day), i.minor
        FROM picked
        CROSS JOIN open_items i
        JOIN journal_lines l ON l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3
        JOIN entries e ON e.book = l.book AND e.entry = l.entry AND e.reverses IS NULL
        WHERE i.book = $1 AND i.item = picked.key AND i.account = 'receivables' AND i.minor > 0 AND i.day <= $2
            AND NOT EXISTS (
                SELECT 1 FROM entries r
                WHERE r.book = e.book AND r.reverses = e.entry AND r.day <= $2 AND r.recorded <= $3)
        GROUP BY i.item, i.customer, i.currency, i.due_day, i.minor
        HAVING sum(l.minor) = 0
        """
}

/// `report late`: how many of the settled invoices were settled late, by customer and by the customer's country.
public struct LateReport: Codable, Sendable, Equatable {
    public struct Line: Codable, Sendable, Equatable {
        /// A customer's number, a country, or `all`.
        public let of: String
        public let invoices: Int64
        public let late: Int64
        /// Late by number, six decimals.
        @OrNull public var lateShare: String?
        @OrNull public var lateShareByAmount: String?
        /// Days, four decimals; early counts as 0.
        @OrNull public var meanDaysLate: String?
        @OrNull public var meanDaysLateOfLate: String?
        public let amount: String
        public let lateAmount: String
        enum CodingKeys: String, CodingKey {
            case of, invoices, late, amount
            case lateShare = "late_share"
            case lateShareByAmount = "late_share_by_amount"
            case meanDaysLate = "mean_days_late"
            case meanDaysLateOfLate = "mean_days_late_of_late"
            case lateAmount = "late_amount"
        }
        init(_ name: String, _ sum: Punctuality, _ currency: Currency) {
            of = name
            invoices = sum.invoices
            late = sum.late
            _lateShare = OrNull(wrappedValue: sum.lateShare)
            _lateShareByAmount = OrNull(wrappedValue: sum.lateShareByAmount)
            _meanDaysLate = OrNull(wrappedValue: sum.meanDaysLate)
            _meanDaysLateOfLate = OrNull(wrappedValue: sum.meanDaysLateOfLate)
            amount = Money(minor: sum.minor, currency).decimal
            lateAmount = Money(minor: sum.lateMinor, currency).decimal
        }
    }
    public struct Block: Codable, Sendable, Equatable {
        public let currency: String
        public let all: Line
        public let countries: [Line]
        public let customers: [Line]
    }
    public let asOf: String
    public let knownAt: String
    public let currencies: [Block]
    enum CodingKeys: String, CodingKey {
        case currencies
        case asOf = "as_of"
        case knownAt = "known_at"
    }

    public static func read(_ scope: ReportScope, in transaction: any Transaction) throws -> LateReport {
        var who: [Int64: [Int64: (number: String, country: String)]] = [:]
        for book in try scope.books(in: transaction) {
            for row in try transaction.query(
                "SELECT customer, number, country FROM customers WHERE book = $1", [book.key])
            {
                who[book.id, default: [:]][try row.int(0)] = (try row.text(1), try row.text(2))
            }
        }
        var sums: [Currency: Sums] = [:]
        try Settlements.each(scope, in: transaction) { settlement in
            let facts = settlement.customer.flatMap { who[settlement.book]?[$0] } ?? ("", "")
            sums[settlement.currency, default: Sums()].add(settlement, facts.number, facts.country)
        }
        return LateReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description,
            currencies: sums.sorted { $0.key.code < $1.key.code }.map { currency, sums in
                Block(
                    currency: currency.code, all: Line("all", sums.all, currency),
                    countries: sums.countries.sorted { $0.key < $1.key }.map { Line($0.key, $0.value, currency) },
                    customers: sums.customers.sorted { $0.key < $1.key }.map { Line($0.key, $0.value, currency) })
            })
    }

    private struct Sums {
        var all = Punctuality()
        var countries: [String: Punctuality] = [:]
        var customers: [String: Punctuality] = [:]

        mutating func add(_ settlement: Settlement, _ number: String, _ country: String) {
            all.add(settlement)
            countries[country, default: Punctuality()].add(settlement)
            customers[number, default: Punctuality()].add(settlement)
        }
    }
}

extension LateReport: ReportTable {
    public static let headings = [
        "currency", "by", "of", "invoices", "late", "late_share", "late_share_by_amount", "mean_days_late",
        "mean_days_late_of_late", "amount", "late_amount",
    ]
    public var rows: [[String]] {
        currencies.flatMap { block in
            ([("all", [block.all]), ("country", block.countries), ("customer", block.customers)] as [(String, [Line])])
                .flatMap { by, lines in
                    lines.map {
                        [
                            block.currency, by, $0.of, String($0.invoices), String($0.late), $0.lateShare ?? "",
                            $0.lateShareByAmount ?? "", $0.meanDaysLate ?? "", $0.meanDaysLateOfLate ?? "", $0.amount,
                            $0.lateAmount,
                        ]
                    }
                }
        }
    }
}
