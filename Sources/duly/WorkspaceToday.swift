import Access
import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Workspace

/// The first page: what needs a person, and four figures.
extension WorkspaceBooks {
    /// How many lines the page gets; the rest is counted.
    private static let worklistLength = 200

    func today(seller: String?, language: Language) async throws -> TodayView {
        let houses = try await reading { transaction in try self.houses(seller, transaction) }
        // Whoever sees nothing is told so, rather than that all is well.
        if houses.isEmpty, !sight.isEverything { throw AccessRefusal.otherBooks }
        let (key, facts) = try await todayFacts(seller, houses)
        let salesDays = await kept.salesDays(key)
        let today = key.day
        let mine = try await approvalsToDecide()
        let worklist =
            mine.isEmpty
            ? facts.worklist
            : try await reading { try facts.worklist.adding(mine, of: key.book, today: today, in: $0) }
        return TodayView(
            day: today, sellers: houses.map(\.view), figures: Self.figures(facts, salesDays, houses, today, language),
            worklist: worklist.items.map(Self.item), total: worklist.total,
            worth: worklist.worth.compactMap(Self.amount),
            kinds: worklist.kinds.map { KindCount(kind: $0.kind, count: $0.count) })
    }

    /// What the page of a seller, or of all, is made of: kept until a command is recorded.
    func todayFacts(_ seller: String?, _ houses: [House]) async throws -> (key: KeptToday.Key, facts: TodayFacts) {
        let mark = try await mark(houses)
        let key = KeptToday.Key(
            book: seller == nil ? nil : houses[0].book, day: day(houses.first?.timeZone ?? "UTC"), sight: sight)
        return (key, try await kept.facts(key, mark) { try await gather(houses, key) })
    }

    /// Changes whenever a command was recorded, also one that is not seen.
    func mark(_ houses: [House]) async throws -> String {
        try await seen(by: .everything).reading { transaction in
            try houses.map { house in
                try transaction.query("SELECT max(recorded) FROM commands WHERE book = $1", [house.key]).first?
                    .textOrNil(0) ?? ""
            }.joined(separator: " ")
        }
    }

    /// What the page is made of. Amounts in minor units of their currency.
    struct TodayFacts: Sendable {
        let worklist: Worklist
        var overdue: [Currency: (minor: Int64, items: Int64)] = [:]
        var unapplied: [Currency: (minor: Int64, items: Int64, since: String)] = [:]
        var unbilled: Int64 = 0
        var unbilledSince: String?
    }

    private func gather(_ houses: [House], _ key: KeptToday.Key) async throws -> TodayFacts {
        try await reading { transaction in
            var facts = TodayFacts(
                worklist: try Worklist.read(
                    book: key.book, today: key.day, limit: Self.worklistLength, in: transaction))
            for house in houses { try Self.sums(house, key.day, &facts, transaction) }
            return facts
        }
    }

    /// Reads all that was ever invoiced and paid: too long for a page to wait for.
    private func salesDays(_ key: KeptToday.Key) async throws -> [Currency: [Int64]] {
        let known = try await Horizon.knownAt(nil, database, clock: Common.clock())
        return try await reading { transaction in
            let scope = ReportScope(book: key.book, asOf: key.day, knownAt: known)
            return try RollforwardReport.read(scope, from: nil, in: transaction).currencies.reduce(into: [:]) {
                days, block in
                let currency = try Self.currency(block.currency)
                days[currency] = try SalesDays.history(block.months, currency, asOf: key.day)
            }
        }
    }

    /// Makes what the first page of all sellers needs, before anybody can ask. What fails here is said when somebody asks.
    func prepare() async {
        guard let all = try? await reading({ transaction in try self.houses(nil, transaction) }) else { return }
        let first = KeptToday.Key(book: nil, day: day(all.first?.timeZone ?? "UTC"), sight: sight)
        guard let mark = try? await mark(all), let facts = try? await gather(all, first)
        else { return }
        await kept.keep(facts, first, mark)
    }

