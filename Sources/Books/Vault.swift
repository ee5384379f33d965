import Crypto
import Foundation

/// Seals bank details under the master key, which lies in a file outside the books.
public struct Vault: Sendable {
    private let sealing: SymmetricKey
    private let finding: SymmetricKey

    /// `key` is 32 bytes; the keys for sealing and for finding are derived from it (HKDF, RFC 5869).
    public init(key: [UInt8]) {
        let master = SymmetricKey(data: key)
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: master, info: Data("duly \(purpose)".utf8), outputByteCount: 32)
        }
        sealing = derived("bank details")
        finding = derived("account lookup")
    }

    /// The text encrypted and authenticated (AES-256-GCM with a fresh nonce), base64.
    public func seal(_ text: String) -> String {
        guard !text.isEmpty, let box = try? AES.GCM.seal(Data(text.utf8), using: sealing), let combined = box.combined
        else { return "" }
        return combined.base64EncodedString()
    }

    /// The text of a sealed one; nil where the key is another or the text was altered.
    public func open(_ sealed: String) -> String? {
        guard let data = Data(base64Encoded: sealed), let box = try? AES.GCM.SealedBox(combined: data),
            let plain = try? AES.GCM.open(box, using: sealing)
        else { return nil }
        return String(decoding: plain, as: UTF8.self)
    }

    /// A keyed hash of a bank account to find it by: the same account gives the same key, and the key tells nothing without
    /// the master key. Blanks and case do not count; empty for an empty account.
    public func accountKey(_ account: String) -> String {
        let plain = account.uppercased().filter { !$0.isWhitespace }
        guard !plain.isEmpty else { return "" }
        let code = HMAC<SHA256>.authenticationCode(for: Data(plain.utf8), using: finding)
        return Data(code).prefix(18).base64EncodedString()
    }
}
