import Database
import Foundation
import Host
import TestOffice
import Testing

/// A made company with its true answers, from the generator beside the package.
struct Workload: Sendable {
    static let asOf = "2026-01-31"
    static let cases: [(seed: Int, invoices: Int)] = [(1, 1000), (2, 400), (3, 600), (47, 300)]

    let folder: URL
    let generator: URL

    /// Nil, and a line that says so, where there is no generator.
    init?(seed: Int, invoices: Int) throws {
        guard let generator = Program.shared("workload") else { return nil }
        self.generator = generator
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        _ = try python([
            "workload.py", "--customers", "\(max(20, invoices / 8))", "--invoices", "\(invoices)", "--lines", "3",
            "--seed", "\(seed)", "--camt", seed % 2 == 0 ? "02" : "08", "--out", folder.path,
        ])
    }

    /// A file of this company; the two small tables that go with every seed lie beside the generator.
    func path(_ name: String) -> String {
        let small = ["sellers.csv", "tax_rates.csv"].contains(name)
        return (small ? generator : folder).appendingPathComponent(name).path
    }
    func rows(_ name: String) throws -> [[String: String]] { try Table.rows(URL(fileURLWithPath: path(name))) }

    /// What `score.py` says of allocations, by name.
    func score(_ allocations: String) throws -> [String: Double] {
        let said = try python(["score.py", "--dir", folder.path, "--got", allocations])
        return said.split(separator: "\n").reduce(into: [:]) { scores, line in
            let words = line.split(separator: " ")
            guard words.count == 3, let value = Double(words[1]) else { return }
            let name = String(words[0]).replacing("cash_application_", with: "").replacing(":", with: "")
            scores[name] = value
        }
    }

    private func python(_ arguments: [String]) throws -> String {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", generator.appendingPathComponent(arguments[0]).path] + arguments.dropFirst()
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
        return text
    }
}

