import Ledger
import Web

extension Workspace {
    /// Sign-in, the reader's own account, and users.
    static func accessRoutes(_ source: some AccessSource, assets: Assets) -> [Route] {
        let desk = AccessPages(source: source, assets: assets)
        func route(_ place: String, _ methods: [String], _ handler: @escaping Route.Handler) -> Route {
            Route(place.split(separator: "/").map(String.init), methods: methods, handler)
        }
        return [
            route("sign-in", ["GET", "POST"]) { try await desk.signIn($0) },
            route("sign-in/code", ["GET", "POST"]) { try await desk.code($0) },
            route("sign-out", ["POST"]) { try await desk.signOut($0) },
            route("setup", ["GET", "POST"]) { try await desk.setUp($0) },
            Route(["invited"], takesName: true, methods: ["GET", "POST"]) { try await desk.choose($0, "/invited") },
            Route(["reset"], takesName: true, methods: ["GET", "POST"]) { try await desk.choose($0, "/reset") },
            route("settings/account", ["GET"]) { try await desk.account($0) },
            route("settings/account/end", ["POST"]) { try await desk.endSession($0) },
            route("settings/account/password", ["POST"]) { try await desk.changePassword($0) },
            route("settings/account/second-factor", ["GET", "POST"]) { try await desk.secondFactor($0) },
            route("settings/account/second-factor/off", ["POST"]) { try await desk.secondFactorOff($0) },
            route("settings/users", ["GET"]) { try await desk.users($0) },
            route("settings/users/invite", ["POST"]) { try await desk.invite($0) },
            route("settings/users/reset", ["POST"]) { try await desk.reset($0) },
            route("settings/users/change", ["POST"]) { try await desk.change($0) },
            route("settings/users/disable", ["POST"]) { try await desk.setActive($0, false) },
            route("settings/users/enable", ["POST"]) { try await desk.setActive($0, true) },
            route("settings/clashes", ["GET"]) { try await desk.clashes($0) },
            route("settings/views", ["GET"]) { try await desk.views($0) },
        ]
    }
}

/// The handlers: what was typed goes to the source; a refusal brings the form back with what was typed and what is wrong.
struct AccessPages<Source: AccessSource>: Sendable {
    let source: Source
    let assets: Assets

    private func shell(_ request: WebRequest) -> Shell {
        Shell(reader: Reader(request), assets: assets, request: request)
    }

    /// Pages with secrets, or about who may come in, are kept nowhere.
    private func page(_ html: HTML, _ status: Int = 200) -> WebResponse {
        var response = WebResponse.html(html, status: status)
        response.headers.append(("Cache-Control", "no-store"))
        return response
    }

    /// The refusals of what was tried; nil where it went well.
    private func refused(_ body: () async throws -> Void) async throws -> [any Refusal]? {
        do {
            try await body()
            return nil
        } catch let refusals as Refusals {
            return refusals.all
        } catch let refusal as any Refusal { return [refusal] }
    }

    private func allow(_ request: WebRequest, _ command: String) throws {
        guard request.session.may(command) else {
            throw WebProblem(
                status: 403, code: "access.not-allowed", what: "This page is not for your role.",
                why: "The role \(request.session.role) may not do '\(command)'.",
                next: "Ask an administrator.")
        }
    }

    // MARK: The door

    func signIn(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        guard try await source.isSetUp() else { return .see(Link("/setup")) }
        guard request.method == "POST" else {
            return page(DoorPages(shell: shell, form: AccessForm(shell: shell)).signIn(to: request.query("to")))
        }
        let form = try request.form()
        var step: DoorStep?
        let refusals = try await refused {
            step = try await source.signIn(
                name: form["name"] ?? "", password: form.all("password").first ?? "", request)
        }
        guard let step else {
            let again = AccessForm(shell: shell, form: form, refusals: refusals ?? [])
            return page(DoorPages(shell: shell, form: again).signIn(to: form["to"]), again.status)
        }
        let isSecure = source.isSecure(request)
        switch step {
        case .signedIn(let secret): return welcome(secret, to: form["to"], request)
        case .needsCode(let secret):
            var response = WebResponse.see(Link("/sign-in/code", query: [("to", form["to"])]))
            response.headers.append(
                SessionCookie.write(SessionCookie.half, secret, path: "/sign-in", life: 600, isSecure: isSecure))
            return response
        }
    }

