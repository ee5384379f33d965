import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Testing

/// Two sellers, each with the customers of two portfolios, a customer of neither, and money that nobody placed. Whatever belongs to
/// one of them carries its mark in every name and number: `DE·N` is the seller DE's part of the portfolio North.
struct SightOffice: Sendable {
    static let day = Day("2026-03-10")!
    static let (north, south) = (Int64(71), Int64(72))
    let offices: [Office]
    var database: any Database { offices[0].database }
    var books: [Int64] { offices.map(\.book) }

    /// `only` some marks: what the books are like for who sees no others. `isSharing`: with a payment for customers of both portfolios.
    static func open(_ engine: Engine, only: Set<String>? = nil, isSharing: Bool = true) async throws -> SightOffice {
        let first = try await Office.open(engine)
        let second = Office(
            database: first.database,
            book: try await Office.found("FR", .eur, in: first.database, openFrom: Day("2011-01-01")!))
        let office = SightOffice(offices: [first, second])
        try await first.database.transaction { transaction in
            for (id, name) in [(north, "North"), (south, "South")] {
                try transaction.insert(
                    into: "portfolios", columns: ["portfolio", "name", "recorded"],
                    rows: [[.int(id), .text(name), .text("2026-01-01T00:00:00.000000Z")]])
            }
        }
        for (seller, code) in zip(office.offices, ["DE", "FR"]) {
            try await seller.work(at: Instant("2026-01-10T12:00:00.000000Z")!) { clerk in
                var mine: [String: (RecordID, RecordID)] = [:]
                for (part, portfolio) in [("N", north), ("S", south), ("O", nil)] as [(String, Int64?)] {
                    let mark = "\(code)\(part)"
                    guard only?.contains(mark) ?? true else { continue }
                    mine[part] = try customer(mark, portfolio, clerk)
                }
                guard only?.contains("\(code)X") ?? true else { return }
                try nobodys("\(code)X", isSharing ? mine["N"] : nil, mine["S"], clerk)
            }
        }
        return office
    }

    /// A customer with something of every kind.
    private static func customer(_ mark: String, _ portfolio: Int64?, _ clerk: Clerk) throws -> (RecordID, RecordID) {
        let id = try clerk.customer("K-\(mark)", "Firma \(mark) Handel")
        if let portfolio {
            try clerk.books.transaction.insert(
                into: "portfolio_customers", columns: ["book", "portfolio", "customer"],
                rows: [[.int(clerk.books.book), .int(portfolio), .int(id.number)]])
        }
        func day(_ text: String) -> Day { Day(text)! }
        let paid = try clerk.invoice(
            "RE-\(mark)-1", id, 11_900, issued: day("2026-01-01"), due: day("2026-01-31"), order: "SO-\(mark)")
        let open = try clerk.invoice("RE-\(mark)-2", id, 23_800, issued: day("2026-01-05"), due: day("2026-02-01"))
        let back = try clerk.invoice("RE-\(mark)-3", id, 5_950, issued: day("2026-01-06"), due: day("2026-02-05"))
        try clerk.invoice(
            "GS-\(mark)", id, -1_190, issued: day("2026-01-08"), due: day("2026-01-08"), corrects: open.document)
        let receipt = clerk.receipt("P-\(mark)-1", 12_500, on: day("2026-02-03"))
        clerk.apply(receipt, of: 12_500, by: id, on: day("2026-02-03"), to: [(paid.document, 11_900, 0)])
        let whole = clerk.receipt("P-\(mark)-2", 5_900, on: day("2026-02-04"))
        clerk.apply(whole, of: 5_900, by: id, on: day("2026-02-04"), to: [(back.document, 5_900, 50)])
        clerk.dispute(open.document, of: id, 300, opened: day("2026-02-04"))
        clerk.row(
            "charges",
            [
                ("charge", .int(clerk.books.mint().number)), ("customer", .int(id.number)),
                ("order_id", .text("SO-\(mark)-9")), ("line_no", .int(1)), ("day", .text("2026-03-01")),
                ("currency", .text("EUR")), ("po_number", .text("")), ("sku", .text("LAMP")),
                ("description", .text("Lampe \(mark)")), ("quantity", .int(1_000_000)),
                ("unit_price", .int(10_000_000_000)), ("discount", .int(0)), ("billed_by", .null),
                ("command", .text("")), ("recorded", .text(clerk.books.recordedText)),
            ])
        clerk.row(
            "holds",
            [
                ("hold", .int(clerk.books.mint().number)), ("customer", .int(id.number)), ("document", .null),
                ("reason", .text("court \(mark)")), ("from_day", .text("2026-02-01")), ("to_day", .null),
                ("command", .text("")), ("recorded", .text(clerk.books.recordedText)),
            ])
        return (id, open.document)
    }

