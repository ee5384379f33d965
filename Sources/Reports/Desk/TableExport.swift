import Books
import Database
import Ledger
import Money

/// What the books hold, as tables: every kind with the headings that `duly import` reads back, so that what was exported and is
/// imported again changes nothing. As it stands now; what was taken back is left out.
public struct TableExport {
    /// The kinds, in the order in which an import into empty books wants them.
    public static let kinds = [
        "sellers", "customers", "products", "prices", "tax-rates", "exchange-rates", "orders", "invoices", "receipts",
        "allocations",
    ]
    /// nil for a kind that is not kept.
    public static func headings(_ kind: String) -> [String]? { tables[kind]?.headings }

    private typealias Row = ([String]) throws -> Void
    private struct Table {
        let headings: [String]
        let write: @Sendable (TableExport, Row) throws -> Void
    }
    private static let tables: [String: Table] = [
        "sellers": Table(
            headings: [
                "seller", "name", "country", "currency", "invoice_prefix", "account", "bic", "vat_id", "street",
                "postcode", "city", "email", "phone", "time_zone", "language",
            ], write: { try $0.sellers($1) }),
        "customers": Table(
            headings: [
                "customer_id", "name", "country", "state", "seller", "currency", "consumer", "vat_id", "street",
                "postcode", "city", "email", "statement_email", "reminder_email", "escalation_email", "contact_name",
                "phone", "iban", "payment_terms_days", "price_list", "credit_limit", "language",
            ], write: { try $0.customers($1) }),
        "products": Table(
            headings: ["sku", "name_de", "name_en", "unit", "tax_category", "service"], write: { try $0.products($1) }),
        "prices": Table(
            headings: ["price_list", "sku", "currency", "min_qty", "unit_price", "valid_from"],
            write: { try $0.prices($1) }),
        "tax-rates": Table(
            headings: ["country", "state", "tax_category", "vat_category", "rate_percent", "valid_from"],
            write: { try $0.taxRates($1) }),
        "exchange-rates": Table(
            headings: ["currency", "home_currency", "day", "rate", "source"], write: { try $0.exchangeRates($1) }),
        "orders": Table(
            headings: [
                "order_id", "line_no", "customer_id", "seller", "currency", "order_date", "po_number", "sku",
                "description", "quantity", "unit_price", "discount_pct",
            ], write: { try $0.orders($1) }),
        "invoices": Table(
            headings: [
                "invoice_no", "type", "status", "order_id", "corrects", "seller", "customer_id", "issue_date",
                "due_date", "currency", "net", "tax", "gross", "open", "po_number", "creditor_ref",
            ], write: { try $0.invoices($1) }),
        "receipts": Table(
            headings: [
                "payment_id", "seller", "booking_date", "value_date", "currency", "amount", "customer_id", "allocated",
                "unallocated", "payer_name", "payer_iban", "structured_ref", "remittance", "own_account",
            ], write: { try $0.receipts($1) }),
        "allocations": Table(
            headings: ["payment_id", "invoice_no", "allocated", "writeoff", "why", "currency", "day", "confidence"],
            write: { try $0.allocations($1) }),
    ]

    private let transaction: any Transaction
    private let books: [ReportBook]
    private let vault: Vault
    private let today: Day

    /// `book` nil: every seller. Bank accounts are opened with the vault. `today` decides what is overdue.
    public init(_ transaction: any Transaction, book: Int64?, vault: Vault, today: Day) throws {
        self.transaction = transaction
        books = try ReportScope(book: book, asOf: today, knownAt: Instant(micro: 0)).books(in: transaction)
        self.vault = vault
        self.today = today
    }

    /// Hands the rows of a kind on, one by one, in the order of their keys.
    public func rows(_ kind: String, _ row: ([String]) throws -> Void) throws {
        try Self.tables[kind]?.write(self, row)
    }

    /// A text of the vault; refused under another key, so that no export lacks accounts in silence.
    private func opened(_ sealed: String?) throws -> String {
        guard let sealed, !sealed.isEmpty else { return "" }
        guard let text = vault.open(sealed) else { throw ExportRefusal.otherKey }
        return text
    }

    // Shared by all sellers

    private func products(_ write: Row) throws {
        try transaction.rows(
            "SELECT sku, name_de, name_en, unit, tax_category, service FROM products ORDER BY sku", []
        ) { try write(try $0.texts(0..<6)) }
    }

    private func prices(_ write: Row) throws {
        try transaction.rows(
            """
            SELECT price_list, sku, currency, min_qty, unit_price, valid_from FROM prices
            ORDER BY price_list, sku, currency, valid_from, min_qty
            """, []
        ) { row in
            try write(
                try row.texts(0..<3) + [
                    Quantity(micro: try row.int(3)).decimal, UnitPrice(scaled: try row.int(4)).decimal,
                    try row.text(5),
                ])
        }
    }

