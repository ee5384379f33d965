import ArgumentParser
import Books
import Database
import Foundation
import Ledger
import Money

/// Why events were not told.
enum EventRefusal: Refusal {
    case badBookmark(String)
    var code: String { "event.bad-bookmark" }
    var what: String { "No events were told." }
    var why: String {
        switch self {
        case .badBookmark(let text): "'\(text.prefix(120))' is no bookmark of events."
        }
    }
    var next: String {
        "Send the bookmark of an earlier answer as it came, an instant, or none to begin at the first event."
    }
}

/// An event as other programs read it: the same text in the feed and in what is posted.
enum EventText {
    static func json(_ event: Event) throws -> String {
        let head = [
            ("actor", event.actor), ("at", event.recorded), ("command", event.command), ("day", event.day),
            ("id", event.id), ("kind", event.kind),
        ]
        // The outcome is JSON already, and stands here digit for digit as it was kept.
        let isJSON =
            (try? JSONSerialization.jsonObject(with: Data(event.outcome.utf8), options: .fragmentsAllowed)) != nil
        let fields =
            try head.map { "\"\($0.0)\":\(try Answer.encode($0.1))" } + [
                "\"outcome\":\(isJSON ? event.outcome : try Answer.encode(event.outcome))",
                "\"seller\":\(try Answer.encode(event.seller))",
            ]
        return "{\(fields.joined(separator: ","))}"
    }
}

/// `duly event`.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "What happened, in order, for programs that follow along.",
        subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the commands that were carried out, oldest first, with a bookmark to come back with.",
            discussion:
                "The answer always has a bookmark, also when nothing is new. Whoever comes back with --after BOOKMARK misses nothing "
                + "and hears nothing twice, however many people work at once.")
        @OptionGroup var common: Common
        @Option(help: "The bookmark of an earlier answer, or an instant; default from the first event on.")
        var after: String?
        @Option(help: "Only this kind, such as invoice.issue, or invoice.* for all of a noun; may be repeated.")
        var kind: [String] = []
        @Option(help: "Only this seller.") var seller: String?
        @Option(help: "At most this many.") var limit = 100

        func validate() throws { try ListOptions.check(limit: limit) }

        func run() async throws {
            let database = try await common.open()
            let start = try after.map { text in
                guard let bookmark = EventBookmark(text) else { throw EventRefusal.badBookmark(text) }
                return bookmark
            }
            let books = try await common.sellers(database, seller).map { ($0.book, $0.code) }
            let page = try await EventFeed.read(
                after: start ?? .start, books: books, kinds: kind, limit: limit, from: database, clock: common.now)
            guard common.json else { return tell(page) }
            let bookmark = try Answer.encode(page.bookmark.description)
            print(
                "{\"bookmark\":\(bookmark),\"items\":[\(try page.events.map(EventText.json).joined(separator: ","))],"
                    + "\"next\":\(page.more ? bookmark : "null")}")
        }

        private func tell(_ page: EventPage) {
            Answer.table(
                ["At", "Kind", "Seller", "Day", "By", "Command"],
                page.events.map { [String($0.recorded.prefix(19)), $0.kind, $0.seller, $0.day, $0.actor, $0.command] })
            if page.events.isEmpty { print("Nothing new.") }
            print("\(page.more ? "More" : "Later"): --after '\(page.bookmark)'")
        }
    }
}
