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
