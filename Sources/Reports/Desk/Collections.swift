import Database
import Money

/// `report collections`: money that came in, month by month. A receipt taken back (a bounced debit) counts in the month it was
/// taken back, as `returned`; `refunded` is what was paid out again.
public struct CollectionsReport: Codable, Sendable, Equatable {
    public struct Month: Codable, Sendable, Equatable {
        /// `2026-03`
        public let month: String
        public let receipts: Int64
        public let received: String
        public let returned: String
        public let refunded: String
        /// received − returned − refunded
        public let net: String
    }
    public struct Block: Codable, Sendable, Equatable {
        public let currency: String
        public let months: [Month]
    }
    public let asOf: String
    public let knownAt: String
    public let currencies: [Block]
    enum CodingKeys: String, CodingKey {
        case currencies
        case asOf = "as_of"
        case knownAt = "known_at"
    }

    fileprivate struct Sums {
        var receipts: Int64 = 0
        var received: Int64 = 0
        var returned: Int64 = 0
        var refunded: Int64 = 0
    }

    /// Months with money only, from the month of `from`.
    public static func read(_ scope: ReportScope, from: Day?, in transaction: any Transaction) throws
        -> CollectionsReport
    {
        var sums: [Currency: [String: Sums]] = [:]
        let first = (from ?? Day(number: -700_000)).firstOfMonth.description
        for book in try scope.books(in: transaction) {
            try transaction.rows(text, [book.key, scope.day, scope.known, .text(first)]) { row in
                var month = Sums()
                let minor = try row.int(4)
                switch try row.text(2) {
                case "refund", "reversed refund": month.refunded = -minor
                case let kind where kind.hasPrefix("reversed"): month.returned = -minor
                default:
                    month.received = minor
                    month.receipts = try row.int(3)
                }
                sums[try ReportBook.currency(try row.text(1)), default: [:]][try row.text(0), default: Sums()] += month
            }
        }
        return CollectionsReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description,
            currencies: sums.sorted { $0.key.code < $1.key.code }.map { currency, months in
                func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
                return Block(
                    currency: currency.code,
                    months: months.sorted { $0.key < $1.key }.map { month, sum in
                        Month(
                            month: month, receipts: sum.receipts, received: text(sum.received),
                            returned: text(sum.returned), refunded: text(sum.refunded),
                            net: text(sum.received - sum.returned - sum.refunded))
                    })
            })
    }

    static let text = """
        SELECT substr(e.day, 1, 7), l.currency, COALESCE('reversed ' || r.kind, e.kind), count(*),
            CAST(sum(l.minor) AS BIGINT)
        FROM entries e
        JOIN journal_lines l ON l.book = e.book AND l.entry = e.entry AND l.account = 'bank'
        LEFT JOIN entries r ON r.book = e.book AND r.entry = e.reverses
        WHERE e.book = $1 AND e.day <= $2 AND e.recorded <= $3 AND e.day >= $4
        GROUP BY substr(e.day, 1, 7), l.currency, COALESCE('reversed ' || r.kind, e.kind)
        """
}

extension CollectionsReport.Sums {
    fileprivate static func += (left: inout Self, right: Self) {
        left.receipts += right.receipts
        left.received += right.received
        left.returned += right.returned
        left.refunded += right.refunded
    }
}

extension CollectionsReport: ReportTable {
    public static let headings = ["currency", "month", "receipts", "received", "returned", "refunded", "net"]
    public var rows: [[String]] {
        currencies.flatMap { block in
            block.months.map {
                [block.currency, $0.month, String($0.receipts), $0.received, $0.returned, $0.refunded, $0.net]
            }
        }
    }
}
