import Books
import CorrespondenceDesk
import Database
import Foundation
import Host
import Ledger
import Mail
import Money
import Synchronization
import TestSupport

/// A clock that runs, and can be set forward.
final class OfficeClock: Sendable {
    private let ahead = Mutex<Int64>(0)
    func now() -> Instant {
        Instant(micro: Int64(Date().timeIntervalSince1970 * 1_000_000) + ahead.withLock { $0 })
    }
    func advance(minutes: Int64) { ahead.withLock { $0 += minutes * 60_000_000 } }
}

/// A book with customers and documents to write letters about; written through `Books`, as the slices write it.
struct PostOffice: Sendable {
    static let engines: [Engine] = [.sqlite, .postgres]
    let database: any Database
    let book: Int64
    let clock = OfficeClock()
    var desk: CorrespondenceDesk {
        CorrespondenceDesk(database, clock: { [clock] in clock.now() }, chance: { UInt64.random(in: 0...UInt64.max) })
    }

    static func open(_ engine: Engine, email: String = "billing@uferlicht.example") async throws -> PostOffice {
        let database = try await TestDatabases.fresh(engine)
        _ = try await Schema.upgrade(database)
        let book = try await database.transaction { transaction in
            var seller = NewSeller(
                code: "DE", name: "Uferlicht Werkstätten GmbH", country: "DE", currency: .eur,
                timeZone: "Europe/Berlin", language: "de", openFrom: Day("2026-01-01")!)
            seller.street = "Kai 7"
            seller.postcode = "20457"
            seller.city = "Hamburg"
            seller.vatID = "DE136695976"
            seller.email = email
            seller.accounts = [("DE02120300000000202051", "BYLADEM1001")]
            return try Books.found(
                seller, series: [("invoice", "RE-{n:6}")], in: transaction,
                clock: Instant("2026-01-01T00:00:00.000000Z")!, chance: 7)
        }
        return PostOffice(database: database, book: book)
    }

    @discardableResult
    func work<T: Sendable>(_ body: @escaping @Sendable (PostClerk) throws -> T) async throws -> T {
        let (now, chance) = (clock.now(), UInt64.random(in: 0...UInt64.max))
        return try await database.transaction { transaction in
            let clerk = PostClerk(try Books(book, in: transaction, clock: now, chance: chance))
            let result = try body(clerk)
            try clerk.finish()
            return result
        }
    }

    func known() async throws -> Instant {
        try await database.read { Instant(try $0.query("SELECT max(recorded) FROM commands", [])[0].text(0))! }
    }

    struct OutboxRow: Sendable, Equatable {
        let message: RecordID
        let state: String
        let attempts: Int64
        let messageID: String?
        let answer: String
    }
    func outbox() async throws -> [OutboxRow] {
        try await database.read { transaction in
            try transaction.query(
                "SELECT message, state, attempts, message_id, answer FROM outbox ORDER BY message", []
            )
            .map {
                OutboxRow(
                    message: RecordID(number: try $0.int(0)), state: try $0.text(1), attempts: try $0.int(2),
                    messageID: try $0.textOrNil(3), answer: try $0.text(4))
            }
        }
    }

    /// A folder that is not there yet.
    static func folder() -> String {
        TestFolder.path("post").path
    }
}

/// Writes what the slices would, inside one transaction.
final class PostClerk {
    let books: Books
    private var recordings: [Recording] = []
    private var rows: [(table: String, columns: [String], row: [SQLValue])] = []
    private var place: Int64 = 0

    init(_ books: Books) { self.books = books }

    private var book: SQLValue { .int(books.book) }
    private var recorded: SQLValue { .text(books.recordedText) }
    private func command(_ name: String) -> CommandID {
        place += 1
        return CommandID("\(name)-\(books.recorded.micro)-\(place)")!
    }
    private func insert(_ table: String, _ values: [(String, SQLValue)]) {
        rows.append((table, ["book"] + values.map(\.0), [book] + values.map(\.1)))
    }

