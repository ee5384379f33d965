import Ledger
import Money

/// How a firm asks for what is overdue: when, how often, for what at least, and what keeps a letter back.
///
/// As JSON it is a row of `policies` (kind `reminder`); a field left out has its default.
public struct ReminderPolicy: Codable, Hashable, Sendable {
    public struct Level: Codable, Hashable, Sendable {
        /// 1 assumes an oversight, 2 asks for a decision, 3 is the last one written by itself.
        public var level: Int
        /// So many days after the due day an item reaches this level.
        public var daysOverdue: Int
        /// So many days after the letter payment is asked for.
        public var deadlineDays: Int
        /// In the order they are tried: `email`, `post`.
        public var channels: [String]
        /// `friendly`, `firm`, `final`: names the words of the letter.
        public var tone: String

        public init(level: Int, daysOverdue: Int, deadlineDays: Int, channels: [String], tone: String) {
            self.level = level
            self.daysOverdue = daysOverdue
            self.deadlineDays = deadlineDays
            self.channels = channels
            self.tone = tone
        }

        enum CodingKeys: String, CodingKey {
            case level, channels, tone
            case daysOverdue = "days_overdue"
            case deadlineDays = "deadline_days"
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            level = try fields.decode(Int.self, forKey: .level)
            daysOverdue = try fields.decode(Int.self, forKey: .daysOverdue)
            let usual = ReminderPolicy.standard.levels.first { [level] in $0.level == level }
            deadlineDays = try fields.decodeIfPresent(Int.self, forKey: .deadlineDays) ?? usual?.deadlineDays ?? 10
            channels = try fields.decodeIfPresent([String].self, forKey: .channels) ?? ["email", "post"]
            tone = try fields.decodeIfPresent(String.self, forKey: .tone) ?? usual?.tone ?? "firm"
        }
    }

    /// Level 1 first.
    public var levels: [Level]
    /// Days between two letters to a customer, at least.
    public var daysBetween: Int
    /// Currency to the least amount a letter asks for, as a decimal; currencies not named: anything.
    public var minimum: [String: String]
    /// Bank data older than so many working days keeps letters back, where bank statements are read at all.
    public var bankDataDays: Int
    /// Private persons are given so many days more at every level.
    public var consumerExtraDays: Int
    /// The highest level that is written to a private person by itself.
    public var consumerHighestLevel: Int

    public init(
        levels: [Level], daysBetween: Int, minimum: [String: String], bankDataDays: Int, consumerExtraDays: Int,
        consumerHighestLevel: Int
    ) {
        self.levels = levels
        self.daysBetween = daysBetween
        self.minimum = minimum
        self.bankDataDays = bankDataDays
        self.consumerExtraDays = consumerExtraDays
        self.consumerHighestLevel = consumerHighestLevel
    }

    /// What holds where nobody has said anything else.
    public static let standard = ReminderPolicy(
        levels: [
            Level(level: 1, daysOverdue: 7, deadlineDays: 10, channels: ["email", "post"], tone: "friendly"),
            Level(level: 2, daysOverdue: 21, deadlineDays: 10, channels: ["email", "post"], tone: "firm"),
            Level(level: 3, daysOverdue: 35, deadlineDays: 10, channels: ["email", "post"], tone: "final"),
        ],
        daysBetween: 10, minimum: ["CHF": "5.00", "EUR": "5.00", "GBP": "5.00", "USD": "5.00"], bankDataDays: 3,
        consumerExtraDays: 7, consumerHighestLevel: 3)

    enum CodingKeys: String, CodingKey {
        case levels, minimum
        case daysBetween = "days_between"
        case bankDataDays = "bank_data_days"
        case consumerExtraDays = "consumer_extra_days"
        case consumerHighestLevel = "consumer_highest_level"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let usual = ReminderPolicy.standard
        levels = try fields.decodeIfPresent([Level].self, forKey: .levels) ?? usual.levels
        daysBetween = try fields.decodeIfPresent(Int.self, forKey: .daysBetween) ?? usual.daysBetween
        minimum = try fields.decodeIfPresent([String: String].self, forKey: .minimum) ?? usual.minimum
        bankDataDays = try fields.decodeIfPresent(Int.self, forKey: .bankDataDays) ?? usual.bankDataDays
        consumerExtraDays =
            try fields.decodeIfPresent(Int.self, forKey: .consumerExtraDays) ?? usual.consumerExtraDays
        consumerHighestLevel =
            try fields.decodeIfPresent(Int.self, forKey: .consumerHighestLevel) ?? usual.consumerHighestLevel
    }

    /// Days overdue at which a level is reached.
    public func daysOverdue(for level: Int, consumer: Bool) -> Int {
        levels[level - 1].daysOverdue + (consumer ? consumerExtraDays : 0)
    }
    public var highestLevel: Int { levels.count }

    /// The least amount that is asked for in a currency.
    public func minimum(in currency: Currency) -> Money {
        minimum[currency.code].flatMap { try? Money($0, currency) } ?? .zero(currency)
    }

    /// Throws what is wrong with it, all at once.
    public func check() throws(ReminderPolicyRefusal) {
        var problems: [String] = []
        if levels.map(\.level) != [1, 2, 3] { problems.append("levels are 1, 2 and 3, in this order") }
        for (earlier, later) in zip(levels, levels.dropFirst()) where later.daysOverdue <= earlier.daysOverdue {
            problems.append("level \(later.level) must come later than level \(earlier.level)")
        }
        for level in levels {
            if !(1...3650).contains(level.daysOverdue) {
                problems.append("days_overdue of level \(level.level) is 1 to 3650, not \(level.daysOverdue)")
            }
            if !(1...365).contains(level.deadlineDays) {
                problems.append("deadline_days of level \(level.level) is 1 to 365, not \(level.deadlineDays)")
            }
            if level.channels.isEmpty { problems.append("level \(level.level) names no channel") }
            for channel in level.channels where LetterRequest.Channel(rawValue: channel) == nil {
                problems.append("a channel is email or post, not “\(channel)”")
            }
        }
        for (field, value, range) in [
            ("days_between", daysBetween, 1...365), ("bank_data_days", bankDataDays, 0...365),
            ("consumer_extra_days", consumerExtraDays, 0...365),
            ("consumer_highest_level", consumerHighestLevel, 0...3),
        ] where !range.contains(value) {
            problems.append("\(field) is \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
        for (code, amount) in minimum.sorted(by: { $0.key < $1.key }) {
            guard let currency = Currency(code) else {
                problems.append("“\(code)” is no currency")
                continue
            }
            guard let money = try? Money(amount, currency), !money.isNegative else {
                problems.append("the minimum in \(code) is an amount, not “\(amount)”")
                continue
            }
        }
        guard problems.isEmpty else { throw .wrong(problems) }
    }
}

/// A policy was not taken.
public enum ReminderPolicyRefusal: Refusal, Hashable {
    case wrong([String])
    case unreadable(String)

    public var code: String {
        switch self {
        case .wrong: "reminder.policy-wrong"
        case .unreadable: "reminder.policy-unreadable"
        }
    }
    public var what: String { "The policy was not changed." }
    public var why: String {
        switch self {
        case .wrong(let problems): problems.joined(separator: "; ") + "."
        case .unreadable(let problem): "It is not the JSON of a reminder policy: \(problem)"
        }
    }
    public var next: String { "'duly reminder policy show' prints the one in force; change a copy of it." }
}
