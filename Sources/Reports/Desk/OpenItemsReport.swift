import Database
import Ledger
import Money

/// What a figure of the ageing is made of: its open items, one by one, as of the same day and as known at the same instant.
public struct OpenItemsReport: Codable, Sendable, Equatable {
    public struct Item: Codable, Sendable, Equatable {
        public let seller: String
        @OrNull public var customer: String?
        public let name: String
        /// The document's number; of money on account the receipt's.
        public let number: String
        /// `invoice`, `credit-note`, or `payment`.
        public let type: String
        public let day: String
        /// null for money on account.
        @OrNull public var dueDay: String?
        public let bucket: String
        public let original: String
        public let open: String
        public let currency: String
        enum CodingKeys: String, CodingKey {
            case seller, customer, name, number, type, day, bucket, original, open, currency
            case dueDay = "due_day"
        }
    }
    public struct Sum: Codable, Sendable, Equatable {
        public let currency: String
        public let items: Int
        public let open: String
    }
    /// Which of them: all that is nil is not asked.
    public struct Filter: Sendable {
        public var currency: String?
        /// The number the firm uses; with `seller` it is one customer.
        public var customer: String?
        /// As the ageing labels it, or `on account`.
        public var bucket: String?
        /// Only money on account that belongs to no customer yet.
        public var nobodys = false
        public init(
            currency: String? = nil, customer: String? = nil, bucket: String? = nil, nobodys: Bool = false
        ) {
            (self.currency, self.customer, self.bucket, self.nobodys) = (currency, customer, bucket, nobodys)
        }
    }
    public let asOf: String
    public let knownAt: String
    /// Of all that fit, also where not all are told.
    public let sums: [Sum]
    /// The largest first.
    public let items: [Item]
    enum CodingKeys: String, CodingKey {
        case sums, items
        case asOf = "as_of"
        case knownAt = "known_at"
    }

    public static let onAccount = "on account"

    /// `limit`: so many items are told, the largest; the sums are of all.
    public static func read(
        _ scope: ReportScope, _ buckets: AgingBuckets, _ filter: Filter, limit: Int = .max,
        in transaction: any Transaction
    ) throws -> OpenItemsReport {
        var found: [(book: ReportBook, amount: OpenAmount, isPayment: Bool)] = []
        var names: [Int64: [Int64: CustomerName]] = [:]
        for book in try scope.books(in: transaction) {
            let known = try transaction.customerNames(of: book)
            names[book.id] = known
            let only = try filter.customer.map { number in
                try transaction.query(
                    "SELECT customer FROM customers WHERE book = $1 AND number = $2", [book.key, .text(number)]
                ).first?.int(0) ?? -1
            }
            func take(_ amount: OpenAmount, _ isPayment: Bool) {
                guard filter.currency == nil || amount.currency.code == filter.currency else { return }
                guard only == nil || amount.customer == only, !filter.nobodys || amount.customer == nil else { return }
                let label =
                    isPayment ? onAccount : buckets.buckets[buckets.place(amount, asOf: scope.asOf)].label
                if let bucket = filter.bucket, bucket != label { return }
                found.append((book, amount, isPayment))
            }
            try OpenAmounts(book: book, scope: scope, transaction: transaction).read {
                take($0, false)
            } unapplied: {
                take($0, true)
            }
        }
        var sums: [Currency: (items: Int, open: Int64)] = [:]
        for one in found {
            sums[one.amount.currency, default: (0, 0)].items += 1
            sums[one.amount.currency, default: (0, 0)].open += one.amount.open
        }
        found.sort { left, right in
            (right.amount.open.magnitude, left.amount.item) < (left.amount.open.magnitude, right.amount.item)
        }
        let told = Array(found.prefix(limit))
        let numbers = try self.numbers(told, in: transaction)
        return OpenItemsReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description,
            sums: sums.sorted { $0.key.code < $1.key.code }.map {
                Sum(currency: $0.key.code, items: $0.value.items, open: Money(minor: $0.value.open, $0.key).decimal)
            },
            items: told.map { book, amount, isPayment in
                let name = amount.customer.flatMap { names[book.id]?[$0] }
                let (number, kind) = numbers[amount.item] ?? (RecordID(number: amount.item).description, "payment")
                return Item(
                    seller: book.code, customer: name?.number, name: name?.name ?? "", number: number, type: kind,
                    day: amount.day.description, dueDay: isPayment ? nil : amount.dueDay.description,
                    bucket: isPayment ? onAccount : buckets.buckets[buckets.place(amount, asOf: scope.asOf)].label,
                    original: Money(minor: amount.original, amount.currency).decimal,
                    open: Money(minor: amount.open, amount.currency).decimal, currency: amount.currency.code)
            })
    }

    private static func numbers(
        _ found: [(book: ReportBook, amount: OpenAmount, isPayment: Bool)], in transaction: any Transaction
    ) throws -> [Int64: (String, String)] {
        var numbers: [Int64: (String, String)] = [:]
        for (_, ofBook) in Dictionary(grouping: found, by: { $0.book.id }) {
            try transaction.pick(ofBook.map { $0.amount.item })
            try transaction.rows(
                """
                SELECT d.document, d.number, d.kind FROM picked CROSS JOIN documents d
                WHERE d.book = $1 AND d.document = picked.key
                """, [ofBook[0].book.key]
            ) { numbers[try $0.int(0)] = (try $0.text(1), try $0.text(2)) }
            try transaction.rows(
                """
                SELECT r.receipt, r.payment_id FROM picked CROSS JOIN receipts r
                WHERE r.book = $1 AND r.receipt = picked.key AND r.payment_id <> ''
                """, [ofBook[0].book.key]
            ) { numbers[try $0.int(0)] = (try $0.text(1), "payment") }
        }
        return numbers
    }
}

extension OpenItemsReport: ReportTable {
    public static let headings = [
        "seller", "customer", "name", "number", "type", "day", "due_day", "bucket", "original", "open", "currency",
    ]
    public var rows: [[String]] {
        items.map {
            [
                $0.seller, $0.customer ?? "", $0.name, $0.number, $0.type, $0.day, $0.dueDay ?? "", $0.bucket,
                $0.original, $0.open, $0.currency,
            ]
        }
    }
}
