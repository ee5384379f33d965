import Money

/// Orders, and the invoices that must come of them.
struct DemoSales {
    private(set) var orders: [DemoCompany.OrderLine] = []
    private(set) var invoices: [DemoCompany.Invoice] = []
    private(set) var held: [DemoCompany.HeldOrder] = []

    private var dice: DemoDice
    private let days: ClosedRange<Day>
    private let customers: [DemoCompany.Customer]
    private let products: [DemoCompany.Product]
    private let taxRates: [String: Int64]
    private let sellers: [String: DemoCompany.Seller]
    /// By list, product and currency, newest first, then the largest quantity first.
    private var prices: [String: [DemoCompany.Price]] = [:]
    private var numbers: [String: Int] = [:]
    private var lastBought: [String: [DemoCompany.OrderLine]] = [:]

    init(
        seed: UInt64, days: ClosedRange<Day>, customers: [DemoCompany.Customer], products: [DemoCompany.Product],
        prices: [DemoCompany.Price], taxRates: [DemoCompany.TaxRate], sellers: [DemoCompany.Seller]
    ) {
        dice = DemoDice(seed: seed, topic: "orders")
        self.days = days
        self.customers = customers
        self.products = products
        self.taxRates = Dictionary(uniqueKeysWithValues: taxRates.map { ("\($0.country) \($0.taxCategory)", $0.rate) })
        self.sellers = Dictionary(uniqueKeysWithValues: sellers.map { ($0.code, $0) })
        for price in prices.sorted(by: { ($0.validFrom, $0.minQuantity) > ($1.validFrom, $1.minQuantity) }) {
            self.prices["\(price.list) \(price.sku) \(price.currency.code)", default: []].append(price)
        }
    }

    mutating func order(_ count: Int, lines: ClosedRange<Int>) {
        guard count > 0 else { return }
        let span = days.upperBound - days.lowerBound
        let wanted = (0..<count).map { _ in workday(days.lowerBound + dice.int(0...span)) }.sorted()
        let width = max(5, String(count).utf8.count)
        orders.reserveCapacity(count * (lines.lowerBound + lines.upperBound) / 2)
        for (index, day) in wanted.enumerated() {
            order("A-" + DemoNumbers.padded(index + 1, width), on: day, lines: lines)
        }
        invoices.sort { ($0.seller, $0.day, $0.orderID) < ($1.seller, $1.day, $1.orderID) }
        number()
    }

    /// Nothing is ordered on a weekend, unless there is nothing but a weekend.
    private func workday(_ day: Day) -> Day {
        let moved = day.weekday == 6 ? day - 1 : day.weekday == 7 ? day - 2 : day
        return moved < days.lowerBound ? day : moved
    }

    private mutating func order(_ id: String, on day: Day, lines: ClosedRange<Int>) {
        // Some customers buy often, most now and then.
        let often = max(1, customers.count / 5)
        let customer = customers[dice.percent(60) ? dice.int(0...often - 1) : dice.int(0...customers.count - 1)]
        let po = dice.percent(55) ? "PO-" + dice.digits(5) : ""
        let made: [DemoCompany.OrderLine]
        if dice.percent(3), let earlier = lastBought[customer.number],
            let back = earlier.first(where: { $0.quantity >= 1000 })
        {
            // What comes back: one line, at most what was bought.
            let quantity = Int64(dice.int(1...Int(back.quantity / 1000))) * 1000
            made = [line(id, 1, customer, day, back.poNumber, back.sku, -quantity, back.discount)]
            lastBought[customer.number] = nil
        } else {
            made = (1...dice.int(lines)).map { place in
                let product = dice.pick(products)
                return line(id, place, customer, day, po, product.sku, quantity(of: product), discount())
            }
            lastBought[customer.number] = made
        }
        orders += made
        if customer.vatID.isEmpty, !customer.isConsumer, owesTaxItself(customer) {
            held.append(DemoCompany.HeldOrder(orderID: id, customer: customer.number, check: "bill.no-vat-id"))
        } else {
            invoices.append(invoice(made, customer))
        }
    }

    private mutating func quantity(of product: DemoCompany.Product) -> Int64 {
        switch product.unit {
        case "HUR": return Int64(dice.int(1...32)) * 250
        case "DAY": return Int64(dice.int(1...12)) * 1000
        case "KGM", "MTR": return Int64(dice.int(5...400)) * 100
        default: break
        }
        guard product.sku.hasPrefix("2") else { return Int64(dice.pick([1, 1, 2, 2, 3, 4, 6, 10, 12])) * 1000 }
        return Int64(dice.pick([20, 50, 100, 200, 500, 1000])) * 1000
    }

