import Web

/// What the pages of price lists and what belongs to them read.
public protocol PricesSource: Sendable {
    func prices() async throws -> PricesView
    /// nil where there is no such list. `after`: the last article of the page before.
    func priceList(_ name: String, currency: String?, after: String?, language: Language) async throws
        -> PriceListPageView?
    func products(after: String?, language: Language) async throws -> ProductsView
}

extension Pages {
    var pricesRoutes: [Route] {
        let all: Route.Handler = { try await prices($0) }
        let sold: Route.Handler = { try await self.products($0) }
        let list: Route.Handler = { try await priceList($0) }
        return [
            Route(["prices"], all), Route(["api", "prices"], all), Route(["products"], sold),
            Route(["api", "products"], sold), Route(["prices"], takesName: true, list),
            Route(["api", "prices"], takesName: true, list),
        ]
    }

    func prices(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let view = try await source.prices()
        if request.wantsJSON { return try .json(view) }
        return .html(PricesPage(view: view, part: request.query("part") ?? "lists", shell: shell(request)).render())
    }

    func products(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        let view = try await source.products(after: request.query("after"), language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(ProductsPage(view: view, shell: shell).render())
    }

    func priceList(_ request: WebRequest) async throws -> WebResponse {
        try refuseFiles(request)
        let shell = shell(request)
        let name = name(request)
        let view = try await source.priceList(
            name, currency: request.query("currency"), after: request.query("after"), language: shell.reader.language)
        guard let view else {
            throw WebProblem(
                status: 404, code: "workspace.no-price-list", what: "There is no such price list.",
                why: "No price stands on a list \(name).", next: "Look at the lists under Prices.")
        }
        if request.wantsJSON { return try .json(view) }
        return .html(PriceListPage(view: view, chosen: request.query("article"), shell: shell).render())
    }
}
