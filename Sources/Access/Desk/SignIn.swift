import Access
import Books
import Database
import Foundation
import Ledger
import Money

/// Where somebody comes from: for the list of their sign-ins, and for slowing guessing down.
public struct Client: Sendable {
    public let address: String
    /// What the browser calls itself.
    public let device: String
    public init(address: String, device: String) {
        self.address = String(address.prefix(64))
        self.device = String(device.prefix(200))
    }
}

/// How far a sign-in came.
public enum SignIn: Sendable {
    case done(Secret)
    /// The password was right; the code of the second factor comes next, under this secret.
    case needsCode(Secret)
}

/// A sign-in that lasts.
public struct SessionFacts: Sendable, Equatable {
    public let id: Int64
    public let device: String
    public let address: String
    public let created: Instant
    public let lastUsed: Instant
}

extension AccessDesk {
    /// Name and password. One hash is computed, whether the name is known or not. `before` is the session the browser came with; it
    /// ends.
    public func signIn(name typed: String, password: String, from client: Client, before: Secret? = nil) async throws
        -> SignIn
    {
        // Longer than any name or password can be: nobody may make us normalise and hash megabytes.
        let name = String(typed.prefix(65)).lowercased()
        let password = password.utf8.count <= 4 * PasswordRule.most ? Self.plain(password) : ""
        let user = try await attempt(name, client) { try $0.user(named: name) }
        let stored = user?.active == true && user?.hasPassword == true ? user : nil
        let isRight = try await hasher.isRight(password, stored?.password ?? PasswordHasher.nobody)
        guard isRight, let user = stored else {
            try await write { try $0.act("sign-in refused", by: "", on: user?.id, from: client.address) }
            throw AccessRefusal.wrongSignIn
        }
        let fresh =
            user.password.hasPrefix(PasswordHasher.mark)
            ? nil : try await hasher.hash(password, salt: salt())
        let secret = Secret(chance)
        try await write { records in
            if let fresh { try records.set(password: fresh, of: user.id) }
            if let before { try records.end(before) }
            try records.open(secret, of: user.id, stage: user.hasSecondFactor ? "password" : "whole", client)
            if !user.hasSecondFactor { try Self.welcome(user, client, records) }
        }
        return user.hasSecondFactor ? .needsCode(secret) : .done(secret)
    }

    /// The code of the second factor, or a recovery code. The session gets a new secret.
    public func enter(code: String, under secret: Secret, from client: Client) async throws -> Secret {
        guard let user = try await read({ try $0.user(half: secret) }) else { throw AccessRefusal.signInAgain }
        _ = try await attempt(user.name, client) { _ in true }
        guard let vault else { throw AccessRefusal.noKey }
        let key = vault.open(user.totp).flatMap(Base32.decode)
        let fresh = Secret(chance)
        let isIn = try await write { records in
            // Read again inside: no code may be good for two who come at once.
            guard let user = try records.user(half: secret) else { throw AccessRefusal.signInAgain }
            let step = key.flatMap {
                OneTimeCode(secret: $0).accepted(code, at: records.now, after: user.totpStep)
            }
            if let step {
                guard try records.use(step: step, of: user.id) else { return false }
            } else {
                guard try records.use(code: RecoveryCodes.hash(code, user: user.id), of: user.id) else {
                    try records.act("code refused", by: "", on: user.id, from: client.address)
                    return false
                }
                try records.act("recovery code used", by: user.name, on: user.id, from: client.address)
            }
            try records.end(secret)
            try records.open(fresh, of: user.id, stage: "whole", client)
            try Self.welcome(user, client, records)
            return true
        }
        guard isIn else { throw AccessRefusal.wrongCode }
        return fresh
    }

