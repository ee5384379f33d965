import Database
import Foundation
import InvoicingDesk
import Ledger
import Money
import Workspace

/// What waits to be billed, and the drafts.
extension WorkspaceBooks {
    private static let pageOfDrafts = 100
    /// How many customers with something unbilled a page lists.
    private static let mostUnbilled = 60

    private var invoicing: InvoicingDesk { InvoicingDesk(database, clock: Common.clock, chance: Common.chance) }

    func bill(_ question: BillQuestion, seller: String?, language: Language) async throws -> BillView {
        let houses = try await reading { try self.houses(seller, $0) }
        let unbilled = try await unbilled(houses)
        return try await reading { transaction in
            let today = day(houses.first?.timeZone ?? "UTC")
            let first = (question.page - 1) * Self.pageOfDrafts
            var counts: [String: Int] = [:]
            var clean: [Currency: Int64] = [:]
            var rows: [DraftRow] = []
            var numbers: [NextNumber] = []
            for house in houses {
                let cleanHere = try Self.count(house, &counts, &clean, transaction)
                rows += try Self.rows(question.show, house, limit: first + Self.pageOfDrafts + 1, transaction)
                if let number = try Self.nextNumber(house, today, clean: cleanHere, transaction) {
                    numbers.append(number)
                }
            }
            if houses.count > 1 {
                let rank = ["stopped": 0, "look": 1]
                rows = rows.enumerated().sorted {
                    (rank[$0.element.state] ?? 2, $0.offset) < (rank[$1.element.state] ?? 2, $1.offset)
                }.map(\.element)
            }
            return BillView(
                day: today, sellers: houses.map(\.view), unbilled: unbilled,
                counts: ["stopped", "look", "clean"].map { KindCount(kind: $0, count: counts[$0] ?? 0) },
                clean: clean.sorted { $0.key.code < $1.key.code }.map { Amount(Money(minor: $0.value, $0.key)) },
                drafts: Array(rows.dropFirst(first).prefix(Self.pageOfDrafts)),
                more: rows.count > first + Self.pageOfDrafts, numbers: numbers)
        }
    }

    // MARK: Unbilled

    /// Priced as a run would; kept until a command is recorded, and not for long.
    private func unbilled(_ houses: [House]) async throws -> UnbilledView {
        let today = day(houses.first?.timeZone ?? "UTC")
        let mark = try await mark(houses)
        return try await unbilledAnswers.value(
            houses.map(\.code).joined(separator: " ") + " \(today) \(sight)", mark: mark
        ) {
            var parts: [UnbilledCharges] = []
            for house in houses {
                parts.append(try await invoicing.unbilled(through: today, customer: nil, book: house.book))
            }
            return try Self.view(UnbilledCharges(through: today, joining: parts))
        }
    }

    private static func view(_ all: UnbilledCharges) throws -> UnbilledView {
        let customers = try all.customers.map { one in
            var sums: [Currency: Int64] = [:]
            for charge in one.charges {
                guard let net = charge.net else { continue }
                let currency = try Self.currency(charge.currency)
                sums[currency, default: 0] += try money(net, currency).minor
            }
            let unpriced = one.charges.filter { $0.net == nil }
            return (
                sums.values.max() ?? 0,
                UnbilledCustomer(
                    seller: one.seller, customer: one.customer, name: one.name, since: try Self.day(one.since),
                    charges: one.charges.count,
                    worth: sums.sorted { $0.key.code < $1.key.code }.map { Amount(Money(minor: $0.value, $0.key)) },
                    unpriced: unpriced.count, why: unpriced.first?.why)
            )
        }
        return UnbilledView(
            charges: all.count,
            worth: try all.totals.map { Amount(try money($0.net, try currency($0.currency))) },
            customers: customers.sorted { $0.0 > $1.0 }.prefix(mostUnbilled).map(\.1), all: customers.count)
    }

    // MARK: Drafts

    /// Stopped where a check holds it, to look at where one warns, else clean.
    private static let state = """
        CASE WHEN d.state = 'held' THEN 'stopped'
            WHEN EXISTS (SELECT 1 FROM draft_findings f WHERE f.book = d.book AND f.draft = d.draft) THEN 'look'
            ELSE 'clean' END
        """

