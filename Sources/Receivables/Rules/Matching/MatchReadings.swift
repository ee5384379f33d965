import Ledger
import Money

/// What all readings of one receipt share.
struct ReceiptFacts: Sendable {
    var amount: Money
    var day: Day
    var text: RemittanceText
    var mentions: [Mention]
    var namesDocuments: Bool
    var payers: [PayerIndex.Candidate]
    /// The score of a payer whom nothing ties to the customer.
    var otherPayers: Int
    var near: NearNumbers

    func payer(_ customer: Int32) -> PayerIndex.Candidate? { payers.first { $0.customer == customer } }
}

extension Matcher {
    mutating func readings(of receipt: MatchReceipt, _ text: RemittanceText) -> [MatchReading] {
        let mentions = numbers.mentions(in: text)
        let payers = payers.candidates(name: receipt.payerName, account: receipt.payerAccount)
        let facts = ReceiptFacts(
            amount: receipt.amount, day: receipt.bookingDay, text: text, mentions: mentions,
            namesDocuments: mentions.contains { $0.kind != .customer }, payers: payers.list, otherPayers: payers.others,
            near: NearNumbers(text, mentions))
        var readings = [foreignReading(facts)]
        for customer in candidates(facts) {
            let start = readings.count
            addReadings(of: customer, facts, to: &readings)
            // Named to the cent by a payer on file: other customers' readings would not weigh a millionth.
            if let payer = facts.payer(customer), payer.score >= PayerIndex.resembles,
                readings[start...].contains(where: { $0.wording == .names && $0.role == .pays && $0.fit.kind == .exact }
                )
            {
                break
            }
        }
        return readings
    }

    /// Customers worth a closer look: named by number, by document, by payer, or by an amount that few items have.
    private func candidates(_ receipt: ReceiptFacts) -> [Int32] {
        var found: [Int32] = []
        func add(_ customer: Int32) { if !found.contains(customer) { found.append(customer) } }
        for payer in receipt.payers.prefix(8) { add(payer.customer) }
        for mention in receipt.mentions where found.count < 48 {
            if mention.customer >= 0 { add(mention.customer) }
            for item in mention.items.prefix(8) { add(facts[Int(item)].customer) }
        }
        if receipt.payers.isEmpty {
            for mention in receipt.mentions where mention.kind == .number && mention.items.count == 1 {
                for item in numbers.slips(of: mention.items[0]) where isNearly(facts[Int(item)], receipt) {
                    add(facts[Int(item)].customer)
                }
            }
        }
        guard receipt.otherPayers >= PayerIndex.thirdParty else { return found }
        // Where the payer is a stranger, the amount may tell; one that many items have or had tells nothing.
        let common = 40
        let sameAmount = amounts.values(
            Self.amountKey(receipt.amount.minor, receipt.amount.currency), limit: common)
        guard sameAmount.count < common else { return found }
        for item in sameAmount {
            let fact = facts[Int(item)]
            if fact.open == receipt.amount.minor, fact.issueDay <= receipt.day { add(fact.customer) }
        }
        return found
    }

    /// Open by the amount received, or by up to a twentieth more.
    private func isNearly(_ fact: Fact, _ receipt: ReceiptFacts) -> Bool {
        let missing = fact.open - receipt.amount.minor
        return fact.open > 0 && fact.issueDay <= receipt.day && missing >= 0 && missing <= fact.open / 20
    }

    /// One receipt in twenty is none of our business.
    private func foreignReading(_ receipt: ReceiptFacts) -> MatchReading {
        var score = -13 - AmountFit.surprise(of: receipt.amount.minor)
        for mention in receipt.mentions { score -= mention.information }
        if let known = receipt.payers.first, receipt.otherPayers < PayerIndex.thirdParty {
            score += known.score - Decibans.of(customers.count) - 10
        }
        if receipt.text.hints.contains(.notForInvoices) { score += 8 }
        if receipt.near.isEmpty == false, !receipt.namesDocuments { score -= 3 }
        return MatchReading(role: .foreign, score: score)
    }

    // MARK: One customer

