import Money

extension PaperFigures {
    /// `31.10.2026`, `31 October 2026`: in a letter a month is written out where the language has the room.
    func letterDay(_ day: Day) -> String { language == .german ? self.day(day) : longDay(day) }

    /// `1.234,50 EUR`, `1.234,50 EUR und 99 JPY`: one sum for each currency.
    func sums(_ amounts: [Money]) -> String { list(amounts.map(withCurrency)) }

    /// `a`, `a und b`, `a, b und c`.
    func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + (language == .german ? " und " : " and ") + last
    }
}

/// What others have written, made fit to stand inside our sentences.
enum LetterText {
    /// One line without control characters and without signs that turn the direction of what follows. Text that runs from
    /// right to left is isolated (U+2068 … U+2069, Unicode Standard Annex #9), so that numbers and commas after it stay put.
    static func inline(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var isGap = false
        for scalar in text.unicodeScalars where !turnsDirection(scalar) {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                isGap = !scalars.isEmpty
                continue
            }
            if isGap { scalars.append(" ") }
            isGap = false
            scalars.append(scalar)
        }
        let line = String(scalars)
        return line.unicodeScalars.contains(where: runsRightToLeft) ? "\u{2068}\(line)\u{2069}" : line
    }

    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    /// The blocks of Hebrew, Arabic, Syriac, Thaana, N'Ko and the like.
    private static func runsRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }

    /// nil for nil and for what is blank.
    static func ifAny(_ text: String?) -> String? {
        guard let line = text.map(inline), !line.isEmpty else { return nil }
        return line
    }

    /// Columns on a screen of fixed width: marks take none, Chinese, Japanese and Korean signs two.
    static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let first = character.unicodeScalars.first else { return sum }
            switch first.value {
            case 0x2066...0x2069: return sum
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                return sum + 2
            default: return sum + 1
            }
        }
    }
}
