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

    /// Puts away the drafts of this run that still wait.
    func putAway() throws {
        _ = try books.transaction.execute(
            """
            UPDATE drafts SET state = 'void'
            WHERE book = $1 AND state IN ('open', 'held') AND (command = $2 OR command > $3 AND command < $4)
            """,
            [.int(books.book), .text(command.text), .text(command.text + "/"), .text(command.text + "0")])
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
