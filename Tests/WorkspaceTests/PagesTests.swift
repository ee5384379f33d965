import Money
import Testing
import Web

@testable import Workspace

@Suite("pages") struct PagesTests {
    static let site = Workspace.site(source: Fixture(), fontFolder: nil)
    static let pages =
        [
            "/", "/?kind=promise", "/?kind=nothing", "/customers/K-3001", "/customers/K-3002", "/customers/BOTH",
            "/invoices/RE-2026-4102", "/search", "/search?q=brandt", "/search?q=zzz", "/nowhere", "/customers/DOWN",
            "/customers/BUG", "/customers/none",
        ] + reading + importing
    static let importing = [
        "/import", "/import/mapping", "/import/wrong", "/import/checked", "/import/bad", "/import/done", "/import/busy",
        "/import/gone",
    ]
    /// The reading places.
    static let reading = [
        "/customers", "/customers?country=IT&sort=name", "/customers?currency=NOK", "/customers?after=49.K", "/places",
        "/reports", "/reports/aging", "/reports/aging?as_of=tomorrow", "/reports/rollforward", "/reports/dso",
        "/reports/collections", "/reports/late", "/reports/unbilled", "/reports/journal", "/reports/open-items",
        "/reports/placed", "/reports/work", "/statements", "/statements?customer=K-3001", "/statements?customer=K-3002",
        "/statements?customer=nobody", "/statements?customer=BOTH", "/prices", "/prices?part=taxes",
        "/prices?part=rates", "/prices/STD", "/prices/STD?article=NEW", "/products",
    ]
    static let languages = ["en", "de"]

    static func get(_ target: String, _ headers: [(name: String, value: String)] = []) async -> WebResponse {
        await site.respond(method: "GET", target: target, headers: headers)
    }
    static func page(_ target: String, language: String = "en") async -> String {
        String(decoding: await get(target, [("Accept-Language", language)]).body, as: UTF8.self)
    }

    @Test(
        "each address has its status",
        arguments: [
            ("/", 200), ("/today", 200), ("/api/today", 200), ("/today.json", 200), ("/customers/K-3001", 200),
            ("/api/customers/K-3001", 200), ("/customers/K-3001.json", 200), ("/customers/none", 404),
            ("/customers", 200), ("/customers.pdf", 404), ("/api/customers", 200), ("/places", 200),
            ("/reports/aging", 200), ("/reports/ageing", 200), ("/reports/aging.csv", 200),
            ("/reports/aging.json", 200), ("/api/reports/aging", 200), ("/api/reports", 200), ("/reports/gold", 404),
            ("/reports/aging.pdf", 404), ("/reports/aging?as_of=tomorrow", 422),
            ("/reports/aging.csv?as_of=tomorrow", 422), ("/statements", 200), ("/statements?customer=K-3001", 200),
            ("/statements/K-3001.pdf", 200), ("/statements/K-3001", 303), ("/statements/K-3002.pdf", 404),
            ("/statements?customer=nobody", 422), ("/api/statements?customer=nobody", 404),
            ("/api/statements?customer=BOTH", 409), ("/statements?customer=BOTH", 300), ("/prices", 200),
            ("/api/prices", 200), ("/prices/STD", 200), ("/prices/none", 404), ("/api/prices/STD", 200),
            ("/products", 200), ("/api/products", 200), ("/prices.csv", 404),
            ("/customers/K-3001.pdf", 404), ("/invoices/RE-2026-4102", 200), ("/invoices/RE-2026-4102.pdf", 200),
            ("/invoices/none.pdf", 404), ("/invoices/none", 404), ("/api/invoices/none", 404), ("/search", 200),
            ("/search?q=brandt", 200), ("/api/search?q=brandt", 200), ("/api/search", 200), ("/customers/BOTH", 300),
            ("/api/customers/BOTH", 409), ("/customers/BOTH?seller=NL", 200), ("/customers/DOWN", 503),
            ("/customers/BUG", 500), ("/api/nowhere", 404), ("/search.pdf", 404),
        ])
    func statuses(target: String, status: Int) async {
        #expect(await Self.get(target).status == status)
    }

