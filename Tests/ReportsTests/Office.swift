import Books
import Database
import Ledger
import Money
import ReportsDesk
import TestSupport

/// A book to try reports on. What is written goes through `Books`, as the slices write it.
struct Office: Sendable {
    let database: any Database
    let book: Int64

    static let engines: [Engine] = [.sqlite, .postgres]

    static func open(_ engine: Engine, openFrom: Day = Day("2011-01-01")!) async throws -> Office {
        let database = try await TestDatabases.fresh(engine)
        _ = try await Schema.upgrade(database)
        return Office(database: database, book: try await found("DE", .eur, in: database, openFrom: openFrom))
    }

    static func found(_ code: String, _ currency: Currency, in database: any Database, openFrom: Day) async throws
        -> Int64
    {
        try await database.transaction {
            try Books.found(
                NewSeller(
                    code: code, name: "Uferlicht Werkstätten \(code)", country: "DE", currency: currency,
                    timeZone: "Europe/Berlin", language: "de", openFrom: openFrom),
                series: [("RE", "RE-{n:6}")], in: $0, clock: Instant("2011-01-01T00:00:00.000000Z")!,
                chance: UInt64(code.utf8.reduce(0) { $0 * 7 + Int($1) }))
        }
    }

    /// One transaction at `clock`; returns the recorded instant.
    @discardableResult
    func work(at clock: Instant, _ body: @escaping @Sendable (Clerk) throws -> Void) async throws -> Instant {
        let book = self.book
        return try await database.transaction { transaction in
            let clerk = Clerk(try Books(book, in: transaction, clock: clock, chance: UInt64(clock.micro % 1_000_003)))
            try body(clerk)
            try clerk.finish()
            return clerk.books.recorded
        }
    }

    func known() async throws -> Instant {
        try await database.read { Instant(try $0.query("SELECT max(recorded) FROM commands", [])[0].text(0))! }
    }
    func scope(_ day: String, known: Instant? = nil) async throws -> ReportScope {
        let settled: Instant
        if let known { settled = known } else { settled = try await self.known() }
        return ReportScope(book: book, asOf: Day(day)!, knownAt: settled)
    }
}

/// Writes what the slices would, inside one transaction.
final class Clerk {
    let books: Books
    private var recordings: [Recording] = []
    private var rows: [(table: String, columns: [String], row: [SQLValue])] = []
    private var place: Int64 = 0
    var currency = Currency.eur

    init(_ books: Books) { self.books = books }

    private func next() -> Int64 {
        place += 1
        return place
    }
    private func command(_ name: String) -> CommandID { CommandID("\(name)-\(books.recorded.micro)-\(next())")! }
    private func insert(_ table: String, _ values: [(String, SQLValue)]) {
        rows.append((table, values.map(\.0), values.map(\.1)))
    }
    private var book: SQLValue { .int(books.book) }
    private var recorded: SQLValue { .text(books.recordedText) }

    func line(_ account: Account, _ minor: Int64, _ customer: RecordID? = nil, _ item: RecordID? = nil, day: Day)
        -> EntryLine
    {
        let money = Money(minor: minor, currency)
        return EntryLine(account, customer: customer, item: item, amount: money, home: money, rate: .par(on: day))
    }

