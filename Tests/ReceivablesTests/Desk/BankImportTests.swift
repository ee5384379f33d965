import Books
import Database
import Ledger
import Money
import Receivables
import ReceivablesDesk
import ReportsDesk
import TestOffice
import Testing

/// Bank files come in once, whatever their name, format or order, and can be taken back.
@Suite("Bank files into the books")
struct BankImportTests {
    @Test("a bank file is received once, whatever name or order it comes in again", arguments: Company.engines)
    func received(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let lines = [
            BankMoney("P-1", "2026-02-01", "50.00", iban: "DE02120300000000202051"),
            BankMoney("P-2", "2026-02-02", "10.00"), BankMoney("", "2026-02-02", "5.00", text: "zweimal"),
            BankMoney("", "2026-02-02", "5.00", text: "zweimal"), BankMoney("P-3", "2026-02-03", "-7.00"),
        ]
        let came = try await company.receive(lines)
        #expect([came.entries, came.imported, came.duplicates, came.receipts] == [5, 5, 0, 4])
        let counts = try await company.counts()
        let again = try await company.receive(lines.reversed())
        #expect([again.entries, again.imported, again.duplicates, again.receipts] == [5, 0, 5, 0])
        let more = try await company.receive(lines + [BankMoney("P-4", "2026-02-04", "1.00")])
        #expect([more.imported, more.duplicates] == [1, 5])
        let open = try await company.open()
        #expect(open.filter { $0.hasPrefix("P-") } == ["P-1 -5000", "P-2 -1000", "P-4 -100"])
        let after = try await company.counts()
        #expect(after["receipts"] == counts["receipts"]! + 1)
        #expect(after["bank_lines"] == counts["bank_lines"]! + 1)
        // What the payer's account is stands nowhere in the clear.
        let texts = try await company.rows("SELECT sealed, account_key FROM bank_texts WHERE sealed <> ''")
        #expect(texts.count == 1)
        #expect(!texts[0].joined().contains("DE02"))
        #expect(try await company.faults() == [])
    }

