import CreditControl
import Database
import Ledger
import Money

/// The reading side of reminders: facts of many customers in few queries.
struct CreditControlRecords {
    let transaction: any Transaction
    let book: Int64
    let day: Day
    private var key: SQLValue { .int(book) }
    private var dayText: SQLValue { .text(day.description) }

    init(_ transaction: any Transaction, book: Int64, day: Day) {
        self.transaction = transaction
        self.book = book
        self.day = day
    }

    func customer(_ number: String) throws -> RecordID? {
        try transaction.query("SELECT customer FROM customers WHERE book = $1 AND number = $2", [key, .text(number)])
            .first.map { RecordID(number: try $0.int(0)) }
    }

    /// Customers with something open that was due on or before a day, by number.
    func late(dueBy due: Day, customer: RecordID?) throws -> [RecordID] {
        var found: [RecordID] = []
        try transaction.rows(
            """
            SELECT c.customer
            FROM (
                SELECT DISTINCT customer FROM open_items
                WHERE book = $1 AND account = 'receivables' AND open_minor <> 0 AND open_minor > 0 AND due_day <= $2
                    \(customer == nil ? "" : "AND customer = $3")
            ) late
            CROSS JOIN customers c
            WHERE c.book = $1 AND c.customer = late.customer
            ORDER BY c.number
            """, [key, .text(due.description)] + (customer.map { [.int($0.number)] } ?? [])
        ) { found.append(RecordID(number: try $0.int(0))) }
        return found
    }

    /// What is known of these customers, in their order; those that are gone are left out.
    func facts(_ customers: [RecordID]) throws -> [ReminderFacts] {
        try transaction.pick(customers.map(\.number))
        var facts = try heads()
        let bank = try bankDataThrough()
        try addItems(to: &facts)
        try addMoneyOnAccount(to: &facts)
        try addHolds(to: &facts)
        try addContacts(to: &facts)
        try addRefusedMail(to: &facts)
        try addEarlierLetters(to: &facts)
        try addDisputesAndProposals(to: &facts)
        return customers.compactMap { customer in
            guard var one = facts[customer.number] else { return nil }
            one.bankDataThrough = bank
            return one
        }
    }

    private typealias Facts = [Int64: ReminderFacts]

    private func heads() throws -> Facts {
        var facts: Facts = [:]
        try transaction.rows(
            """
            SELECT c.customer, c.number, c.consumer, COALESCE(d.name, ''), c.details,
                CASE WHEN COALESCE(d.city, '') <> '' AND (d.street <> '' OR d.postcode <> '') THEN 1 ELSE 0 END
            FROM picked CROSS JOIN customers c
            LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
            WHERE c.book = $1 AND c.customer = picked.key
            """, [key]
        ) { row in
            let id = try row.int(0)
            facts[id] = ReminderFacts(
                customer: RecordID(number: id), details: RecordID(number: try row.int(4)), number: try row.text(1),
                name: try row.text(3), isConsumer: try row.int(2) != 0, items: [], hasMailAddress: false,
                hasPostalAddress: try row.int(5) != 0)
        }
        return facts
    }

    private func addItems(to facts: inout Facts) throws {
        try transaction.rows(
            """
            SELECT o.customer, d.document, d.number, d.issue_day, o.due_day, o.currency, o.open_minor
            FROM picked CROSS JOIN open_items o
            JOIN documents d ON d.book = o.book AND d.document = o.item
            WHERE o.book = $1 AND o.account = 'receivables' AND o.customer = picked.key AND o.open_minor <> 0
                AND d.issue_day <= $2
            """, [key, dayText]
        ) { row in
            facts[try row.int(0)]?.items.append(
                .init(
                    document: RecordID(number: try row.int(1)), number: try row.text(2),
                    day: try Self.day(try row.text(3)), due: try Self.day(try row.text(4)),
                    open: Money(minor: try row.int(6), try Self.currency(try row.text(5)))))
        }
    }

    private func addMoneyOnAccount(to facts: inout Facts) throws {
        try transaction.rows(
            """
            SELECT o.customer, o.item, o.day, o.currency, o.open_minor
            FROM picked CROSS JOIN open_items o
            WHERE o.book = $1 AND o.account = 'unapplied' AND o.customer = picked.key AND o.open_minor <> 0
                AND o.open_minor < 0
            ORDER BY o.customer, o.day, o.item
            """, [key]
        ) { row in
            facts[try row.int(0)]?.unmatched.append(
                .init(
                    receipt: RecordID(number: try row.int(1)), day: try Self.day(try row.text(2)),
                    amount: Money(minor: -(try row.int(4)), try Self.currency(try row.text(3))), why: .onAccount))
        }
    }

    private func addHolds(to facts: inout Facts) throws {
        var byDocument: [Int64: [ReminderFacts.Hold]] = [:]
        try transaction.rows(
            """
            SELECT h.customer, h.document, h.reason, h.from_day, h.to_day
            FROM picked CROSS JOIN holds h
            WHERE h.book = $1 AND h.customer = picked.key
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = h.book AND u.command = h.command)
            ORDER BY h.hold
            """, [key]
        ) { row in
            let hold = ReminderFacts.Hold(
                reason: try row.text(2), from: try Self.day(try row.text(3)),
                to: try row.textOrNil(4).map { try Self.day($0) })
            if let document = try row.intOrNil(1) {
                byDocument[document, default: []].append(hold)
            } else {
                facts[try row.int(0)]?.holds.append(hold)
            }
        }
        guard !byDocument.isEmpty else { return }
        for customer in facts.keys {
            for index in facts[customer]!.items.indices {
                facts[customer]!.items[index].holds =
                    byDocument[facts[customer]!.items[index].document.number] ?? []
            }
        }
    }

