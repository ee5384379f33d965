import Books
import Database
import Foundation
import Ledger
import Money
import Receivables

/// Carries out money in: bank files, matching, applying by hand or from a file. It judges nothing itself.
public struct ReceivablesDesk: Sendable {
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
}

/// One receipt to be applied, as it is asked for.
public struct ApplyWish: Sendable, Equatable {
    public struct Part: Sendable, Equatable {
        public let invoice: String
        /// In the receipt's currency, as a decimal; negative to use a credit note.
        public let amount: String
        public let writeOff: String
        public let reason: String
        /// Where it stood in a file.
        public let row: Int?
        public init(invoice: String, amount: String, writeOff: String = "", reason: String = "", row: Int? = nil) {
            self.invoice = invoice
            self.amount = amount
            self.writeOff = writeOff
            self.reason = reason
            self.row = row
        }
    }
    /// The receipt's id, or its payment id.
    public let receipt: String
    public let parts: [Part]
    public init(receipt: String, parts: [Part]) {
        self.receipt = receipt
        self.parts = parts
    }
}

/// A row of a file of allocations that was not applied, and why.
public struct ApplyProblem: Refusal {
    public let receipt: String
    public let row: Int?
    let refusal: any Refusal
    public var code: String { refusal.code }
    public var what: String { refusal.what }
    public var why: String { (row.map { "Row \($0), " } ?? "") + "receipt \(receipt): " + refusal.why }
    public var next: String { refusal.next }
    public var place: RefusalPlace? { row.map { RefusalPlace(row: $0, field: refusal.place?.field) } }
}

/// What applying did.
public struct ApplyOutcome: Codable, Sendable, Equatable {
    public struct Allocation: Codable, Sendable, Equatable {
        public var payment_id, invoice_no, allocated, writeoff, currency: String
    }
    public var run: String
    public var receipts: Int
    public var unchanged: Int
    public var allocations: [Allocation]
}

extension ApplyOutcome {
    /// What one run did at several sellers.
    public init(run: CommandID, joining outcomes: [ApplyOutcome]) {
        self.run = run.text
        receipts = outcomes.reduce(0) { $0 + $1.receipts }
        unchanged = outcomes.reduce(0) { $0 + $1.unchanged }
        allocations = outcomes.flatMap(\.allocations)
    }
}

/// An allocation decided on, ready to be written.
struct DecidedAllocation: Sendable {
    let receipt: OpenAmount?
    let paymentID: String
    let wanted: [WantedAllocation]
    let reason: String
    /// ×10^4; nil by hand.
    let confidence: Int?
}

/// Writes allocations of a group: entries, allocation rows, their hashes.
struct AllocationWriter {
    private let books: Books
    private let actor: Actor
    private let today: Day
    private var rows: RowBatch
    private var recordings: [Recording] = []

    init(books: Books, actor: Actor, today: Day) {
        self.books = books
        self.actor = actor
        self.today = today
        rows = RowBatch(into: "allocations", columns: PermanentTable.allocationColumns)
    }

