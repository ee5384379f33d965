import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money

/// Why books could not be set up or opened.
enum SetUpRefusal: Refusal {
    case noBooks(String)
    case unknownCurrency(String)
    case unknownCountry(String)
    case badPattern(String)
    case codeTaken(String)

    var code: String {
        switch self {
        case .noBooks: "setup.no-books"
        case .unknownCurrency: "setup.unknown-currency"
        case .unknownCountry: "setup.unknown-country"
        case .badPattern: "setup.bad-number-pattern"
        case .codeTaken: "setup.seller-code-taken"
        }
    }
    var what: String {
        switch self {
        case .noBooks: "The books were not opened."
        default: "The seller was not set up."
        }
    }
    var why: String {
        switch self {
        case .noBooks(let path): "There is no file \(path)."
        case .unknownCurrency(let text): "'\(text)' is not an active currency of ISO 4217."
        case .unknownCountry(let text): "'\(text)' is not a country code of two letters (ISO 3166)."
        case .badPattern(let text): "'\(text)' does not hold the number once, as {n} or {n:6}."
        case .codeTaken(let text): "There is a seller with the code \(text) already."
        }
    }
    var next: String {
        switch self {
        case .noBooks: "Name the books with --books, or make new ones with 'duly init'."
        case .unknownCurrency: "Give three letters, such as EUR."
        case .unknownCountry: "Give two letters, such as DE."
        case .badPattern: "Write it like RE-{year}-{n:6}."
        case .codeTaken: "Give another one with --code."
        }
    }
}

/// What a new seller is made of, for `init` and for `seller add`.
struct SellerOptions: ParsableArguments {
    @Option(help: "The legal name.") var seller: String
    @Option(help: "Country, two letters.") var country: String
    @Option(help: "Currency of the books, three letters.") var currency: String
    @Option(help: "Short code; default the country.") var code: String?
    @Option(help: "Time zone.") var timeZone = "Europe/Berlin"
    @Option(help: "Language of the seller: de or en.") var language = "en"
    @Option(help: "How invoice numbers are written; default CODE-{year}-{n:6}.") var series: String?
    @Option(help: "The first open day; default 2000-01-01.") var openFrom = "2000-01-01"

    /// Everything that is wrong with it, at once; else the seller and its number pattern.
    func checked() throws -> (seller: NewSeller, pattern: String) {
        var refusals: [SetUpRefusal] = []
        let money = Currency(currency)
        if money == nil { refusals.append(.unknownCurrency(currency)) }
        let land = country.uppercased()
        if Locale.Region.isoRegions.first(where: { $0.identifier == land && land.count == 2 }) == nil {
            refusals.append(.unknownCountry(country))
        }
        let pattern = series ?? "\(code ?? land)-{year}-{n:6}"
        if SeriesPattern(pattern) == nil { refusals.append(.badPattern(pattern)) }
        guard TimeZone(identifier: timeZone) != nil else {
            throw ValidationError("--time-zone takes a name such as Europe/Berlin, not '\(timeZone)'.")
        }
        guard let open = Day(openFrom) else { throw ValidationError("--open-from takes a day, not '\(openFrom)'.") }
        guard refusals.isEmpty, let money else { throw Refusals(refusals) }
        return (
            NewSeller(
                code: code ?? land, name: seller, country: land, currency: money, timeZone: timeZone,
                language: language,
                openFrom: open), pattern
        )
    }

    func add(to database: any Database, common: Common) async throws {
        let (seller, pattern) = try checked()
        let (now, chance) = (common.now, common.chance)
        try await database.transaction { transaction in
            let taken = try transaction.query("SELECT code FROM sellers WHERE code = $1", [.text(seller.code)])
            guard taken.isEmpty else { throw SetUpRefusal.codeTaken(seller.code) }
            _ = try Books.found(
                seller, series: [("invoice", pattern)], in: transaction, clock: now, chance: chance)
        }
        if common.json {
            print(try Answer.encode(["seller": seller.code, "name": seller.name, "currency": seller.currency.code]))
        } else {
            print("Set up \(seller.name) as \(seller.code), books in \(seller.currency.code), invoices as \(pattern).")
        }
    }
}

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make new books with their first seller.")
    @OptionGroup var common: Common
    @OptionGroup var seller: SellerOptions

    func run() async throws {
        _ = try seller.checked()
        let database = try common.open(create: true)
        _ = try await Schema.upgrade(database)
        try await seller.add(to: database, common: common)
    }
}

struct Seller: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The legal entities in the books.", subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a seller to the books.")
        @OptionGroup var common: Common
        @OptionGroup var seller: SellerOptions
        func run() async throws { try await seller.add(to: try common.open(), common: common) }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the sellers.")
        @OptionGroup var common: Common
        private struct Item: Codable {
            let code, name, country, currency: String
        }
        private struct Items: Codable {
            let items: [Item]
        }
        func run() async throws {
            let rows = try await common.open().read {
                try $0.query("SELECT code, name, country, currency FROM sellers ORDER BY code", [])
            }
            let items = try rows.map {
                Item(code: try $0.text(0), name: try $0.text(1), country: try $0.text(2), currency: try $0.text(3))
            }
            if common.json { return print(try Answer.encode(Items(items: items))) }
            for item in items { print("\(item.code)  \(item.country)  \(item.currency)  \(item.name)") }
        }
    }
}

struct Upgrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the books' schema to this version.")
    @OptionGroup var common: Common
    func run() async throws {
        let applied = try await Schema.upgrade(try common.open())
        if common.json { return print(try Answer.encode(["applied": applied])) }
        print(applied == 0 ? "The books are up to date." : "Applied \(applied) migrations.")
    }
}

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prove the books, and name what is wrong with them.")
    @OptionGroup var common: Common
    private struct Bad: Codable {
        let book, record, expected, found: String
    }
    private struct Check: Codable {
        let name: String
        let ok: Bool
        let bad: [Bad]
    }
    private struct Report: Codable {
        let ok: Bool
        let checks: [Check]
    }
    func run() async throws {
        let found = try await common.open().read { try Verification.run(in: $0) }
        let ok = found.allSatisfy { $0.ok }
        if common.json {
            let checks = found.map { check in
                Check(
                    name: check.name, ok: check.ok,
                    bad: check.bad.map {
                        Bad(
                            book: RecordID(number: $0.book).description, record: $0.record, expected: $0.expected,
                            found: $0.found)
                    })
            }
            print(try Answer.encode(Report(ok: ok, checks: checks)))
        } else {
            for check in found {
                print("\(check.ok ? "ok " : "BAD")  \(check.name)")
                for bad in check.bad { print("     \(bad.record): expected \(bad.expected), found \(bad.found)") }
            }
        }
        if !ok { throw ExitCode(1) }
    }
}
