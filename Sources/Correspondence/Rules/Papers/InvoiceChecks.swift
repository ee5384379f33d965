import Money

extension InvoicePaper {
    /// Everything is in one currency, and every sum is the sum of what stands above it.
    func check() throws(PaperRefusal) {
        let parts =
            lines.map { ("line \"\($0.description.prefix(40))\"", $0.net) }
            + adjustments.map { ("\"\($0.label)\"", $0.amount) }
            + vat.flatMap { [("the VAT summary", $0.taxable), ("the VAT summary", $0.tax)] }
            + [("the net total", net), ("the VAT total", tax), ("the total", gross), ("the amount to pay", toPay)]
            + (prepaid.map { [("the prepaid amount", $0)] } ?? [])
            + (earlyPayment.map { [("the discount offer", $0.discount), ("the discount offer", $0.amount)] } ?? [])
        for (place, money) in parts where money.currency != currency {
            throw .mixedCurrencies(paper: currency, found: money.currency, place: place)
        }
        try add(lines.map(\.net) + adjustments.map(\.amount), to: net, "Net total")
        try add(vat.map(\.tax), to: tax, "VAT total")
        try add([net, tax], to: gross, "Total")
        if let offer = earlyPayment { try add([offer.amount, offer.discount], to: toPay, "Discount offer") }
    }

    private func add(_ parts: [Money], to stated: Money, _ place: String) throws(PaperRefusal) {
        let sum = parts.reduce(.zero(currency), +)
        guard sum == stated else { throw .doesNotAddUp(place: place, sum: sum, stated: stated) }
    }
}
