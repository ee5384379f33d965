import Books
import Charges
import Database
import Foundation
import Invoicing
import Ledger
import Money

/// `duly invoice issue`: waiting drafts, one by one, by their ids.
public struct IssueDrafts: Sendable {
    public let id: CommandID
    public let drafts: [RecordID]
    public let actor: Actor
    public let today: Day
    public init(id: CommandID, drafts: [RecordID], actor: Actor, today: Day) {
        self.id = id
        self.drafts = drafts
        self.actor = actor
        self.today = today
    }

    /// It is a bill run over chosen charges: with the same outcome, and taken back alike.
    fileprivate var run: BillRun {
        BillRun(
            id: id, through: today, customer: nil, invoiceDay: .charge, per: .order, issue: true, actor: actor,
            today: today)
    }
    fileprivate var content: String { "invoice.issue " + drafts.map(\.description).sorted().joined(separator: " ") }
}

/// A draft that waits to be issued.
public struct WaitingDraft: Codable, Sendable, Equatable {
    public let draft, state, customer, customer_name, order_id, day, currency, net, tax, gross: String
    /// What the checks said last; empty where nothing.
    public let findings: [Finding]
    public struct Finding: Codable, Sendable, Equatable {
        public let check, severity, why, next: String
    }
}

extension InvoicingDesk {
    /// Prices and checks these drafts anew and issues those that pass, in one transaction. What a check holds stays a draft, with
    /// what the check said. Refused, whole, where one of them does not wait any more or its charges were billed since.
    public func issue(_ command: IssueDrafts, book: Int64, dryRun: Bool = false) async throws -> BillRunOutcome {
        let (now, dice) = (clock(), chance())
        let body: @Sendable (any Transaction) throws -> BillRunOutcome = { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if let earlier = try books.outcome(of: command.id, content: command.content) {
                return try JSONDecoder().decode(BillRunOutcome.self, from: Data(earlier.json.utf8))
            }
            let pieces = try command.drafts.map { try Self.piece(of: $0, transaction, book: book) }
            let facts = try InvoicingRecords.references(transaction, seller: books.seller, openFrom: books.openFrom)
            let run = command.run
            let outcome = try BillGroup(run: run, books: books, facts: facts, dryRun: dryRun, resumed: false)
                .carryOut(pieces).outcome(of: run)
            guard !dryRun else { return outcome }
            try books.record([
                Recording(
                    command: command.id, kind: "bill.run", content: command.content, actor: command.actor,
                    day: command.today, outcome: try outcome.json())
            ])
            return outcome
        }
        return dryRun
            ? try await database.read(body) : try await database.transaction(isolation: .readCommitted, body)
    }

    private static func piece(of draft: RecordID, _ transaction: any Transaction, book: Int64) throws -> BillPiece {
        let heads = try transaction.query(
            """
            SELECT customer, day, group_key FROM drafts
            WHERE book = $1 AND draft = $2 AND state IN ('open', 'held')
            """, [.int(book), .int(draft.number)])
        guard let head = heads.first, let day = Day(try head.text(1)) else {
            throw InvoicingRefusal.noSuchDraft(draft.description)
        }
        var charges: [Charge] = []
        try transaction.rows(
            """
            SELECT \(InvoicingRecords.chargeColumns)
            FROM draft_charges d
            JOIN charges c ON c.book = d.book AND c.charge = d.charge
            WHERE d.book = $1 AND d.draft = $2 AND c.billed_by IS NULL
            ORDER BY c.day, c.order_id, c.line_no
            """, [.int(book), .int(draft.number)]
        ) { charges.append(try InvoicingRecords.charge($0)) }
        let all = try transaction.query(
            "SELECT count(*) FROM draft_charges WHERE book = $1 AND draft = $2", [.int(book), .int(draft.number)])
        guard !charges.isEmpty, charges.count == Int(try all[0].int(0)) else {
            throw InvoicingRefusal.chargesGone(draft.description)
        }
        return BillPiece(
            customer: RecordID(number: try head.int(0)), day: day, key: try head.text(2), charges: charges)
    }

    /// The drafts that wait, oldest first; with `held` those that a check holds.
    public static func drafts(
        heldOnly: Bool, after: RecordID?, limit: Int, _ transaction: any Transaction, book: Int64
    ) throws -> [WaitingDraft] {
        let rows = try transaction.query(
            """
            SELECT d.draft, d.state, c.number, COALESCE(n.name, ''), d.order_id, d.day, d.currency, d.net, d.tax, d.gross
            FROM drafts d
            JOIN customers c ON c.book = d.book AND c.customer = d.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE d.book = $1 AND d.state IN ('open', 'held') AND (d.state = 'held' OR $2 = 0) AND d.draft > $3
            ORDER BY d.draft
            LIMIT $4
            """, [.int(book), .int(heldOnly ? 1 : 0), .int(after?.number ?? 0), .int(Int64(limit))])
        try transaction.pick(try rows.map { try $0.int(0) })
        var findings: [Int64: [WaitingDraft.Finding]] = [:]
        try transaction.rows(
            """
            SELECT f.draft, f.finding, f.severity, f.why, f.next
            FROM picked CROSS JOIN draft_findings f
            WHERE f.book = $1 AND f.draft = picked.key
            ORDER BY f.draft, f.place
            """, [.int(book)]
        ) { row in
            let finding = WaitingDraft.Finding(
                check: try row.text(1), severity: try row.text(2), why: try row.text(3), next: try row.text(4))
            findings[try row.int(0), default: []].append(finding)
        }
        return try rows.compactMap { row in
            guard let currency = Currency(try row.text(6)) else { return nil }
            func money(_ column: Int) throws -> String { Money(minor: try row.int(column), currency).decimal }
            return WaitingDraft(
                draft: RecordID(number: try row.int(0)).description, state: try row.text(1), customer: try row.text(2),
                customer_name: try row.text(3), order_id: try row.text(4), day: try row.text(5),
                currency: currency.code, net: try money(7), tax: try money(8), gross: try money(9),
                findings: findings[try row.int(0)] ?? [])
        }
    }
}
