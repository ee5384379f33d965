import Access
import Database
import Ledger
import Money

/// A user as they stand in the books.
public struct UserFacts: Sendable, Equatable {
    public let id: Int64
    public let name: String
    public let fullName: String
    public let email: String
    public let role: Role
    /// `en`, `de`, or empty.
    public let language: String
    public let active: Bool
    /// The codes of the sellers whose books are shown; nil is every one.
    public let sellers: [String]?
    public let books: Set<Int64>?
    public let portfolio: Int64?
    /// An invitation that was not answered yet leaves none.
    public let hasPassword: Bool
    public let hasSecondFactor: Bool
    let password: String
    let totp: String
    let totpNext: String
    let totpStep: Int64

    func principal(session: Int64?, formToken: String) -> Principal {
        Principal(
            user: id, name: name, role: role, language: language.isEmpty ? nil : language, books: books,
            portfolio: portfolio, session: session, formToken: formToken)
    }
}

/// The SQL of access: what is read and written of its own tables, inside one transaction.
struct AccessRecords {
    let transaction: any Transaction
    let now: Instant
    let chance: () -> UInt64

    var nowText: SQLValue { .text(now.description) }
    func mint() -> Int64 { RecordID(at: now, count: Int64(chance() & 0x1F_FFFF)).number }

    private static let columns = """
        user_id, name, full_name, email, role, language, active, all_books, portfolio, password, totp, totp_next, totp_step
        """

    func hasUsers() throws -> Bool { try !transaction.query("SELECT 1 FROM users LIMIT 1", []).isEmpty }

    func users() throws -> [UserFacts] {
        try transaction.query("SELECT \(Self.columns) FROM users ORDER BY name", []).map(facts)
    }
    func user(named name: String) throws -> UserFacts? {
        try transaction.query("SELECT \(Self.columns) FROM users WHERE name = $1", [.text(name)]).first.map(facts)
    }
    func user(_ id: Int64) throws -> UserFacts? {
        try transaction.query("SELECT \(Self.columns) FROM users WHERE user_id = $1", [.int(id)]).first.map(facts)
    }

    private func facts(_ row: Row) throws -> UserFacts {
        let id = try row.int(0)
        guard let role = Role(rawValue: try row.text(4)) else { throw DatabaseError.bug("a role is unknown") }
        let allBooks = try row.int(7) == 1
        let sellers = allBooks ? [] : try self.sellers(of: id)
        return UserFacts(
            id: id, name: try row.text(1), fullName: try row.text(2), email: try row.text(3), role: role,
            language: try row.text(5), active: try row.int(6) == 1, sellers: allBooks ? nil : sellers.map(\.code),
            books: allBooks ? nil : Set(sellers.map(\.book)), portfolio: try row.intOrNil(8),
            hasPassword: try !row.text(9).isEmpty, hasSecondFactor: try !row.text(10).isEmpty,
            password: try row.text(9), totp: try row.text(10), totpNext: try row.text(11), totpStep: try row.int(12))
    }

    private func sellers(of user: Int64) throws -> [(code: String, book: Int64)] {
        try transaction.query(
            """
            SELECT s.code, s.book FROM user_books u
            JOIN sellers s ON s.seller = u.seller
            WHERE u.user_id = $1 ORDER BY s.code
            """, [.int(user)]
        ).map { (try $0.text(0), try $0.int(1)) }
    }

    func insert(_ user: NewUser, name: SignInName, role: Role, password: String) throws -> Int64 {
        let id = mint()
        try transaction.insert(
            into: "users",
            columns: [
                "user_id", "name", "full_name", "email", "role", "language", "password", "totp", "totp_next",
                "totp_step", "active", "all_books", "portfolio", "created",
            ],
            rows: [
                [
                    .int(id), .text(name.text), .text(user.fullName), .text(user.email), .text(role.rawValue),
                    .text(user.language), .text(password), .text(""), .text(""), .int(0), .int(1),
                    .int(user.sellers == nil ? 1 : 0), user.portfolio.map { .int($0) } ?? .null, nowText,
                ]
            ])
        try limit(id, to: user.sellers)
        return id
    }

