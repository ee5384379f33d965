import Database
import Foundation
import Host
import TestSupport
import Testing

/// The pages of work over books that commands made, on both engines: what they say is what the commands say.
@Suite("The pages of work, served", .serialized)
struct WorkingPagesTests {
    /// Books in which something of everything waits.
    struct Office {
        let books: String
        let folder: URL
        let key: String

        init(_ engine: Engine) async throws {
            books = engine == .sqlite ? CommandLineTests.books() : try await TestDatabases.freshServerDatabase()
            folder = try TestFolder.fresh()
            key = folder.appendingPathComponent("duly.key").path
            try run(
                "init", "--seller", "Uferlicht Werkstätten GmbH", "--country", "DE", "--currency", "EUR", "--series",
                "RE-{year}-{n:4}", "--street", "Am Ufer 3", "--postcode", "28195", "--city", "Bremen", "--email",
                "post@uferlicht.example", "--iban", "DE89370400440532013000")
            try bring(
                "customers",
                """
                customer_id,name,country,currency,street,postcode,city,email,payment_terms_days,price_list
                K1,Möwe & Söhne KG,DE,EUR,Deichweg 7,27568,Bremerhaven,kasse@moewe.example,14,STD
                K2,Kranich OHG,DE,EUR,Moorstraße 2,28217,Bremen,post@kranich.example,30,STD
                K3,Żuraw Sp. z o.o.,PL,EUR,Nadbrzeżna 4,80-001,Gdańsk,biuro@zuraw.example,30,STD

                """)
            try bring("products", "sku,name_de,name_en,unit,tax_category\nL1,Laterne,Lantern,C62,S\n")
            try bring(
                "prices", "price_list,sku,currency,min_qty,unit_price,valid_from\nSTD,L1,EUR,1,20,2026-01-01\n")
            try bring(
                "tax-rates", "country,state,tax_category,vat_category,rate_percent,valid_from\nDE,,S,S,19,2026-01-01\n")
            try bring("orders", Self.orders("A-1,1,K1,EUR,2026-02-02,,L1,10,0\nA-2,1,K2,EUR,2026-03-02,,L1,5,0\n"))
            try run("bill", "--through", "2026-03-10", "--issue")
            try bring(
                "orders", Self.orders("A-3,1,K1,EUR,2026-03-20,,L1,12,0\nA-4,1,K3,EUR,2026-03-21,,L1,1,0\n"))
        }

        private static func orders(_ rows: String) -> String {
            "order_id,line_no,customer_id,currency,order_date,po_number,sku,quantity,discount_pct\n" + rows
        }

        func bring(_ kind: String, _ text: String) throws {
            try run("import", kind, try file("\(kind)-\(UUID().uuidString).csv", text))
        }

        func file(_ name: String, _ text: String) throws -> String {
            let file = folder.appendingPathComponent(name)
            try text.write(to: file, atomically: true, encoding: .utf8)
            return file.path
        }

        @discardableResult func run(_ arguments: String..., status: Int32 = 0) throws -> String {
            let process = ChildProcess()
            process.executableURL = ServeTests.program
            process.arguments = arguments + ["--books", books, "--today", "2026-03-31"]
            process.environment = ProcessInfo.processInfo.environment.merging(["DULY_KEY_FILE": key]) { $1 }
            let (out, error) = (Pipe(), Pipe())
            process.standardOutput = out
            process.standardError = error
            try process.run()
            let said = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            let wrong = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == status, "\(arguments): \(wrong) \(said)")
            return said
        }

