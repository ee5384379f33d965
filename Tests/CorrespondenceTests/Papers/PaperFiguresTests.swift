import Ledger
import Money
import Testing

@testable import Correspondence

@Suite("Figures on paper")
struct PaperFiguresTests {
    @Test(
        "amounts have their currency's decimals, groups and a real minus",
        arguments: [
            ("1234.50", "EUR", "1.234,50", "1,234.50"), ("-7", "EUR", "−7,00", "−7.00"), ("0", "EUR", "0,00", "0.00"),
            ("-0.05", "EUR", "−0,05", "−0.05"), ("1000000", "JPY", "1.000.000", "1,000,000"),
            ("999", "JPY", "999", "999"),
            ("12345.678", "KWD", "12.345,678", "12,345.678"),
            ("9999999999999.99", "EUR", "9.999.999.999.999,99", "9,999,999,999,999.99"),
        ] as [(text: String, code: String, german: String, english: String)])
    func amounts(text: String, code: String, german: String, english: String) throws {
        let currency = try #require(Currency(code))
        let money = try Money(text, currency)
        #expect(PaperFigures(language: .german).amount(money) == german)
        #expect(PaperFigures(language: .english).amount(money) == english)
    }

    @Test("the currency follows in German and leads in English, with a no-break space")
    func currency() {
        let money = Money(minor: 351_332, .eur)
        #expect(PaperFigures(language: .german).withCurrency(money) == "3.513,32\u{A0}EUR")
        #expect(PaperFigures(language: .english).withCurrency(money) == "EUR\u{A0}3,513.32")
    }

    @Test(
        "quantities drop trailing zeros",
        arguments: [
            ("120", "120"), ("6.5", "6,5"), ("-10", "−10"), ("1234567.123456", "1.234.567,123456"),
            ("0.000001", "0,000001"),
            ("1000000000", "1.000.000.000"),
        ] as [(text: String, german: String)])
    func quantities(text: String, german: String) throws {
        #expect(try PaperFigures(language: .german).quantity(Quantity(text)) == german)
    }

    @Test(
        "unit prices keep the currency's decimals and show those they have",
        arguments: [
            ("9.2", "EUR", "9,20"), ("0.0345", "EUR", "0,0345"), ("389", "EUR", "389,00"), ("1250.5", "JPY", "1.250,5"),
            ("1250", "JPY", "1.250"), ("0.0000000001", "EUR", "0,0000000001"), ("-1.5", "KWD", "−1,500"),
        ] as [(text: String, code: String, german: String)])
    func prices(text: String, code: String, german: String) throws {
        let currency = try #require(Currency(code))
        #expect(try PaperFigures(language: .german).unitPrice(UnitPrice(text), currency) == german)
    }

    @Test("percentages and days")
    func others() throws {
        let german = PaperFigures(language: .german)
        let english = PaperFigures(language: .english)
        #expect(try german.percent(Rate(percent: "8.875")) == "8,875\u{A0}%")
        #expect(try english.percent(Rate(percent: "19")) == "19\u{A0}%")
        let day = try #require(Day("2026-03-04"))
        #expect(german.day(day) == "04.03.2026")
        #expect(english.day(day) == "4\u{A0}Mar\u{A0}2026")
        #expect(german.longDay(day) == "4.\u{A0}März 2026")
        #expect(german.days(1) == "1\u{A0}Tag")
        #expect(english.days(31) == "31\u{A0}days")
    }

    @Test(
        "a customer's language chooses the paper's",
        arguments: [
            ("de", PaperLanguage.german), ("de-AT", .german), ("DE_ch", .german), ("en-GB", .english), ("fr", .english),
            ("", .english),
            ("den", .english),
        ])
    func language(code: String, language: PaperLanguage) { #expect(PaperLanguage(code: code) == language) }
}

@Suite("The EPC QR payload (EPC069-12)")
struct EPCPayloadTests {
    private func payload(
        name: String = "Norderwerk Technik GmbH", iban: String = "DE89 3704 0044 0532 0130 00", bic: String? = nil,
        amount: Money = Money(minor: 123_456, .eur), _ remittance: EPCPayload.Remittance = .none
    ) throws(EPCPayload.Problem) -> String {
        try EPCPayload(beneficiary: name, iban: iban, bic: bic, amount: amount, remittance: remittance).text
    }

    @Test("a structured reference stands in its own line, the text line is then left off")
    func structured() throws {
        let reference = try #require(CreditorReference("RF18 5390 0754 7034"))
        #expect(
            try payload(.structured(reference))
                == "BCD\n002\n1\nSCT\n\nNorderwerk Technik GmbH\nDE89370400440532013000\nEUR1234.56\n\nRF18539007547034"
        )
    }

    @Test("free text stands one line further down; a BIC is written without blanks")
    func unstructured() throws {
        #expect(
            try payload(bic: "byla dem1 001", amount: Money(minor: 5, .eur), .text("Rechnung Nr. 7, Müller"))
                == "BCD\n002\n1\nSCT\nBYLADEM1001\nNorderwerk Technik GmbH\nDE89370400440532013000\nEUR0.05\n\n\nRechnung Nr. 7, Müller"
        )
    }

    @Test("trailing empty lines are dropped")
    func bare() throws { #expect(try payload().hasSuffix("DE89370400440532013000\nEUR1234.56")) }

    @Test("amounts from a cent to 999,999,999.99")
    func amounts() throws {
        #expect(try payload(amount: Money(minor: 99_999_999_999, .eur)).hasSuffix("EUR999999999.99"))
        for minor in [0, -1, 100_000_000_000] as [Int64] {
            #expect(throws: EPCPayload.Problem.amountOutOfRange(Money(minor: minor, .eur))) {
                try payload(amount: Money(minor: minor, .eur))
            }
        }
        #expect(throws: EPCPayload.Problem.notEuro(.chf)) { try payload(amount: Money(minor: 1, .chf)) }
    }

    @Test("names and texts within their lengths, without line feeds that would start another field")
    func texts() throws {
        #expect(try payload(name: String(repeating: "ü", count: 70)).contains("üüü"))
        let long = String(repeating: "x", count: 71)
        #expect(throws: EPCPayload.Problem.name(long)) { try payload(name: long) }
        #expect(throws: EPCPayload.Problem.name("")) { try payload(name: "") }
        #expect(throws: EPCPayload.Problem.name("a\nb")) { try payload(name: "a\nb") }
        #expect(throws: EPCPayload.Problem.text("a\rb")) { try payload(.text("a\rb")) }
        #expect(throws: EPCPayload.Problem.text(long + long)) { try payload(.text(long + long)) }
        let wide = String(repeating: "物", count: 140)
        #expect(throws: EPCPayload.Problem.self) { try payload(.text(wide)) }
    }

    @Test(
        "accounts whose check digits are wrong are refused",
        arguments: [
            "DE88370400440532013000", "DE8937040044053201300", "XX", "", "DE89-3704", "1289370400440532013000",
        ])
    func ibans(iban: String) { #expect(throws: EPCPayload.Problem.iban(iban)) { try payload(iban: iban) } }

    @Test("a BIC has 8 or 11 places", arguments: ["BYLADEM", "BYLADEM100", "BYLA1EM1001", "BYLADEM1001X"])
    func bics(bic: String) { #expect(throws: EPCPayload.Problem.bic(bic)) { try payload(bic: bic) } }
}
