import Web

/// What the pages of sellers, users and policies read.
public protocol SettingsSource: Sendable {
}

extension Pages {
    var settingsRoutes: [Route] { [] }
}
