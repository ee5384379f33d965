import Database
import Foundation
import TestSupport
import Testing

/// Customers, reports, statements and prices as `duly serve` shows them, beside what the commands say of the same books.
@Suite("The reading places, served", .serialized)
struct ReadingPagesTests {
    static let engines: [Engine] = [.sqlite, .postgres]
    private static func office(_ engine: Engine) async throws -> String {
        try ServeTests.office(
            in: engine == .sqlite ? CommandLineTests.books() : try await TestDatabases.freshServerDatabase())
    }

    @Test("the list of customers, filtered, sorted and summed", arguments: engines)
    func customers(engine: Engine) async throws {
        let server = try ServeTests.Server(try await Self.office(engine))
        defer { server.close() }
        let all = try await server.json("api/customers")
        let items = try #require(all["items"] as? [[String: Any]])
        #expect(items.map { $0["customer"] as? String } == ["K2", "K1"])
        #expect(items.map { $0["standing"] as? String } == ["in-terms", "overdue"])
        #expect(items[1]["ages"] as? [String] == ["0.00", "0.00", "225.54", "0.00", "0.00"])
        let sum = try #require(all["all"] as? [String: Any])
        #expect(sum["open"] as? String == "475.54" && sum["overdue"] as? String == "225.54")
        let overdue = try await server.json("api/customers?standing=overdue&sort=name")
        #expect((overdue["items"] as? [[String: Any]])?.map { $0["customer"] as? String } == ["K1"])
        #expect((overdue["shown"] as? [String: Any])?["customers"] as? Int == 1)
        #expect((overdue["all"] as? [String: Any])?["customers"] as? Int == 2)
        #expect(try await server.page("customers").contains("Möwe &amp; Söhne KG"))
    }

    @Test("a command carried out meanwhile shows in the list", arguments: engines)
    func fresh(engine: Engine) async throws {
        let books = try await Self.office(engine)
        let server = try ServeTests.Server(books)
        defer { server.close() }
        func open() async throws -> String? {
            (try await server.json("api/customers")["all"] as? [String: Any])?["open"] as? String
        }
        #expect(try await open() == "475.54")
        let credited = try ServeTests.duly(
            ["invoice", "credit", "RE-2026-0001", "--books", books, "--today", "2026-03-31"])
        #expect(credited.status == 0, "\(credited.error)")
        #expect(try await open() == "250.00")
    }

    @Test(
        "each report is the command's, as JSON and as CSV, and has a page",
        arguments: ["aging", "rollforward", "dso", "collections", "late", "unbilled", "journal"])
    func reports(name: String) async throws {
        let books = try ServeTests.office()
        let server = try ServeTests.Server(books)
        defer { server.close() }
        let asked = ["report", name, "--books", books, "--today", "2026-03-31", "--as-of", "2026-03-31"]
        for (format, option) in [("csv", "--csv"), ("json", "--json")] {
            let told = try ServeTests.duly(asked + [option])
            #expect(told.status == 0, "\(told.error)")
            let shown = try await server.get("reports/\(name).\(format)?as_of=2026-03-31")
            #expect(shown.status == 200)
            #expect(String(decoding: shown.body, as: UTF8.self) == told.out)
        }
        _ = try await server.page("reports/\(name)?as_of=2026-03-31")
        _ = try await server.page("reports/\(name)?lang=de")
    }