    private mutating func discount() -> Int64 { dice.percent(20) ? dice.pick([300, 500, 750, 1000, 1250]) : 0 }

    private func line(
        _ id: String, _ place: Int, _ customer: DemoCompany.Customer, _ day: Day, _ po: String, _ sku: String,
        _ quantity: Int64, _ discount: Int64
    ) -> DemoCompany.OrderLine {
        DemoCompany.OrderLine(
            orderID: id, lineNo: place, customer: customer.number, seller: customer.seller, day: day, poNumber: po,
            sku: sku, quantity: quantity, discount: discount)
    }

    // MARK: The answers, by plain arithmetic

    private static let union: Set<String> = ["DE", "AT", "FR", "NL", "BE", "IT", "GR", "BG", "PL", "IE"]
    private func owesTaxItself(_ customer: DemoCompany.Customer) -> Bool {
        customer.country != customer.seller && Self.union.contains(customer.country)
            && Self.union.contains(customer.seller)
    }

    private func invoice(_ lines: [DemoCompany.OrderLine], _ customer: DemoCompany.Customer) -> DemoCompany.Invoice {
        let currency = sellers[customer.seller]?.currency ?? .eur
        var bases: [Int64: Int64] = [:]
        for line in lines { bases[rate(line.sku, customer), default: 0] += net(line, customer, currency) }
        let net = bases.values.reduce(0, +)
        let tax = bases.reduce(0) { $0 + Self.halfAwayFromZero($1.value * $1.key, 10_000) }
        let day = lines[0].day
        let isCreditNote = net + tax < 0
        return DemoCompany.Invoice(
            number: "", orderID: lines[0].orderID, customer: customer.number, seller: customer.seller,
            isCreditNote: isCreditNote, day: day, dueDay: isCreditNote ? day : day + customer.termsDays,
            net: Money(minor: net, currency), tax: Money(minor: tax, currency), reference: "")
    }

    private func net(_ line: DemoCompany.OrderLine, _ customer: DemoCompany.Customer, _ currency: Currency) -> Int64 {
        let price = unitPrice(line, customer.priceList, currency) ?? unitPrice(line, "STD", currency) ?? 0
        // Thousandths × ten-thousandths × ten-thousandths of what is left, to hundredths.
        return Self.halfAwayFromZero(line.quantity * price * (10_000 - line.discount), 1_000_000_000)
    }

    private func unitPrice(_ line: DemoCompany.OrderLine, _ list: String, _ currency: Currency) -> Int64? {
        guard let all = prices["\(list) \(line.sku) \(currency.code)"],
            let newest = all.first(where: { $0.validFrom <= line.day })
        else { return nil }
        let steps = all.filter { $0.validFrom == newest.validFrom }
        return (steps.first { Int64($0.minQuantity) * 1000 <= abs(line.quantity) } ?? steps.last)?.unitPrice
    }

    private func rate(_ sku: String, _ customer: DemoCompany.Customer) -> Int64 {
        let category = products.first { $0.sku == sku }?.taxCategory ?? "S"
        let isAtHome = customer.country == customer.seller
        guard isAtHome || (customer.isConsumer && owesTaxItself(customer)) else { return 0 }
        return taxRates["\(customer.country) \(category)"] ?? 0
    }

    static func halfAwayFromZero(_ value: Int64, _ divisor: Int64) -> Int64 {
        let half = (abs(value) + divisor / 2) / divisor
        return value < 0 ? -half : half
    }

    private mutating func number() {
        invoices = invoices.map { invoice in
            let key = "\(sellers[invoice.seller]?.prefix ?? "")-\(invoice.day.year)-"
            numbers[key, default: 0] += 1
            let number = key + DemoNumbers.padded(numbers[key] ?? 0, 6)
            return DemoCompany.Invoice(
                number: number, orderID: invoice.orderID, customer: invoice.customer, seller: invoice.seller,
                isCreditNote: invoice.isCreditNote, day: invoice.day, dueDay: invoice.dueDay, net: invoice.net,
                tax: invoice.tax,
                reference: DemoNumbers.creditorReference(number))
        }
    }
}
