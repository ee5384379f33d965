import ArgumentParser
import Books
import Formats
import Foundation
import ImportsDesk
import Ledger
import Money
import Web
import Workspace

/// Imports from the browser: the same desk as the command line's, over a file that waits between the pages.
extension WorkspaceBooks {
    func importSellers(as session: WebSession) async throws -> [SellerView] {
        try await reading { try houses(nil, $0).map(\.view) }
    }

    func importTemplate(_ kind: String, format: String) throws -> (type: String, bytes: [UInt8])? {
        guard ImportDesk.kinds.contains(kind), ["csv", "xlsx"].contains(format) else { return nil }
        let (headings, example) = try ImportDesk.template(kind)
        guard format == "xlsx" else {
            var writer = CSVWriter(TextSink())
            try writer.row(headings)
            try writer.row(example)
            return (CommandFile.type(of: "x.csv"), writer.sink.bytes)
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("template-\(UUID().uuidString)").path
        defer { unlink(path) }
        let sheet = try SheetWriter(
            path: path, name: kind, title: kind, headings: headings, columns: headings.map(SheetFile.column),
            recorded: Common.clock())
        try sheet.row(example)
        try sheet.close(about: [("Template", kind), ("Rows", "The row below the headings is an example.")])
        return (CommandFile.type(of: "x.xlsx"), [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
    }

    func importKeep(_ file: WebUpload, kind: String, seller: String?, as session: WebSession) async throws -> String {
        let owner = ImportStore.Owner(session)
        guard
            let waiting = try imports.keep(file, kind: kind, as: owner, now: Common.clock(), chance: Common.chance)
        else {
            throw ImportProblem(
                code: "import.no-room", why: "Too many files wait to be imported.",
                next: "Finish or drop another import, or try again later.", field: "file")
        }
        do {
            _ = try ImportDesk.preview(kind, file: waiting.path, options: TableOptions())
        } catch let problems as TableProblems {
            imports.drop(waiting.key, as: owner)
            let first = problems.all[0]
            throw ImportProblem(code: first.code, why: first.why, next: first.next, field: "file")
        }
        imports.change(waiting.key) { $0.choices.seller = seller }
        return waiting.key
    }

    func importWaiting(_ key: String, as session: WebSession) async throws -> ImportView? {
        guard let waiting = imports.waiting(key, as: .init(session), now: Common.clock()) else { return nil }
        let preview = try? ImportDesk.preview(
            waiting.kind, file: waiting.path, options: Self.options(waiting.choices))
        var state = waiting.state
        // What the mapping alone shows to be wrong is said only when it was asked for.
        if case .mapping(let problems) = state, problems.isEmpty, waiting.choices.columns.isEmpty {
            let found = preview?.problems.filter { $0.code != "table.column-missing" } ?? []
            state = .mapping(found.map(Self.problem))
        }
        return ImportView(
            key: key, kind: waiting.kind, fileName: waiting.fileName, bytes: waiting.bytes,
            format: preview?.format ?? "", sheet: preview?.sheet, otherSheets: preview?.otherSheets ?? [],
            columns: preview?.columns.map { .init(heading: $0.heading, samples: $0.samples, field: $0.field) } ?? [],
            fields: preview?.fields.map {
                .init(
                    name: $0.name, isRequired: $0.isRequired, isDay: $0.isDay, isDecimal: $0.isDecimal,
                    constant: $0.constant)
            } ?? [], choices: waiting.choices, sellers: try await importSellers(as: session), state: state)
    }

    func importCheck(_ key: String, _ choices: ImportChoices, as session: WebSession) async throws {
        guard let waiting = imports.begin(key, as: .init(session)) else { return }
        if case .done = waiting.state { return imports.change(key) { $0.state = waiting.state } }
        imports.change(key) { $0.choices = choices }
        // Another sheet has other columns: they are shown first.
        if choices.sheet != nil, choices.columns.isEmpty, choices.sheet != waiting.choices.sheet {
            return imports.change(key) { $0.state = .mapping([]) }
        }
        try await working(waiting) {
            let outcome = try await importing(waiting, choices, keepGood: true, isDry: true, as: session)
            let counts = Self.counts(outcome)
            return counts.rows == 0 && counts.problemCount > 0 ? .mapping(counts.problems) : .checked(counts)
        }
    }

    func importRun(_ key: String, keepGood: Bool, as session: WebSession) async throws {
        guard let waiting = imports.begin(key, as: .init(session)) else { return }
        guard case .checked = waiting.state else { return imports.change(key) { $0.state = waiting.state } }
        try await working(waiting) {
            let outcome = try await importing(waiting, waiting.choices, keepGood: keepGood, isDry: false, as: session)
            let counts = Self.counts(outcome)
            // What changed in the books since it was checked may stand against it now.
            guard counts.problemCount == 0 || keepGood else { return .checked(counts) }
            let rejected = outcome.files.first?.rejected_file
            imports.change(key) { $0.rejected = rejected }
            await TableStatistics.renew(base, after: counts.added + counts.changed)
            return .done(counts)
        }
    }

    func importRejected(_ key: String, as session: WebSession) throws -> [UInt8]? {
        guard let path = imports.waiting(key, as: .init(session), now: Common.clock())?.rejected else { return nil }
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }

    func importDrop(_ key: String, as session: WebSession) { imports.drop(key, as: .init(session)) }

    // MARK: Working

    /// Ends what was begun: with a new state, a problem at its field, or the state before.
    private func working(
        _ waiting: ImportStore.Waiting, _ body: () async throws -> ImportView.State
    ) async throws {
        do {
            let state = try await body()
            imports.change(waiting.key) { $0.state = state }
        } catch let problems as TableProblems {
            imports.change(waiting.key) { $0.state = .mapping(problems.all.map { Self.problem(.init($0)) }) }
        } catch let refusal as any Refusal {
            let problem = ImportProblem(code: refusal.code, why: refusal.why, next: refusal.next, field: "seller")
            imports.change(waiting.key) { $0.state = .mapping([problem]) }
        } catch {
            imports.change(waiting.key) { $0.state = waiting.state }
            throw error
        }
    }

    private func vault(_ door: Door) throws -> Vault {
        if let openVault { return try openVault() }
        return try Door.$current.withValue(door) { try Common.parse([]).vault() }
    }

    private func importing(
        _ waiting: ImportStore.Waiting, _ choices: ImportChoices, keepGood: Bool, isDry: Bool, as session: WebSession
    ) async throws -> ImportOutcome {
        // A file names whatever customers and sellers it likes.
        guard CommandDesk.sight(of: session).isEverything else { throw DoorRefusal.reachesEverybody("import") }
        let door = try await commands.door(for: session, reading: false)
        let desk = ImportDesk(door.database, vault: try vault(door), clock: Common.clock, chance: Common.chance)
        // The same button twice is the same command.
        let id = "import-\(waiting.key)-\(keepGood ? "good" : "all")"
        guard let command = CommandID(id) else { preconditionFailure("'\(id)' is no id") }
        var request = ImportRequest(
            kind: waiting.kind, files: [waiting.path], id: command, actor: door.actor, today: door.day(nil))
        request.seller = choices.seller
        request.options = Self.options(choices)
        request.keepGood = keepGood
        request.dryRun = isDry
        let (store, key) = (imports, waiting.key)
        return try await desk.run(request) { step in
            guard step.phase != .surveying else { return }
            store.change(key) { $0.state = .busy(done: Int(step.done), of: Int(step.of)) }
        }
    }

    // MARK: Translating

    private static func options(_ choices: ImportChoices) -> TableOptions {
        var options = TableOptions()
        options.maps = choices.columns.sorted { $0.key < $1.key }.map { "#\($0.key + 1)=\($0.value)" }
        options.constants = choices.constants.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        options.dates = choices.dates.flatMap(DateOrder.init)
        options.decimals = choices.decimals.flatMap(DecimalStyle.init)
        options.sheet = choices.sheet
        return options
    }

    private static func problem(_ problem: ImportPreview.Problem) -> ImportProblem {
        ImportProblem(
            code: problem.code, why: problem.why, next: problem.next, row: problem.row, column: problem.column,
            field: problem.field)
    }

    private static func counts(_ outcome: ImportOutcome) -> ImportView.Counts {
        let file = outcome.files.first ?? ImportOutcome.File(file: "")
        return ImportView.Counts(
            rows: file.rows, added: file.added, changed: file.changed, unchanged: file.unchanged,
            rejected: file.rejected, customers: file.created["customers"] ?? 0,
            problems: outcome.refusals.map {
                ImportProblem(
                    code: $0.code, why: $0.why, next: $0.next, row: $0.row, field: $0.field, value: $0.value)
            }, problemCount: outcome.problems,
            warnings: outcome.warnings.map(\.text))
    }
}
