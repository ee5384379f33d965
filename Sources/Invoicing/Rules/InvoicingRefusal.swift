import Ledger

/// Why the invoicing desk did nothing.
public enum InvoicingRefusal: Refusal, Equatable {
    case noSuchCustomer(String)
    case noSuchDocument(String)
    case noSuchDraft(String)
    case draftHeld(String, check: String, why: String, next: String)
    case chargesGone(String)
    case numberTaken(String)

    public var code: String {
        switch self {
        case .noSuchCustomer: "invoicing.no-such-customer"
        case .noSuchDocument: "invoicing.no-such-document"
        case .noSuchDraft: "invoicing.no-such-draft"
        case .draftHeld(_, let check, _, _): check
        case .chargesGone: "invoicing.charges-billed"
        case .numberTaken: "invoicing.number-taken"
        }
    }
    public var what: String { "Nothing was issued." }
    public var why: String {
        switch self {
        case .noSuchCustomer(let number): "There is no customer \(number)."
        case .noSuchDocument(let number): "There is no document \(number)."
        case .noSuchDraft(let id): "There is no waiting draft \(id)."
        case .draftHeld(_, _, let why, _): why
        case .chargesGone(let id): "Charges of draft \(id) were billed since."
        case .numberTaken(let number): "The next number \(number) is that of another document."
        }
    }
    public var next: String {
        switch self {
        case .noSuchCustomer: "'duly search' finds customers."
        case .noSuchDocument: "'duly invoice list' lists the documents."
        case .noSuchDraft: "'duly invoice drafts' lists the drafts."
        case .draftHeld(_, _, _, let next): next
        case .chargesGone: "Run 'duly bill' to draft what is left."
        case .numberTaken: "Give the seller's series another pattern: duly seller series CODE PATTERN."
        }
    }
}
