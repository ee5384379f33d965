import Books
import CorrespondenceDesk
import Database
import Ledger
import Money
import Workspace

/// Statements on the screen: the facts of the paper, read by the desk that prints it.
extension WorkspaceBooks {
    func statements(_ asked: StatementsQuery) async throws -> StatementsView {
        let all = try await reading { transaction in try houses(nil, transaction) }
        let (asOf, known, found) = try await place(asked)
        guard let customer = asked.customer, let found else {
            return StatementsView(
                asOf: asOf, sellers: all.map(\.view), customer: asked.customer, isKnown: false, statements: [])
        }
        let sheets = try await letters.statements(of: customer, asOf: asOf, knownAt: known, book: found.book)
        return StatementsView(
            asOf: asOf, sellers: all.map(\.view), customer: customer, isKnown: true,
            statements: try sheets.map { try Self.statement($0, found) })
    }

    func statementPDFs(_ asked: StatementsQuery) async throws -> [[UInt8]] {
        let (asOf, known, found) = try await place(asked)
        guard let customer = asked.customer, let found else { return [] }
        return try await letters.statementPDFs(of: customer, asOf: asOf, knownAt: known, book: found.book)
    }

    private var letters: CorrespondenceDesk {
        CorrespondenceDesk(database, clock: Common.clock, chance: Common.chance)
    }

    /// The two clocks, and the seller whose customer it is.
    private func place(_ asked: StatementsQuery) async throws -> (Day, Instant, House?) {
        let known = try await Horizon.knownAt(asked.knownAt, database, clock: Common.clock())
        let (houses, found) = try await reading { transaction in
            let houses = try self.houses(asked.seller, transaction)
            let found = try asked.customer.flatMap { number in
                try one(number, of: houses) { house in
                    try transaction.query(
                        "SELECT customer FROM customers WHERE book = $1 AND number = $2", [house.key, .text(number)]
                    ).first.map { _ in house }
                }
            }
            return (houses, found)
        }
        let zone = found?.timeZone ?? houses.first?.timeZone ?? "UTC"
        return (asked.asOf ?? day(zone), known, found)
    }

    private static func statement(_ sheet: StatementFacts.Sheet, _ house: House) throws -> StatementView {
        let currency = try currency(sheet.currency)
        func figure(_ text: String) throws -> Figure { Figure(try money(text, currency)) }
        return StatementView(
            seller: house.view, customer: sheet.customer, customerName: sheet.customerName, currency: sheet.currency,
            knownAt: try instant(sheet.knownAt), total: try figure(sheet.total),
            unallocated: try figure(sheet.unallocated), net: try figure(sheet.net),
            disputed: try figure(sheet.disputed), dueNow: try figure(sheet.dueNow),
            ages: try sheet.ages.map { age in
                BucketView(
                    label: age.fromDays.map { from in age.toDays.map { "\(from)-\($0)" } ?? "over \(from - 1)" }
                        ?? "not due", fromDays: age.fromDays, toDays: age.toDays,
                    amount: try money(age.amount, currency), items: 0)
            },
            items: try sheet.items.map { item in
                StatementView.Item(
                    type: item.type, number: item.number, day: try day(item.day), dueDay: try item.dueDay.map(day),
                    daysLate: item.daysLate, original: try figure(item.original), open: try figure(item.open),
                    disputed: try figure(item.disputed))
            })
    }
}
