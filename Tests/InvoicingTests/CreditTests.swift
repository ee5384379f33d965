import Books
import Database
import Invoicing
import InvoicingDesk
import Ledger
import Money
import Pricing
import ReceivablesDesk
import ReportsDesk
import TestOffice
import Testing

/// An invoice is answered by credit notes: in part or in full, never by more than is left.
@Suite("Crediting")
struct CreditTests {
    /// RE-2026-000001: 12 bolts at 1.25 less 10 % (13.50), 3 books at 19.90 (59.70); 2.57 and 4.18 tax.
    static func company(_ engine: Engine) async throws -> Company {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 12 - - 10", "O1 2 C-1 2026-01-05 BOOK 3")
        try await company.bill(through: "2026-01-31")
        return company
    }
    static let number = "RE-2026-000001"

    @Test(
        "by line, quantity, net amount or gross amount", arguments: Company.engines,
        [
            (.all, "-73.20", "-6.75"),
            (.lines([LineCredit(line: 2, .all)]), "-59.70", "-4.18"),
            (.lines([LineCredit(line: 1, .quantity(Quantity(micro: 5_000_000)))]), "-5.63", "-1.07"),
            (.lines([LineCredit(line: 1, .net(Money(minor: 1_00, .eur)))]), "-1.00", "-0.19"),
            (.gross(Money(minor: 79_95, .eur)), "-73.20", "-6.75"),
            (.gross(Money(minor: 10_00, .eur)), "-9.16", "-0.84"),
        ] as [(CreditScope, String, String)])
    func scopes(engine: Engine, wanted: (scope: CreditScope, net: String, tax: String)) async throws {
        let company = try await Self.company(engine)
        let note = try await company.credit(Self.number, wanted.scope)
        #expect([note.net, note.tax] == [wanted.net, wanted.tax])
        #expect(note.invoice_no == "RE-2026-000002")
        #expect(note.applied == String(note.gross.dropFirst()))
        let rows = try await company.rows(
            "SELECT kind, corrects, reason, due_day FROM documents WHERE number = 'RE-2026-000002'")
        #expect(rows[0][0] == "credit-note")
        #expect(rows[0][1] != "–")
        #expect([rows[0][2], rows[0][3]] == ["agreed", "2026-03-02"])
        #expect(try await company.faults() == [])
    }