    mutating func add(_ decided: DecidedAllocation, command: CommandID, kind: String, content: String) throws {
        let entry = books.post(
            try Entry.applying(decided.receipt, to: decided.wanted, openFrom: books.openFrom, today: today))
        var records: [PermanentRecord] = []
        var outcome = ""
        for want in decided.wanted {
            let id = books.mint()
            guard let customer = want.document.customer else { preconditionFailure("a document without a customer") }
            let row: [SQLValue] = [
                .int(books.book), .int(id.number), .text(command.text), .int(entry.id.number),
                decided.receipt.map { .int($0.item.number) } ?? .null, .int(want.document.item.number),
                .int(customer.number), .text(entry.entry.day.description), .int(want.amount.minor),
                .int(want.writeOff.minor),
                .text(want.reason.map { $0.added(to: decided.reason) } ?? decided.reason),
                decided.confidence.map { .int(Int64($0)) } ?? .null, .text(books.recordedText),
            ]
            rows.append(row)
            records.append(
                PermanentRecord(
                    kind: PermanentTable.allocation.rawValue, id: id, bytes: PermanentTable.allocation.bytes(row)))
            outcome += (outcome.isEmpty ? "" : ",") + #""\#(want.amount.decimal) of \#(want.document.item)""#
        }
        recordings.append(
            Recording(
                command: command, kind: kind, content: content, actor: actor, day: today,
                outcome: #"{"applied":[\#(outcome)]}"#, entries: [entry], documents: records))
    }

    func write() throws {
        guard !recordings.isEmpty else { return }
        try books.record(recordings)
        try books.transaction.insert(rows)
    }
}

/// What the desk reads of open items.
enum OpenItemRecords {
    struct Found: Sendable {
        let open: OpenAmount
        let number: String
        let paymentID: String
        let tax: Money
        let gross: Money
    }

    /// Open amounts of these documents, by id.
    static func documents(_ ids: [RecordID], books: Books) throws -> [RecordID: Found] {
        try books.transaction.pick(ids.map(\.number))
        var found: [RecordID: Found] = [:]
        try books.transaction.rows(
            """
            SELECT i.item, i.customer, i.day, i.open_minor, i.open_home, i.currency, d.number, d.tax, d.gross
            FROM picked CROSS JOIN open_items i
            JOIN documents d ON d.book = i.book AND d.document = i.item
            WHERE i.book = $1 AND i.item = picked.key AND i.account = 'receivables'
            """, [.int(books.book)]
        ) { row in
            guard let day = Day(try row.text(2)), let currency = Currency(try row.text(5)) else { return }
            let id = RecordID(number: try row.int(0))
            found[id] = Found(
                open: OpenAmount(
                    item: id, account: .receivables, customer: try row.intOrNil(1).map { RecordID(number: $0) },
                    day: day,
                    open: Money(minor: try row.int(3), currency),
                    openHome: Money(minor: try row.int(4), books.seller.currency), rate: .par(on: day)),
                number: try row.text(6), paymentID: "", tax: Money(minor: try row.intOrNil(7) ?? 0, currency),
                gross: Money(minor: try row.int(8), currency))
        }
        return try rated(found, books: books)
    }

    /// Open amounts of these receipts, by id.
    static func receipts(_ ids: [RecordID], books: Books) throws -> [RecordID: Found] {
        try books.transaction.pick(ids.map(\.number))
        var found: [RecordID: Found] = [:]
        try books.transaction.rows(
            """
            SELECT i.item, i.customer, i.day, i.open_minor, i.open_home, i.currency, r.payment_id
            FROM picked CROSS JOIN open_items i
            JOIN receipts r ON r.book = i.book AND r.receipt = i.item
            WHERE i.book = $1 AND i.item = picked.key AND i.account = 'unapplied'
            """, [.int(books.book)]
        ) { row in
            guard let day = Day(try row.text(2)), let currency = Currency(try row.text(5)) else { return }
            let id = RecordID(number: try row.int(0))
            let zero = Money.zero(currency)
            found[id] = Found(
                open: OpenAmount(
                    item: id, account: .unapplied, customer: try row.intOrNil(1).map { RecordID(number: $0) },
                    day: day,
                    open: Money(minor: try row.int(3), currency),
                    openHome: Money(minor: try row.int(4), books.seller.currency), rate: .par(on: day)),
                number: "", paymentID: try row.text(6), tax: zero, gross: zero)
        }
        return try rated(found, books: books)
    }

    /// With the rate each was booked at, where its currency is not the seller's.
    private static func rated(_ found: [RecordID: Found], books: Books) throws -> [RecordID: Found] {
        let foreign = found.values.filter { $0.open.open.currency != books.seller.currency }.map(\.open.item.number)
        guard !foreign.isEmpty else { return found }
        try books.transaction.pick(foreign.sorted())
        var rates: [RecordID: ExchangeRate] = [:]
        try books.transaction.rows(
            """
            SELECT l.item, l.rate, l.rate_day, l.rate_source
            FROM picked CROSS JOIN journal_lines l
            WHERE l.book = $1 AND l.item = picked.key
            ORDER BY l.item, l.entry DESC
            """, [.int(books.book)]
        ) { row in
            guard let day = Day(try row.text(2)) else { return }
            rates[RecordID(number: try row.int(0))] = ExchangeRate(
                scaled: try row.int(1), day: day, source: try row.text(3))
        }
        return found.mapValues { item in
            guard let rate = rates[item.open.item] else { return item }
            return Found(
                open: OpenAmount(
                    item: item.open.item, account: item.open.account, customer: item.open.customer, day: item.open.day,
                    open: item.open.open, openHome: item.open.openHome, rate: rate),
                number: item.number, paymentID: item.paymentID, tax: item.tax, gross: item.gross)
        }
    }
}
