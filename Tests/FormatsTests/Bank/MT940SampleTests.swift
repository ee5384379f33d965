import Formats
import Money
import Testing

@Suite("MT940 files of other projects are read as their facts say")
struct MT940SampleTests {
    /// Files where the facts' plain reader and this one count differently, and why.
    private static let countedOtherwise = [
        "zilverline__two_accounts.txt": "before its third `:20:` stands a Ctrl-Z, which the plain reader took for text"
    ]

    @Test("statements, balances and entries") func samples() throws {
        var options = BankFile.Options()
        // Some samples are a single line without any balance.
        options.currency = .eur
        for (name, path, facts) in SampleFacts.all("mt940") {
            let contents: BankFileContents
            do {
                contents = try BankFile.contents(path: path, options: options)
            } catch {
                #expect(SampleFacts.isOnlyCurrency(error), "\(name): \(error.problems)")
                continue
            }
            let expected = SampleFacts.statements(facts)
            if Self.countedOtherwise[name] != nil {
                #expect(contents.statements.count > expected.count)
                #expect(
                    contents.statements.map(\.entries.count).reduce(0, +)
                        == expected.compactMap { $0["entries"] as? Int }.reduce(0, +))
                continue
            }
            try #require(contents.statements.count == expected.count, "\(name)")
            for (statement, facts) in zip(contents.statements, expected) {
                compare(statement, facts, contents.warnings, name)
            }
            if let facts = facts["sourceTests"] as? [String: Any] { compareSource(contents, facts, name) }
        }
    }

    private func compare(
        _ statement: BankStatement, _ facts: [String: Any], _ warnings: [BankFileWarning], _ name: String
    ) {
        let (header, totals) = (statement.header, statement.totals)
        #expect(header.id == facts["reference"] as? String, "\(name)")
        #expect(header.account == facts["account"] as? String, "\(name)")
        // The plain reader knows no `:NS:` and took it for the rest of the number.
        #expect(header.number == (facts["number"] as? String)?.split(separator: "\n").first.map(String.init), "\(name)")
        if let currency = facts["currency"] as? String { #expect(header.currency?.code == currency, "\(name)") }
        #expect(totals.entries == facts["entries"] as? Int, "\(name)")
        #expect(totals.balanced == facts["balanced"] as? Bool || warnings.contains { $0.kind == .currency }, "\(name)")
        for (key, balance) in [("opening", header.opening), ("closing", header.closing)] {
            guard let balance else {
                #expect(!(facts[key] is String), "\(name) has \(key)")
                continue
            }
            guard facts[key] is String else {
                // It names no currency; the plain reader left it out.
                #expect(warnings.contains { $0.kind == .currency }, "\(name) \(key)")
                continue
            }
            #expect(balance.amount == SampleFacts.money(facts, key, balance.amount.currency), "\(name) \(key)")
            let day = facts[key + "Date"] as? String
            #expect(balance.day?.description == day || day.flatMap { Day($0) } == nil, "\(name) \(key)")
        }
        if let sums = totals.sums.first {
            let facts = facts["totals"] as? [String: Any] ?? [:]
            #expect(sums.credit == SampleFacts.money(facts, "credit", sums.credit.currency), "\(name)")
            #expect(sums.debit == SampleFacts.money(facts, "debit", sums.debit.currency), "\(name)")
        }
        for sample in facts["samples"] as? [[String: Any]] ?? [] {
            guard let index = sample["index"] as? Int, statement.entries.indices.contains(index) else { continue }
            compare(statement.entries[index], sample, "\(name) entry \(index)")
        }
    }

    private func compare(_ entry: BankEntry, _ facts: [String: Any], _ name: String) {
        #expect(entry.amount == SampleFacts.money(facts, "amount", entry.amount.currency), "\(name)")
        #expect(entry.valueDay?.description == facts["valueDate"] as? String, "\(name)")
        let monthAndDay = entry.bookingDay.map { $0.description.dropFirst(5).filter { $0 != "-" } }
        #expect(monthAndDay == facts["entryDate"] as? String, "\(name)")
        let mark = facts["mark"] as? String ?? ""
        #expect(entry.isReversal == mark.hasPrefix("RC") || entry.isReversal == mark.hasPrefix("RD"), "\(name)")
        #expect(entry.bankReference == reference(facts["bankReference"] as? String), "\(name)")
        let details = facts["details"] as? String
        // The plain reader stops at a line that begins with a dash or a time, and knows neither `:NS:` nor a broken tag.
        #expect(SampleFacts.squeezed(entry.rawText ?? "").hasPrefix(SampleFacts.squeezed(details ?? "")), "\(name)")
        if let written = facts["customerReference"] as? String, written.count <= 16, facts["type"] is String {
            #expect(entry.customerReference == reference(written), "\(name)")
        }
        // A field of its own says more than the type in `:61:`.
        let codes = [facts["type"] as? String, details.map { String($0.drop { $0 == " " }.prefix(3)) }]
        #expect(codes.contains(entry.transactionCode) || details == nil || facts["type"] == nil, "\(name)")
    }

    private func reference(_ text: String?) -> String? { text == "NONREF" || text == "" ? nil : text }

    /// What the sources' own tests assert of first and last entries.
    private func compareSource(_ contents: BankFileContents, _ facts: [String: Any], _ name: String) {
        let entries = contents.statements.flatMap(\.entries)
        for (key, index) in [("first", 0), ("second", 1)] {
            guard let facts = facts[key] as? [String: Any], entries.indices.contains(index) else { continue }
            let entry = entries[index]
            if let amount = SampleFacts.money(facts, "amount", entry.amount.currency) {
                #expect(entry.amount == amount, "\(name)")
            }
            if let party = facts["contraName"] as? String { #expect(entry.counterparty == party, "\(name)") }
            if let code = facts["gvc"] as? String { #expect(entry.transactionCode == code, "\(name)") }
            if let purpose = facts["purpose"] as? String { #expect(purpose.hasSuffix(entry.text), "\(name)") }
            for key in ["contraAccount", "contraIban"] {
                guard let account = facts[key] as? String else { continue }
                let found = entry.counterpartyAccount ?? ""
                #expect(account.drop { $0 == "0" } == found.drop { $0 == "0" }, "\(name)")
            }
            if let day = facts["entryDate"] as? String { #expect(entry.bookingDay?.description == day, "\(name)") }
        }
        if let text = facts["lastDescription"] as? String {
            #expect(entries.last?.text.contains(SampleFacts.squeezed(text)) == true, "\(name)")
        }
        if let account = facts["lastContraAccount"] as? String {
            #expect(entries.last?.counterpartyAccount == account, "\(name)")
        }
    }
}
