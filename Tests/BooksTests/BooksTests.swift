import Books
import Database
import Dispatch
import Ledger
import Money
import TestSupport
import Testing

@Suite("Books")
struct BooksTests {
    static let engines: [Engine] = [.sqlite, .postgres]
    static let noon = Instant("2026-03-02T12:00:00.000000Z")!
    static let day = Day("2026-03-02")!

    static func founded(_ engine: Engine, series: String = "RE-{year}-{n:6}", mayRelax: Bool = true) async throws -> (
        any Database, Int64
    ) {
        let database = try await TestDatabases.fresh(engine, mayRelax: mayRelax)
        _ = try await Schema.upgrade(database)
        let book = try await database.transaction {
            try Books.found(
                NewSeller(
                    code: "DE", name: "Uferlicht Werkstätten GmbH", country: "DE", currency: .eur,
                    timeZone: "Europe/Berlin", language: "de", openFrom: Day("2026-01-01")!),
                series: [("RE", series)], in: $0, clock: noon, chance: 1)
        }
        return (database, book)
    }

    /// A sale of `minor` cents to customer 5, with its item.
    static func sale(
        _ name: String, item: Int64, minor: Int64, day: Day = day, numbers: [GivenNumber] = [], in books: Books
    ) -> Recording {
        let (money, document) = (Money(minor: minor, .eur), RecordID(number: item))
        let lines = [
            EntryLine(
                .receivables, customer: RecordID(number: 5), item: document, amount: money, home: money,
                rate: .par(on: day)),
            EntryLine(.revenue, customer: RecordID(number: 5), amount: -money, home: -money, rate: .par(on: day)),
        ]
        return Recording(
            command: CommandID(name)!, kind: "test.sale", content: "\(name) \(minor)", actor: Actor(name: "ines"),
            day: day, outcome: "{\"gross\":\(minor)}", entries: [books.post(Entry(.sale, day: day, lines: lines))],
            items: [
                NewItem(
                    document, account: .receivables, customer: RecordID(number: 5), amount: money, day: day,
                    dueDay: day + 30)
            ], numbers: numbers,
            letters: [LetterRequest(.invoice, document: document, customer: RecordID(number: 5), channel: .post)])
    }

    @discardableResult
    static func sell(
        _ name: String, item: Int64, minor: Int64, clock: Instant = noon, day: Day = day, _ database: any Database,
        _ book: Int64
    ) async throws -> Instant {
        try await database.transaction {
            let books = try Books(book, in: $0, clock: clock, chance: UInt64(item))
            try books.record([sale(name, item: item, minor: minor, day: day, in: books)])
            return books.recorded
        }
    }

    @Test("the schema is brought up to date once, step by step", arguments: engines)
    func upgrade(engine: Engine) async throws {
        let database = try await TestDatabases.fresh(engine)
        let missing = try await Schema.missing(database)
        #expect(missing >= 7)
        #expect(try await Schema.upgrade(database) == missing)
        #expect(try await Schema.missing(database) == 0)
        #expect(try await Schema.upgrade(database) == 0)
    }

