import Books
import Database
import Ledger
import Money

/// Customers that somebody looks after: made, filled, emptied. Each act is a command of the book it is done in.
enum PortfolioDesk {
    struct Portfolio: Codable, Sendable, Equatable {
        let portfolio: String
        let name: String
        let customers: Int64
    }
    struct Member: Codable, Sendable, Equatable {
        let seller, customer, name: String
    }
    /// Which customers: by number, or all of a country.
    struct Choice: Sendable {
        let numbers: [String]
        let country: String?
        var content: String { "\(country ?? "") \(Books.hash(numbers.sorted().joined(separator: "\n")))" }
    }
    /// What a command came to, in one book.
    struct Change: Codable, Sendable, Equatable {
        let seller, portfolio: String
        /// Customers that were put in, or taken out.
        let changed: Int
    }

    static func add(
        _ name: String, to book: Int64, id: CommandID, actor: Actor, day: Day, in database: any Database
    ) async throws -> Portfolio {
        guard !name.allSatisfy(\.isWhitespace), name.utf8.count <= 100 else { throw PortfolioRefusal.badName(name) }
        let (now, chance) = (Common.clock(), Common.chance())
        return try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            let content = "portfolio.add \(name)"
            if let earlier = try books.outcome(of: id, content: content) {
                return try Answer.decode(Portfolio.self, earlier.json)
            }
            guard try find(name, transaction) == nil else { throw PortfolioRefusal.nameTaken(name) }
            let made = books.mint()
            try transaction.insert(
                into: "portfolios", columns: ["portfolio", "name", "recorded"],
                rows: [[.int(made.number), .text(name), .text(books.recordedText)]])
            let portfolio = Portfolio(portfolio: made.description, name: name, customers: 0)
            try books.record([
                Recording(
                    command: id, kind: "portfolio.add", content: content, actor: actor, day: day,
                    outcome: try Answer.encode(portfolio))
            ])
            return portfolio
        }
    }

    /// Puts customers of one book into a portfolio, or takes them out.
    static func change(
        _ name: String, _ choice: Choice, isAssigning: Bool, book: Int64, id: CommandID, actor: Actor, day: Day,
        in database: any Database
    ) async throws -> Change {
        let (now, chance) = (Common.clock(), Common.chance())
        let kind = isAssigning ? "portfolio.assign" : "portfolio.remove"
        return try await database.transaction { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: chance)
            let content = "\(kind) \(name) \(choice.content)"
            if let earlier = try books.outcome(of: id, content: content) {
                return try Answer.decode(Change.self, earlier.json)
            }
            try books.lockBook()
            guard let portfolio = try find(name, transaction) else { throw PortfolioRefusal.noSuchPortfolio(name) }
            let chosen = try customers(choice, book, transaction).map(\.customer)
            let change = Change(
                seller: books.seller.code, portfolio: name,
                changed: isAssigning
                    ? try put(chosen, into: portfolio, book, transaction)
                    : try take(chosen, from: portfolio, book, transaction))
            try books.record([
                Recording(
                    command: id, kind: kind, content: content, actor: actor, day: day,
                    outcome: try Answer.encode(change))
            ])
            return change
        }
    }

    private static func put(_ customers: [Int64], into portfolio: Int64, _ book: Int64, _ transaction: any Transaction)
        throws -> Int
    {
        var rows = RowBatch(into: "portfolio_customers", columns: ["book", "portfolio", "customer"])
        for customer in customers {
            rows.append(book)
            rows.append(portfolio)
            rows.append(customer)
            rows.endRow()
        }
        return try transaction.insertIgnoringExisting(rows)
    }

    private static func take(_ customers: [Int64], from portfolio: Int64, _ book: Int64, _ transaction: any Transaction)
        throws -> Int
    {
        try transaction.pick(customers)
        return try transaction.execute(
            """
            DELETE FROM portfolio_customers
            WHERE book = $1 AND portfolio = $2 AND customer IN (SELECT key FROM picked)
            """, [.int(book), .int(portfolio)])
    }

    // MARK: Reading

    static func find(_ name: String, _ transaction: any Transaction) throws -> Int64? {
        try transaction.query("SELECT portfolio FROM portfolios WHERE name = $1", [.text(name)]).first?.int(0)
    }

    /// The customers of a book that are meant; numbers that it does not know are left out.
    static func customers(_ choice: Choice, _ book: Int64, _ transaction: any Transaction) throws
        -> [(customer: Int64, number: String)]
    {
        if let country = choice.country {
            return try transaction.query(
                "SELECT customer, number FROM customers WHERE book = $1 AND country = $2 ORDER BY customer",
                [.int(book), .text(country)]
            ).map { (try $0.int(0), try $0.text(1)) }
        }
        try transaction.pick(choice.numbers)
        return try transaction.query(
            """
            SELECT c.customer, c.number FROM picked_text p
            CROSS JOIN customers c
            WHERE c.book = $1 AND c.number = p.key
            ORDER BY c.customer
            """, [.int(book)]
        ).map { (try $0.int(0), try $0.text(1)) }
    }

    static func list(_ transaction: any Transaction) throws -> [Portfolio] {
        try transaction.query(
            """
            SELECT f.portfolio, f.name, count(p.customer)
            FROM portfolios f
            LEFT JOIN portfolio_customers p ON p.portfolio = f.portfolio
            GROUP BY f.portfolio, f.name
            ORDER BY f.name
            """, []
        ).map {
            Portfolio(
                portfolio: RecordID(number: try $0.int(0)).description, name: try $0.text(1), customers: try $0.int(2))
        }
    }

    static func members(of portfolio: Int64, _ books: [(book: Int64, code: String)], _ transaction: any Transaction)
        throws -> [Member]
    {
        try books.flatMap { book, code in
            try transaction.query(
                """
                SELECT c.number, COALESCE(d.name, '')
                FROM portfolio_customers p
                JOIN customers c ON c.book = p.book AND c.customer = p.customer
                LEFT JOIN customer_details d ON d.book = c.book AND d.details = c.details
                WHERE p.book = $1 AND p.portfolio = $2
                ORDER BY c.number
                """, [.int(book), .int(portfolio)]
            ).map { Member(seller: code, customer: try $0.text(0), name: try $0.text(1)) }
        }
    }
}

