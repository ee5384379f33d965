import Ledger

/// Why somebody does not come in, or may not do what they asked for.
public struct AccessRefusal: Refusal, Equatable {
    public let code: String
    public let what: String
    public let why: String
    public let next: String
    /// The field of a form that it is about.
    public let field: String?
    public var place: RefusalPlace? { field.map { RefusalPlace(field: $0) } }

    init(_ code: String, _ what: String, _ why: String, _ next: String, field: String? = nil) {
        (self.code, self.what, self.why, self.next, self.field) = (code, what, why, next, field)
    }

    private static let notIn = "You are not signed in."
    private static let unchanged = "Nothing was changed."
}

/// At the door.
extension AccessRefusal {
    /// The same for a wrong password, an unknown name and a user who was disabled: it tells a stranger nothing.
    public static let wrongSignIn = AccessRefusal(
        "access.wrong-sign-in", notIn, "The name or the password is wrong.",
        "Try again, or ask an administrator for a new password.", field: "password")
    public static func wait(_ seconds: Int64) -> AccessRefusal {
        AccessRefusal(
            "access.wait", notIn, "There were too many attempts.", "Wait \(seconds) seconds, then try again.",
            field: "password")
    }
    public static let wrongCode = AccessRefusal(
        "access.wrong-code", notIn, "The code is wrong, was used already, or its time is over.",
        "Type the code that is shown now, or one of your recovery codes.", field: "code")
    public static let signInAgain = AccessRefusal(
        "access.sign-in-again", notIn, "The sign-in took too long.", "Begin with your name and password again.")
    public static let busy = AccessRefusal(
        "access.busy", notIn, "Too many people sign in at this moment.", "Try again in a moment.", field: "password")
    public static let signInFirst = AccessRefusal(
        "access.sign-in-first", "The request was not answered.", "Nobody is signed in.",
        "Sign in, or send a token: Authorization: Bearer duly_….")
    public static let badToken = AccessRefusal(
        "access.bad-token", "The request was not answered.", "The token is unknown, revoked or expired.",
        "Make a new one with 'duly token create'.")
    public static let foreignForm = AccessRefusal(
        "access.foreign-form", unchanged, "The form does not come from a page of this session.",
        "Open the page again and send its form.")
    public static func notAllowed(_ command: String, _ role: Role) -> AccessRefusal {
        AccessRefusal(
            "access.not-allowed", "'\(command)' was not carried out.", "The role \(role.rawValue) may not do that.",
            "Ask somebody who may, or an administrator.")
    }
    /// Above what somebody may give away alone.
    /// - Parameter limit: whole units of the currency.
    public static func beyondLimit(_ command: String, limit: Int64, currency: String, roles: Set<Role>) -> AccessRefusal
    {
        let who = roles.sorted().map(\.rawValue).joined(separator: " or ")
        return AccessRefusal(
            "access.beyond-limit", "'\(command)' was not carried out.",
            limit == 0
                ? "You may not do that alone." : "It is more than the \(limit) \(currency) that you may decide alone.",
            who.isEmpty ? "Ask an administrator." : "Ask somebody else to do it who is \(who).")
    }
    public static func tokenMayNot(_ command: String) -> AccessRefusal {
        AccessRefusal(
            "access.scope-missing", "'\(command)' was not carried out.", "The token is not good for that.",
            "Use a token with the scope \(Permissions.entry(for: command)?.scope.rawValue ?? "admin").")
    }
    public static let otherBooks = AccessRefusal(
        "access.other-books", "Nothing was shown.", "These books are not among those you may see.",
        "Ask an administrator.")
    public static let wrongSetUpCode = AccessRefusal(
        "access.wrong-set-up-code", unchanged, "The code is not the one that the server printed.",
        "Copy it from where 'duly serve' was started.", field: "code")
    public static let setUpAlready = AccessRefusal(
        "access.set-up-already", unchanged, "There are users already.", "Sign in.")
    public static let linkGone = AccessRefusal(
        "access.link-gone", unchanged, "The link was used already, or its time is over.",
        "Ask an administrator for a new one.")
}

/// Passwords and second factors.
extension AccessRefusal {
    public static func shortPassword(_ count: Int) -> AccessRefusal {
        AccessRefusal(
            "access.short-password", unchanged,
            "The password has \(count) characters, fewer than \(PasswordRule.least).",
            "Take a longer one; four words that mean nothing together are good.", field: "new")
    }
    public static func longPassword(_ count: Int) -> AccessRefusal {
        AccessRefusal(
            "access.long-password", unchanged, "The password has \(count) characters, more than \(PasswordRule.most).",
            "Take a shorter one.", field: "new")
    }
    public static let obviousPassword = AccessRefusal(
        "access.obvious-password", unchanged, "The password is one that everybody tries first.",
        "Take one that only you would think of.", field: "new")
    public static let passwordHoldsName = AccessRefusal(
        "access.password-holds-name", unchanged, "Your name is part of the password.", "Leave it out.", field: "new")
    public static let passwordsDiffer = AccessRefusal(
        "access.passwords-differ", unchanged, "The second time, another password was typed.", "Type it twice alike.",
        field: "again")
    public static let wrongPassword = AccessRefusal(
        "access.wrong-password", unchanged, "This is not your password.", "Type the one you sign in with.",
        field: "password")
    public static let wrongFirstCode = AccessRefusal(
        "access.wrong-first-code", unchanged, "This is not the code that the program shows for this key.",
        "Scan the picture again, and see that the telephone's clock is right.", field: "code")
    public static let noKey = AccessRefusal(
        "access.no-key", unchanged, "The books' key file is missing, so the second factor could not be kept safely.",
        "Name the key file with DULY_KEY_FILE.")
}

/// Users, tokens, sessions.
extension AccessRefusal {
    public static func badName(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.bad-name", unchanged, "'\(text)' is no name to sign in with.",
            "Use 1 to 64 letters, digits, points, dashes, underscores or @.", field: "name")
    }
    public static func nameTaken(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.name-taken", unchanged, "There is a user \(text) already.", "Take another name.", field: "name")
    }
    public static func noSuchUser(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.no-such-user", unchanged, "There is no user \(text).", "'duly user list' lists them.", field: "name"
        )
    }
    public static func noSuchRole(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.no-such-role", unchanged, "There is no role '\(text)'.",
            "Take one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")).", field: "role")
    }
    public static func noSuchScope(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.no-such-scope", unchanged, "There is no scope '\(text)'.",
            "Take some of \(Scope.allCases.map(\.rawValue).joined(separator: ", ")).", field: "scope")
    }
    public static func noSuchBooks(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.no-such-seller", unchanged, "There is no seller \(text).", "'duly seller list' lists them.",
            field: "seller")
    }
    public static func noSuchPortfolio(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.no-such-portfolio", unchanged, "'\(text)' is no portfolio.",
            "Copy its id, 13 characters, from the list of portfolios.", field: "portfolio")
    }
    public static let lastAdministrator = AccessRefusal(
        "access.last-administrator", unchanged, "Nobody would be left who may look after users.",
        "Give somebody else the role administrator first.", field: "name")
    public static func noSuchToken(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "access.no-such-token", unchanged, "There is no token \(text).", "'duly token list' lists them.",
            field: "token")
    }
    public static let noSuchSession = AccessRefusal(
        "access.no-such-session", unchanged, "This sign-in is not yours, or it has ended.", "Reload the page.")
    public static func badExpiry(_ days: Int) -> AccessRefusal {
        AccessRefusal(
            "access.bad-expiry", unchanged, "A token holds 1 to 366 days, not \(days).", "Name fewer with --days.",
            field: "days")
    }
}
