import ArgumentParser
import Books
import CreditControl
import CreditControlDesk
import Foundation
import Ledger
import Money

extension ReminderCommand {
    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the policy in force, or set one from a file or by what it says.",
            discussion:
                "What is not named stays as it is in force on the day; a file that leaves something out takes its default."
        )
        @OptionGroup var common: Common
        @Option(name: .customLong("set"), help: "A JSON file; what it leaves out has its default.") var file: String?
        @Option(help: "Days after the due day at which levels 1, 2 and 3 are reached: three times.")
        var levelDays: [Int] = []
        @Option(help: "Days a letter of level 1, 2 and 3 gives for an answer: three times.")
        var deadlineDays: [Int] = []
        @Option(help: "Days between two letters to a customer, at least.") var daysBetween: Int?
        @Option(help: "The least amount a letter asks for, such as EUR=5.00; may stand several times.")
        var minimum: [String] = []
        @Option(help: "Bank data older than so many working days keeps letters back.") var bankDataDays: Int?
        @Option(help: "Days more that private persons are given at every level.") var consumerExtraDays: Int?
        @Option(help: "The highest level written to a private person by itself.") var consumerHighestLevel: Int?
        @Option(name: .customLong("from"), help: "The day it holds from; default today.") var from: String?
        @Option(help: "Only for this seller; default every seller.") var seller: String?
        @Flag(help: "Check it, and keep nothing.") var dryRun = false

        private var isChanged: Bool {
            !levelDays.isEmpty || !deadlineDays.isEmpty || !minimum.isEmpty
                || [daysBetween, bankDataDays, consumerExtraDays, consumerHighestLevel].contains { $0 != nil }
        }

        func validate() throws {
            guard file == nil || !isChanged else {
                throw ValidationError("Say --set FILE, or what is to be changed, not both.")
            }
            for (name, values) in [("--level-days", levelDays), ("--deadline-days", deadlineDays)]
            where !values.isEmpty && values.count != 3 {
                throw ValidationError("\(name) stands three times, for levels 1, 2 and 3.")
            }
        }

        func run() async throws {
            let database = try await common.open()
            let sellers = try await common.sellers(database, seller)
            guard let first = sellers.first else { return }
            let desk = ReminderCommand.desk(database)
            let day = try from.map { try Common.day($0, "--from") } ?? common.day(in: first.timeZone)
            guard file != nil || isChanged else {
                return try show(try await desk.policyJSON(on: day, book: first.book))
            }
            let text: String
            if let file {
                text = try Self.text(file)
            } else {
                text = try Self.json(try changed(try await desk.policy(on: day, book: first.book)))
            }
            let policy = try await desk.setPolicy(
                text, validFrom: day, book: seller == nil ? nil : first.book, dryRun: dryRun)
            print(try Answer.encode(policy))
        }

        /// To be read, and to be changed and set again.
        private func show(_ policy: String) throws {
            if common.json { return print(policy) }
            let object = try JSONSerialization.jsonObject(with: Data(policy.utf8))
            let text = try JSONSerialization.data(
                withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            print(String(decoding: text, as: UTF8.self))
        }

        private static func text(_ file: String) throws -> String {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw ValidationError("\(file) cannot be read as text.")
            }
            return text
        }

        private static func json(_ policy: ReminderPolicy) throws -> String {
            String(decoding: try JSONEncoder().encode(policy), as: UTF8.self)
        }

        /// The policy in force with what was said.
        private func changed(_ policy: ReminderPolicy) throws -> ReminderPolicy {
            var policy = policy
            for (place, days) in levelDays.enumerated() where place < policy.levels.count {
                policy.levels[place].daysOverdue = days
            }
            for (place, days) in deadlineDays.enumerated() where place < policy.levels.count {
                policy.levels[place].deadlineDays = days
            }
            for pair in minimum {
                let halves = pair.split(separator: "=", maxSplits: 1).map(String.init)
                guard halves.count == 2 else {
                    throw ValidationError("--minimum takes CURRENCY=AMOUNT, such as EUR=5.00, not '\(pair)'.")
                }
                policy.minimum[halves[0].uppercased()] = halves[1]
            }
            policy.daysBetween = daysBetween ?? policy.daysBetween
            policy.bankDataDays = bankDataDays ?? policy.bankDataDays
            policy.consumerExtraDays = consumerExtraDays ?? policy.consumerExtraDays
            policy.consumerHighestLevel = consumerHighestLevel ?? policy.consumerHighestLevel
            return policy
        }
    }
}
