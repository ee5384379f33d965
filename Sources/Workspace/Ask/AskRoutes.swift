import Web

/// What the pages of reminders read.
public protocol AskSource: Sendable {
}

extension Pages {
    var askRoutes: [Route] { [] }
}
