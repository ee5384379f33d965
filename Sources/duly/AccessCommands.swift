import Access
import AccessDesk
import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money

/// `duly user`: who may come in.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Who may sign in, in which role, and what they see.",
        subcommands: [
            Add.self, Invite.self, List.self, ChangeRole.self, Limit.self, Disable.self, Enable.self, Reset.self,
            Views.self, Acts.self, Clashes.self,
        ])

    static func desk(_ common: Common, dryRun: Bool = false) async throws -> AccessDesk {
        let vault = try? common.vault()
        var desk = AccessDesk(
            try await common.open(), hasher: PasswordHasher(), vault: vault, clock: Common.clock,
            chance: Common.chance)
        desk.dryRun = dryRun
        return desk
    }

    /// What a new user is made of.
    struct Person: ParsableArguments {
        @Argument(help: "The name to sign in with.") var name: String
        @Option(help: "One of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).") var role: String
        @Option(help: "Their full name.") var fullName = ""
        @Option(help: "Their mail address.") var email = ""
        @Option(name: .customLong("seller"), help: "A seller whose books they see; may be repeated. Default every one.")
        var sellers: [String] = []
        @Option(help: "Only the customers of this portfolio.") var portfolio: String?
        @Option(name: .customLong("user-language"), help: "Their language: de or en.") var userLanguage: String?

        func made() throws -> NewUser {
            guard ["de", "en", nil].contains(userLanguage) else {
                throw ValidationError("--user-language takes de or en.")
            }
            var user = NewUser(name: name, fullName: fullName, email: email, role: role)
            user.language = userLanguage ?? ""
            user.sellers = sellers.isEmpty ? nil : sellers
            user.portfolio = try AccessLimits.portfolio(portfolio ?? "")
            return user
        }
    }

    struct DryRun: ParsableArguments {
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        var end: String { dryRun ? " Nothing was kept." : "" }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Add a user with a password; it is read from a file or from standard input, never from the command.")
        @OptionGroup var common: Common
        @OptionGroup var person: Person
        @Option(help: "A file that holds the password; default one line of standard input.") var passwordFile: String?
        @OptionGroup var dry: DryRun

        func run() async throws {
            let made = try await UserCommand.desk(common, dryRun: dry.dryRun).add(
                try person.made(), password: try password(), by: common.actor.name)
            try UserCommand.say(made, "Added \(made.name) as \(made.role.rawValue).\(dry.end)", common)
        }

        private func password() throws -> String {
            guard let passwordFile else {
                if isatty(0) != 0 { Answer.say("The password, 12 characters or more:") }
                return readLine() ?? ""
            }
            guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
                throw ValidationError("--password-file names no file that can be read.")
            }
            return String(text.prefix { !$0.isNewline })
        }
    }

    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a user who chooses a password by a link; the link is printed this once, good for a week.")
        @OptionGroup var common: Common
        @OptionGroup var person: Person
        @OptionGroup var dry: DryRun

        func run() async throws {
            let made = try await UserCommand.desk(common, dryRun: dry.dryRun).invite(
                try person.made(), by: common.actor.name)
            try UserCommand.say(
                "/invited/\(made.secret.text)", "Invited \(made.user.name) as \(made.user.role.rawValue).\(dry.end)",
                common)
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a link by which somebody chooses a new password; printed this once, good for an hour.")
        @OptionGroup var common: Common
        @Argument(help: "The user.") var name: String
        @OptionGroup var dry: DryRun

        func run() async throws {
            let secret = try await UserCommand.desk(common, dryRun: dry.dryRun).reset(name, by: common.actor.name)
            try UserCommand.say("/reset/\(secret.text)", "A new password for \(name).\(dry.end)", common)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the users, their roles and limits.")
        @OptionGroup var common: Common

        func run() async throws {
            let users = try await UserCommand.desk(common).users().map(UserAnswer.init)
            if common.json { return print(try Answer.encode(ListAnswer(items: users))) }
            Answer.table(
                ["name", "full name", "mail", "role", "sees", "standing"],
                users.map { user in
                    [
                        user.name, user.full_name, user.email, user.role,
                        (user.sellers.map { $0.joined(separator: " ") } ?? "all sellers")
                            + (user.portfolio.map { ", portfolio \($0)" } ?? ""),
                        user.active ? (user.invited ? "invited" : "active") : "disabled",
                    ]
                })
        }
    }

    struct ChangeRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role", abstract: "Give a user another role; they sign in anew.")
        @OptionGroup var common: Common
        @Argument(help: "The user.") var name: String
        @Argument(help: "The role.") var role: String
        @OptionGroup var dry: DryRun

        func run() async throws {
            try await UserCommand.desk(common, dryRun: dry.dryRun).setRole(name, to: role, by: common.actor.name)
            try UserCommand.done("\(name) has the role \(role) now.\(dry.end)", common)
        }
    }

    struct Limit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whose books and which customers a user sees; what is not named is not limited.")
        @OptionGroup var common: Common
        @Argument(help: "The user.") var name: String
        @Option(name: .customLong("seller"), help: "A seller; may be repeated. None is every one.")
        var sellers: [String] = []
        @Option(help: "A portfolio. None is all customers.") var portfolio: String?
        @OptionGroup var dry: DryRun

        func run() async throws {
            try await UserCommand.desk(common, dryRun: dry.dryRun).limit(
                name, sellers: sellers.isEmpty ? nil : sellers, portfolio: try AccessLimits.portfolio(portfolio ?? ""),
                by: common.actor.name)
            try UserCommand.done("The limits of \(name) are set.\(dry.end)", common)
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shut a user out: sign-ins and tokens end at once.")
        @OptionGroup var common: Common
        @Argument(help: "The user.") var name: String
        @OptionGroup var dry: DryRun

        func run() async throws {
            try await UserCommand.desk(common, dryRun: dry.dryRun).setActive(name, false, by: common.actor.name)
            try UserCommand.done("\(name) is shut out.\(dry.end)", common)
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a user in again.")
        @OptionGroup var common: Common
        @Argument(help: "The user.") var name: String
        @OptionGroup var dry: DryRun

        func run() async throws {
            try await UserCommand.desk(common, dryRun: dry.dryRun).setActive(name, true, by: common.actor.name)
            try UserCommand.done("\(name) may sign in.\(dry.end)", common)
        }
    }

    struct Views: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who looked at whose data in the workspace, newest first.")
        @OptionGroup var common: Common
        @Option(help: "Only this user.") var user: String?
        @Option(help: "Only this customer.") var customer: String?
        @Option(help: "How many.") var limit = 200

        func validate() throws {
            guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes 1 to 100000.") }
        }

        func run() async throws {
            let views = try await UserCommand.desk(common).views(user: user, customer: customer, limit: limit)
                .map { ViewAnswer(at: $0.at, user: $0.user, seller: $0.seller, customer: $0.customer, place: $0.place) }
            if common.json { return print(try Answer.encode(ListAnswer(items: views))) }
            Answer.table(
                ["at", "user", "seller", "customer", "place"],
                views.map { [$0.at, $0.user, $0.seller, $0.customer, $0.place] })
        }
    }

    struct Acts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "acts", abstract: "What was done about access: sign-ins, roles, tokens, newest first.")
        @OptionGroup var common: Common
        @Option(help: "How many.") var limit = 200

        func validate() throws {
            guard (1...100_000).contains(limit) else { throw ValidationError("--limit takes 1 to 100000.") }
        }

        func run() async throws {
            let acts = try await UserCommand.desk(common).acts(limit: limit).map(ActAnswer.init)
            if common.json { return print(try Answer.encode(ListAnswer(items: acts))) }
            Answer.table(
                ["at", "actor", "what", "user", "detail", "address"],
                acts.map { [$0.at, $0.actor, $0.kind, $0.user, $0.detail, $0.address] })
        }
    }

    struct Clashes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Duties that check each other and lie in one hand, by role, with the users who have it.")
        @OptionGroup var common: Common

        func run() async throws {
            let users = try await UserCommand.desk(common).users().filter(\.active)
            let clashes = Clash.all.flatMap { clash in
                clash.roles.map { role, commands in
                    ClashAnswer(
                        clash: clash.code, role: role.rawValue, commands: commands,
                        users: users.filter { $0.role == role }.map(\.name))
                }
            }
            if common.json { return print(try Answer.encode(ListAnswer(items: clashes))) }
            Answer.table(
                ["clash", "role", "by", "users"],
                clashes.map {
                    [
                        $0.clash, $0.role, $0.commands.joined(separator: ", "),
                        $0.users.isEmpty ? "–" : $0.users.joined(separator: ", "),
                    ]
                })
        }
    }

    // MARK: Answers

    private static func say(_ user: UserFacts, _ words: String, _ common: Common) throws {
        common.json ? print(try Answer.encode(UserAnswer(user))) : print(words)
    }
    private static func say(_ link: String, _ words: String, _ common: Common) throws {
        if common.json { return print(try Answer.encode(["link": link])) }
        print("\(words) Send them this, behind the address of your server; it is not shown again:\n\(link)")
    }
    fileprivate static func done(_ words: String, _ common: Common) throws {
        print(common.json ? try Answer.encode(["done": words]) : words)
    }
}

