import Money
import Web

/// The test clock of an example company's books.
public struct ClockView: Encodable, Sendable {
    @Written public var today: Day
    /// The last move since the server began; nil where there was none.
    public let moved: ClockMoved?

    public init(today: Day, moved: ClockMoved?) {
        self.today = today
        self.moved = moved
    }
}

/// What a move of the clock came to.
public struct ClockMoved: Encodable, Sendable {
    @Written public var from: Day
    @Written public var to: Day
    /// What the bill run said.
    public let billed: String
    /// What the worklist has now and had not before, the most valuable first.
    public let news: [WorklistItem]
    /// How many more of them there are.
    public let more: Int

    public init(from: Day, to: Day, billed: String, news: [WorklistItem], more: Int) {
        self.from = from
        self.to = to
        (self.billed, self.news, self.more) = (billed, news, more)
    }
}

/// What the page of the test clock reads and does.
public protocol ClockSource: Sendable {
    /// nil where the books are real: they have no such clock.
    func testClock() async throws -> ClockView?
    /// Moves the business day of the whole server forward and does what a new day does by itself. Throws a `Refusal` for a day that
    /// is not later, or too far.
    func moveClock(to day: Day, as session: WebSession, language: Language) async throws
}

extension ClockSource {
    public func testClock() async throws -> ClockView? { nil }
    public func moveClock(to day: Day, as session: WebSession, language: Language) async throws {
        throw WebProblem.notFound
    }
}
