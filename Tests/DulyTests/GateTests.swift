import Access
import AccessDesk
import ArgumentParser
import Books
import Database
import Foundation
import ImportsDesk
import Ledger
import Money
import TestSupport
import Testing
import Web
import Workspace

@testable import duly

/// The whole site behind its door, without a network.
struct FrontDoor {
    static let password = "zwei reiher im schilf"
    static let engines: [Engine] = [.sqlite, .postgres]
    let database: any Database
    let desk: AccessDesk
    let gate: Gate
    let site: Site

    init(
        _ engine: Engine, users: Bool = true, open: Bool = false, proxy: Bool = false,
        clock: @escaping @Sendable () -> Instant = Common.clock
    ) async throws {
        database = try await TestDatabases.fresh(engine)
        _ = try await Schema.upgrade(database)
        desk = AccessDesk(
            database, hasher: PasswordHasher(), vault: Vault(key: Array(1...32)), clock: clock,
            chance: Common.chance)
        _ = try await database.transaction { transaction in
            for (code, country) in [("DE", "DE"), ("NL", "NL")] {
                _ = try Books.found(
                    NewSeller(
                        code: code, name: "Uferlicht \(code)", country: country, currency: .eur,
                        timeZone: "Europe/Berlin", language: "de", openFrom: Day("2026-01-01")!),
                    series: [("RE", "\(code)-{n}")], in: transaction, clock: Common.clock(), chance: Common.chance())
            }
        }
        if users {
            for role in Role.allCases {
                try await desk.add(
                    NewUser(name: role.rawValue, role: role.rawValue), password: Self.password, by: "test")
            }
        }
        gate = Gate(desk: desk, isOpen: open, isBehindProxy: proxy)
        let source = WorkspaceBooks(database: database, url: "", day: { _ in Day("2026-03-31")! })
        site = DulySite.site(source, gate: gate, rate: 0)
    }

    /// What came back.
    struct Answer {
        let status: Int
        let headers: [(name: String, value: String)]
        let text: String
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
        func cookie(_ name: String) -> String? {
            headers.filter { $0.name == "Set-Cookie" }.compactMap { header in
                let pair = header.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                return pair.count == 2 && pair[0] == name ? String(pair[1]) : nil
            }.first
        }
    }

    func get(_ target: String, cookie: String? = nil, _ more: [(String, String)] = []) async -> Answer {
        await ask("GET", target, cookie, more, [])
    }
    func post(
        _ target: String, cookie: String? = nil, _ fields: [(String, String)], _ more: [(String, String)] = []
    ) async -> Answer {
        await ask(
            "POST", target, cookie, [("Content-Type", "application/x-www-form-urlencoded")] + more, fields)
    }
    private func ask(
        _ method: String, _ target: String, _ cookie: String?, _ more: [(String, String)], _ fields: [(String, String)]
    ) async -> Answer {
        let body = fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        var headers = [(name: "Host", value: "127.0.0.1:8080"), (name: "Accept", value: "text/html")]
        if let cookie { headers.append((name: "Cookie", value: cookie)) }
        headers += more.map { (name: $0.0, value: $0.1) }
        let answer = await site.respond(
            method: method, target: target, headers: headers, body: WebBody(Array(body.utf8)), address: "192.0.2.1")
        return Answer(
            status: answer.status, headers: answer.headers, text: String(decoding: answer.body, as: UTF8.self))
    }
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    /// The cookie of somebody who signed in.
    func enter(_ name: String, _ more: [(String, String)] = []) async throws -> String {
        let answer = await post("/sign-in", [("name", name), ("password", Self.password)], more)
        #expect(answer.status == 303, "\(answer.text)")
        return "duly_session=\(try #require(answer.cookie("duly_session")))"
    }

    /// The hidden `_token` of a page.
    static func token(in page: String) -> String {
        guard let (_, value) = page.firstMatch(of: /name="_token" value="([^"]*)"/)?.output else { return "" }
        return String(value)
    }
}

