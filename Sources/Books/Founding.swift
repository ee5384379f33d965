import Database
import Ledger
import Money

/// A seller as it is set up: our legal entity, with its book.
public struct NewSeller: Sendable {
    public let code: String
    public let name: String
    public let country: String
    public let currency: Currency
    public let timeZone: String
    public let language: String
    /// Nothing may be dated before this day.
    public let openFrom: Day
    public var street = ""
    public var postcode = ""
    public var city = ""
    public var vatID = ""
    public var email = ""
    public var phone = ""
    public var termsDays = 30
    /// Own bank accounts, the first is printed on invoices.
    public var accounts: [(account: String, bic: String)] = []

    public init(
        code: String, name: String, country: String, currency: Currency, timeZone: String, language: String,
        openFrom: Day
    ) {
        self.code = code
        self.name = name
        self.country = country
        self.currency = currency
        self.timeZone = timeZone
        self.language = language
        self.openFrom = openFrom
    }
}

extension Books {
    /// Adds a seller and opens its book, with the given number series; returns the book. The seller's row goes in first.
    public static func found(
        _ seller: NewSeller, series: [(name: String, pattern: String)], in transaction: any Transaction, clock: Instant,
        chance: UInt64
    ) throws -> Int64 {
        var ids = RecordIDs(at: clock, chance: chance)
        let (id, book) = (ids.next().number, ids.next().number)
        _ = try transaction.execute(
            """
            INSERT INTO sellers (
                seller, book, code, name, country, currency, time_zone, language, street, postcode, city, vat_id, email,
                phone, terms_days)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            [
                .int(id), .int(book), .text(seller.code), .text(seller.name), .text(seller.country),
                .text(seller.currency.code), .text(seller.timeZone), .text(seller.language), .text(seller.street),
                .text(seller.postcode), .text(seller.city), .text(seller.vatID), .text(seller.email),
                .text(seller.phone), .int(Int64(seller.termsDays)),
            ])
        _ = try transaction.execute(
            "INSERT INTO book_clocks (book, open_from, horizon, revision) VALUES ($1, $2, $3, 0)",
            [.int(book), .text(seller.openFrom.description), .text(Instant(micro: 0).description)])
        for (place, account) in seller.accounts.enumerated() {
            try add(
                account: account.account, bic: account.bic, place: place, to: book, seller.currency, in: transaction)
        }
        for (name, pattern) in series {
            _ = try transaction.execute(
                "INSERT INTO number_series (book, series, pattern, next) VALUES ($1, $2, $3, 1)",
                [.int(book), .text(name), .text(pattern)])
        }
        return book
    }

    /// Adds a bank account of the seller's own; one that is there already is left as it is.
    public static func add(
        account: String, bic: String, place: Int, to book: Int64, _ currency: Currency, in transaction: any Transaction
    ) throws {
        _ = try transaction.execute(
            """
            INSERT INTO seller_accounts (book, account, currency, bic, place) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (book, account) DO NOTHING
            """,
            [.int(book), .text(account), .text(currency.code), .text(bic), .int(Int64(place))])
    }
}
