import Money

/// The mail an invoice travels with.
public struct InvoiceLetter: Sendable, Hashable {
    /// We collect the money ourselves; the customer has agreed to it.
    public struct DirectDebit: Sendable, Hashable {
        public var day: Day
        public var mandate: String?
        public init(day: Day, mandate: String? = nil) {
            self.day = day
            self.mandate = mandate
        }
    }

    public var parties: LetterParties
    public var number: String
    public var day: Day
    /// nil, or not after `day`: payable on receipt.
    public var due: Day?
    public var gross: Money
    /// What is left to pay, where something was paid before.
    public var open: Money
    /// The customer's own order number.
    public var orderNumber: String?
    public var payment: LetterPayment?
    public var directDebit: DirectDebit?
    /// Whether the invoice itself comes with the mail.
    public var isAttached: Bool

    public init(
        parties: LetterParties, number: String, day: Day, due: Day? = nil, gross: Money, open: Money? = nil,
        orderNumber: String? = nil, payment: LetterPayment? = nil, directDebit: DirectDebit? = nil,
        isAttached: Bool = true
    ) {
        self.parties = parties
        self.number = number
        self.day = day
        self.due = due
        self.gross = gross
        self.open = open ?? gross
        self.orderNumber = orderNumber
        self.payment = payment
        self.directDebit = directDebit
        self.isAttached = isAttached
    }

    public func letter(in language: PaperLanguage) -> Letter {
        let frame = LetterFrame(parties: parties, language: language)
        let (number, seller) = (LetterText.inline(number), LetterText.inline(parties.sellerName))
        let amount = language.figures.withCurrency(gross)
        let asksForMoney = open.minor > 0 && directDebit == nil
        return frame.letter(
            subject: language == .german
                ? "Rechnung \(number) von \(seller) über \(amount)" : "Invoice \(number) from \(seller) for \(amount)",
            opening: language == .german ? german : english,
            payment: asksForMoney ? frame.facts(payment) : [],
            ending: language == .german
                ? [
                    "Stimmt etwas nicht, oder fehlt Ihnen eine Angabe? Ein kurzer Hinweis genügt, wir kümmern uns darum.",
                    .init(frame.contactLine), "Vielen Dank für Ihren Auftrag.",
                ]
                : [
                    "Is anything not right, or is something missing? A short note is enough, and we will see to it.",
                    .init(frame.contactLine), "Thank you for your business.",
                ])
    }

    private var german: [Letter.Paragraph] {
        let figures = PaperLanguage.german.figures
        let order = LetterText.ifAny(orderNumber).map { " zu Ihrer Bestellung \($0)" } ?? ""
        let what = "unsere Rechnung \(LetterText.inline(number)) vom \(figures.letterDay(day))\(order)"
        let amount = figures.withCurrency(gross)
        let first =
            isAttached ? "anbei erhalten Sie \(what) über \(amount)." : "\(what) beläuft sich auf \(amount)."
        let sum =
            open == gross
            ? "den Betrag" : "die noch offenen \(figures.withCurrency(open))"
        let second =
            if open.minor <= 0 {
                "Es ist nichts mehr zu zahlen."
            } else if let directDebit {
                "Wir ziehen \(sum) am \(figures.letterDay(directDebit.day)) von Ihrem Konto ein"
                    + (LetterText.ifAny(directDebit.mandate).map { " (Mandat \($0))" } ?? "")
                    + "; Sie müssen nichts weiter tun."
            } else if let due, due > day {
                "Bitte überweisen Sie \(sum) bis zum \(figures.letterDay(due))."
            } else {
                "Bitte überweisen Sie \(sum) gleich nach Erhalt."
            }
        return [.init(first), .init(second)]
    }

    private var english: [Letter.Paragraph] {
        let figures = PaperLanguage.english.figures
        let order = LetterText.ifAny(orderNumber).map { " for your order \($0)" } ?? ""
        let what = "invoice \(LetterText.inline(number)) of \(figures.letterDay(day))\(order)"
        let amount = figures.withCurrency(gross)
        let first =
            isAttached ? "Please find attached our \(what). It comes to \(amount)." : "Our \(what) comes to \(amount)."
        let sum = open == gross ? "the amount" : "the remaining \(figures.withCurrency(open))"
        let second =
            if open.minor <= 0 {
                "There is nothing left to pay."
            } else if let directDebit {
                "We will collect \(sum) from your account on \(figures.letterDay(directDebit.day))"
                    + (LetterText.ifAny(directDebit.mandate).map { " (mandate \($0))" } ?? "")
                    + "; you need not do anything."
            } else if let due, due > day {
                "Please pay \(sum) by \(figures.letterDay(due))."
            } else {
                "Please pay \(sum) on receipt."
            }
        return [.init(first), .init(second)]
    }
}
