import CreditControl
import Ledger
import Money
import Testing

@Suite("Deciding on reminders")
struct ReminderDecisionTests {
    static let day = Day("2026-10-28")!  // a Wednesday

    static func item(
        _ number: String = "RE-1", late: Int, minor: Int64 = 10_000, level: Int = 0, currency: Currency = .eur,
        disputes: [String] = [], holds: [ReminderFacts.Hold] = []
    ) -> ReminderFacts.Item {
        ReminderFacts.Item(
            document: RecordID(number: Int64(number.utf8.reduce(0) { $0 * 31 + Int($1) } & 0xFFFF)), number: number,
            day: day - late - 30, due: day - late, open: Money(minor: minor, currency), level: level,
            disputes: disputes, holds: holds)
    }

    static func facts(_ items: [ReminderFacts.Item], _ change: (inout ReminderFacts) -> Void = { _ in })
        -> ReminderFacts
    {
        var facts = ReminderFacts(
            customer: RecordID(number: 5), details: RecordID(number: 6), number: "C-1", name: "Hafenwerk GmbH",
            items: items)
        change(&facts)
        return facts
    }

    static func decide(_ facts: ReminderFacts, _ policy: ReminderPolicy = .standard) -> ReminderDecision {
        ReminderDecision.decide(facts, on: day, by: policy)
    }

    @Test(
        "an item rises one level at a time, when it is late enough",
        arguments: [
            (late: 0, level: 0, becomes: nil, code: "not-due"), (6, 0, nil, "not-yet"), (7, 0, 1, "level-1"),
            (21, 0, 1, "level-1"), (400, 0, 1, "level-1"), (20, 1, nil, "level-1-stays"), (21, 1, 2, "level-2"),
            (34, 2, nil, "level-2-stays"), (35, 2, 3, "level-3"), (90, 3, nil, "last-level"),
        ] as [(late: Int, level: Int, becomes: Int?, code: String)])
    func levels(late: Int, level: Int, becomes: Int?, code: String) {
        let decision = Self.decide(Self.facts([Self.item(late: late, level: level)]))
        #expect(decision.letter?.level == becomes)
        #expect(decision.items.map(\.code) == [code])
        #expect(!decision.isHeld)
    }

    @Test("one letter names everything late at its own level, and is of the highest")
    func oneLetter() throws {
        let decision = Self.decide(
            Self.facts([
                Self.item("A", late: 40, minor: 5_000, level: 2), Self.item("B", late: 10, minor: 3_000),
                Self.item("C", late: 12, minor: 2_000, level: 1), Self.item("D", late: 3), Self.item("E", late: -5),
                Self.item("F", late: 1, minor: -1_500),
            ]))
        let letter = try #require(decision.letter)
        #expect(letter.level == 3)
        #expect(letter.items.map { "\($0.item.number)\($0.level)" } == ["A3", "C1", "B1", "F0"])
        #expect(letter.totals == [Money(minor: 8_500, .eur)])
        #expect(letter.items.reduce(Money.zero(.eur)) { $0 + $1.item.open } == letter.totals[0])
        #expect(decision.items.filter { !$0.isIncluded }.map(\.code).sorted() == ["not-due", "not-yet"])
        #expect(letter.channel == .email)
    }

    @Test("payment is asked for by a working day")
    func deadline() throws {
        // 28 October + 10 days is Saturday 7 November.
        let letter = try #require(Self.decide(Self.facts([Self.item(late: 8)])).letter)
        #expect(letter.payBy == Day("2026-11-09")!)
    }

    static let receipt = ReminderFacts.Unmatched(
        receipt: RecordID(number: 9), day: day - 1, amount: Money(minor: 700, .eur), why: .onAccount)
    static let proposal = ReminderFacts.Unmatched(
        receipt: RecordID(number: 9), day: day - 1, amount: Money(minor: 700, .eur), why: .proposed(number: "RE-1"))

