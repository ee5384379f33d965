import Money
import Web

/// Plots of reports: whole numbers on a canvas of 1000 × 260, zero at the base of bars, at most five lines of a grid, every bar
/// and point with its figure. The table below says the same.
extension HTML {
    mutating func plot(_ plot: ReportView.Plot, _ currency: String?, id: String, _ say: Voice) {
        guard plot.points.count > 0 else { return }
        let title = Term.of(plot.title, in: Term.plots).words(say)
        let drawing = PlotDrawing(plot: plot, say: say)
        let isMoney =
            plot.kind != .line && plot.title != "late" && plot.title != "placed" && plot.title != "work"
            && plot.title != "unbilled"
        self("figure", .class("plot"), .fixed("tabindex", "0")) { html in
            html("figcaption") { html in
                html.text(title)
                if isMoney, let currency { html("span", text: currency) }
            }
            html(
                "svg", Attribute("viewBox", "0 0 \(drawing.width) \(drawing.depth)"), .fixed("role", "img"),
                Attribute("aria-label", title + ": " + drawing.words),
                Attribute("aria-describedby", "\(id)-words")
            ) { svg in
                svg("title", text: title)
                svg("desc", .id("\(id)-words"), text: drawing.words)
                drawing.draw(&svg)
            }
        }
    }
}

struct PlotDrawing {
    let plot: ReportView.Plot
    let say: Voice
    let width = 1000
    private let left = 64
    private let right = 8
    private let top = 22
    private let base = 222
    private var points: [ReportView.Plot.Point] { plot.points }

    var depth: Int { plot.kind == .lying ? points.count * 28 + 12 : 250 }

    private func label(_ point: ReportView.Plot.Point) -> String {
        point.age.map { BucketView.words($0, say) } ?? point.label.words(say, today: Day(number: 0))
    }

    /// The same in words.
    var words: String {
        points.map { "\(label($0)) \($0.values.map(say.figure).joined(separator: " + "))" }.joined(separator: ", ")
    }

    func draw(_ svg: inout HTML) {
        switch plot.kind {
        case .bars, .ages: bars(&svg)
        case .bridge: bridge(&svg)
        case .line: line(&svg)
        case .lying: lying(&svg)
        }
    }

    // MARK: A scale

    /// The smallest of 1, 2, 2.5, 5 × 10^n of which at most four steps reach the top.
    static func step(for top: Int64) -> Int64 {
        var power: Int64 = 1
        while top / power >= 10 { power *= 10 }
        for part in [Int64(1), 2, 4, 5, 10] {
            let step = max(1, power * part / 2)
            if step * 4 >= top { return step }
        }
        return power * 10
    }

    private struct Scale {
        let low: Int64
        let high: Int64
        let step: Int64
        let top: Int
        let base: Int
        init(_ values: [Int64], top: Int, base: Int) {
            self.top = top
            self.base = base
            let (least, most) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
            step = PlotDrawing.step(for: max(most, -least, 1))
            high = (most + step - 1) / step * step
            low = -((-least + step - 1) / step * step)
        }
        func y(_ value: Int64) -> Int {
            guard high > low else { return base }
            return base - Int(Int128(value - low) * Int128(base - top) / Int128(high - low))
        }
    }

    private func grid(_ svg: inout HTML, _ scale: Scale) {
        var value = scale.low
        while value <= scale.high {
            let y = scale.y(value)
            svg.void(
                "line", value == 0 ? .class("axis") : .class("grid"), Attribute("x1", left),
                Attribute("x2", width - right), Attribute("y1", y), Attribute("y2", y))
            text(&svg, x: left - 8, y: y + 4, PlotDrawing.short(value, say), anchor: .end, look: .class("dim-text"))
            value += scale.step
        }
    }

    /// Of a value ×10^4: `1.2 m`, `400 k`, `35`.
    static func short(_ value: Int64, _ say: Voice) -> String {
        func text(_ divided: Int64, _ unit: String) -> String {
            let tenths = value * 10 / divided
            let figure = tenths % 10 == 0 ? Figure(tenths / 10, decimals: 0) : Figure(tenths, decimals: 1)
            return say.figure(figure) + unit
        }
        return switch value.magnitude {
        case 10_000_000_000...: text(10_000_000_000, say("\u{00A0}m", "\u{00A0}Mio."))
        case 10_000_000...: text(10_000_000, say("\u{00A0}k", "\u{00A0}Tsd."))
        default: text(10_000, "")
        }
    }

    private enum Anchor { case start, middle, end }
    private func text(
        _ svg: inout HTML, x: Int, y: Int, _ words: String, anchor: Anchor = .middle, look: Attribute? = nil
    ) {
        let side: Attribute =
            switch anchor {
            case .start: .fixed("text-anchor", "start")
            case .middle: .fixed("text-anchor", "middle")
            case .end: .fixed("text-anchor", "end")
            }
        svg("text", Attribute("x", x), Attribute("y", y), side, look, text: words)
    }

