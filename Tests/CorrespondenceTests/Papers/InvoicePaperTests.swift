import Ledger
import Money
import Testing
import Typesetting

@testable import Correspondence

/// Invented firms and figures for papers.
enum PaperFixture {
    static let created = Instant("2026-11-11T08:00:00Z")!
    static let seller = PaperSeller(
        name: "Norderwerk Technik GmbH", wordmark: "Norderwerk", addressLines: ["Hafenstraße 12", "20457 Hamburg"],
        phone: "040 555 0100", email: "rechnung@norderwerk.example", vatID: "DE000000000",
        register: "Amtsgericht Hamburg HRB 00000", management: "Geschäftsführung: Ines Norder",
        bank: PaperBank(iban: "DE02120300000000202051", bic: "BYLADEM1001"))
    static let customer = PaperRecipient(
        addressLines: ["Süderhof Logistik AG", "Rechnungswesen", "Am Speicher 4", "27568 Bremerhaven"],
        customerNumber: "K-10482", vatID: "DE123456788")

    static func day(_ text: String) -> Day { Day(text)! }
    static func euro(_ text: String) -> Money { try! Money(text, .eur) }
    static let standard = Rate(scaled: 19_000_000)

    static func line(_ name: String, net: String, sku: String? = nil) -> InvoicePaper.Line {
        .init(
            sku: sku, description: name, quantity: Quantity(micro: 2_000_000), unit: "Stk",
            unitPrice: UnitPrice(scaled: 14_2500_000_000), net: euro(net))
    }

    /// Sums are made here, as issuing would.
    static func invoice(
        _ lines: [InvoicePaper.Line], in language: PaperLanguage = .german,
        category: InvoicePaper.VATCategory = .standard,
        rate: Rate = standard, currency: Currency = .eur
    ) -> InvoicePaper {
        let net = lines.reduce(Money.zero(currency)) { $0 + $1.net }
        let tax = ExactProduct((net.minor, currency.decimals), (rate.scaled, 8)).rounded(
            .halfAwayFromZero, to: currency)
        return InvoicePaper(
            language: language, number: "RE-2026-10418", issueDay: day("2026-11-11"), supply: .day(day("2026-11-10")),
            dueDay: day("2026-12-11"), seller: seller, recipient: customer,
            reference: CreditorReference(documentNumber: "RE202610418")?.text, currency: currency, lines: lines,
            vat: [.init(category: category, rate: rate, taxable: net, tax: tax)], net: net, tax: tax, gross: net + tax,
            toPay: net + tax, created: created)
    }

    /// Words in the order in which they were set, with single blanks, so that columns do not matter.
    static func words(_ pdf: [UInt8]) throws -> String {
        try PDFTools.run("pdftotext", ["-raw"], on: pdf, after: ["-"]).split { $0.isWhitespace }.joined(separator: " ")
    }
}

@Suite("The invoice on paper")
struct InvoicePaperTests {
    typealias Fixture = PaperFixture

    @Test("a German invoice says who, what, when, how much and how to pay")
    func german() throws {
        var paper = Fixture.invoice([
            Fixture.line("Schnellkupplung ISO 7241-B", net: "28.50", sku: "SK-7241"),
            .init(
                description: "Technikerstunden", details: ["Bericht 4417"], quantity: Quantity(micro: 6_500_000),
                unit: "h",
                unitPrice: UnitPrice(scaled: 78_0000_000_000), discount: Rate(scaled: 8_000_000),
                net: Fixture.euro("466.44")),
        ])
        paper.purchaseOrder = "B 26-3318"
        paper.contact = PaperContact(name: "Jana Peters", phone: "040 555 0173")
        paper.intro = ["Guten Tag Frau Thoms,"]
        let text = try Fixture.words(paper.pdf())
        for fact in [
            "Rechnung RE-2026-10418", "Datum 11.11.2026", "Leistung 10.11.2026", "Fällig 11.12.2026",
            "Kundennummer K-10482", "Ihre Bestellung B 26-3318", "DE123456788", "Jana Peters", "Süderhof Logistik AG",
            "Guten Tag Frau Thoms,", "Pos. Leistung Menge Einzelpreis Rabatt Betrag, EUR", "SK-7241",
            "2 Stk 14,25 28,50",
            "6,5 h 78,00 8 % 466,44", "Bericht 4417", "Summe netto 494,94", "Umsatzsteuer 19 % auf 494,94 94,04",
            "Zu zahlen, EUR 588,98", "588,98 EUR", "Norderwerk Technik GmbH, DE02 1203 0000 0000 2020 51",
            "RF66 RE20 2610 418", "Mit der Banking-App scannen", "USt-IdNr. DE000000000", "BIC BYLADEM1001",
            "Seite 1 von 1",
        ] {
            #expect(text.contains(fact), "\(fact) in \(text)")
        }
    }