    func code(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        guard let half = SessionCookie.read(SessionCookie.half, from: request) else { return .see(Link("/sign-in")) }
        guard request.method == "POST" else {
            return page(DoorPages(shell: shell, form: AccessForm(shell: shell)).code(to: request.query("to")))
        }
        let form = try request.form()
        var secret: String?
        let refusals = try await refused {
            secret = try await source.enter(code: form["code"] ?? "", under: half, request)
        }
        guard let secret else {
            // A code is never sent back to the page.
            let typed = WebForm(fields: form.fields.filter { $0.key != "code" })
            let again = AccessForm(shell: shell, form: typed, refusals: refusals ?? [])
            return page(DoorPages(shell: shell, form: again).code(to: form["to"]), again.status)
        }
        return welcome(secret, to: form["to"], request)
    }

    private func welcome(_ secret: String, to place: String?, _ request: WebRequest) -> WebResponse {
        // Only a place of this site, and no other host's.
        var response = WebResponse.see(place.flatMap { Link(returning: $0) } ?? Link("/"))
        let isSecure = source.isSecure(request)
        response.headers.append(
            SessionCookie.write(SessionCookie.name, secret, life: 30 * 86_400, isSecure: isSecure))
        response.headers.append(
            SessionCookie.write(SessionCookie.half, "", path: "/sign-in", life: 0, isSecure: isSecure))
        return response
    }

    func signOut(_ request: WebRequest) async throws -> WebResponse {
        try await source.signOut(request)
        var response = WebResponse.see(Link("/sign-in"))
        response.headers.append(
            SessionCookie.write(SessionCookie.name, "", life: 0, isSecure: source.isSecure(request)))
        return response
    }

    func setUp(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        guard try await !source.isSetUp() else { return .see(Link("/sign-in")) }
        guard request.method == "POST" else {
            return page(DoorPages(shell: shell, form: AccessForm(shell: shell)).setUp())
        }
        let form = try request.form()
        var secret: String?
        let refusals = try await refused {
            secret = try await source.setUp(
                code: form["code"] ?? "", name: form["name"] ?? "", password: form.all("new").first ?? "",
                again: form.all("again").first ?? "", request)
        }
        guard let secret else {
            let again = AccessForm(shell: shell, form: form, refusals: refusals ?? [])
            return page(DoorPages(shell: shell, form: again).setUp(), again.status)
        }
        return welcome(secret, to: nil, request)
    }

    func choose(_ request: WebRequest, _ place: StaticString) async throws -> WebResponse {
        let shell = shell(request)
        let secret = request.name(under: [""]) ?? ""
        let here = Link(place, name: secret)
        let user = try await source.invited(secret)
        guard request.method == "POST", user != nil else {
            let pages = DoorPages(shell: shell, form: AccessForm(shell: shell))
            return page(pages.choose(of: user, at: here), user == nil ? 404 : 200)
        }
        let form = try request.form()
        let refusals = try await refused {
            try await source.accept(
                secret, password: form.all("new").first ?? "", again: form.all("again").first ?? "", request)
        }
        guard let refusals else { return .see(Link("/sign-in")) }
        let again = AccessForm(shell: shell, form: form, refusals: refusals)
        return page(DoorPages(shell: shell, form: again).choose(of: user, at: here), again.status)
    }

    // MARK: The reader's own account

    func account(_ request: WebRequest) async throws -> WebResponse {
        try await account(request, WebForm(fields: []), [])
    }

    private func account(
        _ request: WebRequest, _ form: WebForm, _ refusals: [any Refusal], isOff: Bool = false
    ) async throws -> WebResponse {
        let shell = shell(request)
        let again = AccessForm(shell: shell, form: form, refusals: refusals)
        let view = try await source.account(request)
        return page(AccountPage(view: view, form: again, shell: shell, isOff: isOff).render(), again.status)
    }

    private func done(_ place: StaticString) -> WebResponse { .see(Link(place, query: [("done", "1")])) }

    func endSession(_ request: WebRequest) async throws -> WebResponse {
        let form = try request.form()
        let refusals = try await refused { try await source.end(session: form["session"], request) }
        if let refusals { return try await account(request, form, refusals) }
        return done("/settings/account")
    }

