import Web

/// What is said instead of a page: what did not happen, why, what to do next.
struct ProblemPage {
    let problem: WebProblem
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let lines = inGerman ?? (problem.what, problem.why, problem.next)
        return shell.page(lines.0, at: .none, crumbs: lines.0) { html in
            html("div", .class("problem")) { html in
                html("h1", text: lines.0)
                html("p", Attribute("dir", "auto"), text: lines.1)
                html("p", Attribute("dir", "auto"), text: lines.2)
                html("p", .class("hint"), text: "\(problem.status) · \(problem.code)")
            }
        }
    }

    /// The problems of this program's own pages; refusals of the books come in their own words.
    private var inGerman: (String, String, String)? {
        guard say.language == .german else { return nil }
        switch problem.code {
        case "web.not-found":
            return (
                "Diese Seite gibt es nicht.", "Unter dieser Adresse liegt nichts.", "Mit Heute beginnen oder suchen."
            )
        case "web.wrong-method":
            return ("Es wurde nichts geändert.", "Diese Adresse kann nur gelesen werden.", "GET oder HEAD verwenden.")
        case "workspace.no-customer":
            return (
                "Diesen Kunden gibt es nicht.", "Keine Kundenakte trägt diese Nummer.", "Nach Name oder Nummer suchen."
            )
        case "workspace.no-invoice":
            return ("Dieses Dokument gibt es nicht.", "Keine Rechnung trägt diese Nummer.", "Nach der Nummer suchen.")
        case "workspace.no-pdf":
            return (
                "Zu diesem Dokument gibt es kein PDF.",
                "Es wurde nicht von Duly geschrieben oder ist noch ein Entwurf.", "Die Seite des Dokuments öffnen."
            )
        case "workspace.outage":
            return ("Die Bücher sind gerade nicht lesbar.", problem.why, "In einem Augenblick neu laden.")
        case "access.not-allowed":
            return (
                "Das gehört nicht zu Ihrer Rolle.", "Ihre Rolle darf diese Seite nicht sehen oder das nicht ausführen.",
                "Jemanden fragen, der es darf, oder die Verwaltung."
            )
        case "access.foreign-form":
            return (
                "Es wurde nichts geändert.", "Das Formular stammt nicht von einer Seite dieser Anmeldung.",
                "Die Seite neu öffnen und ihr Formular absenden."
            )
        case "web.bug":
            return (
                "Die Seite konnte nicht erzeugt werden.",
                "Das Programm hat einen Fehler gemacht; er steht im Protokoll des Servers.",
                "Noch einmal versuchen."
            )
        default: return nil
        }
    }
}

/// Several sellers use the number: the reader chooses.
struct ChoicePage {
    let ambiguous: AmbiguousNumber
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Which \(ambiguous.number)?", "Welche \(ambiguous.number)?")
        return shell.page(title, at: .none, crumbs: ambiguous.number) { html in
            html("div", .class("problem")) { html in
                html("h1", Attribute("dir", "auto"), text: title)
                html("p", text: say("Several sellers use this number.", "Mehrere Verkäufer verwenden diese Nummer."))
                html("ul", .class("empty")) { html in
                    for seller in ambiguous.sellers {
                        html("li") { html in
                            html("a", .href(shell.request.link(setting: "seller", to: seller.code)), .flag("data-row"))
                            {
                                $0("bdi", text: seller.name)
                            }
                            html("span", .class("hint"), text: " " + seller.code)
                        }
                    }
                }
            }
        }
    }
}
