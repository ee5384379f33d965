import Foundation
import Host
import TestSupport
import Testing

/// Books in a folder of their own, and `duly serve` over them on a free port.
struct Office {
    static let today = "2026-03-31"
    let folder: URL
    let address: String
    /// What the server says beside its answers: with `log`, a line for each request.
    let said: URL
    private let server: ChildProcess

    struct Failed: Error, CustomStringConvertible { let description: String }

    /// A small living company.
    static func example(customers: Int, orders: Int) async throws -> Office {
        let folder = try TestFolder.fresh("office")
        try await run([
            "demo", "--books", folder.appendingPathComponent("duly.db").path, "--customers", "\(customers)", "--orders",
            "\(orders)", "--today", today, "--no-users",
        ])
        return try Office(folder, log: false)
    }

    /// A seller, and nothing else.
    static func empty(log: Bool = false) async throws -> Office {
        let folder = try TestFolder.fresh("office")
        try await run([
            "init", "--books", folder.appendingPathComponent("duly.db").path, "--seller", "Uferlicht Werkstätten GmbH",
            "--country", "DE", "--currency", "EUR", "--series", "RE-{year}-{n:4}", "--street", "Am Ufer 3",
            "--postcode",
            "28195", "--city", "Bremen", "--email", "post@uferlicht.example", "--iban", "DE89370400440532013000",
            "--today", today,
        ])
        return try Office(folder, log: log)
    }

    private init(_ folder: URL, log: Bool) throws {
        self.folder = folder
        said = folder.appendingPathComponent("said.txt")
        server = ChildProcess()
        server.executableURL = Self.program
        // No limit of requests: the programs here ask as fast as they can.
        server.arguments =
            [
                "serve", "--open", "--books", folder.appendingPathComponent("duly.db").path, "--port", "0", "--today",
                Self.today,
                "--rate", "0", "--json",
            ] + (log ? ["--log"] : [])
        let out = Pipe()
        server.standardOutput = out
        _ = FileManager.default.createFile(atPath: said.path, contents: nil)
        server.standardError = try FileHandle(forWritingTo: said)
        try server.run()
        var line = Data()
        while !line.contains(10), case let more = out.fileHandleForReading.availableData, !more.isEmpty { line += more }
        address = try #require(try JSONDecoder().decode([String: String].self, from: line)["url"])
    }

    func close() {
        server.terminate()
        server.waitUntilExit()
    }

    private static var program: URL? {
        if let built = ProcessInfo.processInfo.environment["DULY_PROGRAM"] { return URL(fileURLWithPath: built) }
        return Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("duly")
    }

    private static func run(_ arguments: [String]) async throws {
        let done = try await finish(try #require(program), arguments)
        guard done.status == 0 else { throw Failed(description: "\(arguments.joined(separator: " ")): \(done.said)") }
    }

    /// Runs a program of tools/browser (or, with `-m`, a module) and tells what it found; bugs that the server noted count, too.
    func look(_ program: String, _ arguments: [String]) async throws {
        guard let python = ProcessInfo.processInfo.environment["DULY_TEST_PYTHON"] else {
            throw Failed(
                description: "DULY_TEST_PYTHON is not set; ./test prepares a Python with a browser and sets it")
        }
        // Tests/BrowserTests/Office.swift -> tools/browser
        let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("tools/browser")
        let first = program == "-m" ? program : tools.appendingPathComponent(program).path
        let done = try await Self.finish(URL(fileURLWithPath: python), [first] + arguments, in: folder)
        print(done.said.split(separator: "\n").suffix(3).joined(separator: "\n"))
        #expect(done.status == 0, "\(program): \(done.said.suffix(12_000))")
        let bugs = try String(contentsOf: said, encoding: .utf8).split(separator: "\n").filter { $0.contains("bug: ") }
        #expect(bugs.isEmpty, "the server noted: \(bugs.prefix(10).joined(separator: "\n"))")
    }

    private static func finish(_ program: URL, _ arguments: [String], in folder: URL? = nil) async throws
        -> (status: Int32, said: String)
    {
        let process = ChildProcess()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let said = TestFolder.path("said")
        _ = FileManager.default.createFile(atPath: said.path, contents: nil)
        let handle = try FileHandle(forWritingTo: said)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        let ended = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ended.continuation.finish() }
        try process.run()
        for await _ in ended.stream {}
        return (process.terminationStatus, try String(contentsOf: said, encoding: .utf8))
    }
}
