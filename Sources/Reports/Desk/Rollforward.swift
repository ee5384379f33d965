import Database
import Money

/// `report rollforward`: how the receivables of each month came about. closing = opening + invoiced − credited − collected −
/// written_off + other, and the closing of the last month is the ageing total of the as-of day.
public struct RollforwardReport: Codable, Sendable, Equatable {
    public struct Month: Codable, Sendable, Equatable {
        /// `2026-03`
        public let month: String
        public let opening: String
        public let invoiced: String
        public let credited: String
        public let collected: String
        public let writtenOff: String
        public let other: String
        public let closing: String
        enum CodingKeys: String, CodingKey {
            case month, opening, invoiced, credited, collected, other, closing
            case writtenOff = "written_off"
        }
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

    /// From the month of `from` (else the first with a movement) to the as-of day, whose month may be a part.
    public static func read(_ scope: ReportScope, from: Day?, in transaction: any Transaction) throws
        -> RollforwardReport
    {
        let movements = try ReceivableMovements.read(scope, in: transaction)
        return RollforwardReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description,
            currencies: movements.days.sorted { $0.key.code < $1.key.code }.map { currency, days in
                Block(currency: currency.code, months: months(currency, days, from: from, asOf: scope.asOf))
            })
    }

    private static func months(_ currency: Currency, _ days: [Day: Movement], from: Day?, asOf: Day) -> [Month] {
        guard let first = from ?? days.keys.min() else { return [] }
        var byMonth: [Day: Movement] = [:]
        var opening: Int64 = 0
        for (day, movement) in days {
            if day < first.firstOfMonth {
                opening += movement.change
            } else {
                byMonth[day.firstOfMonth, default: Movement()] += movement
            }
        }
        func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
        var months: [Month] = []
        var month = first.firstOfMonth
        while month <= asOf {
            let movement = byMonth[month] ?? Movement()
            let closing = opening + movement.change
            months.append(
                Month(
                    month: String(month.description.prefix(7)), opening: text(opening),
                    invoiced: text(movement.invoiced),
                    credited: text(movement.credited), collected: text(movement.collected),
                    writtenOff: text(movement.writtenOff), other: text(movement.other), closing: text(closing)))
            opening = closing
            month = month.adding(months: 1)
        }
        return months
    }
}

extension RollforwardReport: ReportTable {
    public static let headings = [
        "currency", "month", "opening", "invoiced", "credited", "collected", "written_off", "other", "closing",
    ]
    public var rows: [[String]] {
        currencies.flatMap { block in
            block.months.map {
                [
                    block.currency, $0.month, $0.opening, $0.invoiced, $0.credited, $0.collected, $0.writtenOff,
                    $0.other,
                    $0.closing,
                ]
            }
        }
    }
}
