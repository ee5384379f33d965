import Ledger
import Money
import Pricing
import Testing

@Suite("Price lists")
struct PriceBookTests {
    /// `LIST SKU CURRENCY MINIMUM PRICE FIRST-DAY`; rows are numbered from 1.
    static func book(_ rows: [String]) throws -> PriceBook {
        var book = PriceBook()
        for (place, row) in rows.enumerated() {
            let words = row.split(separator: " ").map(String.init)
            book.add(
                PriceStep(
                    row: RecordID(number: Int64(place + 1)), list: words[0], minQuantity: try Quantity(words[3]),
                    unitPrice: try UnitPrice(words[4]), validFrom: Day(words[5])!), sku: words[1],
                currency: Currency(words[2])!)
        }
        book.sort()
        return book
    }

    static let rows = [
        "STD BOLT EUR 1 1.50 2026-01-01", "STD BOLT EUR 100 0.999 2026-01-01", "STD BOLT EUR 10 1.25 2026-01-01",
        "STD BOLT EUR 1 1.60 2026-07-01", "TRADE BOLT EUR 5 1.10 2026-01-01", "STD BOLT USD 1 1.75 2026-01-01",
        "STD ROPE EUR 0.5 7.20 2026-01-01", "TRADE NUT EUR 1 0.10 2026-06-01",
    ]

    @Test(
        "the step is the one with the largest minimum not above the quantity",
        arguments: [
            // quantity, day, list, price, list it came from
            ("1", "2026-01-01", "STD", "1.5", "STD"),
            ("9.999999", "2026-01-01", "STD", "1.5", "STD"),
            ("10", "2026-01-01", "STD", "1.25", "STD"),
            ("10.000001", "2026-01-01", "STD", "1.25", "STD"),
            ("99.999999", "2026-01-01", "STD", "1.25", "STD"),
            ("100", "2026-01-01", "STD", "0.999", "STD"),
            ("1000000000", "2026-06-30", "STD", "0.999", "STD"),
            // Below the first step: the first step's price.
            ("0.25", "2026-01-01", "STD", "1.5", "STD"),
            ("1", "2026-01-01", "TRADE", "1.1", "TRADE"),
            // What comes back is priced as what was sold.
            ("-10", "2026-01-01", "STD", "1.25", "STD"),
            ("-1", "2026-01-01", "TRADE", "1.1", "TRADE"),
            // From July one price for all quantities: newer steps replace the older ones whole.
            ("100", "2026-07-01", "STD", "1.6", "STD"),
            ("100", "2027-12-31", "STD", "1.6", "STD"),
            // A list that does not have it falls back to the standard list.
            ("3", "2026-01-01", "NOBODY", "1.5", "STD"),
        ])
    func step(quantity: String, day: String, list: String, price: String, from: String) throws {
        let step = try Self.book(Self.rows)
            .step(list: list, sku: "BOLT", currency: .eur, quantity: Quantity(quantity), on: Day(day)!)
        #expect(step?.unitPrice.decimal == price)
        #expect(step?.list == from)
    }

    @Test("no price is no price: another day, another currency, another product")
    func none() throws {
        let book = try Self.book(Self.rows)
        let one = try Quantity("1")
        #expect(book.step(list: "STD", sku: "BOLT", currency: .eur, quantity: one, on: Day("2025-12-31")!) == nil)
        #expect(
            book.step(list: "STD", sku: "BOLT", currency: Currency("JPY")!, quantity: one, on: Day("2026-01-01")!)
                == nil)
        #expect(book.step(list: "TRADE", sku: "HOUR", currency: .eur, quantity: one, on: Day("2026-01-01")!) == nil)
        // Before the trade price holds there is none on the standard list either.
        #expect(book.step(list: "TRADE", sku: "NUT", currency: .eur, quantity: one, on: Day("2026-05-31")!) == nil)
        #expect(book.step(list: "TRADE", sku: "NUT", currency: .eur, quantity: one, on: Day("2026-06-01")!) != nil)
        #expect(book.step(list: "STD", sku: "NUT", currency: .eur, quantity: one, on: Day("2026-06-01")!) == nil)
    }

    @Test("the order in which prices came in does not matter", arguments: 1...50 as ClosedRange<UInt64>)
    func anyOrder(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let (first, second) = (try Self.book(Self.rows), try Self.book(Self.rows.shuffled(using: &dice)))
        for _ in 0..<40 {
            let quantity = Quantity(micro: Int64.random(in: -200_000_000...200_000_000, using: &dice))
            let day = Day("2025-12-01")! + Int.random(in: 0...400, using: &dice)
            let list = ["STD", "TRADE", "NOBODY"].randomElement(using: &dice)!
            let sku = ["BOLT", "ROPE", "NUT"].randomElement(using: &dice)!
            let found = [first, second].map {
                $0.step(list: list, sku: sku, currency: .eur, quantity: quantity, on: day)?.unitPrice
            }
            #expect(found[0] == found[1], "\(quantity.decimal) \(sku) of \(list) on \(day)")
        }
    }
}

/// SplitMix64: the same seed falls the same way everywhere.
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