    /// Replaces the sellers whose books are shown; nil is every one.
    func limit(_ user: Int64, to codes: [String]?) throws {
        _ = try transaction.execute("DELETE FROM user_books WHERE user_id = $1", [.int(user)])
        _ = try transaction.execute(
            "UPDATE users SET all_books = $2 WHERE user_id = $1", [.int(user), .int(codes == nil ? 1 : 0)])
        for code in Set(codes ?? []).sorted() {
            let found = try transaction.query(
                "SELECT seller FROM sellers WHERE lower(code) = $1", [.text(code.lowercased())])
            guard let seller = try found.first?.int(0) else { throw AccessRefusal.noSuchBooks(code) }
            try transaction.insert(
                into: "user_books", columns: ["user_id", "seller"], rows: [[.int(user), .int(seller)]])
        }
    }

    func set(portfolio: Int64?, of user: Int64) throws {
        _ = try transaction.execute(
            "UPDATE users SET portfolio = $2 WHERE user_id = $1",
            [.int(user), portfolio.map { .int($0) } ?? .null])
    }
    func set(role: Role, of user: Int64) throws {
        _ = try transaction.execute(
            "UPDATE users SET role = $2 WHERE user_id = $1", [.int(user), .text(role.rawValue)])
    }
    func set(active: Bool, of user: Int64) throws {
        _ = try transaction.execute(
            "UPDATE users SET active = $2 WHERE user_id = $1", [.int(user), .int(active ? 1 : 0)])
    }
    func set(password: String, of user: Int64) throws {
        _ = try transaction.execute(
            "UPDATE users SET password = $2 WHERE user_id = $1", [.int(user), .text(password)])
    }
    func set(totp: String, next: String, step: Int64, of user: Int64) throws {
        _ = try transaction.execute(
            "UPDATE users SET totp = $2, totp_next = $3, totp_step = $4 WHERE user_id = $1",
            [.int(user), .text(totp), .text(next), .int(step)])
    }
    /// Marks a code's step used; false where another sign-in was quicker.
    func use(step: Int64, of user: Int64) throws -> Bool {
        try transaction.execute(
            "UPDATE users SET totp_step = $2 WHERE user_id = $1 AND totp_step < $2", [.int(user), .int(step)]) == 1
    }

    func replaceCodes(_ hashes: [String], of user: Int64) throws {
        _ = try transaction.execute("DELETE FROM recovery_codes WHERE user_id = $1", [.int(user)])
        try transaction.insert(
            into: "recovery_codes", columns: ["user_id", "code_hash", "used"],
            rows: hashes.map { [.int(user), .text($0), .null] })
    }
    /// False where there is no such code, or it was used.
    func use(code hash: String, of user: Int64) throws -> Bool {
        try transaction.execute(
            "UPDATE recovery_codes SET used = $3 WHERE user_id = $1 AND code_hash = $2 AND used IS NULL",
            [.int(user), .text(hash), nowText]) == 1
    }
    func codesLeft(of user: Int64) throws -> Int {
        let rows = try transaction.query(
            "SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used IS NULL", [.int(user)])
        return Int(try rows[0].int(0))
    }

    func endSessions(of user: Int64, but kept: Int64? = nil) throws {
        _ = try transaction.execute(
            "DELETE FROM sessions WHERE user_id = $1 AND session <> $2", [.int(user), .int(kept ?? 0)])
    }

    func act(_ kind: String, by actor: String, on user: Int64?, _ detail: String = "", from address: String = "") throws
    {
        try transaction.insert(
            into: "access_acts", columns: ["act", "at", "actor", "kind", "user_id", "detail", "address"],
            rows: [
                [
                    .int(mint()), nowText, .text(actor), .text(kind), user.map { .int($0) } ?? .null, .text(detail),
                    .text(address),
                ]
            ])
    }
}
