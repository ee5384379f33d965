import Books
import Customers
import Database
import Foundation
import Invoicing
import Ledger
import Money
import Pricing

/// `invoice credit`: answers an invoice with a credit note, in full or in part.
public struct CreditInvoice: Sendable {
    public let id: CommandID
    public let number: String
    public let scope: CreditScope
    public let reason: String
    public let actor: Actor
    public let today: Day
    public init(id: CommandID, number: String, scope: CreditScope, reason: String, actor: Actor, today: Day) {
        self.id = id
        self.number = number
        self.scope = scope
        self.reason = reason
        self.actor = actor
        self.today = today
    }
    var content: String {
        let what: String
        switch scope {
        case .all: what = "all"
        case .gross(let money): what = money.description
        case .lines(let lines):
            what = lines.map { line in
                switch line.amount {
                case .all: "\(line.line)"
                case .quantity(let quantity): "\(line.line) x \(quantity.decimal)"
                case .net(let net): "\(line.line) = \(net)"
                }
            }.joined(separator: ", ")
        }
        return "invoice.credit \(number) \(what) \(reason)"
    }
}

/// A credit note as it was issued.
public struct CreditIssued: Codable, Sendable, Equatable {
    public var invoice_no, corrects, currency, net, tax, gross: String
    /// What of it was set against the invoice at once; the rest is open.
    public var applied: String
}

extension InvoicingDesk {
    public func credit(_ command: CreditInvoice, book: Int64, dryRun: Bool = false) async throws -> CreditIssued {
        let (now, dice) = (clock(), chance())
        let body: @Sendable (any Transaction) throws -> CreditIssued = { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            return try CreditWriter(books: books).credit(command, undoing: nil, dryRun: dryRun)
        }
        return dryRun
            ? try await database.read(body) : try await database.transaction(isolation: .readCommitted, body)
    }

    /// Puts away what a bill run drafted and did not issue, so that its charges are drafted anew. Runs inside the transaction of
    /// the undo.
    public static func putAway(draftsOf run: CommandID, books: Books) throws {
        try DraftRows(books: books, command: run).putAway()
    }

    /// Takes an issued document back with its counterpart: a full credit note for an invoice, a document with the signs turned
    /// for a credit note. Its charges can be billed again. Runs inside the transaction of the undo.
    public static func takeBack(
        _ document: String, undoing command: CommandID, as id: CommandID, actor: Actor, today: Day, books: Books
    ) throws -> CreditIssued {
        try CreditWriter(books: books).credit(
            CreditInvoice(id: id, number: document, scope: .all, reason: "undo", actor: actor, today: today),
            undoing: command, dryRun: false)
    }
}

/// Reads what is left of a document, credits it, writes the credit note and sets it off.
struct CreditWriter {
    let books: Books

    private struct Original {
        let id: RecordID
        let customer: RecordID
        let details: RecordID
        let kind: String
        let origin: String
        let currency: Currency
        let orderID: String
        let poNumber: String
        let issueDay: Day
    }

