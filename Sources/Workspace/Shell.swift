import Web

/// What a page knows about the request: language, where it is, and how links go on.
struct Reader: Sendable {
    let say: Voice
    /// The language was chosen by hand, so links keep it.
    let chosen: Bool
    /// The seller named in the address.
    let seller: String?

    init(_ request: WebRequest, language: String? = nil) {
        let wanted = (language ?? request.query("lang")).flatMap(Language.init)
        chosen = wanted != nil
        let known = Language.allCases.map(\.rawValue)
        say = Voice(language: wanted ?? Language(rawValue: request.language(of: known)) ?? .english)
        seller = request.query("seller")
    }

    var language: Language { say.language }
    private var lang: (StaticString, String?) { ("lang", chosen ? language.rawValue : nil) }

    /// Only Today itself keeps its choice of a seller; on other pages the seller tells numbers apart.
    func today(kind: String? = nil, seller: String? = nil) -> Link {
        Link("/", query: [("kind", kind), ("seller", seller), lang])
    }
    /// Numbers are unique per seller, so the link names whose it is.
    func customer(_ number: String, seller: String?) -> Link {
        Link("/customers", name: number, query: [("seller", seller ?? self.seller), lang])
    }
    func invoice(_ number: String, seller: String?, suffix: StaticString = "", fragment: String? = nil) -> Link {
        Link(
            "/invoices", name: number, suffix: suffix, query: [("seller", seller ?? self.seller), lang],
            fragment: fragment)
    }
    func search(_ text: String? = nil) -> Link { Link("/search", query: [("q", text), lang]) }
}

/// The frame around every page: places, search, the page, keys.
struct Shell: Sendable {
    let reader: Reader
    let assets: Assets
    /// For the language switch.
    let request: WebRequest

    /// Renders a page with the given title and trail.
    func page(
        _ title: String, at place: Place, crumbs: String? = nil, sellers: [SellerView] = [], count: Int? = nil,
        query: String? = nil, content: (inout HTML) -> Void
    ) -> HTML {
        var html = HTML()
        html.fixed("<!doctype html>")
        html("html", Attribute("lang", reader.language.rawValue)) { html in
            html("head") { html in head(&html, title) }
            html("body") { html in
                html("a", .class("skip"), .href(.here("main")), text: reader.say("Skip to the page", "Zum Inhalt"))
                rail(&html, place, sellers, count)
                html("header", .class("top")) { html in
                    trail(&html, place, crumbs)
                    if place != .search { searchBox(&html, query, id: "q") }
                }
                html("main", .id("main"), Attribute("tabindex", "-1")) { html in
                    done(&html)
                    content(&html)
                }
                keys(&html)
            }
        }
        return html
    }

    /// A page without places and search, for whoever is not signed in.
    func bare(_ title: String, content: (inout HTML) -> Void) -> HTML {
        var html = HTML(capacity: 4096)
        html.fixed("<!doctype html>")
        html("html", Attribute("lang", reader.language.rawValue)) { html in
            html("head") { html in head(&html, title) }
            html("body") { html in
                html("a", .class("skip"), .href(.here("main")), text: reader.say("Skip to the page", "Zum Inhalt"))
                html("main", .id("main"), Attribute("tabindex", "-1")) { html in
                    content(&html)
                    html("p", .class("door")) { html in languageSwitch(&html) }
                }
            }
        }
        return html
    }

    private func head(_ html: inout HTML, _ title: String) {
        html.fixed("<meta charset='utf-8'><meta name='viewport' content='width=device-width,initial-scale=1'>")
        html.fixed(
            "<meta name='color-scheme' content='light dark'><meta name='format-detection' content='telephone=no'>")
        html("title", text: "\(title) – Duly")
        html.void("link", .fixed("rel", "stylesheet"), .href(assets.stylesheet.address))
        html.void("link", .fixed("rel", "icon"), .fixed("type", "image/svg+xml"), .href(assets.icon.address))
        html("script", .src(assets.script.address), .flag("defer"), text: "")
    }

    private func rail(_ html: inout HTML, _ place: Place, _ sellers: [SellerView], _ count: Int?) {
        let say = reader.say
        html("nav", .class("rail"), Attribute("aria-label", say("Places", "Bereiche"))) { html in
            html("a", .class("brand"), .href(reader.today()), text: "Duly")
            html("ul", .class("places")) { html in
                for entry in Place.onRail {
                    let count = entry == .today ? count : nil
                    self.entry(&html, entry, current: place == entry, count)
                }
                more(&html, current: !Place.onBar.contains(place) && place != .none)
            }
            html("div", .class("who")) { html in
                if place == .today, sellers.count > 1 {
                    html("p", .class("hint"), text: say("Sellers", "Verkäufer"))
                    sellerChoice(&html, sellers, .class("sellers"))
                } else if sellers.count == 1, let seller = sellers.first {
                    html("p", .class("strong")) { $0("bdi", text: seller.name) }
                    html("p", .class("hint"), text: "\(say("Seller", "Verkäufer")) · \(seller.currency)")
                }
                languageSwitch(&html)
                person(&html)
            }
        }
    }