    private func addContacts(to facts: inout Facts) throws {
        try transaction.rows(
            """
            SELECT k.customer, k.purpose FROM picked CROSS JOIN contacts k
            WHERE k.book = $1 AND k.customer = picked.key AND k.email <> ''
            """, [key]
        ) { row in
            let customer = try row.int(0)
            switch try row.text(1) {
            case "invoice", "reminder": facts[customer]?.hasMailAddress = true
            case "escalation": facts[customer]?.hasEscalationAddress = true
            default: break
            }
        }
    }

    /// Refused mails stay until somebody sends them again or says that they arrived.
    private func addRefusedMail(to facts: inout Facts) throws {
        try transaction.rows(
            """
            SELECT o.customer, o.answer, o.changed
            FROM outbox o CROSS JOIN picked
            WHERE o.book = $1 AND o.channel = 'email' AND o.state <> 'sent' AND o.state = 'refused'
                AND o.customer = picked.key
            ORDER BY o.customer, o.message
            """, [key]
        ) { row in
            let answer = try row.text(1)
            facts[try row.int(0)]?.refusedMail = .init(
                day: Instant(try row.text(2))?.day ?? day,
                answer: answer.last == "." ? String(answer.dropLast()) : answer)
        }
    }

    /// The levels of the items and the day of the last letter, by the reminders that stand.
    private func addEarlierLetters(to facts: inout Facts) throws {
        var levels: [Int64: Int] = [:]
        try transaction.rows(
            """
            SELECT i.document, max(i.level)
            FROM picked
            CROSS JOIN reminders r
            CROSS JOIN reminder_items i
            WHERE r.book = $1 AND r.customer = picked.key AND i.book = r.book AND i.reminder = r.reminder
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
            GROUP BY i.document
            """, [key]
        ) { levels[try $0.int(0)] = Int(try $0.int(1)) }
        try transaction.rows(
            """
            SELECT r.customer, max(r.day)
            FROM picked CROSS JOIN reminders r
            WHERE r.book = $1 AND r.customer = picked.key
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
            GROUP BY r.customer
            """, [key]
        ) { row in facts[try row.int(0)]?.lastLetter = try Self.day(try row.text(1)) }
        guard !levels.isEmpty else { return }
        for customer in facts.keys {
            for index in facts[customer]!.items.indices {
                facts[customer]!.items[index].level = levels[facts[customer]!.items[index].document.number] ?? 0
            }
        }
    }

    /// By document; picks the documents, so that it comes last.
    private func addDisputesAndProposals(to facts: inout Facts) throws {
        var places: [Int64: (customer: Int64, index: Int)] = [:]
        for (customer, one) in facts {
            for (index, item) in one.items.enumerated() { places[item.document.number] = (customer, index) }
        }
        guard !places.isEmpty else { return }
        try transaction.pick(places.keys.sorted())
        try transaction.rows(
            """
            SELECT s.document, s.reason
            FROM picked CROSS JOIN disputes s
            WHERE s.book = $1 AND s.document = picked.key AND s.opened <= $2 AND (s.closed IS NULL OR s.closed > $2)
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = s.book AND u.command = s.command)
            ORDER BY s.document, s.dispute
            """, [key, dayText]
        ) { row in
            guard let place = places[try row.int(0)] else { return }
            facts[place.customer]?.items[place.index].disputes.append(try row.text(1))
        }
        try transaction.rows(
            """
            SELECT m.document, m.receipt, o.day, o.currency, o.open_minor
            FROM match_proposals m CROSS JOIN picked
            JOIN open_items o ON o.book = m.book AND o.item = m.receipt
            WHERE m.book = $1 AND m.document = picked.key AND o.account = 'unapplied' AND o.open_minor <> 0
                AND o.open_minor < 0
            ORDER BY o.day, m.receipt, m.place
            """, [key]
        ) { row in
            guard let place = places[try row.int(0)], let one = facts[place.customer] else { return }
            let receipt = RecordID(number: try row.int(1))
            guard !one.unmatched.contains(where: { $0.receipt == receipt }) else { return }
            facts[place.customer]?.unmatched.append(
                .init(
                    receipt: receipt, day: try Self.day(try row.text(2)),
                    amount: Money(minor: -(try row.int(4)), try Self.currency(try row.text(3))),
                    why: .proposed(number: one.items[place.index].number)))
        }
    }

    /// How far the books know the bank; nil where no bank statement was ever read.
    private func bankDataThrough() throws -> Day? {
        let statements = try transaction.query(
            """
            SELECT count(*), max(s.closing_day) FROM bank_statements s
            WHERE s.book = $1
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = s.book AND u.command = s.command)
            """, [key])
        guard let row = statements.first, try row.int(0) > 0 else { return nil }
        let receipts = try transaction.query("SELECT max(day) FROM receipts WHERE book = $1", [key])
        return [try row.textOrNil(1), try receipts.first?.textOrNil(0)].compactMap { $0.flatMap { Day($0) } }.max()
    }

    static func day(_ text: String) throws -> Day {
        guard let day = Day(text) else { throw DatabaseError.bug("the books hold a day '\(text)'") }
        return day
    }
    static func currency(_ code: String) throws -> Currency {
        guard let currency = Currency(code) else { throw DatabaseError.bug("the books hold a currency '\(code)'") }
        return currency
    }
}
