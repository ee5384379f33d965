import Money
import Web

/// The outbox: what waits, what was sent, what was refused, and what nobody knows about.
struct LettersPage {
    let view: LettersView
    let page: Int
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Outbox", "Postausgang")
        return shell.page(title, at: .ask, crumbs: "\(say("Ask", "Mahnen")) › \(title)") { html in
            html("div", .class("head")) { html in
                html("h1", text: title)
                html(
                    "p",
                    text: say(
                        "What left the house, and what still waits", "Was das Haus verließ, und was noch wartet"))
                html("span", .class("push acts")) {
                    shell.go(&$0, say("Reminder run", "Mahnlauf"), reader.link("/ask"))
                }
            }
            html("nav", .class("chips"), Attribute("aria-label", say("By state", "Nach Stand"))) { html in
                for state in LettersView.states {
                    let words =
                        state == "open"
                        ? say("Not done", "Nicht erledigt") : Term.of(state, in: Term.letters).words(say)
                    let count = view.counts.first { $0.kind == state }?.count
                    shell.chip(
                        &html, words, state == "sent" ? nil : count ?? 0,
                        reader.link("/ask/letters", [("state", state == "open" ? nil : state)]),
                        isCurrent: state == view.state)
                }
            }
            list(&html)
        }
    }

    private func list(_ html: inout HTML) {
        guard !view.letters.isEmpty else {
            return html.empty(
                say("No letter is here.", "Hier ist kein Schreiben."),
                say(
                    "Invoices, credit notes, statements and reminders wait here until they are sent or printed.",
                    "Rechnungen, Gutschriften, Kontoauszüge und Mahnungen warten hier, bis sie versandt oder gedruckt sind."
                ))
        }
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Letters", "Schreiben"))
            html.heads([
                Head(say("Letter", "Schreiben")), Head(say("Customer", "Kunde")), .wide(say("By", "Per")),
                Head(say("State", "Stand")), .wide(say("Changed (UTC)", "Geändert (UTC)")),
                Head(say("What can be done", "Was zu tun ist")),
            ])
            html("tbody") { html in
                for letter in view.letters { row(&html, letter) }
            }
        }
        shell.turning(&html, page: page, hasNext: view.more) {
            reader.link(
                "/ask/letters",
                [("state", view.state == "open" ? nil : view.state), ("page", $0 > 1 ? String($0) : nil)])
        }
    }

    private func row(_ html: inout HTML, _ letter: OutboxLine) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html.text(Term.of(letter.kind, in: Term.happenings).words(say))
                if let document = letter.document {
                    html.text(" ")
                    shell.invoiceLink(&html, document, seller: letter.seller)
                }
            }
            html("td") {
                shell.customerLink(&$0, letter.customer, letter.customerName, seller: letter.seller, row: true)
            }
            html("td", .class("wide"), text: Term.of(letter.channel, in: Term.channels).words(say))
            html("td") { html in
                html.term(Term.of(letter.state, in: Term.letters), say)
                if !letter.answer.isEmpty { html("p", .class("second"), Attribute("dir", "auto"), text: letter.answer) }
            }
            html("td", .class("wide short")) { html in
                let text = letter.changed.description
                html(
                    "time", Attribute("datetime", text),
                    text: "\(say.day(letter.changed.day, today: view.day))\u{00A0}\(text.dropFirst(11).prefix(5))")
            }
            html("td") { html in settle(&html, letter) }
        }
    }

    /// A person's word on what was refused, or what nobody knows about.
    private func settle(_ html: inout HTML, _ letter: OutboxLine) {
        guard letter.state == "uncertain" || letter.state == "refused" else {
            return html("span", .class("none"), text: "–")
        }
        html("div", .class("acts")) { html in
            for (command, words) in [
                ("message send-again", say("Send again", "Nochmals senden")),
                ("message arrived", say("It arrived", "Es kam an")),
            ] where shell.may(command) {
                shell.form(&html, command, fields: [("message", letter.message), ("seller", letter.seller)]) { html in
                    shell.submit(&html, words, look: .class("button small"))
                }
            }
        }
    }
}

extension Term {
    /// States of letters of the outbox.
    static let letters: [String: Term] = [
        "queued": Term("Waits", "Wartet", .clock),
        "sending": Term("Under way", "Unterwegs", .clock),
        "sent": Term("Sent", "Versandt", .plane, .good),
        "refused": Term("Refused", "Abgewiesen", .bounce, .bad),
        "uncertain": Term("Uncertain", "Ungewiss", .triangle, .warn),
        "withdrawn": Term("Withdrawn", "Zurückgezogen", .barred),
    ]
}
