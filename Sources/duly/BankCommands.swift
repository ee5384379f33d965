import ArgumentParser
import Books
import Database
import Formats
import Foundation
import Ledger
import Money
import ReceivablesDesk

struct Bank: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bank files: camt.053, MT940, CSV.", subcommands: [Read.self, ImportFiles.self])

    /// How a CSV is read: which of its columns is what.
    struct FileOptions: ParsableArguments {
        @Option(help: "For a CSV: 'Their column=our field' (booking_day, amount, …).") var map: [String] = []
        @Option(help: "For a CSV: order of days: dmy, mdy or ymd.") var dates: String?
        @Option(help: "The account, where the file does not say.") var account: String?
        @Option(help: "The currency, where the file does not say.") var currency: String?

        func options() throws -> BankFile.Options {
            var options = BankFile.Options()
            if let currency {
                guard let money = Currency(currency) else { throw SetUpRefusal.unknownCurrency(currency) }
                options.currency = money
            }
            guard !map.isEmpty else { return options }
            var fields: [String: String] = [:]
            for pair in map {
                guard let mark = pair.lastIndex(of: "=") else {
                    throw ValidationError("--map takes 'Their column=our field', not '\(pair)'.")
                }
                fields[String(pair[pair.index(after: mark)...])] = String(pair[..<mark])
            }
            options.csv = try Self.csvMap(fields, dates: dates, account: account)
            return options
        }

        private static func csvMap(_ fields: [String: String], dates: String?, account: String?) throws -> BankCSVMap {
            let known: Set<String> = [
                "booking_day", "value_day", "amount", "debit", "credit", "direction", "currency", "counterparty",
                "counterparty_account", "text", "structured_reference", "end_to_end", "bank_reference", "own_account",
                "balance",
            ]
            if let strange = fields.keys.sorted().first(where: { !known.contains($0) }) {
                throw ValidationError(
                    "'\(strange)' is no field of a bank line; there are \(known.sorted().joined(separator: ", ")).")
            }
            func column(_ name: String) -> BankCSVMap.Column? { fields[name].map { BankCSVMap.Column([$0]) } }
            guard let day = column("booking_day"), fields["amount"] != nil || fields["credit"] != nil else {
                throw ValidationError("A CSV needs a map for booking_day and for amount (or debit and credit).")
            }
            var map = BankCSVMap(bookingDay: day)
            map.valueDay = column("value_day")
            map.amount = column("amount")
            map.debit = column("debit")
            map.credit = column("credit")
            map.direction = column("direction")
            map.currency = column("currency")
            map.counterparty = column("counterparty")
            map.counterpartyAccount = column("counterparty_account")
            map.text = column("text").map { [$0] } ?? []
            map.structuredReference = column("structured_reference")
            map.endToEnd = column("end_to_end")
            map.bankReference = column("bank_reference")
            map.ownAccount = column("own_account")
            map.balance = column("balance")
            map.account = account
            switch dates {
            case nil: break
            case "dmy": map.dayOrder = .dayMonthYear
            case "mdy": map.dayOrder = .monthDayYear
            case "ymd": map.dayOrder = .yearMonthDay
            default: throw ValidationError("--dates takes dmy, mdy or ymd.")
            }
            return map
        }
    }

    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print what is in bank files; no books are touched.")
        @OptionGroup var common: Common
        @OptionGroup var options: FileOptions
        @Argument(help: "The files.") var files: [String]

        func run() async throws {
            var options = try options.options()
            // A fragment without a balance names no currency; what is only shown is shown, with a warning. Nothing is booked so.
            options.currency = options.currency ?? .eur
            var refusals: [any Refusal] = []
            let printer = BankPrinter(json: common.json)
            for file in files {
                do {
                    try printer.print(file, options)
                } catch let problems as BankFileProblems {
                    refusals += problems.problems.map { BankFileRefusal(file: file, problem: $0) }
                }
            }
            guard refusals.isEmpty else { throw Refusals(refusals) }
            try printer.finish()
        }
    }

    struct ImportFiles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Book bank files; what is in the books already is passed over.")
        @OptionGroup var common: Common
        @OptionGroup var options: FileOptions
        @Argument(help: "The files.") var files: [String]
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let database = try await common.open()
            let desk = ReceivablesDesk(
                database, vault: try common.vault(), clock: Common.clock, chance: Common.chance)
            let progress = Progress("bank import")
            let outcome = try await desk.importBank(
                files, id: try common.command(id, "bank"), actor: common.actor, today: try common.day(),
                options: try options.options(), dryRun: dryRun
            ) { _, done in progress.report(done, nil) }
            if !dryRun { await TableStatistics.renew(database, after: outcome.receipts) }
            if common.json { return print(try Answer.encode(outcome)) }
            for warning in outcome.warnings { Answer.say(warning) }
            Answer.table(
                ["Statement", "Account", "Seller", "Entries", "New", "Known", "Closing", "Continuity"],
                outcome.statements.map {
                    [
                        $0.statement, $0.account, $0.seller, "\($0.entries)", "\($0.imported)", "\($0.duplicates)",
                        $0.closing.map { "\($0)" } ?? "", $0.continuity,
                    ]
                }, right: [3, 4, 5, 6])
            print("\(outcome.receipts) receipts. Run \(outcome.run).\(dryRun ? " Nothing was kept." : "")")
        }
    }
}

/// A problem of a bank file as a refusal.
struct BankFileRefusal: Refusal {
    let file: String
    let problem: BankFileProblem
    var code: String { problem.code }
    var what: String { problem.what }
    var why: String { "\(file): \(problem.why)" }
    var next: String { problem.next }
    var place: RefusalPlace? { RefusalPlace(file: file, row: problem.line, field: problem.field) }
}
