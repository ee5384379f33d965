import Books
import CreditControl
import Database
import Ledger
import Money

/// "Why was this customer (not) contacted?": how it stands on a day, and every letter so far.
public struct ReminderWhy: Codable, Sendable, Equatable {
    public struct Earlier: Codable, Sendable, Equatable {
        public var reminder: String
        public var day: String
        public var level: Int
        public var payBy: String
        public var total: String
        public var currency: String
        /// Numbers of what it named.
        public var documents: [String]
        /// `queued`, `sent`, … of its letter; `none` where there is none.
        public var state: String
        public var answer: String
        public var command: String
        /// The command that took it back; empty where it stands.
        public var undoneBy: String
        enum CodingKeys: String, CodingKey {
            case reminder, day, level, total, currency, documents, state, answer, command
            case payBy = "pay_by"
            case undoneBy = "undone_by"
        }
    }
    public var customer: String
    public var customerName: String
    public var day: String
    /// The document asked about; empty: the customer as a whole.
    public var document: String
    /// `letter`: a run on this day writes; `held`; `nothing-late`.
    public var verdict: String
    /// The letter a run would write, if any.
    public var letter: [ReminderRunOutcome.Letter]
    public var reasons: [ReminderRunOutcome.Reason]
    /// Each open item (the one asked about only, where a document was named) with its reason.
    public var items: [ReminderRunOutcome.Item]
    /// Newest first.
    public var earlier: [Earlier]
    enum CodingKeys: String, CodingKey {
        case customer, day, document, verdict, letter, reasons, items, earlier
        case customerName = "customer_name"
    }
}

extension CreditControlDesk {
    /// Why a customer, or the customer of a document, is or is not written to on a day. `subject` is either's number.
    public func why(_ subject: String, on day: Day, book: Int64) async throws -> ReminderWhy {
        let (now, dice) = (clock(), chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            let records = CreditControlRecords(transaction, book: book, day: day)
            let named = try transaction.query(
                "SELECT customer, document, number FROM documents WHERE book = $1 AND number = $2",
                [.int(book), .text(subject)]
            ).first
            let byDocument = try records.customer(subject) == nil ? named : nil
            guard
                let customer = try records.customer(subject)
                    ?? byDocument.map({ RecordID(number: try $0.int(0)) }),
                let facts = try records.facts([customer]).first
            else { throw ReminderRefusal.noSuchCustomerOrDocument(subject) }
            let document = try byDocument.map { RecordID(number: try $0.int(1)) }
            let policy = try ReminderPolicies.inForce(on: day, seller: books.seller.code, in: transaction)
            let decision = ReminderDecision.decide(facts, on: day, by: policy)
            let letter = decision.letter.map { ReminderRunOutcome.Letter($0, of: decision, facts, on: day) }
            return ReminderWhy(
                customer: facts.number, customerName: facts.name, day: day.description,
                document: document == nil ? "" : subject,
                verdict: letter != nil ? "letter" : decision.isHeld ? "held" : "nothing-late",
                letter: letter.map { [$0] } ?? [],
                reasons: decision.holds.map { .init(code: $0.code, why: $0.why, next: $0.next) },
                items: decision.items.filter { document == nil || $0.item.document == document }.map {
                    .init($0, on: day)
                },
                earlier: try Self.earlier(customer, document: document, transaction, book: book))
        }
    }

    private static func earlier(
        _ customer: RecordID, document: RecordID?, _ transaction: any Transaction, book: Int64
    ) throws -> [ReminderWhy.Earlier] {
        try transaction.query(
            """
            SELECT r.reminder, r.day, r.level, r.pay_by, r.total, r.currency, r.command, COALESCE(u.undone_by, '')
            FROM reminders r
            LEFT JOIN undoings u ON u.book = r.book AND u.command = r.command
            WHERE r.book = $1 AND r.customer = $2
            ORDER BY r.day DESC, r.reminder DESC
            """, [.int(book), .int(customer.number)]
        ).compactMap { row in
            let items = try transaction.query(
                """
                SELECT i.document, d.number FROM reminder_items i
                JOIN documents d ON d.book = i.book AND d.document = i.document
                WHERE i.book = $1 AND i.reminder = $2
                ORDER BY d.number
                """, [.int(book), .int(try row.int(0))])
            if let document, try !items.contains(where: { try $0.int(0) == document.number }) { return nil }
            let sent = try transaction.query(
                "SELECT o.state, o.answer FROM reminders r CROSS JOIN outbox o WHERE r.book = $1 AND r.command = $2 "
                    + "AND r.customer = $3 AND o.book = r.book AND o.document = r.reminder AND o.kind = 'reminder'",
                [.int(book), .text(try row.text(6)), .int(customer.number)]
            ).first
            let currency = try CreditControlRecords.currency(try row.text(5))
            return ReminderWhy.Earlier(
                reminder: RecordID(number: try row.int(0)).description, day: try row.text(1),
                level: Int(try row.int(2)), payBy: try row.text(3),
                total: Money(minor: try row.int(4), currency).decimal, currency: currency.code,
                documents: try items.map { try $0.text(1) }, state: try sent?.text(0) ?? "none",
                answer: try sent?.text(1) ?? "", command: try row.text(6), undoneBy: try row.text(7))
        }
    }
}
