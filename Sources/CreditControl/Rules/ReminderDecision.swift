import Ledger
import Money

/// What is written to a customer on a day, or why nothing is. Every item has its reason.
public struct ReminderDecision: Hashable, Sendable {
    /// Why a letter, or an item, is kept back.
    public struct Reason: Hashable, Sendable {
        /// Stable: `unmatched-money`, `disputed`, …
        public var code: String
        public var why: String
        public var next: String
        public init(_ code: String, why: String, next: String) {
            self.code = code
            self.why = why
            self.next = next
        }
    }

    public enum Verdict: Hashable, Sendable {
        /// Asked for at a new level.
        case rises
        /// Named with the others at the level it has.
        case stays
        /// A credit note, taken off.
        case credit
        /// Not due, or not late enough.
        case notYet
        /// Kept back; it would have been asked for.
        case held
    }

    public struct Item: Hashable, Sendable {
        public var item: ReminderFacts.Item
        public var verdict: Verdict
        /// The level it is named with, or would be; 0 where it is not late enough.
        public var level: Int
        /// `level-1`, `not-due`, `disputed`, …
        public var code: String
        public var why: String
        public var isIncluded: Bool { verdict == .rises || verdict == .stays || verdict == .credit }
    }

    public struct Letter: Hashable, Sendable {
        /// The highest of its items.
        public var level: Int
        public var payBy: Day
        public var channel: LetterRequest.Channel
        /// Ordered by due day, then number; credit notes last.
        public var items: [Item]
        /// One for each currency, by code; each is more than nothing.
        public var totals: [Money]
    }

    /// At most one letter goes to a customer.
    public var letter: Letter?
    /// Why there is none though something is late enough; the first decides, the others would, too.
    public var holds: [Reason]
    /// Every item of the customer.
    public var items: [Item]

    /// Whether something is late enough that a person may ask why nothing was written.
    public var isHeld: Bool { letter == nil && !holds.isEmpty }

    public static func decide(_ facts: ReminderFacts, on day: Day, by policy: ReminderPolicy) -> ReminderDecision {
        ReminderWeighing(facts: facts, day: day, policy: policy).decision()
    }
}

/// Weighs one customer.
struct ReminderWeighing {
    let facts: ReminderFacts
    let day: Day
    let policy: ReminderPolicy

    func decision() -> ReminderDecision {
        let items = facts.items.map(weigh).sorted(by: Self.order)
        let waiting = items.filter { $0.verdict == .rises }
        let held = items.filter { $0.verdict == .held }
        guard !waiting.isEmpty || !held.isEmpty else { return ReminderDecision(letter: nil, holds: [], items: items) }
        guard !waiting.isEmpty else {
            return ReminderDecision(letter: nil, holds: itemReasons(held) + holdsOfCustomer(), items: items)
        }
        let sums = self.sums(items)
        let asked = sums.filter { $0.total.minor > 0 && $0.total >= policy.minimum(in: $0.total.currency) && $0.rises }
        let level = asked.map(\.level).max() ?? waiting.map(\.level).max() ?? 1
        let channel = self.channel(level)
        let holds = holdsOfCustomer(tooLittle: asked.isEmpty ? sums.filter(\.rises) : [], channel: channel)
        guard holds.isEmpty, let channel else {
            return ReminderDecision(letter: nil, holds: holds, items: items)
        }
        let currencies = Set(asked.map(\.total.currency))
        let included = items.filter { $0.isIncluded && currencies.contains($0.item.open.currency) }
        return ReminderDecision(
            letter: .init(
                level: level, payBy: (day + policy.levels[level - 1].deadlineDays).orMonday, channel: channel,
                items: included, totals: asked.map(\.total)),
            holds: [],
            items: items.map { item in
                guard item.isIncluded, !currencies.contains(item.item.open.currency) else { return item }
                return .init(
                    item: item.item, verdict: .notYet, level: item.level, code: "below-minimum",
                    why: "What is late in \(item.item.open.currency.code) is less than is asked for.")
            })
    }

