import Foundation
import Money
import Synchronization
import Web
import Workspace

/// Files that were sent and wait to be imported, each for the session that sent it: bounded in number, bytes and age. They lie in a
/// folder that nobody else may read, under names of ours, and go with the process.
final class ImportStore: Sendable {
    struct Waiting: Sendable {
        let key: String
        let owner: Owner
        let kind, fileName, path: String
        let bytes: Int
        let since: Instant
        var choices = ImportChoices()
        var state: ImportView.State = .mapping([])
        var rejected: String?

        var isBusy: Bool { if case .busy = state { true } else { false } }
    }
    /// Whose a file is: not only the person's, but this session's.
    struct Owner: Sendable, Hashable {
        let user, token: String
        init(_ session: WebSession) { (user, token) = (session.user, session.formToken) }
    }

    static let mostFiles = 64
    static let mostOfOne = 8
    static let mostBytes = 4 << 30
    static let hours: Int64 = 4

    private struct State {
        var folder: URL?
        var files: [Waiting] = []
    }
    private let state = Mutex(State())

    deinit { state.withLock { if let folder = $0.folder { try? FileManager.default.removeItem(at: folder) } } }

    /// Keeps the bytes of a file; the oldest of the same owner, and what grew old, make room. nil where there is none.
    func keep(_ file: WebUpload, kind: String, as owner: Owner, now: Instant, chance: () -> UInt64) throws -> Waiting? {
        let key = [chance(), chance()].map { String($0, radix: 36) }.joined()
        return try state.withLock { state -> Waiting? in
            Self.clear(&state, now)
            while state.files.filter({ $0.owner == owner }).count >= Self.mostOfOne {
                guard let oldest = state.files.firstIndex(where: { $0.owner == owner && !$0.isBusy }) else {
                    return nil
                }
                Self.remove(state.files.remove(at: oldest))
            }
            let bytes = state.files.reduce(0) { $0 + $1.bytes } + file.bytes.count
            guard state.files.count < Self.mostFiles, bytes <= Self.mostBytes else { return nil }
            let path = try Self.folder(&state).appendingPathComponent(key).path
            guard
                FileManager.default.createFile(
                    atPath: path, contents: file.bytes, attributes: [.posixPermissions: 0o600])
            else { throw Outage(message: "there is no room for the file") }
            let waiting = Waiting(
                key: key, owner: owner, kind: kind, fileName: String(file.name.prefix(200)), path: path,
                bytes: file.bytes.count, since: now)
            state.files.append(waiting)
            return waiting
        }
    }

    private static func folder(_ state: inout State) throws -> URL {
        if let folder = state.folder { return folder }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-imports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        state.folder = folder
        return folder
    }

    private static func clear(_ state: inout State, _ now: Instant) {
        let limit = now.micro - hours * 3_600_000_000
        for file in state.files where file.since.micro < limit && !file.isBusy { remove(file) }
        state.files.removeAll { $0.since.micro < limit && !$0.isBusy }
    }

    private static func remove(_ file: Waiting) {
        for path in [file.path, file.rejected].compactMap(\.self) { unlink(path) }
    }

    /// nil also for another's, and for what grew old.
    func waiting(_ key: String, as owner: Owner, now: Instant) -> Waiting? {
        state.withLock { state in
            Self.clear(&state, now)
            return state.files.first { $0.key == key && $0.owner == owner }
        }
    }

    func change(_ key: String, _ body: (inout Waiting) -> Void) {
        state.withLock { state in
            guard let place = state.files.firstIndex(where: { $0.key == key }) else { return }
            body(&state.files[place])
        }
    }

    /// Takes a file to work on; nil where somebody does already.
    func begin(_ key: String, as owner: Owner) -> Waiting? {
        state.withLock { state in
            guard let place = state.files.firstIndex(where: { $0.key == key && $0.owner == owner && !$0.isBusy }) else {
                return nil
            }
            let before = state.files[place]
            state.files[place].state = .busy(done: 0, of: 0)
            return before
        }
    }

    func drop(_ key: String, as owner: Owner) {
        state.withLock { state in
            guard let place = state.files.firstIndex(where: { $0.key == key && $0.owner == owner && !$0.isBusy }) else {
                return
            }
            Self.remove(state.files.remove(at: place))
        }
    }
}