    func credit(_ command: CreditInvoice, undoing: CommandID?, dryRun: Bool) throws -> CreditIssued {
        if let earlier = try books.outcome(of: command.id, content: command.content) {
            return try JSONDecoder().decode(CreditIssued.self, from: Data(earlier.json.utf8))
        }
        let original = try read(command.number)
        if !dryRun { try books.lock(customers: [original.customer]) }
        if undoing == nil, original.kind != "invoice" { throw CreditRefusal.notAnInvoice(command.number) }
        let (lines, taxes) = try creditable(original)
        let shares = try CreditShares(
            command.scope, of: command.number, lines: lines, taxes: taxes, takingBack: undoing != nil)
        let day = max(command.today, original.issueDay)
        guard day >= books.openFrom else { throw BooksRefusal.periodClosed(asked: day, openFrom: books.openFrom) }
        let rate = try rate(of: original)
        let number = dryRun ? nil : try books.numbers(1, of: InvoicingDesk.series, on: day)
        let text = number.map { $0.pattern.text($0.first, on: day) } ?? ""
        let id = books.mint()
        let head = DocumentHead(
            id: id, customer: original.customer, details: original.details,
            kind: original.kind == "invoice" ? .creditNote : .invoice, origin: "own", number: text, issueDay: day,
            dueDay: day, net: shares.net, tax: shares.tax, orderID: original.orderID, poNumber: original.poNumber,
            reference: CreditorReference(documentNumber: text)?.text ?? "", corrects: original.id,
            reason: command.reason, command: command.id)
        let residual = shares.exhausts ? try homeLeft(of: original) : nil
        // The counterpart of a credit note is less credited, and nothing invoiced.
        let entry = Entry.sale(
            .credit, document: id, customer: original.customer, net: shares.net,
            tax: shares.tax, on: day, rate: rate, home: books.seller.currency, homeGross: residual.map { -$0.gross },
            homeTax: residual.map { -$0.tax })
        // What the document was set against is open again before its counterpart meets it.
        let released = try undoing.map { try release($0, on: day) } ?? []
        let left = taxes.reduce(Money.zero(original.currency)) { $0 + $1.baseLeft + $1.taxLeft }
        let setOff = try setOff(head, entry: entry, against: original, left: left, released: released, on: day)
        let issued = CreditIssued(
            invoice_no: text, corrects: command.number, currency: original.currency.code, net: shares.net.decimal,
            tax: shares.tax.decimal, gross: shares.gross.decimal,
            applied: (setOff?.amount ?? .zero(original.currency)).decimal)
        guard !dryRun, let number else { return issued }
        try write(
            head, shares, number: number, released: released, entry: entry, setOff: setOff, issued: issued,
            command: command, undoing: undoing)
        return issued
    }

    private func write(
        _ head: DocumentHead, _ shares: CreditShares, number: Numbers, released: [PostedEntry],
        entry: Entry?, setOff: SetOff?, issued: CreditIssued, command: CreditInvoice, undoing: CommandID?
    ) throws {
        var rows = DocumentRows(book: books.book, recorded: books.recordedText)
        let records = rows.add(
            head,
            shares.lines.map { line in
                DocumentLine(
                    charge: nil, correctsLine: Int64(line.original.line), sku: line.original.sku,
                    description: line.original.description, quantity: line.quantity, unit: line.original.unit,
                    unitPrice: line.unitPrice, discount: line.discount, net: line.net,
                    category: line.original.category, rate: line.original.rate, trace: line.trace)
            }, shares.taxes)
        let sale = entry.map { books.post($0) }
        let setOffEntry = setOff.map { books.post($0.entry) }
        var allocations: (rows: RowBatch, records: [PermanentRecord])?
        if let setOff, let posted = setOffEntry, let original = head.corrects {
            allocations = allocationRows(
                setOff, posted, credit: head.id, original: original, customer: head.customer, command: command.id)
        }
        let channel = try InvoicingRecords.customers(books.transaction, book: books.book, [head.customer])[
            head.customer]?.channel
        try books.record([
            Recording(
                command: command.id, kind: undoing == nil ? "invoice.credit" : "undo", content: command.content,
                actor: command.actor, day: command.today, outcome: try issued.json(),
                entries: released + [sale, setOffEntry].compactMap { $0 },
                items: [
                    NewItem(
                        head.id, account: .receivables, customer: head.customer, amount: shares.gross,
                        day: head.issueDay, dueDay: head.dueDay)
                ],
                numbers: [GivenNumber(series: number.series, number: number.first, document: head.id)],
                documents: records + (allocations?.records ?? []),
                letters: [
                    LetterRequest(
                        head.kind == .invoice ? .invoice : .creditNote, document: head.id, customer: head.customer,
                        channel: channel ?? .post)
                ], undoes: undoing.map { [$0] } ?? [])
        ])
        try rows.write(to: books.transaction)
        if let allocations { try books.transaction.insert(allocations.rows) }
        if undoing != nil, let original = head.corrects {
            _ = try books.transaction.execute(
                "UPDATE charges SET billed_by = NULL, bill_from = $3 WHERE book = $1 AND billed_by = $2",
                [.int(books.book), .int(original.number), .text(head.issueDay.description)])
        }
    }

