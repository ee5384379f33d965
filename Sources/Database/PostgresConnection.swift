import CPQ
import Dispatch
import Glibc

/// A prepared statement and what the server said of it.
struct PostgresStatement {
    let name: String
    let parameters: [PostgresValue.Kind]
    /// Whether every column is of a type that we read in binary.
    let binary: Bool
}

/// One connection with its prepared statements. All use is on its own queue: that makes the unchecked conformance safe.
final class PostgresConnection: Transaction, @unchecked Sendable {
    let engine = Engine.postgres
    let number: Int
    private let url: String
    private let faults: CommitFaults
    /// Where it shows views only: what makes them.
    private let limits: Limits?
    private let queue: DispatchQueue
    var handle: OpaquePointer?
    let statements = StatementCache<PostgresStatement>(limit: 256)
    private var prepared = 0
    /// The column types of the tables that rows were inserted into, by the batch's shape.
    var shapes: [String: [PostgresValue.Kind]] = [:]
    /// The parameters of the statement at hand; kept for the room it has.
    var buffer = PostgresParameters()
    /// While rows are read one by one, nothing else may run.
    var streaming = false
    /// The first error of the open transaction, which therefore cannot be committed.
    private var failure: DatabaseError?
    /// A server that was never reached is reported at once; one that was may come back, or its standby take over.
    private var hasConnected = false
    /// How many rows this connection has inserted, and at how many it has the server plan anew.
    ///
    /// The server keeps the plans of its foreign key checks. A plan made while a table was empty may read a whole book for each
    /// row, and is kept until statistics arrive, which is long after a bulk run began.
    var inserted = 0
    private var planAnewAt = 1_000
    /// A table was changed under a prepared statement: forget them all before the next transaction.
    private var stale = false

    init(url: String, number: Int, faults: CommitFaults, limits: Limits? = nil) {
        self.limits = limits
        self.url = url
        self.number = number
        self.faults = faults
        queue = DispatchQueue(label: "duly.postgres.\(number)")
    }

    deinit { if let handle { PQfinish(handle) } }

