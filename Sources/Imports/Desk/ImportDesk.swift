import Books
import Database
import Formats
import Foundation
import Ledger
import Money

/// What is asked of an import.
public struct ImportRequest: Sendable {
    public let kind: String
    public let files: [String]
    /// `--seller`: whose the rows are where the file does not say.
    public var seller: String?
    public var options = TableOptions()
    public var keepGood = false
    public var dryRun = false
    public let id: CommandID
    public let actor: Actor
    public let today: Day
    public init(kind: String, files: [String], id: CommandID, actor: Actor, today: Day) {
        self.kind = kind
        self.files = files
        self.id = id
        self.actor = actor
        self.today = today
    }

    /// What tells a repeat from another import under the same id: the bytes of the files, and how they are to be read. The names of
    /// the files do not belong to it.
    func content() -> String {
        let options =
            [
                "import", kind, seller ?? "", keepGood ? "keep-good" : "all", options.dates?.rawValue ?? "",
                options.decimals?.rawValue ?? "",
            ] + (options.sheet.map { [$0] } ?? [])
        return [
            options.joined(separator: " "), self.options.maps.joined(separator: "\u{1}"),
            self.options.constants.joined(separator: "\u{1}"),
        ].joined(separator: "\n") + "\n" + files.map { Books.hash(fileAt: $0) ?? "unreadable" }.joined(separator: " ")
    }
}

/// How far an import is with a file.
public struct ImportProgress: Sendable, Equatable {
    public enum Phase: String, Sendable, CaseIterable {
        /// Looking through it, counted in bytes.
        case surveying
        /// Holding each row against the books, counted in rows.
        case checking
        /// Booking, counted in rows.
        case writing
    }
    public let file: String
    public let phase: Phase
    public let done: Int64
    public let of: Int64
}

/// What an import did.
public struct ImportOutcome: Codable, Sendable, Equatable {
    public struct File: Codable, Sendable, Equatable {
        public var file: String
        public var rows = 0
        public var added = 0
        public var changed = 0
        public var unchanged = 0
        public var rejected = 0
        public var created: [String: Int] = ["customers": 0]
        public var rejected_file: String?
        public init(file: String) { self.file = file }
    }
    public struct Warning: Codable, Sendable, Equatable {
        public var file: String
        public var code: String
        public var row: Int?
        public var text: String
    }
    public struct Problem: Codable, Sendable, Equatable {
        public var code, what, why, next, file: String
        public var row: Int?
        public var field: String?
        public var value: String?
    }
    public var kind: String
    public var dry_run: Bool
    public var files: [File]
    public var warnings: [Warning]
    public var refusals: [Problem]
    /// How many problems there were; `refusals` holds the first thousand.
    public var problems: Int
}

/// Why an import was not begun, or a row of it was not taken.
public enum ImportRefusal: Refusal, Equatable {
    case unknownKind(String)
    case noSeller
    case noSuchSeller(String)

    public var code: String {
        switch self {
        case .unknownKind: "import.unknown-kind"
        case .noSeller: "import.which-seller"
        case .noSuchSeller: "import.no-such-seller"
        }
    }
    public var what: String { "Nothing was imported." }
    public var why: String {
        switch self {
        case .unknownKind(let kind): "'\(kind)' is no kind of data that can be imported."
        case .noSeller: "There are several sellers, and neither the file nor --seller says whose the rows are."
        case .noSuchSeller(let code): "There is no seller \(code)."
        }
    }
    public var next: String {
        switch self {
        case .unknownKind: "Say one of \(ImportDesk.kinds.joined(separator: ", "))."
        case .noSeller: "Say --seller CODE."
        case .noSuchSeller: "'duly seller list' lists the sellers."
        }
    }
}

/// A seller, as imports need it.
public struct ImportSeller: Sendable, Equatable {
    public let book: Int64
    public let code: String
    public let country: String
    public let currency: Currency
    public let language: String
    public let termsDays: Int
    public let openFrom: Day
}

/// Reads tables into the books: surveyed as a whole, checked row by row, then written in groups.
///
/// A file is read three times: to see how it is written, to find everything that is wrong with it, and to write it. So a file
/// with a problem leaves nothing behind, and one of any size is written in groups that others can work between. A crash in the
/// middle leaves whole groups, each with its counts; the same command again goes on behind them and ends with the outcome of a run
/// that nothing disturbed. That outcome is kept under the command's id.
public struct ImportDesk: Sendable {
    let database: any Database
    let vault: Vault
    let clock: @Sendable () -> Instant
    let chance: @Sendable () -> UInt64

    public init(
        _ database: any Database, vault: Vault, clock: @escaping @Sendable () -> Instant,
        chance: @escaping @Sendable () -> UInt64
    ) {
        self.database = database
        self.vault = vault
        self.clock = clock
        self.chance = chance
    }

    public static let kinds = [
        "sellers", "customers", "products", "prices", "tax-rates", "exchange-rates", "orders", "invoices",
    ]

