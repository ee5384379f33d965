import Books
import Database
import Foundation
import Ledger
import Money
import Receivables

extension ReceivablesDesk {
    /// Applies receipts to documents as asked, in one book. Each receipt is a piece with an outcome of its own. With a problem
    /// nothing is booked, unless `keepGood`: then the others are, and the problems are given back. The same id again returns the
    /// first outcome (of a long file without its allocations); after problems, it tries again what is left.
    public func apply(
        _ wishes: [ApplyWish], book: Int64, run: CommandID, actor: Actor, today: Day, keepGood: Bool, dryRun: Bool,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> (outcome: ApplyOutcome, problems: [ApplyProblem]) {
        let (now, dice) = (clock(), chance())
        let content = Self.content(wishes)
        let start = try await database.read { transaction -> ApplyStart in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            if let earlier = try books.outcome(of: run, content: content) {
                return .done(try JSONDecoder().decode(ApplyOutcome.self, from: Data(earlier.json.utf8)))
            }
            return .plan(try ApplyPlan(wishes, as: run, books: books))
        }
        let plan: ApplyPlan
        switch start {
        case .done(let earlier): return (earlier, [])
        case .plan(let made): plan = made
        }
        guard plan.problems.isEmpty || keepGood else { throw Refusals(plan.problems) }
        var outcome = ApplyOutcome(run: run.text, receipts: 0, unchanged: 0, allocations: [])
        var next = 0
        while next < plan.steps.count {
            let group = Array(plan.steps[next..<min(next + 400, plan.steps.count)])
            if !dryRun {
                let (now, dice) = (clock(), chance())
                let fresh = try await database.transaction(isolation: .readCommitted) { transaction in
                    let books = try Books(book, in: transaction, clock: now, chance: dice)
                    return try Self.book(group, books: books, run: run, actor: actor, today: today)
                }
                CrashPoint.reach("apply.after-group")
                outcome.unchanged += group.count - fresh
                outcome.receipts += fresh
            } else {
                outcome.receipts += group.count
            }
            for step in group {
                for part in step.parts {
                    outcome.allocations.append(
                        .init(
                            payment_id: step.paymentID, invoice_no: part.number, allocated: part.amount.decimal,
                            writeoff: part.writeOff.decimal, currency: part.amount.currency.code))
                }
            }
            next += group.count
            progress(next, plan.steps.count)
        }
        guard plan.problems.isEmpty, !dryRun else { return (outcome, plan.problems) }
        // All of it was applied by this run, be it by an earlier go that died.
        (outcome.receipts, outcome.unchanged) = (plan.steps.count, 0)
        CrashPoint.reach("apply.before-outcome")
        try await finish(run, book: book, content: content, outcome: outcome, actor: actor, today: today)
        return (outcome, [])
    }

    private enum ApplyStart: Sendable {
        case done(ApplyOutcome)
        case plan(ApplyPlan)
    }

    /// What was asked, so that the same id for something else is refused.
    private static func content(_ wishes: [ApplyWish]) -> String {
        let text = wishes.map { wish in
            wish.receipt + "\t"
                + wish.parts.map { [$0.invoice, $0.amount, $0.writeOff, $0.reason].joined(separator: " ") }
                .joined(separator: "\t")
        }
        return "cash.apply-run " + Books.hash(text.joined(separator: "\n"))
    }

    /// Records the run with its outcome; the allocations of a long file stand in the books.
    private func finish(
        _ run: CommandID, book: Int64, content: String, outcome: ApplyOutcome, actor: Actor, today: Day
    ) async throws {
        var kept = outcome
        if kept.allocations.count > 1_000 { kept.allocations = [] }
        let json = try kept.json()
        let (now, dice) = (clock(), chance())
        try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            guard try books.outcome(of: run, content: content) == nil else { return }
            try books.record([
                Recording(
                    command: run, kind: "cash.apply-run", content: content, actor: actor, day: today, outcome: json)
            ])
        }
    }

    /// Books a group; returns how many receipts were applied now, and not before.
    private static func book(
        _ group: [ApplyPlan.Step], books: Books, run: CommandID, actor: Actor, today: Day
    ) throws -> Int {
        let documents = group.flatMap { $0.parts.map(\.document) }
        try books.lock(customers: group.flatMap { $0.parts.map(\.customer) })
        var open = try OpenItemRecords.documents(documents, books: books)
        var money = try OpenItemRecords.receipts(group.compactMap(\.receipt), books: books)
        var writer = AllocationWriter(books: books, actor: actor, today: today)
        var count = 0
        for step in group {
            let command = run.piece(step.key)
            guard try books.outcome(of: command, content: step.content) == nil else { continue }
            let wanted = try step.parts.map { part -> WantedAllocation in
                guard let found = open[part.document] else { throw ApplyRefusal.noSuchDocument(part.number) }
                return part.wanted(found)
            }
            let receipt = step.receipt.flatMap { money[$0] }
            try writer.add(
                DecidedAllocation(
                    receipt: receipt?.open, paymentID: step.paymentID, wanted: wanted, reason: "by hand",
                    confidence: nil),
                command: command, kind: "cash.apply", content: step.content)
            // The next receipt of the group finds what this one left.
            for part in step.parts { open[part.document] = open[part.document]!.less(part.amount + part.writeOff) }
            if let id = step.receipt, let found = receipt {
                money[id] = found.less(-step.used).assigned(to: step.parts[0].customer)
            }
            count += 1
        }
        try writer.write()
        return count
    }
}

