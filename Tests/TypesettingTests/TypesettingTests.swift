import Foundation
import Money
import Testing

@testable import Typesetting

@Suite("Pages are set")
struct TypesettingTests {
    static let style = TextStyle(size: 10, leading: 14)
    static let info = DocumentInfo(
        title: "Prüfblatt № 7", author: "Norderwerk Technik GmbH", language: "de",
        created: Instant("2026-11-11T08:09:10Z")!)
    static let scripts = [
        "Grüße aus Straßburg", "Ελληνικά: Σωλήνας πίεσης", "Русский: шланг высокого давления",
        "عربي: خرطوم الضغط العالي",
        "עברית: צינור לחץ גבוה", "中文：高压软管", "日本語：ホース、直径12ミリ", "한국어: 고압 호스", "हिन्दी: उच्च दबाव नली",
        "ไทย: ท่อแรงดันสูง", "Tiếng Việt: Ống áp lực", "e\u{301} combining", "−1.234,50 € · 1/2″ × 3",
    ]

    private func sheet(_ texts: [String]) -> Composition {
        let pages = Composition()
        var y = 60.0
        for (index, text) in texts.enumerated() {
            let tag: Composition.Tag = index == 0 ? .heading : .paragraph
            y += pages.put(RichText(text, Self.style), as: tag, x: 70, y: y, width: 400)
        }
        return pages
    }

    @Test("text of every script has its glyphs, is embedded as subsets and can be copied")
    func scripts() throws {
        let file = try sheet(Self.scripts).pdf(Self.info)
        #expect(file.missingGlyphs == 0)
        let text = try PDFTools.pages(of: file.bytes).joined()
        for part in [
            "Straßburg", "Σωλήνας πίεσης", "шланг высокого", "高压软管", "ホース", "고압 호스", "ท่อแรงดันสูง", "−1.234,50 €",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let fonts = try PDFTools.run("pdffonts", on: file.bytes).split(separator: "\n").dropFirst(2)
        #expect(fonts.count >= 8)
        for font in fonts {
            #expect(font.contains("yes yes yes"), "not embedded, not a subset, or without characters: \(font)")
        }
    }

    @Test("a character no font has is counted, not hidden")
    func missing() throws {
        let file = try sheet(["private use: \u{10FFFD}"]).pdf(Self.info)
        #expect(file.missingGlyphs == 1)
    }

    @Test("the file says its title, author, language and the day it was given, and is tagged")
    func metadata() throws {
        let file = try sheet(["Titel", "Absatz"]).pdf(Self.info)
        let facts = try PDFTools.run("pdfinfo", ["-isodates"], on: file.bytes)
        for fact in ["Prüfblatt № 7", "Norderwerk Technik GmbH", "2026-11-11T08:09:10Z", "Tagged:          yes", "A4"] {
            #expect(facts.contains(fact), "\(fact) in \(facts)")
        }
        let raw = String(decoding: file.bytes, as: UTF8.self)
        #expect(raw.contains("/Lang (de)"))
        #expect(raw.contains("/DisplayDocTitle true"))
        let structure = try PDFTools.run("pdfinfo", ["-struct-text"], on: file.bytes)
        #expect(structure.contains("Document"))
        #expect(structure.contains("H1 (block)\n    \"Titel\""))
        #expect(structure.contains("P (block)\n    \"Absatz\""))
    }

    @Test("every object is where the rewritten cross-reference table says, on several pages too")
    func crossReference() throws {
        let pages = Composition()
        let code = try #require(QRCode(Array("BCD".utf8)))
        for page in 1...3 {
            if page > 1 { pages.newPage() }
            pages.open(.table)
            pages.open(.row)
            pages.put(RichText("Kopf \(page)", Self.style), as: .headCell, x: 70, y: 60)
            pages.put(RichText("Zeile \(page)", Self.style), as: .rowHeadCell, x: 170, y: 60)
            pages.close(.row)
            pages.close(.table)
            pages.put(code, words: "Zum Bezahlen: (ä)", x: 70, y: 100, side: 80)
        }
        let bytes = try pages.pdf(Self.info).bytes
        let table = try #require(CrossReference(bytes))
        for (number, offset) in table.offsets.enumerated().dropFirst() {
            #expect(bytes[offset...].starts(with: "\(number) 0 obj".utf8), "object \(number)")
        }
        let raw = String(decoding: bytes, as: UTF8.self)
        func count(_ part: String) -> Int { raw.components(separatedBy: part).count - 1 }
        #expect(count("/S /TH\n   /A << /O /Table /Scope /Column >>") == 3)
        #expect(count("/S /TH\n   /A << /O /Table /Scope /Row >>") == 3)
        #expect(count("/Alt <FEFF") == 3)
        #expect(count("<dc:title>") == 1)
        #expect(count("%%EOF") == 1)
        #expect(try PDFTools.pages(of: bytes).count == 3)
        #expect(try PDFTools.run("pdfinfo", ["-meta"], on: bytes).contains("Prüfblatt № 7"))
    }

    @Test(
        "a file of another shape is left as it is", arguments: ["", "x", "startxref\n999\n%%EOF", "startxref\n", "7"])
    func foreign(text: String) {
        #expect(
            PDFCompletion(info: Self.info, headsRow: [], figureTexts: []).applied(to: Array(text.utf8))
                == Array(text.utf8))
    }

