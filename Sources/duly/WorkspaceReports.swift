import Books
import Database
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
        let scope = try await scope(asked, houses)
        var table = try await table(asked, scope, houses)
        table.sellers = houses.map(\.view)
        return table
    }

    func reportFile(_ asked: ReportQuery, as format: ReportQuery.Format) async throws -> [UInt8] {
        let houses = try await reading { transaction in try self.houses(asked.seller, transaction) }
        let scope = try await scope(asked, houses)
        let text = try await reading { transaction in
            try Self.file(asked, scope, format, transaction)
        }
        return Array(text.utf8)
    }

    private func scope(_ asked: ReportQuery, _ houses: [House]) async throws -> ReportScope {
        let known = try await Horizon.knownAt(asked.knownAt, database, clock: Common.clock())
        return ReportScope(
            book: asked.seller == nil ? nil : houses.first?.book,
            asOf: asked.asOf ?? day(houses.first?.timeZone ?? "UTC"), knownAt: known)
    }

    private static func file(
        _ asked: ReportQuery, _ scope: ReportScope, _ format: ReportQuery.Format, _ transaction: any Transaction
    ) throws -> String {
        func written(_ report: some ReportTable & Encodable) throws -> String {
            switch format {
            case .json: try Answer.encode(report) + "\n"
            case .csv: ([type(of: report).headings] + report.rows).map { csvLine($0) + "\n" }.joined()
            }
        }
        switch asked.name {
        case .aging: return try written(AgingReport.read(scope, buckets(asked), in: transaction))
        case .rollforward: return try written(RollforwardReport.read(scope, from: asked.from, in: transaction))
        case .dso: return try written(DSOReport.read(scope, in: transaction))
        case .collections: return try written(CollectionsReport.read(scope, from: asked.from, in: transaction))
        case .late: return try written(LateReport.read(scope, in: transaction))
        case .unbilled: return try written(UnbilledReport.read(scope, in: transaction))
        case .openItems: return try written(OpenItemsReport.read(scope, buckets(asked), filter(asked), in: transaction))
        case .placed: return try written(PlacedReport.read(scope, in: transaction))
        case .work:
            return try written(OpenWork(Worklist.read(book: scope.book, today: scope.asOf, limit: 1, in: transaction)))
        case .journal: return try journal(scope, asked.from, format, transaction)
        }
    }

    private static func journal(
        _ scope: ReportScope, _ from: Day?, _ format: ReportQuery.Format, _ transaction: any Transaction
    ) throws -> String {
        let json = format == .json
        var text =
            json
            ? #"{"as_of":"\#(scope.asOf)","known_at":"\#(scope.knownAt)","items":["#
            : csvLine(JournalLine.headings) + "\n"
        var isFirst = true
        let report = try JournalReport.stream(scope, from: from, in: transaction) { line in
            text += json ? (isFirst ? "\n" : ",\n") + (try Answer.encode(line)) : csvLine(line.fields) + "\n"
            isFirst = false
        }
        if json { text += "\n],\"accounts\":\(try Answer.encode(report.accounts)),\"balanced\":\(report.balanced)}\n" }
        return text
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
