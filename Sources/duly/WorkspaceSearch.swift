import Database
import Ledger
import Money
import ReportsDesk
import Workspace

/// Finding: customers, documents and lines of the bank.
extension WorkspaceBooks {
    /// How many customers and documents a page of results shows.
    private static let mostFound = 40
    /// How many lines of the bank, and documents of an amount.
    private static let mostLines = 20

    func search(_ text: String, seller: String?, language: Language) async throws -> SearchView {
        try await reading { transaction in
            let houses = try houses(seller, transaction)
            let isAmount = AmountText.minor(text, .eur) != nil
            let hits = try SearchHit.search(
                text, book: seller == nil ? nil : houses[0].book, limit: Self.mostFound, in: transaction)
            var customers: [FoundCustomer] = []
            var invoices: [FoundInvoice] = []
            let known = try FoundFacts(hits, houses, in: transaction) { day($0) }
            for hit in hits {
                guard let house = houses.first(where: { $0.code == hit.seller }), let id = RecordID(hit.id) else {
                    continue
                }
                switch hit.kind {
                case "customer": customers.append(known.customer(hit, id, house))
                case "document": try known.invoice(id, house).map { invoices.append($0) }
                default: continue
                }
            }
            var receipts: [MoneyLine] = []
            for house in houses {
                if isAmount {
                    for id in try Self.documents(of: text, house, transaction) {
                        guard let found = try invoice(id, house, transaction),
                            !invoices.contains(where: { $0.seller == house.code && $0.invoiceNo == found.invoiceNo })
                        else { continue }
                        invoices.append(found)
                    }
                }
                receipts += try Self.lines(fitting: text, house, transaction)
            }
            return SearchView(
                query: text, customers: customers, invoices: invoices,
                more: hits.count == Self.mostFound || receipts.count > Self.mostLines,
                receipts: Array(receipts.prefix(Self.mostLines)), understood: isAmount ? "amount" : "text")
        }
    }

    private func invoice(_ id: RecordID, _ house: House, _ transaction: any Transaction) throws -> FoundInvoice? {
        guard
            let head = try InvoiceSheet.read(
                document: id, book: house.book, asOf: day(house.timeZone), in: transaction)?.head
        else { return nil }
        let currency = try Self.currency(head.currency)
        return FoundInvoice(
            invoiceNo: head.invoiceNo, type: Self.hyphened(head.type), status: Self.hyphened(head.status),
            seller: house.code, customer: head.customer, customerName: head.customerName,
            issueDay: Day(head.issueDay), dueDay: Day(head.dueDay), gross: try Self.money(head.gross, currency),
            open: try Self.money(head.open, currency))
    }

    /// What is open in this amount, or was invoiced so and is open in part: one walk of the index of what is open.
    private static func documents(of text: String, _ house: House, _ transaction: any Transaction) throws -> [RecordID]
    {
        try transaction.query(
            """
            SELECT item, currency, minor, open_minor FROM open_items
            WHERE book = $1 AND account = 'receivables' AND open_minor <> 0
                AND (open_minor BETWEEN $2 AND $3 OR minor BETWEEN $2 AND $3 OR open_minor BETWEEN $4 AND $5
                    OR minor BETWEEN $4 AND $5 OR open_minor BETWEEN $6 AND $7 OR minor BETWEEN $6 AND $7)
            LIMIT $8
            """, [house.key] + AmountText.bounds(text) + [.int(Int64(mostLines * 4))]
        ).compactMap { row in
            guard let range = AmountText.range(text, try currency(try row.text(1))) else { return nil }
            let (whole, open) = (try row.int(2), try row.int(3))
            return range.contains(whole) || range.contains(open) ? RecordID(number: try row.int(0)) : nil
        }.prefix(mostLines).map(\.self)
    }

