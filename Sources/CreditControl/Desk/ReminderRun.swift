import CreditControl
import Ledger
import Money

/// `duly reminder run`: writes to every customer who is late, once, or says why not.
public struct ReminderRun: Sendable {
    public let id: CommandID
    /// The business day: what is late, and the date of the letters.
    public let day: Day
    /// The number of the only customer to look at; nil: all.
    public let customer: String?
    /// Numbers of customers who are left out this time.
    public let without: [String]
    public let actor: Actor
    public init(id: CommandID, day: Day, customer: String? = nil, without: [String] = [], actor: Actor) {
        self.id = id
        self.day = day
        self.customer = customer
        self.without = Set(without).sorted()
        self.actor = actor
    }
    /// The command's content: what tells a repeat from another command under the same id.
    var content: String {
        "reminder \(day) \(customer ?? "")" + (without.isEmpty ? "" : " without \(without.joined(separator: " "))")
    }
}

/// What a run wrote, or a preview would write, and what it kept back.
public struct ReminderRunOutcome: Codable, Sendable, Equatable {
    public struct Amount: Codable, Sendable, Equatable {
        public var amount: String
        public var currency: String
        public init(_ money: Money) {
            amount = money.decimal
            currency = money.currency.code
        }
    }
    public struct Item: Codable, Sendable, Equatable {
        public var invoiceNo: String
        public var document: String
        public var issueDay: String
        public var dueDay: String
        /// 0 where it is not due.
        public var daysOverdue: Int
        public var amount: String
        public var currency: String
        /// The level it is named with, or would be; 0: none.
        public var level: Int
        public var included: Bool
        public var code: String
        public var why: String
        enum CodingKeys: String, CodingKey {
            case document, amount, currency, level, included, code, why
            case invoiceNo = "invoice_no"
            case issueDay = "issue_day"
            case dueDay = "due_day"
            case daysOverdue = "days_overdue"
        }
    }
    public struct Reason: Codable, Sendable, Equatable {
        public var code: String
        public var why: String
        public var next: String
    }
    public struct Letter: Codable, Sendable, Equatable {
        public var customer: String
        public var customerName: String
        public var level: Int
        public var payBy: String
        public var channel: String
        public var totals: [Amount]
        /// What the letter names.
        public var items: [Item]
        /// What it leaves out, and why.
        public var leftOut: [Item]
        /// Ids of the reminders written, one for each currency; none in a preview.
        public var reminders: [String]
        enum CodingKeys: String, CodingKey {
            case customer, level, channel, totals, items, reminders
            case customerName = "customer_name"
            case payBy = "pay_by"
            case leftOut = "left_out"
        }
    }
    public struct Held: Codable, Sendable, Equatable {
        public var customer: String
        public var customerName: String
        /// The first reason; `reasons` has all of them, in the order in which a person would look.
        public var code: String
        public var why: String
        public var next: String
        public var reasons: [Reason]
        public var items: [Item]
        enum CodingKeys: String, CodingKey {
            case customer, code, why, next, reasons, items
            case customerName = "customer_name"
        }
    }
    public struct Total: Codable, Sendable, Equatable {
        public var currency: String
        /// Letters that ask for it.
        public var letters: Int
        public var amount: String
    }

    /// The run's id; empty in a preview.
    public var run: String
    public var day: String
    public var letters: [Letter]
    public var held: [Held]
    public var totals: [Total]
}

extension ReminderRunOutcome {
    init(run: String, day: Day, letters: [Letter], held: [Held]) {
        let letters = letters.sorted { $0.customer < $1.customer }
        var sums: [String: (letters: Int, minor: Int64)] = [:]
        for total in letters.flatMap(\.totals) {
            guard let currency = Currency(total.currency), let money = try? Money(total.amount, currency) else {
                continue
            }
            let sum = sums[total.currency] ?? (0, 0)
            sums[total.currency] = (sum.letters + 1, sum.minor + money.minor)
        }
        self.init(
            run: run, day: day.description, letters: letters, held: held.sorted { $0.customer < $1.customer },
            totals: sums.sorted { $0.key < $1.key }.compactMap { code, sum in
                Currency(code).map {
                    Total(currency: code, letters: sum.letters, amount: Money(minor: sum.minor, $0).decimal)
                }
            })
    }
}

extension ReminderRunOutcome.Item {
    init(_ item: ReminderDecision.Item, on day: Day) {
        self.init(
            invoiceNo: item.item.number, document: item.item.document.description, issueDay: item.item.day.description,
            dueDay: item.item.due.description, daysOverdue: max(0, day - item.item.due), amount: item.item.open.decimal,
            currency: item.item.open.currency.code, level: item.level, included: item.isIncluded, code: item.code,
            why: item.why)
    }
}

extension ReminderRunOutcome.Letter {
    init(_ letter: ReminderDecision.Letter, of decision: ReminderDecision, _ facts: ReminderFacts, on day: Day) {
        let named = Set(letter.items.map(\.item.document))
        self.init(
            customer: facts.number, customerName: facts.name, level: letter.level, payBy: letter.payBy.description,
            channel: letter.channel.rawValue, totals: letter.totals.map { .init($0) },
            items: letter.items.map { .init($0, on: day) },
            leftOut: decision.items.filter { !named.contains($0.item.document) }.map { .init($0, on: day) },
            reminders: [])
    }
}

extension ReminderRunOutcome.Held {
    init?(_ decision: ReminderDecision, _ facts: ReminderFacts, on day: Day) {
        guard decision.isHeld, let first = decision.holds.first else { return nil }
        self.init(
            customer: facts.number, customerName: facts.name, code: first.code, why: first.why, next: first.next,
            reasons: decision.holds.map { .init(code: $0.code, why: $0.why, next: $0.next) },
            items: decision.items.map {
                var item = ReminderRunOutcome.Item($0, on: day)
                item.included = false
                return item
            })
    }
}

/// Why nothing was asked for, or nothing could be said.
public enum ReminderRefusal: Refusal, Equatable {
    case noSuchCustomer(String)
    case noSuchCustomerOrDocument(String)

    public var code: String {
        switch self {
        case .noSuchCustomer: "reminder.no-such-customer"
        case .noSuchCustomerOrDocument: "reminder.no-such-customer-or-document"
        }
    }
    public var what: String { "Nothing was written." }
    public var why: String {
        switch self {
        case .noSuchCustomer(let number): "There is no customer \(number)."
        case .noSuchCustomerOrDocument(let number): "There is neither a customer nor a document \(number)."
        }
    }
    public var next: String { "'duly search' finds customers and documents by name or number." }
}
