/// Rows on their way into one table, laid flat: no value has an allocation of its own, and texts lie in one run of bytes
/// that both engines read in place.
///
///     var lines = RowBatch(into: "journal_lines", columns: ["book", "entry", "account"])
///     lines.append(book)
///     lines.append(entry)
///     lines.append("receivable")
///     lines.endRow()
///     try transaction.insert(lines)
public struct RowBatch: Sendable {
    public let table: String
    public let columns: [String]
    /// How many rows are complete.
    public private(set) var rowCount = 0

    /// `table (column, column)`, as INSERT and COPY want it, and the key under which a connection knows the shape.
    let shape: String
    @usableFromInline var cells: [Cell] = []
    /// Texts and blobs one after the other. The first byte is never used, so that an empty text has an address, too.
    @usableFromInline var bytes: [UInt8] = [0]

    @usableFromInline
    struct Cell: Sendable {
        @usableFromInline enum Kind: UInt8, Sendable { case null, int, text, blob }
        /// The integer, or where the text begins in `bytes`.
        @usableFromInline let value: Int64
        /// Of the text or blob, in bytes.
        @usableFromInline let length: Int32
        @usableFromInline let kind: Kind
        @usableFromInline
        init(_ value: Int64, _ length: Int32, _ kind: Kind) {
            self.value = value
            self.length = length
            self.kind = kind
        }
    }

    public init(into table: String, columns: [String]) {
        precondition(!columns.isEmpty, "a row has at least one column")
        self.table = table
        self.columns = columns
        shape = "\(table) (\(columns.joined(separator: ", ")))"
    }

    public var isEmpty: Bool { rowCount == 0 }

    /// Makes room, so that a batch of known size is not moved while it grows.
    public mutating func reserve(rows: Int, bytesPerRow: Int = 64) {
        cells.reserveCapacity(cells.count + rows * columns.count)
        bytes.reserveCapacity(bytes.count + rows * bytesPerRow)
    }

    /// Forgets the rows and keeps the room they took.
    public mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        bytes.append(0)
        rowCount = 0
    }

    @inlinable
    public mutating func append(_ value: Int64) {
        cells.append(Cell(value, 0, .int))
    }
    @inlinable
    public mutating func append(_ value: Int) {
        append(Int64(value))
    }
    @inlinable
    public mutating func append(_ value: Int64?) {
        if let value { append(value) } else { appendNull() }
    }
    /// A flag: 0 or 1.
    @inlinable
    public mutating func append(_ flag: Bool) {
        append(flag ? 1 as Int64 : 0)
    }
    @inlinable
    public mutating func appendNull() {
        cells.append(Cell(0, 0, .null))
    }
    @inlinable
    public mutating func append(_ text: some StringProtocol) {
        let start = bytes.count
        if text.utf8.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
            bytes.append(contentsOf: text.utf8)
        }
        cells.append(Cell(Int64(start), Int32(bytes.count - start), .text))
    }
    @inlinable
    public mutating func append(_ text: (some StringProtocol)?) {
        if let text { append(text) } else { appendNull() }
    }
    /// A text given as its UTF-8 bytes, which must be valid.
    @inlinable
    public mutating func append(utf8: UnsafeBufferPointer<UInt8>) {
        cells.append(Cell(Int64(bytes.count), Int32(utf8.count), .text))
        bytes.append(contentsOf: utf8)
    }
    @inlinable
    public mutating func append(blob: some Collection<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: blob)
        cells.append(Cell(Int64(start), Int32(bytes.count - start), .blob))
    }
    public mutating func append(_ value: SQLValue) {
        switch value {
        case .null: appendNull()
        case .int(let number): append(number)
        case .text(let text): append(text)
        case .blob(let bytes): append(blob: bytes)
        }
    }

    /// Closes a row. A row with too few or too many values is a bug, and stops here rather than in the books.
    public mutating func endRow() {
        rowCount += 1
        precondition(
            cells.count == rowCount * columns.count,
            "row \(rowCount) for \(table) has \(cells.count - (rowCount - 1) * columns.count) values, not \(columns.count)"
        )
    }

    /// The cells and the bytes of complete rows; refuses what PostgreSQL cannot store, so that SQLite does not either.
    func withCells<T>(
        _ body: (UnsafeBufferPointer<Cell>, UnsafePointer<UInt8>) throws -> T
    ) throws -> T {
        precondition(cells.count == rowCount * columns.count, "the last row for \(table) was not ended")
        return try cells.withUnsafeBufferPointer { cells in
            try bytes.withUnsafeBufferPointer { bytes in
                guard let start = bytes.baseAddress else { preconditionFailure("the first byte is always there") }
                if UnsafeBufferPointer(rebasing: bytes.dropFirst()).contains(0), let cell = Self.nulText(cells, start) {
                    throw DatabaseError.bug(
                        "a text for \(table).\(columns[cell % columns.count]) holds a NUL character")
                }
                return try body(cells, start)
            }
        }
    }

    private static func nulText(_ cells: UnsafeBufferPointer<Cell>, _ bytes: UnsafePointer<UInt8>) -> Int? {
        cells.firstIndex { cell in
            cell.kind == .text
                && UnsafeBufferPointer(start: bytes + Int(cell.value), count: Int(cell.length)).contains(0)
        }
    }
}
