import Books
import Customers
import Database
import Formats
import Ledger
import Money
import Pricing

/// Customers with their terms, contacts by purpose and bank accounts.
struct CustomersImport: ImportKind {
    struct Piece: Sendable, Equatable {
        let book: Int64
        let number, name, country, state: String
        let currency: Currency
        let consumer: Bool
        let vatID, street, postcode, city: String
        /// By purpose; mails of purposes left out go to the one for invoices.
        let emails: [String: String]
        let contactName, phone, iban: String
        let termsDays: Int
        let priceList: String
        let creditLimit: Money?
        let language: String
    }
    static let fields = [
        FieldDeclaration(
            "customer_id", .identifier, required: true, synonyms: ["customer", "customer_no", "number", "kundennummer"]),
        FieldDeclaration("name", required: true, synonyms: ["customer_name", "company", "firma"]),
        FieldDeclaration("country", synonyms: ["land"]),
        FieldDeclaration("state"),
        FieldDeclaration("seller"),
        FieldDeclaration("currency", .currency, synonyms: ["waehrung"]),
        FieldDeclaration("consumer", .flag, synonyms: ["private"]),
        FieldDeclaration("vat_id", synonyms: ["tax_id", "ust_id", "ust_idnr"]),
        FieldDeclaration("street", synonyms: ["address", "strasse"]),
        FieldDeclaration("postcode", .identifier, synonyms: ["zip", "plz", "postal_code"]),
        FieldDeclaration("city", synonyms: ["town", "ort"]),
        FieldDeclaration("email", synonyms: ["mail", "e_mail", "invoice_email"]),
        FieldDeclaration("statement_email"),
        FieldDeclaration("reminder_email"),
        FieldDeclaration("escalation_email"),
        FieldDeclaration("contact_name", synonyms: ["contact"]),
        FieldDeclaration("phone"),
        FieldDeclaration("iban", synonyms: ["bank_account", "account"]),
        FieldDeclaration("payment_terms_days", .integer, synonyms: ["terms_days", "terms", "zahlungsziel"]),
        FieldDeclaration("price_list", synonyms: ["preisliste"]),
        FieldDeclaration("credit_limit", .amount),
        FieldDeclaration("language", synonyms: ["sprache"]),
    ]
    static let example = [
        "C-1001", "Löwe Spedition GmbH", "DE", "", "DE", "EUR", "0", "DE123456788", "Ringweg 5", "90402", "Nürnberg",
        "rechnung@example.org", "", "", "", "", "", "DE02120300000000202051", "30", "STD", "5000", "de",
    ]

    private let context: ImportContext
    private let fields: [String: TableField]
    private var seen: [String: Piece] = [:]

