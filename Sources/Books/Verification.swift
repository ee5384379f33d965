import Database
import Ledger
import Money

/// What `duly verify` found in one truth about the books.
public struct VerifiedCheck: Sendable, Equatable {
    public struct Culprit: Sendable, Equatable {
        public let book: Int64
        public let record: String
        public let expected: String
        public let found: String
    }
    public let name: String
    public let bad: [Culprit]
    public var ok: Bool { bad.isEmpty }
}

/// Proves the conservation laws of the books and that no permanent record was altered.
public enum Verification {
    /// Runs every check over every book. Reads only.
    public static func run(in transaction: any Transaction) throws -> [VerifiedCheck] {
        var checks: [VerifiedCheck] = []
        for check in Schema.checks {
            let bad = try transaction.query(check.sql, []).map { row in
                VerifiedCheck.Culprit(
                    book: try row.int(0), record: RecordID(number: try row.int(1)).description,
                    expected: try row.text(2),
                    found: String(try row.int(3)))
            }
            checks.append(VerifiedCheck(name: check.name, bad: bad))
        }
        checks.append(VerifiedCheck(name: "hashes", bad: try alteredRecords(in: transaction)))
        return checks
    }

    /// Events and entries whose bytes no longer give the hash that was taken when they were written, or that are gone.
    static func alteredRecords(in transaction: any Transaction) throws -> [VerifiedCheck.Culprit] {
        var promised: [String: (book: Int64, hash: String)] = [:]
        for row in try transaction.query("SELECT book, hashes FROM audit_records", []) {
            let book = try row.int(0)
            for line in try row.text(1).split(separator: "\n") {
                // `kind id hash`; the id of an event is the command's and may hold blanks.
                guard let first = line.firstIndex(of: " "), let last = line.lastIndex(of: " "), first < last else {
                    continue
                }
                let kind = line[..<first]
                guard kind == "event" || kind == "entry" else { continue }
                promised["\(book) \(line[..<last])"] = (book, String(line[line.index(after: last)...]))
            }
        }
        var bad: [VerifiedCheck.Culprit] = []
        func compare(_ key: String, book: Int64, bytes: [UInt8]?) {
            let found = bytes.map(Books.hash) ?? "unreadable"
            let expected = promised.removeValue(forKey: "\(book) \(key)")?.hash ?? "no such record"
            if found != expected { bad.append(.init(book: book, record: key, expected: expected, found: found)) }
        }
        let events = try transaction.query(
            "SELECT book, command, kind, actor, day, recorded, outcome FROM commands ORDER BY book, command", [])
        for row in events {
            var canonical = CanonicalBytes("event")
            canonical.append(try row.int(0))
            for column in 1...6 { canonical.append(try row.text(column)) }
            compare("event \(try row.text(1))", book: try row.int(0), bytes: canonical.bytes)
        }
        try eachEntry(in: transaction) { book, id, entry in
            compare("entry \(id)", book: book, bytes: entry.map { CanonicalBytes.of($0, id: id, book: book) })
        }
        for (key, value) in promised.sorted(by: { $0.key < $1.key }) {
            bad.append(
                .init(
                    book: value.book, record: String(key.drop { $0 != " " }.dropFirst()), expected: value.hash,
                    found: "missing"))
        }
        return bad
    }

    /// Every recorded entry as the value it was; nil where its rows no longer make a balanced entry.
    private static func eachEntry(in transaction: any Transaction, _ body: (Int64, RecordID, Entry?) -> Void) throws {
        let heads = try transaction.query(
            "SELECT book, entry, kind, day, reverses FROM entries ORDER BY book, entry", [])
        let lines = try transaction.query(
            """
            SELECT book, entry, account, customer, item, minor, currency, home_minor, home_currency, rate, rate_day,
                rate_source
            FROM journal_lines
            ORDER BY book, entry, line
            """, [])
        var next = 0
        for head in heads {
            let (book, id) = (try head.int(0), try head.int(1))
            var read: [EntryLine?] = []
            while next < lines.count, try lines[next].int(0) == book, try lines[next].int(1) == id {
                read.append(try line(lines[next]))
                next += 1
            }
            let whole = read.compactMap { $0 }
            var entry: Entry?
            if whole.count == read.count, Entry.balances(whole), let kind = Entry.Kind(rawValue: try head.text(2)),
                let day = Day(try head.text(3))
            {
                entry = Entry(kind, day: day, lines: whole, reverses: try head.intOrNil(4).map { RecordID(number: $0) })
            }
            body(book, RecordID(number: id), entry)
        }
    }

    private static func line(_ row: Row) throws -> EntryLine? {
        guard let account = Account(rawValue: try row.text(2)), let currency = Currency(try row.text(6)),
            let home = Currency(try row.text(8)), let rateDay = Day(try row.text(10))
        else { return nil }
        return EntryLine(
            account, customer: try row.intOrNil(3).map { RecordID(number: $0) },
            item: try row.intOrNil(4).map { RecordID(number: $0) }, amount: Money(minor: try row.int(5), currency),
            home: Money(minor: try row.int(7), home),
            rate: ExchangeRate(scaled: try row.int(9), day: rateDay, source: try row.text(11)))
    }
}
