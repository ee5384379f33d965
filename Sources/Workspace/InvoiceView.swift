import Money

/// `GET /invoices/NUMBER` and `/api/invoices/NUMBER`, with the keys of `duly invoice show`. Decimals are in `currency`.
public struct InvoiceView: Codable, Sendable, Equatable {
    public let invoiceNo: String
    /// invoice, credit-note, correction, …
    public let type: String
    /// draft, issued, paid, …
    public let status: String
    public let seller: SellerView
    public let customer: String
    public let customerName: String
    /// Lines of the buyer's address as on the document, without the name.
    public let address: [String]
    /// The day lateness is counted to.
    @Written public var asOf: Day
    @Written public var issueDay: Day?
    @Written public var dueDay: Day?
    public let currency: String
    public let net: Figure
    public let tax: Figure
    public let gross: Figure
    public let open: Figure
    public let lines: [InvoiceLineView]
    public let taxes: [TaxView]
    /// order_id, po_number, creditor_ref, buyer_reference, contract, project, …; only those there are.
    public let references: [String: String]
    public let allocations: [AllocationView]
    /// The document this one answers.
    @Written public var corrects: String?
    /// The documents that answer this one.
    public let correctedBy: [String]
    /// Oldest first.
    public let deliveries: [DeliveryView]
    /// What concerns the whole document, in words: header discount, rounding, tax.
    public let trace: [TraceStep]
    /// Whether `/invoices/NUMBER.pdf` answers.
    public let hasPdf: Bool

    public init(
        invoiceNo: String, type: String, status: String, seller: SellerView, customer: String, customerName: String,
        address: [String] = [], asOf: Day, issueDay: Day?, dueDay: Day?, net: Money, tax: Money, gross: Money,
        open: Money, lines: [InvoiceLineView], taxes: [TaxView], references: [String: String] = [:],
        allocations: [AllocationView] = [], corrects: String? = nil, correctedBy: [String] = [],
        deliveries: [DeliveryView] = [], trace: [TraceStep] = [], hasPdf: Bool
    ) {
        self.invoiceNo = invoiceNo
        self.type = type
        self.status = status
        self.seller = seller
        self.customer = customer
        self.customerName = customerName
        self.address = address
        self.asOf = asOf
        self.issueDay = issueDay
        self.dueDay = dueDay
        currency = gross.currency.code
        self.net = Figure(net)
        self.tax = Figure(tax)
        self.gross = Figure(gross)
        self.open = Figure(open)
        self.lines = lines
        self.taxes = taxes
        self.references = references
        self.allocations = allocations
        self.corrects = corrects
        self.correctedBy = correctedBy
        self.deliveries = deliveries
        self.trace = trace
        self.hasPdf = hasPdf
    }

    enum CodingKeys: String, CodingKey {
        case type, status, seller, customer, address, currency, net, tax, gross, open, lines, taxes, references
        case allocations, corrects, deliveries, trace
        case invoiceNo = "invoice_no"
        case customerName = "customer_name"
        case asOf = "as_of"
        case issueDay = "issue_day"
        case dueDay = "due_day"
        case correctedBy = "corrected_by"
        case hasPdf = "has_pdf"
    }
}

/// A line of an invoice.
public struct InvoiceLineView: Codable, Sendable, Equatable {
    /// From 1.
    public let line: Int
    @Written public var sku: String?
    public let description: String
    public let quantity: Figure
    /// In the seller's words: `m`, `Stk`, `h`; null for none.
    @Written public var unit: String?
    public let unitPrice: Figure
    /// Percent; null for none.
    @Written public var discountPct: Figure?
    public let net: Figure
    /// Percent.
    public let vatRate: Figure
    /// UNCL 5305 letters, such as `S`, `Z`, `AE`.
    public let vatCategory: String
    /// How the amount came about, in words, step by step.
    public let trace: [TraceStep]

    public init(
        line: Int, sku: String? = nil, description: String, quantity: Quantity, unit: String? = nil,
        unitPrice: UnitPrice, discountPct: Rate? = nil, net: Money, vatRate: Rate, vatCategory: String,
        trace: [TraceStep] = []
    ) {
        self.line = line
        self.sku = sku
        self.description = description
        self.quantity = Figure(quantity)
        self.unit = unit
        self.unitPrice = Figure(unitPrice)
        self.discountPct = discountPct.map { Figure(percent: $0) }
        self.net = Figure(net)
        self.vatRate = Figure(percent: vatRate)
        self.vatCategory = vatCategory
        self.trace = trace
    }

    enum CodingKeys: String, CodingKey {
        case line, sku, description, quantity, unit, net, trace
        case unitPrice = "unit_price"
        case discountPct = "discount_pct"
        case vatRate = "vat_rate"
        case vatCategory = "vat_category"
    }
}

/// A step of a trace: a sentence, and the amount it ends in.
public struct TraceStep: Codable, Sendable, Equatable {
    public let words: String
    /// In the document's currency, exact (more decimals than the currency before rounding); null where the step only explains.
    @Written public var amount: Figure?
    public init(_ words: String, amount: Figure? = nil) {
        self.words = words
        self.amount = amount
    }
}

/// Tax of one rate and category.
public struct TaxView: Codable, Sendable, Equatable {
    /// Percent.
    public let rate: Figure
    public let category: String
    public let base: Figure
    public let tax: Figure
    public init(rate: Rate, category: String, base: Money, tax: Money) {
        self.rate = Figure(percent: rate)
        self.category = category
        self.base = Figure(base)
        self.tax = Figure(tax)
    }
}

/// What reduced the open amount.
public struct AllocationView: Codable, Sendable, Equatable {
    /// receipt, credit-note, write-off, refund, …
    public let kind: String
    @Written public var day: Day
    /// The receipt, as in `cash export-allocations`; null where it was no receipt.
    @Written public var paymentId: String?
    /// The other document, where it was one with a page.
    @Written public var document: String?
    /// In the invoice's currency; positive reduces what is open.
    public let allocated: Figure
    /// Why it was placed here, in words.
    @Written public var reason: String?
    public init(
        kind: String, day: Day, paymentId: String? = nil, document: String? = nil, allocated: Money,
        reason: String? = nil
    ) {
        self.kind = kind
        self.day = day
        self.paymentId = paymentId
        self.document = document
        self.allocated = Figure(allocated)
        self.reason = reason
    }
    enum CodingKeys: String, CodingKey {
        case kind, day, document, allocated, reason
        case paymentId = "payment_id"
    }
}

/// One attempt to deliver the document.
public struct DeliveryView: Codable, Sendable, Equatable {
    @Written public var at: Instant
    /// email, post, portal, peppol, …
    public let channel: String
    @Written public var to: String?
    /// waiting, sending, sent, delivered, opened, bounced, failed, uncertain, held; an unknown state is shown as it is.
    public let state: String
    /// What the other side said, or why it is held.
    @Written public var why: String?
    public init(at: Instant, channel: String, to: String? = nil, state: String, why: String? = nil) {
        self.at = at
        self.channel = channel
        self.to = to
        self.state = state
        self.why = why
    }
}
