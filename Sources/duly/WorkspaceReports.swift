import Books
import Database
import Formats
import Ledger
import Money
import ReportsDesk
import Workspace

/// The pages of reports: what `duly report` says, as tables with plots.
extension WorkspaceBooks {
    func sellers() async throws -> [SellerView] {
        try await reading { transaction in try houses(nil, transaction).map(\.view) }
    }

    func report(_ asked: ReportQuery, language: Language) async throws -> ReportView {
        let houses = try await reading { transaction in try self.houses(asked.seller, transaction) }
        var table = try await keptTable(asked, houses)
        table.sellers = houses.map(\.view)
        return table
    }

    /// A report of what is known now is kept until a command is recorded: it reads the ledger, and says as of when it knows it.
    /// Letters come and go without commands, and who asks for a past instant is answered anew.
    private func keptTable(_ asked: ReportQuery, _ houses: [House]) async throws -> ReportView {
        guard asked.knownAt == nil else { return try await table(asked, try await scope(asked, houses), houses) }
        if asked.name == .work, asked.asOf == nil, !houses.isEmpty {
            // The first page counts the same.
            let (key, facts) = try await todayFacts(asked.seller, houses)
            return ReportView(
                asOf: key.day, knownAt: nil, sellers: [], blocks: ReportTables.work(OpenWork(facts.worklist)),
                isBalanced: nil)
        }
        let mark = try await mark(houses)
        let isSettled = Self.isSettled(mark)
        let readsLetters = asked.name == .placed || asked.name == .work
        let day = day(houses.first?.timeZone ?? "UTC")
        return try await reportTables.value(
            "\(asked) \(houses.map(\.code)) \(day) \(sight)", mark: "\(mark) \(isSettled)",
            longest: readsLetters || !isSettled ? nil : .seconds(600)
        ) {
            try await table(asked, try await scope(asked, houses), houses)
        }
    }

    /// Whether all that was recorded up to the mark can be seen. On PostgreSQL a command may become visible after one that was
    /// recorded later; no transaction is open for as long as this.
    private static func isSettled(_ mark: String) -> Bool {
        let settled = Instant(micro: Common.clock().micro - 30_000_000).description
        return mark.split(separator: " ").allSatisfy { $0 < settled }
    }

    func reportFile(_ asked: ReportQuery, as format: ReportQuery.Format) async throws -> [UInt8] {
        let houses = try await reading { transaction in try self.houses(asked.seller, transaction) }
        let file = WorkspaceReportFile(asked: asked, format: format, scope: try await scope(asked, houses))
        do { return try await reading { try file.written(in: $0) } } catch let failure as SheetWriteFailure {
            throw SheetRefusal.of(failure) ?? failure
        }
    }

    private func scope(_ asked: ReportQuery, _ houses: [House]) async throws -> ReportScope {
        let known = try await Horizon.knownAt(asked.knownAt, database, clock: Common.clock())
        return ReportScope(
            book: asked.seller == nil ? nil : houses.first?.book,
            asOf: asked.asOf ?? day(houses.first?.timeZone ?? "UTC"), knownAt: known)
    }

    static func buckets(_ asked: ReportQuery) -> AgingBuckets {
        let basis = AgingBuckets.Basis(rawValue: asked.basis) ?? .dueDay
        guard let buckets = AgingBuckets(by: basis) else { preconditionFailure("0, 30, 60, 90 rise") }
        return buckets
    }

    static func filter(_ asked: ReportQuery) -> OpenItemsReport.Filter {
        OpenItemsReport.Filter(
            currency: asked.currency, customer: asked.customer, bucket: asked.bucket, nobodys: asked.isNobodys)
    }

    /// Told in one snapshot.
    private func table(_ asked: ReportQuery, _ scope: ReportScope, _ houses: [House]) async throws -> ReportView {
        try await reading { transaction in
            func view(_ blocks: [ReportView.Block], known: Bool = true, balanced: Bool? = nil) -> ReportView {
                ReportView(
                    asOf: scope.asOf, knownAt: known ? scope.knownAt : nil, sellers: [], blocks: blocks,
                    isBalanced: balanced)
            }
            switch asked.name {
            case .aging:
                return view(try ReportTables.aging(AgingReport.read(scope, Self.buckets(asked), in: transaction)))
            case .openItems:
                return view(
                    try ReportTables.openItems(
                        OpenItemsReport.read(
                            scope, Self.buckets(asked), Self.filter(asked), limit: ReportTables.longest,
                            in: transaction)))
            case .rollforward:
                let first = asked.from ?? scope.asOf.firstOfMonth.adding(months: -12)
                return view(
                    try ReportTables.rollforward(
                        RollforwardReport.read(scope, from: first, in: transaction), scope.asOf, month: asked.month))
            case .dso:
                return view(
                    try ReportTables.dso(
                        DSOReport.read(scope, in: transaction),
                        RollforwardReport.read(scope, from: nil, in: transaction), scope.asOf))
            case .collections:
                let first = asked.from ?? scope.asOf.firstOfMonth.adding(months: -12)
                return view(try ReportTables.collections(CollectionsReport.read(scope, from: first, in: transaction)))
            case .late:
                return view(
                    try ReportTables.late(
                        LateReport.read(scope, in: transaction), seller: houses.count == 1 ? houses[0].code : nil))
            case .unbilled: return view(try ReportTables.unbilled(UnbilledReport.read(scope, in: transaction)))
            case .placed: return view(try ReportTables.placed(PlacedReport.read(scope, in: transaction)), known: false)
            case .work:
                let list = try Worklist.read(book: scope.book, today: scope.asOf, limit: 1, in: transaction)
                return view(ReportTables.work(OpenWork(list)), known: false)
            case .journal:
                var lines: [JournalLine] = []
                let report = try JournalReport.stream(
                    scope, from: asked.from ?? scope.asOf.firstOfMonth, in: transaction
                ) { if lines.count < ReportTables.longest { lines.append($0) } }
                return view(try ReportTables.journal(report, lines), balanced: report.balanced)
            }
        }
    }
}

/// How much waits for a person, by kind; the worklist itself names it one by one.
struct OpenWork: Encodable, ReportTable {
    let kinds: [Worklist.Kind]
    let total: Int
    static let headings = ["kind", "count"]
    var rows: [[String]] { kinds.map { [$0.kind, String($0.count)] } }
    init(_ list: Worklist) { (kinds, total) = (list.kinds, list.total) }
}
