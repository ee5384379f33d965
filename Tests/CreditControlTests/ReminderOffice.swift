import Books
import CreditControlDesk
import Database
import Foundation
import Ledger
import Money
import TestSupport

/// A book with late customers; written through `Books`, as the slices write it.
struct ReminderOffice: Sendable {
    static let engines: [Engine] = [.sqlite, .postgres]
    static let day = Day("2026-10-28")!
    let database: any Database
    let book: Int64
    var desk: CreditControlDesk { CreditControlDesk(database, clock: Self.now, chance: Self.dice) }

    static let now: @Sendable () -> Instant = { Instant(micro: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
    static let dice: @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }

    static func open(_ engine: Engine) async throws -> ReminderOffice {
        let database = try await TestDatabases.fresh(engine)
        _ = try await Schema.upgrade(database)
        let book = try await database.transaction {
            try Books.found(
                NewSeller(
                    code: "DE", name: "Uferlicht Werkstätten GmbH", country: "DE", currency: .eur,
                    timeZone: "Europe/Berlin", language: "de", openFrom: Day("2026-01-01")!),
                series: [("invoice", "RE-{n:6}")], in: $0, clock: Instant("2026-01-01T00:00:00.000000Z")!, chance: 7)
        }
        return ReminderOffice(database: database, book: book)
    }

    @discardableResult
    func work<T: Sendable>(_ body: @escaping @Sendable (ReminderClerk) throws -> T) async throws -> T {
        try await database.transaction { transaction in
            let clerk = ReminderClerk(try Books(book, in: transaction, clock: Self.now(), chance: Self.dice()))
            let result = try body(clerk)
            try clerk.finish()
            return result
        }
    }

    func run(_ id: String, _ day: Day = day, customer: String? = nil) async throws -> ReminderRunOutcome {
        try await desk.run(
            ReminderRun(id: CommandID(id)!, day: day, customer: customer, actor: Actor(name: "ines")), book: book)
    }

    func count(_ sql: String) async throws -> Int64 {
        try await database.read { try $0.query(sql, [])[0].int(0) }
    }
}

/// Writes what the slices would, inside one transaction.
final class ReminderClerk {
    let books: Books
    private var recordings: [Recording] = []
    private var rows: [(table: String, columns: [String], row: [SQLValue])] = []
    private var place = 0

    init(_ books: Books) { self.books = books }

    private var recorded: SQLValue { .text(books.recordedText) }
    private func command(_ name: String) -> CommandID {
        place += 1
        return CommandID("\(name)-\(books.recorded.micro)-\(place)")!
    }

    func insert(_ table: String, _ values: [(String, SQLValue)]) {
        rows.append((table, ["book"] + values.map(\.0), [.int(books.book)] + values.map(\.1)))
    }

    func customer(_ number: String, mail: Bool = true) throws -> RecordID {
        let (id, details) = (books.mint(), books.mint())
        try books.transaction.insert(
            into: "customers",
            columns: [
                "book", "customer", "number", "revision", "details", "country", "state", "currency", "language",
                "consumer", "has_vat_id", "terms_days", "price_list", "credit_limit", "to_complete", "command",
                "recorded",
            ],
            rows: [
                [
                    .int(books.book), .int(id.number), .text(number), .int(0), .int(details.number), .text("DE"),
                    .text(""), .text("EUR"), .text("de"), .int(0), .int(0), .int(30), .text(""), .null, .int(0),
                    .text(""), recorded,
                ]
            ])
        insert(
            "customer_details",
            [
                ("details", .int(details.number)), ("customer", .int(id.number)), ("name", .text("Kunde \(number)")),
                ("sort_key", .text(number)), ("street", .text("Werftstraße 1")), ("postcode", .text("28195")),
                ("city", .text("Bremen")), ("vat_id", .text("")), ("salt", .text("")), ("hash", .text("")),
                ("recorded", recorded),
            ])
        if mail {
            insert(
                "contacts",
                [
                    ("customer", .int(id.number)), ("purpose", .text("invoice")), ("place", .int(0)),
                    ("name", .text("")),
                    ("email", .text("\(number)@customer.example")), ("phone", .text("")),
                ])
        }
        return id
    }

    /// So many days late on `ReminderOffice.day`.
    @discardableResult
    func invoice(_ number: String, _ customer: RecordID, _ minor: Int64, late: Int) throws -> RecordID {
        let id = books.mint()
        let command = command("issue")
        let due = ReminderOffice.day - late
        let day = due - 30
        let money = Money(minor: minor, .eur)
        recordings.append(
            Recording(
                command: command, kind: "invoice.issue", content: number, actor: Actor(name: "ines"), day: day,
                outcome: "{}",
                entries: [
                    books.post(
                        Entry(
                            .sale, day: day,
                            lines: [
                                EntryLine(
                                    .receivables, customer: customer, item: id, amount: money, home: money,
                                    rate: .par(on: day)),
                                EntryLine(.revenue, amount: -money, home: -money, rate: .par(on: day)),
                            ]))
                ],
                items: [
                    NewItem(
                        id, account: .receivables, customer: customer, amount: money, day: day, dueDay: due)
                ]))
        insert(
            "documents",
            [
                ("document", .int(id.number)), ("customer", .int(customer.number)), ("details", .int(0)),
                ("kind", .text("invoice")), ("origin", .text("own")), ("number", .text(number)),
                ("issue_day", .text(day.description)), ("due_day", .text(due.description)), ("currency", .text("EUR")),
                ("net", .int(minor)), ("tax", .int(0)), ("gross", .int(minor)), ("order_id", .text("")),
                ("po_number", .text("")), ("reference", .text("")), ("corrects", .null), ("reason", .text("")),
                ("command", .text(command.text)), ("recorded", recorded),
            ])
        return id
    }

    /// Money on the account of a customer, or of nobody yet.
    @discardableResult
    func receipt(_ minor: Int64, of customer: RecordID?, on day: Day = ReminderOffice.day) -> RecordID {
        let id = books.mint()
        let command = command("receive")
        let money = Money(minor: minor, .eur)
        recordings.append(
            Recording(
                command: command, kind: "bank.receive", content: command.text, actor: Actor(name: "jon"), day: day,
                outcome: "{}",
                entries: [
                    books.post(
                        Entry(
                            .receipt, day: day,
                            lines: [
                                EntryLine(.bank, amount: money, home: money, rate: .par(on: day)),
                                EntryLine(
                                    .unapplied, customer: customer, item: id, amount: -money, home: -money,
                                    rate: .par(on: day)),
                            ]))
                ],
                items: [
                    NewItem(id, account: .unapplied, customer: customer, amount: -money, day: day, dueDay: day)
                ]))
        return id
    }

    func undo(_ commands: [CommandID]) {
        recordings.append(
            Recording(
                command: command("undo"), kind: "undo", content: commands.map(\.text).joined(),
                actor: Actor(name: "ines"),
                day: ReminderOffice.day, outcome: "{}", undoes: commands))
    }

    func finish() throws {
        try books.record(recordings)
        for row in rows { try books.transaction.insert(into: row.table, columns: row.columns, rows: [row.row]) }
    }
}
