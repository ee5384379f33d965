import CPQ
import Glibc

/// Inserts: COPY in its binary format, and for a few rows one prepared INSERT. Measured with 15 columns, client and server
/// CPU together: one row costs 43 µs by VALUES, 64 by COPY, 65 by arrays; a hundred cost 33, 35 and 43 µs each.
extension PostgresConnection {
    /// Up to so many rows go by VALUES.
    private static let few = 4

    func insert(_ batch: RowBatch) throws {
        guard !batch.isEmpty else { return }
        inserted += batch.rowCount
        try guarded {
            if batch.rowCount <= Self.few { return _ = try insertValues(batch, "") }
            let kinds = try kinds(of: batch.shape, columns: batch.columns, table: batch.table)
            if kinds.allSatisfy(\.isBinary) { try copy(batch, kinds) } else { _ = try insertArrays(batch, kinds, "") }
        }
    }

    func insertIgnoringExisting(_ batch: RowBatch) throws -> Int {
        guard !batch.isEmpty else { return 0 }
        let end = " ON CONFLICT DO NOTHING"
        inserted += batch.rowCount
        return try guarded {
            if batch.rowCount <= Self.few { return try insertValues(batch, end) }
            return try insertArrays(batch, kinds(of: batch.shape, columns: batch.columns, table: batch.table), end)
        }
    }

    func update(_ sql: String, each batch: RowBatch) throws -> Int {
        guard !batch.isEmpty else { return 0 }
        return try guarded {
            let single = try prepare(sql)
            guard single.parameters.count == batch.columns.count, single.parameters.allSatisfy(\.isBinary) else {
                throw DatabaseError.bug("the statement takes other values than \(batch.columns)")
            }
            guard batch.rowCount > Self.few else { return try updateSingly(single, batch) }
            let statement = try prepare(Self.overArrays(sql, single.parameters))
            return try batch.withCells { cells, bytes in
                buffer.clear()
                for (column, kind) in single.parameters.enumerated() {
                    try buffer.append(column: column, of: single.parameters.count, cells, bytes, as: kind)
                }
                return try touched(statement)
            }
        }
    }

    /// A few rows, one after the other in their order: with locks in mind that matters.
    private func updateSingly(_ statement: PostgresStatement, _ batch: RowBatch) throws -> Int {
        let width = batch.columns.count
        return try batch.withCells { cells, bytes in
            try stride(from: 0, to: cells.count, by: width).reduce(0) { sum, start in
                buffer.clear()
                for (column, kind) in statement.parameters.enumerated() {
                    try buffer.append(cells[start + column], bytes, as: kind)
                }
                return sum + (try touched(statement))
            }
        }
    }

    /// Runs the statement with what is in the buffer; how many records it touched.
    private func touched(_ statement: PostgresStatement) throws -> Int {
        let result = try run(statement)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    /// `UPDATE t SET a = $1 WHERE b = $2` as `UPDATE t SET a = given.c1 FROM unnest(…) AS given (c1, c2) WHERE b = given.c2`.
    private static func overArrays(_ sql: String, _ kinds: [PostgresValue.Kind]) throws -> String {
        let parts = sql.split(separator: "WHERE", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw DatabaseError.bug("an UPDATE for many rows has one WHERE") }
        let columns = kinds.indices.map { "c\($0 + 1)" }.joined(separator: ", ")
        let arrays = kinds.enumerated().map { "$\($0 + 1)::\($1.name)[]" }.joined(separator: ", ")
        func named(_ text: Substring) -> String { String(text).replacing("$", with: "given.c") }
        return named(parts[0]) + "FROM unnest(\(arrays)) AS given (\(columns)) WHERE" + named(parts[1])
    }

    private func insertValues(_ batch: RowBatch, _ end: String) throws -> Int {
        let width = batch.columns.count
        let rows = (0..<batch.rowCount).map { row in
            "(" + (1...width).map { "$\(row * width + $0)" }.joined(separator: ", ") + ")"
        }
        let statement = try prepare("INSERT INTO \(batch.shape) VALUES \(rows.joined(separator: ", "))\(end)")
        return try batch.withCells { cells, bytes in
            buffer.clear()
            for (cell, kind) in zip(cells, statement.parameters) { try buffer.append(cell, bytes, as: kind) }
            return try touched(statement)
        }
    }

    func copy(_ batch: RowBatch, _ kinds: [PostgresValue.Kind]) throws {
        PQclear(try check(PQexec(handle, "COPY \(batch.shape) FROM STDIN (FORMAT binary)")))
        do {
            try batch.withCells { try send($0, $1, kinds) }
        } catch {
            // Ends the COPY from our side, so that the connection can roll back.
            PQputCopyEnd(handle, "not all rows could be written")
            while let result = PQgetResult(handle) { PQclear(result) }
            throw error
        }
        guard PQputCopyEnd(handle, nil) == 1 else { throw lost() }
        var failure: (any Error)?
        while let result = PQgetResult(handle) {
            do { PQclear(try check(result)) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func send(
        _ cells: UnsafeBufferPointer<RowBatch.Cell>, _ source: UnsafePointer<UInt8>, _ kinds: [PostgresValue.Kind]
    ) throws {
        var out: [UInt8] = []
        out.reserveCapacity(1 << 16)
        out.append(contentsOf: [80, 71, 67, 79, 80, 89, 10, 255, 13, 10, 0])  // PGCOPY\n\377\r\n\0
        out.append(network: 0 as Int64)  // no flags, no extension
        for row in stride(from: 0, to: cells.count, by: kinds.count) {
            out.append(network: Int16(kinds.count))
            for column in 0..<kinds.count { try out.append(field: cells[row + column], source, as: kinds[column]) }
            if out.count > 1 << 15 {
                try send(out)
                out.removeAll(keepingCapacity: true)
            }
        }
        out.append(network: -1 as Int16)
        try send(out)
    }

    private func send(_ out: [UInt8]) throws {
        let sent = out.withUnsafeBytes {
            PQputCopyData(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
        }
        guard sent == 1 else { throw lost() }
    }

    /// One array for each column; a type that we do not write in binary is sent as text and cast by the server.
    func insertArrays(_ batch: RowBatch, _ kinds: [PostgresValue.Kind], _ end: String) throws -> Int {
        let statement = try prepare(try arrayInsert(batch.shape, kinds) + end)
        return try batch.withCells { cells, bytes in
            buffer.clear()
            for (column, kind) in kinds.enumerated() {
                try buffer.append(column: column, of: kinds.count, cells, bytes, as: kind)
            }
            return try touched(statement)
        }
    }

    private func arrayInsert(_ shape: String, _ kinds: [PostgresValue.Kind]) throws -> String {
        let arrays = kinds.enumerated().map { "$\($0 + 1)::\($1.name)[]" }.joined(separator: ", ")
        let names = kinds.indices.map { "c\($0)" }
        let values = try zip(kinds, names).map { kind, name in
            guard case .other(let type) = kind else { return name }
            return "\(name)::"
                + (try query("SELECT format_type($1::BIGINT::oid, NULL)", [.int(Int64(type))])[0].text(0))
        }
        return "INSERT INTO \(shape) SELECT \(values.joined(separator: ", ")) "
            + "FROM unnest(\(arrays)) AS rows (\(names.joined(separator: ", ")))"
    }
}
