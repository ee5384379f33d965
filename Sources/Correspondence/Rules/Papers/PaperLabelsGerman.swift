extension PaperLabels {
    /// A credit note is a "Rechnungskorrektur": on paper, "Gutschrift" means self-billing (§ 14(4) no. 10 UStG).
    static let german = PaperLabels(
        invoice: "Rechnung", creditNote: "Rechnungskorrektur", statement: "Kontoauszug",
        reminder: "Zahlungserinnerung", secondReminder: "Mahnung", finalReminder: "Letzte Mahnung",
        date: "Datum", supplied: "Leistung", due: "Fällig", customer: "Kundennummer", yourOrder: "Ihre Bestellung",
        ourOrder: "Auftrag", yourVATID: "Ihre USt-IdNr.", questions: "Bei Fragen", writtenBy: "Es schreibt",
        telephone: "Telefon", email: "E-Mail", reference: "Referenz",
        corrects: "Korrigiert", asOf: "Stand", knownAt: "Wie gebucht am", kind: "Art", openItems: "offene Posten",
        position: "Pos.", item: "Leistung", quantity: "Menge", unitPrice: "Einzelpreis", discount: "Rabatt", vat: "USt",
        amount: "Betrag", document: "Beleg", late: "Verzug", original: "Betrag", open: "Offen", balance: "Saldo",
        carriedForward: { "Übertrag auf Seite \($0)" }, broughtForward: { "Übertrag von Seite \($0)" },
        netTotal: "Summe netto", subtotal: "Summe der Positionen", grossTotal: "Gesamtbetrag",
        prepaid: "Bereits bezahlt", toPay: "Zu zahlen", credit: "Korrekturbetrag", total: "Gesamtbetrag",
        pleasePay: "Bitte zahlen Sie", interest: "Verzugszinsen", fee: "Pauschale",
        rounding: "Rundung", vatOn: { "Umsatzsteuer \($0) auf \($1)" },
        vatFree: { "Umsatzsteuer 0\u{00A0}% auf \($0)" },
        outsideScope: { "Nicht steuerbar \($0)" }, vatIn: { "Umsatzsteuer in \($0)" },
        reverseCharge: "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge).",
        intraCommunity: "Steuerfreie innergemeinschaftliche Lieferung, Art. 138 Richtlinie 2006/112/EG.",
        export: "Steuerfreie Ausfuhrlieferung.",
        exempt: "Steuerfreie Leistung.", outside: "Nicht steuerbare Leistung.",
        payOnPage: { amount, day, page in
            "Zu zahlen: \(amount)\(day.map { " bis \($0)" } ?? ""); Zahlteil auf Seite \(page)."
        },
        nothingToPay: "Es ist nichts zu zahlen.",
        creditOffset: "Wir verrechnen den Betrag mit Ihren offenen Rechnungen; Sie müssen nichts weiter tun.",
        creditRefund: "Wir überweisen Ihnen den Betrag auf Ihr Konto.",
        creditSettled: "Der Betrag ist mit der genannten Rechnung verrechnet; es ist nichts zu zahlen.",
        inYourFavour: "Dieser Betrag steht Ihnen zu; es ist nichts zu zahlen.",
        by: "Bis", to: "An", exactly: "Verwendungszweck, bitte genau so",
        scan: "Mit der Banking-App scannen", account: "Konto", earlyBy: { "Oder mit \($0) Skonto bis" },
        earlyThen: { "dann (Skonto \($0))" },
        dueNow: "Heute fällig",
        dueNowReckoned: "Heute fällig: überfällig ohne Klärung, abzüglich Guthaben",
        balanceOurs: "Saldo zu unseren Gunsten", balanceYours: "Saldo zu Ihren Gunsten", balanceEven: "Saldo",
        byAge: "Nach Alter", notDue: "Nicht fällig", credits: "Guthaben",
        ageRange: { "\($0)–\($1) Tage" }, ageOver: { "über \($0) Tage" },
        statementTitle: { "Kontoauszug zum \($0)" },
        itemInvoice: "Rechnung", itemCreditNote: "Rechnungskorrektur", itemPayment: "Ihre Zahlung, ohne Zuordnung",
        itemOther: "Posten", disputed: "in Klärung", nothingOpen: "Es ist nichts offen.",
        sealed: { seal in
            ["Prüfcode dieses Kontoauszugs: \(seal.code)"]
                + (seal.batch == 0 ? [] : ["Letztes Siegel unserer Bücher davor: Nr. \(seal.batch), Code \(seal.head)"])
                + ["Beides lässt sich an der Prüfkette unserer Bücher nachprüfen, die wir auf Wunsch herausgeben."]
        },
        vatID: "USt-IdNr.", taxNumber: "Steuernummer", pageOf: { "Seite \($0) von \($1)" },
        dated: { "\($0) vom \($1)" })
}
