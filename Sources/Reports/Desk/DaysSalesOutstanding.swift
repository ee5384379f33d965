import Database
import Ledger
import Money

/// `report dso`: how many days of sales are owed. The month is the one of the as-of day, up to that day; sales are what was
/// invoiced, before credit notes. A figure without sales to divide by is null. Days with two decimals, half away from zero.
///
/// - simple: receivables / invoiced in the month × days of the month
/// - rolling 90: receivables / invoiced in the 90 days ending on the day × 90
/// - count-back: the months of sales that the receivables use up backwards, the last one in proportion
/// - best possible: receivables not yet due / invoiced in the month × days of the month
/// - average days late: of the invoices settled by the day, the mean days from due to settled, early ones as 0; four decimals
public struct DSOReport: Codable, Sendable, Equatable {
    public struct Block: Codable, Sendable, Equatable {
        public let currency: String
        @OrNull public var simpleDays: String?
        @OrNull public var rolling90Days: String?
        @OrNull public var countBackDays: String?
        @OrNull public var bestPossibleDays: String?
        @OrNull public var averageDaysLate: String?
        public let receivables: String
        /// The part not yet due; due on the day is not due.
        public let notDue: String
        public let invoiced: String
        public let invoiced90Days: String
        enum CodingKeys: String, CodingKey {
            case currency, receivables, invoiced
            case simpleDays = "simple_days"
            case rolling90Days = "rolling_90_days"
            case countBackDays = "count_back_days"
            case bestPossibleDays = "best_possible_days"
            case averageDaysLate = "average_days_late"
            case notDue = "not_due"
            case invoiced90Days = "invoiced_90_days"
        }
    }
    public let asOf: String
    public let knownAt: String
    public let currencies: [Block]
    enum CodingKeys: String, CodingKey {
        case currencies
        case asOf = "as_of"
        case knownAt = "known_at"
    }

    public static func read(_ scope: ReportScope, in transaction: any Transaction) throws -> DSOReport {
        let movements = try ReceivableMovements.read(scope, in: transaction)
        var settled: [Currency: Punctuality] = [:]
        try Settlements.each(scope, in: transaction) { settled[$0.currency, default: Punctuality()].add($0) }
        var notDue: [Currency: Int64] = [:]
        for book in try scope.books(in: transaction) {
            try OpenAmounts(book: book, scope: scope, transaction: transaction).read { amount in
                if amount.dueDay >= scope.asOf { notDue[amount.currency, default: 0] += amount.open }
            } unapplied: { _ in
            }
        }
        return DSOReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description,
            currencies: movements.days.sorted { $0.key.code < $1.key.code }.map { currency, days in
                block(
                    currency, days, notDue: notDue[currency] ?? 0, asOf: scope.asOf,
                    late: settled[currency] ?? Punctuality())
            })
    }

    private static func block(
        _ currency: Currency, _ days: [Day: Movement], notDue: Int64, asOf: Day, late: Punctuality
    ) -> Block {
        func invoiced(from: Day) -> Int64 {
            days.reduce(0) { $0 + ($1.key >= from && $1.key <= asOf ? $1.value.invoiced : 0) }
        }
        let owed = days.reduce(0) { $0 + ($1.key <= asOf ? $1.value.change : 0) }
        let month = invoiced(from: asOf.firstOfMonth)
        let length = Int128(asOf - asOf.firstOfMonth + 1)
        let quarter = invoiced(from: asOf - 89)
        func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
        func daysOfSales(_ amount: Int64, _ sales: Int64, in length: Int128) -> String? {
            sales > 0 ? ratio(Int128(amount) * length, Int128(sales), places: 2) : nil
        }
        return Block(
            currency: currency.code, simpleDays: daysOfSales(owed, month, in: length),
            rolling90Days: daysOfSales(owed, quarter, in: 90), countBackDays: countBack(days, owed: owed, asOf: asOf),
            bestPossibleDays: daysOfSales(notDue, month, in: length), averageDaysLate: late.meanDaysLate,
            receivables: text(owed), notDue: text(notDue), invoiced: text(month), invoiced90Days: text(quarter))
    }

    /// nil where all sales ever made do not use up what is owed.
    private static func countBack(_ days: [Day: Movement], owed: Int64, asOf: Day) -> String? {
        guard owed > 0, let first = days.keys.min() else { return "0.00" }
        var sales: [Day: Int64] = [:]
        for (day, movement) in days { sales[day.firstOfMonth, default: 0] += movement.invoiced }
        var left = owed
        var month = asOf.firstOfMonth
        var counted: Int128 = 0
        while month >= first.firstOfMonth {
            let length = Int128(min(asOf, month.lastOfMonth) - month + 1)
            let sold = max(sales[month] ?? 0, 0)
            if left <= sold {
                return ratio(counted * Int128(sold) + Int128(left) * length, Int128(sold), places: 2)
            }
            left -= sold
            counted += length
            month = month.adding(months: -1)
        }
        return nil
    }
}

extension DSOReport: ReportTable {
    public static let headings = [
        "currency", "simple_days", "rolling_90_days", "count_back_days", "best_possible_days", "average_days_late",
        "receivables", "not_due", "invoiced", "invoiced_90_days",
    ]
    public var rows: [[String]] {
        currencies.map {
            [
                $0.currency, $0.simpleDays ?? "", $0.rolling90Days ?? "", $0.countBackDays ?? "",
                $0.bestPossibleDays ?? "", $0.averageDaysLate ?? "", $0.receivables, $0.notDue, $0.invoiced,
                $0.invoiced90Days,
            ]
        }
    }
}
