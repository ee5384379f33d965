import Foundation
import TestSupport
import Testing

@testable import duly

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One behaviour, three doors: what the command line lists is in the API and on the pages, and answers the same.
@Suite("The catalogue of commands", .serialized)
struct CatalogueTests {
    static let today = "2026-03-31"

    /// A command of the program as it tells of itself.
    private struct Help: Decodable {
        let commandName: String
        let subcommands: [Help]?

        /// Without `help`, which is on every level.
        func leaves(_ words: [String] = []) -> [String] {
            let below = (subcommands ?? []).filter { $0.commandName != "help" }
            guard !below.isEmpty else { return [words.joined(separator: " ")] }
            return below.flatMap { $0.leaves(words + [$0.commandName]) }
        }
    }
    private struct Dump: Decodable { let command: Help }

    @Test("every command is in the catalogue, or is named with the reason why not")
    func complete() throws {
        let told = try ServeTests.duly(["--experimental-dump-help"])
        let leaves = try JSONDecoder().decode(Dump.self, from: Data(told.out.utf8)).command.leaves()
        #expect(leaves.count > 50)
        let known = Set(Catalogue.all.entries.map(\.name))
        for name in leaves {
            let reason = Catalogue.ofThisMachine[name]
            #expect(known.contains(name) != (reason != nil), "\(name) stands in neither list, or in both")
            #expect(reason.map { $0.split(separator: " ").count > 2 } ?? true, "\(name) needs a reason")
        }
        #expect(known.union(Catalogue.ofThisMachine.keys) == Set(leaves))
    }

