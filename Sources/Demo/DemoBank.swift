import Money

/// Bank statements as camt.053.001.08 (ISO 20022): one statement for each account and booking day; one of its last day, without
/// entries, for an account on which nothing happened, as banks send it.
extension DemoCompany {
    /// The statements of the days that lie in the month of `month`.
    public func bankXML(of month: Day) -> String { bankXML(month.firstOfMonth...month.lastOfMonth) }

    /// The statements of these days; balances go on from the days before.
    public func bankXML(_ span: ClosedRange<Day>) -> String {
        var statements = ""
        for seller in sellers {
            // What lay on the account before the first day.
            var balance = Int64(25_000_00)
            let mine = payments.filter { $0.seller == seller.code && $0.day <= span.upperBound }
            var place = mine.startIndex
            var isQuiet = true
            while place < mine.endIndex {
                let day = mine[place].day
                let end = mine[place...].firstIndex { $0.day != day } ?? mine.endIndex
                let opening = balance
                balance += mine[place..<end].reduce(0) { $0 + $1.amount.minor }
                if day >= span.lowerBound {
                    statements += statement(of: seller, mine[place..<end], on: day, opening, balance)
                    isQuiet = false
                }
                place = end
            }
            if isQuiet { statements += statement(of: seller, [], on: span.upperBound, balance, balance) }
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
            <BkToCstmrStmt>
            <GrpHdr><MsgId>DEMO-\(span.lowerBound)</MsgId><CreDtTm>\(span.upperBound)T20:00:00Z</CreDtTm></GrpHdr>
            \(statements)</BkToCstmrStmt>
            </Document>

            """
    }

    private func statement(
        of seller: Seller, _ payments: ArraySlice<Payment>, on day: Day, _ opening: Int64, _ closing: Int64
    ) -> String {
        func balance(_ code: String, _ minor: Int64) -> String {
            "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp>\(Self.amount(Money(minor: minor, seller.currency)))"
                + "<Dt><Dt>\(day)</Dt></Dt></Bal>\n"
        }
        return
            "<Stmt><Id>\(seller.code)-\(day)</Id><CreDtTm>\(day)T20:00:00Z</CreDtTm><Acct><Id><IBAN>\(seller.iban)</IBAN></Id>"
            + "<Ccy>\(seller.currency.code)</Ccy></Acct>\n" + balance("OPBD", opening) + balance("CLBD", closing)
            + payments.map(Self.entry).joined() + "</Stmt>\n"
    }

    private static func amount(_ money: Money) -> String {
        let magnitude = Money(minor: abs(money.minor), money.currency).decimal
        return
            "<Amt Ccy=\"\(money.currency.code)\">\(magnitude)</Amt><CdtDbtInd>\(money.minor < 0 ? "DBIT" : "CRDT")</CdtDbtInd>"
    }

    private static func entry(_ payment: Payment) -> String {
        let isIn = payment.amount.minor >= 0
        let side = isIn ? "Dbtr" : "Cdtr"
        let account =
            payment.payerIBAN.isEmpty ? "" : "<\(side)Acct><Id><IBAN>\(payment.payerIBAN)</IBAN></Id></\(side)Acct>"
        let structured =
            payment.reference.isEmpty
            ? ""
            : "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>\(payment.reference)</Ref></CdtrRefInf></Strd>"
        let text = pieces(payment.text).map { "<Ustrd>\(escaped($0))</Ustrd>" }.joined()
        let remittance = structured.isEmpty && text.isEmpty ? "" : "<RmtInf>\(text)\(structured)</RmtInf>"
        return "<Ntry><NtryRef>\(payment.id)</NtryRef>\(amount(payment.amount))<Sts><Cd>BOOK</Cd></Sts>"
            + "<BookgDt><Dt>\(payment.day)</Dt></BookgDt><ValDt><Dt>\(payment.day)</Dt></ValDt><AcctSvcrRef>\(payment.id)</AcctSvcrRef>"
            + "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>\(isIn ? "RCDT" : "ICDT")</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
            + "<NtryDtls><TxDtls><Refs><AcctSvcrRef>\(payment.id)</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
            + "\(amount(payment.amount))<RltdPties><\(side)><Pty><Nm>\(escaped(String(payment.payer.prefix(70))))</Nm></Pty></\(side)>"
            + "\(account)</RltdPties>\(remittance)</TxDtls></NtryDtls></Ntry>\n"
    }

    /// A text has room for 140 characters; what is longer goes on in another.
    private static func pieces(_ text: String) -> [String] {
        var rest = text[...]
        var all: [String] = []
        while !rest.isEmpty {
            all.append(String(rest.prefix(140)))
            rest = rest.dropFirst(140)
        }
        return all
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
