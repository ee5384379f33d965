import CPQ
import Glibc

/// The values of a statement's parameters as libpq takes them: one run of bytes, integers and texts in binary where the
/// parameter's type is one we know, digits and text otherwise.
struct PostgresParameters {
    private(set) var bytes: [UInt8] = []
    private(set) var starts: [Int] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
    }

    mutating func append(_ value: SQLValue, as kind: PostgresValue.Kind) throws {
        let start = bytes.count
        var binary = true
        switch (value, kind) {
        case (.null, _):
            starts.append(-1)
            lengths.append(0)
            formats.append(0)
            return
        case (.int(let number), .int8): bytes.append(network: number)
        case (.int(let number), _):
            bytes.append(contentsOf: String(number).utf8)
            binary = false
        case (.text(let text), _):
            guard !text.utf8.contains(0) else { throw DatabaseError.bug("a text holds a NUL character") }
            bytes.append(contentsOf: text.utf8)
            binary = kind == .text
        case (.blob(let blob), _): bytes.append(contentsOf: blob)
        }
        end(start, binary)
    }

    /// One value of a batch.
    mutating func append(
        _ cell: RowBatch.Cell, _ source: UnsafePointer<UInt8>, as kind: PostgresValue.Kind
    ) throws {
        guard cell.kind != .null else { return try append(.null, as: kind) }
        let start = bytes.count
        try bytes.append(field: cell, source, as: kind)
        end(start + MemoryLayout<Int32>.size, kind.isBinary)
    }

    /// A one-dimensional array of one column of a batch.
    mutating func append(
        column: Int, of width: Int, _ cells: UnsafeBufferPointer<RowBatch.Cell>, _ source: UnsafePointer<UInt8>,
        as kind: PostgresValue.Kind
    ) throws {
        let start = bytes.count
        bytes.append(network: 1 as Int32)
        bytes.append(network: 1 as Int32)
        bytes.append(network: kind.oid)
        bytes.append(network: Int32(cells.count / width))
        bytes.append(network: 1 as Int32)
        for place in stride(from: column, to: cells.count, by: width) {
            try bytes.append(field: cells[place], source, as: kind)
        }
        end(start, true)
    }

    private mutating func end(_ start: Int, _ binary: Bool) {
        starts.append(start)
        lengths.append(Int32(bytes.count - start))
        formats.append(binary ? 1 : 0)
        bytes.append(0)
    }

    /// The pointers are good for the length of the body.
    func withPointers<T>(_ body: ([UnsafePointer<CChar>?]) throws -> T) rethrows -> T {
        try bytes.withUnsafeBytes { bytes in
            try body(
                starts.map { $0 < 0 ? nil : bytes.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) })
        }
    }
}

extension PostgresConnection {
    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [Row] {
        try guarded {
            let result = try run(sql, parameters)
            defer { PQclear(result) }
            let columns = PQnfields(result)
            return (0..<PQntuples(result)).map { row in
                Row((0..<columns).map { PostgresValue.read(result, row, $0) })
            }
        }
    }

    func rows(_ sql: String, _ parameters: [SQLValue], _ body: (borrowing RowCursor) throws -> Void) throws {
        try guarded {
            let statement = try prepare(sql)
            try bind(parameters, for: statement)
            let sent = buffer.withPointers {
                PQsendQueryPrepared(
                    handle, statement.name, Int32($0.count), $0, buffer.lengths, buffer.formats,
                    statement.binary ? 1 : 0)
            }
            guard sent == 1, PQsetSingleRowMode(handle) == 1 else { throw lost() }
            streaming = true
            defer {
                streaming = false
                // Where the body threw: the rest of the rows must be taken before the connection is free again.
                while let rest = PQgetResult(handle) { PQclear(rest) }
            }
            while let result = PQgetResult(handle) {
                let row = try check(result)
                defer { PQclear(row) }
                if PQresultStatus(row) == PGRES_SINGLE_TUPLE { try body(RowCursor(source: .postgres(row, row: 0))) }
            }
        }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        try guarded {
            let result = try run(sql, parameters)
            defer { PQclear(result) }
            return Int(String(cString: PQcmdTuples(result))) ?? 0
        }
    }

    func script(_ sql: String) throws {
        try guarded {
            shapes = [:]
            try run(sql)
        }
    }

    private func bind(_ parameters: [SQLValue], for statement: PostgresStatement) throws {
        guard statement.parameters.count == parameters.count else {
            throw DatabaseError.bug("the statement takes \(statement.parameters.count) values, not \(parameters.count)")
        }
        buffer.clear()
        for (value, kind) in zip(parameters, statement.parameters) { try buffer.append(value, as: kind) }
    }

    private func run(_ sql: String, _ parameters: [SQLValue]) throws -> OpaquePointer {
        let statement = try prepare(sql)
        try bind(parameters, for: statement)
        return try run(statement)
    }

    /// Runs the statement with what is in the buffer.
    func run(_ statement: PostgresStatement) throws -> OpaquePointer {
        try check(
            buffer.withPointers {
                PQexecPrepared(
                    handle, statement.name, Int32($0.count), $0, buffer.lengths, buffer.formats,
                    statement.binary ? 1 : 0)
            })
    }

    func pick(_ keys: [Int64]) throws {
        var array = "{"
        var last: Int64?
        for key in keys.sorted() where key != last {
            if last != nil { array += "," }
            array += String(key)
            last = key
        }
        try set("duly.picked", array + "}")
    }

    func pick(_ keys: [String]) throws {
        let quoted = keys.map { key in
            "\"" + key.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        try set("duly.picked_text", "{" + quoted.joined(separator: ",") + "}")
    }

    /// A setting that ends with the transaction.
    private func set(_ name: String, _ value: String) throws {
        _ = try query("SELECT length(set_config($1, $2, true))", [.text(name), .text(value)])
    }

    func oldestOtherTransaction() throws -> String? {
        // The server shows a transaction the same list each time, unless it is told to look again.
        _ = try query("SELECT pg_stat_clear_snapshot()::text", [])
        return try query(
            """
            SELECT to_char(min(began) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            FROM (SELECT xact_start AS began FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND backend_type = 'client backend' AND application_name <> '\(PostgresDatabase.readerName)'
                  UNION ALL
                  SELECT prepared FROM pg_prepared_xacts WHERE database = current_database()) AS others
            """, [])[0].textOrNil(0)
    }

    func databaseClock() throws -> String {
        try query("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", [])[0]
            .text(0)
    }
}
