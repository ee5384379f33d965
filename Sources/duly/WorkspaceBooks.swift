import Access
import Books
import CorrespondenceDesk
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Workspace

/// What the pages show, read from the books: the same figures as the commands', in the same words.
struct WorkspaceBooks: WorkspaceSource {
    /// All of the books; a reader who may see a part of them reads `database`.
    let base: any Database
    /// The business day in a time zone.
    let day: @Sendable (_ timeZone: String) -> Day
    let commands: CommandDesk
    let kept = KeptToday()
    let keptStandings = KeptStandings()
    /// Made anew as soon as the books have moved on, and never older than this.
    let unbilledAnswers = KeptAnswers<UnbilledView>(longest: .seconds(90))
    let askRuns = KeptAnswers<AskRun>(longest: .seconds(90))
    let reportTables = KeptAnswers<ReportView>(longest: .seconds(20))
    /// What is counted over thirty days may be some seconds old.
    let meters = KeptAnswers<PlacedMeter>(longest: .seconds(20))
    let lately = DoneLately()
    let imports = ImportStore()
    /// What opens bank details; nil is the key file of the books.
    var openVault: (@Sendable () throws -> Vault)?
    let jobs = Jobs()
    /// The test clock, where these are the books of an example company.
    let clock: DemoClock

    init(
        database: any Database, url: String, day: @escaping @Sendable (_ timeZone: String) -> Day,
        clock: DemoClock = DemoClock()
    ) {
        base = database
        self.clock = clock
        self.day = day
        commands = CommandDesk(url: url, database: database, day: { day($0 ?? "") })
    }

    /// As the reader of the page may see the books.
    var database: any Database { pinned ?? Door.current?.database ?? base }
    /// What is seen whoever asks.
    private var pinned: (any Database)?
    /// The same, of which the sight is seen. What is kept for one sight is shown to no other.
    func seen(by sight: Sight) -> WorkspaceBooks {
        var seen = self
        seen.pinned = sight.isEverything ? whole : whole.limited(to: sight)
        return seen
    }
    /// The books in full: for what tells nothing of them.
    var whole: any Database { (base as? LimitedDatabase)?.whole ?? base }
    var sight: Sight { (database as? LimitedDatabase)?.sight ?? .everything }

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

    /// The pages' vocabulary writes `credit-note` where lists say `credit_note`.
    static func hyphened(_ code: String) -> String { String(code.map { $0 == "_" ? "-" : $0 }) }
}
