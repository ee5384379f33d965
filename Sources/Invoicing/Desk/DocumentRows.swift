import Books
import Database
import Invoicing
import Ledger
import Money
import Pricing

/// The head of a document, as it is written and hashed.
struct DocumentHead {
    let id: RecordID
    let customer: RecordID
    let details: RecordID
    let kind: DocumentKind
    let origin: String
    let number: String
    let issueDay: Day
    let dueDay: Day
    let net: Money
    let tax: Money
    let orderID: String
    let poNumber: String
    let reference: String
    let corrects: RecordID?
    let reason: String
    let command: CommandID
}

enum DocumentKind: String { case invoice, creditNote = "credit-note" }

/// A line of a document on its way into the books.
struct DocumentLine {
    let charge: RecordID?
    let correctsLine: Int64?
    let sku: String
    let description: String
    let quantity: Quantity
    let unit: String
    let unitPrice: UnitPrice
    let discount: Rate
    let net: Money
    let category: VATCategory
    let rate: Rate
    let trace: String
}

/// The rows of a group of documents, with the hashes over what they say and over why.
struct DocumentRows {
    private let book: SQLValue
    private let recorded: SQLValue
    private var heads: RowBatch
    private var lines: RowBatch
    private var taxes: RowBatch

    init(book: Int64, recorded: String) {
        self.book = .int(book)
        self.recorded = .text(recorded)
        heads = RowBatch(into: "documents", columns: PermanentTable.documentColumns)
        lines = RowBatch(
            into: "document_lines", columns: ["book", "document"] + PermanentTable.lineColumns + ["trace"])
        taxes = RowBatch(into: "document_taxes", columns: ["book", "document"] + PermanentTable.taxColumns + ["trace"])
    }

    /// Adds a document and gives the permanent records it makes: what it says, and its trace.
    mutating func add(_ head: DocumentHead, _ documentLines: [DocumentLine], _ documentTaxes: [TaxLine])
        -> [PermanentRecord]
    {
        let id = SQLValue.int(head.id.number)
        let row: [SQLValue] = [
            book, id, .int(head.customer.number), .int(head.details.number), .text(head.kind.rawValue),
            .text(head.origin), .text(head.number), .text(head.issueDay.description), .text(head.dueDay.description),
            .text(head.net.currency.code), .int(head.net.minor), .int(head.tax.minor),
            .int(head.net.minor + head.tax.minor), .text(head.orderID), .text(head.poNumber), .text(head.reference),
            head.corrects.map { .int($0.number) } ?? .null, .text(head.reason), .text(head.command.text), recorded,
        ]
        heads.append(row)
        var lineRows: [[SQLValue]] = []
        var lineTraces: [[SQLValue]] = []
        lineRows.reserveCapacity(documentLines.count)
        for (index, line) in documentLines.enumerated() {
            let values: [SQLValue] = [
                .int(Int64(index + 1)), line.charge.map { .int($0.number) } ?? .null,
                line.correctsLine.map { .int($0) } ?? .null, .text(line.sku), .text(line.description),
                .int(line.quantity.micro), .text(line.unit), .int(line.unitPrice.scaled), .int(line.discount.scaled),
                .int(line.net.minor), .text(line.category.rawValue), .int(line.rate.scaled),
            ]
            lines.append(book)
            lines.append(id)
            for value in values { lines.append(value) }
            lines.append(line.trace)
            lines.endRow()
            lineRows.append(values)
            lineTraces.append([values[0], .text(line.trace)])
        }
        var taxRows: [(key: (String, Int64), values: [SQLValue], trace: String)] = []
        for tax in documentTaxes {
            let values: [SQLValue] = [
                .text(tax.category.rawValue), .int(tax.rate.scaled), .int(tax.base.minor), .int(tax.tax.minor),
            ]
            taxes.append(book)
            taxes.append(id)
            for value in values { taxes.append(value) }
            taxes.append(tax.trace)
            taxes.endRow()
            taxRows.append(((tax.category.rawValue, tax.rate.scaled), values, tax.trace))
        }
        taxRows.sort { $0.key < $1.key }
        var records = [
            PermanentRecord(
                kind: PermanentTable.document.rawValue, id: head.id,
                bytes: PermanentTable.document.bytes(row, children: [lineRows, taxRows.map(\.values)]))
        ]
        if !lineRows.isEmpty || !taxRows.isEmpty {
            records.append(
                PermanentRecord(
                    kind: PermanentTable.trace.rawValue, id: head.id,
                    bytes: PermanentTable.trace.bytes(
                        [book, id], children: [lineTraces, taxRows.map { [.text($0.trace)] }])))
        }
        return records
    }

    func write(to transaction: any Transaction) throws {
        try transaction.insert(heads)
        try transaction.insert(lines)
        try transaction.insert(taxes)
    }
}
