import Books
import Database
import Formats
import Ledger
import Money
import Pricing

/// Order lines delivered: charges that wait to be billed.
struct OrdersImport: ImportKind {
    struct Piece: Sendable, Equatable {
        let book: Int64
        let customer: Int64
        let orderID: String
        let lineNo: Int64
        let day: Day
        let currency: Currency
        let poNumber, sku, description: String
        let quantity: Quantity
        let unitPrice: UnitPrice?
        let discount: Rate
    }
    struct Facts: Sendable {
        struct Customer: Sendable {
            let id: Int64
            let currency: Currency
        }
        /// By book, then number.
        var customers: [Int64: [String: Customer]] = [:]
        var products: Set<String> = []
        /// Books that hold charges already.
        var filled: Set<Int64> = []
    }
    static let fields = [
        FieldDeclaration(
            "order_id", .identifier, required: true, synonyms: ["order", "order_no", "auftrag", "auftragsnummer"]),
        FieldDeclaration("line_no", .integer, synonyms: ["line", "position", "pos"]),
        FieldDeclaration(
            "customer_id", .identifier, required: true, synonyms: ["customer", "customer_no", "kundennummer"]),
        FieldDeclaration("seller"),
        FieldDeclaration("currency", .currency, synonyms: ["waehrung"]),
        FieldDeclaration(
            "order_date", .day, required: true,
            synonyms: ["date", "day", "delivery_date", "datum", "auftragsdatum", "bestelldatum"]),
        FieldDeclaration("po_number", .identifier, synonyms: ["po", "purchase_order", "bestellnummer"]),
        FieldDeclaration(
            "sku", .identifier, required: true,
            synonyms: ["article", "article_no", "stock_code", "item", "artikel", "artikelnummer"]),
        FieldDeclaration("description", synonyms: ["text", "bezeichnung"]),
        FieldDeclaration("quantity", .quantity, required: true, synonyms: ["qty", "menge"]),
        FieldDeclaration("unit_price", .price, synonyms: ["price", "preis"]),
        FieldDeclaration("discount_pct", .percent, synonyms: ["discount", "rabatt"]),
    ]
    static let example = [
        "SO-1001", "1", "C-1001", "DE", "EUR", "2026-01-05", "PO-77", "P-100", "", "2.5", "", "10",
    ]

    static let naming = ["customer_id", "sku"]

    private let facts: Facts
    private let context: ImportContext
    private let order, line, customer, seller, currency, day, po, sku, description, quantity, price,
        discount: TableField
    /// Hash of the line's key to hash of its content: duplicates within the file.
    private var seen: [UInt64: UInt64] = [:]
    private var lastOrder = ""
    private var lastLine: Int64 = 0

    init(_ survey: TableSurvey, _ facts: Facts, _ context: ImportContext) {
        self.facts = facts
        self.context = context
        order = survey.field("order_id")
        line = survey.field("line_no")
        customer = survey.field("customer_id")
        seller = survey.field("seller")
        currency = survey.field("currency")
        day = survey.field("order_date")
        po = survey.field("po_number")
        sku = survey.field("sku")
        description = survey.field("description")
        quantity = survey.field("quantity")
        price = survey.field("unit_price")
        discount = survey.field("discount_pct")
    }

