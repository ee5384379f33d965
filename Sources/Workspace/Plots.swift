import Money
import Web

/// Whole numbers to draw with; exact, so that the picture cannot say anything else than the figures.
func height(_ figure: Figure) -> Int64 { (try? FixedPoint.parse(figure.text, decimals: 4)) ?? 0 }

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

    /// The ages of one customer on a scale that all share: `longest` is the whole width. Credits have no length. The figures
    /// stand beside it, so it is silent where they are read out; its own words are the ages.
    mutating func ageBar(_ ages: [Figure], longest: Figure, _ say: Voice) {
        let shares = ages.map { Int128(max(0, height($0))) }
        let whole = max(Int128(height(longest)), shares.reduce(0, +))
        guard whole > 0, shares.contains(where: { $0 > 0 }) else { return }
        let words = zip(HTML.ageWords(say), ages).filter { !$0.1.isZero }.map { "\($0.0) \(say.figure($0.1))" }
        self(
            "svg", .fixed("viewBox", "0 0 1500 8"), .fixed("preserveAspectRatio", "none"), .fixed("role", "img"),
            Attribute("aria-label", words.joined(separator: ", "))
        ) { svg in
            var start = Int128(0)
            for (index, share) in shares.enumerated() where share > 0 {
                let (from, to) = (Int(start * 1500 / whole), Int((start + share) * 1500 / whole))
                start += share
                svg.void(
                    "rect", HTML.age(index), Attribute("x", from), Attribute("width", max(8, to - from - 10)),
                    .fixed("height", "8"))
            }
        }
    }

    static func ageWords(_ say: Voice) -> [String] {
        [
            say("not due", "nicht fällig"), say("1–30 days", "1–30 Tage"), say("31–60 days", "31–60 Tage"),
            say("61–90 days", "61–90 Tage"), say("over 90 days", "über 90 Tage"),
        ]
    }

    /// What the colours of ages mean.
    mutating func ageLegend(_ say: Voice) {
        self("p", .class("legend")) { html in
            for (index, words) in HTML.ageWords(say).enumerated() {
                html("span") { html in
                    html.ageSign(index)
                    html.text(words)
                }
            }
        }
    }

    mutating func ageSign(_ index: Int) {
        fixed("<svg viewBox='0 0 9 9' aria-hidden='true' focusable='false'>")
        void("rect", HTML.age(index), .fixed("width", "9"), .fixed("height", "9"))
        fixed("</svg>")
    }

    static func age(_ index: Int) -> Attribute {
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
