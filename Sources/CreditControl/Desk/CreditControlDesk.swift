import Books
import CreditControl
import Database
import Foundation
import Ledger
import Money

/// Asks for what is overdue. Reads, asks the Rules, writes; it judges nothing itself.
public struct CreditControlDesk: Sendable {
    let database: any Database
    let clock: @Sendable () -> Instant
    let chance: @Sendable () -> UInt64

    public init(
        _ database: any Database, clock: @escaping @Sendable () -> Instant, chance: @escaping @Sendable () -> UInt64
    ) {
        self.database = database
        self.clock = clock
        self.chance = chance
    }

    /// How many customers go into one transaction: a group ends well within 200 ms.
    static let groupSize = 200

    /// What a run on that day would write and keep back. Nothing is kept.
    public func preview(
        _ day: Day, customer: String? = nil, book: Int64,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> ReminderRunOutcome {
        let run = ReminderRun(id: CommandID("preview")!, day: day, customer: customer, actor: .system)
        let start = try await begin(run, book: book, dryRun: true)
        let tally = try await carryOut(run, start, book: book, dryRun: true, progress)
        return ReminderRunOutcome(run: "", day: day, letters: tally.letters, held: tally.held)
    }

    /// Writes the reminders of a day. Every customer is a piece with an outcome of its own (`RUN/CUSTOMER`); the run can be
    /// sent again and goes on where it stopped. A dry run is a preview.
    public func run(
        _ run: ReminderRun, book: Int64, dryRun: Bool = false,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> ReminderRunOutcome {
        let start = try await begin(run, book: book, dryRun: dryRun)
        if let earlier = start.outcome { return earlier }
        let tally = try await carryOut(run, start, book: book, dryRun: dryRun, progress)
        guard !dryRun else {
            return ReminderRunOutcome(run: run.id.text, day: run.day, letters: tally.letters, held: tally.held)
        }
        return try await finish(run, book: book, held: tally.held)
    }

    private struct Start: Sendable {
        var outcome: ReminderRunOutcome?
        var customers: [RecordID] = []
        var policy = ReminderPolicy.standard
    }

    private func begin(_ run: ReminderRun, book: Int64, dryRun: Bool) async throws -> Start {
        let (now, dice) = (clock(), chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if !dryRun, let earlier = try books.outcome(of: run.id, content: run.content) {
                return Start(outcome: try Self.outcome(earlier.json, of: run, books))
            }
            let records = CreditControlRecords(transaction, book: book, day: run.day)
            let customer = try run.customer.map { number in
                guard let found = try records.customer(number) else { throw ReminderRefusal.noSuchCustomer(number) }
                return found
            }
            // A number of another seller's customer leaves out nobody here.
            let without = Set(try run.without.compactMap { try records.customer($0) })
            let policy = try ReminderPolicies.inForce(on: run.day, seller: books.seller.code, in: transaction)
            let late = try records.late(dueBy: run.day - policy.levels[0].daysOverdue, customer: customer)
            return Start(outcome: nil, customers: late.filter { !without.contains($0) }, policy: policy)
        }
    }

    private func carryOut(
        _ run: ReminderRun, _ start: Start, book: Int64, dryRun: Bool, _ progress: @Sendable (Int, Int) -> Void
    ) async throws -> ReminderTally {
        var tally = ReminderTally()
        var next = 0
        while next < start.customers.count {
            let group = Array(start.customers[next..<min(next + Self.groupSize, start.customers.count)])
            let (now, dice) = (clock(), chance())
            let body: @Sendable (any Transaction) throws -> ReminderTally = { transaction in
                let books = try Books(book, in: transaction, clock: now, chance: dice)
                return try ReminderGroup(run: run, books: books, policy: start.policy, dryRun: dryRun).carryOut(group)
            }
            let done =
                dryRun
                ? try await database.read(body)
                : try await database.transaction(isolation: .readCommitted, body)
            CrashPoint.reach("reminder.after-group")
            tally.letters += done.letters
            tally.held += done.held
            next += group.count
            progress(next, start.customers.count)
        }
        return tally
    }

    /// Records the run itself with its outcome, so that the same id is answered with it. The letters are kept by the pieces.
    private func finish(
        _ run: ReminderRun, book: Int64, held: [ReminderRunOutcome.Held]
    ) async throws -> ReminderRunOutcome {
        let (now, dice) = (clock(), chance())
        return try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if let earlier = try books.outcome(of: run.id, content: run.content) {
                return try Self.outcome(earlier.json, of: run, books)
            }
            let kept = ReminderRunOutcome(run: run.id.text, day: run.day, letters: [], held: held)
            try books.record([
                Recording(
                    command: run.id, kind: "reminder.run", content: run.content, actor: run.actor, day: run.day,
                    outcome: try kept.json())
            ])
            return try Self.outcome(try kept.json(), of: run, books)
        }
    }

    /// The run's outcome with the letters of its pieces, those taken back since included.
    private static func outcome(_ json: String, of run: ReminderRun, _ books: Books) throws -> ReminderRunOutcome {
        let kept = try JSONDecoder().decode(ReminderRunOutcome.self, from: Data(json.utf8))
        var letters: [ReminderRunOutcome.Letter] = []
        for row in try books.transaction.query(
            "SELECT outcome FROM commands WHERE book = $1 AND command > $2 AND command < $3 AND kind = 'reminder.issue'",
            [.int(books.book), .text(run.id.pieces.after), .text(run.id.pieces.before)])
        {
            letters.append(
                try JSONDecoder().decode(ReminderRunOutcome.Letter.self, from: Data(try row.text(0).utf8)))
        }
        return ReminderRunOutcome(run: kept.run, day: run.day, letters: letters, held: kept.held)
    }

    /// Keeps back the letters that a command left in the outbox and that nobody has begun to send; returns how many. The undo
    /// of a reminder calls it in its own transaction; the reminder itself needs no more than the row of its undoing.
    @discardableResult
    public static func withdraw(_ command: CommandID, books: Books) throws -> Int {
        try books.transaction.execute(
            """
            UPDATE outbox SET state = 'withdrawn', changed = $3, answer = 'taken back before it was sent'
            WHERE book = $1 AND command = $2 AND state = 'queued'
                AND document IN (SELECT reminder FROM reminders WHERE book = $1 AND command = $2)
            """, [.int(books.book), .text(command.text), .text(books.recordedText)])
    }
}
