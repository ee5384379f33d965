import Database
import Ledger
import Money
import ReportsDesk
import Workspace

/// What a page of results shows beside the names, read for all that was found of a seller at once.
struct FoundFacts {
    private var places: [Int64: [Int64: String]] = [:]
    private var open: [Int64: [Int64: [Amount]]] = [:]
    private var invoices: [Int64: [RecordID: InvoiceRow]] = [:]

    init(
        _ hits: [SearchHit], _ houses: [WorkspaceBooks.House], in transaction: any Transaction,
        day: (_ timeZone: String) -> Day
    ) throws {
        for house in houses {
            func ids(_ kind: String) -> [RecordID] {
                hits.filter { $0.seller == house.code && $0.kind == kind }.compactMap { RecordID($0.id) }
            }
            let customers = ids("customer").map(\.number)
            if !customers.isEmpty {
                try transaction.pick(customers)
                places[house.book] = try Self.places(house, transaction)
                open[house.book] = try Self.open(house, transaction)
            }
            invoices[house.book] = try InvoiceRow.read(
                documents: ids("document"), book: house.book, asOf: day(house.timeZone), in: transaction)
        }
    }

    /// Of the customers that are picked.
    private static func places(_ house: WorkspaceBooks.House, _ transaction: any Transaction) throws -> [Int64: String]
    {
        var places: [Int64: String] = [:]
        for row in try transaction.query(
            """
            SELECT c.customer, d.city, c.country
            FROM picked
            CROSS JOIN customers c
            LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
            WHERE c.book = $1 AND c.customer = picked.key
            """, [house.key])
        {
            places[try row.int(0)] = [try row.textOrNil(1) ?? "", try row.text(2)].filter { !$0.isEmpty }
                .joined(separator: ", ")
        }
        return places
    }

    private static func open(_ house: WorkspaceBooks.House, _ transaction: any Transaction) throws -> [Int64: [Amount]]
    {
        var open: [Int64: [Amount]] = [:]
        for row in try transaction.query(
            """
            SELECT i.customer, i.currency, CAST(sum(i.open_minor) AS BIGINT)
            FROM picked
            CROSS JOIN open_items i
            WHERE i.book = $1 AND i.account IN ('receivables', 'unapplied') AND i.customer = picked.key
                AND i.open_minor <> 0
            GROUP BY i.customer, i.currency
            ORDER BY i.customer, i.currency
            """, [house.key])
        {
            let currency = try WorkspaceBooks.currency(try row.text(1))
            open[try row.int(0), default: []].append(Amount(Money(minor: try row.int(2), currency)))
        }
        return open
    }

    func customer(_ hit: SearchHit, _ id: RecordID, _ house: WorkspaceBooks.House) -> FoundCustomer {
        FoundCustomer(
            number: hit.number, name: hit.name, seller: house.code, place: places[house.book]?[id.number],
            open: open[house.book]?[id.number] ?? [])
    }

    func invoice(_ id: RecordID, _ house: WorkspaceBooks.House) throws -> FoundInvoice? {
        guard let head = invoices[house.book]?[id] else { return nil }
        let currency = try WorkspaceBooks.currency(head.currency)
        return FoundInvoice(
            invoiceNo: head.invoiceNo, type: WorkspaceBooks.hyphened(head.type),
            status: WorkspaceBooks.hyphened(head.status), seller: house.code, customer: head.customer,
            customerName: head.customerName, issueDay: Day(head.issueDay), dueDay: Day(head.dueDay),
            gross: try WorkspaceBooks.money(head.gross, currency), open: try WorkspaceBooks.money(head.open, currency))
    }
}
