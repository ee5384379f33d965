import CPQ

/// PostgreSQL's values in its binary format, both ways; the few types we do not read in binary come as text.
enum PostgresValue {
    /// The types of the common subset (style.md, section 8), by the object ids of PostgreSQL's catalogue.
    enum Kind: Equatable {
        case flag, bytes, int8, int4, int2, text
        case other(Oid)
        init(_ type: Oid) {
            switch type {
            case 16: self = .flag
            case 17: self = .bytes
            case 20: self = .int8
            case 21: self = .int2
            case 23: self = .int4
            case 19, 25, 705, 1042, 1043: self = .text
            default: self = .other(type)
            }
        }
        var isBinary: Bool { if case .other = self { false } else { true } }
        /// What a value of this kind is sent as.
        var name: String {
            switch self {
            case .flag: "boolean"
            case .bytes: "bytea"
            case .int8: "bigint"
            case .int4: "integer"
            case .int2: "smallint"
            case .text, .other: "text"
            }
        }
        var oid: Int32 {
            switch self {
            case .flag: 16
            case .bytes: 17
            case .int8: 20
            case .int4: 23
            case .int2: 21
            case .text, .other: 25
            }
        }
    }

    static func bytes(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = UnsafeRawPointer(PQgetvalue(result, row, column))?.assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
    }

    /// Nil where the value, which is not NULL, is no integer.
    static func integer(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> Int64? {
        let bytes = bytes(result, row, column)
        guard PQfformat(result, column) == 1 else { return Int64(String(decoding: bytes, as: UTF8.self)) }
        switch Kind(PQftype(result, column)) {
        case .int8: return UnsafeRawBufferPointer(bytes).loadUnaligned(as: Int64.self).byteSwapped
        case .int4: return Int64(UnsafeRawBufferPointer(bytes).loadUnaligned(as: Int32.self).byteSwapped)
        case .int2: return Int64(UnsafeRawBufferPointer(bytes).loadUnaligned(as: Int16.self).byteSwapped)
        case .flag: return Int64(bytes[0])
        case .text: return Int64(String(decoding: bytes, as: UTF8.self))
        case .bytes, .other: return nil
        }
    }

    static func read(_ result: OpaquePointer, _ row: Int32, _ column: Int32) -> SQLValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let kind = Kind(PQftype(result, column))
        let bytes = bytes(result, row, column)
        switch kind {
        case .int8, .int4, .int2: return integer(result, row, column).map { .int($0) } ?? .null
        case .flag where PQfformat(result, column) == 1: return .int(Int64(bytes[0]))
        case .flag: return .int(bytes.first == UInt8(ascii: "t") ? 1 : 0)
        case .bytes where PQfformat(result, column) == 1: return .blob(Array(bytes))
        case .bytes: return .blob(unhex(bytes))
        case .text, .other: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// `\x00ff`, as PostgreSQL writes bytes in text.
    private static func unhex(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        func nibble(_ byte: UInt8) -> UInt8 { byte < 58 ? byte - 48 : byte - 87 }
        return stride(from: 2, to: text.count - 1, by: 2).map { nibble(text[$0]) << 4 | nibble(text[$0 + 1]) }
    }
}

extension [UInt8] {
    /// Big-endian, as the network wants it.
    mutating func append<T: FixedWidthInteger>(network value: T) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// One field of COPY or of an array: its length, then its bytes; length -1 for NULL. Integers go into text as
    /// digits and digits into integers, as SQLite's affinity does it; what cannot be is a bug.
    mutating func append(
        field cell: RowBatch.Cell, _ bytes: UnsafePointer<UInt8>, as kind: PostgresValue.Kind
    ) throws {
        if cell.kind == .null { return append(network: -1 as Int32) }
        let raw = UnsafeBufferPointer(start: bytes + Int(cell.kind == .int ? 0 : cell.value), count: Int(cell.length))
        switch (kind, cell.kind) {
        case (.int8, .int): append(integer: cell.value, Int64.self)
        case (.text, .text), (.other, .text), (.bytes, .blob):
            append(network: cell.length)
            append(contentsOf: raw)
        case (.text, .int), (.other, .int):
            let digits = String(cell.value)
            append(network: Int32(digits.utf8.count))
            append(contentsOf: digits.utf8)
        case (.int8, _), (.int4, _), (.int2, _), (.flag, _):
            let text = String(decoding: raw, as: UTF8.self)
            guard let number = cell.kind == .int ? cell.value : Int64(text) else {
                throw DatabaseError.bug("an integer column does not take '\(text)'")
            }
            try append(number, as: kind)
        default: throw DatabaseError.bug("a \(kind.name) column does not take a \(cell.kind)")
        }
    }

    private mutating func append<T: FixedWidthInteger>(integer value: T, _ type: T.Type) {
        append(network: Int32(MemoryLayout<T>.size))
        append(network: value)
    }

    private mutating func append(_ number: Int64, as kind: PostgresValue.Kind) throws {
        switch kind {
        case .int4:
            guard let value = Int32(exactly: number) else { throw DatabaseError.bug("\(number) is no INTEGER") }
            append(integer: value, Int32.self)
        case .int2:
            guard let value = Int16(exactly: number) else { throw DatabaseError.bug("\(number) is no SMALLINT") }
            append(integer: value, Int16.self)
        case .flag: append(integer: number == 0 ? 0 : 1, UInt8.self)
        default: append(integer: number, Int64.self)
        }
    }
}
