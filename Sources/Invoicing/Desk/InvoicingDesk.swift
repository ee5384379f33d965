import Books
import Charges
import Customers
import Database
import Foundation
import Invoicing
import Ledger
import Money
import Pricing

/// Carries out billing: drafts, invoices, credit notes. Reads, asks the Rules, writes; it judges nothing itself.
public struct InvoicingDesk: Sendable {
    let database: any Database
    let clock: @Sendable () -> Instant
    let chance: @Sendable () -> UInt64

    public init(
        _ database: any Database, clock: @escaping @Sendable () -> Instant, chance: @escaping @Sendable () -> UInt64
    ) {
        self.database = database
        self.clock = clock
        self.chance = chance
    }

    /// How many documents go into one transaction: a group ends well within 200 ms.
    static let groupSize = 400
    /// The series that invoices and credit notes are numbered from.
    public static let series = "invoice"

    /// Bills what can be billed in one book. Every document is a piece with an outcome of its own; the run can be sent again
    /// and goes on where it stopped. A dry run prices and checks, and keeps nothing. `progress` is told how many of how many
    /// documents are done.
    public func bill(
        _ run: BillRun, book: Int64, dryRun: Bool = false,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> BillRunOutcome {
        let (now, dice) = (clock(), chance())
        let start = try await database.read { transaction -> BillStart in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if let earlier = try books.outcome(of: run.id, content: run.content) {
                return .done(try JSONDecoder().decode(BillRunOutcome.self, from: Data(earlier.json.utf8)))
            }
            let customer = try run.customer.map { try InvoicingRecords.customer($0, transaction, book: book) }
            return .pieces(
                try Self.pieces(of: run, transaction, book: book, customer: customer),
                facts: try InvoicingRecords.references(transaction, seller: books.seller, openFrom: books.openFrom),
                resumed: try !books.pieces(of: run.id).isEmpty)
        }
        guard case .pieces(let pieces, let facts, let resumed) = start else {
            guard case .done(let outcome) = start else { preconditionFailure() }
            return outcome
        }
        var tally = BillTally()
        var next = 0
        while next < pieces.count {
            let group = Array(pieces[next..<min(next + Self.groupSize, pieces.count)])
            let (now, dice) = (clock(), chance())
            let body: @Sendable (any Transaction) throws -> BillTally = { transaction in
                let books = try Books(book, in: transaction, clock: now, chance: dice)
                return try BillGroup(run: run, books: books, facts: facts, dryRun: dryRun, resumed: resumed)
                    .carryOut(group)
            }
            tally.add(
                dryRun
                    ? try await database.read(body)
                    : try await database.transaction(isolation: .readCommitted, body))
            CrashPoint.reach("bill.after-commit")
            next += group.count
            progress(next, pieces.count)
        }
        guard !dryRun else { return tally.outcome(of: run) }
        CrashPoint.reach("bill.before-outcome")
        return try await finish(run, book: book, tally: tally, resumed: resumed)
    }

    private enum BillStart: Sendable {
        case done(BillRunOutcome)
        case pieces([BillPiece], facts: DraftFacts, resumed: Bool)
    }

    private static func pieces(
        of run: BillRun, _ transaction: any Transaction, book: Int64, customer: RecordID?
    ) throws -> [BillPiece] {
        struct Key: Hashable {
            let customer: RecordID
            let currency: Currency
            let text: String
        }
        var order: [Key] = []
        var charges: [Key: [Charge]] = [:]
        try InvoicingRecords.unbilled(transaction, book: book, through: run.through, customer: customer) { charge in
            let key = Key(customer: charge.customer, currency: charge.currency, text: run.per.key(charge))
            if charges[key]?.append(charge) == nil {
                charges[key] = [charge]
                order.append(key)
            }
        }
        // One order, purchase order or customer may need several documents: one for each customer and currency.
        var sharing: [String: Int] = [:]
        func name(_ key: Key) -> String { run.per == .order ? key.text : "\(key.customer) \(key.text)" }
        for key in order { sharing[name(key), default: 0] += 1 }
        return order.map { key in
            let mine = charges[key]!
            let day: Day
            switch run.invoiceDay {
            case .charge: day = mine.reduce(mine[0].invoiceDay) { max($0, $1.invoiceDay) }
            case .day(let fixed): day = fixed
            }
            // The key of a piece: with one document per order the order, else the customer with it; all of it where that is not
            // enough to tell the documents apart.
            let short = name(key)
            let text = sharing[short] == 1 ? short : "\(key.customer) \(key.currency.code) \(key.text)"
            return BillPiece(customer: key.customer, day: day, key: text, charges: mine)
        }
    }

    /// Records the run itself with its outcome, so that the same id is answered with it.
    private func finish(_ run: BillRun, book: Int64, tally: BillTally, resumed: Bool) async throws -> BillRunOutcome {
        let (now, dice) = (clock(), chance())
        return try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if let earlier = try books.outcome(of: run.id, content: run.content) {
                return try JSONDecoder().decode(BillRunOutcome.self, from: Data(earlier.json.utf8))
            }
            var tally = tally
            if resumed { try tally.recount(run.id, transaction, book: book) }
            let outcome = tally.outcome(of: run)
            try books.record([
                Recording(
                    command: run.id, kind: "bill.run", content: run.content, actor: run.actor, day: run.today,
                    outcome: try outcome.json())
            ])
            return outcome
        }
    }
}

