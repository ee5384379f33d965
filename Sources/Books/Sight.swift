import Database
import Ledger

/// What a person may see of the books: some sellers, some customers, or everything.
///
/// It is enforced below every query: a database `limited(to:)` a sight has views in place of its tables
/// (`Database.read(within:)`), so that a list, a search, an export or an address that somebody tries finds what may be seen and
/// nothing else, and sums are those of what may be seen.
public struct Sight: Sendable, Hashable {
    /// The books of the sellers that may be seen; nil for all.
    public let books: [Int64]?
    /// The portfolio whose customers may be seen; nil for all customers.
    public let portfolio: Int64?

    public init(books: [Int64]? = nil, portfolio: Int64? = nil) {
        self.books = books.map { Set($0).sorted() }
        self.portfolio = portfolio
    }
    public static let everything = Sight()
    public var isEverything: Bool { books == nil && portfolio == nil }

    /// Tables of which nobody decided yet what is seen; nobody limited sees them.
    public static func undecidedTables(_ transaction: any Transaction) throws -> [String] {
        try transaction.tableColumns().filter { !SightViews.isDecided($0) }.map(\.table)
    }

    /// As the database enforces it.
    var limits: Limits {
        var keys: [String: [Int64]] = [:]
        if let books { keys["books"] = books }
        if let portfolio { keys["portfolio"] = [portfolio] }
        let (hasBooks, hasPortfolio) = (books != nil, portfolio != nil)
        return Limits(shape: keys.keys.sorted().joined(separator: "+"), keys: keys) { transaction in
            try SightViews(transaction, books: hasBooks, portfolio: hasPortfolio).all()
        }
    }
}

/// Why something was not done for somebody who does not see everything.
public enum SightRefusal: Refusal, Equatable {
    /// Something tried to write through a limited database.
    case readsOnly
    /// Not there, or not to be seen: nobody can tell which.
    case noSuch(CommandSubject)
    public var code: String {
        switch self {
        case .readsOnly: "books.sight-reads-only"
        case .noSuch: "books.no-such-record"
        }
    }
    public var what: String { "Nothing was written to the books." }
    public var why: String {
        switch self {
        case .readsOnly: "Who sees a part of the books cannot write to all of them."
        case .noSuch(let subject): "There is no \(subject.kind.rawValue) \(subject.name)."
        }
    }
    public var next: String {
        switch self {
        case .readsOnly: "Have it done by somebody who sees all customers of the seller."
        case .noSuch: "'duly search' finds customers and documents by name or number."
        }
    }
}

/// Books of which a part is seen. Reading is limited; what writes is refused: a command runs on the whole books, after
/// `unseen` found that it names nothing out of sight.
public struct LimitedDatabase: Database {
    public let sight: Sight
    /// The books in full.
    public let whole: any Database
    public var engine: Engine { whole.engine }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await whole.read(within: sight.limits, body)
    }
    public func transaction<T: Sendable>(
        isolation: Isolation, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        throw SightRefusal.readsOnly
    }
}

extension Database {
    /// The same books, of which the sight is seen. What is limited already stays so: by another sight it is a bug.
    public func limited(to sight: Sight) -> any Database {
        if let limited = self as? LimitedDatabase {
            precondition(limited.sight == sight, "a limited database is not limited in another way")
            return limited
        }
        return sight.isEverything ? self : LimitedDatabase(sight: sight, whole: self)
    }
}
