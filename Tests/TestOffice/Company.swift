import Books
import Charges
import Database
import Formats
import Foundation
import ImportsDesk
import Invoicing
import InvoicingDesk
import Ledger
import Money
import Receivables
import ReceivablesDesk
import ReportsDesk
import Synchronization
import TestSupport

/// A company's books on one engine, worked through the very desks that the program uses.
public struct Company: Sendable {
    public let database: any Database
    /// As `duly --books` takes it.
    public let url: String
    /// A folder for the files that are read in.
    public let folder: URL
    public let book: Int64
    public let home: Currency
    private let clock: OfficeClock

    public static let engines: [Engine] = [.sqlite, .postgres]
    public static let vault = Vault(key: Array(1...32))
    public static let ines = Actor(name: "ines")

    public static func open(
        _ engine: Engine, country: String = "DE", currency: Currency = .eur, openFrom: String = "2026-01-01",
        series: String = "RE-{year}-{n:6}", account: String = "DE89370400440532013000"
    ) async throws -> Company {
        let file = try TestDatabases.freshFile()
        let url: String
        let database: any Database
        switch engine {
        case .sqlite: (url, database) = (file, try SQLiteDatabase(path: file))
        case .postgres:
            url = try await TestDatabases.freshServerDatabase()
            database = PostgresDatabase(url: url, connections: 4, strictest: TestDatabases.strictest)
        }
        _ = try await Schema.upgrade(database)
        let clock = OfficeClock()
        let book = try await found(
            country, country: country, currency, openFrom: openFrom, series: series, account: account, in: database,
            clock: clock)
        return Company(
            database: database, url: url, folder: URL(fileURLWithPath: file).deletingLastPathComponent(), book: book,
            home: currency, clock: clock)
    }

    /// A further seller in the same books.
    public func found(_ code: String, country: String, _ currency: Currency, account: String) async throws -> Company {
        let book = try await Self.found(
            code, country: country, currency, openFrom: "2026-01-01", series: "\(code)-{year}-{n:6}", account: account,
            in: database, clock: clock)
        return Company(database: database, url: url, folder: folder, book: book, home: currency, clock: clock)
    }

    private static func found(
        _ code: String, country: String, _ currency: Currency, openFrom: String, series: String, account: String,
        in database: any Database, clock: OfficeClock
    ) async throws -> Int64 {
        var seller = NewSeller(
            code: code, name: "Uferlicht Werkstätten \(code)", country: country, currency: currency, timeZone: "UTC",
            language: "de", openFrom: Day(openFrom)!)
        seller.accounts = [(account, "")]
        let ready = seller
        let (now, chance) = (clock.now(), clock.chance())
        return try await database.transaction {
            try Books.found(
                ready, series: [(InvoicingDesk.series, series)], in: $0, clock: now, chance: chance)
        }
    }

    // MARK: The desks

    public var imports: ImportDesk {
        ImportDesk(database, vault: Self.vault, clock: clock.now, chance: clock.chance)
    }
    public var invoicing: InvoicingDesk { InvoicingDesk(database, clock: clock.now, chance: clock.chance) }
    public var receivables: ReceivablesDesk {
        ReceivablesDesk(database, vault: Self.vault, clock: clock.now, chance: clock.chance)
    }
    public func now() -> Instant { clock.now() }
    public func chance() -> UInt64 { clock.chance() }
    /// A command id nobody has used.
    public func fresh(_ kind: String) -> CommandID { CommandID("\(kind)-\(clock.next())")! }

