import Web

/// What the pages of what waits to be billed, and drafts read.
public protocol BillSource: Sendable {
}

extension Pages {
    var billRoutes: [Route] { [] }
}
