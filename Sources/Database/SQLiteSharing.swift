import CSQLite
import Dispatch
import Synchronization

/// Transactions that wait for the writer share one commit, and so one wait for the disk: eight clients that each want a commit of
/// their own would stand in line for eight. Each is answered when the disk has what all of them wrote, and not before.
///
/// Each still is all or nothing. The first runs as it would alone; one that comes while it runs has a savepoint, and where it fails
/// it is taken back to there and the others go on. Where the shared transaction itself is lost (a full disk ends it; a commit
/// fails), nothing was written and nobody has been answered: each then runs again, alone.
final class SharedCommits: Sendable {
    /// So many share one commit at most.
    static let most = 64
    /// Nobody joins a transaction that has held the file this long, in nanoseconds: those who wrote wait to be answered.
    static let longest: UInt64 = 10_000_000

    private let waiting = Mutex<[any WaitingTransaction]>([])
    func add(_ one: any WaitingTransaction) { waiting.withLock { $0.append(one) } }
    var count: Int { waiting.withLock { $0.count } }
    func next() -> (any WaitingTransaction)? { waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}

/// A transaction that somebody waits for.
protocol WaitingTransaction: Sendable {
    /// Runs the body, again where it ran before.
    func run(in transaction: any Transaction) throws
    /// What the body came to is on the disk.
    func committed()
    func failed(_ error: any Error)
}

/// Used on the writer's queue only: that is what makes the unchecked conformance safe.
private final class WaitingBody<T: Sendable>: WaitingTransaction, @unchecked Sendable {
    private let body: @Sendable (any Transaction) throws -> T
    private let continuation: CheckedContinuation<Result<T, any Error>, Never>
    private var value: T?

    init(
        _ body: @escaping @Sendable (any Transaction) throws -> T,
        _ continuation: CheckedContinuation<Result<T, any Error>, Never>
    ) {
        self.body = body
        self.continuation = continuation
    }
    func run(in transaction: any Transaction) throws { value = try body(transaction) }
    func committed() {
        guard let value else { return failed(DatabaseError.bug("a transaction was committed before it ran")) }
        continuation.resume(returning: .success(value))
    }
    func failed(_ error: any Error) { continuation.resume(returning: .failure(error)) }
}

extension SQLiteConnection {
    /// Runs a writing transaction together with others that wait, and returns once it is on the disk.
    func share<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async -> Result<T, any Error> {
        await withCheckedContinuation { continuation in
            shared.add(WaitingBody(body, continuation))
            // One turn for each: a turn that finds nobody left does nothing.
            queue.async { self.serve() }
        }
    }

    private func serve() {
        guard let first = shared.next() else { return }
        var members: [(one: any WaitingTransaction, error: (any Error)?)] = [(first, nil)]
        do {
            try holding {
                let begun = DispatchTime.now().uptimeNanoseconds
                try alone(first)
                while members.count < SharedCommits.most,
                    DispatchTime.now().uptimeNanoseconds - begun < SharedCommits.longest, let next = shared.next()
                {
                    members.append((next, nil))
                    members[members.count - 1].error = try join(next)
                }
            }
        } catch {
            guard members.count > 1 else { return first.failed(error) }
            return members.forEach { again($0.one) }
        }
        for member in members {
            if let error = member.error { member.one.failed(error) } else { member.one.committed() }
        }
    }

    /// Runs a body inside the open transaction; throws what fails the transaction.
    private func alone(_ one: any WaitingTransaction) throws {
        failure = nil
        try one.run(in: self)
        if let failure { throw failure }
    }

    /// The same within a savepoint. What fails this body alone is returned; what has ended the transaction of all is thrown.
    private func join(_ one: any WaitingTransaction) throws -> (any Error)? {
        try run("SAVEPOINT joined")
        do {
            try alone(one)
            try run("RELEASE joined")
            return nil
        } catch {
            guard sqlite3_get_autocommit(handle) == 0 else { throw error }
            try run("ROLLBACK TO joined; RELEASE joined")
            failure = nil
            return error
        }
    }

    private func again(_ one: any WaitingTransaction) {
        do { try holding { try alone(one) } } catch { return one.failed(error) }
        one.committed()
    }

    /// A transaction of its own around the work, committed at its end.
    private func holding(_ work: () throws -> Void) throws {
        try attempt("BEGIN IMMEDIATE", nil) { _ in try work() }
    }
}
