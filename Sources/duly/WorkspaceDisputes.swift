import Database
import Foundation
import Ledger
import Money
import Workspace

/// What customers question, and what keeps letters back.
extension WorkspaceBooks {
    private static let pageOfDisputes = 60
    private static let mostHolds = 100

    func disputes(page: Int, seller: String?, language: Language) async throws -> DisputesView {
        try await reading { transaction in
            let houses = try houses(seller, transaction)
            let first = (page - 1) * Self.pageOfDisputes
            var items: [DisputedItem] = []
            var worth: [Currency: Int64] = [:]
            var (all, holds) = (0, [HeldBack]())
            for house in houses {
                items += try Self.disputed(house, limit: first + Self.pageOfDisputes + 1, transaction)
                holds += try Self.holds(house, day(house.timeZone), transaction)
                for row in try transaction.query(
                    """
                    SELECT d.currency, count(*), CAST(sum(x.minor) AS BIGINT)
                    FROM disputes x CROSS JOIN documents d
                    WHERE x.book = $1 AND x.closed IS NULL AND d.book = x.book AND d.document = x.document
                    GROUP BY d.currency
                    """, [house.key])
                {
                    all += Int(try row.int(1))
                    worth[try Self.currency(try row.text(0)), default: 0] += try row.int(2)
                }
            }
            if houses.count > 1 { items.sort { $0.since < $1.since } }
            return DisputesView(
                day: day(houses.first?.timeZone ?? "UTC"), sellers: houses.map(\.view),
                disputes: Array(items.dropFirst(first).prefix(Self.pageOfDisputes)), all: all,
                worth: worth.sorted { $0.key.code < $1.key.code }.map { Amount(Money(minor: $0.value, $0.key)) },
                more: items.count > first + Self.pageOfDisputes, holds: holds)
        }
    }

    private static func disputed(
        _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [DisputedItem] {
        try transaction.query(
            """
            SELECT d.number, c.number, n.name, d.currency, x.minor, i.open_minor, x.reason, x.opened
            FROM disputes x CROSS JOIN documents d CROSS JOIN open_items i CROSS JOIN customers c
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE x.book = $1 AND x.closed IS NULL AND d.book = x.book AND d.document = x.document
                AND i.book = x.book AND i.item = x.document AND c.book = x.book AND c.customer = x.customer
            ORDER BY x.opened, x.dispute LIMIT $2
            """, [house.key, .int(Int64(limit))]
        ).map { row in
            let currency = try Self.currency(try row.text(3))
            return DisputedItem(
                seller: house.code, invoiceNo: try row.text(0), customer: try row.text(1),
                customerName: try row.textOrNil(2) ?? "", disputed: Money(minor: try row.int(4), currency),
                open: Money(minor: try row.int(5), currency), reason: try row.text(6),
                since: try Self.day(try row.text(7)))
        }
    }

    private static func holds(_ house: House, _ today: Day, _ transaction: any Transaction) throws -> [HeldBack] {
        try transaction.query(
            """
            SELECT c.number, n.name, d.number, h.reason, h.from_day, h.to_day
            FROM holds h CROSS JOIN customers c
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            LEFT JOIN documents d ON d.book = h.book AND d.document = h.document
            WHERE h.book = $1 AND c.book = h.book AND c.customer = h.customer AND (h.to_day IS NULL OR h.to_day >= $2)
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = h.book AND u.command = h.command)
            ORDER BY h.from_day, h.hold LIMIT $3
            """, [house.key, .text(today.description), .int(Int64(mostHolds))]
        ).map { row in
            HeldBack(
                seller: house.code, customer: try row.text(0), customerName: try row.textOrNil(1) ?? "",
                document: try row.textOrNil(2), reason: try row.text(3), since: try Self.day(try row.text(4)),
                until: try row.textOrNil(5).flatMap { Day($0) })
        }
    }
}
