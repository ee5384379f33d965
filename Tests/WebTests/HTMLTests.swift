import Testing

@testable import Web

@Suite("HTML") struct HTMLTests {
    private func written(_ build: (inout HTML) -> Void) -> String {
        var html = HTML()
        build(&html)
        return String(decoding: html.bytes, as: UTF8.self)
    }

    @Test(
        "text cannot become markup",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onmouseover=\"alert(1)", "&quot; onmouseover=&quot;alert(1)"),
            ("' autofocus onfocus='x", "&#39; autofocus onfocus=&#39;x"),
            ("a && b &lt; c", "a &amp;&amp; b &amp;lt; c"),
            ("</title><img src=x onerror=y>", "&lt;/title&gt;&lt;img src=x onerror=y&gt;"),
            ("<!--", "&lt;!--"), ("]]>", "]]&gt;"),
            ("null\u{0}bell\u{7}del\u{7F}", "null\u{FFFD}bell\u{FFFD}del\u{FFFD}"),
            ("line\nbreak\ttab", "line\nbreak\ttab"), ("Grüße, 請求書 🙂", "Grüße, 請求書 🙂"), ("", ""),
        ])
    func escapes(text: String, expected: String) {
        #expect(written { $0.text(text) } == expected)
        #expect(written { $0("p", text: text) } == "<p>\(expected)</p>")
        #expect(written { $0.void("input", Attribute("value", text)) } == "<input value=\"\(expected)\"/>")
    }

    @Test("elements nest, flags stand alone, missing attributes leave nothing")
    func nests() {
        let page = written { html in
            html("ul", .class("a b"), nil) { html in
                html("li", .id("x"), .flag("hidden"), text: "1 < 2")
                html.fixed("<br>")
            }
        }
        #expect(page == "<ul class=\"a b\"><li id=\"x\" hidden>1 &lt; 2</li><br></ul>")
    }

    @Test("addresses, scripts and styles are not written from text", arguments: ["onclick", "href", "style", "srcdoc"])
    func active(name: String) async {
        // Names are written in the source, so each forbidden one has its own line.
        switch name {
        case "onclick": await #expect(processExitsWith: .failure) { _ = Attribute("onclick", "x") }
        case "href": await #expect(processExitsWith: .failure) { _ = Attribute("href", "javascript:x") }
        case "style": await #expect(processExitsWith: .failure) { _ = Attribute("style", "x") }
        default: await #expect(processExitsWith: .failure) { _ = Attribute("srcdoc", "x") }
        }
    }
}
