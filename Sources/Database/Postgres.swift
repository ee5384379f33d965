import CPQ
import Dispatch
import Glibc

/// A PostgreSQL server: a pool of connections, each on a thread of its own; serializable, run again where another came first.
public final class PostgresDatabase: Database {
    public let engine = Engine.postgres
    private let pool: PostgresPool

    /// `url` as libpq reads it: `postgres://user@host:port/database`. Connections open when they are first needed.
    public init(url: String, connections: Int = 8) {
        pool = PostgresPool((0..<connections).map { PostgresConnection(url: url, number: $0) })
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
    }

    public func transaction<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await run("BEGIN ISOLATION LEVEL SERIALIZABLE", body)
    }

    /// Runs one statement outside any transaction, as CREATE DATABASE wants it. For set-up, not for commands.
    public func outside(_ sql: String) async throws {
        let connection = await pool.take()
        let result = await connection.outside(sql)
        await pool.give(back: connection)
        try result.get()
    }

    /// Runs the body, again from the facts after a lost race (40001, 40P01): at most twelve times.
    private func run<T: Sendable>(
        _ begin: String, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async throws -> T {
        let connection = await pool.take()
        for attempt in 1... {
            let result = await connection.attempt(begin, body)
            if case .failure(DatabaseError.conflict) = result, attempt < 12 {
                try? await Task.sleep(for: .milliseconds((attempt * (connection.number + 1) * 3) % 97 + attempt))
                continue
            }
            await pool.give(back: connection)
            return try result.get()
        }
        preconditionFailure("the loop above ends by returning")
    }
}

/// Hands out connections, first come first served.
actor PostgresPool {
    private var free: [PostgresConnection]
    private var waiting: [CheckedContinuation<PostgresConnection, Never>] = []
    init(_ connections: [PostgresConnection]) { free = connections }

    func take() async -> PostgresConnection {
        if let connection = free.popLast() { return connection }
        return await withCheckedContinuation { waiting.append($0) }
    }
    func give(back connection: PostgresConnection) {
        if waiting.isEmpty { free.append(connection) } else { waiting.removeFirst().resume(returning: connection) }
    }
}

/// One connection with its prepared statements. All use is on its own queue: that makes the unchecked conformance safe.
final class PostgresConnection: Transaction, @unchecked Sendable {
    let engine = Engine.postgres
    let number: Int
    private let url: String
    private let queue: DispatchQueue
    private var handle: OpaquePointer?
    private var statements: [String: String] = [:]

    init(url: String, number: Int) {
        self.url = url
        self.number = number
        queue = DispatchQueue(label: "duly.postgres.\(number)")
    }

    deinit { if let handle { PQfinish(handle) } }