        /// A file of the bank: what was placed at once, what is worth a look, what nobody knows.
        func bank() throws {
            let file = try file(
                "bank.csv",
                """
                Day,Amount,Payer,Purpose,Id
                2026-03-30,119.00,Kranich OHG,RE-2026-0002,B-1
                2026-03-31,238.00,Möwe & Söhne KG,Vielen Dank,B-2
                2026-03-31,77.77,HR. WINTER,ABSCHLAG 100% TELEFONAT,B-3

                """)
            try run(
                "bank", "import", file, "--account", "DE89370400440532013000", "--currency", "EUR", "--map",
                "Day=booking_day", "--map", "Amount=amount", "--map", "Payer=counterparty", "--map", "Purpose=text",
                "--map", "Id=bank_reference")
        }
    }

    static func items(_ answer: [String: Any], _ key: String) throws -> [[String: Any]] {
        try #require(answer[key] as? [[String: Any]], "\(key) of \(answer.keys)")
    }
    static func count(_ answer: [String: Any], _ kind: String) throws -> Int? {
        try items(answer, "counts").first { $0["kind"] as? String == kind }?["count"] as? Int
    }

    @Test("bill, ask, money, disputes and settings say what the books hold", arguments: [Engine.sqlite, .postgres])
    func pages(engine: Engine) async throws {
        let office = try await Office(engine)
        let server = try ServeTests.Server(office.books)
        defer { server.close() }

        // What waits to be billed, valued: 12 × 20 and 1 × 20 net.
        let before = try await server.json("api/bill")
        let unbilled = try #require(before["unbilled"] as? [String: Any])
        #expect(unbilled["charges"] as? Int == 2)
        let worth = try #require((unbilled["worth"] as? [[String: Any]])?.first)
        #expect(worth["amount"] as? String == "260.00")
        #expect(try Self.items(before, "drafts").isEmpty)

        try office.run("bill", "--through", "2026-03-31")
        let bill = try await server.json("api/bill")
        let drafts = try Self.items(bill, "drafts")
        #expect(drafts.map { $0["state"] as? String } == ["stopped", "clean"])
        #expect(try Self.count(bill, "stopped") == 1)
        // Against the last invoice of 200 net.
        #expect(drafts[1]["last"] as? String == "RE-2026-0001" && drafts[1]["change"] as? Int == 20)
        #expect(try Self.items(bill, "numbers").first?["number"] as? String == "RE-2026-0003")
        let id = try #require(drafts[1]["draft"] as? String)
        let draft = try await server.json("api/bill/drafts/\(id)")
        #expect(try Self.items(draft, "lines").first?["net"] as? String == "240.00")
        #expect(try await server.page("bill/drafts/\(id)").contains("Laterne"))
        #expect(try await server.page("bill").contains("RE-2026-0003"))

        // The letter that a run would write, in its very words.
        let ask = try await server.json("api/ask")
        #expect(try Self.items(ask, "letters").map { $0["customer"] as? String } == ["K1"])
        let text = try #require(ask["selected"] as? [String: Any])
        #expect(text["language"] as? String == "de")
        #expect((text["rows"] as? [[String]])?.first?.first == "RE-2026-0001")
        #expect((text["totals"] as? [[String]])?.first?.last?.contains("238,00") == true)
        #expect(text["mail_to"] as? [String] == ["kasse@moewe.example"])

        // The bank: one placed by matching, two wait.
        try office.bank()
        try office.run("cash", "match", "--minimum-confidence", "1")
        let money = try await server.json("api/money")
        let lines = try Self.items(money, "lines")
        #expect(lines.compactMap { ($0["amount"] as? [String: Any])?["amount"] as? String }.first == "238.00")
        #expect(try Self.count(money, "waiting") == lines.count && lines.count >= 2)
        let look = try #require(lines.first { $0["payer"] as? String == "Möwe & Söhne KG" })
        let receipt = try #require(look["receipt"] as? String)
        let detail = try await server.json("api/money?receipt=\(receipt)&take=RE-2026-0001")
        let chosen = try #require(detail["selected"] as? [String: Any])
        #expect(try Self.items(chosen, "taken").first?["paid"] as? String == "238.00")
        #expect(try await server.page("money?receipt=\(receipt)").contains("RE-2026-0001"))
        let search = try await server.json("api/money?receipt=\(receipt)&q=238")
        let found = try #require(search["selected"] as? [String: Any])
        #expect(try Self.items(found, "found").contains { $0["invoice_no"] as? String == "RE-2026-0001" })

        // Found by what the bank wrote, by a sign that means something to SQL, and by amount.
        for question in ["telefonat", "100%25", "77,77", "77", "B-3"] {
            let answer = try await server.json("api/search?q=\(question)")
            #expect(
                try Self.items(answer, "receipts").contains { $0["payer"] as? String == "HR. WINTER" }, "\(question)")
        }
        let byAmount = try await server.json("api/search?q=238,00")
        #expect(byAmount["understood"] as? String == "amount")
        #expect(try Self.items(byAmount, "invoices").contains { $0["invoice_no"] as? String == "RE-2026-0001" })

        let statements = try await server.json("api/money/statements")
        #expect(try Self.items(statements, "statements").count == 1)

        // The rest of the rooms.
        let letters = try await server.json("api/ask/letters")
        #expect(try Self.items(letters, "letters").count == 2)
        #expect(try Self.items(try await server.json("api/ask/letters?state=sent"), "letters").isEmpty)
        let policy = try await server.json("api/ask/policy")
        #expect(policy["days_between"] as? Int == 10)
        let settings = try await server.json("api/settings")
        let seller = try #require(try Self.items(settings, "sellers").first)
        #expect(seller["series"] as? String == "RE-{year}-{n:4}" && seller["next_number"] as? String == "RE-2026-0003")
        #expect(settings["engine"] as? String == engine.rawValue)
        #expect(try Self.items(try await server.json("api/disputes"), "disputes").isEmpty)
        for page in ["money/statements", "ask", "ask/letters", "ask/policy", "disputes", "settings"] {
            _ = try await server.page(page)
        }
    }

    @Test(
        "a receipt goes to several documents by one command, and comes back by one",
        arguments: [Engine.sqlite, .postgres])
    func several(engine: Engine) async throws {
        let office = try await Office(engine)
        try office.run("bill", "--through", "2026-03-31", "--issue")
        try office.bank()
        let paid = try office.run(
            "cash", "apply", "--receipt", "B-2", "--invoice", "RE-2026-0001", "--amount", "200.00", "--invoice",
            "RE-2026-0003", "--amount", "38.00", "--write-off", "0", "--write-off", "1.50", "--reason", "bank-fee",
            "--json")
        #expect(paid.contains(#""invoice_no":"RE-2026-0001""#) && paid.contains(#""writeoff":"1.50""#))
        // An amount for each, and a word for what is given up.
        try office.run(
            "cash", "apply", "--receipt", "B-3", "--invoice", "RE-2026-0001", "--invoice", "RE-2026-0003", "--amount",
            "5.00", status: 64)
        try office.run(
            "cash", "apply", "--receipt", "B-3", "--invoice", "RE-2026-0001", "--amount", "5.00", "--write-off", "1.00",
            status: 64)
        let back = try office.run("cash", "unapply", "--receipt", "B-2", "--json")
        #expect(back.contains(#""undone":[{"#))
        try office.run("verify")
    }

    @Test(
        "who is left out is not written to, and the policy changes by what is said",
        arguments: [Engine.sqlite, .postgres])
    func leavingOut(engine: Engine) async throws {
        let office = try await Office(engine)
        let none = try office.run("reminder", "run", "--without", "K1", "--dry-run", "--json")
        #expect(none.contains(#""letters":[]"#))
        let written = try office.run("reminder", "run", "--without", "K2", "--json")
        #expect(written.contains(#""customer":"K1""#))
        try office.run("reminder", "policy", "--days-between", "14", "--minimum", "EUR=9.00")
        let policy = try office.run("reminder", "policy", "--json")
        #expect(policy.contains(#""days_between":14"#) && policy.contains(#""EUR":"9.00""#))
        try office.run("reminder", "policy", "--level-days", "5", "--level-days", "6", status: 64)
        try office.run(
            "reminder", "policy", "--level-days", "9", "--level-days", "9", "--level-days", "20", status: 1)
    }
}
