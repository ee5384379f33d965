import Testing

@testable import Web

@Suite("addresses") struct AddressTests {
    static let names = [
        "RE-2026-1", "RE/2026/0007", "/", "a//b", " blank ", "請求書-9", "100%", "%2F", "x?y#z&q=1", "..", ".", "",
        "a.pdf", "a.PDF",
        ".json", "A.json", "<b>", "a+b", "ä\u{0308}", "back\\slash", "🙂", "a;b,c:d@e", "new\nline",
    ]

    @Test("any name comes back as it was", arguments: names, ["", ".pdf", ".json"])
    func roundTrip(name: String, suffix: String) throws {
        let link =
            switch suffix {
            case ".pdf": Link("/invoices", name: name, suffix: ".pdf", query: [("seller", "A&B")])
            case ".json": Link("/invoices", name: name, suffix: ".json", query: [("seller", "A&B")])
            default: Link("/invoices", name: name, query: [("seller", "A&B")])
            }
        #expect(link.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        let request = try WebRequest(method: "GET", target: link.text)
        #expect(request.name(under: ["invoices"]) == name)
        #expect(request.suffix == (suffix.isEmpty ? nil : String(suffix.dropFirst())))
        #expect(request.query("seller") == "A&B")
        #expect(!link.text.contains("/../") && !link.text.contains("//"))
    }

    @Test("slashes may also stand plain in the path")
    func plainSlashes() throws {
        let request = try WebRequest(method: "GET", target: "/invoices/RE/2026/7.pdf?x=1")
        #expect(request.name(under: ["invoices"]) == "RE/2026/7")
        #expect(request.suffix == "pdf")
    }

    @Test(
        "what cannot be understood is refused",
        arguments: ["/%", "/%4", "/%zz", "/%FF", "/a%00b", "/?q=%C3", "", "x", "*", "?q"])
    func unreadable(target: String) {
        #expect(throws: WebProblem.self) { try WebRequest(method: "GET", target: target) }
    }

    @Test("a form's blanks are plus signs, a path's are not")
    func plus() throws {
        let request = try WebRequest(method: "GET", target: "/a+b?q=x+y%2B&empty=&blank=+&q=second")
        #expect(request.path == ["a+b"])
        #expect(request.query("q") == "x y+")
        #expect(request.query("empty") == nil && request.query("blank") == nil && request.query("none") == nil)
    }

    @Test("mail and telephone links hold nothing else")
    func mail() {
        #expect(Link.mail("a b@x.example?cc=evil").text == "mailto:a%20b@x.example%3Fcc%3Devil")
        #expect(Link.phone("+49 (471) 555-01 javascript:").text == "tel:+4947155501")
    }

    @Test("another language keeps the page and its other choices, and stays on this site")
    func setting() throws {
        let page = try WebRequest(method: "GET", target: "/invoices/RE%2F7?seller=A%26B&lang=en")
        #expect(page.link(setting: "lang", to: "de").text == "/invoices/RE%2F7?seller=A%26B&lang=de")
        let sly = try WebRequest(method: "GET", target: "//evil.example/x")
        #expect(sly.link(setting: "lang", to: "de").text == "/evil.example/x?lang=de")
    }

    @Test(
        "JSON is for those who ask for it",
        arguments: [
            ("/api/today", "text/html", true), ("/x.json", "*/*", true), ("/x", "application/json", true),
            ("/x", "text/html,application/json;q=0.9", false), ("/x", "application/json,text/html;q=0.5", true),
            ("/x", "*/*", false), ("/x", "", false), ("/x", "application/json;q=0", false),
            ("/x", "text/html,application/xhtml+xml,*/*;q=0.8", false),
        ])
    func json(target: String, accept: String, expected: Bool) throws {
        let headers = accept.isEmpty ? [] : [(name: "Accept", value: accept)]
        #expect(try WebRequest(method: "GET", target: target, headers: headers).wantsJSON == expected)
    }

    @Test(
        "the language is the best that is offered",
        arguments: [
            ("de-DE,de;q=0.9,en;q=0.8", "de"), ("en;q=0.3, de;q=0.7", "de"), ("fr, en;q=0.1", "en"), ("fr", "en"),
            ("", "en"), ("de;q=0", "en"), ("DE-at", "de"), ("*", "en"), ("de;q=oops,en;q=0.2", "en"),
        ])
    func language(accept: String, expected: String) throws {
        let request = try WebRequest(method: "GET", target: "/", headers: [("accept-language", accept)])
        #expect(request.language(of: ["en", "de"]) == expected)
    }
}
