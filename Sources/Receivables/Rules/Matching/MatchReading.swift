/// One way to understand a receipt.
struct MatchReading: Sendable {
    enum Role: Sendable {
        case pays
        /// A settled item is paid again.
        case paidTwice
        /// The customer pays something that is not among the items.
        case somethingElse
        /// Not a payment of any customer's items.
        case foreign
    }
    enum Wording: Sendable { case silent, names, namesSome, misspells, namesOthers, namesCustomer }

    var role: Role
    /// -1: nobody.
    var customer: Int32 = -1
    /// Ascending.
    var items: [Int32] = []
    /// Decibans: the logarithm of how likely this reading produces this receipt.
    var score: Int
    var fit = AmountFit(kind: .exact, score: 0)
    var wording = Wording.silent
    var payer: PayerIndex.Candidate?
}
