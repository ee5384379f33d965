import Web

/// What the list of customers reads.
public protocol CustomersSource: Sendable {
    func customers(_ asked: CustomersQuery, language: Language) async throws -> CustomersView
}

extension Pages {
    var customersRoutes: [Route] {
        let list: Route.Handler = { try await customers($0) }
        return [Route(["customers"], list), Route(["api", "customers"], list)]
    }

    /// `?standing=overdue&country=DE&currency=EUR&sort=overdue&order=reversed&after=…&limit=50`; what is not known there is not asked.
    func customers(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        let asked = CustomersQuery(
            seller: shell.reader.seller, filter: request.query("standing").flatMap(CustomersQuery.Filter.init),
            country: request.query("country"), currency: request.query("currency"),
            order: request.query("sort").flatMap(CustomersQuery.Order.init) ?? .open,
            isReversed: request.query("order") == "reversed", after: request.query("after"),
            limit: request.query("limit").flatMap { Int($0) }.map { min(max($0, 1), 200) } ?? 50)
        let view = try await source.customers(asked, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(CustomersPage(view: view, asked: asked, shell: shell).render())
    }
}
