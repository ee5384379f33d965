import Books
import CreditControl
import CreditControlDesk
import Database
import Ledger
import Money
import Synchronization
import Testing

@Suite("Reminder runs")
struct ReminderRunTests {
    private static let day = ReminderOffice.day

    /// C-1 is late twice, C-2 disputes, C-3 is not late enough, C-4 has money on account.
    private static func office(_ engine: Engine) async throws -> ReminderOffice {
        let office = try await ReminderOffice.open(engine)
        try await office.work { clerk in
            let one = try clerk.customer("C-1")
            try clerk.invoice("RE-1", one, 10_000, late: 30)
            try clerk.invoice("RE-2", one, 2_500, late: 8)
            try clerk.invoice("RE-3", one, 700, late: -3)
            let two = try clerk.customer("C-2")
            let disputed = try clerk.invoice("RE-4", two, 4_000, late: 30)
            clerk.insert(
                "disputes",
                [
                    ("dispute", .int(clerk.books.mint().number)), ("document", .int(disputed.number)),
                    ("customer", .int(two.number)), ("minor", .int(1_000)), ("reason", .text("arrived broken")),
                    ("opened", .text((day - 3).description)), ("closed", .null), ("command", .text("")),
                    ("recorded", .text(clerk.books.recordedText)),
                ])
            try clerk.invoice("RE-5", try clerk.customer("C-3"), 4_000, late: 5)
            let four = try clerk.customer("C-4")
            try clerk.invoice("RE-6", four, 4_000, late: 12)
            clerk.receipt(3_900, of: four)
        }
        return office
    }

    @Test("a preview keeps nothing; the run writes what it said", arguments: ReminderOffice.engines)
    func writes(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let preview = try await office.desk.preview(Self.day, book: office.book)
        #expect(try await office.count("SELECT count(*) FROM reminders") == 0)
        #expect(preview.letters.map(\.customer) == ["C-1"])
        #expect(preview.letters[0].items.map(\.invoiceNo) == ["RE-1", "RE-2"])
        #expect(preview.letters[0].leftOut.map(\.code) == ["not-due"])
        #expect(preview.held.map { "\($0.customer) \($0.code)" } == ["C-2 disputed", "C-4 unmatched-money"])
        #expect(preview.totals.map { "\($0.letters) \($0.amount) \($0.currency)" } == ["1 125.00 EUR"])

        var run = try await office.run("r1")
        #expect(run.letters[0].reminders.count == 1)
        run.letters[0].reminders = []
        run.run = ""
        #expect(run == preview)
        #expect(try await office.count("SELECT count(*) FROM reminder_items WHERE level = 1") == 2)
        let letters = try await office.count(
            "SELECT count(*) FROM outbox o JOIN reminders r ON r.reminder = o.document WHERE o.kind = 'reminder' AND o.channel = 'email'"
        )
        #expect(letters == 1)
        // The documents of this test come without hashes; the reminders must have theirs.
        let checks = try await office.database.read { try Verification.run(in: $0) }
        let bad = checks.flatMap(\.bad).filter { $0.record.hasPrefix("reminder") || $0.record.hasPrefix("event") }
        #expect(bad.isEmpty, "\(bad)")
        let hashed = try await office.count("SELECT count(*) FROM audit_records WHERE hashes LIKE '%reminder %'")
        #expect(hashed == 1)
    }

    @Test("the same run again gives the first outcome; another content is refused", arguments: ReminderOffice.engines)
    func repeatSafe(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let first = try await office.run("r1")
        #expect(try await office.run("r1") == first)
        #expect(try await office.count("SELECT count(*) FROM reminders") == 1)
        await #expect(throws: BooksRefusal.otherContent(CommandID("r1")!)) { try await office.run("r1", Self.day + 1) }
        // Another run finds that it was done.
        let second = try await office.run("r2")
        #expect(second.letters.isEmpty && second.totals.isEmpty)
    }

