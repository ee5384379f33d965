import Database
import Foundation
import Ledger
import Money
import Receivables
import ReportsDesk
import Workspace

extension WorkspaceBooks {
    /// How many open items are offered to choose from.
    private static let mostOffered = 40

    /// One line with what it may pay; nil where there is none of this id.
    func detail(
        _ receipt: String, _ question: MoneyQuestion, _ houses: [House], among list: [String], _ language: Language,
        _ transaction: any Transaction
    ) throws -> MoneyDetail? {
        guard let id = RecordID(receipt) else { return nil }
        for house in houses {
            guard let head = try LineHead.read(id, house, transaction) else { continue }
            return try detail(head, question, house, among: list, language, transaction)
        }
        return nil
    }

    /// A line as it stands in the books.
    struct LineHead: Sendable {
        let id: RecordID
        let received, left: Money
        let day, valueDay: Day
        let account, reference: String
        let payment, payer, text: String?
        let customer: Int64?
        let customerNumber, customerName: String?

        static func read(_ id: RecordID, _ house: House, _ transaction: any Transaction) throws -> LineHead? {
            try transaction.query(
                """
                SELECT r.minor, i.open_minor, r.currency, r.day, r.value_day, r.account, r.reference, r.payment_id, t.payer,
                    t.text, i.customer, c.number, n.name
                FROM receipts r
                JOIN open_items i ON i.book = r.book AND i.item = r.receipt
                LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
                LEFT JOIN customers c ON c.book = i.book AND c.customer = i.customer
                LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
                WHERE r.book = $1 AND r.receipt = $2
                """, [house.key, .int(id.number)]
            ).first.map { row in
                let currency = try WorkspaceBooks.currency(try row.text(2))
                return LineHead(
                    id: id, received: Money(minor: try row.int(0), currency),
                    left: Money(minor: -(try row.int(1)), currency), day: try WorkspaceBooks.day(try row.text(3)),
                    valueDay: try WorkspaceBooks.day(try row.text(4)), account: try row.text(5),
                    reference: try row.text(6), payment: try filled(row, 7), payer: try filled(row, 8),
                    text: try filled(row, 9), customer: try row.intOrNil(10), customerNumber: try row.textOrNil(11),
                    customerName: try filled(row, 12))
            }
        }
    }

    private func detail(
        _ head: LineHead, _ question: MoneyQuestion, _ house: House, among list: [String], _ language: Language,
        _ transaction: any Transaction
    ) throws -> MoneyDetail {
        let items = OpenItemParts(house: house, currency: head.received.currency, transaction: transaction)
        let said = try Proposal.read(head, house, transaction)
        let proposed = try said.map { try items.parts($0.parts) } ?? []
        let (placed, reasons) = try placement(head, items, house, transaction)
        let owner = head.customer ?? said?.customer
        let taken = try items.spread(head.left, over: question.take)
        let name = head.id.description
        let place = list.firstIndex(of: name)
        let line = MoneyLine(
            receipt: name, payment: head.payment, seller: house.code, day: head.day,
            amount: head.left.isZero ? head.received : head.left, payer: head.payer, text: head.text,
            customer: head.customerNumber, customerName: head.customerName,
            state: head.left.isZero
                ? "placed" : head.customer != nil ? "account" : said == nil ? "unknown" : "proposed",
            confidence: said.map { Figure($0.confidence, decimals: 4) })
        var afterwards: [MoneyPart] = []
        if let owner, said != nil {
            let named = Set(proposed.map(\.invoiceNo))
            afterwards = Array(
                try items.ofCustomer(owner, limit: 12).filter { !named.contains($0.invoiceNo) }.prefix(8))
        }
        return MoneyDetail(
            line: line, valueDay: head.valueDay, account: head.account,
            reference: head.reference.isEmpty ? nil : head.reference, received: head.received, proposed: proposed,
            reasons: said?.reasons ?? reasons, runnerUp: said?.runnerUp, placed: placed, taken: taken,
            found: head.left.isZero
                ? [] : try offered(question.search, owner: owner, head, items, house, language, transaction),
            afterwards: afterwards, next: place.flatMap { $0 + 1 < list.count ? list[$0 + 1] : nil },
            previous: place.flatMap { $0 > 0 ? list[$0 - 1] : nil })
    }

