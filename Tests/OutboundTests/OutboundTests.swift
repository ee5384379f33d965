import Outbound
import Testing

@Suite("Posting to other programs")
struct OutboundTests {
    @Test("the signature is that of the specification's own example")
    func signature() throws {
        // Standard Webhooks, "Example": the libraries' common test vector.
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = secret.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", second: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers[2].value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("a new secret is 32 bytes, another each time, and read again as it was shown")
    func fresh() throws {
        let (one, other) = (WebhookSecret(), WebhookSecret())
        #expect(one.text != other.text && one.text.count == 6 + 44)
        let again = try #require(WebhookSecret(one.text))
        #expect(
            again.headers(id: "a", second: 1, body: [1])[2].value == one.headers(id: "a", second: 1, body: [1])[2].value
        )
        for text in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_???"] {
            #expect(WebhookSecret(text) == nil, "\(text)")
        }
    }

    @Test(
        "https anywhere, http on this machine alone, and nothing that two programs could read differently",
        arguments: [
            ("https://erp.example/hooks?a=1", nil), ("https://[2001:db8::1]:8443/", nil),
            ("http://127.0.0.1:8080/x", nil), ("http://localhost/x", nil), ("http://[::1]:9/x", nil),
            ("http://erp.example/hooks", .notEncrypted), ("ftp://erp.example/", .notEncrypted),
            ("file:///etc/passwd", .unreadable), ("https://", .unreadable), ("erp.example", .unreadable),
            ("https://erp.example/a b", .unreadable), ("https://erp.example/\r\nX: y", .unreadable),
            ("https://user:pass@erp.example/", .credentials), ("http://127.0.0.1@erp.example/", .credentials),
            ("http://127.0.0.1\\@erp.example/", .unreadable), ("https://erp.example:99999/", .unreadable),
            ("https://erp.example/" + String(repeating: "a", count: 2_000), .tooLong),
        ] as [(String, OutboundAddress.Problem?)])
    func addresses(text: String, problem: OutboundAddress.Problem?) {
        do throws(OutboundAddress.Problem) {
            let address = try OutboundAddress(text)
            #expect(problem == nil && address.text == text)
        } catch { #expect(error == problem) }
    }
}
