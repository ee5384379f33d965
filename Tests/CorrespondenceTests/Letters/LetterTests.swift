import Correspondence
import Money
import Testing

@Suite("A letter")
struct LetterTests {
    private func invoice(_ change: (inout InvoiceLetter) -> Void = { _ in }) -> InvoiceLetter {
        var letter = InvoiceLetter(
            parties: LetterSample.parties, number: "RE-2026-10001", day: LetterSample.day("2026-11-02"),
            due: LetterSample.day("2026-12-02"), gross: LetterSample.money("1234.50"), orderNumber: "PO-17",
            payment: LetterSample.payment)
        change(&letter)
        return letter
    }

    @Test("with an invoice says what it is, how much, by when and how to pay")
    func invoiceMail() {
        let german = invoice().letter(in: .german)
        #expect(german.subject == "Rechnung RE-2026-10001 von Nordlicht Systeme GmbH über 1.234,50 EUR")
        #expect(
            german.text.hasPrefix(
                """
                Guten Tag Marijke Hoekstra,

                anbei erhalten Sie unsere Rechnung RE-2026-10001 vom 02.11.2026 zu Ihrer Bestellung PO-17 über 1.234,50 EUR.

                Bitte überweisen Sie den Betrag bis zum 02.12.2026.

                  Empfänger:         Nordlicht Systeme GmbH
                  IBAN:              DE02 1203 0000 0000 2020 51

                """))
        let english = invoice().letter(in: .english)
        #expect(english.subject == "Invoice RE-2026-10001 from Nordlicht Systeme GmbH for EUR 1,234.50")
        #expect(
            english.text.contains(
                "\n\nPlease pay the amount by 2 December 2026.\n\n  To:          Nordlicht Systeme GmbH\n"))
    }

    @Test("with an invoice asks for money only where money is to be sent")
    func invoiceWays() {
        func both(_ change: (inout InvoiceLetter) -> Void) -> String {
            let letter = invoice(change)
            return letter.letter(in: .german).text + letter.letter(in: .english).text
        }
        let debit = both { $0.directDebit = .init(day: LetterSample.day("2026-12-01"), mandate: "M-7") }
        #expect(
            debit.contains(
                "Wir ziehen den Betrag am 01.12.2026 von Ihrem Konto ein (Mandat M-7); Sie müssen nichts weiter tun."))
        #expect(debit.contains("We will collect the amount from your account on 1 December 2026 (mandate M-7)"))
        #expect(!debit.contains("IBAN"))
        let paid = both { $0.open = .zero(.eur) }
        #expect(
            paid.contains("Es ist nichts mehr zu zahlen.") && paid.contains("There is nothing left to pay.")
                && !paid.contains("IBAN"))
        let part = both { $0.open = LetterSample.money("234.50") }
        #expect(
            part.contains("Bitte überweisen Sie die noch offenen 234,50 EUR bis zum")
                && part.contains("pay the remaining EUR 234.50 by"))
        let now = both { $0.due = $0.day }
        #expect(now.contains("gleich nach Erhalt") && now.contains("on receipt") && now.contains("IBAN"))
        let apart = both {
            $0.isAttached = false; $0.orderNumber = " "
        }
        #expect(
            !apart.contains("anbei") && !apart.contains("attached") && !apart.contains("Bestellung")
                && !apart.contains("order"))
    }

    @Test("with a credit note says what happens with the money")
    func creditNote() {
        func both(_ use: CreditNoteLetter.Use, _ corrects: [String]) -> String {
            let letter = CreditNoteLetter(
                parties: LetterSample.parties, number: "GS-31", day: LetterSample.day("2026-11-02"),
                amount: LetterSample.money("-52.80"), corrects: corrects, use: use)
            return letter.letter(in: .german).text + letter.letter(in: .english).text
        }
        let offset = both(.offset, ["RE-1"])
        #expect(offset.contains("unsere Rechnungskorrektur GS-31 vom 02.11.2026 über 52,80 EUR zu Rechnung RE-1."))
        #expect(offset.contains("our credit note GS-31 of 2 November 2026 for EUR 52.80, correcting invoice RE-1."))
        #expect(!offset.contains("−"))
        #expect(both(.refund, ["RE-1", "RE-2"]).contains("zu den Rechnungen RE-1 und RE-2."))
        #expect(both(.settled, []).contains("bereits verrechnet"))
    }

    @Test("with a statement says how things stand, also where the customer is ahead")
    func statement() {
        func text(_ totals: [Money], overdue: [Money] = [], _ language: PaperLanguage) -> String {
            StatementLetter(
                parties: LetterSample.parties, asOf: LetterSample.day("2026-10-31"), totals: totals, overdue: overdue,
                payment: LetterSample.payment
            ).letter(in: language).text
        }
        #expect(text([], .german).contains("Es ist nichts offen."))
        #expect(text([.zero(.eur)], .english).contains("Nothing is open."))
        let ahead = text([LetterSample.money("-12.00")], .german)
        #expect(
            ahead.contains("Zu Ihren Gunsten stehen 12,00 EUR.") && !ahead.contains("IBAN") && !ahead.contains("Offen"))
        let owed = text(
            [LetterSample.money("12.00"), LetterSample.money("5", "JPY")], overdue: [LetterSample.money("2.00")],
            .english)
        #expect(owed.contains("The open total is EUR 12.00 and JPY 5. Past its due date is EUR 2.00 of it."))
        #expect(owed.contains("the statement for Brouwer Staalbouw B.V. as of 31 October 2026"))
        #expect(owed.contains("IBAN"))
    }

    @Test(
        "greets as the person wants it, and guesses nothing",
        arguments: [
            (nil, "Guten Tag,", "Good day,"),
            (LetterContact("Kim Muster"), "Guten Tag Kim Muster,", "Dear Kim Muster,"),
            (LetterContact("Kim Muster", form: .ms("Muster")), "Sehr geehrte Frau Muster,", "Dear Ms Muster,"),
            (
                LetterContact("K. Muster", form: .mr("Dr. Muster")), "Sehr geehrter Herr Dr. Muster,",
                "Dear Mr Dr. Muster,"
            ),
            (LetterContact("", form: .ms("Muster")), "Sehr geehrte Frau Muster,", "Dear Ms Muster,"),
            (LetterContact("Kim", form: .given("Moin Kim")), "Moin Kim,", "Moin Kim,"),
            (LetterContact("  "), "Guten Tag,", "Good day,"),
            (LetterContact("李 小龙"), "Guten Tag 李 小龙,", "Dear 李 小龙,"),
            (LetterContact("Kim\r\nMuster\t"), "Guten Tag Kim Muster,", "Dear Kim Muster,"),
            (LetterContact("محمد علي"), "Guten Tag \u{2068}محمد علي\u{2069},", "Dear \u{2068}محمد علي\u{2069},"),
            (LetterContact("abc\u{202E}def"), "Guten Tag abcdef,", "Dear abcdef,"),
        ] as [(LetterContact?, String, String)])
    func greeting(contact: LetterContact?, german: String, english: String) {
        let letter = invoice { $0.parties.contact = contact }
        #expect(letter.letter(in: .german).salutation == german)
        #expect(letter.letter(in: .english).salutation == english)
    }

    @Test("never lets a name become HTML")
    func escaping() throws {
        let nasty = "<script>alert('x')</script> \"Müller\" & Söhne"
        var reminder = LetterSample.reminder(.final)
        reminder.parties = LetterParties(
            customerName: nasty, contact: LetterContact(nasty), sellerName: nasty, writer: nasty, phone: nasty,
            email: nasty)
        reminder.payment = LetterPayment(holder: nasty, iban: nasty, reference: nasty, link: "javascript:alert(1)")
        reminder.items[0].number = nasty
        reminder.debtAdvice = nasty
        for language in PaperLanguage.allCases {
            let html = try reminder.letter(in: language).html
            #expect(!html.contains("<script") && !html.contains("javascript:") && !html.contains("& S"))
            #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &quot;Müller&quot; &amp; Söhne"))
        }
        reminder.payment?.link = "https://pay.example/\"onclick=\"x"
        #expect(try !reminder.letter(in: .german).html.contains("<a "))
    }

    @Test(
        "has HTML whose elements close in order, with the same words as the text", arguments: ReminderLevel.allCases,
        PaperLanguage.allCases)
    func html(level: ReminderLevel, language: PaperLanguage) throws {
        let letter = try LetterSample.reminder(level).letter(in: language)
        var open: [Substring] = []
        for piece in letter.html.split(separator: "<").dropFirst() {
            let name = piece.prefix { $0 != ">" && $0 != " " }
            switch name {
            case "!DOCTYPE", "meta", "br": break
            case _ where name.hasPrefix("/"): #expect(open.popLast() == name.dropFirst())
            default: open.append(name)
            }
        }
        #expect(open.isEmpty)
        #expect(letter.html.contains("<html lang=\"\(language.rawValue)\">"))
        for paragraph in letter.paragraphs.opening + letter.paragraphs.closing {
            #expect(letter.html.contains(paragraph.text))
        }
        for row in letter.table?.rows ?? [] { for cell in row { #expect(letter.html.contains(">\(cell)</td>")) } }
    }

    @Test("gives the paper its paragraphs, in order, numbered ways included")
    func paragraphs() throws {
        let paragraphs = try LetterSample.reminder(.second).letter(in: .english).paragraphs
        #expect(paragraphs.opening.first?.line == "Dear Marijke Hoekstra,")
        #expect(paragraphs.closing.compactMap(\.number) == [1, 2, 3])
        #expect(paragraphs.closing[1].line == "1. Pay EUR\u{A0}12,000.00, with the payment details given.")
        #expect(paragraphs.closing.last?.text.hasPrefix("Jana Petersen is glad to help") == true)
    }

    @Test("keeps its columns straight beside names of any script")
    func columns() throws {
        var reminder = LetterSample.reminder(.first)
        reminder.items[0].number = "請求書-1"
        reminder.items[1].number = "e\u{301}-2"
        let lines = try reminder.letter(in: .german).text.split(separator: "\n").filter { $0.hasSuffix(" EUR") }
        let ends = lines.prefix(4).map { line in
            line.reduce(0) { $0 + ($1.unicodeScalars.first!.value > 0x2E80 ? 2 : 1) }
        }
        #expect(lines.count >= 4 && Set(ends).count == 1)
    }

    @Test("writes an ordinary space where a reader would search for one")
    func spaces() throws {
        for language in PaperLanguage.allCases {
            let letter = try LetterSample.reminder(.final).letter(in: language)
            #expect(!letter.text.contains("\u{A0}") && !letter.subject.contains("\u{A0}"))
            #expect(letter.html.contains("\u{A0}EUR") || letter.html.contains("EUR\u{A0}"))
        }
    }
}
