import Money

/// Which report, of what, as the address says it.
public struct ReportQuery: Sendable, Equatable {
    public enum Name: String, Sendable, CaseIterable {
        case aging, rollforward, dso, collections, late, unbilled, journal
        case openItems = "open-items"
        case placed, work
    }
    public enum Format: String, Sendable { case csv, json, xlsx }
    public var name: Name
    public var seller: String?
    /// nil: today.
    public var asOf: Day?
    /// nil: all that is settled.
    public var knownAt: Instant?
    /// Of roll-forward, collections and journal: the first day.
    public var from: Day?
    /// `due-day` or `invoice-day`.
    public var basis: String
    public var currency: String?
    public var customer: String?
    public var bucket: String?
    /// Money that belongs to no customer yet.
    public var isNobodys: Bool
    /// The month whose bridge is drawn, `2026-03`.
    public var month: String?

    public init(
        _ name: Name, seller: String? = nil, asOf: Day? = nil, knownAt: Instant? = nil, from: Day? = nil,
        basis: String = "due-day", currency: String? = nil, customer: String? = nil, bucket: String? = nil,
        isNobodys: Bool = false, month: String? = nil
    ) {
        (self.name, self.seller, self.asOf, self.knownAt, self.from) = (name, seller, asOf, knownAt, from)
        (self.basis, self.currency, self.customer, self.bucket) = (basis, currency, customer, bucket)
        (self.isNobodys, self.month) = (isNobodys, month)
    }
}

/// A report as a page draws it: for each currency a plot and a table that say the same sum.
public struct ReportView: Sendable, Equatable {
    public var asOf: Day
    /// nil: it tells of now.
    public var knownAt: Instant?
    public var sellers: [SellerView]
    public var blocks: [Block]
    /// Whether debits and credits come to the same; nil where that is no question.
    public var isBalanced: Bool?

    public init(
        asOf: Day, knownAt: Instant?, sellers: [SellerView], blocks: [Block], isBalanced: Bool? = nil
    ) {
        (self.asOf, self.knownAt, self.sellers, self.blocks, self.isBalanced) = (
            asOf, knownAt, sellers, blocks, isBalanced
        )
    }

    public struct Block: Sendable, Equatable {
        /// nil: of no currency, or of several.
        public var currency: String?
        /// A word of `Term.reportParts`, where a report has several tables.
        public var part: String?
        public var plot: Plot?
        public var columns: [Column]
        public var rows: [[Cell]]
        /// Sums; the last is drawn as the total.
        public var foot: [[Cell]]
        /// Lines that fit and are not drawn.
        public var more: Int

        public init(
            currency: String?, part: String? = nil, plot: Plot? = nil, columns: [Column], rows: [[Cell]],
            foot: [[Cell]] = [], more: Int = 0
        ) {
            (self.currency, self.part, self.plot, self.columns) = (currency, part, plot, columns)
            (self.rows, self.foot, self.more) = (rows, foot, more)
        }
    }

    public struct Column: Sendable, Equatable {
        public enum Kind: Sendable { case words, figure }
        /// A word of `Term.reportColumns`; of an age its place in `age`.
        public var key: String
        public var kind: Kind
        /// The bounds of an age, for its name and colour.
        public var age: BucketView?
        /// Left out on a telephone.
        public var isWide: Bool
        public init(_ key: String, _ kind: Kind = .figure, age: BucketView? = nil, isWide: Bool = false) {
            (self.key, self.kind, self.age, self.isWide) = (key, kind, age, isWide)
        }
    }

    /// What a cell says, and what that is made of.
    public struct Cell: Sendable, Equatable {
        public enum Text: Sendable, Equatable {
            case none
            case figure(Figure)
            /// Where nothing is nothing: a dash instead of 0.00.
            case figureOrDash(Figure)
            case percent(Figure)
            case day(Day)
            /// `2026-03`
            case month(String)
            /// Text from the books.
            case text(String)
            /// A word of `Term.reportWords`.
            case word(String)
        }
        public var text: Text
        public var door: Door?
        public init(_ text: Text, _ door: Door? = nil) { (self.text, self.door) = (text, door) }
    }

    /// Where a figure leads.
    public enum Door: Sendable, Equatable {
        case customer(String, seller: String)
        case invoice(String, seller: String)
        /// The open items behind a cell of the ageing.
        case items(currency: String, customer: String?, seller: String?, bucket: String?, nobodys: Bool)
        /// Another report, as of a day, from a day.
        case report(ReportQuery.Name, asOf: Day?, from: Day?)
        case month(String)
        case customers(standing: String?)
        /// The worklist's lines of a kind.
        case work(kind: String)
    }

    /// What is drawn. Values are those of the table.
    public struct Plot: Sendable, Equatable {
        public enum Kind: Sendable {
            /// A bar for each point, of one or two parts.
            case bars
            /// A bar for each age, in the ages' colours.
            case ages
            /// From the first value over the changes to the last.
            case bridge
            case line
            /// Bars lying on their side, for points with long names.
            case lying
        }
        public struct Point: Sendable, Equatable {
            public var label: Cell.Text
            public var age: BucketView?
            public var values: [Figure]
            public init(_ label: Cell.Text, _ values: [Figure], age: BucketView? = nil) {
                (self.label, self.values, self.age) = (label, values, age)
            }
        }
        public var kind: Kind
        /// A word of `Term.plots`.
        public var title: String
        public var points: [Point]
        public init(_ kind: Kind, _ title: String, _ points: [Point]) {
            (self.kind, self.title, self.points) = (kind, title, points)
        }
    }
}
