import Database
import Ledger
import Money

/// An item of `history`: a command that was carried out, newest first.
public struct HistoryRow: Codable, Sendable, Equatable {
    public let command: String
    /// The command's name, such as `invoice.issue`.
    public let kind: String
    public let actor: String
    /// The second person who agreed, where it needed one.
    @OrNull public var approvedBy: String?
    public let day: String
    public let at: String
    public let seller: String
    /// The command that took it back.
    @OrNull public var undoneBy: String?
    /// What it took back itself.
    public let undoes: [String]
    /// The event as JSON, as it was answered.
    public let outcome: String
    enum CodingKeys: String, CodingKey {
        case command, kind, actor, day, at, seller, undoes, outcome
        case approvedBy = "approved_by"
        case undoneBy = "undone_by"
    }

    /// Commands of a customer (their documents, payments, reminders, holds, details) or of a document, by number; of all where
    /// neither is named.
    public static func list(
        book: Int64?, customer: String? = nil, document: String? = nil, limit: Int = 50, after: String? = nil,
        in transaction: any Transaction
    ) throws -> ReportPage<HistoryRow> {
        let books = try ReportScope(book: book, asOf: Day(number: 0), knownAt: Instant(micro: 0)).books(in: transaction)
        return try BookPages.read(books, code: \.code, limit: limit, after: after.flatMap(BookCursor.init)) {
            book, after, limit in
            let text =
                switch (customer, document) {
                case (nil, nil): all
                case (_, .some): ofDocument
                case (.some, nil): ofCustomer
                }
            // The cursor is the instant and the command's id.
            let start = after.map { ($0.prefix(27), $0.dropFirst(28)) } ?? ("9", "")
            var parameters: [SQLValue] = [
                book.key, .text(String(start.0)), .text(String(start.1)), .int(Int64(limit)),
            ]
            if let name = document ?? customer { parameters.append(.text(name)) }
            return try transaction.query(text, parameters).map { row in
                let item = HistoryRow(
                    command: try row.text(0), kind: try row.text(1), actor: try row.text(2),
                    approvedBy: try row.textOrNil(7), day: try row.text(3), at: try row.text(4), seller: book.code,
                    undoneBy: try row.textOrNil(6),
                    undoes: try undone(by: try row.text(0), book, transaction), outcome: try row.text(5))
                return ("\(item.at)|\(item.command)", item)
            }
        }
    }

    private static func undone(by command: String, _ book: ReportBook, _ transaction: any Transaction) throws
        -> [String]
    {
        try transaction.query(
            """
            SELECT u.command
            FROM entries e
            JOIN entries r ON r.book = e.book AND r.entry = e.reverses
            JOIN undoings u ON u.book = r.book AND u.command = r.command AND u.undone_by = e.command
            WHERE e.book = $1 AND e.command = $2
            GROUP BY u.command
            ORDER BY u.command
            """, [book.key, .text(command)]
        ).map { try $0.text(0) }
    }

    /// But for the counts that an import keeps of its groups, which say nothing of their own.
    static let all = """
        SELECT c.command, c.kind, c.actor, c.day, c.recorded, c.outcome, u.undone_by,
            p.decided_name
        FROM commands c
        LEFT JOIN undoings u ON u.book = c.book AND u.command = c.command
        LEFT JOIN approvals p ON p.book = c.book AND p.command = c.command AND p.state IN ('agreed', 'done')
        WHERE c.book = $1 AND (c.recorded < $2 OR (c.recorded = $2 AND c.command < $3))
            AND NOT (c.kind LIKE 'import.%' AND c.command LIKE '%/done')
        ORDER BY c.recorded DESC, c.command DESC
        LIMIT $4
        """

    static let ofDocument = """
        SELECT c.command, c.kind, c.actor, c.day, c.recorded, c.outcome, u.undone_by,
            p.decided_name
        FROM (
            SELECT d.command FROM documents d WHERE d.book = $1 AND d.number = $5
            UNION
            SELECT e.command
            FROM documents d
            JOIN journal_lines l ON l.book = d.book AND l.item = d.document
            JOIN entries e ON e.book = l.book AND e.entry = l.entry
            WHERE d.book = $1 AND d.number = $5
            UNION
            SELECT x.command
            FROM documents d
            JOIN documents x ON x.book = d.book AND x.corrects = d.document
            WHERE d.book = $1 AND d.number = $5
            UNION
            SELECT r.command
            FROM documents d
            JOIN reminder_items i ON i.book = d.book AND i.document = d.document
            JOIN reminders r ON r.book = i.book AND r.reminder = i.reminder
            WHERE d.book = $1 AND d.number = $5
            UNION
            SELECT p.command
            FROM documents d
            JOIN disputes p ON p.book = d.book AND p.document = d.document
            WHERE d.book = $1 AND d.number = $5
        ) mine
        JOIN commands c ON c.book = $1 AND c.command = mine.command
        LEFT JOIN undoings u ON u.book = c.book AND u.command = c.command
        LEFT JOIN approvals p ON p.book = c.book AND p.command = c.command AND p.state IN ('agreed', 'done')
        WHERE c.recorded < $2 OR (c.recorded = $2 AND c.command < $3)
        ORDER BY c.recorded DESC, c.command DESC
        LIMIT $4
        """

    static let ofCustomer = """
        SELECT c.command, c.kind, c.actor, c.day, c.recorded, c.outcome, u.undone_by,
            p.decided_name
        FROM (
            SELECT k.command FROM customers k WHERE k.book = $1 AND k.number = $5
            UNION
            SELECT d.command
            FROM customers k
            JOIN documents d ON d.book = k.book AND d.customer = k.customer
            WHERE k.book = $1 AND k.number = $5
            UNION
            SELECT e.command
            FROM customers k
            JOIN documents d ON d.book = k.book AND d.customer = k.customer
            JOIN journal_lines l ON l.book = d.book AND l.item = d.document
            JOIN entries e ON e.book = l.book AND e.entry = l.entry
            WHERE k.book = $1 AND k.number = $5
            UNION
            SELECT r.command
            FROM customers k
            JOIN reminders r ON r.book = k.book AND r.customer = k.customer
            WHERE k.book = $1 AND k.number = $5
            UNION
            SELECT h.command
            FROM customers k
            JOIN holds h ON h.book = k.book AND h.customer = k.customer
            WHERE k.book = $1 AND k.number = $5
            UNION
            SELECT p.command
            FROM customers k
            JOIN documents d ON d.book = k.book AND d.customer = k.customer
            JOIN disputes p ON p.book = d.book AND p.document = d.document
            WHERE k.book = $1 AND k.number = $5
        ) mine
        JOIN commands c ON c.book = $1 AND c.command = mine.command
        LEFT JOIN undoings u ON u.book = c.book AND u.command = c.command
        LEFT JOIN approvals p ON p.book = c.book AND p.command = c.command AND p.state IN ('agreed', 'done')
        WHERE c.recorded < $2 OR (c.recorded = $2 AND c.command < $3)
        ORDER BY c.recorded DESC, c.command DESC
        LIMIT $4
        """
}