    @Test("any number opens its page, its PDF and its JSON", arguments: Fixture.oddNumbers)
    func oddNumbers(number: String) async throws {
        for (link, type) in [
            (Link("/invoices", name: number), "text/html; charset=utf-8"),
            (Link("/invoices", name: number, suffix: ".pdf"), "application/pdf"),
            (Link("/api/invoices", name: number), "application/json"),
            (Link("/invoices", name: number, suffix: ".json"), "application/json"),
            (Link("/customers", name: number), "text/html; charset=utf-8"),
        ] {
            let answer = await Self.get(link.text)
            #expect(answer.status == 200, "\(link)")
            #expect(answer.header("Content-Type") == type)
        }
        let page = try Markup(await Self.page(Link("/invoices", name: number).text))
        #expect(page.all("h1").first?.text == number)
        let pdf = try #require(page.all("a").first { $0.text == "PDF" }?.attributes["href"])
        #expect(await Self.get(pdf).body == Array("%PDF-1.7 \(number)".utf8))
    }

    @Test("every link of every page leads somewhere", arguments: pages)
    func links(target: String) async throws {
        for anchor in try Markup(await Self.page(target)).all("a") {
            let href = try #require(anchor.attributes["href"])
            if href.hasPrefix("mailto:") || href.hasPrefix("tel:") || href.hasPrefix("#") { continue }
            let status = await Self.get(href).status
            let known = [
                "/customers/K-3010", "/customers/K-3044", "/customers/K-3051", "/customers/K-3060",
                "/invoices/RE-2026-3688", "/invoices/RE-2026-4390", "/invoices/GS-2026-0391", target,
                // Places that other pages fill.
                "/bill", "/money", "/ask", "/disputes", "/settings",
            ]
            #expect(status == 200 || known.contains { href.hasPrefix($0.prefix { $0 != "?" }) }, "\(href)")
        }
    }

    @Test("texts from the books never become markup")
    func attack() async throws {
        let today = await Self.page("/")
        #expect(!today.contains("<script>alert") && today.contains("&lt;script&gt;alert(1)&lt;/script&gt; Ltd"))
        for target in [
            "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/nowhere/%22%3E%3Cscript%3E",
            "/?kind=%22onload=x&lang=%3Cb%3E&seller=%3Ci%3E",
        ] {
            let page = try Markup(await Self.page(target))
            #expect(page.all("script").count == 1 && page.all("b").isEmpty && page.all("i").isEmpty)
            #expect(page.elements.allSatisfy { $0.attributes.keys.allSatisfy { !$0.hasPrefix("on") && $0 != "style" } })
        }
    }

    @Test("one kind of work can be linked to")
    func kinds() async throws {
        let page = try Markup(await Self.page("/?kind=promise"))
        #expect(page.all("li").filter { $0.attributes["id"]?.hasPrefix("w-") == true }.count == 1)
        #expect(page.all("a").filter { $0.attributes["aria-current"] == "true" }.map(\.text) == ["Promises 1"])
    }

    @Test("a long worklist is counted, not drawn to its end")
    func long() async throws {
        let site = Workspace.site(source: Fixture(lines: 1000), fontFolder: nil)
        let html = String(decoding: await site.respond(method: "GET", target: "/").body, as: UTF8.self)
        #expect(html.contains("754 more, worth less"))
    }

    @Test("several sellers can be chosen between")
    func sellers() async throws {
        let site = Workspace.site(source: Fixture(sellers: [Fixture.seller, Fixture.other]), fontFolder: nil)
        let answer = await site.respond(method: "GET", target: "/?seller=NL")
        let page = try Markup(String(decoding: answer.body, as: UTF8.self))
        let choices = page.all("a").filter {
            $0.attributes["href"]?.contains("seller=") == true && $0.around.contains("nav")
        }
        #expect(choices.contains { $0.text == Fixture.other.name && $0.attributes["aria-current"] == "true" })
        #expect(choices.contains { $0.attributes["href"] == "/?seller=DE" })
        let both = await Self.page("/customers/BOTH?lang=de")
        #expect(both.contains("/customers/BOTH?lang=de&amp;seller=NL"))
    }

