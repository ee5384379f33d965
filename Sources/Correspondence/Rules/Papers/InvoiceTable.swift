import Money
import Typesetting

/// The lines of an invoice as a table; a column nobody needs is left out.
struct InvoiceTable {
    private let paper: InvoicePaper
    private let padding: Double
    private let separateSKU: Bool
    private let labels: PaperLabels
    private let figures: PaperFigures

    init(_ paper: InvoicePaper, padding: Double, separateSKU: Bool) {
        self.paper = paper
        self.padding = padding
        self.separateSKU = separateSKU
        labels = paper.language.labels
        figures = paper.language.figures
    }

    private enum Part { case position, item, quantity, price, discount, vat, amount }

    /// VAT stands on the lines only where they differ in it.
    private var parts: [Part] {
        let lines = paper.lines
        let kinds = Set(lines.map { "\($0.vatCategory?.rawValue ?? "") \($0.vatRate?.scaled ?? -1)" })
        var parts: [Part] = [.position, .item]
        if lines.contains(where: { $0.quantity != nil }) { parts.append(.quantity) }
        if lines.contains(where: { $0.unitPrice != nil || $0.priceText != nil }) { parts.append(.price) }
        if lines.contains(where: { ($0.discount ?? .zero) != .zero }) { parts.append(.discount) }
        if kinds.count > 1 { parts.append(.vat) }
        return parts + [.amount]
    }

    var table: Table {
        let parts = self.parts
        return Table(
            columns: parts.map(column), rows: rows(parts), carry: carry(parts), padding: padding,
            gap: parts.count > 6 ? 10 : 14)
    }

    private func column(_ part: Part) -> Table.Column {
        func head(_ text: String) -> RichText { RichText(text, PaperStyle.head) }
        return switch part {
        case .position: Table.Column(head(labels.position), .left, .natural(atMost: 40))
        case .item: Table.Column(head(labels.item), .left, .rest)
        case .quantity: Table.Column(head(labels.quantity), .right, .natural)
        case .price: Table.Column(head(labels.unitPrice), .right, .natural)
        case .discount: Table.Column(head(labels.discount), .right, .natural)
        case .vat: Table.Column(head(labels.vat), .right, .natural)
        case .amount:
            Table.Column(head("\(labels.amount), \(paper.currency.code)"), .right, .natural)
        }
    }

    private func rows(_ parts: [Part]) -> [Table.Row] {
        paper.lines.enumerated().map { index, line in
            Table.Row(parts.map { cell(line, index, $0) })
        }
    }

    private func cell(_ line: InvoicePaper.Line, _ index: Int, _ part: Part) -> [RichText] {
        func one(_ text: String?) -> [RichText] {
            text.map { $0.isEmpty ? [] : [RichText($0, PaperStyle.table)] } ?? []
        }
        return switch part {
        case .position: one(line.position ?? String(index + 1))
        case .item: item(line)
        case .quantity: one(line.quantity.map { figures.quantity($0, unit: line.unit) })
        case .price: one(line.priceText ?? line.unitPrice.map { price($0, line) })
        case .discount: one(line.discount.flatMap { $0 == .zero ? nil : figures.percent($0) })
        case .vat: one(vat(line))
        case .amount: one(figures.amount(line.net))
        }
    }

    private func price(_ price: UnitPrice, _ line: InvoicePaper.Line) -> String {
        let text = figures.unitPrice(price, paper.currency)
        guard let base = line.priceBase, base != Quantity(micro: 1_000_000) else { return text }
        return "\(text)\u{00A0}/\u{00A0}\(figures.quantity(base))"
    }

    private func vat(_ line: InvoicePaper.Line) -> String? {
        line.vatCategory == .outsideScope ? "–" : line.vatRate.map(figures.percent)
    }

    /// The description, with the article number beside it, or below it with the details.
    private func item(_ line: InvoicePaper.Line) -> [RichText] {
        let sku = line.sku.flatMap { $0.isEmpty ? nil : $0 }
        let details = line.details.filter { !$0.isEmpty }
        var name = RichText(line.description, PaperStyle.table)
        let beside = sku != nil && details.isEmpty && !separateSKU
        if beside, let sku { name = name + RichText("  \(sku)", PaperStyle.detail) }
        let below = (beside ? [] : [sku].compactMap(\.self)) + details
        guard !below.isEmpty else { return [name] }
        return [name, RichText(below.joined(separator: " · "), PaperStyle.detail)]
    }

    private func carry(_ parts: [Part]) -> Table.Carry {
        var sums = [Money.zero(paper.currency)]
        for line in paper.lines { sums.append(sums[sums.count - 1] + line.net) }
        let texts = sums.map { figures.amount($0) }
        let labels = self.labels
        func strong(_ text: String) -> RichText { RichText(text, PaperStyle.tableStrong) }
        return Table.Carry(
            labelColumn: 1, amountColumn: parts.count - 1, forward: { strong(labels.carriedForward($0)) },
            brought: { strong(labels.broughtForward($0)) }, sum: { strong(texts[$0]) })
    }
}
