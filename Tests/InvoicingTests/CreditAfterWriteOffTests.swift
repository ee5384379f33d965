import Books
import Database
import Invoicing
import InvoicingDesk
import Ledger
import Money
import ReceivablesDesk
import ReportsDesk
import TestOffice
import Testing

/// What was written off an invoice is not owed to the customer when the invoice is credited.
@Suite("Crediting what was written off")
struct CreditAfterWriteOffTests {
    static let number = CreditTests.number

    /// RE-2026-000001 over 79.95 with 6.75 tax, paid but for `writeOff`.
    static func company(_ engine: Engine, paid: String, writeOff: String, _ reason: WriteOffReason) async throws
        -> Company
    {
        let company = try await CreditTests.company(engine)
        try await company.receive([BankMoney("P-1", "2026-02-01", paid)])
        try await company.apply(
            [
                .init(
                    receipt: "P-1",
                    parts: [.init(invoice: number, amount: paid, writeOff: writeOff, reason: reason.rawValue)])
            ], id: "a-1")
        return company
    }

    /// What stands on the accounts of the ledger, other than the customer's own.
    static func accounts(_ company: Company) async throws -> [String] {
        try await company.rows(
            """
            SELECT account, CAST(sum(minor) AS BIGINT), CAST(sum(home_minor) AS BIGINT) FROM journal_lines
            WHERE account NOT IN ('receivables', 'unapplied', 'bank') GROUP BY account
            HAVING sum(minor) <> 0 OR sum(home_minor) <> 0 ORDER BY account
            """
        ).map { $0.joined(separator: " ") }
    }

    @Test(
        "in full, the customer gets what it paid, and neither revenue, tax nor discount is left",
        arguments: Company.engines, [WriteOffReason.cashDiscount, .smallDifference, .uncollectible])
    func inFull(engine: Engine, reason: WriteOffReason) async throws {
        let company = try await Self.company(engine, paid: "78.35", writeOff: "1.60", reason)
        #expect(try await company.open() == [])
        let note = try await company.credit(Self.number, id: "c-1")
        #expect([note.gross, note.applied] == ["-79.95", "1.60"])
        #expect(try await company.open() == ["RE-2026-000002 -7835"])
        #expect(try await Self.accounts(company) == [])
        #expect(try await company.faults() == [])
    }

    @Test(
        "a discount goes back in the share that is credited, the last credit takes the rest", arguments: Company.engines
    )
    func inParts(engine: Engine) async throws {
        let company = try await Self.company(engine, paid: "78.35", writeOff: "1.60", .cashDiscount)
        // 1.60 × 20.00 / 79.95 = 0.4003; then 1.20 × 35.00 / 59.95 = 0.7006; then 0.50.
        #expect(try await company.credit(Self.number, .gross(Money(minor: 20_00, .eur))).applied == "0.40")
        #expect(try await company.credit(Self.number, .gross(Money(minor: 35_00, .eur))).applied == "0.70")
        #expect(try await company.credit(Self.number).applied == "0.50")
        #expect(
            try await company.open() == [
                "RE-2026-000002 -1960", "RE-2026-000003 -3430", "RE-2026-000004 -2445",
            ])
        #expect(try await Self.accounts(company) == [])
        #expect(try await company.faults() == [])
    }

    @Test("what is open is closed first, then what was uncollectible", arguments: Company.engines)
    func openFirst(engine: Engine) async throws {
        let company = try await Self.company(engine, paid: "10.00", writeOff: "50.00", .uncollectible)
        #expect(try await company.open() == ["RE-2026-000001 1995"])
        #expect(try await company.credit(Self.number, .gross(Money(minor: 15_00, .eur))).applied == "15.00")
        #expect(try await company.credit(Self.number, .gross(Money(minor: 30_00, .eur))).applied == "30.00")
        #expect(try await company.open() == [])
        #expect(try await Self.accounts(company).contains("written-off 2495 2495"))
        #expect(try await company.credit(Self.number).applied == "24.95")
        #expect(try await company.open() == ["RE-2026-000004 -1000"])
        #expect(try await Self.accounts(company) == [])
        #expect(try await company.faults() == [])
    }

    @Test("what a bank kept was paid, and is given back", arguments: Company.engines)
    func bankFee(engine: Engine) async throws {
        let company = try await Self.company(engine, paid: "70.00", writeOff: "9.95", .bankFee)
        #expect(try await company.credit(Self.number).applied == "0.00")
        #expect(try await company.open() == ["RE-2026-000002 -7995"])
        #expect(try await Self.accounts(company) == ["bank-charges 995 995"])
        #expect(try await company.faults() == [])
    }

    @Test("the credit is taken back before the write-off that it took back", arguments: Company.engines)
    func undoing(engine: Engine) async throws {
        let company = try await Self.company(engine, paid: "78.35", writeOff: "1.60", .cashDiscount)
        let before = (try await company.aging(asOf: "2026-03-31").currencies, try await Self.accounts(company))
        try await company.credit(Self.number, id: "c-1")
        let refused = try company.undo("a-1")
        #expect(refused.status == 1 && refused.out.contains("c-1"), "\(refused.out)")
        let undone = try company.undo("c-1")
        #expect(undone.status == 0, "\(undone.error)\(undone.out)")
        #expect(try await company.aging(asOf: "2026-03-31").currencies == before.0)
        #expect(try await Self.accounts(company) == before.1)
        #expect(try await company.credit(Self.number).applied == "1.60")
        let all = try company.undo("a-1", withLater: true)
        #expect(all.status == 0, "\(all.error)\(all.out)")
        #expect(try await company.open() == ["P-1 -7835", "RE-2026-000001 7995"])
        #expect(try await company.faults() == [])
    }

    @Test(
        "in another currency the last credit leaves nothing at home, to one cent of rounding",
        arguments: Company.engines)
    func otherCurrency(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "exchange-rates", "currency,day,rate\nUSD,2026-01-05,0.87654321\nUSD,2026-02-01,0.9\n")
        try await company.importing(
            "orders",
            Stock.orderHeadings + "\nO1,1,C-1,2026-01-05,USD,,BOLT,7,33.3333,\nO1,2,C-1,2026-01-05,USD,,BOOK,3,9.99,\n")
        try await company.bill(through: "2026-01-31")
        let gross = try Money(try await company.rows("SELECT gross FROM documents")[0][0], Currency("JPY")!).minor
        let paid = Money(minor: gross - 6_01, Currency("USD")!).decimal
        try await company.receive([BankMoney("P-1", "2026-02-01", paid, "USD")])
        try await company.apply([
            .init(
                receipt: "P-1",
                parts: [.init(invoice: Self.number, amount: paid, writeOff: "6.01", reason: "cash-discount")])
        ])
        try await company.credit(Self.number, .gross(Money(minor: 100_01, Currency("USD")!)))
        try await company.credit(Self.number)
        #expect(try await company.faults() == [])
        let left = try await company.rows(
            """
            SELECT account, CAST(sum(minor) AS BIGINT), CAST(sum(home_minor) AS BIGINT) FROM journal_lines
            WHERE account IN ('revenue', 'sales-tax', 'discount-given') GROUP BY account
            """)
        for row in left {
            #expect(row[1] == "0", "\(row)")
            #expect(abs(Int64(row[2])!) <= 1, "\(row)")
        }
    }
}
