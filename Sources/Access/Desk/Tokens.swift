import Access
import Database
import Ledger
import Money

/// A token as it is listed: never its secret.
public struct TokenFacts: Sendable, Equatable {
    public let id: Int64
    public let user: String
    public let name: String
    public let scopes: [String]
    public let created: String
    public let expires: String
    public let lastUsed: String?
    public let revoked: String?
}

extension AccessDesk {
    /// A token for programs; its text is answered this once. It does what its user may, within its scopes.
    public func createToken(
        of name: String, called: String, scopes texts: [String], days: Int, by actor: String
    ) async throws -> (facts: TokenFacts, secret: Secret) {
        var problems: [AccessRefusal] = []
        for text in texts where Scope(rawValue: text) == nil { problems.append(.noSuchScope(text)) }
        if texts.isEmpty { problems.append(.noSuchScope("")) }
        if !(1...366).contains(days) { problems.append(.badExpiry(days)) }
        guard problems.isEmpty else { throw Refusals(problems) }
        let secret = Secret(prefix: "duly_", chance)
        let scopes = Set(texts).sorted().joined(separator: " ")
        let facts = try await write { records in
            guard let user = try records.user(named: name.lowercased()), user.active else {
                throw AccessRefusal.noSuchUser(name)
            }
            let id = records.mint()
            let expires = Instant(micro: records.now.micro + Int64(days) * 86_400_000_000).description
            try records.transaction.insert(
                into: "tokens",
                columns: [
                    "token", "secret_hash", "user_id", "name", "scopes", "created", "expires", "last_used", "revoked",
                ],
                rows: [
                    [
                        .int(id), .text(secret.hash), .int(user.id), .text(called), .text(scopes), records.nowText,
                        .text(expires), .null, .null,
                    ]
                ])
            try records.act("token created", by: actor, on: user.id, "\(RecordID(number: id)) \(scopes)")
            return TokenFacts(
                id: id, user: user.name, name: called, scopes: Set(texts).sorted(), created: records.now.description,
                expires: expires, lastUsed: nil, revoked: nil)
        }
        return (facts, secret)
    }

    /// All tokens, those of one user, newest first.
    public func tokens(of name: String? = nil) async throws -> [TokenFacts] {
        try await read { records in
            try records.transaction.query(
                """
                SELECT t.token, u.name, t.name, t.scopes, t.created, t.expires, t.last_used, t.revoked
                FROM tokens t JOIN users u ON u.user_id = t.user_id
                WHERE $1 = '' OR u.name = $1 ORDER BY t.token DESC
                """, [.text(name?.lowercased() ?? "")]
            ).map { row in
                TokenFacts(
                    id: try row.int(0), user: try row.text(1), name: try row.text(2),
                    scopes: try row.text(3).split(separator: " ").map(String.init), created: try row.text(4),
                    expires: try row.text(5), lastUsed: try row.textOrNil(6), revoked: try row.textOrNil(7))
            }
        }
    }

    /// From now on it is good for nothing.
    public func revokeToken(_ text: String, by actor: String) async throws {
        guard let id = RecordID(text) else { throw AccessRefusal.noSuchToken(text) }
        try await write { records in
            let rows = try records.transaction.query(
                "SELECT user_id FROM tokens WHERE token = $1", [.int(id.number)])
            guard let user = try rows.first?.int(0) else { throw AccessRefusal.noSuchToken(text) }
            _ = try records.transaction.execute(
                "UPDATE tokens SET revoked = $2 WHERE token = $1 AND revoked IS NULL",
                [.int(id.number), records.nowText])
            try records.act("token revoked", by: actor, on: user, "\(id)")
        }
    }

    /// Who is behind a token; nil where it is unknown, revoked or expired, or its user may not come in.
    public func principal(token secret: Secret) async throws -> (principal: Principal, isStale: Bool)? {
        guard secret.text.hasPrefix("duly_") else { return nil }
        return try await read { records in
            let rows = try records.transaction.query(
                """
                SELECT token, user_id, scopes, last_used FROM tokens
                WHERE secret_hash = $1 AND revoked IS NULL AND expires > $2
                """, [.text(secret.hash), records.nowText])
            guard let row = rows.first, let user = try records.user(try row.int(1)), user.active else { return nil }
            let scopes = Set(try row.text(2).split(separator: " ").compactMap { Scope(rawValue: String($0)) })
            let used = try row.textOrNil(3).flatMap { Instant($0) }
            let isStale = used.map { records.now.micro - $0.micro > SessionLife.noteMicro } ?? true
            return (
                Principal(
                    user: user.id, name: user.name, role: user.role,
                    language: user.language.isEmpty ? nil : user.language, books: user.books,
                    portfolio: user.portfolio, scopes: scopes, token: try row.int(0)), isStale
            )
        }
    }
}
