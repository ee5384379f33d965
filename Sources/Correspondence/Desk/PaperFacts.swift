import Correspondence
import Database
import Foundation
import Ledger
import Money

/// The seller as papers and letters show it.
struct SellerBlock: Sendable {
    let book: Int64
    let code: String
    let name: String
    let country: String
    let currency: Currency
    let street, postcode, city: String
    let vatID, email, phone: String
    /// In their order.
    let accounts: [(account: String, currency: String, bic: String)]

    init(_ transaction: any Transaction, book: Int64) throws {
        let rows = try transaction.query(
            """
            SELECT code, name, country, currency, street, postcode, city, vat_id, email, phone FROM sellers WHERE book = $1
            """, [.int(book)])
        guard let row = rows.first, let currency = Currency(try row.text(3)) else {
            throw DatabaseError.bug("there is no seller of book \(book)")
        }
        self.book = book
        self.currency = currency
        code = try row.text(0)
        name = try row.text(1)
        country = try row.text(2)
        street = try row.text(4)
        postcode = try row.text(5)
        city = try row.text(6)
        vatID = try row.text(7)
        email = try row.text(8)
        phone = try row.text(9)
        accounts = try transaction.query(
            "SELECT account, currency, bic FROM seller_accounts WHERE book = $1 ORDER BY place, account", [.int(book)]
        ).map { (try $0.text(0), try $0.text(1), try $0.text(2)) }
    }

    /// The first account in the currency, else the first of all.
    private func account(for currency: Currency) -> (account: String, currency: String, bic: String)? {
        accounts.first { $0.currency == currency.code } ?? accounts.first
    }

    func paper(for currency: Currency, abroad: Bool, _ language: PaperLanguage) -> PaperSeller {
        PaperSeller(
            name: name,
            addressLines: [street, Postal.town(postcode, city), abroad ? Postal.country(country, language) : ""]
                .filter { !$0.isEmpty },
            phone: phone.ifAny, email: email.ifAny, vatID: vatID.ifAny,
            bank: account(for: currency).map { PaperBank(iban: $0.account, bic: $0.bic.ifAny) })
    }

    func payment(in currency: Currency, reference: String?) -> LetterPayment? {
        account(for: currency).map {
            LetterPayment(holder: name, iban: $0.account, bic: $0.bic.ifAny, reference: reference?.ifAny)
        }
    }
}

/// A customer as papers and letters show it, in one version of name and address.
struct CustomerBlock: Sendable {
    let customer: RecordID
    let number: String
    let country: String
    let language: PaperLanguage
    let isConsumer: Bool
    let name, street, postcode, city, vatID: String

    func recipient(from seller: SellerBlock) -> PaperRecipient {
        PaperRecipient(
            addressLines: [
                name, street, Postal.town(postcode, city),
                country == seller.country ? "" : Postal.country(country, language),
            ].filter { !$0.isEmpty },
            customerNumber: number, vatID: vatID.ifAny)
    }

    func isAbroad(from seller: SellerBlock) -> Bool { !country.isEmpty && country != seller.country }

    static let columns =
        "c.customer, c.number, c.country, c.language, c.consumer, n.name, n.street, n.postcode, n.city, n.vat_id"

    /// From ten columns beginning at `column`; a version that is gone leaves the texts empty.
    init(_ row: borrowing RowCursor, from column: Int) throws {
        customer = RecordID(number: try row.int(column))
        number = try row.text(column + 1)
        country = try row.text(column + 2)
        language = PaperLanguage(code: try row.text(column + 3))
        isConsumer = try row.int(column + 4) != 0
        name = try row.textOrNil(column + 5) ?? ""
        street = try row.textOrNil(column + 6) ?? ""
        postcode = try row.textOrNil(column + 7) ?? ""
        city = try row.textOrNil(column + 8) ?? ""
        vatID = try row.textOrNil(column + 9) ?? ""
    }
}

enum Postal {
    static func town(_ postcode: String, _ city: String) -> String {
        [postcode, city].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The country's name in capitals, as the Universal Postal Union asks for on letters that go abroad.
    static func country(_ code: String, _ language: PaperLanguage) -> String {
        guard !code.isEmpty else { return "" }
        return Locale(identifier: language.rawValue).localizedString(forRegionCode: code)?.uppercased() ?? code
    }
}

/// Units of UN/ECE Recommendation 20 as people write them; others stay codes.
enum UnitWords {
    private static let words: [String: (german: String, english: String)] = [
        "C62": ("Stk.", "pcs"), "H87": ("Stk.", "pcs"), "EA": ("Stk.", "pcs"), "NAR": ("Stk.", "pcs"),
        "PR": ("Paar", "pairs"), "SET": ("Satz", "sets"), "KGM": ("kg", "kg"), "GRM": ("g", "g"), "TNE": ("t", "t"),
        "MTR": ("m", "m"), "CMT": ("cm", "cm"), "MMT": ("mm", "mm"), "KMT": ("km", "km"), "MTK": ("m²", "m²"),
        "MTQ": ("m³", "m³"), "LTR": ("l", "l"), "MLT": ("ml", "ml"), "KWH": ("kWh", "kWh"), "HUR": ("Std.", "h"),
        "MIN": ("Min.", "min"), "DAY": ("Tage", "days"), "WEE": ("Wochen", "weeks"), "MON": ("Monate", "months"),
        "ANN": ("Jahre", "years"), "XBX": ("Karton", "boxes"), "XPK": ("Paket", "packs"), "XPX": ("Palette", "pallets"),
        "LS": ("pauschal", "flat"), "P1": ("%", "%"),
    ]
    /// Whose words differ where there is exactly one.
    private static let ones: [String: (german: String, english: String)] = [
        "C62": ("Stk.", "pc"), "H87": ("Stk.", "pc"), "EA": ("Stk.", "pc"), "NAR": ("Stk.", "pc"),
        "PR": ("Paar", "pair"), "SET": ("Satz", "set"), "DAY": ("Tag", "day"), "WEE": ("Woche", "week"),
        "MON": ("Monat", "month"), "ANN": ("Jahr", "year"), "XBX": ("Karton", "box"), "XPK": ("Paket", "pack"),
        "XPX": ("Palette", "pallet"),
    ]
    static func word(_ code: String, _ quantity: Quantity, _ language: PaperLanguage) -> String? {
        guard !code.isEmpty else { return nil }
        let isOne = quantity.micro.magnitude == 1_000_000
        let found = isOne ? ones[code] ?? words[code] : words[code]
        return found.map { language == .german ? $0.german : $0.english } ?? code
    }
}

extension String {
    var ifAny: String? { isEmpty ? nil : self }
}

extension Row {
    func day(_ column: Int) throws -> Day { try BookTexts.day(try text(column)) }
    func currency(_ column: Int) throws -> Currency { try BookTexts.currency(try text(column)) }
}
extension RowCursor {
    func day(_ column: Int) throws -> Day { try BookTexts.day(try text(column)) }
    func currency(_ column: Int) throws -> Currency { try BookTexts.currency(try text(column)) }
}

enum BookTexts {
    static func day(_ text: String) throws -> Day {
        guard let day = Day(text) else { throw DatabaseError.bug("the books hold a day '\(text)'") }
        return day
    }
    static func currency(_ code: String) throws -> Currency {
        guard let currency = Currency(code) else { throw DatabaseError.bug("the books hold a currency '\(code)'") }
        return currency
    }
    static func instant(_ text: String) throws -> Instant {
        guard let instant = Instant(text) else { throw DatabaseError.bug("the books hold an instant '\(text)'") }
        return instant
    }
}
