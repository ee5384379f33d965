import Database
import Foundation
import Testing

/// A process that dies in the middle loses nothing: the same command again, under the same id, and the books are as if nothing
/// had happened.
@Suite("Crashes", .serialized)
struct KillTests {
    static let isLong = ProcessInfo.processInfo.environment["DULY_LONG"] == "1"

    /// The named points, in the order of the work: one death at each, then the step goes through.
    static let deaths: [(step: Step, points: [String])] = [
        (.customers, ["import.before-commit", "import.before-outcome"]),
        (.orders, ["import.before-commit", "import.after-commit"]),
        // The second death leaves drafts of the first seller held without the run's outcome, the third hits the group of the
        // second seller, the fourth leaves its documents without the run's outcome.
        (
            .bill,
            [
                "bill.numbers-taken", "bill.after-commit", "bill.before-commit:2", "bill.after-commit",
                "bill.before-outcome",
            ]
        ),
        (.bank, ["bank.in-group:2", "bank.after-group:3", "bank.before-outcome"]),
        (.match, ["match.after-group", "match.before-outcome"]),
        (.apply, ["apply.after-group"]),
        (.remind, ["reminder.after-group"]),
        // Before the first byte of the third letter; after the answer to the fifth of those that are left.
        (.send, ["outbox.marked-sending:3", "outbox.answered:5"]),
    ]

    @Test("deaths at named points leave the books of an undisturbed run", arguments: [Engine.sqlite, .postgres])
    func named(engine: Engine) async throws {
        let files = try CompanyFiles(orders: 100, customers: 20)
        let (expected, _) = try await Self.undisturbed(files, on: engine)
        let office = try await Office.open(files, on: engine)
        var deaths = 0
        for step in Step.allCases {
            for point in Self.deaths.filter({ $0.step == step }).flatMap(\.points) {
                let done = try await office.run(step, death: .at(point))
                #expect(done.wasKilled, "\(step) did not die at \(point): \(done.status ?? -1) \(done.error)")
                deaths += 1
            }
            try await Self.finish(step, office)
        }
        #expect(deaths >= 15)
        try await Self.expect(expected, of: office, atMostUncertain: 2)
        office.close()
    }

    @Test(
        "two hundred deaths at any moment leave the books of an undisturbed run", .enabled(if: isLong),
        arguments: [Engine.sqlite, .postgres])
    func random(engine: Engine) async throws {
        let files = try CompanyFiles(orders: 400, customers: 40)
        let (expected, took) = try await Self.undisturbed(files, on: engine)
        var blows = Blows(took: took, seed: engine == .sqlite ? 2026 : 4052)
        var offices = 0
        while blows.fallen < 200 {
            // The machine may be busier or idler than when it was measured.
            offices += 1
            if offices % 4 == 0 { blows.took = try await Self.undisturbed(files, on: engine).took }
            let office = try await Office.open(files, on: engine)
            if blows.startUp == nil { blows.startUp = try await office.startUp() }
            var uncertain = 0
            for step in Step.allCases {
                for blow in blows.next(step) {
                    let done = try await office.run(step, death: .after(blow.after))
                    let half = done.wasKilled ? try await office.isHalfDone(step) : false
                    blows.note(step, blow, fell: done.wasKilled, half: half, took: done.took)
                    // It ended before the blow fell: there is nothing left to disturb.
                    guard done.wasKilled else { break }
                    if step == .send { uncertain += 1 }
                }
                try await Self.finish(step, office)
            }
            try await Self.expect(expected, of: office, atMostUncertain: uncertain)
            office.close()
        }
        print("\(engine.rawValue):\n\(blows.report)")
        // No phase may have escaped, nor any long part of one.
        for step in Step.asked {
            let quarters = blows.quarters(step)
            #expect(quarters.filter { $0 > 0 }.count >= 3, "\(step) was hit in the quarters \(quarters)")
        }
    }

    /// The same work with nobody dying: what is in the books then, and how long each step takes.
    private static func undisturbed(
        _ files: CompanyFiles, on engine: Engine
    ) async throws -> (state: [String: [String]], took: [Step: Duration]) {
        let office = try await Office.open(files, on: engine)
        defer { office.close() }
        var took: [Step: Duration] = [:]
        for step in Step.allCases { took[step] = try await finish(step, office) }
        let state = try await office.state()
        // The work is worth the name: documents, money, letters, something left to a person.
        for name in ["documents", "receipts", "allocations", "outbox", "entries"] {
            #expect(state[name, default: []].count > 20, "\(name): \(state[name, default: []].count)")
        }
        for name in ["reminders", "drafts"] {
            #expect(state[name, default: []].count > 0, "\(name)")
        }
        try await expect(state, of: office, atMostUncertain: 0)
        return (state, took)
    }

    /// Lets a step go through, and asks for it once more: the same id gets the same answer.
    @discardableResult
    private static func finish(_ step: Step, _ office: Office) async throws -> Duration {
        let done = try await office.run(step)
        // Applying by hand says what it could not apply.
        let right = done.status == 0 || step == .apply && done.status == 1
        try #require(right, "\(step): \(done.status ?? -1) \(done.out.suffix(2000)) \(done.error)")
        // Sending has no outcome but the letters'. A file that is applied again may have grown: it tells what was there before.
        if step != .send, step != .apply {
            let again = try await office.run(step)
            #expect(again.status == done.status, "\(step) again: \(again.out.suffix(500)) \(again.error)")
            #expect(again.out == done.out, "\(step) says something else the second time")
        }
        return done.took
    }

