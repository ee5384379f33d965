import Ledger
import Web

/// What the pages of what waits to be billed, and drafts read.
public protocol BillSource: Sendable {
    /// What waits, valued, and the drafts.
    func bill(_ question: BillQuestion, seller: String?, language: Language) async throws -> BillView
    /// nil where there is no such draft.
    func draft(_ id: String, language: Language) async throws -> DraftView?
}

/// What the page of billing is asked.
public struct BillQuestion: Sendable, Equatable {
    public enum Show: String, Sendable, CaseIterable { case all, stopped, look, clean }
    public var show: Show
    /// From 1.
    public var page: Int
    public init(show: Show = .all, page: Int = 1) { (self.show, self.page) = (show, page) }
}

extension Pages {
    var billRoutes: [Route] {
        let bill: Route.Handler = { try await self.bill($0) }
        let draft: Route.Handler = { try await self.draft($0) }
        return [
            Route(["bill"], bill), Route(["api", "bill"], bill), Route(["bill", "drafts"], takesName: true, draft),
            Route(["api", "bill", "drafts"], takesName: true, draft),
        ]
    }

    private func bill(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let question = BillQuestion(
            show: request.query("show").flatMap { BillQuestion.Show(rawValue: $0) } ?? .all, page: request.pageNumber)
        let view = try await source.bill(question, seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(BillPage(view: view, question: question, shell: shell).render())
    }

    private func draft(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let id =
            request.name(under: request.path.first == "api" ? ["api", "bill", "drafts"] : ["bill", "drafts"]) ?? ""
        guard let view = try await source.draft(id, language: shell.reader.language) else {
            throw WebProblem(
                status: 404, code: "workspace.no-draft", what: "There is no such draft.",
                why: "No draft has the id \(id).", next: "The page Bill lists the drafts that wait.")
        }
        if request.wantsJSON { return try .json(view) }
        return .html(DraftPage(view: view, shell: shell).render())
    }
}
