import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk

/// Why nothing can be told.
enum TellingRefusal: Refusal {
    case noSuchCustomer(String)
    case noSuchDocument(String)
    case noSuchLine(Int, of: String)
    var code: String {
        switch self {
        case .noSuchCustomer: "telling.no-such-customer"
        case .noSuchDocument: "telling.no-such-document"
        case .noSuchLine: "telling.no-such-line"
        }
    }
    var what: String { "Nothing was shown." }
    var why: String {
        switch self {
        case .noSuchCustomer(let number): "There is no customer \(number)."
        case .noSuchDocument(let number): "There is no document \(number)."
        case .noSuchLine(let line, let number): "\(number) has no line \(line)."
        }
    }
    var next: String {
        switch self {
        case .noSuchCustomer, .noSuchDocument: "'duly search' finds customers and documents by name or number."
        case .noSuchLine: "'duly invoice show' lists the lines."
        }
    }
}

/// How much of a list, and of whose books.
struct ListOptions: ParsableArguments {
    @Option(help: "Only this seller.") var seller: String?
    @Option(help: "At most this many.") var limit = 100
    @Option(help: "Where the last page ended.") var after: String?

    func validate() throws { try ListOptions.check(limit: limit) }

    static func check(limit: Int) throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes 1 to 10000, not \(limit).") }
    }
    /// nil: every seller's.
    func book(_ common: Common, _ database: any Database) async throws -> Int64? {
        try await seller == nil ? nil : common.sellers(database, seller)[0].book
    }
}

/// Whether a number stands for anybody or anything.
private enum Known {
    static func customer(_ number: String, book: Int64?, _ transaction: any Transaction) throws {
        guard try has("SELECT 1 FROM customers WHERE book = $1 AND number = $2", number, book, transaction) else {
            throw TellingRefusal.noSuchCustomer(number)
        }
    }
    static func document(_ number: String, book: Int64?, _ transaction: any Transaction) throws {
        guard try has("SELECT 1 FROM documents WHERE book = $1 AND number = $2", number, book, transaction) else {
            throw TellingRefusal.noSuchDocument(number)
        }
    }
    private static func has(_ sql: String, _ number: String, _ book: Int64?, _ transaction: any Transaction) throws
        -> Bool
    {
        let books = try book.map { [$0] } ?? transaction.query("SELECT book FROM sellers", []).map { try $0.int(0) }
        return try books.contains { try !transaction.query(sql, [.int($0), .text(number)]).isEmpty }
    }
}

/// `duly worklist`.
struct WorklistCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worklist", abstract: "What needs a person today, in order of worth.")
    @OptionGroup var common: Common
    @OptionGroup var list: ListOptions

    func run() async throws {
        let database = try await common.open()
        let book = try await list.book(common, database)
        let seller = try await common.sellers(database, list.seller).first
        let (today, limit, after) = (try common.day(in: seller?.timeZone), list.limit, list.after)
        let approvals = after == nil ? try await ApprovalCommand.decidable(common) : []
        let worklist = try await database.read {
            try Worklist.read(book: book, today: today, limit: limit, after: after, in: $0).adding(
                approvals, of: book, today: today, in: $0)
        }
        if common.json { return print(try Answer.encode(worklist)) }
        guard worklist.total > 0 else { return print("Nothing needs a person.") }
        for item in worklist.items {
            let worth = item.worth.map { "\($0.amount) \($0.currency)  " } ?? ""
            let who = [item.customerName, item.customer].compactMap { $0 }.first { !$0.isEmpty && $0 != item.subject }
            print("\(worth)\(item.subject)\(who.map { " (\($0))" } ?? "")  \(item.kind), since \(item.since)")
            print("    \(item.why)")
            for step in item.next { print("    \(step.label): \(step.command)") }
        }
        let sums = worklist.worth.map { "\($0.amount) \($0.currency)" }.joined(separator: ", ")
        print("\(worklist.total) in all\(sums.isEmpty ? "" : ", worth \(sums)").")
        if let next = worklist.next { print("More: --after '\(next)'") }
    }
}

/// `duly timeline`.
struct Timeline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Everything that happened with a customer, oldest first.")
    @OptionGroup var common: Common
    @Option(help: "The customer's number.") var customer: String
    @OptionGroup var list: ListOptions

    func run() async throws {
        let database = try await common.open()
        let book = try await list.book(common, database)
        let (customer, limit, after) = (customer, list.limit, list.after)
        let page = try await database.read { transaction in
            try Known.customer(customer, book: book, transaction)
            return try TimelineItem.list(customer: customer, book: book, limit: limit, after: after, in: transaction)
        }
        if common.json { return print(try Answer.encode(page)) }
        Answer.table(
            ["Day", "Kind", "What", "By"], page.items.map { [$0.day, $0.kind, $0.summary, $0.actor] })
        if let next = page.next { print("More: --after \(next)") }
    }
}

