import Ledger
import Money
import Testing
import Typesetting

@testable import Correspondence

@Suite("The statement on paper")
struct StatementPaperTests {
    typealias Fixture = PaperFixture

    private func statement(_ items: [StatementPaper.Item], in language: PaperLanguage = .german) -> StatementPaper {
        StatementPaper(
            language: language, number: "KA-2026-01188", asOf: Fixture.day("2026-11-23"), seller: Fixture.seller,
            recipient: Fixture.customer, reference: CreditorReference(documentNumber: "K10482")?.text, currency: .eur,
            items: items, created: Fixture.created)
    }

    private static let items: [StatementPaper.Item] = [
        .init(
            kind: .invoice, number: "RE-08817", day: Fixture.day("2026-08-12"), due: Fixture.day("2026-09-11"),
            original: Fixture.euro("5000"), open: Fixture.euro("3842.50")),
        .init(
            kind: .invoice, number: "RE-09902", day: Fixture.day("2026-10-05"), due: Fixture.day("2026-11-04"),
            original: Fixture.euro("7310.17"), open: Fixture.euro("7310.17"), disputed: Fixture.euro("1240")),
        .init(kind: .creditNote, number: "RK-00391", day: Fixture.day("2026-11-09"), open: Fixture.euro("-612.85")),
        .init(
            kind: .invoice, number: "RE-10418", day: Fixture.day("2026-11-11"), due: Fixture.day("2026-11-23"),
            open: Fixture.euro("3513.32")),
        .init(kind: .payment, number: "EZ-07755", day: Fixture.day("2026-11-19"), open: Fixture.euro("-500")),
    ]

    @Test("items, running balance, ages and what is due add up")
    func adds() throws {
        let paper = statement(Self.items)
        #expect(paper.balance == Fixture.euro("13553.14"))
        #expect(paper.credits == Fixture.euro("-1112.85"))
        #expect(paper.ages.map(\.amount.decimal) == ["3513.32", "7310.17", "0.00", "3842.50", "0.00"])
        #expect(paper.ages.reduce(paper.credits) { $0 + $1.amount } == paper.balance)
        // Late, less the part in question, less credits: 3842.50 + 7310.17 - 1240 - 1112.85.
        #expect(paper.amountDue == Fixture.euro("8799.82"))
        let text = try Fixture.words(paper.pdf())
        for fact in [
            "Kontoauszug zum 23. November 2026", "RE-08817", "11.09.2026 73 Tage 5.000,00 3.842,50 3.842,50",
            "04.11.2026 19 Tage 7.310,17 7.310,17 11.152,67", "1.240,00 in Klärung", "−612,85 10.539,82",
            "Ihre Zahlung, ohne Zuordnung", "Saldo zu unseren Gunsten 13.553,14",
            "Nicht fällig 1–30 Tage 31–60 Tage 61–90 Tage",
            "3.513,32 7.310,17 0,00 3.842,50 0,00 −1.112,85 13.553,14", "8.799,82 EUR",
        ] {
            #expect(text.contains(fact), "\(fact) in \(text)")
        }
    }

    @Test(
        "the due day itself is not late; an age ends on its bound",
        arguments: [
            (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4_000, 4),
        ])
    func bounds(late: Int, place: Int) {
        let item = StatementPaper.Item(
            kind: .invoice, number: "1", day: Fixture.day("2010-01-01"), due: Fixture.day("2026-11-23") - late,
            open: Fixture.euro("1"))
        #expect(statement([item]).ages.firstIndex { !$0.amount.isZero } == place)
    }

    @Test("a balance in the customer's favour and an empty one ask for nothing")
    func favour() throws {
        let yours = try Fixture.words(statement(Array(Self.items[2...2]), in: .english).pdf())
        #expect(yours.contains("Balance in your favour −612.85") && !yours.contains("Due today"))
        let empty = try Fixture.words(statement([]).pdf())
        #expect(empty.contains("Es ist nichts offen.") && !empty.contains("Heute fällig"))
    }

    @Test("hundreds of items carry their sum, and ages stand with the balance at the end")
    func long() throws {
        let items = (0..<200).map { index in
            StatementPaper.Item(
                kind: .invoice, number: "N\(index)N", day: Fixture.day("2026-01-01") + index,
                due: Fixture.day("2026-01-31") + index, open: Money(minor: Int64(index * 977 % 90_000), .eur))
        }
        let pages = try PDFTools.pages(of: statement(items, in: .english).pdf())
        #expect(pages.count > 3)
        var sum = Money.zero(.eur)
        var seen = 0
        for (index, page) in pages.enumerated().dropLast() {
            while seen < items.count, page.contains("N\(seen)N") {
                sum += items[seen].open
                seen += 1
            }
            let words = page.split { $0.isWhitespace }.joined(separator: " ")
            #expect(
                words.contains("Carried forward to page \(index + 2) \(PaperFigures(language: .english).amount(sum))"))
        }
        let last = try #require(pages.last)
        #expect(last.contains("Balance in our favour") && last.contains("By age") && last.contains("Due today"))
    }

    @Test("another currency among the items is refused")
    func mixed() {
        let foreign = StatementPaper.Item(
            kind: .invoice, number: "RE-1", day: Fixture.day("2026-01-01"), open: Money(minor: 1, .usd))
        #expect(throws: PaperRefusal.mixedCurrencies(paper: .eur, found: .usd, place: "RE-1")) {
            try statement([foreign]).pdf()
        }
    }
}

