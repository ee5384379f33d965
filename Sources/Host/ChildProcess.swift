import CHost
import Foundation
import Synchronization

/// What a program reads from or writes to: a pipe, whose other end stays with us, or an open file.
public protocol ChildStream {
    /// The descriptor a program reads from (`reading`) or writes to.
    func descriptor(reading: Bool) -> Int32
    /// Called once the program has its copy.
    func handedOver(reading: Bool)
}

extension Pipe: ChildStream {
    public func descriptor(reading: Bool) -> Int32 {
        (reading ? fileHandleForReading : fileHandleForWriting).fileDescriptor
    }
    public func handedOver(reading: Bool) { try? (reading ? fileHandleForReading : fileHandleForWriting).close() }
}

extension FileHandle: ChildStream {
    public func descriptor(reading: Bool) -> Int32 {
        self === FileHandle.nullDevice ? Int32(CHOST_NOTHING) : fileDescriptor
    }
    public func handedOver(reading: Bool) {}
}

/// A program in a process of its own, with the names of Foundation's `Process`, which reads past its memory where this process holds
/// many files open (docs/decisions/0021). The program has the three standard descriptors and no other of ours.
///
/// Set up by one thread, then `run()`; from there on any thread may ask, wait and end it.
public final class ChildProcess: @unchecked Sendable {
    public struct NotStarted: Error, CustomStringConvertible {
        public let description: String
    }
    public enum Reason: Sendable { case exit, uncaughtSignal }

    /// The file to run; a name alone is not looked for in `PATH`.
    public var executableURL: URL?
    public var arguments: [String] = []
    /// This process's environment where nil.
    public var environment: [String: String]?
    /// This process's folder where nil.
    public var currentDirectoryURL: URL?
    /// This process's own where nil.
    public var standardInput: (any ChildStream)?
    public var standardOutput: (any ChildStream)?
    public var standardError: (any ChildStream)?
    /// Called on a thread of its own when the program has ended.
    public var terminationHandler: (@Sendable (ChildProcess) -> Void)?

    private struct State {
        var id: Int32 = 0
        var ended = false
        var status: Int32 = 0
        var signal: Int32 = 0
    }
    private let state = Mutex(State())
    private let end = DispatchGroup()

    public init() {}

    /// Throws `NotStarted` with the system's reason.
    public func run() throws {
        guard let path = executableURL?.path else { throw NotStarted(description: "no program is named") }
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let all = environment ?? ProcessInfo.processInfo.environment
        let surroundings = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + surroundings { free(text) } }
        let id = chost_spawn(
            path, words, surroundings, currentDirectoryURL?.path, standardInput?.descriptor(reading: true) ?? 0,
            standardOutput?.descriptor(reading: false) ?? 1, standardError?.descriptor(reading: false) ?? 2)
        guard id > 0 else { throw NotStarted(description: "\(path): \(String(cString: strerror(errno)))") }
        standardInput?.handedOver(reading: true)
        standardOutput?.handedOver(reading: false)
        standardError?.handedOver(reading: false)
        state.withLock { $0.id = id }
        end.enter()
        // It holds this object until the program has ended, so that none is left as a zombie.
        Thread.detachNewThread { self.reap(id) }
    }

    private func reap(_ id: Int32) {
        // The number stays the program's own until it is fetched, and it is fetched under the lock that `signal` takes.
        chost_await_end(id)
        state.withLock {
            chost_fetch(id, &$0.status, &$0.signal)
            $0.ended = true
        }
        end.leave()
        terminationHandler?(self)
    }

    public var processIdentifier: Int32 { state.withLock(\.id) }
    public var isRunning: Bool { state.withLock { $0.id > 0 && !$0.ended } }
    /// 0 to 255, or the number of the signal that ended it.
    public var terminationStatus: Int32 { state.withLock { $0.signal > 0 ? $0.signal : $0.status } }
    public var terminationReason: Reason { state.withLock { $0.signal > 0 ? .uncaughtSignal : .exit } }

    public func waitUntilExit() { end.wait() }
    /// Asks it to end (SIGTERM); nothing where it has ended or never began.
    public func terminate() { send(SIGTERM) }
    /// Sends it a signal; nothing where it has ended or never began.
    public func send(_ signal: Int32) {
        state.withLock { if $0.id > 0, !$0.ended { kill($0.id, signal) } }
    }
}
