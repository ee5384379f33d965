/// Records of a file of JSON lines (RFC 8259, one object a line): the keys are the headings, the values the cells.
/// A number keeps its exact text, a string loses its escapes, null and a missing key are an empty cell, arrays and objects
/// stay as they are written.
final class JSONLineRecords: RecordSource {
    let buffer: RecordBuffer
    private(set) var headings: [String]
    private var headingBytes: [[UInt8]]
    private var indexByHeading: [String: Int]
    /// While headings are collected, a new key is a new column; later it cannot occur.
    private let collects: Bool
    private static let depthLimit = 64

    init(_ source: TextSource, headings: [String] = [], collects: Bool = false) {
        buffer = RecordBuffer(source: source)
        self.headings = headings
        self.collects = collects
        headingBytes = headings.map { Array($0.utf8) }
        indexByHeading = Dictionary(headings.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func next() throws(TableProblems) -> Bool {
        while true {
            var lineEnd = buffer.start
            while lineEnd < buffer.end, buffer.bytes[lineEnd] != 10 { lineEnd &+= 1 }
            if lineEnd == buffer.end, !buffer.atEnd {
                if buffer.end - buffer.start > RecordBuffer.recordLimit {
                    throw buffer.tooLong(column: nil, quoteOpen: false)
                }
                _ = try buffer.refill()
                continue
            }
            if buffer.start == buffer.end { return false }
            if lineEnd - buffer.start > RecordBuffer.recordLimit {
                throw buffer.tooLong(column: nil, quoteOpen: false)
            }
            buffer.record += 1
            try readObject(buffer.start, lineEnd)
            buffer.start = min(lineEnd + 1, buffer.end)
            return true
        }
    }

    /// Why a line is not one JSON object.
    private struct Defect: Error {
        let why: String
        init(_ why: String) { self.why = why }
    }

    private func readObject(_ from: Int, _ to: Int) throws(TableProblems) {
        for index in 0..<headings.count { buffer.cells[index] = Cell() }
        buffer.flags = 0
        buffer.defect = nil
        var reader = Reader(bytes: buffer.bytes, position: from, end: to)
        reader.skipBlanks()
        if reader.position == to {
            buffer.cellCount = 0
            buffer.width = 0
            return
        }
        do throws(Defect) {
            try members(&reader)
        } catch {
            buffer.defect = error.why
        }
        if headings.count > RecordBuffer.columnLimit {
            throw TableProblems(
                "table.too-many-columns", row: buffer.record,
                why: "The objects have more than \(RecordBuffer.columnLimit) different keys.",
                next: "Leave out the keys that are not needed.")
        }
        buffer.cellCount = headings.count
        buffer.width = headings.count
    }

    private func members(_ reader: inout Reader) throws(Defect) {
        try reader.expect(UInt8(ascii: "{"), "it does not begin with {: each line holds one object")
        reader.skipBlanks()
        if reader.peek == UInt8(ascii: "}") {
            reader.position += 1
        } else {
            var guess = 0
            while true {
                reader.skipBlanks()
                let key = try reader.string()
                let column = try self.column(of: key, guess: guess)
                guess = column + 1
                reader.skipBlanks()
                try reader.expect(UInt8(ascii: ":"), "a colon is missing after a key")
                reader.skipBlanks()
                var cell = try reader.value(depth: 0)
                if column < RecordBuffer.columnLimit {
                    if buffer.cells[column].flags & Cell.present != 0 {
                        throw Defect("the key \(TableProblem.cut(headings[column])) stands there twice")
                    }
                    if cell.flags & Cell.escaped != 0 { try reader.unescape(&cell) }
                    if Int(cell.end - cell.start) > RecordBuffer.fieldLimit { cell.flags |= Cell.tooLong }
                    cell.flags |= Cell.present
                    buffer.cells[column] = cell
                    buffer.flags |= cell.flags
                }
                reader.skipBlanks()
                if reader.peek == UInt8(ascii: ",") {
                    reader.position += 1
                    continue
                }
                try reader.expect(
                    UInt8(ascii: "}"), "a comma or } is missing after a value, or the object does not end on its line")
                break
            }
        }
        reader.skipBlanks()
        guard reader.position == reader.end else { throw Defect("something follows the object on its line") }
    }

    private func column(of key: Cell, guess: Int) throws(Defect) -> Int {
        let text = UnsafeBufferPointer(start: buffer.bytes + Int(key.start), count: Int(key.end - key.start))
        if key.flags & Cell.escaped == 0, guess < headingBytes.count, headingBytes[guess].elementsEqual(text) {
            return guess
        }
        var key = key
        if key.flags & Cell.escaped != 0 {
            try Reader(bytes: buffer.bytes, position: Int(key.start), end: Int(key.end)).unescape(&key)
        }
        let name = String(
            decoding: UnsafeBufferPointer(start: buffer.bytes + Int(key.start), count: Int(key.end - key.start)),
            as: UTF8.self)
        if let known = indexByHeading[name] { return known }
        guard collects else { return RecordBuffer.columnLimit }
        headings.append(name)
        headingBytes.append(Array(name.utf8))
        indexByHeading[name] = headings.count - 1
        if headings.count <= RecordBuffer.columnLimit { buffer.cells[headings.count - 1] = Cell() }
        return headings.count - 1
    }

    /// Walks the bytes of one line.
    private struct Reader {
        let bytes: UnsafeMutablePointer<UInt8>
        var position: Int
        let end: Int

        var peek: UInt8 { position < end ? bytes[position] : 0 }

        mutating func skipBlanks() {
            while position < end, bytes[position] == 32 || bytes[position] == 9 || bytes[position] == 13 {
                position &+= 1
            }
        }

        mutating func expect(_ byte: UInt8, _ why: String) throws(Defect) {
            guard peek == byte else { throw Defect(why) }
            position += 1
        }

        /// The inside of a string; its escapes are checked only when they are undone.
        mutating func string() throws(Defect) -> Cell {
            try expect(UInt8(ascii: "\""), "a quotation mark is missing before a key or text")
            var cell = Cell(start: Int32(truncatingIfNeeded: position), end: 0, flags: Cell.quoted)
            while position < end {
                let byte = bytes[position]
                if byte == UInt8(ascii: "\"") {
                    cell.end = Int32(truncatingIfNeeded: position)
                    position &+= 1
                    return cell
                }
                if byte == UInt8(ascii: "\\") {
                    cell.flags |= Cell.escaped
                    position &+= 1
                } else if byte < 32 {
                    throw Defect("a control character stands in a text without being escaped")
                }
                position &+= 1
            }
            throw Defect("a text is not closed before the line ends")
        }

        mutating func value(depth: Int) throws(Defect) -> Cell {
            let from = position
            switch peek {
            case UInt8(ascii: "\""): return try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                try nested(depth: depth)
                return Cell(start: Int32(truncatingIfNeeded: from), end: Int32(truncatingIfNeeded: position), flags: 0)
            case UInt8(ascii: "t"): try word("true")
            case UInt8(ascii: "f"): try word("false")
            case UInt8(ascii: "n"):
                try word("null")
                return Cell(start: Int32(truncatingIfNeeded: from), end: Int32(truncatingIfNeeded: from), flags: 0)
            default:
                try number()
                return Cell(
                    start: Int32(truncatingIfNeeded: from), end: Int32(truncatingIfNeeded: position), flags: Cell.number
                )
            }
            return Cell(start: Int32(truncatingIfNeeded: from), end: Int32(truncatingIfNeeded: position), flags: 0)
        }

        private mutating func word(_ text: StaticString) throws(Defect) {
            let count = text.utf8CodeUnitCount
            guard end - position >= count else { throw Defect("a value is not JSON") }
            for index in 0..<count where bytes[position + index] != text.utf8Start[index] {
                throw Defect("a value is not JSON (a text needs quotation marks)")
            }
            position += count
        }

        /// `-? digits [. digits] [e ± digits]`, no leading zero.
        private mutating func number() throws(Defect) {
            if peek == UInt8(ascii: "-") { position += 1 }
            let whole = position
            digits()
            guard position > whole else { throw Defect("a value is not JSON (a text needs quotation marks)") }
            if bytes[whole] == UInt8(ascii: "0"), position > whole + 1 {
                throw Defect("a number begins with zero; write a reference as text, in quotation marks")
            }
            if peek == UInt8(ascii: ".") {
                position += 1
                let fraction = position
                digits()
                guard position > fraction else { throw Defect("digits are missing after a decimal point") }
            }
            if peek | 0x20 == UInt8(ascii: "e") {
                position += 1
                if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
                let exponent = position
                digits()
                guard position > exponent else { throw Defect("digits are missing in an exponent") }
            }
        }
        private mutating func digits() {
            while position < end, bytes[position] >= 48, bytes[position] <= 57 { position &+= 1 }
        }

        private mutating func nested(depth: Int) throws(Defect) {
            guard depth < JSONLineRecords.depthLimit else { throw Defect("values are nested too deep") }
            let closing: UInt8 = peek == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
            position += 1
            skipBlanks()
            if peek == closing {
                position += 1
                return
            }
            while true {
                skipBlanks()
                if closing == UInt8(ascii: "}") {
                    _ = try string()
                    skipBlanks()
                    try expect(UInt8(ascii: ":"), "a colon is missing after a key")
                    skipBlanks()
                }
                _ = try value(depth: depth + 1)
                skipBlanks()
                if peek == UInt8(ascii: ",") {
                    position += 1
                    continue
                }
                try expect(closing, "a nested value is not closed")
                return
            }
        }

        /// Undoes backslashes in place; the result is never longer.
        func unescape(_ cell: inout Cell) throws(Defect) {
            var read = Int(cell.start)
            var write = read
            let stop = Int(cell.end)
            while read < stop {
                let byte = bytes[read]
                read &+= 1
                guard byte == UInt8(ascii: "\\") else {
                    bytes[write] = byte
                    write &+= 1
                    continue
                }
                guard read < stop else { throw Defect("a backslash escapes nothing") }
                let code = bytes[read]
                read += 1
                var scalar: UInt32
                switch code {
                case UInt8(ascii: "n"): scalar = 10
                case UInt8(ascii: "t"): scalar = 9
                case UInt8(ascii: "r"): scalar = 13
                case UInt8(ascii: "b"): scalar = 8
                case UInt8(ascii: "f"): scalar = 12
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = UInt32(code)
                case UInt8(ascii: "u"):
                    scalar = try hex(read, stop)
                    read += 4
                    if scalar & 0xFC00 == 0xD800 {
                        guard read + 6 <= stop, bytes[read] == UInt8(ascii: "\\"), bytes[read + 1] == UInt8(ascii: "u")
                        else { throw Defect("half a character is escaped") }
                        let second = try hex(read + 2, stop)
                        guard second & 0xFC00 == 0xDC00 else { throw Defect("half a character is escaped") }
                        scalar = 0x10000 + (scalar & 0x3FF) << 10 + (second & 0x3FF)
                        read += 6
                    }
                default: throw Defect("a backslash is followed by something JSON does not know")
                }
                guard let valid = Unicode.Scalar(scalar) else { throw Defect("half a character is escaped") }
                if scalar < 32, scalar != 9, scalar != 10, scalar != 13 { cell.flags |= Cell.control }
                for unit in UTF8.encode(valid)! {
                    bytes[write] = unit
                    write &+= 1
                }
            }
            cell.end = Int32(truncatingIfNeeded: write)
            cell.flags &= ~Cell.escaped
        }

        private func hex(_ from: Int, _ stop: Int) throws(Defect) -> UInt32 {
            guard from + 4 <= stop else { throw Defect("a \\u escape has fewer than four digits") }
            var value: UInt32 = 0
            for index in from..<from + 4 {
                let byte = bytes[index]
                switch byte {
                case 48...57: value = value << 4 | UInt32(byte - 48)
                case 65...70, 97...102: value = value << 4 | UInt32((byte | 0x20) - 87)
                default: throw Defect("a \\u escape has fewer than four digits")
                }
            }
            return value
        }
    }
}
