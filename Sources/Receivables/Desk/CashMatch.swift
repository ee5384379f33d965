import Books
import Database
import Foundation
import Ledger
import Money
import Receivables

/// `duly cash match`: which open items the receipts pay.
public struct MatchRun: Sendable {
    public let id: CommandID
    public let through: Day
    public let policy: MatchPolicy
    public let actor: Actor
    public let today: Day
    public init(id: CommandID, through: Day, policy: MatchPolicy, actor: Actor, today: Day) {
        self.id = id
        self.through = through
        self.policy = policy
        self.actor = actor
        self.today = today
    }
    var content: String { "cash.match \(through) \(policy.minimumConfidence)" }
}

/// What a matching run did and proposes.
public struct MatchOutcome: Codable, Sendable, Equatable {
    public struct RunnerUp: Codable, Sendable, Equatable {
        public var invoice_no, confidence, why_not: String
    }
    public struct Allocation: Codable, Sendable, Equatable {
        public var payment_id, invoice_no, allocated, writeoff, currency, confidence: String
        public var applied: Bool
        public var reason: String
        public var runner_up: RunnerUp?
    }
    public var run: String
    public var receipts: Int
    public var applied: Int
    public var proposed: Int
    public var left: Int
    public var allocations: [Allocation]
}

extension MatchOutcome {
    /// Of a run that did nothing yet, and of one run at several sellers.
    public init(run: CommandID, joining outcomes: [MatchOutcome]) {
        self.run = run.text
        receipts = outcomes.reduce(0) { $0 + $1.receipts }
        applied = outcomes.reduce(0) { $0 + $1.applied }
        proposed = outcomes.reduce(0) { $0 + $1.proposed }
        left = outcomes.reduce(0) { $0 + $1.left }
        allocations = outcomes.flatMap(\.allocations)
    }
}

extension ReceivablesDesk {
    /// Matches the receipts of one book that nobody touched yet, applies what is certain, and keeps the rest as proposals.
    public func match(
        _ run: MatchRun, book: Int64, dryRun: Bool,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> MatchOutcome {
        let (now, dice) = (clock(), chance())
        let facts = try await database.read { transaction -> MatchStart in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if let earlier = try books.outcome(of: run.id, content: run.content) {
                return .done(try JSONDecoder().decode(MatchOutcome.self, from: Data(earlier.json.utf8)))
            }
            return .facts(try MatchFacts(books: books, run: run))
        }
        guard case .facts(let facts) = facts else {
            guard case .done(let outcome) = facts else { preconditionFailure() }
            return outcome
        }
        var policy = run.policy
        policy.homeCurrency = facts.home
        var matcher = Matcher(items: facts.items, payers: facts.payers, policy: policy)
        let proposals = matcher.match(all: facts.receipts)
        var tally = MatchTally(facts: facts)
        var all: Set<RecordID> = []
        let certain = proposals.filter { $0.decision == .apply && !$0.allocations.isEmpty }
        var next = 0
        while next < certain.count {
            let group = Array(certain[next..<min(next + 400, certain.count)])
            var booked = Set(group.map(\.receipt))
            if !dryRun {
                let (now, dice) = (clock(), chance())
                booked = try await database.transaction(isolation: .readCommitted) { transaction in
                    let books = try Books(book, in: transaction, clock: now, chance: dice)
                    return try MatchGroup(books: books, run: run, facts: facts).book(group)
                }
            }
            CrashPoint.reach("match.after-group")
            all.formUnion(booked)
            for proposal in group { tally.add(proposal, applied: booked.contains(proposal.receipt)) }
            next += group.count
            progress(next, certain.count)
        }
        for proposal in proposals where proposal.decision != .apply || proposal.allocations.isEmpty {
            tally.add(proposal, applied: false)
        }
        let outcome = tally.outcome(of: run)
        if !dryRun {
            CrashPoint.reach("match.before-outcome")
            let learnt = facts.learnt(from: certain.filter { all.contains($0.receipt) }, book: book)
            try await finish(run, book: book, proposals: proposals, learnt: learnt, outcome: outcome)
        }
        return outcome
    }

    private enum MatchStart: Sendable {
        case done(MatchOutcome)
        case facts(MatchFacts)
    }

    /// Records the run, keeps what it proposes in the place of what the last one proposed, and from whose accounts money came: not
    /// before, so that a run that goes on after a crash decides on what it decided on at first.
    private func finish(
        _ run: MatchRun, book: Int64, proposals: [MatchProposal], learnt: RowBatch, outcome: MatchOutcome
    ) async throws {
        // The outcome of the run is its counts; the allocations stand in the books.
        var kept = outcome
        kept.allocations = outcome.allocations.count > 1_000 ? [] : outcome.allocations
        let json = try kept.json()
        let (now, dice) = (clock(), chance())
        try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            guard try books.outcome(of: run.id, content: run.content) == nil else { return }
            _ = try transaction.execute("DELETE FROM match_proposals WHERE book = $1", [.int(book)])
            var rows = RowBatch(
                into: "match_proposals",
                columns: [
                    "book", "receipt", "place", "document", "minor", "write_off", "confidence", "reason", "runner_up",
                ])
            for proposal in proposals where proposal.decision == .propose {
                for (place, allocation) in proposal.allocations.enumerated() {
                    rows.append([
                        .int(book), .int(proposal.receipt.number), .int(Int64(place + 1)),
                        .int(allocation.item.number), .int(allocation.amount), .int(allocation.writeOff),
                        .int(Int64(proposal.confidence)), .text(proposal.reason),
                        .text(proposal.runnerUp.map { "\($0.number): \($0.whyNot)" } ?? ""),
                    ])
                }
            }
            try transaction.insert(rows)
            _ = try transaction.insertIgnoringExisting(learnt)
            try books.record([
                Recording(
                    command: run.id, kind: "cash.match", content: run.content, actor: run.actor, day: run.today,
                    outcome: json)
            ])
        }
    }
}

