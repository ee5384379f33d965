/// Writes rows by RFC 4180: UTF-8, line feeds, quotes only where they are needed. Cells are written exactly; nothing is put before
/// a leading equals sign unless `guarded` is asked for it.
public struct CSVWriter {
    public let sink: TextSink
    private let separator: UInt8
    private var cells = 0
    private var firstIsEmpty = false

    public init(_ sink: TextSink, separator: TableSeparator = .comma) {
        self.sink = sink
        self.separator = separator.byte
    }

    /// One row, and its line end.
    public mutating func row(_ cells: some Sequence<String>) throws(TextWriteFailure) {
        for cell in cells { self.cell(cell) }
        try endRow()
    }

    /// One more cell of the row.
    public mutating func cell(_ text: String) {
        var text = text
        text.withUTF8 { cell($0) }
    }

    /// The same from UTF-8 bytes.
    public mutating func cell(_ bytes: UnsafeBufferPointer<UInt8>) {
        if cells > 0 { sink.put(separator) }
        firstIsEmpty = cells == 0 && bytes.isEmpty
        guard needsQuotes(bytes) else {
            cells += 1
            sink.put(bytes)
            return
        }
        cells += 1
        sink.put(UInt8(ascii: "\""))
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { sink.put(byte) }
            sink.put(byte)
        }
        sink.put(UInt8(ascii: "\""))
    }

    /// The cell's text, made harmless for whoever opens the file in a spreadsheet: a text that a spreadsheet would take for a formula
    /// gets an apostrophe in front, and so does one that already looks as if it had got one. Reading a table takes one away again
    /// (`TableRow.text`). Signed numbers and telephone numbers cannot do anything and stay as they are.
    public static func guarded(_ text: String) -> String {
        var text = text
        return text.withUTF8 { isFormula($0) || isGuarded($0) } ? "'" + text : text
    }

    /// Begins as formulas do, and is more than a number with a sign.
    static func isFormula(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 9, 13: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return !text.dropFirst().allSatisfy { (48...57).contains($0) || " .,()/-".utf8.contains($0) }
        default: return false
        }
    }

    /// `'=…`, `''=…`: a formula behind apostrophes.
    static func isGuarded(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "'") else { return false }
        return isFormula(UnsafeBufferPointer(rebasing: text.drop { $0 == UInt8(ascii: "'") }))
    }

    /// A cell without text.
    public mutating func blank() { cell(UnsafeBufferPointer(start: nil, count: 0)) }

    /// Every cell of a row that was read, as it was.
    public mutating func cells(of row: TableRow) {
        for column in 0..<row.cellCount { cell(row.cell(column)) }
    }

    public mutating func endRow() throws(TextWriteFailure) {
        // A row of one empty cell must not look like a blank line.
        if cells == 1, firstIsEmpty {
            sink.put(UInt8(ascii: "\""))
            sink.put(UInt8(ascii: "\""))
        }
        sink.put(10)
        cells = 0
        firstIsEmpty = false
        try sink.drain()
    }

    /// Every separator is quoted, also the ones not in use, so that no reader has to guess; so is what would make the file look like
    /// something else when it stands first.
    private func needsQuotes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first else { return false }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), 9, 10, 13: return true
            default: break
            }
        }
        if first == 32 || bytes[bytes.count - 1] == 32 { return true }
        guard sink.byteCount == 0 else { return bytes[bytes.count - 1] == 0x1A }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "<") || first == 0xEF
            || first == UInt8(ascii: "P") || first == UInt8(ascii: "%") || bytes.starts(with: "sep=".utf8)
    }
}
