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
                    expected: try row.text(2), found: try row.text(3))
            }
            checks.append(VerifiedCheck(name: check.name, bad: bad))
        }
        var altered = try AlteredRecords(in: transaction)
        checks.append(VerifiedCheck(name: "hashes", bad: try altered.find()))
        return checks + (try SealVerification.checks(in: transaction))
    }
}

/// Records whose bytes no longer give the hash that was taken when they were written, that are gone, or that nobody wrote.
private struct AlteredRecords {
    private struct Key: Hashable {
        let book: Int64
        let kind: String
        let id: String
    }
    private let transaction: any Transaction
    private var promised: [Key: String] = [:]
    private var bad: [VerifiedCheck.Culprit] = []

    init(in transaction: any Transaction) throws {
        self.transaction = transaction
        try transaction.rows("SELECT book, hashes FROM audit_records", []) { row in
            let book = try row.int(0)
            for line in try row.text(1).split(separator: "\n") {
                // `kind id hash`; the id of an event is the command's and may hold blanks.
                guard let first = line.firstIndex(of: " "), let last = line.lastIndex(of: " "), first < last else {
                    continue
                }
                let id = line[line.index(after: first)..<last]
                promised[Key(book: book, kind: String(line[..<first]), id: String(id))] =
                    String(line[line.index(after: last)...])
            }
        }
    }

    mutating func find() throws -> [VerifiedCheck.Culprit] {
        try compareEvents()
        try compareEntries()
        for table in PermanentTable.allCases { try compare(table) }
        try compareFigures()
        for (key, hash) in promised.sorted(by: { ($0.key.kind, $0.key.id) < ($1.key.kind, $1.key.id) }) {
            bad.append(.init(book: key.book, record: "\(key.kind) \(key.id)", expected: hash, found: "missing"))
        }
        return bad
    }

    private mutating func compare(_ kind: String, _ id: String, book: Int64, bytes: [UInt8]?) {
        let found = bytes.map { Books.hash($0) } ?? "unreadable"
        let expected = promised.removeValue(forKey: Key(book: book, kind: kind, id: id)) ?? "no such record"
        if found != expected {
            bad.append(.init(book: book, record: "\(kind) \(id)", expected: expected, found: found))
        }
    }

    private mutating func compareEvents() throws {
        var undone: [String: [String]] = [:]
        try transaction.rows("SELECT book, undone_by, command, recorded FROM undoings", []) { row in
            undone["\(try row.int(0)) \(try row.text(1)) \(try row.text(3))", default: []].append(try row.text(2))
        }
        var found: [(String, Int64, [UInt8])] = []
        try transaction.rows(
            "SELECT book, command, kind, fingerprint, actor, day, recorded, outcome FROM commands ORDER BY book, command",
            []
        ) { row in
            var canonical = CanonicalBytes("event")
            canonical.append(try row.int(0))
            for column in 1...7 { canonical.append(try row.text(column)) }
            let mine = undone.removeValue(forKey: "\(try row.int(0)) \(try row.text(1)) \(try row.text(6))") ?? []
            canonical.append(Int64(mine.count))
            for command in mine.sorted() { canonical.append(command) }
            found.append((try row.text(1), try row.int(0), canonical.bytes))
        }
        for (id, book, bytes) in found { compare("event", id, book: book, bytes: bytes) }
        for (key, commands) in undone.sorted(by: { $0.key < $1.key }) {
            let parts = key.split(separator: " ", maxSplits: 1)
            bad.append(
                .init(
                    book: Int64(parts[0]) ?? 0, record: "undoing of \(commands.sorted().joined(separator: ", "))",
                    expected: "a command that took it back", found: String(parts.last ?? "")))
        }
    }

