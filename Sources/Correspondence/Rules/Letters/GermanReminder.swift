import Money

/// Reminders in German. The greeting ends in a comma, so each letter begins in lower case.
struct GermanReminder {
    let letter: ReminderLetter

    private let figures = PaperLanguage.german.figures
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
                "Rechnung \(LetterText.inline(only.number)): kurze Erinnerung an \(sum)"
            } else {
                "Kurze Erinnerung: \(letter.invoices.count) offene Rechnungen, zusammen \(sum)"
            }
        return ReminderWords(
            subject: subject,
            opening: [
                isOne
                    ? "im Tagesgeschäft bleibt leicht einmal etwas liegen. Unsere folgende Rechnung ist fällig und nach unseren Büchern noch offen:"
                    : "im Tagesgeschäft bleibt leicht einmal etwas liegen. Unsere folgenden Rechnungen sind nach unseren Büchern noch offen:"
            ],
            closing: promise + [
                "Hat sich Ihre Zahlung mit diesem Schreiben gekreuzt, ist alles erledigt, und wir danken Ihnen.",
                .init("Andernfalls bitten wir Sie, \(sum) bis zum \(deadline) zu überweisen."),
            ],
            ending: [
                .init(
                    "Stimmt etwas an \(isOne ? "der Rechnung" : "einer Rechnung") nicht, oder fehlt Ihnen ein Beleg? Ein kurzer Hinweis genügt, wir kümmern uns darum.\(copies)"
                )
            ])
    }

    private var second: ReminderWords {
        let before =
            letter.lastWritten.map { "am \(figures.letterDay($0)) haben wir Ihnen" } ?? "wir haben Ihnen schon einmal"
        return ReminderWords(
            subject: "Zweite Erinnerung: \(sum) – bitte antworten Sie bis zum \(deadline)",
            opening: [
                .init(
                    isOne
                        ? "\(before) zu dieser Rechnung geschrieben. Sie ist weiterhin offen:"
                        : "\(before) zu diesen Rechnungen geschrieben. Sie sind weiterhin offen:")
            ],
            closing: promise + [
                .init("Bitte tun Sie bis zum \(deadline) eines von dreien:"),
                .init("\(sum) mit den Angaben zur Zahlung.", strong: "Zahlen Sie", number: 1),
                .init("an dem Sie zahlen werden. Wir merken ihn vor.", strong: "Nennen Sie uns den Tag,", number: 2),
                .init(
                    "wenn Sie mit einer Rechnung nicht einverstanden sind. Für diesen Teil fordern wir nichts, bis das geklärt ist.",
                    strong: "Sagen Sie uns, was nicht stimmt,", number: 3),
                "Ist es gerade eng, sprechen Sie mit uns: Über Raten lässt sich reden.",
            ] + interest,
            ending: advice + [
                .init(
                    "Ist Ihre Zahlung schon unterwegs, betrachten Sie dieses Schreiben bitte als erledigt. Vielen Dank.\(copies)"
                )
            ])
    }

    private var final: ReminderWords {
        let before = letter.lastWritten.map { ", zuletzt vom \(figures.letterDay($0))," } ?? ""
        return ReminderWords(
            subject:
                "Letzte Mahnung an \(LetterText.inline(letter.parties.customerName)): \(sum), zahlbar bis zum \(deadline)",
            opening: [
                .init(
                    isOne
                        ? "trotz unserer Schreiben\(before) ist diese Rechnung noch nicht beglichen:"
                        : "trotz unserer Schreiben\(before) sind diese Rechnungen noch nicht beglichen:")
            ],
            closing: promise + [
                .init(
                    "Bitte sorgen Sie dafür, dass \(sum) bis zum \(deadline) auf unserem Konto eingegangen sind."
                )
            ] + step + interest + [
                "Bis dahin stehen Ihnen zwei Wege offen:",
                .init(
                    "wenn Sie eine Forderung bestreiten. Dann ruht dieser Teil, bis er geklärt ist.",
                    strong: "Nennen Sie uns den Grund,", number: 1),
                .init(
                    "wenn Sie nicht auf einmal zahlen können. Wir prüfen jeden ernsthaften Vorschlag.",
                    strong: "Schlagen Sie Raten vor,", number: 2),
            ],
            ending: advice + [
                .init(
                    "Haben Sie in diesen Tagen bereits gezahlt, ist dieses Schreiben gegenstandslos. Wir würden lieber von Ihnen hören, als den nächsten Brief zu schreiben.\(copies)"
                )
            ])
    }

    private var promise: [Letter.Paragraph] {
        guard let promise = letter.promise else { return [] }
        let amount = figures.withCurrency(promise.amount)
        return [
            .init(
                "Sie hatten uns \(amount) für den \(figures.letterDay(promise.day)) zugesagt; das Geld ist nicht eingetroffen."
            )
        ]
    }

    private var interest: [Letter.Paragraph] {
        guard let interest = letter.interestNotAsked else { return [] }
        let amount = figures.withCurrency(interest)
        return [
            .init(
                "Das Gesetz erlaubt uns, Verzugszinsen zu berechnen; bis heute wären es \(amount). Mit diesem Schreiben verlangen wir sie nicht, und eine baldige Zahlung hält den Betrag klein."
            )
        ]
    }

    private var step: [Letter.Paragraph] {
        guard let step = letter.nextStep else { return [] }
        let what =
            switch step {
            case .collectionAgency: "geben wir die Forderung an ein Inkassounternehmen ab"
            case .lawyer: "übergeben wir die Sache einer Anwaltskanzlei"
            case .courtOrder: "beantragen wir einen gerichtlichen Mahnbescheid"
            case .stopSupply: "liefern wir bis zum Ausgleich nur noch gegen Vorkasse"
            }
        return [
            .init("Geschieht das nicht, \(what). Das ist beschlossen; eine weitere Mahnung schicken wir vorher nicht.")
        ]
    }

    private var advice: [Letter.Paragraph] {
        guard let who = LetterText.ifAny(letter.debtAdvice) else { return [] }
        return [.init("Wenn Ihnen Schulden über den Kopf wachsen: Kostenlosen Rat gibt \(who).")]
    }

    private var copies: String { letter.copiesAttached ? " Kopien der Rechnungen liegen bei." : "" }

    static func label(_ kind: ReminderLetter.Claim.Kind, german: Bool) -> String {
        switch kind {
        case .interest: german ? "Verzugszinsen" : "Late-payment interest"
        case .compensation: german ? "Gesetzliche Pauschale" : "Statutory compensation"
        case .fee: german ? "Mahnkosten" : "Reminder cost"
        }
    }
}
