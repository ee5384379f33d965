import ArgumentParser
import Books
import CorrespondenceDesk
import CreditControl
import CreditControlDesk
import Database
import Foundation
import Ledger
import Money
import ReportsDesk

extension Common {
    func letters(_ database: any Database) -> CorrespondenceDesk {
        CorrespondenceDesk(database, clock: Common.clock, chance: Common.chance)
    }
}

/// Items of a list that has no pages.
struct ListItems<Item: Encodable>: Encodable {
    let items: [Item]
    enum CodingKeys: CodingKey { case items, next }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(items, forKey: .items)
        try container.encodeNil(forKey: .next)
    }
}

/// Values of a desk's outcome, which only the desk makes by itself, from their public form.
private enum Values {
    static func make<Value: Decodable>(_ fields: [String: String]) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(try Answer.encode(fields).utf8))
    }
}

/// A folder that papers are written to; in a dry run one that is gone afterwards.
struct PaperFolder {
    let path: String
    private let isTemporary: Bool

    init(_ out: String, dryRun: Bool) throws {
        isTemporary = dryRun
        path =
            dryRun
            ? FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)").path : out
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw Outage(message: "\(path) cannot be made: \(error.localizedDescription)")
        }
    }
    func leave() { if isTemporary { try? FileManager.default.removeItem(atPath: path) } }

    func write(_ bytes: [UInt8], _ name: String) throws {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file, options: .atomic)
        } catch { throw Outage(message: "\(file.path) cannot be written: \(error.localizedDescription)") }
    }
}

// MARK: Invoices

extension Invoice {
    /// The documents of these numbers, by the seller that has them.
    static func places(_ numbers: [String], seller: String?, _ common: Common, _ database: any Database) async throws
        -> [(seller: SellerFacts, numbers: [String])]
    {
        var places: [(seller: SellerFacts, numbers: [String])] = []
        for number in numbers {
            let (book, facts) = try await DocumentPlace.find(number, seller: seller, common, database)
            if let place = places.firstIndex(where: { $0.seller.book == book }) {
                places[place].numbers.append(number)
            } else {
                places.append((facts, [number]))
            }
        }
        return places
    }

    /// `invoice export`.
    struct Export: AsyncParsableCommand {
        enum Format: String, ExpressibleByArgument, CaseIterable { case pdf, json }
        static let configuration = CommandConfiguration(
            abstract: "Write documents as files, and manifest.csv with their check sums.")
        @OptionGroup var common: Common
        @Argument(help: "Their numbers.") var numbers: [String] = []
        @Flag(help: "All that were issued here.") var all = false
        @Option(help: "pdf or json.") var format: Format = .pdf
        @Option(help: "The folder to write to.") var out: String
        @Option(help: "Only this seller.") var seller: String?
        @Flag(help: "Say what would be written, and keep nothing.") var dryRun = false

        func validate() throws {
            guard numbers.isEmpty == all else { throw ValidationError("Say some numbers, or --all.") }
        }

        private struct Outcome: Encodable {
            var files: [ExportedPaper] = []
            var left: [InvoiceExportOutcome.Left] = []
        }

        func run() async throws {
            let database = try await common.open()
            let folder = try PaperFolder(out, dryRun: dryRun)
            defer { folder.leave() }
            let outcome = try await write(folder, database)
            if common.json {
                print(try Answer.encode(outcome))
            } else {
                for left in outcome.left { Answer.say("\(left.invoiceNo): \(left.why) (\(left.code))") }
                let count = "\(outcome.files.count) file\(outcome.files.count == 1 ? "" : "s")"
                print(dryRun ? "Would write \(count) to \(out)." : "Wrote \(count) and manifest.csv to \(out).")
            }
            if !outcome.left.isEmpty { throw ExitCode(1) }
        }

        private func write(_ folder: PaperFolder, _ database: any Database) async throws -> Outcome {
            let places =
                all
                ? try await common.sellers(database, seller).map { (seller: $0, numbers: [String]()) }
                : try await Invoice.places(numbers, seller: seller, common, database)
            let shared = try await Self.areNumbersShared(places.map(\.seller), database)
            let desk = common.letters(database)
            var outcome = Outcome()
            for (seller, numbers) in places {
                let selection: DocumentSelection = all ? .all : .numbers(numbers)
                // Where two sellers use one number, each has a folder of its own.
                let below = shared ? PaperFiles.name(seller.code) + "/" : ""
                let progress = Progress("export \(seller.code)")
                switch format {
                case .pdf:
                    let part = try await desk.export(
                        selection, book: seller.book, to: folder.path + "/" + below
                    ) { progress.report($0, $1) }
                    outcome.files += part.files.map {
                        var file = $0
                        file.file = below + file.file
                        return file
                    }
                    outcome.left += part.left
                case .json:
                    outcome.files += try await json(selection, seller, below, folder, desk, database, progress)
                }
            }
            try folder.write(Array(CorrespondenceDesk.manifest(outcome.files).utf8), "manifest.csv")
            return outcome
        }

