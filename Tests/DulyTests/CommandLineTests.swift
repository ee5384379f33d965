import Foundation
import Host
import TestSupport
import Testing

/// The built program, run as a person runs it.
@Suite("The command line")
struct CommandLineTests {
    static func duly(_ arguments: String...) throws -> (status: Int32, out: String, error: String) {
        try duly(arguments)
    }

    static func duly(_ arguments: [String]) throws -> (status: Int32, out: String, error: String) {
        let process = ChildProcess()
        process.executableURL = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("duly")
        if let built = ProcessInfo.processInfo.environment["DULY_PROGRAM"] {
            process.executableURL = URL(fileURLWithPath: built)
        }
        process.arguments = arguments
        let (out, error) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, said)
    }

    static func books() -> String {
        TestFolder.path("books", ending: ".db").path
    }

    @Test("init makes books that verify")
    func initialise() throws {
        let books = Self.books()
        let made = try Self.duly(
            "init", "--books", books, "--seller", "Uferlicht Werkstätten GmbH", "--country", "DE", "--currency", "EUR")
        #expect(made.status == 0, "\(made.error)")
        #expect(made.out.contains("Uferlicht Werkstätten GmbH"))
        let list = try Self.duly("seller", "list", "--books", books, "--json")
        #expect(
            list.out
                == #"{"items":[{"code":"DE","country":"DE","currency":"EUR","name":"Uferlicht Werkstätten GmbH"}],"next":null}"#
                + "\n")
        let verified = try Self.duly("verify", "--books", books)
        #expect(verified.status == 0)
    }

    @Test("everything wrong with a seller is said at once, and no file is made")
    func refused() throws {
        let books = Self.books()
        let made = try Self.duly(
            "init", "--books", books, "--seller", "X", "--country", "Q9", "--currency", "EUX", "--series", "R", "--json"
        )
        #expect(made.status == 1)
        for code in ["setup.unknown-currency", "setup.unknown-country", "setup.bad-number-pattern"] {
            #expect(made.out.contains(code))
        }
        let more = try Self.duly(
            "init", "--books", books, "--seller", " ", "--country", "DE", "--currency", "EUR", "--code", "a b",
            "--iban",
            "DE88 3704 0044 0532 0130 00", "--account", "US-021000021-3300123456", "--json")
        for code in ["setup.no-name", "setup.bad-code", "setup.bad-iban"] { #expect(more.out.contains(code)) }
        #expect(!more.out.contains("US-021000021"))
        #expect(!FileManager.default.fileExists(atPath: books))
    }

    @Test("a period is not closed through a day to come, and the same id tells the first outcome")
    func periods() throws {
        let books = Self.books()
        _ = try Self.duly("init", "--books", books, "--seller", "X", "--country", "DE", "--currency", "EUR")
        func close(_ day: String, id: String) throws -> (status: Int32, out: String, error: String) {
            try Self.duly(
                "period", "close", "--through", day, "--id", id, "--today", "2026-03-31", "--books", books, "--json")
        }
        #expect(try close("2026-04-01", id: "p-1").out.contains("period.in-the-future"))
        let first = try close("2026-03-31", id: "p-1")
        #expect(first.out.contains(#""open_from":"2026-04-01""#) && first.out.contains(#""before":"2000-01-01""#))
        #expect(try close("2026-03-31", id: "p-1").out == first.out)
    }

    @Test("global options may stand before the noun")
    func optionsFirst() throws {
        let books = Self.books()
        let made = try Self.duly(
            "--books", books, "--today=2026-03-31", "--json", "init", "--seller", "X", "--country", "DE", "--currency",
            "EUR")
        #expect(made.status == 0, "\(made.error)")
        #expect(made.out.contains(#""code":"DE""#))
        #expect(try Self.duly("--books", books, "seller", "list").out.contains("X"))
        #expect(
            try Self.duly("--books", books, "--as", "ines", "report", "journal", "--json").out.contains(#""items":["#))
        #expect(try Self.duly("--books").status == 64)
        #expect(try Self.duly("--nonsense", "seller", "list").status == 64)
    }

    @Test("a second seller of the same code is refused")
    func twice() throws {
        let books = Self.books()
        let arguments = ["--books", books, "--seller", "X", "--country", "DE", "--currency", "EUR"]
        _ = try Self.duly("init", arguments[0], arguments[1], arguments[2], "X", "--country", "DE", "--currency", "EUR")
        let again = try Self.duly(
            "seller", "add", "--books", books, "--seller", "Y", "--country", "DE", "--currency", "EUR")
        #expect(again.status == 1)
        #expect(again.error.contains("setup.seller-code-taken"))
    }

    @Test("missing books are refused, wrong usage is 64, a database that cannot be reached is 69")
    func statuses() throws {
        #expect(try Self.duly("verify", "--books", Self.books()).status == 1)
        #expect(try Self.duly("verify", "--no-such").status == 64)
        #expect(try Self.duly("verify", "--books", "postgres://nobody@127.0.0.1:1/none").status == 69)
    }

    /// A command of the program as it tells of itself.
    private struct Help: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable { let name: String }
            let names: [Name]?
        }
        let commandName: String
        let subcommands: [Help]?
        let arguments: [Argument]?
    }

    @Test("every command that a hint, a refusal or a paper of the project names exists, with its options")
    func hints() throws {
        struct Dump: Decodable { let command: Help }
        let root = try JSONDecoder().decode(Dump.self, from: Data(try Self.duly("--experimental-dump-help").out.utf8))
            .command
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files =
            try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent("Sources").path)
            .filter { $0.hasSuffix(".swift") }.map { "Sources/\($0)" }
            + ["README.md", "docs/refusals.md", "docs/architecture.md", "CHANGELOG.md"]
        // In code only what stands in a text, behind a quote or a blank; in papers what stands as code.
        let pattern = try Regex(
            #"['"` ]duly ((?:[a-z][a-z-]*)(?: (?:[a-z][a-z|-]*|--[a-z-]+|[A-Z\\0-9{$.][^ '"`]*))*)"#)
        var found = 0
        for file in files {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("///") {
                guard
                    file.hasSuffix(".md")
                        ? line.contains("`duly") || line.hasPrefix("    duly") || line.contains("'duly")
                        : line.contains("\"")
                else { continue }
                for match in line.matches(of: pattern) {
                    guard let words = match.output[1].substring?.split(separator: " "), let first = words.first else {
                        continue
                    }
                    guard let command = root.subcommands?.first(where: { $0.commandName == first }) else {
                        // Within quotes it is meant as a command; elsewhere a sentence may go on with any word.
                        let quoted = line[match.range].first.map { "'`".contains($0) } ?? false
                        #expect(!quoted, "\(file): there is no 'duly \(first)'")
                        continue
                    }
                    found += 1
                    var last = command
                    if let children = command.subcommands, !children.isEmpty, words.count > 1 {
                        for name in words[1].split(separator: "|") where !name.hasPrefix("-") {
                            let child = children.first { $0.commandName == name }
                            #expect(child != nil, "\(file): there is no 'duly \(first) \(name)'")
                            last = child ?? last
                        }
                    }
                    let known = Set((last.arguments ?? []).flatMap { $0.names ?? [] }.map(\.name))
                    for option in words where option.hasPrefix("--") {
                        #expect(
                            known.contains(String(option.dropFirst(2))),
                            "\(file): \(words.joined(separator: " ")) has no \(option)")
                    }
                }
            }
        }
        #expect(found > 40, "\(found)")
    }
}
