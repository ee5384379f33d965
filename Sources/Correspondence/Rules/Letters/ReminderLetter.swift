import Money

/// How far a reminder goes. The words change with it, never the respect.
public enum ReminderLevel: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Assumes an oversight.
    case first = 1
    /// Names three ways to go on, and asks for one of them.
    case second
    /// States the exact claim, the last day, and the one next step that is decided, if there is one.
    case final

    public static func < (left: ReminderLevel, right: ReminderLevel) -> Bool { left.rawValue < right.rawValue }
}

/// A letter that asks for payment: one per customer, with all the items it asks for.
public struct ReminderLetter: Sendable, Hashable {
    /// Asked for beside the items, only where it is owed.
    public struct Claim: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case interest
            /// The flat sum for recovery cost: Directive 2011/7/EU, art. 6(1); between businesses only.
            case compensation
            /// The actual cost of a reminder, where law and contract allow one.
            case fee
        }
        public var kind: Kind
        public var amount: Money
        public init(_ kind: Kind, _ amount: Money) {
            self.kind = kind
            self.amount = amount
        }
    }

    /// What happens after the last day. Named only where it is decided, configured and lawful.
    public enum NextStep: String, Sendable, Hashable, CaseIterable {
        case collectionAgency, lawyer, courtOrder, stopSupply
    }

    public struct Promise: Sendable, Hashable {
        public var day: Day
        public var amount: Money
        public init(day: Day, amount: Money) {
            self.day = day
            self.amount = amount
        }
    }

    public var parties: LetterParties
    public var level: ReminderLevel
    public var day: Day
    /// Payment or an answer is asked for by this day.
    public var deadline: Day
    /// Without disputed parts, without items in a plan that is kept.
    public var items: [LetterItem]
    public var claims: [Claim]
    /// Items and claims together, one for each currency.
    public var totals: [Money]
    /// When we last wrote about these items.
    public var lastWritten: Day?
    /// A promise that was not kept.
    public var promise: Promise?
    /// What the law would let us add today. Shown from the second level on, not asked for.
    public var interestToday: Money?
    /// Named at the final level only.
    public var nextStep: NextStep?
    public var payment: LetterPayment?
    /// For a private person in difficulties: who advises on debts free of charge, and how to reach them.
    public var debtAdvice: String?
    /// Whether copies of the invoices come with the letter.
    public var copiesAttached: Bool

    public init(
        parties: LetterParties, level: ReminderLevel, day: Day, deadline: Day, items: [LetterItem],
        claims: [Claim] = [],
        totals: [Money], lastWritten: Day? = nil, promise: Promise? = nil, interestToday: Money? = nil,
        nextStep: NextStep? = nil, payment: LetterPayment? = nil, debtAdvice: String? = nil,
        copiesAttached: Bool = false
    ) {
        self.parties = parties
        self.level = level
        self.day = day
        self.deadline = deadline
        self.items = items
        self.claims = claims
        self.totals = totals
        self.lastWritten = lastWritten
        self.promise = promise
        self.interestToday = interestToday
        self.nextStep = nextStep
        self.payment = payment
        self.debtAdvice = debtAdvice
        self.copiesAttached = copiesAttached
    }

    public func letter(in language: PaperLanguage) throws(LetterRefusal) -> Letter {
        try check()
        let frame = LetterFrame(parties: parties, language: language)
        let words = language == .german ? GermanReminder(letter: self).words : EnglishReminder(letter: self).words
        let german = language == .german
        let table = Letter.Table(
            items: items, on: day, extra: claims.map { (GermanReminder.label($0.kind, german: german), $0.amount) },
            totals: totals.filter { !$0.isZero }, totalLabel: german ? "Zu zahlen" : "Please pay",
            figures: language.figures)
        return frame.letter(
            subject: words.subject, opening: words.opening, table: table, closing: words.closing,
            payment: frame.facts(payment), ending: words.ending + [.init(frame.contactLine)])
    }

    private func check() throws(LetterRefusal) {
        guard deadline > day else { throw .deadlinePassed(letter: day, deadline: deadline) }
        var sums: [Currency: Money] = [:]
        for amount in items.map(\.open) + claims.map(\.amount) {
            sums[amount.currency] = (sums[amount.currency] ?? .zero(amount.currency)) + amount
        }
        var stated: [Currency: Money] = [:]
        for total in totals { stated[total.currency] = (stated[total.currency] ?? .zero(total.currency)) + total }
        for currency in Set(sums.keys).union(stated.keys).sorted(by: { $0.code < $1.code }) {
            let (sum, total) = (sums[currency] ?? .zero(currency), stated[currency] ?? .zero(currency))
            guard sum == total else { throw .doesNotAddUp(sum: sum, stated: total) }
        }
        guard totals.contains(where: { $0.minor > 0 }), items.contains(where: { $0.open.minor > 0 }) else {
            throw .nothingToAskFor
        }
    }

    /// What is asked for: a sum in the customer's favour in one currency is not taken off another.
    var asked: [Money] { totals.filter { $0.minor > 0 } }
    var invoices: [LetterItem] { items.filter { $0.open.minor > 0 } }
    /// nil where interest is claimed: one letter does not both ask for it and leave it.
    var interestNotAsked: Money? {
        guard let interestToday, interestToday.minor > 0, !claims.contains(where: { $0.kind == .interest }) else {
            return nil
        }
        return interestToday
    }
}

/// The words of one reminder, before they are framed.
struct ReminderWords {
    var subject: String
    var opening: [Letter.Paragraph]
    var closing: [Letter.Paragraph]
    var ending: [Letter.Paragraph]
}
