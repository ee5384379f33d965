import Books
import Database
import Formats
import Ledger
import Money
import Pricing

/// Products: what is sold, in which unit, how it is taxed.
struct ProductsImport: ImportKind {
    struct Piece: Sendable, Equatable {
        let sku, nameDE, nameEN, unit, taxCategory: String
        let service: Bool
    }
    static let fields = [
        FieldDeclaration(
            "sku", .identifier, required: true,
            synonyms: ["article", "article_no", "stock_code", "item", "artikel", "artikelnummer"]),
        FieldDeclaration("name_de", synonyms: ["name", "bezeichnung", "description"]),
        FieldDeclaration("name_en"),
        FieldDeclaration("unit", synonyms: ["einheit", "uom"]),
        FieldDeclaration("tax_category", synonyms: ["steuerkategorie"]),
        FieldDeclaration("service", .flag, synonyms: ["dienstleistung", "is_service"]),
    ]
    static let example = ["P-100", "Wartung", "Maintenance", "HUR", "S", "1"]

    private let sku, nameDE, nameEN, unit, category, service: TableField
    init(_ survey: TableSurvey, _ facts: Set<Int>, _ context: ImportContext) {
        sku = survey.field("sku")
        nameDE = survey.field("name_de")
        nameEN = survey.field("name_en")
        unit = survey.field("unit")
        category = survey.field("tax_category")
        service = survey.field("service")
    }
    static func facts(_ context: ImportContext, _ transaction: any Transaction) -> Set<Int> { [] }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        let code = row.text(unit)?.uppercased() ?? "C62"
        let isService = row.flag(service) ?? ProductFacts.serviceUnits.contains(code)
        guard let number = row.text(sku), !row.isRefused else { return nil }
        return (
            row.number,
            Piece(
                sku: number, nameDE: row.text(nameDE) ?? "", nameEN: row.text(nameEN) ?? "", unit: code,
                taxCategory: row.text(category) ?? "S", service: isService)
        )
    }

    static func judge(
        _ pieces: [Piece], _ facts: Set<Int>, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        try transaction.pick(pieces.map(\.sku))
        var known: [String: Piece] = [:]
        try transaction.rows(
            """
            SELECT p.sku, p.name_de, p.name_en, p.unit, p.tax_category, p.service
            FROM picked_text k CROSS JOIN products p WHERE p.sku = k.key
            """, []
        ) { row in
            known[try row.text(0)] = Piece(
                sku: try row.text(0), nameDE: try row.text(1), nameEN: try row.text(2), unit: try row.text(3),
                taxCategory: try row.text(4), service: try row.int(5) != 0)
        }
        return pieces.map { piece in
            guard let earlier = known[piece.sku] else {
                known[piece.sku] = piece
                return .added
            }
            known[piece.sku] = piece
            return earlier == piece ? .unchanged : .changed
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Set<Int>, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        var ids = ReferenceIDs(writing)
        var fresh = RowBatch(
            into: "products",
            columns: ["product", "sku", "name_de", "name_en", "unit", "tax_category", "service", "recorded"])
        for (piece, verdict) in pieces {
            if case .added = verdict {
                fresh.append([
                    .int(ids.next()), .text(piece.sku), .text(piece.nameDE), .text(piece.nameEN), .text(piece.unit),
                    .text(piece.taxCategory), .int(piece.service ? 1 : 0), .text(writing.clock.description),
                ])
            }
        }
        try writing.transaction.insert(fresh)
        for (piece, verdict) in pieces {
            guard case .changed = verdict else { continue }
            _ = try writing.transaction.execute(
                """
                UPDATE products SET name_de = $2, name_en = $3, unit = $4, tax_category = $5, service = $6 WHERE sku = $1
                """,
                [
                    .text(piece.sku), .text(piece.nameDE), .text(piece.nameEN), .text(piece.unit),
                    .text(piece.taxCategory),
                    .int(piece.service ? 1 : 0),
                ])
        }
        return 0
    }
}

/// Ids of reference rows, which belong to no book.
struct ReferenceIDs {
    private var number: Int64
    init(_ writing: ImportWriting) {
        number = RecordID(at: writing.clock, count: Int64(writing.chance & 0xF_FFFF)).number
    }
    mutating func next() -> Int64 {
        number += 1
        return number
    }
}

