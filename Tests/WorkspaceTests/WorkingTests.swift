import Foundation
import Money
import Testing
import Web

@testable import Workspace

@Suite("pages of work") struct WorkingTests {
    static let pages = [
        "/money", "/money?receipt=0EK3A7Q2M1D02", "/money?show=placed", "/money?show=account", "/money?q=nothing",
        "/money?receipt=0EK3A7Q2M1D01&take=RE%2F2026%2F0007", "/money/statements", "/bill", "/bill?show=stopped",
        "/bill/drafts/0EK3A7Q2M1E01", "/bill/drafts/0EK3A7Q2M1E03", "/ask", "/ask/letters",
        "/ask/letters?state=refused",
        "/ask/policy", "/disputes", "/settings", "/search?q=bill",
    ]

    static func markup(_ target: String, language: String = "en") async throws -> Markup {
        try Markup(await PagesTests.page(target, language: language))
    }

    @Test("each answers as page and as JSON", arguments: pages)
    func both(target: String) async throws {
        #expect(await PagesTests.get(target).status == 200)
        let answer = await PagesTests.get("/api\(target)")
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        #expect(try JSONSerialization.jsonObject(with: Data(answer.body)) is [String: Any])
    }

    @Test("a draft that is not there has its page, too")
    func noDraft() async { #expect(await PagesTests.get("/bill/drafts/nothing").status == 404) }

    @Test("well formed, named, labelled, in both languages", arguments: pages, PagesTests.languages)
    func structure(target: String, language: String) async throws {
        let page = try await Self.markup(target, language: language)
        #expect(page.all("html").first?.attributes["lang"] == language)
        #expect(page.all("h1").count == 1)
        let labels = Set(page.all("label").compactMap { $0.attributes["for"] })
        for input in page.all("input") + page.all("select") where input.attributes["type"] != "hidden" {
            #expect(labels.contains(input.attributes["id"] ?? ""), "\(input.attributes)")
        }
        let ids = page.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count, "\(ids)")
        for head in page.all("th") {
            #expect(
                ["col", "row"].contains(head.attributes["scope"] ?? "") && !head.text.isEmpty, "\(head.attributes)")
        }
        for nav in page.all("nav") + page.all("aside") { #expect(nav.attributes["aria-label"]?.isEmpty == false) }
        let levels = page.elements.compactMap {
            $0.name.count == 2 && $0.name.hasPrefix("h") ? Int($0.name.dropFirst()) : nil
        }
        #expect(levels.first == 1 && zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(levels)")
        #expect(page.elements.filter { $0.attributes["autofocus"] != nil }.count <= 1)
    }

    @Test("every link of ours leads somewhere", arguments: pages)
    func links(target: String) async throws {
        let elsewhere = ["/settings/users", "/settings/account", "/import", "/commands", "/customers/", "/invoices/"]
        for anchor in try await Self.markup(target).all("a") {
            let href = try #require(anchor.attributes["href"])
            guard !href.hasPrefix("#"), !elsewhere.contains(where: { href.hasPrefix($0) }) else { continue }
            let path = href.prefix { $0 != "?" }
            let places = ["/customers", "/prices", "/statements", "/reports"]
            guard !places.contains(where: { path == $0 }) else { continue }
            #expect(await PagesTests.get(href).status == 200, "\(href)")
        }
    }

    @Test("every form carries out a command, with its token and its way back", arguments: pages)
    func forms(target: String) async throws {
        for form in try await Self.markup(target).all("form") where form.attributes["method"] == "post" {
            let action = try #require(form.attributes["action"])
            #expect(action.hasPrefix("/do/") || action == "/sign-out", "\(action)")
        }
    }

    @Test("texts of the bank, of checks and of mail servers never become markup", arguments: ["en", "de"])
    func attack(language: String) async throws {
        for target in Self.pages {
            let page = await PagesTests.page(target, language: language)
            for raw in ["<i>Grün", "</p><b>", "550 <no>", "<broken>", "<u>Reden"] {
                #expect(!page.contains(raw), "\(target): \(raw)")
            }
        }
    }

