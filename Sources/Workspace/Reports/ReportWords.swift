import Web

extension ReportQuery.Name {
    var term: Term {
        switch self {
        case .aging: Term("Ageing of receivables", "Altersstruktur der Forderungen", .chart)
        case .rollforward: Term("Receivables rolled forward", "Forderungsentwicklung", .chart)
        case .dso: Term("Days sales outstanding", "Forderungslaufzeit", .clock)
        case .collections: Term("Money that came in", "Zahlungseingänge", .bank)
        case .late: Term("How late they pay", "Zahlungsverhalten", .flag)
        case .unbilled: Term("Not billed yet", "Noch nicht abgerechnet", .file)
        case .journal: Term("Journal", "Journal", .list)
        case .openItems: Term("Open items", "Offene Posten", .file)
        case .placed: Term("Money placed automatically", "Automatisch zugeordnetes Geld", .check)
        case .work: Term("Open work", "Offene Arbeit", .list)
        }
    }

    func hint(_ say: Voice) -> String {
        switch self {
        case .aging: say("what is owed, by how long it is past due", "was offen ist, nach Tagen der Überfälligkeit")
        case .rollforward:
            say(
                "how each month's receivables came about: invoiced, credited, collected",
                "wie die Forderungen jedes Monats entstanden: berechnet, gutgeschrieben, eingegangen")
        case .dso: say("how many days of sales are owed, four ways", "wie viele Umsatztage offen sind, auf vier Arten")
        case .collections:
            say(
                "received, returned and refunded, month by month",
                "eingegangen, zurückgegeben, erstattet, Monat für Monat")
        case .late:
            say(
                "of what was paid: how much came late, by country and customer",
                "vom Bezahlten: wie viel zu spät kam, nach Land und Kunde")
        case .unbilled:
            say("what was delivered and stands on no invoice", "was geliefert wurde und auf keiner Rechnung steht")
        case .journal: say("every entry, and what each account comes to", "jede Buchung, und worauf jedes Konto kommt")
        case .openItems: say("one by one, the largest first", "einzeln, die größten zuerst")
        case .placed:
            say(
                "how much of the money found its invoice without a person",
                "wie viel Geld seine Rechnung ohne einen Menschen fand")
        case .work: say("what waits for a person, by kind", "was auf einen Menschen wartet, nach Art")
        }
    }

    /// Whether it is told as known at an instant; the others tell of now.
    var hasTwoClocks: Bool { self != .placed && self != .work }
    var hasFrom: Bool { self == .rollforward || self == .collections || self == .journal }
}

extension Term {
    static let reportParts: [String: Term] = [
        "countries": Term("By country", "Nach Land"),
        "customers": Term("By customer", "Nach Kunde"),
        "accounts": Term("What the accounts come to", "Worauf die Konten kommen"),
        "lines": Term("Entries", "Buchungen"),
    ]

    /// Heads that say the block's currency.
    static let inCurrency: Set<String> = [
        "open", "total", "closing", "receivables", "received", "net", "amount", "worth",
    ]

    static let reportColumns: [String: Term] = [
        "customer": Term("Customer", "Kunde"), "number": Term("Number", "Nummer"), "type": Term("Type", "Art"),
        "day": Term("Date", "Datum"), "due": Term("Due", "Fällig"), "amount": Term("Amount", "Betrag"),
        "open": Term("Open", "Offen"), "total": Term("Open", "Offen"), "unallocated": Term("Unapplied", "Guthaben"),
        "net": Term("Net", "Saldo"), "disputed": Term("Disputed", "Reklamiert"), "month": Term("Month", "Monat"),
        "opening": Term("Opening", "Anfang"), "invoiced": Term("Invoiced", "Berechnet"),
        "credited": Term("Credited", "Gutgeschrieben"), "collected": Term("Collected", "Eingegangen"),
        "written-off": Term("Written off", "Ausgebucht"), "other": Term("Other", "Sonstiges"),
        "closing": Term("Closing", "Ende"), "measure": Term("Measure", "Maß"), "value": Term("Days", "Tage"),
        "receipts": Term("Receipts", "Eingänge"), "received": Term("Received", "Eingegangen"),
        "returned": Term("Returned", "Zurückgegeben"), "refunded": Term("Refunded", "Erstattet"),
        "of": Term("Whose", "Wessen"), "invoices": Term("Settled", "Beglichen"), "late": Term("Late", "Zu spät"),
        "late-share": Term("Share late", "Anteil zu spät"),
        "late-share-amount": Term("Share by amount", "Anteil nach Betrag"),
        "mean-late": Term("Mean days late", "Tage zu spät im Mittel"),
        "late-amount": Term("Amount late", "Betrag zu spät"), "since": Term("Since", "Seit"),
        "charges": Term("Charges", "Leistungen"), "order": Term("Order", "Auftrag"), "sku": Term("Article", "Artikel"),
        "description": Term("Description", "Bezeichnung"), "quantity": Term("Quantity", "Menge"),
        "account": Term("Account", "Konto"), "debit": Term("Debit", "Soll"), "credit": Term("Credit", "Haben"),
        "balance": Term("Balance", "Saldo"), "entry": Term("Entry", "Buchung"), "kind": Term("Kind", "Art"),
        "item": Term("Document", "Beleg"), "currency": Term("Currency", "Währung"),
        "seller": Term("Seller", "Verkäufer"), "actor": Term("By", "Durch"),
        "automatic": Term("By matching", "Automatisch"), "by-hand": Term("By hand", "Von Hand"),
        "rest": Term("Not placed", "Nicht zugeordnet"), "share": Term("Automatic", "Automatisch"),
        "count": Term("How many", "Anzahl"), "bucket": Term("Age", "Alter"),
    ]