/// Prices: a list, a product, a currency, from a quantity and a day on.
struct PricesImport: ImportKind {
    struct Piece: Sendable, Equatable {
        let list, sku: String
        let currency: Currency
        let minQuantity: Quantity
        let price: UnitPrice
        let from: Day
        var key: String { "\(list)\u{1}\(sku)\u{1}\(currency.code)\u{1}\(from)\u{1}\(minQuantity.micro)" }
    }
    static let fields = [
        FieldDeclaration("price_list", synonyms: ["list", "preisliste"]),
        FieldDeclaration(
            "sku", .identifier, required: true,
            synonyms: ["article", "article_no", "stock_code", "item", "artikel", "artikelnummer"]),
        FieldDeclaration("currency", .currency, synonyms: ["waehrung"]),
        FieldDeclaration("min_qty", .quantity, synonyms: ["min_quantity", "from_quantity", "ab_menge"]),
        FieldDeclaration("unit_price", .price, required: true, synonyms: ["price", "preis"]),
        FieldDeclaration("valid_from", .day, synonyms: ["from", "gueltig_ab"]),
    ]
    static let example = ["STD", "P-100", "EUR", "1", "146.89", "2026-01-01"]

    private let list, sku, currency, quantity, price, from: TableField
    private let home: Currency?
    init(_ survey: TableSurvey, _ facts: Set<String>, _ context: ImportContext) {
        list = survey.field("price_list")
        sku = survey.field("sku")
        currency = survey.field("currency")
        quantity = survey.field("min_qty")
        price = survey.field("unit_price")
        from = survey.field("valid_from")
        products = facts
        home = context.defaultSeller?.currency
    }
    private let products: Set<String>
    static func facts(_ context: ImportContext, _ transaction: any Transaction) throws -> Set<String> {
        var known: Set<String> = []
        try transaction.rows("SELECT sku FROM products", []) { known.insert(try $0.text(0)) }
        return known
    }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        let money = row.isBlank(currency) ? home : row.currency(currency)
        if money == nil, row.isBlank(currency) {
            row.refuse(
                currency, code: "import.no-currency", why: "The row names no currency and there is no single seller.",
                next: "Add a currency column, or say --set currency=EUR.")
        }
        let number = row.text(sku)
        if let number, !products.contains(number) {
            row.refuse(
                sku, code: "import.unknown-product", why: "There is no product \(number).",
                next: "Import products first."
            )
        }
        let amount = row.price(price, money)
        if let amount, amount.scaled < 0 {
            row.refuse(
                price, code: "import.negative-price", why: "A price is not negative.",
                next: "Write a discount as a negative quantity, or use discount_pct.")
        }
        let least = row.isBlank(quantity) ? Quantity(micro: 0) : row.quantity(quantity)
        let day = row.isBlank(from) ? Day("2000-01-01") : row.day(from)
        guard let money, let number, let amount, let least, let day, !row.isRefused else { return nil }
        return (
            row.number,
            Piece(
                list: row.text(list) ?? PriceBook.standardList, sku: number, currency: money, minQuantity: least,
                price: amount, from: day)
        )
    }

    static func judge(
        _ pieces: [Piece], _ facts: Set<String>, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        try transaction.pick(pieces.map(\.sku))
        var known: [String: Int64] = [:]
        try transaction.rows(
            """
            SELECT p.price_list, p.sku, p.currency, p.valid_from, p.min_qty, p.unit_price
            FROM picked_text k CROSS JOIN prices p WHERE p.sku = k.key
            """, []
        ) { row in
            let key =
                "\(try row.text(0))\u{1}\(try row.text(1))\u{1}\(try row.text(2))\u{1}\(try row.text(3))\u{1}\(try row.int(4))"
            known[key] = try row.int(5)
        }
        return pieces.map { piece in
            guard let earlier = known[piece.key] else {
                known[piece.key] = piece.price.scaled
                return .added
            }
            if earlier == piece.price.scaled { return .unchanged }
            return .refused(
                ImportProblem(
                    code: "import.price-is-history", field: "unit_price",
                    why:
                        "List \(piece.list) has \(UnitPrice(scaled: earlier).decimal) for \(piece.sku) from \(piece.from) on already.",
                    next: "A changed price is a new row with a later valid_from."))
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Set<String>, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        var ids = ReferenceIDs(writing)
        var fresh = RowBatch(
            into: "prices",
            columns: ["price", "price_list", "sku", "currency", "min_qty", "unit_price", "valid_from", "recorded"])
        for (piece, verdict) in pieces {
            guard case .added = verdict else { continue }
            fresh.append([
                .int(ids.next()), .text(piece.list), .text(piece.sku), .text(piece.currency.code),
                .int(piece.minQuantity.micro), .int(piece.price.scaled), .text(piece.from.description),
                .text(writing.clock.description),
            ])
        }
        try writing.transaction.insert(fresh)
        return 0
    }
}

