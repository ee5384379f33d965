import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money

struct Undo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a command back: its entries are reversed, its documents answered.",
        discussion: """
            --last said again goes back one command further each time. An undo is never taken back itself: carry out again
            what it took back.
            """)
    @OptionGroup var common: Common
    @Argument(help: "The command, or a run with all its pieces.") var command: String?
    @Flag(help: "The last command that moved money and stands; an undo is passed over.") var last = false
    @Flag(help: "Take back first what builds on it.") var withLater = false
    @Option(help: "The seller, where several have the command.") var seller: String?
    @Flag(help: "Say what would be taken back, and keep nothing.") var dryRun = false
    @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

    private struct Result: Codable {
        var run: String
        var undone: [UndoneCommand]
    }

    func run() async throws {
        guard (command != nil) != last else { throw ValidationError("Say a command, or --last.") }
        let database = try await common.open()
        let desk = UndoDesk(database)
        let run = try common.command(id, "undo")
        let asked = "undo \(command ?? "--last")\(withLater ? " --with-later" : "")"
        var sellers = try await common.sellers(database, seller)
        var undone: [UndoneCommand] = []
        var earlier = false
        for seller in sellers {
            guard let before = try await desk.outcome(of: run, asked: asked, book: seller.book) else { continue }
            undone += before
            earlier = true
        }
        if earlier { return try report(run, undone) }
        var target = command ?? ""
        if last {
            let newest = try await desk.last(of: sellers.map(\.book))
            target = newest.command
            sellers = sellers.filter { $0.book == newest.book }
        }
        var missing: (any Refusal)?
        for seller in sellers {
            let today = try common.day(in: seller.timeZone)
            do {
                let mine = try await desk.undo(
                    target, book: seller.book, as: run, withLater: withLater, actor: common.actor, today: today,
                    dryRun: dryRun)
                undone += mine
                guard !dryRun else { continue }
                try await desk.finish(
                    run, asked: asked, undone: mine, book: seller.book, actor: common.actor, today: today)
            } catch let refusal as UndoRefusal {
                guard case .noSuchCommand = refusal else { throw refusal }
                missing = refusal
            }
        }
        if undone.isEmpty, let missing { throw missing }
        try report(run, undone)
    }

    private func report(_ run: CommandID, _ undone: [UndoneCommand]) throws {
        if common.json { return print(try Answer.encode(Result(run: run.text, undone: undone))) }
        for one in undone {
            let documents = (one.documents ?? []).isEmpty ? "" : ": \(one.documents!.joined(separator: ", "))"
            let answer = one.issued.isEmpty ? "" : ", answered by \(one.issued.joined(separator: ", "))"
            print("\(dryRun ? "Would take back" : "Took back") \(one.command) (\(one.kind))\(documents)\(answer)")
        }
        if dryRun, undone.contains(where: { !($0.documents ?? []).isEmpty }) {
            print("Each document would be answered with its counterpart under a new number.")
        }
    }
}

/// Closing and reopening periods.
enum PeriodDesk {
    private struct Closed: Codable {
        var open_from, before: String
    }

    static func openFromBefore(_ outcome: String) throws -> String {
        try JSONDecoder().decode(Closed.self, from: Data(outcome.utf8)).before
    }

    /// Refuses what `move` would refuse. Returns the first open day as it is.
    static func check(
        _ day: Day, book: Int64, kind: String, id: CommandID, today: Day, database: any Database
    ) async throws -> Day {
        let (now, chance) = (Common.clock(), Common.chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            if try books.outcome(of: id, content: "\(kind) \(day)") == nil {
                try refuse(day, kind: kind, openFrom: books.openFrom, today: today)
            }
            return books.openFrom
        }
    }

    private static func refuse(_ day: Day, kind: String, openFrom: Day, today: Day) throws {
        if kind == "period.close", day > today + 1 { throw PeriodRefusal.inTheFuture(through: day - 1, today: today) }
        if kind == "period.close", day <= openFrom { throw PeriodRefusal.closedAlready(through: openFrom - 1) }
        if kind == "period.reopen", day >= openFrom { throw PeriodRefusal.openAlready(from: openFrom) }
    }

