import Database
import Ledger
import Money

/// An item of `invoice list`.
public struct InvoiceRow: Codable, Sendable, Equatable {
    public let invoiceNo: String
    /// `invoice` or `credit_note`.
    public let type: String
    /// `open`, `overdue`, `paid`, `credited`, `written_off`, `undone`; a closed credit note is `used`.
    public let status: String
    public let seller: String
    public let customer: String
    /// As the document names it.
    public let customerName: String
    public let issueDay: String
    public let dueDay: String
    public let currency: String
    /// null where an imported document did not say.
    @OrNull public var net: String?
    @OrNull public var tax: String?
    public let gross: String
    public let open: String
    /// The document's id.
    public let document: String
    enum CodingKeys: String, CodingKey {
        case type, status, seller, customer, currency, net, tax, gross, open, document
        case invoiceNo = "invoice_no"
        case customerName = "customer_name"
        case issueDay = "issue_day"
        case dueDay = "due_day"
    }

    init(
        invoiceNo: String, type: String, status: String, seller: String, customer: String, customerName: String,
        issueDay: String, dueDay: String, currency: String, net: OrNull<String>, tax: OrNull<String>, gross: String,
        open: String, document: String
    ) {
        self.invoiceNo = invoiceNo
        self.type = type
        self.status = status
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.issueDay = issueDay
        self.dueDay = dueDay
        self.currency = currency
        _net = net
        _tax = tax
        self.gross = gross
        self.open = open
        self.document = document
    }
}

extension InvoiceRow {
    public static let headings = [
        "invoice_no", "type", "status", "seller", "customer", "customer_name", "issue_day", "due_day", "currency",
        "net",
        "tax", "gross", "open",
    ]
    public var fields: [String] {
        [
            invoiceNo, type, status, seller, customer, customerName, issueDay, dueDay, currency, net ?? "", tax ?? "",
            gross, open,
        ]
    }
}

/// Which documents `invoice list` tells.
public struct InvoiceFilter: Sendable, Equatable {
    /// A status of `InvoiceRow.statuses`; `open` covers what is overdue, too.
    public var status: String?
    /// The number the firm uses.
    public var customer: String?
    /// Issue days, both included.
    public var from: Day?
    public var to: Day?
    public init(status: String? = nil, customer: String? = nil, from: Day? = nil, to: Day? = nil) {
        self.status = status
        self.customer = customer
        self.from = from
        self.to = to
    }
}

extension InvoiceRow {
    public static let statuses = ["open", "overdue", "paid", "credited", "written_off", "used", "undone"]

    /// Documents in the order they were recorded, seller by seller. `asOf` decides what is open and overdue, by the same
    /// rule as the ageing: what is dated after it has not happened yet.
    public static func list(
        book: Int64?, asOf: Day, _ filter: InvoiceFilter = InvoiceFilter(), limit: Int = 100, after: String? = nil,
        in transaction: any Transaction
    ) throws -> ReportPage<InvoiceRow> {
        let cursor = after.flatMap(BookCursor.init)
        return try BookPages.read(
            InvoiceReader.books(book, asOf: asOf, in: transaction), code: \.book.code, limit: limit, after: cursor
        ) { reader, after, limit in
            var customer: Int64?
            if let number = filter.customer {
                customer = try transaction.query(
                    "SELECT customer FROM customers WHERE book = $1 AND number = $2", [reader.book.key, .text(number)]
                ).first?.int(0)
                guard customer != nil else { return [] }
            }
            let rows = try transaction.query(
                customer == nil ? page : pageOfCustomer,
                [
                    reader.book.key, .text(asOf.description), .int(after.flatMap { RecordID($0)?.number } ?? -1),
                    .int(customer ?? 0), .text(filter.from?.description ?? "0000-00-00"),
                    .text(filter.to?.description ?? "9999-99-99"), .text(filter.status ?? ""), .int(Int64(limit)),
                ])
            return try rows.map { row in
                let record = try reader.record(row)
                return (record.row.document, record.row)
            }
        }
    }

    /// Documents of a book by their ids, all at once; those that are not there are left out.
    public static func read(documents: [RecordID], book: Int64, asOf: Day, in transaction: any Transaction) throws
        -> [RecordID: InvoiceRow]
    {
        guard !documents.isEmpty, let reader = try InvoiceReader.books(book, asOf: asOf, in: transaction).first else {
            return [:]
        }
        try transaction.pick(documents.map(\.number))
        let rows = try transaction.query(
            "\(InvoiceReader.columns) AND d.document IN (SELECT key FROM picked)",
            [reader.book.key, .text(asOf.description)])
        return try rows.reduce(into: [:]) { found, row in
            let record = try reader.record(row)
            found[RecordID(number: record.id)] = record.row
        }
    }

    static let page = text("CAST($4 AS BIGINT) = 0")
    /// By the index of the customer's documents, and not by reading all of the book's.
    static let pageOfCustomer = text("d.customer = $4")

    private static func text(_ condition: String) -> String {
        """
        SELECT *
        FROM (
            \(InvoiceReader.columns)
                AND d.document > $3 AND \(condition) AND d.issue_day >= $5 AND d.issue_day <= $6
        ) x
        WHERE $7 = '' OR x.status = $7 OR ($7 = 'open' AND x.status = 'overdue')
        ORDER BY x.document
        LIMIT $8
        """
    }
}

/// Where a list over several books stopped: the seller's code and the key of the last item.
struct BookCursor: Sendable, Equatable {
    let code: String
    let key: String
    init(code: String, key: String) {
        self.code = code
        self.key = key
    }
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        code = String(text[..<colon])
        key = String(text[text.index(after: colon)...])
    }
    var text: String { "\(code):\(key)" }
}

enum BookPages {
    /// Fills a page from book after book; `read` returns at most `limit` items with their keys, in order, after a key.
    static func read<Book, Item: Codable & Sendable & Equatable>(
        _ books: [Book], code: (Book) -> String, limit: Int, after: BookCursor?,
        _ read: (Book, _ after: String?, _ limit: Int) throws -> [(key: String, item: Item)]
    ) throws -> ReportPage<Item> {
        let limit = max(1, min(limit, 10_000))
        var found: [(cursor: BookCursor, item: Item)] = []
        for book in books {
            let code = code(book)
            if let after, code < after.code { continue }
            let start = code == after?.code ? after?.key : nil
            // One more than wanted: whether there is a next page.
            let items = try read(book, start, limit + 1 - found.count)
            found += items.map { (BookCursor(code: code, key: $0.key), $0.item) }
            if found.count > limit { break }
        }
        let page = found.prefix(limit)
        return ReportPage(page.map(\.item), next: found.count > limit ? page.last?.cursor.text : nil)
    }
}
