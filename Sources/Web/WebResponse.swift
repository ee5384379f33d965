import FoundationEssentials

/// What goes back.
public struct WebResponse: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int = 200, type: String, headers: [(name: String, value: String)] = [], body: [UInt8]) {
        self.status = status
        self.headers = [("Content-Type", type)] + headers
        self.body = body
    }

    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// To another page after a form was sent, so that a reload sends nothing again (RFC 9110, 15.4.4).
    public static func see(_ link: Link) -> WebResponse {
        WebResponse(status: 303, type: "text/plain; charset=utf-8", headers: [("Location", link.text)], body: [])
    }

    /// The entity tag of a body, as every answer carries it.
    public static func tag(of body: [UInt8]) -> String { "\"\(Fingerprint.hex(of: body))\"" }

    public static func html(_ page: HTML, status: Int = 200) -> WebResponse {
        WebResponse(status: status, type: "text/html; charset=utf-8", body: page.bytes)
    }

    /// Keys sorted, so that the same answer has the same bytes.
    public static func json(_ value: some Encodable, status: Int = 200) throws -> WebResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
        return WebResponse(status: status, type: "application/json", body: body)
    }

    /// A file shown in the browser and saved under `name` (RFC 6266; plain letters for programs that know no better).
    public static func file(_ body: [UInt8], type: String, name: String, attached: Bool = false) -> WebResponse {
        let plain = String(name.unicodeScalars.map { isPlain($0) ? Character($0) : "_" })
        let value =
            "\(attached ? "attachment" : "inline"); filename=\"\(plain)\"; filename*=UTF-8''\(Link.encode(name))"
        return WebResponse(type: type, headers: [("Content-Disposition", value)], body: body)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }
}

/// Why a request gets no answer: the four lines of a refusal and an HTTP status.
public struct WebProblem: Error, Sendable, Equatable {
    public let status: Int
    public let code: String
    public let what: String
    public let why: String
    public let next: String
    /// The field of a form that it is about.
    public let field: String?
    /// What else is wrong, where several things are.
    public private(set) var more: [WebProblem] = []

    public init(status: Int, code: String, what: String, why: String, next: String, field: String? = nil) {
        self.field = field
        self.status = status
        self.code = code
        self.what = what
        self.why = why
        self.next = next
    }

    /// This problem and others found with it: all are told.
    public func with(_ others: some Sequence<WebProblem>) -> WebProblem {
        var all = self
        all.more += others
        return all
    }

    private var lines: [String: String] {
        var lines = ["code": code, "what": what, "why": why, "next": next]
        lines["field"] = field
        return lines
    }

    static func unreadable(_ target: String) -> WebProblem {
        WebProblem(
            status: 400, code: "web.unreadable-address", what: "The address was not understood.",
            why: "It holds a broken percent escape, bytes that are not UTF-8, or no path.",
            next: "Encode names in it as UTF-8 with %XX.")
    }
    static func wrongHost(_ host: String) -> WebProblem {
        WebProblem(
            status: 421, code: "web.wrong-host", what: "The request was not answered.",
            why: host.isEmpty ? "It names no host." : "This server does not go by the name \(host).",
            next: "Use the address that duly serve printed.")
    }
    public static let notFound = WebProblem(
        status: 404, code: "web.not-found", what: "There is no such page.",
        why: "Nothing lives at this address.", next: "Start from Today, or search.")
    static func wrongMethod(_ method: String, allowed: String) -> WebProblem {
        WebProblem(
            status: 405, code: "web.wrong-method", what: "Nothing was changed.",
            why: "This address does not take \(method).", next: "Use \(allowed).")
    }
    static func unreadableForm(_ why: String) -> WebProblem {
        WebProblem(
            status: 400, code: "web.unreadable-form", what: "The form was not understood.", why: why,
            next: "Send it again from its page.")
    }
    static func wrongType(_ type: String) -> WebProblem {
        WebProblem(
            status: 415, code: "web.wrong-type", what: "Nothing was changed.",
            why: "A body of type \(type) is not understood here.",
            next: "Send a form, or JSON to an address under /api.")
    }
    static func tooLarge(_ most: Int) -> WebProblem {
        WebProblem(
            status: 413, code: "web.too-large", what: "Nothing was changed.",
            why: "The request is larger than \(most >> 20 > 0 ? "\(most >> 20) MiB" : "\(most >> 10) KiB").",
            next: "Send it in parts, or use the command line.")
    }
    static let bug = WebProblem(
        status: 500, code: "web.bug", what: "The page could not be made.",
        why: "The program made a mistake. It is written in the server's log.",
        next: "Try again; if it stays, show the log to whoever looks after Duly.")

    /// As the command line says it: refusals, or an error of a kind.
    public func json() throws -> WebResponse {
        switch status {
        case 500, 503:
            let kind = status == 503 ? "outage" : "bug"
            return try .json(["error": ["kind": kind, "message": "\(what) \(why)"]], status: status)
        default:
            return try .json(["refusals": ([self] + more).map(\.lines)], status: status)
        }
    }
}