    func changePassword(_ request: WebRequest) async throws -> WebResponse {
        let form = try request.form()
        let refusals = try await refused {
            try await source.changePassword(
                old: form.all("password").first ?? "", new: form.all("new").first ?? "",
                again: form.all("again").first ?? "", request)
        }
        if let refusals { return try await account(request, form, refusals) }
        return done("/settings/account")
    }

    func secondFactor(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        var codes: [String] = []
        var refusals: [any Refusal]?
        if request.method == "POST" {
            let form = try request.form()
            refusals = try await refused {
                codes = try await source.confirmSecondFactor(code: form["code"] ?? "", request)
            }
            if refusals == nil {
                return page(SecondFactorPage(form: AccessForm(shell: shell), shell: shell).codes(codes))
            }
        }
        let again = AccessForm(shell: shell, refusals: refusals ?? [])
        let view = try await source.beginSecondFactor(request)
        return page(SecondFactorPage(form: again, shell: shell).enrol(view), again.status)
    }

    func secondFactorOff(_ request: WebRequest) async throws -> WebResponse {
        let form = try request.form()
        let refusals = try await refused {
            try await source.removeSecondFactor(password: form.all("password").first ?? "", request)
        }
        if let refusals { return try await account(request, form, refusals, isOff: true) }
        return done("/settings/account")
    }

    // MARK: Users

    func users(_ request: WebRequest) async throws -> WebResponse {
        try allow(request, "user list")
        return try await users(request, WebForm(fields: []), [], link: nil)
    }

    private func users(_ request: WebRequest, _ form: WebForm, _ refusals: [any Refusal], link: String?) async throws
        -> WebResponse
    {
        let shell = shell(request)
        let again = AccessForm(shell: shell, form: form, refusals: refusals)
        let view = UsersPage(
            users: try await source.users(), roles: source.roles, form: again, shell: shell, link: link)
        return page(view.render(), again.status)
    }

    /// The link as people copy it: with the host that they came by.
    private func link(_ place: StaticString, _ secret: String, _ request: WebRequest) -> String {
        let host = request.header("host") ?? ""
        return "\(source.isSecure(request) ? "https" : "http")://\(host)\(Link(place, name: secret).text)"
    }

    func invite(_ request: WebRequest) async throws -> WebResponse {
        try allow(request, "user invite")
        let form = try request.form()
        var secret = ""
        let refusals = try await refused {
            secret = try await source.invite(
                name: form["name"] ?? "", fullName: form["full_name"] ?? "", email: form["email"] ?? "",
                role: form["role"] ?? "", sellers: form["seller"] ?? "", request)
        }
        if let refusals { return try await users(request, form, refusals, link: nil) }
        return try await users(request, WebForm(fields: []), [], link: link("/invited", secret, request))
    }

    func reset(_ request: WebRequest) async throws -> WebResponse {
        try allow(request, "user reset")
        let form = try request.form()
        var secret = ""
        let refusals = try await refused { secret = try await source.reset(user: form["user"] ?? "", request) }
        if let refusals { return try await users(request, WebForm(fields: []), refusals, link: nil) }
        return try await users(request, WebForm(fields: []), [], link: link("/reset", secret, request))
    }

    func change(_ request: WebRequest) async throws -> WebResponse {
        try allow(request, "user role")
        let form = try request.form()
        let refusals = try await refused {
            try await source.change(
                user: form["user"] ?? "", role: form["role"] ?? "", sellers: form["sellers"] ?? "",
                portfolio: form["portfolio"] ?? "", request)
        }
        if let refusals { return try await users(request, WebForm(fields: []), refusals, link: nil) }
        return done("/settings/users")
    }

    func setActive(_ request: WebRequest, _ active: Bool) async throws -> WebResponse {
        try allow(request, active ? "user enable" : "user disable")
        let form = try request.form()
        let refusals = try await refused {
            try await source.setActive(user: form["user"] ?? "", active, request)
        }
        if let refusals { return try await users(request, WebForm(fields: []), refusals, link: nil) }
        return done("/settings/users")
    }

    func clashes(_ request: WebRequest) async throws -> WebResponse {
        try allow(request, "user clashes")
        return page(ClashesPage(clashes: try await source.clashes(), shell: shell(request)).render())
    }

    func views(_ request: WebRequest) async throws -> WebResponse {
        try allow(request, "user views")
        let views = try await source.views(user: request.query("user"), customer: request.query("customer"), request)
        return page(ViewsPage(views: views, shell: shell(request)).render())
    }
}
