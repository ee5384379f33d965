import Web

/// Who may come in: list, invitation, role, limits.
struct UsersPage {
    let users: [UserView]
    let roles: [String]
    let form: AccessForm
    let shell: Shell
    /// The link of an invitation or reset that was just made, as people copy it; shown this once.
    var link: String?
    private var say: Voice { shell.reader.say }
    private var mayChange: Bool { shell.may("user invite") }

    func render() -> HTML {
        let title = say("Users", "Benutzer")
        return shell.page(title, at: .settings, crumbs: title) { html in
            html("h1", text: title)
            html("p", .class("second")) { html in
                html("a", .href(shell.reader.link("/settings/clashes")), text: say("Clashes", "Unvereinbares"))
                html.text(" · ")
                html("a", .href(shell.reader.link("/settings/views")), text: say("Who saw what", "Wer sah was"))
            }
            if let link { made(&html, link) }
            form.problems(&html, known: ["name", "full_name", "email", "seller"])
            table(&html)
            if mayChange { invite(&html) }
        }
    }

    private func made(_ html: inout HTML, _ link: String) {
        html("div", .class("note done"), .fixed("role", "status")) { html in
            html(
                "p",
                text: say(
                    "Send this link to them. It is good once and is not shown again.",
                    "Diesen Link weitergeben. Er gilt einmal und wird nicht noch einmal gezeigt."))
            html("p") { $0("code", text: link) }
        }
    }

    private func table(_ html: inout HTML) {
        html("section") { html in
            html.wideTable { html in
                html("caption", .class("sr"), text: say("Users", "Benutzer"))
                html("thead") { html in
                    html("tr") { html in
                        for words in [
                            say("Name", "Name"), say("Mail", "Mail"), say("Role", "Rolle"), say("Sees", "Sieht"),
                            say("Standing", "Stand"), say("Change", "Ändern"),
                        ] { html("th", .fixed("scope", "col"), text: words) }
                    }
                }
                html("tbody") { html in
                    for (index, user) in users.enumerated() { row(&html, user, index) }
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ user: UserView, _ index: Int) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html("bdi", text: user.name)
                if !user.fullName.isEmpty { html("div", .class("second")) { $0("bdi", text: user.fullName) } }
            }
            html("td", text: user.email)
            html("td", text: AccessWords.role(user.role, say))
            html("td", text: sees(user))
            html("td", text: standing(user))
            html("td") { html in
                guard mayChange else { return html.text("–") }
                change(&html, user, index)
            }
        }
    }

    private func sees(_ user: UserView) -> String {
        let sellers = user.sellers.map { $0.joined(separator: ", ") } ?? say("all sellers", "alle Verkäufer")
        return sellers + (user.portfolio.map { " · " + say("portfolio", "Portfolio") + " \($0)" } ?? "")
    }

    private func standing(_ user: UserView) -> String {
        if !user.active { return say("shut out", "gesperrt") }
        if user.isInvited { return say("invited", "eingeladen") }
        return user.hasSecondFactor
            ? say("active, with second factor", "aktiv, mit zweitem Faktor") : say("active", "aktiv")
    }

    private func change(_ html: inout HTML, _ user: UserView, _ index: Int) {
        // What was typed into the invitation below is nobody's role or limit.
        let form = AccessForm(shell: shell)
        html("details") { html in
            html("summary") { html in
                html.text(say("Change ", "Ändern: "))
                html("span", .class("sr"), text: user.name)
            }
            post(&html, "/settings/users/change", user) { html in
                form.choice(
                    &html, "role", say("Role", "Rolle"), roles.map { ($0, AccessWords.role($0, say)) },
                    chosen: user.role, id: "role-\(index)")
                form.field(
                    &html, "sellers", say("Sellers", "Verkäufer"), value: user.sellers?.joined(separator: " ") ?? "",
                    hint: say("Codes; empty is every one.", "Kürzel; leer sind alle."), id: "sellers-\(index)")
                form.field(
                    &html, "portfolio", say("Portfolio", "Portfolio"), value: user.portfolio ?? "",
                    hint: say("Empty is all customers.", "Leer sind alle Kunden."), id: "portfolio-\(index)")
                form.button(&html, say("Keep", "Übernehmen"))
            }
            html("div", .class("bar-form")) { html in
                small(&html, "/settings/users/reset", user, say("Link for a new password", "Link für neues Passwort"))
                small(
                    &html, user.active ? "/settings/users/disable" : "/settings/users/enable", user,
                    user.active ? say("Shut out", "Sperren") : say("Let in again", "Wieder zulassen"))
            }
        }
    }

    private func post(_ html: inout HTML, _ place: StaticString, _ user: UserView, content: (inout HTML) -> Void) {
        html("form", .class("form"), .action(Link(place)), .fixed("method", "post")) { html in
            form.hidden(&html, [("user", user.name)])
            content(&html)
        }
    }

    private func small(_ html: inout HTML, _ place: StaticString, _ user: UserView, _ words: String) {
        html("form", .action(Link(place)), .fixed("method", "post")) { html in
            form.hidden(&html, [("user", user.name)])
            html("button", .fixed("type", "submit"), .class("button small"), text: words)
        }
    }

