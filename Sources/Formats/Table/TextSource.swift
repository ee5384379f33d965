#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The bytes of an open file as UTF-8, piece by piece, whatever they were stored as. Memory does not grow with the file.
final class TextSource {
    private let file: Int32
    private let size: Int64
    private let encoding: TableEncoding
    private var offset: Int64
    private let raw: UnsafeMutablePointer<UInt8>
    private static let rawCapacity = 1 << 18
    private var lead: UInt32 = 0

    /// - Parameters:
    ///   - size: bytes the file had when it was opened; later growth is not read.
    ///   - offset: where to begin, past a byte order mark.
    init(file: Int32, size: Int64, encoding: TableEncoding, offset: Int64) {
        self.file = file
        self.size = size
        self.encoding = encoding
        self.offset = offset
        raw = .allocate(capacity: Self.rawCapacity)
    }
    deinit { raw.deallocate() }

    /// Bytes of the file consumed so far.
    var position: Int64 { offset }

    /// Writes as many UTF-8 bytes as fit; fewer than `capacity` does not mean the end, 0 does.
    func fill(_ target: UnsafeMutablePointer<UInt8>, capacity: Int) throws(TableProblems) -> Int {
        switch encoding {
        case .utf8: return try read(target, capacity)
        case .windows1252:
            let count = try read(raw, min(Self.rawCapacity, capacity / 3))
            return fromWindows1252(count, target)
        case .utf16LittleEndian, .utf16BigEndian:
            let count = try read(raw, min(Self.rawCapacity, (capacity - 4) / 3 * 2) & ~1)
            if count == 0 {
                if lead != 0 { throw Self.brokenUTF16 }
                return 0
            }
            guard count & 1 == 0 else { throw Self.brokenUTF16 }
            // A piece that ends between the halves of a pair may give nothing: then the next one is asked at once.
            let written = try fromUTF16(count, target)
            return written > 0 ? written : try fill(target, capacity: capacity)
        }
    }

    private func read(_ target: UnsafeMutablePointer<UInt8>, _ capacity: Int) throws(TableProblems) -> Int {
        var done = 0
        while done < capacity, offset < size {
            let wanted = min(capacity - done, Int(size - offset))
            let got = pread(file, target + done, wanted, off_t(offset))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                throw TableProblems(
                    "table.changed-while-read", why: "The file became shorter, or unreadable, while it was read.",
                    next: "Import a copy that nobody writes to.")
            }
            done += got
            offset += Int64(got)
        }
        return done
    }

    private func fromWindows1252(_ count: Int, _ target: UnsafeMutablePointer<UInt8>) -> Int {
        var written = 0
        for index in 0..<count {
            let byte = raw[index]
            if byte < 0x80 {
                target[written] = byte
                written &+= 1
            } else {
                let scalar = byte < 0xA0 ? UInt32(TableEncoding.windows1252High[Int(byte) - 0x80]) : UInt32(byte)
                written += put(scalar == 0 ? 0xFFFD : scalar, target + written)
            }
        }
        return written
    }

    private func fromUTF16(_ count: Int, _ target: UnsafeMutablePointer<UInt8>) throws(TableProblems) -> Int {
        let (first, second) = encoding == .utf16LittleEndian ? (0, 1) : (1, 0)
        var written = 0
        for index in stride(from: 0, to: count, by: 2) {
            let unit = UInt32(raw[index + first]) | UInt32(raw[index + second]) << 8
            if lead != 0 {
                guard unit & 0xFC00 == 0xDC00 else { throw Self.brokenUTF16 }
                written += put(0x10000 + (lead & 0x3FF) << 10 + (unit & 0x3FF), target + written)
                lead = 0
            } else if unit & 0xFC00 == 0xD800 {
                lead = unit
            } else {
                guard unit & 0xFC00 != 0xDC00 else { throw Self.brokenUTF16 }
                guard unit != 0 else { throw TableProblems.binary(line: nil) }
                written += put(unit, target + written)
            }
        }
        return written
    }

    private func put(_ scalar: UInt32, _ target: UnsafeMutablePointer<UInt8>) -> Int {
        switch scalar {
        case 0..<0x80:
            target[0] = UInt8(scalar)
            return 1
        case 0x80..<0x800:
            target[0] = UInt8(0xC0 | scalar >> 6)
            target[1] = UInt8(0x80 | scalar & 0x3F)
            return 2
        case 0x800..<0x10000:
            target[0] = UInt8(0xE0 | scalar >> 12)
            target[1] = UInt8(0x80 | scalar >> 6 & 0x3F)
            target[2] = UInt8(0x80 | scalar & 0x3F)
            return 3
        default:
            target[0] = UInt8(0xF0 | scalar >> 18)
            target[1] = UInt8(0x80 | scalar >> 12 & 0x3F)
            target[2] = UInt8(0x80 | scalar >> 6 & 0x3F)
            target[3] = UInt8(0x80 | scalar & 0x3F)
            return 4
        }
    }

    private static let brokenUTF16 = TableProblems(
        "table.encoding", why: "The file begins as UTF-16 but holds half a character.",
        next: "Save it again as UTF-8 and import that.")
}

extension TableProblems {
    static func binary(line: Int?) -> TableProblems {
        TableProblems(
            "table.binary", row: line,
            why: "It holds zero bytes, so it is not text (or UTF-16 without its byte order mark).",
            next: "Save it as CSV in UTF-8 and import that.")
    }
}
