/// What the product says when it does not do what was asked: expected, typed, useful to the person reading it.
public protocol Refusal: Error, Sendable {
    /// Stable, `slice.reason`; the API promises it.
    var code: String { get }
    /// What did not happen.
    var what: String { get }
    /// Why not, with the values that decided it.
    var why: String { get }
    /// What to do next.
    var next: String { get }
    /// Where in a file the reason lies; nil where no file was read.
    var place: RefusalPlace? { get }
}

extension Refusal {
    public var place: RefusalPlace? { nil }
}

/// A place in a file that somebody sent.
public struct RefusalPlace: Sendable, Equatable {
    public let file: String?
    /// The row of a table or the line of a bank file, from 1; nil where the whole file is meant.
    public let row: Int?
    public let field: String?
    public init(file: String? = nil, row: Int? = nil, field: String? = nil) {
        self.file = file
        self.row = row
        self.field = field
    }
}

/// Everything that is wrong at once.
public struct Refusals: Error, Sendable {
    public let all: [any Refusal]
    /// `all` has at least one.
    public init(_ all: [any Refusal]) {
        precondition(!all.isEmpty)
        self.all = all
    }
}
