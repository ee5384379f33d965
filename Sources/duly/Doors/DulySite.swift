import Foundation
import Ledger
import Web
import Workspace

/// Everything `duly serve` answers: the pages, the API, its description, the files that commands wrote.
enum DulySite {
    /// - Parameter rate: requests a second that one user or token may make of the API; 0 is any number.
    static func site(_ source: WorkspaceBooks, rate: Int) -> Site {
        var site = Workspace.site(source: source)
        let limiter = RateLimiter(rate: rate)
        let api = CommandAPI(desk: source.commands, limiter: limiter, jobs: source.jobs)
        site.routes += api.routes
        site.routes.append(Route(["api", "jobs"], takesName: true) { try await api.job($0) })
        site.routes.append(Route(["files"], takesName: true) { try source.file($0) })
        let operations = source.commands.catalogue.entries.map { entry in
            APIOperation(
                method: CommandAPI.methods(entry)[0], path: "/api/v1/" + entry.words.joined(separator: "/"),
                summary: entry.abstract,
                parameters: entry.parameters.filter { !Catalogue.outputs.contains($0.name) }.map {
                    ($0.key, $0.help, !$0.isOptional)
                })
        }
        let description = OpenAPI(catalogue: source.commands.catalogue, routes: site.routes).document
        // Always the same: written once.
        let described = Result { try WebResponse.json(description) }
        site.routes.append(Route(["api", "openapi"]) { _ in try described.get() })
        site.routes.append(Route(["api"]) { .html(Workspace.apiPage(operations, $0)) })
        site.freshID = { "web-\(RecordID(at: Common.clock(), count: Int64(Common.chance() & 0x1F_FFFF)))" }
        site.around = { request, next in
            guard request.path.first == "api", request.path.count > 1 else { return try await next() }
            let verdict = limiter.ask(request.session.user)
            guard verdict.allowed else { throw WebProblem.tooMany(verdict.wait) }
            var response = try await next()
            if rate > 0 {
                response.headers += [
                    ("RateLimit-Limit", String(limiter.burst)), ("RateLimit-Remaining", String(verdict.left)),
                    ("RateLimit-Reset", "1"),
                ]
            }
            return response
        }
        site.gate = { request in
            let user = request.session.user
            request.session = WebSession(
                user: user, role: request.session.role, formToken: "", may: { _ in true },
                told: { source.lately.told($0) })
        }
        return site
    }
}
