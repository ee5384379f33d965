import Ledger
import Money

extension MatchProposal {
    static func left(
        _ receipt: MatchReceipt, customer: RecordID? = nil, confidence: Int, reason: String,
        runnerUp: MatchRunnerUp? = nil
    ) -> MatchProposal {
        MatchProposal(
            receipt: receipt.id, decision: .leave, allocations: [], unapplied: receipt.amount.minor, customer: customer,
            confidence: confidence, reason: reason, runnerUp: runnerUp)
    }
}

extension Matcher {
    /// The proposal, and the reading it rests on.
    func verdict(
        on receipt: MatchReceipt, _ text: RemittanceText, _ all: [MatchReading]
    ) -> (proposal: MatchProposal, reading: MatchReading?) {
        let readings = ranked(all)
        let top = readings[0].score
        let weights = readings.map { Decibans.weight($0.score - top) }
        let whole = weights.reduce(0) { $0 + Int128($1) }
        func confidence(_ weight: Int128) -> Int { min(9999, Int(weight * 10_000 / whole)) }
        let paying = readings.indices.filter { readings[$0].role == .pays }
        // Where many suit alike, the one due first is still a help to whoever decides.
        let worthwhile = min(policy.proposeFrom, policy.minimumConfidence)
        let mass = paying.reduce(Int128(0)) { $0 + Int128(weights[$1]) }
        guard let best = paying.first,
            confidence(Int128(weights[best])) >= worthwhile || confidence(mass) >= 2 * worthwhile
        else {
            let leaving = readings.indices.filter { readings[$0].role != .pays }.reduce(Int128(0)) {
                $0 + Int128(weights[$1])
            }
            let up = paying.first.flatMap {
                runnerUp(readings[$0], confidence(Int128(weights[$0])), readings[0], receipt)
            }
            return (left(receipt, readings, confidence(leaving), up), nil)
        }
        let reading = readings[best]
        let sure = confidence(Int128(weights[best]))
        let second = paying.dropFirst().first.flatMap {
            runnerUp(readings[$0], confidence(Int128(weights[$0])), reading, receipt)
        }
        let allocations = allocations(of: reading, receipt.amount.minor)
        let obstacle =
            obstacle(reading, text) ?? obstacle(reading, allocations, receipt, text)
        let applies = sure >= policy.minimumConfidence && obstacle == nil
        let taken = allocations.reduce(0) { $0 + $1.amount }
        var reason = reason(for: reading, receipt, allocations)
        if let obstacle { reason += " Not applied: \(obstacle)." }
        if let rivals = paying.dropFirst().firstIndex(where: { weights[$0] * 2 < weights[best] })
            ?? paying.indices.last, rivals > 1,
            sure < policy.minimumConfidence
        {
            reason += " \(rivals) readings are about as likely."
        }
        let proposal = MatchProposal(
            receipt: receipt.id, decision: applies ? .apply : .propose, allocations: allocations,
            unapplied: receipt.amount.minor - taken, customer: customers[Int(reading.customer)], confidence: sure,
            reason: reason,
            runnerUp: second)
        return (proposal, reading)
    }

    /// Best first, each set of items once. Equal scores: earlier due, then the item's own order.
    private func ranked(_ readings: [MatchReading]) -> [MatchReading] {
        // What is a millionth as likely as the best changes no confidence.
        let best = readings.lazy.map(\.score).max()!
        var order: [(score: Int, due: Int32, place: Int)] = []
        for (place, reading) in readings.enumerated() where reading.score > best - 60 {
            var due = Int32.max
            for item in reading.items { due = min(due, facts[Int(item)].dueDay.number) }
            order.append((reading.score, due, place))
        }
        order.sort {
            if $0.score != $1.score { return $0.score > $1.score }
            return $0.due != $1.due
                ? $0.due < $1.due : readings[$0.place].items.lexicographicallyPrecedes(readings[$1.place].items)
        }
        var kept: [MatchReading] = []
        kept.reserveCapacity(order.count)
        for reading in order.lazy.map({ readings[$0.place] })
        where reading.items.count < 2 || !kept.contains(where: { $0.items == reading.items }) {
            kept.append(reading)
        }
        return kept
    }

