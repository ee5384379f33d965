import Ledger
import Testing

@Suite("Search terms")
struct SearchTermsTests {
    @Test(
        "are plain letters, in pairs where there are no spaces",
        arguments: [
            ("Müller & Söhne", ["mueller", "muller", "soehne", "sohne"]),
            ("MUELLER", ["mueller", "muller"]),
            ("Mu\u{308}ller", ["mueller", "muller"]),
            ("Großmann", ["grossmann"]),
            ("Łódź Æsir Øre", ["aesir", "asir", "lodz", "oere", "ore"]),
            ("O’Neill  d'Été", ["dete", "oneill"]),
            ("Щербакова Юлия", ["iuliia", "shcherbakova"]),
            ("Київ", ["kiiv"]),
            ("Αθήνα Ψυχή", ["athina", "psychi"]),
            ("東京電力", ["京電", "東京", "電力"]),
            ("華 ABC", ["abc", "華"]),
            ("서울전자", ["서울", "울전", "전자"]),
            ("ＡＣＭＥ １２", ["12", "acme"]),
            ("İstanbul A.Ş.", ["istanbul"]),
            ("  –  ", []),
        ] as [(String, [String])])
    func table(text: String, terms: [String]) {
        #expect(SearchTerms.terms(of: text) == terms)
    }

    @Test("read a question the same way")
    func questions() {
        #expect(SearchTerms.groups(of: "Mül 東京電") == [["muel", "mul"], ["東京"], ["京電"]])
        #expect(SearchTerms.fold("Größe ÉTÉ") == "grosse ete")
        #expect(SearchTerms.groups(of: "-") == [])
    }
}
