import Books
import Database
import Ledger
import Money
import Pricing

/// Writes a group of imported documents: customers that are missing, documents, entries, settlements, disputes.
struct HistoryWriter {
    let books: Books
    let seller: ImportSeller
    let facts: InvoicesImport.Facts
    let context: ImportContext
    let writing: ImportWriting
    private var documents: RowBatch
    private var keys: RowBatch
    private var receipts: RowBatch
    private var allocations: RowBatch
    private var disputes: RowBatch
    private var recording: Recording
    private var byNumber: [String: RecordID] = [:]

    init(
        books: Books, seller: ImportSeller, facts: InvoicesImport.Facts, context: ImportContext, writing: ImportWriting
    ) {
        self.books = books
        self.seller = seller
        self.facts = facts
        self.context = context
        self.writing = writing
        documents = RowBatch(into: "documents", columns: PermanentTable.documentColumns)
        keys = RowBatch(into: "imported_numbers", columns: ["book", "number_key", "document"])
        receipts = RowBatch(into: "receipts", columns: PermanentTable.receiptColumns)
        allocations = RowBatch(into: "allocations", columns: PermanentTable.allocationColumns)
        disputes = RowBatch(
            into: "disputes",
            columns: [
                "book", "dispute", "document", "customer", "minor", "reason", "opened", "closed", "command", "recorded",
            ])
        recording = Recording(
            command: writing.command, kind: "import.invoices", content: writing.command.text, actor: context.actor,
            day: context.today, outcome: "")
    }

    private var book: SQLValue { .int(books.book) }

    /// Returns how many customers were made for it.
    mutating func write(_ pieces: [InvoicesImport.Piece]) throws -> Int {
        let (customers, created) = try self.customers(pieces)
        byNumber = try InvoicesImport.documents(
            pieces.map(\.corrects).filter { !$0.isEmpty }, book: books.book, books.transaction)
        for piece in pieces {
            guard let customer = customers[piece.customer] else { continue }
            try add(piece, customer)
        }
        var done = recording
        done = Recording(
            command: done.command, kind: done.kind, content: done.content, actor: done.actor, day: done.day,
            outcome: #"{"documents":\#(pieces.count)}"#, entries: done.entries, items: done.items,
            documents: done.documents)
        try books.record([done])
        for batch in [documents, keys, receipts, allocations, disputes] { try books.transaction.insert(batch) }
        return created
    }

    /// The customers of these documents; those that do not exist are made, marked to be completed.
    private func customers(_ pieces: [InvoicesImport.Piece]) throws -> (
        [String: InvoicesImport.Facts.Customer], created: Int
    ) {
        var known = facts.customers[books.book] ?? [:]
        let missing = Set(pieces.map(\.customer)).filter { known[$0] == nil }
        guard !missing.isEmpty else { return (known, 0) }
        // Others may have made them since the facts were read, an earlier group of this run among them.
        try books.transaction.pick(missing.sorted())
        try books.transaction.rows(
            """
            SELECT c.number, c.customer, c.details, c.terms_days FROM picked_text p CROSS JOIN customers c
            WHERE c.book = $1 AND c.number = p.key
            """, [book]
        ) { row in
            known[try row.text(0)] = .init(
                id: RecordID(number: try row.int(1)), details: RecordID(number: try row.int(2)),
                termsDays: Int(try row.int(3)))
        }
        var writer = CustomerWriter(
            books: books, vault: context.vault, command: writing.command, chance: writing.chance)
        var created = 0
        for number in missing.sorted() where known[number] == nil {
            let first =
                pieces.first { $0.customer == number && !$0.customerName.isEmpty } ?? pieces.first {
                    $0.customer == number
                }!
            let made = writer.add(
                CustomersImport.Piece(
                    book: books.book, number: number,
                    name: first.customerName.isEmpty ? number : first.customerName, country: "", state: "",
                    currency: first.gross.currency, consumer: false, vatID: "", street: "", postcode: "", city: "",
                    emails: [:], contactName: "", phone: "", iban: "", termsDays: seller.termsDays,
                    priceList: PriceBook.standardList, creditLimit: nil, language: seller.language), toComplete: true)
            known[number] = .init(id: made.customer, details: made.details, termsDays: seller.termsDays)
            created += 1
        }
        try writer.write()
        return (known, created)
    }

