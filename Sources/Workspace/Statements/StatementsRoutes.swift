import Ledger
import Money
import Web

/// What the pages of statements read.
public protocol StatementsSource: Sendable {
    func statements(_ asked: StatementsQuery) async throws -> StatementsView
    /// The papers, one for each currency, in the order of the view; empty where nothing is open.
    func statementPDFs(_ asked: StatementsQuery) async throws -> [[UInt8]]
}

extension Pages {
    var statementsRoutes: [Route] {
        let page: Route.Handler = { try await statements($0) }
        return [
            Route(["statements"], page), Route(["api", "statements"], page),
            Route(["statements"], takesName: true) { try await statementPaper($0) },
        ]
    }

    /// `?customer=K-1&as_of=2026-10-31&known_at=…`
    func statements(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        let form = StatementForm(request, customer: request.query("customer"))
        let view: StatementsView
        do {
            view = try await source.statements(form.asked)
        } catch let ambiguous as AmbiguousNumber where !request.wantsJSON {
            return .html(ChoicePage(ambiguous: ambiguous, shell: shell).render(), status: 300)
        }
        if request.wantsJSON {
            if form.asked.customer != nil, !view.isKnown { throw WebProblem.noCustomer(form.asked.customer ?? "") }
            return try .json(view)
        }
        let page = StatementsPage(view: view, form: form, shell: shell)
        return .html(page.render(), status: page.problems.isEmpty ? 200 : 422)
    }

    /// `/statements/K-1.pdf?as_of=…`; a second currency's is `&currency=USD`.
    func statementPaper(_ request: WebRequest) async throws -> WebResponse {
        let number = name(request)
        let form = StatementForm(request, customer: number)
        guard request.suffix == "pdf" else {
            return .see(shell(request).reader.link("/statements", [("customer", number)]))
        }
        let view = try await source.statements(form.asked)
        let papers = try await source.statementPDFs(form.asked)
        let currency = request.query("currency")
        guard
            let place = view.statements.firstIndex(where: { currency == nil || $0.currency == currency }),
            papers.indices.contains(place)
        else { throw WebProblem.noPDF(number) }
        let part = papers.count > 1 ? "_\(view.statements[place].currency)" : ""
        return .file(papers[place], type: "application/pdf", name: "\(number)_\(view.asOf)\(part).pdf")
    }
}

/// The fields as they came.
struct StatementForm {
    let asked: StatementsQuery
    let typedCustomer: String
    let typedAsOf: String

    init(_ request: WebRequest, customer: String?) {
        typedCustomer = (customer ?? "").trimmed
        typedAsOf = request.query("as_of") ?? ""
        asked = StatementsQuery(
            seller: request.query("seller"), customer: typedCustomer.isEmpty ? nil : typedCustomer,
            asOf: Day(typedAsOf), knownAt: request.query("known_at").flatMap { Instant($0) })
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
