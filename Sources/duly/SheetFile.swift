import Formats
import Foundation
import Ledger
import Money

/// A table of the books on its way into a workbook: a whole file or none.
struct SheetFile: Sendable {
    let out: String
    /// Of the sheet and of the file.
    let name: String
    let title: String
    let headings: [String]
    var columns: [SheetColumn]?
    /// When the books knew what stands in it.
    let known: Instant

    private var partial: String { out + ".partial" }

    /// Writes the workbook beside its place, with a sheet that says what it is. Within a transaction, which may begin again.
    func make(about: [(name: String, value: String)], _ write: (SheetWriter) throws -> Void) throws -> Int {
        // What cannot be made is found before the rows are read.
        let file = Foundation.open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { throw Outage(message: "\(out) cannot be written: \(String(cString: strerror(errno)))") }
        close(file)
        let sheet = try SheetWriter(
            path: partial, name: name, title: title, headings: headings,
            columns: columns ?? headings.map(Self.column), recorded: known)
        try write(sheet)
        try sheet.close(about: about + [("Rows", String(sheet.count))])
        return sheet.count
    }

    /// Gives the workbook that `make` wrote its name.
    func keeping<T>(_ make: () async throws -> T) async throws -> T {
        do {
            let made = try await make()
            let file = Foundation.open(partial, O_RDWR)
            let kept = file >= 0 && fsync(file) == 0 && close(file) == 0 && rename(partial, out) == 0
            guard kept else { throw Outage(message: "\(out) cannot be written: \(String(cString: strerror(errno)))") }
            return made
        } catch {
            unlink(partial)
            guard let failure = error as? SheetWriteFailure else { throw error }
            throw SheetRefusal.of(failure) ?? Outage(message: "\(out) cannot be written: \(failure)")
        }
    }

    /// What a column of an export or a report holds, by its heading.
    static func column(_ heading: String) -> SheetColumn {
        if days.contains(heading) { return .day }
        if amounts.contains(heading) { return .amount }
        return numbers.contains(heading) ? .number : .text
    }

    private static let days: Set<String> = [
        "booking_date", "day", "due_date", "due_day", "issue_date", "issue_day", "order_date", "rate_day", "valid_from",
        "value_date",
    ]
    private static let amounts: Set<String> = [
        "allocated", "amount", "closing", "collected", "credit_limit", "credited", "disputed", "gross", "home_amount",
        "invoiced", "invoiced_90_days", "late_amount", "net", "not_due", "open", "opening", "other", "receivables",
        "received", "refunded", "returned", "tax", "total", "unallocated", "writeoff", "written_off",
    ]
    private static let numbers: Set<String> = [
        "average_days_late", "best_possible_days", "confidence", "count_back_days", "days_overdue", "discount_pct",
        "invoices", "late", "late_share", "late_share_by_amount", "line", "line_no", "mean_days_late",
        "mean_days_late_of_late", "min_qty", "payment_terms_days", "quantity", "rate", "rate_percent", "receipts",
        "rolling_90_days", "simple_days", "unit_price",
    ]
}

/// Why a table does not fit into a workbook.
enum SheetRefusal: Refusal, Equatable {
    case textTooLong(String)
    case tooManyRows
    case noFile

    /// What the reader can do something about; nil where the file itself could not be written.
    static func of(_ failure: SheetWriteFailure) -> SheetRefusal? {
        switch failure {
        case .textTooLong(let column): .textTooLong(column)
        case .tooManyRows: .tooManyRows
        case .notWritten: nil
        }
    }

    var code: String {
        switch self {
        case .textTooLong: "export.text-too-long"
        case .tooManyRows: "export.too-many-rows"
        case .noFile: "export.no-file"
        }
    }
    var what: String { "Nothing was written." }
    var why: String {
        switch self {
        case .textTooLong(let column): "A text in the column \(column) is longer than the 32,767 characters of a cell."
        case .tooManyRows: "A sheet has at most 1,048,576 rows."
        case .noFile: "A workbook (XLSX) cannot go to standard output."
        }
    }
    var next: String {
        switch self {
        case .noFile: "Name a file with --out."
        default: "Write it as CSV with --format csv."
        }
    }
}
