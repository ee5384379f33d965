import Crypto
import Foundation
import Money

/// Codes of an authenticator program: six digits that hold for 30 seconds.
///
/// Source: RFC 6238 (TOTP) over RFC 4226 (HOTP), SHA-1 as every authenticator program understands it.
public struct OneTimeCode: Sendable {
    public enum Hash: Sendable { case sha1, sha256, sha512 }
    public let secret: [UInt8]
    let hash: Hash
    let digits: Int
    public static let stepSeconds: Int64 = 30

    public init(secret: [UInt8], hash: Hash = .sha1, digits: Int = 6) {
        (self.secret, self.hash, self.digits) = (secret, hash, digits)
    }

    public static func step(at now: Instant) -> Int64 { now.micro / 1_000_000 / stepSeconds }

    /// The code of a step, with leading zeros.
    public func code(of step: Int64) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let code = authentication(counter)
        let offset = Int(code[code.count - 1] & 15)
        let number = code[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        var power: UInt32 = 1
        for _ in 0..<digits { power *= 10 }
        let text = String(number % power)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code this is: now, or one before or after, since clocks differ; never one that was used already.
    public func accepted(_ typed: String, at now: Instant, after used: Int64) -> Int64? {
        let plain = typed.filter { !$0.isWhitespace }
        let current = Self.step(at: now)
        var found: Int64?
        for step in current - 1...current + 1 where ConstantTime.equal(code(of: step), plain) && step > used {
            found = step
        }
        return found
    }

    /// As authenticator programs read it from a QR code.
    public func address(issuer: String, account: String) -> String {
        func plain(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        return "otpauth://totp/\(plain(issuer)):\(plain(account))?secret=\(Base32.encode(secret))"
            + "&issuer=\(plain(issuer))&algorithm=SHA1&digits=\(digits)&period=\(Self.stepSeconds)"
    }

    private func authentication(_ counter: Data) -> [UInt8] {
        let key = SymmetricKey(data: secret)
        switch hash {
        case .sha1: return Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: key))
        case .sha256: return Array(HMAC<SHA256>.authenticationCode(for: counter, using: key))
        case .sha512: return Array(HMAC<SHA512>.authenticationCode(for: counter, using: key))
        }
    }
}

/// Compares without telling by its time where two texts differ.
public enum ConstantTime {
    public static func equal(_ one: String, _ other: String) -> Bool {
        let (left, right) = (Array(one.utf8), Array(other.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// A secret that is shown once and kept as its hash only.
public struct Secret: Sendable {
    public let text: String

    /// 256 bits of strong chance as base64url, 43 characters, behind a prefix by which a leaked one is recognised.
    public init(prefix: String = "", _ chance: () -> UInt64) {
        var bytes = Data()
        for _ in 0..<4 { withUnsafeBytes(of: chance()) { bytes.append(contentsOf: $0) } }
        text =
            prefix
            + bytes.base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
    public init(_ text: String) { self.text = text }

    /// SHA-256 in hex: what has 256 bits needs no salt and no slowness.
    public var hash: String {
        let hex = Array("0123456789abcdef".utf8)
        return String(
            decoding: SHA256.hash(data: Data(text.utf8)).flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// What a form of this session carries (HMAC-SHA256 of a fixed word), so that a page elsewhere cannot know it.
    public var formToken: String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("form".utf8), using: SymmetricKey(data: Data(text.utf8)))
        return Base32.encode(Array(code).prefix(20))
    }
}

/// Ways in for whoever lost the second factor: ten, each good once.
public enum RecoveryCodes {
    public static let count = 10

    /// 80 bits each, written `ABCD-EFGH-IJKL-MNOP`.
    public static func make(_ chance: () -> UInt64) -> [String] {
        (0..<count).map { _ in
            var bytes: [UInt8] = []
            for _ in 0..<2 { withUnsafeBytes(of: chance()) { bytes += $0 } }
            let letters = Array(Base32.encode(bytes.prefix(10)))
            return stride(from: 0, to: 16, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
        }
    }

    /// As it is compared and kept: capitals, no dashes or blanks; the user's id keeps equal codes of two users apart.
    public static func hash(_ typed: String, user: Int64) -> String {
        Secret("\(user) " + typed.uppercased().filter { $0.isLetter || $0.isNumber }).hash
    }
}