    private func invite(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Invite somebody", "Jemanden einladen"))
            html("form", .class("form"), .action(Link("/settings/users/invite")), .fixed("method", "post")) { html in
                form.hidden(&html)
                form.field(&html, "name", say("Name to sign in with", "Anmeldename"))
                form.field(&html, "full_name", say("Full name", "Voller Name"))
                form.field(&html, "email", say("Mail", "Mail"), type: "email")
                form.choice(
                    &html, "role", say("Role", "Rolle"), roles.map { ($0, AccessWords.role($0, say)) },
                    chosen: "coordinator")
                form.field(
                    &html, "seller", say("Sellers", "Verkäufer"),
                    hint: say("Codes; empty is every one.", "Kürzel; leer sind alle."))
                form.button(&html, say("Make a link", "Link ausstellen"))
            }
        }
    }
}

/// Duties that check each other and lie in one hand.
struct ClashesPage {
    let clashes: [ClashView]
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Duties that clash", "Unvereinbare Aufgaben")
        return shell.page(title, at: .settings, crumbs: title) { html in
            html("h1", text: title)
            html(
                "p",
                text: say(
                    "One of the two checks the other; whoever holds both can hide a mistake or a theft.",
                    "Eine der beiden prüft die andere; wer beide hat, kann einen Fehler oder Diebstahl verdecken."))
            for clash in clashes { section(&html, clash) }
        }
    }

    private func section(_ html: inout HTML, _ clash: ClashView) {
        html("section") { html in
            html("h2", text: words(clash.code))
            guard !clash.roles.isEmpty else {
                return html("p", text: say("No role holds both.", "Keine Rolle hat beide."))
            }
            html.wideTable { html in
                html("caption", .class("sr"), text: words(clash.code))
                html("thead") { html in
                    html("tr") { html in
                        for words in [say("Role", "Rolle"), say("By", "Durch"), say("Held by", "Hat")] {
                            html("th", .fixed("scope", "col"), text: words)
                        }
                    }
                }
                html("tbody") { html in
                    for (role, commands, users) in clash.roles {
                        html("tr") { html in
                            html("th", .fixed("scope", "row"), text: AccessWords.role(role, say))
                            html("td") { $0("code", text: commands.joined(separator: ", ")) }
                            html(
                                "td",
                                text: users.isEmpty ? say("nobody", "niemand") : users.joined(separator: ", "))
                        }
                    }
                }
            }
        }
    }

    private func words(_ code: String) -> String {
        switch code {
        case "accounts-and-money": say("Bank details and money", "Bankverbindungen und Geld")
        case "billing-and-giving-up": say("Billing and giving up", "Abrechnen und Ausbuchen")
        case "receiving-and-crediting": say("Receiving and crediting", "Geld annehmen und gutschreiben")
        case "users-and-money": say("Users and money", "Benutzer und Geld")
        case "posting-and-closing": say("Posting and closing", "Buchen und Abschließen")
        case "asking-and-agreeing": say("Asking and agreeing", "Beantragen und Zustimmen")
        default: code
        }
    }
}

/// Who looked at whose data.
struct ViewsPage {
    let views: [SeenView]
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Who saw what", "Wer sah was")
        return shell.page(title, at: .settings, crumbs: title) { html in
            html("h1", text: title)
            filter(&html)
            guard !views.isEmpty else {
                return html("div", .class("empty")) { html in
                    html(
                        "p",
                        text: say(
                            "Every opened customer and document will stand here, with who opened it and when.",
                            "Hier steht jede geöffnete Kundenakte und jedes Dokument, mit wem und wann."))
                }
            }
            table(&html)
        }
    }

    private func filter(_ html: inout HTML) {
        let form = AccessForm(shell: shell)
        html("form", .class("bar-form"), .action(Link("/settings/views")), .fixed("method", "get")) { html in
            form.field(&html, "user", say("User", "Benutzer"), value: shell.request.query("user") ?? "")
            form.field(&html, "customer", say("Customer", "Kunde"), value: shell.request.query("customer") ?? "")
            html("button", .fixed("type", "submit"), .class("button"), text: say("Show", "Anzeigen"))
        }
    }

    private func table(_ html: inout HTML) {
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Who saw what", "Wer sah was"))
            html("thead") { html in
                html("tr") { html in
                    for words in [
                        say("When (UTC)", "Wann (UTC)"), say("User", "Benutzer"), say("Customer", "Kunde"),
                        say("Place", "Ort"),
                    ] { html("th", .fixed("scope", "col"), text: words) }
                }
            }
            html("tbody") { html in
                for view in views {
                    html("tr") { html in
                        html("td", text: view.at)
                        html("td") { $0("bdi", text: view.user) }
                        html("td") { html in
                            html("a", .href(shell.reader.customer(view.customer, seller: view.seller))) {
                                $0("bdi", text: view.customer)
                            }
                        }
                        html("td") { $0("bdi", text: place(view.place)) }
                    }
                }
            }
        }
    }

    /// `customer`, or `document` and its number.
    private func place(_ text: String) -> String {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return say("file", "Akte") }
        return say("document", "Dokument") + " \(words[1])"
    }
}
