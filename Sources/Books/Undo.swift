import Database
import Ledger
import Money

/// A command as the books keep it.
public struct CommandRecord: Sendable, Equatable {
    public let command: CommandID
    public let kind: String
    public let actor: String
    public let day: Day
    public let recorded: String
    public let outcome: String
    /// The command that took it back.
    public let undoneBy: String?
}

/// Why a command was not taken back.
public enum UndoRefusal: Refusal, Equatable {
    case noSuchCommand(String)
    case undoneAlready(String, by: String)
    case builtUpon(String, later: [String])
    case notUndoable(String, kind: String, instead: String)
    case nothingToUndo

    public var code: String {
        switch self {
        case .noSuchCommand: "undo.no-such-command"
        case .undoneAlready: "undo.undone-already"
        case .builtUpon: "undo.built-upon"
        case .notUndoable: "undo.not-undoable"
        case .nothingToUndo: "undo.nothing-to-undo"
        }
    }
    public var what: String { "Nothing was taken back." }
    public var why: String {
        switch self {
        case .noSuchCommand(let id): "There is no command \(id)."
        case .undoneAlready(let id, let by): "Command \(id) was taken back by \(by)."
        case .builtUpon(let id, let later):
            "Later commands build on \(id): \(later.prefix(10).joined(separator: ", "))"
                + (later.count > 10 ? " and \(later.count - 10) more." : ".")
        case .notUndoable(let id, let kind, _): "Command \(id) is a \(kind)."
        case .nothingToUndo: "No command in these books moved money yet."
        }
    }
    public var next: String {
        switch self {
        case .noSuchCommand: "'duly history' lists the commands."
        case .undoneAlready: "There is nothing left to do; 'duly history' shows both."
        case .builtUpon: "Take those back first, newest first, or say --with-later."
        case .notUndoable(_, _, let instead): instead
        case .nothingToUndo: "'duly history' lists what was done."
        }
    }
}

extension Books {
    /// The command of this id, or nil.
    public func command(_ id: CommandID) throws -> CommandRecord? {
        try transaction.query(
            """
            SELECT c.command, c.kind, c.actor, c.day, c.recorded, c.outcome, u.undone_by
            FROM commands c
            LEFT JOIN undoings u ON u.book = c.book AND u.command = c.command
            WHERE c.book = $1 AND c.command = $2
            """, [.int(book), .text(id.text)]
        ).first.map(Self.commandRecord)
    }

    /// The pieces of a run that stand, newest first.
    public func pieces(of run: CommandID) throws -> [CommandRecord] {
        try transaction.query(
            """
            SELECT c.command, c.kind, c.actor, c.day, c.recorded, c.outcome, u.undone_by
            FROM commands c
            LEFT JOIN undoings u ON u.book = c.book AND u.command = c.command
            WHERE c.book = $1 AND c.command > $2 AND c.command < $3 AND u.command IS NULL
            ORDER BY c.recorded DESC, c.command DESC
            """, [.int(book), .text(run.pieces.after), .text(run.pieces.before)]
        ).map(Self.commandRecord)
    }

    static func commandRecord(_ row: Row) throws -> CommandRecord {
        guard let id = CommandID(try row.text(0)), let day = Day(try row.text(3)) else {
            throw DatabaseError.bug("a command that cannot be read")
        }
        return CommandRecord(
            command: id, kind: try row.text(1), actor: try row.text(2), day: day, recorded: try row.text(4),
            outcome: try row.text(5), undoneBy: try row.textOrNil(6))
    }

    /// The entries of a command as they were recorded.
    public func entries(of command: CommandID) throws -> [PostedEntry] {
        let heads = try transaction.query(
            "SELECT entry, kind, day, reverses FROM entries WHERE book = $1 AND command = $2 ORDER BY entry",
            [.int(book), .text(command.text)])
        return try heads.map { head in
            let lines = try transaction.query(
                """
                SELECT account, customer, item, minor, currency, home_minor, home_currency, rate, rate_day, rate_source
                FROM journal_lines
                WHERE book = $1 AND entry = $2
                ORDER BY line
                """, [.int(book), .int(try head.int(0))])
            guard let kind = Entry.Kind(rawValue: try head.text(1)), let day = Day(try head.text(2)) else {
                throw DatabaseError.bug("an entry that cannot be read")
            }
            let read = try lines.map { row in
                guard let line = try EntryLine(row, from: 0) else {
                    throw DatabaseError.bug("an entry line that cannot be read")
                }
                return line
            }
            return PostedEntry(
                id: RecordID(number: try head.int(0)),
                entry: Entry(kind, day: day, lines: read, reverses: try head.intOrNil(3).map { RecordID(number: $0) }))
        }
    }

    /// The entries that take a command back: each on the day of what it reverses, or on the first open day where that is closed,
    /// but never after `today`. What is entered anew takes the old day too, so a later day would count both in between.
    public func reversals(of command: CommandID, on today: Day) throws -> [PostedEntry] {
        try entries(of: command).map { posted in
            post(posted.entry.reversed(as: posted.id, on: max(posted.entry.day, min(openFrom, today))))
        }
    }