    private func column(_ place: Int) -> (x: Int, width: Int, middle: Int) {
        let room = (width - left - right) / max(1, points.count)
        let bar = min(72, max(6, room * 6 / 10))
        let middle = left + room * place + room / 2
        return (middle - bar / 2, bar, middle)
    }

    private func rect(_ svg: inout HTML, _ look: Attribute, x: Int, _ width: Int, from: Int, to: Int) {
        svg.void(
            "rect", look, Attribute("x", x), Attribute("width", width), Attribute("y", min(from, to)),
            Attribute("height", max(1, abs(to - from))))
    }

    // MARK: Kinds

    private func bars(_ svg: inout HTML) {
        let values = points.map { $0.values.map(height) }
        let scale = Scale(values.map { $0.reduce(0, +) }, top: top, base: base)
        grid(&svg, scale)
        let isCrowded = points.count > 13
        for (place, point) in points.enumerated() {
            let (x, bar, middle) = column(place)
            var start: Int64 = 0
            for (part, value) in values[place].enumerated() where value != 0 {
                let look: Attribute =
                    plot.kind == .ages ? HTML.age(place) : part == 0 ? .class("subject") : .class("other")
                rect(&svg, look, x: x, bar, from: scale.y(start), to: scale.y(start + value))
                start += value
            }
            if !isCrowded {
                let shown =
                    plot.kind == .ages || points.count < 7 ? say.figure(point.values[0]) : PlotDrawing.short(start, say)
                text(&svg, x: middle, y: scale.y(max(0, start)) - 6, shown)
            }
            if !isCrowded || place.isMultiple(of: 3) {
                text(
                    &svg, x: middle, y: base + 18, label(point),
                    look: place == points.count - 1 ? .class("strong-text") : nil)
            }
        }
    }

    /// Full bars at both ends, between them what was added and taken.
    private func bridge(_ svg: inout HTML) {
        let values = points.map { height($0.values[0]) }
        var tops: [(from: Int64, to: Int64)] = []
        var level: Int64 = 0
        for (place, value) in values.enumerated() {
            if place == 0 || place == values.count - 1 {
                tops.append((0, value))
                level = value
            } else {
                tops.append((level, level + value))
                level += value
            }
        }
        let scale = Scale(tops.flatMap { [$0.from, $0.to] }, top: top, base: base)
        grid(&svg, scale)
        for (place, point) in points.enumerated() {
            let (x, bar, middle) = column(place)
            let (from, to) = tops[place]
            let isSum = place == 0 || place == points.count - 1
            let look: Attribute = isSum ? .class("sum") : values[place] >= 0 ? .class("subject") : .class("minus")
            if values[place] != 0 || isSum { rect(&svg, look, x: x, bar, from: scale.y(from), to: scale.y(to)) }
            let plus = !isSum && values[place] > 0 ? "+" : ""
            text(&svg, x: middle, y: scale.y(max(from, to)) - 6, plus + say.figure(point.values[0]))
            text(&svg, x: middle, y: base + 18, label(point), look: isSum ? .class("strong-text") : nil)
            guard place < points.count - 1 else { continue }
            let y = scale.y(to)
            svg.void(
                "line", .class("axis"), Attribute("x1", values[place] == 0 ? x : x + bar),
                Attribute("x2", column(place + 1).x),
                Attribute("y1", y), Attribute("y2", y))
        }
    }

    private func line(_ svg: inout HTML) {
        let values = points.map { height($0.values[0]) }
        let scale = Scale(values, top: top, base: base)
        grid(&svg, scale)
        let sorted = values.sorted()
        let median = scale.y(sorted[sorted.count / 2])
        svg.void(
            "line", .class("dots"), Attribute("x1", left), Attribute("x2", width - right), Attribute("y1", median),
            Attribute("y2", median))
        let places = points.indices.map { (x: column($0).middle, y: scale.y(values[$0])) }
        svg.void(
            "polyline", .class("curve"),
            Attribute("points", places.map { "\($0.x),\($0.y)" }.joined(separator: " ")))
        for (place, point) in points.enumerated() {
            let (x, y) = places[place]
            let isLast = place == points.count - 1
            svg.void(
                "circle", .class("subject"), Attribute("cx", x), Attribute("cy", y), Attribute("r", isLast ? 5 : 3))
            text(&svg, x: x, y: y - 10, say.figure(point.values[0]), look: isLast ? .class("strong-text") : nil)
            text(&svg, x: x, y: base + 18, label(point), look: isLast ? .class("strong-text") : nil)
        }
    }

    private func lying(_ svg: inout HTML) {
        let values = points.map { max(0, height($0.values[0])) }
        let most = max(1, values.max() ?? 1)
        for (place, point) in points.enumerated() {
            let y = place * 28 + 6
            let length = Int(Int128(values[place]) * 560 / Int128(most))
            text(&svg, x: 260, y: y + 14, label(point), anchor: .end)
            svg.void(
                "rect", .class("subject"), .fixed("x", "272"), Attribute("width", max(1, length)),
                Attribute("y", y + 2),
                .fixed("height", "16"))
            text(&svg, x: 272 + length + 8, y: y + 14, say.figure(point.values[0]), anchor: .start)
        }
    }
}