/// Everything matching decides on, as read.
struct MatchFacts: Sendable {
    var items: [MatchItem] = []
    var payers: [MatchPayer] = []
    var receipts: [MatchReceipt] = []
    var paymentIDs: [RecordID: String] = [:]
    var numbers: [RecordID: String] = [:]
    var customers: [RecordID: RecordID] = [:]
    var accounts: [RecordID: (key: String, sealed: String)] = [:]
    let home: Currency

    /// Settled documents of this many days before the oldest receipt are read too, so that one paid twice is recognised.
    private static let settledDays = 400

    /// What the run's own pieces took from each document and receipt before it stopped: put back for the decision, so that it is
    /// the same one again, and every receipt finds its piece.
    private var taken: [RecordID: Int64] = [:]
    private var begun: [RecordID] = []

    init(books: Books, run: MatchRun) throws {
        home = books.seller.currency
        try readBegun(books, run.id)
        try readReceipts(books, run.through)
        guard let oldest = receipts.map(\.bookingDay).min() else { return }
        try readItems(books, from: oldest - Self.settledDays)
        try readPayers(books)
    }

    private mutating func readBegun(_ books: Books, _ run: CommandID) throws {
        var receipts: Set<RecordID> = []
        try books.transaction.rows(
            """
            SELECT a.receipt, a.document, a.minor + a.write_off FROM allocations a
            WHERE a.book = $1 AND a.command > $2 AND a.command < $3
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = a.book AND u.command = a.command)
            """, [.int(books.book), .text(run.pieces.after), .text(run.pieces.before)]
        ) { row in
            if let receipt = try row.intOrNil(0) { receipts.insert(RecordID(number: receipt)) }
            taken[RecordID(number: try row.int(1)), default: 0] += try row.int(2)
        }
        begun = receipts.sorted()
    }

    private mutating func readReceipts(_ books: Books, _ through: Day) throws {
        try readReceipts(
            books, where: "i.customer IS NULL AND i.open_minor <> 0 AND r.day <= $2 AND i.open_minor = i.minor",
            [.text(through.description)])
        guard !begun.isEmpty else { return }
        try books.transaction.pick(begun.map(\.number))
        try readReceipts(books, where: "r.receipt IN (SELECT key FROM picked)", [])
        receipts.sort { ($0.bookingDay, $0.id) < ($1.bookingDay, $1.id) }
    }

