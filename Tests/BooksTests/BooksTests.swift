import Books
import Database
import Ledger
import Money
import TestSupport
import Testing

@Suite("Books")
struct BooksTests {
    static let engines: [Engine] = [.sqlite, .postgres]
    static let noon = Instant("2026-03-02T12:00:00.000000Z")!
    static let day = Day("2026-03-02")!

    static func founded(_ engine: Engine) async throws -> (any Database, Int64) {
        let database = try await TestDatabases.fresh(engine)
        #expect(try await Schema.upgrade(database) == 2)
        #expect(try await Schema.upgrade(database) == 0)
        let book = try await database.transaction {
            try Books.found(
                NewSeller(
                    code: "DE", name: "Uferlicht Werkstätten GmbH", country: "DE", currency: .eur,
                    timeZone: "Europe/Berlin",
                    language: "de", openFrom: Day("2026-01-01")!), series: [("RE", "RE-{year}-{n:6}")], in: $0,
                clock: noon,
                chance: 1)
        }
        return (database, book)
    }

    static func sale(_ name: String, item: Int64, minor: Int64, day: Day = day, numbers: [GivenNumber] = [])
        -> Recording
    {
        func line(_ account: Account, _ minor: Int64, item: Int64?) -> EntryLine {
            let money = Money(minor: minor, .eur)
            return EntryLine(
                account, customer: RecordID(number: 5), item: item.map { RecordID(number: $0) }, amount: money,
                home: money,
                rate: .par(on: day))
        }
        return Recording(
            command: CommandID(name)!, kind: "test.sale", content: "\(name) \(minor)", actor: Actor(name: "ines"),
            day: day,
            outcome: "{\"gross\":\(minor)}",
            entries: [
                Entry(
                    .sale, day: day, lines: [line(.receivables, minor, item: item), line(.revenue, -minor, item: nil)])
            ],
            numbers: numbers,
            letters: [LetterRequest(.invoice, document: RecordID(number: item), customer: RecordID(number: 5))])
    }

    @Test("a repeat gets the first outcome, other content is refused", arguments: engines)
    func repeatSafe(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine)
        try await database.transaction {
            try Books(book, in: $0, clock: Self.noon, chance: 2).record([Self.sale("a", item: 100, minor: 11_900)])
        }
        let again = try await database.transaction {
            try Books(book, in: $0, clock: Self.noon, chance: 3).outcome(of: CommandID("a")!, content: "a 11900")
        }
        #expect(again?.json == "{\"gross\":11900}")
        await #expect(throws: BooksRefusal.otherContent(CommandID("a")!)) {
            _ = try await database.transaction {
                try Books(book, in: $0, clock: Self.noon, chance: 4).outcome(of: CommandID("a")!, content: "a 11901")
            }
        }
    }

    @Test("nothing is dated before the first open day", arguments: engines)
    func closed(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine)
        let early = Day("2025-12-31")!
        await #expect(throws: BooksRefusal.periodClosed(asked: early, openFrom: Day("2026-01-01")!)) {
            try await database.transaction {
                try Books(book, in: $0, clock: Self.noon, chance: 2).record([
                    Self.sale("a", item: 1, minor: 1), Self.sale("b", item: 2, minor: 1, day: early),
                ])
            }
        }
        let kept = try await database.read { try $0.query("SELECT count(*) FROM commands", [])[0].int(0) }
        #expect(kept == 0)
    }

    @Test("numbers given by many at once have no gap and no double", arguments: engines)
    func numbers(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<6 {
                group.addTask {
                    try await database.transaction { transaction in
                        let chance = UInt64(task * 10_000)
                        let books = try Books(book, in: transaction, clock: Self.noon, chance: chance)
                        let numbers = try books.numbers(3, of: "RE")
                        try books.record(
                            (0..<3).map { piece in
                                Self.sale(
                                    "\(task)/\(piece)", item: Int64(task * 100 + piece), minor: 100,
                                    numbers: [
                                        GivenNumber(
                                            series: "RE", number: numbers.first + Int64(piece),
                                            document: RecordID(number: Int64(task * 100 + piece)))
                                    ])
                            })
                    }
                }
            }
            try await group.waitForAll()
        }
        let given = try await database.read {
            try $0.query("SELECT number FROM document_numbers ORDER BY number", []).map { try $0.int(0) }
        }
        #expect(given == Array(1...18))
        let checks = try await database.read { try Verification.run(in: $0) }
        #expect(checks.flatMap(\.bad) == [])
        #expect(checks.map(\.name).contains("hashes"))
    }

    @Test("history cannot be edited", arguments: engines, ["commands", "entries", "journal_lines", "audit_records"])
    func appendOnly(engine: Engine, table: String) async throws {
        let (database, book) = try await Self.founded(engine)
        try await database.transaction {
            try Books(book, in: $0, clock: Self.noon, chance: 2).record([Self.sale("a", item: 100, minor: 11_900)])
        }
        for sql in ["UPDATE \(table) SET book = book", "DELETE FROM \(table)"] {
            await #expect(throws: DatabaseError.self) { try await database.transaction { try $0.script(sql) } }
        }
    }

    @Test(
        "an altered byte is named", arguments: engines,
        [
            ("commands", "UPDATE commands SET outcome = '{\"gross\":11901}' WHERE command = 'b'", "event b"),
            ("journal_lines", "UPDATE journal_lines SET rate_source = 'Par' WHERE item = 200", "entry "),
            ("journal_lines", "UPDATE journal_lines SET minor = minor + 1 WHERE item = 200", "entry "),
            ("journal_lines", "DELETE FROM journal_lines WHERE item = 200", "entry "),
        ])
    func altered(engine: Engine, forgery: (table: String, sql: String, names: String)) async throws {
        let (database, book) = try await Self.founded(engine)
        try await database.transaction {
            try Books(book, in: $0, clock: Self.noon, chance: 2).record([
                Self.sale("a", item: 100, minor: 11_900), Self.sale("b", item: 200, minor: 11_900),
            ])
        }
        try await database.transaction { transaction in
            // What someone with the database's own rights could do.
            switch transaction.engine {
            case .sqlite:
                try transaction.script("DROP TRIGGER \(forgery.table)_kept; DROP TRIGGER \(forgery.table)_stay")
            case .postgres: try transaction.script("DROP TRIGGER \(forgery.table)_kept ON \(forgery.table)")
            }
            let touched = try transaction.execute(forgery.sql, [])
            #expect(touched == 1)
        }
        let hashes = try await database.read { try Verification.run(in: $0) }.first { $0.name == "hashes" }
        let bad = try #require(hashes?.bad)
        #expect(bad.count == 1)
        #expect(bad[0].record.hasPrefix(forgery.names))
        #expect(bad[0].book == book)
    }
}
