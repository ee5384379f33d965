import Books
import Database
import Ledger
import Money

/// What was recorded when a statement was issued, by which whoever holds it can find it in the audit chain.
public struct IssuedStatement: Codable, Sendable, Equatable {
    /// Printed on the paper: the first 80 bits of `hash`.
    public var code: String
    /// The record's id.
    public var statement: String
    /// Hashed before the figures, so that nobody can guess them from the chain.
    public var salt: String
    /// SHA-256 of the figures under the salt (docs/audit-format.md), base64url.
    public var hash: String
    /// The last seal before it was issued, and its root; 0 and empty where nothing was sealed yet.
    public var batch: Int64
    public var head: String
}

/// In whose name statements are issued, and under which command.
public struct StatementIssue: Sendable {
    public let id: CommandID
    public let actor: Actor
    public init(id: CommandID, actor: Actor) {
        self.id = id
        self.actor = actor
    }
}

extension StatementFacts {
    /// The figures as the text that is hashed.
    func figures(salt: String) -> String {
        StatementFigures.text(
            [
                salt, seller, customerNumber, "open-item", asOf.description, knownAt.description, currency.code,
                total.decimal, unallocated.decimal, net.decimal, disputed.decimal,
            ],
            items.map { item in
                [
                    item.kind.rawValue, item.number, item.day.description, item.due?.description ?? "",
                    item.original.decimal, item.open.decimal, item.disputed.decimal,
                ]
            })
    }
}

extension StatementFacts.Sheet {
    /// The same figures as they stand in the JSON.
    public func figures(salt: String) -> String {
        StatementFigures.text(
            [salt, seller, customer, kind, asOf, knownAt, currency, total, unallocated, net, disputed],
            items.map { [$0.type, $0.number, $0.day, $0.dueDay ?? "", $0.original, $0.open, $0.disputed] })
    }
}

private enum StatementFigures {
    /// Each of the head on a line of its own, then a line for each item with tabs between.
    static func text(_ head: [String], _ items: [[String]]) -> String {
        (["duly-statement 1"] + head + items.map { $0.joined(separator: "\t") }).map { $0 + "\n" }.joined()
    }
}

/// Finds and records issued statements of a book. The same figures are issued once: whoever asks again gets the same code.
struct StatementRegister {
    let book: Int64
    let transaction: any Transaction

    /// For each of these the first record that holds just these figures; nil where they were never issued.
    func find(_ all: [StatementFacts], asOf: Day) throws -> [IssuedStatement?] {
        guard !all.isEmpty else { return [] }
        try transaction.pick(Set(all.map(\.customer.customer.number)).sorted())
        var known: [Int64: [(currency: String, issued: IssuedStatement)]] = [:]
        try transaction.rows(
            """
            SELECT s.customer, s.currency, s.statement, s.salt, s.figures, s.batch, s.head
            FROM picked CROSS JOIN statements s
            WHERE s.book = $1 AND s.customer = picked.key AND s.as_of = $2
            ORDER BY s.statement
            """, [.int(book), .text(asOf.description)]
        ) { row in
            let hash = try row.text(4)
            known[try row.int(0), default: []].append(
                (
                    try row.text(1),
                    IssuedStatement(
                        code: SealCode.of(hash), statement: RecordID(number: try row.int(2)).description,
                        salt: try row.text(3), hash: hash, batch: try row.int(5), head: try row.text(6))
                ))
        }
        return all.map { facts in
            known[facts.customer.customer.number]?.first {
                $0.currency == facts.currency.code && Books.hash(facts.figures(salt: $0.issued.salt)) == $0.issued.hash
            }?.issued
        }
    }

    /// Records those that were never issued, as one command.
    func issue(
        _ all: [StatementFacts], asOf: Day, as issue: StatementIssue, end: (batch: Int64, root: String), books: Books,
        chance: () -> UInt64
    ) throws {
        let fresh = zip(all, try find(all, asOf: asOf)).filter { $0.1 == nil }.map(\.0)
        guard let first = fresh.first else { return }
        let command = issue.id.piece("\(first.seller)/\(first.customerNumber)/\(first.currency.code)")
        var rows = RowBatch(into: "statements", columns: PermanentTable.statementColumns)
        var records: [PermanentRecord] = []
        var hashes = ""
        for facts in fresh {
            let id = books.mint()
            let salt = Self.salt(chance(), chance())
            let figures = facts.figures(salt: salt)
            let hash = Books.hash(figures)
            let row: [SQLValue] = [
                .int(book), .int(id.number), .int(facts.customer.customer.number), .text("open-item"),
                .text(asOf.description), .text(facts.knownAt.description), .text(facts.currency.code),
                .int(facts.net.minor), .text(salt), .text(hash), .int(end.batch), .text(end.root), .text(command.text),
                .text(books.recordedText),
            ]
            rows.append(row)
            records.append(PermanentRecord(kind: "statement", id: id, bytes: PermanentTable.statement.bytes(row)))
            records.append(PermanentRecord(kind: "figures", id: id, bytes: Array(figures.utf8)))
            hashes += hash + "\n"
        }
        try books.record([
            Recording(
                command: command, kind: "statement.issue", content: "\(asOf)\n\(hashes)", actor: issue.actor, day: asOf,
                outcome: #"{"statements":\#(fresh.count)}"#, documents: records)
        ])
        try transaction.insert(rows)
    }

    /// 126 bits by chance, in 26 of Crockford's characters.
    private static func salt(_ high: UInt64, _ low: UInt64) -> String {
        func half(_ bits: UInt64) -> String {
            let top = RecordID(number: Int64(bitPattern: bits >> 1)).description
            return String(top.dropLast()) + String(RecordID(number: Int64(bitPattern: bits & 31)).description.suffix(1))
        }
        return half(high) + half(low)
    }
}
