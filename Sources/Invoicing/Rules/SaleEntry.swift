import Ledger
import Money
import Pricing

extension Entry {
    /// The entry of a document: receivables against revenue and sales tax, in the document's and in the seller's currency.
    /// Gross and tax are converted and rounded once each, revenue is what is left, so that the entry balances at home. nil where
    /// every amount is zero.
    public static func sale(
        _ kind: Entry.Kind, document: RecordID, customer: RecordID, net: Money, tax: Money, on day: Day,
        rate: ExchangeRate, home: Currency, homeGross: Money? = nil, homeTax: Money? = nil
    ) -> Entry? {
        let gross = net + tax
        let grossAtHome = homeGross ?? rate.converting(gross, to: home)
        let taxAtHome = homeTax ?? rate.converting(tax, to: home)
        var lines: [EntryLine] = []
        func add(_ account: Account, _ amount: Money, _ atHome: Money) {
            guard !amount.isZero || !atHome.isZero else { return }
            lines.append(
                EntryLine(
                    account, customer: customer, item: account == .receivables ? document : nil, amount: amount,
                    home: atHome, rate: rate))
        }
        add(.receivables, gross, grossAtHome)
        add(.revenue, -net, -(grossAtHome - taxAtHome))
        add(.salesTax, -tax, -taxAtHome)
        return lines.isEmpty ? nil : Entry(kind, day: day, lines: lines)
    }
}
