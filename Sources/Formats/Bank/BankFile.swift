import Money

/// Bank files: bytes in, statements and entries out. One pass, and memory that does not grow with the file.
public enum BankFile {
    /// What a file is, told by its first bytes and never by its name.
    public enum Format: Sendable, Equatable {
        case camt, mt940, csv
        /// With what it looks like, for the message: `PDF`, `ZIP archive`, `pain.001`, …
        case unknown(String)
    }

    /// What the caller may know better than the file, and what it will not take.
    public struct Options: Sendable {
        /// How to read a separated file; without it a CSV is refused.
        public var csv: BankCSVMap?
        /// For a SWIFT file without any balance, and a CSV without a currency column: what its amounts are in.
        public var currency: Currency?
        /// Bytes of the whole file.
        public var largestFile: Int64 = 4 << 30
        /// Bytes of one line, or one text element.
        public var longestText = 1 << 20
        /// Payments below one entry.
        public var mostDetails = 200_000
        /// Bytes of one entry with its payments, as it is kept: about half a kilobyte a payment.
        public var largestEntry = 192 << 20
        /// Balances, and totals of a kind, of one statement.
        public var mostBalances = 10_000
        public init(csv: BankCSVMap? = nil, currency: Currency? = nil) {
            self.csv = csv
            self.currency = currency
        }
    }

    /// Reads a file and tells what is in it, in its order. Throws `BankFileProblems`, or whatever the handler throws.
    /// What was told before a problem is void: read once to check, and once more to keep.
    public static func read(
        path: String, options: Options = Options(), _ handler: (BankFileEvent) throws -> Void
    ) throws {
        try read(ByteSource(path: path, limit: options.largestFile), options, handler)
    }

    /// The same for a file that is in memory.
    public static func read(
        bytes: [UInt8], options: Options = Options(), _ handler: (BankFileEvent) throws -> Void
    ) throws {
        try read(ByteSource(bytes, limit: options.largestFile), options, handler)
    }

    /// All statements of a file in memory: for files of a size a person looks at.
    public static func contents(path: String, options: Options = Options()) throws(BankFileProblems)
        -> BankFileContents
    {
        try collect { try read(path: path, options: options, $0) }
    }
    public static func contents(bytes: [UInt8], options: Options = Options()) throws(BankFileProblems)
        -> BankFileContents
    {
        try collect { try read(bytes: bytes, options: options, $0) }
    }

    private static func collect(
        _ read: ((BankFileEvent) throws -> Void) throws -> Void
    ) throws(BankFileProblems) -> BankFileContents {
        var contents = BankFileContents()
        var entries: [BankEntry] = []
        do {
            try read { event in
                switch event {
                case .statementBegan: entries = []
                case .entry(let entry): entries.append(entry)
                case .statementEnded(let header, let totals):
                    contents.statements.append(BankStatement(header: header, entries: entries, totals: totals))
                case .warning(let warning): contents.warnings.append(warning)
                }
            }
        } catch let problems as BankFileProblems {
            throw problems
        } catch {
            // The handler above throws nothing.
            preconditionFailure("unexpected \(error)")
        }
        return contents
    }

    private static func read(
        _ source: ByteSource, _ options: Options, _ handler: (BankFileEvent) throws -> Void
    ) throws {
        let format = sniff(source.peek(sniffLength))
        try withoutActuallyEscaping(handler) { handler in
            let teller = BankFileTeller(handler)
            switch format {
            case .camt: CamtReader(source, options, teller).read()
            case .mt940: MT940Reader(source, options, teller).read()
            case .csv:
                if let map = options.csv {
                    BankCSVReader(source, map, options, teller).read()
                } else {
                    teller.problem(
                        BankFileProblem(
                            .map, why: "It looks like a table, and a bank's tables differ: no column was named.",
                            next: "Say which column is which, or fetch camt.053 or MT940 from the bank."))
                }
            case .unknown(let kind): teller.problem(other(kind))
            }
            if source.failed {
                teller.problem(
                    BankFileProblem(
                        .unreadable, why: "The file could not be read to its end.", next: "Copy it again, then retry."))
            }
            if source.exceeded {
                teller.problem(
                    BankFileProblem(
                        .tooLarge, why: "The file is larger than \(options.largestFile >> 20) MiB.",
                        next: "Fetch it from the bank in smaller periods."))
            }
            try teller.finish()
        }
    }

    private static func other(_ kind: String) -> BankFileProblem {
        if kind == "" {
            return BankFileProblem(.empty, why: "It holds nothing.", next: "Fetch it from the bank again.")
        }
        let next =
            kind.hasPrefix("ZIP") || kind.hasPrefix("gzip")
            ? "Unpack it and read the files in it." : "Fetch camt.053, camt.054 or MT940 from the bank."
        return BankFileProblem(.otherFormat, why: "This is \(kind), not a bank statement.", next: next)
    }
}

/// Passes events on until the first problem, gathers problems, and keeps what the handler throws.
final class BankFileTeller {
    private let handler: (BankFileEvent) throws -> Void
    private var problems = BankFileProblems([])
    private var thrown: (any Error)?
    private var abandoned = false
    private var warnings = 0
    /// Of one file; the rest is counted.
    static let mostWarnings = 1_000

    init(_ handler: @escaping (BankFileEvent) throws -> Void) { self.handler = handler }

    /// No problem so far.
    var isFine: Bool { problems.total == 0 }

    /// Whether reading on can still be of use: to tell more, or to find more that is wrong.
    var wantsMore: Bool { thrown == nil && !abandoned && problems.total < BankFileProblems.limit }

    func tell(_ event: BankFileEvent) {
        guard thrown == nil, problems.total == 0 else { return }
        do { try handler(event) } catch { thrown = error }
    }
    func warn(_ kind: BankFileWarning.Kind, line: Int?, _ text: String) {
        warn(BankFileWarning(kind, line: line, text))
    }
    func warn(_ warning: BankFileWarning) {
        warnings += 1
        if warnings <= Self.mostWarnings { tell(.warning(warning)) }
    }
    func problem(_ problem: BankFileProblem) { problems.add(problem) }
    /// A problem behind which nothing is worth reading: the file goes on and on.
    func abandon(_ problem: BankFileProblem) {
        problems.add(problem)
        abandoned = true
    }

    func finish() throws {
        if warnings > Self.mostWarnings {
            tell(
                .warning(
                    BankFileWarning(
                        .more, "\(warnings - Self.mostWarnings) more warnings of this file are left out.")))
        }
        if let thrown { throw thrown }
        if problems.total > 0 { throw problems }
    }
}
