import Database
import Ledger
import Money

extension Books {
    /// Locks customers for a command that decides on them, in the order of their ids, before its facts are read. One text that
    /// is a row lock on every engine.
    public func lock(customers: some Sequence<RecordID>) throws {
        var rows = RowBatch(into: "customers", columns: ["book", "customer"])
        for customer in Set(customers).sorted() {
            rows.append(book)
            rows.append(customer.number)
            rows.endRow()
        }
        _ = try transaction.update(
            "UPDATE customers SET revision = revision + 1 WHERE book = $1 AND customer = $2", each: rows)
    }

    /// Locks the book itself, for commands that decide on all of it: closing a period, receiving a bank file.
    public func lockBook() throws {
        _ = try transaction.execute(
            "UPDATE book_clocks SET revision = revision + 1 WHERE book = $1", [.int(book)])
    }

    /// Writes what was decided. One call may carry many commands (a group of a run); each keeps its own outcome.
    public func record(_ recordings: [Recording]) throws {
        guard !recordings.isEmpty else { return }
        for recording in recordings {
            for posted in recording.entries where posted.entry.day < openFrom {
                throw BooksRefusal.periodClosed(asked: posted.entry.day, openFrom: openFrom)
            }
        }
        var rows = RecordingRows(book: book, recorded: recordedText)
        var moves = ItemMoves(recorded: recordedText)
        var hashes = ""
        hashes.reserveCapacity(recordings.count * 300)
        for recording in recordings {
            let day = recording.day.description
            let fingerprint = Self.hash(recording.content)
            rows.add(recording, day: day, fingerprint: fingerprint)
            let event = recording.eventBytes(book: book, recorded: recordedText, day: day, fingerprint: fingerprint)
            hashes += "event \(recording.command.text) \(Self.hash(event))\n"
            for posted in recording.entries {
                rows.add(posted, of: recording.command)
                moves.add(posted.entry)
                let bytes = CanonicalBytes.of(
                    posted.entry, id: posted.id, book: book, command: recording.command.text, recorded: recordedText)
                hashes += "entry \(posted.id) \(Self.hash(bytes))\n"
            }
            for item in recording.items { moves.open(item) }
            for document in recording.documents {
                hashes += "\(document.kind) \(document.id) \(Self.hash(document.bytes))\n"
            }
            for letter in recording.letters { rows.add(letter, as: mint(), of: recording.command) }
        }
        try rows.write(to: transaction)
        try moves.write(to: transaction, book: book)
        let audit = SQLValue.int(mint().number)
        try transaction.insert(
            into: "audit_records", columns: ["book", "audit", "recorded", "hashes"],
            rows: [[.int(book), audit, .text(recordedText), .text(hashes)]])
        // It waits for its seal; a sealer sees it once this is committed, whatever ids were sealed before.
        try transaction.insert(into: "unsealed_records", columns: ["book", "audit"], rows: [[.int(book), audit]])
        if transaction.engine == .sqlite {
            _ = try transaction.execute(
                "UPDATE book_clocks SET horizon = $2 WHERE book = $1 AND horizon < $2",
                [.int(book), .text(recordedText)])
        }
    }
}

/// The rows of the books' own tables for a group of recordings.
struct RecordingRows {
    private let book: SQLValue
    private let recorded: SQLValue
    private var commands: RowBatch
    private var undoings: RowBatch
    private var followUps: RowBatch
    private var entries: RowBatch
    private var lines: RowBatch
    private var numbers: RowBatch
    private var letters: RowBatch

    init(book: Int64, recorded: String) {
        self.book = .int(book)
        self.recorded = .text(recorded)
        commands = RowBatch(
            into: "commands",
            columns: ["book", "command", "kind", "fingerprint", "actor", "day", "recorded", "outcome"])
        undoings = RowBatch(into: "undoings", columns: ["book", "command", "undone_by", "recorded"])
        followUps = RowBatch(
            into: "follow_ups",
            columns: [
                "book", "follow_up", "command", "kind", "content", "state", "attempts", "next_at", "problem",
                "recorded",
            ])
        entries = RowBatch(
            into: "entries", columns: ["book", "entry", "command", "kind", "day", "recorded", "reverses"])
        lines = RowBatch(
            into: "journal_lines",
            columns: [
                "book", "entry", "line", "account", "customer", "item", "minor", "currency", "home_minor",
                "home_currency", "rate", "rate_day", "rate_source", "day", "recorded",
            ])
        numbers = RowBatch(into: "document_numbers", columns: ["book", "series", "number", "document"])
        letters = RowBatch(
            into: "outbox",
            columns: [
                "book", "message", "command", "kind", "document", "customer", "channel", "state", "attempts", "next_at",
                "answer", "recorded", "changed",
            ])
    }

    mutating func add(_ recording: Recording, day: String, fingerprint: String) {
        let command = SQLValue.text(recording.command.text)
        commands.append([
            book, command, .text(recording.kind), .text(fingerprint), .text(recording.actor.name),
            .text(day), recorded, .text(recording.outcome),
        ])
        for undone in recording.undoes { undoings.append([book, .text(undone.text), command, recorded]) }
        for followUp in recording.followUps {
            followUps.append([
                book, .text(followUp.id.text), command, .text(followUp.kind), .text(followUp.content), .text("waiting"),
                .int(0), recorded, .text(""), recorded,
            ])
        }
        for number in recording.numbers {
            numbers.append([book, .text(number.series), .int(number.number), .int(number.document.number)])
        }
    }