    init(_ survey: TableSurvey, _ facts: Set<Int>, _ context: ImportContext) {
        self.context = context
        fields = Dictionary(uniqueKeysWithValues: Self.fields.map { ($0.name, survey.field($0.name)) })
    }
    static func facts(_ context: ImportContext, _ transaction: any Transaction) -> Set<Int> { [] }

    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)? {
        func field(_ name: String) -> TableField { fields[name]! }
        func text(_ name: String) -> String { row.text(field(name)) ?? "" }
        let seller = context.seller(row.text(field("seller")))
        if seller == nil { refuseSeller(row, field("seller"), text("seller")) }
        let currency = row.isBlank(field("currency")) ? seller?.currency : row.currency(field("currency"))
        let country = text("country").uppercased()
        if !country.isEmpty, country.utf8.count != 2 {
            row.refuse(
                field("country"), code: "import.bad-country", why: "'\(country)' is not a country code of two letters.",
                next: "Write it as in ISO 3166, such as DE.")
        }
        let consumer = row.flag(field("consumer")) ?? false
        let terms =
            row.isBlank(field("payment_terms_days")) ? seller?.termsDays : row.integer(field("payment_terms_days"))
        if let terms, !(0...3650).contains(terms) {
            row.refuse(
                field("payment_terms_days"), code: "import.bad-terms", why: "\(terms) days is not between 0 and 3650.",
                next: "Correct the row.")
        }
        let limit = currency.flatMap { row.money(field("credit_limit"), $0) }
        var emails: [String: String] = [:]
        for (purpose, name) in [
            ("invoice", "email"), ("statement", "statement_email"), ("reminder", "reminder_email"),
            ("escalation", "escalation_email"),
        ] {
            let mail = text(name)
            guard !mail.isEmpty else { continue }
            if !Self.isAddress(mail) {
                row.refuse(
                    field(name), code: "import.bad-email", why: "'\(mail)' is not a mail address.",
                    next: "Correct it or leave it empty.")
            }
            emails[purpose] = mail
        }
        let language = text("language").lowercased()
        guard let seller, let currency, let terms, let number = row.text(field("customer_id")),
            let name = row.text(field("name")), !row.isRefused
        else { return nil }
        let piece = Piece(
            book: seller.book, number: number, name: name, country: country, state: text("state").uppercased(),
            currency: currency, consumer: consumer, vatID: text("vat_id").filter { !$0.isWhitespace },
            street: text("street"), postcode: text("postcode"), city: text("city"), emails: emails,
            contactName: text("contact_name"), phone: text("phone"),
            iban: text("iban").filter { !$0.isWhitespace }.uppercased(), termsDays: terms,
            priceList: text("price_list").isEmpty ? PriceBook.standardList : text("price_list"), creditLimit: limit,
            language: language.isEmpty ? SellerDefaults.language(country.isEmpty ? seller.country : country) : language)
        let key = "\(seller.book) \(number)"
        if let earlier = seen[key], earlier != piece {
            row.refuse(
                field("customer_id"), code: "import.twice",
                why: "Customer \(number) stands in the file twice, differently.",
                next: "Keep one of the rows.")
            return nil
        }
        seen[key] = piece
        return (row.number, piece)
    }

    private func refuseSeller(_ row: TableRow, _ field: TableField, _ code: String) {
        row.refuse(
            field, code: code.isEmpty ? "import.which-seller" : "import.no-such-seller",
            why: code.isEmpty ? "There are several sellers and the row names none." : "There is no seller \(code).",
            next: code.isEmpty ? "Say --seller CODE." : "'duly seller list' lists the sellers.")
    }

    /// One @, something on both sides, no blanks or control characters: what no server would take is refused here.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].count > 2 && parts[1].contains(".")
            && !parts[1].hasPrefix(".") && !parts[1].hasSuffix(".") && text.utf8.count <= 254
            && !text.unicodeScalars.contains {
                $0.value <= 32 || $0.value == 127 || "<>(),;:\\\"[]".unicodeScalars.contains($0)
            }
    }

    private struct Known {
        let customer, details: Int64
        let piece: Piece
        let toComplete: Bool
    }

    private static func known(
        _ pieces: [Piece], _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [String: Known] {
        try transaction.pick(pieces.map(\.number))
        var known: [String: Known] = [:]
        for book in Set(pieces.map(\.book)) {
            var emails: [Int64: [String: String]] = [:]
            var contacts: [Int64: (String, String)] = [:]
            try transaction.rows(
                """
                SELECT c.customer, k.purpose, k.email, k.name, k.phone
                FROM picked_text p CROSS JOIN customers c
                JOIN contacts k ON k.book = c.book AND k.customer = c.customer
                WHERE c.book = $1 AND c.number = p.key
                """, [.int(book)]
            ) { row in
                let id = try row.int(0)
                emails[id, default: [:]][try row.text(1)] = try row.text(2)
                if try row.text(1) == "invoice" { contacts[id] = (try row.text(3), try row.text(4)) }
            }
            var accounts: [Int64: [String]] = [:]
            try transaction.rows(
                """
                SELECT c.customer, a.sealed
                FROM picked_text p CROSS JOIN customers c
                JOIN customer_accounts a ON a.book = c.book AND a.customer = c.customer AND a.learnt = 0
                WHERE c.book = $1 AND c.number = p.key
                """, [.int(book)]
            ) { accounts[try $0.int(0), default: []].append(context.vault.open(try $0.text(1)) ?? "") }
            try transaction.rows(
                """
                SELECT c.customer, c.details, c.number, d.name, c.country, c.state, c.currency, c.consumer, d.vat_id,
                    d.street, d.postcode, d.city, c.terms_days, c.price_list, c.credit_limit, c.language, c.to_complete
                FROM picked_text p CROSS JOIN customers c
                JOIN customer_details d ON d.book = c.book AND d.details = c.details
                WHERE c.book = $1 AND c.number = p.key
                """, [.int(book)]
            ) { row in
                guard let currency = Currency(try row.text(6)) else { return }
                let id = try row.int(0)
                let wanted = pieces.first { $0.book == book && accounts[id]?.contains($0.iban) == true }
                known["\(book) \(try row.text(2))"] = Known(
                    customer: id, details: try row.int(1),
                    piece: Piece(
                        book: book, number: try row.text(2), name: try row.text(3), country: try row.text(4),
                        state: try row.text(5), currency: currency, consumer: try row.int(7) != 0,
                        vatID: try row.text(8),
                        street: try row.text(9), postcode: try row.text(10), city: try row.text(11),
                        emails: emails[id] ?? [:], contactName: contacts[id]?.0 ?? "", phone: contacts[id]?.1 ?? "",
                        iban: wanted?.iban ?? accounts[id]?.first ?? "",
                        termsDays: Int(try row.int(12)), priceList: try row.text(13),
                        creditLimit: try row.intOrNil(14).map { Money(minor: $0, currency) },
                        language: try row.text(15)), toComplete: try row.int(16) != 0)
            }
        }
        return known
    }

    static func judge(
        _ pieces: [Piece], _ facts: Set<Int>, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict] {
        let known = try known(pieces, context, transaction)
        var fresh: Set<String> = []
        return pieces.map { piece in
            let key = "\(piece.book) \(piece.number)"
            guard let earlier = known[key] else { return fresh.insert(key).inserted ? .added : .unchanged }
            if earlier.piece == piece, !earlier.toComplete { return .unchanged }
            guard earlier.piece.currency == piece.currency || earlier.toComplete else {
                return .refused(
                    ImportProblem(
                        code: "import.currency-changed", field: "currency",
                        why: "Customer \(piece.number) is kept in \(earlier.piece.currency.code).",
                        next: "Open another customer for \(piece.currency.code)."))
            }
            return .changed
        }
    }

    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Set<Int>, _ context: ImportContext,
        _ writing: ImportWriting
    ) throws -> Int {
        for book in Set(pieces.map(\.piece.book)).sorted() {
            let mine = pieces.filter { $0.piece.book == book }
            let books = try writing.books(book)
            let known = try known(mine.map(\.piece), context, writing.transaction)
            var writer = CustomerWriter(
                books: books, vault: context.vault, command: writing.command, chance: writing.chance)
            var count = 0
            for (piece, verdict) in mine {
                switch verdict {
                case .added: writer.add(piece)
                case .changed:
                    guard let earlier = known["\(book) \(piece.number)"] else { continue }
                    try writer.change(piece, customer: earlier.customer, details: earlier.details, from: earlier.piece)
                case .unchanged, .refused: continue
                }
                count += 1
            }
            guard count > 0 else { continue }
            try writer.write()
            try books.record([
                Recording(
                    command: writing.command, kind: "import.customers", content: writing.command.text,
                    actor: context.actor, day: context.today, outcome: #"{"customers":\#(count)}"#)
            ])
        }
        return 0
    }
}

