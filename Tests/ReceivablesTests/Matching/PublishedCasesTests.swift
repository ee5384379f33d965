import Foundation
import Ledger
import Money
import Testing

@testable import Receivables

/// The scripted cases of `shared/samples/cash-application`, read in place; without that folder there is nothing to check.
@Suite("Published cash application cases")
struct PublishedCasesTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "../shared/samples/cash-application")

    struct Statement: Decodable {
        struct Line: Decodable {
            let txnId: String
            let date: String
            let amount: Double
            let currency: String
            let payerRaw: String
            let remittanceText: String
        }
        let transactions: [Line]
    }
    struct Receivables: Decodable {
        struct Invoice: Decodable {
            let invoiceId: String
            let customerId: String
            let customerName: String
            let invoiceDate: String
            let dueDate: String
            let originalAmount: Double
            let openAmount: Double
            let currency: String
            let poReference: String?
            let discountPct: Double
            let discountDeadline: String?
            let status: String
        }
        let invoices: [Invoice]
    }
    struct Expected: Decodable {
        struct Case: Decodable {
            let txn: String
            let exactInvoiceNumbersInText: [String]
        }
        let cases: [Case]
    }

    static func read<Value: Decodable>(_ name: String, as _: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Value.self, from: Data(contentsOf: folder.appending(path: name)))
    }
    static func cents(_ amount: Double) -> Int64 { Int64((amount * 100).rounded()) }

    @Test("every receipt that names invoices goes to them, unless a hold or a return stands in the way")
    func published() throws {
        guard FileManager.default.fileExists(atPath: Self.folder.appending(path: "expected.json").path) else {
            print("The published cash application cases are not here; nothing was checked.")
            return
        }
        for (key, expected) in try Self.read("expected.json", as: [String: Expected].self).sorted(by: {
            $0.key < $1.key
        }) {
            let sample = key.contains("_") ? key : key.replacing("sample", with: "sample_")
            let open = try Self.read("\(sample)__open_ar.json", as: Receivables.self).invoices
            let lines = try Self.read("\(sample)__bank_statement.json", as: Statement.self).transactions
            let held = Set(open.filter { !["OPEN", "PARTIAL", "CLOSED"].contains($0.status) }.map(\.invoiceId))
            var ids: [String: Int64] = [:]
            func id(_ text: String) -> RecordID {
                if ids[text] == nil { ids[text] = Int64(ids.count + 1) }
                return RecordID(number: ids[text]!)
            }
            let items = open.map { invoice in
                MatchItem(
                    id: id(invoice.invoiceId), number: invoice.invoiceId, customer: id(invoice.customerId),
                    kind: .invoice,
                    issueDay: Day(invoice.invoiceDate)!, dueDay: Day(invoice.dueDate)!,
                    currency: Currency(invoice.currency)!,
                    gross: Self.cents(invoice.originalAmount), open: Self.cents(invoice.openAmount),
                    poNumber: invoice.poReference,
                    discount: invoice.discountDeadline.map {
                        MatchDiscount(rate: Rate(scaled: Self.cents(invoice.discountPct) * 10_000), lastDay: Day($0)!)
                    } ?? MatchDiscount.none,
                    hold: held.contains(invoice.invoiceId) ? invoice.status.lowercased() : nil)
            }
            let payers = open.map { MatchPayer(customer: id($0.customerId), names: [$0.customerName]) }
            var matcher = Matcher(items: items, payers: payers)
            let receipts = lines.map {
                MatchReceipt(
                    id: id($0.txnId), bookingDay: Day($0.date)!,
                    amount: Money(minor: Self.cents($0.amount), Currency($0.currency)!),
                    payerName: $0.payerRaw, text: $0.remittanceText)
            }
            for (line, found) in zip(lines, matcher.match(all: receipts)) {
                let named = expected.cases.first { $0.txn == line.txnId }?.exactInvoiceNumbersInText ?? []
                let stopped = named.contains(where: held.contains)
                let early = open.contains { named.contains($0.invoiceId) && $0.invoiceDate > line.date }
                if named.isEmpty || early {
                    #expect(found.decision != .apply || found.unapplied == 0)
                } else {
                    #expect(found.numbers == named.sorted().joined(separator: " "), "\(line.txnId)")
                    #expect(found.decision == (stopped ? .propose : .apply), "\(line.txnId): \(found)")
                }
            }
        }
    }
}
