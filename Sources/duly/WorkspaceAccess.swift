import Access
import AccessDesk
import Foundation
import Ledger
import Money
import Typesetting
import Web
import Workspace

/// What the pages of sign-in, account and users read and do, carried out by the desk.
struct WorkspaceAccess: AccessSource {
    let gate: Gate
    private var desk: AccessDesk { gate.desk }

    private func asking(_ request: WebRequest) throws -> Principal {
        guard let principal = request.session.context as? Principal else { throw AccessRefusal.signInFirst }
        return principal
    }
    private func actor(_ request: WebRequest) throws -> String {
        let name = try asking(request).name
        return name.isEmpty ? "operator" : name
    }
    private func address(_ request: WebRequest) -> String { gate.client(of: request).address }

    func isSetUp() async throws -> Bool { try await desk.hasUsers() }
    func isSecure(_ request: WebRequest) -> Bool { gate.isSecure(request) }
    var roles: [String] { Role.allCases.map(\.rawValue) }

    // MARK: The door

    func setUp(code: String, name: String, password: String, again: String, _ request: WebRequest) async throws
        -> String
    {
        let client = gate.client(of: request)
        try await desk.attemptSetUp(from: client)
        guard ConstantTime.equal(code.uppercased().filter { !$0.isWhitespace }, gate.setUpCode) else {
            throw AccessRefusal.wrongSetUpCode
        }
        guard password == again else { throw AccessRefusal.passwordsDiffer }
        let user = try await desk.addFirst(
            NewUser(name: name, role: Role.administrator.rawValue), password: password, from: client.address)
        guard case .done(let secret) = try await desk.signIn(name: user.name, password: password, from: client) else {
            throw AccessRefusal.signInAgain
        }
        return secret.text
    }

    func signIn(name: String, password: String, _ request: WebRequest) async throws -> DoorStep {
        let before = SessionCookie.read(SessionCookie.name, from: request).map { Secret($0) }
        switch try await desk.signIn(name: name, password: password, from: gate.client(of: request), before: before) {
        case .done(let secret): return .signedIn(secret.text)
        case .needsCode(let secret): return .needsCode(secret.text)
        }
    }

    func enter(code: String, under secret: String, _ request: WebRequest) async throws -> String {
        try await desk.enter(code: code, under: Secret(secret), from: gate.client(of: request)).text
    }

    func signOut(_ request: WebRequest) async throws { try await desk.signOut(try asking(request)) }

    func invited(_ secret: String) async throws -> String? { try await desk.invited(Secret(secret))?.name }
    func accept(_ secret: String, password: String, again: String, _ request: WebRequest) async throws {
        _ = try await desk.accept(Secret(secret), password: password, again: again, from: address(request))
    }

    // MARK: The reader's own account

    func account(_ request: WebRequest) async throws -> AccountView {
        let principal = try asking(request)
        guard let id = principal.user, let user = try await desk.user(id) else { throw AccessRefusal.signInFirst }
        let sessions = try await desk.sessions(of: principal)
        return AccountView(
            name: user.name, fullName: user.fullName, email: user.email, hasSecondFactor: user.hasSecondFactor,
            codesLeft: try await desk.recoveryCodesLeft(of: principal),
            sessions: sessions.map { session in
                SessionView(
                    id: RecordID(number: session.id).description, device: session.device, address: session.address,
                    since: Self.minute(session.created.description),
                    lastUsed: Self.minute(session.lastUsed.description),
                    isThis: session.id == principal.session)
            })
    }

    /// `2026-10-31T09:15:00.000000Z` as `2026-10-31 09:15`.
    private static func minute(_ instant: String) -> String {
        instant.prefix(16).replacingOccurrences(of: "T", with: " ")
    }

    func end(session: String?, _ request: WebRequest) async throws {
        if let session, RecordID(session) == nil { throw AccessRefusal.noSuchSession }
        try await desk.end(session: session.flatMap { RecordID($0)?.number }, of: try asking(request))
    }
    func changePassword(old: String, new: String, again: String, _ request: WebRequest) async throws {
        try await desk.changePassword(
            of: try asking(request), old: old, new: new, again: again, from: address(request))
    }
    func beginSecondFactor(_ request: WebRequest) async throws -> SecondFactorView {
        let principal = try asking(request)
        let code = try await desk.beginSecondFactor(of: principal)
        let link = code.address(issuer: "Duly", account: principal.name)
        guard let picture = QRCode(Array(link.utf8)) else { throw AccessRefusal.noKey }
        return SecondFactorView(
            key: Base32.encode(code.secret), side: picture.side, modules: picture.modules)
    }
    func confirmSecondFactor(code: String, _ request: WebRequest) async throws -> [String] {
        try await desk.confirmSecondFactor(of: try asking(request), code: code, from: address(request))
    }
    func removeSecondFactor(password: String, _ request: WebRequest) async throws {
        try await desk.removeSecondFactor(of: try asking(request), password: password, from: address(request))
    }

    // MARK: Users

    func users() async throws -> [UserView] {
        try await desk.users().map { user in
            UserView(
                name: user.name, fullName: user.fullName, email: user.email, role: user.role.rawValue,
                active: user.active, isInvited: !user.hasPassword, hasSecondFactor: user.hasSecondFactor,
                sellers: user.sellers, portfolio: user.portfolio.map { RecordID(number: $0).description })
        }
    }

    /// Codes separated by blanks or commas; none is every seller.
    static func codes(_ text: String) -> [String]? {
        let codes = text.split { $0 == "," || $0.isWhitespace }.map(String.init)
        return codes.isEmpty ? nil : codes
    }

    func invite(
        name: String, fullName: String, email: String, role: String, sellers: String, _ request: WebRequest
    ) async throws -> String {
        var user = NewUser(name: name, fullName: fullName, email: email, role: role)
        user.sellers = Self.codes(sellers)
        return try await desk.invite(user, by: try actor(request)).secret.text
    }
    func reset(user: String, _ request: WebRequest) async throws -> String {
        try await desk.reset(user, by: try actor(request)).text
    }
    func change(user: String, role: String, sellers: String, portfolio: String, _ request: WebRequest) async throws {
        try await desk.change(
            user, role: role, sellers: Self.codes(sellers), portfolio: try AccessLimits.portfolio(portfolio),
            by: try actor(request))
    }
    func setActive(user: String, _ active: Bool, _ request: WebRequest) async throws {
        try await desk.setActive(user, active, by: try actor(request))
    }

    func clashes() async throws -> [ClashView] {
        let users = try await desk.users().filter(\.active)
        return Clash.all.map { clash in
            ClashView(
                code: clash.code,
                roles: clash.roles.map { role, commands in
                    (role.rawValue, commands, users.filter { $0.role == role }.map(\.name))
                })
        }
    }

    func views(user: String?, customer: String?, _ request: WebRequest) async throws -> [SeenView] {
        try await gate.notes.write(to: desk)
        return try await desk.views(user: user, customer: customer, books: try asking(request).books).map {
            SeenView(
                at: Self.minute($0.at), user: $0.user, seller: $0.seller, customer: $0.customer, place: $0.place)
        }
    }
}

/// Limits as people type them.
enum AccessLimits {
    /// The id of a portfolio; empty is none.
    static func portfolio(_ text: String) throws -> Int64? {
        let plain = text.filter { !$0.isWhitespace }
        guard !plain.isEmpty else { return nil }
        guard let id = RecordID(plain) else { throw AccessRefusal.noSuchPortfolio(text) }
        return id.number
    }
}
