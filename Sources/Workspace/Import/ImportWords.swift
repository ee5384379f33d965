/// What imports are called, in both languages.
enum ImportWords {
    /// In the order in which empty books want them.
    static let kinds = [
        "sellers", "customers", "products", "prices", "tax-rates", "exchange-rates", "orders", "invoices",
    ]

    static func kind(_ kind: String, _ say: Voice) -> String {
        switch kind {
        case "sellers": say("Sellers", "Verkäufer")
        case "customers": say("Customers", "Kunden")
        case "products": say("Products", "Artikel")
        case "prices": say("Prices", "Preise")
        case "tax-rates": say("Tax rates", "Steuersätze")
        case "exchange-rates": say("Exchange rates", "Wechselkurse")
        case "orders": say("Orders to bill", "Aufträge zum Abrechnen")
        case "invoices": say("Invoices from before", "Rechnungen von früher")
        default: kind
        }
    }

    static func about(_ kind: String, _ say: Voice) -> String {
        switch kind {
        case "sellers":
            say("our companies, their numbering and accounts", "unsere Firmen, ihre Nummernkreise und Konten")
        case "customers":
            say(
                "addresses, terms, mail by purpose, bank details", "Anschriften, Ziele, E-Mail je Zweck, Bankverbindung"
            )
        case "products": say("articles and services with unit and tax", "Waren und Leistungen mit Einheit und Steuer")
        case "prices": say("per list, article, quantity and day", "je Liste, Artikel, Menge und Tag")
        case "tax-rates": say("per country and kind of tax, from a day on", "je Land und Steuerart, ab einem Tag")
        case "exchange-rates": say("per currency and day", "je Währung und Tag")
        case "orders": say("what was delivered and waits to be billed", "was geliefert ist und auf die Rechnung wartet")
        case "invoices":
            say("open and paid documents of the system before", "offene und bezahlte Belege des vorigen Systems")
        default: ""
        }
    }

