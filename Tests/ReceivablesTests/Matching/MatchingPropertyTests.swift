import Ledger
import Money
import Testing

@testable import Receivables

/// SplitMix64: the failing seed is the bug report.
struct MatchingDice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Whatever comes in")
struct MatchingPropertyTests {
    /// Items and receipts with few amounts, so that they collide, and texts of all kinds.
    static func office(_ seed: UInt64) -> (desk: MatchingDesk, receipts: [MatchReceipt]) {
        var dice = MatchingDice(state: seed)
        var desk = MatchingDesk.usual
        desk.items = []
        let customers = [MatchingDesk.schroeder, MatchingDesk.loewe, MatchingDesk.pasta]
        let amounts: [Int64] = [49_90, 100_00, 212_13, 512_00, 1_000_01, 3_333_33]
        for number in 1...30 {
            let credit = Int.random(in: 0..<8, using: &dice) == 0
            let gross = amounts.randomElement(using: &dice)! * (credit ? -1 : 1)
            let open = [gross, gross, gross, gross / 2, 0].randomElement(using: &dice)!
            desk.add(
                "RE-2025-\(number < 10 ? "00000" : "0000")\(number)", customers.randomElement(using: &dice)!, gross,
                "2025-0\(Int.random(in: 1...4, using: &dice))-1\(Int.random(in: 0...9, using: &dice))", open: open,
                currency: [.eur, .eur, .jpy].randomElement(using: &dice)!)
        }
        let receipts = (1...40).map { id in
            let some = (0...Int.random(in: 0...3, using: &dice)).map { _ in desk.items.randomElement(using: &dice)! }
            let sum =
                some.reduce(Int64(0)) { $0 + $1.gross } + [0, 0, 0, -5_00, 7, 300_00].randomElement(using: &dice)!
            return MatchReceipt(
                id: RecordID(number: Int64(id)), bookingDay: Day("2025-0\(Int.random(in: 2...6, using: &dice))-05")!,
                amount: Money(minor: sum, some[0].currency),
                payerName: ["Löwe Druck", "PASTA SRL", "Schroder Maschinenbau", "Bank AG", nil].randomElement(
                    using: &dice)!,
                payerAccount: ["A1", "A2", nil].randomElement(using: &dice)!,
                text: [
                    some.map(\.number).joined(separator: " "), "Rg \(Int.random(in: 1...30, using: &dice))", "danke",
                ]
                .randomElement(using: &dice)!)
        }
        return (desk, receipts)
    }

    @Test(
        "receipts are fully accounted for, and no item takes more than is open",
        arguments: 1...60 as ClosedRange<UInt64>)
    func conserves(seed: UInt64) {
        let (desk, receipts) = Self.office(seed)
        var matcher = desk.matcher
        var open = Dictionary(uniqueKeysWithValues: desk.items.map { ($0.id, $0.open) })
        let byID = Dictionary(uniqueKeysWithValues: desk.items.map { ($0.id, $0) })
        for receipt in receipts.sorted(by: { $0.bookingDay < $1.bookingDay }) {
            let found = matcher.match(receipt)
            #expect(found.allocations.reduce(found.unapplied) { $0 + $1.amount } == receipt.amount.minor)
            #expect((0...9999).contains(found.confidence))
            #expect(found.unapplied >= 0 || receipt.amount.minor < 0)
            for allocation in found.allocations {
                let item = byID[allocation.item]!
                let left = open[allocation.item]!
                #expect(item.currency == receipt.amount.currency)
                #expect(item.issueDay <= receipt.bookingDay)
                #expect(allocation.amount != 0)
                #expect((allocation.amount > 0) == (left > 0))
                #expect(allocation.writeOff >= 0)
                #expect((allocation.amount + allocation.writeOff).magnitude <= left.magnitude)
                #expect((allocation.writeOff > 0) == (allocation.writeOffReason != nil))
                if found.decision == .apply { open[allocation.item] = left - allocation.amount - allocation.writeOff }
            }
            if found.decision == .apply { #expect(found.confidence >= desk.policy.minimumConfidence) }
            if found.decision == .leave { #expect(found.allocations.isEmpty) }
        }
        for item in desk.items { #expect(matcher.openAmount(of: item.id) == open[item.id]) }
    }

    @Test(
        "the order in which items, payers and receipts are given does not matter",
        arguments: 1...15 as ClosedRange<UInt64>)
    func order(seed: UInt64) {
        let (desk, receipts) = Self.office(seed)
        var dice = MatchingDice(state: seed &+ 7)
        var first = desk.matcher
        let answers = first.match(all: receipts)
        var shuffled = desk
        shuffled.items.shuffle(using: &dice)
        shuffled.payers.shuffle(using: &dice)
        var second = shuffled.matcher
        let mixed = receipts.shuffled(using: &dice)
        let again = second.match(all: mixed)
        let byReceipt = Dictionary(uniqueKeysWithValues: again.map { ($0.receipt, $0) })
        for answer in answers { #expect(byReceipt[answer.receipt] == answer) }
    }

    @Test("subset sums are right and complete for small sets", arguments: 1...60 as ClosedRange<UInt64>)
    func subsets(seed: UInt64) {
        var dice = MatchingDice(state: seed)
        let amounts = (0..<Int.random(in: 1...7, using: &dice)).map { _ in Int64.random(in: -9...20, using: &dice) }
        let target = Int64.random(in: 1...40, using: &dice)
        let naive = (1..<(1 << amounts.count)).filter { mask in
            amounts.indices.reduce(0) { $0 + (mask >> $1 & 1 == 1 ? amounts[$1] : 0) } == target
        }
        let found = SubsetSum.sets(of: amounts, summingTo: target)
        #expect(found.count == min(naive.count, SubsetSum.most))
        #expect(found.allSatisfy { $0.reduce(0) { $0 + amounts[$1] } == target })
        #expect(Set(found).count == found.count)
    }

    @Test("decibans add up as logarithms do")
    func decibans() {
        #expect([1, 2, 10, 50, 1000].map(Decibans.of) == [0, 3, 10, 17, 30])
        #expect(Decibans.weight(0) == 1_000_000_000_000)
        #expect(Decibans.weight(-10) == 100_000_000_000)
        #expect(Decibans.weight(-3) == 501_187_233_627)
        #expect(Decibans.weight(-13) == 50_118_723_362)
        #expect(Decibans.significantDigits(of: 1234_50) == 5)
        #expect(Decibans.significantDigits(of: 500_00) == 1)
    }
}