    /// A file in the company's folder.
    public func file(_ name: String, _ text: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @discardableResult
    public func importing(
        _ kind: String, _ table: String, id: String? = nil, keepGood: Bool = false, dryRun: Bool = false,
        today: String = "2026-03-02", _ adjust: (inout ImportRequest) -> Void = { _ in }
    ) async throws -> ImportOutcome {
        try await importing(
            kind, file: try file("\(kind)-\(clock.next()).csv", table), id: id, keepGood: keepGood, dryRun: dryRun,
            today: today, adjust)
    }

    @discardableResult
    public func importing(
        _ kind: String, file path: String, id: String? = nil, keepGood: Bool = false, dryRun: Bool = false,
        today: String = "2026-03-02", _ adjust: (inout ImportRequest) -> Void = { _ in }
    ) async throws -> ImportOutcome {
        var request = ImportRequest(
            kind: kind, files: [path], id: id.map { CommandID($0)! } ?? fresh("import"), actor: Self.ines,
            today: Day(today)!)
        request.keepGood = keepGood
        request.dryRun = dryRun
        adjust(&request)
        return try await imports.run(request) { _ in }
    }

    @discardableResult
    public func bill(
        through: String, id: String? = nil, issue: Bool = true, dryRun: Bool = false, per: BillPer = .order,
        day: BillRun.InvoiceDay = .charge, customer: String? = nil, today: String = "2026-03-02"
    ) async throws -> BillRunOutcome {
        try await invoicing.bill(
            BillRun(
                id: id.map { CommandID($0)! } ?? fresh("bill"), through: Day(through)!, customer: customer,
                invoiceDay: day, per: per, issue: issue, actor: Self.ines, today: Day(today)!), book: book,
            dryRun: dryRun)
    }

    @discardableResult
    public func credit(
        _ number: String, _ scope: CreditScope = .all, today: String = "2026-03-02", id: String? = nil
    ) async throws -> CreditIssued {
        try await invoicing.credit(
            CreditInvoice(
                id: id.map { CommandID($0)! } ?? fresh("credit"), number: number, scope: scope, reason: "agreed",
                actor: Self.ines, today: Day(today)!), book: book)
    }

    /// Money in: a bank file with these lines.
    @discardableResult
    public func receive(_ lines: [BankMoney], id: String? = nil, today: String = "2026-03-02") async throws
        -> BankImportOutcome
    {
        try await receive(file: try bankFile(lines), id: id, today: today)
    }

    @discardableResult
    public func receive(file: String, id: String? = nil, today: String = "2026-03-02") async throws
        -> BankImportOutcome
    {
        try await receivables.importBank(
            [file], id: id.map { CommandID($0)! } ?? fresh("bank"), actor: Self.ines, today: Day(today)!,
            options: BankFile.Options(csv: Self.bankColumns), dryRun: false
        ) { _, _ in }
    }

    public func bankFile(_ lines: [BankMoney]) throws -> String {
        let rows = lines.map { line in
            [line.id, line.day, line.amount, line.currency, line.payer, line.iban, line.text, line.reference]
                .map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",")
        }
        return try file(
            "bank-\(clock.next()).csv",
            (["payment,day,amount,currency,payer,iban,text,reference"] + rows).joined(separator: "\n") + "\n")
    }

    private static var bankColumns: BankCSVMap {
        var map = BankCSVMap(bookingDay: "day")
        map.amount = "amount"
        map.currency = "currency"
        map.counterparty = "payer"
        map.counterpartyAccount = "iban"
        map.text = ["text"]
        map.structuredReference = "reference"
        map.bankReference = "payment"
        map.dayOrder = .yearMonthDay
        map.decimalMark = "."
        map.account = "DE89370400440532013000"
        return map
    }

    @discardableResult
    public func apply(
        _ wishes: [ApplyWish], id: String? = nil, keepGood: Bool = false, dryRun: Bool = false,
        today: String = "2026-03-02"
    ) async throws -> (outcome: ApplyOutcome, problems: [ApplyProblem]) {
        try await receivables.apply(
            wishes, book: book, run: id.map { CommandID($0)! } ?? fresh("apply"), actor: Self.ines, today: Day(today)!,
            keepGood: keepGood, dryRun: dryRun)
    }

    @discardableResult
    public func match(through: String, id: String? = nil, dryRun: Bool = false, today: String = "2026-03-02")
        async throws
        -> MatchOutcome
    {
        try await receivables.match(
            MatchRun(
                id: id.map { CommandID($0)! } ?? fresh("match"), through: Day(through)!, policy: MatchPolicy(),
                actor: Self.ines, today: Day(today)!), book: book, dryRun: dryRun)
    }

    // MARK: Looking at the books

