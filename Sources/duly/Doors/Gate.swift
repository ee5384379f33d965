import Access
import AccessDesk
import Foundation
import Ledger
import Web
import Workspace

/// The door of the site: who asks, and whether they may see or do what they ask for. Everything but the sign-in itself is behind it.
struct Gate: Sendable {
    let desk: AccessDesk
    let notes: AccessNotes
    /// Where nobody is set up, whoever sits at this machine may do everything.
    let isOpen: Bool
    /// Connections are encrypted by this program.
    let isTLS: Bool
    /// A proxy in front says in `X-Forwarded-For` and `X-Forwarded-Proto` what it took in; nobody else is believed.
    let isBehindProxy: Bool
    /// What the server printed for whoever sets up the first user.
    let setUpCode: String
    /// What a command of this id did, for the page that follows it.
    var told: @Sendable (String) -> WebSession.Told? = { _ in nil }
    /// Of the forms of whoever is not signed in to open books.
    private let openToken: String

    init(
        desk: AccessDesk, notes: AccessNotes = AccessNotes(), isOpen: Bool, isTLS: Bool = false,
        isBehindProxy: Bool = false
    ) {
        (self.desk, self.notes, self.isOpen) = (desk, notes, isOpen)
        (self.isTLS, self.isBehindProxy) = (isTLS, isBehindProxy)
        setUpCode = String(RecoveryCodes.make(desk.strongChance)[0].prefix(14))
        openToken = Secret(desk.strongChance).formToken
    }

    /// Puts itself in front of a site.
    func guardSite(_ site: inout Site) {
        let (polish, around) = (site.polish, site.around)
        site.gate = { try await admit(&$0) }
        site.around = { request, answer in
            try await Asking.$principal.withValue(request.session.context as? Principal) {
                try await around(request, answer)
            }
        }
        site.mayUpload = { await mayUpload($0) }
        site.secretPlaces = ["invited", "reset"]
        site.polish = { request, response in
            polish(request, &response)
            note(request, response)
            if isSecure(request) {
                response.headers.append(("Strict-Transport-Security", "max-age=31536000"))
            }
        }
    }

    /// Places of whoever is not in yet.
    private static let outside: Set<String> = ["sign-in", "setup", "invited", "reset"]
    private static let safe: Set<String> = ["GET", "HEAD"]

    /// Asked before a large body is taken; what it is for is decided afterwards.
    private func mayUpload(_ request: WebRequest) async -> Bool {
        if let token = bearer(request) { return (try? await desk.principal(token: token)) != nil }
        if let cookie = SessionCookie.read(SessionCookie.name, from: request) {
            return (try? await desk.principal(session: Secret(cookie))) != nil
        }
        guard isOpen, let hasUsers = try? await desk.hasUsers() else { return false }
        return !hasUsers
    }

    func admit(_ request: inout WebRequest) async throws {
        if let token = bearer(request) {
            guard let found = try await desk.principal(token: token) else {
                throw unauthorized(AccessRefusal.badToken)
            }
            if found.isStale { notes.used(found.principal) }
            return try enter(&request, found.principal)
        }
        // What a browser sends by itself is no proof that a page of ours asked.
        if !Self.safe.contains(request.method) { try refuseForeign(request) }
        if let cookie = SessionCookie.read(SessionCookie.name, from: request),
            let found = try await desk.principal(session: Secret(cookie))
        {
            if found.isStale { notes.used(found.principal) }
            request.session = session(found.principal, request)
            if Self.outside.contains(request.path.first ?? "") { return }
            if !Self.safe.contains(request.method) { try checkToken(request, found.principal.formToken) }
            return try enter(&request, found.principal)
        }
        request.session = Self.nobody
        if Self.outside.contains(request.path.first ?? "") { return }
        if isOpen, try await !desk.hasUsers() {
            return try enter(
                &request,
                Principal(user: nil, name: "", role: .administrator, formToken: openToken))
        }
        if request.wantsJSON { throw unauthorized(AccessRefusal.signInFirst) }
        let back = Self.safe.contains(request.method) ? Link(returning: request.target)?.text : nil
        let place =
            try await desk.hasUsers()
            ? Link("/sign-in", query: [("to", back == "/" ? nil : back), ("lang", request.query("lang"))])
            : Link("/setup")
        throw AnsweredInstead(.see(place))
    }

    /// Nobody yet: the pages of the sign-in offer nothing.
    static let nobody = WebSession(user: "", role: "", formToken: "", may: { _ in false })

    private func session(_ principal: Principal, _ request: WebRequest) -> WebSession {
        let german = request.language(of: ["en", "de"]) == "de"
        return WebSession(
            user: principal.name, role: principal.user == nil ? "" : Self.words(principal.role, german),
            formToken: principal.formToken, may: { principal.may($0) }, told: told,
            context: principal)
    }