    /// What it pays already, and why.
    private func placement(
        _ head: LineHead, _ items: OpenItemParts, _ house: House, _ transaction: any Transaction
    ) throws -> ([MoneyPart], [String]) {
        var parts: [OpenItemParts.Wanted] = []
        var reasons: [String] = []
        for row in try transaction.query(
            """
            SELECT a.document, a.minor, a.write_off, a.reason FROM allocations a
            WHERE a.book = $1 AND a.receipt = $2
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = a.book AND u.command = a.command)
            ORDER BY a.allocation
            """, [house.key, .int(head.id.number)])
        {
            parts.append(.init(document: try row.int(0), paid: try row.int(1), writeOff: try row.int(2), reason: nil))
            let reason = try row.text(3)
            if !reason.isEmpty, !reasons.contains(reason) { reasons.append(reason) }
        }
        return (try items.parts(parts, isBooked: true), reasons)
    }

    /// What fits what is looked for; where nothing is, the customer's open items, else those of exactly this amount.
    private func offered(
        _ search: String?, owner: Int64?, _ head: LineHead, _ items: OpenItemParts, _ house: House,
        _ language: Language, _ transaction: any Transaction
    ) throws -> [MoneyPart] {
        guard let search else {
            if let owner { return try items.ofCustomer(owner, limit: Self.mostOffered) }
            return try items.ofAmount(head.left.minor, limit: Self.mostOffered)
        }
        var parts: [MoneyPart] = []
        if let minor = AmountText.minor(search, head.left.currency) {
            parts += try items.ofAmount(minor, limit: Self.mostOffered)
        }
        let hits = try SearchHit.search(search, book: house.book, limit: Self.mostOffered, in: transaction)
        let documents = hits.filter { $0.kind == "document" }.compactMap { RecordID($0.id)?.number }
        parts += try items.open(documents)
        for customer in hits.filter({ $0.kind == "customer" }).prefix(3) {
            guard let id = RecordID(customer.id) else { continue }
            parts += try items.ofCustomer(id.number, limit: Self.mostOffered)
        }
        var seen: Set<String> = []
        return Array(parts.filter { seen.insert($0.invoiceNo).inserted }.prefix(Self.mostOffered))
    }
}

/// What the last matching said of a line.
struct Proposal {
    let parts: [OpenItemParts.Wanted]
    let confidence: Int64
    let reasons: [String]
    let runnerUp: MoneyDetail.RunnerUp?
    let customer: Int64?

    static func read(
        _ head: WorkspaceBooks.LineHead, _ house: WorkspaceBooks.House, _ transaction: any Transaction
    ) throws -> Proposal? {
        let rows = try transaction.query(
            """
            SELECT p.document, p.minor, p.write_off, p.confidence, p.reason, p.runner_up, d.customer
            FROM match_proposals p
            LEFT JOIN documents d ON d.book = p.book AND d.document = p.document
            WHERE p.book = $1 AND p.receipt = $2
            ORDER BY p.place
            """, [house.key, .int(head.id.number)])
        guard let first = rows.first, !head.left.isZero, head.left == head.received else { return nil }
        let why = try first.text(4)
        return Proposal(
            parts: try rows.compactMap { row in
                try row.intOrNil(0).map {
                    .init(
                        document: $0, paid: try row.int(1), writeOff: try row.int(2),
                        reason: try row.int(2) == 0 ? nil : writeOffReason(why).rawValue)
                }
            }, confidence: try first.int(3), reasons: sentences(why), runnerUp: runnerUp(try first.text(5)),
            customer: try first.intOrNil(6))
    }

    /// `A; b; c. Not applied: d.` as sentences.
    private static func sentences(_ reason: String) -> [String] {
        reason.split(separator: ";").flatMap { part -> [String] in
            let text = part.trimmingPrefix(while: \.isWhitespace)
            return [text.prefix(1).uppercased() + text.dropFirst()]
        }
    }

    /// The matching keeps the words, not the code; they are its own.
    private static func writeOffReason(_ why: String) -> WriteOffReason {
        if why.contains("cash discount") { return .cashDiscount }
        return why.contains("fee") ? .bankFee : .smallDifference
    }

    /// `RE-7: It is another customer's…`; of several items there is no number to take.
    private static func runnerUp(_ text: String) -> MoneyDetail.RunnerUp? {
        guard !text.isEmpty else { return nil }
        let number = text.prefix { $0 != ":" }
        return .init(document: number.contains(" items from ") ? nil : String(number), words: text)
    }
}

/// Open items as the page of money shows them; of one currency.
struct OpenItemParts {
    let house: WorkspaceBooks.House
    let currency: Currency
    let transaction: any Transaction

    struct Wanted {
        let document: Int64
        let paid, writeOff: Int64
        let reason: String?
    }
    private struct Found {
        let number, customer, name: String
        let issue, due: Day?
        let open: Money
    }