    private mutating func compareEntries() throws {
        let heads = try transaction.query(
            "SELECT book, entry, kind, day, reverses, command, recorded FROM entries ORDER BY book, entry", [])
        let lines = try transaction.query(
            """
            SELECT book, entry, account, customer, item, minor, currency, home_minor, home_currency, rate, rate_day,
                rate_source, line, day, recorded
            FROM journal_lines
            ORDER BY book, entry, line
            """, [])
        var next = 0
        for head in heads {
            let (book, id) = (try head.int(0), RecordID(number: try head.int(1)))
            let (day, command, recorded) = (try head.text(3), try head.text(5), try head.text(6))
            var read: [EntryLine?] = []
            try pass(lines, &next, before: (book, id.number), kind: "entry")
            while next < lines.count, try lines[next].int(0) == book, try lines[next].int(1) == id.number {
                let line = lines[next]
                // A line stands in its place, and on the day and at the instant of its entry.
                let isWhole =
                    try line.int(12) == Int64(read.count + 1) && line.text(13) == day && line.text(14) == recorded
                read.append(isWhole ? try EntryLine(line, from: 2) : nil)
                next += 1
            }
            let whole = read.compactMap { $0 }
            var entry: Entry?
            if whole.count == read.count, Entry.balances(whole), let kind = Entry.Kind(rawValue: try head.text(2)),
                let day = Day(day)
            {
                entry = Entry(kind, day: day, lines: whole, reverses: try head.intOrNil(4).map { RecordID(number: $0) })
            }
            compare(
                "entry", id.description, book: book,
                bytes: entry.map { CanonicalBytes.of($0, id: id, book: book, command: command, recorded: recorded) })
        }
        try pass(lines, &next, before: nil, kind: "entry")
    }

    /// The figures of a statement are not kept; their salted hash is, and the audit record holds it beside the statement's own.
    private mutating func compareFigures() throws {
        for row in try transaction.query("SELECT book, statement, figures FROM statements ORDER BY book, statement", [])
        {
            let (book, id, found) = (try row.int(0), RecordID(number: try row.int(1)).description, try row.text(2))
            let expected = promised.removeValue(forKey: Key(book: book, kind: "figures", id: id)) ?? "no such record"
            if found != expected {
                bad.append(.init(book: book, record: "figures \(id)", expected: expected, found: found))
            }
        }
    }

    /// A slice's records: parents in order of their id, each child table merged in the same order.
    private mutating func compare(_ table: PermanentTable) throws {
        let (name, columns) = table.parent
        let parents = try transaction.query(
            "SELECT \(columns.joined(separator: ", ")) FROM \(name) ORDER BY \(columns[0]), \(columns[1])", [])
        let children = try table.children.map { child in
            try transaction.query(
                """
                SELECT book, \(child.key), \(child.columns.joined(separator: ", ")) FROM \(child.table)
                ORDER BY book, \(child.key), \(child.order)
                """, [])
        }
        var next = children.map { _ in 0 }
        for parent in parents {
            let (book, id) = (try parent.int(0), try parent.int(1))
            var rows: [[[SQLValue]]] = []
            for (index, child) in children.enumerated() {
                var mine: [[SQLValue]] = []
                try pass(child, &next[index], before: (book, id), kind: table.rawValue)
                while next[index] < child.count, try child[next[index]].int(0) == book,
                    try child[next[index]].int(1) == id
                {
                    mine.append(Array(child[next[index]].values.dropFirst(2)))
                    next[index] += 1
                }
                rows.append(mine)
            }
            if table == .trace, rows.allSatisfy(\.isEmpty) { continue }
            compare(
                table.rawValue, RecordID(number: id).description, book: book,
                bytes: table.bytes(parent.values, children: rows))
        }
        for index in children.indices { try pass(children[index], &next[index], before: nil, kind: table.rawValue) }
    }

    /// Passes over rows (book and parent first) whose parent is not there, and names it; `before` is the next parent that is.
    private mutating func pass(
        _ rows: [Row], _ next: inout Int, before parent: (book: Int64, id: Int64)?, kind: String
    ) throws {
        while next < rows.count {
            let (book, id) = (try rows[next].int(0), try rows[next].int(1))
            if let parent, (book, id) >= parent { return }
            let lost = VerifiedCheck.Culprit(
                book: book, record: "\(kind) \(RecordID(number: id))", expected: "its record",
                found: "rows of it without their record")
            if bad.last != lost { bad.append(lost) }
            next += 1
        }
    }
}
