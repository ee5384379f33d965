import Foundation
import Testing
import Web

@testable import Workspace

@Suite("speed") struct SpeedTests {
    @Test("a page of 250 lines costs far less processor time than the 100 ms a page may take")
    func today() async throws {
        let view = try await Fixture(lines: 1000).today(seller: nil, language: .english)
        let request = try WebRequest(method: "GET", target: "/")
        let shell = Shell(reader: Reader(request), assets: Assets(fontFolder: nil), request: request)
        let best = (0..<5).map { _ in
            SpeedTests.processorTime { _ = TodayPage(view: view, kind: nil, shell: shell).render() }
        }.min()
        let milliseconds = try #require(best)
        print("Today, 250 of 1000 lines drawn: \(milliseconds) ms of processor time")
        #expect(milliseconds < 100)
    }

    /// Of this thread, so that a busy machine does not count. Milliseconds.
    private static func processorTime(_ work: () -> Void) -> Int {
        func now() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
        }
        let start = now()
        work()
        return now() - start
    }
}
