import Foundation
import Host
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `duly serve`, started as a person starts it, over books that commands made.
@Suite("The pages, served", .serialized)
struct ServeTests {
    /// Books with an invoice of ours that is overdue, an older one from elsewhere, and its customers.
    static func office(in books: String = CommandLineTests.books()) throws -> String {
        let folder = try TestFolder.fresh()
        func file(_ name: String, _ text: String) throws -> String {
            let file = folder.appendingPathComponent(name)
            try text.write(to: file, atomically: true, encoding: .utf8)
            return file.path
        }
        func run(_ arguments: String...) throws {
            let done = try duly(arguments + ["--books", books, "--today", "2026-03-31"])
            #expect(done.status == 0, "\(arguments): \(done.error)")
        }
        try run(
            "init", "--seller", "Uferlicht Werkstätten GmbH", "--country", "DE", "--currency", "EUR", "--series",
            "RE-{year}-{n:4}", "--street", "Am Ufer 3", "--postcode", "28195", "--city", "Bremen", "--email",
            "post@uferlicht.example", "--iban", "DE89370400440532013000")
        try run(
            "import", "customers",
            file(
                "customers.csv",
                """
                customer_id,name,country,currency,street,postcode,city,email,payment_terms_days,price_list
                K1,Möwe & Söhne KG,DE,EUR,Deichweg 7,27568,Bremerhaven,kasse@moewe.example,14,STD
                K2,Kranich OHG,DE,EUR,Moorstraße 2,28217,Bremen,,30,STD

                """))
        try run(
            "import", "products",
            file("products.csv", "sku,name_de,name_en,unit,tax_category\nL1,Laterne,Lantern,C62,S\n"))
        try run(
            "import", "prices",
            file("prices.csv", "price_list,sku,currency,min_qty,unit_price,valid_from\nSTD,L1,EUR,1,19.95,2026-01-01\n")
        )
        try run(
            "import", "tax-rates",
            file(
                "taxes.csv",
                "country,state,tax_category,vat_category,rate_percent,valid_from\nDE,,S,S,19,2026-01-01\n"))
        try run(
            "import", "orders",
            file(
                "orders.csv",
                """
                order_id,line_no,customer_id,currency,order_date,po_number,sku,quantity,discount_pct
                A-1,1,K1,EUR,2026-02-02,PO-77,L1,10,5

                """))
        try run("bill", "--through", "2026-03-31", "--issue")
        try run(
            "import", "invoices",
            file(
                "history.csv",
                """
                invoice_no,type,customer_id,issue_date,due_date,currency,gross
                ALT-9,invoice,K2,2026-03-20,2026-04-20,EUR,250.00

                """))
        return books
    }

