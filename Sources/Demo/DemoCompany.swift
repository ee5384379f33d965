import Money

/// A small company that sells and hires tools, made from a seed: what it is given (customers, prices, orders, bank lines) and what
/// must come of it (invoices, allocations). The same seed, sizes and days give the same company on every machine.
///
/// The answers are worked out here by plain arithmetic of their own, so that they can be held against what the books say.
public struct DemoCompany: Sendable {
    public struct Seller: Sendable, Equatable {
        public let code, name, country: String
        public let currency: Currency
        /// Invoices are numbered `PREFIX-YEAR-000001`, anew each year.
        public let prefix, iban, bic, vatID, street, postcode, city, email, phone: String
    }

    public struct Customer: Sendable, Equatable {
        public let number, name, country, seller: String
        public let isConsumer: Bool
        public let vatID, street, postcode, city, email: String
        /// The account it pays from; the books are told it only where `isAccountKnown`.
        public let iban: String
        public let isAccountKnown: Bool
        public let termsDays: Int
        /// Empty where prices come from the standard list.
        public let priceList: String
        /// In whole units of the seller's currency; nil where there is none.
        public let creditLimit: Int?
        public let language: String
    }

    public struct Product: Sendable, Equatable {
        public let sku, nameDE, nameEN, unit, taxCategory: String
        public let isService: Bool
    }

    public struct Price: Sendable, Equatable {
        public let list, sku: String
        public let currency: Currency
        public let minQuantity: Int
        /// Ten-thousandths of the currency's unit.
        public let unitPrice: Int64
        public let validFrom: Day
    }

    public struct TaxRate: Sendable, Equatable {
        public let country, taxCategory: String
        /// Hundredths of a per cent: 550 is 5.5 %.
        public let rate: Int64
        public let validFrom: Day
    }

    public struct OrderLine: Sendable, Equatable {
        public let orderID: String
        public let lineNo: Int
        public let customer, seller: String
        public let day: Day
        public let poNumber, sku: String
        /// Thousandths; negative for what comes back.
        public let quantity: Int64
        /// Hundredths of a per cent.
        public let discount: Int64
    }

    /// A document that `bill --issue` must make of an order.
    public struct Invoice: Sendable, Equatable {
        public let number, orderID, customer, seller: String
        public let isCreditNote: Bool
        public let day, dueDay: Day
        public let net, tax: Money
        /// ISO 11649.
        public let reference: String
        public var gross: Money { net + tax }
    }

    /// An order that the checks must hold, and the check that does.
    public struct HeldOrder: Sendable, Equatable {
        public let orderID, customer, check: String
    }

    /// What the payer did.
    public enum Scenario: String, Sendable, CaseIterable {
        case full, numberOnly, silent, part, rest, bundle, discount, fee, wrongNumber, thirdParty, overpaid, twice,
            unmatched, moneyOut
    }

    /// A line of the bank statement.
    public struct Payment: Sendable, Equatable {
        /// The bank's own reference of the line.
        public let id: String
        public let day: Day
        public let seller: String
        /// Negative for money out.
        public let amount: Money
        public let payer, payerIBAN: String
        /// A structured reference; empty where the payer gave none.
        public let reference: String
        public let text: String
        public let scenario: Scenario
    }

    /// What a payment truly pays. A payment without allocations belongs to no invoice.
    public struct Allocation: Sendable, Equatable {
        public let payment, invoice: String
        /// Negative where a credit note is used.
        public let allocated: Money
        /// Given up with it: a discount taken, a fee deducted by a bank.
        public let writeOff: Money
    }

    public let seed: UInt64
    public let days: ClosedRange<Day>
    public let sellers: [Seller]
    public let customers: [Customer]
    public let products: [Product]
    public let prices: [Price]
    public let taxRates: [TaxRate]
    /// By order, then line; orders are numbered in the order of their days.
    public let orders: [OrderLine]
    /// By seller in the order of their numbers.
    public let invoices: [Invoice]
    public let held: [HeldOrder]
    /// By day.
    public let payments: [Payment]
    public let allocations: [Allocation]

    /// - Parameters:
    ///   - customers: at least 1. From 14 on, one of them has no VAT id and its orders are held.
    ///   - orders: how many; each becomes one document, or is held.
    ///   - days: the days on which orders are made and money moves.
    ///   - lines: how many lines an order has.
    public init(
        seed: UInt64, customers customerCount: Int, orders orderCount: Int, days: ClosedRange<Day>,
        lines: ClosedRange<Int> = 1...5
    ) {
        precondition(customerCount > 0 && orderCount >= 0 && lines.lowerBound > 0)
        self.seed = seed
        self.days = days
        sellers = Self.sellerList
        products = Self.productList
        prices = Self.priceList(from: days)
        taxRates = Self.taxRateList(from: days)
        customers = DemoPeople.customers(customerCount, seed: seed, sellers: sellers)
        var sales = DemoSales(
            seed: seed, days: days, customers: customers, products: products, prices: prices, taxRates: taxRates,
            sellers: sellers)
        sales.order(orderCount, lines: lines)
        orders = sales.orders
        invoices = sales.invoices
        held = sales.held
        var till = DemoTill(seed: seed, days: days, customers: customers, sellers: sellers)
        till.pay(invoices)
        till.addNoise(share: orderCount)
        (payments, allocations) = till.numbered()
    }

    /// A year that ends on this day.
    public static func year(endingOn day: Day) -> ClosedRange<Day> { (day.adding(months: -12) + 1)...day }

    /// What is open of every document when the true allocations are booked, in minor units by document number.
    public var openAmounts: [String: Money] {
        var open = Dictionary(uniqueKeysWithValues: invoices.map { ($0.number, $0.gross) })
        for allocation in allocations {
            guard let left = open[allocation.invoice] else { continue }
            open[allocation.invoice] = left - allocation.allocated - allocation.writeOff
        }
        return open
    }
}
