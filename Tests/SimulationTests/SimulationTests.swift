import Books
import Database
import Foundation
import ImportsDesk
import Invoicing
import InvoicingDesk
import Ledger
import Money
import Receivables
import ReceivablesDesk
import ReportsDesk
import TestOffice
import Testing

/// A seed, and a time at the office: orders, bills, credits, money that comes in oddly, mistakes and their undoing. A naive auditor
/// keeps its own sums, and after every day the books must agree with it.
@Suite("Simulation")
struct SimulationTests {
    static let isLong = ProcessInfo.processInfo.environment["DULY_LONG"] == "1"

    @Test("a quarter agrees with the auditor every day", arguments: Company.engines)
    func quarter(engine: Engine) async throws {
        // Over the end of a February.
        try await Year(engine, seed: 11, from: "2027-12-15", through: "2028-03-14").live()
    }

    @Test(
        "a year on twenty seeds agrees with the auditor every day", .enabled(if: isLong), arguments: Company.engines)
    func years(engine: Engine) async throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            try await Year(engine, seed: seed, from: "2027-01-01", through: "2027-12-31").live()
        }
    }
}

/// One seller's office from day to day.
final class Year {
    private static let debtors = [
        Debtor(number: "C-1", name: "Löwe Spedition GmbH", currency: .eur, terms: 30, goods: 19, books: 7),
        Debtor(number: "C-2", name: "Ateliers Morel SARL", currency: .eur, terms: 14, goods: 0, books: 0),
        Debtor(number: "C-5", name: "Alpenrad AG", currency: .eur, terms: 30, goods: 0, books: 0),
        Debtor(number: "C-6", name: "Kyoto Works", currency: Currency("JPY")!, terms: 30, goods: 0, books: 0),
        Debtor(number: "C-7", name: "Gulf Trading", currency: Currency("KWD")!, terms: 30, goods: 0, books: 0),
    ]
    private let engine: Engine
    private let seed: UInt64
    private let span: ClosedRange<Day>
    private var dice: Dice
    private var auditor = Auditor()
    private var company: Company!
    private var orders = 0
    private var payments = 0
    private var commands = 0
    private var unbilled: [(order: String, debtor: Debtor, day: Day, lines: [Auditor.Line])] = []
    /// What was said of a day then, to be said again later.
    private var said: [(day: Day, known: Instant, report: AgingReport)] = []
    private var lastFile: (path: String, day: String)?

    init(_ engine: Engine, seed: UInt64, from: String, through: String) {
        self.engine = engine
        self.seed = seed
        span = Day(from)!...Day(through)!
        dice = Dice(seed: seed)
    }

    func live() async throws {
        company = try await Company.stocked(engine, openFrom: span.lowerBound.description)
        var day = span.lowerBound
        while day <= span.upperBound {
            try await self.day(day)
            day = day + 1
        }
        let documents = auditor.documents.count
        #expect(documents > 60 && auditor.receipts.count > 30, "seed \(seed): the office had nothing to do")
    }

    private func id(_ kind: String) -> String {
        commands += 1
        return "\(kind)-\(commands)"
    }

    private func day(_ day: Day) async throws {
        try await rates(on: day)
        try await takeOrders(on: day)
        try await undoing("bill", on: day, of: 7) { id in
            try await self.company.bill(through: day.description, id: id, today: day.description)
        }
        try await bill(on: day)
        if dice.happens(25) { try await credit(on: day) }
        if dice.happens(60) { try await moneyIn(on: day) }
        try await undoing("match", on: day, of: 6) { id in
            try await self.company.match(through: day.description, id: id, today: day.description)
        }
        if dice.happens(60) { try await match(on: day) }
        if dice.happens(40) { try await applyByHand(on: day) }
        try await mistakes(on: day)
        if day - day.firstOfMonth == 4, day.firstOfMonth > span.lowerBound { try await closeMonth(before: day) }
        try await compare(on: day)
    }

    // MARK: Work

    private func rates(on day: Day) async throws {
        let table = [
            "currency,day,rate,source", "JPY,\(day),0.00\(dice.number(550...690)),ECB",
            "KWD,\(day),3.\(dice.number(1000...2999)),ECB",
        ].joined(separator: "\n")
        try await company.importing("exchange-rates", table + "\n", today: day.description)
    }