        private func json(
            _ selection: DocumentSelection, _ seller: SellerFacts, _ below: String, _ folder: PaperFolder,
            _ desk: CorrespondenceDesk, _ database: any Database, _ progress: Progress
        ) async throws -> [ExportedPaper] {
            let documents = try await desk.documents(selection, book: seller.book)
            let (book, today) = (seller.book, try common.day(in: seller.timeZone))
            var files: [ExportedPaper] = []
            var taken: Set<String> = []
            var next = 0
            while next < documents.count {
                let group = Array(documents[next..<min(next + 200, documents.count)])
                let sheets = try await database.read { transaction in
                    try group.compactMap {
                        try InvoiceSheet.read(document: $0, book: book, asOf: today, in: transaction)
                    }
                }
                for sheet in sheets {
                    let plain = PaperFiles.name(sheet.head.invoiceNo)
                    let free = taken.insert(plain).inserted
                    let name = below + (free ? "\(plain).json" : "\(plain)_\(sheet.head.document).json")
                    let bytes = Array((try Answer.encode(sheet) + "\n").utf8)
                    try folder.write(bytes, name)
                    files.append(
                        try Values.make([
                            "file": name, "invoice_no": sheet.head.invoiceNo, "customer_id": sheet.head.customer,
                            "sha256": CorrespondenceDesk.sha256(bytes),
                        ]))
                }
                next += group.count
                progress.report(next, documents.count)
            }
            return files
        }

        /// Whether one number stands for documents of two of these sellers.
        private static func areNumbersShared(_ sellers: [SellerFacts], _ database: any Database) async throws -> Bool {
            guard sellers.count > 1 else { return false }
            let books = sellers.map(\.book)
            return try await database.read { transaction in
                var seen: Set<String> = []
                for book in books {
                    for row in try transaction.query(
                        "SELECT DISTINCT number FROM documents WHERE book = $1 AND origin = 'own'", [.int(book)])
                    where try !seen.insert(row.text(0)).inserted { return true }
                }
                return false
            }
        }
    }

    /// `invoice send`.
    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send the letters of documents that wait in the outbox, by mail.")
        @OptionGroup var common: Common
        @Argument(help: "Their numbers.") var numbers: [String] = []
        @Flag(help: "Every letter whose time has come.") var due = false
        @Option(help: "Only this seller.") var seller: String?
        @Flag(help: "Say what would be sent, and send nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func validate() throws {
            guard numbers.isEmpty == due else { throw ValidationError("Say some numbers, or --due.") }
        }

        func run() async throws {
            let database = try await common.open()
            let places =
                due
                ? try await common.sellers(database, seller).map { (seller: $0, numbers: [String]()) }
                : try await Invoice.places(numbers, seller: seller, common, database)
            let sending = LetterSending(
                common: common, database: database, id: id == nil ? nil : try common.command(id, "send"), dryRun: dryRun
            )
            var report = SendReport()
            for (seller, numbers) in places { try await sending.send(numbers, of: seller, into: &report) }
            if common.json {
                print(try Answer.encode(report))
            } else {
                report.show(dryRun: dryRun)
            }
            if report.refused + report.uncertain > 0 { throw ExitCode(1) }
        }
    }
}

/// What a sending did, letter by letter.
struct SendReport: Codable, Sendable {
    /// A document that had no letter to send, and how its letter stands.
    struct Left: Codable, Sendable {
        var invoiceNo, channel, state, why: String
        enum CodingKeys: String, CodingKey {
            case channel, state, why
            case invoiceNo = "invoice_no"
        }
    }
    var sent = 0
    var refused = 0
    var uncertain = 0
    var waiting = 0
    var letters: [SendingOutcome.Letter] = []
    var left: [Left] = []

    mutating func add(_ other: SendReport) {
        sent += other.sent
        refused += other.refused
        uncertain += other.uncertain
        waiting += other.waiting
        letters += other.letters
        left += other.left
    }

    func show(dryRun: Bool) {
        Answer.table(
            ["Letter", "About", "Customer", "State", ""],
            letters.map { [$0.kind, $0.subject, $0.customer, $0.state, $0.answer] })
        for left in left { Answer.say("\(left.invoiceNo): \(left.why)") }
        print(
            dryRun
                ? "Would send \(letters.count)."
                : "\(sent) sent, \(refused) refused, \(uncertain) uncertain, \(waiting) put off.")
    }
}