    private mutating func readReceipts(_ books: Books, where: String, _ parameters: [SQLValue]) throws {
        try books.transaction.rows(
            """
            SELECT r.receipt, r.day, r.minor, r.currency, r.payment_id, r.reference, t.payer, t.account_key, t.sealed,
                t.text, t.end_to_end
            FROM open_items i
            JOIN receipts r ON r.book = i.book AND r.receipt = i.item
            LEFT JOIN bank_texts t ON t.book = r.book AND t.bank_line = r.bank_line
            WHERE i.book = $1 AND i.account = 'unapplied' AND \(`where`)
            ORDER BY r.day, r.receipt
            """, [.int(books.book)] + parameters
        ) { row in
            guard let day = Day(try row.text(1)), let currency = Currency(try row.text(3)) else { return }
            let id = RecordID(number: try row.int(0))
            paymentIDs[id] = try row.filled(4) ?? id.description
            if let key = try row.filled(7) { accounts[id] = (key, try row.filled(8) ?? "") }
            receipts.append(
                MatchReceipt(
                    id: id, bookingDay: day, amount: Money(minor: try row.int(2), currency),
                    payerName: try row.filled(6),
                    payerAccount: try row.filled(7), structuredReference: try row.filled(5),
                    text: try row.filled(9) ?? "",
                    endToEnd: try row.filled(10), bankReference: try row.filled(4)))
        }
    }

    private mutating func readItems(_ books: Books, from: Day) throws {
        try books.transaction.rows(
            """
            SELECT d.document, d.number, d.customer, d.kind, d.issue_day, d.due_day, d.currency, d.gross, i.open_minor,
                d.reference, d.po_number, d.order_id
            FROM open_items i
            JOIN documents d ON d.book = i.book AND d.document = i.item
            WHERE i.book = $1 AND i.account = 'receivables' AND (i.open_minor <> 0 OR i.moved_day >= $2)
            """, [.int(books.book), .text(from.description)]
        ) { row in
            guard let issue = Day(try row.text(4)), let due = Day(try row.text(5)),
                let currency = Currency(try row.text(6))
            else { return }
            let id = RecordID(number: try row.int(0))
            let number = try row.text(1)
            let customer = RecordID(number: try row.int(2))
            numbers[id] = number
            customers[id] = customer
            items.append(
                MatchItem(
                    id: id, number: number, customer: customer,
                    kind: try row.text(3) == "invoice" ? .invoice : .creditNote, issueDay: issue, dueDay: due,
                    currency: currency, gross: try row.int(7), open: try row.int(8) + taken[id, default: 0],
                    creditorReference: try row.filled(9),
                    poNumber: try row.filled(10), orderID: try row.filled(11)))
        }
        items.sort { $0.id < $1.id }
        var disputed: Set<RecordID> = []
        try books.transaction.rows(
            "SELECT document FROM disputes WHERE book = $1 AND closed IS NULL", [.int(books.book)]
        ) { disputed.insert(RecordID(number: try $0.int(0))) }
        guard !disputed.isEmpty else { return }
        items = items.map { item in
            guard disputed.contains(item.id) else { return item }
            return MatchItem(
                id: item.id, number: item.number, customer: item.customer, kind: item.kind, issueDay: item.issueDay,
                dueDay: item.dueDay, currency: item.currency, gross: item.gross, open: item.open,
                creditorReference: item.creditorReference, poNumber: item.poNumber, orderID: item.orderID,
                hold: "it is disputed")
        }
    }

    private mutating func readPayers(_ books: Books) throws {
        var keys: [Int64: [String]] = [:]
        try books.transaction.rows(
            "SELECT customer, account_key FROM customer_accounts WHERE book = $1", [.int(books.book)]
        ) { keys[try $0.int(0), default: []].append(try $0.text(1)) }
        try books.transaction.rows(
            """
            SELECT c.customer, c.number, d.name, c.country FROM customers c
            JOIN customer_details d ON d.book = c.book AND d.details = c.details
            WHERE c.book = $1
            """, [.int(books.book)]
        ) { row in
            let id = try row.int(0)
            payers.append(
                MatchPayer(
                    customer: RecordID(number: id), customerNumber: try row.text(1), names: [try row.text(2)],
                    accounts: keys[id] ?? [],
                    isCharged: SEPA.isCharged(
                        from: try row.text(3), to: books.seller.country, in: books.seller.currency)))
        }
    }
}

extension MatchFacts {
    /// From whose accounts the money of these receipts came, as rows.
    func learnt(from proposals: [MatchProposal], book: Int64) -> RowBatch {
        var rows = RowBatch(
            into: "customer_accounts", columns: ["book", "account_key", "customer", "sealed", "learnt"])
        for proposal in proposals {
            guard let customer = proposal.customer, let account = accounts[proposal.receipt] else { continue }
            rows.append([.int(book), .text(account.key), .int(customer.number), .text(account.sealed), .int(1)])
        }
        return rows
    }
}

/// Counts and lists what a run found.
struct MatchTally {
    let facts: MatchFacts
    private var applied = 0
    private var proposed = 0
    private var left = 0
    private var allocations: [MatchOutcome.Allocation] = []
    private let currencies: [RecordID: Currency]