extension Encodable {
    /// As JSON text with sorted keys: what the books keep of an outcome.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// What a bill run did so far.
struct BillTally: Sendable {
    var drafts = 0
    var issued = 0
    var held: [BillRunOutcome.Held] = []
    /// By currency: count, net, tax.
    var totals: [String: (count: Int, net: Int64, tax: Int64)] = [:]

    mutating func count(net: Money, tax: Money) {
        var total = totals[net.currency.code] ?? (0, 0, 0)
        total.count += 1
        total.net += net.minor
        total.tax += tax.minor
        totals[net.currency.code] = total
    }

    mutating func add(_ other: BillTally) {
        drafts += other.drafts
        issued += other.issued
        held += other.held
        for (currency, more) in other.totals {
            let total = totals[currency] ?? (0, 0, 0)
            totals[currency] = (total.count + more.count, total.net + more.net, total.tax + more.tax)
        }
    }

    /// Counts what earlier goes of the same run issued, too, with what the checks had said of it.
    mutating func recount(_ run: CommandID, _ transaction: any Transaction, book: Int64) throws {
        let range: [SQLValue] = [.int(book), .text(run.pieces.after), .text(run.pieces.before)]
        let inThisGo = issued
        issued = 0
        var all: [String: (count: Int, net: Int64, tax: Int64)] = [:]
        for row in try transaction.query(
            """
            SELECT currency, count(*), CAST(sum(net) AS BIGINT), CAST(sum(tax) AS BIGINT) FROM documents
            WHERE book = $1 AND command > $2 AND command < $3
            GROUP BY currency
            """, range)
        {
            all[try row.text(0)] = (Int(try row.int(1)), try row.int(2), try row.int(3))
            issued += Int(try row.int(1))
        }
        drafts += issued - inThisGo
        if issued > 0 { totals = all }
        // What has a draft was not issued: that was found in this go. What was issued keeps its warnings with its piece.
        held.removeAll { $0.draft.isEmpty }
        for row in try transaction.query(
            """
            SELECT outcome FROM commands
            WHERE book = $1 AND command > $2 AND command < $3 AND kind = 'invoice.issue'
                AND outcome LIKE '%"warnings":%'
            """, range)
        {
            held += try JSONDecoder().decode(IssuedPiece.self, from: Data(try row.text(0).utf8)).warnings ?? []
        }
    }

    /// What a piece of the run keeps of the document it issued.
    private struct IssuedPiece: Codable {
        let warnings: [BillRunOutcome.Held]?
    }

    func outcome(of run: BillRun) -> BillRunOutcome {
        BillRunOutcome(
            run: run.id.text, through: run.through.description, drafts: drafts, issued: issued,
            held: held.sorted {
                ($0.order_id, $0.customer, $0.check, $0.why) < ($1.order_id, $1.customer, $1.check, $1.why)
            },
            totals: BillRunOutcome.Total.rows(totals))
    }
}