/// Writes customers, their details, contacts, accounts and search terms.
struct CustomerWriter {
    private let books: Books
    private let vault: Vault
    private let command: CommandID
    private var salts: UInt64
    private var customers: RowBatch
    private var details: RowBatch
    private var contacts: RowBatch
    private var accounts: RowBatch
    private var terms: RowBatch

    init(books: Books, vault: Vault, command: CommandID, chance: UInt64) {
        self.books = books
        self.vault = vault
        self.command = command
        salts = chance
        customers = RowBatch(
            into: "customers",
            columns: [
                "book", "customer", "number", "revision", "details", "country", "state", "currency", "language",
                "consumer", "has_vat_id", "terms_days", "price_list", "credit_limit", "to_complete", "command",
                "recorded",
            ])
        details = RowBatch(
            into: "customer_details",
            columns: [
                "book", "details", "customer", "name", "sort_key", "street", "postcode", "city", "vat_id", "salt",
                "hash", "recorded",
            ])
        contacts = RowBatch(
            into: "contacts", columns: ["book", "customer", "purpose", "place", "name", "email", "phone"])
        accounts = RowBatch(
            into: "customer_accounts", columns: ["book", "account_key", "customer", "sealed", "learnt"])
        terms = RowBatch(into: "search_terms", columns: ["book", "term", "kind", "target"])
    }

    private var book: SQLValue { .int(books.book) }

