import Foundation
import Host
import Synchronization
import TestSupport

/// The built program, run in a process of its own that may be made to die.
struct Program: Sendable {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    struct Done: Sendable {
        /// 0 to 255; nil where a signal ended it.
        let status: Int32?
        let signal: Int32?
        let out: String
        let error: String
        let took: Duration
        var wasKilled: Bool { signal == SIGKILL }
    }

    enum Death: Sendable {
        /// When it reaches the point for the n-th time.
        case at(String)
        case after(Duration)
    }

    let folder: URL
    let environment: [String: String]

    /// The program beside the tests, or the one that ./test names.
    private static var file: URL? {
        if let built = ProcessInfo.processInfo.environment["DULY_PROGRAM"] { return URL(fileURLWithPath: built) }
        return Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("duly")
    }

    /// Runs it to its end, or to its death. What it says goes through files, so that it never waits for us.
    func run(_ arguments: [String], death: Death? = nil) async throws -> Done {
        let process = ChildProcess()
        process.executableURL = Self.file
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if case .at(let point) = death { all["DULY_CRASH_AT"] = point }
        process.environment = all
        let (out, error) = (try said(), try said())
        defer { for file in [out, error] { try? FileManager.default.removeItem(at: file.url) } }
        process.standardOutput = out.handle
        process.standardError = error.handle
        let began = ContinuousClock.now
        let ended = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ended.continuation.finish() }
        try process.run()
        let reaper = Task {
            guard case .after(let moment) = death, (try? await Task.sleep(for: moment)) != nil else { return }
            process.send(SIGKILL)
        }
        for await _ in ended.stream {}
        reaper.cancel()
        let bySignal = process.terminationReason == .uncaughtSignal
        return Done(
            status: bySignal ? nil : process.terminationStatus, signal: bySignal ? process.terminationStatus : nil,
            out: try text(out), error: try text(error), took: .now - began)
    }

    private typealias Said = (url: URL, handle: FileHandle)

    private func said() throws -> Said {
        let url = folder.appendingPathComponent("said-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw Unavailable(description: "\(url.path) cannot be written")
        }
        return (url, try FileHandle(forUpdating: url))
    }

    private func text(_ said: Said) throws -> String {
        try said.handle.close()
        return String(decoding: try Data(contentsOf: said.url), as: UTF8.self)
    }
}

/// The mail server of the tests, tools/mail_server.py, as a process of its own. It ends with this one.
final class MailServer: Sendable {
    let url: String
    private let folder: URL
    private let process: ChildProcess
    private let input = Pipe()

    init() throws {
        guard let python = ProcessInfo.processInfo.environment["DULY_TEST_PYTHON"] else {
            throw Program.Unavailable(
                description: "DULY_TEST_PYTHON is not set; ./test prepares a Python with aiosmtpd and sets it")
        }
        folder = TestFolder.path("mail")
        process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: python)
        // Tests/KillTests/Program.swift -> tools/mail_server.py
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        process.arguments = [
            root.appendingPathComponent("tools/mail_server.py").path, "--folder", folder.path, "--listen", "starttls",
            "--forget",
        ]
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Program.Unavailable(description: "the mail server did not start") }
            line += more
        }
        let port = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        url = "smtp://127.0.0.1:\(port)?ca=\(folder.appendingPathComponent("ca.pem").path)"
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The Message-IDs of what it took, in its order.
    var accepted: [String] {
        let text = (try? String(contentsOf: folder.appendingPathComponent("accepted.tsv"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map {
            String($0.split(separator: "\t", omittingEmptySubsequences: false)[1])
        }
    }
}
