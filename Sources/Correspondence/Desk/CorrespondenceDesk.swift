import Database
import Ledger
import Money

/// Papers, letters and how they leave the house. What is said is decided by the Rules; this reads, renders, sends and marks.
public struct CorrespondenceDesk: Sendable {
    let database: any Database
    let clock: @Sendable () -> Instant
    let chance: @Sendable () -> UInt64
    /// Shared by all workers over this desk.
    let gate = SendingGate()

    public init(
        _ database: any Database, clock: @escaping @Sendable () -> Instant, chance: @escaping @Sendable () -> UInt64
    ) {
        self.database = database
        self.clock = clock
        self.chance = chance
    }

    /// How many papers are read and rendered at a time.
    static let groupSize = 200
}

/// Why a paper or a letter was not made, or nothing was done with it.
public enum CorrespondenceRefusal: Refusal, Equatable {
    case noSuchDocument(String)
    case noSuchCustomer(String)
    case noSuchLetter(String)
    /// It stands in a state that does not ask for a person's word.
    case notOpen(String, state: String)
    case sellerHasNoAddress(seller: String, given: String)

    public var code: String {
        switch self {
        case .noSuchDocument: "correspondence.no-such-document"
        case .noSuchCustomer: "correspondence.no-such-customer"
        case .noSuchLetter: "correspondence.no-such-letter"
        case .notOpen: "correspondence.letter-is-settled"
        case .sellerHasNoAddress: "correspondence.seller-has-no-address"
        }
    }
    public var what: String {
        switch self {
        case .noSuchDocument, .noSuchCustomer: "No paper was made."
        case .noSuchLetter, .notOpen: "The letter was left as it is."
        case .sellerHasNoAddress: "No mail was sent; the letters stay queued."
        }
    }
    public var why: String {
        switch self {
        case .noSuchDocument(let number): "There is no invoice or credit note \(number)."
        case .noSuchCustomer(let number): "There is no customer \(number)."
        case .noSuchLetter(let id): "There is no letter \(id)."
        case .notOpen(let id, let state): "Letter \(id) is \(state)."
        case .sellerHasNoAddress(let seller, let given):
            given.isEmpty
                ? "Seller \(seller) has no mail address to send from."
                : "The mail address of seller \(seller), “\(given)”, cannot be used."
        }
    }
    public var next: String {
        switch self {
        case .noSuchDocument, .noSuchCustomer: "'duly search' finds documents and customers."
        case .noSuchLetter: "'duly invoice show' lists the letters of a document."
        case .notOpen: "Only an uncertain or refused letter waits for a person's word."
        case .sellerHasNoAddress: "Give the seller a mail address, then send again."
        }
    }
}
