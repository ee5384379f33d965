import Database
import Formats
import Ledger
import Money

/// Booked allocations as a table.
struct AllocationExport {
    let proposals: Bool

    func write(to sink: TextSink, _ transaction: any Transaction) throws -> Int {
        var writer = CSVWriter(sink)
        var count = 0
        try writer.row(
            ["payment_id", "invoice_no", "allocated", "confidence", "reason"] + (proposals ? ["applied"] : []))
        func add(_ row: Row, applied: Bool) throws {
            guard let currency = Currency(try row.text(3)) else { return }
            let payment = try row.textOrNil(0).flatMap { $0.isEmpty ? nil : $0 }
            let confidence = try row.intOrNil(4).map { FixedPoint.text($0, decimals: 4) } ?? ""
            try writer.row(
                ([
                    try payment ?? row.intOrNil(6).map { RecordID(number: $0).description } ?? "", try row.text(1),
                    Money(minor: try row.int(2), currency).decimal, confidence, try row.text(5),
                ] + (proposals ? [applied ? "1" : "0"] : [])).map(CSVWriter.guarded))
            count += 1
        }
        for row in try transaction.query(
            """
            SELECT r.payment_id, d.number, a.minor, d.currency, a.confidence, a.reason, a.receipt
            FROM allocations a
            JOIN documents d ON d.book = a.book AND d.document = a.document
            LEFT JOIN receipts r ON r.book = a.book AND r.receipt = a.receipt
            WHERE a.receipt IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = a.book AND u.command = a.command)
            ORDER BY a.book, a.allocation
            """, [])
        { try add(row, applied: true) }
        if proposals {
            for row in try transaction.query(
                """
                SELECT r.payment_id, d.number, p.minor, d.currency, p.confidence, p.reason, p.receipt
                FROM match_proposals p
                JOIN documents d ON d.book = p.book AND d.document = p.document
                JOIN receipts r ON r.book = p.book AND r.receipt = p.receipt
                ORDER BY p.book, p.receipt, p.place
                """, [])
            { try add(row, applied: false) }
        }
        try writer.sink.flush()
        return count
    }
}