    /// Rows of a query, as text; null is `–`.
    public func rows(_ sql: String, _ parameters: [SQLValue] = []) async throws -> [[String]] {
        try await database.read { transaction in
            try transaction.query(sql, parameters).map { row in
                try row.values.indices.map { try row.textOrNil($0) ?? "–" }
            }
        }
    }

    public func aging(asOf day: String) async throws -> AgingReport {
        let known = try await Horizon.take(database, clock: clock.now())
        let scope = ReportScope(book: book, asOf: Day(day)!, knownAt: known)
        return try await database.read { try AgingReport.read(scope, AgingBuckets()!, in: $0) }
    }

    /// What is open, by document or payment id: number, open amount, open amount at home.
    public func open() async throws -> [String] {
        try await rows(
            """
            SELECT COALESCE(d.number, r.payment_id), i.open_minor, i.open_home
            FROM open_items i
            LEFT JOIN documents d ON d.book = i.book AND d.document = i.item
            LEFT JOIN receipts r ON r.book = i.book AND r.receipt = i.item
            WHERE i.open_minor <> 0 OR i.open_home <> 0
            ORDER BY 1
            """
        ).map { "\($0[0]) \($0[1])" + ($0[1] == $0[2] ? "" : " (\($0[2]))") }
    }

    /// Everything `duly verify` holds against the books.
    public func faults() async throws -> [String] {
        try await database.read { try Verification.run(in: $0) }.flatMap { check in
            check.bad.map { "\(check.name): \($0.record) expected \($0.expected), found \($0.found)" }
        }
    }

    /// Takes away the outcome of a run, and leaves its pieces: what a crash between the two leaves.
    public func forget(_ command: String) async throws {
        try await database.transaction { transaction in
            switch transaction.engine {
            case .sqlite: try transaction.script("DROP TRIGGER commands_stay")
            case .postgres: try transaction.script("SET LOCAL session_replication_role = replica")
            }
            _ = try transaction.execute("DELETE FROM commands WHERE command = $1", [.text(command)])
        }
    }

    /// How many rows every table holds, what the commands themselves leave aside: their outcomes, and the records of those.
    public func contents() async throws -> [String: Int64] {
        try await counts().filter { !["commands", "audit_records", "unsealed_records"].contains($0.key) }
    }

    /// How many rows every table holds.
    public func counts() async throws -> [String: Int64] {
        try await database.read { transaction in
            var counts: [String: Int64] = [:]
            for (table, _) in Schema.classes {
                counts[table] = try transaction.query("SELECT count(*) FROM \(table)", [])[0].int(0)
            }
            return counts
        }
    }
}

/// A line of a bank statement.
public struct BankMoney: Sendable {
    public var id, day, amount, currency, payer, iban, text, reference: String
    public init(
        _ id: String, _ day: String, _ amount: String, _ currency: String = "EUR",
        payer: String = "Löwe Spedition GmbH",
        iban: String = "", text: String = "", reference: String = ""
    ) {
        self.id = id
        self.day = day
        self.amount = amount
        self.currency = currency
        self.payer = payer
        self.iban = iban
        self.text = text
        self.reference = reference
    }
}

/// A clock that ticks a millisecond whenever somebody looks at it, and dice that fall the same each time.
public final class OfficeClock: Sendable {
    private let ticks: Mutex<Int64>
    public init(from: Int64 = Instant("2026-03-02T08:00:00.000000Z")!.micro) { ticks = Mutex(from) }
    public var now: @Sendable () -> Instant {
        { [self] in
            Instant(
                micro: ticks.withLock {
                    $0 += 1000; return $0
                })
        }
    }
    public var chance: @Sendable () -> UInt64 {
        { [self] in
            var dice = Dice(
                seed: UInt64(
                    bitPattern: ticks.withLock {
                        $0 += 1; return $0
                    }))
            return dice.next()
        }
    }
    func next() -> Int64 {
        ticks.withLock {
            $0 += 1; return $0
        }
    }
}

/// SplitMix64: the same seed falls the same way everywhere, so that a failing seed is a bug report.
public struct Dice: RandomNumberGenerator {
    private var state: UInt64
    public init(seed: UInt64) { state = seed }
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
    public mutating func roll(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
}
