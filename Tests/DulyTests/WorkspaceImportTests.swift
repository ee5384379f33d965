import Books
import Database
import Formats
import Foundation
import ImportsDesk
import Ledger
import Money
import ReportsDesk
import TestOffice
import TestSupport
import Testing
import Web
import Workspace

@testable import duly

/// A file goes through the pages into the books, on both engines: the same rows, the same refusals as on the command line.
@Suite("Imports in the browser")
struct WorkspaceImportTests {
    static func site(_ company: Company, token: String = "t-1", user: String = "ines") -> Site {
        var books = WorkspaceBooks(database: company.database, url: company.url, day: { _ in Day("2026-03-02")! })
        books.openVault = { Company.vault }
        return site(books, token: token, user: user)
    }
    static func site(_ books: WorkspaceBooks, token: String, user: String = "ines") -> Site {
        var site = Workspace.site(source: books, fontFolder: nil)
        site.gate = { $0.session = WebSession(user: user, role: "coordinator", formToken: token, may: { _ in true }) }
        return site
    }
    static func post(
        _ site: Site, _ target: String, _ fields: [(String, String)], file: (name: String, bytes: [UInt8])? = nil
    ) async -> WebResponse {
        var body: [UInt8] = []
        for (key, value) in fields {
            body += Array("--b\r\nContent-Disposition: form-data; name=\"\(key)\"\r\n\r\n\(value)\r\n".utf8)
        }
        if let file {
            body += Array(
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file.name)\"\r\n\r\n".utf8)
            body += file.bytes + Array("\r\n".utf8)
        }
        return await site.respond(
            method: "POST", target: target, headers: [("Content-Type", "multipart/form-data; boundary=b")],
            body: WebBody(body + Array("--b--\r\n".utf8)))
    }
    static func page(_ site: Site, _ target: String) async -> String {
        String(decoding: await site.respond(method: "GET", target: target).body, as: UTF8.self)
    }
    /// Sends a file and returns where it waits.
    static func send(_ site: Site, _ kind: String, _ table: String, name: String = "rows.csv") async throws -> String {
        let answer = await post(site, "/import", [("kind", kind)], file: (name, Array(table.utf8)))
        #expect(answer.status == 303, "\(String(decoding: answer.body, as: UTF8.self))")
        return try #require(answer.header("Location"))
    }

    @Test("foreign headings are mapped by hand, tried, and imported", arguments: Company.engines)
    func mapped(engine: Engine) async throws {
        let company = try await Company.open(engine)
        let site = Self.site(company)
        let table = "Nr.;Bezeichnung;Einheit;Klasse\nB-1;Schraube;C62;S\nB-2;Mutter;C62;S\n"
        let place = try await Self.send(site, "products", table)
        let first = await Self.page(site, place)
        #expect(first.contains("Schraube") && first.contains("value=\"sku\""))
        let before = try await company.contents()
        let mapping = [
            ("column-1", "sku"), ("column-2", "name_de"), ("column-3", "unit"), ("column-4", "tax_category"),
            ("set-name_en", "Part"), ("action", "check"),
        ]
        #expect(await Self.post(site, place, mapping).status == 303)
        let checked = await Self.page(site, place)
        #expect(checked.contains("Nothing is wrong: 2 rows to import."), "\(checked)")
        #expect(try await company.contents() == before)
        #expect(await Self.post(site, place, [("action", "import")]).status == 303)
        #expect(await Self.page(site, place).contains("In the books: 2 rows."))
        let rows = try await company.database.read {
            try $0.query("SELECT sku, name_de, name_en, unit FROM products ORDER BY sku", []).map { row in
                try (0..<4).map { try row.text($0) }
            }
        }
        #expect(rows == [["B-1", "Schraube", "Part", "C62"], ["B-2", "Mutter", "Part", "C62"]])
        // The button again changes nothing and shows the same page.
        let after = try await company.contents()
        #expect(await Self.post(site, place, [("action", "import")]).status == 303)
        #expect(try await company.contents() == after)
    }

    @Test(
        "bad rows are named with row, column and value; the good ones come in, the others come back",
        arguments: Company.engines)
    func keepGood(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let site = Self.site(company)
        let table =
            "order_id,line_no,customer_id,order_date,sku,quantity\nO1,1,C-1,2026-01-05,BOLT,2\nO2,1,C-1,2026-01-05,BOLT,many\nO3,1,C-1,31.31.2026,BOLT,1\n"
        let place = try await Self.send(site, "orders", table)
        #expect(await Self.post(site, place, [("action", "check")]).status == 303)
        let checked = await Self.page(site, place)
        #expect(
            checked.contains("Cannot be imported as they are: 2 of 3 rows") && checked.contains("Row 3")
                && checked.contains(">many<"))
        #expect(await Self.post(site, place, [("action", "keep")]).status == 303)
        let done = await Self.page(site, place)
        #expect(done.contains("In the books: 1 row. Left out: 2 rows."))
        let rejected = await Self.page(site, place + "/rejected.csv")
        #expect(rejected.split(separator: "\n").count == 3 && rejected.contains("O2,1,C-1"))
        let count = try await company.database.read { try $0.query("SELECT count(*) FROM charges", []).first?.int(0) }
        #expect(count == 1)
    }

    @Test("what the mapping misses is said at its field, and a workbook goes the same way", arguments: Company.engines)
    func workbook(engine: Engine) async throws {
        let company = try await Company.open(engine)
        let site = Self.site(company)
        let path = company.folder.appendingPathComponent("products.xlsx").path
        let sheet = try SheetWriter(
            path: path, name: "Artikel", title: "", headings: ["sku", "title", "unit", "tax_category"], columns: [],
            recorded: Instant(micro: 0))
        try sheet.row(["007", "=Bolt", "C62", "S"])
        try sheet.close(about: [])
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let sent = await Self.post(site, "/import", [("kind", "products")], file: ("p.xlsx", bytes))
        let place = try #require(sent.header("Location"))
        #expect(await Self.page(site, place).contains("Artikel"))
        let mapping = [("column-1", ""), ("column-2", "name_de"), ("column-3", "unit"), ("column-4", "tax_category")]
        _ = await Self.post(site, place, mapping)
        let wrong = await site.respond(method: "GET", target: place)
        #expect(wrong.status == 422 && String(decoding: wrong.body, as: UTF8.self).contains("href=\"#set-sku\""))
        _ = await Self.post(site, place, mapping.dropFirst() + [("column-1", "sku"), ("set-name_en", "Bolt")])
        _ = await Self.post(site, place, [("action", "import")])
        let name = try await company.database.read {
            try $0.query("SELECT sku, name_de FROM products", []).map { [try $0.text(0), try $0.text(1)] }
        }
        #expect(name == [["007", "=Bolt"]])
    }

    @Test("a file waits for the session that sent it alone, and not for ever")
    func owners() async throws {
        let company = try await Company.open(.sqlite)
        var books = WorkspaceBooks(database: company.database, url: company.url, day: { _ in Day("2026-03-02")! })
        books.openVault = { Company.vault }
        let mine = Self.site(books, token: "t-1")
        let place = try await Self.send(mine, "products", "sku\nA\n")
        #expect(await mine.respond(method: "GET", target: place).status == 200)
        for other in [Self.site(books, token: "t-2"), Self.site(books, token: "t-1", user: "otto")] {
            #expect(await other.respond(method: "GET", target: place).status == 404)
            #expect(await Self.post(other, place, [("action", "drop")]).status == 404)
        }
        for _ in 0..<ImportStore.mostOfOne { _ = try await Self.send(mine, "products", "sku\nA\n") }
        #expect(await mine.respond(method: "GET", target: place).status == 404)
        let store = ImportStore()
        let owner = ImportStore.Owner(.open)
        let upload = WebUpload(field: "file", name: "a", bytes: Data("sku\nA\n".utf8))
        let kept = try #require(
            try store.keep(upload, kind: "products", as: owner, now: Instant(micro: 0), chance: { 7 }))
        #expect(FileManager.default.fileExists(atPath: kept.path))
        #expect(store.waiting(kept.key, as: owner, now: Instant(micro: 3_600_000_000)) != nil)
        #expect(store.waiting(kept.key, as: owner, now: Instant(micro: 5 * 3_600_000_000)) == nil)
        #expect(!FileManager.default.fileExists(atPath: kept.path))
    }

    @Test("what is no table is refused at the field, and its name is never a path")
    func refused() async throws {
        let company = try await Company.open(.sqlite)
        let site = Self.site(company)
        for (name, bytes) in [("../../../x.pdf", "%PDF-1.7"), ("x.xlsx", "PK\u{3}\u{4}nothing"), ("x.html", "<html>")] {
            let answer = await Self.post(site, "/import", [("kind", "products")], file: (name, Array(bytes.utf8)))
            #expect(answer.status == 422)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("The file was not taken."))
        }
    }

    @Test("every template comes in again as it is, as CSV and as a workbook", arguments: ["csv", "xlsx"])
    func templates(format: String) async throws {
        let company = try await Company.stocked(.sqlite)
        let site = Self.site(company)
        for kind in ["sellers", "customers", "products", "prices", "tax-rates", "exchange-rates"] {
            #expect(await Self.page(site, "/import").contains("href=\"/import/templates/\(kind).\(format)\""))
            let template = await site.respond(method: "GET", target: "/import/templates/\(kind).\(format)")
            #expect(template.status == 200 && template.header("Content-Disposition")?.hasPrefix("attachment") == true)
            let path = company.folder.appendingPathComponent("\(kind).\(format)").path
            try Data(template.body).write(to: URL(fileURLWithPath: path))
            let table = try TableFile.open(path: path)
            #expect(table.headings.count > 2)
            let outcome = try await company.importing(kind, file: path, dryRun: true)
            #expect(outcome.files[0].rows == 1, "\(kind): \(outcome.refusals)")
            #expect(!outcome.refusals.contains { $0.code.hasPrefix("table.") }, "\(kind): \(outcome.refusals)")
        }
    }
}

