import Money
import Web

/// The words of what needs a second person.
enum ApprovalWords {
    static func command(_ name: String, _ say: Voice) -> String {
        switch name {
        case "invoice credit": say("Credit note", "Gutschrift")
        case "cash write-off": say("Write-off", "Ausbuchung")
        case "cash apply": say("Application with a write-off", "Zuordnung mit Ausbuchung")
        case "undo": say("Invoice taken back", "Rechnung zurückgenommen")
        case "cash refund": say("Refund", "Erstattung")
        case "seller add-account": say("Bank account of ours", "Eigenes Bankkonto")
        default: name
        }
    }

    static func bound(_ text: String, _ say: Voice) -> String {
        switch text {
        case "none": "–"
        case "any": say("any amount", "jeder Betrag")
        default: Figure(text).map(say.figure) ?? text
        }
    }

    static let states: [String: Term] = [
        "waiting": Term("Needs approval", "Braucht Freigabe", .padlock, .warn),
        "agreed": Term("Agreed, under way", "Freigegeben, unterwegs", .clock, .accent),
        "done": Term("Done", "Erledigt", .check, .good),
        "failed": Term("Refused by the books", "Von den Büchern abgelehnt", .triangle, .bad),
        "refused": Term("Refused", "Abgelehnt", .barred, .bad),
        "withdrawn": Term("Withdrawn", "Zurückgezogen", .bounce),
    ]
}