    func run<T: Sendable>(
        _ begin: String, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async -> Ending<T> {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.attempt(begin, body)) }
        }
    }

    private func attempt<T: Sendable>(_ begin: String, _ body: (any Transaction) throws -> T) -> Ending<T> {
        failure = nil
        let value: T
        do {
            try open()
            if inserted >= planAnewAt {
                try run("DISCARD PLANS")
                planAnewAt = inserted * 2
            }
            try run(begin)
            value = try body(self)
            if let failure { throw failure }
        } catch {
            let lost = PQstatus(handle) != CONNECTION_OK
            if lost { close() } else { try? run("ROLLBACK") }
            if lost, hasConnected { return .failed(failure ?? error, .lost) }
            if let failure, case .conflict = failure { return .failed(failure, .conflict) }
            if case DatabaseError.conflict = error { return .failed(error, .conflict) }
            return .failed(error, .final)
        }
        return commit(value)
    }

    /// Any error at COMMIT that does not say clearly that nothing was written leaves the outcome unknown.
    private func commit<T: Sendable>(_ value: T) -> Ending<T> {
        do {
            let fault = faults.next()
            if fault == .lostBefore { breakConnection() }
            try run("COMMIT")
            if fault == .lostAfterwards { breakConnection() }
            if fault != nil { throw DatabaseError.bug("XX000 a test lets the commit fail") }
            return .committed(value)
        } catch DatabaseError.conflict(let why) {
            return .failed(DatabaseError.conflict(why), .conflict)
        } catch DatabaseError.constraint(let why) {
            return .failed(DatabaseError.constraint(why), .final)
        } catch {
            if PQstatus(handle) != CONNECTION_OK || PQtransactionStatus(handle) != PQTRANS_IDLE { close() }
            return .failed(DatabaseError.outcomeUnknown("\(error)"), .unknown)
        }
    }

    /// For tests: as if the network had gone.
    private func breakConnection() {
        shutdown(PQsocket(handle), Int32(SHUT_RDWR))
    }

    func outside(_ sql: String) async -> Result<Void, any Error> {
        await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result {
                        try self.open()
                        try self.run(sql)
                    })
            }
        }
    }

    private func open() throws {
        if let handle, PQstatus(handle) == CONNECTION_OK {
            if stale { try forgetStatements() }
            return
        }
        close()
        // What stands before `dbname` is a default; what the URL says itself comes later and wins.
        let settings = ["connect_timeout": "10", "fallback_application_name": "duly", "dbname": url]
        let names = ["connect_timeout", "fallback_application_name", "dbname"]
        let texts = (names + names.map { settings[$0] ?? "" }).map { strdup($0) }
        defer { for text in texts { free(text) } }
        let keywords = texts.prefix(names.count).map { $0.map { UnsafePointer($0) } } + [nil]
        let values = texts.suffix(names.count).map { $0.map { UnsafePointer($0) } } + [nil]
        handle = PQconnectdbParams(keywords, values, 1)
        guard PQstatus(handle) == CONNECTION_OK else {
            let why = String(cString: PQerrorMessage(handle))
            close()
            throw DatabaseError.outage(why)
        }
        try run(Self.ownViews)
        try run(Self.settings)
        do {
            if let limits { try limit(to: limits) }
        } catch {
            // A connection without its views must not be read from.
            close()
            throw error
        }
        hasConnected = true
    }

    /// Lays the views over the tables. Nothing but them is searched afterwards. Through the views' conditions a statement takes
    /// the server up to 30 ms to plan and well under one to run, so each is planned once and not for each set of values.
    private func limit(to limits: Limits) throws {
        let views = try limits.views(self)
        let texts = views.map { "CREATE TEMP VIEW \($0.table) AS \($0.select)" }
        try run(
            (["BEGIN"] + texts + ["COMMIT", "SET search_path = pg_temp", "SET plan_cache_mode = force_generic_plan"])
                .joined(separator: ";\n"))
        try forgetStatements()
    }

    /// A commit waits for the disk whatever the role's defaults say. JIT compiles for longer than our statements run.
    private static let settings = """
        SET client_encoding = 'UTF8';
        SET client_min_messages = warning;
        SET synchronous_commit = on;
        SET TimeZone = 'UTC';
        SET jit = off;
        """

    /// `picked` and `picked_text` read what `pick` put into a setting of the transaction. Temporary tables were tried first: they
    /// made opening take 25 ms instead of 5, each transaction that picked 8 ms longer, and hid the number of keys from the
    /// planner. These views need no disk; nobody waits for the commit that makes them.
    private static let ownViews = """
        SET synchronous_commit = off;
        CREATE TEMP VIEW picked AS
            SELECT key FROM unnest(CAST(NULLIF(current_setting('duly.picked', true), '') AS BIGINT[])) AS keys (key);
        CREATE TEMP VIEW picked_text AS
            SELECT DISTINCT key COLLATE "C" AS key
            FROM unnest(CAST(NULLIF(current_setting('duly.picked_text', true), '') AS TEXT[])) AS keys (key);
        """

    private func close() {
        if let handle { PQfinish(handle) }
        handle = nil
        statements.removeAll()
        shapes = [:]
        stale = false
        streaming = false
        inserted = 0
        planAnewAt = 1_000
    }

    private func forgetStatements() throws {
        try run("DEALLOCATE ALL")
        statements.removeAll()
        shapes = [:]
        stale = false
    }

    /// Runs SQL of our own; an error in it fails nothing but itself.
    func run(_ sql: String) throws {
        PQclear(try check(PQexec(handle, sql)))
    }

    /// Remembers the first error of a transaction, and refuses statements inside `rows`.
    func guarded<T>(_ work: () throws -> T) throws -> T {
        do {
            if streaming { throw DatabaseError.bug("a statement was run while the rows of another were being read") }
            return try work()
        } catch let error as DatabaseError {
            failure = failure ?? error
            throw error
        }
    }

    func prepare(_ sql: String) throws -> PostgresStatement {
        if let known = statements[sql] { return known }
        prepared += 1
        let name = "s\(prepared)"
        PQclear(try check(PQprepare(handle, name, sql, 0, nil)))
        let about = try check(PQdescribePrepared(handle, name))
        defer { PQclear(about) }
        let statement = PostgresStatement(
            name: name,
            parameters: (0..<PQnparams(about)).map { PostgresValue.Kind(PQparamtype(about, $0)) },
            binary: (0..<PQnfields(about)).allSatisfy { PostgresValue.Kind(PQftype(about, $0)).isBinary })
        if let gone = statements.insert(statement, for: sql) { try run("DEALLOCATE \(gone.name)") }
        return statement
    }

    /// The column types of a table, as far as a batch names them.
    func kinds(of shape: String, columns: [String], table: String) throws -> [PostgresValue.Kind] {
        if let known = shapes[shape] { return known }
        let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table)"
        PQclear(try check(PQprepare(handle, "", sql, 0, nil)))
        let about = try check(PQdescribePrepared(handle, ""))
        defer { PQclear(about) }
        let kinds = (0..<PQnfields(about)).map { PostgresValue.Kind(PQftype(about, $0)) }
        shapes[shape] = kinds
        return kinds
    }

    func lost() -> DatabaseError { .outage(String(cString: PQerrorMessage(handle))) }

    /// The result, or the error it stands for, decided by SQLSTATE.
    func check(_ result: OpaquePointer?) throws -> OpaquePointer {
        guard let result else { throw lost() }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN, PGRES_SINGLE_TUPLE: return result
        default: break
        }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        let message = String(cString: PQresultErrorMessage(result))
        PQclear(result)
        switch state {
        case "40001", "40P01": throw DatabaseError.conflict(message)
        // A prepared statement that no longer fits its tables, or is gone: again, with new ones.
        case "0A000", "26000":
            stale = true
            throw DatabaseError.conflict(message)
        case _ where state.hasPrefix("23"): throw DatabaseError.constraint(message)
        // No state: the connection is gone. 08 connection, 53 resources, 57 the operator, 58 the system.
        case _ where state.isEmpty || ["08", "53", "57", "58"].contains(String(state.prefix(2))):
            throw DatabaseError.outage(message)
        default: throw DatabaseError.bug("\(state) \(message)")
        }
    }
}
