import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money

@main
struct Duly: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duly", abstract: "Bills right, and collects on time.",
        subcommands: [Init.self, Seller.self, Upgrade.self, Verify.self])

    /// Runs the command and turns what it throws into the exit status of docs/cli: 1 refused, 69 outage, 70 bug.
    static func main() async {
        var json = CommandLine.arguments.contains("--json")
        do {
            var command = try parseAsRoot()
            json = json && !(command is Duly)
            if var async = command as? any AsyncParsableCommand {
                try await async.run()
            } else {
                try command.run()
            }
        } catch let refusal as any Refusal {
            Answer.refuse([refusal], json: json)
        } catch let refusals as Refusals {
            Answer.refuse(refusals.all, json: json)
        } catch let error as DatabaseError {
            Answer.fail(error, json: json)
        } catch {
            exit(withError: error)
        }
    }
}

/// What every command takes.
struct Common: ParsableArguments {
    @Option(help: "The books: sqlite:PATH, a path, or postgres://… (or DULY_BOOKS; default duly.db here).")
    var books: String?
    @Option(help: "The business day, such as 2026-03-31 (or DULY_TODAY; default today).")
    var today: String?
    @Option(name: .customLong("as"), help: "Who does it.")
    var user: String?
    @Flag(help: "One JSON document on standard output.")
    var json = false

    var url: String { books ?? ProcessInfo.processInfo.environment["DULY_BOOKS"] ?? "duly.db" }
    var now: Instant { Instant(micro: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
    var chance: UInt64 { UInt64.random(in: 0...UInt64.max) }

    func day() throws -> Day {
        guard let text = today ?? ProcessInfo.processInfo.environment["DULY_TODAY"] else { return now.day }
        guard let day = Day(text) else {
            throw ValidationError("--today takes a day such as 2026-03-31, not '\(text)'.")
        }
        return day
    }

    /// Opens the books. `create` makes a file where there is none; otherwise a missing file is refused.
    func open(create: Bool = false) throws -> any Database {
        if url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") { return PostgresDatabase(url: url) }
        let path = url.hasPrefix("sqlite:") ? String(url.dropFirst(7)) : url
        guard create || FileManager.default.fileExists(atPath: path) else { throw SetUpRefusal.noBooks(path) }
        return try SQLiteDatabase(path: path)
    }
}

/// What the command line says back.
enum Answer {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func refuse(_ refusals: [any Refusal], json: Bool) -> Never {
        if json {
            let list = refusals.map { ["code": $0.code, "what": $0.what, "why": $0.why, "next": $0.next] }
            print((try? encode(["refusals": list])) ?? "{}")
        } else {
            for refusal in refusals {
                say("\(refusal.code): \(refusal.what)\n  Why:  \(refusal.why)\n  Next: \(refusal.next)")
            }
        }
        exit(1)
    }

    static func fail(_ error: DatabaseError, json: Bool) -> Never {
        let (kind, status, message): (String, Int32, String) =
            switch error {
            case .outage(let why): ("outage", 69, why)
            case .conflict(let why): ("outage", 69, "others kept changing the same records: \(why)")
            case .constraint(let why): ("bug", 70, why)
            case .bug(let why): ("bug", 70, why)
            }
        if json {
            print((try? encode(["error": ["kind": kind, "message": message]])) ?? "{}")
        } else {
            say("\(kind): \(message)")
        }
        exit(status)
    }

    /// A line on standard error.
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
