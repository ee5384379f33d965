import Web

/// Customers and invoices that fit what was typed.
struct SearchPage {
    /// nil before anything was asked.
    let view: SearchView?
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = view.map { say("Found for “\($0.query)”", "Gefunden zu „\($0.query)“") } ?? say("Find", "Suchen")
        return shell.page(title, at: .search, crumbs: say("Find", "Suchen")) { html in
            html("h1", Attribute("dir", "auto"), text: title)
            html("div", .class("big")) { html in
                shell.searchBox(&html, view?.query, id: "q", focus: view == nil)
            }
            guard let view else { return hint(&html) }
            if view.understood == "amount" {
                html("p", .class("hint"), text: say("It looks like an amount.", "Es sieht nach einem Betrag aus."))
            }
            if view.customers.isEmpty && view.invoices.isEmpty && view.receipts.isEmpty && view.doing.isEmpty {
                return nothing(&html)
            }
            receipts(&html, view.receipts)
            invoices(&html, view.invoices)
            customers(&html, view.customers)
            doing(&html, view.doing)
            if view.more {
                html(
                    "p", .class("rest"),
                    text: say(
                        "More fit than are shown; add a word or a digit.",
                        "Es gibt mehr Treffer; ein weiteres Wort oder eine Ziffer hilft."))
            }
        }
    }

    private func hint(_ html: inout HTML) {
        html("div", .class("empty")) { html in
            html(
                "p",
                text: say(
                    "Type part of a customer's name or number, of an invoice number, an amount, or what the bank wrote.",
                    "Teil eines Kundennamens, einer Kunden- oder Rechnungsnummer, ein Betrag oder was die Bank schrieb."
                ))
        }
    }

    private func nothing(_ html: inout HTML) {
        html("div", .class("empty"), .fixed("role", "status")) { html in
            html("p", text: say("Nothing fits.", "Nichts gefunden."))
            html(
                "p",
                text: say(
                    "Try fewer letters, or the number without its prefix.",
                    "Weniger Buchstaben oder die Nummer ohne Vorsatz versuchen."))
        }
    }

    /// Lines of the bank that wait.
    private func receipts(_ html: inout HTML, _ lines: [MoneyLine]) {
        guard !lines.isEmpty else { return }
        html("section", .class("big")) { html in
            html.wideTable { html in
                html("caption", text: say("Money in that waits", "Offene Zahlungen"))
                html.heads([
                    Head(say("From", "Von")), .wide(say("Text", "Text")), .wide(say("Date", "Datum")),
                    .figures(say("Amount", "Betrag")),
                ])
                html("tbody") { html in
                    for line in lines {
                        html("tr") { html in
                            html("th", .fixed("scope", "row")) { html in
                                html(
                                    "a", .href(reader.link("/money", [("receipt", line.receipt)])), .flag("data-row")
                                ) { $0("bdi", text: line.title) }
                            }
                            html("td", .class("wide")) { $0("bdi", text: line.text ?? "") }
                            html("td", .class("wide short"), text: say.fullDate(line.day))
                            html("td", .class("n strong"), text: say.amount(line.amount))
                        }
                    }
                }
            }
        }
    }

    private func doing(_ html: inout HTML, _ deeds: [FoundDeed]) {
        guard !deeds.isEmpty else { return }
        html("section", .class("big")) { html in
            html("h2", text: say("Do", "Tun"))
            html("ul", .class("plain-list")) { html in
                for deed in deeds {
                    guard let link = Link(returning: deed.path) else { continue }
                    html("li") { html in
                        html("a", .href(link), .flag("data-row"), text: deed.label)
                        if let also = deed.also { html("span", .class("hint"), text: " " + also) }
                    }
                }
            }
        }
    }

    private func customers(_ html: inout HTML, _ customers: [FoundCustomer]) {
        guard !customers.isEmpty else { return }
        html("section", .class("big")) { html in
            html.wideTable { html in
                html("caption", text: say("Customers", "Kunden"))
                html("thead") { html in
                    html("tr") { html in
                        html("th", .fixed("scope", "col"), text: say("Name", "Name"))
                        html("th", .fixed("scope", "col"), .class("wide"), text: say("Number", "Nummer"))
                        html("th", .fixed("scope", "col"), .class("wide"), text: say("Place", "Ort"))
                        html("th", .fixed("scope", "col"), .class("n"), text: say("Open", "Offen"))
                    }
                }
                html("tbody") { html in
                    for customer in customers {
                        html("tr") { html in
                            html("th", .fixed("scope", "row")) { html in
                                html(
                                    "a", .href(reader.customer(customer.number, seller: customer.seller)),
                                    .flag("data-row")
                                ) {
                                    $0("bdi", text: customer.name)
                                }
                                html("bdi", .class("narrow second"), text: customer.number)
                            }
                            html("td", .class("wide")) { $0.number(customer.number) }
                            html("td", .class("wide")) { $0("bdi", text: customer.place ?? "") }
                            html("td", .class("n")) { html in
                                for amount in customer.open { html("p", text: say.amount(amount)) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func invoices(_ html: inout HTML, _ invoices: [FoundInvoice]) {
        guard !invoices.isEmpty else { return }
        html("section", .class("big")) { html in
            html.wideTable { html in
                html("caption", text: say("Invoices and credit notes", "Rechnungen und Gutschriften"))
                html("thead") { html in
                    html("tr") { html in
                        html("th", .fixed("scope", "col"), text: say("Number", "Nummer"))
                        html("th", .fixed("scope", "col"), text: say("Customer", "Kunde"))
                        html("th", .fixed("scope", "col"), .class("wide"), text: say("Date", "Datum"))
                        html("th", .fixed("scope", "col"), .class("wide"), text: say("State", "Stand"))
                        html("th", .fixed("scope", "col"), .class("n wide"), text: say("Amount", "Betrag"))
                        html("th", .fixed("scope", "col"), .class("n"), text: say("Open", "Offen"))
                    }
                }
                html("tbody") { html in
                    for invoice in invoices { row(&html, invoice) }
                }
            }
        }
    }

    private func row(_ html: inout HTML, _ invoice: FoundInvoice) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html("a", .href(reader.invoice(invoice.invoiceNo, seller: invoice.seller)), .flag("data-row")) {
                    $0.number(invoice.invoiceNo)
                }
            }
            html("td") { html in
                html("a", .href(reader.customer(invoice.customer, seller: invoice.seller))) {
                    $0("bdi", text: invoice.customerName)
                }
            }
            html("td", .class("wide short"), text: invoice.issueDay.map(say.fullDate) ?? "")
            html("td", .class("wide")) { $0.term(Term.of(invoice.status, in: Term.states), say) }
            html("td", .class("n wide"), text: say.amount(invoice.gross, invoice.currency))
            html("td", .class("n strong"), text: say.amount(invoice.open, invoice.currency))
        }
    }
}
