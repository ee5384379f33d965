/// Headings compared loosely: case, blanks, underscores, camelCase, punctuation and diacritics do not count.
enum HeadingKey {
    /// The keys a heading may match by: `Größe` as `grosse` and, the German way, `groesse`.
    static func keys(_ heading: String) -> [String] {
        var simple = ""
        var german = ""
        for scalar in heading.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A:
                simple.unicodeScalars.append(scalar)
                german.unicodeScalars.append(scalar)
            case 0x41...0x5A:
                let lower = Unicode.Scalar(scalar.value + 32)!
                simple.unicodeScalars.append(lower)
                german.unicodeScalars.append(lower)
            case 0x308:
                // The dots of a decomposed umlaut.
                if let last = german.last, "aou".contains(last) { german.append("e") }
            case 0x0..<0xC0, 0x300...0x36F, 0x2000...0x206F, 0x3000...0x3003, 0xFEFF: break
            default:
                for lower in String(scalar).lowercased().unicodeScalars {
                    guard !(0x300...0x36F).contains(lower.value) else { continue }
                    let base = plain[lower]
                    simple += base ?? String(lower)
                    german += umlauts[lower] ?? base ?? String(lower)
                }
            }
        }
        return simple == german ? [simple] : [simple, german]
    }

    private static let umlauts: [Unicode.Scalar: String] = ["ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"]

    private static let plain: [Unicode.Scalar: String] = {
        let families: [(String, String)] = [
            ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
            ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõöøōŏő"),
            ("r", "ŕŗř"),
            ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"), ("ss", "ß"),
            ("ae", "æ"), ("oe", "œ"), ("th", "þ"),
        ]
        var table: [Unicode.Scalar: String] = [:]
        for (base, members) in families {
            for scalar in members.unicodeScalars { table[scalar] = base }
        }
        return table
    }()
}
