import Web

/// What the pages of the list of customers read.
public protocol CustomersSource: Sendable {
}

extension Pages {
    var customersRoutes: [Route] { [] }
}
