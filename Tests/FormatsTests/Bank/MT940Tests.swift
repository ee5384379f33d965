import Formats
import Money
import Testing

private func read(_ text: String, currency: Currency? = nil) throws -> BankFileContents {
    try BankFile.contents(bytes: Array(text.utf8), options: .init(currency: currency))
}
/// One statement around entry lines.
private func mt940(_ lines: String, opening: String = "C260301EUR100,00", closing: String? = "C260302EUR100,00")
    -> String
{
    ":20:STARTUMS\n:25:12030000/0000202051\n:28C:5/1\n:60F:\(opening)\n\(lines)\n"
        + (closing.map { ":62F:\($0)\n-\n" } ?? "")
}
private func only(_ lines: String) throws -> BankEntry {
    try #require(try read(mt940(lines)).statements[0].entries.first)
}

@Suite("MT940 and MT942")
struct MT940Tests {
    @Test(
        "the parts of :61:",
        arguments: [
            (":61:2603010302C12,34NTRFINV 7//BANK-1", 12_34, "2026-03-02", "2026-03-01", "INV 7", "BANK-1", false),
            (":61:260301C12,NTRFNONREF", 12_00, nil, "2026-03-01", nil, nil, false),
            (":61:2603010302CR,56NMSCNONREF//A", 56, "2026-03-02", "2026-03-01", nil, "A", false),
            (":61:2603010302DR000000000012,30N166ABC", -12_30, "2026-03-02", "2026-03-01", "ABC", nil, false),
            (":61:2603010302RC7,00NRTIX//Y", -7_00, "2026-03-02", "2026-03-01", "X", "Y", true),
            (":61:2603010302RDR7,00NRTIX", 7_00, "2026-03-02", "2026-03-01", "X", nil, true),
            (":61:260301    C1.234,50NTRFNONREF", 1234_50, nil, "2026-03-01", nil, nil, false),
            (":61:2512311231D1,00NTRFNONREF", -1_00, "2025-12-31", "2025-12-31", nil, nil, false),
            (":61:2601021231D1,00NTRFNONREF", -1_00, "2025-12-31", "2026-01-02", nil, nil, false),
            (":61:2512310102D1,00NTRFNONREF", -1_00, "2026-01-02", "2025-12-31", nil, nil, false),
            (":61:9912311231C1,00NTRFNONREF", 1_00, "1999-12-31", "1999-12-31", nil, nil, false),
            (":61:2603010302C1\n2,34NTRFNONREF", 12_34, "2026-03-02", "2026-03-01", nil, nil, false),
        ] as [(String, Int64, String?, String, String?, String?, Bool)])
    func line(
        written: String, minor: Int64, booked: String?, value: String, customer: String?, bank: String?, reversal: Bool
    ) throws {
        let found = try only(written)
        #expect(found.amount == Money(minor: minor, .eur))
        #expect(found.bookingDay?.description == booked)
        #expect(found.valueDay?.description == value)
        #expect(found.customerReference == customer)
        #expect(found.bankReference == bank)
        #expect(found.isReversal == reversal)
        #expect(found.lineNumber == 5)
    }

    @Test("expected entries are pending and do not move the balance") func expected() throws {
        let contents = try read(mt940(":61:260301EC5,00NTRFNONREF"))
        #expect(contents.statements[0].entries.map(\.status) == ["PDNG"])
        #expect(contents.statements[0].totals.balanced == true)
    }

    @Test("the 30th of February is the last of February, with a word about it") func february() throws {
        let contents = try read(mt940(":61:2602300302C5,00NTRFNONREF", closing: "C260302EUR105,00"))
        #expect(contents.statements[0].entries[0].valueDay == Day("2026-02-28"))
        #expect(contents.warnings.map(\.kind) == [.day])
    }

    @Test("German fields, broken anywhere, with SEPA words") func german() throws {
        let found = try only(
            """
            :61:2603010302C12,34NTRFNONREF//B
            :86:166?00GUTSCHRIFT?20EREF+RE-2026-000017?21MREF+M1?22SVWZ+Rechnung RE-2026-0?
            2300017 Danke?24schoen?30COBADEFFXXX?31DE02 1203 0000 0000 2020 51?32Muster GmbH u?33nd Co?34000
            """)
        #expect(found.text == "Rechnung RE-2026-000017 Dankeschoen")
        #expect(found.endToEnd == "RE-2026-000017")
        #expect(found.counterparty == "Muster GmbH und Co")
        #expect(found.counterpartyAccount == "DE02120300000000202051")
        #expect(found.transactionCode == "166")
    }

