/// What names are found by: lower case, without accents, in Latin letters; Chinese, Japanese and Korean in pairs. The same
/// rule makes the stored terms and reads the question, so that both meet.
///
/// German umlauts are known both ways: `Müller` is found by `muller` and by `mueller`, and so is `Mueller`.
public enum SearchTerms {
    /// The terms to store for a text, sorted, each once. A term has at least two characters, or is one Han, kana or Hangul.
    public static func terms(of text: some StringProtocol) -> [String] {
        Set(words(of: text).flatMap(\.terms)).sorted()
    }

    /// What a question asks for: every group must be met, a group by any term that begins with one of its own.
    public static func groups(of question: some StringProtocol) -> [[String]] {
        words(of: question).flatMap { word in
            // A single letter or digit is no term, but may begin one.
            word.paired ? word.pairs.map { [$0] } : [word.terms.isEmpty ? [word.plain] : word.terms]
        }
    }

    /// The text in plain lower-case letters, words apart by one space: `Größe ÉTÉ` is `grosse ete`.
    public static func fold(_ text: some StringProtocol) -> String {
        words(of: text).map(\.plain).joined(separator: " ")
    }

    /// A word: how it is written plainly, and with umlauts spelt out.
    private struct Word {
        var plain = ""
        var spelt = ""
        let paired: Bool

        /// Two characters at a time, for scripts that leave no spaces; one where there is but one.
        var pairs: [String] {
            guard paired else { return [] }
            let characters = Array(plain.unicodeScalars).map { String($0) }
            return characters.count < 2
                ? characters : zip(characters, characters.dropFirst()).map { $0 + $1 }
        }
        var terms: [String] {
            if paired { return Array(Set(pairs)) }
            return Set([plain, spelt, SearchTerms.contracted(plain)]).filter { $0.unicodeScalars.count > 1 }.sorted()
        }
    }

    private static func words(of text: some StringProtocol) -> [Word] {
        var words: [Word] = []
        var word: Word?
        func end() {
            if let finished = word, !finished.plain.isEmpty { words.append(finished) }
            word = nil
        }
        for scalar in text.unicodeScalars.lazy.flatMap({
            $0.isASCII ? lowerASCII($0) : $0.properties.lowercaseMapping.unicodeScalars
        }) {
            // An apostrophe joins: O'Neill is one word.
            if scalar == "'" || scalar == "\u{2019}" || scalar == "\u{AD}" { continue }
            if isMark(scalar) {
                if scalar == "\u{308}", let last = word?.spelt.last, "aou".contains(last) { word?.spelt.append("e") }
                continue
            }
            let paired = isPaired(scalar)
            guard let letters = plain(scalar) else {
                end()
                continue
            }
            if word?.paired != paired {
                end()
                word = Word(paired: paired)
            }
            word?.plain.append(letters)
            word?.spelt.append(spelt[scalar] ?? letters)
        }
        end()
        return words
    }

    private static func lowerASCII(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        let value = scalar.value
        return String(Unicode.Scalar(UInt8(value >= 65 && value <= 90 ? value + 32 : value))).unicodeScalars
    }

