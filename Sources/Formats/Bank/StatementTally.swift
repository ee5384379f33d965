import Money

/// Counts one statement while it passes, and says at its end whether opening + entries = closing.
struct StatementTally {
    private(set) var totals = BankStatementTotals()
    /// Sum of the booked entries of each currency; minor units of many entries may leave Int64, so they are kept wider.
    private var booked: [(currency: Currency, sum: Int128)] = []
    private var credit: [Int128] = []
    private var debit: [Int128] = []
    private var currencies: [Currency] = []

    mutating func count(_ entry: BankEntry) {
        totals.entries += 1
        totals.details += entry.details.count
        let slot = self.slot(of: entry.amount.currency)
        let minor = Int128(entry.amount.minor)
        if minor < 0 { debit[slot] -= minor } else { credit[slot] += minor }
        guard entry.status == nil else { return }
        totals.booked += 1
        booked[slot].sum += minor
    }

    private mutating func slot(of currency: Currency) -> Int {
        if let known = currencies.firstIndex(of: currency) { return known }
        currencies.append(currency)
        credit.append(0)
        debit.append(0)
        booked.append((currency, 0))
        return currencies.count - 1
    }

    /// Finishes the totals and the warnings that follow from them.
    mutating func finish(_ header: BankStatementHeader) -> (BankStatementTotals, [BankFileWarning]) {
        totals.sums = currencies.indices.map {
            .init(
                credit: Money(minor: Int64(clamping: credit[$0]), currencies[$0]),
                debit: Money(minor: Int64(clamping: debit[$0]), currencies[$0]))
        }
        guard let opening = header.opening else { return (totals, []) }
        let currency = opening.amount.currency
        let foreign = booked.filter { $0.currency != currency && $0.sum != 0 }.map(\.currency.code)
        if foreign.isEmpty {
            let sum = Int128(opening.amount.minor) + (booked.first { $0.currency == currency }?.sum ?? 0)
            totals.computedClosing = Int64(exactly: sum).map { Money(minor: $0, currency) }
        }
        guard let closing = header.closing else { return (totals, []) }
        totals.balanced = totals.computedClosing == closing.amount
        guard totals.balanced == false else { return (totals, []) }
        let name = header.id.map { "Statement \($0)" } ?? "The statement"
        let found =
            totals.computedClosing.map { "opening \(opening.amount) and its entries make \($0)" }
            ?? (foreign.isEmpty
                ? "its entries make more than an account can hold"
                : "it opens in \(currency.code) and has entries in \(foreign.joined(separator: ", "))")
        let warning = BankFileWarning(
            .balance, line: header.lineNumber,
            "\(name) does not add up: \(found), the bank's closing balance is \(closing.amount).")
        return (totals, [warning])
    }
}
