import CXML2

/// The elements of camt.052, .053 and .054 that are heard, in all versions from 001.01 on. Everything else is stepped over.
enum CamtNode: Int32 {
    case statement, report, notification
    case statementID, electronicNumber, legalNumber, copyIndicator
    case accountID, accountCurrency, ownerName
    case balance, balanceType, balanceSubtype, balanceAmount, balanceSign, balanceDay
    case totalCount, totalCredit, totalDebit

    case entry, entryReference, entryAmount, entrySign, reversal, status, statusCode, bookingDay, valueDay
    case servicerReference, domain, family, subfamily, ownCode, entryInformation, batchCount
    case chargeTotal, charge, chargeAmount, chargeSign

    case detail, detailReference, transactionID, endToEnd, mandate
    case detailAmount, transactionAmount, instructedAmount, detailSign
    case debtor, debtorAccount, ultimateDebtor, creditor, creditorAccount, ultimateCreditor
    case unstructured, detailInformation, returnCode, returnOwnCode, returnInformation

    case structured, documentType, documentNumber, documentDay, dueAmount, discountAmount, creditNoteAmount
    case remittedAmount, adjustment, adjustmentAmount, adjustmentSign, adjustmentReason, adjustmentText
    case creditorReference, remittanceInformation
}

enum CamtGrammar {
    private static let message = "BkToCstmrStmt"
    private static let body = "BkToCstmrStmt/Stmt"
    private static let entry = body + "/Ntry"
    private static let detail = entry + "/NtryDtls/TxDtls"
    private static let structured = detail + "/RmtInf/Strd"

    /// Tells the reader what to listen for. false only where its tables are too small, which is a bug.
    static func load(_ reader: OpaquePointer) -> Bool {
        var fine = true
        func path(_ path: String, _ node: CamtNode, _ flags: Int = CXML2_TEXT) {
            fine = cxml2_path(reader, path, node.rawValue, Int32(flags)) && fine
        }
        func money(_ text: String, _ node: CamtNode) {
            path(text, node)
            fine = cxml2_attribute(reader, text, "Ccy") && fine
        }
        func link(_ parent: String, _ name: String, _ target: String) {
            fine = cxml2_link(reader, parent, name, target) && fine
        }
        let container = CXML2_STARTS | CXML2_ENDS

        path(body, .statement, container)
        statement(path, money, container)
        entry(path, money, container)
        detail(path, money, container)
        parties(path, link)
        remittance(path, money, container)

        // A report and a notification have a node of their own (to be told which), and the children of a statement.
        path("BkToCstmrAcctRpt/Rpt", .report, container)
        path("BkToCstmrDbtCdtNtfctn/Ntfctn", .notification, container)
        for other in ["BkToCstmrAcctRpt/Rpt", "BkToCstmrDbtCdtNtfctn/Ntfctn"] {
            for child in ["Id", "ElctrncSeqNb", "LglSeqNb", "CpyDplctInd", "Acct", "Bal", "TxsSummry", "Ntry"] {
                link(other, child, body + "/" + child)
            }
        }
        for name in ["BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn"] { link("", name + "V01", name) }
        return fine
    }

    private typealias Path = (String, CamtNode, Int) -> Void
    private typealias Amount = (String, CamtNode) -> Void

