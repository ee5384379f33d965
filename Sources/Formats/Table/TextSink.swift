#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Text could not be written: a full disk, a closed pipe. An outage, not a refusal.
public struct TextWriteFailure: Error, Hashable, Sendable {
    /// As the system puts it.
    public let reason: String
}

/// Where bytes go: a file descriptor, in blocks, or memory. Not to be shared between tasks.
public final class TextSink {
    private var buffer: [UInt8] = []
    private let file: Int32?
    private static let block = 1 << 16
    /// Bytes written so far, flushed or not.
    public private(set) var byteCount = 0

    /// Collects in memory, see `text`.
    public init() { file = nil }

    /// Writes to an open descriptor, which stays the caller's to close. Call `flush` at the end.
    public init(fileDescriptor: Int32) {
        file = fileDescriptor
        buffer.reserveCapacity(Self.block + 4096)
    }

    /// What was collected in memory and not flushed.
    public var bytes: [UInt8] { buffer }
    public var text: String { String(decoding: buffer, as: UTF8.self) }

    func put(_ byte: UInt8) {
        buffer.append(byte)
        byteCount &+= 1
    }
    func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        buffer.append(contentsOf: bytes)
        byteCount &+= bytes.count
    }
    func put(_ text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    /// Writes the block when it is full; called between rows.
    public func drain() throws(TextWriteFailure) {
        if file != nil, buffer.count >= Self.block { try flush() }
    }

    /// Writes what is left. Memory keeps it.
    public func flush() throws(TextWriteFailure) {
        guard let file, !buffer.isEmpty else { return }
        var failure: TextWriteFailure?
        buffer.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let got = write(file, bytes.baseAddress! + done, bytes.count - done)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    failure = TextWriteFailure(reason: String(cString: strerror(errno)))
                    return
                }
                done += got
            }
        }
        if let failure { throw failure }
        buffer.removeAll(keepingCapacity: true)
    }
}
