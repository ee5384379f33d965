/// A calendar day of the proleptic Gregorian calendar, without time or zone. Written `2026-10-31`.
public struct Day: Hashable, Sendable, Comparable, Strideable {
    /// Days since 1970-01-01.
    public let number: Int32
    public init(number: Int32) { self.number = number }

    /// nil where the calendar has no such day, or the year is not 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Day.length(ofMonth: month, year: year)
        else { return nil }
        // Days from the civil calendar, counted from 0000-03-01 so that leap days fall at the end of a year.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Exactly `YYYY-MM-DD`; nil otherwise.
    public init?(_ text: some StringProtocol) {
        var copy = String(text)
        let parts: (Int, Int, Int)? = copy.withUTF8 { b in
            guard b.count == 10, b[4] == 45, b[7] == 45 else { return nil }
            func read(_ range: Range<Int>) -> Int? {
                var value = 0
                for i in range {
                    guard b[i] >= 48, b[i] <= 57 else { return nil }
                    value = value * 10 + Int(b[i] - 48)
                }
                return value
            }
            guard let y = read(0..<4), let m = read(5..<7), let d = read(8..<10) else { return nil }
            return (y, m, d)
        }
        guard let (year, month, day) = parts else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public var parts: (year: Int, month: Int, day: Int) {
        let z = Int(number) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let doe = z - era * 146_097
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
        let mp = (5 * doy + 2) / 153
        let month = mp + (mp < 10 ? 3 : -9)
        return (yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1)
    }
    public var year: Int { parts.year }
    public var month: Int { parts.month }
    /// 1 Monday to 7 Sunday (ISO 8601).
    public var weekday: Int { Int(((number + 3) % 7 + 7) % 7) + 1 }

    public static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }
    public func distance(to other: Day) -> Int { Int(other.number) - Int(number) }
    public func advanced(by days: Int) -> Day { Day(number: number + Int32(days)) }
    public static func + (day: Day, days: Int) -> Day { day.advanced(by: days) }
    public static func - (day: Day, days: Int) -> Day { day.advanced(by: -days) }
    public static func - (left: Day, right: Day) -> Int { right.distance(to: left) }

    /// The same day `months` later, or the month's last day where it has no such day (31 January + 1 = 28 or 29 February).
    public func adding(months: Int) -> Day {
        let (y, m, d) = parts
        let index = y * 12 + (m - 1) + months
        let (year, month) = (index / 12, index % 12 + 1)
        return Day(year: year, month: month, day: min(d, Day.length(ofMonth: month, year: year)))!
    }
    public var firstOfMonth: Day { Day(number: number - Int32(parts.day - 1)) }
    public var lastOfMonth: Day { firstOfMonth.adding(months: 1) - 1 }
}

extension Day: CustomStringConvertible {
    /// `2026-10-31`
    public var description: String {
        let (y, m, d) = parts
        return String(unsafeUninitializedCapacity: 10) { b in
            b[0] = UInt8(48 + y / 1000)
            b[1] = UInt8(48 + y / 100 % 10)
            b[2] = UInt8(48 + y / 10 % 10)
            b[3] = UInt8(48 + y % 10)
            b[4] = 45
            b[5] = UInt8(48 + m / 10)
            b[6] = UInt8(48 + m % 10)
            b[7] = 45
            b[8] = UInt8(48 + d / 10)
            b[9] = UInt8(48 + d % 10)
            return 10
        }
    }
}

/// A moment in UTC to the microsecond. Written `2026-10-31T09:15:00.000000Z`, always 27 characters, so that text order is time order.
public struct Instant: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let micro: Int64
    public init(micro: Int64) { self.micro = micro }

    /// The canonical form, or one with 0 to 6 decimals of the second; nil otherwise.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes.last == UInt8(ascii: "Z"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let day = Day(String(text.prefix(10)))
        else { return nil }
        func read(_ from: Int, _ to: Int) -> Int64? {
            var value: Int64 = 0
            for i in from..<to {
                guard bytes[i] >= 48, bytes[i] <= 57 else { return nil }
                value = value * 10 + Int64(bytes[i] - 48)
            }
            return value
        }
        guard let h = read(11, 13), let m = read(14, 16), let s = read(17, 19), h < 24, m < 60, s < 60 else {
            return nil
        }
        var fraction: Int64 = 0
        if bytes.count > 20 {
            let digits = bytes.count - 21
            guard bytes[19] == UInt8(ascii: "."), (1...6).contains(digits), let f = read(20, 20 + digits) else {
                return nil
            }
            fraction = f
            for _ in digits..<6 { fraction *= 10 }
        }
        micro = ((Int64(day.number) * 24 + h) * 60 + m) * 60_000_000 + s * 1_000_000 + fraction
    }
    public static func < (left: Instant, right: Instant) -> Bool { left.micro < right.micro }
    /// The UTC day of this moment.
    public var day: Day {
        Day(number: Int32((micro >= 0 ? micro : micro - 86_399_999_999) / 86_400_000_000))
    }
}

extension Instant: CustomStringConvertible {
    public var description: String {
        let day = self.day
        let rest = micro - Int64(day.number) * 86_400_000_000
        func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let fraction = String(rest % 1_000_000)
        return "\(day)T\(two(rest / 3_600_000_000)):\(two(rest / 60_000_000 % 60)):\(two(rest / 1_000_000 % 60))."
            + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction + "Z"
    }
}