    /// The values of a form's fields of one name, in order.
    private func values(_ target: String, action: String, _ name: String) async throws -> [String] {
        let html = await PagesTests.page(target)
        let parts = html.components(separatedBy: "action=\"\(action)\"").dropFirst()
        let form = try #require(parts.first?.components(separatedBy: "</form>").first)
        return form.components(separatedBy: "name=\"\(name)\"").dropFirst().compactMap { piece in
            piece.firstMatch(of: /value="([^"]*)"/).map { String($0.1) }
        }
    }

    @Test("accepting a proposal names every document with its amount, and what is written off once for each")
    func accept() async throws {
        #expect(try await values("/money", action: "/do/cash/apply", "invoice") == ["RE-2026-4102", "RE/2026/0007"])
        #expect(try await values("/money", action: "/do/cash/apply", "amount") == ["4282.36", "2036.04"])
        #expect(try await values("/money", action: "/do/cash/apply", "write-off") == ["30.00", "0.00"])
        #expect(try await values("/money", action: "/do/cash/apply", "reason") == ["bank-fee"])
        let back = try await values("/money", action: "/do/cash/apply", "_back")
        #expect(back == ["/money?receipt=0EK3A7Q2M1D02"])
        let page = try await Self.markup("/money")
        #expect(page.all("button").first { $0.attributes["data-focus"] != nil }?.attributes["data-key"] == "a")
    }

    @Test("what is taken by hand is spread over amounts that can be changed")
    func split() async throws {
        let target = "/money?receipt=0EK3A7Q2M1D01&take=RE%2F2026%2F0007"
        #expect(try await values(target, action: "/do/cash/apply", "invoice") == ["RE/2026/0007"])
        let page = try await Self.markup(target)
        let amount = try #require(page.all("input").first { $0.attributes["name"] == "amount" })
        #expect(amount.attributes["value"] == "2036.04" && amount.attributes["type"] == "text")
    }

    @Test("sentences from the books carry amounts and days as the reader writes them")
    func prose() {
        let text = "17299.93 EUR came on 2026-10-19 for LW-2026-000299; -5.00 EUR stay, 1.250 KWD too."
        #expect(
            WordsTests.german.prose(text)
                == "17.299,93\u{00A0}EUR came on 19.10.2026 for LW-2026-000299; \u{2212}5,00\u{00A0}EUR stay, 1,250\u{00A0}KWD too."
        )
        #expect(
            WordsTests.german.prose("The text names 2 items from RE-7") == "Der Text nennt 2 Posten ab RE-7"
                && WordsTests.german.prose("The payer's name is new.") == "Der Name des Zahlers ist neu."
                && WordsTests.german.prose(
                    "RE-7: It is on hold until 2026-10-19: ill. Lift the hold when its reason is gone.")
                    == "RE-7: Er ist gesperrt bis 19.10.2026: ill. Die Sperre aufheben, wenn ihr Grund entfallen ist."
        )
        #expect(WordsTests.english.prose("12 cans of RE-2026-10-19") == "12 cans of RE-2026-10-19")
    }

    @Test("a placed line is taken back by one form")
    func unapply() async throws {
        #expect(try await values("/money?show=placed", action: "/do/cash/unapply", "receipt") == ["0EK3A7Q2M1D09"])
    }

    @Test("clean drafts are selected, others are not, and the numbers are named before")
    func drafts() async throws {
        let page = try await Self.markup("/bill")
        let boxes = page.all("input").filter { $0.attributes["name"] == "drafts" }
        #expect(boxes.map { $0.attributes["checked"] != nil } == [false, false, true])
        #expect(page.all("main").first?.text.contains("RE-2026-004501 to RE-2026-004503") == true)
        #expect(page.all("main").first?.text.contains("+105") == true)
        #expect(page.all("main").first?.text.contains("\u{2212}9") == true)
    }

    @Test(
        "the difference to last time is rounded half away from zero",
        arguments: [(1050, 1000, 5), (1005, 1000, 1), (995, 1000, -1), (0, 1000, -100), (1004, 1000, 0)])
    func change(now: Int64, before: Int64, percent: Int) {
        #expect(DraftRow.percent(now, of: before) == percent)
    }

    @Test("only a refused or uncertain letter asks for a person's word")
    func words() async throws {
        let forms = try await Self.markup("/ask/letters").all("form").compactMap { $0.attributes["action"] }
        #expect(forms.filter { $0 == "/do/message/send-again" }.count == 2)
        #expect(forms.filter { $0 == "/do/message/arrived" }.count == 2)
    }

    @Test("the letter is read in the customer's language, and can be left out")
    func letter() async throws {
        let page = try await Self.markup("/ask")
        #expect(page.all("article").first?.attributes["lang"] == "de")
        #expect(page.all("input").contains { $0.attributes["name"] == "without" && $0.attributes["value"] == "K-3001" })
        #expect(try await values("/ask", action: "/do/reminder/run", "_token").count == 1)
    }

    @Test("what is not allowed is not offered", arguments: pages)
    func allowed(target: String) async throws {
        var site = PagesTests.site
        site.gate = { $0.session = WebSession(user: "reader", role: "auditor", formToken: "t", may: { _ in false }) }
        let answer = await site.respond(method: "GET", target: target, headers: [])
        #expect(answer.status == 200)
        let page = try Markup(String(decoding: answer.body, as: UTF8.self))
        let forms = page.all("form").filter { $0.attributes["method"] == "post" }
        let actions = forms.compactMap { $0.attributes["action"] }.filter { $0 != "/sign-out" }
        // The frame of a list stays a form; without a button it cannot be sent.
        let buttons = page.all("button").filter { $0.attributes["type"] == "submit" && $0.text != "Sign out" }
        #expect(actions.isEmpty || buttons.allSatisfy { $0.text.hasPrefix("Search") || $0.text.hasPrefix("Split") })
    }

    @Test("the palette offers places and work by their words, in both languages")
    func deeds() async throws {
        for (query, path) in [
            ("bill", "/bill"), ("mahn", "/ask"), ("close per", "/settings"), ("bankd", "/money/statements"),
        ] {
            let answer = await PagesTests.get("/api/search?q=\(query.replacing(" ", with: "+"))")
            let found = try JSONDecoder().decode(SearchView.self, from: Data(answer.body))
            #expect(found.doing.contains { $0.path == path }, "\(query): \(found.doing)")
        }
    }

    @Test("the script balances its brackets and speaks both languages")
    func script() {
        for (open, close) in [("(", ")"), ("{", "}"), ("[", "]")] as [(Character, Character)] {
            // Brackets in texts come in pairs, but for the keys `[` and `]`.
            #expect(Script.source.filter { $0 == open }.count == Script.source.filter { $0 == close }.count)
        }
        #expect(Script.source.contains("alle Tasten") && !Script.source.contains("innerHTML"))
    }
}
