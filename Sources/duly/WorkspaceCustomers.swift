import Books
import Database
import Ledger
import Money
import ReportsDesk
import Workspace

/// The list of customers: what `customer list` says, as standings that can be sorted and filtered.
extension WorkspaceBooks {
    func customers(_ asked: CustomersQuery, language: Language) async throws -> CustomersView {
        let houses = try await reading { transaction in try self.houses(asked.seller, transaction) }
        var all: [(house: House, line: CustomerStandings.Line)] = []
        for house in houses {
            all = Self.merged(all, try await standings(house).lines.map { (house: house, line: $0) })
        }
        let list = CustomerSelection(all, asked, home: houses.first?.currency ?? .eur)
        let today = day(houses.first?.timeZone ?? "UTC")
        let page = list.page
        let paid = try await lastPayments(page)
        return list.view(
            today, houses.map(\.view),
            items: page.map { house, line in
                Self.standing(line, house, today, paid[house.book]?[line.customer])
            })
    }

    /// Each seller's lie by name already: a line costs one comparison.
    private static func merged(_ left: [CustomerSelection.One], _ right: [CustomerSelection.One])
        -> [CustomerSelection.One]
    {
        guard !left.isEmpty, !right.isEmpty else { return left + right }
        var (merged, next): ([CustomerSelection.One], Int) = ([], 0)
        merged.reserveCapacity(left.count + right.count)
        for one in right {
            while next < left.count,
                (left[next].line.sortKey, left[next].line.number, left[next].house.code)
                    < (one.line.sortKey, one.line.number, one.house.code)
            {
                merged.append(left[next])
                next += 1
            }
            merged.append(one)
        }
        return merged + left[next...]
    }

    /// Kept until a command is recorded.
    func standings(_ house: House, isAsked: Bool = true) async throws -> CustomerStandings {
        let today = day(house.timeZone)
        // What is kept is of all customers.
        guard sight.portfolio == nil else {
            return try await reading { transaction in
                guard let read = try CustomerStandings.read(book: house.book, day: today, in: transaction) else {
                    throw DatabaseError.bug("the book of \(house.code) is gone")
                }
                return read
            }
        }
        if isAsked { await keptStandings.ask(house.book) }
        let known = await keptStandings.standings(of: house.book)
        let (mark, fresh) = try await reading { transaction in
            let mark = try CustomerStandings.mark(book: house.book, in: transaction)
            if let known, known.mark == mark, known.standings.day == today { return (mark, known.standings) }
            guard let read = try CustomerStandings.read(book: house.book, day: today, in: transaction) else {
                throw DatabaseError.bug("the book of \(house.code) is gone")
            }
            return (mark, read)
        }
        await keptStandings.keep(fresh, mark)
        return fresh
    }

    /// For whoever looked at the list lately, made before somebody asks again.
    func refreshStandings() async throws {
        let books = await keptStandings.wanted()
        guard !books.isEmpty else { return }
        let houses = try await reading { transaction in try self.houses(nil, transaction) }
        for house in houses where books.contains(house.book) { _ = try await standings(house, isAsked: false) }
    }

    private func lastPayments(_ page: [(house: House, line: CustomerStandings.Line)]) async throws
        -> [Int64: [RecordID: Day]]
    {
        let byBook = Dictionary(grouping: page) { $0.house.book }.mapValues { ones in ones.map { $0.line.customer } }
        return try await reading { transaction in
            var days: [Int64: [RecordID: Day]] = [:]
            for (book, customers) in byBook {
                days[book] = try CustomerStandings.lastPayments(of: customers, book: book, in: transaction)
            }
            return days
        }
    }

    private static func standing(_ line: CustomerStandings.Line, _ house: House, _ today: Day, _ paid: Day?)
        -> CustomerStanding
    {
        func money(_ minor: Int64) -> Money { Money(minor: minor, line.currency) }
        return CustomerStanding(
            customer: line.number, name: line.name, seller: house.code, country: line.country,
            standing: line.standing.rawValue, open: money(line.open), ages: line.ages.map(money),
            overdue: money(line.overdue), oldestDays: line.oldestDue.map { today - $0 },
            unapplied: money(line.unapplied), creditLimit: line.limit.map(money), limitPercent: line.limitPercent,
            termsDays: line.termsDays, lastPayment: paid)
    }
}

extension CustomerStandings.Line {
    enum Standing: String {
        case overLimit = "over-limit"
        case onHold = "on-hold"
        case disputed
        case overdue
        case credit
        case toComplete = "to-complete"
        case inTerms = "in-terms"
        case nothingOpen = "nothing-open"
    }
    /// The one word for them: what stops more, then what is asked for, then what is in order.
    var standing: Standing {
        if isOverLimit { return .overLimit }
        if isHeld { return .onHold }
        if disputes > 0 { return .disputed }
        if overdue > 0 { return .overdue }
        if net < 0 { return .credit }
        if toComplete { return .toComplete }
        return items > 0 ? .inTerms : .nothingOpen
    }

    func fits(_ filter: CustomersQuery.Filter) -> Bool {
        switch filter {
        case .overdue: overdue > 0
        case .overLimit: isOverLimit
        case .onHold: isHeld
        case .credit: net < 0
        }
    }
}

/// The customers of a currency, filtered, in order, and the page of them.
struct CustomerSelection {
    typealias One = (house: WorkspaceBooks.House, line: CustomerStandings.Line)
    private let asked: CustomersQuery
    private let currency: Currency
    private let currencies: [String]
    /// By name.
    private let all: [One]
    /// Places in `all`, in the order asked for.
    private let fitting: [Int]
    private let start: Int

