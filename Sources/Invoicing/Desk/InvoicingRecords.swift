import Books
import Charges
import Customers
import Database
import Invoicing
import Ledger
import Money
import Pricing

/// What the invoicing desk reads.
enum InvoicingRecords {
    static let chargeColumns = """
        c.charge, c.customer, c.order_id, c.line_no, c.day, c.currency, c.po_number, c.sku, c.description, c.quantity,
        c.unit_price, c.discount, c.bill_from
        """

    static func charge(_ row: borrowing RowCursor) throws -> Charge {
        guard let day = Day(try row.text(4)), let currency = Currency(try row.text(5)) else {
            throw DatabaseError.bug("a charge that cannot be read")
        }
        return Charge(
            id: RecordID(number: try row.int(0)), customer: RecordID(number: try row.int(1)), orderID: try row.text(2),
            lineNo: try row.int(3), day: day, currency: currency, poNumber: try row.text(6), sku: try row.text(7),
            description: try row.text(8), quantity: Quantity(micro: try row.int(9)),
            unitPrice: try row.intOrNil(10).map { UnitPrice(scaled: $0) }, discount: Rate(scaled: try row.int(11)),
            billFrom: try row.textOrNil(12).flatMap { Day($0) })
    }

    /// What can be billed through a day, in the order of the numbers to come: day, order, line.
    static func unbilled(
        _ transaction: any Transaction, book: Int64, through day: Day, customer: RecordID?,
        _ body: (Charge) throws -> Void
    ) throws {
        let filter = customer == nil ? "" : "AND c.customer = $3"
        try transaction.rows(
            """
            SELECT \(chargeColumns)
            FROM charges c
            WHERE c.book = $1 AND c.billed_by IS NULL AND c.day <= $2 \(filter)
            ORDER BY c.day, c.order_id, c.line_no
            """, [.int(book), .text(day.description)] + (customer.map { [.int($0.number)] } ?? [])
        ) { try body(try charge($0)) }
    }

    /// Those of these charges that nothing bills yet, read after their customers are locked.
    static func stillUnbilled(_ transaction: any Transaction, book: Int64, _ charges: [RecordID]) throws -> Set<Int64> {
        try transaction.pick(charges.map(\.number))
        var found: Set<Int64> = []
        found.reserveCapacity(charges.count)
        try transaction.rows(
            """
            SELECT c.charge FROM picked CROSS JOIN charges c
            WHERE c.book = $1 AND c.charge = picked.key AND c.billed_by IS NULL
            """, [.int(book)]
        ) { found.insert(try $0.int(0)) }
        return found
    }

    /// Facts of these customers, in one query.
    static func customers(
        _ transaction: any Transaction, book: Int64, _ customers: some Sequence<RecordID>
    ) throws -> [RecordID: CustomerFacts] {
        try transaction.pick(Array(Set(customers.map(\.number))).sorted())
        var facts: [RecordID: CustomerFacts] = [:]
        try transaction.rows(
            """
            SELECT c.customer, c.number, c.details, c.country, c.state, c.currency, c.language, c.consumer, c.has_vat_id,
                c.terms_days, c.price_list, c.credit_limit,
                EXISTS (SELECT 1 FROM contacts k WHERE k.book = $1 AND k.customer = c.customer AND k.purpose = 'invoice'
                    AND k.email <> '')
            FROM picked CROSS JOIN customers c
            WHERE c.book = $1 AND c.customer = picked.key
            """, [.int(book)]
        ) { row in
            guard let currency = Currency(try row.text(5)) else {
                throw DatabaseError.bug("a customer that cannot be read")
            }
            let id = RecordID(number: try row.int(0))
            facts[id] = CustomerFacts(
                id: id, number: try row.text(1), details: RecordID(number: try row.int(2)), country: try row.text(3),
                state: try row.text(4), currency: currency, language: try row.text(6), isConsumer: try row.int(7) != 0,
                hasVATID: try row.int(8) != 0, termsDays: Int(try row.int(9)), priceList: try row.text(10),
                creditLimit: try row.intOrNil(11).map { Money(minor: $0, currency) },
                channel: try row.flag(12) ? .email : .post)
        }
        return facts
    }

