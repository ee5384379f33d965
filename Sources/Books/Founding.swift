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
            INSERT INTO sellers (seller, book, code, name, country, currency, time_zone, language)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .int(id), .int(book), .text(seller.code), .text(seller.name), .text(seller.country),
                .text(seller.currency.code), .text(seller.timeZone), .text(seller.language),
            ])
        _ = try transaction.execute(
            "INSERT INTO book_clocks (book, open_from, horizon) VALUES ($1, $2, $3)",
            [.int(book), .text(seller.openFrom.description), .text(Instant(micro: 0).description)])
        for (name, pattern) in series {
            _ = try transaction.execute(
                "INSERT INTO number_series (book, series, pattern, next) VALUES ($1, $2, $3, 1)",
                [.int(book), .text(name), .text(pattern)])
        }
        return book
    }
}
