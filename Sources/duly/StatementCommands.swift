import ArgumentParser
import Books
import CorrespondenceDesk
import Database
import Foundation
import Ledger
import Money
import ReportsDesk

/// `duly statement`.
struct StatementCommand: AsyncParsableCommand {
    enum Kind: String, ExpressibleByArgument { case openItem = "open-item" }
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Statements of what customers owe.", subcommands: [Show.self, Run.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a customer's open items as of a day.")
        @OptionGroup var common: Common
        @Option(help: "The customer's number.") var customer: String
        @Option(help: "As of the end of this day; default today.") var asOf: String?
        @Option(help: "With what the books knew then.") var knownAt: String?
        @Option(help: "open-item.") var kind: Kind = .openItem
        @Option(help: "Only this seller.") var seller: String?

        func run() async throws {
            let database = try await common.open()
            let scope = try await ReportCommand.scope(common, database, seller: seller, asOf: asOf, knownAt: knownAt)
            let sellers = try await common.sellers(database, seller)
            var sheets: [StatementFacts.Sheet] = []
            var isKnown = false
            for one in sellers {
                do {
                    sheets += try await common.letters(database).statements(
                        of: customer, asOf: scope.asOf, knownAt: scope.knownAt, book: one.book)
                    isKnown = true
                } catch CorrespondenceRefusal.noSuchCustomer { continue }
            }
            guard isKnown else { throw TellingRefusal.noSuchCustomer(customer) }
            if common.json { return print(try Answer.encode(ListItems(items: sheets))) }
            if sheets.isEmpty { print("Nothing is open.") }
            for sheet in sheets { show(sheet) }
        }

        private func show(_ sheet: StatementFacts.Sheet) {
            print(
                "\(sheet.customerName) (\(sheet.customer)) at \(sheet.seller), as of \(sheet.asOf), \(sheet.currency)")
            Answer.table(
                ["Document", "Type", "Day", "Due", "Late", "Amount", "Open", "Disputed"],
                sheet.items.map {
                    [
                        $0.number, $0.type, $0.day, $0.dueDay ?? "", $0.daysLate > 0 ? "\($0.daysLate)" : "",
                        $0.original, $0.open, $0.disputed,
                    ]
                }, right: [4, 5, 6, 7])
            if let issued = sheet.issued { print("  Code \(issued.code)") }
            print(
                "  Open \(sheet.total), on account \(sheet.unallocated), balance \(sheet.net), due now \(sheet.dueNow)")
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Write statements as PDF and JSON into a folder, with index.csv. Each is issued once and bears a code that its customer can find in the audit chain."
        )
        @OptionGroup var common: Common
        @Option(help: "Only this customer.") var customer: String?
        @Flag(help: "Every customer with something open or on account.") var all = false
        @Option(help: "As of the end of this day; default today.") var asOf: String?
        @Option(help: "With what the books knew then.") var knownAt: String?
        @Option(help: "open-item.") var kind: Kind = .openItem
        @Option(help: "The folder to write to.") var out = "statements"
        @Option(help: "Only this seller.") var seller: String?
        @Flag(help: "Say what would be written, and keep nothing.") var dryRun = false

        func validate() throws {
            guard (customer == nil) == all else { throw ValidationError("Say --customer C, or --all.") }
        }

        func run() async throws {
            let database = try await common.open()
            let scope = try await ReportCommand.scope(common, database, seller: seller, asOf: asOf, knownAt: knownAt)
            let sellers = try await common.sellers(database, seller)
            let folder = try PaperFolder(out, dryRun: dryRun)
            defer { folder.leave() }
            let progress = Progress("statements")
            let issue = dryRun ? nil : StatementIssue(id: try common.command(nil, "statement"), actor: common.actor)
            // What the statements count is sealed before they name the last seal, and they themselves after.
            let sealer = Sealer(database, clock: Common.clock)
            if !dryRun { try await sealer.seal() }
            let outcome = try await common.letters(database).run(
                StatementRun(asOf: scope.asOf, knownAt: scope.knownAt, customer: customer, issue: issue),
                books: sellers.map(\.book), to: folder.path
            ) { progress.report($0, $1) }
            if !dryRun { try await sealer.seal() }
            if common.json { return print(try Answer.encode(outcome)) }
            Answer.table(
                ["Seller", "Customer", "Balance", "", "Code", "File"],
                outcome.statements.map {
                    [$0.seller, $0.customerID, $0.net, $0.currency, $0.code ?? "", $0.file]
                }, right: [2])
            let count = "\(outcome.statements.count) statement\(outcome.statements.count == 1 ? "" : "s")"
            print(dryRun ? "Would write \(count) to \(out)." : "Wrote \(count) and index.csv to \(out).")
        }
    }
}
