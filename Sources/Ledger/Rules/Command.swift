import Money

/// Who does something. Every handler takes one.
public struct Actor: Hashable, Sendable {
    /// The user's name at the sign-in, or `system` for the worker.
    public let name: String
    public init(name: String) { self.name = name }
    public static let system = Actor(name: "system")
}

/// The id of a command: text, at most 64 characters, unique per book. Minted by whoever asks, so that a retry is recognised.
public struct CommandID: Hashable, Sendable {
    public let text: String
    /// nil where the text is empty, longer than 64 characters (Unicode scalars, as both databases count them), or holds a
    /// control character.
    public init?(_ text: String) {
        guard !text.isEmpty, text.unicodeScalars.count <= 64,
            !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else { return nil }
        self.text = text
    }

    /// The id of a piece of a run: derived from the run's id and the piece's key, so that a resumed run finds its pieces.
    /// Where the two together are too long, the key's hash stands for it.
    public func piece(_ key: String) -> CommandID {
        CommandID("\(stem)/\(key)") ?? CommandID("\(stem)/\(Self.hash("\(text)/\(key)"))")!
    }

    /// Between these two texts, in the order of bytes, lie the ids of all pieces of this run and nothing else.
    public var pieces: (after: String, before: String) { (stem + "/", stem + "0") }

    /// What the ids of its pieces begin with: the id itself, or of a long one its beginning and its hash.
    public var stem: String {
        guard text.unicodeScalars.count > 47 else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(30))) + "~" + Self.hash(text)
    }

    /// 16 hexadecimal digits (FNV-1a, 64 bits).
    private static func hash(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A request for a letter that the transaction leaves in the outbox: no text, only what, of which document, to whom.
public struct LetterRequest: Hashable, Sendable {
    public enum Kind: String, Sendable, CaseIterable { case invoice, creditNote = "credit-note", reminder, statement }
    /// How it travels: by mail where the customer has an address for the purpose, else printed and posted.
    public enum Channel: String, Sendable, CaseIterable { case email, post }
    public let kind: Kind
    /// What it is about: a document, or a reminder.
    public let document: RecordID
    public let customer: RecordID
    public let channel: Channel
    public init(_ kind: Kind, document: RecordID, customer: RecordID, channel: Channel) {
        self.kind = kind
        self.document = document
        self.customer = customer
        self.channel = channel
    }
}

/// What a command decided: the event, the entries that follow from it, the letters it asks for. Nothing in it is written yet.
public struct Decision<Event: Sendable>: Sendable {
    public let event: Event
    public let entries: [Entry]
    public let letters: [LetterRequest]
    public init(_ event: Event, entries: [Entry] = [], letters: [LetterRequest] = []) {
        self.event = event
        self.entries = entries
        self.letters = letters
    }
}
