import Database
import Ledger
import Money

/// Something that `search` found.
public struct SearchHit: Codable, Sendable, Equatable {
    /// `customer`, `document` or `receipt`.
    public let kind: String
    public let id: String
    /// The customer's or the document's number; the receipt's payment id.
    public let number: String
    public let name: String
    public let seller: String
    @OrNull public var day: String?
    @OrNull public var amount: AmountFigure?
    @OrNull public var open: AmountFigure?

    /// Customers by name or number; documents by number, order, purchase order or creditor reference; receipts by payment id or
    /// payer. A word may be unfinished. Exact numbers come first, then customers, documents, receipts.
    public static func search(_ text: String, book: Int64?, limit: Int = 20, in transaction: any Transaction) throws
        -> [SearchHit]
    {
        let limit = max(1, min(limit, 500))
        let books = try ReportScope(book: book, asOf: Day(number: 0), knownAt: Instant(micro: 0)).books(in: transaction)
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { return [] }
        let hits = try books.flatMap { book in
            try SearchReader(book: book, limit: limit, transaction: transaction).hits(words)
        }
        let rank = ["customer": 1, "document": 2, "receipt": 3]
        return Array(
            hits.enumerated().sorted {
                func place(_ hit: SearchHit) -> Int {
                    hit.number.lowercased() == words.lowercased() ? 0 : rank[hit.kind] ?? 4
                }
                return (place($0.element), $0.offset) < (place($1.element), $1.offset)
            }.map(\.element).prefix(limit))
    }
}

struct SearchReader {
    let book: ReportBook
    let limit: Int
    let transaction: any Transaction

    func hits(_ text: String) throws -> [SearchHit] {
        let found = try byTerms(text)
        var customers = found["customer"] ?? []
        var documents = found["document"] ?? []
        var receipts = found["receipt"] ?? []
        for spelling in Set([text, text.uppercased()]).sorted() {
            customers.formUnion(try keys(Self.customersByNumber, spelling))
            documents.formUnion(try keys(Self.documentsByNumber, spelling))
            documents.formUnion(try keys(Self.documentsByOrder, spelling))
            receipts.formUnion(try keys(Self.receiptsByPayment, spelling))
            documents.formUnion(try keys(Self.documentsByPONumber, spelling))
            documents.formUnion(try keys(Self.documentsByReference, spelling))
        }
        return try read(Self.customerRows, customers, "customer") + read(Self.documentRows, documents, "document")
            + read(Self.receiptRows, receipts, "receipt")
    }

    /// The targets of each kind that meet every group of the question.
    private func byTerms(_ text: String) throws -> [String: Set<Int64>] {
        var met: [String: Set<Int64>]?
        for group in SearchTerms.groups(of: text) {
            var found: [String: Set<Int64>] = [:]
            for prefix in group {
                // The first of a common prefix are enough for one screen; a longer question is narrower.
                for row in try transaction.query(
                    """
                    SELECT DISTINCT kind, target FROM search_terms
                    WHERE book = $1 AND term >= $2 AND term < $3
                    LIMIT 5000
                    """, [book.key, .text(prefix), .text(prefix + "\u{10FFFF}")])
                {
                    found[try row.text(0), default: []].insert(try row.int(1))
                }
            }
            met = met.map { $0.merging(found) { $0.intersection($1) }.filter { found[$0.key] != nil } } ?? found
        }
        return met ?? [:]
    }

    private func keys(_ sql: String, _ prefix: String) throws -> [Int64] {
        try transaction.query(
            sql, [book.key, .text(prefix), .text(prefix + "\u{10FFFF}"), .int(Int64(limit))]
        ).map { try $0.int(0) }
    }

    private func read(_ sql: String, _ keys: Set<Int64>, _ kind: String) throws -> [SearchHit] {
        guard !keys.isEmpty else { return [] }
        try transaction.pick(Array(keys))
        return try transaction.query(sql, [book.key, .int(Int64(limit))]).map { row in
            let currency = try row.textOrNil(4).map(ReportBook.currency)
            func amount(_ column: Int) throws -> AmountFigure? {
                guard let currency, let minor = try row.intOrNil(column) else { return nil }
                return AmountFigure(Money(minor: minor, currency))
            }
            return SearchHit(
                kind: kind, id: RecordID(number: try row.int(0)).description, number: try row.text(1),
                name: try row.textOrNil(2) ?? "", seller: book.code, day: OrNull(wrappedValue: try row.textOrNil(3)),
                amount: OrNull(wrappedValue: try amount(5)), open: OrNull(wrappedValue: try amount(6)))
        }
    }

    static let customersByNumber = """
        SELECT customer FROM customers WHERE book = $1 AND number >= $2 AND number < $3 ORDER BY number LIMIT $4
        """
    static let documentsByNumber = """
        SELECT document FROM documents WHERE book = $1 AND number >= $2 AND number < $3 ORDER BY number LIMIT $4
        """
    static let documentsByOrder = """
        SELECT document FROM documents WHERE book = $1 AND order_id >= $2 AND order_id < $3 ORDER BY order_id LIMIT $4
        """
    static let documentsByPONumber = """
        SELECT document FROM documents
        WHERE book = $1 AND po_number <> '' AND po_number >= $2 AND po_number < $3
        ORDER BY po_number LIMIT $4
        """
    static let documentsByReference = """
        SELECT document FROM documents
        WHERE book = $1 AND reference <> '' AND reference >= $2 AND reference < $3
        ORDER BY reference LIMIT $4
        """
    static let receiptsByPayment = """
        SELECT receipt FROM receipts WHERE book = $1 AND payment_id >= $2 AND payment_id < $3 ORDER BY payment_id LIMIT $4
        """
    static let customerRows = """
        SELECT c.customer, c.number, d.name, NULL, NULL, NULL, NULL
        FROM picked
        CROSS JOIN customers c
        LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
        WHERE c.book = $1 AND c.customer = picked.key
        ORDER BY c.number
        LIMIT $2
        """
    static let documentRows = """
        SELECT d.document, d.number, n.name, d.issue_day, d.currency, d.gross, i.open_minor
        FROM picked
        CROSS JOIN documents d
        LEFT JOIN customer_details n ON n.book = d.book AND n.details = d.details
        LEFT JOIN open_items i ON i.book = d.book AND i.item = d.document
        WHERE d.book = $1 AND d.document = picked.key
        ORDER BY d.number
        LIMIT $2
        """
    static let receiptRows = """
        SELECT r.receipt, r.payment_id, t.payer, r.day, r.currency, r.minor, -i.open_minor
        FROM picked
        CROSS JOIN receipts r
        LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
        LEFT JOIN open_items i ON i.book = r.book AND i.item = r.receipt
        WHERE r.book = $1 AND r.receipt = picked.key
        ORDER BY r.day, r.receipt
        LIMIT $2
        """
}

extension SearchHit {
    init(
        kind: String, id: String, number: String, name: String, seller: String, day: OrNull<String>,
        amount: OrNull<AmountFigure>, open: OrNull<AmountFigure>
    ) {
        self.kind = kind
        self.id = id
        self.number = number
        self.name = name
        self.seller = seller
        _day = day
        _amount = amount
        _open = open
    }
}