    @Test("the same pages are the same bytes, after other work and on any thread")
    func deterministic() async throws {
        let first = try sheet(Self.scripts).pdf(Self.info).bytes
        for index in 0..<30 { _ = try sheet(["Zwischendurch \(index)", "日本語", "عربي"]).pdf(Self.info) }
        #expect(try sheet(Self.scripts).pdf(Self.info).bytes == first)
        let same = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try TypesettingTests().sheet(Self.scripts).pdf(Self.info).bytes == first }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(same)
    }

    /// cairo keeps ten faces open for all threads; more than that, in several sizes, once closed one in use.
    @Test("many scripts and sizes on several threads at once disturb no one")
    func crowded() async throws {
        let first = try sheet(Self.scripts).pdf(Self.info).bytes
        let same = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<24 {
                group.addTask { try TypesettingTests().sheet(Self.scripts).pdf(Self.info).bytes == first }
                group.addTask {
                    let pages = Composition()
                    for (place, text) in Self.scripts.enumerated() {
                        let style = TextStyle(size: 6 + Double((number + place) % 30) / 3, leading: 14, weight: .medium)
                        pages.put(RichText(text, style), x: 70, y: 60 + 20 * Double(place), width: 300)
                    }
                    return try pages.pdf(Self.info).missingGlyphs == 0
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(same)
    }

    @Test("what was seen before the caches turned over is shaped again to the same")
    func cacheTurnsOver() {
        let pages = Composition()
        let before = pages.shape(RichText("Hydraulikschlauch", Self.style)).width
        for number in 0..<5_000 { _ = pages.shape(RichText("\(number)", Self.style)) }
        #expect(pages.shape(RichText("Hydraulikschlauch", Self.style)).width == before)
    }

    @Test("digits are equally wide, and so is the minus beside a digit's column")
    func tabularFigures() {
        let pages = Composition()
        let widths = Set("0123456789".map { pages.shape(RichText(String(repeating: $0, count: 10), Self.style)).width })
        #expect(widths.count == 1)
    }

    @Test("a word longer than its column is broken inside, and no line is wider than the column")
    func longWords() {
        let pages = Composition()
        let word = String(repeating: "Donaudampfschifffahrt", count: 20)
        let shaped = pages.shape(RichText(word, Self.style), width: 120)
        #expect(shaped.lineCount > 10)
        #expect(shaped.width <= 120.01)
        #expect(shaped.height == Double(shaped.lineCount) * 14)
    }

    @Test("control characters from a file are set as blanks, line feeds as lines")
    func control() throws {
        let file = try sheet(["eins\u{00}zwei\u{07}drei\tvier\nfünf"]).pdf(Self.info)
        #expect(file.missingGlyphs == 0)
        let text = try PDFTools.pages(of: file.bytes).joined()
        #expect(text.contains("eins zwei drei vier\n"))
        #expect(text.contains("fünf"))
    }

    @Test("a paragraph breaks over pages with at least two lines on each side")
    func paragraphs() throws {
        let pages = Composition()
        let flow = Flow(pages, y: 100, left: 70, right: 300, bottom: 100 + 14 * 5, nextTop: 60)
        let text = (1...7).map { "Zeile \($0)" }.joined(separator: "\n")
        flow.paragraph(RichText(text, Self.style))
        #expect(pages.pageCount == 2)
        let set = try PDFTools.pages(of: pages.pdf(Self.info).bytes)
        #expect(set[0].contains("Zeile 5") && !set[0].contains("Zeile 6"))
        let near = Composition()
        let late = Flow(near, y: 100, left: 70, right: 300, bottom: 100 + 14 * 6, nextTop: 60)
        late.paragraph(RichText(text, Self.style))
        let kept = try PDFTools.pages(of: near.pdf(Self.info).bytes)
        #expect(kept[0].contains("Zeile 5") && !kept[0].contains("Zeile 6"), "a last line is not left alone")
    }
}

@Suite("QR codes")
struct QRCodeTests {
    @Test("the smallest version that holds the bytes at level M", arguments: [(14, 1), (26, 2), (42, 3), (331, 13)])
    func versions(count: Int, version: Int) throws {
        let code = try #require(QRCode(Array(repeating: 0x61, count: count)))
        #expect(code.version == version)
        #expect(code.side == 17 + 4 * version)
        #expect(code.modules.count == code.side * code.side)
    }

    @Test("three finder patterns stand in their corners")
    func finders() throws {
        let code = try #require(QRCode(Array("BCD\n002\n1\nSCT".utf8)))
        let ring = (0..<7).map { row in (0..<7).map { row == 0 || row == 6 || $0 == 0 || $0 == 6 } }
        for (top, left) in [(0, 0), (0, code.side - 7), (code.side - 7, 0)] {
            for row in 0..<7 where row == 0 || row == 6 {
                for column in 0..<7 {
                    #expect(code.modules[(top + row) * code.side + left + column] == ring[row][column])
                }
            }
        }
    }

    @Test("nothing and too much make no code")
    func refused() {
        #expect(QRCode([]) == nil)
        #expect(QRCode(Array(repeating: 0x61, count: 332), atMost: 13) == nil)
        #expect(QRCode(Array(repeating: 0x61, count: 5_000)) == nil)
    }

    @Test("runs cover the dark modules exactly")
    func runs() throws {
        let code = try #require(QRCode(Array("Verwendungszweck".utf8)))
        var drawn = Array(repeating: false, count: code.modules.count)
        code.forEachRun { row, column, count in
            for place in column..<(column + count) { drawn[row * code.side + place] = true }
        }
        #expect(drawn == code.modules)
    }
}
