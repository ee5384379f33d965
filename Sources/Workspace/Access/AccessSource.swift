import Ledger
import Web

/// How far somebody came in. The texts are secrets for cookies.
public enum DoorStep: Sendable {
    case signedIn(String)
    case needsCode(String)
}

/// One of somebody's sign-ins that last.
public struct SessionView: Sendable {
    public let id: String
    public let device: String
    public let address: String
    /// Days and minutes in UTC.
    public let since: String
    public let lastUsed: String
    /// The one they look from.
    public let isThis: Bool
    public init(id: String, device: String, address: String, since: String, lastUsed: String, isThis: Bool) {
        (self.id, self.device, self.address) = (id, device, address)
        (self.since, self.lastUsed, self.isThis) = (since, lastUsed, isThis)
    }
}

public struct AccountView: Sendable {
    public let name: String
    public let fullName: String
    public let email: String
    public let hasSecondFactor: Bool
    public let codesLeft: Int
    public let sessions: [SessionView]
    public init(
        name: String, fullName: String, email: String, hasSecondFactor: Bool, codesLeft: Int, sessions: [SessionView]
    ) {
        (self.name, self.fullName, self.email) = (name, fullName, email)
        (self.hasSecondFactor, self.codesLeft, self.sessions) = (hasSecondFactor, codesLeft, sessions)
    }
}

/// The key of an authenticator program: as a picture and as letters.
public struct SecondFactorView: Sendable {
    public let key: String
    /// Modules along one side, and row by row which are dark.
    public let side: Int
    public let modules: [Bool]
    public init(key: String, side: Int, modules: [Bool]) { (self.key, self.side, self.modules) = (key, side, modules) }
}

public struct UserView: Sendable, Equatable {
    public let name: String
    public let fullName: String
    public let email: String
    public let role: String
    public let active: Bool
    /// Before an invitation was answered.
    public let isInvited: Bool
    public let hasSecondFactor: Bool
    /// Codes; nil is every one.
    public let sellers: [String]?
    public let portfolio: String?
    public init(
        name: String, fullName: String, email: String, role: String, active: Bool, isInvited: Bool,
        hasSecondFactor: Bool, sellers: [String]?, portfolio: String?
    ) {
        (self.name, self.fullName, self.email, self.role) = (name, fullName, email, role)
        (self.active, self.isInvited, self.hasSecondFactor) = (active, isInvited, hasSecondFactor)
        (self.sellers, self.portfolio) = (sellers, portfolio)
    }
}

/// Duties that check each other, in one hand.
public struct ClashView: Sendable {
    public let code: String
    /// Role, the commands that make it so, the users who have it.
    public let roles: [(role: String, commands: [String], users: [String])]
    public init(code: String, roles: [(role: String, commands: [String], users: [String])]) {
        (self.code, self.roles) = (code, roles)
    }
}

public struct SeenView: Sendable {
    public let at: String
    public let user: String
    public let seller: String
    public let customer: String
    public let place: String
    public init(at: String, user: String, seller: String, customer: String, place: String) {
        (self.at, self.user, self.seller, self.customer, self.place) = (at, user, seller, customer, place)
    }
}

/// What the pages of sign-in, account and users read and do. Each knows from the request who asks and from where. A `Refusal` thrown
/// here names its field in `place`, and the page says it there.
public protocol AccessSource: Sendable {
    /// Whether there is anybody who could sign in.
    func isSetUp() async throws -> Bool
    /// Whether cookies may travel on encrypted connections only.
    func isSecure(_ request: WebRequest) -> Bool
    var roles: [String] { get }
    /// The first administrator, with the code that the server printed.
    func setUp(code: String, name: String, password: String, again: String, _ request: WebRequest) async throws
        -> String
    func signIn(name: String, password: String, _ request: WebRequest) async throws -> DoorStep
    func enter(code: String, under secret: String, _ request: WebRequest) async throws -> String
    func signOut(_ request: WebRequest) async throws
    /// Whose link it is; nil where it is good no more.
    func invited(_ secret: String) async throws -> String?
    func accept(_ secret: String, password: String, again: String, _ request: WebRequest) async throws

    func account(_ request: WebRequest) async throws -> AccountView
    /// nil ends all but the one they ask from.
    func end(session: String?, _ request: WebRequest) async throws
    func changePassword(old: String, new: String, again: String, _ request: WebRequest) async throws
    func beginSecondFactor(_ request: WebRequest) async throws -> SecondFactorView
    /// The recovery codes.
    func confirmSecondFactor(code: String, _ request: WebRequest) async throws -> [String]
    func removeSecondFactor(password: String, _ request: WebRequest) async throws

    func users() async throws -> [UserView]
    /// The secret of the link.
    func invite(
        name: String, fullName: String, email: String, role: String, sellers: String, _ request: WebRequest
    ) async throws -> String
    func reset(user: String, _ request: WebRequest) async throws -> String
    func change(user: String, role: String, sellers: String, portfolio: String, _ request: WebRequest) async throws
    func setActive(user: String, _ active: Bool, _ request: WebRequest) async throws
    func clashes() async throws -> [ClashView]
    func views(user: String?, customer: String?, _ request: WebRequest) async throws -> [SeenView]
}
