import Database
import Demo
import Foundation
import Money
import TestSupport

/// A company's files, the same for every office that works through them.
struct CompanyFiles: Sendable {
    let folder: URL
    let bank: [String]
    /// payment_id, invoice_no, allocated, writeoff: what the payments truly pay.
    let truth: [[Substring]]
    let through: Day
    var matchThrough: Day { Day("2025-12-31")! }

    init(orders: Int, customers: Int) throws {
        through = Day("2026-03-31")!
        let company = DemoCompany(
            seed: 7, customers: customers, orders: orders, days: DemoCompany.year(endingOn: through), lines: 1...4)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var truth = ""
        for file in company.files() {
            try Data(file.text.utf8).write(to: folder.appendingPathComponent(file.name))
            if file.name == "expected-allocations.csv" { truth = file.text }
        }
        bank = company.months().map { DemoCompany.bankFileName($0) }
        self.truth = truth.split(separator: "\n").dropFirst().map {
            Array($0.split(separator: ",", omittingEmptySubsequences: false).prefix(4))
        }
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}

/// What is done in the office, in this order, each step one command with an id of its own.
enum Step: String, CaseIterable, Sendable {
    case sellers, products, prices, taxRates = "tax-rates", customers, orders
    case bill, bank, match, apply, remind, send
}

/// Books on one engine and the commands that fill them.
struct Office: Sendable {
    let files: CompanyFiles
    let engine: Engine
    let mail: MailServer
    private let program: Program
    private let books: String

    static func open(_ files: CompanyFiles, on engine: Engine) async throws -> Office {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let books =
            switch engine {
            case .sqlite: folder.appendingPathComponent("duly.db").path
            case .postgres: try await TestDatabases.freshServerDatabase()
            }
        let mail = try MailServer()
        let program = Program(
            folder: folder,
            environment: [
                "DULY_BOOKS": books, "DULY_TODAY": files.through.description, "DULY_USER": "ines",
                "DULY_KEY_FILE": folder.appendingPathComponent("duly.key").path, "DULY_SMTP_URL": mail.url,
            ])
        let office = Office(files: files, engine: engine, mail: mail, program: program, books: books)
        _ = try await office.tell(["init"])
        return office
    }

    /// Starts a step; it may die.
    func run(_ step: Step, death: Program.Death? = nil) async throws -> Program.Done {
        try await program.run(try await arguments(step) + ["--id", "\(step)-1", "--json"], death: death)
    }

    private func arguments(_ step: Step) async throws -> [String] {
        switch step {
        case .sellers, .products, .prices, .taxRates, .customers, .orders:
            return ["import", step.rawValue, files.path("\(step.rawValue).csv")]
        case .bill: return ["bill", "--through", files.through.description, "--issue"]
        case .bank: return ["bank", "import"] + files.bank.map { files.path($0) }
        // What came later is left to a person.
        case .match: return ["cash", "match", "--through", files.matchThrough.description]
        case .apply: return ["cash", "apply", "--from", try await leftToApply(), "--keep-good"]
        case .remind: return ["reminder", "run"]
        case .send:
            try await letTimePass()
            return ["invoice", "send", "--due"]
        }
    }

    /// What the matching left of the truth, as a file; made once.
    private func leftToApply() async throws -> String {
        let file = program.folder.appendingPathComponent("by-hand.csv")
        guard !FileManager.default.fileExists(atPath: file.path) else { return file.path }
        let matched = Set(try await allocations(proposals: false).map { $0.split(separator: ",")[0] })
        let rows = files.truth.filter { !$0[1].isEmpty && !matched.contains($0[0]) }.map { $0.joined(separator: ",") }
        let text = (["payment_id,invoice_no,allocated,writeoff"] + rows).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: file, options: .atomic)
        return file.path
    }

    /// An hour for the outbox: whoever held letters is long gone.
    private func letTimePass() async throws {
        try await database().transaction { transaction in
            _ = try transaction.execute(
                "UPDATE outbox SET next_at = $1, changed = $1 WHERE state IN ('queued', 'sending')",
                [.text("2026-01-01T00:00:00.000000Z")])
        }
    }

