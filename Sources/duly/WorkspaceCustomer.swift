import Database
import Ledger
import Money
import ReportsDesk
import Workspace

/// The page of a customer: what `customer show`, `statement show` and `timeline` say.
extension WorkspaceBooks {
    /// How many entries of the timeline a page shows.
    private static let timelineLength = 120

    func customer(number: String, seller: String?, language: Language) async throws -> CustomerView? {
        try await reading { transaction in
            try one(number, of: try houses(seller, transaction)) { house in
                let today = day(house.timeZone)
                let found = try CustomerSheet.read(number: number, book: house.book, asOf: today, in: transaction)
                return try found.first.map { try customer($0, house, today, language, transaction) }
            }
        }
    }

    private func customer(
        _ sheet: CustomerSheet, _ house: House, _ today: Day, _ language: Language, _ transaction: any Transaction
    ) throws -> CustomerView {
        guard let id = RecordID(sheet.head.id) else { throw DatabaseError.bug("'\(sheet.head.id)' is no id") }
        let items = try openItems(id, house, today, language, transaction)
        let receipts = try receipts(id, house, transaction)
        let (timeline, more) = try timeline(sheet.head.customer, house, transaction)
        return CustomerView(
            number: sheet.head.customer, name: sheet.head.name, seller: house.view, asOf: today,
            address: Self.lines(of: sheet.address, house, language), language: sheet.head.language,
            vatId: sheet.address.vatID.isEmpty ? nil : sheet.address.vatID,
            terms: Self.terms(sheet.head.termsDays, language), contacts: Self.contacts(sheet.contacts),
            holds: sheet.holds.filter { $0.from <= today.description && ($0.to ?? "9") >= today.description }.map {
                HoldView(
                    what: (language == .german ? "Keine Mahnungen" : "No reminders")
                        + ($0.document.map { ": \($0)" } ?? ""), why: $0.reason, until: $0.to.flatMap { Day($0) })
            }, balances: try balances(items, receipts, house, today), openItems: items, receipts: receipts,
            timeline: timeline, timelineContinues: more,
            credit: try Self.credit(sheet, items, receipts), habit: try habit(id, house, transaction),
            priceList: sheet.priceList.isEmpty ? nil : sheet.priceList)
    }

    /// In the customer's own currency, the one the limit is in.
    private static func credit(_ sheet: CustomerSheet, _ items: [OpenItemView], _ receipts: [ReceiptView]) throws
        -> CreditView?
    {
        guard let text = sheet.creditLimit else { return nil }
        let currency = try currency(sheet.head.currency)
        var used = Money.zero(currency)
        for item in items where item.currency == currency.code { used += try money(item.open.text, currency) }
        for receipt in receipts where receipt.currency == currency.code {
            used -= try money(receipt.unallocated.text, currency)
        }
        return CreditView(limit: try money(text, currency), used: used.isNegative ? .zero(currency) : used)
    }

    /// Of their newest 120 invoices those that money closed, the last two dozen; the day is that of the last movement.
    private func habit(_ customer: RecordID, _ house: House, _ transaction: any Transaction) throws -> [PaidInvoice] {
        let paid = try transaction.query(
            """
            SELECT newest.number, i.due_day, i.moved_day FROM (
                SELECT d.document, d.number FROM documents d
                WHERE d.book = $1 AND d.customer = $2 AND d.kind = 'invoice'
                ORDER BY d.issue_day DESC LIMIT 120) newest
            JOIN open_items i ON i.book = $1 AND i.item = newest.document
            WHERE i.open_minor = 0 AND EXISTS (
                SELECT 1 FROM allocations a
                WHERE a.book = $1 AND a.document = newest.document AND a.receipt IS NOT NULL AND a.minor > 0
                    AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry))
            ORDER BY i.moved_day, newest.number
            """, [house.key, .int(customer.number)]
        ).map { row in
            let day = try Self.day(try row.text(2))
            return PaidInvoice(
                invoiceNo: try row.text(0), paidDay: day, daysLate: day - (try Self.day(try row.text(1))))
        }
        return Array(paid.suffix(24))
    }

