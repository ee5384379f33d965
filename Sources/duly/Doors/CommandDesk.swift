import Access
import AccessDesk
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

    /// What somebody may see of the books.
    static func sight(of session: WebSession) -> Sight {
        guard let principal = session.context as? Principal else { return .everything }
        return sight(of: principal)
    }

    static func sight(of principal: Principal) -> Sight {
        Sight(books: principal.books.map { $0.sorted() }, portfolio: principal.portfolio)
    }

    /// What waits for second persons, sealed under the books' key.
    var approvals: ApprovalDesk {
        ApprovalDesk(
            database, vault: try? KeyFile.vault(Common.keyFile(of: url), create: false), clock: Common.clock,
            chance: Common.chance)
    }

    /// Who asks, as the books know them.
    /// - Parameter reading: only what they may see is there; a command runs on all of the books, after `check`.
    func door(
        for session: WebSession, reading: Bool, progress: (@Sendable (String, Int, Int?) -> Void)? = nil
    ) async throws -> Door {
        let principal =
            session.context as? Principal ?? Principal(user: nil, name: session.user, role: .administrator)
        return try await door(as: principal, reading: reading, progress: progress)
    }

    func door(
        as principal: Principal, reading: Bool, progress: (@Sendable (String, Int, Int?) -> Void)? = nil
    ) async throws -> Door {
        let sight = Self.sight(of: principal)
        let seen = sight.isEverything ? database : database.limited(to: sight)
        let sellers: Set<String>? =
            sight.isEverything
            ? nil
            : try await seen.read { transaction in
                Set(try transaction.query("SELECT code FROM sellers", []).map { try $0.text(0) })
            }
        return Door(
            url: url, database: reading ? seen : database,
            actor: Actor(name: principal.name.isEmpty ? "operator" : principal.name), day: day, sellers: sellers,
            said: Door.Said(progress: progress), principal: principal)
    }

    /// Carries a command or query out for whoever is signed in.
    func carryOut(
        _ run: CommandRun, as session: WebSession, json: Bool, progress: (@Sendable (String, Int, Int?) -> Void)? = nil
    ) async throws -> CommandRun.Outcome {
        do {
            try await check(run, Self.sight(of: session))
            if let principal = session.context as? Principal,
                case .ended(let outcome) = try await SecondWord(desk: self).judge(run, as: principal)
            {
                return outcome
            }
        } catch {
            return CommandRun.outcome(of: error, run.entry.type)
        }
        let door = try await door(for: session, reading: !run.entry.isCommand, progress: progress)
        return await run.run(at: door, json: json)
    }

    /// Somebody who sees a part of the books changes no more than that part: a command names customers, documents, receipts or
    /// drafts, and all of them are seen; or, where the limit is one of sellers only, it names the seller. What names nothing
    /// would reach everybody, and is refused.
    func check(_ run: CommandRun, _ sight: Sight) async throws {
        guard run.entry.isCommand, !sight.isEverything else { return }
        let subjects = Self.subjects(of: run)
        let seller = run.values["seller"]?.first ?? (run.entry.words[0] == "seller" ? run.values["code"]?.first : nil)
        let book: Int64? = if let seller { try await self.book(of: seller, sight) } else { nil }
        guard !subjects.isEmpty || sight.portfolio == nil && book != nil else {
            throw DoorRefusal.reachesEverybody(run.entry.name)
        }
        try await sight.check(subjects, book: book, in: database)
    }

    private func book(of code: String, _ sight: Sight) async throws -> Int64 {
        let rows = try await database.limited(to: sight).read { transaction in
            try transaction.query("SELECT book, code FROM sellers", []).map { (try $0.int(0), try $0.text(1)) }
        }
        guard let found = rows.first(where: { $0.1.lowercased() == code.lowercased() }) else {
            throw SetUpRefusal.noSuchSeller(code)
        }
        return found.0
    }

    private static let kinds: [String: CommandSubject.Kind] = [
        "customer": .customer, "number": .document, "numbers": .document, "invoice": .document, "document": .document,
        "receipt": .receipt, "drafts": .draft, "command": .command, "approval": .approval,
    ]
    private static func subjects(of run: CommandRun) -> [CommandSubject] {
        // A file names whatever it likes.
        guard run.files.isEmpty else { return [] }
        return run.entry.parameters.flatMap { parameter in
            kinds[parameter.name].map { kind in (run.values[parameter.name] ?? []).map { CommandSubject(kind, $0) } }
                ?? []
        }
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
            if input.isJSON, entry.parameter(name)?.isFile == true {
                run.files.append((name, key, Data(value.utf8)))
                continue
            }
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
    /// A text for a file is the file's content.
    var isJSON = false

    init(_ request: WebRequest, pathLength: Int) throws {
        if request.method == "GET" || request.method == "HEAD" {
            fields = request.query
        } else {
            let type = (request.header("content-type") ?? "").prefix { $0 != ";" && !$0.isWhitespace }.lowercased()
            switch type {
            case "application/json":
                isJSON = true
                try take(json: try request.body.bytes())
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

    /// An object of texts, numbers, truth values and lists of them. A list of objects is a file of JSON lines, so that a program can
    /// send records without writing a file.
    private mutating func take(json bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        let object: [String: JSONValue]
        do { object = try JSONDecoder().decode([String: JSONValue].self, from: Data(bytes)) } catch {
            throw WebProblem.badJSON
        }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .scalars(let texts): fields += texts.map { (key, $0) }
            case .records(let records):
                let lines = try records.map { try Answer.encode($0) + "\n" }.joined()
                files.append(WebUpload(field: key, name: "\(key).jsonl", bytes: Data(lines.utf8)))
            }
        }
    }
}

/// What stands behind a name in the body of a command.
private enum JSONValue: Decodable {
    /// One scalar, or a list of them, as the texts a command line has.
    case scalars([String])
    case records([[String: String]])

    init(from decoder: any Decoder) throws {
        guard var list = try? decoder.unkeyedContainer() else {
            self = .scalars(try Self.scalar(decoder.singleValueContainer()).map { [$0] } ?? [])
            return
        }
        var (texts, records): ([String], [[String: String]]) = ([], [])
        while !list.isAtEnd {
            let one = try list.superDecoder()
            if let record = try? one.container(keyedBy: Name.self) {
                records.append(try Self.record(record))
            } else if let text = try Self.scalar(one.singleValueContainer()) {
                texts.append(text)
            }
        }
        guard texts.isEmpty || records.isEmpty else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "mixed"))
        }
        self = records.isEmpty ? .scalars(texts) : .records(records)
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static func record(_ container: KeyedDecodingContainer<Name>) throws -> [String: String] {
        var record: [String: String] = [:]
        for key in container.allKeys {
            record[key.stringValue] = try scalar(container.superDecoder(forKey: key).singleValueContainer())
        }
        return record
    }

    /// nil for null.
    private static func scalar(_ value: any SingleValueDecodingContainer) throws -> String? {
        if value.decodeNil() { return nil }
        if let text = try? value.decode(String.self) { return text }
        if let flag = try? value.decode(Bool.self) { return flag ? "true" : "false" }
        if let whole = try? value.decode(Int64.self) { return String(whole) }
        // A decimal keeps its digits: 0.1 must not become 0.1000000000000000055.
        return "\(try value.decode(Decimal.self))"
    }
}

/// Why a door stays closed for a command.
enum DoorRefusal: Refusal {
    case reachesEverybody(String)
    var code: String { "access.reaches-everybody" }
    var what: String { "Nothing was done." }
    var why: String {
        switch self {
        case .reachesEverybody(let name): "'\(name)' would reach customers or sellers that you do not see."
        }
    }
    var next: String {
        "Name the customer, the document or the seller it is about, or ask somebody who sees all of them."
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
