import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Testing

@Suite("Statement, worklist, timeline, history, search")
struct DeskTests {
    static func day(_ text: String) -> Day { Day(text)! }
    static let early = Instant("2026-01-10T12:00:00.000000Z")!
    static let later = Instant("2026-03-10T12:00:00.000000Z")!

    static func office(_ engine: Engine) async throws -> Office {
        let office = try await Office.open(engine)
        try await office.work(at: early) { clerk in
            let anna = try clerk.customer("0010", "Anna Müller & Söhne")
            let bert = try clerk.customer("0002", "東京電力", toComplete: true)
            let first = try clerk.invoice(
                "RE-1", anna, 11_900, issued: day("2026-01-01"), due: day("2026-01-31"), order: "SO-88"
            ).document
            try clerk.invoice("RE-2", anna, 23_800, issued: day("2026-01-05"), due: day("2026-03-31"))
            try clerk.invoice("RE-3", bert, 100_000, issued: day("2026-01-05"), due: day("2026-02-01"))
            let third = try clerk.invoice("RE-4", bert, 500, issued: day("2026-01-05"), due: day("2026-02-02")).document
            let receipt = clerk.receipt("P-1", 12_500, on: day("2026-02-03"))
            clerk.apply(receipt, of: 12_500, by: anna, on: day("2026-02-03"), to: [(first, 11_900, 0)])
            let unknown = clerk.receipt("P-2", 40_000, on: day("2026-02-05"))
            clerk.row(
                "match_proposals",
                [
                    ("receipt", .int(unknown.number)), ("place", .int(0)), ("document", .int(third.number)),
                    ("minor", .int(500)), ("write_off", .int(0)), ("confidence", .int(8_100)),
                    ("reason", .text("amount")),
                    ("runner_up", .text("")),
                ])
            clerk.dispute(third, of: bert, 300, opened: day("2026-02-04"))
            clerk.currency = .usd
            try clerk.invoice("RE-5", anna, 50_000, issued: day("2026-01-05"), due: day("2026-02-01"))
            for (number, opening, closing) in [(1, 0, 1_000), (2, 1_200, 1_300), (3, 1_300, 1_400)]
                as [(Int64, Int64, Int64)]
            {
                clerk.row(
                    "bank_statements",
                    [
                        ("statement", .int(number)), ("account", .text("DE02")), ("format", .text("camt")),
                        ("name", .text("2026/\(number)")), ("currency", .text("EUR")),
                        ("opening_day", .text("2026-02-0\(number)")), ("opening", .int(opening)),
                        ("closing_day", .text("2026-02-0\(number)")), ("closing", .int(closing)), ("balanced", .int(1)),
                        ("lines", .int(1)), ("command", .text("")), ("recorded", .text(clerk.books.recordedText)),
                    ])
            }
        }
        return office
    }

    @Test(
        "an open-item statement tells items, money on account and ages, by the details in force",
        arguments: Office.engines)
    func statement(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let before = try await office.known()
        let after = try await office.work(at: Self.later) { clerk in
            let row = try clerk.books.transaction.query("SELECT customer FROM customers WHERE number = '0010'", [])[0]
            let details = clerk.books.mint()
            try clerk.details(of: RecordID(number: try row.int(0)), as: details, "Anna Meier KG")
            _ = try clerk.books.transaction.execute(
                "UPDATE customers SET details = $1 WHERE number = '0010'", [.int(details.number)])
        }
        let scope = ReportScope(book: office.book, asOf: Self.day("2026-03-10"), knownAt: before)
        let all = try await office.database.read { transaction in
            var all: [OpenItemStatement] = []
            try OpenItemStatement.each(scope, buckets: AgingBuckets()!, in: transaction) { all.append($0) }
            return all
        }
        #expect(all.map(\.customer) == ["0002", "0010"])
        let anna = all[1]
        #expect(anna.address.name == "Anna Müller & Söhne")
        #expect(anna.currencies.map(\.currency) == ["EUR", "USD"])
        #expect(anna.currencies[0].items.map(\.invoiceNo) == ["RE-2"])
        #expect(anna.currencies[0].items.map(\.daysOverdue) == [0])
        #expect(anna.currencies[0].onAccount.map(\.unallocated) == ["6.00"])
        #expect(anna.currencies[0].onAccount.map(\.received) == ["125.00"])
        #expect(anna.currencies[0].net == "232.00")
        #expect(anna.currencies[1].items.map(\.daysOverdue) == [37])
        #expect(anna.currencies[1].buckets.map(\.amount) == ["0.00", "0.00", "500.00", "0.00", "0.00"])
        #expect(all[0].currencies[0].disputed == "3.00")
        let known = try await office.scope("2026-03-10", known: after)
        let one = try await office.database.read {
            try OpenItemStatement.read(customer: "0010", known, buckets: AgingBuckets()!, in: $0)
        }
        #expect(one.map(\.address.name) == ["Anna Meier KG"])
        #expect(one[0].currencies == anna.currencies)
    }

