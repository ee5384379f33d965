import Ledger
import Money

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
    /// Above what somebody may give away alone, where nobody is there to agree.
    /// - Parameter limit: whole units of the currency, or `none`.
    public static func beyondLimit(_ command: String, limit: String, currency: String) -> AccessRefusal {
        AccessRefusal(
            "access.beyond-limit", "'\(command)' was not carried out.",
            ["none", "0"].contains(limit)
                ? "You may not do that alone, and no role agrees to it."
                : "It is more than the \(limit) \(currency) that you may decide alone, and no role agrees to as much.",
            "Ask an administrator to set limits with 'duly approval limit'.")
    }
    public static func badCommandID(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "approval.bad-id", "Nothing was done, and nothing waits.", "'\(text.prefix(70))' is no id of a command.",
            "Send 1 to 64 characters without a slash, or none.", field: "id")
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

/// Second persons.
extension AccessRefusal {
    private static let undecided = "Nothing was decided."
    private static func words(_ roles: Set<Role>) -> String {
        roles.sorted().map(\.rawValue).joined(separator: " or ")
    }
    public static func noSuchApproval(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "approval.no-such-approval", undecided, "Nothing that waits, or waited, has the id \(text.prefix(60)).",
            "'duly approval list' lists the ids.", field: "approval")
    }
    public static let decidesAsNobody = AccessRefusal(
        "approval.nobody", undecided, "A second person is one of the users of these books, and none of them asked.",
        "Sign in, or say who decides with --as USER.")
    public static let programsDecideNothing = AccessRefusal(
        "approval.no-program", undecided, "A token speaks for a program; the second person is a person.",
        "Sign in and decide on the page of approvals.")
    public static func ownRequest(_ id: RecordID) -> AccessRefusal {
        AccessRefusal(
            "approval.own-request", undecided, "You asked for \(id) yourself.",
            "Have somebody else decide; 'duly approval withdraw \(id)' takes the question back.")
    }
    public static func notAmongThem(_ id: RecordID, _ role: Role, _ roles: Set<Role>) -> AccessRefusal {
        AccessRefusal(
            "approval.not-yours", undecided,
            "The role \(role.rawValue) does not agree to as much as \(id) is about.",
            roles.isEmpty
                ? "Ask an administrator to set limits with 'duly approval limit'."
                : "Have somebody decide who is \(words(roles)).")
    }
    public static func notTheAsker(_ id: RecordID) -> AccessRefusal {
        AccessRefusal(
            "approval.not-the-asker", undecided, "\(id) was asked for by somebody else.",
            "Whoever may agree to it may refuse it: 'duly approval refuse \(id)'.")
    }
    public static func askerGone(_ id: RecordID) -> AccessRefusal {
        AccessRefusal(
            "approval.asker-gone", undecided, "Whoever asked for \(id) was shut out, or may not do it any more.",
            "Refuse it, and have somebody ask anew.")
    }
    public static func approvalEnded(_ id: RecordID, _ state: Approval.State) -> AccessRefusal {
        let what =
            switch state {
            case .waiting: "waits"
            case .agreed: "was agreed to"
            case .done: "was agreed to and carried out"
            case .failed: "was agreed to, and the books refused it"
            case .refused: "was refused"
            case .withdrawn: "was withdrawn"
            }
        return AccessRefusal(
            "approval.decided-already", "Nothing was changed.", "\(id) \(what).",
            state == .agreed
                ? "'duly approval give \(id)' goes on where it stopped."
                : "'duly approval list' shows who decided; ask anew with another --id.")
    }
    /// - Parameter asked: what was asked for, `now` what it would come to.
    public static func worthChanged(_ id: RecordID, asked: Money, now: Money) -> AccessRefusal {
        AccessRefusal(
            "approval.worth-changed", undecided,
            "\(id) asked for \(asked); by now it would come to \(now).",
            "Refuse it, and have it asked for anew.")
    }
    public static func erasedRequest(_ id: RecordID) -> AccessRefusal {
        AccessRefusal(
            "approval.erased", undecided, "What \(id) asked for was erased, or sealed under another key.",
            "Bring back the key file, or refuse it and have it asked for anew.")
    }
    public static func tooMuchToKeep(_ bytes: Int) -> AccessRefusal {
        AccessRefusal(
            "approval.too-large", "Nothing was done, and nothing waits.",
            "It needs a second person, and its files hold \(bytes) bytes, more than 1 MiB that is kept for one.",
            "Divide the file.")
    }
    public static let noKeyToKeep = AccessRefusal(
        "approval.no-key", "Nothing was done, and nothing waits.",
        "The books' key file is missing, so what is asked for could not be kept safely.",
        "Name the key file with DULY_KEY_FILE.")
    public static func badBound(_ text: String, field: String) -> AccessRefusal {
        AccessRefusal(
            "approval.bad-limit", unchanged, "'\(text.prefix(60))' is no limit.",
            "Write a whole number of the seller's currency, none, or any.", field: field)
    }
    public static func noSuchRule(_ text: String) -> AccessRefusal {
        AccessRefusal(
            "approval.no-such-rule", unchanged, "'\(text.prefix(60))' needs no second person.",
            "Name one of \(SecondPerson.commands.joined(separator: ", ")).", field: "rule")
    }
}
