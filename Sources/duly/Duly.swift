import ArgumentParser
import Books
import Database
import Formats
import Foundation
import Ledger
import Money
import Synchronization

@main
struct Duly: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duly", abstract: "Bills right, and collects on time.",
        subcommands: [
            Init.self, Seller.self, Upgrade.self, Import.self, Export.self, Bill.self, Invoice.self, Bank.self,
            Cash.self,
            ReportCommand.self, Undo.self, Period.self, Verify.self, Audit.self, Backup.self, Restore.self,
            StatementCommand.self, ReminderCommand.self, MessageCommand.self, Post.self, WorklistCommand.self,
            Timeline.self, History.self, Search.self, CustomerCommand.self, PortfolioCommand.self, EventCommand.self,
            ApprovalCommand.self,
            WebhookCommand.self, UserCommand.self, TokenCommand.self, Serve.self, Worker.self, DemoCommand.self,
        ])

    /// Runs the command and turns what it throws into the exit status: 1 refused, 64 usage, 69 outage, 70 bug.
    static func main() async {
        var json = CommandLine.arguments.contains("--json")
        do {
            var command = try parseAsRoot(GlobalOptions.behind(Array(CommandLine.arguments.dropFirst())))
            json = json && !(command is Duly)
            if try await SecondWordHere.holdsBack(command, Array(CommandLine.arguments.dropFirst())) { return }
            if var async = command as? any AsyncParsableCommand {
                try await async.run()
            } else {
                try command.run()
            }
        } catch let refusal as any Refusal {
            Answer.refuse([refusal], json: json)
        } catch let refusals as Refusals {
            Answer.refuse(refusals.all, json: json)
        } catch let problems as TableProblems {
            Answer.refuse(problems.all.map { TableRefusal(problem: $0) }, json: json)
        } catch let error as DatabaseError {
            Answer.fail(error, json: json)
        } catch let failure as TextWriteFailure {
            Answer.fail("outage", 69, "not everything could be written: \(failure.reason)", json: json)
        } catch let error as Outage {
            Answer.fail("outage", 69, error.message, json: json)
        } catch let error as ExitCode {
            exit(withError: error)
        } catch {
            if json, exitCode(for: error) == .validationFailure {
                Answer.fail("usage", 64, message(for: error), json: true)
            }
            exit(withError: error)
        }
    }
}

/// `duly [--books URL] [--today DAY] [--as USER] [--json] <noun> <verb> …`: what stands before the noun is said behind it, where
/// every command reads it.
enum GlobalOptions {
    private static let valued: Set<String> = ["--books", "--today", "--as", "--language"]
    private static let flags: Set<String> = ["--json"]

    static func behind(_ arguments: [String]) -> [String] {
        var (moved, next): ([String], Int) = ([], 0)
        while next < arguments.count {
            let word = arguments[next]
            let name = String(word.prefix { $0 != "=" })
            if flags.contains(word) || valued.contains(name) && name != word {
                moved.append(word)
                next += 1
            } else if valued.contains(word), next + 1 < arguments.count {
                moved += arguments[next...next + 1]
                next += 2
            } else {
                break
            }
        }
        let rest = arguments[next...]
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return rest[..<end] + moved + rest[end...]
    }
}

/// Something outside did not answer.
struct Outage: Error {
    let message: String
}

/// A problem of a table as a refusal.
struct TableRefusal: Refusal {
    let problem: TableProblem
    var code: String { problem.code }
    var what: String { problem.what }
    var why: String { problem.why }
    var next: String { problem.next }
    var place: RefusalPlace? { RefusalPlace(row: problem.row, field: problem.field ?? problem.column) }
}

