import Ledger
import Money

/// The cash application: for each receipt, which open items it pays, how sure that is and why; or that it is better left.
///
/// **How confidence comes about.** Every receipt is read in all the ways that make sense: as payment of one item, of a list, of some
/// of a customer's items that sum to it, of an item paid before, of something else, or as money that is no payment at all. Each
/// reading is scored in decibans for how likely it would have produced what the bank shows (see `Decibans`): how usual the payer's
/// name and account are for that customer, whether the text names what the reading pays and explains everything the text names, how
/// the amount fits, and how usual the day is. What a reading does not explain costs it what chance would need: ten decibans per
/// digit. The confidence of a reading is its share of all of them. So a rival that is as good halves it, whatever the evidence, and
/// no threshold stands for ambiguity. The costs are rounded rates of ordinary trade (one receipt in 50 comes from a third party, one
/// in 100 quotes a wrong number, one in 100 pays twice), not fitted to any set of data.
///
/// Receipts are taken in the order of their booking days; what is applied reduces the open amounts and teaches under which names and
/// from which accounts a customer pays. The order of items and payers given does not matter.
public struct Matcher: Sendable {
    struct Fact: Sendable {
        var customer: Int32
        var currency: Currency
        var issueDay: Day
        var dueDay: Day
        var gross: Int64
        var open: Int64
        var discount: MatchDiscount?
        /// When a receipt closed it in this run, and whether that one named nothing.
        var settledDay: Day?
        var settledUnsaid = false
    }

    public let policy: MatchPolicy
    let items: [MatchItem]
    let customers: [RecordID]
    let holds: [String?]
    /// Whether a bank may keep a fee of what the customer pays.
    let charged: [Bool]
    var facts: [Fact]
    let numbers: NumberIndex
    /// Numbers without separators, to recognise slips.
    let plainNumbers: [[UInt8]]
    var payers: PayerIndex
    /// Open items per customer by issue day; settled ones leave.
    var openItems: [[Int32]]
    /// Items by customer, currency and gross.
    let ownAmounts: KeyIndex
    /// Of each customer, settled ones included.
    let itemCounts: [Int]
    /// Items by currency and amount: their gross, and the open amounts they had. To be checked against `facts`.
    var amounts: KeyIndex
    private let places: [RecordID: Int32]
    let stopWords: [[UInt64]]

    /// Items named twice (same id) count once, the first in order of number.
    public init(items: [MatchItem], payers: [MatchPayer], policy: MatchPolicy = MatchPolicy()) {
        self.policy = policy
        var sorted = items.sorted { ($0.id, $0.number) < ($1.id, $1.number) }
        if sorted.count > 1 {
            var kept = 1
            for index in 1..<sorted.count where sorted[index].id != sorted[kept - 1].id {
                if kept != index { sorted[kept] = sorted[index] }
                kept += 1
            }
            sorted.removeLast(sorted.count - kept)
        }
        self.items = sorted
        let known = Self.merged(payers, customersOf: sorted)
        customers = known.map(\.customer)
        holds = known.map(\.hold)
        charged = known.map(\.isCharged)
        var customerPlaces: [RecordID: Int32] = [:]
        for (place, payer) in known.enumerated() { customerPlaces[payer.customer] = Int32(place) }
        facts = sorted.map {
            Fact(
                customer: customerPlaces[$0.customer]!, currency: $0.currency, issueDay: $0.issueDay, dueDay: $0.dueDay,
                gross: $0.gross, open: $0.open, discount: $0.discount)
        }
        numbers = NumberIndex(items: sorted, payers: known)
        plainNumbers = sorted.map { NearNumbers.plain($0.number) }
        self.payers = PayerIndex(payers: known)
        openItems = Array(repeating: [], count: known.count)
        amounts = KeyIndex(expecting: sorted.count)
        var ownAmounts = KeyIndex(expecting: sorted.count)
        var counts = [Int](repeating: 0, count: known.count)
        for fact in facts { counts[Int(fact.customer)] += 1 }
        itemCounts = counts
        var places: [RecordID: Int32] = [:]
        places.reserveCapacity(sorted.count)
        for (place, item) in sorted.enumerated() {
            places[item.id] = Int32(place)
            if item.open != 0 { openItems[Int(facts[place].customer)].append(Int32(place)) }
            amounts.insert(Self.amountKey(item.gross, item.currency), Int32(place))
            ownAmounts.insert(
                Self.amountKey(item.gross, item.currency, of: facts[place].customer), Int32(place))
            if item.open != item.gross, item.open != 0 {
                amounts.insert(Self.amountKey(item.open, item.currency), Int32(place))
            }
        }
        self.places = places
        self.ownAmounts = ownAmounts
        let facts = facts
        for customer in openItems.indices {
            openItems[customer].sort { (facts[Int($0)].issueDay, $0) < (facts[Int($1)].issueDay, $1) }
        }
        stopWords = policy.stopWords.map { PayerName($0).words.map { KeyHash.of($0) } }.filter { !$0.isEmpty }
    }

