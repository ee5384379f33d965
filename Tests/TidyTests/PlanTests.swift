import Books
import Database
import Foundation
import TestSupport
import Testing

/// What names a record finds it by an index, and never by reading the book: with a million documents that is the difference
/// between a moment and a minute. The planner of SQLite is asked about every query as it stands in the sources; it knows of a
/// new book what it knows of a large one.
@Suite("Plans of queries")
struct PlanTests {
    /// Files whose work is to read all of a book, or all that waits in it.
    static let readsWhole: Set<String> = [
        "AgingCount", "AllocationExport", "BillGroup", "CashMatch", "Collections", "CreditControlRecords",
        "CustomerList", "CustomerStandings",
        "DraftRows", "InvoiceExport", "InvoiceReader", "InvoicesImport", "InvoicingRecords", "Journal",
        "LetterCommands",
        "MovementWalk", "OpenAmounts", "OrdersImport", "PortfolioDesk", "Punctuality", "ReceivablesDesk", "ReminderWhy",
        "ReportScope", "SealExport", "SealVerification", "StatementReader", "TableExport", "TakingBack", "Unbilled",
        "UndoDesk", "Verification", "WorklistReader", "WorkspaceToday",
        // What waits, whole: of drafts, of money, of letters, of what is in question; and open items of an amount.
        "WorkspaceAsk", "WorkspaceBill", "WorkspaceDisputes", "WorkspaceMoney", "WorkspaceMoneyDetail",
        "WorkspaceSearch",
    ]
    /// Tables of a few rows a book.
    static let small: Set<String> = ["seller_accounts", "book_clocks", "number_series", "seal_chains"]

    @Test("a query that names what it wants does not read the book")
    func lookups() async throws {
        let path = try TestDatabases.freshFile()
        _ = try await Schema.upgrade(try SQLiteDatabase(path: path))
        let growing = Set(Schema.classes.filter { $0.kind == "booked" }.map(\.table)).subtracting(Self.small)
        var asked = 0
        for source in try TidyTests.swiftFiles(in: "Sources") {
            let name = URL(fileURLWithPath: source.path).deletingPathExtension().lastPathComponent
            guard !Self.readsWhole.contains(name) else { continue }
            for sql in Self.queries(source.lines.joined(separator: "\n")) {
                // What PostgreSQL alone understands is its own planner's matter.
                let found = try? await SQLiteDatabase(path: path).read { transaction -> [String] in
                    // What a command picked stands in tables of the connection.
                    try transaction.pick([Int64]())
                    try transaction.pick([String]())
                    let places = sql.matches(of: /\$(\d+)/).compactMap { Int($0.1) }.max() ?? 0
                    return try transaction.query(
                        "EXPLAIN QUERY PLAN \(sql)", Array(repeating: .int(1), count: places)
                    ).map { try $0.text(3) }
                }
                guard let plan = found else { continue }
                asked += 1
                for step in plan {
                    guard let (_, alias, _) = step.firstMatch(of: /^(?:SCAN|SEARCH) (\w+)(.*)/)?.output,
                        step.hasPrefix("SCAN") || step.hasSuffix("(book=?)"),
                        growing.contains(Self.table(of: String(alias), in: sql))
                    else { continue }
                    Issue.record("\(source.path): \(step) in \(sql)")
                }
            }
        }
        #expect(asked > 80, "only \(asked) queries were found")
    }

    /// The texts that stand whole in a source.
    static func queries(_ source: String) -> [String] {
        let parts = source.components(separatedBy: "\"\"\"")
        let long = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
        let short = source.matches(of: /"((?:SELECT|UPDATE|DELETE)[^"\n]*)"/).map { String($0.1) }
        return (long + short).filter { sql in
            let start = sql.drop { $0.isWhitespace }
            return ["SELECT ", "UPDATE ", "DELETE "].contains { start.hasPrefix($0) } && !sql.contains("\\(")
        }
    }

    private static func table(of alias: String, in sql: String) -> String {
        guard let pattern = try? Regex("\\b(\\w+)\\s+(?:AS\\s+)?\(alias)\\b") else { return alias }
        let words = sql.matches(of: pattern).compactMap { $0.output[1].substring.map(String.init) }
        return words.first { !["FROM", "JOIN", "UPDATE", "AS", "INTO", "SELECT"].contains($0) } ?? alias
    }
}