    private func obstacle(_ reading: MatchReading, _ text: RemittanceText) -> String? {
        for item in reading.items {
            if let hold = items[Int(item)].hold { return "\(items[Int(item)].number) is on hold (\(hold))" }
        }
        if let hold = holds[Int(reading.customer)] { return "the customer is on hold (\(hold))" }
        guard !stopWords.isEmpty else { return nil }
        let words = Set(PayerName(String(decoding: text.bytes, as: UTF8.self)).words.map { KeyHash.of($0) })
        return stopWords.contains { $0.allSatisfy(words.contains) }
            ? "the text holds a name that stops automatic application" : nil
    }

    private func obstacle(
        _ reading: MatchReading, _ allocations: [MatchAllocation], _ receipt: MatchReceipt, _ text: RemittanceText
    ) -> String? {
        if allocations.count < reading.items.count { return "the money does not reach all of them" }
        let owed = reading.items.reduce(Int64(0)) { $0 + facts[Int($1)].open }
        if reading.fit.kind == .over, receipt.amount.minor / 3 > owed / 2 {
            return "far more was paid than is open there"
        }
        guard reading.payer == nil, (receipt.payerName ?? receipt.payerAccount) != nil else { return nil }
        if text.hints.contains(.notForInvoices) { return "a stranger's text speaks of something else" }
        return [.exact, .cashDiscount, .part].contains(reading.fit.kind)
            ? nil : "neither payer nor amount confirm the number"
    }

    // MARK: Money

    /// Credit notes first and in full, then items by due day; where the money falls short, the largest item stays open in part.
    private func allocations(of reading: MatchReading, _ amount: Int64) -> [MatchAllocation] {
        let (facts, items) = (facts, items)
        let order = reading.items.sorted {
            let (a, b) = (facts[Int($0)].dueDay, facts[Int($1)].dueDay)
            return a != b ? a < b : items[Int($0)].number < items[Int($1)].number
        }
        let owed = order.reduce(Int64(0)) { $0 + facts[Int($1)].open }
        var missing = max(0, owed - amount)
        var shortBy: [Int32: Int64] = [:]
        let reason = writeOffReason(reading.fit)
        if missing > 0, reason == .cashDiscount, order.count > 1 {
            for (item, share) in zip(order, shares(of: missing, over: order)) { shortBy[item] = share }
        } else {
            let largest = order.sorted { (facts[Int($1)].open, $0) < (facts[Int($0)].open, $1) }
            for item in largest where missing > 0 && facts[Int(item)].open > 0 {
                let cut = min(missing, facts[Int(item)].open)
                shortBy[item] = cut
                missing -= cut
            }
        }
        return order.compactMap { item in
            let fact = facts[Int(item)]
            let short = shortBy[item] ?? 0
            guard fact.open - short != 0 else { return nil }
            return MatchAllocation(
                item: items[Int(item)].id, number: items[Int(item)].number, amount: fact.open - short,
                writeOff: reason == nil ? 0 : short, writeOffReason: short > 0 ? reason : nil)
        }
    }

    /// A discount over several items falls on each by its amount; credit notes bear none.
    private func shares(of minor: Int64, over order: [Int32]) -> [Int64] {
        let weights = order.map { max(0, facts[Int($0)].open) }
        return Money(minor: minor, facts[Int(order[0])].currency).allocated(over: weights).map(\.minor)
    }

    private func writeOffReason(_ fit: AmountFit) -> MatchWriteOffReason? {
        guard fit.writeOff > 0 else { return nil }
        return switch fit.kind {
        case .cashDiscount: .cashDiscount
        case .bankFee: .bankFee
        case .smallDifference: .smallDifference
        default: nil
        }
    }

    // MARK: Words

    private func left(_ receipt: MatchReceipt, _ readings: [MatchReading], _ confidence: Int, _ up: MatchRunnerUp?)
        -> MatchProposal
    {
        let top = readings[0]
        let customer = top.customer >= 0 && (top.payer?.score ?? -99) >= -16 ? customers[Int(top.customer)] : nil
        let reason: String =
            switch top.role {
            case .paidTwice:
                "\(items[Int(top.items[0])].number) was settled before and seems to be paid twice; the money stays on account."
            case .somethingElse: "The payer is known, but no open item suits amount and text well enough."
            case .foreign: "Neither payer, text nor amount point to an open item well enough."
            case .pays: "Open items suit a little, but the receipt may as well be something else."
            }
        return .left(receipt, customer: customer, confidence: confidence, reason: reason, runnerUp: up)
    }

