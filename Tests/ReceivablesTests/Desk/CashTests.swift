import Books
import Database
import Ledger
import Money
import Receivables
import ReceivablesDesk
import ReportsDesk
import TestOffice
import Testing

/// Money comes in, is applied to what it pays, and everything can be taken back.
@Suite("Cash")
struct CashTests {
    /// RE-2026-000001 of C-1 for 79.95 EUR (6.75 of it tax), RE-2026-000002 of C-1 for 14.88, RE-2026-000003 a credit note of
    /// 14.88 to C-1, RE-2026-000004 of C-3 for 15.00.
    static func company(_ engine: Engine) async throws -> Company {
        let company = try await Company.stocked(engine)
        try await company.order(
            "O1 1 C-1 2026-01-05 BOLT 12 - - 10", "O1 2 C-1 2026-01-05 BOOK 3", "O2 1 C-1 2026-01-06 BOLT 10",
            "O3 1 C-1 2026-01-07 BOLT -10", "O4 1 C-3 2026-01-08 BOLT 10")
        try await company.bill(through: "2026-01-31")
        return company
    }
    static let first = "RE-2026-000001"
    static let second = "RE-2026-000002"
    static let note = "RE-2026-000003"
    static let other = "RE-2026-000004"

    static func wish(_ receipt: String, _ parts: (invoice: String, amount: String)...) -> ApplyWish {
        ApplyWish(receipt: receipt, parts: parts.map { .init(invoice: $0.invoice, amount: $0.amount) })
    }

    /// By account: amount and amount at home of one command's entries.
    static func posted(_ command: String, _ company: Company) async throws -> [String] {
        try await company.rows(
            """
            SELECT l.account, CAST(sum(l.minor) AS BIGINT), CAST(sum(l.home_minor) AS BIGINT)
            FROM entries e JOIN journal_lines l ON l.book = e.book AND l.entry = e.entry
            WHERE e.command = $1 GROUP BY l.account ORDER BY l.account
            """, [.text(command)]
        ).map { $0[1] == $0[2] ? "\($0[0]) \($0[1])" : "\($0[0]) \($0[1]) (\($0[2]))" }
    }

    @Test(
        "a part payment leaves the rest open, an overpayment stands on the customer's account",
        arguments: Company.engines)
    func partAndOver(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([
            BankMoney("P-1", "2026-02-01", "50.00"), BankMoney("P-2", "2026-02-03", "40.00"),
        ])
        try await company.apply([Self.wish("P-1", (Self.first, "50.00")), Self.wish("P-2", (Self.first, "29.95"))])
        let open = try await company.open()
        #expect(open == ["P-2 -1005", "\(Self.second) 1488", "\(Self.note) -1488", "\(Self.other) 1500"])
        let whose = try await company.rows(
            """
            SELECT c.number FROM receipts r JOIN open_items i ON i.item = r.receipt
            JOIN customers c ON c.customer = i.customer WHERE r.payment_id = 'P-2'
            """)
        #expect(whose == [["C-1"]])
        // Dated by the later of receipt and document, not by the day somebody did it.
        let days = try await company.rows("SELECT day FROM allocations ORDER BY allocation")
        #expect(days == [["2026-02-01"], ["2026-02-03"]])
        let before = try await company.aging(asOf: "2026-01-31").currencies[0]
        #expect([before.total, before.unallocated] == ["94.95", "0.00"])
        let later = try await company.aging(asOf: "2026-02-28").currencies[0]
        #expect([later.total, later.unallocated, later.net] == ["15.00", "-10.05", "4.95"])
        #expect(try await company.faults() == [])
    }

    @Test("one receipt pays several invoices less a credit note", arguments: Company.engines)
    func bundle(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", "79.95")])
        try await company.apply([
            Self.wish("P-1", (Self.first, "79.95"), (Self.second, "14.88"), (Self.note, "-14.88"))
        ])
        #expect(try await company.open() == ["\(Self.other) 1500"])
        let rows = try await company.rows("SELECT minor FROM allocations ORDER BY allocation")
        #expect(rows == [["7995"], ["1488"], ["-1488"]])
        #expect(try await company.faults() == [])
    }

    @Test("a credit note is set against an invoice without money", arguments: Company.engines)
    func setOff(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.apply([Self.wish("", (Self.second, "14.88"), (Self.note, "-14.88"))])
        #expect(try await company.open() == ["\(Self.first) 7995", "\(Self.other) 1500"])
        #expect(try await company.faults() == [])
    }

