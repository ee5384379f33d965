import Money
import Web

// What the pages on which work is done have in common: heads of tables, fields, buttons with their keys.

/// The head of a column.
struct Head {
    let words: String
    let look: Attribute?
    init(_ words: String, _ look: Attribute? = nil) { (self.words, self.look) = (words, look) }
    /// Of figures.
    static func figures(_ words: String) -> Head { Head(words, .class("n")) }
    /// Left out on a telephone.
    static func wide(_ words: String) -> Head { Head(words, .class("wide")) }
    static func wideFigures(_ words: String) -> Head { Head(words, .class("n wide")) }
}

extension HTML {
    mutating func heads(_ heads: [Head]) {
        self("thead") { html in
            html("tr") { html in
                for head in heads { html("th", .fixed("scope", "col"), head.look, text: head.words) }
            }
        }
    }

    /// The key that does the same, shown where the script hears keys.
    mutating func key(_ key: String) { self("kbd", .fixed("aria-hidden", "true"), text: key) }

    /// A sentence beside a rule: what to know before going on.
    mutating func note(_ look: Attribute = .class("note"), _ sentences: String...) {
        self("div", look) { html in
            for sentence in sentences where !sentence.isEmpty { html("p", Attribute("dir", "auto"), text: sentence) }
        }
    }

    /// What will be here, where nothing is yet.
    mutating func empty(_ sentences: String...) {
        self("div", .class("empty")) { html in for sentence in sentences { html("p", text: sentence) } }
    }
}

extension Shell {
    var say: Voice { reader.say }

    /// A button that sends its form. `name` adds a field with the value `true`: a flag of the command. `focus`: the next action; the
    /// script goes to it where that does not scroll the page away, `atOnce` the browser itself.
    func submit(
        _ html: inout HTML, _ words: String, key: String? = nil, look: Attribute = .class("button"),
        focus: Bool = false, atOnce: Bool = false, name: StaticString? = nil
    ) {
        html(
            "button", .fixed("type", "submit"), look, name.map { .fixed("name", $0) },
            name.map { _ in .fixed("value", "true") }, key.map { Attribute("data-key", $0) },
            focus ? .flag("data-focus") : nil, atOnce ? .flag("autofocus") : nil
        ) { html in
            html.text(words)
            if let key { html.key(key) }
        }
    }

    /// A link that looks like a button.
    func go(
        _ html: inout HTML, _ words: String, _ link: Link, key: String? = nil, look: Attribute = .class("button")
    ) {
        html("a", look, .href(link), key.map { Attribute("data-key", $0) }) { html in
            html.text(words)
            if let key { html.key(key) }
        }
    }

    /// A field with its label above and its hint below.
    func field(
        _ html: inout HTML, _ label: String, name: StaticString, id: String, value: String = "",
        type: StaticString = "text", hint: String? = nil, look: Attribute = .class("field"), isRequired: Bool = false,
        isNumber: Bool = false, key: String? = nil
    ) {
        html("div", look) { html in
            html("label", Attribute("for", id), text: label)
            html.void(
                "input", .id(id), .fixed("type", type), .fixed("name", name),
                type.description == "file" ? .flag("multiple") : Attribute("value", value),
                isRequired ? .flag("required") : nil, isNumber ? .fixed("inputmode", "decimal") : nil,
                .fixed("autocomplete", "off"), hint == nil ? nil : Attribute("aria-describedby", "\(id)-hint"),
                key.map { Attribute("data-key", $0) })
            if let hint { html("p", .class("hint"), .id("\(id)-hint"), text: hint) }
        }
    }

    /// A choice of a few.
    func choice(
        _ html: inout HTML, _ label: String, name: StaticString, id: String, chosen: String = "",
        _ options: [(value: String, words: String)]
    ) {
        html("div", .class("field")) { html in
            html("label", Attribute("for", id), text: label)
            html("select", .id(id), .fixed("name", name)) { html in
                for option in options {
                    html(
                        "option", Attribute("value", option.value), option.value == chosen ? .flag("selected") : nil,
                        text: option.words)
                }
            }
        }
    }

    /// Of which seller, where there are several; the one of the address is chosen.
    func sellerField(_ html: inout HTML, _ sellers: [SellerView], id: String, all: Bool = true) {
        guard sellers.count > 1 else { return }
        choice(
            &html, say("Seller", "Verkäufer"), name: "seller", id: id, chosen: reader.seller ?? "",
            (all ? [(value: "", words: say("All", "Alle"))] : []) + sellers.map { (value: $0.code, words: $0.name) })
    }

    /// One of the chips over a list.
    func chip(_ html: inout HTML, _ words: String, _ count: Int?, _ link: Link, isCurrent: Bool) {
        html("a", .href(link), isCurrent ? .fixed("aria-current", "true") : nil) { html in
            html.text(words)
            if let count {
                html.text(" ")
                html("span", text: String(count))
            }
        }
    }

    /// Which seller's page it is, where there are several.
    func sellerChips(_ html: inout HTML, _ sellers: [SellerView], _ path: StaticString) {
        guard sellers.count > 1 else { return }
        html("nav", .class("chips small"), Attribute("aria-label", say("Sellers", "Verkäufer"))) { html in
            let lang = reader.chosen ? reader.language.rawValue : nil
            chip(
                &html, say("All sellers", "Alle Verkäufer"), nil, Link(path, query: [("lang", lang)]),
                isCurrent: reader.seller == nil)
            for seller in sellers {
                chip(
                    &html, seller.name, nil, Link(path, query: [("seller", seller.code), ("lang", lang)]),
                    isCurrent: reader.seller?.lowercased() == seller.code.lowercased())
            }
        }
    }

    func customerLink(_ html: inout HTML, _ number: String, _ name: String, seller: String?, row: Bool = false) {
        html("a", .href(reader.customer(number, seller: seller)), row ? .flag("data-row") : nil) {
            $0("bdi", text: name.isEmpty ? number : name)
        }
    }
    func invoiceLink(_ html: inout HTML, _ number: String, seller: String?) {
        html("a", .href(reader.invoice(number, seller: seller))) { $0.number(number) }
    }

    /// `1,204.50 EUR + 30.00 USD`
    func together(_ amounts: [Amount]) -> String { amounts.map(say.amount).joined(separator: " + ") }

    /// To the pages before and after, where a list has several; `[` and `]` on the keyboard.
    func turning(_ html: inout HTML, page: Int, hasNext: Bool, _ link: (Int) -> Link) {
        guard page > 1 || hasNext else { return }
        html("nav", .class("turning"), Attribute("aria-label", say("Pages of the list", "Seiten der Liste"))) { html in
            if page > 1 {
                html("a", .href(link(page - 1)), .fixed("rel", "prev"), text: say("‹ Before", "‹ Zurück"))
            }
            html("span", text: say("Page \(page)", "Seite \(page)"))
            if hasNext { html("a", .href(link(page + 1)), .fixed("rel", "next"), text: say("More ›", "Weiter ›")) }
        }
    }
}

extension WebRequest {
    /// All values of a query key, as they came.
    func queries(_ key: String) -> [String] {
        query.filter { $0.key == key && !$0.value.allSatisfy(\.isWhitespace) }.map(\.value)
    }
    /// From 1.
    var pageNumber: Int { max(1, min(query("page").flatMap { Int($0) } ?? 1, 10_000)) }
}
