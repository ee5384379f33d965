import Money
import Web

/// What waits to be billed, and drafts with what the checks said of them.
struct BillPage {
    let view: BillView
    let question: BillQuestion
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("Bill", "Abrechnen"), at: .bill, crumbs: say("Bill", "Abrechnen")) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Bill", "Abrechnen"))
                html("p", text: sentence)
            }
            shell.sellerChips(&html, view.sellers, "/bill")
            html("div", .class("file")) { html in
                html("div") { html in
                    drafts(&html)
                    unbilled(&html)
                }
                html(
                    "aside", Attribute("aria-label", say("The bill run", "Der Abrechnungslauf")), .flag("data-progress")
                ) { html in run(&html) }
            }
        }
    }

    private func count(_ state: String) -> Int { view.counts.first { $0.kind == state }?.count ?? 0 }
    private var waiting: Int { view.counts.reduce(0) { $0 + $1.count } }

    private var sentence: String {
        let drafts =
            waiting == 1
            ? say("One draft waits", "Ein Entwurf wartet")
            : say("\(waiting) drafts wait", "\(waiting) Entwürfe warten")
        let unbilled = view.unbilled
        guard unbilled.charges > 0 else { return drafts + say("; nothing is unbilled", "; nichts ist unberechnet") }
        return drafts
            + say(
                "; \(unbilled.charges) charges unbilled, worth \(shell.together(unbilled.worth)) net",
                "; \(unbilled.charges) Leistungen unberechnet, im Wert von \(shell.together(unbilled.worth)) netto")
    }

    // MARK: Drafts

    private func link(_ show: BillQuestion.Show, page: Int = 1) -> Link {
        reader.link("/bill", [("show", show == .all ? nil : show.rawValue), ("page", page > 1 ? String(page) : nil)])
    }

    private func drafts(_ html: inout HTML) {
        html("section", Attribute("aria-label", say("Drafts", "Entwürfe"))) { html in
            html("nav", .class("chips"), Attribute("aria-label", say("Which drafts", "Welche Entwürfe"))) { html in
                for (show, words, number) in [
                    (BillQuestion.Show.all, say("All drafts", "Alle Entwürfe"), waiting),
                    (.stopped, say("Stopped", "Gestoppt"), count("stopped")),
                    (.look, say("Look at it", "Ansehen"), count("look")),
                    (.clean, say("Clean", "Sauber"), count("clean")),
                ] as [(BillQuestion.Show, String, Int)] {
                    shell.chip(&html, words, number, link(show), isCurrent: show == question.show)
                }
            }
            guard !view.drafts.isEmpty else {
                return html.empty(
                    say("No draft waits here.", "Hier wartet kein Entwurf."),
                    say(
                        "A bill run makes drafts of what is unbilled; what a check stops stays here until it is answered.",
                        "Ein Abrechnungslauf macht aus Unberechnetem Entwürfe; was eine Prüfung stoppt, bleibt hier, bis es geklärt ist."
                    ))
            }
            shell.form(&html, "invoice issue", back: link(.all), look: .class("issue")) { html in
                table(&html)
                issue(&html)
            }
            shell.turning(&html, page: question.page, hasNext: view.more) { link(question.show, page: $0) }
        }
    }

    private func table(_ html: inout HTML) {
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Drafts", "Entwürfe"))
            html.heads([
                Head(say("Issue", "Ausstellen")), Head(say("Customer", "Kunde")), .wide(say("From", "Aus")),
                .wideFigures(say("Net", "Netto")), .figures(say("Gross", "Brutto")),
                .wideFigures(say("Against last time", "Gegen letztes Mal")), Head(say("Checks", "Prüfungen")),
            ])
            html("tbody") { html in
                for draft in view.drafts { row(&html, draft) }
            }
        }
    }

    private func row(_ html: inout HTML, _ draft: DraftRow) {
        html("tr") { html in
            html("td", .class("tick")) { html in
                html.void(
                    "input", .id("d-\(draft.draft)"), .fixed("type", "checkbox"), .fixed("name", "drafts"),
                    Attribute("value", draft.draft), Attribute("data-amount", draft.gross.text),
                    Attribute("data-currency", draft.currency), draft.state == "clean" ? .flag("checked") : nil)
                html(
                    "label", Attribute("for", "d-\(draft.draft)"), .class("sr"),
                    text: say(
                        "Issue the draft of \(draft.customerName)", "Entwurf für \(draft.customerName) ausstellen"))
            }
            html("th", .fixed("scope", "row")) { html in
                html("a", .href(reader.link("/bill/drafts", name: draft.draft)), .flag("data-row")) {
                    $0("bdi", text: draft.customerName.isEmpty ? draft.customer : draft.customerName)
                }
            }
            html("td", .class("wide second")) { html in
                html("bdi", text: draft.order)
                html.text(" · " + say.day(draft.day, today: view.day))
            }
            html("td", .class("n wide"), text: say.figure(draft.net))
            html("td", .class("n strong"), text: say.amount(draft.gross, draft.currency))
            html("td", .class("n wide change")) { html in html.change(draft, say) }
            html("td") { html in checks(&html, draft) }
        }
    }

    private func checks(_ html: inout HTML, _ draft: DraftRow) {
        html.term(Term.of(draft.state, in: Term.draftStates), say)
        for finding in draft.findings.prefix(2) {
            html("p", .class("second"), Attribute("dir", "auto"), text: say.prose(finding.why))
        }
        if draft.findings.count > 2 {
            let more = draft.findings.count - 2
            html("p", .class("hint"), text: say("and \(more) more", "und \(more) weitere"))
        }
    }

    /// What issuing does, before it is done.
    private func issue(_ html: inout HTML) {
        let selected = view.drafts.filter { $0.state == "clean" }
        html("div", .class("foot-bar")) { html in
            html("div") { html in
                html(
                    "p", .class("total"), .fixed("role", "status"), .flag("data-selected"),
                    Attribute("data-words", say("selected", "gewählt")),
                    text: say("\(selected.count) selected", "\(selected.count) gewählt"))
                for number in view.numbers {
                    let range = number.last.map { say(" to \($0)", " bis \($0)") } ?? ""
                    html("p", .class("second")) { html in
                        html.text(say("Takes numbers from ", "Nimmt Nummern ab "))
                        html("bdi", .class("strong"), text: number.number)
                        if question.show == .all || question.show == .clean {
                            html("span", .flag("data-range"), text: range)
                        }
                        html.text(
                            say(
                                "; what a check stops takes none.",
                                "; was eine Prüfung stoppt, nimmt keine."))
                    }
                }
                html(
                    "p", .class("second"),
                    text: say(
                        "Letters go into the outbox. Taking it back later is a credit note for each.",
                        "Schreiben gehen in den Postausgang. Später zurückgenommen wird mit je einer Gutschrift."))
            }
            html("div", .class("acts")) { html in
                guard shell.may("invoice issue") else { return }
                shell.submit(&html, say("Check only", "Nur prüfen"), name: "dry-run")
                shell.submit(
                    &html, say("Issue the selected", "Gewählte ausstellen"), key: "I", look: .class("button primary"),
                    focus: !selected.isEmpty)
            }
        }
    }

    // MARK: Unbilled

    private func unbilled(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Not billed yet", "Noch nicht berechnet"))
            guard !view.unbilled.customers.isEmpty else {
                return html.empty(
                    say("Everything is billed.", "Alles ist berechnet."),
                    say(
                        "Orders, deliveries and hours that are brought in appear here until a document bills them.",
                        "Aufträge, Lieferungen und Stunden erscheinen hier, bis ein Beleg sie berechnet."))
            }
            html.wideTable { html in
                html(
                    "caption", .class("sr"),
                    text: say("Not billed yet, by customer", "Noch nicht berechnet, nach Kunden"))
                html.heads([
                    Head(say("Customer", "Kunde")), .wide(say("Since", "Seit")),
                    .wideFigures(say("Charges", "Leistungen")),
                    .figures(say("Worth, net", "Wert, netto")), .wide(say("Without a price", "Ohne Preis")),
                ])
                html("tbody") { html in
                    for one in view.unbilled.customers { row(&html, one) }
                }
                html("tfoot") { html in
                    html("tr", .class("total")) { html in
                        html(
                            "th", .fixed("scope", "row"),
                            text: say("All \(view.unbilled.all)", "Alle \(view.unbilled.all)"))
                        html("td", .class("wide"), text: "")
                        html("td", .class("n wide"), text: String(view.unbilled.charges))
                        html("td", .class("n sum"), text: shell.together(view.unbilled.worth))
                        html("td", .class("wide"), text: "")
                    }
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ one: UnbilledCustomer) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) {
                shell.customerLink(&$0, one.customer, one.name, seller: one.seller)
            }
            html("td", .class("wide short"), text: say.day(one.since, today: view.day))
            html("td", .class("n wide"), text: String(one.charges))
            html("td", .class("n strong"), text: one.worth.isEmpty ? "–" : shell.together(one.worth))
            html("td", .class("wide second"), Attribute("dir", "auto")) { html in
                guard one.unpriced > 0 else { return html.text("–") }
                html.text("\(one.unpriced): \(one.why ?? "")")
            }
        }
    }

    // MARK: The run

    private func run(_ html: inout HTML) {
        guard shell.may("bill") else { return }
        html("section") { html in
            html("h2", text: say("Bill run", "Abrechnungslauf"))
            shell.form(&html, "bill", back: link(.all), look: .class("stack")) { html in
                shell.field(
                    &html, say("Bill what is due through", "Abrechnen, was fällig ist bis"), name: "through",
                    id: "through",
                    value: view.day.description, type: "date", isRequired: true)
                shell.field(
                    &html, say("Only this customer", "Nur dieser Kunde"), name: "customer", id: "only-customer",
                    hint: say("Its number, if not all.", "Seine Nummer, wenn nicht alle."))
                shell.choice(
                    &html, say("Day of the documents", "Tag der Belege"), name: "invoice-day", id: "invoice-day",
                    [
                        ("charge", say("of the charges", "der Leistungen")), ("today", say("today", "heute")),
                    ])
                shell.choice(
                    &html, say("One document for each", "Ein Beleg für jede(n)"), name: "per", id: "per",
                    [
                        ("order", say("order", "Auftrag")), ("po", say("order of theirs", "Bestellung")),
                        ("customer", say("customer", "Kunden")),
                    ])
                shell.sellerField(&html, view.sellers, id: "run-seller")
                html("p", .class("acts")) { html in
                    shell.submit(&html, say("Preview", "Vorschau"), key: "v", name: "dry-run")
                    shell.submit(&html, say("Make drafts", "Entwürfe machen"), look: .class("button primary"))
                    shell.submit(&html, say("Draft and issue", "Entwerfen und ausstellen"), name: "issue")
                }
                html(
                    "p", .class("hint"),
                    text: say(
                        "Preview shows what the run would make, and keeps nothing. Issuing gives numbers only to what passes every check.",
                        "Die Vorschau zeigt, was der Lauf machen würde, und behält nichts. Nummern bekommt beim Ausstellen nur, was alle Prüfungen besteht."
                    ))
            }
        }
    }
}

