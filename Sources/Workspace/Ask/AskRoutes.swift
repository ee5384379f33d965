import Ledger
import Web

/// What the pages of reminders read.
public protocol AskSource: Sendable {
    /// The run of the day as it would be; `customer` is the letter to read, the first where none is named.
    func ask(customer: String?, seller: String?, language: Language) async throws -> AskView
    /// Letters of the outbox in these states, the latest first.
    func letters(state: String, page: Int, seller: String?, language: Language) async throws -> LettersView
    func reminderPolicy(seller: String?, language: Language) async throws -> ReminderPolicyView
}

extension Pages {
    var askRoutes: [Route] {
        let ask: Route.Handler = { try await self.ask($0) }
        let letters: Route.Handler = { try await self.letters($0) }
        let policy: Route.Handler = { try await self.policy($0) }
        return [
            Route(["ask"], ask), Route(["api", "ask"], ask), Route(["ask", "letters"], letters),
            Route(["api", "ask", "letters"], letters), Route(["ask", "policy"], policy),
            Route(["api", "ask", "policy"], policy),
        ]
    }

    private func ask(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let view = try await source.ask(
            customer: request.query("customer"), seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(AskPage(view: view, shell: shell).render())
    }

    private func letters(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let asked = request.query("state") ?? ""
        let state = LettersView.states.contains(asked) ? asked : "open"
        let view = try await source.letters(
            state: state, page: request.pageNumber, seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(LettersPage(view: view, page: request.pageNumber, shell: shell).render())
    }

    private func policy(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let view = try await source.reminderPolicy(seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(ReminderPolicyPage(view: view, shell: shell).render())
    }
}
