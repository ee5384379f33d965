import Money

/// What stands above the entries of one statement.
public struct BankStatementHeader: Sendable, Equatable {
    /// What the bank meant it to be: only a statement closes a day; a notification repeats entries of a statement in detail,
    /// so the two are never both booked.
    public enum Kind: String, Sendable { case statement, report, notification }

    /// `camt.053.001.08`, `mt940`, `mt942`, `csv`.
    public var format: String
    public var kind: Kind
    /// `Stmt/Id`, `:20:`.
    public var id: String?
    /// `ElctrncSeqNb` (else `LglSeqNb`), `:28C:`.
    public var number: String?
    /// IBAN or the bank's own number, as written; see `accountNumber`.
    public var account: String?
    /// Name of the account's owner, where the file tells.
    public var owner: String?
    public var currency: Currency?
    public var opening: BankBalance?
    public var closing: BankBalance?
    /// Every balance of the file in its order, the two above included.
    public var balances: [BankBalance] = []
    /// `CpyDplctInd`: COPY, CODU or DUPL where the bank sends it again.
    public var copyIndicator: String?
    public var lineNumber: Int

    public init(format: String, kind: Kind, lineNumber: Int) {
        self.format = format
        self.kind = kind
        self.lineNumber = lineNumber
    }
}

/// A balance the bank states.
public struct BankBalance: Sendable, Equatable {
    /// ISO 20022: OPBD, CLBD, PRCD, ITBD, CLAV, FWAV, …; for SWIFT files the one that corresponds.
    public var type: String
    public var day: Day?
    /// Negative where the account is overdrawn.
    public var amount: Money

    public init(type: String, day: Day?, amount: Money) {
        self.type = type
        self.day = day
        self.amount = amount
    }
}

/// What the entries of a statement came to.
public struct BankStatementTotals: Sendable, Equatable {
    /// Credits and debits of one currency, both positive, whatever their status.
    public struct Sums: Sendable, Equatable {
        public var credit: Money
        public var debit: Money
    }
    public var entries = 0
    /// Entries that move the balance.
    public var booked = 0
    public var details = 0
    /// One for each currency, in order of appearance.
    public var sums: [Sums] = []
    /// Opening balance plus booked entries; nil without an opening balance or with entries of another currency.
    public var computedClosing: Money?
    /// Whether that equals the bank's closing balance; nil where one of the two is missing.
    public var balanced: Bool?

    public init() {}
}

/// What a reader says, in the order of the file.
public enum BankFileEvent: Sendable, Equatable {
    /// All that stands before the first entry.
    case statementBegan(BankStatementHeader)
    case entry(BankEntry)
    /// The header again, now with the closing balance.
    case statementEnded(BankStatementHeader, BankStatementTotals)
    case warning(BankFileWarning)
}

/// A whole statement in memory.
public struct BankStatement: Sendable, Equatable {
    public var header: BankStatementHeader
    public var entries: [BankEntry]
    public var totals: BankStatementTotals
}

/// A whole file in memory.
public struct BankFileContents: Sendable, Equatable {
    public var statements: [BankStatement] = []
    public var warnings: [BankFileWarning] = []
    public init() {}
}

extension BankStatementHeader {
    /// The account as it is compared: without blanks, an IBAN without the currency that some banks append.
    public var accountNumber: String? { account.flatMap { BankText.account($0) } }

    /// Every number that may be meant, the one as written first: `:25:` may hold a BIC or a German bank code before a slash,
    /// and a currency at the end.
    public var accountNumbers: [String] {
        guard let whole = accountNumber else { return [] }
        var numbers = [whole]
        func add(_ number: String) { if !number.isEmpty, !numbers.contains(number) { numbers.append(number) } }
        var bare = whole
        if let currency, bare.hasSuffix(currency.code) { bare = String(bare.dropLast(3)) }
        add(bare)
        guard let (left, right) = bare.halves(at: "/") else { return numbers }
        if let iban = BankText.germanIBAN(bankCode: left, account: right) { add(iban) }
        add(String(right))
        return numbers
    }
}
