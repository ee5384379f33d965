import Ledger
import Money
import Testing

@testable import Receivables

@Suite("What the amount says")
struct AmountTests {
    @Test(
        "differences are written off, left open or left on account as the policy has it",
        arguments: [
            // two in the hundred within a fortnight; after that it stays open
            ("RE-2025-000001", 1_209_87, "2025-03-13", 24_69, MatchWriteOffReason.cashDiscount, 0),
            ("RE-2025-000001", 1_209_87, "2025-04-13", 0, nil, 0),
            // no bank keeps a fee of a payment at home: it is a short payment
            ("RE-2025-000001", 1_219_56, "2025-04-02", 0, nil, 0),
            ("RE-2025-000001", 1_134_56, "2025-04-02", 0, nil, 0),
            ("RE-2025-000001", 1_234_55, "2025-04-02", 1, .smallDifference, 0),
            // rounded up, a part payment
            ("RE-2025-000001", 1_240_00, "2025-04-02", 0, nil, 5_44),
            ("RE-2025-000001 Teil 1/2", 617_28, "2025-04-02", 0, nil, 0),
            ("RE-2025-000001 Abschlag", 500_00, "2025-04-02", 0, nil, 0),
        ] as [(String, Int64, String, Int64, MatchWriteOffReason?, Int64)])
    func differences(
        text: String, minor: Int64, day: String, writeOff: Int64, reason: MatchWriteOffReason?, unapplied: Int64
    ) throws {
        let found = MatchingDesk.usual.match(receipt(minor, text, day: day))
        #expect(found.decision == .apply, "\(found)")
        let only = try #require(found.allocations.first)
        #expect(only.number == "RE-2025-000001")
        #expect(only.writeOff == writeOff)
        #expect(only.writeOffReason == reason)
        #expect(found.unapplied == unapplied)
        #expect(only.amount == minor - unapplied)
    }

    @Test("a bank's fee is written off of a payment from abroad, or in another currency, and of no other")
    func bankFees() {
        var desk = MatchingDesk.usual
        desk.add("RE-2025-000050", MatchingDesk.abroad, 1_234_56, "2025-03-03")
        desk.payers.append(MatchPayer(customer: MatchingDesk.abroad, names: ["Fjord Trading Ltd"], isCharged: true))
        let fee = desk.match(receipt(1_219_56, "RE-2025-000050", name: "Fjord Trading Ltd", day: "2025-04-02"))
        #expect(fee.decision == .apply)
        #expect(fee.allocations.first?.writeOff == 15_00)
        #expect(fee.allocations.first?.writeOffReason == .bankFee)
        let short = desk.match(receipt(1_134_56, "RE-2025-000050", name: "Fjord Trading Ltd", day: "2025-04-02"))
        #expect(short.allocations.first?.writeOff == 0)
        for (customer, seller, currency, charged) in [
            ("DE", "DE", Currency.eur, false), ("FR", "DE", .eur, false), ("US", "DE", .eur, true),
            ("DE", "US", .usd, true), ("US", "US", .usd, false), ("SE", "DK", Currency("DKK")!, true),
        ] {
            #expect(SEPA.isCharged(from: customer, to: seller, in: currency) == charged, "\(customer) \(seller)")
        }
    }

    @Test("agreed discount terms count, not the usual ones")
    func agreedTerms() {
        var desk = MatchingDesk.usual
        desk.add(
            "RE-2025-000030", MatchingDesk.loewe, 2_000_00, "2025-03-01",
            discount: MatchDiscount(rate: Rate(scaled: 5_000_000), lastDay: Day("2025-03-08")!))
        desk.add("RE-2025-000031", MatchingDesk.loewe, 4_000_00, "2025-03-01", discount: MatchDiscount.none)
        let inTime = desk.match(receipt(1_900_00, "RE-2025-000030", name: "Löwe Druck AG", day: "2025-03-08"))
        #expect(inTime.allocations.first?.writeOff == 100_00)
        let late = desk.match(receipt(1_900_00, "RE-2025-000030", name: "Löwe Druck AG", day: "2025-03-09"))
        #expect(late.allocations.first?.writeOff == 0)
        let none = desk.match(receipt(3_920_00, "RE-2025-000031 Skonto", name: "Löwe Druck AG", day: "2025-03-09"))
        #expect(none.allocations.first?.writeOff == 0)
    }

