import Ledger
import Money

/// A journal entry with its id.
public struct PostedEntry: Sendable {
    public let id: RecordID
    public let entry: Entry
    public init(id: RecordID, entry: Entry) {
        self.id = id
        self.entry = entry
    }
}

/// An item that comes to life with an entry of the same recording: a document on `receivables`, a receipt on `unapplied`.
public struct NewItem: Sendable {
    public let item: RecordID
    public let account: Account
    /// nil for a receipt whose payer is not known yet.
    public let customer: RecordID?
    /// The document's amount, negative for credit notes and receipts.
    public let amount: Money
    public let day: Day
    public let dueDay: Day
    public init(_ item: RecordID, account: Account, customer: RecordID?, amount: Money, day: Day, dueDay: Day) {
        precondition(account == .receivables || account == .unapplied)
        self.item = item
        self.account = account
        self.customer = customer
        self.amount = amount
        self.day = day
        self.dueDay = dueDay
    }
}

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
    public var entries: [PostedEntry] = []
    public var items: [NewItem] = []
    public var numbers: [GivenNumber] = []
    public var documents: [PermanentRecord] = []
    public var letters: [LetterRequest] = []
    /// The commands that this one takes back.
    public var undoes: [CommandID] = []
    public var followUps: [FollowUp] = []

    public init(
        command: CommandID, kind: String, content: String, actor: Actor, day: Day, outcome: String,
        entries: [PostedEntry] = [], items: [NewItem] = [], numbers: [GivenNumber] = [],
        documents: [PermanentRecord] = [],
        letters: [LetterRequest] = [], undoes: [CommandID] = [], followUps: [FollowUp] = []
    ) {
        self.command = command
        self.kind = kind
        self.content = content
        self.actor = actor
        self.day = day
        self.outcome = outcome
        self.entries = entries
        self.items = items
        self.numbers = numbers
        self.documents = documents
        self.letters = letters
        self.undoes = undoes
        self.followUps = followUps
    }

    /// `fingerprint` is the hash of the content.
    func eventBytes(book: Int64, recorded: String, day: String, fingerprint: String) -> [UInt8] {
        var canonical = CanonicalBytes("event")
        canonical.append(book)
        canonical.append(command.text)
        canonical.append(kind)
        canonical.append(fingerprint)
        canonical.append(actor.name)
        canonical.append(day)
        canonical.append(recorded)
        canonical.append(outcome)
        canonical.append(Int64(undoes.count))
        for undone in undoes.map(\.text).sorted() { canonical.append(undone) }
        return canonical.bytes
    }
}

/// A command that a decision asks for in another slice; its id is derived from the decision's, so that it runs once.
public struct FollowUp: Sendable {
    public let id: CommandID
    public let kind: String
    /// The command's content, as its slice reads it.
    public let content: String
    public init(id: CommandID, kind: String, content: String) {
        self.id = id
        self.kind = kind
        self.content = content
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
    public let pattern: SeriesPattern
    public let first: Int64
    public let count: Int
}

/// Why the books did not take something.
public enum BooksRefusal: Refusal, Equatable {
    case noSuchBook(Int64)
    case noSuchSeries(String)
    case otherContent(CommandID)
    case takenBack(CommandID)
    case periodClosed(asked: Day, openFrom: Day)
    case afterHorizon(asked: Instant, horizon: Instant)
    case noRate(String, to: String, on: Day)

    public var code: String {
        switch self {
        case .noSuchBook: "books.no-such-book"
        case .noSuchSeries: "books.no-such-series"
        case .otherContent: "books.command-id-taken"
        case .takenBack: "books.command-taken-back"
        case .periodClosed: "books.period-closed"
        case .afterHorizon: "books.after-horizon"
        case .noRate: "books.no-exchange-rate"
        }
    }
    public var what: String {
        switch self {
        case .afterHorizon: "The report was not made."
        default: "Nothing was written to the books."
        }
    }
    public var why: String {
        switch self {
        case .noSuchBook(let book): "There is no book \(book) here."
        case .noSuchSeries(let series): "There is no number series \(series)."
        case .otherContent(let id): "Command \(id.text) was carried out before, with other content."
        case .takenBack(let id): "Part of command \(id.text) was taken back before all of it was done."
        case .periodClosed(let asked, let open): "\(asked) lies before \(open), the first open day."
        case .afterHorizon(let asked, let horizon):
            "\(asked) lies after \(horizon); what will be known then is not settled."
        case .noRate(let from, let to, let day): "There is no exchange rate from \(from) to \(to) for \(day)."
        }
    }
    public var next: String {
        switch self {
        case .noSuchBook: "Open the right books, or set up the seller first."
        case .noSuchSeries: "Name a series that the seller has."
        case .otherContent, .takenBack: "Send it with an id of its own."
        case .periodClosed(_, let open): "Date it \(open) or later, or have the period reopened."
        case .afterHorizon(_, let horizon): "Ask for what was known at \(horizon) or earlier."
        case .noRate: "Import exchange-rates for that day, then run it again."
        }
    }
}
