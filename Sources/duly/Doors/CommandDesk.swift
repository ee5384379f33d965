import Books
import Database
import Foundation
import Ledger
import Money
import Synchronization
import Web

/// Carries out commands of the catalogue for whoever is signed in: what the API and the pages share.
struct CommandDesk: Sendable {
    let url: String
    let database: any Database
    let day: @Sendable (_ timeZone: String?) -> Day
    let catalogue = Catalogue.all

    /// Who asks, as the books know them.
    func door(for session: WebSession, progress: (@Sendable (String, Int, Int?) -> Void)? = nil) -> Door {
        Door(
            url: url, database: database, actor: Actor(name: session.user.isEmpty ? "operator" : session.user),
            day: day,
            sellers: nil, said: Door.Said(progress: progress))
    }

    /// The command of these words, where the reader may carry it out.
    func entry(_ words: [String], for session: WebSession) throws -> Catalogue.Entry {
        guard let entry = catalogue[words.joined(separator: " ")] else { throw WebProblem.notFound }
        guard session.may(entry.name) else { throw WebProblem.notAllowed(entry.name) }
        return entry
    }

    /// What came with a request, by parameter. Names that the command does not have are refused, all at once.
    func run(_ entry: Catalogue.Entry, _ input: CommandInput) throws -> CommandRun {
        var run = CommandRun(entry: entry)
        var problems: [WebProblem] = []
        for (key, value) in input.fields where !key.hasPrefix("_") {
            let name = key.replacing("_", with: "-")
            guard let parameter = entry.parameter(name), !parameter.isFile, !Catalogue.outputs.contains(name) else {
                problems.append(.unknownField(key, of: entry))
                continue
            }
            if value.utf8.contains(0) { problems.append(.badText(key)) }
            // An empty field of a form is one that was not filled in.
            guard !value.isEmpty else { continue }
            if parameter.kind == .flag, value != "true", value != "false" { problems.append(.notAFlag(key, value)) }
            run.values[name, default: []].append(value)
        }
        for file in input.files {
            let name = file.field.replacing("_", with: "-")
            guard entry.parameter(name)?.isFile == true else {
                problems.append(.unknownField(file.field, of: entry))
                continue
            }
            run.files.append((name, file.name, file.bytes))
        }
        for parameter in entry.parameters where !parameter.isRepeating && (run.values[parameter.name]?.count ?? 0) > 1 {
            problems.append(.twice(parameter.key))
        }
        if let first = problems.first { throw first.with(problems.dropFirst()) }
        if input.download, let output = Catalogue.writesFile(entry) { run.values[output.name] = ["file"] }
        return run
    }
}

/// The values of a command as they came: from a query, a form or JSON.
struct CommandInput: Sendable {
    var fields: [(key: String, value: String)] = []
    var files: [WebUpload] = []
    /// The answer is wanted as a file.
    var download = false

    init(_ request: WebRequest, pathLength: Int) throws {
        if request.method == "GET" || request.method == "HEAD" {
            fields = request.query
        } else {
            let type = (request.header("content-type") ?? "").prefix { $0 != ";" && !$0.isWhitespace }.lowercased()
            switch type {
            case "application/json": fields = try Self.json(try request.body.bytes())
            case "" where request.body.count == 0: break
            default:
                let form = try request.form()
                (fields, files) = (form.fields, form.files)
            }
        }
        download = fields.contains { $0.key == "download" && $0.value == "true" }
        fields.removeAll { ["download", "lang"].contains($0.key) }
    }

    init(form: WebForm) {
        (fields, files) = (form.fields, form.files)
        download = form["download"] == "true"
        fields.removeAll { ["download", "lang"].contains($0.key) }
    }

    /// An object of texts, numbers, truth values and lists of them.
    private static func json(_ bytes: [UInt8]) throws -> [(key: String, value: String)] {
        guard !bytes.isEmpty else { return [] }
        let object: [String: JSONScalars]
        do { object = try JSONDecoder().decode([String: JSONScalars].self, from: Data(bytes)) } catch {
            throw WebProblem.badJSON
        }
        return object.sorted { $0.key < $1.key }.flatMap { entry in entry.value.texts.map { (entry.key, $0) } }
    }
}

/// A scalar of JSON or a list of scalars, as the texts a command line has.
private struct JSONScalars: Decodable {
    let texts: [String]

    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var found: [String] = []
            while !list.isAtEnd { found += try Self.scalar(list.superDecoder().singleValueContainer()) }
            texts = found
        } else {
            texts = try Self.scalar(decoder.singleValueContainer())
        }
    }

    private static func scalar(_ value: any SingleValueDecodingContainer) throws -> [String] {
        if value.decodeNil() { return [] }
        if let flag = try? value.decode(Bool.self) { return [flag ? "true" : "false"] }
        if let text = try? value.decode(String.self) { return [text] }
        if let whole = try? value.decode(Int64.self) { return [String(whole)] }
        // A decimal keeps its digits: 0.1 must not become 0.1000000000000000055.
        return ["\(try value.decode(Decimal.self))"]
    }
}

extension WebProblem {
    static func notAllowed(_ command: String) -> WebProblem {
        WebProblem(
            status: 403, code: "access.not-allowed", what: "Nothing was done.",
            why: "Your role does not include '\(command)'.", next: "Ask somebody whose role does, or an administrator.")
    }
    static func unknownField(_ name: String, of entry: Catalogue.Entry) -> WebProblem {
        let known = entry.parameters.filter { !Catalogue.outputs.contains($0.name) }.map(\.key)
        return WebProblem(
            status: 400, code: "api.unknown-field", what: "Nothing was done.",
            why: "'\(entry.name)' has no field '\(name.prefix(60))'.",
            next: known.isEmpty ? "It takes none." : "It takes \(known.joined(separator: ", ")).",
            field: String(name.prefix(60)))
    }
    static func badText(_ name: String) -> WebProblem {
        WebProblem(
            status: 400, code: "api.bad-text", what: "Nothing was done.",
            why: "The field '\(name)' holds a NUL character.",
            next: "Leave it out.", field: name)
    }
    static func notAFlag(_ name: String, _ value: String) -> WebProblem {
        WebProblem(
            status: 400, code: "api.not-a-flag", what: "Nothing was done.",
            why: "The field '\(name)' is true or false.",
            next: "Send true, false, or leave it out.", field: name)
    }
    static func twice(_ name: String) -> WebProblem {
        WebProblem(
            status: 400, code: "api.twice", what: "Nothing was done.",
            why: "The field '\(name)' stands there more than once.",
            next: "Send one value.", field: name)
    }
    static let badJSON = WebProblem(
        status: 400, code: "api.bad-json", what: "Nothing was done.",
        why: "The body is no JSON object whose values are texts, numbers, true, false, or lists of them.",
        next: "Send such an object; /api/openapi.json describes each.")
}
