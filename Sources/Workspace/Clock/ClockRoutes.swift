import Money
import Web

extension Pages {
    var clockRoutes: [Route] {
        [
            Route(["settings", "clock"]) { try await clock($0) },
            Route(["settings", "clock"], methods: ["POST"]) { try await moveClock($0) },
        ]
    }

    private static var page: Link { Link("/settings/clock") }

    private func clock(_ request: WebRequest) async throws -> WebResponse {
        guard let view = try await source.testClock() else { throw WebProblem.notFound }
        if request.wantsJSON { return try .json(view) }
        return .html(ClockPage(view: view, typed: "", problem: nil, shell: shell(request)).render())
    }

    private func moveClock(_ request: WebRequest) async throws -> WebResponse {
        guard let view = try await source.testClock() else { throw WebProblem.notFound }
        guard request.session.may("bill") else { throw WebProblem.clockNotAllowed }
        let form = try request.form()
        let shell = shell(request, form)
        let typed = form["day"] ?? ""
        do {
            guard let day = ClockStep(rawValue: form["step"] ?? "day-given")?.day(after: view.today, given: typed)
            else { throw WebProblem.clockDay(typed) }
            return try await source.attended("settings clock", as: request.session) {
                try await source.moveClock(to: day, as: request.session, language: shell.reader.language)
                return .see(Self.page)
            }
        } catch let problem as WebProblem where problem.code.hasPrefix("clock.") && !request.wantsJSON {
            return .html(
                ClockPage(view: view, typed: typed, problem: problem, shell: shell).render(), status: problem.status)
        }
    }
}

/// How far the clock is moved.
enum ClockStep: String, CaseIterable {
    case day, week
    case monthEnd = "month-end"
    case given = "day-given"

    /// nil where the day that was typed is none.
    func day(after today: Day, given: String) -> Day? {
        switch self {
        case .day: today + 1
        case .week: today + 7
        case .monthEnd: (today + 1).lastOfMonth
        case .given: Day(given)
        }
    }
}

extension WebProblem {
    static func clockDay(_ text: String) -> WebProblem {
        WebProblem(
            status: 422, code: "clock.bad-day", what: "The clock was not moved.",
            why: "'\(text.prefix(40))' is no day.", next: "Write it like 2026-03-31.", field: "day")
    }
    static let clockNotAllowed = WebProblem(
        status: 403, code: "access.not-allowed", what: "The clock was not moved.",
        why: "Your role does not include 'bill'.", next: "Ask somebody whose role does.")
}
