import CHost
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
        let start = chost_thread_time()
        work()
        return Int(chost_thread_time() - start)
    }
}
