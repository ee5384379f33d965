import Money
import Typesetting

/// How old what is open is: a bar whose lengths are worth, and the same figures below it. In black and white the figures
/// say everything; the tints are an extra.
struct AgeingStrip {
    private let paper: StatementPaper
    private let ages: [StatementPaper.Age]
    private let labels: PaperLabels
    private let figures: PaperFigures

    private static let tints: [UInt32] = [0xB9C3D3, 0xEBCB86, 0xDC9A45, 0xBF6228, 0x862B17]
    private static let barHeight = 8.5

    init(_ paper: StatementPaper) {
        self.paper = paper
        ages = paper.ages
        labels = paper.language.labels
        figures = paper.language.figures
    }

    var height: Double { mm(8) + 13 + 7 + Self.barHeight + 7 + 15 + 4 + 12 + mm(4) }

    func set(in flow: Flow) {
        let pages = flow.pages
        flow.y += mm(8)
        flow.y += pages.put(
            RichText(labels.byAge, PaperStyle.text.weight(.semibold)), as: .heading2, x: flow.left, y: flow.y)
        flow.y += 7
        setBar(in: flow)
        flow.y += Self.barHeight + 7
        setFigures(in: flow)
    }

    /// The tint of an age: the last is always the darkest.
    private func tint(_ index: Int) -> Colour {
        let last = Self.tints.count - 1
        let place = index == ages.count - 1 && index > 0 ? last : min(index, last)
        return Colour(Self.tints[place])
    }

    private func setBar(in flow: Flow) {
        let whole = ages.reduce(0) { $0 + $1.amount.minor }
        guard whole > 0 else {
            flow.pages.rule(from: flow.left, to: flow.right, y: flow.y + Self.barHeight / 2, .strongLine)
            return
        }
        // Lengths on paper, not money: a double is exact enough.
        let scale = flow.width / Double(whole)
        var x = flow.left
        for (index, age) in ages.enumerated() where age.amount.minor > 0 {
            let width = Double(age.amount.minor) * scale
            flow.pages.fill(
                x: x, y: flow.y, width: max(width - 0.7, 0.4), height: Self.barHeight, tint(index))
            x += width
        }
    }

    private func setFigures(in flow: Flow) {
        let pages = flow.pages
        let credits = paper.credits
        var columns = ages.enumerated().map { index, age in
            (label: label(age), amount: figures.amount(age.amount), tint: Optional(tint(index)))
        }
        if !credits.isZero { columns.append((labels.credits, figures.amount(credits), nil)) }
        columns.append(("\(labels.balance), \(paper.currency.code)", figures.amount(paper.balance), nil))
        let width = flow.width / Double(columns.count)
        // Large amounts or many ages: smaller rather than one over the other.
        let amounts = columns.map { pages.shape(RichText($0.amount, PaperStyle.table.weight(.semibold))).width }
        let heads = columns.map { pages.shape(RichText($0.label, PaperStyle.head)).width + 9 }
        let style = Self.fitted(PaperStyle.table, (amounts.max() ?? 0) + 6, in: width)
        let headStyle = Self.fitted(PaperStyle.head, (heads.max() ?? 0) + 4, in: width)
        pages.open(.table)
        pages.open(.row)
        for (index, column) in columns.enumerated() {
            let right = flow.left + width * Double(index + 1)
            let head = pages.shape(RichText(column.label, headStyle))
            pages.open(.headCell)
            pages.put(head, x: right, y: flow.y, .right)
            pages.close(.headCell)
            if let tint = column.tint {
                pages.fill(x: right - head.width - 8.5, y: flow.y + 2.2, width: 5.5, height: 5.5, tint)
            }
        }
        pages.close(.row)
        flow.y += 10 + 5
        pages.rule(from: flow.left, to: flow.right, y: flow.y, thickness: 0.8, .ink)
        flow.y += 4
        pages.open(.row)
        for (index, column) in columns.enumerated() {
            let strong = index == columns.count - 1 ? style.weight(.semibold) : style
            pages.open(.cell)
            pages.put(
                pages.shape(RichText(column.amount, strong)), x: flow.left + width * Double(index + 1), y: flow.y,
                .right)
            pages.close(.cell)
        }
        pages.close(.row)
        pages.close(.table)
        flow.y += 12 + mm(4)
    }

    private static func fitted(_ style: TextStyle, _ needed: Double, in width: Double) -> TextStyle {
        var result = style
        if needed > width { result.size = (style.size * width / needed * 4).rounded(.down) / 4 }
        return result
    }

    private func label(_ age: StatementPaper.Age) -> String {
        guard let from = age.from else { return labels.notDue }
        return age.to.map { labels.ageRange(from, $0) } ?? labels.ageOver(from - 1)
    }
}