    /// The entries that take back what a command set off.
    private func release(_ command: CommandID, on day: Day) throws -> [PostedEntry] {
        try books.entries(of: command).filter { $0.entry.kind == .allocation }.map { posted in
            books.post(posted.entry.reversed(as: posted.id, on: max(day, posted.entry.day)))
        }
    }

    /// What was set off, and how much of the original it closed.
    private struct SetOff {
        let entry: Entry
        /// Closed of both, not negative.
        let amount: Money
        let isCreditNote: Bool
        /// Opened again for it.
        let takenBack: [WriteOffTakenBack]
    }

    /// The credit note used and what it paid, as allocations without a receipt; a write-off that was taken back is a negative one.
    private func allocationRows(
        _ setOff: SetOff, _ posted: PostedEntry, credit: RecordID, original: RecordID, customer: RecordID,
        command: CommandID
    ) -> (rows: RowBatch, records: [PermanentRecord]) {
        var rows = RowBatch(into: "allocations", columns: PermanentTable.allocationColumns)
        var records: [PermanentRecord] = []
        func add(_ document: RecordID, _ amount: Money, writeOff: Money, _ why: String) {
            let id = books.mint()
            let row: [SQLValue] = [
                .int(books.book), .int(id.number), .text(command.text), .int(posted.id.number), .null,
                .int(document.number), .int(customer.number), .text(posted.entry.day.description), .int(amount.minor),
                .int(writeOff.minor), .text(why), .null, .text(books.recordedText),
            ]
            rows.append(row)
            records.append(
                PermanentRecord(
                    kind: PermanentTable.allocation.rawValue, id: id, bytes: PermanentTable.allocation.bytes(row)))
        }
        let amount = setOff.isCreditNote ? setOff.amount : -setOff.amount
        add(credit, -amount, writeOff: .zero(amount.currency), "set off")
        add(original, amount, writeOff: .zero(amount.currency), "set off")
        for part in setOff.takenBack {
            add(
                original, .zero(amount.currency), writeOff: -part.amount, part.reason.added(to: "set off"))
        }
        return (rows, records)
    }

    private func read(_ number: String) throws -> Original {
        let rows = try books.transaction.query(
            """
            SELECT document, customer, details, kind, origin, currency, order_id, po_number, issue_day
            FROM documents WHERE book = $1 AND number = $2 ORDER BY document DESC LIMIT 1
            """, [.int(books.book), .text(number)])
        guard let row = rows.first, let currency = Currency(try row.text(5)), let day = Day(try row.text(8)) else {
            throw InvoicingRefusal.noSuchDocument(number)
        }
        let original = Original(
            id: RecordID(number: try row.int(0)), customer: RecordID(number: try row.int(1)),
            details: RecordID(number: try row.int(2)), kind: try row.text(3), origin: try row.text(4),
            currency: currency, orderID: try row.text(6), poNumber: try row.text(7), issueDay: day)
        guard original.origin == "own" else { throw CreditRefusal.imported(number) }
        return original
    }

