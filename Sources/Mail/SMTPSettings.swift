import Foundation

/// How to reach the mail server.
///
///     smtp://user:password@mail.example:587?tls=required&ca=/etc/ssl/own.pem
///     smtps://user@mail.example
///
/// `smtp` means STARTTLS, which must succeed before anything is said (`tls=none` gives it up); `smtps` means TLS from the first
/// byte. Signs with a meaning in a URL are written as `%40`. The password may stand apart: see `init(_:environment:)`.
public struct SMTPSettings: Sendable {
    public enum Security: String, Sendable { case startTLS, implicit, none }

    public var host: String
    /// Default 587 for STARTTLS, 465 for TLS from the first byte, 25 without.
    public var port: Int
    public var security: Security
    public var user: String?
    public var password: Secret?
    /// Certificates in PEM to trust instead of the system's.
    public var certificateFile: String?
    /// How long to wait for a line to the server.
    public var connectMilliseconds = 15_000
    /// How long to wait for one whole message, its answer included. RFC 5321 section 4.5.3.2.6 grants ten minutes to the last
    /// answer alone; five are more than any server in good health takes.
    public var messageMilliseconds = 300_000

    public init(host: String, port: Int? = nil, security: Security = .startTLS) {
        self.host = host
        self.port = port ?? [.startTLS: 587, .implicit: 465, .none: 25][security] ?? 587
        self.security = security
    }

    /// - Parameter environment: `DULY_SMTP_PASSWORD_FILE` names a file with the password (a line end at its end is left out);
    ///   `DULY_SMTP_PASSWORD` holds it. At most one place may give it.
    public init(_ url: String, environment: [String: String] = [:]) throws(SMTPSettingsProblem) {
        let parts = try URLParts(url)
        self.init(host: parts.host, port: parts.port, security: parts.scheme == "smtps" ? .implicit : .startTLS)
        user = parts.user
        password = parts.password.map { Secret($0) }
        for (key, value) in parts.query { try set(key, to: value) }
        if parts.port == nil, security == .none { port = 25 }
        if let elsewhere = try SMTPSettings.password(from: environment) {
            guard password == nil else { throw SMTPSettingsProblem("password", .givenTwice) }
            if user != nil { password = elsewhere }
        }
        guard user == nil || password != nil else { throw SMTPSettingsProblem("password", .missing) }
        // A password never crosses a network in the clear; within this machine it may.
        let here = ["localhost", "127.0.0.1", "::1"].contains(host)
        guard user == nil || security != .none || here else { throw SMTPSettingsProblem("tls", .passwordInTheClear) }
    }

    private mutating func set(_ key: String, to value: String) throws(SMTPSettingsProblem) {
        switch (key, value) {
        case ("tls", "required"): break
        case ("tls", "none"):
            guard security != .implicit else { throw SMTPSettingsProblem("tls", .value(value)) }
            security = .none
        case ("ca", _):
            guard !value.isEmpty else { throw SMTPSettingsProblem("ca", .value(value)) }
            certificateFile = value
        case ("timeout", _):
            guard let seconds = Int(value), (1...3600).contains(seconds) else {
                throw SMTPSettingsProblem("timeout", .value(value))
            }
            messageMilliseconds = seconds * 1000
            connectMilliseconds = min(connectMilliseconds, messageMilliseconds)
        case ("tls", _): throw SMTPSettingsProblem("tls", .value(value))
        default: throw SMTPSettingsProblem(key, .unknown)
        }
    }

    private static func password(from environment: [String: String]) throws(SMTPSettingsProblem) -> Secret? {
        let inline = environment["DULY_SMTP_PASSWORD"]
        guard let path = environment["DULY_SMTP_PASSWORD_FILE"], !path.isEmpty else { return inline.map { Secret($0) } }
        guard inline == nil else { throw SMTPSettingsProblem("password", .givenTwice) }
        guard let bytes = FileManager.default.contents(atPath: path), let text = String(data: bytes, encoding: .utf8)
        else {
            throw SMTPSettingsProblem("DULY_SMTP_PASSWORD_FILE", .unreadable(path))
        }
        let line = text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !line.isEmpty, !line.unicodeScalars.contains(where: \.isControl) else {
            throw SMTPSettingsProblem("DULY_SMTP_PASSWORD_FILE", .unreadable(path))
        }
        return Secret(line)
    }
}

