import Foundation
import Mail
import Testing

/// One server process for all of them: STARTTLS with login, TLS from the first byte, two wrong certificates.
private let server = Result {
    try MailServer(
        listen: ["starttls", "implicit", "wrong-authority", "wrong-name"], delay: 30, user: "jana@seller.example",
        password: "sütz & <geheim>")
}
private let login = "jana%40seller.example:s%C3%BCtz%20%26%20%3Cgeheim%3E@"
/// No TLS, no login.
private let open = Result { try MailServer(listen: ["plain"]) }

@Suite("Sending to a real mail server")
struct TransportTests {
    @Test("arrives unchanged under STARTTLS with login, many messages over one line")
    func arrives() async throws {
        let server = try server.get()
        let transport = SMTPTransport(try server.settings(login: login))
        let pdf = Attachment(
            fileName: "Rechnung.pdf", mediaType: "application/pdf", bytes: (0..<150_000).map { UInt8($0 &* 31 & 255) })
        for number in 1...5 {
            let mail = try Sample.message(
                "arrives-\(number)", to: ["one@customer.example", "two@customer.example"], subject: "Grüße \(number)",
                text: ".\n..dots\n.\nend", html: "<p>.</p>", attachments: [pdf]
            ).written()
            let result = await transport.send(mail)
            guard case .sent(let reply) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(reply.hasPrefix("250 2.0.0 queued as "))
            #expect(try server.message(mail.id) == mail.bytes)
        }
        await transport.close()
        let rows = server.rows.filter { $0[1].hasPrefix("<arrives-") }
        #expect(rows.count == 5 && Set(rows.map { $0[4] }).count == 1)
        #expect(rows.first?[3] == "one@customer.example,two@customer.example")
    }

    @Test("arrives under TLS from the first byte")
    func implicit() async throws {
        let server = try server.get()
        let mail = try Sample.message("implicit").written()
        let result = await SMTPTransport(try server.settings(1, login: login, scheme: "smtps")).send(mail)
        #expect(try server.message(mail.id) == mail.bytes, "\(result)")
    }

    @Test(
        "says what each answer of the server means",
        arguments: [
            (
                "refuse.",
                .refused(
                    SendingRefusal(
                        about: .recipient("refuse.me@customer.example"), code: 550, text: "5.1.1 no such mailbox"))
            ),
            ("full.", .retry(RetryReason(.busy, code: 452, text: "4.2.2 mailbox full"))),
            ("grey.", .retry(RetryReason(.busy, code: 451, text: "4.7.1 greylisted, come back later"))),
            ("no-data.", .refused(SendingRefusal(about: .message, code: 554, text: "5.5.1 no valid recipients"))),
            (
                "spam.",
                .refused(SendingRefusal(about: .message, code: 554, text: "5.7.1 this looks like 5.7.1 unwanted mail"))
            ),
            ("busy.", .retry(RetryReason(.busy, code: 451, text: "4.3.0 try again later"))),
            ("odd.", .sent(serverReply: "252 2.0.0 taken, in my own way")),
        ] as [(String, SendingResult)])
    func answers(mode: String, expected: SendingResult) async throws {
        let server = try server.get()
        let transport = SMTPTransport(try server.settings(login: login))
        let mail = try Sample.message("answer-\(mode)x", to: ["first@customer.example", "\(mode)me@customer.example"])
            .written()
        #expect(await transport.send(mail) == expected)
        #expect(server.accepted.contains(mail.id.description) == (mode == "odd."))
        // The same transport goes on with the next message.
        let next = try Sample.message("after-\(mode)x").written()
        guard case .sent = await transport.send(next) else {
            Issue.record("the next message was not sent")
            return
        }
    }