extension OpenItemRecords.Found {
    /// What is left after `part` (of the sign of what is open) is taken.
    func less(_ part: Money) -> Self {
        let home = open.home(of: part)
        return Self(
            open: OpenAmount(
                item: open.item, account: open.account, customer: open.customer, day: open.day, open: open.open - part,
                openHome: open.openHome - home, rate: open.rate),
            number: number, paymentID: paymentID, tax: tax, gross: gross)
    }
    func assigned(to customer: RecordID) -> Self {
        guard open.customer == nil else { return self }
        return Self(
            open: OpenAmount(
                item: open.item, account: open.account, customer: customer, day: open.day, open: open.open,
                openHome: open.openHome, rate: open.rate),
            number: number, paymentID: paymentID, tax: tax, gross: gross)
    }
}

/// What was asked, read and checked against what is open, receipt after receipt.
struct ApplyPlan: Sendable {
    struct Part: Sendable {
        let document: RecordID
        let customer: RecordID
        let number: String
        let amount: Money
        let writeOff: Money
        let reason: WriteOffReason?

        func wanted(_ found: OpenItemRecords.Found) -> WantedAllocation {
            WantedAllocation(
                document: found.open, number: number, amount: amount, writeOff: writeOff, reason: reason,
                tax: found.tax,
                gross: found.gross)
        }
    }
    struct Step: Sendable {
        /// nil where credit notes are set off without money.
        let receipt: RecordID?
        let paymentID: String
        let key: String
        let parts: [Part]
        var used: Money { parts.dropFirst().reduce(parts[0].amount) { $0 + $1.amount } }
        var content: String {
            "cash.apply \(key) "
                + parts.map { "\($0.number) \($0.amount) \($0.writeOff) \($0.reason?.rawValue ?? "")" }.joined(
                    separator: ", ")
        }
    }
    private(set) var steps: [Step] = []
    private(set) var problems: [ApplyProblem] = []

    init(_ wishes: [ApplyWish], as run: CommandID, books: Books) throws {
        let documents = try Self.documents(
            Array(Set(wishes.flatMap { $0.parts.map(\.invoice) })).sorted(), books: books)
        let receipts = try Self.receipts(Array(Set(wishes.map(\.receipt))).sorted(), books: books)
        var open = try OpenItemRecords.documents(Array(documents.values), books: books)
        var money = try OpenItemRecords.receipts(receipts.values.flatMap { $0 }, books: books)
        var seen: [String: Int] = [:]
        let wasHere = try !books.transaction.query(
            "SELECT 1 FROM commands WHERE book = $1 AND command > $2 AND command < $3 LIMIT 1",
            [.int(books.book), .text(run.pieces.after), .text(run.pieces.before)]
        ).isEmpty
        for wish in wishes where !wish.parts.isEmpty {
            do {
                let step = try Self.step(wish, documents, receipts, open, money, seen: &seen)
                // What an earlier go of this run applied stands; it is not decided again on what it left.
                if wasHere, try books.outcome(of: run.piece(step.key), content: step.content) != nil {
                    steps.append(step)
                    continue
                }
                // Decide it as it will be decided when it is booked, on what earlier steps leave.
                let faults = Entry.problems(
                    applying: step.receipt.flatMap { money[$0]?.open },
                    to: step.parts.map { $0.wanted(open[$0.document]!) })
                guard faults.isEmpty else { throw Refusals(faults) }
                for part in step.parts { open[part.document] = open[part.document]!.less(part.amount + part.writeOff) }
                if let id = step.receipt {
                    money[id] = money[id]!.less(-step.used).assigned(to: step.parts[0].customer)
                }
                steps.append(step)
            } catch let refusals as Refusals {
                problems += refusals.all.map { refusal in
                    refusal as? ApplyProblem
                        ?? ApplyProblem(receipt: wish.receipt, row: wish.parts.first?.row, refusal: refusal)
                }
            } catch let refusal as any Refusal {
                problems.append(ApplyProblem(receipt: wish.receipt, row: wish.parts.first?.row, refusal: refusal))
            }
        }
    }