    @Test("an English invoice speaks English throughout")
    func english() throws {
        let paper = Fixture.invoice(
            [Fixture.line("Coupling", net: "1234.50")], in: .english, category: .intraCommunity, rate: .zero)
        let text = try Fixture.words(paper.pdf())
        for fact in [
            "Invoice RE-2026-10418", "Supplied 10 Nov 2026", "Due 11 Dec 2026", "Unit price Amount, EUR",
            "VAT 0 % on 1,234.50 0.00", "To pay, EUR 1,234.50", "Intra-Community supply, exempt, Art. 138",
            "EUR 1,234.50", "Reference, exactly so", "Page 1 of 1",
        ] {
            #expect(text.contains(fact), "\(fact) in \(text)")
        }
        for german in ["Rechnung RE", "Seite", "Betrag", "Umsatzsteuer"] {
            #expect(!text.contains(german), "\(german)")
        }
    }

    @Test("what is missing leaves no label and no empty column")
    func bare() throws {
        var paper = Fixture.invoice([.init(description: "Pauschale", net: Fixture.euro("100"))])
        paper.seller = PaperSeller(name: "Norderwerk Technik GmbH", addressLines: [])
        paper.recipient = PaperRecipient(addressLines: ["Süderhof AG"])
        (paper.supply, paper.dueDay, paper.reference) = (nil, nil, nil)
        let text = try Fixture.words(paper.pdf())
        for label in [
            "Leistung 1", "Fällig", "Kundennummer", "Ihre Bestellung", "Auftrag", "Bei Fragen", "Menge", "Einzelpreis",
            "Rabatt",
            "USt-IdNr.", "IBAN", "BIC", "Bis", "Verwendungszweck", "nil", "Optional",
        ] {
            #expect(!text.contains(label), "\(label) in \(text)")
        }
        #expect(text.contains("Zu zahlen, EUR 119,00"))
    }

    @Test(
        "each VAT category has its words",
        arguments: [
            (InvoicePaper.VATCategory.reverseCharge, "Steuerschuldnerschaft des Leistungsempfängers", "Reverse charge"),
            (.intraCommunity, "Steuerfreie innergemeinschaftliche Lieferung", "Intra-Community supply"),
            (.export, "Steuerfreie Ausfuhrlieferung", "Export, free of VAT"),
            (.exempt, "Steuerfreie Leistung", "Exempt from VAT"),
            (.outsideScope, "Nicht steuerbare Leistung", "Not subject to VAT"),
        ])
    func categories(category: InvoicePaper.VATCategory, german: String, english: String) throws {
        for (language, words) in [(PaperLanguage.german, german), (.english, english)] {
            var paper = Fixture.invoice([Fixture.line("A", net: "50")], in: language, category: category, rate: .zero)
            #expect(try Fixture.words(paper.pdf()).contains(words))
            paper.vat[0].note = "§ 4 Nr. 21 UStG"
            let own = try Fixture.words(paper.pdf())
            #expect(own.contains("§ 4 Nr. 21 UStG"), "a reason given replaces the usual words")
        }
    }

