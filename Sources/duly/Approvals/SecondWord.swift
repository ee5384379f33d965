import Access
import AccessDesk
import Books
import Database
import Foundation
import Ledger
import Money

/// What gives money away, or says where it goes, is limited by role (`SecondPerson`). What goes beyond is kept until a second person
/// decides. The amount is what a dry run of the very command says, so that a credit of "everything that is left" is judged by its
/// sum; an amount in another currency counts in the seller's at the day's rate.
struct SecondWord: Sendable {
    let desk: CommandDesk

    enum Verdict: Sendable {
        /// Its sender may do it alone.
        case goOn
        /// It waits, or was refused already.
        case ended(CommandRun.Outcome)
    }

    /// What a command needs of somebody.
    func judge(_ asked: CommandRun, as principal: Principal) async throws -> Verdict {
        var run = asked
        guard principal.user != nil, let rule = Self.rule(run), run.values["dry-run"] != ["true"] else { return .goOn }
        let approvals = desk.approvals
        if let id = run.values["id"]?.first, let earlier = try await before(run, id, approvals) { return earlier }
        let door = try await desk.door(as: principal, reading: false)
        let dry = await Self.dry(run, door)
        // What would be refused is refused now, and asks nobody.
        guard case .answered(let output, _, _, _) = dry else { return .ended(dry) }
        var seller = run.values["seller"]?.first
        if run.entry.name == "undo" {
            guard let first = Self.undone(output).first else { return .goOn }
            // By then another command may be the last.
            if run.values.removeValue(forKey: "last") != nil { run.values["command"] = [first.command] }
            seller = first.seller
        }
        guard let place = try await place(of: run, seller) else { return .goOn }
        let day = desk.day(place.timeZone)
        let worth = try await worth(of: run, output, place.currency)
        let counted = try await counted(worth, in: place.currency, on: day)
        let limits = try await approvals.limits()
        switch SecondPerson.answer(rule, of: counted, by: principal.role, limits: limits) {
        case .alone: return .goOn
        case .never: throw AccessRefusal.notAllowed(run.entry.name, principal.role)
        case .with(let roles):
            guard !roles.isEmpty else {
                throw AccessRefusal.beyondLimit(
                    run.entry.name, limit: limits.pair(rule, principal.role).alone.text,
                    currency: place.currency.code)
            }
        }
        let bytes = run.files.reduce(0) { $0 + $1.bytes.count }
        guard bytes <= KeptCommand.mostBytes else { throw AccessRefusal.tooMuchToKeep(bytes) }
        let facts = try await approvals.ask(
            NewApproval(
                book: place.book, command: try command(of: run), name: run.entry.name, rule: rule,
                request: try KeptCommand(run).text(), customer: place.customer, worth: worth, counted: counted,
                day: day, asker: principal))
        return .ended(.waits(ApprovalAnswer(facts, limits: limits, request: KeptCommand(run), answer: "")))
    }

    /// The same id again: what waits, or what came of it.
    private func before(_ run: CommandRun, _ id: String, _ approvals: ApprovalDesk) async throws -> Verdict? {
        if let facts = try await approvals.find(command: id) {
            guard facts.holds(try KeptCommand(run).text()) else {
                throw CommandID(id).map { BooksRefusal.otherContent($0) } ?? BooksRefusal.noSuchBook(0)
            }
            switch facts.state {
            case .waiting, .agreed:
                let answer = ApprovalAnswer(
                    facts, limits: try await approvals.limits(), request: KeptCommand(run), answer: "")
                return .ended(.waits(answer))
            // Carried out: the books answer with the first outcome.
            case .done: return .goOn
            case .failed, .refused, .withdrawn: throw AccessRefusal.approvalEnded(facts.id, facts.state)
            }
        }
        return try await isBooked(id) ? .goOn : nil
    }

    /// Whether the books carried a command of this id out before.
    func isBooked(_ id: String) async throws -> Bool {
        try await desk.database.read { transaction in
            try transaction.query("SELECT book FROM sellers", []).contains { row in
                try !transaction.query(
                    "SELECT 1 FROM commands WHERE book = $1 AND command = $2", [.int(try row.int(0)), .text(id)]
                ).isEmpty
            }
        }
    }

    /// The rule that a run falls under. A receipt that is applied with a write-off gives the write-off away; an issued invoice that is
    /// taken back is answered with a full credit note.
    static func rule(_ run: CommandRun) -> String? {
        if run.entry.name == "undo" { return "invoice credit" }
        if run.entry.name == "cash apply" {
            return run.values["write-off"] == nil && run.files.isEmpty ? nil : "cash write-off"
        }
        return SecondPerson.commands.contains(run.entry.name) ? run.entry.name : nil
    }

    static func dry(_ run: CommandRun, _ door: Door) async -> CommandRun.Outcome {
        var dry = run
        dry.values["dry-run"] = ["true"]
        dry.values["id"] = nil
        return await dry.run(at: door, json: true)
    }

    private func command(of run: CommandRun) throws -> CommandID {
        let words = run.entry.words.last ?? "command"
        let text =
            run.values["id"]?.first
            ?? "\(words)-\(RecordID(at: Common.clock(), count: Int64(Common.chance() & 0x1F_FFFF)))"
        guard let id = CommandID(text), !text.contains("/") else { throw AccessRefusal.badCommandID(text) }
        return id
    }