    private static func step(
        _ wish: ApplyWish, _ documents: [String: RecordID], _ receipts: [String: [RecordID]],
        _ open: [RecordID: OpenItemRecords.Found], _ money: [RecordID: OpenItemRecords.Found],
        seen: inout [String: Int]
    ) throws -> Step {
        var receipt: RecordID?
        if !wish.receipt.isEmpty {
            guard let found = receipts[wish.receipt], let first = found.first else {
                throw ApplyRefusal.noSuchReceipt(wish.receipt)
            }
            guard found.count == 1 else { throw ApplyRefusal.ambiguousReceipt(wish.receipt) }
            receipt = first
        }
        var parts: [Part] = []
        var problems: [ApplyProblem] = []
        for asked in wish.parts {
            let (part, faults) = Self.part(
                asked, documents, open, in: receipt.flatMap { money[$0]?.open.open.currency })
            if let part { parts.append(part) }
            problems += faults.map { ApplyProblem(receipt: wish.receipt, row: asked.row, refusal: $0) }
        }
        guard problems.isEmpty else { throw Refusals(problems) }
        // A document named twice is one part of the sum of both: it is never paid beyond what is open.
        parts = try parts.reduce(into: []) { merged, part in
            guard let index = merged.firstIndex(where: { $0.document == part.document }) else {
                return merged.append(part)
            }
            let earlier = merged[index]
            if let one = earlier.reason, let other = part.reason, one != other {
                throw ApplyRefusal.reasonsDiffer(document: part.number)
            }
            merged[index] = Part(
                document: part.document, customer: part.customer, number: part.number,
                amount: earlier.amount + part.amount, writeOff: earlier.writeOff + part.writeOff,
                reason: earlier.reason ?? part.reason)
        }
        let base = wish.receipt.isEmpty ? "set-off \(parts.map(\.number).joined(separator: " "))" : wish.receipt
        let time = (seen[base] ?? 0) + 1
        seen[base] = time
        return Step(receipt: receipt, paymentID: wish.receipt, key: time == 1 ? base : "\(base) \(time)", parts: parts)
    }

    /// One row as it was asked for, read; or everything that is wrong with it.
    private static func part(
        _ asked: ApplyWish.Part, _ documents: [String: RecordID], _ open: [RecordID: OpenItemRecords.Found],
        in currency: Currency?
    ) -> (part: Part?, faults: [any Refusal]) {
        guard let id = documents[asked.invoice], let found = open[id], let customer = found.open.customer else {
            return (nil, [ApplyRefusal.noSuchDocument(asked.invoice)])
        }
        let currency = currency ?? found.open.open.currency
        var faults: [any Refusal] = []
        func amount(_ text: String) -> Money {
            if text.isEmpty { return .zero(currency) }
            do { return try Money(text, currency) } catch {
                faults.append(ApplyAmountRefusal(text: text, why: error.why))
                return .zero(currency)
            }
        }
        let (sum, writeOff) = (amount(asked.amount), amount(asked.writeOff))
        let reason = WriteOffReason(rawValue: asked.reason.isEmpty ? "small-difference" : asked.reason)
        if reason == nil { faults.append(ApplyRefusal.unknownReason(asked.reason)) }
        guard faults.isEmpty else { return (nil, faults) }
        return (
            Part(
                document: id, customer: customer, number: found.number, amount: sum, writeOff: writeOff,
                reason: writeOff.isZero ? nil : reason), []
        )
    }

    private static func documents(_ numbers: [String], books: Books) throws -> [String: RecordID] {
        try books.transaction.pick(numbers)
        var found: [String: RecordID] = [:]
        try books.transaction.rows(
            """
            SELECT d.number, d.document FROM picked_text p CROSS JOIN documents d
            WHERE d.book = $1 AND d.number = p.key ORDER BY d.document
            """, [.int(books.book)]
        ) { found[try $0.text(0)] = RecordID(number: try $0.int(1)) }
        return found
    }

    /// Standing receipts by id or payment id.
    private static func receipts(_ names: [String], books: Books) throws -> [String: [RecordID]] {
        try books.transaction.pick(names)
        var found: [String: [RecordID]] = [:]
        try books.transaction.rows(
            """
            SELECT r.payment_id, r.receipt FROM picked_text p CROSS JOIN receipts r
            WHERE r.book = $1 AND r.payment_id = p.key
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = r.command)
            """, [.int(books.book)]
        ) { found[try $0.text(0), default: []].append(RecordID(number: try $0.int(1))) }
        for name in names where found[name] == nil {
            guard let id = RecordID(name) else { continue }
            let rows = try books.transaction.query(
                "SELECT receipt FROM receipts WHERE book = $1 AND receipt = $2", [.int(books.book), .int(id.number)])
            if !rows.isEmpty { found[name] = [id] }
        }
        return found
    }
}

/// An amount that cannot be read.
struct ApplyAmountRefusal: Refusal {
    let text: String
    let why: String
    var code: String { "cash.bad-amount" }
    var what: String { "The receipt was not applied." }
    var next: String { "Write it as a decimal with the currency's own decimals, such as 1234.50." }
    init(text: String, why: String) {
        self.text = text
        self.why = "'\(text)' is no amount: \(why)."
    }
}