    private static func statement(_ path: Path, _ money: Amount, _ container: Int) {
        path(body + "/Id", .statementID, CXML2_TEXT)
        path(body + "/ElctrncSeqNb", .electronicNumber, CXML2_TEXT)
        path(body + "/LglSeqNb", .legalNumber, CXML2_TEXT)
        path(body + "/CpyDplctInd", .copyIndicator, CXML2_TEXT)
        for way in ["IBAN", "BBAN", "UPIC", "Othr/Id", "PrtryAcct/Id"] {
            path(body + "/Acct/Id/" + way, .accountID, CXML2_TEXT)
        }
        path(body + "/Acct/Ccy", .accountCurrency, CXML2_TEXT)
        path(body + "/Acct/Ownr/Nm", .ownerName, CXML2_TEXT)
        path(body + "/Bal", .balance, container)
        // 001.01 has the code directly below `Tp`.
        for way in ["/Bal/Tp/CdOrPrtry/Cd", "/Bal/Tp/CdOrPrtry/Prtry", "/Bal/Tp/Cd"] {
            path(body + way, .balanceType, CXML2_TEXT)
        }
        path(body + "/Bal/Tp/SubTp/Cd", .balanceSubtype, CXML2_TEXT)
        money(body + "/Bal/Amt", .balanceAmount)
        path(body + "/Bal/CdtDbtInd", .balanceSign, CXML2_TEXT)
        path(body + "/Bal/Dt/Dt", .balanceDay, CXML2_TEXT)
        path(body + "/Bal/Dt/DtTm", .balanceDay, CXML2_TEXT)
        path(body + "/TxsSummry/TtlNtries/NbOfNtries", .totalCount, CXML2_TEXT)
        path(body + "/TxsSummry/TtlCdtNtries/Sum", .totalCredit, CXML2_TEXT)
        path(body + "/TxsSummry/TtlDbtNtries/Sum", .totalDebit, CXML2_TEXT)
    }

    private static func entry(_ path: Path, _ money: Amount, _ container: Int) {
        path(entry, .entry, container)
        path(entry + "/NtryRef", .entryReference, CXML2_TEXT)
        money(entry + "/Amt", .entryAmount)
        path(entry + "/CdtDbtInd", .entrySign, CXML2_TEXT)
        path(entry + "/RvslInd", .reversal, CXML2_TEXT)
        // Text until 001.03, a choice after.
        path(entry + "/Sts", .status, CXML2_TEXT)
        path(entry + "/Sts/Cd", .statusCode, CXML2_TEXT)
        path(entry + "/Sts/Prtry", .statusCode, CXML2_TEXT)
        for way in ["Dt", "DtTm"] {
            path(entry + "/BookgDt/" + way, .bookingDay, CXML2_TEXT)
            path(entry + "/ValDt/" + way, .valueDay, CXML2_TEXT)
        }
        path(entry + "/AcctSvcrRef", .servicerReference, CXML2_TEXT)
        path(entry + "/AddtlNtryInf", .entryInformation, CXML2_TEXT)
        path(entry + "/NtryDtls/Btch/NbOfTxs", .batchCount, CXML2_TEXT)
        path(entry + "/Btch/NbOfTxs", .batchCount, CXML2_TEXT)
        for place in [entry, detail] {
            path(place + "/BkTxCd/Domn/Cd", .domain, CXML2_TEXT)
            path(place + "/BkTxCd/Domn/Fmly/Cd", .family, CXML2_TEXT)
            path(place + "/BkTxCd/Domn/Fmly/SubFmlyCd", .subfamily, CXML2_TEXT)
            path(place + "/BkTxCd/Prtry/Cd", .ownCode, CXML2_TEXT)
            // Until 001.03 each charge is a `Chrgs`; after, they are its records.
            money(place + "/Chrgs/TtlChrgsAndTaxAmt", .chargeTotal)
            path(place + "/Chrgs", .charge, container)
            path(place + "/Chrgs/Rcrd", .charge, container)
            for way in ["/Chrgs", "/Chrgs/Rcrd"] {
                money(place + way + "/Amt", .chargeAmount)
                path(place + way + "/CdtDbtInd", .chargeSign, CXML2_TEXT)
            }
        }
    }

