import Money

/// One booking of a bank account, as the bank's file tells it. Nothing in it is decided yet.
public struct BankEntry: Sendable, Equatable {
    /// The day the bank booked it: the day for the ledger. May be missing.
    public var bookingDay: Day?
    /// The day from which it bears interest. May be missing.
    public var valueDay: Day?
    /// Signed: money out is negative.
    public var amount: Money
    /// The other side: who paid, or was paid. nil for a batch of several parties.
    public var counterparty: String?
    /// Who really owes or receives, where the other side acts for somebody (`UltmtDbtr`, `ABWA+`).
    public var ultimateCounterparty: String?
    /// IBAN or the bank's own number, without blanks.
    public var counterpartyAccount: String?
    /// The reference the invoice asked for (ISO 11649 `RF…`, Swiss QRR, Belgian `+++`, a national one), without blanks if it has
    /// check digits. nil where there is none, or several (they stand in `details`).
    public var structuredReference: String?
    /// `EndToEndId`; nil where the file says `NOTPROVIDED`.
    public var endToEnd: String?
    /// The bank's own name for this entry: `AcctSvcrRef`, else `NtryRef` (Swiss banks put a customer number there); what follows
    /// `//` in `:61:`.
    public var bankReference: String?
    /// What the payer wrote; else what the bank wrote.
    public var text: String
    /// ISO 20022 reason of a return (`AC01`, `MD06`), or the bank's own key.
    public var returnReason: String?
    /// nil = booked. Else the ISO 20022 code: `PDNG` pending, `INFO` for information, `FUTR` future. Only booked entries move the balance.
    public var status: String?
    /// It undoes an earlier entry (`RvslInd`, `RC`, `RD`).
    public var isReversal: Bool
    /// Domain-family-subfamily (`PMNT-RCDT-ESCT`), or the bank's own code (`166`, `NTRF`).
    public var transactionCode: String?
    /// What the payer's order called it, `:61:` subfield 7; nil for `NONREF`.
    public var customerReference: String?
    /// What the bank says it kept, positive; already inside `amount` or not, as `Chrgs` says.
    public var charges: Money?
    /// How many payments the bank says a batch holds, whether it lists them or not.
    public var batchCount: Int?
    /// The payments below a batch booking; one, for most entries of camt; none where the file has none.
    public var details: [BankEntryDetail]
    /// The untouched words of the file: `:86:` with its line breaks, or the row of a CSV. nil for XML.
    public var rawText: String?
    /// Line of the file where it begins, from 1.
    public var lineNumber: Int

    /// An entry of which only the amount is known.
    public init(amount: Money, lineNumber: Int) {
        self.amount = amount
        self.lineNumber = lineNumber
        text = ""
        isReversal = false
        details = []
    }
}

/// One payment inside an entry.
public struct BankEntryDetail: Sendable, Equatable {
    /// Signed like an entry; nil where neither the detail nor its entry tells.
    public var amount: Money?
    public var counterparty: String?
    public var ultimateCounterparty: String?
    public var counterpartyAccount: String?
    /// The first of `structuredReferences`.
    public var structuredReference: String?
    /// All that stand in `CdtrRefInf`, as written; or what has valid check digits in the text.
    public var structuredReferences: [String] = []
    public var endToEnd: String?
    public var bankReference: String?
    /// Mandate of a direct debit.
    public var mandate: String?
    public var text = ""
    public var returnReason: String?
    public var charges: Money?
    /// Which invoices and credit notes the payer says this pays, and how.
    public var documents: [RemittedDocument] = []

    public init() {}
}

/// One document of a structured remittance: `Strd` with its `RfrdDocInf` and `RfrdDocAmt`.
public struct RemittedDocument: Sendable, Equatable {
    /// `CINV` invoice, `CREN` credit note, `DEBN` debit note, …
    public var type: String?
    public var number: String?
    public var day: Day?
    /// `DuePyblAmt`: what was owed before deductions.
    public var due: Money?
    /// Sum of `DscntApldAmt`.
    public var discount: Money?
    /// `CdtNoteAmt`.
    public var creditNote: Money?
    /// `RmtdAmt`: what is paid.
    public var remitted: Money?
    /// `AdjstmntAmtAndRsn`: signed, negative lowers the payment.
    public var adjustments: [Adjustment] = []

    /// A deduction or addition with its reason.
    public struct Adjustment: Sendable, Equatable {
        public var amount: Money?
        public var reason: String?
        public var text: String?
        public init() {}
    }
    public init() {}
    var isEmpty: Bool { self == RemittedDocument() }
}