/// What is exported as a workbook and imported again changes nothing.
@Suite("Workbooks of the books")
struct WorkbookExportTests {
    @Test("export then import is identity, for every kind, through the program", arguments: Company.engines)
    func identity(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await company.importing("exchange-rates", "currency,day,rate,source\nUSD,2026-01-05,0.9,ECB\n")
        try await company.importing(
            "customers",
            "customer_id,name,country,email,credit_limit,phone,postcode\nC-10,'=SUM(A1) & Söhne,DE,bau@example.org,5000.5,+49 30 1,01067\n"
        )
        for kind in ["customers", "products", "prices", "tax-rates", "exchange-rates", "orders"] {
            let rows = try await company.exported(kind)
            #expect(!rows.isEmpty)
            for format in ["xlsx", "csv"] {
                let path = company.folder.appendingPathComponent("\(kind).\(format)").path
                let headings = try #require(TableExport.headings(kind))
                if format == "xlsx" {
                    let known = Instant(micro: 0)
                    let file = SheetFile(out: path, name: kind, title: kind, headings: headings, known: known)
                    let count = try await file.keeping {
                        try file.make(about: []) { sheet in for row in rows { try sheet.row(row) } }
                    }
                    #expect(count == rows.count)
                } else {
                    let sink = TextSink()
                    var lines = try TableLines(.csv, headings, sink)
                    for row in rows { try lines.add(row) }
                    #expect(kind != "customers" || sink.text.contains("'=SUM(A1)"))
                    try Data(sink.bytes).write(to: URL(fileURLWithPath: path))
                }
                let before = try await company.contents()
                let again = try await company.importing(kind, file: path)
                #expect(again.problems == 0, "\(kind).\(format): \(again.refusals)")
                #expect(again.files[0].unchanged == rows.count, "\(kind).\(format): \(again.files)")
                #expect(try await company.contents() == before, "\(kind).\(format)")
            }
        }
    }