enum PortfolioRefusal: Refusal {
    case badName(String)
    case nameTaken(String)
    case noSuchPortfolio(String)
    case noSuchCustomer(String)
    case severalSellers(String)
    case noSeller
    var code: String {
        switch self {
        case .badName: "portfolio.bad-name"
        case .nameTaken: "portfolio.name-taken"
        case .noSuchPortfolio: "portfolio.no-such-portfolio"
        case .noSuchCustomer: "portfolio.no-such-customer"
        case .severalSellers: "portfolio.several-sellers"
        case .noSeller: "portfolio.no-seller"
        }
    }
    var what: String { "No portfolio was changed." }
    var why: String {
        switch self {
        case .badName(let name): "'\(name)' is no name: it has at least a letter and at most 100 bytes."
        case .nameTaken(let name): "There is a portfolio \(name) already."
        case .noSuchPortfolio(let name): "There is no portfolio \(name)."
        case .noSuchCustomer(let number): "There is no customer \(number)."
        case .severalSellers(let number): "Several sellers have a customer \(number)."
        case .noSeller: "The books have no seller yet."
        }
    }
    var next: String {
        switch self {
        case .badName, .nameTaken: "Give it another name."
        case .noSuchPortfolio: "'duly portfolio list' lists the portfolios."
        case .noSuchCustomer: "'duly search' finds customers."
        case .severalSellers: "Say which one with --seller CODE."
        case .noSeller: "Set one up with 'duly seller add'."
        }
    }
}