    private func database() throws -> any Database {
        switch engine {
        case .sqlite: try SQLiteDatabase(path: books, readers: 1)
        case .postgres: PostgresDatabase(url: books, connections: 1)
        }
    }

    /// The output of a command that must succeed.
    private func tell(_ arguments: [String]) async throws -> String {
        let done = try await program.run(arguments)
        guard done.status == 0 else {
            throw Program.Unavailable(description: "\(arguments): \(done.status ?? -1) \(done.out) \(done.error)")
        }
        return done.out
    }

    private func allocations(proposals: Bool) async throws -> [String] {
        let file = program.folder.appendingPathComponent("allocations.csv")
        _ = try await tell(["cash", "export-allocations", "--out", file.path] + (proposals ? ["--proposals"] : []))
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map(String.init)
            .sorted()
    }
}

// MARK: What is in the books

extension Office {
    /// Everything that must be the same however often somebody died: no ids, no instants.
    func state() async throws -> [String: [String]] {
        var state: [String: [String]] = [:]
        state["invoices"] = try items(
            try await tell(["invoice", "list", "--json", "--limit", "100000"]), but: "document")
        state["receipts"] = try items(try await tell(["cash", "list", "--json", "--limit", "100000"]), but: "id")
        state["ageing"] = [
            try canonical(try await tell(["report", "aging", "--json"]), but: "known_at")
        ]
        state["unbilled"] = try await tell(["report", "unbilled", "--csv"]).split(separator: "\n").map(String.init)
            .sorted()
        state["allocations"] = try await allocations(proposals: true)
        state["journal"] = try journal(try await tell(["report", "journal", "--csv"]))
        state["rows"] = try await counts()
        state["letters"] = try await letters().map { "\($0.seller) \($0.kind) \($0.customer) \($0.channel)" }.sorted()
        return state
    }

    /// The checks that failed.
    func verify() async throws -> String? {
        let done = try await program.run(["verify"])
        return done.status == 0 ? nil : done.out + done.error
    }

    struct Letter: Sendable {
        let seller, kind, customer, channel, state: String
        let messageID: String?
    }

    func letters() async throws -> [Letter] {
        try await database().read { transaction in
            try transaction.query(
                """
                SELECT s.code, o.kind, c.number, o.channel, o.state, o.message_id
                FROM outbox o JOIN customers c ON c.book = o.book AND c.customer = o.customer JOIN sellers s ON s.book = o.book
                ORDER BY o.book, o.message
                """, []
            ).map {
                Letter(
                    seller: try $0.text(0), kind: try $0.text(1), customer: try $0.text(2), channel: try $0.text(3),
                    state: try $0.text(4), messageID: try $0.textOrNil(5))
            }
        }
    }

    private static let tables = """
        sellers seller_accounts commands entries journal_lines number_series document_numbers outbox open_items search_terms
        customers customer_details contacts customer_accounts products prices tax_rates charges documents document_lines
        document_taxes drafts draft_charges draft_findings bank_statements bank_lines receipts bank_texts allocations
        match_proposals reminders reminder_items
        """.split(whereSeparator: \.isWhitespace)

    private func counts() async throws -> [String] {
        try await database().read { transaction in
            try Self.tables.map { "\($0) \(try transaction.query("SELECT count(*) FROM \($0)", [])[0].int(0))" }
        }
    }

    /// Each line without its entry, place, instant, command and item.
    private func journal(_ text: String) throws -> [String] {
        text.split(separator: "\n").map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return fields.enumerated().filter { ![1, 2, 4, 6, 8, 11].contains($0.offset) }.map { String($0.element) }
                .joined(separator: ",")
        }.sorted()
    }

    private func items(_ json: String, but key: String) throws -> [String] {
        let page = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        return try (page?["items"] as? [[String: Any]] ?? []).map { item in
            var item = item
            item[key] = nil
            return String(
                decoding: try JSONSerialization.data(withJSONObject: item, options: .sortedKeys), as: UTF8.self)
        }.sorted()
    }

    private func canonical(_ json: String, but key: String) throws -> String {
        var page = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
        page[key] = nil
        return String(decoding: try JSONSerialization.data(withJSONObject: page, options: .sortedKeys), as: UTF8.self)
    }
}
