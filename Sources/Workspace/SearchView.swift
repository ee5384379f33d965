import Money

/// `GET /search?q=` and `/api/search?q=`.
public struct SearchView: Codable, Sendable, Equatable {
    public let query: String
    public let customers: [FoundCustomer]
    public let invoices: [FoundInvoice]
    /// Whether more fit than are shown.
    public let more: Bool
    /// Lines of the bank that wait, by amount, payer or text.
    public let receipts: [MoneyLine]
    /// How the question was read: `amount` or `text`.
    public let understood: String
    /// What one may want to do.
    public var doing: [FoundDeed] = []
    public init(
        query: String, customers: [FoundCustomer], invoices: [FoundInvoice], more: Bool = false,
        receipts: [MoneyLine] = [], understood: String = "text"
    ) {
        self.receipts = receipts
        self.understood = understood
        self.query = query
        self.customers = customers
        self.invoices = invoices
        self.more = more
    }
}

/// Something to do, and where.
public struct FoundDeed: Codable, Sendable, Equatable {
    public let label: String
    @Written public var also: String?
    /// An address of this site.
    public let path: String
    public init(label: String, also: String? = nil, path: String) {
        self.label = label
        self.path = path
        self.also = also
    }
}

/// A customer that fits.
public struct FoundCustomer: Codable, Sendable, Equatable {
    public let number: String
    public let name: String
    /// Code of the seller; null where the customer is known to all.
    @Written public var seller: String?
    /// Town and country, or whatever tells two of one name apart.
    @Written public var place: String?
    /// What is open, per currency.
    public let open: [Amount]
    public init(number: String, name: String, seller: String? = nil, place: String? = nil, open: [Amount] = []) {
        self.number = number
        self.name = name
        self.seller = seller
        self.place = place
        self.open = open
    }
}

/// A document that fits, with the keys of `duly invoice list`.
public struct FoundInvoice: Codable, Sendable, Equatable {
    public let invoiceNo: String
    public let type: String
    public let status: String
    /// Code of the seller.
    public let seller: String
    public let customer: String
    public let customerName: String
    @Written public var issueDay: Day?
    @Written public var dueDay: Day?
    public let currency: String
    public let gross: Figure
    public let open: Figure

    public init(
        invoiceNo: String, type: String, status: String, seller: String, customer: String, customerName: String,
        issueDay: Day?, dueDay: Day?, gross: Money, open: Money
    ) {
        self.invoiceNo = invoiceNo
        self.type = type
        self.status = status
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.issueDay = issueDay
        self.dueDay = dueDay
        currency = gross.currency.code
        self.gross = Figure(gross)
        self.open = Figure(open)
    }

    enum CodingKeys: String, CodingKey {
        case type, status, seller, customer, currency, gross, open
        case invoiceNo = "invoice_no"
        case customerName = "customer_name"
        case issueDay = "issue_day"
        case dueDay = "due_day"
    }
}
