import Testing
import Web

@testable import Workspace

/// Files that wait, one for each state a page can show.
extension Fixture {
    func importSellers(as session: WebSession) async throws -> [SellerView] { [Fixture.seller, Fixture.other] }
    func importTemplate(_ kind: String, format: String) throws -> (type: String, bytes: [UInt8])? {
        ImportWords.kinds.contains(kind) && ["csv", "xlsx"].contains(format) ? ("text/csv", Array("a,b\n".utf8)) : nil
    }
    func importKeep(_ file: WebUpload, kind: String, seller: String?, as session: WebSession) async throws -> String {
        if file.bytes.starts(with: Array("%PDF".utf8)) {
            throw ImportProblem(code: "table.binary", why: "It is a PDF, not text.", next: "Save it.", field: "file")
        }
        return "mapping"
    }
    func importCheck(_ key: String, _ choices: ImportChoices, as session: WebSession) async throws {}
    func importRun(_ key: String, keepGood: Bool, as session: WebSession) async throws {}
    func importRejected(_ key: String, as session: WebSession) throws -> [UInt8]? {
        key == "done" ? Array("rejected_row\n".utf8) : nil
    }
    func importDrop(_ key: String, as session: WebSession) {}

    static let importProblems = [
        ImportProblem(
            code: "table.column-missing", why: "No column is called customer_id.", next: "Say --map.",
            field: "customer_id"),
        ImportProblem(
            code: "table.dates-ambiguous", why: "No value of the column decides.", next: "Say --dates.", row: 2,
            column: "Datum <b>", field: "order_date"),
    ]
    static let counts = ImportView.Counts(
        rows: 1200, added: 1100, changed: 40, unchanged: 57, rejected: 3, customers: 2,
        problems: [
            ImportProblem(
                code: "table.not-a-number", why: "It is not a number.", next: "Correct the cell.", row: 17,
                field: "quantity", value: "<script>alert(1)</script>"),
            ImportProblem(code: "import.no-product", why: "There is no article X.", next: "Import it first.", row: 20),
        ], problemCount: 3, warnings: ["Columns that mean nothing here and were left out: Farbe."])
    static let clean = ImportView.Counts(
        rows: 3, added: 3, changed: 0, unchanged: 0, rejected: 0, customers: 0, problems: [], problemCount: 0,
        warnings: [])

    func importWaiting(_ key: String, as session: WebSession) async throws -> ImportView? {
        let states: [String: ImportView.State] = [
            "mapping": .mapping([]), "wrong": .mapping(Fixture.importProblems), "checked": .checked(Fixture.clean),
            "bad": .checked(Fixture.counts), "done": .done(Fixture.counts), "clean": .done(Fixture.clean),
            "busy": .busy(done: 400, of: 1200),
        ]
        guard let state = states[key] else { return nil }
        func field(_ name: String, _ isRequired: Bool = false, constant: String? = nil) -> ImportView.Field {
            ImportView.Field(
                name: name, isRequired: isRequired, isDay: name == "order_date", isDecimal: name == "quantity",
                constant: constant)
        }
        return ImportView(
            key: key, kind: "orders", fileName: "Aufträge <März>.xlsx", bytes: 48_213, format: "XLSX", sheet: "März",
            otherSheets: ["April & Mai"],
            columns: [
                .init(heading: "Auftrag", samples: ["A-1", "A-2", "A-3"], field: "order_id"),
                .init(heading: "Datum <b>", samples: ["01.02.2026", "02.02.2026", ""], field: "order_date"),
                .init(heading: "Menge", samples: ["2", "<i>3</i>"], field: "quantity"),
                .init(heading: "", samples: ["x", "y", "z"], field: nil),
            ],
            fields: [
                field("order_id", true), field("customer_id", true), field("order_date", true), field("quantity", true),
                field("seller"), field("po_number"), field("currency", constant: "EUR"),
            ], choices: ImportChoices(), sellers: [Fixture.seller, Fixture.other], state: state)
    }
}

