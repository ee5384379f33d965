import Books
import Charges
import Customers
import Database
import Invoicing
import Ledger
import Money
import Pricing

/// `duly bill --unbilled`: what should be billed and is not, valued as a bill run would price it now.
public struct UnbilledCharges: Codable, Sendable, Equatable {
    public struct Charge: Codable, Sendable, Equatable {
        public var order_id: String
        public var line: Int64
        public var day: String
        public var sku, description, quantity: String
        /// As given, or from the price list; null where there is none.
        @OrNull public var unit_price: String?
        public var discount_pct: String
        /// null where it cannot be priced yet.
        @OrNull public var net: String?
        public var currency, po_number: String
        /// Why it has no price or no tax rate, and what to do.
        public var why: String?
    }
    public struct Worth: Codable, Sendable, Equatable {
        public var currency: String
        /// Charges, those without a value included.
        public var count: Int
        public var net: String
    }
    public struct Customer: Codable, Sendable, Equatable {
        public var seller, customer, name: String
        /// The day of the oldest charge.
        public var since: String
        public var charges: [Charge]
    }
    public var through: String
    public var count: Int
    public var totals: [Worth]
    public var customers: [Customer]

    /// What several sellers have.
    public init(through: Day, joining parts: [UnbilledCharges]) {
        self.init(through: through, customers: parts.flatMap(\.customers))
    }

    init(through: Day, customers all: [Customer]) {
        self.through = through.description
        customers = all.sorted { ($0.customer, $0.seller) < ($1.customer, $1.seller) }
        count = customers.reduce(0) { $0 + $1.charges.count }
        var sums: [Currency: (count: Int, net: Money)] = [:]
        for charge in customers.lazy.flatMap(\.charges) {
            guard let currency = Currency(charge.currency) else { continue }
            let sum = sums[currency] ?? (0, .zero(currency))
            let net = charge.net.flatMap { try? Money($0, currency) } ?? .zero(currency)
            sums[currency] = (sum.count + 1, sum.net + net)
        }
        totals = sums.sorted { $0.key.code < $1.key.code }
            .map { Worth(currency: $0.key.code, count: $0.value.count, net: $0.value.net.decimal) }
    }
}

extension InvoicingDesk {
    /// The charges of one book that are due through a day and that no document bills, of one customer or of all.
    public func unbilled(through day: Day, customer number: String?, book: Int64) async throws -> UnbilledCharges {
        let (now, dice) = (clock(), chance())
        return try await database.read { transaction in
            let books = try Books(book, in: transaction, clock: now, chance: dice)
            let facts = try InvoicingRecords.references(transaction, seller: books.seller, openFrom: books.openFrom)
            let customer = try number.map { try InvoicingRecords.customer($0, transaction, book: book) }
            var order: [RecordID] = []
            var charges: [RecordID: [Charge]] = [:]
            try InvoicingRecords.unbilled(transaction, book: book, through: day, customer: customer) { charge in
                if charges[charge.customer] == nil { order.append(charge.customer) }
                charges[charge.customer, default: []].append(charge)
            }
            let known = try InvoicingRecords.customers(transaction, book: book, order)
            var names: [Int64: String] = [:]
            try transaction.pick(order.map(\.number))
            try transaction.rows(
                """
                SELECT c.customer, n.name FROM picked CROSS JOIN customers c
                LEFT JOIN customer_details n ON n.book = c.book AND n.details = c.details
                WHERE c.book = $1 AND c.customer = picked.key
                """, [.int(book)]
            ) { names[try $0.int(0)] = try $0.textOrNil(1) }
            let customers = order.compactMap { id -> UnbilledCharges.Customer? in
                guard let customer = known[id], let mine = charges[id] else { return nil }
                return UnbilledCharges.Customer(
                    seller: books.seller.code, customer: customer.number, name: names[id.number] ?? customer.number,
                    since: mine[0].day.description,
                    charges: mine.map { UnbilledCharges.Charge($0, Draft.price($0, customer, given: facts)) })
            }
            return UnbilledCharges(through: day, customers: customers)
        }
    }
}

extension UnbilledCharges.Charge {
    init(_ charge: Charges.Charge, _ priced: (line: PricedLine?, finding: Finding?)) {
        self.init(
            order_id: charge.orderID, line: charge.lineNo, day: charge.day.description, sku: charge.sku,
            description: priced.line?.description ?? charge.description, quantity: charge.quantity.decimal,
            unit_price: (priced.line?.unitPrice ?? charge.unitPrice)?.decimal, discount_pct: charge.discount.percent,
            net: priced.line?.net.decimal, currency: charge.currency.code, po_number: charge.poNumber,
            why: priced.finding.map { "\($0.why) \($0.next)" })
    }
}
