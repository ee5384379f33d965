import Database
import Ledger
import Money

/// One line of the journal, as it is exported: debit positive, credit negative.
public struct JournalLine: Codable, Sendable, Equatable {
    public let seller: String
    public let entry: String
    public let line: Int64
    public let day: String
    public let recorded: String
    public let kind: String
    public let command: String
    public let actor: String
    /// The entry that this one takes back.
    @OrNull public var reverses: String?
    public let account: String
    /// The number the firm uses.
    @OrNull public var customer: String?
    /// The document's number, or the receipt's id.
    @OrNull public var item: String?
    public let amount: String
    public let currency: String
    public let homeAmount: String
    public let homeCurrency: String
    /// Units of the home currency for one of the document's.
    public let rate: String
    public let rateDay: String
    public let rateSource: String
    enum CodingKeys: String, CodingKey {
        case seller, entry, line, day, recorded, kind, command, actor, reverses, account, customer, item, amount,
            currency
        case rate
        case homeAmount = "home_amount"
        case homeCurrency = "home_currency"
        case rateDay = "rate_day"
        case rateSource = "rate_source"
    }

    public static let headings = [
        "seller", "entry", "line", "day", "recorded", "kind", "command", "actor", "reverses", "account", "customer",
        "item", "amount", "currency", "home_amount", "home_currency", "rate", "rate_day", "rate_source",
    ]
    /// The fields as CSV, in the order of `headings`.
    public var fields: [String] {
        [
            seller, entry, String(line), day, recorded, kind, command, actor, reverses ?? "", account, customer ?? "",
            item ?? "", amount, currency, homeAmount, homeCurrency, rate, rateDay, rateSource,
        ]
    }
}

/// `report journal`: what the lines come to. The lines themselves are streamed; they need not fit in memory.
public struct JournalReport: Codable, Sendable, Equatable {
    public struct Sum: Codable, Sendable, Equatable {
        public let seller: String
        public let account: String
        public let currency: String
        public let debit: String
        public let credit: String
        public let balance: String
        public let homeBalance: String
        public let homeCurrency: String
        enum CodingKeys: String, CodingKey {
            case seller, account, currency, debit, credit, balance
            case homeBalance = "home_balance"
            case homeCurrency = "home_currency"
        }
    }
    public let asOf: String
    public let knownAt: String
    public let lines: Int
    /// Whether every currency and every home currency sums to zero.
    public let balanced: Bool
    public let accounts: [Sum]
    enum CodingKeys: String, CodingKey {
        case lines, balanced, accounts
        case asOf = "as_of"
        case knownAt = "known_at"
    }

    private struct Key: Hashable {
        let account: String
        let currency: Currency
    }
    private struct Sides {
        var debit: Int64 = 0
        var credit: Int64 = 0
        var home: Int64 = 0
        mutating func add(_ minor: Int64, _ homeMinor: Int64) {
            if minor >= 0 { debit += minor } else { credit -= minor }
            home += homeMinor
        }
    }

    /// Hands out the lines dated from `from` to the as-of day, by seller, then in the order of their entries.
    public static func stream(
        _ scope: ReportScope, from: Day?, in transaction: any Transaction, _ body: (JournalLine) throws -> Void
    ) throws -> JournalReport {
        var (lines, balanced) = (0, true)
        var accounts: [Sum] = []
        for book in try scope.books(in: transaction) {
            var sums: [Key: Sides] = [:]
            let parameters = [book.key, scope.day, scope.known, .text((from ?? Day(number: -700_000)).description)]
            try transaction.rows(text, parameters) { row in
                let currency = try ReportBook.currency(try row.text(13))
                let (minor, home) = (try row.int(12), try row.int(14))
                let account = try row.text(8)
                sums[Key(account: account, currency: currency), default: Sides()].add(minor, home)
                lines += 1
                try body(try line(row, book, account, Money(minor: minor, currency), home: home))
            }
            var byCurrency: [Currency: Int64] = [:]
            for (key, sides) in sums { byCurrency[key.currency, default: 0] += sides.debit - sides.credit }
            let home = sums.values.reduce(0) { $0 + $1.home }
            balanced = balanced && home == 0 && byCurrency.values.allSatisfy { $0 == 0 }
            accounts += sums.map { sum(book, $0.key, $0.value) }.sorted {
                ($0.account, $0.currency) < ($1.account, $1.currency)
            }
        }
        return JournalReport(
            asOf: scope.asOf.description, knownAt: scope.knownAt.description, lines: lines, balanced: balanced,
            accounts: accounts)
    }

    private static func sum(_ book: ReportBook, _ key: Key, _ sides: Sides) -> Sum {
        func text(_ minor: Int64) -> String { Money(minor: minor, key.currency).decimal }
        return Sum(
            seller: book.code, account: key.account, currency: key.currency.code, debit: text(sides.debit),
            credit: text(sides.credit), balance: text(sides.debit - sides.credit),
            homeBalance: Money(minor: sides.home, book.home).decimal, homeCurrency: book.home.code)
    }

    private static func line(
        _ row: borrowing RowCursor, _ book: ReportBook, _ account: String, _ amount: Money, home: Int64
    ) throws -> JournalLine {
        let homeCurrency = try ReportBook.currency(try row.text(15))
        let item: String? = try row.textOrNil(11) ?? row.intOrNil(10).map { RecordID(number: $0).description }
        return JournalLine(
            seller: book.code, entry: RecordID(number: try row.int(0)).description, line: try row.int(1),
            day: try row.text(2), recorded: try row.text(3), kind: try row.text(4), command: try row.text(5),
            actor: try row.text(6), reverses: try row.intOrNil(7).map { RecordID(number: $0).description },
            account: account, customer: try row.textOrNil(9), item: item, amount: amount.decimal,
            currency: amount.currency.code, homeAmount: Money(minor: home, homeCurrency).decimal,
            homeCurrency: homeCurrency.code, rate: FixedPoint.shortText(try row.int(16), decimals: 10),
            rateDay: try row.text(17), rateSource: try row.text(18))
    }

    static let text = """
        SELECT l.entry, l.line, l.day, l.recorded, e.kind, e.command, c.actor, e.reverses, l.account, u.number, l.item,
            d.number, l.minor, l.currency, l.home_minor, l.home_currency, l.rate, l.rate_day, l.rate_source
        FROM journal_lines l
        JOIN entries e ON e.book = l.book AND e.entry = l.entry
        JOIN commands c ON c.book = e.book AND c.command = e.command
        LEFT JOIN customers u ON u.book = l.book AND u.customer = l.customer
        LEFT JOIN documents d ON d.book = l.book AND d.document = l.item
        WHERE l.book = $1 AND l.day <= $2 AND l.recorded <= $3 AND l.day >= $4
        ORDER BY l.entry, l.line
        """
}
