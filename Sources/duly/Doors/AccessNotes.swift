import Access
import AccessDesk
import Foundation
import Ledger
import Synchronization

/// What the door saw and has not written down yet: who looked at what, which sessions and tokens were used. Pages do not wait for it.
///
/// A mutex around plain collections: the site's last word on an answer cannot wait, and nothing else happens under the lock.
final class AccessNotes: Sendable {
    private struct Waiting {
        var seen: [Seen] = []
        var sessions: Set<Int64> = []
        var tokens: Set<Int64> = []
    }
    /// More than this wait only where the books cannot be written; then the oldest stay.
    private static let most = 10_000
    private let waiting = Mutex(Waiting())

    func saw(_ seen: Seen) { waiting.withLock { if $0.seen.count < Self.most { $0.seen.append(seen) } } }
    func used(_ principal: Principal) {
        waiting.withLock { waiting in
            if let session = principal.session { waiting.sessions.insert(session) }
            if let token = principal.token { waiting.tokens.insert(token) }
        }
    }

    /// Writes down what waits; what could not be written waits on.
    func write(to desk: AccessDesk) async throws {
        let now = waiting.withLock { waiting in
            let all = waiting
            waiting = Waiting()
            return all
        }
        do {
            try await desk.note(used: now.sessions, tokens: now.tokens)
            try await desk.keep(now.seen)
        } catch {
            waiting.withLock { waiting in
                waiting.seen = Array((now.seen + waiting.seen).prefix(Self.most))
                waiting.sessions.formUnion(now.sessions)
                waiting.tokens.formUnion(now.tokens)
            }
            throw error
        }
    }

    /// Until the task is cancelled, and once more then.
    func keepWriting(to desk: AccessDesk) async {
        var turns = 0
        while !Task.isCancelled {
            do {
                try await write(to: desk)
                if turns.isMultiple(of: 300) { try await desk.tidy() }
            } catch { Answer.say("access: \(error)") }
            turns += 1
            guard (try? await Task.sleep(for: .seconds(2))) != nil else { break }
        }
        try? await write(to: desk)
    }
}
