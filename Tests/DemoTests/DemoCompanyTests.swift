import Demo
import Money
import Testing

@Suite("The demonstration company")
struct DemoCompanyTests {
    private static let days = Day("2025-01-01")!...Day("2025-12-31")!
    private static func company(_ seed: UInt64, orders: Int = 400) -> DemoCompany {
        DemoCompany(seed: seed, customers: 40, orders: orders, days: days)
    }

    @Test("is the same for the same seed and another for another")
    func isRepeatable() {
        #expect(Self.company(1).files() == Self.company(1).files())
        #expect(Self.company(1).files() != Self.company(2).files())
    }

    @Test("keeps its customers when it has more orders")
    func topicsAreApart() {
        #expect(Self.company(3).customers == Self.company(3, orders: 20).customers)
    }

    @Test("makes one document of each order or holds it", arguments: 1...20 as ClosedRange<UInt64>)
    func ordersBecomeDocuments(seed: UInt64) {
        let company = Self.company(seed)
        #expect(company.invoices.count + company.held.count == 400)
        #expect(Set(company.invoices.map(\.number)).count == company.invoices.count)
        #expect(company.invoices.allSatisfy { $0.isCreditNote == ($0.gross.minor < 0) })
        #expect(company.orders.allSatisfy { Self.days.contains($0.day) && $0.day.weekday < 6 })
    }

    @Test("numbers documents without gaps within seller and year")
    func numbersHaveNoGaps() {
        let company = DemoCompany(seed: 5, customers: 30, orders: 300, days: Day("2025-07-01")!...Day("2026-06-30")!)
        for prefix in ["LW-2025-", "LW-2026-", "LT-2025-", "LT-2026-"] {
            let numbers = company.invoices.map(\.number).filter { $0.hasPrefix(prefix) }.map { Int($0.suffix(6)) }
            #expect(!numbers.isEmpty && numbers == Array(1...numbers.count))
        }
    }

    @Test("never pays a document twice over nor before it is issued", arguments: 1...20 as ClosedRange<UInt64>)
    func paysNoMoreThanOwed(seed: UInt64) {
        let company = Self.company(seed)
        let invoices = Dictionary(uniqueKeysWithValues: company.invoices.map { ($0.number, $0) })
        for (number, open) in company.openAmounts {
            let gross = invoices[number]!.gross.minor
            #expect(gross < 0 ? (gross...0).contains(open.minor) : (0...gross).contains(open.minor), "\(number)")
        }
        let payments = Dictionary(uniqueKeysWithValues: company.payments.map { ($0.id, $0) })
        for allocation in company.allocations {
            let payment = payments[allocation.payment]!
            #expect(payment.day >= invoices[allocation.invoice]!.day)
            #expect(payment.seller == invoices[allocation.invoice]!.seller)
        }
    }

    @Test("allocates no more of a payment than it brought", arguments: 1...20 as ClosedRange<UInt64>)
    func allocatesWhatCame(seed: UInt64) {
        let company = Self.company(seed)
        let byPayment = Dictionary(grouping: company.allocations, by: \.payment)
        for payment in company.payments {
            let sum = (byPayment[payment.id] ?? []).reduce(Int64(0)) { $0 + $1.allocated.minor }
            switch payment.scenario {
            case .unmatched, .moneyOut, .twice: #expect(sum == 0)
            case .overpaid: #expect(sum < payment.amount.minor && sum > 0)
            default: #expect(sum == payment.amount.minor)
            }
        }
    }

    @Test("shows every way of paying within a year of five hundred orders")
    func showsEveryScenario() {
        let company = DemoCompany(seed: 1, customers: 60, orders: 1500, days: Self.days)
        let seen = Set(company.payments.map(\.scenario))
        #expect(DemoCompany.Scenario.allCases.filter { !seen.contains($0) } == [])
        #expect(!company.held.isEmpty)
        #expect(company.invoices.contains { $0.isCreditNote })
    }

    @Test("has customers of several countries and scripts, firms and persons")
    func isMixed() {
        let customers = Self.company(1).customers
        #expect(Set(customers.map(\.country)).count >= 12)
        #expect(customers.contains { $0.isConsumer } && customers.contains { $0.priceList == "KEY" })
        for scalar in ["Α", "社", "ا", "е", "ा"] as [Unicode.Scalar] {
            #expect(customers.contains { $0.name.unicodeScalars.contains(scalar) }, "\(scalar)")
        }
    }

    /// Check digits by the published rules, worked out here in another way than in the generator.
    @Test("gives accounts and references whose check digits hold", arguments: 1...5 as ClosedRange<UInt64>)
    func checkDigitsHold(seed: UInt64) {
        let company = Self.company(seed)
        func rest(_ text: String) -> Int {
            (text.dropFirst(4) + text.prefix(4)).reduce(0) { sum, character in
                let value = character.wholeNumberValue ?? Int(character.asciiValue ?? 0) - 55
                return (sum * (value > 9 ? 100 : 10) + value) % 97
            }
        }
        for account in company.customers.map(\.iban) + company.sellers.map(\.iban) where !account.isEmpty {
            #expect(rest(account) == 1, "\(account)")
        }
        #expect(company.invoices.allSatisfy { rest($0.reference) == 1 })
    }

    @Test("carries each account's balance from statement to statement")
    func balancesJoin() {
        let company = Self.company(7)
        let whole = company.bankXML(Self.days)
        let monthly = company.months().map { company.bankXML(of: $0) }.joined()
        // An account on which nothing happened has one statement a file, without entries.
        func balances(_ text: String) -> [Substring] {
            text.split(separator: "<Stmt>").filter { $0.contains("<Ntry>") }.flatMap { statement in
                statement.split(separator: "\n").filter { $0.hasPrefix("<Bal>") }
            }.sorted()
        }
        #expect(balances(whole) == balances(monthly))
        #expect(whole.components("<Ntry>") == company.payments.count)
    }

    @Test("says of a month without payments what lies on each account")
    func quietMonth() {
        let empty = DemoCompany(seed: 1, customers: 3, orders: 0, days: Self.days)
        let text = empty.bankXML(of: Day("2025-02-01")!)
        #expect(text.components("<Stmt>") == empty.sellers.count)
        #expect(text.components("25000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2025-02-28</Dt>") > 0)
        #expect(text.components("<Ntry>") == 0)
    }

    @Test("works with a single customer, without orders, and on one day")
    func smallest() {
        let empty = DemoCompany(seed: 1, customers: 1, orders: 0, days: Self.days)
        #expect(empty.invoices.isEmpty && empty.payments.isEmpty && empty.months().count == 12)
        let day = Day("2025-03-08")!
        let one = DemoCompany(seed: 1, customers: 1, orders: 3, days: day...day)
        #expect(one.orders.allSatisfy { $0.day == day })
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(_ text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
