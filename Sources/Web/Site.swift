import FoundationEssentials

/// One address, or everything under it, and who answers.
public struct Route: Sendable {
    public typealias Handler = @Sendable (WebRequest) async throws -> WebResponse
    public let place: [String]
    public let takesName: Bool
    /// GET answers HEAD, too.
    public let methods: [String]
    let handler: Handler

    /// `/api/today` is `["api", "today"]`. With `takesName`, the rest of the path (slashes included) is the name.
    public init(
        _ place: [String], takesName: Bool = false, methods: [String] = ["GET"], _ handler: @escaping Handler
    ) {
        self.place = place
        self.takesName = takesName
        self.methods = methods.contains("GET") ? methods + ["HEAD"] : methods
        self.handler = handler
    }

    func matches(_ request: WebRequest) -> Bool {
        guard request.path.starts(with: place) else { return false }
        return takesName ? request.name(under: place) != nil : request.path.count == place.count
    }
}

/// Thrown by a gate that has an answer of its own, such as the way to the sign-in.
public struct AnsweredInstead: Error {
    public let response: WebResponse
    public init(_ response: WebResponse) { self.response = response }
}

/// A file that is part of the program. Its address changes with its content, so browsers may keep it for ever.
public struct Asset: Sendable {
    public let address: Link
    let path: [String]
    let type: String
    let body: [UInt8]

    /// Served as `/assets/NAME-HASH.ENDING`.
    public init(name: StaticString, ending: StaticString, type: String, body: [UInt8]) {
        let file = "\(name)-\(Fingerprint.hex(of: body)).\(ending)"
        path = ["assets", file]
        address = Link("/assets", name: file)
        self.type = type
        self.body = body
    }

    /// A file of this machine; nil where it is not there.
    public init?(name: StaticString, ending: StaticString, type: String, file: String) {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        self.init(name: name, ending: ending, type: type, body: [UInt8](data))
    }

    var response: WebResponse {
        WebResponse(
            type: type, headers: [("Cache-Control", "public, max-age=31536000, immutable")], body: body)
    }
}

/// Tells versions of a content apart; says nothing about its origin.
enum Fingerprint {
    /// FNV-1a, 64 bits, and the length.
    static func hex(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16) + "-" + String(bytes.count, radix: 16)
    }
}

/// Routes and assets together: from a request to a response, without a network.
public struct Site: Sendable {
    public var routes: [Route]
    let assets: [[String]: Asset]
    /// Makes the page (or JSON) of a problem.
    let problemPage: @Sendable (WebRequest, WebProblem) -> WebResponse
    /// Turns what a handler threw into a problem; nil is a bug.
    let explain: @Sendable (any Error, WebRequest) -> WebProblem?
    /// Told of bugs, for the log.
    public var report: @Sendable (String) -> Void = { _ in }
    /// Host names this site answers to; nil is any. Against DNS rebinding: a page elsewhere whose name was pointed at this machine.
    public var hosts: Set<String>?
    /// Who asks: sets the session of a request, or throws why it is not answered. Assets are served without asking.
    public var gate: @Sendable (inout WebRequest) async throws -> Void = { _ in }
    /// New ids for the commands of forms.
    public var freshID: @Sendable () -> String = { "" }
    /// The last word on every answer but those of assets: cookies, headers.
    public var polish: @Sendable (WebRequest, inout WebResponse) -> Void = { _, _ in }
    /// Stands around every handler, with the request as the gate left it.
    public var around: @Sendable (WebRequest, @Sendable () async throws -> WebResponse) async throws -> WebResponse = {
        _, answer in try await answer()
    }
    /// First words of addresses whose rest is a secret: it stands in no log.
    public var secretPlaces: Set<String> = []
    /// The largest body, in bytes.
    public var mostBytes = 1 << 30
    /// Whether somebody may send a large body, asked before it is taken: a stranger fills no disk.
    public var mayUpload: @Sendable (WebRequest) async -> Bool = { _ in true }