    /// Moves the first open day of a book. Returns the day before and after.
    static func move(
        to day: Day, book: Int64, kind: String, id: CommandID, actor: Actor, today: Day, database: any Database
    ) async throws -> (before: Day, after: Day) {
        let (now, chance) = (Common.clock(), Common.chance())
        return try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            if let earlier = try books.outcome(of: id, content: "\(kind) \(day)") {
                let moved = try JSONDecoder().decode(Closed.self, from: Data(earlier.json.utf8))
                if let before = Day(moved.before), let after = Day(moved.open_from) { return (before, after) }
            }
            try books.lockBook()
            try refuse(day, kind: kind, openFrom: books.openFrom, today: today)
            _ = try transaction.execute(
                "UPDATE book_clocks SET open_from = $2 WHERE book = $1", [.int(book), .text(day.description)])
            try books.record([
                Recording(
                    command: id, kind: kind, content: "\(kind) \(day)", actor: actor, day: today,
                    outcome: try Answer.encode(
                        Closed(open_from: day.description, before: books.openFrom.description)))
            ])
            return (books.openFrom, day)
        }
    }
}

enum PeriodRefusal: Refusal {
    case closedAlready(through: Day)
    case openAlready(from: Day)
    case inTheFuture(through: Day, today: Day)
    var code: String {
        switch self {
        case .closedAlready: "period.closed-already"
        case .openAlready: "period.open-already"
        case .inTheFuture: "period.in-the-future"
        }
    }
    var what: String { "The period was left as it is." }
    var why: String {
        switch self {
        case .closedAlready(let day): "The books are closed through \(day)."
        case .openAlready(let day): "The books are open from \(day) on."
        case .inTheFuture(let through, let today):
            "\(through) lies after today, \(today): nothing could be booked any more until then."
        }
    }
    var next: String {
        switch self {
        case .closedAlready, .openAlready: "'duly period list' shows what is open."
        case .inTheFuture: "Close through today at the latest."
        }
    }
}

struct Period: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Close and reopen periods.", subcommands: [Close.self, Reopen.self, List.self])

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Close the books through a day.")
        @OptionGroup var common: Common
        @Option(help: "The last closed day.") var through: String
        @OptionGroup var how: PeriodOptions
        func run() async throws {
            let day = try Common.day(through, "--through")
            try await Period.move(common, to: day + 1, kind: "period.close", how)
        }
    }
    struct Reopen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reopen the books from a day on.")
        @OptionGroup var common: Common
        @Option(name: .customLong("from"), help: "The first open day.") var from: String
        @OptionGroup var how: PeriodOptions
        func run() async throws {
            let day = try Common.day(from, "--from")
            try await Period.move(common, to: day, kind: "period.reopen", how)
        }
    }
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "From when on each seller's books are open.")
        @OptionGroup var common: Common
        func run() async throws {
            let rows = try await common.open().read {
                try $0.query(
                    "SELECT s.code, c.open_from FROM sellers s JOIN book_clocks c ON c.book = s.book ORDER BY s.code",
                    [])
            }
            let items = try rows.map { ["seller": try $0.text(0), "open_from": try $0.text(1)] }
            if common.json { return print(try Answer.encode(["items": items])) }
            Answer.table(["Seller", "Open from"], items.map { [$0["seller"]!, $0["open_from"]!] })
        }
    }

    fileprivate static func move(_ common: Common, to day: Day, kind: String, _ how: PeriodOptions) async throws {
        let database = try await common.open()
        let command = try common.command(how.id, "period")
        // A seller that is there already stays as it is; where all are, that is said.
        var refusals: [any Refusal] = []
        var sellers: [(facts: SellerFacts, openFrom: Day)] = []
        for seller in try await common.sellers(database, how.seller) {
            do {
                let openFrom = try await PeriodDesk.check(
                    day, book: seller.book, kind: kind, id: command, today: try common.day(in: seller.timeZone),
                    database: database)
                sellers.append((seller, openFrom))
            } catch let refusal as PeriodRefusal {
                refusals.append(refusal)
            }
        }
        guard !sellers.isEmpty else { throw Refusals(refusals) }
        var moved: [[String: String]] = []
        for (seller, openFrom) in sellers {
            let (before, after) =
                how.dryRun
                ? (openFrom, day)
                : try await PeriodDesk.move(
                    to: day, book: seller.book, kind: kind, id: command, actor: common.actor,
                    today: try common.day(in: seller.timeZone), database: database)
            moved.append(["seller": seller.code, "before": before.description, "open_from": after.description])
        }
        if common.json { return print(try Answer.encode(["items": moved])) }
        for one in moved { print("\(one["seller"]!): open from \(one["open_from"]!) (before: \(one["before"]!)).") }
        if how.dryRun { print("Nothing was kept.") }
    }
}

/// Of whose books, and whether in earnest.
struct PeriodOptions: ParsableArguments {
    @Option(help: "Only this seller.") var seller: String?
    @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
    @Option(help: "The command's id; the same again returns the first outcome.") var id: String?
}