    @discardableResult
    mutating func add(_ piece: CustomersImport.Piece, toComplete: Bool = false) -> (
        customer: RecordID, details: RecordID
    ) {
        let (customer, version) = (books.mint(), books.mint())
        customers.append([
            book, .int(customer.number), .text(piece.number), .int(0), .int(version.number), .text(piece.country),
            .text(piece.state), .text(piece.currency.code), .text(piece.language), .int(piece.consumer ? 1 : 0),
            .int(piece.vatID.isEmpty ? 0 : 1), .int(Int64(piece.termsDays)), .text(piece.priceList),
            piece.creditLimit.map { .int($0.minor) } ?? .null, .int(toComplete ? 1 : 0), .text(command.text),
            .text(books.recordedText),
        ])
        addDetails(piece, customer: customer.number, version: version.number)
        addReach(piece, customer: customer.number)
        return (customer, version)
    }

    private mutating func addDetails(_ piece: CustomersImport.Piece, customer: Int64, version: Int64) {
        // A salt of its own for each version: chance of the command, spread by the version's id (SplitMix64's step).
        salts = salts &+ 0x9e37_79b9_7f4a_7c15
        var mixed = salts ^ UInt64(bitPattern: version)
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        let salt = Books.hash("\(mixed ^ (mixed >> 31)) \(salts) \(version)")
        var canonical = CanonicalBytes("customer-details")
        for text in [salt, piece.name, piece.street, piece.postcode, piece.city, piece.vatID] { canonical.append(text) }
        details.append([
            book, .int(version), .int(customer), .text(piece.name), .text(SearchTerms.fold(piece.name)),
            .text(piece.street), .text(piece.postcode), .text(piece.city), .text(piece.vatID), .text(salt),
            .text(Books.hash(canonical.bytes)), .text(books.recordedText),
        ])
        let words = SearchTerms.terms(of: "\(piece.name) \(piece.number) \(piece.city)")
        for term in Set(words).sorted() { terms.append([book, .text(term), .text("customer"), .int(customer)]) }
    }

    private mutating func addReach(_ piece: CustomersImport.Piece, customer: Int64) {
        for (purpose, email) in piece.emails.sorted(by: { $0.key < $1.key }) {
            contacts.append([
                book, .int(customer), .text(purpose), .int(1), .text(piece.contactName), .text(email),
                .text(piece.phone),
            ])
        }
        if piece.emails.isEmpty, !(piece.contactName + piece.phone).isEmpty {
            contacts.append([
                book, .int(customer), .text("invoice"), .int(1), .text(piece.contactName), .text(""),
                .text(piece.phone),
            ])
        }
        if !piece.iban.isEmpty {
            accounts.append([
                book, .text(vault.accountKey(piece.iban)), .int(customer), .text(vault.seal(piece.iban)), .int(0),
            ])
        }
    }

    /// A changed name or address is a new version; what was issued to the old one keeps it.
    mutating func change(
        _ piece: CustomersImport.Piece, customer: Int64, details old: Int64, from earlier: CustomersImport.Piece
    ) throws {
        let transaction = books.transaction
        var version = old
        let moved =
            [piece.name, piece.street, piece.postcode, piece.city, piece.vatID]
            != [earlier.name, earlier.street, earlier.postcode, earlier.city, earlier.vatID]
        if moved {
            version = books.mint().number
            _ = try transaction.execute(
                "DELETE FROM search_terms WHERE book = $1 AND kind = 'customer' AND target = $2",
                [book, .int(customer)])
            addDetails(piece, customer: customer, version: version)
        }
        _ = try transaction.execute(
            """
            UPDATE customers SET details = $3, country = $4, state = $5, language = $6, consumer = $7, has_vat_id = $8,
                terms_days = $9, price_list = $10, credit_limit = $11, to_complete = 0, currency = $12,
                revision = revision + 1
            WHERE book = $1 AND customer = $2
            """,
            [
                book, .int(customer), .int(version), .text(piece.country), .text(piece.state), .text(piece.language),
                .int(piece.consumer ? 1 : 0), .int(piece.vatID.isEmpty ? 0 : 1), .int(Int64(piece.termsDays)),
                .text(piece.priceList), piece.creditLimit.map { .int($0.minor) } ?? .null, .text(piece.currency.code),
            ])
        _ = try transaction.execute(
            "DELETE FROM contacts WHERE book = $1 AND customer = $2", [book, .int(customer)])
        _ = try transaction.execute(
            "DELETE FROM customer_accounts WHERE book = $1 AND customer = $2 AND account_key = $3",
            [book, .int(customer), .text(vault.accountKey(piece.iban))])
        addReach(piece, customer: customer)
    }

    func write() throws {
        for batch in [customers, details, contacts, accounts, terms] { try books.transaction.insert(batch) }
    }
}