    /// One entry per customer, those without payer facts included.
    private static func merged(_ payers: [MatchPayer], customersOf items: [MatchItem]) -> [MatchPayer] {
        var byCustomer: [RecordID: MatchPayer] = [:]
        for payer in payers {
            guard let other = byCustomer[payer.customer] else {
                byCustomer[payer.customer] = payer
                continue
            }
            byCustomer[payer.customer] = MatchPayer(
                customer: payer.customer, customerNumber: other.customerNumber ?? payer.customerNumber,
                names: other.names + payer.names.filter { !other.names.contains($0) },
                accounts: other.accounts + payer.accounts.filter { !other.accounts.contains($0) },
                hold: other.hold ?? payer.hold, isCharged: other.isCharged || payer.isCharged)
        }
        for item in items where byCustomer[item.customer] == nil {
            byCustomer[item.customer] = MatchPayer(customer: item.customer, names: [])
        }
        return byCustomer.values.sorted { $0.customer < $1.customer }
    }

    static func amountKey(_ minor: Int64, _ currency: Currency, of customer: Int32) -> UInt64 {
        KeyHash.of(minor, Int64(currency.numeric), Int64(customer))
    }
    static func amountKey(_ minor: Int64, _ currency: Currency) -> UInt64 { KeyHash.of(minor, Int64(currency.numeric)) }

    /// Minor units of an item that are still open after what was applied; nil for an unknown one.
    public func openAmount(of item: RecordID) -> Int64? { places[item].map { facts[Int($0)].open } }

    // MARK: Matching

    /// All receipts, answered in the order given, worked through in the order of booking day and id. What could not be applied is
    /// looked at again after the rest: by then accounts are learnt and rivals may be settled.
    public mutating func match(all receipts: [MatchReceipt]) -> [MatchProposal] {
        let order = receipts.indices.sorted {
            (receipts[$0].bookingDay, receipts[$0].id, $0) < (receipts[$1].bookingDay, receipts[$1].id, $1)
        }
        var answers = [MatchProposal?](repeating: nil, count: receipts.count)
        var waiting = order
        for _ in 0..<2 {
            var left: [Int] = []
            for index in waiting {
                let answer = match(receipts[index])
                answers[index] = answer
                if answer.decision != .apply, receipts[index].amount.minor > 0 { left.append(index) }
            }
            if left.count == waiting.count { break }
            waiting = left
        }
        return answers.map { $0! }
    }

    /// One receipt. Give them in the order of booking days.
    public mutating func match(_ receipt: MatchReceipt) -> MatchProposal {
        guard receipt.amount.minor > 0 else {
            return .left(receipt, confidence: 9999, reason: "Money out pays no item.")
        }
        let text = RemittanceText(receipt)
        let readings = readings(of: receipt, text)
        let verdict = verdict(on: receipt, text, readings)
        if verdict.proposal.decision == .apply, let reading = verdict.reading {
            apply(verdict.proposal, reading, receipt)
        }
        return verdict.proposal
    }

    private mutating func apply(_ proposal: MatchProposal, _ reading: MatchReading, _ receipt: MatchReceipt) {
        let customer = reading.customer
        for allocation in proposal.allocations {
            let place = places[allocation.item]!
            facts[Int(place)].open -= allocation.amount + allocation.writeOff
            if facts[Int(place)].open == 0 {
                openItems[Int(customer)].removeAll { $0 == place }
                facts[Int(place)].settledDay = receipt.bookingDay
                facts[Int(place)].settledUnsaid = [.silent, .namesCustomer, .namesOthers].contains(reading.wording)
            } else {
                amounts.insert(Self.amountKey(facts[Int(place)].open, facts[Int(place)].currency), place)
            }
        }
        payers.learn(name: receipt.payerName, account: receipt.payerAccount, customer: customer)
    }
}