    private mutating func add(_ piece: InvoicesImport.Piece, _ customer: InvoicesImport.Facts.Customer) throws {
        let id = books.mint()
        byNumber[piece.number] = id
        let due = piece.dueDay ?? (piece.isCredit ? piece.issueDay : piece.issueDay + customer.termsDays)
        let row: [SQLValue] = [
            book, .int(id.number), .int(customer.id.number), .int(customer.details.number),
            .text(piece.isCredit ? "credit-note" : "invoice"), .text("imported"), .text(piece.number),
            .text(piece.issueDay.description), .text(due.description), .text(piece.gross.currency.code),
            piece.net.map { .int($0.minor) } ?? .null, piece.tax.map { .int($0.minor) } ?? .null,
            .int(piece.gross.minor), .text(piece.orderID), .text(piece.poNumber), .text(piece.reference),
            byNumber[piece.corrects].map { .int($0.number) } ?? .null, .text(""), .text(writing.command.text),
            .text(books.recordedText),
        ]
        documents.append(row)
        keys.append([book, .text(piece.numberKey), .int(id.number)])
        recording.documents.append(
            PermanentRecord(
                kind: PermanentTable.document.rawValue, id: id,
                bytes: PermanentTable.document.bytes(row, children: [[], []])))
        recording.items.append(
            NewItem(
                id, account: .receivables, customer: customer.id, amount: piece.gross, day: piece.issueDay, dueDay: due)
        )
        guard let rate = facts.rate(piece.gross.currency, to: seller.currency, on: piece.issueDay) else {
            throw BooksRefusal.noRate(piece.gross.currency.code, to: seller.currency.code, on: piece.issueDay)
        }
        let home = rate.converting(piece.gross, to: seller.currency)
        if !piece.gross.isZero {
            let lines = [
                EntryLine(
                    .receivables, customer: customer.id, item: id, amount: piece.gross, home: home, rate: rate),
                EntryLine(.openingBalance, customer: customer.id, amount: -piece.gross, home: -home, rate: rate),
            ]
            recording.entries.append(books.post(Entry(.history, day: piece.issueDay, lines: lines)))
        }
        if let settled = piece.settledDay, !piece.gross.isZero {
            let open = OpenAmount(
                item: id, account: .receivables, customer: customer.id, day: piece.issueDay, open: piece.gross,
                openHome: home, rate: rate)
            try settle(open, piece, customer.id, on: settled)
        }
        if piece.disputed {
            disputes.append([
                book, .int(books.mint().number), .int(id.number), .int(customer.id.number), .int(piece.gross.minor),
                .text("imported"), .text(piece.issueDay.description),
                piece.settledDay.map { .text(max($0, piece.issueDay).description) } ?? .null,
                .text(writing.command.text), .text(books.recordedText),
            ])
        }
    }

    /// Books what settled a document: a receipt and its allocation; money paid back for a credit note.
    private mutating func settle(
        _ open: OpenAmount, _ piece: InvoicesImport.Piece, _ customer: RecordID, on settled: Day
    ) throws {
        guard let rate = facts.rate(piece.gross.currency, to: seller.currency, on: settled) else {
            throw BooksRefusal.noRate(piece.gross.currency.code, to: seller.currency.code, on: settled)
        }
        let home = rate.converting(piece.gross, to: seller.currency)
        let day = max(settled, piece.issueDay)
        func bank(_ amount: Money, _ atHome: Money) -> EntryLine {
            EntryLine(.bank, customer: customer, amount: amount, home: atHome, rate: rate)
        }
        guard !piece.isCredit, !piece.gross.isNegative else {
            var lines = [bank(piece.gross, home), open.clearing(piece.gross)]
            if let difference = Entry.exchangeDifference(of: lines, on: day) { lines.append(difference) }
            let entry = books.post(Entry(.refund, day: day, lines: lines))
            recording.entries.append(entry)
            allocate(
                piece.gross, of: open, by: entry, receipt: nil, customer, on: day, "paid back in the imported history")
            return
        }
        let receipt = books.mint()
        let row: [SQLValue] = [
            book, .int(receipt.number), .null, .text(settled.description), .text(settled.description),
            .int(piece.gross.minor), .text(piece.gross.currency.code), .text(""), .text(""), .text(piece.number),
            .text(""), .text(writing.command.text), .text(books.recordedText),
        ]
        receipts.append(row)
        recording.documents.append(
            PermanentRecord(
                kind: PermanentTable.receipt.rawValue, id: receipt, bytes: PermanentTable.receipt.bytes(row)))
        recording.items.append(
            NewItem(
                receipt, account: .unapplied, customer: customer, amount: -piece.gross, day: settled, dueDay: settled))
        let received = [
            bank(piece.gross, home),
            EntryLine(.unapplied, customer: customer, item: receipt, amount: -piece.gross, home: -home, rate: rate),
        ]
        recording.entries.append(books.post(Entry(.receipt, day: settled, lines: received)))
        let money = OpenAmount(
            item: receipt, account: .unapplied, customer: customer, day: settled, open: -piece.gross, openHome: -home,
            rate: rate)
        var lines = [money.clearing(-piece.gross), open.clearing(piece.gross)]
        if let difference = Entry.exchangeDifference(of: lines, on: day) { lines.append(difference) }
        let entry = books.post(Entry(.allocation, day: day, lines: lines))
        recording.entries.append(entry)
        allocate(
            piece.gross, of: open, by: entry, receipt: receipt, customer, on: day, "settled in the imported history")
    }

    /// What settled a document; money paid back for a credit note has no receipt and is negative.
    private mutating func allocate(
        _ amount: Money, of open: OpenAmount, by entry: PostedEntry, receipt: RecordID?, _ customer: RecordID,
        on day: Day, _ reason: String
    ) {
        let allocation = books.mint()
        let used: [SQLValue] = [
            book, .int(allocation.number), .text(writing.command.text), .int(entry.id.number),
            receipt.map { .int($0.number) } ?? .null,
            .int(open.item.number), .int(customer.number), .text(day.description), .int(amount.minor), .int(0),
            .text(reason), .null, .text(books.recordedText),
        ]
        allocations.append(used)
        recording.documents.append(
            PermanentRecord(
                kind: PermanentTable.allocation.rawValue, id: allocation, bytes: PermanentTable.allocation.bytes(used)))
    }
}
