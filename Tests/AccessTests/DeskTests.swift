import Access
import Books
import Database
import Ledger
import Money
import Synchronization
import TestSupport
import Testing

@testable import AccessDesk

/// A desk over fresh books, whose clock a test moves.
struct Lobby {
    final class Time: Sendable {
        private let now = Mutex(Instant("2026-03-02T12:00:00.000000Z")!)
        var instant: Instant { now.withLock { $0 } }
        func pass(seconds: Int64) { now.withLock { $0 = Instant(micro: $0.micro + seconds * 1_000_000) } }
    }
    static let engines: [Engine] = [.sqlite, .postgres]
    static let password = "zwei reiher im schilf"
    static let client = Client(address: "192.0.2.7", device: "a browser")

    let database: any Database
    let desk: AccessDesk
    let hasher = PasswordHasher()
    let time = Time()

    init(_ engine: Engine) async throws {
        database = try await TestDatabases.fresh(engine)
        _ = try await Schema.upgrade(database)
        let time = time
        desk = AccessDesk(
            database, hasher: hasher, vault: Vault(key: Array(1...32)), clock: { time.instant },
            chance: { UInt64.random(in: 0...UInt64.max) })
        _ = try await database.transaction {
            try Books.found(
                NewSeller(
                    code: "DE", name: "Uferlicht Werkstätten GmbH", country: "DE", currency: .eur,
                    timeZone: "Europe/Berlin", language: "de", openFrom: Day("2026-01-01")!),
                series: [("RE", "RE-{n}")], in: $0, clock: time.instant, chance: 1)
        }
        for (name, role) in [("ines", "coordinator"), ("wolf", "administrator")] {
            try await desk.add(NewUser(name: name, role: role), password: Self.password, by: "test")
        }
    }

    /// Signs in, without a second factor.
    func enter(_ name: String = "ines", before: Secret? = nil) async throws -> Secret {
        let step = try await desk.signIn(name: name, password: Self.password, from: Self.client, before: before)
        guard case .done(let secret) = step else { throw AccessRefusal.signInAgain }
        return secret
    }
    func principal(_ secret: Secret) async throws -> Principal? { try await desk.principal(session: secret)?.principal }

    /// What an attempt was refused with; nil where it went well.
    static func refusal(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch let refusal as AccessRefusal {
            return refusal.code
        } catch let refusals as Refusals { return refusals.all.map(\.code).joined(separator: " ") }
    }
}

@Suite("Access: the desk")
struct AccessDeskTests {
    @Test("whoever signs in is known until they sign out, by a secret that no table holds", arguments: Lobby.engines)
    func signIn(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let secret = try await lobby.enter("INES")
        let principal = try #require(try await lobby.principal(secret))
        #expect(principal.name == "ines" && principal.role == .coordinator)
        #expect(principal.formToken == secret.formToken)
        let kept = try await lobby.database.read { transaction in
            try transaction.query("SELECT secret_hash FROM sessions", []).map { try $0.text(0) }
        }
        #expect(kept == [secret.hash] && !kept.contains(secret.text))
        try await lobby.desk.signOut(principal)
        #expect(try await lobby.principal(secret) == nil)
    }

    @Test(
        "an unknown name, a wrong password and a disabled user are told the same and cost one hash each",
        arguments: Lobby.engines)
    func oneHash(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        _ = try await lobby.desk.invite(NewUser(name: "new", role: "sales"), by: "test")
        try await lobby.desk.add(NewUser(name: "gone", role: "sales"), password: Lobby.password, by: "test")
        try await lobby.desk.setActive("gone", false, by: "test")
        for (name, password) in [
            ("ines", "falsch geraten"), ("nobody", Lobby.password), ("gone", Lobby.password), ("new", ""),
            ("' OR 1=1 --", "x"),
        ] {
            let before = await lobby.hasher.count
            let code = try await Lobby.refusal {
                _ = try await lobby.desk.signIn(name: name, password: password, from: Lobby.client)
            }
            #expect(code == "access.wrong-sign-in", "\(name)")
            #expect(await lobby.hasher.count == before + 1, "\(name)")
        }
        let before = await lobby.hasher.count
        _ = try await lobby.enter()
        #expect(await lobby.hasher.count == before + 1)
    }

