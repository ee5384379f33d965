import Foundation
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

    public static func run(_ arguments: [String], today: String? = nil, books: String? = nil) throws -> Answer {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["DULY_TODAY"] = today
        environment["DULY_BOOKS"] = books
        environment["DULY_USER"] = "ines"
        process.environment = environment
        let (out, error) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        try process.run()
        // The program says little on standard error; what it says on standard output may fill a pipe.
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Answer(status: process.terminationStatus, out: text, error: said)
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

    /// Takes a command back through the program; the answer's status is 0 where it was taken back.
    @discardableResult
    public func undo(_ command: String, withLater: Bool = false, today: String = "2026-03-02") throws -> Program.Answer
    {
        try Program.run(
            ["undo", command, "--json"] + (withLater ? ["--with-later"] : []), today: today, books: url)
    }
}
