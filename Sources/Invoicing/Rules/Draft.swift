import Charges
import Customers
import Ledger
import Money
import Pricing

/// What a check found in a draft.
public struct Finding: Sendable, Equatable {
    /// A `stop` holds the draft; a `warn` shows it and lets it pass.
    public enum Severity: String, Sendable { case stop, warn }
    /// Stable, `bill.reason`.
    public let check: String
    public let severity: Severity
    public let why: String
    public let next: String
    public init(_ check: String, _ severity: Severity, why: String, next: String) {
        self.check = check
        self.severity = severity
        self.why = why
        self.next = next
    }
}

/// Charges of one customer, priced and checked: what would be issued.
public struct Draft: Sendable {
    public let customer: CustomerFacts
    public let day: Day
    public let dueDay: Day
    public let currency: Currency
    /// Of the charges, where they agree; else empty.
    public let orderID: String
    public let poNumber: String
    public let charges: [Charge]
    public let lines: [PricedLine]
    public let taxes: [TaxLine]
    public let net: Money
    public let tax: Money
    public let findings: [Finding]
    public var gross: Money { net + tax }
    public var isHeld: Bool { findings.contains { $0.severity == .stop } }
}

/// What drafts are priced and checked with.
public struct DraftFacts: Sendable {
    public let sellerCountry: String
    public let home: Currency
    public let openFrom: Day
    public let products: [String: ProductFacts]
    public let prices: PriceBook
    public let taxes: TaxTable
    /// Orders that an imported document bills already: order id to document number.
    public var billedElsewhere: [String: String] = [:]
    public var rates: [ExchangeRateKey: ExchangeRate] = [:]

    public init(
        sellerCountry: String, home: Currency, openFrom: Day, products: [String: ProductFacts], prices: PriceBook,
        taxes: TaxTable
    ) {
        self.sellerCountry = sellerCountry
        self.home = home
        self.openFrom = openFrom
        self.products = products
        self.prices = prices
        self.taxes = taxes
    }

    /// The rate from `currency` to the seller's on a day, the latest published by then; par for the seller's own; nil where none
    /// is known.
    public func rate(_ currency: Currency, on day: Day) -> ExchangeRate? {
        currency == home
            ? .par(on: day) : .latest(on: day) { rates[ExchangeRateKey(currency: currency, day: $0)] }
    }
}

public struct ExchangeRateKey: Hashable, Sendable {
    public let currency: Currency
    public let day: Day
    public init(currency: Currency, day: Day) {
        self.currency = currency
        self.day = day
    }
}

extension Draft {
    /// Prices and checks the charges of one document. Lines stand by order and line number.
    public init(charges: [Charge], customer: CustomerFacts, day: Day, given facts: DraftFacts) {
        let currency = charges[0].currency
        var findings: [Finding] = []
        var lines: [PricedLine] = []
        lines.reserveCapacity(charges.count)
        for charge in charges {
            switch Self.line(for: charge, customer, day, facts) {
            case .success(let line): lines.append(line)
            case .failure(let problem): findings.append(problem.finding)
            }
        }
        // A document beyond the limit has no totals, and is held.
        let sum = lines.reduce(Int128(0)) { $0 + Int128($1.net.minor.magnitude) }
        if sum > Int128(Money.limit / 2) {
            lines = []
            findings.append(
                Finding(
                    "bill.too-large", .stop, why: "The document would be larger than the books can hold.",
                    next: "Correct the quantities and prices of the order, or split it."))
        }
        let taxes = TaxLine.taxes(of: lines, in: currency)
        self.customer = customer
        self.day = day
        dueDay = day + customer.termsDays
        self.currency = currency
        let first = charges[0]
        orderID = charges.allSatisfy { $0.orderID == first.orderID } ? first.orderID : ""
        poNumber = charges.allSatisfy { $0.poNumber == first.poNumber } ? first.poNumber : ""
        self.charges = charges
        self.lines = lines
        self.taxes = taxes
        net = lines.reduce(.zero(currency)) { $0 + $1.net }
        tax = taxes.reduce(.zero(currency)) { $0 + $1.tax }
        findings += Self.check(charges, customer, day, lines, facts)
        self.findings = findings
    }

    /// A charge as it would stand on a document of its own day: its line, or what keeps it from being priced.
    public static func price(
        _ charge: Charge, _ customer: CustomerFacts, given facts: DraftFacts
    ) -> (line: PricedLine?, finding: Finding?) {
        switch line(for: charge, customer, charge.day, facts) {
        case .success(let line): (line, nil)
        case .failure(let problem): (nil, problem.finding)
        }
    }

    /// The orders it bills, in the order of their charges.
    public var orderIDs: [String] {
        charges.reduce(into: []) { if !$0.contains($1.orderID) { $0.append($1.orderID) } }
    }

    private struct Problem: Error {
        let finding: Finding
    }

