import Web

/// The words and signs of kinds, types and states. One thing, one word; what is not known here is shown as it came.
struct Term: Sendable {
    enum Tone { case plain, good, accent, warn, bad }
    let english: String
    let german: String
    let icon: Icon
    let tone: Tone

    init(_ english: String, _ german: String, _ icon: Icon = .file, _ tone: Tone = .plain) {
        self.english = english
        self.german = german
        self.icon = icon
        self.tone = tone
    }

    /// `credit-note` unknown to a table reads "credit note".
    static func of(_ code: String, in table: [String: Term]) -> Term {
        if let term = table[code] { return term }
        let words = code.split { $0 == "-" || $0 == "_" }.joined(separator: " ")
        let text = words.prefix(1).uppercased() + words.dropFirst()
        return Term(text, text)
    }
    func words(_ say: Voice) -> String { say(english, german) }

    static let work: [String: Term] = [
        "approval": Term("Approval", "Freigabe", .check, .accent),
        "bill-check": Term("Bill check", "Prüfung", .triangle, .warn),
        "bounced": Term("Bounced", "Unzustellbar", .bounce, .warn),
        "credit-hold": Term("Credit hold", "Kreditsperre", .pause),
        "dispute": Term("Dispute", "Reklamation", .scales, .accent),
        "mail": Term("Mail", "Post", .mail, .warn),
        "promise": Term("Promise", "Zusage", .broken, .bad),
        "question": Term("Question", "Frage", .speech, .accent),
        "reminder": Term("Reminder", "Mahnung", .mail),
        "unbilled": Term("Unbilled", "Unberechnet", .file),
        "unplaced": Term("Unplaced", "Ungeklärt", .bank, .warn),
        "customer-to-complete": Term("Customer to complete", "Kunde unvollständig", .person),
        "follow-up-stuck": Term("Follow-up stuck", "Folgeschritt hängt", .triangle, .warn),
        "held-draft": Term("Held draft", "Angehaltener Entwurf", .pause, .warn),
        "match-proposal": Term("Proposed match", "Zuordnungsvorschlag", .bank, .accent),
        "message-refused": Term("Mail refused", "E-Mail abgewiesen", .bounce, .warn),
        "message-stuck": Term("Mail stuck", "E-Mail hängt", .mail, .warn),
        "message-uncertain": Term("Mail uncertain", "E-Mail ungewiss", .triangle, .warn),
        "overdue": Term("Overdue", "Überfällig", .flag, .warn),
        "print-post": Term("To print", "Zu drucken", .file),
        "statement-gap": Term("Statement gap", "Lücke im Kontoauszug", .bank, .warn),
        "unplaced-money": Term("Unplaced money", "Ungeklärtes Geld", .bank, .warn),
        "webhook-failed": Term("Webhook failed", "Webhook gescheitert", .triangle, .warn),
    ]

    /// The same kinds over a list.
    static let workMany: [String: Term] = [
        "approval": Term("Approvals", "Freigaben"),
        "bill-check": Term("Bill checks", "Prüfungen"),
        "bounced": Term("Bounced", "Unzustellbar"),
        "credit-hold": Term("Credit holds", "Kreditsperren"),
        "dispute": Term("Disputes", "Reklamationen"),
        "mail": Term("Mail", "Post"),
        "promise": Term("Promises", "Zusagen"),
        "question": Term("Questions", "Fragen"),
        "reminder": Term("Reminders", "Mahnungen"),
        "unbilled": Term("Unbilled", "Unberechnet"),
        "unplaced": Term("Unplaced money", "Ungeklärtes Geld"),
        "customer-to-complete": Term("Customers to complete", "Unvollständige Kunden"),
        "follow-up-stuck": Term("Follow-ups stuck", "Hängende Folgeschritte"),
        "held-draft": Term("Held drafts", "Angehaltene Entwürfe"),
        "match-proposal": Term("Proposed matches", "Zuordnungsvorschläge"),
        "message-refused": Term("Mails refused", "Abgewiesene E-Mails"),
        "message-stuck": Term("Mails stuck", "Hängende E-Mails"),
        "message-uncertain": Term("Mails uncertain", "Ungewisse E-Mails"),
        "overdue": Term("Overdue", "Überfällig"),
        "print-post": Term("To print", "Zu drucken"),
        "statement-gap": Term("Statement gaps", "Lücken in Kontoauszügen"),
        "unplaced-money": Term("Unplaced money", "Ungeklärtes Geld"),
        "webhook-failed": Term("Webhooks failed", "Gescheiterte Webhooks"),
    ]

