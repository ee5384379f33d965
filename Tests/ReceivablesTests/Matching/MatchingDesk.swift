import Ledger
import Money

@testable import Receivables

/// A small firm's open items and customers, for the tests of matching.
struct MatchingDesk {
    var items: [MatchItem] = []
    var payers: [MatchPayer] = []
    var policy = {
        var policy = MatchPolicy()
        policy.homeCurrency = .eur
        return policy
    }()

    static let schroeder = RecordID(number: 1)
    static let loewe = RecordID(number: 2)
    static let pasta = RecordID(number: 3)
    static let abroad = RecordID(number: 4)

    /// Three customers; Schröder owes three invoices and has a credit note, Löwe two invoices, Pasta one.
    static var usual: MatchingDesk {
        var desk = MatchingDesk()
        desk.payers = [
            MatchPayer(
                customer: schroeder, customerNumber: "K-10045", names: ["Schröder Maschinenbau GmbH & Co. KG"],
                accounts: ["DE89370400440532013000"]),
            MatchPayer(customer: loewe, customerNumber: "K-10046", names: ["Löwe Druck AG"]),
            MatchPayer(customer: pasta, customerNumber: "K-10047", names: ["Pasta S.r.l."]),
        ]
        desk.add("RE-2025-000001", schroeder, 1_234_56, "2025-03-03")
        desk.add("RE-2025-000010", schroeder, 800_10, "2025-03-10", po: "PO7654321", order: "SO-0000777")
        desk.add("RE-2025-000011", schroeder, 91_05, "2025-03-11")
        desk.add("GS-2025-000004", schroeder, -200_25, "2025-03-12")
        desk.add("RE-2025-000012", loewe, 455_37, "2025-03-12")
        desk.add("RE-2025-000013", loewe, 3_100_41, "2025-03-13")
        desk.add("RE-2025-000014", pasta, 77_77, "2025-03-14")
        return desk
    }

    mutating func add(
        _ number: String, _ customer: RecordID, _ gross: Int64, _ issued: String, open: Int64? = nil, terms: Int = 30,
        currency: Currency = .eur, po: String? = nil, order: String? = nil, discount: MatchDiscount? = nil,
        hold: String? = nil
    ) {
        let day = Day(issued)!
        items.append(
            MatchItem(
                id: RecordID(number: Int64(1000 + items.count)), number: number, customer: customer,
                kind: gross < 0 ? .creditNote : .invoice, issueDay: day, dueDay: day + terms, currency: currency,
                gross: gross,
                open: open ?? gross, creditorReference: CreditorReference(documentNumber: number)?.text, poNumber: po,
                orderID: order, discount: discount, hold: hold))
    }

    var matcher: Matcher { Matcher(items: items, payers: payers, policy: policy) }

    func match(_ receipt: MatchReceipt) -> MatchProposal {
        var matcher = matcher
        return matcher.match(receipt)
    }
}

/// A receipt of Schröder's unless told otherwise.
func receipt(
    _ minor: Int64, _ text: String = "", name: String? = "Schröder Maschinenbau GmbH & Co. KG", account: String? = nil,
    reference: String? = nil, day: String = "2025-04-05", currency: Currency = .eur, id: Int64 = 1
) -> MatchReceipt {
    MatchReceipt(
        id: RecordID(number: id), bookingDay: Day(day)!, amount: Money(minor: minor, currency), payerName: name,
        payerAccount: account, structuredReference: reference, text: text)
}

extension MatchProposal {
    /// `RE-2025-000010 RE-2025-000011`
    var numbers: String { allocations.map(\.number).sorted().joined(separator: " ") }
}