    private static func order(_ left: ReminderDecision.Item, _ right: ReminderDecision.Item) -> Bool {
        let (a, b) = (left.item, right.item)
        return (a.open.isNegative ? 1 : 0, a.due, a.number, a.document)
            < (b.open.isNegative ? 1 : 0, b.due, b.number, b.document)
    }

    // MARK: Items

    private func weigh(_ item: ReminderFacts.Item) -> ReminderDecision.Item {
        func say(_ verdict: ReminderDecision.Verdict, _ level: Int, _ code: String, _ why: String)
            -> ReminderDecision.Item
        { .init(item: item, verdict: verdict, level: level, code: code, why: why) }
        guard !item.open.isNegative else {
            return say(.credit, 0, "credit", "It is in the customer's favour and is taken off.")
        }
        let late = day - item.due
        guard late > 0 else { return say(.notYet, 0, "not-due", "It is due on \(item.due).") }
        let first = policy.daysOverdue(for: 1, consumer: facts.isConsumer)
        guard late >= first || item.level > 0 else {
            return say(.notYet, 0, "not-yet", "It is \(late) days late; it is asked for from \(first) days on.")
        }
        let next = min(item.level + 1, policy.highestLevel)
        let needed = policy.daysOverdue(for: next, consumer: facts.isConsumer)
        let rises = item.level < policy.highestLevel && late >= needed
        if rises || item.level > 0 {
            let level = rises ? next : item.level
            if let dispute = item.disputes.first {
                return say(
                    .held, level, "disputed",
                    "The customer disputes it: \(dispute.isEmpty ? "no reason given" : dispute).")
            }
            if let hold = item.holds.first(where: { $0.holds(on: day) }) {
                return say(
                    .held, level, hold.isLegal ? "legal-stop" : "hold", "It is on hold\(until(hold)): \(hold.reason).")
            }
            if rises, facts.isConsumer, next > policy.consumerHighestLevel {
                return say(
                    .held, next, "consumer-rules",
                    "A letter of level \(next) to a private person is not written without one of us.")
            }
        }
        if rises {
            return say(
                .rises, next, "level-\(next)", "It is \(late) days late; level \(next) is from \(needed) days on.")
        }
        if item.level >= policy.highestLevel {
            return say(
                .stays, item.level, "last-level", "It was asked for at the last level; a person decides what is next.")
        }
        return say(
            .stays, item.level, "level-\(item.level)-stays",
            "It was asked for at level \(item.level); level \(next) is from \(needed) days on, it is \(late) days late."
        )
    }

    private func until(_ hold: ReminderFacts.Hold) -> String { hold.to.map { " until \($0)" } ?? "" }

    /// The reasons of the items that would have been asked for, each once.
    private func itemReasons(_ held: [ReminderDecision.Item]) -> [ReminderDecision.Reason] {
        ["disputed", "hold", "legal-stop", "consumer-rules"].compactMap { code in
            let those = held.filter { $0.code == code }
            guard let one = those.first else { return nil }
            let numbers = those.prefix(3).map(\.item.number).joined(separator: ", ") + (those.count > 3 ? ", …" : "")
            let next =
                switch code {
                case "disputed": "Settle the dispute."
                case "consumer-rules": "Write to the customer yourself."
                default: "Lift the hold when its reason is gone."
                }
            return .init(code, why: "\(numbers): \(one.why)", next: next)
        }
    }

    // MARK: Sums

    private struct Sum {
        var total: Money
        var debts: Money
        var level: Int
        var rises: Bool
    }

    /// What a letter would ask for in each currency, by code.
    private func sums(_ items: [ReminderDecision.Item]) -> [Sum] {
        var sums: [Currency: Sum] = [:]
        for item in items where item.isIncluded {
            let currency = item.item.open.currency
            var sum = sums[currency] ?? Sum(total: .zero(currency), debts: .zero(currency), level: 0, rises: false)
            sum.total += item.item.open
            if item.verdict != .credit { sum.debts += item.item.open }
            sum.level = max(sum.level, item.level)
            sum.rises = sum.rises || item.verdict == .rises
            sums[currency] = sum
        }
        return sums.values.sorted { $0.total.currency.code < $1.total.currency.code }
    }

