import Ledger
import Money

/// What one carried-out command leaves in the books.
public struct Recording: Sendable {
    public let command: CommandID
    /// The command's name, such as `invoice.issue`.
    public let kind: String
    /// The command's content in canonical text; its hash tells a repeat from another command under the same id.
    public let content: String
    public let actor: Actor
    public let day: Day
    /// The event as JSON: what a repeat of the command gets as its answer.
    public let outcome: String
    public let entries: [Entry]
    public let numbers: [GivenNumber]
    public let documents: [PermanentRecord]
    public let letters: [LetterRequest]

    public init(
        command: CommandID, kind: String, content: String, actor: Actor, day: Day, outcome: String,
        entries: [Entry] = [],
        numbers: [GivenNumber] = [], documents: [PermanentRecord] = [], letters: [LetterRequest] = []
    ) {
        self.command = command
        self.kind = kind
        self.content = content
        self.actor = actor
        self.day = day
        self.outcome = outcome
        self.entries = entries
        self.numbers = numbers
        self.documents = documents
        self.letters = letters
    }

    func eventBytes(book: Int64, recorded: Instant) -> [UInt8] {
        var canonical = CanonicalBytes("event")
        canonical.append(book)
        canonical.append(command.text)
        canonical.append(kind)
        canonical.append(actor.name)
        canonical.append(day.description)
        canonical.append(recorded.description)
        canonical.append(outcome)
        return canonical.bytes
    }
}

/// A number that a document was given.
public struct GivenNumber: Hashable, Sendable {
    public let series: String
    public let number: Int64
    public let document: RecordID
    public init(series: String, number: Int64, document: RecordID) {
        self.series = series
        self.number = number
        self.document = document
    }
}

/// A record of a slice that must never change, as the bytes its hash is taken over.
public struct PermanentRecord: Sendable {
    public let kind: String
    public let id: RecordID
    public let bytes: [UInt8]
    public init(kind: String, id: RecordID, bytes: [UInt8]) {
        self.kind = kind
        self.id = id
        self.bytes = bytes
    }
}

/// What came of a command the first time.
public struct Outcome: Sendable, Equatable {
    public let kind: String
    public let json: String
    public let recorded: String
}

/// A run of numbers taken from a series: `first ..< first + count`.
public struct Numbers: Sendable, Equatable {
    public let series: String
    /// How a number is written, such as `RE-{year}-{n:6}`.
    public let pattern: String
    public let first: Int64
    public let count: Int
}

/// Why the books did not take something.
public enum BooksRefusal: Refusal, Equatable {
    case noSuchBook(Int64)
    case noSuchSeries(String)
    case otherContent(CommandID)
    case periodClosed(asked: Day, openFrom: Day)

    public var code: String {
        switch self {
        case .noSuchBook: "books.no-such-book"
        case .noSuchSeries: "books.no-such-series"
        case .otherContent: "books.command-id-taken"
        case .periodClosed: "books.period-closed"
        }
    }
    public var what: String { "Nothing was written to the books." }
    public var why: String {
        switch self {
        case .noSuchBook(let book): "There is no book \(book) here."
        case .noSuchSeries(let series): "There is no number series \(series)."
        case .otherContent(let id): "Command \(id.text) was carried out before, with other content."
        case .periodClosed(let asked, let open): "\(asked) lies before \(open), the first open day."
        }
    }
    public var next: String {
        switch self {
        case .noSuchBook: "Open the right books, or set up the seller first."
        case .noSuchSeries: "Name a series that the seller has."
        case .otherContent: "Send it with an id of its own."
        case .periodClosed(_, let open): "Date it \(open) or later, or have the period reopened."
        }
    }
}
