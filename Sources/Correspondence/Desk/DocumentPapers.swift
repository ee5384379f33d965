import Correspondence
import Database
import Ledger
import Money

/// An invoice or credit note ready to be rendered, with what its letter needs to know.
public struct DocumentPaper: Sendable {
    public let document: RecordID
    public let number: String
    /// The number the firm uses.
    public let customerNumber: String
    public let paper: InvoicePaper
    let customer: CustomerBlock
    /// What is open now; the paper states what was issued.
    let open: Money
    let reason: String

    /// The PDF: the same document gives the same bytes each time.
    public func pdf() throws -> [UInt8] { try paper.pdf() }
    var isCredit: Bool { paper.kind != .invoice }
}

/// Builds papers from the books, many at a time. Every figure is the one stored when the document was issued; a credit note,
/// negative in the books, is stated in positive figures.
struct DocumentPapers {
    let transaction: any Transaction
    let seller: SellerBlock
    private var book: SQLValue { .int(seller.book) }

    init(_ transaction: any Transaction, book: Int64) throws {
        self.transaction = transaction
        seller = try SellerBlock(transaction, book: book)
    }

    private struct Head {
        let document: Int64
        let isCredit: Bool
        let isImported: Bool
        let number: String
        let issueDay, dueDay: Day
        let currency: Currency
        let net, tax: Int64?
        let gross, open: Int64
        let orderID, poNumber, reference, reason: String
        let corrects: InvoicePaper.Origin?
        let recorded: Instant
        let customer: CustomerBlock
        var sign: Int64 { isCredit ? -1 : 1 }
        func money(_ minor: Int64) -> Money { Money(minor: sign * minor, currency) }
    }

    /// The papers of these documents, in their order; one that does not exist is left out.
    func papers(_ documents: [RecordID]) throws -> [DocumentPaper] {
        try transaction.pick(Array(Set(documents.map(\.number))).sorted())
        let heads = try heads()
        let lines = try lines(heads)
        let taxes = try taxes(heads)
        let supplies = try supplies()
        let settled = try settledCredits(heads)
        let homeTaxes = try homeTaxes(heads)
        return documents.compactMap { document in
            heads[document.number].map { head in
                paper(
                    head, lines: lines[head.document] ?? [], taxes: taxes[head.document] ?? [],
                    supply: supplies[head.document], isSettled: settled.contains(head.document),
                    homeTax: homeTaxes[head.document])
            }
        }
    }

    private func paper(
        _ head: Head, lines: [InvoicePaper.Line], taxes: [InvoicePaper.VATLine], supply: InvoicePaper.Supply?,
        isSettled: Bool, homeTax: Int64?
    ) -> DocumentPaper {
        let customer = head.customer
        let german = customer.language == .german
        let gross = head.money(head.gross)
        var lines = lines
        if lines.isEmpty {
            // A document of an earlier system comes without lines: one line says what it is.
            let what =
                head.isCredit ? (german ? "Rechnungskorrektur" : "Credit note") : (german ? "Rechnung" : "Invoice")
            lines = [.init(description: "\(what) \(head.number)", net: head.money(head.net ?? head.gross))]
        }
        let net = lines.reduce(Money.zero(head.currency)) { $0 + $1.net }
        let tax = gross - net
        let vatSum = taxes.reduce(Money.zero(head.currency)) { $0 + $1.tax }
        let kind: InvoicePaper.Kind =
            head.isCredit
            ? .creditNote(corrects: head.corrects.map { [$0] } ?? [], settlement: isSettled ? .settled : .offset)
            : .invoice
        let copy =
            german
            ? "Zweitschrift eines Belegs aus einem früheren System." : "Copy of a document from an earlier system."
        let paper = InvoicePaper(
            language: customer.language, kind: kind, number: head.number, issueDay: head.issueDay, supply: supply,
            dueDay: head.isCredit ? nil : head.dueDay,
            seller: seller.paper(for: head.currency, abroad: customer.isAbroad(from: seller), customer.language),
            recipient: customer.recipient(from: seller), orderNumber: head.orderID.ifAny,
            purchaseOrder: head.poNumber.ifAny, reference: head.reference.ifAny, currency: head.currency, lines: lines,
            vat: vatSum == tax ? taxes : [], net: vatSum == tax ? net : gross,
            tax: vatSum == tax ? tax : .zero(head.currency),
            gross: gross, toPay: gross,
            taxInBookCurrency: homeTax.map { Money(minor: head.sign * $0, seller.currency) },
            notes: (head.reason.isEmpty ? [] : ["\(german ? "Grund" : "Reason"): \(head.reason)"])
                + (head.isImported ? [copy] : []), created: head.recorded)
        return DocumentPaper(
            document: RecordID(number: head.document), number: head.number, customerNumber: customer.number,
            paper: vatSum == tax ? paper : Self.whole(paper), customer: customer, open: head.money(head.open),
            reason: head.reason)
    }

