import Typesetting

/// Sums below a table, at the right; the last one under a double rule.
struct TotalsBlock {
    struct Row {
        let label: String
        let amount: String
    }
    let rows: [Row]
    let final: Row
    /// Above and below the text of a row together.
    let padding: Double

    private static let left = mm(112)
    private static let topSpace = 7.0
    private var rowHeight: Double { PaperStyle.table.leading + padding }
    private var labelWidth: Double { mm(50) }

    /// Labels may wrap, so the height is a little generous: two lines where a label is long.
    var height: Double {
        let lines = rows.reduce(0) { $0 + ($1.label.count > 38 ? 2 : 1) }
        return Self.topSpace + Double(rows.count) * padding + Double(lines) * PaperStyle.table.leading
            + PaperStyle.total.leading + padding + 3
    }

    func set(in flow: Flow) {
        let pages = flow.pages
        flow.y += Self.topSpace
        pages.open(.table)
        for row in rows {
            let amount = pages.shape(RichText(row.amount, PaperStyle.table))
            let width = Letterhead.right - Self.left - amount.width - 10
            let label = pages.shape(RichText(row.label, PaperStyle.table), width: max(width, 60))
            set(label, amount, in: flow)
            pages.rule(from: Self.left, to: Letterhead.right, y: flow.y - 0.5, .strongLine)
        }
        let amount = pages.shape(RichText(final.amount, PaperStyle.total))
        let label = pages.shape(
            RichText(final.label, PaperStyle.total), width: max(Letterhead.right - Self.left - amount.width - 8, 60))
        set(label, amount, in: flow)
        pages.close(.table)
        pages.doubleRule(from: Self.left, to: Letterhead.right, y: flow.y - 1)
        flow.y += 3
    }

    private func set(_ label: ShapedText, _ amount: ShapedText, in flow: Flow) {
        let pages = flow.pages
        let y = flow.y + padding / 2
        pages.open(.row)
        pages.open(.rowHeadCell)
        pages.put(label, x: Self.left, y: y)
        pages.close(.rowHeadCell)
        pages.open(.cell)
        pages.put(amount, x: Letterhead.right, y: y, .right)
        pages.close(.cell)
        pages.close(.row)
        flow.y += label.height + padding
    }
}
