import Database
import Ledger
import Money

/// Seals what the commands recorded: batch after batch, each under the Merkle root of its records and the root before.
///
/// What waits stands in a queue that each command fills in its own transaction; never a range of ids or instants, for of many
/// writers a later one may commit with an earlier id. Sealers of one book queue for the end of its chain, which no command
/// touches, and hold it for one batch: commands never wait for them on PostgreSQL, and on SQLite no longer than for each other.
public struct Sealer: Sendable {
    private let database: any Database
    private let clock: @Sendable () -> Instant
    /// A batch ends when it has so many records; the last transaction of it is taken whole.
    let batchSize: Int
    /// What tests do while a batch is written and not yet committed.
    var beforeCommit: @Sendable () -> Void = {}

    public init(_ database: any Database, batchSize: Int = 4_096, clock: @escaping @Sendable () -> Instant) {
        self.database = database
        self.batchSize = batchSize
        self.clock = clock
    }

    /// What one pass sealed.
    public struct Done: Sendable, Equatable {
        public var batches = 0
        public var records: Int64 = 0
    }

    /// Seals what waits now in every book, and ties the books together.
    @discardableResult
    public func seal() async throws -> Done {
        var done = Done()
        let books = try await database.read { try SealVerification.books($0) }
        for book in books {
            // A batch that is not full was all there was; what came meanwhile is the next pass's.
            while let seal = try await sealBatch(of: book) {
                done.batches += 1
                done.records += seal.records
                if seal.records < Int64(batchSize) { break }
            }
        }
        if books.count > 1, done.batches > 0 { try await tie() }
        return done
    }

    /// Puts what is neither sealed nor waiting in the queue, such as what a program of an earlier version still wrote while the
    /// books were upgraded. It reads the whole book, so it is done once when a worker starts.
    @discardableResult
    public func gather() async throws -> Int {
        let books = try await database.read { try SealVerification.books($0) }
        var gathered = 0
        for book in books {
            guard try await !database.read({ try SealVerification.left(in: book, $0) }).isEmpty else { continue }
            gathered += try await database.transaction(isolation: .readCommitted) { transaction in
                // Under the lock of the sealers: none of them may seal between the looking and the writing.
                _ = try ChainEnd.lock(book, transaction)
                var rows = RowBatch(into: "unsealed_records", columns: ["book", "audit"])
                for audit in try SealVerification.left(in: book, transaction) {
                    rows.append([.int(book), .int(audit)])
                }
                return try transaction.insertIgnoringExisting(rows)
            }
        }
        return gathered
    }

    /// Seals one batch of a book; nil where nothing waits.
    @discardableResult
    public func sealBatch(of book: Int64) async throws -> Seal? {
        let waits = try await database.read {
            try !$0.query(
                "SELECT audit FROM unsealed_records WHERE book = $1 AND audit >= 0 ORDER BY audit LIMIT 1", [.int(book)]
            ).isEmpty
        }
        guard waits else { return nil }
        let (sealed, size, beforeCommit) = (clock().description, batchSize, beforeCommit)
        return try await database.transaction(isolation: .readCommitted) { transaction in
            let end = try ChainEnd.lock(book, transaction)
            let batch = try WaitingRecords.take(size, of: book, transaction)
            guard batch.records > 0 else { return nil }
            let seal = Seal(
                book: book, batch: end.batches + 1, sealed: sealed, transactions: Int64(batch.audits.count),
                records: Int64(batch.records), tree: batch.tree.root, previous: end.root)
            try batch.write(seal, transaction)
            try end.move(to: seal, transaction)
            beforeCommit()
            CrashPoint.reach("seal.before-commit")
            return seal
        }
    }

    /// Ties the chains together where several have moved on since the last tie.
    func tie() async throws {
        let sealed = clock().description
        try await database.transaction(isolation: .readCommitted) { transaction in
            let sql = "SELECT book, batches, root FROM seal_chains WHERE batches > 0 ORDER BY book"
            guard let first = try transaction.query(sql, []).first else { return }
            let home = try SealTie.home(transaction) ?? first.int(0)
            _ = try ChainEnd.lock(home, transaction)
            let chains = try transaction.query(sql, [])
            guard chains.count > 1 else { return }
            let heads = try chains.map { "\(RecordID(number: try $0.int(0))) \(try $0.int(1)) \(try $0.text(2))" }
                .joined(separator: ",")
            let last = try SealTie.last(in: home, transaction)
            guard last?.heads != heads else { return }
            let tie = SealTie(
                book: home, tie: (last?.tie ?? 0) + 1, sealed: sealed, heads: heads, previous: last?.root ?? "")
            try transaction.insert(
                into: "seal_ties", columns: ["book", "tie", "sealed", "heads", "previous", "root"], rows: [tie.values])
        }
    }
}

