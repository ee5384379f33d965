import Books
import Database
import Foundation
import Invoicing
import Ledger
import Money
import ReceivablesDesk
import TestOffice
import Testing

/// Someone with the database's own rights alters, removes or adds a record: `duly verify` names it.
@Suite("Tampering")
struct TamperingTests {
    /// A company with something in every permanent table, and nothing wrong with it.
    static func company(_ engine: Engine) async throws -> Company {
        let company = try await Company.stocked(engine)
        try await company.order(
            "SO-1 1 C-1 2026-01-05 BOLT 12", "SO-1 2 C-1 2026-01-05 BOOK 3", "SO-2 1 C-1 2026-01-06 HOUR 2")
        try await company.bill(through: "2026-01-31")
        try await company.credit("RE-2026-000001", .lines([.init(line: 1, .quantity(Quantity(micro: 2_000_000)))]))
        try await company.receive([
            BankMoney("P-1", "2026-01-20", "202.30"), BankMoney("P-2", "2026-01-21", "10.00"),
        ])
        try await company.apply([
            .init(receipt: "P-1", parts: [.init(invoice: "RE-2026-000002", amount: "202.30")]),
            .init(receipt: "P-2", parts: [.init(invoice: "RE-2026-000001", amount: "10.00")]),
        ])
        try await remind(company)
        #expect(try await company.faults() == [])
        return company
    }

    /// A reminder, and a command that was taken back.
    private static func remind(_ company: Company) async throws {
        let (now, chance) = (company.now(), company.chance())
        try await company.database.transaction { transaction in
            let books = try Books(company.book, in: transaction, clock: now, chance: chance)
            let facts = try transaction.query(
                "SELECT customer, details, document FROM documents WHERE book = $1 ORDER BY document LIMIT 1",
                [.int(company.book)])[0].values
            let (id, day) = (books.mint(), Day("2026-03-02")!)
            let row: [SQLValue] = [
                .int(company.book), .int(id.number), facts[0], facts[1], .int(1), .text("2026-03-02"),
                .text("2026-03-12"), .text("EUR"), .int(900), .text("r-1"), .text(books.recordedText),
            ]
            let item: [SQLValue] = [facts[2], .int(1), .int(900)]
            let record = PermanentRecord(
                kind: "reminder", id: id, bytes: PermanentTable.reminder.bytes(row, children: [[item]]))
            try books.record([
                Recording(
                    command: CommandID("r-1")!, kind: "reminder.issue", content: "r-1", actor: Company.ines, day: day,
                    outcome: "{}", documents: [record]),
                Recording(
                    command: CommandID("r-2")!, kind: "reminder.issue", content: "r-2", actor: Company.ines, day: day,
                    outcome: "{}"),
            ])
            try books.record([
                Recording(
                    command: CommandID("u-1")!, kind: "undo", content: "undo r-2", actor: Company.ines, day: day,
                    outcome: "{}", undoes: [CommandID("r-2")!])
            ])
            try transaction.insert(into: "reminders", columns: PermanentTable.reminderColumns, rows: [row])
            try transaction.insert(
                into: "reminder_items", columns: ["book", "reminder"] + PermanentTable.reminderItemColumns,
                rows: [[.int(company.book), .int(id.number)] + item])
        }
    }

    /// Tables that are proved, and what the culprit of a row is called: from its values by column.
    static let tables: [(name: String, culprits: @Sendable ([String: SQLValue]) -> [String])] = [
        ("commands", { ["event \(text($0["command"]))"] }),
        ("undoings", { ["event \(text($0["undone_by"]))", "undoing of \(text($0["command"]))"] }),
        ("entries", { ["entry \(id($0["entry"]))"] }),
        ("journal_lines", { ["entry \(id($0["entry"]))"] }),
        ("documents", { ["document \(id($0["document"]))"] }),
        ("document_lines", { ["document \(id($0["document"]))", "trace \(id($0["document"]))"] }),
        ("document_taxes", { ["document \(id($0["document"]))", "trace \(id($0["document"]))"] }),
        ("receipts", { ["receipt \(id($0["receipt"]))"] }),
        ("allocations", { ["allocation \(id($0["allocation"]))"] }),
        ("reminders", { ["reminder \(id($0["reminder"]))"] }),
        ("reminder_items", { ["reminder \(id($0["reminder"]))"] }),
    ]
    static func text(_ value: SQLValue?) -> String { if case .text(let text) = value { text } else { "" } }
    static func id(_ value: SQLValue?) -> String {
        if case .int(let number) = value { RecordID(number: number).description } else { "" }
    }