    @Test(
        "a sign-in ends the session that the browser came with, and has a secret of its own", arguments: Lobby.engines)
    func rotation(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let first = try await lobby.enter()
        let second = try await lobby.enter(before: first)
        #expect(first.text != second.text)
        #expect(try await lobby.principal(first) == nil)
        #expect(try await lobby.principal(second) != nil)
        // A secret that somebody else chose opens nothing and becomes nothing.
        let planted = Secret("planted-by-somebody-else")
        let third = try await lobby.enter(before: planted)
        #expect(third.text != planted.text)
        #expect(try await lobby.principal(planted) == nil)
    }

    @Test("a session ends after 8 hours unused, and after 30 days in any case", arguments: Lobby.engines)
    func expiry(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let idle = try await lobby.enter()
        lobby.time.pass(seconds: 8 * 3600 - 1)
        #expect(try await lobby.principal(idle) != nil)
        lobby.time.pass(seconds: 1)
        #expect(try await lobby.principal(idle) == nil)

        let busy = try await lobby.enter()
        for _ in 0..<(30 * 4) {
            let found = try #require(try await lobby.desk.principal(session: busy))
            try await lobby.desk.note(used: [try #require(found.principal.session)], tokens: [])
            lobby.time.pass(seconds: 6 * 3600)
        }
        #expect(try await lobby.principal(busy) == nil)
        try await lobby.desk.tidy()
        let left = try await lobby.database.read { try $0.query("SELECT session FROM sessions", []).count }
        #expect(left == 0)
    }

    @Test("disabling, another role and a new password end sessions at once", arguments: Lobby.engines)
    func ends(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let (one, token) = (
            try await lobby.enter(),
            try await lobby.desk.createToken(of: "ines", called: "till", scopes: ["read"], days: 3, by: "test").secret
        )
        #expect(try await lobby.desk.principal(token: token) != nil)
        try await lobby.desk.setActive("ines", false, by: "test")
        #expect(try await lobby.principal(one) == nil)
        #expect(try await lobby.desk.principal(token: token) == nil)
        try await lobby.desk.setActive("ines", true, by: "test")
        #expect(try await lobby.principal(one) == nil)

        let two = try await lobby.enter()
        try await lobby.desk.setRole("ines", to: "manager", by: "test")
        #expect(try await lobby.principal(two) == nil)

        let (three, four) = (try await lobby.enter(), try await lobby.enter())
        let principal = try #require(try await lobby.principal(three))
        #expect(principal.role == .manager)
        try await lobby.desk.changePassword(
            of: principal, old: Lobby.password, new: "drei kraniche am moor", again: "drei kraniche am moor", from: "")
        #expect(try await lobby.principal(three) != nil)
        #expect(try await lobby.principal(four) == nil)
    }

    @Test("whoever sits at an open screen guesses the password no faster than at the door", arguments: Lobby.engines)
    func openScreen(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let principal = try #require(try await lobby.principal(try await lobby.enter()))
        func change(_ old: String) async throws -> String? {
            try await Lobby.refusal {
                try await lobby.desk.changePassword(
                    of: principal, old: old, new: "drei kraniche am moor", again: "drei kraniche am moor", from: "")
            }
        }
        for _ in 1...5 { #expect(try await change("falsch geraten") == "access.wrong-password") }
        #expect(try await change(Lobby.password) == "access.wait")
        lobby.time.pass(seconds: 2)
        #expect(try await change(Lobby.password) == nil)
    }

    @Test("sessions are listed, and ended by their owner only", arguments: Lobby.engines)
    func listed(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let (mine, other) = (try await lobby.enter(), try await lobby.enter())
        let stranger = try #require(try await lobby.principal(try await lobby.enter("wolf")))
        let principal = try #require(try await lobby.principal(mine))
        let all = try await lobby.desk.sessions(of: principal)
        #expect(all.count == 2 && all.allSatisfy { $0.device == "a browser" && $0.address == "192.0.2.7" })
        let id = try #require(all.map(\.id).first { $0 != principal.session })
        let code = try await Lobby.refusal { try await lobby.desk.end(session: id, of: stranger) }
        #expect(code == "access.no-such-session")
        #expect(try await lobby.principal(other) != nil)
        try await lobby.desk.end(session: nil, of: principal)
        #expect(try await lobby.principal(other) == nil)
        #expect(try await lobby.principal(mine) != nil)
    }

    @Test("guessing slows down per name, in every process, and a success forgives", arguments: Lobby.engines)
    func throttled(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let time = lobby.time
        let elsewhere = AccessDesk(
            lobby.database, hasher: lobby.hasher, vault: nil, clock: { time.instant },
            chance: { UInt64.random(in: 0...UInt64.max) })
        func guess(_ desk: AccessDesk, _ password: String = "falsch geraten!") async throws -> String? {
            try await Lobby.refusal { _ = try await desk.signIn(name: "ines", password: password, from: Lobby.client) }
        }
        for turn in 1...5 {
            #expect(try await guess(turn.isMultiple(of: 2) ? elsewhere : lobby.desk) == "access.wrong-sign-in")
        }
        let before = await lobby.hasher.count
        // Even the right password waits now, and nothing is hashed.
        #expect(try await guess(elsewhere, Lobby.password) == "access.wait")
        #expect(await lobby.hasher.count == before)
        time.pass(seconds: 2)
        #expect(try await guess(lobby.desk) == "access.wrong-sign-in")
        time.pass(seconds: 3)
        #expect(try await guess(lobby.desk, Lobby.password) == "access.wait")
        time.pass(seconds: 1)
        _ = try await lobby.enter()
        for _ in 1...5 { #expect(try await guess(lobby.desk) == "access.wrong-sign-in") }
    }

    @Test(
        "guessing many names from one address slows down, too; a known password buys no guesses",
        arguments: Lobby.engines)
    func throttledByAddress(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        var refused = 0
        for number in 1...40 {
            let code = try await Lobby.refusal {
                _ = try await lobby.desk.signIn(name: "nobody\(number)", password: "x", from: Lobby.client)
            }
            if code == "access.wait" { refused += 1 }
            if number == 20 { _ = try await lobby.enter() }
        }
        #expect(refused == 10)
        let other = Client(address: "198.51.100.1", device: "")
        let step = try await lobby.desk.signIn(name: "wolf", password: Lobby.password, from: other)
        guard case .done = step else { return #expect(Bool(false), "another address is not slowed down") }
    }

    @Test(
        "the second factor: enrolled by a code, asked for at the sign-in, no code good twice", arguments: Lobby.engines)
    func secondFactor(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let principal = try #require(try await lobby.principal(try await lobby.enter()))
        let program = try await lobby.desk.beginSecondFactor(of: principal)
        #expect(program.secret.count == 20)
        #expect(try await lobby.desk.beginSecondFactor(of: principal).secret == program.secret)
        func now() -> String { program.code(of: OneTimeCode.step(at: lobby.time.instant)) }
        #expect(
            try await Lobby.refusal {
                _ = try await lobby.desk.confirmSecondFactor(of: principal, code: "000000x", from: "")
            } == "access.wrong-first-code")
        // Not on before it is confirmed.
        _ = try await lobby.enter()
        let codes = try await lobby.desk.confirmSecondFactor(of: principal, code: now(), from: "")
        #expect(codes.count == 10)
        let sealed = try await lobby.database.read { transaction in
            try transaction.query("SELECT totp FROM users WHERE name = 'ines'", [])[0].text(0)
        }
        #expect(!sealed.isEmpty && !sealed.contains(Base32.encode(program.secret)))

        lobby.time.pass(seconds: 60)
        guard
            case .needsCode(let half) = try await lobby.desk.signIn(
                name: "ines", password: Lobby.password, from: Lobby.client)
        else { return #expect(Bool(false), "no code was asked for") }
        // Half a sign-in opens nothing.
        #expect(try await lobby.principal(half) == nil)
        let code = now()
        let whole = try await lobby.desk.enter(code: code, under: half, from: Lobby.client)
        #expect(whole.text != half.text)
        #expect(try await lobby.principal(whole)?.name == "ines")

        guard
            case .needsCode(let again) = try await lobby.desk.signIn(
                name: "ines", password: Lobby.password, from: Lobby.client)
        else { return #expect(Bool(false), "no code was asked for") }
        func enter(_ code: String, _ half: Secret) async throws -> String? {
            try await Lobby.refusal { _ = try await lobby.desk.enter(code: code, under: half, from: Lobby.client) }
        }
        #expect(try await enter(code, again) == "access.wrong-code")
        #expect(try await enter(codes[3].lowercased(), again) == nil)
        #expect(try await enter(codes[4], again) == "access.sign-in-again")
        guard
            case .needsCode(let third) = try await lobby.desk.signIn(
                name: "ines", password: Lobby.password, from: Lobby.client)
        else { return #expect(Bool(false), "no code was asked for") }
        #expect(try await enter(codes[3], third) == "access.wrong-code")
        #expect(try await lobby.desk.recoveryCodesLeft(of: principal) == 9)
        lobby.time.pass(seconds: 600)
        #expect(try await enter(now(), third) == "access.sign-in-again")
    }

    @Test("an invitation and a reset are good once and for a time, and the newest only", arguments: Lobby.engines)
    func links(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let secret = try await lobby.desk.invite(NewUser(name: "Maren", role: "sales"), by: "wolf").secret
        #expect(try await lobby.desk.invited(secret)?.name == "maren")
        func accept(_ secret: Secret, _ password: String, _ again: String? = nil) async throws -> String? {
            try await Lobby.refusal {
                _ = try await lobby.desk.accept(secret, password: password, again: again ?? password, from: "")
            }
        }
        #expect(try await accept(secret, "kurz", "anders") == "access.short-password access.passwords-differ")
        #expect(try await accept(secret, Lobby.password) == nil)
        #expect(try await accept(secret, Lobby.password) == "access.link-gone")
        let session = try await lobby.enter("maren")

        let (old, new) = (
            try await lobby.desk.reset("maren", by: "wolf"), try await lobby.desk.reset("maren", by: "wolf")
        )
        #expect(try await accept(old, "drei kraniche am moor") == "access.link-gone")
        #expect(try await lobby.principal(session) != nil)
        #expect(try await accept(new, "drei kraniche am moor") == nil)
        #expect(try await lobby.principal(session) == nil)
        let late = try await lobby.desk.reset("maren", by: "wolf")
        lobby.time.pass(seconds: 3600)
        #expect(try await accept(late, "vier kraniche am moor") == "access.link-gone")
    }

    @Test("a token is kept as a hash, has scopes and an end, and can be revoked", arguments: Lobby.engines)
    func tokens(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        #expect(
            try await Lobby.refusal {
                _ = try await lobby.desk.createToken(of: "ines", called: "x", scopes: ["all"], days: 900, by: "wolf")
            } == "access.no-such-scope access.bad-expiry")
        let made = try await lobby.desk.createToken(
            of: "ines", called: "till", scopes: ["read", "cash"], days: 2, by: "wolf")
        #expect(made.secret.text.hasPrefix("duly_"))
        let principal = try #require(try await lobby.desk.principal(token: made.secret)?.principal)
        #expect(principal.may("cash apply") && !principal.may("invoice issue") && principal.session == nil)
        let dump = try await lobby.database.read { transaction in
            try transaction.query("SELECT secret_hash, name, scopes FROM tokens", []).map { "\($0.values)" }
        }
        #expect(!dump.joined().contains(made.secret.text))
        #expect(try await lobby.desk.principal(token: Secret("duly_guessed")) == nil)
        lobby.time.pass(seconds: 2 * 86_400)
        #expect(try await lobby.desk.principal(token: made.secret) == nil)
        let other = try await lobby.desk.createToken(of: "ines", called: "b", scopes: ["read"], days: 2, by: "wolf")
        try await lobby.desk.revokeToken(RecordID(number: other.facts.id).description, by: "wolf")
        #expect(try await lobby.desk.principal(token: other.secret) == nil)
        #expect(try await lobby.desk.tokens(of: "ines").map(\.name) == ["b", "till"])
    }

    @Test("the last administrator can neither be shut out nor given another role", arguments: Lobby.engines)
    func lastAdministrator(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        #expect(
            try await Lobby.refusal { try await lobby.desk.setActive("wolf", false, by: "wolf") }
                == "access.last-administrator")
        #expect(
            try await Lobby.refusal { try await lobby.desk.setRole("wolf", to: "sales", by: "wolf") }
                == "access.last-administrator")
        try await lobby.desk.setRole("ines", to: "administrator", by: "wolf")
        #expect(try await Lobby.refusal { try await lobby.desk.setActive("wolf", false, by: "ines") } == nil)
    }

    @Test(
        "limits to sellers reach the principal; a refused change changes nothing; a dry run neither",
        arguments: Lobby.engines)
    func limits(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        let secret = try await lobby.enter()
        #expect(try await lobby.principal(secret)?.books == nil)
        #expect(
            try await Lobby.refusal {
                try await lobby.desk.change("ines", role: "sales", sellers: ["XX"], portfolio: nil, by: "wolf")
            } == "access.no-such-seller")
        #expect(try await lobby.principal(secret)?.role == .coordinator)
        try await lobby.desk.limit("ines", sellers: ["de"], portfolio: 77, by: "wolf")
        let principal = try #require(try await lobby.principal(secret))
        #expect(principal.books?.count == 1 && principal.portfolio == 77)
        #expect(!principal.maySee(book: -1))
        var dry = lobby.desk
        dry.dryRun = true
        try await dry.limit("ines", sellers: nil, portfolio: nil, by: "wolf")
        #expect(try await lobby.principal(secret)?.books?.count == 1)
        try await lobby.desk.limit("ines", sellers: [], portfolio: nil, by: "wolf")
        #expect(try await lobby.principal(secret)?.books == [])
    }

    @Test("what was done about access stays written down", arguments: Lobby.engines)
    func acts(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        _ = try await lobby.enter()
        try await lobby.desk.setRole("ines", to: "manager", by: "wolf")
        let acts = try await lobby.desk.acts()
        #expect(acts.map(\.kind).contains("signed in"))
        let role = try #require(acts.first { $0.kind == "role" })
        #expect(role.actor == "wolf" && role.user == "ines" && role.detail == "coordinator -> manager")
        for sql in ["UPDATE access_acts SET actor = 'x'", "DELETE FROM access_acts"] {
            await #expect(throws: DatabaseError.self) {
                try await lobby.database.transaction { _ = try $0.execute(sql, []) }
            }
        }
    }

    @Test("the first administrator is set up once", arguments: Lobby.engines)
    func first(engine: Engine) async throws {
        let lobby = try await Lobby(engine)
        #expect(
            try await Lobby.refusal {
                _ = try await lobby.desk.addFirst(
                    NewUser(name: "evil", role: "administrator"), password: Lobby.password, from: "")
            } == "access.set-up-already")
    }

    @Test("what nobody's password is compared with is a hash of our parameters")
    func nobody() async throws {
        let lobby = try await Lobby(.sqlite)
        let hash = try await lobby.hasher.hash("x", salt: Array(1...16))
        #expect(hash.hasPrefix(PasswordHasher.mark) && hash.count == PasswordHasher.nobody.count)
        #expect(try await lobby.hasher.isRight("x", hash))
        #expect(try await !lobby.hasher.isRight("y", hash))
    }
}