    @Test(
        "SEPA words inside one run, and with colons",
        arguments: [
            "?20EREF+NOTPROVIDED SVWZ+Rechnung?21 77", "?20EREF: NOTPROVIDED SVWZ: Rechnung 77", "?20Rechnung 77",
            "?20EREF+NOTPROVIDED?60SVWZ+Rechnung 77",
        ])
    func words(fields: String) throws {
        let found = try only(":61:2603010302C1,00NTRFNONREF\n:86:166\(fields)")
        #expect(found.text == "Rechnung 77")
        #expect(found.endToEnd == nil)
    }

    @Test("other separators, and a returned debit with its reason") func separators() throws {
        let polish = try only(
            ":61:2603010302C1,00NTRFNONREF\n:86:020~00Przelew~20FAKTURA 1~32Jan~33 Nowak~38PL61109010140000071219812874"
        )
        #expect(polish.text == "FAKTURA 1")
        #expect(polish.counterparty == "Jan Nowak")
        #expect(polish.counterpartyAccount == "PL61109010140000071219812874")
        let back = try only(
            ":61:2603010302D50,00NRTINONREF\n:86:109?00RUECKLASTSCHRIFT?20EREF+RE-1?21SVWZ+RUECKGABE MS03?32KUNDE?34914"
        )
        #expect(back.returnReason == "MS03")
        let key = try only(":61:2603010302D50,00NRTINONREF\n:86:109?00RUECKLASTSCHRIFT?20SVWZ+RUECKGABE?34914")
        #expect(key.returnReason == "914")
        #expect(try only(":61:2603010302C1,00NTRFNONREF\n:86:166?20SVWZ+MS03?34914").returnReason == nil)
    }

    @Test("a letter of two bytes broken by the end of a line") func brokenLetter() throws {
        let line = Array(":61:2603010302C1,00NTRFNONREF\n:86:166?20SVWZ+M\u{FC}ller".utf8)
        let half = line.firstIndex(of: 0xC3)! + 1
        let bytes = Array(mt940("").utf8.prefix { $0 != 45 })
        let body =
            Array(":20:A\n:25:1\n:28C:1\n:60F:C260301EUR0,\n".utf8) + line[..<half] + [10] + line[half...]
            + Array("\n:62F:C260301EUR1,\n".utf8)
        #expect(!bytes.isEmpty)
        #expect(try BankFile.contents(bytes: body).statements[0].entries[0].text == "Müller")
    }

    @Test("code pages of Windows and of DOS", arguments: [(UInt8(0xFC), UInt8(0xDF)), (UInt8(0x81), UInt8(0xE1))])
    func codePages(ue: UInt8, sharp: UInt8) throws {
        let text = Array(mt940(":61:2603010302C1,00NTRFNONREF\n:86:166?20SVWZ+M#ller?32Stra@e").utf8)
        let bytes = text.map { $0 == UInt8(ascii: "#") ? ue : $0 == UInt8(ascii: "@") ? sharp : $0 }
        let found = try BankFile.contents(bytes: bytes).statements[0].entries[0]
        #expect(found.text == "Müller")
        #expect(found.counterparty == "Straße")
    }

    @Test("slash words of Dutch banks") func slashes() throws {
        let ing = try only(
            """
            :61:2603010302D100,00NDDTEREF//66
            /TRCD/01018/
            :86:/EREF/E-77//MARF/M-1//CSID/NL01ZZZ//CNTP/NL02ABNA0123456789/ABNANL2A/Ramen NV///REM
            I/USTD//Factuur 12
            /
            """)
        #expect(ing.endToEnd == "E-77")
        #expect(ing.counterparty == "Ramen NV")
        #expect(ing.counterpartyAccount == "NL02ABNA0123456789")
        #expect(ing.text == "Factuur 12")
        let structured = try only(
            ":61:2603010302C1,00NTRFNONREF\n:86:/CNTP/NL02ABNA0123456789/ABNANL2A/X///REMI/STRD/ISO/RF18539007547034/")
        #expect(structured.structuredReference == "RF18539007547034")
        let rabo = try only(
            ":61:260301D000000000025,00N102EREF\nNL70ABNA0987654321\n:86:/EREF/E1/BENM//NAME/Jan de Vries/REMI//REMI/Factuur 9/ISDT/2026-03-01"
        )
        #expect(rabo.counterparty == "Jan de Vries")
        #expect(rabo.counterpartyAccount == "NL70ABNA0987654321")
        #expect(rabo.text == "Factuur 9")
        let back = try only(
            ":61:2603010302D1,00NRTINONREF\n:86:/RTRN/MS03//EREF/E9//CNTP/NL02ABNA0123456789/ABNANL2A/X///REMI/USTD//Y/"
        )
        #expect(back.returnReason == "MS03")
    }