    func attempt<T: Sendable>(
        _ begin: String, _ body: @escaping @Sendable (any Transaction) throws -> T
    ) async -> Result<T, any Error> {
        await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result {
                        try self.open()
                        try self.script(begin)
                        do {
                            let result = try body(self)
                            try self.script("COMMIT")
                            return result
                        } catch {
                            if PQstatus(self.handle) == CONNECTION_OK {
                                try? self.script("ROLLBACK")
                            } else {
                                self.close()
                            }
                            throw error
                        }
                    })
            }
        }
    }

    func outside(_ sql: String) async -> Result<Void, any Error> {
        await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result {
                        try self.open()
                        try self.script(sql)
                    })
            }
        }
    }

    private func open() throws {
        if let handle, PQstatus(handle) == CONNECTION_OK { return }
        close()
        handle = PQconnectdb(url)
        guard PQstatus(handle) == CONNECTION_OK else {
            let why = String(cString: PQerrorMessage(handle))
            close()
            throw DatabaseError.outage(why)
        }
        try script("SET client_encoding = 'UTF8'; SET client_min_messages = warning")
    }

    private func close() {
        if let handle { PQfinish(handle) }
        handle = nil
        statements = [:]
    }

    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [Row] {
        let result = try run(sql, parameters)
        defer { PQclear(result) }
        let columns = PQnfields(result)
        let types = (0..<columns).map { PQftype(result, $0) }
        return (0..<PQntuples(result)).map { row in
            Row((0..<columns).map { value(result, row, $0, types[Int($0)]) })
        }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        let result = try run(sql, parameters)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func script(_ sql: String) throws {
        PQclear(try check(PQexec(handle, sql)))
    }

    func insert(into table: String, columns: [String], rows: [[SQLValue]]) throws {
        guard !rows.isEmpty else { return }
        PQclear(try check(PQexec(handle, "COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN")))
        var buffer: [UInt8] = []
        buffer.reserveCapacity(1 << 16)
        for row in rows {
            for (index, value) in row.enumerated() {
                if index > 0 { buffer.append(9) }
                Self.append(value, to: &buffer)
            }
            buffer.append(10)
            if buffer.count > 1 << 15 {
                try send(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try send(buffer)
        guard PQputCopyEnd(handle, nil) == 1 else {
            throw DatabaseError.outage(String(cString: PQerrorMessage(handle)))
        }
        var failure: (any Error)?
        while let result = PQgetResult(handle) {
            do { PQclear(try check(result)) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func send(_ buffer: [UInt8]) throws {
        guard !buffer.isEmpty else { return }
        let sent = buffer.withUnsafeBytes {
            PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
        }
        guard sent == 1 else { throw DatabaseError.outage(String(cString: PQerrorMessage(handle))) }
    }

    /// The text format of COPY: tab between fields, backslash before what would be read as a mark.
    private static func append(_ value: SQLValue, to buffer: inout [UInt8]) {
        switch value {
        case .null: buffer.append(contentsOf: [92, 78])
        case .int(let number): buffer.append(contentsOf: String(number).utf8)
        case .text(let text):
            for byte in text.utf8 {
                switch byte {
                case 9: buffer.append(contentsOf: [92, 116])
                case 10: buffer.append(contentsOf: [92, 110])
                case 13: buffer.append(contentsOf: [92, 114])
                case 92: buffer.append(contentsOf: [92, 92])
                default: buffer.append(byte)
                }
            }
        case .blob(let bytes):
            buffer.append(contentsOf: [92, 92, 120])
            buffer.append(contentsOf: hex(bytes).utf8)
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private func run(_ sql: String, _ parameters: [SQLValue]) throws -> OpaquePointer {
        let name: String
        if let known = statements[sql] {
            name = known
        } else {
            name = "s\(statements.count)"
            PQclear(try check(PQprepare(handle, name, sql, 0, nil)))
            statements[sql] = name
        }
        let texts: [String?] = parameters.map { value in
            switch value {
            case .null: nil
            case .int(let number): String(number)
            case .text(let text): text
            case .blob(let bytes): "\\x" + Self.hex(bytes)
            }
        }
        let copies: [UnsafeMutablePointer<CChar>?] = texts.map { text in text.flatMap { strdup($0) } }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { copy in copy.map { UnsafePointer($0) } }
        return try check(PQexecPrepared(handle, name, Int32(pointers.count), pointers, nil, nil, 0))
    }

    private func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32, _ type: Oid) -> SQLValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let count = Int(PQgetlength(result, row, column))
        guard let start = PQgetvalue(result, row, column) else { return .null }
        let text = start.withMemoryRebound(to: UInt8.self, capacity: count) {
            String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
        }
        switch type {
        case 20, 21, 23: return Int64(text).map { .int($0) } ?? .text(text)
        case 17:
            let digits = Array(text.utf8.dropFirst(2))
            func nibble(_ byte: UInt8) -> UInt8 { byte < 58 ? byte - 48 : byte - 87 }
            return .blob(
                stride(from: 0, to: digits.count - 1, by: 2).map { nibble(digits[$0]) << 4 | nibble(digits[$0 + 1]) })
        default: return .text(text)
        }
    }

    /// The result, or the error it stands for, decided by SQLSTATE.
    private func check(_ result: OpaquePointer?) throws -> OpaquePointer {
        guard let result else { throw DatabaseError.outage(String(cString: PQerrorMessage(handle))) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN: return result
        default: break
        }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        let message = String(cString: PQresultErrorMessage(result))
        PQclear(result)
        if state == "40001" || state == "40P01" { throw DatabaseError.conflict(message) }
        if state.hasPrefix("23") { throw DatabaseError.constraint(message) }
        if state.isEmpty || state.hasPrefix("08") || state.hasPrefix("53") || state.hasPrefix("57") {
            throw DatabaseError.outage(message)
        }
        throw DatabaseError.bug("\(state) \(message)")
    }
}
