import Web

/// What the pages of reports read.
public protocol ReportsSource: Sendable {
}

extension Pages {
    var reportsRoutes: [Route] { [] }
}
