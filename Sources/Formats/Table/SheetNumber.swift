import Money

/// A number as a sheet stores it, taken apart by its decimal digits: nothing of it ever becomes a binary fraction here.
///
/// Spreadsheets keep binary fractions and write them with up to 17 digits (`0.10000000000000001`), of which 15 say what a person
/// typed or sees. So a number that is written with a point or an exponent is rounded to 15 digits, half away from zero, which gives
/// back every decimal of up to 15 digits exactly; a whole number that is written out keeps all its digits.
struct SheetNumber {
    private(set) var isNegative = false
    /// Without zeros at either end.
    private(set) var digits: [UInt8] = []
    /// Where the point stands: the value is 0.digits × 10^point.
    private(set) var point = 0
    /// Whether an exponent was written: a whole number of more than 15 digits has lost some then.
    private(set) var isShortened = false

    static let significant = 15

    /// nil where the text is no number.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
            isNegative = rest.removeFirst() == UInt8(ascii: "-")
        }
        var hasPoint = false
        var count = 0
        while let byte = rest.first, byte | 0x20 != UInt8(ascii: "e") {
            rest.removeFirst()
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
                continue
            }
            guard byte >= 48, byte <= 57 else { return nil }
            count += 1
            if digits.isEmpty, byte == 48 {
                if hasPoint { point -= 1 }
                continue
            }
            digits.append(byte)
            if !hasPoint { point += 1 }
        }
        guard count > 0, count <= 400 else { return nil }
        if !rest.isEmpty {
            isShortened = true
            guard let exponent = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), abs(exponent) < 400 else {
                return nil
            }
            point += exponent
        }
        if hasPoint || isShortened { round() }
        while digits.last == 48 { digits.removeLast() }
        if digits.isEmpty { (isNegative, point) = (false, 0) }
    }

    private mutating func round() {
        guard digits.count > Self.significant else { return }
        let up = digits[Self.significant] >= 53
        digits.removeSubrange(Self.significant...)
        guard up else { return }
        var place = Self.significant - 1
        while place >= 0, digits[place] == 57 {
            digits[place] = 48
            place -= 1
        }
        if place >= 0 {
            digits[place] += 1
        } else {
            digits.insert(49, at: 0)
            point += 1
        }
    }

    /// Plain decimals, or E notation for whole numbers that lost digits and for what would be longer than 40 characters.
    var text: [UInt8] {
        guard !digits.isEmpty else { return [48] }
        var out: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        let lost = isShortened && point > Self.significant
        if lost || point > 40 || point < -25 {
            out.append(digits[0])
            out.append(UInt8(ascii: "."))
            out += digits.count > 1 ? digits[1...] : [48]
            out += Array("E\(point > 0 ? "+" : "")\(point - 1)".utf8)
            return out
        }
        if point <= 0 {
            out += [48, UInt8(ascii: ".")] + Array(repeating: 48, count: -point) + digits
        } else if point >= digits.count {
            out += digits + Array(repeating: 48, count: point - digits.count)
        } else {
            out += digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
        }
        return out
    }

    /// The hundredfold, for what is shown in percent.
    var hundredfold: SheetNumber {
        var more = self
        if !digits.isEmpty { more.point += 2 }
        return more
    }

    /// Days as milliseconds, rounded half away from zero; nil beyond the last day a sheet knows (9999-12-31) and before its first.
    var milliseconds: Int64? {
        guard !isNegative, point <= 7 else { return nil }
        guard !digits.isEmpty, point > -12 else { return 0 }
        var value: Int128 = 0
        for digit in digits.prefix(20) { value = value * 10 + Int128(digit - 48) }
        value *= 86_400_000
        let decimals = min(digits.count, 20) - point
        for _ in 0..<max(0, -decimals) { value *= 10 }
        if decimals > 0 {
            var divisor: Int128 = 1
            for _ in 0..<decimals { divisor *= 10 }
            value = (value + divisor / 2) / divisor
        }
        return value < 2_958_466 * 86_400_000 ? Int64(value) : nil
    }
}

/// What a number format says about the numbers under it.
enum SheetStyle: Sendable {
    case plain
    /// A day, a time, or both: the whole part counts days.
    case moment
    case percent

    /// A format that the program knows by number. ISO/IEC 29500-1, 18.8.30; 27 to 36 and 50 to 58 are days in East Asian editions.
    init(builtIn id: Int) {
        switch id {
        case 9, 10: self = .percent
        case 14...22, 27...36, 45, 47, 50...58: self = .moment
        default: self = .plain
        }
    }

    /// A format code, as files write it whatever the language of the program: `dd.mm.yyyy`, `[$-407]d. mmmm yyyy`, `0.00%`.
    init(code: String) {
        var letters: Set<Character> = []
        var rest = code.lowercased()[...]
        while let character = rest.popFirst(), character != ";" {
            switch character {
            case "\"": rest = rest.drop { $0 != "\"" }.dropFirst()
            case "\\", "_", "*": _ = rest.popFirst()
            case "[":
                let inside = rest.prefix { $0 != "]" }
                rest = rest.dropFirst(inside.count + 1)
                // [h]:mm counts hours that went by: a number, not a time of the day.
                if !inside.isEmpty, inside.allSatisfy({ "hms".contains($0) }) {
                    self = .plain
                    return
                }
            case "g" where rest.hasPrefix("eneral"): rest = rest.dropFirst(6)
            case "e" where rest.first == "+" || rest.first == "-": continue
            default: letters.insert(character)
            }
        }
        if !letters.isDisjoint(with: ["y", "d", "m", "h", "s"]) {
            self = .moment
        } else {
            self = letters.contains("%") ? .percent : .plain
        }
    }
}

/// The calendar of a workbook.
enum SheetCalendar: Sendable {
    /// 1 is 1900-01-01, and 60 a 29 February that there never was.
    case from1900
    /// 0 is 1904-01-01, as old Macintosh programs counted.
    case from1904

    /// `2026-10-31`, `2026-10-31T09:15:00`, or a time alone; nil for what is no day.
    func text(_ number: SheetNumber) -> String? {
        guard let milliseconds = number.milliseconds else { return nil }
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        if days == 0, self == .from1900 { return rest == 0 ? nil : Self.time(rest) }
        guard let day = day(Int(days)) else { return nil }
        return rest == 0 ? day.description : "\(day)T\(Self.time(rest))"
    }

    private func day(_ count: Int) -> Day? {
        let first: Day?
        switch self {
        case .from1904: first = Day(year: 1904, month: 1, day: 1)
        case .from1900:
            guard count != 60 else { return nil }
            first = Day(year: 1899, month: 12, day: count < 60 ? 31 : 30)
        }
        return first.map { $0 + count }
    }

    private static func time(_ milliseconds: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let seconds = milliseconds / 1000
        let text = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        let rest = milliseconds % 1000
        return rest == 0 ? text : text + "." + String(String(1000 + rest).dropFirst())
    }
}
