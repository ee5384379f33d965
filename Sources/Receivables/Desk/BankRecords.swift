import Books
import Database
import Formats
import Foundation
import Ledger
import Money
import Receivables

/// What the receivables desk reads of sellers' accounts and earlier statements.
enum BankRecords {
    static func accounts(_ transaction: any Transaction) throws -> [OwnAccount] {
        try transaction.query(
            """
            SELECT s.book, s.code, COALESCE(a.account, ''), COALESCE(a.currency, s.currency), s.currency, c.open_from
            FROM sellers s
            JOIN book_clocks c ON c.book = s.book
            LEFT JOIN seller_accounts a ON a.book = s.book
            ORDER BY s.code, a.place, a.account
            """, []
        ).compactMap { row in
            guard let currency = Currency(try row.text(3)), let home = Currency(try row.text(4)),
                let open = Day(try row.text(5))
            else { return nil }
            return OwnAccount(
                book: try row.int(0), seller: try row.text(1), account: try row.text(2), currency: currency, home: home,
                openFrom: open)
        }
    }

    static func rate(
        _ currency: Currency, to home: Currency, on day: Day, _ transaction: any Transaction
    ) throws -> ExchangeRate? {
        guard currency != home else { return .par(on: day) }
        let rows = try transaction.query(
            """
            SELECT rate, source, day FROM exchange_rates
            WHERE currency = $1 AND home_currency = $2 AND day <= $3 AND day >= $4
            ORDER BY day DESC LIMIT 1
            """,
            [
                .text(currency.code), .text(home.code), .text(day.description),
                .text((day - ExchangeRate.daysInForce).description),
            ])
        return try rows.first.map {
            ExchangeRate(scaled: try $0.int(0), day: Day(try $0.text(2)) ?? day, source: try $0.text(1))
        }
    }

    /// The closing balance of the latest statement of the account that ends before this one does, in the books or among those of
    /// the same run; nil where there is none.
    static func closing(
        before statement: ReceivablesDesk.LookedStatement, among own: RunClosings, run: CommandID,
        _ transaction: any Transaction
    ) throws -> Int64? {
        guard let until = statement.header.closing?.day ?? statement.header.opening?.day else { return nil }
        // What an earlier go of this run booked is among the run's own.
        let kept = try transaction.query(
            """
            SELECT b.closing_day, b.closing FROM bank_statements b
            WHERE b.book = $1 AND b.account = $2 AND b.closing_day < $3 AND b.closing IS NOT NULL
                AND NOT (b.command > $4 AND b.command < $5)
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = b.command)
            ORDER BY b.closing_day DESC, b.statement DESC LIMIT 1
            """,
            [
                .int(statement.own.book), .text(statement.own.account), .text(until.description),
                .text(run.pieces.after), .text(run.pieces.before),
            ]
        ).first.map { (day: try $0.text(0), minor: try $0.int(1)) }
        let mine = own.last(before: until, of: statement.own)
        guard let kept, kept.day > mine?.day.description ?? "" else { return mine?.minor }
        return kept.minor
    }
}

/// The closing balances of all statements of one run, by account and day.
struct RunClosings: Sendable {
    private struct Account: Hashable {
        let book: Int64
        let account: String
    }
    private var byAccount: [Account: [(day: Day, minor: Int64)]] = [:]

    init(_ statements: [ReceivablesDesk.LookedStatement]) {
        for statement in statements {
            guard let closing = statement.header.closing, let day = closing.day else { continue }
            let account = Account(book: statement.own.book, account: statement.own.account)
            byAccount[account, default: []].append((day, closing.amount.minor))
        }
        for account in byAccount.keys { byAccount[account]!.sort { $0.day < $1.day } }
    }

