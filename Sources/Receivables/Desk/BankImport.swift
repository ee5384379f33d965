import Books
import Database
import Dispatch
import Formats
import Foundation
import Ledger
import Money
import Receivables

/// What a bank import did.
public struct BankImportOutcome: Codable, Sendable, Equatable {
    public struct Statement: Codable, Sendable, Equatable {
        public var file, format, statement, account, seller, currency: String
        public var entries = 0
        public var imported = 0
        public var duplicates = 0
        public var opening: String?
        public var closing: String?
        public var balanced: Bool?
        /// `ok`, `first`, `unknown`, or what does not join.
        public var continuity: String
    }
    public var run: String
    public var dry_run: Bool
    public var statements: [Statement]
    public var entries = 0
    public var imported = 0
    public var duplicates = 0
    public var receipts = 0
    public var warnings: [String]
}

/// Why a bank file was not imported.
public enum BankImportRefusal: Refusal {
    case unreadable(file: String, problem: BankFileProblem)
    case nobodysAccount(file: String, account: String)
    case notAStatement(file: String, format: String)
    case periodClosed(file: String, line: Int, day: Day, openFrom: Day)
    case noRate(file: String, currency: String, home: String, day: Day)
    case noDay(file: String, line: Int)

    public var code: String {
        switch self {
        case .unreadable(_, let problem): problem.code
        case .nobodysAccount: "bank.nobodys-account"
        case .notAStatement: "bank.not-a-statement"
        case .periodClosed: "bank.period-closed"
        case .noRate: "books.no-exchange-rate"
        case .noDay: "bank.no-day"
        }
    }
    public var what: String { "\(file) was not imported." }
    public var why: String {
        switch self {
        case .unreadable(_, let problem): (problem.line.map { "Line \($0): " } ?? "") + problem.why
        case .nobodysAccount(_, let account):
            "Account \(account) belongs to no seller, and no single one has its currency."
        case .notAStatement(_, let format): "It is a \(format) file, which repeats or announces entries of a statement."
        case .periodClosed(_, let line, let day, let open):
            "Line \(line): \(day) lies before \(open), the first open day."
        case .noRate(_, let currency, let home, let day): "There is no rate from \(currency) to \(home) for \(day)."
        case .noDay(_, let line): "Line \(line): the entry has neither a booking day nor a value day."
        }
    }
    public var next: String {
        switch self {
        case .unreadable(_, let problem): problem.next
        case .nobodysAccount: "Add the account to its seller: duly seller add-account."
        case .notAStatement: "Import the statement (camt.053 or MT940); 'duly bank read' shows what is in this file."
        case .periodClosed: "Have the period reopened, or leave the statement out."
        case .noRate: "Import exchange-rates for that day, then import the file again."
        case .noDay: "Fetch the statement from the bank again."
        }
    }
    public var place: RefusalPlace? {
        switch self {
        case .unreadable(_, let problem): RefusalPlace(file: file, row: problem.line, field: problem.field)
        case .periodClosed(_, let line, _, _), .noDay(_, let line): RefusalPlace(file: file, row: line)
        case .nobodysAccount, .notAStatement, .noRate: RefusalPlace(file: file)
        }
    }
    public var file: String {
        switch self {
        case .unreadable(let file, _), .nobodysAccount(let file, _), .notAStatement(let file, _),
            .periodClosed(let file, _, _, _), .noRate(let file, _, _, _), .noDay(let file, _):
            file
        }
    }
}

/// An account of ours and whose it is.
struct OwnAccount: Sendable {
    let book: Int64
    let seller: String
    let account: String
    let currency: Currency
    let home: Currency
    let openFrom: Day

    /// Whether a bank's way of writing an account means this one: equal, or the bank code and number that end our IBAN.
    func isMeant(by written: String) -> Bool {
        func plain(_ text: String) -> String { text.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) } }
        let (own, other) = (plain(account), plain(written))
        guard own != other else { return !own.isEmpty }
        let parts = written.split(separator: "/")
        // A BIC before the IBAN, or a bank code before the number that both end our IBAN.
        if parts.contains(where: { plain(String($0)) == own }) { return true }
        if parts.count == 2, own.count > 10 {
            let number = parts[1].filter(\.isNumber)
            let padded = String(repeating: "0", count: max(0, 10 - number.count)) + number
            if own.hasSuffix(plain(String(parts[0])) + padded) { return true }
        }
        return other.count >= 8 && own.hasSuffix(other)
    }
}

