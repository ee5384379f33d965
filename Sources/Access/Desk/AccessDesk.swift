import Access
import Books
import Database
import Foundation
import Ledger
import Money

/// Somebody who is to come in.
public struct NewUser: Sendable {
    public var name: String
    public var fullName: String
    public var email: String
    public var role: String
    /// `en`, `de`, or empty for what the browser says.
    public var language = ""
    /// Codes of sellers; nil is every one.
    public var sellers: [String]?
    public var portfolio: Int64?

    public init(name: String, fullName: String = "", email: String = "", role: String) {
        (self.name, self.fullName, self.email, self.role) = (name, fullName, email, role)
    }
}

/// Users, sign-in, sessions and tokens over the books. It decides nothing that Access has not decided.
public struct AccessDesk: Sendable {
    let database: any Database
    let hasher: PasswordHasher
    /// Seals the keys of authenticator programs; without it there is no second factor.
    let vault: Vault?
    let clock: @Sendable () -> Instant
    /// Secrets are made of it: it has to be strong.
    let chance: @Sendable () -> UInt64
    /// Keep nothing: answers and refusals are the same.
    public var dryRun = false

    public init(
        _ database: any Database, hasher: PasswordHasher, vault: Vault?, clock: @escaping @Sendable () -> Instant,
        chance: @escaping @Sendable () -> UInt64
    ) {
        (self.database, self.hasher, self.vault, self.clock, self.chance) = (database, hasher, vault, clock, chance)
    }

    // MARK: Users

    public func hasUsers() async throws -> Bool { try await read { try $0.hasUsers() } }
    public func users() async throws -> [UserFacts] { try await read { try $0.users() } }
    public func user(_ id: Int64) async throws -> UserFacts? { try await read { try $0.user(id) } }

    /// A user with a password of their own choice.
    @discardableResult
    public func add(_ user: NewUser, password: String, by actor: String) async throws -> UserFacts {
        let (name, role, problems) = Self.checked(user)
        let about = [user.name, user.fullName, user.email]
        let all = problems + PasswordRule.problems(Self.plain(password), about: about)
        guard all.isEmpty, let name, let role else { throw Refusals(all) }
        let hash = try await hasher.hash(Self.plain(password), salt: salt())
        return try await write { records in
            try Self.insert(user, name, role, hash, "user added", actor, records)
        }
    }

    /// The first administrator, only where nobody is there yet.
    public func addFirst(_ user: NewUser, password: String, from address: String) async throws -> UserFacts {
        guard try await !hasUsers() else { throw AccessRefusal.setUpAlready }
        let (name, role, problems) = Self.checked(user)
        let all =
            problems
            + PasswordRule.problems(Self.plain(password), about: [user.name, user.fullName, user.email])
        guard all.isEmpty, let name, let role else { throw Refusals(all) }
        let hash = try await hasher.hash(Self.plain(password), salt: salt())
        return try await write { records in
            guard try !records.hasUsers() else { throw AccessRefusal.setUpAlready }
            return try Self.insert(user, name, role, hash, "set up", name.text, records)
        }
    }

    /// A user without a password, and the secret of the link by which they choose one.
    public func invite(_ user: NewUser, by actor: String) async throws -> (user: UserFacts, secret: Secret) {
        let (name, role, problems) = Self.checked(user)
        guard problems.isEmpty, let name, let role else { throw Refusals(problems) }
        let secret = Secret(chance)
        let made = try await write { records in
            let made = try Self.insert(user, name, role, "", "user invited", actor, records)
            try Self.link("invitation", secret, made.id, SessionLife.invitationMicro, records)
            return made
        }
        return (made, secret)
    }

    /// The secret of a link by which somebody chooses a new password. The old one holds until then.
    public func reset(_ name: String, by actor: String) async throws -> Secret {
        let secret = Secret(chance)
        try await write { records in
            let user = try Self.find(name, records)
            try Self.link("reset", secret, user.id, SessionLife.resetMicro, records)
            try records.act("reset asked", by: actor, on: user.id)
        }
        return secret
    }

    /// Another role. Whoever is signed in signs in anew, with a new secret.
    public func setRole(_ name: String, to text: String, by actor: String) async throws {
        guard let role = Role(rawValue: text) else { throw AccessRefusal.noSuchRole(text) }
        try await write { records in try Self.set(role, of: try Self.find(name, records), actor, records) }
    }

    /// Shuts somebody out, sessions and tokens at once; or lets them in again.
    public func setActive(_ name: String, _ active: Bool, by actor: String) async throws {
        try await write { records in
            let user = try Self.find(name, records)
            if !active, user.role == .administrator { try Self.keepOne(user, records) }
            try records.set(active: active, of: user.id)
            try records.endSessions(of: user.id)
            try records.act(active ? "enabled" : "disabled", by: actor, on: user.id)
        }
    }

    /// The sellers whose books somebody sees (nil is every one), and the portfolio (nil is all customers).
    public func limit(_ name: String, sellers: [String]?, portfolio: Int64?, by actor: String) async throws {
        try await write { records in
            try Self.limit(try Self.find(name, records), sellers, portfolio, actor, records)
        }
    }

