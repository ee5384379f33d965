import Correspondence
import CorrespondenceDesk
import CreditControl
import CreditControlDesk
import Database
import Foundation
import Ledger
import Money
import Workspace

/// The reminder run of the day as it would be, the letters' words, and the outbox.
extension WorkspaceBooks {
    /// How many letters, and how many held ones, a page lists of each level.
    private static let mostLetters = 60
    private static let pageOfOutbox = 60

    private var credit: CreditControlDesk { ReminderCommand.desk(database) }

    /// A preview, kept until a command is recorded.
    struct AskRun: Sendable {
        let letters: [(house: House, letter: ReminderRunOutcome.Letter)]
        /// Those that a page lists: the first of each level.
        let shown: [(house: House, letter: ReminderRunOutcome.Letter)]
        /// How many letters of each level.
        let levels: [Int: Int]
        /// Minor units.
        let totals: [Currency: Int64]
        /// Those that a page lists.
        let held: [(house: House, held: ReminderRunOutcome.Held)]
        let heldAll: Int

        init(
            _ letters: [(house: House, letter: ReminderRunOutcome.Letter)],
            _ held: [(house: House, held: ReminderRunOutcome.Held)]
        ) throws {
            var shown: [(house: House, letter: ReminderRunOutcome.Letter)] = []
            var levels: [Int: Int] = [:]
            var totals: [Currency: Int64] = [:]
            for one in letters {
                levels[one.letter.level, default: 0] += 1
                if levels[one.letter.level, default: 0] <= WorkspaceBooks.mostLetters { shown.append(one) }
                for total in one.letter.totals {
                    let money = try WorkspaceBooks.amount(total)
                    totals[money.currency, default: 0] += money.minor
                }
            }
            (self.letters, self.shown, self.levels, self.totals) = (letters, shown, levels, totals)
            (self.held, heldAll) = (Array(held.prefix(WorkspaceBooks.mostLetters)), held.count)
        }

        /// The letter to a customer, of the seller named before a slash or of any.
        func letter(to wanted: String?) -> (house: House, letter: ReminderRunOutcome.Letter)? {
            guard let wanted else { return nil }
            return letters.first {
                $0.letter.customer == wanted
                    || wanted.hasSuffix($0.letter.customer) && wanted == "\($0.house.code)/\($0.letter.customer)"
            }
        }
    }

    private func askRun(_ houses: [House]) async throws -> AskRun {
        let mark = try await mark(houses)
        let days = houses.map { day($0.timeZone).description }.joined(separator: " ")
        return try await askRuns.value(houses.map(\.code).joined(separator: " ") + "\(days) \(sight)", mark: mark) {
            var letters: [(house: House, letter: ReminderRunOutcome.Letter)] = []
            var held: [(house: House, held: ReminderRunOutcome.Held)] = []
            for house in houses {
                let outcome = try await credit.preview(day(house.timeZone), book: house.book)
                letters += outcome.letters.map { (house, $0) }
                held += outcome.held.map { (house, $0) }
            }
            // What asks for most is read first.
            let sorted = letters.map { (one: $0, worth: Self.worth($0.letter)) }.sorted {
                (-$0.one.letter.level, $0.worth) > (-$1.one.letter.level, $1.worth)
            }
            return try AskRun(sorted.map(\.one), held)
        }
    }

    private static func worth(_ letter: ReminderRunOutcome.Letter) -> Int64 {
        letter.totals.compactMap { total in (try? amount(total))?.minor }.max() ?? 0
    }
    private static func amount(_ total: ReminderRunOutcome.Amount) throws -> Money {
        try money(total.amount, try currency(total.currency))
    }

