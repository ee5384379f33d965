import Money
import Web

/// Validity as bars over months, today as a line: gone, in force, to come. 1000 wide.
struct TimeLine {
    struct Span {
        let from: Day
        /// nil: until further notice.
        let until: Day?
        let words: String
    }
    struct Row {
        let name: String
        let spans: [Span]
    }
    let today: Day
    let rows: [Row]
    let say: Voice

    private let left = 170
    private let right = 996
    private let rowHeight = 30
    private let top = 26
    /// A year back and half a year ahead, from the first of a month; further where something begins later.
    private var first: Day { today.firstOfMonth.adding(months: -12) }
    private var last: Day {
        let latest = rows.flatMap(\.spans).map(\.from).max() ?? today
        return max(today.firstOfMonth.adding(months: 7), min(latest, today + 730).firstOfMonth.adding(months: 3)) - 1
    }
    private func x(_ day: Day) -> Int {
        let part = min(max(day, first), last + 1) - first
        return left + part * (right - left) / (last - first + 1)
    }

    private var words: String {
        rows.map { row in
            row.name + ": "
                + row.spans.map { span in
                    let end = span.until.map { say(" to ", " bis ") + say.fullDate($0) } ?? ""
                    return say("from ", "ab ") + say.fullDate(span.from) + end + " (\(span.words))"
                }.joined(separator: ", ")
        }.joined(separator: "; ")
    }

    func draw(_ html: inout HTML) {
        let height = top + rows.count * rowHeight + 24
        html(
            "svg", Attribute("viewBox", "0 0 1000 \(height)"), .fixed("role", "img"),
            Attribute("aria-label", say("Validity", "Gültigkeit") + ": " + words)
        ) { svg in
            svg("title", text: say("Validity of prices, with today", "Gültigkeit der Preise, mit heute"))
            months(&svg, height)
            for (place, row) in rows.enumerated() { self.row(&svg, row, y: top + place * rowHeight) }
            let now = x(today)
            svg.void(
                "line", .class("today-line"), Attribute("x1", now), Attribute("x2", now), .fixed("y1", "20"),
                Attribute("y2", height - 18))
            svg(
                "text", .class("today-text"), Attribute("x", now + 5), Attribute("y", height - 6),
                text: say("today, ", "heute, ") + say.day(today, today: today))
        }
    }

    private func months(_ svg: inout HTML, _ height: Int) {
        var month = first
        while month <= last {
            let at = x(month)
            svg.void(
                "line", .class("grid"), Attribute("x1", at), Attribute("x2", at), .fixed("y1", "20"),
                Attribute("y2", height - 20))
            if month.month % 3 == 1, right - at > 50 {
                svg(
                    "text", .class("dim-text"), Attribute("x", at + 3), .fixed("y", "12"),
                    text: say.month(String(month.description.prefix(7))))
            }
            month = month.adding(months: 1)
        }
    }

    private func row(_ svg: inout HTML, _ row: Row, y: Int) {
        let name = row.name.count > 24 ? row.name.prefix(23) + "…" : row.name
        svg("text", .class("strong-text"), .fixed("x", "0"), Attribute("y", y + 18), text: name)
        for span in row.spans {
            let end = span.until ?? last
            guard end >= first, span.from <= last else { continue }
            let (from, to) = (x(span.from), x(end + 1))
            let look: Attribute =
                span.from > today ? .class("span comes") : end < today ? .class("span gone") : .class("span")
            svg.void(
                "rect", look, Attribute("x", from), Attribute("width", max(2, to - from - 2)), Attribute("y", y + 4),
                .fixed("height", "20"), .fixed("rx", "2"))
            if to - from > span.words.count * 7 + 10 {
                svg("text", Attribute("x", from + 7), Attribute("y", y + 18), text: span.words)
            }
        }
    }
}
