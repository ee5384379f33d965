import Database
import Foundation
import Ledger
import Money
import Receivables
import ReportsDesk
import Workspace

/// The bank's lines that wait, and one of them with what the last matching said of it.
extension WorkspaceBooks {
    /// How many lines a page lists.
    private static let pageOfLines = 50
    /// Over how many days it is counted what was placed without a person.
    private static let meterDays = 30

    func money(_ question: MoneyQuestion, seller: String?, language: Language) async throws -> MoneyView {
        let meter = try await placedMeter(seller)
        return try await reading { transaction in
            let houses = try houses(seller, transaction)
            let today = day(houses.first?.timeZone ?? "UTC")
            var lines: [(line: MoneyLine, minor: Int64)] = []
            var waiting: [Currency: Int64] = [:]
            var counts = ["waiting": 0, "account": 0]
            let wanted = question.page * Self.pageOfLines + 1
            for house in houses {
                lines += try Self.lines(question.show, house, limit: wanted, transaction)
                for row in try transaction.query(
                    """
                    SELECT currency, CASE WHEN customer IS NULL THEN 1 ELSE 0 END, count(*), CAST(-sum(open_minor) AS BIGINT)
                    FROM open_items
                    WHERE book = $1 AND account = 'unapplied' AND open_minor <> 0
                    GROUP BY currency, CASE WHEN customer IS NULL THEN 1 ELSE 0 END
                    """, [house.key])
                {
                    let isWaiting = try row.int(1) == 1
                    counts[isWaiting ? "waiting" : "account", default: 0] += Int(try row.int(2))
                    if isWaiting { waiting[try Self.currency(try row.text(0)), default: 0] += try row.int(3) }
                }
            }
            if houses.count > 1, question.show != .placed { lines.sort { $0.minor > $1.minor } }
            let first = (question.page - 1) * Self.pageOfLines
            let page = lines.dropFirst(first).prefix(Self.pageOfLines).map(\.line)
            let receipt = question.receipt ?? page.first?.receipt
            let selected = try receipt.flatMap {
                try detail($0, question, houses, among: page.map(\.receipt), language, transaction)
            }
            return MoneyView(
                day: today, sellers: houses.map(\.view), meter: meter,
                counts: ["waiting", "account"].map { KindCount(kind: $0, count: counts[$0] ?? 0) },
                worth: waiting.sorted { $0.key.code < $1.key.code }.map { Amount(Money(minor: $0.value, $0.key)) },
                lines: Array(page), more: lines.count > first + Self.pageOfLines, selected: selected)
        }
    }

    // MARK: Lines