    init(facts: MatchFacts) {
        self.facts = facts
        currencies = Dictionary(
            facts.receipts.map { ($0.id, $0.amount.currency) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func add(_ proposal: MatchProposal, applied isApplied: Bool) {
        if isApplied {
            applied += 1
        } else if proposal.decision == .leave || proposal.allocations.isEmpty {
            left += 1
            return
        } else {
            proposed += 1
        }
        guard let currency = currencies[proposal.receipt] else { return }
        for part in proposal.allocations {
            allocations.append(
                .init(
                    payment_id: facts.paymentIDs[proposal.receipt] ?? "", invoice_no: part.number,
                    allocated: Money(minor: part.amount, currency).decimal,
                    writeoff: Money(minor: part.writeOff, currency).decimal, currency: currency.code,
                    confidence: proposal.confidenceText, applied: isApplied, reason: proposal.reason,
                    runner_up: proposal.runnerUp.map {
                        .init(invoice_no: $0.number, confidence: $0.confidenceText, why_not: $0.whyNot)
                    }))
        }
    }

    func outcome(of run: MatchRun) -> MatchOutcome {
        MatchOutcome(
            run: run.id.text, receipts: facts.receipts.count, applied: applied, proposed: proposed, left: left,
            allocations: allocations)
    }
}

/// Books a group of certain matches in one transaction: those whose items are still open as they were read.
struct MatchGroup {
    let books: Books
    let run: MatchRun
    let facts: MatchFacts

    /// Returns the receipts that were applied.
    func book(_ group: [MatchProposal]) throws -> Set<RecordID> {
        try books.lock(customers: group.flatMap { $0.allocations.compactMap { facts.customers[$0.item] } })
        var open = try OpenItemRecords.documents(group.flatMap { $0.allocations.map(\.item) }, books: books)
        let money = try OpenItemRecords.receipts(group.map(\.receipt), books: books)
        let done = try self.done(group)
        var writer = AllocationWriter(books: books, actor: run.actor, today: run.today)
        var booked: Set<RecordID> = []
        for proposal in group {
            let command = run.id.piece(proposal.receipt.description)
            if done.contains(command.text) {
                booked.insert(proposal.receipt)
                continue
            }
            guard let receipt = money[proposal.receipt], let wanted = wanted(proposal, receipt, open) else { continue }
            do {
                try writer.add(
                    DecidedAllocation(
                        receipt: receipt.open, paymentID: receipt.paymentID, wanted: wanted, reason: proposal.reason,
                        confidence: proposal.confidence),
                    command: command, kind: "cash.match-receipt", content: "\(run.content) \(proposal.receipt)")
            } catch is ApplyRefusal {
                // Somebody was there first: it stays for the next run.
                continue
            }
            for want in wanted {
                open[want.document.item] = open[want.document.item]!.less(want.amount + want.writeOff)
            }
            booked.insert(proposal.receipt)
        }
        try writer.write()
        return booked
    }

    private func wanted(
        _ proposal: MatchProposal, _ receipt: OpenItemRecords.Found, _ open: [RecordID: OpenItemRecords.Found]
    ) -> [WantedAllocation]? {
        let currency = receipt.open.open.currency
        var wanted: [WantedAllocation] = []
        for part in proposal.allocations {
            guard let found = open[part.item], found.open.open.currency == currency else { return nil }
            wanted.append(
                WantedAllocation(
                    document: found.open, number: found.number, amount: Money(minor: part.amount, currency),
                    writeOff: Money(minor: part.writeOff, currency),
                    reason: part.writeOffReason.flatMap { WriteOffReason(rawValue: $0.rawValue) }, tax: found.tax,
                    gross: found.gross))
        }
        return wanted
    }

    private func done(_ group: [MatchProposal]) throws -> Set<String> {
        try books.transaction.pick(group.map { run.id.piece($0.receipt.description).text })
        var done: Set<String> = []
        try books.transaction.rows(
            "SELECT c.command FROM picked_text p CROSS JOIN commands c WHERE c.book = $1 AND c.command = p.key",
            [.int(books.book)]
        ) { done.insert(try $0.text(0)) }
        return done
    }
}

extension RowCursor {
    /// The text; nil where it is null or empty.
    borrowing func filled(_ column: Int) throws -> String? {
        guard let text = try textOrNil(column), !text.isEmpty else { return nil }
        return text
    }
}