    @Test("free text still tells who it was") func free() throws {
        let knab = try only(
            ":61:2603010302C1,00NTRFNONREF//B\n:86:OMSCHRIJVING VAN IETS\nREK: NL02ABNA0123456789/NAAM: BEDRIJF VOF")
        #expect(knab.counterparty == "BEDRIJF VOF")
        #expect(knab.counterpartyAccount == "NL02ABNA0123456789")
        #expect(knab.text == "OMSCHRIJVING VAN IETS REK: NL02ABNA0123456789/NAAM: BEDRIJF VOF")
        let old = try only(
            ":61:260301C1,00N084P002445588      Stichting Oud\n:86:BETALINGSKENM.  123\n:86:TWEEDE REGEL")
        #expect(old.counterparty == "Stichting Oud")
        #expect(old.counterpartyAccount == "002445588")
        #expect(old.text == "BETALINGSKENM. 123 TWEEDE REGEL")
    }

    @Test("several statements, pages, and no line left over") func several() throws {
        let first = ":20:A\n:25:1EUR\n:28C:1/1\n:60F:C260301EUR1,00\n:61:260301C1,00NTRFNONREF\n:62M:C260301EUR2,00\n"
        let second =
            ":20:A\n:25:1EUR\n:28C:1/2\n:60M:C260301EUR2,00\n:61:260301D2,00NTRFNONREF\n:62F:C260301EUR0,00\n:64:C260301EUR0,00\n:86:NOTE\n"
        let contents = try read("ABNANL2A\r\n940\r\n" + first + "-\n\u{1A}" + second)
        #expect(contents.statements.map(\.header.number) == ["1/1", "1/2"])
        #expect(contents.statements.map(\.totals.balanced) == [true, true])
        #expect(contents.statements.map(\.entries.count) == [1, 1])
        #expect(contents.statements[1].entries[0].text == "")
        #expect(contents.warnings == [])
    }

    @Test("blocks of the network around each message, and old Mac line ends") func blocks() throws {
        let message =
            "{1:F01BANKDEFFXXXX0000000000}{2:O9401234BANKDEFF}{3:{108:1}}{4:\n"
            + mt940(":61:260301C1,00NTRFNONREF", closing: nil)
            + ":62F:C260301EUR101,00\n-}{5:{CHK:1}}"
        let contents = try read("\u{1}" + message + "\u{3}\u{1}" + message.replacing("\n", with: "\r"))
        #expect(contents.statements.count == 2)
        #expect(contents.statements.allSatisfy { $0.totals.balanced == true })
    }

    @Test("lines of the text that begin with a dash or a colon are text") func dashes() throws {
        let found = try only(":61:260301C1,00NTRFNONREF\n:86:one\n-\n- two\n:12 three")
        #expect(found.text == "one - - two :12 three")
    }

    @Test("a tag broken behind its colon") func brokenTag() throws {
        #expect(try only(":61:260301C1,00NTRFNONREF\n:\n86:166?20SVWZ+Test").text == "Test")
    }

    @Test("MT942 is a report with the currency of its floor limit; its sums are compared") func interim() throws {
        let contents = try read(
            ":20:A\n:25:1\n:28C:1/1\n:34F:EURD0,\n:13D:2603011200+0100\n:61:260301C5,00NTRFNONREF\n:90D:0EUR0,\n:90C:1EUR6,00\n-"
        )
        #expect(contents.statements[0].header.format == "mt942")
        #expect(contents.statements[0].header.kind == .report)
        #expect(contents.statements[0].entries[0].amount == Money(minor: 5_00, .eur))
        #expect(contents.warnings.map(\.kind) == [.totals])
    }

