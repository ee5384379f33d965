import Money

/// The mail a credit note travels with. In German it is a "Rechnungskorrektur": "Gutschrift" means self-billing
/// (§ 14(4) no. 10 UStG).
public struct CreditNoteLetter: Sendable, Hashable {
    /// What happens with the money.
    public enum Use: Sendable, Hashable {
        /// It stands to the customer's credit and is set against open invoices.
        case offset
        case refund
        /// It was taken off the invoice it corrects.
        case settled
    }

    public var parties: LetterParties
    public var number: String
    public var day: Day
    /// What is credited, positive.
    public var amount: Money
    /// Numbers of the invoices it corrects.
    public var corrects: [String]
    public var use: Use
    /// In the customer's words: `two cartons returned`. Nothing is said where it is missing.
    public var reason: String?
    public var isAttached: Bool

    public init(
        parties: LetterParties, number: String, day: Day, amount: Money, corrects: [String] = [], use: Use = .offset,
        reason: String? = nil, isAttached: Bool = true
    ) {
        self.parties = parties
        self.number = number
        self.day = day
        self.amount = amount
        self.corrects = corrects
        self.use = use
        self.reason = reason
        self.isAttached = isAttached
    }

    public func letter(in language: PaperLanguage) -> Letter {
        let frame = LetterFrame(parties: parties, language: language)
        let (number, seller) = (LetterText.inline(number), LetterText.inline(parties.sellerName))
        let sum = language.figures.withCurrency(amount.magnitude)
        return frame.letter(
            subject: language == .german
                ? "Rechnungskorrektur \(number) von \(seller) über \(sum)"
                : "Credit note \(number) from \(seller) for \(sum)",
            opening: language == .german ? german(sum) : english(sum),
            ending: [.init(frame.contactLine)])
    }

    private func german(_ sum: String) -> [Letter.Paragraph] {
        let figures = PaperLanguage.german.figures
        let numbers = figures.list(corrects.map(LetterText.inline))
        let what =
            "Rechnungskorrektur \(LetterText.inline(number)) vom \(figures.letterDay(day)) über \(sum)"
            + (numbers.isEmpty ? "" : " zu \(corrects.count == 1 ? "Rechnung" : "den Rechnungen") \(numbers)")
        let reason = LetterText.ifAny(reason).map { " Grund: \($0)." } ?? ""
        let use =
            switch use {
            case .offset:
                "Wir haben den Betrag Ihrem Kundenkonto gutgeschrieben und verrechnen ihn mit Ihren offenen Rechnungen."
            case .refund: "Wir überweisen Ihnen den Betrag auf Ihr Konto; Sie müssen nichts weiter tun."
            case .settled: "Der Betrag ist bereits verrechnet; es ist nichts weiter zu tun."
            }
        return [
            .init((isAttached ? "anbei erhalten Sie unsere \(what)." : "wir haben die \(what) ausgestellt.") + reason),
            .init(use),
        ]
    }

    private func english(_ sum: String) -> [Letter.Paragraph] {
        let figures = PaperLanguage.english.figures
        let numbers = figures.list(corrects.map(LetterText.inline))
        let what =
            "credit note \(LetterText.inline(number)) of \(figures.letterDay(day)) for \(sum)"
            + (numbers.isEmpty ? "" : ", correcting invoice\(corrects.count == 1 ? "" : "s") \(numbers)")
        let reason = LetterText.ifAny(reason).map { " Reason: \($0)." } ?? ""
        let use =
            switch use {
            case .offset: "We have credited the amount to your account and will set it against your open invoices."
            case .refund: "We will transfer the amount to your account; you need not do anything."
            case .settled: "The amount has already been set off; there is nothing left to do."
            }
        return [
            .init((isAttached ? "Please find attached our \(what)." : "We have issued \(what).") + reason), .init(use),
        ]
    }
}
