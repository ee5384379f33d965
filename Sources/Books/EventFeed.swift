import Database
import Ledger
import Money

/// A command that was carried out, as other programs hear of it.
public struct Event: Sendable, Equatable {
    public let book: Int64
    /// The seller's code.
    public let seller: String
    public let command: String
    /// The command's name, such as `invoice.issue`.
    public let kind: String
    public let actor: String
    public let day: String
    /// When the books took it.
    public let recorded: String
    /// What came of it, as JSON.
    public let outcome: String

    /// The same for ever, and of this event alone; of letters, digits, `-` and `_`.
    public var id: String { "evt_" + Books.hash("\(book) \(command)").prefix(27) }
    /// Just behind this event.
    public var bookmark: EventBookmark { EventBookmark(recorded: recorded, book: book, command: command) }
}

/// A place in the order of events: by recorded instant, book, command. Everything up to and including it has been read.
public struct EventBookmark: Sendable, Equatable, CustomStringConvertible {
    let recorded: String
    /// nil: everything recorded up to and including the instant.
    let book: Int64?
    let command: String

    init(recorded: String, book: Int64, command: String) {
        (self.recorded, self.book, self.command) = (recorded, book, command)
    }

    /// Behind everything recorded up to and including the instant.
    public init(through instant: Instant) {
        (recorded, book, command) = (instant.description, nil, "")
    }

    /// Before the first event.
    public static let start = EventBookmark(through: Instant(micro: 0))

    /// As it was handed out; nil where it is none. An instant alone is a bookmark, too.
    public init?(_ text: String) {
        let parts = text.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        // Written again as it is written here, so that texts compare as instants do.
        guard let instant = Instant(parts[0]) else { return nil }
        switch parts.count {
        case 1: self.init(through: instant)
        case 3:
            guard let book = RecordID(parts[1]), !parts[2].isEmpty else { return nil }
            self.init(recorded: instant.description, book: book.number, command: parts[2])
        default: return nil
        }
    }

    public var description: String { book.map { "\(recorded)|\(RecordID(number: $0))|\(command)" } ?? recorded }

    /// Where the events of a book begin that lie behind this bookmark: later than the instant, or at it with a greater command.
    func start(in other: Int64) -> (recorded: String, command: String) {
        guard let book, other >= book else {
            return ((Instant(recorded).map { Instant(micro: $0.micro + 1) } ?? Instant(micro: 0)).description, "")
        }
        return (recorded, other == book ? command : "")
    }
}

/// Some events in their order, and where to go on.
public struct EventPage: Sendable {
    public let events: [Event]
    /// Everything up to here has been read; also where nothing is new.
    public let bookmark: EventBookmark
    /// Whether more may be there already.
    public let more: Bool
}

/// The commands that were carried out, in order, for readers that come back with a bookmark. Only what lies at or before the horizon
/// is told (`Horizon`): whatever is committed later lies behind every bookmark handed out, so that no reader misses an event, however
/// many writers there are and in whatever order they commit.
public enum EventFeed {
    /// Events read from one book at a time, those that the filter drops included.
    static let step = 500
    /// Events looked at for one page; then the page ends, however few of them fit.
    static let mostRead = 20_000

    /// The events of these books behind a bookmark.
    /// - Parameter kinds: such as `invoice.issue`, or `invoice.*` for all of a noun; none is every kind.
    public static func read(
        after bookmark: EventBookmark, books: [(book: Int64, seller: String)], kinds: [String] = [], limit: Int,
        from database: any Database, clock: Instant
    ) async throws -> EventPage {
        // Somebody who asks and asks must not write to the books each time: a horizon is only taken where there is something new.
        guard try await hasNews(after: bookmark, books: books, in: database) else {
            return EventPage(events: [], bookmark: bookmark, more: false)
        }
        let starts = books.map { Start($0.book, $0.seller, bookmark) }
        let horizon = try await Horizon.take(database, clock: clock)
        return try await database.read { transaction in
            var reading = Reading(starts: starts, horizon: horizon, transaction: transaction)
            return try reading.page(after: bookmark, kinds: kinds, limit: limit)
        }
    }

