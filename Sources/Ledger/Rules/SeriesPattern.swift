import Money

/// How a series writes its numbers: text with `{year}`, `{month}` and exactly one `{n}` or `{n:WIDTH}`, such as `RE-{year}-{n:6}`.
/// The width pads with zeros and never cuts: the millionth number of a six-digit series has seven digits.
public struct SeriesPattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        case year, month
        case number(width: Int)
    }
    private let parts: [Part]

    /// nil where a brace does not close, a name is unknown, the width is not 1 to 18, or the number does not stand in it once.
    public init?(_ pattern: String) {
        var parts: [Part] = []
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            let name = rest[rest.index(after: open)..<close]
            switch name {
            case "year": parts.append(.year)
            case "month": parts.append(.month)
            case "n": parts.append(.number(width: 1))
            default:
                guard name.hasPrefix("n:"), let width = Int(name.dropFirst(2)), (1...18).contains(width) else {
                    return nil
                }
                parts.append(.number(width: width))
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        let numbers = parts.filter { if case .number = $0 { true } else { false } }
        guard numbers.count == 1, !pattern.contains("\n"), pattern.count <= 40 else { return nil }
        self.parts = parts
    }

    /// The name under which numbers of `series` are counted on `day`: anew each year (and month) where the pattern writes the
    /// year, so that no two documents share a number.
    public func key(_ series: String, on day: Day) -> String {
        guard parts.contains(.year) else { return series }
        let month = parts.contains(.month) ? (day.month < 10 ? "-0" : "-") + String(day.month) : ""
        return "\(series)/\(day.year)\(month)"
    }

    /// The document number that the series' `number` is on `day`.
    public func text(_ number: Int64, on day: Day) -> String {
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return parts.map { part in
            switch part {
            case .text(let text): text
            case .year: padded(Int64(day.year), 4)
            case .month: padded(Int64(day.month), 2)
            case .number(let width): padded(number, width)
            }
        }.joined()
    }
}
