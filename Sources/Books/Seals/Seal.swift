import Database
import Ledger

/// One batch of the audit chain of a book.
public struct Seal: Sendable, Equatable {
    public let book: Int64
    /// From 1, without a gap.
    public let batch: Int64
    /// When it was sealed.
    public let sealed: String
    public let transactions: Int64
    public let records: Int64
    /// The root of the Merkle tree over the leaves.
    public let tree: String
    /// The root of the batch before; empty for the first.
    public let previous: String
    public let root: String

    /// What the root is taken over: `BOOK BATCH SEALED RECORDS TREE PREVIOUS`.
    var text: String {
        Self.text(RecordID(number: book).description, "\(batch)", sealed, "\(records)", tree, previous)
    }
    static func text(
        _ book: String, _ batch: String, _ sealed: String, _ records: String, _ tree: String, _ previous: String
    ) -> String {
        "\(book) \(batch) \(sealed) \(records) \(tree) \(previous.isEmpty ? "-" : previous)"
    }

    init(
        book: Int64, batch: Int64, sealed: String, transactions: Int64, records: Int64, tree: SealHash, previous: String
    ) {
        self.book = book
        self.batch = batch
        self.sealed = sealed
        self.transactions = transactions
        self.records = records
        self.tree = tree.text
        self.previous = previous
        root =
            SealHash(
                .seal,
                Self.text(
                    RecordID(number: book).description, "\(batch)", sealed, "\(records)", self.tree, previous)
            ).text
    }

    static let columns = "book, batch, sealed, transactions, records, tree, previous, root"
    /// As it stands in the books, be it right or wrong.
    init(_ row: Row) throws {
        (book, batch, sealed) = (try row.int(0), try row.int(1), try row.text(2))
        (transactions, records) = (try row.int(3), try row.int(4))
        (tree, previous, root) = (try row.text(5), try row.text(6), try row.text(7))
    }
    var values: [SQLValue] {
        [
            .int(book), .int(batch), .text(sealed), .int(transactions), .int(records), .text(tree), .text(previous),
            .text(root),
        ]
    }
}

/// What ties the chains of several books together: the roots they had reached at an instant.
struct SealTie: Sendable, Equatable {
    let book: Int64
    let tie: Int64
    let sealed: String
    /// `BOOK BATCH ROOT`, joined by commas, in the order of the books.
    let heads: String
    let previous: String
    let root: String

    /// `TIE SEALED PREVIOUS`.
    var text: String { "\(tie) \(sealed) \(previous.isEmpty ? "-" : previous)" }
    static func root(text: some StringProtocol, heads: some StringProtocol) -> SealHash {
        SealHash(.tie, "\(text)\n\(heads)")
    }

    init(book: Int64, tie: Int64, sealed: String, heads: String, previous: String) {
        (self.book, self.tie, self.sealed, self.heads, self.previous) = (book, tie, sealed, heads, previous)
        root = Self.root(text: "\(tie) \(sealed) \(previous.isEmpty ? "-" : previous)", heads: heads).text
    }

    static let columns = "book, tie, sealed, heads, previous, root"
    init(_ row: Row) throws {
        (book, tie, sealed) = (try row.int(0), try row.int(1), try row.text(2))
        (heads, previous, root) = (try row.text(3), try row.text(4), try row.text(5))
    }
    /// The book in which the ties stand; nil where there are none.
    static func home(_ transaction: any Transaction) throws -> Int64? {
        try transaction.query("SELECT book FROM seal_ties WHERE book > 0 ORDER BY book, tie LIMIT 1", []).first?.int(0)
    }
    static func last(in book: Int64, _ transaction: any Transaction) throws -> SealTie? {
        try transaction.query(
            """
            SELECT book, tie, sealed, heads, previous, root FROM seal_ties
            WHERE book = $1 AND tie > 0 ORDER BY tie DESC LIMIT 1
            """, [.int(book)]
        ).first.map { try SealTie($0) }
    }
    var values: [SQLValue] {
        [.int(book), .int(tie), .text(sealed), .text(heads), .text(previous), .text(root)]
    }
}

/// Where the audit chain of these books ends, and what waits to be sealed.
public struct AuditHead: Sendable, Equatable {
    public struct Chain: Sendable, Equatable {
        public let book: Int64
        public let seller: String
        public let batches: Int64
        public let records: Int64
        public let unsealed: Int64
        /// Empty where nothing is sealed yet.
        public let root: String
    }
    /// In the order of the books.
    public let chains: [Chain]
    /// The root of the last tie; empty where one book at most is sealed.
    public let tie: String

    /// The last root: of the only chain, or of the last tie where several are sealed. Empty where nothing is.
    public var head: String { tie.isEmpty ? chains.first { !$0.root.isEmpty }?.root ?? "" : tie }
    public var batches: Int64 { chains.reduce(0) { $0 + $1.batches } }
    public var records: Int64 { chains.reduce(0) { $0 + $1.records } }
    /// Permanent records of transactions without a seal.
    public var unsealed: Int64 { chains.reduce(0) { $0 + $1.unsealed } }

    public static func read(in transaction: any Transaction) throws -> AuditHead {
        let chains = try transaction.query(
            """
            SELECT s.book, s.code, coalesce(c.batches, 0), coalesce(c.records, 0), coalesce(c.root, '')
            FROM sellers s
            LEFT JOIN seal_chains c ON c.book = s.book
            ORDER BY s.book
            """, [])
        let tie = try SealTie.home(transaction).flatMap { try SealTie.last(in: $0, transaction) }
        return AuditHead(
            chains: try chains.map { row in
                Chain(
                    book: try row.int(0), seller: try row.text(1), batches: try row.int(2), records: try row.int(3),
                    unsealed: try waiting(in: try row.int(0), transaction), root: try row.text(4))
            }, tie: tie?.root ?? "")
    }

    /// The records of an audit record are its lines.
    private static func waiting(in book: Int64, _ transaction: any Transaction) throws -> Int64 {
        try transaction.query(
            """
            SELECT CAST(coalesce(sum(length(a.hashes) - length(replace(a.hashes, $2, ''))), 0) AS BIGINT)
            FROM unsealed_records u
            JOIN audit_records a ON a.book = u.book AND a.audit = u.audit
            WHERE u.book = $1 AND u.audit >= 0
            """, [.int(book), .text("\n")])[0].int(0)
    }
}
