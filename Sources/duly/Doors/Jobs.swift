import Foundation
import Ledger
import Synchronization
import Web
import Workspace

/// Long work that was started from a page or through the API: it goes on when the page is left, says how far it is, and keeps its
/// answer for an hour. The work runs in a task group of `serve`; where none runs, it is done while its caller waits.
actor Jobs {
    typealias Work = @Sendable () async throws -> WebResponse

    /// Where the command of this task says how far it is.
    static var progress: (@Sendable (_ what: String, _ done: Int, _ of: Int?) -> Void)? { gauge?.report }
    // Not the function itself: an optimised program finds no metadata of a function's type where it puts one down for a task, and ends.
    @TaskLocal private static var gauge: Gauge?

    /// What came of starting one.
    enum Started: Sendable {
        case done(WebResponse)
        case underWay(String)
    }

    /// How far a job is, written by its work and read by pages.
    private final class Gauge: Sendable {
        private struct State {
            var what: String
            var done = 0
            var of: Int?
        }
        private let state: Mutex<State>
        private let began = ContinuousClock.now
        init(_ what: String) { state = Mutex(State(what: what)) }

        func report(_ what: String, _ done: Int, _ of: Int?) {
            state.withLock { $0 = State(what: what, done: done, of: of) }
        }

        func view(_ id: String, _ name: String) -> JobView {
            let (now, took) = (state.withLock { $0 }, (ContinuousClock.now - began) / .seconds(1))
            let rate = took > 0 ? Double(now.done) / took : 0
            let left = now.of.flatMap {
                rate > 0 && $0 >= now.done ? Int((Double($0 - now.done) / rate).rounded(.up)) : nil
            }
            return JobView(
                id: id, command: name, what: now.what, done: now.done, of: now.of, rate: Int(rate), secondsLeft: left,
                seconds: Int(took))
        }
    }

    private struct Job {
        let owner, name: String
        let gauge: Gauge
        let ended: AsyncStream<Void>.Continuation
        var result: Result<WebResponse, any Error>?
        var endedAt: ContinuousClock.Instant?
        var bytes: Int { (try? result?.get().body.count) ?? 0 }
    }

    private var jobs: [String: Job] = [:]
    /// In the order in which they were started.
    private var order: [String] = []
    private var queue: AsyncStream<@Sendable () async -> Void>.Continuation?

    /// Jobs that have not ended.
    static let mostAtOnce = 64
    /// Answers kept, and their size in bytes: beyond it the oldest go first.
    static let mostKept = 1_000
    static let mostBytes = 256 << 20
    static let kept: Duration = .seconds(3_600)

    /// Whether work goes on beside its callers.
    var isWorking: Bool { queue != nil }

    /// Does the work of all jobs until its task is cancelled.
    func work() async {
        let (stream, continuation) = AsyncStream<@Sendable () async -> Void>.makeStream()
        queue = continuation
        await withDiscardingTaskGroup { group in
            for await work in stream { group.addTask { await work() } }
            group.cancelAll()
        }
        queue = nil
    }

    /// Starts the work, and waits for it for a while; `patience` zero does not wait.
    func start(_ name: String, owner: String, patience: Duration, _ work: @escaping Work) async throws -> Started {
        guard let queue else { return .done(try await work()) }
        tidy()
        guard jobs.values.count(where: { $0.result == nil }) < Self.mostAtOnce else { throw WebProblem.tooManyJobs }
        let id = UUID().uuidString.lowercased()
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        let gauge = Gauge(name)
        jobs[id] = Job(owner: owner, name: name, gauge: gauge, ended: continuation)
        order.append(id)
        // Whose books the work may read stands in the door of the page that started it.
        let door = Door.current
        queue.yield { [weak self] in
            let result: Result<WebResponse, any Error>
            do {
                result = .success(
                    try await Door.$current.withValue(door) {
                        try await Self.$gauge.withValue(gauge, operation: work)
                    })
            } catch { result = .failure(error) }
            await self?.end(id, result)
        }
        if patience > .zero { await Self.wait(for: ended, patience) }
        guard let result = jobs[id]?.result else { return .underWay(id) }
        forget(id)
        return .done(try result.get())
    }

    /// How far a job of this owner is, or its answer; a problem where there is none of this owner's.
    func look(_ id: String, owner: String) throws -> (view: JobView, answer: WebResponse?) {
        tidy()
        guard let job = jobs[id], job.owner == owner else { throw WebProblem.noJob }
        return (job.gauge.view(id, job.name), try job.result?.get())
    }

    private func end(_ id: String, _ result: Result<WebResponse, any Error>) {
        jobs[id]?.result = result
        jobs[id]?.endedAt = .now
        jobs[id]?.ended.finish()
    }

    private func forget(_ id: String) {
        jobs[id] = nil
        order.removeAll { $0 == id }
    }

    /// Drops what is older than an hour, and the oldest answers beyond the bounds.
    private func tidy() {
        let now = ContinuousClock.now
        var bytes = jobs.values.reduce(0) { $0 + $1.bytes }
        var count = jobs.count
        for id in order {
            guard let job = jobs[id], let endedAt = job.endedAt else { continue }
            guard now - endedAt > Self.kept || bytes > Self.mostBytes || count > Self.mostKept else { continue }
            bytes -= job.bytes
            count -= 1
            forget(id)
        }
    }

    private static func wait(for ended: AsyncStream<Void>, _ patience: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in ended {} }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }
}

