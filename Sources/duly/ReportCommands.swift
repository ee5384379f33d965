import ArgumentParser
import Books
import Database
import Formats
import Foundation
import Ledger
import Money
import ReportsDesk

/// `duly report NAME`: every report as of a day, known at an instant.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Ageing, roll-forward, DSO, journal and more, as of a day and as known at an instant.",
        discussion: "Names: aging (or ageing), rollforward, dso, journal, collections, unbilled, late.")
    @OptionGroup var common: Common
    @Argument(help: "Which report.") var name: String
    @Option(help: "As of the end of this day; default today.") var asOf: String?
    @Option(help: "With what the books knew then; default everything that is settled.") var knownAt: String?
    @Option(help: "From this day (roll-forward, journal, collections).") var from: String?
    @Option(help: "Ageing: the last days of the buckets.") var buckets = "0,30,60,90"
    @Option(help: "Ageing: by due-day or invoice-day.") var by = "due-day"
    @Option(help: "Only this seller.") var seller: String?
    @Flag(help: "As CSV on standard output; the same as --format csv.") var csv = false
    @Option(help: "csv, json, or xlsx: a workbook, which needs --out.") var format: Export.Format?
    @Option(help: "Write to this file instead.") var out: String?

    private var csvAsked: Bool { csv || format == .csv }
    private var jsonAsked: Bool { (common.json || format == .json) && !csvAsked }

    func run() async throws {
        if format == .xlsx, out == nil { throw SheetRefusal.noFile }
        let database = try await common.open()
        let scope = try await Self.scope(common, database, seller: seller, asOf: asOf, knownAt: knownAt)
        let first = try from.map { try Common.day($0, "--from") }
        switch name {
        case "aging", "ageing":
            let ends = buckets.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard let basis = AgingBuckets.Basis(rawValue: by), !ends.contains(nil),
                let buckets = AgingBuckets(ends.compactMap { $0 }, by: basis)
            else {
                throw ValidationError(
                    "--buckets takes rising days such as 0,30,60,90; --by takes due-day or invoice-day.")
            }
            let report = try await database.read { try AgingReport.read(scope, buckets, in: $0) }
            if format == .xlsx {
                let wide = report.wide
                let texts = AgingReport.headings.prefix(4).map { _ in SheetColumn.text }
                let columns = texts + wide.headings.dropFirst(4).map { _ in SheetColumn.amount }
                return try await workbook("aging", scope, wide.headings, columns, wide.rows, ("By", report.basis))
            }
            if jsonAsked || csvAsked || out != nil { try await show(report, scope) } else { Self.tabulate(report) }
        case "rollforward", "roll-forward":
            try await show(try await database.read { try RollforwardReport.read(scope, from: first, in: $0) }, scope)
        case "dso": try await show(try await database.read { try DSOReport.read(scope, in: $0) }, scope)
        case "collections":
            try await show(try await database.read { try CollectionsReport.read(scope, from: first, in: $0) }, scope)
        case "unbilled": try await show(try await database.read { try UnbilledReport.read(scope, in: $0) }, scope)
        case "late", "punctuality":
            try await show(try await database.read { try LateReport.read(scope, in: $0) }, scope)
        case "journal": try await journal(scope, first, database)
        default:
            throw ValidationError(
                "There is no report '\(name)'; there are aging, rollforward, dso, journal, collections, unbilled, late."
            )
        }
    }

    static func scope(
        _ common: Common, _ database: any Database, seller: String?, asOf: String?, knownAt: String?
    ) async throws -> ReportScope {
        let sellers = try await common.sellers(database, seller)
        let day = try asOf.map { try Common.day($0, "--as-of") } ?? common.day(in: sellers.first?.timeZone)
        let asked = try knownAt.map { text -> Instant in
            guard let instant = Instant(text) else {
                throw ValidationError("--known-at takes an instant such as 2026-10-31T09:15:00Z, not '\(text)'.")
            }
            return instant
        }
        let known = try await Horizon.knownAt(asked, database, clock: common.now)
        return ReportScope(book: seller == nil ? nil : sellers[0].book, asOf: day, knownAt: known)
    }

    /// A line for each customer, with a column for each bucket.
    private static func tabulate(_ report: AgingReport) {
        for block in report.currencies {
            let labels = block.buckets.map(\.label)
            let lines = block.customers.map { one in
                [one.customer ?? "–", one.customer == nil ? "Money nobody's yet" : one.name] + one.buckets + [
                    one.total, one.unallocated, one.net, one.disputed,
                ]
            }
            let sum =
                ["", "All"] + block.buckets.map(\.amount) + [block.total, block.unallocated, block.net, block.disputed]
            Answer.table(
                ["Customer", block.currency] + labels + ["Total", "On account", "Net", "Disputed"], lines + [sum],
                right: Set(2..<(labels.count + 6)))
            print("")
        }
        print("As of \(report.asOf), known at \(report.knownAt), by \(report.basis).")
    }

    private func show(_ report: some ReportTable & Encodable, _ scope: ReportScope) async throws {
        if format == .xlsx {
            return try await workbook(name, scope, type(of: report).headings, nil, report.rows)
        }
        if jsonAsked { return try put(try Answer.encode(report) + "\n") }
        if csvAsked || out != nil {
            let lines = [type(of: report).headings] + report.rows.map { $0.map(CSVWriter.guarded) }
            return try put(lines.map { csvLine($0) + "\n" }.joined())
        }
        Answer.table(type(of: report).headings, report.rows)
    }

    private func sheet(
        _ name: String, _ scope: ReportScope, _ headings: [String], _ columns: [SheetColumn]? = nil
    ) throws -> SheetFile {
        guard let out else { throw SheetRefusal.noFile }
        return SheetFile(
            out: out, name: name, title: "\(name), as of \(scope.asOf), known at \(scope.knownAt)", headings: headings,
            columns: columns, known: scope.knownAt)
    }

    private func about(
        _ name: String, _ scope: ReportScope, _ more: (name: String, value: String)? = nil
    ) -> [(name: String, value: String)] {
        var lines: [(name: String, value: String)] = [
            ("Report", name), ("Seller", seller ?? "all"), ("As of", "\(scope.asOf)"), ("Known at", "\(scope.knownAt)"),
        ]
        if let from { lines.append(("From", from)) }
        if let more { lines.append(more) }
        return lines
    }

    private func workbook(
        _ name: String, _ scope: ReportScope, _ headings: [String], _ columns: [SheetColumn]?, _ rows: [[String]],
        _ more: (name: String, value: String)? = nil
    ) async throws {
        let file = try sheet(name, scope, headings, columns)
        let lines = about(name, scope, more)
        let count = try await file.keeping {
            try file.make(about: lines) { sheet in for row in rows { try sheet.row(row) } }
        }
        print(
            common.json
                ? try Answer.encode(Export.Told(kind: name, rows: count, file: file.out))
                : "\(count) rows in \(file.out).")
    }

    private func put(_ text: String) throws {
        guard let out else { return print(text, terminator: "") }
        do { try text.write(toFile: out, atomically: true, encoding: .utf8) } catch {
            throw Outage(message: "\(out) cannot be written: \(error)")
        }
    }

    private func journal(_ scope: ReportScope, _ from: Day?, _ database: any Database) async throws {
        if format == .xlsx { return try await journalSheet(scope, from, database) }
        if let out { _ = FileManager.default.createFile(atPath: out, contents: nil) }
        let file = out.map { FileHandle(forWritingAtPath: $0) }
        if let file, file == nil { throw Outage(message: "\(out ?? "") cannot be written.") }
        let descriptor = try file??.fileDescriptor ?? Answer.descriptor()
        let json = jsonAsked
        let report = try await database.read { transaction in
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
            var buffer =
                json
                ? #"{"as_of":"\#(scope.asOf)","known_at":"\#(scope.knownAt)","items":["#
                : csvLine(JournalLine.headings) + "\n"
            var isFirst = true
            let report = try JournalReport.stream(scope, from: from, in: transaction) { line in
                buffer +=
                    json
                    ? (isFirst ? "\n" : ",\n") + (try Answer.encode(line))
                    : csvLine(line.fields.map(CSVWriter.guarded)) + "\n"
                isFirst = false
                if buffer.utf8.count > 1 << 16 {
                    handle.write(Data(buffer.utf8))
                    buffer = ""
                }
            }
            if json {
                buffer += "\n],\"accounts\":\(try Answer.encode(report.accounts)),\"balanced\":\(report.balanced)}\n"
            }
            handle.write(Data(buffer.utf8))
            return report
        }
        try Self.judge(balanced: report.balanced)
    }

    private func journalSheet(_ scope: ReportScope, _ from: Day?, _ database: any Database) async throws {
        let file = try sheet("journal", scope, JournalLine.headings)
        let lines = about("journal", scope)
        let (count, balanced) = try await file.keeping {
            try await database.read { transaction -> (Int, Bool) in
                var balanced = true
                let count = try file.make(about: lines) { sheet in
                    balanced = try JournalReport.stream(scope, from: from, in: transaction) {
                        try sheet.row($0.fields)
                    }.balanced
                }
                return (count, balanced)
            }
        }
        print(
            common.json
                ? try Answer.encode(Export.Told(kind: "journal", rows: count, file: file.out))
                : "\(count) rows in \(file.out).")
        try Self.judge(balanced: balanced)
    }

    private static func judge(balanced: Bool) throws {
        guard !balanced else { return }
        Answer.say("The journal does not balance; run 'duly verify'.")
        throw ExitCode(1)
    }
}