    private func found(_ documents: [Int64]) throws -> [Int64: Found] {
        guard !documents.isEmpty else { return [:] }
        try transaction.pick(documents)
        var found: [Int64: Found] = [:]
        try transaction.rows(
            """
            SELECT d.document, d.number, c.number, n.name, d.issue_day, d.due_day, d.currency, i.open_minor
            FROM picked CROSS JOIN documents d
            JOIN open_items i ON i.book = d.book AND i.item = d.document
            JOIN customers c ON c.book = d.book AND c.customer = d.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE d.book = $1 AND d.document = picked.key
            """, [house.key]
        ) { row in
            guard let currency = Currency(try row.text(6)) else { return }
            found[try row.int(0)] = Found(
                number: try row.text(1), customer: try row.text(2), name: try row.textOrNil(3) ?? "",
                issue: Day(try row.text(4)), due: Day(try row.text(5)), open: Money(minor: try row.int(7), currency))
        }
        return found.filter { $0.value.open.currency == currency }
    }

    private func part(_ one: Found, paid: Int64 = 0, writeOff: Int64 = 0, reason: String? = nil) -> MoneyPart {
        MoneyPart(
            invoiceNo: one.number, customer: one.customer, customerName: one.name, issueDay: one.issue,
            dueDay: one.due, open: one.open, paid: Money(minor: paid, currency),
            writeOff: Money(minor: writeOff, currency), reason: reason)
    }

    /// In the order given; what is booked already stands beside what was open before it.
    func parts(_ wanted: [Wanted], isBooked: Bool = false) throws -> [MoneyPart] {
        let found = try found(wanted.map(\.document))
        return wanted.compactMap { want in
            guard let one = found[want.document] else { return nil }
            guard isBooked else { return part(one, paid: want.paid, writeOff: want.writeOff, reason: want.reason) }
            let before = Found(
                number: one.number, customer: one.customer, name: one.name, issue: one.issue, due: one.due,
                open: Money(minor: one.open.minor + want.paid + want.writeOff, currency))
            return part(before, paid: want.paid, writeOff: want.writeOff, reason: want.reason)
        }
    }

    /// Those of these documents that are open, by due day.
    func open(_ documents: [Int64]) throws -> [MoneyPart] {
        try found(documents).values.filter { $0.open.minor != 0 }
            .sorted { ($0.due ?? .init(number: 0), $0.number) < ($1.due ?? .init(number: 0), $1.number) }
            .map { part($0) }
    }

    func ofCustomer(_ customer: Int64, limit: Int) throws -> [MoneyPart] {
        try open(
            try transaction.query(
                """
                SELECT item FROM open_items
                WHERE book = $1 AND account = 'receivables' AND customer = $2 AND currency = $3 AND open_minor <> 0
                ORDER BY due_day, item LIMIT $4
                """, [house.key, .int(customer), .text(currency.code), .int(Int64(limit))]
            ).map { try $0.int(0) })
    }

    /// Open in exactly this amount: one walk of the index of what is open.
    func ofAmount(_ minor: Int64, limit: Int) throws -> [MoneyPart] {
        try open(
            try transaction.query(
                """
                SELECT item FROM open_items
                WHERE book = $1 AND account = 'receivables' AND open_minor <> 0 AND open_minor = $2 AND currency = $3
                LIMIT $4
                """, [house.key, .int(minor), .text(currency.code), .int(Int64(limit))]
            ).map { try $0.int(0) })
    }

    /// The money over the documents of these numbers, in their order, each as far as it is open.
    func spread(_ left: Money, over numbers: [String]) throws -> [MoneyPart] {
        guard !numbers.isEmpty else { return [] }
        var documents: [Int64] = []
        for number in numbers {
            for row in try transaction.query(
                "SELECT document FROM documents WHERE book = $1 AND number = $2", [house.key, .text(number)])
            {
                let document = try row.int(0)
                if !documents.contains(document) { documents.append(document) }
            }
        }
        let found = try found(documents)
        let open = documents.compactMap { found[$0] }.filter { $0.open.minor != 0 }
        // Credit notes first: what they give can be spread, too.
        var rest = left.minor - open.filter { $0.open.minor < 0 }.reduce(0) { $0 + $1.open.minor }
        return open.map { one in
            guard one.open.minor > 0 else { return part(one, paid: one.open.minor) }
            let paid = max(0, min(rest, one.open.minor))
            rest -= paid
            return part(one, paid: paid)
        }
    }
}
