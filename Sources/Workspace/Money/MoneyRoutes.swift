import Web

/// What the pages of bank lines and where their money goes read.
public protocol MoneySource: Sendable {
}

extension Pages {
    var moneyRoutes: [Route] { [] }
}