    @Test("a parameter that names a file or a folder is brought along or handed over, never a path of the server")
    func files() {
        for entry in Catalogue.all.entries {
            for parameter in entry.parameters where parameter.kind != .flag && !parameter.isFile {
                let help = parameter.help.lowercased()
                // Of a table's rows or its template, not of a place.
                let isAside =
                    help.contains("where the file does not say") || ["kind", "template"].contains(parameter.name)
                guard help.contains("file") || help.contains("folder") || help.contains("path"), !isAside else {
                    continue
                }
                #expect(
                    Catalogue.writesFile(entry)?.name == parameter.name,
                    "\(entry.name) --\(parameter.name): \(parameter.help)")
            }
        }
    }

    @Test("every command has an address, a description and a form")
    func doors() async throws {
        let server = try ServeTests.Server(try ServeTests.office())
        defer { server.close() }
        let document = try await server.json("api/openapi.json")
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let list = try await server.page("commands")
        for entry in Catalogue.all.entries {
            let path = "api/v1/" + entry.words.joined(separator: "/")
            let method = CommandAPI.methods(entry)[0]
            let operation = try #require(paths["/" + path]?[method.lowercased()] as? [String: Any], "\(path)")
            #expect((operation["responses"] as? [String: Any])?["200"] != nil)
            // A field that it does not have is refused by the command itself: so it is there, and nothing is done.
            let answer = try await Self.ask(server, method, path, "no_such_field=1")
            #expect(answer.status == 400 && answer.text.contains("api.unknown-field"), "\(path): \(answer)")
            let form = "commands/" + entry.words.joined(separator: "/")
            #expect(list.contains("\"/\(form)\""), "\(form)")
            let page = try await server.page(form)
            for parameter in entry.parameters
            where parameter.name != "id" && parameter.name != Catalogue.writesFile(entry)?.name {
                #expect(page.contains("name=\"\(parameter.name)\""), "\(form): \(parameter.name)")
            }
        }
    }

    @Test("no value that comes through the API becomes a path, an option or another command's argument")
    func nothingIsOpened() async throws {
        let server = try ServeTests.Server(try ServeTests.office())
        defer { server.close() }
        let folder = try TestFolder.fresh()
        let canary = folder.appendingPathComponent("canary.csv")
        try Data("canary-in-a-mine\n".utf8).write(to: canary)
        for entry in Catalogue.all.entries {
            let path = "api/v1/" + entry.words.joined(separator: "/")
            for value in [canary.path, "--out=\(folder.path)/made", "--books=\(folder.path)/other.db"] {
                // Every text at once; a command keeps nothing.
                var fields = entry.parameters.filter { $0.kind != .flag && !$0.isFile && $0.name != "id" }
                    .filter { $0.name != Catalogue.writesFile(entry)?.name }.map { ($0.key, value) }
                if entry.parameter("dry-run") != nil { fields.append(("dry_run", "true")) }
                let answer = try await Self.ask(server, CommandAPI.methods(entry)[0], path, Self.form(fields))
                #expect(answer.status != 500, "\(path): \(answer.text.prefix(300))")
                #expect(!answer.text.contains("canary-in-a-mine"), "\(path) opened a file of the server")
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["canary.csv"])
    }

    /// What each query is asked for, where it needs something; the example company has these.
    private static func questions(_ entry: Catalogue.Entry, _ sample: Sample) -> [[(key: String, value: String)]] {
        switch entry.name {
        case "customer show", "customer file": return [[("number", sample.customer), ("seller", sample.seller)]]
        case "invoice show", "invoice explain":
            return [[("number", sample.invoice), ("seller", sample.seller)], [("number", "NO-SUCH")]]
        case "portfolio show": return [[("name", "no-such")]]
        case "seller show": return [[("code", sample.seller)]]
        case "search": return [[("text", "a")], [("text", sample.invoice)]]
        case "export":
            return ["customers", "products", "prices", "invoices", "receipts", "allocations"].map { [("kind", $0)] }
        case "report":
            return ["aging", "rollforward", "dso", "journal", "trial-balance", "no-such"].map { [("name", $0)] } + [
                [("name", "aging"), ("as_of", "2026-01-31"), ("by", "customer")], [("name", "aging"), ("csv", "true")],
            ]
        case "statement show", "timeline":
            return [[("customer", sample.customer), ("seller", sample.seller)]]
        case "history": return [[], [("customer", sample.customer), ("seller", sample.seller), ("limit", "5")]]
        case "reminder why": return [[("customer", sample.customer), ("seller", sample.seller)]]
        default:
            let output = Catalogue.writesFile(entry)?.name
            let required = entry.parameters.filter { !$0.isOptional && $0.name != output }.map(\.name)
            guard required.isEmpty else {
                Issue.record("say here what '\(entry.name)' is asked for: \(required)")
                return []
            }
            return entry.parameter("limit") == nil ? [[]] : [[], [("limit", "3")], [("limit", "0")]]
        }
    }

    private struct Sample { let seller, customer, invoice: String }

    @Test(
        "the command line and the API give the same bytes to every query", .timeLimit(.minutes(5)),
        arguments: ["sqlite", "postgres"])
    func sameBytes(engine: String) async throws {
        let books =
            engine == "sqlite" ? CommandLineTests.books() : try await TestDatabases.freshServerDatabase()
        let made = try ServeTests.duly([
            "demo", "--books", books, "--customers", "6", "--orders", "40", "--today", Self.today, "--no-users",
        ])
        try #require(made.status == 0, "\(made.error)")
        let surroundings = ["--books", books, "--today", Self.today, "--json"]
        let server = try ServeTests.Server(books)
        defer { server.close() }
        let sample = try Self.sample(try ServeTests.duly(["invoice", "list", "--limit", "1"] + surroundings).out)
        var asked = 0
        for entry in Catalogue.all.entries where CommandAPI.methods(entry) == ["GET"] {
            for question in Self.questions(entry, sample) {
                let answer = try await Self.ask(
                    server, "GET", "api/v1/" + entry.words.joined(separator: "/"), Self.form(question))
                // What must write a file hands it over.
                let file =
                    entry.parameters.contains { $0.name == "out" && !$0.isOptional } ? TestFolder.path("out") : nil
                let out = file.map { ["--out", $0.path] } ?? []
                let line = try ServeTests.duly(Self.arguments(entry, question, surroundings + out))
                let said = try file.map { try String(contentsOf: $0, encoding: .utf8) } ?? line.out
                #expect(
                    Self.timeless(answer.text) == Self.timeless(said),
                    "\(entry.name) \(question): API \(answer.text.prefix(200)), line \(said.prefix(200))")
                #expect((answer.status == 200) == (line.status == 0), "\(entry.name): \(answer.status) \(line.status)")
                asked += 1
            }
        }
        #expect(asked > 30)
    }

    /// On PostgreSQL the horizon moves from one question to the next: the instant that a report is known at is told, not asked for.
    private static func timeless(_ text: String) -> String {
        text.replacing(/"known_at":"[^"]*"/, with: "\"known_at\":\"then\"")
    }

    private static func sample(_ list: String) throws -> Sample {
        struct List: Decodable {
            struct Item: Decodable { let invoice_no, seller, customer: String }
            let items: [Item]
        }
        let item = try #require(try JSONDecoder().decode(List.self, from: Data(list.utf8)).items.first)
        return Sample(seller: item.seller, customer: item.customer, invoice: item.invoice_no)
    }

    private static func arguments(
        _ entry: Catalogue.Entry, _ question: [(key: String, value: String)], _ surroundings: [String]
    ) -> [String] {
        var (options, arguments): ([String], [String]) = ([], [])
        for (key, value) in question {
            let name = key.replacing("_", with: "-")
            switch entry.parameter(name)?.kind {
            case .argument: arguments.append(value)
            case .flag: options.append("--\(name)")
            case .option, nil: options.append("--\(name)=\(value)")
            }
        }
        return entry.words + options + surroundings + ["--"] + arguments
    }

    private static func form(_ fields: [(String, String)]) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
        return fields.map {
            "\($0.0)=\($0.1.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
        }.joined(separator: "&")
    }

    private static func ask(_ server: ServeTests.Server, _ method: String, _ path: String, _ fields: String)
        async throws -> (status: Int, text: String)
    {
        let isGet = method == "GET"
        var request = URLRequest(
            url: try #require(URL(string: server.address + path + (isGet && !fields.isEmpty ? "?" + fields : ""))))
        request.httpMethod = method
        request.timeoutInterval = 120
        if !isGet {
            request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(fields.utf8)
        }
        let (body, response) = try await URLSession.shared.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        return (http.statusCode, String(decoding: body, as: UTF8.self))
    }
}
