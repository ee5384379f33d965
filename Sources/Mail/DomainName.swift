import Foundation

/// Names of domains in ASCII, as the domain name system asks for them.
enum DomainName {
    /// Lower case, each label beyond ASCII as its A-label (`bücher` is `xn--bcher-kva`); nil where this is no domain of at least
    /// two labels whose last is not a number.
    ///
    /// Letters are lower-cased and composed (NFC) as RFC 5895 maps them; `ß` and final `ς` stay themselves (IDNA 2008). A label
    /// holds letters, marks, digits and inner hyphens; scripts are not checked against each other.
    static func ascii(_ text: some StringProtocol) -> String? {
        let composed = String(text).lowercased().precomposedStringWithCanonicalMapping
        let labels = composed.split(omittingEmptySubsequences: false) {
            $0 == "." || $0 == "\u{3002}" || $0 == "\u{FF0E}"
        }
        guard labels.count >= 2 else { return nil }
        var result: [String] = []
        for label in labels {
            guard let one = asciiLabel(String(label)) else { return nil }
            result.append(one)
        }
        guard let last = result.last, !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let name = result.joined(separator: ".")
        return name.utf8.count <= 253 ? name : nil
    }

    private static func asciiLabel(_ label: String) -> String? {
        guard let first = label.unicodeScalars.first, label.first != "-", label.last != "-" else { return nil }
        if label.utf8.allSatisfy({ $0 < 0x80 }) {
            let good = label.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
            return good && label.utf8.count <= 63 ? label : nil
        }
        // RFC 5891 section 4.2.3: no mark in front, no hyphens in places 3 and 4.
        let scalars = Array(label.unicodeScalars)
        guard !first.properties.generalCategory.isMark, scalars.allSatisfy(isLabelScalar),
            !(scalars.count >= 4 && scalars[2] == "-" && scalars[3] == "-"), let coded = Punycode.encoded(scalars)
        else { return nil }
        let whole = "xn--" + coded
        return whole.utf8.count <= 63 ? whole : nil
    }

    private static func isLabelScalar(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return UInt8(scalar.value).isASCIILetterOrDigit || scalar == "-" }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: return true
        default: return false
        }
    }
}

extension Unicode.GeneralCategory {
    var isMark: Bool { self == .nonspacingMark || self == .spacingMark || self == .enclosingMark }
}

/// RFC 3492, with the parameters of its section 5.
enum Punycode {
    /// nil only where the label is too long for the arithmetic.
    static func encoded(_ scalars: [Unicode.Scalar]) -> String? {
        var output = scalars.filter(\.isASCII).map { Character($0) }
        let basic = output.count
        if basic > 0 { output.append("-") }
        var (n, delta, bias, handled) = (UInt32(128), 0, 72, basic)
        while handled < scalars.count {
            guard let next = scalars.lazy.map(\.value).filter({ $0 >= n }).min() else { return nil }
            let (step, over) = Int(next - n).multipliedReportingOverflow(by: handled + 1)
            guard !over, delta <= Int.max - step else { return nil }
            delta += step
            n = next
            for scalar in scalars {
                if scalar.value < n { delta += 1 }
                if scalar.value == n {
                    output += digits(of: delta, bias: bias)
                    bias = adapted(delta, points: handled + 1, first: handled == basic)
                    delta = 0
                    handled += 1
                }
            }
            delta += 1
            n += 1
        }
        return String(output)
    }

    private static func digits(of delta: Int, bias: Int) -> [Character] {
        var (rest, digits, k) = (delta, [Character](), 36)
        while true {
            let threshold = min(max(k - bias, 1), 26)
            guard rest >= threshold else { break }
            digits.append(digit(threshold + (rest - threshold) % (36 - threshold)))
            rest = (rest - threshold) / (36 - threshold)
            k += 36
        }
        digits.append(digit(rest))
        return digits
    }

    private static func digit(_ value: Int) -> Character {
        Character(Unicode.Scalar(UInt8(value < 26 ? 97 + value : 22 + value)))
    }

    private static func adapted(_ delta: Int, points: Int, first: Bool) -> Int {
        var (rest, k) = (first ? delta / 700 : delta / 2, 0)
        rest += rest / points
        while rest > 455 {
            rest /= 35
            k += 36
        }
        return k + 36 * rest / (rest + 38)
    }
}
