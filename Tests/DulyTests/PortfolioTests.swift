import Foundation
import TestSupport
import Testing

/// `duly portfolio`, run as a person runs it.
@Suite("Portfolios by command line")
struct PortfolioTests {
    private static func customers(_ rows: String) throws -> String {
        let file = TestFolder.path("customers", ending: ".csv").path
        try "customer_id,name,country,seller,currency\n\(rows)".write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    @Test("are made, filled by number, by file and by country, and emptied")
    func portfolios() throws {
        let books = CommandLineTests.books()
        func duly(_ words: String...) throws -> (status: Int32, out: String, error: String) {
            try CommandLineTests.duly(words + ["--books", books, "--json", "--today", "2026-03-01"])
        }
        #expect(try duly("init", "--seller", "X GmbH", "--country", "DE", "--currency", "EUR").status == 0)
        #expect(try duly("seller", "add", "--seller", "Y SA", "--country", "FR", "--currency", "EUR").status == 0)
        let file = try Self.customers(
            "1,Anna,DE,DE,EUR\n2,Bert,AT,DE,EUR\n3,Cora,AT,DE,EUR\n3,Dora,FR,FR,EUR\n4,Emil,AT,FR,EUR\n")
        #expect(try duly("import", "customers", file).status == 0)

        let made = try duly("portfolio", "add", "North", "--id", "p-1")
        #expect(made.out.contains(#""name":"North""#))
        #expect(try duly("portfolio", "add", "North", "--id", "p-1").out == made.out)
        #expect(try duly("portfolio", "add", "North").out.contains("portfolio.name-taken"))
        #expect(try duly("portfolio", "add", " ").out.contains("portfolio.bad-name"))

        let wrong = try duly("portfolio", "assign", "North", "1", "3", "9")
        #expect(wrong.status == 1)
        #expect(wrong.out.contains("portfolio.no-such-customer") && wrong.out.contains("portfolio.several-sellers"))
        #expect(try duly("portfolio", "assign", "South", "1").out.contains("portfolio.no-such-portfolio"))
        let list = TestFolder.path("numbers", ending: ".txt").path
        try "1\n 2 \n\n".write(toFile: list, atomically: true, encoding: .utf8)
        let filled = try duly("portfolio", "assign", "North", "--file", list, "--id", "p-2")
        #expect(filled.out.contains(#""changed":2"#))
        #expect(try duly("portfolio", "assign", "North", "--file", list, "--id", "p-2").out == filled.out)
        // 2 is in it already; 3 and 4 come.
        let country = try duly("portfolio", "assign", "North", "--country", "at").out
        #expect(country.matches(of: /"changed":1/).count == 2, "\(country)")
        #expect(try duly("portfolio", "remove", "North", "3", "--seller", "DE").out.contains(#""changed":1"#))
        #expect(
            try duly("portfolio", "show", "North").out
                == #"{"items":[{"customer":"1","name":"Anna","seller":"DE"},{"customer":"2","name":"Bert","seller":"DE"},{"customer":"4","name":"Emil","seller":"FR"}],"next":null}"#
                + "\n")
        #expect(try duly("portfolio", "list").out.contains(#""customers":3,"name":"North""#))
        let history = try duly("history").out
        for kind in ["portfolio.add", "portfolio.assign", "portfolio.remove"] { #expect(history.contains(kind)) }
        #expect(try duly("verify").status == 0)
    }
}