    func ask(customer: String?, seller: String?, language: Language) async throws -> AskView {
        let houses = try await reading { try self.houses(seller, $0) }
        let run = try await askRun(houses)
        let names = run.shown.map { "\($0.house.code)/\($0.letter.customer)" }
        let chosen = run.letter(to: customer ?? names.first)
        var selected: AskText?
        if let chosen { selected = try await text(chosen.letter, chosen.house, among: names) }
        return AskView(
            day: day(houses.first?.timeZone ?? "UTC"), sellers: houses.map(\.view),
            letters: try run.shown.map { try Self.letter($0.letter, $0.house) }, all: run.letters.count,
            held: try run.held.map { try Self.held($0.held, $0.house) },
            heldAll: run.heldAll,
            levels: run.levels.sorted { $0.key < $1.key }.map { LevelCount(level: $0.key, count: $0.value) },
            totals: run.totals.sorted { $0.key.code < $1.key.code }.map { Amount(Money(minor: $0.value, $0.key)) },
            outbox: try await reading { try Self.outboxCounts(houses, $0) },
            selected: selected)
    }

    private static func letter(_ letter: ReminderRunOutcome.Letter, _ house: House) throws -> AskLetter {
        AskLetter(
            seller: house.code, customer: letter.customer, customerName: letter.customerName, level: letter.level,
            channel: letter.channel, payBy: try Self.day(letter.payBy),
            totals: try letter.totals.map { Amount(try amount($0)) }, items: letter.items.count)
    }

    private static func held(_ held: ReminderRunOutcome.Held, _ house: House) throws -> AskHeld {
        var sums: [Currency: Int64] = [:]
        for item in held.items where item.daysOverdue > 0 {
            let currency = try Self.currency(item.currency)
            sums[currency, default: 0] += try money(item.amount, currency).minor
        }
        return AskHeld(
            seller: house.code, customer: held.customer, customerName: held.customerName, code: held.code,
            why: held.reasons.map(\.why).joined(separator: " "), next: held.next,
            totals: sums.sorted { $0.key.code < $1.key.code }.map { Amount(Money(minor: $0.value, $0.key)) })
    }

    /// The very words.
    private func text(_ letter: ReminderRunOutcome.Letter, _ house: House, among names: [String]) async throws
        -> AskText?
    {
        let desk = CorrespondenceDesk(database, clock: Common.clock, chance: Common.chance)
        let reminder = ReminderToWrite(
            customer: letter.customer, level: letter.level, day: day(house.timeZone), payBy: try Self.day(letter.payBy),
            items: try letter.items.compactMap { item in
                guard let document = RecordID(item.document) else { return nil }
                return (document, try Self.money(item.amount, try Self.currency(item.currency)))
            })
        guard let text = try await desk.words(of: reminder, book: house.book) else { return nil }
        let words = text.letter
        let place = names.firstIndex(of: "\(house.code)/\(letter.customer)")
        return AskText(
            seller: house.code, customer: letter.customer, customerName: letter.customerName, level: letter.level,
            language: words.language.rawValue, from: text.seller, address: text.recipient, mailTo: text.mailTo,
            channel: letter.channel, subject: words.subject, opening: [words.salutation] + words.opening.map(\.line),
            headings: words.table?.headings ?? [], rows: words.table?.rows ?? [], totals: words.table?.totals ?? [],
            closing: words.closing.map(\.line), payment: words.payment.map { [$0.label, $0.value] },
            ending: words.ending.map(\.line), signature: [words.greeting] + words.signature,
            reasons: (letter.items + letter.leftOut).map { [$0.invoiceNo, $0.why] },
            next: place.flatMap { $0 + 1 < names.count ? names[$0 + 1] : nil },
            previous: place.flatMap { $0 > 0 ? names[$0 - 1] : nil })
    }

    // MARK: The outbox

    private static func outboxCounts(_ houses: [House], _ transaction: any Transaction) throws -> [KindCount] {
        var counts: [String: Int] = [:]
        for house in houses {
            for row in try transaction.query(
                """
                SELECT state, count(*) FROM outbox
                WHERE book = $1 AND channel IN ('email', 'post') AND state <> 'sent'
                GROUP BY state
                """, [house.key])
            {
                counts[try row.text(0), default: 0] += Int(try row.int(1))
            }
        }
        let open = counts.filter { $0.key != "withdrawn" }.values.reduce(0, +)
        return [KindCount(kind: "open", count: open)]
            + counts.sorted { $0.key < $1.key }.map { KindCount(kind: $0.key, count: $0.value) }
    }