    /// Counts by state; returns how many clean ones this seller has.
    private static func count(
        _ house: House, _ counts: inout [String: Int], _ clean: inout [Currency: Int64], _ transaction: any Transaction
    ) throws -> Int {
        var cleanHere = 0
        for row in try transaction.query(
            """
            SELECT s.state, s.currency, count(*), CAST(sum(s.gross) AS BIGINT)
            FROM (
                SELECT \(state) AS state, d.currency, d.gross FROM drafts d
                WHERE d.book = $1 AND d.state IN ('open', 'held')
            ) s
            GROUP BY s.state, s.currency
            """, [house.key])
        {
            let (state, count) = (try row.text(0), Int(try row.int(2)))
            counts[state, default: 0] += count
            guard state == "clean" else { continue }
            cleanHere += count
            clean[try currency(try row.text(1)), default: 0] += try row.int(3)
        }
        return cleanHere
    }

    private static func rows(
        _ show: BillQuestion.Show, _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [DraftRow] {
        let filter = show == .all ? "" : "WHERE s.state = $3"
        let found = try transaction.query(
            """
            SELECT s.draft, s.state, c.number, n.name, s.order_id, s.day, s.currency, s.net, s.tax, s.gross, s.customer
            FROM (
                SELECT d.draft, \(state) AS state, d.customer, d.order_id, d.day, d.currency, d.net, d.tax, d.gross
                FROM drafts d WHERE d.book = $1 AND d.state IN ('open', 'held')
            ) s
            JOIN customers c ON c.book = $1 AND c.customer = s.customer
            LEFT JOIN customer_details n ON n.book = $1 AND n.details = c.details
            \(filter)
            ORDER BY CASE s.state WHEN 'stopped' THEN 0 WHEN 'look' THEN 1 ELSE 2 END, s.day, s.draft
            LIMIT $2
            """, [house.key, .int(Int64(limit))] + (show == .all ? [] : [.text(show.rawValue)]))
        return try draftRows(found, house, transaction)
    }

    /// Rows of draft, state, number, name, order, day, currency, net, tax, gross, customer; with findings and the last invoice.
    private static func draftRows(_ found: [Row], _ house: House, _ transaction: any Transaction) throws -> [DraftRow] {
        try transaction.pick(try found.map { try $0.int(0) })
        var findings: [Int64: [DraftFinding]] = [:]
        try transaction.rows(
            """
            SELECT f.draft, f.finding, f.severity, f.why, f.next
            FROM picked CROSS JOIN draft_findings f
            WHERE f.book = $1 AND f.draft = picked.key
            ORDER BY f.draft, f.place
            """, [house.key]
        ) { row in
            findings[try row.int(0), default: []].append(
                DraftFinding(
                    check: try row.text(1), severity: try row.text(2), why: try row.text(3), next: try row.text(4)))
        }
        var last: [String: (number: String, net: Money)] = [:]
        for row in found {
            let key = "\(try row.int(10)) \(try row.text(6))"
            guard last[key] == nil else { continue }
            last[key] = try history(of: try row.int(10), try row.text(6), house, limit: 1, transaction)
                .first.map { ($0.number, $0.net) }
        }
        return try found.map { row in
            let currency = try Self.currency(try row.text(6))
            func money(_ column: Int) throws -> Money { Money(minor: try row.int(column), currency) }
            return DraftRow(
                draft: RecordID(number: try row.int(0)).description, state: try row.text(1), seller: house.code,
                customer: try row.text(2), customerName: try row.textOrNil(3) ?? "", order: try row.text(4),
                day: try Self.day(try row.text(5)), net: try money(7), tax: try money(8), gross: try money(9),
                findings: findings[try row.int(0)] ?? [], last: last["\(try row.int(10)) \(currency.code)"])
        }
    }

    /// The customer's last invoices in a currency, the latest first.
    private static func history(
        of customer: Int64, _ code: String, _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [(number: String, day: Day, net: Money)] {
        let currency = try Self.currency(code)
        return try transaction.query(
            """
            SELECT number, issue_day, COALESCE(net, gross) FROM documents
            WHERE book = $1 AND customer = $2 AND kind = 'invoice' AND currency = $3
            ORDER BY issue_day DESC, document DESC LIMIT $4
            """, [house.key, .int(customer), .text(code), .int(Int64(limit))]
        ).map { (try $0.text(0), try Self.day(try $0.text(1)), Money(minor: try $0.int(2), currency)) }
    }

    /// What the next invoice of this seller is called today, and the last of so many.
    static func nextNumber(
        _ house: House, _ today: Day, clean: Int, _ transaction: any Transaction
    ) throws -> NextNumber? {
        let series = try transaction.query(
            "SELECT pattern, next FROM number_series WHERE book = $1 AND series = $2",
            [house.key, .text(InvoicingDesk.series)])
        guard let row = series.first, let pattern = SeriesPattern(try row.text(0)) else { return nil }
        let key = pattern.key(InvoicingDesk.series, on: today)
        let counted =
            key == InvoicingDesk.series
            ? try row.int(1)
            : try transaction.query(
                "SELECT next FROM number_series WHERE book = $1 AND series = $2", [house.key, .text(key)]
            ).first?.int(0)
        let next = counted ?? 1
        return NextNumber(
            seller: house.code, number: pattern.text(next, on: today),
            last: clean > 1 ? pattern.text(next + Int64(clean) - 1, on: today) : nil)
    }

    // MARK: One draft

    func draft(_ id: String, language: Language) async throws -> DraftView? {
        guard let record = RecordID(id) else { return nil }
        let houses = try await reading { try self.houses(nil, $0) }
        for house in houses {
            let found = try await reading { transaction in try Self.head(record, house, transaction) }
            guard let found else { continue }
            let lines = try await invoicing.lines(of: record, book: house.book)
            return DraftView(
                asOf: day(house.timeZone), seller: house.view, draft: found.row, waits: found.waits,
                document: found.document, lines: try lines.map { try Self.line($0, found.currency) },
                history: found.history)
        }
        return nil
    }

    private struct DraftHead: Sendable {
        let row: DraftRow
        let waits: Bool
        let document: String?
        let currency: Currency
        let history: [PastInvoice]
    }

    private static func head(_ id: RecordID, _ house: House, _ transaction: any Transaction) throws -> DraftHead? {
        let found = try transaction.query(
            """
            SELECT d.draft, CASE WHEN d.state IN ('issued', 'void') THEN d.state ELSE '' END, c.number, n.name, d.order_id,
                d.day, d.currency, d.net, d.tax, d.gross, d.customer, d.state, b.number
            FROM drafts d
            JOIN customers c ON c.book = d.book AND c.customer = d.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            LEFT JOIN documents b ON b.book = d.book AND b.document = d.document
            WHERE d.book = $1 AND d.draft = $2
            """, [house.key, .int(id.number)])
        guard let head = found.first, let row = try draftRows(found, house, transaction).first else { return nil }
        let state = try head.text(11)
        let named =
            state == "held" ? "stopped" : state == "open" ? (row.findings.isEmpty ? "clean" : "look") : state
        let currency = try Self.currency(row.currency)
        let history = try history(of: try head.int(10), row.currency, house, limit: 6, transaction)
        func money(_ column: Int) throws -> Money { Money(minor: try head.int(column), currency) }
        return DraftHead(
            row: DraftRow(
                draft: row.draft, state: named, seller: house.code, customer: row.customer,
                customerName: row.customerName, order: row.order, day: row.day, net: try money(7), tax: try money(8),
                gross: try money(9), findings: row.findings, last: history.first.map { ($0.number, $0.net) }),
            waits: state == "open" || state == "held", document: try head.textOrNil(12), currency: currency,
            history: history.reversed().map { PastInvoice(number: $0.number, day: $0.day, net: $0.net) })
    }

    private static func line(_ charge: UnbilledCharges.Charge, _ currency: Currency) throws -> DraftLine {
        func figure(_ text: String?) -> Figure? { text.flatMap { Figure($0) } }
        let discount = figure(charge.discount_pct)
        return DraftLine(
            order: charge.order_id, line: Int(charge.line), day: try Self.day(charge.day), sku: charge.sku,
            description: charge.description, quantity: figure(charge.quantity) ?? Figure(0, decimals: 0),
            unitPrice: figure(charge.unit_price), discount: discount.flatMap { $0.isZero ? nil : $0 },
            net: figure(charge.net), why: charge.why)
    }
}
