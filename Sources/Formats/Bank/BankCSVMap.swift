import Money

/// Which column of a bank's table is which, named by heading. Only the day, and an amount or debit and credit, are needed.
public struct BankCSVMap: Sendable, Equatable {
    /// One of several headings, compared without case and outer blanks; a `*` at the end stands for any ending (`Saldo *`).
    public struct Column: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
        public var headings: [String]
        public init(_ headings: [String]) { self.headings = headings }
        public init(stringLiteral heading: String) { headings = [heading] }
        public init(arrayLiteral headings: String...) { self.headings = headings }
    }
    /// In which order the parts of a day stand.
    public enum DayOrder: Sendable { case dayMonthYear, monthDayYear, yearMonthDay }

    public var bookingDay: Column
    public var valueDay: Column?
    /// Signed amounts in one column; or two columns.
    public var amount: Column?
    public var debit: Column?
    public var credit: Column?
    /// A column that says which way the money went, and the words in it that mean out (`Af`, `S`, `DBIT`).
    public var direction: Column?
    public var outWords: [String] = []
    /// Amounts of a credit card: positive is money out.
    public var positiveIsOut = false
    /// What one payment of a batch is, in rows without a day below it.
    public var detailAmount: Column?
    public var currency: Column?
    public var counterparty: Column?
    public var counterpartyAccount: Column?
    /// Joined by a blank, in this order.
    public var text: [Column] = []
    public var structuredReference: Column?
    public var endToEnd: Column?
    public var bankReference: Column?
    public var ownAccount: Column?
    public var balance: Column?
    /// nil = found out from the whole first part of the file; refused where that leaves two answers.
    public var dayOrder: DayOrder?
    /// `.` or `,`; nil = found out.
    public var decimalMark: Character?
    /// The account, where no column tells.
    public var account: String?

    public init(bookingDay: Column) { self.bookingDay = bookingDay }

    /// The columns that must be there.
    var needed: [Column] { [bookingDay, amount, debit, credit].compactMap(\.self) }
}