/// Other people's answers to the main path, by the program alone.
@Suite("A made company, by the program")
struct WorkloadTests {
    @Test("billing the orders gives every invoice with its lines and taxes", arguments: Company.engines, Workload.cases)
    func billing(engine: Engine, one: (seed: Int, invoices: Int)) async throws {
        guard let workload = try Workload(seed: one.seed, invoices: one.invoices) else { return }
        let books = try await ProgramBooks.open(engine, today: Workload.asOf)
        for kind in ["sellers", "customers", "products", "prices", "tax-rates", "orders"] {
            try books.duly("import", kind, workload.path(kind.replacing("-", with: "_") + ".csv"))
        }
        let run = try books.json("bill", "--through", "2026-12-31", "--issue")
        let held = (run["held"] as? [[String: Any]] ?? []).filter { $0["severity"] as? String == "stop" }
        #expect(held.isEmpty)
        let expected = try workload.rows("invoices.csv").filter { $0["type"] == "invoice" }
        #expect(run["issued"] as? Int == expected.count)
        try books.duly("invoice", "export", "--all", "--format", "json", "--out", books.path("documents"))
        let documents = try Self.documents(books.folder.appendingPathComponent("documents"))
        #expect(documents.count == expected.count)
        var lines: [String: [String]] = [:]
        for line in try workload.rows("invoice_lines.csv") {
            lines[line["invoice_no"]!, default: []].append(Self.line(line))
        }
        let taxes = Dictionary(grouping: try workload.rows("invoice_taxes.csv"), by: { $0["invoice_no"]! })
        for invoice in expected {
            let order = invoice["order_id"]!
            guard let ours = documents[order] else {
                Issue.record("\(order) was not billed")
                continue
            }
            for (theirs, own) in [
                ("net", "net"), ("tax", "tax"), ("gross", "gross"), ("issue_date", "issue_day"),
                ("due_date", "due_day"),
                ("currency", "currency"), ("customer_id", "customer"), ("seller", "seller"),
            ] { #expect(ours.head[own] == invoice[theirs], "\(order): \(own)") }
            #expect(ours.lines == lines[invoice["invoice_no"]!], "\(order)")
            // By rate: our categories say more than the workload's (goods to other member states are K, not AE).
            let due = Self.byRate(
                (taxes[invoice["invoice_no"]!] ?? []).map { ($0["vat_rate"]!, $0["base"]!, $0["tax"]!) })
            #expect(Self.byRate(ours.taxes) == due, "\(order)")
        }
        #expect(try books.json("verify")["ok"] as? Bool == true)
        // Once more finds nothing to do.
        #expect(try books.json("bill", "--through", "2026-12-31", "--issue")["issued"] as? Int == 0)
    }

    struct Shown {
        var head: [String: String]
        var lines: [String]
        var taxes: [(rate: String, base: String, tax: String)]
    }

    /// The exported documents by order.
    private static func documents(_ folder: URL) throws -> [String: Shown] {
        var found: [String: Shown] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "json" {
            let all = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
            let references = try #require(all["references"] as? [String: Any])
            let order = try #require(references["order_id"] as? String)
            #expect(found[order] == nil, "\(order) was billed twice")
            found[order] = Shown(
                head: all.compactMapValues { $0 as? String },
                lines: (all["lines"] as? [[String: Any]] ?? []).map { line($0.compactMapValues { $0 as? String }) },
                taxes: (all["taxes"] as? [[String: String]] ?? []).map { ($0["rate"]!, $0["base"]!, $0["tax"]!) })
        }
        return found
    }

    private static func line(_ cells: [String: String]) -> String {
        let figures = ["quantity", "unit_price", "discount_pct", "vat_rate"].map { plain(cells[$0] ?? "") }
        return ([cells["sku"] ?? ""] + figures + [cells["net"] ?? ""]).joined(separator: " ")
    }

    /// Base and tax of each rate, in minor units.
    private static func byRate(_ taxes: [(rate: String, base: String, tax: String)]) -> [String: [Int64]] {
        taxes.reduce(into: [:]) { sums, tax in
            let amounts = [tax.base, tax.tax].map { Int64($0.replacing(".", with: "")) ?? .min }
            sums[plain(tax.rate)] = zip(sums[plain(tax.rate)] ?? [0, 0], amounts).map { $0 &+ $1 }
        }
    }

    /// Without zeros at the end.
    private static func plain(_ decimal: String) -> String {
        guard decimal.contains(".") else { return decimal.isEmpty ? "0" : decimal }
        let text = decimal.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(text.reversed())
    }

    @Test(
        "with the truth applied, ageing is as expected; the same money in another format is no new money",
        arguments: Company.engines, Workload.cases)
    func ageing(engine: Engine, one: (seed: Int, invoices: Int)) async throws {
        guard let workload = try Workload(seed: one.seed, invoices: one.invoices) else { return }
        let books = try await Self.history(workload, engine)
        let payments = try workload.rows("payments.csv").count
        let first = try books.json("bank", "import", workload.path("camt.053.xml"))
        #expect(first["imported"] as? Int == payments)
        try books.duly("cash", "apply", "--from", workload.path("truth.csv"))
        let report = try books.json("report", "aging", "--as-of", Workload.asOf)
        #expect(try Self.ageing(report) == Self.expectedAgeing(workload))
        let before = try await books.contents()
        for file in ["mt940.sta", "camt.053.xml"] {
            let again = try books.json("bank", "import", workload.path(file))
            #expect(again["imported"] as? Int == 0, "\(file)")
            #expect(again["receipts"] as? Int == 0, "\(file)")
            #expect(again["duplicates"] as? Int == payments, "\(file)")
        }
        let after = try await books.contents()
        for table in ["bank_lines", "receipts", "entries", "journal_lines", "open_items", "allocations"] {
            #expect(before[table] != nil && before[table] == after[table], "\(table)")
        }
        #expect(try books.json("verify")["ok"] as? Bool == true)
    }

    /// Books with the workload's customers and its invoices as history.
    private static func history(_ workload: Workload, _ engine: Engine) async throws -> ProgramBooks {
        let books = try await ProgramBooks.open(engine, today: Workload.asOf)
        for kind in ["sellers", "customers", "invoices"] {
            try books.duly("import", kind, workload.path("\(kind).csv"))
        }
        return books
    }

    /// `CUSTOMER CURRENCY bucket … total` of everybody who has open items; money on account alone stands in no bucket.
    private static func ageing(_ report: [String: Any]) throws -> [String] {
        var lines: [String] = []
        for block in report["currencies"] as? [[String: Any]] ?? [] {
            let currency = try #require(block["currency"] as? String)
            for customer in block["customers"] as? [[String: Any]] ?? [] {
                let buckets = try #require(customer["buckets"] as? [String])
                let total = try #require(customer["total"] as? String)
                guard buckets.contains(where: { $0.contains { "123456789".contains($0) } }) else { continue }
                lines.append("\(customer["customer"] ?? "") \(currency) \(buckets.joined(separator: " ")) \(total)")
            }
        }
        return lines.sorted()
    }

    private static func expectedAgeing(_ workload: Workload) throws -> [String] {
        try workload.rows("expected_aging.csv").map { row in
            ["customer_id", "currency", "not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "total"]
                .map { row[$0] ?? "?" }.joined(separator: " ")
        }.sorted()
    }

    @Test(
        "matching is right in 995 of 1,000 links and leaves no more than 15 of 100 payments to a person",
        arguments: Company.engines, Workload.cases)
    func matching(engine: Engine, one: (seed: Int, invoices: Int)) async throws {
        guard let workload = try Workload(seed: one.seed, invoices: one.invoices) else { return }
        let books = try await Self.history(workload, engine)
        try books.duly("bank", "import", workload.path(one.seed % 2 == 0 ? "mt940.sta" : "camt.053.xml"))
        try books.duly("cash", "match")
        try books.duly("cash", "export-allocations", "--out", books.path("allocations.csv"))
        let score = try workload.score(books.path("allocations.csv"))
        let precision = try #require(score["precision"])
        let straight = try #require(score["straight_through"])
        print(
            "workload seed \(one.seed), \(one.invoices) invoices, \(engine): precision \(precision), straight through \(straight)"
        )
        #expect(precision >= 0.995)
        #expect(straight >= 0.85)
        #expect(try books.json("verify")["ok"] as? Bool == true)
    }
}
