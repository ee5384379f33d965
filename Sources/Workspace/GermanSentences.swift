/// What rules say of receipts, letters and drafts stands in the books in English. Their sentences are few; here they are in German,
/// with `{}` for what changes. What is not known stays as it is.
struct GermanSentences {
    /// Every sentence that is known, in German.
    static func of(_ text: String) -> String {
        sentences(text).map { sentence in
            if let whole = german(sentence) { return whole }
            // `RE-7, RE-9: The customer disputes it: …`
            guard let colon = sentence.firstRange(of: ": "), let rest = german(sentence[colon.upperBound...]) else {
                return String(sentence)
            }
            return String(sentence[..<colon.upperBound]) + rest
        }.joined(separator: " ")
    }

    /// Cut where a full stop is followed by a capital.
    private static func sentences(_ text: String) -> [Substring] {
        var found: [Substring] = []
        var start = text.startIndex
        for match in text.matches(of: /\. (?=[A-Z])/) {
            let end = text.index(after: match.range.lowerBound)
            found.append(text[start..<end])
            start = match.range.upperBound
        }
        return found + [text[start...]]
    }

    private static func german(_ sentence: Substring) -> String? {
        for (english, german) in all {
            if let gaps = holes(sentence, english) { return fill(german, gaps) }
        }
        // The clauses of a reading stand with and without their full stop.
        guard sentence.last == "." else { return nil }
        for (english, german) in all {
            if let gaps = holes(sentence.dropLast(), english) { return fill(german, gaps) + "." }
        }
        return nil
    }

