import Money

/// How the pages speak: words, days and figures in the reader's language.
struct Voice: Sendable {
    let language: Language

    /// Both languages stand side by side where they are used, so that none can be forgotten.
    func callAsFunction(_ english: String, _ german: String) -> String {
        switch language {
        case .english: english
        case .german: german
        }
    }

    /// `1,234.50` or `1.234,50`, with a real minus sign.
    func figure(_ figure: Figure) -> String {
        let text = figure.isNegative ? figure.text.dropFirst() : figure.text[...]
        let parts = text.split(separator: ".", maxSplits: 1)
        let (group, point): (Character, Character) = language == .english ? (",", ".") : (".", ",")
        var out = figure.isNegative && !figure.isZero ? "\u{2212}" : ""
        let whole = parts.first ?? "0"
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index).isMultiple(of: 3) { out.append(group) }
            out.append(digit)
        }
        if parts.count == 2 {
            out.append(point)
            out += parts[1]
        }
        return out
    }

    /// With its currency, kept on one line.
    func amount(_ figure: Figure, _ currency: String) -> String { "\(self.figure(figure))\u{00A0}\(currency)" }
    func amount(_ amount: Amount) -> String { self.amount(amount.amount, amount.currency) }
    func percent(_ rate: Figure) -> String { "\(figure(rate))\u{00A0}%" }

    /// `23 Nov`, with the year where it is not the year of `today`; German always `23.11.2026`.
    func day(_ day: Day, today: Day) -> String {
        let (year, month, number) = day.parts
        switch language {
        case .english:
            let short = "\(number)\u{00A0}\(Voice.monthsEnglish[month - 1].prefix(3))"
            return year == today.year ? short : "\(short)\u{00A0}\(year)"
        case .german:
            return "\(two(number)).\(two(month)).\(year)"
        }
    }

    /// `Monday, 23 November` or `Montag, 23. November`; with the year where asked.
    func fullDay(_ day: Day, year: Bool = false) -> String {
        let parts = day.parts
        let end = year ? " \(parts.year)" : ""
        switch language {
        case .english:
            return
                "\(Voice.weekdaysEnglish[day.weekday - 1]), \(parts.day) \(Voice.monthsEnglish[parts.month - 1])\(end)"
        case .german:
            return
                "\(Voice.weekdaysGerman[day.weekday - 1]), \(parts.day). \(Voice.monthsGerman[parts.month - 1])\(end)"
        }
    }

    /// `23 Nov 2026` or `23.11.2026`, for lists that may span years.
    func fullDate(_ day: Day) -> String { self.day(day, today: Day(number: day.number - 732)) }

    func days(_ count: Int) -> String {
        count == 1 ? self("1 day", "1 Tag") : self("\(count) days", "\(count) Tage")
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let monthsEnglish = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let monthsGerman = [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ]
    private static let weekdaysEnglish = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let weekdaysGerman = [
        "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
    ]
}

/// How far away a due day is, in words, and how much it should worry.
struct Lateness {
    enum Worry { case none, warn, bad }
    let words: String
    let worry: Worry

    /// Of an open item: late is tinted, from 60 days strongly. Due today is not late.
    init(due: Day, today: Day, _ say: Voice) {
        let late = today - due
        switch late {
        case 1...:
            words = say("\(say.days(late)) late", "\(say.days(late)) überfällig")
            worry = late >= 60 ? .bad : .warn
        case 0:
            words = say("due today", "heute fällig")
            worry = .none
        default:
            words = say("in \(say.days(-late))", "in \(-late) \(late == -1 ? "Tag" : "Tagen")")
            worry = .none
        }
    }

    /// Of a clock on the worklist: tinted when it runs out today or tomorrow, strongly when it has run out.
    init(clock due: Day, today: Day, _ say: Voice) {
        let left = due - today
        switch left {
        case ..<0:
            words = say("\(say.days(-left)) past", "\(say.days(-left)) vorbei")
            worry = .bad
        case 0:
            words = say("due today", "heute fällig")
            worry = .warn
        case 1:
            words = say("due tomorrow", "morgen fällig")
            worry = .warn
        default:
            words = say("\(say.days(left)) left", "noch \(say.days(left))")
            worry = .none
        }
    }
}