    /// Until its task is cancelled: makes what the first page needs before somebody asks, as soon as a command was recorded,
    /// for whoever looked lately. Never busy for more than a quarter of the time, and for a thirtieth while nobody looks: the time
    /// is that of programs which record command after command.
    func keepReady() async {
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                try await refresh()
                try await refreshStandings()
            } catch { Answer.say("the figures of today: \(error)") }
            let isWatched = await kept.isWatched
            let pause = max(.seconds(isWatched ? 1 : 10), start.duration(to: .now) * (isWatched ? 3 : 30))
            guard (try? await Task.sleep(for: pause)) != nil else { return }
        }
    }

    private func refresh() async throws {
        let all = try await reading { transaction in try self.houses(nil, transaction) }
        let first = KeptToday.Key(book: nil, day: day(all.first?.timeZone ?? "UTC"), sight: sight)
        for key in await kept.wanted(first) { try await seen(by: key.sight).refresh(key) }
    }

    private func refresh(_ key: KeptToday.Key) async throws {
        let houses = try await reading { transaction in
            try self.houses(nil, transaction).filter { key.book == nil || $0.book == key.book }
        }
        let mark = try await mark(houses)
        if await !kept.isFresh(key, mark) { await kept.keep(try await gather(houses, key), key, mark) }
        if await !kept.hasSalesDays(key, mark) { await kept.keep(try await salesDays(key), key, mark) }
    }

    private static func sums(_ house: House, _ today: Day, _ facts: inout TodayFacts, _ transaction: any Transaction)
        throws
    {
        for row in try transaction.query(
            """
            SELECT currency, CAST(sum(open_minor) AS BIGINT), count(*) FROM open_items
            WHERE book = $1 AND account = 'receivables' AND open_minor <> 0 AND due_day < $2
            GROUP BY currency
            """, [house.key, .text(today.description)])
        {
            let sum = facts.overdue[try currency(try row.text(0)), default: (0, 0)]
            facts.overdue[try currency(try row.text(0))] = (sum.minor + (try row.int(1)), sum.items + (try row.int(2)))
        }
        for row in try transaction.query(
            """
            SELECT currency, CAST(-sum(open_minor) AS BIGINT), count(*), min(day) FROM open_items
            WHERE book = $1 AND account = 'unapplied' AND open_minor <> 0
            GROUP BY currency
            """, [house.key])
        {
            let sum = facts.unapplied[try currency(try row.text(0)), default: (0, 0, "9999-12-31")]
            facts.unapplied[try currency(try row.text(0))] = (
                sum.minor + (try row.int(1)), sum.items + (try row.int(2)), min(sum.since, try row.text(3))
            )
        }
        let unbilled = try transaction.query(
            "SELECT count(*), min(day) FROM charges WHERE book = $1 AND billed_by IS NULL AND day <= $2",
            [house.key, .text(today.description)])
        facts.unbilled += try unbilled[0].int(0)
        if let since = try unbilled[0].textOrNil(1) { facts.unbilledSince = min(facts.unbilledSince ?? since, since) }
    }

    // MARK: In words

    private static func figures(
        _ facts: TodayFacts, _ salesDays: [Currency: [Int64]], _ houses: [House], _ today: Day, _ language: Language
    )
        -> [KeyFigure]
    {
        let isGerman = language == .german
        func count(_ number: Int64, _ one: String, _ many: String) -> String {
            "\(number) \(number == 1 ? one : many)"
        }
        func oldest(_ since: String?) -> String {
            guard let since, let day = Day(since), today > day else { return "" }
            return isGerman ? ", ältester vor \(today - day) Tagen" : ", oldest \(today - day) days"
        }
        var figures: [KeyFigure] = []
        for (currency, sum) in ordered(facts.overdue, houses) {
            figures.append(
                KeyFigure(
                    .overdue, value: Figure(Money(minor: sum.minor, currency)), currency: currency.code,
                    note: isGerman
                        ? count(sum.items, "Posten", "Posten") : count(sum.items, "item past due", "items past due")))
        }
        for (currency, history) in ordered(salesDays, houses) {
            // A currency in which nothing is owed says nothing here, unless it is the sellers' own.
            guard let now = history.last, now > 0 || currency == houses.first?.currency else { continue }
            figures.append(
                KeyFigure(
                    .dso, value: Figure(now, decimals: 2), currency: currency.code,
                    history: history.map { Figure($0, decimals: 2) },
                    note: isGerman ? "Tage, rückwärts gezählt" : "days, counted back"))
        }
        for (currency, sum) in ordered(facts.unapplied, houses) {
            let receipts =
                isGerman
                ? count(sum.items, "Zahlungseingang", "Zahlungseingänge") : count(sum.items, "receipt", "receipts")
            figures.append(
                KeyFigure(
                    .unapplied, value: Figure(Money(minor: sum.minor, currency)), currency: currency.code,
                    note: receipts + oldest(sum.since)))
        }
        if let figure = Figure("\(facts.unbilled)") {
            let since = facts.unbilledSince
            let charges =
                isGerman
                ? (facts.unbilled == 1 ? "Leistung" : "Leistungen") : (facts.unbilled == 1 ? "charge" : "charges")
            figures.append(KeyFigure(.unbilled, value: figure, currency: nil, note: charges + oldest(since)))
        }
        return figures
    }

    /// The currencies of the sellers' books first, then by code.
    private static func ordered<Value>(_ values: [Currency: Value], _ houses: [House]) -> [(Currency, Value)] {
        let home = houses.map(\.currency)
        func place(_ currency: Currency) -> (Int, String) {
            (home.firstIndex(of: currency) ?? home.count, currency.code)
        }
        return values.sorted { place($0.key) < place($1.key) }.map { ($0.key, $0.value) }
    }

    private static func amount(_ figure: AmountFigure) -> Amount? {
        Currency(figure.currency).flatMap { currency in (try? money(figure.amount, currency)).map { Amount($0) } }
    }

    static func item(_ item: Worklist.Item) -> WorklistItem {
        // Of a letter, the subject is its kind and the document's number.
        let words = item.subject.split(separator: " ").map(String.init)
        let isLetter = item.kind != "approval" && words.count == 2 && ["invoice", "credit-note"].contains(words[0])
        let invoice = item.kind == "dispute" ? item.subject : isLetter ? words[1] : nil
        return WorklistItem(
            id: item.id, kind: item.kind, subject: item.subject, customer: item.customer,
            customerName: item.customerName, seller: item.seller, invoice: invoice, worth: item.worth.flatMap(amount),
            why: item.why, since: Day(item.since), due: item.due.flatMap { Day($0) },
            next: item.next.map { NextStep(label: $0.label, command: $0.command) })
    }
}