/// A refusal that a desk handed back as values.
private struct Handed: Refusal {
    let code, what, why, next: String
}

/// Sends letters of one seller, and remembers the outcome under the command's id.
struct LetterSending {
    let common: Common
    let database: any Database
    let id: CommandID?
    let dryRun: Bool

    func send(_ numbers: [String], of seller: SellerFacts, into report: inout SendReport) async throws {
        let content = "letter.send \(numbers.isEmpty ? "due" : numbers.sorted().joined(separator: " "))"
        if let earlier = try await earlier(content, seller.book) { return report.add(earlier) }
        let desk = common.letters(database)
        let documents = try await desk.documents(.numbers(numbers), book: seller.book)
        var part = SendReport()
        if dryRun {
            part.letters = try await waiting(numbers, desk, seller.book)
        } else {
            let worker = OutboxWorker(desk, book: seller.book, server: try MailServer.required())
            try await worker.start()
            let progress = Progress("send \(seller.code)")
            let outcome: SendingOutcome
            do {
                outcome = try await worker.deliver(
                    numbers.isEmpty ? .due : .about(documents), patience: .tries(3, pause: .seconds(2))
                ) { progress.report($0, nil) }
            } catch let outage as MailOutage { throw Outage(message: "\(outage)") }
            if let problem = outcome.problem {
                throw Handed(code: problem.code, what: problem.what, why: problem.why, next: problem.next)
            }
            (part.sent, part.refused) = (outcome.sent, outcome.refused)
            (part.uncertain, part.waiting) = (outcome.uncertain, outcome.waiting)
            part.letters = outcome.letters
        }
        let done = Set(part.letters.map(\.subject))
        for number in numbers where !done.contains(where: { $0 == number || $0.contains(number) }) {
            part.left.append(try await left(number, seller))
        }
        if !dryRun { try await remember(part, content, seller) }
        report.add(part)
    }

    /// Letters that would go now.
    private func waiting(_ numbers: [String], _ desk: CorrespondenceDesk, _ book: Int64) async throws
        -> [SendingOutcome.Letter]
    {
        let (now, wanted) = (Common.clock().description, Set(numbers))
        return try await desk.letters(in: ["queued"], book: book, limit: 1_000_000).filter {
            $0.channel == "email" && (wanted.isEmpty ? $0.nextAt <= now : wanted.contains($0.subject))
        }.map {
            try Values.make([
                "message": $0.message, "kind": $0.kind, "subject": $0.subject, "customer": $0.customer,
                "state": $0.state, "answer": $0.answer,
            ])
        }
    }

    /// Why a document had no letter to send.
    private func left(_ number: String, _ seller: SellerFacts) async throws -> SendReport.Left {
        let (book, today) = (seller.book, try common.day(in: seller.timeZone))
        let sheets = try await database.read {
            try InvoiceSheet.read(number: number, book: book, asOf: today, in: $0)
        }
        guard let last = sheets.last?.deliveries.last else {
            return .init(invoiceNo: number, channel: "", state: "none", why: "No letter was ever asked for.")
        }
        let why =
            switch (last.state, last.channel) {
            case ("sent", _): "It was sent already, \(last.at.prefix(16))."
            case ("queued", "post"): "It goes by post: 'duly post print' prints it."
            case ("uncertain", _), ("refused", _):
                "Its letter \(last.message) is \(last.state): 'duly message send-again \(last.message)' sends it again."
            default: "Its letter \(last.message) is \(last.state)."
            }
        return .init(invoiceNo: number, channel: last.channel, state: last.state, why: why)
    }

    private func earlier(_ content: String, _ book: Int64) async throws -> SendReport? {
        guard let id, !dryRun else { return nil }
        let (now, chance) = (Common.clock(), Common.chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            return try books.outcome(of: id, content: content).map {
                try JSONDecoder().decode(SendReport.self, from: Data($0.json.utf8))
            }
        }
    }

    private func remember(_ report: SendReport, _ content: String, _ seller: SellerFacts) async throws {
        guard let id else { return }
        let (now, chance, actor) = (Common.clock(), Common.chance(), common.actor)
        let (book, today, outcome) = (seller.book, try common.day(in: seller.timeZone), try Answer.encode(report))
        try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            guard try books.outcome(of: id, content: content) == nil else { return }
            try books.record([
                Recording(
                    command: id, kind: "letter.send", content: content, actor: actor, day: today, outcome: outcome)
            ])
        }
    }
}