    /// Role and limits together: all of it or nothing.
    public func change(
        _ name: String, role text: String, sellers: [String]?, portfolio: Int64?, by actor: String
    ) async throws {
        guard let role = Role(rawValue: text) else { throw AccessRefusal.noSuchRole(text) }
        try await write { records in
            let user = try Self.find(name, records)
            try Self.limit(user, sellers, portfolio, actor, records)
            try Self.set(role, of: user, actor, records)
        }
    }

    private static func set(_ role: Role, of user: UserFacts, _ actor: String, _ records: AccessRecords) throws {
        if user.role == .administrator, role != .administrator { try keepOne(user, records) }
        guard user.role != role else { return }
        try records.set(role: role, of: user.id)
        try records.endSessions(of: user.id)
        try records.act("role", by: actor, on: user.id, "\(user.role.rawValue) -> \(role.rawValue)")
    }

    private static func limit(
        _ user: UserFacts, _ sellers: [String]?, _ portfolio: Int64?, _ actor: String, _ records: AccessRecords
    ) throws {
        try records.limit(user.id, to: sellers)
        try records.set(portfolio: portfolio, of: user.id)
        let told = sellers.map { $0.sorted().joined(separator: " ") } ?? "all sellers"
        try records.act(
            "limits", by: actor, on: user.id, told + (portfolio.map { ", portfolio \(RecordID(number: $0))" } ?? ""))
    }

    // MARK: Links

    /// Whose link it is, while it is good.
    public func invited(_ secret: Secret) async throws -> UserFacts? {
        try await read { records in try Self.invited(secret, records)?.user }
    }

    /// Chooses a password by a link. It is good once, and whoever was signed in is out.
    public func accept(_ secret: Secret, password: String, again: String, from address: String) async throws
        -> UserFacts
    {
        guard let user = try await invited(secret) else { throw AccessRefusal.linkGone }
        let hash = try await newHash(password, again, of: user)
        return try await write { records in
            guard let (invitation, user) = try Self.invited(secret, records),
                try records.transaction.execute(
                    "UPDATE invitations SET used = $2 WHERE invitation = $1 AND used IS NULL",
                    [.int(invitation), records.nowText]) == 1
            else { throw AccessRefusal.linkGone }
            try records.set(password: hash, of: user.id)
            try records.endSessions(of: user.id)
            try records.act("password chosen", by: user.name, on: user.id, from: address)
            return user
        }
    }

    private static func invited(_ secret: Secret, _ records: AccessRecords) throws -> (
        invitation: Int64, user: UserFacts
    )? {
        let rows = try records.transaction.query(
            "SELECT invitation, user_id FROM invitations WHERE secret_hash = $1 AND used IS NULL AND expires > $2",
            [.text(secret.hash), records.nowText])
        guard let row = rows.first, let user = try records.user(try row.int(1)), user.active else { return nil }
        return (try row.int(0), user)
    }

    private static func link(
        _ kind: String, _ secret: Secret, _ user: Int64, _ micro: Int64, _ records: AccessRecords
    ) throws {
        // A newer link takes the place of an older one.
        _ = try records.transaction.execute(
            "UPDATE invitations SET used = $2 WHERE user_id = $1 AND used IS NULL", [.int(user), records.nowText])
        try records.transaction.insert(
            into: "invitations",
            columns: ["invitation", "secret_hash", "kind", "user_id", "created", "expires", "used"],
            rows: [
                [
                    .int(records.mint()), .text(secret.hash), .text(kind), .int(user), records.nowText,
                    .text(Instant(micro: records.now.micro + micro).description), .null,
                ]
            ])
    }

    // MARK: What somebody does with their own account

    public func changePassword(
        of principal: Principal, old: String, new: String, again: String, from address: String
    ) async throws {
        let (user, client) = (try await own(principal), Client(address: address, device: ""))
        try await prove(old, of: user, client)
        let hash = try await newHash(new, again, of: user)
        try await write { records in
            try records.set(password: hash, of: user.id)
            try Self.pardon(user, client, records)
            try records.endSessions(of: user.id, but: principal.session)
            try records.act("password changed", by: user.name, on: user.id, from: address)
        }
    }

    /// A key for an authenticator program, to be confirmed by its first code.
    public func beginSecondFactor(of principal: Principal) async throws -> OneTimeCode {
        guard let vault else { throw AccessRefusal.noKey }
        let user = try await own(principal)
        if let waiting = vault.open(user.totpNext).flatMap(Base32.decode) { return OneTimeCode(secret: waiting) }
        var secret: [UInt8] = []
        while secret.count < 20 { withUnsafeBytes(of: chance()) { secret += $0 } }
        let code = OneTimeCode(secret: Array(secret.prefix(20)))
        try await write { records in
            try records.set(
                totp: user.totp, next: vault.seal(Base32.encode(code.secret)), step: user.totpStep, of: user.id)
        }
        return code
    }

