import Money

/// The order in which a column writes the parts of a day. A year of four digits in front is recognised under every order.
public enum DateOrder: String, Hashable, Sendable, CaseIterable {
    case yearMonthDay = "ymd"
    case dayMonthYear = "dmy"
    case monthDayYear = "mdy"

    /// As in messages: `day, month, year`.
    public var name: String {
        switch self {
        case .yearMonthDay: "year, month, day"
        case .dayMonthYear: "day, month, year"
        case .monthDayYear: "month, day, year"
        }
    }
}

/// Why a cell is no day.
enum DayFault: Error, Equatable {
    case notADay
    case noSuchDay
    case otherOrder(DateOrder)
    case shortYear
    case serial
    case yearOutOfRange
    case badTime

    var why: String {
        switch self {
        case .notADay: "It is not a day."
        case .noSuchDay: "The calendar has no such day."
        case .otherOrder(let order): "It does not fit the order \(order.name) of its column."
        case .shortYear: "The year has two digits."
        case .serial: "It is a spreadsheet's count of days, not a day."
        case .yearOutOfRange: "The year is not between \(DayText.years.lowerBound) and \(DayText.years.upperBound)."
        case .badTime: "The time after the day was not understood."
        }
    }
    var next: String {
        switch self {
        case .shortYear: "Write the year with four digits, or give the order with --dates."
        case .otherOrder: "Correct the cell, or give the order with --dates."
        case .serial: "Format the column as a date before saving it as CSV."
        default: "Write it as year-month-day, for example 2026-10-31."
        }
    }
}

/// A cell taken apart as a day, before the order of its column is known.
struct DayText {
    enum Shape: Equatable {
        /// Says itself what is what: a year of four digits in front, or a month in words.
        case clear(year: Int, month: Int, day: Int)
        /// Day and month in an order of the column's, then the year.
        case yearLast(Int, Int, year: Int, dotted: Bool)
        /// Three short numbers.
        case short(Int, Int, Int)
    }
    let shape: Shape
    /// Microseconds since midnight, where a time follows.
    var time: Int64?
    /// Minutes east of Greenwich, where the time says so.
    var zone: Int?

    /// Years a business day may have.
    static let years = 1900...2199

    /// - Parameter text: without blanks around it, not empty.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(DayFault) {
        // By far the most frequent form first: 2026-10-31.
        if text.count == 10, text[4] == 45, text[7] == 45, let year = Self.number(text, 0, 4),
            let month = Self.number(text, 5, 7), let day = Self.number(text, 8, 10)
        {
            shape = .clear(year: year, month: month, day: day)
            return
        }
        var walk = Walk(text: text)
        guard let first = walk.number() else {
            shape = try walk.inWords(first: nil)
            try readTime(&walk)
            return
        }
        if walk.atEnd {
            guard first.digits == 8 else { throw first.digits == 5 ? .serial : .notADay }
            let (year, month, day) = (first.value / 10_000, first.value / 100 % 100, first.value % 100)
            guard Self.years.contains(year) else { throw .notADay }
            shape = .clear(year: year, month: month, day: day)
            return
        }
        if walk.text[walk.position] == UInt8(ascii: "."), walk.isSerialFraction(first.digits) { throw .serial }
        guard let separator = walk.separator(), let second = walk.number() else {
            walk.position = 0
            let again = walk.number()
            shape = try walk.inWords(first: again)
            try readTime(&walk)
            return
        }
        guard walk.separator() == separator, let third = walk.number() else { throw .notADay }
        switch (first.digits, second.digits, third.digits) {
        case (4, 1...2, 1...2): shape = .clear(year: first.value, month: second.value, day: third.value)
        case (1...2, 1...2, 4):
            shape = .yearLast(
                first.value, second.value, year: third.value, dotted: separator == UInt8(ascii: "."))
        case (1...2, 1...2, 1...2): shape = .short(first.value, second.value, third.value)
        default: throw .notADay
        }
        try readTime(&walk)
    }

    private mutating func readTime(_ walk: inout Walk) throws(DayFault) {
        guard !walk.atEnd else { return }
        guard let clock = walk.time() else { throw .badTime }
        (time, zone) = (clock.micro, clock.zone)
    }

    static func number(_ text: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) -> Int? {
        var value = 0
        for index in from..<to {
            guard text[index] >= 48, text[index] <= 57 else { return nil }
            value = value * 10 + Int(text[index] - 48)
        }
        return value
    }

    /// The day under the order of its column. Two-digit years count as 1980 to 2079, and only under an order that a person gave.
    func day(_ order: DateOrder, shortYears: Bool) throws(DayFault) -> Day {
        switch shape {
        case .clear(let year, let month, let day): return try Self.day(year, month, day)
        case .yearLast(let first, let second, let year, _):
            switch order {
            case .yearMonthDay:
                // 5/5/2026 is the same day in every order.
                guard first == second else { throw .otherOrder(order) }
                return try Self.day(year, first, second)
            case .dayMonthYear:
                if second > 12, first <= 12 { throw .otherOrder(order) }
                return try Self.day(year, second, first)
            case .monthDayYear:
                if first > 12, second <= 12 { throw .otherOrder(order) }
                return try Self.day(year, first, second)
            }
        case .short(let first, let second, let third):
            guard shortYears else { throw .shortYear }
            switch order {
            case .yearMonthDay: return try Self.day(Self.full(first), second, third)
            case .dayMonthYear: return try Self.day(Self.full(third), second, first)
            case .monthDayYear: return try Self.day(Self.full(third), first, second)
            }
        }
    }

    private static func full(_ year: Int) -> Int { year < 80 ? 2000 + year : 1900 + year }
    private static func day(_ year: Int, _ month: Int, _ day: Int) throws(DayFault) -> Day {
        guard years.contains(year) else { throw .yearOutOfRange }
        guard let day = Day(year: year, month: month, day: day) else { throw .noSuchDay }
        return day
    }
}

/// What the cells of one column say about the order of its days.
struct DayEvidence {
    private(set) var dayFirst: [Int] = []
    private(set) var monthFirst: [Int] = []
    private(set) var open: [Int] = []
    private(set) var short: [Int] = []
    private(set) var openAreDotted = true
    /// An example of a cell that may be read both ways.
    private(set) var openExample = ""
    private static let kept = 3

    mutating func see(_ text: UnsafeBufferPointer<UInt8>, row: Int) {
        guard let parts = try? DayText(text) else { return }
        switch parts.shape {
        case .clear: break
        case .short: Self.keep(row, &short)
        case .yearLast(let first, let second, _, let dotted):
            switch (first > 12, second > 12) {
            case (true, true): break
            case (true, false): Self.keep(row, &dayFirst)
            case (false, true): Self.keep(row, &monthFirst)
            case (false, false):
                guard first != second else { break }
                if open.isEmpty { openExample = String(decoding: text, as: UTF8.self) }
                openAreDotted = openAreDotted && dotted
                Self.keep(row, &open)
            }
        }
    }

    private static func keep(_ row: Int, _ rows: inout [Int]) {
        if rows.count < kept { rows.append(row) }
    }
}
