import Foundation
import Glibc
import Host

/// The built program while it is fed through a pipe, and what it took.
struct FedProgram {
    let status: Int32
    /// What it said, up to a megabyte of each.
    let out: String
    let error: String
    /// Bytes of the answer, and of what it was fed before it had enough.
    let outBytes: Int
    let fed: Int
    /// The most memory it ever held.
    let peakMiB: Int
    let seconds: Double

    /// Runs it in `folder`. `pieces` is asked for the next bytes until it has none or the program no longer listens.
    static func run(
        _ arguments: [String], in folder: URL = FileManager.default.temporaryDirectory,
        environment: [String: String] = [:],
        each: (@Sendable ([UInt8]) -> Void)? = nil, pieces: @escaping @Sendable () -> [UInt8]? = { nil }
    ) throws -> FedProgram {
        // Writing to a program that has ended is an error to handle, not the end of the tests.
        signal(SIGPIPE, SIG_IGN)
        let process = ChildProcess()
        process.executableURL =
            ProcessInfo.processInfo.environment["DULY_PROGRAM"].map { URL(fileURLWithPath: $0) }
            ?? Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("duly")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (input, out, error) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = out
        process.standardError = error
        let began = ContinuousClock.now
        try process.run()
        let (heard, said) = (Said(), Said())
        let readers = DispatchGroup()
        for (pipe, said, each) in [(out, heard, each), (error, said, nil)] {
            let handle = pipe.fileHandleForReading
            DispatchQueue.global().async(group: readers) { said.read(handle.fileDescriptor, each) }
        }
        let memory = Memory(process.processIdentifier)
        let watch = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "memory"))
        watch.schedule(deadline: .now(), repeating: .milliseconds(10))
        watch.setEventHandler { memory.look() }
        watch.resume()
        let descriptor = input.fileHandleForWriting.fileDescriptor
        var fed = 0
        feeding: while let piece = pieces() {
            var done = 0
            while done < piece.count {
                let got = piece.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break feeding }
                done += got
            }
            fed += done
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        readers.wait()
        watch.cancel()
        let took = ContinuousClock.now - began
        return FedProgram(
            status: process.terminationStatus, out: heard.text, error: said.text, outBytes: heard.count, fed: fed,
            peakMiB: memory.peakMiB,
            seconds: Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18)
    }

    /// Filled by one thread, read after it has ended.
    private final class Said: @unchecked Sendable {
        private var kept: [UInt8] = []
        private(set) var count = 0
        var text: String { String(decoding: kept, as: UTF8.self) }

        func read(_ descriptor: Int32, _ each: (@Sendable ([UInt8]) -> Void)?) {
            var piece = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let got = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress!, $0.count) }
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                count += got
                if kept.count < 1 << 20 { kept += piece[..<got] }
                each?(Array(piece[..<got]))
            }
        }
    }

    /// What the system says of the process; asked on one queue, read after the last time.
    private final class Memory: @unchecked Sendable {
        private let path: String
        private(set) var peakMiB = 0
        init(_ process: Int32) { path = "/proc/\(process)/status" }
        func look() {
            guard let status = try? String(contentsOfFile: path, encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                let kibibytes = Int(line.filter(\.isNumber))
            else { return }
            peakMiB = max(peakMiB, kibibytes >> 10)
        }
    }
}