    @Test("a repeat gets the first outcome, other content is refused", arguments: engines)
    func repeatSafe(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine)
        try await Self.sell("a", item: 100, minor: 11_900, database, book)
        let again = try await database.transaction {
            try Books(book, in: $0, clock: Self.noon, chance: 3).outcome(of: CommandID("a")!, content: "a 11900")
        }
        #expect(again?.json == "{\"gross\":11900}")
        #expect(again?.kind == "test.sale")
        await #expect(throws: BooksRefusal.otherContent(CommandID("a")!)) {
            _ = try await database.transaction {
                try Books(book, in: $0, clock: Self.noon, chance: 4).outcome(of: CommandID("a")!, content: "a 11901")
            }
        }
        let unknown = try await database.transaction {
            try Books(book, in: $0, clock: Self.noon, chance: 5).outcome(of: CommandID("b")!, content: "b")
        }
        #expect(unknown == nil)
    }

    @Test("nothing is dated before the first open day, and then nothing at all is kept", arguments: engines)
    func closed(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine)
        let early = Day("2025-12-31")!
        await #expect(throws: BooksRefusal.periodClosed(asked: early, openFrom: Day("2026-01-01")!)) {
            try await database.transaction {
                let books = try Books(book, in: $0, clock: Self.noon, chance: 2)
                try books.record([
                    Self.sale("a", item: 1, minor: 1, in: books),
                    Self.sale("b", item: 2, minor: 1, day: early, in: books),
                ])
            }
        }
        for table in ["commands", "entries", "journal_lines", "open_items", "outbox", "audit_records"] {
            let kept = try await database.read { try $0.query("SELECT count(*) FROM \(table)", [])[0].int(0) }
            #expect(kept == 0, "\(table)")
        }
    }

    @Test(
        "numbers given by four writers at once have no gap and no double, and none is lost with a failed one",
        arguments: engines)
    func numbers(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for turn in 0..<6 {
                        try await Self.issue(three: task * 10 + turn, fail: turn % 3 == 2, database, book)
                    }
                }
            }
            try await group.waitForAll()
        }
        let given = try await database.read {
            try $0.query("SELECT number FROM document_numbers ORDER BY number", []).map { try $0.int(0) }
        }
        #expect(given == Array(1...48))
    }

    private struct Broken: Error {}

    /// Three numbers in one group; where it fails, it fails after they were taken.
    private static func issue(three piece: Int, fail: Bool, _ database: any Database, _ book: Int64) async throws {
        do {
            try await database.transaction(isolation: .readCommitted) { transaction in
                let books = try Books(book, in: transaction, clock: noon, chance: UInt64(piece * 10_000))
                let numbers = try books.numbers(3, of: "RE", on: day)
                #expect(numbers.series == "RE/2026")
                try books.record(
                    (0..<3).map { index in
                        let item = Int64(1_000 + piece * 10 + index)
                        return sale(
                            "\(piece)/\(index)", item: item, minor: 100,
                            numbers: [
                                GivenNumber(
                                    series: numbers.series, number: numbers.first + Int64(index),
                                    document: RecordID(number: item))
                            ], in: books)
                    })
                if fail { throw Broken() }
            }
        } catch is Broken {}
    }

    @Test("a series with the year or month in it counts anew in each", arguments: engines)
    func rollover(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine, series: "R{year}-{month}-{n:3}")
        let texts = try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: Self.noon, chance: 1)
            return try ["2026-11-30", "2026-11-30", "2026-12-01", "2027-01-01", "2026-11-01"].map { text in
                let numbers = try books.numbers(1, of: "RE", on: Day(text)!)
                return numbers.pattern.text(numbers.first, on: Day(text)!)
            }
        }
        #expect(texts == ["R2026-11-001", "R2026-11-002", "R2026-12-001", "R2027-01-001", "R2026-11-003"])
    }

    @Test(
        "history cannot be edited", arguments: engines,
        ["commands", "entries", "journal_lines", "document_numbers", "audit_records"])
    func appendOnly(engine: Engine, table: String) async throws {
        let (database, book) = try await Self.founded(engine)
        try await Self.issue(three: 1, fail: false, database, book)
        for sql in ["UPDATE \(table) SET book = book", "DELETE FROM \(table)"] {
            await #expect(throws: DatabaseError.self) { try await database.transaction { try $0.script(sql) } }
        }
    }

    @Test("an id of one book is unknown in another, and the books stand apart", arguments: engines)
    func twoBooks(engine: Engine) async throws {
        let (database, book) = try await Self.founded(engine)
        let other = try await database.transaction {
            try Books.found(
                NewSeller(
                    code: "US", name: "Riverlight Works Inc", country: "US", currency: .usd, timeZone: "UTC",
                    language: "en", openFrom: Day("2026-02-01")!), series: [], in: $0, clock: Self.noon, chance: 77)
        }
        try await Self.sell("a", item: 100, minor: 500, database, book)
        let (there, openFrom) = try await database.transaction {
            let books = try Books(other, in: $0, clock: Self.noon, chance: 5)
            return (try books.outcome(of: CommandID("a")!, content: "a 500"), books.openFrom)
        }
        #expect(there == nil)
        #expect(openFrom == Day("2026-02-01")!)
    }
}

/// When a fact counts as known.
@Suite("The horizon")
struct HorizonTests {
    static let engines = BooksTests.engines

    /// What is open as of the sale's day, known at `known`.
    static func figure(_ known: Instant, _ database: any Database) async throws -> Int64 {
        try await database.read {
            try $0.query(
                """
                SELECT COALESCE(CAST(sum(minor) AS BIGINT), 0) FROM journal_lines
                WHERE account = 'receivables' AND day <= $1 AND recorded <= $2
                """, [.text(BooksTests.day.description), .text(known.description)])[0].int(0)
        }
    }

