import Correspondence
import Ledger
import Money
import Testing

@Suite("A reminder")
struct ReminderLetterTests {
    @Test(
        "reads well at each level",
        arguments: [
            (.first, .german, GoldenLetters.germanFirst), (.first, .english, GoldenLetters.englishFirst),
            (.second, .german, GoldenLetters.germanSecond), (.second, .english, GoldenLetters.englishSecond),
            (.final, .german, GoldenLetters.germanFinal), (.final, .english, GoldenLetters.englishFinal),
        ] as [(ReminderLevel, PaperLanguage, String)])
    func golden(level: ReminderLevel, language: PaperLanguage, expected: String) throws {
        let letter = try LetterSample.reminder(level).letter(in: language)
        #expect(letter.subject + "\n\n" + letter.text == expected)
    }

    @Test("speaks of one invoice where it is one")
    func singular() throws {
        var reminder = LetterSample.reminder(.first)
        reminder.items = [LetterSample.items[0]]
        reminder.totals = [LetterSample.money("5310.00")]
        let german = try reminder.letter(in: .german)
        #expect(german.subject == "Rechnung RE-2026-09761: kurze Erinnerung an 5.310,00 EUR")
        #expect(german.text.contains("Unsere folgende Rechnung ist fällig und nach unseren Büchern noch offen:"))
        let english = try reminder.letter(in: .english)
        #expect(english.subject == "Invoice RE-2026-09761: a short reminder of EUR 5,310.00")
        #expect(english.text.contains("this invoice is due and still open:"))
        reminder.level = .second
        #expect(
            try reminder.letter(in: .german).text.contains("zu dieser Rechnung geschrieben. Sie ist weiterhin offen:"))
        reminder.level = .final
        #expect(try reminder.letter(in: .english).text.contains("This invoice has still not been settled:"))
    }

    @Test("threatens with nothing that was not decided", arguments: ReminderLevel.allCases, PaperLanguage.allCases)
    func noThreat(level: ReminderLevel, language: PaperLanguage) throws {
        var reminder = LetterSample.reminder(level)
        reminder.nextStep = level == .final ? nil : .lawyer  // named at the final level only
        let text = try reminder.letter(in: language).text.lowercased()
        for word in [
            "inkasso", "anwalt", "gericht", "vorkasse", "mahnbescheid", "collection", "law firm", "lawyer", "court",
            "in advance", "schufa", "decided", "beschlossen",
        ] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(!text.contains("!"))
    }

    @Test(
        "names the one step that is decided",
        arguments: [
            (
                .collectionAgency, "geben wir die Forderung an ein Inkassounternehmen ab.",
                "hand the claim to a collection agency."
            ),
            (.lawyer, "übergeben wir die Sache einer Anwaltskanzlei.", "hand the matter to a law firm."),
            (
                .courtOrder, "beantragen wir einen gerichtlichen Mahnbescheid.",
                "apply to the court for an order for payment."
            ),
            (.stopSupply, "liefern wir bis zum Ausgleich nur noch gegen Vorkasse.", "until the account is settled."),
        ] as [(ReminderLetter.NextStep, String, String)])
    func step(step: ReminderLetter.NextStep, german: String, english: String) throws {
        var reminder = LetterSample.reminder(.final)
        reminder.nextStep = step
        #expect(try reminder.letter(in: .german).text.contains("Geschieht das nicht, \(german)"))
        #expect(try reminder.letter(in: .english).text.contains(english))
    }

    @Test("says at every level that payments may have crossed, and whom to ask", arguments: ReminderLevel.allCases)
    func crossed(level: ReminderLevel) throws {
        let reminder = LetterSample.reminder(level)
        let (german, english) = (try reminder.letter(in: .german).text, try reminder.letter(in: .english).text)
        #expect(german.contains("gekreuzt") || german.contains("schon unterwegs") || german.contains("bereits gezahlt"))
        #expect(
            english.contains("crossed") || english.contains("on its way")
                || english.contains("within the last few days"))
        for text in [german, english] {
            #expect(text.contains("+49 421 555 0173") && text.contains("petersen@nordlicht.example"))
        }
    }

    @Test("leaves out the sentences nothing is known for")
    func bare() throws {
        let reminder = ReminderLetter(
            parties: LetterParties(customerName: "K", sellerName: "S"), level: .final,
            day: LetterSample.day("2026-11-23"),
            deadline: LetterSample.day("2026-11-24"),
            items: [LetterItem(number: "1", due: LetterSample.day("2026-11-22"), open: LetterSample.money("1.00"))],
            totals: [LetterSample.money("1.00")])
        for language in PaperLanguage.allCases {
            let letter = try reminder.letter(in: language)
            #expect(letter.salutation == (language == .german ? "Guten Tag," : "Good day,"))
            #expect(letter.payment.isEmpty)
            #expect(letter.signature == ["S"])
            #expect(
                letter.table?.rows == [
                    [
                        "1", "", language == .german ? "22.11.2026" : "22\u{A0}Nov\u{A0}2026",
                        language == .german ? "1\u{A0}Tag" : "1\u{A0}day",
                        language == .german ? "1,00\u{A0}EUR" : "EUR\u{A0}1.00",
                    ]
                ])
            for word in [
                "nil", "Optional", "  ,", ", .", " .", "()", "Verzugszinsen", "interest", "zugesagt", "expected",
            ] {
                #expect(!letter.paragraphs.closing.map(\.line).joined().contains(word), "\(word)")
            }
        }
    }

    @Test("does not leave interest that it asks for")
    func interest() throws {
        var reminder = LetterSample.reminder(.second)
        #expect(
            try reminder.letter(in: .german).text.contains(
                "bis heute wären es 94,08 EUR. Mit diesem Schreiben verlangen wir sie nicht"))
        reminder.claims = [.init(.interest, LetterSample.money("94.08")), .init(.fee, LetterSample.money("2.50"))]
        reminder.totals = [LetterSample.money("12096.58")]
        let text = try reminder.letter(in: .english).text
        #expect(!text.contains("We do not ask for it"))
        #expect(text.contains("Late-payment interest") && text.contains("Reminder cost"))
    }

    @Test("tells a private person who gives advice")
    func advice() throws {
        var reminder = LetterSample.reminder(.final)
        reminder.debtAdvice = "Schuldnerberatung Bremen, 0421 555 0100"
        #expect(
            try reminder.letter(in: .german).text.contains(
                "Kostenlosen Rat gibt Schuldnerberatung Bremen, 0421 555 0100."))
        #expect(try reminder.letter(in: .english).text.contains("free advice is available from"))
    }

    @Test("keeps currencies apart, with their own decimals")
    func currencies() throws {
        var reminder = LetterSample.reminder(.first)
        reminder.items = [
            LetterSample.item("A", "2026-01-01", "2026-02-01", "1234567", "JPY"),
            LetterSample.item("B", "2026-01-01", "2026-02-01", "1234.567", "KWD"),
            LetterSample.item("C", "2026-01-01", "2026-02-01", "0.05", "CHF"),
        ]
        reminder.totals = reminder.items.map(\.open)
        #expect(
            try reminder.letter(in: .german).subject
                == "Kurze Erinnerung: 3 offene Rechnungen, zusammen 1.234.567 JPY, 1.234,567 KWD und 0,05 CHF")
        #expect(
            try reminder.letter(in: .english).text.contains(
                "pay JPY 1,234,567, KWD 1,234.567 and CHF 0.05 by 30 November 2026?"))
        #expect(try reminder.letter(in: .english).table?.totals.count == 3)
        // What stands in the customer's favour in one currency is shown, and not asked for.
        reminder.items.append(LetterItem(kind: .creditNote, number: "D", open: LetterSample.money("-9.00", "USD")))
        reminder.totals.append(LetterSample.money("-9.00", "USD"))
        let letter = try reminder.letter(in: .english)
        #expect(!letter.subject.contains("USD"))
        #expect(letter.text.contains("USD −9.00"))
    }

    @Test("is not written where it would ask for something wrong")
    func refused() {
        var late = LetterSample.reminder(.first)
        late.deadline = late.day
        #expect(throws: LetterRefusal.deadlinePassed(letter: late.day, deadline: late.day)) {
            try late.letter(in: .german)
        }
        var wrong = LetterSample.reminder(.second)
        wrong.totals = [LetterSample.money("12000.01")]
        let sums = LetterRefusal.doesNotAddUp(
            sum: LetterSample.money("12000.00"), stated: LetterSample.money("12000.01"))
        #expect(throws: sums) { try wrong.letter(in: .german) }
        var missing = LetterSample.reminder(.second)
        missing.totals = []
        #expect(throws: LetterRefusal.self) { try missing.letter(in: .german) }
        var credit = LetterSample.reminder(.first)
        credit.items = [LetterSample.items[2]]
        credit.totals = [LetterSample.items[2].open]
        #expect(throws: LetterRefusal.nothingToAskFor) { try credit.letter(in: .english) }
        var costOnly = LetterSample.reminder(.first)
        costOnly.items = []
        costOnly.claims = [.init(.fee, LetterSample.money("5.00"))]
        costOnly.totals = [LetterSample.money("5.00")]
        #expect(throws: LetterRefusal.nothingToAskFor) { try costOnly.letter(in: .english) }
        for refusal in [sums, .nothingToAskFor, .deadlinePassed(letter: late.day, deadline: late.day)] {
            #expect(refusal.code.hasPrefix("correspondence."))
            #expect(!refusal.what.isEmpty && !refusal.why.isEmpty && !refusal.next.isEmpty)
        }
    }
}
