import Money
import Web

/// The articles of a list with the steps in force, and the steps of one drawn.
struct PriceListPage {
    let view: PriceListPageView
    /// The article whose steps are drawn; nil: the first that has several.
    let chosen: String?
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    private var drawn: PriceListPageView.Article? {
        if let chosen { return view.articles.first { $0.sku == chosen } }
        return view.articles.first { $0.steps(on: view.today).count > 1 }
    }

    private func link(article: String? = nil, after: String? = nil, currency: String? = nil) -> Link {
        reader.link(
            "/prices", name: view.name,
            [("currency", currency ?? view.currency), ("article", article), ("after", after)])
    }

    func render() -> HTML {
        let title = "\(view.name), \(view.currency)"
        return shell.page(title, at: .prices, crumbs: title) { html in
            html("div", .class("head")) { html in
                html("h1") { $0("bdi", text: title) }
                html(
                    "p",
                    text: say(
                        "prices as of \(say.fullDate(view.today)), and what comes",
                        "Preise zum \(say.fullDate(view.today)), und was kommt"))
            }
            if view.currencies.count > 1 {
                html("div", .class("filters")) { html in
                    html("ul", Attribute("aria-label", say("Currency", "Währung"))) { html in
                        for currency in view.currencies {
                            html("li") { html in
                                html(
                                    "a", .href(link(currency: currency)),
                                    currency == view.currency ? .fixed("aria-current", "true") : nil, text: currency)
                            }
                        }
                    }
                }
            }
            if let drawn { steps(&html, drawn) }
            table(&html)
            if let next = view.next {
                html("nav", .class("pager"), Attribute("aria-label", say("Pages", "Seiten"))) { html in
                    html(
                        "a", .href(link(after: next)), .fixed("rel", "next"),
                        text: say("Next articles", "Nächste Artikel"))
                }
            }
        }
    }

    // MARK: The steps of one

    private func steps(_ html: inout HTML, _ article: PriceListPageView.Article) {
        let steps = article.steps(on: view.today)
        guard !steps.isEmpty else { return }
        html("figure", .class("plot steps-plot"), .fixed("tabindex", "0")) { html in
            html("figcaption") { html in
                html("bdi", text: "\(article.sku), \(article.name)")
                html(
                    "span",
                    text: say(
                        "price of each, \(view.currency), by quantity", "Preis je Stück, \(view.currency), nach Menge"))
            }
            StepPlot(steps: steps, say: say).draw(&html)
        }
    }

