import Books
import CreditControl
import Database
import Foundation
import Ledger
import Money

/// What a run did so far.
struct ReminderTally: Sendable {
    var letters: [ReminderRunOutcome.Letter] = []
    var held: [ReminderRunOutcome.Held] = []
}

/// One group of a run, in one transaction: lock, read the facts set-wise, decide each customer alone, write all.
struct ReminderGroup {
    let run: ReminderRun
    let books: Books
    let policy: ReminderPolicy
    let dryRun: Bool

    func carryOut(_ group: [RecordID]) throws -> ReminderTally {
        if !dryRun { try books.lock(customers: group) }
        var facts = try CreditControlRecords(books.transaction, book: books.book, day: run.day).facts(group)
        if !dryRun { facts = try waiting(facts) }
        var tally = ReminderTally()
        var writer = ReminderWriter(books: books, run: run)
        for one in facts {
            let decision = ReminderDecision.decide(one, on: run.day, by: policy)
            if let letter = decision.letter {
                var written = ReminderRunOutcome.Letter(letter, of: decision, one, on: run.day)
                if !dryRun { try writer.add(letter, to: one, as: &written) }
                tally.letters.append(written)
            } else if let held = ReminderRunOutcome.Held(decision, one, on: run.day) {
                tally.held.append(held)
            }
        }
        if !dryRun { try writer.write() }
        return tally
    }

    /// Those that have no outcome yet: a run that stopped goes on with the rest.
    private func waiting(_ facts: [ReminderFacts]) throws -> [ReminderFacts] {
        try books.transaction.pick(facts.map { run.id.piece($0.number).text })
        var done: Set<String> = []
        try books.transaction.rows(
            "SELECT c.command FROM picked_text p CROSS JOIN commands c WHERE c.book = $1 AND c.command = p.key",
            [.int(books.book)]
        ) { done.insert(try $0.text(0)) }
        return facts.filter { !done.contains(run.id.piece($0.number).text) }
    }
}

/// Writes a group of reminders: a row for each currency of a letter, its items, and the letter in the outbox.
struct ReminderWriter {
    private let books: Books
    private let run: ReminderRun
    private var reminders = RowBatch(into: "reminders", columns: PermanentTable.reminderColumns)
    private var items = RowBatch(
        into: "reminder_items", columns: ["book", "reminder"] + PermanentTable.reminderItemColumns)
    private var recordings: [Recording] = []

    init(books: Books, run: ReminderRun) {
        self.books = books
        self.run = run
    }

    mutating func add(
        _ letter: ReminderDecision.Letter, to facts: ReminderFacts, as written: inout ReminderRunOutcome.Letter
    ) throws {
        let command = run.id.piece(facts.number)
        var ids: [RecordID] = []
        var documents: [PermanentRecord] = []
        for total in letter.totals {
            let id = books.mint()
            ids.append(id)
            let row: [SQLValue] = [
                .int(books.book), .int(id.number), .int(facts.customer.number), .int(facts.details.number),
                .int(Int64(letter.level)), .text(run.day.description), .text(letter.payBy.description),
                .text(total.currency.code), .int(total.minor), .text(command.text), .text(books.recordedText),
            ]
            // A credit note has no level of its own: it goes with the letter.
            let named = letter.items.filter { $0.item.open.currency == total.currency }
                .sorted { $0.item.document < $1.item.document }
                .map { item -> [SQLValue] in
                    [
                        .int(item.item.document.number), .int(Int64(item.level == 0 ? letter.level : item.level)),
                        .int(item.item.open.minor),
                    ]
                }
            reminders.append(row)
            for item in named { items.append([.int(books.book), .int(id.number)] + item) }
            documents.append(
                PermanentRecord(
                    kind: PermanentTable.reminder.rawValue, id: id,
                    bytes: PermanentTable.reminder.bytes(row, children: [named])))
        }
        written.reminders = ids.map(\.description)
        recordings.append(
            Recording(
                command: command, kind: "reminder.issue", content: "reminder.issue \(facts.number) \(run.day)",
                actor: run.actor, day: run.day, outcome: try written.json(), documents: documents,
                letters: [
                    LetterRequest(.reminder, document: ids[0], customer: facts.customer, channel: letter.channel)
                ]))
    }

    func write() throws {
        guard !recordings.isEmpty else { return }
        try books.record(recordings)
        try books.transaction.insert(reminders)
        try books.transaction.insert(items)
    }
}

extension Encodable {
    /// As JSON text with sorted keys: what the books keep of an outcome.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
