import Web

/// What the pages of bank lines and what they pay read.
public protocol MoneySource: Sendable {
    /// The lines that wait, and one of them with what it may pay.
    func money(_ question: MoneyQuestion, seller: String?, language: Language) async throws -> MoneyView
    /// The bank statements in the books, latest first, and whether each goes on where the one before ended.
    func bankStatements(page: Int, seller: String?, language: Language) async throws -> BankStatementsView
}

/// What the page of money is asked.
public struct MoneyQuestion: Sendable, Equatable {
    public enum Show: String, Sendable, CaseIterable {
        /// Nobody knows yet whose it is.
        case waiting
        /// It is a customer's, and pays nothing yet.
        case account
        /// Placed without a person, the latest first.
        case placed
    }
    public var show: Show
    /// The line to look at; the first where none is named.
    public var receipt: String?
    /// Open items to look for.
    public var search: String?
    /// Numbers of documents the line shall be spread over.
    public var take: [String]
    /// From 1.
    public var page: Int
    public init(
        show: Show = .waiting, receipt: String? = nil, search: String? = nil, take: [String] = [], page: Int = 1
    ) {
        (self.show, self.receipt, self.search, self.take, self.page) = (show, receipt, search, take, page)
    }

    init(_ request: WebRequest) {
        self.init(
            show: request.query("show").flatMap { Show(rawValue: $0) } ?? .waiting, receipt: request.query("receipt"),
            search: request.query("q"), take: Array(request.queries("take").prefix(MoneyQuestion.mostTaken)),
            page: request.pageNumber)
    }

    /// How many documents one line is spread over at most.
    static let mostTaken = 60
}

extension Pages {
    var moneyRoutes: [Route] {
        let money: Route.Handler = { try await self.money($0) }
        let statements: Route.Handler = { try await self.bankStatements($0) }
        return [
            Route(["money"], money), Route(["api", "money"], money), Route(["money", "statements"], statements),
            Route(["api", "money", "statements"], statements),
        ]
    }

    private func money(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let question = MoneyQuestion(request)
        let view = try await source.money(question, seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(MoneyPage(view: view, question: question, shell: shell).render())
    }

    private func bankStatements(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let view = try await source.bankStatements(
            page: request.pageNumber, seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(BankStatementsPage(view: view, page: request.pageNumber, shell: shell).render())
    }
}
