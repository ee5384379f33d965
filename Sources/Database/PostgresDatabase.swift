import CPQ
import Dispatch
import Glibc

/// A PostgreSQL server: a pool of connections, each on a thread of its own; serializable, run again where another came first.
public final class PostgresDatabase: Database {
    public let engine = Engine.postgres
    private let pool: Pool<PostgresConnection>
    private let limited: LimitedPools<PostgresConnection>
    private let strictest: Isolation

    /// `url` as libpq reads it: `postgres://user@host:port/database`. Connections open when they are first needed.
    /// `strictest: .readCommitted` runs even serializable transactions at that level: the tests do, to see that the locks of
    /// the commands suffice without the server's help (scale.md, section 3.4).
    public convenience init(url: String, connections: Int = 8, strictest: Isolation = .serializable) {
        self.init(url: url, connections: connections, strictest: strictest, fault: { _ in nil })
    }

    /// For tests: `fault` is asked once for each transaction that is about to commit.
    init(
        url: String, connections: Int, strictest: Isolation = .serializable,
        fault: @escaping @Sendable (_ transaction: Int) -> CommitFault?
    ) {
        self.strictest = strictest
        let faults = CommitFaults(fault)
        pool = Pool((0..<max(connections, 1)).map { PostgresConnection(url: url, number: $0, faults: faults) })
        limited = LimitedPools { limits in
            (0..<max(connections / 2, 1)).map {
                PostgresConnection(url: url, number: $0, faults: faults, limits: limits)
            }
        }
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        // The name keeps readers out of `oldestOtherTransaction`: a long report must not hold back everybody's horizon.
        try await run(Self.reading, pool, body)
    }

    public func read<T: Sendable>(
        within limits: Limits, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        try await run(Self.reading + limits.settings, await limited.pool(for: limits), body)
    }

    public func transaction<T: Sendable>(
        isolation: Isolation, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        let level = strictest == .readCommitted ? .readCommitted : isolation
        return try await run("BEGIN ISOLATION LEVEL \(level.rawValue)", pool, body)
    }

    static let readerName = "duly reading"
    private static let reading =
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL application_name = '\(readerName)'"

    /// Runs one statement outside any transaction, as CREATE DATABASE wants it. For set-up, not for commands.
    public func outside(_ sql: String) async throws {
        let connection = await pool.take()
        let result = await connection.outside(sql)
        await pool.give(back: connection)
        try result.get()
    }

    /// Runs the body, again from the facts where that may help, with growing pauses.
    private func run<T: Sendable>(
        _ begin: String, _ pool: Pool<PostgresConnection>, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        let connection = await pool.take()
        var patience = Patience(number: connection.number)
        while true {
            switch await connection.run(begin, body) {
            case .committed(let value):
                await pool.give(back: connection)
                return value
            case .failed(let error, let cause):
                if let pause = patience.pause(after: cause), (try? await Task.sleep(for: pause)) != nil { continue }
                await pool.give(back: connection)
                throw error
            }
        }
    }
}

/// How a transaction ended.
enum Ending<T: Sendable>: Sendable {
    case committed(T)
    case failed(any Error, Cause)

    enum Cause: Sendable {
        /// Another transaction came first (40001, 40P01).
        case conflict
        /// The connection was lost before COMMIT, or a server reached earlier is not there now: nothing was written.
        case lost
        /// Something went wrong at COMMIT: it may have been written.
        case unknown
        /// To run it again would not help.
        case final
    }
}

/// How often to try again, and after which pause. A lost race is soon decided; a server that fails over to its standby may
/// need twenty seconds (scale.md, section 7).
struct Patience {
    private var conflicts = 0
    private var outages = 0
    private let number: Int
    init(number: Int) { self.number = number }

    mutating func pause<T>(after cause: Ending<T>.Cause) -> Duration? {
        switch cause {
        case .final: return nil
        case .conflict:
            conflicts += 1
            // Different for each connection, so that two that met do not meet again.
            return conflicts < 16 ? .milliseconds((conflicts * (number + 1) * 3) % 97 + conflicts) : nil
        case .lost, .unknown:
            outages += 1
            let pauses = [20, 200, 500, 1000, 1000, 2000, 2000, 3000, 3000, 4000, 4000]
            return outages <= pauses.count ? .milliseconds(pauses[outages - 1]) : nil
        }
    }
}

/// What a test lets go wrong at COMMIT.
enum CommitFault: Sendable {
    /// The transaction is committed, and its connection lost before the answer arrives.
    case lostAfterwards
    /// The transaction is committed, but the answer is the error XX000, as Citus gives it.
    case errorAfterwards
    /// The connection is lost and nothing was committed.
    case lostBefore
}

/// Counts the commits of one database and asks the test about each. The lock guards the count alone.
final class CommitFaults: @unchecked Sendable {
    private let ask: @Sendable (Int) -> CommitFault?
    private var count = 0
    private let lock = DispatchSemaphore(value: 1)
    init(_ ask: @escaping @Sendable (Int) -> CommitFault?) { self.ask = ask }

    func next() -> CommitFault? {
        lock.wait()
        count += 1
        let number = count
        lock.signal()
        return ask(number)
    }
}
