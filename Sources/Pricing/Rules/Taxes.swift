import Customers
import Ledger
import Money

/// A rate of the tax table: what a country (in some, a state) takes on a category of products from a day on.
public struct TaxRateRow: Sendable, Equatable {
    public let row: RecordID
    public let vatCategory: VATCategory
    public let rate: Rate
    public let validFrom: Day
    public init(row: RecordID, vatCategory: VATCategory, rate: Rate, validFrom: Day) {
        self.row = row
        self.vatCategory = vatCategory
        self.rate = rate
        self.validFrom = validFrom
    }
}

/// The VAT category of EN 16931 (UNCL 5305).
public enum VATCategory: String, Sendable, CaseIterable {
    case standard = "S"
    case zeroRated = "Z"
    case exempt = "E"
    /// The customer owes the tax: services to a business in another member state (Directive 2006/112/EC, art. 196).
    case reverseCharge = "AE"
    /// Goods to a business in another member state (art. 138).
    case intraCommunity = "K"
    /// Goods leaving the tax territory (art. 146).
    case export = "G"
    case outsideScope = "O"
}

public struct TaxTable: Sendable {
    private struct Key: Hashable, Sendable {
        let country: String
        let state: String
        let category: String
    }
    private var rows: [Key: [TaxRateRow]] = [:]
    public init() {}

    public mutating func add(_ row: TaxRateRow, country: String, state: String, category: String) {
        let key = Key(country: country, state: state, category: category)
        rows[key, default: []].append(row)
        rows[key]!.sort { $0.validFrom > $1.validFrom }
    }

    /// The rate in force on the day: the state's, else the country's.
    public func rate(country: String, state: String, category: String, on day: Day) -> TaxRateRow? {
        for place in state.isEmpty ? [""] : [state, ""] {
            let found = rows[Key(country: country, state: place, category: category)]?.first { $0.validFrom <= day }
            if let found { return found }
        }
        return nil
    }
}

/// How a line is taxed, and by which rule.
public struct VATDecision: Sendable, Equatable {
    public let category: VATCategory
    public let rate: Rate
    /// The tax table's row; nil where the rule alone decides.
    public let row: RecordID?
    public let rule: RuleID
}

/// A rule of the product and its version, as traces name it: `vat.domestic/1`.
public struct RuleID: Sendable, Hashable, CustomStringConvertible {
    public let rule: String
    public let version: Int
    public var description: String { "\(rule)/\(version)" }
    public static let priceStep = RuleID(rule: "price.step", version: 1)
    public static let priceGiven = RuleID(rule: "price.given", version: 1)
    public static let lineNet = RuleID(rule: "line.net", version: 1)
    public static let lineCreditByShare = RuleID(rule: "line.credit", version: 1)
    public static let lineCredit = RuleID(rule: "line.credit", version: 2)
    public static let taxSum = RuleID(rule: "tax.sum", version: 1)
    public static let taxCredit = RuleID(rule: "tax.credit", version: 1)
    public static let vatDomestic = RuleID(rule: "vat.domestic", version: 1)
    public static let vatDestination = RuleID(rule: "vat.destination", version: 1)
    public static let vatReverseCharge = RuleID(rule: "vat.reverse-charge", version: 1)
    public static let vatIntraCommunity = RuleID(rule: "vat.intra-community", version: 1)
    public static let vatExport = RuleID(rule: "vat.export", version: 1)
    public static let vatOutsideScope = RuleID(rule: "vat.outside-scope", version: 1)

    /// Every version that was ever in force, in plain words. Written to the books when they are made, never changed.
    public static let all: [(id: RuleID, words: String)] = [
        (priceStep, "The price of the customer's list, else of the standard list, at the step of the quantity."),
        (priceGiven, "The price that the order states."),
        (lineNet, "Quantity × unit price × (1 − discount), rounded once, half away from zero."),
        (lineCreditByShare, "The credited share of the original line, never more than is left of it."),
        (
            lineCredit,
            "The credited quantity at the original's price and discount, or an amount; never more than is left of it."
        ),
        (taxSum, "The sum of the nets of one rate and category × the rate, rounded once, half away from zero."),
        (taxCredit, "The original's tax in proportion to the net credited so far, less the tax credited before."),
        (vatDomestic, "Seller and customer are in one country: its rate for the product's category."),
        (vatDestination, "A private person in another member state: that state's rate (one-stop shop)."),
        (vatReverseCharge, "A service to a business in another member state: the customer owes the tax."),
        (vatIntraCommunity, "Goods to a business in another member state: exempt, taxed as acquisition there."),
        (vatExport, "Goods to a customer outside the tax territory: exempt as export."),
        (vatOutsideScope, "A service to a customer outside the tax territory: not taxable here."),
    ]
}

extension TaxTable {
    /// Decides the tax of a product sold to a customer on a day; nil where the table has no rate for it.
    ///
    /// Sources: Directive 2006/112/EC, art. 33 (distance sales to consumers), 44 and 196 (services to businesses), 138 (goods to
    /// businesses), 146 (exports). Where seller and customer share a country, the table decides alone.
    public func decide(
        seller: String, customer: CustomerFacts, category: String, isService: Bool, on day: Day
    ) -> VATDecision? {
        func fromTable(_ rule: RuleID) -> VATDecision? {
            rate(country: customer.country, state: customer.state, category: category, on: day).map {
                VATDecision(category: $0.vatCategory, rate: $0.rate, row: $0.row, rule: rule)
            }
        }
        func free(_ category: VATCategory, _ rule: RuleID) -> VATDecision {
            VATDecision(category: category, rate: .zero, row: nil, rule: rule)
        }
        if customer.country == seller { return fromTable(.vatDomestic) }
        let within = EuropeanUnion.contains(seller, on: day) && EuropeanUnion.contains(customer.country, on: day)
        if within, customer.isConsumer { return fromTable(.vatDestination) }
        if within {
            return isService ? free(.reverseCharge, .vatReverseCharge) : free(.intraCommunity, .vatIntraCommunity)
        }
        return isService ? free(.outsideScope, .vatOutsideScope) : free(.export, .vatExport)
    }
}
