/// The tag of a SWIFT field: `:20:`, `:60F:`, `:NS:`.
struct SwiftTag: Equatable {
    /// Digits and letter without the colons.
    let name: String
    /// Bytes with the colons.
    let length: Int

    private static let known: Set<String> = [
        "13", "13C", "13D", "20", "21", "23", "25", "25P", "28", "28C", "34F", "37H", "37J", "38D", "60A", "60F", "60M",
        "61",
        "62A", "62F", "62M", "64", "65", "65F", "86", "90C", "90D", "NS",
    ]

    /// The tag at the beginning of these bytes; nil where there is none that a statement has.
    init?(_ bytes: some Collection<UInt8>) {
        var rest = bytes.makeIterator()
        guard rest.next() == UInt8(ascii: ":") else { return nil }
        var letters: [UInt8] = []
        while let byte = rest.next() {
            if byte == UInt8(ascii: ":") { break }
            letters.append(byte)
            guard letters.count <= 3 else { return nil }
        }
        guard letters.count + 2 <= bytes.count else { return nil }
        let name = String(decoding: letters, as: UTF8.self)
        guard Self.known.contains(name) else { return nil }
        self.name = name
        length = letters.count + 2
    }

    /// Whether it is enough to know a statement by.
    var isOfStatement: Bool {
        switch name {
        case "20", "25", "25P", "28", "28C", "60F", "60M", "61", "62F", "62M", "64": true
        default: false
        }
    }
}

/// One field of a SWIFT message: what stands behind its tag, lines joined by line feeds.
struct SwiftField {
    var tag: String
    var bytes: [UInt8]
    var line: Int
}

/// Lines of a text file as bytes, whatever ends them, without zero bytes.
struct LineReader {
    private let source: ByteSource
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var position = 0
    private var end = 0
    private var afterReturn = false
    private let limit: Int
    /// Number of the line told last, from 1.
    private(set) var number = 0
    private(set) var tooLong = false

    init(_ source: ByteSource, limit: Int) {
        self.source = source
        self.limit = limit
    }

    /// The next line into `line`; false at the end, and where a line is longer than the limit.
    mutating func next(_ line: inout [UInt8]) -> Bool {
        line.removeAll(keepingCapacity: true)
        var any = false
        while true {
            if position == end {
                end = buffer.withUnsafeMutableBytes { source.fill($0.baseAddress!, $0.count) }
                position = 0
                if end == 0 {
                    if any { number += 1 }
                    return any
                }
            }
            if afterReturn {
                afterReturn = false
                if buffer[position] == 10 {
                    position += 1
                    continue
                }
            }
            any = true
            let start = position
            while position < end, buffer[position] != 10, buffer[position] != 13 { position += 1 }
            line.append(contentsOf: buffer[start..<position])
            // A byte order mark.
            if number == 0, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
            if line.count > limit {
                tooLong = true
                number += 1
                return false
            }
            guard position < end else { continue }
            afterReturn = buffer[position] == 13
            position += 1
            number += 1
            return true
        }
    }
}