/// Tax rates: a country (and state), a category of products, from a day on.
struct TaxRatesImport: ImportKind {
    struct Piece: Sendable, Equatable {
        let country, state, category: String
        let vat: VATCategory
        let rate: Rate
        let from: Day
        var key: String { "\(country)\u{1}\(state)\u{1}\(category)\u{1}\(from)" }
    }
    static let fields = [
        FieldDeclaration("country", required: true, synonyms: ["land"]),
        FieldDeclaration("state"),
        FieldDeclaration("tax_category", required: true),
        FieldDeclaration("vat_category"),
        FieldDeclaration("rate_percent", .percent, required: true, synonyms: ["rate", "percent", "satz"]),
        FieldDeclaration("valid_from", .day, synonyms: ["from"]),
    ]
    static let example = ["DE", "", "S", "S", "19", "2026-01-01"]

    private let country, state, category, vat, rate, from: TableField
    init(_ survey: TableSurvey, _ facts: Set<Int>, _ context: ImportContext) {
        country = survey.field("country")
        state = survey.field("state")
        category = survey.field("tax_category")
        vat = survey.field("vat_category")
        rate = survey.field("rate_percent")
        from = survey.field("valid_from")
    }
    static func facts(_ context: ImportContext, _ transaction: any Transaction) -> Set<Int> { [] }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        let land = row.text(country)?.uppercased()
        if let land, land.utf8.count != 2 {
            row.refuse(
                country, code: "import.bad-country", why: "'\(land)' is not a country code of two letters.",
                next: "Write it as in ISO 3166, such as DE.")
        }
        let percent = row.rate(rate)
        if let percent, percent.scaled < 0 {
            row.refuse(
                rate, code: "import.negative-rate", why: "A tax rate is not negative.", next: "Correct the row.")
        }
        let letters = row.text(vat) ?? (percent == .zero ? "Z" : "S")
        let kind = VATCategory(rawValue: letters.uppercased())
        if kind == nil {
            row.refuse(
                vat, code: "import.bad-vat-category", why: "'\(letters)' is not a VAT category.",
                next: "Say one of \(VATCategory.allCases.map(\.rawValue).joined(separator: ", ")) (UNCL 5305).")
        }
        let day = row.isBlank(from) ? Day("2000-01-01") : row.day(from)
        let group = row.text(category)
        guard let land, let percent, let kind, let day, let group, !row.isRefused else { return nil }
        return (
            row.number,
            Piece(
                country: land, state: row.text(state)?.uppercased() ?? "", category: group, vat: kind, rate: percent,
                from: day)
        )
    }

    static func judge(
        _ pieces: [Piece], _ facts: Set<Int>, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        var known: [String: (String, Int64)] = [:]
        try transaction.rows("SELECT country, state, tax_category, valid_from, vat_category, rate FROM tax_rates", []) {
            row in
            known["\(try row.text(0))\u{1}\(try row.text(1))\u{1}\(try row.text(2))\u{1}\(try row.text(3))"] = (
                try row.text(4), try row.int(5)
            )
        }
        return pieces.map { piece in
            guard let earlier = known[piece.key] else {
                known[piece.key] = (piece.vat.rawValue, piece.rate.scaled)
                return .added
            }
            if earlier == (piece.vat.rawValue, piece.rate.scaled) { return .unchanged }
            return .refused(
                ImportProblem(
                    code: "import.rate-is-history", field: "rate_percent",
                    why:
                        "\(piece.country) \(piece.state) has \(Rate(scaled: earlier.1).percent) % for \(piece.category) from \(piece.from) on already.",
                    next: "A changed rate is a new row with a later valid_from."))
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Set<Int>, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        var ids = ReferenceIDs(writing)
        var fresh = RowBatch(
            into: "tax_rates",
            columns: [
                "tax_rate", "country", "state", "tax_category", "vat_category", "rate", "valid_from", "recorded",
            ])
        for (piece, verdict) in pieces {
            guard case .added = verdict else { continue }
            fresh.append([
                .int(ids.next()), .text(piece.country), .text(piece.state), .text(piece.category),
                .text(piece.vat.rawValue), .int(piece.rate.scaled), .text(piece.from.description),
                .text(writing.clock.description),
            ])
        }
        try writing.transaction.insert(fresh)
        return 0
    }
}

