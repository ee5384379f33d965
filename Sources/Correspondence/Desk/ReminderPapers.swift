import Correspondence
import Database
import Ledger
import Money

/// One letter of a reminder: the rows its command wrote, one for each currency.
struct ReminderFile: Sendable {
    struct Part: Sendable {
        let reminder: RecordID
        let currency: Currency
        let total: Money
        let items: [LetterItem]
        /// The only document it names; nil where there are several.
        let reference: String?
    }
    let customer: CustomerBlock
    let level: ReminderLevel
    let day: Day
    let payBy: Day
    let recorded: Instant
    /// When the customer was last written to before.
    let lastWritten: Day?
    let parts: [Part]

    /// The words over these parts: the mail says all, a paper one currency.
    private func letter(_ parts: [Part], _ parties: LetterParties, _ payment: LetterPayment?) -> ReminderLetter {
        ReminderLetter(
            parties: parties, level: level, day: day, deadline: payBy, items: parts.flatMap(\.items),
            totals: parts.map(\.total), lastWritten: lastWritten, payment: payment)
    }

    func mail(_ parties: LetterParties, from seller: SellerBlock) throws -> Letter {
        let payment = parts.first.flatMap { part in
            seller.payment(
                in: part.currency, reference: (parts.count == 1 ? part.reference : nil) ?? customer.number)
        }
        return try letter(parts, parties, payment).letter(in: customer.language)
    }

    /// A PDF for each currency, in their order.
    func papers(_ parties: LetterParties, from seller: SellerBlock) throws -> [ReminderPaper] {
        try parts.map { part in
            let words = try letter([part], parties, seller.payment(in: part.currency, reference: part.reference))
                .letter(in: customer.language)
            let paragraphs = words.paragraphs
            return ReminderPaper(
                language: customer.language, level: level.rawValue, day: day,
                seller: seller.paper(for: part.currency, abroad: customer.isAbroad(from: seller), customer.language),
                recipient: customer.recipient(from: seller), reference: part.reference ?? customer.number,
                subject: words.subject, opening: paragraphs.opening.map { .init($0) }, currency: part.currency,
                items: part.items.map {
                    .init(number: $0.number, day: $0.day ?? day, due: $0.due ?? day, open: $0.open)
                },
                total: part.total, closing: paragraphs.closing.map { .init($0) }, greeting: words.greeting,
                signature: words.signature.first, replyBy: payBy, created: recorded)
        }
    }
}

/// Reads what a reminder said: its own rows, never what is open now.
struct ReminderFiles {
    let transaction: any Transaction
    let book: Int64

    /// The letter a reminder belongs to; nil where there is no such reminder.
    func file(_ reminder: RecordID) throws -> ReminderFile? {
        var customer: CustomerBlock?
        var head: (level: Int, day: Day, payBy: Day, recorded: Instant, command: String)?
        try transaction.rows(
            """
            SELECT r.level, r.day, r.pay_by, r.recorded, r.command, \(CustomerBlock.columns)
            FROM reminders r
            JOIN customers c ON c.book = r.book AND c.customer = r.customer
            LEFT JOIN customer_details n ON n.book = r.book AND n.details = r.details
            WHERE r.book = $1 AND r.reminder = $2
            """, [.int(book), .int(reminder.number)]
        ) { row in
            head = (
                Int(try row.int(0)), try row.day(1), try row.day(2), try BookTexts.instant(try row.text(3)),
                try row.text(4)
            )
            customer = try CustomerBlock(row, from: 5)
        }
        guard let head, let customer else { return nil }
        let rows = try transaction.query(
            """
            SELECT reminder, currency, total FROM reminders
            WHERE book = $1 AND customer = $2 AND day = $3 AND command = $4
            ORDER BY currency
            """,
            [.int(book), .int(customer.customer.number), .text(head.day.description), .text(head.command)])
        let parts = try rows.map { row in
            let currency = try row.currency(1)
            let id = RecordID(number: try row.int(0))
            let (items, references) = try items(id, currency)
            return ReminderFile.Part(
                reminder: id, currency: currency, total: Money(minor: try row.int(2), currency), items: items,
                reference: references.count == 1 ? references[0].ifAny : nil)
        }
        let last = try transaction.query(
            """
            SELECT max(r.day) FROM reminders r
            WHERE r.book = $1 AND r.customer = $2 AND r.day < $3
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
            """, [.int(book), .int(customer.customer.number), .text(head.day.description)])
        return ReminderFile(
            customer: customer, level: ReminderLevel(rawValue: min(head.level, 3)) ?? .first, day: head.day,
            payBy: head.payBy, recorded: head.recorded, lastWritten: try last.first?.textOrNil(0).flatMap { Day($0) },
            parts: parts)
    }

    private func items(_ reminder: RecordID, _ currency: Currency) throws -> ([LetterItem], [String]) {
        let rows = try transaction.query(
            """
            SELECT d.kind, d.number, d.issue_day, d.due_day, i.minor, d.reference
            FROM reminder_items i
            JOIN documents d ON d.book = i.book AND d.document = i.document
            WHERE i.book = $1 AND i.reminder = $2
            ORDER BY CASE WHEN i.minor < 0 THEN 1 ELSE 0 END, d.due_day, d.number
            """, [.int(book), .int(reminder.number)])
        return (
            try rows.map { row in
                let isCredit = try row.text(0) == "credit-note"
                return LetterItem(
                    kind: isCredit ? .creditNote : .invoice, number: try row.text(1), day: try row.day(2),
                    due: isCredit ? nil : try row.day(3), open: Money(minor: try row.int(4), currency))
            }, try rows.map { try $0.text(5) }
        )
    }
}