    /// A receipt that nobody placed, a statement of the bank, and a payment for customers of both portfolios.
    private static func nobodys(
        _ mark: String, _ north: (RecordID, RecordID)?, _ south: (RecordID, RecordID)?, _ clerk: Clerk
    ) throws {
        let unplaced = clerk.receipt("P-\(mark)", 40_000, on: Day("2026-02-05")!)
        clerk.row(
            "match_proposals",
            [
                ("receipt", .int(unplaced.number)), ("place", .int(0)), ("document", .null), ("minor", .int(500)),
                ("write_off", .int(0)), ("confidence", .int(8_100)), ("reason", .text("amount \(mark)")),
                ("runner_up", .text("")),
            ])
        for (number, opening) in [(1, 0), (2, 900)] as [(Int64, Int64)] {
            clerk.row(
                "bank_statements",
                [
                    ("statement", .int(number)), ("account", .text("IBAN \(mark)")), ("format", .text("camt")),
                    ("name", .text("\(mark)/\(number)")), ("currency", .text("EUR")),
                    ("opening_day", .text("2026-02-0\(number)")), ("opening", .int(opening)),
                    ("closing_day", .text("2026-02-0\(number)")), ("closing", .int(opening + 1)),
                    ("balanced", .int(1)), ("lines", .int(1)), ("command", .text("")),
                    ("recorded", .text(clerk.books.recordedText)),
                ])
        }
        clerk.row(
            "follow_ups",
            [
                ("follow_up", .text("follow-\(mark)")), ("command", .text("follow-\(mark)")),
                ("kind", .text("k-\(mark)")),
                ("content", .text("")), ("state", .text("stuck")), ("attempts", .int(3)),
                ("next_at", .text(clerk.books.recordedText)), ("problem", .text("why \(mark)")),
                ("recorded", .text(clerk.books.recordedText)),
            ])
        try clerk.books.record([
            Recording(
                command: CommandID("follow-\(mark)")!, kind: "run", content: "", actor: Actor(name: "ines"),
                day: Day("2026-02-05")!, outcome: "{\"all\":\"\(mark)\"}")
        ])
        guard let north, let south else { return }
        let shared = clerk.receipt("P-\(mark)-SHARED", 2_000, on: Day("2026-02-06")!)
        clerk.share(shared, of: 2_000, on: Day("2026-02-06")!, north, south)
    }

    func sight(_ sellers: [Int]?, _ portfolio: Int64?) -> Sight {
        Sight(books: sellers.map { $0.map { books[$0] } }, portfolio: portfolio)
    }
}

extension Clerk {
    /// Half of a receipt to each of two customers.
    func share(
        _ receipt: RecordID, of minor: Int64, on day: Day, _ one: (RecordID, RecordID), _ other: (RecordID, RecordID)
    ) {
        for (customer, document) in [one, other] {
            apply(receipt, of: minor / 2, by: customer, on: day, to: [(document, minor / 2, 0)])
        }
    }
}

@Suite("What a person may see")
struct SightTests {
    typealias Read = @Sendable (any Transaction, ReportScope) throws -> any Encodable & Sendable

    /// Every read of the reports, over all that the sight lets through.
    static let reads: [(name: String, read: Read)] = [
        ("ageing", { try AgingReport.read($1, AgingBuckets()!, in: $0) }),
        ("rollforward", { try RollforwardReport.read($1, from: nil, in: $0) }),
        ("dso", { try DSOReport.read($1, in: $0) }),
        ("late", { try LateReport.read($1, in: $0) }),
        ("collections", { try CollectionsReport.read($1, from: nil, in: $0) }),
        ("unbilled", { try UnbilledReport.read($1, in: $0) }),
        (
            "journal",
            { transaction, scope in
                var lines: [JournalLine] = []
                _ = try JournalReport.stream(scope, from: nil, in: transaction) { lines.append($0) }
                return lines
            }
        ),
        ("worklist", { try Worklist.read(book: $1.book, today: $1.asOf, limit: 1_000, in: $0) }),
        ("customers", { try CustomerRow.list(book: $1.book, asOf: $1.asOf, in: $0) }),
        ("invoices", { try InvoiceRow.list(book: $1.book, asOf: $1.asOf, in: $0) }),
        ("history", { try HistoryRow.list(book: $1.book, limit: 1_000, in: $0) }),
        (
            "statements",
            { transaction, scope in
                var all: [OpenItemStatement] = []
                try OpenItemStatement.each(scope, buckets: AgingBuckets()!, in: transaction) { all.append($0) }
                return all
            }
        ),
        ("search by name", { try SearchHit.search("firma", book: $1.book, limit: 100, in: $0) }),
        ("search by document", { try SearchHit.search("RE-", book: $1.book, limit: 100, in: $0) }),
        ("search by receipt", { try SearchHit.search("P-", book: $1.book, limit: 100, in: $0) }),
        ("search by order", { try SearchHit.search("SO-", book: $1.book, limit: 100, in: $0) }),
    ]

