/// How the digits that do not fit are dropped. Every rounding in the product names its rule.
public enum Rounding: String, Sendable, CaseIterable {
    /// 0.5 goes away from zero: 2.5 → 3, -2.5 → -3. The rule of EN 16931 and of commerce (DIN 1333).
    case halfAwayFromZero
    /// 0.5 goes to the even neighbour: 2.5 → 2, 3.5 → 4.
    case halfToEven
    /// Towards zero: 2.9 → 2, -2.9 → -2.
    case towardZero
    /// Away from zero: 2.1 → 3, -2.1 → -3.
    case awayFromZero
}

/// Powers of ten that fit in 128 bits: `powersOfTen[n]` is 10^n, for n from 0 to 38.
let powersOfTen: [UInt128] = {
    var powers: [UInt128] = [1]
    for _ in 1...38 { powers.append(powers.last! * 10) }
    return powers
}()

/// An exact product of fixed-point factors, up to 256 bits wide, with the number of decimals its factors brought along.
/// It is rounded once, by name, when it becomes money.
public struct ExactProduct: Sendable, Equatable {
    let negative: Bool
    let high: UInt128
    let low: UInt128
    /// Decimals of the value: value = magnitude / 10^decimals.
    public let decimals: Int

    /// The product of the factors, each an integer of the decimals given beside it.
    public init(_ factors: (value: Int64, decimals: Int)...) {
        var negative = false
        var high: UInt128 = 0
        var low: UInt128 = 1
        var decimals = 0
        for factor in factors {
            if factor.value < 0 { negative.toggle() }
            decimals += factor.decimals
            let magnitude = UInt128(factor.value.magnitude)
            let (carry, product) = low.multipliedFullWidth(by: magnitude)
            precondition(
                high == 0 || magnitude == 0 || high.multipliedReportingOverflow(by: magnitude).overflow == false)
            high = high &* magnitude + carry
            low = UInt128(product)
        }
        self.negative = negative && (high != 0 || low != 0)
        self.high = high
        self.low = low
        self.decimals = decimals
    }

    /// The value as an integer with `places` decimals, rounded once; nil where it does not fit 64 bits.
    public func rounded(_ rule: Rounding, places: Int) -> Int64? {
        let drop = decimals - places
        if drop <= 0 {
            guard high == 0, -drop <= 38 else { return nil }
            let (scaled, overflow) = low.multipliedReportingOverflow(by: powersOfTen[-drop])
            return overflow ? nil : signed(scaled)
        }
        guard drop <= 38 else { return high == 0 && low == 0 ? 0 : nil }
        let divisor = powersOfTen[drop]
        var quotient: UInt128
        let remainder: UInt128
        if high == 0 {
            (quotient, remainder) = low.quotientAndRemainder(dividingBy: divisor)
        } else {
            guard high < divisor else { return nil }
            (quotient, remainder) = divisor.dividingFullWidth((high, low))
        }
        let up: Bool =
            switch rule {
            case .halfAwayFromZero: remainder >= divisor - remainder
            case .halfToEven:
                remainder > divisor - remainder || (remainder == divisor - remainder && quotient & 1 == 1)
            case .towardZero: false
            case .awayFromZero: remainder != 0
            }
        if up { quotient += 1 }
        return signed(quotient)
    }

    private func signed(_ magnitude: UInt128) -> Int64? {
        guard magnitude <= UInt128(Int64.max) else { return nil }
        return negative ? -Int64(magnitude) : Int64(magnitude)
    }

    /// The money this is worth, rounded once to the currency's decimals. Traps beyond 64 bits: parsing limits rule that out.
    public func rounded(_ rule: Rounding, to currency: Currency) -> Money {
        guard let minor = rounded(rule, places: currency.decimals) else {
            preconditionFailure("a product beyond the limits of parsing")
        }
        return Money(minor: minor, currency)
    }
}

extension ExactProduct {
    /// The exact value as a decimal without trailing zeros: `589.81`, `-0.0625`.
    public var decimal: String {
        guard high == 0 else {
            // Beyond 128 bits: digit by digit.
            var (high, low, digits) = (self.high, self.low, [UInt8]())
            while high != 0 || low != 0 {
                let (quotientHigh, rest) = high.quotientAndRemainder(dividingBy: 10)
                let (quotientLow, digit) = UInt128(10).dividingFullWidth((rest, low))
                digits.append(UInt8(48 + digit))
                (high, low) = (quotientHigh, quotientLow)
            }
            return Self.placed(String(decoding: digits.reversed(), as: UTF8.self), negative, decimals)
        }
        return Self.decimal(negative: negative, magnitude: low, decimals: decimals)
    }

    /// `magnitude` / 10^`decimals` without trailing zeros.
    public static func decimal(negative: Bool, magnitude: UInt128, decimals: Int) -> String {
        var (value, places) = (magnitude, decimals)
        while places > 0, value % 10 == 0 { (value, places) = (value / 10, places - 1) }
        if let small = Int64(exactly: value) { return FixedPoint.text(negative ? -small : small, decimals: places) }
        return placed(String(value), negative, places)
    }

    private static func placed(_ digits: String, _ negative: Bool, _ decimals: Int) -> String {
        var digits = digits
        if digits.utf8.count <= decimals {
            digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
        }
        let point = digits.utf8.index(digits.utf8.endIndex, offsetBy: -decimals)
        var text = (negative ? "-" : "") + digits[..<point]
        if decimals > 0 { text += "." + digits[point...] }
        guard decimals > 0 else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
