import Database
import Ledger
import Money

/// The facts of an open-item statement: what a customer owes item by item, and what money of theirs lies on account.
public struct OpenItemStatement: Codable, Sendable, Equatable {
    public struct Item: Codable, Sendable, Equatable {
        public let invoiceNo: String
        /// `invoice` or `credit_note`.
        public let type: String
        public let issueDay: String
        public let dueDay: String
        public let amount: String
        public let open: String
        public let disputed: String
        /// Past due on the as-of day; 0 on the due day and before.
        public let daysOverdue: Int
        public let poNumber: String
        enum CodingKeys: String, CodingKey {
            case type, amount, open, disputed
            case invoiceNo = "invoice_no"
            case issueDay = "issue_day"
            case dueDay = "due_day"
            case daysOverdue = "days_overdue"
            case poNumber = "po_number"
        }
    }
    public struct OnAccount: Codable, Sendable, Equatable {
        public let receipt: String
        public let paymentID: String
        public let day: String
        public let received: String
        /// What is not allocated; positive.
        public let unallocated: String
        enum CodingKeys: String, CodingKey {
            case receipt, day, received, unallocated
            case paymentID = "payment_id"
        }
    }
    public struct Bucket: Codable, Sendable, Equatable {
        public let label: String
        public let amount: String
    }
    public struct Block: Codable, Sendable, Equatable {
        public let currency: String
        public let items: [Item]
        public let onAccount: [OnAccount]
        public let total: String
        /// Negative, as in the ageing report.
        public let unallocated: String
        public let net: String
        public let disputed: String
        public let buckets: [Bucket]
        enum CodingKeys: String, CodingKey {
            case currency, items, total, unallocated, net, disputed, buckets
            case onAccount = "on_account"
        }
    }
    public let seller: String
    public let sellerName: String
    /// The number the firm uses.
    public let customer: String
    /// The customer's id.
    public let customerID: String
    public let language: String
    /// As known at the instant.
    public let address: InvoiceSheet.Address
    public let asOf: String
    public let knownAt: String
    public let currencies: [Block]
    enum CodingKeys: String, CodingKey {
        case seller, customer, language, address, currencies
        case sellerName = "seller_name"
        case customerID = "customer_id"
        case asOf = "as_of"
        case knownAt = "known_at"
    }

    /// The statements of every customer with something open or on account, by seller and customer number, in one pass.
    public static func each(
        _ scope: ReportScope, buckets: AgingBuckets, in transaction: any Transaction,
        _ body: (OpenItemStatement) throws -> Void
    ) throws {
        for book in try scope.books(in: transaction) {
            let facts = try StatementFacts(book, scope, in: transaction)
            for customer in facts.customers { try body(facts.statement(of: customer, buckets)) }
        }
    }

    /// The statement of one customer, by number; empty where nothing is open. One for each seller that has the number.
    public static func read(
        customer number: String, _ scope: ReportScope, buckets: AgingBuckets, in transaction: any Transaction
    ) throws -> [OpenItemStatement] {
        try scope.books(in: transaction).compactMap { book in
            let found = try transaction.query(
                "SELECT customer FROM customers WHERE book = $1 AND number = $2", [book.key, .text(number)])
            guard let customer = try found.first?.int(0) else { return nil }
            return try StatementFacts(book, scope, only: customer, in: transaction).statement(of: customer, buckets)
        }
    }
}

extension OpenItemStatement: ReportTable {
    public static let headings = [
        "seller", "customer", "currency", "invoice_no", "type", "issue_day", "due_day", "amount", "open", "disputed",
        "days_overdue", "po_number",
    ]
    public var rows: [[String]] {
        currencies.flatMap { block in
            block.items.map {
                [
                    seller, customer, block.currency, $0.invoiceNo, $0.type, $0.issueDay, $0.dueDay, $0.amount, $0.open,
                    $0.disputed, String($0.daysOverdue), $0.poNumber,
                ]
            }
        }
    }
}
