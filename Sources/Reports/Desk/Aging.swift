import Database
import Ledger
import Money

/// How open items are sorted by age: the last day of each bucket, in days past due (or past issue).
public struct AgingBuckets: Sendable, Equatable {
    public enum Basis: String, Sendable, CaseIterable { case dueDay = "due-day", invoiceDay = "invoice-day" }
    public struct Bucket: Sendable, Equatable {
        public let label: String
        /// nil: no bound.
        public let from: Int?
        public let to: Int?
    }
    public let basis: Basis
    public let buckets: [Bucket]
    /// `0, 30, 60, 90`: up to 0 days, 1 to 30, 31 to 60, 61 to 90, over 90.
    private let ends: [Int]

    /// nil where the bounds do not rise, or there are none, or too many to read (more than 24).
    public init?(_ ends: [Int] = [0, 30, 60, 90], by basis: Basis = .dueDay) {
        guard let first = ends.first, let last = ends.last, ends.count <= 24, zip(ends, ends.dropFirst()).allSatisfy(<),
            first >= -36_500, last <= 36_500
        else { return nil }
        self.ends = ends
        self.basis = basis
        let youngest = basis == .dueDay && first == 0 ? "not due" : "up to \(first)"
        buckets =
            [Bucket(label: youngest, from: nil, to: first)]
            + zip(ends, ends.dropFirst()).map { Bucket(label: "\($0 + 1)-\($1)", from: $0 + 1, to: $1) }
            + [Bucket(label: "over \(last)", from: last + 1, to: nil)]
    }

    /// The place of an item that is `age` days past its day. Due on the day itself is not due.
    func place(ofAge age: Int) -> Int { ends.firstIndex { age <= $0 } ?? ends.count }
    func place(_ amount: OpenAmount, asOf day: Day) -> Int {
        place(ofAge: day - (basis == .dueDay ? amount.dueDay : amount.day))
    }
}

/// `report aging`: what every customer owed on a day, by age.
public struct AgingReport: Codable, Sendable, Equatable {
    public struct Bucket: Codable, Sendable, Equatable {
        public let label: String
        @OrNull public var fromDays: Int?
        @OrNull public var toDays: Int?
        public let amount: String
        public let items: Int
        enum CodingKeys: String, CodingKey {
            case label, amount, items
            case fromDays = "from_days"
            case toDays = "to_days"
        }
    }
    public struct Customer: Codable, Sendable, Equatable {
        /// The number the firm uses; null for money of a payer nobody knows yet.
        @OrNull public var customer: String?
        public let name: String
        /// The seller's code: numbers are the seller's own.
        public let seller: String
        public let total: String
        public let unallocated: String
        public let net: String
        public let disputed: String
        public let buckets: [String]
    }
    public struct Block: Codable, Sendable, Equatable {
        public let currency: String
        public let total: String
        public let unallocated: String
        /// The part of `unallocated` that belongs to no customer yet: the row whose customer is null.
        public let unassigned: String
        public let net: String
        public let disputed: String
        public let buckets: [Bucket]
        public let customers: [Customer]
    }
    public let asOf: String
    public let knownAt: String
    public let basis: String
    public let currencies: [Block]
    enum CodingKeys: String, CodingKey {
        case asOf = "as_of"
        case knownAt = "known_at"
        case basis = "by"
        case currencies
    }

    /// Reads the ledger as it stood, in the reader's own snapshot.
    public static func read(_ scope: ReportScope, _ buckets: AgingBuckets, in transaction: any Transaction) throws
        -> AgingReport
    {
        try read(scope, buckets, few: OpenAmounts.few, in: transaction)
    }

    /// `few`: so many items moved since are counted one by one; the figures are the same whatever it is.
    package static func read(
        _ scope: ReportScope, _ buckets: AgingBuckets, few: Int64, in transaction: any Transaction
    ) throws -> AgingReport {
        var count = AgingCount(buckets: buckets, asOf: scope.asOf, few: few)
        for book in try scope.books(in: transaction) {
            try count.add(book, scope, in: transaction)
        }
        return AgingReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description, basis: buckets.basis.rawValue,
            currencies: count.blocks())
    }
}

extension AgingReport: ReportTable {
    public static let headings = [
        "currency", "seller", "customer", "name", "bucket", "amount", "total", "unallocated", "net", "disputed",
    ]
    /// A row for each customer and bucket; the figures of the customer stand in each.
    public var rows: [[String]] {
        currencies.flatMap { block in
            block.customers.flatMap { customer in
                zip(block.buckets, customer.buckets).map { bucket, amount in
                    [
                        block.currency, customer.seller, customer.customer ?? "", customer.name, bucket.label, amount,
                        customer.total, customer.unallocated, customer.net, customer.disputed,
                    ]
                }
            }
        }
    }
    /// A row for each customer, the buckets side by side.
    public var wide: (headings: [String], rows: [[String]]) {
        let labels = currencies.first?.buckets.map(\.label) ?? []
        return (
            ["currency", "seller", "customer", "name"] + labels + ["total", "unallocated", "net", "disputed"],
            currencies.flatMap { block in
                block.customers.map {
                    [block.currency, $0.seller, $0.customer ?? "", $0.name] + $0.buckets
                        + [$0.total, $0.unallocated, $0.net, $0.disputed]
                }
            }
        )
    }
}