/// A text that shows itself to nobody: not in logs, not in traces, not in a debugger's summary.
public struct Secret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    let text: String
    public init(_ text: String) { self.text = text }
    public var description: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What is wrong with the setting of the mail server. Holds no password.
public struct SMTPSettingsProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// `host`, `port`, `tls`, …
    public let field: String
    public let why: Why

    public enum Why: Hashable, Sendable {
        case value(String)
        case unknown, missing, givenTwice, passwordInTheClear, scheme
        case unreadable(String)
    }

    init(_ field: String, _ why: Why) {
        self.field = field
        self.why = why
    }

    public var description: String {
        switch why {
        case .value(let value): "\(field) cannot be “\(value)”"
        case .unknown: "“\(field)” is not a setting of a mail server; there are tls, ca and timeout"
        case .missing: "a user name is given, but no \(field)"
        case .givenTwice: "the \(field) is given in two places"
        case .passwordInTheClear:
            "tls=none would send the password readable for all; leave out the user name, or tls=none"
        case .scheme: "the address of a mail server begins with smtp:// or smtps://"
        case .unreadable(let path): "\(field) names “\(path)”, which holds no password that can be read"
        }
    }
}

/// `scheme://user:password@host:port/?key=value&…`, percent signs resolved.
private struct URLParts {
    let scheme: String
    var user: String?
    var password: String?
    let host: String
    var port: Int?
    var query: [(key: String, value: String)] = []

    init(_ url: String) throws(SMTPSettingsProblem) {
        guard let mark = url.range(of: "://") else { throw SMTPSettingsProblem("scheme", .scheme) }
        scheme = url[..<mark.lowerBound].lowercased()
        guard scheme == "smtp" || scheme == "smtps" else { throw SMTPSettingsProblem("scheme", .scheme) }
        let rest = url[mark.upperBound...]
        let end = rest.lastIndex(of: "?") ?? rest.endIndex
        let body = rest[..<end]
        let at = body.lastIndex(of: "@")
        let authority = at.map { body[body.index(after: $0)...] } ?? body
        if let at {
            let pair = body[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = try URLParts.decoded(pair[0], "user")
            if pair.count == 2 { password = try URLParts.decoded(pair[1], "password") }
            guard user?.isEmpty == false else { throw SMTPSettingsProblem("user", .missing) }
        }
        (host, port) = try URLParts.hostAndPort(authority.last == "/" ? authority.dropLast() : authority)
        for pair in rest[end...].dropFirst().split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0])
            query.append((key, parts.count == 2 ? try URLParts.decoded(parts[1], key) : ""))
        }
    }

    private static func hostAndPort(_ text: Substring) throws(SMTPSettingsProblem) -> (String, Int?) {
        var (host, port) = (text, Substring?.none)
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw SMTPSettingsProblem("host", .value(String(text))) }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":",
                host.utf8.allSatisfy({ $0.isASCIILetterOrDigit || ":.".utf8.contains($0) })
            else { throw SMTPSettingsProblem("host", .value(String(text))) }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            if let colon = text.firstIndex(of: ":") {
                host = text[..<colon]
                port = text[text.index(after: colon)...]
            }
            guard !host.isEmpty, host.utf8.allSatisfy({ $0.isASCIILetterOrDigit || "-._".utf8.contains($0) }) else {
                throw SMTPSettingsProblem("host", .value(String(host)))
            }
        }
        guard let port else { return (String(host), nil) }
        // What is no number may be a piece of a password that should have been written with percent signs.
        guard let number = Int(port) else { throw SMTPSettingsProblem("port", .value("•••")) }
        guard (1...65_535).contains(number) else { throw SMTPSettingsProblem("port", .value("\(number)")) }
        return (String(host), number)
    }

    private static func decoded(_ text: Substring, _ field: String) throws(SMTPSettingsProblem) -> String {
        guard let plain = String(text).removingPercentEncoding, !plain.unicodeScalars.contains(where: \.isControl)
        else {
            throw SMTPSettingsProblem(field, .value(field == "password" ? "•••" : String(text)))
        }
        return plain
    }
}
