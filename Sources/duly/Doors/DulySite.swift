import Books
import Foundation
import Ledger
import Web
import Workspace

/// Everything `duly serve` answers: the pages, the API, its description, the files that commands wrote.
enum DulySite {
    /// - Parameter rate: requests a second that one user or token may make of the API; 0 is any number.
    /// - Parameter gate: who may come in; nil lets in everybody, for tests of what lies behind it.
    static func site(_ source: WorkspaceBooks, gate: Gate?, rate: Int) -> Site {
        var site = Workspace.site(source: source, access: gate.map { WorkspaceAccess(gate: $0) })
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
        gate?.guardSite(&site)
        limitSight(of: &site, source)
        limitRate(of: &site, limiter)
        let admit = site.gate
        site.gate = { request in
            try await admit(&request)
            let user = request.session.user
            request.session = request.session.telling { source.lately.told($0, to: user) }
        }
        return site
    }

    /// Whoever sees a part of the books reads through a database that holds no more.
    private static func limitSight(of site: inout Site, _ source: WorkspaceBooks) {
        let around = site.around
        site.around = { request, next in
            let sight = CommandDesk.sight(of: request.session)
            return try await around(request) {
                guard !sight.isEverything else { return try await next() }
                let door = try await source.commands.door(for: request.session, reading: true)
                return try await Door.$current.withValue(door) { try await next() }
            }
        }
    }

    private static func limitRate(of site: inout Site, _ limiter: RateLimiter) {
        let around = site.around
        site.around = { request, next in
            guard request.path.first == "api", request.path.count > 1 else { return try await around(request, next) }
            let verdict = limiter.ask(request.session.user)
            guard verdict.allowed else { throw WebProblem.tooMany(verdict.wait) }
            var response = try await around(request, next)
            if limiter.rate > 0 {
                response.headers += [
                    ("RateLimit-Limit", String(limiter.burst)), ("RateLimit-Remaining", String(verdict.left)),
                    ("RateLimit-Reset", "1"),
                ]
            }
            return response
        }
    }
}
