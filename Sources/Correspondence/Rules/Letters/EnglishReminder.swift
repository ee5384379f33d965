import Money

/// Reminders in English.
struct EnglishReminder {
    let letter: ReminderLetter

    private let figures = PaperLanguage.english.figures
    private var sum: String { figures.sums(letter.asked) }
    private var deadline: String { figures.letterDay(letter.deadline) }
    private var isOne: Bool { letter.invoices.count == 1 }

    init(letter: ReminderLetter) { self.letter = letter }

    var words: ReminderWords {
        switch letter.level {
        case .first: first
        case .second: second
        case .final: final
        }
    }

    private var first: ReminderWords {
        let subject =
            if isOne, let only = letter.invoices.first {
                "Invoice \(LetterText.inline(only.number)): a short reminder of \(sum)"
            } else {
                "A short reminder: \(letter.invoices.count) open invoices, together \(sum)"
            }
        return ReminderWords(
            subject: subject,
            opening: [
                isOne
                    ? "Things slip easily on a busy day. By our records this invoice is due and still open:"
                    : "Things slip easily on a busy day. By our records these invoices are still open:"
            ],
            closing: promise + [
                "If your payment and this letter have crossed, all is settled, and we thank you.",
                .init("Otherwise, could you please pay \(sum) by \(deadline)?"),
            ],
            ending: [
                .init(
                    "Is anything wrong with \(isOne ? "the invoice" : "an invoice"), or do you need another copy? A short note is enough, and we will see to it.\(copies)"
                )
            ])
    }

    private var second: ReminderWords {
        let before =
            letter.lastWritten.map { "We wrote to you on \(figures.letterDay($0))" } ?? "We have written to you before"
        return ReminderWords(
            subject: "Second reminder: \(sum) – please reply by \(deadline)",
            opening: [
                .init(
                    isOne
                        ? "\(before) about this invoice. It is still open:"
                        : "\(before) about these invoices. They are still open:")
            ],
            closing: promise + [
                .init("Please do one of these three by \(deadline):"),
                .init("\(sum), with the payment details given.", strong: "Pay", number: 1),
                .init("on which you will pay. We will make a note of it.", strong: "Tell us the day", number: 2),
                .init(
                    "with an invoice. We ask for nothing on that part until it is settled.",
                    strong: "Tell us what is wrong",
                    number: 3),
                "If money is tight just now, talk to us: we would rather agree on something workable, and instalments are possible.",
            ] + interest,
            ending: advice + [
                .init("If your payment is already on its way, please disregard this letter. Thank you.\(copies)")
            ])
    }

    private var final: ReminderWords {
        let before = letter.lastWritten.map { ", most recently on \(figures.letterDay($0))" } ?? ""
        return ReminderWords(
            subject:
                "Final notice to \(LetterText.inline(letter.parties.customerName)): \(sum), payable by \(deadline)",
            opening: [
                .init(
                    isOne
                        ? "We have asked for payment before\(before). This invoice has still not been settled:"
                        : "We have asked for payment before\(before). These invoices have still not been settled:")
            ],
            closing: promise + [.init("Please make sure that \(sum) reaches our account by \(deadline).")] + step
                + interest + [
                    "Until then two ways are open to you:",
                    .init(
                        "if you dispute any part of this. That part will rest until it is settled.",
                        strong: "Tell us why",
                        number: 1),
                    .init(
                        "if you cannot pay at once. We will consider every serious offer.",
                        strong: "Propose instalments", number: 2),
                ],
            ending: advice + [
                .init(
                    "If you have paid within the last few days, please disregard this letter. We would much rather hear from you than write the next one.\(copies)"
                )
            ])
    }

    private var promise: [Letter.Paragraph] {
        guard let promise = letter.promise else { return [] }
        let amount = figures.withCurrency(promise.amount)
        return [.init("You expected to pay \(amount) on \(figures.letterDay(promise.day)); the money has not arrived.")]
    }

    private var interest: [Letter.Paragraph] {
        guard let interest = letter.interestNotAsked else { return [] }
        let amount = figures.withCurrency(interest)
        return [
            .init(
                "The law allows us to add interest for late payment; today it would be \(amount). We do not ask for it with this letter, and prompt payment keeps it from growing."
            )
        ]
    }

    private var step: [Letter.Paragraph] {
        guard let step = letter.nextStep else { return [] }
        let what =
            switch step {
            case .collectionAgency: "hand the claim to a collection agency"
            case .lawyer: "hand the matter to a law firm"
            case .courtOrder: "apply to the court for an order for payment"
            case .stopSupply: "supply only against payment in advance until the account is settled"
            }
        return [.init("If it does not, we will \(what). This is decided; we will not send another reminder first.")]
    }

    private var advice: [Letter.Paragraph] {
        guard let who = LetterText.ifAny(letter.debtAdvice) else { return [] }
        return [.init("If debts are getting on top of you, free advice is available from \(who).")]
    }

    private var copies: String { letter.copiesAttached ? " Copies of the invoices are enclosed." : "" }
}
