import Foundation
import Ledger
import Money
import Testing
import Web

@testable import Workspace

@Suite("the reading places") struct ReadingTests {
    private func markup(_ target: String, language: String = "en") async throws -> Markup {
        try Markup(await PagesTests.page(target, language: language))
    }

    @Test("the rail has ten places, the bar of a telephone five, and the page of all places has the rest")
    func frame() async throws {
        let page = try await markup("/customers")
        let entries = page.all("li").filter { $0.around.contains("nav") && $0.around.last == "ul" }
        #expect(entries.filter { $0.attributes["class"] != "more" }.count == 10)
        #expect(
            entries.filter { $0.attributes["class"] != "far" }.map { $0.text.filter(\.isLetter) } == [
                "Today", "Customers", "Bill", "Moneyin", "More",
            ])
        let all = try await markup("/places").all("a").compactMap { $0.attributes["href"] }
        for place in Place.onRail { #expect(all.contains(place.path.description)) }
    }

    @Test("the list says its filters, its order and its place in the address")
    func addresses() async throws {
        let page = try await markup("/customers?country=IT&sort=name&standing=overdue")
        let links = page.all("a").compactMap { $0.attributes["href"] }
        #expect(links.contains("/customers?standing=overdue&country=IT&sort=name&after=49.K"))
        #expect(links.contains("/customers?standing=overdue&country=IT&sort=name&order=reversed"))
        #expect(links.contains("/customers?standing=overdue&country=IT"))
        #expect(links.contains("/customers?country=IT&sort=name"))
        let sorted = page.all("th").filter { $0.attributes["aria-sort"] != nil }
        #expect(sorted.map { $0.attributes["aria-sort"] } == ["ascending"])
        #expect(sorted[0].text.hasPrefix("Customer"))
    }