    @Test("a run that stopped goes on with those that have no outcome", arguments: ReminderOffice.engines)
    func resumed(engine: Engine) async throws {
        let office = try await ReminderOffice.open(engine)
        try await office.work { clerk in
            for number in 1...210 {
                try clerk.invoice("RE-\(number)", try clerk.customer("C-\(number)"), 1_000, late: 10)
            }
        }
        let breaking = CreditControlDesk(
            Breaking(database: office.database, after: 1), clock: ReminderOffice.now, chance: ReminderOffice.dice)
        let run = ReminderRun(id: CommandID("r1")!, day: Self.day, actor: Actor(name: "ines"))
        await #expect(throws: DatabaseError.self) { try await breaking.run(run, book: office.book) }
        #expect(try await office.count("SELECT count(*) FROM reminders") == 200)
        let outcome = try await office.run("r1")
        #expect(outcome.letters.count == 210 && Set(outcome.letters.map(\.customer)).count == 210)
        #expect(try await office.count("SELECT count(*) FROM reminders") == 210)
        #expect(try await office.run("r1") == outcome)
    }

    @Test("levels rise letter by letter, and fall when a reminder is taken back", arguments: ReminderOffice.engines)
    func levels(engine: Engine) async throws {
        let office = try await Self.office(engine)
        _ = try await office.run("r1")
        let soon = try await office.desk.preview(Self.day + 9, customer: "C-1", book: office.book)
        #expect(soon.letters.isEmpty && soon.held.map(\.code) == ["reminded-recently"])
        let later = try await office.desk.preview(Self.day + 10, customer: "C-1", book: office.book)
        #expect(later.letters.map(\.level) == [2])
        #expect(later.letters[0].items.map { "\($0.invoiceNo) \($0.level)" } == ["RE-1 2", "RE-2 1", "RE-3 1"])

        // Taken back: the level falls, the letter that waits is withdrawn.
        let piece = CommandID("r1")!.piece("C-1")
        let withdrawn = try await office.work { clerk in
            clerk.undo([piece])
            return try CreditControlDesk.withdraw(piece, books: clerk.books)
        }
        #expect(withdrawn == 1)
        #expect(try await office.count("SELECT count(*) FROM outbox WHERE state = 'withdrawn'") == 1)
        let again = try await office.desk.preview(Self.day + 9, customer: "C-1", book: office.book)
        #expect(again.letters.map(\.level) == [1])
        let why = try await office.desk.why("RE-1", on: Self.day + 9, book: office.book)
        #expect(why.customer == "C-1" && why.verdict == "letter" && why.items.map(\.invoiceNo) == ["RE-1"])
        #expect(why.earlier.count == 1 && why.earlier[0].state == "withdrawn" && !why.earlier[0].undoneBy.isEmpty)
    }

    @Test("a proposal that names an invoice keeps the letter back", arguments: ReminderOffice.engines)
    func proposal(engine: Engine) async throws {
        let office = try await ReminderOffice.open(engine)
        try await office.work { clerk in
            let document = try clerk.invoice("RE-1", try clerk.customer("C-1"), 10_000, late: 30)
            let receipt = clerk.receipt(9_800, of: nil)
            clerk.insert(
                "match_proposals",
                [
                    ("receipt", .int(receipt.number)), ("place", .int(0)), ("document", .int(document.number)),
                    ("minor", .int(9_800)), ("write_off", .int(0)), ("confidence", .int(6_000)), ("reason", .text("")),
                    ("runner_up", .text("")),
                ])
        }
        let held = try await office.desk.preview(Self.day, book: office.book).held
        #expect(held.map(\.code) == ["unmatched-money"])
        #expect(held.first?.why == "98.00 EUR received on 2026-10-28 may pay RE-1.")
    }

