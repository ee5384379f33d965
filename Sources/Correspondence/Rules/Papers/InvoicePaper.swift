import Money
import Typesetting

/// An invoice or credit note as a customer reads it. It states figures, it computes none: what is passed is what was stored
/// when the document was issued. Figures that contradict each other are refused.
public struct InvoicePaper: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case invoice
        /// With the invoices it corrects (§ 31(5) UStDV; Art. 219 Directive 2006/112/EC) and what becomes of the amount.
        case creditNote(corrects: [Origin], settlement: Settlement)
    }

    /// An earlier document.
    public struct Origin: Sendable, Hashable {
        public var number: String
        public var day: Day?
        public init(number: String, day: Day? = nil) {
            self.number = number
            self.day = day
        }
    }

    /// What becomes of a credit note's amount.
    public enum Settlement: Sendable, Hashable {
        /// Set off against open invoices.
        case offset
        case refund
        /// Set off already against the invoice it corrects.
        case settled
    }

    /// When it was supplied.
    public enum Supply: Sendable, Hashable {
        case day(Day)
        case period(from: Day, through: Day)
    }

    /// VAT category, by its code in EN 16931 (UNTDID 5305).
    public enum VATCategory: String, Sendable, Hashable, CaseIterable {
        case standard = "S"
        case zero = "Z"
        case exempt = "E"
        case reverseCharge = "AE"
        case intraCommunity = "K"
        case export = "G"
        case outsideScope = "O"
        /// Canary Islands.
        case igic = "L"
        /// Ceuta and Melilla.
        case ipsi = "M"
        /// Italian split payment.
        case splitPayment = "B"
    }

    public struct Line: Sendable, Hashable {
        /// As printed; nil: counted from 1.
        public var position: String?
        public var sku: String?
        public var description: String
        /// Below the description, smaller: delivery note, serial numbers, how a graduated price came about.
        public var details: [String]
        public var quantity: Quantity?
        public var unit: String?
        public var unitPrice: UnitPrice?
        /// Instead of one unit price: "graduated".
        public var priceText: String?
        /// The unit price is for so many units (BT-149); nil: for one.
        public var priceBase: Quantity?
        public var discount: Rate?
        public var net: Money
        /// Printed where the lines of the document differ in VAT.
        public var vatCategory: VATCategory?
        public var vatRate: Rate?

        public init(
            position: String? = nil, sku: String? = nil, description: String, details: [String] = [],
            quantity: Quantity? = nil, unit: String? = nil, unitPrice: UnitPrice? = nil, priceText: String? = nil,
            priceBase: Quantity? = nil, discount: Rate? = nil, net: Money, vatCategory: VATCategory? = nil,
            vatRate: Rate? = nil
        ) {
            self.position = position
            self.sku = sku
            self.description = description
            self.details = details
            self.quantity = quantity
            self.unit = unit
            self.unitPrice = unitPrice
            self.priceText = priceText
            self.priceBase = priceBase
            self.discount = discount
            self.net = net
            self.vatCategory = vatCategory
            self.vatRate = vatRate
        }
    }

    /// An allowance (negative) or charge on the whole document: freight, small-quantity charge, rounding.
    public struct Adjustment: Sendable, Hashable {
        public var label: String
        public var amount: Money
        public init(label: String, amount: Money) {
            self.label = label
            self.amount = amount
        }
    }

    /// One line of the VAT summary.
    public struct VATLine: Sendable, Hashable {
        public var category: VATCategory
        /// Nothing for outside scope.
        public var rate: Rate
        public var taxable: Money
        public var tax: Money
        /// Why no VAT is charged, in the document's language; nil: the usual words for the category.
        public var note: String?
        public init(category: VATCategory, rate: Rate, taxable: Money, tax: Money, note: String? = nil) {
            self.category = category
            self.rate = rate
            self.taxable = taxable
            self.tax = tax
            self.note = note
        }
    }

    /// An offer to pay earlier and less.
    public struct EarlyPayment: Sendable, Hashable {
        public var through: Day
        public var rate: Rate
        /// What may be deducted.
        public var discount: Money
        /// What is then to pay.
        public var amount: Money
        public init(through: Day, rate: Rate, discount: Money, amount: Money) {
            self.through = through
            self.rate = rate
            self.discount = discount
            self.amount = amount
        }
    }

    public var language: PaperLanguage
    public var kind: Kind
    public var number: String
    public var issueDay: Day
    public var supply: Supply?
    public var dueDay: Day?
    public var seller: PaperSeller
    public var recipient: PaperRecipient
    public var contact: PaperContact?
    /// Ours.
    public var orderNumber: String?
    /// The customer's.
    public var purchaseOrder: String?
    /// What the payer is to quote: a structured creditor reference, or any text.
    public var reference: String?
    /// Salutation and what is said before the table.
    public var intro: [String]
    public var currency: Currency
    public var lines: [Line]
    public var adjustments: [Adjustment]
    public var vat: [VATLine]
    /// Lines and adjustments together.
    public var net: Money
    public var tax: Money
    public var gross: Money
    public var prepaid: Money?
    /// Gross less prepaid, with any rounding of the amount due.
    public var toPay: Money
    /// The VAT in the seller's currency, where the document is in another (Art. 230 Directive 2006/112/EC).
    public var taxInBookCurrency: Money?
    public var earlyPayment: EarlyPayment?
    /// After the totals: terms, legal hints.
    public var notes: [String]
    /// When the document was made; part of the file, so that the same paper is the same bytes.
    public var created: Instant

    public init(
        language: PaperLanguage, kind: Kind = .invoice, number: String, issueDay: Day, supply: Supply? = nil,
        dueDay: Day? = nil, seller: PaperSeller, recipient: PaperRecipient, contact: PaperContact? = nil,
        orderNumber: String? = nil, purchaseOrder: String? = nil, reference: String? = nil, intro: [String] = [],
        currency: Currency, lines: [Line], adjustments: [Adjustment] = [], vat: [VATLine], net: Money, tax: Money,
        gross: Money, prepaid: Money? = nil, toPay: Money, taxInBookCurrency: Money? = nil,
        earlyPayment: EarlyPayment? = nil, notes: [String] = [], created: Instant
    ) {
        self.language = language
        self.kind = kind
        self.number = number
        self.issueDay = issueDay
        self.supply = supply
        self.dueDay = dueDay
        self.seller = seller
        self.recipient = recipient
        self.contact = contact
        self.orderNumber = orderNumber
        self.purchaseOrder = purchaseOrder
        self.reference = reference
        self.intro = intro
        self.currency = currency
        self.lines = lines
        self.adjustments = adjustments
        self.vat = vat
        self.net = net
        self.tax = tax
        self.gross = gross
        self.prepaid = prepaid
        self.toPay = toPay
        self.taxInBookCurrency = taxInBookCurrency
        self.earlyPayment = earlyPayment
        self.notes = notes
        self.created = created
    }

    /// The PDF's bytes. Throws `PaperRefusal` where the figures contradict each other, `TypesettingFailure` where the
    /// library fails. Pure: the same paper gives the same bytes on the same fonts.
    public func pdf() throws -> [UInt8] { try file().bytes }

    /// The PDF with its number of pages and of characters without a glyph.
    public func file() throws -> PDFFile {
        try check()
        return try InvoiceSetter(self).file()
    }
}