    /// From now on a code is asked for; the recovery codes are shown this once.
    public func confirmSecondFactor(of principal: Principal, code: String, from address: String) async throws
        -> [String]
    {
        guard let vault else { throw AccessRefusal.noKey }
        let user = try await own(principal)
        guard let secret = vault.open(user.totpNext).flatMap(Base32.decode),
            let step = OneTimeCode(secret: secret).accepted(code, at: clock(), after: 0)
        else { throw AccessRefusal.wrongFirstCode }
        let codes = RecoveryCodes.make(chance)
        try await write { records in
            try records.set(totp: user.totpNext, next: "", step: step, of: user.id)
            try records.replaceCodes(codes.map { RecoveryCodes.hash($0, user: user.id) }, of: user.id)
            try records.endSessions(of: user.id, but: principal.session)
            try records.act("second factor on", by: user.name, on: user.id, from: address)
        }
        return codes
    }

    public func removeSecondFactor(of principal: Principal, password: String, from address: String) async throws {
        let (user, client) = (try await own(principal), Client(address: address, device: ""))
        try await prove(password, of: user, client)
        try await write { records in
            try Self.pardon(user, client, records)
            try records.set(totp: "", next: "", step: user.totpStep, of: user.id)
            try records.replaceCodes([], of: user.id)
            try records.act("second factor off", by: user.name, on: user.id, from: address)
        }
    }

    public func recoveryCodesLeft(of principal: Principal) async throws -> Int {
        try await read { records in try principal.user.map { try records.codesLeft(of: $0) } ?? 0 }
    }

    /// Whoever sits at somebody else's open screen guesses no faster than at the door.
    private func prove(_ password: String, of user: UserFacts, _ client: Client) async throws {
        _ = try await attempt(user.name, client) { _ in true }
        let heard = password.utf8.count <= 4 * PasswordRule.most ? Self.plain(password) : ""
        guard try await hasher.isRight(heard, user.password) else { throw AccessRefusal.wrongPassword }
    }

    private func own(_ principal: Principal) async throws -> UserFacts {
        guard let id = principal.user, principal.token == nil, let user = try await user(id), user.active else {
            throw AccessRefusal.signInFirst
        }
        return user
    }

    // MARK: Shared

    private func newHash(_ password: String, _ again: String, of user: UserFacts) async throws -> String {
        var problems = PasswordRule.problems(Self.plain(password), about: [user.name, user.fullName, user.email])
        if password != again { problems.append(.passwordsDiffer) }
        guard problems.isEmpty else { throw Refusals(problems) }
        return try await hasher.hash(Self.plain(password), salt: salt())
    }

    private static func checked(_ user: NewUser) -> (SignInName?, Role?, [AccessRefusal]) {
        let (name, role) = (SignInName(user.name), Role(rawValue: user.role))
        var problems: [AccessRefusal] = []
        if name == nil { problems.append(.badName(user.name)) }
        if role == nil { problems.append(.noSuchRole(user.role)) }
        return (name, role, problems)
    }

    private static func insert(
        _ user: NewUser, _ name: SignInName, _ role: Role, _ password: String, _ kind: String, _ actor: String,
        _ records: AccessRecords
    ) throws -> UserFacts {
        guard try records.user(named: name.text) == nil else { throw AccessRefusal.nameTaken(name.text) }
        let id = try records.insert(user, name: name, role: role, password: password)
        try records.act(kind, by: actor, on: id, role.rawValue)
        guard let made = try records.user(id) else { throw DatabaseError.bug("a new user is not there") }
        return made
    }

    private static func find(_ name: String, _ records: AccessRecords) throws -> UserFacts {
        guard let user = try records.user(named: name.lowercased()) else { throw AccessRefusal.noSuchUser(name) }
        return user
    }

    private static func keepOne(_ user: UserFacts, _ records: AccessRecords) throws {
        let others = try records.users().filter { $0.role == .administrator && $0.active && $0.id != user.id }
        guard !others.isEmpty || !user.active else { throw AccessRefusal.lastAdministrator }
    }

    /// One spelling of what was typed, whatever keyboard it came from (NIST SP 800-63B, 5.1.1.2: NFKC).
    static func plain(_ password: String) -> String { password.precomposedStringWithCompatibilityMapping }

    func salt() -> [UInt8] {
        var salt: [UInt8] = []
        while salt.count < 16 { withUnsafeBytes(of: chance()) { salt += $0 } }
        return salt
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (AccessRecords) throws -> T) async throws -> T {
        let (now, chance) = (clock(), chance)
        return try await database.read { try body(AccessRecords(transaction: $0, now: now, chance: chance)) }
    }

    /// A transaction; in a dry run it is carried out and taken back.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (AccessRecords) throws -> T) async throws -> T {
        let (now, chance, dryRun) = (clock(), chance, dryRun)
        do {
            return try await database.transaction { transaction in
                let done = try body(AccessRecords(transaction: transaction, now: now, chance: chance))
                if dryRun { throw Dry(done: done) }
                return done
            }
        } catch let dry as Dry<T> { return dry.done }
    }

    private struct Dry<T: Sendable>: Error { let done: T }
}

extension AccessDesk {
    /// The chance that secrets are made of, for whoever stands in front of the desk.
    public var strongChance: @Sendable () -> UInt64 { chance }
}