    private static func terms(_ days: Int64, _ language: Language) -> String {
        switch language {
        case .german: days == 0 ? "Sofort fällig" : "\(days) Tage netto"
        case .english: days == 0 ? "Due at once" : "\(days) days net"
        }
    }

    private static func contacts(_ contacts: [CustomerSheet.Contact]) -> [ContactView] {
        let words = ["invoice": "invoices", "statement": "statements", "reminder": "reminders"]
        func some(_ text: String) -> String? { text.isEmpty ? nil : text }
        return contacts.map {
            ContactView(
                purpose: words[$0.purpose] ?? $0.purpose, name: some($0.name), email: some($0.email),
                phone: some($0.phone))
        }
    }

    // MARK: What is open

    /// By due day, the oldest first. The state is the last reminder that stands.
    private func openItems(
        _ customer: RecordID, _ house: House, _ today: Day, _ language: Language, _ transaction: any Transaction
    ) throws -> [OpenItemView] {
        try transaction.query(
            """
            SELECT d.number, d.kind, d.issue_day, i.due_day, i.currency, d.gross, i.open_minor,
                (SELECT CAST(COALESCE(sum(p.minor), 0) AS BIGINT) FROM disputes p
                    WHERE p.book = i.book AND p.document = i.item AND p.opened <= $3
                        AND (p.closed IS NULL OR p.closed > $3)),
                (SELECT max(r.day || ' ' || m.level) FROM reminder_items m
                    JOIN reminders r ON r.book = m.book AND r.reminder = m.reminder
                    WHERE m.book = i.book AND m.document = i.item AND r.day <= $3 AND NOT EXISTS (
                        SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command))
            FROM open_items i
            JOIN documents d ON d.book = i.book AND d.document = i.item
            WHERE i.book = $1 AND i.account = 'receivables' AND i.customer = $2 AND i.open_minor <> 0
            ORDER BY i.due_day, d.number
            """, [house.key, .int(customer.number), .text(today.description)]
        ).map { row in
            let currency = try Self.currency(try row.text(4))
            func money(_ minor: Int64) -> Money { Money(minor: minor, currency) }
            let open = money(try row.int(6))
            let inDispute = money(min(max(try row.int(7), 0), max(open.minor, 0)))
            return OpenItemView(
                invoiceNo: try row.text(0), type: try row.text(1), issueDay: try Self.day(try row.text(2)),
                dueDay: try Self.day(try row.text(3)), gross: money(try row.int(5)), open: open, disputed: inDispute,
                state: try row.textOrNil(8).map { Self.reminder($0, today: today, language) })
        }
    }

    /// `2026-10-10 2` is "Reminder 2, 10 Oct", with the year where it is another than today's.
    private static func reminder(_ text: String, today: Day, _ language: Language) -> String {
        let words = text.split(separator: " ").map(String.init)
        guard let level = words.last, let day = words.first.flatMap({ Day($0) }) else { return text }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let parts = day.parts
        let isThisYear = parts.year == today.year
        return switch language {
        case .german: "Mahnung \(level), \(two(parts.day)).\(two(parts.month)).\(isThisYear ? "" : "\(parts.year)")"
        case .english:
            "Reminder \(level), \(parts.day)\u{00A0}\(monthsEnglish[parts.month - 1])\(isThisYear ? "" : " \(parts.year)")"
        }
    }
    private static let monthsEnglish = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private func receipts(_ customer: RecordID, _ house: House, _ transaction: any Transaction) throws -> [ReceiptView]
    {
        try transaction.query(
            """
            SELECT i.item, i.day, i.currency, COALESCE(r.minor, -i.minor), -i.open_minor, r.payment_id, t.payer, t.text
            FROM open_items i
            LEFT JOIN receipts r ON r.book = i.book AND r.receipt = i.item
            LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
            WHERE i.book = $1 AND i.account = 'unapplied' AND i.customer = $2 AND i.open_minor <> 0
            ORDER BY i.day, i.item
            """, [house.key, .int(customer.number)]
        ).map { row in
            let currency = try Self.currency(try row.text(2))
            let payment = try row.textOrNil(5) ?? ""
            let text = try [row.textOrNil(6) ?? "", row.textOrNil(7) ?? ""].filter { !$0.isEmpty }
            return ReceiptView(
                paymentId: payment.isEmpty ? RecordID(number: try row.int(0)).description : payment,
                day: try Self.day(try row.text(1)), amount: Money(minor: try row.int(3), currency),
                unallocated: Money(minor: try row.int(4), currency), text: text.joined(separator: " · "))
        }
    }

