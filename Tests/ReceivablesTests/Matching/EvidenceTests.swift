import Ledger
import Money
import Testing

@testable import Receivables

@Suite("What ties a receipt to an item")
struct EvidenceTests {
    @Test(
        "a number is found in whatever form it is written",
        arguments: [
            "RE-2025-000010", "re-2025-000010", "RE2025000010", "Rechnung2025000010", "RE 2025 000010",
            "RE/2025/000010",
            "re_2025_000010", "RE-2025-10", "RE 2025/10", "2025/10", "Rg 10", "Rechnungsnr. 000010", "RE-2O25-OOOO1O",
            "re RE-20 25-0 00010", "Ihre Rechnung RE-2025-0000\n10 vom 10.03.", "ＲＥ－２０２５－００００１０",
            "RE‑2025‑000010 danke",
            "SVWZ+RE-2025-000010EREF+NOTPROVIDED", "Rg.Nr. RE-2025-000010 Kd K-10045",
        ])
    func numberForms(text: String) {
        let found = MatchingDesk.usual.match(receipt(800_10, text))
        #expect(found.decision == .apply)
        #expect(found.numbers == "RE-2025-000010")
        #expect(found.reason.hasPrefix("The text names RE-2025-000010"), "\(found.reason)")
    }

    @Test(
        "a number is not found inside another",
        arguments: [
            "RE-2025-0000101", "RE-2025-1000010", "XRE-2025-0000105", "RE-2025-00010", "Vertrag 200010", "10.10.2025",
            "10,00 EUR Rabatt",
        ])
    func tokens(text: String) {
        let desk = MatchingDesk.usual
        let numbers = NumberIndex(items: desk.items, payers: desk.payers)
        let mentions = numbers.mentions(in: RemittanceText(receipt(1, text)))
        #expect(mentions.filter { $0.items.contains(1) }.isEmpty, "\(mentions)")
    }

    @Test(
        "lists, ranges and short tails name all their items",
        arguments: [
            ("RE-2025-000001, RE-2025-000010, RE-2025-000011", 2_125_71),
            ("RE-2025-000001, 10 und 11", 2_125_71), ("RE-2025-000001/10/11", 2_125_71),
            ("RE-2025-000001/000010/000011", 2_125_71), ("Rg 1 10 11", 2_125_71),
            ("RE-2025-000001 bis RE-2025-000011", 2_125_71), ("RE-2025-000001 - RE-2025-000011", 2_125_71),
            ("Rechnungen 000001 + 000010 + 000011", 2_125_71),
        ] as [(String, Int64)])
    func lists(text: String, minor: Int64) {
        let found = MatchingDesk.usual.match(receipt(minor, text))
        #expect(found.decision == .apply, "\(found)")
        #expect(found.numbers == "RE-2025-000001 RE-2025-000010 RE-2025-000011")
        #expect(found.unapplied == 0)
    }

    @Test("a list that the bank cut is completed by the amount")
    func cutList() {
        var desk = MatchingDesk.usual
        for number in 20..<32 {
            desk.add("RE-2025-0000\(number)", MatchingDesk.loewe, Int64(number * 1_003 + 17), "2025-03-15")
        }
        let all = desk.items.filter { $0.number >= "RE-2025-000020" && $0.number < "RE-2025-0001" }
        let text = String(("Rechnungen " + all.map(\.number).joined(separator: ", ")).prefix(140))
        let found = desk.match(receipt(all.reduce(0) { $0 + $1.open }, text, name: "Löwe Druck AG"))
        #expect(found.allocations.count == 12)
        #expect(found.decision == .apply)
    }

    @Test(
        "references, orders and customer numbers point to the item",
        arguments: [
            ("", CreditorReference(documentNumber: "RE-2025-000010")!.text),
            (CreditorReference(documentNumber: "RE-2025-000010")!.grouped, nil),
            (CreditorReference(documentNumber: "RE-2025-000010")!.text.lowercased(), nil),
            ("Bestellung PO7654321", nil), ("PO 7654321", nil), ("SO-0000777", nil), ("Kd.-Nr. 10045", nil),
            ("Kundennummer K-10045", nil),
        ] as [(String, String?)])
    func references(text: String, reference: String?) {
        let found = MatchingDesk.usual.match(receipt(800_10, text, reference: reference))
        #expect(found.decision == .apply, "\(found)")
        #expect(found.numbers == "RE-2025-000010")
    }

