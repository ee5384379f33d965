import Ledger
import Money
import Web

/// What the pages of reports read.
public protocol ReportsSource: Sendable {
    func report(_ asked: ReportQuery, language: Language) async throws -> ReportView
    /// The same report as `duly report NAME --format csv|json|xlsx` writes it.
    func reportFile(_ asked: ReportQuery, as format: ReportQuery.Format) async throws -> [UInt8]
    func sellers() async throws -> [SellerView]
}

extension Pages {
    var reportsRoutes: [Route] {
        let index: Route.Handler = { try await reports($0) }
        return [
            Route(["reports"], index), Route(["reports"], takesName: true) { try await report($0) },
            Route(["api", "reports"], index), Route(["api", "reports"], takesName: true) { try await report($0) },
        ]
    }

    func reports(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        if request.wantsJSON {
            return try .json(["reports": ReportQuery.Name.allCases.map(\.rawValue)])
        }
        let sellers = try await source.sellers()
        let work = try await source.report(
            ReportQuery(.work, seller: shell.reader.seller), language: shell.reader.language)
        return .html(ReportsPage(sellers: sellers, work: work, shell: shell).render())
    }

    func report(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let words = name(request)
        let known = ["ageing": "aging", "roll-forward": "rollforward", "punctuality": "late"]
        guard let name = ReportQuery.Name(rawValue: known[words] ?? words) else { throw WebProblem.notFound }
        var form = ReportForm(name, request)
        let format: ReportQuery.Format? =
            request.suffix.flatMap { ReportQuery.Format(rawValue: $0) } ?? (request.wantsJSON ? .json : nil)
        if let format {
            if let problem = form.problems.first { throw ReportProblem(why: problem.words) }
            let bytes = try await source.reportFile(form.asked, as: format)
            switch format {
            case .json: return WebResponse(type: "application/json", body: bytes)
            case .csv: return .file(bytes, type: "text/csv; charset=utf-8", name: "\(name.rawValue).csv")
            case .xlsx:
                let type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                return .file(bytes, type: type, name: "\(name.rawValue).xlsx")
            }
        }
        guard request.suffix == nil else { throw WebProblem.notFound }
        var view: ReportView?
        if form.problems.isEmpty {
            do { view = try await source.report(form.asked, language: shell.reader.language) } catch {
                guard let refusal = error as? any Refusal,
                    refusal.code.hasPrefix("books.") || refusal.code.hasPrefix("report.")
                else { throw error }
                form.problems.append(("known-at", "\(refusal.why) \(refusal.next)"))
            }
        }
        let sellers = try await source.sellers()
        let page = ReportPage(view: view, form: form, sellers: sellers, shell: shell).render()
        return .html(page, status: form.problems.isEmpty ? 200 : 422)
    }
}

/// The fields of a report as they came; what cannot be read is said at its field.
struct ReportForm {
    var asked: ReportQuery
    let typedAsOf: String
    let typedKnownAt: String
    let typedFrom: String
    var problems: [(field: String, words: String)] = []

    init(_ name: ReportQuery.Name, _ request: WebRequest) {
        let say = Reader(request).say
        typedAsOf = request.query("as_of") ?? ""
        typedKnownAt = request.query("known_at") ?? ""
        typedFrom = request.query("from") ?? ""
        asked = ReportQuery(
            name, seller: request.query("seller"), asOf: Day(typedAsOf), knownAt: ReportForm.instant(typedKnownAt),
            from: Day(typedFrom), basis: request.query("by") == "invoice-day" ? "invoice-day" : "due-day",
            currency: request.query("currency"), customer: request.query("customer"), bucket: request.query("bucket"),
            isNobodys: request.query("nobodys") == "true", month: request.query("month"))
        let day = say("is not a day such as 2026-10-31", "ist kein Tag wie 2026-10-31")
        if !typedAsOf.isEmpty, asked.asOf == nil { problems.append(("as-of", "“\(typedAsOf)” \(day).")) }
        if !typedFrom.isEmpty, asked.from == nil { problems.append(("from", "“\(typedFrom)” \(day).")) }
        if !typedKnownAt.isEmpty, asked.knownAt == nil {
            let words = say(
                "is not an instant such as 2026-10-31T09:15:00Z", "ist kein Zeitpunkt wie 2026-10-31T09:15:00Z")
            problems.append(("known-at", "“\(typedKnownAt)” \(words)."))
        }
    }

    /// An instant in UTC, to the microsecond or shorter: a day alone is its end, a minute its last instant.
    private static func instant(_ text: String) -> Instant? {
        if let instant = Instant(text) { return instant }
        if Day(text) != nil { return Instant("\(text)T23:59:59.999999Z") }
        let plain = text.hasSuffix("Z") ? String(text.dropLast()) : text
        return Instant("\(plain)Z") ?? Instant("\(plain):59.999999Z") ?? Instant("\(plain).999999Z")
    }
}

/// A report was asked for with something that cannot be read.
struct ReportProblem: Refusal, Equatable {
    let why: String
    var code: String { "workspace.unreadable-field" }
    var what: String { "No report was made." }
    var next: String { "Correct it in the address." }
}
