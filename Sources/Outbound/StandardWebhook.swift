import Crypto
import FoundationEssentials

/// How a message to another program is signed, so that it can tell ours from anybody's (Standard Webhooks 1.0.0, "Signature scheme").
public struct WebhookSecret: Sendable {
    /// `whsec_` and the key in base64, as it is shown to whoever receives.
    public let text: String
    private let key: SymmetricKey

    /// A new one of 32 bytes; the specification asks for 24 to 64.
    public init() {
        let key = SymmetricKey(size: .bits256)
        self.key = key
        text = "whsec_" + key.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    /// One that was shown earlier; nil where it is none.
    public init?(_ text: String) {
        guard text.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(text.dropFirst(6))),
            (24...64).contains(bytes.count)
        else { return nil }
        self.text = text
        key = SymmetricKey(data: bytes)
    }

    /// The three headers of a message: its id (the same at each attempt), the second of this attempt since 1970, and the HMAC-SHA256 of
    /// id, second and body with points between.
    public func headers(id: String, second: Int64, body: [UInt8]) -> [(name: String, value: String)] {
        let signed = Array("\(id).\(second).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: key)
        return [
            ("webhook-id", id), ("webhook-timestamp", String(second)),
            ("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }
}
