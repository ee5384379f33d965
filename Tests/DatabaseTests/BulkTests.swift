import Database
import TestSupport
import Testing

@Suite("Rows in bulk")
struct BulkTests {
    static let engines: [Engine] = [.sqlite, .postgres]
    static let table = """
        CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, s TEXT, m BIGINT, small INTEGER, bytes \(blob))
        """
    private static let blob = "BLOB_TYPE"

    private func fresh(_ engine: Engine) async throws -> any Database {
        let database = try await TestDatabases.fresh(engine)
        let sql = Self.table.replacing(Self.blob, with: engine == .sqlite ? "BLOB" : "BYTEA")
        try await database.transaction { try $0.script(sql) }
        return database
    }

    private func batch(_ count: Int) -> RowBatch {
        var batch = RowBatch(into: "t", columns: ["n", "s", "m", "small", "bytes"])
        for number in 0..<count {
            batch.append(number)
            batch.append(number % 3 == 0 ? nil as String? : String(repeating: "ü🧾\t\\", count: number % 40))
            batch.append(number % 5 == 0 ? nil : Int64.min + Int64(number))
            batch.append(number % 2 == 0)
            if number % 7 == 0 {
                batch.appendNull()
            } else {
                batch.append(blob: [UInt8](repeating: 0, count: number % 4))
            }
            batch.endRow()
        }
        return batch
    }

