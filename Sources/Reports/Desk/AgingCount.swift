import Database
import Ledger
import Money

/// Adds up open amounts by currency, customer and bucket.
struct AgingCount {
    private struct Sums {
        var buckets: [Int64]
        var items: [Int]
        var unallocated: Int64 = 0
        var disputed: Int64 = 0
        var total: Int64 { buckets.reduce(0, +) }
        init(_ count: Int) {
            buckets = Array(repeating: 0, count: count)
            items = Array(repeating: 0, count: count)
        }
    }
    private struct Line {
        let book: ReportBook
        let name: CustomerName?
        let currency: Currency
        let sums: Sums
    }
    private struct Key: Hashable {
        let customer: Int64?
        let currency: Currency
    }
    let buckets: AgingBuckets
    let asOf: Day
    private var lines: [Line] = []

    private let few: Int64

    init(buckets: AgingBuckets, asOf: Day, few: Int64) {
        self.few = few
        self.buckets = buckets
        self.asOf = asOf
    }

    mutating func add(_ book: ReportBook, _ scope: ReportScope, in transaction: any Transaction) throws {
        let amounts = OpenAmounts(book: book, scope: scope, transaction: transaction, few: few)
        let disputes = try Disputes.amounts(book, scope, in: transaction)
        var places: [Key: Int] = [:]
        var sums: [Sums] = []
        let count = buckets.buckets.count
        func place(_ amount: OpenAmount) -> Int {
            let key = Key(customer: amount.customer, currency: amount.currency)
            if let known = places[key] { return known }
            places[key] = sums.count
            sums.append(Sums(count))
            return sums.count - 1
        }
        try amounts.read { amount in
            let (line, bucket) = (place(amount), buckets.place(amount, asOf: asOf))
            sums[line].buckets[bucket] += amount.open
            sums[line].items[bucket] += 1
            if !disputes.isEmpty, let disputed = disputes[amount.item] {
                sums[line].disputed += Disputes.within(amount.open, disputed)
            }
        } unapplied: { amount in
            sums[place(amount)].unallocated += amount.open
        }
        guard !places.isEmpty else { return }
        let names = try transaction.customerNames(of: book)
        for (key, place) in places {
            let name = key.customer.map {
                names[$0] ?? CustomerName(number: RecordID(number: $0).description, name: "")
            }
            lines.append(Line(book: book, name: name, currency: key.currency, sums: sums[place]))
        }
    }

    /// One block for each currency, by code; customers by number, then by seller; money of nobody last.
    func blocks() -> [AgingReport.Block] {
        Dictionary(grouping: lines, by: \.currency).sorted { $0.key.code < $1.key.code }.map { currency, lines in
            block(
                currency,
                lines.sorted {
                    guard let left = $0.name?.number else { return $1.name == nil && $0.book.code < $1.book.code }
                    guard let right = $1.name?.number else { return true }
                    return (left, $0.book.code) < (right, $1.book.code)
                })
        }
    }

    private func block(_ currency: Currency, _ lines: [Line]) -> AgingReport.Block {
        func text(_ minor: Int64) -> String { Money(minor: minor, currency).decimal }
        let total = lines.reduce(0) { $0 + $1.sums.total }
        let unallocated = lines.reduce(0) { $0 + $1.sums.unallocated }
        return AgingReport.Block(
            currency: currency.code, total: text(total), unallocated: text(unallocated),
            unassigned: text(lines.reduce(0) { $0 + ($1.name == nil ? $1.sums.unallocated : 0) }),
            net: text(total + unallocated), disputed: text(lines.reduce(0) { $0 + $1.sums.disputed }),
            buckets: buckets.buckets.enumerated().map { place, bucket in
                AgingReport.Bucket(
                    label: bucket.label, fromDays: bucket.from, toDays: bucket.to,
                    amount: text(lines.reduce(0) { $0 + $1.sums.buckets[place] }),
                    items: lines.reduce(0) { $0 + $1.sums.items[place] })
            },
            customers: lines.map { line in
                AgingReport.Customer(
                    customer: line.name?.number, name: line.name?.name ?? "", seller: line.book.code,
                    total: text(line.sums.total), unallocated: text(line.sums.unallocated),
                    net: text(line.sums.total + line.sums.unallocated), disputed: text(line.sums.disputed),
                    buckets: line.sums.buckets.map(text))
            })
    }
}

/// What customers disagreed with on a day.
enum Disputes {
    /// The disputed amount of each document. A dispute is told from the day it was opened to the day before it was closed; one that
    /// was taken back with its import, by whoever knew of it before.
    static func amounts(_ book: ReportBook, _ scope: ReportScope, in transaction: any Transaction) throws
        -> [Int64: Int64]
    {
        var amounts: [Int64: Int64] = [:]
        try transaction.rows(
            """
            SELECT document, minor FROM disputes s
            WHERE book = $1 AND opened <= $2 AND recorded <= $3 AND (closed IS NULL OR closed > $2 OR EXISTS (
                SELECT 1 FROM undoings u WHERE u.book = s.book AND u.command = s.command AND u.recorded > $3))
            """, [book.key, scope.day, scope.known]
        ) { row in amounts[try row.int(0), default: 0] += try row.int(1) }
        return amounts
    }

    /// No more is in dispute than is open.
    static func within(_ open: Int64, _ disputed: Int64) -> Int64 {
        open >= 0 ? min(max(disputed, 0), open) : 0
    }
}
