import Formats
import Money
import Testing

@Suite("What a bank file is, told by its content")
struct BankSniffTests {
    @Test(
        "formats",
        arguments: [
            (
                "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"/>",
                BankFile.Format.camt
            ),
            ("\u{FEFF}<Document><BkToCstmrStmt/></Document>", .camt),
            (":20:STARTUMS\r\n:25:1\r\n", .mt940), ("{1:F01X}{2:O940}{4:\n:20:A\n", .mt940),
            ("{1:F01X}{2:O940}{4::20:A\n", .mt940),
            ("ABNANL2A\n940\nABNANL2A\n:20:X\n", .mt940), ("\u{1}\n:20:A\n", .mt940),
            ("Datum;Betrag\n1.1.2026;5,00\n", .csv), ("Date,Amount\n", .csv),
            ("%PDF-1.7\n", .unknown("a PDF")), ("PK\u{3}\u{4}xx", .unknown("ZIP (an archive, or an Excel file)")),
            ("<!doctype html><html><body/></html>", .unknown("a web page (HTML)")),
            (
                "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"/>",
                .unknown("ISO 20022 pain.001.001.09")
            ),
            ("{\"a\":1}", .unknown("JSON")), ("OFXHEADER:100\n", .unknown("OFX")),
            ("UNA:+.? 'UNB", .unknown("EDIFACT")),
            ("hello", .unknown("plain text")), (" \r\n ", .unknown("")), ("", .unknown("")),
        ] as [(String, BankFile.Format)])
    func formats(text: String, format: BankFile.Format) { #expect(BankFile.sniff(Array(text.utf8)) == format) }

    @Test("camt in UTF-16") func wide() throws {
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Document><BkToCstmrStmt><Stmt><Id>Ä</Id></Stmt></BkToCstmrStmt></Document>"
        let bytes: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(BankFile.sniff(bytes) == .camt)
        #expect(try BankFile.contents(bytes: bytes).statements[0].header.id == "Ä")
    }

    @Test(
        "anything else is refused, saying what it is",
        arguments: [
            ("%PDF-1.7\n", BankFileProblem.Kind.otherFormat, "PDF"), ("PK\u{3}\u{4}", .otherFormat, "ZIP"),
            ("", .empty, "nothing"),
            ("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"/>", .otherFormat, "pain.001"),
            ("<html/>", .otherFormat, "HTML"), ("a;b\n1;2\n", .map, "table"),
            ("just words", .otherFormat, "plain text"),
        ] as [(String, BankFileProblem.Kind, String)])
    func refused(text: String, kind: BankFileProblem.Kind, word: String) throws {
        let found = try #require(throws: BankFileProblems.self) { try BankFile.contents(bytes: Array(text.utf8)) }
        #expect(found.problems.map(\.kind) == [kind])
        #expect(found.problems[0].why.contains(word))
    }

    @Test("a file that is not there") func missing() throws {
        let found = try #require(throws: BankFileProblems.self) { try BankFile.contents(path: "/nowhere/at/all") }
        #expect(found.problems.map(\.kind) == [.unreadable])
    }
}

@Suite("References with check digits in what a payer wrote")
struct StructuredReferenceTests {
    private func found(_ text: String) throws -> String? {
        let file = ":20:A\n:25:1\n:60F:C260301EUR0,\n:61:260301C1,00NTRFNONREF\n:86:166?20\(text)\n:62F:C260301EUR1,\n"
        return try BankFile.contents(bytes: Array(file.utf8)).statements[0].entries[0].structuredReference
    }

    @Test(
        "are found in any writing",
        arguments: [
            ("RF18539007547034", "RF18539007547034"), ("Zahlung RF18 5390 0754 7034 danke", "RF18539007547034"),
            ("rf18539007547034.", "RF18539007547034"), ("SVWZ+RF18539007547034", "RF18539007547034"),
            ("RF19539007547034", nil), ("XRF18539007547034", nil),
            ("21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
            ("210000000003139471430009017", "210000000003139471430009017"),
            ("Rg 12 210000000003139471430009017 15.06.2024", "210000000003139471430009017"),
            ("210000000003139471430009018", nil),
            ("000000000000000000000000000", nil),
            ("+++090/9337/55493+++", "090933755493"), ("***090/9337/55493***", "090933755493"),
            ("+++090/9337/55494+++", nil),
            ("Rechnung 4711", nil),
        ] as [(String, String?)])
    func find(text: String, reference: String?) throws { #expect(try found(text) == reference) }
}

@Suite("Bank tables with a map")
struct BankCSVTests {
    private func read(_ text: String, _ change: (inout BankCSVMap) -> Void = { _ in }, currency: Currency? = .eur)
        throws -> BankFileContents
    {
        var map = BankCSVMap(bookingDay: "Datum")
        map.valueDay = "Valuta"
        map.amount = "Betrag"
        map.text = ["Text"]
        map.counterparty = "Name"
        change(&map)
        return try BankFile.contents(bytes: Array(text.utf8), options: .init(csv: map, currency: currency))
    }
    private func problems(_ text: String, _ change: (inout BankCSVMap) -> Void = { _ in }, currency: Currency? = .eur)
        throws -> [BankFileProblem]
    {
        try #require(throws: BankFileProblems.self) { try read(text, change, currency: currency) }.problems
    }

    @Test("a preamble, quotes over lines, and the balance column checked") func preamble() throws {
        let contents = try read(
            #"""
            Konto;DE02120300000000202051;;;

            Datum;Valuta;Name;Text;Betrag;Saldo
            01.03.2026;02.03.2026;"Muster; GmbH";"Rechnung
            ""7""";1.234,50;1.334,50
            02.03.2026;02.03.2026;;Miete;-100,00;1.234,50
            """#
        ) { $0.balance = "Saldo" }
        let statement = contents.statements[0]
        #expect(statement.entries.map(\.amount.minor) == [1234_50, -100_00])
        #expect(statement.entries[0].counterparty == "Muster; GmbH")
        #expect(statement.entries[0].text == "Rechnung \"7\"")
        #expect(statement.entries.map(\.lineNumber) == [4, 6])
        #expect(statement.header.opening?.amount.minor == 100_00)
        #expect(statement.totals.balanced == true)
    }

    @Test("newest first") func falling() throws {
        let contents = try read("Datum;Betrag;Saldo\n02.03.2026;-1,00;9,00\n01.03.2026;10,00;10,00\n") {
            $0.balance = "Saldo"
        }
        #expect(contents.statements[0].header.opening?.amount.minor == 0)
        #expect(contents.statements[0].header.closing?.amount.minor == 9_00)
        #expect(contents.statements[0].totals.balanced == true)
    }

    @Test(
        "amounts as banks write them",
        arguments: [
            ("1'234.50", 1234_50), ("1’234.50", 1234_50), ("(12.00)", -12_00), ("12.00-", -12_00), ("−12.00", -12_00),
            ("+7.1", 7_10),
            ("EUR 5.00", 5_00), ("1 234.50", 1234_50),
        ] as [(String, Int64)])
    func amounts(text: String, minor: Int64) throws {
        #expect(try read("Datum;Betrag\n01.03.2026;\(text)\n").statements[0].entries[0].amount.minor == minor)
    }

    @Test("debit and credit in columns of their own, with and without a minus", arguments: ["5.00", "-5.00"])
    func columns(debit: String) throws {
        let contents = try read(
            "Datum;Soll EUR;Haben EUR\n01.03.2026;\(debit);\n01.03.2026;;7.00\n",
            {
                $0.amount = nil
                $0.debit = "Soll *"
                $0.credit = "Haben *"
            }, currency: nil)
        #expect(contents.statements[0].entries.map(\.amount) == [Money(minor: -5_00, .eur), Money(minor: 7_00, .eur)])
    }

    @Test("a direction column, and cards that count the other way") func directions() throws {
        let ways = try read("Datum;Betrag;Af Bij\n20260301;5,00;Af\n20260301;7,00;Bij\n") {
            $0.direction = "Af Bij"
            $0.outWords = ["af"]
        }
        #expect(ways.statements[0].entries.map(\.amount.minor) == [-5_00, 7_00])
        let card = try read("Datum;Betrag\n01.03.2026;5,00\n") { $0.positiveIsOut = true }
        #expect(card.statements[0].entries.map(\.amount.minor) == [-5_00])
    }

    @Test("rows without a day go on with the entry above; totals are left out") func below() throws {
        let contents = try read(
            "Datum;Text;Einzel;Betrag\n01.03.2026;Sammler;;30.00\n;RE-1;10.00;\n;RE-2;20.00;\n02.03.2026;Gut;;1.00\n;noch mehr;;\nTotal;;;31.00\n"
        ) { $0.detailAmount = "Einzel" }
        #expect(contents.statements[0].entries.map(\.details.count) == [2, 0])
        #expect(contents.statements[0].entries[0].details.map(\.amount?.minor) == [10_00, 20_00])
        #expect(contents.statements[0].entries[1].text == "Gut noch mehr")
        #expect(contents.warnings.map(\.kind) == [.skipped])
    }

    @Test("the order of the days is found from the whole column, or asked for") func days() throws {
        let american = try read("Datum,Betrag\n03/01/2026,1.00\n03/31/2026,1.00\n")
        #expect(american.statements[0].entries[0].bookingDay == Day("2026-03-01"))
        #expect(try problems("Datum,Betrag\n03/01/2026,1.00\n").map(\.kind) == [.day])
        let told = try read("Datum,Betrag\n03/01/2026,1.00\n") { $0.dayOrder = .dayMonthYear }
        #expect(told.statements[0].entries[0].bookingDay == Day("2026-01-03"))
        #expect(try read("Datum,Betrag\n09.12.14,1.00\n").statements[0].entries[0].bookingDay == Day("2014-12-09"))
    }

    @Test("wrong cells are refused with line, heading and value") func wrong() throws {
        let found = try problems(
            "Datum;Betrag\n01.03.2026;1.00\n32.03.2026;1.00\n01.03.2026;12..34\n01.03.2026;1.005\n")
        #expect(found.map(\.kind) == [.day, .amount, .amount])
        #expect(found.map(\.line) == [3, 4, 5])
        #expect(found.map(\.field) == ["Datum", "Betrag", "Betrag"])
    }

    @Test("a map that does not fit, no currency, several accounts, an open quote") func refused() throws {
        #expect(try problems("Tag;Summe\n01.03.2026;1\n").map(\.kind) == [.map])
        #expect(try problems("Datum;Betrag\n01.03.2026;1.00\n", currency: nil).map(\.kind) == [.currency])
        #expect(
            try problems("Datum;Betrag;Konto\n01.03.2026;1.00;A\n01.03.2026;1.00;B\n", { $0.ownAccount = "Konto" }).map(
                \.kind) == [.map])
        #expect(try problems("Datum;Betrag\n01.03.2026;\"1.00\n").map(\.kind) == [.malformed])
    }

    @Test("headings without any row are an empty statement, with a word about it") func empty() throws {
        let contents = try read("Datum;Betrag\n")
        #expect(contents.statements.map(\.entries.count) == [0])
        #expect(contents.warnings.map(\.kind) == [.noEntries])
    }
}
