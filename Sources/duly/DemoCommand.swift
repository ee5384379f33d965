import ArgumentParser
import Books
import Charges
import CreditControlDesk
import Database
import Demo
import Formats
import Foundation
import ImportsDesk
import InvoicingDesk
import Ledger
import Money
import Receivables
import ReceivablesDesk

/// `duly demo`: an example company, as files or as books.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Make a living example company: new books in --books, or with --out its files.",
        discussion:
            "The books come about by the same imports, bill runs, bank files and reminders as any others, month by month. "
            + "The same seed, sizes and last day make the same company.")
    @OptionGroup var common: Common
    @Option(help: "Write the files that import and bank import read, and the true answers, into this folder.")
    var out: String?
    @Option(help: "The seed.") var seed: UInt64 = 1
    @Option(help: "How many customers.") var customers = 40
    @Option(help: "How many orders.") var orders = 600
    @Option(help: "How many lines an order has: a number, or from-to such as 1-5.") var lines = "1-5"
    @Option(help: "The last day of the year that is made; default the business day.") var until: String?
    @Flag(help: "Make no users: for books that are served with --open.") var noUsers = false

    func validate() throws {
        guard (1...1_000_000).contains(customers) else { throw ValidationError("--customers takes 1 to 1000000.") }
        guard lineRange != nil else { throw ValidationError("--lines takes 1 to 999, or two of them such as 1-5.") }
        guard (0...10_000_000).contains(orders) else { throw ValidationError("--orders takes 0 to 10000000.") }
    }

    private var lineRange: ClosedRange<Int>? {
        let ends = lines.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard let first = ends.first, let last = ends.last, ends.count <= 2, first >= 1, last >= first, last < 1000
        else {
            return nil
        }
        return first...last
    }

    func run() async throws {
        let last = try until.map { try Common.day($0, "--until") } ?? common.day()
        let company = DemoCompany(
            seed: seed, customers: customers, orders: orders, days: DemoCompany.year(endingOn: last),
            lines: lineRange ?? 1...5)
        if let out { return try write(company, out) }
        let database = try await newBooks()
        let year = DemoYear(company: company, database: database, common: common, vault: try common.vault(create: true))
        let told = try await year.live()
        if !noUsers {
            try await DemoUsers.add(to: database, vault: year.vault, sellers: try await common.sellers(database))
        }
        if common.json { return print(try Answer.encode(told)) }
        print(
            "Made \(common.url): \(told.customers) customers of \(company.sellers.count) sellers, \(told.documents) documents, "
                + "\(told.receipts) receipts, \(told.reminders) reminders, \(told.held) orders held, through \(told.through)."
        )
        if noUsers { return }
        print(
            "Sign in as \(DemoUsers.people.map(\.name).joined(separator: ", ")); the password of each is: \(DemoUsers.password)"
        )
    }

    /// Nothing is put into books that are there already.
    private func newBooks() async throws -> any Database {
        if !common.isPostgres, FileManager.default.fileExists(atPath: common.path) {
            throw DemoRefusal.booksExist(common.path)
        }
        let database = try await common.open(create: true)
        _ = try await Schema.upgrade(database)
        let taken = try await database.read { try !$0.query("SELECT 1 FROM sellers LIMIT 1", []).isEmpty }
        guard !taken else { throw DemoRefusal.booksExist(common.url) }
        try await RuleBook.write(to: database)
        try await DemoClock.mark(database, at: common.now)
        return database
    }

    private func write(_ company: DemoCompany, _ folder: String) throws {
        let files = company.files()
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for file in files {
                try Data(file.text.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(file.name))
            }
        } catch { throw Outage(message: "\(folder) cannot be written: \(error.localizedDescription)") }
        if common.json { return print(try Answer.encode(["out": folder, "files": "\(files.count)"])) }
        print(
            "Wrote \(files.count) files to \(folder): \(company.orders.count) order lines, \(company.invoices.count) documents "
                + "expected, \(company.payments.count) bank lines.")
    }
}

/// Why no example company was made.
enum DemoRefusal: Refusal {
    case booksExist(String)
    var code: String { "demo.books-exist" }
    var what: String { "No example company was made." }
    var why: String {
        switch self {
        case .booksExist(let books): "There are books in \(books) already."
        }
    }
    var next: String { "Name new ones with --books, or write files with --out FOLDER." }
}

