/// A table that runs over pages: its head repeats, and a sum can be carried from page to page.
public struct Table {
    public struct Column {
        public enum Width: Sendable {
            /// As wide as its widest cell, at most so many points; wider cells wrap. Where all columns together are too wide,
            /// the whole table is set smaller.
            case natural(atMost: Double)
            public static let natural = Width.natural(atMost: .infinity)
            /// What the other columns leave. One column has it.
            case rest
        }
        public let head: RichText
        public let edge: Composition.Edge
        public let width: Width
        public init(_ head: RichText, _ edge: Composition.Edge = .left, _ width: Width) {
            self.head = head
            self.edge = edge
            self.width = width
        }
    }

    public struct Row {
        /// A cell is paragraphs one below the other; none: empty.
        public let cells: [[RichText]]
        public init(_ cells: [[RichText]]) { self.cells = cells }
    }

    /// The line that carries a sum over a page break. The texts take page numbers: to, and from.
    public struct Carry {
        public let labelColumn: Int
        public let amountColumn: Int
        public let forward: (Int) -> RichText
        public let brought: (Int) -> RichText
        /// The sum over the first so many rows.
        public let sum: (Int) -> RichText
        public init(
            labelColumn: Int, amountColumn: Int, forward: @escaping (Int) -> RichText,
            brought: @escaping (Int) -> RichText, sum: @escaping (Int) -> RichText
        ) {
            self.labelColumn = labelColumn
            self.amountColumn = amountColumn
            self.forward = forward
            self.brought = brought
            self.sum = sum
        }
    }

    public let columns: [Column]
    public let rows: [Row]
    public let carry: Carry?
    /// Above and below the text of a row together, points.
    public let padding: Double
    /// Between columns, points.
    public let gap: Double
    /// The sum of the rows stands right below them, so the last row gets a stronger rule.
    public let strongEnd: Bool

    public init(
        columns: [Column], rows: [Row], carry: Carry? = nil, padding: Double = 8.5, gap: Double = 12,
        strongEnd: Bool = true
    ) {
        self.columns = columns
        self.rows = rows
        self.carry = carry
        self.padding = padding
        self.gap = gap
        self.strongEnd = strongEnd
    }

    /// Where the columns of a table that was set stand, for what is aligned with them below.
    public struct Setting {
        public let lefts: [Double]
        public let rights: [Double]
    }

    /// Sets the table from the cursor on. `tail` points below the last row stay on its page.
    @discardableResult
    public func set(in flow: Flow, tail: Double = 0) -> Setting {
        var setter = TableSetter(self, in: flow)
        setter.set(tail: tail)
        return Setting(lefts: setter.lefts, rights: setter.rights)
    }
}