    private func reason(for reading: MatchReading, _ receipt: MatchReceipt, _ allocations: [MatchAllocation]) -> String
    {
        "\(wordingText(reading, receipt)); \(amountText(reading, receipt.amount)); \(payerText(reading))."
    }

    private func name(of reading: MatchReading) -> String {
        let first = items[Int(reading.items[0])].number
        return reading.items.count == 1 ? first : "\(reading.items.count) items from \(first)"
    }

    private func wordingText(_ reading: MatchReading, _ receipt: MatchReceipt) -> String {
        let name = name(of: reading)
        return switch reading.wording {
        case .names: "The text names \(name)"
        case .namesSome: "The text names some of \(name), which together suit the amount"
        case .misspells: "The text holds a number one slip away from \(name)"
        case .namesOthers: "The text names another document, but \(name) suits better"
        case .namesCustomer: "The text names the customer number; \(name) suits"
        case .silent: "The text names no document; \(name) suits"
        }
    }

    private func amountText(_ reading: MatchReading, _ amount: Money) -> String {
        let owed = Money(minor: reading.items.reduce(0) { $0 + facts[Int($1)].open }, amount.currency)
        let gap = Money(minor: owed.minor - amount.minor, amount.currency).magnitude
        return switch reading.fit.kind {
        case .exact: "the amount is what is open, \(owed)"
        case .smallDifference: "the amount differs by \(gap) only from what is open, \(owed)"
        case .cashDiscount: "\(gap) cash discount was kept from \(owed)"
        case .lateDiscount: "\(gap) discount was kept from \(owed), but too late, so it stays open"
        case .bankFee: "\(gap) are missing of \(owed), as when banks charge a fee"
        case .part, .short: "it is a part payment, \(gap) of \(owed) stay open"
        case .roundedUp: "the amount is \(owed) rounded up, \(gap) stay on account"
        case .over: "\(gap) more than the open \(owed) were paid and stay on account"
        }
    }

    private func payerText(_ reading: MatchReading) -> String {
        guard let payer = reading.payer else { return "the payer is not known to belong to the customer" }
        let name: String =
            switch payer.name {
            case .unlike: "the payer's name is new"
            case .contained: "the payer's name shares words with the customer's"
            case .near: "the payer's name is nearly the customer's"
            case .cut: "the payer's name is the customer's, cut short"
            case .reordered: "the payer's name is the customer's in another order"
            case .otherForm: "the payer's name is the customer's with another legal form"
            case .withoutForm: "the payer's name is the customer's but for the legal form"
            case .same: "the payer's name is the customer's"
            case .learnt: "earlier receipts under this name were the customer's"
            }
        return switch payer.account {
        case .none, .unknown: name
        case .known: name + ", the account is on file"
        case .learnt: name + ", the account is known from earlier receipts"
        case .shared: name + ", the account pays for several customers"
        }
    }

    private func runnerUp(
        _ reading: MatchReading, _ confidence: Int, _ winner: MatchReading, _ receipt: MatchReceipt
    ) -> MatchRunnerUp? {
        guard reading.items != winner.items || winner.role != .pays else { return nil }
        let item = items[Int(reading.items[0])]
        return MatchRunnerUp(
            item: item.id, number: name(of: reading), confidence: confidence,
            whyNot: whyNot(reading, winner, receipt.amount))
    }

    private func whyNot(_ reading: MatchReading, _ winner: MatchReading, _ amount: Money) -> String {
        if reading.customer != winner.customer, winner.customer >= 0 {
            return "It is another customer's, to whom payer or text point less."
        }
        if reading.fit.kind != .exact, reading.fit.score < winner.fit.score {
            let owed = reading.items.reduce(Int64(0)) { $0 + facts[Int($1)].open }
            return "\(Money(minor: owed, amount.currency)) are open there, not the amount received."
        }
        if [.names, .namesSome].contains(winner.wording), ![.names, .namesSome].contains(reading.wording) {
            return "The text does not name it."
        }
        if winner.role == .paidTwice { return "The text or the amount point to an item settled before." }
        if winner.role == .foreign || winner.role == .somethingElse { return "Too little ties the receipt to it." }
        return reading.items.count == winner.items.count
            ? "It is as good but for its due day." : "Other items explain the amount more simply."
    }
}
