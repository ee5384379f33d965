import Books
import Database
import Formats
import Foundation
import Ledger
import Money

/// What is to become of a row (or of the rows of one document).
enum Verdict: Sendable {
    case added, changed, unchanged
    case refused(ImportProblem)
}

/// Why a row was not taken, beyond what its own cells show.
struct ImportProblem: Sendable {
    let code: String
    var field: String?
    let why: String
    let next: String
}

/// A kind of data: how rows become pieces, and how pieces stand to what is there.
protocol ImportKind: SendableMetatype {
    /// What a row (or the rows of one document) says.
    associatedtype Piece: Sendable
    /// What is known before the first row.
    associatedtype Facts: Sendable
    static var fields: [FieldDeclaration] { get }
    static var example: [String] { get }
    /// Fields whose values name what `facts` reads: of a small table only that is read.
    static var naming: [String] { get }
    static func facts(_ context: ImportContext, _ transaction: any Transaction) throws -> Facts
    init(_ survey: TableSurvey, _ facts: Facts, _ context: ImportContext) throws
    /// Reads a row; nil where it was refused (the row says why) or where its piece is not complete yet.
    mutating func piece(_ row: TableRow) -> (row: Int, piece: Piece)?
    /// What the rows of one document have in common, where a document may have several: they are taken together or not at all.
    func document(of row: TableRow) -> String?
    /// Pieces that only the end of the file completes.
    mutating func rest() -> [(row: Int, piece: Piece)]
    /// How the pieces stand to what is there.
    static func judge(
        _ pieces: [Piece], _ facts: Facts, _ context: ImportContext, _ transaction: any Transaction
    ) throws -> [Verdict]
    /// The customer that would be made for this piece, as seller's book and number; nil where there is one.
    static func newCustomer(for piece: Piece, _ facts: Facts) -> String?
    /// Writes those that are added or changed; says how many customers were made for it.
    static func write(
        _ pieces: [(piece: Piece, verdict: Verdict)], _ facts: Facts, _ context: ImportContext, _ writing: ImportWriting
    ) throws -> Int
}

extension ImportKind {
    static var naming: [String] { [] }
    func document(of row: TableRow) -> String? { nil }
    mutating func rest() -> [(row: Int, piece: Piece)] { [] }
    static func newCustomer(for piece: Piece, _ facts: Facts) -> String? { nil }
}

/// What every kind may need.
struct ImportContext: Sendable {
    let sellers: [ImportSeller]
    /// The seller of rows that name none; nil where there are several.
    let defaultSeller: ImportSeller?
    let vault: Vault
    let today: Day
    let actor: Actor
    /// What a small table names, by the kind's naming fields; nil where the table is large and everything is read at once.
    let named: [String: Set<String>]?

    /// The seller that a row names, or the default.
    func seller(_ code: String?) -> ImportSeller? {
        guard let code, !code.isEmpty else { return defaultSeller }
        return sellers.first { $0.code.lowercased() == code.lowercased() }
    }
}

/// The transaction of one group.
struct ImportWriting {
    let transaction: any Transaction
    /// The id of the group as a command; each book's part is a piece of it.
    let command: CommandID
    let clock: Instant
    let chance: UInt64
    func books(_ book: Int64) throws -> Books {
        try Books(book, in: transaction, clock: clock, chance: chance &+ UInt64(bitPattern: book))
    }
}

/// One file on its way into the books.
struct ImportSession<Kind: ImportKind> {
    let desk: ImportDesk
    let request: ImportRequest
    let file: String
    let number: Int
    /// The content of the whole command.
    let content: String
    private let groupSize = 2_000

    /// A file that was read and can be written, with what the reading found.
    struct Ready: Sendable {
        let table: TableFile
        let survey: TableSurvey
        let context: ImportContext
        fileprivate let checked: Checked
        /// Where its counts stand among the files of the outcome.
        let place: Int
    }

