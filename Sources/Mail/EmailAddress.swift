/// A mailbox as a mail server takes it: `local@domain`, in ASCII.
///
/// The syntax is that of RFC 5321 section 4.1.2 as far as people use it: a dotted or quoted word, `@`, a domain of two labels
/// or more. Literal addresses (`user@[192.0.2.1]`) are refused. A domain in other letters (`müller.example`) is turned into
/// its ASCII form; a local part in other letters is refused, since it needs SMTPUTF8 on every server of the way.
public struct EmailAddress: Hashable, Sendable {
    /// Case is kept: it is the receiving server's to judge.
    public let local: String
    /// Lower case, ASCII.
    public let domain: String

    /// Spaces around the address are left out.
    public init(_ text: some StringProtocol) throws(MailProblem) {
        let whole = String(text)
        let trimmed = EmailAddress.trimmed(whole)
        func problem(_ why: MailProblem.Why) -> MailProblem { MailProblem(field: "address", value: whole, why: why) }

        guard !trimmed.isEmpty else { throw problem(.empty) }
        guard !trimmed.unicodeScalars.contains(where: \.isControl) else { throw problem(.controlCharacter) }
        guard let at = trimmed.lastIndex(of: "@") else { throw problem(.noAtSign) }
        let local = String(trimmed[..<at])
        let given = trimmed[trimmed.index(after: at)...]
        guard local.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw problem(local.contains("@") ? .noAtSign : .localPartBeyondASCII)
        }
        guard EmailAddress.isDotted(local) || EmailAddress.isQuoted(local) else {
            throw problem(local.contains("@") ? .noAtSign : .localPart)
        }
        guard local.utf8.count <= 64 else { throw problem(.tooLong(limit: 64)) }
        guard let domain = DomainName.ascii(given) else { throw problem(.domain) }
        // RFC 5321 section 4.5.3.1.3: a path, angle brackets included, has at most 256 octets.
        guard local.utf8.count + 1 + domain.utf8.count <= 254 else { throw problem(.tooLong(limit: 254)) }
        self.local = local
        self.domain = domain
    }

    /// Letters, digits and the signs of RFC 5322 section 3.2.3, in words with single dots between them.
    static func isDotted(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy(\.isAtom)
        }
    }

    /// A quoted word: printable ASCII, `"` and `\` behind a `\`.
    private static func isQuoted(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count > 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return false }
        var index = 1
        while index < bytes.count - 1 {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 1
                guard index < bytes.count - 1 else { return false }
            } else if bytes[index] == UInt8(ascii: "\"") {
                return false
            }
            guard (0x20...0x7E).contains(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    private static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while let first = rest.first, first == " " || first == "\u{A0}" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\u{A0}" { rest.removeLast() }
        return rest
    }
}

extension EmailAddress: CustomStringConvertible {
    public var description: String { "\(local)@\(domain)" }
}

/// An address with the name of whoever reads there.
public struct Mailbox: Hashable, Sendable {
    /// In any script; nil or empty: the address stands alone.
    public let name: String?
    public let address: EmailAddress

    public init(_ name: String? = nil, _ address: EmailAddress) {
        self.name = name
        self.address = address
    }
}

/// What stands in To, Cc and Reply-To: one mailbox, or several under a name (RFC 5322 section 3.4).
public enum Addressee: Hashable, Sendable {
    case mailbox(Mailbox)
    /// `Accounts: a@one.example, b@two.example;`; without members the addresses are not shown.
    case group(String, [Mailbox])

    var mailboxes: [Mailbox] {
        switch self {
        case .mailbox(let one): [one]
        case .group(_, let all): all
        }
    }
}

extension UInt8 {
    var isASCIILetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
    /// `atext` of RFC 5322 section 3.2.3.
    var isAtom: Bool { isASCIILetterOrDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(self) }
}