    /// Who is signed in, and the way out.
    func person(_ html: inout HTML) {
        let session = request.session
        guard !session.user.isEmpty else { return }
        html("p", .class("hint")) { html in
            html("a", .href(Link("/settings/account"))) { $0("bdi", text: session.user) }
            html.text(" · \(session.role)")
        }
        html("form", .class("leave"), .action(Link("/sign-out")), .fixed("method", "post")) { html in
            html.void(
                "input", .fixed("type", "hidden"), .fixed("name", "_token"), Attribute("value", session.formToken))
            html("button", .fixed("type", "submit"), text: reader.say("Sign out", "Abmelden"))
        }
    }

    private func entry(_ html: inout HTML, _ place: Place, current: Bool, _ count: Int?) {
        html("li", Place.onBar.contains(place) ? nil : .class("far")) { html in
            html("a", .href(reader.place(place)), current ? .fixed("aria-current", "page") : nil) { html in
                html.icon(place.icon)
                html("span", text: place.words(reader.say))
                if let count { html("span", .class("count"), text: String(count)) }
            }
        }
    }

    /// On a telephone the bar has room for five; the other places stand on a page of their own.
    private func more(_ html: inout HTML, current: Bool) {
        html("li", .class("more")) { html in
            html("a", .href(reader.link("/places")), current ? .fixed("aria-current", "true") : nil) { html in
                html.icon(.sliders)
                html("span", text: reader.say("More", "Mehr"))
            }
        }
    }

    /// Beside the page on a wide screen, on top of it on a telephone.
    func sellerChoice(_ html: inout HTML, _ sellers: [SellerView], _ look: Attribute) {
        html("ul", look) { html in
            html("li") { html in
                html(
                    "a", .href(reader.today()), reader.seller == nil ? .fixed("aria-current", "true") : nil,
                    text: reader.say("All", "Alle"))
            }
            for seller in sellers {
                let current = seller.code == reader.seller
                html("li") { html in
                    html(
                        "a", .href(reader.today(seller: seller.code)), current ? .fixed("aria-current", "true") : nil
                    ) { $0("bdi", text: seller.name) }
                }
            }
        }
    }

    func languageSwitch(_ html: inout HTML) {
        let other: (code: String, name: String) =
            reader.language == .english ? ("de", "Deutsch") : ("en", "English")
        html(
            "a", .href(request.link(setting: "lang", to: other.code)), Attribute("lang", other.code),
            Attribute("hreflang", other.code), text: other.name)
    }

    /// The place, and within it what is shown. On a place itself the place is all there is to say.
    private func trail(_ html: inout HTML, _ place: Place, _ crumbs: String?) {
        let say = reader.say
        html("nav", .class("crumbs"), Attribute("aria-label", say("You are here", "Sie sind hier"))) { html in
            guard let crumbs, crumbs != place.words(say) else { return html.text(place.words(say)) }
            html(
                "a", .href(reader.place(place == .search ? .today : place)),
                text: (place == .search ? .today : place).words(say))
            html.text(" › ")
            html("bdi", text: crumbs)
        }
    }

    /// The search field; `id` tells two on one page apart.
    func searchBox(_ html: inout HTML, _ query: String?, id: String, focus: Bool = false) {
        let say = reader.say
        html(
            "form", .class("find"), .action(Link("/search")), .fixed("method", "get"), .fixed("role", "search")
        ) { html in
            html(
                "label", .class("sr"), Attribute("for", id),
                text: say("Find a customer or an invoice", "Kunde oder Rechnung suchen"))
            html.icon(.search)
            html.void(
                "input", .id(id), .fixed("type", "search"), .fixed("name", "q"), .fixed("autocomplete", "off"),
                .fixed("spellcheck", "false"), Attribute("value", query ?? ""), focus ? .flag("autofocus") : nil,
                Attribute("placeholder", say("Customer, invoice number, amount", "Kunde, Rechnungsnummer, Betrag")))
            html.fixed("<kbd aria-hidden='true'>/</kbd>")
            if reader.chosen {
                html.void(
                    "input", .fixed("type", "hidden"), .fixed("name", "lang"),
                    Attribute("value", reader.language.rawValue))
            }
        }
    }

    /// Shown by the script, since without it no key does anything.
    private func keys(_ html: inout HTML) {
        let say = reader.say
        html("footer", .class("keys"), .flag("hidden"), Attribute("aria-label", say("Keys", "Tasten"))) { html in
            html("span", .class("list")) { html in
                for (key, words) in [
                    ("/", say("find", "suchen")), ("j", say("next line", "nächste Zeile")),
                    ("k", say("line before", "vorige Zeile")), ("t", say("today", "heute")),
                    ("p", say("print", "drucken")),
                ] {
                    html("kbd", text: key)
                    html.text(" \(words) \u{2002}")
                }
            }
            html(
                "button", .fixed("type", "button"),
                Attribute("data-off", say("Switch single-letter keys off", "Einzeltasten ausschalten")),
                Attribute("data-on", say("Switch single-letter keys on", "Einzeltasten einschalten")), text: "")
        }
    }
}

extension HTML {
    /// A table that scrolls within itself where its figures are wider than the page.
    mutating func wideTable(_ look: Attribute? = nil, content: (inout HTML) -> Void) {
        self("div", .class("scroll"), .fixed("tabindex", "0")) { $0("table", look, content: content) }
    }

    /// A number of a document or customer: kept on one line unless it is unreasonably long.
    mutating func number(_ number: String) {
        self("bdi", number.count <= 20 ? .class("short") : nil, text: number)
    }
}