/// `duly token`: keys for programs.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens by which programs use the API.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token of a user; it is printed this once.")
        @OptionGroup var common: Common
        @Option(help: "Whose it is; it never does more than they may.") var user: String
        @Option(help: "What it is for.") var name: String
        @Option(help: "\(Scope.allCases.map(\.rawValue).joined(separator: ", ")); may be repeated. Default read.")
        var scope: [String] = []
        @Option(help: "How many days it holds.") var days = 90
        @OptionGroup var dry: UserCommand.DryRun

        func run() async throws {
            let made = try await UserCommand.desk(common, dryRun: dry.dryRun).createToken(
                of: user, called: name, scopes: scope.isEmpty ? ["read"] : scope, days: days, by: common.actor.name)
            if common.json {
                return print(
                    try Answer.encode([
                        "token": made.secret.text, "id": RecordID(number: made.facts.id).description,
                        "expires": made.facts.expires,
                    ]))
            }
            print(
                "\(made.secret.text)\nIts id is \(RecordID(number: made.facts.id)); it holds until \(made.facts.expires) and is not shown again.\(dry.end)"
            )
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, never their secrets.")
        @OptionGroup var common: Common
        @Option(help: "Only those of this user.") var user: String?

        func run() async throws {
            let tokens = try await UserCommand.desk(common).tokens(of: user).map(TokenAnswer.init)
            if common.json { return print(try Answer.encode(ListAnswer(items: tokens))) }
            Answer.table(
                ["id", "user", "name", "scopes", "expires", "last used", "revoked"],
                tokens.map {
                    [
                        $0.id, $0.user, $0.name, $0.scopes.joined(separator: " "), $0.expires, $0.last_used ?? "–",
                        $0.revoked ?? "–",
                    ]
                })
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a token.")
        @OptionGroup var common: Common
        @Argument(help: "Its id; 'duly token list' lists them.") var token: String
        @OptionGroup var dry: UserCommand.DryRun

        func run() async throws {
            try await UserCommand.desk(common, dryRun: dry.dryRun).revokeToken(token, by: common.actor.name)
            try UserCommand.done("The token is good for nothing any more.\(dry.end)", common)
        }
    }
}

