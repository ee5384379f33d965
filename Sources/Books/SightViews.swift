import Database

/// The view over each table, made from the catalogue of the books as they stand.
///
/// A table with a `book` is seen where the book is, one with a `customer` too where the customer is; what hangs on a document, a
/// draft, a reminder or a receipt is seen where that is. `shared` and `rules` decide about the others. What is not decided is not
/// seen (a test over the catalogue says so).
struct SightViews {
    private let schema: String
    private let engine: Engine
    private let tables: [TableColumns]
    private let byBooks: Bool
    private let byPortfolio: Bool

    init(_ transaction: any Transaction, books: Bool, portfolio: Bool) throws {
        engine = transaction.engine
        schema = try transaction.tableSchema()
        tables = try transaction.tableColumns()
        byBooks = books
        byPortfolio = portfolio
    }

    func all() -> [Limits.View] { tables.map(view) }

    /// Reference data without a seller, for everybody: products and what they cost, taxes, rates, the rules of the traces.
    static let shared: Set<String> = [
        "products", "prices", "tax_rates", "exchange_rates", "rule_versions", "schema_migrations", "settings",
        "approval_limits",
    ]

    /// Without a book, and for nobody limited: who may sign in, and how. Whoever asks for them asks the whole books.
    static let unseen: Set<String> = [
        "users", "user_books", "recovery_codes", "sessions", "tokens", "invitations", "sign_in_failures", "access_acts",
        "webhooks",
    ]

    private enum Rule {
        /// The seller's, and nobody's in particular: who sees the seller sees it.
        case seller
        /// Not for whoever sees some customers only: it tells of all of them, or of nobody known yet.
        case wholeSeller
        /// Seen where this holds of the row `t`.
        case given(@Sendable (SightViews) -> String)
    }

    /// What a portfolio shows of tables that have no customer of their own, or one that may be missing.
    private static let rules: [String: Rule] = [
        "seller_accounts": .seller, "book_clocks": .seller, "number_series": .seller,
        "document_numbers": .given { $0.hangs(on: "documents", "document") },
        "document_lines": .given { $0.hangs(on: "documents", "document") },
        "document_taxes": .given { $0.hangs(on: "documents", "document") },
        "imported_numbers": .given { $0.hangs(on: "documents", "document") },
        "draft_charges": .given { $0.hangs(on: "drafts", "draft") },
        "draft_findings": .given { $0.hangs(on: "drafts", "draft") },
        "reminder_items": .given { $0.hangs(on: "reminders", "reminder") },
        "search_terms": .given { $0.found() },
        // Money that nobody placed yet is for those who see all customers; so are the bank's statements, and what may go together.
        "bank_statements": .wholeSeller, "match_proposals": .wholeSeller,
        "open_items": .given { $0.item("t") },
        "receipts": .given { $0.receipt("t.book", "t.receipt") },
        "bank_lines": .given { "t.receipt IS NOT NULL AND \($0.receipt("t.book", "t.receipt"))" },
        "bank_texts": .given { sight in
            """
            EXISTS (SELECT 1 FROM \(sight.schema).bank_lines l
                WHERE l.book = t.book AND l.bank_line = t.bank_line AND l.receipt IS NOT NULL
                    AND \(sight.receipt("l.book", "l.receipt")))
            """
        },
        "journal_lines": .given { $0.journalLine() },
        "entries": .given { $0.entry("t.book", "t.entry") },
        "commands": .given { $0.command("t.book", "t.command") },
        "undoings": .given { $0.command("t.book", "t.command") },
        "follow_ups": .wholeSeller, "audit_records": .wholeSeller, "bookmarks": .wholeSeller,
        // The chain over all records, and who looked at whose data.
        "unsealed_records": .wholeSeller, "seal_chains": .wholeSeller, "seals": .wholeSeller,
        "sealed_records": .wholeSeller, "seal_ties": .wholeSeller, "views": .wholeSeller,
        // What is about no one customer is for those who see all of them.
        "approvals": .given { $0.mine("t") },
        "approval_texts": .given { $0.hangs(on: "approvals", "approval") },
        "portfolio_customers": .given { "t.portfolio = \($0.portfolio)" },
    ]

    /// Tables without a book of which a part is seen.
    private static let ofSellers: [String: @Sendable (SightViews) -> String] = [
        "policies": { sight in
            """
            (t.seller = '' OR EXISTS (SELECT 1 FROM \(sight.schema).sellers s
                WHERE s.code = t.seller AND \(sight.book("s"))))
            """
        },
        "portfolios": { sight in
            guard !sight.byPortfolio else { return "t.portfolio = \(sight.portfolio)" }
            return """
                EXISTS (SELECT 1 FROM \(sight.schema).portfolio_customers p
                    WHERE p.portfolio = t.portfolio AND \(sight.book("p")))
                """
        },
    ]