    @Test("the same id gets the first outcome, and is refused for another file", arguments: Company.engines)
    func receivedAgain(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let file = try company.bankFile([BankMoney("P-1", "2026-02-01", "50.00")])
        let first = try await company.receive(file: file, id: "bank-1")
        #expect([first.imported, first.receipts] == [1, 1])
        try await company.receive([BankMoney("P-2", "2026-02-02", "10.00")])
        let counts = try await company.counts()
        #expect(try await company.receive(file: file, id: "bank-1") == first)
        let other = try company.bankFile([BankMoney("P-3", "2026-02-03", "50.00")])
        await #expect(throws: BooksRefusal.otherContent(CommandID("bank-1")!)) {
            try await company.receive(file: other, id: "bank-1")
        }
        #expect(try await company.counts() == counts)
    }

    @Test("a half-done import is not gone on with by another file under its id", arguments: Company.engines)
    func halfDone(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let file = try company.bankFile([
            BankMoney("P-1", "2026-02-01", "50.00"), BankMoney("P-2", "2026-02-02", "7.00"),
        ])
        let first = try await company.receive(file: file, id: "bank-1")
        // As if it had died before its outcome: its groups stand.
        try await company.forget("bank-1")
        let other = try company.bankFile([BankMoney("P-3", "2026-02-03", "50.00")])
        await #expect(throws: BooksRefusal.otherContent(CommandID("bank-1/1/1")!)) {
            try await company.receive(file: other, id: "bank-1")
        }
        #expect(try await company.receive(file: file, id: "bank-1") == first)
    }

    static func mt940(_ number: String, _ day: String, opening: String, closing: String, _ lines: String...) -> String {
        ":20:STARTUMS\n:25:DE89370400440532013000\n:28C:\(number)\n:60F:C\(day)EUR\(opening)\n"
            + lines.map { ":61:\(day)\(day.suffix(4))C\($0)\n:86:166?00GUTSCHRIFT?20Rechnung?32Kunde\n" }.joined()
            + ":62F:C\(day)EUR\(closing)\n-\n"
    }
    static let camt = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
        <GrpHdr><MsgId>M</MsgId><CreDtTm>2026-02-02T20:00:00Z</CreDtTm></GrpHdr>
        <Stmt><Id>S-1</Id><CreDtTm>2026-02-02T20:00:00Z</CreDtTm>
        <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
        <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
        <Dt><Dt>2026-02-02</Dt></Dt></Bal>
        <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">150.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
        <Dt><Dt>2026-02-02</Dt></Dt></Bal>
        <Ntry><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>2026-02-02</Dt></BookgDt><ValDt><Dt>2026-02-02</Dt></ValDt><AcctSvcrRef>REF-1</AcctSvcrRef>
        <NtryDtls><TxDtls><Refs><AcctSvcrRef>REF-1</AcctSvcrRef></Refs></TxDtls></NtryDtls></Ntry>
        </Stmt></BkToCstmrStmt></Document>
        """

    @Test("the same day in another format of the bank brings nothing new", arguments: Company.engines)
    func overlappingFormats(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        #expect(try await company.receive(file: company.file("day.xml", Self.camt)).imported == 1)
        let swift = Self.mt940("1/1", "260202", opening: "100,00", closing: "150,00", "50,00NTRFNONREF//REF-1")
        let again = try await company.receive(file: company.file("day.sta", swift))
        #expect([again.imported, again.duplicates] == [0, 1])
    }

    @Test("a bank that begins its numbers anew has two statements of one number", arguments: Company.engines)
    func numbersBeginAnew(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let file = try company.file(
            "two.sta",
            Self.mt940("1/1", "260202", opening: "100,00", closing: "150,00", "50,00NTRFNONREF//REF-1")
                + Self.mt940("1/1", "260203", opening: "150,00", closing: "157,00", "7,00NTRFNONREF//REF-2"))
        let came = try await company.receive(file: file)
        #expect(came.statements.map(\.imported) == [1, 1])
        // The second joins the first, though both came in one file.
        #expect(came.statements.map(\.continuity) == ["first", "ok"])
        let rows = try await company.rows(
            """
            SELECT s.name, s.closing_day, s.closing, count(*) FROM bank_statements s
            JOIN bank_lines l ON l.book = s.book AND l.statement = s.statement
            GROUP BY s.name, s.closing_day, s.closing ORDER BY s.closing_day
            """)
        #expect(rows == [["STARTUMS 1/1", "2026-02-02", "15000", "1"], ["STARTUMS 1/1", "2026-02-03", "15700", "1"]])
    }

    @Test("an id with signs that stand for others in a pattern finds only its own", arguments: Company.engines)
    func patternSigns(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let one = try company.file(
            "one.sta", Self.mt940("1/1", "260202", opening: "100,00", closing: "150,00", "50,00NTRFNONREF//REF-1"))
        let two = try company.file(
            "two.sta", Self.mt940("1/1", "260202", opening: "100,00", closing: "150,00", "50,00NTRFNONREF//REF-2"))
        try await company.receive(file: one, id: "bankX1")
        try await company.receive(file: two, id: "bank_1")
        let rows = try await company.rows("SELECT command FROM bank_statements ORDER BY command")
        #expect(rows == [["bankX1/1/1"], ["bank_1/1/1"]])
    }

    @Test("a statement without entries is taken, with a note", arguments: Company.engines)
    func quiet(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let file = try company.file("quiet.sta", Self.mt940("1/1", "260202", opening: "100,00", closing: "100,00"))
        let came = try await company.receive(file: file, id: "bank-1")
        #expect([came.entries, came.imported, came.statements.count] == [0, 0, 1])
        #expect(came.warnings.contains { $0.contains("holds no entries") })
        #expect(try await company.receive(file: file, id: "bank-1") == came)
    }

    @Test(
        "money in a currency without the day's rate is refused, and nothing of the file is kept",
        arguments: Company.engines)
    func noRate(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let before = try await company.counts()
        await #expect(throws: Refusals.self) {
            try await company.receive([
                BankMoney("P-1", "2026-02-01", "10.00"), BankMoney("P-2", "2026-02-01", "10.00", "USD"),
            ])
        }
        #expect(try await company.counts() == before)
    }

    @Test("a line before the first open day is refused, and nothing of the file is kept", arguments: Company.engines)
    func closedPeriod(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let before = try await company.counts()
        await #expect(throws: Refusals.self) {
            try await company.receive([
                BankMoney("P-1", "2026-02-01", "10.00"), BankMoney("P-2", "2025-12-31", "10.00"),
            ])
        }
        #expect(try await company.counts() == before)
    }

    @Test("a bank import taken back can be imported again, and then once", arguments: Company.engines)
    func undoImport(engine: Engine) async throws {
        let company = try await CashTests.company(engine)
        let before = try await company.open()
        let lines = [
            BankMoney("P-1", "2026-02-01", "79.95"), BankMoney("", "2026-02-02", "5.00", text: "zweimal"),
            BankMoney("", "2026-02-02", "5.00", text: "zweimal"),
        ]
        try await company.receive(lines, id: "b-1")
        let received = try await company.open()
        #expect(try company.undo("b-1").status == 0)
        #expect(try await company.open() == before)
        #expect(try await company.receive(lines).imported == 3)
        #expect(try await company.receive(lines).imported == 0)
        #expect(try await company.open() == received)
        #expect(try await company.faults() == [])
        // The receipt of that name is again the only one.
        try await company.apply([CashTests.wish("P-1", (CashTests.first, "79.95"))])
    }
}
