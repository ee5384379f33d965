import Ledger
import Money
import Testing

@testable import Receivables

@Suite("What is left alone")
struct RestraintTests {
    @Test("money out and nothing at all pay nothing", arguments: [-800_10, 0] as [Int64])
    func moneyOut(minor: Int64) {
        let found = MatchingDesk.usual.match(receipt(minor, "RE-2025-000010"))
        #expect(found.decision == .leave)
        #expect(found.allocations.isEmpty)
        #expect(found.unapplied == minor)
    }

    @Test(
        "money that is no payment of ours is left",
        arguments: [
            ("Finanzamt Köln-Süd", "Erstattung USt", 1_512_20),
            ("Stadtwerke Gießen", "Gutschrift Vertrag 4711001", 88_40),
            ("Zinsen", "Habenzinsen", 3_17), ("Anna Schmidt", "Miete März", 950_00),
            ("CARD SETTLEMENT", "BATCH 100010", 800_11),
            ("Schröder Maschinenbau GmbH & Co. KG", "Rückzahlung Kaution", 512_44),
            ("NSF RETURN - SCHRODER", "Return of ACH20250310 - NSF", 800_00),
        ] as [(String, String, Int64)])
    func noise(name: String, text: String, minor: Int64) {
        let found = MatchingDesk.usual.match(receipt(minor, text, name: name))
        #expect(found.decision == .leave, "\(found)")
        #expect(found.unapplied == minor)
    }

    @Test("an item issued after the booking day is not paid")
    func notYetIssued() {
        let early = MatchingDesk.usual.match(receipt(800_10, "RE-2025-000010", day: "2025-03-09"))
        #expect(early.decision != .apply)
        #expect(!early.numbers.contains("RE-2025-000010"))
        #expect(MatchingDesk.usual.match(receipt(800_10, "RE-2025-000010", day: "2025-03-10")).decision == .apply)
    }

    @Test("holds and stop words keep even a perfect fit for a person, and say why")
    func holds() {
        var desk = MatchingDesk.usual
        desk.add("RE-2025-000050", MatchingDesk.pasta, 312_12, "2025-03-01", hold: "disputed")
        let disputed = desk.match(receipt(312_12, "RE-2025-000050", name: "Pasta S.r.l."))
        #expect(disputed.decision == .propose)
        #expect(disputed.confidence >= 98_00)
        #expect(disputed.reason.contains("on hold (disputed)"))

        var blocked = MatchingDesk.usual
        blocked.payers[2] = MatchPayer(customer: MatchingDesk.pasta, names: ["Pasta S.r.l."], hold: "compliance")
        #expect(blocked.match(receipt(77_77, "RE-2025-000014", name: "Pasta S.r.l.")).decision == .propose)

        var sisters = MatchingDesk.usual
        sisters.policy.stopWords = ["Nordlicht Handel GmbH"]
        let wrong = sisters.match(receipt(77_77, "RE-2025-000014 Nordlicht Handel", name: "Pasta S.r.l."))
        #expect(wrong.decision == .propose)
        #expect(sisters.match(receipt(77_77, "RE-2025-000014", name: "Pasta S.r.l.")).decision == .apply)
    }

    @Test("a stranger's number needs an amount that confirms it, and a text that speaks of an invoice")
    func unbacked() {
        let desk = MatchingDesk.usual
        #expect(desk.match(receipt(800_11, "BATCH 000010", name: "CARD SETTLEMENT")).decision != .apply)
        #expect(desk.match(receipt(800_10, "BATCH 000010", name: "CARD SETTLEMENT")).decision != .apply)
        #expect(desk.match(receipt(785_10, "RE-2025-000010", name: "CARD SERVICES")).decision != .apply)
    }

    @Test("the amount alone does not make a stranger a payer")
    func stranger() {
        #expect(MatchingDesk.usual.match(receipt(800_10, "", name: "Unbekannt & Partner")).decision != .apply)
        #expect(MatchingDesk.usual.match(receipt(100_00, "", name: nil)).decision == .leave)
    }

    @Test("a higher minimum turns what is less sure into a proposal")
    func minimum() {
        var desk = MatchingDesk.usual
        let sloppy = receipt(1_219_56, "danke", day: "2025-04-02")
        // Short of a payment at home it says nothing; from abroad a bank may have kept 15.00.
        #expect(desk.match(sloppy).decision == .leave)
        desk.payers[0] = MatchPayer(
            customer: MatchingDesk.schroeder, customerNumber: "K-10045", names: desk.payers[0].names,
            accounts: desk.payers[0].accounts, isCharged: true)
        #expect(desk.match(sloppy).decision != .leave)
        desk.policy.minimumConfidence = 99_99
        #expect(desk.match(sloppy).decision == .propose)
        #expect(desk.match(receipt(800_10, "RE-2025-000010")).decision == .apply)
    }

    @Test("reasons name no person and no account, confidences read as decimals")
    func reasons() {
        let found = MatchingDesk.usual.match(
            receipt(800_10, "RE-2025-000010 an Frau Meier", account: "DE89370400440532013000"))
        #expect(
            found.reason
                == "The text names RE-2025-000010; the amount is what is open, 800.10 EUR; the payer's name is the "
                + "customer's, the account is on file.")
        #expect(found.confidenceText == "0.9999")
    }
}