    /// What is left to credit, by line and by tax: the original less every document that corrects it and stands.
    private func creditable(_ original: Original) throws -> (lines: [CreditableLine], taxes: [CreditableTax]) {
        let key: [SQLValue] = [.int(books.book), .int(original.id.number)]
        func money(_ minor: Int64) -> Money { Money(minor: minor, original.currency) }
        let lines = try books.transaction.query(
            """
            SELECT l.line, l.sku, l.description, l.unit, l.unit_price, l.discount, l.vat_category, l.vat_rate, l.quantity,
                l.net,
                COALESCE((SELECT CAST(sum(c.net) AS BIGINT) FROM documents d
                    JOIN document_lines c ON c.book = d.book AND c.document = d.document
                    WHERE d.book = $1 AND d.corrects = $2 AND c.corrects_line = l.line
                        AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = d.command)), 0),
                COALESCE((SELECT CAST(sum(c.quantity) AS BIGINT) FROM documents d
                    JOIN document_lines c ON c.book = d.book AND c.document = d.document
                    WHERE d.book = $1 AND d.corrects = $2 AND c.corrects_line = l.line AND c.unit_price = l.unit_price
                        AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = d.command)), 0)
            FROM document_lines l
            WHERE l.book = $1 AND l.document = $2
            ORDER BY l.line
            """, key
        ).map { row in
            let quantity = Quantity(micro: try row.int(8))
            let net = try row.int(9)
            let netLeft = net + (try row.int(10))
            let left = quantity.micro + (try row.int(11))
            return CreditableLine(
                line: Int(try row.int(0)), sku: try row.text(1), description: try row.text(2), unit: try row.text(3),
                unitPrice: UnitPrice(scaled: try row.int(4)), discount: Rate(scaled: try row.int(5)),
                category: VATCategory(rawValue: try row.text(6)) ?? .standard, rate: Rate(scaled: try row.int(7)),
                quantity: quantity, net: money(net),
                quantityLeft: Quantity(micro: netLeft == 0 && net != 0 ? 0 : left),
                netLeft: money(netLeft))
        }
        let taxes = try books.transaction.query(
            """
            SELECT t.vat_category, t.vat_rate, t.base, t.tax,
                COALESCE((SELECT CAST(sum(c.base) AS BIGINT) FROM documents d
                    JOIN document_taxes c ON c.book = d.book AND c.document = d.document
                    WHERE d.book = $1 AND d.corrects = $2 AND c.vat_category = t.vat_category AND c.vat_rate = t.vat_rate
                        AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = d.command)), 0),
                COALESCE((SELECT CAST(sum(c.tax) AS BIGINT) FROM documents d
                    JOIN document_taxes c ON c.book = d.book AND c.document = d.document
                    WHERE d.book = $1 AND d.corrects = $2 AND c.vat_category = t.vat_category AND c.vat_rate = t.vat_rate
                        AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = d.command)), 0)
            FROM document_taxes t
            WHERE t.book = $1 AND t.document = $2
            ORDER BY t.vat_rate DESC, t.vat_category
            """, key
        ).map { row in
            CreditableTax(
                category: VATCategory(rawValue: try row.text(0)) ?? .standard, rate: Rate(scaled: try row.int(1)),
                base: money(try row.int(2)), tax: money(try row.int(3)),
                baseLeft: money(try row.int(2) + row.int(4)), taxLeft: money(try row.int(3) + row.int(5)))
        }
        return (lines, taxes)
    }

    /// The rate that the original was booked at.
    private func rate(of original: Original) throws -> ExchangeRate {
        let rows = try books.transaction.query(
            """
            SELECT rate, rate_day, rate_source FROM journal_lines
            WHERE book = $1 AND item = $2 AND account = 'receivables' ORDER BY entry LIMIT 1
            """, [.int(books.book), .int(original.id.number)])
        guard let row = rows.first, let day = Day(try row.text(1)) else { return .par(on: original.issueDay) }
        return ExchangeRate(scaled: try row.int(0), day: day, source: try row.text(2))
    }

    /// What the original and its corrections stand at in the seller's currency: gross and tax.
    private func homeLeft(of original: Original) throws -> (gross: Money, tax: Money) {
        let rows = try books.transaction.query(
            """
            SELECT COALESCE(CAST(sum(CASE WHEN l.account = 'receivables' THEN l.home_minor ELSE 0 END) AS BIGINT), 0),
                COALESCE(CAST(sum(CASE WHEN l.account = 'sales-tax' THEN -l.home_minor ELSE 0 END) AS BIGINT), 0)
            FROM documents d
            JOIN entries e ON e.book = d.book AND e.command = d.command AND e.kind IN ('sale', 'credit')
            JOIN journal_lines l ON l.book = e.book AND l.entry = e.entry
            WHERE d.book = $1 AND (d.document = $2 OR d.corrects = $2)
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = d.command)
            """, [.int(books.book), .int(original.id.number)])
        let home = books.seller.currency
        return (Money(minor: try rows[0].int(0), home), Money(minor: try rows[0].int(1), home))
    }

