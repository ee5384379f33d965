import Database
import Foundation
import TestOffice
import Testing

/// What a person may send by mistake, or somebody by malice: refused with status 1, told where and what to do, nothing kept.
@Suite("Bad input, by the program")
struct BadInputTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let command: [String]
        let name: String
        let bytes: @Sendable () -> [UInt8]
        /// Of the first refusal: code, row and field, `-` for none; `*` where the place is not promised.
        let wanted: [String]

        init(_ description: String, _ command: [String], _ name: String, _ text: String, _ wanted: String) {
            self.init(description, command, name, { Array(text.utf8) }, wanted)
        }
        init(
            _ description: String, _ command: [String], _ name: String, _ bytes: @escaping @Sendable () -> [UInt8],
            _ wanted: String
        ) {
            testDescription = description
            self.command = command
            self.name = name
            self.bytes = bytes
            self.wanted = wanted.split(separator: " ").map(String.init)
        }
    }

    private static let orders = ["import", "orders"]
    private static let headings = "order_id,customer_id,order_date,sku,quantity\n"
    private static let row = "O1,C-1,2026-01-05,BOLT,1\n"

    static let tables: [Bad] = [
        Bad(
            "a file in an encoding that it does not hold", orders, "o.csv",
            { [0xFF, 0xFE] + Array(headings.utf8) + [0xD8] }, "table.encoding * *"),
        Bad(
            "UTF-8 that breaks off", orders, "o.csv",
            {
                [0xEF, 0xBB, 0xBF] + Array(headings.utf8) + Array("O1,C-1,2026-01-05,BO".utf8) + [0xC3]
                    + Array(",1\n".utf8)
            },
            "table.encoding * *"),
        Bad(
            "a missing column", orders, "o.csv", "order_id,customer_id,order_date,sku\nO1,C-1,2026-01-05,BOLT\n",
            "table.column-missing - quantity"),
        Bad(
            "an unknown customer", orders, "o.csv", headings + row + "O2,C-99,2026-01-05,BOLT,1\n",
            "import.unknown-customer 3 customer_id"),
        Bad(
            "one row twice, differently", orders, "o.csv",
            "order_id,line_no,customer_id,order_date,sku,quantity\nO1,1,C-1,2026-01-05,BOLT,1\nO1,1,C-1,2026-01-05,BOLT,2\n",
            "import.twice 3 line_no"),
        Bad(
            "an endless line", orders, "o.csv",
            { Array(headings.utf8) + Array(repeating: UInt8(ascii: "x"), count: 5_000_000) }, "* * *"),
        Bad(
            "a decimal sign that means two things", orders, "o.csv",
            headings + "O1,C-1,2026-01-05,BOLT,\"1,5\"\nO2,C-1,2026-01-05,BOLT,1.5\n", "* * quantity"),
        Bad(
            "an absurd quantity", orders, "o.csv", headings + "O1,C-1,2026-01-05,BOLT,99999999999999999999\n",
            "* 2 quantity"),
        Bad(
            "an absurd amount", ["import", "invoices"], "i.csv",
            "invoice_no,customer_id,issue_date,gross\nA-1,C-1,2026-01-05,10000000000000.01\n", "* 2 gross"),
        Bad(
            "an amount that is no number", ["import", "invoices"], "i.csv",
            "invoice_no,customer_id,issue_date,gross\nA-1,C-1,2026-01-05,1\nA-2,C-1,2026-01-05,1e5\n", "* 3 gross"),
        Bad(
            "a day there is not", ["import", "invoices"], "i.csv",
            "invoice_no,customer_id,issue_date,gross\nA-1,C-1,2026-02-30,1\n", "* 2 issue_date"),
        Bad(
            "JSON that breaks off", orders, "o.jsonl",
            #"{"order_id":"O1","customer_id":"C-1","order_date":"2026-01-05","sku":"BOLT","quantity":"#, "* * *"),
    ]

    private static func camt(_ entry: String, closing: String = "10.00") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
        <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-05T10:00:00</CreDtTm></GrpHdr>
        <Stmt><Id>S1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
        <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-05</Dt></Dt></Bal>
        <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">\(closing)</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-05</Dt></Dt></Bal>
        \(entry)
        </Stmt></BkToCstmrStmt></Document>
        """
    }
    private static func entry(_ amount: String, sign: String = "CRDT", day: String = "2026-01-05") -> String {
        """
        <Ntry><NtryRef>P1</NtryRef><Amt Ccy="EUR">\(amount)</Amt><CdtDbtInd>\(sign)</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>\(day)</Dt></BookgDt></Ntry>
        """
    }
    private static let bank = ["bank", "import"]
    private static let bomb =
        "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\">"
        + (0..<12).map { n in
            "<!ENTITY \(Character(UnicodeScalar(98 + UInt8(n)))) \"\(String(repeating: "&\(Character(UnicodeScalar(97 + UInt8(n))));", count: 10))\">"
        }.joined() + "]>"

    static let bankFiles: [Bad] = [
        Bad("broken XML", bank, "b.xml", String(camt(entry("10.00")).dropLast(60)), "bank.* * *"),
        Bad("XML with a tag that nobody closes", bank, "b.xml", camt("<Ntry>" + entry("10.00")), "bank.* * *"),
        Bad(
            "an XML bomb", bank, "b.xml",
            camt(entry("10.00")).replacing("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", with: bomb)
                .replacing("<MsgId>M1", with: "<MsgId>&m;"), "bank.* * *"),
        Bad(
            "XML that asks for a file of this machine", bank, "b.xml",
            camt(entry("10.00")).replacing(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                with: "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY m SYSTEM \"file:///etc/hostname\">]>"
            ).replacing("<MsgId>M1", with: "<MsgId>&m;"), "bank.* * *"),
        Bad("a decimal comma where a point belongs", bank, "b.xml", camt(entry("10,00")), "bank.amount 7 Ntry/Amt"),
        Bad(
            "an absurd amount", bank, "b.xml",
            camt(entry("99999999999999999999.00"), closing: "99999999999999999999.00"),
            "bank.amount * *"),
        Bad("more decimals than the currency has", bank, "b.xml", camt(entry("10.001")), "bank.amount 7 Ntry/Amt"),
        Bad("neither debit nor credit", bank, "b.xml", camt(entry("10.00", sign: "XX")), "bank.* * *"),
        Bad(
            "an account of somebody else, in a currency of nobody", bank, "b.xml",
            camt(entry("10.00")).replacing("DE89370400440532013000", with: "CH9300762011623852957")
                .replacing("EUR", with: "CHF"), "bank.nobodys-account - -"),
        Bad(
            "text in place of bytes of text", bank, "b.xml",
            { Array(camt(entry("10.00")).utf8).map { $0 == UInt8(ascii: "M") ? 0xFF : $0 } }, "bank.* * *"),
        Bad(
            "an MT940 amount whose point may mean thousands", bank, "b.sta",
            ":20:S\r\n:25:DE89370400440532013000\r\n:28C:1\r\n:60F:C260105EUR0,00\r\n:61:2601050105C1.000NTRFX\r\n:62F:C260105EUR10,00\r\n-\r\n",
            "bank.* 5 *"),
        Bad(
            "an MT940 balance with a letter", bank, "b.sta",
            ":20:S\r\n:25:DE89370400440532013000\r\n:28C:1\r\n:60F:C260105EURzehn\r\n:62F:C260105EUR10,00\r\n-\r\n",
            "bank.* 4 *"),
        Bad(
            "an endless line", bank, "b.sta",
            { Array(":20:".utf8) + Array(repeating: UInt8(ascii: "x"), count: 5_000_000) }, "bank.* * *"),
        Bad("nothing", bank, "b.sta", "", "bank.* * *"),
        Bad("a letter", bank, "b.txt", "Dear Sirs,\nplease find enclosed our payment.\n", "bank.* * *"),
    ]

    private static let applying = ["cash", "apply", "--from"]
    private static let parts = "payment_id,invoice_no,allocated,writeoff\n"
    static let applied: [Bad] = [
        Bad(
            "a column is missing", applying, "a.csv", "payment_id,invoice_no\nP-1,ALT-1\n",
            "table.column-missing - allocated"),
        Bad("a document nobody knows", applying, "a.csv", parts + "P-1,ALT-1,50.00,\nP-1,ALT-9,1.00,\n", "* * *"),
        Bad("a receipt nobody knows", applying, "a.csv", parts + "P-1,ALT-1,50.00,\nP-9,ALT-1,1.00,\n", "* 3 *"),
        Bad("more than was received", applying, "a.csv", parts + "P-1,ALT-1,100.01,\n", "* 2 *"),
        Bad("more than is open", applying, "a.csv", parts + "P-1,ALT-2,30.01,\n", "* 2 *"),
        Bad("an amount that is none", applying, "a.csv", parts + "P-1,ALT-1,ten,\n", "* 2 *"),
        Bad("an absurd amount", applying, "a.csv", parts + "P-1,ALT-1,99999999999999999999,\n", "* 2 *"),
        Bad(
            "a write-off of more than is left", applying, "a.csv", parts + "P-1,ALT-1,100.00,0.01\nP-1,ALT-2,1.00,\n",
            "* 2 *"),
        Bad(
            "good rows of one seller, a bad one of another", applying, "a.csv",
            parts + "P-1,ALT-1,50.00,\nQ-1,OLD-1,70.01,\n", "* 3 *"),
    ]

    /// Two sellers with customers, a product, history and money in.
    private static func office(_ engine: Engine) async throws -> ProgramBooks {
        let books = try await ProgramBooks.open(
            engine, today: "2026-03-02",
            seller: [
                "--seller", "Uferlicht Werkstätten GmbH", "--country", "DE", "--currency", "EUR", "--iban",
                "DE89370400440532013000",
            ])
        try books.duly(
            "seller", "add", "--seller", "Riverlight Works Ltd", "--country", "GB", "--currency", "GBP", "--iban",
            "GB29NWBK60161331926819")
        for (kind, text) in [
            (
                "customers",
                "customer_id,seller,name,country,currency\nC-1,DE,Löwe Spedition GmbH,DE,EUR\nC-2,GB,Heron & Sons Ltd,GB,GBP\n"
            ),
            ("products", Stock.products + "\n"), ("prices", Stock.prices + "\n"), ("tax-rates", Stock.taxRates + "\n"),
            (
                "invoices",
                "invoice_no,seller,customer_id,issue_date,currency,gross\nALT-1,DE,C-1,2026-01-05,EUR,100\nALT-2,DE,C-1,2026-01-06,EUR,30\nOLD-1,GB,C-2,2026-01-07,GBP,70\n"
            ),
        ] { try books.duly("import", kind, try books.file("\(kind).csv", text)) }
        let money = camt(entry("100.00"), closing: "100.00").replacing("P1", with: "P-1")
        let pounds = money.replacing("P-1", with: "Q-1").replacing("EUR", with: "GBP").replacing(">S1<", with: ">S2<")
            .replacing("DE89370400440532013000", with: "GB29NWBK60161331926819")
        try books.duly("bank", "import", try books.file("euro.xml", money), try books.file("pounds.xml", pounds))
        return books
    }

    @Test(
        "tables, bank files and applications are refused with their place, and every table of the books stays as it was",
        arguments: Company.engines)
    func refused(engine: Engine) async throws {
        let books = try await Self.office(engine)
        let before = try await books.contents()
        for bad in Self.tables + Self.bankFiles + Self.applied {
            let seller = bad.command[0] == "import" ? ["--seller", "DE"] : []
            let answer = try books.run(bad.command + [try books.file(bad.name, bad.bytes()), "--json"] + seller)
            #expect(
                answer.status == 1,
                "\(bad.testDescription): \(answer.status) \(answer.out.prefix(500)) \(answer.error.prefix(500))")
            guard let json = try? answer.json, let first = (json["refusals"] as? [[String: Any]])?.first else {
                Issue.record(
                    "\(bad.testDescription): no refusal in \(answer.out.prefix(500)) \(answer.error.prefix(500))")
                continue
            }
            for key in ["code", "what", "why", "next"] {
                #expect((first[key] as? String)?.isEmpty == false, "\(bad.testDescription): \(key)")
            }
            let found = [
                first["code"] as? String ?? "-", (first["row"] as? Int).map { "\($0)" } ?? "-",
                first["field"] as? String ?? "-",
            ]
            for (found, wanted) in zip(found, bad.wanted) {
                let same = wanted.hasSuffix("*") ? found.hasPrefix(wanted.dropLast()) : found == wanted
                #expect(same, "\(bad.testDescription): \(first)")
            }
            // Nothing of this machine stands in an answer, and no answer is as long as its file.
            #expect(answer.out.utf8.count < 20_000, "\(bad.testDescription)")
            let after = try await books.contents()
            let changed = after.keys.filter { before[$0] != after[$0] }.sorted()
            #expect(changed == [], "\(bad.testDescription)")
        }
    }

    @Test("the same in words: on standard error, with nothing on standard output", arguments: [Engine.sqlite])
    func words(engine: Engine) async throws {
        let books = try await Self.office(engine)
        for bad in Self.bankFiles + Self.applied {
            let answer = try books.run(bad.command + [try books.file(bad.name, bad.bytes())])
            #expect(answer.status == 1, "\(bad.testDescription)")
            #expect(answer.out.isEmpty, "\(bad.testDescription): \(answer.out.prefix(300))")
            #expect(answer.error.contains("Why:") && answer.error.contains("Next:"), "\(bad.testDescription)")
        }
    }

    @Test(
        "what banks do write is taken, with a warning: a minus before an amount, the 30th of February",
        arguments: [
            (entry("-10.00"), "-10.00", "2026-01-05"), (entry("10.00", day: "2026-02-30"), "10.00", "2026-02-28"),
        ])
    func odd(entry: String, amount: String, day: String) async throws {
        let books = try await Self.office(.sqlite)
        let file = try books.file("odd.xml", Self.camt(entry, closing: amount).replacing("P1", with: "P-2"))
        let read = try books.json("bank", "read", file)
        let entries = try #require((read["statements"] as? [[String: Any]])?.first?["entries"] as? [[String: Any]])
        #expect(entries.map { $0["amount"] as? String } == [amount])
        #expect(entries.map { $0["booking_day"] as? String } == [day])
        #expect((read["warnings"] as? [String])?.isEmpty == false)
        #expect((try books.json("bank", "import", file)["warnings"] as? [String])?.isEmpty == false)
    }

    @Test("the same file twice changes nothing, and what is good beside what is bad waits", arguments: Company.engines)
    func twice(engine: Engine) async throws {
        let books = try await Self.office(engine)
        let good = try books.file("good.csv", Self.headings + Self.row)
        let bad = try books.file("bad.csv", Self.headings + "O2,C-99,2026-01-05,BOLT,1\n")
        let before = try await books.contents()
        // Two files of one command are one matter.
        #expect(try books.run(["import", "orders", good, bad, "--seller", "DE", "--json"]).status == 1)
        #expect(try await books.contents() == before)
        try books.duly("import", "orders", good, "--seller", "DE")
        let once = try await books.contents()["charges"]
        #expect(once != before["charges"])
        try books.duly("import", "orders", good, "--seller", "DE")
        #expect(try await books.contents()["charges"] == once)
    }
}