/// Exchange rates: units of the seller's currency for one of another, on a day, with their source.
struct ExchangeRatesImport: ImportKind {
    struct Piece: Sendable, Equatable {
        let currency, home: Currency
        let day: Day
        let rate: UnitPrice
        let source: String
        var key: String { "\(currency.code)\(home.code)\(day)" }
    }
    static let fields = [
        FieldDeclaration("currency", .currency, required: true, synonyms: ["from_currency", "waehrung"]),
        FieldDeclaration("home_currency", .currency, synonyms: ["to_currency", "base"]),
        FieldDeclaration("day", .day, required: true, synonyms: ["date", "datum"]),
        FieldDeclaration("rate", .price, required: true, synonyms: ["kurs"]),
        FieldDeclaration("source", synonyms: ["quelle"]),
    ]
    static let example = ["USD", "EUR", "2026-01-02", "0.9231", "ECB"]

    private let currency, home, day, rate, source: TableField
    private let standard: Currency?
    init(_ survey: TableSurvey, _ facts: Set<Int>, _ context: ImportContext) {
        currency = survey.field("currency")
        home = survey.field("home_currency")
        day = survey.field("day")
        rate = survey.field("rate")
        source = survey.field("source")
        standard = context.defaultSeller?.currency
    }
    static func facts(_ context: ImportContext, _ transaction: any Transaction) -> Set<Int> { [] }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        let from = row.currency(currency)
        let to = row.isBlank(home) ? standard : row.currency(home)
        if to == nil, row.isBlank(home) {
            row.refuse(
                home, code: "import.no-currency", why: "The row does not say into which currency.",
                next: "Add a home_currency column.")
        }
        let value = row.price(rate)
        if let value, value.scaled <= 0 {
            row.refuse(
                rate, code: "import.rate-not-positive", why: "A rate is more than zero.", next: "Correct the row.")
        }
        if let from, from == to {
            row.refuse(
                currency, code: "import.same-currency", why: "Both currencies are \(from.code).",
                next: "Leave the row out.")
        }
        let date = row.day(day)
        guard let from, let to, let value, let date, !row.isRefused else { return nil }
        return (
            row.number, Piece(currency: from, home: to, day: date, rate: value, source: row.text(source) ?? "import")
        )
    }

    static func judge(
        _ pieces: [Piece], _ facts: Set<Int>, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        var known: [String: Int64] = [:]
        try transaction.rows("SELECT currency, home_currency, day, rate FROM exchange_rates", []) { row in
            known["\(try row.text(0))\(try row.text(1))\(try row.text(2))"] = try row.int(3)
        }
        return pieces.map { piece in
            guard let earlier = known[piece.key] else {
                known[piece.key] = piece.rate.scaled
                return .added
            }
            if earlier == piece.rate.scaled { return .unchanged }
            return .refused(
                ImportProblem(
                    code: "import.rate-is-history", field: "rate",
                    why:
                        "The rate from \(piece.currency.code) to \(piece.home.code) on \(piece.day) is \(UnitPrice(scaled: earlier).decimal) already.",
                    next: "Entries may have been booked with it; it is not changed."))
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Set<Int>, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        var fresh = RowBatch(
            into: "exchange_rates", columns: ["currency", "home_currency", "day", "rate", "source", "recorded"])
        for (piece, verdict) in pieces {
            guard case .added = verdict else { continue }
            fresh.append([
                .text(piece.currency.code), .text(piece.home.code), .text(piece.day.description),
                .int(piece.rate.scaled),
                .text(piece.source), .text(writing.clock.description),
            ])
        }
        try writing.transaction.insert(fresh)
        return 0
    }
}

/// Sellers: our legal entities, each with a book of its own.
struct SellersImport: ImportKind {
    struct Piece: Sendable {
        var seller: NewSeller
        let pattern: String
    }
    static let fields = [
        FieldDeclaration("seller", required: true, synonyms: ["code"]),
        FieldDeclaration("name", required: true),
        FieldDeclaration("country", required: true),
        FieldDeclaration("currency", .currency, required: true),
        FieldDeclaration("invoice_prefix", synonyms: ["series", "prefix"]),
        FieldDeclaration("account", synonyms: ["iban"]),
        FieldDeclaration("bic"),
        FieldDeclaration("vat_id"),
        FieldDeclaration("street"),
        FieldDeclaration("postcode"),
        FieldDeclaration("city"),
        FieldDeclaration("email"),
        FieldDeclaration("phone"),
        FieldDeclaration("time_zone"),
        FieldDeclaration("language"),
    ]
    static let example = [
        "DE", "Uferlicht GmbH", "DE", "EUR", "RE", "DE89370400440532013000", "COBADEFFXXX", "DE123456788", "Uferweg 1",
        "50667", "Köln", "rechnung@example.org", "+49 221 0000", "Europe/Berlin", "de",
    ]