    private func takeOrders(on day: Day) async throws {
        var rows: [String] = []
        for _ in 0..<dice.number(0...3) {
            orders += 1
            let order = "S\(seed)-\(orders)"
            let debtor = dice.pick(Self.debtors)!
            let sign: Int64 = dice.happens(8) ? -1 : 1
            let isFree = dice.happens(4)
            let lines = (0..<dice.number(1...4)).map { _ in
                Auditor.Line(
                    sku: dice.happens(30) ? "BOOK" : "BOLT",
                    quantity: sign * (dice.happens(5) ? 0 : dice.number(1...40_000)),
                    price: isFree || dice.happens(4) ? 0 : dice.number(1...2_000_000),
                    discount: dice.pick([0, 0, 0, 1000, 333])!)
            }
            unbilled.append((order, debtor, day, lines))
            for (place, line) in lines.enumerated() {
                rows.append(
                    [
                        order, "\(place + 1)", debtor.number, day.description, debtor.currency.code, "PO-\(order)",
                        line.sku, FixedPoint.text(line.quantity, decimals: 3), FixedPoint.text(line.price, decimals: 4),
                        FixedPoint.text(line.discount, decimals: 2),
                    ].joined(separator: ","))
            }
        }
        guard !rows.isEmpty else { return }
        let table = ([Stock.orderHeadings] + rows).joined(separator: "\n") + "\n"
        let outcome = try await company.importing("orders", table, today: day.description)
        #expect(outcome.problems == 0 && outcome.files[0].added == rows.count, "seed \(seed): \(outcome.refusals)")
        if dice.happens(20) {
            let again = try await company.importing("orders", table, today: day.description)
            #expect(again.files[0].unchanged == rows.count, "seed \(seed): the same orders again")
        }
    }

    private func bill(on day: Day) async throws {
        let id = id("bill")
        let outcome = try await company.bill(through: day.description, id: id, today: day.description)
        #expect(outcome.issued == unbilled.count, "seed \(seed), \(day): \(outcome.held)")
        let numbers = Dictionary(
            try await company.rows("SELECT order_id, number FROM documents WHERE order_id <> '' ORDER BY document").map
            {
                ($0[0], $0[1])
            }, uniquingKeysWith: { $1 })
        for one in unbilled {
            guard let number = numbers[one.order] else {
                Issue.record("seed \(seed), \(day): \(one.order) was not billed")
                continue
            }
            auditor.billed(one.order, as: number, one.lines, one.debtor, on: one.day)
        }
        unbilled = []
        if dice.happens(15) {
            let counts = try await company.counts()
            #expect(try await company.bill(through: day.description, id: id, today: day.description) == outcome)
            #expect(try await company.counts() == counts, "seed \(seed), \(day): the same bill run again")
        }
    }