    private func channel(_ level: Int) -> LetterRequest.Channel? {
        let hasMail = facts.hasMailAddress || (level == policy.highestLevel && facts.hasEscalationAddress)
        return policy.levels[level - 1].channels.compactMap { LetterRequest.Channel(rawValue: $0) }.first {
            $0 == .email ? hasMail : facts.hasPostalAddress
        }
    }

    // MARK: The customer

    /// Whether what stands to the customer's account could change what is asked: it is as much as is asked for at least, or
    /// pays an invoice that is late. A remainder below that keeps no letter back.
    private func mayPay(_ currency: Currency) -> Bool {
        let sum = facts.unmatched.filter { $0.why == .onAccount && $0.amount.currency == currency }
            .reduce(Money.zero(currency)) { $0 + $1.amount }
        return sum >= policy.minimum(in: currency)
            || facts.items.contains {
                $0.open.currency == currency && !$0.open.isNegative && $0.due < day && $0.open <= sum
            }
    }

    /// Everything that keeps the letter back, in the order in which a person would look. `tooLittle`: what is late by
    /// currency, where none of it is enough to ask for.
    private func holdsOfCustomer(tooLittle: [Sum] = [], channel: LetterRequest.Channel? = .email)
        -> [ReminderDecision.Reason]
    {
        var reasons: [ReminderDecision.Reason] = []
        func add(_ code: String, _ why: String, _ next: String) { reasons.append(.init(code, why: why, next: next)) }

        let unmatched = facts.unmatched.filter { $0.why != .onAccount || mayPay($0.amount.currency) }
        if let money = unmatched.first {
            let more = unmatched.count > 1 ? ", and \(unmatched.count - 1) more" : ""
            let what =
                switch money.why {
                case .onAccount: "stands to this customer's account and is not allocated"
                case .proposed(let number): "may pay \(number)"
                }
            add(
                "unmatched-money", "\(money.amount) received on \(money.day) \(what)\(more).",
                "Allocate it in Money in, then run reminders again.")
        }
        let active = facts.holds.filter { $0.holds(on: day) }
        if let hold = active.first(where: { !$0.isLegal }) {
            add(
                "hold", "The customer is on hold\(until(hold)): \(hold.reason).",
                "Lift the hold when its reason is gone.")
        }
        if let mail = facts.refusedMail, channel != .post {
            add(
                "mail-refused", "A mail of \(mail.day) was refused: \(mail.answer).",
                "Correct the address and send that mail again.")
        }
        if channel == nil {
            add(
                "no-address", "There is neither a mail address nor a postal address.",
                "Complete the customer's contacts.")
        }
        let exceeded = tooLittle.filter { $0.total.minor <= 0 }
        if let sum = tooLittle.first(where: { $0.total.minor > 0 }), exceeded.isEmpty {
            add(
                "below-minimum",
                "\(sum.total) is late; less than \(policy.minimum(in: sum.total.currency)) is not asked for.",
                "Wait until more is late, or write it off.")
        }
        if let last = facts.lastLetter, day < last + policy.daysBetween {
            add(
                "reminded-recently", "The last reminder is of \(last); between two lie \(policy.daysBetween) days.",
                "It is weighed again on \(last + policy.daysBetween).")
        }
        if let promised = facts.promisedUntil, promised >= day {
            add("promise", "The customer has promised to pay by \(promised).", "It is weighed again after that day.")
        }
        if let through = facts.bankDataThrough, through.workingDays(to: day) > policy.bankDataDays {
            add(
                "bank-data-stale",
                "The books know the bank's data up to \(through); money may have come in since.",
                "Import the bank statements since, then run reminders again.")
        }
        if let sum = exceeded.first {
            add(
                "credits-exceed", "\(sum.debts) is late, but \((sum.debts - sum.total)) of credit notes is open.",
                "Set the credit notes against the invoices.")
        }
        if let hold = active.first(where: \.isLegal) {
            add(
                "legal-stop", "A legal stop holds\(until(hold)): \(hold.reason).",
                "Leave it to whoever handles the case.")
        }
        return reasons
    }
}