    /// The standing closings and reopenings after this one: each set the first open day anew.
    public func periodsMoved(after command: CommandRecord) throws -> [CommandID] {
        let rows = try transaction.query(
            """
            SELECT c.command FROM commands c
            WHERE c.book = $1 AND c.kind IN ('period.close', 'period.reopen') AND c.recorded > $2
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = c.command)
            ORDER BY c.recorded DESC, c.command DESC
            """, [.int(book), .text(command.recorded)])
        return try rows.compactMap { CommandID(try $0.text(0)) }
    }

    /// The standing commands that build on this one, newest first: those that moved a document or receipt it made, that
    /// corrected its documents, that used a receipt after it, that took back what it wrote off, or that reminded of an item again.
    public func later(than command: CommandID) throws -> [CommandID] {
        let rows = try transaction.query(
            """
            SELECT DISTINCT c.command, c.recorded
            FROM (
                SELECT e.command AS command
                FROM documents d
                CROSS JOIN journal_lines l
                CROSS JOIN entries e
                WHERE d.book = $1 AND d.command = $2 AND l.book = d.book AND l.item = d.document
                    AND e.book = l.book AND e.entry = l.entry
                UNION
                SELECT e.command
                FROM entries m
                CROSS JOIN journal_lines k
                CROSS JOIN journal_lines l
                CROSS JOIN entries e
                WHERE m.book = $1 AND m.command = $2
                    AND k.book = m.book AND k.entry = m.entry AND k.account = 'unapplied'
                    AND l.book = k.book AND l.item = k.item
                    AND (l.recorded > k.recorded OR l.recorded = k.recorded AND l.entry > k.entry)
                    AND e.book = l.book AND e.entry = l.entry
                UNION
                SELECT c.command
                FROM documents d
                CROSS JOIN documents c
                WHERE d.book = $1 AND d.command = $2 AND c.book = d.book AND c.corrects = d.document
                UNION
                SELECT b.command
                FROM allocations a
                CROSS JOIN allocations b
                WHERE a.book = $1 AND a.command = $2 AND b.book = a.book AND b.document = a.document
                    AND (a.write_off > 0 AND b.write_off < 0 OR a.write_off < 0 AND b.write_off > 0)
                    AND (b.recorded > a.recorded OR b.recorded = a.recorded AND b.allocation > a.allocation)
                UNION
                SELECT n.command
                FROM reminders r
                CROSS JOIN reminder_items i
                CROSS JOIN reminder_items j
                CROSS JOIN reminders n
                WHERE r.book = $1 AND r.command = $2 AND i.book = r.book AND i.reminder = r.reminder
                    AND j.book = i.book AND j.document = i.document AND n.book = j.book AND n.reminder = j.reminder
                    AND (n.recorded > r.recorded OR n.recorded = r.recorded AND n.reminder > r.reminder)
            ) touched
            CROSS JOIN commands c
            WHERE c.book = $1 AND c.command = touched.command AND c.command <> $2
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = c.command)
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.undone_by = c.command)
            ORDER BY c.recorded DESC, c.command DESC
            """, [.int(book), .text(command.text)])
        return try rows.compactMap { CommandID(try $0.text(0)) }
    }

    /// The customers whose accounts a command touched: by its documents, its entries or its reminders.
    public func customers(of command: CommandID) throws -> [RecordID] {
        try transaction.query(
            """
            SELECT customer FROM documents WHERE book = $1 AND command = $2
            UNION
            SELECT l.customer
            FROM entries e
            CROSS JOIN journal_lines l
            WHERE e.book = $1 AND e.command = $2 AND l.book = e.book AND l.entry = e.entry AND l.customer IS NOT NULL
            UNION
            SELECT customer FROM reminders WHERE book = $1 AND command = $2
            """, [.int(book), .text(command.text)]
        ).map { RecordID(number: try $0.int(0)) }
    }
}

extension EntryLine {
    /// From ten columns beginning at `column`: account, customer, item, minor, currency, home_minor, home_currency, rate,
    /// rate_day, rate_source. nil where they no longer make a line.
    init?(_ row: Row, from column: Int) throws {
        guard let account = Account(rawValue: try row.text(column)), let currency = Currency(try row.text(column + 4)),
            let home = Currency(try row.text(column + 6)), let rateDay = Day(try row.text(column + 8))
        else { return nil }
        self.init(
            account, customer: try row.intOrNil(column + 1).map { RecordID(number: $0) },
            item: try row.intOrNil(column + 2).map { RecordID(number: $0) },
            amount: Money(minor: try row.int(column + 3), currency),
            home: Money(minor: try row.int(column + 5), home),
            rate: ExchangeRate(scaled: try row.int(column + 7), day: rateDay, source: try row.text(column + 9)))
    }
}
