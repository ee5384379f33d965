import ArgumentParser
import Books
import Database
import Foundation
import ImportsDesk
import InvoicingDesk
import Ledger
import Money
import Pricing
import ReportsDesk

/// Why books could not be set up or opened.
enum SetUpRefusal: Refusal {
    case noBooks(String)
    case unknownCurrency(String)
    case unknownCountry(String)
    case badPattern(String)
    case badIBAN(String)
    case noName
    case badCode(String)
    case codeTaken(String)
    case noSuchSeller(String)
    case oldSchema(Int)
    case booksExist(String)
    case fileExists(String)
    case notABackup(String)
    case otherHead(String, promised: String, found: String)

    var code: String {
        switch self {
        case .noBooks: "setup.no-books"
        case .unknownCurrency: "setup.unknown-currency"
        case .unknownCountry: "setup.unknown-country"
        case .badPattern: "setup.bad-number-pattern"
        case .badIBAN: "setup.bad-iban"
        case .noName: "setup.no-name"
        case .badCode: "setup.bad-code"
        case .codeTaken: "setup.seller-code-taken"
        case .noSuchSeller: "setup.no-such-seller"
        case .oldSchema: "setup.old-schema"
        case .booksExist: "setup.books-exist"
        case .fileExists: "setup.file-exists"
        case .notABackup: "setup.not-a-backup"
        case .otherHead: "setup.other-head"
        }
    }
    var what: String {
        switch self {
        case .noBooks, .oldSchema, .noSuchSeller: "The books were not opened."
        case .booksExist, .notABackup: "Nothing was restored."
        case .fileExists: "No backup was written."
        case .otherHead: "The backup was restored, but it is not the one that was written."
        case .badIBAN: "Nothing was set up."
        default: "The seller was not set up."
        }
    }
    var why: String {
        switch self {
        case .noBooks(let path): "There is no file \(path)."
        case .unknownCurrency(let text): "'\(text)' is not an active currency of ISO 4217."
        case .unknownCountry(let text): "'\(text)' is not a country code of two letters (ISO 3166)."
        case .badPattern(let text): "'\(text)' does not hold the number once, as {n} or {n:6}."
        case .badIBAN(let text): "'\(text)' is no IBAN: its check digits do not fit (ISO 13616)."
        case .noName: "A seller needs its legal name."
        case .badCode(let text):
            "'\(text)' is no code: it has letters, digits, points, dashes or underscores, 20 at most."
        case .codeTaken(let text): "There is a seller with the code \(text) already."
        case .noSuchSeller(let text): "There is no seller \(text)."
        case .oldSchema(let count): "Their schema is \(count) steps behind this version."
        case .booksExist(let path), .fileExists(let path): "\(path) exists already."
        case .otherHead(let file, let promised, let found):
            "The audit chain ends with \(found.isEmpty ? "nothing" : found); \(file).head says \(promised.isEmpty ? "nothing" : promised)."
        case .notABackup(let path): "\(path) is not a backup of Duly's books, or it is damaged."
        }
    }
    var next: String {
        switch self {
        case .noBooks: "Name the books with --books, or make new ones with 'duly init'."
        case .unknownCurrency: "Give three letters, such as EUR."
        case .unknownCountry: "Give two letters, such as DE."
        case .badPattern: "Write it like RE-{year}-{n:6}."
        case .badIBAN: "Copy it once more from the bank's papers."
        case .noName: "Give it with --seller."
        case .badCode, .codeTaken: "Give another one with --code."
        case .noSuchSeller: "'duly seller list' lists the sellers."
        case .oldSchema: "Make a backup, then run 'duly upgrade'."
        case .fileExists: "Name another file with 'duly backup FILE', or move that one away."
        case .booksExist: "Restore into a new file with --books, or move the old one away."
        case .notABackup: "Name a file that 'duly backup' wrote."
        case .otherHead: "Run 'duly verify' over what was restored, and look for the backup that belongs to the note."
        }
    }
}

