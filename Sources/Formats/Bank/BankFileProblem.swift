/// One thing in a bank file that keeps the whole file from being read.
public struct BankFileProblem: Error, Sendable, Equatable {
    public enum Kind: String, Sendable {
        case unreadable = "bank.unreadable"
        case empty = "bank.empty"
        case otherFormat = "bank.other-format"
        case noStatement = "bank.no-statement"
        case malformed = "bank.malformed"
        case truncated = "bank.truncated"
        case encoding = "bank.encoding"
        case documentType = "bank.document-type"
        case tooLarge = "bank.too-large"
        case amount = "bank.amount"
        case currency = "bank.currency"
        case day = "bank.day"
        case sign = "bank.sign"
        case map = "bank.map"
    }
    public let kind: Kind
    /// From 1; nil where the whole file is meant.
    public let line: Int?
    /// The standard's name of the field, or the heading of the column.
    public let field: String?
    /// What stood there, cut at 60 characters.
    public let value: String?
    public let why: String
    public let next: String

    public init(_ kind: Kind, line: Int? = nil, field: String? = nil, value: String? = nil, why: String, next: String) {
        self.kind = kind
        self.line = line
        self.field = field
        self.value = value.map { $0.unicodeScalars.count > 60 ? String($0.unicodeScalars.prefix(59)) + "…" : $0 }
        self.why = why
        self.next = next
    }

    /// Stable; the API promises it.
    public var code: String { kind.rawValue }
    /// What did not happen.
    public var what: String {
        switch (line, field) {
        case (let line?, let field?): "The bank file was not read: line \(line), \(field)."
        case (let line?, nil): "The bank file was not read: line \(line)."
        case (nil, let field?): "The bank file was not read: \(field)."
        case (nil, nil): "The bank file was not read."
        }
    }
}

/// All that is wrong with a bank file: at least one thing, at most `limit` of them.
public struct BankFileProblems: Error, Sendable, Equatable {
    public static let limit = 100
    public var problems: [BankFileProblem]
    /// How many there were, kept or not.
    public var total: Int

    public init(_ problems: [BankFileProblem], total: Int? = nil) {
        self.problems = problems
        self.total = total ?? problems.count
    }
    mutating func add(_ problem: BankFileProblem) {
        total += 1
        if problems.count < Self.limit { problems.append(problem) }
    }
}

/// Something a person should know although the file was read.
public struct BankFileWarning: Sendable, Equatable {
    public enum Kind: String, Sendable {
        case balance = "bank.balance-differs"
        case noClosing = "bank.no-closing-balance"
        case totals = "bank.totals-differ"
        case batch = "bank.batch-differs"
        case day = "bank.day-adjusted"
        case currency = "bank.currency-assumed"
        case sign = "bank.sign"
        case skipped = "bank.skipped"
        case noEntries = "bank.nothing-in-it"
        case more = "bank.more-warnings"
    }
    public let kind: Kind
    public let line: Int?
    public let text: String
    public var code: String { kind.rawValue }

    public init(_ kind: Kind, line: Int? = nil, _ text: String) {
        self.kind = kind
        self.line = line
        self.text = text
    }
}
