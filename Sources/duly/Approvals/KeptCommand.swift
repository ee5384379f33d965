import Foundation

/// A command as it was asked for, to be carried out later exactly so: its values and the files that came with it. It may name bank
/// accounts and people, so it is only ever written sealed.
struct KeptCommand: Codable, Sendable, Equatable {
    struct File: Codable, Sendable, Equatable {
        let parameter, name: String
        let bytes: Data
    }
    let name: String
    let values: [String: [String]]
    let files: [File]

    /// Bytes of files that are kept for one command.
    static let mostBytes = 1 << 20

    /// The id stands beside it.
    init(_ run: CommandRun) {
        name = run.entry.name
        values = run.values.filter { $0.key != "id" && $0.key != "dry-run" }
        files = run.files.map { File(parameter: $0.parameter, name: $0.name, bytes: $0.bytes) }
    }

    init?(_ text: String) {
        guard let kept = try? Answer.decode(KeptCommand.self, text) else { return nil }
        self = kept
    }

    func text() throws -> String { try Answer.encode(self) }

    /// nil where this version no longer has the command.
    func run(id: String) -> CommandRun? {
        guard let entry = Catalogue.all[name] else { return nil }
        var run = CommandRun(entry: entry)
        run.values = values
        if entry.takesID { run.values["id"] = [id] }
        run.files = files.map { ($0.parameter, $0.name, $0.bytes) }
        return run
    }
}
