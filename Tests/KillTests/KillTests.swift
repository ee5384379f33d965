import Database
import Foundation
import Testing

/// A process that dies in the middle loses nothing: the same command again, under the same id, and the books are as if nothing
/// had happened.
@Suite("Crashes")
struct KillTests {
    static let isLong = ProcessInfo.processInfo.environment["DULY_LONG"] == "1"

    /// The named points, in the order of the work: one death at each, then the step goes through.
    static let deaths: [(step: Step, points: [String])] = [
        (.customers, ["import.before-commit", "import.before-outcome"]),
        (.orders, ["import.before-commit", "import.after-commit"]),
        // The second death hits the group of the second seller, the third leaves its documents without the run's outcome.
        (.bill, ["bill.numbers-taken", "bill.before-commit:2", "bill.after-commit", "bill.before-outcome"]),
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
    }

    @Test(
        "two hundred deaths at any moment leave the books of an undisturbed run", .enabled(if: isLong),
        arguments: [Engine.sqlite, .postgres])
    func random(engine: Engine) async throws {
        let files = try CompanyFiles(orders: 300, customers: 40)
        let (expected, took) = try await Self.undisturbed(files, on: engine)
        var dice = Dice(state: engine == .sqlite ? 2026 : 4052)
        var deaths = 0
        while deaths < 200 {
            let office = try await Office.open(files, on: engine)
            var uncertain = 0
            for step in Step.allCases {
                // Up to four tries to kill it: some end before the blow falls.
                for _ in 0..<(step == .send || step == .bill ? 4 : 2) {
                    let moment = took[step, default: .seconds(1)] * dice.share()
                    let done = try await office.run(step, death: .after(moment))
                    guard done.wasKilled else { break }
                    deaths += 1
                    if step == .send { uncertain += 1 }
                }
                try await Self.finish(step, office)
            }
            try await Self.expect(expected, of: office, atMostUncertain: uncertain)
        }
        print("\(deaths) deaths at any moment on \(engine.rawValue).")
    }

    /// The same work with nobody dying: what is in the books then, and how long each step takes.
    private static func undisturbed(
        _ files: CompanyFiles, on engine: Engine
    ) async throws -> (state: [String: [String]], took: [Step: Duration]) {
        let office = try await Office.open(files, on: engine)
        var took: [Step: Duration] = [:]
        for step in Step.allCases { took[step] = try await finish(step, office) }
        let state = try await office.state()
        // The work is worth the name: documents, money, letters, something left to a person.
        for name in ["invoices", "receipts", "allocations", "letters", "journal"] {
            #expect(state[name, default: []].count > 20, "\(name): \(state[name, default: []].count)")
        }
        #expect(state["letters", default: []].contains { $0.contains("reminder") })
        try await expect(state, of: office, atMostUncertain: 0)
        return (state, took)
    }

    @discardableResult
    private static func finish(_ step: Step, _ office: Office) async throws -> Duration {
        let done = try await office.run(step)
        // Applying by hand says what it could not apply.
        #expect(
            done.status == 0 || step == .apply && done.status == 1, "\(step): \(done.out.suffix(2000)) \(done.error)")
        return done.took
    }

    private static func expect(
        _ expected: [String: [String]], of office: Office, atMostUncertain limit: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let state = try await office.state()
        for (name, rows) in expected.sorted(by: { $0.key < $1.key }) {
            let difference = (state[name] ?? []).difference(from: rows)
            #expect(
                difference.isEmpty, "\(name): \(difference.prefix(10).map { "\($0)" }.joined(separator: "\n"))",
                sourceLocation: sourceLocation)
        }
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