/// What the year came to.
private struct DemoTold: Codable {
    var books: String
    var seed: UInt64
    var through: String
    var customers: Int
    var documents = 0
    var held = 0
    var receipts = 0
    var applied = 0
    var reminders = 0
}

/// A year in the office: each month what was ordered is read and billed, then the bank file is read and matched, then those who
/// are late are asked.
private struct DemoYear {
    let company: DemoCompany
    let database: any Database
    let common: Common
    let vault: Vault

    func live() async throws -> DemoTold {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-demo-\(common.chance)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var told = DemoTold(
            books: common.url, seed: company.seed, through: "\(company.days.upperBound)",
            customers: company.customers.count)
        let files = Dictionary(uniqueKeysWithValues: company.masterFiles().map { ($0.name, $0.text) })
        for (kind, name) in [
            ("sellers", "sellers.csv"), ("products", "products.csv"), ("prices", "prices.csv"),
            ("tax-rates", "tax-rates.csv"), ("customers", "customers.csv"),
        ] {
            let file = try keep(files[name] ?? "", as: name, in: folder)
            try await read(kind, file, id: "demo-\(kind)", on: company.days.lowerBound)
        }
        let sellers = try await common.sellers(database)
        for month in company.months() {
            let span = max(month, company.days.lowerBound)...min(month.lastOfMonth, company.days.upperBound)
            try await live(span, sellers, folder, &told)
        }
        return told
    }

    private func live(
        _ span: ClosedRange<Day>, _ sellers: [SellerFacts], _ folder: URL, _ told: inout DemoTold
    ) async throws {
        let (name, today) = (String(span.lowerBound.description.prefix(7)), span.upperBound)
        let orders = try keep(company.ordersCSV(span), as: "orders-\(name).csv", in: folder)
        try await read("orders", orders, id: "demo-orders-\(name)", on: today)
        let bank = try keep(
            company.bankXML(of: span.lowerBound), as: DemoCompany.bankFileName(span.lowerBound), in: folder)
        var (issued, applied, letters) = (0, 0, 0)
        var held = 0
        for seller in sellers {
            let run = BillRun(
                id: id("bill", name), through: today, customer: nil, invoiceDay: .charge, per: .order, issue: true,
                actor: common.actor, today: today)
            let billed = try await InvoicingDesk(database, clock: Common.clock, chance: Common.chance)
                .bill(run, book: seller.book, dryRun: false) { _, _ in }
            issued += billed.issued
            held += Set(billed.held.filter { $0.severity == "stop" }.map(\.order_id)).count
        }
        let desk = ReceivablesDesk(database, vault: vault, clock: Common.clock, chance: Common.chance)
        let imported = try await desk.importBank(
            [bank], id: id("bank", name), actor: common.actor, today: today, options: BankFile.Options(), dryRun: false
        ) { _, _ in }
        for seller in sellers {
            let match = MatchRun(
                id: id("match", name), through: today, policy: MatchPolicy(), actor: common.actor, today: today)
            applied += try await desk.match(match, book: seller.book, dryRun: false).applied
            let reminders = ReminderRun(id: id("reminders", name), day: today, customer: nil, actor: common.actor)
            letters += try await CreditControlDesk(database, clock: Common.clock, chance: Common.chance)
                .run(reminders, book: seller.book).letters.count
        }
        told.documents += issued
        told.held = held
        told.receipts += imported.receipts
        told.applied += applied
        told.reminders += letters
        Answer.say(
            "\(name): \(issued) documents issued, \(held) orders held; \(imported.receipts) receipts, \(applied) applied; "
                + "\(letters) reminders.")
    }

    private func id(_ what: String, _ month: String) -> CommandID { CommandID("demo-\(what)-\(month)")! }

    private func keep(_ text: String, as name: String, in folder: URL) throws -> String {
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    private func read(_ kind: String, _ file: String, id: String, on day: Day) async throws {
        let desk = ImportDesk(database, vault: vault, clock: Common.clock, chance: Common.chance)
        let request = ImportRequest(
            kind: kind, files: [file], id: CommandID(id)!, actor: common.actor, today: day)
        let outcome = try await desk.run(request) { _ in }
        guard outcome.problems == 0 else {
            let first = outcome.refusals.first
            throw DatabaseError.bug("the example's \(kind) were refused: \(first?.field ?? "") \(first?.why ?? "")")
        }
        if kind != "orders" { Answer.say("Read \(outcome.files.reduce(0) { $0 + $1.added }) \(kind).") }
    }
}