    mutating func add(_ posted: PostedEntry, of command: CommandID) {
        let entry = posted.entry
        let day = SQLValue.text(entry.day.description)
        let id = SQLValue.int(posted.id.number)
        entries.append([
            book, id, .text(command.text), .text(entry.kind.rawValue), day, recorded,
            entry.reverses.map { .int($0.number) } ?? .null,
        ])
        for (index, line) in entry.lines.enumerated() {
            lines.append([
                book, id, .int(Int64(index + 1)), .text(line.account.rawValue),
                line.customer.map { .int($0.number) } ?? .null, line.item.map { .int($0.number) } ?? .null,
                .int(line.amount.minor), .text(line.amount.currency.code),
                .int(line.home.minor), .text(line.home.currency.code), .int(line.rate.scaled),
                line.rate.day == entry.day ? day : .text(line.rate.day.description), .text(line.rate.source), day,
                recorded,
            ])
        }
    }

    mutating func add(_ letter: LetterRequest, as id: RecordID, of command: CommandID) {
        letters.append([
            book, .int(id.number), .text(command.text), .text(letter.kind.rawValue), .int(letter.document.number),
            .int(letter.customer.number), .text(letter.channel.rawValue), .text("queued"), .int(0), recorded, .text(""),
            recorded, recorded,
        ])
    }

    func write(to transaction: any Transaction) throws {
        for batch in [commands, undoings, followUps, entries, lines, numbers, letters] {
            try transaction.insert(batch)
        }
    }
}

/// How a group of entries moves the open items: summed by item, then written in two statements.
struct ItemMoves {
    private struct Move {
        var minor: Int64 = 0
        var home: Int64 = 0
        var day = Day(number: 0)
        /// Whose it is from now on, where an entry says.
        var customer: RecordID?
        var isAssigned = false
    }
    private let recorded: String
    private var moves: [RecordID: Move] = [:]
    private var opened: [NewItem] = []

    init(recorded: String) { self.recorded = recorded }

    mutating func add(_ entry: Entry) {
        for line in entry.lines {
            guard let item = line.item, line.account == .receivables || line.account == .unapplied else { continue }
            var move = moves[item] ?? Move(day: entry.day)
            move.minor += line.amount.minor
            move.home += line.home.minor
            move.day = max(move.day, entry.day)
            // A receipt belongs to whoever was last credited with it: to nobody yet, or again, where that was nobody.
            if line.account == .unapplied, line.amount.minor < 0 {
                move.customer = line.customer
                move.isAssigned = true
            }
            moves[item] = move
        }
    }

    mutating func open(_ item: NewItem) { opened.append(item) }

    mutating func write(to transaction: any Transaction, book: Int64) throws {
        var fresh = RowBatch(
            into: "open_items",
            columns: [
                "book", "item", "account", "customer", "currency", "day", "due_day", "minor", "open_minor", "open_home",
                "moved_day", "moved_recorded",
            ])
        for item in opened {
            let move = moves.removeValue(forKey: item.item) ?? Move(day: item.day)
            let day = SQLValue.text(item.day.description)
            fresh.append([
                .int(book), .int(item.item.number), .text(item.account.rawValue),
                (move.isAssigned ? move.customer : item.customer).map { .int($0.number) } ?? .null,
                .text(item.amount.currency.code), day,
                .text(item.dueDay.description), .int(item.amount.minor), .int(move.minor), .int(move.home),
                move.day == item.day ? day : .text(move.day.description), .text(recorded),
            ])
        }
        try transaction.insert(fresh)
        var moved = RowBatch(
            into: "open_items",
            columns: ["book", "item", "open_minor", "open_home", "moved_day", "moved_recorded", "assigned", "customer"])
        for (item, move) in moves.sorted(by: { $0.key < $1.key }) {
            moved.append(book)
            moved.append(item.number)
            moved.append(move.minor)
            moved.append(move.home)
            moved.append(move.day.description)
            moved.append(recorded)
            moved.append(move.isAssigned)
            moved.append(move.customer?.number)
            moved.endRow()
        }
        let touched = try transaction.update(
            """
            UPDATE open_items SET
                open_minor = open_minor + $3, open_home = open_home + $4,
                moved_day = CASE WHEN moved_day < $5 THEN $5 ELSE moved_day END,
                moved_recorded = CASE WHEN moved_recorded < $6 THEN $6 ELSE moved_recorded END,
                customer = CASE WHEN $7 = 1 THEN $8 ELSE customer END
            WHERE book = $1 AND item = $2
            """, each: moved)
        guard touched == moves.count else {
            throw DatabaseError.bug("an entry moves an item that was never opened")
        }
    }
}

extension RowBatch {
    /// One row, given as a list of values.
    public mutating func append(_ row: [SQLValue]) {
        for value in row { append(value) }
        endRow()
    }
}