struct Invoice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Invoices and credit notes.",
        subcommands: [
            List.self, Show.self, Explain.self, Drafts.self, Issue.self, Credit.self, Export.self, Send.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List documents.")
        @OptionGroup var common: Common
        @Option(help: "One of \(InvoiceRow.statuses.joined(separator: ", ")).") var status: String?
        @Option(help: "Only this customer.") var customer: String?
        @Option(name: .customLong("from"), help: "Issued on this day or later.") var from: String?
        @Option(help: "Issued on this day or earlier.") var to: String?
        @OptionGroup var list: ListOptions

        func run() async throws {
            if let status, !InvoiceRow.statuses.contains(status) {
                throw ValidationError("--status takes one of \(InvoiceRow.statuses.joined(separator: ", ")).")
            }
            let database = try await common.open()
            let book = try await list.book(common, database)
            let filter = InvoiceFilter(
                status: status, customer: customer, from: try from.map { try Common.day($0, "--from") },
                to: try to.map { try Common.day($0, "--to") })
            let (day, limit, after) = (try common.day(), list.limit, list.after)
            let page = try await database.read {
                try InvoiceRow.list(book: book, asOf: day, filter, limit: limit, after: after, in: $0)
            }
            if common.json { return print(try Answer.encode(page)) }
            Answer.table(InvoiceRow.headings, page.items.map(\.fields))
            if let next = page.next { print("More: --after \(next)") }
        }
    }

    static func sheet(_ number: String, _ seller: String?, _ common: Common) async throws -> InvoiceSheet {
        let database = try await common.open()
        let (book, _) = try await DocumentPlace.find(
            number, seller: seller, common, database, reading: true)
        let day = try common.day()
        let found = try await database.read { try InvoiceSheet.read(number: number, book: book, asOf: day, in: $0) }
        return found[found.count - 1]
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a document with everything that belongs to it.")
        @OptionGroup var common: Common
        @Argument(help: "Its number.") var number: String
        @Option(help: "The seller, where several have the number.") var seller: String?
        func run() async throws {
            let sheet = try await Invoice.sheet(number, seller, common)
            if common.json { return print(try Answer.encode(sheet)) }
            let head = sheet.head
            print("\(head.type) \(head.invoiceNo), \(head.status): \(head.customerName) (\(head.customer))")
            print("  issued \(head.issueDay), due \(head.dueDay), \(head.gross) \(head.currency), open \(head.open)")
            Answer.table(
                ["Line", "Article", "Description", "Quantity", "Unit", "Price", "Discount", "Net", "VAT"],
                sheet.lines.map {
                    [
                        "\($0.line)", $0.sku, $0.description, $0.quantity, $0.unit, $0.unitPrice, $0.discountPercent,
                        $0.net, "\($0.vatRate) \($0.vatCategory)",
                    ]
                }, right: [0, 3, 5, 6, 7, 8])
            for tax in sheet.taxes { print("  \(tax.rate) % \(tax.category) of \(tax.base): \(tax.tax)") }
            for one in sheet.allocations {
                let other = one.paymentID.flatMap { $0.isEmpty ? nil : $0 } ?? one.document ?? one.receipt ?? ""
                let isZero = { (amount: String) in amount.allSatisfy { "0.".contains($0) } }
                let parts = [
                    isZero(one.allocated) ? nil : "\(one.allocated) with \(other)",
                    isZero(one.writeOff) ? nil : "\(one.writeOff) written off",
                ].compactMap { $0 }
                print("  \(one.day): \(parts.joined(separator: ", ")) (\(one.reason))")
            }
            for one in sheet.deliveries { print("  \(one.at): \(one.channel) \(one.state) \(one.answer)") }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Why every amount of a document is what it is, from the trace that was stored with it.")
        @OptionGroup var common: Common
        @Argument(help: "Its number.") var number: String
        @Option(help: "Only this line.") var line: Int?
        @Option(help: "The seller, where several have the number.") var seller: String?
        func run() async throws {
            let database = try await common.open()
            let (book, _) = try await DocumentPlace.find(
                number, seller: seller, common, database, reading: true)
            let (number, only) = (number, line)
            let explained = try await database.read { try Explanation(number, book: book, line: only, in: $0) }
            if let only, explained.lines.isEmpty { throw TellingRefusal.noSuchLine(only, of: number) }
            if common.json { return print(try Answer.encode(explained)) }
            for line in explained.lines { print("Line \(line.line), \(line.description): \(line.words)") }
            for tax in explained.taxes { print("\(tax.rate) % \(tax.category): \(tax.words)") }
        }
    }
}