extension Term {
    static let draftStates: [String: Term] = [
        "stopped": Term("Stopped", "Gestoppt", .barred, .bad),
        "look": Term("Look at it", "Ansehen", .triangle, .warn),
        "clean": Term("Clean", "Sauber", .check, .good),
        "issued": Term("Issued", "Ausgestellt", .check, .good),
        "void": Term("Void", "Verworfen", .barred),
    ]
}

extension HTML {
    /// How much more or less than last time: the figure, and a bar around zero that ends at ±100 %.
    mutating func change(_ draft: DraftRow, _ say: Voice) {
        guard let change = draft.change else {
            return self("span", .class("none"), text: draft.last == nil ? say("the first", "der erste") : "–")
        }
        let sign = change > 0 ? "+" : change < 0 ? "\u{2212}" : "±"
        self(
            "span", change.magnitude > 50 ? .class("tone-warn") : nil,
            text: "\(sign)\(say.percent(Figure(Int64(change.magnitude), decimals: 0)))")
        let length = min(Int(change.magnitude), 100)
        self(
            "svg", .class("swing"), .fixed("viewBox", "-100 0 200 10"), .fixed("preserveAspectRatio", "none"),
            .fixed("aria-hidden", "true")
        ) { svg in
            svg.void(
                "rect", change.magnitude > 50 ? .class("fill-warn") : .class("fill-ink"),
                Attribute("x", change < 0 ? -length : 0), Attribute("width", max(1, length)), .fixed("y", "1"),
                .fixed("height", "8"))
            svg.void("rect", .class("fill-ink"), .fixed("x", "-1"), .fixed("width", "2"), .fixed("height", "10"))
        }
    }
}
