import CorrespondenceDesk
import Database
import Ledger
import Mail
import Money
import Synchronization
import Testing

@Suite("The outbox worker")
struct OutboxWorkerTests {
    static let day = Day("2026-10-05")!

    /// One invoice to this address, queued.
    private static func office(_ engine: Engine, to address: String) async throws -> PostOffice {
        let office = try await PostOffice.open(engine)
        try await office.work { clerk in
            let customer = try clerk.customer("C-1", "Hafenwerk GmbH", mail: [("invoice", address)])
            try clerk.document("RE-000001", customer, net: 10_000, issued: day, due: day + 30)
        }
        return office
    }
    private static let patience = OutboxWorker.Patience.tries(2, pause: .milliseconds(10))

    @Test("sends an invoice with its PDF, and not twice", arguments: PostOffice.engines)
    func sends(engine: Engine) async throws {
        let server = try PostalServer()
        let office = try await Self.office(engine, to: "accounts@customer.example")
        let worker = OutboxWorker(office.desk, book: office.book, server: try server.settings())
        #expect(try await worker.start() == 0)
        let outcome = try await worker.deliver(patience: Self.patience)
        #expect(outcome.sent == 1 && outcome.letters[0].subject == "RE-000001" && outcome.letters[0].customer == "C-1")
        #expect(try await worker.deliver(patience: Self.patience).letters.isEmpty)
        let row = try await office.outbox()[0]
        #expect(row.state == "sent" && row.attempts == 1 && row.answer.hasPrefix("250 2.0.0 queued"))
        #expect(server.accepted == [row.messageID])
        #expect(server.rows[0][2] == "billing@uferlicht.example" && server.rows[0][3] == "accounts@customer.example")
        let mail = try server.message(1)
        for part in ["RE-000001.pdf", "application/pdf", "Auto-Submitted: auto-generated", "text/html"] {
            #expect(mail.contains(part), "\(part)")
        }
    }

    @Test(
        "a letter that cannot be sent is refused with the reason", arguments: PostOffice.engines,
        [
            ("refuse.me@customer.example", "refuse.me@customer.example: 550 5.1.1 no such mailbox", true),
            ("", "The customer has no mail address for invoices.", false),
            ("nobody at home", "address “nobody at home”: an e-mail address has one @", false),
        ])
    func refused(engine: Engine, letter: (address: String, answer: String, left: Bool)) async throws {
        let server = try PostalServer()
        let office = try await Self.office(engine, to: letter.address)
        let worker = OutboxWorker(office.desk, book: office.book, server: try server.settings())
        #expect(try await worker.deliver(patience: Self.patience).refused == 1)
        let row = try await office.outbox()[0]
        #expect(row.state == "refused" && row.answer.hasPrefix(letter.answer), "\(row.answer)")
        #expect((row.messageID != nil) == letter.left)
        #expect(try await worker.deliver(patience: Self.patience).letters.isEmpty)
        #expect(server.accepted.isEmpty)
    }

    @Test("a letter put off waits a minute, then two, and keeps its Message-ID", arguments: PostOffice.engines)
    func putOff(engine: Engine) async throws {
        let (busy, free) = (try PostalServer(mode: "busy"), try PostalServer())
        let office = try await Self.office(engine, to: "accounts@customer.example")
        let putOff = OutboxWorker(office.desk, book: office.book, server: try busy.settings())
        #expect(try await putOff.deliver(patience: Self.patience).waiting == 1)
        let first = try await office.outbox()[0]
        #expect(first.state == "queued" && first.attempts == 1 && first.answer == "451 4.3.0 try again later")
        #expect(try await putOff.deliver(patience: Self.patience).letters.isEmpty)
        office.clock.advance(minutes: 1)
        #expect(try await putOff.deliver(patience: Self.patience).waiting == 1)
        office.clock.advance(minutes: 1)
        #expect(try await putOff.deliver(patience: Self.patience).letters.isEmpty)
        office.clock.advance(minutes: 1)
        let worker = OutboxWorker(office.desk, book: office.book, server: try free.settings())
        #expect(try await worker.deliver(patience: Self.patience).sent == 1)
        let last = try await office.outbox()[0]
        #expect(last.state == "sent" && last.attempts == 3 && last.messageID == first.messageID)
        #expect(free.accepted == [first.messageID])
    }

    @Test("after eight attempts a letter is given up")
    func givenUp() async throws {
        let office = try await Self.office(.sqlite, to: "accounts@customer.example")
        let worker = OutboxWorker(
            office.desk, book: office.book,
            lines: [{ _ in .retry(RetryReason(.busy, code: 451, text: "later")) }])
        for attempt in 1...8 {
            let outcome = try await worker.deliver(patience: .endless)
            #expect(attempt < 8 ? outcome.waiting == 1 : outcome.refused == 1, "attempt \(attempt)")
            office.clock.advance(minutes: 65)
        }
        #expect(try await office.outbox()[0].answer == "gave up after 8 attempts: 451 later")
    }