    /// Whether somebody decided what is seen of a table.
    static func isDecided(_ table: TableColumns) -> Bool {
        shared.contains(table.table) || rules[table.table] != nil || ofSellers[table.table] != nil
            || unseen.contains(table.table) || table.table == "sellers" || table.hasCustomer
    }

    private func view(_ table: TableColumns) -> Limits.View {
        var columns = table.columns.map { column in
            byPortfolio ? shown(column.name, of: table.table) : "t.\(column.name)"
        }
        // Whether it may be taken back by whoever sees it: `Sight.unseen` asks.
        if table.table == "commands" {
            let others = byPortfolio ? touchesOthers("t.book", "t.command") : "1 = 0"
            columns.append("CASE WHEN \(others) THEN 1 ELSE 0 END AS touches_others")
        }
        return Limits.View(
            table.table,
            "SELECT \(columns.joined(separator: ", ")) FROM \(schema).\(table.table) t WHERE \(condition(table))")
    }

    private func condition(_ table: TableColumns) -> String {
        let condition = conditionAlone(table)
        // A condition without a column: the view reads one all the same (`SQLiteAuthorizer`).
        guard ["1 = 1", "1 = 0"].contains(condition), let first = table.columns.first else { return condition }
        return "\(condition) AND t.\(first.name) = t.\(first.name)"
    }

    private func conditionAlone(_ table: TableColumns) -> String {
        if Self.shared.contains(table.table) { return "1 = 1" }
        if table.table == "sellers" { return book("t") }
        if let part = Self.ofSellers[table.table] { return part(self) }
        guard table.columns.contains(where: { $0.name == "book" }), !Self.unseen.contains(table.table) else {
            return "1 = 0"
        }
        let inBook = byBooks ? Limits.holds("books", "t.book", engine) : "1 = 1"
        guard byPortfolio else { return inBook }
        let mine: String
        switch Self.rules[table.table] {
        case .seller: return book("t")
        case .wholeSeller: return "1 = 0"
        case .given(let rule): mine = rule(self)
        case nil: mine = table.hasCustomer ? self.mine("t") : "1 = 0"
        }
        return byBooks ? "\(inBook) AND (\(mine))" : mine
    }

    /// A column that tells of others, too, is shown where there are none: the outcome of a run over many customers. How many documents
    /// a seller wrote is not shown.
    private func shown(_ column: String, of table: String) -> String {
        switch (table, column) {
        case ("commands", "outcome"):
            "CASE WHEN \(touchesOthers("t.book", "t.command")) THEN '{}' ELSE t.outcome END AS outcome"
        case ("number_series", "next"): "CAST(1 AS BIGINT) AS next"
        case ("book_clocks", "revision"): "CAST(0 AS BIGINT) AS revision"
        default: "t.\(column)"
        }
    }

    // MARK: Conditions, over a row by its alias or its columns

    private var portfolio: String { Limits.key("portfolio", engine) }

    /// The book is seen: it is listed, or where no books are listed, the portfolio has customers there.
    private func book(_ row: String) -> String {
        if byBooks { return Limits.holds("books", "\(row).book", engine) }
        return """
            EXISTS (SELECT 1 FROM \(schema).portfolio_customers p WHERE p.book = \(row).book AND p.portfolio = \(portfolio))
            """
    }

    private func mine(_ row: String) -> String {
        """
        EXISTS (SELECT 1 FROM \(schema).portfolio_customers p
            WHERE p.book = \(row).book AND p.portfolio = \(portfolio) AND p.customer = \(row).customer)
        """
    }

    private func hangs(on table: String, _ key: String) -> String {
        """
        EXISTS (SELECT 1 FROM \(schema).\(table) h
            WHERE h.book = t.book AND h.\(key) = t.\(key) AND \(mine("h")))
        """
    }

    /// What the words of the search lead to.
    private func found() -> String {
        """
        CASE t.kind
            WHEN 'customer' THEN EXISTS (SELECT 1 FROM \(schema).portfolio_customers p
                WHERE p.book = t.book AND p.portfolio = \(portfolio) AND p.customer = t.target)
            WHEN 'document' THEN EXISTS (SELECT 1 FROM \(schema).documents h
                WHERE h.book = t.book AND h.document = t.target AND \(mine("h")))
            WHEN 'receipt' THEN \(receipt("t.book", "t.target"))
            ELSE 1 = 0
        END
        """
    }

