import Correspondence
import Money

/// Short ways to the values that many tests need.
enum LetterSample {
    static let parties = LetterParties(
        customerName: "Brouwer Staalbouw B.V.", contact: LetterContact("Marijke Hoekstra"),
        sellerName: "Nordlicht Systeme GmbH", writer: "Jana Petersen", phone: "+49 421 555 0173",
        email: "petersen@nordlicht.example")
    static let payment = LetterPayment(
        iban: "DE02120300000000202051", bic: "BYLADEM1001", reference: "RF63 K102 33",
        link: "https://pay.nordlicht.example/k10233")

    static func day(_ text: String) -> Day { Day(text)! }
    static func money(_ text: String, _ code: String = "EUR") -> Money { try! Money(text, Currency(code)!) }
    static func item(_ number: String, _ day: String, _ due: String, _ open: String, _ code: String = "EUR")
        -> LetterItem
    {
        LetterItem(number: number, day: self.day(day), due: self.day(due), open: money(open, code))
    }

    static let items = [
        item("RE-2026-09761", "2026-09-23", "2026-10-23", "5310.00"),
        item("RE-2026-09874", "2026-09-30", "2026-10-30", "6742.80"),
        LetterItem(kind: .creditNote, number: "GS-2026-00031", day: day("2026-10-05"), open: money("-52.80")),
    ]

    static func reminder(_ level: ReminderLevel) -> ReminderLetter {
        var letter = ReminderLetter(
            parties: parties, level: level, day: day("2026-11-23"), deadline: day("2026-11-30"), items: items,
            totals: [money("12000.00")], payment: payment)
        if level >= .second {
            letter.lastWritten = day("2026-11-02")
            letter.interestToday = money("94.08")
        }
        if level == .final {
            letter.deadline = day("2026-12-07")
            letter.claims = [.init(.interest, money("94.08")), .init(.compensation, money("80.00"))]
            letter.totals = [money("12174.08")]
            letter.nextStep = .courtOrder
            letter.promise = .init(day: day("2026-11-13"), amount: money("6000.00"))
        }
        return letter
    }
}
