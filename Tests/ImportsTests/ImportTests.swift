import Books
import Database
import Formats
import Foundation
import ImportsDesk
import Ledger
import Money
import ReceivablesDesk
import ReportsDesk
import TestOffice
import Testing

extension Company {
    func exported(_ kind: String, vault: Vault = Company.vault) async throws -> [[String]] {
        try await database.read { transaction in
            var rows: [[String]] = []
            try TableExport(transaction, book: nil, vault: vault, today: Day("2026-03-02")!).rows(kind) {
                rows.append($0)
            }
            return rows
        }
    }
}

/// Tables come in: every kind, once; what is wrong with them is said all at once, and leaves nothing behind.
@Suite("Imports")
struct ImportTests {
    static let kinds: [(kind: String, table: String, added: Int)] = [
        ("products", Stock.products, 3), ("prices", Stock.prices, 10), ("tax-rates", Stock.taxRates, 6),
        ("customers", Stock.customers, 9),
        ("exchange-rates", "currency,day,rate,source\nUSD,2026-01-05,0.9,ECB\nJPY,2026-01-05,0.0061,ECB", 2),
        (
            "orders",
            "order_id,line_no,customer_id,order_date,sku,quantity,discount_pct\nO1,1,C-1,2026-01-05,BOLT,2.5,10\nO1,2,C-1,2026-01-05,HOUR,1,",
            2
        ),
        (
            "invoices",
            "invoice_no,customer_id,issue_date,due_date,net,tax,gross\nALT-1,C-1,2026-01-05,2026-02-04,100,19,119", 1
        ),
        (
            "sellers",
            "seller,name,country,currency,invoice_prefix,account\nUS,Riverlight Works Inc,US,USD,UF,US-ACCT-1", 1
        ),
    ]

    @Test("what is exported and imported again changes nothing", arguments: Company.engines, [false, true])
    func exported(engine: Engine, asJSON: Bool) async throws {
        let company = try await Company.stocked(engine)
        for one in Self.kinds.dropFirst(3) where one.kind != "customers" {
            let outcome = try await company.importing(one.kind, one.table + "\n")
            #expect(outcome.problems == 0, "\(outcome.refusals)")
        }
        try await company.importing(
            "customers",
            """
            customer_id,name,country,email,reminder_email,iban,credit_limit,phone
            C-10,"Bau ""Ost"" & Söhne; GmbH",DE,bau@example.org,mahnung@example.org,DE02120300000000202051,5000.5,+49 30 1
            """ + "\n")
        for kind in TableExport.kinds {
            let headings = try #require(TableExport.headings(kind))
            let sink = TextSink()
            let rows = try await company.exported(kind)
            if asJSON {
                var json = JSONWriter(sink)
                for cells in rows {
                    json.beginObject()
                    for (heading, cell) in zip(headings, cells) { json.member(heading, cell) }
                    json.endObject()
                    try json.endLine()
                }
            } else {
                var csv = CSVWriter(sink)
                for cells in [headings] + rows { try csv.row(cells) }
            }
            guard !["receipts", "allocations", "invoices"].contains(kind) else { continue }
            #expect(!rows.isEmpty, "\(kind)")
            let before = try await company.contents()
            let again = try await company.importing(
                kind, file: try company.file("\(kind).\(asJSON ? "json" : "csv")", sink.text))
            #expect(again.problems == 0, "\(kind): \(again.refusals)")
            #expect(again.files[0].unchanged == rows.count, "\(kind): \(again.files)")
            #expect(try await company.contents() == before, "\(kind)")
        }
    }

