import Testing

@testable import Mail

@Suite("What became of a message")
struct ConversationTests {
    /// `>` a command, `<` a line of the server, `*` the content begins.
    private func conversation(_ script: String) -> SMTPConversation {
        var talk = SMTPConversation()
        for line in script.split(separator: "|") {
            switch line.first {
            case ">": talk.said(String(line.dropFirst()))
            case "<": talk.heard(String(line.dropFirst()))
            default: talk.beganContent()
            }
        }
        return talk
    }

    static let toData =
        "<220 hello|>EHLO x|<250-mail.test|<250 SIZE|>MAIL FROM:<a@b>|<250 ok|>RCPT TO:<c@d>|<250 ok|>DATA|<354 go"

    @Test(
        "is decided by the server's word once the content has left",
        arguments: [
            ("*|<250 2.0.0 queued", .lost, .sent(serverReply: "250 2.0.0 queued")),
            ("*|<250-2.0.0 queued|<250 as 17", .done, .sent(serverReply: "250 2.0.0 queued as 17")),
            ("*|<252 taken", .lost, .sent(serverReply: "252 taken")),
            ("*|<451 later|>QUIT|<221 bye", .lost, .retry(RetryReason(.busy, code: 451, text: "later"))),
            ("*|<421 closing", .lost, .retry(RetryReason(.busy, code: 421, text: "closing"))),
            ("*|<554-no|<554 never", .lost, .refused(SendingRefusal(about: .message, code: 554, text: "no never"))),
            ("*|<250 queued|<421 idle too long", .lost, .sent(serverReply: "250 queued")),
            ("*", .lost, .uncertain(why: "words")), ("*", .timedOut, .uncertain(why: "words")),
            ("*", .security, .uncertain(why: "words")),
            ("*|<250-half an ans", .lost, .uncertain(why: "words")),
            ("*|>QUIT|<221 bye", .timedOut, .uncertain(why: "words")),
            ("*|<354 what", .lost, .uncertain(why: "354 what")), ("*|<nonsense", .lost, .uncertain(why: "words")),
        ] as [(String, SMTPConversation.Ending.Kind, SendingResult)])
    func afterContent(script: String, kind: SMTPConversation.Ending.Kind, result: SendingResult) {
        #expect(conversation(Self.toData + "|" + script).result(.init(kind: kind, text: "words")) == result)
    }

    @Test(
        "is a wait or a clear no before the content has left",
        arguments: [
            ("", .notFound, .retry(RetryReason(.unreachable, text: "words"))),
            ("", .notConnected, .retry(RetryReason(.unreachable, text: "words"))),
            ("", .security, .retry(RetryReason(.security, text: "words"))),
            ("<554 no service", .lost, .retry(RetryReason(.busy, code: 554, text: "no service"))),
            ("<421 busy", .lost, .retry(RetryReason(.busy, code: 421, text: "busy"))),
            ("<220 hi|>EHLO x|<250 ok", .security, .retry(RetryReason(.security, text: "words"))),
            ("<220 hi|>EHLO x|<250 ok|>STARTTLS|<454 no", .security, .retry(RetryReason(.busy, code: 454, text: "no"))),
            (
                "<220 hi|>EHLO x|<250 ok|>STARTTLS|<501 no", .security,
                .retry(RetryReason(.security, code: 501, text: "no"))
            ),
            (
                "<220 hi|>EHLO x|<250 ok|>AUTH PLAIN|<334 |>c2VjcmV0|<535 no", .lost,
                .retry(RetryReason(.credentials, code: 535, text: "no"))
            ),
            (
                "<220 hi|>EHLO x|<250 ok|>MAIL FROM:<a@b> SIZE=9|<550 no", .lost,
                .refused(SendingRefusal(about: .sender, code: 550, text: "no"))
            ),
            (
                ">MAIL FROM:<a@b> SIZE=99|<552 5.3.4 too \u{7}big\u{1B}[31m ", .lost,
                .refused(SendingRefusal(about: .message, code: 552, text: "5.3.4 too big[31m"))
            ),
            (
                "<220 hi|>EHLO x|<250 ok|>MAIL FROM:<a@b>|<530 log in", .lost,
                .retry(RetryReason(.credentials, code: 530, text: "log in"))
            ),
            (
                ">MAIL FROM:<a@b>|<250 ok|>RCPT TO:<c@d>|<250 ok|>RCPT TO:<e@f>|<550-5.1.1 no|<550 5.1.1 such box|>QUIT|<221 bye",
                .lost,
                .refused(SendingRefusal(about: .recipient("e@f"), code: 550, text: "5.1.1 no 5.1.1 such box"))
            ),
            (
                ">MAIL FROM:<a@b>|<250 ok|>RCPT TO:<c@d>|<450 later", .lost,
                .retry(RetryReason(.busy, code: 450, text: "later"))
            ),
            (
                ">MAIL FROM:<a@b>|<250 ok|>RCPT TO:<c@d>|<552 many", .lost,
                .retry(RetryReason(.busy, code: 552, text: "many"))
            ),
            (
                ">MAIL FROM:<a@b>|<250 ok|>RCPT TO:<c@d>|<250 ok|>DATA|<554 no", .lost,
                .refused(SendingRefusal(about: .message, code: 554, text: "no"))
            ),
            (
                ">MAIL FROM:<a@b>|<250 ok|>RCPT TO:<c@d>|<250 ok|>DATA", .lost,
                .retry(RetryReason(.unreachable, text: "words"))
            ),
            (toData, .timedOut, .retry(RetryReason(.unreachable, text: "words"))),
        ] as [(String, SMTPConversation.Ending.Kind, SendingResult)])
    func beforeContent(script: String, kind: SMTPConversation.Ending.Kind, result: SendingResult) {
        #expect(conversation(script).result(.init(kind: kind, text: "words")) == result)
    }

    @Test(
        "calls a line stale only while nothing was handed over",
        arguments: [
            ("", .lost, true), (">MAIL FROM:<a@b>", .lost, true), (">MAIL FROM:<a@b>|<421 idle", .lost, true),
            (">MAIL FROM:<a@b>", .timedOut, false), (">MAIL FROM:<a@b>|<550 no", .lost, false),
            (toData + "|*", .lost, false),
            (toData + "|*|<421 no", .lost, false),
        ] as [(String, SMTPConversation.Ending.Kind, Bool)])
    func stale(script: String, kind: SMTPConversation.Ending.Kind, isStale: Bool) {
        #expect(conversation(script).foundStaleLine(.init(kind: kind, text: "")) == isStale)
    }
}