    @Test("every report and export is written as a workbook by the program, with both clocks")
    func program() async throws {
        let company = try await Company.stocked(.sqlite)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await company.bill(through: "2026-01-31")
        let out = company.folder.appendingPathComponent("out.xlsx").path
        for name in ["aging", "rollforward", "dso", "journal", "collections", "unbilled", "late"] {
            let answer = try company.duly("report", name, "--format", "xlsx", "--out", out)
            #expect(answer.status == 0, "\(name): \(answer.error)")
            let about = try TableFile.open(path: out, sheet: "About")
            #expect(about.headings == ["Report", name])
            let lines = try about.samples(10)
            #expect(
                lines.contains(["As of", "2026-03-02"]) && lines.contains(where: { $0[0] == "Known at" }), "\(lines)")
            _ = try TableFile.open(path: out).survey(fields: [])
        }
        try company.duly("report", "aging", "--format", "xlsx", "--out", out)
        let aging = try TableFile.open(path: out)
        #expect(aging.headings.prefix(4) == ["currency", "seller", "customer", "name"])
        #expect(try aging.samples(1)[0].contains("14.88"))
        let refused = try company.duly("report", "aging", "--format", "xlsx")
        #expect(refused.status == 1 && refused.error.contains("--out"))
    }
}

extension Company {
    fileprivate func exported(_ kind: String) async throws -> [[String]] {
        try await database.read { transaction in
            var rows: [[String]] = []
            try TableExport(transaction, book: nil, vault: Company.vault, today: Day("2026-03-02")!).rows(kind) {
                rows.append($0)
            }
            return rows
        }
    }
}