    static func facts(_ context: ImportContext, _ transaction: any Transaction) throws -> Facts {
        var facts = Facts()
        for seller in context.sellers {
            var mine: [String: Facts.Customer] = [:]
            if let named = context.named?["customer_id"] { try transaction.pick(Array(named)) }
            try transaction.rows(
                context.named == nil
                    ? "SELECT number, customer, currency FROM customers WHERE book = $1"
                    : """
                    SELECT c.number, c.customer, c.currency FROM picked_text p CROSS JOIN customers c
                    WHERE c.book = $1 AND c.number = p.key
                    """,
                [.int(seller.book)]
            ) { row in
                mine[try row.text(0)] = Facts.Customer(
                    id: try row.int(1), currency: Currency(try row.text(2)) ?? seller.currency)
            }
            facts.customers[seller.book] = mine
            if try !transaction.query("SELECT 1 FROM charges WHERE book = $1 LIMIT 1", [.int(seller.book)]).isEmpty {
                facts.filled.insert(seller.book)
            }
        }
        if let named = context.named?["sku"] { try transaction.pick(Array(named)) }
        try transaction.rows(
            context.named == nil
                ? "SELECT sku FROM products"
                : "SELECT s.sku FROM picked_text p CROSS JOIN products s WHERE s.sku = p.key", []
        ) { facts.products.insert(try $0.text(0)) }
        return facts
    }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        let number = row.text(customer)
        let seller = self.seller(of: row, customer: number)
        let known = seller.flatMap { seller in number.flatMap { facts.customers[seller.book]?[$0] } }
        if let number, seller != nil, known == nil {
            row.refuse(
                customer, code: "import.unknown-customer", why: "There is no customer \(number).",
                next: "Import customers first, or correct the number.")
        }
        let money = row.isBlank(currency) ? known?.currency : row.currency(currency)
        let article = row.text(sku)
        let unitPrice = row.isBlank(price) ? nil : row.price(price, money)
        if let article, !facts.products.contains(article) {
            row.refuse(
                sku, code: "import.unknown-product", why: "There is no product \(article).",
                next: "Import products first, or correct the number.")
        }
        let amount = row.quantity(quantity)
        if let amount, let unitPrice, let money, !PricedLine.isWithinLimit(amount, at: unitPrice, in: money) {
            row.refuse(
                quantity, code: "import.too-large", why: "Quantity times price is larger than the books can hold.",
                next: "Correct the quantity or the price.")
        }
        let rate = row.isBlank(discount) ? Rate.zero : row.rate(discount)
        if let rate, rate.scaled < 0 || rate.scaled > 100_000_000 {
            row.refuse(
                discount, code: "import.bad-discount", why: "\(rate.percent) % is not between 0 and 100.",
                next: "Correct the row.")
        }
        let date = row.day(day)
        let order = row.text(order)
        let place: Int64?
        if row.isBlank(line) {
            place = order == lastOrder ? lastLine + 1 : 1
        } else {
            place = row.integer(line).map(Int64.init)
        }
        guard let seller, let known, let money, let article, let amount, let rate, let date, let order, let place,
            !row.isRefused
        else { return nil }
        (lastOrder, lastLine) = (order, place)
        let piece = Piece(
            book: seller.book, customer: known.id, orderID: order, lineNo: place, day: date, currency: money,
            poNumber: row.text(po) ?? "", sku: article, description: row.text(description) ?? "", quantity: amount,
            unitPrice: unitPrice, discount: rate)
        guard isNew(piece, row) else { return nil }
        return (row.number, piece)
    }

    private func seller(of row: TableRow, customer: String?) -> ImportSeller? {
        if let found = context.seller(row.text(seller)) { return found }
        // A row that names no seller belongs to the only one that has the customer.
        if row.isBlank(seller), let customer {
            let having = context.sellers.filter { facts.customers[$0.book]?[customer] != nil }
            if having.count == 1 { return having[0] }
        }
        let code = row.text(seller) ?? ""
        row.refuse(
            seller, code: code.isEmpty ? "import.which-seller" : "import.no-such-seller",
            why: code.isEmpty ? "There are several sellers and the row names none." : "There is no seller \(code).",
            next: code.isEmpty ? "Say --seller CODE." : "'duly seller list' lists the sellers.")
        return nil
    }

    /// The same line twice in one file: the same content is passed over, other content refused.
    private mutating func isNew(_ piece: Piece, _ row: TableRow) -> Bool {
        var key: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ hash: inout UInt64, _ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        func mix(_ hash: inout UInt64, _ number: Int64) {
            hash = (hash ^ UInt64(bitPattern: number)) &* 0x9e37_79b9_7f4a_7c15
        }
        mix(&key, piece.book)
        mix(&key, piece.orderID)
        mix(&key, piece.lineNo)
        var content = key
        mix(&content, piece.customer)
        mix(&content, piece.sku)
        mix(&content, piece.poNumber)
        mix(&content, piece.description)
        mix(&content, Int64(piece.day.number))
        mix(&content, piece.quantity.micro)
        mix(&content, piece.discount.scaled)
        mix(&content, piece.unitPrice?.scaled ?? -1)
        guard let earlier = seen[key] else {
            seen[key] = content
            return true
        }
        guard earlier == content else {
            row.refuse(
                line, code: "import.twice",
                why: "Line \(piece.lineNo) of order \(piece.orderID) stands in the file twice, differently.",
                next: "Keep one of the rows, or number the lines.")
            return false
        }
        return true
    }

    static func judge(
        _ pieces: [Piece], _ facts: Facts, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        struct Key: Hashable {
            let book: Int64
            let order: String
            let line: Int64
        }
        var known: [Key: (piece: Piece, billed: Bool)] = [:]
        for book in Set(pieces.map(\.book)) where facts.filled.contains(book) {
            try transaction.pick(Array(Set(pieces.lazy.filter { $0.book == book }.map(\.orderID))))
            try transaction.rows(
                """
                SELECT c.customer, c.order_id, c.line_no, c.day, c.currency, c.po_number, c.sku, c.description,
                    c.quantity, c.unit_price, c.discount, c.billed_by
                FROM picked_text p CROSS JOIN charges c
                WHERE c.book = $1 AND c.order_id = p.key
                """, [.int(book)]
            ) { row in
                guard let day = Day(try row.text(3)), let currency = Currency(try row.text(4)) else { return }
                let piece = Piece(
                    book: book, customer: try row.int(0), orderID: try row.text(1), lineNo: try row.int(2), day: day,
                    currency: currency, poNumber: try row.text(5), sku: try row.text(6), description: try row.text(7),
                    quantity: Quantity(micro: try row.int(8)),
                    unitPrice: try row.intOrNil(9).map { UnitPrice(scaled: $0) },
                    discount: Rate(scaled: try row.int(10)))
                known[Key(book: book, order: piece.orderID, line: piece.lineNo)] = (piece, try row.intOrNil(11) != nil)
            }
        }
        return pieces.map { piece in
            let key = Key(book: piece.book, order: piece.orderID, line: piece.lineNo)
            guard let earlier = known[key] else {
                known[key] = (piece, false)
                return .added
            }
            if earlier.piece == piece { return .unchanged }
            if !earlier.billed, earlier.piece.customer == piece.customer { return .changed }
            return .refused(
                ImportProblem(
                    code: earlier.billed ? "import.billed-already" : "import.other-customer", field: "order_id",
                    why: earlier.billed
                        ? "Line \(piece.lineNo) of order \(piece.orderID) is billed already, with other content."
                        : "Order \(piece.orderID) belongs to another customer.",
                    next: earlier.billed
                        ? "Credit the invoice and bill what is right under a new line." : "Correct the row."))
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Facts, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        for book in Set(pieces.map(\.piece.book)).sorted() {
            let books = try writing.books(book)
            var fresh = RowBatch(
                into: "charges",
                columns: [
                    "book", "charge", "customer", "order_id", "line_no", "day", "currency", "po_number", "sku",
                    "description", "quantity", "unit_price", "discount", "command", "recorded",
                ])
            var count = 0
            for (piece, verdict) in pieces where piece.book == book {
                switch verdict {
                case .added:
                    fresh.append(book)
                    fresh.append(books.mint().number)
                    fresh.append(piece.customer)
                    fresh.append(piece.orderID)
                    fresh.append(piece.lineNo)
                    fresh.append(piece.day.description)
                    fresh.append(piece.currency.code)
                    fresh.append(piece.poNumber)
                    fresh.append(piece.sku)
                    fresh.append(piece.description)
                    fresh.append(piece.quantity.micro)
                    fresh.append(piece.unitPrice?.scaled)
                    fresh.append(piece.discount.scaled)
                    fresh.append(writing.command.text)
                    fresh.append(books.recordedText)
                    fresh.endRow()
                case .changed: try change(piece, writing)
                case .unchanged, .refused: continue
                }
                count += 1
            }
            guard count > 0 else { continue }
            try writing.transaction.insert(fresh)
            try books.record([
                Recording(
                    command: writing.command, kind: "import.orders", content: writing.command.text,
                    actor: context.actor, day: context.today, outcome: #"{"charges":\#(count)}"#)
            ])
        }
        return 0
    }

    private static func change(_ piece: Piece, _ writing: ImportWriting) throws {
        _ = try writing.transaction.execute(
            """
            UPDATE charges SET day = $4, po_number = $5, sku = $6, description = $7, quantity = $8, unit_price = $9,
                discount = $10
            WHERE book = $1 AND order_id = $2 AND line_no = $3 AND billed_by IS NULL
            """,
            [
                .int(piece.book), .text(piece.orderID), .int(piece.lineNo), .text(piece.day.description),
                .text(piece.poNumber), .text(piece.sku), .text(piece.description), .int(piece.quantity.micro),
                piece.unitPrice.map { .int($0.scaled) } ?? .null, .int(piece.discount.scaled),
            ])
    }
}
