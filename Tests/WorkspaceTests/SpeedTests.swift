import Testing
import Web

@testable import Workspace

@Suite("speed") struct SpeedTests {
    @Test("a page of 250 lines is drawn far under the 100 ms a page may take")
    func today() async {
        let site = Workspace.site(source: Fixture(lines: 1000), fontFolder: nil)
        _ = await site.respond(method: "GET", target: "/")
        let start = ContinuousClock.now
        var bytes = 0
        for _ in 0..<5 { bytes += await site.respond(method: "GET", target: "/").body.count }
        let each = (ContinuousClock.now - start) / 5
        print("today with 250 of 1000 lines: \(bytes / 5) bytes in \(each)")
        #expect(each < .milliseconds(100))
    }
}
