import Money

/// Amounts, quantities and days as a reader of the language writes them. Exact: nothing is rounded here.
struct PaperFigures: Sendable {
    let language: PaperLanguage

    private var point: UInt8 { language == .german ? UInt8(ascii: ",") : UInt8(ascii: ".") }
    private var comma: UInt8 { language == .german ? UInt8(ascii: ".") : UInt8(ascii: ",") }
    /// U+00A0; keeps an amount and its unit on one line.
    static let noBreak = "\u{00A0}"

    /// `1.234,50`, `−7.00`: the currency's decimals, without the currency, which stands once in the head of the column.
    func amount(_ money: Money) -> String { grouped(money.minor, decimals: money.currency.decimals, least: .max) }

    /// `1.234,50 EUR`, `EUR 1,234.50`.
    func withCurrency(_ money: Money) -> String {
        language == .german
            ? amount(money) + Self.noBreak + money.currency.code : money.currency.code + Self.noBreak + amount(money)
    }

    /// `1.250`, `6,5`.
    func quantity(_ quantity: Quantity) -> String {
        grouped(quantity.micro, decimals: Quantity.decimals, least: 0)
    }

    /// `120 m`
    func quantity(_ quantity: Quantity, unit: String?) -> String {
        guard let unit, !unit.isEmpty else { return self.quantity(quantity) }
        return self.quantity(quantity) + Self.noBreak + unit
    }

    /// At least the currency's decimals, more where the price has them: `9,20`, `0,0345`.
    func unitPrice(_ price: UnitPrice, _ currency: Currency) -> String {
        grouped(price.scaled, decimals: UnitPrice.decimals, least: currency.decimals)
    }

    /// `8 %`, `8,875 %`
    func percent(_ rate: Rate) -> String {
        grouped(rate.scaled, decimals: Rate.decimals - 2, least: 0) + Self.noBreak + "%"
    }

    /// `23.11.2026`, `23 Nov 2026`
    func day(_ day: Day) -> String {
        let (year, month, number) = day.parts
        guard language == .german else {
            return "\(number)\(Self.noBreak)\(Self.short[month - 1])\(Self.noBreak)\(year)"
        }
        return "\(number < 10 ? "0" : "")\(number).\(month < 10 ? "0" : "")\(month).\(year)"
    }

    /// `23. November 2026`, `23 November 2026`
    func longDay(_ day: Day) -> String {
        let (year, month, number) = day.parts
        return language == .german
            ? "\(number).\(Self.noBreak)\(Self.german[month - 1]) \(year)"
            : "\(number)\(Self.noBreak)\(Self.english[month - 1]) \(year)"
    }

    /// `31 Tage`, `1 day`
    func days(_ count: Int) -> String {
        let unit =
            language == .german ? (count == 1 ? "Tag" : "Tage") : (count == 1 ? "day" : "days")
        return "\(count)\(Self.noBreak)\(unit)"
    }

    /// The digits of `value` with its point, groups of three and U+2212 as minus; trailing zeros beyond `least` decimals go.
    private func grouped(_ value: Int64, decimals: Int, least: Int) -> String {
        var reversed: [UInt8] = []
        reversed.reserveCapacity(28)
        var rest = value.magnitude
        var started = decimals <= least
        for place in 0..<decimals {
            let digit = UInt8(rest % 10)
            rest /= 10
            if digit != 0 || place >= decimals - min(least, decimals) { started = true }
            if started { reversed.append(48 + digit) }
        }
        if !reversed.isEmpty { reversed.append(point) }
        var count = 0
        repeat {
            if count > 0, count % 3 == 0 { reversed.append(comma) }
            reversed.append(48 + UInt8(rest % 10))
            rest /= 10
            count += 1
        } while rest > 0
        let text = String(decoding: reversed.reversed(), as: UTF8.self)
        return value < 0 ? "\u{2212}" + text : text
    }

    private static let short = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let english = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let german = [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ]
}