    @Test(
        "a transaction held open across K lies after it: the same figures before and after its commit",
        arguments: engines)
    func heldOpen(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        try await BooksTests.sell("before", item: 10, minor: 1_000, database, book)
        let began = AsyncStream.makeStream(of: Void.self)
        let goOn = DispatchSemaphore(value: 0)
        let slow = Task {
            try await database.transaction(isolation: .readCommitted) { transaction in
                let books = try Books(book, in: transaction, clock: BooksTests.noon, chance: 99)
                try books.record([BooksTests.sale("slow", item: 20, minor: 300, in: books)])
                began.continuation.yield()
                goOn.wait()
                return books.recorded
            }
        }
        for await _ in began.stream { break }
        if engine == .postgres { try await BooksTests.sell("quick", item: 30, minor: 7, database, book) }
        let known = try await Horizon.take(database, clock: BooksTests.noon)
        let during = try await Self.figure(known, database)
        goOn.signal()
        let recorded = try await slow.value
        #expect(known < recorded)
        #expect(try await Self.figure(known, database) == during)
        let later = try await Horizon.take(database, clock: BooksTests.noon)
        #expect(later >= recorded)
        #expect(try await Self.figure(later, database) == (engine == .postgres ? 1_307 : 1_300))
    }

    @Test("a clock that steps back never records at or before a horizon that was printed", arguments: engines)
    func stepsBack(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        try await BooksTests.sell("a", item: 1, minor: 100, database, book)
        var known = try await Horizon.take(database, clock: BooksTests.noon)
        var figures = [(known, try await Self.figure(known, database))]
        for step in 1...4 {
            let clock = Instant(micro: BooksTests.noon.micro - Int64(step) * 3_600_000_000)
            let recorded = try await BooksTests.sell(
                "b\(step)", item: Int64(10 + step), minor: 10, clock: clock, database, book)
            #expect(recorded > known)
            known = try await Horizon.take(database, clock: clock)
            figures.append((known, try await Self.figure(known, database)))
        }
        for (known, figure) in figures { #expect(try await Self.figure(known, database) == figure) }
        #expect(figures.map(\.1) == [100, 110, 120, 130, 140])
    }

    @Test("while the clock waits behind a horizon, no two commands draw the same ids")
    func idsBehindTheHorizon() async throws {
        let (database, book) = try await BooksTests.founded(.sqlite)
        try await BooksTests.sell("a", item: 1, minor: 100, database, book)
        // The same chance each time: only the instant keeps them apart.
        let clock = Instant(micro: BooksTests.noon.micro - 3_600_000_000)
        for number in 1...30 as ClosedRange<Int64> {
            try await database.transaction { transaction in
                let books = try Books(book, in: transaction, clock: clock, chance: 7)
                try books.record([BooksTests.sale("b\(number)", item: 10 + number, minor: 1, in: books)])
            }
        }
        let count = try await database.read { try $0.query("SELECT count(*) FROM commands", [])[0].int(0) }
        #expect(count == 31)
    }

    @Test("what will be known later is refused", arguments: engines)
    func future(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        try await BooksTests.sell("a", item: 1, minor: 100, database, book)
        let horizon = try await Horizon.take(database, clock: BooksTests.noon)
        let soon = Instant(micro: horizon.micro + 3_600_000_000)
        await #expect(throws: BooksRefusal.self) {
            _ = try await Horizon.knownAt(soon, database, clock: BooksTests.noon)
        }
        let asked = Instant(micro: horizon.micro - 1)
        #expect(try await Horizon.knownAt(asked, database, clock: BooksTests.noon) == asked)
    }

    @Test("what is committed is on the disk", arguments: engines)
    func durable(engine: Engine) async throws {
        let (database, _) = try await BooksTests.founded(engine)
        switch engine {
        case .sqlite:
            let set = try await database.transaction {
                [
                    try $0.query("PRAGMA synchronous", [])[0].text(0),
                    try $0.query("PRAGMA journal_mode", [])[0].text(0),
                    try $0.query("PRAGMA foreign_keys", [])[0].text(0),
                ]
            }
            #expect(set == ["2", "wal", "1"])
        case .postgres:
            let set = try await database.transaction {
                [
                    try $0.query("SHOW fsync", [])[0].text(0), try $0.query("SHOW synchronous_commit", [])[0].text(0),
                    try $0.query("SHOW transaction_isolation", [])[0].text(0),
                ]
            }
            #expect(set.prefix(2) == ["on", "on"])
            #expect(set[2] == (TestDatabases.strictest == .serializable ? "serializable" : "read committed"))
        }
    }
}
