import Database
import Ledger
import Money

/// An item of `customer list`: the customer, and what they owe now.
public struct CustomerRow: Codable, Sendable, Equatable {
    public struct Balance: Codable, Sendable, Equatable {
        public let currency: String
        public let open: String
        /// Past due on the day asked for.
        public let overdue: String
        /// Negative.
        public let unallocated: String
        public let net: String
    }
    public let customer: String
    public let name: String
    public let seller: String
    public let country: String
    public let currency: String
    public let language: String
    public let termsDays: Int64
    public let toComplete: Bool
    public let balances: [Balance]
    /// The customer's id.
    public let id: String
    enum CodingKeys: String, CodingKey {
        case customer, name, seller, country, currency, language, balances, id
        case termsDays = "terms_days"
        case toComplete = "to_complete"
    }

    /// Customers by seller and number. `asOf` decides what is overdue; the amounts are those of now.
    public static func list(
        book: Int64?, asOf: Day, limit: Int = 100, after: String? = nil, in transaction: any Transaction
    ) throws -> ReportPage<CustomerRow> {
        let books = try ReportScope(book: book, asOf: asOf, knownAt: Instant(micro: 0)).books(in: transaction)
        return try BookPages.read(books, code: \.code, limit: limit, after: after.flatMap(BookCursor.init)) {
            book, after, limit in
            let rows = try transaction.query(
                "\(columns) AND c.number > $2 ORDER BY c.number LIMIT $3",
                [book.key, .text(after ?? ""), .int(Int64(limit))])
            return try customers(rows, book, asOf, transaction).map { ($0.customer, $0) }
        }
    }

    static let columns = """
        SELECT c.customer, c.number, d.name, c.country, c.currency, c.language, c.terms_days, c.to_complete
        FROM customers c
        LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
        WHERE c.book = $1
        """

    static func customers(_ rows: [Row], _ book: ReportBook, _ asOf: Day, _ transaction: any Transaction) throws
        -> [CustomerRow]
    {
        let balances = try self.balances(of: rows.map { try $0.int(0) }, book, asOf, transaction)
        return try rows.map { row in
            CustomerRow(
                customer: try row.text(1), name: try row.textOrNil(2) ?? "", seller: book.code,
                country: try row.text(3),
                currency: try row.text(4), language: try row.text(5), termsDays: try row.int(6),
                toComplete: try row.int(7) == 1, balances: balances[try row.int(0)] ?? [],
                id: RecordID(number: try row.int(0)).description)
        }
    }

    private static func balances(
        of customers: [Int64], _ book: ReportBook, _ asOf: Day, _ transaction: any Transaction
    ) throws -> [Int64: [Balance]] {
        try transaction.pick(customers)
        var balances: [Int64: [Balance]] = [:]
        let rows = try transaction.query(
            """
            SELECT i.customer, i.currency,
                CAST(sum(CASE WHEN i.account = 'receivables' THEN i.open_minor ELSE 0 END) AS BIGINT),
                CAST(sum(CASE WHEN i.account = 'receivables' AND i.due_day < $2 THEN i.open_minor ELSE 0 END) AS BIGINT),
                CAST(sum(CASE WHEN i.account = 'unapplied' THEN i.open_minor ELSE 0 END) AS BIGINT)
            FROM picked
            CROSS JOIN open_items i
            WHERE i.book = $1 AND i.account IN ('receivables', 'unapplied') AND i.customer = picked.key
                AND i.open_minor <> 0
            GROUP BY i.customer, i.currency
            ORDER BY i.customer, i.currency
            """, [book.key, .text(asOf.description)])
        for row in rows {
            let currency = try ReportBook.currency(try row.text(1))
            func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
            balances[try row.int(0), default: []].append(
                Balance(
                    currency: currency.code, open: text(try row.int(2)), overdue: text(try row.int(3)),
                    unallocated: text(try row.int(4)), net: text(try row.int(2) + row.int(4))))
        }
        return balances
    }
}