    @Test("sums are found: with a credit note, of all that is open, of some of it")
    func sums() {
        let desk = MatchingDesk.usual
        let withCredit = desk.match(receipt(599_85, "RE-2025-000010 abzgl. GS-2025-000004"))
        #expect(withCredit.numbers == "GS-2025-000004 RE-2025-000010")
        #expect(withCredit.allocations.map(\.amount).sorted() == [-200_25, 800_10])
        #expect(withCredit.decision == .apply)
        let all = desk.match(receipt(1_925_46, "siehe Avis"))
        #expect(all.allocations.count == 4)
        let some = desk.match(receipt(1_325_61, "Diverse Rechnungen"))
        #expect(some.numbers == "RE-2025-000001 RE-2025-000011")
        #expect(some.decision == .apply)
    }

    @Test("a discount over several invoices falls on each by its amount")
    func sharedDiscount() {
        let found = MatchingDesk.usual.match(
            receipt(1_993_97, "RE-2025-000001 RE-2025-000010 abzgl. 2% Skonto", day: "2025-03-13"))
        #expect(found.decision == .apply, "\(found)")
        #expect(found.allocations.map(\.writeOff) == [24_69, 16_00])
        #expect(found.allocations.allSatisfy { $0.writeOffReason == .cashDiscount })
    }

    @Test("an invoice paid twice stays on account, whose it is being known")
    func paidTwice() {
        var matcher = MatchingDesk.usual.matcher
        #expect(matcher.match(receipt(800_10, "RE-2025-000010")).decision == .apply)
        let again = matcher.match(receipt(800_10, "RE-2025-000010", day: "2025-04-09", id: 2))
        #expect(again.decision == .leave)
        #expect(again.unapplied == 800_10)
        #expect(again.customer == MatchingDesk.schroeder)
        #expect(again.reason.contains("paid twice"))
        #expect(again.confidence >= 98_00)

        var settled = MatchingDesk.usual
        settled.add("RE-2025-000002", MatchingDesk.loewe, 640_40, "2025-02-04", open: 0)
        #expect(settled.match(receipt(640_40, "RE-2025-000002", name: "Löwe Druck AG")).decision == .leave)
    }

    @Test("instalments close an invoice one after the other, the last to the cent")
    func instalments() {
        var matcher = MatchingDesk.usual.matcher
        for (part, minor) in [411_52, 411_52, 411_52].enumerated() {
            let found = matcher.match(
                receipt(Int64(minor), "RE-2025-000001 Rate \(part + 1)/3", day: "2025-04-0\(part + 1)", id: Int64(part))
            )
            #expect(found.decision == .apply, "\(found)")
        }
        #expect(matcher.openAmount(of: MatchingDesk.usual.items[0].id) == 0)
    }

    @Test("a wrong number does not win against payer and amount; where both suit, a person decides")
    func wrongNumber() {
        let found = MatchingDesk.usual.match(receipt(1_234_56, "Rechnung RE-2025-000011"))
        #expect(found.numbers == "RE-2025-000001")
        #expect(found.runnerUp == nil || found.runnerUp!.confidence < 2_00)
        let foreign = MatchingDesk.usual.match(receipt(1_234_56, "Rechnung RE-2025-000013"))
        #expect(foreign.numbers == "RE-2025-000001")
    }

    @Test("of two equal amounts none is applied, the one due first is proposed and the other named")
    func equalAmounts() throws {
        var desk = MatchingDesk.usual
        desk.add("RE-2025-000040", MatchingDesk.pasta, 49_90, "2025-03-01")
        desk.add("RE-2025-000041", MatchingDesk.pasta, 49_90, "2025-03-06")
        let found = desk.match(receipt(49_90, "payment", name: "Pasta Srl"))
        #expect(found.decision == .propose)
        #expect(found.numbers == "RE-2025-000040")
        #expect(found.confidence < 70_00)
        let other = try #require(found.runnerUp)
        #expect(other.number == "RE-2025-000041")
        #expect(!other.whyNot.isEmpty)
        #expect(desk.match(receipt(49_90, "RE-2025-000041", name: "Pasta Srl")).decision == .apply)
    }

    @Test("amounts without decimals, and never across currencies")
    func currencies() {
        var desk = MatchingDesk.usual
        desk.add("JP-2025-000001", MatchingDesk.loewe, 45_230, "2025-03-01", currency: .jpy)
        desk.add("JP-2025-000002", MatchingDesk.loewe, 88_000, "2025-03-01", currency: .jpy)
        let yen = desk.match(receipt(45_230, "JP-2025-000001", name: "LOEWE DRUCK AG", currency: .jpy))
        #expect(yen.numbers == "JP-2025-000001")
        let fee = desk.match(receipt(86_000, "JP-2025-000002", name: "LOEWE DRUCK AG", currency: .jpy))
        #expect(fee.allocations.first?.writeOff == 2_000)
        #expect(fee.allocations.first?.writeOffReason == .bankFee)
        let other = desk.match(receipt(800_10, "RE-2025-000010", currency: .usd))
        #expect(other.allocations.isEmpty)
    }
}