    @Test(
        "each reason keeps the letter back and says so",
        arguments: [
            ("unmatched-money", facts([item(late: 30)]) { $0.unmatched = [receipt] }),
            ("unmatched-money", facts([item(late: 30)]) { $0.unmatched = [proposal] }),
            ("disputed", facts([item(late: 30, disputes: ["wrong quantity"])])),
            ("hold", facts([item(late: 30)]) { $0.holds = [.init(reason: "big tender", from: day - 9)] }),
            ("hold", facts([item(late: 30)]) { $0.holds = [.init(reason: "big tender", from: day, to: day)] }),
            ("hold", facts([item(late: 30, holds: [.init(reason: "promised a copy", from: day - 2)])])),
            (
                "mail-refused",
                facts([item(late: 30)]) { $0.refusedMail = .init(day: day - 5, answer: "550 no such mailbox") }
            ),
            (
                "no-address",
                facts([item(late: 30)]) {
                    $0.hasMailAddress = false
                    $0.hasPostalAddress = false
                }
            ),
            ("below-minimum", facts([item(late: 30, minor: 499)])),
            ("reminded-recently", facts([item(late: 30, level: 1)]) { $0.lastLetter = day - 9 }),
            ("promise", facts([item(late: 30)]) { $0.promisedUntil = day }),
            ("bank-data-stale", facts([item(late: 30)]) { $0.bankDataThrough = day - 6 }),
            ("credits-exceed", facts([item(late: 30), item("GS-1", late: 2, minor: -10_000)])),
            ("legal-stop", facts([item(late: 30)]) { $0.holds = [.init(reason: "insolvency opened", from: day - 9)] }),
            ("legal-stop", facts([item(late: 30, holds: [.init(reason: "Mahnverfahren läuft", from: day - 2)])])),
            (
                "consumer-rules",
                facts([item(late: 60, level: 2)]) { $0.isConsumer = true }
            ),
        ])
    func holds(code: String, facts: ReminderFacts) {
        var policy = ReminderPolicy.standard
        policy.consumerHighestLevel = 2
        let decision = Self.decide(facts, policy)
        #expect(decision.letter == nil && decision.isHeld)
        #expect(decision.holds.map(\.code) == [code])
        for hold in decision.holds { #expect(!hold.why.isEmpty && hold.next.last == ".") }
    }

    @Test(
        "what no longer holds keeps nothing back",
        arguments: [
            facts([item(late: 30)]) { $0.holds = [.init(reason: "big tender", from: day - 9, to: day - 1)] },
            facts([item(late: 30)]) { $0.holds = [.init(reason: "holidays", from: day + 1)] },
            facts([item(late: 30, level: 1)]) { $0.lastLetter = day - 10 },
            facts([item(late: 30)]) { $0.promisedUntil = day - 1 },
            facts([item(late: 30, minor: 500)]),
            facts([item(late: 30)]) { $0.bankDataThrough = day - 5 },  // Friday; three working days ago
            facts([item(late: 30)]) { $0.bankDataThrough = day + 3 },
            facts([item(late: 30), item("GS-1", late: 2, minor: -9_000)]),
        ])
    func goes(facts: ReminderFacts) { #expect(Self.decide(facts).letter != nil) }

    @Test("a disputed item is left out, the others go")
    func disputed() throws {
        let decision = Self.decide(
            Self.facts([Self.item("A", late: 30, disputes: ["broken"]), Self.item("B", late: 8, minor: 2_000)]))
        let letter = try #require(decision.letter)
        #expect(letter.items.map(\.item.number) == ["B"] && letter.totals == [Money(minor: 2_000, .eur)])
        #expect(decision.items.first { $0.item.number == "A" }?.code == "disputed")
    }

    @Test(
        "a remainder on account keeps a letter back where it pays something late, or is as much as is asked for",
        arguments: [
            ([3], [10_000], false), ([499], [10_000, 500], false), ([500], [10_000], true),
            ([250, 250], [10_000], true),
            ([3], [10_000, 3], true), ([3, 2], [10_000, 5], true),
        ] as [(account: [Int64], open: [Int64], holds: Bool)])
    func remainders(account: [Int64], open: [Int64], holds: Bool) {
        let decision = Self.decide(
            Self.facts(open.enumerated().map { Self.item("RE-\($0)", late: 30, minor: $1) }) {
                $0.unmatched = account.map {
                    .init(
                        receipt: RecordID(number: 9), day: Self.day - 1, amount: Money(minor: $0, .eur), why: .onAccount
                    )
                }
            })
        #expect((decision.holds.first?.code == "unmatched-money") == holds)
        #expect((decision.letter == nil) == holds)
    }

    @Test("all reasons are told, in the order in which a person would look")
    func order() {
        let decision = Self.decide(
            Self.facts([Self.item(late: 30, minor: 300, level: 1)]) {
                $0.unmatched = [Self.receipt]
                $0.holds = [
                    .init(reason: "insolvency", from: Self.day - 3), .init(reason: "tender", from: Self.day - 3),
                ]
                $0.lastLetter = Self.day - 1
                $0.bankDataThrough = Self.day - 40
            })
        #expect(
            decision.holds.map(\.code) == [
                "unmatched-money", "hold", "below-minimum", "reminded-recently", "bank-data-stale", "legal-stop",
            ])
    }

    @Test("it goes by post where there is no mail address; a refused mail then keeps nothing back")
    func post() {
        let decision = Self.decide(
            Self.facts([Self.item(late: 30)]) {
                $0.hasMailAddress = false
                $0.refusedMail = .init(day: Self.day, answer: "550")
            })
        #expect(decision.letter?.channel == .post)
    }

    @Test("private persons are given a week more")
    func consumers() {
        func decide(late: Int) -> ReminderDecision {
            Self.decide(Self.facts([Self.item(late: late)]) { $0.isConsumer = true })
        }
        #expect(decide(late: 13).letter == nil && decide(late: 14).letter?.level == 1)
    }

    @Test("two currencies stand in one letter with a total each; one below its minimum is left out")
    func currencies() throws {
        let two = try #require(
            Self.decide(Self.facts([Self.item("A", late: 30), Self.item("B", late: 9, minor: 900, currency: .usd)]))
                .letter)
        #expect(two.totals == [Money(minor: 10_000, .eur), Money(minor: 900, .usd)])
        let one = Self.decide(
            Self.facts([Self.item("A", late: 30), Self.item("B", late: 9, minor: 100, currency: .usd)]))
        #expect(one.letter?.totals == [Money(minor: 10_000, .eur)])
        #expect(one.items.first { $0.item.number == "B" }?.code == "below-minimum")
    }
}

@Suite("Reminder policies")
struct ReminderPolicyTests {
    @Test("the standard is sound")
    func standard() throws { try ReminderPolicy.standard.check() }

    @Test("everything wrong is said at once")
    func wrong() throws {
        var policy = ReminderPolicy.standard
        policy.levels[1].daysOverdue = 7
        policy.levels[2].channels = ["fax"]
        policy.daysBetween = 0
        policy.minimum = ["EUR": "5.001", "XXQ": "1"]
        let refusal = #expect(throws: ReminderPolicyRefusal.self) { try policy.check() }
        let why = try #require(refusal?.why)
        for part in ["level 2 must come later", "“fax”", "days_between", "minimum in EUR", "“XXQ” is no currency"] {
            #expect(why.contains(part), "\(part)")
        }
    }
}
