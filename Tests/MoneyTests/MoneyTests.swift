import Money
import Testing

@Suite("Money")
struct MoneyTests {
    @Test(
        "allocation follows the weights, leftovers first come first served",
        arguments: [
            (minor: 100, weights: [1, 1, 1], shares: [34, 33, 33]),
            (minor: -5, weights: [7, 3], shares: [-4, -1]),
            (minor: 1, weights: [0, 1], shares: [0, 1]),
            (minor: 7, weights: [0, 0], shares: [7, 0]),
        ] as [(minor: Int64, weights: [Int64], shares: [Int64])])
    func allocation(minor: Int64, weights: [Int64], shares: [Int64]) {
        #expect(Money(minor: minor, .eur).allocated(over: weights).map(\.minor) == shares)
    }

    @Test(
        "reads and writes the currency's own decimals",
        arguments: [
            ("1234.50", "EUR", 123_450), ("-7", "EUR", -700), ("100", "JPY", 100), ("1.234", "KWD", 1234),
            ("0.010", "EUR", 1),
        ] as [(String, String, Int64)])
    func decimals(text: String, code: String, minor: Int64) throws {
        let currency = try #require(Currency(code))
        #expect(try Money(text, currency).minor == minor)
    }

    @Test(
        "refuses what the books cannot hold",
        arguments: [
            ("1.005", DecimalProblem.tooManyDecimals(2)), ("", .empty), ("1,50", .notANumber), ("--1", .notANumber),
            (".", .notANumber),
            ("10000000000000.01", .tooLarge), ("99999999999999999999", .tooLarge),
        ] as [(String, DecimalProblem)])
    func refused(text: String, problem: DecimalProblem) {
        #expect(throws: problem) { try Money(text, .eur) }
    }

    @Test(
        "rounds once, by name",
        arguments: [
            (5, Rounding.halfAwayFromZero, 1), (-5, .halfAwayFromZero, -1), (5, .halfToEven, 0), (15, .halfToEven, 2),
            (9, .towardZero, 0), (-1, .awayFromZero, -1), (4, .halfAwayFromZero, 0),
        ] as [(Int64, Rounding, Int64)])
    func rounding(tenths: Int64, rule: Rounding, whole: Int64) {
        #expect(ExactProduct((tenths, 1)).rounded(rule, places: 0) == whole)
    }

    @Test("the largest quantity at the largest price with a discount is still exact")
    func wide() throws {
        let product = ExactProduct(
            (Quantity.limit, Quantity.decimals), (9_000, UnitPrice.decimals), (99_999_999, Rate.decimals))
        #expect(product.rounded(.halfAwayFromZero, places: 2) == 90_000)
        let beyond = ExactProduct(
            (Quantity.limit, Quantity.decimals), (UnitPrice.limit, UnitPrice.decimals), (99_999_999, Rate.decimals))
        #expect(beyond.rounded(.halfAwayFromZero, places: 2) == nil)
    }
}

@Suite("Day")
struct DayTests {
    @Test("every day of four centuries survives a round trip")
    func roundTrip() throws {
        var day = try #require(Day("1900-01-01"))
        let end = try #require(Day("2300-01-01"))
        while day < end {
            #expect(Day(day.description) == day)
            day = day + 1
        }
    }
    @Test(
        "month arithmetic stops at the month's end",
        arguments: [
            ("2024-01-31", 1, "2024-02-29"), ("2025-01-31", 1, "2025-02-28"), ("2025-03-31", -1, "2025-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
        ])
    func months(from: String, add: Int, to: String) {
        #expect(Day(from)?.adding(months: add).description == to)
    }
    @Test(
        "says no to days that do not exist",
        arguments: ["2025-02-29", "2025-13-01", "2025-1-01", "1900-02-29", "", "2025-01-01x"])
    func none(text: String) { #expect(Day(text) == nil) }
    @Test("knows the weekday") func weekday() { #expect(Day("2026-11-24")?.weekday == 2) }
    @Test("instants order as text", arguments: ["2026-10-31T09:15:00.000000Z", "1969-12-31T23:59:59.999999Z"])
    func instants(text: String) { #expect(Instant(text)?.description == text) }
}