    func last(before day: Day, of own: OwnAccount) -> (day: Day, minor: Int64)? {
        let closings = byAccount[Account(book: own.book, account: own.account)] ?? []
        var (low, high) = (0, closings.count)
        while low < high {
            let middle = (low + high) / 2
            if closings[middle].day < day { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : closings[low - 1]
    }
}

/// What a group of bank lines came to.
struct BankGroupResult: Sendable {
    var imported = 0
    var receipts = 0
    /// How often each fingerprint was met in this import so far.
    var occurrences: [String: Int64]
}

/// Lines of one fingerprint in the books.
struct KnownLines {
    /// How many stand.
    var live: Int64 = 0
    /// The last occurrence that was given.
    var last: Int64 = 0

    static func read(
        _ prints: [String], _ transaction: any Transaction, book: Int64, account: String
    ) throws -> [String: KnownLines] {
        try transaction.pick(prints)
        var known: [String: KnownLines] = [:]
        try transaction.rows(
            """
            SELECT l.fingerprint, l.occurrence, u.command
            FROM picked_text p CROSS JOIN bank_lines l
            LEFT JOIN undoings u ON u.book = l.book AND u.command = l.command
            WHERE l.book = $1 AND l.account = $2 AND l.fingerprint = p.key
            """, [.int(book), .text(account)]
        ) { row in
            let print = try row.text(0)
            known[print, default: KnownLines()].last = max(known[print]?.last ?? 0, try row.int(1))
            if row.isNull(2) { known[print]!.live += 1 }
        }
        return known
    }
}

/// The lines of a file that lie before the first open day. Where the books hold them they say nothing new, as in a file that comes
/// again or overlaps the last one; a new one cannot be booked any more.
struct ClosedLines: Sendable {
    struct Line: Sendable {
        let number: Int
        let day: Day
        let print: String
        /// Of how many such lines of the file it is the last so far.
        let nth: Int64
    }
    private var accounts: [(own: OwnAccount, lines: [Line])] = []
    private var counts: [String: Int64] = [:]

    mutating func add(_ lines: [BankLineFacts], of own: OwnAccount) {
        if accounts.last?.own.book != own.book || accounts.last?.own.account != own.account {
            accounts.append((own, []))
        }
        for line in lines {
            let print = line.fingerprint(account: own.account)
            counts[print, default: 0] += 1
            accounts[accounts.count - 1].lines.append(
                Line(number: line.line, day: line.bookingDay, print: print, nth: counts[print]!))
        }
    }

    /// Those that the books do not hold.
    func unknown(_ transaction: any Transaction) throws -> [(line: Line, own: OwnAccount)] {
        var unknown: [(line: Line, own: OwnAccount)] = []
        for (own, lines) in accounts {
            for start in stride(from: 0, to: lines.count, by: 5_000) {
                let group = lines[start..<min(start + 5_000, lines.count)]
                let known = try KnownLines.read(
                    Array(Set(group.map(\.print))), transaction, book: own.book, account: own.account)
                unknown += group.filter { $0.nth > known[$0.print]?.live ?? 0 }.map { ($0, own) }
            }
        }
        return unknown
    }
}

/// Books a group of bank lines in one transaction: lines that are new, a receipt for each with money in.
struct BankGroup {
    let books: Books
    let vault: Vault
    let statement: ReceivablesDesk.LookedStatement
    let run: CommandID
    /// The place of the file in the run, from 0.
    let file: Int
    /// The piece of the run that this group is.
    let command: CommandID
    let actor: Actor
    let today: Day
    var occurrences: [String: Int64]
    let salt: UInt64
    /// What the group is of: the files of the run, so that no group of other files under the same id counts as this one.
    let content: String

    /// What a group that was booked left as its outcome.
    private struct Booked: Codable {
        let lines, receipts: Int
    }

    mutating func book(_ lines: [BankLineFacts], dryRun: Bool) throws -> BankGroupResult {
        if !dryRun { try books.lockBook() }
        let account = statement.own.account
        let prints = lines.map { $0.fingerprint(account: account) }
        var result = BankGroupResult(occurrences: occurrences)
        if !dryRun, let earlier = try books.outcome(of: command, content: content) {
            try Books.refuseTakenBack(command, of: run, inAnyBook: books.transaction)
            let booked = try JSONDecoder().decode(Booked.self, from: Data(earlier.json.utf8))
            for print in prints { result.occurrences[print, default: 0] += 1 }
            (result.imported, result.receipts) = (booked.lines, booked.receipts)
            return result
        }
        var known = try KnownLines.read(prints, books.transaction, book: books.book, account: account)
        var fresh: [(facts: BankLineFacts, print: String, occurrence: Int64)] = []
        for (facts, print) in zip(lines, prints) {
            let nth = (result.occurrences[print] ?? 0) + 1
            result.occurrences[print] = nth
            var earlier = known[print] ?? KnownLines()
            if nth <= earlier.live { continue }
            earlier.last += 1
            earlier.live += 1
            known[print] = earlier
            fresh.append((facts, print, earlier.last))
        }
        result.imported = fresh.count
        result.receipts = fresh.filter { $0.facts.amount.minor > 0 }.count
        guard !dryRun, !fresh.isEmpty else { return result }
        try write(fresh)
        return result
    }

    /// The statement's row; the groups of one statement share it. It is found by all that the bank says of it, since banks begin
    /// their numbers anew.
    private func statementRow() throws -> RecordID {
        let header = statement.header
        let book = SQLValue.int(books.book)
        let prefix = "\(run.stem)/\(file + 1)"
        let known = try books.transaction.query(
            """
            SELECT statement FROM bank_statements
            WHERE book = $1 AND account = $2 AND name = $3 AND format = $4
                AND COALESCE(opening_day, '') = $5 AND COALESCE(closing_day, '') = $6
                AND (opening = $7 OR opening IS NULL AND CAST($7 AS BIGINT) IS NULL)
                AND (closing = $8 OR closing IS NULL AND CAST($8 AS BIGINT) IS NULL)
                AND command > $9 AND command < $10
            ORDER BY statement DESC LIMIT 1
            """,
            [
                book, .text(statement.own.account), .text(header.key), .text(header.format),
                .text(header.opening?.day?.description ?? ""), .text(header.closing?.day?.description ?? ""),
                header.opening.map { .int($0.amount.minor) } ?? .null,
                header.closing.map { .int($0.amount.minor) } ?? .null, .text(prefix + "/"), .text(prefix + "0"),
            ])
        if let row = known.first { return RecordID(number: try row.int(0)) }
        let id = books.mint()
        try books.transaction.insert(
            into: "bank_statements",
            columns: [
                "book", "statement", "account", "format", "name", "currency", "opening_day", "opening", "closing_day",
                "closing", "balanced", "lines", "command", "recorded",
            ],
            rows: [
                [
                    book, .int(id.number), .text(statement.own.account), .text(header.format),
                    .text(header.key),
                    .text(header.currency?.code ?? statement.own.currency.code),
                    header.opening?.day.map { .text($0.description) } ?? .null,
                    header.opening.map { .int($0.amount.minor) } ?? .null,
                    header.closing?.day.map { .text($0.description) } ?? .null,
                    header.closing.map { .int($0.amount.minor) } ?? .null,
                    .int(statement.totals.balanced == false ? 0 : 1), .int(Int64(statement.totals.entries)),
                    .text(command.text), .text(books.recordedText),
                ]
            ])
        return id
    }

    private func write(_ fresh: [(facts: BankLineFacts, print: String, occurrence: Int64)]) throws {
        let statementID = try statementRow()
        let book = SQLValue.int(books.book)
        var lines = RowBatch(
            into: "bank_lines",
            columns: [
                "book", "bank_line", "statement", "account", "fingerprint", "occurrence", "booking_day", "value_day",
                "minor", "currency", "payment_id", "reference", "return_reason", "receipt", "text_hash", "command",
                "recorded",
            ])
        var texts = RowBatch(
            into: "bank_texts",
            columns: ["book", "bank_line", "payer", "account_key", "sealed", "text", "end_to_end", "salt"])
        var receipts = RowBatch(into: "receipts", columns: PermanentTable.receiptColumns)
        var entries: [PostedEntry] = []
        var items: [NewItem] = []
        var records: [PermanentRecord] = []
        var rates: [Day: ExchangeRate] = [:]
        for (index, line) in fresh.enumerated() {
            let facts = line.facts
            let id = books.mint()
            let salt = Books.hash("\(salt) \(id) \(index)")
            var canonical = CanonicalBytes("bank-text")
            for text in [salt, facts.payer, facts.payerAccount, facts.text, facts.endToEnd] { canonical.append(text) }
            let textHash = Books.hash(canonical.bytes)
            let receipt = facts.amount.minor > 0 ? books.mint() : nil
            lines.append([
                book, .int(id.number), .int(statementID.number), .text(statement.own.account), .text(line.print),
                .int(line.occurrence), .text(facts.bookingDay.description), .text(facts.valueDay.description),
                .int(facts.amount.minor), .text(facts.amount.currency.code), .text(facts.paymentID),
                .text(facts.reference), .text(facts.returnReason), receipt.map { .int($0.number) } ?? .null,
                .text(textHash), .text(command.text), .text(books.recordedText),
            ])
            texts.append([
                book, .int(id.number), .text(facts.payer), .text(vault.accountKey(facts.payerAccount)),
                .text(vault.seal(facts.payerAccount)), .text(facts.text), .text(facts.endToEnd), .text(salt),
            ])
            guard let receipt else { continue }
            let row: [SQLValue] = [
                book, .int(receipt.number), .int(id.number), .text(facts.bookingDay.description),
                .text(facts.valueDay.description), .int(facts.amount.minor), .text(facts.amount.currency.code),
                .text(statement.own.account), .text(facts.paymentID), .text(facts.reference), .text(textHash),
                .text(command.text), .text(books.recordedText),
            ]
            receipts.append(row)
            records.append(
                PermanentRecord(
                    kind: PermanentTable.receipt.rawValue, id: receipt, bytes: PermanentTable.receipt.bytes(row)))
            let rate = try rate(for: facts, &rates)
            entries.append(
                books.post(
                    .receipt(
                        facts.amount, item: receipt, on: facts.bookingDay, rate: rate, home: books.seller.currency)))
            items.append(
                NewItem(
                    receipt, account: .unapplied, customer: nil, amount: -facts.amount, day: facts.bookingDay,
                    dueDay: facts.bookingDay))
        }
        try books.record([
            Recording(
                command: command, kind: "bank.receive", content: content, actor: actor, day: today,
                outcome: #"{"lines":\#(fresh.count),"receipts":\#(items.count)}"#, entries: entries, items: items,
                documents: records)
        ])
        CrashPoint.reach("bank.in-group")
        for batch in [lines, texts, receipts] { try books.transaction.insert(batch) }
    }

    private func rate(for facts: BankLineFacts, _ rates: inout [Day: ExchangeRate]) throws -> ExchangeRate {
        let home = books.seller.currency
        guard facts.amount.currency != home else { return .par(on: facts.bookingDay) }
        if let rate = rates[facts.bookingDay] { return rate }
        guard
            let rate = try BankRecords.rate(facts.amount.currency, to: home, on: facts.bookingDay, books.transaction)
        else { throw BooksRefusal.noRate(facts.amount.currency.code, to: home.code, on: facts.bookingDay) }
        rates[facts.bookingDay] = rate
        return rate
    }
}

extension Entry {
    /// Money in, of a payer not known yet: bank against unapplied.
    static func receipt(_ amount: Money, item: RecordID, on day: Day, rate: ExchangeRate, home: Currency) -> Entry {
        let atHome = rate.converting(amount, to: home)
        return Entry(
            .receipt, day: day,
            lines: [
                EntryLine(.bank, amount: amount, home: atHome, rate: rate),
                EntryLine(.unapplied, item: item, amount: -amount, home: -atHome, rate: rate),
            ])
    }
}
