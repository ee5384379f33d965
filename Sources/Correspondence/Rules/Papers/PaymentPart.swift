import Ledger
import Money
import Typesetting

/// How to pay: what, by when, to whom, with which reference, and the code that says the same to a banking app.
struct PaymentPart {
    struct Field {
        let label: String
        let value: String
    }
    /// One or two fields beside each other.
    let rows: [[Field]]
    let code: QRCode?
    private let scan: String
    /// A smaller code without words below it, where room is short.
    var isSmall: Bool
    /// Of the code, in millimetres.
    private var side: Double { isSmall ? 24 : 31 }

    /// nil where there is no account to name: what is to pay then stands in the totals alone.
    init?(
        amount: Money, seller: PaperSeller, reference: String?, language: PaperLanguage, first: [[Field]],
        isSmall: Bool
    ) {
        guard amount.minor > 0, let bank = seller.bank, !bank.iban.isEmpty else { return nil }
        let labels = language.labels
        let holder = bank.holder ?? seller.name
        var rows = first
        rows.append([Field(label: labels.to, value: "\(holder), \(Self.grouped(bank.iban))")])
        let structured = reference.flatMap { CreditorReference($0) }
        if let reference, !reference.isEmpty {
            rows.append([Field(label: labels.exactly, value: structured?.grouped ?? reference)])
        }
        self.rows = rows
        self.isSmall = isSmall
        scan = labels.scan
        // Where the payload cannot be made (another currency, no valid IBAN) the words are enough.
        let remittance: EPCPayload.Remittance =
            structured.map { .structured($0) } ?? reference.map { .text(String($0.prefix(140))) } ?? .none
        let payload = try? EPCPayload(
            beneficiary: String(holder.prefix(70)), iban: bank.iban, bic: bank.bic, amount: amount,
            remittance: remittance)
        code = payload.flatMap { QRCode(Array($0.text.utf8), atMost: 13) }
    }

    /// An IBAN in groups of four, as people read it; any other account number as its bank writes it.
    static func grouped(_ iban: String) -> String {
        guard IBAN.hasForm(IBAN.compact(iban)) else { return iban }
        var result = ""
        for (index, character) in iban.uppercased().filter({ !$0.isWhitespace }).enumerated() {
            if index > 0, index % 4 == 0 { result.append("\u{00A0}") }
            result.append(character)
        }
        return result
    }

    // MARK: Setting

    /// At least the four modules of quiet zone that the code needs.
    private static let topSpace = mm(3.4)
    private var rowSpace: Double { isSmall ? 4 : 5.5 }
    private var fieldsLeft: Double { code == nil ? Letterhead.left : Letterhead.left + mm(side + 7) }
    private var columnWidth: Double { (Letterhead.right - fieldsLeft) / 2 }

    func height(in pages: Composition) -> Double {
        let fields = rows.reduce(0) { $0 + height(of: $1, in: pages) + rowSpace } - rowSpace
        let code = self.code == nil ? 0 : mm(side) + (shapedCaption(in: pages).map { $0.height + 2 } ?? 0)
        return Self.topSpace + max(fields, code)
    }

    /// Sets it at the foot of the page, or right below the text where that reaches further down.
    func set(in flow: Flow, gap: Double, pin: Double) {
        let pages = flow.pages
        let height = self.height(in: pages)
        flow.need(gap + height)
        let top = max(flow.y + gap, min(pin, flow.bottom - height))
        pages.open(.section)
        pages.rule(from: flow.left, to: flow.right, y: top, thickness: 1, .ink)
        if let code {
            let y = top + Self.topSpace
            pages.put(code, words: scan, x: flow.left, y: y, side: mm(side))
            if let caption = shapedCaption(in: pages) {
                pages.open(.paragraph)
                pages.put(caption, x: flow.left, y: y + mm(side) + 2)
                pages.close(.paragraph)
            }
        }
        var y = top + Self.topSpace
        for row in rows {
            for (index, field) in row.enumerated() {
                let (label, value) = shaped(field, width: width(of: row), in: pages)
                let x = fieldsLeft + Double(index) * columnWidth
                pages.open(.paragraph)
                pages.put(label, x: x, y: y)
                pages.put(value, x: x, y: y + label.height)
                pages.close(.paragraph)
            }
            y += self.height(of: row, in: pages) + rowSpace
        }
        pages.close(.section)
        flow.y = top + height
    }

    /// Under the code, as wide as the code.
    private func shapedCaption(in pages: Composition) -> ShapedText? {
        isSmall ? nil : pages.shape(RichText(scan, PaperStyle.label), width: mm(side + 2))
    }

    private func width(of row: [Field]) -> Double {
        row.count > 1 ? columnWidth - 8 : Letterhead.right - fieldsLeft
    }

    private func height(of row: [Field], in pages: Composition) -> Double {
        row.map { field in
            let (label, value) = shaped(field, width: width(of: row), in: pages)
            return label.height + value.height
        }.max() ?? 0
    }

    private func shaped(
        _ field: Field, width: Double, in pages: Composition
    ) -> (label: ShapedText, value: ShapedText) {
        (
            pages.shape(RichText(field.label, PaperStyle.label), width: width),
            pages.shape(RichText(field.value, PaperStyle.value), width: width)
        )
    }
}
