import ArgumentParser
import Foundation

/// Everything Duly can be asked for, read from the command line's own definitions: what the API and the pages offer is what
/// `duly --help` lists, with the same names, and nothing is described twice.
struct Catalogue: Sendable {
    /// One command or query.
    struct Entry: Sendable {
        /// As typed after `duly`: `["cash", "apply"]`.
        let words: [String]
        let abstract: String
        let parameters: [Parameter]
        let type: any ParsableCommand.Type

        var name: String { words.joined(separator: " ") }
        /// Writes to the books or sends something; a query only reads.
        var isCommand: Bool { parameters.contains { $0.name == "dry-run" } || Catalogue.writes.contains(name) }
        /// Takes an id, so that the same again returns the first outcome.
        var takesID: Bool { parameters.contains { $0.name == "id" } }
        func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }
    }

    struct Parameter: Sendable {
        enum Kind: Sendable { case argument, option, flag }
        /// As on the command line, without dashes: `as-of`.
        let name: String
        let kind: Kind
        let help: String
        let isOptional: Bool
        let isRepeating: Bool
        let standard: String?
        /// A file that is brought along, not a text.
        let isFile: Bool
        /// In JSON and in addresses: `as_of`.
        var key: String { name.replacing("-", with: "_") }
    }

    let entries: [Entry]
    private let byName: [String: Entry]

    subscript(_ name: String) -> Entry? { byName[name] }

    /// What has to do with this machine's processes and files, not with the books: it has no address. Each with its reason.
    static let ofThisMachine: [String: String] = [
        "init": "makes the books that a server serves",
        "upgrade": "changes the schema under a server; it is done while none runs",
        "restore": "replaces the books under a server",
        "serve": "is the server",
        "worker": "is a process of its own",
        "demo": "makes books or files of an example company on this machine",
        "user add": "reads a password from standard input; elsewhere 'user invite' lets people choose their own",
    ]

    /// Commands without a dry run.
    private static let writes: Set<String> = [
        "audit seal", "token create", "token revoke", "user add", "user role", "user disable", "user invite",
        "user reset", "portfolio add", "webhook test",
    ]
    /// What the server decides: whose books, who asks, which day it is, in which form the answer comes.
    private static let surroundings: Set<String> = ["books", "today", "as", "json", "language", "help", "version"]
    /// Parameters that name a file to read, by command.
    private static let files: [String: Set<String>] = [
        "import": ["files"], "bank read": ["files"], "bank import": ["files"], "cash apply": ["from"],
        "reminder policy": ["set"], "verify": ["offline"], "audit check": ["file", "statement"],
        "portfolio assign": ["file"], "portfolio remove": ["file"],
    ]
    /// Parameters that name a file or folder to write: the server makes it and hands the files over.
    static let outputs: Set<String> = ["out"]
    static func writesFile(_ entry: Entry) -> Parameter? {
        entry.parameters.first {
            outputs.contains($0.name) || ["backup", "audit export"].contains(entry.name) && $0.name == "file"
        }
    }

    static let all = Catalogue()

    private init() {
        let help = try! JSONDecoder().decode(Help.self, from: Data(Duly._dumpHelp().utf8))
        var found: [Entry] = []
        Catalogue.walk(Duly.self, help.command, [], into: &found)
        entries = found
        byName = Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func walk(
        _ type: any ParsableCommand.Type, _ help: Help.Command, _ words: [String], into found: inout [Entry]
    ) {
        let below = type.configuration.subcommands
        guard below.isEmpty else {
            for one in below {
                guard let text = help.subcommands?.first(where: { $0.commandName == one._commandName }) else {
                    continue
                }
                walk(one, text, words + [one._commandName], into: &found)
            }
            return
        }
        let name = words.joined(separator: " ")
        guard ofThisMachine[name] == nil else { return }
        let parameters = (help.arguments ?? []).compactMap { parameter($0, files[name] ?? []) }
        found.append(Entry(words: words, abstract: help.abstract ?? "", parameters: parameters, type: type))
    }

    private static func parameter(_ help: Help.Argument, _ files: Set<String>) -> Parameter? {
        let long = help.names?.first { $0.kind == "long" }?.name
        guard let name = help.kind == "positional" ? help.valueName : long, !surroundings.contains(name) else {
            return nil
        }
        let kind: Parameter.Kind =
            switch help.kind {
            case "positional": .argument
            case "flag": .flag
            default: .option
            }
        return Parameter(
            name: name, kind: kind, help: help.abstract ?? "", isOptional: help.isOptional || kind == .flag,
            isRepeating: help.isRepeating, standard: help.defaultValue, isFile: files.contains(name))
    }

    /// What ArgumentParser tells of its definitions (tool info, version 0), as far as it is needed.
    private struct Help: Decodable {
        struct Command: Decodable {
            let commandName: String
            let abstract: String?
            let arguments: [Argument]?
            let subcommands: [Command]?
        }
        struct Argument: Decodable {
            struct Name: Decodable { let kind, name: String }
            let kind: String
            let abstract: String?
            let isOptional: Bool
            let isRepeating: Bool
            let names: [Name]?
            let valueName: String?
            let defaultValue: String?
        }
        let command: Command
    }
}
