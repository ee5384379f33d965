import Customers
import Ledger
import Money
import Pricing

/// Something billable: an order line delivered, hours worked, usage, a recurring fee.
public struct Charge: Sendable, Equatable {
    public let id: RecordID
    public let customer: RecordID
    public let orderID: String
    public let lineNo: Int64
    public let day: Day
    public let currency: Currency
    public let poNumber: String
    public let sku: String
    /// Empty: the product's name in the customer's language.
    public let description: String
    /// Negative for returns.
    public let quantity: Quantity
    /// nil: from the price list.
    public let unitPrice: UnitPrice?
    public let discount: Rate
    /// The day its earlier document was taken back: no other bills it before that, or both would count in between.
    public let billFrom: Day?
    /// Of the document that bills it, where that follows the charge.
    public var invoiceDay: Day { max(day, billFrom ?? day) }

    public init(
        id: RecordID, customer: RecordID, orderID: String, lineNo: Int64, day: Day, currency: Currency,
        poNumber: String, sku: String, description: String, quantity: Quantity, unitPrice: UnitPrice?, discount: Rate,
        billFrom: Day? = nil
    ) {
        self.id = id
        self.customer = customer
        self.orderID = orderID
        self.lineNo = lineNo
        self.day = day
        self.currency = currency
        self.poNumber = poNumber
        self.sku = sku
        self.description = description
        self.quantity = quantity
        self.unitPrice = unitPrice
        self.discount = discount
        self.billFrom = billFrom
    }
}

/// Which charges go onto one document.
public enum BillPer: String, Sendable, CaseIterable {
    case order, po, customer

    /// Charges of one customer and currency with the same key go onto one document.
    public func key(_ charge: Charge) -> String {
        switch self {
        case .order: charge.orderID
        case .po: charge.poNumber.isEmpty ? charge.orderID : charge.poNumber
        case .customer: ""
        }
    }
}
