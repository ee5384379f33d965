import Money
import Web

/// Sellers with their numbers, accounts and periods; where people, policies, imports and commands are looked after.
struct SettingsPage {
    let view: SettingsView
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("Settings", "Einstellungen"), at: .settings, crumbs: say("Settings", "Einstellungen")) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Settings", "Einstellungen"))
                html(
                    "p",
                    text: view.sellers.count == 1
                        ? say("One seller", "Ein Verkäufer")
                        : say("\(view.sellers.count) sellers", "\(view.sellers.count) Verkäufer"))
            }
            html("div", .class("file")) { html in
                html("div") { html in
                    for seller in view.sellers { self.seller(&html, seller) }
                }
                html("aside", Attribute("aria-label", say("More settings", "Weitere Einstellungen"))) { html in
                    places(&html)
                    periods(&html)
                    books(&html)
                }
            }
        }
    }

    private func seller(_ html: inout HTML, _ one: SellerSettings) {
        let code = one.seller.code
        html("section", .id("seller-\(code)"), .class("seller")) { html in
            html("h2") { html in
                html("bdi", text: one.seller.name)
                html("span", .class("hint"), text: " \(code) · \(one.country) · \(one.seller.currency)")
            }
            html("div", .class("two")) { html in
                html("dl", .class("pairs")) { html in
                    for (name, value) in facts(one) {
                        html("dt", text: name)
                        html("dd") { $0("bdi", text: value) }
                    }
                }
                html("div") { html in
                    accounts(&html, one)
                    series(&html, one)
                }
            }
        }
    }

    private func facts(_ one: SellerSettings) -> [(String, String)] {
        [
            (say("Address", "Anschrift"), one.address.joined(separator: ", ")), (say("VAT id", "USt-IdNr."), one.vatId),
            (say("Mail", "E-Mail"), one.email), (say("Telephone", "Telefon"), one.phone),
            (say("Time zone", "Zeitzone"), one.timeZone),
            (say("Terms", "Zahlungsziel"), say.days(one.termsDays)),
            (say("Books open from", "Bücher offen ab"), say.fullDate(one.openFrom)),
            (
                say("Reminder policy", "Mahnregeln"),
                one.hasPolicy ? say("its own", "eigene") : say("that of all sellers", "die aller Verkäufer")
            ),
        ].map { ($0.0, $0.1.isEmpty ? "–" : $0.1) }
    }

    private func accounts(_ html: inout HTML, _ one: SellerSettings) {
        html("h3", text: say("Bank accounts", "Bankkonten"))
        html("ul", .class("plain-list")) { html in
            for account in one.accounts {
                html("li") { html in
                    html("bdi", .class("strong"), text: account.account)
                    html("span", .class("second"), text: " \(account.currency) \(account.bic)")
                }
            }
            if one.accounts.isEmpty { html("li", .class("hint"), text: say("None yet.", "Noch keine.")) }
        }
        guard shell.may("seller add-account") else { return }
        html("details", .class("more")) { html in
            html("summary") { html in
                html.text(say("Add an account", "Konto hinzufügen"))
                html("span", .class("sr"), text: " \(one.seller.code)")
            }
            shell.form(
                &html, "seller add-account", look: .class("fields"), fields: [("code", one.seller.code)]
            ) { html in
                let id = one.seller.code
                shell.field(
                    &html, say("Account", "Konto"), name: "account", id: "account-\(id)",
                    hint: say("An IBAN or any bank's own id.", "IBAN oder Kennung der Bank."), isRequired: true)
                shell.field(
                    &html, "BIC", name: "bic", id: "bic-\(id)", hint: say("If known.", "Falls bekannt."))
                shell.field(
                    &html, say("Currency", "Währung"), name: "currency", id: "currency-\(id)",
                    hint: say("If not \(one.seller.currency).", "Falls nicht \(one.seller.currency)."))
                html("p", .class("acts")) { shell.submit(&$0, say("Add", "Hinzufügen")) }
            }
        }
    }

    private func series(_ html: inout HTML, _ one: SellerSettings) {
        html("h3", text: say("Invoice numbers", "Rechnungsnummern"))
        html("p") { html in
            html("code", text: one.series)
            if let next = one.nextNumber {
                html("span", .class("second"), text: say(" next today ", " als Nächstes heute "))
                html("bdi", .class("strong"), text: next)
            }
        }
        guard shell.may("seller series") else { return }
        html("details", .class("more")) { html in
            html("summary") { html in
                html.text(say("Write them differently", "Anders schreiben"))
                html("span", .class("sr"), text: " \(one.seller.code)")
            }
            shell.form(&html, "seller series", look: .class("fields"), fields: [("code", one.seller.code)]) { html in
                shell.field(
                    &html, say("Pattern", "Muster"), name: "pattern", id: "pattern-\(one.seller.code)",
                    value: one.series,
                    hint: say(
                        "Holds {n} or {n:6} once, and where wanted {year} and {month}. The count goes on.",
                        "Enthält einmal {n} oder {n:6}, auf Wunsch {year} und {month}. Die Zählung läuft weiter."),
                    isRequired: true)
                html("p", .class("acts")) { shell.submit(&$0, say("Set", "Setzen")) }
            }
        }
    }

    private func places(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Look after", "Verwalten"))
            html("ul", .class("plain-list")) { html in
                for (words, link, note) in [
                    (
                        say("Reminder policy", "Mahnregeln"), reader.link("/ask/policy"),
                        say("levels, days, least amounts", "Stufen, Tage, Mindestbeträge")
                    ),
                    (
                        say("Bank files and accounts", "Bankdateien und Konten"), reader.link("/money/statements"),
                        say("read in, continuity", "einlesen, Anschluss")
                    ),
                    (
                        say("People", "Personen"), reader.link("/settings/users"),
                        say("users and roles", "Benutzer und Rollen")
                    ),
                    (
                        say("Approvals", "Freigaben"), reader.link("/approvals"),
                        say("second person, limits", "Vier Augen, Grenzen")
                    ),
                    (
                        say("Your account", "Ihr Zugang"), reader.link("/settings/account"),
                        say("password, sessions", "Kennwort, Sitzungen")
                    ),
                    (say("Import", "Einlesen"), reader.link("/import"), say("CSV and XLSX", "CSV und XLSX")),
                    (
                        say("All commands", "Alle Befehle"), reader.link("/commands"),
                        say("everything Duly can do", "alles, was Duly kann")
                    ),
                ] where !(link.text.hasPrefix("/settings/account") && shell.request.session.user.isEmpty) {
                    html("li") { html in
                        html("a", .href(link), .flag("data-row"), text: words)
                        html("span", .class("hint"), text: " " + note)
                    }
                }
            }
        }
    }

    private func periods(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Periods", "Zeiträume"))
            html(
                "p", .class("second"),
                text: say(
                    "Nothing is dated into a closed period. Closing and reopening leave a trace.",
                    "In einen abgeschlossenen Zeitraum wird nichts datiert. Schließen und Öffnen bleiben nachvollziehbar."
                ))
            if shell.may("period close") {
                shell.form(&html, "period close", look: .class("stack")) { html in
                    shell.field(
                        &html, say("Close through", "Schließen bis"), name: "through", id: "close-through",
                        type: "date",
                        isRequired: true)
                    shell.sellerField(&html, view.sellers.map(\.seller), id: "close-seller")
                    html("p", .class("acts")) { html in
                        shell.submit(&html, say("Close", "Schließen"))
                        shell.submit(&html, say("Check only", "Nur prüfen"), name: "dry-run")
                    }
                }
            }
            if shell.may("period reopen") {
                html("details", .class("more")) { html in
                    html("summary", text: say("Reopen", "Wieder öffnen"))
                    shell.form(&html, "period reopen", look: .class("stack")) { html in
                        shell.field(
                            &html, say("Open again from", "Wieder offen ab"), name: "from", id: "reopen-from",
                            type: "date",
                            isRequired: true)
                        shell.sellerField(&html, view.sellers.map(\.seller), id: "reopen-seller")
                        html("p", .class("acts")) { shell.submit(&$0, say("Reopen", "Öffnen")) }
                    }
                }
            }
        }
    }

    private func books(_ html: inout HTML) {
        html("section", .flag("data-progress")) { html in
            html("h2", text: say("The books", "Die Bücher"))
            html("dl", .class("pairs")) { html in
                html("dt", text: say("Kept in", "Geführt in"))
                html(
                    "dd",
                    text: view.engine == "sqlite" ? say("one file (SQLite)", "einer Datei (SQLite)") : "PostgreSQL")
                html("dt", text: say("Schema", "Schema"))
                html("dd", text: say("step \(view.schema)", "Stand \(view.schema)"))
            }
            if shell.may("verify") {
                shell.form(&html, "verify", look: .class("acts progress")) { html in
                    shell.submit(&html, say("Verify the books", "Bücher prüfen"))
                    html(
                        "span", .class("hint"),
                        text: say("reads everything, may take a while", "liest alles, kann dauern"))
                }
            }
            html("h3", text: say("Backup", "Sicherung"))
            html("p", .class("second")) { html in
                if view.engine == "sqlite" {
                    html.text(
                        say("While Duly runs, on its machine: ", "Im laufenden Betrieb, auf dem Rechner von Duly: "))
                    html("code", text: "duly backup FILE")
                } else {
                    html.text(
                        say(
                            "By the tools of PostgreSQL, as for any of its databases.",
                            "Mit den Werkzeugen von PostgreSQL, wie bei jeder seiner Datenbanken."))
                }
            }
        }
    }
}