    public init(
        routes: [Route], assets: [Asset] = [],
        explain: @escaping @Sendable (any Error, WebRequest) -> WebProblem? = { error, _ in error as? WebProblem },
        problemPage: @escaping @Sendable (WebRequest, WebProblem) -> WebResponse = Site.plainProblem
    ) {
        self.routes = routes
        self.assets = Dictionary(assets.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        self.explain = explain
        self.problemPage = problemPage
    }

    /// Never throws: every problem has a page.
    public func respond(
        method: String, target: String, headers: [(name: String, value: String)] = [], body: WebBody = WebBody(),
        address: String = ""
    ) async
        -> WebResponse
    {
        do {
            var request = try WebRequest(method: method, target: target, headers: headers, body: body)
            request.address = address
            request.freshID = freshID
            let response = await answer(&request)
            return finish(response, for: request)
        } catch {
            return Site.secured((try? error.json()) ?? Site.plain(error))
        }
    }

    private func answer(_ request: inout WebRequest) async -> WebResponse {
        do {
            try checkHost(request)
            if let asset = assets[assetPath(request)] {
                try check(request, ["GET", "HEAD"])
                return asset.response
            }
            try await gate(&request)
            let there = routes.filter { $0.matches(request) }
            guard let first = there.first else { throw WebProblem.notFound }
            guard let route = there.first(where: { $0.methods.contains(request.method) }) else {
                throw WebProblem.wrongMethod(request.method, allowed: first.methods.joined(separator: ", "))
            }
            let asked = request
            var response = try await around(asked) { try await route.handler(asked) }
            polish(request, &response)
            return response
        } catch let instead as AnsweredInstead {
            var response = instead.response
            polish(request, &response)
            return response
        } catch {
            let problem = explain(error, request) ?? .bug
            if problem.status >= 500 { report("\(request.method) \(shown(request.target)): \(error)") }
            return problemResponse(request, problem)
        }
    }

    /// An address as a log may have it: without its query, and without what is secret.
    func shown(_ target: String) -> String {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        let words = path.split(separator: "/", maxSplits: 1)
        guard words.count == 2, secretPlaces.contains(String(words[0])) else { return String(path) }
        return "/\(words[0])/…"
    }

    /// The answer to a request whose body was not taken.
    func refuse(
        _ problem: WebProblem, method: String, target: String, headers: [(name: String, value: String)]
    ) -> WebResponse {
        guard let request = try? WebRequest(method: method, target: target, headers: headers) else {
            return Site.secured(Site.plain(problem))
        }
        return Site.secured(problemResponse(request, problem))
    }

    /// The largest body that is taken, in bytes: next to none where nothing takes one, so that nobody fills the disk with it.
    func mostBytes(method: String, target: String, headers: [(name: String, value: String)] = []) async -> Int {
        let none = 1 << 16
        guard let request = try? WebRequest(method: method, target: target, headers: headers) else { return none }
        guard method != "GET", method != "HEAD",
            routes.contains(where: { $0.methods.contains(method) && $0.matches(request) }), await mayUpload(request)
        else { return none }
        return mostBytes
    }

    private func problemResponse(_ request: WebRequest, _ problem: WebProblem) -> WebResponse {
        var response =
            request.wantsJSON ? (try? problem.json()) ?? Site.plain(problem) : problemPage(request, problem)
        if problem.status == 405 {
            let methods = Set(routes.filter { $0.matches(request) }.flatMap(\.methods))
            response.headers.append(("Allow", methods.isEmpty ? "GET, HEAD" : methods.sorted().joined(separator: ", ")))
        }
        polish(request, &response)
        return response
    }

    private func assetPath(_ request: WebRequest) -> [String] {
        guard let suffix = request.suffix, let last = request.path.last else { return request.path }
        return request.path.dropLast() + ["\(last).\(suffix)"]
    }

    private func check(_ request: WebRequest, _ methods: [String]) throws {
        guard methods.contains(request.method) else {
            throw WebProblem.wrongMethod(request.method, allowed: methods.joined(separator: ", "))
        }
    }

    private func checkHost(_ request: WebRequest) throws {
        guard let hosts else { return }
        let host = Site.name(ofHost: request.header("host") ?? "")
        guard hosts.contains(host) else { throw WebProblem.wrongHost(host) }
    }

    /// `localhost:8080` is `localhost`, `[::1]:8080` is `::1`.
    static func name(ofHost header: String) -> String {
        if header.hasPrefix("[") { return String(header.dropFirst().prefix { $0 != "]" }).lowercased() }
        return String(header.prefix { $0 != ":" }).lowercased()
    }

    /// Security headers, entity tag, 304 for what the browser already has. A HEAD keeps the body here: whoever sends leaves it out.
    private func finish(_ response: WebResponse, for request: WebRequest) -> WebResponse {
        var response = Site.secured(response)
        guard response.status == 200 else { return response }
        let tag = WebResponse.tag(of: response.body)
        response.headers.append(("ETag", tag))
        let known = (request.header("if-none-match") ?? "").split(separator: ",").map {
            $0.trimmingPrefix(while: \.isWhitespace).trimmingPrefix("W/")
        }
        if known.contains(where: { $0 == tag || $0 == "*" }) {
            response.status = 304
            response.body = []
            response.headers.removeAll { $0.name == "Content-Type" || $0.name == "Content-Disposition" }
        }
        return response
    }

    /// No script, style, frame or address but our own; no inline script or style at all.
    static let policy =
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        + "form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'"

    private static func secured(_ response: WebResponse) -> WebResponse {
        var response = response
        if response.header("Cache-Control") == nil {
            response.headers.append(("Cache-Control", "private, no-cache"))
            response.headers.append(("Vary", "Accept, Accept-Language"))
        }
        response.headers += [
            ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
        ]
        return response
    }

    private static func plain(_ problem: WebProblem) -> WebResponse {
        let text = "\(problem.what)\n\(problem.why)\n\(problem.next)\n"
        return WebResponse(status: problem.status, type: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// A page without a layout.
    public static let plainProblem: @Sendable (WebRequest, WebProblem) -> WebResponse = { _, problem in plain(problem) }
}
