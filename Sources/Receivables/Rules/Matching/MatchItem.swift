import Ledger
import Money

/// A document a receipt can pay, as the matcher sees it. Recently settled ones (`open` 0) belong in too: only so is a
/// document that is paid twice recognised. All items of one `Matcher` belong to one seller; that scope is the caller's.
public struct MatchItem: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable { case invoice, creditNote }

    public let id: RecordID
    /// The number on the document, as printed: `RE-2025-000123`.
    public let number: String
    public let customer: RecordID
    public let kind: Kind
    /// A receipt booked before this day cannot pay the item.
    public let issueDay: Day
    public let dueDay: Day
    public let currency: Currency
    /// Minor units as issued; negative for a credit note.
    public let gross: Int64
    /// Minor units still open; negative for a credit note, 0 when settled.
    public let open: Int64
    /// The payment reference printed on the document: ISO 11649 or a national one.
    public let creditorReference: String?
    /// The customer's order number.
    public let poNumber: String?
    /// Our order's number.
    public let orderID: String?
    /// The cash discount agreed for this document; nil: `MatchPolicy.usualDiscount` is tolerated.
    public let discount: MatchDiscount?
    /// Why no receipt may be applied without a person (disputed, legal stop); nil where nothing stands in the way.
    public let hold: String?

    public init(
        id: RecordID, number: String, customer: RecordID, kind: Kind, issueDay: Day, dueDay: Day, currency: Currency,
        gross: Int64, open: Int64, creditorReference: String? = nil, poNumber: String? = nil, orderID: String? = nil,
        discount: MatchDiscount? = nil, hold: String? = nil
    ) {
        self.id = id
        self.number = number
        self.customer = customer
        self.kind = kind
        self.issueDay = issueDay
        self.dueDay = dueDay
        self.currency = currency
        self.gross = gross
        self.open = open
        self.creditorReference = creditorReference
        self.poNumber = poNumber
        self.orderID = orderID
        self.discount = discount
        self.hold = hold
    }
}

/// A cash discount: up to `rate` of the open amount may be kept by who pays by `lastDay`.
public struct MatchDiscount: Hashable, Sendable {
    public let rate: Rate
    public let lastDay: Day
    public init(rate: Rate, lastDay: Day) {
        self.rate = rate
        self.lastDay = lastDay
    }
    /// No discount was agreed, so none is written off.
    public static let none = MatchDiscount(rate: .zero, lastDay: Day(number: Int32.min))
}

/// What is known about who pays for a customer. Accounts are compared for equality only, so they may be salted hashes.
public struct MatchPayer: Hashable, Sendable {
    public let customer: RecordID
    /// The number the firm knows the customer by; payers quote it.
    public let customerNumber: String?
    /// The name on file first, then trade names and spellings learnt from earlier receipts.
    public let names: [String]
    /// Accounts on file or learnt from earlier applied receipts.
    public let accounts: [String]
    /// Why nothing of this customer may be applied without a person; nil where nothing stands in the way.
    public let hold: String?
    /// Whether this customer's payments come in full only by chance: see `SEPA.isCharged`.
    public let isCharged: Bool

    public init(
        customer: RecordID, customerNumber: String? = nil, names: [String], accounts: [String] = [],
        hold: String? = nil, isCharged: Bool = false
    ) {
        self.isCharged = isCharged
        self.customer = customer
        self.customerNumber = customerNumber
        self.names = names
        self.accounts = accounts
        self.hold = hold
    }
}

/// One bank entry (or one detail of a batch entry).
public struct MatchReceipt: Hashable, Sendable {
    public let id: RecordID
    public let bookingDay: Day
    /// Negative is money out, which pays nothing.
    public let amount: Money
    public let payerName: String?
    /// Compared with `MatchPayer.accounts`, in the same form (plain or hashed).
    public let payerAccount: String?
    public let structuredReference: String?
    /// The free text, lines joined as the bank broke them.
    public let text: String
    public let endToEnd: String?
    public let bankReference: String?

    public init(
        id: RecordID, bookingDay: Day, amount: Money, payerName: String? = nil, payerAccount: String? = nil,
        structuredReference: String? = nil, text: String = "", endToEnd: String? = nil, bankReference: String? = nil
    ) {
        self.id = id
        self.bookingDay = bookingDay
        self.amount = amount
        self.payerName = payerName
        self.payerAccount = payerAccount
        self.structuredReference = structuredReference
        self.text = text
        self.endToEnd = endToEnd
        self.bankReference = bankReference
    }
}
