import Money

/// The company as the files that `duly import` and `duly bank import` read, and the answers beside them.
extension DemoCompany {
    public struct File: Sendable, Equatable {
        public let name: String
        public let text: String
    }

    /// What is given, in the order in which it is read, then the bank files by month, then the answers.
    public func files() -> [File] {
        masterFiles() + [File(name: "orders.csv", text: ordersCSV())]
            + months().map { File(name: Self.bankFileName($0), text: bankXML(of: $0)) } + answers()
    }

    /// Who sells what to whom at which price and tax.
    public func masterFiles() -> [File] {
        [
            File(name: "sellers.csv", text: sellersCSV()), File(name: "customers.csv", text: customersCSV()),
            File(name: "products.csv", text: productsCSV()), File(name: "prices.csv", text: pricesCSV()),
            File(name: "tax-rates.csv", text: taxRatesCSV()),
        ]
    }

    /// What must come of it: the documents, the allocations, what stays open.
    public func answers() -> [File] {
        [
            File(name: "expected-invoices.csv", text: invoicesCSV()),
            File(name: "expected-allocations.csv", text: allocationsCSV()),
        ]
    }

    /// The months that the days touch, each by its first day.
    public func months() -> [Day] {
        var month = days.lowerBound.firstOfMonth
        var all: [Day] = []
        while month <= days.upperBound {
            all.append(month)
            month = month.adding(months: 1)
        }
        return all
    }

    public static func bankFileName(_ month: Day) -> String { "bank-\(String(month.description.prefix(7))).xml" }

    func sellersCSV() -> String {
        Self.table(
            [
                "seller", "name", "country", "currency", "invoice_prefix", "account", "bic", "vat_id", "street",
                "postcode", "city", "email", "phone",
            ],
            sellers.map {
                [
                    $0.code, $0.name, $0.country, $0.currency.code, $0.prefix, $0.iban, $0.bic, $0.vatID, $0.street,
                    $0.postcode, $0.city, $0.email, $0.phone,
                ]
            })
    }

    func customersCSV() -> String {
        let currencies = Dictionary(uniqueKeysWithValues: sellers.map { ($0.code, $0.currency.code) })
        return Self.table(
            [
                "customer_id", "name", "country", "seller", "currency", "consumer", "vat_id", "street", "postcode",
                "city", "email",
                "iban", "payment_terms_days", "price_list", "credit_limit", "language",
            ],
            customers.map {
                [
                    $0.number, $0.name, $0.country, $0.seller, currencies[$0.seller] ?? "", $0.isConsumer ? "1" : "0",
                    $0.vatID, $0.street,
                    $0.postcode, $0.city, $0.email, $0.isAccountKnown ? $0.iban : "", String($0.termsDays),
                    $0.priceList,
                    $0.creditLimit.map(String.init) ?? "", $0.language,
                ]
            })
    }

    func productsCSV() -> String {
        Self.table(
            ["sku", "name_de", "name_en", "unit", "tax_category", "service"],
            products.map { [$0.sku, $0.nameDE, $0.nameEN, $0.unit, $0.taxCategory, $0.isService ? "1" : "0"] })
    }

    func pricesCSV() -> String {
        Self.table(
            ["price_list", "sku", "currency", "min_qty", "unit_price", "valid_from"],
            prices.map {
                [
                    $0.list, $0.sku, $0.currency.code, String($0.minQuantity), Self.decimal($0.unitPrice, 4),
                    $0.validFrom.description,
                ]
            })
    }

    func taxRatesCSV() -> String {
        Self.table(
            ["country", "tax_category", "rate_percent", "valid_from"],
            taxRates.map { [$0.country, $0.taxCategory, Self.decimal($0.rate, 2), $0.validFrom.description] })
    }

    /// The orders of these days, or of all.
    public func ordersCSV(_ span: ClosedRange<Day>? = nil) -> String {
        Self.table(
            [
                "order_id", "line_no", "customer_id", "seller", "order_date", "po_number", "sku", "quantity",
                "discount_pct",
            ],
            orders.lazy.filter { span?.contains($0.day) ?? true }.map {
                [
                    $0.orderID, String($0.lineNo), $0.customer, $0.seller, $0.day.description, $0.poNumber, $0.sku,
                    Self.decimal($0.quantity, 3), Self.decimal($0.discount, 2),
                ]
            })
    }

    func invoicesCSV() -> String {
        Self.table(
            [
                "invoice_no", "type", "order_id", "customer_id", "seller", "issue_date", "due_date", "currency", "net",
                "tax", "gross",
                "creditor_ref",
            ],
            invoices.map {
                [
                    $0.number, $0.isCreditNote ? "credit_note" : "invoice", $0.orderID, $0.customer, $0.seller,
                    $0.day.description,
                    $0.dueDay.description, $0.net.currency.code, $0.net.decimal, $0.tax.decimal, $0.gross.decimal,
                    $0.reference,
                ]
            })
    }

    /// As `cash apply --from` reads it; a payment that belongs to no document has an empty one.
    func allocationsCSV() -> String {
        let byPayment = Dictionary(grouping: allocations, by: \.payment)
        return Self.table(
            ["payment_id", "invoice_no", "allocated", "writeoff", "scenario"],
            payments.flatMap { payment in
                let mine = byPayment[payment.id] ?? []
                guard !mine.isEmpty else { return [[payment.id, "", "0", "0", payment.scenario.rawValue]] }
                return mine.map {
                    [payment.id, $0.invoice, $0.allocated.decimal, $0.writeOff.decimal, payment.scenario.rawValue]
                }
            })
    }

    /// RFC 4180: quoted where a comma, a quote or a line end stands in a field.
    static func table(_ headings: [String], _ rows: some Sequence<[String]>) -> String {
        var text = headings.joined(separator: ",") + "\n"
        for row in rows {
            for (place, field) in row.enumerated() {
                if place > 0 { text += "," }
                let isPlain = !field.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }
                text += isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
            }
            text += "\n"
        }
        return text
    }

    /// Without zeros at its end: 1250 of two decimals is 12.5.
    static func decimal(_ value: Int64, _ decimals: Int) -> String {
        var (rest, places) = (abs(value), decimals)
        while places > 0, rest % 10 == 0 { (rest, places) = (rest / 10, places - 1) }
        let digits = DemoNumbers.padded(Int(rest), places + 1)
        let text = places == 0 ? digits : "\(digits.dropLast(places)).\(digits.suffix(places))"
        return value < 0 ? "-" + text : text
    }
}
