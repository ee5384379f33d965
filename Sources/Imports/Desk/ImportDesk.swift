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
/// middle leaves whole groups; the same file again adds what is missing.
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

    /// Imports files of one kind, one after the other. `progress` is told how many rows of how many are done.
    public func run(
        _ request: ImportRequest, progress: @escaping @Sendable (_ file: String, _ done: Int, _ of: Int) -> Void
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
        _ progress: @escaping @Sendable (_ file: String, _ done: Int, _ of: Int) -> Void
    ) async throws -> ImportOutcome {
        var outcome = ImportOutcome(
            kind: request.kind, dry_run: request.dryRun, files: [], warnings: [], refusals: [], problems: 0)
        // All files are read before the first is written: with something wrong in one, none is.
        var ready: [(session: ImportSession<Kind>, file: ImportSession<Kind>.Ready)] = []
        for (number, file) in request.files.enumerated() {
            let session = ImportSession<Kind>(desk: self, request: request, file: file, number: number)
            if let file = try await session.look(into: &outcome) { ready.append((session, file)) }
        }
        if outcome.problems > 0, !request.keepGood {
            for place in outcome.files.indices { (outcome.files[place].added, outcome.files[place].changed) = (0, 0) }
            return outcome
        }
        guard !request.dryRun else { return outcome }
        for (session, file) in ready { try await session.keep(file, into: &outcome, progress) }
        CrashPoint.reach("import.before-outcome")
        return outcome
    }
}