    @Test("a balance without a currency is the statement's, with a word about it") func noCurrency() throws {
        let contents = try read(mt940(":61:260301C1,00NTRFNONREF", closing: "C260301101,00"))
        #expect(contents.statements[0].totals.balanced == true)
        #expect(contents.warnings.map(\.kind) == [.currency])
    }

    @Test(
        "the account in every way it may be registered",
        arguments: [
            ("12030000/0000202051", ["12030000/0000202051", "DE02120300000000202051", "0000202051"]),
            ("COBADEFF/DE89370400440532013000", ["COBADEFF/DE89370400440532013000", "DE89370400440532013000"]),
            ("NL47INGB0001212121EUR", ["NL47INGB0001212121"]), ("NL92 KNAB 0123 4567 89", ["NL92KNAB0123456789"]),
            ("1567.50.961EUR", ["1567.50.961EUR", "1567.50.961"]),
        ])
    func accounts(written: String, numbers: [String]) throws {
        let header = try read(":20:A\n:25:\(written)\n:60F:C260301EUR0,\n:62F:C260301EUR0,\n").statements[0].header
        #expect(header.account == written)
        #expect(header.accountNumbers == numbers)
    }

    @Test("a missing closing balance is warned of, and balances that do not add up") func warnings() throws {
        #expect(try read(mt940(":61:260301C1,00NTRFNONREF", closing: nil)).warnings.map(\.kind) == [.noClosing])
        let contents = try read(mt940(":61:260301C1,00NTRFNONREF"))
        #expect(contents.warnings.map(\.kind) == [.balance])
        #expect(contents.warnings[0].text.contains("101.00 EUR") && contents.warnings[0].text.contains("100.00 EUR"))
    }

    @Test("currencies without decimals and with three") func decimals() throws {
        let yen = try read(":20:A\n:25:1\n:60F:C260301JPY1000,\n:61:260301C5,NTRFNONREF\n:62F:C260301JPY1005,\n")
        #expect(yen.statements[0].entries[0].amount == Money(minor: 5, .jpy))
        #expect(yen.statements[0].totals.balanced == true)
        #expect(throws: BankFileProblems.self) { try read(":20:A\n:25:1\n:60F:C260301JPY1000,5\n") }
    }
}

@Suite("MT940 files that are refused")
struct MT940RefusalTests {
    private func problems(_ text: String) throws -> [BankFileProblem] {
        try #require(throws: BankFileProblems.self) { try read(text) }.problems
    }

    @Test("lines that cannot be understood, all at once, with line and field") func lines() throws {
        let found = try problems(
            mt940(
                ":61:nonsense\n:61:260301X5,00NTRF\n:61:261301C5,00NTRF\n:61:260301C5,001NTRF\n:61:260301C,NTRF\n:61:260301C99999999999999999,NTRF"
            ))
        #expect(found.map(\.line) == [5, 6, 7, 8, 9, 10])
        #expect(found.map(\.kind) == [.day, .sign, .day, .amount, .amount, .amount])
        #expect(found.allSatisfy { $0.field == ":61:" })
    }

    @Test("a currency the books do not keep, or none at all") func currency() throws {
        #expect(try problems(mt940("", opening: "C260301QQQ1,00")).map(\.kind) == [.currency])
        #expect(try problems(":20:A\n:61:260301C5,00NTRFNONREF").map(\.kind) == [.currency])
        #expect(try read(":20:A\n:61:260301C5,00NTRFNONREF", currency: .eur).statements[0].entries.count == 1)
    }

    @Test("a message of the network that is cut off") func truncated() throws {
        let text = "{1:F01X}{2:O940}{4:\n" + mt940(":61:260301C1,00NTRFNONREF\n:86:text", closing: nil)
        #expect(try problems(text).map(\.kind) == [.truncated])
    }

    @Test("an endless line") func endless() throws {
        var options = BankFile.Options()
        options.longestText = 1000
        for text in [String(repeating: "x", count: 5000), String(repeating: "short line\n", count: 500)] {
            let file = Array(mt940(":61:260301C1,00NTRFNONREF\n:86:\(text)").utf8)
            let found = try #require(throws: BankFileProblems.self) {
                try BankFile.contents(bytes: file, options: options)
            }
            #expect(found.problems.map(\.kind) == [.tooLarge])
        }
    }
}
