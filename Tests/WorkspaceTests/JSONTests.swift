import Foundation
import Testing
import Web

@testable import Workspace

@Suite("JSON") struct JSONTests {
    private func object(_ target: String) async throws -> [String: Any] {
        let answer = await PagesTests.get(target)
        #expect(answer.header("Content-Type") == "application/json")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    @Test("the worklist has the fields of the command line, missing ones as null")
    func today() async throws {
        let today = try await object("/api/today")
        #expect(today["day"] as? String == "2026-11-23")
        let items = try #require(today["worklist"] as? [[String: Any]])
        let keys = [
            "customer", "customer_name", "due", "id", "invoice", "kind", "next", "seller", "since", "subject", "why",
            "worth",
        ]
        for item in items { #expect(item.keys.sorted() == keys) }
        #expect(items[0]["worth"] as? [String: String] == ["amount": "22650.00", "currency": "EUR"])
        #expect(items[6]["worth"] is NSNull && items[6]["due"] is NSNull)
        #expect(
            (items[1]["next"] as? [[String: String]])?.first == [
                "label": "Check line 2", "command": "duly invoice show 818",
            ])
        let figures = try #require(today["figures"] as? [[String: Any]])
        #expect(figures[1]["kind"] as? String == "dso" && figures[1]["value"] as? String == "38.7")
        #expect((figures[0]["history"] as? [String])?.count == 12)
    }

    @Test("the customer's balance has the keys of the ageing report, and net is total and unallocated")
    func customer() async throws {
        let customer = try await object("/customers/K-3001.json")
        let balance = try #require((customer["balances"] as? [[String: Any]])?.first)
        #expect(balance.keys.sorted() == ["buckets", "currency", "disputed", "net", "overdue", "total", "unallocated"])
        #expect(balance["net"] as? String == "18440.10")
        let bucket = try #require((balance["buckets"] as? [[String: Any]])?.first)
        #expect(bucket.keys.sorted() == ["amount", "from_days", "items", "label", "to_days"])
        let entry = try #require((customer["timeline"] as? [[String: Any]])?.first)
        #expect(Set(["at", "day", "kind", "summary", "document", "actor", "command"]).isSubset(of: entry.keys))
        #expect(entry["at"] as? String == "2026-11-23T08:41:00.000000Z")
    }

    @Test("the invoice has the keys of `invoice show`")
    func invoice() async throws {
        let invoice = try await object("/api/invoices/RE-2026-4102")
        let keys = [
            "invoice_no", "type", "status", "seller", "customer", "customer_name", "issue_day", "due_day", "currency",
            "net", "tax",
            "gross", "open", "lines", "taxes", "references", "allocations", "corrects", "corrected_by", "deliveries",
        ]
        #expect(Set(keys).isSubset(of: invoice.keys))
        #expect(invoice["gross"] as? String == "4812.36" && invoice["corrects"] is NSNull)
        let line = try #require((invoice["lines"] as? [[String: Any]])?[1])
        let lineKeys = [
            "line", "sku", "description", "quantity", "unit", "unit_price", "discount_pct", "net", "vat_rate",
            "vat_category",
        ]
        #expect(Set(lineKeys).isSubset(of: line.keys))
        #expect(line["unit_price"] as? String == "66.4375" && line["discount_pct"] as? String == "8")
        #expect(
            (invoice["taxes"] as? [[String: String]])?.first == [
                "rate": "19", "category": "S", "base": "4044.00", "tax": "768.36",
            ])
    }

    @Test("what is written can be read again")
    func roundTrip() async throws {
        func again<View: Codable & Equatable>(_ view: View) throws {
            #expect(try JSONDecoder().decode(View.self, from: Data(WebResponse.json(view).body)) == view)
        }
        try again(try await Fixture().today(seller: nil, language: .english))
        try again(Fixture.customer)
        try again(Fixture.quiet)
        try again(Fixture.invoice("<\"&> 7"))
        try again(try await Fixture().search("brandt", seller: nil, language: .english))
    }

    @Test("refusals come as on the command line")
    func refusals() async throws {
        let both = try await object("/api/customers/BOTH")
        let refusal = try #require((both["refusals"] as? [[String: String]])?.first)
        #expect(refusal.keys.sorted() == ["code", "next", "what", "why"])
        #expect(refusal["code"] == "workspace.ambiguous-number" && refusal["why"]?.contains("DE, NL") == true)
        let down = try await object("/api/customers/DOWN")
        #expect((down["error"] as? [String: String])?["kind"] == "outage")
        let none = try await object("/api/invoices/no%2Fne")
        #expect((none["refusals"] as? [[String: String]])?.first?["why"]?.contains("no/ne") == true)
    }
}