    private let field: @Sendable (String) -> TableField
    init(_ survey: TableSurvey, _ facts: Set<Int>, _ context: ImportContext) { field = { survey.field($0) } }
    static func facts(_ context: ImportContext, _ transaction: any Transaction) -> Set<Int> { [] }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        let land = row.text(field("country"))?.uppercased()
        if let land, land.utf8.count != 2 {
            row.refuse(
                field("country"), code: "import.bad-country", why: "'\(land)' is not a country code of two letters.",
                next: "Write it as in ISO 3166, such as DE.")
        }
        let prefix = row.text(field("invoice_prefix")) ?? row.text(field("seller")) ?? ""
        let pattern = prefix.contains("{") ? prefix : "\(prefix)-{year}-{n:6}"
        if SeriesPattern(pattern) == nil {
            row.refuse(
                field("invoice_prefix"), code: "import.bad-number-pattern",
                why: "'\(pattern)' does not hold the number once, as {n} or {n:6}.",
                next: "Write it like RE-{year}-{n:6}.")
        }
        let currency = row.currency(field("currency"))
        let (code, name) = (row.text(field("seller")), row.text(field("name")))
        guard let land, let currency, let code, let name, !row.isRefused else { return nil }
        var seller = NewSeller(
            code: code, name: name, country: land, currency: currency,
            timeZone: row.text(field("time_zone")) ?? SellerDefaults.timeZone(land),
            language: row.text(field("language")) ?? SellerDefaults.language(land), openFrom: SellerDefaults.openFrom)
        seller.street = row.text(field("street")) ?? ""
        seller.postcode = row.text(field("postcode")) ?? ""
        seller.city = row.text(field("city")) ?? ""
        seller.vatID = row.text(field("vat_id")) ?? ""
        seller.email = row.text(field("email")) ?? ""
        seller.phone = row.text(field("phone")) ?? ""
        if let account = row.text(field("account")) {
            seller.accounts = [(account.filter { !$0.isWhitespace }, row.text(field("bic")) ?? "")]
        }
        return (row.number, Piece(seller: seller, pattern: pattern))
    }

    static func judge(
        _ pieces: [Piece], _ facts: Set<Int>, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        let accounts = Set(
            try transaction.query(
                "SELECT s.code, a.account FROM seller_accounts a JOIN sellers s ON s.book = a.book", []
            )
            .map { "\(try $0.text(0)) \(try $0.text(1))" })
        return pieces.map { piece in
            guard let known = context.sellers.first(where: { $0.code == piece.seller.code }) else { return .added }
            guard known.currency == piece.seller.currency, known.country == piece.seller.country else {
                return .refused(
                    ImportProblem(
                        code: "import.other-seller", field: "seller",
                        why:
                            "Seller \(known.code) keeps its books in \(known.currency.code) in \(known.country); that does not change.",
                        next: "Give the other seller another code."))
            }
            return piece.seller.accounts.allSatisfy { accounts.contains("\(known.code) \($0.account)") }
                ? .unchanged : .changed
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Set<Int>, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        for (index, (piece, verdict)) in pieces.enumerated() {
            switch verdict {
            case .added:
                _ = try Books.found(
                    piece.seller, series: [("invoice", piece.pattern)], in: writing.transaction, clock: writing.clock,
                    chance: writing.chance &+ UInt64(index * 7))
            case .changed:
                guard let known = context.sellers.first(where: { $0.code == piece.seller.code }) else { continue }
                for account in piece.seller.accounts {
                    try Books.add(
                        account: account.account, bic: account.bic, place: 1, to: known.book, known.currency,
                        in: writing.transaction)
                }
            case .unchanged, .refused: break
            }
        }
        return 0
    }
}

/// What a seller has where nobody says.
public enum SellerDefaults {
    public static let openFrom = Day("2000-01-01")!
    public static func language(_ country: String) -> String {
        ["DE", "AT", "CH", "LI"].contains(country) ? "de" : "en"
    }
    /// The zone of the country's capital, for the countries Duly is used in most; UTC elsewhere.
    public static func timeZone(_ country: String) -> String {
        [
            "DE": "Europe/Berlin", "AT": "Europe/Vienna", "CH": "Europe/Zurich", "FR": "Europe/Paris",
            "NL": "Europe/Amsterdam", "BE": "Europe/Brussels", "ES": "Europe/Madrid", "IT": "Europe/Rome",
            "PL": "Europe/Warsaw", "GB": "Europe/London", "IE": "Europe/Dublin", "US": "America/New_York",
            "JP": "Asia/Tokyo", "SE": "Europe/Stockholm", "DK": "Europe/Copenhagen", "NO": "Europe/Oslo",
        ][country] ?? "UTC"
    }
}
