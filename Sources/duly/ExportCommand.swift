import ArgumentParser
import Books
import Database
import Formats
import Foundation
import Ledger
import Money
import ReportsDesk

/// `duly export`: tables out of the books, with the headings that `duly import` takes.
struct Export: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, xlsx, json }

    static let configuration = CommandConfiguration(
        abstract: "Write a table of the books, as 'duly import' reads it back.",
        discussion: """
            Kinds: \(TableExport.kinds.joined(separator: ", ")).
            --format json writes JSON lines, --format xlsx a workbook. In CSV, a text that a spreadsheet would take for a formula \
            has an apostrophe in front, which an import takes away. Credit notes set against invoices without money are allocations without a payment.
            """)
    @OptionGroup var common: Common
    @Argument(help: "What to write.") var kind: String
    @Option(help: "The file; without it the table goes to standard output.") var out: String?
    @Option(help: "csv, xlsx (a workbook) or json (JSON lines).") var format: Format = .csv
    @Option(help: "Only this seller's.") var seller: String?

    func run() async throws {
        guard let headings = TableExport.headings(kind) else {
            throw ValidationError(
                "There is no kind '\(kind)' to export. Kinds: \(TableExport.kinds.joined(separator: ", ")).")
        }
        let database = try await common.open()
        let book = seller == nil ? nil : try await common.sellers(database, seller)[0].book
        let vault = try common.vault()
        let today = try common.day()
        if format == .xlsx {
            return try await workbook(headings, book: book, vault: vault, today: today, database)
        }
        // A whole file or none: it gets its name when it is complete.
        let partial = out.map { $0 + ".partial" }
        let file =
            try partial.map { Foundation.open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) } ?? Answer.descriptor()
        guard file >= 0 else {
            throw Outage(message: "\(out ?? "") cannot be written: \(String(cString: strerror(errno)))")
        }
        let (kind, lines) = (
            kind, common.json && out == nil ? TableLines.Shape.document : format == .csv ? .csv : .json
        )
        let count: Int
        do {
            count = try await database.read { transaction in
                var table = try TableLines(lines, headings, TextSink(fileDescriptor: file))
                try TableExport(transaction, book: book, vault: vault, today: today).rows(kind) { try table.add($0) }
                return try table.end()
            }
        } catch {
            if let partial { unlink(partial) }
            if let failure = error as? TextWriteFailure {
                throw Outage(message: "\(out ?? "standard output") cannot be written: \(failure.reason)")
            }
            throw error
        }
        guard let out, let partial else { return }
        let kept = fsync(file) == 0 && close(file) == 0 && rename(partial, out) == 0
        guard kept else { throw Outage(message: "\(out) cannot be written: \(String(cString: strerror(errno)))") }
        if common.json { return print(try Answer.encode(Told(kind: kind, rows: count, file: out))) }
        print("\(count) rows in \(out).")
    }

    private func workbook(
        _ headings: [String], book: Int64?, vault: Vault, today: Day, _ database: any Database
    ) async throws {
        guard let out else { throw SheetRefusal.noFile }
        let kind = self.kind
        let known = try await Horizon.knownAt(nil, database, clock: common.now)
        let file = SheetFile(out: out, name: kind, title: "\(kind), as of \(today)", headings: headings, known: known)
        let about: [(name: String, value: String)] = [
            ("Export", kind), ("Seller", seller ?? "all"), ("As of", "\(today)"), ("Known at", "\(known)"),
        ]
        let count = try await file.keeping {
            try await database.read { transaction in
                try file.make(about: about) { sheet in
                    try TableExport(transaction, book: book, vault: vault, today: today).rows(kind) {
                        try sheet.row($0)
                    }
                }
            }
        }
        if common.json { return print(try Answer.encode(Told(kind: kind, rows: count, file: out))) }
        print("\(count) rows in \(out).")
    }

    struct Told: Encodable {
        let kind: String
        let rows: Int
        let file: String
    }
}

/// Rows on their way out: as CSV, as JSON lines, or as one JSON document.
struct TableLines {
    enum Shape { case csv, json, document }
    private let shape: Shape
    private let headings: [String]
    private var csv: CSVWriter
    private var json: JSONWriter
    private var count = 0

    init(_ shape: Shape, _ headings: [String], _ sink: TextSink) throws {
        self.shape = shape
        self.headings = headings
        csv = CSVWriter(sink)
        json = JSONWriter(sink)
        switch shape {
        case .csv: try csv.row(headings)
        case .json: break
        case .document:
            json.beginObject()
            json.name("items")
            json.beginArray()
        }
    }

    mutating func add(_ cells: [String]) throws {
        count += 1
        guard shape != .csv else { return try csv.row(cells.map(CSVWriter.guarded)) }
        json.beginObject()
        for (heading, cell) in zip(headings, cells) { json.member(heading, cell) }
        json.endObject()
        if shape == .json { try json.endLine() } else { try json.drain() }
    }

    /// How many rows there were.
    mutating func end() throws -> Int {
        if shape == .document {
            json.endArray()
            json.name("next")
            json.null()
            json.endObject()
            try json.endLine()
        }
        try csv.sink.flush()
        return count
    }
}