private struct ListAnswer<Item: Encodable>: Encodable {
    let items: [Item]
    enum CodingKeys: String, CodingKey { case items, next }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encodeNil(forKey: .next)
    }
}

private struct UserAnswer: Encodable {
    let name, full_name, email, role, language: String
    let active, invited, second_factor: Bool
    let sellers: [String]?
    let portfolio: String?
    init(_ user: UserFacts) {
        (name, full_name, email, role) = (user.name, user.fullName, user.email, user.role.rawValue)
        (language, active, invited) = (user.language, user.active, !user.hasPassword)
        (second_factor, sellers) = (user.hasSecondFactor, user.sellers)
        portfolio = user.portfolio.map { RecordID(number: $0).description }
    }
}

private struct TokenAnswer: Encodable {
    let id, user, name, created, expires: String
    let scopes: [String]
    let last_used, revoked: String?
    init(_ token: TokenFacts) {
        (id, user, name) = (RecordID(number: token.id).description, token.user, token.name)
        (created, expires, scopes) = (token.created, token.expires, token.scopes)
        (last_used, revoked) = (token.lastUsed, token.revoked)
    }
}

private struct ViewAnswer: Encodable { let at, user, seller, customer, place: String }
private struct ClashAnswer: Encodable {
    let clash, role: String
    let commands, users: [String]
}
private struct ActAnswer: Encodable {
    let at, actor, kind, user, detail, address: String
    init(_ act: ActFacts) {
        (at, actor, kind) = (act.at, act.actor, act.kind)
        (user, detail, address) = (act.user, act.detail, act.address)
    }
}
