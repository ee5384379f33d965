/// What keeps a message, an address or a setting from being used: which field, the value as given, and why not.
public struct MailProblem: Error, Hashable, Sendable {
    /// `To`, `Subject`, `attachment 1`, `address`.
    public let field: String
    /// As it was given; line breaks and other control characters are shown as `\u{A}`.
    public let value: String
    public let why: Why

    public init(field: String, value: String, why: Why) {
        self.field = field
        self.value = MailProblem.printable(value)
        self.why = why
    }

    public enum Why: Hashable, Sendable {
        case empty
        /// More octets than the standard or a mail server takes.
        case tooLong(limit: Int)
        /// A line break or another control character: in a header it would begin a header of the sender's choice.
        case controlCharacter
        case noAtSign
        case localPart
        /// Letters beyond ASCII before the `@` reach only servers with SMTPUTF8 (RFC 6531), all the way: refused.
        case localPartBeyondASCII
        case domain
        case fileName
        case mediaType
        case headerName
        case messageID
        case noRecipient
        case date
    }
}

extension MailProblem: CustomStringConvertible {
    public var description: String { "\(field) “\(value)”: \(why)" }

    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: \.isControl) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar.isControl {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}

extension MailProblem.Why: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "it is empty"
        case .tooLong(let limit): "it is longer than \(limit) octets"
        case .controlCharacter: "it holds a line break or another control character"
        case .noAtSign: "an e-mail address has one @ between the mailbox and the domain"
        case .localPart: "the part before the @ is not one a mail server takes"
        case .localPartBeyondASCII: "letters beyond A to Z before the @ do not reach every mail server"
        case .domain: "the part after the @ is not the name of a domain"
        case .fileName: "it is not a plain file name"
        case .mediaType: "it is not a type of content that can be attached"
        case .headerName: "it is not a header that may be added"
        case .messageID: "a Message-ID is two dotted words around an @"
        case .noRecipient: "nobody is named who should get it"
        case .date: "the year is not one of 1900 to 9999, or the zone is more than a day off"
        }
    }
}

/// Everything that is wrong with a message, at once.
public struct MailProblems: Error, Hashable, Sendable {
    /// At least one.
    public let all: [MailProblem]
    public init(_ all: [MailProblem]) {
        precondition(!all.isEmpty)
        self.all = all
    }
}

extension Unicode.Scalar {
    /// What no header may hold: C0, DEL, C1, and the two separators that some programs take for line breaks.
    var isControl: Bool {
        value < 0x20 || (0x7F...0x9F).contains(value) || value == 0x2028 || value == 0x2029
    }
}
