import Books
import Correspondence
import Ledger
import Money

/// What was open for a customer in one currency, as of a day, as the books knew it at an instant.
public struct StatementFacts: Sendable {
    public struct Item: Sendable {
        public enum Kind: String, Sendable { case invoice, creditNote = "credit_note", payment }
        public var kind: Kind
        public var number: String
        public var day: Day
        /// nil for money on account.
        public var due: Day?
        /// What it was for; negative in the customer's favour.
        public var original: Money
        public var open: Money
        /// The part in question, no more than is open.
        public var disputed: Money
        var recorded: Instant
    }
    public let seller: String
    let customer: CustomerBlock
    public let currency: Currency
    public let asOf: Day
    /// By day, then number.
    public let items: [Item]
    /// What was recorded when it was issued; nil where it never was.
    public internal(set) var issued: IssuedStatement?

    public var customerNumber: String { customer.number }
    /// Open items: invoices and credit notes.
    public var total: Money { sum { $0.kind != .payment } }
    /// Money on account, negative.
    public var unallocated: Money { sum { $0.kind == .payment } }
    /// Both: the balance the paper states.
    public var net: Money { sum { _ in true } }
    public var disputed: Money { items.reduce(.zero(currency)) { $0 + $1.disputed } }

    private func sum(_ belongs: (Item) -> Bool) -> Money {
        items.filter(belongs).reduce(.zero(currency)) { $0 + $1.open }
    }

    /// The instant of the newest fact it counts: the same facts give the same paper, whenever it is made.
    public var knownAt: Instant { items.map(\.recorded).max() ?? Instant(micro: 0) }

    func paper(from seller: SellerBlock) -> StatementPaper {
        StatementPaper(
            language: customer.language, asOf: asOf,
            seller: seller.paper(for: currency, abroad: customer.isAbroad(from: seller), customer.language),
            recipient: customer.recipient(from: seller), currency: currency,
            items: items.map { item in
                StatementPaper.Item(
                    kind: item.kind == .invoice ? .invoice : item.kind == .creditNote ? .creditNote : .payment,
                    number: item.number, day: item.day, due: item.due, original: item.original, open: item.open,
                    disputed: item.disputed.isZero ? nil : item.disputed)
            },
            seal: issued.map { PaperSeal(code: $0.code, batch: $0.batch, head: SealCode.of($0.head)) },
            created: knownAt)
    }

    /// The letter that statements of one customer travel with.
    static func letter(_ all: [StatementFacts], _ parties: LetterParties, from seller: SellerBlock) -> Letter {
        StatementLetter(
            parties: parties, asOf: all.first?.asOf ?? Day(number: 0), totals: all.map(\.net),
            overdue: all.map { facts in
                facts.items.reduce(.zero(facts.currency)) {
                    $0
                        + ($1.due.map { $0 < facts.asOf } == true && !$1.open.isNegative
                            ? $1.open : .zero(facts.currency))
                }
            },
            payment: all.first.flatMap { seller.payment(in: $0.currency, reference: $0.customer.number) }
        ).letter(in: all.first?.customer.language ?? .english)
    }

    /// The facts as JSON.
    public struct Sheet: Codable, Sendable, Equatable {
        public struct Age: Codable, Sendable, Equatable {
            /// In days late; left out: not due.
            public var fromDays: Int?
            /// Left out: no upper end.
            public var toDays: Int?
            public var amount: String
            enum CodingKeys: String, CodingKey {
                case amount
                case fromDays = "from_days"
                case toDays = "to_days"
            }
        }
        public struct Item: Codable, Sendable, Equatable {
            public var type: String
            public var number: String
            public var day: String
            public var dueDay: String?
            public var daysLate: Int
            public var original: String
            public var open: String
            public var disputed: String
            enum CodingKeys: String, CodingKey {
                case type, number, day, original, open, disputed
                case dueDay = "due_day"
                case daysLate = "days_late"
            }
        }
        public var seller: String
        public var customer: String
        public var customerName: String
        public var kind: String
        public var asOf: String
        /// Of the newest fact counted.
        public var knownAt: String
        public var currency: String
        public var total: String
        public var unallocated: String
        public var net: String
        public var disputed: String
        /// What the paper asks for.
        public var dueNow: String
        public var ages: [Age]
        public var items: [Item]
        /// Left out where it was never issued.
        public var issued: IssuedStatement?
        enum CodingKeys: String, CodingKey {
            case seller, customer, kind, currency, total, unallocated, net, disputed, ages, items, issued
            case customerName = "customer_name"
            case asOf = "as_of"
            case knownAt = "known_at"
            case dueNow = "due_now"
        }
    }

    func sheet(_ paper: StatementPaper) -> Sheet {
        Sheet(
            seller: seller, customer: customer.number, customerName: customer.name, kind: "open-item",
            asOf: asOf.description, knownAt: knownAt.description, currency: currency.code, total: total.decimal,
            unallocated: unallocated.decimal, net: net.decimal, disputed: disputed.decimal,
            dueNow: paper.amountDue.decimal,
            ages: paper.ages.map { .init(fromDays: $0.from, toDays: $0.to, amount: $0.amount.decimal) },
            items: items.map { item in
                .init(
                    type: item.kind.rawValue, number: item.number, day: item.day.description,
                    dueDay: item.due?.description,
                    daysLate: item.open.isNegative ? 0 : item.due.map { max(0, asOf - $0) } ?? 0,
                    original: item.original.decimal, open: item.open.decimal, disputed: item.disputed.decimal)
            }, issued: issued)
    }
}