    @Test(
        "exported invoices, receipts and allocations say what is open, of whom, and what paid what",
        arguments: Company.engines)
    func exportedMoney(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-1 2026-01-06 HOUR 1")
        try await company.bill(through: "2026-01-31")
        try await company.receive([
            BankMoney("P1", "2026-01-20", "20.00", text: "RE-2026-000001 and more")
        ])
        try await company.apply([
            ApplyWish(receipt: "P1", parts: [ApplyWish.Part(invoice: "RE-2026-000001", amount: "10.00")])
        ])
        #expect(
            try await company.exported("invoices").map { [$0[0], $0[2], $0[12], $0[13]] } == [
                ["RE-2026-000001", "overdue", "14.88", "4.88"], ["RE-2026-000002", "overdue", "101.15", "101.15"],
            ])
        let receipt = try #require(try await company.exported("receipts").first)
        #expect(
            [receipt[0], receipt[5], receipt[6], receipt[7], receipt[8]] == ["P1", "20.00", "C-1", "10.00", "10.00"])
        #expect(
            try await company.exported("allocations").map { Array($0[0...3]) } == [
                ["P1", "RE-2026-000001", "10.00", "0.00"]
            ])
    }

    @Test("bank details under another key stop an export", arguments: Company.engines)
    func otherKey(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "customers", "customer_id,name,country,iban\nC-10,Bau,DE,DE02120300000000202051\n")
        await #expect(throws: ExportRefusal.otherKey) {
            _ = try await company.exported("customers", vault: Vault(key: Array(2...33)))
        }
    }

    @Test("every kind comes in, and the same file twice changes nothing", arguments: Company.engines)
    func everyKind(engine: Engine) async throws {
        let company = try await Company.open(engine)
        for one in Self.kinds {
            let path = try company.file("\(one.kind).csv", one.table + "\n")
            let before = try await company.counts()
            let dry = try await company.importing(one.kind, file: path, dryRun: true)
            #expect(dry.files[0].added == one.added, "\(one.kind): \(dry.refusals)")
            #expect(try await company.counts() == before)
            let first = try await company.importing(one.kind, file: path)
            #expect(first.problems == 0, "\(one.kind): \(first.refusals)")
            #expect(first.files[0].rows == one.added)
            #expect(first.files[0].added == one.added)
            #expect(first.files[0].rejected == 0)
            let counts = try await company.contents()
            let again = try await company.importing(one.kind, file: path)
            #expect(again.files[0].added == 0)
            #expect(again.files[0].changed == 0)
            #expect(again.files[0].unchanged == one.added)
            #expect(try await company.contents() == counts, "\(one.kind)")
        }
        #expect(try await company.faults() == [])
    }

    @Test("a template of each kind can be imported as it is, once what it names is there", arguments: ImportDesk.kinds)
    func template(kind: String) async throws {
        let company = try await Company.open(.sqlite)
        func table(_ kind: String) throws -> String {
            let (headings, example) = try ImportDesk.template(kind)
            return headings.joined(separator: ",") + "\n"
                + example.map { $0.contains(",") ? "\"\($0)\"" : $0 }
                .joined(separator: ",") + "\n"
        }
        for earlier in ["products", "customers"] where earlier != kind {
            try await company.importing(earlier, try table(earlier))
        }
        let outcome = try await company.importing(kind, try table(kind))
        #expect(outcome.problems == 0, "\(outcome.refusals)")
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: String
        let table: String
        /// Of every refusal: row, field, code.
        let wanted: [String]
    }

    static let bad: [Bad] = [
        Bad(
            testDescription: "a column that is missing", kind: "orders",
            table: "order_id,customer_id,order_date,sku\nO1,C-1,2026-01-05,BOLT\n",
            wanted: ["- quantity table.column-missing"]),
        Bad(
            testDescription: "a customer nobody knows", kind: "orders",
            table:
                "order_id,customer_id,order_date,sku,quantity\nO1,C-1,2026-01-05,BOLT,1\nO2,C-99,2026-01-05,BOLT,1\n",
            wanted: ["3 customer_id import.unknown-customer"]),
        Bad(
            testDescription: "a product nobody knows", kind: "orders",
            table: "order_id,customer_id,order_date,sku,quantity\nO1,C-1,2026-01-05,NUT,1\n",
            wanted: ["2 sku import.unknown-product"]),
        Bad(
            testDescription: "the same line twice, differently", kind: "orders",
            table:
                "order_id,line_no,customer_id,order_date,sku,quantity\nO1,1,C-1,2026-01-05,BOLT,1\nO1,1,C-1,2026-01-05,BOLT,2\n",
            wanted: ["3 line_no import.twice"]),
        Bad(
            testDescription: "a discount of more than everything", kind: "orders",
            table: "order_id,customer_id,order_date,sku,quantity,discount_pct\nO1,C-1,2026-01-05,BOLT,1,100.5\n",
            wanted: ["2 discount_pct import.bad-discount"]),
        Bad(
            testDescription: "a seller nobody knows", kind: "orders",
            table: "order_id,seller,customer_id,order_date,sku,quantity\nO1,XX,C-1,2026-01-05,BOLT,1\n",
            wanted: ["2 seller import.no-such-seller"]),
        Bad(
            testDescription: "an invoice without gross", kind: "invoices",
            table: "invoice_no,customer_id,issue_date,gross\nA-1,C-1,2026-01-05,\n",
            wanted: ["2 gross import.no-gross"]),
        Bad(
            testDescription: "amounts that do not add up", kind: "invoices",
            table: "invoice_no,customer_id,issue_date,net,tax,gross\nA-1,C-1,2026-01-05,100,19,120\n",
            wanted: ["2 gross import.does-not-add-up"]),
        Bad(
            testDescription: "a due day before the issue day", kind: "invoices",
            table: "invoice_no,customer_id,issue_date,due_date,gross\nA-1,C-1,2026-01-05,2026-01-04,1\n",
            wanted: ["2 due_date import.due-before-issue"]),
        Bad(
            testDescription: "a closed period", kind: "invoices",
            table: "invoice_no,customer_id,issue_date,gross\nA-1,C-1,2025-12-31,1\n",
            wanted: ["2 issue_date import.period-closed"]),
        Bad(
            testDescription: "a settlement in a closed period", kind: "invoices",
            table: "invoice_no,customer_id,issue_date,settled_date,gross\nA-1,C-1,2026-01-02,2025-12-31,1\n",
            wanted: ["2 settled_date import.period-closed"]),
        Bad(
            testDescription: "a type there is not", kind: "invoices",
            table: "invoice_no,type,customer_id,issue_date,gross\nA-1,memo,C-1,2026-01-05,1\n",
            wanted: ["2 type import.bad-type"]),
        Bad(
            testDescription: "an invoice of a negative amount", kind: "invoices",
            table: "invoice_no,type,customer_id,issue_date,gross\nA-1,invoice,C-1,2026-01-05,-1\n",
            wanted: ["2 gross import.negative-invoice"]),
        Bad(
            testDescription: "one number for two documents", kind: "invoices",
            table: "invoice_no,customer_id,issue_date,gross\n007,C-1,2026-01-05,1\n7,C-1,2026-01-05,2\n",
            wanted: ["3 invoice_no import.doubtful"]),
        Bad(
            testDescription: "a currency without the day's rate", kind: "invoices",
            table: "invoice_no,customer_id,issue_date,currency,gross\nA-1,C-1,2026-01-05,USD,1\n",
            wanted: ["2 currency books.no-exchange-rate"]),
        Bad(
            testDescription: "a customer with a mail address that is none and terms of ages", kind: "customers",
            table: "customer_id,name,country,email,payment_terms_days\nC-50,Neu,DEU,no mail,4000\n",
            wanted: [
                "2 country import.bad-country", "2 email import.bad-email", "2 payment_terms_days import.bad-terms",
            ]),
        Bad(
            testDescription: "one customer twice, differently", kind: "customers",
            table: "customer_id,name,country\nC-50,Neu,DE\nC-50,Alt,DE\n", wanted: ["3 customer_id import.twice"]),
        Bad(
            testDescription: "another currency for a customer", kind: "customers",
            table: "customer_id,name,country,currency\nC-1,Löwe Spedition GmbH,DE,USD\n",
            wanted: ["2 currency import.currency-changed"]),
        Bad(
            testDescription: "a price that is history, and a negative one", kind: "prices",
            table:
                "price_list,sku,currency,min_qty,unit_price,valid_from\nSTD,BOLT,EUR,1,1.51,2026-01-01\nSTD,BOLT,EUR,1,-1,2026-02-01\n",
            wanted: ["2 unit_price import.price-is-history", "3 unit_price import.negative-price"]),
        Bad(
            testDescription: "a tax rate that is history, a negative one, a category there is not", kind: "tax-rates",
            table:
                "country,tax_category,vat_category,rate_percent,valid_from\nDE,S,S,16,2026-01-01\nDE,S,S,-1,2026-07-01\nDE,S,Q,19,2026-08-01\n",
            wanted: [
                "2 rate_percent import.rate-is-history", "3 rate_percent import.negative-rate",
                "4 vat_category import.bad-vat-category",
            ]),
        Bad(
            testDescription: "a rate of nothing, and between one currency and itself", kind: "exchange-rates",
            table: "currency,day,rate\nUSD,2026-01-05,0\nEUR,2026-01-05,1\n",
            wanted: ["2 rate import.rate-not-positive", "3 currency import.same-currency"]),
    ]

    @Test("what is wrong is refused with row and field, and the books are unchanged", arguments: bad)
    func refused(bad: Bad) async throws {
        for engine in Company.engines {
            let company = try await Company.stocked(engine)
            let before = try await company.counts()
            let outcome = try await company.importing(bad.kind, bad.table)
            let found = outcome.refusals.map { "\($0.row.map { "\($0)" } ?? "-") \($0.field ?? "-") \($0.code)" }
            #expect(found == bad.wanted)
            #expect(outcome.problems == bad.wanted.count)
            #expect(outcome.refusals.allSatisfy { !$0.what.isEmpty && !$0.why.isEmpty && !$0.next.isEmpty })
            #expect(try await company.counts() == before)
        }
    }

    @Test(
        "cells nobody can read are refused with the value",
        arguments: [
            ("quantity", "1,000.5.3"), ("quantity", "-"), ("quantity", "--5"), ("quantity", "1e9"),
            ("quantity", "10000000000"), ("quantity", "0.0000001"), ("order_date", "2026-02-30"),
            ("order_date", "soon"),
            ("order_date", "99999-01-01"), ("unit_price", "99999999999999999999"), ("unit_price", "0.00000000001"),
            ("unit_price", "NaN"), ("discount_pct", "ten"), ("currency", "EURO"), ("line_no", "1.5"),
            ("line_no", "99999999999999999999"),
        ])
    func cells(field: String, value: String) async throws {
        let company = try await Company.stocked(.sqlite)
        let before = try await company.counts()
        var row = [
            "order_id": "O1", "line_no": "1", "customer_id": "C-1", "order_date": "2026-01-05", "sku": "BOLT",
            "quantity": "1", "unit_price": "1", "discount_pct": "0", "currency": "EUR",
        ]
        row[field] = value
        let names = row.keys.sorted()
        // A second, good row: what is good does not go in without the bad.
        let outcome = try await company.importing(
            "orders", format: names,
            rows: [
                names.map { row[$0]! }, names.map { $0 == "order_id" ? "O2" : $0 == field ? good(field) : row[$0]! },
            ])
        #expect(outcome.problems >= 1, "\(field) \(value) was taken")
        #expect(outcome.refusals.first?.field == field || outcome.refusals.first?.row == nil, "\(outcome.refusals)")
        #expect(try await company.counts() == before)
    }
    private func good(_ field: String) -> String {
        [
            "quantity": "1", "order_date": "2026-01-06", "unit_price": "1", "discount_pct": "0", "currency": "EUR",
            "line_no": "1",
        ][
            field]!
    }

    @Test("files that are no tables are refused, and the books are unchanged", arguments: Company.engines)
    func files(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let before = try await company.counts()
        let headings = "order_id,customer_id,order_date,sku,quantity\n"
        let row = "O1,C-1,2026-01-05,BOLT,1\n"
        let cases: [(name: String, bytes: [UInt8])] = [
            ("empty", []), ("headings alone with a NUL", Array(headings.utf8) + [0] + Array(row.utf8)),
            ("an endless line", Array(headings.utf8) + Array(repeating: UInt8(ascii: "x"), count: 3_000_000)),
            (
                "an open quote to the end",
                Array((headings + "\"O1,C-1,2026-01-05,BOLT,1\n" + String(repeating: row, count: 50_000)).utf8)
            ),
            ("too many cells", Array((headings + "O1,C-1,2026-01-05,BOLT,1,2,3,4,5\n").utf8)),
            ("UTF-16 cut in two", [0xFF, 0xFE] + Array(headings.utf8.flatMap { [$0, 0] }.dropLast())),
            ("a picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + (0..<200).map { UInt8($0) }),
            ("a spreadsheet", [0x50, 0x4B, 0x03, 0x04] + Array(repeating: 0, count: 100)),
        ]
        for one in cases {
            let path = company.folder.appendingPathComponent("bad.csv")
            try Data(one.bytes).write(to: path)
            let outcome = try await company.importing("orders", file: path.path)
            #expect(outcome.problems > 0, "\(one.name) was taken: \(outcome.files)")
            #expect(
                outcome.refusals.allSatisfy { !$0.code.isEmpty && !$0.why.isEmpty && !$0.next.isEmpty }, "\(one.name)")
            #expect(try await company.counts() == before, "\(one.name)")
        }
        let missing = try await company.importing("orders", file: company.folder.path + "/nothing.csv")
        #expect(missing.problems == 1)
        await #expect(throws: ImportRefusal.unknownKind("dogs")) { try await company.importing("dogs", "a\n1\n") }
    }

    @Test(
        "a file in Windows-1252, with semicolons, decimal commas and days of the country, means the same",
        arguments: Company.engines)
    func german(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let text =
            "Auftrag;Kundennummer;Datum;Artikel;Menge;Preis;Bezeichnung\nO1;C-1;31.01.2026;BOLT;1.000,5;2,50;Größe\n"
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars { bytes.append(UInt8(scalar.value)) }
        let path = company.folder.appendingPathComponent("orders.csv")
        try Data(bytes).write(to: path)
        let outcome = try await company.importing("orders", file: path.path) {
            $0.options.maps = ["Artikel=sku"]
        }
        #expect(outcome.problems == 0, "\(outcome.refusals)")
        let rows = try await company.rows("SELECT order_id, day, quantity, unit_price, description FROM charges")
        #expect(rows == [["O1", "2026-01-31", "1000500000", "25000000000", "Größe"]])
    }

    @Test(
        "with --keep-good the good rows come in, and the others are written beside with reasons",
        arguments: Company.engines)
    func keepGood(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let path = try company.file(
            "orders.csv",
            """
            order_id,customer_id,order_date,sku,quantity,note
            O1,C-1,2026-01-05,BOLT,1,fine
            O2,C-99,2026-01-05,BOLT,1,who
            O3,C-1,2026-01-05,BOLT,many,how many

            """)
        let outcome = try await company.importing("orders", file: path, keepGood: true)
        #expect(outcome.files[0].added == 1)
        #expect(outcome.files[0].rejected == 2)
        #expect(outcome.problems == 2)
        let rejected = try String(contentsOfFile: try #require(outcome.files[0].rejected_file), encoding: .utf8)
        #expect(rejected.split(separator: "\n").count == 3)
        #expect(rejected.contains("O2,C-99") && rejected.contains("There is no customer C-99"))
        #expect(rejected.contains("how many"))
        #expect(!rejected.contains("O1,"))
        #expect(outcome.warnings.contains { $0.text.contains("note") })
        #expect(try await company.rows("SELECT order_id FROM charges") == [["O1"]])
        // The rejected rows, corrected, can be imported as they are.
        let fixed = rejected.replacing("C-99", with: "C-3").replacing("many,", with: "7,", maxReplacements: 1)
        #expect(try await company.importing("orders", fixed).files[0].added == 2)
    }

    @Test("of several files in one command all come in, or none", arguments: Company.engines)
    func severalFiles(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let headings = "order_id,customer_id,order_date,sku,quantity\n"
        let good = try company.file("one.csv", headings + "O1,C-1,2026-01-05,BOLT,1\n")
        let bad = try company.file("two.csv", headings + "O2,C-99,2026-01-05,BOLT,1\n")
        let before = try await company.counts()
        var request = ImportRequest(
            kind: "orders", files: [good, bad], id: company.fresh("import"), actor: Company.ines,
            today: Day("2026-03-02")!)
        let refused = try await company.imports.run(request) { _ in }
        #expect(refused.problems == 1)
        #expect(try await company.counts() == before)
        request.keepGood = true
        let kept = try await company.imports.run(request) { _ in }
        #expect(kept.files.map(\.added) == [1, 0])
    }

    @Test(
        "the same id gets the first outcome; another file, or the same one read otherwise, is refused under it",
        arguments: Company.engines)
    func repeated(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let text = "order_id,customer_id,order_date,sku,quantity\nO1,C-1,2026-01-05,BOLT,1\nO2,C-1,2026-01-05,BOLT,2\n"
        let file = try company.file("orders.csv", text)
        func run(_ file: String, keepGood: Bool = false, seller: String? = nil) async throws -> ImportOutcome {
            var request = ImportRequest(
                kind: "orders", files: [file], id: CommandID("orders-1")!, actor: Company.ines,
                today: Day("2026-03-02")!)
            request.keepGood = keepGood
            request.seller = seller
            return try await company.imports.run(request) { _ in }
        }
        let first = try await run(file)
        #expect(first.files.map(\.added) == [2])
        let counts = try await company.counts()
        #expect(try await run(file) == first)
        // What the file is called does not belong to its content.
        #expect(try await run(company.file("again.csv", text)) == first)
        let otherContent = BooksRefusal.otherContent(CommandID("orders-1")!)
        await #expect(throws: otherContent) { try await run(company.file("other.csv", text + "\n")) }
        await #expect(throws: otherContent) { try await run(file, keepGood: true) }
        await #expect(throws: otherContent) { try await run(file, seller: "DE") }
        #expect(try await company.counts() == counts)
        // Under an id of its own the same file finds everything there.
        #expect(try await company.importing("orders", file: file).files.map(\.unchanged) == [2])
    }

    @Test("an import that died goes on, with its own files alone, and tells of all it did", arguments: Company.engines)
    func goesOn(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let text = "order_id,customer_id,order_date,sku,quantity\nO1,C-1,2026-01-05,BOLT,1\nO2,C-1,2026-01-05,BOLT,2\n"
        func run(_ text: String) async throws -> ImportOutcome {
            let file = try company.file("orders.csv", text)
            let request = ImportRequest(
                kind: "orders", files: [file], id: CommandID("orders-1")!, actor: Company.ines,
                today: Day("2026-03-02")!)
            return try await company.imports.run(request) { _ in }
        }
        let first = try await run(text)
        // As if it had died before its outcome: its groups stand.
        try await company.forget("orders-1")
        await #expect(throws: BooksRefusal.self) { try await run(text + "O3,C-1,2026-01-05,BOLT,2\n") }
        #expect(try await run(text) == first)
        #expect(try await company.counts()["charges"] == 2)
    }

    @Test("a refused import and a dry run are no outcome of their id", arguments: Company.engines)
    func noOutcome(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let headings = "order_id,customer_id,order_date,sku,quantity\n"
        func run(_ rows: String, dryRun: Bool = false) async throws -> ImportOutcome {
            var request = ImportRequest(
                kind: "orders", files: [try company.file("orders.csv", headings + rows)], id: CommandID("orders-1")!,
                actor: Company.ines, today: Day("2026-03-02")!)
            request.dryRun = dryRun
            return try await company.imports.run(request) { _ in }
        }
        #expect(try await run("O1,C-99,2026-01-05,BOLT,1\n").problems == 1)
        #expect(try await run("O1,C-1,2026-01-05,BOLT,1\n", dryRun: true).files.map(\.added) == [1])
        #expect(try await run("O1,C-1,2026-01-05,BOLT,2\n").files.map(\.added) == [1])
    }

    @Test("what stood in rejected cells does not stay in the permanent outcome", arguments: Company.engines)
    func rejectedCells(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let kept = try await company.importing(
            "orders",
            "order_id,customer_id,order_date,sku,quantity\nO1,C-1,2026-01-05,BOLT,1\nO2,C-1,2026-01-05,BOLT,Erika Muster\n",
            keepGood: true)
        #expect(kept.files.map(\.rejected) == [1])
        #expect(kept.refusals.map(\.value) == ["Erika Muster"])
        let stored = try await company.rows("SELECT outcome FROM commands WHERE outcome LIKE '%\"rejected\":1%'")
        #expect(stored.count == 1)
        #expect(!stored.joined().joined().contains("Erika"))
    }

    @Test("a changed order line is changed while nobody billed it, and refused after", arguments: Company.engines)
    func changed(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let headings = "order_id,customer_id,order_date,sku,quantity\n"
        try await company.importing("orders", headings + "O1,C-1,2026-01-05,BOLT,1\n")
        #expect(try await company.importing("orders", headings + "O1,C-1,2026-01-05,BOLT,2\n").files[0].changed == 1)
        #expect(
            try await company.importing("orders", headings + "O1,C-3,2026-01-05,BOLT,2\n").refusals.map(\.code) == [
                "import.other-customer"
            ])
        try await company.bill(through: "2026-01-31")
        #expect(try await company.importing("orders", headings + "O1,C-1,2026-01-05,BOLT,2\n").files[0].unchanged == 1)
        #expect(
            try await company.importing("orders", headings + "O1,C-1,2026-01-05,BOLT,3\n").refusals.map(\.code)
                == ["import.billed-already"])
    }

    @Test("a changed address is a new version, what was issued keeps the old one", arguments: Company.engines)
    func moved(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 1")
        try await company.bill(through: "2026-01-31")
        let table = Stock.customers.replacing("Löwe Spedition GmbH", with: "Löwe Logistik GmbH")
        let outcome = try await company.importing("customers", table + "\n")
        #expect(outcome.files[0].changed == 1)
        #expect(outcome.files[0].unchanged == 8)
        let issuedTo = try await company.rows(
            "SELECT v.name FROM documents d JOIN customer_details v ON v.details = d.details")
        #expect(issuedTo == [["Löwe Spedition GmbH"]])
        let now = try await company.rows(
            "SELECT v.name FROM customers c JOIN customer_details v ON v.details = c.details WHERE c.number = 'C-1'")
        #expect(now == [["Löwe Logistik GmbH"]])
        #expect(try await company.faults() == [])
    }
}

extension Company {
    /// A table from cells.
    func importing(_ kind: String, format names: [String], rows: [[String]]) async throws -> ImportOutcome {
        let lines = ([names] + rows).map { cells in
            cells.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",")
        }
        return try await importing(kind, lines.joined(separator: "\n") + "\n")
    }
}
