import Formats
import Money
import Testing

/// A message around statements, written as short as the reader allows.
private func camt(_ body: String, _ name: String = "camt.053.001.08", _ message: String = "BkToCstmrStmt") -> [UInt8] {
    Array(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:\(name)"><\(message)><GrpHdr><MsgId>M1</MsgId></GrpHdr>
        \(body)
        </\(message)></Document>
        """.utf8)
}
private func balance(
    _ type: String, _ amount: String, _ day: String, _ sign: String = "CRDT", _ currency: String = "EUR"
) -> String {
    """
    <Bal><Tp><CdOrPrtry><Cd>\(type)</Cd></CdOrPrtry></Tp><Amt Ccy="\(currency)">\(amount)</Amt><CdtDbtInd>\(sign)</CdtDbtInd>\
    <Dt><Dt>\(day)</Dt></Dt></Bal>
    """
}
private func entry(
    _ amount: String, _ sign: String = "CRDT", status: String = "<Sts><Cd>BOOK</Cd></Sts>", _ rest: String = ""
) -> String {
    "<Ntry><Amt Ccy=\"EUR\">\(amount)</Amt><CdtDbtInd>\(sign)</CdtDbtInd>\(status)\(rest)</Ntry>"
}
private func statement(_ body: String) -> String {
    "<Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>\(body)</Stmt>"
}
private func details(_ body: String) -> String { "<NtryDtls>\(body)</NtryDtls>" }
private func only(_ bytes: [UInt8]) throws -> BankEntry {
    let contents = try BankFile.contents(bytes: bytes)
    return try #require(contents.statements.first?.entries.first)
}

@Suite("camt.052, .053 and .054")
struct CamtTests {
    @Test("a statement has its header, its balances and whether they add up") func header() throws {
        let body = statement(
            balance("OPBD", "100.00", "2026-03-01") + balance("CLBD", "92.50", "2026-03-02")
                + entry("10.00") + entry("17.50", "DBIT"))
        let contents = try BankFile.contents(bytes: camt(body))
        let statement = try #require(contents.statements.first)
        #expect(statement.header.format == "camt.053.001.08")
        #expect(statement.header.kind == .statement)
        #expect(statement.header.id == "S1")
        #expect(statement.header.number == "7")
        #expect(statement.header.account == "DE02120300000000202051")
        #expect(
            statement.header.opening
                == BankBalance(type: "OPBD", day: Day("2026-03-01"), amount: Money(minor: 100_00, .eur)))
        #expect(statement.totals.balanced == true)
        #expect(statement.entries.map(\.amount.minor) == [10_00, -17_50])
        #expect(contents.warnings == [])
    }

    @Test("balances that do not add up are warned of with both figures") func unbalanced() throws {
        let body = statement(
            balance("OPBD", "100.00", "2026-03-01") + balance("CLBD", "5.00", "2026-03-02", "DBIT") + entry("10.00"))
        let contents = try BankFile.contents(bytes: camt(body))
        #expect(contents.statements[0].totals.balanced == false)
        #expect(contents.statements[0].totals.computedClosing == Money(minor: 110_00, .eur))
        #expect(contents.warnings.map(\.kind) == [.balance])
        #expect(contents.warnings[0].text.contains("110.00 EUR") && contents.warnings[0].text.contains("-5.00 EUR"))
    }

    @Test("only booked entries move the balance, others carry their status") func status() throws {
        let body = statement(
            balance("OPBD", "0.00", "2026-03-01") + balance("CLBD", "10.00", "2026-03-02") + entry("10.00")
                + entry("99.00", status: "<Sts><Cd>PDNG</Cd></Sts>") + entry("98.00", status: "<Sts>INFO</Sts>"))
        let statement = try BankFile.contents(bytes: camt(body)).statements[0]
        #expect(statement.entries.map(\.status) == [nil, "PDNG", "INFO"])
        #expect(statement.totals.balanced == true)
        #expect(statement.totals.booked == 1)
    }

    @Test("without an opening balance the previous closing one opens; pages have intermediate ones") func openings()
        throws
    {
        let previous = statement(balance("PRCD", "3.00", "2026-03-01") + balance("CLBD", "3.00", "2026-03-02"))
        #expect(try BankFile.contents(bytes: camt(previous)).statements[0].totals.balanced == true)
        let page = statement(
            balance("ITBD", "3.00", "2026-03-01") + balance("ITBD", "13.00", "2026-03-02") + entry("10.00"))
        let contents = try BankFile.contents(bytes: camt(page))
        #expect(contents.statements[0].header.opening?.amount.minor == 3_00)
        #expect(contents.statements[0].totals.balanced == true)
    }

    @Test(
        "reports and notifications are told apart",
        arguments: [
            ("camt.052.001.02", "BkToCstmrAcctRpt", "Rpt", BankStatementHeader.Kind.report),
            ("camt.052.001.01", "BkToCstmrAcctRptV01", "Rpt", .report),
            ("camt.054.001.13", "BkToCstmrDbtCdtNtfctn", "Ntfctn", .notification),
        ])
    func kinds(name: String, message: String, element: String, kind: BankStatementHeader.Kind) throws {
        let body = "<\(element)><Id>N1</Id><Acct><Id><Othr><Id>42</Id></Othr></Id></Acct>\(entry("1.00"))</\(element)>"
        let statement = try BankFile.contents(bytes: camt(body, name, message)).statements[0]
        #expect(statement.header.kind == kind)
        #expect(statement.header.format == name)
        #expect(statement.header.account == "42")
        #expect(statement.header.currency == .eur)
        #expect(statement.totals.balanced == nil)
        #expect(statement.entries.count == 1)
    }

    @Test("prefixes, a missing namespace and an envelope do not matter") func wrapped() throws {
        let text = """
            <?xml version="1.0"?><b:Envelope xmlns:b="urn:b"><b:Body><c:BkToCstmrStmt xmlns:c="x:camt.053.001.04">
            <c:Stmt><c:Id>A</c:Id><c:Ntry><c:Amt Ccy="EUR">2</c:Amt><c:CdtDbtInd>CRDT</c:CdtDbtInd></c:Ntry></c:Stmt>
            </c:BkToCstmrStmt></b:Body></b:Envelope>
            """
        #expect(try only(Array(text.utf8)).amount == Money(minor: 2_00, .eur))
    }

    @Test(
        "the other side of a credit is its debtor, in the old form and in the new",
        arguments: [
            "<Dbtr><Nm>Anna &amp; Co</Nm></Dbtr>", "<Dbtr><Pty><Nm>Anna &amp; Co</Nm></Pty></Dbtr>",
            "<Dbtr><Pty><Nm><![CDATA[Anna & Co]]></Nm></Pty></Dbtr>",
        ])
    func parties(debtor: String) throws {
        let parties = """
            <RltdPties>\(debtor)<DbtrAcct><Id><IBAN>DE02 1203 0000 0000 2020 51</IBAN></Id></DbtrAcct><UltmtDbtr><Nm>Bert</Nm></UltmtDbtr>\
            <Cdtr><Nm>Us</Nm></Cdtr></RltdPties>
            """
        let found = try only(camt(statement(entry("5", "CRDT", details("<TxDtls>\(parties)</TxDtls>")))))
        #expect(found.counterparty == "Anna & Co")
        #expect(found.ultimateCounterparty == "Bert")
        #expect(found.counterpartyAccount == "DE02120300000000202051")
        #expect(found.details.map(\.amount) == [found.amount])
    }

    @Test("a returned debit names the customer, who was its debtor, and the reason") func returned() throws {
        let transaction = """
            <TxDtls><Refs><EndToEndId>INV-7</EndToEndId><MndtId>MND-1</MndtId></Refs><RltdPties><Dbtr><Nm>Customer</Nm></Dbtr><Cdtr><Nm>Us</Nm></Cdtr></RltdPties>\
            <RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf></TxDtls>
            """
        let code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>"
        let found = try only(
            camt(statement(entry("53.00", "DBIT", "<RvslInd>true</RvslInd>" + code + details(transaction)))))
        #expect(found.amount.minor == -53_00)
        #expect(found.isReversal)
        #expect(found.counterparty == "Customer")
        #expect(found.returnReason == "MD06")
        #expect(found.endToEnd == "INV-7")
        #expect(found.details[0].mandate == "MND-1")
        #expect(found.transactionCode == "PMNT-IDDT-UPDD")
    }

    @Test("a batch has its payments, each signed; a sum that differs is warned of") func batch() throws {
        func payment(_ amount: String, _ reference: String) -> String {
            """
            <TxDtls><Refs><AcctSvcrRef>B-\(reference)</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="CHF">\(amount)</Amt>\
            <RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>\(reference)</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
            """
        }
        let first = payment("30.00", "210000000003139471430009017")
        let body = """
            <Ntfctn><Id>N</Id><Ntry><Amt Ccy="CHF">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><AcctSvcrRef>E1</AcctSvcrRef>\
            \(details("<Btch><NbOfTxs>2</NbOfTxs></Btch>" + first + payment("20.00", "000000000000000000000000018")))</Ntry>\
            <Ntry><Amt Ccy="CHF">50.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>\(details(first + first))</Ntry></Ntfctn>
            """
        let contents = try BankFile.contents(bytes: camt(body, "camt.054.001.04", "BkToCstmrDbtCdtNtfctn"))
        let found = contents.statements[0].entries
        #expect(found[0].batchCount == 2)
        #expect(found[0].structuredReference == nil)
        #expect(
            found[0].details.map(\.structuredReference) == [
                "210000000003139471430009017", "000000000000000000000000018",
            ])
        #expect(
            found[0].details.map(\.bankReference) == ["B-210000000003139471430009017", "B-000000000000000000000000018"])
        #expect(found[0].details.allSatisfy { $0.endToEnd == nil })
        #expect(found[1].details.map(\.amount?.minor) == [-30_00, -30_00])
        #expect(contents.warnings.map(\.kind) == [.batch])
    }

    @Test("a structured remittance says which documents a payment pays, less what") func remittance() throws {
        let invoice = """
            <Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>RE-1</Nb><RltdDt>2026-01-05</RltdDt></RfrdDocInf>\
            <RfrdDocAmt><DuePyblAmt Ccy="EUR">100.00</DuePyblAmt><DscntApldAmt><Amt Ccy="EUR">2.00</Amt></DscntApldAmt>\
            <AdjstmntAmtAndRsn><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Rsn>DMG</Rsn></AdjstmntAmtAndRsn>\
            <RmtdAmt Ccy="EUR">95.00</RmtdAmt></RfrdDocAmt></Strd>
            """
        let note = """
            <Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CREN</Cd></CdOrPrtry></Tp><Nb>GS-9</Nb></RfrdDocInf><RfrdDocAmt><DscntApldAmt Ccy="EUR">1.00</DscntApldAmt>\
            <CdtNoteAmt Ccy="EUR">20.00</CdtNoteAmt></RfrdDocAmt></Strd>
            """
        let found = try only(
            camt(statement(entry("75.00", "CRDT", details("<TxDtls><RmtInf>\(invoice)\(note)</RmtInf></TxDtls>")))))
        let documents = found.details[0].documents
        #expect(documents.map(\.type) == ["CINV", "CREN"])
        #expect(documents.map(\.number) == ["RE-1", "GS-9"])
        #expect(documents[0].day == Day("2026-01-05"))
        #expect(documents[0].due?.minor == 100_00)
        #expect(documents[0].discount?.minor == 2_00)
        #expect(documents[0].remitted?.minor == 95_00)
        #expect(documents[0].adjustments.map(\.amount?.minor) == [-3_00])
        #expect(documents[0].adjustments[0].reason == "DMG")
        #expect(documents[1].creditNote?.minor == 20_00)
        #expect(documents[1].discount?.minor == 1_00)
    }

    @Test("lines of 140 go on without a blank, shorter ones with one; references in the text are found") func text()
        throws
    {
        let full = String(repeating: "x", count: 137) + "RE-"
        let lines = "<Ustrd>\(full)</Ustrd><Ustrd>2026-1</Ustrd><Ustrd>RF18 5390 0754 7034</Ustrd>"
        let found = try only(camt(statement(entry("1", "CRDT", details("<TxDtls><RmtInf>\(lines)</RmtInf></TxDtls>")))))
        #expect(found.text == full + "2026-1 RF18 5390 0754 7034")
        #expect(found.structuredReference == "RF18539007547034")
    }

    @Test("charges are added up in both forms") func charges() throws {
        let old = "<Chrgs><Amt Ccy=\"EUR\">1.50</Amt></Chrgs><Chrgs><Amt Ccy=\"EUR\">0.50</Amt></Chrgs>"
        let new = """
            <Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">15.00</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="EUR">10.00</Amt></Rcrd><Rcrd><Amt Ccy="EUR">5.00</Amt></Rcrd></Chrgs>
            """
        #expect(try only(camt(statement(entry("1", "CRDT", old)))).charges?.minor == 2_00)
        #expect(try only(camt(statement(entry("1", "CRDT", new)))).charges?.minor == 15_00)
    }

    @Test("days are taken as written, with time and offset too; the 30th of February becomes the last") func days()
        throws
    {
        let written = "<BookgDt><DtTm>2026-03-31T23:59:59+02:00</DtTm></BookgDt><ValDt><Dt>2026-02-30</Dt></ValDt>"
        let contents = try BankFile.contents(bytes: camt(statement(entry("1", "CRDT", written))))
        #expect(contents.statements[0].entries[0].bookingDay == Day("2026-03-31"))
        #expect(contents.statements[0].entries[0].valueDay == Day("2026-02-28"))
        #expect(contents.warnings.map(\.kind) == [.day])
    }

    @Test("zeros beyond the currency's decimals are allowed, zero amounts too") func decimals() throws {
        #expect(try only(camt(statement(entry("8.85000")))).amount.minor == 8_85)
        #expect(try only(camt(statement(entry("0")))).amount.isZero)
    }

    @Test("counts and sums of the summary are compared") func summary() throws {
        let claims =
            "<TxsSummry><TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries><TtlCdtNtries><Sum>5.00</Sum></TtlCdtNtries></TxsSummry>"
        let contents = try BankFile.contents(bytes: camt(statement(claims + entry("1.00"))))
        #expect(contents.warnings.map(\.kind) == [.totals, .totals])
    }

    @Test("an empty statement is one without entries") func empty() throws {
        let contents = try BankFile.contents(
            bytes: camt(statement(balance("OPBD", "1", "2026-01-01") + balance("CLBD", "1", "2026-01-01"))))
        #expect(contents.statements.map(\.entries.count) == [0])
        #expect(contents.statements[0].totals.balanced == true)
    }

    @Test("blank lines before the declaration are passed over, and counted") func leadingBlanks() throws {
        let found = try only(Array("\r\n\n ".utf8) + camt(statement(entry("1"))))
        #expect(found.lineNumber == 5)
    }

    @Test("what the handler throws comes out, and nothing is told after it") func thrown() throws {
        struct Enough: Error {}
        var told = 0
        #expect(throws: Enough.self) {
            try BankFile.read(bytes: camt(statement(entry("1") + entry("2") + entry("3")))) { event in
                guard case .entry = event else { return }
                told += 1
                if told == 2 { throw Enough() }
            }
        }
        #expect(told == 2)
    }
}

@Suite("camt files that are refused")
struct CamtRefusalTests {
    private func problems(_ bytes: [UInt8], _ options: BankFile.Options = .init()) throws -> [BankFileProblem] {
        try #require(throws: BankFileProblems.self) { try BankFile.contents(bytes: bytes, options: options) }.problems
    }

    @Test("every wrong value is told at once, with line and field") func values() throws {
        let body = statement(
            entry("1.005") + "\n" + entry("abc") + "\n" + entry("99999999999999.00") + "\n" + entry("1", "PLUS") + "\n"
                + entry("1", "CRDT", "<BookgDt><Dt>2026-13-01</Dt></BookgDt>")
                + "\n<Ntry><Amt Ccy=\"XQX\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>")
        let found = try problems(camt(body))
        #expect(found.map(\.kind) == [.amount, .amount, .amount, .sign, .day, .currency])
        #expect(found.map(\.line) == [3, 4, 5, 6, 7, 8])
        #expect(found.map(\.field) == ["Ntry/Amt", "Ntry/Amt", "Ntry/Amt", "Ntry/CdtDbtInd", "BookgDt", "Ntry/Amt"])
        #expect(found[0].value == "1.005")
        #expect(found.allSatisfy { !$0.why.isEmpty && !$0.next.isEmpty && !$0.what.isEmpty })
    }

    @Test("an entry without amount or sign") func missing() throws {
        #expect(try problems(camt(statement("<Ntry><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"))).map(\.kind) == [.amount])
        #expect(try problems(camt(statement("<Ntry><Amt Ccy=\"EUR\">1</Amt></Ntry>"))).map(\.kind) == [.sign])
    }

    @Test("a document type declaration, which is how XML bombs begin") func bomb() throws {
        let bomb = """
            <?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
            <Document><BkToCstmrStmt><Stmt><Id>&c;</Id></Stmt></BkToCstmrStmt></Document>
            """
        #expect(try problems(Array(bomb.utf8)).map(\.kind) == [.documentType])
        let foreign = "<!DOCTYPE Document SYSTEM \"file:///etc/hostname\"><Document><BkToCstmrStmt/></Document>"
        #expect(try problems(Array(foreign.utf8)).map(\.kind) == [.documentType])
    }

    @Test("a file cut off anywhere is refused as a whole", arguments: [0.3, 0.6, 0.9, 0.99])
    func truncated(part: Double) throws {
        let whole = camt(statement(balance("OPBD", "1", "2026-01-01") + entry("1") + entry("2")))
        let found = try problems(Array(whole.prefix(Int(Double(whole.count) * part))))
        #expect(found.map(\.kind) == [.truncated])
        #expect(found[0].line != nil)
    }

    @Test("broken mark-up, an undeclared entity, and a wrong encoding") func malformed() throws {
        #expect(
            try problems(camt(statement("<Ntry></Stmt>"))).map(\.kind).allSatisfy {
                $0 == .malformed || $0 == .truncated
            })
        #expect(try problems(camt(statement(entry("&x;")))).contains { $0.kind == .malformed })
        let latin =
            Array("<Document><BkToCstmrStmt><Stmt><Id>M".utf8) + [0xFC]
            + Array("ller</Id></Stmt></BkToCstmrStmt></Document>".utf8)
        #expect(try problems(latin).map(\.kind) == [.encoding])
        let declared = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".utf8) + latin
        #expect(try BankFile.contents(bytes: declared).statements[0].header.id == "Müller")
    }

    @Test("a message without any statement") func nothing() throws {
        #expect(try problems(camt("")).map(\.kind) == [.noStatement])
    }

    @Test("texts and files beyond the limits") func limits() throws {
        var options = BankFile.Options()
        options.longestText = 1000
        let long = statement(entry("1", "CRDT", "<AddtlNtryInf>\(String(repeating: "a", count: 2000))</AddtlNtryInf>"))
        #expect(try problems(camt(long), options).map(\.kind) == [.tooLarge])
        options = .init()
        options.largestFile = 200
        #expect(try problems(camt(statement(entry("1"))), options).map(\.kind) == [.tooLarge])
        options = .init()
        options.mostDetails = 2
        let many = details(String(repeating: "<TxDtls><Refs><TxId>1</TxId></Refs></TxDtls>", count: 3))
        #expect(try problems(camt(statement(entry("1", "CRDT", many))), options).map(\.kind) == [.tooLarge])
        options = .init()
        options.mostBalances = 2
        let balances = (1...3).map { balance("CLAV", "1", "2026-03-0\($0)") }.joined()
        #expect(try problems(camt(statement(balances)), options).map(\.field) == ["Bal"])
        options.mostBalances = 3
        #expect(try BankFile.contents(bytes: camt(statement(balances)), options: options).statements.count == 1)
    }

    @Test(
        "an entry that goes on and on is refused, whatever it is that does",
        arguments: [
            "<TxDtls><RmtInf>%</RmtInf></TxDtls>": "<Ustrd>twenty letters of text</Ustrd>",
            "<TxDtls><RmtInf>%</RmtInf> </TxDtls>": "<Strd><RfrdDocInf><Nb>1</Nb></RfrdDocInf></Strd>",
            "<TxDtls><RmtInf><Strd>%</Strd></RmtInf></TxDtls>": "<CdtrRefInf><Ref>1</Ref></CdtrRefInf>",
            "%": "<TxDtls/>",
        ])
    func entrySize(around: String, piece: String) throws {
        var options = BankFile.Options()
        options.largestEntry = 20_000
        func file(_ count: Int) -> [UInt8] {
            let body = around.replacing("%", with: String(repeating: piece, count: count))
            return camt(statement(entry("1", "CRDT", details(body)) + entry("2")))
        }
        #expect(try problems(file(2_000), options).map(\.kind) == [.tooLarge])
        // Each entry is counted alone.
        #expect(try BankFile.contents(bytes: file(10), options: options).statements[0].entries.count == 2)
    }

    @Test("of many warnings the first thousand are told, and how many more there are") func manyWarnings() throws {
        let body = String(repeating: entry("-1"), count: 1_234)
        let contents = try BankFile.contents(bytes: camt(statement(body)))
        #expect(contents.statements[0].entries.count == 1_234)
        #expect(contents.warnings.count == 1_001)
        #expect(contents.warnings.last?.code == "bank.more-warnings")
        #expect(contents.warnings.last?.text.hasPrefix("234 more") == true)
    }

    @Test("a file of ever new names is refused before they fill the memory") func names() throws {
        let body = (0..<30_000).map { "<n\($0)/>" }.joined()
        #expect(try problems(camt(body)).map(\.kind) == [.tooLarge])
        let few = (0..<30_000).map { "<n\($0 % 500)/>" }.joined()
        #expect(try BankFile.contents(bytes: camt(few + statement(entry("1")))).statements.count == 1)
    }
}
