import Books
import Database
import Formats
import Ledger
import Money
import Pricing

/// Invoice history: documents of an earlier system, with their own numbers and due days.
struct InvoicesImport: ImportKind {
    struct Piece: Sendable, Equatable {
        let book: Int64
        let number: String
        let customer, customerName: String
        var isCredit: Bool
        /// What the file calls it: a credit note, an invoice, or nothing.
        let isCalledCredit: Bool?
        let corrects: String
        let orderID, poNumber, reference: String
        let issueDay: Day
        let dueDay: Day?
        let settledDay: Day?
        var net, tax: Money?
        var gross: Money
        let disputed: Bool
        /// Of a document written line by line: what it is, and its sign, follow from the sum of its lines. A credit note written
        /// without a sign is negative all the same.
        func ofLines() -> Piece {
            var whole = self
            if isCalledCredit == true, gross.minor > 0 { whole.gross = Money(minor: -gross.minor, gross.currency) }
            whole.isCredit = isCalledCredit ?? whole.gross.isNegative
            return whole
        }
        /// Without leading zeros: 000123 and 123 are one number.
        var numberKey: String { InvoicesImport.key(number) }
    }
    struct Facts: Sendable {
        struct Customer: Sendable {
            let id, details: RecordID
            let termsDays: Int
        }
        var customers: [Int64: [String: Customer]] = [:]
        /// Rates to the seller's currency: `USD EUR 2026-01-02`.
        var rates: [String: ExchangeRate] = [:]

        func rate(_ currency: Currency, to home: Currency, on day: Day) -> ExchangeRate? {
            currency == home ? .par(on: day) : .latest(on: day) { rates["\(currency.code) \(home.code) \($0)"] }
        }
    }
    static let fields = [
        FieldDeclaration(
            "invoice_no", .identifier, required: true,
            synonyms: ["invoice", "invoice_number", "number", "rechnungsnummer"]),
        FieldDeclaration("type", synonyms: ["document_type", "art"]),
        FieldDeclaration("corrects", .identifier),
        FieldDeclaration("order_id", .identifier, synonyms: ["order"]),
        FieldDeclaration(
            "customer_id", .identifier, required: true, synonyms: ["customer", "customer_no", "kundennummer"]),
        FieldDeclaration("customer_name", synonyms: ["name", "kunde"]),
        FieldDeclaration("seller"),
        FieldDeclaration(
            "issue_date", .day, required: true, synonyms: ["invoice_date", "date", "issue_day", "rechnungsdatum"]),
        FieldDeclaration("due_date", .day, synonyms: ["due", "due_day", "faellig"]),
        FieldDeclaration("settled_date", .day, synonyms: ["paid_date", "settled", "payment_date", "bezahlt_am"]),
        FieldDeclaration("currency", .currency, synonyms: ["waehrung"]),
        FieldDeclaration("net", .amount, synonyms: ["net_amount", "netto"]),
        FieldDeclaration("tax", .amount, synonyms: ["tax_amount", "vat", "steuer"]),
        FieldDeclaration(
            "gross", .amount, synonyms: ["amount", "invoice_amount", "gross_amount", "total", "brutto", "betrag"]),
        FieldDeclaration("po_number", .identifier, synonyms: ["po", "bestellnummer"]),
        FieldDeclaration("creditor_ref", .identifier, synonyms: ["reference", "payment_reference"]),
        FieldDeclaration("disputed", .flag, synonyms: ["strittig"]),
        FieldDeclaration("sku", .identifier, synonyms: ["stock_code", "article"]),
        FieldDeclaration("quantity", .quantity, synonyms: ["qty", "menge"]),
        FieldDeclaration("unit_price", .price, synonyms: ["price", "preis"]),
    ]
    static let example = [
        "R-0815", "invoice", "", "SO-1001", "C-1001", "Löwe Spedition GmbH", "DE", "2026-01-08", "2026-02-07", "",
        "EUR", "100.00", "19.00", "119.00", "PO-77", "", "no", "", "", "",
    ]

    private let context: ImportContext
    private let survey: TableSurvey
    private let fields: [String: TableField]
    /// The file has a row per line, not per document.
    private let hasLines: Bool
    private var open: [String: (row: Int, piece: Piece)] = [:]
    private var order: [String] = []
    private var seen: [String: Piece] = [:]

