import Ledger
import Web

/// The read-only pages of the workspace and the same answers as JSON.
public enum Workspace {
    /// Where Debian's fonts-inter puts its files.
    public static let debianFonts = "/usr/share/fonts/opentype/inter"

    /// Everything `duly serve` answers: `routes`, the files pages need, and a page for every problem.
    public static func site(
        source: some WorkspaceSource, access: (any AccessSource)? = nil, fontFolder: String? = debianFonts
    ) -> Site {
        let assets = Assets(fontFolder: fontFolder)
        let door = access.map { accessRoutes($0, assets: assets) } ?? []
        return Site(
            routes: door + routes(source: source, assets: assets), assets: assets.all,
            explain: { error, _ in problem(of: error) },
            problemPage: { request, problem in
                let shell = Shell(reader: Reader(request), assets: assets, request: request)
                return .html(ProblemPage(problem: problem, shell: shell).render(), status: problem.status)
            })
    }

    /// `GET /`, `/customers/NUMBER`, `/invoices/NUMBER`, `/invoices/NUMBER.pdf`, `/search?q=`, and under `/api` today, customers,
    /// invoices and search. `?seller=CODE`, `?lang=en|de`.
    public static func routes(source: some WorkspaceSource, fontFolder: String? = debianFonts) -> [Route] {
        routes(source: source, assets: Assets(fontFolder: fontFolder))
    }

    private static func routes(source: some WorkspaceSource, assets: Assets) -> [Route] {
        let desk = Pages(source: source, assets: assets)
        let today: Route.Handler = { try await desk.today($0) }
        let customer: Route.Handler = { try await desk.customer($0) }
        let invoice: Route.Handler = { try await desk.invoice($0) }
        let search: Route.Handler = { try await desk.search($0) }
        return [
            Route([], today), Route(["today"], today), Route(["api", "today"], today),
            Route(["customers"], takesName: true, customer), Route(["api", "customers"], takesName: true, customer),
            Route(["invoices"], takesName: true, invoice), Route(["api", "invoices"], takesName: true, invoice),
            Route(["search"], search), Route(["api", "search"], search),
            Route(["places"]) { try await desk.places($0) },
        ] + desk.clockRoutes + desk.customersRoutes + desk.pricesRoutes + desk.billRoutes + desk.moneyRoutes
            + desk.askRoutes
            + desk.disputesRoutes + desk.statementsRoutes + desk.reportsRoutes + desk.settingsRoutes
            + desk.commandsRoutes + desk.importRoutes + desk.approvalsRoutes
    }

    private static func problem(of error: any Error) -> WebProblem? {
        switch error {
        case let problem as WebProblem: problem
        case let refusal as any Refusal: WebProblem(refusal)
        case let refusals as Refusals: refusals.all.first.map(WebProblem.init)
        case let outage as WorkspaceOutage:
            WebProblem(
                status: 503, code: "workspace.outage", what: "The books cannot be read just now.", why: outage.message,
                next: "Reload in a moment.")
        default: nil
        }
    }
}

extension WebProblem {
    /// A refusal as it is said everywhere; 409 where a choice is missing, else 422.
    init(_ refusal: any Refusal) {
        self.init(
            status: refusal is AmbiguousNumber ? 409 : 422, code: refusal.code, what: refusal.what, why: refusal.why,
            next: refusal.next)
    }
    static func noCustomer(_ number: String) -> WebProblem {
        WebProblem(
            status: 404, code: "workspace.no-customer", what: "There is no such customer.",
            why: "No file has the number \(number).", next: "Search for the name or the number.")
    }
    static func noInvoice(_ number: String) -> WebProblem {
        WebProblem(
            status: 404, code: "workspace.no-invoice", what: "There is no such document.",
            why: "No invoice or credit note has the number \(number).", next: "Search for the number.")
    }
    static func noPDF(_ number: String) -> WebProblem {
        WebProblem(
            status: 404, code: "workspace.no-pdf", what: "There is no PDF of \(number).",
            why: "It is a draft, was not written by Duly, or does not exist.", next: "Open the document's page.")
    }
}

/// The handlers: read, then draw or write JSON.
struct Pages<Source: WorkspaceSource>: Sendable {
    let source: Source
    let assets: Assets

    func shell(_ request: WebRequest) -> Shell {
        Shell(reader: Reader(request), assets: assets, request: request)
    }

    /// For a page that answers a form: the language came with its fields.
    func shell(_ request: WebRequest, _ form: WebForm) -> Shell {
        Shell(reader: Reader(request, language: form["lang"]), assets: assets, request: request)
    }

    func today(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        let view = try await source.today(seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(TodayPage(view: view, kind: request.query("kind"), shell: shell).render())
    }

    func customer(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        let number = name(request)
        return try await choosing(number, request, shell) {
            let view = try await source.customer(
                number: number, seller: shell.reader.seller, language: shell.reader.language)
            guard let view else { throw WebProblem.noCustomer(number) }
            if request.wantsJSON { return try .json(view) }
            return .html(CustomerPage(view: view, shell: shell).render())
        }
    }

    func invoice(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let number = name(request)
        return try await choosing(number, request, shell) {
            if request.suffix == "pdf" { return try await pdf(number, shell) }
            try refuseFiles(request)
            let view = try await source.invoice(
                number: number, seller: shell.reader.seller, language: shell.reader.language)
            guard let view else { throw WebProblem.noInvoice(number) }
            if request.wantsJSON { return try .json(view) }
            return .html(InvoicePage(view: view, shell: shell).render())
        }
    }

    private func pdf(_ number: String, _ shell: Shell) async throws -> WebResponse {
        guard let bytes = try await source.invoicePDF(number: number, seller: shell.reader.seller) else {
            throw WebProblem.noPDF(number)
        }
        return .file(bytes, type: "application/pdf", name: "\(number).pdf")
    }

    func search(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        let text = (request.query("q") ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let reader = shell.reader
        var view = SearchView(query: text, customers: [], invoices: [])
        if !text.isEmpty { view = try await source.search(text, seller: reader.seller, language: reader.language) }
        view.doing = Deeds(shell: shell).fitting(text)
        if request.wantsJSON { return try .json(view) }
        return .html(SearchPage(view: text.isEmpty ? nil : view, shell: shell).render())
    }

    func name(_ request: WebRequest) -> String {
        request.name(under: request.path.first == "api" ? ["api", ""] : [""]) ?? ""
    }

    func refuseFiles(_ request: WebRequest) throws {
        if let suffix = request.suffix, suffix != "json" { throw WebProblem.notFound }
    }

    /// A number that several sellers use is not an error for a person, but a question.
    func choosing(
        _ number: String, _ request: WebRequest, _ shell: Shell, _ answer: () async throws -> WebResponse
    ) async throws -> WebResponse {
        do {
            return try await answer()
        } catch let ambiguous as AmbiguousNumber where !request.wantsJSON {
            return .html(ChoicePage(ambiguous: ambiguous, shell: shell).render(), status: 300)
        }
    }
}
