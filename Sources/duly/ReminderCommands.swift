import ArgumentParser
import Books
import CreditControl
import CreditControlDesk
import Database
import Foundation
import Ledger
import Money

/// `duly reminder`.
struct ReminderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reminder", abstract: "Ask for what is overdue, and say why or why not.",
        subcommands: [Preview.self, Run.self, Why.self, Policy.self])

    static func desk(_ database: any Database) -> CreditControlDesk {
        CreditControlDesk(database, clock: Common.clock, chance: Common.chance)
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a run would write and hold back; nothing is kept.")
        @OptionGroup var common: Common
        @Option(help: "Only this customer.") var customer: String?
        @Option(help: "Only this seller.") var seller: String?

        func run() async throws {
            let outcome = try await ReminderRuns.each(common, seller) { database, seller, day, progress in
                try await ReminderCommand.desk(database).preview(
                    day, customer: customer, book: seller.book, progress: progress)
            }
            try ReminderRuns.show(outcome, common, isKept: false)
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the reminders of the day into the outbox.")
        @OptionGroup var common: Common
        @Option(help: "Only this customer.") var customer: String?
        @Option(help: "Leave this customer out; may stand several times.") var without: [String] = []
        @Option(help: "Only this seller.") var seller: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let command = try common.command(id, "reminder")
            let outcome = try await ReminderRuns.each(common, seller) { database, seller, day, progress in
                try await ReminderCommand.desk(database).run(
                    ReminderRun(
                        id: command, day: day, customer: customer, without: without, actor: common.actor),
                    book: seller.book,
                    dryRun: dryRun, progress: progress)
            }
            try ReminderRuns.show(outcome, common, isKept: !dryRun)
        }
    }

    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Why a customer is, or is not, written to; every letter so far.")
        @OptionGroup var common: Common
        @Argument(help: "The number of the customer or of a document.") var subject: String?
        @Option(help: "The customer's number.") var customer: String?
        @Option(help: "The document's number.") var document: String?
        @Option(help: "Only this seller.") var seller: String?

        func validate() throws {
            guard [subject, customer, document].compactMap({ $0 }).count == 1 else {
                throw ValidationError("Say one customer or document.")
            }
        }

        func run() async throws {
            let number = subject ?? customer ?? document ?? ""
            let database = try await common.open()
            var found: [ReminderWhy] = []
            for seller in try await common.sellers(database, seller) {
                do {
                    found.append(
                        try await ReminderCommand.desk(database).why(
                            number, on: try common.day(in: seller.timeZone), book: seller.book))
                } catch ReminderRefusal.noSuchCustomerOrDocument { continue }
            }
            guard let why = found.first else { throw ReminderRefusal.noSuchCustomerOrDocument(number) }
            guard found.count == 1 else {
                throw ValidationError("\(number) exists at several sellers; say --seller CODE.")
            }
            if common.json { return print(try Answer.encode(why)) }
            show(why)
        }

        private func show(_ why: ReminderWhy) {
            let verdict =
                switch why.verdict {
                case "letter": "a run on \(why.day) writes"
                case "held": "a run on \(why.day) holds the letter back"
                default: "nothing is late enough on \(why.day)"
                }
            print("\(why.customerName) (\(why.customer)): \(verdict).")
            for reason in why.reasons { print("  \(reason.why) \(reason.next) (\(reason.code))") }
            Answer.table(
                ["Document", "Due", "Days", "Open", "", "Level", "Why"],
                why.items.map {
                    [
                        $0.invoiceNo, $0.dueDay, "\($0.daysOverdue)", $0.amount, $0.currency,
                        $0.level == 0 ? "" : "\($0.level)", $0.why,
                    ]
                }, right: [2, 3, 5])
            for one in why.earlier {
                let end = one.undoneBy.isEmpty ? one.state : "taken back"
                print(
                    "  \(one.day): level \(one.level) over \(one.total) \(one.currency), \(end): \(one.documents.joined(separator: ", "))"
                )
            }
        }
    }
}

/// A reminder run over several sellers, told as one.
private enum ReminderRuns {
    typealias OneRun = (
        any Database, SellerFacts, Day, @escaping @Sendable (Int, Int) -> Void
    ) async throws -> ReminderRunOutcome

    /// A customer named must be known at one of them at least.
    static func each(_ common: Common, _ seller: String?, _ run: OneRun) async throws -> ReminderRunOutcome {
        let database = try await common.open()
        var all: ReminderRunOutcome?
        var unknown: (any Error)?
        for seller in try await common.sellers(database, seller) {
            let progress = Progress("reminders \(seller.code)")
            do {
                let one = try await run(database, seller, try common.day(in: seller.timeZone)) {
                    progress.report($0, $1)
                }
                if all == nil { all = one } else { try all?.join(one) }
            } catch let refusal as ReminderRefusal {
                guard case .noSuchCustomer = refusal else { throw refusal }
                unknown = refusal
            }
        }
        if let all { return all }
        throw unknown ?? SetUpRefusal.noSuchSeller(seller ?? "")
    }

    static func show(_ outcome: ReminderRunOutcome, _ common: Common, isKept: Bool) throws {
        if common.json { return print(try Answer.encode(outcome)) }
        Answer.table(
            ["Customer", "Name", "Level", "By", "Pay by", "Asked for"],
            outcome.letters.map { letter in
                [
                    letter.customer, letter.customerName, "\(letter.level)", letter.channel, letter.payBy,
                    letter.totals.map { "\($0.amount) \($0.currency)" }.joined(separator: ", "),
                ]
            }, right: [2, 5])
        for held in outcome.held {
            print("Held: \(held.customerName) (\(held.customer)): \(held.why) \(held.next) (\(held.code))")
        }
        let sums = outcome.totals.map { "\($0.amount) \($0.currency)" }.joined(separator: ", ")
        let count = "\(outcome.letters.count) letter\(outcome.letters.count == 1 ? "" : "s")"
        print(
            "\(isKept ? "Wrote" : "Would write") \(count)\(sums.isEmpty ? "" : " over \(sums)"), \(outcome.held.count) held."
                + (isKept && !outcome.run.isEmpty ? " Run \(outcome.run)." : ""))
    }
}

extension ReminderRunOutcome {
    /// Adds what another seller's run did.
    fileprivate mutating func join(_ other: ReminderRunOutcome) throws {
        letters += other.letters
        held += other.held
        for total in other.totals {
            guard let place = totals.firstIndex(where: { $0.currency == total.currency }) else {
                totals.append(total)
                continue
            }
            let currency = try WorkspaceBooks.currency(total.currency)
            totals[place].letters += total.letters
            totals[place].amount =
                (try WorkspaceBooks.money(totals[place].amount, currency)
                + WorkspaceBooks.money(total.amount, currency)).decimal
        }
    }
}
