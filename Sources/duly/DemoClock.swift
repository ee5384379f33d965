import Books
import Database
import Foundation
import Ledger
import Money
import ReportsDesk
import Synchronization
import Web
import Workspace

/// Why the test clock was not moved.
enum ClockRefusal: Refusal {
    case notBack(to: Day, today: Day)
    case tooFar(to: Day, today: Day)
    static let most = 366
    var code: String {
        switch self {
        case .notBack: "clock.not-back"
        case .tooFar: "clock.too-far"
        }
    }
    var what: String { "The clock was not moved." }
    var why: String {
        switch self {
        case .notBack(let to, let today): "\(to) is not later than \(today), which is today."
        case .tooFar(let to, let today): "\(to) is more than \(Self.most) days after \(today), which is today."
        }
    }
    var next: String {
        switch self {
        case .notBack: "Name a later day; what happened is not undone by a clock."
        case .tooFar: "Go there in steps."
        }
    }
}

/// The day that the books of an example company have reached, kept in them. Real books have no such clock: it shows nothing and
/// moves nothing.
final class DemoClock: Sendable {
    private struct State {
        var isDemo = false
        var day: Day?
        var moved: ClockMoved?
    }
    private let state = Mutex(State())

    /// Of no books.
    init() {}

    init(_ database: any Database) async throws { try await read(database) }

    var isDemo: Bool { state.withLock { $0.isDemo } }
    var moved: ClockMoved? {
        get { state.withLock { $0.moved } }
        set { state.withLock { $0.moved = newValue } }
    }

    /// The business day as it was said or is by the calendar, or the one that the clock has reached, whichever is later.
    func over(_ day: @escaping @Sendable (String) -> Day) -> @Sendable (String) -> Day {
        { [self] zone in
            let (own, reached) = (day(zone), state.withLock { $0.day })
            return reached.map { max($0, own) } ?? own
        }
    }

    /// Until its task is cancelled: another process over the same books may move the clock, too.
    func follow(_ database: any Database) async {
        while isDemo, (try? await Task.sleep(for: .seconds(5))) != nil {
            do { try await read(database) } catch { Answer.say("the test clock: \(error)") }
        }
    }

    private func read(_ database: any Database) async throws {
        let rows = try await database.read { transaction in
            try transaction.query("SELECT name, value FROM settings WHERE name IN ('demo', 'today')", []).map {
                (try $0.text(0), try $0.text(1))
            }
        }
        let values = Dictionary(rows, uniquingKeysWith: { $1 })
        state.withLock { state in
            state.isDemo = values["demo"] != nil
            guard state.isDemo, let day = values["today"].flatMap({ Day($0) }) else { return }
            // Never back, also where a reading comes late.
            state.day = max(day, state.day ?? day)
        }
    }

    /// Marks new books as an example company's.
    static func mark(_ database: any Database, at now: Instant) async throws {
        _ = try await database.transaction { transaction in
            try transaction.execute(
                "INSERT INTO settings (name, value, changed) VALUES ('demo', '1', $1) ON CONFLICT (name) DO NOTHING",
                [.text(now.description)])
        }
    }

    /// Keeps a later day in the books.
    func advance(to day: Day, in database: any Database, at now: Instant) async throws {
        _ = try await database.transaction { transaction in
            try transaction.execute(
                """
                INSERT INTO settings (name, value, changed) VALUES ('today', $1, $2)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed = excluded.changed
                WHERE settings.value < excluded.value
                """, [.text(day.description), .text(now.description)])
        }
        try await read(database)
    }
}

extension WorkspaceBooks {
    /// Lines of what is new that the page shows.
    private static let mostNews = 50

    private func today() async throws -> Day {
        day(try await reading { try self.houses(nil, $0) }.first?.timeZone ?? "UTC")
    }

    func testClock() async throws -> ClockView? {
        guard clock.isDemo else { return nil }
        return ClockView(today: try await today(), moved: clock.moved)
    }

    func moveClock(to day: Day, as session: WebSession, language: Language) async throws {
        let from = try await today()
        guard day > from else { throw WebProblem(refused: ClockRefusal.notBack(to: day, today: from)) }
        guard day - from <= ClockRefusal.most else {
            throw WebProblem(refused: ClockRefusal.tooFar(to: day, today: from))
        }
        let before = Set(try await worklist(from).items.map(\.id))
        try await clock.advance(to: day, in: base, at: Common.clock())
        let billed = try await bill(through: day, as: session)
        let after = try await worklist(day).items.filter { !before.contains($0.id) }
        clock.moved = ClockMoved(
            from: from, to: day, billed: billed, news: after.prefix(Self.mostNews).map(Self.item),
            more: max(0, after.count - Self.mostNews))
    }

    private func worklist(_ day: Day) async throws -> Worklist {
        try await reading { try Worklist.read(book: nil, today: day, limit: 10_000, in: $0) }
    }

    /// What a new day does by itself: what is due becomes drafts. The run has the day's name, so that it is made once.
    private func bill(through day: Day, as session: WebSession) async throws -> String {
        guard let entry = Catalogue.all["bill"] else { return "" }
        var run = CommandRun(entry: entry)
        run.values = ["through": ["\(day)"], "id": ["clock-\(day)"]]
        switch try await commands.carryOut(run, as: session, json: false, progress: Jobs.progress) {
        case .answered(let output, _, _, _):
            return String(decoding: output, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        case .refused(let refusals): return refusals.map { "\($0.what) \($0.why)" }.joined(separator: " ")
        case .waits(let approval): return approval.words
        case .usage(let why), .bug(let why): throw Bug(what: "bill: \(why)")
        case .outage(let why): throw WorkspaceOutage(why)
        }
    }
}

extension WebProblem {
    fileprivate init(refused refusal: any Refusal) {
        self.init(
            status: 422, code: refusal.code, what: refusal.what, why: refusal.why, next: refusal.next, field: "day")
    }
}
