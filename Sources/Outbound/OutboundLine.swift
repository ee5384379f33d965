import CCurl
import Dispatch
import Synchronization

/// What came of posting something.
public enum PostingResult: Sendable, Equatable {
    /// The receiver answered with this status.
    case answered(Int)
    /// Nobody knows whether it arrived.
    case failed(String)
}

/// Posts to other programs, one message after the other over one line, which stays open between them. No redirect is followed, no
/// proxy asked; the answer's body is not read beyond 64 KiB and not kept.
public actor OutboundLine {
    private let thread = LineThread()
    private let milliseconds: Int
    private var handle: CurlHandle?

    /// `milliseconds`: from the first look-up of the name to the last byte of the answer.
    public init(milliseconds: Int = 15_000) { self.milliseconds = milliseconds }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Sends and waits for the status. A task that is cancelled stops waiting within a second.
    public func post(_ body: [UInt8], to address: OutboundAddress, headers: [(name: String, value: String)]) async
        -> PostingResult
    {
        let call = PostCall()
        return await withTaskCancellationHandler {
            send(body, to: address, headers: headers, call)
        } onCancel: {
            call.stop()
        }
    }

    private func send(
        _ body: [UInt8], to address: OutboundAddress, headers: [(name: String, value: String)], _ call: PostCall
    ) -> PostingResult {
        let handle = self.handle ?? CurlHandle()
        self.handle = handle
        guard let handle else { return .failed("libcurl could not be started") }
        return handle.post(body, to: address, headers: headers, milliseconds: milliseconds, call)
    }
}

/// A thread that may wait: the ones of Swift's own pool must not.
private final class LineThread: SerialExecutor {
    private let queue = DispatchQueue(label: "duly.outbound")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// What libcurl asks while one message is on its way.
private final class PostCall: Sendable {
    static let mostHeard = 64 << 10
    private struct State {
        var isStopped = false
        var heard = 0
    }
    private let state = Mutex(State())

    static func at(_ context: UnsafeMutableRawPointer?) -> PostCall {
        Unmanaged<PostCall>.fromOpaque(context!).takeUnretainedValue()
    }

    func stop() { state.withLock { $0.isStopped = true } }
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Takes note of a piece of the answer; false once it was enough.
    func hear(_ count: Int) -> Bool {
        state.withLock { state in
            state.heard += count
            return state.heard <= Self.mostHeard
        }
    }
}

/// One libcurl handle with the line it keeps open.
private final class CurlHandle {
    private let handle: UnsafeMutableRawPointer
    /// libcurl counts these calls, whoever makes them.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init?() {
        guard CurlHandle.isReady, let handle = curl_easy_init() else { return nil }
        self.handle = handle
    }

    deinit { duly_curl_cleanup(handle) }

    func post(
        _ body: [UInt8], to address: OutboundAddress, headers: [(name: String, value: String)], milliseconds: Int,
        _ call: PostCall
    ) -> PostingResult {
        curl_easy_reset(handle)
        defer { curl_easy_reset(handle) }  // no pointer to this call's memory stays behind
        set(CURLOPT_URL, address.text)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_TIMEOUT_MS, milliseconds)
        set(CURLOPT_POST, 1)
        _ = duly_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))

        var lines: UnsafeMutablePointer<curl_slist>?
        // Without an answer to "may I?" first, which some servers never give.
        for line in headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] { lines = curl_slist_append(lines, line) }
        defer { curl_slist_free_all(lines) }
        _ = duly_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)

        let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { words.deallocate() }
        _ = duly_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)

        let context = Unmanaged.passUnretained(call).toOpaque()
        _ = duly_curl_set_write(
            handle, { _, size, count, context in PostCall.at(context).hear(size * count) ? size * count : 0 }, context)
        _ = duly_curl_set_progress(
            handle, { context, _, _, _, _ in PostCall.at(context).isStopped ? 1 : 0 }, context)

        // Never an empty buffer: libcurl would read its standard input instead.
        var body = body + [0]
        let code = withExtendedLifetime(call) {
            body.withUnsafeMutableBytes { bytes in
                _ = duly_curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress)
                return duly_curl_perform(handle)
            }
        }
        var status = 0
        _ = duly_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        // An answer that was longer than anybody reads was an answer.
        if code == CURLE_OK || code == CURLE_WRITE_ERROR, status >= 200 { return .answered(status) }
        let own = String(cString: words)
        return .failed(own.isEmpty ? String(cString: curl_easy_strerror(code)) : own)
    }

    private func set(_ option: CURLoption, _ value: Int) { _ = duly_curl_set_long(handle, option, value) }
    private func set(_ option: CURLoption, _ value: String) { _ = duly_curl_set_text(handle, option, value) }
}
