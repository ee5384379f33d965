/// What a browser or a program asks.
public struct WebRequest: Sendable {
    public let method: String
    /// As it came, still encoded: for the log and for links to the same page.
    public let target: String
    /// Decoded segments of the path without `suffix`; `/` has none.
    public let path: [String]
    /// `pdf` or `json`, where the path as it came ends so.
    public let suffix: String?
    public let query: [(key: String, value: String)]
    private let headers: [String: String]
    public let body: WebBody
    /// The network address at the other end of the connection; empty without a network.
    public var address = ""
    /// What whoever is signed in chose to read, before anything the browser says: `de`. Set by the gate of the site.
    public var chosenLanguage: String?
    /// Set by the gate of the site.
    public var session = WebSession.open
    /// A new id for a command that a form of the page may send. Set by the site.
    public var freshID: @Sendable () -> String = { "" }

    /// Throws a 400 where the target cannot be understood.
    public init(
        method: String, target: String, headers: [(name: String, value: String)] = [], body: WebBody = WebBody()
    )
        throws(WebProblem)
    {
        self.body = body
        self.method = method
        self.target = target
        self.headers = Dictionary(
            headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $0 + ", " + $1 })
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let rawPath = halves.first, rawPath.hasPrefix("/") else { throw .unreadable(target) }
        let (plain, suffix) = WebRequest.split(rawPath)
        self.suffix = suffix
        var path: [String] = []
        for segment in plain.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = Link.decode(segment) else { throw .unreadable(target) }
            path.append(decoded)
        }
        self.path = path == [""] ? [] : path
        var query: [(key: String, value: String)] = []
        for pair in halves.count == 2 ? halves[1].split(separator: "&") : [] {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Link.decode(parts[0], plusIsBlank: true),
                let value = Link.decode(parts.count == 2 ? parts[1] : "", plusIsBlank: true)
            else { throw .unreadable(target) }
            query.append((key, value))
        }
        self.query = query
    }

    private static func split(_ path: Substring) -> (Substring, String?) {
        for suffix in Link.suffixes where path.hasSuffix("." + suffix) && !path.hasSuffix("/." + suffix) {
            return (path.dropLast(suffix.count + 1), suffix)
        }
        return (path, nil)
    }

    /// The fields that came in the body.
    public func form() throws -> WebForm { try WebForm(type: header("content-type") ?? "", body: body) }

    public func header(_ name: String) -> String? { headers[name.lowercased()] }

    /// The first value of a query key; nil where it is missing or blank.
    public func query(_ key: String) -> String? {
        query.first { $0.key == key && !$0.value.allSatisfy(\.isWhitespace) }?.value
    }

    /// What the path names beyond `place`: `/invoices/A/7` is `A/7` of `invoices`; or `?name=`. nil where there is none.
    public func name(under place: [String]) -> String? {
        let rest = path.dropFirst(place.count)
        guard rest.isEmpty else { return rest.joined(separator: "/") }
        return query.first { $0.key == "name" }?.value
    }

    /// `/api/…`, `….json`, or an Accept header that likes JSON better than HTML.
    public var wantsJSON: Bool {
        if path.first == "api" || suffix == "json" { return true }
        guard let accept = header("accept") else { return false }
        let likes = Preference.list(accept)
        return Preference.weight(of: "application/json", in: likes) > Preference.weight(of: "text/html", in: likes)
    }

    /// The best of `offered` for an Accept-Language header (RFC 9110, 12.5.4), comparing primary subtags; the first where none fits.
    public func language(of offered: [String]) -> String {
        if let chosenLanguage, offered.contains(chosenLanguage) { return chosenLanguage }
        let likes = Preference.list(header("accept-language") ?? "")
        for like in likes where like.weight > 0 {
            let primary = like.value.prefix { $0 != "-" }
            if let match = offered.first(where: { $0 == primary }) { return match }
        }
        return offered.first ?? "en"
    }
}

/// One entry of an Accept header.
struct Preference {
    let value: String
    /// Thousandths.
    let weight: Int

    /// Most liked first; equals in the order given.
    static func list(_ header: String) -> [Preference] {
        let all = header.split(separator: ",").map { entry in
            let parts = entry.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }
            return Preference(value: parts.first ?? "", weight: quality.map { thousandths($0.dropFirst(2)) } ?? 1000)
        }
        return all.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }.map(
            \.element)
    }

    /// Only exact media types count: `*/*` prefers nothing.
    static func weight(of type: String, in list: [Preference]) -> Int { list.first { $0.value == type }?.weight ?? 0 }

    /// `1`, `0.8`, `0.123` (RFC 9110, 12.4.2); anything else is 0.
    private static func thousandths(_ text: Substring) -> Int {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard let whole = parts.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 0 }
        guard parts.count == 2 else { return whole * 1000 }
        let digits = (parts[1] + "000").prefix(3)
        return Int(digits).map { min(1000, whole * 1000 + $0) } ?? 0
    }
}

extension WebRequest {
    /// This page with one query key set, such as another language.
    public func link(setting key: StaticString, to value: String) -> Link {
        Link(page: self, setting: key, to: value)
    }
    /// This page without one query key.
    public func link(removing key: StaticString) -> Link { Link(page: self, setting: key, to: nil) }
}
