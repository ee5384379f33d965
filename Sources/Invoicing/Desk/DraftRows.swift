import Books
import Charges
import Customers
import Database
import Invoicing
import Ledger
import Money

/// The drafts that wait: written by a run that does not issue, or that a check held back.
struct DraftRows {
    let books: Books
    let command: CommandID

    /// Puts away the waiting drafts of these charges: they are drafted anew, or issued.
    func settle(_ charges: [Charge]) throws {
        let waiting = try books.transaction.query(
            "SELECT 1 FROM drafts WHERE book = $1 AND state IN ('open', 'held') LIMIT 1", [.int(books.book)])
        guard !waiting.isEmpty else { return }
        try books.transaction.pick(charges.map { $0.id.number })
        _ = try books.transaction.execute(
            """
            UPDATE drafts SET state = 'void'
            WHERE book = $1 AND state IN ('open', 'held') AND draft IN (
                SELECT d.draft FROM picked CROSS JOIN draft_charges d WHERE d.book = $1 AND d.charge = picked.key)
            """, [.int(books.book)])
    }

    /// A draft that this run wrote before it was interrupted.
    struct Own {
        let id: RecordID
        let day: Day
        let net: Int64
        let tax: Int64
        let held: Bool
        var charges: Set<Int64> = []
        var findings: [Finding] = []

        /// Whether drafting anew would say the same, so that it stays as it is.
        func says(_ draft: Draft) -> Bool {
            day == draft.day && net == draft.net.minor && tax == draft.tax.minor && held == draft.isHeld
                && charges == Set(draft.charges.map(\.id.number)) && findings == draft.findings
        }
    }

    /// The waiting drafts of these charges that this very run wrote, by the key of their piece.
    func own(_ charges: [Charge]) throws -> [String: Own] {
        let transaction = books.transaction
        try transaction.pick(charges.map { $0.id.number })
        var drafts: [Int64: Own] = [:]
        var keys: [String: Int64] = [:]
        try transaction.rows(
            """
            SELECT DISTINCT d.draft, d.group_key, d.day, d.net, d.tax, d.state
            FROM picked CROSS JOIN draft_charges c JOIN drafts d ON d.book = c.book AND d.draft = c.draft
            WHERE c.book = $1 AND c.charge = picked.key AND d.command = $2 AND d.state IN ('open', 'held')
            """, [.int(books.book), .text(command.text)]
        ) { row in
            guard let day = Day(try row.text(2)) else { throw DatabaseError.bug("a draft without a day") }
            let draft = try row.int(0)
            drafts[draft] = Own(
                id: RecordID(number: draft), day: day, net: try row.int(3), tax: try row.int(4),
                held: try row.text(5) == "held")
            keys[try row.text(1)] = draft
        }
        guard !drafts.isEmpty else { return [:] }
        try transaction.pick(Array(drafts.keys))
        try transaction.rows(
            "SELECT c.draft, c.charge FROM picked CROSS JOIN draft_charges c WHERE c.book = $1 AND c.draft = picked.key",
            [.int(books.book)]
        ) { drafts[try $0.int(0)]?.charges.insert(try $0.int(1)) }
        try transaction.rows(
            """
            SELECT f.draft, f.finding, f.severity, f.why, f.next FROM picked CROSS JOIN draft_findings f
            WHERE f.book = $1 AND f.draft = picked.key ORDER BY f.draft, f.place
            """, [.int(books.book)]
        ) { row in
            guard let severity = Finding.Severity(rawValue: try row.text(2)) else { return }
            drafts[try row.int(0)]?.findings.append(
                Finding(try row.text(1), severity, why: try row.text(3), next: try row.text(4)))
        }
        return keys.compactMapValues { drafts[$0] }
    }

    /// Puts away the drafts of this run that still wait.
    func putAway() throws {
        _ = try books.transaction.execute(
            """
            UPDATE drafts SET state = 'void'
            WHERE book = $1 AND state IN ('open', 'held') AND (command = $2 OR command > $3 AND command < $4)
            """,
            [.int(books.book), .text(command.text), .text(command.pieces.after), .text(command.pieces.before)])
    }

    func keep(_ draft: Draft, as id: RecordID, key: String) throws {
        let book = SQLValue.int(books.book)
        try books.transaction.insert(
            into: "drafts",
            columns: [
                "book", "draft", "customer", "group_key", "day", "currency", "net", "tax", "gross", "order_id", "state",
                "approved", "command", "recorded",
            ],
            rows: [
                [
                    book, .int(id.number), .int(draft.customer.id.number), .text(key), .text(draft.day.description),
                    .text(draft.currency.code), .int(draft.net.minor), .int(draft.tax.minor), .int(draft.gross.minor),
                    .text(draft.orderID), .text(draft.isHeld ? "held" : "open"), .int(0), .text(command.text),
                    .text(books.recordedText),
                ]
            ])
        try books.transaction.insert(
            into: "draft_charges", columns: ["book", "draft", "charge"],
            rows: draft.charges.map { [book, .int(id.number), .int($0.id.number)] })
        try books.transaction.insert(
            into: "draft_findings", columns: ["book", "draft", "place", "finding", "severity", "why", "next"],
            rows: draft.findings.enumerated().map { place, finding in
                [
                    book, .int(id.number), .int(Int64(place + 1)), .text(finding.check),
                    .text(finding.severity.rawValue), .text(finding.why), .text(finding.next),
                ]
            })
    }
}
