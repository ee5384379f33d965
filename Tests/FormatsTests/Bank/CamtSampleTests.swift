import Formats
import Money
import Testing

@Suite("camt files of other projects are read as their facts say")
struct CamtSampleTests {
    @Test("statements, balances, entries and payments") func samples() throws {
        for (name, path, facts) in SampleFacts.all("camt") {
            if facts["errorCase"] != nil {
                #expect(throws: BankFileProblems.self, "\(name)") { try BankFile.contents(path: path) }
                continue
            }
            let contents = try BankFile.contents(path: path)
            let expected = SampleFacts.statements(facts)
            try #require(contents.statements.count == expected.count, "\(name)")
            for (statement, facts) in zip(contents.statements, expected) { compare(statement, facts, name) }
            #expect(contents.statements.allSatisfy { $0.header.format == facts["message"] as? String }, "\(name)")
            #expect(contents.statements.allSatisfy { $0.header.kind.rawValue == facts["kind"] as? String }, "\(name)")
        }
    }

    private func compare(_ statement: BankStatement, _ facts: [String: Any], _ name: String) {
        let (header, totals) = (statement.header, statement.totals)
        #expect(header.id == facts["id"] as? String, "\(name)")
        if let account = facts["account"] as? String { #expect(header.accountNumber == account, "\(name)") }
        #expect(header.currency?.code == facts["currency"] as? String, "\(name)")
        #expect(totals.entries == facts["entries"] as? Int, "\(name)")
        #expect(statement.entries.count == totals.entries, "\(name)")
        #expect(totals.details == facts["transactions"] as? Int, "\(name)")
        if let balanced = facts["balanced"] as? Bool { #expect(totals.balanced == balanced, "\(name)") }
        for (key, balance) in [("opening", header.opening), ("closing", header.closing)] {
            if let balance {
                #expect(balance.amount == SampleFacts.money(facts, key, balance.amount.currency), "\(name) \(key)")
            } else {
                #expect(!(facts[key] is String), "\(name) has \(key)")
            }
        }
        compareTotals(totals, facts["totals"] as? [String: Any] ?? [:], name)
        let balances = facts["balances"] as? [[String: Any]] ?? []
        #expect(header.balances.map(\.type) == balances.map { $0["type"] as? String }, "\(name)")
        for (balance, facts) in zip(header.balances, balances) {
            #expect(balance.amount.currency.code == facts["currency"] as? String, "\(name)")
            #expect(balance.amount == SampleFacts.money(facts, "amount", balance.amount.currency), "\(name)")
            #expect(balance.day?.description == facts["date"] as? String, "\(name)")
        }
        for sample in facts["samples"] as? [[String: Any]] ?? [] {
            guard let index = sample["index"] as? Int, statement.entries.indices.contains(index) else { continue }
            compare(statement.entries[index], sample, "\(name) entry \(index)")
        }
    }

    private func compareTotals(_ totals: BankStatementTotals, _ facts: [String: Any], _ name: String) {
        guard let sums = totals.sums.first, totals.sums.count == 1 else { return }
        #expect(sums.credit == SampleFacts.money(facts, "credit", sums.credit.currency), "\(name)")
        #expect(sums.debit == SampleFacts.money(facts, "debit", sums.debit.currency), "\(name)")
    }

    private func compare(_ entry: BankEntry, _ facts: [String: Any], _ name: String) {
        #expect(entry.amount.currency.code == facts["currency"] as? String, "\(name)")
        #expect(entry.amount == SampleFacts.money(facts, "amount", entry.amount.currency), "\(name)")
        #expect(entry.bookingDay?.description == facts["bookingDate"] as? String, "\(name)")
        #expect(entry.valueDay?.description == facts["valueDate"] as? String, "\(name)")
        #expect(entry.status ?? "BOOK" == facts["status"] as? String, "\(name)")
        #expect(entry.isReversal == facts["reversal"] as? Bool, "\(name)")
        #expect(entry.details.count == facts["transactions"] as? Int, "\(name)")
        if let code = facts["bankTransactionCode"] as? String { #expect(entry.transactionCode == code, "\(name)") }
        if let count = facts["batchCount"] as? Int { #expect(entry.batchCount == count, "\(name)") }
        for (detail, facts) in zip(entry.details, facts["details"] as? [[String: Any]] ?? []) {
            compare(detail, facts, name)
        }
    }

    private func compare(_ detail: BankEntryDetail, _ facts: [String: Any], _ name: String) {
        if let code = facts["currency"] as? String, let currency = Currency(code) {
            #expect(detail.amount?.magnitude == SampleFacts.money(facts, "amount", currency), "\(name)")
        }
        // The other side of one sample is a bank (`Agt`), whose name the plain reader leaves out.
        if facts["counterparty"] != nil || !name.contains("financial-institution") {
            #expect(detail.counterparty == facts["counterparty"] as? String, "\(name)")
        }
        #expect(detail.counterpartyAccount == facts["counterpartyAccount"] as? String, "\(name)")
        #expect(detail.endToEnd == facts["endToEndId"] as? String, "\(name)")
        #expect(detail.structuredReferences == facts["structuredReferences"] as? [String] ?? [], "\(name)")
        #expect(detail.returnReason == facts["returnReason"] as? String, "\(name)")
        #expect(detail.documents.compactMap(\.number) == facts["documentNumbers"] as? [String] ?? [], "\(name)")
        for line in facts["unstructured"] as? [String] ?? [] { #expect(detail.text.contains(line), "\(name)") }
        let charges = facts["charges"] as? [String] ?? []
        if let sum = detail.charges {
            let expected = charges.compactMap { try? Money($0, sum.currency) }.reduce(.zero(sum.currency), +)
            #expect(sum == expected, "\(name)")
        } else {
            #expect(charges.isEmpty, "\(name)")
        }
    }
}