/// `duly history`.
struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The commands that were carried out, newest first: what 'duly undo' can take back.")
    @OptionGroup var common: Common
    @Option(help: "Only those of this customer.") var customer: String?
    @Option(help: "Only those of this document.") var document: String?
    @OptionGroup var list: ListOptions

    func run() async throws {
        let database = try await common.open()
        let book = try await list.book(common, database)
        let (customer, document, limit, after) = (customer, document, list.limit, list.after)
        let page = try await database.read { transaction in
            if let customer { try Known.customer(customer, book: book, transaction) }
            if let document { try Known.document(document, book: book, transaction) }
            return try HistoryRow.list(
                book: book, customer: customer, document: document, limit: limit, after: after, in: transaction)
        }
        if common.json { return print(try Answer.encode(page)) }
        Answer.table(
            ["At", "Command", "Kind", "Day", "By", "Taken back by"],
            page.items.map {
                [String($0.at.prefix(19)), $0.command, $0.kind, $0.day, $0.actor, $0.undoneBy ?? ""]
            })
        if let next = page.next { print("More: --after '\(next)'") }
    }
}

/// `duly search`.
struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find customers, documents and receipts by name, number, reference or payer.")
    @OptionGroup var common: Common
    @Argument(help: "What to look for; the last word may be unfinished.") var text: [String]
    @Option(help: "Only this seller.") var seller: String?
    @Option(help: "At most this many.") var limit = 20

    private struct Found: Encodable {
        let items: [SearchHit]
        enum CodingKeys: CodingKey { case items, next }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(items, forKey: .items)
            try container.encodeNil(forKey: .next)
        }
    }

    func validate() throws {
        try ListOptions.check(limit: limit)
    }

    func run() async throws {
        let database = try await common.open()
        let book = try await seller == nil ? nil : common.sellers(database, seller)[0].book
        let (words, limit) = (text.joined(separator: " "), limit)
        let hits = try await database.read { try SearchHit.search(words, book: book, limit: limit, in: $0) }
        if common.json { return print(try Answer.encode(Found(items: hits))) }
        guard !hits.isEmpty else { return print("Nothing found for '\(words)'.") }
        Answer.table(
            ["Kind", "Number", "Name", "Seller", "Day", "Amount", "Open", ""],
            hits.map {
                [
                    $0.kind, $0.number, $0.name, $0.seller, $0.day ?? "", $0.amount?.amount ?? "",
                    $0.open?.amount ?? "", $0.amount?.currency ?? "",
                ]
            }, right: [5, 6])
    }
}

/// `duly customer`.
struct CustomerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "Customers and what they owe.", subcommands: [List.self, Show.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List customers with their balances.")
        @OptionGroup var common: Common
        @OptionGroup var list: ListOptions

        func run() async throws {
            let database = try await common.open()
            let book = try await list.book(common, database)
            let (day, limit, after) = (try common.day(), list.limit, list.after)
            let page = try await database.read {
                try CustomerRow.list(book: book, asOf: day, limit: limit, after: after, in: $0)
            }
            if common.json { return print(try Answer.encode(page)) }
            Answer.table(
                ["Customer", "Name", "Seller", "Country", "Open", "Overdue", "On account", ""],
                page.items.flatMap { row -> [[String]] in
                    let head = [row.customer, row.name, row.seller, row.country]
                    guard !row.balances.isEmpty else { return [head + ["", "", "", ""]] }
                    return row.balances.map { head + [$0.open, $0.overdue, $0.unallocated, $0.currency] }
                }, right: [4, 5, 6])
            if let next = page.next { print("More: --after '\(next)'") }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a customer: address, contacts, holds, balances.")
        @OptionGroup var common: Common
        @Argument(help: "The customer's number.") var number: String
        @Option(help: "The seller, where several have the number.") var seller: String?

        func run() async throws {
            let database = try await common.open()
            let book = try await seller == nil ? nil : common.sellers(database, seller)[0].book
            let (number, day) = (number, try common.day())
            let sheets = try await database.read {
                try CustomerSheet.read(number: number, book: book, asOf: day, in: $0)
            }
            guard let sheet = sheets.first else { throw TellingRefusal.noSuchCustomer(number) }
            guard sheets.count == 1 else {
                throw ValidationError(
                    "\(number) is a customer of several sellers (\(sheets.map(\.head.seller).joined(separator: ", "))); say --seller CODE."
                )
            }
            if common.json { return print(try Answer.encode(sheet)) }
            show(sheet)
        }

        private func show(_ sheet: CustomerSheet) {
            let (head, address) = (sheet.head, sheet.address)
            print("\(head.name) (\(head.customer)) at \(head.seller)")
            let place = [address.street, "\(address.postcode) \(address.city)", address.country]
            print("  \(place.filter { !$0.trimmingCharacters(in: .whitespaces).isEmpty }.joined(separator: ", "))")
            for (name, value) in [
                ("VAT id", address.vatID), ("Terms", "\(head.termsDays) days"), ("Price list", sheet.priceList),
                ("Credit limit", sheet.creditLimit.map { "\($0) \(head.currency)" } ?? ""),
                ("To complete", head.toComplete ? "an import made it from a number" : ""),
            ] where !value.isEmpty { print("  \(name): \(value)") }
            for balance in head.balances {
                print(
                    "  \(balance.currency): open \(balance.open), overdue \(balance.overdue), on account \(balance.unallocated)"
                )
            }
            for contact in sheet.contacts {
                let reach = [contact.name, contact.email, contact.phone].filter { !$0.isEmpty }
                print("  \(contact.purpose): \(reach.joined(separator: ", "))")
            }
            for hold in sheet.holds {
                let about = hold.document.map { " for \($0)" } ?? ""
                print(
                    "  Not to be reminded\(about) from \(hold.from)\(hold.to.map { " until \($0)" } ?? ""): \(hold.reason)"
                )
            }
        }
    }
}
