import Money
import Web

/// What prices the books hold: lists with their validity as bars on a time line, taxes, rates. Today is a line.
struct PricesPage {
    let view: PricesView
    /// lists, taxes, rates
    let part: String
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }
    private var isEmpty: Bool { view.lists.isEmpty && view.taxes.isEmpty && view.rates.isEmpty && view.products == 0 }

    func render() -> HTML {
        shell.page(say("Prices", "Preise"), at: .prices) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Prices", "Preise"))
                html(
                    "p",
                    text: say(
                        "the customer’s list first, then the standard list",
                        "erst die Liste des Kunden, dann die Standardliste"))
            }
            if isEmpty { return shell.begin(&html, begin) }
            chips(&html)
            switch part {
            case "taxes": taxes(&html)
            case "rates": rates(&html)
            default: lists(&html)
            }
        }
    }

    private func chips(_ html: inout HTML) {
        html.priceParts(
            [
                (say("Lists", "Listen"), view.lists.count, reader.place(.prices), part == "lists"),
                (say("Products", "Artikel"), view.products, reader.link("/products"), false),
                (
                    say("Taxes", "Steuern"), view.taxes.count, reader.place(.prices, [("part", "taxes")]),
                    part == "taxes"
                ),
                (
                    say("Exchange rates", "Wechselkurse"), view.rates.count,
                    reader.place(.prices, [("part", "rates")]), part == "rates"
                ),
            ], say)
    }

    // MARK: Lists

    private func lists(_ html: inout HTML) {
        guard !view.lists.isEmpty else {
            return html("div", .class("empty")) { html in
                html("p", text: say("No price stands on a list yet.", "Noch steht kein Preis auf einer Liste."))
            }
        }
        timeLine(&html)
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Price lists", "Preislisten"))
            html("thead") { html in
                html("tr") { html in
                    html("th", .fixed("scope", "col"), text: say("List", "Liste"))
                    html("th", .fixed("scope", "col"), text: say("Currency", "Währung"))
                    html("th", .fixed("scope", "col"), .class("n"), text: say("Articles", "Artikel"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("First price from", "Erster Preis ab"))
                    html("th", .fixed("scope", "col"), text: say("Changed last", "Zuletzt geändert"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("Next change", "Nächste Änderung"))
                }
            }
            html("tbody") { html in
                for list in view.lists { row(&html, list) }
            }
        }
    }

    private func link(_ list: PriceListView) -> Link {
        reader.link("/prices", name: list.name, [("currency", list.currency)])
    }

    private func row(_ html: inout HTML, _ list: PriceListView) {
        let begun = list.versions.last { $0.from <= view.today }
        let coming = list.versions.first { $0.from > view.today }
        html("tr") { html in
            html("th", .fixed("scope", "row")) { html in
                html("a", .href(link(list)), .flag("data-row")) { $0("bdi", text: list.name) }
            }
            html("td", text: list.currency)
            html("td", .class("n"), text: say.count(list.articles))
            html("td", .class("wide short"), text: list.versions.first.map { say.fullDate($0.from) } ?? "–")
            html("td") { html in
                guard let begun else { return html("span", .class("none"), text: "–") }
                html.text(say.fullDate(begun.from))
                html("p", .class("hint"), text: say.articles(begun.articles))
            }
            html("td", .class("wide")) { html in
                guard let coming else { return html("span", .class("none"), text: "–") }
                html.text(say.fullDate(coming.from))
                html("p", .class("hint"), text: say.articles(coming.articles))
            }
        }
    }

    private func timeLine(_ html: inout HTML) {
        let line = TimeLine(
            today: view.today,
            rows: view.lists.prefix(16).map { list in
                TimeLine.Row(
                    name: "\(list.name), \(list.currency)",
                    spans: list.versions.enumerated().map { place, version in
                        TimeLine.Span(
                            from: version.from,
                            until: place + 1 < list.versions.count ? list.versions[place + 1].from - 1 : nil,
                            words: say.articles(version.articles))
                    })
            }, say: say)
        html("figure", .class("plot"), .fixed("tabindex", "0")) { html in
            html("figcaption", text: say("Prices in force", "Preise in Kraft"))
            line.draw(&html)
        }
    }

    // MARK: Taxes and rates

    private func taxes(_ html: inout HTML) {
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Tax rates", "Steuersätze"))
            html("thead") { html in
                html("tr") { html in
                    for (words, look): (String, Attribute?) in [
                        (say("Country", "Land"), nil), (say("Of what", "Wofür"), nil),
                        (say("Kind", "Art"), .class("wide")), (say("Rate", "Satz"), .class("n")),
                        (say("From", "Ab"), nil), (say("Until", "Bis"), .class("wide")),
                        (say("State", "Stand"), .class("wide")),
                    ] { html("th", .fixed("scope", "col"), look, text: words) }
                }
            }
            html("tbody") { html in
                for tax in view.taxes { row(&html, tax) }
            }
        }
    }

    private func row(_ html: inout HTML, _ tax: TaxRateView) {
        let state: Term =
            tax.from > view.today
            ? Term("Comes", "Kommt", .calendar, .accent)
            : tax.until.map { $0 < view.today } == true
                ? Term("Ended", "Beendet", .barred) : Term("In force", "In Kraft", .check, .good)
        html("tr") { html in
            html(
                "th", .fixed("scope", "row"), text: tax.state.isEmpty ? tax.country : "\(tax.country)-\(tax.state)")
            html("td") { $0("bdi", text: tax.category) }
            html("td", .class("wide second"), text: Term.of(tax.vatCategory, in: Term.taxKinds).words(say))
            html("td", .class("n"), text: say.percent(tax.rate))
            html("td", .class("short"), text: say.fullDate(tax.from))
            html("td", .class("wide short"), text: tax.until.map(say.fullDate) ?? "–")
            html("td", .class("wide")) { $0.term(state, say) }
        }
    }

    private func rates(_ html: inout HTML) {
        guard !view.rates.isEmpty else {
            return html("div", .class("empty")) { html in
                html("p", text: say("No rate is known.", "Kein Kurs ist bekannt."))
                html(
                    "p",
                    text: say(
                        "Invoices in another currency need one for their day.",
                        "Rechnungen in fremder Währung brauchen einen zu ihrem Tag."))
            }
        }
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Newest exchange rates", "Neueste Wechselkurse"))
            html("thead") { html in
                html("tr") { html in
                    html("th", .fixed("scope", "col"), text: say("One", "Ein"))
                    html("th", .fixed("scope", "col"), .class("n"), text: say("Is worth", "Ist wert"))
                    html("th", .fixed("scope", "col"), text: say("Of", "In"))
                    html("th", .fixed("scope", "col"), text: say("Day", "Tag"))
                    html("th", .fixed("scope", "col"), text: say("Source", "Quelle"))
                }
            }
            html("tbody") { html in
                for rate in view.rates {
                    html("tr") { html in
                        html("th", .fixed("scope", "row"), text: rate.currency)
                        html("td", .class("n"), text: say.figure(rate.rate))
                        html("td", text: rate.home)
                        html("td", .class("short"), text: say.fullDate(rate.day))
                        html("td") { $0("bdi", text: rate.source) }
                    }
                }
            }
        }
    }

    private var begin: Begin {
        Begin(
            title: say("No price yet", "Noch kein Preis"),
            text: say(
                "Here stand price lists with their steps and validity, the articles, tax rates and exchange rates.",
                "Hier stehen Preislisten mit Staffeln und Gültigkeit, die Artikel, Steuersätze und Wechselkurse."),
            ways: [
                Begin.Way(
                    .tag, say("Bring in prices", "Preise einlesen"),
                    "price_list, sku, currency, min_qty, unit_price, valid_from",
                    .files(command: "import prices", accepts: ".csv,.xlsx")),
                Begin.Way(
                    .file, say("Bring in articles", "Artikel einlesen"), "sku, name_de, name_en, unit, tax_category",
                    .files(command: "import products", accepts: ".csv,.xlsx")),
                Begin.Way(
                    .scales, say("Bring in tax rates", "Steuersätze einlesen"),
                    "country, tax_category, vat_category, rate_percent, valid_from",
                    .files(command: "import tax-rates", accepts: ".csv,.xlsx")),
            ])
    }
}

extension Term {
    static let taxKinds: [String: Term] = [
        "S": Term("standard or reduced", "Regel- oder ermäßigter Satz")
    ].merging(taxCategories) { first, _ in first }
}

extension Voice {
    func articles(_ count: Int) -> String {
        count == 1
            ? self("1 article", "1 Artikel") : self("\(self.count(count)) articles", "\(self.count(count)) Artikel")
    }
}

extension HTML {
    /// The parts of the place, as chips.
    mutating func priceParts(_ parts: [(words: String, count: Int, link: Link, isHere: Bool)], _ say: Voice) {
        self("nav", .class("chips"), Attribute("aria-label", say("Parts", "Teile"))) { html in
            for part in parts {
                html("a", .href(part.link), part.isHere ? .fixed("aria-current", "true") : nil) { html in
                    html.text(part.words)
                    html.text(" ")
                    html("span", text: say.count(part.count))
                }
            }
        }
    }
}
