import Web

/// The pages before somebody is in: no places, no search, nothing of the books.
struct DoorPages {
    let shell: Shell
    let form: AccessForm
    private var say: Voice { shell.reader.say }

    func signIn(to place: String?) -> HTML {
        page(say("Sign in", "Anmelden")) { html in
            post(&html, Link("/sign-in"), ["name", "password"]) { html in
                form.hidden(&html, [("to", place)])
                form.field(
                    &html, "name", say("Name", "Name"), fills: "username", look: "field whole",
                    wrong: "field whole invalid", isFirst: true)
                form.field(
                    &html, "password", say("Password", "Passwort"), type: "password", fills: "current-password",
                    look: "field whole", wrong: "field whole invalid")
                form.button(&html, say("Sign in", "Anmelden"))
            }
            html(
                "p", .class("hint"),
                text: say(
                    "Forgotten? An administrator makes a link for a new password.",
                    "Vergessen? Die Verwaltung stellt einen Link für ein neues Passwort aus."))
        }
    }

    func code(to place: String?) -> HTML {
        page(say("One more code", "Noch ein Code")) { html in
            post(&html, Link("/sign-in/code"), ["code"]) { html in
                form.hidden(&html, [("to", place)])
                form.field(
                    &html, "code", say("Code", "Code"), fills: "one-time-code",
                    hint: say(
                        "The six digits that your authenticator program shows now, or a recovery code.",
                        "Die sechs Ziffern, die das Authentifizierungsprogramm zeigt, oder ein Wiederherstellungscode."),
                    look: "field whole", wrong: "field whole invalid", isFirst: true)
                form.button(&html, say("Go on", "Weiter"))
            }
            html("p") { $0("a", .href(Link("/sign-in")), text: say("Begin anew", "Von vorn beginnen")) }
        }
    }

    func setUp() -> HTML {
        page(say("Set up the first sign-in", "Erste Anmeldung einrichten")) { html in
            html(
                "p",
                text: say(
                    "These books have no users yet. The first one looks after the others.",
                    "Diese Bücher haben noch keine Benutzer. Der erste verwaltet die anderen."))
            post(&html, Link("/setup"), ["code", "name", "new", "again"]) { html in
                form.hidden(&html)
                form.field(
                    &html, "code", say("Code", "Code"),
                    hint: say(
                        "It stands where 'duly serve' was started.", "Er steht dort, wo 'duly serve' gestartet wurde."),
                    isFirst: true)
                form.field(&html, "name", say("Name to sign in with", "Anmeldename"), fills: "username")
                form.newPassword(&html)
                form.button(&html, say("Set up and sign in", "Einrichten und anmelden"))
            }
        }
    }

    /// Choosing a password by a link; nil says that the link is good no more.
    func choose(of user: String?, at place: Link) -> HTML {
        guard let user else {
            return page(say("This link is good no more", "Dieser Link gilt nicht mehr")) { html in
                html(
                    "p",
                    text: say(
                        "It was used already, or its time is over. An administrator can make a new one.",
                        "Er wurde schon benutzt oder ist abgelaufen. Die Verwaltung kann einen neuen ausstellen."))
                html("p") { $0("a", .href(Link("/sign-in")), text: say("Sign in", "Anmelden")) }
            }
        }
        return page(say("Choose a password", "Passwort wählen")) { html in
            html("p") { html in
                html.text(say("You sign in as ", "Sie melden sich an als "))
                html("bdi", .class("strong"), text: user)
            }
            post(&html, place, ["new", "again"]) { html in
                form.hidden(&html)
                form.newPassword(&html)
                form.button(&html, say("Keep it", "Übernehmen"))
            }
        }
    }

    private func post(
        _ html: inout HTML, _ place: Link, _ fields: [String], content: (inout HTML) -> Void
    ) {
        form.problems(&html, known: fields)
        html("form", .class("form"), .action(place), .fixed("method", "post")) { content(&$0) }
    }

    private func page(_ title: String, content: (inout HTML) -> Void) -> HTML {
        shell.bare(title) { html in
            html("div", .class("door")) { html in
                html("p", .class("brand"), text: "Duly")
                html("h1", text: title)
                content(&html)
            }
        }
    }
}

/// How those pages look, beside what all forms have.
enum AccessStyle {
    static let rules = """
        body:has(.door){display:block}
        .door{max-width:420px;margin:12vh auto 0;padding:0 16px}
        .door .brand{font-weight:600;font-size:15px;margin-bottom:18px}
        .door h1~p{margin-top:10px;color:var(--ink-2)}
        .door .form{grid-template-columns:minmax(0,1fr)}
        p.door{margin-top:24px}
        .qr{width:196px;height:196px;display:block;margin:10px 0}
        .codes{columns:2;max-width:420px;margin:10px 0;font:13px/24px ui-monospace,"DejaVu Sans Mono",monospace}

        """
}