    @Test("ages are told in words and figures, and drawn on one scale")
    func ages() async throws {
        let page = try await markup("/customers")
        let bars = page.all("svg").filter { $0.attributes["viewBox"] == "0 0 1500 8" }
        #expect(
            bars.first?.attributes["aria-label"]
                == "31–60 days 18,640.00, 61–90 days 24,310.00, over 90 days 19,530.00")
        let widths = page.all("rect").filter { $0.attributes["height"] == "8" }.compactMap {
            $0.attributes["width"].flatMap { Int($0) }
        }
        #expect(widths.prefix(3).reduce(0, +) > 1440 && widths.allSatisfy { $0 <= 1500 })
        #expect(page.all("td").contains { $0.text == "104\u{00A0}%" && $0.attributes["class"] == "n wide past" })
    }

    @Test("an empty place says what will be here and three ways to get it in; what is not allowed is not offered")
    func empty() async throws {
        let page = try await markup("/customers?currency=NOK")
        #expect(page.all("h1").count == 1)
        var request = try WebRequest(method: "GET", target: "/customers")
        let asked = CustomersQuery()
        func forms() throws -> [Markup.Element] {
            let shell = Shell(reader: Reader(request), assets: Assets(fontFolder: nil), request: request)
            let html = CustomersPage(view: Fixture.nobody, asked: asked, shell: shell).render()
            return try Markup(String(decoding: html.bytes, as: UTF8.self)).all("form")
        }
        let actions = try forms().compactMap { $0.attributes["action"] }
        #expect(actions.contains("/do/import/customers") && actions.contains("/do/import/invoices"))
        request.session = WebSession(user: "reader", role: "Auditor", formToken: "t", may: { _ in false })
        #expect(try forms().allSatisfy { $0.attributes["action"]?.hasPrefix("/do/") == false })
    }

    @Test("a report's figures lead to what they are made of, at the same two clocks")
    func doors() async throws {
        let page = try await markup("/reports/aging?as_of=2026-10-31&known_at=2026-11-04T09:00:00Z")
        let links = page.all("a").compactMap { $0.attributes["href"] }
        #expect(
            links.contains {
                $0.hasPrefix("/reports/open-items?") && $0.contains("as_of=2026-10-31") && $0.contains("bucket=1-30")
                    && $0.contains("customer=K-3001") && $0.contains("known_at=2026-11-04T09%3A00%3A00.000000Z")
            })
        #expect(links.contains { $0.hasPrefix("/reports/aging.csv?as_of=2026-10-31") })
        #expect(links.contains("/customers/K-3001?seller=DE"))
        #expect(
            page.all("input").contains { $0.attributes["name"] == "as_of" && $0.attributes["value"] == "2026-10-31" })
    }

    @Test(
        "an instant may be typed short",
        arguments: [
            ("2026-11-04T09:00:00.000000Z", "2026-11-04T09:00:00.000000Z"),
            ("2026-11-04T09:00:00Z", "2026-11-04T09:00:00.000000Z"),
            ("2026-11-04T09:00", "2026-11-04T09:00:59.999999Z"),
            ("2026-11-04", "2026-11-04T23:59:59.999999Z"),
        ])
    func instants(typed: String, instant: String) throws {
        let request = try WebRequest(method: "GET", target: "/reports/aging?known_at=\(typed)")
        #expect(ReportForm(.aging, request).asked.knownAt == Instant(instant))
    }

    @Test("what cannot be read is said at its field, and what was typed stays")
    func fieldErrors() async throws {
        let page = try await markup("/reports/aging?as_of=tomorrow&known_at=soon")
        let field = try #require(page.all("input").first { $0.attributes["name"] == "as_of" })
        #expect(field.attributes["value"] == "tomorrow" && field.attributes["aria-invalid"] == "true")
        let note = field.attributes["aria-describedby"] ?? ""
        #expect(page.elements.contains { $0.attributes["id"] == note && $0.text.contains("“tomorrow” is not a day") })
        let summary = try #require(page.all("div").first { $0.attributes["role"] == "alert" })
        #expect(summary.text.contains("2 fields need another look"))
        #expect(page.all("table").isEmpty)
    }

    @Test("every plot says in words what it draws", arguments: ["aging", "rollforward", "dso", "collections", "late"])
    func plots(report: String) async throws {
        for language in ["en", "de"] {
            let page = try await markup("/reports/\(report)", language: language)
            let plot = try #require(page.all("svg").first { $0.attributes["aria-describedby"] == "plot-0-words" })
            #expect(plot.attributes["role"] == "img")
            #expect(page.all("desc").first?.text.isEmpty == false)
            #expect(page.all("title").contains { $0.around.last == "svg" && !$0.text.isEmpty })
        }
    }

    @Test("a bridge begins and ends on the ground, and its parts hang on each other")
    func bridge() async throws {
        let page = try await markup("/reports/rollforward")
        let rects = page.all("rect").filter { ["sum", "subject", "minus"].contains($0.attributes["class"]) }
        let spans = rects.map { rect in
            let y = Int(rect.attributes["y"] ?? "") ?? 0
            return (y, y + (Int(rect.attributes["height"] ?? "") ?? 0))
        }
        #expect(spans.count == 4)
        // 100 up from zero, 50 on top of it, 170 down from there, ending 20 below zero.
        #expect(spans[1].1 == spans[0].0)
        #expect(spans[2].0 == spans[1].0 && spans[2].1 == spans[3].1)
        #expect(spans[3].0 == spans[0].1)
    }

    @Test(
        "steps of a scale are round, and at most four reach the top",
        arguments: [1, 7, 99, 12_345, 10_000_000_000] as [Int64])
    func scale(top: Int64) {
        let step = PlotDrawing.step(for: top)
        #expect(step * 4 >= top)
        let digits = String(step).filter { $0 != "0" }
        #expect(["1", "2", "25", "5"].contains(digits))
    }

    @Test("a statement shows the paper's figures and leads to the paper")
    func statement() async throws {
        let page = try await markup("/statements?customer=K-3001&as_of=2026-11-20")
        let links = page.all("a").compactMap { $0.attributes["href"] }
        #expect(links.contains("/statements/K-3001.pdf?as_of=2026-11-20&seller=DE"))
        for text in ["8,538.53", "−500.00", "4,726.17\u{00A0}EUR", "73 days late", "1,240.00 of it in question"] {
            #expect(page.all("main")[0].text.contains(text), "\(text)")
        }
        let answer = await PagesTests.get("/statements/K-3001.pdf")
        #expect(answer.header("Content-Type") == "application/pdf")
    }

    @Test("the run of all statements is a form of its command that says its day")
    func run() async throws {
        let page = try await markup("/statements?as_of=2026-10-31")
        let form = try #require(page.all("form").first { $0.attributes["action"] == "/do/statement/run" })
        #expect(form.text.contains("Write all as of 31\u{00A0}Oct\u{00A0}2026"))
        let fields = Dictionary(
            page.all("input").filter { $0.around.last == "form" && $0.attributes["type"] == "hidden" }.map {
                ($0.attributes["name"] ?? "", $0.attributes["value"] ?? "")
            }, uniquingKeysWith: { first, _ in first })
        #expect(fields["all"] == "true" && fields["as-of"] == "2026-10-31" && fields["kind"] == "open-item")
    }

    @Test("validity is drawn as gone, in force and to come")
    func validity() async throws {
        let page = try await markup("/prices")
        let looks = page.all("rect").compactMap { $0.attributes["class"] }.filter { $0.hasPrefix("span") }
        #expect(looks == ["span gone", "span", "span comes"])
        #expect(page.all("text").contains { $0.text.hasPrefix("today, 23") })
    }

    @Test("a price list shows the steps in force, and what comes")
    func steps() async throws {
        let page = try await markup("/prices/STD")
        let cells = page.all("td").map(\.text)
        #expect(
            cells.contains("9.20") && cells.contains("8.40")
                && cells.contains { $0.hasPrefix("9.40 from 1\u{00A0}Jan") })
        #expect(page.all("svg").contains { $0.attributes["aria-label"] == "Steps: from 1: 9.20, from 51: 8.40" })
    }

    @Test("lists, statements and prices read the same from JSON")
    func json() async throws {
        func again<View: Codable & Equatable>(_ view: View) throws {
            #expect(try JSONDecoder().decode(View.self, from: Data(WebResponse.json(view).body)) == view)
        }
        let fixture = Fixture()
        try again(try await fixture.customers(CustomersQuery(), language: .english))
        try again(try await fixture.statements(StatementsQuery(customer: "K-3001")))
        try again(try await fixture.prices())
        try again(try #require(try await fixture.priceList("STD", currency: nil, after: nil, language: .german)))
        try again(try await fixture.products(after: nil, language: .english))
        let csv = await PagesTests.get("/reports/aging.csv")
        #expect(csv.header("Content-Type") == "text/csv; charset=utf-8")
        #expect(String(decoding: csv.body, as: UTF8.self).hasPrefix("seller,customer\n"))
        #expect((await PagesTests.get("/api/reports/aging")).header("Content-Type") == "application/json")
    }

    @Test("a page of fifty customers, and the widest reports, stay below 200 KB")
    func size() async throws {
        let line = Fixture.standings[0]
        let request = try WebRequest(method: "GET", target: "/customers?lang=de&standing=overdue&country=DE")
        let shell = Shell(reader: Reader(request), assets: Assets(fontFolder: nil), request: request)
        let few = try await Fixture().customers(CustomersQuery(), language: .german)
        let many = CustomersView(
            asOf: few.asOf, currency: "EUR", currencies: ["EUR"], sellers: few.sellers,
            items: Array(repeating: line, count: 50), next: "49.K", shown: few.shown, all: few.all,
            filters: few.filters, countries: few.countries, longest: Fixture.eur("62480.00"))
        #expect(CustomersPage(view: many, asked: CustomersQuery(), shell: shell).render().bytes.count < 200_000)
    }
}