    func letters(state: String, page: Int, seller: String?, language: Language) async throws -> LettersView {
        try await reading { transaction in
            let houses = try houses(seller, transaction)
            let first = (page - 1) * Self.pageOfOutbox
            var letters: [OutboxLine] = []
            for house in houses {
                letters += try Self.outbox(state, house, limit: first + Self.pageOfOutbox + 1, transaction)
            }
            if houses.count > 1 { letters.sort { $0.message > $1.message } }
            return LettersView(
                day: day(houses.first?.timeZone ?? "UTC"), sellers: houses.map(\.view), state: state,
                counts: try Self.outboxCounts(houses, transaction),
                letters: Array(letters.dropFirst(first).prefix(Self.pageOfOutbox)),
                more: letters.count > first + Self.pageOfOutbox)
        }
    }

    /// The latest first. What is not sent stands in an index of its own; of all others the key tells the latest.
    private static func outbox(
        _ state: String, _ house: House, limit: Int, _ transaction: any Transaction
    ) throws -> [OutboxLine] {
        let head = """
            SELECT o.message, o.kind, d.number, c.number, n.name, o.channel, o.state, o.attempts, o.answer, o.changed
            FROM outbox o
            LEFT JOIN documents d ON d.book = o.book AND d.document = o.document
            LEFT JOIN customers c ON c.book = o.book AND c.customer = o.customer
            LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
            WHERE o.book = $1 AND o.message > 0
            """
        let filter =
            switch state {
            case "open": "AND o.state <> 'sent' AND o.state <> 'withdrawn'"
            case "sent": "AND o.state = 'sent'"
            case "queued", "sending", "refused", "uncertain", "withdrawn":
                "AND o.state <> 'sent' AND o.state = '\(state)'"
            default: "AND o.state <> 'sent'"
            }
        return try transaction.query(
            "\(head) \(filter) ORDER BY o.message DESC LIMIT $2", [house.key, .int(Int64(limit))]
        ).map { row in
            OutboxLine(
                message: RecordID(number: try row.int(0)).description, seller: house.code, kind: try row.text(1),
                document: try filled(row, 2), customer: try row.textOrNil(3) ?? "",
                customerName: try row.textOrNil(4) ?? "", channel: try row.text(5), state: try row.text(6),
                attempts: Int(try row.int(7)), answer: try row.text(8), changed: try instant(try row.text(9)))
        }
    }

    // MARK: The policy

    func reminderPolicy(seller: String?, language: Language) async throws -> ReminderPolicyView {
        let houses = try await reading { try self.houses(seller, $0) }
        guard let house = houses.first else { throw SetUpRefusal.noSuchSeller(seller ?? "") }
        let all = seller == nil ? houses : try await reading { try self.houses(nil, $0) }
        let today = day(house.timeZone)
        let policy = try await credit.policy(on: today, book: house.book)
        return ReminderPolicyView(
            day: today, sellers: all.map(\.view),
            levels: policy.levels.map {
                PolicyLevel(
                    level: $0.level, daysOverdue: $0.daysOverdue, deadlineDays: $0.deadlineDays, channels: $0.channels,
                    tone: $0.tone)
            }, daysBetween: policy.daysBetween,
            minimum: policy.minimum.sorted { $0.key < $1.key }.compactMap { code, amount in
                Currency(code).flatMap { try? Money(amount, $0) }.map { Amount($0) }
            }, bankDataDays: policy.bankDataDays, consumerExtraDays: policy.consumerExtraDays,
            consumerHighestLevel: policy.consumerHighestLevel)
    }
}
