/// Follows what client and server say, to know at the end what became of the message. Pure: no socket is touched here.
///
/// Everything turns on one moment: has the first byte of the content been handed over? Before it, a broken line means that
/// nobody got anything. After it, only the server's word counts (RFC 5321 section 4.2.5), and silence proves nothing.
struct SMTPConversation {
    enum Stage: Equatable {
        case connecting, greeting, hello, startTLS, authentication, sender
        case recipient(String)
        case data, content
    }

    struct Reply: Equatable {
        let code: Int
        let text: String
    }

    /// How the transfer ended, without libcurl's numbers.
    struct Ending: Equatable {
        enum Kind: Equatable { case done, notFound, notConnected, security, timedOut, lost, credentials, settings }
        let kind: Kind
        let text: String
    }

    private(set) var stage = Stage.connecting
    /// The answer to the present stage, once it is complete.
    private(set) var reply: Reply?
    private var lines: [String] = []
    /// The client has said goodbye: nothing that is still heard counts.
    private(set) var isOver = false

    /// A command left; the secrets of AUTH are looked at, not kept.
    mutating func said(_ line: String) {
        // After the content comes at most a QUIT: what is answered to that is no answer to the message.
        guard stage != .content else { return isOver = true }
        let upper = line.uppercased()
        if upper.hasPrefix("QUIT") || upper.hasPrefix("RSET") {
            isOver = true
        } else if upper.hasPrefix("EHLO") || upper.hasPrefix("HELO") {
            move(to: .hello)
        } else if upper.hasPrefix("STARTTLS") {
            move(to: .startTLS)
        } else if upper.hasPrefix("AUTH") {
            move(to: .authentication)
        } else if upper.hasPrefix("MAIL FROM:") {
            move(to: .sender)
        } else if upper.hasPrefix("RCPT TO:") {
            let path = line.dropFirst("RCPT TO:".count)
            move(to: .recipient(String(path.drop { $0 == "<" || $0 == " " }.prefix { $0 != ">" })))
        } else if upper.hasPrefix("DATA") {
            move(to: .data)
        }
        // Anything else is a step inside AUTH.
    }

    /// The content begins to leave.
    mutating func beganContent() {
        if stage != .content { move(to: .content) }
    }

    /// One line of the server's: `250-more to come`, `250 the end`.
    mutating func heard(_ line: String) {
        guard !isOver else { return }
        if stage == .connecting { move(to: .greeting) }
        let bytes = Array(line.utf8.prefix(4))
        guard bytes.count >= 3, let code = Int(String(decoding: bytes[..<3], as: UTF8.self)), (200...599).contains(code)
        else { return }
        if lines.count < 20 {
            lines.append(SMTPConversation.words(String(decoding: line.utf8.dropFirst(4), as: UTF8.self)))
        }
        guard bytes.count < 4 || bytes[3] != UInt8(ascii: "-") else { return }
        // A second answer to the content would be a farewell, not a change of mind.
        if stage != .content || reply == nil { reply = Reply(code: code, text: lines.joined(separator: " ")) }
        lines = []
    }

    private mutating func move(to next: Stage) {
        guard !isOver else { return }
        stage = next
        reply = nil
        lines = []
    }

    /// What a server says is shown to people and kept: one line of modest length, without control characters.
    private static func words(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { !$0.isControl }.prefix(500)
        var line = String(String.UnicodeScalarView(scalars))
        while line.last == " " { line.removeLast() }
        return line
    }

    // MARK: The verdict

    func result(_ ending: Ending) -> SendingResult {
        if stage == .content { return afterContent(ending) }
        guard let reply, reply.code >= 400 else { return beforeContent(ending) }
        return beforeContent(reply)
    }

    private func afterContent(_ ending: Ending) -> SendingResult {
        guard let reply else {
            // libcurl reports success only for an answer it has read.
            if ending.kind == .done { return .sent(serverReply: "250") }
            return .uncertain(why: ending.text)
        }
        switch reply.code {
        case 200...299: return .sent(serverReply: "\(reply.code) \(reply.text)")
        case 400...499: return .retry(RetryReason(.busy, code: reply.code, text: reply.text))
        case 500...599: return .refused(SendingRefusal(about: .message, code: reply.code, text: reply.text))
        default: return .uncertain(why: "\(reply.code) \(reply.text)")
        }
    }

    private func beforeContent(_ reply: Reply) -> SendingResult {
        func retry(_ kind: RetryReason.Kind) -> SendingResult {
            .retry(RetryReason(kind, code: reply.code, text: reply.text))
        }
        func refused(_ about: SendingRefusal.About) -> SendingResult {
            .refused(SendingRefusal(about: about, code: reply.code, text: reply.text))
        }
        // RFC 4954 section 6 and RFC 3207 section 4: asked to log in, or to encrypt first. That is not about this message.
        if [530, 534, 535, 538].contains(reply.code) { return retry(.credentials) }
        switch (stage, reply.code) {
        case (.authentication, 500...): return retry(.credentials)
        case (_, ..<500): return retry(.busy)
        case (.startTLS, _): return retry(.security)
        // RFC 5321 section 4.5.3.1.10: 552 to RCPT used to say "too many recipients", and means "later".
        case (.recipient, 552): return retry(.busy)
        case (.recipient(let address), _): return refused(.recipient(address))
        // RFC 1870 section 6.1: the size is announced with the sender, and may be too much.
        case (.sender, 552): return refused(.message)
        case (.sender, _): return refused(.sender)
        case (.data, _): return refused(.message)
        // 554 for a greeting, or to EHLO: no mail service here, for anyone.
        default: return retry(.busy)
        }
    }

    private func beforeContent(_ ending: Ending) -> SendingResult {
        switch ending.kind {
        case .security: .retry(RetryReason(.security, text: ending.text))
        case .credentials: .retry(RetryReason(.credentials, text: ending.text))
        case .settings: .retry(RetryReason(.settings, text: ending.text))
        case .done, .notFound, .notConnected, .timedOut, .lost: .retry(RetryReason(.unreachable, text: ending.text))
        }
    }

    /// On a line kept open since the last message: the server had hung up meanwhile. A new line is worth a try at once.
    func foundStaleLine(_ ending: Ending) -> Bool {
        guard stage != .content else { return false }
        return reply?.code == 421 || (reply == nil && ending.kind == .lost)
    }
}