    func customer(_ number: String, _ name: String, country: String = "DE", toComplete: Bool = false) throws -> RecordID
    {
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
                    book, .int(id.number), .text(number), .int(0), .int(details.number), .text(country), .text(""),
                    .text(currency.code), .text("de"), .int(0), .int(0), .int(30), .text(""), .null,
                    .int(toComplete ? 1 : 0), .text(""), recorded,
                ]
            ])
        try self.details(of: id, as: details, name)
        for term in SearchTerms.terms(of: name) {
            _ = try books.transaction.execute(
                "INSERT INTO search_terms (book, term, kind, target) VALUES ($1, $2, 'customer', $3) ON CONFLICT DO NOTHING",
                [book, .text(term), .int(id.number)])
        }
        return id
    }

    func details(of customer: RecordID, as id: RecordID, _ name: String) throws {
        try books.transaction.insert(
            into: "customer_details",
            columns: [
                "book", "details", "customer", "name", "sort_key", "street", "postcode", "city", "vat_id", "salt",
                "hash",
                "recorded",
            ],
            rows: [
                [
                    book, .int(id.number), .int(customer.number), .text(name), .text(name), .text("Kai 7"),
                    .text("20457"),
                    .text("Hamburg"), .text(""), .text(""), .text(""), recorded,
                ]
            ])
    }

    /// An invoice, or a credit note where `minor` is negative; with one line and 19 % tax in it where `taxed`.
    @discardableResult
    func invoice(
        _ number: String, _ customer: RecordID, _ minor: Int64, issued day: Day, due: Day, kind: Entry.Kind = .sale,
        corrects: RecordID? = nil, order: String = ""
    ) throws -> (document: RecordID, command: CommandID) {
        let id = books.mint()
        let command = command("issue")
        let net = minor * 100 / 119
        let entry = Entry(
            kind, day: day,
            lines: [
                line(.receivables, minor, customer, id, day: day),
                line(kind == .history ? .openingBalance : .revenue, -net, day: day),
                line(.salesTax, net - minor, day: day),
            ].filter { !$0.amount.isZero })
        recordings.append(
            Recording(
                command: command, kind: "invoice.issue", content: number, actor: Actor(name: "ines"), day: day,
                outcome: "{}", entries: [books.post(entry)],
                items: [
                    NewItem(
                        id, account: .receivables, customer: customer, amount: Money(minor: minor, currency), day: day,
                        dueDay: due)
                ]))
        let details = try books.transaction.query(
            "SELECT details FROM customers WHERE book = $1 AND customer = $2", [book, .int(customer.number)])[0].int(0)
        insert(
            "documents",
            [
                ("book", book), ("document", .int(id.number)), ("customer", .int(customer.number)),
                ("details", .int(details)), ("kind", .text(minor < 0 ? "credit-note" : "invoice")),
                ("origin", .text(kind == .history ? "imported" : "own")), ("number", .text(number)),
                ("issue_day", .text(day.description)), ("due_day", .text(due.description)),
                ("currency", .text(currency.code)), ("net", .int(net)), ("tax", .int(minor - net)),
                ("gross", .int(minor)),
                ("order_id", .text(order)), ("po_number", .text("")), ("reference", .text("")),
                ("corrects", corrects.map { .int($0.number) } ?? .null), ("reason", .text("")),
                ("command", .text(command.text)), ("recorded", recorded),
            ])
        insert(
            "document_lines",
            [
                ("book", book), ("document", .int(id.number)), ("line", .int(1)), ("charge", .null),
                ("corrects_line", .null), ("sku", .text("LAMP")), ("description", .text("Leuchte")),
                ("quantity", .int(2_500_000)), ("unit", .text("C62")), ("unit_price", .int(199_900_000_000)),
                ("discount", .int(2_500_000)), ("net", .int(net)), ("vat_category", .text("S")),
                ("vat_rate", .int(19_000_000)), ("trace", .text("{}")),
            ])
        insert(
            "document_taxes",
            [
                ("book", book), ("document", .int(id.number)), ("vat_category", .text("S")),
                ("vat_rate", .int(19_000_000)),
                ("base", .int(net)), ("tax", .int(minor - net)), ("trace", .text("{}")),
            ])
        return (id, command)
    }

    func receipt(_ payment: String, _ minor: Int64, on day: Day) -> RecordID {
        let id = books.mint()
        let command = command("receive")
        let entry = Entry(
            .receipt, day: day,
            lines: [line(.bank, minor, day: day), line(.unapplied, -minor, nil, id, day: day)])
        recordings.append(
            Recording(
                command: command, kind: "bank.receive", content: payment, actor: Actor(name: "ines"), day: day,
                outcome: "{}", entries: [books.post(entry)],
                items: [
                    NewItem(
                        id, account: .unapplied, customer: nil, amount: Money(minor: -minor, currency), day: day,
                        dueDay: day)
                ]))
        insert(
            "receipts",
            [
                ("book", book), ("receipt", .int(id.number)), ("bank_line", .null), ("day", .text(day.description)),
                ("value_day", .text(day.description)), ("minor", .int(minor)), ("currency", .text(currency.code)),
                ("account", .text("")), ("payment_id", .text(payment)), ("reference", .text("")),
                ("text_hash", .text("")),
                ("command", .text(command.text)), ("recorded", recorded),
            ])
        return id
    }

    /// Applies a receipt whose payer was not known, all of it: what the documents do not take stays with the customer.
    @discardableResult
    func apply(
        _ receipt: RecordID, of minor: Int64, by customer: RecordID, on day: Day,
        to parts: [(document: RecordID, minor: Int64, writeOff: Int64)], account: Account = .discountGiven
    ) -> CommandID {
        let command = command("apply")
        let taken = parts.reduce(0) { $0 + $1.minor }
        var lines = [line(.unapplied, minor, nil, receipt, day: day)]
        if taken != minor { lines.append(line(.unapplied, taken - minor, customer, receipt, day: day)) }
        for part in parts {
            lines.append(line(.receivables, -part.minor - part.writeOff, customer, part.document, day: day))
            if part.writeOff != 0 { lines.append(line(account, part.writeOff, day: day)) }
        }
        let posted = books.post(Entry(.allocation, day: day, lines: lines))
        recordings.append(
            Recording(
                command: command, kind: "cash.apply", content: command.text, actor: Actor(name: "jon"), day: day,
                outcome: "{}", entries: [posted]))
        for part in parts {
            insert(
                "allocations",
                [
                    ("book", book), ("allocation", .int(books.mint().number)), ("command", .text(command.text)),
                    ("entry", .int(posted.id.number)), ("receipt", .int(receipt.number)),
                    ("document", .int(part.document.number)), ("customer", .int(customer.number)),
                    ("day", .text(day.description)), ("minor", .int(part.minor)), ("write_off", .int(part.writeOff)),
                    ("reason", .text(part.writeOff == 0 ? "" : "discount")), ("confidence", .int(9912)),
                    ("recorded", recorded),
                ])
        }
        return command
    }

    /// Takes a command back on a day.
    func undo(_ command: CommandID, on day: Day) throws {
        recordings.append(
            Recording(
                command: self.command("undo"), kind: "undo", content: command.text, actor: Actor(name: "ines"),
                day: day,
                outcome: "{}", entries: try books.reversals(of: command, on: day), undoes: [command]))
    }

    /// A row that a test writes itself.
    func row(_ table: String, _ values: [(String, SQLValue)]) {
        insert(table, [("book", book)] + values)
    }

    func dispute(_ document: RecordID, of customer: RecordID, _ minor: Int64, opened: Day, closed: Day? = nil) {
        insert(
            "disputes",
            [
                ("book", book), ("dispute", .int(books.mint().number)), ("document", .int(document.number)),
                ("customer", .int(customer.number)), ("minor", .int(minor)), ("reason", .text("quality")),
                ("opened", .text(opened.description)), ("closed", closed.map { .text($0.description) } ?? .null),
                ("command", .text("")), ("recorded", recorded),
            ])
    }

    func finish() throws {
        try books.record(recordings)
        var index = 0
        while index < rows.count {
            // Neighbours of one table go in together.
            let end = rows[index...].firstIndex { $0.table != rows[index].table } ?? rows.count
            try books.transaction.insert(
                into: rows[index].table, columns: rows[index].columns, rows: rows[index..<end].map(\.row))
            index = end
        }
    }
}
