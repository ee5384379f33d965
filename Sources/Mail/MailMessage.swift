/// A message before it is written: what a person would fill in, and the identity and moment that the caller gives.
public struct MailMessage: Sendable {
    /// Given by the caller and kept by it before the first byte leaves, so that a second copy is recognised.
    public var id: MessageID
    public var date: MailDate
    public var from: Mailbox
    public var replyTo: [Addressee]
    public var to: [Addressee]
    public var cc: [Addressee]
    /// They get the message; no header names them.
    public var bcc: [Mailbox]
    public var subject: String
    /// Plain text; any kind of line end.
    public var text: String
    /// The same content as HTML; nil sends the plain text alone.
    public var html: String?
    /// `de`, `en`: the language of the text, for screen readers and filters (RFC 3282).
    public var language: String?
    public var attachments: [Attachment]
    public var inReplyTo: MessageID?
    public var references: [MessageID]
    /// Further headers, unstructured: `Auto-Submitted: auto-generated` (RFC 3834) keeps holiday notes away.
    public var further: [(name: String, value: String)]

    public init(
        id: MessageID, date: MailDate, from: Mailbox, replyTo: [Addressee] = [], to: [Addressee], cc: [Addressee] = [],
        bcc: [Mailbox] = [], subject: String, text: String, html: String? = nil, language: String? = nil,
        attachments: [Attachment] = [], inReplyTo: MessageID? = nil, references: [MessageID] = [],
        further: [(name: String, value: String)] = []
    ) {
        self.id = id
        self.date = date
        self.from = from
        self.replyTo = replyTo
        self.to = to
        self.cc = cc
        self.bcc = bcc
        self.subject = subject
        self.text = text
        self.html = html
        self.language = language
        self.attachments = attachments
        self.inReplyTo = inReplyTo
        self.references = references
        self.further = further
    }

    /// Everyone who gets it, each once, in the order of To, Cc, Bcc.
    public var recipients: [EmailAddress] {
        var seen = Set<EmailAddress>()
        return ((to + cc).flatMap(\.mailboxes) + bcc).map(\.address).filter { seen.insert($0).inserted }
    }
}

/// A file that travels with a message.
public struct Attachment: Sendable {
    /// In any script, without a path.
    public let fileName: String
    /// `application/pdf`
    public let mediaType: String
    public let bytes: [UInt8]

    public init(fileName: String, mediaType: String, bytes: [UInt8]) {
        self.fileName = fileName
        self.mediaType = mediaType
        self.bytes = bytes
    }
}

/// The name of one message for ever: `<left@right>` (RFC 5322 section 3.6.4).
public struct MessageID: Hashable, Sendable, CustomStringConvertible {
    public let left: String
    public let right: String

    /// Both are dotted words in ASCII; the right one is best a domain of the sender.
    public init(left: String, right: String) throws(MailProblem) {
        guard EmailAddress.isDotted(left), EmailAddress.isDotted(right), left.utf8.count + right.utf8.count <= 240
        else {
            throw MailProblem(field: "Message-ID", value: "\(left)@\(right)", why: .messageID)
        }
        self.left = left
        self.right = right
    }

    /// `<left@right>`, as `description` gives it.
    public init(_ text: some StringProtocol) throws(MailProblem) {
        let parts = text.dropFirst().dropLast().split(separator: "@", omittingEmptySubsequences: false)
        guard text.first == "<", text.last == ">", parts.count == 2 else {
            throw MailProblem(field: "Message-ID", value: String(text), why: .messageID)
        }
        try self.init(left: String(parts[0]), right: String(parts[1]))
    }

    public var description: String { "<\(left)@\(right)>" }
}

/// A moment with the sender's distance from UTC, as the Date header shows it.
public struct MailDate: Hashable, Sendable {
    public let secondsSince1970: Int64
    /// 60 is an hour east of Greenwich.
    public let zoneMinutes: Int

    public init(secondsSince1970: Int64, zoneMinutes: Int = 0) {
        self.secondsSince1970 = secondsSince1970
        self.zoneMinutes = zoneMinutes
    }

    /// `Wed, 25 Nov 2026 03:25:24 +0000` (RFC 5322 section 3.3); nil outside the years 1900 to 9999 or with a zone beyond a day.
    public var header: String? {
        guard abs(zoneMinutes) < 24 * 60, (-2_208_988_800..<253_402_300_800).contains(secondsSince1970) else {
            return nil
        }
        let local = secondsSince1970 + Int64(zoneMinutes) * 60
        let day = (local >= 0 ? local : local - 86_399) / 86_400
        let second = local - day * 86_400
        let (year, month, ofMonth) = MailDate.civil(day)
        guard (1900...9999).contains(year) else { return nil }
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ value: some BinaryInteger) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let zone = abs(zoneMinutes)
        return "\(weekdays[Int(((day + 3) % 7 + 7) % 7)]), \(ofMonth) \(months[month - 1]) \(year) "
            + "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) "
            + "\(zoneMinutes < 0 ? "-" : "+")\(two(zone / 60))\(two(zone % 60))"
    }

    /// The calendar day that lies `day` days after 1970-01-01, counted in eras of 400 years from 0000-03-01.
    private static func civil(_ day: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(day) + 719_468
        let era = shifted / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }
}