    @Test(
        "what is written off goes to the account of its reason; a discount takes its share of the tax",
        arguments: Company.engines,
        [
            ("cash-discount", ["discount-given 146", "receivables -7995", "sales-tax 14", "unapplied 7835"]),
            ("bank-fee", ["bank-charges 160", "receivables -7995", "unapplied 7835"]),
            ("small-difference", ["receivables -7995", "unapplied 7835", "written-off 160"]),
            ("uncollectible", ["receivables -7995", "unapplied 7835", "written-off 160"]),
        ])
    func writeOff(engine: Engine, wanted: (reason: String, posted: [String])) async throws {
        let company = try await Self.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", "78.35")])
        try await company.apply(
            [
                ApplyWish(
                    receipt: "P-1",
                    parts: [.init(invoice: Self.first, amount: "78.35", writeOff: "1.60", reason: wanted.reason)])
            ], id: "a-1")
        #expect(try await Self.posted("a-1/P-1", company) == wanted.posted)
        #expect(try await company.open().contains { $0.hasPrefix(Self.first) } == false)
        #expect(try await company.faults() == [])
    }

    @Test(
        "the realised exchange difference is posted with each payment, and a closed item is closed at home",
        arguments: Company.engines)
    func exchange(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "exchange-rates",
            "currency,day,rate,source\nUSD,2026-01-05,0.9,ECB\nUSD,2026-02-01,0.95,ECB\nUSD,2026-02-02,0.85,ECB\n")
        // 17.50 and 3.33 tax: 20.83 USD, 18.75 EUR.
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10 USD")
        try await company.bill(through: "2026-01-31")
        #expect(try await company.open() == ["RE-2026-000001 2083 (1875)"])
        try await company.receive([
            BankMoney("P-1", "2026-02-01", "10.00", "USD"), BankMoney("P-2", "2026-02-02", "10.83", "USD"),
        ])
        try await company.apply(
            [Self.wish("P-1", ("RE-2026-000001", "10.00")), Self.wish("P-2", ("RE-2026-000001", "10.83"))], id: "a-1")
        // 9.50 came in for 9.00 (10/20.83 of 18.75), 9.21 for the other 9.75.
        #expect(
            try await Self.posted("a-1/P-1", company) == [
                "exchange-difference 0 (-50)", "receivables -1000 (-900)", "unapplied 1000 (950)",
            ])
        #expect(
            try await Self.posted("a-1/P-2", company) == [
                "exchange-difference 0 (54)", "receivables -1083 (-975)", "unapplied 1083 (921)",
            ])
        #expect(try await company.open() == [])
        #expect(try await company.faults() == [])
    }

    @Test(
        "what cannot be applied is refused with its reason", arguments: Company.engines,
        [
            ("P-1", [.init(invoice: first, amount: "79.96")], "cash.more-than-open"),
            ("P-1", [.init(invoice: first, amount: "79.00", writeOff: "0.96")], "cash.more-than-open"),
            ("P-2", [.init(invoice: first, amount: "40.01")], "cash.more-than-received"),
            (
                "P-2", [.init(invoice: first, amount: "30.00"), .init(invoice: second, amount: "10.01")],
                "cash.more-than-received"
            ),
            ("P-1", [.init(invoice: first, amount: "-1.00")], "cash.wrong-sign"),
            ("P-1", [.init(invoice: note, amount: "14.88")], "cash.wrong-sign"),
            ("P-1", [.init(invoice: first, amount: "")], "cash.nothing-asked"),
            ("P-9", [.init(invoice: first, amount: "1.00")], "cash.no-such-receipt"),
            ("P-1", [.init(invoice: "RE-9", amount: "1.00")], "cash.no-such-document"),
            ("P-1", [.init(invoice: first, amount: "1.001")], "cash.bad-amount"),
            ("P-1", [.init(invoice: first, amount: "ten")], "cash.bad-amount"),
            ("P-1", [.init(invoice: first, amount: "1.00", writeOff: "1.00", reason: "whim")], "cash.unknown-reason"),
            ("", [.init(invoice: second, amount: "14.88")], "cash.more-than-received"),
            // The same invoice twice is once more than it is open for.
            (
                "P-1", [.init(invoice: first, amount: "50.00"), .init(invoice: first, amount: "50.00")],
                "cash.more-than-open"
            ),
            ("P-3", [.init(invoice: first, amount: "1.00")], "cash.other-currency"),
        ] as [(String, [ApplyWish.Part], String)])
    func refused(engine: Engine, wanted: (receipt: String, parts: [ApplyWish.Part], code: String)) async throws {
        let company = try await Self.company(engine)
        try await company.importing("exchange-rates", "currency,day,rate\nUSD,2026-02-01,0.9\n")
        try await company.receive([
            BankMoney("P-1", "2026-02-01", "200.00"), BankMoney("P-2", "2026-02-01", "40.00"),
            BankMoney("P-3", "2026-02-01", "40.00", "USD"),
        ])
        let before = try await company.counts()
        do {
            try await company.apply([ApplyWish(receipt: wanted.receipt, parts: wanted.parts)])
            Issue.record("it was applied")
        } catch let refusals as Refusals {
            #expect(refusals.all.map(\.code) == [wanted.code])
            #expect(refusals.all.allSatisfy { !$0.what.isEmpty && !$0.why.isEmpty && !$0.next.isEmpty })
        }
        #expect(try await company.counts() == before)
    }

    @Test(
        "a file with a bad row is refused whole, with the row; with --keep-good the others are booked",
        arguments: Company.engines)
    func file(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([
            BankMoney("P-1", "2026-02-01", "79.95"), BankMoney("P-2", "2026-02-01", "14.88"),
        ])
        let wishes = [
            ApplyWish(receipt: "P-1", parts: [.init(invoice: Self.first, amount: "79.95", row: 2)]),
            ApplyWish(receipt: "P-2", parts: [.init(invoice: Self.second, amount: "14.89", row: 3)]),
            ApplyWish(receipt: "P-7", parts: [.init(invoice: Self.second, amount: "14.88", row: 4)]),
        ]
        let before = try await company.counts()
        do {
            try await company.apply(wishes)
            Issue.record("it was applied")
        } catch let refusals as Refusals {
            #expect(refusals.all.map(\.code) == ["cash.more-than-open", "cash.no-such-receipt"])
            #expect(refusals.all[0].why.hasPrefix("Row 3, receipt P-2"))
        }
        #expect(try await company.counts() == before)
        let dry = try await company.apply(wishes, keepGood: true, dryRun: true)
        #expect(dry.outcome.receipts == 1)
        #expect(try await company.counts() == before)
        let (outcome, problems) = try await company.apply(wishes, keepGood: true)
        #expect(outcome.receipts == 1)
        #expect(problems.map(\.row) == [3, 4])
        #expect(try await company.open().contains { $0.hasPrefix(Self.first) } == false)
        #expect(try await company.faults() == [])
    }

    @Test("the same apply again changes nothing; the same id with other content is refused", arguments: Company.engines)
    func again(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", "79.95"), BankMoney("P-2", "2026-02-01", "10.00")])
        let wishes = [Self.wish("P-1", (Self.first, "79.95"))]
        #expect(try await company.apply(wishes, id: "a-1").outcome.receipts == 1)
        let counts = try await company.counts()
        let again = try await company.apply(wishes, id: "a-1").outcome
        #expect([again.receipts, again.unchanged] == [1, 0])
        #expect(again.allocations.map(\.allocated) == ["79.95"])
        #expect(try await company.counts() == counts)
        for other in [
            wishes + [Self.wish("P-2", (Self.second, "10.00"))], [Self.wish("P-1", (Self.first, "79.94"))], [],
        ] {
            await #expect(throws: (any Error).self) { try await company.apply(other, id: "a-1") }
        }
        #expect(try await company.counts() == counts)
        // After a problem there is no outcome: the same again takes what could not be taken.
        let late = [Self.wish("P-3", (Self.second, "14.88"))]
        #expect(try await company.apply(late, id: "a-3", keepGood: true).problems.count == 1)
        try await company.receive([BankMoney("P-3", "2026-02-02", "14.88")])
        #expect(try await company.apply(late, id: "a-3", keepGood: true).outcome.receipts == 1)
        #expect(try await company.faults() == [])
    }

    @Test(
        "what a closed month holds already may come again; what it does not hold is refused", arguments: Company.engines
    )
    func closedMonth(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let old = [
            BankMoney("P-1", "2026-01-30", "50.00"), BankMoney("", "2026-01-31", "5.00", text: "zweimal"),
            BankMoney("", "2026-01-31", "5.00", text: "zweimal"),
        ]
        try await company.receive(old)
        #expect(try company.duly("period", "close", "--through", "2026-01-31").status == 0)
        let again = try await company.receive(old)
        #expect([again.imported, again.duplicates] == [0, 3])
        let overlapping = try await company.receive(old + [BankMoney("P-2", "2026-02-01", "7.00")])
        #expect([overlapping.imported, overlapping.duplicates] == [1, 3])
        let counts = try await company.counts()
        let third = BankMoney("", "2026-01-31", "5.00", text: "zweimal")
        do {
            try await company.receive(old + [third, BankMoney("P-3", "2026-02-02", "8.00")])
            Issue.record("a third of these was never received")
        } catch let refusals as Refusals {
            #expect(refusals.all.map(\.code) == ["bank.period-closed"])
            #expect(refusals.all.first?.place?.row == 5)
        }
        #expect(try await company.counts() == counts)
        #expect(try await company.faults() == [])
    }

    @Test(
        "what is written off without money is given up on the day it is said, and can be taken back",
        arguments: Company.engines)
    func writeOffAlone(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let key = try company.keyFile()
        func writeOff(_ amount: String, _ words: String...) throws -> Program.Answer {
            try Program.run(
                [
                    "cash", "write-off", "--invoice", Self.first, "--amount", amount, "--reason", "uncollectible",
                    "--json",
                ] + words, today: "2026-03-02", books: company.url, keyFile: key)
        }
        let (before, then) = (try await company.open(), try await company.aging(asOf: "2026-03-01").currencies)
        for (amount, code) in [
            ("80.00", "cash.more-than-open"), ("-1", "cash.wrong-sign"), ("0", "cash.nothing-asked"),
            ("x", "cash.bad-amount"),
        ] {
            let refused = try writeOff(amount)
            #expect(refused.status == 1 && refused.out.contains(code), "\(refused.out)\(refused.error)")
        }
        #expect(try writeOff("79.95", "--dry-run").status == 0)
        #expect(try await company.open() == before)
        let done = try writeOff("79.95", "--id", "w-1")
        #expect(done.status == 0, "\(done.out)\(done.error)")
        #expect(try writeOff("79.95", "--id", "w-1").out == done.out)
        #expect(try await company.open() == before.filter { !$0.hasPrefix(Self.first) })
        #expect(try await company.aging(asOf: "2026-03-01").currencies == then)
        #expect(try await company.faults() == [])
        #expect(try company.undo("w-1").status == 0)
        #expect(try await company.open() == before)
        #expect(try await company.faults() == [])
    }

    @Test("unapplying takes back what was asked and nothing else", arguments: Company.engines)
    func unapply(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([
            BankMoney("P-1", "2026-02-01", "50.00"), BankMoney("N", "2026-02-01", "5.00"),
            BankMoney("N", "2026-02-02", "6.00"),
        ])
        let both = Self.wish("P-1", (Self.first, "20.00"), (Self.second, "10.00"))
        let before = try await company.open()
        #expect(try await company.apply([both], id: "a-1").problems.isEmpty)
        let applied = try await company.open()
        func unapply(_ words: String...) throws -> Program.Answer {
            try Program.run(["cash", "unapply", "--json"] + words, today: "2026-03-02", books: company.url)
        }
        #expect(try unapply("--receipt", "P-1", "--invoice", Self.first).out.contains("cash.applied-together"))
        #expect(try unapply("--receipt", "P-1", "--invoice", Self.other).out.contains("cash.nothing-applied"))
        #expect(try unapply("--receipt", "N").out.contains("cash.ambiguous-receipt"))
        #expect(try unapply("--receipt", "P-1", "--dry-run").status == 0)
        #expect(try await company.open() == applied)
        let done = try unapply("--receipt", "P-1", "--id", "back")
        #expect(done.status == 0, "\(done.out)")
        #expect(try await company.open() == before)
        #expect(try unapply("--receipt", "P-1", "--id", "back").out == done.out)
        #expect(try unapply("--receipt", "N", "--id", "back").status == 1)
        // What came settled with imported history stays with it.
        try await company.importing(
            "invoices",
            "invoice_no,customer_id,issue_date,settled_date,gross\nH-1,C-1,2026-01-05,2026-01-20,119\nH-2,C-1,2026-01-05,,7\n"
        )
        let history = try await company.open()
        let receipt = try await company.rows("SELECT receipt FROM receipts WHERE minor = 11900")[0][0]
        let id = RecordID(number: Int64(receipt)!).description
        #expect(try unapply("--receipt", id).out.contains("cash.from-history"))
        #expect(try await company.open() == history)
        #expect(try await company.faults() == [])
    }

    @Test("two clerks cannot spend one receipt twice, nor pay one invoice twice", arguments: Company.engines)
    func race(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", "79.95"), BankMoney("P-2", "2026-02-01", "79.95")])
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    _ = try? await company.apply(
                        [Self.wish(number % 2 == 0 ? "P-1" : "P-2", (Self.first, "79.95"))], id: "a-\(number)")
                }
            }
        }
        let open = try await company.open()
        #expect(open.filter { $0.hasPrefix("P-") }.count == 1)
        #expect(try await company.counts()["allocations"] == 1)
        #expect(try await company.faults() == [])
    }

    @Test(
        "a match run taken back leaves the books as they were, and matches the same again", arguments: Company.engines)
    func rematch(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([
            BankMoney("P-1", "2026-02-01", "79.95", text: "Rechnung RE-2026-000001"),
            BankMoney("P-2", "2026-02-01", "15.00", payer: "Jeanne Petit", text: "RE-2026-000004"),
            BankMoney("P-3", "2026-02-01", "3.33", payer: "Niemand", text: "Spende"),
        ])
        let open = try await company.open()
        let dry = try await company.match(through: "2026-02-28", dryRun: true)
        #expect(try await company.open() == open)
        let matched = try await company.match(through: "2026-02-28", id: "m-1")
        #expect(matched.applied == 2)
        #expect(matched.receipts == 3)
        #expect(matched.applied + matched.proposed + matched.left == 3)
        #expect(dry.allocations.map(\.invoice_no) == matched.allocations.map(\.invoice_no))
        #expect(try await company.match(through: "2026-02-28", id: "m-1") == matched)
        let settled = try await company.open()
        let undone = try company.undo("m-1")
        #expect(undone.status == 0, "\(undone.out)\(undone.error)")
        #expect(try await company.open() == open)
        #expect(try await company.faults() == [])
        let again = try await company.match(through: "2026-02-28", id: "m-2")
        func essence(_ outcome: MatchOutcome) -> [String] {
            outcome.allocations.map { "\($0.payment_id) \($0.invoice_no) \($0.allocated) \($0.applied)" }
        }
        #expect(essence(again) == essence(matched))
        #expect(try await company.open() == settled)
        #expect(try await company.faults() == [])
    }

    @Test("undo is refused while later commands build on it, which are named newest first", arguments: Company.engines)
    func builtUpon(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let before = try await company.open()
        try await company.receive([BankMoney("P-1", "2026-02-01", "100.00")], id: "b-1")
        let received = try await company.open()
        try await company.apply([Self.wish("P-1", (Self.first, "50.00"))], id: "a-1")
        let once = try await company.open()
        try await company.apply([Self.wish("P-1", (Self.second, "14.88"))], id: "a-2")
        let refused = try company.undo("b-1")
        #expect(refused.status == 1)
        #expect(refused.out.contains("undo.built-upon"))
        #expect(refused.out.contains("a-2/P-1, a-1/P-1"))
        // The second of two can go first, the first of two only after it.
        #expect(try company.undo("a-1").status == 1)
        #expect(try company.undo("a-2").status == 0)
        #expect(try await company.open() == once)
        #expect(try company.undo("a-1").status == 0)
        #expect(try await company.open() == received)
        #expect(try company.undo("a-1").out.contains("undo.undone-already"))
        try await company.apply([Self.wish("P-1", (Self.first, "50.00"))], id: "a-3")
        let all = try company.undo("b-1", withLater: true)
        #expect(all.status == 0, "\(all.out)")
        #expect(try await company.open() == before)
        #expect(try await company.faults() == [])
    }

    @Test("the same undo again gets its first outcome", arguments: Company.engines)
    func undoAgain(engine: Engine) async throws {
        let company = try await Self.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", "100.00")], id: "b-1")
        let first = try company.duly("undo", "b-1", "--id", "u-1", "--json")
        #expect(first.status == 0)
        let counts = try await company.counts()
        let again = try company.duly("undo", "b-1", "--id", "u-1", "--json")
        #expect(again.status == 0)
        #expect(again.out == first.out)
        #expect(try await company.counts() == counts)
        #expect(try company.duly("undo", "a-9", "--id", "u-1", "--json").out.contains("books.command-id-taken"))
    }
}
