import Access
import CArgon2
import Dispatch

/// Hashes passwords with Argon2id, one at a time and off the threads that answer requests.
///
/// Parameters: 19 MiB of memory, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet, the first of its equal choices; RFC 9106).
public actor PasswordHasher {
    static let memoryKiB: UInt32 = 19 * 1024
    static let passes: UInt32 = 2
    static let lanes: UInt32 = 1
    /// How a hash with these parameters begins.
    static let mark = "$argon2id$v=19$m=\(memoryKiB),t=\(passes),p=\(lanes)$"
    /// More than this many waiting are turned away: nobody may fill the machine with attempts.
    static let mostWaiting = 64

    private let queue = DispatchQueue(label: "passwords")
    private var waiting = 0
    /// How many hashes were computed, for tests: a sign-in computes one, whoever tries it.
    public private(set) var count = 0

    public init() {}

    /// In Argon2's own notation, salted with these 16 bytes.
    public func hash(_ password: String, salt: [UInt8]) async throws -> String {
        let password = Array(password.utf8)
        return try await work {
            let length = argon2_encodedlen(Self.passes, Self.memoryKiB, Self.lanes, UInt32(salt.count), 32, Argon2_id)
            var encoded = [CChar](repeating: 0, count: length)
            let status = argon2id_hash_encoded(
                Self.passes, Self.memoryKiB, Self.lanes, password, password.count, salt, salt.count, 32, &encoded,
                length)
            precondition(status == 0, "Argon2 answered \(status)")
            return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// Whether it is the password of this hash.
    public func isRight(_ password: String, _ hash: String) async throws -> Bool {
        let password = Array(password.utf8)
        return try await work { argon2id_verify(hash, password, password.count) == 0 }
    }

    private func work<T: Sendable>(_ body: @escaping @Sendable () -> T) async throws -> T {
        guard waiting < Self.mostWaiting else { throw AccessRefusal.busy }
        waiting += 1
        count += 1
        defer { waiting -= 1 }
        return await withCheckedContinuation { done in queue.async { done.resume(returning: body()) } }
    }

    /// Nobody's: what an unknown name is compared with, so that it takes as long as a known one.
    static let nobody = mark + "c29tZXNhbHQxMjM0NTY3OA$dWb1hjH7/MXuBFMHqc2I8mTgYSHDY1jKMMn2JpYGbKI"
}
