/// Where a cell's bytes lie in the record buffer.
struct Cell {
    var start: Int32 = 0
    var end: Int32 = 0
    var flags: UInt8 = 0

    static let quoted: UInt8 = 1
    /// Holds doubled quotes (CSV) or backslashes (JSON) still to be undone.
    static let escaped: UInt8 = 2
    /// Holds a control character other than tab and line ends.
    static let control: UInt8 = 4
    /// Text follows the closing quote.
    static let trailing: UInt8 = 8
    /// Longer than `RecordBuffer.fieldLimit`.
    static let tooLong: UInt8 = 16
    /// A JSON number: its text is exact and its decimals follow a point.
    static let number: UInt8 = 32
    /// JSON: the object names the key (a null does too).
    static let present: UInt8 = 64
    /// A sheet: an error (`#N/A`), a formula without a result, or a number that is no day though it is shown as one.
    static let fault: UInt8 = 128
    /// The flags that make a row unusable.
    static let broken: UInt8 = control | trailing | tooLong
}

/// A window of a file that holds at least one whole record, and the cells of the record read last.
/// Two mebibytes, however large the file: a record may have one.
final class RecordBuffer {
    /// Bytes a record may have.
    static let recordLimit = 1 << 20
    /// Bytes a cell may have.
    static let fieldLimit = 1 << 16
    static let columnLimit = 1000
    private static let capacity = 2 * recordLimit + 1024

    let bytes: UnsafeMutablePointer<UInt8>
    let cells: UnsafeMutablePointer<Cell>
    /// nil where records come from elsewhere than from text.
    private let source: TextSource?
    /// Bytes of the file that such records took so far.
    var reported: Int64 = 0
    /// Begin of what is not read yet, and end of what is loaded.
    var start = 0
    private(set) var end = 0
    private(set) var atEnd = false
    /// Cells of the record read last; at most `columnLimit` are kept.
    var cellCount = 0
    /// Cells it really had.
    var width = 0
    /// All cells' flags together.
    var flags: UInt8 = 0
    /// Number of the record read last, from 1.
    var record = 0
    /// Why the record as a whole could not be read (JSON lines).
    var defect: String?

    init(source: TextSource? = nil) {
        self.source = source
        bytes = .allocate(capacity: Self.capacity + 8)
        cells = .allocate(capacity: Self.columnLimit)
        cells.initialize(repeating: Cell(), count: Self.columnLimit)
    }
    deinit {
        bytes.deallocate()
        cells.deallocate()
    }

    /// Bytes of the file taken so far, for progress.
    var position: Int64 { source?.position ?? reported }

    /// Moves the unread rest to the front and loads more behind it. False when there is no more.
    func refill() throws(TableProblems) -> Bool {
        guard !atEnd, let source else { return false }
        let rest = end - start
        if start > 0, rest > 0 { bytes.update(from: bytes + start, count: rest) }
        start = 0
        end = rest
        while Self.capacity - end > 1024 {
            let got = try source.fill(bytes + end, capacity: Self.capacity - end)
            if got == 0 {
                atEnd = true
                // The end-of-file mark of DOS programs is no character of the table.
                if end > 0, bytes[end - 1] == 0x1A { end -= 1 }
                break
            }
            end += got
        }
        return end > rest
    }

    /// The bytes of cell `index`; none where the record has no such cell.
    func cell(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        guard index >= 0, index < cellCount else { return UnsafeBufferPointer(start: nil, count: 0) }
        let cell = cells[index]
        return UnsafeBufferPointer(start: bytes + Int(cell.start), count: Int(cell.end &- cell.start))
    }

    /// Nothing stands in the record: an empty line, or separators only.
    var isBlank: Bool {
        guard defect == nil, width == cellCount else { return false }
        for index in 0..<cellCount where cells[index].end > cells[index].start || cells[index].flags != 0 {
            return false
        }
        return true
    }

    func tooLong(column: Int?, quoteOpen: Bool) -> TableProblems {
        TableProblems(
            "table.record-too-long", row: record + 1, column: column.map { "#\($0)" },
            why: "It is longer than 1 MiB"
                + (quoteOpen ? ": a quotation mark that opens there is not closed." : " without a line end."),
            next: quoteOpen
                ? "Close the quotation mark or remove it." : "Check that the file is a table with line ends.")
    }
}

/// What reads records one after the other into a buffer.
protocol RecordSource: AnyObject {
    var buffer: RecordBuffer { get }
    /// False at the end of the file.
    func next() throws(TableProblems) -> Bool
}
