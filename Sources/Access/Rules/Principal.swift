/// Who asks, and what they may.
public struct Principal: Sendable, Equatable {
    /// nil: no sign-in is set up yet, and whoever sits at this machine asks.
    public let user: Int64?
    /// The name at the sign-in; it stands as actor in the books.
    public let name: String
    public let role: Role
    /// `en` or `de`; nil is what the browser says.
    public let language: String?
    /// The books that are shown; nil is every one.
    public let books: Set<Int64>?
    /// Only the customers of this portfolio; nil is all.
    public let portfolio: Int64?
    /// What a token is good for; nil with a session.
    public let scopes: Set<Scope>?
    public let session: Int64?
    public let token: Int64?
    /// Goes into every form and comes back with it; empty without a session.
    public let formToken: String

    public init(
        user: Int64?, name: String, role: Role, language: String? = nil, books: Set<Int64>? = nil,
        portfolio: Int64? = nil, scopes: Set<Scope>? = nil, session: Int64? = nil, token: Int64? = nil,
        formToken: String = ""
    ) {
        (self.user, self.name, self.role, self.language) = (user, name, role, language)
        (self.books, self.portfolio, self.scopes) = (books, portfolio, scopes)
        (self.session, self.token, self.formToken) = (session, token, formToken)
    }

    public func may(_ command: String) -> Bool {
        guard let scopes else { return Permissions.may(role, command) }
        return Permissions.may(role, scopes, command)
    }
    public func maySee(book: Int64) -> Bool { books?.contains(book) ?? true }
}
