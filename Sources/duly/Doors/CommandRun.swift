import ArgumentParser
import Books
import Database
import Formats
import Foundation
import Ledger

/// A command of the catalogue with its values, as it came through the API or a form.
struct CommandRun: Sendable {
    let entry: Catalogue.Entry
    /// By parameter name; a flag has the value `true`.
    var values: [String: [String]] = [:]
    /// What was brought along, by parameter name.
    var files: [(parameter: String, name: String, bytes: Data)] = []

    /// What a run came to.
    enum Outcome: Sendable {
        /// `found` is false where the command ended with 1: a check found something, or pieces were held back.
        case answered(output: [UInt8], messages: [String], files: [Written], wholly: Bool)
        case refused([RefusalLines])
        /// Nothing was done: a second person decides.
        case waits(ApprovalAnswer)
        case usage(String)
        case outage(String)
        case bug(String)
    }

    /// A file that the command wrote.
    struct Written: Sendable {
        let name: String
        let bytes: Data
    }

    /// The four lines of a refusal and its place, as a value that can be handed on.
    struct RefusalLines: Sendable, Encodable, Equatable {
        let code, what, why, next: String
        var file, field: String?
        var row: Int?

        init(_ refusal: any Refusal) {
            (code, what, why, next) = (refusal.code, refusal.what, refusal.why, refusal.next)
            (file, row, field) = (refusal.place?.file, refusal.place?.row, refusal.place?.field)
        }
    }

    /// Carries the command out at a door.
    /// - Parameter json: the answer in JSON, else in words.
    func run(at door: Door, json: Bool) async -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-\(UUID().uuidString)")
        // Most commands neither bring nor write files; a folder costs as much as a small query.
        let needsFolder = !files.isEmpty || Catalogue.writesFile(entry) != nil
        defer { if needsFolder { try? FileManager.default.removeItem(at: folder) } }
        do {
            if needsFolder {
                try FileManager.default.createDirectory(
                    at: folder.appendingPathComponent("in"), withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            }
            let (arguments, out) = try self.arguments(in: folder, json: json)
            var outcome = try await Door.$current.withValue(door) { try await carryOut(arguments, door) }
            guard needsFolder, case .answered(let output, let messages, _, let wholly) = outcome else { return outcome }
            let written = try out.map { try Self.collect($0) } ?? []
            outcome = .answered(
                output: Self.without(folder, output),
                messages: messages.map { $0.replacing(folder.path + "/in/", with: "") },
                files: written + (try Self.rejected(in: folder)), wholly: wholly)
            return outcome
        } catch {
            return Self.outcome(of: error, entry.type)
        }
    }

    private func carryOut(_ arguments: [String], _ door: Door) async throws -> Outcome {
        do {
            var command = try entry.type.parseAsRoot(arguments)
            if var async = command as? any AsyncParsableCommand {
                try await async.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode where code.rawValue == 1 {
            return .answered(output: door.said.output, messages: door.said.messages, files: [], wholly: false)
        }
        return .answered(output: door.said.output, messages: door.said.messages, files: [], wholly: true)
    }

    /// The words after `duly noun verb`. A value never becomes an option: options are written `--name=value`, arguments stand after
    /// `--`.
    private func arguments(in folder: URL, json: Bool) throws -> ([String], out: URL?) {
        var (options, arguments): ([String], [String]) = ([], [])
        var out: URL?
        let output = Catalogue.writesFile(entry)
        for parameter in entry.parameters {
            var given = values[parameter.name] ?? []
            if parameter.isFile { given = try keep(parameter, in: folder) }
            if parameter.name == output?.name {
                // A command that writes into a folder of its own accord would write beside the server's working folder.
                guard !given.isEmpty || !parameter.isOptional || parameter.standard != nil else { continue }
                let place = folder.appendingPathComponent("out")
                (out, given) = (place, [place.path])
            }
            switch parameter.kind {
            case .flag: if given.contains("true") { options.append("--\(parameter.name)") }
            case .option: options += given.map { "--\(parameter.name)=\($0)" }
            case .argument: arguments += given
            }
        }
        if json { options.append("--json") }
        return (options + ["--"] + arguments, out)
    }

    /// Puts the files of a parameter where the command can read them, under their own names without folders.
    private func keep(_ parameter: Catalogue.Parameter, in folder: URL) throws -> [String] {
        var taken: Set<String> = []
        return try files.filter { $0.parameter == parameter.name }.map { file in
            var name = String(file.name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? "file")
            name = String(
                name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.suffix(120).map(Character.init))
            if name.isEmpty || name.hasPrefix(".") || name.hasPrefix("-") {
                name = "file" + name.drop { $0 == "." || $0 == "-" }
            }
            while !taken.insert(name).inserted { name = "_" + name }
            let place = folder.appendingPathComponent("in").appendingPathComponent(name)
            try file.bytes.write(to: place)
            return place.path
        }
    }

    private static func collect(_ place: URL) throws -> [Written] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return [Written(name: "", bytes: try Data(contentsOf: place))] }
        let names = FileManager.default.enumerator(atPath: place.path)?.allObjects as? [String] ?? []
        return try names.sorted().compactMap { name in
            let file = place.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
                return nil
            }
            return Written(name: name, bytes: try Data(contentsOf: file))
        }
    }

    /// The rows of an import that were not taken.
    private static func rejected(in folder: URL) throws -> [Written] {
        try collect(folder.appendingPathComponent("in")).filter { $0.name.hasSuffix(".rejected.csv") }
    }

    /// Answers name files as they were brought, not where they lay meanwhile.
    private static func without(_ folder: URL, _ output: [UInt8]) -> [UInt8] {
        let path = Data(folder.path.utf8)
        guard Data(output).range(of: path) != nil else { return output }
        let text = String(decoding: output, as: UTF8.self)
        return Array(text.replacing(folder.path + "/in/", with: "").replacing(folder.path + "/", with: "").utf8)
    }

    /// The same distinctions as the exit status of the command line.
    static func outcome(of error: any Error, _ type: any ParsableCommand.Type) -> Outcome {
        switch error {
        case let refusal as any Refusal: return .refused([RefusalLines(refusal)])
        case let refusals as Refusals: return .refused(refusals.all.map(RefusalLines.init))
        case let problems as TableProblems:
            return .refused(problems.all.map { RefusalLines(TableRefusal(problem: $0)) })
        case let error as DatabaseError:
            switch error {
            case .outage(let why): return .outage(why)
            case .conflict(let why): return .outage("others kept changing the same records: \(why)")
            case .constraint(let why), .bug(let why): return .bug(why)
            }
        case let failure as TextWriteFailure: return .outage("not everything could be written: \(failure.reason)")
        case let outage as Outage: return .outage(outage.message)
        default:
            guard type.exitCode(for: error) == .validationFailure else { return .bug("\(error)") }
            return .usage(type.message(for: error))
        }
    }
}