@Suite("imports in the browser: pages") struct ImportPagesTests {
    static func post(
        _ target: String, _ fields: [(String, String)], file: (name: String, text: String)? = nil,
        site: Site = CommandsTests.site()
    ) async -> WebResponse {
        var body = ""
        for (key, value) in fields {
            body += "--b\r\nContent-Disposition: form-data; name=\"\(key)\"\r\n\r\n\(value)\r\n"
        }
        if let file {
            body +=
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n\r\n\(file.text)\r\n"
        }
        return await site.respond(
            method: "POST", target: target, headers: [("Content-Type", "multipart/form-data; boundary=b")],
            body: WebBody(Array((body + "--b--\r\n").utf8)))
    }
    static func text(_ response: WebResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test(
        "each step has its page", arguments: PagesTests.languages,
        [
            ("/import", 200), ("/import?kind=prices", 200), ("/import/mapping", 200), ("/import/wrong", 422),
            ("/import/checked", 200), ("/import/checked?step=columns", 200), ("/import/bad", 200),
            ("/import/done", 200), ("/import/clean", 200), ("/import/busy", 200), ("/import/gone", 404),
            ("/import/done/rejected.csv", 200), ("/import/done%2Frejected.csv", 200),
            ("/import/mapping/rejected.csv", 404), ("/import/mapping/x", 404),
            ("/import/templates/customers.csv", 200), ("/import/templates/customers.xlsx", 200),
            ("/import/templates/customers.pdf", 404), ("/import/templates/nothing.csv", 404),
        ])
    func statuses(language: String, address: (target: String, status: Int)) async {
        let (target, status) = address
        let answer = await PagesTests.get(target, [("Accept-Language", language)])
        #expect(answer.status == status)
        // What stands in a file is text, never markup.
        for odd in ["<b>", "<i>", "<März>", "<script>"] { #expect(!Self.text(answer).contains(odd)) }
    }

    @Test("a problem stands at its field, and the summary leads to it")
    func problems() async throws {
        let page = try Markup(await PagesTests.page("/import/wrong"))
        let ids = Set(page.elements.compactMap { $0.attributes["id"] })
        let links = page.all("a").compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("#") && $0 != "#main" }
        #expect(links == ["#set-customer_id", "#dates"])
        for link in links { #expect(ids.contains(String(link.dropFirst()))) }
        #expect(page.elements.contains { $0.attributes["id"] == "dates" && $0.attributes["aria-invalid"] == "true" })
        #expect(page.elements.contains { $0.attributes["role"] == "alert" })
        #expect(!Self.text(await PagesTests.get("/import/wrong")).contains("--dates"))
    }

    @Test("a select for each column, with what was found chosen and all fields to choose from")
    func mapping() async throws {
        let page = try Markup(await PagesTests.page("/import/mapping"))
        let selects = page.all("select").compactMap { $0.attributes["name"] }
        #expect(selects == ["sheet", "seller", "dates", "decimals", "column-1", "column-2", "column-3", "column-4"])
        let chosen = page.all("option").filter { $0.attributes["selected"] != nil }.compactMap {
            $0.attributes["value"]
        }
        #expect(chosen == ["März", "", "", "", "order_id", "order_date", "quantity"])
        #expect(page.all("input").contains { $0.attributes["name"] == "set-customer_id" })
    }

    @Test("forms carry the session's token, and a check that found something offers the good rows alone")
    func forms() async throws {
        for target in ["/import", "/import/mapping", "/import/checked", "/import/bad"] {
            let answer = await CommandsTests.site().respond(method: "GET", target: target)
            let page = try Markup(Self.text(answer))
            let forms = page.all("form").filter { $0.attributes["method"] == "post" }.count
            let tokens = page.all("input").filter {
                $0.attributes["name"] == "_token" && $0.attributes["value"] == "t-1"
            }
            #expect(forms == tokens.count && forms > 0)
        }
        let bad = try Markup(await PagesTests.page("/import/bad"))
        let actions = bad.all("input").filter { $0.attributes["name"] == "action" }.compactMap {
            $0.attributes["value"]
        }
        #expect(actions == ["keep", "drop"])
        let good = try Markup(await PagesTests.page("/import/checked"))
        #expect(good.all("input").filter { $0.attributes["name"] == "action" }.first?.attributes["value"] == "import")
    }

    @Test("a form without a kind or a file says so at the field and keeps what was chosen")
    func incomplete() async throws {
        let noKind = await Self.post("/import", [], file: ("a.csv", "a,b"))
        #expect(noKind.status == 422 && Self.text(noKind).contains("No kind was chosen."))
        let noFile = await Self.post("/import", [("kind", "prices"), ("lang", "de")])
        #expect(noFile.status == 422 && Self.text(noFile).contains("Es wurde keine Datei gewählt"))
        #expect(
            try Markup(Self.text(noFile)).all("input").contains {
                $0.attributes["value"] == "prices" && $0.attributes["checked"] != nil
            })
        let pdf = await Self.post("/import", [("kind", "prices")], file: ("../../a.pdf", "%PDF-1.7"))
        #expect(pdf.status == 422 && Self.text(pdf).contains("It is a PDF, not text."))
        let fine = await Self.post("/import", [("kind", "prices"), ("lang", "de")], file: ("a.csv", "a,b"))
        #expect(fine.status == 303 && fine.header("Location") == "/import/mapping?lang=de")
    }

    @Test("who may not import is not let in")
    func forbidden() async {
        let site = CommandsTests.site(may: { $0 != "import" })
        #expect(await site.respond(method: "GET", target: "/import").status == 403)
        #expect(await Self.post("/import/mapping", [("action", "check")], site: site).status == 403)
    }

    @Test("while it works, the page asks again by itself")
    func busy() async {
        let answer = await PagesTests.get("/import/busy")
        #expect(answer.header("Refresh") == "2")
        #expect(Self.text(answer).contains("400 of 1,200 rows"))
    }
}
