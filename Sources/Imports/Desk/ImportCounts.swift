import Books
import Database
import Foundation
import Ledger
import Money

/// What one group of an import came to.
struct ImportCounts: Codable, Sendable, Equatable {
    var added = 0
    var changed = 0
    var unchanged = 0
    /// Customers that were made for it.
    var created = 0

    init(_ verdicts: [Verdict]) {
        for verdict in verdicts {
            switch verdict {
            case .added: added += 1
            case .changed: changed += 1
            case .unchanged: unchanged += 1
            case .refused: break
            }
        }
    }
}

/// Keeps the counts of a group in the group's own transaction, so that an import that goes on after a crash passes over what is
/// written and still ends with the counts of an undisturbed one.
struct ImportCountsKeeper {
    let request: ImportRequest
    let group: CommandID
    /// Hash of the whole command's content: no group of other files under the same id counts as this one.
    let run: String
    let transaction: any Transaction

    /// Each book's part of a group has the group's id; the counts of all of it stand beside it.
    private var id: CommandID { group.piece("done") }
    private var content: String { "\(request.recordedKind) \(group.text) \(run)" }

    func earlier() throws -> ImportCounts? {
        guard let earlier = try Books.outcome(of: id, content: content, inAnyBook: transaction) else { return nil }
        try Books.refuseTakenBack(group, of: request.id, inAnyBook: transaction)
        return try JSONDecoder().decode(ImportCounts.self, from: Data(earlier.json.utf8))
    }

    func keep(_ counts: ImportCounts, clock: Instant, chance: UInt64) throws {
        guard let book = try ImportDesk.home(request.seller, transaction) else { return }
        let books = try Books(book, in: transaction, clock: clock, chance: chance &+ 0x9E37_79B9)
        try books.record([
            Recording(
                command: id, kind: request.recordedKind, content: content, actor: request.actor, day: request.today,
                outcome: try counts.json())
        ])
    }
}
