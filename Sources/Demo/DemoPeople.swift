import Money

/// Customers, made up: firms and private persons of many countries, each name in the script of its own.
enum DemoPeople {
    /// How firms and people of a country are called and where they live.
    private struct Land {
        let code, seller, language: String
        let weight: Int
        let founders, trades, forms, firstNames: [String]
        let streets: [String]
        let towns: [(city: String, postcode: String)]
        /// `F` founder, `T` trade, `C` city, `L` legal form.
        var pattern = "F T L"
        var givenNameFirst = true
    }

    static func customers(_ count: Int, seed: UInt64, sellers: [DemoCompany.Seller]) -> [DemoCompany.Customer] {
        var dice = DemoDice(seed: seed, topic: "customers")
        return (1...count).map { index in customer(index, &dice, sellers) }
    }

    /// The first ones stand for countries and scripts that a company of any size has; the others fall as they fall.
    private static let first = [
        "DE", "GB", "AT", "FR", "GR", "NL", "JP", "FR", "CH", "BG", "US", "IT", "AE", "PL", "IN",
    ]

    private static func customer(
        _ index: Int, _ dice: inout DemoDice, _ sellers: [DemoCompany.Seller]
    ) -> DemoCompany.Customer {
        let drawn = dice.pick(weighted: lands.map { ($0.code, $0.weight) })
        let code = index <= first.count ? first[index - 1] : drawn
        let land = lands.first { $0.code == code } ?? lands[0]
        let town = dice.pick(land.towns)
        let mayBeConsumer = ["DE", "AT", "NL", "GB", "FR"].contains(code)
        let isConsumer = dice.percent(14) && mayBeConsumer && index > first.count
        let name = isConsumer ? person(land, &dice) : firm(land, town.city, isMany: index > 60, &dice)
        let vatID = DemoNumbers.vatID(code, &dice)
        let lacksVATID = isConsumer || index == 14
        let number = "K" + DemoNumbers.padded(10_000 + index, 5)
        let isKey = dice.percent(18) && !isConsumer
        let terms = isConsumer ? 14 : dice.pick([14, 14, 30, 30, 30, 45, 60])
        let house = dice.int(1...140)
        let street = dice.pick(land.streets)
        let iban = DemoNumbers.iban(code, &dice)
        let isKnown = dice.percent(60) && !iban.isEmpty
        let limit = dice.pick([2_000, 5_000, 10_000, 25_000])
        return DemoCompany.Customer(
            number: number, name: name, country: code, seller: land.seller, isConsumer: isConsumer,
            vatID: lacksVATID ? "" : vatID, street: address(street, house, code), postcode: town.postcode,
            city: town.city, email: "accounts@\(number.lowercased()).example", iban: iban, isAccountKnown: isKnown,
            termsDays: terms, priceList: isKey ? "KEY" : "", creditLimit: isConsumer ? nil : limit,
            language: land.language)
    }

    private static func address(_ street: String, _ house: Int, _ country: String) -> String {
        switch country {
        case "GB", "FR", "US", "IE", "IN", "AE": "\(house) \(street)"
        case "JP": "\(street)\(house % 9 + 1)-\(house % 20 + 1)"
        default: "\(street) \(house)"
        }
    }

    private static func person(_ land: Land, _ dice: inout DemoDice) -> String {
        "\(dice.pick(land.firstNames)) \(dice.pick(land.founders))"
    }

    /// With many firms, the town stands in the name, as it does in life.
    private static func firm(_ land: Land, _ city: String, isMany: Bool, _ dice: inout DemoDice) -> String {
        let (founder, trade, form) = (dice.pick(land.founders), dice.pick(land.trades), dice.pick(land.forms))
        let withCity = isMany && dice.percent(70)
        return land.pattern.map { part in
            switch part {
            case "F": founder
            case "T": withCity ? trade + " " + city : trade
            case "L": form
            default: String(part)
            }
        }.joined()
    }

