import Database
import Ledger
import Money

/// An item of `timeline`: something that happened with a customer.
public struct TimelineItem: Codable, Sendable, Equatable {
    /// When it was recorded.
    public let at: String
    /// The day it belongs to.
    public let day: String
    /// `invoice`, `credit-note`, `imported`, `receipt`, `allocation`, `reminder`, `message`, `dispute`, `dispute-closed`, `hold`,
    /// `details`, `undone`.
    public let kind: String
    public let summary: String
    /// The number of the document it is about.
    @OrNull public var document: String?
    public let actor: String
    @OrNull public var command: String?

    /// What happened with a customer, by number, the oldest first.
    public static func list(
        customer number: String, book: Int64?, limit: Int = 500, after: String? = nil, in transaction: any Transaction
    ) throws -> ReportPage<TimelineItem> {
        let books = try ReportScope(book: book, asOf: Day(number: 0), knownAt: Instant(micro: 0)).books(in: transaction)
        var items: [TimelineItem] = []
        for book in books {
            let found = try transaction.query(
                "SELECT customer FROM customers WHERE book = $1 AND number = $2", [book.key, .text(number)])
            guard let customer = try found.first?.int(0) else { continue }
            items += try TimelineReader(book: book, customer: customer, transaction: transaction).items()
        }
        let sorted = items.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
            \.element)
        let start = min(max(after.flatMap { Int($0) } ?? 0, 0), sorted.count)
        let end = min(start + max(1, min(limit, 10_000)), sorted.count)
        return ReportPage(Array(sorted[start..<end]), next: end < sorted.count ? String(end) : nil)
    }
}

struct TimelineReader {
    let book: ReportBook
    let customer: Int64
    let transaction: any Transaction

    func items() throws -> [TimelineItem] {
        try details() + documents() + receipts() + allocations() + reminders() + messages() + disputes() + holds()
            + undoings()
    }

    private func query(_ sql: String, _ item: (Row) throws -> TimelineItem) throws -> [TimelineItem] {
        try transaction.query(sql, [book.key, .int(customer)]).map(item)
    }

    /// From columns: 0 recorded, 1 day, 2 document, 3 actor, 4 command.
    private func item(_ row: Row, _ kind: String, _ summary: String) throws -> TimelineItem {
        TimelineItem(
            at: try row.text(0), day: try row.text(1), kind: kind, summary: summary, document: try row.textOrNil(2),
            actor: try row.textOrNil(3) ?? "", command: try row.textOrNil(4))
    }
    private func money(_ row: Row, _ minor: Int, _ currency: Int) throws -> String {
        Money(minor: try row.int(minor), try ReportBook.currency(try row.text(currency))).description
    }

    /// Their day is that of the command that was recorded with them.
    private func details() throws -> [TimelineItem] {
        var first = true
        return try query(
            """
            SELECT d.recorded, COALESCE(
                    (SELECT min(c.day) FROM commands c WHERE c.book = d.book AND c.recorded = d.recorded),
                    substr(d.recorded, 1, 10)), NULL, NULL, NULL, d.name, d.city
            FROM customer_details d
            WHERE d.book = $1 AND d.customer = $2
            ORDER BY d.details
            """
        ) { row in
            defer { first = false }
            let name = try [row.text(5), row.text(6)].filter { !$0.isEmpty }.joined(separator: ", ")
            return try item(row, "details", "\(first ? "Customer" : "New details"): \(name.isEmpty ? "erased" : name)")
        }
    }

    private func documents() throws -> [TimelineItem] {
        try query(
            """
            SELECT d.recorded, d.issue_day, d.number, c.actor, d.command, d.kind, d.origin, d.gross, d.currency, d.due_day,
                x.number
            FROM documents d
            JOIN commands c ON c.book = d.book AND c.command = d.command
            LEFT JOIN documents x ON x.book = d.book AND x.document = d.corrects
            WHERE d.book = $1 AND d.customer = $2
            ORDER BY d.document
            """
        ) { row in
            let isInvoice = try row.text(5) == "invoice"
            let over = "\(isInvoice ? "Invoice" : "Credit note") \(try row.text(2)) over \(try money(row, 7, 8))"
            let tail = try row.textOrNil(10).map { ", corrects \($0)" } ?? (isInvoice ? ", due \(try row.text(9))" : "")
            let isImported = try row.text(6) == "imported"
            return try item(row, isImported ? "imported" : isInvoice ? "invoice" : "credit-note", over + tail)
        }
    }

    /// Money that was credited to the customer at some time.
    private func receipts() throws -> [TimelineItem] {
        try query(
            """
            SELECT r.recorded, r.day, NULL, c.actor, r.command, r.minor, r.currency, r.payment_id
            FROM receipts r
            JOIN commands c ON c.book = r.book AND c.command = r.command
            WHERE r.book = $1 AND r.receipt IN (
                SELECT a.receipt FROM documents d
                JOIN allocations a ON a.book = d.book AND a.document = d.document
                WHERE d.book = $1 AND d.customer = $2
                UNION
                SELECT i.item FROM open_items i
                WHERE i.book = $1 AND i.account = 'unapplied' AND i.customer = $2 AND i.open_minor <> 0)
            ORDER BY r.receipt
            """
        ) { row in
            let id = try row.text(7)
            return try item(row, "receipt", "\(try money(row, 5, 6)) received\(id.isEmpty ? "" : " (\(id))")")
        }
    }