    @Test("the worklist puts most worth first, whatever the currency, and pages", arguments: Office.engines)
    func worklist(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let book = office.book
        func read(limit: Int = 100, after: String? = nil) async throws -> Worklist {
            try await office.database.read {
                try Worklist.read(book: book, today: Self.day("2026-03-10"), limit: limit, after: after, in: $0)
            }
        }
        func named(_ list: Worklist) -> [String] { list.items.map { "\($0.kind) \($0.worth?.amount ?? "-")" } }
        let plain = [
            "overdue 1000.00", "match-proposal 400.00", "unplaced-money 6.00", "dispute 3.00", "statement-gap 2.00",
        ]
        // Without a rate dollars come after what can be compared.
        #expect(named(try await read()) == plain + ["overdue 500.00", "customer-to-complete -"])
        try await office.database.transaction {
            try $0.script(
                """
                INSERT INTO exchange_rates VALUES
                    ('USD', 'EUR', '2026-01-02', 9000000000, 'ECB', '2026-01-02T12:00:00.000000Z'),
                    ('USD', 'EUR', '2027-01-02', 10000000, 'ECB', '2026-01-02T12:00:00.000000Z')
                """)
        }
        let list = try await read()
        #expect(named(list) == [plain[0], "overdue 500.00"] + plain.dropFirst() + ["customer-to-complete -"])
        #expect(list.total == 7)
        #expect(list.worth.map(\.currency) == ["EUR", "USD"])
        #expect(list.kinds.first?.kind == "overdue")
        #expect(list.kinds.first?.count == 2)
        #expect(list.items[2].why.contains("RE-4"))
        #expect(list.items.allSatisfy { !$0.next.isEmpty && !$0.why.isEmpty && $0.since.count == 10 })
        var paged: [String] = []
        var after: String?
        repeat {
            let page = try await read(limit: 3, after: after)
            paged += page.items.map(\.id)
            after = page.next
        } while after != nil
        #expect(paged == list.items.map(\.id))
    }

