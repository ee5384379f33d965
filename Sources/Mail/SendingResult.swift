/// What became of a message. The four cases ask for four different things to be done.
public enum SendingResult: Hashable, Sendable {
    /// The server took it and said so, with these words.
    case sent(serverReply: String)
    /// The server will never take this message as it is: a person has to change it. Nobody has got it.
    case refused(SendingRefusal)
    /// Not now. Nobody has got it; the same message may be sent again later.
    case retry(RetryReason)
    /// The content was on its way and no answer came: it may have arrived or not. It is not sent again by itself.
    case uncertain(why: String)
}

/// A permanent no (5xx) to one message.
public struct SendingRefusal: Hashable, Sendable {
    public enum About: Hashable, Sendable {
        /// The server does not take mail from this sender.
        case sender
        /// Nobody got it: a message goes to all its recipients or to none.
        case recipient(String)
        case message
    }
    public let about: About
    /// 500 to 599 (RFC 5321 section 4.2).
    public let code: Int
    /// The server's words, lines joined by a space.
    public let text: String

    public init(about: About, code: Int, text: String) {
        self.about = about
        self.code = code
        self.text = text
    }
}

/// Why a message waits.
public struct RetryReason: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// The server was not found, did not answer or went away before it was given anything.
        case unreachable
        /// No encryption, or not with the server it claims to be: nothing was said to it.
        case security
        /// User name or password were not accepted, or are asked for: later attempts need new settings.
        case credentials
        /// The server said "later" (4xx), or does not serve mail at all at the moment.
        case busy
        /// The settings cannot work.
        case settings
    }
    public let kind: Kind
    /// The server's code, where it gave one.
    public let code: Int?
    /// In words, for the person who looks after the settings; never holds a password.
    public let text: String

    public init(_ kind: Kind, code: Int? = nil, text: String) {
        self.kind = kind
        self.code = code
        self.text = text
    }
}