    // MARK: Whose, and how much

    struct Place: Sendable {
        let book: Int64
        let currency: Currency
        let timeZone: String
        let customer: Int64?
    }

    /// The seller whose limits' currency counts, and the one customer whom it is about; nil where there is no seller.
    private func place(of run: CommandRun, _ seller: String?) async throws -> Place? {
        let code = seller ?? (run.entry.words[0] == "seller" ? run.values["code"]?.first : nil)
        let number = run.values["number"]?.first ?? run.values["invoice"]?.first
        return try await desk.database.read { transaction in
            let places = try transaction.query(
                "SELECT book, currency, time_zone, code FROM sellers ORDER BY code", []
            ).compactMap { row -> Place? in
                let own = try row.text(3)
                guard let currency = Currency(try row.text(1)), (code ?? own).lowercased() == own.lowercased() else {
                    return nil
                }
                let customer = try number.flatMap { number in
                    try transaction.query(
                        "SELECT customer FROM documents WHERE book = $1 AND number = $2 LIMIT 1",
                        [.int(try row.int(0)), .text(number)]
                    ).first?.int(0)
                }
                return Place(
                    book: try row.int(0), currency: currency, timeZone: try row.text(2), customer: customer)
            }
            return places.first { $0.customer != nil } ?? places.first
        }
    }

    /// At the rate of the day, or the latest of the days before it that is in force; without one, by its own currency.
    private func counted(_ worth: Money, in home: Currency, on day: Day) async throws -> Money {
        guard worth.currency != home, worth.minor != 0 else { return worth.minor == 0 ? Money(minor: 0, home) : worth }
        let rate = try await desk.database.read { transaction in
            try transaction.query(
                """
                SELECT rate, day, source FROM exchange_rates
                WHERE currency = $1 AND home_currency = $2 AND day <= $3 AND day >= $4
                ORDER BY day DESC LIMIT 1
                """,
                [
                    .text(worth.currency.code), .text(home.code), .text(day.description),
                    .text((day - ExchangeRate.daysInForce).description),
                ]
            ).first.map {
                ExchangeRate(scaled: try $0.int(0), day: Day(try $0.text(1)) ?? day, source: try $0.text(2))
            }
        }
        return rate?.converting(worth, to: home) ?? worth
    }

    /// What a command gives away, by its dry run.
    func worth(of run: CommandRun, _ output: [UInt8], _ home: Currency) async throws -> Money {
        guard run.entry.name == "undo" else { return Self.worth(output, home) }
        let numbers = Self.undone(output).flatMap { one in (one.documents ?? []).map { (one.seller, $0) } }
        let sums = try await desk.database.read { transaction in
            var sums: [Currency: Int64] = [:]
            for (seller, number) in numbers {
                let rows = try transaction.query(
                    """
                    SELECT d.gross, d.currency FROM sellers s
                    CROSS JOIN documents d
                    WHERE s.code = $1 AND d.book = s.book AND d.number = $2 AND d.kind = 'invoice'
                    """, [.text(seller), .text(number)])
                guard let row = rows.first, let currency = Currency(try row.text(1)) else { continue }
                sums[currency, default: 0] += try row.int(0)
            }
            return sums
        }
        return sums.max { ($0.value, $0.key.code) < ($1.value, $1.key.code) }.map { Money(minor: $0.value, $0.key) }
            ?? Money(minor: 0, home)
    }

    /// What a dry run of `undo` would take back of what was issued.
    private static func undone(_ output: [UInt8]) -> [Undone.One] {
        let undone = (try? JSONDecoder().decode(Undone.self, from: Data(output)))?.undone ?? []
        return undone.filter { !($0.documents ?? []).isEmpty }
    }
    private struct Undone: Decodable {
        struct One: Decodable {
            let command, seller: String
            let documents: [String]?
        }
        let undone: [One]
    }

    /// What a dry run says that a command gives away; in the seller's currency where it is about no amount.
    static func worth(_ output: [UInt8], _ home: Currency) -> Money {
        (try? JSONDecoder().decode(Amounts.self, from: Data(output)))?.largest ?? Money(minor: 0, home)
    }

    /// What dry runs of these commands say, as far as it is about amounts.
    private struct Amounts: Decodable {
        struct Allocation: Decodable { let writeoff, currency: String? }
        let gross, amount, currency: String?
        let allocations: [Allocation]?

        private static func money(_ text: String?, _ code: String?) -> Money? {
            guard let text, let code, let currency = Currency(code) else { return nil }
            return try? Money(text, currency)
        }

        /// Of one currency the sum, so that many small ones count as what they are.
        var largest: Money? {
            if let given = Self.money(gross ?? amount, currency) {
                return Money(minor: Int64(clamping: given.minor.magnitude), given.currency)
            }
            var sums: [Currency: Int64] = [:]
            for one in allocations ?? [] {
                guard let money = Self.money(one.writeoff, one.currency) else { continue }
                let (sum, isTooMuch) = sums[money.currency, default: 0].addingReportingOverflow(
                    Int64(clamping: money.minor.magnitude))
                sums[money.currency] = isTooMuch ? Int64.max : sum
            }
            return sums.max { ($0.value, $0.key.code) < ($1.value, $1.key.code) }.map { Money(minor: $0.value, $0.key) }
        }
    }
}
