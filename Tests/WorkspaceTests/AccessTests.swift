import Foundation
import Testing
import Web

@testable import Workspace

@Suite("accessibility") struct AccessTests {
    @Test("every page is well formed and can be found one's way in", arguments: PagesTests.pages, PagesTests.languages)
    func structure(target: String, language: String) async throws {
        let page = try Markup(await PagesTests.page(target, language: language))
        #expect(page.all("html").first?.attributes["lang"] == language)
        #expect(page.all("h1").count == 1)
        #expect(page.all("main").count == 1)
        let title = try #require(page.all("title").first { $0.around.last == "head" })
        #expect(title.text.hasSuffix(" – Duly") && title.text.count > 9)
        #expect(page.all("a").first?.attributes["href"] == "#main")
        let ids = page.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
    }

    @Test("every input has a label, every link and button a name, every picture words", arguments: PagesTests.pages)
    func names(target: String) async throws {
        let page = try Markup(await PagesTests.page(target))
        let labels = Set(page.all("label").compactMap { $0.attributes["for"] })
        for input in page.all("input") where input.attributes["type"] != "hidden" {
            #expect(labels.contains(input.attributes["id"] ?? ""), "\(input.attributes)")
        }
        for link in page.all("a") + page.all("summary") { #expect(!link.text.filter { !$0.isWhitespace }.isEmpty) }
        for picture in page.all("svg") {
            let isNamed = picture.attributes["role"] == "img" && picture.attributes["aria-label"]?.isEmpty == false
            #expect(isNamed || picture.attributes["aria-hidden"] == "true")
        }
        for nav in page.all("nav") + page.all("aside") { #expect(nav.attributes["aria-label"]?.isEmpty == false) }
    }

    @Test("every table head says what it heads", arguments: PagesTests.pages)
    func tables(target: String) async throws {
        let page = try Markup(await PagesTests.page(target))
        for head in page.all("th") {
            #expect(["col", "row"].contains(head.attributes["scope"] ?? ""), "\(head.text)")
            #expect(!head.text.isEmpty)
        }
        for table in page.all("table") { #expect(table.text.isEmpty == false) }
    }

    @Test("headings do not skip a level", arguments: PagesTests.pages)
    func headings(target: String) async throws {
        let page = try Markup(await PagesTests.page(target))
        let levels = page.elements.compactMap {
            $0.name.count == 2 && $0.name.hasPrefix("h") ? Int($0.name.dropFirst()) : nil
        }
        #expect(levels.first == 1)
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    }

    @Test(
        "every text colour is readable on every ground, light and dark", arguments: Token.texts.map(\.name),
        [false, true])
    func contrast(text: String, dark: Bool) throws {
        let token = try #require(Token.texts.first { $0.name == text })
        for ground in Token.grounds {
            let ratio = Contrast.between(dark ? token.dark : token.light, dark ? ground.dark : ground.light)
            #expect(ratio >= 4.5, "\(text) on \(ground.name): \(ratio)")
        }
    }

    @Test("ink is readable on the mark, and edges of inputs can be seen", arguments: [false, true])
    func edges(dark: Bool) throws {
        func colour(_ name: String) throws -> UInt32 {
            let token = try #require(Token.all.first { $0.name == name })
            return dark ? token.dark : token.light
        }
        #expect(Contrast.between(try colour("ink"), try colour("mark")) >= 4.5)
        #expect(Contrast.between(try colour("accent-ink"), try colour("accent")) >= 4.5)
        for ground in ["paper", "surface"] {
            #expect(Contrast.between(try colour("edge"), try colour(ground)) >= 3)
            #expect(Contrast.between(try colour("accent"), try colour(ground)) >= 3)
        }
    }

    @Test("the style sheet knows its tokens, has balanced braces, and never hides the focus")
    func stylesheet() throws {
        let css = Stylesheet.css(faces: "")
        #expect(css.filter { $0 == "{" }.count == css.filter { $0 == "}" }.count)
        let names = Set(Token.all.map(\.name))
        for use in css.split(separator: "var(--").dropFirst() {
            let name = String(use.prefix { $0 != ")" })
            #expect(names.contains(name), "\(name)")
        }
        #expect(css.contains(":focus-visible{outline:2px solid var(--accent);outline-offset:2px"))
        #expect(css.contains("@media print") && css.contains("prefers-color-scheme:dark"))
    }
}

/// Contrast of two colours, WCAG 2.2, relative luminance.
enum Contrast {
    static func between(_ a: UInt32, _ b: UInt32) -> Double {
        let (first, second) = (luminance(a), luminance(b))
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }
    private static func luminance(_ colour: UInt32) -> Double {
        let parts = [colour >> 16, colour >> 8 & 255, colour & 255].map { channel(Double($0 & 255) / 255) }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    private static func channel(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
