import Money

/// Up to which amount somebody may act alone, and who gives the second word above it.
///
/// Limits are whole units of the currency of the seller's books; an amount in another currency is converted before it is asked.
/// A firm's own limits would stand in a policy; these are the ones that hold without one.
public enum SecondPerson {
    public enum Answer: Sendable, Equatable {
        case alone
        /// Another user with one of these roles has to agree first.
        case with(Set<Role>)
        case never
    }

    /// What gives money away, or says where it goes.
    public static let commands = ["invoice credit", "cash write-off", "cash refund", "seller add-account"]

    /// Whole units that a role may give away alone; a role that is missing, nothing. Without any role, never alone, whatever amount.
    private static let alone: [String: [Role: Int64]] = [
        "invoice credit": [.coordinator: 1_000, .finance: 5_000, .manager: 25_000, .administrator: 25_000],
        "cash write-off": [.coordinator: 50, .finance: 500, .manager: 5_000, .administrator: 5_000],
        "cash refund": [.coordinator: 0, .finance: 500, .manager: 2_500, .administrator: 2_500],
        "seller add-account": [:],
    ]
    /// Who agrees to what goes beyond.
    private static let agreeing: [String: Set<Role>] = [
        "invoice credit": [.manager, .finance], "cash write-off": [.manager, .finance],
        "cash refund": [.manager, .finance], "seller add-account": [.manager, .finance, .administrator],
    ]

    /// nil: the command needs nobody else.
    public static func limit(of role: Role, for command: String) -> Int64? {
        guard let limits = alone[command] else { return nil }
        return limits[role] ?? 0
    }

    /// The amount's sign does not count.
    public static func answer(_ command: String, of amount: Money, by role: Role) -> Answer {
        guard Permissions.may(role, command) else { return .never }
        guard let limits = alone[command] else { return .alone }
        var most = limits[role] ?? 0
        for _ in 0..<amount.currency.decimals { most *= 10 }
        guard limits.isEmpty || amount.minor.magnitude > UInt64(most) else { return .alone }
        return .with(agreeing[command] ?? [])
    }

    /// The second person is another one, and one who may agree.
    public static func mayAgree(_ second: Principal, to command: String, askedBy first: Principal) -> Bool {
        second.user != nil && second.user != first.user && second.token == nil
            && (agreeing[command] ?? []).contains(second.role)
    }
}