    static func duly(_ arguments: [String]) throws -> (status: Int32, out: String, error: String) {
        let process = ChildProcess()
        process.executableURL = program
        process.arguments = arguments
        let (out, error) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, said)
    }

    static var program: URL? {
        if let built = ProcessInfo.processInfo.environment["DULY_PROGRAM"] { return URL(fileURLWithPath: built) }
        return Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("duly")
    }

    /// A server on a free port, and the address it says it has.
    struct Server {
        let process = ChildProcess()
        let address: String

        init(_ books: String) throws {
            process.executableURL = ServeTests.program
            process.arguments = ["serve", "--open", "--books", books, "--port", "0", "--today", "2026-03-31", "--json"]
            let out = Pipe()
            process.standardOutput = out
            process.standardError = FileHandle.nullDevice
            try process.run()
            var line = Data()
            while !line.contains(10), case let more = out.fileHandleForReading.availableData, !more.isEmpty {
                line += more
            }
            let said = try JSONDecoder().decode([String: String].self, from: line)
            address = try #require(said["url"])
        }

        func close() { process.terminate() }

        func get(_ path: String) async throws -> (status: Int, type: String, body: Data) {
            let url = try #require(URL(string: address + path))
            let (body, response) = try await URLSession.shared.data(from: url)
            let http = try #require(response as? HTTPURLResponse)
            return (http.statusCode, http.value(forHTTPHeaderField: "Content-Type") ?? "", body)
        }

        func page(_ path: String) async throws -> String {
            let answer = try await get(path)
            #expect(answer.status == 200, "\(path)")
            #expect(answer.type.hasPrefix("text/html"))
            return String(decoding: answer.body, as: UTF8.self)
        }

        func json(_ path: String) async throws -> [String: Any] {
            let answer = try await get(path)
            #expect(answer.status == 200, "\(path)")
            return try #require(try JSONSerialization.jsonObject(with: answer.body) as? [String: Any])
        }
    }

    @Test("today, a customer, an invoice and a search, each as page and as JSON, from one set of books")
    func pages() async throws {
        let server = try Server(try Self.office())
        defer { server.close() }

        let today = try await server.json("api/today")
        let figures = try #require(today["figures"] as? [[String: Any]])
        let overdue = try #require(figures.first { $0["kind"] as? String == "overdue" })
        // 10 × 19.95 less 5 % = 189.53 net, 36.01 VAT.
        #expect(overdue["value"] as? String == "225.54")
        #expect(overdue["currency"] as? String == "EUR")
        let work = try #require(today["worklist"] as? [[String: Any]])
        #expect(work.contains { $0["kind"] as? String == "overdue" && $0["customer"] as? String == "K1" })
        #expect(try await server.page("").contains("Möwe &amp; Söhne KG"))

        let customer = try await server.json("api/customers/K1")
        let balance = try #require((customer["balances"] as? [[String: Any]])?.first)
        #expect(balance["total"] as? String == "225.54")
        #expect(balance["overdue"] as? String == "225.54")
        let ages = try #require(balance["buckets"] as? [[String: Any]])
        #expect(ages.map { $0["amount"] as? String } == ["0.00", "0.00", "225.54", "0.00", "0.00"])
        #expect((customer["timeline"] as? [[String: Any]])?.isEmpty == false)
        #expect(try await server.page("customers/K1").contains("RE-2026-0001"))

        let invoice = try await server.json("api/invoices/RE-2026-0001")
        #expect(invoice["gross"] as? String == "225.54")
        #expect(invoice["status"] as? String == "overdue")
        #expect((invoice["references"] as? [String: String])?["po_number"] == "PO-77")
        let line = try #require((invoice["lines"] as? [[String: Any]])?.first)
        let why = try #require((line["trace"] as? [[String: Any]])?.first?["words"] as? String)
        #expect(why.contains("19.95") && why.contains("189.53"))
        #expect(try await server.page("invoices/RE-2026-0001").contains("Laterne"))

        let paper = try await server.get("invoices/RE-2026-0001.pdf")
        #expect(paper.type == "application/pdf")
        #expect(paper.body.starts(with: Data("%PDF-".utf8)))

        let found = try await server.json("api/search?q=kranich")
        let customers = try #require(found["customers"] as? [[String: Any]])
        #expect(customers.map { $0["number"] as? String } == ["K2"])
        #expect(try await server.page("search?q=ALT-9").contains("ALT-9"))
    }

    @Test("the pages say the same as the commands")
    func sameFigures() async throws {
        let books = try Self.office()
        let server = try Server(books)
        defer { server.close() }
        let told = try Self.duly(["worklist", "--books", books, "--today", "2026-03-31", "--json"])
        let list = try #require(try JSONSerialization.jsonObject(with: Data(told.out.utf8)) as? [String: Any])
        let items = try #require(list["items"] as? [[String: Any]])
        let work = try #require(try await server.json("api/today")["worklist"] as? [[String: Any]])
        #expect(items.map { $0["id"] as? String } == work.map { $0["id"] as? String })
        #expect(!items.isEmpty)
        let shown = try Self.duly(["invoice", "show", "ALT-9", "--books", books, "--today", "2026-03-31", "--json"])
        let sheet = try #require(try JSONSerialization.jsonObject(with: Data(shown.out.utf8)) as? [String: Any])
        let page = try await server.json("api/invoices/ALT-9")
        for key in ["gross", "open", "issue_day", "due_day", "status", "customer_name"] {
            #expect(sheet[key] as? String == page[key] as? String)
        }
    }

    @Test("what does not exist is 404 in words, and an unknown seller is a refusal")
    func missing() async throws {
        let server = try Server(try Self.office())
        defer { server.close() }
        for (path, status, code) in [
            ("api/customers/NOBODY", 404, "workspace.no-customer"), ("api/invoices/X", 404, "workspace.no-invoice"),
            ("api/today?seller=XX", 422, "setup.no-such-seller"),
        ] {
            let answer = try await server.get(path)
            #expect(answer.status == status)
            #expect(String(decoding: answer.body, as: UTF8.self).contains(code))
        }
    }

    @Test("a command carried out meanwhile shows on the next page")
    func fresh() async throws {
        let books = try Self.office()
        let server = try Server(books)
        defer { server.close() }
        func overdue() async throws -> String? {
            let figures = try #require(try await server.json("api/today")["figures"] as? [[String: Any]])
            return figures.first { $0["kind"] as? String == "overdue" }?["value"] as? String
        }
        #expect(try await overdue() == "225.54")
        let credited = try Self.duly(["invoice", "credit", "RE-2026-0001", "--books", books, "--today", "2026-03-31"])
        #expect(credited.status == 0, "\(credited.error)")
        #expect(try await overdue() == nil)
    }

    @Test("SIGTERM ends it with status 0; a port that is taken is an outage")
    func stops() async throws {
        let books = try Self.office()
        let server = try Server(books)
        let port = try #require(URL(string: server.address)?.port)
        let second = try Self.duly(["serve", "--open", "--books", books, "--port", "\(port)"])
        #expect(second.status == 69)
        #expect(try await server.get("").status == 200)
        server.close()
        server.process.waitUntilExit()
        #expect(server.process.terminationReason == .exit)
        #expect(server.process.terminationStatus == 0)
    }
}
