import Database
import Ledger
import Money

/// How much of the money that came in was placed by matching alone, month by month: receipts by the day they were booked, and
/// what was set against documents of them, with a confidence (by matching) or without one (by a person).
public struct PlacedReport: Codable, Sendable, Equatable {
    public struct Month: Codable, Sendable, Equatable {
        /// `2026-03`
        public let month: String
        public let received: String
        public let automatic: String
        public let byHand: String
        /// received − automatic − by hand: on account, refunded, or waiting.
        public let rest: String
        /// Hundredths of a percent of `received`, half away from zero; null without receipts.
        @OrNull public var automaticShare: String?
        enum CodingKeys: String, CodingKey {
            case month, received, automatic, rest
            case byHand = "by_hand"
            case automaticShare = "automatic_share"
        }
    }
    public struct Block: Codable, Sendable, Equatable {
        public let currency: String
        public let months: [Month]
    }
    public let asOf: String
    public let currencies: [Block]
    enum CodingKeys: String, CodingKey {
        case currencies
        case asOf = "as_of"
    }

    /// Receipts booked from the first of the month eleven months before the day, as placed now.
    public static func read(_ scope: ReportScope, in transaction: any Transaction) throws -> PlacedReport {
        struct Sums {
            var received: Int64 = 0
            var automatic: Int64 = 0
            var byHand: Int64 = 0
        }
        var sums: [Currency: [String: Sums]] = [:]
        let from = SQLValue.text(scope.asOf.firstOfMonth.adding(months: -11).description)
        for book in try scope.books(in: transaction) {
            try transaction.rows(received, [book.key, from, scope.day]) { row in
                let currency = try ReportBook.currency(try row.text(1))
                sums[currency, default: [:]][try row.text(0), default: Sums()].received += try row.int(2)
            }
            try transaction.rows(placed, [book.key, from, scope.day]) { row in
                let currency = try ReportBook.currency(try row.text(1))
                sums[currency, default: [:]][try row.text(0), default: Sums()].automatic += try row.int(2)
                sums[currency, default: [:]][try row.text(0), default: Sums()].byHand += try row.int(3)
            }
        }
        return PlacedReport(
            asOf: scope.asOf.description,
            currencies: sums.sorted { $0.key.code < $1.key.code }.map { currency, months in
                func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
                return Block(
                    currency: currency.code,
                    months: months.sorted { $0.key < $1.key }.map { month, sum in
                        Month(
                            month: month, received: text(sum.received), automatic: text(sum.automatic),
                            byHand: text(sum.byHand), rest: text(sum.received - sum.automatic - sum.byHand),
                            automaticShare: ratio(Int128(sum.automatic) * 100, Int128(sum.received), places: 2))
                    })
            })
    }

    static let received = """
        SELECT substr(r.day, 1, 7), r.currency, CAST(sum(r.minor) AS BIGINT)
        FROM receipts r
        WHERE r.book = $1 AND r.day >= $2 AND r.day <= $3
            AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
        GROUP BY substr(r.day, 1, 7), r.currency
        """

    static let placed = """
        SELECT substr(r.day, 1, 7), r.currency,
            CAST(sum(CASE WHEN a.confidence IS NOT NULL THEN a.minor ELSE 0 END) AS BIGINT),
            CAST(sum(CASE WHEN a.confidence IS NULL THEN a.minor ELSE 0 END) AS BIGINT)
        FROM receipts r
        JOIN allocations a ON a.book = r.book AND a.receipt = r.receipt
        WHERE r.book = $1 AND r.day >= $2 AND r.day <= $3
            AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
            AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry)
        GROUP BY substr(r.day, 1, 7), r.currency
        """
}

extension PlacedReport: ReportTable {
    public static let headings = [
        "currency", "month", "received", "automatic", "by_hand", "rest", "automatic_share_percent",
    ]
    public var rows: [[String]] {
        currencies.flatMap { block in
            block.months.map {
                [
                    block.currency, $0.month, $0.received, $0.automatic, $0.byHand, $0.rest, $0.automaticShare ?? "",
                ]
            }
        }
    }
}