    /// Products, prices, taxes and exchange rates: reference data, read once for a run.
    static func references(_ transaction: any Transaction, seller: SellerFacts, openFrom: Day) throws -> DraftFacts {
        var products: [String: ProductFacts] = [:]
        try transaction.rows("SELECT sku, name_de, name_en, unit, tax_category, service FROM products", []) { row in
            let sku = try row.text(0)
            products[sku] = ProductFacts(
                sku: sku, nameDE: try row.text(1), nameEN: try row.text(2), unit: try row.text(3),
                taxCategory: try row.text(4), isService: try row.int(5) != 0)
        }
        var prices = PriceBook()
        try transaction.rows("SELECT price, price_list, sku, currency, min_qty, unit_price, valid_from FROM prices", [])
        {
            row in
            guard let currency = Currency(try row.text(3)), let from = Day(try row.text(6)) else { return }
            prices.add(
                PriceStep(
                    row: RecordID(number: try row.int(0)), list: try row.text(1),
                    minQuantity: Quantity(micro: try row.int(4)),
                    unitPrice: UnitPrice(scaled: try row.int(5)), validFrom: from), sku: try row.text(2),
                currency: currency)
        }
        prices.sort()
        var taxes = TaxTable()
        try transaction.rows(
            "SELECT tax_rate, country, state, tax_category, vat_category, rate, valid_from FROM tax_rates", []
        ) { row in
            guard let category = VATCategory(rawValue: try row.text(4)), let from = Day(try row.text(6)) else { return }
            taxes.add(
                TaxRateRow(
                    row: RecordID(number: try row.int(0)), vatCategory: category, rate: Rate(scaled: try row.int(5)),
                    validFrom: from),
                country: try row.text(1), state: try row.text(2), category: try row.text(3))
        }
        var facts = DraftFacts(
            sellerCountry: seller.country, home: seller.currency, openFrom: openFrom, products: products,
            prices: prices, taxes: taxes)
        try transaction.rows(
            "SELECT currency, day, rate, source FROM exchange_rates WHERE home_currency = $1",
            [.text(seller.currency.code)]
        ) { row in
            guard let currency = Currency(try row.text(0)), let day = Day(try row.text(1)) else { return }
            facts.rates[ExchangeRateKey(currency: currency, day: day)] = ExchangeRate(
                scaled: try row.int(2), day: day, source: try row.text(3))
        }
        return facts
    }

    /// The customer of this number, or a refusal.
    static func customer(_ number: String, _ transaction: any Transaction, book: Int64) throws -> RecordID {
        let rows = try transaction.query(
            "SELECT customer FROM customers WHERE book = $1 AND number = $2", [.int(book), .text(number)])
        guard let row = rows.first else { throw InvoicingRefusal.noSuchCustomer(number) }
        return RecordID(number: try row.int(0))
    }

    /// Which of these orders an imported document bills already.
    static func billedElsewhere(
        _ transaction: any Transaction, book: Int64, orders: [String]
    ) throws -> [String: String] {
        guard
            try !transaction.query("SELECT 1 FROM imported_numbers WHERE book = $1 LIMIT 1", [.int(book)]).isEmpty
        else { return [:] }
        try transaction.pick(orders)
        var found: [String: String] = [:]
        try transaction.rows(
            """
            SELECT d.order_id, d.number FROM picked_text p CROSS JOIN documents d
            WHERE d.book = $1 AND d.order_id = p.key AND d.origin = 'imported' AND d.kind = 'invoice'
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = d.command)
            """, [.int(book)]
        ) { found[try $0.text(0)] = try $0.text(1) }
        return found
    }
}

extension RowCursor {
    /// EXISTS is 0 or 1 on SQLite and a boolean on PostgreSQL.
    borrowing func flag(_ column: Int) throws -> Bool {
        switch value(column) {
        case .int(let number): number != 0
        case .text(let text): text == "t" || text == "true" || text == "1"
        default: false
        }
    }
}