    /// `mail`: purpose and address.
    func customer(
        _ number: String, _ name: String, mail: [(purpose: String, email: String)], language: String = "de",
        country: String = "DE"
    ) throws -> RecordID {
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
                    .text("EUR"), .text(language), .int(0), .int(0), .int(30), .text(""), .null, .int(0), .text(""),
                    recorded,
                ]
            ])
        try self.details(of: id, as: details, name)
        for (place, contact) in mail.enumerated() {
            insert(
                "contacts",
                [
                    ("customer", .int(id.number)), ("purpose", .text(contact.purpose)), ("place", .int(Int64(place))),
                    ("name", .text("Kim Muster")), ("email", .text(contact.email)), ("phone", .text("")),
                ])
        }
        return id
    }

    func details(of customer: RecordID, as id: RecordID, _ name: String) throws {
        try books.transaction.insert(
            into: "customer_details",
            columns: [
                "book", "details", "customer", "name", "sort_key", "street", "postcode", "city", "vat_id", "salt",
                "hash", "recorded",
            ],
            rows: [
                [
                    book, .int(id.number), .int(customer.number), .text(name), .text(name), .text("Werftstraße 1"),
                    .text("28195"), .text("Bremen"), .text(""), .text(""), .text(""), recorded,
                ]
            ])
    }

    private func line(
        _ account: Account, _ minor: Int64, _ currency: Currency, _ customer: RecordID? = nil, _ item: RecordID? = nil,
        day: Day
    ) -> EntryLine {
        let money = Money(minor: minor, currency)
        return EntryLine(
            account, customer: customer, item: item, amount: money, home: Money(minor: minor, .eur),
            rate: ExchangeRate(scaled: 10_000_000_000, day: day, source: "test"))
    }

    /// An invoice with one line and 19 % VAT (a credit note where `net` is negative), with its letter where `channel` says how.
    @discardableResult
    func document(
        _ number: String, _ customer: RecordID, net: Int64, issued day: Day, due: Day, currency: Currency = .eur,
        corrects: RecordID? = nil, channel: LetterRequest.Channel? = .email
    ) throws -> RecordID {
        let id = books.mint()
        let command = command("issue")
        let tax = net * 19 / 100
        let credit = net < 0
        recordings.append(
            Recording(
                command: command, kind: "invoice.issue", content: number, actor: Actor(name: "ines"), day: day,
                outcome: "{}",
                entries: [
                    books.post(
                        Entry(
                            credit ? .credit : .sale, day: day,
                            lines: [
                                line(.receivables, net + tax, currency, customer, id, day: day),
                                line(.revenue, -net, currency, day: day), line(.salesTax, -tax, currency, day: day),
                            ]))
                ],
                items: [
                    NewItem(
                        id, account: .receivables, customer: customer, amount: Money(minor: net + tax, currency),
                        day: day, dueDay: due)
                ],
                letters: channel.map {
                    [LetterRequest(credit ? .creditNote : .invoice, document: id, customer: customer, channel: $0)]
                } ?? []))
        let details = try books.transaction.query(
            "SELECT details FROM customers WHERE book = $1 AND customer = $2", [book, .int(customer.number)])[0].int(0)
        insert(
            "documents",
            [
                ("document", .int(id.number)), ("customer", .int(customer.number)), ("details", .int(details)),
                ("kind", .text(credit ? "credit-note" : "invoice")), ("origin", .text("own")),
                ("number", .text(number)), ("issue_day", .text(day.description)), ("due_day", .text(due.description)),
                ("currency", .text(currency.code)), ("net", .int(net)), ("tax", .int(tax)), ("gross", .int(net + tax)),
                ("order_id", .text("A-17")), ("po_number", .text("PO 4711")), ("reference", .text("")),
                ("corrects", corrects.map { .int($0.number) } ?? .null), ("reason", .text("")),
                ("command", .text(command.text)), ("recorded", recorded),
            ])
        insert(
            "document_lines",
            [
                ("document", .int(id.number)), ("line", .int(1)), ("charge", .null), ("corrects_line", .null),
                ("sku", .text("LAMP-1")), ("description", .text("Leuchte Möwe")),
                ("quantity", .int(credit ? -1_000_000 : 1_000_000)), ("unit", .text("C62")),
                ("unit_price", .int(abs(net) * 100_000_000)), ("discount", .int(0)), ("net", .int(net)),
                ("vat_category", .text("S")), ("vat_rate", .int(19_000_000)), ("trace", .text("{}")),
            ])
        insert(
            "document_taxes",
            [
                ("document", .int(id.number)), ("vat_category", .text("S")), ("vat_rate", .int(19_000_000)),
                ("base", .int(net)), ("tax", .int(tax)), ("trace", .text("{}")),
            ])
        return id
    }

    /// Money received and applied in part; what is left stands to the customer's account.
    func payment(_ minor: Int64, by customer: RecordID, on day: Day, to parts: [(document: RecordID, minor: Int64)]) {
        let id = books.mint()
        let command = command("cash")
        let taken = parts.reduce(0) { $0 + $1.minor }
        recordings.append(
            Recording(
                command: command, kind: "cash.apply", content: command.text, actor: Actor(name: "jon"), day: day,
                outcome: "{}",
                entries: [
                    books.post(
                        Entry(
                            .receipt, day: day,
                            lines: [
                                line(.bank, minor, .eur, day: day),
                                line(.unapplied, -minor, .eur, customer, id, day: day),
                            ])),
                    books.post(
                        Entry(
                            .allocation, day: day,
                            lines: [line(.unapplied, taken, .eur, customer, id, day: day)]
                                + parts.map { line(.receivables, -$0.minor, .eur, customer, $0.document, day: day) })),
                ],
                items: [
                    NewItem(
                        id, account: .unapplied, customer: customer, amount: Money(minor: -minor, .eur), day: day,
                        dueDay: day)
                ]))
        insert(
            "receipts",
            [
                ("receipt", .int(id.number)), ("bank_line", .null), ("day", .text(day.description)),
                ("value_day", .text(day.description)), ("minor", .int(minor)), ("currency", .text("EUR")),
                ("account", .text("")), ("payment_id", .text("PAY-\(minor)")), ("reference", .text("")),
                ("text_hash", .text("")), ("command", .text(command.text)), ("recorded", recorded),
            ])
    }

    /// A reminder over one document, with its letter.
    func reminder(
        _ customer: RecordID, level: Int64, day: Day, _ documents: [(document: RecordID, minor: Int64)],
        channel: LetterRequest.Channel = .email
    ) throws {
        let id = books.mint()
        let command = command("remind")
        recordings.append(
            Recording(
                command: command, kind: "reminder.issue", content: command.text, actor: Actor(name: "ines"), day: day,
                outcome: "{}",
                letters: [LetterRequest(.reminder, document: id, customer: customer, channel: channel)]))
        let details = try books.transaction.query(
            "SELECT details FROM customers WHERE book = $1 AND customer = $2", [book, .int(customer.number)])[0].int(0)
        insert(
            "reminders",
            [
                ("reminder", .int(id.number)), ("customer", .int(customer.number)), ("details", .int(details)),
                ("level", .int(level)), ("day", .text(day.description)), ("pay_by", .text((day + 10).description)),
                ("currency", .text("EUR")), ("total", .int(documents.reduce(0) { $0 + $1.minor })),
                ("command", .text(command.text)), ("recorded", recorded),
            ])
        for one in documents {
            insert(
                "reminder_items",
                [
                    ("reminder", .int(id.number)), ("document", .int(one.document.number)), ("level", .int(level)),
                    ("minor", .int(one.minor)),
                ])
        }
    }

    /// A statement, asked for now.
    func statement(_ customer: RecordID) {
        let command = command("statement")
        recordings.append(
            Recording(
                command: command, kind: "statement.send", content: command.text, actor: Actor(name: "ines"),
                day: Day("2026-10-31")!, outcome: "{}",
                letters: [LetterRequest(.statement, document: customer, customer: customer, channel: .email)]))
    }

    func finish() throws {
        try books.record(recordings)
        for row in rows { try books.transaction.insert(into: row.table, columns: row.columns, rows: [row.row]) }
    }
}

