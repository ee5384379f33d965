import Database
import ImportsDesk
import Money

/// A small company's reference data: few rows, each there for a reason.
public enum Stock {
    /// A good and a service at the full rate, a book at the reduced one.
    public static let products = """
        sku,name_de,name_en,unit,tax_category
        BOLT,Schraube,Bolt,C62,S
        HOUR,Wartung,Maintenance,HUR,S
        BOOK,Handbuch,Manual,C62,R
        """
    /// Steps at 10 and 100 on the standard list, one step from 5 on for trade; yen and dinars; a price that rose in July.
    public static let prices = """
        price_list,sku,currency,min_qty,unit_price,valid_from
        STD,BOLT,EUR,1,1.50,2026-01-01
        STD,BOLT,EUR,10,1.25,2026-01-01
        STD,BOLT,EUR,100,0.999,2026-01-01
        STD,BOLT,EUR,1,1.60,2026-07-01
        STD,HOUR,EUR,1,85,2026-01-01
        STD,BOOK,EUR,1,19.90,2026-01-01
        TRADE,BOLT,EUR,5,1.10,2026-01-01
        STD,BOLT,JPY,1,245.5,2026-01-01
        STD,BOLT,KWD,1,0.4375,2026-01-01
        STD,BOLT,USD,1,1.75,2026-01-01
        """
    public static let taxRates = """
        country,state,tax_category,vat_category,rate_percent,valid_from
        DE,,S,S,19,2026-01-01
        DE,,R,S,7,2026-01-01
        FR,,S,S,20,2026-01-01
        FR,,R,S,5.5,2026-01-01
        US,NY,S,S,8.875,2026-01-01
        US,OR,S,O,0,2026-01-01
        """
    public static let customers = """
        customer_id,name,country,state,currency,consumer,vat_id,email,payment_terms_days,price_list,language
        C-1,Löwe Spedition GmbH,DE,,EUR,0,DE123456788,rechnung@example.org,30,STD,de
        C-2,Ateliers Morel SARL,FR,,EUR,0,FR40303265045,facture@example.org,14,TRADE,en
        C-3,Jeanne Petit,FR,,EUR,1,,jeanne@example.org,14,STD,en
        C-4,Ateliers sans numéro,FR,,EUR,0,,,14,STD,en
        C-5,Alpenrad AG,CH,,EUR,0,,,30,STD,de
        C-6,Kyoto Works,JP,,JPY,0,,,30,STD,en
        C-7,Gulf Trading,KW,,KWD,0,,,30,STD,en
        C-8,Hudson Supplies,US,NY,USD,0,,,30,STD,en
        C-9,Österreich Bau GmbH,AT,,EUR,1,,,30,STD,de
        """

    public static let orderHeadings =
        "order_id,line_no,customer_id,order_date,currency,po_number,sku,quantity,unit_price,discount_pct"
}

extension Company {
    /// With products, prices, tax rates and customers.
    public static func stocked(
        _ engine: Engine, country: String = "DE", currency: Currency = .eur,
        openFrom: String = "2026-01-01",
        series: String = "RE-{year}-{n:6}"
    ) async throws -> Company {
        let company = try await open(engine, country: country, currency: currency, openFrom: openFrom, series: series)
        try await company.stock()
        return company
    }

    public func stock() async throws {
        for (kind, table) in [
            ("products", Stock.products), ("prices", Stock.prices), ("tax-rates", Stock.taxRates),
            ("customers", Stock.customers),
        ] {
            let outcome = try await importing(kind, table + "\n")
            guard outcome.problems == 0 else { throw BadStock(problems: outcome.refusals.map { "\($0)" }) }
        }
    }

    /// Orders: `ORDER LINE CUSTOMER DAY SKU QUANTITY`, then where wanted currency, unit price and discount (`-` for none).
    @discardableResult
    public func order(_ lines: String..., dryRun: Bool = false) async throws -> Int {
        let rows = lines.map { line in
            let words = line.split(separator: " ").map(String.init)
            func word(_ index: Int) -> String { index < words.count && words[index] != "-" ? words[index] : "" }
            return [
                word(0), word(1), word(2), word(3), word(6), "PO-\(word(0))", word(4), word(5), word(7), word(8),
            ].joined(separator: ",")
        }
        let outcome = try await importing("orders", ([Stock.orderHeadings] + rows).joined(separator: "\n") + "\n")
        guard outcome.problems == 0 else { throw BadStock(problems: outcome.refusals.map { "\($0)" }) }
        return outcome.files[0].added
    }

    struct BadStock: Error, CustomStringConvertible {
        let problems: [String]
        var description: String { problems.joined(separator: "\n") }
    }
}