/// What waits for a second person, what was decided, and who decides about how much.
struct ApprovalsPage {
    let view: ApprovalsView
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Approvals", "Freigaben")
        return shell.page(title, at: .settings, crumbs: title) { html in
            html("div", .class("head")) { html in
                html("h1", text: title)
                html("p", text: sentence)
            }
            shell.sellerChips(&html, view.sellers, "/approvals")
            html("div", .class("file")) { html in
                html("div") { html in
                    open(&html)
                    decided(&html)
                }
                html("aside", Attribute("aria-label", say("Who decides", "Wer entscheidet"))) { limits(&$0) }
            }
        }
    }

    private var sentence: String {
        let mine = view.open.filter(\.mayDecide).count
        if view.open.isEmpty {
            return say("Nothing waits for a second person.", "Nichts wartet auf eine zweite Person.")
        }
        let all =
            view.open.count == 1
            ? say("One request waits", "Eine Anfrage wartet")
            : say("\(view.open.count) requests wait", "\(view.open.count) Anfragen warten")
        return all + (mine == 0 ? "" : say(", \(mine) of them for you", ", davon \(mine) auf Sie"))
    }

    // MARK: What waits

    private func open(_ html: inout HTML) {
        html("section", Attribute("aria-label", say("What waits", "Was wartet"))) { html in
            guard !view.open.isEmpty else {
                return html.empty(
                    say(
                        "A credit note, write-off, refund or bank account of ours that is more than its sender may decide alone stands here until somebody else agrees.",
                        "Eine Gutschrift, Ausbuchung, Erstattung oder ein eigenes Bankkonto steht hier, wenn es mehr ist, als eine Person allein entscheidet, bis eine zweite zustimmt."
                    ))
            }
            let first = view.open.first(where: \.mayDecide)?.id
            for one in view.open { request(&html, one, isFirst: one.id == first) }
        }
    }

    private func request(_ html: inout HTML, _ one: ApprovalView, isFirst: Bool) {
        html("article", .id(one.id), .class("request")) { html in
            html("h2") { html in
                html("a", .href(.here(one.id)), .flag("data-row")) { html in
                    html.text(ApprovalWords.command(one.asks, say))
                    if let amount = one.amount { html.text(" \(say.amount(amount))") }
                }
            }
            html("p", .class("second")) { html in
                html.term(Term.of(one.state, in: ApprovalWords.states), say)
                html.text(
                    say(
                        " · asked for by \(one.askedBy), \(say.day(one.asked, today: view.day))",
                        " · angefragt von \(one.askedBy), \(say.day(one.asked, today: view.day))"))
                if let customer = one.customer {
                    html.text(" · ")
                    shell.customerLink(&html, customer, customer, seller: one.seller)
                }
            }
            values(&html, one)
            if one.mayDecide {
                decide(&html, one, isFirst)
            } else {
                html("p", .class("hint"), text: waitsFor(one))
            }
            if one.mayWithdraw {
                shell.form(&html, "approval withdraw", look: .class("acts"), fields: [("approval", one.id)]) { html in
                    shell.submit(&html, say("Withdraw", "Zurückziehen"))
                }
            }
        }
    }

    private func values(_ html: inout HTML, _ one: ApprovalView) {
        guard !one.values.isEmpty else { return }
        html("dl", .class("pairs")) { html in
            for value in one.values {
                html("dt", text: value.name)
                html("dd") { html in
                    if ["number", "invoice"].contains(value.name) {
                        shell.invoiceLink(&html, value.value, seller: one.seller)
                    } else {
                        html("bdi", text: value.value)
                    }
                }
            }
        }
    }

    private func waitsFor(_ one: ApprovalView) -> String {
        guard one.state == "waiting" else { return "" }
        guard !one.roles.isEmpty else {
            return say("No role agrees to as much.", "Keine Rolle darf so viel freigeben.")
        }
        let roles = one.roles.map { AccessWords.role($0, say) }.joined(separator: say(" or ", " oder "))
        return say("Somebody else decides who is \(roles).", "Es entscheidet jemand anderes: \(roles).")
    }

    private func decide(_ html: inout HTML, _ one: ApprovalView, _ isFirst: Bool) {
        html("p", .class("hint"), text: consequence(one))
        shell.form(&html, "approval give", look: .class("acts"), fields: [("approval", one.id)]) { html in
            shell.submit(
                &html,
                one.state == "agreed"
                    ? say("Carry out now", "Jetzt ausführen") : say("Agree and carry out", "Freigeben und ausführen"),
                key: isFirst ? "a" : nil, look: .class("button primary"), focus: isFirst)
        }
        guard one.state == "waiting" else { return }
        shell.form(&html, "approval refuse", look: .class("bar-form"), fields: [("approval", one.id)]) { html in
            shell.field(
                &html, say("Why not", "Warum nicht"), name: "reason", id: "reason-\(one.id)",
                look: .class("field wide-field"), isRequired: true)
            shell.submit(&html, say("Refuse", "Ablehnen"))
        }
    }

    private func consequence(_ one: ApprovalView) -> String {
        say(
            "It is carried out as \(one.askedBy) asked, dated today; both names stand in the history.",
            "Es wird so ausgeführt, wie \(one.askedBy) es angefragt hat, mit heutigem Datum; beide Namen stehen im Verlauf."
        )
    }

    // MARK: What was decided

    private func decided(_ html: inout HTML) {
        guard !view.decided.isEmpty else { return }
        html("section") { html in
            html("h2", text: say("Decided lately", "Zuletzt entschieden"))
            html.wideTable { html in
                html("caption", .class("sr"), text: say("Decided lately", "Zuletzt entschieden"))
                html.heads([
                    Head(say("What", "Was")), Head(say("State", "Stand")), .figures(say("Amount", "Betrag")),
                    .wide(say("Asked for by", "Angefragt von")), .wide(say("Decided by", "Entschieden von")),
                ])
                html("tbody") { html in
                    for one in view.decided { row(&html, one) }
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ one: ApprovalView) {
        html("tr", .id(one.id)) { html in
            html("th", .fixed("scope", "row")) { html in
                html("a", .href(.here(one.id)), .flag("data-row"), text: ApprovalWords.command(one.asks, say))
                for value in one.values where ["number", "invoice"].contains(value.name) {
                    html.text(" ")
                    shell.invoiceLink(&html, value.value, seller: one.seller)
                }
            }
            html("td") { html in
                html.term(Term.of(one.state, in: ApprovalWords.states), say)
                if let answer = one.answer {
                    html("p", .class("second"), Attribute("dir", "auto"), text: answer)
                }
            }
            html("td", .class("n"), text: one.amount.map(say.amount) ?? "–")
            html("td", .class("wide")) { $0("bdi", text: one.askedBy) }
            html("td", .class("wide")) { $0("bdi", text: one.decidedBy ?? "–") }
        }
    }

    // MARK: Limits

    private func limits(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Who decides about how much", "Wer über wie viel entscheidet"))
            html(
                "p", .class("second"),
                text: say(
                    "Whole units of the seller’s currency; another currency counts at the rate of the day.",
                    "Ganze Einheiten der Währung des Verkäufers; andere Währungen zählen zum Tageskurs."))
            var rules: [String] = []
            for limit in view.limits where !rules.contains(limit.rule) { rules.append(limit.rule) }
            for rule in rules {
                html("h3", text: ApprovalWords.command(rule, say))
                html.wideTable { html in
                    html("caption", .class("sr"), text: ApprovalWords.command(rule, say))
                    html.heads([
                        Head(say("Role", "Rolle")), .figures(say("Alone", "Allein")),
                        .figures(say("Agrees to", "Gibt frei")),
                    ])
                    html("tbody") { html in
                        for limit in view.limits where limit.rule == rule {
                            html("tr") { html in
                                html("th", .fixed("scope", "row"), text: AccessWords.role(limit.role, say))
                                html("td", .class("n"), text: ApprovalWords.bound(limit.alone, say))
                                html("td", .class("n"), text: ApprovalWords.bound(limit.agrees, say))
                            }
                        }
                    }
                }
            }
            if shell.may("approval limit") { change(&html, rules) }
        }
    }

    private func change(_ html: inout HTML, _ rules: [String]) {
        var roles: [String] = []
        for limit in view.limits where !roles.contains(limit.role) { roles.append(limit.role) }
        html("details", .class("more")) { html in
            html("summary", text: say("Set a limit", "Grenze setzen"))
            shell.form(&html, "approval limit", look: .class("stack")) { html in
                shell.choice(
                    &html, say("Of", "Für"), name: "rule", id: "limit-rule",
                    rules.map { ($0, ApprovalWords.command($0, say)) })
                shell.choice(
                    &html, say("Role", "Rolle"), name: "role", id: "limit-role",
                    roles.map { ($0, AccessWords.role($0, say)) })
                shell.field(
                    &html, say("Alone up to", "Allein bis"), name: "alone", id: "limit-alone",
                    hint: say(
                        "A whole number, none, or any. Empty leaves it.", "Ganze Zahl, none oder any. Leer bleibt es."))
                shell.field(&html, say("Agrees up to", "Gibt frei bis"), name: "agrees", id: "limit-agrees")
                html("p", .class("acts")) { shell.submit(&$0, say("Set", "Setzen")) }
            }
        }
    }
}

/// A request is a paragraph of the list, not a box.
enum ApprovalsStyle {
    static let css = """
        .request{border-top:1px solid var(--line);padding:12px 0 16px}
        .request h2{font-size:15px;line-height:20px}.request h2 a{color:inherit}
        .request>p.second{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 4px}
        .request .acts,.request .hint{margin-top:8px}
        .request .pairs{max-width:640px}

        """
}
