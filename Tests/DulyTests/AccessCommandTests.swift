import Foundation
import Host
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Users and tokens by command line, and the door of a server that was started as a person starts it.
@Suite("Users and tokens, by command") struct AccessCommandTests {
    static func books() throws -> String {
        let books = CommandLineTests.books()
        let made = try CommandLineTests.duly(
            "init", "--books", books, "--seller", "Uferlicht GmbH", "--country", "DE", "--currency", "EUR")
        #expect(made.status == 0, "\(made.error)")
        return books
    }

    @Test("invited, listed, given another role, shut out; a dry run keeps nothing")
    func users() throws {
        let books = try Self.books()
        func duly(_ words: String...) throws -> (status: Int32, out: String, error: String) {
            try ServeTests.duly(words + ["--books", books, "--json"])
        }
        let invite = ["user", "invite", "Ines", "--role", "coordinator", "--seller", "DE", "--books", books, "--json"]
        #expect(try ServeTests.duly(invite + ["--dry-run"]).status == 0)
        #expect(try duly("user", "list").out == "{\"items\":[],\"next\":null}\n")
        let invited = try ServeTests.duly(invite)
        #expect(invited.out.contains("\"link\":\"/invited/"))
        let list = try duly("user", "list").out
        #expect(list.contains("\"name\":\"ines\"") && list.contains("\"sellers\":[\"DE\"]"))
        #expect(list.contains("\"invited\":true"))
        let again = try ServeTests.duly(invite)
        #expect(again.status == 1 && again.out.contains("access.name-taken"))
        #expect(try duly("user", "role", "ines", "finance").status == 0)
        #expect(try duly("user", "role", "ines", "king").out.contains("access.no-such-role"))
        #expect(try duly("user", "disable", "ines").status == 0)
        #expect(try duly("user", "list").out.contains("\"active\":false"))
        let acts = try duly("user", "acts").out
        for kind in ["user invited", "role", "disabled"] { #expect(acts.contains("\"kind\":\"\(kind)\"")) }
        #expect(try duly("user", "clashes").out.contains("accounts-and-money"))
        #expect(try duly("user", "views").out == "{\"items\":[],\"next\":null}\n")
    }

    @Test("a password comes from a file, never from the command, and a poor one is refused")
    func passwords() throws {
        let books = try Self.books()
        let file = try TestFolder.fresh().appendingPathComponent("password")
        func add(_ password: String) throws -> (status: Int32, out: String, error: String) {
            try "\(password)\n".write(to: file, atomically: true, encoding: .utf8)
            return try ServeTests.duly([
                "user", "add", "ines", "--role", "manager", "--password-file", file.path, "--books", books, "--json",
            ])
        }
        #expect(try add("passwort1234").out.contains("access.obvious-password"))
        let made = try add("zwei reiher im schilf")
        #expect(made.status == 0 && !made.out.contains("reiher"), "\(made.out)")
    }

    @Test("a token is printed once, and neither listed nor kept in the books")
    func tokens() throws {
        let books = try Self.books()
        func duly(_ words: String...) throws -> [String: Any] {
            let done = try ServeTests.duly(words + ["--books", books, "--json"])
            return try #require(try JSONSerialization.jsonObject(with: Data(done.out.utf8)) as? [String: Any])
        }
        _ = try duly("user", "invite", "ines", "--role", "manager")
        let made = try duly("token", "create", "--user", "ines", "--name", "till", "--scope", "cash")
        let (token, id) = (try #require(made["token"] as? String), try #require(made["id"] as? String))
        #expect(token.hasPrefix("duly_"))
        let listed = try #require(try duly("token", "list")["items"] as? [[String: Any]])
        #expect(listed.count == 1 && !"\(listed)".contains(token))
        for name in [books, books + "-wal"] {
            guard let bytes = FileManager.default.contents(atPath: name) else { continue }
            #expect(bytes.range(of: Data(token.utf8)) == nil, "the token stands in \(name)")
        }
        #expect(try duly("token", "revoke", id)["done"] != nil)
        #expect(try ServeTests.duly(["token", "revoke", "x", "--books", books]).status == 1)
    }

    @Test("a server of books without users asks to be set up, with a code that only its starter sees")
    func setUp() async throws {
        let books = try Self.books()
        let process = ChildProcess()
        process.executableURL = ServeTests.program
        process.arguments = ["serve", "--books", books, "--port", "0", "--json", "--log"]
        let (out, error) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        try process.run()
        defer { process.terminate() }
        let said = try JSONDecoder().decode([String: String].self, from: try Self.line(of: out))
        let code = String(decoding: try Self.line(of: error), as: UTF8.self)
        #expect(code.contains("/setup") && code.firstMatch(of: /[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}/) != nil)
        let address = try #require(said["url"])
        let (page, _) = try await URLSession.shared.data(from: try #require(URL(string: address)))
        #expect(String(decoding: page, as: UTF8.self).contains("action=\"/setup\""))
        let (json, response) = try await URLSession.shared.data(from: try #require(URL(string: address + "api/today")))
        #expect((response as? HTTPURLResponse)?.statusCode == 401)
        #expect(String(decoding: json, as: UTF8.self).contains("access.sign-in-first"))
        _ = try await URLSession.shared.data(from: try #require(URL(string: address + "invited/geheimgeheim?to=x")))
        process.terminate()
        let log = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(log.contains("GET /invited/…") && !log.contains("geheim"), "\(log)")
    }

    private static func line(of pipe: Pipe) throws -> Data {
        var line = Data()
        while !line.contains(10), case let more = pipe.fileHandleForReading.availableData, !more.isEmpty {
            line += more
        }
        return line
    }

    @Test("nobody serves open books to the world")
    func openToAll() throws {
        let refused = try ServeTests.duly([
            "serve", "--books", try Self.books(), "--open", "--host", "0.0.0.0", "--port", "0", "--json",
        ])
        #expect(refused.status == 1 && refused.out.contains("access.open-to-all"))
    }
}