/// What a new seller is made of, for `init` and for `seller add`.
struct SellerOptions: ParsableArguments {
    @Option(help: "The legal name.") var seller: String?
    @Option(help: "Country, two letters.") var country: String?
    @Option(help: "Currency of the books, three letters.") var currency: String?
    @Option(help: "Short code; default the country.") var code: String?
    @Option(name: .customLong("vat-id"), help: "VAT id.") var vatID: String?
    @Option(help: "IBAN that invoices are paid to.") var iban: String?
    @Option(help: "BIC of that account.") var bic: String?
    @Option(help: "Other bank accounts: an IBAN or any bank's own id.") var account: [String] = []
    @Option(help: "Street of the seller's address.") var street: String?
    @Option(help: "Postcode.") var postcode: String?
    @Option(help: "City.") var city: String?
    @Option(help: "Mail address that letters come from.") var email: String?
    @Option(help: "Telephone.") var phone: String?
    @Option(help: "Days until an invoice is due, where the customer has no terms.") var terms = 30
    @Option(help: "Time zone; default that of the country's capital.") var timeZone: String?
    @Option(name: .customLong("seller-language"), help: "Language of the seller: de or en.") var sellerLanguage: String?
    @Option(help: "How invoice numbers are written; default CODE-{year}-{n:6}.") var series: String?
    @Option(help: "The first open day; default 2000-01-01.") var openFrom = "2000-01-01"
    @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false

    /// Everything that is wrong with it, at once; else the seller and its number pattern.
    func checked() throws -> (seller: NewSeller, pattern: String) {
        guard let seller, let country, let currency else {
            throw ValidationError("A seller has --seller NAME, --country and --currency.")
        }
        var refusals: [SetUpRefusal] = []
        let money = Currency(currency)
        if money == nil { refusals.append(.unknownCurrency(currency)) }
        let land = country.uppercased()
        if Locale.Region.isoRegions.first(where: { $0.identifier == land && land.count == 2 }) == nil {
            refusals.append(.unknownCountry(country))
        }
        let pattern = series ?? "\(code ?? land)-{year}-{n:6}"
        if SeriesPattern(pattern) == nil { refusals.append(.badPattern(pattern)) }
        if seller.allSatisfy(\.isWhitespace) { refusals.append(.noName) }
        let short = code ?? land
        let plain = short.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0 & 0xDF) || [45, 46, 95].contains($0)
        }
        if !plain || !(1...20).contains(short.utf8.count) { refusals.append(.badCode(short)) }
        for written in [iban].compactMap({ $0 }) + account where SellerOptions.isWrongIBAN(written) {
            refusals.append(.badIBAN(written))
        }
        let zone = timeZone ?? SellerDefaults.timeZone(land)
        guard TimeZone(identifier: zone) != nil else {
            throw ValidationError("--time-zone takes a name such as Europe/Berlin, not '\(zone)'.")
        }
        let open = try Common.day(openFrom, "--open-from")
        guard (0...3650).contains(terms) else { throw ValidationError("--terms takes 0 to 3650 days, not \(terms).") }
        guard refusals.isEmpty, let money else { throw Refusals(refusals) }
        var made = NewSeller(
            code: code ?? land, name: seller, country: land, currency: money, timeZone: zone,
            language: sellerLanguage ?? SellerDefaults.language(land), openFrom: open)
        made.street = street ?? ""
        made.postcode = postcode ?? ""
        made.city = city ?? ""
        made.vatID = vatID ?? ""
        made.email = email ?? ""
        made.phone = phone ?? ""
        made.termsDays = terms
        made.accounts = ((iban.map { [$0] } ?? []) + account).enumerated().map {
            ($1.filter { !$0.isWhitespace }, $0 == 0 ? bic ?? "" : "")
        }
        return (made, pattern)
    }

    /// The form of an IBAN with check digits that do not fit is a slip of the pen; any bank's own kind of number is not wrong.
    static func isWrongIBAN(_ written: String) -> Bool {
        let plain = IBAN.compact(written)
        return IBAN.hasForm(plain) && !IBAN.isValid(plain)
    }

    func add(to database: any Database, common: Common) async throws {
        let (seller, pattern) = try checked()
        let (now, chance) = (common.now, common.chance)
        @Sendable func check(_ transaction: any Transaction) throws {
            let taken = try transaction.query("SELECT code FROM sellers WHERE code = $1", [.text(seller.code)])
            guard taken.isEmpty else { throw SetUpRefusal.codeTaken(seller.code) }
        }
        if dryRun {
            try await database.read { try check($0) }
        } else {
            try await database.transaction { transaction in
                try check(transaction)
                _ = try Books.found(
                    seller, series: [(InvoicingDesk.series, pattern)], in: transaction, clock: now, chance: chance)
            }
        }
        try say(seller, pattern, common)
    }

    func say(_ seller: NewSeller, _ pattern: String, _ common: Common) throws {
        if common.json {
            print(try Answer.encode(["code": seller.code, "name": seller.name, "currency": seller.currency.code]))
        } else {
            print(
                "\(dryRun ? "Would set up" : "Set up") \(seller.name) as \(seller.code), books in \(seller.currency.code), invoices as \(pattern).\(dryRun ? " Nothing was kept." : "")"
            )
        }
    }
}

struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make new books, with their first seller where one is given.")
    @OptionGroup var common: Common
    @OptionGroup var seller: SellerOptions

    func run() async throws {
        let named = seller.seller != nil || seller.country != nil || seller.currency != nil
        let checked = named ? try seller.checked() : nil
        // `init` leaves books that are there as they are, and adds the seller.
        let isThere = seller.dryRun ? try await common.hasBooks() : false
        if seller.dryRun, !isThere {
            if let checked { return try seller.say(checked.seller, checked.pattern, common) }
            if common.json { return print(try Answer.encode(["books": common.url])) }
            return print("Would make the books \(common.url). Nothing was kept.")
        }
        if seller.dryRun {
            guard named else {
                if common.json { return print(try Answer.encode(["books": common.url])) }
                return print("The books \(common.url) are there already. Nothing was kept.")
            }
            return try await seller.add(to: try await common.open(), common: common)
        }
        let database = try await common.open(create: true)
        _ = try await Schema.upgrade(database)
        try await RuleBook.write(to: database)
        _ = try common.vault(create: true)
        if named {
            try await seller.add(to: database, common: common)
        } else if common.json {
            print(try Answer.encode(["books": common.url]))
        } else {
            print("Made the books \(common.url). Next: duly seller add, or duly import sellers FILE.")
        }
    }
}

extension Common {
    /// Whether there are books where these are said to be.
    func hasBooks() async throws -> Bool {
        guard isPostgres else { return FileManager.default.fileExists(atPath: path) }
        return try await PostgresDatabase(url: url, connections: 1).read {
            try !$0.query("SELECT 1 FROM pg_tables WHERE tablename = 'sellers'", []).isEmpty
        }
    }
}

/// The rule versions that traces name, written once and for ever.
enum RuleBook {
    static func write(to database: any Database) async throws {
        try await database.transaction { transaction in
            var rows = RowBatch(into: "rule_versions", columns: ["rule", "version", "words"])
            for (id, words) in RuleID.all {
                rows.append([.text(id.rule), .int(Int64(id.version)), .text(words)])
            }
            _ = try transaction.insertIgnoringExisting(rows)
        }
    }
}

