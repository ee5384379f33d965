import Money
import Typesetting

/// A reminder on paper: the fact, the sum, the ways out. The words are given; this sets them.
public struct ReminderPaper: Sendable, Hashable {
    /// A paragraph, perhaps numbered, perhaps with its first words set strong.
    public struct Paragraph: Sendable, Hashable, ExpressibleByStringLiteral {
        public var number: Int?
        public var strong: String
        public var text: String
        public init(_ text: String, strong: String = "", number: Int? = nil) {
            self.text = text
            self.strong = strong
            self.number = number
        }
        public init(stringLiteral text: String) { self.init(text) }
    }

    public struct Item: Sendable, Hashable {
        public var number: String
        public var day: Day
        public var due: Day
        public var open: Money
        public init(number: String, day: Day, due: Day, open: Money) {
            self.number = number
            self.day = day
            self.due = due
            self.open = open
        }
    }

    /// Asked for beside the items: late interest, compensation.
    public struct Extra: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case interest
            /// Recovery cost, a flat sum: Directive 2011/7/EU, art. 6.
            case fee
        }
        public var kind: Kind
        /// Instead of the kind's own word.
        public var label: String?
        public var amount: Money
        public init(kind: Kind, label: String? = nil, amount: Money) {
            self.kind = kind
            self.label = label
            self.amount = amount
        }
    }

    public var language: PaperLanguage
    /// 1 friendly, 2 second, 3 final. Names the letter where it has no subject.
    public var level: Int
    public var day: Day
    public var seller: PaperSeller
    public var recipient: PaperRecipient
    public var contact: PaperContact?
    public var reference: String?
    public var subject: String
    /// Salutation and what is said before the table.
    public var opening: [Paragraph]
    public var currency: Currency
    public var items: [Item]
    public var extras: [Extra]
    /// Items and extras together.
    public var total: Money
    /// After the table.
    public var closing: [Paragraph]
    /// Complimentary close, such as `With kind regards`.
    public var greeting: String?
    /// Who signs.
    public var signature: String?
    /// By when a reply or the money is asked for.
    public var replyBy: Day?
    public var created: Instant

    public init(
        language: PaperLanguage, level: Int, day: Day, seller: PaperSeller, recipient: PaperRecipient,
        contact: PaperContact? = nil, reference: String? = nil, subject: String, opening: [Paragraph] = [],
        currency: Currency, items: [Item], extras: [Extra] = [], total: Money, closing: [Paragraph] = [],
        greeting: String? = nil, signature: String? = nil, replyBy: Day? = nil, created: Instant
    ) {
        self.language = language
        self.level = level
        self.day = day
        self.seller = seller
        self.recipient = recipient
        self.contact = contact
        self.reference = reference
        self.subject = subject
        self.opening = opening
        self.currency = currency
        self.items = items
        self.extras = extras
        self.total = total
        self.closing = closing
        self.greeting = greeting
        self.signature = signature
        self.replyBy = replyBy
        self.created = created
    }

    /// The PDF's bytes; see `InvoicePaper.pdf`.
    public func pdf() throws -> [UInt8] { try file().bytes }

    public func file() throws -> PDFFile {
        for money in items.map(\.open) + extras.map(\.amount) + [total] where money.currency != currency {
            throw PaperRefusal.mixedCurrencies(paper: currency, found: money.currency, place: "an item")
        }
        let sum = (items.map(\.open) + extras.map(\.amount)).reduce(.zero(currency), +)
        guard sum == total else { throw PaperRefusal.doesNotAddUp(place: "Total", sum: sum, stated: total) }
        return try ReminderSetter(self).file()
    }
}