    init(_ everyone: [One], _ asked: CustomersQuery, home: Currency) {
        self.asked = asked
        var counts: [Currency: Int] = [:]
        for one in everyone where one.line.items > 0 || one.line.unapplied != 0 {
            counts[one.line.currency, default: 0] += 1
        }
        let inUse = counts.sorted { ($1.value, $0.key.code) < ($0.value, $1.key.code) }.map { $0.key }
        let shown = asked.currency.flatMap { Currency($0) } ?? inUse.first ?? home
        currency = shown
        currencies = inUse.map(\.code)
        let lines = everyone.filter { $0.line.currency == shown }
        all = lines
        fitting = Self.sorted(
            lines.indices.filter { place in
                let line = lines[place].line
                return (asked.filter.map(line.fits) ?? true) && (asked.country.map { $0 == line.country } ?? true)
            }, lines, asked)
        start = Self.start(fitting, lines, asked.after)
    }

    var page: [One] { fitting[start...].prefix(asked.limit).map { all[$0] } }

    /// By the key, then by name, so that the order is the same each time. Only keys and places are moved.
    private static func sorted(_ places: [Int], _ all: [One], _ asked: CustomersQuery) -> [Int] {
        func by<Key: Comparable>(_ key: (CustomerStandings.Line) -> Key) -> [Int] {
            places.map { (key: key(all[$0].line), place: $0) }.sorted { left, right in
                left.key == right.key ? left.place < right.place : (left.key < right.key) != asked.isReversed
            }.map { $0.place }
        }
        switch asked.order {
        case .name: return asked.isReversed ? by(\.sortKey) : places
        case .number: return by(\.number)
        case .country: return by(\.country)
        case .open: return by { -$0.open }
        case .overdue: return by { -$0.overdue }
        case .oldest: return by { $0.oldestDue?.number ?? .max }
        case .unapplied: return by(\.unapplied)
        case .limit: return by { -($0.limitPercent ?? -1) }
        }
    }

    /// `after` is the place of the last line before and its customer: where the customer has moved meanwhile, behind them; where
    /// they have gone, from the same place.
    private static func start(_ fitting: [Int], _ all: [One], _ after: String?) -> Int {
        guard let after, let dot = after.firstIndex(of: "."), let place = Int(after[..<dot]) else { return 0 }
        let last = after[after.index(after: dot)...]
        func isLast(_ place: Int) -> Bool { all[fitting[place]].line.customer.description == last }
        if fitting.indices.contains(place), isLast(place) { return place + 1 }
        if let found = fitting.indices.first(where: isLast) { return found + 1 }
        return min(max(place, 0), fitting.count)
    }

    func view(_ today: Day, _ sellers: [SellerView], items: [CustomerStanding]) -> CustomersView {
        let end = start + items.count
        let next =
            items.isEmpty || end >= fitting.count
            ? nil : "\(end - 1).\(all[fitting[end - 1]].line.customer)"
        var countries: [String: Int] = [:]
        var filters: [CustomersQuery.Filter: Int] = [:]
        for one in all {
            countries[one.line.country, default: 0] += 1
            guard asked.country == nil || asked.country == one.line.country else { continue }
            for filter in CustomersQuery.Filter.allCases where one.line.fits(filter) {
                filters[filter, default: 0] += 1
            }
        }
        let longest = page.map { $0.line.ages.reduce(0) { $0 + max(0, $1) } }.max() ?? 0
        let shown = fitting.count == all.count ? nil : sum(fitting.map { all[$0] })
        let whole = sum(all)
        return CustomersView(
            asOf: today, currency: currency.code, currencies: currencies, sellers: sellers, items: items, next: next,
            shown: shown ?? whole, all: whole,
            filters: CustomersQuery.Filter.allCases.map {
                FilterCount(value: $0.rawValue, customers: filters[$0] ?? 0)
            },
            countries: countries.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                FilterCount(value: $0.key, customers: $0.value)
            }, longest: Money(minor: longest, currency))
    }

    private func sum(_ some: [One]) -> CustomersSum {
        func money(_ value: (CustomerStandings.Line) -> Int64) -> Money {
            Money(minor: some.reduce(0) { $0 + value($1.line) }, currency)
        }
        return CustomersSum(
            customers: some.count, overdueCustomers: some.count { $0.line.overdue > 0 }, open: money(\.open),
            overdue: money(\.overdue), unapplied: money(\.unapplied),
            ages: (0..<5).map { age in money { $0.ages[age] } })
    }
}

/// Keeps how the customers of each seller stand. Not for long: on PostgreSQL a command may become visible after one that was
/// recorded later.
actor KeptStandings {
    struct Kept: Sendable {
        let standings: CustomerStandings
        let mark: String
        let made: ContinuousClock.Instant
    }
    private var kept: [Int64: Kept] = [:]
    /// When somebody last asked.
    private var asked: [Int64: ContinuousClock.Instant] = [:]
    private static let longest = Duration.seconds(30)
    private static let forgotten = Duration.seconds(600)

    func ask(_ book: Int64) { asked[book] = .now }
    /// The books somebody looked at lately; the rest is forgotten.
    func wanted() -> Set<Int64> {
        asked = asked.filter { $0.value.duration(to: .now) < Self.forgotten }
        kept = kept.filter { asked[$0.key] != nil }
        return Set(asked.keys)
    }

    func standings(of book: Int64) -> Kept? {
        guard let found = kept[book], found.made.duration(to: .now) < Self.longest else { return nil }
        return found
    }
    func keep(_ standings: CustomerStandings, _ mark: String) {
        if let found = kept[standings.book], found.mark == mark, found.standings.day == standings.day,
            found.made.duration(to: .now) < Self.longest
        {
            return
        }
        kept[standings.book] = Kept(standings: standings, mark: mark, made: .now)
    }
}