    @Test("a refused mail, a hold and old bank data are found in the books", arguments: ReminderOffice.engines)
    func found(engine: Engine) async throws {
        let office = try await ReminderOffice.open(engine)
        try await office.work { clerk in
            let customer = try clerk.customer("C-1")
            try clerk.invoice("RE-1", customer, 10_000, late: 30)
            clerk.insert(
                "holds",
                [
                    ("hold", .int(1)), ("customer", .int(customer.number)), ("document", .null),
                    ("reason", .text("visit planned")), ("from_day", .text((Self.day - 1).description)),
                    ("to_day", .null), ("command", .text("")), ("recorded", .text(clerk.books.recordedText)),
                ])
            clerk.insert(
                "bank_statements",
                [
                    ("statement", .int(1)), ("account", .text("DE1")), ("format", .text("camt.053")),
                    ("name", .text("1")),
                    ("currency", .text("EUR")), ("opening_day", .null), ("opening", .null),
                    ("closing_day", .text((Self.day - 20).description)), ("closing", .int(0)), ("balanced", .int(1)),
                    ("lines", .int(0)), ("command", .text("")), ("recorded", .text(clerk.books.recordedText)),
                ])
        }
        _ = try await office.run("r0", customer: "C-1")
        try await office.work { clerk in
            _ = try clerk.books.transaction.execute(
                """
                INSERT INTO outbox (book, message, command, kind, document, customer, channel, state, attempts, next_at,
                    answer, recorded, changed)
                SELECT book, 77, 'r0', 'invoice', 1, customer, 'email', 'refused', 1, recorded, '550 no such mailbox',
                    recorded, recorded
                FROM customers WHERE book = $1
                """, [.int(clerk.books.book)])
        }
        let why = try await office.desk.why("C-1", on: Self.day, book: office.book)
        #expect(why.verdict == "held" && why.reasons.map(\.code) == ["hold", "mail-refused", "bank-data-stale"])
        #expect(why.earlier.isEmpty)
        await #expect(throws: ReminderRefusal.noSuchCustomerOrDocument("X")) {
            try await office.desk.why("X", on: Self.day, book: office.book)
        }
    }

    @Test("a policy holds from its day on, the seller's before everybody's", arguments: ReminderOffice.engines)
    func policies(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let desk = office.desk
        #expect(try await desk.policy(on: Self.day, book: office.book) == .standard)
        let set = try await desk.setPolicy(#"{"minimum":{"EUR":"200.00"}}"#, validFrom: Self.day, book: nil)
        #expect(set.levels == ReminderPolicy.standard.levels)
        #expect(try await desk.policy(on: Self.day - 1, book: office.book) == .standard)
        #expect(
            try await desk.preview(Self.day, customer: "C-1", book: office.book).held.map(\.code) == ["below-minimum"])
        _ = try await desk.setPolicy(
            try await desk.policyJSON(on: Self.day - 1, book: office.book), validFrom: Self.day, book: office.book)
        #expect(try await desk.preview(Self.day, customer: "C-1", book: office.book).letters.count == 1)
        for bad in [#"{"levels":[]}"#, "{", #"{"days_between":"ten"}"#] {
            await #expect(throws: ReminderPolicyRefusal.self) {
                try await desk.setPolicy(bad, validFrom: Self.day, book: nil)
            }
        }
    }

    @Test("many customers are written in groups, each once")
    func many() async throws {
        let office = try await ReminderOffice.open(.sqlite)
        try await office.work { clerk in
            for number in 1...450 {
                try clerk.invoice(
                    "RE-\(number)", try clerk.customer("C-\(number)", mail: number % 9 != 0), 1_000, late: 10)
            }
        }
        let outcome = try await office.run("r1")
        #expect(outcome.letters.count == 450 && outcome.letters.filter { $0.channel == "post" }.count == 50)
        #expect(outcome.totals.map { "\($0.letters) \($0.amount) \($0.currency)" } == ["450 4500.00 EUR"])
        #expect(try await office.count("SELECT count(*) FROM commands WHERE kind = 'reminder.issue'") == 450)
    }
}

/// A database that is gone after so many transactions.
private struct Breaking: Database {
    let database: any Database
    let after: Int
    private let count = Counter()
    init(database: any Database, after: Int) {
        self.database = database
        self.after = after
    }
    var engine: Engine { database.engine }
    func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await database.read(body)
    }
    func transaction<T: Sendable>(
        isolation: Isolation, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        guard count.next() <= after else { throw DatabaseError.outage("gone") }
        return try await database.transaction(isolation: isolation, body)
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