    /// Whether anything of any kind lies behind a bookmark, the horizon aside. Only reads.
    public static func hasNews(
        after bookmark: EventBookmark, books: [(book: Int64, seller: String)], in database: any Database
    ) async throws -> Bool {
        let starts = books.map { Start($0.book, $0.seller, bookmark) }
        return try await database.read { transaction in try starts.contains { try $0.hasMore(transaction) } }
    }

    /// Whether an event is of one of these kinds.
    public static func fits(_ kind: String, _ kinds: [String]) -> Bool {
        kinds.isEmpty
            || kinds.contains { wanted in
                wanted.hasSuffix(".*") ? kind.hasPrefix(wanted.dropLast()) : kind == wanted
            }
    }

    /// Where reading goes on in one book.
    private struct Start: Sendable {
        let book: Int64
        let seller: String
        var recorded: String
        var command: String

        init(_ book: Int64, _ seller: String, _ bookmark: EventBookmark) {
            (self.book, self.seller) = (book, seller)
            (recorded, command) = bookmark.start(in: book)
        }

        func hasMore(_ transaction: any Transaction) throws -> Bool {
            try !transaction.query(
                """
                SELECT 1 FROM commands
                WHERE book = $1 AND recorded >= $2 AND (recorded > $2 OR command > $3)
                LIMIT 1
                """, [.int(book), .text(recorded), .text(command)]
            ).isEmpty
        }
    }

    /// Reads several books as one, each in steps.
    private struct Reading {
        var starts: [Start]
        let horizon: Instant
        let transaction: any Transaction

        mutating func page(after bookmark: EventBookmark, kinds: [String], limit: Int) throws -> EventPage {
            starts.sort { $0.book < $1.book }
            var waiting = try starts.indices.map { try next($0) }
            var (events, last, looked): ([Event], EventBookmark, Int) = ([], bookmark, 0)
            while let place = first(of: waiting) {
                guard events.count < limit, looked < EventFeed.mostRead else {
                    return EventPage(events: events, bookmark: last, more: true)
                }
                let event = waiting[place].removeFirst()
                if waiting[place].isEmpty { waiting[place] = try next(place) }
                looked += 1
                last = event.bookmark
                if EventFeed.fits(event.kind, kinds), !EventFeed.isCount(event) { events.append(event) }
            }
            // Everything at or before the horizon has been read, but a bookmark never goes back.
            let end = EventBookmark(through: horizon)
            return EventPage(
                events: events, bookmark: end.recorded >= last.recorded ? end : last, more: false)
        }

        private func first(of waiting: [ArraySlice<Event>]) -> Int? {
            var best: (recorded: String, place: Int)?
            for (place, slice) in waiting.enumerated() {
                guard let recorded = slice.first?.recorded else { continue }
                // Books are sorted: of the same instant the first book comes first.
                if best.map({ recorded < $0.recorded }) ?? true { best = (recorded, place) }
            }
            return best?.place
        }

        private mutating func next(_ place: Int) throws -> ArraySlice<Event> {
            let start = starts[place]
            let found = try transaction.query(
                """
                SELECT command, kind, actor, day, recorded, outcome FROM commands
                WHERE book = $1 AND recorded >= $2 AND (recorded > $2 OR command > $3) AND recorded <= $4
                ORDER BY recorded, command
                LIMIT $5
                """,
                [
                    .int(start.book), .text(start.recorded), .text(start.command), .text(horizon.description),
                    .int(Int64(EventFeed.step)),
                ]
            ).map { row in
                Event(
                    book: start.book, seller: start.seller, command: try row.text(0), kind: try row.text(1),
                    actor: try row.text(2), day: try row.text(3), recorded: try row.text(4), outcome: try row.text(5))
            }
            if let last = found.last { (starts[place].recorded, starts[place].command) = (last.recorded, last.command) }
            return found[...]
        }
    }

    /// The counts that an import keeps of its groups say nothing of their own.
    private static func isCount(_ event: Event) -> Bool {
        event.kind.hasPrefix("import.") && event.command.hasSuffix("/done")
    }
}