    private static func expect(
        _ expected: [String: [String]], of office: Office, atMostUncertain limit: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let state = try await office.state()
        var names = expected.keys.filter { $0.hasPrefix("~") }.sorted()
        if names.allSatisfy({ expected[$0] == state[$0] }) {
            names = expected.keys.filter { !$0.hasPrefix("~") }.sorted()
        }
        for name in names {
            let rows = expected[name] ?? []
            let (missing, extra) = Self.difference(rows, state[name] ?? [])
            let shown = missing.prefix(4).map { "missing \($0)" } + extra.prefix(4).map { "instead \($0)" }
            #expect(
                missing.isEmpty && extra.isEmpty,
                "\(name): \(missing.count) and \(extra.count) of \(rows.count)\n\(shown.joined(separator: "\n"))",
                sourceLocation: sourceLocation)
        }
        #expect(state.count == expected.count, sourceLocation: sourceLocation)
        let wrong = try await office.verify()
        #expect(wrong == nil, sourceLocation: sourceLocation)

        let letters = try await office.letters().filter { $0.channel == "email" }
        let (sent, uncertain) = (letters.filter { $0.state == "sent" }, letters.filter { $0.state == "uncertain" })
        #expect(sent.count + uncertain.count == letters.count, sourceLocation: sourceLocation)
        #expect(uncertain.count <= limit, "\(uncertain.count) letters are uncertain", sourceLocation: sourceLocation)
        let accepted = office.mail.accepted
        #expect(Set(accepted).count == accepted.count, "a Message-ID came twice", sourceLocation: sourceLocation)
        #expect(Set(sent.compactMap(\.messageID)).isSubset(of: accepted), sourceLocation: sourceLocation)
        #expect(Set(accepted).isSubset(of: letters.compactMap(\.messageID)), sourceLocation: sourceLocation)
    }

    /// What the second list lacks of the first, and what it has beyond it; both are sorted.
    private static func difference(_ one: [String], _ other: [String]) -> (missing: [String], extra: [String]) {
        var (missing, extra): ([String], [String]) = ([], [])
        var (left, right) = (one[...], other[...])
        while let first = left.first, let second = right.first {
            if first == second {
                left.removeFirst()
                right.removeFirst()
            } else if first < second {
                missing.append(left.removeFirst())
            } else {
                extra.append(right.removeFirst())
            }
        }
        return (missing + left, extra + right)
    }
}

extension Step {
    /// The phases that must be hit all over: import, bill run, bank import, matching, sending.
    static let asked: [Step] = [.customers, .orders, .bill, .bank, .match, .send]
}

/// Where the blows of the long test fall: over the whole of each step as it was measured undisturbed, from when the program has
/// started to its end, and none twice at the same place.
struct Blows {
    struct Blow {
        /// From 0, when the work begins, to 1, when it ends.
        let share: Double
        let after: Duration
    }
    private struct Count {
        var shares: [Double] = []
        var half = 0
        var missed = 0
    }
    var took: [Step: Duration]
    /// How long the program takes to start; a blow then hits nothing.
    var startUp: Duration?
    private(set) var fallen = 0
    private var dice: Dice
    private var thrown: [Step: Int] = [:]
    private var counts: [Step: Count] = [:]

    init(took: [Step: Duration], seed: UInt64) {
        self.took = took
        dice = Dice(state: seed)
    }

    /// The next blows for a step, early ones first, since what is done already makes it shorter.
    mutating func next(_ step: Step) -> [Blow] {
        let count = Step.asked.contains(step) ? 4 : step == .apply || step == .remind ? 2 : 1
        let start = startUp ?? .zero
        let work = max(took[step, default: .zero] - start, .milliseconds(20))
        // Strata that fall anew each time: four by the golden section apart are never close together.
        let first = dice.share()
        thrown[step, default: 0] += count
        return (0..<count).map { (first + Double($0) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1) }
            .sorted().map { Blow(share: $0, after: start + work * $0) }
    }

    /// A step that ended before the blow fell told how long it takes now: the next blows aim within that.
    mutating func note(_ step: Step, _ blow: Blow, fell: Bool, half: Bool, took now: Duration) {
        if fell {
            fallen += 1
            counts[step, default: Count()].shares.append(blow.share)
            if half { counts[step, default: Count()].half += 1 }
        } else {
            counts[step, default: Count()].missed += 1
            took[step] = now
        }
    }

    /// How many fell into each quarter of a step.
    func quarters(_ step: Step) -> [Int] {
        var quarters = [0, 0, 0, 0]
        for share in counts[step]?.shares ?? [] { quarters[min(3, Int(share * 4))] += 1 }
        return quarters
    }

    var report: String {
        let lines = Step.allCases.map { step in
            let count = counts[step] ?? Count()
            return "  \(step): \(took[step, default: .zero]), killed \(count.shares.count) times, by quarters "
                + "\(quarters(step)); \(count.half) between its groups; \(count.missed) blows came too late"
        }
        return (lines + ["  \(fallen) deaths; the program starts in \(startUp ?? .zero)"]).joined(separator: "\n")
    }
}

/// Dice that fall the same way each time (SplitMix64).
struct Dice {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    /// From 0 up to 1.
    mutating func share() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
