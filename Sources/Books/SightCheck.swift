import Database
import Ledger

/// Something that a command names, as it was typed.
public struct CommandSubject: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// By number.
        case customer
        /// By number, or by the id of 13 characters.
        case document
        /// By payment id, or by the id of 13 characters.
        case receipt
        /// By its id.
        case draft
        /// A command to take back; it is seen where all that it did is.
        case command
        /// What waits for a second person, by its id.
        case approval
    }
    public let kind: Kind
    public let name: String
    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }
}

extension Sight {
    /// Those of the subjects that cannot be seen, as those that are not there: what a command of somebody limited must pass
    /// before it runs on the whole books. `book` is the seller it is about; nil looks in all that are seen.
    public func unseen(_ subjects: [CommandSubject], book: Int64?, in database: any Database) async throws
        -> [CommandSubject]
    {
        guard !isEverything else { return [] }
        let whole = (database as? LimitedDatabase)?.whole ?? database
        let seen = try await whole.limited(to: self).read { transaction in
            let books = try transaction.query("SELECT book FROM sellers ORDER BY book", []).map { try $0.int(0) }
                .filter { book == nil || book == $0 }
            return try Set(subjects).filter { subject in
                try books.contains { try SightCheck(book: $0, transaction: transaction).sees(subject) }
            }
        }
        return subjects.filter { !seen.contains($0) }
    }

    /// Refuses what names anything out of sight, all of it at once.
    public func check(_ subjects: [CommandSubject], book: Int64?, in database: any Database) async throws {
        let unseen = try await unseen(subjects, book: book, in: database)
        guard unseen.isEmpty else { throw Refusals(unseen.map { SightRefusal.noSuch($0) }) }
    }
}

/// Looks a name up in one book, through whatever the transaction shows.
private struct SightCheck {
    let book: Int64
    let transaction: any Transaction

    func sees(_ subject: CommandSubject) throws -> Bool {
        switch subject.kind {
        case .customer:
            try isThere("SELECT 1 FROM customers WHERE book = $1 AND number = $2", .text(subject.name))
        case .document:
            try isThere("SELECT 1 FROM documents WHERE book = $1 AND number = $2", .text(subject.name))
                || isThere("SELECT 1 FROM documents WHERE book = $1 AND document = $2", id: subject.name)
        case .receipt:
            try isThere("SELECT 1 FROM receipts WHERE book = $1 AND payment_id = $2", .text(subject.name))
                || isThere("SELECT 1 FROM receipts WHERE book = $1 AND receipt = $2", id: subject.name)
        case .draft: try isThere("SELECT 1 FROM drafts WHERE book = $1 AND draft = $2", id: subject.name)
        // The outcome of a command that touched others is not shown whole.
        case .command:
            try isThere(
                "SELECT 1 FROM commands WHERE book = $1 AND command = $2 AND touches_others = 0", .text(subject.name))
        case .approval: try isThere("SELECT 1 FROM approvals WHERE book = $1 AND approval = $2", id: subject.name)
        }
    }

    private func isThere(_ sql: String, _ name: SQLValue) throws -> Bool {
        try !transaction.query("\(sql) LIMIT 1", [.int(book), name]).isEmpty
    }
    private func isThere(_ sql: String, id: String) throws -> Bool {
        guard let id = RecordID(id) else { return false }
        return try isThere(sql, .int(id.number))
    }
}