    init(_ survey: TableSurvey, _ facts: Facts, _ context: ImportContext) throws {
        self.context = context
        self.survey = survey
        fields = Dictionary(uniqueKeysWithValues: Self.fields.map { ($0.name, survey.field($0.name)) })
        hasLines =
            survey.has(survey.field("quantity")) && survey.has(survey.field("unit_price"))
            && !survey.has(survey.field("gross"))
        if !hasLines, !survey.has(survey.field("gross")) {
            throw TableProblems([
                TableProblem(
                    code: "table.column-missing", field: "gross",
                    why: "There is no column for gross, nor quantity and unit_price to find it from.",
                    next: "Say which column it is with --map 'Their column=gross'.")
            ])
        }
    }

    static func newCustomer(for piece: Piece, _ facts: Facts) -> String? {
        facts.customers[piece.book]?[piece.customer] == nil ? "\(piece.book) \(piece.customer)" : nil
    }

    static func facts(_ context: ImportContext, _ transaction: any Transaction) throws -> Facts {
        var facts = Facts()
        for seller in context.sellers {
            var mine: [String: Facts.Customer] = [:]
            try transaction.rows(
                "SELECT number, customer, details, terms_days FROM customers WHERE book = $1", [.int(seller.book)]
            ) { row in
                mine[try row.text(0)] = Facts.Customer(
                    id: RecordID(number: try row.int(1)), details: RecordID(number: try row.int(2)),
                    termsDays: Int(try row.int(3)))
            }
            facts.customers[seller.book] = mine
        }
        try transaction.rows("SELECT currency, home_currency, day, rate, source FROM exchange_rates", []) { row in
            guard let day = Day(try row.text(2)) else { return }
            facts.rates["\(try row.text(0)) \(try row.text(1)) \(day)"] = ExchangeRate(
                scaled: try row.int(3), day: day, source: try row.text(4))
        }
        return facts
    }