    /// The headings of a kind, and an example row.
    public static func template(_ kind: String) throws -> (headings: [String], example: [String]) {
        switch kind {
        case "sellers": (SellersImport.fields.map(\.name), SellersImport.example)
        case "customers": (CustomersImport.fields.map(\.name), CustomersImport.example)
        case "products": (ProductsImport.fields.map(\.name), ProductsImport.example)
        case "prices": (PricesImport.fields.map(\.name), PricesImport.example)
        case "tax-rates": (TaxRatesImport.fields.map(\.name), TaxRatesImport.example)
        case "exchange-rates": (ExchangeRatesImport.fields.map(\.name), ExchangeRatesImport.example)
        case "orders", "charges": (OrdersImport.fields.map(\.name), OrdersImport.example)
        case "invoices": (InvoicesImport.fields.map(\.name), InvoicesImport.example)
        default: throw ImportRefusal.unknownKind(kind)
        }
    }

    /// Imports files of one kind, one after the other. The same command again gets its first outcome. `progress` is told how far each
    /// reading of each file is.
    public func run(
        _ request: ImportRequest, progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws -> ImportOutcome {
        switch request.kind {
        case "sellers": try await run(SellersImport.self, request, progress)
        case "customers": try await run(CustomersImport.self, request, progress)
        case "products": try await run(ProductsImport.self, request, progress)
        case "prices": try await run(PricesImport.self, request, progress)
        case "tax-rates": try await run(TaxRatesImport.self, request, progress)
        case "exchange-rates": try await run(ExchangeRatesImport.self, request, progress)
        case "orders", "charges": try await run(OrdersImport.self, request, progress)
        case "invoices": try await run(InvoicesImport.self, request, progress)
        default: throw ImportRefusal.unknownKind(request.kind)
        }
    }

    private func run<Kind: ImportKind>(
        _ kind: Kind.Type, _ request: ImportRequest,
        _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws -> ImportOutcome {
        let content = request.content()
        let earlier = try await database.read {
            try Books.outcome(of: request.id, content: content, inAnyBook: $0)
        }
        if let earlier { return try JSONDecoder().decode(ImportOutcome.self, from: Data(earlier.json.utf8)) }
        var outcome = ImportOutcome(
            kind: request.kind, dry_run: request.dryRun, files: [], warnings: [], refusals: [], problems: 0)
        // All files are read before the first is written: with something wrong in one, none is.
        var ready: [(session: ImportSession<Kind>, file: ImportSession<Kind>.Ready)] = []
        for (number, file) in request.files.enumerated() {
            let session = ImportSession<Kind>(
                desk: self, request: request, file: file, number: number, content: content)
            if let file = try await session.look(into: &outcome, progress) { ready.append((session, file)) }
        }
        if outcome.problems > 0, !request.keepGood {
            for place in outcome.files.indices {
                (outcome.files[place].added, outcome.files[place].changed) = (0, 0)
                outcome.files[place].created = ["customers": 0]
            }
            return outcome
        }
        guard !request.dryRun else { return outcome }
        for (session, file) in ready { try await session.keep(file, into: &outcome, progress) }
        CrashPoint.reach("import.before-outcome")
        return try await finish(outcome, request, content)
    }

    /// Keeps the outcome under the command's id, in the book it belongs to.
    private func finish(
        _ outcome: ImportOutcome, _ request: ImportRequest, _ content: String
    ) async throws -> ImportOutcome {
        let json = try outcome.kept.json()
        let (now, dice) = (clock(), chance())
        return try await database.transaction { transaction in
            if let earlier = try Books.outcome(of: request.id, content: content, inAnyBook: transaction) {
                return try JSONDecoder().decode(ImportOutcome.self, from: Data(earlier.json.utf8))
            }
            // Only an import of sellers that made none finds no book.
            guard let book = try Self.home(request.seller, transaction) else { return outcome }
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            try books.record([
                Recording(
                    command: request.id, kind: request.recordedKind, content: content, actor: request.actor,
                    day: request.today, outcome: json)
            ])
            return outcome
        }
    }

    /// The book that keeps what came of an import: of the seller named, else of the first; nil while there is none.
    static func home(_ seller: String?, _ transaction: any Transaction) throws -> Int64? {
        let sellers = try transaction.query("SELECT code, book FROM sellers ORDER BY code", [])
        guard let seller else { return try sellers.first?.int(1) }
        return try sellers.first { try $0.text(0).lowercased() == seller.lowercased() }?.int(1)
    }
}

extension ImportRequest {
    /// `charges` is another word for orders.
    var recordedKind: String { "import.\(kind == "charges" ? "orders" : kind)" }
}

extension ImportOutcome {
    /// As the books keep it for good: without what stood in the cells of rows that were not taken, which may be personal. The file
    /// of rejected rows has it.
    var kept: ImportOutcome {
        var kept = self
        kept.refusals = refusals.map { problem in
            var problem = problem
            let rejected = files.first { $0.file == problem.file }?.rejected_file
            problem.value = nil
            problem.why = rejected.map { "The reason stands in \($0)." } ?? "The reason was told when it was imported."
            return problem
        }
        return kept
    }
}

extension Encodable {
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
