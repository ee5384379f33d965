import Dispatch
import TestSupport
import Testing

@testable import Database

@Suite("Transactions that wait for the writer share a commit")
struct SharedCommitTests {
    private struct Changed: Error, Equatable { let number: Int64 }

    /// Runs `bodies` while the writer is held, so that they all wait; what each came to, in their order.
    private func together(
        _ database: SQLiteDatabase, _ bodies: [@Sendable (any Transaction) throws -> Void]
    ) async throws -> [(any Error)?] {
        let entered = AsyncStream.makeStream(of: Void.self)
        let release = DispatchSemaphore(value: 0)
        async let holding: Void = database.transaction { _ in
            entered.continuation.yield()
            release.wait()
        }
        for await _ in entered.stream { break }
        let results = await withTaskGroup(of: (Int, (any Error)?).self) { group in
            for (place, body) in bodies.enumerated() {
                let waiting = database.waitingWriters
                group.addTask {
                    do { try await database.transaction(body) } catch { return (place, error) }
                    return (place, nil)
                }
                // They stand in line in this order.
                while database.waitingWriters == waiting { await Task.yield() }
            }
            // Twice: where it ran in vain it runs again.
            release.signal()
            release.signal()
            return await group.reduce(into: [Int: (any Error)?]()) { $0[$1.0] = $1.1 }
        }
        try await holding
        return bodies.indices.map { results[$0] ?? nil }
    }

    private func made() async throws -> (SQLiteDatabase, String) {
        let path = try TestDatabases.freshFile()
        let database = try SQLiteDatabase(path: path)
        try await database.transaction { try $0.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY)") }
        return (database, path)
    }

    private static func numbers(_ transaction: any Transaction) throws -> [Int64] {
        try transaction.query("SELECT n FROM t ORDER BY n", []).map { try $0.int(0) }
    }
    private static func insert(_ number: Int64) -> @Sendable (any Transaction) throws -> Void {
        { _ = try $0.execute("INSERT INTO t VALUES ($1)", [.int(number)]) }
    }

    @Test("one that fails takes nothing of the others with it, and leaves nothing behind")
    func failing() async throws {
        let (database, path) = try await made()
        let results = try await together(
            database,
            [
                Self.insert(1),
                {
                    try Self.insert(2)($0)
                    throw Changed(number: 2)
                },
                Self.insert(1),
                {
                    // A body that passes over the error of a statement is not committed either.
                    try Self.insert(3)($0)
                    _ = try? $0.execute("INSERT INTO t VALUES (1)", [])
                },
                Self.insert(4),
            ])
        #expect(results[0] == nil && results[4] == nil)
        #expect(results[1] as? Changed == Changed(number: 2))
        for place in [2, 3] {
            guard case .constraint? = results[place] as? DatabaseError else {
                Issue.record("\(place) came to \(String(describing: results[place]))")
                continue
            }
        }
        #expect(try SQLiteDatabase.look(at: path, Self.numbers) == [1, 4])
    }

    @Test("they see each other in their order, and nobody else sees any before all are on the disk")
    func shared() async throws {
        let (database, path) = try await made()
        let results = try await together(
            database,
            [
                Self.insert(1),
                { transaction in
                    #expect(try Self.numbers(transaction) == [1])
                    #expect(try SQLiteDatabase.look(at: path, Self.numbers) == [], "the first is not committed alone")
                    try Self.insert(2)(transaction)
                },
            ])
        #expect(results.allSatisfy { $0 == nil })
        #expect(try SQLiteDatabase.look(at: path, Self.numbers) == [1, 2])
    }

    @Test("where one ends the transaction of all, the others run again")
    func lost() async throws {
        let (database, path) = try await made()
        let results = try await together(
            database,
            [
                Self.insert(1), Self.insert(2),
                { _ = try $0.execute("INSERT OR ROLLBACK INTO t VALUES (1)", []) },
                Self.insert(3),
            ])
        #expect(results[0] == nil && results[1] == nil && results[3] == nil)
        guard case .constraint? = results[2] as? DatabaseError else {
            Issue.record("it came to \(String(describing: results[2]))")
            return
        }
        #expect(try SQLiteDatabase.look(at: path, Self.numbers) == [1, 2, 3])
    }
}
