import Money

/// How much somebody may decide, in whole units of the currency of the seller's books.
public enum Bound: Sendable, Equatable {
    /// Nothing, not even what is about no amount.
    case none
    case upTo(Int64)
    case any

    /// `none`, `any`, or a whole number that is not negative; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "none": self = .none
        case "any": self = .any
        default:
            guard text.utf8.count <= 12, text.utf8.allSatisfy({ (48...57).contains($0) }), let units = Int64(text)
            else { return nil }
            self = .upTo(units)
        }
    }

    public var text: String {
        switch self {
        case .none: "none"
        case .upTo(let units): String(units)
        case .any: "any"
        }
    }

    /// The amount's sign does not count.
    public func reaches(_ amount: Money) -> Bool {
        switch self {
        case .none: return false
        case .any: return true
        case .upTo(let units):
            var most = UInt64(units)
            for _ in 0..<amount.currency.decimals {
                let (product, isTooMuch) = most.multipliedReportingOverflow(by: 10)
                guard !isTooMuch else { return true }
                most = product
            }
            return amount.minor.magnitude <= most
        }
    }
}

/// What each role decides alone, and what it agrees to as the second person: the defaults, and over them what an administrator set.
public struct ApprovalLimits: Sendable, Equatable {
    public struct Pair: Sendable, Equatable {
        public var alone: Bound
        public var agrees: Bound
        public init(alone: Bound, agrees: Bound) { (self.alone, self.agrees) = (alone, agrees) }
    }
    private struct Key: Hashable {
        let rule: String
        let role: Role
    }
    private var own: [Key: Pair] = [:]

    public init() {}
    public static let standard = ApprovalLimits()

    public mutating func set(_ rule: String, _ role: Role, _ pair: Pair) { own[Key(rule: rule, role: role)] = pair }

    public func pair(_ rule: String, _ role: Role) -> Pair {
        own[Key(rule: rule, role: role)] ?? Self.defaults[rule]?[role] ?? Pair(alone: .none, agrees: .none)
    }
    public func isDefault(_ rule: String, _ role: Role) -> Bool { own[Key(rule: rule, role: role)] == nil }

    /// Who agrees to that amount as the second person.
    public func agreeing(_ rule: String, to amount: Money) -> Set<Role> {
        Set(Role.allCases.filter { Permissions.may($0, "approval give") && pair(rule, $0).agrees.reaches(amount) })
    }

    private static let defaults: [String: [Role: Pair]] = [
        "invoice credit": [
            .coordinator: Pair(alone: .upTo(1_000), agrees: .none), .finance: Pair(alone: .upTo(5_000), agrees: .any),
            .manager: Pair(alone: .upTo(25_000), agrees: .any),
            .administrator: Pair(alone: .upTo(25_000), agrees: .none),
        ],
        "cash write-off": [
            .coordinator: Pair(alone: .upTo(50), agrees: .none), .finance: Pair(alone: .upTo(500), agrees: .any),
            .manager: Pair(alone: .upTo(5_000), agrees: .any), .administrator: Pair(alone: .upTo(5_000), agrees: .none),
        ],
        "cash refund": [
            .coordinator: Pair(alone: .upTo(0), agrees: .none), .finance: Pair(alone: .upTo(500), agrees: .any),
            .manager: Pair(alone: .upTo(2_500), agrees: .any), .administrator: Pair(alone: .upTo(2_500), agrees: .none),
        ],
        // Where money is to be paid to is never one person's decision, whatever the amount.
        "seller add-account": [
            .finance: Pair(alone: .none, agrees: .any), .manager: Pair(alone: .none, agrees: .any),
            .administrator: Pair(alone: .none, agrees: .any),
        ],
    ]
}
