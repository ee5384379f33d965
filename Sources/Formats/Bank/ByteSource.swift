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
    /// The first bytes, already taken from the file to look at.
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

    private func fetch(_ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
        while true {
            let got = read(file, target, count)
            if got < 0, errno == EINTR { continue }
            if got < 0 { failed = true }
            return got
        }
    }

    /// Fills the target as far as it can; 0 at the end, or where reading failed or the limit was met.
    func fill(_ target: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        let kept = file < 0 ? memory : ahead
        var got = 0
        if position < kept.count {
            got = min(capacity, kept.count - position)
            kept.withUnsafeBytes { target.copyMemory(from: $0.baseAddress! + position, byteCount: got) }
            position += got
        } else if file >= 0 {
            got = max(fetch(target, capacity), 0)
        }
        if turnsReturns {
            let bytes = UnsafeMutableRawBufferPointer(start: target, count: got)
            for index in bytes.indices where bytes[index] == 13 { bytes[index] = 10 }
        }
        count += Int64(got)
        if count > limit {
            exceeded = true
            return 0
        }
        return got
    }
}
