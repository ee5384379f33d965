import Crypto
import Foundation

/// A SHA-256 hash of the audit chain: 32 bytes without an allocation of their own.
///
/// Leaves, nodes and roots are hashed under different first bytes, so that none can be passed off as another: 0x00 and 0x01 as
/// in RFC 6962, section 2.1; 0x02 before the text of a seal, 0x03 before that of a tie (docs/audit-format.md).
struct SealHash: Hashable, Sendable {
    private var bytes = SIMD32<UInt8>()

    enum Domain: UInt8 { case leaf = 0, node = 1, seal = 2, tie = 3 }

    private init(_ digest: SHA256.Digest) {
        withUnsafeMutableBytes(of: &bytes) { own in digest.withUnsafeBytes { own.copyMemory(from: $0) } }
    }

    /// Of bytes that begin with their domain.
    init(marked bytes: UnsafeRawBufferPointer) {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        self.init(hasher.finalize())
    }

    init(_ domain: Domain, _ text: some Sequence<UInt8>) {
        var marked = [domain.rawValue]
        marked.append(contentsOf: text)
        self = marked.withUnsafeBytes { SealHash(marked: $0) }
    }
    init(_ domain: Domain, _ text: String) { self.init(domain, text.utf8) }

    /// The node over two others.
    init(left: SealHash, right: SealHash) {
        self = withUnsafeTemporaryAllocation(byteCount: 65, alignment: 1) { room in
            room[0] = Domain.node.rawValue
            withUnsafeBytes(of: left.bytes) {
                UnsafeMutableRawBufferPointer(rebasing: room[1..<33]).copyMemory(from: $0)
            }
            withUnsafeBytes(of: right.bytes) {
                UnsafeMutableRawBufferPointer(rebasing: room[33..<65]).copyMemory(from: $0)
            }
            return SealHash(marked: UnsafeRawBufferPointer(room))
        }
    }

    /// The root of a tree without leaves.
    static let ofNothing = SealHash(SHA256().finalize())

    /// Base64url without padding: 43 characters.
    var text: String { withUnsafeBytes(of: bytes) { Books.text(of: $0) } }

    /// The first 80 bits, to be read out and typed in: four groups of four of Crockford's characters.
    var code: String { SealCode.text(ofFirst: withUnsafeBytes(of: bytes) { Array($0.prefix(10)) }) }

    /// nil where it is no such text, or another way of writing one.
    init?(_ text: some StringProtocol) {
        guard let read = SealCode.bytes(ofBase64: text), read.count == 32 else { return nil }
        withUnsafeMutableBytes(of: &bytes) { $0.copyBytes(from: read) }
        guard self.text == text else { return nil }
    }
}

/// The short form of a hash, as it is printed on statements.
public enum SealCode {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Ten bytes in sixteen characters, `7Q2M-…`.
    static func text(ofFirst bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        var (value, bits): (UInt32, UInt32) = (0, 0)
        for byte in bytes.prefix(10) {
            value = value << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                if out.count % 5 == 4 { out.append(UInt8(ascii: "-")) }
                out.append(digits[Int(value >> bits & 31)])
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The code of a hash in base64url (43 characters); empty where it is none.
    public static func of(_ hash: some StringProtocol) -> String {
        bytes(ofBase64: hash).map { text(ofFirst: $0) } ?? ""
    }

    /// As a person types it: case, dashes and blanks do not count, O is 0, I and L are 1. nil where it is no code.
    public static func read(_ typed: some StringProtocol) -> String? {
        var plain: [UInt8] = []
        for byte in typed.uppercased().utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
            switch byte {
            case UInt8(ascii: "O"): plain.append(UInt8(ascii: "0"))
            case UInt8(ascii: "I"), UInt8(ascii: "L"): plain.append(UInt8(ascii: "1"))
            case _ where digits.contains(byte): plain.append(byte)
            default: return nil
            }
        }
        guard plain.count == 16 else { return nil }
        let groups = stride(from: 0, to: 16, by: 4).map { String(decoding: plain[$0..<$0 + 4], as: UTF8.self) }
        return groups.joined(separator: "-")
    }

    /// Whether a root that somebody holds, whole or as its code, is this one.
    static func matches(_ held: String, root: String) -> Bool {
        held == root || read(held).map { $0 == of(root) } ?? false
    }

    static func bytes(ofBase64 text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count == 43 else { return nil }
        var (value, bits, out): (UInt32, UInt32, [UInt8]) = (0, 0, [])
        for byte in text.utf8 {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "-"): digit = 62
            case UInt8(ascii: "_"): digit = 63
            default: return nil
            }
            value = (value << 6 | UInt32(digit)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: value >> bits))
            }
        }
        return out
    }
}

/// The hash of bytes that come in pieces.
struct RunningHash {
    private var hasher = SHA256()
    mutating func update(_ bytes: some ContiguousBytes) { bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) } }
    /// Of all that came so far, base64url.
    var text: String { hasher.finalize().withUnsafeBytes { Books.text(of: $0) } }
}