    static let reportWords = ofReports.merging(accounts) { first, _ in first }.merging(workMany) { first, _ in first }

    private static let ofReports: [String: Term] = [
        "all": Term("All", "Alle"), "nobodys": Term("Money of nobody yet", "Geld noch ohne Kunde"),
        "others": Term("All others", "Alle anderen"), "share": Term("Share", "Anteil"),
        "simple": Term("Simple: owed ÷ sales of the month × days", "Einfach: offen ÷ Umsatz des Monats × Tage"),
        "rolling": Term("Over 90 days: owed ÷ sales of 90 days × 90", "Über 90 Tage: offen ÷ Umsatz von 90 Tagen × 90"),
        "count-back": Term(
            "Counted back: months that what is owed uses up", "Rückwärts: Monate, die das Offene aufbraucht"),
        "best": Term(
            "Best possible: not due ÷ sales of the month × days", "Bestmöglich: nicht fällig ÷ Umsatz des Monats × Tage"
        ),
        "mean-late": Term("Mean days late of what was settled", "Tage zu spät im Mittel, vom Beglichenen"),
        "receivables": Term("Receivables", "Forderungen"), "not-due": Term("of which not due", "davon nicht fällig"),
        "invoiced": Term("Invoiced in the month", "Im Monat berechnet"),
        "invoiced-90": Term("Invoiced in 90 days", "In 90 Tagen berechnet"),
        "opening": Term("Opening", "Anfang"), "new": Term("Invoiced", "Berechnet"),
        "credited": Term("Credited", "Gutgeschrieben"),
        "collected": Term("Collected", "Eingegangen"), "written-off": Term("Written off", "Ausgebucht"),
        "other": Term("Other", "Sonstiges"), "closing": Term("Closing", "Ende"),
        "invoice": Term("Invoice", "Rechnung"), "credit-note": Term("Credit note", "Gutschrift"),
        "payment": Term("Payment", "Zahlung"), "on account": Term("On account", "Guthaben"),
        "bank": Term("Bank", "Bank"), "unapplied": Term("Unapplied money", "Ungeklärtes Geld"),
    ]

    /// The accounts of the journal.
    static let accounts: [String: Term] = [
        "revenue": Term("Revenue", "Erlöse"), "sales-tax": Term("Sales tax", "Umsatzsteuer"),
        "discount-given": Term("Discount given", "Gewährte Skonti"),
        "bank-charges": Term("Bank charges", "Bankgebühren"),
        "exchange-difference": Term("Exchange difference", "Kursdifferenz"),
        "cash-rounding": Term("Cash rounding", "Rundung"), "interest-income": Term("Interest income", "Zinserträge"),
        "opening-balance": Term("Opening balance", "Eröffnungssaldo"),
    ]

    static let plots: [String: Term] = [
        "ages": Term("Open by age", "Offen nach Alter"),
        "bridge": Term("How the month came about", "Wie der Monat entstand"),
        "dso": Term("Days, counted back, at each month's end", "Tage, rückwärts gezählt, zu jedem Monatsende"),
        "received": Term("Received in each month", "In jedem Monat eingegangen"),
        "late": Term(
            "Share of settled invoices that came late, percent", "Anteil zu spät beglichener Rechnungen, Prozent"),
        "unbilled": Term("Charges by the month they were delivered in", "Leistungen nach dem Monat der Lieferung"),
        "placed": Term(
            "Placed by matching, percent of what was received", "Automatisch zugeordnet, Prozent des Eingegangenen"),
        "work": Term("What waits, by kind", "Was wartet, nach Art"),
    ]
}