    /// `mueller` as `muller`: how an umlaut that was spelt out looks without.
    private static func contracted(_ word: String) -> String {
        guard word.utf8.allSatisfy({ $0 < 128 }) else { return word }
        var bytes: [UInt8] = []
        var previous: UInt8 = 0
        for byte in word.utf8 {
            let umlaut = previous == UInt8(ascii: "a") || previous == UInt8(ascii: "o") || previous == UInt8(ascii: "u")
            if byte == UInt8(ascii: "e"), umlaut {
                previous = 0
                continue
            }
            bytes.append(byte)
            previous = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Han, kana, Hangul: written without spaces, or in words too long to be typed whole.
    private static func isPaired(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x11FF, 0x3005...0x3007, 0x3041...0x30FF, 0x3105...0x318F, 0x31F0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
            scalar.value != 0x30FB
        default: false
        }
    }

    /// The letters or the digit that stand for a lower-case scalar; nil for what ends a word.
    private static func plain(_ scalar: Unicode.Scalar) -> String? {
        let value = scalar.value
        if value < 128 {
            return (value >= 97 && value <= 122) || (value >= 48 && value <= 57) ? String(Character(scalar)) : nil
        }
        let properties = scalar.properties
        if properties.generalCategory == .decimalNumber, let number = properties.numericValue {
            return String(Int(number))
        }
        guard properties.isAlphabetic || isPaired(scalar) else { return nil }
        return named(properties.name ?? "") ?? String(Character(scalar))
    }

    /// Letters by their Unicode name, which says the letter and then what it wears: `LATIN SMALL LETTER E WITH ACUTE`.
    private static func named(_ name: String) -> String? {
        let words = name.split(separator: " ")
        guard let small = words.firstIndex(of: "SMALL"), small > 0, words.count > small + 2 else { return nil }
        let letter = words[(small + 2)...].prefix { $0 != "WITH" }.joined(separator: " ")
        switch (words[small - 1], words[small + 1]) {
        case ("LATIN", "LIGATURE"): return letter.utf8.count <= 3 ? letter.lowercased() : nil
        case ("LATIN", "LETTER"): return latin[letter] ?? (letter.utf8.count <= 2 ? letter.lowercased() : nil)
        case ("GREEK", "LETTER"): return greek[letter]
        case ("CYRILLIC", "LETTER"): return cyrillic[letter]
        default: return nil
        }
    }

    /// Umlauts and their neighbours, spelt out.
    private static let spelt: [Unicode.Scalar: String] = [
        "ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe",
    ]
    private static let latin: [String: String] = [
        "SHARP S": "ss", "ETH": "d", "THORN": "th", "DOTLESS I": "i", "ENG": "n", "KRA": "q", "LONG S": "s",
        "SCHWA": "e",
        "OPEN E": "e", "OPEN O": "o",
    ]
    /// Near ISO 843, letter by letter.
    private static let greek: [String: String] = [
        "ALPHA": "a", "BETA": "v", "GAMMA": "g", "DELTA": "d", "EPSILON": "e", "ZETA": "z", "ETA": "i", "THETA": "th",
        "IOTA": "i", "KAPPA": "k", "LAMDA": "l", "MU": "m", "NU": "n", "XI": "x", "OMICRON": "o", "PI": "p", "RHO": "r",
        "SIGMA": "s", "FINAL SIGMA": "s", "TAU": "t", "UPSILON": "y", "PHI": "f", "CHI": "ch", "PSI": "ps",
        "OMEGA": "o",
    ]
    /// As passports and road signs write them: Russian, Ukrainian, Belarusian, Serbian, Macedonian, Bulgarian.
    private static let cyrillic: [String: String] = [
        "A": "a", "BE": "b", "VE": "v", "GHE": "g", "DE": "d", "IE": "e", "IO": "e", "ZHE": "zh", "ZE": "z", "I": "i",
        "SHORT I": "i", "KA": "k", "EL": "l", "EM": "m", "EN": "n", "O": "o", "PE": "p", "ER": "r", "ES": "s",
        "TE": "t",
        "U": "u", "EF": "f", "HA": "kh", "TSE": "ts", "CHE": "ch", "SHA": "sh", "SHCHA": "shch", "HARD SIGN": "",
        "YERU": "y", "SOFT SIGN": "", "E": "e", "YU": "iu", "YA": "ia", "UKRAINIAN IE": "ie",
        "BYELORUSSIAN-UKRAINIAN I": "i", "YI": "i", "SHORT U": "u", "DJE": "dj", "GJE": "gj", "DZE": "dz", "JE": "j",
        "LJE": "lj", "NJE": "nj", "TSHE": "c", "KJE": "kj", "DZHE": "dzh",
    ]
}
