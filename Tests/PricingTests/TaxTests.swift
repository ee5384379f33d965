import Customers
import Ledger
import Money
import Pricing
import Testing

@Suite("Taxes")
struct TaxTests {
    static func table() throws -> TaxTable {
        var table = TaxTable()
        let rows = [
            "DE - S S 19 2021-01-01", "DE - S S 16 2020-07-01", "DE - S S 19 2007-01-01", "DE - R S 7 2007-01-01",
            "FR - S S 20 2014-01-01", "FR - R S 5.5 2014-01-01", "AT - S S 20 2016-01-01", "CH - S S 8.1 2024-01-01",
            "US NY S S 8.875 2020-01-01", "US OR S O 0 2020-01-01", "US - S S 0 2010-01-01", "GB - S S 20 2011-01-04",
        ]
        for (place, row) in rows.enumerated() {
            let words = row.split(separator: " ").map(String.init)
            table.add(
                TaxRateRow(
                    row: RecordID(number: Int64(place + 1)), vatCategory: VATCategory(rawValue: words[3])!,
                    rate: try Rate(percent: words[4]), validFrom: Day(words[5])!), country: words[0],
                state: words[1] == "-" ? "" : words[1], category: words[2])
        }
        return table
    }

    static func customer(_ country: String, state: String = "", consumer: Bool = false) -> CustomerFacts {
        CustomerFacts(
            id: RecordID(number: 1), number: "C-1", details: RecordID(number: 2), country: country, state: state,
            currency: .eur, language: "en", isConsumer: consumer, hasVATID: !consumer, termsDays: 30, priceList: "STD",
            creditLimit: nil, channel: .email)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var seller = "DE"
        let country: String
        var state = ""
        var consumer = false
        var category = "S"
        var service = false
        var day = "2026-03-01"
        /// Category, rate in percent, rule.
        let wanted: String
    }

    static let cases = [
        Case(testDescription: "at home: the full rate", country: "DE", wanted: "S 19 vat.domestic/1"),
        Case(
            testDescription: "at home, a consumer: the same", country: "DE", consumer: true,
            wanted: "S 19 vat.domestic/1"),
        Case(
            testDescription: "at home, a service: the same", country: "DE", service: true, wanted: "S 19 vat.domestic/1"
        ),
        Case(testDescription: "at home: the reduced rate", country: "DE", category: "R", wanted: "S 7 vat.domestic/1"),
        Case(
            testDescription: "the last day before a rate falls", country: "DE", day: "2020-06-30",
            wanted: "S 19 vat.domestic/1"),
        Case(
            testDescription: "the first day of a lower rate", country: "DE", day: "2020-07-01",
            wanted: "S 16 vat.domestic/1"),
        Case(
            testDescription: "the last day of a lower rate", country: "DE", day: "2020-12-31",
            wanted: "S 16 vat.domestic/1"),
        Case(
            testDescription: "the day the rate is back", country: "DE", day: "2021-01-01", wanted: "S 19 vat.domestic/1"
        ),
        Case(
            testDescription: "a service to a business in the Union", country: "FR", service: true,
            wanted: "AE 0 vat.reverse-charge/1"),
        Case(testDescription: "goods to a business in the Union", country: "FR", wanted: "K 0 vat.intra-community/1"),
        Case(
            testDescription: "a consumer in the Union: the rate of the state", country: "FR", consumer: true,
            wanted: "S 20 vat.destination/1"),
        Case(
            testDescription: "a consumer in the Union: its reduced rate", country: "FR", consumer: true, category: "R",
            wanted: "S 5.5 vat.destination/1"),
        Case(
            testDescription: "a service to a consumer in the Union", country: "AT", consumer: true, service: true,
            wanted: "S 20 vat.destination/1"),
        Case(testDescription: "goods out of the Union", country: "CH", wanted: "G 0 vat.export/1"),
        Case(
            testDescription: "goods to a consumer out of the Union", country: "CH", consumer: true,
            wanted: "G 0 vat.export/1"),
        Case(
            testDescription: "a service out of the Union", country: "CH", service: true,
            wanted: "O 0 vat.outside-scope/1"),
        Case(
            testDescription: "goods to Britain in the transition", country: "GB", day: "2020-12-31",
            wanted: "K 0 vat.intra-community/1"),
        Case(
            testDescription: "goods to Britain after it", country: "GB", day: "2021-01-01", wanted: "G 0 vat.export/1"),
        Case(
            testDescription: "a state's own rate", seller: "US", country: "US", state: "NY",
            wanted: "S 8.875 vat.domestic/1"),
        Case(
            testDescription: "a state that takes none", seller: "US", country: "US", state: "OR",
            wanted: "O 0 vat.domestic/1"),
        Case(
            testDescription: "a state without a row: the country's", seller: "US", country: "US", state: "CA",
            wanted: "S 0 vat.domestic/1"),
        Case(
            testDescription: "a British seller sells in the Union: export", seller: "GB", country: "FR",
            wanted: "G 0 vat.export/1"),
    ]

    @Test("who pays which tax", arguments: cases)
    func decides(one: Case) throws {
        let decision = try Self.table().decide(
            seller: one.seller, customer: Self.customer(one.country, state: one.state, consumer: one.consumer),
            category: one.category, isService: one.service, on: Day(one.day)!)
        let found = decision.map { "\($0.category.rawValue) \($0.rate.percent) \($0.rule)" }
        #expect(found == one.wanted)
        // Every rule that decides has its words in the books.
        #expect(RuleID.all.contains { $0.id == decision?.rule })
    }