    /// What is asked for by a name that somebody may guess.
    static let named: [(name: String, read: @Sendable (any Transaction, ReportScope, String) throws -> any Encodable)] =
        [
            ("customer", { try CustomerSheet.read(number: "K-\($2)", book: $1.book, asOf: $1.asOf, in: $0) }),
            ("timeline", { try TimelineItem.list(customer: "K-\($2)", book: $1.book, in: $0).items }),
            ("history of a customer", { try HistoryRow.list(book: $1.book, customer: "K-\($2)", in: $0).items }),
            ("history of a document", { try HistoryRow.list(book: $1.book, document: "RE-\($2)-2", in: $0).items }),
            ("invoice", { try InvoiceSheet.read(number: "RE-\($2)-2", book: $1.book, asOf: $1.asOf, in: $0) }),
            (
                "statement",
                { try OpenItemStatement.read(customer: "K-\($2)", $1, buckets: AgingBuckets()!, in: $0) }
            ),
            ("search", { try SearchHit.search("K-\($2)", book: $1.book, in: $0) }),
        ]
    static let marks = ["DEN", "DES", "DEO", "DEX", "FRN", "FRS", "FRO", "FRX"]

    static let matrix: [(sellers: [Int]?, portfolio: Int64?, marks: Set<String>)] = [
        ([0], nil, ["DEN", "DES", "DEO", "DEX"]),
        ([1], nil, ["FRN", "FRS", "FRO", "FRX"]),
        (nil, SightOffice.north, ["DEN", "FRN"]),
        (nil, SightOffice.south, ["DES", "FRS"]),
        ([0], SightOffice.north, ["DEN"]),
        ([1], SightOffice.south, ["FRS"]),
        ([], nil, []),
        (nil, 99, []),
        ([0, 1], nil, ["DEN", "DES", "DEO", "DEX", "FRN", "FRS", "FRO", "FRX"]),
    ]