    private func taxRates(_ write: Row) throws {
        try transaction.rows(
            """
            SELECT country, state, tax_category, vat_category, rate, valid_from FROM tax_rates
            ORDER BY country, state, tax_category, valid_from
            """, []
        ) { row in
            try write(try row.texts(0..<4) + [Rate(scaled: try row.int(4)).percent, try row.text(5)])
        }
    }

    private func exchangeRates(_ write: Row) throws {
        try transaction.rows(
            "SELECT currency, home_currency, day, rate, source FROM exchange_rates ORDER BY currency, home_currency, day",
            []
        ) { row in
            try write(try row.texts(0..<3) + [UnitPrice(scaled: try row.int(3)).decimal, try row.text(4)])
        }
    }

    private func sellers(_ write: Row) throws {
        for book in books {
            let patterns = try transaction.query(
                "SELECT pattern FROM number_series WHERE book = $1 AND series = 'invoice'", [book.key])
            let sellers = try transaction.query(
                """
                SELECT code, name, country, currency, vat_id, street, postcode, city, email, phone, time_zone, language
                FROM sellers WHERE book = $1
                """, [book.key])
            let accounts = try transaction.query(
                "SELECT account, bic FROM seller_accounts WHERE book = $1 ORDER BY place, account", [book.key])
            guard let seller = sellers.first else { continue }
            // A row for each account; a seller without one has a row, too.
            for account in accounts.isEmpty ? [["", ""]] : try accounts.map({ [try $0.text(0), try $0.text(1)] }) {
                try write(
                    try (0..<4).map { try seller.text($0) } + [try patterns.first?.text(0) ?? ""] + account
                        + (4..<12).map { try seller.text($0) })
            }
        }
    }

    // By seller

    private func customers(_ write: Row) throws {
        for book in books {
            var contacts: [Int64: [String: (email: String, name: String, phone: String)]] = [:]
            try transaction.rows(
                "SELECT customer, purpose, email, name, phone FROM contacts WHERE book = $1 ORDER BY place DESC",
                [book.key]
            ) {
                contacts[try $0.int(0), default: [:]][try $0.text(1)] = (try $0.text(2), try $0.text(3), try $0.text(4))
            }
            var accounts: [Int64: String] = [:]
            try transaction.rows(
                "SELECT customer, sealed FROM customer_accounts WHERE book = $1 AND learnt = 0 ORDER BY account_key DESC",
                [book.key]
            ) { accounts[try $0.int(0)] = try $0.text(1) }
            try transaction.rows(
                """
                SELECT c.customer, c.number, d.name, c.country, c.state, c.currency, c.consumer, d.vat_id, d.street,
                    d.postcode, d.city, c.terms_days, c.price_list, c.credit_limit, c.language
                FROM customers c
                JOIN customer_details d ON d.book = c.book AND d.details = c.details
                WHERE c.book = $1
                ORDER BY c.number
                """, [book.key]
            ) { row in
                let id = try row.int(0)
                let currency = try ReportBook.currency(try row.text(5))
                let mine = contacts[id] ?? [:]
                let reached = mine["invoice"]
                let limit = try row.intOrNil(13).map { Money(minor: $0, currency).decimal } ?? ""
                let emails = ["statement", "reminder", "escalation"].map { mine[$0]?.email ?? "" }
                let account = try opened(accounts[id])
                var cells = try row.texts(1..<5)
                cells.append(book.code)
                cells += try row.texts(5..<11)
                cells.append(reached?.email ?? "")
                cells += emails
                cells += [reached?.name ?? "", reached?.phone ?? "", account]
                cells += try row.texts(11..<13)
                cells += [limit, try row.text(14)]
                try write(cells)
            }
        }
    }

    private func orders(_ write: Row) throws {
        for book in books {
            try transaction.rows(
                """
                SELECT h.order_id, h.line_no, c.number, h.currency, h.day, h.po_number, h.sku, h.description, h.quantity,
                    h.unit_price, h.discount
                FROM charges h
                JOIN customers c ON c.book = h.book AND c.customer = h.customer
                WHERE h.book = $1
                ORDER BY h.order_id, h.line_no
                """, [book.key]
            ) { row in
                var cells = try row.texts(0..<3)
                cells.append(book.code)
                cells += try row.texts(3..<8)
                cells.append(Quantity(micro: try row.int(8)).decimal)
                cells.append(try row.intOrNil(9).map { UnitPrice(scaled: $0).decimal } ?? "")
                cells.append(Rate(scaled: try row.int(10)).percent)
                try write(cells)
            }
        }
    }