    /// Sets the new document against what is open of the original, as far as both go. What was written off of an invoice is
    /// opened again for its credit note.
    private func setOff(
        _ head: DocumentHead, entry: Entry?, against original: Original, left: Money, released: [PostedEntry],
        on day: Day
    ) throws -> SetOff? {
        guard let entry, let fresh = entry.lines.first(where: { $0.account == .receivables }) else { return nil }
        let rows = try books.transaction.query(
            "SELECT open_minor, open_home FROM open_items WHERE book = $1 AND item = $2",
            [.int(books.book), .int(original.id.number)])
        guard let row = rows.first else { return nil }
        let back = released.flatMap(\.entry.lines).filter { $0.item == original.id && $0.account == .receivables }
        func opened(_ amount: Int64, _ home: Int64, by lines: [EntryLine]) -> OpenAmount {
            OpenAmount(
                item: original.id, account: .receivables, customer: original.customer, day: original.issueDay,
                open: Money(minor: lines.reduce(amount) { $0 + $1.amount.minor }, original.currency),
                openHome: Money(minor: lines.reduce(home) { $0 + $1.home.minor }, books.seller.currency),
                rate: fresh.rate)
        }
        var old = opened(try row.int(0), try row.int(1), by: back)
        var (takenBack, reopening, latest): ([WriteOffTakenBack], [EntryLine], Day) = ([], [], day)
        if head.kind == .creditNote, released.isEmpty {
            let standing = try standingWriteOffs(of: original)
            takenBack = WriteOffTakenBack.of(
                standing.writeOffs, credit: -fresh.amount, left: left, open: old.open)
            if !takenBack.isEmpty {
                reopening = Entry.reopening(old, takenBack)
                old = opened(
                    old.open.minor, old.openHome.minor, by: reopening.filter { $0.account == .receivables })
                latest = max(day, standing.latest ?? day)
            }
        }
        guard !old.open.isZero, old.open.isNegative != fresh.amount.isNegative else { return nil }
        let amount = Money(minor: min(abs(old.open.minor), abs(fresh.amount.minor)), original.currency)
        let new = OpenAmount(
            item: head.id, account: .receivables, customer: original.customer, day: day, open: fresh.amount,
            openHome: fresh.home, rate: fresh.rate)
        let (credit, invoice) = old.open.minor > 0 ? (new, old) : (old, new)
        return SetOff(
            entry: Entry.setOff(credit, against: invoice, amount: amount, on: latest, before: reopening),
            amount: amount, isCreditNote: head.kind == .creditNote, takenBack: takenBack)
    }

    /// What was written off of the original and stands, by reason, and the last day of it.
    private func standingWriteOffs(of original: Original) throws -> (writeOffs: [StandingWriteOff], latest: Day?) {
        let rows = try books.transaction.query(
            """
            SELECT a.write_off, a.reason, a.day, d.tax, d.gross, (
                    SELECT CAST(sum(l.minor) AS BIGINT) FROM journal_lines l
                    WHERE l.book = a.book AND l.entry = a.entry AND l.account = 'sales-tax')
            FROM allocations a
            JOIN documents d ON d.book = a.book AND d.document = a.document
            WHERE a.book = $1 AND a.document = $2 AND a.write_off <> 0
                AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.book = a.book AND r.reverses = a.entry)
            ORDER BY a.allocation
            """, [.int(books.book), .int(original.id.number)])
        let zero = Money.zero(original.currency)
        var found: [WriteOffReason: StandingWriteOff] = [:]
        var latest: Day?
        for row in rows {
            guard let reason = WriteOffReason(endOf: try row.text(1)), let day = Day(try row.text(2)) else { continue }
            func money(_ column: Int) throws -> Money { Money(minor: try row.intOrNil(column) ?? 0, original.currency) }
            let amount = try money(0)
            var one =
                found[reason]
                ?? StandingWriteOff(reason, given: zero, tax: zero, takenBack: zero, taxTakenBack: zero)
            if amount.isNegative {
                one.takenBack = one.takenBack - amount
                // Such an entry moves one document, and only a discount moves tax.
                if reason == .cashDiscount { one.taxTakenBack = one.taxTakenBack - (try money(5)) }
            } else {
                one.given = one.given + amount
                if reason == .cashDiscount {
                    one.tax = one.tax + WriteOffReason.tax(in: amount, tax: try money(3), of: try money(4))
                }
            }
            found[reason] = one
            latest = max(latest ?? day, day)
        }
        return (found.values.sorted { $0.reason.rawValue < $1.reason.rawValue }, latest)
    }
}