    static func text(_ value: any Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test("no read shows anything foreign, and each shows what is one's own", arguments: Office.engines)
    func lists(engine: Engine) async throws {
        let office = try await SightOffice.open(engine)
        let scope = ReportScope(book: nil, asOf: SightOffice.day, knownAt: try await office.offices[0].known())
        for (sellers, portfolio, seen) in Self.matrix {
            let limited = office.database.limited(to: office.sight(sellers, portfolio))
            var everything = ""
            for (name, read) in Self.reads {
                let text = try await limited.read { transaction in try Self.text(try read(transaction, scope)) }
                for mark in Self.marks where !seen.contains(mark) {
                    #expect(!text.contains(mark), "\(name) of \(seen.sorted()) shows \(mark)")
                }
                everything += text
            }
            for mark in seen { #expect(everything.contains(mark), "\(mark) is not seen in \(seen.sorted())") }
        }
    }

    @Test("what is out of sight is not there under its number either", arguments: Office.engines)
    func guesses(engine: Engine) async throws {
        let office = try await SightOffice.open(engine)
        let scope = ReportScope(book: nil, asOf: SightOffice.day, knownAt: try await office.offices[0].known())
        for (sellers, portfolio, seen) in Self.matrix {
            let limited = office.database.limited(to: office.sight(sellers, portfolio))
            for mark in Self.marks where !mark.hasSuffix("X") {
                for (name, read) in Self.named {
                    let text = try await limited.read { transaction in
                        try Self.text(try read(transaction, scope, mark))
                    }
                    #expect((text == "[]") == !seen.contains(mark), "\(name) of \(mark) by \(seen.sorted()): \(text)")
                    for foreign in Self.marks where !seen.contains(foreign) {
                        #expect(!text.contains(foreign), "\(name) of \(mark) shows \(foreign)")
                    }
                }
            }
        }
    }

    @Test("exports hold what is seen and nothing else", arguments: Office.engines)
    func exports(engine: Engine) async throws {
        let office = try await SightOffice.open(engine)
        let vault = Vault(key: Array(repeating: 7, count: 32))
        for (sellers, portfolio, seen) in Self.matrix {
            let limited = office.database.limited(to: office.sight(sellers, portfolio))
            var everything = ""
            for kind in TableExport.kinds {
                let text = try await limited.read { transaction in
                    var text = ""
                    try TableExport(transaction, book: nil, vault: vault, today: SightOffice.day).rows(kind) {
                        text += $0.joined(separator: ";") + "\n"
                    }
                    return text
                }
                for mark in Self.marks where !seen.contains(mark) {
                    #expect(!text.contains(mark), "\(kind) of \(seen.sorted()) shows \(mark)")
                }
                everything += text
            }
            for mark in seen { #expect(everything.contains(mark), "\(mark) is not exported for \(seen.sorted())") }
        }
    }

    @Test("figures are those of books that hold nothing else", arguments: Office.engines)
    func totals(engine: Engine) async throws {
        let office = try await SightOffice.open(engine, isSharing: false)
        let known = try await office.offices[0].known()
        for (sellers, portfolio, seen) in Self.matrix where !seen.isEmpty && seen.count < 8 {
            let alone = try await SightOffice.open(engine, only: seen, isSharing: false)
            let limited = office.database.limited(to: office.sight(sellers, portfolio))
            let ofAll = ReportScope(book: nil, asOf: SightOffice.day, knownAt: known)
            let ofAlone = ReportScope(
                book: sellers.map { alone.books[$0[0]] }, asOf: SightOffice.day,
                knownAt: max(known, try await alone.offices[0].known()))
            for (name, read) in Self.reads where Self.figures.contains(name) {
                let text = try await limited.read { transaction in try Self.text(try read(transaction, ofAll)) }
                let expected = try await alone.database.read { transaction in
                    try Self.text(try read(transaction, ofAlone))
                }
                #expect(Self.plain(text) == Self.plain(expected), "\(name) of \(seen.sorted())")
            }
        }
    }
    static let figures: Set<String> = [
        "ageing", "rollforward", "dso", "late", "collections", "unbilled", "customers",
    ]
    /// Without what differs from one making of the books to the next.
    static func plain(_ text: String) -> String {
        text.replacing(/"(document|known_at|id|command)":"[^"]*"/, with: "")
    }

    @Test("a limited database writes nothing, and says so", arguments: Office.engines)
    func readsOnly(engine: Engine) async throws {
        let office = try await SightOffice.open(engine)
        let limited = office.database.limited(to: office.sight([0], nil))
        await #expect(throws: SightRefusal.readsOnly) {
            try await limited.transaction { _ = try $0.execute("DELETE FROM search_terms WHERE book = 1", []) }
        }
        await #expect(throws: DatabaseError.self) {
            try await limited.read { _ = try $0.execute("DELETE FROM search_terms WHERE book = 1", []) }
        }
    }

    @Test(
        "what a command names is checked, and what is out of sight is as if it were not there",
        arguments: Office.engines)
    func commands(engine: Engine) async throws {
        let office = try await SightOffice.open(engine)
        let sight = office.sight(nil, SightOffice.north)
        let names: (String) -> [CommandSubject] = { mark in
            [
                CommandSubject(.customer, "K-\(mark)"), CommandSubject(.document, "RE-\(mark)-2"),
                CommandSubject(.receipt, "P-\(mark)-1"),
            ]
        }
        #expect(try await sight.unseen(names("DEN"), book: nil, in: office.database) == [])
        #expect(try await sight.unseen(names("DEN"), book: office.books[1], in: office.database) == names("DEN"))
        for mark in ["DES", "DEO", "FRS", "QQQ"] {
            #expect(try await sight.unseen(names(mark), book: nil, in: office.database) == names(mark))
            let refused = await #expect(throws: Refusals.self) {
                try await sight.check(names(mark), book: nil, in: office.database)
            }
            #expect(refused?.all.map(\.why).first == "There is no customer K-\(mark).")
        }
        #expect(try await Sight.everything.unseen(names("QQQ"), book: nil, in: office.database) == [])
        let own = try await office.database.read { transaction in
            try transaction.query(
                "SELECT command FROM documents WHERE book = $1 AND number IN ('RE-DEN-2', 'RE-DES-2') ORDER BY number",
                [.int(office.books[0])]
            ).map { CommandSubject(.command, try $0.text(0)) }
        }
        #expect(try await sight.unseen(own, book: nil, in: office.database) == [own[1]])
    }

    @Test("one connection serves one after another without mixing them up", arguments: Office.engines)
    func turns(engine: Engine) async throws {
        let office = try await SightOffice.open(engine)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for turn in 0..<64 {
                group.addTask {
                    let (sellers, portfolio, seen) = Self.matrix[turn % Self.matrix.count]
                    let numbers = try await office.database.limited(to: office.sight(sellers, portfolio)).read {
                        try $0.query("SELECT number FROM customers ORDER BY number", []).map { try $0.text(0) }
                    }
                    #expect(numbers == seen.filter { !$0.hasSuffix("X") }.map { "K-\($0)" }.sorted())
                }
            }
            try await group.waitForAll()
        }
    }
}