    private static let lands: [Land] = [
        Land(
            code: "DE", seller: "DE", language: "de", weight: 36,
            founders: [
                "Ahlers", "Brückner", "Deßloch", "Eggebrecht", "Fährmann", "Gößling", "Hüsken", "Immenroth", "Jürgens",
                "Kröhnert", "Lüdemann", "Özdemir", "Petersilge", "Rathsack", "Sönnichsen", "Tönnies", "Uhlenbrock",
                "Wübbena",
            ],
            trades: [
                "Zimmerei", "Dachdeckerei", "Gartenbau", "Stahlbau", "Haustechnik", "Tischlerei", "Bootsbau",
                "Messebau", "Fliesen", "Brunnenbau", "Gerüstbau",
            ],
            forms: ["GmbH", "GmbH", "GmbH & Co. KG", "KG", "e.K.", "OHG"],
            firstNames: ["Antje", "Björn", "Cem", "Dörte", "Elif", "Frauke", "Götz", "Jörg", "Svenja", "Uwe"],
            streets: ["Werftstraße", "Am Sägewerk", "Mühlenweg", "Lange Reihe", "Kirchgasse", "An der Schleuse"],
            towns: [
                ("Leipzig", "04109"), ("Rostock", "18055"), ("Görlitz", "02826"), ("Bocholt", "46395"),
                ("Lübeck", "23552"), ("Fürth", "90762"), ("Zwickau", "08056"), ("Aurich", "26603"),
            ]),
        Land(
            code: "GB", seller: "GB", language: "en", weight: 20,
            founders: [
                "Aldous", "Birtwhistle", "Crouch", "Dunmore", "Entwistle", "Farraday", "Gwilym", "Hetherley",
                "Kettlewell", "MacAulay", "O'Dowd", "Prideaux", "Thistleton", "Wrigglesworth",
            ],
            trades: [
                "Joinery", "Roofing", "Boatworks", "Landscapes", "Scaffolding", "Masonry", "Shopfitters", "Drainage",
                "Ironwork",
            ],
            forms: ["Ltd", "Ltd", "LLP", "& Sons Ltd"],
            firstNames: ["Ailsa", "Bronwen", "Callum", "Edith", "Gareth", "Imogen", "Rhys", "Tamsin"],
            streets: ["Mill Lane", "Quay Road", "Tanner Street", "Chapel Rise", "Weir Close"],
            towns: [
                ("Whitby", "YO21 3PU"), ("Falmouth", "TR11 3AB"), ("Hexham", "NE46 1XD"), ("Ludlow", "SY8 1AZ"),
                ("Oban", "PA34 4LN"), ("Conwy", "LL32 8LS"),
            ]),
        Land(
            code: "AT", seller: "DE", language: "de", weight: 8,
            founders: [
                "Aschauer", "Brandstätter", "Fößleitner", "Hinterseer", "Kößler", "Mühlbacher", "Pöllhuber", "Zöchling",
            ],
            trades: ["Zimmerei", "Lifttechnik", "Sägewerk", "Spenglerei", "Hüttenbau"],
            forms: ["GmbH", "GesmbH", "KG"],
            firstNames: ["Resi", "Lois", "Vroni", "Sepp"], streets: ["Dorfstraße", "Bahnhofgasse", "Almweg"],
            towns: [("Schladming", "8970"), ("Bludenz", "6700"), ("Steyr", "4400")]),
        Land(
            code: "FR", seller: "DE", language: "en", weight: 8,
            founders: ["Aubépine", "Brégeon", "Châtelain", "Desnoyers", "Évrard", "Gaîté", "L'Hermitte", "Quéméneur"],
            trades: ["Charpente", "Toitures", "Menuiserie", "Maçonnerie", "Chantiers navals"],
            forms: ["SARL", "SAS", "SA"],
            firstNames: ["Aurélie", "Benoît", "Gaëlle", "Noël"],
            streets: ["rue des Tanneurs", "quai de l'Île", "chemin du Moulin"],
            towns: [("Vannes", "56000"), ("Albi", "81000"), ("Épinal", "88000")]),
        Land(
            code: "NL", seller: "DE", language: "en", weight: 6,
            founders: ["van Aalst", "Brouwershaven", "de Groot-Kuiper", "Hoekstra", "IJzerman", "ten Cate"],
            trades: ["Timmerwerken", "Scheepsbouw", "Dakwerken", "Tuinaanleg"], forms: ["B.V.", "V.O.F."],
            firstNames: ["Femke", "Joost", "Maartje", "Sjoerd"], streets: ["Havenkade", "Molenstraat", "Oude Gracht"],
            towns: [("Hoorn", "1621 AM"), ("Sneek", "8601 DC"), ("Goes", "4461 HD")]),
        Land(
            code: "BE", seller: "DE", language: "en", weight: 3,
            founders: ["Vanhoutte", "Delcroix", "Goossens", "Thiéry"],
            trades: ["Dakwerken", "Charpentes", "Metaalbouw"], forms: ["BV", "SRL", "NV"],
            firstNames: ["Lotte", "Wout"], streets: ["Nieuwstraat", "Rue du Beffroi"],
            towns: [("Ieper", "8900"), ("Dinant", "5500")]),
        Land(
            code: "IT", seller: "DE", language: "en", weight: 4,
            founders: ["Bellandi", "Cantù", "D'Agostini", "Garzò", "Scarpellini"],
            trades: ["Falegnameria", "Coperture", "Cantieri", "Giardini"], forms: ["S.r.l.", "S.p.A.", "S.n.c."],
            firstNames: ["Niccolò", "Giosuè"], streets: ["Via dei Carpentieri", "Corso Olmo"],
            towns: [("Cantù", "22063"), ("Chioggia", "30015")]),
        Land(
            code: "GR", seller: "DE", language: "en", weight: 2,
            founders: ["Αλεξίου", "Καραμπέτσος", "Νικολαΐδης", "Ψαρράς"],
            trades: ["Ξυλουργική", "Ναυπηγεία", "Κατασκευαστική"], forms: ["Α.Ε.", "Ε.Π.Ε.", "Ο.Ε."],
            firstNames: ["Ελένη", "Γιώργος"], streets: ["Οδός Ναυπηγών", "Λεωφόρος Ελαιών"],
            towns: [("Καβάλα", "654 03"), ("Χανιά", "731 32")]),
        Land(
            code: "BG", seller: "DE", language: "en", weight: 2,
            founders: ["Ангелов", "Желязков", "Йорданова", "Щерев"],
            trades: ["Дограма", "Строителство", "Корабостроене"], forms: ["ЕООД", "ООД", "АД"],
            firstNames: ["Мила", "Петър"], streets: ["ул. Занаятчийска", "бул. Черно море"],
            towns: [("Русе", "7000"), ("Бургас", "8000")]),
        Land(
            code: "PL", seller: "DE", language: "en", weight: 4,
            founders: ["Brzęczyszczak", "Gąsior", "Łączyński", "Żurawik"],
            trades: ["Ciesielstwo", "Dachy", "Meble", "Szkutnictwo"], forms: ["sp. z o.o.", "S.A.", "sp.j."],
            firstNames: ["Jagoda", "Wiesław"], streets: ["ul. Stolarska", "ul. Młyńska"],
            towns: [("Ełk", "19-300"), ("Żary", "68-200")]),
        Land(
            code: "CH", seller: "DE", language: "de", weight: 3, founders: ["Abächerli", "Rüegsegger", "Zgraggen"],
            trades: ["Holzbau", "Seilbahnen", "Schreinerei"], forms: ["AG", "GmbH"], firstNames: ["Vreni", "Urs"],
            streets: ["Seestrasse", "Sagiweg"], towns: [("Altdorf", "6460"), ("Thun", "3600")]),
        Land(
            code: "JP", seller: "DE", language: "en", weight: 1, founders: ["みなと", "青葉", "北山", "白樺"],
            trades: ["工務店", "造船所", "木工"], forms: ["株式会社", "合同会社"], firstNames: ["陽子"],
            streets: ["本町", "港町"], towns: [("函館市", "040-0063"), ("尾道市", "722-0035")], pattern: "LFT"),
        Land(
            code: "US", seller: "GB", language: "en", weight: 2,
            founders: ["Abernathy", "Delgadillo", "Nakamura-Hill", "Stonebraker"],
            trades: ["Millwork", "Barns", "Boat Yard"], forms: ["LLC", "Inc."], firstNames: ["Maya"],
            streets: ["Harbor Avenue", "Sawmill Road"], towns: [("Bath, ME", "04530"), ("Astoria, OR", "97103")]),
        Land(
            code: "IE", seller: "GB", language: "en", weight: 2, founders: ["Ní Bhriain", "Ó Murchadha", "Quigley"],
            trades: ["Thatching", "Boatyard"], forms: ["Ltd", "DAC"], firstNames: ["Aoife"], streets: ["Shannon Quay"],
            towns: [("Sligo", "F91 K2T5")]),
        Land(
            code: "AE", seller: "GB", language: "en", weight: 1, founders: ["النخيل", "الواحة", "الصقر"],
            trades: ["للنجارة", "للمقاولات"], forms: ["مؤسسة", "شركة"], firstNames: ["سلمى"],
            streets: ["Al Minaa Street"], towns: [("Fujairah", "00000")], pattern: "L F T"),
        Land(
            code: "IN", seller: "GB", language: "en", weight: 1, founders: ["अरुणोदय", "कावेरी", "हिमालय"],
            trades: ["फर्नीचर", "निर्माण"], forms: ["प्राइवेट लिमिटेड"], firstNames: ["मीरा"],
            streets: ["Ghat Road"], towns: [("Nashik", "422001")]),
    ]
}