    /// Lines of the bank that wait: of this amount, or with this text in payer, purpose or number.
    private static func lines(fitting text: String, _ house: House, _ transaction: any Transaction) throws
        -> [MoneyLine]
    {
        let plain = text.lowercased().map { "%_!".contains($0) ? "!\($0)" : String($0) }.joined()
        return try transaction.query(
            """
            SELECT i.item, -i.open_minor, i.currency, i.day, c.number, n.name, r.payment_id, t.payer, t.text,
                CASE WHEN lower(r.payment_id) LIKE $8 ESCAPE '!' OR lower(t.payer) LIKE $8 ESCAPE '!'
                    OR lower(t.text) LIKE $8 ESCAPE '!' THEN 1 ELSE 0 END
            FROM open_items i
            JOIN receipts r ON r.book = i.book AND r.receipt = i.item
            LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
            LEFT JOIN customers c ON c.book = i.book AND c.customer = i.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE i.book = $1 AND i.account = 'unapplied' AND i.open_minor <> 0
                AND (-i.open_minor BETWEEN $2 AND $3 OR -i.open_minor BETWEEN $4 AND $5 OR -i.open_minor BETWEEN $6 AND $7
                    OR lower(r.payment_id) LIKE $8 ESCAPE '!' OR lower(t.payer) LIKE $8 ESCAPE '!'
                    OR lower(t.text) LIKE $8 ESCAPE '!')
            ORDER BY i.open_minor
            LIMIT $9
            """,
            [house.key] + AmountText.bounds(text) + [.text("%\(plain)%"), .int(Int64(mostLines * 2))]
        ).compactMap { row in
            let amount = Money(minor: try row.int(1), try currency(try row.text(2)))
            let fits = AmountText.range(text, amount.currency)?.contains(amount.minor) ?? false
            guard try row.int(9) == 1 || fits else { return nil }
            let customer = try row.textOrNil(4)
            return MoneyLine(
                receipt: RecordID(number: try row.int(0)).description, payment: try filled(row, 6), seller: house.code,
                day: try Self.day(try row.text(3)), amount: amount, payer: try filled(row, 7), text: try filled(row, 8),
                customer: customer, customerName: try filled(row, 5), state: customer == nil ? "unknown" : "account")
        }
    }
}

/// Amounts as people type them when they look for one.
enum AmountText {
    /// `6118.40`, `6.118,40`, `6 118,40`, `6118`; nil where it is no amount.
    static func minor(_ text: String, _ currency: Currency) -> Int64? {
        halves(text, currency).flatMap { minor($0.whole, $0.part, currency) }
    }

    /// In minor units: typed without decimals, any that begin so.
    static func range(_ text: String, _ currency: Currency) -> ClosedRange<Int64>? {
        guard let halves = halves(text, currency), let low = minor(halves.whole, halves.part, currency) else {
            return nil
        }
        guard halves.part.isEmpty else { return low...low }
        return low...(low + (0..<currency.decimals).reduce(1) { unit, _ in unit * 10 } - 1)
    }

    /// Lowest and highest for currencies of two, no and three decimals; empty ranges where it is no amount.
    static func bounds(_ text: String) -> [SQLValue] {
        ["EUR", "JPY", "KWD"].flatMap { code -> [SQLValue] in
            guard let range = Currency(code).flatMap({ range(text, $0) }), range.lowerBound > 0 else {
                return [.int(1), .int(0)]
            }
            return [.int(range.lowerBound), .int(range.upperBound)]
        }
    }

    private static func halves(_ text: String, _ currency: Currency) -> (whole: String, part: String)? {
        let plain = text.filter { !$0.isWhitespace && $0 != "'" && $0 != "\u{2019}" }
        guard !plain.isEmpty, plain.count <= 15, plain.allSatisfy({ $0.isASCII && ($0.isNumber || ".,".contains($0)) })
        else { return nil }
        guard let mark = plain.lastIndex(where: { ".,".contains($0) }) else { return (plain, "") }
        let (whole, part) = (plain[..<mark], plain[plain.index(after: mark)...])
        // Three digits after the only mark group thousands, unless the currency has three decimals.
        let isGroup = part.count == 3 && !whole.isEmpty && currency.decimals != 3
        let digits = String(whole.filter { $0 != "." && $0 != "," })
        return isGroup ? (digits + part, "") : (digits.isEmpty ? "0" : digits, String(part))
    }

    private static func minor(_ whole: String, _ part: String, _ currency: Currency) -> Int64? {
        try? Money(part.isEmpty ? whole : "\(whole).\(part)", currency).minor
    }
}
