import Database
import Ledger

/// The sorts of permanent record that slices write, each as the columns its hash is taken over: the row of a table, then its
/// child rows in order. `duly verify` reads the same columns back.
public enum PermanentTable: String, CaseIterable, Sendable {
    case document, trace, receipt, allocation, reminder, statement

    /// Bytes of a record from the values of its row and of its children, as they are inserted.
    public func bytes(_ parent: [SQLValue], children: [[[SQLValue]]] = []) -> [UInt8] {
        var canonical = CanonicalBytes(rawValue)
        for value in parent { canonical.append(value) }
        for rows in children {
            canonical.append(Int64(rows.count))
            for row in rows { for value in row { canonical.append(value) } }
        }
        return canonical.bytes
    }

    /// Columns of the parent; the first two are the book and the id.
    var parent: (table: String, columns: [String]) {
        switch self {
        case .document: ("documents", Self.documentColumns)
        case .trace: ("documents", ["book", "document"])
        case .receipt: ("receipts", Self.receiptColumns)
        case .allocation: ("allocations", Self.allocationColumns)
        case .reminder: ("reminders", Self.reminderColumns)
        case .statement: ("statements", Self.statementColumns)
        }
    }
    /// Children: table, key to the parent, order, columns.
    var children: [(table: String, key: String, order: String, columns: [String])] {
        switch self {
        case .document:
            [
                ("document_lines", "document", "line", Self.lineColumns),
                ("document_taxes", "document", "vat_category, vat_rate", Self.taxColumns),
            ]
        case .trace:
            [
                ("document_lines", "document", "line", ["line", "trace"]),
                ("document_taxes", "document", "vat_category, vat_rate", ["trace"]),
            ]
        case .receipt, .allocation, .statement: []
        case .reminder: [("reminder_items", "reminder", "document", Self.reminderItemColumns)]
        }
    }

    public static let documentColumns = [
        "book", "document", "customer", "details", "kind", "origin", "number", "issue_day", "due_day", "currency",
        "net",
        "tax", "gross", "order_id", "po_number", "reference", "corrects", "reason", "command", "recorded",
    ]
    /// Without the trace, which has a hash of its own.
    public static let lineColumns = [
        "line", "charge", "corrects_line", "sku", "description", "quantity", "unit", "unit_price", "discount", "net",
        "vat_category", "vat_rate",
    ]
    public static let taxColumns = ["vat_category", "vat_rate", "base", "tax"]
    public static let receiptColumns = [
        "book", "receipt", "bank_line", "day", "value_day", "minor", "currency", "account", "payment_id", "reference",
        "text_hash", "command", "recorded",
    ]
    public static let allocationColumns = [
        "book", "allocation", "command", "entry", "receipt", "document", "customer", "day", "minor", "write_off",
        "reason",
        "confidence", "recorded",
    ]
    public static let reminderColumns = [
        "book", "reminder", "customer", "details", "level", "day", "pay_by", "currency", "total", "command", "recorded",
    ]
    public static let statementColumns = [
        "book", "statement", "customer", "kind", "as_of", "known_at", "currency", "net", "salt", "figures", "batch",
        "head", "command", "recorded",
    ]
    public static let reminderItemColumns = ["document", "level", "minor"]
}

extension CanonicalBytes {
    mutating func append(_ value: SQLValue) {
        switch value {
        case .null: append(Int64?.none)
        case .int(let number): append(number)
        case .text(let text): append(text)
        case .blob(let bytes): append(String(decoding: bytes, as: UTF8.self))
        }
    }
}
