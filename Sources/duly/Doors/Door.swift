import Access
import Books
import Database
import Foundation
import Ledger
import Money
import Synchronization

/// Through which door a command came, where it is not a process of its own: the API or a page. What a command reads from its
/// surroundings (the books, who asks, the day) and what it says go through here, so that the command is the same at every door.
struct Door: Sendable {
    @TaskLocal static var current: Door?

    /// The address of the books, as `--books` has it.
    let url: String
    let database: any Database
    let actor: Actor
    /// The business day in a time zone.
    let day: @Sendable (_ timeZone: String?) -> Day
    /// Codes of the sellers that may be seen; nil is all.
    let sellers: Set<String>?
    let said: Said
    /// Who asks, where somebody is signed in.
    var principal: Principal?

    /// What a command printed, in memory, or in a file of its own where it writes to a descriptor.
    final class Said: Sendable {
        private struct State {
            var output: [UInt8] = []
            var messages: [String] = []
            var file: (path: String, descriptor: Int32)?
        }
        private let state = Mutex(State())
        private let progress: (@Sendable (String, Int, Int?) -> Void)?

        init(progress: (@Sendable (_ what: String, _ done: Int, _ of: Int?) -> Void)? = nil) {
            self.progress = progress
        }

        deinit {
            state.withLock { state in
                guard let file = state.file else { return }
                close(file.descriptor)
                unlink(file.path)
            }
        }

        func print(_ text: String) { state.withLock { $0.output.append(contentsOf: text.utf8) } }
        func say(_ text: String) { state.withLock { $0.messages.append(text) } }
        func report(_ what: String, _ done: Int, _ of: Int?) { progress?(what, done, of) }

        /// Stands for standard output.
        func descriptor() throws -> Int32 {
            try state.withLock { state in
                if let file = state.file { return file.descriptor }
                var path = Array((FileManager.default.temporaryDirectory.path + "/duly-answer-XXXXXX").utf8CString)
                let descriptor = mkstemp(&path)
                guard descriptor >= 0 else { throw Outage(message: "no temporary file can be made") }
                state.file = (
                    String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self), descriptor
                )
                return descriptor
            }
        }

        var messages: [String] { state.withLock { $0.messages } }

        /// Everything printed.
        var output: [UInt8] {
            state.withLock { state in
                guard let file = state.file else { return state.output }
                return [UInt8](FileManager.default.contents(atPath: file.path) ?? Data()) + state.output
            }
        }
    }
}

/// Prints an answer: to standard output, or to whoever asked at another door.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    let text = items.map { "\($0)" }.joined(separator: separator) + terminator
    if let door = Door.current { return door.said.print(text) }
    Swift.print(text, terminator: "")
}

extension Answer {
    /// Where answers go that are written to a descriptor.
    static func descriptor() throws -> Int32 { try Door.current?.said.descriptor() ?? 1 }
}
