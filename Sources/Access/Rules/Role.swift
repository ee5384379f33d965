/// What somebody does in the firm, and so what they may do here. One person has one role.
public enum Role: String, Sendable, CaseIterable, Comparable {
    /// Bills, applies money and asks for it, all day.
    case coordinator
    /// The coordinator's work, and policies, approvals and everything above a coordinator's limits.
    case manager
    /// Sees customers, documents and prices.
    case sales
    /// Money in, periods, the journal, the seller's own accounts.
    case finance
    /// Reads everything, changes nothing.
    case auditor
    /// Everything, and users above all. Meant for setting up; the report of clashes names whoever has it.
    case administrator

    public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// What a token of a program is good for. A token never does more than its user may.
public enum Scope: String, Sendable, CaseIterable, Comparable {
    /// Everything that only reads.
    case read
    /// Orders, prices, bill runs, invoices, credit notes and their sending.
    case bill
    /// Bank files, matching, applying, giving up.
    case cash
    /// Reminders, statements, promises, disputes.
    case collect
    /// Sellers, users, periods, and the books as a whole.
    case admin

    public static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
}
