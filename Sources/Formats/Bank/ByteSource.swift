#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes, a piece at a time, from a file or from memory.
final class ByteSource {
    private var file: Int32 = -1
    private let memory: [UInt8]
    /// Bytes taken from the file and not handed out yet.
    private var ahead: [UInt8] = []
    private var position = 0
    /// Bytes handed out.
    private(set) var count: Int64 = 0
    private let limit: Int64
    /// Makes line feeds of carriage returns, for files that have only these, so that lines can be counted.
    var turnsReturns = false
    private(set) var exceeded = false
    private(set) var failed = false

    init(path: String, limit: Int64) throws(BankFileProblems) {
        memory = []
        self.limit = limit
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw BankFileProblems([
                BankFileProblem(
                    .unreadable, field: path, why: String(cString: strerror(errno)) + ".",
                    next: "Check the name and the right to read it.")
            ])
        }
    }
    init(_ bytes: [UInt8], limit: Int64) {
        memory = bytes
        self.limit = limit
    }
    deinit { if file >= 0 { close(file) } }

    /// Up to `count` bytes from the beginning, without consuming them. To be asked before anything is read.
    func peek(_ count: Int) -> ArraySlice<UInt8> {
        if file < 0 { return memory.prefix(count) }
        while ahead.count < count {
            let before = ahead.count
            ahead.append(contentsOf: repeatElement(0, count: count - before))
            let got = ahead.withUnsafeMutableBytes { bytes in
                fetch(bytes.baseAddress! + before, count - before)
            }
            ahead.removeLast(count - before - max(got, 0))
            if got <= 0 { break }
        }
        return ahead[...]
    }

    /// Leaves out bytes that were looked at. To be asked before anything is read.
    func skip(_ count: Int) { position = min(count, peek(count).count) }

    private func fetch(_ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
        while true {
            let got = read(file, target, count)
            if got < 0, errno == EINTR { continue }
            if got < 0 { failed = true }
            return got
        }
    }

    /// Fills the target with some bytes; 0 at the end, or where reading failed or the limit was met.
    func fill(_ target: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        let got = file < 0 ? take(memory, target, capacity) : fromFile(target, capacity)
        count += Int64(got)
        if count > limit {
            exceeded = true
            return 0
        }
        guard turnsReturns else { return got }
        let bytes = UnsafeMutableRawBufferPointer(start: target, count: got)
        for index in bytes.indices where bytes[index] == 13 { bytes[index] = 10 }
        return got
    }

    /// Readers ask for a few thousand bytes at a time; the file is asked for more.
    private func fromFile(_ target: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        if position == ahead.count {
            position = 0
            if ahead.count != Self.piece { ahead = [UInt8](repeating: 0, count: Self.piece) }
            let got = ahead.withUnsafeMutableBytes { fetch($0.baseAddress!, $0.count) }
            if got < Self.piece { ahead.removeLast(Self.piece - max(got, 0)) }
        }
        return take(ahead, target, capacity)
    }
    private static let piece = 65_536

    private func take(_ bytes: [UInt8], _ target: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        let got = min(capacity, bytes.count - position)
        guard got > 0 else { return 0 }
        bytes.withUnsafeBytes { target.copyMemory(from: $0.baseAddress! + position, byteCount: got) }
        position += got
        return got
    }
}
