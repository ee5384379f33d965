import Foundation
import Ledger
import Synchronization
import Web
import Workspace

/// What was done lately and the files it wrote, for the page that follows: bounded in number and size, and gone with the process.
final class DoneLately: Sendable {
    struct File: Sendable {
        let name: String
        let bytes: Data
        let owner: String
    }
    private struct State {
        var told: [String: WebSession.Told] = [:]
        var order: [String] = []
        var files: [(key: String, file: File)] = []
    }
    private let state = Mutex(State())
    private static let mostTold = 2_000
    private static let mostBytes = 256 << 20

    /// Whoever knows the id of another's command learns nothing of it.
    private static func key(_ id: String, _ user: String) -> String { user + "\n" + id }

    func tell(_ id: String, to user: String, _ told: WebSession.Told) {
        let id = Self.key(id, user)
        state.withLock { state in
            if state.told.updateValue(told, forKey: id) == nil { state.order.append(id) }
            if state.order.count > Self.mostTold { state.told[state.order.removeFirst()] = nil }
        }
    }

    func told(_ id: String, to user: String) -> WebSession.Told? {
        state.withLock { $0.told[Self.key(id, user)] }
    }

    func keep(_ files: [CommandRun.Written], for owner: String) -> [(name: String, key: String)] {
        state.withLock { state in
            let kept = files.map { file in (file, UUID().uuidString.lowercased()) }
            for (file, key) in kept {
                state.files.append((key, File(name: file.name, bytes: file.bytes, owner: owner)))
            }
            var bytes = state.files.reduce(0) { $0 + $1.file.bytes.count }
            while bytes > Self.mostBytes, state.files.count > kept.count {
                bytes -= state.files.removeFirst().file.bytes.count
            }
            return kept.map { ($0.0.name, $0.1) }
        }
    }

    /// nil also for another's.
    func file(_ key: String, for owner: String) -> File? {
        state.withLock { state in state.files.first { $0.key == key && $0.file.owner == owner }?.file }
    }
}

extension WorkspaceBooks {
    func commands(for session: WebSession) -> [CommandView] {
        Catalogue.all.entries.filter { session.may($0.name) }.map { entry in
            let output = Catalogue.writesFile(entry)?.name
            return CommandView(
                name: entry.name, abstract: entry.abstract, isCommand: entry.isCommand,
                parameters: entry.parameters.filter { $0.name != output }.map { parameter in
                    CommandView.Parameter(
                        name: parameter.name, help: parameter.help,
                        kind: parameter.isFile ? .file : parameter.kind == .flag ? .flag : .text,
                        isOptional: parameter.isOptional, isRepeating: parameter.isRepeating,
                        standard: parameter.standard)
                })
        }
    }

    func carryOut(_ name: String, _ form: WebForm, as session: WebSession, language: Language) async throws
        -> CommandResult
    {
        let entry = try commands.entry(name.split(separator: " ").map(String.init), for: session)
        let input = CommandInput(form: form)
        var run = try commands.run(entry, input)
        let isDry = run.values["dry-run"] == ["true"]
        if entry.isCommand { try await Unchanged(desk: commands).check(run, seen: form["_seen"], as: session) }
        if entry.takesID, !isDry, run.values["id"] == nil, let id = form["_id"] { run.values["id"] = [id] }
        let outcome = try await commands.carryOut(run, as: session, json: false, progress: Jobs.progress)
        switch outcome {
        case .answered(let output, let messages, let files, let wholly):
            if files.count == 1, files[0].name.isEmpty {
                let name = CommandFile.name(of: run)
                return .file(name: name, type: CommandFile.type(of: name), bytes: Array(files[0].bytes))
            }
            let text = (messages + [String(decoding: output, as: UTF8.self)]).joined(separator: "\n")
            guard files.isEmpty else {
                let kept = lately.keep(files, for: session.user)
                return .files(text: text, kept.map { ($0.name, Link("/files", path: [$0.key])) })
            }
            // A decision has no id of its own: that of its form leads back to the page.
            let own = run.values["id"]?.first ?? (entry.words[0] == "approval" ? form["_id"] : nil)
            guard entry.isCommand, !isDry, let id = own else {
                return .done(id: nil, text: text, wholly: wholly)
            }
            let line = text.split(separator: "\n").first { !$0.hasPrefix("---") }.map(String.init) ?? entry.name
            lately.tell(
                id, to: session.user,
                WebSession.Told(
                    summary: line, canUndo: entry.takesID && !["undo", "seller add-account"].contains(entry.name)))
            return .done(id: id, text: text, wholly: wholly)
        case .refused(let refusals):
            return .refused(refusals.map(Self.problem))
        case .waits(let approval):
            lately.tell(
                approval.approval, to: session.user,
                WebSession.Told(summary: Self.waiting(approval, language), canUndo: false))
            return .waits(id: approval.approval)
        case .usage(let why):
            return .refused([
                WebProblem(
                    status: 422, code: "usage", what: "Nothing was done.", why: why, next: "",
                    field: Self.field(why, entry))
            ])
        case .outage(let why): throw WorkspaceOutage(why)
        case .bug(let why): throw Bug(what: "\(entry.name): \(why)")
        }
    }

    /// A file that a command of this reader wrote.
    func file(_ request: WebRequest) throws -> WebResponse {
        guard let key = request.path.last, let file = lately.file(key, for: request.session.user) else {
            throw WebProblem.notFound
        }
        let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
        return .file(Array(file.bytes), type: CommandFile.type(of: name), name: name, attached: true)
    }

    struct Bug: Error { let what: String }

    private static func problem(_ lines: CommandRun.RefusalLines) -> WebProblem {
        let place = [lines.file, lines.row.map { "row \($0)" }].compactMap { $0 }.joined(separator: ", ")
        return WebProblem(
            status: 422, code: lines.code, what: lines.what, why: place.isEmpty ? lines.why : "\(place): \(lines.why)",
            next: lines.next, field: lines.field)
    }

    /// The parameter that a usage message speaks of: `--as-of takes a day`.
    private static func field(_ message: String, _ entry: Catalogue.Entry) -> String? {
        entry.parameters.first { message.contains("--\($0.name) ") || message.contains("<\($0.name)>") }?.name
    }
}