/// The end of a book's chain, locked: on every engine the update is what the next sealer waits for.
private struct ChainEnd {
    let batches: Int64
    let transactions: Int64
    let records: Int64
    let root: String

    static func lock(_ book: Int64, _ transaction: any Transaction) throws -> ChainEnd {
        let sql =
            "UPDATE seal_chains SET batches = batches WHERE book = $1 RETURNING batches, transactions, records, root"
        var rows = try transaction.query(sql, [.int(book)])
        if rows.isEmpty {
            _ = try transaction.execute(
                """
                INSERT INTO seal_chains (book, batches, transactions, records, root) VALUES ($1, 0, 0, 0, '')
                ON CONFLICT (book) DO NOTHING
                """, [.int(book)])
            rows = try transaction.query(sql, [.int(book)])
        }
        guard let row = rows.first else { throw DatabaseError.bug("the chain of book \(book) has no end") }
        return ChainEnd(
            batches: try row.int(0), transactions: try row.int(1), records: try row.int(2), root: try row.text(3))
    }

    func move(to seal: Seal, _ transaction: any Transaction) throws {
        _ = try transaction.execute(
            "UPDATE seal_chains SET batches = $2, transactions = $3, records = $4, root = $5 WHERE book = $1",
            [
                .int(seal.book), .int(seal.batch), .int(transactions + seal.transactions),
                .int(records + seal.records), .text(seal.root),
            ])
    }
}

/// What a batch is made of: transactions that wait, in the order of their ids.
private struct WaitingRecords {
    var audits: [Int64] = []
    var tree = MerkleTree()
    var records: Int { tree.count }

    /// Whole transactions until there are `size` records, or none waits.
    static func take(_ size: Int, of book: Int64, _ transaction: any Transaction) throws -> WaitingRecords {
        var taken = WaitingRecords()
        var after: Int64 = -1
        var limit = 16
        while taken.records < size {
            var read = 0
            try transaction.rows(
                """
                SELECT u.audit, a.recorded, a.hashes
                FROM unsealed_records u
                JOIN audit_records a ON a.book = u.book AND a.audit = u.audit
                WHERE u.book = $1 AND u.audit > $2
                ORDER BY u.audit
                LIMIT $3
                """, [.int(book), .int(after), .int(Int64(limit))]
            ) { row in
                read += 1
                after = try row.int(0)
                guard taken.records < size else { return }
                let count = taken.records
                SealLeaves(
                    book: RecordID(number: book), audit: RecordID(number: after), recorded: try row.text(1),
                    hashes: try row.text(2)
                ).each { taken.tree.append(SealHash(marked: $1)) }
                // A transaction without records has nothing to seal, and would wait for ever.
                if taken.records > count { taken.audits.append(after) }
            }
            guard read == limit else { break }
            // As many as will do at the length they had so far.
            let each = max(1, taken.records / max(1, taken.audits.count))
            limit = min(1_024, max(16, (size - taken.records) / each + 1))
        }
        return taken
    }

    func write(_ seal: Seal, _ transaction: any Transaction) throws {
        try transaction.insert(
            into: "seals",
            columns: ["book", "batch", "sealed", "transactions", "records", "tree", "previous", "root"],
            rows: [seal.values])
        var rows = RowBatch(into: "sealed_records", columns: ["book", "batch", "audit"])
        rows.reserve(rows: audits.count, bytesPerRow: 0)
        for audit in audits {
            rows.append(seal.book)
            rows.append(seal.batch)
            rows.append(audit)
            rows.endRow()
        }
        try transaction.insert(rows)
        try transaction.pick(audits)
        let left = try transaction.execute(
            "DELETE FROM unsealed_records WHERE book = $1 AND audit IN (SELECT key FROM picked)", [.int(seal.book)])
        guard left == audits.count else { throw DatabaseError.bug("what was sealed did not wait") }
    }
}
