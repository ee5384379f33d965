import Ledger
import Web

/// A form about access: what was typed, and what is wrong with it, said at the field.
struct AccessForm {
    let shell: Shell
    var form = WebForm(fields: [])
    var refusals: [any Refusal] = []
    private var say: Voice { shell.reader.say }

    /// Status of the page that shows it again: too many attempts is 429.
    var status: Int {
        if refusals.isEmpty { return 200 }
        return refusals.contains { $0.code == "access.wait" || $0.code == "access.busy" } ? 429 : 422
    }

    /// The hidden fields of every form here.
    func hidden(_ html: inout HTML, _ fields: [(StaticString, String?)] = []) {
        if !shell.request.session.formToken.isEmpty { shell.hidden(&html, "_token", shell.request.session.formToken) }
        for case (let name, let value?) in fields { shell.hidden(&html, name, value) }
    }

    /// What is wrong and belongs to no field.
    func problems(_ html: inout HTML, known fields: [String]) {
        let rest = refusals.filter { !fields.contains($0.place?.field ?? "") }
        guard !rest.isEmpty else { return }
        html("div", .class("note stop"), .fixed("role", "alert")) { html in
            for refusal in rest { html("p", text: AccessWords.words(refusal, say)) }
        }
    }

    /// A field with its label. A password is never sent back to the page.
    func field(
        _ html: inout HTML, _ name: StaticString, _ label: String, type: StaticString = "text",
        fills: StaticString = "off", value: String? = nil, hint: String? = nil, look: StaticString = "field",
        wrong: StaticString = "field invalid", id: String? = nil, isFirst: Bool = false
    ) {
        let key = name.description
        let id = id ?? key
        let mine = refusals.filter { $0.place?.field == key }
        let isSecret = type.description == "password"
        html("div", .class(mine.isEmpty ? look : wrong)) { html in
            html("label", Attribute("for", id), text: label)
            html.void(
                "input", .id(id), .fixed("type", type), .fixed("name", name), .fixed("autocomplete", fills),
                isSecret ? nil : Attribute("value", form.all(key).first ?? value ?? ""),
                .fixed("autocapitalize", "none"), .fixed("spellcheck", "false"), isFirst ? .flag("autofocus") : nil,
                mine.isEmpty ? nil : .fixed("aria-invalid", "true"),
                mine.isEmpty && hint == nil ? nil : Attribute("aria-describedby", id + "-note"))
            if !mine.isEmpty {
                html("p", .id(id + "-note"), .class("wrong"), .fixed("role", "alert")) { html in
                    html.icon(.triangle)
                    html("span", text: mine.map { AccessWords.words($0, say) }.joined(separator: " "))
                }
            } else if let hint {
                html("p", .id(id + "-note"), .class("hint"), text: hint)
            }
        }
    }

    func choice(
        _ html: inout HTML, _ name: StaticString, _ label: String, _ options: [(String, String)], chosen: String?,
        id: String? = nil
    ) {
        let id = id ?? name.description
        html("div", .class("field")) { html in
            html("label", Attribute("for", id), text: label)
            html("select", .id(id), .fixed("name", name)) { html in
                for (value, words) in options {
                    html(
                        "option", Attribute("value", value),
                        value == (form[name.description] ?? chosen) ? .flag("selected") : nil, text: words)
                }
            }
        }
    }

    /// The two fields of a password to be chosen.
    func newPassword(_ html: inout HTML) {
        field(
            &html, "new", say("New password", "Neues Passwort"), type: "password", fills: "new-password",
            hint: say(
                "12 characters or more; a few words that mean nothing together are good.",
                "Mindestens 12 Zeichen; ein paar Wörter ohne Zusammenhang sind gut."))
        field(
            &html, "again", say("The same once more", "Noch einmal dasselbe"), type: "password", fills: "new-password")
    }

    func button(_ html: inout HTML, _ words: String) {
        html("div", .class("acts whole")) { html in
            html("button", .fixed("type", "submit"), .class("button primary"), text: words)
        }
    }
}

/// Refusals of access in the reader's language; in English they come in their own words.
enum AccessWords {
    static func words(_ refusal: any Refusal, _ say: Voice) -> String {
        say("\(refusal.why) \(refusal.next)", german(refusal) ?? "\(refusal.why) \(refusal.next)")
    }

    private static func german(_ refusal: any Refusal) -> String? {
        let number = (refusal.why + refusal.next).split { !$0.isNumber }.first.map(String.init) ?? ""
        return switch refusal.code {
        case "access.wrong-sign-in": "Name oder Passwort ist falsch. Noch einmal versuchen."
        case "access.wait": "Zu viele Versuche. Bitte \(number) Sekunden warten."
        case "access.busy": "Gerade melden sich zu viele an. Gleich noch einmal versuchen."
        case "access.wrong-code":
            "Der Code ist falsch, verbraucht oder abgelaufen. Den angezeigten Code oder einen Wiederherstellungscode eingeben."
        case "access.sign-in-again": "Die Anmeldung hat zu lange gedauert. Bitte von vorn beginnen."
        case "access.wrong-set-up-code": "Das ist nicht der Code, den der Server ausgegeben hat."
        case "access.set-up-already": "Es gibt schon Benutzer. Bitte anmelden."
        case "access.link-gone":
            "Der Link ist verbraucht oder abgelaufen. Eine Verwalterin kann einen neuen ausstellen."
        case "access.short-password": "Das Passwort hat nur \(number) Zeichen; 12 sind nötig."
        case "access.long-password": "Das Passwort hat \(number) Zeichen; höchstens 256 sind möglich."
        case "access.obvious-password":
            "Dieses Passwort probiert jeder zuerst. Eines wählen, auf das niemand sonst kommt."
        case "access.password-holds-name": "Der eigene Name steht im Passwort. Bitte weglassen."
        case "access.passwords-differ": "Beim zweiten Mal steht dort etwas anderes."
        case "access.wrong-password": "Das ist nicht Ihr Passwort."
        case "access.wrong-first-code":
            "Diesen Code zeigt das Programm für diesen Schlüssel nicht. Bild noch einmal scannen und die Uhr des Telefons prüfen."
        case "access.no-key": "Die Schlüsseldatei der Bücher fehlt; ohne sie gibt es keinen zweiten Faktor."
        case "access.bad-name": "So kann sich niemand anmelden: 1 bis 64 Buchstaben, Ziffern, Punkte, Striche oder @."
        case "access.name-taken": "Diesen Namen gibt es schon."
        case "access.no-such-user": "Diesen Benutzer gibt es nicht."
        case "access.no-such-role": "Diese Rolle gibt es nicht."
        case "access.no-such-seller": "Diesen Verkäufer gibt es nicht."
        case "access.last-administrator":
            "Dann bliebe niemand, der Benutzer verwaltet. Erst jemand anderem diese Rolle geben."
        case "access.no-such-session": "Diese Anmeldung gehört nicht Ihnen oder ist beendet."
        default: nil
        }
    }

    static func role(_ role: String, _ say: Voice) -> String {
        switch role {
        case "coordinator": say("coordinator", "Sachbearbeitung")
        case "manager": say("manager", "Leitung")
        case "sales": say("sales", "Vertrieb")
        case "finance": say("finance", "Finanzen")
        case "auditor": say("auditor", "Prüfung")
        case "administrator": say("administrator", "Verwaltung")
        default: role
        }
    }
}
