import Database
import Ledger
import Money

/// `worklist`: what needs a person, most worth first.
public struct Worklist: Codable, Sendable, Equatable {
    public struct Step: Codable, Sendable, Equatable {
        public let label: String
        /// A command line to begin with; a word in capitals is to be filled in.
        public let command: String
    }
    public struct Item: Codable, Sendable, Equatable {
        /// The same as long as the matter stands: `receipt:ID`, `draft:ID`, `overdue:CUSTOMER:EUR`.
        public let id: String
        public let kind: String
        public let subject: String
        public let seller: String
        /// The number the firm uses.
        @OrNull public var customer: String?
        @OrNull public var customerName: String?
        @OrNull public var worth: AmountFigure?
        public let why: String
        /// The day it began to wait.
        public let since: String
        @OrNull public var due: String?
        public let next: [Step]
        enum CodingKeys: String, CodingKey {
            case id, kind, subject, seller, customer, worth, why, since, due, next
            case customerName = "customer_name"
        }
    }
    public struct Kind: Codable, Sendable, Equatable {
        public let kind: String
        public let count: Int
    }
    public let items: [Item]
    @OrNull public var next: String?
    /// Of everything that waits, not of this page alone.
    public let total: Int
    public let kinds: [Kind]
    public let worth: [AmountFigure]

    /// Everything of one seller or of all. Amounts of several currencies are compared in the currency of the first seller's books
    /// at the last rates known for the day; what cannot be converted comes after, by its own currency.
    public static func read(
        book: Int64?, today: Day, limit: Int = 100, after: String? = nil, in transaction: any Transaction
    ) throws -> Worklist {
        let books = try ReportScope(book: book, asOf: today, knownAt: Instant(micro: 0)).books(in: transaction)
        var waiting: [Waiting] = []
        for book in books {
            waiting += try WorklistReader(book: book, today: today, transaction: transaction).everything()
        }
        let order = try WorklistOrder(home: books.first?.home ?? .eur, today: today, transaction)
        let places = waiting.map { order.place($0) }
        let cursor = after.flatMap(WorklistOrder.Place.init)
        // The matters themselves stay where they are: there may be a hundred thousand.
        let rest = places.indices.filter { place in cursor.map { $0 < places[place] } ?? true }
            .sorted { places[$0] < places[$1] }
        let page = rest.prefix(max(1, min(limit, 10_000)))
        var sums: [Currency: Int64] = [:]
        for item in waiting { if let worth = item.worth { sums[worth.currency, default: 0] += worth.minor } }
        return Worklist(
            items: page.map { waiting[$0].item },
            next: page.count < rest.count ? page.last.map { places[$0].text } : nil,
            total: waiting.count,
            kinds: Dictionary(grouping: waiting, by: \.kind).map { Kind(kind: $0.key, count: $0.value.count) }
                .sorted { ($1.count, $0.kind) < ($0.count, $1.kind) },
            worth: sums.sorted { $0.key.code < $1.key.code }.map { AmountFigure(Money(minor: $0.value, $0.key)) })
    }
}

extension Worklist {
    /// What waits for this reader to decide as the second person, among the others by worth: it is not the same for everybody. What
    /// cannot be compared stands after those of its currency, or last.
    public func adding(_ approvals: Set<Int64>, of book: Int64?, today: Day, in transaction: any Transaction) throws
        -> Worklist
    {
        guard !approvals.isEmpty else { return self }
        let books = try ReportScope(book: book, asOf: today, knownAt: Instant(micro: 0)).books(in: transaction)
        let mine = try books.flatMap { try Self.approvals(approvals, $0, transaction) }
        let order = try WorklistOrder(home: books.first?.home ?? .eur, today: today, transaction)
        let sorted = mine.map { (place: order.place($0), waiting: $0) }.sorted { $0.place < $1.place }
        var (all, sums) = (items, Dictionary(worth.map { ($0.currency, $0) }, uniquingKeysWith: { $1 }))
        for (place, waiting) in sorted {
            let at = all.firstIndex { order.place($0).map { place < $0 } ?? true } ?? all.endIndex
            all.insert(waiting.item, at: at)
            guard let worth = waiting.worth else { continue }
            let before = try sums[worth.currency.code].map { try Money($0.amount, worth.currency) }
            sums[worth.currency.code] = AmountFigure(
                Money(minor: worth.minor + (before?.minor ?? 0), worth.currency))
        }
        var counts = kinds
        counts.append(Kind(kind: "approval", count: mine.count))
        return Worklist(
            items: all, next: next, total: total + mine.count,
            kinds: counts.sorted { ($1.count, $0.kind) < ($0.count, $1.kind) },
            worth: sums.sorted { $0.key < $1.key }.map(\.value))
    }

