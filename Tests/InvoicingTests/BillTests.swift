import Books
import Charges
import Database
import Foundation
import ImportsDesk
import Invoicing
import InvoicingDesk
import Ledger
import Money
import TestOffice
import Testing

/// Orders become invoices: prices, taxes, numbers, and what holds an invoice back.
@Suite("The bill run")
struct BillTests {
    /// Number, order, net, tax, gross of what was issued.
    static func issued(_ company: Company) async throws -> [String] {
        try await company.rows(
            "SELECT number, order_id, currency, net, tax, gross FROM documents ORDER BY number"
        ).map { $0.joined(separator: " ") }
    }

    @Test(
        "a line costs quantity × the price of its step × (1 − discount), rounded once, half away from zero",
        arguments: Company.engines)
    func prices(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let cases: [(order: String, net: Int64)] = [
            // Below the first step its price; steps at 10 and 100; the list's own step; a product only the standard list has.
            ("C-1 2026-01-05 BOLT 0.5", 75), ("C-1 2026-01-05 BOLT 9.999", 15_00), ("C-1 2026-01-05 BOLT 10", 12_50),
            ("C-1 2026-01-05 BOLT 99.5", 124_38), ("C-1 2026-01-05 BOLT 100", 99_90), ("C-2 2026-01-05 BOLT 2", 2_20),
            ("C-2 2026-01-05 BOLT 200", 220_00), ("C-2 2026-01-05 HOUR 1.5", 127_50),
            // From July the new price, and none of the old steps.
            ("C-1 2026-06-30 BOLT 100", 99_90), ("C-1 2026-07-01 BOLT 100", 160_00),
            // A price of the order's own; discounts; halves away from zero both ways.
            ("C-1 2026-01-05 BOLT 3 - 2.005", 6_02), ("C-1 2026-01-05 BOLT 1 - 1.005", 1_01),
            ("C-1 2026-01-05 BOLT 10 - - 10", 11_25), ("C-1 2026-01-05 BOLT 10 - - 33.3333", 8_33),
            ("C-1 2026-01-05 BOLT 1 - 0.005", 1), ("C-1 2026-01-05 BOLT -1 - 0.005", -1),
            ("C-1 2026-01-05 BOLT 7 - - 100", 0), ("C-1 2026-01-05 BOLT -10", -12_50),
            ("C-1 2026-01-05 BOLT 1 - 0.0049999999", 0),
        ]
        for (number, one) in cases.enumerated() {
            let words = one.order.split(separator: " ", maxSplits: 1)
            try await company.order("O\(number) 1 \(words[0]) \(words[1])")
        }
        let run = try await company.bill(through: "2026-12-31")
        #expect(run.issued == cases.count)
        let nets = try await company.rows("SELECT order_id, net FROM documents")
        let found = Dictionary(uniqueKeysWithValues: nets.map { ($0[0], $0[1]) })
        for (number, one) in cases.enumerated() { #expect(found["O\(number)"] == "\(one.net)", "\(one.order)") }
        #expect(try await company.faults() == [])
    }

    @Test("the tax follows from where the customer is, what it is, and what is sold", arguments: Company.engines)
    func taxes(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let cases: [(customer: String, sku: String, category: String, percent: String, tax: Int64)] = [
            ("C-1", "BOLT", "S", "19", 2_38), ("C-1", "BOOK", "S", "7", 13_93),  // at home
            ("C-3", "BOLT", "S", "20", 2_50), ("C-3", "BOOK", "S", "5.5", 10_95),  // a consumer in France: French rates
            ("C-2", "BOLT", "K", "0", 0), ("C-2", "HOUR", "AE", "0", 0),  // a business there
            ("C-5", "BOLT", "G", "0", 0), ("C-5", "HOUR", "O", "0", 0),  // outside the union
        ]
        for (number, one) in cases.enumerated() {
            try await company.order("O\(number) 1 \(one.customer) 2026-01-05 \(one.sku) 10")
        }
        _ = try await company.bill(through: "2026-01-31")
        for (number, one) in cases.enumerated() {
            let rows = try await company.rows(
                """
                SELECT t.vat_category, t.vat_rate, t.tax FROM documents d
                JOIN document_taxes t ON t.book = d.book AND t.document = d.document WHERE d.order_id = $1
                """, [.text("O\(number)")])
            let percent = try Rate(percent: one.percent)
            #expect(rows == [[one.category, "\(percent.scaled)", "\(one.tax)"]], "\(one)")
        }
        #expect(try await company.faults() == [])
    }

    @Test("states of the United States tax by their own rates, or not at all", arguments: Company.engines)
    func states(engine: Engine) async throws {
        let company = try await Company.stocked(engine, country: "US", currency: .usd)
        try await company.importing(
            "customers", "customer_id,name,country,state,currency\nC-10,Cascade Co,US,OR,USD\n")
        try await company.order("O1 1 C-8 2026-01-05 BOLT 10", "O2 1 C-10 2026-01-05 BOLT 10")
        _ = try await company.bill(through: "2026-01-31")
        let issued = try await Self.issued(company)
        #expect(issued == ["RE-2026-000001 O1 USD 1750 155 1905", "RE-2026-000002 O2 USD 1750 0 1750"])
    }

    @Test("tax is rounded once per rate and document, not per line", arguments: Company.engines)
    func once(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        // Three lines of 0.13 at 19 %: 0.0247 each would round to 0.02 thrice; together 0.0741 is 0.07.
        try await company.order(
            "O1 1 C-1 2026-01-05 BOLT 1 - 0.13", "O1 2 C-1 2026-01-05 BOLT 1 - 0.13",
            "O1 3 C-1 2026-01-05 BOLT 1 - 0.13",
            "O1 4 C-1 2026-01-05 BOOK 1 - 0.13")
        _ = try await company.bill(through: "2026-01-31")
        #expect(try await Self.issued(company) == ["RE-2026-000001 O1 EUR 52 8 60"])
        let taxes = try await company.rows("SELECT vat_rate, base, tax FROM document_taxes ORDER BY vat_rate DESC")
        #expect(taxes == [["19000000", "39", "7"], ["7000000", "13", "1"]])
    }

    @Test("what a check stops is held with its reason, and everybody else is billed", arguments: Company.engines)
    func held(engine: Engine) async throws {
        let company = try await Company.stocked(engine, openFrom: "2026-01-10")
        try await company.importing(
            "invoices",
            """
            invoice_no,order_id,customer_id,issue_date,gross
            ALT-7,OLD,C-1,2026-01-12,119.00

            """)
        try await company.order(
            "EARLY 1 C-1 2026-01-05 BOLT 1", "NOID 1 C-4 2026-01-12 BOLT 1", "NORATE 1 C-9 2026-01-12 BOLT 1",
            "NOPRICE 1 C-6 2026-01-12 BOOK 1", "DOLLAR 1 C-1 2026-01-12 BOLT 1 USD", "OLD 1 C-1 2026-01-12 BOLT 1",
            "GOOD 1 C-1 2026-01-12 BOLT 1")
        let run = try await company.bill(through: "2026-01-31")
        #expect(run.issued == 1)
        #expect(run.drafts == 7)
        #expect(
            Set(run.held.map { "\($0.order_id) \($0.check)" }) == [
                "EARLY bill.period-closed", "NOID bill.no-vat-id", "NORATE bill.no-tax-rate", "NOPRICE bill.no-price",
                "NOPRICE bill.no-exchange-rate", "DOLLAR bill.no-exchange-rate", "OLD bill.billed-already",
            ])
        #expect(
            run.held.allSatisfy { $0.severity == "stop" && !$0.why.isEmpty && !$0.next.isEmpty && !$0.draft.isEmpty })
        let numbers = try await company.rows("SELECT number FROM documents WHERE origin = 'own'")
        #expect(numbers == [["RE-2026-000001"]])
        // What was missing is brought, and what was held is billed; its drafts are put away.
        try await company.importing("exchange-rates", "currency,day,rate\nUSD,2026-01-12,0.9\n")
        try await company.importing(
            "customers", "customer_id,name,country,currency,vat_id\nC-4,Ateliers sans numéro,FR,EUR,FR40303265045\n")
        let again = try await company.bill(through: "2026-01-31")
        #expect(again.issued == 2)
        #expect(again.drafts == 6)
        let late = try await company.bill(through: "2026-01-31", day: .day(Day("2026-01-15")!))
        #expect(late.issued == 1)
        let standing = try await company.rows("SELECT order_id FROM drafts WHERE state = 'held' ORDER BY order_id")
        #expect(standing.map { $0[0] } == ["NOPRICE", "NORATE", "OLD"])
        #expect(try await company.faults() == [])
    }

    @Test("the latest published rate holds over weekends and holidays, and no longer", arguments: Company.engines)
    func weekend(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        // A Thursday before Easter; nothing is published until Tuesday.
        try await company.importing("exchange-rates", "currency,day,rate\nUSD,2026-04-02,0.9\nUSD,2026-04-07,0.8\n")
        try await company.order(
            "BEFORE 1 C-8 2026-04-01 BOLT 100 USD", "MONDAY 1 C-8 2026-04-06 BOLT 100 USD",
            "TUESDAY 1 C-8 2026-04-07 BOLT 100 USD", "STALE 1 C-8 2026-04-15 BOLT 100 USD")
        let run = try await company.bill(through: "2026-04-30")
        #expect(
            Set(run.held.map { "\($0.order_id) \($0.check)" }) == [
                "BEFORE bill.no-exchange-rate", "STALE bill.no-exchange-rate",
            ])
        let booked = try await company.rows(
            """
            SELECT d.order_id, l.rate, l.rate_day FROM documents d
            JOIN journal_lines l ON l.book = d.book AND l.item = d.document
            ORDER BY d.order_id
            """)
        #expect(
            booked == [["MONDAY", "9000000000", "2026-04-02"], ["TUESDAY", "8000000000", "2026-04-07"]])
        #expect(try await company.faults() == [])
    }

    @Test(
        "what is not billed is listed with its worth, or with what keeps it from having one", arguments: Company.engines
    )
    func unbilled(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order(
            "O1 1 C-1 2026-01-05 BOLT 12", "O1 2 C-1 2026-01-05 HOUR 1.5 - - 10", "O2 1 C-6 2026-01-06 BOLT 3 JPY",
            "O3 1 C-9 2026-01-07 BOLT 1", "O4 1 C-6 2026-01-08 BOOK 1 JPY", "LATE 1 C-1 2026-02-01 BOLT 1")
        let words = ["bill", "--unbilled", "--through", "2026-01-31", "--json"]
        func list(_ more: String...) throws -> UnbilledCharges {
            let answer = try Program.run(words + more, today: "2026-03-02", books: company.url)
            #expect(answer.status == 0, "\(answer.error)")
            return try JSONDecoder().decode(UnbilledCharges.self, from: Data(answer.out.utf8))
        }
        let all = try list()
        #expect(all.count == 5)
        #expect(
            all.customers.flatMap { one in one.charges.map { "\(one.customer) \($0.order_id) \($0.net ?? "–")" } } == [
                "C-1 O1 15.00", "C-1 O1 114.75", "C-6 O2 737", "C-6 O4 –", "C-9 O3 –",
            ])
        #expect(all.totals.map { "\($0.currency) \($0.count) \($0.net)" } == ["EUR 3 129.75", "JPY 2 737"])
        let silent = all.customers.flatMap(\.charges).filter { $0.net == nil && $0.why == nil }
        #expect(silent.isEmpty)
        #expect(try list("--customer", "C-6").count == 2)
        // Billed for the same as it was listed for.
        let billed = try await company.bill(through: "2026-01-31", customer: "C-1")
        #expect(billed.totals.map(\.net) == ["129.75"])
        #expect(try list("--customer", "C-1").count == 0)
    }

    @Test(
        "what is larger than the books can hold is refused or held, and stops nobody else", arguments: Company.engines)
    func tooLarge(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        for (quantity, price) in [("1000000000", "900000000"), ("1000000000", "90000000"), ("1000000000", "10000.01")] {
            let refused = try await company.importing(
                "orders", Stock.orderHeadings + "\nBIG,1,C-1,2026-01-05,EUR,,BOLT,\(quantity),\(price),\n")
            #expect(refused.refusals.map(\.code) == ["import.too-large"], "\(quantity) × \(price)")
        }
        // Each line by itself would do; the price of another is found only when it is billed.
        try await company.importing(
            "prices", "price_list,sku,currency,min_qty,unit_price,valid_from\nSTD,HOUR,EUR,1,999999,2026-01-02\n")
        try await company.order(
            "SUM 1 C-1 2026-01-05 BOLT 1000000000 - 4000", "SUM 2 C-1 2026-01-05 BOLT 1000000000 - 4000",
            "LIST 1 C-1 2026-01-05 HOUR 1000000000", "GOOD 1 C-1 2026-01-05 BOLT 1")
        let run = try await company.bill(through: "2026-01-31")
        #expect(run.issued == 1)
        #expect(Set(run.held.map { "\($0.order_id) \($0.check)" }) == ["SUM bill.too-large", "LIST bill.too-large"])
        #expect(try company.duly("bill", "--unbilled", "--json").status == 0)
        #expect(try await company.faults() == [])
    }

    @Test("an order of returns becomes a credit note, due at once, in the same series", arguments: Company.engines)
    func returns(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order(
            "O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-1 2026-01-06 BOLT -10", "O3 1 C-1 2026-01-07 BOLT 10",
            "O3 2 C-1 2026-01-07 BOLT -2 - 1.25")
        _ = try await company.bill(through: "2026-01-31")
        let rows = try await company.rows("SELECT number, kind, due_day, gross FROM documents ORDER BY number")
        #expect(
            rows == [
                ["RE-2026-000001", "invoice", "2026-02-04", "1488"],
                ["RE-2026-000002", "credit-note", "2026-01-06", "-1488"],
                ["RE-2026-000003", "invoice", "2026-02-06", "1190"],
            ])
        let letters = try await company.rows("SELECT kind, channel FROM outbox ORDER BY message")
        #expect(letters == [["invoice", "email"], ["credit-note", "email"], ["invoice", "email"]])
        #expect(try await company.faults() == [])
    }

    @Test("a document of nothing is issued with a warning, and every law still holds", arguments: Company.engines)
    func nothing(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 5 - - 100", "O1 2 C-1 2026-01-05 BOOK 0")
        let run = try await company.bill(through: "2026-01-31")
        #expect(run.issued == 1)
        #expect(run.held.map(\.check) == ["bill.zero-total"])
        #expect(run.held.map(\.severity) == ["warn"])
        #expect(try await Self.issued(company) == ["RE-2026-000001 O1 EUR 0 0 0"])
        #expect(try await company.open() == [])
        #expect(try await company.faults() == [])
    }

    @Test("yen have no decimals, dinars three; the books keep both at the day's rate", arguments: Company.engines)
    func currencies(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "exchange-rates", "currency,day,rate,source\nJPY,2026-01-05,0.0061,ECB\nKWD,2026-01-05,2.9875,ECB\n")
        try await company.order("O1 1 C-6 2026-01-05 BOLT 3", "O2 1 C-7 2026-01-05 BOLT 1")
        let run = try await company.bill(through: "2026-01-31")
        // 3 × 245.5 = 736.5 is 737 yen; 0.4375 is 0.438 dinars.
        #expect(
            try await Self.issued(company) == ["RE-2026-000001 O1 JPY 737 0 737", "RE-2026-000002 O2 KWD 438 0 438"])
        #expect(run.totals.map { "\($0.currency) \($0.gross)" } == ["JPY 737", "KWD 0.438"])
        let home = try await company.rows(
            "SELECT currency, home_minor, home_currency, rate_source FROM journal_lines WHERE account = 'receivables' ORDER BY currency"
        )
        // 737 × 0.0061 = 4.4957; 0.438 × 2.9875 = 1.308525.
        #expect(home == [["JPY", "450", "EUR", "ECB"], ["KWD", "131", "EUR", "ECB"]])
        #expect(try await company.faults() == [])
    }

    @Test(
        "one order in two currencies, or of two customers, gives a document for each", arguments: Company.engines,
        BillPer.allCases)
    func split(engine: Engine, per: BillPer) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing("exchange-rates", "currency,day,rate\nUSD,2026-01-05,0.9\n")
        try await company.order(
            "O1 1 C-1 2026-01-05 BOLT 10", "O1 2 C-1 2026-01-05 BOLT 10 USD", "O1 3 C-3 2026-01-05 BOLT 10")
        let run = try await company.bill(through: "2026-01-31", per: per)
        #expect(run.issued == 3)
        #expect(
            Set(try await company.rows("SELECT currency, net FROM documents").map { $0.joined(separator: " ") })
                == ["EUR 1250", "USD 1750"])
        #expect(try await company.faults() == [])
    }

    @Test("by order, purchase order or customer", arguments: [(BillPer.order, 3), (.po, 3), (.customer, 2)])
    func grouped(per: BillPer, documents: Int) async throws {
        let company = try await Company.stocked(.sqlite)
        try await company.order(
            "O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-1 2026-01-20 BOLT 10", "O3 1 C-3 2026-01-05 BOLT 10")
        let run = try await company.bill(through: "2026-01-31", per: per)
        #expect(run.issued == documents)
        if per == .customer {
            let rows = try await company.rows("SELECT issue_day, net, order_id FROM documents ORDER BY net DESC")
            #expect(rows == [["2026-01-20", "2500", ""], ["2026-01-05", "1250", "O3"]])
        }
    }

    @Test(
        "the same run again gets its first outcome, the same id for another run is refused", arguments: Company.engines)
    func again(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        let first = try await company.bill(through: "2026-01-31", id: "run-1")
        try await company.order("O2 1 C-1 2026-01-06 BOLT 10")
        #expect(try await company.bill(through: "2026-01-31", id: "run-1") == first)
        #expect(try await Self.issued(company).count == 1)
        await #expect(throws: BooksRefusal.otherContent(CommandID("run-1")!)) {
            try await company.bill(through: "2026-02-28", id: "run-1")
        }
        #expect(try await company.bill(through: "2026-01-31", id: "run-2").issued == 1)
    }

    @Test("a run that died goes on where it stopped, and tells of all it did", arguments: Company.engines)
    func resumed(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-3 2026-01-05 BOLT 10")
        try await company.bill(through: "2026-01-31", id: "run-1")
        // As if it had died after its first group: its pieces stand, the run has no outcome.
        try await company.database.transaction { transaction in
            switch transaction.engine {
            case .sqlite: try transaction.script("DROP TRIGGER commands_stay")
            case .postgres: try transaction.script("SET LOCAL session_replication_role = replica")
            }
            _ = try transaction.execute("DELETE FROM commands WHERE command = 'run-1'", [])
        }
        try await company.order("O3 1 C-1 2026-01-06 BOLT 10")
        let resumed = try await company.bill(through: "2026-01-31", id: "run-1")
        #expect(resumed.issued == 3)
        #expect(resumed.totals.map(\.net) == ["37.50"])
        #expect(
            try await Self.issued(company).map { $0.prefix(17) } == [
                "RE-2026-000001 O1", "RE-2026-000002 O2", "RE-2026-000003 O3",
            ])
    }

    @Test(
        "drafts are kept without --issue, take no number, and are put away when they are issued",
        arguments: Company.engines)
    func drafts(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-3 2026-01-06 BOLT 10")
        let drafted = try await company.bill(through: "2026-01-31", issue: false)
        #expect(drafted.drafts == 2)
        #expect(drafted.issued == 0)
        #expect(drafted.totals.map(\.gross) == ["29.88"])
        #expect(try await company.counts()["documents"] == 0)
        #expect(try await company.counts()["document_numbers"] == 0)
        // Drafting again replaces them.
        _ = try await company.bill(through: "2026-01-31", issue: false)
        let states = try await company.rows("SELECT state, count(*) FROM drafts GROUP BY state ORDER BY state")
        #expect(states == [["open", "2"], ["void", "2"]])
        #expect(try await company.bill(through: "2026-01-31").issued == 2)
        #expect(try await company.rows("SELECT DISTINCT state FROM drafts") == [["void"]])
        #expect(try await company.faults() == [])
    }

    @Test("a dry run says the same and keeps nothing", arguments: Company.engines)
    func dryRun(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10", "O2 1 C-4 2026-01-06 BOLT 10")
        let before = try await company.counts()
        let dry = try await company.bill(through: "2026-01-31", dryRun: true)
        #expect(dry.drafts == 2)
        #expect(dry.issued == 1)
        #expect(dry.totals.map(\.gross) == ["14.88"])
        #expect(dry.held.map(\.check) == ["bill.no-vat-id"])
        #expect(try await company.counts() == before)
        #expect(try await company.bill(through: "2026-01-31").totals == dry.totals)
    }

    @Test("numbers begin anew with the year, or with the month, where the pattern says so", arguments: Company.engines)
    func rollover(engine: Engine) async throws {
        let yearly = try await Company.stocked(engine)
        let monthly = try await Company.stocked(engine, series: "R{year}{month}-{n}")
        for company in [yearly, monthly] {
            try await company.order(
                "O1 1 C-1 2026-11-30 BOLT 10", "O2 1 C-1 2026-12-31 BOLT 10", "O3 1 C-1 2027-01-01 BOLT 10",
                "O4 1 C-1 2026-12-01 BOLT 10")
            _ = try await company.bill(through: "2027-12-31")
            #expect(try await company.faults() == [])
        }
        func numbers(_ company: Company) async throws -> [String] {
            try await company.rows("SELECT number FROM documents ORDER BY issue_day, order_id").map { $0[0] }
        }
        #expect(
            try await numbers(yearly) == ["RE-2026-000001", "RE-2026-000002", "RE-2026-000003", "RE-2027-000001"])
        #expect(try await numbers(monthly) == ["R202611-1", "R202612-1", "R202612-2", "R202701-1"])
    }

    @Test("no number of ours is that of an imported document", arguments: Company.engines)
    func taken(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        try await company.importing(
            "invoices", "invoice_no,customer_id,issue_date,gross\nRE-2026-000001,C-1,2026-01-02,10\n")
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        await #expect(throws: InvoicingRefusal.self) { try await company.bill(through: "2026-01-31") }
        #expect(try await company.counts()["document_numbers"] == 0)
        #expect(try await company.faults() == [])
    }

    @Test("four runs at once bill every order once, without a gap or a double", arguments: Company.engines)
    func together(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let orders = (1...60).map { "O\($0),1,C-\($0 % 3 == 0 ? 3 : 1),2026-01-05,,,BOLT,10,," }
        try await company.importing("orders", ([Stock.orderHeadings] + orders).joined(separator: "\n") + "\n")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask { _ = try await company.bill(through: "2026-01-31", id: "run-\(number)") }
            }
            try await group.waitForAll()
        }
        #expect(try await company.rows("SELECT count(DISTINCT order_id), count(*) FROM documents") == [["60", "60"]])
        #expect(try await company.faults() == [])
    }
}