    private func addReadings(of customer: Int32, _ receipt: ReceiptFacts, to readings: inout [MatchReading]) {
        let visible = visibleItems(of: customer, receipt)
        let named = namedItems(of: customer, receipt)
        let wording = TextCosts(
            receipt, customer: customer, facts: facts, own: itemCounts[Int(customer)], all: items.count)
        let payer = receipt.payer(customer)
        var base = -Decibans.of(customers.count) + (payer?.score ?? receipt.otherPayers)
        if receipt.text.hints.contains(.notForInvoices) { base -= 8 }
        let scene = Scene(
            customer: customer, receipt: receipt, visible: visible, named: named.open, wording: wording, base: base,
            payer: payer)
        let start = readings.count
        addSingles(scene, to: &readings)
        let hasExact = readings[start...].contains { $0.fit.kind == .exact }
        if named.open.isEmpty {
            let known = (payer?.score ?? -99) >= -28 || wording.namesCustomer
            // Beyond a dozen items a set that sums by chance is no rival to a single one that fits.
            if known, !hasExact || visible.count <= 12 {
                addUnnamedBundles(scene, hasExact, to: &readings)
            }
        } else {
            addNamedBundles(scene, to: &readings)
        }
        addPaidTwice(scene, named.settled, to: &readings)
        var other = MatchReading(role: .somethingElse, customer: customer, score: 0)
        other.payer = payer
        other.score = base - 15 + wording.nothingExplained - AmountFit.surprise(of: receipt.amount.minor)
        if receipt.text.hints.contains(.notForInvoices) { other.score += 14 }
        readings.append(other)
    }

    /// A customer, a receipt and what both have to do with each other.
    struct Scene: Sendable {
        var customer: Int32
        var receipt: ReceiptFacts
        var visible: [Int32]
        var named: [Int32]
        var wording: TextCosts
        var base: Int
        var payer: PayerIndex.Candidate?
        /// Of the usual silence: one receipt in five says nothing of what it pays.
        /// Who pays for another hardly ever leaves it unsaid.
        var silence: Int {
            (receipt.namesDocuments ? 0 : -7)
                - (payer == nil && receipt.otherPayers < 0 && !wording.namesCustomer ? 10 : 0)
        }
    }

    private func visibleItems(of customer: Int32, _ receipt: ReceiptFacts) -> [Int32] {
        var visible: [Int32] = []
        for item in openItems[Int(customer)] {
            if facts[Int(item)].issueDay > receipt.day { break }
            if facts[Int(item)].currency == receipt.amount.currency { visible.append(item) }
        }
        return visible
    }

    private func namedItems(of customer: Int32, _ receipt: ReceiptFacts) -> (open: [Int32], settled: [Int32]) {
        var open: [Int32] = []
        var settled: [Int32] = []
        for mention in receipt.mentions {
            for item in mention.items {
                let fact = facts[Int(item)]
                guard fact.customer == customer, fact.issueDay <= receipt.day, fact.currency == receipt.amount.currency
                else { continue }
                if fact.open == 0 {
                    if !settled.contains(item) { settled.append(item) }
                } else if !open.contains(item) {
                    open.append(item)
                }
            }
        }
        return (open, settled)
    }

    func fit(_ set: [Int32], _ receipt: ReceiptFacts) -> AmountFit? {
        var owed = AmountFit.Owed(open: 0, gross: 0, items: set.count, issueDay: receipt.day, discount: nil)
        for (place, item) in set.enumerated() {
            let fact = facts[Int(item)]
            owed.mayBearFee = mayBearFee(fact)
            owed.open += fact.open
            owed.gross += fact.gross
            owed.issueDay = min(owed.issueDay, fact.issueDay)
            if place == 0 {
                owed.discount = fact.discount
            } else if let own = fact.discount, let shared = owed.discount, own.rate == shared.rate {
                owed.discount = MatchDiscount(rate: own.rate, lastDay: min(own.lastDay, shared.lastDay))
            } else if fact.discount != nil || owed.discount != nil {
                owed.discount = MatchDiscount.none
            }
        }
        return AmountFit(of: receipt.amount, on: receipt.day, for: owed, hints: receipt.text.hints, policy: policy)
    }

    private func mayBearFee(_ fact: Fact) -> Bool {
        charged[Int(fact.customer)] || fact.currency != policy.homeCurrency ?? fact.currency
    }

    private func fit(_ fact: Fact, _ receipt: ReceiptFacts) -> AmountFit? {
        AmountFit(
            of: receipt.amount, on: receipt.day,
            for: AmountFit.Owed(
                open: fact.open, gross: fact.gross, items: 1, issueDay: fact.issueDay, discount: fact.discount,
                mayBearFee: mayBearFee(fact)),
            hints: receipt.text.hints, policy: policy)
    }

    /// Payments gather around the due day; a month before or a quarter after is rare.
    private func timing(_ item: Int32, _ day: Day) -> Int {
        switch day - facts[Int(item)].dueDay {
        case ..<(-60): -20
        case ..<(-30): -14
        case ..<(-14): -8
        case ..<0: -1
        case ...14: 0
        case ...45: -3
        case ...90: -8
        default: -14
        }
    }