    static func key(_ number: String) -> String {
        let bare = number.drop { $0 == "0" }
        return bare.isEmpty ? "0" : bare.uppercased()
    }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        guard let piece = read(row) else { return nil }
        let key = "\(piece.book) \(piece.numberKey)"
        if hasLines {
            guard var earlier = open[key] else {
                open[key] = (row.number, piece)
                order.append(key)
                return nil
            }
            guard earlier.piece.customer == piece.customer, earlier.piece.issueDay == piece.issueDay,
                earlier.piece.gross.currency == piece.gross.currency
            else {
                row.refuse(
                    fields["invoice_no"]!, code: "import.doubtful",
                    why: "\(piece.number) began in row \(earlier.row) with another customer, day or currency.",
                    next: "Correct the rows, or leave the document out.")
                return nil
            }
            guard (Int128(earlier.piece.gross.minor) + Int128(piece.gross.minor)).magnitude <= UInt128(Money.limit)
            else {
                row.refuse(
                    fields["quantity"]!, code: "import.too-large",
                    why: "The sum of its lines is larger than the books can hold.",
                    next: "Correct the quantity or the price.")
                return nil
            }
            earlier.piece.gross += piece.gross
            open[key] = earlier
            return nil
        }
        if let earlier = seen[key] {
            if !same(earlier, piece) {
                row.refuse(
                    fields["invoice_no"]!, code: "import.doubtful",
                    why: "\(piece.number) stands in the file twice, with another customer, day or amount.",
                    next: "Correct the rows, or leave the document out.")
            }
            return nil
        }
        seen[key] = piece
        return (row.number, piece)
    }

    private func same(_ one: Piece, _ other: Piece) -> Bool {
        one.customer == other.customer && one.issueDay == other.issueDay && one.gross == other.gross
    }

    func document(of row: TableRow) -> String? {
        guard hasLines, !row.isBlank(fields["invoice_no"]!), let number = row.text(fields["invoice_no"]!) else {
            return nil
        }
        return "\(context.seller(row.text(fields["seller"]!))?.book ?? 0) \(Self.key(number))"
    }

    mutating func rest() -> [(row: Int, piece: Piece)] {
        defer { (open, order) = ([:], []) }
        return order.compactMap { open[$0] }.map { ($0.row, $0.piece.ofLines()) }
    }

    private func read(_ row: TableRow) -> Piece? {
        func field(_ name: String) -> TableField { fields[name]! }
        func text(_ name: String) -> String { row.text(field(name)) ?? "" }
        func day(_ name: String) -> Day? { row.isBlank(field(name)) ? nil : row.day(field(name)) }
        let seller = context.seller(row.text(field("seller")))
        if seller == nil {
            let code = text("seller")
            row.refuse(
                field("seller"), code: code.isEmpty ? "import.which-seller" : "import.no-such-seller",
                why: code.isEmpty ? "There are several sellers and the row names none." : "There is no seller \(code).",
                next: code.isEmpty ? "Say --seller CODE." : "'duly seller list' lists the sellers.")
        }
        let currency = row.isBlank(field("currency")) ? seller?.currency : row.currency(field("currency"))
        let issue = row.day(field("issue_date"))
        let (due, settled) = (day("due_date"), day("settled_date"))
        let amounts = currency.flatMap { self.amounts(row, $0) }
        let disputed = row.flag(field("disputed")) ?? false
        let type = text("type").lowercased()
        let isCredit: Bool
        switch type {
        case "", "invoice", "rechnung", "380": isCredit = (amounts?.gross.isNegative ?? false)
        case "credit_note", "credit-note", "credit note", "creditnote", "gutschrift", "381": isCredit = true
        default:
            row.refuse(
                field("type"), code: "import.bad-type", why: "'\(type)' is no type of document.",
                next: "Say invoice or credit_note.")
            isCredit = false
        }
        if let issue, let due, due < issue {
            row.refuse(
                field("due_date"), code: "import.due-before-issue", why: "\(due) lies before the issue day \(issue).",
                next: "Correct the row.")
        }
        if type.hasPrefix("invoice"), let amounts, amounts.gross.isNegative, !hasLines {
            row.refuse(
                field("gross"), code: "import.negative-invoice",
                why: "An invoice of \(amounts.gross) is a credit note.",
                next: "Write credit_note as its type.")
        }
        guard let seller, currency != nil, let issue, let amounts, let number = row.text(field("invoice_no")),
            let customer = row.text(field("customer_id")), !row.isRefused
        else { return nil }
        // A credit note written without a sign is negative all the same.
        let sign: Int64 = isCredit && amounts.gross.minor > 0 && !hasLines ? -1 : 1
        func signed(_ money: Money?) -> Money? { money.map { Money(minor: $0.minor * sign, $0.currency) } }
        return Piece(
            book: seller.book, number: number, customer: customer, customerName: text("customer_name"),
            isCredit: isCredit, isCalledCredit: type.isEmpty ? nil : !["invoice", "rechnung", "380"].contains(type),
            corrects: text("corrects"), orderID: text("order_id"), poNumber: text("po_number"),
            reference: text("creditor_ref"), issueDay: issue, dueDay: due, settledDay: settled,
            net: signed(amounts.net), tax: signed(amounts.tax), gross: signed(amounts.gross)!, disputed: disputed)
    }

    /// Net, tax and gross of a document, or the gross of a line.
    private func amounts(_ row: TableRow, _ currency: Currency) -> (net: Money?, tax: Money?, gross: Money)? {
        if hasLines {
            guard let quantity = row.quantity(fields["quantity"]!),
                let price = row.price(fields["unit_price"]!, currency)
            else { return nil }
            guard PricedLine.isWithinLimit(quantity, at: price, in: currency) else {
                row.refuse(
                    fields["quantity"]!, code: "import.too-large",
                    why: "Quantity times price is larger than the books can hold.",
                    next: "Correct the quantity or the price.")
                return nil
            }
            return (nil, nil, PricedLine.net(quantity, at: price, less: .zero, in: currency).net)
        }
        let net = row.isBlank(fields["net"]!) ? nil : row.money(fields["net"]!, currency)
        let tax = row.isBlank(fields["tax"]!) ? nil : row.money(fields["tax"]!, currency)
        guard !row.isBlank(fields["gross"]!) else {
            row.refuse(
                fields["gross"]!, code: "import.no-gross", why: "The document has no gross amount.",
                next: "Add it; net and tax may be missing, gross may not.")
            return nil
        }
        guard let gross = row.money(fields["gross"]!, currency) else { return nil }
        if let net, let tax, net + tax != gross {
            row.refuse(
                fields["gross"]!, code: "import.does-not-add-up", why: "\(net) and \(tax) do not make \(gross).",
                next: "Correct the row.")
            return nil
        }
        return (net, tax, gross)
    }

    // MARK: Against the books

    private struct Known {
        let document: RecordID
        let number: String
        let customer: String
        let issueDay: String
        let gross: Int64
        let isOwn: Bool
    }

    private static func known(
        _ pieces: [Piece], _ transaction: any Transaction
    ) throws -> [String: Known] {
        var known: [String: Known] = [:]
        for book in Set(pieces.map(\.book)) {
            func take(_ row: borrowing RowCursor) throws {
                let found = Known(
                    document: RecordID(number: try row.int(0)), number: try row.text(1), customer: try row.text(2),
                    issueDay: try row.text(3), gross: try row.int(4), isOwn: try row.text(5) == "own")
                known["\(book) \(key(found.number))"] = found
            }
            let mine = pieces.filter { $0.book == book }
            try transaction.pick(mine.map(\.numberKey))
            try transaction.rows(
                """
                SELECT d.document, d.number, c.number, d.issue_day, d.gross, d.origin
                FROM picked_text p CROSS JOIN imported_numbers n
                JOIN documents d ON d.book = n.book AND d.document = n.document
                JOIN customers c ON c.book = d.book AND c.customer = d.customer
                WHERE n.book = $1 AND n.number_key = p.key
                    AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = d.book AND u.command = d.command)
                """, [.int(book)], take)
            try transaction.pick(mine.map(\.number))
            try transaction.rows(
                """
                SELECT d.document, d.number, c.number, d.issue_day, d.gross, d.origin
                FROM picked_text p CROSS JOIN documents d
                JOIN customers c ON c.book = d.book AND c.customer = d.customer
                WHERE d.book = $1 AND d.number = p.key AND d.origin = 'own'
                """, [.int(book)], take)
        }
        return known
    }

    static func judge(
        _ pieces: [Piece], _ facts: Facts, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        let known = try known(pieces, transaction)
        return pieces.map { piece in
            if let earlier = known["\(piece.book) \(piece.numberKey)"] {
                if !earlier.isOwn, earlier.customer == piece.customer, earlier.issueDay == piece.issueDay.description,
                    earlier.gross == piece.gross.minor
                {
                    return .unchanged
                }
                return .refused(
                    ImportProblem(
                        code: earlier.isOwn ? "import.number-is-ours" : "import.doubtful", field: "invoice_no",
                        why: earlier.isOwn
                            ? "\(earlier.number) is a document that these books issued."
                            : "\(earlier.number) is in the books with another customer, day or amount.",
                        next: "Compare the two documents; nothing is overwritten."))
            }
            guard let seller = context.sellers.first(where: { $0.book == piece.book }) else { return .added }
            if piece.isCalledCredit == false, piece.gross.isNegative {
                return .refused(
                    ImportProblem(
                        code: "import.negative-invoice", field: "type",
                        why: "An invoice of \(piece.gross) is a credit note.", next: "Write credit_note as its type."))
            }
            for (field, day) in [("issue_date", piece.issueDay), ("settled_date", piece.settledDay ?? piece.issueDay)]
            where day < seller.openFrom {
                return .refused(
                    ImportProblem(
                        code: "import.period-closed", field: field,
                        why: "\(day) lies before \(seller.openFrom), the first open day.",
                        next: "Leave the document out, or have the period reopened."))
            }
            for day in [piece.issueDay, piece.settledDay].compactMap({ $0 })
            where facts.rate(piece.gross.currency, to: seller.currency, on: day) == nil {
                return .refused(
                    ImportProblem(
                        code: "books.no-exchange-rate", field: "currency",
                        why:
                            "There is no rate from \(piece.gross.currency.code) to \(seller.currency.code) for \(day).",
                        next: "Import exchange-rates for that day first."))
            }
            return .added
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Facts, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        var created = 0
        for seller in context.sellers {
            let mine = pieces.compactMap { pair -> Piece? in
                guard case .added = pair.verdict, pair.piece.book == seller.book else { return nil }
                return pair.piece
            }
            guard !mine.isEmpty else { continue }
            var writer = HistoryWriter(
                books: try writing.books(seller.book), seller: seller, facts: facts, context: context, writing: writing)
            created += try writer.write(mine)
        }
        return created
    }

    /// The document that an earlier number names, for credit notes.
    static func documents(
        _ numbers: [String], book: Int64, _ transaction: any Transaction
    ) throws -> [String: RecordID] {
        try transaction.pick(numbers)
        var found: [String: RecordID] = [:]
        try transaction.rows(
            """
            SELECT d.number, d.document FROM picked_text p CROSS JOIN documents d
            WHERE d.book = $1 AND d.number = p.key ORDER BY d.document
            """, [.int(book)]
        ) { found[try $0.text(0)] = RecordID(number: try $0.int(1)) }
        return found
    }
}
