import Web

/// What the pages of statements read.
public protocol StatementsSource: Sendable {
}

extension Pages {
    var statementsRoutes: [Route] { [] }
}
