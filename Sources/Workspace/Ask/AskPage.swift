import Money
import Web

/// The reminder run as a reading list: the letters as they will arrive, by level, and the held ones with why.
struct AskPage {
    let view: AskView
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("Ask", "Mahnen"), at: .ask, crumbs: say("Reminder run", "Mahnlauf")) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Reminder run", "Mahnlauf"))
                html("p", text: sentence)
                html("span", .class("push acts")) { html in
                    shell.go(&html, outbox, reader.link("/ask/letters"))
                    shell.go(&html, say("Policy", "Mahnregeln"), reader.link("/ask/policy"))
                }
            }
            shell.sellerChips(&html, view.sellers, "/ask")
            guard !(view.letters.isEmpty && view.held.isEmpty) else { return nobody(&html) }
            html("div", .class("panes reading")) { html in
                html("div", .class("list-pane"), .flag("data-progress")) { html in
                    shell.form(
                        &html, "reminder run", back: reader.link("/ask"), look: .class("run"),
                        fields: [("seller", reader.seller)]
                    ) { html in
                        if shell.may("reminder run"), view.all > 0 { send(&html) }
                        levels(&html)
                    }
                    held(&html)
                }
                html("div", .class("work-pane sunken")) { html in
                    if let letter = view.selected {
                        LetterSheet(letter: letter, shell: shell).draw(&html)
                    } else {
                        html.note(
                            .class("note"), say("No letter is written today.", "Heute wird kein Schreiben verfasst."))
                    }
                }
            }
        }
    }

    private var sentence: String {
        let letters =
            view.all == 1
            ? say("One letter", "Ein Schreiben") : say("\(view.all) letters", "\(view.all) Schreiben")
        let asked = view.totals.isEmpty ? "" : say(" over ", " über ") + shell.together(view.totals)
        return letters + asked + say(", \(view.heldAll) held back", ", \(view.heldAll) zurückgehalten")
    }

    private var outbox: String {
        let waiting = view.outbox.first { $0.kind == "open" }?.count ?? 0
        return say("Outbox \(waiting)", "Postausgang \(waiting)")
    }

    private func nobody(_ html: inout HTML) {
        html.empty(
            say("Nobody has to be asked today.", "Heute muss niemand gemahnt werden."),
            say(
                "Customers with something overdue appear here as letters to read, before any is sent; those that are held back stand beside them with the reason.",
                "Kunden mit Überfälligem erscheinen hier als lesbare Schreiben, bevor eines hinausgeht; zurückgehaltene stehen mit ihrem Grund daneben."
            ))
    }

    private func send(_ html: inout HTML) {
        html("div", .class("foot-bar top-bar")) { html in
            html(
                "p", .class("second"),
                text: say(
                    "All \(view.all) go into the outbox, but those left out. An unsent one can be taken back.",
                    "Alle \(view.all) gehen in den Postausgang, außer den ausgelassenen. Ein nicht versandtes lässt sich zurücknehmen."
                ))
            shell.submit(
                &html,
                view.all == 1
                    ? say("Write it", "Schreiben") : say("Write all \(view.all)", "Alle \(view.all) schreiben"),
                key: "S", look: .class("button primary"))
        }
    }

    private func link(_ letter: (customer: String, seller: String)) -> Link {
        Link(
            "/ask",
            query: [
                ("customer", "\(letter.seller)/\(letter.customer)"), ("seller", reader.seller),
                ("lang", reader.chosen ? reader.language.rawValue : nil),
            ])
    }

    private func levels(_ html: inout HTML) {
        for level in view.levels {
            let letters = view.letters.filter { $0.level == level.level }
            html("section", .class("level")) { html in
                html("h2") { html in
                    html.text(LetterSheet.level(level.level, say))
                    html("span", .class("count"), text: String(level.count))
                }
                html("ol", .class("letters")) { html in
                    for letter in letters { row(&html, letter) }
                }
                if level.count > letters.count {
                    html(
                        "p", .class("hint"),
                        text: say(
                            "\(level.count - letters.count) more, written too",
                            "\(level.count - letters.count) weitere, werden auch geschrieben"))
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ letter: AskLetter) {
        let isRead = letter.customer == view.selected?.customer && letter.seller == view.selected?.seller
        let id = "w-\(letter.seller)-\(letter.customer)"
        html("li", isRead ? .fixed("aria-current", "true") : nil) { html in
            html.void(
                "input", .id(id), .fixed("type", "checkbox"), .fixed("name", "without"),
                Attribute("value", letter.customer))
            html("label", Attribute("for", id)) { html in
                html("span", text: say("leave out", "auslassen"))
                html("span", .class("sr"), text: " " + letter.customerName)
            }
            html("a", .href(link((letter.customer, letter.seller))), .flag("data-row")) {
                $0("bdi", text: letter.customerName)
            }
            html("span", .class("n strong"), text: shell.together(letter.totals))
        }
    }

    private func held(_ html: inout HTML) {
        guard !view.held.isEmpty else { return }
        html("section", .class("level")) { html in
            html("h2") { html in
                html.text(say("Held, nobody is written to", "Zurückgehalten, niemand wird angeschrieben"))
                html("span", .class("count"), text: String(view.heldAll))
            }
            html("ol", .class("letters held")) { html in
                for one in view.held {
                    html("li") { html in
                        html.icon(.pause)
                        html("div") { html in
                            shell.customerLink(&html, one.customer, one.customerName, seller: one.seller, row: true)
                            html("p", .class("second"), Attribute("dir", "auto"), text: say.prose(one.why))
                            html("p", .class("hint"), Attribute("dir", "auto"), text: say.prose(one.next))
                        }
                        html("span", .class("n"), text: one.totals.isEmpty ? "–" : shell.together(one.totals))
                    }
                }
            }
            if view.heldAll > view.held.count {
                let more = view.heldAll - view.held.count
                html("p", .class("hint"), text: say("\(more) more", "\(more) weitere"))
            }
        }
    }
}

/// A reminder as it will arrive, in the customer's language.
struct LetterSheet {
    let letter: AskText
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    static func level(_ level: Int, _ say: Voice) -> String {
        switch level {
        case 1: say("Level 1, friendly", "Stufe 1, freundlich")
        case 2: say("Level 2, clear", "Stufe 2, deutlich")
        default: say("Level \(level), last", "Stufe \(level), letzte")
        }
    }

    func draw(_ html: inout HTML) {
        html("div", .class("letter-head")) { html in
            html("div") { html in
                html("h2") { shell.customerLink(&$0, letter.customer, letter.customerName, seller: letter.seller) }
                html("p", .class("second"), text: going)
            }
            html("nav", .class("turning"), Attribute("aria-label", say("Letters", "Schreiben"))) { html in
                if let previous = letter.previous {
                    html(
                        "a", .href(link(previous)), .fixed("rel", "prev"), .flag("data-record"),
                        text: say("‹ Before", "‹ Voriges"))
                }
                if let next = letter.next {
                    html(
                        "a", .href(link(next)), .fixed("rel", "next"), .flag("data-record"),
                        text: say("Next ›", "Nächstes ›"))
                }
            }
        }
        html(
            "article", .class("sheet letter"), Attribute("lang", letter.language),
            Attribute("aria-label", say("The letter", "Das Schreiben"))
        ) {
            html in
            sheet(&html)
        }
        why(&html)
    }

    private func link(_ name: String) -> Link {
        Link(
            "/ask",
            query: [
                ("customer", name), ("seller", reader.seller),
                ("lang", reader.chosen ? reader.language.rawValue : nil),
            ])
    }

    private var going: String {
        let level = LetterSheet.level(letter.level, say)
        let channel = Term.of(letter.channel, in: Term.channels).words(say)
        let to = letter.mailTo.joined(separator: ", ")
        return [level, channel, letter.channel == "post" ? "" : to].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func sheet(_ html: inout HTML) {
        html("header") { html in
            html("div") { html in
                html("p", .class("from")) { $0("bdi", text: letter.from) }
                html("address") { html in
                    for (place, line) in letter.address.enumerated() {
                        if place > 0 { html.fixed("<br>") }
                        html("bdi", text: line)
                    }
                }
            }
        }
        html("h3", text: letter.subject)
        for paragraph in letter.opening { html("p", .class("para"), text: paragraph) }
        html.wideTable { html in
            html("caption", .class("sr"), text: say("What the letter asks for", "Was das Schreiben fordert"))
            html.heads(letter.headings.enumerated().map { Head($0.element, $0.offset > 2 ? .class("n") : nil) })
            html("tbody") { html in
                for row in letter.rows { cells(&html, row, isTotal: false) }
            }
            html("tfoot") { html in
                for row in letter.totals { cells(&html, row, isTotal: true) }
            }
        }
        for paragraph in letter.closing { html("p", .class("para"), text: paragraph) }
        html("dl", .class("pairs")) { html in
            for pair in letter.payment where pair.count == 2 {
                html("dt", text: pair[0])
                html("dd") { $0("bdi", text: pair[1]) }
            }
        }
        for paragraph in letter.ending { html("p", .class("para"), text: paragraph) }
        html("p", .class("para")) { html in
            for (place, line) in letter.signature.enumerated() {
                if place > 0 { html.fixed("<br>") }
                html("bdi", text: line)
            }
        }
    }

    private func cells(_ html: inout HTML, _ row: [String], isTotal: Bool) {
        html("tr", isTotal ? .class("total") : nil) { html in
            for (place, cell) in row.enumerated() {
                let look: Attribute? = place > 2 ? (isTotal && !cell.isEmpty ? .class("n sum") : .class("n")) : nil
                if place == 0 {
                    html("th", .fixed("scope", "row"), text: cell)
                } else {
                    html("td", look, text: cell)
                }
            }
        }
    }

    /// Why this customer is written to, and what is left out.
    private func why(_ html: inout HTML) {
        html("section", .class("letter-why")) { html in
            html("h2", text: say("Why", "Warum"))
            html("dl", .class("pairs")) { html in
                for pair in letter.reasons where pair.count == 2 {
                    html("dt") { shell.invoiceLink(&$0, pair[0], seller: letter.seller) }
                    html("dd", Attribute("dir", "auto"), text: say.prose(pair[1]))
                }
            }
            guard shell.may("reminder run") else { return }
            shell.form(
                &html, "reminder run", look: .class("acts"),
                fields: [("customer", letter.customer), ("seller", letter.seller)]
            ) { html in
                shell.submit(&html, say("Write only this one", "Nur dieses schreiben"), key: "w")
            }
        }
    }
}
