import Foundation
import Host
import TestSupport
import Testing

/// The built program, run as a person runs it.
public enum Program {
    public struct Answer: Sendable {
        public let status: Int32
        public let out: String
        public let error: String
        public var json: [String: Any] {
            get throws {
                try #require(try JSONSerialization.jsonObject(with: Data(out.utf8)) as? [String: Any], "\(out)\(error)")
            }
        }
    }

    /// `DULY_PROGRAM`, else the program that was built with the tests.
    public static var url: URL {
        if let built = ProcessInfo.processInfo.environment["DULY_PROGRAM"] { return URL(fileURLWithPath: built) }
        return Bundle.main.executableURL!.deletingLastPathComponent().appendingPathComponent("duly")
    }

    public static func run(
        _ arguments: [String], today: String? = nil, books: String? = nil, keyFile: String? = nil
    ) throws -> Answer {
        let process = ChildProcess()
        process.executableURL = url
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["DULY_TODAY"] = today
        environment["DULY_BOOKS"] = books
        environment["DULY_USER"] = "ines"
        if let keyFile { environment["DULY_KEY_FILE"] = keyFile }
        process.environment = environment
        // Through files: what it says on one may be as long as on the other, and a full pipe would wait for us.
        let (out, error) = (try said(), try said())
        defer { for file in [out, error] { try? FileManager.default.removeItem(at: file) } }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: error)
        try process.run()
        process.waitUntilExit()
        return Answer(
            status: process.terminationStatus, out: String(decoding: try Data(contentsOf: out), as: UTF8.self),
            error: String(decoding: try Data(contentsOf: error), as: UTF8.self))
    }

    private static func said() throws -> URL {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("said-\(UUID().uuidString)")
        try Data().write(to: file)
        return file
    }

    /// `../shared/NAME` beside the package; nil, and a line that says so, where it is not there.
    public static func shared(_ name: String, in file: String = #filePath) -> URL? {
        var folder = URL(fileURLWithPath: file).resolvingSymlinksInPath()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appendingPathComponent("Tests").path) {
            folder.deleteLastPathComponent()
        }
        let wanted = folder.deletingLastPathComponent().appendingPathComponent("shared").appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: wanted.path) else {
            print("\(name) is not beside the package: nothing was compared with it")
            return nil
        }
        return wanted
    }
}

extension Company {
    /// Runs the program over these books.
    @discardableResult
    public func duly(_ arguments: String..., today: String = "2026-03-02") throws -> Program.Answer {
        try Program.run(arguments, today: today, books: url)
    }

    /// A key file for commands that need one, made as `init` makes it.
    public func keyFile() throws -> String {
        let key = folder.appendingPathComponent("key").path
        let made = try Program.run(["init"], books: try TestDatabases.freshFile(), keyFile: key)
        try #require(made.status == 0, "\(made.error)")
        return key
    }

    /// Takes a command back through the program; the answer's status is 0 where it was taken back.
    @discardableResult
    public func undo(_ command: String, withLater: Bool = false, today: String = "2026-03-02") throws -> Program.Answer
    {
        try Program.run(
            ["undo", command, "--json"] + (withLater ? ["--with-later"] : []), today: today, books: url)
    }
}
