import Books
import Charges
import Customers
import Database
import Invoicing
import Ledger
import Money
import Pricing

/// One group of a bill run, in one transaction: lock, read the facts set-wise, decide each document alone, write all.
struct BillGroup {
    let run: BillRun
    let books: Books
    let facts: DraftFacts
    let dryRun: Bool
    let resumed: Bool

    func carryOut(_ group: [BillPiece]) throws -> BillTally {
        var tally = BillTally()
        if !dryRun { try books.lock(customers: group.map(\.customer)) }
        let pieces = try waiting(group)
        let customers = try InvoicingRecords.customers(
            books.transaction, book: books.book, pieces.map(\.customer))
        var facts = facts
        facts.billedElsewhere = try InvoicingRecords.billedElsewhere(
            books.transaction, book: books.book, orders: Array(Set(pieces.flatMap { $0.charges.map(\.orderID) })))
        var passed: [(piece: BillPiece, draft: Draft)] = []
        var kept: [(piece: BillPiece, draft: Draft)] = []
        for piece in pieces {
            guard let customer = customers[piece.customer] else { continue }
            let draft = Draft(charges: piece.charges, customer: customer, day: piece.day, given: facts)
            tally.drafts += 1
            if draft.isHeld || !run.issue { kept.append((piece, draft)) } else { passed.append((piece, draft)) }
            if draft.isHeld { continue }
            tally.count(net: draft.net, tax: draft.tax)
        }
        tally.issued = passed.count
        let drafts = DraftRows(books: books, command: run.id)
        let own = try resumed && !dryRun ? drafts.own(pieces.flatMap(\.charges)) : [:]
        let standing = kept.map { piece, draft in own[piece.key].flatMap { $0.says(draft) ? $0.id : nil } }
        if !dryRun {
            let anew = zip(kept, standing).filter { $1 == nil }.map(\.0)
            try drafts.settle((passed + anew).flatMap(\.piece.charges))
            try issue(passed)
        }
        for (piece, draft) in passed { tally.held += Self.findings(of: draft, piece, kept: nil) }
        for ((piece, draft), standing) in zip(kept, standing) {
            let id = dryRun ? nil : standing ?? books.mint()
            tally.held += Self.findings(of: draft, piece, kept: id)
            if let id, standing == nil { try drafts.keep(draft, as: id, key: piece.key) }
        }
        CrashPoint.reach("bill.before-commit")
        return tally
    }

    /// What the checks said: all of it, for a document that is issued its warnings.
    private static func findings(of draft: Draft, _ piece: BillPiece, kept id: RecordID?) -> [BillRunOutcome.Held] {
        draft.findings.map { finding in
            .init(
                draft: id?.description ?? "", customer: draft.customer.number,
                order_id: draft.orderID.isEmpty ? draft.orderIDs.joined(separator: ", ") : draft.orderID,
                check: finding.check,
                severity: finding.severity.rawValue, why: finding.why, next: finding.next)
        }
    }

    /// The pieces whose charges nobody billed since they were read; of a run that goes on, those without an outcome.
    private func waiting(_ group: [BillPiece]) throws -> [BillPiece] {
        guard !dryRun else { return group }
        let free = try InvoicingRecords.stillUnbilled(
            books.transaction, book: books.book, group.flatMap { $0.charges.map(\.id) })
        var left = group.filter { $0.charges.allSatisfy { free.contains($0.id.number) } }
        if resumed {
            try books.transaction.pick(left.map { run.id.piece($0.key).text })
            var done: Set<String> = []
            try books.transaction.rows(
                "SELECT c.command FROM picked_text p CROSS JOIN commands c WHERE c.book = $1 AND c.command = p.key",
                [.int(books.book)]
            ) { done.insert(try $0.text(0)) }
            left.removeAll { done.contains(run.id.piece($0.key).text) }
        }
        return left
    }

    private func issue(_ passed: [(piece: BillPiece, draft: Draft)]) throws {
        guard !passed.isEmpty else { return }
        var writer = IssueWriter(books: books, actor: run.actor, today: run.today)
        try writer.number(passed.map(\.draft))
        CrashPoint.reach("bill.numbers-taken")
        for (piece, draft) in passed {
            writer.issue(
                draft, facts: facts, command: run.id.piece(piece.key),
                content: "invoice.issue \(piece.key) \(draft.day)",
                warnings: Self.findings(of: draft, piece, kept: nil))
        }
        try writer.write()
    }
}

/// Numbers and writes a group of documents.
struct IssueWriter {
    private let books: Books
    private let actor: Actor
    private let today: Day
    private var rows: DocumentRows
    private var recordings: [Recording] = []
    private var issued: [String] = []
    private var billed: RowBatch
    private var numbers: [Day: (numbers: Numbers, next: Int64)] = [:]

    init(books: Books, actor: Actor, today: Day) {
        self.books = books
        self.actor = actor
        self.today = today
        rows = DocumentRows(book: books.book, recorded: books.recordedText)
        billed = RowBatch(into: "charges", columns: ["book", "charge", "billed_by"])
    }

    /// Takes the numbers for these drafts, in their order: the last thing before writing, since others wait for it.
    mutating func number(_ drafts: [Draft]) throws {
        var counts: [(month: Day, count: Int)] = []
        for draft in drafts {
            let month = draft.day.firstOfMonth
            if let index = counts.firstIndex(where: { $0.month == month }) {
                counts[index].count += 1
            } else {
                counts.append((month, 1))
            }
        }
        for (month, count) in counts {
            let taken = try books.numbers(count, of: InvoicingDesk.series, on: month)
            numbers[month] = (taken, taken.first)
        }
    }

