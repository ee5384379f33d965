import Ledger
import Testing
import Web

@testable import Workspace

/// Somebody at the door of an office that never was, and the people in it.
struct DoorFixture: AccessSource {
    struct No: Refusal {
        let code: String
        let field: String
        var what: String { "Nothing was changed." }
        var why: String { "The password has 4 characters, fewer than 12." }
        var next: String { "Take a longer one." }
        var place: RefusalPlace? { RefusalPlace(field: field) }
    }
    var isNew = false
    func isSetUp() async throws -> Bool { !isNew }
    func isSecure(_ request: WebRequest) -> Bool { true }
    var roles: [String] { ["coordinator", "manager", "sales", "finance", "auditor", "administrator"] }
    func setUp(code: String, name: String, password: String, again: String, _ request: WebRequest) async throws
        -> String
    {
        throw Refusals([
            No(code: "access.wrong-set-up-code", field: "code"), No(code: "access.short-password", field: "new"),
        ])
    }
    func signIn(name: String, password: String, _ request: WebRequest) async throws -> DoorStep {
        if password == "right" { return .signedIn("secret") }
        if password == "half" { return .needsCode("secret") }
        throw No(code: "access.wrong-sign-in", field: "password")
    }
    func enter(code: String, under secret: String, _ request: WebRequest) async throws -> String {
        throw No(code: "access.wrong-code", field: "code")
    }
    func signOut(_ request: WebRequest) async throws {}
    func invited(_ secret: String) async throws -> String? { secret == "gone" ? nil : "ines" }
    func accept(_ secret: String, password: String, again: String, _ request: WebRequest) async throws {
        throw Refusals([
            No(code: "access.short-password", field: "new"), No(code: "access.passwords-differ", field: "again"),
        ])
    }
    func account(_ request: WebRequest) async throws -> AccountView {
        AccountView(
            name: "ines", fullName: "Ines <b>Petersen</b>", email: "ines@firma.example", hasSecondFactor: true,
            codesLeft: 9,
            sessions: ["1", "2"].map { id in
                SessionView(
                    id: id, device: "Mozilla/5.0 <script>", address: "192.0.2.7", since: "2026-03-02 12:00",
                    lastUsed: "2026-03-02 12:40", isThis: id == "1")
            })
    }
    func end(session: String?, _ request: WebRequest) async throws {}
    func changePassword(old: String, new: String, again: String, _ request: WebRequest) async throws {
        throw No(code: "access.wrong-password", field: "password")
    }
    func beginSecondFactor(_ request: WebRequest) async throws -> SecondFactorView {
        SecondFactorView(key: "ABCD", side: 2, modules: [true, false, false, true])
    }
    func confirmSecondFactor(code: String, _ request: WebRequest) async throws -> [String] { ["AAAA-BBBB"] }
    func removeSecondFactor(password: String, _ request: WebRequest) async throws {
        throw No(code: "access.wrong-password", field: "password")
    }
    func users() async throws -> [UserView] {
        [
            UserView(
                name: "ines", fullName: "Ines Petersen", email: "ines@firma.example", role: "coordinator", active: true,
                isInvited: false, hasSecondFactor: true, sellers: nil, portfolio: nil),
            UserView(
                name: "maren", fullName: "", email: "", role: "sales", active: false, isInvited: true,
                hasSecondFactor: false, sellers: ["DE", "NL"], portfolio: "0000000000007"),
        ]
    }
    func invite(
        name: String, fullName: String, email: String, role: String, sellers: String, _ request: WebRequest
    ) async throws -> String {
        if name == "taken" { throw No(code: "access.name-taken", field: "name") }
        return "s3cret"
    }
    func reset(user: String, _ request: WebRequest) async throws -> String { "s3cret" }
    func change(user: String, role: String, sellers: String, portfolio: String, _ request: WebRequest) async throws {}
    func setActive(user: String, _ active: Bool, _ request: WebRequest) async throws {}
    func clashes() async throws -> [ClashView] {
        [
            ClashView(code: "users-and-money", roles: [("administrator", ["user add", "cash apply"], ["wolf"])]),
            ClashView(code: "asking-and-agreeing", roles: []),
        ]
    }
    func views(user: String?, customer: String?, _ request: WebRequest) async throws -> [SeenView] {
        user == "nobody"
            ? []
            : [
                SeenView(at: "2026-03-02 12:00", user: "ines", seller: "DE", customer: "K-7", place: "customer"),
                SeenView(at: "2026-03-02 12:00", user: "ines", seller: "DE", customer: "K-7", place: "document RE-1"),
            ]
    }
}

@Suite("sign-in, account and users") struct DoorPagesTests {
    static let site = Workspace.site(source: Fixture(), access: DoorFixture(), fontFolder: nil)
    static let fresh = Workspace.site(source: Fixture(), access: DoorFixture(isNew: true), fontFolder: nil)

    static func ask(_ target: String, _ form: String?, _ language: String = "en", site: Site = site) async
        -> WebResponse
    {
        await site.respond(
            method: form == nil ? "GET" : "POST", target: target,
            headers: [
                ("Accept-Language", language), ("Content-Type", "application/x-www-form-urlencoded"),
                ("Cookie", "duly_sign_in=x"), ("Host", "127.0.0.1:8080"),
            ], body: WebBody(Array((form ?? "").utf8)))
    }