    private static func lines(
        _ show: MoneyQuestion.Show, _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [(line: MoneyLine, minor: Int64)] {
        switch show {
        case .placed: try placedLines(house, limit: limit, transaction)
        case .waiting: try openLines(waitingLines, house, limit: limit, transaction)
        case .account: try openLines(accountLines, house, limit: limit, transaction)
        }
    }

    /// What a line says of itself; `i` is its open item.
    private static let waitingLines = """
        SELECT i.item, i.open_minor, i.currency, i.day, NULL, NULL, r.payment_id, t.payer, t.text, (
            SELECT max(p.confidence) FROM match_proposals p WHERE p.book = $1 AND p.receipt = i.item)
        FROM (
            SELECT item, open_minor, currency, day FROM open_items
            WHERE book = $1 AND account = 'unapplied' AND open_minor <> 0 AND customer IS NULL
            ORDER BY open_minor, item LIMIT $2
        ) i
        LEFT JOIN receipts r ON r.book = $1 AND r.receipt = i.item
        LEFT JOIN bank_texts t ON t.book = $1 AND t.bank_line = r.bank_line
        ORDER BY i.open_minor, i.item
        """
    private static let accountLines = """
        SELECT i.item, i.open_minor, i.currency, i.day, c.number, n.name, r.payment_id, t.payer, t.text, NULL
        FROM (
            SELECT item, open_minor, currency, day, customer FROM open_items
            WHERE book = $1 AND account = 'unapplied' AND open_minor <> 0 AND customer IS NOT NULL
            ORDER BY open_minor, item LIMIT $2
        ) i
        LEFT JOIN receipts r ON r.book = $1 AND r.receipt = i.item
        LEFT JOIN bank_texts t ON t.book = $1 AND t.bank_line = r.bank_line
        LEFT JOIN customers c ON c.book = $1 AND c.customer = i.customer
        LEFT JOIN customer_details n ON n.book = $1 AND n.details = c.details
        ORDER BY i.open_minor, i.item
        """

    private static func openLines(
        _ sql: String, _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [(line: MoneyLine, minor: Int64)] {
        try transaction.query(sql, [house.key, .int(Int64(limit))]).map { row in
            let minor = -(try row.int(1))
            let confidence = try row.intOrNil(9)
            let customer = try row.textOrNil(4)
            let line = MoneyLine(
                receipt: RecordID(number: try row.int(0)).description, payment: try filled(row, 6), seller: house.code,
                day: try Self.day(try row.text(3)), amount: Money(minor: minor, try currency(try row.text(2))),
                payer: try filled(row, 7), text: try filled(row, 8), customer: customer,
                customerName: try filled(row, 5),
                state: customer != nil ? "account" : confidence == nil ? "unknown" : "proposed",
                confidence: confidence.map { Figure($0, decimals: 4) })
            return (line, minor)
        }
    }

    /// The latest first; a receipt once.
    private static func placedLines(
        _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [(line: MoneyLine, minor: Int64)] {
        var seen: Set<Int64> = []
        return try transaction.query(
            """
            SELECT a.receipt, r.minor, r.currency, r.day, c.number, n.name, r.payment_id, t.payer, t.text, a.confidence
            FROM (
                SELECT x.allocation, x.receipt, x.confidence, x.customer, x.command FROM allocations x
                WHERE x.book = $1 AND x.allocation > 0 AND x.confidence IS NOT NULL AND x.receipt IS NOT NULL
                ORDER BY x.allocation DESC LIMIT $2
            ) a
            JOIN receipts r ON r.book = $1 AND r.receipt = a.receipt
            LEFT JOIN bank_texts t ON t.book = $1 AND t.bank_line = r.bank_line
            LEFT JOIN customers c ON c.book = $1 AND c.customer = a.customer
            LEFT JOIN customer_details n ON n.book = $1 AND n.details = c.details
            WHERE NOT EXISTS (SELECT 1 FROM undoings u WHERE u.book = $1 AND u.command = a.command)
            ORDER BY a.allocation DESC
            """, [house.key, .int(Int64(limit * 2))]
        ).compactMap { row in
            let receipt = try row.int(0)
            guard seen.insert(receipt).inserted else { return nil }
            let line = MoneyLine(
                receipt: RecordID(number: receipt).description, payment: try filled(row, 6), seller: house.code,
                day: try Self.day(try row.text(3)), amount: Money(minor: try row.int(1), try currency(try row.text(2))),
                payer: try filled(row, 7), text: try filled(row, 8), customer: try filled(row, 4),
                customerName: try filled(row, 5), state: "placed", confidence: Figure(try row.int(9), decimals: 4))
            return (line, try row.int(1))
        }
    }

    static func filled(_ row: Row, _ column: Int) throws -> String? {
        guard let text = try row.textOrNil(column), !text.isEmpty else { return nil }
        return text
    }

    // MARK: The meter

    private func placedMeter(_ seller: String?) async throws -> PlacedMeter {
        let houses = try await reading { try self.houses(seller, $0) }
        let since = day(houses.first?.timeZone ?? "UTC") - (Self.meterDays - 1)
        let books = houses.map(\.book)
        return try await meters.value(
            "\(seller ?? "") \(since) \(sight)", mark: nil
        ) {
            try await reading { transaction in
                var (receipts, unaided, waiting) = (0, 0, 0)
                for book in books {
                    let row = try transaction.query(
                        """
                        SELECT count(*), COALESCE(sum(CASE WHEN EXISTS (
                                SELECT 1 FROM allocations a
                                WHERE a.book = r.book AND a.receipt = r.receipt AND a.confidence IS NOT NULL
                                    AND NOT EXISTS (
                                        SELECT 1 FROM undoings u WHERE u.book = a.book AND u.command = a.command)
                            ) THEN 1 ELSE 0 END), 0),
                            COALESCE(sum(CASE WHEN i.open_minor = i.minor THEN 1 ELSE 0 END), 0)
                        FROM receipts r
                        JOIN open_items i ON i.book = r.book AND i.item = r.receipt
                        WHERE r.book = $1 AND r.day >= $2 AND r.bank_line IS NOT NULL
                        """, [.int(book), .text(since.description)])[0]
                    receipts += Int(try row.int(0))
                    unaided += Int(try row.int(1))
                    waiting += Int(try row.int(2))
                }
                return PlacedMeter(since: since, receipts: receipts, unaided: unaided, waiting: waiting)
            }
        }
    }

    // MARK: Bank statements

    func bankStatements(page: Int, seller: String?, language: Language) async throws -> BankStatementsView {
        try await reading { transaction in
            let houses = try houses(seller, transaction)
            let first = (page - 1) * Self.pageOfLines
            var all: [(key: String, line: BankStatementLine)] = []
            for house in houses { all += try Self.statements(house, limit: first + Self.pageOfLines + 1, transaction) }
            if houses.count > 1 { all.sort { $0.key > $1.key } }
            return BankStatementsView(
                sellers: houses.map(\.view), statements: all.dropFirst(first).prefix(Self.pageOfLines).map(\.line),
                more: all.count > first + Self.pageOfLines)
        }
    }

    private static func statements(
        _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [(key: String, line: BankStatementLine)] {
        try transaction.query(
            """
            SELECT s.account, s.name, s.format, s.opening_day, s.closing_day, s.opening, s.closing, s.lines, s.balanced,
                s.before, s.currency, s.recorded
            FROM (
                SELECT b.*, lag(b.closing) OVER (
                    PARTITION BY b.account, b.currency
                    ORDER BY b.closing_day, COALESCE(b.opening_day, ''), b.statement) AS before
                FROM bank_statements b WHERE b.book = $1
            ) s
            ORDER BY COALESCE(s.closing_day, substr(s.recorded, 1, 10)) DESC, s.account, s.statement DESC
            LIMIT $2
            """, [house.key, .int(Int64(limit))]
        ).map { row in
            let currency = try Self.currency(try row.text(10))
            func money(_ column: Int) throws -> Money? { try row.intOrNil(column).map { Money(minor: $0, currency) } }
            let (opening, closing, before) = (try money(5), try money(6), try money(9))
            let gap = opening.flatMap { opening in before.map { opening - $0 } }
            let continuity =
                try row.int(8) == 0
                ? "unbalanced"
                : opening == nil || closing == nil
                    ? "no-balance" : gap == nil ? "first" : gap?.isZero == true ? "continues" : "gap"
            let closingDay = try row.textOrNil(4)
            return (
                try closingDay ?? String(row.text(11).prefix(10)),
                BankStatementLine(
                    seller: house.code, account: try row.text(0), name: try row.text(1), format: try row.text(2),
                    openingDay: try row.textOrNil(3).flatMap { Day($0) }, closingDay: closingDay.flatMap { Day($0) },
                    opening: opening, closing: closing, entries: Int(try row.int(7)), continuity: continuity,
                    gap: continuity == "gap" ? gap : nil)
            )
        }
    }
}
