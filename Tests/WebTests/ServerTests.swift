import Foundation
import Synchronization
import Testing

@testable import Web

@Suite("server", .serialized) struct ServerTests {
    static let site = Site(routes: [
        Route([]) { _ in WebResponse(type: "text/plain", body: Array("home".utf8)) },
        Route(["things"], takesName: true) { request in
            WebResponse(type: "text/plain", body: Array((request.name(under: ["things"]) ?? "").utf8))
        },
    ])

    @Test("answers over a socket on loopback, and stops when told")
    func answers() async throws {
        try await serving(Self.site) { port in
            let home = try Wire.ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(home.hasPrefix("HTTP/1.1 200 OK\r\n") && home.hasSuffix("\r\n\r\nhome"))
            let head = try Wire.ask(port, "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(head.lowercased().contains("content-length: 4\r\n") && head.hasSuffix("\r\n\r\n"))
            let odd = try Wire.ask(
                port, "GET /things/RE%2F7%20%C3%A4..%2F HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            #expect(odd.hasSuffix("\r\n\r\nRE/7 ä../"))
            let foreign = try Wire.ask(port, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            #expect(foreign.hasPrefix("HTTP/1.1 421 "))
            let body = try Wire.ask(
                port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b")
            #expect(body.hasPrefix("HTTP/1.1 405 "))
            let noise = try Wire.ask(port, "NOISE\r\n\r\n")
            #expect(noise.isEmpty || noise.hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test("a taken port is told, not waited for")
    func taken() async throws {
        try await serving(Self.site) { port in
            await #expect(throws: WebServerProblem.self) { try await WebServer(site: Self.site, port: port).run() }
        }
    }

    @Test("SIGTERM ends it gracefully")
    func terminates() async {
        await #expect(processExitsWith: .exitCode(7)) {
            try await WebServer(site: Site(routes: []), port: 0).run { _ in kill(getpid(), SIGTERM) }
            exit(7)
        }
    }

    @Test("each request leaves one line in the log")
    func logs() async throws {
        let lines = Lines()
        try await serving(Self.site, log: { lines.add($0) }) { port in
            _ = try Wire.ask(port, "GET /things/x%0Ay HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        }
        #expect(lines.all.count == 1 && lines.all.first?.hasPrefix("GET /things/x%0Ay 200 3 ") == true)
    }

    @Test(
        "a body is taken up to its limit, and next to none where nothing takes one; the answer has the headers of every answer"
    )
    func bodies() async throws {
        var site = Site(routes: [
            Route([]) { _ in WebResponse(type: "text/plain", body: Array("home".utf8)) },
            Route(["take"], methods: ["POST"]) { request in
                WebResponse(type: "text/plain", body: Array("took \(request.body.count)".utf8))
            },
        ])
        site.mostBytes = 1 << 20
        try await serving(site) { port in
            func send(_ line: String, _ rest: String) throws -> String {
                try Wire.ask(port, "\(line) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(rest)")
            }
            let most = String(repeating: "a", count: 1 << 20)
            let piece = "10000\r\n" + String(repeating: "a", count: 1 << 16) + "\r\n"
            let pieces = "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: piece, count: 17) + "0\r\n\r\n"
            let whole = try send("POST /take", "Content-Length: \(1 << 20)\r\n\r\n\(most)")
            #expect(whole.hasSuffix("took 1048576"))
            for (line, rest) in [
                ("POST /take", "Content-Length: 99999999999\r\n\r\na"), ("POST /take", pieces),
                ("GET /", pieces), ("POST /", pieces), ("POST /nowhere", "Content-Length: 70000\r\n\r\na"),
            ] {
                let answer = try send(line, rest)
                #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(line) \(rest.prefix(40)): \(answer.prefix(200))")
                #expect(answer.lowercased().contains("content-security-policy: default-src 'none'"))
            }
            let small = try send("POST /", "Content-Length: 3\r\n\r\na=b")
            #expect(small.hasPrefix("HTTP/1.1 405 "))
        }
    }

    /// Runs a server on a free port while `body` talks to it.
    private func serving(
        _ site: Site, log: (@Sendable (String) -> Void)? = nil, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await WebServer(site: site, port: 0, log: log).run { found.yield($0) }
                found.finish()
            }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }
}

/// Lines from several threads.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

/// A client that sends exactly what it is given.
enum Wire {
    struct Trouble: Error { let step: String }

    static func ask(_ port: Int, _ request: String) throws -> String {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard connection >= 0 else { throw Trouble(step: "socket") }
        defer { close(connection) }
        // The members of the system's structures belong to whichever module met their header first, so they are written as bytes.
        let patience = [120, 0]  // seconds, microseconds
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, patience, socklen_t(16))
        let address: [UInt8] =
            [UInt8(AF_INET), 0, UInt8(port >> 8), UInt8(port & 0xFF), 127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
        let connected = address.withUnsafeBytes {
            connect(connection, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        guard connected == 0 else { throw Trouble(step: "connect") }
        let bytes = Array(request.utf8)
        guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Trouble(step: "send")
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