    static let documents: [String: Term] = [
        "invoice": Term("Invoice", "Rechnung"),
        "credit-note": Term("Credit note", "Gutschrift"),
        "interest-note": Term("Interest note", "Zinsrechnung"),
        "correction": Term("Correction", "Korrektur"),
        "prepayment": Term("Prepayment invoice", "Anzahlungsrechnung"),
    ]

    static let states: [String: Term] = [
        "draft": Term("Draft", "Entwurf", .file),
        "held": Term("Held", "Angehalten", .pause, .warn),
        "issued": Term("Issued", "Ausgestellt", .check, .good),
        "open": Term("Open", "Offen", .clock),
        "overdue": Term("Overdue", "Überfällig", .flag, .warn),
        "part-paid": Term("Paid in part", "Teilweise bezahlt", .clock),
        "paid": Term("Paid", "Bezahlt", .check, .good),
        "settled": Term("Settled", "Ausgeglichen", .check, .good),
        "credited": Term("Credited", "Gutgeschrieben", .check),
        "corrected": Term("Corrected", "Korrigiert", .check),
        "disputed": Term("Disputed", "Reklamiert", .scales, .accent),
        "written-off": Term("Written off", "Ausgebucht", .barred),
        "void": Term("Void", "Storniert", .barred),
        "voided": Term("Void", "Storniert", .barred),
    ]

    static let deliveries: [String: Term] = [
        "waiting": Term("Waits", "Wartet", .clock),
        "queued": Term("Waits", "Wartet", .clock),
        "sending": Term("Under way", "Unterwegs", .clock),
        "sent": Term("Sent", "Versandt", .plane, .good),
        "printed": Term("Printed", "Gedruckt", .file, .good),
        "delivered": Term("Delivered", "Zugestellt", .mail, .good),
        "accepted": Term("Accepted", "Angenommen", .mail, .good),
        "opened": Term("Opened", "Gelesen", .eye, .good),
        "bounced": Term("Bounced", "Unzustellbar", .bounce, .warn),
        "failed": Term("Failed", "Fehlgeschlagen", .triangle, .bad),
        "uncertain": Term("Uncertain", "Ungewiss", .triangle, .warn),
        "held": Term("Held", "Angehalten", .pause, .warn),
    ]

    static let channels: [String: Term] = [
        "email": Term("E-mail", "E-Mail"),
        "post": Term("Post", "Briefpost"),
        "portal": Term("Portal", "Portal"),
        "peppol": Term("Peppol", "Peppol"),
    ]

