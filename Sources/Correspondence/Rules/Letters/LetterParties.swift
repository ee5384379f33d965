import Ledger
import Money

/// Who writes to whom. Every optional part may be missing; the sentence that would need it is left out.
public struct LetterParties: Sendable, Hashable {
    public var customerName: String
    /// The person who reads it; nil: the letter greets nobody by name.
    public var contact: LetterContact?
    public var sellerName: String
    /// The person who signs and answers.
    public var writer: String?
    public var phone: String?
    public var email: String?

    public init(
        customerName: String, contact: LetterContact? = nil, sellerName: String, writer: String? = nil,
        phone: String? = nil, email: String? = nil
    ) {
        self.customerName = customerName
        self.contact = contact
        self.sellerName = sellerName
        self.writer = writer
        self.phone = phone
        self.email = email
    }
}

/// A reader and how that person is greeted. Nobody's gender is guessed from a name.
public struct LetterContact: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        /// `Guten Tag Kim Muster`, `Dear Kim Muster`
        case neutral
        /// With the family name (and a title), where the person is known to want it.
        case ms(String)
        case mr(String)
        /// The whole greeting, without the comma.
        case given(String)
    }
    public var name: String
    public var form: Form

    public init(_ name: String, form: Form = .neutral) {
        self.name = name
        self.form = form
    }
}

/// How to pay.
public struct LetterPayment: Sendable, Hashable {
    /// Where it is not the seller's name.
    public var holder: String?
    public var iban: String?
    public var bic: String?
    /// What to write on the transfer, exactly so: a creditor reference or the number.
    public var reference: String?
    /// `https://…`; anything else is left out.
    public var link: String?

    public init(
        holder: String? = nil, iban: String? = nil, bic: String? = nil, reference: String? = nil, link: String? = nil
    ) {
        self.holder = holder
        self.iban = iban
        self.bic = bic
        self.reference = reference
        self.link = link
    }
}

/// A line of a letter's table: what is open on one document.
public struct LetterItem: Sendable, Hashable {
    public enum Kind: Sendable, Hashable { case invoice, creditNote, payment, other }
    public var kind: Kind
    public var number: String
    public var day: Day?
    public var due: Day?
    /// What is still open; negative in the customer's favour.
    public var open: Money

    public init(kind: Kind = .invoice, number: String, day: Day? = nil, due: Day? = nil, open: Money) {
        self.kind = kind
        self.number = number
        self.day = day
        self.due = due
        self.open = open
    }

    /// Days after the due day; nil where it is not late, or in the customer's favour.
    public func daysLate(on day: Day) -> Int? {
        guard let due, day > due, !open.isNegative else { return nil }
        return day - due
    }
}

/// A letter was not written because it would have asked for something wrong.
public enum LetterRefusal: Refusal, Hashable {
    case nothingToAskFor
    /// Items and claims against the total the letter would state.
    case doesNotAddUp(sum: Money, stated: Money)
    /// The day by which payment is asked for is not after the day of the letter.
    case deadlinePassed(letter: Day, deadline: Day)

    public var code: String {
        switch self {
        case .nothingToAskFor: "correspondence.nothing-to-ask-for"
        case .doesNotAddUp: "correspondence.letter-does-not-add-up"
        case .deadlinePassed: "correspondence.deadline-passed"
        }
    }
    public var what: String { "The reminder was not written." }
    public var why: String {
        switch self {
        case .nothingToAskFor: "Nothing is owed on the items it names."
        case .doesNotAddUp(let sum, let stated): "Its items come to \(sum), it would ask for \(stated)."
        case .deadlinePassed(let letter, let deadline):
            "It would be dated \(letter) and ask for payment by \(deadline)."
        }
    }
    public var next: String {
        switch self {
        case .nothingToAskFor: "Leave this customer out, or send a statement."
        case .doesNotAddUp: "Verify the books, then write it again."
        case .deadlinePassed(let letter, _): "Give a day after \(letter)."
        }
    }
}