/// Days sales outstanding, counted back: the months of sales that what is owed uses up, the last one in proportion, as
/// `report dso` defines it.
enum SalesDays {
    /// Up to thirteen values in hundredths of a day, oldest first: the ends of the months before, and the as-of day. A month
    /// from which all sales before it do not suffice has none and ends the history.
    static func history(_ months: [RollforwardReport.Month], _ currency: Currency, asOf: Day) throws -> [Int64] {
        let rows = try months.map { month -> (first: Day, invoiced: Int64, closing: Int64) in
            (
                try WorkspaceBooks.day(month.month + "-01"), try WorkspaceBooks.money(month.invoiced, currency).minor,
                try WorkspaceBooks.money(month.closing, currency).minor
            )
        }
        var values: [Int64] = []
        for place in rows.indices.reversed().prefix(13) {
            let end = min(asOf, rows[place].first.lastOfMonth)
            guard
                let days = countBack(
                    rows[...place].map { ($0.first, $0.invoiced) }, owed: rows[place].closing, asOf: end)
            else { break }
            values.append(days)
        }
        return values.reversed()
    }

    private static func countBack(_ sales: [(first: Day, invoiced: Int64)], owed: Int64, asOf: Day) -> Int64? {
        guard owed > 0 else { return 0 }
        var (left, counted) = (owed, Int128(0))
        for (first, invoiced) in sales.reversed() {
            let length = Int128(min(asOf, first.lastOfMonth) - first + 1)
            let sold = max(invoiced, 0)
            if left <= sold {
                let (top, bottom) = ((counted * Int128(sold) + Int128(left) * length) * 100, Int128(sold))
                return Int64((top * 2 + bottom) / (bottom * 2))
            }
            left -= sold
            counted += length
        }
        return nil
    }
}

/// Keeps what the first page is made of until a command is recorded, and not for long: letters come and go without commands.
actor KeptToday {
    struct Key: Hashable, Sendable {
        let book: Int64?
        let day: Day
        /// Whose figures they are.
        let sight: Sight
    }
    private struct Kept<Value: Sendable> {
        let mark: String
        let made: ContinuousClock.Instant
        let value: Value
    }
    private var facts: [Key: Kept<WorkspaceBooks.TodayFacts>] = [:]
    private var days: [Key: Kept<[Currency: [Int64]]>] = [:]
    /// When somebody last asked.
    private var asked: [Key: ContinuousClock.Instant] = [:]

    private static let fresh = Duration.seconds(60)
    private static let longest = Duration.seconds(90)
    private static let forgotten = Duration.seconds(600)

    /// What is kept, where no command was recorded since; else made now.
    func facts(
        _ key: Key, _ mark: String, _ make: @Sendable () async throws -> WorkspaceBooks.TodayFacts
    ) async throws -> WorkspaceBooks.TodayFacts {
        asked[key] = .now
        if let found = facts[key], found.mark == mark, found.made.duration(to: .now) < Self.longest {
            return found.value
        }
        let made = try await make()
        keep(made, key, mark)
        return made
    }

    /// The last that were made, which may be some seconds old; none at first.
    func salesDays(_ key: Key) -> [Currency: [Int64]] { days[key]?.value ?? [:] }

    func keep(_ made: WorkspaceBooks.TodayFacts, _ key: Key, _ mark: String) {
        facts[key] = Kept(mark: mark, made: .now, value: made)
    }
    func keep(_ made: [Currency: [Int64]], _ key: Key, _ mark: String) {
        days[key] = Kept(mark: mark, made: .now, value: made)
    }
    func isFresh(_ key: Key, _ mark: String) -> Bool {
        facts[key].map { $0.mark == mark && $0.made.duration(to: .now) < Self.fresh } ?? false
    }
    func hasSalesDays(_ key: Key, _ mark: String) -> Bool { days[key]?.mark == mark }

    /// Somebody looked lately.
    var isWatched: Bool { asked.values.contains { $0.duration(to: .now) < Self.forgotten } }

    /// The first page of all sellers, and what was asked for lately; the rest is forgotten.
    func wanted(_ first: Key) -> [Key] {
        asked = asked.filter { $0.value.duration(to: .now) < Self.forgotten }
        let keys = Set(asked.keys).union([first])
        facts = facts.filter { keys.contains($0.key) }
        days = days.filter { keys.contains($0.key) }
        return [first] + keys.subtracting([first]).sorted { ($0.book ?? 0, $0.day) < ($1.book ?? 0, $1.day) }
    }
}
