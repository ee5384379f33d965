import Money
import Web

/// Choose whose statement as of which day; see the paper before it leaves; write those of all customers in one run.
struct StatementsPage {
    let view: StatementsView
    let form: StatementForm
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    var problems: [(field: String, words: String)] {
        var problems: [(field: String, words: String)] = []
        if !form.typedAsOf.isEmpty, form.asked.asOf == nil {
            let words = say("is not a day such as 2026-10-31.", "ist kein Tag wie 2026-10-31.")
            problems.append(("as-of", "“\(form.typedAsOf)” \(words)"))
        }
        if form.asked.customer != nil, !view.isKnown {
            let number = form.typedCustomer
            problems.append(
                (
                    "customer",
                    say("No file has the number “\(number)”.", "Keine Akte hat die Nummer „\(number)“.")
                ))
        }
        return problems
    }

    func render() -> HTML {
        let title = say("Statements", "Kontoauszüge")
        let name = view.statements.first?.customerName
        return shell.page(
            name.map { "\(title): \($0)" } ?? title, at: .statements, crumbs: name, sellers: view.sellers
        ) { html in
            html("div", .class("head")) { html in
                html("h1", text: title)
                html(
                    "p",
                    text: say(
                        "open items as of any day; the same day says the same for ever",
                        "offene Posten zu jedem Tag; derselbe Tag sagt für immer dasselbe"))
            }
            html.problems(problems, say)
            fields(&html)
            if form.asked.customer == nil {
                everyone(&html)
            } else if view.isKnown {
                chosen(&html)
            }
        }
    }

    private func fields(_ html: inout HTML) {
        func error(_ field: String) -> String? { problems.first { $0.field == field }?.words }
        html("form", .class("bar-form"), .action(Link("/statements")), .fixed("method", "get")) { html in
            html.field(
                Field(
                    id: "customer", name: "customer", label: say("Customer number", "Kundennummer"),
                    value: form.typedCustomer, error: error("customer")), say)
            html.field(
                Field(
                    id: "as-of", name: "as_of", label: say("As of", "Zum"),
                    value: form.typedAsOf.isEmpty ? view.asOf.description : form.typedAsOf,
                    type: error("as-of") == nil ? "date" : "text", error: error("as-of")), say)
            html.choice(
                "kind", "kind", say("Kind", "Art"), [("open-item", say("Open items", "Offene Posten"))],
                chosen: "open-item")
            if view.sellers.count > 1 {
                html.choice(
                    "seller", "seller", say("Seller", "Verkäufer"),
                    [("", say("Any", "Beliebig"))] + view.sellers.map { ($0.code, $0.name) },
                    chosen: form.asked.seller ?? "")
            }
            if reader.chosen { shell.hidden(&html, "lang", reader.language.rawValue) }
            html("button", .fixed("type", "submit"), .class("button"), text: say("Show", "Zeigen"))
        }
    }

    // MARK: All customers

    private func everyone(_ html: inout HTML) {
        html("section", .class("begin")) { html in
            html("h2", text: say("Whose statement?", "Wessen Auszug?"))
            html(
                "p",
                text: say(
                    "Type a customer's number above, or open the file of a customer and choose Statement there.",
                    "Oben eine Kundennummer eingeben, oder in der Akte eines Kunden „Kontoauszug“ wählen."))
            html("h3", text: say("Three ways", "Drei Wege"))
            html("ul") { html in
                html("li") { html in
                    html.icon(.person)
                    html("div") { html in
                        html(
                            "p", .class("strong"),
                            text: say("Choose from the list of customers", "Aus der Kundenliste wählen"))
                        html(
                            "p", .class("hint"),
                            text: say("who owes what, and since when", "wer was schuldet, und seit wann"))
                    }
                    html("a", .class("button"), .href(reader.place(.customers)), text: say("Customers", "Kunden"))
                }
                run(&html)
                html("li") { html in
                    html.icon(.chart)
                    html("div") { html in
                        html(
                            "p", .class("strong"),
                            text: say("See the same sum as ageing", "Dieselbe Summe als Altersstruktur"))
                        html("p", .class("hint"), text: say("as of the same day", "zum selben Tag"))
                    }
                    html(
                        "a", .class("button"),
                        .href(reader.link("/reports", name: "aging", [("as_of", form.asked.asOf?.description)])),
                        text: say("Ageing", "Altersstruktur"))
                }
            }
        }
    }

    /// The button says what will happen.
    private func run(_ html: inout HTML) {
        guard shell.may("statement run") else { return }
        let day = say.fullDate(view.asOf)
        html("li") { html in
            html.icon(.pages)
            html("div") { html in
                html("p", .class("strong"), text: say("Write those of all customers", "Die aller Kunden schreiben"))
                html(
                    "p", .class("hint"),
                    text: say(
                        "a PDF for each who has something open on \(day), with an index; nothing is sent",
                        "je ein PDF für alle mit Offenem am \(day), mit Verzeichnis; nichts wird versandt"))
            }
            shell.form(
                &html, "statement run",
                fields: [
                    ("all", "true"), ("as-of", view.asOf.description), ("kind", "open-item"),
                    ("seller", form.asked.seller),
                ]
            ) { html in
                html(
                    "button", .fixed("type", "submit"), .class("button"),
                    text: say("Write all as of \(day)", "Alle zum \(day) schreiben"))
            }
        }
    }

    // MARK: One customer

    private func chosen(_ html: inout HTML) {
        guard !view.statements.isEmpty else {
            return html("div", .class("empty"), .fixed("role", "status")) { html in
                let day = say.fullDate(view.asOf)
                html("p", text: say("Nothing was open on \(day).", "Am \(day) war nichts offen."))
                html("p") { html in
                    html(
                        "a", .href(reader.customer(form.typedCustomer, seller: form.asked.seller)),
                        text: say("Open the file", "Akte öffnen"))
                }
            }
        }
        for statement in view.statements { paper(&html, statement) }
    }