/// One line to be booked: a bank entry, or a payment below a batch entry.
struct BankLineFacts: Sendable {
    let line: Int
    let bookingDay: Day
    let valueDay: Day
    let amount: Money
    let paymentID: String
    let reference: String
    let returnReason: String
    let payer: String
    let payerAccount: String
    let text: String
    let endToEnd: String

    /// What makes it the same line in another file.
    func fingerprint(account: String) -> String {
        let own = paymentID.isEmpty ? [text, payer, endToEnd, reference].joined(separator: "\u{1}") : "=" + paymentID
        return Books.hash("\(account)\u{1}\(bookingDay)\u{1}\(amount)\u{1}\(own)")
    }

    /// The lines of an entry: its payments where they make up its amount, else itself.
    static func lines(of entry: BankEntry, statementDay: Day?) -> [BankLineFacts]? {
        guard let booking = entry.bookingDay ?? entry.valueDay ?? statementDay else { return nil }
        let value = entry.valueDay ?? booking
        let whole = entry.details.count > 1 ? entry.details.compactMap(\.amount) : []
        let splits =
            entry.details.count > 1 && whole.count == entry.details.count
            && whole.allSatisfy { $0.currency == entry.amount.currency }
            && whole.reduce(Int64(0)) { $0 + $1.minor } == entry.amount.minor
        guard splits else {
            let detail = entry.details.count == 1 ? entry.details[0] : nil
            return [
                BankLineFacts(
                    line: entry.lineNumber, bookingDay: booking, valueDay: value, amount: entry.amount,
                    paymentID: detail?.bankReference ?? entry.bankReference ?? "",
                    reference: detail?.structuredReference ?? entry.structuredReference ?? "",
                    returnReason: detail?.returnReason ?? entry.returnReason ?? "",
                    payer: detail?.counterparty ?? entry.counterparty ?? "",
                    payerAccount: detail?.counterpartyAccount ?? entry.counterpartyAccount ?? "",
                    text: Self.text(entry.text, entry.details), endToEnd: detail?.endToEnd ?? entry.endToEnd ?? "")
            ]
        }
        return zip(entry.details, whole).enumerated().map { index, pair in
            let (detail, amount) = pair
            let own = detail.bankReference ?? entry.bankReference.map { "\($0)/\(index + 1)" }
            return BankLineFacts(
                line: entry.lineNumber, bookingDay: booking, valueDay: value, amount: amount, paymentID: own ?? "",
                reference: detail.structuredReference ?? "", returnReason: detail.returnReason ?? "",
                payer: detail.counterparty ?? entry.counterparty ?? "",
                payerAccount: detail.counterpartyAccount ?? entry.counterpartyAccount ?? "",
                text: Self.text(detail.text.isEmpty ? entry.text : detail.text, [detail]),
                endToEnd: detail.endToEnd ?? "")
        }
    }

