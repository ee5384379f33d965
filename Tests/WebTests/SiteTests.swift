import Testing

@testable import Web

@Suite("site") struct SiteTests {
    struct Odd: Error {}
    static let asset = Asset(name: "look", ending: "css", type: "text/css", body: Array("a{}".utf8))
    static let site = Site(
        routes: [
            Route([]) { _ in WebResponse(type: "text/plain", body: Array("home".utf8)) },
            Route(["things"], takesName: true) { request in
                WebResponse(type: "text/plain", body: Array((request.name(under: ["things"]) ?? "").utf8))
            },
            Route(["file"]) { _ in .file([1, 2], type: "application/pdf", name: "Rechnung Nr. 7/ä.pdf") },
            Route(["bug"]) { _ in throw Odd() },
        ], assets: [asset])

    @Test(
        "every request gets a status",
        arguments: [
            ("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/?x=1", 200), ("GET", "/things/a/b", 200),
            ("GET", "/things", 404),
            ("GET", "/nowhere", 404), ("POST", "/", 405), ("DELETE", "/things/a", 405), ("POST", "/nowhere", 404),
            ("GET", "/%zz", 400), ("GET", "/bug", 500), ("GET", "/../etc/passwd", 404),
            ("GET", "/assets/none.css", 404),
        ])
    func statuses(method: String, target: String, status: Int) async {
        #expect(await Self.site.respond(method: method, target: target).status == status)
    }

    @Test("every answer carries the security headers", arguments: ["/", "/nowhere", "/bug", "/%", asset.address.text])
    func secured(target: String) async {
        let answer = await Self.site.respond(method: "GET", target: target)
        let policy = answer.header("Content-Security-Policy") ?? ""
        #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
        #expect(answer.header("Referrer-Policy") == "same-origin")
        #expect(answer.header("Cache-Control") != nil)
    }

    @Test("a wrong method is told which ones are right")
    func allow() async {
        #expect(await Self.site.respond(method: "PUT", target: "/").header("Allow") == "GET, HEAD")
    }

    @Test("what the browser has already is not sent again")
    func notModified() async throws {
        let first = await Self.site.respond(method: "GET", target: "/")
        let tag = try #require(first.header("ETag"))
        for known in [tag, "W/\(tag)", "\"old\", \(tag)", "*"] {
            let again = await Self.site.respond(method: "GET", target: "/", headers: [("If-None-Match", known)])
            #expect(again.status == 304 && again.body.isEmpty && again.header("ETag") == tag)
        }
        let changed = await Self.site.respond(method: "GET", target: "/", headers: [("If-None-Match", "\"old\"")])
        #expect(changed.status == 200)
    }

    @Test("a problem is JSON for those who ask for JSON, with the four lines")
    func problems() async {
        let headers = [(name: "Accept", value: "application/json")]
        let missing = await Self.site.respond(method: "GET", target: "/nowhere", headers: headers)
        #expect(missing.header("Content-Type") == "application/json")
        #expect(String(decoding: missing.body, as: UTF8.self).hasPrefix("{\"refusals\":[{\"code\":\"web.not-found\""))
        let bug = await Self.site.respond(method: "GET", target: "/bug", headers: headers)
        let text = String(decoding: bug.body, as: UTF8.self)
        #expect(text.hasPrefix("{\"error\":{\"kind\":\"bug\"") && !text.contains("Odd"))
    }

    @Test(
        "only the names of this machine are answered, where they are given",
        arguments: [
            ("localhost:8080", 200), ("LOCALHOST", 200), ("[::1]:8080", 200), ("evil.example", 421), ("", 421),
            ("127.0.0.1.evil.example:80", 421),
        ])
    func hosts(host: String, status: Int) async {
        var site = Self.site
        site.hosts = WebServer.loopback
        let headers = host.isEmpty ? [] : [(name: "Host", value: host)]
        #expect(await site.respond(method: "GET", target: "/", headers: headers).status == status)
    }

    @Test("an asset may be kept for ever, since its address changes with its content")
    func assets() async {
        let answer = await Self.site.respond(method: "GET", target: Self.asset.address.text)
        #expect(answer.status == 200 && answer.header("Cache-Control")?.contains("immutable") == true)
        let other = Asset(name: "look", ending: "css", type: "text/css", body: Array("b{}".utf8))
        #expect(other.address != Self.asset.address)
    }

    @Test("a file's name survives, and has a plain form")
    func fileName() async {
        let answer = await Self.site.respond(method: "GET", target: "/file")
        #expect(
            answer.header("Content-Disposition")
                == "inline; filename=\"Rechnung_Nr._7__.pdf\"; filename*=UTF-8''Rechnung%20Nr.%207%2F%C3%A4.pdf")
    }
}