@Suite("The door") struct GateTests {
    @Test(
        "whoever is not signed in is led to the sign-in, programs are told 401, and nothing is shown",
        arguments: FrontDoor.engines)
    func outside(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        for place in ["/", "/customers/K1", "/settings/users", "/nowhere", "/search?q=a%20b"] {
            let answer = await door.get(place)
            #expect(answer.status == 303 && answer.header("Location")?.hasPrefix("/sign-in") == true, "\(place)")
        }
        #expect(await door.get("/search?q=a%20b").header("Location") == "/sign-in?to=%2Fsearch%3Fq%3Da%2520b")
        for place in ["/api/today", "/api/customers/K1"] {
            let answer = await door.get(place)
            #expect(answer.status == 401)
            #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
            for key in ["code", "what", "why", "next"] { #expect(answer.text.contains("\"\(key)\"")) }
        }
        let page = await door.get("/sign-in")
        #expect(page.status == 200 && page.text.contains("current-password"))
        #expect(!page.text.contains("/customers") && page.header("Cache-Control") == "no-store")
        #expect(await door.get("/sign-in", [("Accept-Language", "de")]).text.contains("Anmelden"))
    }

    @Test("signing in leads back to the place that was asked for, and to no other host", arguments: [Engine.sqlite])
    func back(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        for (to, place) in [
            ("/search?q=a%20b", "/search?q=a%20b"), ("//evil.example/", "/"), ("https://evil.example/", "/"),
            ("/\\evil.example", "/"), ("javascript:alert(1)", "/"), ("", "/"), ("/%0d%0aSet-Cookie: a=b", "/"),
        ] {
            let answer = await door.post("/sign-in", [("name", "sales"), ("password", FrontDoor.password), ("to", to)])
            #expect(answer.status == 303 && answer.header("Location") == place, "\(to)")
        }
    }

    @Test(
        "the cookie is for this site alone, out of a script's reach, and for encrypted connections where there are some"
    )
    func cookie() async throws {
        let door = try await FrontDoor(.sqlite, proxy: true)
        let fields = [("name", "sales"), ("password", FrontDoor.password)]
        let plain =
            await door.post("/sign-in", fields).headers.first { $0.value.hasPrefix("duly_session=") }?.value ?? ""
        for word in ["HttpOnly", "SameSite=Lax", "Path=/"] { #expect(plain.contains(word)) }
        #expect(!plain.contains("Secure") && !plain.contains("Domain"))
        let secure = await door.post("/sign-in", fields, [("X-Forwarded-Proto", "https")])
        #expect(secure.headers.contains { $0.value.hasPrefix("duly_session=") && $0.value.contains("; Secure") })
        #expect(secure.header("Strict-Transport-Security") != nil)
        // Where no proxy is said to be in front, nobody is believed.
        let alone = try await FrontDoor(.sqlite)
        let claimed = await alone.post("/sign-in", fields, [("X-Forwarded-Proto", "https")])
        #expect(!claimed.headers.contains { $0.value.contains("; Secure") })
    }

    @Test("session fixation: a planted cookie opens nothing, and the sign-in replaces it", arguments: FrontDoor.engines)
    func fixation(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        let planted = "duly_session=" + String(repeating: "A", count: 43)
        #expect(await door.get("/", cookie: planted).status == 303)
        let answer = await door.post(
            "/sign-in", cookie: planted, [("name", "sales"), ("password", FrontDoor.password)])
        let fresh = try #require(answer.cookie("duly_session"))
        #expect(!planted.contains(fresh))
        #expect(await door.get("/", cookie: planted).status == 303)
        let mine = "duly_session=\(fresh)"
        #expect(await door.get("/settings/account", cookie: mine).status == 200)
        let next = await door.post("/sign-in", cookie: mine, [("name", "sales"), ("password", FrontDoor.password)])
        #expect(next.cookie("duly_session") != fresh)
        #expect(await door.get("/", cookie: mine).status == 303)
    }

    @Test("a form without the session's token changes nothing", arguments: FrontDoor.engines)
    func forgery(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        let (mine, theirs) = (try await door.enter("sales"), try await door.enter("finance"))
        let token = FrontDoor.token(in: await door.get("/settings/account", cookie: mine).text)
        let foreign = FrontDoor.token(in: await door.get("/settings/account", cookie: theirs).text)
        #expect(!token.isEmpty && token != foreign)
        for (fields, more) in [
            ([], []), ([("_token", "")], []), ([("_token", foreign)], []),
            ([("_token", token)], [("Origin", "https://evil.example")]),
            ([("_token", token)], [("Origin", "null")]), ([("_token", token)], [("Sec-Fetch-Site", "cross-site")]),
            ([("_token", token)], [("Sec-Fetch-Site", "same-site")]),
        ] as [([(String, String)], [(String, String)])] {
            let answer = await door.post("/sign-out", cookie: mine, fields, more)
            #expect(answer.status == 403 && answer.text.contains("access.foreign-form"), "\(fields) \(more)")
        }
        #expect(await door.get("/settings/account", cookie: mine).status == 200)
        // A sign-in from elsewhere (into the attacker's account) is refused alike.
        let login = await door.post(
            "/sign-in", [("name", "sales"), ("password", FrontDoor.password)], [("Origin", "https://evil.example")])
        #expect(login.status == 403 && login.cookie("duly_session") == nil)
        let header = await door.post(
            "/sign-out", cookie: mine, [], [("X-Duly-Token", token), ("Origin", "http://127.0.0.1:8080")])
        #expect(header.status == 303)
        #expect(await door.get("/", cookie: mine).status == 303)
    }

    @Test("each role sees the places of its work and no others", arguments: FrontDoor.engines)
    func places(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        for role in Role.allCases {
            let cookie = try await door.enter(role.rawValue)
            for (place, command) in [
                ("/", "search"), ("/settings/users", "user list"), ("/settings/views", "user views"),
                ("/settings/clashes", "user clashes"), ("/settings/account", "search"), ("/search", "search"),
                ("/money/none", "cash list"), ("/bill/none", "invoice drafts"),
            ] {
                let status = await door.get(place, cookie: cookie).status
                #expect((status == 403) != Permissions.may(role, command), "\(role) \(place) \(status)")
            }
        }
    }

    /// Places of whoever is not in yet, and of everybody's own sign-in.
    private static let open: Set<String> = ["sign-in", "sign-out", "setup", "invited", "reset"]
    private static let everybody = Set(Role.allCases)
    private static let workers: Set<Role> = [.coordinator, .manager, .finance, .auditor, .administrator]
    private static let bringers: Set<Role> = [.coordinator, .manager, .administrator]
    private static let watchers: Set<Role> = [.auditor, .administrator]

    /// Who may come to a place, as the handbook of roles has it: written down here once more, apart from the table that decides.
    private static func allowed(_ method: String, _ place: [String]) throws -> Set<Role> {
        var place = place
        if place.first == "api", place.count > 1 { place.removeFirst() }
        switch place.first ?? "" {
        case "do": return []
        case "v1": return try #require(nil, "a command is in the table of commands")
        case "ask", "bill", "money": return workers
        case "import": return place.count > 1 && place[1] == "templates" ? everybody : bringers
        case "settings":
            guard place.count > 1 else { return everybody }
            if place[1] == "clock" { return method == "GET" ? everybody : bringers }
            return method == "GET" ? watchers : [.administrator]
        case "", "api", "approvals", "commands", "customers", "disputes", "files", "invoices", "jobs", "openapi",
            "places", "prices",
            "products", "reports", "search", "statements", "today":
            return everybody
        default: return try #require(nil, "nobody said who may come to /\(place.joined(separator: "/"))")
        }
    }

    @Test("every route, for every role", arguments: FrontDoor.engines)
    func routes(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        let routes = door.site.routes.filter {
            !Self.open.contains($0.place.first ?? "") && !$0.place.starts(with: ["settings", "account"])
        }
        #expect(routes.count > 100)
        for role in Role.allCases {
            let cookie = try await door.enter(role.rawValue)
            let token = FrontDoor.token(in: await door.get("/settings/account", cookie: cookie).text)
            for route in routes {
                for method in route.methods where method != "HEAD" {
                    let target = "/" + (route.place + (route.takesName ? ["none"] : [])).joined(separator: "/")
                    let status =
                        method == "GET"
                        ? await door.get(target, cookie: cookie).status
                        : await door.post(target, cookie: cookie, [("_token", token)]).status
                    let may =
                        route.place.starts(with: ["api", "v1"])
                        ? Permissions.may(role, route.place.dropFirst(2).joined(separator: " "))
                        : try Self.allowed(method, route.place).contains(role)
                    #expect((status == 403) != may, "\(role) \(method) \(target) \(status)")
                    #expect(status != 500, "\(role) \(method) \(target)")
                }
            }
        }
    }

    @Test("each role is stopped at the door of every command that it may not carry out", arguments: [Engine.sqlite])
    func commands(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        for role in Role.allCases {
            let cookie = try await door.enter(role.rawValue)
            let token = FrontDoor.token(in: await door.get("/settings/account", cookie: cookie).text)
            for command in Permissions.commands {
                let api = await door.get("/api/v1/" + command.replacing(" ", with: "/"), cookie: cookie).status
                #expect((api == 403) != Permissions.may(role, command), "\(role) \(command) \(api)")
                let place = "/do/" + command.split(separator: " ").joined(separator: "/")
                let answer = await door.post(place, cookie: cookie, [("_token", token)])
                #expect((answer.status == 403) != Permissions.may(role, command), "\(role) \(command) \(answer.status)")
            }
        }
    }

    @Test(
        "a token opens what its scopes say, without cookies, and its text never comes back",
        arguments: FrontDoor.engines)
    func tokens(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        let made = try await door.desk.createToken(
            of: "coordinator", called: "till", scopes: ["read"], days: 1, by: "test")
        let bearer = [("Authorization", "Bearer \(made.secret.text)"), ("Accept", "application/json")]
        #expect(await door.get("/api/today", bearer).status == 200)
        let refused = await door.post("/do/cash/apply", [], bearer)
        #expect(refused.status == 403 && refused.text.contains("access.scope-missing"))
        #expect(await door.get("/settings/users", bearer).status == 403)
        for wrong in ["Bearer duly_x", "Bearer", "Basic YTpi", "Bearer \(made.secret.text) x"] {
            let answer = await door.get("/api/today", [("Authorization", wrong)])
            #expect(answer.status == 401 && answer.text.contains("access.bad-token"), "\(wrong)")
        }
        let cookie = try await door.enter("administrator")
        for place in ["/settings/account", "/settings/users", "/settings/views"] {
            let page = await door.get(place, cookie: cookie).text
            #expect(!page.contains(made.secret.text) && !page.contains(cookie.dropFirst(13)))
        }
        try await door.desk.revokeToken(RecordID(number: made.facts.id).description, by: "test")
        #expect(await door.get("/api/today", bearer).status == 401)
    }

    @Test("guessing at the page is slowed down and says for how long", arguments: [Engine.sqlite])
    func guessing(engine: Engine) async throws {
        // A clock that stands: however slow the machine, the wait is not over.
        let now = Common.clock()
        let door = try await FrontDoor(engine, clock: { now })
        for _ in 1...5 {
            let answer = await door.post("/sign-in", [("name", "sales"), ("password", "<b>falsch</b>")])
            #expect(answer.status == 422 && !answer.text.contains("falsch</b>"))
            #expect(answer.text.contains("aria-invalid=\"true\""))
        }
        let answer = await door.post("/sign-in", [("name", "sales"), ("password", FrontDoor.password)])
        #expect(answer.status == 429 && answer.text.contains("Wait"))
    }

    @Test("books without users: open on request, else set up once with the printed code", arguments: FrontDoor.engines)
    func setUp(engine: Engine) async throws {
        let open = try await FrontDoor(engine, users: false, open: true)
        #expect(await open.get("/").status == 200)
        #expect(await open.post("/do/undo", [], [("Origin", "https://evil.example")]).status == 403)

        let door = try await FrontDoor(engine, users: false)
        #expect(await door.get("/").header("Location") == "/setup")
        let fields = [("name", "ines"), ("new", FrontDoor.password), ("again", FrontDoor.password)]
        let wrong = await door.post("/setup", fields + [("code", "AAAA-BBBB-CCCC")])
        #expect(wrong.status == 422 && wrong.cookie("duly_session") == nil)
        #expect(!wrong.text.contains(door.gate.setUpCode) && !wrong.text.contains(FrontDoor.password))
        let right = await door.post("/setup", fields + [("code", door.gate.setUpCode.lowercased())])
        #expect(right.status == 303, "\(right.text)")
        let cookie = "duly_session=\(try #require(right.cookie("duly_session")))"
        #expect(await door.get("/settings/users", cookie: cookie).status == 200)
        #expect(await door.post("/setup", fields + [("code", door.gate.setUpCode)]).header("Location") == "/sign-in")
        #expect(await open.get("/setup").status == 200)
    }

    @Test("an invitation by the page: a link, a password, a sign-in", arguments: FrontDoor.engines)
    func invitation(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        let cookie = try await door.enter("administrator")
        let token = FrontDoor.token(in: await door.get("/settings/users", cookie: cookie).text)
        let wrong = await door.post(
            "/settings/users/invite", cookie: cookie, [("_token", token), ("name", "a b"), ("role", "sales")])
        #expect(wrong.status == 422 && wrong.text.contains("value=\"a b\""))
        let made = await door.post(
            "/settings/users/invite", cookie: cookie,
            [("_token", token), ("name", "maren"), ("role", "sales"), ("seller", "NL")])
        #expect(made.status == 200)
        let link = try #require(made.text.firstMatch(of: /http:..127.0.0.1:8080(\/invited\/[A-Za-z0-9_-]+)/)?.output.1)
        #expect(await !door.get("/settings/users", cookie: cookie).text.contains(link))
        #expect(await door.get(String(link)).text.contains("maren"))
        let short = await door.post(String(link), [("new", "kurz"), ("again", "kurz")])
        #expect(short.status == 422)
        let chosen = await door.post(String(link), [("new", FrontDoor.password), ("again", FrontDoor.password)])
        #expect(chosen.header("Location") == "/sign-in")
        #expect(await door.get(String(link)).status == 404)
        _ = try await door.enter("maren")
        // Whoever may not look after users cannot invite, whatever they send.
        let sales = try await door.enter("sales")
        let theirs = FrontDoor.token(in: await door.get("/settings/account", cookie: sales).text)
        let refused = await door.post(
            "/settings/users/invite", cookie: sales, [("_token", theirs), ("name", "eve"), ("role", "administrator")])
        #expect(refused.status == 403)
    }

    @Test(
        "the second factor by the pages, with a picture of the key and codes that are shown once",
        arguments: [Engine.sqlite])
    func secondFactor(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        let cookie = try await door.enter("finance")
        let page = await door.get("/settings/account/second-factor", cookie: cookie).text
        #expect(page.contains("<svg") && page.contains("role=\"img\""))
        let key = try #require(page.firstMatch(of: /<code>([A-Z2-7]{32})<\/code>/)?.output.1)
        let program = OneTimeCode(secret: try #require(Base32.decode(String(key))))
        let code = program.code(of: OneTimeCode.step(at: Common.clock()))
        let token = FrontDoor.token(in: page)
        let wrong = await door.post(
            "/settings/account/second-factor", cookie: cookie, [("_token", token), ("code", "1")])
        #expect(wrong.status == 422 && wrong.text.contains("aria-invalid"))
        let on = await door.post(
            "/settings/account/second-factor", cookie: cookie, [("_token", token), ("code", code)])
        let recovery = try #require(on.text.firstMatch(of: /<li>([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})<\/li>/)?.output.1)
        let first = await door.post(
            "/sign-in", [("name", "finance"), ("password", FrontDoor.password), ("to", "/search")])
        #expect(first.header("Location") == "/sign-in/code?to=%2Fsearch" && first.cookie("duly_session") == nil)
        let half = "duly_sign_in=\(try #require(first.cookie("duly_sign_in")))"
        // Half a sign-in is no sign-in, also under the other name.
        #expect(await door.get("/", cookie: half.replacing("sign_in", with: "session")).status == 303)
        #expect(await door.post("/sign-in/code", cookie: half, [("code", "123")]).status == 422)
        let whole = await door.post("/sign-in/code", cookie: half, [("code", String(recovery)), ("to", "/search")])
        #expect(whole.status == 303 && whole.header("Location") == "/search")
        #expect(whole.cookie("duly_session") != nil)
    }

    @Test("who opened whose file is written down, and shown to those who may know", arguments: FrontDoor.engines)
    func views(engine: Engine) async throws {
        let door = try await FrontDoor(engine)
        try await Self.addCustomer("K-7", to: door.database)
        let sales = try await door.enter("sales")
        #expect(await door.get("/customers/K-7", cookie: sales).status == 200)
        #expect(await door.get("/customers/NONE", cookie: sales).status == 404)
        try await door.gate.notes.write(to: door.desk)
        let seen = try await door.desk.views()
        #expect(seen.map(\.customer) == ["K-7"] && seen.map(\.user) == ["sales"] && seen.map(\.seller) == ["DE"])
        let auditor = try await door.enter("auditor")
        #expect(await door.get("/settings/views", cookie: auditor).text.contains("K-7"))
        #expect(
            await door.get("/settings/views?user=finance", cookie: auditor).text.contains("href=\"/customers/K-7")
                == false)
        #expect(await door.get("/settings/views", cookie: sales).status == 403)
    }

    /// A customer of the first seller, as small as the tables allow.
    static func addCustomer(_ number: String, to database: any Database) async throws {
        let folder = try TestFolder.fresh()
        let file = folder.appendingPathComponent("customers.csv")
        try "customer_id,name,country,currency,seller\n\(number),Kranich OHG,DE,EUR,DE\n".write(
            to: file, atomically: true, encoding: .utf8)
        let desk = ImportDesk(database, vault: Vault(key: Array(1...32)), clock: Common.clock, chance: Common.chance)
        let request = ImportRequest(
            kind: "customers", files: [file.path], id: CommandID("customers")!, actor: Actor(name: "ines"),
            today: Day("2026-03-31")!)
        #expect(try await desk.run(request) { _ in }.problems == 0)
    }
}

@Suite("Permissions of the command line") struct PermissionTableTests {
    @Test("every command stands in the table of permissions")
    func complete() {
        let leaves = Self.leaves(of: Duly.self, [])
        #expect(leaves.count > 50)
        for leaf in leaves {
            #expect(Permissions.entry(for: leaf) != nil, "'\(leaf)' has no entry in Permissions")
        }
    }

    /// The words of every command that has no commands below it.
    private static func leaves(of command: any ParsableCommand.Type, _ words: [String]) -> [String] {
        let below = command.configuration.subcommands
        guard !below.isEmpty else { return [words.joined(separator: " ")] }
        return below.flatMap { leaves(of: $0, words + [name(of: $0)]) }
    }
    private static func name(of command: any ParsableCommand.Type) -> String { command._commandName }
}
