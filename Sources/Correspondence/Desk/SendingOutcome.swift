import Ledger
import Mail
import Money

/// What a delivery did.
public struct SendingOutcome: Codable, Sendable, Equatable {
    public struct Letter: Codable, Sendable, Equatable {
        public var message: String
        public var kind: String
        /// The document's number, or what it is about.
        public var subject: String
        public var customer: String
        /// `sent`, `refused`, `uncertain`, or `queued` again.
        public var state: String
        /// The server's words, or why not.
        public var answer: String
        public init(
            message: String, kind: String, subject: String, customer: String, state: String, answer: String
        ) {
            self.message = message
            self.kind = kind
            self.subject = subject
            self.customer = customer
            self.state = state
            self.answer = answer
        }
    }
    /// A reason for which nothing at all could be sent.
    public struct Problem: Codable, Sendable, Equatable {
        public var code: String
        public var what: String
        public var why: String
        public var next: String
        init(_ refusal: any Refusal) {
            code = refusal.code
            what = refusal.what
            why = refusal.why
            next = refusal.next
        }
    }
    public var sent = 0
    public var refused = 0
    public var uncertain = 0
    /// Put off by the server; sent later by themselves.
    public var waiting = 0
    public var letters: [Letter] = [] {
        didSet { count() }
    }
    public var problem: Problem?
    /// Why the server was out of order.
    var outage: RetryReason?

    enum CodingKeys: String, CodingKey { case sent, refused, uncertain, waiting, letters, problem }

    private mutating func count() {
        (sent, refused, uncertain, waiting) = (0, 0, 0, 0)
        for letter in letters {
            switch letter.state {
            case "sent": sent += 1
            case "refused": refused += 1
            case "uncertain": uncertain += 1
            default: waiting += 1
            }
        }
    }

    mutating func add(_ other: SendingOutcome) {
        letters += other.letters
        outage = outage ?? other.outage
    }
}

extension SendingOutcome.Letter {
    init(_ letter: OutboxLetter, _ draft: LetterDraft?, state: String, answer: String) {
        self.init(
            message: letter.message.description, kind: letter.kind.rawValue, subject: draft?.subject ?? "",
            customer: draft?.customer?.number ?? "", state: state, answer: answer)
    }
}