    @Test("a padded creditor reference is the same reference")
    func paddedReference() {
        var desk = MatchingDesk.usual
        desk.items.append(
            MatchItem(
                id: RecordID(number: 5000), number: "A/77", customer: MatchingDesk.loewe, kind: .invoice,
                issueDay: Day("2025-03-01")!,
                dueDay: Day("2025-03-31")!, currency: .eur, gross: 500_00, open: 500_00,
                creditorReference: "RF18539007547034"))
        let found = desk.match(receipt(500_00, reference: "RF18000000000539007547034", day: "2025-03-30"))
        #expect(found.numbers == "A/77")
        #expect(found.decision == .apply)
    }

    @Test(
        "a payer is known however his name is spelt",
        arguments: [
            "Löwe Druck AG", "LOEWE DRUCK AG", "LOWE DRUCK", "Druck Löwe", "löwe  druck ag.",
            "Lowe Druck Aktiengesellschaft AG",
            "Löwe Durck AG",
        ])
    func names(name: String) {
        let found = MatchingDesk.usual.match(receipt(3_100_41, "Zahlung", name: name))
        #expect(found.decision == .apply, "\(found)")
        #expect(found.numbers == "RE-2025-000013")
    }

    @Test(
        "names fold alike, legal forms stand apart",
        arguments: [
            ("Pasta S.r.l.", "PASTA SRL"), ("Łódź Śruby Sp. z o.o.", "LODZ SRUBY SP ZOO"),
            ("Groß & Söhne OHG", "GROSS SOEHNE"),
            ("株式会社田中工業", "田中工業"), ("O'Neill Ltd", "ONEILL LIMITED"),
        ])
    func folding(left: String, right: String) {
        #expect(PayerName(left).core == PayerName(right).core)
    }

    @Test("a known account carries a name nobody knows, and is learnt from an applied receipt")
    func accounts() {
        let byAccount = MatchingDesk.usual.match(
            receipt(91_05, "danke", name: "SM Holding", account: "DE89 3704 0044 0532 0130 00"))
        #expect(byAccount.numbers == "RE-2025-000011")
        #expect(byAccount.decision == .apply)

        var matcher = MatchingDesk.usual.matcher
        let new = "NL91ABNA0417164300"
        #expect(matcher.match(receipt(91_05, "danke", name: "Zahlstelle 7", account: new)).decision != .apply)
        #expect(matcher.match(receipt(800_10, "RE-2025-000010", name: "Zahlstelle 7", account: new)).decision == .apply)
        #expect(matcher.match(receipt(91_05, "danke", name: "Zahlstelle 7", account: new)).decision == .apply)
    }

    @Test("a third party's money is applied where the number carries it, and only where the amount confirms it")
    func thirdParty() {
        let desk = MatchingDesk.usual
        let carried = desk.match(receipt(800_10, "RE-2025-000010", name: "Weber Factoring Bank AG"))
        #expect(carried.decision == .apply)
        #expect(carried.customer == MatchingDesk.schroeder)
        #expect(desk.match(receipt(800_10, "Zahlung", name: "Weber Factoring Bank AG")).decision != .apply)
        #expect(desk.match(receipt(313_13, "RE-2025-000010", name: "Weber Factoring Bank AG")).decision != .apply)
    }

    @Test("a slip in the number is forgiven where payer and amount agree")
    func slips() {
        for text in ["Rechnung RE-2025-000100", "RE-2025-00001 vom 10.03.", "RE-2025-0000110", "RE-2052-000010"] {
            let found = MatchingDesk.usual.match(receipt(800_10, text))
            #expect(found.numbers == "RE-2025-000010", "\(text): \(found)")
            #expect(found.decision == .apply, "\(text): \(found)")
        }
    }
}
