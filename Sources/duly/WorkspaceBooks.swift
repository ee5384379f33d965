import Access
import CorrespondenceDesk
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Workspace

/// What the pages show, read from the books: the same figures as the commands', in the same words.
struct WorkspaceBooks: WorkspaceSource {
    let database: any Database
    /// The business day in a time zone.
    let day: @Sendable (_ timeZone: String) -> Day
    let kept = KeptToday()

    /// A seller as the pages need it.
    struct House: Sendable {
        let book: Int64
        let code, name, timeZone, country: String
        let currency: Currency
        var key: SQLValue { .int(book) }
        var view: SellerView { SellerView(code: code, name: name, currency: currency.code) }
    }

    func invoicePDF(number: String, seller: String?) async throws -> [UInt8]? {
        try await paper(number: number, seller: seller)?.pdf()
    }

    /// The paper of a document, as the customer got it.
    func paper(number: String, seller: String?) async throws -> DocumentPaper? {
        let place = try await reading { transaction in
            try one(number, of: try houses(seller, transaction)) { house in
                try transaction.query(
                    "SELECT document FROM documents WHERE book = $1 AND number = $2 ORDER BY document DESC LIMIT 1",
                    [house.key, .text(number)]
                ).first.map { (house.book, RecordID(number: try $0.int(0))) }
            }
        }
        guard let (book, document) = place else { return nil }
        let desk = CorrespondenceDesk(database, clock: Common.clock, chance: Common.chance)
        return try await desk.paper(document, book: book)
    }

    /// Lines of an address without the name; the country only where it is another than the seller's.
    static func lines(of address: InvoiceSheet.Address, _ house: House, _ language: Language) -> [String] {
        let isAbroad = !address.country.isEmpty && address.country != house.country
        let country =
            Locale(identifier: language.rawValue).localizedString(forRegionCode: address.country) ?? address.country
        return [
            address.street, [address.postcode, address.city].filter { !$0.isEmpty }.joined(separator: " "),
            isAbroad ? country : "",
        ].filter { !$0.isEmpty }
    }

    // MARK: Shared

    /// A snapshot; a database that does not answer is said as pages say it.
    func reading<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        // The books are read outside this task: who asks is carried over.
        let asking = Asking.principal
        do {
            return try await database.read { transaction in
                try Asking.$principal.withValue(asking) { try body(transaction) }
            }
        } catch DatabaseError.outage(let why) {
            throw WorkspaceOutage(why)
        } catch DatabaseError.conflict(let why) {
            throw WorkspaceOutage(why)
        }
    }

    /// The sellers that the reader may see, by code, or the one named. Every page comes by here.
    func houses(_ code: String?, _ transaction: any Transaction) throws -> [House] {
        let all = try transaction.query(
            "SELECT book, code, name, time_zone, country, currency FROM sellers ORDER BY code", []
        ).map { row in
            House(
                book: try row.int(0), code: try row.text(1), name: try row.text(2), timeZone: try row.text(3),
                country: try row.text(4), currency: try Self.currency(try row.text(5)))
        }.filter { Asking.principal?.maySee(book: $0.book) ?? true }
        guard let code else { return all }
        guard let found = all.first(where: { $0.code.lowercased() == code.lowercased() }) else {
            throw SetUpRefusal.noSuchSeller(code)
        }
        return [found]
    }

    /// What is found under a number at one seller; nil at none, and a question where several have it.
    func one<T>(_ number: String, of houses: [House], _ find: (House) throws -> T?) throws -> T? {
        let found = try houses.compactMap { house in try find(house).map { (house, $0) } }
        guard found.count < 2 else { throw AmbiguousNumber(number: number, sellers: found.map(\.0.view)) }
        return found.first?.1
    }

    static func currency(_ code: String) throws -> Currency {
        guard let currency = Currency(code) else { throw DatabaseError.bug("the books hold a currency '\(code)'") }
        return currency
    }
    static func day(_ text: String) throws -> Day {
        guard let day = Day(text) else { throw DatabaseError.bug("the books hold a day '\(text)'") }
        return day
    }
    static func instant(_ text: String) throws -> Instant {
        guard let instant = Instant(text) else { throw DatabaseError.bug("the books hold an instant '\(text)'") }
        return instant
    }
    static func money(_ text: String, _ currency: Currency) throws -> Money {
        do { return try Money(text, currency) } catch { throw DatabaseError.bug("'\(text)' is no amount") }
    }

    // MARK: Search

    /// How many customers and documents a page of results shows.
    private static let mostFound = 40

    func search(_ text: String, seller: String?, language: Language) async throws -> SearchView {
        try await reading { transaction in
            let houses = try houses(seller, transaction)
            let hits = try SearchHit.search(
                text, book: seller == nil ? nil : houses[0].book, limit: Self.mostFound, in: transaction)
            var customers: [FoundCustomer] = []
            var invoices: [FoundInvoice] = []
            for hit in hits {
                guard let house = houses.first(where: { $0.code == hit.seller }), let id = RecordID(hit.id) else {
                    continue
                }
                switch hit.kind {
                case "customer": customers.append(try customer(hit, id, house, transaction))
                case "document": try invoice(id, house, transaction).map { invoices.append($0) }
                default: continue
                }
            }
            return SearchView(
                query: text, customers: customers, invoices: invoices, more: hits.count == Self.mostFound)
        }
    }

    private func customer(_ hit: SearchHit, _ id: RecordID, _ house: House, _ transaction: any Transaction) throws
        -> FoundCustomer
    {
        let place = try transaction.query(
            """
            SELECT d.city, c.country FROM customers c
            LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
            WHERE c.book = $1 AND c.customer = $2
            """, [house.key, .int(id.number)]
        ).first.map { [try $0.textOrNil(0) ?? "", try $0.text(1)].filter { !$0.isEmpty }.joined(separator: ", ") }
        let open = try transaction.query(
            """
            SELECT currency, CAST(sum(open_minor) AS BIGINT) FROM open_items
            WHERE book = $1 AND account IN ('receivables', 'unapplied') AND customer = $2 AND open_minor <> 0
            GROUP BY currency ORDER BY currency
            """, [house.key, .int(id.number)]
        ).map { Amount(Money(minor: try $0.int(1), try Self.currency(try $0.text(0)))) }
        return FoundCustomer(number: hit.number, name: hit.name, seller: house.code, place: place, open: open)
    }

    private func invoice(_ id: RecordID, _ house: House, _ transaction: any Transaction) throws -> FoundInvoice? {
        guard
            let head = try InvoiceSheet.read(
                document: id, book: house.book, asOf: day(house.timeZone), in: transaction)?.head
        else { return nil }
        let currency = try Self.currency(head.currency)
        return FoundInvoice(
            invoiceNo: head.invoiceNo, type: Self.hyphened(head.type), status: Self.hyphened(head.status),
            seller: house.code, customer: head.customer, customerName: head.customerName,
            issueDay: Day(head.issueDay), dueDay: Day(head.dueDay), gross: try Self.money(head.gross, currency),
            open: try Self.money(head.open, currency))
    }

    /// The pages' vocabulary writes `credit-note` where lists say `credit_note`.
    static func hyphened(_ code: String) -> String { String(code.map { $0 == "_" ? "-" : $0 }) }
}