    /// Every page, and every form that comes back with something wrong.
    static let pages: [(String, String?)] = [
        ("/sign-in", nil), ("/sign-in", "name=ines&password=x"), ("/sign-in/code", nil), ("/sign-in/code", "code=1"),
        ("/invited/s", nil), ("/invited/gone", nil), ("/reset/s", "new=kurz&again=x"), ("/settings/account", nil),
        ("/settings/account/password", "password=x&new=y"), ("/settings/account/second-factor", nil),
        ("/settings/account/second-factor", "code=1"), ("/settings/account/second-factor/off", "password=x"),
        ("/settings/users", nil), ("/settings/users/invite", "name=taken&role=sales"),
        ("/settings/users/invite", "name=new&role=sales"), ("/settings/clashes", nil), ("/settings/views", nil),
        ("/settings/views?user=nobody", nil),
    ]

    @Test("every page is well formed, labelled and in the reader's language", arguments: pages, ["en", "de"])
    func structure(place: (String, String?), language: String) async throws {
        try Self.check(String(decoding: await Self.ask(place.0, place.1, language).body, as: UTF8.self), language)
    }

    @Test("the first sign-in is set up on a page of its own", arguments: ["en", "de"])
    func setUp(language: String) async throws {
        let answer = await Self.ask("/setup", "code=x&name=ines&new=kurz", language, site: Self.fresh)
        #expect(answer.status == 422)
        let text = String(decoding: answer.body, as: UTF8.self)
        try Self.check(text, language)
        #expect(text.contains("value=\"ines\"") && !text.contains("kurz\""))
        #expect(try Markup(text).all("p").filter { $0.attributes["class"] == "wrong" }.count == 2)
        #expect(await Self.ask("/sign-in", nil, site: Self.fresh).header("Location") == "/setup")
    }

    private static func check(_ text: String, _ language: String) throws {
        let page = try Markup(text)
        #expect(page.all("html").first?.attributes["lang"] == language)
        #expect(page.all("h1").count == 1 && page.all("main").count == 1)
        let ids = page.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        let labels = Set(page.all("label").compactMap { $0.attributes["for"] })
        for input in page.all("input") + page.all("select") where input.attributes["type"] != "hidden" {
            #expect(labels.contains(input.attributes["id"] ?? ""), "\(input.attributes)")
            if let note = input.attributes["aria-describedby"] { #expect(ids.contains(note)) }
            #expect(input.attributes["type"] != "password" || input.attributes["value"] == nil)
        }
        for head in page.all("th") { #expect(head.attributes["scope"] != nil && !head.text.isEmpty) }
        #expect(!text.contains("<script>") && !text.contains("<b>Petersen"))
    }

    @Test("what is wrong stands at its field, in words, and the status says so")
    func wrong() async throws {
        let answer = await Self.ask("/reset/s", "new=kurz&again=x", "de")
        #expect(answer.status == 422 && answer.header("Cache-Control") == "no-store")
        let page = try Markup(String(decoding: answer.body, as: UTF8.self))
        let invalid = page.all("input").filter { $0.attributes["aria-invalid"] == "true" }
        #expect(invalid.compactMap { $0.attributes["name"] } == ["new", "again"])
        #expect(page.all("p").contains { $0.text.contains("Das Passwort hat nur 4 Zeichen; 12 sind nötig.") })
        // Of two forms on a page, the one that was sent.
        let off = await Self.ask("/settings/account/second-factor/off", "password=x")
        let marked = try Markup(String(decoding: off.body, as: UTF8.self)).all("input")
            .filter { $0.attributes["aria-invalid"] == "true" }
        #expect(marked.compactMap { $0.attributes["id"] } == ["password-off"])
    }

    @Test("a link with a secret is shown by the page that made it, and by no other")
    func link() async {
        let made = String(decoding: await Self.ask("/settings/users/invite", "name=new&role=sales").body, as: UTF8.self)
        #expect(made.contains("https://127.0.0.1:8080/invited/s3cret"))
        let later = String(decoding: await Self.ask("/settings/users", nil).body, as: UTF8.self)
        #expect(!later.contains("s3cret"))
    }

    @Test("cookies: the session for the site, the half one for the sign-in, both out of reach of scripts")
    func cookies() async {
        let whole = await Self.ask("/sign-in", "name=ines&password=right&to=/search")
        let session = whole.headers.first { $0.value.hasPrefix("duly_session=secret") }?.value
        #expect(session == "duly_session=secret; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure")
        #expect(whole.header("Location") == "/search")
        let half = await Self.ask("/sign-in", "name=ines&password=half")
        #expect(
            half.header("Set-Cookie")
                == "duly_sign_in=secret; Path=/sign-in; Max-Age=600; HttpOnly; SameSite=Lax; Secure")
        let out = await Self.ask("/sign-out", "")
        #expect(out.header("Set-Cookie")?.hasPrefix("duly_session=; Path=/; Max-Age=0;") == true)
    }
}