    /// Where an earlier system did not say how the tax is made up, the paper states the gross amount alone.
    private static func whole(_ paper: InvoicePaper) -> InvoicePaper {
        var whole = paper
        whole.lines = [.init(description: paper.lines.map(\.description).joined(separator: ", "), net: paper.gross)]
        return whole
    }

    private func heads() throws -> [Int64: Head] {
        var heads: [Int64: Head] = [:]
        try transaction.rows(
            """
            SELECT d.document, d.kind, d.origin, d.number, d.issue_day, d.due_day, d.currency, d.net, d.tax, d.gross,
                COALESCE(i.open_minor, 0), d.order_id, d.po_number, d.reference, d.reason, o.number, o.issue_day, d.recorded,
                \(CustomerBlock.columns)
            FROM picked CROSS JOIN documents d
            JOIN customers c ON c.book = d.book AND c.customer = d.customer
            LEFT JOIN customer_details n ON n.book = d.book AND n.details = d.details
            LEFT JOIN documents o ON o.book = d.book AND o.document = d.corrects
            LEFT JOIN open_items i ON i.book = d.book AND i.item = d.document
            WHERE d.book = $1 AND d.document = picked.key
            """, [book]
        ) { row in
            let id = try row.int(0)
            heads[id] = Head(
                document: id, isCredit: try row.text(1) == "credit-note", isImported: try row.text(2) == "imported",
                number: try row.text(3), issueDay: try row.day(4), dueDay: try row.day(5),
                currency: try row.currency(6),
                net: try row.intOrNil(7), tax: try row.intOrNil(8), gross: try row.int(9), open: try row.int(10),
                orderID: try row.text(11), poNumber: try row.text(12), reference: try row.text(13),
                reason: try row.text(14),
                corrects: try row.textOrNil(15).map {
                    .init(number: $0, day: try row.textOrNil(16).map { try BookTexts.day($0) })
                }, recorded: try BookTexts.instant(try row.text(17)), customer: try CustomerBlock(row, from: 18))
        }
        return heads
    }

    private func lines(_ heads: [Int64: Head]) throws -> [Int64: [InvoicePaper.Line]] {
        var lines: [Int64: [InvoicePaper.Line]] = [:]
        try transaction.rows(
            """
            SELECT l.document, l.sku, l.description, l.quantity, l.unit, l.unit_price, l.discount, l.net, l.vat_category,
                l.vat_rate
            FROM picked CROSS JOIN document_lines l
            WHERE l.book = $1 AND l.document = picked.key
            ORDER BY l.document, l.line
            """, [book]
        ) { row in
            guard let head = heads[try row.int(0)] else { return }
            let discount = Rate(scaled: try row.int(6))
            let quantity = Quantity(micro: head.sign * (try row.int(3)))
            lines[head.document, default: []].append(
                .init(
                    sku: try row.text(1).ifAny, description: try row.text(2),
                    quantity: quantity, unit: UnitWords.word(try row.text(4), quantity, head.customer.language),
                    unitPrice: UnitPrice(scaled: try row.int(5)), discount: discount == .zero ? nil : discount,
                    net: head.money(try row.int(7)), vatCategory: .init(rawValue: try row.text(8)),
                    vatRate: Rate(scaled: try row.int(9))))
        }
        return lines
    }

