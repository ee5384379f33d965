import Access
import Database
import Foundation
import Ledger
import Money

/// The SQL of what waits for a second person, inside one transaction.
struct ApprovalRecords {
    let transaction: any Transaction

    func books() throws -> [Int64] {
        try transaction.query("SELECT book FROM sellers ORDER BY book", []).map { try $0.int(0) }
    }

    /// Ids are unique over all books; nil where there is no such.
    func book(of id: RecordID) throws -> Int64? {
        try books().first { book in
            try !transaction.query(
                "SELECT 1 FROM approvals WHERE book = $1 AND approval = $2", [.int(book), .int(id.number)]
            ).isEmpty
        }
    }

    private static let columns = """
        a.book, a.approval, s.code, a.command, a.name, a.rule, c.number, a.minor, a.currency, a.counted,
            a.counted_in, a.asked_by, a.asked_name, a.asked, a.day, a.state, a.decided_name, a.decided, a.salt, a.hash,
            COALESCE(t.sealed, ''), COALESCE(t.answer, '')
        """
    private static let joined = """
        approvals a
        JOIN sellers s ON s.book = a.book
        LEFT JOIN customers c ON c.book = a.book AND c.customer = a.customer
        LEFT JOIN approval_texts t ON t.book = a.book AND t.approval = a.approval
        """

    func find(_ id: RecordID, book: Int64) throws -> ApprovalFacts? {
        try transaction.query(
            "SELECT \(Self.columns) FROM \(Self.joined) WHERE a.book = $1 AND a.approval = $2",
            [.int(book), .int(id.number)]
        ).first.map(facts)
    }
    func find(command: String, book: Int64) throws -> ApprovalFacts? {
        try transaction.query(
            "SELECT \(Self.columns) FROM \(Self.joined) WHERE a.book = $1 AND a.command = $2",
            [.int(book), .text(command)]
        ).first.map(facts)
    }
    func list(_ state: Approval.State, book: Int64, limit: Int, after: RecordID?) throws -> [ApprovalFacts] {
        try transaction.query(
            """
            SELECT \(Self.columns) FROM \(Self.joined)
            WHERE a.book = $1 AND a.state = $2 AND a.approval < $3
            ORDER BY a.approval DESC
            LIMIT $4
            """, [.int(book), .text(state.rawValue), .int(after?.number ?? Int64.max), .int(Int64(limit))]
        ).map(facts)
    }

    private func facts(_ row: Row) throws -> ApprovalFacts {
        guard let currency = Currency(try row.text(8)), let countedIn = Currency(try row.text(10)),
            let state = Approval.State(rawValue: try row.text(15))
        else { throw DatabaseError.bug("an approval cannot be read") }
        return ApprovalFacts(
            id: RecordID(number: try row.int(1)), book: try row.int(0), seller: try row.text(2),
            command: try row.text(3), name: try row.text(4), rule: try row.text(5), customer: try row.textOrNil(6),
            worth: Money(minor: try row.int(7), currency), counted: Money(minor: try row.int(9), countedIn),
            askedBy: try row.int(11), askedName: try row.text(12), asked: try row.text(13), day: try row.text(14),
            state: state, decidedName: try row.textOrNil(16), decided: try row.textOrNil(17), salt: try row.text(18),
            hash: try row.text(19), sealed: try row.text(20), answer: try row.text(21))
    }

    func insert(_ new: NewApproval, id: RecordID, salt: String, sealed: String, at recorded: String) throws {
        try transaction.insert(
            into: "approvals",
            columns: [
                "book", "approval", "command", "name", "rule", "salt", "hash", "customer", "minor", "currency",
                "counted", "counted_in", "asked_by", "asked_name", "asked", "day", "state",
            ],
            rows: [
                [
                    .int(new.book), .int(id.number), .text(new.command.text), .text(new.name), .text(new.rule),
                    .text(salt), .text(ApprovalFacts.hash(salt, new.request)), new.customer.map { .int($0) } ?? .null,
                    .int(new.worth.minor), .text(new.worth.currency.code), .int(new.counted.minor),
                    .text(new.counted.currency.code), .int(new.asker.user ?? 0), .text(new.asker.name),
                    .text(recorded), .text(new.day.description), .text(Approval.State.waiting.rawValue),
                ]
            ])
        try transaction.insert(
            into: "approval_texts", columns: ["book", "approval", "sealed", "answer"],
            rows: [[.int(new.book), .int(id.number), .text(sealed), .text("")]])
    }

    func move(
        _ facts: ApprovalFacts, to state: Approval.State, by person: Principal, answer: String, at recorded: String
    ) throws {
        let changed = try transaction.execute(
            """
            UPDATE approvals SET state = $3, decided_by = $4, decided_name = $5, decided = $6
            WHERE book = $1 AND approval = $2 AND state = 'waiting'
            """,
            [
                .int(facts.book), .int(facts.id.number), .text(state.rawValue), .int(person.user ?? 0),
                .text(person.name), .text(recorded),
            ])
        guard changed == 1 else { throw DatabaseError.conflict("somebody else decided about \(facts.id)") }
        try write(answer, facts)
    }

    /// False where it was ended before.
    func end(_ facts: ApprovalFacts, as state: Approval.State, answer: String) throws -> Bool {
        let changed = try transaction.execute(
            "UPDATE approvals SET state = $3 WHERE book = $1 AND approval = $2 AND state = 'agreed'",
            [.int(facts.book), .int(facts.id.number), .text(state.rawValue)])
        if changed == 1 { try write(answer, facts) }
        return changed == 1
    }

    private func write(_ answer: String, _ facts: ApprovalFacts) throws {
        guard !answer.isEmpty else { return }
        _ = try transaction.execute(
            "UPDATE approval_texts SET answer = $3 WHERE book = $1 AND approval = $2",
            [.int(facts.book), .int(facts.id.number), .text(answer)])
    }

    /// As the rules see it, with the asker as they stand now.
    func approval(_ facts: ApprovalFacts) throws -> Approval {
        let users = AccessRecords(transaction: transaction, now: Instant(micro: 0), chance: { 0 })
        let user = try users.user(facts.askedBy)
        return Approval(
            id: facts.id, rule: facts.rule, amount: facts.counted, state: facts.state,
            asker: user?.active == true ? user?.principal(session: nil, formToken: "") : nil, askedBy: facts.askedBy)
    }

    // MARK: Limits

    func limits() throws -> ApprovalLimits {
        var limits = ApprovalLimits.standard
        for row in try transaction.query("SELECT rule, role, alone, agrees FROM approval_limits", []) {
            guard let role = Role(rawValue: try row.text(1)), let alone = Bound(try row.text(2)),
                let agrees = Bound(try row.text(3))
            else { throw DatabaseError.bug("a limit cannot be read") }
            limits.set(try row.text(0), role, ApprovalLimits.Pair(alone: alone, agrees: agrees))
        }
        return limits
    }

    func set(_ rule: String, _ role: Role, _ pair: ApprovalLimits.Pair) throws {
        _ = try transaction.execute(
            """
            INSERT INTO approval_limits (rule, role, alone, agrees) VALUES ($1, $2, $3, $4)
            ON CONFLICT (rule, role) DO UPDATE SET alone = $3, agrees = $4
            """, [.text(rule), .text(role.rawValue), .text(pair.alone.text), .text(pair.agrees.text)])
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