    /// Counts the attempt as failed before anything is compared, so that many at once gain nothing; `welcome` takes it back.
    func attempt<T: Sendable>(
        _ name: String, _ client: Client, _ body: @escaping @Sendable (AccessRecords) throws -> T
    ) async throws -> T {
        let answer: (Int64, T?) = try await write { records in
            let sources = Self.sources(name, client)
            let wait = try sources.map { try records.wait(of: $0.key) }.max() ?? 0
            guard wait == 0 else { return (wait, nil) }
            for source in sources { try records.fail(source.key, source.kind) }
            return (0, try body(records))
        }
        guard let found = answer.1 else { throw AccessRefusal.wait((answer.0 + 999_999) / 1_000_000) }
        return found
    }

    /// The one-time code of a server that nobody has set up yet is guessed at like a password.
    public func attemptSetUp(from client: Client) async throws {
        _ = try await attempt("set up", client) { _ in true }
    }

    private static func sources(_ name: String, _ client: Client) -> [(key: String, kind: Throttle.Kind)] {
        let ofName = (key: "name " + Books.hash(name), kind: Throttle.Kind.name)
        guard !client.address.isEmpty else { return [ofName] }
        return [ofName, (key: "address " + Books.hash(client.address), kind: .address)]
    }

    private static func welcome(_ user: UserFacts, _ client: Client, _ records: AccessRecords) throws {
        try pardon(user, client, records)
        try records.act("signed in", by: user.name, on: user.id, client.device, from: client.address)
    }

    /// Takes back what `attempt` counted.
    static func pardon(_ user: UserFacts, _ client: Client, _ records: AccessRecords) throws {
        for source in sources(user.name, client) { try records.forgive(source.key, source.kind) }
    }

    // MARK: Sessions

    /// Who is behind a session; nil where it does not exist, is over, or its user may not come in.
    public func principal(session secret: Secret) async throws -> (principal: Principal, isStale: Bool)? {
        try await read { records in
            let rows = try records.transaction.query(
                """
                SELECT session, user_id, last_used, expires FROM sessions WHERE secret_hash = $1 AND stage = 'whole'
                """, [.text(secret.hash)])
            guard let row = rows.first, let used = Instant(try row.text(2)), let expires = Instant(try row.text(3)),
                SessionLife.isAlive(lastUsed: used, expires: expires, now: records.now),
                let user = try records.user(try row.int(1)), user.active
            else { return nil }
            return (
                user.principal(session: try row.int(0), formToken: secret.formToken),
                records.now.micro - used.micro > SessionLife.noteMicro
            )
        }
    }

    /// Writes down that sessions were used, together.
    public func note(used sessions: Set<Int64>, tokens: Set<Int64>) async throws {
        guard !sessions.isEmpty || !tokens.isEmpty else { return }
        try await write { records in
            for session in sessions.sorted() {
                _ = try records.transaction.execute(
                    "UPDATE sessions SET last_used = $2 WHERE session = $1 AND last_used < $2",
                    [.int(session), records.nowText])
            }
            for token in tokens.sorted() {
                _ = try records.transaction.execute(
                    "UPDATE tokens SET last_used = $2 WHERE token = $1", [.int(token), records.nowText])
            }
        }
    }

    public func sessions(of principal: Principal) async throws -> [SessionFacts] {
        guard let user = principal.user else { return [] }
        return try await read { records in
            try records.transaction.query(
                """
                SELECT session, device, address, created, last_used, expires FROM sessions
                WHERE user_id = $1 AND stage = 'whole' ORDER BY session DESC
                """, [.int(user)]
            ).compactMap { row in
                guard let created = Instant(try row.text(3)), let used = Instant(try row.text(4)),
                    let expires = Instant(try row.text(5)),
                    SessionLife.isAlive(lastUsed: used, expires: expires, now: records.now)
                else { return nil }
                return SessionFacts(
                    id: try row.int(0), device: try row.text(1), address: try row.text(2), created: created,
                    lastUsed: used)
            }
        }
    }

    /// Ends one of somebody's own sessions, or with nil all but the one they ask from.
    public func end(session: Int64?, of principal: Principal) async throws {
        guard let user = principal.user else { throw AccessRefusal.signInFirst }
        try await write { records in
            if let session {
                let ended = try records.transaction.execute(
                    "DELETE FROM sessions WHERE session = $1 AND user_id = $2", [.int(session), .int(user)])
                guard ended == 1 else { throw AccessRefusal.noSuchSession }
            } else {
                try records.endSessions(of: user, but: principal.session)
            }
            try records.act("sessions ended", by: principal.name, on: user)
        }
    }

