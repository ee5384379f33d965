import Money
import Web

/// What the pages of disagreements, ours and theirs read.
public protocol DisputesSource: Sendable {
    /// What customers question, and what keeps letters back; the oldest first.
    func disputes(page: Int, seller: String?, language: Language) async throws -> DisputesView
}

extension Pages {
    var disputesRoutes: [Route] {
        let disputes: Route.Handler = { try await self.disputes($0) }
        return [Route(["disputes"], disputes), Route(["api", "disputes"], disputes)]
    }

    private func disputes(_ request: WebRequest) async throws -> WebResponse {
        let shell = shell(request)
        let view = try await source.disputes(
            page: request.pageNumber, seller: shell.reader.seller, language: shell.reader.language)
        if request.wantsJSON { return try .json(view) }
        return .html(DisputesPage(view: view, page: request.pageNumber, shell: shell).render())
    }
}

/// `GET /disputes` and `/api/disputes`.
public struct DisputesView: Codable, Sendable, Equatable {
    @Written public var day: Day
    public let sellers: [SellerView]
    public let disputes: [DisputedItem]
    public let all: Int
    /// What is in question together, per currency.
    public let worth: [Amount]
    public let more: Bool
    public let holds: [HeldBack]
    public init(
        day: Day, sellers: [SellerView], disputes: [DisputedItem], all: Int? = nil, worth: [Amount], more: Bool = false,
        holds: [HeldBack]
    ) {
        self.day = day
        self.sellers = sellers
        self.disputes = disputes
        self.all = all ?? disputes.count
        self.worth = worth
        self.more = more
        self.holds = holds
    }
}

/// Part of a document that a customer questions.
public struct DisputedItem: Codable, Sendable, Equatable {
    public let seller: String
    public let invoiceNo: String
    public let customer: String
    public let customerName: String
    public let disputed: Amount
    public let open: Amount
    public let reason: String
    @Written public var since: Day
    public init(
        seller: String, invoiceNo: String, customer: String, customerName: String, disputed: Money, open: Money,
        reason: String, since: Day
    ) {
        self.seller = seller
        self.invoiceNo = invoiceNo
        self.customer = customer
        self.customerName = customerName
        self.disputed = Amount(disputed)
        self.open = Amount(open)
        self.reason = reason
        self.since = since
    }
    enum CodingKeys: String, CodingKey {
        case seller, customer, disputed, open, reason, since
        case invoiceNo = "invoice_no"
        case customerName = "customer_name"
    }
}

/// Why a customer, or one document, is not written to.
public struct HeldBack: Codable, Sendable, Equatable {
    public let seller: String
    public let customer: String
    public let customerName: String
    @Written public var document: String?
    public let reason: String
    @Written public var since: Day
    @Written public var until: Day?
    public init(
        seller: String, customer: String, customerName: String, document: String?, reason: String, since: Day,
        until: Day?
    ) {
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.reason = reason
        self.document = document
        self.since = since
        self.until = until
    }
    enum CodingKeys: String, CodingKey {
        case seller, customer, document, reason, since, until
        case customerName = "customer_name"
    }
}