    /// One for each currency with anything open, the seller's own first; ages as `report aging` has them.
    private func balances(_ items: [OpenItemView], _ receipts: [ReceiptView], _ house: House, _ today: Day) throws
        -> [BalanceView]
    {
        guard let ages = AgingBuckets() else { return [] }
        let codes = Set(items.map(\.currency) + receipts.map(\.currency))
        return try codes.sorted { ($0 == house.currency.code ? "" : $0) < ($1 == house.currency.code ? "" : $1) }.map {
            code in
            let currency = try Self.currency(code)
            var buckets = ages.buckets.map { (bucket: $0, minor: Int64(0), items: 0) }
            var (overdue, disputed, unallocated) = (Int64(0), Int64(0), Int64(0))
            for item in items where item.currency == code {
                let open = try Self.money(item.open.text, currency).minor
                let age = today - (item.dueDay ?? today)
                if let place = buckets.firstIndex(where: { age <= $0.bucket.to ?? .max }) {
                    buckets[place].minor += open
                    buckets[place].items += 1
                }
                if age > 0 { overdue += open }
                disputed += try Self.money(item.disputed.text, currency).minor
            }
            for receipt in receipts where receipt.currency == code {
                unallocated -= try Self.money(receipt.unallocated.text, currency).minor
            }
            func money(_ minor: Int64) -> Money { Money(minor: minor, currency) }
            return BalanceView(
                total: money(buckets.reduce(0) { $0 + $1.minor }), overdue: money(overdue), disputed: money(disputed),
                unallocated: money(unallocated),
                buckets: buckets.map {
                    BucketView(
                        label: $0.bucket.label, fromDays: $0.bucket.from, toDays: $0.bucket.to, amount: money($0.minor),
                        items: $0.items)
                })
        }
    }

    // MARK: What happened

    /// The newest entries first, and whether there are older ones.
    private func timeline(_ number: String, _ house: House, _ transaction: any Transaction) throws
        -> ([TimelineEntry], Bool)
    {
        var newest: [TimelineItem] = []
        var cut = false
        var next: String?
        repeat {
            let page = try TimelineItem.list(
                customer: number, book: house.book, limit: 10_000, after: next, in: transaction)
            cut = cut || newest.count + page.items.count > Self.timelineLength
            newest = (newest + page.items).suffix(Self.timelineLength)
            next = page.next
        } while next != nil
        let amounts = try amounts(of: newest.compactMap(\.document), house, transaction)
        let entries = try newest.reversed().map { item in
            TimelineEntry(
                at: try Self.instant(item.at), day: try Self.day(item.day), kind: item.kind, summary: item.summary,
                document: item.document, documentHasPage: item.document != nil,
                actor: item.actor.isEmpty ? nil : item.actor, command: item.command,
                worth: Self.documents.contains(item.kind) ? item.document.flatMap { amounts[$0] } : nil)
        }
        return (entries, cut)
    }

    private static let documents: Set<String> = ["invoice", "credit-note", "imported"]

    /// What documents are over.
    private func amounts(of numbers: [String], _ house: House, _ transaction: any Transaction) throws
        -> [String: Amount]
    {
        try transaction.pick(Array(Set(numbers)).sorted())
        var amounts: [String: Amount] = [:]
        try transaction.rows(
            """
            SELECT d.number, d.gross, d.currency FROM picked_text p CROSS JOIN documents d
            WHERE d.book = $1 AND d.number = p.key
            """, [house.key]
        ) { row in
            amounts[try row.text(0)] = Amount(Money(minor: try row.int(1), try Self.currency(try row.text(2))))
        }
        return amounts
    }
}
