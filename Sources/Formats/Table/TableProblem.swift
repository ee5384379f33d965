/// One thing in a table that was not understood, for the person who will repair it.
public struct TableProblem: Error, Hashable, Sendable {
    /// Stable, `table.reason`.
    public let code: String
    /// Number of the record in the file, the headings being record 1 (blank lines count, line breaks inside quotes do not).
    public let row: Int?
    /// The heading as the file writes it.
    public let column: String?
    /// The name of our field that the column was read as.
    public let field: String?
    /// What stood there, cut at 80 characters.
    public let value: String?
    public let why: String
    public let next: String

    public init(
        code: String, row: Int? = nil, column: String? = nil, field: String? = nil, value: String? = nil, why: String,
        next: String
    ) {
        self.code = code
        self.row = row
        self.column = column
        self.field = field
        self.value = value.map { TableProblem.cut($0) }
        self.why = why
        self.next = next
    }

    /// What did not happen, in one sentence.
    public var what: String {
        switch (row, column) {
        case (let row?, let column?): "Row \(row), column \(column) was not read."
        case (let row?, nil): "Row \(row) was not read."
        case (nil, let column?): "The column \(column) was not read."
        case (nil, nil): "The file was not read."
        }
    }

    static let valueLimit = 80
    /// At most 80 characters of `text`, with an ellipsis where some are missing.
    static func cut(_ text: String) -> String {
        guard text.utf8.count > valueLimit, text.count > valueLimit else { return text }
        return text.prefix(valueLimit - 1) + "…"
    }
}

/// All that stopped a table from being read.
public struct TableProblems: Error, Hashable, Sendable {
    /// At least one, at most `TableProblemList.limit`.
    public let all: [TableProblem]
    /// How many there were, kept or not.
    public let total: Int

    public init(_ all: [TableProblem], total: Int? = nil) {
        self.all = all
        self.total = total ?? all.count
    }
    init(
        _ code: String, row: Int? = nil, column: String? = nil, value: String? = nil, why: String, next: String
    ) {
        self.init([TableProblem(code: code, row: row, column: column, value: value, why: why, next: next)])
    }
}

/// Something a person should know although the table was read.
public struct TableWarning: Hashable, Sendable {
    /// Stable, `table.reason`.
    public let code: String
    public let row: Int?
    public let column: String?
    public let text: String

    public init(code: String, row: Int? = nil, column: String? = nil, text: String) {
        self.code = code
        self.row = row
        self.column = column
        self.text = text
    }
}

/// Problems as they are met: the first are kept, all are counted, so that a wrong file of a million rows stays readable.
public struct TableProblemList: Sendable {
    public static let limit = 1000
    public private(set) var kept: [TableProblem] = []
    public private(set) var total = 0

    public init() {}
    public var isEmpty: Bool { total == 0 }
    public mutating func append(_ problem: TableProblem) {
        total += 1
        if kept.count < Self.limit { kept.append(problem) }
    }
}
