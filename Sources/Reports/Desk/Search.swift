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
        var (customers, documents, receipts): (Set<Int64>, Set<Int64>, Set<Int64>) = ([], [], [])
        for spelling in Set([text, text.uppercased()]).sorted() {
            customers.formUnion(try keys(Self.customersByNumber, spelling))
            documents.formUnion(try keys(Self.documentsByNumber, spelling))
            documents.formUnion(try keys(Self.documentsByOrder, spelling))
            receipts.formUnion(try keys(Self.receiptsByPayment, spelling))
            documents.formUnion(try keys(Self.documentsByPONumber, spelling))
            documents.formUnion(try keys(Self.documentsByReference, spelling))
        }
        return try read(Self.customerRows, customers, found["customer"], "customer")
            + read(Self.documentRows, documents, found["document"], "document")
            + read(Self.receiptRows, receipts, found["receipt"], "receipt")
    }

    /// So many rows of terms are read for a word; where there are more, the word is wide.
    private static let most = 5_000

    /// The targets of each kind that meet every group of the question: those of the narrow words, of which all are read; then the
    /// ones among them that meet the wide ones. A question of wide words alone finds some of what meets it; a longer one is narrower.
    private func byTerms(_ text: String) throws -> [String: Set<Int64>] {
        var met: [String: Set<Int64>]?
        var some: [String: Set<Int64>]?
        var wide: [[String]] = []
        let groups = SearchTerms.groups(of: text)
        for group in groups {
            // What a single word finds is met by nothing else: no more than can be put in order.
            let (found, isWhole) = try targets(of: group, most: groups.count == 1 ? Self.ordered : Self.most)
            if isWhole {
                met = Self.both(met, found)
            } else {
                wide.append(group)
                some = Self.both(some, found)
            }
        }
        guard let narrow = met else { return some ?? [:] }
        return try wide.reduce(narrow) { try narrowed($0, by: $1) }
    }

    private static func both(_ met: [String: Set<Int64>]?, _ found: [String: Set<Int64>]) -> [String: Set<Int64>] {
        met.map { $0.merging(found) { $0.intersection($1) }.filter { found[$0.key] != nil } } ?? found
    }

    private func targets(of group: [String], most: Int) throws -> ([String: Set<Int64>], isWhole: Bool) {
        var (found, isWhole): ([String: Set<Int64>], Bool) = ([:], true)
        for prefix in group {
            let rows = try transaction.query(
                """
                SELECT DISTINCT kind, target FROM search_terms
                WHERE book = $1 AND term >= $2 AND term < $3
                LIMIT $4
                """, [book.key, .text(prefix), .text(prefix + "\u{10FFFF}"), .int(Int64(most))])
            isWhole = isWhole && rows.count < most
            for row in rows { found[try row.text(0), default: []].insert(try row.int(1)) }
        }
        return (found, isWhole)
    }

    private func narrowed(_ met: [String: Set<Int64>], by group: [String]) throws -> [String: Set<Int64>] {
        var left: [String: Set<Int64>] = [:]
        for (kind, targets) in met where !targets.isEmpty {
            try transaction.pick(Array(targets))
            for prefix in group {
                for row in try transaction.query(
                    """
                    SELECT t.target FROM picked CROSS JOIN search_terms t
                    WHERE t.book = $1 AND t.kind = $2 AND t.target = picked.key AND t.term >= $3 AND t.term < $4
                    """, [book.key, .text(kind), .text(prefix), .text(prefix + "\u{10FFFF}")])
                {
                    left[kind, default: []].insert(try row.int(0))
                }
            }
        }
        return left
    }

    private func keys(_ sql: String, _ prefix: String) throws -> [Int64] {
        try transaction.query(
            sql, [book.key, .text(prefix), .text(prefix + "\u{10FFFF}"), .int(Int64(limit))]
        ).map { try $0.int(0) }
    }

    private static let ordered = 1_000

    private func read(
        _ sql: String, _ byNumber: Set<Int64>, _ byTerms: Set<Int64>?, _ kind: String
    ) throws -> [SearchHit] {
        // Of more than a few screens the oldest: all would have to be read to be put in order.
        let keys = byNumber.union((byTerms ?? []).sorted().prefix(Self.ordered))
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