    /// A field as a person calls it; its own name where nobody gave it another.
    static func field(_ name: String, _ say: Voice) -> String {
        if let words = fields[name] { return say(words.0, words.1) }
        let text = String(name.map { $0 == "_" ? " " : $0 })
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static let fields: [String: (String, String)] = [
        "account": ("Bank account", "Bankkonto"), "bic": ("BIC", "BIC"), "city": ("City", "Ort"),
        "consumer": ("Consumer", "Verbraucher"), "contact_name": ("Contact", "Ansprechperson"),
        "corrects": ("Corrects", "Berichtigt"), "country": ("Country", "Land"),
        "credit_limit": ("Credit limit", "Kreditlimit"), "creditor_ref": ("Creditor reference", "Gläubigerreferenz"),
        "currency": ("Currency", "Währung"), "customer_id": ("Customer number", "Kundennummer"),
        "customer_name": ("Customer name", "Kundenname"), "day": ("Day", "Tag"),
        "description": ("Description", "Bezeichnung"), "discount_pct": ("Discount, %", "Rabatt, %"),
        "disputed": ("Disputed", "Bestritten"), "due_date": ("Due day", "Fällig am"), "email": ("Mail", "E-Mail"),
        "escalation_email": ("Mail for escalation", "E-Mail für Eskalation"), "gross": ("Gross", "Brutto"),
        "home_currency": ("Home currency", "Hauswährung"), "iban": ("IBAN", "IBAN"),
        "invoice_no": ("Invoice number", "Rechnungsnummer"),
        "invoice_prefix": ("Pattern of invoice numbers", "Muster der Rechnungsnummern"),
        "issue_date": ("Issue day", "Rechnungstag"), "language": ("Language", "Sprache"),
        "line_no": ("Line", "Position"), "min_qty": ("From quantity", "Ab Menge"), "name": ("Name", "Name"),
        "name_de": ("Name, German", "Name, deutsch"), "name_en": ("Name, English", "Name, englisch"),
        "net": ("Net", "Netto"), "open": ("Open", "Offen"), "order_date": ("Order day", "Auftragstag"),
        "order_id": ("Order number", "Auftragsnummer"), "payment_terms_days": ("Days to pay", "Zahlungsziel, Tage"),
        "phone": ("Telephone", "Telefon"), "po_number": ("Customer's order number", "Bestellnummer"),
        "postcode": ("Postcode", "Postleitzahl"), "price_list": ("Price list", "Preisliste"),
        "quantity": ("Quantity", "Menge"), "rate": ("Rate", "Kurs"), "rate_percent": ("Rate, %", "Satz, %"),
        "reminder_email": ("Mail for reminders", "E-Mail für Mahnungen"), "seller": ("Seller", "Verkäufer"),
        "service": ("Is a service", "Ist eine Leistung"), "settled_date": ("Paid on", "Bezahlt am"),
        "sku": ("Article", "Artikel"), "source": ("Source", "Quelle"), "state": ("State", "Bundesland"),
        "statement_email": ("Mail for statements", "E-Mail für Kontoauszüge"), "status": ("Status", "Status"),
        "street": ("Street", "Straße"), "tax": ("Tax", "Steuer"), "tax_category": ("Kind of tax", "Steuerart"),
        "time_zone": ("Time zone", "Zeitzone"), "type": ("Type", "Art"), "unit": ("Unit", "Einheit"),
        "unit_price": ("Unit price", "Einzelpreis"), "valid_from": ("Valid from", "Gültig ab"),
        "vat_category": ("VAT category", "Umsatzsteuerart"), "vat_id": ("VAT id", "USt-IdNr."),
    ]

    /// Problems that are put right by saying how days and decimals are written.
    static let aboutDays: Set<String> = ["table.dates-ambiguous", "table.dates-contradict", "table.two-digit-years"]
    static let aboutDecimals: Set<String> = ["table.decimals-ambiguous", "table.decimals-contradict"]

    /// Why, where the page can say it shorter and in both languages.
    static func why(_ problem: ImportProblem, _ say: Voice) -> String {
        guard problem.code == "table.column-missing", let name = problem.field else { return problem.why }
        let field = field(name, say)
        return say("\(field): no column holds it.", "\(field): keine Spalte enthält es.")
    }

    /// What to do about a problem, where the page has a field for what the command line has an option for.
    static func next(_ problem: ImportProblem, _ say: Voice) -> String {
        switch problem.code {
        case "table.column-missing":
            say(
                "Choose the column that holds it, or give one value for all rows.",
                "Wählen Sie die Spalte dafür, oder geben Sie einen Wert für alle Zeilen an.")
        case "table.column-ambiguous", "table.field-claimed-twice", "table.field-given-twice":
            say("Choose it for one column only.", "Wählen Sie es nur für eine Spalte.")
        case "table.dates-ambiguous", "table.dates-contradict", "table.two-digit-years", "table.not-a-day":
            say(
                "Correct the cell, or choose the order of days.",
                "Berichtigen Sie die Zelle, oder wählen Sie die Folge der Tage.")
        case "table.decimals-ambiguous", "table.decimals-contradict", "table.not-a-number":
            say(
                "Correct the cell, or choose how decimals are written.",
                "Berichtigen Sie die Zelle, oder wählen Sie die Schreibweise der Dezimalstellen.")
        case "import.which-seller", "import.no-such-seller":
            say("Choose the seller.", "Wählen Sie den Verkäufer.")
        case "table.sheet-missing": say("Choose another sheet.", "Wählen Sie ein anderes Blatt.")
        default: problem.next
        }
    }

    /// `1 row`, `1,200 rows`
    static func rows(_ number: Int, _ say: Voice) -> String {
        count(number, say) + (number == 1 ? say(" row", " Zeile") : say(" rows", " Zeilen"))
    }

    static func count(_ number: Int, _ say: Voice) -> String { say.figure(Figure(Int64(number), decimals: 0)) }

    static func size(_ bytes: Int, _ say: Voice) -> String {
        bytes < 1 << 20
            ? "\(max(1, bytes >> 10))\u{00A0}KiB"
            : say.figure(Figure(Int64((bytes * 10) >> 20), decimals: 1)) + "\u{00A0}MiB"
    }
}