    private func credit(on day: Day) async throws {
        let all = auditor.documents.values.filter { $0.creditable > 0 }.sorted { $0.number < $1.number }
        guard let invoice = dice.pick(all) else { return }
        let amount = dice.happens(40) ? invoice.creditable : dice.number(1...invoice.creditable)
        let scope: CreditScope =
            amount == invoice.creditable ? .all : .gross(Money(minor: amount, invoice.currency))
        try await undoing("credit", on: day, of: 2) { id in
            try await self.company.credit(invoice.number, scope, today: day.description, id: id)
        }
        let issued = try await company.credit(invoice.number, scope, today: day.description, id: id("credit"))
        #expect(
            issued.gross == Money(minor: -amount, invoice.currency).decimal,
            "seed \(seed), \(day): \(invoice) \(issued)")
        auditor.credited(invoice.number, by: amount, as: issued.invoice_no, on: day)
        // More than is left is refused, and changes nothing.
        let counts = try await company.counts()
        let tooMuch = Money(minor: invoice.gross + 1, invoice.currency)
        await #expect(throws: (any Error).self) {
            try await self.company.credit(invoice.number, .gross(tooMuch), today: day.description)
        }
        #expect(try await company.counts() == counts)
    }

    private func moneyIn(on day: Day) async throws {
        var lines: [BankMoney] = []
        var known: [(id: String, amount: Int64, currency: Currency)] = []
        for _ in 0..<dice.number(1...3) {
            let waiting = auditor.documents.values.filter { $0.open > 0 }.sorted { $0.number < $1.number }
            guard let first = dice.pick(waiting) else { break }
            payments += 1
            let id = "P\(seed)-\(payments)"
            let payer = Self.debtors.first { $0.number == first.customer }!.name
            var (amount, text) = (first.open, "payment of \(first.number)")
            switch dice.number(1...8) {
            case 1: amount = max(1, amount * dice.number(30...60) / 100)
            case 2: amount += dice.number(1...9_999)
            case 3: text = "thank you"
            case 4:
                // Several of the same customer at once, less its credit notes.
                let mine = auditor.documents.values.filter {
                    $0.customer == first.customer && $0.open != 0 && $0.currency == first.currency
                }.sorted { $0.number < $1.number }.prefix(4)
                let sum = mine.reduce(0) { $0 + $1.open }
                if sum > 0 { (amount, text) = (sum, mine.map(\.number).joined(separator: " ")) }
            case 5: (amount, text) = (dice.number(1...500_000), "account 4711")
            default: break
            }
            known.append((id, amount, first.currency))
            lines.append(
                BankMoney(
                    id, day.description, Money(minor: amount, first.currency).decimal, first.currency.code,
                    payer: dice.happens(10) ? "Unknown Holding" : payer, text: text))
        }
        guard !lines.isEmpty else { return }
        let path = try company.bankFile(lines)
        try await undoing("bank", on: day, of: 3) { id in
            try await self.company.receive(file: path, id: id, today: day.description)
        }
        try await company.receive(file: path, id: id("bank"), today: day.description)
        for one in known { auditor.received(one.id, one.amount, one.currency) }
        if let last = lastFile, dice.happens(30) {
            let counts = try await company.rows("SELECT count(*) FROM receipts")
            try await company.receive(file: last.path, id: id("bank"), today: day.description)
            #expect(
                try await company.rows("SELECT count(*) FROM receipts") == counts, "seed \(seed): an old file again")
        }
        lastFile = (path, day.description)
    }

    private func match(on day: Day) async throws {
        let id = id("match")
        let outcome = try await company.match(through: day.description, id: id, today: day.description)
        for one in outcome.allocations where one.applied {
            let currency = Currency(one.currency)!
            let writeOff = try Money(one.writeoff, currency).minor
            auditor.applied(
                one.payment_id, to: one.invoice_no, try Money(one.allocated, currency).minor, writeOff: writeOff,
                why: writeOff == 0 ? "" : try await self.why(one.invoice_no))
        }
        let counts = try await company.counts()
        #expect(try await company.match(through: day.description, id: id, today: day.description) == outcome)
        #expect(try await company.counts() == counts, "seed \(seed), \(day): the same match again")
    }

    /// Why the last part of a document was written off, in the books' words.
    private func why(_ number: String) async throws -> String {
        try await company.rows(
            """
            SELECT a.reason FROM allocations a
            JOIN documents d ON d.book = a.book AND d.document = a.document
            WHERE d.number = $1 AND a.write_off > 0 ORDER BY a.allocation DESC LIMIT 1
            """, [.text(number)])[0][0]
    }

    private func applyByHand(on day: Day) async throws {
        let free = auditor.receipts.values.filter { $0.left > 0 }.sorted { $0.id < $1.id }
        guard let receipt = dice.pick(free) else { return }
        let fitting = auditor.documents.values.filter { $0.open > 0 && $0.currency == receipt.currency }
            .sorted { $0.number < $1.number }
        guard let document = dice.pick(fitting) else { return }
        let most = min(receipt.left, document.open)
        let amount = dice.happens(50) ? most : dice.number(1...most)
        let rest = document.open - amount
        let writeOff = rest > 0 && dice.happens(20) ? min(rest, dice.number(1...300)) : 0
        let why: WriteOffReason = amount % 3 == 0 ? .smallDifference : .cashDiscount
        let wish = ApplyWish(
            receipt: receipt.id,
            parts: [
                .init(
                    invoice: document.number, amount: Money(minor: amount, receipt.currency).decimal,
                    writeOff: writeOff == 0 ? "" : Money(minor: writeOff, receipt.currency).decimal,
                    reason: writeOff == 0 ? "" : why.rawValue)
            ])
        try await undoing("apply", on: day, of: 2) { id in
            let done = try await self.company.apply([wish], id: id, today: day.description)
            #expect(done.problems.isEmpty, "\(done.problems)")
        }
        let done = try await company.apply([wish], id: id("apply"), today: day.description)
        #expect(done.problems.isEmpty, "seed \(seed), \(day): \(done.problems)")
        auditor.applied(receipt.id, to: document.number, amount, writeOff: writeOff, why: why.rawValue)
    }

    /// What must be refused, and leaves nothing behind.
    private func mistakes(on day: Day) async throws {
        guard dice.happens(15) else { return }
        let counts = try await company.counts()
        let bad = try await company.importing(
            "orders", Stock.orderHeadings + "\nX-1,1,C-404,\(day),EUR,,BOLT,1,1,\n", today: day.description)
        #expect(bad.problems == 1)
        await #expect(throws: (any Error).self) {
            try await self.company.credit("RE-1999-000001", today: day.description)
        }
        await #expect(throws: (any Error).self) {
            _ = try await self.company.apply(
                [ApplyWish(receipt: "NOBODY", parts: [.init(invoice: "RE-1999-000001", amount: "1.00")])],
                today: day.description)
        }
        #expect(try await company.counts() == counts, "seed \(seed), \(day): a mistake left something behind")
    }

    private func closeMonth(before day: Day) async throws {
        let last = day.firstOfMonth - 1
        let closed = try company.duly("period", "close", "--through", last.description, today: day.description)
        #expect(closed.status == 0, "seed \(seed), \(day): \(closed.error)")
        let late = try await company.importing(
            "orders", Stock.orderHeadings + "\nLATE-\(day),1,C-1,\(last),EUR,,BOLT,1,1,\n", today: day.description)
        guard late.problems == 0 else { return }
        // What belongs to a closed month is held, and billed as of today by whoever says so.
        let held = try await company.bill(through: day.description, id: id("bill"), today: day.description)
        #expect(held.issued == 0 && held.held.map(\.check) == ["bill.period-closed"], "seed \(seed), \(day): \(held)")
        let today = try await company.bill(
            through: day.description, id: id("bill"), day: .day(day), today: day.description)
        #expect(today.issued == 1)
        let number = try await company.rows("SELECT number FROM documents WHERE order_id = 'LATE-\(day)'")[0][0]
        auditor.billed(
            "LATE-\(day)", as: number, [.init(sku: "BOLT", quantity: 1000, price: 10_000, discount: 0)],
            Self.debtors[0], on: day)
    }

    // MARK: Undoing

    private struct Visible: Equatable {
        let ageing: [AgingReport.Block]
        let open: [String]
    }
    private func visible(on day: Day) async throws -> Visible {
        Visible(ageing: try await company.aging(asOf: day.description).currencies, open: try await company.open())
    }

    /// Now and then a command is carried out and taken back before it is carried out in earnest: what one sees is as before.
    private func undoing(_ kind: String, on day: Day, of chance: Int64, _ command: (String) async throws -> some Any)
        async throws
    {
        guard dice.number(1...chance) == 1 else { return }
        let before = try await visible(on: day)
        let id = id("mistaken-\(kind)")
        _ = try await command(id)
        let undone = try company.undo(id, today: day.description)
        #expect(undone.status == 0, "seed \(seed), \(day), \(kind): \(undone.out) \(undone.error)")
        let after = try await visible(on: day)
        #expect(after == before, "seed \(seed), \(day): \(kind) was taken back, and something stayed")
    }

    // MARK: Comparing

    /// The horizon behind the last command. Somebody's open transaction, or a clock that was set back, may hold it back for a moment;
    /// not for long.
    private func horizon(_ place: String) async throws -> Instant {
        let last = try await company.rows("SELECT max(recorded) FROM commands")[0][0]
        var known = try await Horizon.take(company.database, clock: company.now())
        var looks = 1
        while known.description < last, looks < 100 {
            try await Task.sleep(for: .milliseconds(50))
            known = try await Horizon.take(company.database, clock: company.now())
            looks += 1
        }
        #expect(known.description >= last, "\(place): the horizon stays at \(known), before \(last)")
        return known
    }

    private func compare(on day: Day) async throws {
        let place = "seed \(seed), \(day), \(engine.rawValue)"
        let known = try await horizon(place)
        let report = try await aging(day, known)
        let rows = report.currencies.flatMap { block in
            block.customers.filter { $0.buckets.contains { $0.contains { "123456789".contains($0) } } }.map {
                "\($0.customer ?? "") \(block.currency) \(([$0.total] + $0.buckets).joined(separator: " "))"
            }
        }.sorted()
        #expect(rows == auditor.ageing(on: day), "\(place): ageing")
        let unallocated = report.currencies.filter { $0.unallocated.contains { "123456789".contains($0) } }
            .map { "\($0.currency) \($0.unallocated)" }.sorted()
        #expect(unallocated == auditor.unallocated(), "\(place): unallocated")
        #expect(
            try await company.rows(
                """
                SELECT COALESCE(d.number, r.payment_id), i.open_minor
                FROM open_items i
                LEFT JOIN documents d ON d.book = i.book AND d.document = i.item
                LEFT JOIN receipts r ON r.book = i.book AND r.receipt = i.item
                WHERE i.open_minor <> 0
                """
            ).map { $0.joined(separator: " ") }.sorted() == auditor.open(), "\(place): open items")
        #expect(
            try await company.rows(
                """
                SELECT currency, CAST(sum(minor) AS BIGINT) FROM journal_lines WHERE account = 'receivables'
                GROUP BY currency HAVING sum(minor) <> 0 ORDER BY currency
                """
            ).map { $0.joined(separator: " ") } == auditor.control(), "\(place): the control account")
        said.append((day, known, report))
        guard day.number % 7 == 0 || day == span.upperBound else { return }
        #expect(try await company.faults() == [], "\(place): verify")
        // What was said of a day, as known then, is said again to the letter.
        for one in [said.first, said[said.count / 2], said[said.count * 3 / 4]].compactMap({ $0 }) {
            #expect(try await aging(one.day, one.known) == one.report, "\(place): what was said of \(one.day)")
        }
    }

    private func aging(_ day: Day, _ known: Instant) async throws -> AgingReport {
        let scope = ReportScope(book: company.book, asOf: day, knownAt: known)
        return try await company.database.read { try AgingReport.read(scope, AgingBuckets()!, in: $0) }
    }
}
