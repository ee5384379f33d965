import Correspondence
import Database
import Ledger
import Money

/// A reminder that would be written, as the run's preview names it.
public struct ReminderToWrite: Sendable {
    public let customer: String
    public let level: Int
    public let day: Day
    public let payBy: Day
    /// Documents with what is open of each.
    public let items: [(document: RecordID, open: Money)]
    public init(customer: String, level: Int, day: Day, payBy: Day, items: [(document: RecordID, open: Money)]) {
        self.customer = customer
        self.level = level
        self.day = day
        self.payBy = payBy
        self.items = items
    }
}

/// The words of a reminder, and to whom they go.
public struct ReminderText: Sendable {
    public let letter: Letter
    public let seller: String
    public let recipient: [String]
    public let mailTo: [String]
}

extension CorrespondenceDesk {
    /// The very words that the letter would have; nothing is kept. nil where there is no such customer.
    public func words(of reminder: ReminderToWrite, book: Int64) async throws -> ReminderText? {
        try await database.read { transaction in
            let seller = try SellerBlock(transaction, book: book)
            guard let (customer, details) = try Self.customer(reminder.customer, transaction, book: book) else {
                return nil
            }
            let items = try reminder.items.map { item in
                (try Self.item(item.document, open: item.open, transaction, book: book), item.open.currency)
            }
            let last = try transaction.query(
                """
                SELECT max(r.day) FROM reminders r
                WHERE r.book = $1 AND r.customer = $2 AND r.day < $3
                    AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
                """, [.int(book), .int(customer.customer.number), .text(reminder.day.description)]
            ).first?.textOrNil(0)
            let currencies = Set(items.map(\.1)).sorted { $0.code < $1.code }
            let file = ReminderFile(
                customer: customer, level: ReminderLevel(rawValue: min(reminder.level, 3)) ?? .first, day: reminder.day,
                payBy: reminder.payBy, recorded: clock(), lastWritten: last.flatMap { Day($0) },
                parts: currencies.map { currency in
                    let mine = items.filter { $0.1 == currency }.compactMap(\.0)
                    let references = mine.map(\.reference)
                    return ReminderFile.Part(
                        reminder: RecordID(number: 0), currency: currency,
                        total: mine.reduce(.zero(currency)) { $0 + $1.item.open },
                        items: Self.inOrder(mine.map(\.item)),
                        reference: references.count == 1 ? references[0].ifAny : nil)
                })
            let contacts = try Self.contacts(details, final: file.level == .final, transaction, book: book)
            let parties = LetterParties(
                customerName: customer.name, contact: contacts.first?.name.ifAny.map { LetterContact($0) },
                sellerName: seller.name, phone: seller.phone.ifAny, email: seller.email.ifAny)
            return ReminderText(
                letter: try file.mail(parties, from: seller), seller: seller.name,
                recipient: customer.recipient(from: seller).addressLines, mailTo: contacts.map(\.email))
        }
    }

    private static func customer(
        _ number: String, _ transaction: any Transaction, book: Int64
    ) throws -> (CustomerBlock, Int64)? {
        var found: (CustomerBlock, Int64)?
        try transaction.rows(
            """
            SELECT c.customer, c.number, c.country, c.language, c.consumer, n.name, n.street, n.postcode, n.city, n.vat_id
            FROM customers c
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE c.book = $1 AND c.number = $2
            """, [.int(book), .text(number)]
        ) { found = (try CustomerBlock($0, from: 0), try $0.int(0)) }
        return found
    }

    private static func item(
        _ document: RecordID, open: Money, _ transaction: any Transaction, book: Int64
    ) throws -> (item: LetterItem, reference: String)? {
        try transaction.query(
            "SELECT kind, number, issue_day, due_day, reference FROM documents WHERE book = $1 AND document = $2",
            [.int(book), .int(document.number)]
        ).first.map { row in
            let isCredit = try row.text(0) == "credit-note"
            return (
                LetterItem(
                    kind: isCredit ? .creditNote : .invoice, number: try row.text(1), day: try row.day(2),
                    due: isCredit ? nil : try row.day(3), open: open), try row.text(4)
            )
        }
    }

    /// As the letter has them: what is owed by due day, then credits.
    private static func inOrder(_ items: [LetterItem]) -> [LetterItem] {
        items.sorted { left, right in
            func key(_ item: LetterItem) -> (Int, Day, String) {
                (item.open.minor < 0 ? 1 : 0, item.due ?? item.day ?? Day(number: 0), item.number)
            }
            return key(left) < key(right)
        }
    }

    private static func contacts(
        _ customer: Int64, final: Bool, _ transaction: any Transaction, book: Int64
    ) throws -> [(name: String, email: String)] {
        let rows = try transaction.query(
            """
            SELECT purpose, name, email FROM contacts
            WHERE book = $1 AND customer = $2 AND email <> ''
            ORDER BY purpose, place
            """, [.int(book), .int(customer)])
        for purpose in final ? ["escalation", "reminder", "invoice"] : ["reminder", "invoice"] {
            let those = try rows.filter { try $0.text(0) == purpose }
            guard those.isEmpty else { return try those.map { (try $0.text(1), try $0.text(2)) } }
        }
        return []
    }
}