    /// The text with what structured remittance adds to it: references beyond the first, numbers of documents.
    private static func text(_ text: String, _ details: [BankEntryDetail]) -> String {
        var parts = [text]
        for detail in details.prefix(50) {
            if !detail.text.isEmpty, !text.contains(detail.text) { parts.append(detail.text) }
            parts += detail.structuredReferences.dropFirst().filter { !text.contains($0) }
            parts += detail.documents.compactMap(\.number).filter { !text.contains($0) }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension ReceivablesDesk {
    /// Imports bank files. Each is read twice: once to see that all of it can be taken, once to book it in groups. Lines that are
    /// in the books already are counted and passed over. The same command again gets its first outcome; where the first go of it
    /// died, it goes on behind the groups that are booked and ends with the outcome of a run that nothing disturbed.
    public func importBank(
        _ files: [String], id: CommandID, actor: Actor, today: Day, options: BankFile.Options, dryRun: Bool,
        progress: @escaping @Sendable (_ file: String, _ done: Int) -> Void
    ) async throws -> BankImportOutcome {
        let content = BankContent(files: files, options: options).text
        let earlier = try await database.read { try Books.outcome(of: id, content: content, inAnyBook: $0) }
        if let earlier { return try JSONDecoder().decode(BankImportOutcome.self, from: Data(earlier.json.utf8)) }
        let accounts = try await database.read { try BankRecords.accounts($0) }
        var outcome = BankImportOutcome(run: id.text, dry_run: dryRun, statements: [], warnings: [])
        var refusals: [any Refusal] = []
        var looked: [(file: String, statements: [LookedStatement])] = []
        for file in files {
            do {
                let statements = try await look(file, options, accounts, &outcome.warnings, &refusals)
                looked.append((file, statements))
            } catch let problems as BankFileProblems {
                refusals += problems.problems.map { BankImportRefusal.unreadable(file: file, problem: $0) }
            }
        }
        guard refusals.isEmpty else { throw Refusals(refusals) }
        let all = looked.flatMap(\.statements)
        let closings = RunClosings(all)
        for (number, (file, statements)) in looked.enumerated() {
            try await book(
                file, number, statements, among: closings, content: content, id: id, actor: actor, today: today,
                options: options,
                dryRun: dryRun,
                &outcome, progress)
        }
        outcome.entries = outcome.statements.reduce(0) { $0 + $1.entries }
        outcome.imported = outcome.statements.reduce(0) { $0 + $1.imported }
        outcome.duplicates = outcome.statements.reduce(0) { $0 + $1.duplicates }
        if !dryRun {
            CrashPoint.reach("bank.before-outcome")
            return try await finish(
                outcome, books: all.map(\.own.book) + accounts.prefix(1).map(\.book), content, id, actor, today)
        }
        return outcome
    }

    struct LookedStatement: Sendable {
        let own: OwnAccount
        let header: BankStatementHeader
        let totals: BankStatementTotals
    }

    /// The first reading: what is in the file, whose it is, and everything that stands against booking it.
    private func look(
        _ file: String, _ options: BankFile.Options, _ accounts: [OwnAccount], _ warnings: inout [String],
        _ refusals: inout [any Refusal]
    ) async throws -> [LookedStatement] {
        var statements: [LookedStatement] = []
        var own: OwnAccount?
        var days: Set<ForeignDay> = []
        var found: [String] = []
        var bad: [any Refusal] = []
        var header: BankStatementHeader?
        var closed = ClosedLines()
        try BankFile.read(path: file, options: options) { event in
            switch event {
            case .warning(let warning): found.append("\(file): \(warning.text)")
            case .statementBegan(let began):
                header = began
                own = nil
                guard began.kind == .statement else {
                    bad.append(BankImportRefusal.notAStatement(file: file, format: began.format))
                    return
                }
                own = Self.owner(of: began, accounts, file, &found)
                if own == nil {
                    bad.append(BankImportRefusal.nobodysAccount(file: file, account: began.account ?? "without number"))
                }
            case .entry(let entry):
                guard let own, entry.status == nil, bad.count < 100 else { return }
                guard let lines = BankLineFacts.lines(of: entry, statementDay: header?.closing?.day) else {
                    bad.append(BankImportRefusal.noDay(file: file, line: entry.lineNumber))
                    return
                }
                if lines[0].bookingDay < own.openFrom { closed.add(lines, of: own) }
                if entry.amount.currency != own.home, entry.amount.minor > 0 {
                    days.insert(
                        ForeignDay(currency: entry.amount.currency, home: own.home, day: lines[0].bookingDay))
                }
            case .statementEnded(let ended, let totals):
                guard let own else { return }
                statements.append(LookedStatement(own: own, header: ended, totals: totals))
                if totals.entries == 0 {
                    found.append("\(file): statement \(ended.key) of account \(own.account) holds no entries.")
                }
            }
        }
        let late = closed
        for (line, own) in try await database.read({ try late.unknown($0) }).prefix(100) {
            bad.append(
                BankImportRefusal.periodClosed(
                    file: file, line: line.number, day: line.day, openFrom: own.openFrom))
        }
        for missing in try await missingRates(days) {
            bad.append(
                BankImportRefusal.noRate(
                    file: file, currency: missing.currency.code, home: missing.home.code, day: missing.day))
        }
        warnings += found
        refusals += bad
        return statements
    }

    private static func owner(
        of header: BankStatementHeader, _ accounts: [OwnAccount], _ file: String, _ warnings: inout [String]
    ) -> OwnAccount? {
        for written in header.accountNumbers + [header.account].compactMap({ $0 }) {
            if let mine = accounts.first(where: { $0.isMeant(by: written) }) { return mine }
        }
        var seen: Set<Int64> = []
        let candidates = accounts.filter {
            (header.currency == nil || $0.home == header.currency) && seen.insert($0.book).inserted
        }
        guard candidates.count == 1 else { return nil }
        let warning =
            "\(file): account \(header.account ?? "without number") is not known; it was taken as one of seller "
            + "\(candidates[0].seller), the only one with its currency."
        if !warnings.contains(warning) { warnings.append(warning) }
        let only = candidates[0]
        return OwnAccount(
            book: only.book, seller: only.seller, account: header.accountNumber ?? only.account,
            currency: header.currency ?? only.currency, home: only.home, openFrom: only.openFrom)
    }

    struct ForeignDay: Hashable, Sendable {
        let currency: Currency
        let home: Currency
        let day: Day
    }

    private func missingRates(_ days: Set<ForeignDay>) async throws -> [ForeignDay] {
        guard !days.isEmpty else { return [] }
        return try await database.read { transaction in
            try days.sorted { ($0.day, $0.currency.code) < ($1.day, $1.currency.code) }.filter {
                try BankRecords.rate($0.currency, to: $0.home, on: $0.day, transaction) == nil
            }
        }
    }

    // MARK: The second reading

    private func book(
        _ file: String, _ number: Int, _ statements: [LookedStatement], among all: RunClosings, content: String,
        id: CommandID,
        actor: Actor, today: Day, options: BankFile.Options, dryRun: Bool, _ outcome: inout BankImportOutcome,
        _ progress: @escaping @Sendable (_ file: String, _ done: Int) -> Void
    ) async throws {
        // The file is read on a thread of its own while groups are written; at most four groups wait between the two.
        let (groups, continuation) = AsyncThrowingStream.makeStream(of: LineGroup.self, throwing: (any Error).self)
        let reader = GroupReader(file: file, options: options, size: 1_500)
        let room = DispatchSemaphore(value: 4)
        continuation.onTermination = { _ in for _ in 0..<8 { room.signal() } }
        DispatchQueue.global().async {
            do {
                try reader.read { group in
                    room.wait()
                    if case .terminated = continuation.yield(group) { throw CancellationError() }
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        var results = try await statements.asyncMap { try await self.opening(of: $0, among: all, run: id, file: file) }
        var done = 0
        var index = 0
        var occurrences: [String: Int64] = [:]
        for try await group in groups {
            room.signal()
            let statement = statements[group.statement]
            let (now, dice) = (clock(), chance())
            let command = id.piece("\(number + 1)/\(index + 1)")
            let before = occurrences
            let groupContent = "bank.receive \(command.text) \(Books.hash(content))"
            let vault = vault
            let body: @Sendable (any Transaction) throws -> BankGroupResult = { transaction in
                let books = try Books(statement.own.book, in: transaction, clock: now, chance: dice)
                var writer = BankGroup(
                    books: books, vault: vault, statement: statement, run: id, file: number, command: command,
                    actor: actor, today: today,
                    occurrences: before, salt: dice, content: groupContent)
                return try writer.book(group.lines, dryRun: dryRun)
            }
            let result =
                dryRun
                ? try await database.read(body) : try await database.transaction(isolation: .readCommitted, body)
            CrashPoint.reach("bank.after-group")
            occurrences = result.occurrences
            results[group.statement].entries += group.lines.count
            results[group.statement].imported += result.imported
            results[group.statement].duplicates += group.lines.count - result.imported
            outcome.receipts += result.receipts
            done += group.lines.count
            index += 1
            progress(file, done)
        }
        outcome.statements += results
    }

    /// What the statement says of itself, and whether it joins the one before: of the books, or of this very run.
    private func opening(
        of statement: LookedStatement, among all: RunClosings, run: CommandID, file: String
    ) async throws -> BankImportOutcome.Statement {
        let header = statement.header
        let previous = try await database.read {
            try BankRecords.closing(before: statement, among: all, run: run, $0)
        }
        var continuity = "unknown"
        if let opening = header.opening {
            switch previous {
            case nil: continuity = "first"
            case opening.amount.minor: continuity = "ok"
            case .some(let minor):
                let found = Money(minor: minor, opening.amount.currency)
                continuity =
                    "the statement before closed with \(found.decimal), this one opens with \(opening.amount.decimal)"
            }
        }
        return BankImportOutcome.Statement(
            file: file, format: header.format, statement: header.id ?? header.number ?? "",
            account: statement.own.account, seller: statement.own.seller,
            currency: header.currency?.code ?? statement.own.currency.code,
            opening: header.opening?.amount.decimal, closing: header.closing?.amount.decimal,
            balanced: statement.totals.balanced, continuity: continuity)
    }

    /// Keeps the outcome under the command's id, in each book it touched; where it touched none, in the first.
    private func finish(
        _ outcome: BankImportOutcome, books: [Int64], _ content: String, _ id: CommandID, _ actor: Actor, _ today: Day
    ) async throws -> BankImportOutcome {
        let json = try outcome.json()
        let (now, dice) = (clock(), chance())
        let touched = Set(outcome.statements.isEmpty ? books : books.dropLast()).sorted()
        return try await database.transaction { transaction in
            if let earlier = try Books.outcome(of: id, content: content, inAnyBook: transaction) {
                return try JSONDecoder().decode(BankImportOutcome.self, from: Data(earlier.json.utf8))
            }
            for book in touched {
                let books = try Books(book, in: transaction, clock: now, chance: dice &+ UInt64(bitPattern: book))
                try books.record([
                    Recording(
                        command: id, kind: "bank.import", content: content, actor: actor, day: today, outcome: json)
                ])
            }
            return outcome
        }
    }
}

/// What tells a repeat from another import under the same id: the bytes of the files, and how a table among them is to be read.
/// The names of the files do not belong to it.
struct BankContent {
    let files: [String]
    let options: BankFile.Options

    var text: String {
        var lines = ["bank.import \(options.currency?.code ?? "")"]
        if let map = options.csv {
            func text(_ column: BankCSVMap.Column?) -> String { column?.headings.joined(separator: "\u{2}") ?? "" }
            let columns = [
                map.bookingDay, map.valueDay, map.amount, map.debit, map.credit, map.direction, map.detailAmount,
                map.currency, map.counterparty, map.counterpartyAccount, map.structuredReference, map.endToEnd,
                map.bankReference, map.ownAccount, map.balance,
            ]
            lines.append((columns + map.text).map(text).joined(separator: "\u{1}"))
            let order =
                switch map.dayOrder {
                case .dayMonthYear: "dmy"
                case .monthDayYear: "mdy"
                case .yearMonthDay: "ymd"
                case nil: ""
                }
            lines.append(
                (map.outWords + [
                    map.positiveIsOut ? "positive is out" : "", order, map.decimalMark.map(String.init) ?? "",
                    map.account ?? "",
                ]).joined(separator: "\u{1}"))
        }
        lines.append(files.map { Books.hash(fileAt: $0) ?? "unreadable" }.joined(separator: " "))
        return lines.joined(separator: "\n")
    }
}

extension BankStatementHeader {
    /// What the bank calls it: its id and its number, which some banks begin anew each year.
    var key: String {
        var parts: [String] = []
        for part in [id, number].compactMap(\.self) where !parts.contains(part) { parts.append(part) }
        return parts.joined(separator: " ")
    }
}

extension Array where Element: Sendable {
    func asyncMap<T: Sendable>(_ body: (Element) async throws -> T) async rethrows -> [T] {
        var result: [T] = []
        for element in self { result.append(try await body(element)) }
        return result
    }
}

extension Encodable {
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// Lines of one statement, some at a time.
struct LineGroup: Sendable {
    let statement: Int
    let lines: [BankLineFacts]
}

/// Reads a bank file and hands out groups of lines.
struct GroupReader: Sendable {
    let file: String
    let options: BankFile.Options
    let size: Int

    func read(_ take: (LineGroup) throws -> Void) throws {
        var statement = -1
        var lines: [BankLineFacts] = []
        var day: Day?
        func flush() throws {
            if !lines.isEmpty { try take(LineGroup(statement: statement, lines: lines)) }
            lines = []
        }
        try BankFile.read(path: file, options: options) { event in
            switch event {
            case .statementBegan(let header):
                statement += 1
                day = header.closing?.day
            case .entry(let entry):
                guard entry.status == nil else { return }
                lines += BankLineFacts.lines(of: entry, statementDay: day) ?? []
                if lines.count >= size { try flush() }
            case .statementEnded: try flush()
            case .warning: break
            }
        }
    }
}