    static let happenings: [String: Term] = [
        "invoice": Term("Invoice", "Rechnung", .file),
        "credit-note": Term("Credit note", "Gutschrift", .file),
        "interest-note": Term("Interest note", "Zinsrechnung", .file),
        "receipt": Term("Receipt", "Zahlungseingang", .bank),
        "allocation": Term("Allocation", "Zuordnung", .bank),
        "return": Term("Return", "Rückgabe", .bounce, .warn),
        "refund": Term("Refund", "Erstattung", .bank),
        "write-off": Term("Write-off", "Ausbuchung", .barred),
        "reminder": Term("Reminder", "Mahnung", .mail),
        "statement": Term("Statement", "Kontoauszug", .file),
        "promise": Term("Promise", "Zusage", .calendar),
        "arrangement": Term("Arrangement", "Vereinbarung", .calendar),
        "dispute": Term("Dispute", "Reklamation", .scales),
        "dispute-closed": Term("Dispute closed", "Reklamation erledigt", .check),
        "details": Term("Customer file", "Kundenakte", .person),
        "message": Term("Letter", "Schreiben", .plane),
        "imported": Term("Taken over", "Übernommen", .file),
        "undone": Term("Taken back", "Zurückgenommen", .bounce),
        "question": Term("Question", "Frage", .speech),
        "mail": Term("Mail", "E-Mail", .plane),
        "delivery": Term("Delivery", "Zustellung", .plane),
        "letter": Term("Letter", "Brief", .mail),
        "call": Term("Call", "Anruf", .phone),
        "note": Term("Note", "Notiz", .speech),
        "hold": Term("Hold", "Sperre", .pause),
        "change": Term("Change", "Änderung", .file),
        "customer": Term("Customer file", "Kundenakte", .person),
    ]

    static let purposes: [String: Term] = [
        "payments": Term("Payments", "Zahlungen"),
        "payment": Term("Payments", "Zahlungen"),
        "invoices": Term("Invoices", "Rechnungen"),
        "invoice": Term("Invoices", "Rechnungen"),
        "disputes": Term("Disputes", "Reklamationen"),
        "reminders": Term("Reminders", "Mahnungen"),
        "statements": Term("Statements", "Kontoauszüge"),
        "orders": Term("Orders", "Bestellungen"),
        "general": Term("General", "Allgemein"),
        "ours": Term("Our side", "Bei uns"),
    ]

    static let references: [String: Term] = [
        "order_id": Term("Order", "Auftrag"),
        "po_number": Term("Your order", "Ihre Bestellung"),
        "buyer_reference": Term("Buyer reference", "Leitweg-ID / Referenz"),
        "creditor_ref": Term("Payment reference", "Zahlungsreferenz"),
        "contract": Term("Contract", "Vertrag"),
        "project": Term("Project", "Projekt"),
        "delivery_note": Term("Delivery note", "Lieferschein"),
    ]
    /// The order in which references are read; others follow by name.
    static let referenceOrder = [
        "po_number", "order_id", "buyer_reference", "contract", "project", "delivery_note", "creditor_ref",
    ]

    /// Why a rate is what it is, by the categories of EN 16931; the standard rate needs no word.
    static let taxCategories: [String: Term] = [
        "Z": Term("zero-rated", "Nullsatz"),
        "E": Term("exempt", "steuerfrei"),
        "AE": Term("reverse charge", "Steuerschuldnerschaft des Leistungsempfängers"),
        "K": Term("intra-Community supply", "innergemeinschaftliche Lieferung"),
        "G": Term("export", "Ausfuhr"),
        "O": Term("outside the scope of VAT", "nicht steuerbar"),
    ]

    static let allocations: [String: Term] = [
        "receipt": Term("Receipt", "Zahlungseingang"),
        "credit-note": Term("Credit note", "Gutschrift"),
        "write-off": Term("Write-off", "Ausbuchung"),
        "discount": Term("Cash discount", "Skonto"),
        "set-off": Term("Set-off", "Aufrechnung"),
        "refund": Term("Refund", "Erstattung"),
    ]
}

extension HTML {
    /// A sign and its word: state is never told by colour alone.
    mutating func term(_ term: Term, _ say: Voice) {
        self("span", .fixed("class", term.tone.cssClass)) { html in
            html.icon(term.icon)
            html("span", text: term.words(say))
        }
    }
}

extension Term.Tone {
    var cssClass: StaticString {
        switch self {
        case .plain: "term"
        case .good: "term good"
        case .accent: "term accent"
        case .warn: "term warn"
        case .bad: "term bad"
        }
    }
}
