#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif
import Money

/// Text could not be written: a full disk, a closed pipe. An outage, not a refusal.
public struct TextWriteFailure: Error, Hashable, Sendable {
    /// As the system puts it.
    public let reason: String
}

/// Where bytes go: a file descriptor, in blocks, or memory. Not to be shared between tasks.
public final class TextSink {
    /// Bytes not written yet: a block that is used again and again.
    private let block: Block
    private let target: Target
    /// Where what is held back goes when it is more than a block; unlinked, so that it is gone when we are.
    private var spool: Int32 = -1
    private static let size = 1 << 16

    private enum Target: Equatable {
        case memory
        case file(Int32)
        case heldBack
    }

    /// Collects in memory, see `text`.
    public init() {
        target = .memory
        block = Block(4096)
    }

    /// Writes to an open descriptor, which stays the caller's to close. Call `flush` at the end.
    public init(fileDescriptor: Int32) {
        target = .file(fileDescriptor)
        block = Block(Self.size + 4096)
    }

    private init(heldBack: Void) {
        target = .heldBack
        block = Block(Self.size + 4096)
    }

    /// Keeps everything until `release`, in memory up to a block and then in a temporary file: for an answer that is only given
    /// when all of it is known, and may be larger than memory.
    public static func heldBack() -> TextSink { TextSink(heldBack: ()) }

    deinit { if spool >= 0 { close(spool) } }

    /// Bytes written so far, flushed or not.
    public var byteCount: Int { block.before + block.count }
    /// What was collected in memory and not flushed.
    public var bytes: [UInt8] { Array(block.written) }
    public var text: String { String(decoding: block.written, as: UTF8.self) }

    @inline(__always)
    func put(_ byte: UInt8) {
        block.room(1)[0] = byte
        block.count += 1
    }
    @inline(__always)
    func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        block.room(bytes.count).update(from: start, count: bytes.count)
        block.count += bytes.count
    }
    public func put(_ text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }
    /// Words of the program.
    public func put(_ text: StaticString) {
        put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    /// `body` writes up to `most` bytes in place and says how many.
    @inline(__always)
    func put(most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        let count = body(block.room(most))
        block.count += count
    }

    /// Writes the block when it is full; called between rows.
    public func drain() throws(TextWriteFailure) {
        if block.count >= Self.size, target != .memory { try flush() }
    }

    /// Writes what is left. Memory keeps it.
    public func flush() throws(TextWriteFailure) {
        switch target {
        case .memory: return
        case .file(let file): try block.send(to: file)
        case .heldBack:
            if spool < 0 { spool = try Self.temporaryFile() }
            try block.send(to: spool)
        }
    }

    /// Hands on what was held back, to an open descriptor, which stays the caller's to close.
    public func release(to file: Int32) throws(TextWriteFailure) {
        precondition(target == .heldBack, "only what was held back can be released")
        guard spool >= 0 else { return try block.send(to: file) }
        try block.send(to: spool)
        guard lseek(spool, 0, SEEK_SET) == 0 else { throw TextWriteFailure(reason: String(cString: strerror(errno))) }
        while try block.fetch(from: spool, Self.size) { try block.send(to: file) }
    }

    /// In $TMPDIR, else /var/tmp, which is meant for what may be large.
    private static func temporaryFile() throws(TextWriteFailure) -> Int32 {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
        var template = Array("\(folder)/duly-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else {
            throw TextWriteFailure(reason: "\(folder): \(String(cString: strerror(errno)))")
        }
        unlink(template)
        return file
    }
}

/// Memory that grows to what is put into it and is used again after it was written.
private final class Block {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes in it now.
    @exclusivity(unchecked) var count = 0
    /// Bytes that were in it and are written.
    private(set) var before = 0

    init(_ capacity: Int) {
        self.capacity = capacity
        start = .allocate(capacity: capacity)
    }
    deinit { start.deallocate() }

    var written: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// Room for so many bytes more.
    @inline(__always)
    func room(_ more: Int) -> UnsafeMutablePointer<UInt8> {
        if count + more > capacity { grow(more) }
        return start + count
    }

    private func grow(_ more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    func send(to file: Int32) throws(TextWriteFailure) {
        var done = 0
        while done < count {
            let got = write(file, start + done, count - done)
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw TextWriteFailure(reason: String(cString: strerror(errno))) }
            done += got
        }
        before += count
        count = 0
    }

    /// Fills it from a file; false at the end.
    func fetch(from file: Int32, _ most: Int) throws(TextWriteFailure) -> Bool {
        while true {
            let got = read(file, start, min(most, capacity))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw TextWriteFailure(reason: String(cString: strerror(errno))) }
            count = got
            before -= got
            return got > 0
        }
    }
}

// MARK: Values without a text of their own

extension TextSink {
    /// `2026-10-31`
    @inline(__always)
    public func put(_ day: Day) {
        let (year, month, date) = day.parts
        put(most: 10) { out in
            out[0] = UInt8(truncatingIfNeeded: 48 + year / 1000)
            out[1] = UInt8(truncatingIfNeeded: 48 + year / 100 % 10)
            out[2] = UInt8(truncatingIfNeeded: 48 + year / 10 % 10)
            out[3] = UInt8(truncatingIfNeeded: 48 + year % 10)
            out[4] = 45
            out[5] = UInt8(truncatingIfNeeded: 48 + month / 10)
            out[6] = UInt8(truncatingIfNeeded: 48 + month % 10)
            out[7] = 45
            out[8] = UInt8(truncatingIfNeeded: 48 + date / 10)
            out[9] = UInt8(truncatingIfNeeded: 48 + date % 10)
            return 10
        }
    }

    /// `-1234.50`: the integer of so many decimals, as `FixedPoint.text` has it.
    @inline(__always)
    public func put(_ value: Int64, decimals: Int) {
        // 19 digits, or a point and its zeros before them, and a sign.
        let most = 24 + max(decimals, 0)
        put(most: most) { out in
            var at = most
            var left = value.magnitude
            var digits = 0
            repeat {
                at -= 1
                out[at] = UInt8(truncatingIfNeeded: 48 + left % 10)
                left /= 10
                digits += 1
                if digits == decimals {
                    at -= 1
                    out[at] = UInt8(ascii: ".")
                }
            } while left > 0 || digits <= decimals && decimals > 0
            if value < 0 {
                at -= 1
                out[at] = UInt8(ascii: "-")
            }
            let count = most - at
            // Forward: the two may overlap, and the target lies before.
            for index in 0..<count { out[index] = out[at + index] }
            return count
        }
    }

    /// An amount without its currency: `1234.50`.
    @inline(__always)
    public func put(_ money: Money) { put(money.minor, decimals: money.currency.decimals) }
}
