import Foundation
import Money
import TestOffice
import Testing

/// `duly bank read` of every published camt and MT940 file, against the facts that stand beside them.
@Suite("Published bank files, by the program")
struct BankReadTests {
    struct Sample {
        let name: String
        let path: String
        let facts: [String: Any]
        var statements: [[String: Any]] { facts["statements"] as? [[String: Any]] ?? [] }
    }

    private static func samples(_ format: String) throws -> [Sample] {
        guard let folder = Program.shared("samples/bank")?.appendingPathComponent(format) else { return [] }
        let data = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
        let facts = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
        return facts.sorted { $0.key < $1.key }
            .map { Sample(name: $0, path: folder.appendingPathComponent($0).path, facts: $1) }
    }

    private static func read(_ sample: Sample) throws -> (statements: [[String: Any]], warnings: [String]) {
        let answer = try Program.run(["bank", "read", sample.path, "--json"])
        try #require(answer.status == 0, "\(sample.name): \(answer.out)\(answer.error)")
        let json = try answer.json
        return (
            try #require(json["statements"] as? [[String: Any]]), try #require(json["warnings"] as? [String])
        )
    }

    @Test("every camt file is read as its facts say", .timeLimit(.minutes(5)))
    func camt() throws {
        for sample in try Self.samples("camt") {
            if sample.facts["errorCase"] != nil {
                let answer = try Program.run(["bank", "read", sample.path, "--json"])
                #expect(answer.status == 1, "\(sample.name)")
                let refusals = try #require(try answer.json["refusals"] as? [[String: Any]])
                #expect(!refusals.isEmpty && answer.error.isEmpty, "\(sample.name)")
                continue
            }
            let (statements, _) = try Self.read(sample)
            try #require(statements.count == sample.statements.count, "\(sample.name)")
            for (told, facts) in zip(statements, sample.statements) {
                #expect(told["format"] as? String == sample.facts["message"] as? String, "\(sample.name)")
                #expect(told["statement"] as? String == facts["id"] as? String, "\(sample.name)")
                if let account = facts["account"] as? String {
                    #expect(told["account"] as? String == account, "\(sample.name)")
                }
                try Self.compare(told, facts, sample.name)
                for fact in facts["samples"] as? [[String: Any]] ?? [] {
                    guard let index = fact["index"] as? Int else { continue }
                    let entry = try #require((told["entries"] as? [[String: Any]])?[index])
                    #expect(
                        entry["booking_day"] as? String == fact["bookingDate"] as? String, "\(sample.name) \(index)")
                    #expect(
                        entry["status"] as? String ?? "BOOK" == fact["status"] as? String, "\(sample.name) \(index)")
                    try Self.compareDetails(entry, fact, "\(sample.name) entry \(index)")
                }
            }
        }
    }

    @Test("every MT940 file is read as its facts say", .timeLimit(.minutes(5)))
    func mt940() throws {
        for sample in try Self.samples("mt940") {
            let (statements, _) = try Self.read(sample)
            // A Ctrl-Z before a `:20:` ends one message and begins the next; the facts' plain reader took it for text.
            let joined = sample.name == "zilverline__two_accounts.txt"
            if joined {
                let entries = statements.map { ($0["entries"] as? [Any])?.count ?? 0 }.reduce(0, +)
                #expect(entries == sample.statements.compactMap { $0["entries"] as? Int }.reduce(0, +))
                continue
            }
            try #require(statements.count == sample.statements.count, "\(sample.name)")
            for (told, facts) in zip(statements, sample.statements) {
                #expect((told["format"] as? String)?.hasPrefix("mt94") == true, "\(sample.name)")
                #expect(told["account"] as? String == facts["account"] as? String, "\(sample.name)")
                try Self.compare(told, facts, sample.name)
                for fact in facts["samples"] as? [[String: Any]] ?? [] {
                    guard let index = fact["index"] as? Int else { continue }
                    let entry = try #require((told["entries"] as? [[String: Any]])?[index])
                    let day = (entry["booking_day"] as? String)?.dropFirst(5).filter { $0 != "-" }
                    #expect(day == fact["entryDate"] as? String, "\(sample.name) \(index)")
                    let reference = fact["bankReference"] as? String
                    #expect(
                        entry["bank_reference"] as? String
                            == (reference == "NONREF" || reference == "" ? nil : reference),
                        "\(sample.name) \(index)")
                }
            }
        }
    }

    /// What both formats have: counts, balances, sums, and the amounts and value days of the sampled entries.
    private static func compare(_ told: [String: Any], _ facts: [String: Any], _ name: String) throws {
        let entries = try #require(told["entries"] as? [[String: Any]])
        #expect(entries.count == facts["entries"] as? Int, "\(name)")
        if let currency = facts["currency"] as? String { #expect(told["currency"] as? String == currency, "\(name)") }
        for key in ["opening", "closing"] {
            guard let expected = facts[key] as? String else { continue }
            let balance = try #require(told[key] as? [String: Any], "\(name) \(key)")
            #expect(tenThousandths(balance["amount"]) == tenThousandths(expected), "\(name) \(key)")
        }
        if let balanced = facts["balanced"] as? Bool { #expect(told["balanced"] as? Bool == balanced, "\(name)") }
        let amounts = entries.compactMap { tenThousandths($0["amount"]) }
        if let totals = facts["totals"] as? [String: String],
            Set(entries.compactMap { $0["currency"] as? String }).count < 2
        {
            #expect(tenThousandths(totals["credit"]) == amounts.filter { $0 > 0 }.reduce(0, +), "\(name)")
            #expect(tenThousandths(totals["debit"]) == -amounts.filter { $0 < 0 }.reduce(0, +), "\(name)")
        }
        for fact in facts["samples"] as? [[String: Any]] ?? [] {
            guard let index = fact["index"] as? Int else { continue }
            let entry = entries[index]
            #expect(tenThousandths(entry["amount"]) == tenThousandths(fact["amount"]), "\(name) entry \(index)")
            #expect(entry["value_day"] as? String == fact["valueDate"] as? String, "\(name) entry \(index)")
        }
    }

    /// An amount without regard to how many zeros end it.
    private static func tenThousandths(_ text: Any?) -> Int64? {
        (text as? String).flatMap { try? FixedPoint.parse($0, decimals: 4) }
    }

    private static func compareDetails(_ entry: [String: Any], _ fact: [String: Any], _ name: String) throws {
        let details = try #require(entry["details"] as? [[String: Any]])
        #expect(details.count == fact["transactions"] as? Int, "\(name)")
        for (told, fact) in zip(details, fact["details"] as? [[String: Any]] ?? []) {
            // The other side of one sample is a bank (`Agt`), whose name the plain reader leaves out.
            if fact["counterparty"] != nil || !name.contains("financial-institution") {
                #expect(told["counterparty"] as? String == fact["counterparty"] as? String, "\(name)")
            }
            for (own, theirs) in [
                ("counterparty_account", "counterpartyAccount"), ("end_to_end", "endToEndId"),
                ("return_reason", "returnReason"),
            ] { #expect(told[own] as? String == fact[theirs] as? String, "\(name) \(own)") }
            let references = fact["structuredReferences"] as? [String] ?? []
            #expect(told["structured_reference"] as? String == references.first, "\(name)")
            for line in fact["unstructured"] as? [String] ?? [] {
                #expect((told["text"] as? String)?.contains(line) == true, "\(name)")
            }
        }
    }
}
