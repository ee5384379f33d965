import Money
import Testing

@testable import Workspace

@Suite("words and figures") struct WordsTests {
    static let english = Voice(language: .english)
    static let german = Voice(language: .german)

    @Test(
        "figures group by three, keep their decimals, and carry a real minus",
        arguments: [
            ("1234.50", "1,234.50", "1.234,50"), ("-1234567.00", "−1,234,567.00", "−1.234.567,00"),
            ("0.00", "0.00", "0,00"),
            ("-0.05", "−0.05", "−0,05"), ("999", "999", "999"), ("1000", "1,000", "1.000"), ("12.5", "12.5", "12,5"),
            ("-0.00", "0.00", "0,00"), ("100000.000", "100,000.000", "100.000,000"),
        ])
    func figures(text: String, english: String, german: String) throws {
        let figure = try #require(Figure(text))
        #expect(Self.english.figure(figure) == english)
        #expect(Self.german.figure(figure) == german)
    }

    @Test(
        "what is no decimal is no figure",
        arguments: ["", "-", ".", "1.", ".5", "1,5", "1e3", "+1", "--1", "1.2.3", "٣", " 1"])
    func noFigure(text: String) {
        #expect(Figure(text) == nil)
    }

    @Test("figures come from exact values")
    func exact() throws {
        #expect(Figure(try Money("-0.07", .eur)).text == "-0.07")
        #expect(Figure(try Money("100", .jpy)).text == "100")
        #expect(Figure(try UnitPrice("66.4375")).text == "66.4375")
        #expect(Figure(percent: try Rate(percent: "5.5")).text == "5.5")
        #expect(Figure(percent: try Rate(percent: "19")).text == "19")
        #expect(Figure(try Quantity("0.25")).text == "0.25")
        #expect(Figure(387, decimals: 1).text == "38.7")
        #expect(Figure(try Money("5.00", .eur)).negated.text == "-5.00")
        #expect(Figure(try Money("-5.00", .eur)).negated.text == "5.00")
        #expect(Figure(try UnitPrice("8.6")).padded(toMatch: Figure(try Money("1.00", .eur))).text == "8.60")
        #expect(Figure(try UnitPrice("8")).padded(toMatch: Figure(try Money("1", .jpy))).text == "8")
    }

    @Test(
        "lateness counts from the day after the due day, and worries from the sixtieth",
        arguments: [
            (-30, "in 30 days", Lateness.Worry.none), (-1, "in 1 day", .none), (0, "due today", .none),
            (1, "1 day late", .warn),
            (59, "59 days late", .warn), (60, "60 days late", .bad),
        ])
    func lateness(days: Int, words: String, worry: Lateness.Worry) {
        let lateness = Lateness(due: Fixture.today - days, today: Fixture.today, Self.english)
        #expect(lateness.words == words)
        #expect(lateness.worry == worry)
    }

    @Test("buckets are named by their bounds, over a year too")
    func buckets() {
        func words(_ from: Int?, _ to: Int?) -> String {
            BucketView.words(
                BucketView(label: "as given", fromDays: from, toDays: to, amount: .zero(.eur), items: 0), Self.english)
        }
        #expect(words(nil, 0) == "Not due")
        #expect(words(1, 30) == "1–30 days")
        #expect(words(91, nil) == "Over 90 days")
        #expect(words(0, 5) == "as given")
    }

    @Test("days carry their year where it is not this one")
    func days() {
        let today = Day("2026-01-02")!
        #expect(Self.english.day(Day("2026-03-05")!, today: today) == "5\u{00A0}Mar")
        #expect(Self.english.day(Day("2025-12-31")!, today: today) == "31\u{00A0}Dec\u{00A0}2025")
        #expect(Self.german.day(Day("2026-03-05")!, today: today) == "05.03.2026")
        #expect(Self.german.fullDay(Day("2026-03-01")!, year: true) == "Sonntag, 1. März 2026")
        #expect(Self.english.fullDate(Day("2026-03-01")!) == "1\u{00A0}Mar\u{00A0}2026")
    }

    @Test("an unknown kind is shown in its own words")
    func unknown() {
        #expect(Term.of("customs-paper", in: Term.work).words(Self.german) == "Customs paper")
        #expect(Term.of("bill-check", in: Term.work).words(Self.german) == "Prüfung")
    }

    @Test("the kinds of the worklist and the reasons of VAT read in the reader's language")
    func kinds() {
        #expect(Term.of("unplaced-money", in: Term.work).words(Self.german) == "Ungeklärtes Geld")
        #expect(Term.of("held-draft", in: Term.workMany).words(Self.german) == "Angehaltene Entwürfe")
        #expect(Term.of("AE", in: Term.taxCategories).words(Self.english) == "reverse charge")
    }
}
