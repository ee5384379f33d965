import Web

/// Somebody's own account: sign-ins, password, second factor.
struct AccountPage {
    let view: AccountView
    let form: AccessForm
    let shell: Shell
    /// The form is that of switching the second factor off, not of the password.
    var isOff = false
    private var say: Voice { shell.reader.say }
    private var blank: AccessForm { AccessForm(shell: shell) }

    func render() -> HTML {
        shell.page(say("Your account", "Ihr Konto"), at: .settings, crumbs: say("Your account", "Ihr Konto")) { html in
            html("h1", text: say("Your account", "Ihr Konto"))
            html("p", .class("second")) { html in
                html("bdi", text: view.name)
                html.text(" · \(shell.request.session.role)")
            }
            form.problems(&html, known: ["password", "new", "again", "code"])
            sessions(&html)
            password(&html)
            secondFactor(&html)
        }
    }

    private func sessions(_ html: inout HTML) {
        html("section") { html in
            html.wideTable { html in
                html("caption", text: say("Where you are signed in", "Wo Sie angemeldet sind"))
                html("thead") { html in
                    html("tr") { html in
                        for words in [
                            say("Device", "Gerät"), say("Address", "Adresse"), say("Since", "Seit"),
                            say("Last used", "Zuletzt benutzt"), say("End", "Beenden"),
                        ] { html("th", .fixed("scope", "col"), text: words) }
                    }
                }
                html("tbody") { html in
                    for session in view.sessions { row(&html, session) }
                }
            }
            guard view.sessions.count > 1 else { return }
            action(&html, "/settings/account/end", say("End all others", "Alle anderen beenden"))
        }
    }

    private func row(_ html: inout HTML, _ session: SessionView) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { $0("bdi", text: session.device.isEmpty ? "–" : session.device) }
            html("td", text: session.address.isEmpty ? "–" : session.address)
            html("td", text: session.since)
            html("td", text: session.lastUsed)
            html("td") { html in
                if session.isThis { return html.text(say("this one", "diese hier")) }
                action(&html, "/settings/account/end", say("End", "Beenden"), [("session", session.id)])
            }
        }
    }

    private func password(_ html: inout HTML) {
        let form = isOff ? blank : form
        html("section") { html in
            html("h2", text: say("Password", "Passwort"))
            post(&html, "/settings/account/password") { html in
                form.field(
                    &html, "password", say("Your password now", "Ihr jetziges Passwort"), type: "password",
                    fills: "current-password", look: "field whole", wrong: "field whole invalid")
                form.newPassword(&html)
                form.button(&html, say("Change it", "Ändern"))
            }
        }
    }

    private func secondFactor(_ html: inout HTML) {
        let form = isOff ? form : blank
        html("section") { html in
            html("h2", text: say("Second factor", "Zweiter Faktor"))
            guard view.hasSecondFactor else {
                html(
                    "p",
                    text: say(
                        "With an authenticator program, a stolen password alone opens nothing.",
                        "Mit einem Authentifizierungsprogramm öffnet ein gestohlenes Passwort allein nichts."))
                html("p") { html in
                    html(
                        "a", .class("button"), .href(shell.reader.link("/settings/account/second-factor")),
                        text: say("Set it up", "Einrichten"))
                }
                return
            }
            html(
                "p",
                text: say(
                    "A code is asked for at every sign-in. \(view.codesLeft) recovery codes are left.",
                    "Bei jeder Anmeldung wird ein Code verlangt. \(view.codesLeft) Wiederherstellungscodes sind übrig.")
            )
            post(&html, "/settings/account/second-factor/off") { html in
                form.field(
                    &html, "password", say("Your password", "Ihr Passwort"), type: "password",
                    fills: "current-password", look: "field whole", wrong: "field whole invalid", id: "password-off")
                form.button(&html, say("Switch it off", "Abschalten"))
            }
        }
    }

    private func post(_ html: inout HTML, _ place: StaticString, content: (inout HTML) -> Void) {
        html("form", .class("form"), .action(Link(place)), .fixed("method", "post")) { html in
            form.hidden(&html)
            content(&html)
        }
    }

    private func action(
        _ html: inout HTML, _ place: StaticString, _ words: String, _ fields: [(StaticString, String?)] = []
    ) {
        html("form", .action(Link(place)), .fixed("method", "post")) { html in
            form.hidden(&html, fields)
            html("button", .fixed("type", "submit"), .class("button small"), text: words)
        }
    }
}

/// Setting up the authenticator program, and the recovery codes that are shown once.
struct SecondFactorPage {
    let form: AccessForm
    let shell: Shell
    private var say: Voice { shell.reader.say }
    private var title: String { say("Second factor", "Zweiter Faktor") }

    func enrol(_ view: SecondFactorView) -> HTML {
        shell.page(title, at: .settings, crumbs: title) { html in
            html("h1", text: title)
            html(
                "p",
                text: say(
                    "Scan the picture with an authenticator program, then type the code it shows.",
                    "Das Bild mit einem Authentifizierungsprogramm scannen, dann den angezeigten Code eingeben."))
            picture(&html, view)
            html("p") { html in
                html.text(say("Or type this key: ", "Oder diesen Schlüssel eingeben: "))
                html("code", text: view.key)
            }
            form.problems(&html, known: ["code"])
            html(
                "form", .class("form"), .action(Link("/settings/account/second-factor")), .fixed("method", "post")
            ) { html in
                form.hidden(&html)
                form.field(
                    &html, "code", say("Code", "Code"), fills: "one-time-code", look: "field whole",
                    wrong: "field whole invalid")
                form.button(&html, say("Switch it on", "Einschalten"))
            }
        }
    }

    func codes(_ codes: [String]) -> HTML {
        let title = say("Recovery codes", "Wiederherstellungscodes")
        return shell.page(title, at: .settings, crumbs: title) { html in
            html("h1", text: title)
            html(
                "p",
                text: say(
                    "The second factor is on. Print these codes or keep them in a safe place: each opens once, should the telephone be lost. They are not shown again.",
                    "Der zweite Faktor ist eingeschaltet. Diese Codes ausdrucken oder sicher verwahren: Jeder öffnet einmal, falls das Telefon verloren geht. Sie werden nicht noch einmal gezeigt."
                ))
            html("ul", .class("codes")) { html in for code in codes { html("li", text: code) } }
            html("p") { html in
                html(
                    "a", .class("button"), .href(shell.reader.link("/settings/account")),
                    text: say("Back to your account", "Zurück zum Konto"))
            }
        }
    }

    /// Dark modules as runs of one path, with the quiet zone of four that readers want (ISO/IEC 18004).
    private func picture(_ html: inout HTML, _ view: SecondFactorView) {
        let whole = view.side + 8
        var path = ""
        for row in 0..<view.side {
            for column in 0..<view.side where view.modules[row * view.side + column] {
                path += "M\(column + 4) \(row + 4)h1v1h-1z"
            }
        }
        html(
            "svg", .class("qr"), Attribute("viewBox", "0 0 \(whole) \(whole)"), .fixed("role", "img"),
            Attribute("aria-label", say("The key as a QR code", "Der Schlüssel als QR-Code")),
            .fixed("shape-rendering", "crispEdges")
        ) { html in
            html.void("rect", Attribute("width", whole), Attribute("height", whole), .fixed("fill", "#fff"))
            html.void("path", Attribute("d", path), .fixed("fill", "#000"))
        }
    }
}
