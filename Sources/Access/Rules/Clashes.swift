/// Two duties that one person should not have together, since each checks the other.
public struct Clash: Sendable, Equatable {
    public let code: String
    /// Whoever may one of these …
    public let first: [String]
    /// … and one of those.
    public let second: [String]

    public static let all: [Clash] = [
        Clash(
            code: "accounts-and-money", first: ["seller add-account"],
            second: ["cash apply", "cash refund", "approval give"]),
        Clash(code: "billing-and-giving-up", first: ["bill", "invoice issue"], second: ["cash write-off"]),
        Clash(
            code: "receiving-and-crediting", first: ["bank import", "cash apply"],
            second: ["invoice credit", "cash write-off"]),
        Clash(
            code: "users-and-money", first: ["user add", "user role"],
            second: ["cash apply", "cash refund", "invoice credit"]),
        Clash(code: "posting-and-closing", first: ["bill", "cash apply"], second: ["period close", "period reopen"]),
        Clash(code: "asking-and-agreeing", first: ["cash refund", "invoice credit"], second: ["approval give"]),
    ]

    /// The roles that hold both sides, with the commands that make it so.
    public var roles: [(role: Role, commands: [String])] {
        Role.allCases.compactMap { role in
            let (one, other) = (held(first, role), held(second, role))
            return one.isEmpty || other.isEmpty ? nil : (role, one + other)
        }
    }

    private func held(_ commands: [String], _ role: Role) -> [String] {
        commands.filter { Permissions.may(role, $0) }
    }
}