    /// Reads the file and finds everything that is wrong with it; nil where it is no table at all.
    func look(
        into outcome: inout ImportOutcome, _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws -> Ready? {
        let table: TableFile
        let survey: TableSurvey
        do throws(TableProblems) {
            table = try TableFile.open(path: file, sheet: request.options.sheet)
            let (file, size) = (file, table.byteCount)
            survey = try table.survey(fields: Kind.fields, options: request.options) { done in
                progress(ImportProgress(file: file, phase: .surveying, done: done, of: size))
            }
        } catch {
            let problems = error
            outcome.refusals += problems.all.map { describe($0) }
            outcome.problems += problems.total
            outcome.files.append(.init(file: file))
            return nil
        }
        outcome.warnings += survey.warnings.map { .init(file: file, code: $0.code, row: $0.row, text: $0.text) }
        for reading in survey.readings
        where reading.heading != nil && !reading.declaration.required && reading.blanks > 0 {
            guard request.kind == "invoices" else { break }
            outcome.warnings.append(
                .init(
                    file: file, code: "import.blank-cells", row: reading.firstBlank,
                    text: "\(reading.declaration.name) is empty in \(reading.blanks) rows; what is usual was taken."))
        }
        let context = try await self.context(named: try Self.named(table, survey))
        let checked = try await check(table, survey, context, progress)
        outcome.refusals += checked.problems.prefix(max(0, TableProblemList.limit - outcome.refusals.count))
        outcome.problems += checked.problemCount
        outcome.files.append(checked.file)
        return Ready(
            table: table, survey: survey, context: context, checked: checked, place: outcome.files.count - 1)
    }

    /// Writes what was found good.
    func keep(
        _ ready: Ready, into outcome: inout ImportOutcome,
        _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws {
        // An earlier file of the same command may have made a seller or a customer since.
        let context = try await self.context(named: ready.context.named)
        let (table, survey, checked) = (ready.table, ready.survey, ready.checked)
        var result = checked.file
        if checked.problemCount > 0 {
            let facts = try await desk.database.read { try Kind.facts(context, $0) }
            result.rejected_file = try writeRejected(table, survey, facts, context, checked.byRow)
        }
        let refused = Set(checked.byRow.keys)
        let (written, created) = try await write(table, survey, context, refused: refused, progress)
        result.added = written.added
        result.changed = written.changed
        result.unchanged = written.unchanged
        result.created = ["customers": created]
        outcome.files[ready.place] = result
    }

    /// A table with so many rows or fewer is small: a program sends one order, and must not wait until all customers are read.
    private static var small: Int { 500 }

    private static func named(_ table: TableFile, _ survey: TableSurvey) throws -> [String: Set<String>]? {
        guard survey.rowCount <= small, !Kind.naming.isEmpty else { return nil }
        var named = Dictionary(uniqueKeysWithValues: Kind.naming.map { ($0, Set<String>()) })
        let rows = try table.rows(survey)
        while let row = try rows.next() {
            for name in Kind.naming {
                if let text = row.text(survey.field(name)) { named[name]?.insert(text) }
            }
        }
        return named
    }

    private func context(named: [String: Set<String>]?) async throws -> ImportContext {
        let wanted = request.seller
        let sellers = try await desk.database.read { transaction in
            try transaction.query(
                """
                SELECT s.book, s.code, s.country, s.currency, s.language, s.terms_days, c.open_from
                FROM sellers s JOIN book_clocks c ON c.book = s.book ORDER BY s.code
                """, []
            ).compactMap { row -> ImportSeller? in
                guard let currency = Currency(try row.text(3)), let open = Day(try row.text(6)) else { return nil }
                return ImportSeller(
                    book: try row.int(0), code: try row.text(1), country: try row.text(2), currency: currency,
                    language: try row.text(4), termsDays: Int(try row.int(5)), openFrom: open)
            }
        }
        var chosen = sellers.count == 1 ? sellers.first : nil
        if let wanted {
            guard let found = sellers.first(where: { $0.code.lowercased() == wanted.lowercased() }) else {
                throw ImportRefusal.noSuchSeller(wanted)
            }
            chosen = found
        }
        return ImportContext(
            sellers: sellers, defaultSeller: chosen, vault: desk.vault, today: request.today, actor: request.actor,
            named: named)
    }

    fileprivate struct Checked: Sendable {
        var file: ImportOutcome.File
        var problems: [ImportOutcome.Problem] = []
        var problemCount = 0
        /// Rows not to be taken, with what the database said of them.
        var byRow: [Int: [ImportProblem]] = [:]
        /// Customers that would be made.
        var newCustomers: Set<String> = []
        /// The rows of documents that may have several.
        var documents: [String: [Int]] = [:]

        /// Where a row of a document was refused, the others are not taken either.
        mutating func refuseWhole() {
            for rows in documents.values {
                guard let refused = rows.first(where: { byRow[$0] != nil }) else { continue }
                for row in rows where byRow[row] == nil {
                    byRow[row] = [
                        ImportProblem(
                            code: "import.line-refused", field: "invoice_no",
                            why: "Row \(refused) of the same document was refused.",
                            next: "Correct that row: a document is taken whole or not at all.")
                    ]
                }
            }
        }
    }

    /// The second reading: everything that is wrong, nothing written.
    private func check(
        _ table: TableFile, _ survey: TableSurvey, _ context: ImportContext,
        _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws -> Checked {
        let facts = try await desk.database.read { try Kind.facts(context, $0) }
        var kind = try Kind(survey, facts, context)
        var checked = Checked(file: .init(file: file))
        var group: [(row: Int, piece: Kind.Piece)] = []
        let rows = try table.rows(survey)
        while let row = try rows.next() {
            checked.file.rows += 1
            let piece = kind.piece(row)
            if let document = kind.document(of: row) { checked.documents[document, default: []].append(row.number) }
            if row.isRefused {
                checked.byRow[row.number, default: []] += []
                continue
            }
            if let piece { group.append(piece) }
            if group.count >= 10_000 {
                try await judge(&group, facts, context, &checked)
                progress(
                    .init(file: file, phase: .checking, done: Int64(checked.file.rows), of: Int64(survey.rowCount)))
            }
        }
        checked.refuseWhole()
        for piece in kind.rest() where checked.byRow[piece.row] == nil {
            group.append(piece)
            if group.count >= 10_000 { try await judge(&group, facts, context, &checked) }
        }
        try await judge(&group, facts, context, &checked)
        checked.refuseWhole()
        checked.problems += rows.problems.kept.map { describe($0) }
        checked.problemCount += rows.problems.total
        checked.problems.sort { ($0.row ?? 0, $0.field ?? "") < ($1.row ?? 0, $1.field ?? "") }
        checked.file.rejected = checked.byRow.count
        checked.file.created = ["customers": checked.newCustomers.count]
        return checked
    }

    private func judge(
        _ group: inout [(row: Int, piece: Kind.Piece)], _ facts: Kind.Facts, _ context: ImportContext,
        _ checked: inout Checked
    ) async throws {
        guard !group.isEmpty else { return }
        let pieces = group.map(\.piece)
        let verdicts = try await desk.database.read { try Kind.judge(pieces, facts, context, $0) }
        for (index, verdict) in verdicts.enumerated() {
            switch verdict {
            case .added:
                checked.file.added += 1
                if let customer = Kind.newCustomer(for: pieces[index], facts) { checked.newCustomers.insert(customer) }
            case .changed: checked.file.changed += 1
            case .unchanged: checked.file.unchanged += 1
            case .refused(let problem):
                let row = group[index].row
                checked.byRow[row, default: []].append(problem)
                checked.problemCount += 1
                if checked.problems.count < TableProblemList.limit {
                    checked.problems.append(
                        .init(
                            code: problem.code, what: "The row was not taken.", why: problem.why, next: problem.next,
                            file: file, row: row, field: problem.field, value: nil))
                }
            }
        }
        group = []
    }

    /// The third reading: writes in groups.
    private func write(
        _ table: TableFile, _ survey: TableSurvey, _ context: ImportContext, refused: Set<Int>,
        _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws -> (ImportOutcome.File, created: Int) {
        let facts = try await desk.database.read { try Kind.facts(context, $0) }
        var kind = try Kind(survey, facts, context)
        var result = ImportOutcome.File(file: file)
        var created = 0
        // Groups are cut by what the file holds, whether refused or not: the same ones again, should the run go on after a crash.
        var group: [(row: Int, piece: Kind.Piece)] = []
        var groups = 0
        let rows = try table.rows(survey)
        var done = 0
        while let row = try rows.next() {
            done += 1
            guard let piece = kind.piece(row) else { continue }
            group.append(piece)
            if group.count >= groupSize {
                created += try await writeGroup(&group, refused, groups, facts, context, &result)
                groups += 1
                progress(.init(file: file, phase: .writing, done: Int64(done), of: Int64(survey.rowCount)))
            }
        }
        for piece in kind.rest() {
            group.append(piece)
            if group.count >= groupSize {
                created += try await writeGroup(&group, refused, groups, facts, context, &result)
                groups += 1
            }
        }
        created += try await writeGroup(&group, refused, groups, facts, context, &result)
        progress(.init(file: file, phase: .writing, done: Int64(done), of: Int64(survey.rowCount)))
        return (result, created)
    }

    private func writeGroup(
        _ group: inout [(row: Int, piece: Kind.Piece)], _ refused: Set<Int>, _ index: Int, _ facts: Kind.Facts,
        _ context: ImportContext, _ result: inout ImportOutcome.File
    ) async throws -> Int {
        let pieces = group.filter { !refused.contains($0.row) }.map(\.piece)
        group = []
        guard !pieces.isEmpty else { return 0 }
        let (clock, chance) = (desk.clock(), desk.chance())
        let command = request.id.piece("\(number + 1)/\(index + 1)")
        let (request, run) = (request, Books.hash(content))
        let attempt: @Sendable (any Transaction, Kind.Facts) throws -> ImportCounts = { transaction, facts in
            let keeper = ImportCountsKeeper(request: request, group: command, run: run, transaction: transaction)
            if let earlier = try keeper.earlier() { return earlier }
            let verdicts = try Kind.judge(pieces, facts, context, transaction)
            let writing = ImportWriting(transaction: transaction, command: command, clock: clock, chance: chance)
            var counts = ImportCounts(verdicts)
            counts.created = try Kind.write(
                zip(pieces, verdicts).map { (piece: $0, verdict: $1) }, facts, context, writing)
            try keeper.keep(counts, clock: clock, chance: chance)
            CrashPoint.reach("import.before-commit")
            return counts
        }
        let counts: ImportCounts
        do {
            counts = try await desk.database.transaction(isolation: .readCommitted) { try attempt($0, facts) }
        } catch DatabaseError.constraint {
            // Somebody imported the same rows since the facts were read: once more, from the facts.
            counts = try await desk.database.transaction(isolation: .readCommitted) {
                try attempt($0, try Kind.facts(context, $0))
            }
        }
        CrashPoint.reach("import.after-commit")
        result.added += counts.added
        result.changed += counts.changed
        result.unchanged += counts.unchanged
        return counts.created
    }

    private func writeRejected(
        _ table: TableFile, _ survey: TableSurvey, _ facts: Kind.Facts, _ context: ImportContext,
        _ refused: [Int: [ImportProblem]]
    ) throws -> String {
        let path = file + ".rejected.csv"
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw DatabaseError.outage("\(path) cannot be written") }
        defer { close(descriptor) }
        var kind = try Kind(survey, facts, context)
        var out = RejectedRows(TextSink(fileDescriptor: descriptor), of: table)
        let rows = try table.rows(survey)
        while let row = try rows.next() {
            // Read once more, so that the row says again what is wrong with it.
            _ = kind.piece(row)
            guard let problems = refused[row.number] else { continue }
            for problem in problems { row.refuse(code: problem.code, why: problem.why, next: problem.next) }
            try out.add(row)
        }
        try out.flush()
        return path
    }

    private func describe(_ problem: TableProblem) -> ImportOutcome.Problem {
        .init(
            code: problem.code, what: problem.what, why: problem.why, next: problem.next, file: file, row: problem.row,
            field: problem.field ?? problem.column, value: problem.value)
    }
}
