import Database
import Ledger
import Money

/// `report unbilled`: charges that no document bills, by customer. What they are worth is for the pricing to say.
public struct UnbilledReport: Codable, Sendable, Equatable {
    public struct Charge: Codable, Sendable, Equatable {
        public let orderID: String
        public let line: Int64
        public let day: String
        public let sku: String
        public let description: String
        public let quantity: String
        /// null: from the price list.
        @OrNull public var unitPrice: String?
        public let discountPercent: String
        public let currency: String
        public let poNumber: String
        enum CodingKeys: String, CodingKey {
            case line, day, sku, description, quantity, currency
            case orderID = "order_id"
            case unitPrice = "unit_price"
            case discountPercent = "discount_pct"
            case poNumber = "po_number"
        }
    }
    public struct Customer: Codable, Sendable, Equatable {
        public let customer: String
        public let name: String
        public let seller: String
        /// The oldest charge.
        public let since: String
        public let charges: [Charge]
    }
    public let asOf: String
    public let knownAt: String
    public let count: Int
    public let customers: [Customer]
    enum CodingKeys: String, CodingKey {
        case count, customers
        case asOf = "as_of"
        case knownAt = "known_at"
    }

    /// Charges dated by the day and known by then, and not billed by a document dated by the day and known by then. One whose document
    /// was taken back stays billed for a day, or an instant, before that.
    public static func read(_ scope: ReportScope, in transaction: any Transaction) throws -> UnbilledReport {
        var customers: [Customer] = []
        for book in try scope.books(in: transaction) {
            let names = try transaction.customerNames(of: book)
            var charges: [Int64: [Charge]] = [:]
            try transaction.rows(text, [book.key, scope.day, scope.known]) { row in
                charges[try row.int(0), default: []].append(
                    Charge(
                        orderID: try row.text(1), line: try row.int(2), day: try row.text(3), sku: try row.text(4),
                        description: try row.text(5), quantity: Quantity(micro: try row.int(6)).decimal,
                        unitPrice: try row.intOrNil(7).map { UnitPrice(scaled: $0).decimal },
                        discountPercent: Rate(scaled: try row.int(8)).percent, currency: try row.text(9),
                        poNumber: try row.text(10)))
            }
            customers += charges.map { customer, charges in
                Customer(
                    customer: names[customer]?.number ?? "", name: names[customer]?.name ?? "", seller: book.code,
                    since: charges.first?.day ?? "", charges: charges)
            }
        }
        return UnbilledReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description,
            count: customers.reduce(0) { $0 + $1.charges.count },
            customers: customers.sorted { ($0.customer, $0.seller) < ($1.customer, $1.seller) })
    }

    /// The charges of documents that stood then and were taken back later, by day or by instant.
    static let billedThen = """
        SELECT l.charge
        FROM undoings u
        CROSS JOIN commands b
        CROSS JOIN documents d
        CROSS JOIN document_lines l
        WHERE u.book = $1 AND b.book = u.book AND b.command = u.undone_by AND (u.recorded > $3 OR b.day > $2)
            AND d.book = u.book AND d.command = u.command AND l.book = d.book AND l.document = d.document
            AND d.issue_day <= $2 AND d.recorded <= $3 AND l.charge IS NOT NULL
        """

    static let text = """
        SELECT c.customer, c.order_id, c.line_no, c.day, c.sku, c.description, c.quantity, c.unit_price, c.discount,
            c.currency, c.po_number
        FROM charges c
        WHERE c.book = $1 AND c.billed_by IS NULL AND c.day <= $2 AND c.recorded <= $3
            AND c.charge NOT IN (\(billedThen))
        UNION ALL
        SELECT c.customer, c.order_id, c.line_no, c.day, c.sku, c.description, c.quantity, c.unit_price, c.discount,
            c.currency, c.po_number
        FROM charges c
        JOIN documents d ON d.book = c.book AND d.document = c.billed_by
        WHERE c.book = $1 AND c.billed_by IS NOT NULL AND c.day <= $2 AND c.recorded <= $3
            AND (d.issue_day > $2 OR d.recorded > $3)
            AND c.charge NOT IN (\(billedThen))
        ORDER BY 4, 2, 3
        """
}

extension UnbilledReport: ReportTable {
    public static let headings = [
        "seller", "customer", "name", "order_id", "line_no", "day", "sku", "description", "quantity", "unit_price",
        "discount_pct", "currency", "po_number",
    ]
    public var rows: [[String]] {
        customers.flatMap { customer in
            customer.charges.map {
                [
                    customer.seller, customer.customer, customer.name, $0.orderID, String($0.line), $0.day, $0.sku,
                    $0.description, $0.quantity, $0.unitPrice ?? "", $0.discountPercent, $0.currency, $0.poNumber,
                ]
            }
        }
    }
}