struct Seller: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The legal entities in the books.",
        subcommands: [Add.self, List.self, Show.self, AddAccount.self, Series.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a seller to the books.")
        @OptionGroup var common: Common
        @OptionGroup var seller: SellerOptions
        func run() async throws { try await seller.add(to: try await common.open(), common: common) }
    }

    struct AddAccount: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-account", abstract: "Add a bank account of a seller's own.")
        @OptionGroup var common: Common
        @Argument(help: "The seller's code.") var code: String
        @Argument(help: "An IBAN or any bank's own id.") var account: String
        @Option(help: "BIC.") var bic: String?
        @Option(help: "Currency, where it is not the seller's.") var currency: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        /// What the books keep of it for ever: the account itself stands apart.
        struct Added: Codable { var seller, currency: String }

        func run() async throws {
            let database = try await common.open()
            let seller = try await common.sellers(database, code)[0]
            guard let money = currency.map({ Currency($0) }) ?? seller.currency else {
                throw SetUpRefusal.unknownCurrency(currency ?? "")
            }
            guard !SellerOptions.isWrongIBAN(account) else { throw SetUpRefusal.badIBAN(account) }
            if !dryRun { try await add(seller, money, database) }
            guard common.json else {
                return print(
                    "\(account) \(dryRun ? "would belong to \(seller.code). Nothing was kept." : "belongs to \(seller.code) now.")"
                )
            }
            print(try Answer.encode(["seller": seller.code, "account": account, "currency": money.code]))
        }

        private func add(_ seller: SellerFacts, _ money: Currency, _ database: any Database) async throws {
            let (account, bic) = (account.filter { !$0.isWhitespace }, bic ?? "")
            let command = try common.command(id, "account")
            let content = "seller.add-account \(try common.vault().accountKey(account)) \(bic) \(money.code)"
            let (now, chance, actor) = (common.now, common.chance, common.actor)
            let today = try common.day(in: seller.timeZone)
            try await database.transaction { transaction in
                let books = try Books(seller.book, in: transaction, clock: now, chance: chance)
                guard try books.outcome(of: command, content: content) == nil else { return }
                try Books.add(account: account, bic: bic, place: 1, to: seller.book, money, in: transaction)
                try books.record([
                    Recording(
                        command: command, kind: "seller.add-account", content: content, actor: actor, day: today,
                        outcome: try Answer.encode(Added(seller: seller.code, currency: money.code)))
                ])
            }
        }
    }

    struct Series: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a seller's documents another number pattern, from the next one on.",
            discussion: "The count goes on. A pattern holds {n} or {n:6} once, and where wanted {year} and {month}.")
        @OptionGroup var common: Common
        @Argument(help: "The seller's code.") var code: String
        @Argument(help: "Such as 'RN-{year}-{n:6}'.") var pattern: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        struct Changed: Codable { var seller, before, pattern: String }

        func run() async throws {
            guard SeriesPattern(pattern) != nil else { throw SetUpRefusal.badPattern(pattern) }
            let database = try await common.open()
            let seller = try await common.sellers(database, code)[0]
            let command = try common.command(id, "series")
            let (now, chance, actor, pattern, dryRun) = (common.now, common.chance, common.actor, pattern, dryRun)
            let today = try common.day(in: seller.timeZone)
            let body: @Sendable (any Transaction) throws -> Changed = { transaction in
                let books = try Books(seller.book, in: transaction, clock: now, chance: chance)
                let content = "seller.series \(InvoicingDesk.series) \(pattern)"
                if let earlier = try books.outcome(of: command, content: content) {
                    return try JSONDecoder().decode(Changed.self, from: Data(earlier.json.utf8))
                }
                let before = try transaction.query(
                    "SELECT pattern FROM number_series WHERE book = $1 AND series = $2",
                    [.int(seller.book), .text(InvoicingDesk.series)])
                let changed = Changed(seller: seller.code, before: try before.first?.text(0) ?? "", pattern: pattern)
                guard !dryRun else { return changed }
                _ = try transaction.execute(
                    "UPDATE number_series SET pattern = $3 WHERE book = $1 AND series = $2",
                    [.int(seller.book), .text(InvoicingDesk.series), .text(pattern)])
                try books.record([
                    Recording(
                        command: command, kind: "seller.series", content: content, actor: actor, day: today,
                        outcome: try Answer.encode(changed))
                ])
                return changed
            }
            let changed = dryRun ? try await database.read(body) : try await database.transaction(body)
            if common.json { return print(try Answer.encode(changed)) }
            print(
                "\(changed.seller) numbers by \(changed.pattern) \(dryRun ? "then" : "now"); before that by \(changed.before)."
            )
        }
    }

    private struct Item: Codable, Sendable, Equatable {
        var code, name, country, currency: String
        var language, time_zone, vat_id, street, postcode, city, email, phone, open_from: String?
        var terms_days: Int?
        var accounts: [String]?
        var series: [String: String]?
    }
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the sellers.")
        @OptionGroup var common: Common
        func run() async throws {
            let rows = try await common.open().read {
                try $0.query("SELECT code, name, country, currency FROM sellers ORDER BY code", [])
            }
            let items = try rows.map {
                Item(code: try $0.text(0), name: try $0.text(1), country: try $0.text(2), currency: try $0.text(3))
            }
            if common.json { return print(try Answer.encode(ReportPage(items, next: nil))) }
            Answer.table(
                ["Code", "Country", "Currency", "Name"], items.map { [$0.code, $0.country, $0.currency, $0.name] })
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a seller.")
        @OptionGroup var common: Common
        @Argument(help: "The seller's code.") var code: String
        func run() async throws {
            let database = try await common.open()
            let book = try await common.sellers(database, code)[0].book
            let item = try await database.read { transaction in
                let row = try transaction.query(
                    """
                    SELECT s.code, s.name, s.country, s.currency, s.language, s.time_zone, s.vat_id, s.street, s.postcode,
                        s.city, s.email, s.phone, s.terms_days, c.open_from
                    FROM sellers s JOIN book_clocks c ON c.book = s.book WHERE s.book = $1
                    """, [.int(book)])[0]
                let accounts = try transaction.query(
                    "SELECT account FROM seller_accounts WHERE book = $1 ORDER BY place, account", [.int(book)])
                let series = try transaction.query(
                    "SELECT series, pattern FROM number_series WHERE book = $1 ORDER BY series", [.int(book)])
                return Item(
                    code: try row.text(0), name: try row.text(1), country: try row.text(2), currency: try row.text(3),
                    language: try row.text(4), time_zone: try row.text(5), vat_id: try row.text(6),
                    street: try row.text(7), postcode: try row.text(8), city: try row.text(9),
                    email: try row.text(10), phone: try row.text(11), open_from: try row.text(13),
                    terms_days: Int(try row.int(12)), accounts: try accounts.map { try $0.text(0) },
                    series: Dictionary(uniqueKeysWithValues: try series.map { (try $0.text(0), try $0.text(1)) }))
            }
            if common.json { return print(try Answer.encode(item)) }
            print("\(item.code)  \(item.name), \(item.country), books in \(item.currency)")
            for (name, value) in [
                (
                    "Address",
                    [item.street, item.postcode, item.city].compactMap { $0 }.filter { !$0.isEmpty }.joined(
                        separator: ", ")
                ),
                ("VAT id", item.vat_id ?? ""), ("Mail", item.email ?? ""), ("Telephone", item.phone ?? ""),
                ("Accounts", item.accounts?.joined(separator: ", ") ?? ""), ("Open from", item.open_from ?? ""),
                ("Numbers", item.series?["invoice"] ?? ""),
            ] where !value.isEmpty { print("  \(name): \(value)") }
        }
    }
}

struct Upgrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the books' schema to this version.")
    @OptionGroup var common: Common
    @Flag(help: "Only say how many steps are missing; exit 1 where there are some.") var check = false
    func run() async throws {
        guard common.isPostgres || FileManager.default.fileExists(atPath: common.path) else {
            throw SetUpRefusal.noBooks(common.path)
        }
        let database = try await common.open(create: true)
        if check {
            let missing = try await Schema.missing(database)
            if common.json {
                print(try Answer.encode(["missing": missing]))
            } else {
                print("\(missing) steps are missing.")
            }
            if missing > 0 { throw ExitCode(1) }
            return
        }
        let applied = try await Schema.upgrade(database)
        try await RuleBook.write(to: database)
        if applied > 0 { await TableStatistics.renew(database) }
        if common.json { return print(try Answer.encode(["applied": applied])) }
        print(applied == 0 ? "The books are up to date." : "Applied \(applied) migrations.")
    }
}
