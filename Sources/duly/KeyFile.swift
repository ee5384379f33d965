import Books
import CHost
import Foundation
import Ledger

/// Why the master key could not be used.
enum KeyRefusal: Refusal {
    case missing(String)
    case malformed(String)
    case open(String)

    var code: String {
        switch self {
        case .missing: "key.missing"
        case .malformed: "key.malformed"
        case .open: "key.readable-by-others"
        }
    }
    var what: String { "The books were not opened." }
    var why: String {
        switch self {
        case .missing(let path): "There is no key file \(path); bank details in these books are sealed under it."
        case .malformed(let path): "\(path) does not hold a key of 32 bytes in hexadecimal."
        case .open(let path): "Others than its owner may read \(path)."
        }
    }
    var next: String {
        switch self {
        case .missing: "Bring it back from where it is kept, or name it with DULY_KEY_FILE."
        case .malformed: "Bring back the right file."
        case .open(let path): "chmod 600 \(path)"
        }
    }
}

/// The file that holds the master key: 64 hexadecimal digits, readable by its owner alone, kept apart from backups.
enum KeyFile {
    static func vault(_ path: String, create: Bool) throws -> Vault {
        if create, !FileManager.default.fileExists(atPath: path) { try make(path) }
        var facts = chost_file()
        guard chost_look_at(path, &facts) else { throw KeyRefusal.missing(path) }
        guard facts.mode & 0o077 == 0 else { throw KeyRefusal.open(path) }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let key = bytes(of: text) else {
            throw KeyRefusal.malformed(path)
        }
        return Vault(key: key)
    }

    private static func make(_ path: String) throws {
        var dice = SystemRandomNumberGenerator()
        let text = (0..<4).map { _ in
            let digits = String(dice.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let file = Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw Outage(message: "\(path) cannot be made: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        let bytes = Array((text + "\n").utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw Outage(message: "\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        Answer.say(
            "Made the key file \(path). Bank details are sealed under it: keep a copy, and keep it apart from backups.")
    }

    private static func bytes(of text: String) -> [UInt8]? {
        let digits = Array(text.trimmingCharacters(in: .whitespacesAndNewlines))
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(digits[index...index + 1]), radix: 16) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
