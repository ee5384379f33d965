/// What a column's cells are read as.
public enum FieldKind: String, Hashable, Sendable {
    case text
    /// A number somebody gave something (customer, invoice, article): text, leading zeros kept.
    case identifier
    case day
    /// A moment with its zone: `2026-10-31T09:15:00Z`.
    case instant
    case amount
    case quantity
    /// A price per unit, or a rate of exchange.
    case price
    case percent
    case flag
    case integer
    case currency

    var isDecimal: Bool {
        switch self {
        case .amount, .quantity, .price, .percent, .integer: true
        default: false
        }
    }
}

/// A field that a kind of import understands.
public struct FieldDeclaration: Hashable, Sendable {
    /// Our name, `snake_case`; a heading equal to it (loosely) wins over synonyms.
    public let name: String
    /// Other headings that mean this field.
    public let synonyms: [String]
    public let kind: FieldKind
    /// The column must be there.
    public let required: Bool
    /// A cell may be empty although the column is required.
    public let mayBeBlank: Bool

    public init(
        _ name: String, _ kind: FieldKind = .text, required: Bool = false, mayBeBlank: Bool = false,
        synonyms: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.required = required
        self.mayBeBlank = mayBeBlank
        self.synonyms = synonyms
    }
}

/// What the person said about a file, beyond the file itself.
public struct TableOptions: Sendable {
    /// `--map 'Their column=our field'`; `Their column=` leaves the column out; `#3=field` takes the third column.
    public var maps: [String] = []
    /// `--set 'field=value'`: the same value in every row; a column of that meaning is then left out.
    public var constants: [String] = []
    /// `--dates`; nil infers the order from each whole column.
    public var dates: DateOrder?
    /// `--decimals point|comma`; nil infers it from each whole column.
    public var decimals: DecimalStyle?
    /// `--sheet`: of a workbook, the sheet to read; nil takes the first that can be seen.
    public var sheet: String?

    public init(
        maps: [String] = [], constants: [String] = [], dates: DateOrder? = nil, decimals: DecimalStyle? = nil
    ) {
        self.maps = maps
        self.constants = constants
        self.dates = dates
        self.decimals = decimals
    }
}
