import Money
import Typesetting

/// What a statement says in small print, so that whoever holds it can check it against the audit chain.
public struct PaperSeal: Sendable, Hashable {
    /// Of the statement's figures.
    public var code: String
    /// The last seal of the books before it was issued, and the code of its root; 0 and empty where there was none.
    public var batch: Int64
    public var head: String
    public init(code: String, batch: Int64, head: String) {
        self.code = code
        self.batch = batch
        self.head = head
    }
}

/// The open items of a customer as of a day, in one currency, with a running balance, their ages, and what to pay.
public struct StatementPaper: Sendable, Hashable {
    public struct Item: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case invoice
            case creditNote
            /// Money received that is not allocated.
            case payment
            case other
        }
        public var kind: Kind
        public var number: String
        public var day: Day
        /// Where the kind's own word is not enough: "Invoice, rest".
        public var text: String?
        public var due: Day?
        public var original: Money?
        /// Negative where it is in the customer's favour.
        public var open: Money
        /// The part in question; not asked for until it is settled.
        public var disputed: Money?

        public init(
            kind: Kind, number: String, day: Day, text: String? = nil, due: Day? = nil, original: Money? = nil,
            open: Money, disputed: Money? = nil
        ) {
            self.kind = kind
            self.number = number
            self.day = day
            self.text = text
            self.due = due
            self.original = original
            self.open = open
            self.disputed = disputed
        }

        /// Days after the due day; nil where it is not late, or in the customer's favour.
        public func daysLate(asOf day: Day) -> Int? {
            guard let due, day > due, !open.isNegative else { return nil }
            return day - due
        }
    }

    /// What is open and so many days late; `to` nil: no upper end. `from` nil: not due.
    public struct Age: Sendable, Hashable {
        public var from: Int?
        public var to: Int?
        public var amount: Money
    }

    public var language: PaperLanguage
    public var number: String?
    public var asOf: Day
    /// As the books knew it then, in words (`23.11.2026, 10:24`).
    public var knownAt: String?
    public var seller: PaperSeller
    public var recipient: PaperRecipient
    public var contact: PaperContact?
    public var reference: String?
    public var intro: [String]
    public var currency: Currency
    /// In the order in which they are printed.
    public var items: [Item]
    /// Upper ends of the ages, in days late.
    public var ageBounds: [Int]
    /// What is asked for; nil: what is late and not in question, less what is in the customer's favour.
    public var dueNow: Money?
    public var notes: [String]
    /// nil where the statement was not issued.
    public var seal: PaperSeal?
    public var created: Instant

    public init(
        language: PaperLanguage, number: String? = nil, asOf: Day, knownAt: String? = nil, seller: PaperSeller,
        recipient: PaperRecipient, contact: PaperContact? = nil, reference: String? = nil, intro: [String] = [],
        currency: Currency, items: [Item], ageBounds: [Int] = [30, 60, 90], dueNow: Money? = nil,
        notes: [String] = [], seal: PaperSeal? = nil, created: Instant
    ) {
        self.language = language
        self.number = number
        self.asOf = asOf
        self.knownAt = knownAt
        self.seller = seller
        self.recipient = recipient
        self.contact = contact
        self.reference = reference
        self.intro = intro
        self.currency = currency
        self.items = items
        self.ageBounds = ageBounds
        self.dueNow = dueNow
        self.notes = notes
        self.seal = seal
        self.created = created
    }

    /// The sum of the items.
    public var balance: Money { items.reduce(.zero(currency)) { $0 + $1.open } }

    /// What is in the customer's favour, negative.
    public var credits: Money { items.filter(\.open.isNegative).reduce(.zero(currency)) { $0 + $1.open } }

    /// Not due first, then by days late. The amounts and `credits` together are the balance.
    public var ages: [Age] {
        let bounds = Array(Set(ageBounds.filter { $0 > 0 })).sorted()
        var ages = [Age(from: nil, to: nil, amount: .zero(currency))]
        var from = 1
        for bound in bounds {
            ages.append(Age(from: from, to: bound, amount: .zero(currency)))
            from = bound + 1
        }
        ages.append(Age(from: from, to: nil, amount: .zero(currency)))
        for item in items where !item.open.isNegative {
            let late = item.daysLate(asOf: asOf) ?? 0
            let place = late == 0 ? 0 : 1 + (bounds.firstIndex { late <= $0 } ?? bounds.count)
            ages[place].amount += item.open
        }
        return ages
    }

    /// What the payment part asks for.
    public var amountDue: Money {
        if let dueNow { return dueNow }
        let late = items.filter { $0.daysLate(asOf: asOf) != nil }
        return late.reduce(.zero(currency)) { $0 + $1.open - ($1.disputed ?? .zero(currency)) } + credits
    }

    /// Whether `amountDue` is more than the sum of what is late, so that the paper says how it came about.
    var isDueNowReckoned: Bool {
        dueNow == nil && (!credits.isZero || items.contains { !($0.disputed ?? .zero(currency)).isZero })
    }

    /// The PDF's bytes; see `InvoicePaper.pdf`.
    public func pdf() throws -> [UInt8] { try file().bytes }

    public func file() throws -> PDFFile {
        for item in items {
            for money in [item.original, item.open, item.disputed].compactMap(\.self) where money.currency != currency {
                throw PaperRefusal.mixedCurrencies(paper: currency, found: money.currency, place: item.number)
            }
        }
        if let dueNow, dueNow.currency != currency {
            throw PaperRefusal.mixedCurrencies(paper: currency, found: dueNow.currency, place: "the amount due")
        }
        return try StatementSetter(self).file()
    }
}
