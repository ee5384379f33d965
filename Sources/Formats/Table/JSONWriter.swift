import Money

/// Writes JSON text as it is told, without keeping it: members in the order given, no blanks, so that equal values are equal bytes.
/// Strings are escaped as RFC 8259 demands and no further.
public struct JSONWriter {
    public let sink: TextSink
    /// Whether the object or array at each depth has a member already: a bit for each, the innermost lowest.
    private var hasMember: UInt64 = 0
    private var depth = 0
    private var afterName = false
    private static let deepest = 64

    public init(_ sink: TextSink) { self.sink = sink }

    public mutating func beginObject() { open(UInt8(ascii: "{")) }
    public mutating func endObject() { close(UInt8(ascii: "}")) }
    public mutating func beginArray() { open(UInt8(ascii: "[")) }
    public mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The name of the next member.
    public mutating func name(_ name: String) {
        separate()
        Self.quote(name, into: sink)
        sink.put(UInt8(ascii: ":"))
        afterName = true
    }
    /// The same for a name of the program's own, of letters and underscores.
    @inline(__always)
    public mutating func key(_ name: StaticString) {
        separate()
        let count = name.utf8CodeUnitCount
        sink.put(most: count + 3) { out in
            out[0] = UInt8(ascii: "\"")
            (out + 1).update(from: name.utf8Start, count: count)
            out[count + 1] = UInt8(ascii: "\"")
            out[count + 2] = UInt8(ascii: ":")
            return count + 3
        }
        afterName = true
    }

    public mutating func string(_ text: String) {
        separate()
        Self.quote(text, into: sink)
    }
    public mutating func integer(_ number: Int) {
        separate()
        sink.put(String(number))
    }
    public mutating func bool(_ value: Bool) {
        separate()
        sink.put(value ? "true" as StaticString : "false")
    }
    public mutating func null() {
        separate()
        sink.put("null")
    }
    /// A decimal text, or null.
    public mutating func decimal(_ money: Money?) {
        guard let money else { return null() }
        separate()
        sink.put(UInt8(ascii: "\""))
        sink.put(money)
        sink.put(UInt8(ascii: "\""))
    }
    /// A day as text, or null.
    public mutating func day(_ day: Day?) {
        guard let day else { return null() }
        separate()
        sink.put(UInt8(ascii: "\""))
        sink.put(day)
        sink.put(UInt8(ascii: "\""))
    }
    public mutating func stringOrNull(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    /// A member with a text, or null.
    public mutating func member(_ name: String, _ text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }
    public mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        integer(number)
    }
    public mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// Ends a line of JSON lines, or the document.
    public mutating func endLine() throws(TextWriteFailure) {
        precondition(depth == 0, "a line ended inside a value")
        sink.put(10)
        try sink.drain()
    }

    /// Hands a full block on; to be called now and then inside one large document.
    public func drain() throws(TextWriteFailure) { try sink.drain() }

    private mutating func open(_ byte: UInt8) {
        separate()
        sink.put(byte)
        precondition(depth < Self.deepest, "values were opened within values without end")
        hasMember <<= 1
        depth += 1
    }
    private mutating func close(_ byte: UInt8) {
        precondition(!afterName && depth > 0, "more was closed than opened")
        hasMember >>= 1
        depth -= 1
        sink.put(byte)
    }
    private mutating func separate() {
        if afterName {
            afterName = false
        } else if depth > 0 {
            if hasMember & 1 != 0 { sink.put(UInt8(ascii: ",")) }
            hasMember |= 1
        }
    }

    /// The text in quotation marks: `"`, `\` and control characters escaped, everything else as it is.
    static func quote(_ text: String, into sink: TextSink) {
        var text = text
        sink.put(UInt8(ascii: "\""))
        text.withUTF8 { bytes in
            var (from, index) = (0, 0)
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 32 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    sink.put(UnsafeBufferPointer(rebasing: bytes[from..<index]))
                    sink.put(escape(byte))
                    from = index + 1
                }
                index += 1
            }
            sink.put(UnsafeBufferPointer(rebasing: bytes[from...]))
        }
        sink.put(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "\""): return "\\\""
        case UInt8(ascii: "\\"): return "\\\\"
        case 8: return "\\b"
        case 9: return "\\t"
        case 10: return "\\n"
        case 12: return "\\f"
        case 13: return "\\r"
        default:
            let hex = String(byte, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
    }
}
