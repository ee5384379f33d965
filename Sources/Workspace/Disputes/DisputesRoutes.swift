import Web

/// What the pages of disputes read.
public protocol DisputesSource: Sendable {
}

extension Pages {
    var disputesRoutes: [Route] { [] }
}
