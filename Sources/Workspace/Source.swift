import Ledger

/// The language of a reader.
public enum Language: String, Codable, Sendable, CaseIterable {
    case english = "en"
    case german = "de"
}

/// What the pages read. The answers hold the same figures as the command line's; texts in words (`why`, `summary`, `trace`) come in
/// the reader's language where the source has them. A `Refusal` thrown here becomes a page with its four lines.
public protocol WorkspaceSource: CustomersSource, PricesSource, BillSource, MoneySource, AskSource, DisputesSource,
    StatementsSource, ReportsSource, SettingsSource, ApprovalsSource, CommandsSource, ImportSource, ClockSource
{
    /// The worklist and key figures of one seller, or of all.
    func today(seller: String?, language: Language) async throws -> TodayView
    /// nil where there is no such customer. Throws `AmbiguousNumber` where several sellers have one and none was named.
    func customer(number: String, seller: String?, language: Language) async throws -> CustomerView?
    /// nil where there is no such document. Throws `AmbiguousNumber` like `customer`.
    func invoice(number: String, seller: String?, language: Language) async throws -> InvoiceView?
    /// The document as the customer got it; nil where there is none.
    func invoicePDF(number: String, seller: String?) async throws -> [UInt8]?
    /// Customers and invoices that fit the text, best first. The text is trimmed and not empty.
    func search(_ text: String, seller: String?, language: Language) async throws -> SearchView
}

/// A number that several sellers use; the page lets the reader choose.
public struct AmbiguousNumber: Refusal, Equatable {
    public let number: String
    public let sellers: [SellerView]
    public init(number: String, sellers: [SellerView]) {
        self.number = number
        self.sellers = sellers
    }
    public var code: String { "workspace.ambiguous-number" }
    public var what: String { "Nothing was shown for \(number)." }
    public var why: String { "Several sellers use this number: \(sellers.map(\.code).joined(separator: ", "))." }
    public var next: String { "Name one with ?seller=CODE." }
}

/// The books cannot be read just now (database gone, disk full); trying again later may help.
public struct WorkspaceOutage: Error, Sendable {
    public let message: String
    public init(_ message: String) { self.message = message }
}