    @Test("refuses for the sender, not for the recipient, where the sender is not wanted")
    func sender() async throws {
        let transport = SMTPTransport(try server.get().settings(login: login))
        let refused = await transport.send(try Sample.message("s1", from: "refuse-sender.x@seller.example").written())
        #expect(
            refused == .refused(SendingRefusal(about: .sender, code: 553, text: "5.1.8 this sender may not write here"))
        )
        let asked = await transport.send(try Sample.message("s2", from: "relogin.x@seller.example").written())
        #expect(asked == .retry(RetryReason(.credentials, code: 530, text: "5.7.0 Authentication required")))
    }

    @Test(
        "is uncertain, and only then, when the line breaks after the content began",
        arguments: [
            ("drop-at-data", false, false), ("drop-at-content", true, false), ("drop", true, false),
            ("lost", true, true),
        ])
    func broken(mode: String, uncertain: Bool, taken: Bool) async throws {
        let server = try server.get()
        let mail = try Sample.message("broken-\(mode)", to: ["\(mode).me@customer.example"]).written()
        let result = await SMTPTransport(try server.settings(login: login)).send(mail)
        switch result {
        case .uncertain: #expect(uncertain)
        case .retry(let reason): #expect(!uncertain && reason.kind == .unreachable)
        default: Issue.record("\(mode): \(result)")
        }
        #expect(server.accepted.contains(mail.id.description) == taken)
    }

    @Test("is uncertain when the answer does not come in time")
    func slow() async throws {
        let server = try server.get()
        var settings = try server.settings(login: login)
        settings.messageMilliseconds = 2500
        let mail = try Sample.message("slow", to: ["slow.me@customer.example"]).written()
        let result = await SMTPTransport(settings).send(mail)
        guard case .uncertain = result else {
            Issue.record("\(result)")
            return
        }
        #expect(server.accepted.contains(mail.id.description))
    }

    @Test("opens a new line where the server has closed the old one, without sending anything twice")
    func stale() async throws {
        let server = try server.get()
        let transport = SMTPTransport(try server.settings(login: login))
        let first = try Sample.message("stale-1", to: ["closing.me@customer.example"]).written()
        let second = try Sample.message("stale-2").written()
        guard case .sent = await transport.send(first), case .sent = await transport.send(second) else {
            Issue.record("both should have been sent")
            return
        }
        #expect(
            server.accepted.filter { $0.hasPrefix("<stale-") } == [
                "<stale-1@seller.example>", "<stale-2@seller.example>",
            ])
    }

    @Test("waits, with the message unsent, while the password is wrong")
    func wrongPassword() async throws {
        let settings = try server.get().settings(login: "jana%40seller.example:wrong@")
        let result = await SMTPTransport(settings).send(try Sample.message("password").written())
        guard case .retry(let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.kind == .credentials)
        #expect(reason.code == 535)
        #expect(!reason.text.contains("wrong"))
    }

    @Test(
        "says nothing to a server it cannot trust",
        arguments: [
            (2, "an authority nobody trusts"), (3, "a certificate for another host"),
            (0, "an authority that is not ours"),
        ])
    func untrusted(index: Int, why: String) async throws {
        let server = try server.get()
        let query = index == 0 ? "" : nil
        let result = await SMTPTransport(try server.settings(index, query: query, login: login)).send(
            try Sample.message("untrusted-\(index)").written())
        guard case .retry(let reason) = result else {
            Issue.record("\(why): \(result)")
            return
        }
        #expect(reason.kind == .security)
        #expect(!server.accepted.contains("<untrusted-\(index)@seller.example>"))
    }

    @Test("asks for STARTTLS and goes without it only when told to")
    func noTLS() async throws {
        let open = try open.get()
        let mail = try Sample.message("plain").written()
        let strict = await SMTPTransport(try open.settings(query: "")).send(mail)
        guard case .retry(let reason) = strict else {
            Issue.record("\(strict)")
            return
        }
        #expect(reason.kind == .security)
        #expect(open.accepted.isEmpty)
        let told = await SMTPTransport(try open.settings(query: "tls=none")).send(mail)
        #expect(told == .sent(serverReply: "250 2.0.0 queued as 1"))
    }

    @Test("does not go on without encryption where the server wants it")
    func serverWantsTLS() async throws {
        let server = try server.get()
        var settings = SMTPSettings(host: "127.0.0.1", port: server.ports[0], security: .none)
        settings.user = nil
        let result = await SMTPTransport(settings).send(try Sample.message("wants-tls").written())
        guard case .retry(let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.kind == .credentials && reason.code == 530)
    }

    @Test("waits for a server that turns everyone away", arguments: [("rude", 554), ("away", 421)])
    func turnedAway(mode: String, code: Int) async throws {
        let server = try MailServer(listen: ["plain"], mode: mode)
        let result = await SMTPTransport(try server.settings(query: "tls=none")).send(
            try Sample.message("away").written())
        guard case .retry(let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.kind == .busy && reason.code == code)
    }

    @Test(
        "waits for a server that is not there, or a file of certificates that is not",
        arguments: [
            ("smtp://127.0.0.1:1", .unreachable), ("smtp://no-such-host.invalid", .unreachable),
            ("smtp://127.0.0.1:PORT?ca=/nowhere/ca.pem", .security),
        ] as [(String, RetryReason.Kind)])
    func unreachable(url: String, kind: RetryReason.Kind) async throws {
        let url = url.replacingOccurrences(of: "PORT", with: "\(try server.get().ports[0])")
        let result = await SMTPTransport(try SMTPSettings(url)).send(try Sample.message("unreachable").written())
        guard case .retry(let reason) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(reason.kind == kind)
    }

    @Test("sends from several transports at once, each message once")
    func together() async throws {
        let server = try server.get()
        let settings = try server.settings(login: login)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for transport in (1...4).map({ _ in SMTPTransport(settings) }).enumerated() {
                group.addTask {
                    for number in 1...5 {
                        let mail = try Sample.message("together-\(transport.offset)-\(number)").written()
                        guard case .sent = await transport.element.send(mail) else {
                            Issue.record("not sent")
                            return
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let sent = server.accepted.filter { $0.hasPrefix("<together-") }
        #expect(sent.count == 20 && Set(sent).count == 20)
    }
}
