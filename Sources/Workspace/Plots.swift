import Money
import Web

/// Whole numbers to draw with; exact, so that the picture cannot say anything else than the figures.
private func height(_ figure: Figure) -> Int64 { (try? FixedPoint.parse(figure.text, decimals: 4)) ?? 0 }

extension HTML {
    /// A line of the last values, 110 × 26 px, with the median dotted and the end marked. `label` says the same in words.
    mutating func spark(_ history: [Figure], label: String) {
        guard history.count > 1 else { return }
        let values = history.map(height)
        let sorted = values.sorted()
        let (low, high) = (sorted[0], sorted[sorted.count - 1])
        func y(_ value: Int64) -> Int {
            guard high > low else { return 130 }
            return 230 - Int(Int128(value - low) * 200 / Int128(high - low))
        }
        func x(_ index: Int) -> Int { 20 + index * 1050 / (values.count - 1) }
        let points = values.enumerated().map { "\(x($0.offset)),\(y($0.element))" }.joined(separator: " ")
        let median = y(sorted[sorted.count / 2])
        self(
            "svg", .class("spark"), .fixed("viewBox", "0 0 1100 260"), .fixed("role", "img"),
            Attribute("aria-label", label)
        ) { svg in
            svg("title", text: label)
            svg.void(
                "line", .fixed("x1", "20"), .fixed("x2", "1070"), Attribute("y1", median), Attribute("y2", median))
            svg.void("polyline", Attribute("points", points))
            svg.void(
                "circle", Attribute("cx", x(values.count - 1)), Attribute("cy", y(values[values.count - 1])),
                .fixed("r", "26"))
        }
    }

    /// Open items by age as one thin bar, and below it the same figures as a table. Credits have no length, only a figure.
    mutating func ageing(_ balance: BalanceView, _ say: Voice) {
        let shares = balance.buckets.map { max(0, height($0.amount)) }
        let whole = shares.reduce(Int128(0)) { $0 + Int128($1) }
        let label = balance.buckets.map { "\(BucketView.words($0, say)) \(say.figure($0.amount))" }.joined(
            separator: ", ")
        if whole > 0 {
            self(
                "svg", .class("bar"), .fixed("viewBox", "0 0 10000 8"), .fixed("preserveAspectRatio", "none"),
                .fixed("role", "img"),
                Attribute("aria-label", "\(say("By age", "Nach Alter")), \(balance.currency): \(label)")
            ) { svg in
                var start = Int128(0)
                for (index, share) in shares.enumerated() where share > 0 {
                    let from = Int(start * 10_000 / whole)
                    start += Int128(share)
                    let to = Int(start * 10_000 / whole)
                    let gap = to < 10_000 ? 12 : 0
                    svg.void(
                        "rect", HTML.age(index), Attribute("x", from), Attribute("width", max(12, to - from - gap)),
                        .fixed("height", "8"))
                }
            }
        }
        self("table", .class("ages")) { table in
            table(
                "caption", .class("sr"),
                text: say("Open items by age, \(balance.currency)", "Offene Posten nach Alter, \(balance.currency)"))
            table("thead") { table in
                table("tr") { row in
                    for (index, bucket) in balance.buckets.enumerated() {
                        row("th", .fixed("scope", "col")) { cell in
                            cell.fixed("<svg viewBox='0 0 9 9' aria-hidden='true' focusable='false'>")
                            cell.void("rect", HTML.age(index), .fixed("width", "9"), .fixed("height", "9"))
                            cell.fixed("</svg>")
                            cell.text(BucketView.words(bucket, say))
                        }
                    }
                }
            }
            table("tbody") { table in
                table("tr") { row in
                    for bucket in balance.buckets { row("td", text: say.figure(bucket.amount)) }
                }
            }
        }
    }

    private static func age(_ index: Int) -> Attribute {
        switch index {
        case 0: .class("age-0")
        case 1: .class("age-1")
        case 2: .class("age-2")
        case 3: .class("age-3")
        default: .class("age-4")
        }
    }
}

extension BucketView {
    /// From the bounds, so that labels are at home in both languages.
    static func words(_ bucket: BucketView, _ say: Voice) -> String {
        switch (bucket.fromDays, bucket.toDays) {
        case (nil, _): say("Not due", "Nicht fällig")
        case (let from?, let to?) where to >= from && from > 0:
            say("\(from)–\(to) days", "\(from)–\(to) Tage")
        case (let from?, nil) where from > 0: say("Over \(from - 1) days", "Über \(from - 1) Tage")
        default: bucket.label
        }
    }
}