    private static func line(
        for charge: Charge, _ customer: CustomerFacts, _ day: Day, _ facts: DraftFacts
    ) -> Result<PricedLine, Problem> {
        func stop(_ check: String, _ why: String, _ next: String) -> Result<PricedLine, Problem> {
            .failure(Problem(finding: Finding(check, .stop, why: why, next: next)))
        }
        let line = "line \(charge.lineNo) of order \(charge.orderID)"
        guard let product = facts.products[charge.sku] else {
            return stop(
                "bill.unknown-product", "There is no product \(charge.sku) (\(line)).", "Import products that hold it.")
        }
        let price: UnitPrice
        var priced: String
        if let given = charge.unitPrice {
            price = given
            priced = #"{"price":{"rule":"\#(RuleID.priceGiven)"}"#
        } else {
            guard
                let step = facts.prices.step(
                    list: customer.priceList, sku: charge.sku, currency: charge.currency, quantity: charge.quantity,
                    on: charge.day)
            else {
                return stop(
                    "bill.no-price",
                    "Neither list \(customer.priceList) nor \(PriceBook.standardList) has a price of \(charge.sku) in "
                        + "\(charge.currency.code) on \(charge.day) (\(line)).",
                    "Import prices that hold it, then bill again.")
            }
            price = step.unitPrice
            priced =
                #"{"price":{"rule":"\#(RuleID.priceStep)","list":"\#(step.list.escaped)","row":"\#(step.row)","from":"\#(step.validFrom)","min":"\#(step.minQuantity.decimal)"}"#
        }
        guard
            let vat = facts.taxes.decide(
                seller: facts.sellerCountry, customer: customer, category: product.taxCategory,
                isService: product.isService, on: charge.day)
        else {
            let place = customer.state.isEmpty ? customer.country : "\(customer.country)-\(customer.state)"
            return stop(
                "bill.no-tax-rate",
                "There is no tax rate for category \(product.taxCategory) in \(place.isEmpty ? "an unknown country" : place) on \(charge.day) (\(line)).",
                "Import tax-rates that hold it, or complete the customer's address.")
        }
        guard PricedLine.isWithinLimit(charge.quantity, at: price, in: charge.currency) else {
            return stop(
                "bill.too-large", "The amount of \(line) is larger than the books can hold.",
                "Correct its quantity or its price.")
        }
        let (net, exact) = PricedLine.net(
            charge.quantity, at: price, less: charge.discount, in: charge.currency)
        let row = vat.row.map { #","row":"\#($0)""# } ?? ""
        return .success(
            PricedLine(
                sku: charge.sku,
                description: charge.description.isEmpty ? product.name(customer.language) : charge.description,
                quantity: charge.quantity, unit: product.unit, unitPrice: price, discount: charge.discount, net: net,
                vat: vat,
                trace: priced
                    + #","net":{"rule":"\#(RuleID.lineNet)","exact":"\#(exact)"},"vat":{"rule":"\#(vat.rule)"\#(row)}}"#
            ))
    }

    private static func check(
        _ charges: [Charge], _ customer: CustomerFacts, _ day: Day, _ lines: [PricedLine], _ facts: DraftFacts
    ) -> [Finding] {
        var findings: [Finding] = []
        if day < facts.openFrom {
            findings.append(
                Finding(
                    "bill.period-closed", .stop, why: "\(day) lies before \(facts.openFrom), the first open day.",
                    next: "Bill it with --invoice-day today, or have the period reopened."))
        }
        let needsID = lines.contains { $0.vat.category == .reverseCharge || $0.vat.category == .intraCommunity }
        if needsID, !customer.hasVATID {
            findings.append(
                Finding(
                    "bill.no-vat-id", .stop,
                    why: "Customer \(customer.number) in \(customer.country) would owe the tax but has no VAT id.",
                    next: "Enter its VAT id, or mark it as a consumer."))
        }
        if facts.rate(charges[0].currency, on: day) == nil {
            findings.append(
                Finding(
                    "bill.no-exchange-rate", .stop,
                    why: "There is no rate from \(charges[0].currency.code) to \(facts.home.code) for \(day).",
                    next: "Import exchange-rates for that day."))
        }
        for order in Set(charges.map(\.orderID)).sorted() {
            guard let number = facts.billedElsewhere[order] else { continue }
            findings.append(
                Finding(
                    "bill.billed-already", .stop, why: "Order \(order) is billed by \(number) already.",
                    next: "Void the draft, or credit \(number) first."))
        }
        if customer.country.isEmpty {
            findings.append(
                Finding(
                    "bill.customer-incomplete", .stop, why: "Customer \(customer.number) has no country.",
                    next: "Complete the customer, then bill again."))
        }
        if !lines.isEmpty, lines.count == charges.count, lines.allSatisfy(\.net.isZero) {
            findings.append(
                Finding(
                    "bill.zero-total", .warn, why: "Every line comes to nothing.",
                    next: "See that the prices and quantities are meant so."))
        }
        return findings
    }
}

extension String {
    /// As the inside of a JSON string.
    var escaped: String {
        guard utf8.contains(where: { $0 == 34 || $0 == 92 || $0 < 32 }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 32:
                text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
