/// The structured creditor reference of ISO 11649: `RF`, two check digits (ISO 7064 mod 97-10), then 1 to 21 letters and digits.
public struct CreditorReference: Hashable, Sendable {
    /// Without blanks, upper case.
    public let text: String

    /// The reference over a document number: its letters A to Z and digits, upper case; nil where none or more than 21 are left.
    public init?(documentNumber: String) {
        let body = documentNumber.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard (1...21).contains(body.count) else { return nil }
        let check = 98 - Mod97.remainder((body + "RF00").utf8)
        text = "RF\(check < 10 ? "0" : "")\(check)\(body)"
    }

    /// Reads one as it is written by people and banks, with blanks and in either case; nil where the check digits do not fit.
    public init?(_ written: String) {
        let text = written.uppercased().filter { !$0.isWhitespace }
        guard text.hasPrefix("RF"), (5...25).contains(text.count),
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
            text.dropFirst(2).prefix(2).allSatisfy(\.isNumber),
            Mod97.fits(text)
        else { return nil }
        self.text = text
    }

    /// In groups of four, as it is printed.
    public var grouped: String {
        var result = ""
        for (index, character) in text.enumerated() {
            if index > 0, index % 4 == 0 { result.append(" ") }
            result.append(character)
        }
        return result
    }
}
