import Database
import Ledger
import Money

/// Finds what waits in one book, kind by kind.
struct WorklistReader {
    let book: ReportBook
    let today: Day
    let transaction: any Transaction

    func everything() throws -> [Waiting] {
        try receipts() + drafts() + messages() + overdue() + incomplete() + disputes() + followUps() + statementGaps()
            + webhooks()
    }

    private func id(_ row: Row, _ column: Int) throws -> String { RecordID(number: try row.int(column)).description }
    private func money(_ row: Row, _ minor: Int, _ currency: Int) throws -> Money {
        Money(minor: try row.int(minor), try ReportBook.currency(try row.text(currency)))
    }

    /// Money not placed; where the last matching has a proposal, that waits for a yes or no.
    private func receipts() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT i.item, -i.open_minor, i.currency, i.day, c.number, n.name, r.payment_id, t.payer, r.reference,
                p.confidence, p.reason, d.number
            FROM open_items i
            LEFT JOIN receipts r ON r.book = i.book AND r.receipt = i.item
            LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
            LEFT JOIN customers c ON c.book = i.book AND c.customer = i.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            LEFT JOIN match_proposals p ON p.book = i.book AND p.receipt = i.item AND p.place = (
                SELECT min(q.place) FROM match_proposals q WHERE q.book = i.book AND q.receipt = i.item)
            LEFT JOIN documents d ON d.book = p.book AND d.document = p.document
            WHERE i.book = $1 AND i.account = 'unapplied' AND i.open_minor <> 0 AND i.day <= $2
            """, [book.key, .text(today.description)]
        ).map { row in
            let receipt = try id(row, 0)
            let worth = try money(row, 1, 2)
            let payer = try row.textOrNil(7) ?? row.textOrNil(5) ?? ""
            let proposed = try row.textOrNil(11)
            let (known, isProposed) = (try row.textOrNil(4) != nil, try row.intOrNil(9) != nil)
            let why: String =
                if isProposed {
                    "It may pay \(proposed ?? "several documents") "
                        + "(confidence \(FixedPoint.text(try row.int(9), decimals: 4))): \(try row.textOrNil(10) ?? "")"
                } else if known { "It is credited to the customer, but pays no document yet." } else {
                    "Nobody knows yet who paid and what for."
                }
            return Waiting(
                id: "receipt:\(receipt)", kind: isProposed ? "match-proposal" : "unplaced-money",
                subject: payer.isEmpty ? try row.textOrNil(6) ?? receipt : payer, seller: book.code,
                customer: try row.textOrNil(4), customerName: try row.textOrNil(5), worth: worth, why: why,
                since: try row.text(3),
                next: [
                    (
                        "Apply it",
                        "duly cash apply --receipt \(receipt) --invoice \(proposed ?? "N") --amount \(worth.decimal)"
                    ),
                    ("See all that waits", "duly cash list --open"),
                ])
        }
    }

    /// Drafts that a finding holds.
    private func drafts() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT d.draft, d.gross, d.currency, d.day, c.number, n.name, d.order_id, f.why, f.next, f.finding,
                (SELECT count(*) FROM draft_findings o WHERE o.book = d.book AND o.draft = d.draft)
            FROM drafts d
            JOIN customers c ON c.book = d.book AND c.customer = d.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            LEFT JOIN draft_findings f ON f.book = d.book AND f.draft = d.draft AND f.place = (
                SELECT min(g.place) FROM draft_findings g
                WHERE g.book = d.book AND g.draft = d.draft AND g.severity = (
                    SELECT min(h.severity) FROM draft_findings h WHERE h.book = d.book AND h.draft = d.draft))
            WHERE d.book = $1 AND d.state = 'held' AND d.day <= $2
            """, [book.key, .text(today.description)]
        ).map { row in
            let (draft, order) = (try id(row, 0), try row.text(6))
            let more = try row.int(10) - 1
            let advice = try row.textOrNil(8).map { " \($0)" } ?? ""
            let why =
                (try row.textOrNil(7) ?? "A check holds it.") + advice + (more > 0 ? " (and \(more) more)" : "")
            return Waiting(
                id: "draft:\(draft)", kind: "held-draft", subject: order.isEmpty ? draft : order, seller: book.code,
                customer: try row.text(4), customerName: try row.textOrNil(5), worth: try money(row, 1, 2), why: why,
                since: try row.text(3),
                next: [
                    ("Look at it", "duly invoice drafts --held"),
                    ("Then issue it", "duly invoice issue \(draft)"),
                ])
        }
    }

    /// Mail that was refused, or of which nobody knows whether it arrived, or that is tried again and again; letters to print.
    private func messages() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT o.message, o.kind, o.channel, o.state, o.attempts, o.answer, substr(o.recorded, 1, 10), d.number,
                c.number, n.name, d.gross, COALESCE(d.currency, r.currency), r.total, r.pay_by
            FROM outbox o
            JOIN customers c ON c.book = o.book AND c.customer = o.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            LEFT JOIN documents d ON d.book = o.book AND d.document = o.document
            LEFT JOIN reminders r ON r.book = o.book AND r.reminder = o.document
            WHERE o.book = $1 AND o.channel IN ('email', 'post') AND o.state <> 'sent'
                AND (o.state IN ('refused', 'uncertain') OR (o.channel = 'post' AND o.state = 'queued')
                    OR (o.channel = 'email' AND o.state IN ('queued', 'sending') AND o.attempts >= 3))
            """, [book.key]
        ).map { row in
            let (message, isPost, state) = (try id(row, 0), try row.text(2) == "post", try row.text(3))
            let answer = try row.text(5)
            let tail = answer.isEmpty ? "." : ": \(answer)"
            let (kind, why): (String, String) =
                switch state {
                case "refused": ("message-refused", "The mail was refused\(tail)")
                case "uncertain": ("message-uncertain", "Nobody knows whether it arrived\(tail)")
                default:
                    isPost
                        ? ("print-post", "It goes by post and is not printed yet.")
                        : ("message-stuck", "It was tried \(try row.int(4)) times\(tail)")
                }
            let minor = try row.intOrNil(10) ?? row.intOrNil(12)
            let currency = try row.textOrNil(11).map(ReportBook.currency)
            let number = try row.textOrNil(7)
            let name = try row.text(1)
            return Waiting(
                id: "message:\(message)", kind: kind, subject: number.map { "\(name) \($0)" } ?? name,
                seller: book.code,
                customer: try row.text(8), customerName: try row.textOrNil(9),
                worth: minor.flatMap { minor in currency.map { Money(minor: minor, $0).magnitude } }, why: why,
                since: try row.text(6), due: try row.textOrNil(13),
                next: isPost
                    ? [("Print it", "duly post print --out FOLDER")]
                    : [
                        ("Send it again", "duly message send-again \(message)"),
                        ("Correct the address", "duly import customers FILE"),
                    ])
        }
    }

    /// Overdue and not reminded of, by customer and currency; not where a hold forbids it or where it is disputed. Summed in one
    /// walk of the index `open_items_open` (`<> 0` says that it is meant), and only then given names.
    private func overdue() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT c.number, n.name, s.currency, s.minor, s.oldest, s.items
            FROM (
                SELECT i.customer, i.currency, CAST(sum(i.open_minor) AS BIGINT) AS minor, min(i.due_day) AS oldest,
                    count(*) AS items
                FROM open_items i
                WHERE i.book = $1 AND i.account = 'receivables' AND i.open_minor <> 0 AND i.open_minor > 0
                    AND i.due_day < $2
                    AND NOT EXISTS (
                        SELECT 1 FROM reminder_items m
                        JOIN reminders r ON r.book = m.book AND r.reminder = m.reminder
                        WHERE m.book = i.book AND m.document = i.item AND NOT EXISTS (
                            SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command))
                    AND NOT EXISTS (
                        SELECT 1 FROM disputes p
                        WHERE p.book = i.book AND p.document = i.item AND p.opened <= $2
                            AND (p.closed IS NULL OR p.closed > $2))
                    AND NOT EXISTS (
                        SELECT 1 FROM holds h
                        WHERE h.book = i.book AND h.customer = i.customer
                            AND (h.document IS NULL OR h.document = i.item)
                            AND h.from_day <= $2 AND (h.to_day IS NULL OR h.to_day >= $2))
                GROUP BY i.customer, i.currency
            ) s
            JOIN customers c ON c.book = $1 AND c.customer = s.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            """, [book.key, .text(today.description)]
        ).map { row in
            let (number, count) = (try row.text(0), try row.int(5))
            let oldest = try ReportBook.day(try row.text(4))
            return Waiting(
                id: "overdue:\(number):\(try row.text(2))", kind: "overdue", subject: try row.textOrNil(1) ?? number,
                seller: book.code, customer: number, customerName: try row.textOrNil(1), worth: try money(row, 3, 2),
                why:
                    "\(count) item\(count == 1 ? "" : "s") overdue without a reminder, the oldest by \(today - oldest) days.",
                since: (oldest + 1).description, due: oldest.description,
                next: [
                    ("Preview", "duly reminder preview --customer \(number)"),
                    ("Send reminders", "duly reminder run"),
                ])
        }
    }

    /// Customers that an import made from a bare number.
    private func incomplete() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT c.number, n.name, substr(c.recorded, 1, 10)
            FROM customers c
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE c.book = $1 AND c.to_complete = 1
            """, [book.key]
        ).map { row in
            let number = try row.text(0)
            return Waiting(
                id: "customer:\(number)", kind: "customer-to-complete", subject: try row.textOrNil(1) ?? number,
                seller: book.code, customer: number, customerName: try row.textOrNil(1), worth: nil,
                why: "An import made it from a number: address, contacts and terms are missing.",
                since: try row.text(2),
                next: [("Complete it", "duly import customers FILE"), ("Look at it", "duly customer show \(number)")])
        }
    }

    private func disputes() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT p.dispute, p.minor, d.currency, d.number, c.number, n.name, p.reason, p.opened
            FROM disputes p
            JOIN documents d ON d.book = p.book AND d.document = p.document
            JOIN customers c ON c.book = p.book AND c.customer = p.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE p.book = $1 AND p.opened <= $2 AND (p.closed IS NULL OR p.closed > $2)
            """, [book.key, .text(today.description)]
        ).map { row in
            let dispute = try id(row, 0)
            return Waiting(
                id: "dispute:\(dispute)", kind: "dispute", subject: try row.text(3), seller: book.code,
                customer: try row.text(4), customerName: try row.textOrNil(5), worth: try money(row, 1, 2),
                why: try row.text(6), since: try row.text(7),
                next: [
                    ("Look at it", "duly invoice show \(try row.text(3))"),
                    ("Credit it", "duly invoice credit \(try row.text(3))"),
                ])
        }
    }

    private func followUps() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT f.follow_up, f.kind, f.attempts, f.problem, substr(f.recorded, 1, 10)
            FROM follow_ups f
            WHERE f.book = $1 AND f.state = 'stuck'
            """, [book.key]
        ).map { row in
            let name = try row.text(0)
            return Waiting(
                id: "follow-up:\(name)", kind: "follow-up-stuck", subject: try row.text(1), seller: book.code,
                customer: nil, customerName: nil, worth: nil,
                why: "It was tried \(try row.int(2)) times: \(try row.text(3))", since: try row.text(4),
                next: [("See where it came from", "duly history")])
        }
    }

    /// Webhooks that were given up; those of every seller stand with the first.
    private func webhooks() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT w.webhook, w.url, w.attempts, w.answer, substr(w.changed, 1, 10)
            FROM webhooks w
            WHERE w.state = 'failed'
                AND (w.seller = $1 OR (w.seller = '' AND $2 = (SELECT min(s.book) FROM sellers s)))
            """, [.text(book.code), book.key]
        ).map { row in
            let webhook = try id(row, 0)
            return Waiting(
                id: "webhook:\(webhook)", kind: "webhook-failed", subject: try row.text(1), seller: book.code,
                customer: nil, customerName: nil, worth: nil,
                why: "Events do not arrive there after \(try row.int(2)) attempts: \(try row.text(3))",
                since: try row.text(4),
                next: [
                    ("Try it", "duly webhook test \(webhook)"), ("Go on", "duly webhook resume \(webhook)"),
                    ("Give it up", "duly webhook remove \(webhook)"),
                ])
        }
    }

    /// Statements of a bank account that do not begin where the one before ended, or do not add up.
    private func statementGaps() throws -> [Waiting] {
        try transaction.query(
            """
            SELECT s.statement, s.account, s.currency, s.name, s.opening_day, s.opening, s.before, s.balanced,
                substr(s.recorded, 1, 10), s.before_day
            FROM (
                SELECT b.statement, b.account, b.currency, b.name, b.opening_day, b.opening, b.balanced, b.recorded,
                    lag(b.closing) OVER w AS before, lag(b.closing_day) OVER w AS before_day
                FROM bank_statements b
                WHERE b.book = $1 AND b.opening IS NOT NULL AND b.closing IS NOT NULL AND b.closing_day IS NOT NULL
                WINDOW w AS (PARTITION BY b.account, b.currency ORDER BY b.closing_day, COALESCE(b.opening_day, ''), b.statement)
            ) s
            WHERE s.balanced = 0 OR (s.before IS NOT NULL AND s.before <> s.opening)
            """, [book.key]
        ).map { row in
            let statement = try id(row, 0)
            let currency = try ReportBook.currency(try row.text(2))
            let opening = Money(minor: try row.int(5), currency)
            let before = try row.intOrNil(6).map { Money(minor: $0, currency) }
            let gap = before.map { opening - $0 } ?? .zero(currency)
            let why =
                try row.int(7) == 0
                ? "Its entries do not add up to its closing balance."
                : "It begins with \(opening), but the one before ended with \(before?.description ?? "")"
                    + " on \(try row.textOrNil(9) ?? "")."
            return Waiting(
                id: "statement:\(statement)", kind: "statement-gap",
                subject: "\(try row.text(1)) \(try row.text(3))", seller: book.code, customer: nil, customerName: nil,
                worth: gap.isZero ? nil : gap.magnitude, why: why, since: try row.textOrNil(4) ?? row.text(8),
                next: [("Bring in what is missing", "duly bank import FILE")])
        }
    }
}
