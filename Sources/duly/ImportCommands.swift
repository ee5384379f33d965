import ArgumentParser
import Formats
import Foundation
import ImportsDesk
import Ledger
import Money
import Synchronization

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read tables (CSV, XLSX, JSON lines) into the books.",
        discussion: "Kinds: \(ImportDesk.kinds.joined(separator: ", ")).")
    @OptionGroup var common: Common
    @Argument(help: "What the files hold.") var kind: String?
    @Argument(help: "The files.") var files: [String] = []
    @Option(help: "Whose the rows are, where the file does not say.") var seller: String?
    @Option(help: "'Their column=our field'.") var map: [String] = []
    @Option(help: "'field=value': the same in every row.") var set: [String] = []
    @Option(help: "Order of days: dmy, mdy or ymd; default found out.") var dates: String?
    @Option(help: "Decimals: point or comma; default found out.") var decimals: String?
    @Option(help: "Of a workbook: the sheet to read; default the first that can be seen.") var sheet: String?
    @Flag(help: "Import the good rows and write the others, with reasons, to FILE.rejected.csv.") var keepGood = false
    @Flag(help: "Say what would happen, and keep nothing.") var dryRun = false
    @Option(help: "The command's id; the same again returns the first outcome.") var id: String?
    @Option(help: "Print an empty file of this kind with headings and one example row.") var template: String?

    func run() async throws {
        if let template {
            let (headings, example) = try ImportDesk.template(template)
            var writer = CSVWriter(TextSink())
            try writer.row(headings)
            try writer.row(example)
            return print(writer.sink.text, terminator: "")
        }
        guard let kind, !files.isEmpty else { throw ValidationError("Say a kind and at least one file.") }
        var options = TableOptions(maps: map, constants: set)
        if let dates {
            guard let order = DateOrder(rawValue: dates) else {
                throw ValidationError("--dates takes dmy, mdy or ymd, not '\(dates)'.")
            }
            options.dates = order
        }
        if let decimals {
            guard let style = DecimalStyle(rawValue: decimals) else {
                throw ValidationError("--decimals takes point or comma, not '\(decimals)'.")
            }
            options.decimals = style
        }
        options.sheet = sheet
        let database = try await common.open()
        let desk = ImportDesk(database, vault: try common.vault(), clock: Common.clock, chance: Common.chance)
        var request = ImportRequest(
            kind: kind, files: files, id: try common.command(id, "import"), actor: common.actor,
            today: try common.day())
        request.seller = seller
        request.options = options
        request.keepGood = keepGood
        request.dryRun = dryRun
        let readings = ImportReadings(kind)
        let outcome = try await desk.run(request) { readings.report($0) }
        if !dryRun {
            await TableStatistics.renew(database, after: outcome.files.reduce(0) { $0 + $1.added + $1.changed })
        }
        try report(outcome)
        if outcome.problems > 0 { throw ExitCode(1) }
    }

    private func report(_ outcome: ImportOutcome) throws {
        if common.json { return print(try Answer.encode(outcome)) }
        for problem in outcome.refusals.prefix(50) {
            let place = [problem.row.map { "row \($0)" }, problem.field].compactMap { $0 }.joined(separator: ", ")
            let value = problem.value.map { " '\($0)'" } ?? ""
            Answer.say("\(problem.file) \(place)\(value): \(problem.why) \(problem.next) (\(problem.code))")
        }
        if outcome.problems > 50 {
            Answer.say("… \(outcome.problems - min(50, outcome.refusals.count)) more problems.")
        }
        for warning in outcome.warnings { Answer.say("\(warning.file): \(warning.text)") }
        Answer.table(
            ["File", "Rows", "Added", "Changed", "Unchanged", "Rejected"],
            outcome.files.map {
                [$0.file, "\($0.rows)", "\($0.added)", "\($0.changed)", "\($0.unchanged)", "\($0.rejected)"]
            }, right: [1, 2, 3, 4, 5])
        for file in outcome.files {
            if let made = file.created["customers"], made > 0 {
                print("\(made) customers were made; complete them with an import of customers.")
            }
            if let rejected = file.rejected_file { print("Rejected rows, with reasons: \(rejected)") }
        }
        if outcome.dry_run { print("Nothing was kept.") }
        if outcome.problems > 0, !keepGood { print("Nothing was imported; correct the rows, or say --keep-good.") }
    }
}

/// Tells how far an import is, each reading of each file with its own rate and time left.
private final class ImportReadings: Sendable {
    private let kind: String
    private let current = Mutex<(key: String, progress: Progress)?>(nil)
    init(_ kind: String) { self.kind = kind }

    func report(_ step: ImportProgress) {
        let key = "\(step.phase) \(step.file)"
        let progress = current.withLock { current in
            if let current, current.key == key { return current.progress }
            let doing =
                switch step.phase {
                case .surveying: "looking through, KiB"
                case .checking: "checking, rows"
                case .writing: "booking, rows"
                }
            let name = URL(fileURLWithPath: step.file).lastPathComponent
            let fresh = Progress("import \(kind) \(name): \(doing)")
            current = (key, fresh)
            return fresh
        }
        let scale: Int64 = step.phase == .surveying ? 1024 : 1
        progress.report(Int(step.done / scale), Int((step.of + scale - 1) / scale))
    }
}
