import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk

/// `duly portfolio`.
struct PortfolioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portfolio", abstract: "Customers that somebody looks after; who may see those alone.",
        subcommands: [Add.self, List.self, Show.self, Assign.self, Remove.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a portfolio, with nobody in it yet.")
        @OptionGroup var common: Common
        @Argument(help: "Its name.") var name: String
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let database = try await common.open()
            guard let seller = try await common.sellers(database).first else { throw PortfolioRefusal.noSeller }
            let made = try await PortfolioDesk.add(
                name, to: seller.book, id: try common.command(id, "portfolio"), actor: common.actor,
                day: try common.day(in: seller.timeZone), in: database)
            print(common.json ? try Answer.encode(made) : "Made the portfolio \(made.name).")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The portfolios and how many customers each has.")
        @OptionGroup var common: Common

        func run() async throws {
            let found = try await common.open().read { try PortfolioDesk.list($0) }
            if common.json { return print(try Answer.encode(ReportPage(found, next: nil))) }
            Answer.table(["Portfolio", "Customers"], found.map { [$0.name, "\($0.customers)"] }, right: [1])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The customers of a portfolio.")
        @OptionGroup var common: Common
        @Argument(help: "Its name.") var name: String
        @Option(help: "Only this seller.") var seller: String?

        func run() async throws {
            let database = try await common.open()
            let books = try await common.sellers(database, seller).map { (book: $0.book, code: $0.code) }
            let name = name
            let members = try await database.read { transaction in
                guard let portfolio = try PortfolioDesk.find(name, transaction) else {
                    throw PortfolioRefusal.noSuchPortfolio(name)
                }
                return try PortfolioDesk.members(of: portfolio, books, transaction)
            }
            if common.json { return print(try Answer.encode(ReportPage(members, next: nil))) }
            Answer.table(["Seller", "Customer", "Name"], members.map { [$0.seller, $0.customer, $0.name] })
        }
    }

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put customers into a portfolio.")
        @OptionGroup var common: Common
        @OptionGroup var choice: ChoiceOptions

        func run() async throws { try await choice.change(common, isAssigning: true) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take customers out of a portfolio.")
        @OptionGroup var common: Common
        @OptionGroup var choice: ChoiceOptions

        func run() async throws { try await choice.change(common, isAssigning: false) }
    }
}

/// Which customers are put in or taken out.
struct ChoiceOptions: ParsableArguments {
    @Argument(help: "The portfolio's name.") var name: String
    @Argument(help: "Numbers of customers.") var numbers: [String] = []
    @Option(help: "A file with a customer's number on each line.") var file: String?
    @Option(help: "All customers of a country, two letters.") var country: String?
    @Option(help: "Only this seller's.") var seller: String?
    @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

    func validate() throws {
        let ways = [!numbers.isEmpty, file != nil, country != nil].filter { $0 }.count
        guard ways == 1 else { throw ValidationError("Say customers by number, by --file or by --country.") }
    }

    private func choice() throws -> PortfolioDesk.Choice {
        guard let file else {
            return PortfolioDesk.Choice(numbers: numbers, country: country?.uppercased())
        }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw ValidationError("--file \(file) cannot be read as UTF-8.")
        }
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            line.trimmingCharacters(in: .whitespaces)
        }
        return PortfolioDesk.Choice(numbers: lines.filter { !$0.isEmpty }, country: nil)
    }

    /// Every number belongs to one seller, or nothing is changed.
    func change(_ common: Common, isAssigning: Bool) async throws {
        let (database, choice, name) = (try await common.open(), try choice(), name)
        let sellers = try await common.sellers(database, seller)
        let books = try await database.read { transaction in
            guard try PortfolioDesk.find(name, transaction) != nil else { throw PortfolioRefusal.noSuchPortfolio(name) }
            var owners: [String: Int] = [:]
            let books = try sellers.filter { seller in
                let found = try PortfolioDesk.customers(choice, seller.book, transaction)
                for customer in found { owners[customer.number, default: 0] += 1 }
                return !found.isEmpty
            }
            let wrong: [any Refusal] = choice.numbers.compactMap { number in
                switch owners[number] ?? 0 {
                case 0: PortfolioRefusal.noSuchCustomer(number)
                case 1: nil
                default: PortfolioRefusal.severalSellers(number)
                }
            }
            guard wrong.isEmpty else { throw Refusals(wrong) }
            return books
        }
        let run = try common.command(id, "portfolio")
        var changes: [PortfolioDesk.Change] = []
        for seller in books {
            changes.append(
                try await PortfolioDesk.change(
                    name, choice, isAssigning: isAssigning, book: seller.book, id: run, actor: common.actor,
                    day: try common.day(in: seller.timeZone), in: database))
        }
        if common.json { return print(try Answer.encode(ReportPage(changes, next: nil))) }
        let count = changes.reduce(0) { $0 + $1.changed }
        print("\(count) customers \(isAssigning ? "put into" : "taken out of") \(name).")
    }
}
