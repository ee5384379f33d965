import Hummingbird
import HummingbirdCore
import HTTPTypes
import Logging
import NIOCore

/// Why the server does not run.
public struct WebServerProblem: Error, Sendable {
    public let host: String
    public let port: Int
    /// In the system's words: "address already in use".
    public let why: String
}

/// Serves a site over HTTP/1.1 until SIGTERM or SIGINT; requests under way are answered first.
public struct WebServer: Sendable {
    var site: Site
    let host: String
    let port: Int
    let log: (@Sendable (String) -> Void)?

    /// Loopback unless told otherwise; on loopback only requests that name this machine are answered. Port 0 takes a free one.
    /// `log` gets a line per request: method, address, status, bytes, milliseconds.
    public init(
        site: Site, host: String = "127.0.0.1", port: Int = 8080, log: (@Sendable (String) -> Void)? = nil
    ) {
        self.site = site
        self.host = host
        self.port = port
        self.log = log
        if WebServer.loopback.contains(host), site.hosts == nil { self.site.hosts = WebServer.loopback }
    }

    static let loopback: Set<String> = ["127.0.0.1", "localhost", "::1"]

    /// Returns after a graceful stop. `ready` is told the port once connections are accepted.
    public func run(ready: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
        let started = Started()
        // Hummingbird's own messages would go to standard output, which belongs to answers.
        var logger = Logger(label: "web") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        let application = Application(
            responder: CallbackResponder<Context> { request, context in
                await respond(to: request, from: context.address)
            },
            server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: .init(address: .hostname(host, port: port)),
            onServerRunning: { channel in
                await started.set()
                await ready(channel.localAddress?.port ?? port)
            },
            logger: logger)
        do {
            try await application.runService()
        } catch let error where !(error is CancellationError) {
            if await started.isSet { throw error }
            throw WebServerProblem(host: host, port: port, why: "\(error)")
        }
    }

    private actor Started {
        private(set) var isSet = false
        func set() { isSet = true }
    }

    /// Handlers need nothing of Hummingbird's but where the request comes from.
    private struct Context: InitializableFromSource {
        let address: String
        init(source: ApplicationRequestContextSource) { address = source.channel.remoteAddress?.ipAddress ?? "" }
    }

    private func respond(to request: Request, from address: String) async -> Response {
        let start = ContinuousClock.now
        var headers = request.head.headerFields.map { (name: $0.name.canonicalName, value: $0.value) }
        if let authority = request.head.authority { headers.append(("host", authority)) }
        let target = request.head.path ?? "/"
        let method = request.method.rawValue
        let answer: WebResponse
        do throws(WebProblem) {
            let most = await site.mostBytes(method: method, target: target, headers: headers)
            let body = try await Spool.body(of: request, most: most)
            answer = await site.respond(method: method, target: target, headers: headers, body: body, address: address)
        } catch {
            answer = site.refuse(error, method: method, target: target, headers: headers)
        }
        if let log {
            let took = (ContinuousClock.now - start) / Duration.milliseconds(1)
            log(
                "\(method) \(site.shown(target)) \(answer.status) \(answer.body.count) \(Int(took * 10 + 0.5).tenths) ms"
            )
        }
        return WebServer.response(answer, isHead: method == "HEAD")
    }

    private static func response(_ answer: WebResponse, isHead: Bool) -> Response {
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        if isHead { fields[.contentLength] = String(answer.body.count) }
        let body =
            isHead || answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        return Response(status: .init(code: answer.status), headers: fields, body: body)
    }
}

extension Int {
    /// 123 tenths are `12.3`.
    fileprivate var tenths: String { "\(self / 10).\(self % 10)" }
}
