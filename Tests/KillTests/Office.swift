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
        folder = try TestFolder.fresh("company")
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
        let folder = try TestFolder.fresh("office")
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
        let booked = program.folder.appendingPathComponent("allocations.csv")
        _ = try await tell(["cash", "export-allocations", "--out", booked.path])
        let matched = Set(
            try String(contentsOf: booked, encoding: .utf8).split(separator: "\n").dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false)[0]
            })
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

    /// Away with its files, before the test run ends: the long test opens many.
    func close() { try? FileManager.default.removeItem(at: program.folder) }

    /// How long the program takes until it begins to work: what a blow may fall into without hitting anything.
    func startUp() async throws -> Duration {
        var shortest = Duration.seconds(60)
        for _ in 0..<3 { shortest = min(shortest, try await program.run(["seller", "list"]).took) }
        return shortest
    }

    /// Whether some of a step's pieces stand, and the step itself does not: a blow fell between them.
    func isHalfDone(_ step: Step) async throws -> Bool {
        let id = "\(step)-1"
        return try await database().read { transaction in
            let rows = try transaction.query(
                "SELECT command FROM commands WHERE command = $1 OR command > $2 AND command < $3",
                [.text(id), .text(id + "/"), .text(id + "0")])
            return try !rows.isEmpty && !rows.contains { try $0.text(0) == id }
        }
    }
}

// MARK: What is in the books

extension Office {
    /// Everything that must be the same however often somebody died.
    func state() async throws -> [String: [String]] { try await BooksPicture.take(of: try database()) }

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
}