    private static func detail(_ path: Path, _ money: Amount, _ container: Int) {
        path(detail, .detail, container)
        path(detail + "/Refs/AcctSvcrRef", .detailReference, CXML2_TEXT)
        path(detail + "/Refs/TxId", .transactionID, CXML2_TEXT)
        path(detail + "/Refs/EndToEndId", .endToEnd, CXML2_TEXT)
        path(detail + "/Refs/MndtId", .mandate, CXML2_TEXT)
        money(detail + "/Amt", .detailAmount)
        money(detail + "/AmtDtls/TxAmt/Amt", .transactionAmount)
        money(detail + "/AmtDtls/InstdAmt/Amt", .instructedAmount)
        path(detail + "/CdtDbtInd", .detailSign, CXML2_TEXT)
        path(detail + "/AddtlTxInf", .detailInformation, CXML2_TEXT)
        for way in ["/RtrInf/Rsn", "/RtrInf/RtrRsn"] {
            path(detail + way + "/Cd", .returnCode, CXML2_TEXT)
            path(detail + way + "/Prtry", .returnOwnCode, CXML2_TEXT)
        }
        path(detail + "/RtrInf/AddtlInf", .returnInformation, CXML2_TEXT)
        path(detail + "/RtrInf/AddtlRtrRsnInf", .returnInformation, CXML2_TEXT)
    }

    private static func parties(_ path: Path, _ link: (String, String, String) -> Void) {
        let parties = detail + "/RltdPties/"
        let names: [(String, CamtNode)] = [
            ("Dbtr", .debtor), ("UltmtDbtr", .ultimateDebtor), ("Cdtr", .creditor), ("UltmtCdtr", .ultimateCreditor),
        ]
        for (name, node) in names {
            path(parties + name + "/Nm", node, CXML2_TEXT)
            // Since 001.07 a choice of person (`Pty`) and bank (`Agt`).
            link(parties + name, "Pty", parties + name)
            path(parties + name + "/Agt/FinInstnId/Nm", node, CXML2_TEXT)
        }
        for (name, node) in [("DbtrAcct", CamtNode.debtorAccount), ("CdtrAcct", .creditorAccount)] {
            for way in ["IBAN", "BBAN", "UPIC", "Othr/Id", "PrtryAcct/Id"] {
                path(parties + name + "/Id/" + way, node, CXML2_TEXT)
            }
        }
    }

    private static func remittance(_ path: Path, _ money: Amount, _ container: Int) {
        path(detail + "/RmtInf/Ustrd", .unstructured, CXML2_TEXT)
        path(structured, .structured, container)
        let document = structured + "/RfrdDocInf"
        for way in ["/Tp/CdOrPrtry/Cd", "/Tp/CdOrPrtry/Prtry", "/RfrdDocTp/Cd"] {
            path(document + way, .documentType, CXML2_TEXT)
        }
        path(document + "/Nb", .documentNumber, CXML2_TEXT)
        path(document + "/RfrdDocNb", .documentNumber, CXML2_TEXT)
        path(document + "/RltdDt", .documentDay, CXML2_TEXT)
        path(document + "/RltdDt/Dt", .documentDay, CXML2_TEXT)
        let amount = structured + "/RfrdDocAmt"
        money(amount + "/DuePyblAmt", .dueAmount)
        // Until 001.02 the amount itself; then repeated, with a type and `Amt`.
        money(amount + "/DscntApldAmt", .discountAmount)
        money(amount + "/DscntApldAmt/Amt", .discountAmount)
        money(amount + "/CdtNoteAmt", .creditNoteAmount)
        money(amount + "/RmtdAmt", .remittedAmount)
        path(amount + "/AdjstmntAmtAndRsn", .adjustment, container)
        money(amount + "/AdjstmntAmtAndRsn/Amt", .adjustmentAmount)
        path(amount + "/AdjstmntAmtAndRsn/CdtDbtInd", .adjustmentSign, CXML2_TEXT)
        path(amount + "/AdjstmntAmtAndRsn/Rsn", .adjustmentReason, CXML2_TEXT)
        path(amount + "/AdjstmntAmtAndRsn/AddtlInf", .adjustmentText, CXML2_TEXT)
        path(structured + "/CdtrRefInf/Ref", .creditorReference, CXML2_TEXT)
        path(structured + "/CdtrRefInf/CdtrRef", .creditorReference, CXML2_TEXT)
        path(structured + "/AddtlRmtInf", .remittanceInformation, CXML2_TEXT)
    }
}
