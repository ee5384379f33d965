import Database
import Ledger
import Money

/// A document's row with what only `invoice show` needs.
struct InvoiceRecord {
    let id: Int64
    let customer: Int64
    let details: Int64
    let currency: Currency
    let row: InvoiceRow
    let origin: String
    let orderID: String
    let poNumber: String
    let reference: String
    let corrects: Int64?
    let reason: String
    let command: String
    let recorded: String
}

/// Reads documents of one book as they are known now and stand on `asOf`: what is dated after it has not moved them yet, as in the
/// ageing. A document dated ahead stands as it was issued.
struct InvoiceReader {
    let book: ReportBook
    let asOf: Day
    let transaction: any Transaction

    static func books(_ book: Int64?, asOf: Day, in transaction: any Transaction) throws -> [InvoiceReader] {
        let scope = ReportScope(book: book, asOf: asOf, knownAt: Instant(micro: 0))
        return try scope.books(in: transaction).map { InvoiceReader(book: $0, asOf: asOf, transaction: transaction) }
    }

    func money(_ record: InvoiceRecord) -> (Int64) -> String {
        { Money(minor: $0, record.currency).decimal }
    }

    /// The columns of a document. (COALESCE keeps SQLite from walking all receipts instead of the document's allocations; the
    /// OFFSETs keep PostgreSQL from reading all allocations into memory for a page of a hundred documents.) Its status: `undone`
    /// where its issuing was taken back; a closed invoice is `paid` where money of a receipt pays it, else `credited` or
    /// `written_off`; a closed credit note is `used`.
    static let columns = """
        SELECT d.document, d.customer, d.details, d.kind, d.number, d.issue_day, d.due_day, d.currency, d.net, d.tax,
            d.gross, d.origin, d.order_id, d.po_number, d.reference, d.corrects, d.reason, d.command, d.recorded,
            c.number AS customer_number, COALESCE(n.name, '') AS name, i.open_minor,
            CASE
                WHEN EXISTS (
                    SELECT 1 FROM undoings u WHERE u.book = d.book AND u.command = d.command LIMIT 1 OFFSET 0)
                THEN 'undone'
                WHEN i.open_minor <> 0 AND d.kind = 'invoice' AND d.due_day < $2 THEN 'overdue'
                WHEN i.open_minor <> 0 THEN 'open'
                WHEN d.kind = 'credit-note' THEN 'used'
                WHEN EXISTS (
                    SELECT 1 FROM allocations a
                    WHERE a.book = d.book AND a.document = d.document AND COALESCE(a.receipt, 0) <> 0
                        AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.book = a.book AND r.reverses = a.entry)
                    LIMIT 1 OFFSET 0)
                THEN 'paid'
                WHEN EXISTS (
                        SELECT 1 FROM documents x WHERE x.book = d.book AND x.corrects = d.document LIMIT 1 OFFSET 0)
                    OR EXISTS (
                        SELECT 1 FROM allocations a
                        WHERE a.book = d.book AND a.document = d.document AND COALESCE(a.receipt, 0) = 0 AND a.write_off = 0
                        LIMIT 1 OFFSET 0)
                THEN 'credited'
                WHEN d.gross = 0 THEN 'paid'
                ELSE 'written_off'
            END AS status
        FROM documents d
        JOIN (
            SELECT o.book, o.item,
                CASE WHEN o.moved_day <= $2 OR o.moved_day <= o.day THEN o.open_minor ELSE
                    (SELECT CAST(sum(l.minor) AS BIGINT) FROM journal_lines l
                     WHERE l.book = o.book AND l.item = o.item AND (l.day <= $2 OR l.day <= o.day)) END AS open_minor
            FROM open_items o
        ) i ON i.book = d.book AND i.item = d.document
        JOIN customers c ON c.book = d.book AND c.customer = d.customer
        LEFT JOIN customer_details n ON n.book = d.book AND n.details = d.details
        WHERE d.book = $1
        """

    func record(_ document: Int64) throws -> InvoiceRecord? {
        try transaction.query(
            "\(Self.columns) AND d.document = $3", [book.key, .text(asOf.description), .int(document)]
        ).first.map(record)
    }

    func records(numbered number: String) throws -> [InvoiceRecord] {
        try transaction.query(
            "\(Self.columns) AND d.number = $3", [book.key, .text(asOf.description), .text(number)]
        ).map(record)
    }

