import Money

/// What the company is and what it sells.
extension DemoCompany {
    static let sellerList = [
        Seller(
            code: "DE", name: "Lindenhof Werkzeug GmbH", country: "DE", currency: .eur, prefix: "LW",
            iban: DemoNumbers.iban("DE", "860500009900112233"), bic: "LINDDE99XXX", vatID: "DE811223340",
            street: "Speicherstraße 7", postcode: "04356", city: "Leipzig", email: "rechnung@lindenhof.example",
            phone: "+49 341 0000700"),
        Seller(
            code: "GB", name: "Lindenhof Tools Ltd", country: "GB", currency: .gbp, prefix: "LT",
            iban: DemoNumbers.iban("GB", "LIND90112244556677"), bic: "LINDGB99XXX", vatID: "GB811223363",
            street: "7 Granary Wharf", postcode: "BS1 4RW", city: "Bristol", email: "invoices@lindenhof.example",
            phone: "+44 117 0000700"),
    ]

    /// Price in hundredths of a euro per unit.
    private struct Article {
        let sku, nameDE, nameEN, unit, category: String
        /// Ten-thousandths of a euro.
        let price: Int64
        var isService = false
    }

    /// Units are codes of UN/ECE Recommendation 20: C62 piece, PR pair, MTR metre, KGM kilogram, HUR hour, DAY day.
    private static let articles = [
        Article(
            sku: "1010", nameDE: "Stechbeitelsatz, 6-teilig", nameEN: "Chisel set, 6 pieces", unit: "C62",
            category: "S", price: 84_5000),
        Article(
            sku: "1020", nameDE: "Japansäge 240 mm", nameEN: "Pull saw 240 mm", unit: "C62", category: "S",
            price: 42_9000),
        Article(
            sku: "1030", nameDE: "Zwinge 600 mm", nameEN: "Bar clamp 600 mm", unit: "C62", category: "S", price: 23_7500
        ),
        Article(
            sku: "1040", nameDE: "Hobelbank Buche", nameEN: "Workbench, beech", unit: "C62", category: "S",
            price: 1_249_0000),
        Article(
            sku: "2010", nameDE: "Holzschraube 5 × 60", nameEN: "Wood screw 5 × 60", unit: "C62", category: "S",
            price: 845),
        Article(
            sku: "2020", nameDE: "Dübel Eiche 10 mm", nameEN: "Oak dowel 10 mm", unit: "C62", category: "S", price: 1275
        ),
        Article(sku: "2030", nameDE: "Holzleim D3", nameEN: "Wood glue D3", unit: "KGM", category: "S", price: 8_6400),
        Article(
            sku: "2040", nameDE: "Tauwerk Hanf 12 mm", nameEN: "Hemp rope 12 mm", unit: "MTR", category: "S",
            price: 3_1200),
        Article(
            sku: "2050", nameDE: "Schleifband 75 × 533", nameEN: "Sanding belt 75 × 533", unit: "C62", category: "S",
            price: 1_9500),
        Article(
            sku: "3010", nameDE: "Arbeitshandschuh", nameEN: "Work glove", unit: "PR", category: "S", price: 6_8000),
        Article(
            sku: "3020", nameDE: "Kapselgehörschutz", nameEN: "Ear defenders", unit: "C62", category: "S",
            price: 31_4000),
        Article(
            sku: "4010", nameDE: "Handbuch Holzverbindungen", nameEN: "Handbook of wood joints", unit: "C62",
            category: "R", price: 36_0000),
        Article(
            sku: "4020", nameDE: "Lehrheft Schärfen", nameEN: "Sharpening primer", unit: "C62", category: "R",
            price: 12_8000),
        Article(
            sku: "8010", nameDE: "Schärfdienst", nameEN: "Sharpening service", unit: "HUR", category: "S",
            price: 58_0000, isService: true),
        Article(
            sku: "8020", nameDE: "Miete Bandsäge", nameEN: "Band saw hire", unit: "DAY", category: "S", price: 74_0000,
            isService: true),
        Article(
            sku: "8030", nameDE: "Einweisung vor Ort", nameEN: "On-site instruction", unit: "HUR", category: "S",
            price: 96_0000, isService: true),
    ]

    static let productList = articles.map {
        Product(
            sku: $0.sku, nameDE: $0.nameDE, nameEN: $0.nameEN, unit: $0.unit, taxCategory: $0.category,
            isService: $0.isService)
    }

    /// The standard list with three steps and the list of key accounts with two; both dearer by 3 % from the middle of the days on.
    /// Key accounts have no price of their own for what is let by the day: they fall back to the standard list.
    static func priceList(from days: ClosedRange<Day>) -> [Price] {
        let middle = (days.lowerBound + (days.upperBound - days.lowerBound) / 2).firstOfMonth
        let starts: [(Day, Int64)] = [(days.lowerBound.adding(months: -1), 100), (max(middle, days.lowerBound), 103)]
        let steps: [(list: String, from: Int, share: Int64)] = [
            ("STD", 1, 100), ("STD", 10, 96), ("STD", 50, 91), ("KEY", 1, 93), ("KEY", 25, 88),
        ]
        return articles.flatMap { article in
            [(Currency.eur, Int64(100)), (.gbp, 86)].flatMap { currency, exchange in
                starts.flatMap { start, level in
                    steps.filter { $0.list == "STD" || article.unit != "DAY" }.map { step in
                        Price(
                            list: step.list, sku: article.sku, currency: currency, minQuantity: step.from,
                            unitPrice: round(
                                article.price * exchange * level * step.share / 1_000_000, cheap: article.price < 1_0000
                            ),
                            validFrom: start)
                    }
                }
            }
        }
    }

    /// Whole cents, but for what costs less than one unit of money.
    private static func round(_ price: Int64, cheap: Bool) -> Int64 { cheap ? price : (price + 50) / 100 * 100 }

    /// Standard rate and the rate on books, in hundredths of a per cent, of the countries where our customers' tax is due there.
    /// As in force in 2025 and 2026.
    static func taxRateList(from days: ClosedRange<Day>) -> [TaxRate] {
        let rates: [(String, Int64, Int64)] = [
            ("DE", 1900, 700), ("AT", 2000, 1000), ("FR", 2000, 550), ("NL", 2100, 900), ("BE", 2100, 600),
            ("IT", 2200, 400), ("GR", 2400, 600), ("PL", 2300, 500), ("BG", 2000, 900), ("GB", 2000, 0),
        ]
        return rates.flatMap { country, standard, reduced in
            [("S", standard), ("R", reduced)].map {
                TaxRate(
                    country: country, taxCategory: $0, rate: $1,
                    validFrom: Day(year: days.lowerBound.year - 1, month: 1, day: 1) ?? days.lowerBound)
            }
        }
    }
}
