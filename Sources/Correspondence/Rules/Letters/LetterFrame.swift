import Money

/// What all letters share: the greeting at the top, the way to pay, the way to object, the close.
struct LetterFrame {
    let parties: LetterParties
    let language: PaperLanguage

    private var german: Bool { language == .german }

    var salutation: String {
        guard let contact = parties.contact, let name = LetterText.ifAny(contact.name) ?? plainForm(contact.form) else {
            return german ? "Guten Tag," : "Good day,"
        }
        let greeting =
            switch contact.form {
            case .neutral: (german ? "Guten Tag " : "Dear ") + name
            case .ms(let family): (german ? "Sehr geehrte Frau " : "Dear Ms ") + LetterText.inline(family)
            case .mr(let family): (german ? "Sehr geehrter Herr " : "Dear Mr ") + LetterText.inline(family)
            case .given(let whole): LetterText.inline(whole)
            }
        return greeting + ","
    }

    /// A person known only by the form of address is still greeted by it.
    private func plainForm(_ form: LetterContact.Form) -> String? {
        switch form {
        case .neutral: nil
        case .ms(let text), .mr(let text), .given(let text): LetterText.ifAny(text)
        }
    }

    var greeting: String { german ? "Freundliche Grüße" : "Kind regards" }

    var signature: [String] {
        let phone = LetterText.ifAny(parties.phone).map { (german ? "Telefon " : "Telephone ") + $0 }
        return [
            LetterText.ifAny(parties.writer), LetterText.ifAny(parties.sellerName), phone,
            LetterText.ifAny(parties.email),
        ].compactMap(\.self)
    }

    /// Where a question goes: the one line that every letter has.
    var contactLine: String {
        let ways = [
            LetterText.ifAny(parties.phone).map { german ? "telefonisch unter \($0)" : "by telephone on \($0)" },
            LetterText.ifAny(parties.email).map { german ? "per E-Mail an \($0)" : "by e-mail at \($0)" },
        ].compactMap(\.self)
        let who = LetterText.ifAny(parties.writer)
        let joined = ways.joined(separator: german ? " oder " : " or ")
        if german {
            let person = who.map { "\($0) ist gern für Sie da" } ?? "Wir sind gern für Sie da"
            return ways.isEmpty ? "\(person); antworten Sie einfach auf dieses Schreiben." : "\(person), \(joined)."
        }
        let person = who.map { "\($0) is glad to help" } ?? "We are glad to help"
        return ways.isEmpty ? "\(person); simply reply to this letter." : "\(person), \(joined)."
    }

    func facts(_ payment: LetterPayment?) -> [Letter.Fact] {
        guard let payment else { return [] }
        let iban = LetterText.ifAny(payment.iban)
        var facts: [Letter.Fact] = []
        func add(_ german: String, _ english: String, _ value: String?) {
            if let value { facts.append(Letter.Fact(label: self.german ? german : english, value: value)) }
        }
        if iban != nil {
            add("Empfänger", "To", LetterText.ifAny(payment.holder) ?? LetterText.ifAny(parties.sellerName))
        }
        add("IBAN", "IBAN", iban.map(LetterFrame.groups))
        add("BIC", "BIC", LetterText.ifAny(payment.bic))
        add("Verwendungszweck", "Reference", LetterText.ifAny(payment.reference))
        add("Online zahlen", "Pay online", LetterText.ifAny(payment.link).flatMap { Letter.isLink($0) ? $0 : nil })
        return facts
    }

    /// `DE02 1203 0000 0000 2020 51`; what is no IBAN stays as it is.
    private static func groups(_ account: String) -> String {
        let letters = account.filter { !$0.isWhitespace }
        guard letters.count >= 15, letters.utf8.allSatisfy({ $0 < 0x80 }), letters.prefix(2).allSatisfy(\.isLetter)
        else {
            return account
        }
        var output = ""
        for (index, letter) in letters.enumerated() {
            if index > 0, index % 4 == 0 { output += "\u{A0}" }
            output.append(letter)
        }
        return output
    }

    func letter(
        subject: String, opening: [Letter.Paragraph], table: Letter.Table? = nil, closing: [Letter.Paragraph] = [],
        payment: [Letter.Fact] = [], ending: [Letter.Paragraph]
    ) -> Letter {
        Letter(
            language: language, subject: Letter.plain(subject), salutation: salutation, opening: opening, table: table,
            closing: closing, payment: payment, ending: ending, greeting: greeting, signature: signature)
    }
}
