import Money

/// The mail a statement of account travels with.
public struct StatementLetter: Sendable, Hashable {
    public var parties: LetterParties
    public var asOf: Day
    /// One for each currency, money on account taken off; negative in the customer's favour. Empty: nothing is open.
    public var totals: [Money]
    /// Of these the part that is past its due day, where there is one.
    public var overdue: [Money]
    /// Shown in the mail itself; empty where the attached statement says it all.
    public var items: [LetterItem]
    public var payment: LetterPayment?
    public var isAttached: Bool

    public init(
        parties: LetterParties, asOf: Day, totals: [Money], overdue: [Money] = [], items: [LetterItem] = [],
        payment: LetterPayment? = nil, isAttached: Bool = true
    ) {
        self.parties = parties
        self.asOf = asOf
        self.totals = totals
        self.overdue = overdue
        self.items = items
        self.payment = payment
        self.isAttached = isAttached
    }

    public func letter(in language: PaperLanguage) -> Letter {
        let frame = LetterFrame(parties: parties, language: language)
        let german = language == .german
        let day = language.figures.letterDay(asOf)
        let seller = LetterText.inline(parties.sellerName)
        let table =
            items.isEmpty
            ? nil
            : Letter.Table(
                items: items, on: asOf, totals: totals.filter { !$0.isZero }, totalLabel: german ? "Saldo" : "Balance",
                figures: language.figures)
        let customer = LetterText.inline(parties.customerName)
        let first =
            if isAttached {
                german
                    ? "anbei erhalten Sie den Kontoauszug für \(customer) zum \(day)."
                    : "Please find attached the statement for \(customer) as of \(day)."
            } else {
                german
                    ? "so steht das Konto von \(customer) bei uns zum \(day)."
                    : "This is how the account of \(customer) stands with us as of \(day)."
            }
        return frame.letter(
            subject: german
                ? "Kontoauszug zum \(day) von \(seller)" : "Statement of account as of \(day) from \(seller)",
            opening: [.init(first)] + balance(german, language.figures), table: table,
            payment: totals.contains { $0.minor > 0 } ? frame.facts(payment) : [],
            ending: [
                german
                    ? "Zahlungen der letzten Tage können noch fehlen. Weicht unser Auszug von Ihren Büchern ab, sagen Sie uns bitte Bescheid; wir gleichen gern ab."
                    : "Payments of the last few days may not be shown yet. If our statement differs from your books, please tell us; we will gladly compare.",
                .init(frame.contactLine),
            ])
    }

    private func balance(_ german: Bool, _ figures: PaperFigures) -> [Letter.Paragraph] {
        let owed = totals.filter { $0.minor > 0 }
        let credit = totals.filter(\.isNegative).map(\.magnitude)
        let late = overdue.filter { $0.minor > 0 }
        guard !owed.isEmpty || !credit.isEmpty else { return [german ? "Es ist nichts offen." : "Nothing is open."] }
        var sentences: [String] = []
        if !owed.isEmpty {
            let sum = figures.sums(owed)
            sentences.append(german ? "Offen sind insgesamt \(sum)." : "The open total is \(sum).")
        }
        if !late.isEmpty {
            let sum = figures.sums(late)
            sentences.append(
                german
                    ? "Davon ist für \(sum) die Zahlungsfrist bereits abgelaufen."
                    : "Past its due date is \(sum) of it.")
        }
        if !credit.isEmpty {
            let sum = figures.sums(credit)
            sentences.append(german ? "Zu Ihren Gunsten stehen \(sum)." : "In your favour there is \(sum).")
        }
        return [.init(sentences.joined(separator: " "))]
    }
}