    public func signOut(_ principal: Principal) async throws {
        guard let user = principal.user, let session = principal.session else { return }
        try await write { records in
            _ = try records.transaction.execute("DELETE FROM sessions WHERE session = $1", [.int(session)])
            try records.act("signed out", by: principal.name, on: user)
        }
    }

    /// Takes away what is over: sessions, failures that are forgotten.
    public func tidy() async throws {
        try await write { records in
            let idle = Instant(micro: records.now.micro - SessionLife.idleMicro).description
            let forgotten = Instant(micro: records.now.micro - Throttle.memoryMicro).description
            _ = try records.transaction.execute(
                "DELETE FROM sessions WHERE expires <= $1 OR last_used <= $2", [records.nowText, .text(idle)])
            _ = try records.transaction.execute(
                "DELETE FROM sign_in_failures WHERE changed <= $1 AND blocked_until <= $2",
                [.text(forgotten), records.nowText])
        }
    }
}

extension AccessRecords {
    fileprivate func user(half secret: Secret) throws -> UserFacts? {
        let rows = try transaction.query(
            "SELECT user_id FROM sessions WHERE secret_hash = $1 AND stage = 'password' AND expires > $2",
            [.text(secret.hash), nowText])
        guard let row = rows.first, let user = try user(try row.int(0)), user.active else { return nil }
        return user
    }

    fileprivate func open(_ secret: Secret, of user: Int64, stage: String, _ client: Client) throws {
        let life = stage == "whole" ? SessionLife.wholeMicro : SessionLife.codeMicro
        try transaction.insert(
            into: "sessions",
            columns: [
                "session", "secret_hash", "user_id", "stage", "device", "address", "created", "last_used", "expires",
            ],
            rows: [
                [
                    .int(mint()), .text(secret.hash), .int(user), .text(stage), .text(client.device),
                    .text(client.address), nowText, nowText, .text(Instant(micro: now.micro + life).description),
                ]
            ])
    }

    fileprivate func end(_ secret: Secret) throws {
        _ = try transaction.execute("DELETE FROM sessions WHERE secret_hash = $1", [.text(secret.hash)])
    }

    /// Microseconds until another attempt is heard.
    fileprivate func wait(of source: String) throws -> Int64 {
        let rows = try transaction.query(
            "SELECT blocked_until FROM sign_in_failures WHERE source = $1", [.text(source)])
        guard let row = rows.first, let until = Instant(try row.text(0)) else { return 0 }
        return max(0, until.micro - now.micro)
    }

    fileprivate func fail(_ source: String, _ kind: Throttle.Kind) throws {
        let rows = try transaction.query(
            "SELECT failures, changed FROM sign_in_failures WHERE source = $1", [.text(source)])
        var failures = 1
        if let row = rows.first, let changed = Instant(try row.text(1)),
            now.micro - changed.micro < Throttle.memoryMicro
        {
            failures += Int(try row.int(0))
        }
        let until = Instant(micro: now.micro + Throttle.waitMicro(after: failures, kind))
        _ = try transaction.execute(
            """
            INSERT INTO sign_in_failures (source, failures, blocked_until, changed) VALUES ($1, $2, $3, $4)
            ON CONFLICT (source) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until,
                changed = excluded.changed
            """, [.text(source), .int(Int64(failures)), .text(until.description), nowText])
    }

    /// A name is forgiven all; an address only the attempt that succeeded, since one known password must not buy guesses at others.
    fileprivate func forgive(_ source: String, _ kind: Throttle.Kind) throws {
        switch kind {
        case .name: _ = try transaction.execute("DELETE FROM sign_in_failures WHERE source = $1", [.text(source)])
        case .address:
            _ = try transaction.execute(
                """
                UPDATE sign_in_failures SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END,
                    blocked_until = $2
                WHERE source = $1
                """, [.text(source), nowText])
        }
    }
}
