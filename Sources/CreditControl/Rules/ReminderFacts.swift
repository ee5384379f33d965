import Ledger
import Money

/// What is known of a customer when it is decided whether to ask for money.
public struct ReminderFacts: Hashable, Sendable {
    /// An open invoice, or an open credit note (negative).
    public struct Item: Hashable, Sendable {
        public var document: RecordID
        public var number: String
        public var day: Day
        public var due: Day
        public var open: Money
        /// The highest level of the reminders that stand; 0: none.
        public var level: Int
        /// Of open disputes; what the customer says.
        public var disputes: [String]
        public var holds: [Hold]

        public init(
            document: RecordID, number: String, day: Day, due: Day, open: Money, level: Int = 0,
            disputes: [String] = [], holds: [Hold] = []
        ) {
            self.document = document
            self.number = number
            self.day = day
            self.due = due
            self.open = open
            self.level = level
            self.disputes = disputes
            self.holds = holds
        }
    }

    /// A reason not to write, as a person put it down.
    public struct Hold: Hashable, Sendable {
        public var reason: String
        public var from: Day
        /// The last day it holds; nil: until it is lifted.
        public var to: Day?
        public init(reason: String, from: Day, to: Day? = nil) {
            self.reason = reason
            self.from = from
            self.to = to
        }

        func holds(on day: Day) -> Bool { from <= day && (to.map { day <= $0 } ?? true) }
        /// Insolvency, a court, a lawyer: nothing is written at all until a person lifts it.
        var isLegal: Bool {
            let plain = reason.lowercased()
            return ["legal", "insolven", "court", "lawyer", "bankrupt", "anwalt", "gericht", "mahnverfahren"].contains {
                plain.contains($0)
            }
        }
    }

    /// Money that came in and is not allocated.
    public struct Unmatched: Hashable, Sendable {
        public enum Why: Hashable, Sendable {
            /// It stands to the customer's account.
            case onAccount
            /// The last matching thought it may pay this document.
            case proposed(number: String)
        }
        public var receipt: RecordID
        public var day: Day
        public var amount: Money
        public var why: Why
        public init(receipt: RecordID, day: Day, amount: Money, why: Why) {
            self.receipt = receipt
            self.day = day
            self.amount = amount
            self.why = why
        }
    }

    /// A mail that a server would not take, and that nothing sent later answers.
    public struct RefusedMail: Hashable, Sendable {
        public var day: Day
        public var answer: String
        public init(day: Day, answer: String) {
            self.day = day
            self.answer = answer
        }
    }

    public var customer: RecordID
    /// The version of name and address in force.
    public var details: RecordID
    /// The number the firm uses.
    public var number: String
    public var name: String
    public var isConsumer: Bool
    public var items: [Item]
    public var unmatched: [Unmatched]
    public var holds: [Hold]
    public var refusedMail: RefusedMail?
    /// Mail addresses for reminders (or invoices), and for escalation beside them.
    public var hasMailAddress: Bool
    public var hasEscalationAddress: Bool
    public var hasPostalAddress: Bool
    /// When a reminder that stands was last written.
    public var lastLetter: Day?
    /// A promise that is still to be kept.
    public var promisedUntil: Day?
    /// The latest day the books have bank data of; nil where no bank statements are read.
    public var bankDataThrough: Day?

    public init(
        customer: RecordID, details: RecordID, number: String, name: String, isConsumer: Bool = false, items: [Item],
        unmatched: [Unmatched] = [], holds: [Hold] = [], refusedMail: RefusedMail? = nil, hasMailAddress: Bool = true,
        hasEscalationAddress: Bool = false, hasPostalAddress: Bool = true, lastLetter: Day? = nil,
        promisedUntil: Day? = nil, bankDataThrough: Day? = nil
    ) {
        self.customer = customer
        self.details = details
        self.number = number
        self.name = name
        self.isConsumer = isConsumer
        self.items = items
        self.unmatched = unmatched
        self.holds = holds
        self.refusedMail = refusedMail
        self.hasMailAddress = hasMailAddress
        self.hasEscalationAddress = hasEscalationAddress
        self.hasPostalAddress = hasPostalAddress
        self.lastLetter = lastLetter
        self.promisedUntil = promisedUntil
        self.bankDataThrough = bankDataThrough
    }
}

extension Day {
    /// Monday to Friday that lie after this day, up to and with `other`; 0 where it is not later.
    func workingDays(to other: Day) -> Int {
        guard other > self else { return 0 }
        let days = other - self
        let weeks = days / 7
        var count = weeks * 5
        var day = self + weeks * 7
        while day < other {
            day = day + 1
            if day.weekday <= 5 { count += 1 }
        }
        return count
    }

    /// This day, or the Monday after it where it falls on a weekend.
    var orMonday: Day { weekday <= 5 ? self : self + (8 - weekday) }
}
