import Web

/// What the pages of price lists and what belongs to them read.
public protocol PricesSource: Sendable {
}

extension Pages {
    var pricesRoutes: [Route] { [] }
}