    @Test("a seller in the address tells numbers apart, and narrows neither Today nor the search")
    func sellerStaysHome() async throws {
        let page = try Markup(await Self.page("/customers/BOTH?seller=NL"))
        #expect(page.all("a").filter { $0.text.contains("Today") }.allSatisfy { $0.attributes["href"] == "/" })
        #expect(page.all("input").allSatisfy { $0.attributes["name"] != "seller" })
        let narrowed = try Markup(await Self.page("/?seller=DE"))
        #expect(narrowed.all("a").contains { $0.attributes["href"] == "/?kind=promise&seller=DE" })
    }

    @Test("a thousand open items stay in the balance, and are counted where they are not drawn")
    func manyItems() throws {
        let item = Fixture.customer.openItems[0]
        let many = CustomerView(
            number: "K-1", name: "Many", seller: Fixture.seller, asOf: Fixture.today,
            balances: Fixture.customer.balances, openItems: Array(repeating: item, count: 1203))
        let request = try WebRequest(method: "GET", target: "/customers/K-1")
        let shell = Shell(reader: Reader(request), assets: Assets(fontFolder: nil), request: request)
        let html = String(decoding: CustomerPage(view: many, shell: shell).render().bytes, as: UTF8.self)
        #expect(html.contains("953 more are in the balance and not drawn here."))
        #expect(try Markup(html).all("tbody").count == 2)
    }

    @Test("a spark line tells in words what it draws, also when nothing moves")
    func sparks() throws {
        var html = HTML()
        html.spark(["5", "5", "5"].compactMap { Figure($0) }, label: "flat")
        html.spark(["1", "-3", "2.5"].compactMap { Figure($0) }, label: "wild")
        html.spark([], label: "none")
        let drawn = try Markup(String(decoding: html.bytes, as: UTF8.self))
        #expect(drawn.all("svg").compactMap { $0.attributes["aria-label"] } == ["flat", "wild"])
        #expect(
            drawn.all("polyline").compactMap { $0.attributes["points"] } == [
                "20,130 545,130 1070,130", "20,85 545,230 1070,30",
            ])
    }

    @Test("German is German, days and amounts too")
    func german() async throws {
        let page = await Self.page("/customers/K-3001", language: "de-AT,en;q=0.5")
        for text in [
            "lang=\"de\"", "18.440,10", "−500,00", "11.09.2026", "73 Tage überfällig", "Saldo am 23.11.2026",
            "Gutschrift",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(await Self.page("/?lang=de").contains("Montag, 23. November"))
        #expect(await Self.page("/?lang=de").contains("/customers/K-3010?seller=DE&amp;lang=de"))
        #expect(await Self.page("/nowhere?lang=de").contains("Diese Seite gibt es nicht."))
    }

    @Test("English says days short and figures with a real minus")
    func english() async {
        let page = await Self.page("/customers/K-3001")
        for text in [
            "18,440.10", "−500.00", "11\u{00A0}Sep", "73 days late", "9\u{00A0}Nov\u{00A0}2025", "1,240.00 disputed",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("-500.00") && !page.contains("-612.85"))
    }

    @Test("a document in a sentence is the link, wherever it stands in it")
    func sentenceLinks() async throws {
        let page = try Markup(await Self.page("/customers/K-3001"))
        let row = try #require(page.all("td").first { $0.text.contains("Promise broken: 4,312.36") })
        #expect(row.text == "Promise: Promise broken: 4,312.36 promised for 16 Nov for RE-2026-4102 has not arrived.")
    }
}