    @Test("300 lines: each page carries exactly the sum of the lines up to it, and the next brings it forward")
    func carriedForward() throws {
        let lines = (0..<300).map { index in
            Fixture.line(
                index % 17 == 0
                    ? "Ersatzteilsatz für Aggregate der Baureihe HA 200 bis HA 450 mit Dichtungen und Anleitung"
                    : "Teil",
                net: "\(index % 50 == 49 ? "-" : "")\(index * 37 % 5_000).\(10 + index % 90)", sku: "X\(index)X")
        }
        let file = try Fixture.invoice(lines).file()
        let pages = try PDFTools.pages(of: file.bytes)
        #expect(pages.count == file.pageCount)
        #expect(pages.count > 5)
        let figures = PaperFigures(language: .german)
        var sum = Money.zero(.eur)
        var seen = 0
        for (index, page) in pages.enumerated() {
            let words = page.split { $0.isWhitespace }.joined(separator: " ")
            if index > 0 {
                #expect(words.contains("Übertrag von Seite \(index) \(figures.amount(sum))"), "page \(index + 1)")
                #expect(words.contains("Rechnung RE-2026-10418 vom 11.11.2026"))
            }
            while seen < lines.count, words.contains("X\(seen)X") {
                sum += lines[seen].net
                seen += 1
            }
            if index < pages.count - 1 {
                #expect(words.contains("Übertrag auf Seite \(index + 2) \(figures.amount(sum))"), "page \(index + 1)")
            }
            #expect(words.contains("Pos. Leistung Menge"), "the head repeats")
            #expect(words.contains("Seite \(index + 1) von \(pages.count)"))
        }
        #expect(seen == 300)
        let last = try #require(pages.last)
        #expect(
            last.contains("Zu zahlen, EUR") && last.contains("Verwendungszweck"),
            "totals and payment part stay together")
        #expect(pages[0].contains("Zahlteil auf Seite \(pages.count)"))
    }

    @Test("a description longer than a page runs on, and its amount is counted once")
    func endless() throws {
        let long = (0..<2_500).map { "Wort\($0)" }.joined(separator: " ")
        let file = try Fixture.invoice([
            Fixture.line(long, net: "10"), Fixture.line("kurz", net: "5"), Fixture.line("Ende", net: "1"),
        ]).file()
        let text = try Fixture.words(file.bytes)
        #expect(file.pageCount > 2)
        #expect(text.contains("Wort0 ") && text.contains("Wort2499"))
        #expect(text.contains("Übertrag auf Seite 2 10,00"))
        #expect(text.contains("Summe netto 16,00"))
    }

    @Test("twenty lines, totals and payment part fit one page")
    func onePage() throws {
        let file = try Fixture.invoice((1...20).map { Fixture.line("Teil \($0)", net: "10", sku: "SKU-\($0)") }).file()
        #expect(file.pageCount == 1)
    }

    @Test("any number of lines up to sixty leaves totals and payment part together", arguments: 1...60)
    func everyLength(count: Int) throws {
        let file = try Fixture.invoice((1...count).map { Fixture.line("Teil \($0)", net: "10", sku: "SKU-\($0)") })
            .file()
        let pages = try PDFTools.pages(of: file.bytes)
        let last = try #require(pages.last)
        #expect(last.contains("Zu zahlen, EUR") && last.contains("Verwendungszweck") && last.contains("Teil \(count)"))
        if pages.count > 1 { #expect(last.contains("Teil \(count - 1)"), "two lines stay together") }
    }

    @Test(
        "a credit note names what it corrects and what becomes of the amount, and asks for nothing",
        arguments: [
            (InvoicePaper.Settlement.offset, "Wir verrechnen den Betrag"), (.refund, "Wir überweisen Ihnen den Betrag"),
            (.settled, "mit der genannten Rechnung verrechnet"),
        ])
    func creditNote(settlement: InvoicePaper.Settlement, words: String) throws {
        var paper = Fixture.invoice([Fixture.line("Schnellkupplung", net: "52.44")])
        paper.kind = .creditNote(
            corrects: [.init(number: "RE-2026-10400", day: Fixture.day("2026-10-01"))], settlement: settlement)
        paper.number = "RK-2026-00391"
        let text = try Fixture.words(paper.pdf())
        #expect(text.contains("Rechnungskorrektur RK-2026-00391"))
        #expect(text.contains("Korrigiert Rechnung RE-2026-10400 vom 01.10.2026."))
        #expect(text.contains("Korrekturbetrag, EUR 62,40"))
        #expect(text.contains(words))
        for asked in ["Zu zahlen", "Banking-App", "Fällig", "Gutschrift"] { #expect(!text.contains(asked), "\(asked)") }
    }

    @Test("a zero total and a negative one ask for nothing")
    func nothingToPay() throws {
        var paid = Fixture.invoice([Fixture.line("A", net: "100")])
        paid.prepaid = paid.gross
        paid.toPay = .zero(.eur)
        let text = try Fixture.words(paid.pdf())
        #expect(text.contains("Gesamtbetrag 119,00 Bereits bezahlt −119,00 Zu zahlen, EUR 0,00"))
        #expect(text.contains("Es ist nichts zu zahlen.") && !text.contains("Banking-App"))
        let negative = try Fixture.words(
            Fixture.invoice([Fixture.line("A", net: "10"), Fixture.line("Rückgabe", net: "-110")]).pdf())
        #expect(negative.contains("Gesamtbetrag, EUR −119,00"))
        #expect(negative.contains("Dieser Betrag steht Ihnen zu") && !negative.contains("Banking-App"))
    }

    @Test(
        "currencies of no and of three decimals; no code where the currency is not the euro",
        arguments: [
            ("JPY", 140_000, "154.000"), ("KWD", 1_234_500, "1.357,950"), ("USD", 100_000, "1.100,00"),
        ] as [(String, Int64, String)])
    func currencies(code: String, minor: Int64, total: String) throws {
        let currency = try #require(Currency(code))
        let paper = Fixture.invoice(
            [.init(description: "A", net: Money(minor: minor, currency))], rate: Rate(scaled: 10_000_000),
            currency: currency)
        let pdf = try paper.pdf()
        let text = try Fixture.words(pdf)
        #expect(text.contains("Betrag, \(code)"))
        #expect(text.contains("Zu zahlen, \(code) \(total)"))
        #expect(!text.contains("Banking-App"))
        #expect(try !PDFTools.run("pdfinfo", ["-struct"], on: pdf).contains("Figure"))
    }

    @Test("a euro invoice has the code as a figure; one without a valid account has none")
    func code() throws {
        var paper = Fixture.invoice([Fixture.line("A", net: "100")])
        #expect(try PDFTools.run("pdfinfo", ["-struct"], on: paper.pdf()).contains("Figure"))
        paper.seller.bank?.iban = "DE03120300000000202051"
        #expect(try !PDFTools.run("pdfinfo", ["-struct"], on: paper.pdf()).contains("Figure"))
    }

    @Test("figures that contradict each other are refused")
    func contradictions() throws {
        var wrong = Fixture.invoice([Fixture.line("A", net: "100")])
        wrong.net = Fixture.euro("100.01")
        #expect(throws: PaperRefusal.self) { try wrong.pdf() }
        var mixed = Fixture.invoice([Fixture.line("A", net: "100")])
        mixed.lines[0].net = Money(minor: 10_000, .usd)
        #expect(throws: PaperRefusal.mixedCurrencies(paper: .eur, found: .usd, place: "line \"A\"")) { try mixed.pdf() }
        var offer = Fixture.invoice([Fixture.line("A", net: "100")])
        offer.earlyPayment = .init(
            through: Fixture.day("2026-11-20"), rate: Rate(scaled: 2_000_000), discount: Fixture.euro("2.38"),
            amount: Fixture.euro("116.61"))
        #expect(throws: PaperRefusal.self) { try offer.pdf() }
    }

    @Test("an early payment offer, charges and a rounding stand where they add up")
    func adjustments() throws {
        var paper = Fixture.invoice([Fixture.line("A", net: "100"), Fixture.line("Fracht", net: "20")])
        paper.adjustments = [.init(label: "Fracht", amount: Fixture.euro("20"))]
        paper.lines.removeLast()
        paper.toPay = Fixture.euro("142.75")
        paper.earlyPayment = .init(
            through: Fixture.day("2026-11-25"), rate: Rate(scaled: 2_000_000), discount: Fixture.euro("2.85"),
            amount: Fixture.euro("139.90"))
        let text = try Fixture.words(paper.pdf())
        for fact in [
            "Summe der Positionen 100,00 Fracht 20,00 Summe netto 120,00", "Rundung −0,05 Zu zahlen, EUR 142,75",
            "Oder mit 2 % Skonto bis", "dann (Skonto 2,85)", "139,90 EUR",
        ] {
            #expect(text.contains(fact), "\(fact) in \(text)")
        }
    }

    @Test("lines of different VAT say which")
    func mixedVAT() throws {
        var paper = Fixture.invoice([Fixture.line("A", net: "100"), Fixture.line("Buch", net: "50")])
        let reduced = Rate(scaled: 7_000_000)
        (paper.lines[0].vatCategory, paper.lines[0].vatRate) = (.standard, Fixture.standard)
        (paper.lines[1].vatCategory, paper.lines[1].vatRate) = (.standard, reduced)
        paper.vat = [
            .init(category: .standard, rate: Fixture.standard, taxable: Fixture.euro("100"), tax: Fixture.euro("19")),
            .init(category: .standard, rate: reduced, taxable: Fixture.euro("50"), tax: Fixture.euro("3.50")),
        ]
        (paper.tax, paper.gross, paper.toPay) = (Fixture.euro("22.50"), Fixture.euro("172.50"), Fixture.euro("172.50"))
        let text = try Fixture.words(paper.pdf())
        for fact in [
            "Einzelpreis USt Betrag, EUR", "14,25 19 % 100,00", "14,25 7 % 50,00", "Umsatzsteuer 7 % auf 50,00 3,50",
        ] {
            #expect(text.contains(fact), "\(fact) in \(text)")
        }
    }

    @Test("customers of any script are addressed without a missing glyph; long names wrap")
    func scripts() throws {
        var paper = Fixture.invoice([Fixture.line("高压软管 · خرطوم · Σωλήνας · नली · ท่อ", net: "10")])
        paper.recipient.addressLines = [
            "شركة الميناء للخدمات اللوجستية", "株式会社港湾ロジスティクス", "ООО «Гавань»",
            String(repeating: "Handelsvertretung ", count: 12),
        ]
        let file = try paper.file()
        #expect(file.missingGlyphs == 0)
        #expect(file.pageCount == 1)
        #expect(try Fixture.words(file.bytes).contains("ООО «Гавань»"))
    }

    @Test(
        "Han letters take the forms of the customer's country",
        arguments: [
            (["東京都港区1-1", "JAPAN"], HanForms.japanese), (["株式会社みなと", "東京都"], .japanese),
            (["台北市", "Taiwan"], .traditional),
            (["서울특별시"], .korean), (["北京市朝阳区"], .simplified), (["Bremen"], .simplified),
        ])
    func hanForms(lines: [String], forms: HanForms) {
        #expect(PaperRecipient(addressLines: lines).hanForms == forms)
    }

    @Test("the largest figures the books hold are set smaller, never broken, and nothing leaves the page")
    func extremes() throws {
        let most = Money(minor: Money.limit - 1, .eur)
        var paper = Fixture.invoice([
            .init(
                position: "1.10.100", description: "Der größtmögliche Posten",
                quantity: Quantity(micro: Quantity.limit),
                unit: "Stück", unitPrice: UnitPrice(scaled: UnitPrice.limit - 1), discount: Rate(scaled: 99_999_999),
                net: most),
            .init(description: "Gegenposten", net: -most), Fixture.line("Rest", net: "1"),
        ])
        paper.recipient.addressLines = (1...9).map { "Adresszeile \($0)" }
        paper.recipient.customerNumber = "KUNDENNUMMER-OHNE-BLANKS-0123456789-0123456789"
        paper.purchaseOrder = String(repeating: "Bestellung ", count: 12)
        paper.seller.name =
            "Gesellschaft für außerordentlich lange Namen und Industriebedarfshandelsvertretungen mbH & Co. KG"
        paper.seller.wordmark = nil
        let pdf = try paper.pdf()
        let words = try PDFTools.words(in: pdf)
        #expect(words.count > 60)
        for word in words {
            #expect(word.left >= 25 * 72 / 25.4 - 1 && word.right <= 190 * 72 / 25.4 + 1, "\(word)")
        }
        for figure in ["9.999.999.999.999,99", "−9.999.999.999.999,99", "1.000.000.000", "899.999.999,9999999999"] {
            #expect(words.contains { $0.text == figure }, "\(figure) stands whole")
        }
    }

    @Test("the same invoice is the same bytes")
    func deterministic() throws {
        let paper = Fixture.invoice([Fixture.line("A", net: "100"), Fixture.line("日本語", net: "1")])
        let first = try paper.pdf()
        _ = try Fixture.invoice([Fixture.line("B", net: "7")], in: .english).pdf()
        #expect(try paper.pdf() == first)
    }

    @Test("every font is embedded as a subset, and tables are tagged")
    func tagged() throws {
        let pdf = try Fixture.invoice([Fixture.line("A", net: "100")]).pdf()
        for font in try PDFTools.run("pdffonts", on: pdf).split(separator: "\n").dropFirst(2) {
            #expect(font.contains("yes yes yes"), "\(font)")
        }
        let structure = try PDFTools.run("pdfinfo", ["-struct"], on: pdf)
        for tag in ["Document", "H1", "P (block)", "Table", "TR", "TH", "TD", "Figure"] {
            #expect(structure.contains(tag), "\(tag)")
        }
    }
}