/// The stored trace of a document, with its rules in words.
struct Explanation: Encodable {
    struct Line: Encodable {
        var line: Int64
        var description, net, words: String
        var trace: JSONText
    }
    struct Tax: Encodable {
        var rate, category, base, tax, words: String
        var trace: JSONText
    }
    /// JSON that is passed on as it was stored.
    struct JSONText: Encodable {
        let value: [String: [String: String]]
        init(_ text: String) {
            let object = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
            var value: [String: [String: String]] = [:]
            for (key, inner) in object {
                if let inner = inner as? [String: Any] {
                    value[key] = inner.mapValues { "\($0)" }
                } else {
                    value["rule", default: [:]][key] = "\(inner)"
                }
            }
            self.value = value
        }
        func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
    }
    var invoice_no: String
    var lines: [Line]
    var taxes: [Tax]

    init(_ number: String, book: Int64, line: Int?, in transaction: any Transaction) throws {
        invoice_no = number
        var words: [String: String] = [:]
        for row in try transaction.query("SELECT rule, version, words FROM rule_versions", []) {
            words["\(try row.text(0))/\(try row.int(1))"] = try row.text(2)
        }
        guard
            let head = try transaction.query(
                "SELECT document, currency FROM documents WHERE book = $1 AND number = $2 ORDER BY document DESC LIMIT 1",
                [.int(book), .text(number)]
            ).first, let currency = Currency(try head.text(1))
        else {
            (lines, taxes) = ([], [])
            return
        }
        let key: [SQLValue] = [.int(book), .int(try head.int(0))]
        lines = try transaction.query(
            """
            SELECT line, description, quantity, unit_price, discount, net, vat_category, vat_rate, trace
            FROM document_lines WHERE book = $1 AND document = $2 ORDER BY line
            """, key
        ).compactMap { row in
            guard try line == nil || row.int(0) == Int64(line!) else { return nil }
            let trace = JSONText(try row.text(8))
            let net = Money(minor: try row.int(5), currency)
            let rules = ["price", "net", "vat"].compactMap { trace.value[$0]?["rule"] }.compactMap { words[$0] }
            let sum =
                "\(Quantity(micro: try row.int(2)).decimal) × \(UnitPrice(scaled: try row.int(3)).decimal)"
                + (try row.int(4) == 0 ? "" : " less \(Rate(scaled: try row.int(4)).percent) %")
                + (trace.value["net"]?["exact"].map { " = \($0)" } ?? "") + ", so \(net)"
            let from = trace.value["price"]?["list"].map { " (list \($0))" } ?? ""
            return Line(
                line: try row.int(0), description: try row.text(1), net: net.decimal,
                words: sum + from + ". " + rules.joined(separator: " "), trace: trace)
        }
        taxes = try transaction.query(
            """
            SELECT vat_category, vat_rate, base, tax, trace FROM document_taxes
            WHERE book = $1 AND document = $2 ORDER BY vat_rate DESC, vat_category
            """, key
        ).map { row in
            let trace = JSONText(try row.text(4))
            let (base, tax) = (Money(minor: try row.int(2), currency), Money(minor: try row.int(3), currency))
            let rate = Rate(scaled: try row.int(1)).percent
            let rule = trace.value["rule"]?["rule"].flatMap { words[$0] } ?? ""
            let exact = trace.value["rule"]?["exact"].map { " = \($0)" } ?? ""
            return Tax(
                rate: rate, category: try row.text(0), base: base.decimal, tax: tax.decimal,
                words: "\(base) × \(rate) %\(exact), so \(tax). \(rule)", trace: trace)
        }
    }
}
