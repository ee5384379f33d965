import Money
import Web

/// What customers question, by how long it waits, and what keeps letters back.
struct DisputesPage {
    let view: DisputesView
    let page: Int
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("Disputes", "Reklamationen"), at: .disputes, crumbs: say("Disputes", "Reklamationen")) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Disputes", "Reklamationen"))
                html("p", text: sentence)
            }
            shell.sellerChips(&html, view.sellers, "/disputes")
            html("div", .class("file")) { html in
                html("div") { html in
                    disputes(&html)
                    holds(&html)
                }
                html("aside", Attribute("aria-label", say("About this page", "Zu dieser Seite"))) { html in about(&html)
                }
            }
        }
    }

    private var sentence: String {
        guard view.all > 0 else { return say("No customer questions anything", "Kein Kunde reklamiert etwas") }
        let parts =
            view.all == 1
            ? say("One item is questioned", "Ein Posten ist reklamiert")
            : say("\(view.all) items are questioned", "\(view.all) Posten sind reklamiert")
        return "\(parts), \(shell.together(view.worth))"
    }

    private func disputes(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Questioned by customers", "Von Kunden reklamiert"))
            guard !view.disputes.isEmpty else {
                return html.empty(
                    say("Nothing is in question.", "Nichts ist reklamiert."),
                    say(
                        "A part of an invoice that a customer questions stands here until it is settled; nobody asks for it meanwhile.",
                        "Der Teil einer Rechnung, den ein Kunde reklamiert, steht hier, bis er geklärt ist; solange mahnt ihn niemand an."
                    ))
            }
            html.wideTable { html in
                html("caption", .class("sr"), text: say("Questioned items", "Reklamierte Posten"))
                html.heads([
                    Head(say("Document", "Beleg")), Head(say("Customer", "Kunde")),
                    .wide(say("What they say", "Was sie sagen")),
                    Head(say("Since", "Seit")), .wideFigures(say("Open", "Offen")),
                    .figures(say("In question", "Reklamiert")),
                    .wide(say("How much of it", "Wie viel davon")),
                ])
                html("tbody") { html in
                    for item in view.disputes { row(&html, item) }
                }
            }
            shell.turning(&html, page: page, hasNext: view.more) {
                reader.link("/disputes", [("page", $0 > 1 ? String($0) : nil)])
            }
        }
    }

    private func row(_ html: inout HTML, _ item: DisputedItem) {
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html("a", .href(reader.invoice(item.invoiceNo, seller: item.seller)), .flag("data-row")) {
                    $0.number(item.invoiceNo)
                }
            }
            html("td") { shell.customerLink(&$0, item.customer, item.customerName, seller: item.seller) }
            html("td", .class("wide"), Attribute("dir", "auto"), text: item.reason.isEmpty ? "–" : item.reason)
            let waits = view.day - item.since
            html("td") { html in
                html("p", .class("short"), text: say.day(item.since, today: view.day))
                html(
                    "p",
                    waits > 30
                        ? .class("tone-bad short") : waits > 7 ? .class("tone-warn short") : .class("second short"),
                    text: say("waits \(say.days(waits))", "wartet \(say.days(waits))"))
            }
            html("td", .class("n wide"), text: say.amount(item.open))
            html("td", .class("n strong"), text: say.amount(item.disputed))
            html("td", .class("wide")) { $0.share(item.disputed.amount, of: item.open.amount) }
        }
    }

    private func holds(_ html: inout HTML) {
        guard !view.holds.isEmpty else { return }
        html("section") { html in
            html("h2", text: say("Held back", "Zurückgehalten"))
            html.wideTable { html in
                html("caption", .class("sr"), text: say("Nobody writes about these", "Darüber schreibt niemand"))
                html.heads([
                    Head(say("Customer", "Kunde")), Head(say("Document", "Beleg")), Head(say("Why", "Warum")),
                    .wide(say("Since", "Seit")), Head(say("Until", "Bis")),
                ])
                html("tbody") { html in
                    for hold in view.holds {
                        html("tr") { html in
                            html("th", .fixed("scope", "row")) {
                                shell.customerLink(
                                    &$0, hold.customer, hold.customerName, seller: hold.seller, row: true)
                            }
                            html("td") { html in
                                guard let document = hold.document else {
                                    return html.text(say("all", "alle"))
                                }
                                shell.invoiceLink(&html, document, seller: hold.seller)
                            }
                            html("td", Attribute("dir", "auto"), text: hold.reason)
                            html("td", .class("wide short"), text: say.day(hold.since, today: view.day))
                            html(
                                "td", .class("short"),
                                text: hold.until.map { say.day($0, today: view.day) } ?? say("lifted", "aufgehoben"))
                        }
                    }
                }
            }
        }
    }

    private func about(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("How one gets here", "Wie etwas hierher kommt"))
            html(
                "p", .class("second"),
                text: say(
                    "Today a dispute comes in with imported invoices, in the column “disputed”. Opening one here, answering it, and its outcome as entries follow with the desk for disputes; until then a settled one is answered with a credit note on the invoice’s page.",
                    "Heute kommt eine Reklamation mit eingelesenen Rechnungen, in der Spalte „disputed“. Hier eröffnen, beantworten und den Ausgang buchen folgt mit dem Platz für Reklamationen; bis dahin beantwortet eine Gutschrift auf der Seite der Rechnung, was geklärt ist."
                ))
        }
        html("section") { html in
            html("h2", text: say("What a dispute does", "Was eine Reklamation bewirkt"))
            html(
                "p", .class("second"),
                text: say(
                    "Only the questioned part rests: reminders leave it out, matching does not place money on it by itself, ageing shows it as disputed.",
                    "Nur der reklamierte Teil ruht: Mahnungen lassen ihn aus, das Zuordnen belegt ihn nicht von selbst, die Altersliste zeigt ihn als reklamiert."
                ))
        }
    }
}

extension HTML {
    /// A part of a whole as a bar; the figures stand beside it.
    mutating func share(_ part: Figure, of whole: Figure) {
        func size(_ figure: Figure) -> Int64 { max(0, (try? FixedPoint.parse(figure.text, decimals: 4)) ?? 0) }
        guard size(whole) > 0 else { return text("–") }
        let width = Int(min(10_000, Int128(size(part)) * 10_000 / Int128(size(whole))))
        self(
            "svg", .class("bar"), .fixed("viewBox", "0 0 10000 8"), .fixed("preserveAspectRatio", "none"),
            .fixed("aria-hidden", "true")
        ) { svg in
            svg.void("rect", .class("fill-line"), .fixed("width", "10000"), .fixed("height", "8"))
            svg.void("rect", .class("fill-accent"), Attribute("width", width), .fixed("height", "8"))
        }
    }
}
