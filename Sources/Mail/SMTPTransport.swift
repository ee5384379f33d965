import CCurl
import Dispatch

/// Hands messages to a mail server, one after the other over one line, which stays open between them.
///
/// libcurl waits for the network on a thread of this transport's own. For more speed, use several transports.
public actor SMTPTransport {
    private let settings: SMTPSettings
    private let thread = MailThread()
    private var line: CurlLine?

    public init(_ settings: SMTPSettings) { self.settings = settings }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Sends and waits for the server's word. The caller has noted the Message-ID as `sending` before: if the process dies in
    /// here, nobody knows what became of the message.
    public func send(_ mail: WrittenMail) -> SendingResult {
        let line = self.line ?? CurlLine()
        self.line = line
        guard let line else {
            return .retry(RetryReason(.settings, text: "libcurl could not be started"))
        }
        let first = line.send(mail, settings, fresh: false)
        // The server hung up while nothing was going on: nothing was handed over, and a new line may serve at once.
        guard first.wasReused, first.conversation.foundStaleLine(first.ending) else { return first.result }
        return line.send(mail, settings, fresh: true).result
    }

    /// Says goodbye to the server. The next message opens a new line.
    public func close() { line = nil }
}

/// A thread that may wait: the ones of Swift's own pool must not.
private final class MailThread: SerialExecutor {
    private let queue = DispatchQueue(label: "duly.mail")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// One libcurl handle with the line it keeps open.
private final class CurlLine {
    private let handle: UnsafeMutableRawPointer

    struct Outcome {
        let conversation: SMTPConversation
        let ending: SMTPConversation.Ending
        let wasReused: Bool
        var result: SendingResult { conversation.result(ending) }
    }

    /// `curl_global_init` must run once, before everything else.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init?() {
        guard CurlLine.isReady, let handle = curl_easy_init() else { return nil }
        self.handle = handle
    }

    deinit {
        // QUIT waits for an answer; a server that gives none is not waited for.
        _ = duly_curl_set_long(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, 2)
        duly_curl_cleanup(handle)
    }

    func send(_ mail: WrittenMail, _ settings: SMTPSettings, fresh: Bool) -> Outcome {
        curl_easy_reset(handle)
        defer { curl_easy_reset(handle) }  // no pointer to this call's memory stays behind
        apply(settings)
        set(CURLOPT_FRESH_CONNECT, fresh ? 1 : 0)
        set(CURLOPT_UPLOAD, 1)
        _ = duly_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.bytes.count))
        set(CURLOPT_MAIL_FROM, "<\(mail.envelope.from)>")
        var recipients: UnsafeMutablePointer<curl_slist>?
        for address in mail.envelope.to { recipients = curl_slist_append(recipients, "<\(address)>") }
        defer { curl_slist_free_all(recipients) }
        _ = duly_curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)

        let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { words.deallocate() }
        _ = duly_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)

        let call = Call(mail.bytes)
        let context = Unmanaged.passUnretained(call).toOpaque()
        _ = duly_curl_set_read(handle, { Call.at($3).read(into: $0, atMost: $1 * $2) }, context)
        _ = duly_curl_set_write(handle, { _, size, count, _ in size * count }, context)
        _ = duly_curl_set_debug(handle, { Call.at($4).note($1, $2, $3) }, context)
        // After a QUIT nothing that matters can come; libcurl would wait for the answer as long as for one to a message.
        _ = duly_curl_set_progress(
            handle, { context, _, _, _, _ in Call.at(context).conversation.isOver ? 1 : 0 }, context)

        let code = withExtendedLifetime(call) { duly_curl_perform(handle) }
        var opened = 0
        _ = duly_curl_get_long(handle, CURLINFO_NUM_CONNECTS, &opened)
        let own = String(cString: words)
        let ending = SMTPConversation.Ending(
            kind: CurlLine.kind(of: code), text: own.isEmpty ? String(cString: curl_easy_strerror(code)) : own)
        return Outcome(conversation: call.conversation, ending: ending, wasReused: opened == 0)
    }

    private func apply(_ settings: SMTPSettings) {
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        set(CURLOPT_URL, "\(settings.security == .implicit ? "smtps" : "smtp")://\(host):\(settings.port)")
        // Never "try": a line that could be stripped of its encryption is none.
        set(CURLOPT_USE_SSL, settings.security == .none ? Int(CURLUSESSL_NONE.rawValue) : Int(CURLUSESSL_ALL.rawValue))
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let file = settings.certificateFile {
            set(CURLOPT_CAINFO, file)
            set(CURLOPT_CAPATH, nil)
        }
        if let user = settings.user, let password = settings.password {
            set(CURLOPT_USERNAME, user)
            set(CURLOPT_PASSWORD, password.text)
            // Under TLS these two are safe, and every server has one of them.
            set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
        }
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectMilliseconds)
        set(CURLOPT_TIMEOUT_MS, settings.messageMilliseconds)
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, settings.messageMilliseconds / 1000))
    }

    private func set(_ option: CURLoption, _ value: Int) { _ = duly_curl_set_long(handle, option, value) }
    private func set(_ option: CURLoption, _ value: String?) { _ = duly_curl_set_text(handle, option, value) }

    private static func kind(of code: CURLcode) -> SMTPConversation.Ending.Kind {
        switch code {
        case CURLE_OK: .done
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .notFound
        case CURLE_COULDNT_CONNECT: .notConnected
        case CURLE_USE_SSL_FAILED, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED:
            .security
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_LOGIN_DENIED: .credentials
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN, CURLE_BAD_FUNCTION_ARGUMENT,
            CURLE_UNKNOWN_OPTION, CURLE_FAILED_INIT:
            .settings
        default: .lost
        }
    }
}

/// What libcurl calls back for during one message: the content, and a word about each line said and heard.
private final class Call {
    private let bytes: [UInt8]
    private var next = 0
    var conversation = SMTPConversation()

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func at(_ context: UnsafeMutableRawPointer?) -> Call {
        Unmanaged<Call>.fromOpaque(context!).takeUnretainedValue()
    }

    func read(into buffer: UnsafeMutablePointer<CChar>?, atMost limit: Int) -> Int {
        conversation.beganContent()
        guard let buffer else { return 0 }
        let count = min(limit, bytes.count - next)
        bytes.withUnsafeBytes { source in
            UnsafeMutableRawBufferPointer(start: buffer, count: count).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: source[next..<next + count]))
        }
        next += count
        return count
    }

    func note(_ kind: curl_infotype, _ data: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int32 {
        guard kind == CURLINFO_HEADER_IN || kind == CURLINFO_HEADER_OUT, let data else { return 0 }
        let text = String(decoding: UnsafeRawBufferPointer(start: data, count: size), as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            if kind == CURLINFO_HEADER_IN { conversation.heard(String(line)) } else { conversation.said(String(line)) }
        }
        return 0
    }
}