    private struct PutBack: Error {
        let bad: [VerifiedCheck.Culprit]
    }

    /// What the proof holds against the books after the forgery, which is then rolled back.
    static func bad(
        after forgery: [(sql: String, parameters: [SQLValue])], _ company: Company
    ) async throws -> [VerifiedCheck.Culprit] {
        do {
            try await company.database.transaction { transaction in
                switch transaction.engine {
                case .sqlite:
                    for trigger in try transaction.query("SELECT name FROM sqlite_master WHERE type = 'trigger'", []) {
                        try transaction.script("DROP TRIGGER \(try trigger.text(0))")
                    }
                    try transaction.script("PRAGMA defer_foreign_keys = ON; PRAGMA ignore_check_constraints = ON")
                case .postgres: try transaction.script("SET LOCAL session_replication_role = replica")
                }
                for statement in forgery {
                    let touched = try transaction.execute(statement.sql, statement.parameters)
                    #expect(touched == 1, "\(statement.sql)")
                }
                throw PutBack(bad: try Verification.run(in: transaction).flatMap(\.bad))
            }
        } catch let put as PutBack {
            return put.bad
        }
        return []
    }

    /// A row by its columns, and the condition that finds it again.
    static func row(of table: String, _ company: Company, last: Bool = true) async throws -> (
        values: [String: SQLValue], columns: [String], condition: String, keyColumns: [String], keys: [SQLValue]
    ) {
        try await company.database.read { transaction in
            let facts = try #require(try Catalogue.read(transaction).tables[table])
            let order = facts.primaryKey.map { $0 + (last ? " DESC" : "") }.joined(separator: ", ")
            let names = facts.columns.map(\.name)
            let found = try transaction.query(
                "SELECT \(names.joined(separator: ", ")) FROM \(table) ORDER BY \(order) LIMIT 1", [])
            let values = Dictionary(uniqueKeysWithValues: zip(names, try #require(found.first).values))
            let condition = facts.primaryKey.enumerated().map { "\($1) = $\($0 + 2)" }.joined(separator: " AND ")
            return (values, names, condition, facts.primaryKey, facts.primaryKey.map { values[$0]! })
        }
    }

    /// The value with one byte altered.
    static func altered(_ value: SQLValue, by delta: Int64) -> SQLValue {
        switch value {
        case .null: .int(7)
        case .int(let number): .int(number + delta)
        case .text(""): .text("x")
        case .text(let text): .text(text.dropLast() + (text.last == "0" ? "1" : "0"))
        case .blob(let bytes): .blob(bytes)
        }
    }

    @Test("one byte of any column of a permanent record is named", arguments: Company.engines)
    func everyColumn(engine: Engine) async throws {
        let company = try await Self.company(engine)
        var tried = 0
        for table in Self.tables {
            let row = try await Self.row(of: table.name, company)
            for column in row.columns {
                var bad: [VerifiedCheck.Culprit]?
                // A key may not be that of a neighbour: then another byte of it.
                for delta in [1, 256, 65_536, -1] as [Int64] where bad == nil {
                    let value = Self.altered(row.values[column]!, by: delta)
                    bad = try? await Self.bad(
                        after: [("UPDATE \(table.name) SET \(column) = $1 WHERE \(row.condition)", [value] + row.keys)],
                        company)
                }
                // Where no byte can be altered the database itself defends the column.
                guard let bad else {
                    #expect(["kind", "origin"].contains(column), "\(table.name).\(column)")
                    continue
                }
                let culprits = table.culprits(row.values)
                #expect(bad.contains { culprits.contains($0.record) }, "\(table.name).\(column): \(bad)")
                tried += 1
            }
        }
        #expect(tried > 100)
        #expect(try await company.faults() == [])
    }

    @Test("a record that is gone is named", arguments: Company.engines)
    func gone(engine: Engine) async throws {
        let company = try await Self.company(engine)
        for table in Self.tables {
            let row = try await Self.row(of: table.name, company)
            let condition = row.condition.replacing("$2", with: "$1").replacing("$3", with: "$2")
                .replacing("$4", with: "$3").replacing("$5", with: "$4")
            let bad = try await Self.bad(after: [("DELETE FROM \(table.name) WHERE \(condition)", row.keys)], company)
            let culprits = table.culprits(row.values)
            #expect(bad.contains { culprits.contains($0.record) }, "\(table.name): \(bad)")
        }
    }

    @Test("a record that nobody wrote is named", arguments: Company.engines)
    func added(engine: Engine) async throws {
        let company = try await Self.company(engine)
        for table in Self.tables {
            let row = try await Self.row(of: table.name, company)
            var values = row.values
            // The last part of the key is another: a line, tax or item of the same record, or a record of its own.
            let key = try #require(row.keyColumns.last)
            switch values[key]! {
            case .int(let number): values[key] = .int(number + 5)
            default: values[key] = .text("forged")
            }
            let places = row.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
            let bad = try await Self.bad(
                after: [
                    (
                        "INSERT INTO \(table.name) (\(row.columns.joined(separator: ", "))) VALUES (\(places))",
                        row.columns.map { values[$0]! }
                    )
                ], company)
            let culprits = table.culprits(values)
            #expect(bad.contains { culprits.contains($0.record) }, "\(table.name): \(bad)")
        }
    }

    @Test("a line that belongs to no record is named", arguments: Company.engines)
    func orphans(engine: Engine) async throws {
        let company = try await Self.company(engine)
        for (table, parent, kind) in [
            ("journal_lines", "entry", "entry"), ("document_lines", "document", "document"),
            ("document_taxes", "document", "document"), ("reminder_items", "reminder", "reminder"),
        ] {
            let row = try await Self.row(of: table, company)
            guard case .int(let number) = row.values[parent] else { continue }
            for other in [number + 1_000_000, 3] {
                let columns = row.columns.map { $0 == parent ? "\(other)" : $0 }.joined(separator: ", ")
                let bad = try await Self.bad(
                    after: [
                        (
                            "INSERT INTO \(table) (\(row.columns.joined(separator: ", "))) SELECT \(columns) FROM \(table) WHERE \(row.condition.replacing("$2", with: "$1").replacing("$3", with: "$2").replacing("$4", with: "$3").replacing("$5", with: "$4"))",
                            row.keys
                        )
                    ], company)
                #expect(bad.contains { $0.record == "\(kind) \(RecordID(number: other))" }, "\(table): \(bad)")
            }
        }
    }

    @Test("a hash that was altered or taken out is named", arguments: Company.engines)
    func hashes(engine: Engine) async throws {
        let company = try await Self.company(engine)
        let row = try await Self.row(of: "audit_records", company, last: false)
        let hashes = Self.text(row.values["hashes"])
        let first = try #require(hashes.split(separator: "\n").first)
        let record = String(first[..<(try #require(first.lastIndex(of: " ")))])
        let flipped = hashes.replacing(
            first, with: first.dropLast() + (first.last == "A" ? "B" : "A"), maxReplacements: 1)
        for forged in [flipped, String(hashes.dropFirst(first.count + 1))] {
            let bad = try await Self.bad(
                after: [("UPDATE audit_records SET hashes = $1 WHERE \(row.condition)", [.text(forged)] + row.keys)],
                company)
            #expect(bad.map(\.record) == [record])
        }
    }

    @Test("an open item that no longer follows the journal is named", arguments: Company.engines)
    func openItems(engine: Engine) async throws {
        let company = try await Self.company(engine)
        for item in try await company.rows("SELECT item, account FROM open_items ORDER BY item") {
            let id = RecordID(number: Int64(item[0])!).description
            for column in [
                "item", "account", "currency", "day", "due_day", "minor", "open_minor", "open_home", "moved_day",
                "moved_recorded",
            ] {
                let before = try await company.database.read {
                    try $0.query("SELECT \(column) FROM open_items WHERE item = $1", [.int(Int64(item[0])!)])[0].values[
                        0]
                }
                var after = Self.altered(before, by: 1)
                if column == "account" {
                    after = .text(item[1] == "receivables" ? "unapplied" : "receivables")
                }
                let bad = try await Self.bad(
                    after: [
                        ("UPDATE open_items SET \(column) = $1 WHERE item = $2", [after, .int(Int64(item[0])!)])
                    ], company)
                let names = bad.map(\.record)
                #expect(
                    names.contains(id) || column == "item" && !names.isEmpty, "\(column) of \(item[1]): \(bad)")
            }
        }
    }

    @Test("a number that is missing, moved or given to another document is named", arguments: Company.engines)
    func numbers(engine: Engine) async throws {
        let company = try await Self.company(engine)
        for forgery in [
            "DELETE FROM document_numbers WHERE number = 2", "UPDATE document_numbers SET number = 9 WHERE number = 2",
            "UPDATE document_numbers SET document = document + 99 WHERE number = 2",
            "UPDATE number_series SET next = next + 1 WHERE series = 'invoice/2026'",
        ] {
            #expect(try await !Self.bad(after: [(forgery, [])], company).isEmpty, "\(forgery)")
        }
    }
}
