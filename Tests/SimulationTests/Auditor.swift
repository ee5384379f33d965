import Money

/// Dice that fall the same way each time (SplitMix64). The failing seed is the report of the fault.
struct Dice {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
    mutating func happens(_ percent: Int64) -> Bool { number(1...100) <= percent }
    mutating func pick<T>(_ all: [T]) -> T? { all.isEmpty ? nil : all[Int(next() % UInt64(all.count))] }
}

/// A customer as the auditor knows it: who, in which currency, when due, and which tax its goods and books bear, in percent.
struct Debtor: Sendable {
    let number: String
    let name: String
    let currency: Currency
    let terms: Int
    let goods: Int64
    let books: Int64
}

/// Keeps its own sums of everything that was asked for, in plain lists, and knows nothing of the books' tables.
struct Auditor {
    struct Document {
        let order: String
        var number: String
        let customer: String
        let currency: Currency
        let issued: Day
        let due: Day
        let gross: Int64
        /// What credit notes have left of it.
        var creditable: Int64
        var open: Int64
        /// Given up of it: discounts for paying early, and small differences. What a bank kept is not counted.
        var discount: Int64 = 0
        var smallChange: Int64 = 0
    }
    struct Receipt {
        let id: String
        let currency: Currency
        let amount: Int64
        var left: Int64
        var isTouched = false
    }
    private(set) var documents: [String: Document] = [:]
    private(set) var receipts: [String: Receipt] = [:]

    // MARK: What happened

    /// A line of an order: quantity in thousandths, price in ten-thousandths, discount in hundredths of a percent.
    struct Line {
        let sku: String
        let quantity, price, discount: Int64
    }

    /// Quantity × price × (1 − discount), rounded once, half away from zero.
    static func net(_ line: Line, _ currency: Currency) -> Int64 {
        let exact = Int128(line.quantity) * Int128(line.price) * Int128(10_000 - line.discount)
        return rounded(exact, by: 11 - currency.decimals)
    }

    static func rounded(_ exact: Int128, by digits: Int) -> Int64 {
        var divisor: Int128 = 1
        for _ in 0..<digits { divisor *= 10 }
        let magnitude = (Int128(exact.magnitude) + divisor / 2) / divisor
        return Int64(exact < 0 ? -magnitude : magnitude)
    }

    /// What a document over these lines comes to, tax once per rate.
    static func gross(_ lines: [Line], _ debtor: Debtor) -> Int64 {
        var bases: [Int64: Int64] = [:]
        for line in lines {
            bases[line.sku == "BOOK" ? debtor.books : debtor.goods, default: 0] += net(line, debtor.currency)
        }
        return bases.reduce(0) { $0 + $1.value + rounded(Int128($1.value) * Int128($1.key), by: 2) }
    }

    mutating func billed(_ order: String, as number: String, _ lines: [Line], _ debtor: Debtor, on day: Day) {
        let gross = Self.gross(lines, debtor)
        documents[number] = Document(
            order: order, number: number, customer: debtor.number, currency: debtor.currency, issued: day,
            due: gross < 0 ? day : day + debtor.terms, gross: gross, creditable: max(0, gross), open: gross)
    }

    /// A credit note: set against the invoice as far as that is open, then against what was given up of it (of a discount, the
    /// share that is credited of what could be); the rest stays open on its own.
    mutating func credited(_ number: String, by amount: Int64, as credit: String, on day: Day) {
        guard var invoice = documents[number] else { return }
        var applied = min(max(0, invoice.open), amount)
        invoice.open -= applied
        let share = (2 * invoice.discount * amount + invoice.creditable) / (2 * invoice.creditable)
        let discount = min(share, amount - applied)
        applied += discount
        invoice.discount -= discount
        let smallChange = min(invoice.smallChange, amount - applied)
        applied += smallChange
        invoice.smallChange -= smallChange
        invoice.creditable -= amount
        documents[number] = invoice
        documents[credit] = Document(
            order: "", number: credit, customer: invoice.customer, currency: invoice.currency, issued: day, due: day,
            gross: -amount, creditable: 0, open: applied - amount)
    }

    mutating func received(_ id: String, _ amount: Int64, _ currency: Currency) {
        receipts[id] = Receipt(id: id, currency: currency, amount: amount, left: amount)
    }

    mutating func applied(_ receipt: String, to number: String, _ amount: Int64, writeOff: Int64, why: String) {
        documents[number]?.open -= amount + writeOff
        if why.contains("cash-discount") { documents[number]?.discount += writeOff }
        if why.contains("small-difference") { documents[number]?.smallChange += writeOff }
        receipts[receipt]?.left -= amount
        receipts[receipt]?.isTouched = true
    }

    // MARK: What must be so

    /// `CUSTOMER CURRENCY total bucket bucket bucket bucket bucket` for everyone with something open.
    func ageing(on day: Day) -> [String] {
        struct Key: Hashable {
            let customer: String
            let currency: Currency
        }
        var buckets: [Key: [Int64]] = [:]
        for document in documents.values where document.open != 0 {
            let late = day - document.due
            let bucket = late <= 0 ? 0 : late <= 30 ? 1 : late <= 60 ? 2 : late <= 90 ? 3 : 4
            buckets[Key(customer: document.customer, currency: document.currency), default: [0, 0, 0, 0, 0]][bucket] +=
                document.open
        }
        return buckets.map { key, sums in
            let texts = ([sums.reduce(0, +)] + sums).map { Money(minor: $0, key.currency).decimal }
            return "\(key.customer) \(key.currency.code) \(texts.joined(separator: " "))"
        }.sorted()
    }

    /// `CURRENCY amount` of the money that pays nothing yet, as a report shows it: negative.
    func unallocated() -> [String] {
        var sums: [Currency: Int64] = [:]
        for receipt in receipts.values { sums[receipt.currency, default: 0] -= receipt.left }
        return sums.filter { $0.value != 0 }.map { "\($0.key.code) \(Money(minor: $0.value, $0.key).decimal)" }.sorted()
    }

    /// `NUMBER minor` of every item with something left.
    func open() -> [String] {
        (documents.values.filter { $0.open != 0 }.map { "\($0.number) \($0.open)" }
            + receipts.values.filter { $0.left != 0 }.map { "\($0.id) \(-$0.left)" }).sorted()
    }

    /// `CURRENCY minor` of the control account.
    func control() -> [String] {
        var sums: [Currency: Int64] = [:]
        for document in documents.values { sums[document.currency, default: 0] += document.open }
        return sums.filter { $0.value != 0 }.map { "\($0.key.code) \($0.value)" }.sorted()
    }
}
