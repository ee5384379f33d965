import Foundation
import Host
import Testing

@Suite("Programs started")
struct ChildProcessTests {
    private func shell(_ words: String, set: (ChildProcess) -> Void = { _ in }) throws -> (ChildProcess, out: String) {
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", words]
        let out = Pipe()
        process.standardOutput = out
        set(process)
        try process.run()
        let said = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process, said)
    }

    @Test("how it ended is told apart: a status, a signal")
    func ends() throws {
        let done = try shell("exit 7").0
        #expect(done.terminationReason == .exit && done.terminationStatus == 7 && !done.isRunning)
        let killed = try shell("kill -9 $$").0
        #expect(killed.terminationReason == .uncaughtSignal && killed.terminationStatus == SIGKILL)
        // To a program that has ended a signal is nothing.
        killed.terminate()
    }

    @Test("a program that is not there, and none at all, are told")
    func missing() {
        let process = ChildProcess()
        #expect(throws: ChildProcess.NotStarted.self) { try process.run() }
        process.executableURL = URL(fileURLWithPath: "/no/such/program")
        let thrown = #expect(throws: ChildProcess.NotStarted.self) { try process.run() }
        #expect(thrown?.description.contains("/no/such/program: No such file") == true)
    }

    @Test("it has the folder, the surroundings and the standard descriptors it is given, and no other of ours")
    func surroundings() throws {
        // Many, but fewer than the least a machine allows.
        let open = try (0..<500).map { _ in try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/null")) }
        let (_, said) = try shell("pwd; echo $A; cat; ls /proc/self/fd | tr '\\n' ' '") {
            $0.currentDirectoryURL = URL(fileURLWithPath: "/")
            $0.environment = ["A": "a = ü", "PATH": "/usr/bin:/bin"]
            $0.standardInput = FileHandle.nullDevice
        }
        // 3 is the folder that `ls` reads.
        #expect(said == "/\na = ü\n0 1 2 3 ")
        for file in open { try file.close() }
    }

    @Test("what we write it reads; its end is told to whoever waits for it")
    func fed() async throws {
        let (process, input, output) = (ChildProcess(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/cat")
        process.standardInput = input
        process.standardOutput = output
        let ended = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            ended.continuation.yield($0.terminationStatus)
            ended.continuation.finish()
        }
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data("Möwe\n".utf8))
        #expect(process.isRunning)
        try input.fileHandleForWriting.close()
        #expect(output.fileHandleForReading.readDataToEndOfFile() == Data("Möwe\n".utf8))
        var statuses: [Int32] = []
        for await status in ended.stream { statuses.append(status) }
        #expect(statuses == [0])
    }
}
