import Books
import CreditControlDesk
import Database
import Foundation
import InvoicingDesk
import Ledger
import Money
import ReceivablesDesk

/// A command that was taken back.
struct UndoneCommand: Codable, Sendable, Equatable {
    var command, kind, seller: String
    /// What the command had issued.
    var documents: [String]?
    /// The counterpart that was issued for each of them; in a dry run there is none yet.
    var issued: [String]
}

/// Takes commands back: reverses their entries, or answers a document with its counterpart. Composed here, since it spans the
/// slices.
struct UndoDesk: Sendable {
    let database: any Database
    init(_ database: any Database) { self.database = database }

    /// Commands in one transaction.
    private static let groupSize = 100

    /// Takes a command back, or all pieces of a run, newest first. Refused while later commands build on it, unless
    /// `withLater`: then those go first.
    func undo(
        _ text: String, book: Int64, as id: CommandID, withLater: Bool, actor: Actor, today: Day, dryRun: Bool
    ) async throws -> [UndoneCommand] {
        guard let command = CommandID(text) else { throw UndoRefusal.noSuchCommand(text) }
        let (now, chance) = (Common.clock(), Common.chance())
        let plan = try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            return try Self.plan(command, as: id, withLater: withLater, books: books)
        }
        let planned = Set(plan.map(\.command))
        var undone: [UndoneCommand] = []
        var next = 0
        while next < plan.count {
            let group = Array(plan[next..<min(next + Self.groupSize, plan.count)])
            let (now, chance) = (Common.clock(), Common.chance())
            if dryRun {
                undone += try await database.read { transaction in
                    let books = try Books(book, in: transaction, clock: now, chance: chance)
                    return try group.map { target in
                        UndoneCommand(
                            command: target.command.text, kind: target.kind, seller: books.seller.code,
                            documents: try Self.documents(of: target, books: books), issued: [])
                    }
                }
            } else {
                undone += try await database.transaction { transaction in
                    let books = try Books(book, in: transaction, clock: now, chance: chance)
                    try Self.hold(group, of: planned, books: books)
                    return try group.compactMap {
                        try Self.takeBack($0, as: id, actor: actor, today: today, books: books)
                    }
                }
            }
            next += group.count
        }
        return undone
    }

    /// What an undo of this id took back before; nil where there was none. The same id for something else is refused.
    func outcome(of id: CommandID, asked: String, book: Int64) async throws -> [UndoneCommand]? {
        let (now, chance) = (Common.clock(), Common.chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            return try books.outcome(of: id, content: asked).map {
                try JSONDecoder().decode([UndoneCommand].self, from: Data($0.json.utf8))
            }
        }
    }

    /// Records an undo with what it took back, so that the same id is answered with it.
    func finish(
        _ id: CommandID, asked: String, undone: [UndoneCommand], book: Int64, actor: Actor, today: Day
    ) async throws {
        let (now, chance) = (Common.clock(), Common.chance())
        try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            guard try books.outcome(of: id, content: asked) == nil else { return }
            try books.record([
                Recording(
                    command: id, kind: "undo.run", content: asked, actor: actor, day: today,
                    outcome: try Answer.encode(undone))
            ])
        }
    }

    /// The last command that moved money and stands, of these books: of a run, the run.
    func last(of books: [Int64]) async throws -> (book: Int64, command: String) {
        var newest: (book: Int64, command: String, recorded: String)?
        for book in books {
            guard let found = try await last(book: book), found.recorded > newest?.recorded ?? "" else { continue }
            newest = (book, found.command, found.recorded)
        }
        guard let newest else { throw UndoRefusal.nothingToUndo }
        return (newest.book, newest.command)
    }

    private func last(book: Int64) async throws -> (command: String, recorded: String)? {
        try await database.read { transaction in
            let rows = try transaction.query(
                """
                SELECT c.command, c.recorded FROM commands c
                WHERE c.book = $1 AND c.kind NOT IN ('undo', 'undo.run')
                    AND EXISTS (SELECT 1 FROM entries e WHERE e.book = $1 AND e.command = c.command)
                    AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = c.command)
                ORDER BY c.recorded DESC, c.command DESC LIMIT 1
                """, [.int(book)])
            guard let row = rows.first else { return nil }
            let stem = String(try row.text(0).prefix { $0 != "/" })
            return (try Self.run(ofStem: stem, transaction, book: book), try row.text(1))
        }
    }

    /// The run whose pieces' ids begin so: the stem itself, unless the run's id was too long for that.
    private static func run(ofStem stem: String, _ transaction: any Transaction, book: Int64) throws -> String {
        guard let mark = stem.firstIndex(of: "~") else { return stem }
        let begin = String(stem[..<mark])
        let runs = try transaction.query(
            "SELECT command FROM commands WHERE book = $1 AND command > $2 AND command < $3",
            [.int(book), .text(begin), .text(begin + "\u{10FFFF}")])
        return try runs.map { try $0.text(0) }.first { $0 != stem && CommandID($0)?.stem == stem } ?? stem
    }

    /// What is taken back, newest first; refused where something stands against it.
    private static func plan(
        _ command: CommandID, as id: CommandID, withLater: Bool, books: Books
    ) throws -> [CommandRecord] {
        let own = try books.command(command)
        // A run is taken back before its pieces; where this very undo died between the two, it goes on.
        let goesOn = own?.undoneBy.map { $0 == id.piece(command.text).text } ?? false
        if let own, let by = own.undoneBy, !goesOn { throw UndoRefusal.undoneAlready(command.text, by: by) }
        var targets = try books.pieces(of: command)
        if let own, !goesOn { targets.append(own) }
        guard !targets.isEmpty || goesOn else { throw try gone(command, books: books) }
        for target in targets { try refuse(target) }
        var planned = Set(targets.map(\.command))
        var later: [CommandRecord] = []
        var index = 0
        while index < targets.count + later.count {
            let target = index < targets.count ? targets[index] : later[index - targets.count]
            index += 1
            for blocker in try builtUpon(target, books: books) where planned.insert(blocker).inserted {
                if let record = try books.command(blocker), record.undoneBy == nil { later.append(record) }
            }
        }
        guard later.isEmpty || withLater else {
            throw UndoRefusal.builtUpon(command.text, later: later.map(\.command.text))
        }
        for target in later { try refuse(target) }
        return (targets + later).sorted { ($0.recorded, $0.command.text) > ($1.recorded, $1.command.text) }
    }

    /// Locks what these commands touched, and looks again: somebody may have built on them since the plan was made.
    private static func hold(_ group: [CommandRecord], of planned: Set<CommandID>, books: Books) throws {
        if group.contains(where: { $0.kind.hasPrefix("period.") }) { try books.lockBook() }
        try books.lock(customers: Set(try group.flatMap { try books.customers(of: $0.command) }))
        for target in group {
            let later = try builtUpon(target, books: books).filter { !planned.contains($0) }
            guard later.isEmpty else { throw UndoRefusal.builtUpon(target.command.text, later: later.map(\.text)) }
        }
    }

    private static func builtUpon(_ target: CommandRecord, books: Books) throws -> [CommandID] {
        target.kind.hasPrefix("period.")
            ? try books.periodsMoved(after: target) : try books.later(than: target.command)
    }

    /// Why nothing is left of a run: its pieces were taken back, or there never was one.
    private static func gone(_ run: CommandID, books: Books) throws -> UndoRefusal {
        let rows = try books.transaction.query(
            """
            SELECT undone_by FROM undoings
            WHERE book = $1 AND command > $2 AND command < $3 ORDER BY recorded DESC LIMIT 1
            """, [.int(books.book), .text(run.pieces.after), .text(run.pieces.before)])
        guard let row = rows.first else { return .noSuchCommand(run.text) }
        return .undoneAlready(run.text, by: try row.text(0))
    }

    /// What can be taken back. Whoever adds a kind of command decides whether it belongs here.
    private static let undoable: Set<String> = [
        "bank.import", "bank.receive", "bill.run", "cash.apply", "cash.apply-run", "cash.match", "cash.match-receipt",
        "import.invoices",
        "invoice.credit", "invoice.issue", "period.close", "period.reopen", "reminder.issue", "reminder.run",
    ]

    private static func refuse(_ target: CommandRecord) throws {
        guard !undoable.contains(target.kind) else { return }
        let instead =
            switch target.kind {
            case "undo", "undo.run": "Carry out again what it took back."
            case "seller.series": "Give the seller its earlier pattern with 'duly seller series'."
            case let kind where kind.hasPrefix("letter."): "What left the house is answered with another letter."
            case "import.orders": "Import the orders again as they should be, as long as they are not billed."
            case let kind where kind.hasPrefix("import."):
                "Import the \(kind.dropFirst(7)) again as they should be."
            default: "It moved no money; say anew how it should be."
            }
        throw UndoRefusal.notUndoable(target.command.text, kind: target.kind, instead: instead)
    }

    private static func takeBack(
        _ target: CommandRecord, as id: CommandID, actor: Actor, today: Day, books: Books
    ) throws -> UndoneCommand? {
        let piece = id.piece(target.command.text)
        guard try books.command(piece) == nil else { return nil }
        var done = UndoneCommand(
            command: target.command.text, kind: target.kind, seller: books.seller.code,
            documents: try documents(of: target, books: books), issued: [])
        switch target.kind {
        case "invoice.issue", "invoice.credit":
            for document in done.documents ?? [] {
                let issued = try InvoicingDesk.takeBack(
                    document, undoing: target.command, as: piece, actor: actor, today: today, books: books)
                done.issued.append(issued.invoice_no)
            }
        default:
            let entries = try books.reversals(of: target.command, on: today)
            try books.record([
                Recording(
                    command: piece, kind: "undo", content: "undo \(target.command.text)", actor: actor, day: today,
                    outcome: #"{"undone":"\#(target.kind)"}"#, entries: entries, undoes: [target.command])
            ])
            try afterwards(target, books: books)
        }
        return done
    }

    /// The documents that a command issued, each answered with a counterpart; nil where it issued none.
    private static func documents(of target: CommandRecord, books: Books) throws -> [String]? {
        guard ["invoice.issue", "invoice.credit"].contains(target.kind) else { return nil }
        return try books.transaction.query(
            "SELECT number FROM documents WHERE book = $1 AND command = $2 ORDER BY document",
            [.int(books.book), .text(target.command.text)]
        ).map { try $0.text(0) }
    }

    /// What a slice's own tables need beside the entries.
    private static func afterwards(_ target: CommandRecord, books: Books) throws {
        let book = SQLValue.int(books.book)
        switch target.kind {
        case "import.invoices":
            _ = try books.transaction.execute(
                """
                DELETE FROM imported_numbers WHERE book = $1 AND document IN (
                    SELECT document FROM documents WHERE book = $1 AND command = $2)
                """, [book, .text(target.command.text)])
            _ = try books.transaction.execute(
                "UPDATE disputes SET closed = opened WHERE book = $1 AND command = $2 AND closed IS NULL",
                [book, .text(target.command.text)])
        case "cash.match": try ReceivablesDesk.forgetProposals(of: target, books: books)
        case "cash.match-receipt": try ReceivablesDesk.forgetAccounts(learntBy: target.command, books: books)
        case "bill.run": try InvoicingDesk.putAway(draftsOf: target.command, books: books)
        case "period.close", "period.reopen":
            let before = try PeriodDesk.openFromBefore(target.outcome)
            _ = try books.transaction.execute(
                "UPDATE book_clocks SET open_from = $2 WHERE book = $1", [book, .text(before)])
        case "reminder.issue":
            try CreditControlDesk.withdraw(target.command, books: books)
        default: break
        }
    }
}