/// A refusal as `--json` prints it; what has no place names none.
struct RefusalAnswer: Encodable {
    let code, what, why, next: String
    let file, field: String?
    let row: Int?
    init(_ refusal: any Refusal) {
        (code, what, why, next) = (refusal.code, refusal.what, refusal.why, refusal.next)
        (file, row, field) = (refusal.place?.file, refusal.place?.row, refusal.place?.field)
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
    @Option(help: "Language of messages.")
    var language: String?

    private static let environment = ProcessInfo.processInfo.environment
    var url: String { Door.current?.url ?? books ?? Self.environment["DULY_BOOKS"] ?? "duly.db" }
    var actor: Actor {
        Door.current?.actor
            ?? Actor(name: user ?? Self.environment["DULY_USER"] ?? Self.environment["USER"] ?? "operator")
    }
    var isPostgres: Bool { url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") }
    var path: String { url.hasPrefix("sqlite:") ? String(url.dropFirst(7)) : url }

    /// The real clock, and dice: only here.
    static let clock: @Sendable () -> Instant = { Instant(micro: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
    static let chance: @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }
    var now: Instant { Self.clock() }
    var chance: UInt64 { Self.chance() }

    /// The business day: as said, else today in the seller's time zone.
    func day(in timeZone: String? = nil) throws -> Day {
        if today == nil, let door = Door.current { return door.day(timeZone) }
        return try dayHere(in: timeZone)
    }

    /// The day of this process, whoever asks at another door.
    func dayHere(in timeZone: String? = nil) throws -> Day {
        guard let text = today ?? Self.environment["DULY_TODAY"] else { return Self.day(here: timeZone) }
        return try Self.day(text, "--today")
    }

    /// The business day in a time zone, as this command has it.
    func days() throws -> @Sendable (_ timeZone: String?) -> Day {
        if today == nil, let door = Door.current { return door.day }
        let given = try (today ?? Self.environment["DULY_TODAY"]).map { try Self.day($0, "--today") }
        return { given ?? Self.day(here: $0) }
    }

    /// Today, by this machine's clock.
    static func day(here timeZone: String?) -> Day {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone.flatMap { TimeZone(identifier: $0) } ?? .current
        let parts = calendar.dateComponents([.year, .month, .day], from: Date())
        return Day(year: parts.year!, month: parts.month!, day: parts.day!)!
    }

    static func day(_ text: String, _ option: String) throws -> Day {
        guard let day = Day(text) else {
            throw ValidationError("\(option) takes a day such as 2026-03-31, not '\(text)'.")
        }
        return day
    }

    /// Opens the books. `create` makes a file where there is none; otherwise a missing file is refused. Books of an older
    /// schema are refused until they are upgraded.
    func open(create: Bool = false) async throws -> any Database {
        if let door = Door.current { return door.database }
        if isPostgres { return try await checked(PostgresDatabase(url: url), create) }
        guard create || FileManager.default.fileExists(atPath: path) else { throw SetUpRefusal.noBooks(path) }
        return try await checked(try SQLiteDatabase(path: path), create)
    }

    private func checked(_ database: any Database, _ create: Bool) async throws -> any Database {
        guard !create else { return database }
        let missing = try await Schema.missing(database)
        guard missing == 0 else { throw SetUpRefusal.oldSchema(missing) }
        return database
    }

    /// The master key for bank details: DULY_KEY_FILE, else a file beside embedded books, else duly.key here.
    var keyFile: String { Self.keyFile(of: url) }
    static func keyFile(of url: String) -> String {
        let isServer = url.hasPrefix("postgres://") || url.hasPrefix("postgresql://")
        let path = url.hasPrefix("sqlite:") ? String(url.dropFirst(7)) : url
        return environment["DULY_KEY_FILE"] ?? (isServer ? "duly.key" : path + ".key")
    }
    func vault(create: Bool = false) throws -> Vault { try KeyFile.vault(keyFile, create: create) }

    /// The id asked for, or a new one.
    func command(_ id: String?, _ kind: String) throws -> CommandID {
        guard let id else { return CommandID("\(kind)-\(RecordID(at: now, count: Int64(chance & 0x1F_FFFF)))")! }
        guard let command = CommandID(id), !id.contains("/") else {
            throw ValidationError("--id takes 1 to 64 characters without a slash, not '\(id)'.")
        }
        return command
    }

    func sellers(_ database: any Database, _ code: String? = nil) async throws -> [SellerFacts] {
        let all = try await database.read { transaction in
            try transaction.query("SELECT book FROM sellers ORDER BY code", []).map { row in
                let book = try row.int(0)
                return try Books(book, in: transaction, clock: Instant(micro: 0), chance: 0).seller
            }
        }.filter { Door.current?.sellers?.contains($0.code) ?? true }
        guard let code else { return all }
        guard let found = all.first(where: { $0.code.lowercased() == code.lowercased() }) else {
            throw SetUpRefusal.noSuchSeller(code)
        }
        return [found]
    }
}

/// What the command line says back.
enum Answer {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    static func refuse(_ refusals: [any Refusal], json: Bool) -> Never {
        if json {
            print((try? encode(["refusals": refusals.map(RefusalAnswer.init)])) ?? "{}")
        } else {
            for refusal in refusals {
                say("\(refusal.code): \(refusal.what)\n  Why:  \(refusal.why)\n  Next: \(refusal.next)")
            }
        }
        exit(1)
    }

    static func fail(_ error: DatabaseError, json: Bool) -> Never {
        switch error {
        case .outage(let why): fail("outage", 69, why, json: json)
        case .conflict(let why):
            fail("outage", 69, "others kept changing the same records: \(why)", json: json)
        case .constraint(let why): fail("bug", 70, why, json: json)
        case .bug(let why): fail("bug", 70, why, json: json)
        }
    }

    static func fail(_ kind: String, _ status: Int32, _ message: String, json: Bool) -> Never {
        if json {
            print((try? encode(["error": ["kind": kind, "message": message]])) ?? "{}")
        } else {
            say("\(kind): \(message)")
        }
        exit(status)
    }

    /// A line on standard error.
    static func say(_ text: String) {
        if let door = Door.current { return door.said.say(text) }
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// The cells of a terminal that a text takes: two for a Chinese character, none for a combining mark (Unicode Standard
    /// Annex 11, the blocks that are wide as a whole).
    private static func width(_ text: String) -> Int {
        guard !text.utf8.allSatisfy({ $0 < 128 }) else { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
                0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x20000...0x3FFFD:
                sum + 2
            default:
                switch scalar.properties.generalCategory {
                case .nonspacingMark, .enclosingMark, .format: sum
                default: sum + 1
                }
            }
        }
    }

    /// Digits with a point and a sign; nothing, or a dash for nothing, too.
    private static func isFigure(_ cell: String) -> Bool {
        cell.isEmpty || cell == "–"
            || cell.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 || $0 == 45 }
                && !cell.dropFirst().contains("-")
    }

    /// Columns under headings; to the right those named and those of decimal figures.
    static func table(_ headings: [String], _ rows: [[String]], right named: Set<Int> = []) {
        guard !rows.isEmpty else { return }
        let right = named.union(
            headings.indices.filter { column in
                rows.contains { $0[column].contains(".") } && rows.allSatisfy { isFigure($0[column]) }
            })
        let widths = headings.indices.map { column in
            max(width(headings[column]), rows.map { width($0[column]) }.max() ?? 0)
        }
        func line(_ cells: [String]) -> String {
            cells.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: max(0, widths[column] - width(cell)))
                return right.contains(column) ? gap + cell : cell + gap
            }.joined(separator: "  ")
        }
        print(line(headings))
        print(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
        for row in rows { print(line(row)) }
    }
}

/// How far a long command is, on standard error: a bar on a terminal, else a line every few seconds.
final class Progress: Sendable {
    private let what: String
    private let began = Date()
    private let terminal = isatty(2) != 0
    private let last = Mutex(Date())
    init(_ what: String) { self.what = what }

    func report(_ done: Int, _ of: Int?) {
        if let door = Door.current { return door.said.report(what, done, of) }
        let now = Date()
        let due = last.withLock { last in
            guard now.timeIntervalSince(last) >= (terminal ? 0.2 : 5) || done == of && terminal else { return false }
            last = now
            return true
        }
        guard due else { return }
        let seconds = max(now.timeIntervalSince(began), 0.001)
        let rate = Double(done) / seconds
        var text = "\(what): \(done)" + (of.map { " of \($0)" } ?? "") + ", \(Int(rate)) a second"
        if let of, of > done, rate > 0 { text += ", \(Int((Double(of - done) / rate).rounded(.up))) s left" }
        let line = terminal ? "\r\u{1b}[K" + text + (done == of ? "\n" : "") : text + "\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