    // Few rows, many rows and very many go different ways on PostgreSQL.
    @Test("come out as they went in", arguments: engines, [1, 4, 5, 3000])
    func roundTrip(engine: Engine, count: Int) async throws {
        let database = try await fresh(engine)
        let sent = batch(count)
        let rows = try await database.transaction { transaction in
            try transaction.insert(sent)
            return try transaction.query("SELECT n, s, m, small, bytes FROM t ORDER BY n", [])
        }
        #expect(rows.count == count)
        for (number, row) in rows.enumerated() {
            #expect(
                row.values == [
                    .int(Int64(number)),
                    number % 3 == 0 ? .null : .text(String(repeating: "ü🧾\t\\", count: number % 40)),
                    number % 5 == 0 ? .null : .int(Int64.min + Int64(number)),
                    .int(number % 2 == 0 ? 1 : 0),
                    number % 7 == 0 ? .null : .blob([UInt8](repeating: 0, count: number % 4)),
                ])
        }
    }

    @Test("whose keys are there already are passed over and counted out", arguments: engines, [3, 2000])
    func ignoring(engine: Engine, count: Int) async throws {
        let database = try await fresh(engine)
        let (some, all) = (batch(count / 2), batch(count))
        let (first, second, third) = try await database.transaction { transaction in
            (
                try transaction.insertIgnoringExisting(some), try transaction.insertIgnoringExisting(all),
                try transaction.insertIgnoringExisting(all)
            )
        }
        #expect([first, second, third] == [count / 2, count - count / 2, 0])
    }

    @Test("passing over what exists does not pass over other constraints", arguments: engines)
    func stillConstrained(engine: Engine) async throws {
        let database = try await fresh(engine)
        var batch = RowBatch(into: "t", columns: ["n"])
        batch.appendNull()
        batch.endRow()
        await #expect(throws: DatabaseError.self) {
            try await database.transaction { [batch] in _ = try $0.insertIgnoringExisting(batch) }
        }
    }

    // Few rows, many rows: PostgreSQL runs them one by one or as one statement.
    @Test("an update for each row changes what its key finds, and counts it", arguments: engines, [1, 4, 5, 3000])
    func updates(engine: Engine, count: Int) async throws {
        let database = try await fresh(engine)
        let rows = batch(count)
        var changes = RowBatch(into: "t", columns: ["n", "m", "s", "flag"])
        // One key more than there are records.
        for number in 0...count {
            changes.append(number)
            changes.append(number * 2)
            changes.append(number % 2 == 0 ? nil as String? : "new \(number)")
            changes.append(number % 3 == 0)
            changes.endRow()
        }
        let sent = changes
        let (touched, after) = try await database.transaction { transaction in
            try transaction.insert(rows)
            let touched = try transaction.update(
                "UPDATE t SET m = $2, s = CASE WHEN $4 = 1 THEN $3 ELSE 'kept' END, small = small + 1 WHERE n = $1",
                each: sent)
            return (touched, try transaction.query("SELECT n, m, s, small FROM t ORDER BY n", []))
        }
        #expect(touched == count)
        for (number, row) in after.enumerated() {
            let text: SQLValue = number % 3 != 0 ? .text("kept") : number % 2 == 0 ? .null : .text("new \(number)")
            #expect(row.values == [.int(Int64(number)), .int(Int64(number * 2)), text, .int(number % 2 == 0 ? 2 : 1)])
        }
    }

    @Test("an update for each row that breaks a constraint leaves nothing", arguments: engines, [2, 50])
    func brokenUpdates(engine: Engine, count: Int) async throws {
        let database = try await fresh(engine)
        let rows = batch(count)
        var changes = RowBatch(into: "t", columns: ["n"])
        for number in 0..<count {
            changes.append(number)
            changes.endRow()
        }
        let sent = changes
        try await database.transaction { try $0.insert(rows) }
        await #expect(throws: DatabaseError.self) {
            try await database.transaction { _ = try $0.update("UPDATE t SET n = n - n WHERE n >= $1", each: sent) }
        }
        #expect(
            try await database.read { try $0.query("SELECT count(DISTINCT n) FROM t", [])[0].int(0) } == Int64(count))
    }

    @Test("a broken constraint in the middle leaves nothing, and the connection good", arguments: engines, [3, 500])
    func middle(engine: Engine, count: Int) async throws {
        let database = try await fresh(engine)
        var rows = batch(count)
        for value in batch(1).columns.indices { rows.append(value == 0 ? .int(1) : .null as SQLValue) }
        rows.endRow()
        do {
            try await database.transaction { [rows] in try $0.insert(rows) }
            Issue.record("two rows with one key went in")
        } catch DatabaseError.constraint {}
        #expect(try await database.read { try $0.query("SELECT count(*) FROM t", [])[0].int(0) } == 0)
    }

    @Test("integers go into text as digits, digits into integers", arguments: engines, [1, 50])
    func affinity(engine: Engine, count: Int) async throws {
        let database = try await fresh(engine)
        var batch = RowBatch(into: "t", columns: ["n", "s"])
        for number in 0..<count {
            batch.append(String(number))
            batch.append(-number)
            batch.endRow()
        }
        let last = try await database.transaction { [batch] transaction in
            try transaction.insert(batch)
            return try transaction.query("SELECT n, s FROM t ORDER BY n DESC", [])[0].values
        }
        #expect(last == [.int(Int64(count - 1)), .text(String(1 - count))])
    }

    @Test("a NUL character, which PostgreSQL cannot store, is refused by both", arguments: engines, [1, 50])
    func nul(engine: Engine, count: Int) async throws {
        let database = try await fresh(engine)
        var batch = batch(count - 1)
        for value in [SQLValue.int(-1), .text("a\0b"), .null, .null, .null] { batch.append(value) }
        batch.endRow()
        do {
            try await database.transaction { [batch] in try $0.insert(batch) }
            Issue.record("a NUL went in")
        } catch DatabaseError.bug(let why) { #expect(why.contains("t.s")) }
        await #expect(throws: DatabaseError.self) {
            _ = try await database.read { try $0.query("SELECT CAST($1 AS TEXT)", [.text("\0")]) }
        }
        #expect(try await database.read { try $0.query("SELECT 1", [])[0].int(0) } == 1)
    }

    @Test("columns of a type we do not write in binary go in as text", arguments: [2, 20])
    func otherTypes(count: Int) async throws {
        let database = try await TestDatabases.fresh(.postgres)
        var batch = RowBatch(into: "t", columns: ["n", "day", "price"])
        for number in 0..<count {
            batch.append(number)
            batch.append("2026-03-01")
            batch.append(number == 1 ? "12.50" : nil)
            batch.endRow()
        }
        let rows = try await database.transaction { [batch] transaction in
            try transaction.script("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, day DATE, price NUMERIC)")
            try transaction.insert(batch)
            return try transaction.query("SELECT n, day, price FROM t ORDER BY n", [])
        }
        #expect(rows[1].values == [.int(1), .text("2026-03-01"), .text("12.50")])
        #expect(rows.count == count)
    }

    @Test("an emptied batch is used again", arguments: engines)
    func again(engine: Engine) async throws {
        let database = try await fresh(engine)
        let count = try await database.transaction { transaction in
            var batch = RowBatch(into: "t", columns: ["n", "s"])
            for number in 0..<10 {
                batch.append(number)
                batch.append("")
                batch.endRow()
                try transaction.insert(batch)
                batch.removeAll()
            }
            return try transaction.query("SELECT count(s) FROM t WHERE s = ''", [])[0].int(0)
        }
        #expect(count == 10)
    }
}