    private static func approvals(_ wanted: Set<Int64>, _ book: ReportBook, _ transaction: any Transaction) throws
        -> [Waiting]
    {
        try ["waiting", "agreed"].flatMap { state in
            try transaction.query(
                """
                SELECT a.approval, a.name, a.minor, a.currency, a.asked_name, a.day, c.number, d.name
                FROM approvals a
                LEFT JOIN customers c ON c.book = a.book AND c.customer = a.customer
                LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
                WHERE a.book = $1 AND a.state = $2
                ORDER BY a.approval
                LIMIT 1000
                """, [book.key, .text(state)]
            ).filter { wanted.contains(try $0.int(0)) }.map { row in
                let (id, minor) = (RecordID(number: try row.int(0)), try row.int(2))
                let ended = state == "waiting" ? "a second person decides" : "agreed to, and not carried out yet"
                return Waiting(
                    id: "approval:\(id)", kind: "approval", subject: try row.text(1), seller: book.code,
                    customer: try row.textOrNil(6), customerName: try row.textOrNil(7),
                    worth: minor == 0 ? nil : Money(minor: minor, try ReportBook.currency(try row.text(3))),
                    why: "\(try row.text(4)) asks for it; \(ended).", since: try row.text(5),
                    next: [
                        ("Agree", "duly approval give \(id)"),
                        ("Refuse", "duly approval refuse \(id) --reason WHY"),
                    ])
            }
        }
    }
}

/// A matter before it is written.
struct Waiting {
    let id: String
    let kind: String
    let subject: String
    let seller: String
    let customer: String?
    let customerName: String?
    let worth: Money?
    let why: String
    let since: String
    var due: String?
    let next: [(label: String, command: String)]

    var item: Worklist.Item {
        Worklist.Item(
            id: id, kind: kind, subject: subject, seller: seller, customer: customer, customerName: customerName,
            worth: worth.map { AmountFigure($0) }, why: why, since: since, due: due,
            next: next.map { Worklist.Step(label: $0.label, command: $0.command) })
    }
}

/// How matters are ordered: by worth in one currency, then by the day they began to wait, then by id.
struct WorklistOrder {
    struct Place: Comparable {
        /// 0 converted, 1 in a currency without a rate, 2 without worth.
        let rank: Int
        let currency: String
        let worth: Int64
        let since: String
        let id: String

        static func < (left: Place, right: Place) -> Bool {
            (left.rank, left.currency, right.worth, left.since, left.id)
                < (right.rank, right.currency, left.worth, right.since, right.id)
        }
        var text: String { "\(rank)|\(currency)|\(worth)|\(since)|\(id)" }
    }
    private var rates: [Currency: Int64] = [:]
    private let home: Currency

    init(home: Currency, today: Day, _ transaction: any Transaction) throws {
        self.home = home
        for row in try transaction.query(
            """
            SELECT r.currency, r.rate FROM exchange_rates r
            WHERE r.home_currency = $1 AND r.day = (
                SELECT max(l.day) FROM exchange_rates l
                WHERE l.currency = r.currency AND l.home_currency = r.home_currency AND l.day <= $2)
            """, [.text(home.code), .text(today.description)])
        {
            rates[try ReportBook.currency(try row.text(0))] = try row.int(1)
        }
    }

    /// nil where the amount cannot be read, which does not happen.
    func place(_ item: Worklist.Item) -> Place? {
        guard let worth = item.worth else { return place(nil, item.since, item.seller, item.id) }
        guard let currency = Currency(worth.currency), let money = try? Money(worth.amount, currency) else {
            return nil
        }
        return place(money, item.since, item.seller, item.id)
    }

    func place(_ waiting: Waiting) -> Place { place(waiting.worth, waiting.since, waiting.seller, waiting.id) }

    private func place(_ worth: Money?, _ since: String, _ seller: String, _ id: String) -> Place {
        guard let worth else { return Place(rank: 2, currency: "", worth: 0, since: since, id: id) }
        var minor: Int64? = worth.currency == home ? worth.minor : nil
        if minor == nil, let rate = rates[worth.currency] {
            minor = ExactProduct((worth.minor, worth.currency.decimals), (rate, 10)).rounded(
                .halfAwayFromZero, places: home.decimals)
        }
        return Place(
            rank: minor == nil ? 1 : 0, currency: minor == nil ? worth.currency.code : "", worth: minor ?? worth.minor,
            since: since, id: "\(seller) \(id)")
    }
}

extension WorklistOrder.Place {
    init?(_ text: String) {
        let parts = text.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, let rank = Int(parts[0]), let worth = Int64(parts[2]) else { return nil }
        self.init(rank: rank, currency: parts[1], worth: worth, since: parts[3], id: parts[4])
    }
}