    /// Whether any part of a receipt went to somebody else's documents.
    private func paysOthers(_ book: String, _ receipt: String) -> String {
        """
        EXISTS (SELECT 1 FROM \(schema).allocations o
            WHERE o.book = \(book) AND o.receipt = \(receipt) AND NOT \(mine("o")))
        """
    }
    private func paysMine(_ book: String, _ receipt: String) -> String {
        """
        EXISTS (SELECT 1 FROM \(schema).allocations a
            WHERE a.book = \(book) AND a.receipt = \(receipt) AND \(mine("a"))
                AND NOT EXISTS (SELECT 1 FROM \(schema).entries r WHERE r.book = a.book AND r.reverses = a.entry))
        """
    }

    /// An open item: of a customer that is seen; or a receipt that was spent on documents that are, and on no others.
    private func item(_ row: String) -> String {
        """
        \(mine(row)) OR (\(row).customer IS NULL AND \(row).account = 'unapplied'
            AND \(paysMine("\(row).book", "\(row).item")) AND NOT \(paysOthers("\(row).book", "\(row).item")))
        """
    }

    /// A receipt shows who paid and why. So it is seen where all of it that was placed belongs to customers that are seen; of one
    /// that paid for others, too, the allocations are seen.
    private func receipt(_ book: String, _ receipt: String) -> String {
        """
        (EXISTS (SELECT 1 FROM \(schema).open_items i
            WHERE i.book = \(book) AND i.item = \(receipt) AND (\(item("i"))))
            AND NOT \(paysOthers(book, receipt)))
        """
    }

    /// A line of an item is seen where the item is, unless it was booked to somebody else before; one without item or customer
    /// (revenue, tax, bank) where the entry has lines that are seen and no item that is not.
    private func journalLine() -> String {
        """
        CASE WHEN t.item IS NOT NULL THEN \(itemLine("t"))
            WHEN t.customer IS NOT NULL THEN \(mine("t"))
            ELSE EXISTS (SELECT 1 FROM \(schema).journal_lines m
                    WHERE m.book = t.book AND m.entry = t.entry AND m.item IS NOT NULL AND \(itemLine("m")))
                AND NOT EXISTS (SELECT 1 FROM \(schema).journal_lines m
                    WHERE m.book = t.book AND m.entry = t.entry AND m.item IS NOT NULL AND NOT \(itemLine("m")))
        END
        """
    }
    private func itemLine(_ row: String) -> String {
        """
        ((\(row).customer IS NULL OR \(mine(row))) AND EXISTS (SELECT 1 FROM \(schema).open_items i
            WHERE i.book = \(row).book AND i.item = \(row).item AND (\(item("i")))))
        """
    }

    /// An entry holds a day and a kind; its lines are judged one by one.
    private func entry(_ book: String, _ entry: String) -> String {
        """
        EXISTS (SELECT 1 FROM \(schema).journal_lines l
            WHERE l.book = \(book) AND l.entry = \(entry) AND l.item IS NOT NULL AND \(itemLine("l")))
        """
    }

    /// What carries the id of the command, and has a customer.
    private static let carriers = ["documents", "reminders", "holds", "disputes", "customers"]

    /// A command is seen where it left something that is.
    private func command(_ book: String, _ command: String) -> String {
        let entries = """
            EXISTS (SELECT 1 FROM \(schema).entries e
                WHERE e.book = \(book) AND e.command = \(command) AND \(entry("e.book", "e.entry")))
            """
        let others = Self.carriers.map { table in
            """
            EXISTS (SELECT 1 FROM \(schema).\(table) k
                WHERE k.book = \(book) AND k.command = \(command) AND \(mine("k")))
            """
        }
        return "(\((others.prefix(1) + [entries] + others.dropFirst()).joined(separator: "\n    OR ")))"
    }

    private func touchesOthers(_ book: String, _ command: String) -> String {
        let entries = """
            EXISTS (SELECT 1 FROM \(schema).entries e
                JOIN \(schema).journal_lines l ON l.book = e.book AND l.entry = e.entry
                WHERE e.book = \(book) AND e.command = \(command) AND l.item IS NOT NULL AND NOT \(itemLine("l")))
            """
        let others = Self.carriers.map { table in
            """
            EXISTS (SELECT 1 FROM \(schema).\(table) k
                WHERE k.book = \(book) AND k.command = \(command) AND NOT \(mine("k")))
            """
        }
        return "(\(([entries] + others).joined(separator: "\n    OR ")))"
    }
}

extension TableColumns {
    /// Every row is one customer's.
    fileprivate var hasCustomer: Bool {
        columns.contains { $0.name == "customer" && !$0.mayBeNull } && columns.contains { $0.name == "book" }
    }
}
