import Database
import Formats
import Foundation
import Ledger
import ReportsDesk
import Workspace

/// A report of the workspace as a file: JSON, a table for spreadsheets, a workbook.
struct WorkspaceReportFile {
    let asked: ReportQuery
    let format: ReportQuery.Format
    let scope: ReportScope

    func written(in transaction: any Transaction) throws -> [UInt8] {
        switch asked.name {
        case .aging:
            let report = try AgingReport.read(scope, WorkspaceBooks.buckets(asked), in: transaction)
            guard format == .xlsx else { return try file(report) }
            let wide = report.wide
            let columns = wide.headings.indices.map { $0 < 4 ? SheetColumn.text : .amount }
            return try workbook(wide.headings, columns, ("By", report.basis)) { sheet in
                for row in wide.rows { try sheet.row(row) }
            }
        case .rollforward: return try file(RollforwardReport.read(scope, from: asked.from, in: transaction))
        case .dso: return try file(DSOReport.read(scope, in: transaction))
        case .collections: return try file(CollectionsReport.read(scope, from: asked.from, in: transaction))
        case .late: return try file(LateReport.read(scope, in: transaction))
        case .unbilled: return try file(UnbilledReport.read(scope, in: transaction))
        case .openItems:
            return try file(
                OpenItemsReport.read(
                    scope, WorkspaceBooks.buckets(asked), WorkspaceBooks.filter(asked), in: transaction))
        case .placed: return try file(PlacedReport.read(scope, in: transaction))
        case .work:
            return try file(OpenWork(Worklist.read(book: scope.book, today: scope.asOf, limit: 1, in: transaction)))
        case .journal: return try journal(transaction)
        }
    }

    private func file(_ report: some ReportTable & Encodable) throws -> [UInt8] {
        let headings = type(of: report).headings
        switch format {
        case .json: return Array((try Answer.encode(report) + "\n").utf8)
        case .csv: return Array(([csvLine(headings)] + report.rows.map(Self.line)).map { $0 + "\n" }.joined().utf8)
        case .xlsx: return try workbook(headings) { sheet in for row in report.rows { try sheet.row(row) } }
        }
    }

    /// A row that no spreadsheet takes for a formula.
    private static func line(_ fields: [String]) -> String { csvLine(fields.map(CSVWriter.guarded)) }

    private func journal(_ transaction: any Transaction) throws -> [UInt8] {
        guard format != .xlsx else {
            return try workbook(JournalLine.headings) { sheet in
                _ = try JournalReport.stream(scope, from: asked.from, in: transaction) { try sheet.row($0.fields) }
            }
        }
        let json = format == .json
        var text =
            json
            ? #"{"as_of":"\#(scope.asOf)","known_at":"\#(scope.knownAt)","items":["#
            : csvLine(JournalLine.headings) + "\n"
        var isFirst = true
        let report = try JournalReport.stream(scope, from: asked.from, in: transaction) { line in
            text += json ? (isFirst ? "\n" : ",\n") + (try Answer.encode(line)) : Self.line(line.fields) + "\n"
            isFirst = false
        }
        if json { text += "\n],\"accounts\":\(try Answer.encode(report.accounts)),\"balanced\":\(report.balanced)}\n" }
        return Array(text.utf8)
    }

    /// The bytes of a workbook, which the library writes into a file.
    private func workbook(
        _ headings: [String], _ columns: [SheetColumn]? = nil, _ more: (name: String, value: String)? = nil,
        _ write: (SheetWriter) throws -> Void
    ) throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString)").path
        defer { unlink(path) }
        let name = asked.name.rawValue
        let title = "\(name), as of \(scope.asOf), known at \(scope.knownAt)"
        let sheet = try SheetWriter(
            path: path, name: name, title: title, headings: headings,
            columns: columns ?? headings.map(SheetFile.column), recorded: scope.knownAt)
        try write(sheet)
        var about: [(name: String, value: String)] = [
            ("Report", name), ("Seller", asked.seller ?? "all"), ("As of", "\(scope.asOf)"),
            ("Known at", "\(scope.knownAt)"),
        ]
        if let from = asked.from { about.append(("From", "\(from)")) }
        if let more { about.append(more) }
        try sheet.close(about: about + [("Rows", String(sheet.count))])
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
