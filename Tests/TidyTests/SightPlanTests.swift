import Books
import Database
import Foundation
import TestSupport
import Testing

/// What is seen in part is found by the same indexes. The planner of SQLite is asked about every query of the sources as somebody
/// limited runs it: each view must dissolve into the query, and find its rows by more than the book.
@Suite("Plans of queries over what is seen")
struct SightPlanTests {
    /// Aliases of the views' own conditions, which look up one record each.
    private static let conditions = ["p", "h", "i", "a", "o", "r", "e", "l", "m", "k"]

    @Test(
        "no query reads the book because its reader sees a part",
        arguments: [Sight(books: [1]), Sight(portfolio: 1), Sight(books: [1], portfolio: 1)])
    func lookups(sight: Sight) async throws {
        let database = try SQLiteDatabase(path: try TestDatabases.freshFile())
        _ = try await Schema.upgrade(database)
        let limited = database.limited(to: sight)
        var asked = 0
        for source in try TidyTests.swiftFiles(in: "Sources") {
            let name = URL(fileURLWithPath: source.path).deletingPathExtension().lastPathComponent
            guard !PlanTests.readsWhole.contains(name), source.module != "Database" else { continue }
            for sql in PlanTests.queries(source.lines.joined(separator: "\n")) {
                let start = sql.drop { $0.isWhitespace }
                guard start.hasPrefix("SELECT"), !PlanTests.small.contains(where: sql.contains) else { continue }
                let plan = try? await limited.read { transaction -> [String] in
                    let places = sql.matches(of: /\$(\d+)/).compactMap { Int($0.1) }.max() ?? 0
                    return try transaction.query(
                        "EXPLAIN QUERY PLAN \(sql)", Array(repeating: .int(1), count: places)
                    ).map { try $0.text(3) }
                }
                guard let plan else { continue }
                asked += 1
                for step in plan { check(step, sql, source.path) }
            }
        }
        #expect(asked > 60, "only \(asked) queries were found")
    }

    private func check(_ step: String, _ sql: String, _ path: String) {
        let tables = Set(Schema.classes.map(\.table))
        if let made = step.firstMatch(of: /^(?:MATERIALIZE|CO-ROUTINE) (\w+)/)?.output.1, tables.contains(String(made))
        {
            Issue.record("\(path): \(step) in \(sql)")
        }
        guard let (_, alias, _) = step.firstMatch(of: /^(?:SCAN|SEARCH) (\w+)(.*)/)?.output,
            step.hasPrefix("SCAN") || step.hasSuffix("(book=?)")
        else { return }
        // What a command picked is read whole.
        guard !sql.contains("picked \(alias)"), !sql.contains("picked_text \(alias)") else { return }
        // Sellers and reference data are few, and read whole.
        let reads = Schema.classes.filter { $0.kind == "booked" && sql.contains($0.table) }
        if Self.conditions.contains(String(alias)) || alias == "t" && !reads.isEmpty && !sql.contains("sellers") {
            Issue.record("\(path): \(step) in \(sql)")
        }
    }
}