    private func taxes(_ heads: [Int64: Head]) throws -> [Int64: [InvoicePaper.VATLine]] {
        var taxes: [Int64: [InvoicePaper.VATLine]] = [:]
        try transaction.rows(
            """
            SELECT t.document, t.vat_category, t.vat_rate, t.base, t.tax
            FROM picked CROSS JOIN document_taxes t
            WHERE t.book = $1 AND t.document = picked.key
            ORDER BY t.document, t.vat_category, t.vat_rate
            """, [book]
        ) { row in
            guard let head = heads[try row.int(0)],
                let category = InvoicePaper.VATCategory(rawValue: try row.text(1))
            else { return }
            taxes[head.document, default: []].append(
                .init(
                    category: category, rate: Rate(scaled: try row.int(2)), taxable: head.money(try row.int(3)),
                    tax: head.money(try row.int(4))))
        }
        return taxes
    }

    /// When it was supplied: the days of the charges it bills.
    private func supplies() throws -> [Int64: InvoicePaper.Supply] {
        var supplies: [Int64: InvoicePaper.Supply] = [:]
        try transaction.rows(
            """
            SELECT l.document, min(c.day), max(c.day)
            FROM picked CROSS JOIN document_lines l
            JOIN charges c ON c.book = l.book AND c.charge = l.charge
            WHERE l.book = $1 AND l.document = picked.key AND l.corrects_line IS NULL
            GROUP BY l.document
            """, [book]
        ) { row in
            let (from, through) = (try row.day(1), try row.day(2))
            supplies[try row.int(0)] = from == through ? .day(from) : .period(from: from, through: through)
        }
        return supplies
    }

    /// Credit notes that the very command that issued them set off in full. What came later is not on the paper.
    private func settledCredits(_ heads: [Int64: Head]) throws -> Set<Int64> {
        guard heads.values.contains(where: \.isCredit) else { return [] }
        var settled: Set<Int64> = []
        try transaction.rows(
            """
            SELECT d.document
            FROM picked CROSS JOIN documents d
            JOIN journal_lines l ON l.book = d.book AND l.item = d.document
            JOIN entries e ON e.book = l.book AND e.entry = l.entry AND e.command = d.command
            WHERE d.book = $1 AND d.document = picked.key AND d.kind = 'credit-note'
            GROUP BY d.document
            HAVING sum(l.minor) = 0
            """, [book]
        ) { settled.insert(try $0.int(0)) }
        return settled
    }

    /// The VAT as it was booked in the seller's currency, of documents in another.
    private func homeTaxes(_ heads: [Int64: Head]) throws -> [Int64: Int64] {
        guard heads.values.contains(where: { $0.currency != seller.currency && !$0.isImported }) else { return [:] }
        var taxes: [Int64: Int64] = [:]
        try transaction.rows(
            """
            SELECT d.document, CAST(-sum(t.home_minor) AS BIGINT)
            FROM picked CROSS JOIN documents d
            JOIN journal_lines r ON r.book = d.book AND r.item = d.document AND r.account = 'receivables'
            JOIN entries e ON e.book = r.book AND e.entry = r.entry AND e.command = d.command
            JOIN journal_lines t ON t.book = e.book AND t.entry = e.entry AND t.account = 'sales-tax'
            WHERE d.book = $1 AND d.document = picked.key AND d.origin = 'own' AND d.currency <> $2
                AND e.kind IN ('sale', 'credit')
            GROUP BY d.document
            """, [book, .text(seller.currency.code)]
        ) { taxes[try $0.int(0)] = try $0.int(1) }
        return taxes
    }
}
