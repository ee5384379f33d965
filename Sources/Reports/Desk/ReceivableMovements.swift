import Database
import Ledger
import Money

/// How the receivables of one currency moved on one day: amounts that add, and amounts that take away, each positive.
struct Movement: Sendable, Equatable {
    /// Invoices, interest notes and imported invoices.
    var invoiced: Int64 = 0
    /// Credit notes.
    var credited: Int64 = 0
    /// Paid with money of receipts.
    var collected: Int64 = 0
    /// Cash discount, bank charges and bad debts, with their tax.
    var writtenOff: Int64 = 0
    /// The rest; what it adds.
    var other: Int64 = 0

    /// What the control account gained.
    var change: Int64 { invoiced - credited - collected - writtenOff + other }

    static func += (left: inout Movement, right: Movement) {
        left.invoiced += right.invoiced
        left.credited += right.credited
        left.collected += right.collected
        left.writtenOff += right.writtenOff
        left.other += right.other
    }
}

/// The movements of the control account, by currency and day, from the journal alone. A reversal counts against what it takes
/// back, on its own day.
struct ReceivableMovements: Sendable {
    private(set) var days: [Currency: [Day: Movement]] = [:]

    static func read(_ scope: ReportScope, in transaction: any Transaction) throws -> ReceivableMovements {
        var movements = ReceivableMovements()
        for book in try scope.books(in: transaction) {
            var (currencies, days) = (CurrencyColumn(), DayColumn())
            try transaction.rows(text, [book.key, scope.day, scope.known]) { row in
                let day = try days.read(row, 0)
                let currency = try currencies.read(row, 1)
                movements.days[currency, default: [:]][day, default: Movement()] += Self.movement(
                    kind: try row.text(2), credit: try row.int(3) == 1, owed: try row.int(4), paid: try row.int(5),
                    givenUp: try row.int(6))
            }
        }
        return movements
    }

    /// `owed`, `paid` and `givenUp` are the sums of an entry's lines on receivables, on bank and unapplied, and on the accounts
    /// that a write-off is booked to; debit is positive.
    private static func movement(kind: String, credit: Bool, owed: Int64, paid: Int64, givenUp: Int64) -> Movement {
        switch Entry.Kind(rawValue: kind) {
        case .sale, .interest: Movement(invoiced: owed)
        case .credit: Movement(credited: -owed)
        case .history: credit ? Movement(credited: -owed) : Movement(invoiced: owed)
        case .receipt, .allocation, .writeOff, .refund, .reversal, nil:
            Movement(collected: paid, writtenOff: givenUp, other: owed + paid + givenUp)
        }
    }

    /// Walks the entries in the order of their key, so that neither engine has to sort them. An entry moves the receivables of
    /// one currency.
    static let text = """
        SELECT m.day, m.currency, m.kind,
            CASE WHEN m.owed * m.direction < 0 THEN 1 ELSE 0 END AS credit,
            CAST(sum(m.owed) AS BIGINT), CAST(sum(m.paid) AS BIGINT), CAST(sum(m.given_up) AS BIGINT)
        FROM (
            SELECT e.day, max(CASE WHEN l.account = 'receivables' THEN l.currency END) AS currency,
                COALESCE(max(o.kind), max(r.kind), e.kind) AS kind,
                CASE WHEN e.reverses IS NULL OR max(r.reverses) IS NOT NULL THEN 1 ELSE -1 END AS direction,
                CAST(sum(CASE WHEN l.account = 'receivables' THEN l.minor ELSE 0 END) AS BIGINT) AS owed,
                CAST(sum(CASE WHEN l.account IN ('bank', 'unapplied') THEN l.minor ELSE 0 END) AS BIGINT) AS paid,
                CAST(sum(CASE WHEN l.account IN ('discount-given', 'written-off', 'bank-charges', 'sales-tax')
                    THEN l.minor ELSE 0 END) AS BIGINT) AS given_up
            FROM entries e
            CROSS JOIN journal_lines l
            LEFT JOIN entries r ON r.book = e.book AND r.entry = e.reverses
            LEFT JOIN entries o ON o.book = r.book AND o.entry = r.reverses
            WHERE e.book = $1 AND e.day <= $2 AND e.recorded <= $3 AND l.book = e.book AND l.entry = e.entry
            GROUP BY e.book, e.entry
            HAVING max(CASE WHEN l.account = 'receivables' THEN 1 ELSE 0 END) = 1
        ) m
        GROUP BY m.day, m.currency, m.kind, CASE WHEN m.owed * m.direction < 0 THEN 1 ELSE 0 END
        """

    func total(_ currency: Currency, _ days: ClosedRange<Day>) -> Movement {
        var total = Movement()
        for (day, movement) in self.days[currency] ?? [:] where days.contains(day) { total += movement }
        return total
    }
}