    /// None of our numbers may be one that an imported document has, nor, where the pattern was changed, one that an earlier
    /// pattern gave.
    private func checkNumbers(_ texts: [String]) throws {
        let transaction = books.transaction
        func isThere(_ sql: String) throws -> Bool { try !transaction.query(sql, [.int(books.book)]).isEmpty }
        func refuse(_ taken: String) throws {
            let rows = try transaction.query(taken, [.int(books.book)])
            if let row = rows.first { throw InvoicingRefusal.numberTaken(try row.text(0)) }
        }
        if try isThere("SELECT 1 FROM imported_numbers WHERE book = $1 LIMIT 1") {
            try transaction.pick(
                texts.map { text in
                    let bare = text.drop { $0 == "0" }
                    return bare.isEmpty ? "0" : bare.uppercased()
                })
            try refuse(
                "SELECT n.number_key FROM picked_text p CROSS JOIN imported_numbers n WHERE n.book = $1 AND n.number_key = p.key LIMIT 1"
            )
        }
        if try isThere("SELECT 1 FROM number_series WHERE book = $1 GROUP BY book HAVING min(pattern) <> max(pattern)")
        {
            try transaction.pick(texts)
            try refuse(
                "SELECT d.number FROM picked_text p CROSS JOIN documents d WHERE d.book = $1 AND d.number = p.key LIMIT 1"
            )
        }
    }

    private mutating func nextNumber(on day: Day) -> (series: String, number: Int64, text: String) {
        let month = day.firstOfMonth
        guard let taken = numbers[month] else { preconditionFailure("a document without a number") }
        numbers[month]!.next += 1
        return (taken.numbers.series, taken.next, taken.numbers.pattern.text(taken.next, on: day))
    }

    @discardableResult
    mutating func issue(
        _ draft: Draft, facts: DraftFacts, command: CommandID, content: String, warnings: [BillRunOutcome.Held] = []
    ) -> (document: RecordID, number: String) {
        guard let rate = facts.rate(draft.currency, on: draft.day) else {
            preconditionFailure("a draft without a rate passed the checks")
        }
        let id = books.mint()
        let number = nextNumber(on: draft.day)
        issued.append(number.text)
        let kind: DocumentKind = draft.gross.isNegative ? .creditNote : .invoice
        // A credit note is due at once.
        let dueDay = kind == .invoice ? draft.dueDay : draft.day
        let head = DocumentHead(
            id: id, customer: draft.customer.id, details: draft.customer.details, kind: kind, origin: "own",
            number: number.text, issueDay: draft.day, dueDay: dueDay, net: draft.net, tax: draft.tax,
            orderID: draft.orderID, poNumber: draft.poNumber,
            reference: CreditorReference(documentNumber: number.text)?.text ?? "", corrects: nil, reason: "",
            command: command)
        let lines = zip(draft.charges, draft.lines).map { charge, line in
            DocumentLine(
                charge: charge.id, correctsLine: nil, sku: line.sku, description: line.description,
                quantity: line.quantity,
                unit: line.unit, unitPrice: line.unitPrice, discount: line.discount, net: line.net,
                category: line.vat.category, rate: line.vat.rate, trace: line.trace)
        }
        for charge in draft.charges {
            billed.append(books.book)
            billed.append(charge.id.number)
            billed.append(id.number)
            billed.endRow()
        }
        add(
            head, lines, draft.taxes, number: number, rate: rate, command: command, kind: "invoice.issue",
            content: content, warnings: warnings, channel: draft.customer.channel)
        return (id, number.text)
    }

    /// Adds a document with its number, entry, item and letter.
    private mutating func add(
        _ head: DocumentHead, _ lines: [DocumentLine], _ taxes: [TaxLine],
        number: (series: String, number: Int64, text: String), rate: ExchangeRate, command: CommandID, kind: String,
        content: String, warnings: [BillRunOutcome.Held] = [], channel: LetterRequest.Channel
    ) {
        // A run that goes on after a crash tells them with its own.
        let told = warnings.isEmpty ? "" : ((try? warnings.json()).map { #","warnings":\#($0)"# } ?? "")
        let records = rows.add(head, lines, taxes)
        let entry = Entry.sale(
            head.kind == .invoice ? .sale : .credit, document: head.id, customer: head.customer, net: head.net,
            tax: head.tax, on: head.issueDay, rate: rate, home: books.seller.currency)
        recordings.append(
            Recording(
                command: command, kind: kind, content: content, actor: actor, day: today,
                outcome: #"{"document":"\#(head.id)","invoice_no":"\#(head.number.escapedForJSON)"\#(told)}"#,
                entries: entry.map { [books.post($0)] } ?? [],
                items: [
                    NewItem(
                        head.id, account: .receivables, customer: head.customer, amount: head.net + head.tax,
                        day: head.issueDay, dueDay: head.dueDay)
                ],
                numbers: [GivenNumber(series: number.series, number: number.number, document: head.id)],
                documents: records,
                letters: [
                    LetterRequest(
                        head.kind == .invoice ? .invoice : .creditNote, document: head.id, customer: head.customer,
                        channel: channel)
                ]))
    }

    func write() throws {
        try checkNumbers(issued)
        try books.record(recordings)
        try rows.write(to: books.transaction)
        let marked = try books.transaction.update(
            "UPDATE charges SET billed_by = $3 WHERE book = $1 AND charge = $2 AND billed_by IS NULL", each: billed)
        guard marked == billed.rowCount else {
            throw DatabaseError.bug("\(billed.rowCount - marked) charges were billed twice")
        }
    }
}

extension String {
    var escapedForJSON: String {
        guard utf8.contains(where: { $0 == 34 || $0 == 92 || $0 < 32 }) else { return self }
        return unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 32: "\\u00\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
            default: String(scalar)
            }
        }.joined()
    }
}