    private func addSingles(_ scene: Scene, to readings: inout [MatchReading]) {
        let receipt = scene.receipt
        let looksNear = !receipt.near.isEmpty && scene.named.isEmpty && scene.visible.count <= 400
        // What is named to the cent has rivals only among items of the same amount.
        var isSettled = false
        for item in scene.named where facts[Int(item)].open == receipt.amount.minor { isSettled = true }
        for item in scene.visible where facts[Int(item)].open > 0 {
            let named = scene.named.contains(item)
            guard
                named || looksNear || facts[Int(item)].open == receipt.amount.minor
                    || (!isSettled && isPlausible(facts[Int(item)], receipt.amount.minor)),
                let fit = fit(facts[Int(item)], receipt)
            else { continue }
            let near = named ? nil : looksNear || fit.kind == .exact ? receipt.near.nearest(to: item, in: self) : nil
            if !named, near == nil, fit.kind == .short || fit.kind == .over, scene.visible.count > 1 { continue }
            var reading = MatchReading(role: .pays, customer: scene.customer, items: [item], score: 0, fit: fit)
            reading.payer = scene.payer
            var wording = scene.wording.score(of: [item])
            reading.wording =
                named
                ? .names
                : scene.wording.namesCustomer ? .namesCustomer : receipt.namesDocuments ? .namesOthers : .silent
            if let near {
                wording += scene.wording.gain(nearMention: near)
                if near < 0 || scene.wording.gain(nearMention: near) > 0 { reading.wording = .misspells }
            }
            if !named, near == nil { wording += scene.silence }
            if receipt.text.names(facts[Int(item)].issueDay) { wording += 12 }
            reading.score =
                scene.base - 2 - Decibans.of(scene.visible.count) + timing(item, receipt.day) + wording + fit.score
            readings.append(reading)
        }
    }

    /// Whether an amount nobody named could be this item's: all of it, less a discount or a fee, a usual share, or rounded up.
    private func isPlausible(_ fact: Fact, _ amount: Int64) -> Bool {
        amount == fact.open || (amount < fact.open && amount > fact.open / 25)
            || (amount > fact.open && amount / 2 < fact.open)
    }

    private func addPaidTwice(_ scene: Scene, _ settled: [Int32], to readings: inout [MatchReading]) {
        let receipt = scene.receipt
        let past = settledAlike(scene, lookNear: settled.isEmpty && !receipt.near.isEmpty)
        var tried = settled
        // One stands for all of the same amount, unless a slip of the text points to another.
        if let one = past.near ?? past.last, !tried.contains(one) { tried.append(one) }
        for item in tried {
            var reading = MatchReading(role: .paidTwice, customer: scene.customer, items: [item], score: 0)
            let isNamed = settled.contains(item) || item == past.near
            reading.payer = scene.payer
            reading.wording = isNamed ? .names : .silent
            reading.score = scene.base - past.rate - Decibans.of(max(scene.visible.count, tried.count))
            reading.score += scene.wording.score(of: [item]) + (isNamed ? 0 : scene.silence)
            if facts[Int(item)].gross != receipt.amount.minor {
                reading.score -= 15 + AmountFit.surprise(of: receipt.amount.minor)
            }
            if item == past.near, let mention = receipt.near.nearest(to: item, in: self) {
                reading.score += scene.wording.gain(nearMention: mention)
            }
            readings.append(reading)
        }
    }

    /// Settled items of the customer over the amount received: the last, one whose number the text nearly gives, and how rare
    /// (in decibans) a second payment is. One in a hundred pays twice; but a later receipt may have got the item that this one
    /// paid, above all where it did not say what it paid.
    private func settledAlike(_ scene: Scene, lookNear: Bool) -> (last: Int32?, near: Int32?, rate: Int) {
        let receipt = scene.receipt
        var found: (last: Int32?, near: Int32?, rate: Int) = (nil, nil, 20)
        var cursor = ownAmounts.first(
            Self.amountKey(receipt.amount.minor, receipt.amount.currency, of: scene.customer))
        while cursor >= 0 {
            let item = ownAmounts.value(cursor)
            cursor = ownAmounts.next(cursor)
            let fact = facts[Int(item)]
            let age = receipt.day - fact.issueDay
            guard fact.open == 0, age >= 0, age < 400 else { continue }
            found.last = item
            if lookNear, found.near == nil, receipt.near.nearest(to: item, in: self) != nil { found.near = item }
            if let settled = fact.settledDay, settled >= receipt.day {
                found.rate = min(found.rate, fact.settledUnsaid ? 3 : 12)
            }
        }
        return found
    }
}
