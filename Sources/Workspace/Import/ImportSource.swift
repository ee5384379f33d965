import Web

/// What the pages of imports read and do. A file that was sent waits with its choices in a store of the server, for the session that
/// sent it and nobody else, until it is imported or grows old.
public protocol ImportSource: Sendable {
    /// Sellers whose the rows may be.
    func importSellers(as session: WebSession) async throws -> [SellerView]
    /// An empty table of a kind with an example row, as `csv` or `xlsx`; nil for another kind or format.
    func importTemplate(_ kind: String, format: String) throws -> (type: String, bytes: [UInt8])?
    /// Keeps a file and says under which key. Throws `ImportProblem` where there is no room or it is no table.
    func importKeep(_ file: WebUpload, kind: String, seller: String?, as session: WebSession) async throws -> String
    /// nil where nothing waits under this key for this session.
    func importWaiting(_ key: String, as session: WebSession) async throws -> ImportView?
    /// Takes the choices and tries the import without keeping anything.
    func importCheck(_ key: String, _ choices: ImportChoices, as session: WebSession) async throws
    /// Imports all, or the good rows.
    func importRun(_ key: String, keepGood: Bool, as session: WebSession) async throws
    /// The rows that were not taken, with the reasons in front; nil where there are none.
    func importRejected(_ key: String, as session: WebSession) throws -> [UInt8]?
    /// Forgets the file.
    func importDrop(_ key: String, as session: WebSession)
}

/// How a person wants a file to be read.
public struct ImportChoices: Sendable, Equatable {
    /// By position from 0: the field that a column feeds, empty where it is left out. Columns not named are found by their headings.
    public var columns: [Int: String] = [:]
    /// By field: the same in every row.
    public var constants: [String: String] = [:]
    public var seller, sheet: String?
    /// `dmy`, `mdy`, `ymd`; nil finds it out.
    public var dates: String?
    /// `point`, `comma`; nil finds it out.
    public var decimals: String?
    public init() {}
}

/// One thing that is wrong, for the page to show where it is.
public struct ImportProblem: Error, Sendable, Equatable {
    public let code, why, next: String
    public let row: Int?
    /// The heading of a column, our field, or `file`, `seller`, `sheet`.
    public let column, field: String?
    public let value: String?
    public init(
        code: String, why: String, next: String, row: Int? = nil, column: String? = nil, field: String? = nil,
        value: String? = nil
    ) {
        (self.code, self.why, self.next) = (code, why, next)
        (self.row, self.column, self.field, self.value) = (row, column, field, value)
    }
}

/// A file that waits to be imported.
public struct ImportView: Sendable, Equatable {
    public struct Column: Sendable, Equatable {
        public let heading: String
        public let samples: [String]
        public let field: String?
        public init(heading: String, samples: [String], field: String?) {
            (self.heading, self.samples, self.field) = (heading, samples, field)
        }
    }
    public struct Field: Sendable, Equatable {
        public let name: String
        public let isRequired, isDay, isDecimal: Bool
        public let constant: String?
        public init(name: String, isRequired: Bool, isDay: Bool, isDecimal: Bool, constant: String?) {
            (self.name, self.isRequired, self.isDay) = (name, isRequired, isDay)
            (self.isDecimal, self.constant) = (isDecimal, constant)
        }
    }
    /// What an import did, or would do.
    public struct Counts: Sendable, Equatable {
        public let rows, added, changed, unchanged, rejected: Int
        /// Customers made because an invoice names them.
        public let customers: Int
        public let problems: [ImportProblem]
        /// How many problems there are; the first thousand are kept.
        public let problemCount: Int
        public let warnings: [String]
        public init(
            rows: Int, added: Int, changed: Int, unchanged: Int, rejected: Int, customers: Int,
            problems: [ImportProblem], problemCount: Int, warnings: [String]
        ) {
            (self.rows, self.added, self.changed, self.unchanged) = (rows, added, changed, unchanged)
            (self.rejected, self.customers, self.problems) = (rejected, customers, problems)
            (self.problemCount, self.warnings) = (problemCount, warnings)
        }
    }
    public enum State: Sendable, Equatable {
        /// The mapping is to be looked at; the problems stop the file from being read so.
        case mapping([ImportProblem])
        /// It was tried, and nothing was kept.
        case checked(Counts)
        /// So many rows of how many are done.
        case busy(done: Int, of: Int)
        case done(Counts)
    }
    public let key, kind: String
    /// As the sender's machine called it.
    public let fileName: String
    public let bytes: Int
    public let format: String
    public let sheet: String?
    public let otherSheets: [String]
    public let columns: [Column]
    public let fields: [Field]
    public let choices: ImportChoices
    public let sellers: [SellerView]
    public let state: State

    public init(
        key: String, kind: String, fileName: String, bytes: Int, format: String, sheet: String?, otherSheets: [String],
        columns: [Column], fields: [Field], choices: ImportChoices, sellers: [SellerView], state: State
    ) {
        (self.key, self.kind, self.fileName, self.bytes) = (key, kind, fileName, bytes)
        (self.format, self.sheet, self.otherSheets) = (format, sheet, otherSheets)
        (self.columns, self.fields, self.choices) = (columns, fields, choices)
        (self.sellers, self.state) = (sellers, state)
    }
}
