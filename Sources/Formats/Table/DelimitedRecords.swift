/// Records of a separated file by RFC 4180, and what is found in the wild: any of four separators, LF, CRLF or CR,
/// blanks around quotes, line breaks inside them.
final class DelimitedRecords: RecordSource {
    let buffer: RecordBuffer
    private let classes: UnsafeMutablePointer<UInt8>
    private let separator: UInt8

    // What a byte means outside quotes.
    private static let plain: UInt8 = 0
    private static let separating: UInt8 = 1
    private static let lineFeed: UInt8 = 2
    private static let carriageReturn: UInt8 = 3
    private static let control: UInt8 = 4
    private static let quote = UInt8(ascii: "\"")

    init(_ source: TextSource, separator: TableSeparator) {
        buffer = RecordBuffer(source: source)
        self.separator = separator.byte
        classes = .allocate(capacity: 256)
        classes.initialize(repeating: Self.plain, count: 256)
        for byte in 0..<32 where byte != 9 { classes[byte] = Self.control }
        classes[127] = Self.control
        classes[10] = Self.lineFeed
        classes[13] = Self.carriageReturn
        classes[Int(separator.byte)] = Self.separating
    }
    deinit { classes.deallocate() }

    func next() throws(TableProblems) -> Bool {
        while true {
            if let following = try scan() {
                if following - buffer.start > RecordBuffer.recordLimit + 2 {
                    throw buffer.tooLong(column: nil, quoteOpen: false)
                }
                buffer.start = following
                buffer.record += 1
                if buffer.flags & Cell.escaped != 0 { undouble() }
                return true
            }
            if buffer.end - buffer.start > RecordBuffer.recordLimit {
                throw buffer.tooLong(column: openQuote, quoteOpen: openQuote != nil)
            }
            if try !buffer.refill(), buffer.start == buffer.end { return false }
        }
    }

    /// Column of a quoted cell that the loaded bytes do not close.
    private var openQuote: Int?

    /// Cells of the record at `buffer.start`; the start of the next record, or nil when the record may not be complete.
    private func scan() throws(TableProblems) -> Int? {
        let bytes = buffer.bytes
        let end = buffer.end
        let atEnd = buffer.atEnd
        var position = buffer.start
        var count = 0
        var all: UInt8 = 0
        openQuote = nil
        if position == end { return nil }
        while true {
            var cell = Cell()
            var begin = position
            // A quote may open after blanks.
            while begin < end, bytes[begin] == 32 { begin &+= 1 }
            if begin < end, bytes[begin] == Self.quote {
                position = begin &+ 1
                guard let closing = closingQuote(from: position, end, &cell) else {
                    openQuote = count + 1
                    if atEnd {
                        throw TableProblems(
                            "table.quote-open", row: buffer.record + 1, column: "#\(count + 1)",
                            why: "The quotation mark that opens there is not closed before the file ends.",
                            next: "Close the quotation mark or remove it.")
                    }
                    return nil
                }
                cell.start = Int32(truncatingIfNeeded: position)
                cell.end = Int32(truncatingIfNeeded: closing)
                position = closing &+ 1
                while position < end,
                    classes[Int(bytes[position])] == Self.plain || classes[Int(bytes[position])] == Self.control
                {
                    if bytes[position] != 32 { cell.flags |= Cell.trailing }
                    position &+= 1
                }
            } else {
                cell.start = Int32(truncatingIfNeeded: position)
                while position < end {
                    let kind = classes[Int(bytes[position])]
                    if kind != Self.plain {
                        if kind != Self.control { break }
                        cell.flags |= Cell.control
                    }
                    position &+= 1
                }
                cell.end = Int32(truncatingIfNeeded: position)
            }
            if Int(cell.end &- cell.start) > RecordBuffer.fieldLimit { cell.flags |= Cell.tooLong }
            if position == end, !atEnd { return nil }
            all |= cell.flags
            if count < RecordBuffer.columnLimit { buffer.cells[count] = cell }
            count &+= 1
            if position == end { break }
            let byte = bytes[position]
            position &+= 1
            if byte == separator { continue }
            if byte == 13 {
                if position == end, !atEnd { return nil }
                if position < end, bytes[position] == 10 { position &+= 1 }
            }
            break
        }
        buffer.width = count
        buffer.cellCount = min(count, RecordBuffer.columnLimit)
        buffer.flags = all
        return position
    }

    /// Position of the quote that closes the cell, nil when it is not loaded. A quote at the very end of what is loaded may be the
    /// first of two.
    private func closingQuote(from: Int, _ end: Int, _ cell: inout Cell) -> Int? {
        let bytes = buffer.bytes
        var position = from
        cell.flags = Cell.quoted
        while position < end {
            let byte = bytes[position]
            if byte == Self.quote {
                if position &+ 1 == end { return buffer.atEnd ? position : nil }
                if bytes[position &+ 1] != Self.quote { return position }
                cell.flags |= Cell.escaped
                position &+= 2
                continue
            }
            // A separator that is a control character (tab) and line ends are fine inside quotes.
            if byte < 32 ? byte != 10 && byte != 13 && byte != 9 : byte == 127 { cell.flags |= Cell.control }
            position &+= 1
        }
        return nil
    }

    /// `""` becomes `"`, in place.
    private func undouble() {
        let bytes = buffer.bytes
        for index in 0..<buffer.cellCount where buffer.cells[index].flags & Cell.escaped != 0 {
            let cell = buffer.cells[index]
            var write = Int(cell.start)
            var read = write
            while read < Int(cell.end) {
                bytes[write] = bytes[read]
                read &+= bytes[read] == Self.quote ? 2 : 1
                write &+= 1
            }
            buffer.cells[index].end = Int32(truncatingIfNeeded: write)
        }
    }
}
