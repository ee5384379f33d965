import Synchronization
import Testing

@testable import Web

@Suite("the door of a site") struct GateHookTests {
    struct Odd: Error {}
    final class Heard: Sendable { let lines = Mutex<[String]>([]) }

    static func site() -> Site {
        var site = Site(routes: [
            Route(["who"]) { request in WebResponse(type: "text/plain", body: Array(request.session.user.utf8)) },
            Route(["invited"], takesName: true) { _ in throw Odd() },
            Route(["from"]) { request in WebResponse(type: "text/plain", body: Array(request.address.utf8)) },
        ])
        site.gate = { request in
            guard request.header("cookie") != nil else { throw AnsweredInstead(.see(Link("/sign-in"))) }
            request.session = WebSession(user: "ines", role: "", formToken: "", may: { _ in false })
        }
        site.secretPlaces = ["invited"]
        return site
    }

    @Test("a gate may answer by itself, and its answer carries the security headers")
    func instead() async {
        let answer = await Self.site().respond(method: "GET", target: "/who")
        #expect(answer.status == 303 && answer.header("Location") == "/sign-in")
        #expect(answer.header("Content-Security-Policy") != nil)
    }

    @Test("what stands around a handler sees the request as the gate left it")
    func around() async {
        var site = Self.site()
        site.around = { request, answer in
            var response = try await answer()
            response.body += Array(" seen as \(request.session.user)".utf8)
            return response
        }
        let answer = await site.respond(method: "GET", target: "/who", headers: [("Cookie", "a=b")])
        #expect(String(decoding: answer.body, as: UTF8.self) == "ines seen as ines")
    }

    @Test("a bug under a secret address is reported without the secret, and no report has a query")
    func secrets() async {
        var site = Self.site()
        let heard = Heard()
        site.report = { line in heard.lines.withLock { $0.append(line) } }
        _ = await site.respond(method: "GET", target: "/invited/geheim?to=x", headers: [("Cookie", "a=b")])
        let lines = heard.lines.withLock { $0 }
        #expect(lines.count == 1 && lines[0].contains("/invited/…"))
        #expect(!lines.joined().contains("geheim") && !lines.joined().contains("to=x"))
        #expect(site.shown("/search?q=7") == "/search" && site.shown("/invited") == "/invited")
    }

    @Test("the address at the other end is what the server saw, not what a header says")
    func address() async {
        let answer = await Self.site().respond(
            method: "GET", target: "/from", headers: [("Cookie", "a=b"), ("X-Forwarded-For", "198.51.100.9")],
            address: "192.0.2.4")
        #expect(String(decoding: answer.body, as: UTF8.self) == "192.0.2.4")
    }
}
