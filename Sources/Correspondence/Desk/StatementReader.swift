import Correspondence
import Database
import Ledger
import Money

/// Reads what was open. The journal decides; the projection says which items need no counting.
struct StatementReader {
    let transaction: any Transaction
    let seller: SellerBlock
    let asOf: Day
    /// At or before the horizon; the caller's to settle.
    let knownAt: Instant
    private var scope: [SQLValue] { [.int(seller.book), .text(asOf.description), .text(knownAt.description)] }

    private struct Open {
        let item: Int64
        let minor: Int64
        let recorded: Instant
    }
    private struct Key: Hashable {
        let customer: Int64
        let currency: Currency
    }

    /// The statements of one customer, one for each currency; none where nothing was open.
    func statements(of customer: RecordID) throws -> [StatementFacts] {
        try statements(
            open: try read(Self.countingFew, scope + [.int(customer.number)]), only: customer)
    }

    /// Those of every customer, by number, then currency.
    func statements() throws -> [StatementFacts] {
        if transaction.engine == .postgres {
            try transaction.script("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        }
        return try statements(open: try read(Self.countingAll, scope), only: nil)
    }

    private func read(_ text: String, _ parameters: [SQLValue]) throws -> [Open] {
        var open: [Open] = []
        try transaction.rows(text, parameters) { row in
            guard let minor = try row.intOrNil(1), minor != 0 else { return }
            open.append(
                Open(item: try row.int(0), minor: minor, recorded: try BookTexts.instant(try row.text(2))))
        }
        return open
    }

    private func statements(open: [Open], only: RecordID?) throws -> [StatementFacts] {
        var amounts: [Int64: Open] = [:]
        for one in open { amounts[one.item] = one }
        try transaction.pick(open.map(\.item))
        var items: [Key: [StatementFacts.Item]] = [:]
        try addDocuments(amounts, only, to: &items)
        try addMoneyOnAccount(amounts, only, to: &items)
        let customers = try customers(Set(items.keys.map(\.customer)))
        var all = items.compactMap { key, items in
            customers[key.customer].map { customer in
                StatementFacts(
                    seller: seller.code, customer: customer, currency: key.currency, asOf: asOf,
                    items: items.sorted { ($0.day, $0.number, $0.open.minor) < ($1.day, $1.number, $1.open.minor) })
            }
        }.sorted { ($0.customer.number, $0.currency.code) < ($1.customer.number, $1.currency.code) }
        let issued = try StatementRegister(book: seller.book, transaction: transaction).find(all, asOf: asOf)
        for (place, one) in issued.enumerated() { all[place].issued = one }
        return all
    }

    private func addDocuments(
        _ amounts: [Int64: Open], _ only: RecordID?, to items: inout [Key: [StatementFacts.Item]]
    ) throws {
        let disputes = try disputes()
        try transaction.rows(
            """
            SELECT d.document, d.customer, d.currency, d.kind, d.number, d.issue_day, d.due_day, d.gross
            FROM picked CROSS JOIN documents d
            WHERE d.book = $1 AND d.document = picked.key
            """, [.int(seller.book)]
        ) { row in
            let (id, customer, currency) = (try row.int(0), try row.int(1), try row.currency(2))
            guard let open = amounts[id], only == nil || only?.number == customer else { return }
            let dispute = disputes[id]
            items[Key(customer: customer, currency: currency), default: []].append(
                .init(
                    kind: try row.text(3) == "credit-note" ? .creditNote : .invoice, number: try row.text(4),
                    day: try row.day(5), due: try row.day(6), original: Money(minor: try row.int(7), currency),
                    open: Money(minor: open.minor, currency),
                    disputed: Money(minor: open.minor < 0 ? 0 : min(max(dispute?.minor ?? 0, 0), open.minor), currency),
                    recorded: max(open.recorded, dispute?.recorded ?? open.recorded)))
        }
    }

    /// Money on account is told by the customer of each movement: a receipt can be credited to somebody later than it came.
    private func addMoneyOnAccount(
        _ amounts: [Int64: Open], _ only: RecordID?, to items: inout [Key: [StatementFacts.Item]]
    ) throws {
        try transaction.rows(
            """
            SELECT l.item, l.customer, CAST(sum(l.minor) AS BIGINT), max(l.recorded), r.currency, r.day, r.payment_id,
                r.minor
            FROM picked
            CROSS JOIN receipts r
            JOIN journal_lines l ON l.book = r.book AND l.item = r.receipt
            WHERE r.book = $1 AND r.receipt = picked.key AND l.day <= $2 AND l.recorded <= $3 AND l.customer IS NOT NULL
            GROUP BY l.item, l.customer, r.currency, r.day, r.payment_id, r.minor
            HAVING sum(l.minor) <> 0
            """, scope
        ) { row in
            let (id, customer, currency) = (try row.int(0), try row.int(1), try row.currency(4))
            guard amounts[id] != nil, only == nil || only?.number == customer else { return }
            let name = try row.text(6)
            items[Key(customer: customer, currency: currency), default: []].append(
                .init(
                    kind: .payment, number: name.isEmpty ? RecordID(number: id).description : name, day: try row.day(5),
                    due: nil, original: Money(minor: -(try row.int(7)), currency),
                    open: Money(minor: try row.int(2), currency), disputed: .zero(currency),
                    recorded: try BookTexts.instant(try row.text(3))))
        }
    }

    /// The disputed amount of each document, from the day it was opened to the day before it was closed.
    private func disputes() throws -> [Int64: (minor: Int64, recorded: Instant)] {
        var amounts: [Int64: (minor: Int64, recorded: Instant)] = [:]
        try transaction.rows(
            """
            SELECT document, minor, recorded FROM disputes
            WHERE book = $1 AND opened <= $2 AND recorded <= $3 AND (closed IS NULL OR closed > $2)
            """, scope
        ) { row in
            let known = amounts[try row.int(0)]
            let recorded = try BookTexts.instant(try row.text(2))
            amounts[try row.int(0)] = (
                (known?.minor ?? 0) + (try row.int(1)), max(known?.recorded ?? recorded, recorded)
            )
        }
        return amounts
    }

    /// Name and address as the books knew them then.
    private func customers(_ customers: Set<Int64>) throws -> [Int64: CustomerBlock] {
        try transaction.pick(customers.sorted())
        var blocks: [Int64: CustomerBlock] = [:]
        try transaction.rows(
            """
            SELECT \(CustomerBlock.columns)
            FROM picked CROSS JOIN customers c
            JOIN customer_details n ON n.book = c.book AND n.customer = c.customer
            WHERE c.book = $1 AND c.customer = picked.key AND (n.recorded <= $2 OR n.details = c.details)
            ORDER BY c.customer, CASE WHEN n.recorded <= $2 THEN 1 ELSE 0 END, n.recorded, n.details
            """, [.int(seller.book), .text(knownAt.description)]
        ) { row in blocks[try row.int(0)] = try CustomerBlock(row, from: 0) }
        return blocks
    }

    /// Items of one customer ($4), and every receipt that may have been that customer's then.
    private static let countingFew = """
        SELECT i.item, i.open_minor, i.moved_recorded
        FROM open_items i
        WHERE i.book = $1 AND i.open_minor <> 0 AND i.account = 'receivables' AND i.customer = $4 AND i.moved_day <= $2
            AND i.moved_recorded <= $3
        UNION ALL
        SELECT i.item, CAST(sum(l.minor) AS BIGINT), max(l.recorded)
        FROM open_items i
        JOIN journal_lines l ON l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3
        WHERE i.book = $1 AND i.open_minor <> 0 AND i.account = 'receivables' AND i.customer = $4
            AND (i.moved_day > $2 OR i.moved_recorded > $3)
        GROUP BY i.item
        UNION ALL
        SELECT i.item, CAST(sum(l.minor) AS BIGINT), max(l.recorded)
        FROM open_items i
        JOIN journal_lines l ON l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3
        WHERE i.book = $1 AND i.open_minor <> 0 AND i.account = 'unapplied'
        GROUP BY i.item
        UNION ALL
        SELECT i.item, CAST(sum(l.minor) AS BIGINT), max(l.recorded)
        FROM open_items i
        JOIN journal_lines l ON l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3
        WHERE i.book = $1 AND i.open_minor = 0 AND i.moved_day > $2
            AND (i.account = 'unapplied' OR i.customer = $4)
        GROUP BY i.item
        UNION ALL
        SELECT i.item, CAST(sum(l.minor) AS BIGINT), max(l.recorded)
        FROM open_items i
        JOIN journal_lines l ON l.book = i.book AND l.item = i.item AND l.day <= $2 AND l.recorded <= $3
        WHERE i.book = $1 AND i.open_minor = 0 AND i.moved_day <= $2 AND i.moved_recorded > $3
            AND (i.account = 'unapplied' OR i.customer = $4)
        GROUP BY i.item
        """

    /// Walks all movements in the order of the index and keeps the items that do not come to zero.
    private static let countingAll = """
        SELECT item, CAST(sum(minor) AS BIGINT), max(recorded) FROM journal_lines
        WHERE book = $1 AND item IS NOT NULL AND day <= $2 AND recorded <= $3
        GROUP BY item
        HAVING sum(minor) <> 0
        """
}