@Suite("The reminder on paper")
struct ReminderPaperTests {
    typealias Fixture = PaperFixture

    private func reminder(level: Int = 2, subject: String = "", extras: [ReminderPaper.Extra] = []) -> ReminderPaper {
        let items = [
            ReminderPaper.Item(
                number: "RE-09761", day: Fixture.day("2026-09-23"), due: Fixture.day("2026-10-23"),
                open: Fixture.euro("5310")),
            ReminderPaper.Item(
                number: "RE-09874", day: Fixture.day("2026-09-30"), due: Fixture.day("2026-10-30"),
                open: Fixture.euro("6742.80")),
        ]
        return ReminderPaper(
            language: .german, level: level, day: Fixture.day("2026-11-23"), seller: Fixture.seller,
            recipient: Fixture.customer, reference: CreditorReference(documentNumber: "K10482")?.text, subject: subject,
            opening: ["Guten Tag Frau Thoms,", "zwei Rechnungen sind noch offen:"], currency: .eur, items: items,
            extras: extras,
            total: (items.map(\.open) + extras.map(\.amount)).reduce(.zero(.eur), +),
            closing: [
                "Bitte tun Sie eines davon:", .init("mit dem Code unten.", strong: "Zahlen Sie", number: 1),
                .init(", was nicht stimmt.", strong: "Sagen Sie uns", number: 2),
            ], greeting: "Freundliche Grüße", signature: "Jana Peters", replyBy: Fixture.day("2026-11-30"),
            created: Fixture.created)
    }

    @Test("the fact, the sum, the ways out, the name, how to pay")
    func letter() throws {
        let text = try Fixture.words(reminder(subject: "12.052,80 EUR sind überfällig").pdf())
        for fact in [
            "12.052,80 EUR sind überfällig", "Guten Tag Frau Thoms,", "RE-09761 23.09.2026 23.10.2026 31 Tage 5.310,00",
            "RE-09874 30.09.2026 30.10.2026 24 Tage 6.742,80", "Bitte zahlen Sie 12.052,80",
            "1 Zahlen Sie mit dem Code unten.",
            "2 Sagen Sie uns, was nicht stimmt.", "Freundliche Grüße", "Jana Peters", "30.11.2026", "Seite 1 von 1",
        ] {
            #expect(text.contains(fact), "\(fact) in \(text)")
        }
        #expect(!text.contains("Verzugszinsen"), "what is not asked for is not mentioned")
    }

    @Test("interest and compensation stand above the sum they are part of")
    func extras() throws {
        let text = try Fixture.words(
            reminder(extras: [
                .init(kind: .interest, amount: Fixture.euro("94.08")), .init(kind: .fee, amount: Fixture.euro("40")),
            ]).pdf())
        #expect(text.contains("Verzugszinsen 94,08 Pauschale 40,00 Bitte zahlen Sie 12.186,88"))
    }

    @Test(
        "without a subject the level names the letter",
        arguments: [
            (1, "Zahlungserinnerung"), (2, "Mahnung"), (3, "Letzte Mahnung"), (9, "Letzte Mahnung"),
        ])
    func level(level: Int, title: String) throws {
        #expect(try PDFTools.run("pdfinfo", on: reminder(level: level).pdf()).contains("\(title)\n"))
    }

    @Test("a total that is not the sum of its parts is refused")
    func contradiction() {
        var wrong = reminder()
        wrong.total = Fixture.euro("12052.81")
        #expect(throws: PaperRefusal.self) { try wrong.pdf() }
    }

    @Test("a long letter runs over pages and keeps its payment part whole")
    func long() throws {
        var paper = reminder()
        paper.closing = (1...40).map { number in
            ReminderPaper.Paragraph("Absatz \(number): " + String(repeating: "Wir reden gern darüber. ", count: 8))
        }
        let pages = try PDFTools.pages(of: paper.pdf())
        #expect(pages.count > 2)
        #expect(pages.last?.contains("Verwendungszweck") == true)
        #expect(pages[1].contains("Mahnung vom 23.11.2026"))
    }
}
