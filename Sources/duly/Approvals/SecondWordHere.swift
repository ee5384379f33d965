import Access
import AccessDesk
import ArgumentParser
import Foundation
import Ledger

/// The limits of somebody who is named at the command line (`--as`, DULY_USER) and is a user of the books. Whoever sits at the machine
/// and names nobody, or nobody that the books know, is its operator: they hold the books' file, and no limit would hold them.
enum SecondWordHere {
    /// Options that every command takes, with a value.
    private static let valued: Set<String> = ["books", "today", "as", "language"]

    /// Of these alone the values are read.
    private static let judged = Set(SecondPerson.commands + ["cash apply"])

    /// Whether the command waits for a second person, which is then said, or was refused. False: it is carried out as always.
    static func holdsBack(_ command: any ParsableCommand, _ arguments: [String]) async throws -> Bool {
        let words = GlobalOptions.behind(arguments)
        guard Self.judged.contains(words.prefix(2).joined(separator: " ")) || words.first == "undo",
            let entry = Catalogue.all.entries.first(where: { words.starts(with: $0.words) }),
            entry.type == type(of: command)
        else { return false }
        let (run, surroundings) = try read(entry, Array(words.dropFirst(entry.words.count)))
        guard SecondWord.rule(run) != nil else { return false }
        let common = try Common.parse(surroundings)
        let database = try await common.open()
        let desk = CommandDesk(url: common.url, database: database, day: try common.days())
        guard let principal = try await desk.approvals.principal(named: common.actor.name) else { return false }
        switch try await SecondWord(desk: desk).judge(run, as: principal) {
        case .goOn: return false
        case .ended(let outcome):
            try say(outcome, json: common.json)
            return true
        }
    }

    private static func say(_ outcome: CommandRun.Outcome, json: Bool) throws {
        switch outcome {
        case .waits(let approval): print(json ? try Answer.encode(["waits": approval]) : approval.words)
        case .refused(let lines):
            if json {
                print(try Answer.encode(["refusals": lines]))
            } else {
                for one in lines { Answer.say("\(one.code): \(one.what)\n  Why:  \(one.why)\n  Next: \(one.next)") }
            }
            throw ExitCode(1)
        case .usage(let message): throw ValidationError(message)
        case .outage(let why): throw Outage(message: why)
        case .bug(let why): Answer.fail("bug", 70, why, json: json)
        // Nothing waits that was answered.
        case .answered: break
        }
    }

    /// The values of a command from its words, which ArgumentParser has understood before, and the options that every command takes.
    private static func read(_ entry: Catalogue.Entry, _ words: [String]) throws -> (CommandRun, surroundings: [String])
    {
        var run = CommandRun(entry: entry)
        var (surroundings, arguments): ([String], [String]) = ([], [])
        var rest = words[...]
        var isArgument = false
        while let word = rest.popFirst() {
            if word == "--", !isArgument {
                isArgument = true
                continue
            }
            guard !isArgument, word.hasPrefix("--") else {
                arguments.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if name == "json" {
                surroundings.append("--json")
            } else if entry.parameter(name)?.kind == .flag {
                run.values[name] = ["true"]
            } else {
                let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() ?? ""
                if valued.contains(name) {
                    surroundings.append("--\(name)=\(value)")
                } else if entry.parameter(name)?.isFile == true {
                    run.files.append((name, URL(fileURLWithPath: value).lastPathComponent, try bytes(of: value)))
                } else {
                    run.values[name, default: []].append(value)
                }
            }
        }
        for (parameter, value) in zip(entry.parameters.filter { $0.kind == .argument }, arguments) {
            run.values[parameter.name] = [value]
        }
        return (run, surroundings)
    }

    private static func bytes(of path: String) throws -> Data {
        do { return try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw ValidationError("\(path) cannot be read.")
        }
    }
}
