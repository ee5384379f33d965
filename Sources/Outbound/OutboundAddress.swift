import FoundationEssentials

/// Where something may be posted to: https anywhere, http on this machine alone.
public struct OutboundAddress: Sendable, Equatable {
    public let text: String

    public enum Problem: Error, Equatable, Sendable {
        case unreadable
        /// Others could read along.
        case notEncrypted
        /// Name and password would stand in lists and logs.
        case credentials
        /// More than 2,000 characters.
        case tooLong
    }

    public init(_ text: String) throws(Problem) {
        guard text.utf8.count <= 2_000 else { throw .tooLong }
        // No blank, no control, nothing beyond ASCII: what libcurl reads is what was checked here.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), let host = parts.host,
            !host.isEmpty, (parts.port.map { (1...65_535).contains($0) } ?? true)
        else { throw .unreadable }
        let authority = text.drop { $0 != "/" }.dropFirst(2).prefix { !"/?#".contains($0) }
        guard parts.user == nil, parts.password == nil, !authority.contains("@") else { throw .credentials }
        switch scheme {
        case "https": break
        case "http":
            guard ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host.lowercased()) else { throw .notEncrypted }
        default: throw .notEncrypted
        }
        self.text = text
    }
}
