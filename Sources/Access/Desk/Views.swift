import Access
import Database
import Ledger
import Money

/// That somebody opened a page about a customer, as the door saw it: by the number in the address.
public struct Seen: Sendable, Hashable {
    public enum Kind: Sendable { case customer, document }
    public let user: Int64
    public let kind: Kind
    public let number: String
    /// As in the address; nil where it named none.
    public let seller: String?
    public let at: Instant

    public init(user: Int64, kind: Kind, number: String, seller: String?, at: Instant) {
        (self.user, self.kind, self.number, self.seller, self.at) = (user, kind, number, seller, at)
    }
}

/// A line of the log.
public struct ViewFacts: Sendable, Equatable {
    public let at: String
    public let user: String
    public let seller: String
    public let customer: String
    public let place: String
}

/// A line of what was done about access.
public struct ActFacts: Sendable, Equatable {
    public let at: String
    public let actor: String
    public let kind: String
    public let user: String
    public let detail: String
    public let address: String
}

extension AccessDesk {
    /// Writes down what was seen, a batch at a time. A number that belongs to nobody was no view.
    public func keep(_ seen: [Seen]) async throws {
        guard !seen.isEmpty else { return }
        let chance = chance
        try await write { records in
            var rows: [[SQLValue]] = []
            for one in seen {
                for (book, customer) in try records.whose(one) {
                    let id = RecordID(at: one.at, count: Int64(chance() & 0x1F_FFFF)).number
                    rows.append([
                        .int(book), .int(id), .int(customer), .int(one.user), .text(one.at.description),
                        .text(one.kind == .customer ? "customer" : "document \(one.number)"),
                    ])
                }
            }
            guard !rows.isEmpty else { return }
            try records.transaction.insert(
                into: "views", columns: ["book", "viewing", "customer", "user_id", "at", "place"], rows: rows)
        }
    }

    /// Who looked at what, newest first, of the books that may be seen; of one user or one customer where asked.
    public func views(
        user: String? = nil, customer: String? = nil, books: Set<Int64>? = nil, limit: Int = 200
    ) async throws -> [ViewFacts] {
        try await read { records in
            let all = try records.transaction.query("SELECT book, code FROM sellers ORDER BY code", [])
                .map { (book: try $0.int(0), code: try $0.text(1)) }.filter { books?.contains($0.book) ?? true }
            var found: [ViewFacts] = []
            for seller in all {
                found += try records.views(seller.book, seller.code, user, customer, limit)
            }
            return Array(found.sorted { $0.at > $1.at }.prefix(limit))
        }
    }

    /// What was done about access, newest first.
    public func acts(limit: Int = 200) async throws -> [ActFacts] {
        try await read { records in
            try records.transaction.query(
                """
                SELECT a.at, a.actor, a.kind, u.name, a.detail, a.address FROM access_acts a
                LEFT JOIN users u ON u.user_id = a.user_id
                ORDER BY a.act DESC LIMIT $1
                """, [.int(Int64(limit))]
            ).map { row in
                ActFacts(
                    at: try row.text(0), actor: try row.text(1), kind: try row.text(2),
                    user: try row.textOrNil(3) ?? "", detail: try row.text(4), address: try row.text(5))
            }
        }
    }
}

extension AccessRecords {
    /// The customers a number leads to: of the seller named, else of every one that has it.
    fileprivate func whose(_ seen: Seen) throws -> [(book: Int64, customer: Int64)] {
        let books = try transaction.query("SELECT book, code FROM sellers", [])
            .filter { row in try seen.seller.map { try row.text(1).lowercased() == $0.lowercased() } ?? true }
            .map { try $0.int(0) }
        return try books.flatMap { book in
            try transaction.query(
                seen.kind == .customer
                    ? "SELECT customer FROM customers WHERE book = $1 AND number = $2"
                    : "SELECT customer FROM documents WHERE book = $1 AND number = $2 LIMIT 1",
                [.int(book), .text(seen.number)]
            ).map { (book, try $0.int(0)) }
        }
    }

    fileprivate func views(_ book: Int64, _ code: String, _ user: String?, _ customer: String?, _ limit: Int) throws
        -> [ViewFacts]
    {
        try transaction.query(
            """
            SELECT v.at, u.name, c.number, v.place FROM views v
            JOIN users u ON u.user_id = v.user_id
            JOIN customers c ON c.book = v.book AND c.customer = v.customer
            WHERE v.book = $1 AND v.viewing > 0 AND ($2 = '' OR u.name = $2) AND ($3 = '' OR c.number = $3)
            ORDER BY v.viewing DESC LIMIT $4
            """, [.int(book), .text(user?.lowercased() ?? ""), .text(customer ?? ""), .int(Int64(limit))]
        ).map { row in
            ViewFacts(
                at: try row.text(0), user: try row.text(1), seller: code, customer: try row.text(2),
                place: try row.text(3))
        }
    }
}