    func record(_ row: Row) throws -> InvoiceRecord {
        let currency = try ReportBook.currency(try row.text(7))
        func money(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
        return InvoiceRecord(
            id: try row.int(0), customer: try row.int(1), details: try row.int(2), currency: currency,
            row: InvoiceRow(
                invoiceNo: try row.text(4), type: try row.text(3) == "invoice" ? "invoice" : "credit_note",
                status: try row.text(22), seller: book.code, customer: try row.text(19), customerName: try row.text(20),
                issueDay: try row.text(5), dueDay: try row.text(6), currency: currency.code,
                net: OrNull(wrappedValue: try row.intOrNil(8).map(money)),
                tax: OrNull(wrappedValue: try row.intOrNil(9).map(money)), gross: money(try row.int(10)),
                open: money(try row.int(21)), document: RecordID(number: try row.int(0)).description),
            origin: try row.text(11), orderID: try row.text(12), poNumber: try row.text(13),
            reference: try row.text(14), corrects: try row.intOrNil(15), reason: try row.text(16),
            command: try row.text(17), recorded: try row.text(18))
    }

    func address(of record: InvoiceRecord) throws -> InvoiceSheet.Address {
        let rows = try transaction.query(
            """
            SELECT d.name, d.street, d.postcode, d.city, c.country, d.vat_id
            FROM customer_details d
            JOIN customers c ON c.book = d.book AND c.customer = d.customer
            WHERE d.book = $1 AND d.details = $2
            """, [book.key, .int(record.details)])
        let texts = try rows.first.map { row in try (0..<6).map { try row.text($0) } } ?? Array(repeating: "", count: 6)
        return InvoiceSheet.Address(
            name: texts[0], street: texts[1], postcode: texts[2], city: texts[3], country: texts[4], vatID: texts[5])
    }

    func lines(of record: InvoiceRecord, _ money: (Int64) -> String) throws -> [InvoiceSheet.Line] {
        try transaction.query(
            """
            SELECT line, sku, description, quantity, unit, unit_price, discount, net, vat_rate, vat_category
            FROM document_lines
            WHERE book = $1 AND document = $2
            ORDER BY line
            """, [book.key, .int(record.id)]
        ).map { row in
            InvoiceSheet.Line(
                line: try row.int(0), sku: try row.text(1), description: try row.text(2),
                quantity: Quantity(micro: try row.int(3)).decimal, unit: try row.text(4),
                unitPrice: UnitPrice(scaled: try row.int(5)).decimal,
                discountPercent: Rate(scaled: try row.int(6)).percent, net: money(try row.int(7)),
                vatRate: Rate(scaled: try row.int(8)).percent, vatCategory: try row.text(9))
        }
    }

    func taxes(of record: InvoiceRecord, _ money: (Int64) -> String) throws -> [InvoiceSheet.Tax] {
        try transaction.query(
            """
            SELECT vat_rate, vat_category, base, tax FROM document_taxes
            WHERE book = $1 AND document = $2
            ORDER BY vat_category, vat_rate
            """, [book.key, .int(record.id)]
        ).map { row in
            InvoiceSheet.Tax(
                rate: Rate(scaled: try row.int(0)).percent, category: try row.text(1), base: money(try row.int(2)),
                tax: money(try row.int(3)))
        }
    }

    /// Those whose entry was not taken back.
    func allocations(of record: InvoiceRecord, _ money: (Int64) -> String) throws -> [InvoiceSheet.Allocation] {
        try transaction.query(
            """
            SELECT a.allocation, a.receipt, r.payment_id, a.day, a.minor, a.write_off, a.reason, a.confidence, a.command, (
                    SELECT min(d.number) FROM allocations s
                    JOIN documents d ON d.book = s.book AND d.document = s.document
                    WHERE a.receipt IS NULL AND s.book = a.book AND s.command = a.command AND s.entry = a.entry
                        AND s.document <> a.document)
            FROM allocations a
            LEFT JOIN receipts r ON r.book = a.book AND r.receipt = a.receipt
            WHERE a.book = $1 AND a.document = $2
                AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry)
            ORDER BY a.day, a.allocation
            """, [book.key, .int(record.id)]
        ).map { row in
            InvoiceSheet.Allocation(
                allocation: RecordID(number: try row.int(0)).description,
                receipt: try row.intOrNil(1).map { RecordID(number: $0).description }, paymentID: try row.textOrNil(2),
                document: try row.textOrNil(9),
                day: try row.text(3), allocated: money(try row.int(4)), writeOff: money(try row.int(5)),
                reason: try row.text(6), confidence: try row.intOrNil(7).map { FixedPoint.text($0, decimals: 4) },
                command: try row.text(8))
        }
    }

    func number(of document: Int64?) throws -> String? {
        guard let document else { return nil }
        return try transaction.query(
            "SELECT number FROM documents WHERE book = $1 AND document = $2", [book.key, .int(document)]
        ).first?.text(0)
    }

    /// Credit notes and replacements that stand.
    func numbers(correcting record: InvoiceRecord) throws -> [String] {
        try transaction.query(
            """
            SELECT d.number FROM documents d
            WHERE d.book = $1 AND d.corrects = $2
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = d.book AND u.command = d.command)
            ORDER BY d.document
            """, [book.key, .int(record.id)]
        ).map { try $0.text(0) }
    }

    func deliveries(of record: InvoiceRecord) throws -> [InvoiceSheet.Delivery] {
        try transaction.query(
            """
            SELECT message, kind, channel, state, attempts, answer, changed FROM outbox
            WHERE book = $1 AND document = $2
            ORDER BY message
            """, [book.key, .int(record.id)]
        ).map { row in
            InvoiceSheet.Delivery(
                message: RecordID(number: try row.int(0)).description, kind: try row.text(1), channel: try row.text(2),
                state: try row.text(3), attempts: try row.int(4), answer: try row.text(5), at: try row.text(6))
        }
    }

    func disputes(of record: InvoiceRecord, _ money: (Int64) -> String) throws -> [InvoiceSheet.Dispute] {
        try transaction.query(
            "SELECT dispute, minor, reason, opened, closed FROM disputes WHERE book = $1 AND document = $2 ORDER BY dispute",
            [book.key, .int(record.id)]
        ).map { row in
            InvoiceSheet.Dispute(
                dispute: RecordID(number: try row.int(0)).description, amount: money(try row.int(1)),
                reason: try row.text(2), opened: try row.text(3), closed: try row.textOrNil(4))
        }
    }
}