    @Test("where the table has no rate, nothing is decided")
    func unknown() throws {
        let table = try Self.table()
        let day = Day("2026-03-01")!
        #expect(
            table.decide(seller: "DE", customer: Self.customer("DE"), category: "X", isService: false, on: day) == nil)
        #expect(
            table.decide(
                seller: "DE", customer: Self.customer("ES", consumer: true), category: "S", isService: false, on: day)
                == nil)
        #expect(
            table.decide(
                seller: "DE", customer: Self.customer("DE"), category: "S", isService: false, on: Day("2006-12-31")!)
                == nil)
    }

    /// A line of a net, taxed as said: `NET CATEGORY RATE`.
    static func line(_ text: String, _ currency: Currency) throws -> PricedLine {
        let words = text.split(separator: " ")
        let decision = try #require(
            VATDecision(category: words[1], rate: Rate(percent: words[2])))
        return PricedLine(
            sku: "A", description: "", quantity: try Quantity("1"), unit: "C62", unitPrice: UnitPrice(scaled: 0),
            discount: .zero, net: try Money(words[0], currency), vat: decision, trace: "")
    }

    @Test(
        "per rate and category the sum of the nets × the rate, rounded once, half away from zero",
        arguments: [
            // Three times 0.33 at 19 % is 0.06 each, but 0.19 together.
            ("EUR", ["0.33 S 19", "0.33 S 19", "0.33 S 19"], ["S 19 0.99 0.19"]),
            ("EUR", ["10.50 S 19", "5.00 S 7", "2.00 S 19"], ["S 19 12.50 2.38", "S 7 5.00 0.35"]),
            // 2.50 × 19 % = 0.475: up; taken back, down.
            ("EUR", ["2.50 S 19"], ["S 19 2.50 0.48"]),
            ("EUR", ["-2.50 S 19"], ["S 19 -2.50 -0.48"]),
            ("EUR", ["100 S 19", "-100 S 19"], ["S 19 0.00 0.00"]),
            ("EUR", ["100 AE 0", "50 K 0"], ["AE 0 100.00 0.00", "K 0 50.00 0.00"]),
            ("EUR", ["100 S 0", "50 O 0", "30 S 0"], ["O 0 50.00 0.00", "S 0 130.00 0.00"]),
            ("USD", ["19.99 S 8.875", "5.01 S 8.875"], ["S 8.875 25.00 2.22"]),
            ("JPY", ["1005 S 10"], ["S 10 1005 101"]),
            ("KWD", ["10.010 S 5"], ["S 5 10.010 0.501"]),
            ("EUR", [], []),
        ] as [(String, [String], [String])])
    func sums(currency: String, lines: [String], wanted: [String]) throws {
        let unit = Currency(currency)!
        let taxes = TaxLine.taxes(of: try lines.map { try Self.line($0, unit) }, in: unit)
        #expect(
            taxes.map { "\($0.category.rawValue) \($0.rate.percent) \($0.base.decimal) \($0.tax.decimal)" } == wanted)
    }

    @Test(
        "bases are the nets, the order of lines does not matter, and traces recompute",
        arguments: 1...100 as ClosedRange<UInt64>)
    func properties(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let currency = [Currency.eur, Currency("JPY")!, Currency("KWD")!].randomElement(using: &dice)!
        let kinds = ["S 19", "S 7", "S 5.5", "S 8.875", "AE 0", "K 0", "O 0", "S 0"]
        let lines = try (0..<Int.random(in: 1...30, using: &dice)).map { _ in
            let net = Money(minor: Int64.random(in: -100_000...1_000_000, using: &dice), currency)
            return try Self.line("\(net.decimal) \(kinds.randomElement(using: &dice)!)", currency)
        }
        let taxes = TaxLine.taxes(of: lines, in: currency)
        #expect(taxes.map(\.base.minor).reduce(0, +) == lines.map(\.net.minor).reduce(0, +))
        #expect(taxes == TaxLine.taxes(of: lines.shuffled(using: &dice), in: currency))
        #expect(Set(taxes.map { "\($0.category) \($0.rate)" }).count == taxes.count)
        for tax in taxes {
            let exact = Paper.product([(tax.base.minor, currency.decimals), (tax.rate.scaled, Rate.decimals)])
            #expect(tax.tax.minor == Paper.rounded(exact, places: currency.decimals))
            let written = try #require(tax.trace.firstMatch(of: #/"exact":"([-0-9.]+)"/#)).output.1
            #expect(tax.tax.minor == Paper.rounded(String(written), places: currency.decimals), "\(tax.trace)")
            #expect(tax.trace.contains(#""rule":"tax.sum/1""#))
        }
    }
}

extension VATDecision {
    /// A decision of the table with this category and rate, as a table row makes it.
    init?(category: Substring, rate: Rate) {
        var table = TaxTable()
        guard let category = VATCategory(rawValue: String(category)) else { return nil }
        table.add(
            TaxRateRow(row: RecordID(number: 1), vatCategory: category, rate: rate, validFrom: Day("2000-01-01")!),
            country: "DE", state: "", category: "S")
        guard
            let decision = table.decide(
                seller: "DE", customer: TaxTests.customer("DE"), category: "S", isService: false, on: Day("2026-01-01")!
            )
        else { return nil }
        self = decision
    }
}