    @Test("a message whose answer was lost is uncertain and never sent again by itself", arguments: PostOffice.engines)
    func lost(engine: Engine) async throws {
        let server = try PostalServer()
        let office = try await Self.office(engine, to: "lost.me@customer.example")
        let worker = OutboxWorker(office.desk, book: office.book, server: try server.settings())
        #expect(try await worker.deliver(patience: Self.patience).uncertain == 1)
        office.clock.advance(minutes: 600)
        try await worker.start()
        #expect(try await worker.deliver(patience: Self.patience).letters.isEmpty)
        let row = try await office.outbox()[0]
        #expect(row.state == "uncertain" && server.accepted == [row.messageID])

        // A person sends it again: the copy has a name of its own.
        let id = CommandID("again")!
        let ines = Actor(name: "ines")
        let after = try await office.desk.sendAgain(
            row.message, id: id, actor: ines, today: Self.day, book: office.book)
        #expect(after.state == "queued")
        #expect(
            try await office.desk.sendAgain(row.message, id: id, actor: ines, today: Self.day, book: office.book)
                == after)
        #expect(try await worker.deliver(patience: Self.patience).uncertain == 1)
        let copy = try await office.outbox()[0]
        #expect(copy.messageID != row.messageID && server.accepted == [row.messageID, copy.messageID])

