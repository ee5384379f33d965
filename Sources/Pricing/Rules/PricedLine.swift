import Customers
import Ledger
import Money

/// What a product is, for pricing: names by language, unit, how it is taxed.
public struct ProductFacts: Sendable, Equatable {
    public let sku: String
    public let nameDE: String
    public let nameEN: String
    /// Code of UN/ECE Recommendation 20.
    public let unit: String
    public let taxCategory: String
    public let isService: Bool
    public init(sku: String, nameDE: String, nameEN: String, unit: String, taxCategory: String, isService: Bool) {
        self.sku = sku
        self.nameDE = nameDE
        self.nameEN = nameEN
        self.unit = unit
        self.taxCategory = taxCategory
        self.isService = isService
    }
    /// Units of time: what is sold by them is a service.
    public static let serviceUnits: Set<String> = ["HUR", "MIN", "DAY", "WEE", "MON", "QAN", "ANN", "E48", "E51", "LH"]
    public func name(_ language: String) -> String {
        let first = language == "de" ? nameDE : nameEN
        return first.isEmpty ? (language == "de" ? nameEN : nameDE) : first
    }
}

/// A line with its amounts and why they are so.
public struct PricedLine: Sendable, Equatable {
    public let sku: String
    public let description: String
    public let quantity: Quantity
    public let unit: String
    public let unitPrice: UnitPrice
    public let discount: Rate
    public let net: Money
    public let vat: VATDecision
    /// Rule ids, rows and exact intermediates: JSON, on average under 300 bytes.
    public let trace: String
    public init(
        sku: String, description: String, quantity: Quantity, unit: String, unitPrice: UnitPrice, discount: Rate,
        net: Money, vat: VATDecision, trace: String
    ) {
        self.sku = sku
        self.description = description
        self.quantity = quantity
        self.unit = unit
        self.unitPrice = unitPrice
        self.discount = discount
        self.net = net
        self.vat = vat
        self.trace = trace
    }

    /// Rule `line.net`, version 1: quantity × unit price × (1 − discount), exact, rounded once half away from zero to the
    /// currency's decimals; with the exact value as text.
    public static func net(
        _ quantity: Quantity, at price: UnitPrice, less discount: Rate, in currency: Currency
    ) -> (net: Money, exact: String) {
        if discount.scaled == 0 {
            // The commonest case in one 128-bit product.
            let exact = Int128(quantity.micro) * Int128(price.scaled)
            return (Money(minor: rounded(exact, decimals: 16, to: currency), currency), decimal(exact, decimals: 16))
        }
        let exact = ExactProduct(
            (quantity.micro, Quantity.decimals), (price.scaled, UnitPrice.decimals),
            (discount.complement.scaled, Rate.decimals))
        return (exact.rounded(.halfAwayFromZero, to: currency), exact.decimal)
    }

    /// Whether quantity × unit price stays within `Money.limit`: what does not is refused where it comes in, and held where it would
    /// be billed.
    public static func isWithinLimit(_ quantity: Quantity, at price: UnitPrice, in currency: Currency) -> Bool {
        var unit: Int128 = 1
        for _ in currency.decimals..<16 { unit *= 10 }
        return (Int128(quantity.micro) * Int128(price.scaled)).magnitude <= (Int128(Money.limit) * unit).magnitude
    }

    private static func rounded(_ exact: Int128, decimals: Int, to currency: Currency) -> Int64 {
        var divisor: Int128 = 1
        for _ in currency.decimals..<decimals { divisor *= 10 }
        let magnitude = (Int128(exact.magnitude) + divisor / 2) / divisor
        return Int64(exact < 0 ? -magnitude : magnitude)
    }

    private static func decimal(_ exact: Int128, decimals: Int) -> String {
        var (value, places) = (exact, decimals)
        while places > 0, value % 10 == 0 { (value, places) = (value / 10, places - 1) }
        guard let small = Int64(exactly: value) else {
            return ExactProduct.decimal(negative: value < 0, magnitude: value.magnitude, decimals: places)
        }
        return FixedPoint.text(small, decimals: places)
    }
}

/// The taxes of a document: one row per rate and category.
public struct TaxLine: Sendable, Equatable {
    public let category: VATCategory
    public let rate: Rate
    public let base: Money
    public let tax: Money
    public let trace: String
    public init(category: VATCategory, rate: Rate, base: Money, tax: Money, trace: String) {
        self.category = category
        self.rate = rate
        self.base = base
        self.tax = tax
        self.trace = trace
    }

    /// Rule `tax.sum`, version 1: per rate and category, the sum of the nets × the rate, rounded once half away from zero.
    /// Rows stand by rate, highest first, then by category.
    public static func taxes(of lines: [PricedLine], in currency: Currency) -> [TaxLine] {
        var groups: [(category: VATCategory, rate: Rate, base: Int64)] = []
        for line in lines {
            if let index = groups.firstIndex(where: { $0.category == line.vat.category && $0.rate == line.vat.rate }) {
                groups[index].base += line.net.minor
            } else {
                groups.append((line.vat.category, line.vat.rate, line.net.minor))
            }
        }
        groups.sort { ($1.rate, $0.category.rawValue) < ($0.rate, $1.category.rawValue) }
        return groups.map { group in
            let exact = ExactProduct((group.base, currency.decimals), (group.rate.scaled, Rate.decimals))
            let tax = exact.rounded(.halfAwayFromZero, to: currency)
            return TaxLine(
                category: group.category, rate: group.rate, base: Money(minor: group.base, currency), tax: tax,
                trace: #"{"rule":"\#(RuleID.taxSum)","exact":"\#(exact.decimal)"}"#)
        }
    }
}