    private func allocations() throws -> [TimelineItem] {
        try query(
            """
            SELECT a.recorded, a.day, d.number, c.actor, a.command, a.minor, d.currency, a.write_off, a.reason,
                CASE WHEN EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry) THEN 1 ELSE 0 END
            FROM documents d
            JOIN allocations a ON a.book = d.book AND a.document = d.document
            JOIN commands c ON c.book = a.book AND c.command = a.command
            WHERE d.book = $1 AND d.customer = $2
            ORDER BY a.allocation
            """
        ) { row in
            let (amount, writeOff) = (try row.int(5), try row.int(7))
            let number = try row.text(2)
            var summary = "\(try money(row, 5, 6)) \(amount < 0 ? "used of" : "applied to") \(number)"
            if amount == 0, writeOff != 0 {
                summary =
                    "\(try money(row, 7, 6)) of \(number) written off\(writeOff < 0 ? ": a write-off taken back" : "")"
            } else if writeOff != 0 {
                summary += ", \(try money(row, 7, 6)) written off"
            }
            if try !row.text(8).isEmpty { summary += " (\(try row.text(8)))" }
            return try item(row, "allocation", summary + (try row.int(9) == 1 ? "; taken back later" : ""))
        }
    }

    private func reminders() throws -> [TimelineItem] {
        try query(
            """
            SELECT r.recorded, r.day, NULL, c.actor, r.command, r.level, r.total, r.currency, r.pay_by
            FROM reminders r
            JOIN commands c ON c.book = r.book AND c.command = r.command
            WHERE r.book = $1 AND r.customer = $2
            ORDER BY r.reminder
            """
        ) { row in
            try item(
                row, "reminder",
                "Reminder of level \(try row.int(5)) over \(try money(row, 6, 7)), to be paid by \(try row.text(8))")
        }
    }

    /// Their day is that of the command that asked for them, which may be dated otherwise than the clock.
    private func messages() throws -> [TimelineItem] {
        try query(
            """
            SELECT o.changed, c.day, d.number, c.actor, o.command, o.kind, o.channel, o.state, o.answer
            FROM (
                SELECT document AS about FROM documents WHERE book = $1 AND customer = $2
                UNION
                SELECT reminder FROM reminders WHERE book = $1 AND customer = $2
            ) mine
            JOIN outbox o ON o.book = $1 AND o.document = mine.about
            JOIN commands c ON c.book = o.book AND c.command = o.command
            LEFT JOIN documents d ON d.book = o.book AND d.document = o.document
            WHERE o.customer = $2
            ORDER BY o.message
            """
        ) { row in
            let way = try row.text(6) == "post" ? "by post" : "by mail"
            let answer = try row.text(8)
            return try item(
                row, "message", "\(try row.text(5)) \(way): \(try row.text(7))\(answer.isEmpty ? "" : " (\(answer))")")
        }
    }

    private func disputes() throws -> [TimelineItem] {
        let text = """
            SELECT p.recorded, p.opened, d.number, c.actor, p.command, p.minor, d.currency, p.reason, p.closed
            FROM documents d
            JOIN disputes p ON p.book = d.book AND p.document = d.document
            LEFT JOIN commands c ON c.book = p.book AND c.command = p.command
            WHERE d.book = $1 AND d.customer = $2
            ORDER BY p.dispute
            """
        return try query(text) { row in
            try item(row, "dispute", "\(try money(row, 5, 6)) of \(try row.text(2)) disputed: \(try row.text(7))")
        }
            + transaction.query(text, [book.key, .int(customer)]).compactMap { row in
                guard let closed = try row.textOrNil(8) else { return nil }
                return TimelineItem(
                    at: max(closed + "T00:00:00.000000Z", try row.text(0)), day: closed, kind: "dispute-closed",
                    summary: "Dispute of \(try row.text(2)) closed", document: try row.text(2), actor: "", command: nil)
            }
    }

    private func holds() throws -> [TimelineItem] {
        try query(
            """
            SELECT h.recorded, h.from_day, d.number, c.actor, h.command, h.reason, h.to_day
            FROM holds h
            LEFT JOIN commands c ON c.book = h.book AND c.command = h.command
            LEFT JOIN documents d ON d.book = h.book AND d.document = h.document
            WHERE h.book = $1 AND h.customer = $2
            ORDER BY h.hold
            """
        ) { row in
            let until = try row.textOrNil(6).map { " until \($0)" } ?? ""
            return try item(row, "hold", "Not to be reminded\(until): \(try row.text(5))")
        }
    }

    private func undoings() throws -> [TimelineItem] {
        try query(
            """
            SELECT u.recorded, b.day, NULL, b.actor, u.undone_by, t.kind, t.command
            FROM (
                SELECT command FROM documents WHERE book = $1 AND customer = $2
                UNION
                SELECT a.command FROM documents d
                JOIN allocations a ON a.book = d.book AND a.document = d.document
                WHERE d.book = $1 AND d.customer = $2
                UNION
                SELECT command FROM reminders WHERE book = $1 AND customer = $2
            ) mine
            JOIN undoings u ON u.book = $1 AND u.command = mine.command
            JOIN commands t ON t.book = u.book AND t.command = u.command
            JOIN commands b ON b.book = u.book AND b.command = u.undone_by
            ORDER BY u.recorded, u.command
            """
        ) { row in try item(row, "undone", "\(try row.text(5)) \(try row.text(6)) was taken back") }
    }
}