    @Test("what cannot be credited is refused, and nothing is kept", arguments: Company.engines)
    func refused(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let before = try await company.counts()
        let cases: [(CreditScope, String)] = [
            (.lines([LineCredit(line: 3, .all)]), "credit.no-such-line"),
            (.lines([LineCredit(line: 1, .quantity(Quantity(micro: 12_000_001)))]), "credit.more-than-left"),
            (.lines([LineCredit(line: 1, .quantity(Quantity(micro: 0)))]), "credit.not-positive"),
            (.lines([LineCredit(line: 1, .net(Money(minor: 13_51, .eur)))]), "credit.more-than-left"),
            (.lines([LineCredit(line: 1, .net(Money(minor: -1, .eur)))]), "credit.not-positive"),
            (.gross(Money(minor: 79_96, .eur)), "credit.more-than-left"),
            (.gross(Money(minor: 0, .eur)), "credit.not-positive"),
            // The same line twice is more than there is of it.
            (.lines([LineCredit(line: 2, .all), LineCredit(line: 2, .all)]), "credit.more-than-left"),
        ]
        for (scope, code) in cases {
            do {
                try await company.credit(Self.number, scope)
                Issue.record("\(scope) was credited")
            } catch let refusal as any Refusal {
                #expect(refusal.code == code, "\(scope): \(refusal.why)")
            }
        }
        #expect(try await company.counts() == before)
        try await company.credit(Self.number)
        await #expect(throws: CreditRefusal.nothingLeft(Self.number)) { try await company.credit(Self.number) }
        await #expect(throws: CreditRefusal.notAnInvoice("RE-2026-000002")) {
            try await company.credit("RE-2026-000002")
        }
        await #expect(throws: InvoicingRefusal.noSuchDocument("RE-9")) { try await company.credit("RE-9") }
    }

    @Test(
        "a deduction on the invoice is part of what is left: its other lines alone are not credited beyond it",
        arguments: Company.engines)
    func deduction(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 100 - 1", "O1 2 C-1 2026-01-05 BOLT -20 - 1")
        try await company.bill(through: "2026-01-31")
        await #expect(throws: CreditRefusal.self) {
            try await company.credit(Self.number, .lines([LineCredit(line: 1, .all)]))
        }
        await #expect(throws: CreditRefusal.self) {
            try await company.credit(Self.number, .lines([LineCredit(line: 2, .all)]))
        }
        let part = try await company.credit(
            Self.number, .lines([LineCredit(line: 1, .quantity(Quantity(micro: 30_000_000)))]))
        #expect(part.gross == "-35.70")
        let rest = try await company.credit(Self.number)
        #expect(rest.gross == "-59.50")
        #expect(try await company.open() == [])
        #expect(try await company.faults() == [])
    }

    @Test("a quantity is not credited for less than it cost where part of the line was credited by amount")
    func quantityAfterAmount() async throws {
        let company = try await Company.stocked(.sqlite)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10 - 10")
        try await company.bill(through: "2026-01-31")
        func credit(_ amount: LineCredit.Amount) async throws -> CreditIssued {
            try await company.credit(Self.number, .lines([LineCredit(line: 1, amount)]))
        }
        #expect(try await credit(.net(Money(minor: 60_00, .eur))).net == "-60.00")
        await #expect(
            throws: CreditRefusal.moreThanLeft(asked: "5 for 50.00 EUR", left: "40.00 EUR", of: "line 1")
        ) { try await credit(.quantity(Quantity(micro: 5_000_000))) }
        #expect(try await credit(.quantity(Quantity(micro: 3_000_000))).net == "-30.00")
        #expect(try await credit(.all).net == "-10.00")
        #expect(try await company.faults() == [])
    }

    @Test("every line of a credit note computes as it is printed", arguments: Company.engines)
    func computes(engine: Engine) async throws {
        let company = try await Self.company(engine)
        func credit(_ amount: LineCredit.Amount) async throws -> CreditIssued {
            try await company.credit(Self.number, .lines([LineCredit(line: 1, amount)]))
        }
        let five = LineCredit.Amount.quantity(Quantity(micro: 5_000_000))
        // 5 × 1.25 less 10 % is 5.625 each time; the last two take the 2.24 that are left.
        #expect(try await credit(five).net == "-5.63")
        #expect(try await credit(five).net == "-5.63")
        #expect(try await credit(.quantity(Quantity(micro: 2_000_000))).net == "-2.24")
        let rows = try await company.rows(
            """
            SELECT l.quantity, l.unit_price, l.discount, l.net FROM document_lines l
            JOIN documents d ON d.book = l.book AND d.document = l.document
            WHERE d.kind = 'credit-note' ORDER BY l.document, l.line
            """)
        #expect(rows.count == 3)
        for row in rows {
            let numbers = row.map { Int64($0)! }
            let printed = PricedLine.net(
                Quantity(micro: numbers[0]), at: UnitPrice(scaled: numbers[1]), less: Rate(scaled: numbers[2]), in: .eur
            )
            #expect(printed.net.minor == numbers[3], "\(row)")
        }
        #expect(try await company.faults() == [])
    }

    @Test("the same credit again gets its first outcome", arguments: Company.engines)
    func again(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let scope = CreditScope.gross(Money(minor: 5_00, .eur))
        let first = try await company.credit(Self.number, scope, id: "c-1")
        #expect(try await company.credit(Self.number, scope, id: "c-1") == first)
        #expect(try await company.counts()["documents"] == 2)
        await #expect(throws: BooksRefusal.otherContent(CommandID("c-1")!)) {
            try await company.credit(Self.number, .all, id: "c-1")
        }
    }

    @Test(
        "what was paid before is given back: the credit note stays open beyond what it can be set against",
        arguments: Company.engines)
    func paid(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", "70.00")])
        try await company.apply([.init(receipt: "P-1", parts: [.init(invoice: Self.number, amount: "70.00")])])
        let note = try await company.credit(Self.number)
        #expect(note.applied == "9.95")
        #expect(try await company.open() == ["RE-2026-000002 -7000"])
        #expect(try await company.faults() == [])
    }

    /// Credits by chance until nothing is left; each must fit, and the last reach exactly zero.
    @Test(
        "any sequence of credits never exceeds the original, and the last reaches exactly zero",
        arguments: 1...6 as ClosedRange<UInt64>)
    func conserves(seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let company = try await Company.stocked(seed % 2 == 0 ? .sqlite : .postgres)
        try await company.importing("exchange-rates", "currency,day,rate\nUSD,2026-01-05,0.87654321\n")
        let lines = (1...dice.roll(2...5)).map { line in
            let currency = seed % 3 == 0 ? "EUR" : "USD"
            let sku = ["BOLT", "BOOK", "HOUR"][Int(dice.roll(0...2))]
            return
                "O1,\(line),C-1,2026-01-05,\(currency),,\(sku),\(dice.roll(1...40)).\(dice.roll(1...9)),\(dice.roll(0...99)).\(dice.roll(100...999)),\(dice.roll(0...30))"
        }
        try await company.importing("orders", ([Stock.orderHeadings] + lines).joined(separator: "\n") + "\n")
        #expect(try await company.bill(through: "2026-01-31").issued == 1)
        var issued = 0
        while issued < 25 {
            let scope = try await Self.chance(&dice, company, last: issued >= 12)
            do {
                try await company.credit(Self.number, scope)
                issued += 1
            } catch let refusal as CreditRefusal {
                if refusal == .nothingLeft(Self.number), scope == .all { break }
                continue
            }
            #expect(try await company.faults() == [], "seed \(seed), after \(issued): \(scope)")
        }
        let totals = try await company.rows(
            "SELECT CAST(sum(net) AS BIGINT), CAST(sum(tax) AS BIGINT), CAST(sum(gross) AS BIGINT) FROM documents")
        #expect(totals == [["0", "0", "0"]], "seed \(seed)")
        let taxes = try await company.rows(
            """
            SELECT vat_rate, CAST(sum(base) AS BIGINT), CAST(sum(tax) AS BIGINT) FROM document_taxes
            GROUP BY vat_rate HAVING sum(base) <> 0 OR sum(tax) <> 0
            """)
        #expect(taxes == [], "seed \(seed)")
        let home = try await company.rows(
            """
            SELECT account, CAST(sum(home_minor) AS BIGINT) FROM journal_lines
            GROUP BY account HAVING sum(home_minor) <> 0 OR sum(minor) <> 0
            """)
        #expect(home == [], "seed \(seed)")
        #expect(try await company.open() == [], "seed \(seed)")
    }

    private static func chance(_ dice: inout Dice, _ company: Company, last: Bool) async throws -> CreditScope {
        if last || dice.roll(0...9) == 0 { return .all }
        let rows = try await company.rows(
            "SELECT l.line, l.quantity, l.net, d.gross, d.currency FROM document_lines l JOIN documents d ON d.document = l.document WHERE d.number = 'RE-2026-000001' ORDER BY l.line"
        )
        let row = rows[Int(dice.roll(0...Int64(rows.count - 1)))]
        let (line, quantity, net, gross) = (Int(row[0])!, Int64(row[1])!, Int64(row[2])!, Int64(row[3])!)
        let currency = Currency(row[4])!
        return switch dice.roll(0...3) {
        case 0: .lines([LineCredit(line: line, .quantity(Quantity(micro: dice.roll(1...max(1, quantity)))))])
        case 1: .lines([LineCredit(line: line, .net(Money(minor: dice.roll(1...max(1, net)), currency)))])
        case 2: .lines([LineCredit(line: line, .all)])
        default: .gross(Money(minor: dice.roll(1...max(1, gross / 2)), currency))
        }
    }

    @Test(
        "undo of an invoice is a full credit note, set against it, and its order can be billed again",
        arguments: Company.engines)
    func undoInvoice(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.order("O2 1 C-1 2026-01-06 BOLT 10")
        try await company.bill(through: "2026-01-31", id: "run-2")
        let then = try await company.aging(asOf: "2026-02-15").currencies
        let undone = try company.undo("run-2")
        #expect(undone.status == 0, "\(undone.error)\(undone.out)")
        #expect(undone.out.contains("RE-2026-000003"))
        #expect(try await company.open() == ["RE-2026-000001 7995"])
        #expect(try await company.faults() == [])
        #expect(try await company.bill(through: "2026-01-31").issued == 1)
        #expect(try await company.open() == ["RE-2026-000001 7995", "RE-2026-000004 1488"])
        // The new one is not dated before its predecessor was taken back: a past day counts one of them.
        #expect(
            try await company.rows("SELECT issue_day, due_day FROM documents WHERE number = 'RE-2026-000004'") == [
                ["2026-03-02", "2026-04-01"]
            ])
        #expect(try await company.aging(asOf: "2026-02-15").currencies == then)
        #expect(try await company.faults() == [])
        #expect(try company.undo("run-2").status == 1)
    }

    @Test("undo of a credit note opens the invoice as it was, and it can be credited again", arguments: Company.engines)
    func undoCredit(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let before = try await company.aging(asOf: "2026-03-31")
        try await company.credit(Self.number, .gross(Money(minor: 30_00, .eur)), id: "c-1")
        #expect(try await company.open() == ["RE-2026-000001 4995"])
        let undone = try company.undo("c-1")
        #expect(undone.status == 0, "\(undone.error)\(undone.out)")
        #expect(try await company.open() == ["RE-2026-000001 7995"])
        let after = try await company.aging(asOf: "2026-03-31")
        #expect(after.currencies == before.currencies)
        #expect(try await company.faults() == [])
        #expect(try await company.credit(Self.number).gross == "-79.95")
        #expect(try await company.open() == [])
        #expect(try await company.faults() == [])
    }

    @Test("a credit note that was taken back is no sale", arguments: Company.engines)
    func undoneIsNoSale(engine: Engine) async throws {
        let company = try await Self.company(engine)
        func month() throws -> [String: String] {
            let report = try company.duly("report", "rollforward", "--as-of", "2026-03-31", "--json").json
            let blocks = try #require(report["currencies"] as? [[String: Any]])
            return try #require((blocks.first?["months"] as? [[String: String]])?.last)
        }
        func sales() throws -> String? {
            let report = try company.duly("report", "dso", "--as-of", "2026-03-31", "--json").json
            return (report["currencies"] as? [[String: Any]])?.first?["invoiced_90_days"] as? String
        }
        let before = (try month(), try sales())
        #expect(before.1 == "79.95")
        try await company.credit(Self.number, .gross(Money(minor: 30_00, .eur)), id: "c-1")
        #expect(try month()["credited"] == "30.00")
        #expect(try company.undo("c-1").status == 0)
        #expect(try month() == before.0)
        #expect(try sales() == before.1)
        #expect(try await company.faults() == [])
    }

    @Test("what was billed then and taken back later was not unbilled then", arguments: Company.engines)
    func unbilledThen(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.order("O2 1 C-1 2026-01-06 BOLT 10")
        try await company.bill(through: "2026-01-31", id: "run-2")
        let then = try await company.rows("SELECT max(recorded) FROM commands")[0][0]
        #expect(try company.undo("run-2").status == 0)
        func count(_ words: String...) throws -> Int? {
            try Program.run(
                ["report", "unbilled", "--json", "--as-of"] + words, today: "2026-03-31", books: company.url
            ).json["count"] as? Int
        }
        #expect(try count("2026-03-31", "--known-at", then) == 0)
        #expect(try count("2026-03-31") == 1)
        // By the day, too: it was taken back on 2 March.
        #expect(try count("2026-02-15") == 0)
        try await company.bill(through: "2026-01-31")
        #expect(try count("2026-03-31", "--known-at", then) == 0)
        #expect(try count("2026-02-15") == 0)
        #expect(try count("2026-03-31") == 0)
    }

    @Test("a timeline's days are those of the commands, not of the clock", arguments: Company.engines)
    func days(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let items = try company.duly("timeline", "--customer", "C-1", "--json").json["items"] as? [[String: Any]]
        func days(_ kind: String) -> [String] {
            (items ?? []).filter { $0["kind"] as? String == kind }.compactMap { $0["day"] as? String }
        }
        #expect(Set(days("details")) == ["2026-03-02"])
        #expect(Set(days("message")) == ["2026-03-02"])
    }

    @Test("what is dated ahead is open until then, in lists as in the ageing", arguments: Company.engines)
    func datedAhead(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.importing(
            "invoices",
            "invoice_no,customer_id,issue_date,due_date,settled_date,gross\nALT-1,C-1,2026-01-10,2026-01-31,2026-03-20,50.00\n"
        )
        func row(_ day: String) throws -> [String] {
            let items = try company.duly("invoice", "list", "--json", today: day).json["items"] as? [[String: Any]]
            let row = try #require(items?.first { $0["invoice_no"] as? String == "ALT-1" })
            return ["status", "open"].compactMap { row[$0] as? String }
        }
        #expect(try row("2026-03-02") == ["overdue", "50.00"])
        #expect(try row("2026-03-20") == ["paid", "0.00"])
        let aging = try await company.aging(asOf: "2026-03-02").currencies
        #expect(aging.first?.total == "129.95")
    }

    @Test(
        "undo of an invoice that was credited, or paid, names what builds on it, newest first",
        arguments: Company.engines)
    func builtUpon(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 100")
        try await company.bill(through: "2026-01-31", id: "run-1")
        try await company.credit(Self.number, .gross(Money(minor: 30_00, .eur)), id: "c-1")
        try await company.receive([BankMoney("P-1", "2026-02-01", "20.00")], id: "b-1")
        try await company.apply(
            [.init(receipt: "P-1", parts: [.init(invoice: Self.number, amount: "20.00")])], id: "a-1")
        let refused = try company.undo("run-1")
        #expect(refused.status == 1)
        #expect(refused.out.contains("undo.built-upon"))
        #expect(refused.out.contains("a-1/P-1, c-1"))
        let all = try company.undo("run-1", withLater: true)
        #expect(all.status == 0, "\(all.error)\(all.out)")
        #expect(try await company.open() == ["P-1 -2000"])
        #expect(try await company.faults() == [])
        #expect(try await company.bill(through: "2026-01-31").issued == 1)
        #expect(try await company.faults() == [])
    }
}
