import Books
import Charges
import Database
import Invoicing
import Ledger
import Money

extension InvoicingDesk {
    /// The charges of a draft, priced as they would be now. Empty where there is no such draft.
    public func lines(of draft: RecordID, book: Int64) async throws -> [UnbilledCharges.Charge] {
        let (now, dice) = (clock(), chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            var charges: [Charge] = []
            try transaction.rows(
                """
                SELECT \(InvoicingRecords.chargeColumns)
                FROM draft_charges d
                JOIN charges c ON c.book = d.book AND c.charge = d.charge
                WHERE d.book = $1 AND d.draft = $2
                ORDER BY c.day, c.order_id, c.line_no
                """, [.int(book), .int(draft.number)]
            ) { charges.append(try InvoicingRecords.charge($0)) }
            guard let first = charges.first else { return [] }
            let facts = try InvoicingRecords.references(transaction, seller: books.seller, openFrom: books.openFrom)
            let customers = try InvoicingRecords.customers(transaction, book: book, [first.customer])
            guard let customer = customers[first.customer] else { return [] }
            return charges.map { UnbilledCharges.Charge($0, Draft.price($0, customer, given: facts)) }
        }
    }
}
