import Database
import Ledger
import Money

/// How the receivables of one currency moved on one day: amounts that add, and amounts that take away, each positive.
struct Movement: Sendable, Equatable {
    /// Invoices, interest notes and imported invoices.
    var invoiced: Int64 = 0
    /// Credit notes.
    var credited: Int64 = 0
    /// Paid with money of receipts.
    var collected: Int64 = 0
    /// Cash discount, bank charges and bad debts, with their tax.
    var writtenOff: Int64 = 0
    /// The rest; what it adds.
    var other: Int64 = 0

    /// What the control account gained.
    var change: Int64 { invoiced - credited - collected - writtenOff + other }

    static func += (left: inout Movement, right: Movement) {
        left.invoiced += right.invoiced
        left.credited += right.credited
        left.collected += right.collected
        left.writtenOff += right.writtenOff
        left.other += right.other
    }
}

/// The movements of the control account, by currency and day, from the journal alone. A reversal counts against what it takes
/// back, on its own day.
struct ReceivableMovements: Sendable {
    private(set) var days: [Currency: [Day: Movement]] = [:]

    static func read(_ scope: ReportScope, in transaction: any Transaction) throws -> ReceivableMovements {
        var movements = ReceivableMovements()
        for book in try scope.books(in: transaction) {
            var walk = MovementWalk(book: book, scope: scope)
            try walk.read(in: transaction)
            for (currency, days) in walk.days {
                for (day, movement) in days {
                    movements.days[currency, default: [:]][day, default: Movement()] += movement
                }
            }
        }
        return movements
    }

    func total(_ currency: Currency, _ days: ClosedRange<Day>) -> Movement {
        var total = Movement()
        for (day, movement) in self.days[currency] ?? [:] where days.contains(day) { total += movement }
        return total
    }
}
