import Books
import Database
import Dispatch
import Ledger
import Money
import TestSupport
import Testing

/// Readers that come back with a bookmark hear everything once, in order.
@Suite("The event feed")
struct EventFeedTests {
    static let engines = BooksTests.engines

    static func page(
        after: EventBookmark = .start, kinds: [String] = [], limit: Int = 100,
        _ books: [(book: Int64, seller: String)], _ database: any Database
    ) async throws -> EventPage {
        try await EventFeed.read(
            after: after, books: books, kinds: kinds, limit: limit, from: database, clock: BooksTests.noon)
    }

    /// A second seller in the same books.
    static func second(_ database: any Database) async throws -> Int64 {
        try await database.transaction {
            try Books.found(
                NewSeller(
                    code: "AT", name: "Uferlicht Österreich GmbH", country: "AT", currency: .eur,
                    timeZone: "Europe/Vienna", language: "de", openFrom: Day("2026-01-01")!),
                series: [("RE", "AT-{n}")], in: $0, clock: BooksTests.noon, chance: 2)
        }
    }

    @Test(
        "events come in the order of instant, book and command, page by page, and nothing new keeps the bookmark",
        arguments: engines)
    func order(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        let other = try await Self.second(database)
        let empty = try await Self.page([(book, "DE"), (other, "AT")], database)
        #expect(empty.events.isEmpty && !empty.more && empty.bookmark == .start)
        for step in 1...6 {
            let clock = Instant(micro: BooksTests.noon.micro + Int64(step / 2) * 1_000_000)
            try await BooksTests.sell(
                "s\(9 - step)", item: Int64(step), minor: 100, clock: clock, database, step % 2 == 0 ? book : other)
        }
        let books: [(book: Int64, seller: String)] = [(book, "DE"), (other, "AT")]
        let all = try await Self.page(books, database)
        #expect(all.events.count == 6 && !all.more)
        let keys = all.events.map { ($0.recorded, $0.book, $0.command) }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        #expect(Set(all.events.map(\.id)).count == 6)
        var (found, bookmark, more): ([Event], EventBookmark, Bool) = ([], .start, true)
        while more {
            // As it is handed out and comes back.
            let page = try await Self.page(
                after: try #require(EventBookmark(bookmark.description)), limit: 1, books, database)
            found += page.events
            (bookmark, more) = (page.bookmark, page.more)
        }
        #expect(found == all.events)
        let later = try await Self.page(after: bookmark, books, database)
        #expect(later.events.isEmpty && later.bookmark == bookmark)
        #expect(try await Self.page([(other, "AT")], database).events == all.events.filter { $0.seller == "AT" })
        try await BooksTests.sell("new", item: 70, minor: 1, database, book)
        #expect(try await Self.page(after: bookmark, books, database).events.map(\.command) == ["new"])
    }

    @Test("many commands of one instant are not split by a page", arguments: engines)
    func ties(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        // More than are read from a book at a time.
        try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: BooksTests.noon, chance: 5)
            try books.record(
                (1...1_201).map { BooksTests.sale("run/\($0)", item: Int64($0), minor: 5, in: books) })
        }
        var (found, bookmark, more): ([String], EventBookmark, Bool) = ([], .start, true)
        while more {
            let page = try await Self.page(after: bookmark, limit: 400, [(book, "DE")], database)
            found += page.events.map(\.command)
            (bookmark, more) = (page.bookmark, page.more)
        }
        #expect(found.count == 1_201 && Set(found).count == 1_201)
    }

    @Test("a filter drops events, but not its reader's place", arguments: engines)
    func kinds(engine: Engine) async throws {
        let (database, book) = try await BooksTests.founded(engine)
        for step in 1...5 { try await BooksTests.sell("a\(step)", item: Int64(step), minor: 5, database, book) }
        let none = try await Self.page(kinds: ["invoice.issue"], [(book, "DE")], database)
        #expect(none.events.isEmpty && !none.more && none.bookmark != .start)
        try await BooksTests.sell("b", item: 9, minor: 5, database, book)
        #expect(try await Self.page(after: none.bookmark, [(book, "DE")], database).events.map(\.command) == ["b"])
        #expect(try await Self.page(kinds: ["test.*"], [(book, "DE")], database).events.count == 6)
        #expect(EventFeed.fits("cash.apply", ["cash.apply-run", "cash.*"]))
        #expect(!EventFeed.fits("cashier.open", ["cash.*"]))
    }

    @Test("a reader misses nothing that was written first and committed last", arguments: engines)
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
        let during = try await Self.page([(book, "DE")], database)
        // What was recorded later than the open transaction is committed, and still not told.
        #expect(during.events.map(\.command) == ["before"])
        goOn.signal()
        _ = try await slow.value
        let after = try await Self.page(after: during.bookmark, [(book, "DE")], database)
        #expect(Set(after.events.map(\.command)) == (engine == .postgres ? ["slow", "quick"] : ["slow"]))
        #expect(after.events.first?.command == "slow")
    }

    @Test(
        "what is no bookmark is none",
        arguments: [
            "", "x", "2026-03-02", "|", "2026-03-02T12:00:00.000000Z|x|y", "2026-03-02T12:00:00.000000Z|0000000000001|",
            "2026-03-02T12:00:00.000000Z|0000000000001",
        ])
    func bad(text: String) { #expect(EventBookmark(text) == nil) }
}
