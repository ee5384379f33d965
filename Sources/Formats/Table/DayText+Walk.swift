extension DayText {
    /// Walks over the parts of a day.
    struct Walk {
        let text: UnsafeBufferPointer<UInt8>
        var position = 0

        init(text: UnsafeBufferPointer<UInt8>) { self.text = text }
        var atEnd: Bool { position >= text.count }

        mutating func skipBlanks() {
            while position < text.count, text[position] == 32 { position += 1 }
        }

        /// Up to eight digits.
        mutating func number() -> (value: Int, digits: Int)? {
            var value = 0
            let from = position
            while position < text.count, text[position] >= 48, text[position] <= 57, position - from < 9 {
                value = value * 10 + Int(text[position] - 48)
                position += 1
            }
            let digits = position - from
            return digits == 0 || digits > 8 ? nil : (value, digits)
        }

        /// `-`, `/` or `.`, blanks after it allowed (`3. 4. 2026`).
        mutating func separator() -> UInt8? {
            guard position < text.count else { return nil }
            let byte = text[position]
            guard byte == 45 || byte == 47 || byte == 46 else { return nil }
            position += 1
            skipBlanks()
            return byte
        }

        /// `45931.25`: days and a fraction, as a spreadsheet counts.
        func isSerialFraction(_ digits: Int) -> Bool {
            guard digits == 5, position + 1 < text.count else { return false }
            return text[(position + 1)...].allSatisfy { $0 >= 48 && $0 <= 57 }
        }

        /// A time of day after `T`, a blank or a comma: `10:44`, `10:44:00.125`, `9:05 PM`, `09:15Z`, `09:15+02:00`.
        mutating func time() -> (micro: Int64, zone: Int?)? {
            if text[position] == UInt8(ascii: ",") { position += 1 }
            if !atEnd, text[position] | 0x20 == UInt8(ascii: "t") { position += 1 } else { skipBlanks() }
            guard let hour = number(), hour.digits <= 2, take(UInt8(ascii: ":")), let minute = number(),
                minute.digits == 2, minute.value < 60
            else { return nil }
            var hours = hour.value
            var micro: Int64 = 0
            if take(UInt8(ascii: ":")) {
                guard let second = number(), second.digits == 2, second.value < 60 else { return nil }
                micro = Int64(second.value) * 1_000_000
                if take(UInt8(ascii: ".")) || take(UInt8(ascii: ",")) {
                    var scale: Int64 = 100_000
                    let from = position
                    while !atEnd, text[position] >= 48, text[position] <= 57 {
                        micro += Int64(text[position] - 48) * scale
                        scale /= 10
                        position += 1
                    }
                    guard position > from else { return nil }
                }
            }
            skipBlanks()
            if position + 2 <= text.count, text[position + 1] | 0x20 == UInt8(ascii: "m") {
                let half = text[position] | 0x20
                guard half == UInt8(ascii: "a") || half == UInt8(ascii: "p"), (1...12).contains(hours) else {
                    return nil
                }
                hours = hours % 12 + (half == UInt8(ascii: "p") ? 12 : 0)
                position += 2
            }
            guard hours < 24 else { return nil }
            micro += Int64(hours) * 3_600_000_000 + Int64(minute.value) * 60_000_000
            guard !atEnd else { return (micro, nil) }
            guard let zone = zone(), atEnd else { return nil }
            return (micro, zone)
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard !atEnd, text[position] == byte else { return false }
            position += 1
            return true
        }

        /// `Z`, `+02:00`, `+0200`, `+02`, `UTC`: minutes east.
        private mutating func zone() -> Int? {
            if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return 0 }
            if position + 3 == text.count, text[position] == 85, text[position + 1] == 84, text[position + 2] == 67 {
                position += 3
                return 0
            }
            let west = take(45)
            guard west || take(43), let hours = number() else { return nil }
            var minutes = hours.value * 60
            if hours.digits == 4 {
                minutes = hours.value / 100 * 60 + hours.value % 100
            } else if take(UInt8(ascii: ":")) {
                guard let rest = number(), rest.digits == 2, rest.value < 60 else { return nil }
                minutes += rest.value
            }
            return minutes <= 14 * 60 ? (west ? -minutes : minutes) : nil
        }

        /// `3 Apr 2026`, `3. April 2026`, `03-Apr-2026`, `Apr 3, 2026`; English and German month names.
        mutating func inWords(first: (value: Int, digits: Int)?) throws(DayFault) -> Shape {
            if let first {
                skipJoints()
                guard let month = month() else { throw .notADay }
                skipJoints()
                guard let last = number() else { throw .notADay }
                if first.digits == 4, last.digits <= 2 {
                    return .clear(year: first.value, month: month, day: last.value)
                }
                guard first.digits <= 2 else { throw .notADay }
                guard last.digits == 4 else { throw last.digits == 2 ? .shortYear : .notADay }
                return .clear(year: last.value, month: month, day: first.value)
            }
            position = 0
            guard let month = month() else { throw .notADay }
            skipJoints()
            guard let day = number(), day.digits <= 2 else { throw .notADay }
            skipJoints()
            guard let year = number() else { throw .notADay }
            guard year.digits == 4 else { throw year.digits == 2 ? .shortYear : .notADay }
            return .clear(year: year.value, month: month, day: day.value)
        }

        private mutating func skipJoints() {
            while position < text.count, [32, 44, 45, 46, 47].contains(text[position]) { position += 1 }
        }

        private mutating func month() -> Int? {
            let from = position
            while position < text.count, text[position] >= 0x80 || (65...90).contains(text[position] & 0xDF) {
                position += 1
            }
            let name = String(decoding: UnsafeBufferPointer(rebasing: text[from..<position]), as: UTF8.self)
                .lowercased()
            guard name.count >= 3 else { return nil }
            if let exact = Self.shortMonths[name] { return exact }
            return Self.longMonths.firstIndex { $0.contains(name) }.map { $0 + 1 }
        }

        private static let longMonths: [[String]] = [
            ["january", "januar", "jänner"], ["february", "februar"], ["march", "märz", "maerz"], ["april"],
            ["may", "mai"], ["june", "juni"], ["july", "juli"], ["august"], ["september"], ["october", "oktober"],
            ["november"], ["december", "dezember"],
        ]
        private static let shortMonths: [String: Int] = [
            "jan": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
            "sept": 9,
            "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
        ]
    }
}