    private static func holes(_ sentence: Substring, _ template: String) -> [Substring]? {
        let pieces = template.split(separator: "{}", omittingEmptySubsequences: false)
        guard let first = pieces.first, let last = pieces.last, sentence.hasPrefix(first) else { return nil }
        guard pieces.count > 1 else { return sentence == first ? [] : nil }
        var rest = sentence.dropFirst(first.count)
        var holes: [Substring] = []
        for piece in pieces.dropFirst().dropLast() {
            guard let range = rest.firstRange(of: piece) else { return nil }
            holes.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        guard rest.hasSuffix(last), rest.count >= last.count else { return nil }
        return holes + [rest.dropLast(last.count)]
    }

    private static func fill(_ template: String, _ holes: [Substring]) -> String {
        var left = holes.makeIterator()
        var out = ""
        for (place, piece) in template.split(separator: "{}", omittingEmptySubsequences: false).enumerated() {
            if place > 0 { out += word(left.next() ?? "") }
            out += piece
        }
        return out
    }

    /// What may stand in a hole and is not a name: `3 items from RE-7`, ` until 2026-03-01`, `, and 2 more`.
    private static func word(_ hole: Substring) -> String {
        String(hole).replacing(" items from ", with: " Posten ab ").replacing(" until ", with: " bis ")
            .replacing("no reason given", with: "ohne Angabe eines Grundes")
            .replacing("line ", with: "Zeile ").replacing(" of order ", with: " des Auftrags ")
    }

    private static let all: [(String, String)] = readings + letters + drafts + approvals

    private static let approvals: [(String, String)] = [
        ("{} asks for it; a second person decides.", "{} fragt es an; eine zweite Person entscheidet."),
        (
            "{} asks for it; agreed to, and not carried out yet.",
            "{} fragt es an; freigegeben, und noch nicht ausgeführt."
        ),
    ]

    private static let readings: [(String, String)] = [
        (
            "The text names some of {}, which together suit the amount",
            "Der Text nennt einige von {}, die zusammen zum Betrag passen"
        ),
        (
            "The text names another document, but {} suits better",
            "Der Text nennt einen anderen Beleg, aber {} passt besser"
        ),
        ("The text names the customer number; {} suits", "Der Text nennt die Kundennummer; {} passt"),
        ("The text names the customer number", "Der Text nennt die Kundennummer"),
        ("The text names no document", "Der Text nennt keinen Beleg"),
        ("The text does not name it", "Der Text nennt ihn nicht"),
        (
            "The text holds a number one slip away from {}",
            "Der Text enthält eine Nummer, die um einen Tippfehler von {} abweicht"
        ),
        (
            "The text or the amount point to an item settled before",
            "Text oder Betrag deuten auf einen schon ausgeglichenen Posten"
        ),
        ("The text names {}", "Der Text nennt {}"),
        ("The amount is what is open, {}", "Der Betrag ist, was offen ist, {}"),
        (
            "The amount differs by {} only from what is open, {}",
            "Der Betrag weicht nur um {} von dem ab, was offen ist, {}"
        ),
        ("{} cash discount was kept from {}", "{} Skonto wurden von {} einbehalten"),
        (
            "{} discount was kept from {}, but too late, so it stays open",
            "{} Skonto wurden von {} einbehalten, aber zu spät, also bleiben sie offen"
        ),
        ("{} are missing of {}, as when banks charge a fee", "{} fehlen an {}, wie bei einer Bankgebühr"),
        ("It is a part payment, {} of {} stay open", "Es ist eine Teilzahlung, {} von {} bleiben offen"),
        ("The amount is {} rounded up, {} stay on account", "Der Betrag ist {}, aufgerundet; {} bleiben auf dem Konto"),
        (
            "{} more than the open {} were paid and stay on account",
            "{} mehr als die offenen {} wurden gezahlt und bleiben auf dem Konto"
        ),
        ("The payer is not known to belong to the customer", "Vom Zahler ist nicht bekannt, dass er zum Kunden gehört"),
        (
            "The payer is known, but no open item suits amount and text well enough",
            "Der Zahler ist bekannt, aber kein offener Posten passt gut genug zu Betrag und Text"
        ),
        ("The payer's name is {}, the account is on file", "Der Name des Zahlers ist {}, das Konto ist hinterlegt"),
        ("The payer's name is new", "Der Name des Zahlers ist neu"),
        ("The payer's name shares words with the customer's", "Der Name des Zahlers teilt Wörter mit dem des Kunden"),
        ("The payer's name is nearly the customer's", "Der Name des Zahlers ist fast der des Kunden"),
        ("The payer's name is the customer's, cut short", "Der Name des Zahlers ist der des Kunden, gekürzt"),
        (
            "The payer's name is the customer's in another order",
            "Der Name des Zahlers ist der des Kunden in anderer Folge"
        ),
        (
            "The payer's name is the customer's with another legal form",
            "Der Name des Zahlers ist der des Kunden mit anderer Rechtsform"
        ),
        (
            "The payer's name is the customer's but for the legal form",
            "Der Name des Zahlers ist der des Kunden ohne die Rechtsform"
        ),
        (
            "The payer's name is the customer's, the account is known from earlier receipts",
            "Der Name des Zahlers ist der des Kunden, das Konto ist von früheren Zahlungen bekannt"
        ),
        ("The payer's name is the customer's", "Der Name des Zahlers ist der des Kunden"),
        (
            "Earlier receipts under this name were the customer's",
            "Frühere Zahlungen unter diesem Namen waren vom Kunden"
        ),
        ("{} suits", "{} passt"),
        (
            "Neither payer, text nor amount point to an open item well enough",
            "Weder Zahler noch Text noch Betrag deuten gut genug auf einen offenen Posten"
        ),
        (
            "It is another customer's, to whom payer or text point less",
            "Er gehört einem anderen Kunden, auf den Zahler oder Text weniger deuten"
        ),
        ("{} are open there, not the amount received", "Dort sind {} offen, nicht der eingegangene Betrag"),
        ("Too little ties the receipt to it", "Zu wenig verbindet die Zahlung damit"),
        ("It is as good but for its due day", "Er passt ebenso, bis auf die Fälligkeit"),
        ("Other items explain the amount more simply", "Andere Posten erklären den Betrag einfacher"),
        ("{} readings are about as likely", "{} Deutungen sind etwa gleich wahrscheinlich"),
    ]

    private static let letters: [(String, String)] = [
        ("It is {} days late; level {} is from {} days on.", "Er ist {} Tage überfällig; Stufe {} gilt ab {} Tagen."),
        (
            "It is {} days late; it is asked for from {} days on.",
            "Er ist {} Tage überfällig; gemahnt wird ab {} Tagen."
        ),
        ("It is due on {}.", "Er ist am {} fällig."),
        ("It is in the customer's favour and is taken off.", "Er steht dem Kunden zu und wird abgezogen."),
        (
            "What is late in {} is less than is asked for.",
            "Was in {} überfällig ist, liegt unter dem, was gemahnt wird."
        ),
        ("The customer disputes it: {}.", "Der Kunde reklamiert ihn: {}."),
        ("It is on hold{}: {}.", "Er ist gesperrt{}: {}."),
        (
            "It was asked for at the last level; a person decides what is next.",
            "Er wurde auf der letzten Stufe gemahnt; ein Mensch entscheidet, wie es weitergeht."
        ),
        (
            "It was asked for at level {}; level {} is from {} days on, it is {} days late.",
            "Er wurde auf Stufe {} gemahnt; Stufe {} gilt ab {} Tagen, er ist {} Tage überfällig."
        ),
        (
            "A letter of level {} to a private person is not written without one of us.",
            "Ein Schreiben der Stufe {} an einen Verbraucher wird nicht ohne einen von uns verfasst."
        ),
        ("{} received on {} may pay {}, and {} more.", "{}, eingegangen am {}, könnten {} begleichen, und {} weitere."),
        ("{} received on {} may pay {}.", "{}, eingegangen am {}, könnten {} begleichen."),
        (
            "{} received on {} stands to this customer's account and is not allocated, and {} more.",
            "{}, eingegangen am {}, stehen auf dem Konto des Kunden und sind nicht zugeordnet, und {} weitere."
        ),
        (
            "{} received on {} stands to this customer's account and is not allocated.",
            "{}, eingegangen am {}, stehen auf dem Konto des Kunden und sind nicht zugeordnet."
        ),
        ("Allocate it in Money in, then run reminders again.", "In Zahlungen zuordnen, dann den Mahnlauf wiederholen."),
        ("The customer is on hold{}: {}.", "Der Kunde ist gesperrt{}: {}."),
        ("Lift the hold when its reason is gone.", "Die Sperre aufheben, wenn ihr Grund entfallen ist."),
        ("Settle the dispute.", "Die Reklamation klären."),
        ("Write to the customer yourself.", "Dem Kunden selbst schreiben."),
        ("A mail of {} was refused: {}.", "Eine E-Mail vom {} wurde abgewiesen: {}."),
        ("Correct the address and send that mail again.", "Die Adresse berichtigen und die E-Mail nochmals senden."),
        (
            "There is neither a mail address nor a postal address.",
            "Es gibt weder eine E-Mail-Adresse noch eine Anschrift."
        ),
        ("Complete the customer's contacts.", "Die Kontakte des Kunden vervollständigen."),
        ("{} is late; less than {} is not asked for.", "{} sind überfällig; weniger als {} wird nicht gemahnt."),
        ("Wait until more is late, or write it off.", "Warten, bis mehr überfällig ist, oder ausbuchen."),
        (
            "The last reminder is of {}; between two lie {} days.",
            "Die letzte Mahnung ist vom {}; zwischen zweien liegen {} Tage."
        ),
        ("It is weighed again on {}.", "Neu abgewogen wird am {}."),
        ("It is weighed again after that day.", "Neu abgewogen wird nach diesem Tag."),
        ("The customer has promised to pay by {}.", "Der Kunde hat Zahlung bis {} zugesagt."),
        (
            "The books know the bank's data up to {}; money may have come in since.",
            "Die Bücher kennen die Daten der Bank bis {}; seither kann Geld eingegangen sein."
        ),
        (
            "Import the bank statements since, then run reminders again.",
            "Die Kontoauszüge seither einlesen, dann den Mahnlauf wiederholen."
        ),
        ("{} is late, but {} of credit notes is open.", "{} sind überfällig, aber {} an Gutschriften sind offen."),
        ("Set the credit notes against the invoices.", "Die Gutschriften mit den Rechnungen verrechnen."),
        ("A legal stop holds{}: {}.", "Ein rechtlicher Stopp gilt{}: {}."),
        ("Leave it to whoever handles the case.", "Dem überlassen, der den Fall bearbeitet."),
    ]

    private static let drafts: [(String, String)] = [
        (
            "Customer {} in {} would owe the tax but has no VAT id.",
            "Kunde {} in {} müsste die Steuer schulden, hat aber keine USt-IdNr."
        ),
        (
            "Enter its VAT id, or mark it as a consumer.",
            "Die USt-IdNr. eintragen oder den Kunden als Verbraucher kennzeichnen."
        ),
        ("There is no product {} ({}).", "Es gibt keinen Artikel {} ({})."),
        ("Import products that hold it.", "Artikel einlesen, die ihn enthalten."),
        ("Neither list {} nor {} has a price of {} in {}", "Weder Liste {} noch {} hat einen Preis für {} in {}"),
        (
            "There is no tax rate for category {} in {} on {} ({}).",
            "Es gibt keinen Steuersatz der Art {} in {} am {} ({})."
        ),
        ("The amount of {} is larger than the books can hold.", "Der Betrag von {} ist größer, als die Bücher fassen."),
        ("Correct its quantity or its price.", "Menge oder Preis berichtigen."),
        ("The document would be larger than the books can hold.", "Der Beleg wäre größer, als die Bücher fassen."),
        ("{} lies before {}, the first open day.", "{} liegt vor {}, dem ersten offenen Tag."),
        ("There is no rate from {} to {} for {}.", "Es gibt keinen Kurs von {} nach {} für {}."),
        ("Import exchange-rates for that day.", "Wechselkurse für diesen Tag einlesen."),
        ("Order {} is billed by {} already.", "Auftrag {} ist schon mit {} berechnet."),
        ("Void the draft, or credit {} first.", "Den Entwurf verwerfen oder zuerst {} gutschreiben."),
        ("Customer {} has no country.", "Kunde {} hat kein Land."),
        ("Complete the customer, then bill again.", "Den Kunden vervollständigen, dann neu abrechnen."),
        ("Every line comes to nothing.", "Jede Zeile ergibt null."),
        ("See that the prices and quantities are meant so.", "Prüfen, ob Preise und Mengen so gemeint sind."),
    ]
}