    private static func words(_ role: Role, _ german: Bool) -> String {
        guard german else { return role.rawValue }
        return switch role {
        case .coordinator: "Sachbearbeitung"
        case .manager: "Leitung"
        case .sales: "Vertrieb"
        case .finance: "Finanzen"
        case .auditor: "Prüfung"
        case .administrator: "Verwaltung"
        }
    }

    private func enter(_ request: inout WebRequest, _ principal: Principal) throws {
        request.chosenLanguage = principal.language
        request.session = session(principal, request)
        let command = Self.command(of: request)
        // Whatever an address means: a token that only reads sends nothing.
        let isReading = Self.safe.contains(request.method) || principal.scopes?.subtracting([.read]).isEmpty != true
        guard principal.may(command), isReading else {
            let refusal =
                principal.scopes != nil && Permissions.may(principal.role, command)
                ? AccessRefusal.tokenMayNot(command) : AccessRefusal.notAllowed(command, principal.role)
            throw problem(refusal, 403)
        }
    }

    /// What a request asks to do: `/do/cash/apply` and `/api/v1/cash/apply` the command of that name, everything else to see its place.
    private static func command(of request: WebRequest) -> String {
        let path = request.path
        for front in [["do"], ["api", "v1"], ["api", "do"]] where path.starts(with: front) && path.count > front.count {
            return path.dropFirst(front.count).joined(separator: " ")
        }
        if path.starts(with: ["settings", "account"]) || path.first == "sign-out" { return "search" }
        // The clock of demo books is moved by whoever may bring data into them.
        if path == ["settings", "clock"], !safe.contains(request.method) { return "import" }
        return Permissions.command(toSee: path)
    }

    // MARK: Forms of ours

    /// Of two headers that no page can forge (Fetch Metadata; RFC 6454, section 7); a browser sends at least one of them with a form.
    private func refuseForeign(_ request: WebRequest) throws {
        if let site = request.header("sec-fetch-site"), site != "same-origin", site != "none" {
            throw problem(AccessRefusal.foreignForm, 403)
        }
        if let origin = request.header("origin") {
            let parts = origin.split(separator: "/", omittingEmptySubsequences: true)
            guard parts.count == 2, parts[1].lowercased() == (request.header("host") ?? "").lowercased() else {
                throw problem(AccessRefusal.foreignForm, 403)
            }
        }
    }

    private func checkToken(_ request: WebRequest, _ expected: String) throws {
        let sent = try request.header("x-duly-token") ?? formToken(request)
        guard !expected.isEmpty, ConstantTime.equal(sent, expected) else {
            throw problem(AccessRefusal.foreignForm, 403)
        }
    }

    /// A body that is no form carries no token.
    private func formToken(_ request: WebRequest) throws -> String {
        let type = (request.header("content-type") ?? "").lowercased()
        guard type.hasPrefix("application/x-www-form-urlencoded") || type.hasPrefix("multipart/form-data") else {
            return ""
        }
        return try request.form()["_token"] ?? ""
    }

    private func bearer(_ request: WebRequest) -> Secret? {
        guard let header = request.header("authorization") else { return nil }
        let words = header.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return Secret("") }
        return Secret(String(words[1]))
    }

    // MARK: Around it

    func client(of request: WebRequest) -> Client {
        let forwarded = (request.header("x-forwarded-for") ?? "").split(separator: ",").last.map {
            $0.filter { !$0.isWhitespace }
        }
        return Client(
            address: isBehindProxy ? forwarded.map { String($0) } ?? request.address : request.address,
            device: request.header("user-agent") ?? "")
    }

    func isSecure(_ request: WebRequest) -> Bool {
        isTLS || isBehindProxy && request.header("x-forwarded-proto")?.lowercased() == "https"
    }

    /// Who looked at whose data: files of customers, and documents, that were shown.
    private func note(_ request: WebRequest, _ response: WebResponse) {
        guard response.status == 200, request.method == "GET",
            let principal = request.session.context as? Principal, let user = principal.user
        else { return }
        let path = request.path.first == "api" ? Array(request.path.dropFirst()) : request.path
        guard let place = path.first, ["customers", "invoices"].contains(place) else { return }
        let number = path.count > 1 ? path.dropFirst().joined(separator: "/") : request.query("name") ?? ""
        guard !number.isEmpty else { return }
        notes.saw(
            Seen(
                user: user, kind: place == "customers" ? .customer : .document, number: number,
                seller: request.query("seller"), at: Common.clock()))
    }

    private func problem(_ refusal: AccessRefusal, _ status: Int) -> WebProblem {
        WebProblem(status: status, code: refusal.code, what: refusal.what, why: refusal.why, next: refusal.next)
    }

    /// 401 in JSON, with the way to ask (RFC 6750, section 3).
    private func unauthorized(_ refusal: AccessRefusal) -> any Error {
        let problem = problem(refusal, 401)
        guard var response = try? problem.json() else { return problem }
        let error = refusal == AccessRefusal.badToken ? ", error=\"invalid_token\"" : ""
        response.headers.append(("WWW-Authenticate", "Bearer realm=\"duly\"\(error)"))
        return AnsweredInstead(response)
    }
}