    @Test("each report is a workbook as the command writes it, and no table begins a formula")
    func spreadsheets() async throws {
        let books = try ServeTests.office()
        let folder = try TestFolder.fresh("sheets")
        func bring(_ kind: String, _ text: String) throws {
            let file = folder.appendingPathComponent("\(kind).csv")
            try text.write(to: file, atomically: true, encoding: .utf8)
            let told = try ServeTests.duly(["import", kind, file.path, "--books", books, "--today", "2026-03-31"])
            #expect(told.status == 0, "\(told.error)")
        }
        try bring("customers", "customer_id,name,country\nK9,'=HYPERLINK(1) KG,DE\n")
        try bring(
            "invoices",
            """
            invoice_no,type,customer_id,issue_date,due_date,currency,gross
            F-1,invoice,K9,2026-03-01,2026-03-15,EUR,10.00

            """)
        let server = try ServeTests.Server(books)
        defer { server.close() }
        for name in ["aging", "rollforward", "dso", "collections", "late", "unbilled", "journal"] {
            let out = folder.appendingPathComponent("\(name).xlsx")
            let asked = ["report", name, "--books", books, "--today", "2026-03-31", "--as-of", "2026-03-31"]
            let head = try await server.get("reports/aging.json?as_of=2026-03-31")
            let settled = try #require(
                (try JSONSerialization.jsonObject(with: head.body) as? [String: Any])?["known_at"] as? String)
            let told = try ServeTests.duly(asked + ["--known-at", settled, "--format", "xlsx", "--out", out.path])
            #expect(told.status == 0, "\(told.error)")
            let shown = try await server.get("reports/\(name).xlsx?as_of=2026-03-31&known_at=\(settled)")
            #expect(shown.status == 200 && shown.type.hasSuffix("spreadsheetml.sheet"))
            #expect(shown.body == (try Data(contentsOf: out)), "\(name)")
            let table = try await server.get("reports/\(name).csv?as_of=2026-03-31")
            let text = String(decoding: table.body, as: UTF8.self)
            #expect(!text.contains(",=") && !text.contains(",\"="), "\(name)")
            if name == "aging" { #expect(text.contains("'=HYPERLINK(1) KG")) }
        }
        #expect(try await server.get("reports/aging.pdf").status == 404)
    }

    @Test("what only the pages have: open items, placed money, open work", arguments: engines)
    func more(engine: Engine) async throws {
        let server = try ServeTests.Server(try await Self.office(engine))
        defer { server.close() }
        let items = try await server.json("reports/open-items.json?bucket=31-60&currency=EUR")
        #expect((items["items"] as? [[String: Any]])?.map { $0["number"] as? String } == ["RE-2026-0001"])
        #expect(try await server.page("reports/open-items?customer=K2").contains("ALT-9"))
        _ = try await server.page("reports/placed")
        #expect(try await server.page("reports").contains("role=\"img\""))
        let late = try await server.get("reports/aging?known_at=2999-01-01T00:00:00Z")
        #expect(late.status == 422)
        #expect(String(decoding: late.body, as: UTF8.self).contains("aria-invalid=\"true\""))
    }

    @Test("the statement on the screen has the figures of the command and of the paper", arguments: engines)
    func statements(engine: Engine) async throws {
        let books = try await Self.office(engine)
        let server = try ServeTests.Server(books)
        defer { server.close() }
        let told = try ServeTests.duly(
            ["statement", "show", "--customer", "K1", "--books", books, "--today", "2026-03-31", "--json"])
        let list = try #require(try JSONSerialization.jsonObject(with: Data(told.out.utf8)) as? [String: Any])
        let sheet = try #require((list["items"] as? [[String: Any]])?.first)
        let view = try await server.json("api/statements?customer=K1")
        let statement = try #require((view["statements"] as? [[String: Any]])?.first)
        for key in ["total", "unallocated", "net", "disputed", "due_now", "known_at", "currency"] {
            #expect(sheet[key] as? String == statement[key] as? String, "\(key)")
        }
        #expect(try await server.page("statements?customer=K1").contains("225.54"))
        let paper = try await server.get("statements/K1.pdf")
        #expect(paper.type == "application/pdf" && paper.body.starts(with: Data("%PDF-".utf8)))
        let again = try await server.get("statements/K1.pdf")
        #expect(again.body == paper.body)
    }

    @Test("prices, taxes and articles, as imported", arguments: engines)
    func prices(engine: Engine) async throws {
        let server = try ServeTests.Server(try await Self.office(engine))
        defer { server.close() }
        let prices = try await server.json("api/prices")
        let lists = try #require(prices["lists"] as? [[String: Any]])
        #expect(lists.map { $0["name"] as? String } == ["STD"] && lists[0]["articles"] as? Int == 1)
        #expect((prices["taxes"] as? [[String: Any]])?.first?["rate"] as? String == "19")
        let list = try await server.json("api/prices/STD")
        let article = try #require((list["articles"] as? [[String: Any]])?.first)
        #expect(article["sku"] as? String == "L1" && article["name"] as? String == "Lantern")
        #expect((article["steps"] as? [[String: Any]])?.first?["price"] as? String == "19.95")
        #expect(try await server.page("prices/STD?lang=de").contains("Laterne"))
        #expect(try await server.page("products").contains("Lantern"))
    }
}