extension WebProblem {
    static let tooManyJobs = WebProblem(
        status: 429, code: "job.too-many", what: "Nothing was done.", why: "Much long work is under way already.",
        next: "Send it again once some of it has ended.")
    static let noJob = WebProblem(
        status: 404, code: "job.not-there", what: "There is nothing to show.",
        why: "No work of yours goes by this name, or it ended more than an hour ago.",
        next: "'History' shows what was carried out.")
}

extension WorkspaceBooks {
    /// How long a page waits for a command before it shows how far it is.
    static let patience: Duration = .milliseconds(1_500)

    func attended(_ name: String, as session: WebSession, _ work: @escaping @Sendable () async throws -> WebResponse)
        async throws -> WebResponse
    {
        switch try await jobs.start(name, owner: session.user, patience: Self.patience, work) {
        case .done(let response): response
        case .underWay(let id): .see(Link("/jobs", path: [id]))
        }
    }

    func job(_ id: String, as session: WebSession) async throws -> (view: JobView, answer: WebResponse?) {
        try await jobs.look(id, owner: session.user)
    }
}

extension CommandAPI {
    /// Carries out at once, or as a job where the caller would rather not wait (RFC 7240, 4.1).
    func answering(_ request: WebRequest, _ name: String, _ work: @escaping Jobs.Work) async throws -> WebResponse {
        let preferences = (request.header("prefer") ?? "").split(separator: ",").map {
            $0.filter { !$0.isWhitespace }.lowercased()
        }
        guard preferences.contains("respond-async") else { return try await work() }
        switch try await jobs.start(name, owner: request.session.user, patience: .zero, work) {
        case .done(let response): return response
        case .underWay(let id):
            let view = try await jobs.look(id, owner: request.session.user).view
            var response = try WebResponse.json(JobAnswer(job: view, state: "running"), status: 202)
            response.headers += [
                ("Location", Link("/api/jobs", path: [id]).text), ("Preference-Applied", "respond-async"),
            ]
            return response
        }
    }

    /// How far a job is; once it has ended, its answer with the status that it would have had at once.
    func job(_ request: WebRequest) async throws -> WebResponse {
        let found = try await jobs.look(request.path.last ?? "", owner: request.session.user)
        if var answer = found.answer {
            answer.headers.append(("Duly-Job", "done"))
            return answer
        }
        var response = try WebResponse.json(JobAnswer(job: found.view, state: "running"))
        response.headers += [("Duly-Job", "running"), ("Retry-After", "1")]
        return response
    }
}

/// A job that has not ended, as the API tells of it.
private struct JobAnswer: Encodable {
    let job: JobView
    let state: String
}
