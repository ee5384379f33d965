import Access
import AccessDesk
import ArgumentParser
import Books
import Foundation
import Ledger
import Money

/// `duly approval`.
struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval", abstract: "What waits for a second person, and who decides about how much.",
        discussion:
            "A credit note, write-off, refund or bank account of a seller that is more than its sender may decide alone is kept "
            + "and not carried out. Somebody else agrees, and it is carried out as it was asked for; or refuses.",
        subcommands: [List.self, Give.self, Refuse.self, Withdraw.self, Limits.self, SetLimit.self])

    fileprivate static func desk(_ common: Common) async throws -> CommandDesk {
        CommandDesk(url: common.url, database: try await common.open(), day: try common.days())
    }

    /// Who asks: whoever is signed in, or who is named at the command line; nil where that is no user.
    fileprivate static func principal(_ common: Common, _ desk: CommandDesk) async throws -> Principal? {
        if let principal = Door.current?.principal { return principal }
        return try await desk.approvals.principal(named: common.actor.name)
    }

    fileprivate static func giving(_ common: Common) async throws -> ApprovalGiving {
        let desk = try await desk(common)
        let nobody = Principal(user: nil, name: common.actor.name, role: .auditor)
        return ApprovalGiving(desk: desk, principal: try await principal(common, desk) ?? nobody)
    }

    /// The ids of what waits for whoever asks.
    static func decidable(_ common: Common) async throws -> Set<Int64> {
        let desk = try await desk(common)
        let reading = ApprovalReading(desk: desk, principal: try await principal(common, desk))
        return Set(try await reading.decidable().map(\.id.number))
    }

    fileprivate static func say(_ answer: ApprovalAnswer, _ common: Common, dryRun: Bool) throws {
        print(common.json ? try Answer.encode(answer) : answer.words)
        if let said = answer.said, !common.json { print(said) }
        if dryRun, !common.json { print("Nothing was kept.") }
        // Agreed to, and refused by the books: not done.
        if answer.state == "failed" { throw ExitCode(1) }
    }

    private struct Page<Item: Encodable>: Encodable {
        let items: [Item]
        @OrNull var next: String?
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What waits for a second person, and what was decided, newest first.")
        @OptionGroup var common: Common
        @Option(help: "open, decided or all.") var state = "all"
        @OptionGroup var list: ListOptions

        func run() async throws {
            let states: [Approval.State]
            switch state {
            case "open": states = [.waiting, .agreed]
            case "decided": states = [.done, .failed, .refused, .withdrawn]
            case "all": states = Approval.State.allCases
            default: throw ValidationError("--state takes open, decided or all, not '\(state)'.")
            }
            let desk = try await ApprovalCommand.desk(common)
            let book = try await list.book(common, desk.database)
            let after = try list.after.map { text in
                guard let id = RecordID(text) else { throw AccessRefusal.noSuchApproval(text) }
                return id
            }
            let reading = ApprovalReading(desk: desk, principal: try await ApprovalCommand.principal(common, desk))
            let found = try await reading.list(states, book: book, limit: list.limit, after: after)
            let next = found.count == list.limit ? found.last?.approval : nil
            if common.json { return print(try Answer.encode(Page(items: found, next: next))) }
            guard !found.isEmpty else { return print("Nothing waits for a second person.") }
            Answer.table(
                ["Approval", "State", "Asks", "Customer", "Amount", "", "Asked by", "Asked", "Decided by", "Decides"],
                found.map { one in
                    [
                        one.approval, one.state, one.asks, one.customer ?? "", one.amount ?? "", one.currency ?? "",
                        one.askedBy, String(one.asked.prefix(16)), one.decidedBy ?? "",
                        one.roles.joined(separator: " or "),
                    ]
                })
            if let next { print("More: --after \(next)") }
        }
    }

    struct Give: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Agree to what somebody else asked for; it is carried out as they asked, under its own id.",
            discussion: "The same again goes on where it stopped, or says what came of it.")
        @OptionGroup var common: Common
        @Argument(help: "The id of what waits.") var approval: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false

        func run() async throws {
            let giving = try await ApprovalCommand.giving(common)
            try ApprovalCommand.say(try await giving.give(approval, dryRun: dryRun), common, dryRun: dryRun)
        }
    }

    struct Refuse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse what somebody else asked for.")
        @OptionGroup var common: Common
        @Argument(help: "The id of what waits.") var approval: String
        @Option(help: "Why; shown to whoever asked.") var reason: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false

        func run() async throws {
            let giving = try await ApprovalCommand.giving(common)
            try ApprovalCommand.say(
                try await giving.refuse(approval, reason: reason, dryRun: dryRun), common, dryRun: dryRun)
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take back what you asked for yourself.")
        @OptionGroup var common: Common
        @Argument(help: "The id of what waits.") var approval: String
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false

        func run() async throws {
            let giving = try await ApprovalCommand.giving(common)
            try ApprovalCommand.say(try await giving.withdraw(approval, dryRun: dryRun), common, dryRun: dryRun)
        }
    }

    /// What a role decides, as it is told.
    struct LimitAnswer: Encodable, Sendable {
        let rule, role, alone, agrees: String
        let isDefault: Bool
        enum CodingKeys: String, CodingKey {
            case rule, role, alone, agrees
            case isDefault = "default"
        }
        static func all(_ limits: ApprovalLimits) -> [LimitAnswer] {
            SecondPerson.commands.flatMap { rule in
                Role.allCases.filter { Permissions.may($0, rule) || Permissions.may($0, "approval give") }.map { role in
                    let pair = limits.pair(rule, role)
                    return LimitAnswer(
                        rule: rule, role: role.rawValue, alone: Permissions.may(role, rule) ? pair.alone.text : "none",
                        agrees: Permissions.may(role, "approval give") ? pair.agrees.text : "none",
                        isDefault: limits.isDefault(rule, role))
                }
            }
        }
    }

    struct Limits: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What each role decides alone, and agrees to as the second person.",
            discussion: "Whole units of the currency of the seller's books.")
        @OptionGroup var common: Common

        func run() async throws {
            let all = LimitAnswer.all(try await ApprovalCommand.desk(common).approvals.limits())
            if common.json { return print(try Answer.encode(Page(items: all, next: nil))) }
            Answer.table(
                ["Command", "Role", "Alone up to", "Agrees up to"],
                all.map { [$0.rule, $0.role, $0.alone, $0.agrees] }, right: [2, 3])
        }
    }

    struct SetLimit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "limit", abstract: "Set what a role decides alone, or agrees to as the second person.",
            discussion: "Such as: duly approval limit 'cash write-off' coordinator --alone 100")
        @OptionGroup var common: Common
        @Argument(help: "The command: \(SecondPerson.commands.joined(separator: ", ")).") var rule: String
        @Argument(help: "The role.") var role: String
        @Option(help: "A whole number of the seller's currency, none, or any.") var alone: String?
        @Option(help: "A whole number of the seller's currency, none, or any.") var agrees: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false

        func run() async throws {
            guard alone != nil || agrees != nil else { throw ValidationError("Say --alone or --agrees.") }
            guard let of = Role(rawValue: role) else { throw AccessRefusal.noSuchRole(role) }
            var wrong: [AccessRefusal] = []
            func bound(_ text: String?, _ field: String) -> Bound? {
                guard let text else { return nil }
                let bound = Bound(text)
                if bound == nil { wrong.append(.badBound(text, field: field)) }
                return bound
            }
            let (alone, agrees) = (bound(alone, "alone"), bound(agrees, "agrees"))
            guard wrong.isEmpty else { throw Refusals(wrong) }
            let pair = try await ApprovalCommand.desk(common).approvals.setLimit(
                rule, of, alone: alone, agrees: agrees, by: common.actor.name, dryRun: dryRun)
            if common.json {
                return print(
                    try Answer.encode(
                        LimitAnswer(
                            rule: rule, role: role, alone: pair.alone.text, agrees: pair.agrees.text, isDefault: false))
                )
            }
            print(
                "\(role), \(rule): alone up to \(pair.alone.text), agrees up to \(pair.agrees.text).\(dryRun ? " Nothing was kept." : "")"
            )
        }
    }
}