    private func table(_ html: inout HTML) {
        html.wideTable { html in
            html("caption", .class("sr"), text: say("Prices", "Preise"))
            html("thead") { html in
                html("tr") { html in
                    html("th", .fixed("scope", "col"), text: say("Article", "Artikel"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("Unit", "Einheit"))
                    html("th", .fixed("scope", "col"), .class("n"), text: say("From", "Ab Menge"))
                    html(
                        "th", .fixed("scope", "col"), .class("n"),
                        text: say("Price, \(view.currency)", "Preis, \(view.currency)"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("Since", "Seit"))
                    html("th", .fixed("scope", "col"), .class("wide"), text: say("What comes", "Was kommt"))
                }
            }
            html("tbody") { html in
                for article in view.articles { rows(&html, article) }
            }
        }
    }

    private func rows(_ html: inout HTML, _ article: PriceListPageView.Article) {
        let now = article.steps(on: view.today)
        let coming = article.steps.filter { $0.from > view.today }.min { $0.from < $1.from }
        let places = max(1, now.count)
        for place in 0..<places {
            html("tr") { html in
                html("th", .fixed("scope", "row")) { html in
                    guard place == 0 else { return html("span", .class("sr"), text: article.sku) }
                    html("a", .href(link(article: article.sku)), .flag("data-row")) { $0("bdi", text: article.sku) }
                    html("p", .class("second"), Attribute("dir", "auto"), text: article.name)
                }
                html("td", .class("wide second"), text: place == 0 ? article.unit : "")
                if now.indices.contains(place) {
                    html("td", .class("n"), text: say.figure(now[place].minQuantity))
                    html("td", .class("n strong"), text: say.figure(now[place].price))
                    html("td", .class("wide short second"), text: say.fullDate(now[place].from))
                } else {
                    html("td", .class("n none"), text: "–")
                    html("td", .class("n none"), text: "–")
                    html("td", .class("wide none"), text: "–")
                }
                html("td", .class("wide second")) { html in
                    guard place == 0, let coming else { return }
                    html.text("\(say.figure(coming.price)) \(say("from", "ab")) \(say.fullDate(coming.from))")
                }
            }
        }
    }
}

/// The price of one more, by quantity: steps down, drawn at scale. 640 × 200.
struct StepPlot {
    let steps: [PriceListPageView.Step]
    let say: Voice
    private let left = 64
    private let right = 632
    private let top = 18
    private let base = 168

    func draw(_ html: inout HTML) {
        let prices = steps.map { (try? FixedPoint.parse($0.price.text, decimals: 8)) ?? 0 }
        let quantities = steps.map { (try? FixedPoint.parse($0.minQuantity.text, decimals: 6)) ?? 0 }
        let high = max(1, prices.max() ?? 1)
        let end = max(2, (quantities.max() ?? 1) * 3 / 2)
        func x(_ quantity: Int64) -> Int { left + Int(Int128(quantity) * Int128(right - left) / Int128(end)) }
        func y(_ price: Int64) -> Int { base - Int(Int128(max(0, price)) * Int128(base - top) / Int128(high)) }
        let words = zip(steps, steps.indices).map { step, _ in
            say(
                "from \(say.figure(step.minQuantity)): \(say.figure(step.price))",
                "ab \(say.figure(step.minQuantity)): \(say.figure(step.price))")
        }.joined(separator: ", ")
        html(
            "svg", .fixed("viewBox", "0 0 640 200"), .fixed("role", "img"),
            Attribute("aria-label", say("Steps: ", "Staffel: ") + words)
        ) { svg in
            svg("title", text: say("Price by quantity", "Preis nach Menge"))
            svg.void(
                "line", .class("axis"), Attribute("x1", left), Attribute("x2", right), Attribute("y1", base),
                Attribute("y2", base))
            var points: [String] = []
            for place in steps.indices {
                let from = place == 0 ? left : x(quantities[place])
                let to = place + 1 < steps.count ? x(quantities[place + 1]) : right
                points += ["\(from),\(y(prices[place]))", "\(to),\(y(prices[place]))"]
                svg(
                    "text", Attribute("x", from + 4), Attribute("y", y(prices[place]) - 6),
                    text: say.figure(steps[place].price))
                svg(
                    "text", .class("dim-text"),
                    place == 0 ? .fixed("text-anchor", "start") : .fixed("text-anchor", "middle"),
                    Attribute("x", from), Attribute("y", base + 18), text: say.figure(steps[place].minQuantity))
            }
            svg.void("polyline", .class("curve"), Attribute("points", points.joined(separator: " ")))
        }
    }
}

/// What is sold.
struct ProductsPage {
    let view: ProductsView
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Products", "Artikel")
        return shell.page(title, at: .prices, crumbs: title) { html in
            html("div", .class("head")) { html in
                html("h1", text: title)
                html("p", text: say.articles(view.total))
            }
            guard !view.items.isEmpty else {
                return html("div", .class("empty")) { html in
                    html("p", text: say("No article is known.", "Kein Artikel ist bekannt."))
                    html("p") { html in
                        html("a", .href(shell.reader.place(.prices)), text: say("Prices", "Preise"))
                    }
                }
            }
            html.wideTable { html in
                html("caption", .class("sr"), text: title)
                html("thead") { html in
                    html("tr") { html in
                        html("th", .fixed("scope", "col"), text: say("Article", "Artikel"))
                        html("th", .fixed("scope", "col"), text: say("Name", "Bezeichnung"))
                        html("th", .fixed("scope", "col"), text: say("Unit", "Einheit"))
                        html("th", .fixed("scope", "col"), .class("wide"), text: say("Taxed as", "Besteuert als"))
                        html("th", .fixed("scope", "col"), .class("wide"), text: say("Kind", "Art"))
                    }
                }
                html("tbody") { html in
                    for product in view.items {
                        html("tr") { html in
                            html("th", .fixed("scope", "row")) { $0.number(product.sku) }
                            html("td", Attribute("dir", "auto"), text: product.name)
                            html("td", text: product.unit)
                            html("td", .class("wide"), text: product.category)
                            html(
                                "td", .class("wide"),
                                text: product.isService ? say("service", "Leistung") : say("goods", "Ware"))
                        }
                    }
                }
            }
            if let next = view.next {
                html("nav", .class("pager"), Attribute("aria-label", say("Pages", "Seiten"))) { html in
                    html(
                        "a", .href(shell.reader.link("/products", [("after", next)])), .fixed("rel", "next"),
                        text: say("Next articles", "Nächste Artikel"))
                }
            }
        }
    }
}
