import Customers
import Ledger
import Money
import Pricing
import Testing

/// Products and roundings by digits, as on paper: a second way to the same figure.
enum Paper {
    /// The digits of a product of decimals, as many of them after the point, and whether it is negative.
    static func product(_ factors: [(value: Int64, decimals: Int)]) -> (negative: Bool, digits: [Int], decimals: Int) {
        var digits = [1]
        for factor in factors {
            var result = [Int](repeating: 0, count: digits.count + 20)
            for (place, one) in factor.value.magnitude.description.reversed().enumerated() {
                for (other, digit) in digits.reversed().enumerated() {
                    result[place + other] += one.wholeNumberValue! * digit
                }
            }
            for place in 0..<(result.count - 1) {
                result[place + 1] += result[place] / 10
                result[place] %= 10
            }
            digits = result.reversed().drop { $0 == 0 }.map { $0 }
        }
        let negative = factors.filter { $0.value < 0 }.count % 2 == 1
        return (negative, digits, factors.map(\.decimals).reduce(0, +))
    }

    /// Half away from zero.
    static func rounded(_ exact: (negative: Bool, digits: [Int], decimals: Int), places: Int) -> Int64 {
        let dropped = exact.decimals - places
        let padded = Array(repeating: 0, count: max(0, dropped + 1 - exact.digits.count)) + exact.digits
        var kept: Int64 = 0
        for digit in padded.dropLast(dropped) { kept = kept * 10 + Int64(digit) }
        if dropped > 0, padded[padded.count - dropped] >= 5 { kept += 1 }
        return exact.negative ? -kept : kept
    }

    /// A decimal as it is written.
    static func read(_ text: String) -> (negative: Bool, digits: [Int], decimals: Int) {
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let decimals = parts.count > 1 ? parts[1].count : 0
        return (text.hasPrefix("-"), parts.joined().compactMap(\.wholeNumberValue), decimals)
    }

    /// Half away from zero, of a written decimal; with as many zeros as it needs.
    static func rounded(_ text: String, places: Int) -> Int64 {
        var exact = read(text)
        while exact.decimals < places { exact = (exact.negative, exact.digits + [0], exact.decimals + 1) }
        return rounded(exact, places: places)
    }
}

@Suite("The net of a line")
struct LineAmountTests {
    @Test(
        "quantity × unit price × (1 − discount), rounded once, half away from zero",
        arguments: [
            // quantity, unit price, discount in percent, currency, net, exact
            ("10", "19.95", "0", "EUR", "199.50", "199.5"),
            ("3", "0.335", "0", "EUR", "1.01", "1.005"),
            ("-3", "0.335", "0", "EUR", "-1.01", "-1.005"),
            ("1", "0.005", "0", "EUR", "0.01", "0.005"),
            ("1", "0.0049999999", "0", "EUR", "0.00", "0.0049999999"),
            ("-1", "0.005", "0", "EUR", "-0.01", "-0.005"),
            ("2.5", "85", "10", "EUR", "191.25", "191.25"),
            ("1", "0.10", "5", "EUR", "0.10", "0.095"),
            // Once, at the end: 33.335 less 10 % is 30.0015; a net price rounded before would give 30.01.
            ("1", "33.335", "10", "EUR", "30.00", "30.0015"),
            ("7", "14.2857", "33.33", "EUR", "66.67", "66.66993333"),
            ("1", "245.5", "0", "JPY", "246", "245.5"),
            ("3", "245.5", "15", "JPY", "626", "626.025"),
            ("1", "0.4375", "0", "KWD", "0.438", "0.4375"),
            ("1000000000", "0.0000000001", "0", "EUR", "0.10", "0.1"),
            ("0.000001", "0.0000000001", "0", "EUR", "0.00", "0.0000000000000001"),
            ("0", "5", "0", "EUR", "0.00", "0"),
            ("4", "19.99", "100", "EUR", "0.00", "0"),
        ])
    func table(quantity: String, price: String, discount: String, currency: String, net: String, exact: String) throws {
        let line = PricedLine.net(
            try Quantity(quantity), at: try UnitPrice(price), less: try Rate(percent: discount),
            in: Currency(currency)!)
        #expect(line.net.decimal == net)
        #expect(line.exact == exact)
    }

    @Test(
        "agrees with the sum on paper, and the trace recomputes to the same figure",
        arguments: 1...200 as ClosedRange<UInt64>)
    func paper(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<20 {
            let size = Int64.random(in: 1...12, using: &dice)
            let most = (0..<size).reduce(Int64(1)) { power, _ in power * 10 }
            let quantity = Quantity(micro: Int64.random(in: -most...most, using: &dice))
            let price = UnitPrice(scaled: Int64.random(in: 0...100_000_000_000_000, using: &dice))
            let discount = Rate(
                scaled: [
                    0, 0, Int64.random(in: 0...100, using: &dice) * 1_000_000,
                    .random(in: 0...100_000_000, using: &dice),
                ]
                .randomElement(using: &dice)!)
            let currency = [Currency.eur, .usd, Currency("JPY")!, Currency("KWD")!].randomElement(using: &dice)!
            let line = PricedLine.net(quantity, at: price, less: discount, in: currency)
            let exact = Paper.product([(quantity.micro, 6), (price.scaled, 10), (discount.complement.scaled, 8)])
            let said = "\(quantity.decimal) × \(price.decimal) less \(discount.percent) % \(currency.code)"
            #expect(line.net.minor == Paper.rounded(exact, places: currency.decimals), "\(said)")
            #expect(line.net.minor == Paper.rounded(line.exact, places: currency.decimals), "\(said) = \(line.exact)")
            // What comes back is what was sold, to the cent.
            #expect(PricedLine.net(-quantity, at: price, less: discount, in: currency).net == -line.net, "\(said)")
        }
    }

    @Test("no discount is a discount of nothing", arguments: 1...50 as ClosedRange<UInt64>)
    func noDiscount(seed: UInt64) {
        // Without a discount the product is made another way; a discount of nothing must not show.
        var dice = Dice(seed: seed)
        let quantity = Quantity(micro: Int64.random(in: 1...1_000_000_000_000, using: &dice))
        let price = UnitPrice(scaled: Int64.random(in: 1...10_000_000_000_000, using: &dice))
        let plain = PricedLine.net(quantity, at: price, less: .zero, in: .eur)
        let exact = ExactProduct((quantity.micro, 6), (price.scaled, 10), (Rate.zero.complement.scaled, 8))
        #expect(plain.net == exact.rounded(.halfAwayFromZero, to: .eur))
        #expect(plain.exact == exact.decimal)
    }

    @Test("a larger discount never costs more", arguments: 1...50 as ClosedRange<UInt64>)
    func monotone(seed: UInt64) {
        var dice = Dice(seed: seed)
        let quantity = Quantity(micro: Int64.random(in: 1...1_000_000_000, using: &dice))
        let price = UnitPrice(scaled: Int64.random(in: 1...1_000_000_000_000, using: &dice))
        let nets = (0...100).map {
            PricedLine.net(quantity, at: price, less: Rate(scaled: $0 * 1_000_000), in: .eur).net.minor
        }
        #expect(nets == nets.sorted(by: >))
        #expect(nets.last == 0)
    }
}
