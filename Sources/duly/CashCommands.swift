import ArgumentParser
import Books
import Database
import Formats
import Foundation
import Ledger
import Money
import Receivables
import ReceivablesDesk
import ReportsDesk

extension WriteOffReason: ExpressibleByArgument {}

struct Cash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Money in: match it, apply it, list it.",
        subcommands: [Match.self, Apply.self, Unapply.self, WriteOff.self, List.self, ExportAllocations.self])

    static func desk(_ common: Common, _ database: any Database) throws -> ReceivablesDesk {
        ReceivablesDesk(database, vault: try common.vault(), clock: Common.clock, chance: Common.chance)
    }

    struct Match: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find what the receipts pay; book what is certain, propose the rest.")
        @OptionGroup var common: Common
        @Option(help: "Receipts through this day; default today.") var through: String?
        @Option(help: "Book at this confidence or above.") var minimumConfidence = "0.98"
        @Option(help: "Only this seller.") var seller: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let database = try await common.open()
            let desk = try Cash.desk(common, database)
            let command = try common.command(id, "match")
            guard let confidence = try? FixedPoint.parse(minimumConfidence, decimals: 4),
                (0...10_000).contains(confidence)
            else { throw ValidationError("--minimum-confidence takes 0 to 1, not '\(minimumConfidence)'.") }
            var policy = MatchPolicy()
            policy.minimumConfidence = Int(confidence)
            var outcomes: [MatchOutcome] = []
            for seller in try await common.sellers(database, seller) {
                let today = try common.day(in: seller.timeZone)
                let run = MatchRun(
                    id: command, through: try through.map { try Common.day($0, "--through") } ?? today, policy: policy,
                    actor: common.actor, today: today)
                let progress = Progress("match \(seller.code)")
                outcomes.append(
                    try await desk.match(run, book: seller.book, dryRun: dryRun) { progress.report($0, $1) })
            }
            let all = MatchOutcome(run: command, joining: outcomes)
            if !dryRun { await TableStatistics.renew(database, after: all.applied) }
            if common.json { return print(try Answer.encode(all)) }
            print(
                "\(all.receipts) receipts: \(all.applied) applied, \(all.proposed) proposed, \(all.left) left. Run \(all.run)."
            )
            Answer.table(
                ["Payment", "Document", "Allocated", "", "Confidence", "Why"],
                all.allocations.filter { !$0.applied }.prefix(200).map {
                    [$0.payment_id, $0.invoice_no, $0.allocated, $0.currency, $0.confidence, $0.reason]
                }, right: [2, 4])
            if dryRun { print("Nothing was kept.") }
        }
    }

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Apply a receipt to documents, by hand or from a file.",
            discussion:
                "A file has the columns payment_id, invoice_no, allocated and, where wanted, writeoff and reason.")
        @OptionGroup var common: Common
        @Option(help: "The receipt: its payment id or its id.") var receipt: String?
        @Option(help: "The document; several may be named, each with its amount.") var invoice: [String] = []
        @Option(parsing: .unconditionalSingleValue, help: "How much of the receipt; negative to use a credit note.")
        var amount: [String] = []
        @Option(
            parsing: .unconditionalSingleValue,
            help: "Written off with it; negative on a credit note; 0 for one of several without.")
        var writeOff: [String] = []
        @Option(help: "Why it is written off: \(WriteOffReason.allCases.map(\.rawValue).joined(separator: ", ")).")
        var reason: WriteOffReason?
        @Option(help: "A file of allocations.") var from: String?
        @Option(help: "The seller, where there are several.") var seller: String?
        @Flag(help: "Apply the good rows, and say what was wrong with the others.") var keepGood = false
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let database = try await common.open()
            let wishes: [ApplyWish]
            if let from {
                wishes = try Self.wishes(from)
            } else {
                wishes = [try wish()]
            }
            let byBook = try await placed(wishes, database)
            let desk = try Cash.desk(common, database)
            let command = try common.command(id, "apply")
            if byBook.count > 1, !keepGood { try await lookOver(byBook, desk, command) }
            var outcomes: [ApplyOutcome] = []
            var problems: [ApplyProblem] = []
            for (seller, mine) in byBook {
                let progress = Progress("apply \(seller.code)")
                let (one, wrong) = try await desk.apply(
                    mine, book: seller.book, run: command, actor: common.actor,
                    today: try common.day(in: seller.timeZone), keepGood: keepGood, dryRun: dryRun
                ) { progress.report($0, $1) }
                outcomes.append(one)
                problems += wrong
            }
            let all = ApplyOutcome(run: command, joining: outcomes)
            if common.json {
                print(try Answer.encode(Applied(outcome: all, refusals: problems.map(RefusalAnswer.init))))
            } else {
                print(
                    "\(all.receipts) receipts applied, \(all.unchanged) before. Run \(all.run).\(dryRun ? " Nothing was kept." : "")"
                )
            }
            guard problems.isEmpty else {
                if !common.json {
                    for problem in problems { Answer.say("\(problem.why) \(problem.next) (\(problem.code))") }
                }
                throw ExitCode(1)
            }
        }

        /// The receipt and the documents that were named, each with its amount.
        private func wish() throws -> ApplyWish {
            guard let receipt, !invoice.isEmpty else {
                throw ValidationError("Say --receipt and --invoice, or --from FILE.")
            }
            let isOne = invoice.count == 1
            guard amount.count == invoice.count || (isOne && amount.isEmpty) else {
                throw ValidationError("Say one --amount for each --invoice.")
            }
            guard writeOff.isEmpty || writeOff.count == invoice.count else {
                throw ValidationError("Say one --write-off for each --invoice, 0 where there is none.")
            }
            guard writeOff.allSatisfy(Self.isNothing) || reason != nil else {
                throw ValidationError("Say with --reason why it is written off.")
            }
            return ApplyWish(
                receipt: receipt,
                parts: invoice.enumerated().map { place, number in
                    let off = writeOff.isEmpty || Self.isNothing(writeOff[place]) ? "" : writeOff[place]
                    return .init(
                        invoice: number, amount: amount.isEmpty ? "" : amount[place], writeOff: off,
                        reason: off.isEmpty ? "" : reason?.rawValue ?? "")
                })
        }
        private static func isNothing(_ amount: String) -> Bool { Set(amount).isSubset(of: ["0", ".", "-"]) }

        /// What was applied, and what was not: a row each.
        private struct Applied: Encodable {
            let outcome: ApplyOutcome
            let refusals: [RefusalAnswer]
            enum CodingKeys: CodingKey { case refusals }
            func encode(to encoder: any Encoder) throws {
                try outcome.encode(to: encoder)
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(refusals, forKey: .refusals)
            }
        }

        /// All of a file or nothing of it: each seller's part is looked at before any is booked.
        private func lookOver(
            _ byBook: [(SellerFacts, [ApplyWish])], _ desk: ReceivablesDesk, _ command: CommandID
        ) async throws {
            var refusals: [any Refusal] = []
            for (seller, mine) in byBook {
                do {
                    _ = try await desk.apply(
                        mine, book: seller.book, run: command, actor: common.actor,
                        today: try common.day(in: seller.timeZone), keepGood: false, dryRun: true)
                } catch let found as Refusals {
                    refusals += found.all
                }
            }
            guard refusals.isEmpty else { throw Refusals(refusals) }
        }

        /// Each wish to the seller whose document it names; with several sellers and all of a file checked first.
        private func placed(
            _ wishes: [ApplyWish], _ database: any Database
        ) async throws -> [(SellerFacts, [ApplyWish])] {
            let sellers = try await common.sellers(database, seller)
            guard sellers.count > 1 else { return [(sellers[0], wishes)] }
            let numbers = Array(Set(wishes.flatMap { $0.parts.map(\.invoice) })).sorted()
            let books = try await database.read { transaction -> [String: [Int64]] in
                try transaction.pick(numbers)
                var found: [String: [Int64]] = [:]
                for seller in sellers {
                    try transaction.rows(
                        "SELECT d.number FROM picked_text p CROSS JOIN documents d WHERE d.book = $1 AND d.number = p.key",
                        [.int(seller.book)]
                    ) { found[try $0.text(0), default: []].append(seller.book) }
                }
                return found
            }
            var placed: [Int64: [ApplyWish]] = [:]
            var lost: [ApplyWish] = []
            for wish in wishes {
                let of = wish.parts.compactMap { books[$0.invoice] }
                guard let first = of.first, first.count == 1 else {
                    lost.append(wish)
                    continue
                }
                placed[first[0], default: []].append(wish)
            }
            if !lost.isEmpty, !keepGood {
                throw Refusals(lost.map { ApplyRefusal.noSuchDocument($0.parts.first?.invoice ?? "") })
            }
            return sellers.compactMap { seller in placed[seller.book].map { (seller, $0) } }
        }

        private static func wishes(_ path: String) throws -> [ApplyWish] {
            let table = try TableFile.open(path: path)
            let survey = try table.survey(fields: [
                FieldDeclaration("payment_id", .identifier, required: true, mayBeBlank: true, synonyms: ["receipt"]),
                FieldDeclaration("invoice_no", .identifier, required: true, mayBeBlank: true, synonyms: ["invoice"]),
                FieldDeclaration("allocated", required: true, mayBeBlank: true, synonyms: ["amount"]),
                FieldDeclaration("writeoff", synonyms: ["write_off"]),
                FieldDeclaration("reason"),
            ])
            var order: [String] = []
            var parts: [String: [ApplyWish.Part]] = [:]
            let rows = try table.rows(survey)
            func text(_ row: TableRow, _ name: String) -> String { row.text(survey.field(name)) ?? "" }
            while let row = try rows.next() {
                let invoice = text(row, "invoice_no")
                // A row without a document says that the payment belongs to none.
                guard !invoice.isEmpty else { continue }
                let payment = text(row, "payment_id")
                var off = text(row, "writeoff")
                if Set(off).isSubset(of: ["0", "."]) { off = "" }
                let key = payment.isEmpty ? "\u{1}\(row.number)" : payment
                if parts[key] == nil { order.append(key) }
                parts[key, default: []].append(
                    .init(
                        invoice: invoice, amount: text(row, "allocated"), writeOff: off, reason: text(row, "reason"),
                        row: row.number))
            }
            return order.map { ApplyWish(receipt: $0.hasPrefix("\u{1}") ? "" : $0, parts: parts[$0]!) }
        }
    }

    struct WriteOff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write-off",
            abstract: "Give up part of a document, or all that is open of it, without money; it is given up today.")
        @OptionGroup var common: Common
        @Option(help: "The document.") var invoice: String
        @Option(parsing: .unconditional, help: "How much of it; negative on a credit note.") var amount: String
        @Option(help: "Why: \(WriteOffReason.allCases.map(\.rawValue).joined(separator: ", ")).")
        var reason: WriteOffReason
        @Option(help: "The seller, where there are several.") var seller: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let database = try await common.open()
            let (book, owner) = try await DocumentPlace.find(invoice, seller: seller, common, database)
            let wish = ApplyWish(
                receipt: "",
                parts: [.init(invoice: invoice, amount: "", writeOff: amount, reason: reason.rawValue)])
            let (outcome, _) = try await Cash.desk(common, database).apply(
                [wish], book: book, run: try common.command(id, "write-off"), actor: common.actor,
                today: try common.day(in: owner.timeZone), keepGood: false, dryRun: dryRun)
            if common.json { return print(try Answer.encode(outcome)) }
            for one in outcome.allocations {
                print(
                    "\(dryRun ? "Would write off" : "Wrote off") \(one.writeoff) \(one.currency) of \(one.invoice_no) (\(reason.rawValue))."
                )
            }
            if dryRun { print("Nothing was kept.") }
        }
    }

    struct Unapply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take back what a receipt was applied to.")
        @OptionGroup var common: Common
        @Option(help: "The receipt: its payment id or its id.") var receipt: String
        @Option(help: "Only what was applied to this document.") var invoice: String?
        @Option(help: "The seller, where several have a receipt of this id.") var seller: String?
        @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
        @Option(help: "The command's id; the same again returns the first outcome.") var id: String?

        func run() async throws {
            let database = try await common.open()
            let desk = UndoDesk(database)
            let run = try common.command(id, "unapply")
            let asked = "cash.unapply \(receipt) \(invoice ?? "")"
            let sellers = try await common.sellers(database, seller)
            for seller in sellers {
                if let earlier = try await desk.outcome(of: run, asked: asked, book: seller.book) {
                    return try report(earlier)
                }
            }
            let (owner, commands) = try await standing(sellers, database)
            let today = try common.day(in: owner.timeZone)
            var undone: [UndoneCommand] = []
            for command in commands {
                undone += try await desk.undo(
                    command, book: owner.book, as: run, withLater: false, actor: common.actor, today: today,
                    dryRun: dryRun)
            }
            if !dryRun {
                try await desk.finish(
                    run, asked: asked, undone: undone, book: owner.book, actor: common.actor, today: today)
            }
            try report(undone)
        }

        private func report(_ undone: [UndoneCommand]) throws {
            if common.json { return print(try Answer.encode(["undone": undone])) }
            for one in undone { print("\(dryRun ? "Would take back" : "Took back") \(one.command) (\(one.kind)).") }
        }

        /// The commands that applied the receipt and stand, newest first. Each applies one receipt, and is taken back whole; what
        /// came with imported history is not.
        private func standing(
            _ sellers: [SellerFacts], _ database: any Database
        ) async throws -> (SellerFacts, [String]) {
            let (receipt, invoice) = (receipt, invoice)
            var found: [(seller: SellerFacts, receipt: Int64)] = []
            for seller in sellers {
                found += try await database.read { transaction in
                    try transaction.query(
                        """
                        SELECT r.receipt FROM receipts r
                        WHERE r.book = $1 AND (r.payment_id = $2 OR r.receipt = $3)
                            AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = r.command)
                        """, [.int(seller.book), .text(receipt), .int(RecordID(receipt)?.number ?? -1)]
                    ).map { (seller, try $0.int(0)) }
                }
            }
            guard let first = found.first else { throw ApplyRefusal.noSuchReceipt(receipt) }
            guard found.count == 1 else { throw ApplyRefusal.ambiguousReceipt(receipt) }
            let rows = try await database.read { transaction in
                try transaction.query(
                    """
                    SELECT a.command, c.kind, d.number FROM allocations a
                    JOIN commands c ON c.book = a.book AND c.command = a.command
                    JOIN documents d ON d.book = a.book AND d.document = a.document
                    WHERE a.book = $1 AND a.receipt = $2
                        AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = a.command)
                    ORDER BY a.recorded DESC, a.command DESC, d.number
                    """, [.int(first.seller.book), .int(first.receipt)]
                ).map { (command: try $0.text(0), kind: try $0.text(1), number: try $0.text(2)) }
            }
            var commands: [String] = []
            for row in rows where invoice == nil || row.number == invoice {
                guard row.kind != "import.invoices" else { throw ApplyRefusal.fromHistory(receipt) }
                let others = rows.filter { $0.command == row.command }.map(\.number)
                if let invoice, Set(others) != [invoice] { throw ApplyRefusal.appliedTogether(receipt, others: others) }
                if !commands.contains(row.command) { commands.append(row.command) }
            }
            guard !commands.isEmpty else { throw ApplyRefusal.nothingApplied(receipt) }
            return (first.seller, commands)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List receipts, what is left of each and of whom.")
        @OptionGroup var common: Common
        @Flag(help: "Only receipts with something left.") var open = false
        @Option(help: "Only this seller.") var seller: String?
        @Option(help: "At most this many.") var limit = 100
        @Option(help: "After this receipt's id.") var after: String?

        struct Item: Codable, Sendable, Equatable {
            var id, payment_id, seller, day, currency, amount, left, customer, payer, reference: String
        }
        func validate() throws { try ListOptions.check(limit: limit) }

        func run() async throws {
            let from = try after.map { text in
                guard let id = RecordID(text) else {
                    throw ValidationError("--after takes a receipt's id, not '\(text)'.")
                }
                return id.number
            }
            let database = try await common.open()
            var items: [Item] = []
            for seller in try await common.sellers(database, seller) {
                let rows = try await database.read { transaction in
                    try transaction.query(
                        """
                        SELECT r.receipt, r.payment_id, r.day, r.currency, r.minor, i.open_minor, c.number, t.payer, r.reference
                        FROM receipts r
                        JOIN open_items i ON i.book = r.book AND i.item = r.receipt
                        LEFT JOIN customers c ON c.book = i.book AND c.customer = COALESCE(i.customer, (
                            SELECT max(a.customer) FROM allocations a
                            WHERE a.book = r.book AND a.receipt = r.receipt
                                AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.book = a.book AND e.reverses = a.entry)))
                        LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
                        WHERE r.book = $1 AND r.receipt > $2 \(open ? "AND i.open_minor <> 0" : "")
                            AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = r.book AND u.command = r.command)
                        ORDER BY r.receipt LIMIT $3
                        """, [.int(seller.book), .int(from ?? 0), .int(Int64(limit + 1))])
                }
                for row in rows {
                    guard let currency = Currency(try row.text(3)) else { continue }
                    items.append(
                        Item(
                            id: RecordID(number: try row.int(0)).description, payment_id: try row.text(1),
                            seller: seller.code, day: try row.text(2), currency: currency.code,
                            amount: Money(minor: try row.int(4), currency).decimal,
                            left: Money(minor: -(try row.int(5)), currency).decimal,
                            customer: try row.textOrNil(6) ?? "", payer: try row.textOrNil(7) ?? "",
                            reference: try row.text(8)))
                }
            }
            items.sort { $0.id < $1.id }
            let more = items.count > limit
            let page = Array(items.prefix(limit))
            if common.json { return print(try Answer.encode(ReportPage(page, next: more ? page.last?.id : nil))) }
            Answer.table(
                ["Receipt", "Payment", "Day", "Amount", "Left", "", "Customer", "Payer"],
                page.map { [$0.id, $0.payment_id, $0.day, $0.amount, $0.left, $0.currency, $0.customer, $0.payer] },
                right: [3, 4])
        }
    }

    struct ExportAllocations: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export-allocations",
            abstract: "Write what is booked: payment_id, invoice_no, allocated, confidence, reason.")
        @OptionGroup var common: Common
        @Option(help: "The file.") var out: String
        @Flag(help: "Add what is proposed, with a column that says what is applied.") var proposals = false

        func run() async throws {
            let database = try await common.open()
            let file = Foundation.open(out, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
            guard file >= 0 else {
                throw Outage(message: "\(out) cannot be written: \(String(cString: strerror(errno)))")
            }
            defer { close(file) }
            let withProposals = proposals
            let count = try await database.read { transaction in
                try AllocationExport(proposals: withProposals).write(to: TextSink(fileDescriptor: file), transaction)
            }
            if common.json { return print(try Answer.encode(["rows": count])) }
            print("\(count) rows in \(out).")
        }
    }
}