    private func pdf(_ statement: StatementView) -> Link {
        reader.link(
            "/statements", name: statement.customer, suffix: ".pdf",
            [
                ("as_of", form.asked.asOf?.description), ("known_at", form.asked.knownAt?.description),
                ("currency", view.statements.count > 1 ? statement.currency : nil), ("seller", statement.seller.code),
            ])
    }

    private func paper(_ html: inout HTML, _ statement: StatementView) {
        let title = "\(say("Statement", "Kontoauszug")), \(statement.currency)"
        html("section", Attribute("aria-label", title)) { html in
            html("div", .class("downloads above-paper")) { html in
                html("a", .class("button"), .href(pdf(statement))) { html in
                    html.icon(.download)
                    html("span", text: "PDF")
                }
                html(
                    "a", .class("button"),
                    .href(reader.customer(statement.customer, seller: statement.seller.code)),
                    text: say("Open the file", "Akte öffnen"))
            }
            html("div", .class("sheet statement")) { html in
                html("header") { html in
                    html("div") { html in
                        html("p", .class("from")) { $0("bdi", text: statement.seller.name) }
                        html("address") { $0("bdi", text: statement.customerName) }
                    }
                    html("dl", .class("pairs")) { html in
                        for (name, value) in [
                            (say("Customer", "Kunde"), statement.customer),
                            (say("As of", "Zum"), say.fullDate(view.asOf)),
                            (say("Newest fact", "Neueste Tatsache"), statement.knownAt.onScreen),
                        ] {
                            html("dt", text: name)
                            html("dd") { $0("bdi", text: value) }
                        }
                    }
                }
                html(
                    "h2",
                    text: say("Your account on \(say.fullDate(view.asOf))", "Ihr Konto am \(say.fullDate(view.asOf))"))
                items(&html, statement)
                html("p", .class("due-now")) { html in
                    html("span", text: say("Due now", "Jetzt fällig"))
                    html("span", text: say.amount(statement.dueNow, statement.currency))
                }
                ages(&html, statement)
            }
        }
    }

    private func items(_ html: inout HTML, _ statement: StatementView) {
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Open items", "Offene Posten"))
            html("thead") { html in
                html("tr") { html in
                    html("th", .fixed("scope", "col"), text: say("Document", "Beleg"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("Date", "Datum"))
                    html("th", .fixed("scope", "col"), text: say("Due", "Fällig"))
                    html("th", .fixed("scope", "col"), .class("n wide"), text: say("Amount", "Betrag"))
                    html(
                        "th", .fixed("scope", "col"), .class("n"),
                        text: say("Open, \(statement.currency)", "Offen, \(statement.currency)"))
                }
            }
            html("tbody") { html in
                for item in statement.items { row(&html, item, statement) }
            }
            html("tfoot") { html in
                for (words, figure) in [
                    (say("Open items", "Offene Posten"), statement.total),
                    (say("Money on account", "Guthaben"), statement.unallocated),
                ] where !statement.unallocated.isZero { sum(&html, words, figure, isTotal: false) }
                sum(&html, say("Balance", "Saldo"), statement.net, isTotal: true)
            }
        }
    }

    private func row(_ html: inout HTML, _ item: StatementView.Item, _ statement: StatementView) {
        let kind = Term.of(item.type, in: Term.statementItems)
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                if item.type == "payment" {
                    html.number(item.number)
                } else {
                    html("a", .href(reader.invoice(item.number, seller: statement.seller.code))) {
                        $0.number(item.number)
                    }
                }
                if item.type != "invoice" { html("p", .class("sub"), text: kind.words(say)) }
                if !item.disputed.isZero {
                    let part = say.figure(item.disputed)
                    html("p", .class("sub"), text: say("\(part) of it in question", "\(part) davon in Klärung"))
                }
            }
            html("td", .class("wide short"), text: say.day(item.day, today: view.asOf))
            html("td") { html in
                guard let due = item.dueDay else { return html("span", .class("none"), text: "–") }
                html("span", .class("short"), text: say.day(due, today: view.asOf))
                if item.daysLate > 0 {
                    html(
                        "p", .class("sub"),
                        text: say("\(say.days(item.daysLate)) late", "\(say.days(item.daysLate)) überfällig"))
                }
            }
            html("td", .class("n wide"), text: say.figure(item.original))
            html("td", .class("n strong"), text: say.figure(item.open))
        }
    }

    private func sum(_ html: inout HTML, _ words: String, _ figure: Figure, isTotal: Bool) {
        html("tr", isTotal ? .class("total") : nil) { html in
            html("th", .fixed("scope", "row"), text: words)
            html("td", .class("wide"), text: "")
            html("td", text: "")
            html("td", .class("wide"), text: "")
            html("td", isTotal ? .class("n sum") : .class("n"), text: say.figure(figure))
        }
    }

    private func ages(_ html: inout HTML, _ statement: StatementView) {
        guard !statement.ages.isEmpty else { return }
        html("dl", .class("pairs age-pairs")) { html in
            for age in statement.ages {
                html("dt", text: BucketView.words(age, say))
                html("dd", .class("n"), text: say.figure(age.amount))
            }
        }
    }
}

extension Term {
    static let statementItems: [String: Term] = [
        "invoice": Term("Invoice", "Rechnung"), "credit_note": Term("Credit note", "Gutschrift"),
        "payment": Term("Payment on account", "Zahlung auf Konto"),
    ]
}