/// `customer show`: the row of the list with address, contacts and holds.
public struct CustomerSheet: Codable, Sendable, Equatable {
    public struct Contact: Codable, Sendable, Equatable {
        public let purpose: String
        public let name: String
        public let email: String
        public let phone: String
    }
    public struct Hold: Codable, Sendable, Equatable {
        public let hold: String
        @OrNull public var document: String?
        public let reason: String
        public let from: String
        @OrNull public var to: String?
    }
    public let head: CustomerRow
    public let address: InvoiceSheet.Address
    public let state: String
    public let consumer: Bool
    public let priceList: String
    @OrNull public var creditLimit: String?
    public let contacts: [Contact]
    public let holds: [Hold]

    /// One for each seller that has the number.
    public static func read(number: String, book: Int64?, asOf: Day, in transaction: any Transaction) throws
        -> [CustomerSheet]
    {
        let books = try ReportScope(book: book, asOf: asOf, knownAt: Instant(micro: 0)).books(in: transaction)
        return try books.flatMap { book in
            let rows = try transaction.query("\(CustomerRow.columns) AND c.number = $2", [book.key, .text(number)])
            return try zip(rows, CustomerRow.customers(rows, book, asOf, transaction)).map { row, head in
                try CustomerSheet(head, .int(try row.int(0)), book, transaction)
            }
        }
    }

    private init(_ head: CustomerRow, _ customer: SQLValue, _ book: ReportBook, _ transaction: any Transaction) throws {
        self.head = head
        let rows = try transaction.query(
            """
            SELECT d.name, d.street, d.postcode, d.city, c.country, d.vat_id, c.state, c.consumer, c.price_list,
                c.credit_limit
            FROM customers c
            JOIN customer_details d ON d.book = c.book AND d.details = c.details
            WHERE c.book = $1 AND c.customer = $2
            """, [book.key, customer])
        let row = rows.first
        func text(_ column: Int) throws -> String { try row?.textOrNil(column) ?? "" }
        address = InvoiceSheet.Address(
            name: try text(0), street: try text(1), postcode: try text(2), city: try text(3), country: try text(4),
            vatID: try text(5))
        state = try text(6)
        consumer = try text(7) == "1"
        priceList = try text(8)
        let currency = try ReportBook.currency(head.currency)
        _creditLimit = OrNull(wrappedValue: try row?.intOrNil(9).map { Money(minor: $0, currency).decimal })
        contacts = try transaction.query(
            "SELECT purpose, name, email, phone FROM contacts WHERE book = $1 AND customer = $2 ORDER BY purpose, place",
            [book.key, customer]
        ).map {
            Contact(purpose: try $0.text(0), name: try $0.text(1), email: try $0.text(2), phone: try $0.text(3))
        }
        holds = try transaction.query(
            """
            SELECT h.hold, d.number, h.reason, h.from_day, h.to_day
            FROM holds h
            LEFT JOIN documents d ON d.book = h.book AND d.document = h.document
            WHERE h.book = $1 AND h.customer = $2
            ORDER BY h.hold
            """, [book.key, customer]
        ).map {
            Hold(
                hold: RecordID(number: try $0.int(0)).description, document: try $0.textOrNil(1),
                reason: try $0.text(2),
                from: try $0.text(3), to: try $0.textOrNil(4))
        }
    }

    enum CodingKeys: String, CodingKey {
        case address, state, consumer, contacts, holds
        case priceList = "price_list"
        case creditLimit = "credit_limit"
    }
    /// The head's fields stand beside the others, as in the list.
    public func encode(to encoder: any Encoder) throws {
        try head.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(address, forKey: .address)
        try container.encode(state, forKey: .state)
        try container.encode(consumer, forKey: .consumer)
        try container.encode(priceList, forKey: .priceList)
        try container.encode(creditLimit, forKey: .creditLimit)
        try container.encode(contacts, forKey: .contacts)
        try container.encode(holds, forKey: .holds)
    }
    public init(from decoder: any Decoder) throws {
        head = try CustomerRow(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        address = try container.decode(InvoiceSheet.Address.self, forKey: .address)
        state = try container.decode(String.self, forKey: .state)
        consumer = try container.decode(Bool.self, forKey: .consumer)
        priceList = try container.decode(String.self, forKey: .priceList)
        _creditLimit = OrNull(wrappedValue: try container.decode(String?.self, forKey: .creditLimit))
        contacts = try container.decode([Contact].self, forKey: .contacts)
        holds = try container.decode([Hold].self, forKey: .holds)
    }
}