        // Then the customer says it arrived.
        let settled = try await office.desk.arrived(
            row.message, id: CommandID("arrived")!, actor: ines, today: Self.day, book: office.book)
        #expect(settled.state == "sent" && settled.answer == "arrived, says ines")
        await #expect(throws: CorrespondenceRefusal.notOpen(row.message.description, state: "sent")) {
            try await office.desk.arrived(
                row.message, id: CommandID("twice")!, actor: ines, today: Self.day, book: office.book)
        }
    }

    @Test("a letter whose worker died while sending it is uncertain", arguments: PostOffice.engines)
    func died(engine: Engine) async throws {
        let server = try PostalServer()
        let office = try await Self.office(engine, to: "accounts@customer.example")
        let (begun, beginning) = AsyncStream.makeStream(of: String.self)
        // A worker that never comes back from the server.
        let hanging = OutboxWorker(
            office.desk, book: office.book,
            lines: [
                { mail in
                    beginning.yield(mail.id.description)
                    try? await Task.sleep(for: .seconds(3600))
                    return .uncertain(why: "cut off")
                }
            ])
        let task = Task { try await hanging.deliver(patience: .endless) }
        var ids: [String] = []
        for await id in begun {
            ids.append(id)
            break
        }
        // Before the first byte left, the books knew under which name.
        let row = try await office.outbox()[0]
        #expect(row.state == "sending" && row.messageID == ids[0] && row.attempts == 1)

        let next = OutboxWorker(office.desk, book: office.book, server: try server.settings())
        if engine == .postgres { #expect(try await next.start() == 0, "others may be at work") }
        office.clock.advance(minutes: 11)
        #expect(try await next.start() == 1)
        #expect(try await next.deliver(patience: Self.patience).letters.isEmpty)
        #expect(try await office.outbox()[0].state == "uncertain" && server.accepted.isEmpty)
        task.cancel()
        _ = try await task.value
        #expect(try await office.outbox()[0].state == "uncertain")
    }

    @Test("a server out of order is an outage, and costs the letter nothing", arguments: PostOffice.engines)
    func outage(engine: Engine) async throws {
        let port = try PostalServer().port  // gone by now
        let office = try await Self.office(engine, to: "accounts@customer.example")
        let worker = OutboxWorker(
            office.desk, book: office.book, server: try SMTPSettings("smtp://127.0.0.1:\(port)?tls=none"))
        let outage = await #expect(throws: MailOutage.self) { try await worker.deliver(patience: Self.patience) }
        #expect(outage?.tries == 2 && outage?.reason.kind == .unreachable)
        #expect(try await worker.deliver(patience: .endless).waiting == 1)
        let row = try await office.outbox()[0]
        #expect(row.state == "queued" && row.attempts == 0)
        let server = try PostalServer()
        let again = OutboxWorker(office.desk, book: office.book, server: try server.settings())
        #expect(try await again.deliver(patience: Self.patience).sent == 1)
    }

    @Test("without an address of the seller nothing leaves and everything stays queued")
    func noSender() async throws {
        let office = try await PostOffice.open(.sqlite, email: "")
        try await office.work { clerk in
            let customer = try clerk.customer("C-1", "Hafenwerk GmbH", mail: [("invoice", "a@customer.example")])
            try clerk.document("RE-000001", customer, net: 10_000, issued: Self.day, due: Self.day + 30)
        }
        let worker = OutboxWorker(office.desk, book: office.book, lines: [{ _ in .sent(serverReply: "250") }])
        let outcome = try await worker.deliver(patience: .endless)
        #expect(outcome.problem?.code == "correspondence.seller-has-no-address" && outcome.letters.isEmpty)
        #expect(try await office.outbox()[0].state == "queued")
    }

    @Test("two workers share the letters and send each once", arguments: PostOffice.engines)
    func shared(engine: Engine) async throws {
        let office = try await PostOffice.open(engine)
        try await office.work { clerk in
            let customer = try clerk.customer("C-1", "Hafenwerk GmbH", mail: [("invoice", "a@customer.example")])
            for number in 1...12 {
                try clerk.document("RE-\(number)", customer, net: 1000, issued: Self.day, due: Self.day + 30)
            }
        }
        let seen = Seen()
        let line: OutboxWorker.Line = { mail in
            seen.add(mail)
            return .sent(serverReply: "250 ok")
        }
        async let one = OutboxWorker(office.desk, book: office.book, lines: [line]).deliver(patience: .endless)
        async let two = OutboxWorker(office.desk, book: office.book, lines: [line, line]).deliver(patience: .endless)
        #expect(try await one.sent + two.sent == 12)
        #expect(seen.ids.count == 12 && Set(seen.ids).count == 12)
    }

    @Test(
        "the purpose decides who gets it",
        arguments: [
            (Int64(1), ["reminder", "escalation"], "reminder@c.example"),
            (3, ["reminder", "escalation"], "escalation@c.example"),
            (3, ["reminder"], "reminder@c.example"), (2, [], "invoice@c.example"),
        ])
    func recipients(level: Int64, purposes: [String], expected: String) async throws {
        let office = try await PostOffice.open(.sqlite)
        try await office.work { clerk in
            let customer = try clerk.customer(
                "C-1", "Hafenwerk GmbH", mail: (["invoice"] + purposes).map { ($0, "\($0)@c.example") })
            let document = try clerk.document(
                "RE-1", customer, net: 10_000, issued: Self.day, due: Self.day + 14, channel: nil)
            try clerk.reminder(customer, level: level, day: Self.day + 50, [(document, 11_900)])
        }
        let seen = Seen()
        let line: OutboxWorker.Line = { mail in
            seen.add(mail)
            return .sent(serverReply: "250 ok")
        }
        #expect(
            try await OutboxWorker(office.desk, book: office.book, lines: [line]).deliver(patience: .endless).sent == 1)
        #expect(seen.recipients == [[expected]])
    }

    @Test(
        "a statement goes with a paper for each currency; with nothing open none is due", arguments: PostOffice.engines)
    func statement(engine: Engine) async throws {
        let office = try await PostOffice.open(engine)
        try await office.work { clerk in
            let one = try clerk.customer(
                "C-1", "Hafenwerk GmbH", mail: [("invoice", "i@c.example"), ("statement", "s@c.example")])
            for currency in [Currency.eur, .usd] {
                try clerk.document(
                    "RE-\(currency.code)", one, net: 1000, issued: Self.day, due: Self.day + 3, currency: currency,
                    channel: nil)
            }
            clerk.statement(one)
            clerk.statement(try clerk.customer("C-2", "Brouwer BV", mail: [("invoice", "i@d.example")]))
        }
        let seen = Seen()
        let line: OutboxWorker.Line = { mail in
            seen.add(mail)
            return .sent(serverReply: "250 ok")
        }
        let outcome = try await OutboxWorker(office.desk, book: office.book, lines: [line]).deliver(patience: .endless)
        #expect(outcome.sent == 1 && outcome.refused == 1)
        #expect(outcome.letters.last?.answer == "Nothing is open; there is no statement to send.")
        #expect(seen.recipients == [["s@c.example"]])
        let mail = try #require(seen.texts.first)
        #expect(mail.contains("_EUR.pdf") && mail.contains("_USD.pdf"))
    }

    @Test("only the letters asked for are sent, in their order", arguments: PostOffice.engines)
    func about(engine: Engine) async throws {
        let office = try await PostOffice.open(engine)
        let documents = try await office.work { clerk in
            let customer = try clerk.customer("C-1", "Hafenwerk GmbH", mail: [("invoice", "a@customer.example")])
            return try (1...3).map {
                try clerk.document("RE-\($0)", customer, net: 1000, issued: Self.day, due: Self.day + 30)
            }
        }
        let worker = OutboxWorker(office.desk, book: office.book, lines: [{ _ in .sent(serverReply: "250 ok") }])
        let outcome = try await worker.deliver(.about([documents[2], documents[0]]), patience: .endless)
        #expect(outcome.letters.map(\.subject) == ["RE-1", "RE-3"])
        #expect(try await office.outbox().map(\.state) == ["sent", "queued", "sent"])
    }
}

/// What a line was given.
private final class Seen: Sendable {
    private let mails = Mutex<[WrittenMail]>([])
    func add(_ mail: WrittenMail) { mails.withLock { $0.append(mail) } }
    var ids: [String] { mails.withLock { $0.map(\.id.description) } }
    var texts: [String] { mails.withLock { $0.map { String(decoding: $0.bytes, as: UTF8.self) } } }
    var recipients: [[String]] { mails.withLock { $0.map { $0.envelope.to.map(\.description) } } }
}