    @Test(
        "the timeline and the history of a customer tell what happened and what was taken back",
        arguments: Office.engines)
    func timeline(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let book = office.book
        try await office.work(at: Self.later) { clerk in
            let row = try clerk.books.transaction.query("SELECT command FROM allocations", [])[0]
            try clerk.undo(CommandID(try row.text(0))!, on: Self.day("2026-03-09"))
        }
        let (items, all, customers, documents) = try await office.database.read { transaction in
            (
                try TimelineItem.list(customer: "0010", book: book, in: transaction).items,
                try HistoryRow.list(book: book, in: transaction),
                try HistoryRow.list(book: book, customer: "0010", in: transaction),
                try HistoryRow.list(book: book, document: "RE-2", in: transaction)
            )
        }
        #expect(items.map(\.kind) == ["details", "invoice", "invoice", "invoice", "receipt", "allocation", "undone"])
        #expect(items[1].summary == "Invoice RE-1 over 119.00 EUR, due 2026-01-31")
        #expect(items[5].summary == "119.00 EUR applied to RE-1; taken back later")
        #expect(items[5].actor == "jon")
        #expect(all.items.count == 9)
        let undo = try #require(all.items.first)
        #expect(undo.kind == "undo")
        #expect(undo.undoes.count == 1)
        #expect(all.items.filter { $0.undoneBy == undo.command }.map(\.command) == undo.undoes)
        #expect(
            customers.items.map(\.kind).sorted() == [
                "cash.apply", "invoice.issue", "invoice.issue", "invoice.issue", "undo",
            ])
        #expect(documents.items.map(\.kind) == ["invoice.issue"])
        let pages = try await office.database.read { transaction in
            let first = try HistoryRow.list(book: book, limit: 5, in: transaction)
            return try first.items + HistoryRow.list(book: book, limit: 5, after: first.next, in: transaction).items
        }
        #expect(pages == all.items)
        let timeline = try await office.database.read { transaction in
            let first = try TimelineItem.list(customer: "0010", book: book, limit: 4, in: transaction)
            return try first.items
                + TimelineItem.list(customer: "0010", book: book, limit: 4, after: first.next, in: transaction).items
        }
        #expect(timeline == items)
    }

    @Test("a word that thousands share does not hide who has a rare one too", arguments: Office.engines)
    func wideWords(engine: Engine) async throws {
        let office = try await Office.open(engine)
        try await office.work(at: Self.early) { clerk in
            try clerk.books.transaction.insert(
                into: "search_terms", columns: ["book", "term", "kind", "target"],
                rows: (1...6_000).map { [.int(office.book), .text("handel"), .text("customer"), .int($0)] })
            _ = try clerk.customer("0077", "Zebra Handel")
        }
        for text in ["zebra handel", "handel zebra", "Hand Zeb"] {
            let hits = try await office.database.read { try SearchHit.search(text, book: nil, in: $0) }
            #expect(hits.map(\.number) == ["0077"], "\(text)")
        }
    }

    @Test(
        "finds customers by parts of names in any spelling, documents by number and order", arguments: Office.engines,
        [
            ("mueller", ["customer 0010"]), ("Sohn MULL", ["customer 0010"]), ("電力", ["customer 0002"]),
            ("東京力", []), ("re-1", ["document RE-1"]), ("SO-8", ["document RE-1"]), ("P-2", ["receipt P-2"]),
            ("0002", ["customer 0002"]), ("  ", []),
        ] as [(String, [String])])
    func search(engine: Engine, asked: (text: String, found: [String])) async throws {
        let office = try await Self.office(engine)
        let hits = try await office.database.read { try SearchHit.search(asked.text, book: nil, in: $0) }
        #expect(hits.map { "\($0.kind) \($0.number)" } == asked.found)
    }

    @Test("customers are listed with what they owe, and shown whole", arguments: Office.engines)
    func customers(engine: Engine) async throws {
        let office = try await Self.office(engine)
        let (page, rest, sheet) = try await office.database.read { transaction in
            let page = try CustomerRow.list(book: nil, asOf: Self.day("2026-03-10"), limit: 1, in: transaction)
            return (
                page,
                try CustomerRow.list(
                    book: nil, asOf: Self.day("2026-03-10"), limit: 1, after: page.next, in: transaction),
                try CustomerSheet.read(number: "0010", book: nil, asOf: Self.day("2026-03-10"), in: transaction)
            )
        }
        #expect(page.items.map(\.customer) == ["0002"])
        #expect(rest.items.map(\.customer) == ["0010"])
        #expect(rest.next == nil)
        #expect(rest.items[0].balances.map(\.open) == ["238.00", "500.00"])
        #expect(rest.items[0].balances.map(\.overdue) == ["0.00", "500.00"])
        #expect(rest.items[0].balances.map(\.unallocated) == ["-6.00", "0.00"])
        let shown = try #require(sheet.first)
        #expect(shown.address.city == "Hamburg")
        let json = try JSONEncoder().encode(shown)
        #expect(try JSONDecoder().decode(CustomerSheet.self, from: json) == shown)
        #expect(String(decoding: json, as: UTF8.self).contains("\"credit_limit\":null"))
    }
}