    private func invoices(_ write: Row) throws {
        for reader in books.map({ InvoiceReader(book: $0, asOf: today, transaction: transaction) }) {
            var numbers: [Int64: String] = [:]
            try transaction.rows(
                """
                SELECT d.document, d.number FROM documents x
                JOIN documents d ON d.book = x.book AND d.document = x.corrects
                WHERE x.book = $1 AND x.corrects IS NOT NULL
                """, [reader.book.key]
            ) { numbers[try $0.int(0)] = try $0.text(1) }
            var last: Int64 = -1
            while true {
                let page = try transaction.query(
                    "\(InvoiceReader.columns) AND d.document > $3 ORDER BY d.document LIMIT 5000",
                    [reader.book.key, .text(today.description), .int(last)])
                for found in page {
                    let record = try reader.record(found)
                    last = record.id
                    let row = record.row
                    // A document of ours exists for ever, and its counterpart beside it; imported ones are as if they had not come.
                    guard try row.status != "undone" || found.text(11) == "own" else { continue }
                    try write([
                        row.invoiceNo, row.type, row.status, record.orderID,
                        record.corrects.flatMap { numbers[$0] } ?? "", row.seller, row.customer, row.issueDay,
                        row.dueDay, row.currency, row.net ?? "", row.tax ?? "", row.gross, row.open, record.poNumber,
                        record.reference,
                    ])
                }
                guard page.count == 5000 else { break }
            }
        }
    }

    private func receipts(_ write: Row) throws {
        for book in books {
            try transaction.rows(
                """
                SELECT r.receipt, r.payment_id, r.day, r.value_day, r.currency, r.minor, c.number, i.open_minor, t.payer,
                    t.sealed, r.reference, t.text, r.account
                FROM receipts r
                JOIN open_items i ON i.book = r.book AND i.item = r.receipt
                LEFT JOIN customers c ON c.book = r.book AND c.customer = COALESCE(i.customer, (
                    SELECT CASE WHEN min(a.customer) = max(a.customer) THEN min(a.customer) END
                    FROM allocations a
                    WHERE a.book = r.book AND a.receipt = r.receipt
                        AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry)))
                LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
                WHERE r.book = $1
                    AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
                ORDER BY r.day, r.receipt
                """, [book.key]
            ) { row in
                let currency = try ReportBook.currency(try row.text(4))
                let (amount, left) = (try row.int(5), -(try row.int(7)))
                func money(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
                let account = try opened(try row.textOrNil(9))
                let payment = try row.text(1)
                let shown = payment.isEmpty ? RecordID(number: try row.int(0)).description : payment
                var cells = [shown, book.code]
                cells += try row.texts(2..<5)
                cells += [money(amount), try row.textOrNil(6) ?? "", money(amount - left), money(left)]
                cells += [try row.textOrNil(8) ?? "", account, try row.text(10), try row.textOrNil(11) ?? ""]
                cells.append(try row.text(12))
                try write(cells)
            }
        }
    }

    private func allocations(_ write: Row) throws {
        for book in books {
            try transaction.rows(
                """
                SELECT r.payment_id, a.receipt, d.number, a.minor, a.write_off, a.reason, d.currency, a.day, a.confidence
                FROM allocations a
                JOIN documents d ON d.book = a.book AND d.document = a.document
                LEFT JOIN receipts r ON r.book = a.book AND r.receipt = a.receipt
                WHERE a.book = $1
                    AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry)
                ORDER BY a.day, a.allocation
                """, [book.key]
            ) { row in
                let currency = try ReportBook.currency(try row.text(6))
                let payment = try row.textOrNil(0) ?? ""
                let receipt = try row.intOrNil(1).map { RecordID(number: $0).description } ?? ""
                try write([
                    payment.isEmpty ? receipt : payment, try row.text(2),
                    Money(minor: try row.int(3), currency).decimal,
                    Money(minor: try row.int(4), currency).decimal, try row.text(5), currency.code, try row.text(7),
                    try row.intOrNil(8).map { FixedPoint.text($0, decimals: 4) } ?? "",
                ])
            }
        }
    }
}

/// Why nothing was exported.
public enum ExportRefusal: Refusal, Equatable {
    case otherKey
    public var code: String { "export.other-key" }
    public var what: String { "The table was not exported." }
    public var why: String { "Its bank details are sealed under another key than the one at hand." }
    public var next: String { "Name the books' own key file with DULY_KEY_FILE." }
}

extension RowCursor {
    /// Columns as texts; integers as digits.
    fileprivate borrowing func texts(_ columns: Range<Int>) throws -> [String] {
        var texts: [String] = []
        texts.reserveCapacity(columns.count)
        for column in columns { texts.append(try text(column)) }
        return texts
    }
}
