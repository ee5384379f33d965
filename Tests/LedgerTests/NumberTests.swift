import Ledger
import Money
import Testing

@Suite("Document numbers")
struct NumberTests {
    @Test(
        "a series writes its numbers by its pattern",
        arguments: [
            ("RE-{year}-{n:6}", 42, "RE-2026-000042"), ("{n}", 7, "7"), ("{year}{month}/{n:3}", 1234, "202603/1234"),
        ] as [(String, Int64, String)])
    func pattern(pattern: String, number: Int64, text: String) throws {
        #expect(try #require(SeriesPattern(pattern)).text(number, on: Day("2026-03-02")!) == text)
    }

    @Test(
        "a pattern must hold the number once",
        arguments: ["RE", "{n}{n}", "{n", "{day}{n}", "{n:0}", "{n:19}", "{n:x}", ""])
    func noPattern(pattern: String) { #expect(SeriesPattern(pattern) == nil) }

    @Test(
        "the creditor reference carries its check digits",
        arguments: [
            ("539007547034", "RF18539007547034"), ("RE-2025-000001", nil),
        ] as [(String, String?)])
    func reference(number: String, text: String?) throws {
        let reference = try #require(CreditorReference(documentNumber: number))
        if let text { #expect(reference.text == text) }
        #expect(CreditorReference(reference.grouped.lowercased()) == reference)
    }

    @Test(
        "one wrong character is noticed",
        arguments: ["RF18539007547035", "RF81539007547034", "RF18", "XX18539007547034", "RF18 5390-0754"])
    func wrong(text: String) { #expect(CreditorReference(text) == nil) }

    @Test(
        "a number without letters and digits of ASCII has no reference",
        arguments: ["---", "請求", "1234567890123456789012"])
    func none(number: String) { #expect(CreditorReference(documentNumber: number) == nil) }
}
