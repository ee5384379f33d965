import ArgumentParser
import Books
import CorrespondenceDesk
import Database
import Foundation
import Ledger
import Money

/// `duly message`.
struct MessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message",
        abstract: "Letters in the outbox, and a person's word on those whose fate is not known.",
        subcommands: [List.self, SendAgain.self, Arrived.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List letters by their state.")
        static let states = ["queued", "sending", "sent", "refused", "uncertain", "withdrawn"]
        @OptionGroup var common: Common
        @Option(help: "One of \(states.joined(separator: ", ")); default what is not done.") var state: [String] = []
        @Option(help: "Only this seller.") var seller: String?
        @Option(help: "At most this many.") var limit = 1000

        func validate() throws {
            guard state.allSatisfy(Self.states.contains) else {
                throw ValidationError("--state takes one of \(Self.states.joined(separator: ", ")).")
            }
            try ListOptions.check(limit: limit)
        }

        func run() async throws {
            let database = try await common.open()
            let states = state.isEmpty ? ["uncertain", "refused", "sending", "queued"] : state
            var letters: [LetterState] = []
            for seller in try await common.sellers(database, seller) {
                letters += try await common.letters(database).letters(in: states, book: seller.book, limit: limit)
            }
            letters = Array(letters.prefix(limit))
            if common.json { return print(try Answer.encode(ListItems(items: letters))) }
            Answer.table(
                ["Message", "Letter", "About", "Customer", "By", "State", "Attempts", "Answer"],
                letters.map {
                    [$0.message, $0.kind, $0.subject, $0.customer, $0.channel, $0.state, "\($0.attempts)", $0.answer]
                }, right: [6])
            if letters.isEmpty { print("No such letters.") }
        }
    }

    /// What both words take.
    struct WordOptions: ParsableArguments {
        @Argument(help: "The message's id.") var message: String
        @Option(help: "Only this seller.") var seller: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func settle(_ word: SettleLetter.Word, _ common: Common) async throws {
            let database = try await common.open()
            guard let record = RecordID(message) else { throw CorrespondenceRefusal.noSuchLetter(message) }
            let command = try common.command(id, "letter")
            for seller in try await common.sellers(database, seller) {
                let settle = SettleLetter(
                    id: command, message: record, word: word, actor: common.actor,
                    today: try common.day(in: seller.timeZone))
                do {
                    let letter = try await common.letters(database).settle(settle, book: seller.book, dryRun: dryRun)
                    if common.json { return print(try Answer.encode(letter)) }
                    return print(
                        dryRun
                            ? "Letter \(letter.message) about \(letter.subject) is \(letter.state); nothing was kept."
                            : "Letter \(letter.message) about \(letter.subject) is \(letter.state) now.")
                } catch CorrespondenceRefusal.noSuchLetter { continue }
            }
            throw CorrespondenceRefusal.noSuchLetter(message)
        }
    }

    struct SendAgain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Queue an uncertain or refused letter again.", aliases: ["retry"])
        @OptionGroup var common: Common
        @OptionGroup var word: WordOptions
        func run() async throws { try await word.settle(.sendAgain, common) }
    }

    struct Arrived: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Note that a letter has reached the customer.")
        @OptionGroup var common: Common
        @OptionGroup var word: WordOptions
        func run() async throws { try await word.settle(.arrived, common) }
    }
}

/// `duly post`.
struct Post: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Letters that go by post.", subcommands: [Print.self])

    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the PDFs of letters that go by post into a folder, and mark them sent.")
        @OptionGroup var common: Common
        @Option(help: "The folder to write to.") var out = "post"
        @Option(help: "Only this seller.") var seller: String?
        @Flag(help: "List what would be printed, and keep nothing.") var dryRun = false

        func run() async throws {
            let database = try await common.open()
            let desk = common.letters(database)
            var outcome = PrintBatchOutcomes()
            for seller in try await common.sellers(database, seller) {
                if dryRun {
                    outcome.waiting += try await desk.letters(in: ["queued"], book: seller.book, limit: 1_000_000)
                        .filter { $0.channel == "post" }
                    continue
                }
                let progress = Progress("print \(seller.code)")
                let part = try await desk.printBatch(to: out, book: seller.book) { progress.report($0, nil) }
                outcome.printed += part.printed
                outcome.refused += part.refused
            }
            if common.json { return print(try Answer.encode(outcome)) }
            for letter in outcome.refused { Answer.say("\(letter.subject): \(letter.answer)") }
            print(
                dryRun
                    ? "Would print \(outcome.waiting.count) letters into \(out)."
                    : "Printed \(outcome.printed.count) letters into \(out).")
            if !outcome.refused.isEmpty { throw ExitCode(1) }
        }
    }
}

/// What was printed for all sellers.
private struct PrintBatchOutcomes: Encodable {
    var printed: [PrintBatchOutcome.Printed] = []
    var refused: [SendingOutcome.Letter] = []
    /// In a dry run.
    var waiting: [LetterState] = []
}
