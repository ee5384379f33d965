import Money
import Web

/// How the firm asks: when, how often, for what at least. Shown, and changed from a day on.
struct ReminderPolicyPage {
    let view: ReminderPolicyView
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Reminder policy", "Mahnregeln")
        return shell.page(title, at: .ask, crumbs: "\(say("Ask", "Mahnen")) › \(title)") { html in
            html("div", .class("head")) { html in
                html("h1", text: title)
                html(
                    "p",
                    text: say(
                        "in force on \(say.fullDate(view.day))", "gültig am \(say.fullDate(view.day))"))
                html("span", .class("push acts")) {
                    shell.go(&$0, say("Reminder run", "Mahnlauf"), reader.link("/ask"))
                }
            }
            shell.sellerChips(&html, view.sellers, "/ask/policy")
            html("div", .class("narrow-page")) { html in
                shell.form(&html, "reminder policy", fields: [("seller", reader.seller)]) { html in
                    levels(&html)
                    others(&html)
                    guard shell.may("reminder policy") else { return }
                    html("p", .class("acts")) { html in
                        shell.submit(&html, say("Set the policy", "Regeln setzen"), look: .class("button primary"))
                        shell.submit(&html, say("Check only", "Nur prüfen"), name: "dry-run")
                    }
                    html(
                        "p", .class("hint"),
                        text: say(
                            "An earlier policy stays in the books; letters written under it stay as they are.",
                            "Frühere Regeln bleiben in den Büchern; Schreiben nach ihnen bleiben, wie sie sind."))
                }
            }
        }
    }

    private func levels(_ html: inout HTML) {
        html.wideTable { html in
            html("caption", text: say("Levels", "Stufen"))
            html.heads([
                Head(say("Level", "Stufe")), Head(say("Days after the due day", "Tage nach Fälligkeit")),
                Head(say("Days to answer", "Tage zur Antwort")), .wide(say("By", "Per")),
            ])
            html("tbody") { html in
                for level in view.levels {
                    html("tr") { html in
                        html("th", .fixed("scope", "row"), text: LetterSheet.level(level.level, say))
                        html("td") {
                            number(
                                &$0, say("Level \(level.level), days after", "Stufe \(level.level), Tage nach"),
                                "level-days", "level-\(level.level)", level.daysOverdue)
                        }
                        html("td") {
                            number(
                                &$0,
                                say("Level \(level.level), days to answer", "Stufe \(level.level), Tage zur Antwort"),
                                "deadline-days", "deadline-\(level.level)", level.deadlineDays)
                        }
                        html(
                            "td", .class("wide"),
                            text: level.channels.map { Term.of($0, in: Term.channels).words(say) }.joined(
                                separator: ", "))
                    }
                }
            }
        }
    }

    private func number(_ html: inout HTML, _ label: String, _ name: StaticString, _ id: String, _ value: Int) {
        html("label", .class("sr"), Attribute("for", id), text: label)
        html.void(
            "input", .id(id), .class("amount"), .fixed("type", "number"), .fixed("name", name), .fixed("min", "1"),
            .flag("required"), Attribute("value", value))
    }

    private func others(_ html: inout HTML) {
        html("div", .class("fields")) { html in
            shell.field(
                &html, say("Days between two letters", "Tage zwischen zwei Schreiben"), name: "days-between",
                id: "days-between", value: String(view.daysBetween), type: "number", isRequired: true)
            shell.field(
                &html, say("Bank data may be old, working days", "Bankdaten höchstens alt, Arbeitstage"),
                name: "bank-data-days", id: "bank-data-days", value: String(view.bankDataDays), type: "number",
                hint: say("Older holds every letter back.", "Ältere halten jedes Schreiben zurück."), isRequired: true)
            shell.field(
                &html, say("Days more for private persons", "Tage mehr für Verbraucher"), name: "consumer-extra-days",
                id: "consumer-extra-days", value: String(view.consumerExtraDays), type: "number", isRequired: true)
            shell.field(
                &html, say("Highest level for private persons", "Höchste Stufe für Verbraucher"),
                name: "consumer-highest-level", id: "consumer-highest-level",
                value: String(view.consumerHighestLevel), type: "number", isRequired: true)
            for least in view.minimum {
                shell.field(
                    &html, say("Least amount, \(least.currency)", "Mindestbetrag, \(least.currency)"), name: "minimum",
                    id: "minimum-\(least.currency)", value: "\(least.currency)=\(least.amount.text)")
            }
            shell.field(
                &html, say("Holds from", "Gilt ab"), name: "from", id: "from", value: view.day.description,
                type: "date", isRequired: true)
        }
    }
}
