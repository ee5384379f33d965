/// An address on this site (or of a mailbox or a telephone), percent-encoded. There is no way to make one of a foreign address, so
/// no text from the books can turn into `javascript:` or lead away.
public struct Link: Sendable, Equatable, CustomStringConvertible {
    public let text: String
    public var description: String { text }

    /// Endings that choose a form of a page.
    static let suffixes = ["pdf", "json", "csv", "xlsx"]

    /// A place of the site: `/`, `/search`, `/assets/x.css`.
    public init(_ path: StaticString, query: [(StaticString, String?)] = [], fragment: String? = nil) {
        self.init(encoded: path.description, query: query, fragment: fragment)
    }

    /// The page of something that has a name: `/invoices/RE%2F2026-7.pdf`. Any name round-trips: slashes and blanks are encoded, so is
    /// the dot of a name that itself ends like a form (`A%2Epdf`), and a name that browsers would resolve (`.`, `..`) or drop (empty)
    /// goes into the query.
    public init(
        _ path: StaticString, name: String, suffix: StaticString = "", query: [(StaticString, String?)] = [],
        fragment: String? = nil
    ) {
        let ending = suffix.description
        if [".", "..", ""].contains(name) {
            self.init(encoded: path.description + ending, query: [("name", name)] + query, fragment: fragment)
        } else {
            let encoded = Link.encodeName(name)
            self.init(encoded: "\(path)/\(encoded)\(ending)", query: query, fragment: fragment)
        }
    }

    /// A place with words of ours behind it, each a segment of its own: `/do/cash/apply`.
    public init(_ path: StaticString, path words: [String], query: [(StaticString, String?)] = []) {
        self.init(
            encoded: path.description + words.map { "/" + Link.encodeName($0) }.joined(), query: query, fragment: nil)
    }

    /// An address that came back with a form: taken only as a place of this site, never as another host's.
    public init?(returning text: String) {
        let path = text.prefix { $0 != "?" && $0 != "#" }
        guard path.hasPrefix("/"), !path.dropFirst().hasPrefix("/"), !path.contains("\\"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        self.text = text
    }

    /// With one more query key, such as what was done; a key that stood there gives way.
    public func adding(_ key: StaticString, _ value: String) -> Link {
        let mark = text.firstIndex(of: "#") ?? text.endIndex
        let (place, fragment) = (text[..<mark], text[mark...])
        let halves = place.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let kept = halves.count == 2 ? halves[1].split(separator: "&").filter { !$0.hasPrefix("\(key)=") } : []
        let query = (kept.map(String.init) + ["\(key)=\(Link.encode(value))"]).joined(separator: "&")
        return Link(raw: "\(halves[0])?\(query)\(fragment)")
    }

    private init(encoded path: String, query: [(StaticString, String?)], fragment: String?) {
        var text = path
        var mark = "?"
        for case (let key, let value?) in query {
            text += "\(mark)\(key)=\(Link.encode(value))"
            mark = "&"
        }
        if let fragment { text += "#" + Link.encode(fragment) }
        self.text = text
    }

    /// The page of `request` with one query key set. The path is taken as it came, but for a second leading slash, which browsers
    /// would read as another host.
    init(page request: WebRequest, setting key: StaticString, to value: String?) {
        let path = request.target.prefix { $0 != "?" }.drop { $0 == "/" || $0 == "\\" }
        let kept = request.query.filter { $0.key != key.description }
        let pairs =
            kept.map { "\(Link.encode($0.key))=\(Link.encode($0.value))" }
            + (value.map { ["\(key)=\(Link.encode($0))"] } ?? [])
        text = pairs.isEmpty ? "/\(path)" : "/\(path)?" + pairs.joined(separator: "&")
    }

    private init(raw: String) { text = raw }

    /// A place on the same page.
    public static func here(_ fragment: String) -> Link { Link(raw: "#" + encode(fragment)) }
    public static func mail(_ address: String) -> Link { Link(raw: "mailto:" + encode(address, keeping: "@")) }
    /// Digits and a leading plus are dialled; everything else is how people write numbers.
    public static func phone(_ number: String) -> Link {
        Link(
            raw: "tel:"
                + String(number.unicodeScalars.filter { ("0"..."9").contains($0) || $0 == "+" }.map(Character.init)))
    }

    private static func encodeName(_ name: String) -> String {
        let encoded = encode(name)
        for suffix in suffixes where encoded.lowercased().hasSuffix("." + suffix) {
            return encoded.dropLast(suffix.count + 1) + "%2E" + encoded.suffix(suffix.count)
        }
        return encoded
    }

    /// RFC 3986: everything but the unreserved characters.
    static func encode(_ text: String, keeping extra: String = "") -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.append(byte)
            default:
                if extra.utf8.contains(byte) {
                    out.append(byte)
                } else {
                    out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
                }
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Undoes `encode`; nil where the escapes are broken, the bytes are no UTF-8, or one is NUL.
    static func decode(_ text: some StringProtocol, plusIsBlank: Bool = false) -> String? {
        var out: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = bytes.next().flatMap(digit), let low = bytes.next().flatMap(digit) else { return nil }
                out.append(high << 4 | low)
            } else {
                out.append(plusIsBlank && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        guard !out.contains(0) else { return nil }
        return String(validating: out, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
