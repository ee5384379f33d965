import Books
import Correspondence
import Database
import Foundation
import Ledger
import Money
import Typesetting

/// `duly statement run`: the statements of a seller's customers as of a day, known at an instant.
public struct StatementRun: Sendable {
    public let asOf: Day
    /// At or before the horizon (`Horizon.knownAt`).
    public let knownAt: Instant
    /// The number of the only customer; nil: all that have something open.
    public let customer: String?
    /// Who issues them; nil: nothing is recorded, and only what was issued before bears a code.
    public let issue: StatementIssue?
    public init(asOf: Day, knownAt: Instant, customer: String? = nil, issue: StatementIssue? = nil) {
        self.asOf = asOf
        self.knownAt = knownAt
        self.customer = customer
        self.issue = issue
    }
}

/// A statement that was made, as `index.csv` lists it.
public struct WrittenStatement: Codable, Sendable, Equatable {
    public var seller: String
    public var customerID: String
    public var currency: String
    /// The open items, as the sheet and the ageing call it.
    public var total: String
    /// The balance the paper states: open items and money on account.
    public var net: String
    /// Relative to the folder.
    public var file: String
    /// Of the PDF, hexadecimal.
    public var sha256: String
    /// By which the customer finds it in the audit chain; left out where it was not issued.
    public var code: String?
    enum CodingKeys: String, CodingKey {
        case seller, currency, total, net, file, sha256, code
        case customerID = "customer_id"
    }
}

/// What a statement run wrote.
public struct StatementRunOutcome: Codable, Sendable, Equatable {
    public var asOf: String
    public var knownAt: String
    public var kind: String
    public var statements: [WrittenStatement]
    enum CodingKeys: String, CodingKey {
        case kind, statements
        case asOf = "as_of"
        case knownAt = "known_at"
    }
}

extension CorrespondenceDesk {
    /// The open-item statements of a customer, one for each currency, as facts.
    public func statements(
        of customer: String, asOf: Day, knownAt: Instant, book: Int64
    ) async throws -> [StatementFacts.Sheet] {
        let run = StatementRun(asOf: asOf, knownAt: knownAt, customer: customer)
        return try await statements(run, book: book).map { $0.facts.sheet($0.paper) }
    }

    /// The same as PDFs, in the same order.
    public func statementPDFs(of customer: String, asOf: Day, knownAt: Instant, book: Int64) async throws -> [[UInt8]] {
        let run = StatementRun(asOf: asOf, knownAt: knownAt, customer: customer)
        return try await PaperPress.each(try await statements(run, book: book).map(\.paper)) { try $0.pdf() }
    }

    /// Writes `SELLER/CUSTOMER_AS-OF_open-item.pdf` and `.json` for each statement of these sellers, and one `index.csv`. The
    /// same facts give the same bytes each time. A customer's second currency stands in the name (`…_open-item_USD.pdf`).
    public func run(
        _ run: StatementRun, books: [Int64], to folder: String,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> StatementRunOutcome {
        var written: [WrittenStatement] = []
        var waiting: [Waiting] = []
        var known = run.customer == nil
        for book in books {
            do {
                var found = try await statements(run, book: book)
                known = true
                if let issue = run.issue, found.contains(where: { $0.facts.issued == nil }) {
                    try await record(found.map(\.facts), run, as: issue, book: book)
                    found = try await statements(run, book: book)
                }
                waiting += try named(found, run)
            } catch CorrespondenceRefusal.noSuchCustomer where books.count > 1 {}
        }
        if !known, let customer = run.customer { throw CorrespondenceRefusal.noSuchCustomer(customer) }
        var next = 0
        while next < waiting.count {
            let group = Array(waiting[next..<min(next + Self.groupSize, waiting.count)])
            written += try await PaperPress.each(group) { try $0.write(to: folder) }
            next += group.count
            progress(next, waiting.count)
        }
        let index = PaperFiles.table(
            "customer_id,currency,total,file,sha256,net",
            written.map { [$0.customerID, $0.currency, $0.total, $0.file, $0.sha256, $0.net] })
        try PaperFiles.write(Array(index.utf8), "index.csv", in: folder)
        return StatementRunOutcome(
            asOf: run.asOf.description, knownAt: run.knownAt.description, kind: "open-item", statements: written)
    }

    private struct Statement: Sendable {
        let facts: StatementFacts
        let paper: StatementPaper
    }

    private struct Waiting: Sendable {
        let statement: Statement
        /// Without its ending.
        let file: String

        func write(to folder: String) throws -> WrittenStatement {
            let facts = statement.facts
            let bytes = try statement.paper.pdf()
            try PaperFiles.write(bytes, "\(file).pdf", in: folder)
            try PaperFiles.write(
                Array((try facts.sheet(statement.paper).json(pretty: true) + "\n").utf8), "\(file).json", in: folder)
            return WrittenStatement(
                seller: facts.seller, customerID: facts.customerNumber, currency: facts.currency.code,
                total: facts.total.decimal, net: facts.net.decimal, file: "\(file).pdf",
                sha256: CorrespondenceDesk.sha256(bytes),
                code: facts.issued?.code)
        }
    }

    private func statements(_ run: StatementRun, book: Int64) async throws -> [Statement] {
        try await database.read { transaction in
            let seller = try SellerBlock(transaction, book: book)
            let reader = StatementReader(
                transaction: transaction, seller: seller, asOf: run.asOf, knownAt: run.knownAt)
            guard let number = run.customer else {
                return try reader.statements().map { Statement(facts: $0, paper: $0.paper(from: seller)) }
            }
            let rows = try transaction.query(
                "SELECT customer FROM customers WHERE book = $1 AND number = $2", [.int(book), .text(number)])
            guard let row = rows.first else { throw CorrespondenceRefusal.noSuchCustomer(number) }
            return try reader.statements(of: RecordID(number: try row.int(0))).map {
                Statement(facts: $0, paper: $0.paper(from: seller))
            }
        }
    }

    /// Records the statements that were never issued, a group at a time.
    private func record(_ all: [StatementFacts], _ run: StatementRun, as issue: StatementIssue, book: Int64)
        async throws
    {
        let (clock, chance) = (clock, chance)
        // Read before, so that sealers and this never wait for each other.
        let end = try await database.read { transaction in
            try transaction.query("SELECT batches, root FROM seal_chains WHERE book = $1", [.int(book)]).first.map {
                (batch: try $0.int(0), root: try $0.text(1))
            } ?? (batch: 0, root: "")
        }
        for start in stride(from: 0, to: all.count, by: Self.groupSize) {
            let group = Array(all[start..<min(start + Self.groupSize, all.count)])
            try await database.transaction { transaction in
                let books = try Books(book, in: transaction, clock: clock(), chance: chance())
                try StatementRegister(book: book, transaction: transaction).issue(
                    group, asOf: run.asOf, as: issue, end: end, books: books, chance: chance)
            }
        }
    }

    private func named(_ statements: [Statement], _ run: StatementRun) throws -> [Waiting] {
        var taken: Set<String> = []
        var last = ""
        return statements.map { statement in
            let facts = statement.facts
            var file =
                "\(PaperFiles.name(facts.seller))/\(PaperFiles.name("\(facts.customerNumber)_\(run.asOf)_open-item"))"
            if facts.customerNumber == last { file += "_\(facts.currency.code)" }
            last = facts.customerNumber
            // Two numbers that differ in a character outside the rule would be one file: the second says its id, too.
            if !taken.insert(file).inserted { file += "_\(facts.customer.customer)" }
            taken.insert(file)
            return Waiting(statement: statement, file: file)
        }
    }
}
