import Money

/// A cell taken apart as a decimal: sign, digits with their marks, what stands around.
struct DecimalText {
    let text: UnsafeBufferPointer<UInt8>
    /// Where the digits with their marks lie.
    private(set) var from = 0
    private(set) var to: Int
    private(set) var negative = false
    private(set) var percent = false
    /// `$`, `EUR`, …: what stands before or after the number.
    private(set) var currencyMark: String?
    /// `12,-`: no decimals, written as a dash.
    private(set) var dashedDecimals = false

    /// - Parameter text: without blanks around it, not empty.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(DecimalFault) {
        self.text = text
        to = text.count
        // Plain digits with an optional minus need no more looking.
        if text[0] == 45 {
            negative = true
            from = 1
        }
        if from < to, text[from] >= 48, text[from] <= 57, text[to - 1] >= 48, text[to - 1] <= 57 { return }
        negative = false
        from = 0
        guard text.contains(where: { $0 >= 48 && $0 <= 57 }) else { throw Self.isDash(text) ? .dash : .notANumber }
        try takeFront()
        try takeBack()
        guard from < to else { throw .notANumber }
    }

    private static func isDash(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { $0 == 45 } || text.elementsEqual("–".utf8) || text.elementsEqual("—".utf8)
    }

    private mutating func takeFront() throws(DecimalFault) {
        var bracket = false
        var signed = false
        while from < to {
            let byte = text[from]
            switch byte {
            case 48...57: return try closeBracket(bracket)
            case UInt8(ascii: ".") where from + 1 < to && (48...57).contains(text[from + 1]),
                UInt8(ascii: ",") where from + 1 < to && (48...57).contains(text[from + 1]):
                return try closeBracket(bracket)
            case 32: from += 1
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                guard !signed, !bracket else { throw .notANumber }
                signed = true
                negative = byte == 45
                from += 1
            case UInt8(ascii: "("):
                guard !signed, !bracket else { throw .notANumber }
                bracket = true
                negative = true
                from += 1
            default:
                if starts(with: "\u{2212}", at: from) {
                    guard !signed, !bracket else { throw .notANumber }
                    signed = true
                    negative = true
                    from += 3
                } else if starts(with: "\u{A0}", at: from) {
                    from += 2
                } else {
                    let begin = from
                    while from < to, !(48...57).contains(text[from]),
                        ![32, 40, 43, 45, 0xC2].contains(text[from]) || from == begin,
                        !starts(with: "\u{2212}", at: from)
                    {
                        from += 1
                    }
                    try mark(begin, from)
                }
            }
        }
        throw .notANumber
    }

    private mutating func closeBracket(_ open: Bool) throws(DecimalFault) {
        guard open else { return }
        while to > from, text[to - 1] != UInt8(ascii: ")") {
            // `(5) EUR`: what follows the bracket is a currency.
            if (48...57).contains(text[to - 1]) { throw .notANumber }
            to -= 1
        }
        guard to > from else { throw .notANumber }
        let after = to
        to -= 1
        var begin = after
        while begin < text.count, text[begin] == 32 { begin += 1 }
        if begin < text.count { try mark(begin, text.count) }
    }

    private mutating func takeBack() throws(DecimalFault) {
        var signed = false
        while to > from {
            let byte = text[to - 1]
            switch byte {
            case 48...57: return
            case 32: to -= 1
            case UInt8(ascii: "%"):
                guard !percent else { throw .notANumber }
                percent = true
                to -= 1
            case UInt8(ascii: "-"):
                if takeDashedDecimals() { continue }
                guard !signed, !negative else { throw .notANumber }
                signed = true
                negative = true
                to -= 1
            case UInt8(ascii: "."), UInt8(ascii: ","):
                // `12.`: a mark without decimals; it must follow a digit.
                guard to - 2 >= from, (48...57).contains(text[to - 2]) else { throw .notANumber }
                return
            default:
                if ends(with: "\u{2212}") {
                    guard !signed, !negative else { throw .notANumber }
                    signed = true
                    negative = true
                    to -= 3
                } else if ends(with: "\u{A0}") || ends(with: "\u{202F}") {
                    to -= ends(with: "\u{A0}") ? 2 : 3
                } else if takeDashedDecimals() {
                    continue
                } else {
                    let end = to
                    while to > from, !(48...57).contains(text[to - 1]), text[to - 1] != 32,
                        text[to - 1] != 45 || to == end,
                        !ends(with: "\u{A0}"), !ends(with: "\u{202F}")
                    {
                        to -= 1
                    }
                    try mark(to, end)
                }
            }
        }
        throw .notANumber
    }

    /// `12,-`, `12.--`, `12,–`.
    private mutating func takeDashedDecimals() -> Bool {
        var position = to
        if ends(with: "–") || ends(with: "—") {
            position -= 3
        } else {
            while position > from, text[position - 1] == 45 { position -= 1 }
        }
        guard position < to, position - 1 > from, text[position - 1] == 44 || text[position - 1] == 46,
            (48...57).contains(text[position - 2])
        else { return false }
        to = position
        dashedDecimals = true
        return true
    }

    private mutating func mark(_ begin: Int, _ end: Int) throws(DecimalFault) {
        let name = String(decoding: UnsafeBufferPointer(rebasing: text[begin..<end]), as: UTF8.self)
        guard currencyMark == nil, CurrencyMark.isKnown(name) else {
            let e = name.lowercased()
            throw e == "e" || e == "e+" ? .exponent : .notANumber
        }
        currencyMark = name
    }

    private func starts(with character: Character, at position: Int) -> Bool {
        text[position] >= 0x80 && text[position..<to].starts(with: character.utf8)
    }
    private func ends(with character: Character) -> Bool {
        text[to - 1] >= 0x80 && to - character.utf8.count >= from
            && text[(to - character.utf8.count)..<to].elementsEqual(character.utf8)
    }
}

/// Signs and letters that stand around amounts.
enum CurrencyMark {
    private static let symbols: [String: [String]] = [
        "€": ["EUR"], "£": ["GBP"], "¥": ["JPY", "CNY"], "₹": ["INR"], "zł": ["PLN"], "Kč": ["CZK"], "Ft": ["HUF"],
        "Fr.": ["CHF"], "SFr.": ["CHF"], "kr": ["SEK", "NOK", "DKK", "ISK"], "kr.": ["SEK", "NOK", "DKK", "ISK"],
        "₺": ["TRY"], "₽": ["RUB"], "₩": ["KRW"], "₪": ["ILS"], "₴": ["UAH"], "US$": ["USD"], "C$": ["CAD"],
        "CA$": ["CAD"], "A$": ["AUD"], "AU$": ["AUD"], "NZ$": ["NZD"], "S$": ["SGD"], "HK$": ["HKD"], "R$": ["BRL"],
        "lei": ["RON"], "円": ["JPY"], "Euro": ["EUR"],
    ]
    /// Currencies written with a bare dollar sign.
    private static let dollars: Set<String> = [
        "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "BBD", "BMD", "BSD", "BZD",
        "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD", "BND",
    ]

    static func isKnown(_ mark: String) -> Bool { mark == "$" || symbols[mark] != nil || Currency(mark) != nil }

    /// False where the mark belongs to other currencies.
    static func allows(_ mark: String, _ currency: Currency) -> Bool {
        if mark == "$" { return dollars.contains(currency.code) }
        if let codes = symbols[mark] { return codes.contains(currency.code) }
        return Currency(mark) == currency
    }
}
