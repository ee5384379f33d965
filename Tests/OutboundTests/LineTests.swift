import Outbound
import TestSupport
import Testing

/// Messages over a real line to a real server.
@Suite("A line to another program")
struct LineTests {
    static func post(_ receiver: WebhookReceiver, _ line: OutboundLine, _ text: String = "{}") async throws
        -> PostingResult
    {
        await line.post(
            Array(text.utf8), to: try OutboundAddress(receiver.url), headers: [("webhook-id", text.count.description)])
    }

    @Test("says what was answered, follows nothing, and keeps the line open")
    func statuses() async throws {
        let (receiver, line) = (try WebhookReceiver(), OutboundLine())
        try receiver.answer("204", "500", "redirect", "200")
        #expect(try await Self.post(receiver, line) == .answered(204))
        #expect(try await Self.post(receiver, line) == .answered(500))
        #expect(try await Self.post(receiver, line) == .answered(302))
        #expect(try await Self.post(receiver, line, "{\"ä\":1}") == .answered(200))
        let heard = try receiver.heard()
        #expect(heard.map(\.path) == ["/duly", "/duly", "/duly", "/duly"])
        #expect(heard.last?.body == "{\"ä\":1}")
        #expect(Set(heard.map(\.connection)).count == 1)
    }

    @Test("an answer that is too long is an answer, one that never comes is a failure, and so is nobody")
    func bounds() async throws {
        let (receiver, line) = (try WebhookReceiver(), OutboundLine(milliseconds: 400))
        try receiver.answer("long", "never", "204")
        #expect(try await Self.post(receiver, line) == .answered(200))
        guard case .failed(let why) = try await Self.post(receiver, line) else {
            Issue.record("an answer came from nowhere")
            return
        }
        #expect(!why.isEmpty)
        #expect(try await Self.post(receiver, line) == .answered(204))
        // Nothing listens at port 1.
        guard case .failed = await line.post([], to: try OutboundAddress("http://127.0.0.1:1/"), headers: []) else {
            Issue.record("somebody answered at port 1")
            return
        }
    }

    @Test("who is told to stop waits no longer", .timeLimit(.minutes(10)))
    func stops() async throws {
        let (receiver, line) = (try WebhookReceiver(), OutboundLine(milliseconds: 55_000))
        try receiver.answer("never")
        let posting = Task { try await Self.post(receiver, line) }
        while try receiver.heard().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let asked = ContinuousClock.now
        posting.cancel()
        guard case .failed = try await posting.value else {
            Issue.record("an answer came from nowhere")
            return
        }
        #expect(ContinuousClock.now - asked < .seconds(20))
    }
}