/// A real mail server, tools/mail_server.py, as a process of its own. It ends with this one.
final class PostalServer: Sendable {
    let port: Int
    private let folder: URL
    private let process: ChildProcess
    private let input: Pipe

    struct Unavailable: Error, CustomStringConvertible { let description: String }

    init(mode: String = "accept", delay: Double = 3) throws {
        guard let python = ProcessInfo.processInfo.environment["DULY_TEST_PYTHON"] else {
            throw Unavailable(
                description: "DULY_TEST_PYTHON is not set; ./test prepares a Python with aiosmtpd and sets it")
        }
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-mail-\(UUID().uuidString)")
        process = ChildProcess()
        input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [
            root.appendingPathComponent("tools/mail_server.py").path, "--folder", folder.path, "--mode", mode,
            "--delay",
            "\(delay)", "--forget", "--listen", "plain",
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw Unavailable(description: "tools/mail_server.py ended before it was ready")
            }
            line += more
        }
        guard let port = Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
        else {
            throw Unavailable(description: "the mail server named no port")
        }
        self.port = port
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func settings() throws -> SMTPSettings { try SMTPSettings("smtp://127.0.0.1:\(port)?tls=none") }

    /// Number, Message-ID, sender, recipients, connection of each message taken, in their order.
    var rows: [[String]] {
        let text = (try? String(contentsOf: folder.appendingPathComponent("accepted.tsv"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    }
    var accepted: [String] { rows.map { $0[1] } }
    func message(_ number: Int) throws -> String {
        let name = String(repeating: "0", count: 6 - "\(number)".count) + "\(number).eml"
        return String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
}
